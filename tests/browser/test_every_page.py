"""What holds on every page: nothing breaks, nothing is cut or left out, whoever reads it."""

import pytest
from playwright.sync_api import BrowserContext, expect

from ikmgeo.view import SECTIONS
from ikmgeo.vocabulary import FRAMEWORKS
from tests.browser.driver import DESKTOP, PHONE, SAY, Tab, Visit
from tests.browser.faults import BROKEN, CONTRAST, CUT, overflow, violations
from tests.browser.recorded import KARO
from tests.browser.test_framework_words import left
from tests.conftest import Server

ZOOMED = (683, 384)
"""A desktop at 200 %."""
MOST_SHIFT = 0.1
"""Cumulative layout shift that readers do not mind (web.dev)."""
SECTION = {page: tuple(f"section.{part}" for part in parts) for page, parts in SECTIONS.items()}
SCORED = f"center={KARO}&scores=assessed"
WALKS = {
    "/": (),
    f"/?{SCORED}": (),
    f"/linkage?center={KARO}&catchment=kim": SECTION["linkage"],
    "/linkage?indicator=huff_share&by=road_km": (),
    "/districts": (),
    "/districts?measure=best_category&scheme=printed_ranges&district=1208": (),
    "/districts?measure=seat_km&compare=1208,1204,1271,1275": (),
    f"/scoring?center={KARO}": SECTION["scoring"],
    f"/scoring?{SCORED}": SECTION["scoring"],
    f"/scoring?{SCORED}&section=frameworks": [f"framework.{name}" for name in FRAMEWORKS],
    f"/register?{SCORED}&colours=product": SECTION["register"],
    f"/workshop?center={KARO}": SECTION["workshop"],
    "/sources": SECTION["sources"],
    "/help": SECTION["help"],
}
"""Where a reader begins, and the words of what is pressed on the way."""


def wrong(tab: Tab, language: str, size: tuple[int, int], *, first: bool) -> list[str]:
    """What is wrong with a page as it stands.

    What WCAG asks for hangs on words only where a page's frame has them: in English, the first look
    is enough. What a part adds to the frame is on a phone as on a desktop, and has less room there.
    On a phone the second language is read in the dark theme.
    """
    skip = SAY[language]("widget.skip")
    expect(tab.page.get_by_test_id("stSkipToContent")).to_have_text(skip)
    assert tab.page.evaluate("document.documentElement.lang") == language
    found = [f"broken: {word}" for word in tab.page.evaluate(BROKEN)]
    if language == "id":
        found += [f"wider than the screen by {over}" for over in [overflow(tab)] if over]
        found += [f"English: {text}" for text in left(tab)]
    if size == DESKTOP:
        found += [f"cut: {table}" for table in tab.page.evaluate(CUT)]
    if first if size == DESKTOP else language == "id":
        found += violations(tab)
    elif size == PHONE:
        found += violations(tab, CONTRAST)
    fonts = "document.fonts.ready.then(f => [...f].some(x => x.status === 'error'))"
    return found + ["a font is missing" for frame in tab.page.frames if frame.evaluate(fonts)]


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("path", WALKS)
def test_every_part_of_a_page_is_whole_in_both_languages(
    visit: Visit,
    app: Server,
    assessed: Server,
    context: BrowserContext,
    pocket: BrowserContext,
    path: str,
    size: tuple[int, int],
) -> None:
    """Planner 19 and 20: English left over; "Kelembagaa/n", "tida k", a last column cut off.

    And WCAG 2.2 AA, a phone whose screen is wide enough, and nothing that moves as it comes.
    """
    server, within = assessed if SCORED in path else app, pocket if size == PHONE else context
    tab = visit(path, server=server, size=size, within=within)
    shifted = tab.page.evaluate("window.shifted")
    found = {"moved while it was loaded": [str(shifted)] if shifted >= MOST_SHIFT else []}
    for language, say in SAY.items():
        if language == "en":
            tab.language(language)
            if size == PHONE:
                tab.page.emulate_media(color_scheme="dark")
        found[language] = wrong(tab, language, size, first=True)
        for step in WALKS[path]:
            tab.page.get_by_role("radio", name=say(step), exact=True).click()
            tab.settle()
            found[f"{language} {step}"] = wrong(tab, language, size, first=False)
    if size == PHONE:
        tab.page.set_viewport_size({"width": ZOOMED[0], "height": ZOOMED[1]})
        tab.settle()
        found["zoomed"] = [str(over) for over in [overflow(tab)] if over]
    assert {where: faults for where, faults in found.items() if faults} == {}
    expect(tab.page.get_by_text(SAY["en"]("frame.failed"))).to_have_count(0)


def test_the_panels_and_notices_of_the_map_meet_wcag_in_both_languages(visit: Visit) -> None:
    tab = visit("/?center=karo-coffee&scheme=printed_ranges&places=1&km=100&foo=1")
    found = violations(tab)
    tab.page.get_by_role("button", name="Kabupaten Karo").click()
    tab.expect_panel("Kabupaten Karo")
    found += violations(tab)
    tab.choose(SAY["id"]("scheme.label"), SAY["id"]("scheme.custom"))
    tab.view_map(3.1, 99.6, 9)  # beside the long legend
    tab.click_map(3.132488, 99.340578)
    tab.expect_panel("Kawasan Ekonomi Khusus Sei Mangkei")
    found += violations(tab) + tab.page.evaluate(CUT)
    tab.more_filters()
    search = tab.page.get_by_role("textbox", name=SAY["id"]("filter.text"))
    search.fill("nowhere")
    search.press("Enter")
    tab.expect_count(0)
    found += violations(tab)
    tab.language("en")
    found += violations(tab)
    tab.page.get_by_role("button", name=SAY["en"]("filter.reset")).first.click()
    tab.expect_count(13, language="en")
    found += violations(tab)
    tab.view_map(2.80, 99.45, 9)
    tab.click_map(2.80, 99.45)
    tab.expect_panel("Kabupaten Asahan")
    found += violations(tab)
    tab.page.get_by_role("button", name="Asahan Copra Center").click()
    tab.expect_panel("Asahan Copra Center")
    assert found + violations(tab) == []
