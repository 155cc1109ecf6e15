"""Units of a register on the map: tiles, what a press on them tells, filters, candidates."""

from pathlib import Path

import pypdfium2
import pytest
from playwright.sync_api import expect

from ikmgeo.analysis import Inputs
from ikmgeo.register.sample import write_sample
from tests.browser.driver import SAY, Visit
from tests.conftest import Server, serving
from tests.registered import CASSAVAS, COFFEES, ELSEWHERE, HOSTILE, UNITS, VILLAGE

SAY_ID = SAY["id"]
SAMPLE = 12_000
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


def test_a_register_comes_from_a_file_and_its_candidate_into_the_atlas(
    visit: Visit, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, shipped: Inputs
) -> None:
    """The made-up register is brought, looked at, searched for cassava, and told on paper."""
    write_sample(tmp_path / "contoh.csv", shipped, units=SAMPLE)
    settings = {
        "IKMGEO_REGISTER": str(tmp_path / "register"),
        "IKMGEO_DATABASE_URL": f"sqlite:///{tmp_path / 'lists.sqlite'}",
    }
    # Sockets of workers have names of a hundred signs at most.
    with serving(tmp_path_factory.mktemp("server"), **settings) as server:
        tab = visit("/register?section=files", server=server)
        main = tab.page.get_by_test_id("stMain")
        file = (tmp_path / "contoh.csv").read_bytes()
        tab.upload("contoh.csv", file, SAY_ID("units.bring_label"))
        main.get_by_role("button", name=SAY_ID("units.take_in")).click()
        done = main.get_by_test_id("stAlert").filter(has_text="unit usaha 12.000")
        done.wait_for(timeout=120_000)
        expect(main.get_by_text(SAY_ID("register.made_up"))).to_be_visible()
        main.get_by_role("button", name=SAY_ID("units.see")).click()
        expect(tab.page.locator(".ikm-count")).to_have_text("12.000 dari 12.000 unit ditampilkan")
        expect(main.locator(".ikm-banner", has_text=SAY_ID("register.made_up"))).to_be_visible()

        tab.in_map(f"() => document.querySelectorAll({TILES!r}).length > 0")
        for zoom in (9, 7):
            tab.in_map(f"() => (map.setZoom({zoom}), true)")
            tab.in_map(f"() => document.querySelectorAll({TILES!r}).length > 0")
        assert tab.map.locator(TILES).evaluate_all(INKED)

        tab.choose(SAY_ID("filter.commodities"), "Ubi kayu")
        tab.settle()
        tab.pick_row(0)
        panel = tab.page.locator(".st-key-panel")
        head = panel.get_by_role("heading", name="Ubi kayu · ")
        expect(head).to_be_visible()
        village = head.inner_text().partition(" · ")[2]
        for zone in shipped.zones["short_name"]:
            expect(panel).to_contain_text(zone)
        panel.get_by_role("button", name=SAY_ID("units.record")).click()
        tab.drawn(14)

        tab.open(f"/workshop?section=take&lists={tab.params['lists']}")
        words = SAY_ID("take.atlas_pdf")
        main.get_by_role("button", name=SAY_ID("take.make", what=words)).click()
        link = main.get_by_role("button", name=SAY_ID("take.download", what=words))
        link.wait_for(timeout=120_000)
        with tab.page.expect_download() as begun:
            link.click()
        document = pypdfium2.PdfDocument(begun.value.path())
        told = " ".join(page.get_textpage().get_text_bounded() for page in document)
        assert f"Sentra Ubi kayu {village}" in " ".join(told.split())
