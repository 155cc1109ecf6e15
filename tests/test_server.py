"""What the server answers, and to whom."""

import asyncio
import gzip
import importlib
import json
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from starlette.applications import Starlette
from starlette.datastructures import Headers
from streamlit.file_util import get_static_dir
from streamlit.runtime.pages_manager import PagesManager
from streamlit.testing.v1 import AppTest
from streamlit.web.server.starlette.starlette_app import create_streamlit_middleware
from streamlit.web.server.starlette.starlette_static_routes import (
    create_streamlit_static_assets_routes,
)

from ikmgeo import analysis
from ikmgeo.analysis import Inputs
from ikmgeo.display import assets, maps
from ikmgeo.reading.orientation import read_orientation
from ikmgeo.register.chosen import Chosen
from ikmgeo.register.store import Version
from ikmgeo.ui import server
from ikmgeo.ui.parts import map_view
from ikmgeo.ui.server import PARTS, SCRIPT
from ikmgeo.ui.state import looking, session
from ikmgeo.ui.state.looking import Looked
from ikmgeo.words.messages import Messages
from tests.extract import osm_xml
from tests.oriented import with_orientation
from tests.registered import COFFEES, HOSTILE, VILLAGE, registered

Ask = Callable[..., tuple[int, Headers, bytes]]
FRAME = "/component/streamlit_folium.st_folium/index.html"


@pytest.fixture(scope="module")
def ask() -> Ask:
    """Ask the routes and middleware of the app, Streamlit's own files behind them."""
    app = Starlette(
        routes=[*PARTS["routes"], *create_streamlit_static_assets_routes("")],
        middleware=[*PARTS["middleware"], *create_streamlit_middleware()],
    )

    def answer(path: str, client: str = "127.0.0.1", **headers: str) -> tuple[int, Headers, bytes]:
        sent: list[Any] = []

        async def receive() -> dict[str, Any]:
            return await asyncio.Future()  # nothing more comes from who asks

        async def send(message: Any) -> None:
            sent.append(message)

        told = {"host": "localhost:8501"} | {k.replace("_", "-"): v for k, v in headers.items()}
        scope = {
            "type": "http",
            "method": "GET",
            "path": path.partition("?")[0],
            "query_string": path.partition("?")[2].encode(),
            "headers": [(k.encode(), v.encode()) for k, v in told.items()],
            "client": (client, 1),
        }
        asyncio.run(app(scope, receive, send))
        body = b"".join(message.get("body", b"") for message in sent[1:])
        return sent[0]["status"], Headers(raw=sent[0]["headers"]), body

    return answer


def directives(headers: Headers) -> dict[str, list[str]]:
    parts = (part.split() for part in headers["content-security-policy"].split(";"))
    return {name: allowed for name, *allowed in parts}


def test_streamlit_knows_no_pages_but_those_it_is_told() -> None:
    # What it knows before the first run is what a link straight to a page would run.
    found = PagesManager(str(SCRIPT)).get_pages().values()
    assert [page["script_path"] for page in found] == [str(SCRIPT)]


@pytest.mark.parametrize("path", ["/", "/linkage", "/favicon.png", FRAME, "/_stcore/metrics"])
def test_every_answer_carries_a_policy(ask: Ask, path: str) -> None:
    _, headers, _ = ask(path, "10.0.0.7")
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    policy = directives(headers)
    for name in ("default-src", "base-uri", "form-action", "frame-ancestors"):
        assert policy[name] == ["'self'"]
    assert policy["object-src"] == ["'none'"]
    assert "connect-src" not in policy
    assert "frame-src" not in policy


@pytest.mark.parametrize("packing", ["identity", "gzip"])
@pytest.mark.parametrize("path", ["/", "/linkage", "/office/present"])
def test_the_page_has_our_name_and_styles_from_the_start(ask: Ask, path: str, packing: str) -> None:
    kept = ask("/")[1].get("etag", "W/none")
    status, headers, body = ask(
        path, accept="text/html", accept_encoding=packing, if_none_match=kept
    )
    page = body.decode()
    assert status == 200
    assert int(headers["content-length"]) == len(body)
    assert "etag" not in headers
    assert "last-modified" not in headers
    assert "<title>ikmgeo</title>" in page
    assert page.count("--ikm-ink:") == page.count(".ikm-h1 {") == 1
    assert page.index("</style></body>") > page.index("</head>")
    assert page.count('<body data-opened="present">') == path.endswith("present")
    assert len(body) > 10_000


def test_the_frame_of_the_map_stays_as_it_is(ask: Ask) -> None:
    assert b"--ikm-ink" not in ask(FRAME, accept="text/html")[2]


def test_only_the_map_evaluates_and_only_its_tiles_come_from_outside(ask: Ask) -> None:
    page, frame = (directives(ask(path)[1]) for path in ("/", FRAME))
    for allowed in page.values():
        assert not {"'unsafe-eval'", "*", "http:", "https:"} & {*allowed}
    assert "'unsafe-inline'" not in page["script-src"]
    outside = [a for allowed in frame.values() for a in allowed if "." in a]
    assert outside == ["https://tile.openstreetmap.org", "https://server.arcgisonline.com"]
    assert {*outside} < {*frame["img-src"]}
    assert [a for allowed in page.values() for a in allowed if "." in a] == []


@pytest.mark.parametrize(
    "path",
    [
        "/_stcore/metrics",
        "/ikmgeo/_stcore/metrics",
        "/_stcore/agent/openapi.json",
        "/_stcore/script-health-check",
    ],
)
def test_what_tells_about_the_server_is_for_this_machine_alone(ask: Ask, path: str) -> None:
    for client, host in (("10.0.0.7", "localhost"), ("127.0.0.1", "ikm.example.go.id")):
        assert ask(path, client, host=host)[::2] == (404, b"")
    assert ask(path, "127.0.0.1")[2] != b""
    assert ask("/", "10.0.0.7", host="ikm.example.go.id")[0] == 200


def test_the_map_is_one_script_that_a_browser_keeps(ask: Ask) -> None:
    ground = map_view.ground_of(session.shipped_study())
    file = ground.file
    marks = (
        "url(data:image/png;base64,",
        "Leaflet 1.9",
        "window.ikmgeo =",
        ground.script,
    )  # each needs those before it
    places = [file.content.index(mark) for mark in marks]
    assert places == sorted(places)
    for base in ("", "/ikmgeo"):
        status, headers, body = ask(f"{base}/map-files/{file.name}", accept_encoding="gzip")
        assert (status, headers["content-type"]) == (200, "text/javascript; charset=utf-8")
        assert headers["cache-control"] == "public, max-age=31536000, immutable"
        assert headers["content-encoding"] == "gzip"
        assert gzip.decompress(body).decode() == file.content
    again = ask(f"/map-files/{file.name}", if_none_match=headers["etag"])
    assert again[::2] == (304, b"")
    assert ask("/map-files/map-0.js")[0] == 404


def test_lines_to_find_ones_way_by_are_asked_for_by_their_names(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    ground = map_view.ground_of(session.shipped_study())
    files = tuple(assets.lines_file([[[20_000, 990_000, 0, at]]]) for at in range(3))
    monkeypatch.setattr(map_view, "ground_of", lambda study: replace(ground, lines=files))
    for file in files:
        status, headers, body = ask(f"/map-files/{file.name}")
        assert (status, headers["content-type"]) == (200, "application/json")
        assert headers["cache-control"] == "public, max-age=31536000, immutable"
        assert body.decode() == file.content
    assert ask("/map-files/lines-0.json")[0] == 404


def test_a_page_opened_before_the_base_map_changed_still_gets_its_lines(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = session.shipped_study()

    def with_road(to: float) -> session.Study:
        way = ({"highway": "trunk"}, [(2.0, 99.0), (to, 99.0)])
        guide = read_orientation("a.osm", osm_xml([way], []), box=study.inputs.bounds)
        inputs = with_orientation(study.inputs, guide)
        return replace(study, stamp=f"road to {to}", inputs=inputs)

    former, later = with_road(2.5), with_road(2.6)
    opened = map_view.ground_of(former)
    monkeypatch.setattr(session, "shipped_study", lambda: later)
    assert {f.name for f in map_view.ground_of(later).lines}.isdisjoint(
        f.name for f in opened.lines
    )
    for file in (opened.file, *opened.lines):
        assert ask(f"/map-files/{file.name}")[0] == 200


@pytest.mark.parametrize("kind", ["js", "css"])
def test_files_of_streamlit_come_compressed_and_are_kept(ask: Ask, kind: str) -> None:
    file = max((Path(get_static_dir()) / "static" / kind).iterdir(), key=lambda f: f.stat().st_size)
    for base in ("", "/ikmgeo"):
        status, headers, body = ask(f"{base}/static/{kind}/{file.name}", accept_encoding="br, gzip")
        assert status == 200
        assert gzip.decompress(body) == file.read_bytes()
        assert len(body) < file.stat().st_size / 2
        assert headers["content-encoding"] == "gzip"
        assert headers["vary"] == "Accept-Encoding"
        assert headers["cache-control"] == "public, max-age=31536000, immutable"
        assert {"js": "javascript", "css": "css"}[kind] in headers["content-type"]
        assert headers["x-content-type-options"] == "nosniff"
    _, headers, body = ask(f"/static/{kind}/{file.name}")
    assert body == file.read_bytes()
    status, headers, body = ask(
        f"/static/{kind}/{file.name}", accept_encoding="gzip", range="bytes=0-9"
    )
    assert (status, body) == (206, file.read_bytes()[:10])


@pytest.mark.parametrize("name", ["no.js", "../../index.html", "..%2F..%2Findex.js", ".js"])
def test_no_other_file_is_given_as_one_of_streamlits(ask: Ask, name: str) -> None:
    _, headers, _ = ask(f"/static/js/{name}", accept_encoding="gzip")
    assert "immutable" not in headers.get("cache-control", "")


def test_what_nobody_foresaw_is_told_in_the_language_of_the_reader() -> None:
    def failing() -> None:
        from ikmgeo.ui.server import PARTS
        from ikmgeo.ui.state import keys
        from ikmgeo.view import View

        keys.VIEW.set(View(language="en"))
        assert PARTS["on_script_error"](RuntimeError("secret"))

    app = AppTest.from_function(failing).run()
    assert not app.exception
    assert [error.value for error in app.error] == [Messages("en")("frame.failed")]
    assert [button.label for button in app.button] == [Messages("en")("frame.start_again")]


def test_the_first_reader_finds_everything_made(monkeypatch: pytest.MonkeyPatch) -> None:
    async def start() -> None:
        async with PARTS["lifespan"](None):
            pass

    st.cache_resource.clear()
    asyncio.run(start())
    for made in (analysis, "gather"), (analysis, "measure"), (maps, "ground"):
        monkeypatch.delattr(*made)
    map_view.ground_of(session.shipped_study())


def test_what_other_pages_need_is_imported_beside_the_first_answers(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    for module in ("ikmgeo.ui.help", "ikmgeo.ui.workshop.groups", "mapclassify"):
        importlib.import_module(module)
        monkeypatch.delitem(sys.modules, module)

    async def start() -> None:
        before = set(threading.enumerate())
        async with PARTS["lifespan"](None):
            for thread in set(threading.enumerate()) - before:
                if isinstance(thread, threading.Timer):
                    thread.join()

    monkeypatch.setattr(server, "LATER_S", 0)
    asyncio.run(start())
    assert {"ikmgeo.ui.help", "ikmgeo.ui.workshop.groups", "mapclassify"} <= set(sys.modules)
    assert "ikmgeo.ui.script.router" not in sys.modules  # it runs a page
    assert not [r for r in caplog.records if r.name == "ikmgeo"]


def test_another_ground_has_another_name() -> None:
    names = {assets.map_file(f"ground {at}").name for at in range(2)}
    assert len(names) == 2
    assert assets.map_file("a") == assets.map_file("a")


@pytest.fixture
def register(tmp_path: Path, shipped: Inputs, monkeypatch: pytest.MonkeyPatch) -> Version:
    """A register of this installation."""
    made = registered(tmp_path, shipped)
    monkeypatch.setenv("IKMGEO_REGISTER", str(made.folder))
    return made.version()


def test_units_are_drawn_and_told_for_whom_a_page_told_the_key(
    ask: Ask, register: Version, shipped: Inputs
) -> None:
    key = looking.key(Looked(register.name, Chosen(text="kopi"), False, "id"))
    spot = shipped.gazetteer.spot(VILLAGE)
    status, headers, body = ask(f"/register-tiles/{key}/0/0/0.png")
    assert (status, headers["Content-Type"], body[:4]) == (200, "image/png", b"\x89PNG")
    assert headers["Cache-Control"].startswith("private")
    _, _, empty = ask(f"/register-tiles/{key}/5/0/0.png")
    assert body != empty
    status, headers, body = ask(
        f"/office/ikm/register-units/{key}?lat={spot.lat}&lon={spot.lon}&zoom=14"
    )
    told = json.loads(body)
    assert (status, headers["Cache-Control"]) == (200, "no-store")
    assert told["head"] == f"{COFFEES} unit di sini"
    assert told["units"][:2] == [f"{HOSTILE} · Kopi · 1 orang", "Kopi 1 · Kopi · 2 orang"]
    _, _, body = ask(f"/register-units/{key}?lat=0&lon=0&zoom=14")
    assert json.loads(body)["units"] == []


@pytest.mark.parametrize(
    "path",
    [
        *("register-tiles/{key}/19/0/0.png", "register-tiles/{key}/3/8/0.png"),
        *("register-tiles/guess/0/0/0.png", "register-units/guess?lat=1&lon=1&zoom=9"),
        *("register-units/{key}", "register-units/{key}?lat=x&lon=1&zoom=9"),
        *("register-units/{key}?lat=nan&lon=1&zoom=9", "register-units/{key}?lat=1&lon=1&zoom=1e9"),
    ],
)
def test_what_asks_for_no_units_gets_none(ask: Ask, register: Version, path: str) -> None:
    key = looking.key(Looked(register.name, Chosen(), False, "id"))
    assert ask(f"/{path.format(key=key)}")[0] == 404
