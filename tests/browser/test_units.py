"""Units of a register on the map: tiles, what a press on them tells, filters, candidates."""

from playwright.sync_api import expect

from ikmgeo.analysis import Inputs
from tests.browser.driver import SAY, Visit
from tests.conftest import Server
from tests.registered import CASSAVAS, COFFEES, ELSEWHERE, HOSTILE, UNITS, VILLAGE

SAY_ID = SAY["id"]
TILES = ".leaflet-units-pane img.leaflet-tile-loaded"
INKED = """tiles => tiles.some((tile) => {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [tile.naturalWidth, tile.naturalHeight];
    const pen = canvas.getContext("2d");
    pen.drawImage(tile, 0, 0);
    const held = pen.getImageData(0, 0, canvas.width, canvas.height).data;
    return held.some((part, n) => n % 4 === 3 && part);
})"""
"""Whether any tile holds anything."""


def test_units_are_drawn_told_filtered_and_found(
    visit: Visit, assessed: Server, shipped: Inputs
) -> None:
    spot = shipped.gazetteer.spot(VILLAGE)
    assert spot
    tab = visit(f"/register?at={spot.lat},{spot.lon},14", server=assessed)
    expect(tab.page.locator(".ikm-count")).to_have_text(f"{UNITS} dari {UNITS} unit ditampilkan")
    tab.in_map(f"() => document.querySelectorAll({TILES!r}).length > 0")
    assert tab.map.locator(TILES).evaluate_all(INKED)
    tab.click_map(spot.lat, spot.lon)
    told = tab.map.locator(".leaflet-popup li")
    expect(told).to_have_count(COFFEES + CASSAVAS)
    expect(told.first).to_have_text(f"{HOSTILE} · Kopi · 1 orang")
    expect(tab.map.locator(".leaflet-popup img")).to_have_count(0)

    tab.choose(SAY_ID("filter.commodities"), "Ubi kayu")
    left = CASSAVAS + ELSEWHERE
    expect(tab.page.locator(".ikm-count")).to_have_text(f"{left} dari {UNITS} unit ditampilkan")
    tab.expect_param("unit_commodity", "cassava")
    tab.settle()
    tab.click_map(spot.lat, spot.lon)
    expect(told).to_have_count(CASSAVAS)

    tab.pick_row(0)
    tab.expect_param("candidate", "1207022002:cassava")
    expect(tab.page.get_by_role("heading", name="Ubi kayu · Ujung Serdang")).to_be_visible()
    tab.page.get_by_role("button", name=SAY_ID("units.record")).click()
    tab.drawn(14)
