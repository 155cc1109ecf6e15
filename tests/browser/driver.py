"""One browser tab on the app, driven as a reader would, with a record of all that goes wrong."""

import contextlib
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pandas as pd
import pytest
from playwright.sync_api import Error, Frame, Locator, Page, Request, TimeoutError, expect

from ikmgeo import tables
from tests.saying import SAY

LOCAL = re.compile(r"(https?|wss?)://127\.0\.0\.1[:/]|data:|blob:|about:")
PROBE = re.compile(r"http://127\.0\.0\.1:\d+(/\w+)+/_stcore/(host-config|health)$")
"""What Streamlit asks for first on a link straight to a page; the 404 is its way of finding out."""
CENTERS = 13
DESKTOP, PHONE = (1366, 768), (390, 844)
DATA = Path(__file__).parents[2] / "data"
expect.set_options(timeout=30_000)
MAPPED = re.compile(
    r"/(map)?(\?.*)?|/linkage(?!.*section=(tests|roads)).*|/register(?!.*section=files).*"
)
"""Paths that open with a map of centers."""
LISTEN = """
    window.shifted = 0;
    new PerformanceObserver((seen) => seen.getEntries().forEach((e) => {
        if (!e.hadRecentInput) window.shifted += e.value;
    })).observe({type: "layout-shift", buffered: true});
    document.addEventListener("securitypolicyviolation", (e) =>
        console.error("against the policy:", e.effectiveDirective, e.blockedURI, e.sourceFile));
    const holds = (message, wanted) => {  // a field at the outermost level of a protobuf message
        const bytes = new Uint8Array(message);
        let at = 0;
        const number = () => {
            let value = 0;
            for (let factor = 1; ; factor *= 128) {
                const byte = bytes[at++];
                value += (byte & 127) * factor;
                if (byte < 128) return value;
            }
        };
        while (at < bytes.length) {
            const tag = number();
            if (Math.floor(tag / 8) === wanted) return true;
            const value = number();
            if (tag % 8 === 2) at += value;  // the length of what follows
        }
        return false;
    };
    const RERUN = 11, NEW_SESSION = 4;
    const Plain = window.WebSocket;
    window.WebSocket = class extends Plain {
        constructor(...all) {
            super(...all);
            this.addEventListener("message", ({data}) => {
                if (data instanceof ArrayBuffer && holds(data, NEW_SESSION)) window.toldApp = false;
            });
        }
        send(data) {
            if (typeof data !== "string" && holds(data, RERUN)) window.toldApp = true;
            super.send(data);
        }
    };"""
"""Adds up what shifts without the reader's doing. Tells what the policy forbids. Notes in a page
whether the app has yet to begin the run that it was asked for; Streamlit shows "running" only from
then on."""
# A slider of Streamlit tells its value 200 ms after the last key.
STILL = """wait => {
    const busy = window.toldApp
        || !document.querySelector('[data-test-script-state="notRunning"]')
        || document.querySelector('[data-stale="true"]')
        || document.getAnimations().some(a => a.playState === 'running');
    if (busy || window.still?.wait !== wait) window.still = {wait, since: performance.now()};
    return !busy && performance.now() - window.still.since > 250;
}"""
HEAD_IS_NOT = """head => {
    const cells = document.querySelector('[data-testid="stDataFrame"] canvas tr').children;
    return [...cells].some((cell, at) => cell.innerText !== head[at]);
}"""
SIGNS = "Object.values(map._layers).filter(l => l.options.sign)"


@dataclass
class Tab:
    """A tab; ``tiles`` says that this test asks for online tiles on purpose."""

    page: Page
    origin: str
    outside: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    tiles: bool = False
    _waits: Iterator[int] = field(default_factory=count, repr=False)

    def __post_init__(self) -> None:
        """Record requests that leave this machine and errors of page and console."""
        self.page.set_default_timeout(40_000)
        self.page.add_init_script(LISTEN)
        self.page.on("request", self._request)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on(
            "console",
            lambda m: (
                self.errors.append(f"{m.text} {m.location['url']}")
                if m.type == "error" and not PROBE.search(m.location["url"])
                else None
            ),
        )

    def _request(self, request: Request) -> None:
        if not LOCAL.match(request.url):
            self.outside.append(request.url)

    def open(self, path: str, *, centers: int = CENTERS) -> "Tab":
        """Open a path and wait until the page, and its map if it has one, stand still."""
        self.page.goto(self.origin + path)
        self.page.locator(".ikm-h1, .ikm-headline").wait_for()
        self.settle()
        if MAPPED.fullmatch(path):
            self.drawn(centers)
            self.settle()
        if path.startswith("/districts"):
            self.in_map("() => map.ikmDistricts && map.ikmDistricts['1208'].shaded === true")
        return self

    def settle(self) -> None:
        """Wait until the app has answered all that it was told and stays still for a moment."""
        # Asked at each frame, as is usual, the browser would draw frames only to be asked.
        self.page.wait_for_function(STILL, arg=next(self._waits), polling=50)

    @property
    def params(self) -> dict[str, str]:
        """Parameters of the address bar."""
        query = parse_qs(urlsplit(self.page.url).query)
        return {name: values[0] for name, values in query.items()}

    def expect_param(self, name: str, value: str | None) -> None:
        """Wait until the address bar holds a parameter, or no longer does."""
        script = "([n, v]) => new URL(location).searchParams.get(n) === v"
        self.page.wait_for_function(script, arg=[name, value])

    # The map

    @property
    def map(self) -> Frame:
        """Frame of the map; while pages change there may be two for a moment."""
        frames = self.page.locator('iframe[title*="st_folium"]')
        expect(frames).to_have_count(1)
        handle = frames.element_handle()
        frame = handle.content_frame()
        assert frame is not None
        return frame

    def drawn(self, centers: int = CENTERS) -> Frame:
        """Wait until the map shows so many signs of centers."""
        self.in_map(f"n => window.map && {SIGNS}.length === n", centers)
        return self.map

    def in_map(self, script: str, value: object = None) -> None:
        """Wait for something in the map's frame, also while the page changes."""
        until = time.monotonic() + 40
        while True:
            with contextlib.suppress(Error, AssertionError):  # a frame that is being replaced
                if self.map.evaluate(script, value):
                    return
            assert time.monotonic() < until, f"in vain: {script} with {value}"
            self.page.wait_for_timeout(50)

    def signs(self) -> list[str]:
        """Category of each sign on the map."""
        return sorted(self.map.evaluate(f"{SIGNS}.map(l => l.options.sign)"))

    def shapes(self, condition: str, count: int) -> None:
        """Wait until so many layers ``l`` of the map meet a condition."""
        script = f"n => Object.values(map._layers).filter(l => {condition}).length === n"
        self.in_map(script, count)

    def click_map(self, lat: float, lon: float) -> None:
        """Click the map where a place is drawn."""
        x, y = self.position(lat, lon)
        self.page.mouse.click(x, y)

    def click_name(self, name: str) -> None:
        """Click the name of a center or zone on the map."""
        script = """n => [...document.querySelectorAll('.ikm-label span')].filter(
            s => s.innerText.replaceAll('\\n', ' ') === n).map(s => s.getBoundingClientRect())
            .map(r => [r.left + r.width / 2, r.top + r.height / 2])[0]"""
        self.in_map(script, name)
        self.settle()
        frame = self.page.locator('iframe[title*="st_folium"]')
        frame.scroll_into_view_if_needed()
        x, y = self.map.evaluate(script, name)
        box = frame.bounding_box()
        assert box is not None
        self.page.mouse.click(box["x"] + x, box["y"] + y)

    def hover_map(self, lat: float, lon: float) -> Locator:
        """Point at a place of the map and answer with the tooltip."""
        x, y = self.position(lat, lon)
        tip = self.map.locator(".leaflet-tooltip")
        for _ in range(10):  # a layer that was just being drawn anew hears nothing
            for above in (40, 1, 0):
                self.page.mouse.move(x, y - above)
                self.page.wait_for_timeout(100)  # Leaflet looks at the mouse every 32 ms only
            if tip.count():
                break
        return tip

    def position(self, lat: float, lon: float) -> tuple[float, float]:
        """Where on the page a place is drawn."""
        self.page.locator('iframe[title*="st_folium"]').scroll_into_view_if_needed()
        box = self.page.locator('iframe[title*="st_folium"]').bounding_box()
        script = "at => { const p = map.latLngToContainerPoint(at); return [p.x, p.y]; }"
        x, y = self.map.evaluate(script, [lat, lon])
        assert box is not None
        assert 0 < x < box["width"], "the place is not in sight"
        assert 0 < y < box["height"], "the place is not in sight"
        return box["x"] + x, box["y"] + y

    def view_map(self, lat: float, lon: float, zoom: float) -> None:
        """Move the map at once, as the reader's doing: else a new size would fit it anew."""
        touch = "map.getContainer().dispatchEvent(new Event('pointerdown'))"
        self.map.evaluate(f"{touch}; void map.setView([{lat}, {lon}], {zoom}, {{animate: false}})")

    def mark(self) -> None:
        """Leave a mark in the map's frame that a reload would wipe out."""
        self.map.evaluate("window.__mark = 1")

    def still(self) -> list[float]:
        """The mark, and zoom and center of the map."""
        script = "[window.__mark, map.getZoom(), map.getCenter().lat, map.getCenter().lng]"
        return list(self.map.evaluate(script))

    def legend(self) -> Locator:
        """Legend on the map."""
        return self.map.locator(".ikm-legend")

    # Panel and table

    @property
    def panel(self) -> Locator:
        """The drill-down panel."""
        return self.page.locator(".st-key-panel")

    def expect_panel(self, name: str) -> None:
        """Wait until the panel is about this and no longer about what stood there before."""
        headings = self.panel.get_by_role("heading", level=2)
        expect(headings).to_have_text([re.compile(re.escape(name))])

    def rows(self, at: int = 0) -> list[list[str]]:
        """Cells of a data grid as its accessible table holds them, header first."""
        self.settle()
        script = """canvas => [...canvas.querySelectorAll('tr')].map(
            r => [...r.children].map(c => c.innerText))"""
        canvas = self.page.get_by_test_id("stDataFrame").nth(at).locator("canvas").first
        canvas.locator("tr").nth(1).wait_for(state="attached")
        return list(canvas.evaluate(script))

    def pick_row(self, row: int) -> None:
        """Click the check box of a row of the data grid; the first row is 0."""
        canvas = self.page.locator('[data-testid="stDataFrame"] canvas').first
        canvas.scroll_into_view_if_needed()
        box = canvas.bounding_box()
        assert box is not None
        self.page.mouse.click(box["x"] + 17, box["y"] + 36 + 35 * row + 17)

    def sort(self, heading: str, arrow: str = "↑") -> None:
        """Click along the headings of the data grid until a column is sorted this way."""
        canvas = self.page.locator('[data-testid="stDataFrame"] canvas').first
        canvas.scroll_into_view_if_needed()
        box = canvas.bounding_box()
        assert box is not None
        head = self.rows()[0]
        x = 50
        while x < box["width"]:
            self.page.mouse.click(box["x"] + x, box["y"] + 18)
            with contextlib.suppress(TimeoutError):  # the end of a heading opens a list instead
                self.page.wait_for_function(HEAD_IS_NOT, arg=head, timeout=1_000)
            self.page.keyboard.press("Escape")
            head = self.rows()[0]
            if f"{arrow} {heading}" in head:
                return
            sorted_at = [at for at, name in enumerate(head) if name.startswith(("↑", "↓"))]
            plain = [name.lstrip("↑↓ ") for name in head]
            between = plain.index(heading) - sorted_at[0] - 1 if sorted_at else 0
            x += 20 + 50 * max(between, 0)  # no column is narrower
        raise AssertionError(f"{heading} does not sort: {head}")

    def expect_row(self, name: str | None) -> None:
        """Wait until the one selected row of the data grid has this name, or none is selected."""
        script = """name => {
            const grid = document.querySelector('[data-testid="stDataFrame"] canvas');
            const rows = [...grid.querySelectorAll('tbody tr[aria-selected=true]')];
            return name === null ? !rows.length
                : rows.length === 1 && rows[0].innerText.includes(name);
        }"""
        self.page.wait_for_function(script, arg=name)

    # Controls

    def choose(self, label: str, *options: str, typed: bool = False) -> None:
        """Choose options of a list, of a long one by typing; what is chosen leaves the list."""
        for option in options:
            item = self.page.get_by_role("option", name=option, exact=True)
            for last in (False, False, True):  # a list that was still opening takes no click
                with contextlib.suppress(*() if last else (TimeoutError,)):
                    box = self.unfold(label)
                    if typed:
                        box.fill(option)
                    item.click(timeout=2_000)
                    item.wait_for(state="hidden", timeout=2_000)
                    break
        if box.get_attribute("aria-expanded") == "true":  # a list of several stays open
            box.press("Escape")

    def more_filters(self, language: str = "id") -> None:
        """Open the filters that are folded away."""
        words = SAY[language]("filter.more")
        folded = self.page.get_by_test_id("stExpander").locator("details").filter(has_text=words)
        if folded.get_attribute("open") is None:
            folded.locator("summary").click()
            self.page.get_by_text(SAY[language]("map.places")).wait_for()
            self.page.wait_for_timeout(400)  # what unfolds moves under the pointer

    def unfold(self, label: str) -> Locator:
        """Open a list; one that was still being filled takes no click."""
        box = self.page.get_by_role("combobox", name=label, exact=True)
        for last in (False, False, True):
            if box.get_attribute("aria-expanded") != "true":
                box.click()
            with contextlib.suppress(*() if last else (TimeoutError,)):
                self.page.get_by_role("option").first.wait_for(timeout=2_000)
                break
        return box

    def slide(self, label: str, key: str, value: str, thumb: int = 0) -> None:
        """Press a key on a slider until it says so; past it, start again from its end."""
        slider = self.slider(label, thumb)
        start = "End" if key == "ArrowLeft" else "Home"
        before = None
        for _ in range(100):
            now = slider.get_attribute("aria-valuetext")
            if now == value:
                self.settle()
                if slider.get_attribute("aria-valuetext") == value:
                    return
            slider.press(start if now == before else key)
            before = now
        raise AssertionError(f"{label} does not come to {value}: {now}")

    def slider(self, label: str, thumb: int = 0) -> Locator:
        """Handle of a slider."""
        labelled = self.page.get_by_test_id("stSlider").filter(has_text=label)
        return labelled.locator("input[type=range]").nth(thumb)

    def language(self, language: str) -> None:
        """Switch the language and wait for it."""
        words = {"id": "Bahasa Indonesia", "en": "English"}[language]
        narrow = self.page.get_by_test_id("stExpandSidebarButton")
        folded = narrow.is_visible()
        if folded:
            narrow.click()
        self.page.get_by_test_id("stRadio").get_by_text(words, exact=True).click()
        self.expect_param("lang", language)
        if folded:
            self.page.get_by_test_id("stSidebarCollapseButton").locator("button").click()
            narrow.wait_for()
        self.settle()

    def expect_count(self, kept: int, of: int = CENTERS, language: str = "id") -> None:
        """Wait until the count says so and the map draws as many."""
        words = SAY[language]("filter.count", kept=kept, of=of)
        expect(self.page.locator(".ikm-count")).to_have_text(words)
        self.drawn(kept)

    def upload(self, name: str, content: bytes, label: str = "") -> None:
        """Bring a file, where there are several places for one to that with the label."""
        file: Any = {"name": name, "mimeType": "application/octet-stream", "buffer": content}
        place = self.page.get_by_test_id("stFileUploader").filter(has_text=label)
        place.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(file)

    def check(self) -> None:
        """Nothing left this machine, nothing failed, no exception is shown."""
        assert self.tiles or not self.outside, self.outside
        errors = [e for e in self.errors if not (self.tiles and "ERR_NAME_NOT" in e)]
        assert not errors, errors
        with contextlib.suppress(Error):  # the test may have closed the tab
            assert self.page.get_by_test_id("stException").count() == 0


IN_SIGHT = """e => {
    const {left, top, width, height} = e.getBoundingClientRect();
    const x = left + width / 2, y = top + height / 2;
    const holds = ({left, top, right, bottom}) =>
        left <= x && x <= right && top <= y && y <= bottom;
    for (let within = e.parentElement; within; within = within.parentElement)
        if (getComputedStyle(within).overflowY !== 'visible'
            && !holds(within.getBoundingClientRect())) return false;
    return holds({left: 0, top: 0, right: innerWidth, bottom: innerHeight});
}"""
"""Whether the middle of an element is in sight, in the window and in every box that scrolls."""


@dataclass
class Hand:
    """A reader's hand on a tab, and what it has done: every press, drag, key and field that is
    filled counts one, and so does every scrolling to what is not in sight."""

    tab: Tab
    count: int = 0

    def sees(self, what: Locator) -> None:
        """Bring into sight what is to be read or pressed."""
        what.wait_for()
        if not what.evaluate(IN_SIGHT):
            self.tab.settle()  # it may be about to be
        if not what.evaluate(IN_SIGHT):
            what.evaluate("e => e.scrollIntoView({block: 'center'})")
            self.count += 1

    def press(self, what: Locator) -> None:
        """Press a button or a link, or an option of an open list."""
        self.sees(what)
        what.click()
        self.count += 1
        self.tab.settle()

    def press_map(self, lat: float, lon: float) -> None:
        """Press a place of the map."""
        self.sees(self.tab.page.locator('iframe[title*="st_folium"]'))
        self.tab.click_map(lat, lon)
        self.count += 1
        self.tab.settle()

    def bring(self, name: str, content: bytes) -> None:
        """Bring a file: one press opens the browser's own window for it."""
        self.sees(self.tab.page.get_by_test_id("stFileUploader"))
        self.tab.upload(name, content)
        self.count += 1
        self.tab.settle()


Visit = Callable[..., Tab]

Opened = Callable[[str], Tab]
"""Opens a path as the reader of ``IN_BOTH`` has it."""

IN_BOTH = pytest.mark.parametrize(("language", "size"), [("id", DESKTOP), ("en", PHONE)])
"""A test in both languages, one at each size of the screen."""


def place(center: str) -> tuple[float, float]:
    """Latitude and longitude of a shipped center."""
    row = tables.row(pd.read_csv(DATA / "centers.csv", index_col="center_id"), center)
    return float(row["lat"]), float(row["lon"])
