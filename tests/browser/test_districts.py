"""The districts page: a measure on the map, a district's profile, districts side by side."""

import re

from playwright.sync_api import Browser, Locator, expect

from ikmgeo import symbols
from tests.browser.driver import DESKTOP, IN_BOTH, SAY, Opened, Tab, Visit

SAY_ID, SAY_EN = SAY["id"], SAY["en"]
LAND = (
    f"Object.values(map.ikmDistricts).filter(d => d.options.fillColor === '{symbols.LAND}').length"
)
INSIDE_ASAHAN, INSIDE_SIMALUNGUN, INSIDE_NIAS = (2.80, 99.45), (2.84, 98.88), (1.05, 97.75)
SELECTED = "l.options.color === '#0b57d0'"


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
    """Add a district to the compared ones."""
    tab.choose(SAY_ID("districts.compared"), name, typed=True)
    tab.settle()


def tick_tiles(tab: Tab) -> None:
    """Tick or untick the first layer of online tiles."""
    toggle = tab.map.locator(".leaflet-control-layers-toggle").bounding_box()
    assert toggle is not None
    tab.page.mouse.move(toggle["x"] + 9, toggle["y"] + 9)  # opens the list
    tab.map.locator(".leaflet-control-layers-overlays input").first.click()


def test_a_measure_changes_colours_legend_and_tooltips_and_leaves_the_map_in_place(
    visit: Visit,
) -> None:
    tab = visit("/districts?measure=mean_score")

    # Pointing at a district tells its value and keeps its colour.
    colour = fill(tab, "1208")
    tip = pointed(tab, INSIDE_SIMALUNGUN)
    expect(tip).to_contain_text("Kabupaten Simalungun")
    expect(tip).to_contain_text("54,43")  # of 70.06 and 38.80
    assert fill(tab, "1208") == colour
    tab.view_map(1.05, 98.2, 8)
    tip = pointed(tab, INSIDE_NIAS)
    expect(tip).to_contain_text(SAY_ID("districts.no_center"))
    assert fill(tab, "1208") == colour

    # A measure changes colours and legend, but not where the map is.
    tab.choose(SAY_ID("districts.measure"), SAY_ID("district_measure.centers"))
    expect(tab.legend()).to_contain_text(SAY_ID("district_measure.centers"))
    tab.settle()
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

    # Categories are told by shape as well as colour.
    tab.choose(SAY_ID("districts.measure"), SAY_ID("district_measure.best_category"))
    tab.drawn(8)
    assert {"excellent", "under_development"} <= set(tab.signs())

    # Without the colours, land is as it was, and no outline is left.
    assert tab.map.evaluate(LAND) == 0
    tab.map.evaluate("window.feature_group.forEach(layer => map.removeLayer(layer))")
    assert tab.map.evaluate(LAND) == 33
    tab.shapes("l.feature && l.feature.properties.district_code", 33)
    expect(tab.map.locator(".ikm-shaded")).to_have_count(0)


def test_a_click_a_row_and_a_name_choose_the_same_district(visit: Visit) -> None:
    tab = visit("/districts")
    tab.shapes(SELECTED, 0)
    tab.click_map(*INSIDE_ASAHAN)
    for again in (False, True):
        tab.expect_panel("Kabupaten Asahan")
        tab.expect_param("district", "1209")
        tab.shapes(f"{SELECTED} && l.feature.properties.district_code === '1209'", 1)
        tab.expect_row("Kabupaten Asahan")
        box = tab.page.get_by_role("combobox", name=SAY_ID("districts.pick"))
        expect(box).to_have_value("Kabupaten Asahan")
        if again:
            break
        tab.page.get_by_role("button", name=SAY_ID("panel.close")).click()
        tab.shapes(SELECTED, 0)
        tab.expect_param("district", None)
        tab.expect_row(None)
        tab.pick_row([row[0] for row in tab.rows()[1:]].index("Kabupaten Asahan"))

    # A center of the profile opens on the map page.
    tab.language("en")
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
    tab = visit("/districts")
    how = tab.page.get_by_text(SAY_ID("districts.how"))
    expect(how).to_be_visible()
    compare(tab, "Kabupaten Simalungun")
    expect(how).to_be_visible()
    compare(tab, "Kabupaten Nias")
    tab.expect_param("compare", "1208,1204")
    expect(how).to_have_count(0)
    table = tab.page.locator(".st-key-compared table")
    expect(table.get_by_role("columnheader")).to_have_text(
        [SAY_ID("districts.what"), "Simalungun", "Nias"]
    )
    expect(table).to_contain_text("1.004.303")
    other = browser.new_context()
    try:
        reopened = visit(tab.page.url.removeprefix(tab.origin), within=other)
        cells = reopened.page.locator(".st-key-compared td")
        expect(cells).to_have_text(table.get_by_role("cell").all_inner_texts())
        reopened.check()
    finally:
        other.close()


def test_colours_stay_to_be_read_above_online_tiles(visit: Visit) -> None:
    tab = visit("/districts")
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


STUDIED = {"Binjai", "Medan", "Deli Serdang", "Serdang Bedagai", "Batu Bara", "Karo"}
STUDIED |= {"Simalungun", "Asahan"}
NAMES = """() => [...document.querySelectorAll('.ikm-label')].map(l => {
    const s = l.querySelector('span'), r = s.getBoundingClientRect();
    return [s.innerText.replaceAll('\\n', ' '), r.left, r.top, r.right, r.bottom];
})"""
SCROLLS = """() => [...document.querySelectorAll('[data-testid="stMain"] *')].filter(e =>
    /auto|scroll/.test(getComputedStyle(e).overflowY) && e.scrollHeight > e.clientHeight + 1
    && !e.closest('[data-testid="stDataFrame"]')
    && e.dataset.testid !== 'stAppScrollToBottomContainer').map(e => e.outerHTML.slice(0, 200))"""


@IN_BOTH
def test_the_map_opens_on_the_districts_with_centers_and_names_them_all(
    opened: Opened, language: str, size: tuple[int, int]
) -> None:
    tab = opened("/districts?compare=1208,1275")
    named = tab.map.evaluate(NAMES)
    told = {name for name, *_ in named}
    assert told >= STUDIED
    assert told > STUDIED | {"Langkat", "Pematangsiantar"}  # and others in sight
    wide = tab.map.evaluate("document.documentElement.clientWidth")
    assert all(left >= 0 and right <= wide for _, left, _, right, _ in named)
    for at, (_, left, top, right, bottom) in enumerate(named):
        for _, other_left, other_top, other_right, other_bottom in named[:at]:
            apart = (
                other_left >= right - 1,
                other_right <= left + 1,
                other_top >= bottom - 1,
                other_bottom <= top + 1,
            )
            assert any(apart)
    # Districts with centers fill at least half of the map's width.
    spread = "c => { const b = map.ikmDistricts[c].getBounds(); return [b.getWest(), b.getEast()] }"
    west, east = (tab.map.evaluate(spread, code)[end] for code, end in (("1206", 0), ("1209", 1)))
    seen = "[map.getBounds().getWest(), map.getBounds().getEast()]"
    left, right = tab.map.evaluate(seen)
    assert left < west < east < right
    assert (east - west) / (right - left) > 0.5
    # Both compared have their border, the figures stand beside or below the map, nothing scrolls.
    tab.shapes("l.feature && l.options.color === '#b3400a'", 2)
    figures = tab.page.locator(".st-key-compared").bounding_box()
    assert figures is not None
    assert figures["x"] + figures["width"] <= size[0]
    if size == DESKTOP:
        row = tab.page.get_by_role("row", name=re.compile(SAY_ID("district_measure.mean_score")))
        place = row.bounding_box()
        assert place is not None
        assert place["y"] + place["height"] < size[1]
    assert tab.page.evaluate(SCROLLS) == []


def test_a_name_and_a_bar_choose_a_district_which_leaves_only_its_centers(visit: Visit) -> None:
    tab = visit("/districts")
    tab.click_name("Binjai")  # beside a city too small for its name
    tab.expect_panel("Kota Binjai")
    tab.page.get_by_role("button", name=SAY_ID("panel.close")).click()
    tab.page.locator(".st-key-bar-district-1208 button").click()
    tab.expect_panel("Kabupaten Simalungun")
    tab.page.get_by_role("button", name=SAY_ID("districts.here")).click()
    expect(tab.page.locator(".ikm-count")).to_have_text(SAY_ID("filter.count", kept=2, of=13))
    tab.expect_param("in", "1208")
    tab.settle()
    assert fill(tab, "1275") == ""  # hatched: none of its centers is left
    tab.page.locator(".st-key-chip-districts button").click()
    expect(tab.page.locator(".ikm-count")).to_have_text(SAY_ID("filter.count", kept=13, of=13))
    tab.settle()
    assert fill(tab, "1275") == symbols.shades(3)[2]


def test_a_category_in_the_legend_of_districts_filters(visit: Visit) -> None:
    tab = visit("/districts?measure=best_category&lang=en")
    entry = tab.legend().get_by_role("button", name="Potential")
    entry.press("Enter")
    expect(tab.legend().get_by_role("button", pressed=True)).to_have_text("Potential")
    tab.expect_param("category", "potential")
    assert fill(tab, "1206") == ""
