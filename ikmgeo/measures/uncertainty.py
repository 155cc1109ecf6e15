"""What the unknown exact places of centers do to any measure: seeded draws, percentiles."""

from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyproj
import shapely

from ikmgeo.vocabulary import WGS84

Numbers = npt.NDArray[np.float64]

DRAWS: Final = 1_000
MOST_DRAWN: Final = 200
"""Up to this number of centers, indicators get intervals; each costs ``DRAWS`` measurements."""

SEED: Final = 20_251
PERCENTILES: Final = (0.05, 0.95)

TO_EQUAL_AREA: Final = pyproj.Transformer.from_crs(WGS84, "EPSG:6933", always_xy=True)
"""A projection that keeps areas; a line between two corners stays one."""


def draw_positions(areas: gpd.GeoSeries, *, draws: int = DRAWS, seed: int = SEED) -> pd.DataFrame:
    """Positions spread evenly, by the ground they cover, over the area of each center.

    Parameters
    ----------
    areas
        Polygons (WGS84), indexed by ``center_id``; a center without one has no positions.
    draws, seed
        How many, and where the generators start. Each center has a generator of its own, started
        from the seed and the letters of its id: its positions do not depend on the other centers,
        nor theirs on its, and more draws only add to fewer.

    Returns
    -------
    pandas.DataFrame
        ``lat``, ``lon`` indexed by ``center_id`` and ``draw``, ``draws`` rows per center.

    References
    ----------
    Heuvelink (1998), Error propagation in environmental modelling with GIS.
    """
    spots = np.full((len(areas), draws, 2), np.nan)
    number, shapes = pd.factorize(areas.to_wkb())  # many centers may share one; -1 has none
    for shape, polygon in enumerate(shapely.from_wkb(shapes)):
        corners, upto = _triangles(polygon)
        for at in np.flatnonzero(number == shape).tolist():
            spots[at] = _spread(corners, upto, _numbers(areas.index[at], draws, seed))
    x, y = spots.reshape(-1, 2).T
    known = ~np.isnan(x)
    x[known], y[known] = TO_EQUAL_AREA.transform(x[known], y[known], direction="INVERSE")
    index = pd.MultiIndex.from_product([areas.index, range(draws)], names=["center_id", "draw"])
    return pd.DataFrame({"lat": y, "lon": x}, index=index)


def _numbers(center: object, draws: int, seed: int) -> Numbers:
    """Three numbers in 0 to 1 for each draw of a center."""
    return np.random.default_rng([seed, *str(center).encode()]).random((draws, 3))


def _triangles(polygon: shapely.Geometry) -> tuple[Numbers, Numbers]:
    """Corners of the triangles that a polygon consists of, and the share of all up to each."""
    to_metres: Any = TO_EQUAL_AREA.transform  # the stubs know of interleaved coordinates only
    flat = shapely.transform(polygon, to_metres, interleaved=False)
    parts = shapely.get_parts(shapely.constrained_delaunay_triangles(flat))
    upto = np.cumsum(shapely.area(parts))
    return shapely.get_coordinates(parts).reshape(-1, 4, 2)[:, :3], upto / upto[-1]


def _spread(corners: Numbers, upto: Numbers, numbers: Numbers) -> Numbers:
    """A point in one of the triangles for each row of three numbers."""
    which, along, across = numbers.T
    first, second, third = corners[np.searchsorted(upto, which, side="right")].swapaxes(0, 1)
    side = np.sqrt(along)[:, None]  # as a triangle widens, so do the points
    across = across[:, None]
    away = (1 - across) * (second - first) + across * (third - first)
    return np.asarray(first + side * away)


def percentiles(drawn: pd.DataFrame, centers: pd.Index) -> tuple[pd.DataFrame, pd.DataFrame]:
    """5th and 95th percentile over the draws of every column.

    Parameters
    ----------
    drawn
        Numeric columns on the index of ``draw_positions``. Draws without a value, as where a
        position has no route, do not count.
    centers
        ``center_id`` of the answer's rows; one without any value in the draws has NaN.
    """
    of_center = drawn.groupby(level=0, sort=False)
    low, high = (of_center.quantile(q).reindex(centers) for q in PERCENTILES)
    return low, high


def missing_share(drawn: pd.DataFrame, centers: pd.Index) -> pd.DataFrame:
    """Share of the draws without a value, 0 to 1, per center and column; NaN without draws."""
    return drawn.isna().groupby(level=0, sort=False).mean().reindex(centers)


def nearest_probability(drawn_costs: pd.DataFrame, zone: pd.Series) -> pd.Series:
    """Share of the draws in which the zone named per center is the one of least cost."""
    best = drawn_costs.min(axis=1)
    draws = len(drawn_costs) // max(len(zone), 1)
    at = drawn_costs.columns.get_indexer(pd.Index(zone)).repeat(draws)
    costs = np.column_stack([drawn_costs.to_numpy(float), np.full(len(at), np.nan)])
    named = best.ge(costs[np.arange(len(at)), at])  # -1, the last, is no zone
    share = named.where(best.notna()).astype(float).groupby(level=0, sort=False).mean()
    return share.reindex(zone.index).where(zone.notna()).rename("nearest_probability")
