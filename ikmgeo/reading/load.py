"""Files become tables of text; what the text means is for ``ikmgeo.reading.validate`` to judge.

Text columns have the pandas dtype ``str``: stripped, missing cells are NaN. The index ``row``
counts as a spreadsheet does, so the header is usually row 1.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd

from ikmgeo.errors import DataError, Issue
from ikmgeo.reading.bounds import FORM, TABLE, Bounds, Meter
from ikmgeo.reading.columns import KNOWN, column_names, joined
from ikmgeo.reading.formats import content, format_of, unknown_format
from ikmgeo.reading.grids import LOOKED_AT, Grid, hits
from ikmgeo.reading.text_files import text_grid
from ikmgeo.reading.texts import printable, seen, trimmed
from ikmgeo.reading.vectors import geojson_grid, geopackage_grid, parquet_grid
from ikmgeo.reading.workbooks import sheet_grid, workbook, workbook_grid

SHEET_NAMES: Final = 3
"""Known column names by which a sheet among several is taken for a table."""


@dataclass(frozen=True)
class Table:
    """Rows of text as a file holds them.

    Parameters
    ----------
    name
        Name of the file as the user knows it.
    rows
        Columns of dtype ``str`` under canonical names; index ``row``. Rows that ``issues``
        reject are still among them.
    issues
        Defects of single rows that were found while reading.
    """

    name: str
    rows: pd.DataFrame
    issues: tuple[Issue, ...] = ()


def read_table(
    source: Path | bytes,
    *,
    name: str,
    aspects: Mapping[str, str] | None = None,
    limit_mb: float | None = None,
    bounds: Bounds = TABLE,
) -> Table:
    """Read one table, its format recognised by content: CSV, XLSX, GeoJSON, GeoPackage, Parquet.

    Points become columns ``lat`` and ``lon`` in WGS84 degrees; other geometries leave them
    missing. ``aspects`` are headers of aspects and the column that each stands for, as from
    ``Instrument.headers``. ``limit_mb`` is in MB (1,000,000 bytes). Nothing is written to disk.

    Raises
    ------
    DataError
        The file is missing, empty, too large, broken, no table, holds more than ``bounds``, or has
        no usable header or CRS.
    """
    meter = Meter(name, bounds)
    data = content(source, name, limit_mb)
    found = format_of(data)
    if found in ("pdf", "image"):
        raise DataError([Issue("not_a_table", name, expected={"found": found})])
    if found not in READERS:
        raise unknown_format(name, found)
    try:
        grid = READERS[found](data, meter)
    except DataError:
        raise
    except Exception as error:  # parsers raise anything on a broken file
        raise DataError([Issue("file_broken", name, expected={"format": found})]) from error
    return _table(grid, name, meter, aspects or {})


def read_sheets(
    source: Path | bytes,
    *,
    name: str,
    aspects: Mapping[str, str] | None = None,
    limit_mb: float | None = None,
    bounds: Bounds = FORM,
) -> tuple[Table, ...]:
    """Read every sheet of a workbook that holds a table, or the one table of another file.

    A sheet counts when it is visible and has ``SHEET_NAMES`` known column names in its header;
    when none has, the one with the most. Their tables are named ``file › sheet``. Those without
    rows are left out. Else as ``read_table``.

    Raises
    ------
    DataError
        As ``read_table``, and for every sheet that counts; ``no_rows`` when none has rows.
    """
    meter = Meter(name, bounds)
    data = content(source, name, limit_mb)
    if format_of(data) != "zip":
        return (read_table(data, name=name, aspects=aspects, bounds=bounds),)
    try:
        sheets = [s for s in workbook(data, meter).worksheets if s.sheet_state == "visible"]
        grids = [(f"{name} › {sheet.title}", sheet_grid(sheet, meter)) for sheet in sheets]
    except DataError:
        raise
    except Exception as error:  # openpyxl raises anything on a broken file
        raise DataError([Issue("file_broken", name, expected={"format": "zip"})]) from error
    known = [max(hits(grid), default=0) for _, grid in grids]
    if not any(known):
        raise DataError([Issue("no_header", name, expected={"known": tuple(sorted(KNOWN))})])
    enough = min(SHEET_NAMES, max(known))
    tables: list[Table] = []
    issues: list[Issue] = []
    for (title, grid), names in zip(grids, known, strict=True):
        if names < enough:
            continue
        try:
            tables.append(_table(grid, title, meter, aspects or {}))
        except DataError as error:
            issues += error.issues
    if not tables or any(issue.code != "no_rows" for issue in issues):
        raise DataError(issues)
    return tuple(tables)


READERS: Final[Mapping[str, Callable[[bytes, Meter], Grid]]] = {
    "csv": text_grid,
    "zip": workbook_grid,
    "geojson": geojson_grid,
    "gpkg": geopackage_grid,
    "parquet": parquet_grid,
}


def _table(grid: Grid, name: str, meter: Meter, aspects: Mapping[str, str]) -> Table:
    start = _header_at(grid)
    if start is None:
        raise DataError([Issue("no_header", name, expected={"known": tuple(sorted(KNOWN))})])
    headers = grid.rows[start][1]
    columns, repeated = column_names(headers, grid.columns, aspects)
    width = len(columns)
    body = []
    for row, cells in grid.rows[start + 1 :]:
        if row % LOOKED_AT == 0:
            meter.tick()
        cleaned = [_clean(cell) for cell in cells]
        if any(cleaned):
            body.append((row, cleaned))
    if not body:
        raise DataError([Issue("no_rows", name)])
    issues = tuple(_ragged(name, row, cells, width) for row, cells in body if any(cells[width:]))
    rows = pd.DataFrame(
        [[cell or None for cell in (cells + [""] * width)[:width]] for _, cells in body],
        columns=columns,
        index=pd.Index([row for row, _ in body], name="row"),
        dtype="str",
    )
    unnamed = [c for c in columns if re.fullmatch(r"column_\d+", c) and rows[c].isna().all()]
    titles = dict(zip(columns, headers, strict=True))
    rows, left = joined(rows.drop(columns=unnamed), repeated, titles, name)
    return Table(name, rows, (*left, *issues))


def _ragged(name: str, row: int, cells: Sequence[str], width: int) -> Issue:
    surplus = " | ".join(cells[width:])
    expected = {"columns": width, "found": len(cells)}
    return Issue("ragged_row", name, row=row, value=surplus, expected=expected)


def _header_at(grid: Grid) -> int | None:
    """Position of the row with the most known column names; None when no row has any."""
    known = hits(grid)
    return known.index(max(known)) if any(known) else None


def _clean(cell: str) -> str:
    """Strip a cell, and the apostrophe by which ``export.inert`` disarms a formula."""
    cell = cell.strip()
    if cell.startswith("'") and re.match(r"'\s*[=+\-@]|'[\t\r\n]", cell):
        cell = cell[1:].strip()
    # JSON can hold halves of characters that no text file can.
    return cell if cell.isascii() and cell.isprintable() else trimmed(seen(printable(cell)))
