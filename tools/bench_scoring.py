"""Measure the ranking's robustness at its largest, and how fast the Scoring page answers."""

from collections.abc import Callable
from statistics import median
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ikmgeo import analysis
from ikmgeo.measures import robustness
from ikmgeo.measures.composite import Weights
from ikmgeo.measures.scoring import Scheme
from ikmgeo.settings import Settings
from tools.bench_linkage import SEED, SLIDE

if TYPE_CHECKING:
    from playwright.sync_api import Browser

CENTERS = 13_762
ASPECTS = 6
PAIRS = 5
SLIDES = 7


def random_aspects(index: pd.Index) -> pd.DataFrame:
    """Six aspects of each center, even over 0 to 100, the same at every run."""
    drawn = np.random.default_rng(SEED).uniform(0, 100, (len(index), ASPECTS))
    return pd.DataFrame(drawn.round(1), index=index, columns=[f"a{n}" for n in range(ASPECTS)])


def measure_robustness(
    timed: Callable[[Callable[[], object]], float], peak_mb: Callable[[Callable[[], object]], float]
) -> dict[str, list[float]]:
    """Seconds and peak MB of the robustness, and of the scores of all draws alone, in turns."""
    aspects = random_aspects(pd.RangeIndex(CENTERS, name="center_id"))
    values, weights = aspects.to_numpy(), Weights.equal(list(aspects.columns))
    rated = analysis.gather(Settings()).instrument
    drawn = robustness.draw_weights(weights).to_numpy() / 100

    def bare() -> None:
        for at in range(0, len(drawn), 100):
            drawn[at : at + 100] @ values.T  # a hundred draws at a time, to spare the memory

    def ours() -> robustness.Robustness:
        return robustness.robustness(aspects, weights, Scheme("contiguous"), rated)

    times: dict[str, list[float]] = {"ours": [], "bare": [], "ratio": []}
    for pair in range(PAIRS + 1):  # the first warms up
        both = [("ours", ours), ("bare", bare)]
        for name, run in both if pair % 2 else both[::-1]:
            seconds = timed(run)
            if pair:
                times[name].append(seconds)
        if pair:
            times["ratio"].append(times["ours"][-1] / times["bare"][-1])
    return times | {"ours MB": [peak_mb(ours)], "bare MB": [peak_mb(bare)]}


def measure_weights(browser: "Browser", address: str, ready: str) -> list[float]:
    """Seconds from a key on the first weight to the painted new table, 13 centers."""
    page = browser.new_context(viewport={"width": 1366, "height": 768}).new_page()
    page.goto(f"{address}/scoring?scores=assessed&scheme=contiguous&lang=en")
    page.wait_for_selector('[data-testid="stDataFrame"] canvas table', state="attached")
    page.wait_for_selector(ready, state="attached")
    page.wait_for_timeout(3_000)
    slider = page.get_by_test_id("stMain").locator("input[type=range]").first
    times = []
    for run in range(SLIDES + 1):
        slider.focus()
        handle = page.evaluate_handle(f"() => ({{ slid: ({SLIDE})() }})")
        slider.press("PageDown" if run % 2 else "PageUp")
        seconds = handle.evaluate("held => held.slid")
        if run:  # the first warms up
            times.append(seconds)
        page.wait_for_timeout(1_500)
    page.context.close()
    return times


def targets(found: dict[str, list[float]], slides: list[float]) -> list[tuple[str, str, bool]]:
    """What was wanted, what was measured, and whether it was met."""
    seconds, megabytes, slid = median(found["ours"]), found["ours MB"][0], median(slides)
    work = f"{robustness.DRAWS:,} draws × {CENTERS:,} centers × {ASPECTS} aspects"
    return [
        (f"{work}: under 3 s", f"{seconds:.2f} s", seconds < 3),
        (f"{work}: under 1 GB", f"{megabytes:.0f} MB", megabytes < 1_000),
        ("13 centers, a weight's slider: under 1 s", f"{slid:.2f} s", slid < 1),
    ]
