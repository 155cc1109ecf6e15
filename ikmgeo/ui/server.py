"""What serves the app: a script for each reader, the map's files, a policy on every answer."""

import gc
import gzip
import hashlib
import importlib
import logging
import pkgutil
import re
import threading
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import runtime
from streamlit.file_util import get_static_dir

from ikmgeo import ui
from ikmgeo.address import is_loopback
from ikmgeo.display import assets
from ikmgeo.folders import STATIC
from ikmgeo.reading import worker
from ikmgeo.ui.state import room
from ikmgeo.words.messages import Messages

SCRIPT: Final = Path(__file__).parent / "script" / "router.py"

PRIVATE: Final = re.compile(r"/_stcore/(metrics|agent|script-health-check)\b")
"""What tells about the server; a browser needs the rest (``host-config`` too) to show the app."""

OUTSIDE: Final = "streamlit.runtime.scriptrunner_utils.script_run_context"
"""Who warns of every use of Streamlit's caches that is not a script's, as they are used here."""

SHELVED: Final = re.compile(r"(?<=/)static/(?P<kind>js|css)/[\w.-]+\.(?P=kind)$")
"""Files of Streamlit's whose names say their content."""

LATER: Final = ("mapclassify",)
"""What takes about a second of the processor to import, and is imported where it is used."""

LATER_S = 10
"""From the start until the other pages are made ready."""

PACKED: Final = frozenset((b"accept-encoding", b"if-none-match", b"if-modified-since"))
"""What a browser says to be spared a page, or to have it compressed."""

FOREVER: Final = "public, max-age=31536000, immutable"


def _policy(**sources: str) -> str:
    """Directives of a policy: nothing from outside, and no frame, form or base elsewhere."""
    directives = {"default-src": "'self'", "object-src": "'none'"}
    directives |= dict.fromkeys(("base-uri", "form-action", "frame-ancestors"), "'self'")
    directives |= {f"{name}-src": f"'self' {allowed}" for name, allowed in sources.items()}
    return "; ".join(f"{name} {allowed}" for name, allowed in directives.items())


def _streamlit_page() -> str:
    """Streamlit's own page, in which every page of an app appears."""
    return (Path(get_static_dir()) / "index.html").read_text(encoding="utf-8")


def _inline_scripts() -> str:
    """Hashes of the scripts that stand in Streamlit's own page."""
    found = re.findall(r"<script>(.*?)</script>", _streamlit_page(), re.DOTALL)
    hashes = (b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in found)
    return " ".join(f"'sha256-{digest}'" for digest in hashes)


# Streamlit imports the scripts of components (``ikmgeo.ui.shell``) from blobs, reads its messages
# with WebAssembly and has an icon font inside its styles, which it and st.html put into elements.
PAGE_POLICY: Final = _policy(
    script=f"{_inline_scripts()} 'wasm-unsafe-eval' blob:",
    style="'unsafe-inline'",
    img="data: blob:",
    font="data:",
)
# streamlit-folium puts the map's calls into a script element, and evals its layers.
MAP_POLICY: Final = _policy(
    script="'unsafe-inline' 'unsafe-eval'",
    style="'unsafe-inline'",
    img=" ".join(["data:", *(f"https://{urlsplit(t[1]).netloc}" for t in assets.ONLINE_TILES)]),
)


class Guard:
    """Sends a policy with every answer; what tells about the server is for this machine alone."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(
                    {
                        "Content-Security-Policy": MAP_POLICY
                        if "/component/" in scope["path"]
                        else PAGE_POLICY,
                        "Referrer-Policy": "same-origin",
                        "X-Content-Type-Options": "nosniff",
                    }
                )
            await send(message)

        hidden = PRIVATE.search(scope["path"]) and not _from_here(scope)
        await (Response(status_code=404) if hidden else self.app)(scope, receive, answer)


class Shelf:
    """Answers for Streamlit's scripts and styles out of memory, compressed once.

    A first visit needs a hundred of them, 4 MB: read anew and sent as they are, half a second of
    the server's time and three times the bytes for a phone in the room.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        found = SHELVED.search(scope["path"]) if _takes_gzip(scope) else None
        answer: ASGIApp = self.app
        if found and (file := Path(get_static_dir()) / found[0]).is_file():
            content = await run_in_threadpool(_compressed, file)
            headers = {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
            kind = "text/css" if found["kind"] == "css" else "text/javascript"
            answer = Response(
                content, media_type=kind, headers={"Cache-Control": FOREVER, **headers}
            )
        await answer(scope, receive, send)


class Dress:
    """Puts the app's styles and name into Streamlit's own page.

    Sent by a script they came after the first paint, which they moved, and with every run again.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        start: Message = {}
        page = bytearray()

        async def answer(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start" and _is_page(scope, message):
                start = message
            elif start and message["type"] == "http.response.body":
                page.extend(message.get("body", b""))
                if not message.get("more_body"):
                    dressed = _dressed(bytes(page), scope["path"].rpartition("/")[2])
                    headers = MutableHeaders(scope=start)
                    headers["Content-Length"] = str(len(dressed))
                    for stale in ("ETag", "Last-Modified"):  # they speak of Streamlit's file
                        del headers[stale]
                    await send(start)
                    await send({**message, "body": dressed})
            else:
                await send(message)

        if scope["type"] == "http":  # whole and plain, or there is nothing to put them into
            kept = [(name, value) for name, value in scope["headers"] if name not in PACKED]
            wants_page = "text/html" in Headers(scope=scope).get("accept", "")
            scope = {**scope, "headers": kept} if wants_page else scope
        await self.app(scope, receive, answer)


def _is_page(scope: Scope, start: Message) -> bool:
    """Whether an answer is Streamlit's own page, and not the frame of a component."""
    kind = MutableHeaders(scope=start).get("content-type", "")
    return kind.startswith("text/html") and "/component/" not in scope["path"]


def _dressed(page: bytes, opened: str) -> bytes:
    """Streamlit's page with our name and styles, and whether a talk was asked for.

    The styles are in the body: of two rules alike the later one holds, and Streamlit puts its own
    into the head.
    """
    page = page.replace(b"<title>Streamlit<", b"<title>ikmgeo<")
    if opened == "present":
        page = page.replace(b"<body>", b'<body data-opened="present">')
    return page.replace(b"</body>", _styles() + b"</body>")


@cache
def _styles() -> bytes:
    styles = (assets.style(STATIC / f"{name}.css") for name in ("design", "page"))
    return f"<style>{''.join(styles)}</style>".encode()


def _takes_gzip(scope: Scope) -> bool:
    """Whether a whole file is asked for, by a browser that unpacks it."""
    if scope["type"] != "http" or scope["method"] != "GET":
        return False
    headers = Headers(scope=scope)
    return "gzip" in headers.get("accept-encoding", "") and "range" not in headers


@cache
def _compressed(file: Path) -> bytes:
    return gzip.compress(file.read_bytes(), mtime=0)


def _from_here(scope: Scope) -> bool:
    """Whether a program on this machine asks, and not a proxy for somebody else."""
    host = urlsplit(f"//{Headers(scope=scope).get('host', '')}").hostname or ""
    client, _ = scope.get("client") or ("", 0)
    return is_loopback(client) and is_loopback(host)


def map_file(request: Request) -> Response:
    """A file of the map; its name says its content, so a browser may keep it."""
    from ikmgeo.ui.parts import map_view
    from ikmgeo.ui.state import session

    files = map_view.files(session.shipped_study())
    if (file := files.get(request.path_params["name"])) is None:
        return Response(status_code=404)
    headers = {"Cache-Control": FOREVER, "ETag": f'"{file.name}"'}
    if headers["ETag"] in request.headers.get("If-None-Match", ""):
        return Response(status_code=304, headers=headers)
    kind = "application/json" if file.name.endswith(".json") else "text/javascript"
    return Response(file.content, media_type=kind, headers=headers)


def unit_tile(request: Request) -> Response:
    """A tile of a register's units, for whom a page has told their key."""
    from ikmgeo.register import tiles
    from ikmgeo.ui.state import looking

    asked = request.path_params
    zoom, x, y = (int(asked[name]) for name in ("zoom", "x", "y"))
    seen = looking.looked(asked["key"])
    if seen is None or zoom > tiles.FINEST or max(x, y) >= 2**zoom:
        return Response(status_code=404)
    made = tiles.tile(looking.spread(seen), zoom, x, y, by_product=seen.by_product)
    return Response(
        made, media_type="image/png", headers={"Cache-Control": "private, max-age=3600"}
    )


def units_there(request: Request) -> Response:
    """What lies where a reader pressed, in words."""
    from ikmgeo.register import tiles
    from ikmgeo.ui.state import looking

    asked = request.query_params
    seen = looking.looked(request.path_params["key"])
    try:
        lat, lon, zoom = (float(asked[name]) for name in ("lat", "lon", "zoom"))
    except (KeyError, ValueError):
        return Response(status_code=404)
    inside = abs(lat) <= 90 and abs(lon) <= 180 and 0 <= zoom <= tiles.FINEST
    if seen is None or not inside:
        return Response(status_code=404)
    return JSONResponse(looking.told(seen, lat, lon, zoom), headers={"Cache-Control": "no-store"})


@asynccontextmanager
async def lifespan(app: Any) -> AsyncIterator[None]:
    """Make ready what the first reader needs, before the server answers anybody.

    It takes seconds of the processor either way; so a server that answers is ready, a proxy asks
    another process until then, and no reader waits longer than the next. What the other pages
    need comes a moment later, when the first reader has what they came for.
    """
    logging.getLogger(OUTSIDE).setLevel(logging.ERROR)
    _warm()
    later = threading.Timer(LATER_S, _warm_others)
    later.daemon = True
    later.start()
    room.here().furnish(app)
    yield
    later.cancel()
    await room.here().turn("")


def _warm() -> None:
    """Import the map page, load and check the data, and make the map's script."""
    try:
        import streamlit_folium

        if runtime.exists():  # Streamlit registers what a script imports, and none runs here
            component = streamlit_folium._component_func
            runtime.get_instance().component_registry.register_component(component)

        from ikmgeo.records import shelf  # noqa: F401
        from ikmgeo.ui import page  # noqa: F401
        from ikmgeo.ui.parts import explore, map_view  # noqa: F401
        from ikmgeo.ui.state import session

        _ = map_view.ground_of(session.shipped_study()).file
    except Exception:  # the pages tell what is wrong, and to whom
        logging.getLogger("ikmgeo").exception("the start failed to make things ready")
        return
    gc.freeze()  # what stays as long as the server need not be looked through again


def _warm_others() -> None:
    """Compress what every page loads; import the other pages, and libraries that only one needs.

    And forget the lists that nobody saved in time.
    """
    from ikmgeo.records import shelf
    from ikmgeo.ui.state import installation

    try:
        for asked in re.findall(r"static/(?:js|css)/[\w.-]+", _streamlit_page()):
            _compressed(Path(get_static_dir()) / asked)
        for module in pkgutil.walk_packages(ui.__path__, f"{ui.__name__}."):
            importlib.import_module(module.name)
        for library in LATER:
            importlib.import_module(library)
        worker.warm()
        shelf.purge(installation.store())
    except Exception:  # the page that needs it tells
        logging.getLogger("ikmgeo").exception("another page was not made ready")


def script_failed(_error: Exception) -> bool:
    """Apologise for an error outside every part of a page; Streamlit has put it into the log."""
    from ikmgeo.ui import frame
    from ikmgeo.ui.state import session

    frame.apologise(Messages(session.view().language))
    return True


PARTS: Final[dict[str, Any]] = {
    # Wherever ``server.baseUrlPath`` puts the app.
    "routes": [
        Route(f"/{{base:path}}{assets.ROUTE}/{{name}}", map_file),
        Route("/{base:path}register-tiles/{key}/{zoom:int}/{x:int}/{y:int}.png", unit_tile),
        Route("/{base:path}register-units/{key}", units_there),
    ],
    "middleware": [Middleware(Guard), Middleware(Shelf), Middleware(Dress)],
    "lifespan": lifespan,
    "on_script_error": script_failed,
}
"""What ``st.App`` takes besides the script."""
