"""The scheme decides the category; signs and legend follow it."""

from collections import Counter

from playwright.sync_api import expect

from tests.browser.driver import SAY, Tab, Visit

SAY_EN = SAY["en"]
BEST_FIRST = ("excellent", "developing", "potential", "under_development", "several", "none")


def expect_signs(tab: Tab, *counts: int) -> None:
    """Wait until each category has so many signs, and the legend names those in use."""
    wanted = {name: n for name, n in zip(BEST_FIRST, counts, strict=False) if n}
    for name, count in wanted.items():
        tab.shapes(f"l.options.sign === '{name}'", count)
    assert Counter(tab.signs()) == wanted
    for name in ("several", "none"):
        named = tab.legend().get_by_text(SAY_EN(f"category.{name}"))
        expect(named).to_have_count(int(name in wanted))


def test_each_scheme_gives_its_own_signs_and_legend(visit: Visit) -> None:
    tab = visit("/?lang=en")
    tab.mark()
    expect_signs(tab, 2, 2, 4, 5)
    for scheme, counts in (
        ("printed_ranges", (2, 1, 0, 5, 4, 1)),
        ("contiguous", (2, 5, 1, 5)),
        ("natural_breaks", (1, 1, 6, 5)),
        ("as_published", (2, 2, 4, 5)),
    ):
        tab.choose(SAY_EN("scheme.label"), SAY_EN(f"scheme.{scheme}"))
        tab.expect_param("scheme", scheme if scheme != "as_published" else None)
        expect_signs(tab, *counts)

    # Ports, airports and toll gates are drawn on request.
    signs = tab.map.locator(".ikm-place")
    expect(signs).to_have_count(0)
    tab.more_filters("en")
    tab.page.get_by_text(SAY_EN("map.places")).click()
    tab.expect_param("places", "1")
    expect(signs).to_have_count(33)
    for kind in ("port", "airport", "air_base", "toll_gate", "unverified"):
        expect(tab.legend()).to_contain_text(SAY_EN(f"place.{kind}"))
    tab.page.get_by_text(SAY_EN("map.places")).click()
    expect(signs).to_have_count(0)

    # Own cut points are taken when they rise and refused otherwise.
    tab.choose(SAY_EN("scheme.label"), SAY_EN("scheme.custom"))
    labels = [
        SAY_EN("scheme.above", category=SAY_EN(f"category.{category}"))
        for category in ("potential", "developing", "excellent")
    ]
    cuts = [
        tab.page.get_by_label(SAY_EN("scheme.typed", label=label), exact=True) for label in labels
    ]
    cuts[2].fill("60")
    cuts[2].press("Enter")
    tab.expect_param("cuts", "27.54-38-60")
    expect_signs(tab, 1, 6, 1, 5)
    cuts[0].fill("90")
    cuts[0].press("Enter")
    expect(tab.page.get_by_role("alert").filter(has_text="37.99")).to_be_visible()
    expect(cuts[0]).to_have_value("90")
    tab.expect_param("cuts", "27.54-38-60")
    expect_signs(tab, 1, 6, 1, 5)
    assert tab.still()[0] == 1
