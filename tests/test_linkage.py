"""Distances against geographiclib, footprints with known edges, indicators computed by hand."""

import csv
import math
from random import Random
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from geographiclib.geodesic import Geodesic
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from ikmgeo import analysis, tables
from ikmgeo.measures.areas import bounds_km
from ikmgeo.measures.indicators import computed
from ikmgeo.measures.linkage import (
    ATTRACTIONS,
    Parameters,
    area_shares,
    distance_km,
    end_of_line,
    gravity_potential,
    hectares,
    huff_share,
    nearest,
    nearest_places,
    proximity,
    proximity_index,
    sector_fit,
    sector_fit_proximity,
    zones_within,
)
from ikmgeo.settings import SHIPPED_DATA
from ikmgeo.vocabulary import AREA_STAGES
from tests.planes import on_plane
from tests.shipped_data import shipped_inputs

METRE = 0.001
NAN = math.nan


def geodesic_km(lat: float, lon: float, to_lat: float, to_lon: float) -> float:
    return Geodesic.WGS84.Inverse(lat, lon, to_lat, to_lon, Geodesic.DISTANCE)["s12"] / 1000


def at(**places: tuple[float, float]) -> pd.DataFrame:
    """Positions (lat, lon) by id."""
    return pd.DataFrame.from_dict(places, orient="index", columns=["lat", "lon"], dtype=float)


def shipped(file: str, index: str) -> pd.DataFrame:
    with (SHIPPED_DATA / file).open(encoding="utf-8", newline="") as rows:
        return at(**{r[index]: (float(r["lat"]), float(r["lon"])) for r in csv.DictReader(rows)})


CENTERS, ZONES = shipped("centers.csv", "center_id"), shipped("zones.csv", "zone_id")

# A square of 0.2 degrees whose edges lie on two meridians and two parallels.
WEST, SOUTH, EAST, NORTH = 99.0, 3.0, 99.2, 3.2
SQUARE = on_plane(
    gpd.GeoDataFrame(geometry=[shapely.box(WEST, SOUTH, EAST, NORTH)], index=["z"], crs=4326)
)
ZONE = at(z=(3.19, 99.19))  # a reference point far from the middle, to tell it from the footprint


def to_square(lat: float, lon: float) -> float:
    return tables.cell(distance_km(at(c=(lat, lon)), ZONE, SQUARE), "c", "z")


@pytest.mark.parametrize("center", CENTERS.index)
def test_shipped_distances_agree_with_geographiclib_to_a_millimetre(center: str) -> None:
    measured = distance_km(CENTERS, ZONES).loc[center]
    expected = [geodesic_km(*CENTERS.loc[center], *ZONES.loc[zone]) for zone in ZONES.index]
    assert len(expected) == 3
    assert measured.tolist() == pytest.approx(expected, abs=METRE / 1000, rel=0)


def test_result_has_one_row_per_center_and_one_column_per_zone() -> None:
    measured = distance_km(CENTERS, ZONES)
    assert measured.shape == (13, 3)
    assert measured.index.equals(CENTERS.index)
    assert measured.columns.tolist() == ZONES.index.tolist()


def test_center_inside_a_footprint_is_at_zero() -> None:
    assert to_square(3.05, 99.05) == 0


def test_center_on_the_edge_of_a_footprint_is_at_zero_to_a_metre() -> None:
    assert to_square(3.1, WEST) == pytest.approx(0, abs=METRE)


@pytest.mark.parametrize("lon", [98.98, 98.5, 97.3])
def test_center_west_of_a_footprint_is_measured_to_its_western_edge(lon: float) -> None:
    edge = np.linspace(SOUTH, NORTH, 401)
    expected = min(geodesic_km(3.1, lon, lat, WEST) for lat in edge)
    assert to_square(3.1, lon) == pytest.approx(expected, abs=3 * METRE, rel=0)


@pytest.mark.parametrize("lat", [2.99, 2.5, 0.9])
def test_center_south_of_a_footprint_is_measured_to_its_southern_edge(lat: float) -> None:
    edge = np.linspace(WEST, EAST, 401)
    expected = min(geodesic_km(lat, 99.13, SOUTH, lon) for lon in edge)
    assert to_square(lat, 99.13) == pytest.approx(expected, abs=3 * METRE, rel=0)


def test_center_off_a_corner_is_measured_to_that_corner() -> None:
    expected = geodesic_km(3.6, 99.7, NORTH, EAST)
    assert to_square(3.6, 99.7) == pytest.approx(expected, abs=METRE, rel=0)


def test_zone_without_footprint_is_measured_to_its_reference_point() -> None:
    both = pd.concat([ZONE, at(other=(2.0, 99.0))])
    measured = distance_km(at(c=(3.1, 99.1)), both, SQUARE).loc["c"]
    assert measured["z"] == 0
    assert measured["other"] == pytest.approx(geodesic_km(3.1, 99.1, 2.0, 99.0), abs=METRE)


def test_hole_of_a_footprint_is_outside_it() -> None:
    ring = SQUARE.geometry.iloc[0].difference(shapely.box(99.05, 3.05, 99.15, 3.15))
    hollow = on_plane(gpd.GeoDataFrame(geometry=[ring], index=["z"], crs=4326))
    measured = distance_km(at(c=(3.1, 99.1)), ZONE, hollow).at["c", "z"]
    assert measured == pytest.approx(geodesic_km(3.1, 99.1, 3.05, 99.1), abs=30 * METRE)


@pytest.mark.filterwarnings("ignore:invalid value encountered in shortest_line")
@pytest.mark.parametrize("footprints", [None, SQUARE])
def test_missing_position_has_no_distance_and_leaves_the_others_alone(
    footprints: gpd.GeoDataFrame | None,
) -> None:
    centers = at(lost=(math.nan, math.nan), found=(3.19, 99.19))
    measured = distance_km(centers, ZONE, footprints)["z"]
    assert math.isnan(measured["lost"])
    assert measured["found"] == 0


def test_without_zones_there_are_centers_but_no_distances_and_no_nearest() -> None:
    distances = distance_km(CENTERS, ZONES.iloc[:0])
    assert distances.shape == (13, 0)
    found = nearest(distances, ahead(distances, 1.5))
    assert found["nearest_zone"].isna().all()
    assert found["nearest_km"].isna().all()
    assert not found["nearest_uncertain"].any()


def test_without_centers_there_are_no_rows() -> None:
    distances = distance_km(CENTERS.iloc[:0], ZONES, SQUARE)
    assert distances.shape == (0, 3)
    assert nearest(distances, ahead(distances, 1.0)).empty


def around(km: pd.DataFrame, radius: pd.Series | float) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Bounds of distances where a center may be anywhere in a circle."""
    radius = pd.Series(radius, km.index, dtype=float)
    return km.sub(radius, axis=0).clip(lower=0), km.add(radius, axis=0)


def ahead(km: pd.DataFrame, radius: pd.Series | float) -> np.ndarray:
    """How much nearer each zone is than another at least, from anywhere in a circle."""
    both = 2 * np.broadcast_to(radius, len(km)).astype(float)
    away = km.to_numpy(float)
    return away[:, None, :] - away[:, :, None] - both[:, None, None]


def found_for(radius: float, **km: float) -> pd.Series:
    distances = pd.DataFrame(km, index=["c"], dtype=float)
    return tables.row(nearest(distances, ahead(distances, radius)), "c")


def test_nearest_names_the_zone_with_the_smallest_distance() -> None:
    found = found_for(1, a=30, b=12, c=50)
    assert (found["nearest_zone"], found["nearest_km"]) == ("b", 12)


@pytest.mark.parametrize(
    ("second", "uncertain"),
    [(21.9, True), (22.0, True), (22.1, False)],  # 12 + 5 reaches 17; second - 5 is 16.9 to 17.1
)
def test_nearest_is_uncertain_exactly_where_the_intervals_overlap(
    second: float, uncertain: bool
) -> None:
    assert found_for(5, a=second, b=12)["nearest_uncertain"] == uncertain


def test_overlap_among_farther_zones_does_not_make_the_nearest_uncertain() -> None:
    assert not found_for(1, a=10, b=40, c=41)["nearest_uncertain"]


def test_only_zone_is_never_uncertain() -> None:
    assert not found_for(50, a=10)["nearest_uncertain"]


def test_two_zones_at_the_same_distance_are_uncertain_even_from_one_point() -> None:
    assert found_for(0, a=10, b=10)["nearest_uncertain"]


def test_center_at_a_zone_is_at_zero_from_it() -> None:
    distances = distance_km(ZONES, ZONES)
    found = nearest(distances, ahead(distances, 0.5))
    assert found["nearest_zone"].tolist() == ZONES.index.tolist()
    assert found["nearest_km"].tolist() == [0, 0, 0]
    assert not found["nearest_uncertain"].any()


def test_center_without_position_has_no_nearest_zone_among_others_that_have() -> None:
    distances = pd.DataFrame({"a": [math.nan, 3.0], "b": [math.nan, 9.0]}, index=["lost", "found"])
    found = nearest(distances, ahead(distances, 1.0))
    assert pd.isna(tables.cell(found, "lost", "nearest_zone"))
    assert math.isnan(tables.cell(found, "lost", "nearest_km"))
    assert not found.at["lost", "nearest_uncertain"]
    assert found.at["found", "nearest_zone"] == "a"


def test_of_two_zones_at_the_same_distance_the_first_is_named() -> None:
    many = {f"z{i}": 10.0 for i in range(40)}
    assert found_for(1, **many)["nearest_zone"] == "z0"
    assert found_for(1, far=11, **many)["nearest_zone"] == "z0"


@pytest.mark.parametrize(("radius", "uncertain"), [(11.0, False), (11.2, True)])
def test_nearest_of_three_points_on_the_equator(radius: float, uncertain: bool) -> None:
    # A degree of the equator is 6378.137 km · π / 180 = 111.3195 km. The center at 0.4° is 44.53 km
    # from 0°, 66.79 km from 1° and 289.4 km from 3°: half the gap of the first two is 11.13 km.
    zones = at(zero=(0, 0), one=(0, 1), three=(0, 3))
    distances = distance_km(at(c=(0, 0.4)), zones)
    assert distances.loc["c"].tolist() == pytest.approx([44.5278, 66.7917, 289.4307], abs=METRE)
    found = nearest(distances, ahead(distances, radius)).loc["c"]
    assert (found["nearest_zone"], found["nearest_uncertain"]) == ("zero", uncertain)


@pytest.mark.parametrize(("known", "uncertain"), [(2, True), (1, False)])
def test_unknown_bounds_are_uncertain_where_there_is_another_zone(
    known: int, uncertain: bool
) -> None:
    km = dict(zip(("a", "b"), [10, 500][:known] + [NAN] * (2 - known), strict=True))
    assert found_for(NAN, **km)["nearest_uncertain"] == uncertain


def slow_nearest(distances: pd.DataFrame, radius_km: pd.Series) -> pd.DataFrame:
    """The same by comparing every other zone's interval with that of the nearest one."""
    rows: dict[Any, tuple[Any, float, bool]] = {}
    for center, row in distances.iterrows():
        km, radius = row.dropna().to_dict(), radius_km[center]
        if not km:
            rows[center] = (None, NAN, False)
            continue
        best = min(km, key=km.__getitem__)
        spans = (
            {}
            if math.isnan(radius)
            else {
                zone: pd.Interval(max(0, d - radius), d + radius, closed="both")
                for zone, d in km.items()
            }
        )
        overlaps = [zone not in spans or spans[zone].overlaps(spans[best]) for zone in km]
        rows[center] = (best, km[best], sum(overlaps) > 1 or (not spans and len(km) > 1))
    return pd.DataFrame.from_dict(rows, orient="index")


@pytest.mark.parametrize("zones", [1, 2, 3, 30])
def test_nearest_agrees_with_a_slow_loop(zones: int) -> None:
    random = np.random.default_rng(zones)
    km = random.integers(0, 60, (300, zones)).astype(float)  # whole numbers, so that ties occur
    km[random.random(km.shape) < 0.2] = NAN
    radius = pd.Series(random.integers(0, 12, 300).astype(float))
    radius[random.random(300) < 0.1] = NAN
    distances = pd.DataFrame(km, columns=[f"z{i}" for i in range(zones)])
    found = nearest(distances, ahead(distances, radius))
    expected = slow_nearest(distances, radius)
    assert found["nearest_zone"].where(found["nearest_zone"].notna(), None).tolist() == (
        expected[0].where(expected[0].notna(), None).tolist()
    )
    assert found["nearest_km"].tolist() == pytest.approx(expected[1].tolist(), nan_ok=True, abs=0)
    assert found["nearest_uncertain"].tolist() == expected[2].tolist()


def test_line_to_a_zone_ends_at_its_reference_point_or_on_its_edge() -> None:
    center = pd.Series({"lat": 3.1, "lon": 98.5})
    point, area = tables.row(ZONE, "z"), SQUARE.iloc[:0]
    assert end_of_line(center, point, area) == (3.19, 99.19)
    lat, lon = end_of_line(center, point, SQUARE)
    assert lon == pytest.approx(WEST, abs=1e-6)
    assert geodesic_km(3.1, 98.5, lat, lon) == pytest.approx(to_square(3.1, 98.5), abs=METRE)


def test_line_from_inside_a_footprint_ends_where_it_begins() -> None:
    inside = pd.Series({"lat": 3.05, "lon": 99.05})
    assert end_of_line(inside, tables.row(ZONE, "z"), SQUARE) == (3.05, 99.05)


def table(*rows: tuple[float, ...]) -> pd.DataFrame:
    """Costs of centers c0, c1 … to zones z0, z1 …."""
    costs = np.array(rows, dtype=float)
    return pd.DataFrame(
        costs,
        index=[f"c{i}" for i in range(len(costs))],
        columns=[f"z{i}" for i in range(costs.shape[1])],
    )


def weights(*values: float) -> pd.Series:
    return pd.Series(values, index=[f"z{i}" for i in range(len(values))], dtype=float)


def no_zones() -> pd.DataFrame:
    return table((1,), (2,)).iloc[:, :0]


@pytest.mark.parametrize("half", [10, 25.0, 60])
def test_proximity_is_100_at_the_zone_and_halves_with_every_half_distance(half: float) -> None:
    found = proximity(table((0, half, 2 * half, 3 * half, NAN)), half_distance=half)
    assert found.loc["c0"].tolist() == pytest.approx([100, 50, 25, 12.5, NAN], nan_ok=True)


def test_half_distance_is_25_unless_told() -> None:
    assert proximity(table((25,))).at["c0", "z0"] == pytest.approx(50)
    assert proximity_index(table((50,))).at["c0"] == pytest.approx(25)
    assert gravity_potential(table((25,)), weights(1)).at["c0"] == pytest.approx(50)


def test_proximity_stays_a_number_however_small_the_half_distance() -> None:
    found = proximity(table((0, 1)), half_distance=1e-310)
    assert found.loc["c0"].tolist() == [100, 0]


def test_proximity_index_is_that_of_the_nearest_zone_that_can_be_reached() -> None:
    costs = table((30, 10, 20), (NAN, NAN, 20), (NAN, NAN, NAN))
    found = proximity_index(costs, half_distance=10)
    assert found.tolist() == pytest.approx([50, 25, NAN], nan_ok=True)


@pytest.mark.parametrize("half", [0, -1, -0.0, NAN, math.inf, -math.inf])
@pytest.mark.parametrize("zones", [0, 2])
def test_impossible_half_distance_is_refused(half: float, zones: int) -> None:
    costs = table((0, 5)).iloc[:, :zones]
    kinds = kinds_of_zones("sez", "ie")
    fit = costs * 0 + 1
    calls = (
        lambda: proximity(costs, half_distance=half),
        lambda: proximity_index(costs, half_distance=half),
        lambda: gravity_potential(costs, weights(1, 1), half_distance=half),
        lambda: sector_fit_proximity(costs, fit, half_distance=half),
        lambda: computed(costs, kinds.iloc[:zones], fit, Parameters(half_distance=half)),
    )
    for call in calls:
        with pytest.raises(ValueError, match="half_distance"):
            call()


# With a half-distance of 10 km, zones at 0, 10 and 20 km have proximities 100, 50 and 25.
@pytest.mark.parametrize(
    ("costs", "attraction", "expected"),
    [
        ((0, 10, 20), (1, 1, 1), 175 / 3),
        ((0, 10, 20), (1, 2, 5), 40.625),  # (1·100 + 2·50 + 5·25) / 8 = 325 / 8
        ((0, NAN, 20), (1, 2, 5), 28.125),  # unreachable adds nothing: (1·100 + 5·25) / 8
        ((0, 10, 20), (1, NAN, 3), 43.75),  # no hectares, in neither sum: (1·100 + 3·25) / 4
        ((0, 10, 20), (1, 0, 3), 43.75),
        ((20,), (7,), 25),
        ((NAN, 10, NAN), (1, NAN, 3), NAN),
        ((NAN, NAN, NAN), (1, 2, 5), NAN),
        ((0, 10, 20), (NAN, NAN, NAN), NAN),
    ],
)
def test_gravity_by_hand(
    costs: tuple[float, ...], attraction: tuple[float, ...], expected: float
) -> None:
    found = gravity_potential(table(costs), weights(*attraction), half_distance=10)
    assert found["c0"] == pytest.approx(expected, nan_ok=True)


def test_gravity_without_zones_is_missing() -> None:
    found = gravity_potential(no_zones(), weights())
    assert found.index.tolist() == ["c0", "c1"]
    assert found.isna().all()


@pytest.mark.parametrize(
    ("costs", "attraction", "alpha", "decay", "expected"),
    [
        ((2, 4), (1, 1), 1, 2, (4 / 5, 1 / 5)),  # 1/4 and 1/16
        ((2, 4), (1, 4), 1, 2, (1 / 2, 1 / 2)),  # 1/4 and 4/16
        ((2, 4), (1, 2), 2, 2, (1 / 2, 1 / 2)),  # 1/4 and 2²/16
        ((2, 4), (1, 9), 0.5, 2, (4 / 7, 3 / 7)),  # 1/4 and √9/16
        ((2, 4), (1, 9), 0, 2, (4 / 5, 1 / 5)),  # 1/4 and 1/16
        ((2, 4), (1, 1), 1, 1, (2 / 3, 1 / 3)),  # 1/2 and 1/4
        ((2, 4), (1, 1), 1, 3, (8 / 9, 1 / 9)),  # 1/8 and 1/64
        ((2, 4), (1, 3), 1, 0, (1 / 4, 3 / 4)),  # 1 and 3
        ((1, 2, 4), (1, 4, 16), 1, 2, (1 / 3, 1 / 3, 1 / 3)),  # 1, 4/4 and 16/16
        ((5,), (7,), 1, 2, (1,)),
        ((0,), (7,), 1, 2, (1,)),
        ((0, 2), (1, 1), 1, 2, (4 / 5, 1 / 5)),  # 0 counts as 1: 1 and 1/4
        ((0, 0.5, 1), (1, 1, 2), 1, 2, (1 / 4, 1 / 4, 1 / 2)),
        ((2, NAN, 4), (1, 8, 1), 1, 2, (4 / 5, NAN, 1 / 5)),
        ((2, NAN, 4), (1, 8, 3), 1, 0, (1 / 4, NAN, 3 / 4)),
        ((2, 3, 4), (1, NAN, 1), 1, 2, (4 / 5, NAN, 1 / 5)),
        ((2, 3, 4), (1, 0, 1), 1, 2, (4 / 5, NAN, 1 / 5)),
        ((2, 3, 4), (1, -5, 1), 1, 2, (4 / 5, NAN, 1 / 5)),
        ((2, 3, 4), (1, NAN, 9), 0, 2, (4 / 5, NAN, 1 / 5)),
        ((2, 3, 4), (1, 0, 9), 0, 2, (4 / 5, NAN, 1 / 5)),
        ((NAN, NAN), (1, 1), 1, 2, (NAN, NAN)),
        ((NAN, NAN), (1, 1), 0, 0, (NAN, NAN)),
        ((2, 4), (NAN, NAN), 1, 2, (NAN, NAN)),
        ((1000, 2000), (1, 1), 1, 150, (1, 2.0**-150)),
        ((2, 4), (3000, 1500), 120, 0, (1, 2.0**-120)),
    ],
)
def test_huff_share_by_hand(
    costs: tuple[float, ...],
    attraction: tuple[float, ...],
    alpha: float,
    decay: float,
    expected: tuple[float, ...],
) -> None:
    found = huff_share(table(costs), weights(*attraction), alpha=alpha, decay=decay)
    assert found.loc["c0"].tolist() == pytest.approx(list(expected), nan_ok=True)


def test_huff_share_takes_alpha_1_and_decay_2_unless_told() -> None:
    found = huff_share(table((2, 4)), weights(1, 2)).loc["c0"]  # 1/4 and 2/16
    assert found.tolist() == pytest.approx([2 / 3, 1 / 3])


def test_huff_share_without_zones_has_centers_and_no_columns() -> None:
    assert huff_share(no_zones(), weights()).shape == (2, 0)


@pytest.mark.parametrize("exponent", [-0.1, NAN, math.inf, -math.inf])
@pytest.mark.parametrize("name", ["alpha", "decay"])
def test_impossible_exponent_is_refused(name: str, exponent: float) -> None:
    with pytest.raises(ValueError, match="alpha and decay"):
        huff_share(table((2, 4)), weights(1, 1), **{name: exponent})


def test_attraction_is_found_by_zone_and_not_by_place_in_the_list() -> None:
    costs = table((2, 4))
    turned = pd.Series({"z1": 4.0, "z0": 1.0})
    for shuffled in (turned, pd.concat([pd.Series({"elsewhere": 1e6}), turned])):
        assert huff_share(costs, shuffled).loc["c0"].tolist() == pytest.approx([0.5, 0.5])
        found = gravity_potential(table((0, 10)), shuffled, half_distance=10)
        assert found["c0"] == pytest.approx(60)  # (1·100 + 4·50) / 5


def test_zones_within_counts_the_zone_exactly_at_the_limit() -> None:
    costs = table((25, 25.000001, 24.9), (0, 26, NAN), (NAN, NAN, 99), (NAN, NAN, NAN))
    assert zones_within(costs, 25).tolist() == pytest.approx([2, 1, 0, NAN], nan_ok=True)
    assert zones_within(costs, 0).tolist() == pytest.approx([0, 1, 0, NAN], nan_ok=True)


def test_zones_within_is_missing_without_zones() -> None:
    assert zones_within(no_zones(), 25).isna().all()


def fit_table() -> pd.DataFrame:
    return pd.DataFrame(
        {"z1": [0.5, NAN], "z0": [1.0, 0.0]}, index=pd.Index(["coffee", "honey"], name="commodity")
    )


def test_sector_fit_is_that_of_the_commodity_and_missing_where_nobody_judged() -> None:
    commodity = pd.Series({"a": "honey", "b": "coffee", "c": "batik", "d": None, "e": "honey"})
    found = sector_fit(commodity, fit_table(), pd.Index(["z0", "z1", "z2"]))
    assert found.columns.tolist() == ["z0", "z1", "z2"]
    assert found.index.tolist() == list("abcde")
    judged = {"honey": [0, NAN, NAN], "coffee": [1, 0.5, NAN]}
    for center, code in commodity.items():
        expected = judged.get(code, [NAN] * 3)
        assert found.loc[center].tolist() == pytest.approx(expected, nan_ok=True)


def test_sector_fit_without_judgements_or_zones_is_missing_or_empty() -> None:
    commodity = pd.Series({"a": "honey", "b": "coffee"})
    empty = fit_table().iloc[:0]
    assert sector_fit(commodity, empty, pd.Index(["z0"])).isna().all(axis=None)
    assert sector_fit(commodity, fit_table(), pd.Index([])).shape == (2, 0)
    assert sector_fit(commodity.iloc[:0], fit_table(), pd.Index(["z0"])).shape == (0, 1)


def test_sector_fit_proximity_is_the_product_and_zero_only_where_judged_so() -> None:
    costs, fit = table((10, 10, 10, NAN)), table((1, 0.5, 0, 1))
    found = sector_fit_proximity(costs, fit, half_distance=10).loc["c0"]
    assert found.tolist() == pytest.approx([50, 25, 0, NAN], nan_ok=True)
    unjudged = sector_fit_proximity(costs, table((NAN, NAN, NAN, NAN)), half_distance=10)
    assert unjudged.isna().all(axis=None)


def near(centers: pd.DataFrame, places: pd.DataFrame, radius: float) -> pd.DataFrame:
    """Nearest places where each center may be anywhere in a circle."""
    km = distance_km(centers, places)
    return nearest_places(km, *around(km, radius), ahead(km, radius), places)


def test_nearest_place_of_each_kind() -> None:
    centers = at(c=(3.0, 99.0), d=(3.6, 98.7), lost=(NAN, 99.0))
    places = at(p=(3.78, 98.69), q=(3.36, 99.45), air=(3.64, 98.88)).assign(
        kind=["port", "port", "airport"], position_precision="site", service="yes"
    )
    found = near(centers, places, 1.5)
    parts = ["", "_km", "_low", "_high", "_uncertain"]
    assert found.columns.tolist() == [f"{k}{part}" for k in ("port", "airport") for part in parts]
    assert found["port"].tolist()[:2] == ["q", "p"]
    assert found["port_km"].tolist() == pytest.approx(
        [geodesic_km(3.0, 99.0, 3.36, 99.45), geodesic_km(3.6, 98.7, 3.78, 98.69), NAN],
        abs=METRE,
        rel=0,
        nan_ok=True,
    )
    assert found["airport"].tolist()[:2] == ["air", "air"]
    assert found.at["d", "airport_km"] == pytest.approx(
        geodesic_km(3.6, 98.7, 3.64, 98.88), abs=METRE, rel=0
    )
    sure = found.pop("port_uncertain"), found.pop("airport_uncertain")
    assert [some.tolist() for some in sure] == [[False] * 3] * 2
    assert found.loc["lost"].isna().all()


def test_nearest_place_is_as_sure_as_center_and_places_are_exactly_known() -> None:
    """On the equator a hundredth of a degree is 1.1132 km: p at 11.1 km, q at 13.4 km."""
    centers = at(c=(0.0, 99.0))
    places = at(p=(0.0, 99.1), q=(0.0, 98.88)).assign(kind="port", service="yes")
    for precisions, radius, uncertain in (
        (["site", "site"], 0.5, False),  # up to 12.1, and from 12.4
        (["site", "village"], 0.5, True),  # from 11.4
        (["village", "site"], 1.5, True),  # up to 13.1
        (["site", "district"], 0.5, True),  # nobody knows how far
    ):
        told = near(centers, places.assign(position_precision=precisions), 0.5).loc["c"]
        assert (told["port"], told["port_uncertain"]) == ("p", uncertain)
        bounds = [11.132 - 0.5 - radius, 11.132 + 0.5 + radius]
        assert told[["port_low", "port_high"]].tolist() == pytest.approx(bounds, abs=0.001)


def test_nearest_shipped_places_agree_with_geographiclib() -> None:
    with (SHIPPED_DATA / "places.csv").open(encoding="utf-8", newline="") as rows:
        told = pd.DataFrame(csv.DictReader(rows)).set_index("place_id")[["kind", "service"]]
    places = shipped("places.csv", "place_id").join(told)
    found = near(CENTERS, places.assign(position_precision="site"), 1.5)
    for kind in ("port", "airport", "toll_gate"):
        some = places.loc[places["kind"].eq(kind) & places["service"].eq("yes"), ["lat", "lon"]]
        for center, row in CENTERS.iloc[::4].iterrows():
            km = {place: geodesic_km(*row, *some.loc[place]) for place in some.index}
            best = min(km, key=km.__getitem__)
            assert found.at[center, kind] == best
            assert found.at[center, f"{kind}_km"] == pytest.approx(km[best], abs=METRE, rel=0)


@pytest.fixture(scope="module")
def known_nearest() -> pd.DataFrame:
    """Nearest places of the shipped centers."""
    inputs = shipped_inputs()
    measured = analysis.measure(inputs)
    ways = distance_km(measured.centers, inputs.places)
    bounds = bounds_km(measured.areas, ways, inputs.places)
    return nearest_places(ways, *bounds, inputs.places)


@pytest.mark.parametrize(
    ("center", "km"),
    [
        ("pik-menteng", 18.8),
        ("deli-serdang-cassava", 36.2),
        ("binjai-cassava", 43.3),
        ("binjai-bamboo", 44.7),
    ],
)
def test_nearest_airport_has_scheduled_flights(
    known_nearest: pd.DataFrame, center: str, km: float
) -> None:
    """Audit E5: Soewondo, without civil flights since July 2013, stood at 5 to 24 km."""
    found = known_nearest.loc[center]
    assert found["airport"] == "airport-kualanamu"
    assert found["airport_km"] == pytest.approx(km, abs=0.05)


def test_only_a_place_known_to_serve_everyone_is_the_nearest() -> None:
    """Audit E5: an air base and an airport of unknown service count for nothing."""
    centers = at(c=(0.0, 99.0))
    places = at(base=(0.0, 99.1), idle=(0.0, 99.2), far=(0.0, 99.5)).assign(
        kind=["air_base", "airport", "airport"],
        position_precision="site",
        service=["no", "unknown", "yes"],
    )
    found = near(centers, places, 0.5)
    assert found.loc["c", "airport"] == "far"
    assert not found.loc["c", "airport_uncertain"]
    assert "air_base" not in found


def test_without_places_or_centers_no_nearest_place() -> None:
    none = at().assign(kind=pd.Series(dtype="str"), position_precision="site", service="yes")
    assert near(CENTERS, none, 1.5).shape == (13, 0)
    port = at(p=(3, 99)).assign(kind="port", position_precision="site", service="yes")
    assert near(CENTERS.iloc[:0], port, 1.5).shape == (0, 5)


def test_parameters_are_those_of_the_method_unless_told() -> None:
    told = Parameters(
        measure="straight_km",
        half_distance=25,
        within=(25, 50, 100),
        attraction="equal",
        alpha=1,
        decay=2,
    )
    assert Parameters() == told


def kinds_of_zones(*classes: str, area_ha: tuple[float, ...] | None = None) -> pd.DataFrame:
    area = area_ha or (1.0,) * len(classes)
    return pd.DataFrame(
        {"class": classes, **{f"{stage}_ha": area for stage in AREA_STAGES}},
        index=[f"z{i}" for i in range(len(classes))],
    )


def test_every_indicator_of_one_center_by_hand() -> None:
    zones = kinds_of_zones("sez", "ie", "ie", area_ha=(100, 300, NAN))
    told = Parameters(
        half_distance=10, within=(5.0, 10.0, 20.0), attraction="planned", alpha=2, decay=1
    )
    found = computed(table((20, 10, 0)), zones, table((1, 0.5, NAN)), told).loc["c0"]
    expected = {
        ("cost", "z0"): 20,
        ("cost", "z1"): 10,
        ("cost", "z2"): 0,
        ("proximity", "z0"): 25,
        ("proximity", "z1"): 50,
        ("proximity", "z2"): 100,
        ("huff_share", "z0"): 1 / 19,  # 100²/20 = 500 and 300²/10 = 9000
        ("huff_share", "z1"): 18 / 19,
        ("huff_share", "z2"): NAN,  # its hectares are not known
        ("sector_fit", "z0"): 25,
        ("sector_fit", "z1"): 25,
        ("sector_fit", "z2"): NAN,
        ("nearest", "all"): 0,
        ("nearest", "sez"): 20,
        ("nearest", "ie"): 0,
        ("proximity_index", "all"): 100,
        ("proximity_index", "sez"): 25,
        ("proximity_index", "ie"): 100,
        ("zones_within", "5"): 1,
        ("zones_within", "10"): 2,
        ("zones_within", "20"): 3,
        ("gravity", "all"): 43.75,  # (100·25 + 300·50) / 400
    }
    assert found.to_dict() == pytest.approx(expected, nan_ok=True)
    assert list(found.index) == list(expected)


def areas(*rows: tuple[str, str, str | None, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["zone_id", "area_ha", "stage", "used"], dtype="str")


def test_hectares_of_a_stage_are_those_of_the_next_surer_stage_where_it_has_none() -> None:
    """Audit doubt 2: every figure says of which stage it is."""
    table = areas(
        ("a", "3400", "planned", "yes"),
        ("a", "9000", "planned", "no"),
        ("a", "57", "acquired", "yes"),
        ("b", "200", "planned", "yes"),
        ("b", "111", None, "yes"),
    )
    found = hectares(table, pd.Series({"a": 1.0, "b": 2.0, "c": 3.0, "d": NAN}))
    assert found["planned_ha"].tolist() == pytest.approx([3400, 200, 3, NAN], nan_ok=True)
    assert found["permitted_ha"].tolist() == pytest.approx([57, 200, 3, NAN], nan_ok=True)
    assert found["acquired_ha"].tolist() == pytest.approx([57, 200, 3, NAN], nan_ok=True)
    assert found["permitted_taken"].tolist() == ["acquired", "planned", None, None]
    assert found["acquired_taken"].tolist() == ["acquired", "planned", None, None]


def test_share_of_kuala_tanjung_depends_on_which_hectares_count() -> None:
    """Audit doubt 2: copra's share is 63 % with 3,400 planned ha and 3 % with 57 acquired."""
    inputs = shipped_inputs()
    costs = analysis.measure(inputs).distances
    found = area_shares(costs, inputs.zones, Parameters())
    told = {s: of.at["asahan-copra", "kuala_tanjung"] for s, of in found.items()}
    assert told["planned"] == pytest.approx(0.63, abs=0.005)
    assert told["acquired"] == pytest.approx(0.03, abs=0.005)


def test_zones_of_equal_attraction_count_whatever_their_hectares() -> None:
    zones = kinds_of_zones("sez", "ie", "ie", area_ha=(100, 300, NAN))
    costs = table((20, 10, 0))
    found = computed(costs, zones, costs * NAN, Parameters(half_distance=10)).loc["c0"]
    assert found["gravity", "all"] == pytest.approx(175 / 3)
    # 1/400, 1/100 and, because 0 counts as 1, 1
    assert found["huff_share"].tolist() == pytest.approx([1 / 405, 4 / 405, 400 / 405])


def test_class_without_a_zone_has_no_nearest_and_no_proximity() -> None:
    costs = table((10, 20), (NAN, NAN))
    found = computed(costs, kinds_of_zones("ie", "ie"), costs * NAN, Parameters())
    for name in ("nearest", "proximity_index"):
        assert found[name, "sez"].isna().all()
        assert found[name, "ie"].equals(found[name, "all"])
    assert found.at["c0", ("nearest", "ie")] == 10


@pytest.mark.parametrize("attraction", ATTRACTIONS)
def test_without_position_every_indicator_is_missing_and_none_is_zero(attraction: str) -> None:
    centers = at(lost=(NAN, NAN), half_lost=(3.0, NAN), found=(3.0, 99.0))
    zones = at(z0=(3.0, 99.0), z1=(3.5, 98.5)).join(kinds_of_zones("sez", "ie"))
    for exponents in ((1, 2), (0, 0)):
        told = Parameters(attraction=attraction, alpha=exponents[0], decay=exponents[1])
        costs = distance_km(centers, zones)
        found = computed(costs, zones, (costs * 0).fillna(0), told)
        assert found.loc[["lost", "half_lost"]].isna().all(axis=None)
        assert found.loc["found"].notna().all()


@pytest.mark.parametrize("attraction", ATTRACTIONS)
@pytest.mark.parametrize("rows", [0, 2])
def test_without_zones_nothing_is_measured_and_nothing_fails(attraction: str, rows: int) -> None:
    costs = no_zones().iloc[:rows]
    found = computed(costs, kinds_of_zones(), costs, Parameters(attraction=attraction))
    assert found.index.equals(costs.index)
    assert set(found.columns.get_level_values(0)) == {
        *("nearest", "proximity_index", "zones_within", "gravity")
    }
    assert found.isna().all(axis=None)


def test_without_centers_there_are_columns_and_no_rows() -> None:
    costs = table((1, 2)).iloc[:0]
    found = computed(costs, kinds_of_zones("sez", "ie"), costs, Parameters())
    assert found.shape == (0, 4 * 2 + 3 + 3 + 3 + 1)


def test_center_inside_a_footprint_is_as_close_as_can_be() -> None:
    zones = pd.concat([ZONE.rename(index={"z": "z0"}), at(z1=(3.1, 100.0))])
    zones = zones.join(kinds_of_zones("sez", "ie"))
    costs = distance_km(at(c=(3.05, 99.05)), zones, SQUARE.rename(index={"z": "z0"}))
    found = computed(costs, zones, costs * 0 + 1, Parameters()).loc["c"]
    assert found["proximity", "z0"] == found["sector_fit", "z0"] == 100
    assert (found["nearest", "sez"], found["proximity_index", "sez"]) == (0, 100)
    away = geodesic_km(3.05, 99.05, 3.1, 100.0)
    assert found["huff_share", "z0"] == pytest.approx(1 / (1 + away**-2))


def test_two_zones_at_the_center_share_it_by_attraction() -> None:
    zones = at(z0=(3.0, 99.0), z1=(3.0, 99.0)).join(kinds_of_zones("sez", "ie", area_ha=(100, 300)))
    costs = distance_km(at(c=(3.0, 99.0)), zones)
    found = computed(costs, zones, costs * NAN, Parameters(attraction="planned")).loc["c"]
    assert found["cost"].tolist() == [0, 0]
    assert found["huff_share"].tolist() == pytest.approx([0.25, 0.75])
    assert found["gravity", "all"] == pytest.approx(100)
    assert found["zones_within", "25"] == 2


HALVES = st.floats(0.5, 500)
EXPONENTS = st.floats(0, 5)
COST = st.floats(0, 2_000, allow_subnormal=False)
Drawn = tuple[pd.DataFrame, pd.Series]


@st.composite
def cases(draw: st.DrawFn, *, missing: bool = True) -> Drawn:
    """Costs of some centers to some zones, and the hectares of the zones."""
    shape = draw(st.tuples(st.integers(1, 4), st.integers(1, 5)))
    cost, area = COST, st.floats(0.01, 1e6)
    if missing:
        cost, area = cost | st.just(NAN), area | st.just(NAN)
    costs = table(*draw(arrays(float, shape, elements=cost)))
    return costs, weights(*draw(arrays(float, shape[1], elements=area)))


@given(cases(), EXPONENTS, EXPONENTS)
@example((table((NAN, 5.0)), weights(1, NAN)), 0.0, 0.0)
def test_huff_shares_add_up_to_1_or_are_missing_all(
    case: Drawn, alpha: float, decay: float
) -> None:
    costs, area = case
    found = huff_share(costs, area, alpha=alpha, decay=decay)
    reachable = costs.notna() & area.notna()
    assert found.notna().equals(reachable)
    assert ((found >= 0) | ~reachable).all(axis=None)
    total = found.sum(axis=1)[reachable.any(axis=1)]
    assert total.tolist() == pytest.approx([1.0] * len(total))


@given(cases(), HALVES, EXPONENTS, EXPONENTS, st.sampled_from([0.01, 100.0, 247.1]))
def test_unit_of_attraction_does_not_matter(
    case: Drawn, half: float, alpha: float, decay: float, unit: float
) -> None:
    costs, area = case
    one, other = (huff_share(costs, a, alpha=alpha, decay=decay) for a in (area, area * unit))
    pd.testing.assert_frame_equal(one, other)
    near, far = (gravity_potential(costs, a, half_distance=half) for a in (area, area * unit))
    pd.testing.assert_series_equal(near, far)


@given(st.lists(COST, min_size=2, max_size=20), HALVES)
def test_proximity_never_rises_with_distance(costs: list[float], half: float) -> None:
    found = proximity(table(tuple(sorted(costs))), half_distance=half).loc["c0"]
    assert found.between(0, 100).all()
    assert found.is_monotonic_decreasing


@given(st.floats(0, 20), st.floats(0.001, 10), HALVES)
def test_proximity_falls_with_every_step(away: float, step: float, half: float) -> None:
    costs = table((away * half, (away + step) * half))
    near, far = proximity(costs, half_distance=half).loc["c0"]
    assert near > far


@given(cases(missing=False), HALVES)
def test_gravity_lies_between_the_least_and_the_greatest_proximity(
    case: Drawn, half: float
) -> None:
    costs, area = case
    found = gravity_potential(costs, area, half_distance=half)
    near = proximity(costs, half_distance=half)
    slack = 1e-9
    assert found.between(-slack, 100 + slack).all()
    assert (found >= near.min(axis=1) - slack).all()
    assert (found <= near.max(axis=1) + slack).all()


@given(cases(), HALVES)
def test_unreachable_zones_only_lower_gravity(case: Drawn, half: float) -> None:
    costs, area = case
    found = gravity_potential(costs, area, half_distance=half).dropna()
    best = proximity_index(costs.loc[:, area.notna()], half_distance=half)
    assert (found <= best[found.index] + 1e-9).all()
    assert (found >= 0).all()


@given(cases(), st.lists(st.floats(0, 2_000), min_size=2, max_size=5))
def test_zones_within_never_falls_with_the_limit_and_never_passes_what_can_be_reached(
    case: Drawn, limits: list[float]
) -> None:
    costs, _ = case
    found = pd.DataFrame({i: zones_within(costs, limit) for i, limit in enumerate(sorted(limits))})
    found = found.dropna()
    assert (found.diff(axis=1).iloc[:, 1:] >= 0).all(axis=None)
    assert found.le(costs.notna().sum(axis=1)[found.index], axis=0).all(axis=None)


@given(cases(), st.randoms(use_true_random=False), st.sampled_from(ATTRACTIONS))
def test_order_of_zones_and_of_centers_does_not_matter(
    case: Drawn, random: Random, attraction: str
) -> None:
    costs, area = case
    zones = kinds_of_zones(*(["sez", "ie", "ie"] * 2)[: len(area)], area_ha=tuple(area))
    told = Parameters(attraction=attraction)
    fit = costs * 0 + 0.5
    rows, columns = list(costs.index), list(costs.columns)
    random.shuffle(rows)
    random.shuffle(columns)
    one = computed(costs, zones, fit, told)
    other = computed(costs.loc[rows, columns], zones.loc[columns], fit.loc[rows, columns], told)
    pd.testing.assert_frame_equal(one, other.loc[one.index, one.columns])


@given(cases(), HALVES)
def test_indicators_of_a_center_do_not_depend_on_other_centers(case: Drawn, half: float) -> None:
    costs, area = case
    zones = kinds_of_zones(*(["ie", "sez"] * 3)[: len(area)], area_ha=tuple(area))
    told = Parameters(half_distance=half, attraction="planned")
    all_of_them = computed(costs, zones, costs * 0, told)
    for center in costs.index:
        alone = costs.loc[[center]]
        found = computed(alone, zones, alone * 0, told)
        pd.testing.assert_frame_equal(found, all_of_them.loc[[center]])


def test_the_nearest_toll_gate_of_simalungun_is_the_one_at_siantar(
    known_nearest: pd.DataFrame,
) -> None:
    """Audit E5, the kind: the gate 30 km away has been open since 2024, the one named lay at 67."""
    found = known_nearest.loc["simalungun-coffee"]
    assert found["toll_gate"] == "toll-gate-sinaksak"
    center, gate = (
        tables.row(CENTERS, "simalungun-coffee"),
        (3.017594, 99.084389),
    )  # the gazetteer's
    assert found["toll_gate_km"] == pytest.approx(
        geodesic_km(center["lat"], center["lon"], *gate), abs=METRE
    )
