"""Files become tables of text; what the text means is for ``ikmgeo.reading.validate`` to judge.

Text columns have the pandas dtype ``str``: stripped, missing cells are NaN. The index ``row``
counts as a spreadsheet does, so the header is usually row 1.
"""

import io
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely

from ikmgeo.errors import DataError, Issue
from ikmgeo.reading import probe
from ikmgeo.reading.bounds import FORM, LINES, TABLE, Bounds, Meter
from ikmgeo.reading.columns import KNOWN, column_names, joined
from ikmgeo.reading.formats import content, format_of, unknown_format
from ikmgeo.reading.grids import LOOKED_AT, Grid, cell_text, hits
from ikmgeo.reading.text_files import text_grid
from ikmgeo.reading.texts import printable, seen, trimmed
from ikmgeo.reading.vectors import collection, geojson_grid, geopackage_grid, parquet_grid
from ikmgeo.reading.workbooks import sheet_grid, workbook, workbook_grid
from ikmgeo.vocabulary import WGS84

SHEET_NAMES: Final = 3
"""Known column names by which a sheet among several is taken for a table."""

LINES_ACCEPTED: Final = ("geojson", "gpkg", "parquet")
LINE_LAYERS: Final = ("lines", "edges", "roads")
"""Names of road layers, of GDAL's driver for OpenStreetMap and of osmnx among them."""

ROAD_TAGS: Final = ("highway", "maxspeed", "oneway", "junction", "other_tags")
"""Columns of a road layer that ``measures.roads`` reads."""

LINE_TYPES: Final = ("LineString", "MultiLineString")
POSITION_CHARACTERS: Final = 40
"""What a position of a line counts for; it takes as long as so much text."""


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


def read_lines(
    name: str, source: bytes, *, limit_mb: float | None = None, bounds: Bounds = LINES
) -> gpd.GeoDataFrame:
    """Read a layer of lines with their road tags: GeoPackage, GeoJSON or GeoParquet by content.

    Of several layers the first with lines, or one that is named as roads are (``LINE_LAYERS``).
    Columns other than ``ROAD_TAGS`` are dropped; whether there are lines, and a CRS, is for
    ``measures.roads`` to judge. ``limit_mb`` is in MB (1,000,000 bytes). Nothing is written to
    disk.

    Raises
    ------
    DataError
        The file is empty, too large, broken, of another format, or holds more than ``bounds``.
    """
    meter = Meter(name, bounds)
    data = content(source, name, limit_mb)
    found = format_of(data)
    if found not in LINE_READERS:
        raise unknown_format(name, found, LINES_ACCEPTED)
    try:
        frame = LINE_READERS[found](data, meter)
        if not isinstance(frame, gpd.GeoDataFrame):
            frame = gpd.GeoDataFrame(frame, geometry=np.full(len(frame), None), crs=WGS84)
        tags = frame[[tag for tag in ROAD_TAGS if tag in frame]]
        return gpd.GeoDataFrame(tags, geometry=frame.geometry, crs=frame.crs)
    except DataError:
        raise
    except Exception as error:  # parsers raise anything on a broken file
        raise DataError([Issue("file_broken", name, expected={"format": found})]) from error


READERS: Final[Mapping[str, Callable[[bytes, Meter], Grid]]] = {
    "csv": text_grid,
    "zip": workbook_grid,
    "geojson": geojson_grid,
    "gpkg": geopackage_grid,
    "parquet": parquet_grid,
}


def _geopackage_lines(data: bytes, meter: Meter) -> pd.DataFrame:
    probe.geopackage(data, meter)
    layers = [(str(layer), str(kind)) for layer, kind in pyogrio.list_layers(data)]
    layer, _ = min(
        layers,
        key=lambda found: (
            "LineString" not in found[1],
            found[1] != "Unknown",
            found[0].lower() not in LINE_LAYERS,
        ),
    )
    probe.geopackage(data, meter, layer=layer, columns=ROAD_TAGS)
    frame: pd.DataFrame = pyogrio.read_dataframe(data, layer=layer, columns=list(ROAD_TAGS))
    return frame


def _geojson_lines(data: bytes, meter: Meter) -> pd.DataFrame:
    tags: list[dict[str, str]] = []
    geometry: list[Any] = []  # None where a line has none, which the stubs do not know
    with collection(data, meter, LINES_ACCEPTED) as features:
        for feature in features:
            properties = feature.get("properties") or {}
            given = {tag: properties.get(tag) for tag in ROAD_TAGS}
            known = {tag: cell_text(value) for tag, value in given.items() if value is not None}
            meter.shape(len(tags) + 1, len(ROAD_TAGS))
            meter.text(sum(map(len, known.values())))
            tags.append(known)
            geometry.append(_drawn(feature.get("geometry"), meter))
    return gpd.GeoDataFrame(pd.DataFrame(tags), geometry=geometry, crs=features.crs)


def _drawn(geometry: object, meter: Meter) -> shapely.Geometry | None:
    """A line; None for what is none and would only cost time to make."""
    if not isinstance(geometry, dict) or geometry.get("type") not in LINE_TYPES:
        return None
    listed = geometry["coordinates"]
    parts = listed if geometry["type"] == "MultiLineString" else [listed]
    meter.text(POSITION_CHARACTERS * sum(map(len, parts)))
    lines = [shapely.linestrings(part) for part in parts if part]
    return shapely.multilinestrings(lines) if lines else None


def _parquet_lines(data: bytes, meter: Meter) -> pd.DataFrame:
    contents = probe.parquet_contents(data, meter)
    about = (contents.metadata.metadata or {}).get(b"geo")
    if about is None:
        return pd.DataFrame()
    wanted = {*ROAD_TAGS, json.loads(about)["primary_column"]}
    probe.parquet(data, meter, columns=wanted)
    present = contents.schema_arrow.names
    some = [c for c in present if c in wanted]
    return gpd.read_parquet(io.BytesIO(data), columns=some)  # type: ignore[arg-type] # as above


LINE_READERS: Final[Mapping[str, Callable[[bytes, Meter], pd.DataFrame]]] = {
    "geojson": _geojson_lines,
    "gpkg": _geopackage_lines,
    "parquet": _parquet_lines,
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
