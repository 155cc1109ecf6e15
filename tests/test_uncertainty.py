"""Draws against geographiclib and the geometry of shapes, percentiles against numpy."""

import math
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from geographiclib.geodesic import Geodesic
from pyproj import Geod
from scipy import stats
from shapely import Polygon, box, union_all

from ikmgeo import tables
from ikmgeo.measures.areas import circles
from ikmgeo.measures.linkage import distance_km
from ikmgeo.measures.uncertainty import (
    DRAWS,
    PERCENTILES,
    SEED,
    draw_positions,
    missing_share,
    nearest_probability,
    percentiles,
)

ROOT = Path(__file__).parents[1]
NAN = math.nan
METRE = 0.001
MANY = 4_000


def centers(**places: tuple[float, float]) -> pd.DataFrame:
    found = pd.DataFrame.from_dict(places, orient="index", columns=["lat", "lon"], dtype=float)
    return found.rename_axis("center_id")


def radius(**km: float) -> pd.Series:
    return pd.Series(km, dtype=float)


def discs(places: pd.DataFrame, km: pd.Series) -> gpd.GeoSeries:
    return gpd.GeoSeries(circles(places, km[places.index].to_numpy()), places.index, crs=4326)


PLACES = centers(north=(3.6, 98.7), south=(0.9, 99.4), far=(-42.0, 170.0))
KM = radius(north=0.5, south=5.0, far=40.0)
AREAS = discs(PLACES, KM)


@cache
def ways(center: str) -> pd.DataFrame:
    """Distance in km and azimuth in degrees from a center to each of its draws."""
    drawn = draw_positions(AREAS, draws=MANY).loc[center]
    start = tuple(PLACES.loc[center])
    lines = [Geodesic.WGS84.Inverse(*start, lat, lon) for lat, lon in drawn.to_numpy()]
    return pd.DataFrame({"km": [w["s12"] / 1000 for w in lines], "azi": [w["azi1"] for w in lines]})


@pytest.mark.parametrize("center", PLACES.index)
def test_every_draw_lies_within_the_radius(center: str) -> None:
    assert len(ways(center)) == MANY
    assert ways(center)["km"].max() <= KM[center] + METRE / 1000
    assert ways(center)["km"].max() > 0.99 * KM[center]  # of 4000, e^-80 that none comes so far


@pytest.mark.parametrize("center", PLACES.index)
def test_draws_are_even_over_the_area_of_the_disc(center: str) -> None:
    share = ways(center)["km"] / KM[center]
    for inner in (0.25, 0.5, 0.75):  # a disc of half the radius has a quarter of the area
        area = inner**2
        assert (share <= inner).mean() == pytest.approx(
            area, abs=4 * math.sqrt(area * (1 - area) / MANY)
        )
    assert stats.kstest(share**2, "uniform").pvalue > 0.001


@pytest.mark.parametrize("center", PLACES.index)
def test_draws_are_even_over_all_directions(center: str) -> None:
    azimuth = np.radians(ways(center)["azi"])
    bound = 4 * math.sqrt(1 / 2 / MANY)  # the variance of a sine or cosine is 1/2
    assert np.sin(azimuth).mean() == pytest.approx(0, abs=bound)
    assert np.cos(azimuth).mean() == pytest.approx(0, abs=bound)
    assert stats.kstest((ways(center)["azi"] + 180) / 360, "uniform").pvalue > 0.001


def test_direction_does_not_tell_the_distance() -> None:
    both = pd.concat([ways("south")["km"], np.cos(np.radians(ways("south")["azi"]))], axis=1)
    assert abs(both.corr().iloc[0, 1]) < 4 / math.sqrt(MANY)


def test_centers_stray_independently_of_each_other() -> None:
    north, south = (ways(c)["km"] / KM[c] for c in ("north", "south"))
    assert abs(np.corrcoef(north, south)[0, 1]) < 4 / math.sqrt(MANY)
    azimuths = [np.sin(np.radians(ways(c)["azi"])) for c in ("north", "south")]
    assert abs(np.corrcoef(*azimuths)[0, 1]) < 4 / math.sqrt(MANY)


def test_one_row_per_center_and_draw_in_the_order_of_the_centers() -> None:
    drawn = draw_positions(AREAS, draws=7)
    assert drawn.columns.tolist() == ["lat", "lon"]
    assert drawn.index.names == ["center_id", "draw"]
    assert drawn.index.tolist() == [(c, i) for c in ("north", "south", "far") for i in range(7)]
    assert len(draw_positions(AREAS.head(1))) == DRAWS == 1_000


def test_same_seed_gives_the_same_draws_and_another_seed_others() -> None:
    one, again = (draw_positions(AREAS, draws=20) for _ in range(2))
    pd.testing.assert_frame_equal(one, again)
    pd.testing.assert_frame_equal(one, draw_positions(AREAS, draws=20, seed=SEED))
    other = draw_positions(AREAS, draws=20, seed=SEED + 1)
    assert (one != other).all(axis=None)


def test_two_centers_at_one_place_have_draws_of_their_own() -> None:
    drawn = draw_positions(discs(centers(a=(3, 99), b=(3, 99)), radius(a=5, b=5)), draws=20)
    assert (drawn.loc["a"] != drawn.loc["b"]).to_numpy().all()


def test_draws_of_a_center_do_not_depend_on_the_other_centers_nor_on_their_order() -> None:
    whole = draw_positions(AREAS, draws=20)
    for names in (["far"], ["south", "far"], ["far", "north", "south"]):
        some = draw_positions(gpd.GeoSeries(AREAS.loc[names]), draws=20)
        pd.testing.assert_frame_equal(some, whole.loc[names])


def test_more_draws_only_add_to_fewer() -> None:
    few, more = (draw_positions(AREAS, draws=n).loc[["far"]] for n in (10, 25))
    pd.testing.assert_frame_equal(few, more.iloc[:10])


def test_another_process_draws_the_same() -> None:
    # Python salts the hash of text anew in every process.
    script = (
        "import geopandas as gpd; from shapely import box;"
        "from ikmgeo.measures.uncertainty import draw_positions as draw;"
        "c = gpd.GeoSeries([box(99, 3, 99.1, 3.1)], index=['sentra-é'], crs=4326);"
        "print(*draw(c, draws=3).to_numpy().ravel().tolist())"
    )
    told = [
        subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=ROOT,
            check=True,
            capture_output=True,
        ).stdout.split()
        for seed in ("1", "2")
    ]
    assert told[0] == told[1]
    here = draw_positions(
        gpd.GeoSeries([box(99, 3, 99.1, 3.1)], index=["sentra-é"], crs=4326), draws=3
    )
    assert [float(x) for x in told[0]] == here.to_numpy().ravel().tolist()


def test_center_without_an_area_has_draws_without_position() -> None:
    areas = gpd.GeoSeries(
        np.array([box(99, 3, 99.1, 3.1), None]), index=["found", "unsure"], crs=4326
    )
    drawn = draw_positions(areas, draws=5)
    assert len(drawn) == 10
    assert drawn.loc["unsure"].isna().to_numpy().all()
    assert drawn.loc["found"].notna().to_numpy().all()


# An L, a square apart and a hole in the L: what covers them not evenly would show.
PARTS = [box(99.0, 3.0, 99.1, 3.4), box(99.1, 3.0, 99.4, 3.1), box(99.8, 3.6, 99.9, 3.7)]
HOLE = box(99.02, 3.2, 99.08, 3.3)


@pytest.mark.parametrize("piece", [*PARTS, box(99.0, 3.0, 99.05, 3.15)])
def test_draws_are_even_by_ground_over_a_shape_with_a_hole_and_parts(piece: Polygon) -> None:
    """Audit E4: a uniform draw over the area itself."""
    shape = union_all(PARTS) - HOLE
    drawn = draw_positions(gpd.GeoSeries([shape], index=["c"], crs=4326), draws=MANY)
    points = shapely.points(drawn["lon"], drawn["lat"])
    assert shapely.covers(shape, points).all()

    def ground(part: Any) -> float:  # on the ellipsoid
        return abs(Geod(ellps="WGS84").geometry_area_perimeter(part)[0])

    share = ground(piece - HOLE) / (ground(union_all(PARTS)) - ground(HOLE))
    inside = shapely.covers(piece, points).mean()
    assert inside == pytest.approx(share, abs=4 * math.sqrt(share * (1 - share) / MANY))


@pytest.mark.parametrize(("count", "draws"), [(0, 5), (3, 0), (0, 0)])
def test_no_centers_or_no_draws_make_an_empty_table(count: int, draws: int) -> None:
    drawn = draw_positions(AREAS.head(count), draws=draws)
    assert drawn.shape == (0, 2)
    assert drawn.index.names == ["center_id", "draw"]


def drawn_table(**columns: dict[str, list[float]]) -> pd.DataFrame:
    """Values of each draw: column → center → values."""
    tables = {
        column: pd.concat({center: pd.Series(v, dtype=float) for center, v in rows.items()})
        for column, rows in columns.items()
    }
    return pd.DataFrame(tables).rename_axis(["center_id", "draw"])


def test_percentiles_are_those_of_numpy_over_the_draws_that_have_a_value() -> None:
    random = np.random.default_rng(1)
    # 101 values 0 to 100 in any order: the 5th percentile is 5 and the 95th 95.
    steps = random.permutation(101).astype(float).tolist()
    some = random.normal(size=101)
    some[random.random(101) < 0.3] = NAN
    none, one = [NAN] * 101, [NAN] * 100 + [7.0]
    names = ["first", "second"]
    drawn = drawn_table(
        x=dict(zip(names, [steps, some.tolist()], strict=True)),
        y=dict(zip(names, [none, one], strict=True)),
    )
    low, high = percentiles(drawn, pd.Index(names))
    assert (low.at["first", "x"], high.at["first", "x"]) == pytest.approx((5, 95))
    told = some[~np.isnan(some)]
    assert 50 < len(told) < 90
    expected = np.percentile(told, [5, 95])
    assert (low.at["second", "x"], high.at["second", "x"]) == pytest.approx(expected)
    assert math.isnan(tables.cell(low, "first", "y"))
    assert math.isnan(tables.cell(high, "first", "y"))
    assert (low.at["second", "y"], high.at["second", "y"]) == (7, 7)


def test_percentiles_fall_between_the_draws() -> None:
    # Of 1 and 3 the 5th percentile lies 5 % of the way, at 1.1, and the 95th at 2.9.
    low, high = percentiles(drawn_table(x={"a": [3, 1]}), pd.Index(["a"]))
    assert (low.at["a", "x"], high.at["a", "x"]) == pytest.approx((1.1, 2.9))
    assert PERCENTILES == (0.05, 0.95)


def test_percentiles_are_in_the_order_asked_for() -> None:
    drawn = drawn_table(x={"b": [1], "a": [2]})
    low, high = percentiles(drawn, pd.Index(["a", "b"]))
    for found in (low, high):
        assert found.index.tolist() == ["a", "b"]
        assert found["x"].tolist() == [2, 1]


def test_percentiles_without_draws_are_missing_and_without_columns_empty() -> None:
    drawn = drawn_table(x={"a": [1, 2], "b": [3, 4]})
    ids = pd.Index(["a", "b"], name="center_id")
    for found in percentiles(drawn.iloc[:0], ids):
        assert found.isna().all(axis=None)
        assert found.index.equals(ids)
    for found in percentiles(drawn.iloc[:, :0], ids):
        assert found.shape == (2, 0)
    for found in percentiles(drawn.iloc[:0], ids[:0]):
        assert found.shape == (0, 1)


def named(**zones: Any) -> pd.Series:
    return pd.Series(zones, dtype=object)


def test_share_of_draws_without_a_value_by_hand() -> None:
    drawn = drawn_table(z={"a": [1, NAN, 3, NAN], "b": [NAN] * 4}, y={"a": [1] * 4, "b": [2] * 4})
    found = missing_share(drawn, pd.Index(["b", "a", "c"]))
    assert found["z"].tolist() == pytest.approx([1, 0.5, NAN], nan_ok=True)
    assert found["y"].tolist() == pytest.approx([0, 0, NAN], nan_ok=True)
    assert missing_share(drawn.iloc[:0], pd.Index(["a"])).isna().all(axis=None)


def test_nearest_probability_by_hand() -> None:
    drawn = drawn_table(
        z={"a": [1, 5, 3, 9], "b": [1, 1, NAN, NAN], "c": [NAN] * 4, "d": [1] * 4, "e": [NAN] * 4},
        y={"a": [2, 4, 3, 9.1], "b": [2, 0, 7, NAN], "c": [NAN] * 4, "d": [2] * 4, "e": [1] * 4},
    )
    found = nearest_probability(drawn, named(a="z", b="z", c="z", d=pd.NA, e="z"))
    # a: least in draws 1, 3 (a tie) and 4. b: in the first of the three draws that reach any zone.
    expected = {"a": 3 / 4, "b": 1 / 3, "c": NAN, "d": NAN, "e": 0}
    assert found.to_dict() == pytest.approx(expected, nan_ok=True)


def test_nearest_probability_without_draws_or_zones_is_missing() -> None:
    drawn = drawn_table(z={"a": [1, 5], "b": [3, 9]})
    assert nearest_probability(drawn.iloc[:0], named(a="z", b="z")).isna().all()
    assert nearest_probability(drawn.iloc[:, :0], named(a=pd.NA, b=pd.NA)).isna().all()
    assert nearest_probability(drawn.iloc[:0], named()).empty


# On the equator, a degree of it is 111.3195 km.
DEGREE_KM = 6378.137 * math.pi / 180


@pytest.mark.parametrize(
    ("aside", "share"),
    [
        (0, 1 / 2),
        # A chord at half the radius cuts off (arccos ½ - ½·√¾) / π of the disc, 0.1955.
        (0.5, 1 - (math.acos(0.5) - 0.5 * math.sqrt(0.75)) / math.pi),
        (1.01, 1),
    ],
)
def test_nearest_probability_is_the_part_of_the_disc_on_the_side_of_the_zone(
    aside: float, share: float
) -> None:
    km = 2.0
    zones = centers(west=(0, 98), east=(0, 100)).rename_axis("zone_id")
    spot = centers(c=(0, 99 - aside * km / DEGREE_KM))
    costs = distance_km(draw_positions(discs(spot, radius(c=km)), draws=MANY), zones)
    found = nearest_probability(costs, named(c="west"))["c"]
    assert found == pytest.approx(share, abs=4 * math.sqrt(share * (1 - share) / MANY))
