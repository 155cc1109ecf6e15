"""The centers in a register: villages with as many units of like product as a definition asks for.

A village is the one place that definitions and registers share. Units that are placed by their
subdistrict or district alone count in no village; how many of them may belong to one is told.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
import scipy  # its parts are loaded when first used, and most readers use none
import shapely

from ikmgeo import tables
from ikmgeo.analysis import Inputs
from ikmgeo.measures import indicators, linkage
from ikmgeo.measures.areas import areas_of, bounds_km
from ikmgeo.measures.linkage import Parameters
from ikmgeo.reading import validate
from ikmgeo.register.suppression import LEAST

if TYPE_CHECKING:
    import duckdb

Like = Literal["kbli", "commodity"]
"""What makes products alike: the five digits of KBLI, or the commodity as the file has it."""

VILLAGE_DIGITS, SUBDISTRICT_DIGITS, DISTRICT_DIGITS = 10, 6, 4
"""Of Kemendagri codes."""

MEDOID_OF: Final = 1_000
"""Units among which the medoid is sought, of more those nearest to the median of their degrees."""

MEASURED: Final = 20_000_000
"""Distances that are measured for it at most: of very many units, fewer are tried."""

AT_ONCE: Final = 1_000_000
"""Distances that are held at a time."""

SUMS: Final = ("workers", "investment")
COUNTED: Final = ("units", "district_units", "unsure_subdistrict", "unsure_district")

FOUND: Final = f"""
WITH held AS (SELECT *, {{by}} AS like_product FROM units
              WHERE {{by}} IS NOT NULL AND ($year IS NULL OR year = $year)),
villages AS (
    SELECT village_code, like_product, count(*) AS units, mode(product ORDER BY product) AS product,
           sum(workers) AS workers, count(workers) AS workers_known,
           sum(investment) AS investment, count(investment) AS investment_known,
           count(*) FILTER (placed_by = 'point') AS points,
           string_agg(DISTINCT kbli_edition, '; ' ORDER BY kbli_edition) AS kbli_edition
    FROM held WHERE village_code IS NOT NULL GROUP BY ALL HAVING count(*) >= $least),
wider AS (
    SELECT district_code, subdistrict_code, like_product, count(*) AS units
    FROM held WHERE village_code IS NULL GROUP BY ALL),
whole AS (SELECT district_code, like_product, count(*) AS units FROM held GROUP BY ALL)
SELECT villages.*, whole.units AS district_units,
       coalesce(near.units, 0) AS unsure_subdistrict, coalesce(far.units, 0) AS unsure_district
FROM villages
JOIN whole ON whole.district_code = village_code[1:{DISTRICT_DIGITS}]
     AND whole.like_product = villages.like_product
LEFT JOIN wider near ON near.subdistrict_code = village_code[1:{SUBDISTRICT_DIGITS}]
     AND near.like_product = villages.like_product
LEFT JOIN wider far ON far.subdistrict_code IS NULL
     AND far.district_code = village_code[1:{DISTRICT_DIGITS}]
     AND far.like_product = villages.like_product
"""  # noqa: S608
"""Units of like product by village; nothing of it comes from a reader."""


@dataclass(frozen=True)
class Criterion:
    """What makes a center; as a row of ``center_definitions.csv`` or as the reader sets it.

    Parameters
    ----------
    units_from
        Least number of units in the village.
    share_from
        Least share of the village's households, 0 to 1; 0 asks for none.
    """

    units_from: float = 1
    share_from: float = 0

    @classmethod
    def of(cls, definition: pd.Series) -> "Criterion":
        """The numbers of a definition."""
        units, share = definition["units_from"], definition["household_share_from"]
        return cls(1 if pd.isna(units) else units, 0 if pd.isna(share) else share)


def candidates(
    connection: "duckdb.DuckDBPyConnection",
    inputs: Inputs,
    criterion: Criterion,
    *,
    by: Like = "commodity",
    households: pd.Series | None = None,
    year: int | None = None,
) -> pd.DataFrame:
    """Villages that meet a criterion for a product, the most units first.

    Parameters
    ----------
    connection
        With the view ``units``, as from ``Register.connect``.
    households
        Number by ``village_code``. A village without one meets no criterion of shares.
    year
        Only units of that year.

    Returns
    -------
    pandas.DataFrame
        On ``candidate_id`` (village and product): ``village_code``, ``village``, ``subdistrict``,
        ``district_code``, ``like_product`` (code of KBLI or commodity), ``product`` (as most units
        call it), ``commodity`` (code, missing where not known), ``kbli_edition``, ``units``,
        ``workers`` and ``investment`` (sums of the ``workers_known`` and ``investment_known`` units
        that tell them; rupiah), ``district_units`` and ``district_share`` (of the units of that
        product in the district), ``household_share``, ``unsure_subdistrict`` and
        ``unsure_district`` (units of that product that only these place, and may be here), ``lat``,
        ``lon`` (degrees) and ``position_precision``: ``site`` for the medoid of units with
        coordinates, else ``village``. ``area_km2`` and ``hull`` (WGS84) as from ``covered``, of the
        units with coordinates. ``lies_in`` (codes of areas, ``villages`` of them) and
        ``units_in_district`` matter for those by nearness. ``found_by`` is ``village``.
    """
    asked = {"year": year, "least": criterion.units_from}
    found = connection.execute(FOUND.format(by=by), asked).df()
    found["household_share"] = (
        found["units"] / found["village_code"].map(households) if households is not None else np.nan
    )
    if criterion.share_from:
        found = found[found["household_share"] >= criterion.share_from]
    order = ["units", "village_code", "like_product"]
    found = found.sort_values(order, ascending=[False, True, True], ignore_index=True)
    found.index = pd.Index(found["village_code"] + ":" + found["like_product"], name="candidate_id")
    kbli, _ = validate.commodity_signs(inputs.commodities)
    product = found["like_product"]
    named = inputs.villages.reindex(found["village_code"]).set_index(found.index)
    return found.assign(
        district_share=found["units"] / found["district_units"],
        commodity=product.map(dict(kbli)) if by == "kbli" else product,
        village=named["name_id"],
        subdistrict=named["subdistrict"],
        district_code=found["village_code"].str[:DISTRICT_DIGITS],
        units_in_district=found["units"],
        lies_in=found["village_code"].map(lambda code: (code,)).astype(object),
        villages=1,
        found_by="village",
        **_positions(connection, found, inputs, by, year),
    )


def _positions(
    connection: "duckdb.DuckDBPyConnection",
    found: pd.DataFrame,
    inputs: Inputs,
    by: str,
    year: int | None,
) -> dict[str, pd.Series]:
    """Point of each candidate, its precision, and the area that its units cover."""
    codes = found["village_code"]
    known = {code: inputs.gazetteer.spot(code) for code in codes.unique()}
    lat = codes.map({code: spot.lat for code, spot in known.items() if spot}).astype(float)
    lon = codes.map({code: spot.lon for code, spot in known.items() if spot}).astype(float)
    precision = pd.Series("village", found.index).mask(
        codes.isin(inputs.gazetteer.astray), "subdistrict"
    )
    area_km2, hull = pd.Series(np.nan, found.index), pd.Series(None, found.index, dtype=object)
    wanted = found.loc[found["points"] > 0, ["village_code", "like_product"]]
    if len(wanted):
        connection.register("wanted", wanted.reset_index())
        points = connection.execute(
            "SELECT candidate_id, lat, lon FROM units JOIN wanted "  # noqa: S608
            f"ON units.village_code = wanted.village_code AND {by} = like_product "
            "WHERE placed_by = 'point' AND ($year IS NULL OR year = $year) "
            "ORDER BY candidate_id, lat, lon",
            {"year": year},
        ).df()
        connection.unregister("wanted")
        degrees_of = points[["lat", "lon"]].to_numpy(float)
        metres = np.column_stack(linkage.plane(inputs.crs).transform(*degrees_of.T[::-1]))
        for candidate_id, some in points.groupby("candidate_id").indices.items():
            key, degrees = str(candidate_id), degrees_of[some]
            area_km2[key], hull[key] = covered(degrees, metres[some])
            lat[key], lon[key] = degrees[medoid(degrees)]
            precision[key] = "site"
    return {
        "lat": lat,
        "lon": lon,
        "position_precision": precision,
        "area_km2": area_km2,
        "hull": hull,
    }


def covered(
    degrees: npt.NDArray[np.float64], metres: npt.NDArray[np.float64]
) -> tuple[float, shapely.Geometry | None]:
    """Area in km² of the convex hull of points, and the hull (WGS84); 0 and None without width.

    ``degrees`` are latitudes and longitudes, ``metres`` the same points on a projected plane.
    """
    hull = shapely.MultiPoint(degrees[:, ::-1]).convex_hull
    km2 = shapely.MultiPoint(metres).convex_hull.area / 1e6
    return float(km2), hull if hull.geom_type == "Polygon" else None


def as_list(one: pd.Series, names: Mapping[str, str], source: str, note: str) -> bytes:
    """A candidate as a list of one center, as ``analysis.read_list`` reads it.

    Parameters
    ----------
    one
        A row of ``candidates``.
    names
        Of the center, by language.
    source, note
        Whence its place is, and by what it is a center.
    """
    precise = one["position_precision"] == "site"
    row = {
        **{f"name_{language}": name for language, name in names.items()},
        "commodity": one["commodity"] if pd.notna(one["commodity"]) else one["product"],
        "district_code": one["district_code"],
        "area_code": one["village_code"],
        "lat": one["lat"],
        "lon": one["lon"],
        "position_precision": one["position_precision"],
        "position_basis": "documented" if precise else "inferred",
        "position_source": source,
        "note": note,
    }
    return pd.DataFrame([row]).to_csv(index=False).encode()


def medoid(degrees: npt.NDArray[np.float64]) -> int:
    """Position of the point that is nearest to all others together, of latitudes and longitudes.

    Measured on a plane that touches the globe at their median; the first of several. It is sought
    among the ``MEDOID_OF`` points nearest to the median, or fewer where ``MEASURED`` asks for it.
    """
    middle = np.median(degrees, axis=0)
    plane = (degrees - middle) * [1, np.cos(np.radians(middle[0]))]
    tried = min(MEDOID_OF, max(1, MEASURED // len(plane)))
    near = np.sort(np.argsort((plane**2).sum(axis=1), kind="stable")[:tried])
    parts = np.array_split(plane[near], 1 + len(near) * len(plane) // AT_ONCE)
    sums = [scipy.spatial.distance.cdist(part, plane).sum(axis=1) for part in parts]
    return int(near[int(np.argmin(np.concatenate(sums).round(12)))])


def linked(found: pd.DataFrame, inputs: Inputs, used: Parameters = Parameters()) -> pd.DataFrame:  # noqa: B008
    """Nearest zone and every indicator of linkage of each candidate, or unit.

    What stands at one place is measured once, and what makes the same thing there computed once.

    Parameters
    ----------
    found
        ``lat``, ``lon`` (degrees), ``position_precision``, ``commodity``, and the Kemendagri codes
        ``district_code`` and ``village_code``; in place of the last a subdistrict's where no
        village is known.

    Returns
    -------
    pandas.DataFrame
        ``nearest_zone``, ``nearest_km`` and ``nearest_uncertain`` as from ``linkage.nearest``; for
        each zone ``{zone}_km`` with ``_low`` and ``_high``; else ``{indicator}_{column}`` as from
        ``indicators.computed``. Distances are straight lines, km.
    """
    places = found.assign(district=found["district_code"], area_code=found["village_code"])
    key = ["lat", "lon", "position_precision", "district", "area_code"]
    place, first = _alike(places[key])
    product, of = _alike(pd.DataFrame({"place": place, "product": found["commodity"].to_numpy()}))
    single, at = places.iloc[first], place[of]
    zones, footprints = inputs.zones, inputs.footprints
    km = linkage.distance_km(single, zones, footprints)
    areas = areas_of(
        single,
        inputs.districts,
        inputs.subdistricts,
        inputs.villages,
        inputs.crs,
        polygons=inputs.polygons,
    )
    low, high, leads = bounds_km(areas, km, zones, footprints)
    costs = km.iloc[at].reset_index(drop=True)
    commodity = found["commodity"].iloc[of].reset_index(drop=True)
    fit = linkage.sector_fit(commodity, inputs.sector_fit, zones.index)
    values = indicators.computed(costs, zones, fit, used).drop(columns="cost", level=0)
    values.columns = [f"{code}_{column}" for code, column in tables.headings(values)]
    nearest = linkage.nearest(km, leads).iloc[at].reset_index(drop=True)
    spans = {
        f"{zone}_km{end}": table[zone].to_numpy()[at]
        for zone in zones.index
        for end, table in {"": km, "_low": low, "_high": high}.items()
    }
    each = pd.concat([nearest, pd.DataFrame(spans, values.index), values], axis=1)
    return each.take(product).set_axis(found.index)


def _alike(rows: pd.DataFrame) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Number of each row, the same where they say the same, and the first row of each number."""
    alike = rows.groupby([*rows], sort=False, dropna=False).ngroup()
    _, first, number = np.unique(alike, return_index=True, return_inverse=True)
    return number, first


def compared(
    found: pd.DataFrame, centers: pd.DataFrame, inputs: Inputs, *, by: Like = "commodity"
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Candidates beside the recorded centers of a list.

    A recorded center is confirmed by the candidates of its product with units in the area that it
    is recorded for: village, subdistrict or district, by its precision and code. Else it is
    unconfirmed; a candidate that confirms none is new.

    Parameters
    ----------
    centers
        ``commodity``, ``district_code``, ``area_code`` and ``position_precision``, on
        ``center_id``.

    Returns
    -------
    tuple
        For each candidate ``status`` (``confirmed`` or ``new``) and ``recorded`` (ids); for each
        center ``status`` (``confirmed`` or ``unconfirmed``), ``candidates`` (ids) and ``units``,
        those of these candidates.
    """
    column = "commodity" if by == "kbli" else "like_product"
    of_candidate: dict[str, list[str]] = {str(i): [] for i in found.index}
    rows, parts = [], found["lies_in"].explode().astype("str")
    for center_id, center in centers.iterrows():
        area = _area(center)
        there = found.index.isin(parts.index[parts.str.startswith(area)] if area else [])
        same = found[there & found[column].eq(center["commodity"])]
        for candidate in same.index:
            of_candidate[candidate].append(str(center_id))
        status = "confirmed" if len(same) else "unconfirmed"
        rows.append((status, "; ".join(same.index), int(same["units"].sum())))
    recorded = pd.Series({c: "; ".join(ids) for c, ids in of_candidate.items()}, dtype="str")
    recorded = recorded.reindex(found.index)
    found_of = recorded.ne("").map({True: "confirmed", False: "new"})
    lists = pd.DataFrame(rows, centers.index, ["status", "candidates", "units"])
    return pd.DataFrame({"status": found_of, "recorded": recorded}), lists


def _area(center: pd.Series) -> str:
    """Kemendagri code of the area that a center is recorded for; empty where none is known."""
    digits = {"site": VILLAGE_DIGITS, "village": VILLAGE_DIGITS, "subdistrict": SUBDISTRICT_DIGITS}
    wanted = digits.get(str(center["position_precision"]), DISTRICT_DIGITS)
    code = next((str(c) for c in center[["area_code", "district_code"]] if pd.notna(c)), "")
    return code[:wanted]


def published(found: pd.DataFrame) -> pd.DataFrame:
    """Candidates as they may leave the house: without counts under ``LEAST`` and what reveals them.

    Sums that fewer units tell are left out too. So are, for all candidates of that product in a
    district, its units and the share of them, where one of them, what one has in another district,
    or the rest of the district is one or two units. Hulls, whose corners are units, stay here.
    """
    shown = found.copy()
    alike = [found["district_code"], found["like_product"]]
    here = found["units_in_district"]
    rest = found["district_units"] - here.groupby(alike).transform("sum")
    small = rest.between(1, LEAST - 1)
    for count in (found["units"], here, found["units"] - here):
        small |= count.between(1, LEAST - 1)
    hide = small.groupby(alike).transform("any")  # a total tells the one count that is not shown
    shown["units"] = found["units"].astype(float).where(found["units"] >= LEAST)
    for column in SUMS:
        shown[column] = found[column].where(found[f"{column}_known"] >= LEAST)
        known = found[f"{column}_known"]
        shown[f"{column}_known"] = known.astype(float).where(~known.between(1, LEAST - 1))
    for column in ("unsure_subdistrict", "unsure_district"):
        shown[column] = found[column].astype(float).where(~found[column].between(1, LEAST - 1))
    for column in ("district_units", "district_share"):
        shown[column] = found[column].astype(float).mask(hide)
    shown["household_share"] = found["household_share"].where(found["units"] >= LEAST)
    shown["area_km2"] = found["area_km2"].where(found["points"] >= LEAST)
    whole = [*COUNTED, *(f"{column}_known" for column in SUMS), *SUMS]
    return (
        shown.round(dict.fromkeys(SUMS, 0))
        .astype(dict.fromkeys(whole, "Int64"))
        .drop(columns=["points", "units_in_district", "lies_in", "hull"])
    )
