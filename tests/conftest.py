"""What several tests share: the app as a server, copies of the data, what the screen shows."""

import gc
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import settings
from streamlit.components.v2 import manifest_scanner

from ikmgeo import analysis, filters
from ikmgeo.analysis import Inputs, Measured, Reached
from ikmgeo.handout import Handout
from ikmgeo.reading.own import Own
from ikmgeo.view import View
from ikmgeo.words.messages import Messages
from tests.shipped_data import shipped_inputs

# A busy machine is no defect, so no example has a deadline. For a longer search:
# pytest --hypothesis-profile=thorough
settings.register_profile("ikmgeo", deadline=None, max_examples=30)
settings.register_profile("thorough", deadline=None, max_examples=1_000)
settings.load_profile("ikmgeo")

# Each app under test looks through all installed packages, which stay the same.
manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Collect, and look for no garbage in what is collected: all of it stays until the end."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


SLOW = frozenset(
    (
        *("test_atlas", "test_bounds", "test_build_areas", "test_build_districts"),
        *("test_build_towns", "test_cluster", "test_mutations", "test_package", "test_portable"),
        *("test_store_kill", "test_store_postgres"),
    )
)
"""Modules of whole hand-outs, of large or damaged files, of processes and databases of their own:
half the time of all that runs no app. ``make test-fast`` leaves them out."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.stem in SLOW:
            item.add_marker("slow")


ROOT = Path(__file__).parents[1]
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--renderer-process-limit=1",  # Streamlit's scripts are compiled once, not in each tab
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)


@dataclass
class Server:
    """A running app: its address, what it prints and its folder for temporary files."""

    url: str
    log: Path
    process: subprocess.Popen[bytes]
    temporary: Path

    def errors(self, since: int = 0) -> str:
        """Tracebacks that the server printed after ``since`` characters.

        Not those of Streamlit's own transport, which complains when a tab closes while it speaks.
        """
        traces = self.printed()[since:].split("Traceback (most recent call last)")[1:]
        return "".join(trace for trace in traces if "_websocket_endpoint" not in trace)

    def stop(self) -> None:
        """End the app, as at the end of a day."""
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:  # a busy machine; it has nothing left to say
            self.process.kill()

    def printed(self) -> str:
        """Everything the server printed, without colours."""
        return re.sub(r"\x1b\[[0-9;]*m", "", self.log.read_text(errors="replace"))


def start_server(log: Path, **environment: str) -> Server:
    """Start ``streamlit run app.py`` on a free port of this machine and wait until it answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py")]
    command += ["--server.port", str(port), "--server.address", "127.0.0.1"]
    temporary = log.parent / "temporary"
    temporary.mkdir()
    own = {"TMPDIR": str(temporary), "IKMGEO_DATABASE_URL": f"sqlite:///{log.parent}/kept.sqlite"}
    environment = {**os.environ, **own, **environment}
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=output, env=environment)
    url = f"http://127.0.0.1:{port}/{environment.get('STREAMLIT_SERVER_BASE_URL_PATH', '')}"
    url = url.rstrip("/")
    until = time.monotonic() + 120  # a busy machine
    while time.monotonic() < until and process.poll() is None:
        try:
            urllib.request.urlopen(f"{url}/_stcore/health", timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return Server(url, log, process, temporary)
    process.kill()
    pytest.fail(f"the app did not start:\n{log.read_text(errors='replace')}")


Serve = Callable[..., Server]


@contextmanager
def serving(folder: Path, **environment: str) -> Iterator[Server]:
    """The app with some environment variables; it stops at the end."""
    server = start_server(folder / "log.txt", **environment)
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture(autouse=True, scope="session")
def own_database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep tests away from the assessments of the person who runs them."""
    with pytest.MonkeyPatch.context() as patch:
        file = tmp_path_factory.mktemp("store") / "kept.sqlite"
        patch.setenv("IKMGEO_DATABASE_URL", f"sqlite:///{file}")
        yield


@pytest.fixture
def data_copy(tmp_path: Path) -> Path:
    """A copy of the shipped data that a test may spoil."""
    return Path(shutil.copytree(ROOT / "data", tmp_path / "data"))


@pytest.fixture(scope="session")
def shipped() -> Inputs:
    """The shipped data, checked."""
    return shipped_inputs()


HandOut = Callable[..., Handout]


@pytest.fixture(scope="session")
def hand_out(shipped: Inputs) -> HandOut:
    """Make what the screen would show of some data (the shipped ones) in a view."""

    def ground(inputs: Inputs) -> tuple[Measured, Reached]:
        """What no view changes."""
        measured = analysis.measure(inputs)
        reached = analysis.reach(
            measured.centers,
            measured.areas,
            inputs.zones,
            footprints=inputs.footprints,
            draws=20,
        )
        return measured, reached

    of_shipped = cache(partial(ground, shipped))

    def make(
        inputs: Inputs = shipped, *, view: View | None = None, own: Own | None = None
    ) -> Handout:
        view = view or View()
        measured, reached = of_shipped() if inputs is shipped else ground(inputs)
        centers = analysis.classify(measured, inputs.instrument, view.scheme)
        centers = centers.assign(at=range(len(centers)))
        names = (centers["name_id"] + " " + centers["name_en"]).str.lower()
        met = filters.conditions(centers, measured.distances, names, view.filters)
        return Handout(
            say=Messages.of(view.language, inputs),
            view=view,
            inputs=inputs,
            measured=measured,
            centers=centers,
            shown=centers[met.all(axis=1)],
            linked=analysis.link(
                measured.centers, inputs.zones, reached, inputs.sector_fit, view.link
            ),
            aspects=pd.DataFrame(
                index=centers.index, columns=[*inputs.instrument.aspects], dtype=float
            ),
            taken_on=date(2026, 11, 22),
            own=own,
            studied=frozenset(shipped.centers["district_code"]),
        )

    return make
