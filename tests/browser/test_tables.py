"""Tables: their columns fit a usual screen, the reader chooses others, and they stand whole."""

import pytest
from playwright.sync_api import expect

from tests.browser.driver import IN_BOTH, SAY, Opened, Tab, Visit

SPARE = """() => [...document.querySelectorAll('[data-testid="stDataFrame"] .dvn-scroller')]
    .map(s => [s.scrollWidth - s.clientWidth, s.scrollHeight - s.clientHeight])"""


def heads(tab: Tab) -> list[str]:
    """Headings of the first table, without that of the check boxes."""
    return [head.lstrip("↑↓ ") for head in tab.rows()[0] if head]


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("path", ["/", "/districts"])
def test_the_columns_that_are_needed_fit_and_no_short_table_scrolls(
    visit: Visit, path: str, language: str
) -> None:
    tab = visit(f"{path}?lang={language}")
    tab.rows()
    assert tab.page.evaluate(SPARE) == [[0, 0]]
    say = SAY[language]
    unit = say("table.nearest_km") if path == "/" else say("district_head.seat_km")
    assert heads(tab)[-1] == unit
    assert "km" in unit


@IN_BOTH
def test_chosen_columns_are_remembered_in_both_languages(opened: Opened, language: str) -> None:
    tab, say = opened("/"), SAY[language]
    assert say("table.category") in heads(tab)
    button = tab.page.get_by_role("button", name=say("table.columns", count=7, of=9))
    button.focus()
    button.press("Enter")
    chooser = tab.page.get_by_test_id("stPopoverBody")
    expect(chooser).to_contain_text(say("table.columns_shown"))
    chooser.get_by_role("button", name=say("table.rank"), exact=True).click()
    tab.settle()
    for name in ("category", "district"):
        chooser.get_by_role("button", name=say(f"table.{name}"), exact=True).press("Enter")
        tab.settle()
    tab.page.keyboard.press("Escape")
    shown = say("table.columns", count=6, of=9)
    expect(tab.page.get_by_role("button", name=shown)).to_be_visible()
    assert heads(tab)[:2] == [say("table.rank"), say("table.name")]
    assert say("table.category") not in heads(tab)
    other = {"id": "en", "en": "id"}[language]
    tab.language(other)
    say = SAY[other]
    expect(tab.page.get_by_role("button", name=say("table.columns", count=6, of=9))).to_be_visible()
    assert heads(tab)[:2] == [say("table.rank"), say("table.name")]


def test_a_table_is_searched_and_hands_out_no_file_without_its_sources(visit: Visit) -> None:
    tab = visit("/")
    tab.page.get_by_test_id("stDataFrame").hover()
    offered = tab.page.get_by_test_id("stElementToolbar").get_by_role("button")
    expect(offered).to_have_count(2)
    expect(offered.first).to_have_attribute("aria-label", SAY["id"]("widget.search"))
