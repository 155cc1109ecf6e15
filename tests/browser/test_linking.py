"""The linkage page: the matrix and its map, one zone, what if, tests of claims, roads."""

import io
import itertools
import json
import re
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from geographiclib.geodesic import Geodesic
from playwright.sync_api import Locator, expect

from ikmgeo import symbols
from tests.browser.driver import DATA, SAY, SIGNS, Tab, Visit, place
from tests.browser.faults import violations
from tests.browser.test_reach import focused

SAY_ID, SAY_EN = SAY["id"], SAY["en"]
ZONES = pd.read_csv(DATA / "zones.csv", index_col="zone_id")
SECTIONS = ("centers", "zone", "what_if", "tests", "roads")
RINGS, FLOWS = "l.options.dashArray === '8 6'", "l.options.opacity === 0.85 && !l.options.sign"
LINES = "l.options.dashArray === '2 5'"


def km(center: str, zone: str) -> float:
    """Straight line, by an independent library."""
    lat, lon = place(center)
    to = ZONES.loc[zone]
    return float(Geodesic.WGS84.Inverse(lat, lon, to["lat"], to["lon"])["s12"]) / 1000


def near(km: float, half: float = 25) -> float:
    return 100 * 2 ** (-km / half)


def read(value: float) -> str:
    """A number with one decimal as assistive technology reads it from a cell."""
    return f"{round(value, 1):g}"


def cells(tab: Tab, name: str, at: int = 0) -> dict[str, str]:
    """Row of the table that begins with a name, by heading; of equal headings the first."""
    head, *rows = tab.rows(at)
    row = next(row for row in rows if name in row)
    return dict(reversed(list(zip(head, row, strict=True))))


def expect_cell(tab: Tab, name: str, heading: str, value: str) -> None:
    """Wait until a cell of the first table says so."""
    tab.page.wait_for_function(
        """([name, heading, value]) => {
            const grid = document.querySelector('[data-testid="stDataFrame"] canvas');
            if (!grid) return false;
            const [head, ...rows] = [...grid.querySelectorAll('tr')].map(
                r => [...r.children].map(c => c.innerText));
            const row = rows.find(r => r.includes(name));
            return row && row[head.indexOf(heading)] === value;
        }""",
        arg=[name, heading, value],
    )


def section(tab: Tab, name: str, language: str = "id") -> None:
    """Go to a section of the page."""
    words = SAY[language](f"section.{name}")
    tab.page.get_by_role("radio", name=words, exact=True).click()
    tab.settle()


def parameters(tab: Tab) -> Locator:
    """The opened list of further parameters."""
    tab.page.get_by_role("button", name=SAY_ID("linkage.more")).click()
    box = tab.page.get_by_test_id("stPopoverBody")
    expect(box).to_be_visible()
    return box


def button(tab: Tab, key: str, language: str = "id") -> Locator:
    return tab.page.get_by_role("button", name=SAY[language](key), exact=True)


def chart(tab: Tab, at: int = 0) -> Locator:
    return tab.page.get_by_test_id("stVegaLiteChart").nth(at)


# Centers and zones


def test_an_indicator_and_its_parameter_change_the_table_and_leave_the_map_in_place(
    visit: Visit,
) -> None:
    tab = visit("/linkage")
    kim = "KIM (km)"
    d = km("karo-coffee", "kim")
    assert cells(tab, "Sentra Kopi Karo")[kim] == read(d)
    assert len(tab.rows()) == 14
    tab.sort(kim)
    head, *rows = tab.rows()
    ways = [float(row[head.index(f"↑ {kim}")]) for row in rows]
    assert ways == sorted(ways)
    assert ways[0] < 20 < 100 < ways[-1]  # as texts, 125 would come before 20
    assert rows[0][0] == "PIK Menteng Medan"

    tab.mark()
    tab.view_map(3.2, 99.0, 9)
    before = tab.still()
    tab.choose(SAY_ID("linkage.indicator"), SAY_ID("indicator.nearest"))
    expect_cell(tab, "Sentra Kopra Asahan", SAY_ID("table.nearest_zone"), "KI Kuala Tanjung")
    tab.choose(SAY_ID("linkage.indicator"), SAY_ID("indicator.proximity"))
    tab.expect_param("indicator", "proximity")
    expect_cell(tab, "Sentra Kopi Karo", "KIM", read(near(d)))
    parameters(tab)
    tab.slide(SAY_ID("linkage.half_distance"), "ArrowRight", "50 km")
    tab.expect_param("half", "50")
    tab.page.keyboard.press("Escape")
    expect_cell(tab, "Sentra Kopi Karo", "KIM", read(near(d, 50)))
    assert tab.still() == before
    tab.language("en")
    expect_cell(tab, "Karo Coffee Center", "KIM", read(near(d, 50)))
    assert tab.params == {"lang": "en", "indicator": "proximity", "half": "50"}
    assert tab.still() == before
    tab.drawn()


def test_choices_stay_what_they_are_when_their_words_change(visit: Visit) -> None:
    tab = visit("/")
    tab.choose(SAY_ID("scheme.label"), SAY_ID("scheme.contiguous"))
    tab.choose(SAY_ID("filter.categories"), SAY_ID("category.excellent"))
    tab.expect_param("category", "excellent")
    for at, language in enumerate(("en", "id", "en")):
        say = SAY[language]
        tab.language(language)
        before = tab.params
        tab.more_filters(language)
        tab.page.get_by_text(say("map.places")).click()  # sends every other control's choice too
        tab.expect_param("places", None if at % 2 else "1")
        tab.settle()
        assert tab.params | {"places": "1"} == before | {"places": "1"}
        assert before.items() >= {"scheme": "contiguous", "category": "excellent"}.items()
        expect(tab.page.get_by_text(say("frame.failed"))).to_have_count(0)
        if at == 0:
            link = tab.page.get_by_test_id("stPageLink").filter(has_text=say("page.linkage"))
            link.click()
            expect(tab.page.locator(".ikm-h1")).to_have_text(say("linkage.heading"))
            tab.settle()
        elif at == 1:
            section(tab, "what_if")


def test_a_row_a_sign_and_a_name_show_the_center_with_its_lines(visit: Visit) -> None:
    tab = visit("/linkage")
    tab.shapes(LINES, 0)
    tab.pick_row([row[0] for row in tab.rows()[1:]].index("Sentra Kopi Karo"))
    tab.expect_panel("Sentra Kopi Karo")
    tab.expect_param("center", "karo-coffee")
    tab.shapes(LINES, 3)
    written = f"{km('karo-coffee', 'kim'):.1f} km".replace(".", ",")
    expect(tab.map.locator(".ikm-km").filter(has_text=written)).to_have_count(1)
    expect(tab.panel).to_contain_text(SAY_ID("linkage.places"))
    tab.click_map(*place("asahan-copra"))
    tab.expect_panel("Sentra Kopra Asahan")
    tab.expect_row("Sentra Kopra Asahan")
    tab.choose(SAY_ID("map.pick"), "PIK Menteng Medan")
    tab.expect_panel("PIK Menteng Medan")
    button(tab, "panel.close").click()
    tab.expect_panel(SAY_ID("indicator.cost"))
    tab.shapes(LINES, 0)


def shade(tab: Tab, name: str) -> str:
    """Fill of the sign of a center."""
    script = f"n => {SIGNS}.find(l => l.options.name === n).options.shade"
    return str(tab.map.evaluate(script, name))


@pytest.mark.parametrize("language", SAY)
def test_the_map_draws_the_chosen_indicator_from_the_first_look(
    visit: Visit, language: str
) -> None:
    """Planner 11: only the table below the fold changed with the indicator."""
    say, karo = SAY[language], {"id": "Sentra Kopi Karo", "en": "Karo Coffee Center"}[language]
    tab = visit(f"/linkage?lang={language}")
    tab.drawn()
    way = f"{km('karo-coffee', 'kim'):.1f} km"
    named = f"{karo} {way.replace('.', ',') if language == 'id' else way}"
    on_a_label(tab, named)
    tab.shapes(FLOWS, 13)  # each to its nearest zone
    legend = tab.legend()
    expect(legend).to_contain_text(say("linkage.darker", closer=say("direction.cost")))
    for words in ("≤ 25 km", "> 25–50 km", "> 50–100 km", "> 100 km"):
        expect(legend.get_by_text(words, exact=True)).to_be_visible()
    assert shade(tab, karo) == symbols.shades(4, symbols.TIES)[1]
    assert tab.page.evaluate("document.querySelector('[data-testid=stMain]').scrollTop") == 0
    box = tab.page.locator('iframe[title*="st_folium"]').bounding_box()
    assert box is not None
    assert box["y"] < 270  # of 768: the map is what one sees

    tab.mark()
    before = tab.still()
    tab.choose(say("linkage.indicator"), say("indicator.proximity"))
    expect(legend.get_by_text("> 80–100", exact=True)).to_be_visible()
    expect(legend.get_by_text("≤ 25 km", exact=True)).to_have_count(0)
    proximity = say.number(near(km("karo-coffee", "kim")), 1)
    on_a_label(tab, f"{karo} {proximity}")
    assert shade(tab, karo) == symbols.shades(5, symbols.TIES)[0]
    tab.choose(say("linkage.column"), say("linkage.group_all"))
    tab.shapes(FLOWS, 39)
    tab.choose(say("linkage.column"), "KEK Sei Mangkei")
    tab.expect_param("column", "sei_mangkei")
    tab.shapes(FLOWS, 13)
    tab.choose(say("linkage.indicator"), say("indicator.gravity"))
    tab.shapes(FLOWS, 0)
    assert tab.still() == before
    assert violations(tab) == []


def on_a_label(tab: Tab, words: str) -> None:
    """Wait until a name on the map says so."""
    script = """n => [...document.querySelectorAll('.ikm-label span')].some(
        s => s.innerText.replace(/\\s+/g, ' ').trim() === n)"""
    tab.in_map(script, words)


def test_rings_bear_their_km_and_go_with_the_lines(visit: Visit) -> None:
    tab = visit("/linkage")
    tab.shapes(RINGS, 3)  # one a threshold, around all zones
    words = tab.map.locator(".ikm-reach span")
    expect(words).to_have_text(["25 km", "50 km", "100 km"])
    expect(words.first).to_be_visible()
    tab.mark()
    layers = tab.page.get_by_test_id("stButtonGroup").filter(has_text=SAY_ID("linkage.rings"))
    layers.get_by_role("button", name=SAY_ID("linkage.rings")).click()
    tab.expect_param("rings", "0")
    tab.shapes(RINGS, 0)
    expect(words).to_have_count(0)
    says_what_it_is(tab)
    layers.get_by_role("button", name=SAY_ID("linkage.lines")).click()
    tab.expect_param("flows", "0")
    tab.shapes(FLOWS, 0)
    assert tab.still()[0] == 1


def says_what_it_is(tab: Tab) -> None:
    """A line tells its ends and its value when pointed at."""
    way = km("batu-bara-tenun", "kuala_tanjung")
    words = f"Sentra Tenun Batu Bara → KI Kuala Tanjung: {way:.1f} km".replace(".", ",")
    at = tab.map.evaluate(
        f"""words => {{
            const line = Object.values(map._layers).filter(l => {FLOWS})
                .find(l => l.getTooltip().getContent().innerText === words);
            const [a, b] = line.getLatLngs().map(p => map.latLngToContainerPoint(p));
            const on = map.containerPointToLatLng(a.add(b).divideBy(2));
            return [on.lat, on.lng];
        }}""",
        words,
    )
    expect(tab.hover_map(*at).filter(has_text=words)).to_have_count(1)


def test_no_box_scrolls_inside_the_page(visit: Visit) -> None:
    for path in ("/linkage?center=karo-coffee", "/districts?district=1208"):
        tab = visit(path)
        tab.settle()
        inside = tab.panel.evaluate(
            """panel => [panel, ...panel.querySelectorAll('*')].filter(e =>
                e.scrollHeight > e.clientHeight + 1
                && ['auto', 'scroll'].includes(getComputedStyle(e).overflowY)).length"""
        )
        assert inside == 0


def test_on_a_phone_the_scale_leaves_the_map_to_its_centers(visit: Visit) -> None:
    tab = visit("/linkage", size=(390, 844))
    tab.drawn()
    box = tab.legend().bounding_box()
    frame = tab.page.locator('iframe[title*="st_folium"]').bounding_box()
    assert box is not None
    assert frame is not None
    assert box["width"] * box["height"] < 0.2 * frame["width"] * frame["height"]
    wide = tab.page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 390


def test_a_cell_of_the_sector_fit_can_be_changed_and_put_back(visit: Visit) -> None:
    tab = visit("/linkage?indicator=sector_fit")
    expect_cell(tab, "Sentra Kopi Karo", "KEK Sei Mangkei", "0")
    tab.page.get_by_test_id("stExpander").filter(has_text=SAY_ID("fit.heading")).click()
    tab.settle()
    head, *rows = tab.rows(1)
    row = [row[0] for row in rows].index("Kopi")
    assert rows[row][head.index("KEK Sei Mangkei")] in ("0", "0,0")
    grid = tab.page.get_by_test_id("stDataFrame").nth(1).locator("canvas").first
    grid.scroll_into_view_if_needed()
    box = grid.bounding_box()
    assert box is not None
    x = box["x"] + box["width"] * (head.index("KEK Sei Mangkei") + 0.5) / len(head)
    tab.page.mouse.click(x, box["y"] + 36 + 35 * row + 17)
    grid.locator("td[aria-selected=true]").wait_for(state="attached")
    tab.page.keyboard.press("Enter")
    listed = tab.page.locator("#portal").get_by_text("1,0", exact=True)  # beside the page
    listed.click()
    listed.wait_for(state="hidden")
    tab.page.keyboard.press("Enter")
    way = near(km("karo-coffee", "sei_mangkei"))
    expect_cell(tab, "Sentra Kopi Karo", "KEK Sei Mangkei", read(way))
    button(tab, "fit.reset").click()
    expect_cell(tab, "Sentra Kopi Karo", "KEK Sei Mangkei", "0")


# One zone


def test_a_zone_ranks_its_centers_draws_them_in_charts_and_is_chosen_on_the_map(
    visit: Visit,
) -> None:
    tab = visit("/linkage?section=zone")
    tab.choose(SAY_ID("catchment.zone"), "KIM")
    tab.expect_param("catchment", "kim")
    tab.expect_panel("Kawasan Industri Medan")
    expect_cell(tab, "PIK Menteng Medan", SAY_ID("catchment.rank"), "1")
    ranked = [row[1] for row in tab.rows()[1:]]
    centers = pd.read_csv(DATA / "centers.csv", index_col="center_id")
    order = sorted(centers.index, key=lambda c: km(c, "kim"))
    assert ranked == list(centers.loc[order, "name_id"])
    heading = f"{SAY_ID('indicator.cost')} (km)"
    tab.sort(heading, "↓")
    head, *rows = tab.rows()
    ways = [float(row[head.index(f"↓ {heading}")]) for row in rows]
    assert ways[0] > 100 > ways[-1]
    assert ways == sorted(ways, reverse=True)
    tab.shapes(RINGS, 3)
    tab.shapes(FLOWS, 13)
    for at, told in enumerate((f"{km(order[0], 'kim'):.1f} km".replace(".", ","), "Unggulan")):
        chart(tab, at).scroll_into_view_if_needed()
        drawn = chart(tab, at).locator("svg, canvas").first
        expect(drawn).to_be_visible()
        expect(chart(tab, at)).to_have_attribute("aria-label", re.compile(told))
    limits = chart(tab, 0).locator("svg line[stroke-dasharray]")
    expect(limits).to_have_count(3)

    tab.click_map(*ZONES.loc["kuala_tanjung", ["lat", "lon"]])
    tab.expect_param("catchment", "kuala_tanjung")
    tab.expect_panel("Kawasan Industri Kuala Tanjung")
    chosen = tab.page.get_by_role("combobox", name=SAY_ID("catchment.zone"))
    expect(chosen).to_have_value("KI Kuala Tanjung")


# What if


def edit(tab: Tab, zone: str) -> None:
    tab.choose(SAY_ID("what_if.zone"), zone)
    tab.settle()


def on_map(tab: Tab, name: str) -> None:
    """Wait until the map, which a new zone replaces, has a zone of this name.

    Where many stand on one spot, not every name is written beside its sign.
    """
    script = """n => {
        const told = document.createElement('p');
        return Object.values(map._layers).filter(l => l.ikmZone).some(l => {
            told.innerHTML = l.ikmZone.name;
            return told.textContent.replace(/\\s+/g, ' ') === n;
        });
    }"""
    tab.in_map(script, name)


def manage(tab: Tab) -> None:
    """Open what one does with scenarios."""
    button(tab, "what_if.manage").click()
    expect(tab.page.get_by_test_id("stPopoverBody")).to_be_visible()


def test_a_change_of_class_shows_who_gains(visit: Visit) -> None:
    tab = visit("/linkage?section=what_if&indicator=proximity_index")
    expect(tab.page.get_by_text(SAY_ID("what_if.no_change"))).to_be_visible()
    edit(tab, "KI Kuala Tanjung")
    tab.page.get_by_test_id("stRadio").get_by_text(SAY_ID("zone_class.sez"), exact=True).click()
    tab.settle()
    # It opens on what changes: the first view must not look like no effect.
    tab.expect_param("column", "sez")
    status = tab.page.get_by_role("status").filter(has_text="membaik")
    expect(status).to_contain_text("5 sentra membaik")
    expect(status).to_be_in_viewport()
    assert tab.signs() == ["better"] * 5 + ["same"] * 8
    expect(tab.legend().get_by_text(SAY_ID("what_if.sign_better"), exact=True)).to_be_visible()
    before, after = (near(km("batu-bara-tenun", z)) for z in ("sei_mangkei", "kuala_tanjung"))
    for heading, value in (
        ("what_if.before", before),
        ("what_if.after", after),
        ("what_if.difference", after - before),
    ):
        written = read(value)
        expect_cell(tab, "Sentra Tenun Batu Bara", SAY_ID(heading), written)
    found = violations(tab)
    by = f"Sentra Tenun Batu Bara +{after - before:.1f}".replace(".", ",")
    on_a_label(tab, by)
    section(tab, "centers")
    expect_cell(
        tab,
        "Sentra Tenun Batu Bara",
        SAY_ID("linkage.group_sez"),
        read(before),
    )
    section(tab, "what_if")
    tab.language("en")
    expect_cell(tab, "Batu Bara Tenun Weaving Center", SAY_EN("what_if.after"), read(after))
    assert found + violations(tab) == []


def test_a_new_zone_goes_where_the_map_is_clicked_and_is_edited_by_a_click(visit: Visit) -> None:
    tab = visit("/linkage?section=what_if&indicator=nearest")
    button(tab, "what_if.new_zone").click()
    tab.settle()
    tab.drawn()
    name = f"{SAY_ID('what_if.new_name')} 1"
    on_map(tab, name)
    at = (2.75, 98.75)
    tab.click_map(*at)
    lat = tab.page.get_by_role("textbox", name=SAY_ID("what_if.lat"))
    tab.page.wait_for_function(
        "([input, lat]) => Math.abs(parseFloat(input.value.replace(',', '.')) - lat) < 0.05",
        arg=[lat.element_handle(), at[0]],
    )
    tab.settle()
    lon = tab.page.get_by_role("textbox", name=SAY_ID("what_if.lon"))
    lat_put, lon_put = (box.input_value().replace(",", ".") for box in (lat, lon))
    put = float(lat_put), float(lon_put)
    here = place("simalungun-honey")
    way = Geodesic.WGS84.Inverse(*here, *put)["s12"] / 1000
    written = read(way)
    expect_cell(tab, "Sentra Madu Simalungun", SAY_ID("what_if.after"), written)
    drawn = tab.map.evaluate(
        """n => Object.values(map._layers).filter(l => l.options.riseOnHover).map(
            l => [l.getLatLng().lat, l.getLatLng().lng])"""
    )
    assert len(drawn) == 4
    assert min(abs(a - put[0]) + abs(b - put[1]) for a, b in drawn) < 1e-4
    lat.fill("3.5")
    lat.press("Enter")
    way = Geodesic.WGS84.Inverse(*here, 3.5, put[1])["s12"] / 1000
    nearest = min(way, *(km("simalungun-honey", z) for z in ZONES.index))
    written = read(nearest)
    expect_cell(tab, "Sentra Madu Simalungun", SAY_ID("what_if.after"), written)

    # A click on it edits it, once it is not being placed; other pages never hear of it.
    tab.page.get_by_text(SAY_ID("what_if.place")).click()
    tab.settle()
    edit(tab, "KIM")
    tab.drawn()
    on_map(tab, name)
    tab.settle()
    tab.map.locator(f'.ikm-zone[aria-label^="{name}"]').click()
    edited = tab.page.get_by_role("combobox", name=SAY_ID("what_if.zone"), exact=True)
    tab.page.wait_for_function(
        "([input, name]) => input.value.startsWith(name)", arg=[edited.element_handle(), name]
    )
    tab.expect_param("zone", None)
    for page in ("map", "districts", "linkage"):
        tab.page.get_by_test_id("stPageLink").filter(has_text=SAY_ID(f"page.{page}")).first.click()
        expect(tab.page.locator(".ikm-h1")).to_have_text(SAY_ID(f"{page}.heading"))
        tab.settle()
        expect(tab.page.get_by_text(SAY_ID("frame.failed"))).to_have_count(0)
    expect(edited).to_have_value(f"{name} ✎")


def downloaded(tab: Tab, key: str) -> tuple[str, bytes]:
    with tab.page.expect_download() as download:
        button(tab, key).click()
    return download.value.suggested_filename, Path(download.value.path()).read_bytes()


def test_a_scenario_goes_out_as_a_workbook_and_as_a_file_that_comes_back(visit: Visit) -> None:
    tab = visit("/linkage?section=what_if&indicator=nearest")
    edit(tab, "KIM")
    tab.page.get_by_text(SAY_ID("what_if.closed")).click()
    tab.settle()
    tab.drawn()
    manage(tab)
    name = tab.page.get_by_role("textbox", name=SAY_ID("what_if.name"))
    name.fill("Tanpa KIM")
    name.press("Enter")
    scenario = tab.page.get_by_role("combobox", name=SAY_ID("what_if.scenario"), exact=True)
    expect(scenario).to_have_value("Tanpa KIM")
    tab.settle()
    tab.page.keyboard.press("Escape")
    file, content = downloaded(tab, "what_if.export")
    assert file == "ikmgeo-Tanpa-KIM.xlsx"
    book = openpyxl.load_workbook(io.BytesIO(content))
    parts = ("what_if.before", "what_if.after", "what_if.difference", "dataset.sheet_zones")
    assert book.sheetnames == [SAY_ID(key) for key in (*parts, "fit.value", "dataset.sheet_about")]
    zones = book[SAY_ID("dataset.sheet_zones")].iter_rows(values_only=True)
    closed = next(zones).index(SAY_ID("what_if.is_closed"))
    yes, no = SAY_ID("sources.yes"), SAY_ID("sources.no")
    assert {row[0]: row[closed] for row in zones} == {
        "sei_mangkei": no,
        "kuala_tanjung": no,
        "kim": yes,
    }
    manage(tab)
    file, content = downloaded(tab, "what_if.save")
    assert json.loads(content) == {"name": "Tanpa KIM", "changes": {"kim": {"closed": True}}}
    shown = tab.rows()
    other = visit("/linkage?section=what_if&indicator=nearest")
    manage(other)
    other.upload("bad.json", b"[]")
    expect(other.page.locator(".ikm-issues")).to_contain_text(SAY_ID("issue.scenario_broken"))
    other.upload(file, content)
    button(other, "what_if.use").click()
    expect(
        other.page.get_by_role("combobox", name=SAY_ID("what_if.scenario"), exact=True)
    ).to_have_value("Tanpa KIM")
    other.settle()  # the table stands below what was waited for, and comes after it
    assert other.rows() == shown


# Tests of claims


def test_the_claims_have_their_verdict_and_a_chart_with_every_name(visit: Visit) -> None:
    tab = visit("/linkage?section=tests&lang=en")
    verdict_and_chart(tab, "en")
    tab.language("id")
    verdict_and_chart(tab, "id")


def verdict_and_chart(tab: Tab, language: str) -> None:
    say = SAY[language]
    verdict = tab.page.locator(".ikm-verdict").first
    expect(verdict).to_have_text(say("tests.verdict_not_shown"))
    expect(tab.page.locator(".ikm-verdict + p").first).to_contain_text(say.number(0.63))
    expect(chart(tab)).to_have_attribute("role", "graphics-document")
    assert "70,06" in (told := str(chart(tab).get_attribute("aria-label"))) or "70.06" in told
    names = chart(tab).locator("svg .mark-text.role-mark text")
    expect(names).to_have_count(15)  # 13 centers and two rival scores
    boxes = names.evaluate_all(
        """all => all.map(t => { const b = t.getBoundingClientRect();
            return [t.textContent, b.left, b.right, b.top + 2, b.bottom - 2] })"""
    )
    met = [
        (a[0], b[0])
        for a, b in itertools.combinations(boxes, 2)
        if a[1] < b[2] and b[1] < a[2] and a[3] < b[4] and b[3] < a[4]
    ]
    assert met == []


# Roads


def roads_file() -> bytes:
    """A road from PIK Menteng to KIM at 60 km/h."""
    (lat, lon), kim = place("pik-menteng"), ZONES.loc["kim"]
    shape = {"type": "LineString", "coordinates": [[lon, lat], [kim["lon"], kim["lat"]]]}
    tags = {"highway": "primary", "maxspeed": "60"}
    feature = {"type": "Feature", "properties": tags, "geometry": shape}
    return json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()


def test_roads_of_the_reader_are_measured_until_they_are_dropped(visit: Visit) -> None:
    tab = visit("/linkage?section=roads")
    tab.upload("jalan.geojson", roads_file())
    used = SAY_ID("roads.used", name="jalan.geojson")
    expect(tab.page.get_by_text(used)).to_be_visible()
    way = km("pik-menteng", "kim")
    told = f"{way:.1f} km, {way:.0f} {SAY_ID('linkage.minutes')}".replace(".", ",")
    expect(tab.page.get_by_role("cell", name=told)).to_be_visible()
    assert violations(tab) == []
    section(tab, "centers")
    tab.expect_param("by", "road_km")
    written = read(way)
    expect_cell(tab, "PIK Menteng Medan", "KIM (km)", written)
    assert SAY_ID("linkage.no_route") in next(r for r in tab.rows() if "Sentra Kopi Karo" in r)
    parameters(tab)
    tab.choose(SAY_ID("linkage.measure"), SAY_ID("measure.road_minutes"))
    tab.expect_param("by", "road_minutes")
    expect_cell(tab, "PIK Menteng Medan", f"KIM ({SAY_ID('linkage.minutes')})", written)
    section(tab, "zone")
    section(tab, "roads")
    button(tab, "roads.drop").click()
    expect(tab.page.get_by_text(used)).to_have_count(0)
    section(tab, "centers")
    written = read(km("karo-coffee", "kim"))
    expect_cell(tab, "Sentra Kopi Karo", "KIM (km)", written)
    section(tab, "roads")

    # A server that is not there is told in a sentence.
    tab.language("en")
    address = tab.page.get_by_role("textbox", name=SAY_EN("roads.address"))
    address.fill("http://127.0.0.1:9")
    address.press("Enter")
    tab.settle()
    button(tab, "roads.ask", "en").click()
    expect(tab.page.get_by_text(SAY_EN("roads.refused"))).to_be_visible()
    expect(tab.page.locator(".ikm-issues li")).to_have_count(1)


# Everywhere


def test_the_keyboard_reaches_and_changes_section_indicator_and_table(visit: Visit) -> None:
    tab = visit("/linkage")
    section_names = [SAY_ID(f"section.{name}") for name in SECTIONS]
    seen: list[str] = []
    wanted = ["section", SAY_ID("linkage.indicator"), SAY_ID("linkage.column"), "ikm-zone"]
    wanted.append("CANVAS")
    script = "document.activeElement.innerText || ''"
    for _ in range(80):
        tab.page.keyboard.press("Tab")
        here = focused(tab)
        is_section = str(tab.page.evaluate(script)).strip() in section_names
        if wanted[0] in here or (wanted[0] == "section" and is_section):
            wanted.pop(0)
        seen.append(here)
        if not wanted:
            break
    assert wanted == [], seen
    box = tab.page.get_by_role("combobox", name=SAY_ID("linkage.indicator"))
    box.focus()
    box.press_sequentially("Potensi")
    box.press("Enter")
    tab.expect_param("indicator", "gravity")
    tab.page.get_by_role("radio", name=SAY_ID("section.tests"), exact=True).focus()
    tab.page.keyboard.press("Enter")
    tab.expect_param("section", "tests")
    expect(tab.page.locator(".ikm-verdict").first).to_be_visible()
