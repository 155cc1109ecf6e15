"""The app serves a phone and a keyboard as well as a large screen and a mouse."""

import pytest
from playwright.sync_api import expect

from tests.browser.driver import SAY, Tab, Visit

SAY_ID = SAY["id"]


def test_a_map_whose_frame_is_empty_for_a_moment_fits_the_size_it_gets(visit: Visit) -> None:
    tab = visit("/present")
    tab.drawn()
    whole = tab.still()[1:]
    for height in ("0", ""):
        style = "h => map.getContainer().style.setProperty('height', h, 'important')"
        tab.map.evaluate(style, height)
        tab.map.evaluate("void map.invalidateSize()")
        assert (tab.map.evaluate("map.getSize().y") == 0) == (height == "0")
    assert tab.still()[1:] == pytest.approx(whole, abs=0.01)


def focused(tab: Tab) -> str:
    """What has the focus: role or tag, label and classes, inside the map's frame too."""
    script = """() => { const e = document.activeElement; return [e.tagName, e.type || '',
        e.getAttribute('aria-label') || '', e.className].join(' ') }"""
    here = str(tab.page.evaluate(script))
    return str(tab.map.evaluate(script)) if here.startswith("IFRAME") else here


def test_the_keyboard_reaches_language_filters_zones_table_and_lists(visit: Visit) -> None:
    tab = visit("/")
    wanted = ["radio", SAY_ID("filter.categories"), "ikm-zone", "CANVAS"]
    seen = []
    for _ in range(80):
        tab.page.keyboard.press("Tab")
        seen.append(focused(tab))
        if wanted[0] in seen[-1]:
            if wanted[0] == "ikm-zone":
                tab.page.keyboard.press("Enter")
                expect(tab.panel.get_by_text(SAY_ID("zone.areas"))).to_be_visible()
                tab.settle()
            wanted.pop(0)
        if not wanted:
            break
    assert wanted == [], seen
    tab.page.keyboard.press("ArrowDown")
    tab.page.keyboard.press("Space")
    box = tab.page.get_by_role("combobox", name=SAY_ID("map.pick"))
    box.focus()
    box.press_sequentially("kopra")
    box.press("ArrowDown")
    box.press("Enter")
    tab.expect_panel("Sentra Kopra Asahan")
