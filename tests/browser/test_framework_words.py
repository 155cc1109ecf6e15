"""Streamlit's own words, which it has in English only, read Indonesian where something opens."""

import re
from functools import cache
from pathlib import Path

import streamlit
from playwright.sync_api import expect

from tests.browser.driver import DATA, SAY, Tab, Visit

BUNDLE = Path(streamlit.__file__).parent / "static" / "static" / "js"
PARTS = (
    "index",
    "DataFrame",
    "DateInput",
    "FileUploader",
    "InputInstructions",
    "Multiselect",
    "NumberInput",
    "Selectbox",
    "Toolbar",
    "ArrowVegaLiteChart",
    "utils",
)
"""Scripts of Streamlit that hold the words of the elements on our pages."""
READ = """() => {
    const found = new Set();
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
        const inside = walk.currentNode.parentElement;
        if (!inside.closest('canvas, code, style, script, noscript, [data-testid=stIconMaterial]'))
            found.add(walk.currentNode.nodeValue.trim());
    }
    for (const element of document.querySelectorAll('*'))
        for (const name of ['aria-label', 'title', 'placeholder'])
            if (!element.closest('canvas')) found.add((element.getAttribute(name) || '').trim());
    return [...found];
}"""


def english() -> tuple[set[str], list[re.Pattern[str]]]:
    """What Streamlit's scripts hold as sentences and words, and those with a gap."""
    code = "".join(
        file.read_text(encoding="utf-8") for part in PARTS for file in BUNDLE.glob(f"{part}.*.js")
    )
    texts = set(re.findall(r"`([A-Z][^`]*[a-z][^`]*)`", code)) - ours()
    whole = {text for text in texts if "${" not in text}
    gap = re.compile(r"\$\{(?:[^{}]|\{[^{}]*\})*\}")
    return whole, [re.compile(".+".join(map(re.escape, gap.split(t)))) for t in texts - whole]


def ours() -> set[str]:
    """Indonesian messages and data that happen to be spelled so."""
    say = SAY["id"]
    return {*say.catalogue.values(), "English", "Minimum", "Median", "Streamlit"}


WHOLE, FORMS = english()


@cache
def is_english(text: str) -> bool:
    """Whether a text is one of Streamlit's."""
    return text in WHOLE or any(form.fullmatch(text) for form in FORMS)


def left(tab: Tab) -> list[str]:
    """Texts and labels of a page that are Streamlit's English ones."""
    tab.settle()
    return [text for text in tab.page.evaluate(READ) if len(text) < 200 and is_english(text)]


def test_the_scripts_hold_the_words_that_are_looked_for() -> None:
    for text in ("Select all", "No results", "Upload", "Download as CSV", "Show/hide columns"):
        assert is_english(text), text
    assert is_english("Remove Kopra")
    assert not is_english("Sentra IKM Sumatera Utara")


def test_lists_fields_menus_and_tables_are_indonesian_when_open(visit: Visit) -> None:
    """Planner 19: inside what opens."""
    tab, say = visit("/"), SAY["id"]
    page = tab.page
    expect(page.get_by_test_id("stSkipToContent")).to_have_text(say("widget.skip"))
    box = page.get_by_role("combobox", name=say("filter.commodities"))
    box.click()
    expect(page.get_by_role("option", name=say("widget.select_all"))).to_be_visible()
    assert left(tab) == []
    box.fill("ko")
    matches = say("widget.select_matches", count=2)
    expect(page.get_by_role("option", name=matches)).to_be_visible()
    box.fill("zzz")
    expect(page.get_by_text(say("widget.no_results"))).to_be_visible()
    assert left(tab) == []
    page.keyboard.press("Escape")
    tab.choose(say("filter.commodities"), "Kopra")
    expect(page.get_by_label(say("widget.remove", what="Kopra"))).to_be_visible()
    tab.more_filters(say.language)
    page.get_by_role("textbox", name=say("filter.text")).press_sequentially("a")
    expect(page.get_by_text(say("widget.press_enter"))).to_be_attached()
    page.get_by_label(say("widget.main_menu")).click()
    expect(page.get_by_text(say("widget.about"))).to_be_visible()
    assert left(tab) == []
    page.keyboard.press("Escape")

    # Toolbars and menus of tables.
    shown = page.get_by_test_id("stDataFrame").first
    shown.scroll_into_view_if_needed()
    shown.hover()
    for word in ("search", "fullscreen"):
        button = page.get_by_label(say(f"widget.{word}")).first
        expect(button).to_be_visible()
        button.hover()
        expect(page.get_by_role("tooltip", name=say(f"widget.{word}"))).to_be_visible()
    assert left(tab) == []
    place = shown.bounding_box()
    assert place is not None
    ascending = page.get_by_text(say("widget.sort_ascending"))
    for x in range(60, 400, 8):  # the sign of the menu stands at the end of a heading
        page.mouse.move(place["x"] + x, place["y"] + 18)
        page.mouse.click(place["x"] + x, place["y"] + 18)
        if ascending.count():
            break
    expect(ascending).to_be_visible()
    assert left(tab) == []
    page.get_by_role("menuitem", name=say("widget.statistics")).hover()
    expect(page.get_by_text(say("widget.statistics_empty"))).to_be_visible()
    assert left(tab) == []


def test_a_day_is_chosen_from_indonesian_months(visit: Visit) -> None:
    """Planner 19: the calendar follows the page, not the browser."""
    tab, say = visit("/scoring?section=assess"), SAY["id"]
    author = tab.page.get_by_role("textbox", name=say("assess.author"))
    author.fill("Dinas")  # Streamlit asks for the language anew when it runs
    author.press("Enter")
    tab.settle()
    tab.page.get_by_label(say("widget.choose_date"), exact=True).first.click()
    expect(tab.page.get_by_role("grid")).to_be_visible()
    months = (
        "Januari|Februari|Maret|April|Mei|Juni|Juli|Agustus|September|Oktober|November|Desember"
    )
    told = " ".join(tab.page.evaluate(READ))
    assert re.search(rf"\b({months}) \d{{4}}", told)
    assert re.search(r"\b(Senin|Selasa|Rabu|Kamis|Jumat|Sabtu|Minggu)\b", told)
    assert left(tab) == []


def test_a_file_is_brought_in_indonesian_and_in_english_as_streamlit_writes_it(
    visit: Visit,
) -> None:
    """Planner 19: uploaders. Data are left as they are: a center may be called as a button is."""
    tab, say = visit("/sources?section=own"), SAY["id"]
    upload = tab.page.get_by_test_id("stFileUploaderDropzone").locator("button")
    expect(upload).to_contain_text(say("widget.upload"))
    expect(tab.page.get_by_text(say("widget.per_file", size="50MB"))).to_be_attached()
    tab.language("en")
    expect(upload).to_contain_text("Upload")
    expect(tab.page.get_by_test_id("stSkipToContent")).to_have_text("Skip to main content")
    tab.language("id")
    expect(upload).to_contain_text(say("widget.upload"))
    tab.upload("baik.csv", (DATA / "centers.csv").read_bytes())
    expect(tab.page.get_by_text(say("own.done", file="baik.csv"))).to_be_visible()
    assert left(tab) == []
    center = "name_id,commodity,lat,lon,district_code\nUpload,coffee,3.1,98.5,1206\n"
    tab.upload("sentra.csv", center.encode())
    expect(tab.page.get_by_text(say("own.done", file="sentra.csv"))).to_be_visible()
    tab.page.get_by_role("button", name=say("own.replace")).click()
    tab.settle()
    tab.page.get_by_role("link", name=say("page.map")).first.click()
    tab.drawn(1)
    assert "Upload" in tab.rows()[1]
