"""Where a center may lie: "somewhere in this village, subdistrict, district" is an area.

Its bounds and draws follow from it: how near to a zone the center may be, and how far, and places
spread evenly over it.
"""

from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from pyproj import Transformer

from ikmgeo.measures import linkage
from ikmgeo.measures.linkage import GEOD
from ikmgeo.reading.places import located_district
from ikmgeo.vocabulary import PRECISION_KM, WGS84

Shapes = npt.NDArray[np.object_]
Numbers = npt.NDArray[np.float64]

CORNERS: Final = 48
"""Corners of a circle."""

SUBDISTRICT_DIGITS, VILLAGE_DIGITS = 6, 10
"""Of their Kemendagri codes."""

QUARTER: Final = 4
"""Corners in a quarter of the circle by which a village's point is widened."""


@dataclass(frozen=True)
class Areas:
    """The area of each center.

    Parameters
    ----------
    table
        On ``center_id``: ``area_kind`` (``district``, ``subdistrict``, ``village`` or ``circle``;
        missing where nothing is known), ``area_code`` (Kemendagri) and ``area_name`` of what it
        is, ``area_radius_km`` of a circle.
    shape
        Per center the number of its polygon in ``shapes``; -1 for a circle or nothing.
    shapes
        Polygons (WGS84), each once: many centers may share one.
    crs
        Projected CRS, in metres, in which nearest points are found.
    """

    table: pd.DataFrame
    shape: pd.Series
    shapes: Shapes
    crs: str

    def outlines(self, centers: pd.DataFrame) -> gpd.GeoSeries:
        """Areas of some centers (``lat``, ``lon``) as polygons, a circle's too; None if unknown."""
        number = self.shape.reindex(centers.index, fill_value=-1).to_numpy(int)
        found = np.append(self.shapes, np.array([None], dtype=object))[number]
        radius = self.table["area_radius_km"].reindex(centers.index).to_numpy(float)
        round_ones = (radius > 0) & centers[["lat", "lon"]].notna().all(axis=1).to_numpy()
        found[round_ones] = circles(centers[round_ones], radius[round_ones])
        return gpd.GeoSeries(found, index=centers.index, crs=WGS84)

    def outline(self, center: pd.Series) -> shapely.Geometry | None:
        """Area of one center, a row named by its id, as a polygon; None if unknown."""
        return self.outlines(center[["lat", "lon"]].to_frame().T.astype(float)).iloc[0]


def areas_of(
    centers: pd.DataFrame,
    districts: gpd.GeoDataFrame,
    subdistricts: gpd.GeoDataFrame,
    villages: pd.DataFrame,
    crs: str,
    *,
    polygons: gpd.GeoSeries | None = None,
) -> Areas:
    """Area of each center by its ``position_precision``.

    ``district``: the polygon of the center's district. ``subdistrict`` and ``village``: the polygon
    that its publisher has of it, where there is one; else, for a subdistrict,
    the hull of its village points, widened by half their typical spacing, and for a village its
    point, widened as much. These are stretched to the center's stated point where it lies outside,
    and end at the border of their district. ``site``: a circle; so it is where no village is known
    near the point.

    Parameters
    ----------
    centers
        ``lat``, ``lon``, ``position_precision``, ``district`` (code or missing) and ``area_code``:
        Kemendagri code of village or subdistrict. Where it is missing or unknown, the village is
        the one whose polygon it lies in, else the nearest of the district, at most its typical
        spacing away.
    districts
        Polygons (WGS84) and ``name_id``, indexed by ``district_code``.
    subdistricts
        Widened hulls (WGS84), ``name_id`` and ``spacing_km``, indexed by ``area_code``.
    villages
        ``name_id``, ``subdistrict``, ``lat``, ``lon``, indexed by ``village_code``.
    crs
        Projected CRS, in metres, that fits the districts.
    polygons
        Of subdistricts and villages (WGS84), by ``area_code``.
    """
    plane = linkage.plane(crs)
    exact = gpd.GeoSeries([], crs=WGS84) if polygons is None else polygons
    precision = centers["position_precision"]
    villages = villages[villages.index.str[:6].isin(subdistricts.index)]  # the rest has no extent
    some = centers[precision.isin(["village", "subdistrict"])]  # no other is looked for
    village = _village(some, villages, subdistricts["spacing_km"], exact, plane)
    given = some["area_code"].astype(object).str[:6]
    inside = _inside(some, exact, SUBDISTRICT_DIGITS).fillna(village.str[:6])
    subdistrict = given.where(given.isin(subdistricts.index), inside)
    district = centers["district"].where(centers["district"].isin(districts.index))
    code = pd.Series(None, centers.index, dtype=object)
    for known, found in (
        ("district", district),
        ("subdistrict", subdistrict),
        ("village", village),
    ):
        code = code.where(precision != known, found)
    used = villages.loc[villages.index.isin(code.dropna())]
    names = pd.concat(
        [
            districts["name_id"],
            "Kec. " + subdistricts["name_id"].astype(object),
            _village_kind(used) + used["name_id"] + ", Kec. " + used["subdistrict"],
        ]
    )
    kind = precision.astype(object).where(code.notna(), "circle")
    kind = kind.where(code.notna() | (precision != "district"), None)
    radius = precision.map(PRECISION_KM).astype(float).where(kind == "circle")
    table = pd.DataFrame(
        {
            "area_kind": kind,
            "area_code": code,
            "area_name": code.map(names),
            "area_radius_km": radius,
        },
        index=centers.index,
    )
    whole = gpd.GeoSeries(pd.concat([districts.geometry, exact]))
    number, shapes = _shapes(centers, code, whole, districts, subdistricts, villages, plane)
    return Areas(table, number, shapes, crs)


def _village_kind(villages: pd.DataFrame) -> pd.Series:
    """Desa or kelurahan, by the seventh digit of the code."""
    urban = villages.index.str[6] == "1"
    return pd.Series(np.where(urban, "Kelurahan ", "Desa "), villages.index)


def _inside(centers: pd.DataFrame, polygons: gpd.GeoSeries, digits: int) -> pd.Series:
    """Code, of so many digits, of the polygon that each center's point lies in; else missing."""
    some = gpd.GeoDataFrame(geometry=polygons[polygons.index.astype("str").str.len() == digits])
    return located_district(centers, some)


def _village(
    centers: pd.DataFrame,
    villages: pd.DataFrame,
    spacing_km: pd.Series,
    polygons: gpd.GeoSeries,
    plane: Transformer,
) -> pd.Series:
    """Code of the village of each center, as given or by its point; missing where none is near."""
    given = centers["area_code"].astype(object)
    inside = _inside(centers, polygons, VILLAGE_DIGITS)
    found = given.where(given.isin(villages.index), inside.where(inside.isin(villages.index), None))
    sought = centers[found.isna()]
    district_of = villages.index.str[:4]
    for district, some in sought.groupby("district"):
        known = villages[district_of == district]
        if known.empty:
            continue
        tree = shapely.STRtree(shapely.points(*_metres(known, plane)))
        nearest = known.iloc[tree.nearest(shapely.points(*_metres(some, plane)))]
        km = GEOD.inv(some["lon"], some["lat"], nearest["lon"], nearest["lat"])[2] / 1000
        near = km <= nearest.index.str[:6].map(spacing_km).to_numpy(float)
        found[some.index[near]] = nearest.index[near]
    return found


def _shapes(
    centers: pd.DataFrame,
    codes: pd.Series,
    known: gpd.GeoSeries,
    districts: gpd.GeoDataFrame,
    subdistricts: gpd.GeoDataFrame,
    villages: pd.DataFrame,
    plane: Transformer,
) -> tuple[pd.Series, Shapes]:
    """Number of each center's polygon, and the polygons; ``known`` are taken as they are."""
    each = pd.Index(codes.dropna().unique())
    number = each.get_indexer(pd.Index(codes))
    whole = each.isin(known.index)
    shapes: Shapes = np.full(len(each), None, dtype=object)
    shapes[whole] = np.asarray(known.reindex(each[whole]))
    shapes[~whole] = _widened(each[~whole], subdistricts, villages, plane)

    # A center that stands outside the area as the gazetteer has it stretches it to where it stands.
    outside = np.flatnonzero((number >= 0) & ~np.append(whole, True)[number])
    points = np.asarray(shapely.points(centers[["lon", "lat"]].to_numpy(float)[outside]))
    beyond = ~shapely.intersects(shapes[number[outside]], points)
    outside = outside[beyond]
    pairs = np.column_stack([shapes[number[outside]], points[beyond]])
    stretched = shapely.convex_hull(shapely.geometrycollections(pairs))
    owner = each[~whole].append(pd.Index(codes.iloc[outside]))
    small = np.concatenate([shapes[~whole], stretched])
    small = _clipped(small, owner, districts, villages)
    shapes[~whole], stretched = np.split(small, [(~whole).sum()])
    number[outside] = len(each) + np.arange(len(outside))
    return pd.Series(number, centers.index), np.concatenate([shapes, stretched])


def _widened(
    codes: pd.Index, subdistricts: gpd.GeoDataFrame, villages: pd.DataFrame, plane: Transformer
) -> Shapes:
    """Hulls (WGS84) of subdistricts and villages, widened by half the typical spacing."""
    shapes: Shapes = np.full(len(codes), None, dtype=object)
    one = codes.isin(villages.index)
    shapes[~one] = np.asarray(subdistricts.geometry.reindex(codes[~one]))
    points = shapely.points(*_metres(villages.loc[codes[one]], plane))
    reach_m = 500 * subdistricts["spacing_km"].reindex(codes[one].str[:6]).to_numpy(float)
    widened = shapely.buffer(points, reach_m, quad_segs=QUARTER)
    shapes[one] = _transformed(widened, partial(plane.transform, direction="INVERSE"))
    return shapes


def _clipped(
    shapes: Shapes, codes: pd.Index, districts: gpd.GeoDataFrame, villages: pd.DataFrame
) -> Shapes:
    """Shapes within the district that their code begins with.

    Where most village points of a code lie outside that district's polygon, gazetteer and borders
    disagree, and the shape ends at the coast only. One that would be left empty stays whole.
    """
    borders = np.array(districts.geometry.reindex(codes.str[:4]))
    shapely.prepare(borders)
    across = ~(shapely.is_missing(borders) | shapely.covers(borders, shapes))
    if across.any():
        some = villages[villages.index.str[:6].isin(codes[across].str[:6])]
        misplaced = located_district(some, districts) != some.index.str[:4]
        most = misplaced.groupby(some.index.str[:6]).mean().gt(0.5)
        lost = codes.isin([*misplaced.index[misplaced], *most.index[most]])
        if (across & lost).any():
            _, near = districts.sindex.query(shapes[across & lost])
            borders[across & lost] = shapely.union_all(districts.geometry.iloc[np.unique(near)])
    inside = shapely.intersection(shapes[across], borders[across])
    inside = shapely.buffer(inside, 0)  # borders that only touch leave lines
    shapes[across] = np.where(shapely.area(inside) > 0, inside, shapes[across])
    return shapes


def bounds_km(
    areas: Areas,
    distances: pd.DataFrame,
    zones: pd.DataFrame,
    footprints: gpd.GeoDataFrame | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame, Numbers]:
    """Least and greatest distance to each zone from anywhere in each center's area, and leads.

    Parameters
    ----------
    areas
        Of the centers of ``distances``, among others.
    distances
        km between the stated points and the zones, as from ``linkage.distance_km``; a stated point
        always counts as one where the center may be.
    zones, footprints
        As in ``linkage.distance_km``.

    Returns
    -------
    low, high : pandas.DataFrame
        Float km, on the index and columns of ``distances``; NaN where no area is known.
    leads : numpy.ndarray
        Float km by center, zone i and zone j, in the order of ``distances``: how much farther j is
        than i, at the place where that is least. Only where it is above 0 is i nearer than j from
        everywhere. NaN where no area is known.

    Notes
    -----
    [min d(a, z), max d(a, z)], a ∈ A; min d(a, j) - d(a, i), a ∈ A

    The nearest point of a polygon is found on the plane of ``areas.crs`` and then measured on the
    ellipsoid; the farthest is a corner of its hull (for a zone with a footprint, if that is
    convex). Places where i leads j by at least t ≥ 0 form a convex region (a half-plane, or the
    inside of a hyperbola), so an area lies in it when the corners of its hull do, which are looked
    at on that plane. For a circle the lead is the least that the triangle inequality allows:
    d(j) - d(i) - 2 r.
    """
    km = distances.to_numpy(float)
    radius = areas.table["area_radius_km"].reindex(distances.index)
    low, high = distances.sub(radius, axis=0).clip(lower=0), distances.add(radius, axis=0)
    leads: Numbers = km[:, None, :] - km[:, :, None] - 2 * radius.to_numpy(float)[:, None, None]
    number = areas.shape.reindex(distances.index, fill_value=-1).to_numpy(int)
    known = number >= 0
    used, at = np.unique(number[known], return_inverse=True)
    plane = linkage.plane(areas.crs)
    shapes, ends = (
        _transformed(degrees, plane.transform)
        for degrees in (areas.shapes[used], _ends(zones, footprints))
    )
    corners, owner = shapely.get_coordinates(shapely.convex_hull(shapes), return_index=True)
    points = np.asarray(shapely.points(corners))
    away = shapely.distance(points[:, None], ends[None, :])
    low[known] = np.fmin(_least_km(shapes, ends, plane)[at], km[known])
    greatest = _greatest_km(points, owner, away, ends, len(used), plane)
    high[known] = np.fmax(greatest[at], km[known])
    least = np.full((len(used), len(zones), len(zones)), np.inf)
    np.minimum.at(least, owner, away[:, None, :] - away[:, :, None])
    leads[known] = least[at] / 1000
    return low, high, leads


def _ends(zones: pd.DataFrame, footprints: gpd.GeoDataFrame | None) -> Shapes:
    """What distances to each zone are measured to (WGS84): its footprint, else its point."""
    ends = gpd.GeoSeries(gpd.points_from_xy(zones["lon"], zones["lat"]), zones.index, crs=WGS84)
    if footprints is not None:
        ends.update(footprints.geometry)
    return np.asarray(ends.to_numpy(), dtype=object)


def _least_km(shapes: Shapes, zones: Shapes, plane: Transformer) -> Numbers:
    """Geodesic from the nearest point of each shape to each zone, both in metres."""
    return _length_km(shapely.shortest_line(shapes[:, None], zones[None, :]), plane)


def _greatest_km(
    corners: Shapes,
    owner: npt.NDArray[np.int64],
    away: Numbers,
    zones: Shapes,
    count: int,
    plane: Transformer,
) -> Numbers:
    """Geodesic from the farthest corner of each of ``count`` shapes to each zone.

    ``owner`` is the shape of each corner, ``away`` metres from each to each zone; all in metres.
    """
    farthest = np.zeros((count, len(zones)))
    np.maximum.at(farthest, owner, away)
    # The projection stretches by less than this; the rest cannot be the farthest.
    corner, zone = np.nonzero(away >= 0.998 * farthest[owner])
    found = np.zeros_like(farthest)
    lines = shapely.shortest_line(corners[corner], zones[zone])
    np.maximum.at(found, (owner[corner], zone), _length_km(lines, plane))
    return found


def _length_km(lines: Shapes, plane: Transformer) -> Numbers:
    """Geodesic between both ends of lines in metres."""
    x, y = shapely.get_coordinates(lines).T
    lon, lat = plane.transform(x, y, direction="INVERSE")
    km = GEOD.inv(lon[::2], lat[::2], lon[1::2], lat[1::2])[2]
    return np.asarray(km).reshape(lines.shape) / 1000


def circles(around: pd.DataFrame, radius_km: Numbers) -> Shapes:
    """Circles (WGS84, counterclockwise) around ``lat`` and ``lon`` of each row."""
    azimuth = np.tile(np.linspace(360, 0, CORNERS, endpoint=False), len(around))
    lon, lat, radius = (
        np.repeat(values, CORNERS)
        for values in (around["lon"].to_numpy(float), around["lat"].to_numpy(float), radius_km)
    )
    to_lon, to_lat, _ = GEOD.fwd(lon, lat, azimuth, radius * 1000)
    corners = np.column_stack([to_lon, to_lat]).reshape(len(around), CORNERS, 2)
    return np.asarray(shapely.polygons(corners), dtype=object)


def _transformed(shapes: Shapes, transform: Any) -> Shapes:
    return np.asarray(shapely.transform(shapes, transform, interleaved=False))


def _metres(spots: pd.DataFrame, plane: Transformer) -> Any:
    """Metres (x and y) of ``lat`` and ``lon``."""
    return plane.transform(spots["lon"].to_numpy(float), spots["lat"].to_numpy(float))
