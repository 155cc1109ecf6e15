"""Texts that attack stay texts: on the map, in table, panel, filters, lists and messages."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from driver import DATA, SAY, Tab, Visit, place
from hostile import payloads, spoil
from playwright.sync_api import expect

SAY_ID = SAY["id"]


TOOLTIPS = """() => Object.values(map._layers).filter(
    l => l.options.sign || l.options.riseOnHover).map(l => {
        l.fire('mouseover', {latlng: l.getLatLng()}, true);
        const tip = document.querySelector('.leaflet-tooltip');
        const text = tip.innerText.split(/\\s+/).join(' ');
        l.fire('mouseout', {latlng: l.getLatLng()}, true);
        tip.remove();
        return text;
    })"""


@pytest.fixture(scope="module")
def bait(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that must never come to be."""
    return tmp_path_factory.mktemp("bait") / "caught"


@pytest.fixture(scope="module")
def hostile_server(serve: Any, bait: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    return serve(IKMGEO_DATA=str(spoil(tmp_path_factory.mktemp("hostile") / "data", bait)))


@pytest.fixture
def hostile(visit: Visit, hostile_server: Any, bait: Path) -> Iterator[Visit]:
    yield partial(visit, server=hostile_server)
    assert not bait.exists()


def unharmed(tab: Tab) -> None:
    """Nothing has run in any frame, and no template was filled in on the server."""
    for frame in tab.page.frames:
        assert frame.evaluate("window.PWN") is None
        assert "132962891" not in frame.evaluate("document.documentElement.outerHTML")


def texts(bait: Path) -> list[str]:
    """Each payload as it must be read, up to the length that fits any place."""
    return [" ".join(text.split())[:70] for text in payloads(bait)]


def test_names_of_centers_are_read_as_they_are_everywhere(hostile: Visit, bait: Path) -> None:
    tab = hostile("/")
    names = [cells[1] for cells in tab.rows()[1:]]
    for text in texts(bait):
        row = next(i for i, name in enumerate(names) if name.startswith(text))
        tab.pick_row(row)
        tab.expect_panel(text)
        tab.settle()
        unharmed(tab)
    tab.language("en")
    unharmed(tab)


def test_tooltips_of_centers_zones_and_places_are_read_as_they_are(
    hostile: Visit, bait: Path
) -> None:
    tab = hostile("/?places=1")
    expect(tab.map.locator(".ikm-place")).to_have_count(33)
    read = tab.map.evaluate(TOOLTIPS)
    assert len(read) == 13 + 3 + 33
    for text in texts(bait):
        assert sum(tip.startswith(text) for tip in read) >= 3
    unharmed(tab)


def test_zones_and_districts_are_read_as_they_are(hostile: Visit, bait: Path) -> None:
    tab = hostile("/")
    zones = pd.read_csv(DATA / "zones.csv")
    for lat, lon, text in zip(zones["lat"], zones["lon"], texts(bait), strict=False):
        tab.click_map(lat, lon)
        tab.expect_panel(text)
        unharmed(tab)
    tab.click_map(2.80, 99.45)
    expect(tab.panel).to_contain_text("Kemendagri 12.09")
    assert any(text in " ".join(tab.panel.inner_text().split()) for text in texts(bait))
    unharmed(tab)
    tab.page.locator('[class*="st-key-look-center"] button').first.click()
    expect(tab.panel.get_by_text(SAY_ID("claim.heading"))).to_be_visible()
    opener = tab.page.locator('[class*="st-key-look-district"] button')
    expect(opener).to_be_visible()
    unharmed(tab)


def test_lists_of_filters_and_of_names_are_read_as_they_are(hostile: Visit, bait: Path) -> None:
    tab = hostile("/")
    for label, at_least in (
        ("filter.commodities", 10),
        ("filter.districts", 5),
        ("filter.zone", 3),
        ("map.pick", 5),
    ):
        box = tab.page.get_by_role("combobox", name=SAY_ID(label), exact=True)
        options = tab.page.get_by_role("option")
        for _ in range(5):  # a list that was still being filled takes no click
            if not options.count():
                box.click()
                tab.page.wait_for_timeout(500)
        options.first.wait_for()
        told = (option.replace("\u2060", "") for option in options.all_inner_texts())
        read = [" ".join(option.split()) for option in told]
        assert sum(any(o.startswith(t) for t in texts(bait)) for o in read) >= at_least
        box.press("Escape")
        unharmed(tab)


@pytest.mark.parametrize("section", ["claims", "sources", "own"])
def test_the_page_of_sources_is_read_as_it_is(hostile: Visit, bait: Path, section: str) -> None:
    tab = hostile(f"/sources?section={section}")
    unharmed(tab)
    if section == "sources":
        body = " ".join(tab.page.get_by_test_id("stMain").inner_text().split())
        assert [text for text in texts(bait) if text not in body] == []
    tab.language("en")
    unharmed(tab)


def test_where_signs_meet_the_list_is_read_as_it_is(hostile: Visit, bait: Path) -> None:
    tab = hostile("/")
    tab.view_map(*place("binjai-halua"), 8)
    tab.click_map(*place("binjai-halua"))
    choices = tab.map.locator(".ikm-choose button")
    expect(choices.nth(1)).to_be_visible()
    names = choices.locator("b").all_inner_texts()
    read = [" ".join(name.split()) for name in names]
    assert all(any(r.startswith(t) for t in texts(bait)) for r in read)
    unharmed(tab)
    choices.nth(1).click()
    tab.expect_panel(read[1][:40])
    unharmed(tab)


def test_an_uploaded_file_is_read_as_it_is(visit: Visit, bait: Path) -> None:
    tab = visit("/sources?section=own")
    lines = ["center_id,name_id,name_en,commodity,district_code,lat,lon,score_total"]
    quoted = ['"' + text.replace('"', '""') + '"' for text in payloads(bait)]
    for i, text in enumerate(quoted):
        score = text if i % 2 else f"{i + 10}"  # every second row is rejected, with its text
        lines.append(f"{text},{text},{text},{text},,{2.4 + i / 50},99.1,{score}")
    tab.upload("<img src=x onerror=window.PWN=6>{{31337*4243}}.csv", "\n".join(lines).encode())
    result = SAY_ID("own.result", good=7, rejected=6)
    expect(tab.page.get_by_role("heading", name=result)).to_be_visible()
    unharmed(tab)
    body = " ".join(tab.page.get_by_test_id("stMain").inner_text().split())
    assert [t for t in texts(bait)[1::2] if t not in body] == []
    tab.page.get_by_role("button", name=SAY_ID("own.replace")).click()
    banner = tab.page.locator(".ikm-banner")
    expect(banner).to_contain_text("<img src=x onerror=window.PWN=6>{{31337*4243}}.csv")
    tab.page.get_by_test_id("stPageLink").first.click()
    tab.drawn(7)
    names = [cells[1] for cells in tab.rows()[1:]]
    for text in texts(bait)[::2]:
        assert any(" ".join(name.split()).startswith(text) for name in names)
    unharmed(tab)
    assert not bait.exists()
