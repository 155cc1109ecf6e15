"""Every filter narrows map, table and count alike, and lives in the address."""

import re

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.driver import DESKTOP, IN_BOTH, PHONE, SAY, Opened, Tab, Visit

SAY_ID = SAY["id"]
RING = "l.options.dashArray === '8 6'"


def choose(tab: Tab, filter_name: str, option: str) -> None:
    tab.choose(SAY_ID(f"filter.{filter_name}"), option)


def search(tab: Tab, words: str) -> None:
    box = tab.page.get_by_role("textbox", name=SAY_ID("filter.text"))
    box.fill(words)
    box.press("Enter")


def reset(tab: Tab, language: str = "id") -> None:
    tab.page.get_by_role("button", name=SAY[language]("filter.reset")).first.click()
    tab.expect_count(13, language=language)


def in_sight(tab: Tab) -> bool:
    """Whether the map shows all centers that are left, none at its very edge."""
    inside = (
        "l => !l.options.sign || !l.options.interactive || map.getBounds().contains(l.getLatLng())"
    )
    return bool(tab.map.evaluate(f"Object.values(map._layers).every({inside})"))


def stands(tab: Tab, before: list[float]) -> None:
    """Wait until the map is where it was, and the same map."""
    lat, lon = (
        f"Math.abs(map.getCenter().lat - {before[2]})",
        f"Math.abs(map.getCenter().lng - {before[3]})",
    )
    tab.map.wait_for_function(f"map.getZoom() === {before[1]} && {lat} < 0.01 && {lon} < 0.01")
    assert tab.still()[0] == before[0]


def test_each_filter_narrows_map_table_and_count_until_reset_and_the_map_goes_along(
    visit: Visit,
) -> None:
    tab = visit("/?unknown=1")  # the notice, too, goes without moving the map
    tab.mark()
    tab.view_map(2.9, 98.9, 9.5)
    before = tab.still()
    tab.more_filters()
    for act, param, value, kept in (
        (lambda: choose(tab, "categories", "Unggulan"), "category", "excellent", 2),
        (lambda: choose(tab, "commodities", "Kopi"), "commodity", "coffee", 2),
        (lambda: choose(tab, "districts", "Kota Binjai"), "in", "1275", 3),
        (lambda: tab.slide(SAY_ID("filter.score"), "PageUp", "40"), "score", "40-100", 6),
        (lambda: tab.slide(SAY_ID("filter.within_km"), "ArrowLeft", "25 km"), "km", "25", 3),
        (lambda: search(tab, "kopi simalungun"), "q", "kopi simalungun", 1),
        (lambda: search(tab, "nowhere"), "q", "nowhere", 0),
    ):
        act()
        tab.expect_count(kept)
        tab.expect_param(param, value)
        if kept:
            assert len(tab.rows()) == 1 + kept, param
            tab.settle()
            assert in_sight(tab), param
        reset(tab)
        tab.expect_param(param, None)
        stands(tab, before)

    # A distance has its ring around every zone or the chosen one; no step of the slider is lost.
    slider = tab.slider(SAY_ID("filter.within_km"))
    for _ in range(2):
        slider.press("End")
        tab.expect_param("km", None)
        for _ in range(8):
            slider.press("ArrowLeft", delay=150)  # a reader's pace: steps fall into a run
        tab.expect_param("km", "50")
    tab.shapes(RING, 1)  # merged
    tab.shapes(f"{RING} && l.getBounds().contains([3.13, 99.34])", 1)  # Sei Mangkei too
    tab.expect_count(10)
    choose(tab, "zone", "KIM")
    tab.shapes(f"{RING} && l.getBounds().contains([3.13, 99.34])", 0)
    tab.shapes(RING, 1)
    tab.expect_count(7)
    tab.expect_param("from", "kim")
    told = tab.page.get_by_text("1 sentra belum pasti dalam 50 km")
    expect(told).to_contain_text("Sentra Ubi Kayu Deli Serdang (0,0–68,7 km")
    assert tab.still()[0] == before[0]


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_counts_and_chips_above_the_map_filter_and_let_go(
    visit: Visit, pocket: BrowserContext, context: BrowserContext, size: tuple[int, int]
) -> None:
    within = pocket if size == PHONE else context
    tab = visit("/", size=size, within=within)
    tab.page.locator(".st-key-toggle-category-under_development button").click()
    tab.expect_count(5)
    tab.expect_param("category", "under_development")
    tab.page.locator(".st-key-toggle-conflicting button").click()
    tab.expect_count(1)  # Karo coffee, of which two scores are printed
    tab.expect_param("conflict", "1")
    tab.page.locator(".st-key-toggle-category-under_development button").click()
    tab.expect_count(2)
    tab.page.locator(".st-key-toggle-conflicting button").click()
    tab.expect_count(13)
    tab = visit("/linkage?commodity=coffee&km=65", size=size, within=within, centers=1)
    tab.expect_count(1)
    tab.page.locator(".st-key-chip-within_km button").click()
    tab.expect_count(2)
    tab.page.locator(".st-key-chip-commodities button").click()
    tab.expect_count(13)
    expect(tab.page.locator(".st-key-reset")).to_have_count(0)


@IN_BOTH
def test_legend_and_bars_filter_by_mouse_and_keyboard_and_say_that_they_do(
    opened: Opened, language: str, size: tuple[int, int]
) -> None:
    """5 centers are in the lowest category; 2 of coffee, of which one scores between 20 and 30."""
    tab, say = opened("/"), SAY[language]
    tab.mark()
    if size == PHONE:
        tab.legend().locator("summary").click()
    weak = tab.legend().get_by_role("button", name=say("category.under_development"))
    expect(weak).to_have_attribute("aria-pressed", "false")
    assert weak.evaluate("b => getComputedStyle(b).cursor") == "pointer"
    weak.click()
    tab.expect_count(5, language=language)
    expect(weak).to_have_attribute("aria-pressed", "true")
    weak.focus()
    weak.press("Enter")
    tab.expect_count(13, language=language)
    tab.legend().get_by_role("button", name=say("map.conflicting")).click()
    tab.expect_count(2, language=language)
    tab.expect_param("conflict", "1")
    tab.page.locator(".st-key-toggle-conflicting button").click()
    tab.expect_count(13, language=language)
    bars = tab.page.locator('[class*="st-key-bars-"]')
    bars.get_by_role("button", name=re.compile({"id": "^Kopi", "en": "^Coffee"}[language])).click()
    tab.expect_count(2, language=language)
    tab.expect_param("commodity", "coffee")
    score = bars.get_by_role("button", name=re.compile("^20–30"))
    expect(score).to_contain_text("1")  # Karo coffee, 22.23
    score.press("Enter")
    tab.expect_count(1, language=language)
    tab.expect_param("score", "20-30")
    expect(score).to_contain_text("✕")
    score.click()
    tab.expect_count(2, language=language)
    assert tab.still()[0] == 1  # the same map all along


def test_when_nothing_is_left_each_filter_that_helps_is_offered_or_all_are_dropped(
    visit: Visit,
) -> None:
    path = "/?q=kopi&category=potential&in=1275&commodity=honey&center=karo-coffee"
    tab = visit(path, centers=0)
    expect(tab.page.get_by_text(SAY_ID("filter.nothing"))).to_be_visible()
    expect(tab.page.get_by_text(SAY_ID("filter.relax_more"))).to_be_visible()
    tab.page.locator(".st-key-reset-all button").click()
    tab.expect_count(13)
    choose(tab, "categories", "Potensial")
    tab.expect_count(4)
    tab.more_filters()
    search(tab, "kopi")
    tab.expect_count(0)
    for name, count in (("categories", 2), ("text", 4)):
        label = SAY_ID("filter.drop", filter=SAY_ID(f"filter.{name}"), count=count)
        expect(tab.page.get_by_role("button", name=label)).to_be_visible()
    tab.page.get_by_role("button", name=SAY_ID("filter.drop", filter="Cari", count=4)).click()
    tab.expect_count(4)
    tab.expect_param("q", None)
    tab.expect_param("category", "potential")
    tab.expect_panel("Sentra Kopi Karo")  # a chosen center that a filter hides stays, and says so
    expect(tab.page.get_by_text(SAY_ID("center.filtered_out"))).to_be_visible()


def test_the_language_leaves_filters_choice_and_map_where_they_are(visit: Visit) -> None:
    tab = visit("/?commodity=coffee&center=karo-coffee", centers=2)
    tab.mark()
    tab.view_map(3.1, 98.6, 10)
    before = tab.still()
    tab.language("en")
    tab.expect_count(2, language="en")
    tab.expect_panel("Karo Coffee Center")
    expect(tab.legend()).to_contain_text(SAY["en"]("category.excellent"))
    assert tab.params["commodity"] == "coffee"
    assert tab.params["center"] == "karo-coffee"
    assert tab.still() == before
