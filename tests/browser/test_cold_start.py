"""The first request of a fresh server may name any page, also below a path of a proxy."""

from typing import Any

from playwright.sync_api import expect

from ikmgeo.ui.frame import PAGES
from tests.browser.driver import SAY, Visit

LEFT = """
    window.left = new Set();
    const look = () => {
        const main = document.querySelector('[data-testid="stMain"]');
        if (main) window.left.add(Math.round(main.getBoundingClientRect().left));
        requestAnimationFrame(look);
    };
    look();"""
"""Where the page's content began, at every frame that was drawn."""


def test_nothing_moves_aside_when_the_sidebar_comes(visit: Visit) -> None:
    tab = visit("/help")
    tab.page.add_init_script(LEFT)
    for path, left in (("/scoring", [300]), ("/present", [0])):
        tab.open(path)
        assert tab.page.evaluate("[...window.left]") == left, path


def test_a_fresh_server_shows_the_page_asked_for_and_leads_to_another(
    visit: Visit, serve: Any
) -> None:
    say = SAY["id"]
    tab = visit("/sources", server=serve(STREAMLIT_SERVER_BASE_URL_PATH="ikmgeo"))
    expect(tab.page.locator(".ikm-h1")).to_have_text(say("sources.heading"))
    links = tab.page.get_by_test_id("stPageLink")
    expect(links).to_have_text([say(f"page.{page}") for page in PAGES])
    links.filter(has_text=say("page.map")).click()
    expect(tab.page.locator(".ikm-h1")).to_have_text(say("map.heading"))
    tab.drawn()
