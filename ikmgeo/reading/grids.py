"""Cells of a table as text, whatever file they come from."""

import datetime as dt
import json
from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyproj
import shapely

from ikmgeo.errors import DataError, Issue
from ikmgeo.reading.bounds import Meter
from ikmgeo.reading.columns import column_of, known_names
from ikmgeo.vocabulary import WGS84

LOOKED_AT: Final = 10_000
"""Rows, also blank ones, between two looks at the clock."""

HEADER_WITHIN: Final = 20
"""Rows among which the header is sought; offices put titles above it."""


@dataclass(frozen=True)
class Grid:
    """Cells of a table as text, the header among them, without blank rows.

    Parameters
    ----------
    rows
        Spreadsheet row number and cells.
    columns
        Spreadsheet numbers of the columns; empty where none is left out.
    """

    rows: list[tuple[int, list[str]]]
    columns: tuple[int, ...] = ()


def without_end(cells: list[str]) -> list[str]:
    """Cells up to the last that is not blank."""
    while cells and not cells[-1]:
        cells.pop()
    return cells


def frame_grid(frame: pd.DataFrame, meter: Meter) -> Grid:
    """Cells of a table, its points as ``lat`` and ``lon`` in WGS84 degrees."""
    if not isinstance(frame, gpd.GeoDataFrame):
        return table_grid(frame, meter)
    if frame.crs is None:
        raise DataError([Issue("crs_missing", meter.name)])
    geometry = frame.geometry.to_numpy()  # coordinates of anything but a point are NaN
    attributes = pd.DataFrame(frame.drop(columns=frame.geometry.name))
    return vector_grid(
        attributes, shapely.get_x(geometry), shapely.get_y(geometry), frame.crs, meter
    )


def vector_grid(
    attributes: pd.DataFrame,
    x: npt.NDArray[np.float64],
    y: npt.NDArray[np.float64],
    crs: object,
    meter: Meter,
) -> Grid:
    """Attributes of vector data with ``lat`` and ``lon``, both in WGS84 degrees."""
    known = pyproj.CRS.from_user_input(crs)
    if not known.equals(pyproj.CRS(WGS84), ignore_axis_order=True):
        x, y = pyproj.Transformer.from_crs(known, WGS84, always_xy=True).transform(x, y)
        x, y = np.round(x, 7), np.round(y, 7)  # about 1 cm; the rest is noise of the projection
    # Exchanged coordinates are still degrees; they are told row by row.
    degrees = (np.abs(x) <= 180) & (np.abs(y) <= 180)
    if (~degrees & ~np.isnan(x)).sum() * 2 > len(x):
        raise DataError([Issue("crs_wrong", meter.name, expected={"crs": WGS84})])
    twice = {c: f"{c}_attribute" for c in attributes if column_of(str(c)) in ("lat", "lon")}
    return table_grid(attributes.rename(columns=twice).assign(lat=y, lon=x), meter)


def table_grid(frame: pd.DataFrame, meter: Meter) -> Grid:
    """Cells of a table, its column names as row 1."""
    columns = []
    for column in frame:
        meter.tick()
        columns.append([cell_text(value) for value in frame[column].tolist()])
    rows = [list(cells) for cells in zip(*columns, strict=True)]
    return Grid([(1, [str(column) for column in frame]), *enumerate(rows, start=2)])


def cell_text(value: object) -> str:
    """Text of a cell: whole numbers without ``.0`` (they are often codes), dates as ISO 8601."""
    if isinstance(value, float | np.floating):
        number = float(value)
        if number.is_integer() and abs(number) < 1e15:
            return str(int(number))
        return "" if np.isnan(number) else repr(number)
    if value is None or value is pd.NaT or value is pd.NA:
        return ""
    if isinstance(value, dt.datetime):
        return (value.date() if value.time() == dt.time() else value).isoformat()
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def hits(grid: Grid) -> list[int]:
    """How many known column names each of the first rows holds."""
    return [known_names(cells) for _, cells in grid.rows[:HEADER_WITHIN]]
