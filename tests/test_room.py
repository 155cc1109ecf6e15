"""The room: a second address of a running server, for guests, that opens and closes."""

import asyncio
import http.client
import signal
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import uvicorn
from streamlit.web.server.starlette import starlette_server
from uvicorn.server import HANDLED_SIGNALS
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from ikmgeo.ui.state import room
from ikmgeo.ui.state.room import Room


async def told(scope: Any, receive: Any, send: Any) -> None:
    """An app that says who asks, and hears out whoever stays."""
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.accept"})
        while (await receive())["type"] == "websocket.receive":
            pass
        return
    body = scope["client"][0].encode()
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": body})


@pytest.fixture
def opened() -> Iterator[Room]:
    """A room of an app that runs on a loop of another thread, as in a server."""
    loop, found = asyncio.new_event_loop(), Room()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    async def furnish() -> None:
        found.furnish(told)

    asyncio.run_coroutine_threadsafe(furnish(), loop).result(5)
    yield found
    found.close()
    loop.call_soon_threadsafe(loop.stop)
    thread.join(5)
    loop.close()


@pytest.fixture
def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def ask(port: int, **headers: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/", headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def test_nothing_listens_before_the_room_is_opened_and_after_it_is_closed(
    opened: Room, port: int
) -> None:
    for _ in range(2):  # it opens again
        with pytest.raises(ConnectionRefusedError):
            ask(port)
        opened.open(f"http://127.0.0.1:{port}")
        assert ask(port) == (200, b"127.0.0.1")
        assert opened.address == f"http://127.0.0.1:{port}"
        opened.close()
        assert opened.address == ""


UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
}


@pytest.mark.parametrize("host", ["localhost", "evil.example", "127.0.0.1", "127.0.0.1:1", ""])
def test_by_another_name_than_its_own_the_room_answers_nobody(
    opened: Room, port: int, host: str
) -> None:
    opened.open(f"http://127.0.0.1:{port}")
    assert ask(port, Host=host) == (421, b"")
    assert ask(port, Host=host, **UPGRADE)[0] == 403


def test_a_guest_cannot_say_to_be_somebody_else(opened: Room, port: int) -> None:
    opened.open(f"http://127.0.0.1:{port}")
    assert ask(port, **{"X-Forwarded-For": "10.9.8.7"}) == (200, b"127.0.0.1")


def test_a_guest_who_stays_is_seen_off_when_the_room_closes(opened: Room, port: int) -> None:
    opened.open(f"http://127.0.0.1:{port}")
    with connect(f"ws://127.0.0.1:{port}/") as guest:
        opened.close()
        with pytest.raises(ConnectionClosed, match="1012"):
            guest.recv(5)


def test_an_address_that_is_taken_is_an_error_and_the_room_stays_closed(
    opened: Room, port: int
) -> None:
    with socket.create_server(("127.0.0.1", port)), pytest.raises(OSError, match="in use"):
        opened.open(f"http://127.0.0.1:{port}")
    assert opened.address == ""
    opened.open(f"http://127.0.0.1:{port}")
    assert ask(port)[0] == 200


def test_the_room_leaves_signals_to_the_server() -> None:
    before = [signal.getsignal(one) for one in HANDLED_SIGNALS]
    with room._Listener(uvicorn.Config(told)).capture_signals():
        assert [signal.getsignal(one) for one in HANDLED_SIGNALS] == before


def test_without_a_server_of_its_own_there_is_no_room() -> None:
    with pytest.raises(OSError, match="no server"):
        Room().open("http://127.0.0.1:1")


def test_bounds_of_the_room_are_those_of_the_server(
    opened: Room, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A message larger than Streamlit takes ends the connection, in the room too."""
    monkeypatch.setattr(starlette_server, "get_max_message_size_bytes", lambda: 1_000_000)
    opened.open(f"http://127.0.0.1:{port}")
    with connect(f"ws://127.0.0.1:{port}/") as guest:
        guest.send(b"x")
        guest.send(b"x" * 2_000_000)
        with pytest.raises(ConnectionClosed, match="1009"):
            guest.recv(5)
