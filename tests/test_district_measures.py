"""Measures of four small districts worked out by hand; class bounds by hand and by brute force."""

import itertools
import math

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from geographiclib.geodesic import Geodesic
from hypothesis import assume, given
from hypothesis import strategies as st

from ikmgeo import tables
from ikmgeo.analysis import classify, measure
from ikmgeo.measures import district_measures as dm
from ikmgeo.measures.district_measures import BREAKS, CLASSES, MEASURES, Shading
from ikmgeo.measures.linkage import proximity_index
from ikmgeo.measures.scoring import Scheme
from ikmgeo.settings import SHIPPED_DATA as DATA
from tests.planes import on_plane
from tests.rated import CATEGORIES
from tests.shipped_data import shipped_inputs

NAN = math.nan
# Two centers in A, one without score and category in B, none in C, one (conflicting) in D.
DISTRICTS = pd.DataFrame(
    {
        "population": [200_000.0, 50_000.0, 300_000.0, NAN],
        "area_km2": [100.0, 0.0, NAN, 25.0],
        "capital_lat": [2.0, 2.5, NAN, 3.0],
        "capital_lon": [98.0, 98.5, NAN, 99.0],
    },
    index=pd.Index(["A", "B", "C", "D"], name="district_code"),
)
CENTERS = pd.DataFrame(
    [
        ("A", 60.0, "potential"),
        ("A", 20.0, "excellent"),
        ("B", NAN, "unscored"),
        ("D", 40.0, "several"),
        (pd.NA, 90.0, "excellent"),  # lies in no district
        ("Z", 90.0, "excellent"),  # in one that the file of borders lacks
    ],
    columns=["district", "score", "category"],
    index=list("stuvwx"),
)
PROXIMITY = pd.Series([50.0, 25.0, 10.0, NAN, 99.0, 99.0], index=list("stuvwx"))
SEAT_KM = pd.Series({"D": 4.0, "A": 12.5, "B": 0.0})
ZONES = pd.DataFrame({"lat": [2.5, 9.0], "lon": [98.5, 99.0]}, index=["near", "far"])


def known(values: pd.Series) -> list[object]:
    """Values with None for what is missing."""
    return [None if pd.isna(v) else v for v in values]


MEASURED = dm.measures(CENTERS, PROXIMITY, SEAT_KM, DISTRICTS, CATEGORIES)


@pytest.mark.parametrize(
    ("name", "by_hand"),
    [
        ("centers", [2, 1, None, 1]),
        ("mean_score", [40.0, None, None, 40.0]),
        ("best_category", ["excellent", None, None, None]),
        ("mean_proximity", [37.5, 10.0, None, None]),
        ("seat_km", [12.5, 0.0, None, 4.0]),
        ("centers_per_100k", [1.0, 2.0, None, None]),
    ],
)
def test_measure_of_each_district(name: str, by_hand: list[object]) -> None:
    assert list(MEASURED.index) == ["A", "B", "C", "D"]
    assert known(MEASURED[name]) == by_hand


def test_every_measure_has_its_column() -> None:
    assert list(MEASURED.columns) == list(MEASURES)
    assert len(set(MEASURES)) == 6


def test_district_without_a_center_has_nothing_but_its_seat_and_never_a_zero() -> None:
    found = dm.measures(
        CENTERS, PROXIMITY, SEAT_KM.reindex(["C"], fill_value=7.0), DISTRICTS, CATEGORIES
    )
    assert known(tables.row(found, "C")) == [None, None, None, None, 7.0, None]


def test_no_center_at_all_leaves_every_measure_but_the_seat_missing() -> None:
    found = dm.measures(CENTERS.iloc[:0], PROXIMITY.iloc[:0], SEAT_KM, DISTRICTS, CATEGORIES)
    assert found.drop(columns="seat_km").isna().all(axis=None)
    assert known(found["seat_km"]) == [12.5, 0.0, None, 4.0]


def test_neighbours_share_a_border_or_a_corner_and_nobody_is_its_own() -> None:
    squares = {"A": (0, 0), "B": (1, 0), "C": (2, 0), "D": (1, 1)}
    shapes = {code: shapely.box(x, y, x + 1, y + 1) for code, (x, y) in squares.items()}
    districts = gpd.GeoDataFrame(geometry=gpd.GeoSeries(shapes))
    assert dm.neighbours(districts, "A") == ["B", "D"]
    assert dm.neighbours(districts, "B") == ["A", "C", "D"]


def test_no_district_gives_an_empty_table_with_every_column() -> None:
    found = dm.measures(CENTERS, PROXIMITY, SEAT_KM, DISTRICTS.iloc[:0], CATEGORIES)
    assert found.shape == (0, len(MEASURES))


def test_nobody_lives_there_is_no_infinite_rate() -> None:
    people = pd.Series([0.0, 100_000.0])
    assert known(dm.per_100k(pd.Series([3.0, 3.0]), people)) == [None, 3.0]


def test_density_needs_an_area() -> None:
    assert known(dm.density_per_km2(DISTRICTS)) == [2000.0, None, None, None]


def test_seats_are_measured_as_an_independent_library_does() -> None:
    km = dm.seat_distances_km(DISTRICTS, ZONES)
    for code, lat, lon in (("A", 2.0, 98.0), ("D", 3.0, 99.0)):
        expected = Geodesic.WGS84.Inverse(lat, lon, 2.5, 98.5)["s12"] / 1000
        assert km.at[code, "near"] == pytest.approx(expected, abs=1e-6)
    assert km.at["B", "near"] == 0
    assert km.loc["C"].isna().all()
    assert list(km.columns) == ["near", "far"]


def test_seat_inside_a_footprint_is_at_0_km() -> None:
    square = shapely.box(97.9, 1.9, 98.1, 2.1)
    outline = on_plane(gpd.GeoDataFrame(geometry=[square], index=["near"], crs=4326))
    seats = DISTRICTS.loc[["A"]]
    assert dm.seat_distances_km(seats, ZONES, outline).at["A", "near"] == 0


def test_ranks_put_the_highest_first_but_the_nearest_seat_and_the_best_category() -> None:
    values = pd.DataFrame(
        {
            "mean_score": [10.0, 30.0, NAN, 30.0],
            "seat_km": [5.0, 1.0, 9.0, 5.0],
            "best_category": ["under_development", "excellent", pd.NA, "potential"],
        }
    )
    found = dm.ranks(values, CATEGORIES)
    assert known(found["mean_score"]) == [3, 1, None, 1]
    assert known(found["seat_km"]) == [2, 1, 4, 2]
    assert known(found["best_category"]) == [3, 1, None, 2]


# Classes


def bounds(values: list[float], breaks: str, classes: int) -> tuple[float, ...]:
    return dm.class_bounds(pd.Series(values, dtype=float), Shading("mean_score", breaks, classes))


@pytest.mark.parametrize(
    ("breaks", "values", "classes", "by_hand"),
    [
        ("equal_interval", [0, 1, 2, 12], 4, (3, 6, 9, 12)),  # the third class is empty
        ("quantiles", [1, 2, 3, 4, 5, 6, 7, 8], 4, (2.75, 4.5, 6.25, 8)),
        ("fisher_jenks", [1, 2, 10, 11, 20, 21], 3, (2, 11, 21)),
        ("quantiles", [1, 1, 1, 1, 1, 1, 1, 9], 4, (1, 9)),
    ],
)
def test_bounds_by_hand(
    breaks: str, values: list[float], classes: int, by_hand: tuple[float, ...]
) -> None:
    assert bounds(values, breaks, classes) == pytest.approx(by_hand)


@pytest.mark.parametrize("breaks", BREAKS)
@pytest.mark.parametrize("classes", CLASSES)
def test_few_different_values_make_few_classes(breaks: str, classes: int) -> None:
    assert bounds([], breaks, classes) == ()
    assert bounds([NAN, NAN], breaks, classes) == ()
    assert bounds([7, NAN, 7], breaks, classes) == (7,)
    assert len(bounds([7, 9], breaks, classes)) == 2
    assert len(bounds([1, 1, 1, 2, 2, 2, 3, 3, 3], breaks, classes)) == 3


def test_unknown_way_of_cutting_is_refused() -> None:
    with pytest.raises(ValueError, match="'pretty'"):
        bounds([1, 2, 3], "pretty", 3)


measured = st.lists(
    st.one_of(st.integers(0, 5).map(float), st.integers(0, 100_000).map(lambda n: n / 1000)),
    max_size=40,
)


@given(measured, st.sampled_from(BREAKS), st.sampled_from(CLASSES))
def test_every_value_has_a_class_and_its_bounds_hold_it(
    values: list[float], breaks: str, classes: int
) -> None:
    upper = bounds(values, breaks, classes)
    assert len(upper) <= min(classes, len(set(values)))
    assert list(upper) == sorted(set(upper))
    assert upper[-1:] == ((max(values),) if values else ())
    numbers = dm.class_numbers(pd.Series(values, dtype=float), upper)
    lower = (-math.inf, *upper)
    for value, number in zip(values, numbers, strict=True):
        assert lower[number] < value <= upper[number]


@given(st.lists(st.integers(0, 30), min_size=3, max_size=9), st.sampled_from((3, 4)))
def test_natural_breaks_have_the_least_variance_of_all_partitions(
    values: list[int], classes: int
) -> None:
    assume(len(set(values)) >= classes)
    ordered = sorted(values)

    def within(cuts: tuple[int, ...]) -> float:
        parts = np.split(np.array(ordered, float), cuts)
        return sum(float(((part - part.mean()) ** 2).sum()) for part in parts)

    least = min(map(within, itertools.combinations(range(1, len(ordered)), classes - 1)))
    upper = bounds([float(v) for v in values], "fisher_jenks", classes)
    chosen = tuple(int(np.searchsorted(ordered, b, side="right")) for b in upper[:-1])
    assert within(chosen) == pytest.approx(least, abs=1e-9)


def test_missing_value_has_no_class() -> None:
    numbers = dm.class_numbers(pd.Series([1.0, NAN, 3.0]), (2.0, 3.0))
    assert known(numbers) == [0, None, 1]


# The shipped data


@pytest.fixture(scope="module")
def shipped() -> pd.DataFrame:
    inputs = shipped_inputs()
    found = measure(inputs)
    centers = classify(found, inputs.instrument, Scheme("printed_ranges"))
    seats = dm.seat_distances_km(inputs.districts, inputs.zones, inputs.footprints).min(axis=1)
    near = proximity_index(found.distances)
    return dm.measures(centers, near, seats, inputs.districts, CATEGORIES)


def test_the_paper_studied_eight_districts_and_25_have_no_center(shipped: pd.DataFrame) -> None:
    assert len(shipped) == 33
    assert shipped["centers"].notna().sum() == 8
    assert shipped["centers"].sum() == 13
    assert shipped["seat_km"].notna().all()


def test_figures_of_binjai_from_the_tables(shipped: pd.DataFrame) -> None:
    """Cassava 40.02, bamboo 18.78, halua 16.27; 315,609 people."""
    binjai = shipped.loc["1275"]
    assert binjai["centers"] == 3
    assert binjai["mean_score"] == pytest.approx((40.02 + 18.78 + 16.27) / 3)
    assert binjai["centers_per_100k"] == pytest.approx(3 * 100_000 / 315_609)


def test_mean_proximity_of_karo_by_an_independent_distance(shipped: pd.DataFrame) -> None:
    """One center, nearest to KIM; half of 100 at 25 km, a quarter at 50."""
    karo, kim = pd.read_csv(DATA / "centers.csv"), pd.read_csv(DATA / "zones.csv")
    at = karo.set_index("center_id").loc["karo-coffee", ["lat", "lon"]].astype(float)
    to = kim.set_index("zone_id").loc["kim", ["lat", "lon"]].astype(float)
    km = Geodesic.WGS84.Inverse(*at, *to)["s12"] / 1000
    assert shipped.at["1206", "mean_proximity"] == pytest.approx(100 * 0.5 ** (km / 25))


def test_center_outside_every_printed_range_gives_its_district_no_category(
    shipped: pd.DataFrame,
) -> None:
    """Batu Bara tenun, 37.76, alone in its district: between 27.54 and 38.01 nothing is printed."""
    assert shipped.at["1219", "centers"] == 1
    assert pd.isna(tables.cell(shipped, "1219", "best_category"))
    assert shipped.at["1208", "best_category"] == "excellent"  # 70.06
