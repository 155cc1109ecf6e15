"""Without internet everything is there, and nothing is asked for elsewhere."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Route, expect

from tests.browser.driver import LOCAL, SAY, Visit, place

OVERLAYS = ".leaflet-control-layers-overlays"


@pytest.fixture
def gated(browser: Browser) -> Iterator[tuple[BrowserContext, list[str]]]:
    """A browser with an empty cache, and each address that it asks for, a page's icon included."""
    asked: list[str] = []
    context = browser.new_context()

    def gate(route: Route) -> None:
        asked.append(route.request.url)
        route.continue_()

    context.route("**/*", gate)
    yield context, asked
    context.close()


def test_a_page_asks_for_nothing_outside(
    visit: Visit, gated: tuple[BrowserContext, list[str]]
) -> None:
    context, asked = gated
    tab = visit("/", within=context)
    tab.shapes("l.feature && l.feature.properties.district_code", 33)
    expect(tab.map.locator(".ikm-zone")).to_have_count(3)
    for frame in tab.page.frames:
        states = frame.evaluate("document.fonts.ready.then(f => [...f].map(x => x.status))")
        assert "error" not in states
    assert tab.page.evaluate("document.fonts.check('16px \"Material Symbols Rounded\"')")
    icon = tab.page.locator("link[rel*=icon]").first.evaluate("link => link.href")
    assert icon.startswith(tab.origin)
    assert [address for address in asked if not LOCAL.match(address)] == []


def test_online_tiles_are_two_layers_that_ask_only_when_ticked(visit: Visit) -> None:
    tab = visit("/")
    tab.tiles = True
    tab.mark()
    toggle = tab.map.locator(".leaflet-control-layers-toggle").bounding_box()
    assert toggle is not None
    tab.page.mouse.move(toggle["x"] + 9, toggle["y"] + 9)  # opens the list
    expect(tab.map.locator(".leaflet-control-layers-expanded")).to_have_count(1)
    boxes = tab.map.locator(f"{OVERLAYS} input")
    names = tab.map.locator(f"{OVERLAYS} label")
    expect(names).to_have_text([" OpenStreetMap", " Esri World Imagery"], use_inner_text=False)
    assert [box.is_checked() for box in boxes.all()] == [False, False]
    assert tab.outside == []
    with tab.page.expect_request("https://tile.openstreetmap.org/**"):
        boxes.first.check()
    expect(tab.map.locator(".ikm-tiled")).to_have_count(1)
    assert {url.split("/")[2] for url in tab.outside} == {"tile.openstreetmap.org"}
    tab.page.mouse.move(5, 5)
    tab.click_map(*place("pik-menteng"))
    tab.expect_panel("PIK Menteng Medan")
    tab.choose(SAY["id"]("filter.categories"), SAY["id"]("category.excellent"))
    tab.expect_count(2)
    assert tab.still()[0] == 1
