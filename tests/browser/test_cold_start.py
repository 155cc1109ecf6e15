"""The first request of a fresh server may name any page."""

from typing import Any

import pytest
from driver import SAY, Visit
from playwright.sync_api import expect

from ikmgeo.ui.frame import PAGES


@pytest.mark.parametrize("name", PAGES)
def test_a_fresh_server_shows_the_page_asked_for_and_leads_to_another(
    visit: Visit, serve: Any, name: str
) -> None:
    say = SAY["id"]
    tab = visit("/" if name == "map" else f"/{name}", server=serve())
    expect(tab.page.locator(".ikm-h1")).to_have_text(say(f"{name}.heading"))
    links = tab.page.get_by_test_id("stPageLink")
    expect(links).to_have_text([say(f"page.{page}") for page in PAGES])
    other = "sources" if name == "map" else "map"
    links.filter(has_text=say(f"page.{other}")).click()
    expect(tab.page.locator(".ikm-h1")).to_have_text(say(f"{other}.heading"))
    if other == "map":
        tab.drawn()
