"""The page of data and sources: contradictions first, each with a way to the map."""

from playwright.sync_api import expect

from tests.browser.driver import SAY, Visit

SAY_EN = SAY["en"]
OPENED = [
    ("Serdang Bedagai Pandan", {"center": "serdang-bedagai-pandan"}),
    ("Karo Coffee", {"center": "karo-coffee"}),
    ("ranges of Developing and Potential", {"scheme": "printed_ranges"}),
    ("outside every range", {"scheme": "printed_ranges"}),
    ("Potential above Developing", {"category": "developing,potential"}),
    ("access to markets of zones", {"center": "serdang-bedagai-pandan"}),
]


def test_ledger_contradictions_and_sources_are_told_and_lead_to_the_map(visit: Visit) -> None:
    tab = visit("/sources?lang=en")
    cards = tab.page.locator(".ikm-card h3")
    expect(cards).to_have_count(len(OPENED) + 2)  # two sums open elsewhere

    # The ledger lists every figure, below the contradictions, and opens one on the map.
    grid = tab.page.locator('[data-testid="stDataFrame"] canvas table')
    expect(grid).to_have_attribute("aria-rowcount", "39")
    heading = tab.page.get_by_role("heading", name=SAY_EN("sources.claims"))
    last = tab.page.locator(".ikm-card").last
    assert heading.bounding_box()["y"] > last.bounding_box()["y"]
    ids = [row[0] for row in tab.rows()]
    tab.pick_row(ids.index("P12") - 1)
    tab.page.locator(".st-key-open-claim button").click()
    tab.expect_panel("Bunut Asahan Footwear Center")
    tab.expect_param("center", "bunut-footwear")

    # Each contradiction opens where it shows.
    for at, (title, params) in enumerate(OPENED):
        tab.page.get_by_test_id("stPageLink").filter(has_text=SAY_EN("page.sources")).click()
        expect(cards.filter(has_text=title).first).to_be_visible()
        tab.page.get_by_role("button", name=SAY_EN("sources.open_map")).nth(at).click()
        expect(tab.page.locator(".ikm-h1")).to_have_text(SAY_EN("map.heading"))
        for name, value in params.items():
            tab.expect_param(name, value)
        assert tab.params == {"lang": "en", **params}
        tab.drawn(6 if "category" in params else 13)

    # Sources, evidence, codes and areas.
    tab.page.get_by_test_id("stPageLink").filter(has_text=SAY_EN("page.sources")).click()
    tab.page.get_by_text(SAY_EN("section.sources"), exact=True).click()
    body = tab.page.get_by_test_id("stMain")
    for words in ("GADM", "geografis", "Kampung Tenun", "12.07", "2,002.77"):
        expect(body).to_contain_text(words)
    tab.page.get_by_text(SAY_EN("section.own")).click()
    tab.expect_param("section", "own")
    tab.language("id")
    expect(body).to_contain_text(SAY["id"]("own.template"))
