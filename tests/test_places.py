"""Two unit squares and a few points; districts of other publishers made from the shipped ones."""

import math
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from ikmgeo.analysis import gather, measure
from ikmgeo.errors import DataError
from ikmgeo.reading.places import (
    known_footprints,
    land,
    located_district,
    outside_reported,
    read_districts,
    recognise,
)
from ikmgeo.reading.polygons import polygonal
from ikmgeo.settings import SHIPPED_DATA, Settings
from tests.planes import UTM_47N
from tests.shipped_data import shipped_inputs

SHIPPED = gpd.read_file(SHIPPED_DATA / "geo" / "districts.geojson")
OFFICIAL = SHIPPED[SHIPPED["kind"] == "district"].set_index("district_code")
FORMER = pd.read_csv(SHIPPED_DATA / "former_names.csv", dtype="str").set_index("former_name")

# West of the meridian 99 lies 1202, east of it 1201; the table names the higher code first.
SQUARES = gpd.GeoDataFrame(
    geometry=[shapely.box(98, 2, 99, 3), shapely.box(99, 2, 100, 3)],
    index=pd.Index(["1202", "1201"], name="district_code"),
    crs=4326,
)


def located(*points: tuple[float, float], districts: gpd.GeoDataFrame = SQUARES) -> list[object]:
    """District codes of points (lon, lat), None where there is none."""
    centers = pd.DataFrame(points, columns=["lon", "lat"], index=[f"c{i}" for i in points])
    found = located_district(centers, districts)
    assert found.index.equals(centers.index)
    return [None if pd.isna(code) else code for code in found]


def test_point_belongs_to_the_square_around_it() -> None:
    assert located((98.5, 2.5), (99.5, 2.5)) == ["1202", "1201"]


@pytest.mark.parametrize("districts", [SQUARES, SQUARES.iloc[::-1]])
def test_point_on_the_shared_border_belongs_to_the_lower_code_in_any_order(
    districts: gpd.GeoDataFrame,
) -> None:
    assert located((99, 2.5), districts=districts) == ["1201"]


def test_point_on_the_outer_border_is_inside() -> None:
    assert located((98, 2.5), (98.5, 3)) == ["1202", "1202"]


def test_point_outside_every_square_and_missing_position_have_no_district() -> None:
    assert located((97.9, 2.5), (math.nan, math.nan), (99.5, 2.5)) == [None, None, "1201"]


def test_without_districts_no_point_has_one() -> None:
    assert located((98.5, 2.5), districts=SQUARES.iloc[:0]) == [None]


def test_no_points_give_no_rows() -> None:
    none = pd.DataFrame({"lon": [], "lat": []}, dtype=float)
    assert located_district(none, SQUARES).empty


@pytest.mark.parametrize(
    ("reported", "found", "across"),
    [
        ("1201", "1201", False),
        ("1201", "1202", True),
        (None, "1201", False),
        ("1201", None, False),
        (None, None, False),
    ],
)
def test_outside_reported_only_where_both_districts_are_known_and_differ(
    reported: str | None, found: str | None, across: bool
) -> None:
    pair = pd.Series([reported], dtype=object), pd.Series([found], dtype=object)
    assert outside_reported(*pair).tolist() == [across]


def test_only_binjai_halua_falls_across_a_border_into_langkat() -> None:
    centers = measure(shipped_inputs()).centers
    across = centers[centers["across_border"]]
    assert across.index.tolist() == ["binjai-halua"]
    assert across[["district", "district_located"]].to_numpy().tolist() == [["1275", "1205"]]


def test_land_is_districts_and_lakes_in_one() -> None:
    lake = gpd.GeoDataFrame(geometry=[shapely.box(98, 3, 99, 4)], crs=4326)
    assert shapely.area(land(SQUARES, lake)) == pytest.approx(3)


ZONES = pd.DataFrame(index=pd.Index(["a", "b"], name="zone_id"))


def footprints(*zones: str, crs: int = 4326) -> gpd.GeoDataFrame:
    """Unit squares side by side from 98 E 2 N, one for each zone."""
    squares = [shapely.box(98 + i, 2, 99 + i, 3) for i in range(len(zones))]
    return gpd.GeoDataFrame({"zone_id": list(zones)}, geometry=squares, crs=4326).to_crs(crs)


def test_footprints_of_zones_that_do_not_exist_are_left_out() -> None:
    assert known_footprints(footprints("b", "ghost"), ZONES, UTM_47N).index.tolist() == ["b"]


def test_two_parts_of_a_zone_are_one_footprint() -> None:
    found = known_footprints(footprints("a", "a"), ZONES, UTM_47N)
    assert found.index.tolist() == ["a"]
    assert found.geometry.iloc[0].area == pytest.approx(2)


@pytest.mark.parametrize("crs", [4326, 3857, 32647])
def test_footprints_are_given_in_wgs84_whatever_their_crs(crs: int) -> None:
    found = known_footprints(footprints("a", crs=crs), ZONES, UTM_47N)
    assert found.total_bounds.tolist() == pytest.approx([98, 2, 99, 3], abs=1e-6)


def ocha(districts: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Columns as in OCHA COD-AB: codes of BPS with the country before them."""
    columns = {"ADM2_PCODE": "ID" + districts["bps_code"], "ADM2_EN": districts["short_name"]}
    return gpd.GeoDataFrame(columns, geometry=districts.geometry).reset_index(drop=True)


def geoboundaries(districts: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    columns = {"shapeName": districts["short_name"], "shapeType": "ADM2"}
    return gpd.GeoDataFrame(columns, geometry=districts.geometry).reset_index(drop=True)


def big(districts: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Columns as in the file of BIG: codes of Kemendagri with a dot, cities with ``Kota``."""
    code = districts.index.str[:2] + "." + districts.index.str[2:]
    name = districts["short_name"].where(districts["type"] != "kota", districts["name_id"])
    columns = {"KDPKAB": code, "WADMKK": name}
    return gpd.GeoDataFrame(columns, geometry=districts.geometry).reset_index(drop=True)


def big_names(districts: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return big(districts).drop(columns="KDPKAB")


def ocha_new(districts: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Columns as in OCHA's files since 2025."""
    return ocha(districts).rename(columns={"ADM2_EN": "adm2_name", "ADM2_PCODE": "adm2_pcode"})


def gadm(districts: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Columns as in GADM 4.1, whose JSON writes names without spaces."""
    columns = {
        "GID_2": [f"IDN.32.{i}_1" for i in range(len(districts))],
        "NAME_2": districts["short_name"].str.replace(" ", "").tolist(),
        "CC_2": districts["bps_code"].tolist(),
    }
    return gpd.GeoDataFrame(columns, geometry=districts.geometry.to_numpy(), crs=4326)


def bps(districts: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    columns = {"idkab": districts["bps_code"], "nmkab": districts["short_name"].str.upper()}
    return gpd.GeoDataFrame(columns, geometry=districts.geometry).reset_index(drop=True)


PUBLISHERS = [ocha, ocha_new, geoboundaries, big, big_names, gadm, bps]
Publisher = Callable[[gpd.GeoDataFrame], gpd.GeoDataFrame]


def found_in(polygons: gpd.GeoDataFrame) -> gpd.GeoSeries:
    return recognise(polygonal(polygons), OFFICIAL, FORMER, file="own.gpkg")


def same_place(found: gpd.GeoSeries) -> bool:
    """Whether each code has the polygon that the shipped file gives it, to a ten-thousandth."""
    shipped = np.asarray(OFFICIAL.geometry.reindex(found.index))
    differing = shapely.area(shapely.symmetric_difference(found.to_numpy(), shipped))
    return bool((differing < 1e-4 * shapely.area(shipped)).all())


@pytest.mark.parametrize("publisher", PUBLISHERS)
def test_districts_of_each_publisher_are_recognised(publisher: Publisher) -> None:
    found = found_in(publisher(OFFICIAL).sample(frac=1, random_state=1))
    assert set(found.index) == set(OFFICIAL.index)
    assert len(found) == 33
    assert same_place(found)


@pytest.mark.parametrize("crs", [3857, 32647, 23847])
def test_districts_in_another_crs_come_back_in_wgs84(crs: int) -> None:
    found = found_in(ocha(OFFICIAL).to_crs(crs))
    assert found.crs == "EPSG:4326"
    assert same_place(found)


@pytest.mark.parametrize("publisher", PUBLISHERS)
def test_districts_elsewhere_in_indonesia_are_cut_even_with_a_name_of_the_province(
    publisher: Publisher,
) -> None:
    # The same names and codes once more, 30 degrees to the east, and one foreign district.
    twins = OFFICIAL.iloc[:3].set_geometry(OFFICIAL.geometry.iloc[:3].translate(30, 0))
    foreign = OFFICIAL.iloc[:1].assign(short_name="Batang", name_id="Batang", bps_code="3325")
    foreign = foreign.set_axis(["3325"]).set_geometry([shapely.box(109, -7, 110, -6)], crs=4326)
    found = found_in(publisher(pd.concat([OFFICIAL, twins, foreign])))
    assert set(found.index) == set(OFFICIAL.index)
    assert same_place(found)


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("1212", "Toba Samosir"),
        ("1215", "Pakpak Barat"),
        ("1277", "Kota Padang Sidempuan"),
        ("1210", "Labuhan Batu"),
        ("1219", "KAB. BATUBARA"),
        ("1276", "Kota Tebingtinggi"),
        ("1207", "Kabupaten Deli Serdang"),
    ],
)
def test_former_names_and_other_spellings_are_recognised(code: str, name: str) -> None:
    renamed = OFFICIAL.copy()
    renamed.loc[code, "short_name"] = name
    assert same_place(found_in(geoboundaries(renamed)))


def test_two_features_of_a_district_become_one_geometry() -> None:
    whole = OFFICIAL.geometry["1208"]
    west, south, east, north = whole.bounds
    half = shapely.box(west, south, (west + east) / 2, north)
    parts = OFFICIAL.loc[["1208"]].set_geometry([whole - half], crs=4326)
    first = OFFICIAL.copy()
    part: Any = [whole & half]
    first.loc[["1208"], "geometry"] = part
    assert same_place(found_in(ocha(pd.concat([first, parts]))))


def test_polygon_that_crosses_itself_comes_back_valid() -> None:
    crossed = OFFICIAL.copy()
    bow_tie = shapely.Polygon([(98, 2), (99, 3), (99, 2), (98, 3)])
    assert not bow_tie.is_valid
    drawn: Any = [bow_tie]
    crossed.loc[["1208"], "geometry"] = drawn
    found = found_in(ocha(crossed))
    assert found.is_valid.all()
    assert found["1208"].area == pytest.approx(0.5)


@pytest.mark.parametrize("publisher", PUBLISHERS)
def test_missing_districts_are_refused_by_name(publisher: Publisher) -> None:
    with pytest.raises(DataError) as refused:
        found_in(publisher(OFFICIAL.drop(index=["1217", "1275"])))
    (issue,) = refused.value.issues
    assert (issue.code, issue.file) == ("districts_missing", "own.gpkg")
    assert issue.expected["names"] == ["Kabupaten Samosir", "Kota Binjai"]


def test_districts_of_another_province_are_all_missing() -> None:
    with pytest.raises(DataError) as refused:
        found_in(ocha(OFFICIAL.set_geometry(OFFICIAL.geometry.translate(30, 0))))
    expected: Any = refused.value.issues[0].expected
    assert len(expected["names"]) == 33


def test_degrees_without_a_crs_are_those_of_wgs84() -> None:
    assert same_place(found_in(ocha(OFFICIAL).set_crs(None, allow_override=True)))


def test_metres_without_a_crs_are_refused() -> None:
    bare = ocha(OFFICIAL).to_crs(UTM_47N).set_crs(None, allow_override=True)
    with pytest.raises(DataError) as refused:
        found_in(bare)
    assert [issue.code for issue in refused.value.issues] == ["crs_missing"]


def test_file_with_unknown_columns_is_refused_with_the_known_ones() -> None:
    with pytest.raises(DataError) as refused:
        found_in(ocha(OFFICIAL)[["geometry"]].assign(kode="1"))
    (issue,) = refused.value.issues
    assert issue.code == "districts_unrecognised"
    assert {"ADM2_PCODE", "shapeName", "KDPKAB"} <= set(issue.expected["columns"])


def test_own_polygons_take_the_place_of_the_shipped_ones_and_nothing_else(tmp_path: Path) -> None:
    own = ocha(OFFICIAL)
    own.geometry = own.geometry.translate(0.01, 0)
    own.to_file(tmp_path / "own.gpkg")
    districts, lakes, issues = read_districts(tmp_path / "own.gpkg", SHIPPED, FORMER)
    assert issues == ()
    assert districts.total_bounds[0] == pytest.approx(OFFICIAL.total_bounds[0] + 0.01)
    facts = OFFICIAL.drop(columns="geometry").sort_index()
    pd.testing.assert_frame_equal(pd.DataFrame(districts.drop(columns="geometry")), facts)
    assert lakes["name_id"].tolist() == ["Danau Toba"]


def test_without_own_file_the_shipped_polygons_stay() -> None:
    districts, _, issues = read_districts(None, SHIPPED, FORMER)
    assert issues == ()
    assert districts.geometry.geom_equals(OFFICIAL.sort_index().geometry, align=False).all()


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("gone.gpkg", None, "file_missing"),
        ("torn.gpkg", b"SQLite format 3\0 and no more", "file_broken"),
        ("torn.parquet", b"PAR1 and no more", "file_broken"),
        ("words.geojson", b"no polygons here", "unknown_format"),
        ("empty.geojson", b"", "file_empty"),
        ("table.csv", b"ADM2_PCODE,ADM2_EN\nID1208,Asahan\n", "unknown_format"),
        ("bare.geojson", b'{"type":"FeatureCollection","features":[]}', "polygons_none"),
    ],
)
def test_broken_own_file_keeps_the_shipped_polygons_and_lists_the_reason(
    tmp_path: Path, name: str, content: bytes | None, code: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    districts, lakes, issues = read_districts(tmp_path / name, SHIPPED, FORMER)
    assert [(issue.code, issue.file) for issue in issues] == [(code, name)]
    assert districts.geometry.geom_equals(OFFICIAL.sort_index().geometry, align=False).all()
    assert len(lakes) == 1


def test_districts_of_the_settings_place_the_centers(tmp_path: Path) -> None:
    # Binjai grown by 2 km takes Binjai halua back from Langkat.
    own = OFFICIAL.copy()
    grown = own.geometry["1275"].buffer(0.02)
    own.geometry = own.geometry.difference(grown)
    drawn: Any = [grown]
    own.loc[["1275"], "geometry"] = drawn
    geoboundaries(own).to_crs(32647).to_file(tmp_path / "own.gpkg")
    inputs = gather(Settings(districts=tmp_path / "own.gpkg"))
    centers = measure(inputs).centers
    assert inputs.issues == shipped_inputs().issues
    assert len(inputs.districts) == 33
    assert centers.at["binjai-halua", "district_located"] == "1275"
    assert not centers["across_border"].any()


def test_refused_districts_of_the_settings_leave_the_analysis_as_it_was(tmp_path: Path) -> None:
    ocha(OFFICIAL.drop(index="1275")).to_file(tmp_path / "own.gpkg")
    inputs, usual = gather(Settings(districts=tmp_path / "own.gpkg")), shipped_inputs()
    assert [i.code for i in inputs.issues if i not in usual.issues] == ["districts_missing"]
    assert inputs.districts.geometry.geom_equals(usual.districts.geometry).all()
    assert len(inputs.centers) == 13


def test_layer_with_districts_is_found_among_the_layers_of_a_file(tmp_path: Path) -> None:
    file = tmp_path / "idn_adm.gpkg"
    whole = OFFICIAL[["geometry"]].dissolve().assign(ADM0_PCODE="ID")
    whole.to_file(file, layer="adm0")
    ocha(OFFICIAL).to_file(file, layer="adm2")
    found, _, issues = read_districts(file, SHIPPED, FORMER)
    assert issues == ()
    assert same_place(found.geometry)


def test_columns_are_recognised_in_any_case() -> None:
    assert same_place(found_in(ocha(OFFICIAL).rename(columns=str.lower)))


def test_points_named_as_districts_are_no_districts() -> None:
    seats = ocha(OFFICIAL)
    seats = seats.set_geometry(seats.representative_point())
    with pytest.raises(DataError, match="districts_missing"):
        found_in(seats)


@pytest.mark.parametrize(
    "write",
    [
        lambda code: float(code),
        lambda code: int(code),
        lambda code: f"{code}.0",
        lambda code: float(f"{code[:2]}.{code[2:]}"),  # 12.10 becomes 12.1
        lambda code: f"{code[:2]}.{code[2:]}",
    ],
    ids=["float", "whole", "text of a float", "dotted float", "dotted"],
)
def test_codes_are_read_however_they_are_typed(write: Callable[[str], object]) -> None:
    own = big(OFFICIAL).assign(KDPKAB=OFFICIAL.index.map(write))
    assert same_place(found_in(own[["KDPKAB", "geometry"]]))


@pytest.mark.parametrize("gone", [slice(None), slice(0, 5)], ids=["all", "some"])
@pytest.mark.parametrize("nothing", [None, "", "0", " "])
def test_names_find_what_the_codes_do_not(gone: slice, nothing: str | None) -> None:
    own = big(OFFICIAL)
    own.loc[own.index[gone], "KDPKAB"] = nothing
    assert same_place(found_in(own))


def test_codes_find_what_the_names_do_not() -> None:
    own = big(OFFICIAL)
    own.loc[own.index[:5], "WADMKK"] = "Kabupaten Entah"
    assert same_place(found_in(own))


@pytest.mark.parametrize("named", [True, False])
def test_codes_of_another_authority_than_the_column_says_do_not_exchange_districts(
    named: bool,
) -> None:
    own = big(OFFICIAL).assign(KDPKAB=OFFICIAL["bps_code"].to_numpy())
    assert same_place(found_in(own if named else own.drop(columns="WADMKK")))


@pytest.mark.parametrize("column", ["kode", "nama_wilayah"])
def test_column_of_another_name_counts_when_it_has_every_district(column: str) -> None:
    values = {"kode": OFFICIAL["bps_code"], "nama_wilayah": OFFICIAL["name_id"].str.upper()}[column]
    own = OFFICIAL[["geometry"]].assign(no=range(33), **{column: values}).reset_index(drop=True)
    assert same_place(found_in(own))
    with pytest.raises(DataError, match="districts_unrecognised"):
        found_in(own.iloc[1:])


def test_polygons_in_collections_with_lines_and_points_are_found() -> None:
    own = ocha(OFFICIAL)
    mixed: Any = [
        shapely.GeometryCollection(
            [shape, shapely.Point(98, 3), shapely.LineString([(97, 1), (98, 2)])]
        )
        for shape in own.geometry
    ]
    found = found_in(own.set_geometry(mixed, crs=4326))
    assert set(found.geom_type) <= {"Polygon", "MultiPolygon"}
    assert same_place(found)


def test_kabupaten_and_kota_of_one_name_are_told_apart() -> None:
    """Invented: a city of the name of the kabupaten around it."""
    around, city = shapely.box(98, 2, 99, 3), shapely.box(98.4, 2.4, 98.6, 2.6)
    official = gpd.GeoDataFrame(
        {
            "name_id": ["Kabupaten Rekaan", "Kota Rekaan"],
            "short_name": "Rekaan",
            "bps_code": ["1201", "1271"],
        },
        geometry=[around - city, city],
        index=["1201", "1271"],
        crs=4326,
    )
    for kabupaten, kota in (
        *(("Rekaan", "Kota Rekaan"), ("Kab. Rekaan", "Rekaan"), ("Rekaan", "Rekaan")),
        ("Rekaan Regency", "Rekaan City"),
    ):
        own = gpd.GeoDataFrame(
            {"WADMKK": [kota, kabupaten]}, geometry=[city, around - city], crs=4326
        )
        found = recognise(own, official, FORMER.iloc[:0], file="own.gpkg")
        assert found.map(shapely.area).round(6).to_dict() == {"1201": 0.96, "1271": 0.04}


def test_file_of_big_without_codes_is_whole(tmp_path: Path) -> None:
    """Squares around the capitals, with a name alone."""
    capitals = shapely.points(OFFICIAL["capital_lon"], OFFICIAL["capital_lat"])
    own = big(OFFICIAL).assign(KDPKAB=None).set_geometry(shapely.buffer(capitals, 0.02), crs=4326)
    own.to_file(tmp_path / "big.geojson")
    found, _, issues = read_districts(tmp_path / "big.geojson", SHIPPED, FORMER)
    assert issues == ()
    seats = shapely.points(found["capital_lon"], found["capital_lat"])
    assert shapely.contains(found.geometry.to_numpy(), seats).all()


@pytest.mark.parametrize("folder", ["", "batas/adm2/"])
def test_zipped_shapefiles_of_several_levels_are_read(folder: str, tmp_path: Path) -> None:
    whole = OFFICIAL[["geometry"]].dissolve().assign(ADM0_PCODE="ID")
    with zipfile.ZipFile(tmp_path / "idn.zip", "w") as archive:
        for name, frame in (("idn_adm0", whole), ("idn_adm2", ocha(OFFICIAL))):
            frame.to_file(tmp_path / f"{name}.shp")
            for part in tmp_path.glob(f"{name}.*"):
                archive.write(part, folder + part.name)
    found, _, issues = read_districts(tmp_path / "idn.zip", SHIPPED, FORMER)
    assert issues == ()
    assert same_place(found.geometry)


def test_layer_that_lacks_districts_is_told_rather_than_one_without_any(tmp_path: Path) -> None:
    file = tmp_path / "own.gpkg"
    OFFICIAL[["geometry"]].assign(lain="x").to_file(file, layer="lain", index=False)
    ocha(OFFICIAL.drop(index="1217")).to_file(file, layer="adm2")
    (issue,) = read_districts(file, SHIPPED, FORMER)[2]
    assert (issue.code, issue.expected["names"]) == ("districts_missing", ["Kabupaten Samosir"])


def test_polygon_of_no_area_takes_no_name_from_another() -> None:
    own = ocha(OFFICIAL)
    flat = shapely.Polygon([(98, 2), (99, 3), (98.5, 2.5)])
    first = gpd.GeoDataFrame({"ADM2_PCODE": ["x"], "ADM2_EN": ["x"]}, geometry=[flat], crs=4326)
    assert same_place(found_in(pd.concat([first, own], ignore_index=True)))


def test_parts_of_a_district_with_codes_of_another_authority_are_all_kept() -> None:
    """Also the one beyond the border as it is shipped."""
    own = big(OFFICIAL)[["KDPKAB", "geometry"]].assign(KDPKAB=OFFICIAL["bps_code"].to_numpy())
    island = shapely.box(97.0, 2.5, 97.1, 2.6)
    code = OFFICIAL.at["1208", "bps_code"]
    part = gpd.GeoDataFrame({"KDPKAB": [code]}, geometry=[island], crs=4326)
    found = found_in(pd.concat([own, part], ignore_index=True))
    assert found["1208"].contains(island)
