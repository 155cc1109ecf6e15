"""Measure the linkage indicators beside bare geodesics, and how fast the Linkage page answers."""

from collections.abc import Callable
from statistics import median
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ikmgeo import analysis
from ikmgeo.measures import indicators, linkage
from ikmgeo.settings import Settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser

UNITS = 126_907
"""IKM units registered in the province: points of the library's benchmark."""

PAIRS = {3: 7, 50: 3}
"""Zones, and how often indicators and bare geodesics take turns."""

SLIDES = 7
SEED = 20_25

SLIDE = """
() => new Promise((done, fail) => {
  const told = () => document.querySelector('[data-testid="stDataFrame"] canvas table')?.innerText;
  const before = told(), since = performance.now();
  let pressed = 0;
  const note = (event) => (pressed = event.timeStamp);
  addEventListener("keydown", note, { capture: true, once: true });
  const look = () => {
    if (performance.now() - since > 60000) fail("the table stays as it is");
    else if (!pressed || told() === before) requestAnimationFrame(look);
    else requestAnimationFrame(() => requestAnimationFrame(
      () => done((performance.now() - pressed) / 1000)));
  };
  look();
})
"""


def points_and_zones(zones: int) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Random centers and zones in the province, and a random fit of their sectors."""
    random = np.random.default_rng(SEED)
    commodities = [f"c{i}" for i in range(20)]
    centers = pd.DataFrame(
        {
            "lat": random.uniform(0.5, 4.2, UNITS),
            "lon": random.uniform(97.5, 100.2, UNITS),
            "commodity": random.choice(commodities, UNITS),
        },
        index=pd.RangeIndex(UNITS, name="center_id"),
    )
    ids = [f"z{i}" for i in range(zones)]
    table = pd.DataFrame(
        {
            "lat": random.uniform(0.5, 4.2, zones),
            "lon": random.uniform(97.5, 100.2, zones),
            "class": random.choice(["sez", "ie"], zones),
        },
        index=pd.Index(ids, name="zone_id"),
    )
    fit = pd.DataFrame(
        random.choice([0, 0.5, 1], (len(commodities), zones)), index=commodities, columns=ids
    )
    return centers, table, fit


def measure_indicators(
    timed: Callable[[Callable[[], object]], float], peak_mb: Callable[[Callable[[], object]], float]
) -> dict[int, dict[str, list[float]]]:
    """Seconds and peak MB of all indicators, distances included, and of the bare geodesics."""
    found = {}
    for count, pairs in PAIRS.items():
        centers, zones, fit = points_and_zones(count)
        lon, lat = centers["lon"].to_numpy(), centers["lat"].to_numpy()
        ends = list(zip(zones["lon"], zones["lat"], strict=True))

        def bare(
            lon: np.ndarray = lon, lat: np.ndarray = lat, ends: list[tuple[float, float]] = ends
        ) -> list[np.ndarray]:
            return [
                linkage.GEOD.inv(lon, lat, np.full(UNITS, x), np.full(UNITS, y))[2] for x, y in ends
            ]

        def ours(
            centers: pd.DataFrame = centers, zones: pd.DataFrame = zones, fit: pd.DataFrame = fit
        ) -> pd.DataFrame:
            costs = linkage.distance_km(centers, zones)
            judged = linkage.sector_fit(centers["commodity"], fit, zones.index)
            return indicators.computed(costs, zones, judged, linkage.Parameters())

        times: dict[str, list[float]] = {"ours": [], "bare": [], "ratio": []}
        for pair in range(pairs + 1):  # the first warms up
            both: list[tuple[str, Callable[[], object]]] = [("ours", ours), ("bare", bare)]
            for name, run in both if pair % 2 else both[::-1]:
                seconds = timed(run)
                if pair:
                    times[name].append(seconds)
            if pair:
                times["ratio"].append(times["ours"][-1] / times["bare"][-1])
        for name, run in (("ours", ours), ("bare", bare)):
            times[f"{name} MB"] = [peak_mb(run)]
        found[count] = times
    return found


def measure_draws(timed: Callable[[Callable[[], object]], float]) -> list[float]:
    """Seconds of all indicators of the shipped centers with 1,000 draws of their places."""
    inputs = analysis.gather(Settings())
    measured = analysis.measure(inputs)
    centers = measured.centers

    def run() -> analysis.Linked:
        reached = analysis.reach(
            centers, measured.areas, inputs.zones, footprints=inputs.footprints
        )
        return analysis.link(
            centers, inputs.zones, reached, inputs.sector_fit, linkage.Parameters()
        )

    run()
    return [timed(run) for _ in range(7)]


def measure_slider(browser: "Browser", address: str, ready: str) -> list[float]:
    """Seconds from a key on the half-distance slider to the painted new table, 13 centers."""
    page = browser.new_context(viewport={"width": 1366, "height": 768}).new_page()
    page.goto(f"{address}/linkage?indicator=proximity&lang=en")
    page.wait_for_selector('[data-testid="stDataFrame"] canvas table', state="attached")
    page.wait_for_selector(ready, state="attached")
    page.wait_for_timeout(3_000)
    slider = page.get_by_test_id("stMain").locator("input[type=range]").first
    times = []
    for run in range(SLIDES + 1):
        slider.focus()
        handle = page.evaluate_handle(f"() => ({{ slid: ({SLIDE})() }})")
        slider.press("ArrowRight" if run % 2 else "ArrowLeft")
        seconds = handle.evaluate("held => held.slid")
        if run:  # the first warms up
            times.append(seconds)
        page.wait_for_timeout(1_500)
    page.context.close()
    return times


def targets(
    of_counts: dict[int, dict[str, list[float]]], draws: list[float], slides: list[float]
) -> list[tuple[str, str, bool]]:
    """What was wanted, what was measured, and whether it was met."""
    rows = []
    for count, times in of_counts.items():
        ratio = median(times["ratio"])
        what = f"all indicators, {UNITS:,} points × {count} zones: at most 3 times the geodesics"
        rows.append((what, f"{ratio:.2f}", ratio <= 3))
    drawn, slid = median(draws), median(slides)
    rows.append(("13 centers, 1,000 draws of their places: under 1 s", f"{drawn:.2f} s", drawn < 1))
    rows.append(("13 centers, the half-distance slider: under 1 s", f"{slid:.2f} s", slid < 1))
    return rows
