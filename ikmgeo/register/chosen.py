"""Which units a reader looks at, where they lie, and what lies at one place."""

from dataclasses import dataclass
from functools import reduce
from operator import and_
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from ikmgeo.register import tiles
from ikmgeo.register.tiles import KNOWN, Spread
from ikmgeo.vocabulary import Bounds

if TYPE_CHECKING:
    import duckdb

SURE: Final = ("point", "village")
"""Ways of placing that say where a unit is; a subdistrict's or district's middle does not."""

OUTLYING: Final = 0.01
"""Share of the units on each side that a map need not show at first."""

MOST_TOLD: Final = 50
"""Units of one place that are told one by one."""

TOLD: Final = ("name", "commodity", "product", "workers", "placed_by")
"""What is told of a unit."""


@dataclass(frozen=True)
class Chosen:
    """Conditions on units; empty and None set no condition.

    Parameters
    ----------
    commodities, districts
        Codes, any of which a unit may have.
    kbli
        Digits that its KBLI code begins with.
    workers
        Fewest workers; a unit of which they are not known does not pass.
    since, until
        First and last year; a unit of which it is not known passes neither.
    text
        Words that must all occur in its name, commodity or product, in any case.
    """

    commodities: tuple[str, ...] = ()
    districts: tuple[str, ...] = ()
    kbli: str = ""
    workers: int | None = None
    since: int | None = None
    until: int | None = None
    text: str = ""


class Place(NamedTuple):
    """What lies at a place: how many units, and of the first of them what ``TOLD`` says."""

    units: int
    first: list[tuple[Any, ...]]


def among(connection: "duckdb.DuckDBPyConnection", chosen: Chosen) -> "duckdb.DuckDBPyRelation":
    """The chosen units that have a place."""
    from duckdb import ColumnExpression as Column
    from duckdb import ConstantExpression as Constant
    from duckdb import FunctionExpression as Function

    said = Function("concat_ws", Constant(" "), *map(Column, ("name", "commodity", "product")))
    met = [Column("lat").isnotnull()]
    for column, codes in (("commodity", chosen.commodities), ("district_code", chosen.districts)):
        if codes:
            met.append(Column(column).isin(*map(Constant, codes)))
    if chosen.kbli:
        met.append(Function("starts_with", Column("kbli"), Constant(chosen.kbli)))
    if chosen.workers is not None:
        met.append(Column("workers") >= Constant(chosen.workers))
    if chosen.since is not None:
        met.append(Column("year") >= Constant(chosen.since))
    if chosen.until is not None:
        met.append(Column("year") <= Constant(chosen.until))
    words = map(Constant, chosen.text.lower().split())
    met += [Function("contains", Function("lower", said), word) for word in words]
    return connection.table("units").filter(reduce(and_, met))


def by_commodity(units: "duckdb.DuckDBPyRelation") -> dict[str, int]:
    """Units by commodity, those of most units first; those without under the empty word."""
    counted = units.aggregate("coalesce(commodity, '') AS commodity, count(*) AS units")
    return dict(counted.order("units DESC, commodity").fetchall())


def extent(units: "duckdb.DuckDBPyRelation") -> Bounds | None:
    """West, south, east and north of where nearly all units lie; None without any."""
    edges = "quantile_cont({0}, {1}), quantile_cont({0}, {2})"
    parts = (edges.format(name, OUTLYING, 1 - OUTLYING) for name in ("lon", "lat"))
    [(west, east, south, north)] = units.aggregate(", ".join(parts)).fetchall()
    return None if west is None else (west, south, east, north)


def spread(units: "duckdb.DuckDBPyRelation") -> Spread:
    """Where units lie, ready to be drawn."""
    from duckdb import ColumnExpression as Column
    from duckdb import ConstantExpression as Constant
    from duckdb import FunctionExpression as Function

    products = [product for product in by_commodity(units) if product][:KNOWN]
    found = units.select(
        Column("lat"),
        Column("lon"),
        Function("list_position", Constant(products), Column("commodity"))
        .cast("UTINYINT")
        .alias("product"),
        Column("placed_by").isin(*map(Constant, SURE)).alias("sure"),
    ).fetchnumpy()
    lat, lon, sure = (np.asarray(found[name]) for name in ("lat", "lon", "sure"))
    product = np.ma.filled(found["product"], 0)  # of another product, or none
    return tiles.spread(lat, lon, product, products, sure.astype(bool))


def at(
    units: "duckdb.DuckDBPyRelation", west: float, south: float, east: float, north: float
) -> Place:
    """The units between meridians and parallels, degrees (WGS84)."""
    from duckdb import ColumnExpression as Column

    inside = units.filter(Column("lon").between(west, east) & Column("lat").between(south, north))
    first = inside.order("name NULLS LAST, product").limit(MOST_TOLD)
    [(total,)] = inside.count("*").fetchall()
    return Place(total, first.select(*map(Column, TOLD)).fetchall())
