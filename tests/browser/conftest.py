"""Tabs of one browser, each checked at its end; every test here carries the marker ``browser``."""

import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from driver import DATA, DESKTOP, Tab, Visit
from playwright.sync_api import Browser, BrowserContext
from recorded import KARO, LEVELS, database, made, record

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker("browser")
            # A browser on a busy machine can miss its time; what fails twice fails.
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture(scope="session")
def context(browser: Browser) -> Iterator[BrowserContext]:
    """One context for all tabs, so that Streamlit's scripts are fetched once."""
    shared = browser.new_context(accept_downloads=True, reduced_motion="reduce")
    shared.add_init_script("localStorage.setItem('ikmgeo-tour', 'seen')")  # has its own test
    yield shared
    shared.close()


@pytest.fixture
def visit(app: Any, context: BrowserContext) -> Iterator[Visit]:
    """Open a path of the app in a new tab; the tab must have met no error when the test ends."""
    tabs: list[tuple[Tab, Any, int]] = []

    def open_tab(
        path: str,
        *,
        server: Any = app,
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


@pytest.fixture(scope="session")
def twin_server(serve: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The app with a fourteenth center that lies exactly where another one does."""
    data = shutil.copytree(DATA, tmp_path_factory.mktemp("twins") / "data")
    centers = pd.read_csv(data / "centers.csv", dtype="str").set_index("center_id")
    twin = centers.loc[["karo-coffee"]].set_axis(["karo-twin"])
    twin = twin.assign(name_id="Sentra Kembar", name_en="Twin Center", alternative_claims=None)
    pd.concat([centers, twin]).rename_axis("center_id").to_csv(data / "centers.csv")
    return serve(IKMGEO_DATA=str(data))


@pytest.fixture
def twins(visit: Visit, twin_server: Any) -> Visit:
    """As ``visit``, on the data with twins."""
    return partial(visit, server=twin_server)


@pytest.fixture(scope="session")
def assessed(serve: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The app with an assessment of every shipped center, Karo coffee with ratings too."""
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
    return serve(IKMGEO_DATABASE_URL=url)
