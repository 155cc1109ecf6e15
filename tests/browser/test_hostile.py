"""Texts that attack stay texts: on the map, in table, panel, filters, lists and messages."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import expect

from ikmgeo.measures.scenario import NAME_LENGTH, Change, Scenario, to_json
from ikmgeo.view import SECTIONS
from tests.browser.driver import DATA, SAY, Tab, Visit, place
from tests.browser.hostile import payloads, spoil
from tests.browser.test_linking import on_map
from tests.conftest import Server, serving

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
def hostile_server(bait: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("hostile")
    with serving(folder, IKMGEO_DATA=str(spoil(folder / "data", bait))) as server:
        yield server


@pytest.fixture(autouse=True)
def harmless(bait: Path) -> Iterator[None]:
    yield
    assert not bait.exists()


@pytest.fixture
def hostile(visit: Visit, hostile_server: Server) -> Visit:
    return partial(visit, server=hostile_server)


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
    names = [cells[0] for cells in tab.rows()[1:]]
    for text in texts(bait):
        row = next(i for i, name in enumerate(names) if name.startswith(text))
        tab.pick_row(row)
        tab.expect_panel(text)
        tab.settle()
        unharmed(tab)
    tab.language("en")
    unharmed(tab)


def test_map_lists_zones_and_districts_are_read_as_they_are(hostile: Visit, bait: Path) -> None:
    tab = hostile("/?places=1")
    expect(tab.map.locator(".ikm-place")).to_have_count(33)
    read = tab.map.evaluate(TOOLTIPS)
    assert len(read) == 13 + 3 + 33
    for text in texts(bait):
        assert sum(tip.startswith(text) for tip in read) >= 3
    unharmed(tab)

    # Lists of filters and of names.
    tab.more_filters()
    for label, at_least in (
        ("filter.commodities", 10),
        ("filter.districts", 5),
        ("filter.zone", 3),
        ("map.pick", 5),
    ):
        box = tab.unfold(SAY_ID(label))
        options = tab.page.get_by_role("option")
        told = (option.replace("\u2060", "") for option in options.all_inner_texts())
        read = [" ".join(option.split()) for option in told]
        assert sum(any(o.startswith(t) for t in texts(bait)) for o in read) >= at_least
        box.press("Escape")
        expect(options).to_have_count(0)
        unharmed(tab)

    # Zones, a district, and its centers, beside a legend that is short again.
    tab.page.get_by_text(SAY_ID("map.places")).click()
    expect(tab.map.locator(".ikm-place")).to_have_count(0)
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

    # The list where signs meet.
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


def step(tab: Tab, name: str, language: str) -> None:
    """Go to a section of the page."""
    words = SAY[language](f"section.{name}")
    tab.page.get_by_role("radio", name=words, exact=True).click()
    tab.settle()
    unharmed(tab)
    expect(tab.page.get_by_text(SAY[language]("frame.failed"))).to_have_count(0)


def test_the_page_of_sources_is_read_as_it_is(hostile: Visit, bait: Path) -> None:
    tab = hostile("/sources")
    for language in SAY:
        tab.language(language)
        for section in SECTIONS["sources"]:
            step(tab, section, language)
            if section == "sources" and language == "id":
                body = " ".join(tab.page.get_by_test_id("stMain").inner_text().split())
                assert [text for text in texts(bait) if text not in body] == []


def test_the_page_of_linkage_is_read_as_it_is(hostile: Visit, bait: Path) -> None:
    tab = hostile("/linkage?column=all")
    for language in SAY:
        tab.language(language)
        for section in SECTIONS["linkage"]:
            step(tab, section, language)
            if section in ("centers", "zone") and language == "id":
                names = [" ".join(cell.split()) for row in tab.rows()[1:] for cell in row]
                assert [t for t in texts(bait) if not any(n.startswith(t) for n in names)] == []
            if section == "centers" and language == "id":
                tab.pick_row(0)
                expect(tab.panel.get_by_text(SAY_ID("linkage.by_class"))).to_be_visible()
                unharmed(tab)


def test_the_page_of_districts_is_read_as_it_is(hostile: Visit, bait: Path) -> None:
    tab = hostile("/districts?measure=mean_score&compare=1207,1208,1209,1218&district=1209")
    read = " ".join(tab.panel.inner_text().split())
    assert any(text in read for text in texts(bait))
    tip = tab.hover_map(2.80, 99.45)
    expect(tip).to_have_count(1)
    read = " ".join(tip.inner_text().split())
    assert any(read.startswith(text[:40]) for text in texts(bait))
    tab.language("en")
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
    names = [cells[0] for cells in tab.rows()[1:]]
    for text in texts(bait)[::2]:
        assert any(" ".join(name.split()).startswith(text) for name in names)
    unharmed(tab)


def test_names_of_zones_and_scenarios_are_read_as_they_are(visit: Visit, bait: Path) -> None:
    names = [" ".join(text.split())[:NAME_LENGTH] for text in payloads(bait)]
    zones = {
        f"new-{n}": Change(name, "ie", 1.5 + n / 10, 99.2, 100.0)
        for n, name in enumerate(names[:12], 1)
    }
    tab = visit("/linkage?section=what_if&indicator=cost")
    tab.page.get_by_role("button", name=SAY_ID("what_if.manage")).click()
    tab.upload("zones.json", to_json(Scenario(names[1], zones)).encode())
    tab.page.get_by_role("button", name=SAY_ID("what_if.use"), exact=True).click()
    tab.settle()
    tab.choose(SAY_ID("linkage.indicator"), SAY_ID("indicator.cost"))  # it turned to what changed
    tab.settle()
    for name in names[:12]:
        on_map(tab, name)
    tab.page.get_by_role("combobox", name=SAY_ID("linkage.column"), exact=True).click()
    offered = [" ".join(o.split()) for o in tab.page.get_by_role("option").all_inner_texts()]
    assert [name for name in names[:12] if name not in offered] == []
    tab.page.keyboard.press("Escape")
    unharmed(tab)
    tab.page.get_by_role("button", name=SAY_ID("what_if.new_zone"), exact=True).click()
    tab.settle()
    for label, name in (("what_if.zone_name", names[4]), ("what_if.name", names[3])):
        if label == "what_if.name":
            tab.page.get_by_role("button", name=SAY_ID("what_if.manage")).click()
        box = tab.page.get_by_role("textbox", name=SAY_ID(label), exact=True)
        box.fill(f"{name} 2")
        box.press("Enter")
        tab.settle()
        unharmed(tab)
    on_map(tab, f"{names[4]} 2")
