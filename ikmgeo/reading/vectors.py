"""Layers of map files: their attributes and, of whatever is drawn, a point and its extent."""

import io
import struct
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import PurePosixPath
from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyogrio
import pyproj
import shapely

from ikmgeo.errors import Issue
from ikmgeo.reading import geojson, kml, probe
from ikmgeo.reading.bounds import Meter
from ikmgeo.reading.cell_shapes import DEGREE_KM, precisions
from ikmgeo.reading.columns import HEADINGS, column_of, plain
from ikmgeo.reading.formats import ACCEPTED, unknown_format
from ikmgeo.reading.grids import Grid, Layer, cell_text, table_grid
from ikmgeo.reading.text_files import encoding_of
from ikmgeo.vocabulary import WGS84

SHAPEFILE: Final = frozenset((".shp", ".shx", ".dbf", ".prj", ".cpg"))
"""Parts of a shapefile that are read."""

Frames = Iterator[tuple[str, pd.DataFrame]]
"""Layers one after another: title, and table with geometry where it has some."""

SHP: Final = b"\x00\x00\x27\x0a"
HEADER_BYTES: Final = 100
RECORD_BYTES: Final = 8
"""Of a shapefile, and of the number and length before each of its records."""

LINES: Final = (shapely.GeometryType.LINESTRING, shapely.GeometryType.MULTILINESTRING)

DBF_NAME: Final = 10
"""Most characters of a column's name in a shapefile; longer ones were cut."""


def geojson_layers(data: bytes, meter: Meter) -> list[Layer]:
    """Properties and geometries of a feature collection, a single feature or a sequence of them.

    Of plain records, which have no geometry, a table.
    """
    frame, geometry, crs = geojson_features(data, meter)
    if len(geometry) and shapely.is_missing(geometry).all():
        return [Layer("", table_grid(frame, meter), drawn=False)]
    return [drawn_layer("", frame, geometry, crs, meter)]


def geojson_features(
    data: bytes, meter: Meter
) -> tuple[pd.DataFrame, npt.NDArray[np.object_], Any]:
    """Properties as texts, geometries (None where there is none) and CRS of such features."""
    columns: dict[str, list[str]] = {}
    points: list[tuple[float, float]] = []
    others: dict[int, shapely.Geometry] = {}
    with collection(data, meter, ACCEPTED, geojson.Records) as features:
        for feature in features:
            for key, value in (feature.get("properties") or {}).items():
                if key not in columns:
                    meter.shape(len(points) + 1, len(columns) + 1)
                column = columns.setdefault(key, [])
                column += [""] * (len(points) - len(column))
                column.append(cell_text(value))
                meter.text(len(column[-1]))
            drawn = feature.get("geometry")
            if isinstance(drawn, dict) and drawn.get("type") not in (None, "Point"):
                others[len(points)] = shapely.geometry.shape(drawn)
            points.append(_coordinates(drawn))
            meter.shape(len(points), len(columns))
    for column in columns.values():
        column += [""] * (len(points) - len(column))
    geometry = np.array(shapely.points(np.array(points, dtype=float).reshape(-1, 2)), dtype=object)
    geometry[np.isnan(shapely.get_x(geometry))] = None
    for row, other in others.items():
        geometry[row] = other
    frame = pd.DataFrame(columns, index=range(len(points)), dtype=object)
    return frame, geometry, features.crs


@contextmanager
def collection(
    data: bytes,
    meter: Meter,
    accepted: Sequence[str],
    reader: type[geojson.Collection] = geojson.Collection,
) -> Iterator[geojson.Collection]:
    """Features one at a time; JSON of another kind is an unknown format."""
    try:
        yield reader(data, encoding_of(data, meter), meter)
    except geojson.NotACollectionError as error:
        raise unknown_format(meter.name, "json", accepted) from error


def _coordinates(geometry: object) -> tuple[float, float]:
    if not isinstance(geometry, dict) or geometry.get("type") != "Point":
        return np.nan, np.nan
    x, y = (geometry.get("coordinates") or (np.nan, np.nan))[:2]
    return float(x), float(y)


def geopackage_frames(data: bytes, meter: Meter) -> Frames:
    """Every layer of a GeoPackage, also those without geometry."""
    probe.geopackage(data, meter)
    named = _archived({"layer.gpkg": data})
    for title in _titles(named):
        probe.geopackage(data, meter, layer=title)
        yield title, pyogrio.read_dataframe(named, layer=title)


def parquet_frames(data: bytes, meter: Meter) -> Frames:
    """Columns and geometries of a Parquet file."""
    probe.parquet(data, meter)
    frame: pd.DataFrame
    try:
        frame = gpd.read_parquet(io.BytesIO(data))  # type: ignore[arg-type] # takes a file as well
    except ValueError:  # a Parquet file without geometry
        frame = pd.read_parquet(io.BytesIO(data))
    yield "", frame


def flatgeobuf_frames(data: bytes, meter: Meter) -> Frames:
    """The one layer of a FlatGeobuf file."""
    yield "", _read(data, meter)


def gpx_frames(data: bytes, meter: Meter) -> Frames:
    """Waypoints of a GPX file; its tracks and routes are where somebody went, not places."""
    kml.check(data, b"gpx")
    data = kml.mended(data, meter)
    yield "waypoints", kml.attributes(_read(data, meter, layer="waypoints"), meter)


def kml_frames(data: bytes, meter: Meter) -> Frames:
    """Folders of a KML file, each a layer; what its descriptions list are columns."""
    kml.check(data, b"kml")
    data = kml.mended(data, meter)
    for title in _titles(data):
        yield title, kml.attributes(_read(data, meter, layer=title), meter)


def archive_layers(files: Mapping[str, bytes], meter: Meter) -> list[Layer]:
    """Shapefiles and KML files of an unpacked archive, each named as its file is."""
    return [_frame_layer(*frame, meter) for frame in archive_frames(files, meter)]


def archive_frames(files: Mapping[str, bytes], meter: Meter) -> Frames:
    """As ``archive_layers``, before they are points."""
    for name, data in files.items():
        path = PurePosixPath(name)
        if path.suffix.lower() == ".kml":
            yield from kml_frames(data, meter)
        elif path.suffix.lower() == ".shp":
            parts = {
                PurePosixPath(other).suffix.lower(): content
                for other, content in files.items()
                if PurePosixPath(other).with_suffix("") == path.with_suffix("")
            }
            yield path.stem, _shapefile(parts, meter)


def _shapefile(parts: Mapping[str, bytes], meter: Meter) -> pd.DataFrame:
    """One shapefile from its parts, in an archive of our own making: GDAL sees nothing else."""
    if not parts[".shp"].startswith(SHP):
        raise ValueError("no shapefile")
    parts = {".shx": _shx(parts[".shp"], meter), **parts}
    named = _archived({f"layer{suffix}": parts[suffix] for suffix in SHAPEFILE & parts.keys()})
    # Without a table of characters GDAL takes Latin letters, whatever stands there.
    encoding = None if ".cpg" in parts else _dbf_encoding(parts.get(".dbf", b""))
    frame = _read(named, meter, encoding=encoding)
    return frame.rename(columns=_uncut)


def _shx(shapes: bytes, meter: Meter) -> bytes:
    """The index of a shapefile that came without: where each record begins, and its length.

    In 16-bit words; see ESRI Shapefile Technical Description (1998), p. 23.
    """
    records: list[bytes] = []
    at = HEADER_BYTES
    while at + RECORD_BYTES <= len(shapes):
        meter.parts(len(records) + 1, meter.bounds.rows)
        (words,) = struct.unpack(">i", shapes[at + 4 : at + RECORD_BYTES])
        if words < 0:
            raise ValueError("no shapefile")
        records.append(struct.pack(">ii", at // 2, words))
        at += RECORD_BYTES + 2 * words
    length = struct.pack(">i", (HEADER_BYTES + RECORD_BYTES * len(records)) // 2)
    return shapes[:24] + length + shapes[28:HEADER_BYTES] + b"".join(records)


def _archived(files: Mapping[str, bytes]) -> bytes:
    """Files under names by which GDAL knows their format; it wonders about those without."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


def _dbf_encoding(table: bytes) -> str:
    try:
        table[table.find(b"\r") :].decode()
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _uncut(name: str) -> str:
    """The column that a cut heading stands for, where only one begins so."""
    if len(name) != DBF_NAME or plain(name) in HEADINGS:
        return name
    whole = {column for heading, column in HEADINGS.items() if heading.startswith(plain(name))}
    return whole.pop() if len(whole) == 1 else name


def _titles(data: bytes) -> list[str]:
    return [str(title) for title in pyogrio.list_layers(data)[:, 0]]


def _read(data: bytes, meter: Meter, **options: Any) -> pd.DataFrame:
    """A layer, of which no more is read than tells that it is too much."""
    frame: pd.DataFrame = pyogrio.read_dataframe(
        data, max_features=meter.bounds.rows + 1, **options
    )
    meter.shape(len(frame), frame.shape[1])
    meter.tick()
    return frame


def _frame_layer(title: str, frame: pd.DataFrame, meter: Meter) -> Layer:
    if not isinstance(frame, gpd.GeoDataFrame):
        return Layer(title, table_grid(frame, meter), drawn=False)
    attributes = pd.DataFrame(frame.drop(columns=frame.geometry.name))
    return drawn_layer(title, attributes, frame.geometry.to_numpy(), frame.crs, meter)


def drawn_layer(
    title: str,
    attributes: pd.DataFrame,
    geometry: npt.NDArray[np.object_],
    crs: object,
    meter: Meter,
) -> Layer:
    """Attributes with a point of each geometry as ``lat`` and ``lon``.

    Of a line, an area or several points, it is a point of it, with the positional precision that
    covers the whole (``position_precision``). Lines among points are ways to them, and left out.
    Degrees are WGS84; without a CRS, or where the
    numbers are none of its, they stay as they are, for ``reading.coordinates`` to recognise.
    """
    alone = shapely.get_type_id(geometry) == shapely.GeometryType.MULTIPOINT
    alone &= shapely.get_num_geometries(geometry) == 1
    geometry = np.where(alone, shapely.get_geometry(geometry, 0), geometry)
    ways = np.isin(shapely.get_type_id(geometry), LINES)
    kept = (
        ~ways
        if (shapely.get_type_id(geometry) == shapely.GeometryType.POINT).any()
        else ways | True
    )
    attributes, geometry = attributes[kept], geometry[kept]
    none = shapely.is_missing(geometry) | shapely.is_empty(geometry)
    spread = ~none & (shapely.get_type_id(geometry) != shapely.GeometryType.POINT)
    spots = np.where(spread, shapely.point_on_surface(geometry), geometry)
    known = None if crs is None else pyproj.CRS.from_user_input(crs)
    x, y = _degrees(shapely.get_x(spots), shapely.get_y(spots), known)
    x, y = np.where(spread, np.round(x, 7), x), np.where(spread, np.round(y, 7), y)
    issues = []
    if known is None:
        issues.append(Issue("crs_unstated", meter.name, severity="noted"))
    if not kept.all():
        left: dict[str, object] = {"count": int((~kept).sum())}
        issues.append(Issue("lines_left", meter.name, expected=left, severity="noted"))
    twice = {c: f"{c}_attribute" for c in attributes if column_of(str(c)) in ("lat", "lon")}
    table = attributes.rename(columns=twice).assign(lat=y, lon=x)
    if spread.any():
        told: dict[str, object] = {"count": int(spread.sum())}
        issues.append(Issue("geometry_spread", meter.name, expected=told, severity="noted"))
        if not any(column_of(str(column)) == "position_precision" for column in attributes):
            table["position_precision"] = _precision(geometry, spread, known)
    (_, header), *rows = table_grid(table, meter).rows
    numbered = [
        (int(n) + 2, cells) for n, (_, cells) in zip(np.flatnonzero(kept), rows, strict=True)
    ]
    grid = Grid([(1, header), *numbered])
    return Layer(title, grid, issues=tuple(issues), points=not spread.all())


def _degrees(
    x: npt.NDArray[np.float64], y: npt.NDArray[np.float64], crs: pyproj.CRS | None
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    if crs is None or crs.equals(pyproj.CRS(WGS84), ignore_axis_order=True):
        return x, y
    x, y = pyproj.Transformer.from_crs(crs, WGS84, always_xy=True).transform(x, y)
    return np.round(x, 7), np.round(y, 7)  # about 1 cm; the rest is noise of the projection


def _precision(
    geometry: npt.NDArray[np.object_], spread: npt.NDArray[np.bool_], crs: pyproj.CRS | None
) -> list[str]:
    """Precision whose radius covers each geometry that is spread; "" for the others."""
    west, south, east, north = shapely.bounds(geometry).T
    (west, south), (east, north) = _degrees(west, south, crs), _degrees(east, north, crs)
    radius_km = np.hypot(east - west, north - south) / 2 * DEGREE_KM
    covering = precisions(radius_km)
    return [name if wide else "" for name, wide in zip(covering, spread, strict=True)]


FRAMES: Final[Mapping[str, Callable[[bytes, Meter], Frames]]] = {
    "gpkg": geopackage_frames,
    "parquet": parquet_frames,
    "flatgeobuf": flatgeobuf_frames,
    "gpx": gpx_frames,
    "kml": kml_frames,
}
"""Formats whose layers come as tables, with or without geometry."""


def _layers(frames: Callable[[bytes, Meter], Frames], data: bytes, meter: Meter) -> list[Layer]:
    return [_frame_layer(*frame, meter) for frame in frames(data, meter)]


LAYERS: Final[Mapping[str, Callable[[bytes, Meter], list[Layer]]]] = {
    **dict.fromkeys(("geojson", "json"), geojson_layers),
    **{kind: partial(_layers, frames) for kind, frames in FRAMES.items()},
}
