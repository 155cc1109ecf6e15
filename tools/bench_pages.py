"""Measure the start of the app's own code, changes of the page, and choosing a center."""

import subprocess
import sys
from statistics import median
from typing import TYPE_CHECKING

from ikmgeo.ui.frame import PAGES
from ikmgeo.view import STAGES
from ikmgeo.words.messages import Messages

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

Times = dict[str, list[float]]

IMPORTED = "import ikmgeo.ui.page, ikmgeo.ui.parts.explore, time; print(time.process_time())"
IMPORTS = 3
HEADING, READY_S, IMPORT_S, CHOICE_S = 0.2, 0.8, 1.5, 0.15
"""Wanted, in s: page to its heading, to its end; processor time of imports; choice to panel."""

SWITCH = """
([ready, withMap]) => new Promise((done, fail) => {
  const heading = () => document.querySelector("h1.ikm-h1")?.innerText;
  const drawn = () => [...document.querySelectorAll("iframe")].some((frame) =>
    frame.contentDocument?.querySelector(".leaflet-container canvas, .leaflet-container path"));
  const before = heading(), since = performance.now();
  let pressed = 0, headed = 0;
  const note = (event) => (pressed = event.timeStamp);
  addEventListener("pointerdown", note, { capture: true, once: true });
  const look = () => {
    const now = performance.now();
    if (now - since > 60000) fail("the page does not change");
    if (!headed && heading() && heading() !== before) headed = now;
    if (headed && document.querySelector(ready) && (!withMap || drawn()))
      done([(headed - pressed) / 1000, (now - pressed) / 1000]);
    else requestAnimationFrame(look);
  };
  look();
})
"""
"""Seconds from the press on a link to the heading of the page, and to its end with its map."""

CHOICE = """
() => new Promise((done, fail) => {
  const told = () => document.querySelector(".st-key-panel")?.innerText;
  const before = told(), since = performance.now();
  let pressed = 0;
  addEventListener("keydown", (event) => (pressed = event.timeStamp), { capture: true });
  const look = () => {
    if (performance.now() - since > 60000) fail("the panel stays as it is");
    else if (told() === before) requestAnimationFrame(look);
    else requestAnimationFrame(() => requestAnimationFrame(
      () => done((performance.now() - pressed) / 1000)));
  };
  look();
})
"""


def measure_imports() -> list[float]:
    """Seconds of processor time until a new process has imported what the first page needs."""
    command = [sys.executable, "-c", IMPORTED]
    return [
        float(subprocess.check_output(command, stderr=subprocess.DEVNULL)) for _ in range(IMPORTS)
    ]


def measure_pages(browser: "Browser", address: str, ready: str, rounds: int) -> Times:
    """Seconds to the heading and to the end of each page, and from choosing a center to its panel.

    The first round warms up.
    """
    page = browser.new_context(viewport={"width": 1366, "height": 768}).new_page()
    page.goto(f"{address}/?lang=en")
    page.wait_for_selector(ready, state="attached")
    page.wait_for_timeout(3_000)
    times: Times = {}
    for number in range(rounds + 1):
        found = {"choice": [_choose(page, number)]}
        for name in [*list(PAGES)[1:], "map"]:
            found[name] = _switch(page, name, ready)
        if number:
            for name, seconds in found.items():
                times.setdefault(name, []).extend(seconds)
    page.context.close()
    return times


def _switch(page: "Page", name: str, ready: str) -> list[float]:
    label = Messages("en")(f"page.{name}")
    link = page.get_by_test_id("stSidebar").get_by_role("link", name=label, exact=True)
    handle = page.evaluate_handle(
        f"given => ({{ switched: ({SWITCH})(given) }})", [ready, name in STAGES]
    )
    link.click()
    seconds: list[float] = handle.evaluate("held => held.switched")
    page.wait_for_timeout(1_000)
    return seconds


def _choose(page: "Page", number: int) -> float:
    """Choose the next center by name, with the keyboard."""
    box = page.get_by_test_id("stMain").get_by_test_id("stSelectbox").first.locator("input")
    box.click()
    for _ in range(number + 1):
        box.press("ArrowDown")
    handle = page.evaluate_handle(f"() => ({{ chosen: ({CHOICE})() }})")
    box.press("Enter")
    seconds: float = handle.evaluate("held => held.chosen")
    page.wait_for_timeout(1_000)
    return seconds


def _median(pages: Times, at: int) -> float:
    """Median over all pages of the first or second of their pairs."""
    return median(s for name, times in pages.items() if name != "choice" for s in times[at::2])


def section(pages: Times, imports: list[float]) -> str:
    """What was measured."""
    say = Messages("en")
    rows = "\n".join(
        f"| {say(f'page.{name}')} | {median(times[0::2]):.2f} | {median(times[1::2]):.2f} |"
        for name, times in pages.items()
        if name != "choice"
    )
    return f"""## Pages

From the press on a page's link to its heading, and until its script has ended and its map, if it
has one, is drawn; 13 centers.

| page | heading, s | whole, s |
|---|---|---|
{rows}

From the key that chooses a center by name to its painted panel: {median(pages["choice"]):.2f} s.
Processor time until a new process has imported what the first page needs: {median(imports):.2f} s.
"""


def targets(pages: Times, imports: list[float]) -> list[tuple[str, str, bool]]:
    """What was wanted, what was measured, and whether it was met."""
    measured = (
        (f"a page to its heading, median of all: {HEADING} s", _median(pages, 0), HEADING),
        (f"a page to its end, median of all: {READY_S} s", _median(pages, 1), READY_S),
        (f"13 centers, a choice to its panel: {CHOICE_S} s", median(pages["choice"]), CHOICE_S),
        (f"imports of the first page: {IMPORT_S} s", median(imports), IMPORT_S),
    )
    return [(what, f"{found:.2f} s", found <= wanted) for what, found, wanted in measured]
