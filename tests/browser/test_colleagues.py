"""A planner opens the app to a room, hands out its address, and closes it again."""

import http.client
import io
from urllib.parse import urlsplit

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Locator, expect
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin

from ikmgeo import address
from tests.browser.driver import SAY, Tab, Visit
from tests.conftest import Serve

OUTSIDE = address.addresses("", 1)
in_a_network = pytest.mark.skipif(not OUTSIDE, reason="this computer has no address of its own")


def button(tab: Tab, words: str) -> Locator:
    return tab.page.get_by_role("button", name=words, exact=True)


def ask(
    where: str, path: str, method: str = "GET", **headers: str
) -> tuple[int, http.client.HTTPMessage]:
    connection = http.client.HTTPConnection(where, timeout=10)
    try:
        connection.request(method, path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.headers
    finally:
        connection.close()


def code(tab: Tab) -> str:
    """What a phone reads from the QR code on the screen."""
    shown = tab.page.locator(".ikm-qr img")
    shown.wait_for()
    tab.settle()
    (found,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(shown.screenshot())))
    return found.text


@in_a_network
@pytest.mark.parametrize("language", ["id", "en"])
def test_the_room_opens_when_asked_answers_guests_and_closes(
    visit: Visit, serve: Serve, language: str
) -> None:
    say = SAY[language]
    tab = visit(f"/workshop?section=groups&workshop=Karo&lang={language}", server=serve())
    room = f"{urlsplit(OUTSIDE[0]).hostname}:{urlsplit(tab.origin).port}"
    with pytest.raises(ConnectionRefusedError):
        ask(room, "/")

    # Who will see what, before it opens.
    button(tab, say("room.open")).click()
    told = say("room.who", address=room.partition(":")[0])
    expect(tab.page.get_by_text(told)).to_be_visible()
    with pytest.raises(ConnectionRefusedError):
        ask(room, "/")
    button(tab, say("room.open_now")).click()
    expect(button(tab, say("room.close"))).to_be_visible()
    joined = f"http://{room}/workshop?section=groups&workshop=Karo"
    assert code(tab) == joined
    alt = tab.page.locator(".ikm-qr img").get_attribute("alt")
    assert alt == say("room.code", address=f"http://{room}")

    # A guest has the page with its policy; by another name, or from another page, nothing.
    status, headers = ask(room, joined.partition(room)[2])
    assert status == 200
    assert "default-src 'self'" in headers["content-security-policy"]
    assert ask(room, "/", Host="ikm.example")[0] == 421
    assert ask(room, "/", Host="127.0.0.1")[0] == 421
    assert ask(room, "/_stcore/metrics")[0] == 404
    assert ask(room, "/_stcore/upload_file/a/b", "PUT")[0] == 403  # without the page's token
    stream = f"ws://{room}/_stcore/stream"
    with pytest.raises(InvalidStatus):
        connect(stream, origin=Origin("http://ikm.example"))
    with connect(stream, origin=Origin(f"http://{room}")) as guest:
        guest.ping()

    # The link of any screen leads there too, and the room closes from there.
    tab.page.get_by_test_id("stPageLink").filter(has_text=say("page.map")).click()
    expect(tab.page.locator(".ikm-h1")).to_have_text(say("map.heading"))
    tab.settle()
    tab.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    button(tab, say("share.more")).click()
    button(tab, say("shell.copy")).click()
    expect(tab.page.get_by_text(say("shell.copied"), exact=True)).to_be_visible()
    link = str(tab.page.evaluate("navigator.clipboard.readText()"))
    assert link.startswith(f"http://{room}/?lang={language}")
    assert code(tab).startswith(f"http://{room}/?lang={language}")
    tab.page.keyboard.press("Escape")
    button(tab, say("room.close")).click()
    expect(button(tab, say("room.close"))).to_have_count(0)
    tab.settle()
    with pytest.raises(ConnectionRefusedError):
        ask(room, "/")


def test_a_link_that_leads_nowhere_else_says_so_and_offers_a_file(visit: Visit) -> None:
    say = SAY["id"]
    tab = visit("/?commodity=cassava", centers=3)
    tab.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    button(tab, say("share.more")).click()
    expect(tab.page.get_by_text(say("share.only_here"))).to_be_visible()
    button(tab, say("shell.copy")).click()
    expect(tab.page.get_by_text(say("shell.copied_here"))).to_be_visible()
    button(tab, say("share.file")).click()
    expect(tab.page.locator(".ikm-h1")).to_have_text(say("workshop.heading"))
    words = say("take.download", what=say("take.page_html"))
    expect(button(tab, words)).to_be_visible()
    tab.expect_param("commodity", "cassava")
