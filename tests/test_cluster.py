"""The register measured by a Dask cluster on this machine, of which workers die or are unfit."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from ikmgeo.analysis import Inputs
from ikmgeo.errors import DataError
from ikmgeo.register import cluster
from ikmgeo.register.measuring import measure
from ikmgeo.register.store import Register
from tests.registered import spread

ROOT = Path(__file__).parents[1]
PATIENCE_S = 60

DIES = """
import time
from pathlib import Path
import pyarrow.parquet as pq

class Half(pq.ParquetWriter):
    def write_table(self, table):
        super().write_table(table)
        Path({marker!r}).touch()
        time.sleep(600)

from ikmgeo.register import measuring
measuring.ParquetWriter = Half
"""
"""A worker that stands still with a file half written, until it is killed."""

OTHER_SOFTWARE = "import ikmgeo; ikmgeo.__version__ = '0.0.1'"

OTHER_STORAGE = """
from pathlib import Path
from ikmgeo.register.store import Register
Register._manifest = lambda self, number: Path("/nowhere")
"""


@dataclass
class Cluster:
    """A scheduler of its own port, told by its file, and a folder for workers."""

    folder: Path
    stack: ExitStack

    @property
    def file(self) -> Path:
        return self.folder / "scheduler.json"

    def start(self, kind: str, name: str, *options: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "dask", kind, "--scheduler-file", str(self.file)]
        command += ["--host", "127.0.0.1", "--no-dashboard", *options]
        log = self.stack.enter_context((self.folder / f"{name}.log").open("wb"))
        process = subprocess.Popen(
            command,
            cwd=self.folder,
            stdout=log,
            stderr=subprocess.STDOUT,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
        )
        self.stack.callback(process.wait)
        self.stack.callback(process.kill)
        return process

    def worker(self, name: str, preload: str = "") -> subprocess.Popen[bytes]:
        options = ["--no-nanny", "--nthreads", "1", "--name", name, "--local-directory", "."]
        if preload:
            script = self.folder / f"{name}.py"
            script.write_text(preload)
            options += ["--preload", str(script)]
        return self.start("worker", name, *options)


@contextmanager
def started(folder: Path) -> Iterator[tuple[Cluster, str]]:
    """A cluster without workers, and its address."""
    from distributed import Client

    with ExitStack() as stack:
        made = Cluster(folder, stack)
        made.start("scheduler", "scheduler", "--port", "0")
        until(made.file.exists)
        with Client(scheduler_file=str(made.file), timeout=PATIENCE_S) as client:
            address = client.scheduler.address
        yield made, address


def until(done: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not done():
        assert time.monotonic() < end, "the cluster did not get that far"
        time.sleep(0.05)


def there(address: str, count: int) -> None:
    """Wait for so many workers."""
    from distributed import Client

    with Client(address, timeout=PATIENCE_S) as client:
        client.wait_for_workers(count, timeout=PATIENCE_S)


@pytest.fixture
def register(tmp_path: Path, shipped: Inputs) -> Register:
    return spread(tmp_path, shipped)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_worker_is_killed_amid_its_work_and_the_files_are_the_same(
    register: Register, shipped: Inputs, tmp_path: Path
) -> None:
    version, marker = register.version(), tmp_path / "half written"
    measured = partial(measure, register, version, shipped, source="here", held=3)
    assert measured(tmp_path / "alone") == version.units
    with started(tmp_path) as (workers, address):
        workers.worker("stays")
        doomed = workers.worker("dies", DIES.format(marker=str(marker)))
        there(address, 2)
        done: list[int] = []

        def kill_amid(units: int, _: int) -> None:
            if not done:
                until(marker.exists)
                assert len([*tmp_path.glob(".together.*/*.parquet")]) >= 1
                doomed.send_signal(signal.SIGKILL)
            done.append(units)

        run = partial(cluster.run, address)
        assert measured(tmp_path / "together", run=run, progress=kill_amid) == version.units
        assert doomed.wait() == -signal.SIGKILL
        assert done[-1] == version.units
        assert contents(tmp_path / "together") == contents(tmp_path / "alone")

        def stop(units: int, _: int) -> None:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            measured(tmp_path / "stopped", run=run, progress=stop)
        assert [*tmp_path.glob("*stopped*")] == []


def test_workers_with_other_software_or_storage_are_refused_by_name(
    register: Register, shipped: Inputs, tmp_path: Path
) -> None:
    measured = partial(measure, register, register.version(), shipped, source="")
    with started(tmp_path) as (workers, address):
        workers.worker("other", OTHER_SOFTWARE)
        workers.worker("blind", OTHER_STORAGE)
        there(address, 2)
        with pytest.raises(DataError) as refused:
            measured(tmp_path / "out", run=partial(cluster.run, address))
    issues = {issue.code: issue for issue in refused.value.issues}
    assert set(issues) == {"measure_version", "measure_storage"}
    assert issues["measure_version"].value == "ikmgeo 0.0.1"
    assert all(issue.file.startswith("tcp://127.0.0.1:") for issue in issues.values())
    assert [*tmp_path.glob("*out*")] == []


def test_no_workers_and_no_scheduler_are_told(
    register: Register, shipped: Inputs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "WAIT_S", 1)
    measured = partial(measure, register, register.version(), shipped, tmp_path / "out", source="")
    with started(tmp_path) as (_, address), pytest.raises(DataError, match="measure_no_workers"):
        measured(run=partial(cluster.run, address))
    for gone in (address, "tcp//:"):
        with pytest.raises(DataError, match="measure_no_scheduler"):
            measured(run=partial(cluster.run, gone))
