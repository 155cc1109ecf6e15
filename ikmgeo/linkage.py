"""Proximity of centers to industrial zones: straight lines on the WGS84 ellipsoid, with intervals.

Every function takes tables indexed by ``center_id`` and ``zone_id`` and returns a new one on the
same index. Distances are km.
"""

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely

from ikmgeo.vocabulary import PRECISION_KM, UTM_47N, WGS84

GEOD = pyproj.Geod(ellps="WGS84")


def distance_km(
    centers: pd.DataFrame, zones: pd.DataFrame, footprints: gpd.GeoDataFrame | None = None
) -> pd.DataFrame:
    """Geodesic distance of each center to each zone.

    Parameters
    ----------
    centers, zones
        Columns ``lat``, ``lon`` in degrees (WGS84); indexed by ``center_id`` and ``zone_id``.
    footprints
        Polygons (WGS84) indexed by ``zone_id``. A zone that has one is measured to its nearest
        point and is at 0 inside it; every other zone to its reference point.

    Returns
    -------
    pandas.DataFrame
        Float km, one row per center and one column per zone; NaN where a position is missing.

    References
    ----------
    Karney (2013), Algorithms for geodesics, Journal of Geodesy 87, through PROJ.
    """
    lon, lat = centers["lon"].to_numpy(float), centers["lat"].to_numpy(float)
    columns = {}
    for zone_id, zone in zones.iterrows():
        if footprints is not None and zone_id in footprints.index:
            to_lon, to_lat = _nearest_points(lon, lat, footprints.geometry.loc[zone_id])
        else:
            to_lon, to_lat = np.full_like(lon, zone["lon"]), np.full_like(lat, zone["lat"])
        columns[zone_id] = GEOD.inv(lon, lat, to_lon, to_lat)[2] / 1000
    return pd.DataFrame(columns, index=centers.index, columns=zones.index, dtype=float)


def _nearest_points(
    lon: np.ndarray, lat: np.ndarray, footprint: shapely.Geometry
) -> tuple[np.ndarray, np.ndarray]:
    """Point of the footprint nearest to each position; the position itself inside it.

    The nearest point is found in UTM 47N, the distance to it is then measured on the ellipsoid.
    """
    to_metres = pyproj.Transformer.from_crs(WGS84, UTM_47N, always_xy=True)
    polygon = shapely.transform(footprint, to_metres.transform, interleaved=False)
    line = shapely.shortest_line(shapely.points(*to_metres.transform(lon, lat)), polygon)
    end = shapely.get_point(line, 1)
    to_lon, to_lat = to_metres.transform(
        shapely.get_x(end), shapely.get_y(end), direction="INVERSE"
    )
    inside = shapely.contains_xy(footprint, lon, lat)
    return np.where(inside, lon, to_lon), np.where(inside, lat, to_lat)


def end_of_line(
    center: pd.Series, zone: pd.Series, footprints: gpd.GeoDataFrame
) -> tuple[float, float]:
    """Point (lat, lon) of a zone that its distance to a center is measured to."""
    if zone.name not in footprints.index:
        return float(zone["lat"]), float(zone["lon"])
    at = np.array([center["lon"]], float), np.array([center["lat"]], float)
    lon, lat = _nearest_points(*at, footprints.geometry.loc[zone.name])
    return float(lat[0]), float(lon[0])


def position_radius_km(centers: pd.DataFrame, districts: pd.DataFrame) -> pd.Series:
    """Positional uncertainty of each center in km.

    Fixed per ``position_precision``; for ``district`` the radius of a circle with the area of the
    center's district (``district_code``; ``districts`` is indexed by it and has ``area_km2``).
    """
    fixed = centers["position_precision"].map(PRECISION_KM).astype(float)
    whole_district = np.sqrt(
        centers["district_code"].map(districts["area_km2"]).astype(float) / np.pi
    )
    return fixed.fillna(whole_district).rename("position_radius_km")


def interval_km(distances: pd.DataFrame, radius_km: pd.Series) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Lowest and highest distance that the positional radius allows: [max(0, d - r), d + r]."""
    low = distances.sub(radius_km, axis=0).clip(lower=0)
    return low, distances.add(radius_km, axis=0)


def nearest(distances: pd.DataFrame, radius_km: pd.Series) -> pd.DataFrame:
    """Nearest zone of each center.

    Returns
    -------
    pandas.DataFrame
        ``nearest_zone`` (zone_id, missing when there is no zone or no position), ``nearest_km``,
        and ``nearest_uncertain``: True where the interval of another zone overlaps its interval,
        or where the radius is unknown and there is another zone.
    """
    found = pd.DataFrame(
        {"nearest_zone": pd.NA, "nearest_km": np.nan, "nearest_uncertain": False},
        index=distances.index,
    ).astype({"nearest_zone": object})
    known = distances.notna().any(axis=1)
    if not known.any():
        return found
    measured = distances[known]
    low, high = interval_km(measured, radius_km[known])
    first = measured.idxmin(axis=1)
    rank = measured.rank(axis=1, method="first")
    reach = high.where(rank == 1).max(axis=1)
    found.loc[known, "nearest_zone"] = first
    found.loc[known, "nearest_km"] = measured.min(axis=1)
    overlaps = low.where(rank > 1).le(reach, axis=0).any(axis=1)
    no_interval = radius_km[known].isna() & (measured.notna().sum(axis=1) > 1)
    found.loc[known, "nearest_uncertain"] = overlaps | no_interval
    return found
