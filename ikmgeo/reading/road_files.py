"""Files of roads become lines with the tags that tell how they are driven."""

import io
import json
from collections.abc import Callable, Mapping
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely

from ikmgeo.errors import DataError, Issue
from ikmgeo.reading import probe
from ikmgeo.reading.bounds import LINES, Bounds, Meter
from ikmgeo.reading.formats import content, format_of, unknown_format
from ikmgeo.reading.grids import cell_text
from ikmgeo.reading.vectors import collection
from ikmgeo.vocabulary import WGS84

LINES_ACCEPTED: Final = ("geojson", "gpkg", "parquet")
LINE_LAYERS: Final = ("lines", "edges", "roads")
"""Names of road layers, of GDAL's driver for OpenStreetMap and of osmnx among them."""

ROAD_TAGS: Final = ("highway", "maxspeed", "oneway", "junction", "other_tags")
"""Columns of a road layer that ``measures.roads`` reads."""

LINE_TYPES: Final = ("LineString", "MultiLineString")
POSITION_CHARACTERS: Final = 40
"""What a position of a line counts for; it takes as long as so much text."""


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
