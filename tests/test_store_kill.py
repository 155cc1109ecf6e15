"""``kill -9`` at any moment of saving: the file stays whole and no reported save is lost."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from ikmgeo.records.assessments import Assessment
from ikmgeo.records.store import Store

ROOT = Path(__file__).parents[1]
KILLS = 50
EACH_NEW = 5
"""Every so many kills the file is a new one, and the first kill hits its creation."""

# It imports once and then forks, since importing takes longer than a hundred saves. What it is
# told about a save, the test has read from the pipe, so it outlives the process that said it.
NURSERY = """
import os
import sys
from dataclasses import replace
from datetime import date

from ikmgeo.records.assessments import Assessment
from ikmgeo.records.store import Store


def save_for_ever(url):
    store = Store.open(url, busy_s=60)
    number = 0
    while True:
        new = Assessment(center_id="karo", author="A", assessed_on=date(2026, 1, 2))
        for _ in range(3):
            number += 1
            new = store.save(replace(new, comment=f"{number}-" + "x" * (number % 7 * 1_000)))
            line = f"{new.assessment_id} {new.version} {len(new.comment)}\\n"
            os.write(1, line.encode())


Store.open(sys.argv[1]).migrate()  # imports the rest
while url := sys.stdin.readline().strip():
    child = os.fork()
    if child == 0:
        save_for_ever(url)
    os.write(1, f"{child}\\n".encode())
    _, status = os.waitpid(child, 0)
    os.write(1, f"ended {status}\\n".encode())
"""

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a system that can fork")


@pytest.fixture
def nursery(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-c", NURSERY, f"sqlite:///{tmp_path}/first.sqlite"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield process
        process.kill()


def killed(nursery: subprocess.Popen[str], file: Path, *, saves: int, then_s: float) -> set[str]:
    """Kill a process some time after so many saves; all it said, each line after a commit."""
    assert nursery.stdin is not None
    assert nursery.stdout is not None
    nursery.stdin.write(f"sqlite:///{file}\n")
    nursery.stdin.flush()
    said: list[str] = []
    number = ""
    while not number or len(said) < saves:  # the child may be faster than the line with its number
        line = nursery.stdout.readline().strip()
        assert line
        number, said = (line, said) if line.isdigit() else (number, [*said, line])
    time.sleep(then_s)
    os.kill(int(number), signal.SIGKILL)
    while not (line := nursery.stdout.readline().strip()).startswith("ended"):
        assert line
        said.append(line)
    assert line == f"ended {signal.SIGKILL:d}"
    return set(said)


def stored(file: Path) -> set[str]:
    """What is in the file, in the words of the process that saved it; the file must be sound."""
    if not file.exists():
        return set()
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        tables = connection.execute("SELECT name FROM sqlite_master").fetchall()
        if ("assessment_versions",) not in tables:
            return set()
        words = "assessment_id || ' ' || version || ' ' || length(comment)"
        return {line for (line,) in connection.execute(f"SELECT {words} FROM assessment_versions")}


def test_fifty_kills_lose_and_damage_nothing(
    nursery: subprocess.Popen[str], tmp_path: Path
) -> None:
    moments = random.Random(4)
    killed(nursery, tmp_path / "trial.sqlite", saves=1, then_s=0)  # waits for the imports
    start = time.monotonic()
    killed(nursery, tmp_path / "creation.sqlite", saves=1, then_s=0)
    creation_s = time.monotonic() - start
    said: dict[Path, set[str]] = {}
    for number in range(KILLS):
        file = tmp_path / f"{number // EACH_NEW}.sqlite"
        if number % EACH_NEW == 0:
            more = killed(nursery, file, saves=0, then_s=moments.uniform(0, creation_s))
        else:
            saves, then_s = moments.randint(1, 4), moments.uniform(0, 0.05)
            more = killed(nursery, file, saves=saves, then_s=then_s)
        said[file] = said.get(file, set()) | more
        assert said[file] <= stored(file)
    assert sum(map(len, said.values())) > KILLS
    for file, lines in said.items():  # whoever comes after them can go on
        store = Store.open(f"sqlite:///{file}")
        store.save(Assessment(center_id="karo", author="B", assessed_on=date(2026, 1, 2)))
        versions = [v for a in store.latest() for v in store.history(a.assessment_id)]
        assert lines <= {f"{v.assessment_id} {v.version} {len(v.comment)}" for v in versions}
        assert [v for v in versions if v.crossed] == []
