"""Measure ikmgeo beside a naive app, in one run and on one machine; writes docs/benchmarks.md.

``--short`` takes under four minutes: what the screen needs, at 13 centers; it prints its report.

Both apps run in Chromium without internet and are measured in turns, so that a slow moment of the
machine falls on both. Times are taken inside the page: from the press of mouse or key to the second
animation frame after the map holds exactly the wanted markers.
"""

import argparse
import base64
import os
import platform
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import tracemalloc
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date
from importlib.metadata import version
from pathlib import Path
from statistics import median

import numpy as np
import pandas as pd
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))


from ikmgeo import analysis  # noqa: E402
from ikmgeo.measures import linkage  # noqa: E402
from ikmgeo.measures.scoring import Scheme  # noqa: E402
from ikmgeo.reading import places  # noqa: E402
from ikmgeo.settings import SHIPPED_DATA, Settings  # noqa: E402
from ikmgeo.words.messages import Messages  # noqa: E402
from tools import (  # noqa: E402
    bench_linkage,
    bench_lists,
    bench_pages,
    bench_people,
    bench_register,
    bench_scoring,
)
from tools.bench_linkage import SEED, UNITS  # noqa: E402

REPORT = ROOT / "docs" / "benchmarks.md"
RUNS = {13: (5, 5), 2_000: (3, 3), 13_762: (2, 3)}
"""Centers: cold starts measured after one warm-up (the naive app needs a minute), and changes."""
SHORT_RUNS = {13: (3, 4)}
ROUNDS, SHORT_ROUNDS = 5, 2
"""Of all pages."""
SECONDS, SHORT_SECONDS = 60, 25
"""That so many people work at once."""
PAIRS = 7
WINDOW: ViewportSize = {"width": 1366, "height": 768}
CHROMIUM_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
READY = '[data-testid="stApp"][data-test-script-state="notRunning"]'

Times = dict[str, list[float]]
"""Measurements by name; seconds and bytes."""

WATCH = """
(() => {
  if (window !== window.top) return;
  const bench = (window.bench = { pressed: 0, frames: [] });
  for (const press of ["pointerdown", "keydown"])
    addEventListener(press, (event) => (bench.pressed = event.timeStamp), true);

  const note = (way, data) => {
    const small = data.byteLength < 300;
    bench.frames.push({
      way, at: performance.now(), bytes: data.byteLength,
      body: small ? btoa(String.fromCharCode(...new Uint8Array(data))) : "",
    });
  };
  const Socket = window.WebSocket;
  window.WebSocket = class extends Socket {
    constructor(...given) {
      super(...given);
      this.addEventListener("message", (event) => note("in", event.data));
    }
    send(data) {
      note("out", data);
      super.send(data);
    }
  };

  const drawn = (sign) => {
    for (const frame of document.querySelectorAll("iframe")) {
      const inside = frame.contentWindow;
      if (!inside || !inside.map || !inside.map._layers) continue;
      const layers = Object.values(inside.map._layers);
      return layers.filter((layer) =>
        layer instanceof inside.L.CircleMarker && (!sign || layer.options.sign)).length;
    }
    return -1;
  };
  bench.watch = (wanted, sign) => new Promise((done, fail) => {
    const look = () => {
      if (performance.now() - since > 300000) fail(`not ${wanted} but ${drawn(sign)} markers`);
      else if (drawn(sign) !== wanted) requestAnimationFrame(look);
      else requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now())));
    };
    const since = performance.now();
    look();
  });
  bench.quiet = (ready) => {
    const last = bench.frames[bench.frames.length - 1];
    return document.querySelector(ready) && performance.now() - last.at > 700;
  };
})();
"""
"""Runs in the page before the app does: logs WebSocket messages, waits for painted markers."""


@dataclass
class App:
    """One of the two apps, serving, and what was measured of it; seconds and bytes."""

    name: str
    url: str
    labels: dict[str, str]
    sign: bool
    times: Times = field(default_factory=dict)

    def keep(self, measure: str, value: float) -> None:
        """Add one measurement."""
        self.times.setdefault(measure, []).append(value)


@dataclass(frozen=True)
class Part:
    """A section of the report, and its targets: wanted, measured, whether met."""

    text: str
    targets: list[tuple[str, str, bool]]


@dataclass(frozen=True)
class Served:
    """An app that serves: its address and its process."""

    url: str
    process: int


@dataclass(frozen=True)
class Linkage:
    """What ``bench_linkage`` measured; seconds and MB."""

    indicators: dict[int, Times]
    draws: list[float]
    slides: list[float]


@dataclass(frozen=True)
class Scoring:
    """What ``bench_scoring`` measured; seconds and MB."""

    robustness: Times
    slides: list[float]


def main() -> None:
    """Measure, and write the report; of the short form, print it."""
    parser = argparse.ArgumentParser(description=__doc__.split(";")[0])
    parser.add_argument("--short", action="store_true", help="13 centers on screen, no library")
    short = parser.parse_args().short
    began, load = time.perf_counter(), os.getloadavg()[0]
    results: dict[int, dict[str, Times]] = {}
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=CHROMIUM_ARGS
        )
        chromium = browser.version
        runs = SHORT_RUNS if short else RUNS
        for count, (starts, changes) in runs.items():
            data = prepare(count, folder / str(count))
            results[count] = compare(browser, data, starts, changes)
            for kind, times in results[count].items():
                print(count, kind, {m: spread(v, "{:.3g}") for m, v in times.items()}, flush=True)
        parts = [Part(_tables(results), _map_targets(results))]
        with serving("app.py", _empty(folder / "pages")) as app:
            parts.append(_pages(browser, app.url, short=short))
            if not short:
                slides = bench_linkage.measure_slider(browser, app.url, READY)
        if not short:
            with serving("app.py", scored(folder / "scored")) as app:
                weighed = bench_scoring.measure_weights(browser, app.url, READY)
        browser.close()
    with tempfile.TemporaryDirectory() as name, serving("app.py", _empty(Path(name))) as app:
        parts.append(_people(app, short=short))
    if not short:
        parts += _library(slides, weighed)
    minutes = (time.perf_counter() - began) / 60
    text = report(parts, runs, chromium, load, minutes)
    if short:
        print(text)
        return
    REPORT.write_text(text, encoding="utf-8")
    print(f"{REPORT.relative_to(ROOT)} written after {minutes:.1f} minutes")


def _empty(folder: Path) -> dict[str, str]:
    """Environment of an app in which nobody has saved anything."""
    return {"IKMGEO_DATABASE_URL": f"sqlite:///{folder}/empty.sqlite"}


def _pages(browser: Browser, address: str, *, short: bool) -> Part:
    rounds = SHORT_ROUNDS if short else ROUNDS
    pages = bench_pages.measure_pages(browser, address, READY, rounds)
    imports = bench_pages.measure_imports()
    return Part(bench_pages.section(pages, imports), bench_pages.targets(pages, imports))


def _people(app: Served, *, short: bool) -> Part:
    crowd = bench_people.measure(app.url, app.process, SHORT_SECONDS if short else SECONDS)
    return Part(bench_people.section(crowd), bench_people.targets(crowd))


def _library(slides: list[float], weighed: list[float]) -> list[Part]:
    """What needs no screen, with the two sliders that were measured on one."""
    library = measure_library()
    linked = Linkage(
        bench_linkage.measure_indicators(timed, peak_mb), bench_linkage.measure_draws(timed), slides
    )
    weights = Scoring(bench_scoring.measure_robustness(timed, peak_mb), weighed)
    placed = bench_lists.measure(timed)
    registers = bench_register.measure()
    ratio = median(library["ratio"])
    geodesics = ("`distance_km`: at most 2 times the bare geodesics", f"{ratio:.2f}", ratio <= 2)
    return [
        Part(_library_section(library), [geodesics]),
        Part(
            _linkage_section(linked),
            bench_linkage.targets(linked.indicators, linked.draws, linked.slides),
        ),
        Part(_scoring_section(weights), bench_scoring.targets(weights.robustness, weights.slides)),
        Part(bench_lists.section(placed, spread), bench_lists.targets(placed)),
        Part(bench_register.section(registers), bench_register.targets(registers)),
    ]


def prepare(count: int, folder: Path) -> Path:
    """Data folder with that many centers, and ``points.csv``, the same centers for the naive app.

    The shipped centers where their number is asked for, else synthetic ones.
    """
    shutil.copytree(SHIPPED_DATA, folder)
    shipped = analysis.gather(Settings(data=folder))
    if count != len(shipped.centers):
        synthetic_centers(count, shipped).to_csv(folder / "centers.csv", index=False)
    inputs = analysis.gather(Settings(data=folder))
    if len(inputs.centers) != count or inputs.issues:
        raise SystemExit(f"{len(inputs.centers)} of {count} centers read: {inputs.issues[:3]}")
    known = analysis.classify(analysis.measure(inputs), inputs.instrument, Scheme())
    points = known[["name_id", "lat", "lon", "score", "category"]]
    points.rename(columns={"name_id": "name"}).to_csv(folder / "points.csv", index=False)
    return folder


def scored(folder: Path) -> dict[str, str]:
    """Environment of an app whose 13 centers, the shipped ones in all else, have aspects."""
    shutil.copytree(SHIPPED_DATA, folder)
    file = folder / "centers.csv"
    centers = pd.read_csv(file, dtype=str)
    drawn = bench_scoring.random_aspects(centers.index).astype(str)
    centers.update(drawn.set_axis(list(analysis.gather(Settings()).instrument.aspects), axis=1))
    centers.to_csv(file, index=False)
    store = folder.with_suffix(".sqlite")
    return {"IKMGEO_DATA": str(folder), "IKMGEO_DATABASE_URL": f"sqlite:///{store}"}


def synthetic_centers(count: int, shipped: analysis.Inputs) -> pd.DataFrame:
    """Centers at random places inside the districts, the same at every run."""
    random = np.random.default_rng(SEED)
    west, south, east, north = shipped.districts.total_bounds
    tried = pd.DataFrame(
        {
            "lat": random.uniform(south, north, 6 * count).round(6),
            "lon": random.uniform(west, east, 6 * count).round(6),
        }
    )
    tried["district_code"] = places.located_district(tried, shipped.districts)
    centers = tried.dropna().head(count).reset_index(drop=True)
    number = centers.index.astype(str).str.zfill(5)
    rising = np.array([*shipped.instrument.categories][::-1])
    score = random.normal(42, 14, count).clip(1, 99).round(2)
    centers = centers.assign(
        center_id="s" + number,
        name_id="Sentra contoh " + number,
        name_en="Sample center " + number,
        commodity=random.choice(shipped.commodities.index, count),
        position_precision="village",
        position_basis="documented",
        score_total=score,
        category=rising[np.searchsorted(shipped.instrument.bounds, score)],
    )
    return centers.reindex(
        columns=[shipped.centers.index.name, *shipped.centers.columns.drop("row")]
    )


def compare(browser: Browser, data: Path, starts: int, changes: int) -> dict[str, Times]:
    """Measure both apps on the same centers, in turns."""
    points = pd.read_csv(data / "points.csv")
    counts = points["category"].value_counts().to_dict()
    inputs = analysis.gather(Settings(data=data))
    asked = [category for category in inputs.instrument.categories if category in counts]
    indonesian = Messages.of("id", inputs)
    environment = {
        "IKMGEO_DATA": str(data),
        **_empty(data),
        "BENCH_POINTS": str(data / "points.csv"),
    }
    with ExitStack() as stack:
        apps = [
            App(
                "ikmgeo",
                stack.enter_context(serving("app.py", environment)).url,
                {code: indonesian(f"category.{code}") for code in asked},
                sign=True,
            ),
            App(
                "naive",
                stack.enter_context(serving("tools/bench_naive.py", environment)).url,
                {code: code for code in asked},
                sign=False,
            ),
        ]
        pages = {}
        for run in range(starts + 1):  # the first warms the server up
            for app in apps:
                page, seconds = open_cold(browser, app, len(points))
                app.keep("cold" if run else "first", seconds)
                if run < starts:
                    page.context.close()
                else:
                    pages[app.name] = page
        for page in pages.values():
            be_quiet(page)
        for run in range(changes):
            category = asked[run % len(asked)]
            for app in apps:
                keep(app, "narrow", change(pages[app.name], app, category, counts[category]))
                app.keep("narrow markers", counts[category])
                keep(app, "widen", change(pages[app.name], app, None, len(points)))
        for page in pages.values():
            page.context.close()
    return {app.name: app.times for app in apps}


def keep(app: App, way: str, measured: "Change") -> None:
    """Record one filter change: ``narrow`` to one category, ``widen`` back to all centers."""
    app.keep(f"{way} painted", measured.painted)
    app.keep(f"{way} server", measured.server)
    app.keep(f"{way} bytes", measured.bytes)


@contextmanager
def serving(script: str, environment: dict[str, str]) -> Iterator[Served]:
    """Serve a Streamlit app on a free port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = {"port": port, "address": "127.0.0.1", "headless": "true", "fileWatcherType": "none"}
    command = [sys.executable, "-m", "streamlit", "run", script]
    command += [f"--server.{name}={value}" for name, value in options.items()]
    process = subprocess.Popen(
        [*command, "--browser.gatherUsageStats=false"],
        cwd=ROOT,
        env={**os.environ, **environment, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_until(lambda: healthy(f"http://127.0.0.1:{port}/_stcore/health"), f"{script} serves")
        yield Served(f"http://127.0.0.1:{port}", process.pid)
    finally:
        process.terminate()
        process.wait(20)


def healthy(address: str) -> bool:
    """Whether the server answers."""
    try:
        return bool(urllib.request.urlopen(address, timeout=1).status == 200)  # noqa: S310
    except OSError:
        return False


def wait_until(holds: Callable[[], bool], what: str, *, seconds: float = 60) -> None:
    """Ask ten times a second until a condition holds."""
    for _ in range(int(seconds * 10)):
        if holds():
            return
        time.sleep(0.1)
    raise SystemExit(f"{what}: not within {seconds} s")


def open_cold(browser: Browser, app: App, wanted: int) -> tuple[Page, float]:
    """Open the app in a new browser context; seconds from navigation to all markers painted."""
    context = browser.new_context(viewport=WINDOW)
    context.add_init_script(WATCH)
    sign = "true" if app.sign else "false"
    context.add_init_script(
        f"if (window === window.top) bench.painted = bench.watch({wanted}, {sign});"
    )
    page = context.new_page()
    page.goto(app.url, wait_until="commit")
    seconds = page.evaluate("bench.painted") / 1000
    page.wait_for_selector(READY, state="attached", timeout=300_000)
    return page, seconds


def be_quiet(page: Page) -> None:
    """Wait until no script runs and no message came for 0.7 s, so that nothing overlaps."""
    page.wait_for_function("(ready) => bench.quiet(ready)", arg=READY, timeout=300_000)


@dataclass(frozen=True)
class Change:
    """One filter change: seconds from the press to the screen, of the server, bytes received."""

    painted: float
    server: float
    bytes: int


def change(page: Page, app: App, category: str | None, wanted: int) -> Change:
    """Choose one category in the sidebar's control, or delete it, and wait for the markers."""
    box = page.get_by_test_id("stSidebar").get_by_test_id("stMultiSelect").first.locator("input")
    box.focus()
    if category is not None:
        box.click()
        option = page.get_by_role("option", name=app.labels[category], exact=True)
        option.wait_for()
    page.evaluate(
        "([wanted, sign]) => { bench.frames = []; bench.painted = bench.watch(wanted, sign) }",
        [wanted, app.sign],
    )
    if category is None:
        box.press("Backspace")
    else:
        option.click()
    painted = page.evaluate("bench.painted")
    be_quiet(page)
    pressed, frames = page.evaluate("[bench.pressed, bench.frames]")
    asked = next(f["at"] for f in frames if f["way"] == "out")
    answered = next(f["at"] for f in frames if finishes(f) and f["at"] > asked)
    received = sum(f["bytes"] for f in frames if f["way"] == "in")
    return Change((painted - pressed) / 1000, (answered - asked) / 1000, received)


def finishes(frame: dict[str, str]) -> bool:
    """Whether a message says that the server's script has ended."""
    if frame["way"] != "in" or not frame["body"]:
        return False
    message = ForwardMsg.FromString(base64.b64decode(frame["body"]))
    return bool(message.WhichOneof("type") == "script_finished")


def measure_library() -> Times:
    """Seconds and peak MB of ``distance_km`` and of the bare geodesics it needs, in turns."""
    zones = analysis.gather(Settings()).zones.head(3)
    random = np.random.default_rng(SEED)
    lat, lon = random.uniform(0.5, 4.2, UNITS), random.uniform(97.5, 100.2, UNITS)
    points = pd.DataFrame({"lat": lat, "lon": lon}, index=pd.RangeIndex(UNITS, name="center_id"))
    ends = [(zone["lon"], zone["lat"]) for _, zone in zones.iterrows()]

    def bare() -> list[np.ndarray]:
        return [
            linkage.GEOD.inv(lon, lat, np.full(UNITS, x), np.full(UNITS, y))[2] for x, y in ends
        ]

    def ours() -> pd.DataFrame:
        return linkage.distance_km(points, zones)

    if not np.allclose(np.column_stack(bare()) / 1000, ours()):  # also the warm-up
        raise SystemExit("distance_km and the bare geodesics differ")
    times: Times = {"ours": [], "bare": [], "ratio": []}
    for pair in range(PAIRS):
        both = [("ours", ours), ("bare", bare)]
        for name, run in both if pair % 2 else both[::-1]:
            times[name].append(timed(run))
        times["ratio"].append(times["ours"][-1] / times["bare"][-1])
    for name, run in (("ours", ours), ("bare", bare)):
        times[f"{name} MB"] = [peak_mb(run)]
    return times


def timed(run: Callable[[], object]) -> float:
    """Seconds that a call takes."""
    began = time.perf_counter()
    run()
    return time.perf_counter() - began


def peak_mb(run: Callable[[], object]) -> float:
    """Most memory in MB that a call holds at one time, as tracemalloc sees it."""
    tracemalloc.start()
    run()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1e6


def spread(values: list[float], pattern: str, scale: float = 1) -> str:
    """Median, and in brackets the lowest and the highest."""
    low, middle, high = (pattern.format(f(values) * scale) for f in (min, median, max))
    return f"{middle} ({low}–{high})"


MEASURES = (
    ("The very first start to all markers drawn, s", "first", "{:.2f}", 1),
    ("Cold start to all markers drawn, s", "cold", "{:.2f}", 1),
    ("Choose one category to markers drawn, s", "narrow painted", "{:.2f}", 1),
    ("Back to all centers to markers drawn, s", "widen painted", "{:.2f}", 1),
    ("Server, choose one category, s", "narrow server", "{:.2f}", 1),
    ("Server, back to all centers, s", "widen server", "{:.2f}", 1),
    ("Markers left, choose one category", "narrow markers", "{:,.0f}", 1),
    ("Received, choose one category, kB", "narrow bytes", "{:,.0f}", 1e-3),
    ("Received, back to all centers, kB", "widen bytes", "{:,.0f}", 1e-3),
)


def ratios(above: list[float], below: list[float]) -> list[float]:
    """Quotient of each pair that was measured one after the other."""
    return [a / b for a, b in zip(above, below, strict=True)]


def report(
    parts: list[Part],
    runs: dict[int, tuple[int, int]],
    chromium: str,
    load: float,
    minutes: float,
) -> str:
    """The page docs/benchmarks.md."""
    told = "; ".join(
        f"{starts} cold starts and {changes} changes each way at {count:,} centers"
        for count, (starts, changes) in runs.items()
    )
    packages = ("streamlit", "folium", "streamlit-folium", "pandas", "pyproj", "playwright")
    installed = ", ".join(f"{name} {version(name)}" for name in packages)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    verdicts = [
        f"| {target} | {measured} | {'met' if met else '**not met**'} |"
        for part in parts
        for target, measured, met in part.targets
    ]
    sections = [
        f"""# Benchmarks

Written by `make bench` on {date.today():%Y-%m-%d} at commit {_commit()}, in {minutes:.1f} minutes.
Do not edit by hand.

Machine: {os.cpu_count()} cores, {memory:.0f} GiB memory, {platform.system()}; load {load:.1f} at
the start and {os.getloadavg()[0]:.1f} at the end. Python {platform.python_version()}, Chromium
{chromium} without GPU, {installed}.

## What is measured

ikmgeo is measured beside a naive app (`tools/bench_naive.py`): a folium map built anew at every
run, one `CircleMarker` with tooltip and popup per center, and `st_folium(m)`. It draws no
districts, no zones and no table, so it has less to do. Both load Leaflet from the same local
address; neither has internet.

The apps take turns in one run. Each figure is the median, with the lowest and the highest in
brackets; each ratio is that of the ratios of neighbouring measurements. One cold start warms the
server up, then: {told}.

The 13 centers are the shipped ones. The others are synthetic: random places inside the districts,
seed {SEED}.

- **Cold start**: the server is up; a new browser context opens the page. From navigation until the
  map holds every center, and two animation frames more.
- **Filter change**: a category is chosen in the sidebar's own control, and then deleted there. From
  the press of mouse or key until the map holds exactly the right markers, and two animation frames
  more. Each run chooses another category, so the spread of "choose one category" also shows how
  many markers each leaves.
- **Server**: from the browser's request on the WebSocket to the message that the script has ended.
  In both apps it includes the transport on this machine, and the wait until the browser reads.
- **Received**: bytes of all WebSocket messages until the app is quiet again. The naive app runs a
  second time after each change, because the new map reports its bounds. Streamlit sends only a
  reference in place of a message that the browser has seen before.
""",
        *(part.text for part in parts),
        "\n".join(["## Targets", "", "| target | measured | |", "|---|---|---|", *verdicts, ""]),
        """## What is noise

Other processes on the machine move every figure; the low end of a range is the best guess at a
quiet machine. Ratios move less, because both take turns. Two figures whose ranges overlap are not
different, with one exception: runs of "choose one category" differ in what they leave on the map.
Memory and bytes hardly vary.
""",
    ]
    return "\n".join(sections)


def _commit() -> str:
    """The commit that is measured, and whether anything differs from it."""
    command = ["git", "describe", "--always", "--exclude=*", "--dirty= with changes"]
    return subprocess.check_output(command, cwd=ROOT, text=True).strip()


def _tables(results: dict[int, dict[str, Times]]) -> str:
    return "\n".join(_table_of(count, apps) for count, apps in results.items())


def _table_of(count: int, apps: dict[str, Times]) -> str:
    lines = [
        f"## {count:,} centers",
        "",
        "| | ikmgeo | naive app | naive / ikmgeo |",
        "|---|---|---|---|",
    ]
    for label, measure, pattern, scale in MEASURES:
        ours, naive = apps["ikmgeo"][measure], apps["naive"][measure]
        cells = [spread(values, pattern, scale) for values in (ours, naive)]
        ratio = "" if ours == naive else spread(ratios(naive, ours), "{:.1f}")
        lines.append(f"| {label} | {cells[0]} | {cells[1]} | {ratio} |")
    return "\n".join([*lines, ""])


def _library_section(library: Times) -> str:
    ours, bare = (spread(library[name], "{:.0f}", 1e3) for name in ("ours", "bare"))
    return f"""## Library

`ikmgeo.measures.linkage.distance_km` for {UNITS:,} points and 3 zones, beside the bare vectorised
`pyproj.Geod.inv` calls that it needs; {PAIRS} pairs in turns. Memory is the peak that tracemalloc
sees.

| | `distance_km` | bare `Geod.inv` | ratio |
|---|---|---|---|
| Time, ms | {ours} | {bare} | {spread(library["ratio"], "{:.2f}")} |
| Peak memory, MB | {library["ours MB"][0]:.1f} | {library["bare MB"][0]:.1f} | \
{library["ours MB"][0] / library["bare MB"][0]:.2f} |
"""


def _linkage_section(linked: Linkage) -> str:
    rows = []
    for count, times in linked.indicators.items():
        ours, bare = (spread(times[name], "{:.0f}", 1e3) for name in ("ours", "bare"))
        memory = times["ours MB"][0] / times["bare MB"][0]
        rows.append(f"| {count} zones, ms | {ours} | {bare} | {spread(times['ratio'], '{:.2f}')} |")
        rows.append(
            f"| {count} zones, peak MB | {times['ours MB'][0]:.0f} | {times['bare MB'][0]:.0f} | "
            f"{memory:.1f} |"
        )
    table = "\n".join(rows)
    return f"""## Linkage

All indicators of `ikmgeo.measures.linkage` for {UNITS:,} points, distances included, beside the
bare geodesics between the same points and zones, in turns.

| | all indicators | bare `Geod.inv` | ratio |
|---|---|---|---|
{table}

All indicators of the 13 shipped centers with 1,000 draws of their places: \
{spread(linked.draws, "{:.2f}")} s. From a key on the half-distance slider to the painted table, \
13 centers: {spread(linked.slides, "{:.2f}")} s.
"""


def _scoring_section(weights: Scoring) -> str:
    found = weights.robustness
    ours, bare = (spread(found[name], "{:.0f}", 1e3) for name in ("ours", "bare"))
    return f"""## Scoring

Rank intervals and probabilities of the categories of {bench_scoring.CENTERS:,} synthetic centers
(`ikmgeo.measures.robustness`), beside the bare matrix products that give the scores of all draws,
in turns.

| | robustness | bare scores | ratio |
|---|---|---|---|
| Time, ms | {ours} | {bare} | {spread(found["ratio"], "{:.1f}")} |
| Peak memory, MB | {found["ours MB"][0]:.0f} | {found["bare MB"][0]:.0f} | \
{found["ours MB"][0] / found["bare MB"][0]:.1f} |

From a key on a weight's slider to the painted table of scores, 13 centers: \
{spread(weights.slides, "{:.2f}")} s.
"""


def _map_targets(results: dict[int, dict[str, Times]]) -> list[tuple[str, str, bool]]:
    few, many = min(results), max(results)
    ours, naive = (results[few][app] for app in ("ikmgeo", "naive"))
    cold, times = median(ours["cold"]), ratios(naive["cold"], ours["cold"])
    first = ours["first"][0] - max(ours["cold"])
    rows = [
        (f"{few} centers, cold start: at most 1.3 s", f"{cold:.2f} s", cold <= 1.3),
        (
            f"{few} centers, cold start: at least as fast as the naive app",
            f"{spread(times, '{:.1f}')} times",
            median(times) >= 1,
        ),
        ("the very first start: as any other", f"{first:+.2f} s to the slowest", first <= 0),
    ]
    for way, words in (("narrow", "choose one category"), ("widen", "back to all centers")):
        quick = median(ours[f"{way} painted"])
        rows.append((f"{few} centers, {words}: at most 0.15 s", f"{quick:.2f} s", quick <= 0.15))
        if many > few:
            slow, fast = (results[many][app][f"{way} painted"] for app in ("naive", "ikmgeo"))
            times = ratios(slow, fast)
            target = f"{many:,} centers, {words}: at least 10 times as fast as the naive app"
            rows.append((target, f"{spread(times, '{:.1f}')} times", median(times) >= 10))
    return rows


if __name__ == "__main__":
    main()
