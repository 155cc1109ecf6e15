"""What can be wrong with any page as it stands on the screen."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import axe_playwright_python

from tests.browser.driver import Tab

AXE: Final = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
RUN: Final = """of => axe.run(document,
    {iframes: false, resultTypes: ['violations'], runOnly: of})"""
WCAG: Final = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
CONTRAST: Final = ("color-contrast", "link-in-text-block")
"""What of it hangs on the colours of the theme."""


def violations(tab: Tab, of: Sequence[str] = WCAG) -> list[str]:
    """Rule of WCAG 2.2 AA and element of each violation, in the page and every frame of it."""
    tab.settle()
    found = []
    for frame in tab.page.frames:
        if not frame.evaluate("'axe' in window"):
            frame.evaluate(AXE)
        for rule in frame.evaluate(RUN, list(of))["violations"]:
            found += [f"{rule['id']}: {node['html'][:300]}" for node in rule["nodes"]]
    return found


def overflow(tab: Tab) -> int:
    """Pixels by which the page is wider than the screen."""
    script = """() => Math.max(...[...document.querySelectorAll(
        'html, [data-testid=stMain]')].map(e => e.scrollWidth - e.clientWidth))"""
    return int(tab.page.evaluate(script))


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
