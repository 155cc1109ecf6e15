"""Coordinates in every way that lists have them; places known from their printed degrees."""

from collections.abc import Mapping

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Transformer

from ikmgeo.reading import coordinates
from ikmgeo.reading.cell_shapes import with_points
from ikmgeo.reading.coordinates import Given, Ground, decimal_degrees, read

WEST, EAST = shapely.box(98, 2, 99, 4), shapely.box(99, 2, 100, 4)
GROUND = Ground(
    shapely.union(WEST, EAST), (98, 2, 100, 4), gpd.GeoSeries({"w": WEST, "e": EAST}, crs=4326)
)
HERE = (3.1785, 99.4312)
"""3° 10' 42.6" N, 99° 25' 52.32" E, by hand: 10.71 and 25.872 minutes."""


def place(
    lat: str | None = None, lon: str | None = None, ground: Ground = GROUND, **more: str | None
) -> tuple[float, float] | str | None:
    cells = dict.fromkeys(Given._fields) | {"lat": lat, "lon": lon} | more
    reading, defect = read(Given(**cells), ground)
    return (round(reading.lat, 6), round(reading.lon, 6)) if reading else defect


@pytest.mark.parametrize(
    ("lat", "lon"),
    [
        ("3° 10' 42.6000\" N", "99° 25' 52.3200\" E"),
        ("3°10'42,6\"LU", "99°25'52,32\"BT"),
        ("3° 10’ 42.6” LU", "99° 25’ 52.32” BT"),
        ("03º10′42,6″ LU", "099º25′52,32″ BT"),
        ("LU 3° 10' 42,6\"", "BT 99° 25' 52,32\""),
        ("3 10 42.6", "99 25 52.32"),
        ("3 10 42.6 N", "99 25 52.32 E"),
        ("3.10.42,6 LU", "99.25.52,32 BT"),
        ("3d10m42.6s N", "99d25m52.32s E"),
        ("3:10:42.6", "99:25:52.32"),
        ("3 derajat 10 menit 42,6 detik lintang utara", "99 derajat 25 menit 52,32 detik BT"),
        ("3°10.71'", "99°25.872'"),
        ("3,1785°", "99,4312°"),
        ("N 3.1785", "E 99.4312"),
        ("Lat: 3.1785", "Long: 99.4312"),
        ("LU: 3° 10' 42,6\"", "BT: 99° 25' 52,32\""),
        ("3° 10' 42.6'' U", "99° 25' 52.32'' T"),
        ("\u200b3.1785\u00a0", "99.4312\ufeff"),
        ("99°25'52.32\"E", "3°10'42.6\"N"),
    ],
)
def test_degrees_minutes_and_seconds_in_any_spelling(lat: str, lon: str) -> None:
    assert place(lat, lon) == HERE


def test_cell_with_both_goes_before_cells_that_cannot_be_read() -> None:
    assert place("?", "?", coordinates="3.1785, 99.4312") == HERE
    assert place("3.1785, 99.4312", None) == HERE
    assert place("2.5", "98.5", coordinates="3.1785, 99.4312") == (2.5, 98.5)


@pytest.mark.parametrize(
    "lat",
    [
        "2°30' LS",
        "2°30' L.S.",
        "2,5 LS.",
        "2.5 (LS)",
        "–2°30'",
        "\u22122.5",
        "- 2.5",
        "2 30 0 S",
        "2°30'S",
    ],
)
def test_south_and_west_are_negative(lat: str) -> None:
    south = Ground(shapely.box(-80, -3, -78, -2), (-80, -3, -78, -2))
    assert place(lat, "79°15' BB", south) == (-2.5, -79.25)


@pytest.mark.parametrize("lat", ["3 abc N", "2 Lint. Sel.", "2:30 LINTANGSELATAN", "~2°30'"])
def test_what_is_not_whole_an_angle_is_none(lat: str) -> None:
    assert place(lat, "99.4312") is None


def test_one_number_with_a_comma_is_not_two() -> None:
    """2,99 beside an empty cell is a latitude without a longitude."""
    assert place("2,99", None) is None
    assert place(None, "99,2") is None


@pytest.mark.parametrize(
    ("y", "x"),
    [
        ("351.333,364", "547.908,896"),
        ("351,333.364", "547,908.896"),
        ("351333.364 mU", "547908.896 mT"),
    ],
)
def test_metres_with_signs_between_thousands_or_a_unit(y: str, x: str) -> None:
    assert place(y, x) == pytest.approx(HERE, abs=1e-6)


def test_metres_in_one_cell_are_easting_and_northing_if_only_one_order_fits() -> None:
    """Both orders of 411000, 420000 lie in the province: without a district nobody can tell."""
    both = Ground(
        shapely.union(WEST, EAST), (98, 2, 100, 4), gpd.GeoSeries({"w": WEST, "e": EAST}, crs=4326)
    )
    x, y = Transformer.from_crs(4326, 32647, always_xy=True).transform(98.2, 3.8)
    cell = f"{x:.0f}, {y:.0f}"
    assert place(ground=both, coordinates=cell) == "coordinates_metres_unplaced"
    assert place(coordinates="547908.896, 351333.364") == pytest.approx(HERE, abs=1e-6)


def test_two_places_in_one_row_are_told() -> None:
    rows = text({"lat": "2.5", "lon": "98.5", "coordinates": "3.1785, 99.4312"})
    _, issues = decimal_degrees(rows, GROUND, pd.Series(None, rows.index, dtype="str"), "f")
    assert [issue.code for issue in issues] == ["coordinates_differ"]
    assert place("0", "0", coordinates="3.1785, 99.4312") == HERE


@pytest.mark.parametrize(
    "cell",
    ["0" * 60 + "31785", "0" * 119, "," * 119, "N 1 1 " * 19, "1 " * 59, "1" * 9_000, "°" * 119],
)
def test_hostile_cells_cost_no_more_than_others(cell: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted in the angles that are tried, not in seconds."""
    tried = 0
    parse = coordinates._angle

    def counted(part: str) -> coordinates.Angle | None:
        nonlocal tried
        tried += 1
        return parse(part)

    monkeypatch.setattr(coordinates, "_angle", counted)
    place(cell, cell, district="e")
    place(coordinates=cell)
    assert tried <= 2 * len(coordinates.BETWEEN) * coordinates.CUTS + 20


@pytest.mark.parametrize(
    "cell",
    [
        "3.1785, 99.4312",
        "3.1785,99.4312",
        "3,1785, 99,4312",
        "3,1785; 99,4312",
        "3,1785,99,4312",
        "3.1785 99.4312",
        "3.1785/99.4312",
        "(3.1785, 99.4312)",
        "3.1785\n99.4312",
        "Lat 3.1785 Long 99.4312",
        "lintang: 3,1785 bujur: 99,4312",
        "3°10'42.6\"N 99°25'52.32\"E",
        "3°10'42.6\"N, 99°25'52.32\"E",
        "3°10'42,6\"LU99°25'52,32\"BT",
        "99.4312 E 3.1785 N",
        "99.4312, 3.1785",
        "POINT (99.4312 3.1785)",
        "POINT Z(99.4312 3.1785 12)",
        "SRID=4326;POINT(99.4312 3.1785)",
        "https://www.google.com/maps?q=3.1785,99.4312",
        "https://www.google.com/maps/@3.1785,99.4312,17z",
        "https://www.google.com/maps/place/X/@3.2,99.5,17z/data=!3m1!4b1!8m2!3d3.1785!4d99.4312",
        "https://www.google.com/maps/place/" + "Sentra+" * 30 + "/@3.1785,99.4312,17z",
        "https://maps.google.com/?ll=3.1785%2C99.4312&z=12",
        "https://www.google.com/maps/search/3.1785,+99.4312",
        "3°10'42,6\"LU - 99°25'52,32\"BT",
        "3,1785 LU - 99,4312 BT",
        "3.1785 - 99.4312",
        "3.1785 dan 99.4312",
        "3.1785 99.4312 25.5 4.9",
        "99.4312,3.1785,0",
    ],
)
def test_both_in_one_cell(cell: str) -> None:
    assert place(coordinates=cell) == HERE


@pytest.mark.parametrize(
    "cell",
    [
        "by the river",
        "3.1785",
        "3, 1785, 99",
        "3,98",
        "Desa X, Blok 2:5, 99:10",
        "Jl. Lintas Utara 2:30, RT 3 RW 99 T",
        "N E",
        "(,)",
        "°'\"",
        "9" * 500,
        "..,",
        "RT 3 RW 4 47 N",
        "X 547908",
        "Blok X 12000 no 13000 47N",
    ],
)
def test_what_is_no_pair_is_told(cell: str) -> None:
    assert place(coordinates=cell) == "coordinates_unread"


@pytest.mark.parametrize("zone", ["46", "47"])
def test_metres_of_both_zones_are_known_by_where_they_lie(zone: str) -> None:
    """A province on both sides of 96° E; metres from PROJ itself, not through ours."""
    west = Ground(shapely.box(95, 2, 99, 4), (95, 2, 99, 4))
    at = {"46": (95.4, 3.2), "47": (98.6, 2.7)}[zone]
    x, y = Transformer.from_crs(4326, int(f"326{zone}"), always_xy=True).transform(*at)
    for lat, lon in ((y, x), (x, y)):
        assert place(f"{lat:.3f}", f"{lon:.3f}".replace(".", ","), west) == pytest.approx(
            at[::-1], abs=1e-6
        )


@pytest.mark.parametrize(
    "cell",  # easting and northing of HERE from PROJ: 547908.90, 351333.36
    [
        "47N 547908 351333",
        "47 N 547908 351333",
        "UTM 47N 547908 351333",
        "Zona 47N: 547908; 351333",
        "WGS 84 / UTM zone 47N, 547908 351333",
        "X= 547908 Y= 351333",
        "X: 547.908 Y: 351.333",
        "Y=351333, X=547908",
        "547908 mE, 351333 mN",
        "E 547908 N 351333",
        "547.908 mT 351.333 mU 47N",
        "EPSG:32647 X=547908 Y=351333",
        "EPSG:32647; 547908; 351333",
        "47N 351333 547908",
        "X 99,4312 Y 3,1785",
    ],
)
def test_metres_of_one_cell_with_words_that_name_them(cell: str) -> None:
    assert place(coordinates=cell) == pytest.approx(HERE, abs=1e-4)


@pytest.mark.parametrize(
    ("lat", "lon"),
    [
        ("351.333", "547.908"),
        ("351,333", "547,908"),
        ("351.333,36", "547.908,90"),
        ("351,333.36", "547,908.90"),
        ("351333.36", "547.908"),
        ("547.908", "351.333"),
    ],
)
def test_metres_with_signs_between_thousands(lat: str, lon: str) -> None:
    assert place(lat, lon) == pytest.approx(HERE, abs=1e-4)
    assert place(lat, lon, epsg="UTM 47N") == pytest.approx(HERE, abs=1e-4)


def test_a_system_by_its_zone_decides_between_zones() -> None:
    wide = Ground(shapely.box(90, 2, 100, 4), (90, 2, 100, 4))
    assert place(coordinates="547908 351333", ground=wide) == "coordinates_metres_unplaced"
    assert place(coordinates="46N 547908 351333", ground=wide) == pytest.approx(
        (HERE[0], HERE[1] - 6), abs=1e-4
    )


def test_metres_south_of_the_equator() -> None:
    south = Ground(shapely.box(97, -1, 99, -0.2), (97, -1, 99, -0.2))
    x, y = Transformer.from_crs(4326, 32747, always_xy=True).transform(97.8, -0.6)
    assert place(f"{y:.2f}", f"{x:.2f}", south) == pytest.approx((-0.6, 97.8), abs=1e-6)


@pytest.mark.parametrize(
    ("cell", "precision"),
    [
        ("POLYGON ((99.40 3.16, 99.44 3.16, 99.44 3.20, 99.40 3.20, 99.40 3.16))", "subdistrict"),
        ("MULTIPOLYGON (((99.419 3.179, 99.421 3.179, 99.421 3.181, 99.419 3.181)))", None),
        ("MULTIPOLYGON (((99.419 3.179,99.421 3.179,99.421 3.181,99.419 3.179)))", "site"),
        ("LINESTRING Z (99.41 3.18 0, 99.42 3.18 0, 99.43 3.18 0)", "village"),
        ("MULTIPOINT ((99.42 3.18))", "site"),
        ("3.18 99.41 0 0; 3.18 99.42 0 0; 3.18 99.43 12.5 4.9", "village"),
        (
            "SRID=32647;POLYGON((546000 351000,547000 351000,547000 352000,546000 351000))",
            "village",
        ),
        ("SRID=4326;POINT(99.42 3.18)", ""),
        ("0101000020E61000007B14AE47E1DA5840713D0AD7A3700940", ""),
        ("POLYGON EMPTY", None),
        ("POLYGON ((", None),
    ],
)
def test_a_shape_in_a_cell_is_a_point_and_the_precision_of_its_size(
    cell: str, precision: str | None
) -> None:
    """Radii by hand: half the diagonal of 0.04° is 3.1 km, of 0.002° 0.16 km, of 1 km 0.7 km."""
    rows = text({"lat": None, "lon": None, "coordinates": cell, "position_precision": None})
    shown, notes = with_points(rows, "f")
    found, _ = decimal_degrees(shown, GROUND, pd.Series(None, rows.index, dtype="str"), "f")
    if precision is None:
        assert found["lat"].isna().all()
        return
    assert found[["lat", "lon"]].astype(float).to_numpy()[0] == pytest.approx(
        (3.18, 99.42), abs=0.02
    )
    assert found["position_precision"].fillna("").tolist() == [precision]
    assert [note.code for note in notes] == ["geometry_spread"] * bool(precision)


def test_metres_that_lie_nowhere_are_told() -> None:
    assert place("5000000.5", "500000.5") == "coordinates_metres_unplaced"


def test_metres_of_any_system_whose_number_stands_beside() -> None:
    x, y = Transformer.from_crs(4326, 23830, always_xy=True).transform(99.4312, 3.1785)  # TM-3
    assert place(f"{y}", f"{x}", epsg="EPSG:23830") == HERE
    assert place("3.1785", "99.4312", epsg="4326") == HERE
    assert place(f"{y}", f"{x}", epsg="999999") is None
    assert place(f"{y}", f"{x}", epsg="3053") is None  # a system that has no way to degrees


@pytest.mark.parametrize("name", ["SRGI2013", "WGS 1984", "EPSG=32647", "999999", "5773"])
def test_degrees_in_the_province_are_degrees_whatever_stands_beside(name: str) -> None:
    assert place("3.1785", "99.4312", epsg=name) == HERE


@pytest.mark.parametrize(
    ("lat", "lon", "district", "found"),
    [
        ("31785", "994312", "e", HERE),
        ("3.178.500", "99.431.200", "e", HERE),
        ("3.1785", "994312", "e", HERE),
        ("31785", "99.4312", "e", HERE),
        ("31785", "994312", "w", "coordinates_point_lost"),
        ("31785", "994312", None, "coordinates_point_lost"),
        ("31785", "994312", "nowhere", "coordinates_point_lost"),
    ],
)
def test_lost_point_comes_back_only_where_one_way_lies_in_the_district(
    lat: str, lon: str, district: str | None, found: object
) -> None:
    assert place(lat, lon, district=district) == found


def test_lost_point_with_two_ways_into_the_district_stays_lost() -> None:
    tall = shapely.box(99, 0.2, 100, 4)
    ground = Ground(tall, (99, 0.2, 100, 4), gpd.GeoSeries({"t": tall}, crs=4326))
    assert place("31785", "994312", ground, district="t") == "coordinates_point_lost"


def test_exchanged_degrees_are_put_right_only_where_they_lie_in_the_province_so() -> None:
    assert place("99.4312", "3.1785") == HERE
    assert place("45", "7") == (45, 7)
    both = Ground(shapely.box(1, 1, 9, 9), (1, 1, 9, 9))
    assert place("3", "5", both) == (3, 5)


def text(*rows: Mapping[str, str | None]) -> pd.DataFrame:
    index = pd.RangeIndex(2, len(rows) + 2, name="row")
    return pd.DataFrame(list(rows), index=index, dtype="str")


def test_rows_keep_their_cells_and_each_way_is_told_once() -> None:
    rows = text(
        {"lat": "2.5", "lon": "98.5"},
        {"lat": "2,5", "lon": "98,25"},
        {"lat": "2°30'", "lon": "98°15'"},
        {"lat": "3°30'", "lon": "98°45'"},
        {"lat": "x", "lon": "y"},
        {"lat": None, "lon": None},
    )
    found, issues = decimal_degrees(rows, GROUND, pd.Series(None, rows.index, dtype="str"), "f")
    assert found.loc[[2, 3, 6, 7]].equals(rows.loc[[2, 3, 6, 7]])
    assert found.loc[[4, 5]].to_numpy().tolist() == [["2.5", "98.25"], ["3.5", "98.75"]]
    (note,) = issues
    assert (note.code, note.severity, note.row) == ("coordinates_sexagesimal", "noted", None)
    assert (note.expected["count"], note.expected["first"]) == (2, 4)


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=60))
def test_any_text_is_read_or_left(lat: str, lon: str, coordinates: str) -> None:
    rows = text({"lat": lat, "lon": lon, "coordinates": coordinates})
    found, _ = decimal_degrees(rows, GROUND, pd.Series("e", rows.index, dtype="str"), "f")
    assert found.shape == rows.shape


SIGNS = st.text("0123456789 .,°'\"NSEWLUBT-;/()\n", max_size=80)


@given(SIGNS, SIGNS)
def test_no_spelling_costs_more_than_its_length(lat: str, lon: str) -> None:
    place(lat, lon)
    place(coordinates=lat + lon)


@given(st.floats(2.001, 3.999), st.floats(98.001, 99.999), st.sampled_from(range(3)))
def test_degrees_written_in_any_way_come_back(lat: float, lon: float, way: int) -> None:
    def written(value: float) -> str:
        minutes, seconds = divmod(value * 3600, 60)
        degrees, minutes = divmod(minutes, 60)
        return [
            f"{value:.7f}".replace(".", ","),
            f"{degrees:.0f}° {minutes:.0f}' {seconds:.4f}\"",
            f"{degrees:.0f}°{value % 1 * 60:.6f}'",
        ][way]

    assert place(written(lat), written(lon)) == pytest.approx((lat, lon), abs=1e-6)
