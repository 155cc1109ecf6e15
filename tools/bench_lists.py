"""How long lists take to be read, and rows without coordinates to be placed by their villages."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

import numpy as np
import pandas as pd

from ikmgeo import analysis
from ikmgeo.reading import gazetteer
from ikmgeo.settings import Settings

ROWS = 100_000
CENTERS = 13_762
"""IKM centers that are registered in the nation."""

RUNS = 3
SEED = 11
WRONG = 0.3
"""Share of the names with a wrong letter."""

LETTERS = "abdegiklmnoprstu"


@dataclass(frozen=True)
class Times:
    """Seconds of each run: placing ``ROWS`` rows; reading ``CENTERS`` rows, and pandas doing so."""

    placing: list[float]
    csv: list[float]
    csv_pandas: list[float]
    xlsx: list[float]
    xlsx_pandas: list[float]


def measure(timed: Callable[[Callable[[], object]], float]) -> Times:
    """Time each several times, one after another."""
    inputs = analysis.gather(Settings())
    rows = centers(inputs)
    text, book = rows.to_csv(index=False).encode(), io.BytesIO()
    rows.to_excel(book, index=False)

    def read(data: bytes) -> Callable[[], object]:
        return lambda: analysis.read_list(data, inputs, name="list", limit_mb=50)

    def times(call: Callable[[], object]) -> list[float]:
        return [timed(call) for _ in range(RUNS)]

    return Times(
        placing=times(placing(inputs)),
        csv=times(read(text)),
        csv_pandas=times(lambda: pd.read_csv(io.BytesIO(text))),
        xlsx=times(read(book.getvalue())),
        xlsx_pandas=times(lambda: pd.read_excel(io.BytesIO(book.getvalue()), engine="openpyxl")),
    )


def centers(inputs: analysis.Inputs) -> pd.DataFrame:
    """Centers at villages, with what an office has of each."""
    chance = np.random.default_rng(SEED)
    chosen = inputs.villages.sample(CENTERS, replace=True, random_state=SEED)
    return pd.DataFrame(
        {
            "No": range(1, CENTERS + 1),
            "Nama Sentra": [f"Sentra {n}" for n in range(CENTERS)],
            "Komoditi": chance.choice(["Kopi", "Madu", "Tenun dan songket", "Batik"], CENTERS),
            "Kabupaten": inputs.districts.loc[chosen.index.str[:4], "name_id"].to_numpy(),
            "Lintang": chosen["lat"].to_numpy(),
            "Bujur": chosen["lon"].to_numpy(),
            "Tenaga Kerja": chance.integers(1, 90, CENTERS),
        }
    )


def placing(inputs: analysis.Inputs) -> Callable[[], object]:
    """What places ``ROWS`` rows with district, subdistrict and village."""
    rows = named_rows(inputs)
    districts = rows["district_code"]

    def place() -> pd.Series:
        areas = gazetteer.Gazetteer(inputs.villages, inputs.districts, (), inputs.bps_codes)
        text, _ = gazetteer.readied(rows, areas, lambda codes: codes, "list")
        return gazetteer.place(text, districts, areas, "list").ways

    if place().eq("village").mean() < 0.9:
        raise SystemExit("rows with the names of villages were not placed by them")
    return place


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


def section(times: Times, spread: Callable[[list[float], str], str]) -> str:
    """What was measured, in words."""
    return f"""## Lists

{ROWS:,} rows without coordinates placed by district, subdistrict and village, a wrong letter in
{WRONG:.0%} of the names: {spread(times.placing, "{:.1f}")} s.

{CENTERS:,} rows read, checked and placed, without the process of its own and the page:

| | ikmgeo | pandas, reading only |
|---|---|---|
| CSV | {spread(times.csv, "{:.2f}")} s | {spread(times.csv_pandas, "{:.3f}")} s |
| XLSX | {spread(times.xlsx, "{:.2f}")} s | {spread(times.xlsx_pandas, "{:.2f}")} s |
"""


def targets(times: Times) -> list[tuple[str, str, bool]]:
    """Target, figure, and whether it is reached."""
    slowest, read = max(times.placing), median(times.xlsx)
    ratio = read / median(times.xlsx_pandas)
    return [
        (f"{ROWS:,} rows placed by village: at most 10 s", f"{slowest:.1f} s", slowest <= 10),
        (f"{CENTERS:,} rows of XLSX: at most 5 s", f"{read:.1f} s", read <= 5),
        (f"{CENTERS:,} rows of XLSX: at most 2 times pandas", f"{ratio:.1f} times", ratio <= 2),
    ]
