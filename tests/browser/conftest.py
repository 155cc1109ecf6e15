"""Tabs of one browser, each checked at its end; every test here carries the marker ``browser``.

Each worker has one browser and one app with the shipped data, until its last test here.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from ikmgeo.analysis import Inputs
from tests.browser.driver import DATA, DESKTOP, PHONE, Opened, Tab, Visit
from tests.browser.recorded import KARO, LEVELS, database, made, record
from tests.conftest import ARGUMENTS, BROWSERS, Serve, Server, serving
from tests.registered import registered

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker("browser")
            # A browser on a busy machine can miss its time; what fails twice fails.
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture(scope="package")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The app with the shipped data."""
    with serving(tmp_path_factory.mktemp("server")) as server:
        yield server


@pytest.fixture
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serve]:
    """Start the app with some environment variables; it stops when the test ends."""
    with ExitStack() as running:

        def start(**environment: str) -> Server:
            folder = tmp_path_factory.mktemp("server")
            return running.enter_context(serving(folder, **environment))

        yield start


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Chromium that cannot resolve any name, so nothing but this machine answers."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        words = "No Chromium found: install it (apt-get install chromium-headless-shell)"
        words += " or set CHROMIUM."
        if os.environ.get("CI") == "true":
            pytest.fail(words)
        pytest.skip(words)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=found, args=list(ARGUMENTS))
        yield chromium
        chromium.close()


def fresh(browser: Browser, app: Server) -> BrowserContext:
    """A browser with an empty memory, except that the tour, which has its own test, was seen.

    Its first tab stays open: Chromium would end its process with the last tab of the app, and
    compile Streamlit's scripts again for the next.
    """
    context = browser.new_context(accept_downloads=True, reduced_motion="reduce")
    context.add_init_script("localStorage.setItem('ikmgeo-tour', 'seen')")
    context.new_page().goto(f"{app.url}/_stcore/health")
    return context


@pytest.fixture(scope="package")
def context(browser: Browser, app: Server) -> Iterator[BrowserContext]:
    """One context for all tabs, so that Streamlit's scripts are fetched once."""
    with fresh(browser, app) as shared:
        yield shared


@pytest.fixture(scope="package")
def pocket(browser: Browser, app: Server) -> Iterator[BrowserContext]:
    """One for phones: Streamlit remembers that their sidebar was closed."""
    with fresh(browser, app) as shared:
        yield shared


@pytest.fixture
def visit(app: Server, context: BrowserContext, serve: Serve) -> Iterator[Visit]:
    """Open a path of the app in a new tab; the tab must have met no error when the test ends.

    It needs ``serve`` so that tabs close before the servers that the test started.
    """
    tabs: list[tuple[Tab, Server, int]] = []

    def open_tab(
        path: str,
        *,
        server: Server = app,
        size: tuple[int, int] = DESKTOP,
        within: BrowserContext = context,
        centers: int = 13,
    ) -> Tab:
        page = within.new_page()
        page.set_viewport_size({"width": size[0], "height": size[1]})
        tabs.append((Tab(page, server.url), server, len(server.printed())))
        return tabs[-1][0].open(path, centers=centers)

    yield open_tab
    try:
        for tab, server, since in tabs:
            tab.check()
            assert server.errors(since) == ""
    finally:
        for tab, _, _ in tabs:
            tab.page.close()


@pytest.fixture
def opened(
    visit: Visit,
    context: BrowserContext,
    pocket: BrowserContext,
    language: str,
    size: tuple[int, int],
) -> Opened:
    """Open a path in the language and at the size of a test ``IN_BOTH``."""
    within = pocket if size == PHONE else context

    def open_tab(path: str) -> Tab:
        joined = "&" if "?" in path else "?"
        return visit(f"{path}{joined}lang={language}", size=size, within=within)

    return open_tab


@pytest.fixture(scope="module")
def twin_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The app with a fourteenth center that lies exactly where another one does."""
    data = shutil.copytree(DATA, tmp_path_factory.mktemp("twins") / "data")
    centers = pd.read_csv(data / "centers.csv", dtype="str").set_index("center_id")
    twin = centers.loc[["karo-coffee"]].set_axis(["karo-twin"])
    twin = twin.assign(name_id="Sentra Kembar", name_en="Twin Center", alternative_claims=None)
    pd.concat([centers, twin]).rename_axis("center_id").to_csv(data / "centers.csv")
    with serving(tmp_path_factory.mktemp("server"), IKMGEO_DATA=str(data)) as server:
        yield server


@pytest.fixture
def twins(visit: Visit, twin_server: Server) -> Visit:
    """As ``visit``, on the data with twins."""
    return partial(visit, server=twin_server)


@pytest.fixture(scope="package")
def assessed(tmp_path_factory: pytest.TempPathFactory, shipped: Inputs) -> Iterator[Server]:
    """The app with an assessment of every shipped center, Karo coffee with ratings too.

    It has a small register of units besides.
    """
    register = registered(tmp_path_factory.mktemp("register"), shipped).folder
    url = database(tmp_path_factory.mktemp("assessed"))
    centers = pd.read_csv(DATA / "centers.csv")["center_id"]
    rated = {
        "items": {"diamond": {"demand": 3, "rivalry": 0}, "value_chain": {"processing": 0}},
        "swot": {"strengths": ["Kopi arabika"]},
    }
    for n, (center, level) in enumerate(zip(centers, LEVELS, strict=True)):
        scores = tuple(level + (n * k) % 7 for k in range(6))
        fields = {"ratings": rated} if center == KARO else {}
        record(url, made(center, scores, **fields))
    settings = {"IKMGEO_DATABASE_URL": url, "IKMGEO_REGISTER": str(register)}
    with serving(tmp_path_factory.mktemp("server"), **settings) as server:
        yield server
