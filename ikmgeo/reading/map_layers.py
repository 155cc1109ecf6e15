"""Layers of map files that GDAL reads a part at a time: which there are, and what lies in a box.

Nothing of them is held but what is kept.
"""

import re
import zipfile
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pyarrow as pa
import pyogrio
import pyproj
import shapely

from ikmgeo.errors import DataError, Issue
from ikmgeo.reading import probe
from ikmgeo.reading.bounds import Bounds, Meter
from ikmgeo.reading.formats import format_of, unknown_format
from ikmgeo.reading.vectors import SHAPEFILE
from ikmgeo.vocabulary import WGS84
from ikmgeo.vocabulary import Bounds as Box

EXTENSIONS: Final = ("geojson", "json", "gpkg", "parquet", "zip", "fgb", "pbf", "osm")
"""Endings of map files."""

FLATGEOBUF: Final = b"fgb\x03fgb"
OSM_PBF: Final = b"OSMHeader"
DATASIZE: Final = 3 << 3
"""Key of the field of a block's header that tells its length."""

OSM_BOUNDS: Final = {"rows": 1_500_000, "characters": 300_000_000, "seconds": 110}
"""An extract of OpenStreetMap is read through whole to find what lies in the province."""

SCANNED: Final = Bounds(rows=5_000_000, cells=100_000_000, characters=200_000_000)
"""What a GeoPackage may hold of which only the province's part is kept."""

BATCH: Final = 20_000
"""Rows that are read at a time."""

MARGIN_DEG: Final = 0.25
"""What lies so far outside the province is read too."""

LINE_SHAPES: Final = (3, 13, 23)
POINT_SHAPES: Final = (1, 11, 21)
"""Types of shapefiles that hold lines or points: plain, with heights, with measures."""

UNPACKED_MB: Final = 1_500
"""Most that the shapefiles of an archive unpack to, on disk."""


@dataclass(frozen=True)
class Wanted:
    """What is read of a file: columns, in small letters, of lines and, if wanted, of points."""

    columns: Collection[str]
    points: bool = False

    def of(self, present: Iterable[object]) -> list[str]:
        """Those of the columns that a layer has."""
        return [str(column) for column in present if str(column).lower() in self.columns]


@dataclass(frozen=True)
class Source:
    """A layer that GDAL can read: where, its name there, and which rows of it."""

    path: bytes | Path
    name: str
    layer: str | None = None
    where: str | None = None

    @property
    def fields(self) -> list[str]:
        """Names of its columns."""
        return list(map(str, self._about["fields"]))

    @property
    def crs(self) -> Any:
        """Its CRS as the file states it; None where it does not."""
        return self._about["crs"]

    @property
    def _about(self) -> dict[str, Any]:
        about: dict[str, Any] = pyogrio.read_info(self.path, layer=self.layer)
        return about


def where(column: str, values: Iterable[str]) -> str:
    """The rows that have one of some values, all known to the code, in a column."""
    listed = ", ".join(f"'{value}'" for value in values)
    return f'"{column}" IN ({listed})'


@contextmanager
def sound(name: str, found: str) -> Iterator[None]:
    """Refuse a broken file whatever a parser raises."""
    try:
        yield
    except DataError:
        raise
    except Exception as error:
        raise DataError([Issue("file_broken", name, expected={"format": found})]) from error


def unwrapped(
    data: bytes, meter: Meter, known: Collection[str], accepted: Sequence[str]
) -> tuple[bytes, str]:
    """A file and its format, one of ``known``; of an archive that holds one file, that file.

    ``accepted`` is what the reader is told may be brought.
    """
    found = _format(data)
    if found == "zip":
        try:
            inner = _only_file(data, meter, accepted)
        except zipfile.BadZipFile as error:
            raise unknown_format(meter.name, found, accepted) from error
        if inner is not None:
            data, found = inner, _format(inner)
            found = "" if found == "zip" else found
    if found not in known:
        raise unknown_format(meter.name, found, accepted)
    return data, found


def _format(data: bytes) -> str:
    head = data[:1_000]
    if head.startswith(FLATGEOBUF):
        return "fgb"
    if OSM_PBF in head[:64] or re.match(rb"\s*(?:<\?xml[^>]*>\s*)?<osm\b", head):
        return "osm"
    return format_of(data)


def _only_file(data: bytes, meter: Meter, accepted: Sequence[str]) -> bytes | None:
    """The one file of an archive that is no shapefile; None for shapefiles."""
    with probe.archive(data, meter) as archive:
        files = [e for e in archive.infolist() if not e.is_dir() and "__MACOSX" not in e.filename]
        if any(entry.filename.lower().endswith(".shp") for entry in files):
            return None
        known = [e for e in files if e.filename.lower().rpartition(".")[2] in EXTENSIONS]
        if len(known) != 1:
            raise unknown_format(meter.name, "zip", accepted)
        meter.unpacked(known[0].file_size)
        return archive.read(known[0])


@contextmanager
def _geopackage(data: bytes, meter: Meter, wanted: Wanted) -> Iterator[list[Source]]:
    scan = Meter(meter.name, SCANNED)
    probe.geopackage(data, scan)
    shapes = ("LineString", "Point") if wanted.points else ("LineString",)
    sources = [
        Source(data, str(layer), str(layer))
        for layer, kind in pyogrio.list_layers(data)
        if any(shape in str(kind) for shape in shapes) or kind == "Unknown"
    ]
    for source in sources:
        probe.geopackage(data, scan, layer=source.layer, columns=wanted.of(source.fields))
    yield sources


@contextmanager
def _flatgeobuf(data: bytes, meter: Meter, wanted: Wanted) -> Iterator[list[Source]]:
    yield [Source(data, stem(meter.name))]


@contextmanager
def _openstreetmap(data: bytes, meter: Meter, wanted: Wanted) -> Iterator[list[Source]]:
    _refuse_cut_off(data, meter)
    layers = ("lines", "points") if wanted.points else ("lines",)
    with TemporaryDirectory() as folder:  # of bytes GDAL would make a copy in memory
        at = Path(folder) / ("extract.osm.pbf" if OSM_PBF in data[:64] else "extract.osm")
        at.write_bytes(data)
        yield [Source(at, layer, layer) for layer in layers]


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
def _shapefiles(data: bytes, meter: Meter, wanted: Wanted) -> Iterator[list[Source]]:
    """Shapefiles of an archive, in a folder until they are read, under names of ours."""
    shapes = (*LINE_SHAPES, *POINT_SHAPES) if wanted.points else LINE_SHAPES
    with probe.archive(data, meter) as archive, TemporaryDirectory() as folder:
        files = {PurePosixPath(e.filename.lower()): e for e in archive.infolist()}
        sources: list[Source] = []
        for path, entry in files.items():
            if (
                path.suffix != ".shp"
                or "__macosx" in path.parts
                or _shape(archive, entry) not in shapes
            ):
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
            sources.append(Source(at, str(title.with_suffix("")) if taken else title.stem))
        yield sources


def _shape(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> int:
    with archive.open(entry) as packed:
        return int.from_bytes(packed.read(36)[32:], "little")


Opened = Callable[[bytes, Meter, Wanted], AbstractContextManager[list[Source]]]
SOURCES: Final[Mapping[str, Opened]] = {
    "gpkg": _geopackage,
    "fgb": _flatgeobuf,
    "osm": _openstreetmap,
    "zip": _shapefiles,
}
"""What finds the layers of each format that is read so, open until they are read."""


def streamed(
    source: Source, wanted: Wanted, box: Box | None, meter: Meter
) -> tuple[gpd.GeoDataFrame, int]:
    """Rows of a layer that reach into the box, and how many there are in all.

    The box is not left to GDAL: an index in a hostile file can name one row as often as it likes.
    """
    columns, crs = wanted.of(source.fields), source.crs
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
            kept = within(geometry, crs, box)
            part = batch.filter(pa.array(kept))
            rows += len(part)
            seen += len(batch)
            meter.shape(rows, len(columns))
            meter.text(part.nbytes)
            parts.append(part.select(columns))
            shapes.append(shapely.force_2d(geometry[kept]))
    if not parts:
        return gpd.GeoDataFrame(geometry=[], crs=crs), 0
    tags = pa.Table.from_batches(parts).to_pandas()
    return gpd.GeoDataFrame(tags, geometry=np.concatenate(shapes), crs=crs), seen


def within(geometry: Any, crs: object, box: Box | None) -> Any:
    """Whether each shape reaches into the box; all do where its CRS is not known."""
    if box is None or crs is None:
        return np.ones(len(geometry), dtype=bool)
    west, south, east, north = pyproj.Transformer.from_crs(
        WGS84, crs, always_xy=True
    ).transform_bounds(*around(box))
    left, lower, right, upper = shapely.bounds(geometry).T
    return (left <= east) & (right >= west) & (lower <= north) & (upper >= south)


def around(box: Box) -> Box:
    """The box and what lies ``MARGIN_DEG`` around it."""
    west, south, east, north = box
    return west - MARGIN_DEG, south - MARGIN_DEG, east + MARGIN_DEG, north + MARGIN_DEG


def stem(name: str) -> str:
    """Name of a file without its endings."""
    return name.partition(".")[0] or name
