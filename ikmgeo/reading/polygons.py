"""Polygons of a brought map file, layer by layer: borders, and footprints of zones."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely

from ikmgeo.errors import DataError, Issue
from ikmgeo.reading import probe, vectors
from ikmgeo.reading.bounds import Bounds, Meter
from ikmgeo.reading.formats import archive_of, content, format_of, unknown_format
from ikmgeo.vocabulary import WGS84

POLYGONS: Final = Bounds(rows=100_000, characters=400_000_000, unpacked_mb=500, seconds=50)
"""All of Indonesia has some 84,000 villages."""

ACCEPTED: Final = ("geojson", "gpkg", "parquet", "zip", "fgb", "kml", "kmz")
"""Formats that hold polygons; ``zip`` is an archive of shapefiles or of others of them."""

PACKED: Final = (".gpkg", ".geojson", ".json", ".fgb", ".parquet")
"""Ends of names of files in an archive, besides shapefiles and KML."""


def polygon_layers(
    source: Path | bytes, name: str, *, limit_mb: float | None = None, bounds: Bounds = POLYGONS
) -> list[tuple[str, gpd.GeoDataFrame]]:
    """Layers of a file with their columns and polygons, in the order of the file.

    Each has one valid polygonal geometry (WGS84) a row; rows without one are left out, and so are
    layers without any. A layer without a CRS is in degrees where its numbers can be; the ``crs``
    of other such layers is None.

    Raises
    ------
    DataError
        The file is missing, empty, too large, broken, of another format, or holds more than
        ``bounds``.
    """
    meter = Meter(name, bounds)
    data = content(source, name, limit_mb)
    found = format_of(data)
    try:
        layers = [(title, polygonal(table)) for title, table in _tables(found, data, meter)]
    except DataError:
        raise
    except Exception as error:  # GDAL and its drivers raise anything on a broken file
        raise DataError([Issue("file_broken", name, expected={"format": found})]) from error
    return [(title, table) for title, table in layers if len(table)]


def _tables(found: str, data: bytes, meter: Meter) -> Iterator[tuple[str, gpd.GeoDataFrame]]:
    """Layers that have a geometry."""
    if found == "zip":
        yield from _packed(data, meter)
    elif found == "geojson":
        attributes, geometry, crs = vectors.geojson_features(data, meter)
        twice = {c: f"{c}_attribute" for c in attributes if c == "geometry"}
        table = gpd.GeoDataFrame(attributes.rename(columns=twice), geometry=list(geometry), crs=crs)
        yield "", table
    elif found in vectors.FRAMES:
        for title, frame in vectors.FRAMES[found](data, meter):
            if isinstance(frame, gpd.GeoDataFrame):
                yield title, frame
    else:
        raise unknown_format(meter.name, found, ACCEPTED)


def _packed(data: bytes, meter: Meter) -> Iterator[tuple[str, gpd.GeoDataFrame]]:
    names = probe.contents(data, meter)
    files = probe.unpacked(data, meter, (".kml", *vectors.SHAPEFILE, *PACKED))
    if not files:
        raise unknown_format(meter.name, archive_of(names), ACCEPTED)
    for title, table in vectors.archive_frames(files, meter):
        if isinstance(table, gpd.GeoDataFrame):
            yield title, table
    for name, packed in files.items():
        found = format_of(packed)
        if name.lower().endswith(PACKED) and found != "zip":
            yield from _tables(found, packed, meter)


def polygonal(table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Rows that have an area, with columns and polygons as ``polygon_layers`` says."""
    crs = table.crs
    if crs is None and _in_degrees(table):
        crs = pyproj.CRS(WGS84)
    areas = [_area(shape) for shape in table.geometry]
    attributes = pd.DataFrame(table.drop(columns=table.geometry.name))
    drawn = gpd.GeoDataFrame(attributes, geometry=areas, crs=crs)
    drawn = drawn[~drawn.is_empty]
    if crs is not None:
        drawn = drawn.to_crs(WGS84)
        # What crosses itself falls into parts, of which lines and points are none.
        drawn = drawn.set_geometry([_area(shape) for shape in drawn.make_valid()], crs=WGS84)
    finite = np.isfinite(drawn.bounds.to_numpy()).all(axis=1)
    return gpd.GeoDataFrame(drawn[finite & ~drawn.is_empty])


def _in_degrees(table: gpd.GeoDataFrame) -> bool:
    west, south, east, north = table.total_bounds
    return bool(west >= -180 and south >= -90 and east <= 180 and north <= 90)


def _area(shape: shapely.Geometry | None) -> shapely.Geometry:
    """The polygons of a geometry, also those within collections; an empty one where none is."""
    if isinstance(shape, shapely.Polygon | shapely.MultiPolygon):
        return shapely.force_2d(shape)
    if isinstance(shape, shapely.GeometryCollection):
        return shapely.union_all([_area(part) for part in shape.geoms])
    return shapely.Polygon()
