"""Areas and bounds against dense grids of points measured by geographiclib, and hand-drawn maps."""

import re
from dataclasses import replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from geographiclib.geodesic import Geodesic
from pyproj import Geod
from shapely import box

from ikmgeo import analysis, tables
from ikmgeo.analysis import Inputs, Measured
from ikmgeo.measures.areas import Areas, areas_of, bounds_km
from ikmgeo.measures.linkage import distance_km
from tests.planes import UTM_47N, on_plane

METRES_10 = 0.01
DEGREE_KM = 6378.137 * np.pi / 180
"""Of the equator."""


@pytest.fixture(scope="module")
def measured(shipped: Inputs) -> Measured:
    return analysis.measure(shipped)


def km(lat: float, lon: float, to_lat: float, to_lon: float) -> float:
    return Geodesic.WGS84.Inverse(lat, lon, to_lat, to_lon, Geodesic.DISTANCE)["s12"] / 1000


def outline_km(shape: shapely.Geometry, lat: float, lon: float, step: float) -> np.ndarray:
    """Distance to a point from points of a border at most ``step`` degrees apart."""
    dense = shapely.get_coordinates(shapely.segmentize(shape, step))
    return np.array([km(y, x, lat, lon) for x, y in dense])


# A map on the equator: two districts of 1 by 1 degree, and villages in the western one.
DISTRICTS = gpd.GeoDataFrame(
    {"name_id": ["Kabupaten Barat", "Kabupaten Timur"]},
    geometry=[box(99, 0, 100, 1), box(100, 0, 101, 1)],
    index=pd.Index(["1201", "1202"], name="district_code"),
    crs=4326,
)
VILLAGES = pd.DataFrame(
    {
        "name_id": ["Hulu", "Hilir", "Pantai"],
        "subdistrict": ["Sungai", "Sungai", "Pesisir"],
        "lat": [0.5, 0.5, 0.005],
        "lon": [99.5, 99.6, 99.2],
    },
    index=pd.Index(["1201012001", "1201011002", "1201022001"], name="village_code"),
)
SUBDISTRICTS = gpd.GeoDataFrame(
    {"name_id": ["Sungai", "Pesisir"], "spacing_km": [4.0, 4.0]},
    geometry=[box(99.48, 0.48, 99.62, 0.52), box(99.18, -0.015, 99.22, 0.025)],
    index=pd.Index(["120101", "120102"], name="area_code"),
    crs=4326,
)


def areas(
    precision: str,
    lat: float,
    lon: float,
    code: str | None = None,
    polygons: gpd.GeoSeries | None = None,
) -> Areas:
    district = "1201" if lon <= 100 else "1202"
    center = pd.DataFrame(
        {
            "lat": [lat],
            "lon": [lon],
            "position_precision": [precision],
            "district": [district],
            "area_code": pd.Series([code], dtype=object).to_numpy(),
        },
        index=pd.Index(["c"], name="center_id"),
    )
    return areas_of(center, DISTRICTS, SUBDISTRICTS, VILLAGES, UTM_47N, polygons=polygons)


def outline(found: Areas, lat: float = np.nan, lon: float = np.nan) -> Any:
    return found.outlines(pd.DataFrame({"lat": [lat], "lon": [lon]}, index=["c"])).iloc[0]


def told(found: Areas) -> tuple[object, object]:
    return found.table.at["c", "area_kind"], found.table.at["c", "area_name"]


def test_somewhere_in_a_district_is_its_polygon() -> None:
    found = areas("district", 0.2, 99.2)
    assert told(found) == ("district", "Kabupaten Barat")
    assert outline(found).equals(DISTRICTS.geometry["1201"])


def test_somewhere_in_a_subdistrict_is_its_widened_hull() -> None:
    for code in ("120101", "1201012001", None):
        found = areas("subdistrict", 0.5, 99.5, code)
        assert told(found) == ("subdistrict", "Kec. Sungai")
        assert outline(found).equals(SUBDISTRICTS.geometry["120101"])


def test_somewhere_in_a_village_is_its_point_widened_by_half_the_typical_spacing() -> None:
    for code, lon in (("1201012001", 99.505), (None, 99.505)):
        found = areas("village", 0.5, lon, code)
        assert told(found) == ("village", "Desa Hulu, Kec. Sungai")
        away = outline_km(outline(found), 0.5, 99.5, 1)
        assert away == pytest.approx(2, abs=METRES_10)  # half of 4 km, at every corner


def test_polygon_of_a_publisher_takes_the_place_of_what_the_gazetteer_says() -> None:
    """It reaches over the border of the district as that is drawn, and past the stated point."""
    village = box(99.9, 0.4, 100.1, 0.6)
    known = gpd.GeoSeries([village], index=["1201012001"], crs=4326)
    for code in ("1201012001", None):  # by its code, or because the point lies in it
        found = areas("village", 0.5, 99.95, code, known)
        assert told(found) == ("village", "Desa Hulu, Kec. Sungai")
        assert outline(found).equals(village)
    assert outline(areas("village", 0.5, 99.5, "1201012001", known)).equals(village)


def test_village_without_a_polygon_stays_with_the_gazetteer() -> None:
    known = gpd.GeoSeries([box(99.9, 0.4, 100.1, 0.6)], index=["120101"], crs=4326)
    found = areas("village", 0.5, 99.5, "1201012001", known)
    assert outline(found).equals(outline(areas("village", 0.5, 99.5, "1201012001")))
    assert outline(areas("subdistrict", 0.5, 99.5, "1201012001", known)).equals(known["120101"])


def test_seventh_digit_tells_a_town_ward_from_a_village() -> None:
    assert told(areas("village", 0.5, 99.6)) == ("village", "Kelurahan Hilir, Kec. Sungai")


def test_a_site_is_a_circle_of_half_a_kilometre() -> None:
    found = areas("site", 0.5, 99.5)
    assert told(found)[0] == "circle"
    assert found.table.at["c", "area_radius_km"] == 0.5
    assert outline_km(outline(found, 0.5, 99.5), 0.5, 99.5, 1) == pytest.approx(0.5, abs=1e-6)


@pytest.mark.parametrize(("precision", "radius"), [("village", 1.5), ("subdistrict", 5.0)])
def test_where_the_gazetteer_knows_no_village_it_is_a_circle_that_says_so(
    precision: str, radius: float
) -> None:
    for lat, lon in ((0.9, 99.9), (0.5, 100.5)):  # far from all; a district without villages
        found = areas(precision, lat, lon)
        assert told(found)[0] == "circle"
        assert found.table.at["c", "area_radius_km"] == radius


def test_village_is_the_nearest_up_to_its_typical_spacing_away() -> None:
    for away, kind in ((3.9, "village"), (4.1, "circle")):
        assert told(areas("village", 0.5, 99.5 - away / DEGREE_KM))[0] == kind


def test_area_reaches_to_a_center_that_stands_outside_it() -> None:
    lon = 99.5 - 3 / DEGREE_KM
    shape = outline(areas("village", 0.5, lon))
    assert shape.distance(shapely.Point(lon, 0.5)) < 1e-9
    assert shape.contains(shapely.Point(99.5 + 1.9 / DEGREE_KM, 0.5))


def test_area_ends_at_the_border_of_its_district() -> None:
    shape = outline(areas("subdistrict", 0.005, 99.2))
    assert shape.equals(box(99.18, 0, 99.22, 0.025))


def test_area_of_villages_that_the_borders_put_elsewhere_ends_at_the_coast_only() -> None:
    moved = DISTRICTS.set_geometry([box(99, 0.6, 100, 1), box(99, -0.01, 100, 0.6)])
    center = pd.DataFrame(
        {
            "lat": [0.005, 0.5],
            "lon": [99.2, 99.5],
            "position_precision": ["village", "subdistrict"],
            "district": "1201",
            "area_code": ["1201022001", "120101"],
        },
        index=["coast", "inland"],
    )
    found = areas_of(center, moved, SUBDISTRICTS, VILLAGES, UTM_47N).outlines(center)
    assert found["inland"].equals(SUBDISTRICTS.geometry["120101"])
    assert found["coast"].bounds[1] == pytest.approx(-0.01)
    assert found["coast"].area > 0


def test_center_of_an_unknown_district_has_no_area() -> None:
    center = pd.DataFrame(
        {
            "lat": [0.5],
            "lon": [120.0],
            "position_precision": ["district"],
            "district": [None],
            "area_code": [None],
        },
        index=["c"],
    )
    found = areas_of(center, DISTRICTS, SUBDISTRICTS, VILLAGES, UTM_47N)
    assert found.table["area_kind"].isna().all()
    assert found.outlines(center).isna().all()


ZONES = pd.DataFrame(
    {"lat": [0.5, 0.5, 2.0], "lon": [98.0, 99.5, 99.5]},
    index=pd.Index(["west", "inside", "north"], name="zone_id"),
)


def bounds(found: Areas, lat: float, lon: float, zones: pd.DataFrame = ZONES, **more: Any):
    distances = distance_km(pd.DataFrame({"lat": [lat], "lon": [lon]}, index=["c"]), zones, **more)
    low, high, _ = bounds_km(found, distances, zones, **more)
    return low.loc["c"], high.loc["c"]


def test_bounds_are_the_nearest_and_the_farthest_point_of_the_area() -> None:
    """Audit E4. Of a district from 99 to 100 °E, 0 to 1 °N, seen from 98 °E, 0.5 °N."""
    low, high = bounds(areas("district", 0.1, 99.9), 0.1, 99.9)
    assert low["west"] == pytest.approx(km(0.5, 99, 0.5, 98), abs=METRES_10)
    corner = max(km(lat, 100, 0.5, 98) for lat in (0, 1))
    assert high["west"] == pytest.approx(corner, abs=METRES_10)
    assert low["inside"] == 0
    assert high["inside"] == pytest.approx(km(1, 100, 0.5, 99.5), abs=METRES_10)


def test_bounds_to_a_footprint_are_those_of_its_nearest_point() -> None:
    outline = box(98, 0.4, 98.5, 0.6)
    square = on_plane(gpd.GeoDataFrame(geometry=[outline], index=["west"], crs=4326))
    low, high = bounds(areas("district", 0.1, 99.9), 0.1, 99.9, footprints=square)
    assert low["west"] == pytest.approx(km(0.5, 99, 0.5, 98.5), abs=METRES_10)
    corner = max(km(0, 100, 0.4, 98.5), km(1, 100, 0.6, 98.5))
    assert high["west"] == pytest.approx(corner, abs=METRES_10)


def test_bounds_of_a_circle_are_its_radius_on_both_sides() -> None:
    low, high = bounds(areas("site", 0.5, 99.503), 0.5, 99.503)
    away = km(0.5, 99.503, 0.5, 98)
    assert (low["west"], high["west"]) == pytest.approx((away - 0.5, away + 0.5))
    assert low["inside"] == 0


def test_bounds_hold_the_distance_of_a_stated_point_beyond_its_area() -> None:
    # The district reported is the western one, the point lies 11 km east of it.
    found = areas("district", 0.5, 99.9)
    low, high = bounds(found, 0.5, 100.1)
    assert high["west"] == pytest.approx(km(0.5, 100.1, 0.5, 98), abs=METRES_10)
    assert low["west"] == pytest.approx(km(0.5, 99, 0.5, 98), abs=METRES_10)


@pytest.mark.parametrize(
    "center", ["deli-serdang-cassava", "karo-coffee", "asahan-copra", "pik-menteng"]
)
def test_bounds_agree_with_a_brute_force_over_the_area(
    center: str, shipped: Inputs, measured: Measured
) -> None:
    """Audit E4: points every 1.1 km over the area and every 110 m along its border."""
    area = measured.areas.outlines(measured.centers.loc[[center]]).iloc[0]
    west, south, east, north = area.bounds
    lon, lat = np.meshgrid(np.arange(west, east, 0.01), np.arange(south, north, 0.01))
    inside = shapely.contains_xy(area, lon, lat)
    border = shapely.get_coordinates(shapely.segmentize(area, 0.001))
    points = np.vstack([np.column_stack([lon[inside], lat[inside]]), border])
    for zone, place in shipped.zones.iterrows():
        away = Geod(ellps="WGS84").inv(
            points[:, 0],
            points[:, 1],
            np.full(len(points), place["lon"]),
            np.full(len(points), place["lat"]),
        )[2]
        low, high = (
            tables.cell(measured.low, center, zone),
            tables.cell(measured.high, center, zone),
        )
        assert away.max() / 1000 == pytest.approx(high, abs=METRES_10)
        if shapely.contains_xy(area, place["lon"], place["lat"]):
            assert low == 0
        else:
            # The nearest of points 110 m apart is at most 55 m aside of the nearest one.
            assert low - METRES_10 <= away.min() / 1000 <= np.hypot(low, 0.06) + METRES_10


def test_the_nearest_zone_is_certain_where_it_is_so_from_every_place(
    shipped: Inputs, measured: Measured
) -> None:
    """Audit E4: overlapping intervals said "uncertain" of what 100 % of the places agree on."""
    told = measured.centers["nearest_uncertain"]
    for center, area in measured.areas.outlines(measured.centers).items():
        west, south, east, north = area.bounds
        grid = np.meshgrid(np.linspace(west, east, 150), np.linspace(south, north, 150))
        lon, lat = (part[shapely.contains_xy(area, *grid)] for part in grid)
        spots = shipped.zones[["lat", "lon"]].itertuples(index=False)
        away = [
            Geod(ellps="WGS84").inv(
                lon, lat, np.full_like(lon, spot.lon), np.full_like(lat, spot.lat)
            )[2]
            for spot in spots
        ]
        assert told[center] == (len(set(np.argmin(away, axis=0))) > 1), center
    assert not told["deli-serdang-cassava"]


@pytest.mark.parametrize(
    ("center", "zone", "low", "high", "within"),
    [
        # The auditor's borders of the district and ours agree to the last figure printed; only
        # KIM's point, on the border of two districts, lies on the other side of it.
        ("deli-serdang-cassava", "kim", 0.1, 68.7, 0.15),
        # Theirs are polygons of the subdistricts, ours hulls of village points: forest without a
        # village, at the far end of both, is not in them.
        ("simalungun-coffee", "sei_mangkei", 54.2, 74.1, 3.5),
        ("karo-coffee", "kim", 58.7, 82.4, 3.5),
    ],
)
def test_intervals_are_those_that_the_auditor_found(
    measured: Measured, center: str, zone: str, low: float, high: float, within: float
) -> None:
    """Audit E4: the ring gave 0.0 to 52.2, 55.2 to 65.2 and 63.5 to 73.5 km."""
    assert measured.low.at[center, zone] == pytest.approx(low, abs=within)
    assert tables.cell(measured.high, center, zone) == pytest.approx(high, abs=within)


def test_each_shipped_center_lies_in_the_area_that_its_evidence_names(
    shipped: Inputs, measured: Measured
) -> None:
    for center, row in shipped.centers.iterrows():
        code = re.search(r"village point ([0-9.]{13})", row["position_source"])[1].replace(".", "")
        spot = shipped.villages.loc[code]
        assert (spot["lat"], spot["lon"]) == (row["lat"], row["lon"])
        length = {"village": 10, "subdistrict": 6, "district": 4}[row["position_precision"]]
        assert measured.centers.at[center, "area_code"] == code[:length]
        assert measured.centers.at[center, "area_kind"] == row["position_precision"]
        if length > 4:
            assert row["area_code"] == code[:length]
            # The evidence may spell a name otherwise: Pamatang Sidamanik, Pematang Sidamanik.
            assert row["locality"][-5:] == spot["subdistrict"][-5:] or length == 6


def test_district_of_own_borders_is_the_area(shipped: Inputs) -> None:
    own = shipped.districts.copy()
    own.loc["1207", "geometry"] = box(98.4, 3.2, 98.8, 3.7)
    found = analysis.measure(replace(shipped, districts=own))
    center = found.centers.loc[["deli-serdang-cassava"]]
    assert found.areas.outlines(center).iloc[0].equals(box(98.4, 3.2, 98.8, 3.7))
    far = max(km(y, x, 3.6647, 98.675) for x in (98.4, 98.8) for y in (3.2, 3.7))
    assert found.high.at["deli-serdang-cassava", "kim"] == pytest.approx(far, abs=2)


def test_a_distance_filter_counts_who_may_lie_beyond_it_over_the_whole_area(
    measured: Measured,
) -> None:
    """Audit E4: the ring ended 52 km from KIM, the district reaches to 69."""
    assert tables.cell(measured.distances, "deli-serdang-cassava", "kim") < 60
    assert tables.cell(measured.high, "deli-serdang-cassava", "kim") > 60


def test_draws_of_linkage_reach_over_the_whole_district(
    shipped: Inputs, measured: Measured
) -> None:
    """Audit E4: draws are uniform in the area, so that some lie beyond where the ring ended."""
    some = measured.centers.loc[["deli-serdang-cassava"]]
    reached = analysis.reach(some, measured.areas, shipped.zones, draws=500)
    area = measured.areas.outlines(some).iloc[0]
    kim = tables.row(shipped.zones, "kim")
    assert reached.drawn["kim"].max() > 60
    beyond = reached.drawn["kim"].gt(52.2).mean()
    west, south, east, north = area.bounds
    lon, lat = np.meshgrid(np.arange(west, east, 0.005), np.arange(south, north, 0.005))
    inside = shapely.contains_xy(area, lon, lat)
    away = [km(y, x, kim["lat"], kim["lon"]) for x, y in zip(lon[inside], lat[inside], strict=True)]
    share = np.mean(np.array(away) > 52.2)
    assert beyond == pytest.approx(share, abs=4 * np.sqrt(share * (1 - share) / 500))


def test_bounds_of_many_own_centers_are_those_of_each_alone(shipped: Inputs) -> None:
    random = np.random.default_rng(4)
    count = 60
    own = shipped.centers.iloc[np.zeros(count, int)].assign(
        lat=random.uniform(2.4, 3.6, count),
        lon=random.uniform(98.5, 99.6, count),
        position_precision=random.choice(["site", "village", "subdistrict", "district"], count),
        district_code=pd.array([None] * count, dtype="str"),
        area_code=pd.array([None] * count, dtype="str"),
    )
    own.index = pd.Index([f"u{i}" for i in range(count)], name="center_id")
    together = analysis.measure(replace(shipped, centers=own))
    for center in own.index[::7]:
        alone = analysis.measure(replace(shipped, centers=own.loc[[center]]))
        for part in ("low", "high"):
            one, many = getattr(alone, part), getattr(together, part)
            pd.testing.assert_series_equal(one.loc[center], many.loc[center])
    kinds = together.centers["area_kind"]
    assert {"village", "subdistrict", "district", "circle"} == set(kinds.dropna())
    known = together.low.notna().all(axis=1)
    assert (together.low[known] <= together.distances[known]).all(axis=None)
    assert (together.distances[known] <= together.high[known]).all(axis=None)
