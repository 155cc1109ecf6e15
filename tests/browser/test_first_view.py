"""What a fresh reader can read in the first view, without scrolling or pressing anything."""

import pytest
from playwright.sync_api import expect

from tests.browser.driver import DESKTOP, PHONE, SAY, Opened

READ = """() => {
    const lines = [];
    const read = (root, left, top, right, bottom) => {
        const texts = document.createTreeWalker(root.body, NodeFilter.SHOW_TEXT);
        for (let text; (text = texts.nextNode());) {
            const within = text.parentElement, range = document.createRange();
            range.selectNodeContents(text);
            const box = range.getBoundingClientRect();
            const x = left + box.left + box.width / 2, y = top + box.top + box.height / 2;
            const seen = within.checkVisibility({visibilityProperty: true, opacityProperty: true});
            if (!box.width || !seen || x < left || y < top || x > right || y > bottom) continue;
            const over = root.elementsFromPoint(x - left, y - top)
                .find((e) => !e.closest('[data-testid="stHeader"]')); // which is transparent
            const clear = !over || within.contains(over) || over.contains(within)
                || getComputedStyle(within).pointerEvents === 'none';
            if (clear) lines.push(text.data.trim());
        }
    };
    read(document, 0, 0, innerWidth, innerHeight);
    for (const frame of document.querySelectorAll('iframe[title*="st_folium"]')) {
        const box = frame.getBoundingClientRect();
        read(frame.contentDocument, box.left, box.top,
            Math.min(box.right, innerWidth), Math.min(box.bottom, innerHeight));
    }
    return lines.filter(Boolean).join(' ').replace(/\\s+/g, ' ');
}"""
"""The texts that are in sight and that nothing covers, those of the map too."""
WEAK = {
    "id": ("Ubi Kayu Serdang Bedagai", "PIK Menteng", "Kopi Karo"),
    "en": ("Serdang Bedagai Cassava", "PIK Menteng", "Karo Coffee"),
}
"""Three of the five weak ones, which lie apart."""


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("language", ["id", "en"])
def test_the_first_view_says_what_this_is_which_are_weak_and_where_to_press(
    opened: Opened, language: str, size: tuple[int, int]
) -> None:
    tab, say = opened("/"), SAY[language]
    told = tab.page.evaluate(READ)
    weak = say("filter.weakest", name=say("category.under_development"))
    wanted = [say("map.heading"), say("filter.count", kept=13, of=13), f"{weak} 5", "Hasanah"]
    if size == DESKTOP:
        wanted += ["ikmgeo", *WEAK[language], say("overview.conflict", count=2)]
        wanted += [say(f"overview.{ask}") for ask in ("start", "weak", "next")]
    assert [words for words in wanted if words not in told] == []
    frame = tab.page.locator('iframe[title*="st_folium"]').bounding_box()
    assert frame is not None
    assert frame["y"] < 300  # the map comes first
    if size == DESKTOP:
        tab.page.get_by_role("button", name=say("overview.next")).click()
        expect(tab.page.locator(".ikm-h1")).to_have_text(say("scoring.heading"))
        tab.expect_param("section", "next")
