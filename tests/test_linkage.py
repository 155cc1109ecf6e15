"""Distances against geographiclib, footprints with known edges, intervals computed by hand."""

import csv
import math

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from geographiclib.geodesic import Geodesic
from hypothesis import given
from hypothesis import strategies as st

from ikmgeo.linkage import distance_km, interval_km, nearest, position_radius_km
from ikmgeo.settings import SHIPPED_DATA

METRE = 0.001


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
SQUARE = gpd.GeoDataFrame(geometry=[shapely.box(WEST, SOUTH, EAST, NORTH)], index=["z"], crs=4326)
ZONE = at(z=(3.19, 99.19))  # a reference point far from the middle, to tell it from the footprint


def to_square(lat: float, lon: float) -> float:
    return distance_km(at(c=(lat, lon)), ZONE, SQUARE).at["c", "z"]


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
    hollow = gpd.GeoDataFrame(geometry=[ring], index=["z"], crs=4326)
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
    found = nearest(distances, pd.Series(1.5, index=CENTERS.index))
    assert found["nearest_zone"].isna().all()
    assert found["nearest_km"].isna().all()
    assert not found["nearest_uncertain"].any()


def test_without_centers_there_are_no_rows() -> None:
    distances = distance_km(CENTERS.iloc[:0], ZONES, SQUARE)
    assert distances.shape == (0, 3)
    assert nearest(distances, pd.Series(dtype=float)).empty


@pytest.mark.parametrize(
    ("precision", "radius"), [("site", 0.5), ("village", 1.5), ("subdistrict", 5), ("district", 10)]
)
def test_radius_follows_precision_and_is_a_circle_as_large_as_the_district(
    precision: str, radius: float
) -> None:
    centers = pd.DataFrame({"position_precision": [precision], "district_code": ["1201"]})
    districts = pd.DataFrame({"area_km2": [100 * math.pi]}, index=["1201"])
    assert position_radius_km(centers, districts).tolist() == pytest.approx([radius])


def test_radius_of_an_unknown_district_is_missing() -> None:
    centers = pd.DataFrame({"position_precision": ["district"], "district_code": [None]})
    districts = pd.DataFrame({"area_km2": [100.0]}, index=["1201"])
    assert position_radius_km(centers, districts).isna().all()


@pytest.mark.parametrize(
    ("km", "radius", "bounds"), [(20, 5, (15, 25)), (3, 5, (0, 8)), (0, 0.5, (0, 0.5))]
)
def test_interval_is_distance_minus_and_plus_radius_and_never_negative(
    km: float, radius: float, bounds: tuple[float, float]
) -> None:
    low, high = interval_km(pd.DataFrame({"z": [km]}), pd.Series([radius]))
    assert (low.at[0, "z"], high.at[0, "z"]) == bounds


@given(
    st.lists(st.tuples(st.floats(0, 2000), st.floats(0, 2000), st.floats(0, 200)), min_size=1),
)
def test_interval_holds_the_distance(rows: list[tuple[float, float, float]]) -> None:
    table = pd.DataFrame(rows, columns=["a", "b", "radius"])
    distances = table[["a", "b"]]
    low, high = interval_km(distances, table["radius"])
    assert (low >= 0).all(axis=None)
    assert (low <= distances).all(axis=None)
    assert (distances <= high).all(axis=None)


def found_for(radius: float, **km: float) -> pd.Series:
    distances = pd.DataFrame(km, index=["c"], dtype=float)
    return nearest(distances, pd.Series([radius], index=["c"])).loc["c"]


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


def test_two_zones_at_the_same_distance_are_uncertain_even_without_radius() -> None:
    assert found_for(0, a=10, b=10)["nearest_uncertain"]


def test_center_at_a_zone_is_at_zero_from_it() -> None:
    distances = distance_km(ZONES, ZONES)
    found = nearest(distances, pd.Series(0.5, index=ZONES.index))
    assert found["nearest_zone"].tolist() == ZONES.index.tolist()
    assert found["nearest_km"].tolist() == [0, 0, 0]
    assert not found["nearest_uncertain"].any()


def test_center_without_position_has_no_nearest_zone_among_others_that_have() -> None:
    distances = pd.DataFrame({"a": [math.nan, 3.0], "b": [math.nan, 9.0]}, index=["lost", "found"])
    found = nearest(distances, pd.Series([5.0, 1.0], index=["lost", "found"]))
    assert pd.isna(found.at["lost", "nearest_zone"])
    assert math.isnan(found.at["lost", "nearest_km"])
    assert not found.at["lost", "nearest_uncertain"]
    assert found.at["found", "nearest_zone"] == "a"
