"""Files become tables of text; what the text means is for ``ikmgeo.reading.validate`` to judge.

Text columns have the pandas dtype ``str``: stripped, missing cells are NaN. The index ``row``
counts as a spreadsheet does, so the header is usually row 1.
"""

import csv
import datetime as dt
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyogrio
import pyproj
import shapely

from ikmgeo.errors import DataError, Issue
from ikmgeo.reading import geojson, probe
from ikmgeo.reading.bounds import FORM, LINES, MB, TABLE, Bounds, Meter
from ikmgeo.reading.texts import is_nothing, numbers, printable, seen, trimmed
from ikmgeo.settings import SHIPPED_DATA, Settings
from ikmgeo.vocabulary import WGS84

if TYPE_CHECKING:
    import openpyxl

LINE_LENGTH: Final = 2_000_000
"""Most characters of a line of a text file."""

MOST_LINES: Final = 3_000_000
"""Lines of a text file, blank ones and those within a cell too, beside its rows."""

LAST_ROW: Final = 1_048_576
"""Number of the last row that a sheet of a workbook can have."""

LOOKED_AT: Final = 10_000
"""Rows, also blank ones, between two looks at the clock."""

HEADER_WITHIN: Final = 20
"""Rows among which the header is sought; offices put titles above it."""

ACCEPTED: Final = ("csv", "xlsx", "geojson", "gpkg", "parquet")
SHEETS: Final = ("data", "sentra")
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

SHIPPED_COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    name: tuple(columns.split())
    for name, columns in {
        "claims": "claim_id kind center_id value low high category section used_for contradicts"
        " note quantity unit of aspect polarity statement",
        "centers": "center_id name_id name_en commodity district_code area_code locality lat lon"
        " position_precision position_basis position_source position_evidence"
        " position_alternatives products workers_note score_claim category_claim"
        " alternative_claims note",
        "commodities": "commodity name_id name_en kbli kbli_edition isic note",
        "zones": "zone_id name_id name_en short_name class district_code lat lon"
        " position_precision position_source legal_basis operator area_ha area_basis designated"
        " focus_sectors status status_date note source",
        "zone_areas": "zone_id area_ha stage basis year source used",
        "sector_fit": "commodity zone_id fit reason source",
        "guidance": "action_id lever phase actors categories aspects commodities zones"
        " zone_classes zone_statuses fit_min within_km circumstances text_id text_en aim_id aim_en"
        " cases source section",
        "cases": "case_id text_id text_en source section",
        "frameworks": "framework item_id part name_id name_en question_id question_en"
        " anchor_0_id anchor_0_en anchor_1_id anchor_1_en anchor_2_id anchor_2_en anchor_3_id"
        " anchor_3_en anchor_4_id anchor_4_en source section",
        "size_classes": "rule_id regulation name_id size workers_to investment_to bound source",
        "places": "place_id kind name_id lat lon position_precision verified service service_source"
        " source licence note",
        "villages": "village_code name_id subdistrict lat lon",
        "bps_codes": "bps_code area_code name_id",
        "aspects": "aspect name_id name_en within_id within_en headers zone_class outward"
        " answered_by source",
        "categories": "category name_id name_en other_names shape colour phases source",
        "region": "province_code name_id name_en west south east north",
        "former_names": "former_name district_code note",
        "translations": "text text_id",
        "works": "work authors title published doi",
        "benchmarks": "benchmark_id name_id name_en value target period set_by source",
        "sources": "layer file name_id name_en source date licence precision_id precision_en",
    }.items()
}
ASSESSMENT_COLUMNS: Final = (
    *("assessment_id", "version", "center_id", "name_id", "author", "assessed_on"),
)
"""Columns of a sheet of assessments before those of its aspects; see ``assessment_sheets``."""

LISTINGS: Final = ("translations", "sources", "works", "benchmarks")
"""Tables that are shown or looked up as they are; ``ikmgeo.reading.validate`` checks the others."""

SHIPPED_LAYERS: Final[Mapping[str, tuple[str, ...]]] = {
    "districts": (
        *("kind", "district_code", "bps_code", "name_id", "short_name", "type", "capital"),
        *("capital_lat", "capital_lon", "area_km2", "population", "population_date", "note"),
    ),
    "surroundings": ("kind", "name_id"),
    "subdistricts": ("area_code", "name_id", "villages", "spacing_km"),
    "zones": ("zone_id",),
}


def _headings() -> dict[str, str]:
    """Headings that people write, in their plain form, and the column each stands for."""
    with (SHIPPED_DATA / "headings.csv").open(encoding="utf-8", newline="") as file:
        return {_plain_heading(row["heading"]): row["column"] for row in csv.DictReader(file)}


def _plain_heading(heading: str) -> str:
    """A heading without case, spaces and punctuation."""
    return re.sub(r"[\W_]+", "_", heading.lower()).strip("_")


HEADINGS: Final[Mapping[str, str]] = _headings()
"""Read once: the same for every reader, whatever data they have."""

AWAY: Final = re.compile(r"[(\[]\s*(?:ls|s|selatan|bb|w|barat)\s*[)\]]", re.IGNORECASE)
UNIT: Final = re.compile(r"[(\[][^()\[\]]*[)\]]")
"""What stands in brackets behind a heading."""

TOLD: Final = ("locality", "note", "products")
"""Columns of which a table may have several, each with its part of what is to be told."""

DEGREES: Final[Mapping[str, float]] = {"lat": 90, "lon": 180}
"""Columns of degrees, and the most they can have: what is beyond it are metres."""

SAME_DEG: Final = 1e-5
"""Difference of two columns of degrees that are one, rounded otherwise; a metre."""

KNOWN: Final = frozenset(HEADINGS.values()).union(ASSESSMENT_COLUMNS, *SHIPPED_COLUMNS.values()) - {
    *("unit", "version", "of", "statement", "zones", "cases", "headers", "shape", "colour"),
    *("title", "authors", "target", "period"),
}
"""Columns of all tables but those that a table of an office may well have twice, such as ``unit``:
counts of firms are headed so, one for each year."""

SIGNATURES: Final = (
    (b"%PDF", "pdf"),
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"SQLite format 3\0", "gpkg"),
    (b"PAR1", "parquet"),
    (b"\xd0\xcf\x11\xe0", "xls"),
    (b"\x1f\x8b", "gzip"),
    (b"Rar!", "rar"),
    (b"7z\xbc\xaf", "7z"),
    (b"{", "geojson"),
    (b"[", "json"),
    (b"<", "markup"),
)


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


@dataclass(frozen=True)
class Shipped:
    """Every file of the data folder as read; a file that cannot be read is empty with columns."""

    claims: pd.DataFrame
    centers: Table
    commodities: pd.DataFrame
    zones: pd.DataFrame
    zone_areas: pd.DataFrame
    sector_fit: pd.DataFrame
    guidance: pd.DataFrame
    cases: pd.DataFrame
    frameworks: pd.DataFrame
    size_classes: pd.DataFrame
    places: pd.DataFrame
    villages: pd.DataFrame
    bps_codes: pd.DataFrame
    aspects: pd.DataFrame
    categories: pd.DataFrame
    region: pd.DataFrame
    former_names: pd.DataFrame
    translations: pd.DataFrame
    sources: pd.DataFrame
    works: pd.DataFrame
    benchmarks: pd.DataFrame
    districts: gpd.GeoDataFrame
    surroundings: gpd.GeoDataFrame
    subdistricts: gpd.GeoDataFrame
    zone_footprints: gpd.GeoDataFrame
    issues: tuple[Issue, ...]


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
    data = _content(source, name, limit_mb)
    found = _format(data)
    if found in ("pdf", "image"):
        raise DataError([Issue("not_a_table", name, expected={"found": found})])
    if found not in READERS:
        raise _unknown_format(name, found)
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
    data = _content(source, name, limit_mb)
    if _format(data) != "zip":
        return (read_table(data, name=name, aspects=aspects, bounds=bounds),)
    try:
        sheets = [s for s in _workbook(data, meter).worksheets if s.sheet_state == "visible"]
        grids = [(f"{name} › {sheet.title}", _sheet_grid(sheet, meter)) for sheet in sheets]
    except DataError:
        raise
    except Exception as error:  # openpyxl raises anything on a broken file
        raise DataError([Issue("file_broken", name, expected={"format": "zip"})]) from error
    hits = [max(_hits(grid), default=0) for _, grid in grids]
    if not any(hits):
        raise DataError([Issue("no_header", name, expected={"known": tuple(sorted(KNOWN))})])
    enough = min(SHEET_NAMES, max(hits))
    tables: list[Table] = []
    issues: list[Issue] = []
    for (title, grid), names in zip(grids, hits, strict=True):
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
    name: str, content: bytes, *, limit_mb: float | None = None, bounds: Bounds = LINES
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
    data = _content(content, name, limit_mb)
    found = _format(data)
    if found not in LINE_READERS:
        raise _unknown_format(name, found, LINES_ACCEPTED)
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


def read_shipped(settings: Settings) -> Shipped:
    """Read the data folder; a missing or broken file is listed in ``issues`` and left empty."""
    issues: list[Issue] = []
    tables = {
        name: _shipped_table(settings.data / f"{name}.csv", columns, issues)
        for name, columns in SHIPPED_COLUMNS.items()
    }
    layers = {
        name: _shipped_layer(settings.data / "geo" / f"{name}.geojson", columns, issues)
        for name, columns in SHIPPED_LAYERS.items()
    }
    centers = tables.pop("centers")
    # The other tables leave here as plain frames, so their ragged rows end here.
    plain = {name: _sound_rows(table) for name, table in tables.items()}
    issues += [issue for table in tables.values() for issue in table.issues]
    return Shipped(
        **plain,
        centers=centers,
        districts=layers["districts"],
        surroundings=layers["surroundings"],
        subdistricts=layers["subdistricts"],
        zone_footprints=layers["zones"],
        issues=tuple(issues),
    )


def _shipped_table(path: Path, columns: Sequence[str], issues: list[Issue]) -> Table:
    empty = pd.DataFrame(columns=list(columns), index=pd.Index([], name="row"), dtype="str")
    try:
        table = read_table(path, name=path.name)
    except DataError as error:
        issues += error.issues
        return Table(path.name, empty)
    lacking = _lacking(columns, table.rows, path.name) if path.stem in LISTINGS else []
    issues += lacking
    return Table(path.name, empty) if lacking else table


def _lacking(columns: Sequence[str], present: pd.DataFrame, file: str) -> list[Issue]:
    expected = {"required": tuple(columns)}
    return [
        Issue("column_missing", file, column=column, expected=expected)
        for column in columns
        if column not in present
    ]


def _shipped_layer(path: Path, columns: Sequence[str], issues: list[Issue]) -> gpd.GeoDataFrame:
    empty = gpd.GeoDataFrame({column: [] for column in columns}, geometry=[], crs=WGS84)
    if not path.is_file():
        if path.name != "zones.geojson":  # footprints of zones are optional
            issues.append(Issue("file_missing", path.name))
        return empty
    try:
        layer = gpd.read_file(path)
    except Exception:  # GDAL and its drivers raise anything on a broken file
        issues.append(Issue("file_broken", path.name, expected={"format": "geojson"}))
        return empty
    lacking = _lacking(columns, layer, path.name)
    issues += lacking
    return empty if lacking else layer.to_crs(WGS84)


def _sound_rows(table: Table) -> pd.DataFrame:
    return table.rows.drop(index=[issue.row for issue in table.issues])


def _content(source: Path | bytes, name: str, limit_mb: float | None) -> bytes:
    try:
        size = len(source) if isinstance(source, bytes) else source.stat().st_size
        if limit_mb is not None and size > limit_mb * MB:
            expected = {"limit_mb": limit_mb, "size_mb": round(size / MB, 1)}
            raise DataError([Issue("file_too_large", name, expected=expected)])
        data = source if isinstance(source, bytes) else source.read_bytes()
    except OSError as error:
        raise DataError([Issue("file_missing", name)]) from error
    if not data[:1_000].strip() and not data.strip():
        raise DataError([Issue("file_empty", name)])
    return data


def _format(data: bytes) -> str:
    head = data[:64].removeprefix(b"\xef\xbb\xbf").lstrip()
    return next((found for start, found in SIGNATURES if head.startswith(start)), "csv")


def _unknown_format(name: str, found: str, accepted: Sequence[str] = ACCEPTED) -> DataError:
    expected = {"found": found, "accepted": accepted}
    return DataError([Issue("unknown_format", name, expected=expected)])


def _text_grid(data: bytes, meter: Meter) -> Grid:
    ends = data.count(b"\n") + data.count(b"\r") - data.count(b"\r\n")
    meter.shape(ends - MOST_LINES, 1)
    encoding = _encoding(data, meter)
    head = next(_lines(data, encoding, meter))
    named = re.match(r"sep=(.)\r?\n", head)  # the line by which Excel names its separator
    separator = named[1] if named else max(";\t,", key=partial(_header_hits, data, encoding, meter))
    lines = islice(_lines(data, encoding, meter), 1 if named else 0, None)
    rows: list[tuple[int, list[str]]] = []
    number = 0
    try:
        for number, cells in enumerate(csv.reader(lines, delimiter=separator, strict=True), 1):
            if number % LOOKED_AT == 0:
                meter.tick()
            if any(cells):
                # The header keeps the blank cells at its end, as far as they may be columns.
                among_first = len(rows) < HEADER_WITHIN and len(cells) <= meter.bounds.columns
                kept = cells if among_first else _without_end(cells)
                meter.shape(1, len(kept))
                meter.row(kept)
                rows.append((number, kept))
    except csv.Error as error:  # an unclosed quotation mark would swallow the rows after it
        raise DataError([Issue("quotes_broken", meter.name, row=number + 1)]) from error
    return Grid(rows)


def _without_end(cells: list[str]) -> list[str]:
    """Cells up to the last that is not blank."""
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _encoding(data: bytes, meter: Meter) -> str:
    utf16 = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if utf16 else ("utf-8-sig", "cp1252"):
        try:
            pieces = io.TextIOWrapper(io.BytesIO(data), encoding, newline="")
            blank = clean = True
            while clean and (piece := pieces.read(MB)):
                meter.tick()
                blank = blank and not piece.strip()
                clean = "\0" not in piece
        except UnicodeDecodeError:
            continue
        if blank and clean:
            raise DataError([Issue("file_empty", meter.name)])
        if clean:
            return encoding
    raise DataError([Issue("not_a_table", meter.name, expected={"found": "binary"})])


def _lines(data: bytes, encoding: str, meter: Meter) -> Iterator[str]:
    text = io.TextIOWrapper(io.BytesIO(data), encoding, newline="")
    while line := text.readline(LINE_LENGTH + 1):
        if len(line) > LINE_LENGTH:
            raise DataError([Issue("file_line", meter.name, expected={"limit": LINE_LENGTH})])
        yield line


def _header_hits(data: bytes, encoding: str, meter: Meter, separator: str) -> int:
    """Most known column names that one of the first rows has under a separator."""
    rows = csv.reader(_lines(data, encoding, meter), delimiter=separator)
    try:
        return max(_known_names(row[: meter.bounds.columns]) for row in islice(rows, HEADER_WITHIN))
    except csv.Error:
        return 0


def _workbook(data: bytes, meter: Meter) -> "openpyxl.Workbook":
    import openpyxl  # which only whoever brings a workbook waits for

    try:
        slim = probe.workbook(data, meter)
    except probe.NotAWorkbookError as error:
        raise _unknown_format(meter.name, "zip") from error
    return openpyxl.load_workbook(slim, read_only=True, data_only=True, keep_links=False)


def _workbook_grid(data: bytes, meter: Meter) -> Grid:
    book = _workbook(data, meter)
    named = [sheet for sheet in book.worksheets if sheet.title.strip().lower() in SHEETS]
    grids = (_sheet_grid(sheet, meter) for sheet in named or book.worksheets)
    return max(grids, key=lambda grid: max(_hits(grid), default=0), default=Grid([]))


def _sheet_grid(sheet: "openpyxl.worksheet._read_only.ReadOnlyWorksheet", meter: Meter) -> Grid:
    sheet.reset_dimensions()  # some programs write a wrong size into the file
    rows: list[tuple[int, list[str]]] = []
    for number, values in enumerate(sheet.iter_rows(values_only=True), start=1):
        if number > LAST_ROW:  # a row that says so is reached through all those before it
            raise ValueError("a row that no spreadsheet has")
        if number % LOOKED_AT == 0:
            meter.tick()
        cells = [_cell_text(value) for value in values]
        if any(cells):
            rows.append((number, _without_end(cells)))
            meter.row(cells)
    # A remark beside the table is a column without a name, not a row that is too long; one far
    # to the right must not make the columns between.
    used = sorted({i for _, cells in rows for i, cell in enumerate(cells) if cell})
    meter.shape(0, len(used), cells=len(rows) * len(used) - sum(len(cells) for _, cells in rows))
    dense = [(number, [cells[i] if i < len(cells) else "" for i in used]) for number, cells in rows]
    return Grid(dense, tuple(i + 1 for i in used))


def _geojson_grid(data: bytes, meter: Meter) -> Grid:
    columns: dict[str, list[str]] = {}
    points: list[tuple[float, float]] = []
    with _collection(data, meter, ACCEPTED) as collection:
        for feature in collection:
            for key, value in (feature.get("properties") or {}).items():
                if key not in columns:
                    meter.shape(len(points) + 1, len(columns) + 1)
                column = columns.setdefault(key, [])
                column += [""] * (len(points) - len(column))
                column.append(_cell_text(value))
                meter.text(len(column[-1]))
            points.append(_coordinates(feature.get("geometry")))
            meter.shape(len(points), len(columns))
    for column in columns.values():
        column += [""] * (len(points) - len(column))
    x, y = np.array(points, dtype=float).reshape(-1, 2).T
    frame = pd.DataFrame(columns, index=range(len(points)), dtype=object)
    return _vector_grid(frame, x, y, collection.crs, meter)


@contextmanager
def _collection(data: bytes, meter: Meter, accepted: Sequence[str]) -> Iterator[geojson.Collection]:
    try:
        yield geojson.Collection(data, _encoding(data, meter), meter)
    except geojson.NotACollectionError as error:
        raise _unknown_format(meter.name, "json", accepted) from error


def _coordinates(geometry: object) -> tuple[float, float]:
    if not isinstance(geometry, dict) or geometry.get("type") != "Point":
        return np.nan, np.nan
    x, y = (geometry.get("coordinates") or (np.nan, np.nan))[:2]
    return float(x), float(y)


def _geopackage_grid(data: bytes, meter: Meter) -> Grid:
    probe.geopackage(data, meter)
    layers = [str(layer) for layer in pyogrio.list_layers(data)[:, 0]]
    layer = min(layers, key=lambda title: title.lower() not in SHEETS)
    probe.geopackage(data, meter, layer=layer)
    return _frame_grid(pyogrio.read_dataframe(data, layer=layer), meter)


def _parquet_grid(data: bytes, meter: Meter) -> Grid:
    probe.parquet(data, meter)
    frame: pd.DataFrame
    try:
        frame = gpd.read_parquet(io.BytesIO(data))  # type: ignore[arg-type] # takes a file as well
    except ValueError:  # a Parquet file without geometry
        frame = pd.read_parquet(io.BytesIO(data))
    return _frame_grid(frame, meter)


def _frame_grid(frame: pd.DataFrame, meter: Meter) -> Grid:
    if not isinstance(frame, gpd.GeoDataFrame):
        return _grid(frame, meter)
    if frame.crs is None:
        raise DataError([Issue("crs_missing", meter.name)])
    geometry = frame.geometry.to_numpy()  # coordinates of anything but a point are NaN
    attributes = pd.DataFrame(frame.drop(columns=frame.geometry.name))
    return _vector_grid(
        attributes, shapely.get_x(geometry), shapely.get_y(geometry), frame.crs, meter
    )


def _vector_grid(
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
    twice = {c: f"{c}_attribute" for c in attributes if _column(str(c)) in ("lat", "lon")}
    return _grid(attributes.rename(columns=twice).assign(lat=y, lon=x), meter)


def _grid(frame: pd.DataFrame, meter: Meter) -> Grid:
    columns = []
    for column in frame:
        meter.tick()
        columns.append([_cell_text(value) for value in frame[column].tolist()])
    rows = [list(cells) for cells in zip(*columns, strict=True)]
    return Grid([(1, [str(column) for column in frame]), *enumerate(rows, start=2)])


def _cell_text(value: object) -> str:
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


READERS: Final[Mapping[str, Callable[[bytes, Meter], Grid]]] = {
    "csv": _text_grid,
    "zip": _workbook_grid,
    "geojson": _geojson_grid,
    "gpkg": _geopackage_grid,
    "parquet": _parquet_grid,
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
    with _collection(data, meter, LINES_ACCEPTED) as collection:
        for feature in collection:
            properties = feature.get("properties") or {}
            given = {tag: properties.get(tag) for tag in ROAD_TAGS}
            known = {tag: _cell_text(value) for tag, value in given.items() if value is not None}
            meter.shape(len(tags) + 1, len(ROAD_TAGS))
            meter.text(sum(map(len, known.values())))
            tags.append(known)
            geometry.append(_drawn(feature.get("geometry"), meter))
    return gpd.GeoDataFrame(pd.DataFrame(tags), geometry=geometry, crs=collection.crs)


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
    columns, repeated = _column_names(headers, grid.columns, aspects)
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
    rows, left = _joined(rows.drop(columns=unnamed), repeated, titles, name)
    return Table(name, rows, (*left, *issues))


def _ragged(name: str, row: int, cells: Sequence[str], width: int) -> Issue:
    surplus = " | ".join(cells[width:])
    expected = {"columns": width, "found": len(cells)}
    return Issue("ragged_row", name, row=row, value=surplus, expected=expected)


def _header_at(grid: Grid) -> int | None:
    """Position of the row with the most known column names; None when no row has any."""
    hits = _hits(grid)
    return hits.index(max(hits)) if any(hits) else None


def _hits(grid: Grid) -> list[int]:
    return [_known_names(cells) for _, cells in grid.rows[:HEADER_WITHIN]]


def _known_names(cells: Iterable[str]) -> int:
    return len({_column(cell) for cell in cells} & KNOWN)


def _column(header: str) -> str:
    """Canonical column name of a header such as ``"Kabupaten/Kota"`` or ``"Lintang (°)"``."""
    plain = _plain_heading(header)
    if plain in HEADINGS or AWAY.search(header):  # degrees that count to the south or west
        return HEADINGS.get(plain, plain)
    unitless = _plain_heading(UNIT.sub(" ", header)) or plain
    return HEADINGS.get(unitless, unitless)


def _column_names(
    headers: Sequence[str], numbers: Sequence[int], aspects: Mapping[str, str]
) -> tuple[list[str], dict[str, str]]:
    """Name every column; of one name used twice, the later ones get their numbers.

    Besides, by the names of those that repeat a known column, which one they repeat.
    """
    names: list[str] = []
    repeated: dict[str, str] = {}
    for number, header in zip(numbers or range(1, len(headers) + 1), headers, strict=True):
        column = _column(header) or f"column_{number}"
        column = aspects.get(column, column)
        if column in names:
            if column in KNOWN or column in aspects.values():
                repeated[f"{column}_{number}"] = column
            column = f"{column}_{number}"
        names.append(column)
    return names, repeated


def _joined(
    rows: pd.DataFrame, repeated: Mapping[str, str], headers: Mapping[str, str], name: str
) -> tuple[pd.DataFrame, list[Issue]]:
    """Make one column of those with one meaning, and tell which are left where they differ.

    Texts that tell more than each other stand side by side; a district's name beside its code is
    a column of its own; degrees go before metres, else the heading that is the surer one in
    ``headings.csv``: "Nama usaha" before "Nama".

    Raises
    ------
    DataError
        Two columns of an assessment differ; which of two authors it is nobody can say.
    """
    issues = []
    for other, column in repeated.items():
        if other not in rows:  # it was empty
            continue
        first, second = rows[column], rows[other]
        differ = first.notna() & second.notna() & (first != second)
        if column in TOLD:
            rows[column] = first.fillna(second).where(~differ, first + ", " + second)
        elif not differ.any() or _agree(column, first[differ], second[differ]):
            rows[column] = first.fillna(second)
        elif column not in HEADINGS.values():
            pair = (headers[column], headers[other])
            raise DataError(
                [Issue("column_twice", name, column=column, expected={"headers": pair})]
            )
        elif column == "district_code" and _are_codes(first) != _are_codes(second):
            codes, names = (first, second) if _are_codes(first) else (second, first)
            rows[column], rows["district_name"] = codes, names
        else:
            kept, left = headers[column], headers[other]
            if _goes_before(column, second, first, _surer(left, kept)):
                kept, left, rows[column] = left, kept, second
            told = {"kept": kept}
            issues.append(Issue("column_left", name, None, left, None, told, severity="noted"))
        rows = rows.drop(columns=other)
    return rows, issues


def _agree(column: str, first: pd.Series, second: pd.Series) -> bool:
    """Whether two columns of degrees say the same in other digits."""
    return column in DEGREES and np.allclose(numbers(first), numbers(second), atol=SAME_DEG)


def _are_codes(texts: pd.Series) -> bool:
    return bool(texts[~is_nothing(texts)].str.fullmatch(r"[\d.]+").all())


def _goes_before(column: str, second: pd.Series, first: pd.Series, surer: bool) -> bool:
    """Whether the second of two columns is the one to take."""
    if column in DEGREES:
        metres, also = (numbers(t).abs().gt(DEGREES[column]).any() for t in (first, second))
        if metres != also:
            return bool(metres)
    return surer


def _surer(heading: str, other: str) -> bool:
    """Whether a heading stands before another in the catalogue; a column's own name before all."""
    order = list(HEADINGS)
    ranks = (order.index(h) if h in HEADINGS else -1 for h in map(_plain_heading, (heading, other)))
    return next(ranks) < next(ranks)


def _clean(cell: str) -> str:
    """Strip a cell, and the apostrophe by which ``export.inert`` disarms a formula."""
    cell = cell.strip()
    if cell.startswith("'") and re.match(r"'\s*[=+\-@]|'[\t\r\n]", cell):
        cell = cell[1:].strip()
    # JSON can hold halves of characters that no text file can.
    return cell if cell.isascii() and cell.isprintable() else trimmed(seen(printable(cell)))
