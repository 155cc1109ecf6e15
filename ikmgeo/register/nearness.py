"""Centers by nearness: where units of like product lie as dense as a reach and a number ask for.

Only units that their own coordinates place can tell; borders of villages do not matter.
"""

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import scipy  # its parts are loaded when first used, and most readers use none

from ikmgeo.analysis import Inputs
from ikmgeo.measures import linkage
from ikmgeo.reading import validate
from ikmgeo.register.candidates import (
    DISTRICT_DIGITS,
    SUBDISTRICT_DIGITS,
    VILLAGE_DIGITS,
    Like,
    covered,
    medoid,
)

if TYPE_CHECKING:
    import duckdb

Numbers = npt.NDArray[np.float64]
Whole = npt.NDArray[np.integer]

REACH_KM: Final = (0.05, 50.0)
LEAST_UNITS: Final = (2, 1_000)
"""Bounds of what can be asked for."""

DIFFERENCES: Final = ("same", "crosses", "near_only", "law_only")
"""How candidates by nearness and by law differ, as ``beside`` says."""

HASHED: Final = 10
"""Hexadecimal digits in the id of a candidate, by product and medoid."""

AMONG: Final = "units.placed_by = 'point' AND ($year IS NULL OR year = $year)"

PRODUCTS: Final = f"""
SELECT like_product, row_number() OVER (ORDER BY like_product)::INTEGER AS number
FROM (
    SELECT {{by}} AS like_product FROM units WHERE {AMONG} AND {{by}} IS NOT NULL
    GROUP BY ALL HAVING count(*) >= $least)
"""  # noqa: S608

SPOTS: Final = f"""
SELECT number, lat, lon, count(*)::INTEGER AS units
FROM units JOIN products ON {{by}} = like_product WHERE {AMONG}
GROUP BY ALL ORDER BY number, lat, lon
"""  # noqa: S608
"""Points of each product, each once with its units."""

HELD: Final = f"""
WITH held AS (SELECT units.*, like_product, cluster
    FROM units JOIN products ON {{by}} = like_product
    JOIN members ON members.number = products.number
         AND members.lat = units.lat AND members.lon = units.lon
    WHERE {AMONG})
"""  # noqa: S608

FOUND: Final = (
    HELD
    + """
SELECT cluster, like_product, count(*) AS units, mode(product ORDER BY product) AS product,
       sum(workers) AS workers, count(workers) AS workers_known,
       sum(investment) AS investment, count(investment) AS investment_known,
       string_agg(DISTINCT kbli_edition, '; ' ORDER BY kbli_edition) AS kbli_edition
FROM held GROUP BY ALL ORDER BY units DESC, like_product, cluster
"""
)

PARTS: Final = (
    HELD
    + """
SELECT cluster, district_code, coalesce(village_code, subdistrict_code, district_code) AS area,
       lat = middle_lat AND lon = middle_lon AS middle, count(*) AS units
FROM held JOIN middles USING (cluster) GROUP BY ALL ORDER BY cluster, middle DESC, area DESC
"""
)
"""Units of each cluster by the finest area that is told of them, those of its medoid apart."""

WHOLE: Final = """
SELECT {by} AS like_product, district_code, coalesce(subdistrict_code, '') AS subdistrict_code,
       count(*) AS units, count(*) FILTER (placed_by <> 'point') AS unsure
FROM units WHERE {by} IS NOT NULL AND ($year IS NULL OR year = $year) GROUP BY ALL
"""
"""None of these takes anything from a reader but its parameters."""


@dataclass(frozen=True)
class Nearness:
    """What makes a center by nearness, as the reader sets it.

    Parameters
    ----------
    reach_km
        How far a unit may be from another to be near it, straight line; within ``REACH_KM``.
    least
        Units, itself among them, that must be near a unit for it to be amid a center; within
        ``LEAST_UNITS``.
    """

    reach_km: float = 1.0
    least: int = 5


def candidates(
    connection: "duckdb.DuckDBPyConnection",
    inputs: Inputs,
    nearness: Nearness,
    *,
    by: Like = "commodity",
    year: int | None = None,
) -> pd.DataFrame:
    """Clusters of units of like product, the most units first; those of fewer than asked are none.

    Parameters
    ----------
    connection
        With the view ``units``, as from ``Register.connect``.
    year
        Only units of that year.

    Returns
    -------
    pandas.DataFrame
        Columns as from ``candidates.candidates``, on a ``candidate_id`` that stays as long as
        product and medoid do. Place, area codes and names are those of the medoid.
        ``units_in_district`` are those in its district, of which ``district_share`` is; ``unsure``
        are the units of that product without coordinates in the subdistricts that it lies in, and
        in its districts where no subdistrict is told of them or of units of the cluster.
    """
    asked = {"year": year}
    products = connection.execute(PRODUCTS.format(by=by), asked | {"least": nearness.least}).df()
    connection.register("products", products)
    spots = connection.execute(SPOTS.format(by=by), asked).df()
    plane = _projected(spots, inputs.crs)
    spots["cluster"] = _clusters(spots, plane, nearness)
    inside = spots["cluster"].to_numpy() >= 0
    spots, plane = spots[inside].reset_index(drop=True), plane[inside]
    connection.register("members", spots[["number", "lat", "lon", "cluster"]])
    places = _places(spots, plane)
    connection.register("middles", places[["middle_lat", "middle_lon"]].reset_index())
    found = connection.execute(FOUND.format(by=by), asked).df().set_index("cluster")
    parts = connection.execute(PARTS.format(by=by), asked).df()
    whole = connection.execute(WHOLE.format(by=by), asked).df()
    for name in ("middles", "members", "products"):
        connection.unregister(name)
    found = found.join(places).join(_areas(parts)).rename(columns={"middle_lat": "lat"})
    found = found.rename(columns={"middle_lon": "lon"})
    found = found.join(_counted(found, parts, whole))
    return _described(found, inputs, by)


def _described(found: pd.DataFrame, inputs: Inputs, by: Like) -> pd.DataFrame:
    """Names, codes and shares of clusters, on their ids."""
    kbli, _ = validate.commodity_signs(inputs.commodities)
    product, area = found["like_product"], found["area_code"].astype("str")
    spots = zip(product, found["lat"], found["lon"], strict=True)
    named, village = inputs.gazetteer.names, area.where(area.str.len() == VILLAGE_DIGITS)
    subdistrict = area.str[:SUBDISTRICT_DIGITS].where(area.str.len() >= SUBDISTRICT_DIGITS)
    return (
        found.drop(columns="area_code")
        .assign(
            candidate_id=[identified(*spot) for spot in spots],
            village_code=village,
            village=village.map(named).astype("str"),
            subdistrict=subdistrict.map(named).astype("str"),
            district_share=found["units_in_district"] / found["district_units"],
            household_share=np.nan,
            commodity=product.map(dict(kbli)) if by == "kbli" else product,
            points=found["units"],
            position_precision="site",
            found_by="nearness",
        )
        .set_index("candidate_id")
    )


def identified(product: str, lat: float, lon: float) -> str:
    """Id of a candidate; it does not tell where the unit is that is its medoid."""
    told = sha256(f"{product} {lat!r} {lon!r}".encode()).hexdigest()[:HASHED]
    return f"near-{told}:{product}"


def _projected(spots: pd.DataFrame, crs: str) -> Numbers:
    """Metres on the plane of a projected CRS."""
    x, y = linkage.plane(crs).transform(spots["lon"].to_numpy(), spots["lat"].to_numpy())
    return np.column_stack([x, y])


def _clusters(spots: pd.DataFrame, plane: Numbers, nearness: Nearness) -> Whole:
    """Number of the cluster of each point, over all products; -1 for none."""
    number, units = spots["number"].to_numpy(), spots["units"].to_numpy()
    found, after = np.full(len(spots), -1, dtype=np.int32), 0
    for rows in np.split(np.arange(len(spots)), np.flatnonzero(np.diff(number)) + 1):
        labels = clusters(plane[rows], units[rows], 1_000 * nearness.reach_km, nearness.least)
        # One that shares its edge with others may keep fewer units than its middle has near.
        held = np.bincount(labels[labels >= 0], units[rows][labels >= 0])
        kept = np.append(held >= nearness.least, False)[labels]
        found[rows[kept]] = labels[kept] + after
        after += len(held)
    return found


def clusters(plane: Numbers, units: Whole, reach: float, least: int) -> Whole:
    """Clusters of DBSCAN, numbered from 0; -1 for points in none.

    A point with ``least`` units within ``reach``, its own among them, is core. Core points within
    reach of one another are in one cluster; another point within reach of a core point is in the
    cluster of the nearest one.

    Parameters
    ----------
    plane
        Different points, metres; a row each.
    units
        How many lie at each.
    reach
        Metres.

    Notes
    -----
    Lists of all neighbours, as ``sklearn.cluster.DBSCAN`` makes, grow with the density. Core points
    are connected by steps within reach exactly if the edges within reach of their Delaunay
    triangulation connect them, since it holds a shortest spanning tree: time is near n log n,
    memory n, whatever the reach.

    References
    ----------
    Ester, Kriegel, Sander and Xu (1996), A density-based algorithm for discovering clusters, KDD.
    de Berg, Gunawan and Roeloffzen (2019), Faster DBSCAN and HDBSCAN in low-dimensional Euclidean
    spaces, International Journal of Computational Geometry and Applications 29.
    """
    found = np.full(len(plane), -1)
    if not len(plane):
        return found
    every = scipy.spatial.cKDTree(np.repeat(plane, np.minimum(units, least), axis=0))
    core = every.query_ball_point(plane, reach, return_length=True) >= least
    if not core.any():
        return found
    middle = plane[core] - plane[core].mean(axis=0)
    # Four points beyond reach: there is a triangulation even of one point, or of many on a line.
    width = 2 * (np.abs(middle).max() + 2 * reach)
    around = np.vstack([middle, width * np.array([[-1, -1], [-1, 1], [1, -1], [1, 1]])])
    drawn = scipy.spatial.Delaunay(around)
    corners = drawn.simplices[:, [[0, 1], [1, 2], [2, 0]]].reshape(-1, 2)
    ends = np.vstack([corners, drawn.coplanar[:, [0, 2]]]).T
    start, end = ends[:, np.hypot(*(around[ends[0]] - around[ends[1]]).T) <= reach]
    size = (len(around), len(around))
    steps = scipy.sparse.coo_array((np.ones(len(start), dtype=bool), (start, end)), size)
    _, labels = scipy.sparse.csgraph.connected_components(steps, directed=False)
    found[core] = labels[: len(middle)]
    edge = np.flatnonzero(~core)
    farthest = np.nextafter(reach, np.inf)  # the bound itself is left out
    km, nearest = scipy.spatial.cKDTree(plane[core]).query(
        plane[edge], distance_upper_bound=farthest
    )
    near = np.isfinite(km)
    found[edge[near]] = labels[nearest[near]]
    return found


def _places(spots: pd.DataFrame, plane: Numbers) -> pd.DataFrame:
    """Medoid of each cluster, degrees, and the area that its units cover."""
    rows, units = [], spots["units"].to_numpy()
    degrees = spots[["lat", "lon"]].to_numpy(float)
    for cluster, at in spots.groupby("cluster").indices.items():
        every = np.repeat(degrees[at], units[at], axis=0)
        rows.append((cluster, *every[medoid(every)], *covered(degrees[at], plane[at])))
    columns = ["cluster", "middle_lat", "middle_lon", "area_km2", "hull"]
    return pd.DataFrame(rows, columns=columns).set_index("cluster")


def _areas(parts: pd.DataFrame) -> pd.DataFrame:
    """Areas that each cluster lies in, and those of its medoid."""
    by_cluster = parts.groupby("cluster")
    first = by_cluster[["area", "district_code"]].first()
    codes = {cluster: tuple(sorted({*areas})) for cluster, areas in by_cluster["area"]}
    lies_in = pd.Series(codes, dtype=object).reindex(first.index)
    villages = [sum(len(code) == VILLAGE_DIGITS for code in areas) for areas in lies_in]
    first = first.rename(columns={"area": "area_code"})
    return first.assign(lies_in=lies_in, villages=villages)


def _counted(found: pd.DataFrame, parts: pd.DataFrame, whole: pd.DataFrame) -> pd.DataFrame:
    """Units of the product in the district of each cluster, its own there, and unsure ones."""
    own = parts.groupby(["cluster", "district_code"])["units"].sum().to_dict()
    alike = ["like_product", "district_code"]
    total = whole.groupby(alike)["units"].sum().to_dict()
    unsure: dict[tuple[str, str], dict[str, int]] = {}
    some = whole[whole["unsure"] > 0]
    for product, district, code, count in some[[*alike, "subdistrict_code", "unsure"]].itertuples(
        index=False
    ):
        unsure.setdefault((product, district), {})[code] = count
    rows = []
    told = found[["like_product", "district_code", "lies_in"]]
    for cluster, product, district, lies_in in told.itertuples():
        near = far = 0
        for code in {area[:DISTRICT_DIGITS] for area in lies_in}:
            beside = unsure.get((product, code), {})
            within = {area[:SUBDISTRICT_DIGITS] for area in lies_in if area.startswith(code)}
            here = sum(beside.get(subdistrict, 0) for subdistrict in within)
            near += here
            # Its own units without a subdistrict may lie in any.
            far += sum(beside.values()) - here if code in within else beside.get("", 0)
        rows.append((own[cluster, district], total[product, district], near, far))
    columns = ["units_in_district", "district_units", "unsure_subdistrict", "unsure_district"]
    return pd.DataFrame(rows, found.index, columns)


def beside(near: pd.DataFrame, by_law: pd.DataFrame) -> pd.DataFrame:
    """Candidates by nearness, and behind them those by law that share no unit with any of them.

    Two share units where those of one with coordinates lie in the village of the other.

    Returns
    -------
    pandas.DataFrame
        Rows of both, with ``shares_with`` (ids of candidates by law) and ``differs``, of
        ``DIFFERENCES``: ``same`` where all are in one village, as far as theirs is told,
        ``crosses`` where they are in several, ``near_only`` and ``law_only`` where nothing is
        shared.
    """
    pairs = near[["like_product", "lies_in"]].explode("lies_in")
    ids = pairs["lies_in"].astype("str") + ":" + pairs["like_product"]
    ids = ids[ids.isin(by_law.index)]
    shares = ids.groupby(level=0).agg("; ".join).reindex(near.index)
    differs = pd.Series("crosses", near.index).mask(near["villages"] == 1, "same")
    differs = differs.where(shares.notna(), "near_only")
    alone = by_law[~by_law.index.isin(ids)]
    return pd.concat(
        [
            near.assign(shares_with=shares.fillna("").astype("str"), differs=differs),
            alone.assign(shares_with="", differs="law_only"),
        ]
    )
