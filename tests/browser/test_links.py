"""An address reopens the same view, whoever opens it, and whatever stands in it."""

from playwright.sync_api import Browser, expect

from tests.browser.driver import SAY, Tab, Visit

SAY_EN = SAY["en"]
ATTACK = "<script>window.PWN=1</script>"


def shown(tab: Tab) -> list[object]:
    """Everything that a reader sees of a view."""
    controls = tab.page.get_by_test_id("stSidebarUserContent")
    return [
        tab.params,
        tab.signs(),
        tab.rows(),
        tab.panel.inner_text(),
        tab.legend().inner_text(),
        controls.inner_text(),
        controls.locator("input").evaluate_all("all => all.map(i => [i.value, i.checked])"),
    ]


def test_an_address_reopens_the_view_in_another_browser(visit: Visit, browser: Browser) -> None:
    tab = visit("/")
    tab.language("en")
    tab.choose(SAY_EN("scheme.label"), SAY_EN("scheme.contiguous"))
    tab.choose(SAY_EN("filter.commodities"), "Coffee", "Cassava", "Honey")
    tab.choose(SAY_EN("filter.zone"), "KIM")
    tab.slide(SAY_EN("filter.within_km"), "ArrowLeft", "100 km")
    tab.more_filters("en")
    tab.slide(SAY_EN("filter.score"), "PageUp", "20")
    tab.expect_count(6, language="en")
    tab.page.get_by_text(SAY_EN("map.places")).click()
    tab.choose(SAY_EN("map.pick"), "Karo Coffee Center")
    tab.expect_panel("Karo Coffee Center")
    tab.expect_param("center", "karo-coffee")
    tab.expect_row("Karo Coffee Center")
    other = browser.new_context()
    try:
        path = tab.page.url.removeprefix(tab.origin)
        reopened = visit(path, within=other, centers=6)
        reopened.expect_row("Karo Coffee Center")
        reopened.more_filters("en")
        assert shown(reopened) == shown(tab)
        reopened.check()
    finally:
        other.close()


def test_an_address_with_nonsense_gives_a_notice_and_the_page(visit: Visit) -> None:
    path = f"/?center={ATTACK}&foo=1&score=abc&lang=xx&scheme=__import__&cuts=1-2&km=nan&in=%00"
    path += f"&{ATTACK}={ATTACK}&category={'x' * 5000}&zone=../../etc&q=%7B%7B31337*4243%7D%7D"
    tab = visit(path, centers=0)
    notice = SAY["id"]("frame.ignored", names="").partition(":")[0]
    expect(tab.page.get_by_test_id("stAlert").filter(has_text=notice)).to_be_visible()
    expect(tab.page.locator("body")).not_to_contain_text("132962891")
    assert all(frame.evaluate("window.PWN") is None for frame in tab.page.frames)
