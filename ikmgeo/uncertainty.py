"""What the unknown exact places of centers do to any measure: seeded draws, percentiles."""

from typing import Final

import numpy as np
import pandas as pd

from ikmgeo.linkage import GEOD

DRAWS: Final = 1_000
SEED: Final = 20_251
PERCENTILES: Final = (0.05, 0.95)


def draw_positions(
    centers: pd.DataFrame, radius_km: pd.Series, *, draws: int = DRAWS, seed: int = SEED
) -> pd.DataFrame:
    """Positions spread evenly over each center's disc of positional uncertainty.

    Parameters
    ----------
    centers
        Columns ``lat``, ``lon`` in degrees (WGS84), indexed by ``center_id``.
    radius_km
        Radius of the disc per center; a center without one has no positions.
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
    shape = (len(centers), draws)
    azimuth, area = np.moveaxis(_unit_draws(centers.index, draws, seed), 2, 0)
    radius = radius_km.reindex(centers.index).to_numpy(float)[:, None]
    away_m = 1_000 * radius * np.sqrt(area)  # even over the area
    lon, lat = (np.broadcast_to(centers[[c]].to_numpy(float), shape) for c in ("lon", "lat"))
    to_lon, to_lat, _ = GEOD.fwd(lon, lat, 360 * azimuth, away_m)
    index = pd.MultiIndex.from_product([centers.index, range(draws)], names=["center_id", "draw"])
    return pd.DataFrame({"lat": np.ravel(to_lat), "lon": np.ravel(to_lon)}, index=index)


def _unit_draws(centers: pd.Index, draws: int, seed: int) -> np.ndarray:
    """Pairs of numbers in 0 to 1: center × draw × 2."""
    streams = [np.random.default_rng([seed, *str(center).encode()]) for center in centers]
    numbers = [stream.random((draws, 2)) for stream in streams]
    return np.array(numbers, dtype=float).reshape(len(centers), draws, 2)


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
    named = costs[np.arange(len(at)), at] <= best  # -1, the last, is no zone
    share = named.where(best.notna()).astype(float).groupby(level=0, sort=False).mean()
    return share.reindex(zone.index).where(zone.notna()).rename("nearest_probability")
