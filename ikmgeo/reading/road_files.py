"""Files of roads become lines with the tags that tell how they are driven.

Read are GeoPackage, zipped shapefiles, FlatGeobuf, OpenStreetMap's own files (``.osm.pbf``,
``.osm``), GeoJSON and GeoParquet. Of several layers the one that holds roads is taken by what its
columns and its name say, never by its order.
"""

import io
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, Final, Literal, get_args

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyogrio
import shapely

from ikmgeo.errors import DataError, Issue
from ikmgeo.reading import map_layers, probe, road_tags
from ikmgeo.reading.bounds import LINES, Bounds, Meter
from ikmgeo.reading.formats import content
from ikmgeo.reading.grids import cell_text
from ikmgeo.reading.map_layers import Source, Wanted, stem, within
from ikmgeo.reading.vectors import collection
from ikmgeo.vocabulary import WGS84
from ikmgeo.vocabulary import Bounds as Box

Evidence = Literal["chosen", "tags", "name", "nothing", "other"]
"""What tells whether a layer holds roads, the surest first; ``other`` tells that it does not."""

EVIDENCE: Final[tuple[Evidence, ...]] = get_args(Evidence)

LINES_ACCEPTED: Final = ("geojson", "gpkg", "parquet", "zip", "fgb", "osm.pbf", "osm")
FORMATS: Final = ("geojson", "parquet", *map_layers.SOURCES)

OTHER_COLUMNS: Final = ("railway", "waterway", "boundary", "admin_level", "natural", "power")
"""Columns that are filled in layers of other lines."""

READ: Final = Wanted(road_tags.TAGS)
LOOKED_AT: Final = Wanted((*road_tags.TAGS, *OTHER_COLUMNS))
"""Columns that are read, and with those that tell of what the lines are."""

FOR_CARS: Final = map_layers.where("highway", road_tags.CLASS_KMH)
"""The lines of OpenStreetMap that are roads for cars; the others are most of them."""

ROAD_NAME: Final = re.compile(r"\b(?:jalan\w*|jln|roads?\w*|streets?|highways?|tol|edges)\b")
OTHER_NAME: Final = re.compile(
    r"\b(?:rel|relka|rail\w*|kereta|batas\w*|borders?|boundar\w*|adm\w*|sungai\w*|rivers?|water\w*"
    r"|streams?|kanal|canals?|irigasi|saluran|pantai|coast\w*|kontur|contours?|pipa|pipelines?"
    r"|power\w*|listrik|kabel|sutet|patahan|sesar|faults?)\b"
)
"""Words of names of layers, in Indonesian and English."""

SAMPLE: Final = 2_000
"""First lines of a layer whose columns are looked at."""

BEGINNING: Final = 1_000
"""Characters of their texts."""

UTM_ZONES: Final = ("EPSG:32646", "EPSG:32647", "EPSG:32648")
"""In which Sumatra lies."""

LINE_TYPES: Final = ("LineString", "MultiLineString")
POSITION_CHARACTERS: Final = 40
"""What a position of a line counts for; it takes as long as so much text."""


@dataclass(frozen=True)
class Layer:
    """A layer of lines, and what tells whether they are roads.

    Parameters
    ----------
    name
        As the file has it; of a file without layers, the file's own.
    evidence
        ``chosen`` by the reader; ``tags``: a column has classes of roads; ``name``: it is called
        so; ``nothing`` speaks for or against; ``other``: it holds other lines.
    by
        The column or word that tells it.
    """

    name: str
    evidence: Evidence
    by: str = ""


@dataclass(frozen=True, eq=False)
class RoadLines:
    """Lines with the columns of ``road_tags.TAGS``, the layer they are from, and what was assumed.

    Whether there are lines, and a CRS, is for ``measures.roads`` to judge.
    """

    lines: gpd.GeoDataFrame
    layer: Layer
    issues: tuple[Issue, ...] = ()


def line_layers(name: str, source: bytes, *, limit_mb: float | None = None) -> tuple[Layer, ...]:
    """Layers of lines of a file, those that hold roads first; of most formats there is but one.

    Raises
    ------
    DataError
        As ``read_lines``.
    """
    meter = Meter(name, LINES)
    data, found = _unwrapped(content(source, name, limit_mb), meter)
    if found in WHOLE:
        return (Layer(stem(name), "nothing"),)
    with map_layers.sound(name, found), _opened(data, found, meter) as sources:
        return tuple(_in_order([_judged(source, meter) for source in sources]))


def read_lines(
    name: str,
    source: bytes,
    *,
    layer: str | None = None,
    box: Box | None = None,
    limit_mb: float | None = None,
    bounds: Bounds = LINES,
) -> RoadLines:
    """Read the roads of a file, its format recognised by content.

    Parameters
    ----------
    name
        Name of the file as the user knows it.
    layer
        The layer that the reader chose; None takes the one that holds roads.
    box
        Of the province, in degrees: only lines in and around it are read, and a file without a CRS
        is taken for degrees or UTM metres where these fall into it. None reads all.
    limit_mb
        In MB (1,000,000 bytes).

    Raises
    ------
    DataError
        The file is empty, too large, broken, of another format, holds more than ``bounds`` or no
        roads, or does not tell which of its layers are roads.

    Notes
    -----
    Shapefiles are unpacked to a folder that is removed, and GDAL keeps the nodes of an
    OpenStreetMap file in files of its own that are gone when it is read; else nothing is written
    to disk.
    """
    meter = Meter(name, bounds)
    data, found = _unwrapped(content(source, name, limit_mb), meter)
    if found == "osm":
        meter = Meter(name, replace(bounds, **map_layers.OSM_BOUNDS))
    with map_layers.sound(name, found):
        if found in WHOLE:
            frame = WHOLE[found](data, meter)
            taken, issues = _taken([_judge(stem(name), frame)], layer, name)
            return _cut(frame, taken, box, issues, name)
        with _opened(data, found, meter) as sources:
            taken, issues = _taken([_judged(source, meter) for source in sources], layer, name)
            at = next(one for one in sources if one.name == taken.name)
            frame, count = map_layers.streamed(at, READ, box, meter)
            if count and frame.empty:
                raise DataError([Issue("roads_outside", name)])
            return _cut(frame, taken, box, issues, name)


def _unwrapped(data: bytes, meter: Meter) -> tuple[bytes, str]:
    return map_layers.unwrapped(data, meter, FORMATS, LINES_ACCEPTED)


@contextmanager
def _opened(data: bytes, found: str, meter: Meter) -> Iterator[list[Source]]:
    with map_layers.SOURCES[found](data, meter, LOOKED_AT) as sources:
        yield [replace(one, where=FOR_CARS) for one in sources] if found == "osm" else sources


def _judged(source: Source, meter: Meter) -> Layer:
    """What the first lines of a layer tell of it."""
    meter.tick()
    if source.where:
        return Layer(source.name, "tags", "highway")
    columns = LOOKED_AT.of(source.fields)
    if not columns:
        return _judge(source.name, pd.DataFrame())
    with pyogrio.open_arrow(
        source.path,
        layer=source.layer,
        columns=columns,
        read_geometry=False,
        batch_size=SAMPLE,
        use_pyarrow=True,
    ) as (_, reader):
        first = next(iter(reader), None)
    if first is None:
        return _judge(source.name, pd.DataFrame(columns=columns))
    begun = [
        pc.utf8_slice_codeunits(values, 0, BEGINNING) if pa.types.is_string(values.type) else values
        for values in first.select(columns).columns
    ]
    return _judge(source.name, pa.table(begun, names=columns).to_pandas())


def _judge(name: str, sample: pd.DataFrame) -> Layer:
    """Whether lines of these columns, in a layer of this name, are roads."""
    words = _words(name)
    classes, column = road_tags.classes(sample)
    told = classes.dropna()
    if len(told) and road_tags.is_class(told).mean() >= 0.5:
        return Layer(name, "tags", column)
    for other in (*OTHER_COLUMNS, "fclass"):
        if road_tags.tag(sample, other).notna().any():
            return Layer(name, "other", other)
    if word := OTHER_NAME.search(words):
        return Layer(name, "other", word[0])
    for told_by in ("highway", "maxspeed", "oneway"):
        if road_tags.tag(sample, told_by).notna().any():
            return Layer(name, "tags", told_by)
    if word := ROAD_NAME.search(words):
        return Layer(name, "name", word[0])
    return Layer(name, "nothing")


def _taken(
    layers: Sequence[Layer], chosen: str | None, name: str
) -> tuple[Layer, tuple[Issue, ...]]:
    """The layer to read, and what the reader should know of the choice."""
    if any(layer.name == chosen for layer in layers):
        return Layer(str(chosen), "chosen"), ()
    if not layers:
        raise DataError([Issue("roads_no_lines", name)])
    best = likely(layers)
    if best is None:
        raise DataError([doubt(layers, name)])
    if best.evidence == "nothing":
        return best, (Issue("roads_unsaid", name, value=best.name, severity="noted"),)
    fitting = [one.name for one in layers if one.evidence in ("tags", "name") and one != best]
    if not fitting:
        return best, ()
    told = {"others": fitting}
    return best, (Issue("roads_several", name, None, None, best.name, told, severity="noted"),)


def likely(layers: Sequence[Layer]) -> Layer | None:
    """The layer that holds roads; None where none does, or nothing tells which of several."""
    first, *rest = _in_order(layers)
    unsure = first.evidence == "nothing" and any(one.evidence == "nothing" for one in rest)
    return None if unsure or first.evidence == "other" else first


def doubt(layers: Sequence[Layer], name: str) -> Issue:
    """Why none of the layers is taken: all hold other lines, or nothing tells which are roads."""
    unsaid = tuple(layer.name for layer in layers if layer.evidence == "nothing")
    code = "roads_which_layer" if unsaid else "roads_no_layer"
    told = {"layers": unsaid or tuple(layer.name for layer in layers)}
    return Issue(code, name, expected=told)


def _in_order(layers: Sequence[Layer]) -> list[Layer]:
    """The layers that hold roads first; of two, the one that is called so."""
    return sorted(
        layers,
        key=lambda one: (EVIDENCE.index(one.evidence), not ROAD_NAME.search(_words(one.name))),
    )


def _words(name: str) -> str:
    """Words of a name such as "JaringanJalan_2024", with blanks between them."""
    return " ".join(re.findall("[A-Z]?[a-z]+|[A-Z]+", name)).lower()


def _cut(
    frame: pd.DataFrame, layer: Layer, box: Box | None, issues: tuple[Issue, ...], name: str
) -> RoadLines:
    """Lines with their tags alone, those in and around the box."""
    if not isinstance(frame, gpd.GeoDataFrame):
        frame = gpd.GeoDataFrame(frame, geometry=np.full(len(frame), None), crs=WGS84)
    tags = frame[READ.of(frame.columns)]
    lines = gpd.GeoDataFrame(tags, geometry=frame.geometry, crs=frame.crs)
    if lines.crs is None and box and (crs := assumed_crs(lines.geometry, box)):
        lines = lines.set_crs(crs)
        issues += (Issue("roads_crs_assumed", name, expected={"crs": crs}, severity="noted"),)
    drawn = lines.geometry.notna().any()
    lines = lines[within(lines.geometry.to_numpy(), lines.crs, box)]
    if drawn and lines.empty:
        raise DataError([Issue("roads_outside", name)])
    return RoadLines(lines, layer, issues)


def assumed_crs(geometry: gpd.GeoSeries, box: Box) -> str | None:
    """The one CRS of those in use here that puts most lines into the province, if there is one."""
    shapes = geometry.to_numpy()
    fitting = [crs for crs in (WGS84, *UTM_ZONES) if within(shapes, crs, box).mean() > 0.5]
    return fitting[0] if len(fitting) == 1 else None


def _geojson_lines(data: bytes, meter: Meter) -> pd.DataFrame:
    rows: list[dict[str, str]] = []
    geometry: list[Any] = []  # None where a line has none, which the stubs do not know
    columns: set[str] = set()
    with collection(data, meter, LINES_ACCEPTED) as features:
        for feature in features:
            properties = feature.get("properties") or {}
            given = {column: properties[column] for column in LOOKED_AT.of(properties)}
            known = {tag: cell_text(value) for tag, value in given.items() if value is not None}
            columns.update(known)
            meter.shape(len(rows) + 1, len(columns))
            meter.text(sum(map(len, known.values())))
            rows.append(known)
            geometry.append(_drawn(feature.get("geometry"), meter))
    return gpd.GeoDataFrame(pd.DataFrame(rows), geometry=geometry, crs=features.crs)


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
    present = contents.schema_arrow.names
    wanted = {*LOOKED_AT.of(present), json.loads(about)["primary_column"]}
    probe.parquet(data, meter, columns=wanted)
    some = [c for c in present if c in wanted]
    return gpd.read_parquet(io.BytesIO(data), columns=some)  # type: ignore[arg-type] # takes a file


WHOLE: Final[Mapping[str, Callable[[bytes, Meter], pd.DataFrame]]] = {
    "geojson": _geojson_lines,
    "parquet": _parquet_lines,
}
"""Formats that are read whole."""
