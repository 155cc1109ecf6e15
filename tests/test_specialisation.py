"""Location quotients, clusters and concentration: by hand, by other methods, by enumeration."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import permutations

import duckdb
import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from scipy.optimize import brentq, linprog

from ikmgeo.analysis import Inputs
from ikmgeo.register import specialisation
from ikmgeo.register.specialisation import (
    Counted,
    Pattern,
    concentration,
    concluded,
    counted,
    discovered,
    exact_interval,
    gini,
    hoover,
    neighbours,
    pattern,
    publishable,
    published,
    quotients,
)

THREE = {"a": (20, 10, 10), "b": (5, 30, 5), "c": (15, 10, 45)}
"""Units of coffee, cassava and tenun in three areas: 40, 50 and 60 of 150."""


def cells(
    table: Mapping[str, tuple[int, ...]], names: str = "coffee cassava tenun"
) -> pd.DataFrame:
    """Units by area and commodity, each with one worker."""
    rows = [
        (area, commodity, units)
        for area, counts in table.items()
        for commodity, units in zip(names.split(), counts, strict=False)
        if units
    ]
    found = pd.DataFrame(rows, columns=["area", "commodity", "units"])
    return found.assign(known=found["units"], workers=found["units"], squares=found["units"])


def of_units(rows: list[tuple[str | None, str | None, str | None, float | None]]) -> pd.DataFrame:
    """Subdistrict, district, commodity and workers of each unit."""
    columns = ["subdistrict_code", "district_code", "commodity", "workers"]
    return pd.DataFrame(rows, columns=columns).astype({"workers": float})


def test_units_are_counted_by_area_and_those_without_one_are_told() -> None:
    held = of_units(
        [
            ("120101", "1201", "coffee", 2),
            ("120101", "1201", "coffee", 3),
            ("120101", "1201", "coffee", None),
            ("120102", "1201", None, 4),
            (None, "1201", "coffee", 9),
        ]
    )
    with duckdb.connect() as connection:
        connection.register("units", held)
        near = counted(connection.table("units"), "subdistrict")
        far = counted(connection.table("units"), "district")
    columns = ["area", "commodity", "units", "known", "workers", "squares"]
    assert near.cells[columns].to_numpy().tolist() == [
        ["120101", "coffee", 3, 2, 5, 13],
        ["120102", "", 1, 1, 4, 16],
    ]
    assert (near.left_out, far.left_out) == (1, 0)
    assert far.cells["units"].tolist() == [1, 4]


def test_location_quotients_of_three_by_three_by_hand() -> None:
    found = quotients(cells(THREE), "coffee")
    assert found["quotient"].tolist() == pytest.approx(
        [(20 / 40) / (40 / 150), (5 / 40) / (40 / 150), (15 / 70) / (40 / 150)]
    )
    assert found["expected"].tolist() == pytest.approx(
        [40 * 40 / 150, 40 * 40 / 150, 40 * 70 / 150]
    )
    assert found["verdict"].tolist() == ["above", "same", "same"]


def tail(low: int, high: int, of: int, share: float) -> float:
    """Chance of that many of so many, written out."""
    return sum(math.comb(of, k) * share**k * (1 - share) ** (of - k) for k in range(low, high + 1))


def test_the_interval_is_where_each_tail_has_two_and_a_half_percent() -> None:
    found = quotients(cells(THREE), "coffee")
    for area, exposure in {"a": 40 / 150, "b": 40 / 150, "c": 70 / 150}.items():
        units = THREE[area][0]
        low = brentq(lambda share, n=units: tail(n, 40, 40, share) - 0.025, 1e-9, 1 - 1e-9)
        high = brentq(lambda share, n=units: tail(0, n, 40, share) - 0.025, 1e-9, 1 - 1e-9)
        told = found.loc[area, ["low", "high"]].tolist()
        assert told == pytest.approx([low / exposure, high / exposure])


def test_the_interval_of_none_and_of_all_units_is_closed_on_one_side() -> None:
    low, high = exact_interval(pd.Series([0, 10]), pd.Series([50, 50]))
    assert low.tolist() == pytest.approx([0, 0.025 ** (1 / 10) / 0.5])
    assert high.tolist() == pytest.approx([(1 - 0.025 ** (1 / 10)) / 0.5, 2])


def test_nothing_is_said_of_an_area_where_fewer_than_five_are_found_and_expected() -> None:
    table = {"a": (4, 20), "b": (5, 20), "c": (0, 900), "d": (91, 59), "e": (0, 8)}
    found = quotients(cells(table, "coffee other"), "coffee")
    assert found["verdict"].eq("too_few").tolist() == [True, False, False, False, True]
    assert found.loc["a", ["quotient", "low", "high"]].isna().all()
    assert found.at["c", "quotient"] == 0  # 81 are expected: that none is there says much
    assert found.at["c", "verdict"] == "below"


def test_the_interval_of_workers_is_that_of_drawing_the_units_anew() -> None:
    random = np.random.default_rng(7)
    units = pd.DataFrame(
        {
            "area": random.choice(["a", "b", "c"], 900, p=[0.2, 0.3, 0.5]),
            "commodity": random.choice(["coffee", "other"], 900, p=[0.3, 0.7]),
            "workers": random.lognormal(1, 0.8, 900).round() + 1,
        }
    )
    summed = units.assign(units=1, known=1, squares=units["workers"] ** 2)
    found = quotients(
        summed.groupby(["area", "commodity"], as_index=False).sum(), "coffee", "workers"
    )

    def quotient(some: pd.DataFrame, area: str) -> float:
        there, own = some["area"] == area, some["commodity"] == "coffee"
        sums = (some["workers"][m].sum() for m in (there & own, there, own, there | True))
        both, all_there, all_own, every = sums
        return float((both / all_there) / (all_own / every))

    for area in "abc":
        assert found.at[area, "quotient"] == pytest.approx(quotient(units, area))
        drawn = [
            math.log(quotient(units.iloc[random.integers(0, 900, 900)], area)) for _ in range(1_500)
        ]
        half = float(np.log(found["high"] / found["low"])[area]) / 2
        assert half == pytest.approx(1.96 * np.std(drawn), rel=0.1)


def test_units_that_tell_no_workers_are_not_among_those_of_workers() -> None:
    table = cells({"a": (10, 10), "b": (10, 10)}, "coffee other")
    table.loc[0, ["known", "workers", "squares"]] = [4, 40, 400]
    found = quotients(table, "coffee", "workers")
    assert found.loc["a", ["units", "area_units"]].tolist() == [4, 14]
    assert found.at["a", "share"] == pytest.approx(40 / 50)
    assert found.at["a", "verdict"] == "too_few"


def strip(inputs: Inputs, count: int, *, apart: int = 0) -> Inputs:
    """Squares in a row as districts, the last ``apart`` of them away from the others."""
    shapes = [
        shapely.box(
            99 + 0.1 * n + (n >= count - apart), 2, 99.1 + 0.1 * n + (n >= count - apart), 2.1
        )
        for n in range(count)
    ]
    codes = [f"{1200 + n}" for n in range(count)]
    return replace(inputs, districts=gpd.GeoDataFrame(index=codes, geometry=shapes, crs=4326))


def of_shares(shares: Sequence[float]) -> pd.DataFrame:
    """Areas of 100 units each, so many of coffee."""
    table = {f"{1200 + n}": (int(one), 100 - int(one)) for n, one in enumerate(shares)}
    return quotients(cells(table, "coffee other"), "coffee")


def double_sum(values: list[float]) -> float:
    """Moran's I of cells in a row, each compared with the mean of those beside it."""
    n, mean, total = len(values), sum(values) / len(values), 0.0
    for i in range(n):
        beside = [j for j in (i - 1, i + 1) if 0 <= j < n]
        for j in beside:
            total += (values[i] - mean) * (values[j] - mean) / len(beside)
    return total / sum((value - mean) ** 2 for value in values)  # the weights add up to n


def test_morans_i_of_four_cells_is_the_double_sum_and_p_that_of_all_orders(
    shipped: Inputs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(specialisation, "FEWEST_AREAS", 4)
    shares = [40.0, 30, 12, 9]
    found = pattern(of_shares(shares), strip(shipped, 4), "district", "workers")
    assert found is not None
    assert found.moran == pytest.approx(double_sum(shares))
    assert found.expected == pytest.approx(-1 / 3)
    orders = [abs(double_sum([*order]) + 1 / 3) for order in permutations(shares)]
    beyond = sum(one >= orders[0] - 1e-12 for one in orders) / len(orders)
    assert found.p == pytest.approx(beyond, abs=0.02)


def test_shares_of_units_are_standardised_for_the_size_of_their_area(
    shipped: Inputs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Assunção and Reis (1999), equations 7 to 9, written out."""
    monkeypatch.setattr(specialisation, "FEWEST_AREAS", 4)
    own, every = [40, 30, 60, 9], [100, 60, 400, 90]
    table = {f"{1200 + n}": (x, m - x) for n, (x, m) in enumerate(zip(own, every, strict=True))}
    found = pattern(
        quotients(cells(table, "coffee other"), "coffee"), strip(shipped, 4), "district"
    )
    b = sum(own) / sum(every)
    rates = [x / m for x, m in zip(own, every, strict=True)]
    s2 = sum(m * (p - b) ** 2 for m, p in zip(every, rates, strict=True)) / sum(every)
    a = s2 - b / (sum(every) / 4)
    z = [(p - b) / math.sqrt(a + b / m) for p, m in zip(rates, every, strict=True)]
    assert found is not None
    assert found.moran == pytest.approx(double_sum(z))


def test_too_few_areas_and_equal_shares_have_no_pattern(shipped: Inputs) -> None:
    assert pattern(of_shares([40, 30, 12, 9]), strip(shipped, 4), "district") is None
    assert pattern(of_shares([20] * 12), strip(shipped, 12), "district") is None
    assert pattern(of_shares([1] * 12), strip(shipped, 12), "district") is None  # one is expected


def test_halves_of_a_row_are_clusters_and_alternating_cells_are_dispersed(shipped: Inputs) -> None:
    halves = pattern(of_shares([60] * 12 + [10] * 12), strip(shipped, 24), "district")
    assert halves is not None
    assert halves.spread == "clustered"
    turns = pattern(of_shares([60, 10] * 12), strip(shipped, 24), "district")
    assert turns is not None
    assert turns.moran == pytest.approx(-1)
    assert turns.spread == "dispersed"
    mixed = pattern(of_shares([60, 50, 10, 20, 40, 30] * 2), strip(shipped, 12), "district")
    assert mixed is not None
    assert mixed.spread == "random"


def block(inputs: Inputs) -> tuple[Inputs, pd.DataFrame]:
    """Ten by ten squares: nine high ones in a corner, one high among low ones, all others vary."""
    random = np.random.default_rng(3)
    shapes, table = [], {}
    for n in range(100):
        x, y = n % 10, n // 10
        shapes.append(shapely.box(99 + 0.1 * x, 2 + 0.1 * y, 99.1 + 0.1 * x, 2.1 + 0.1 * y))
        units = 300 if x < 3 and y < 3 else int(random.integers(40, 60))
        if x > 5 and y > 5:
            units = 10
        if (x, y) == (8, 8):
            units = 300
        table[f"{1200 + n}"] = (units, 400 - units)
    frame = gpd.GeoDataFrame(index=[*table], geometry=shapes, crs=4326)
    made = replace(inputs, districts=frame)
    return made, quotients(cells(table, "coffee other"), "coffee")


def test_local_clusters_are_found_where_they_were_put(shipped: Inputs) -> None:
    inputs, table = block(shipped)
    found = pattern(table, inputs, "district")
    assert found is not None
    labels = found.clusters
    assert labels["1211"] == "high_high"  # in the middle of the nine
    assert labels["1288"] == "high_low"  # amid low ones
    assert labels["1254"] == "none"
    assert set(labels[labels == "high_high"].index) <= {
        f"{1200 + x + 10 * y}" for x in range(3) for y in range(3)
    }
    again = pattern(table, inputs, "district")
    assert again is not None
    assert (again.p, again.clusters.tolist()) == (found.p, labels.tolist())


def test_the_false_discovery_rate_by_hand() -> None:
    """k/8 · 5 %: 0.00625, 0.0125, 0.01875, 0.025, …; the largest p below its own is the second."""
    p = np.array([0.041, 0.001, 0.008, 0.039, 0.042, 0.06, 0.074, 0.205])
    assert np.flatnonzero(discovered(p)).tolist() == [1, 2]
    # Step up: 0.045 is above 0.0125 by itself, and below 0.05 as the last.
    assert discovered(np.array([0.03, 0.04, 0.045, 0.045])).all()


def test_districts_are_neighbours_at_borders_and_corners_and_an_island_has_the_nearest(
    shipped: Inputs,
) -> None:
    squares = gpd.GeoSeries(
        [
            shapely.box(0, 0, 10_000, 10_000),
            shapely.box(10_000, 10_000, 20_000, 20_000),
            shapely.box(20_010, 10_000, 30_000, 20_000),  # 10 m beside it
            shapely.box(90_000, 10_000, 100_000, 20_000),
        ],
        index=[*"abcd"],
        crs=shipped.crs,
    )
    graph, attached = neighbours(squares, "district")
    beside = {area: set(graph[area].index) for area in "abcd"}
    assert beside == {"a": {"b"}, "b": {"a", "c"}, "c": {"b", "d"}, "d": {"c"}}
    assert attached == ("d",)
    assert graph.unique_ids.tolist() == [*"abcd"]
    assert graph["b"].tolist() == [0.5, 0.5]


def test_nias_is_a_map_of_its_own_and_no_district_is_without_neighbours(shipped: Inputs) -> None:
    places = shipped.districts.sort_index().geometry.to_crs(shipped.crs)
    graph, attached = neighbours(places, "district")
    assert attached == ()
    assert graph.n_components == 2
    near, _ = neighbours(shipped.subdistricts.geometry.to_crs(shipped.crs), "subdistrict")
    assert set(near.cardinalities) == {6}


def test_gini_is_half_the_mean_difference_and_hoover_what_would_have_to_move() -> None:
    own, base = np.array([20.0, 5, 15, 0]), np.array([40.0, 40, 70, 50])
    s, lq = base / 200, (own / 40) / (base / 200)
    mean_difference = sum(s[i] * s[j] * abs(lq[i] - lq[j]) for i in range(4) for j in range(4))
    assert gini(own, base) == pytest.approx(mean_difference / 2)
    # Shares 0.5, 0.125, 0.375, 0 beside 0.2, 0.2, 0.35, 0.25: 0.3 and 0.025 too many.
    assert hoover(own, base) == pytest.approx(0.325)
    assert gini(base, base) == pytest.approx(0)
    assert hoover(base, base) == 0


def test_few_units_are_uneven_by_chance_and_that_is_told() -> None:
    table = {f"{n}": (1 if n < 6 else 0, 100) for n in range(30)}
    found = concentration(quotients(cells(table, "coffee other"), "coffee"))
    assert found is not None
    assert found.chance is not None
    low, high = found.chance
    assert found.gini == pytest.approx(0.8, abs=0.01)
    assert low < 0.8 <= high + 0.01
    assert concentration(quotients(cells({"a": (4, 9)}, "coffee other"), "coffee")) is None


def as_pattern(moran: float, p: float) -> Pattern:
    return Pattern(moran, -0.03, p, pd.Series(dtype="str"), ())


@pytest.mark.parametrize(
    ("table", "head", "areas", "count"),
    [
        ({"a": (40, 10), "b": (10, 40), "c": (30, 70)}, "above", ("a",), 1),
        ({"a": (0, 20), "b": (40, 60), "c": (40, 60), "d": (40, 60)}, "below", ("a",), 1),
        ({"a": (20, 20), "b": (21, 20), "c": (19, 20)}, "even", (), 0),
        ({"a": (2, 2), "b": (1, 2), "c": (1, 1)}, "too_few", (), 0),
    ],
)
def test_a_conclusion_can_be_each_of_four(
    table: dict[str, tuple[int, ...]], head: str, areas: tuple[str, ...], count: int
) -> None:
    found = concluded(quotients(cells(table, "coffee other"), "coffee"), None)
    assert (found.head, found.areas, found.count) == (head, areas, count)
    assert found.spread == "untested"


@pytest.mark.parametrize(
    ("moran", "p", "spread"),
    [(0.3, 0.01, "clustered"), (-0.3, 0.01, "dispersed"), (0.3, 0.05, "random")],
)
def test_a_pattern_can_be_each_of_three(moran: float, p: float, spread: str) -> None:
    table = quotients(cells(THREE), "coffee")
    assert concluded(table, as_pattern(moran, p)).spread == spread


def attacked(held: Counted, shown: specialisation.Open) -> list[tuple[str, str]]:
    """Small counts that totals tell: those with one solution of the sums that are published."""
    true = held.cells.set_index(["area", "commodity"])["units"]
    unknown = [*true.index[shown.cells.reindex(true.index).isna()]]
    left, right = [], []
    for level, sums in (
        (0, shown.areas),
        (1, true.groupby(level=1).sum()),  # a quotient tells that of its commodity
    ):
        for name, total in sums.dropna().items():
            if level == 1 and shown.cells.xs(name, level=1).isna().all() and total < 3:
                continue  # then no quotient is told
            row = [float(key[level] == name) for key in unknown]
            known = sum(n for key, n in shown.cells.dropna().items() if key[level] == name)
            left.append(row)
            right.append(total - known)
    told = []
    for at, key in enumerate(unknown):
        aim = np.eye(len(unknown))[at]
        ends = [linprog(sign * aim, A_eq=left, b_eq=right, bounds=(1, None)) for sign in (1, -1)]
        low, high = ends[0].fun, math.inf if ends[1].status == 3 else -ends[1].fun
        if true[key] < 3 and high - low < 1 - 1e-6:
            told.append(key)
    return told


@pytest.mark.parametrize("seed", range(12))
def test_suppression_cannot_be_undone_by_solving_for_what_is_hidden(seed: int) -> None:
    random = np.random.default_rng(seed)
    counts = random.choice([0, 1, 2, 3, 5, 9, 30], (6, 5), p=[0.2, 0.1, 0.05, 0.1, 0.2, 0.2, 0.15])
    table = {f"12{n:02}": tuple(map(int, row)) for n, row in enumerate(counts)}
    held = Counted("district", cells(table, "i j k l m"), 0)
    shown = publishable(held)
    small = held.cells.set_index(["area", "commodity"])["units"] < 3
    assert shown.cells[small[small].index].isna().all()
    assert attacked(held, shown) == []


def test_a_count_that_only_all_totals_together_tell_is_protected() -> None:
    """Two blocks of hidden counts that one hidden count joins: every sum holds two.

    Where rows a, b and columns i, j have hidden counts, and rows d, e and columns l, m, the sums of
    a, b less those of i, j tell what else row a hides.
    """
    table = {
        "1201": (1, 2, 2, 90, 91),
        "1202": (2, 1, 60, 70, 80),
        "1203": (50, 51, 52, 53, 54),
        "1204": (55, 56, 2, 1, 1),
        "1205": (57, 58, 59, 2, 2),
    }
    held = Counted("district", cells(table, "i j k l m"), 0)
    shown = publishable(held)
    assert attacked(held, shown) == []


def test_what_tells_a_hidden_count_is_hidden_with_it() -> None:
    table = {"1201": (2, 30), "1202": (40, 30), "1203": (50, 30), "1204": (0, 9), "1205": (60, 2)}
    held = Counted("district", cells(table, "coffee other"), 0)
    kept = published(quotients(held.cells, "coffee"), publishable(held), "coffee")
    assert kept["units"].isna()["1201"]
    assert kept["verdict"].eq("hidden").sum() >= 2
    hidden = kept[kept["verdict"] == "hidden"]
    assert (
        hidden[["units", "share", "found", "quotient", "low", "high", "expected"]]
        .isna()
        .all(axis=None)
    )
    assert kept.at["1204", "units"] == 0  # nobody's data
    assert (kept["quotient"] > 1)["1203"]


def test_what_the_table_of_districts_hides_that_of_subdistricts_does_not_tell() -> None:
    district = {"1201": (2, 40), "1202": (9, 40), "1203": (60, 40)}
    near = {"120101": (2, 40), "120201": (4, 20), "120202": (5, 20), "120301": (60, 40)}
    wide = Counted("district", cells(district, "coffee other"), 0)
    fine = Counted("subdistrict", cells(near, "coffee other"), 0)
    assert publishable(wide).cells["1202", "coffee"] != 9  # else the sum tells the two of 1201
    shown = publishable(fine, within=wide).cells
    assert shown[["120201", "120202"]].xs("coffee", level=1).isna().all()
