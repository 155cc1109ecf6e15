"""The room: a second address of the running server, in the local network, while somebody opens it.

The server itself goes on listening where it was started, at first on this computer alone. A second
listener in its process and on its loop answers with the same application, so that policies, origins
and bounds are the same, and a browser is known by its own address, as behind no relay.
"""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Final
from urllib.parse import urlsplit

import streamlit as st
import uvicorn
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit.web.server.starlette import starlette_server

from ikmgeo import address

WAIT_S: Final = 10
"""The longest that a press waits for the listener to open or close."""

LEAVE_S: Final = 3
"""Guests whose answer takes longer are left without it when the room closes."""


class _Door:
    """Answers who asks for the address of the room itself.

    By any other name, a page from elsewhere could reach the app through a guest's browser, and a
    guest could pass for the person at this computer.
    """

    def __init__(self, app: ASGIApp, netloc: str) -> None:
        self.app, self.netloc = app, netloc

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if Headers(scope=scope).get("host") == self.netloc:
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            await send({"type": "http.response.start", "status": 421, "headers": []})
            await send({"type": "http.response.body", "body": b""})


class _Listener(uvicorn.Server):
    """A server that leaves signals to the one that was there first."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@dataclass
class Room:
    """The one room of this process; ``address`` is empty while it is closed."""

    address: str = ""
    _app: ASGIApp | None = None
    _loop: asyncio.AbstractEventLoop | None = None
    _listener: _Listener | None = None
    _served: asyncio.Task[None] | None = None
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    def furnish(self, app: ASGIApp) -> None:
        """What is served, on the loop that serves it; asked for when the server starts."""
        self._app, self._loop = app, asyncio.get_running_loop()

    def open(self, url: str) -> None:
        """Listen at one of this computer's own addresses, as ``address.addresses`` gives them.

        Raises
        ------
        OSError
            When the address is taken, or the computer has left that network.
        """
        self._run(url)

    def close(self) -> None:
        """Listen there no longer, and take leave of the guests; raises as ``open``."""
        self._run("")

    def _run(self, url: str) -> None:
        if self._loop is None:
            raise OSError("the app is served by no server that it knows")
        turned = asyncio.run_coroutine_threadsafe(self.turn(url), self._loop)
        turned.result(WAIT_S)

    async def turn(self, url: str) -> None:
        """Open the room at an address, or close it where there is none; at once for all who ask."""
        async with self._turn:
            if url == self.address or self._app is None:
                return
            await self._leave()
            if url:
                await self._enter(self._app, url)

    async def _enter(self, app: ASGIApp, url: str) -> None:
        at = urlsplit(url)
        there = socket.create_server((str(at.hostname), int(at.port or 80)))
        config = uvicorn.Config(
            _Door(app, at.netloc),
            lifespan="off",  # it is the first server's
            proxy_headers=False,  # nobody stands between a guest and the room
            log_config=None,
            timeout_graceful_shutdown=LEAVE_S,
            **starlette_server._get_uvicorn_config_kwargs(),  # bounds of the first server
        )
        self._listener = _Listener(config)
        self._served = asyncio.create_task(self._listener.serve([there]))
        self.address = url

    async def _leave(self) -> None:
        if self._listener is None or self._served is None:
            return
        self._listener.should_exit = True
        self.address = ""
        await self._served
        self._listener = self._served = None


@cache
def here() -> Room:
    """The room of this process.

    Not among Streamlit's cached resources: whoever empties those would leave it open for ever.
    """
    return Room()


def own_addresses(host: str = "") -> list[str]:
    """As ``address.addresses``, of every network unless a host is named; it may ask the network."""
    return address.addresses(host, int(st.get_option("server.port")))


def reached_at() -> str:
    """Address of the app for others, without a path; empty where only this computer reaches it.

    The one that this browser came by, else that of the room, else of this machine.
    """
    if found := address.origin(st.context.url or "") or here().address:
        return found + base_path()
    listens = _looked_up(st.get_option("server.address") or "")
    return next((f"{url}{base_path()}" for url in listens), "")


@st.cache_data(ttl=60, show_spinner=False)
def _looked_up(host: str) -> list[str]:
    """As ``own_addresses``, for every page: looking up this computer's name may take seconds."""
    return own_addresses(host)


def base_path() -> str:
    """Where below its address the app lies: empty, or with a stroke before it."""
    return "/".join(["", *filter(None, [st.get_option("server.baseUrlPath").strip("/")])])
