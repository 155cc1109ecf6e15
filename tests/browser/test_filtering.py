"""Every filter narrows map, table and count alike, and lives in the address."""

import pytest
from driver import SAY, Tab, Visit
from playwright.sync_api import expect

SAY_ID = SAY["id"]


def choose(filter_name: str, option: str) -> object:
    return lambda tab: tab.choose(SAY_ID(f"filter.{filter_name}"), option)


def search(words: str) -> object:
    def enter(tab: Tab) -> None:
        box = tab.page.get_by_role("textbox", name=SAY_ID("filter.text"))
        box.fill(words)
        box.press("Enter")

    return enter


def score_from_40(tab: Tab) -> None:
    tab.slide(SAY_ID("filter.score"), "PageUp", "40")


def within_25_km(tab: Tab) -> None:
    tab.slide(SAY_ID("filter.within_km"), "ArrowLeft", "25 km")


@pytest.mark.parametrize(
    ("act", "param", "value", "kept"),
    [
        (choose("categories", "Unggulan"), "category", "excellent", 2),
        (choose("commodities", "Kopi"), "commodity", "coffee", 2),
        (choose("districts", "Kota Binjai"), "in", "1275", 3),
        (score_from_40, "score", "40-100", 6),
        (within_25_km, "km", "25", 3),
        (search("kopi simalungun"), "q", "kopi simalungun", 1),
    ],
    ids=["category", "commodity", "district", "score", "distance", "text"],
)
def test_a_filter_narrows_map_table_and_count_until_reset(
    visit: Visit, act: object, param: str, value: str, kept: int
) -> None:
    tab = visit("/")
    act(tab)
    tab.expect_count(kept)
    tab.expect_param(param, value)
    assert len(tab.rows()) == 1 + kept
    tab.page.get_by_role("button", name=SAY_ID("filter.reset")).click()
    tab.expect_count(13)
    tab.expect_param(param, None)


def test_a_distance_draws_its_ring_around_every_zone_or_the_chosen_one(visit: Visit) -> None:
    tab = visit("/?km=50", centers=10)
    ring = "l.options.dashArray === '8 6'"
    tab.shapes(ring, 3)
    tab.expect_count(10)
    tab.choose(SAY_ID("filter.zone"), "KIM")
    tab.shapes(ring, 1)
    tab.expect_count(7)
    tab.expect_param("from", "kim")
    expect(tab.page.get_by_test_id("stSidebar")).to_contain_text(
        SAY_ID("filter.unsure", count=1, names="Sentra Ubi Kayu Deli Serdang", km="50 km")
    )


def test_no_step_of_a_slider_is_lost_while_the_app_works(visit: Visit) -> None:
    tab = visit("/")
    slider = tab.slider(SAY_ID("filter.within_km"))
    for _ in range(3):
        slider.press("End")
        tab.expect_param("km", None)
        for _ in range(8):
            slider.press("ArrowLeft")
            tab.page.wait_for_timeout(150)  # a reader's pace: steps fall into the run before
        tab.expect_param("km", "50")


def test_when_nothing_is_left_each_filter_that_helps_is_offered(visit: Visit) -> None:
    tab = visit("/?q=kopi&category=potential", centers=0)
    expect(tab.page.get_by_text(SAY_ID("filter.nothing"))).to_be_visible()
    for name, count in (("categories", 2), ("text", 4)):
        label = SAY_ID("filter.drop", filter=SAY_ID(f"filter.{name}"), count=count)
        expect(tab.page.get_by_role("button", name=label)).to_be_visible()
    tab.page.get_by_role("button", name=SAY_ID("filter.drop", filter="Cari", count=4)).click()
    tab.expect_count(4)
    tab.expect_param("q", None)
    tab.expect_param("category", "potential")


def test_when_no_single_filter_helps_all_can_be_dropped(visit: Visit) -> None:
    tab = visit("/?q=kopi&category=potential&in=1275&commodity=honey", centers=0)
    expect(tab.page.get_by_text(SAY_ID("filter.relax_more"))).to_be_visible()
    tab.page.locator(".st-key-reset-all button").click()
    tab.expect_count(13)


def test_a_chosen_center_that_a_filter_hides_stays_in_the_panel_and_says_so(visit: Visit) -> None:
    tab = visit("/?center=karo-coffee")
    tab.choose(SAY_ID("filter.categories"), "Unggulan")
    tab.expect_count(2)
    tab.expect_panel("Sentra Kopi Karo")
    expect(tab.page.get_by_text(SAY_ID("center.filtered_out"))).to_be_visible()


def test_a_filter_change_leaves_the_map_where_it_is(visit: Visit) -> None:
    tab = visit("/")
    tab.mark()
    tab.view_map(2.9, 98.9, 9.5)
    before = tab.still()
    tab.choose(SAY_ID("filter.commodities"), "Kopi")
    tab.expect_count(2)
    tab.slide(SAY_ID("filter.within_km"), "ArrowLeft", "75 km")
    tab.shapes("l.options.dashArray === '8 6'", 3)
    assert tab.still() == before


@pytest.mark.parametrize("path", ["/", "/?unknown=1"], ids=["plain", "after a notice"])
def test_filters_that_leave_nothing_and_their_relief_do_not_reload_the_map(
    visit: Visit, path: str
) -> None:
    tab = visit(path)
    tab.mark()
    tab.view_map(2.9, 98.9, 9.5)
    before = tab.still()
    search("nowhere")(tab)
    tab.expect_count(0)
    assert tab.still() == before
    tab.page.get_by_role("button", name=SAY_ID("filter.reset")).first.click()
    tab.expect_count(13)
    assert tab.still() == before


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
