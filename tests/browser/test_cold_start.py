"""The first request of a fresh server may name any page."""

from typing import Any

import pytest
from driver import SAY, Visit
from playwright.sync_api import expect


@pytest.mark.parametrize(
    ("path", "heading", "other", "other_heading"),
    [
        ("/sources", "sources.heading", "page.map", "map.heading"),
        ("/", "map.heading", "page.sources", "sources.heading"),
    ],
)
def test_a_fresh_server_shows_the_page_asked_for_and_leads_to_the_other(
    visit: Visit, serve: Any, path: str, heading: str, other: str, other_heading: str
) -> None:
    say = SAY["id"]
    tab = visit(path, server=serve())
    expect(tab.page.locator(".ikm-h1")).to_have_text(say(heading))
    links = tab.page.get_by_test_id("stPageLink")
    expect(links).to_have_text([say("page.map"), say("page.sources")])
    links.filter(has_text=say(other)).click()
    expect(tab.page.locator(".ikm-h1")).to_have_text(say(other_heading))
    if other == "page.map":
        tab.drawn()
