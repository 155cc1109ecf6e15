"""The districts page: a measure on the map, a district's profile, districts side by side."""

import re
from typing import Any

import pytest
from driver import PHONE, SAY, Tab, Visit
from hostile import payloads, spoil
from playwright.sync_api import Browser, Locator, expect
from test_accessibility import violations

from ikmgeo import symbols

SAY_ID, SAY_EN = SAY["id"], SAY["en"]
LAND = (
    f"Object.values(map.ikmDistricts).filter(d => d.options.fillColor === '{symbols.LAND}').length"
)
INSIDE_ASAHAN, INSIDE_SIMALUNGUN, INSIDE_NIAS = (2.80, 99.45), (2.84, 98.88), (1.05, 97.75)
SELECTED = "l.options.color === '#0b57d0'"


def opened(tab: Tab) -> Tab:
    """Wait until the districts have their colours."""
    tab.in_map("() => map.ikmDistricts && map.ikmDistricts['1208'].shaded === true")
    return tab


def fill(tab: Tab, code: str) -> str:
    """Colour of a district; a pattern is an empty text."""
    script = "c => { const f = map.ikmDistricts[c].options.fillColor;"
    script += " return typeof f === 'string' ? f : '' }"
    return str(tab.map.evaluate(script, code))


def lines(tab: Tab) -> list[str]:
    """What the legend says, line by line."""
    return [" ".join(t.split()) for t in tab.legend().locator("li").all_inner_texts()]


def pointed(tab: Tab, at: tuple[float, float]) -> Locator:
    """The one tooltip that is left once the last one has faded."""
    tip = tab.hover_map(*at)
    expect(tip).to_have_count(1)
    return tip


def compare(tab: Tab, name: str) -> None:
    """Add a district to the compared ones; the list is long, so its name is typed."""
    box = tab.page.get_by_role("combobox", name=SAY_ID("districts.compared"))
    box.press_sequentially(name)
    tab.page.get_by_role("option", name=name, exact=True).click()
    box.press("Escape")
    tab.settle()


def tick_tiles(tab: Tab) -> None:
    """Tick or untick the first layer of online tiles."""
    toggle = tab.map.locator(".leaflet-control-layers-toggle").bounding_box()
    assert toggle is not None
    tab.page.mouse.move(toggle["x"] + 9, toggle["y"] + 9)  # opens the list
    tab.map.locator(".leaflet-control-layers-overlays input").first.click()


def test_a_measure_changes_colours_and_legend_and_leaves_the_map_in_place(visit: Visit) -> None:
    tab = opened(visit("/districts"))
    assert lines(tab)[:3] == ["3", "2", "1"]
    assert [fill(tab, code) for code in ("1204", "1208")] == ["", symbols.shades(3)[1]]
    tab.view_map(2.5, 99.0, 8.5)
    tab.mark()
    before = tab.still()
    tab.choose(SAY_ID("districts.measure"), SAY_ID("district_measure.seat_km"))
    expect(tab.legend()).to_contain_text(SAY_ID("district_measure.seat_km"))
    tab.expect_param("measure", "seat_km")
    shades = symbols.shades(4)
    assert [fill(tab, code) for code in ("1271", "1214")] == [shades[0], shades[3]]
    assert SAY_ID("districts.no_center") not in lines(tab)
    tab.page.get_by_role("radio", name="6", exact=True).click()
    tab.expect_param("classes", "6")
    expect(tab.legend().locator("li")).to_have_count(6 + 4)  # and studied, zones and their area
    tab.choose(SAY_ID("districts.breaks"), SAY_ID("breaks.equal_interval"))
    tab.expect_param("breaks", "equal_interval")
    expect(tab.legend()).to_contain_text("9,5–62,6")  # from 9.5 to 327.7 km in six steps
    assert tab.still() == before
    assert tab.rows()[1][0] == "Kota Medan"


def test_pointing_at_a_district_tells_its_value_and_keeps_its_colour(visit: Visit) -> None:
    tab = opened(visit("/districts?measure=mean_score"))
    before = fill(tab, "1208")
    tip = pointed(tab, INSIDE_SIMALUNGUN)
    expect(tip).to_contain_text("Kabupaten Simalungun")
    expect(tip).to_contain_text("54,43")  # of 70.06 and 38.80
    assert fill(tab, "1208") == before
    tip = pointed(tab, INSIDE_NIAS)
    expect(tip).to_contain_text(SAY_ID("districts.no_center"))
    assert fill(tab, "1208") == before


def test_a_click_a_row_and_a_name_choose_the_same_district(visit: Visit) -> None:
    tab = opened(visit("/districts"))
    tab.shapes(SELECTED, 0)
    tab.click_map(*INSIDE_ASAHAN)
    for _ in range(2):
        tab.expect_panel("Kabupaten Asahan")
        tab.expect_param("district", "1209")
        tab.shapes(f"{SELECTED} && l.feature.properties.district_code === '1209'", 1)
        tab.expect_row("Kabupaten Asahan")
        box = tab.page.get_by_role("combobox", name=SAY_ID("districts.pick"))
        expect(box).to_have_value("Kabupaten Asahan")
        tab.page.get_by_role("button", name=SAY_ID("panel.close")).click()
        tab.shapes(SELECTED, 0)
        tab.expect_param("district", None)
        tab.expect_row(None)
        tab.pick_row([row[0] for row in tab.rows()[1:]].index("Kabupaten Asahan"))


def test_a_center_of_the_profile_opens_on_the_map_page(visit: Visit) -> None:
    tab = opened(visit("/districts?district=1209&lang=en"))
    expect(tab.panel).to_contain_text(SAY_EN("district.studied"))
    tab.page.get_by_role("button", name="Asahan Copra Center").click()
    expect(tab.page.locator(".ikm-h1")).to_have_text(SAY_EN("map.heading"))
    tab.settle()
    tab.expect_panel("Asahan Copra Center")
    tab.expect_param("center", "asahan-copra")
    tab.drawn()


def test_two_to_four_districts_stand_side_by_side_and_a_link_reopens_them(
    visit: Visit, browser: Browser
) -> None:
    tab = opened(visit("/districts"))
    how = tab.page.get_by_text(SAY_ID("districts.compare_how", fewest=2, most=4))
    expect(how).to_be_visible()
    compare(tab, "Kabupaten Simalungun")
    expect(how).to_be_visible()
    compare(tab, "Kabupaten Nias")
    tab.expect_param("compare", "1208,1204")
    expect(how).to_have_count(0)
    table = tab.page.locator(".ikm-scroll table")
    expect(table.get_by_role("columnheader")).to_have_text(
        [SAY_ID("districts.what"), "Kabupaten Simalungun", "Kabupaten Nias"]
    )
    expect(table).to_contain_text("1.004.303")
    chart = tab.page.get_by_test_id("stVegaLiteChart").locator("svg, canvas").first
    expect(chart).to_be_visible()
    other = browser.new_context()
    try:
        reopened = opened(visit(tab.page.url.removeprefix(tab.origin), within=other))
        cells = reopened.page.locator(".ikm-scroll td")
        expect(cells).to_have_text(table.get_by_role("cell").all_inner_texts())
        reopened.check()
    finally:
        other.close()


def test_colours_stay_to_be_read_above_online_tiles(visit: Visit) -> None:
    tab = opened(visit("/districts"))
    tab.tiles = True
    tick_tiles(tab)
    opacity = "c => map.ikmDistricts[c].options.fillOpacity"
    assert tab.map.evaluate(opacity, "1208") == 0.6
    tab.page.mouse.move(5, 5)
    tab.choose(SAY_ID("districts.measure"), SAY_ID("district_measure.seat_km"))
    expect(tab.legend()).to_contain_text(SAY_ID("district_measure.seat_km"))
    assert tab.map.evaluate(opacity, "1208") == 0.6
    tick_tiles(tab)
    assert tab.map.evaluate(opacity, "1208") == 1


def test_land_is_as_before_without_the_colours(visit: Visit) -> None:
    tab = opened(visit("/districts"))
    assert tab.map.evaluate(LAND) == 0
    tab.map.evaluate("window.feature_group.forEach(layer => map.removeLayer(layer))")
    assert tab.map.evaluate(LAND) == 33
    tab.shapes("l.feature && l.feature.properties.district_code", 33)  # no outline is left
    expect(tab.map.locator(".ikm-shaded")).to_have_count(0)


def test_categories_are_told_by_shape_as_well_as_colour(visit: Visit) -> None:
    tab = opened(visit("/districts?measure=best_category"))
    tab.in_map("n => Object.values(map._layers).filter(l => l.options.sign).length === n", 8)
    assert {"excellent", "under_development"} <= set(tab.signs())


@pytest.mark.parametrize(
    "path",
    [
        "/districts",
        "/districts?measure=best_category&scheme=printed_ranges&district=1208",
        "/districts?measure=seat_km&compare=1208,1204,1271,1275&zone=kim",
    ],
    ids=["centers", "profile", "compared"],
)
def test_the_page_meets_wcag_in_both_languages_and_leaves_this_machine_alone(
    visit: Visit, path: str
) -> None:
    tab = opened(visit(path))
    found = violations(tab)
    tab.language("en")
    expect(tab.page.locator(".ikm-h1")).to_have_text(SAY_EN("districts.heading"))
    expect(tab.legend().locator("summary")).to_have_text(SAY_EN("map.legend"))
    assert found + violations(tab) == []


def test_the_page_fits_a_phone(visit: Visit) -> None:
    tab = opened(visit("/districts?compare=1208,1204&district=1208", size=PHONE))
    assert violations(tab) == []
    script = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert tab.page.evaluate(script) == 0
    tab.page.get_by_test_id("stVegaLiteChart").scroll_into_view_if_needed()
    assert tab.page.evaluate(script) == 0


def test_hostile_names_are_read_as_they_are(visit: Visit, serve: Any, tmp_path: Any) -> None:
    bait = tmp_path / "caught"
    server = serve(IKMGEO_DATA=str(spoil(tmp_path / "data", bait)))
    path = "/districts?measure=mean_score&compare=1207,1208,1209,1218&district=1209"
    tab = opened(visit(path, server=server))
    read = " ".join(tab.panel.inner_text().split())
    assert any(" ".join(text.split())[:70] in read for text in payloads(bait))
    read = " ".join(pointed(tab, INSIDE_ASAHAN).inner_text().split())
    assert any(read.startswith(" ".join(text.split())[:40]) for text in payloads(bait))
    tab.language("en")
    for frame in tab.page.frames:
        assert frame.evaluate("window.PWN") is None
        assert not re.search("132962891", frame.evaluate("document.documentElement.outerHTML"))
    assert not bait.exists()
