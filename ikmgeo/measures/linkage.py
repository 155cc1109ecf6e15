"""Linkage of centers to industrial zones, measured by proximity.

Every function takes tables indexed by ``center_id`` and ``zone_id`` and returns a new one on the
same index. Distances are km in straight lines on the WGS84 ellipsoid. The indicators work on any
cost of getting from center to zone, straight or road km or minutes; NaN is "cannot be reached".
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyproj
import shapely

from ikmgeo.vocabulary import AREA_STAGES, PRECISION_KM, WGS84, ZONE_CLASSES

GEOD = pyproj.Geod(ellps="WGS84")

STRAIGHT_KM: Final = "straight_km"
ROAD_KM: Final = "road_km"
ROAD_MINUTES: Final = "road_minutes"
MEASURES: Final = (STRAIGHT_KM, ROAD_KM, ROAD_MINUTES)
"""Costs of getting from a center to a zone."""

EQUAL: Final = "equal"
ATTRACTIONS: Final = (EQUAL, *AREA_STAGES)
"""What makes a zone weigh: the same each, or its hectares at one stage."""


@lru_cache(maxsize=8)
def plane(crs: str) -> pyproj.Transformer:
    """From degrees (WGS84; lon, lat) to metres of a projected CRS, and back."""
    return pyproj.Transformer.from_crs(WGS84, crs, always_xy=True)


def distance_km(
    centers: pd.DataFrame, zones: pd.DataFrame, footprints: gpd.GeoDataFrame | None = None
) -> pd.DataFrame:
    """Geodesic distance of each center to each zone.

    Parameters
    ----------
    centers, zones
        Columns ``lat``, ``lon`` in degrees (WGS84); indexed by ``center_id`` and ``zone_id``.
    footprints
        Polygons as from ``places.known_footprints``. A zone that has one is measured to its
        nearest point and is at 0 inside it; every other zone to its reference point.

    Returns
    -------
    pandas.DataFrame
        Float km, one row per center and one column per zone; NaN where a position is missing.

    Notes
    -----
    d(p, z), WGS84, km; p ∈ z: d = 0

    References
    ----------
    Karney (2013), Algorithms for geodesics, Journal of Geodesy 87.
    """
    lon, lat = centers["lon"].to_numpy(float), centers["lat"].to_numpy(float)
    columns = {}
    for zone_id, zone in zones.iterrows():
        if footprints is not None and zone_id in footprints.index:
            to_lon, to_lat = _nearest_points(lon, lat, footprints, zone_id)
        else:
            to_lon, to_lat = np.full_like(lon, zone["lon"]), np.full_like(lat, zone["lat"])
        columns[zone_id] = GEOD.inv(lon, lat, to_lon, to_lat)[2] / 1000
    return pd.DataFrame(columns, index=centers.index, columns=zones.index, dtype=float)


def _nearest_points(
    lon: np.ndarray, lat: np.ndarray, footprints: gpd.GeoDataFrame, zone_id: Any
) -> tuple[np.ndarray, np.ndarray]:
    """Point of a footprint nearest to each position; the position itself inside it.

    The nearest point is found on the plane, the distance to it is then measured on the ellipsoid.
    """
    to_metres = plane(footprints["metric"].crs.to_string())
    points = shapely.points(*to_metres.transform(lon, lat))
    line = shapely.shortest_line(points, footprints["metric"].loc[zone_id])
    end = shapely.get_point(line, 1)
    to_lon, to_lat = to_metres.transform(
        shapely.get_x(end), shapely.get_y(end), direction="INVERSE"
    )
    inside = shapely.contains_xy(footprints.geometry.loc[zone_id], lon, lat)
    return np.where(inside, lon, to_lon), np.where(inside, lat, to_lat)


def end_of_line(
    center: pd.Series, zone: pd.Series, footprints: gpd.GeoDataFrame
) -> tuple[float, float]:
    """Point (lat, lon) of a zone that its distance to a center is measured to."""
    if zone.name not in footprints.index:
        return float(zone["lat"]), float(zone["lon"])
    at = np.array([center["lon"]], float), np.array([center["lat"]], float)
    lon, lat = _nearest_points(*at, footprints, zone.name)
    return float(lat[0]), float(lon[0])


def nearest(distances: pd.DataFrame, leads: npt.NDArray[np.float64]) -> pd.DataFrame:
    """Nearest zone of each center.

    ``leads`` are as from ``areas.bounds_km``: by center, zone i and zone j, in the order of
    ``distances``, how much nearer i is than j at least; NaN where that is not known.

    Returns
    -------
    pandas.DataFrame
        ``nearest_zone`` (zone_id, missing when there is no zone or no position), ``nearest_km``,
        and ``nearest_uncertain``: True where another zone is or may be nearer from somewhere that
        the center may be. Of zones at the same distance the first column is named.

    Notes
    -----
    min d; min d(a, j) - d(a, i) > 0, j ≠ i, a ∈ A

    References
    ----------
    Moore (1966), Interval analysis, Prentice-Hall.
    """
    # A column without distances, so that there is one to name where there is no zone.
    km = np.pad(distances.to_numpy(float), ((0, 0), (0, 1)), constant_values=np.nan)
    ahead = np.pad(leads, ((0, 0), (0, 1), (0, 1)), constant_values=np.nan)
    first = np.where(np.isnan(km), np.inf, km).argmin(axis=1)
    here = np.arange(len(km)), first
    first = np.where(np.isnan(km[here]), len(distances.columns), first)
    others = ~np.isnan(km)
    others[here] = False
    apart = ahead[here] > 0
    return pd.DataFrame(
        {
            "nearest_zone": np.array([*distances.columns, pd.NA], dtype=object)[first],
            "nearest_km": km[here],
            "nearest_uncertain": (others & ~apart).any(axis=1),
        },
        index=distances.index,
    )


def zones_within(costs: pd.DataFrame, limit: float) -> pd.Series:
    """Number of zones at a cost of at most ``limit``: cumulative opportunities.

    Float; NaN where no zone can be reached or there is no zone.

    Notes
    -----
    Σ 1[d ≤ T]

    References
    ----------
    Wachs and Kumagai (1973), Physical accessibility as a social indicator, Socio-Economic
    Planning Sciences 7.
    """
    return costs.le(limit).sum(axis=1).where(costs.notna().any(axis=1)).astype(float)


def proximity(costs: pd.DataFrame, *, half_distance: float = 25.0) -> pd.DataFrame:
    """Proximity to each zone, 100·e^(-β·d) with β = ln 2 / ``half_distance``: 100 at the zone.

    A fixed scale that does not depend on the other centers: 50 at the half-distance, 25 at twice
    it. ``costs`` and ``half_distance`` are in one unit, km or minutes.

    Notes
    -----
    100·e^(-β·d), β = ln 2 / h

    References
    ----------
    Hansen (1959), How accessibility shapes land use, Journal of the American Institute of
    Planners 25.

    Raises
    ------
    ValueError
        When the half-distance is not a positive number.
    """
    if not (np.isfinite(half_distance) and half_distance > 0):
        raise ValueError(f"half_distance is {half_distance!r}; expected a number above 0")
    return 100 * (-costs / half_distance).apply(np.exp2)


def proximity_index(costs: pd.DataFrame, *, half_distance: float = 25.0) -> pd.Series:
    """Proximity, 0 to 100, to the nearest of the zones; NaN where none can be reached.

    Notes
    -----
    100·e^(-β·min d), β = ln 2 / h

    References
    ----------
    As ``proximity``.
    """
    return proximity(costs, half_distance=half_distance).max(axis=1)


def gravity_potential(
    costs: pd.DataFrame, attraction: pd.Series, *, half_distance: float = 25.0
) -> pd.Series:
    """Potential 100·Σ O·e^(-β·d) / Σ O over all zones, 0 to 100.

    Parameters
    ----------
    costs
        One row per center and one column per zone; an unreachable zone (NaN) adds nothing.
    attraction
        O per ``zone_id``: 1 each, or hectares. A zone without one is left out of both sums.
    half_distance
        As in ``proximity``, in the unit of ``costs``.

    Returns
    -------
    pandas.Series
        NaN where no zone can be reached.

    Notes
    -----
    100·Σ O·e^(-β·d) / Σ O, β = ln 2 / h

    References
    ----------
    Hansen (1959), How accessibility shapes land use, Journal of the American Institute of
    Planners 25.
    """
    weight = _attraction(attraction, costs.columns)
    near = proximity(costs, half_distance=half_distance)
    return (near * weight).sum(axis=1, min_count=1) / weight.sum()


def huff_share(
    costs: pd.DataFrame, attraction: pd.Series, *, alpha: float = 1.0, decay: float = 2.0
) -> pd.DataFrame:
    """Share of each zone in a center's linkage, S^α·d^-λ over its sum over all zones.

    Costs under 1 (km or minute) count as 1, so that a center inside a zone has a share.

    Parameters
    ----------
    costs
        One row per center and one column per zone; an unreachable zone (NaN) has no share.
    attraction
        S per ``zone_id``; a zone without one is left out.
    alpha, decay
        Exponents α and λ, 0 or more.

    Returns
    -------
    pandas.DataFrame
        0 to 1, each row adding up to 1, or NaN where no zone can be reached.

    Notes
    -----
    S^α·d^-λ / Σ S^α·d^-λ, d ≥ 1

    References
    ----------
    Huff (1963), A probabilistic analysis of shopping center trade areas, Land Economics 39.
    """
    if not (0 <= alpha < np.inf and 0 <= decay < np.inf):
        raise ValueError(f"alpha and decay are {alpha!r}, {decay!r}; expected 0 or more")
    # In logarithms nothing over- or underflows, and NaN stays NaN where an exponent is 0.
    size = np.log(_attraction(attraction, costs.columns))
    log_pull = alpha * size - decay * costs.clip(lower=1).apply(np.log)
    pull: pd.DataFrame = log_pull.sub(log_pull.max(axis=1), axis=0).apply(np.exp)
    return pull.div(pull.sum(axis=1, min_count=1), axis=0)


def _attraction(attraction: pd.Series, zones: pd.Index) -> pd.Series:
    """Attraction above 0 of each zone; NaN where it is not known."""
    known = attraction.reindex(zones).astype(float)
    return known.where(known > 0)


def hectares(areas: pd.DataFrame, otherwise: pd.Series) -> pd.DataFrame:
    """Hectares of each zone at each stage, and which stage each figure is of.

    A zone without a figure of a stage has that of the nearest later stage, which is surer, else of
    the nearest earlier one, else the one of the table of zones.

    Parameters
    ----------
    areas
        ``zone_id``, ``area_ha``, ``stage`` and ``used`` as text; of each zone and stage the first
        figure that is used counts.
    otherwise
        Hectares by ``zone_id``; NaN where not known.

    Returns
    -------
    pandas.DataFrame
        For each stage ``{stage}_ha`` (float, NaN where not known) and ``{stage}_taken`` (the stage
        of the figure; missing without one), on the index of ``otherwise``.
    """
    used = areas[areas["used"].eq("yes") & areas["stage"].isin(AREA_STAGES)]
    first = used.drop_duplicates(["zone_id", "stage"])
    known = first.pivot(index="zone_id", columns="stage", values="area_ha").astype(float)
    known = known.reindex(index=otherwise.index, columns=AREA_STAGES)
    columns = {}
    for at, stage in enumerate(AREA_STAGES):
        order = [*AREA_STAGES[at:], *AREA_STAGES[:at][::-1]]
        figures = known[order]
        columns[f"{stage}_ha"] = figures.bfill(axis=1).iloc[:, 0].fillna(otherwise)
        columns[f"{stage}_taken"] = pd.Series(
            [next((s for s in order if pd.notna(row[s])), None) for _, row in figures.iterrows()],
            figures.index,
            dtype=object,
        )
    return pd.DataFrame(columns, index=otherwise.index)


def area_shares(
    costs: pd.DataFrame, zones: pd.DataFrame, parameters: "Parameters"
) -> dict[str, pd.DataFrame]:
    """Huff share of every zone by the hectares of each stage, to compare; as ``huff_share``."""
    return {
        stage: huff_share(
            costs, zones[f"{stage}_ha"], alpha=parameters.alpha, decay=parameters.decay
        )
        for stage in AREA_STAGES
    }


def sector_fit(commodity: pd.Series, fit: pd.DataFrame, zones: pd.Index) -> pd.DataFrame:
    """How well each zone's sectors fit each center's commodity, 0 to 1; NaN where nobody judged.

    Parameters
    ----------
    commodity
        Code per center.
    fit
        One row per commodity, one column per zone.
    zones
        Columns of the answer.
    """
    rows = fit.index.get_indexer(pd.Index(commodity))
    judged = fit.reindex(columns=zones).to_numpy(float)
    judged = np.vstack([judged, np.full((1, len(zones)), np.nan)])  # -1, the last, is unknown
    return pd.DataFrame(judged[rows], index=commodity.index, columns=zones)


def sector_fit_proximity(
    costs: pd.DataFrame, fit: pd.DataFrame, *, half_distance: float = 25.0
) -> pd.DataFrame:
    """Proximity, 0 to 100, times the fit (0 to 1) of a zone's sectors to a center's commodity.

    ``fit`` is a table like ``costs``, from ``sector_fit``. NaN where either is not known.

    Notes
    -----
    f·100·e^(-β·d), β = ln 2 / h, 0 ≤ f ≤ 1

    References
    ----------
    data/sector_fit.csv; Hansen (1959), How accessibility shapes land use, Journal of the American
    Institute of Planners 25.
    """
    return proximity(costs, half_distance=half_distance) * fit


def nearest_places(
    distances: pd.DataFrame,
    low: pd.DataFrame,
    high: pd.DataFrame,
    leads: npt.NDArray[np.float64],
    places: pd.DataFrame,
) -> pd.DataFrame:
    """Nearest place of each kind that is known to serve everyone, straight line.

    Parameters
    ----------
    distances, low, high
        km from each center to each place, and their bounds over the center's area.
    leads
        As in ``nearest``, by center, place and place.
    places
        ``kind``, ``position_precision`` and ``service``, indexed by ``place_id``. Only those whose
        service is ``yes`` count: airports with scheduled flights, ports of general cargo, open
        toll gates.

    Returns
    -------
    pandas.DataFrame
        For each kind the place's id under the kind's name, km under ``{kind}_km``, their bounds
        under ``{kind}_low`` and ``{kind}_high``, and ``{kind}_uncertain``: True where another
        place may be nearer, from within the area of the center and the radius of both places.
        Missing where a position is; a place of unknown radius has no bounds and is uncertain
        beside others.
    """
    radius = places["position_precision"].map(PRECISION_KM).astype(float)
    low, high = low.sub(radius).clip(lower=0), high.add(radius)
    both = radius.to_numpy()[:, None] + radius.to_numpy()
    columns: dict[str, pd.Series | np.ndarray] = {}
    for kind, some in places[places["service"] == "yes"].groupby("kind", sort=False):
        of_kind = [part[some.index] for part in (distances, low, high)]
        listed = distances.columns.get_indexer(some.index)
        square = np.ix_(np.arange(len(distances)), listed, listed)
        found = nearest(of_kind[0], (leads - both)[square])
        at = some.index.get_indexer(pd.Index(found["nearest_zone"]))
        least, most = (part.to_numpy()[np.arange(len(part)), at] for part in of_kind[1:])
        columns |= {
            str(kind): found["nearest_zone"],
            f"{kind}_km": found["nearest_km"],
            f"{kind}_low": least,
            f"{kind}_high": most,
            f"{kind}_uncertain": found["nearest_uncertain"],
        }
    return pd.DataFrame(columns, index=distances.index)


@dataclass(frozen=True)
class Parameters:
    """What a reader may change about the indicators; defaults as in the method.

    Parameters
    ----------
    measure
        Cost between center and zone: ``straight_km``, ``road_km`` or ``road_minutes``.
    half_distance
        Cost at which proximity has fallen to half, km or minutes.
    within
        Thresholds of the cumulative opportunities, rising, km or minutes.
    attraction
        Weight of a zone in gravity and Huff: ``equal``, or hectares at a stage of
        ``AREA_STAGES``.
    alpha, decay
        Exponents of attraction and cost in the Huff share.
    """

    measure: str = STRAIGHT_KM
    half_distance: float = 25.0
    within: tuple[float, ...] = (25.0, 50.0, 100.0)
    attraction: str = EQUAL
    alpha: float = 1.0
    decay: float = 2.0

    @property
    def half_distance_km(self) -> float:
        """Half-distance of straight lines: the one that was set, unless it was set in minutes."""
        minutes = self.measure == ROAD_MINUTES
        return Parameters().half_distance if minutes else self.half_distance


def zone_groups(zones: pd.DataFrame) -> dict[str, pd.Index]:
    """Ids of ``all`` zones and of those of each class, ``sez`` and ``ie``."""
    return {"all": zones.index} | {
        name: zones.index[zones["class"] == name] for name in ZONE_CLASSES
    }
