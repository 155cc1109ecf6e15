"""Layers of points with attributes."""

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio

from ikmgeo.reading import geojson, probe
from ikmgeo.reading.bounds import Meter
from ikmgeo.reading.formats import ACCEPTED, unknown_format
from ikmgeo.reading.grids import Grid, cell_text, frame_grid, vector_grid
from ikmgeo.reading.text_files import encoding_of
from ikmgeo.reading.workbooks import SHEETS


def geojson_grid(data: bytes, meter: Meter) -> Grid:
    """Properties and points of a feature collection."""
    columns: dict[str, list[str]] = {}
    points: list[tuple[float, float]] = []
    with collection(data, meter, ACCEPTED) as features:
        for feature in features:
            for key, value in (feature.get("properties") or {}).items():
                if key not in columns:
                    meter.shape(len(points) + 1, len(columns) + 1)
                column = columns.setdefault(key, [])
                column += [""] * (len(points) - len(column))
                column.append(cell_text(value))
                meter.text(len(column[-1]))
            points.append(_coordinates(feature.get("geometry")))
            meter.shape(len(points), len(columns))
    for column in columns.values():
        column += [""] * (len(points) - len(column))
    x, y = np.array(points, dtype=float).reshape(-1, 2).T
    frame = pd.DataFrame(columns, index=range(len(points)), dtype=object)
    return vector_grid(frame, x, y, features.crs, meter)


@contextmanager
def collection(data: bytes, meter: Meter, accepted: Sequence[str]) -> Iterator[geojson.Collection]:
    """Features one at a time; JSON of another kind is an unknown format."""
    try:
        yield geojson.Collection(data, encoding_of(data, meter), meter)
    except geojson.NotACollectionError as error:
        raise unknown_format(meter.name, "json", accepted) from error


def _coordinates(geometry: object) -> tuple[float, float]:
    if not isinstance(geometry, dict) or geometry.get("type") != "Point":
        return np.nan, np.nan
    x, y = (geometry.get("coordinates") or (np.nan, np.nan))[:2]
    return float(x), float(y)


def geopackage_grid(data: bytes, meter: Meter) -> Grid:
    """Attributes and points of the layer named as data are, else of the first."""
    probe.geopackage(data, meter)
    layers = [str(layer) for layer in pyogrio.list_layers(data)[:, 0]]
    layer = min(layers, key=lambda title: title.lower() not in SHEETS)
    probe.geopackage(data, meter, layer=layer)
    return frame_grid(pyogrio.read_dataframe(data, layer=layer), meter)


def parquet_grid(data: bytes, meter: Meter) -> Grid:
    """Columns and points of a Parquet file."""
    probe.parquet(data, meter)
    frame: pd.DataFrame
    try:
        frame = gpd.read_parquet(io.BytesIO(data))  # type: ignore[arg-type] # takes a file as well
    except ValueError:  # a Parquet file without geometry
        frame = pd.read_parquet(io.BytesIO(data))
    return frame_grid(frame, meter)
