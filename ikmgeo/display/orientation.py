"""What of the orientation a map shows at its scale: more of it the closer one looks."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from ikmgeo import symbols
from ikmgeo.reading.cell_shapes import DEGREE_KM
from ikmgeo.reading.orientation import CLASSES, MAIN_ROADS, Orientation

LEAST_SHOWN: Final = ((8.0, 100_000), (9.0, 30_000))
"""Below these zooms, the people that a town must have to be shown."""

USUAL: Final = {"city": 100_000, "town": 30_000}
"""People for which a town counts that has no figure; for any other class 0."""

STROKE_OF: Final[Mapping[str, str]] = {
    **{road: road.removesuffix("_link") for road in CLASSES["roads"]},
    **{"trunk": "motorway", "trunk_link": "motorway"},
    **dict.fromkeys(CLASSES["railways"], "railways"),
    **dict.fromkeys(CLASSES["rivers"], "rivers"),
}
"""Which of ``symbols.STROKES`` draws each class."""


@dataclass(frozen=True)
class Detail:
    """What is drawn from a zoom on.

    Parameters
    ----------
    zoom
        Of a map on screen; on paper the one of the same scale.
    tolerance_deg
        How far a line may lie beside the one that was read; less than two px.
    roads
        Classes of roads.
    least_km
        Length from which on a river is drawn, all its parts together; near the equator a degree
        is as long either way.
    """

    zoom: float
    tolerance_deg: float
    roads: tuple[str, ...]
    least_km: float


DETAILS: Final = (
    Detail(0, 0.002, MAIN_ROADS[:3], 40),
    Detail(10, 0.0006, MAIN_ROADS, 10),
    Detail(12, 0, CLASSES["roads"], 0),
)


def detail(zoom: float) -> Detail:
    """What is drawn at a zoom."""
    return max((one for one in DETAILS if one.zoom <= zoom), key=lambda one: one.zoom)


def lines(guide: Orientation, used: Detail) -> dict[str, Any]:
    """Lines (WGS84, an array of line strings) by their stroke, in the order drawn."""
    river_km = shapely.length(guide.rivers.geometry.to_numpy()) * DEGREE_KM
    long = guide.rivers[river_km >= used.least_km]
    roads = guide.roads[guide.roads["class"].isin(used.roads)]
    found: dict[str, list[Any]] = {name: [] for name in symbols.STROKES}
    for layer in (long, guide.railways, roads):
        for code, shape in zip(layer["class"], layer.geometry.to_numpy(), strict=True):
            found[STROKE_OF[code]].append(shape)
    return {
        name: _simplified(shapely.get_parts(np.array(shapes, object)), used.tolerance_deg)
        for name, shapes in found.items()
    }


def _simplified(lines: Any, tolerance: float) -> Any:
    """Lines without needless corners; without those of which nothing is left to see."""
    simple = shapely.simplify(lines, tolerance, preserve_topology=False)
    return simple[shapely.length(simple) > 0]


def towns(orientation: Orientation) -> gpd.GeoDataFrame:
    """Towns, the largest first, with ``zoom``: the map's at which each begins to be shown."""
    found = orientation.towns
    usual = found["class"].map(USUAL).fillna(0).astype(float)
    people = found["population"].fillna(usual)
    zoom = pd.Series(0.0, found.index)
    for below, least in LEAST_SHOWN:
        zoom = zoom.mask(people < least, below)
    return found.assign(zoom=zoom).iloc[np.argsort(-people, kind="stable")]
