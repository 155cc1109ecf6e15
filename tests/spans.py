"""How near and how far an area is, by points along its border: independent of ``ikmgeo``."""

import numpy as np
import shapely
from pyproj import Geod


def span_km(area: shapely.Geometry, lat: float, lon: float) -> tuple[float, float]:
    """Least and greatest km to a point from an area: its border in steps of 11 m or less."""
    border = shapely.get_coordinates(shapely.segmentize(area, 0.0001))
    ends = np.full(len(border), lon), np.full(len(border), lat)
    km = Geod(ellps="WGS84").inv(border[:, 0], border[:, 1], *ends)[2] / 1000
    return 0.0 if shapely.contains_xy(area, lon, lat) else float(km.min()), float(km.max())
