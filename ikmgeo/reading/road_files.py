"""Files of roads become lines with the tags that tell how they are driven.

Read are GeoPackage, zipped shapefiles, FlatGeobuf, OpenStreetMap's own files (``.osm.pbf``,
``.osm``), GeoJSON and GeoParquet. Of several layers the one that holds roads is taken by what its
columns and its name say, never by its order.
"""

import io
import json
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any, Final, Literal, get_args

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyogrio
import pyproj
import shapely

from ikmgeo.errors import DataError, Issue
from ikmgeo.reading import probe, road_tags
from ikmgeo.reading.bounds import LINES, Bounds, Meter
from ikmgeo.reading.formats import content, format_of, unknown_format
from ikmgeo.reading.grids import cell_text
from ikmgeo.reading.vectors import SHAPEFILE, collection
from ikmgeo.vocabulary import WGS84
from ikmgeo.vocabulary import Bounds as Box

Evidence = Literal["chosen", "tags", "name", "nothing", "other"]
"""What tells whether a layer holds roads, the surest first; ``other`` tells that it does not."""

EVIDENCE: Final[tuple[Evidence, ...]] = get_args(Evidence)

LINES_ACCEPTED: Final = ("geojson", "gpkg", "parquet", "zip", "fgb", "osm.pbf", "osm")
EXTENSIONS: Final = ("geojson", "json", "gpkg", "parquet", "zip", "fgb", "pbf", "osm")
"""Endings of files of roads."""

FLATGEOBUF: Final = b"fgb\x03fgb"
OSM_PBF: Final = b"OSMHeader"
OSM_LAYER: Final = "lines"
DATASIZE: Final = 3 << 3
"""Key of the field of a block's header that tells its length."""

OSM_BOUNDS: Final = {"rows": 1_500_000, "characters": 300_000_000, "seconds": 55}
"""An extract of OpenStreetMap is read through whole to find the roads of the province."""

SCANNED: Final = Bounds(rows=5_000_000, cells=100_000_000, characters=200_000_000)
"""What a GeoPackage may hold of which only the province's part is kept."""

OTHER_COLUMNS: Final = ("railway", "waterway", "boundary", "admin_level", "natural", "power")
"""Columns that are filled in layers of other lines."""

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

BATCH: Final = 20_000
"""Lines that are read at a time."""

MARGIN_DEG: Final = 0.25
"""Roads so far outside the province are read too: the shortest way may lead there."""

LINE_SHAPES: Final = (3, 13, 23)
"""Types of shapefiles that hold lines: plain, with heights, with measures."""

UNPACKED_MB: Final = 1_500
"""Most that the shapefiles of an archive unpack to, on disk."""

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


@dataclass(frozen=True)
class _Source:
    """A layer that GDAL can read: where, its name there, and which lines of it."""

    path: bytes | Path
    name: str
    layer: str | None = None
    where: str | None = None


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
        return (Layer(_stem(name), "nothing"),)
    with _sound(name, found), SOURCES[found](data, meter) as sources:
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
        meter = Meter(name, replace(bounds, **OSM_BOUNDS))
    with _sound(name, found):
        if found in WHOLE:
            frame = WHOLE[found](data, meter)
            taken, issues = _taken([_judge(_stem(name), frame)], layer, name)
            return _cut(frame, taken, box, issues, name)
        with SOURCES[found](data, meter) as sources:
            taken, issues = _taken([_judged(source, meter) for source in sources], layer, name)
            at = next(one for one in sources if one.name == taken.name)
            return _cut(_streamed(at, box, meter), taken, box, issues, name)


@contextmanager
def _sound(name: str, found: str) -> Iterator[None]:
    """Refuse a broken file whatever a parser raises."""
    try:
        yield
    except DataError:
        raise
    except Exception as error:
        raise DataError([Issue("file_broken", name, expected={"format": found})]) from error


def _unwrapped(data: bytes, meter: Meter) -> tuple[bytes, str]:
    """A file and its format; of an archive that holds one file, that file."""
    found = _line_format(data)
    if found == "zip":
        try:
            inner = _only_file(data, meter)
        except zipfile.BadZipFile as error:
            raise unknown_format(meter.name, found, LINES_ACCEPTED) from error
        if inner is not None:
            data, found = inner, _line_format(inner)
            found = "" if found == "zip" else found
    if found not in (*WHOLE, *SOURCES):
        raise unknown_format(meter.name, found, LINES_ACCEPTED)
    return data, found


def _line_format(data: bytes) -> str:
    head = data[:1_000]
    if head.startswith(FLATGEOBUF):
        return "fgb"
    if OSM_PBF in head[:64] or re.match(rb"\s*(?:<\?xml[^>]*>\s*)?<osm\b", head):
        return "osm"
    return format_of(data)


def _only_file(data: bytes, meter: Meter) -> bytes | None:
    """The one file of an archive that is no shapefile; None for shapefiles."""
    with probe.archive(data, meter) as archive:
        files = [e for e in archive.infolist() if not e.is_dir() and "__MACOSX" not in e.filename]
        if any(entry.filename.lower().endswith(".shp") for entry in files):
            return None
        known = [e for e in files if e.filename.lower().rpartition(".")[2] in EXTENSIONS]
        if len(known) != 1:
            raise unknown_format(meter.name, "zip", LINES_ACCEPTED)
        meter.unpacked(known[0].file_size)
        return archive.read(known[0])


@contextmanager
def _geopackage(data: bytes, meter: Meter) -> Iterator[list[_Source]]:
    scan = Meter(meter.name, SCANNED)
    probe.geopackage(data, scan)
    layers = [
        str(layer)
        for layer, kind in pyogrio.list_layers(data)
        if "LineString" in str(kind) or kind == "Unknown"
    ]
    for layer in layers:
        columns = _columns(pyogrio.read_info(data, layer=layer)["fields"])
        probe.geopackage(data, scan, layer=layer, columns=columns)
    yield [_Source(data, layer, layer) for layer in layers]


@contextmanager
def _flatgeobuf(data: bytes, meter: Meter) -> Iterator[list[_Source]]:
    yield [_Source(data, _stem(meter.name))]


@contextmanager
def _openstreetmap(data: bytes, meter: Meter) -> Iterator[list[_Source]]:
    """The lines of OpenStreetMap that are roads for cars; the others are most of them."""
    _refuse_cut_off(data, meter)
    known = ", ".join(f"'{name}'" for name in road_tags.CLASS_KMH)
    yield [_Source(data, OSM_LAYER, OSM_LAYER, f"highway IN ({known})")]


def _refuse_cut_off(data: bytes, meter: Meter) -> None:
    """Refuse an OpenStreetMap file that ends too early, of which GDAL reads what there is.

    Raises
    ------
    ValueError
        When the last block or ``</osm>`` is not whole.

    References
    ----------
    OpenStreetMap Wiki, PBF Format (encoding of blocks).
    """
    if OSM_PBF not in data[:64]:
        if not data[-1_000:].rstrip().endswith(b"</osm>"):
            raise ValueError("the file is cut off")
        return
    at = 0
    while at < len(data):
        meter.tick()
        end = at + 4 + int.from_bytes(data[at : at + 4], "big")
        at = end + _datasize(data[at + 4 : end])
    if at > len(data):
        raise ValueError("the file is cut off")


def _datasize(header: bytes) -> int:
    """How many bytes come after the header of a block: its third field, a protobuf number."""
    at = 0
    while True:
        key, at = _varint(header, at)
        number, at = _varint(header, at)
        if key == DATASIZE:
            return number
        at += number  # a text


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """A number in groups of seven bits, the lowest first, and where it ends."""
    number = shift = 0
    while True:
        number |= (data[at] & 0x7F) << shift
        shift += 7
        at += 1
        if data[at - 1] < 0x80:
            return number, at


@contextmanager
def _shapefiles(data: bytes, meter: Meter) -> Iterator[list[_Source]]:
    """Shapefiles of lines of an archive, in a folder until they are read, under names of ours."""
    with probe.archive(data, meter) as archive, TemporaryDirectory() as folder:
        files = {PurePosixPath(e.filename.lower()): e for e in archive.infolist()}
        sources: list[_Source] = []
        for path, entry in files.items():
            if path.suffix != ".shp" or "__macosx" in path.parts or not _of_lines(archive, entry):
                continue
            at = Path(folder) / f"{len(sources)}.shp"
            for part in (files.get(path.with_suffix(suffix)) for suffix in SHAPEFILE):
                if part:
                    meter.unpacked(part.file_size, UNPACKED_MB)
                    to = at.with_suffix(PurePosixPath(part.filename.lower()).suffix)
                    with archive.open(part) as packed, to.open("wb") as plain:
                        while piece := packed.read(probe.PIECE):
                            meter.tick()
                            plain.write(piece)
            title = PurePosixPath(entry.filename)
            taken = any(source.name == title.stem for source in sources)
            sources.append(_Source(at, str(title.with_suffix("")) if taken else title.stem))
        yield sources


def _of_lines(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bool:
    with archive.open(entry) as packed:
        return int.from_bytes(packed.read(36)[32:], "little") in LINE_SHAPES


Opened = Callable[[bytes, Meter], Any]
SOURCES: Final[Mapping[str, Opened]] = {
    "gpkg": _geopackage,
    "fgb": _flatgeobuf,
    "osm": _openstreetmap,
    "zip": _shapefiles,
}
"""Formats of which GDAL reads a part at a time."""


def _columns(present: Iterable[object]) -> list[str]:
    """Columns that are read, or tell of what the lines are."""
    wanted = (*road_tags.TAGS, *OTHER_COLUMNS)
    return [str(column) for column in present if str(column).lower() in wanted]


def _judged(source: _Source, meter: Meter) -> Layer:
    """What the first lines of a layer tell of it."""
    meter.tick()
    if source.where:
        return Layer(source.name, "tags", "highway")
    columns = _columns(pyogrio.read_info(source.path, layer=source.layer)["fields"])
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


def _streamed(source: _Source, box: Box | None, meter: Meter) -> gpd.GeoDataFrame:
    """Lines of a layer that lie in the box, so many at a time.

    The box is not left to GDAL: an index in a hostile file can name one line as often as it likes.
    """
    about = pyogrio.read_info(source.path, layer=source.layer)
    columns = [c for c in _columns(about["fields"]) if c.lower() in road_tags.TAGS]
    crs = about["crs"]
    parts: list[pa.RecordBatch] = []
    shapes: list[Any] = []
    rows = seen = 0
    with pyogrio.open_arrow(
        source.path,
        layer=source.layer,
        columns=columns,
        where=source.where,
        batch_size=BATCH,
        use_pyarrow=True,
    ) as (told, reader):
        for batch in reader:
            meter.tick()
            geometry = shapely.from_wkb(
                batch.column(told["geometry_name"] or "wkb_geometry").to_numpy(False),
                on_invalid="ignore",
            )
            kept = _within(geometry, crs, box)
            part = batch.filter(pa.array(kept))
            rows += len(part)
            seen += len(batch)
            meter.shape(rows, len(columns))
            meter.text(part.nbytes)
            parts.append(part.select(columns))
            shapes.append(shapely.force_2d(geometry[kept]))
    if seen and not rows:
        raise DataError([Issue("roads_outside", meter.name)])
    if not parts:
        return gpd.GeoDataFrame(geometry=[], crs=crs)
    tags = pa.Table.from_batches(parts).to_pandas()
    return gpd.GeoDataFrame(tags, geometry=np.concatenate(shapes), crs=crs)


def _within(geometry: Any, crs: object, box: Box | None) -> Any:
    """Whether each shape reaches into the box; all do where its CRS is not known."""
    if box is None or crs is None:
        return np.ones(len(geometry), dtype=bool)
    west, south, east, north = pyproj.Transformer.from_crs(
        WGS84, crs, always_xy=True
    ).transform_bounds(*_around(box))
    left, lower, right, upper = shapely.bounds(geometry).T
    return (left <= east) & (right >= west) & (lower <= north) & (upper >= south)


def _around(box: Box) -> Box:
    west, south, east, north = box
    return west - MARGIN_DEG, south - MARGIN_DEG, east + MARGIN_DEG, north + MARGIN_DEG


def _cut(
    frame: pd.DataFrame, layer: Layer, box: Box | None, issues: tuple[Issue, ...], name: str
) -> RoadLines:
    """Lines with their tags alone, those in and around the box."""
    if not isinstance(frame, gpd.GeoDataFrame):
        frame = gpd.GeoDataFrame(frame, geometry=np.full(len(frame), None), crs=WGS84)
    tags = frame[[c for c in _columns(frame.columns) if c.lower() in road_tags.TAGS]]
    lines = gpd.GeoDataFrame(tags, geometry=frame.geometry, crs=frame.crs)
    if lines.crs is None and box and (crs := _assumed_crs(lines.geometry, box)):
        lines = lines.set_crs(crs)
        issues += (Issue("roads_crs_assumed", name, expected={"crs": crs}, severity="noted"),)
    drawn = lines.geometry.notna().any()
    lines = lines[_within(lines.geometry.to_numpy(), lines.crs, box)]
    if drawn and lines.empty:
        raise DataError([Issue("roads_outside", name)])
    return RoadLines(lines, layer, issues)


def _assumed_crs(geometry: gpd.GeoSeries, box: Box) -> str | None:
    """The one CRS of those in use here that puts most lines into the province, if there is one."""
    shapes = geometry.to_numpy()
    fitting = [crs for crs in (WGS84, *UTM_ZONES) if _within(shapes, crs, box).mean() > 0.5]
    return fitting[0] if len(fitting) == 1 else None


def _stem(name: str) -> str:
    """Name of a file without its endings."""
    return name.partition(".")[0] or name


def _geojson_lines(data: bytes, meter: Meter) -> pd.DataFrame:
    rows: list[dict[str, str]] = []
    geometry: list[Any] = []  # None where a line has none, which the stubs do not know
    columns: set[str] = set()
    with collection(data, meter, LINES_ACCEPTED) as features:
        for feature in features:
            properties = feature.get("properties") or {}
            given = {column: properties[column] for column in _columns(list(properties))}
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
    wanted = {*_columns(present), json.loads(about)["primary_column"]}
    probe.parquet(data, meter, columns=wanted)
    some = [c for c in present if c in wanted]
    return gpd.read_parquet(io.BytesIO(data), columns=some)  # type: ignore[arg-type] # takes a file


WHOLE: Final[Mapping[str, Callable[[bytes, Meter], pd.DataFrame]]] = {
    "geojson": _geojson_lines,
    "parquet": _parquet_lines,
}
"""Formats that are read whole."""
