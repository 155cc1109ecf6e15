"""Cells of a table as text, whatever file they come from."""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import zip_longest
from typing import Final

import numpy as np
import pandas as pd

from ikmgeo.errors import Issue
from ikmgeo.reading.bounds import Meter
from ikmgeo.reading.columns import known_columns

LOOKED_AT: Final = 10_000
"""Rows, also blank ones, between two looks at the clock."""

WHOLE: Final = 2**53
"""Below it a float holds every whole number, such as the 16 digits of a NIK."""

HEADER_WITHIN: Final = 20
"""Rows among which the header is sought; offices put titles above it."""

HEADER_ROWS: Final = 3
"""Most rows of a header."""


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


@dataclass(frozen=True)
class Layer:
    """A sheet of a workbook, a layer or folder of a map file, or the one table of another file.

    Parameters
    ----------
    name
        As the file calls it; "" for the only one.
    grid
        Its cells.
    issues
        What was noted while reading it.
    hidden
        Whether the program that wrote it hides it.
    drawn
        Whether it has geometries.
    points
        Whether some of them are points.
    """

    name: str
    grid: Grid
    issues: tuple[Issue, ...] = ()
    hidden: bool = False
    drawn: bool = True
    points: bool = True


def without_end(cells: list[str]) -> list[str]:
    """Cells up to the last that is not blank."""
    while cells and not cells[-1]:
        cells.pop()
    return cells


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
    if isinstance(value, str):
        return value
    if isinstance(value, float | np.floating):
        number = float(value)
        if number.is_integer() and abs(number) < WHOLE:
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


@dataclass(frozen=True)
class Header:
    """Headings of a table, the positions of their first row and of the first one of data."""

    cells: list[str]
    start: int
    end: int


def header_at(grid: Grid, chosen: Mapping[str, str] | None = None) -> Header | None:
    """The row, or up to three, with the most known headings; None when there is none.

    Where cells are merged, an upper row names a group and a lower one its columns. ``chosen``
    are headings that the reader made known.
    """
    given = chosen or {}
    best, most = None, 0
    for n, (_, cells) in enumerate(grid.rows[:HEADER_WITHIN]):
        count = len(known_columns(cells, given))
        if count > most or (best and count == most and _under_title(grid, best, n)):
            best, most = Header(cells, n, n + 1), count
        together = cells
        for end, (_, below) in enumerate(grid.rows[n + 1 : n + HEADER_ROWS], start=n + 2):
            if any(any(c.isdigit() for c in cell) for cell in below):
                break
            together = [
                under if under and (not over or known_columns([under], given)) else over
                for over, under in zip_longest(together, below, fillvalue="")
            ]
            count = len(known_columns(together, given))
            if count > most and len(known_columns(below, given)) > 1:
                best, most = Header(together, n, end), count
    return best


def _under_title(grid: Grid, header: Header, last: int) -> bool:
    """Whether a header ends with a row above which it has only a title: no heading of its own."""
    cells = grid.rows[last][1]
    over = zip_longest(header.cells, cells, fillvalue="")
    return header.end == last + 1 and all(under for above, under in over if above)


def plain_header(grid: Grid) -> Header | None:
    """The first row that can be one of headings, where no heading is known: words in each cell."""
    for n, (_, cells) in enumerate(grid.rows[:HEADER_WITHIN]):
        if len(cells) > 1 and not any(any(c.isdigit() for c in cell) for cell in cells):
            return Header(cells, n, n + 1)
    return None


def headings_known(grid: Grid, chosen: Mapping[str, str] | None = None) -> set[str]:
    """The known columns that the header of a table names."""
    header = header_at(grid, chosen)
    return known_columns(header.cells, chosen or {}) if header else set()
