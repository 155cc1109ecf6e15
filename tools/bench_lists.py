"""How long rows without coordinates take to be placed by the names of their villages."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from ikmgeo import analysis
from ikmgeo.reading import gazetteer
from ikmgeo.settings import Settings

ROWS = 100_000
RUNS = 3
SEED = 11
WRONG = 0.3
"""Share of the names with a wrong letter."""

LETTERS = "abdegiklmnoprstu"


def measure(timed: Callable[[Callable[[], object]], float]) -> list[float]:
    """Seconds to place ``ROWS`` rows with district, subdistrict and village, each run."""
    inputs = analysis.gather(Settings())
    rows = named_rows(inputs)
    districts = rows["district_code"]

    def place() -> pd.Series:
        areas = gazetteer.Gazetteer(inputs.villages, inputs.districts, (), inputs.bps_codes)
        text, _ = gazetteer.readied(rows, areas, lambda codes: codes, "list")
        return gazetteer.place(text, districts, areas, "list").ways

    if place().eq("village").mean() < 0.9:
        raise SystemExit("rows with the names of villages were not placed by them")
    return [timed(place) for _ in range(RUNS)]


def named_rows(inputs: analysis.Inputs) -> pd.DataFrame:
    """Rows of a list with names of shipped villages, a part of them with a wrong letter."""
    chance = np.random.default_rng(SEED)
    chosen = inputs.villages.sample(ROWS, replace=True, random_state=SEED)

    def written(name: str) -> str:
        at, letter = chance.integers(len(name)), chance.integers(len(LETTERS))
        return name[:at] + LETTERS[letter] + name[at + 1 :]

    def some(names: pd.Series) -> list[str]:
        return [written(name) if chance.random() < WRONG else name for name in names.tolist()]

    columns = ("lat", "lon", "locality", "area_code", "position_precision", "position_source")
    told = {
        "district_code": chosen.index.str[:4],
        "subdistrict": some(chosen["subdistrict"]),
        "village": [f"Desa {name}" for name in some(chosen["name_id"])],
    }
    empty = dict.fromkeys((*columns, "position_basis"))
    return pd.DataFrame(told | empty, index=pd.RangeIndex(2, ROWS + 2, name="row"), dtype="str")


def section(times: list[float], spread: Callable[[list[float], str], str]) -> str:
    """What was measured, in words."""
    return f"""## Lists

{ROWS:,} rows without coordinates placed by district, subdistrict and village, a wrong letter in
{WRONG:.0%} of the names: {spread(times, "{:.1f}")} s.
"""


def targets(times: list[float]) -> list[tuple[str, str, bool]]:
    """Target, figure, and whether it is reached."""
    slowest = max(times)
    return [(f"{ROWS:,} rows placed by village: at most 10 s", f"{slowest:.1f} s", slowest <= 10)]
