"""Words stay whole and columns in sight, on every page, in both languages, at both sizes."""

from typing import Any

import pytest
from driver import DESKTOP, PHONE, Visit
from recorded import KARO

from ikmgeo.view import SECTIONS
from ikmgeo.vocabulary import FRAMEWORKS

SCORED = f"center={KARO}&scores=assessed"
PATHS = (
    "/",
    f"/?{SCORED}",
    *(f"/linkage?section={section}" for section in SECTIONS["linkage"]),
    "/linkage?indicator=huff_share",
    "/districts",
    "/districts?compare=1207,1212",
    *(f"/scoring?section={section}&{SCORED}" for section in SECTIONS["scoring"][:-1]),
    *(f"/scoring?section=frameworks&framework={name}&{SCORED}" for name in ("swot", *FRAMEWORKS)),
    *(f"/workshop?section={section}" for section in SECTIONS["workshop"]),
    *(f"/sources?section={section}" for section in SECTIONS["sources"]),
    *(f"/help?section={section}" for section in SECTIONS["help"]),
)

SEEN = """const seen = e => e.checkVisibility({visibilityProperty: true, opacityProperty: true});"""
BROKEN = """() => { SEEN
    const skipped = 'script, style, canvas, code, a[href], [data-testid="stIconMaterial"], '
        + '[data-testid="stSidebar"][data-collapsed="true"]';
    const broken = [];
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let text; (text = texts.nextNode());) {
        const within = text.parentElement;
        if (within.closest(skipped) || !seen(within)) continue;
        for (const word of text.data.matchAll(/[\\p{L}\\p{N}]+/gu)) {
            const range = document.createRange();
            range.setStart(text, word.index);
            range.setEnd(text, word.index + word[0].length);
            const tops = [...range.getClientRects()].map(r => r.top);
            if (Math.max(...tops) - Math.min(...tops) > 3)
                broken.push(`${word[0]} (${within.tagName}: ${text.data.slice(0, 50)})`);
        }
    }
    return broken;
}""".replace("SEEN", SEEN)
"""Words that stand on two lines, other than addresses, which have no better place to break."""

CUT = """() => { SEEN
    const cut = [];
    for (const e of document.querySelectorAll('.ikm-scroll, .ikm-panel, .stHtml, .ikm-h1, .ikm-h2'))
        if (seen(e) && e.scrollWidth > e.clientWidth + 1)
            cut.push(`${e.scrollWidth} > ${e.clientWidth}: ${e.innerText.slice(0, 120)}`);
    return cut;
}""".replace("SEEN", SEEN)
"""Tables of the page that are wider than their place; a data grid scrolls in itself."""


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_no_word_is_broken_and_no_column_cut(
    visit: Visit, assessed: Any, size: tuple[int, int], language: str
) -> None:
    """Planner 20: "Kelembagaa/n", "Produks/i", "tida k", "202 3", and a last column cut off.

    On a phone a table of many columns scrolls, with its words whole.
    """
    tab = visit("/help", server=assessed, size=size)
    found = {}
    for path in PATHS:
        tab.open(f"{path}{'&' if '?' in path else '?'}lang={language}")
        wrong = tab.page.evaluate(BROKEN)
        if size == DESKTOP:
            wrong += tab.page.evaluate(CUT)
        if wrong:
            found[path] = wrong
    assert found == {}
