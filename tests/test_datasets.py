"""Data that leave are what the screen showed, for programs that are not ours, and say whence."""

import csv as csv_module
import json
import os
import shutil
import sqlite3
import subprocess
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import geopandas as gpd
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely
from geographiclib.geodesic import Geodesic

from ikmgeo import analysis, tables
from ikmgeo.analysis import Inputs
from ikmgeo.filters import Filters
from ikmgeo.handout import Handout, settings, sources
from ikmgeo.handouts import datasets, workbook
from ikmgeo.measures.composite import SOURCES, Composition
from ikmgeo.measures.linkage import Parameters
from ikmgeo.measures.scoring import Scheme
from ikmgeo.reading.base import Origin
from ikmgeo.reading.orientation import read_orientation
from ikmgeo.reading.own import Listed, Own
from ikmgeo.settings import SHIPPED_DATA
from ikmgeo.view import View
from tests.extract import osm_xml
from tests.oriented import with_orientation
from tests.planes import on_plane
from tests.rated import CATEGORIES, SIGNS
from tests.spans import span_km

Take = Callable[..., Handout]
PANDAN, KARO, HONEY = "serdang-bedagai-pandan", "karo-coffee", "simalungun-honey"
HOSTILE = (
    "=cmd|' /C calc'!A0",
    "<img src=x onerror=alert(1)>]]>&amp;",
    "{{ 31337*4243 }} ${x}",
    "a'; DROP TABLE centers; --",
    "\x01\x0b\x1f\ufffe bell",
    "مركز القهوة \u202eabc",
    "🏺 kōpi",
    "N" * 40_000,
)


def rows_of(file: str) -> dict[str, dict[str, str]]:
    """Rows of a shipped table by their first column, read without our own code."""
    with (SHIPPED_DATA / file).open(encoding="utf-8", newline="") as rows:
        return {next(iter(row.values())): row for row in csv_module.DictReader(rows)}


def kilometres(one: dict[str, str], other: dict[str, str]) -> float:
    ends = (float(row[name]) for row in (one, other) for name in ("lat", "lon"))
    return float(Geodesic.WGS84.Inverse(*ends)["s12"]) / 1000


def features(handout: Handout) -> dict[str, dict[str, Any]]:
    collection = json.loads(datasets.geojson(handout))
    return {f["id"]: f["properties"] for f in collection["features"]}


def hostile(take: Take) -> Handout:
    """A hand-out whose names, places and zones hold one attack after the other."""
    plain = take()
    centers, zones = plain.inputs.centers.copy(), plain.inputs.zones.copy()
    for column in ("name_id", "name_en", "position_source", "commodity"):
        centers[column] = [HOSTILE[at % len(HOSTILE)] for at in range(len(centers))]
    zones["short_name"] = [f"{attack} {at}" for at, attack in enumerate(HOSTILE[:3])]
    return take(inputs=replace(plain.inputs, centers=centers, zones=zones))


@pytest.fixture(scope="session")
def take(hand_out: Take, shipped: Inputs) -> Take:
    """``hand_out`` with the fields of the view as keywords."""

    def taken(
        language: str = "id", *, inputs: Inputs = shipped, own: Own | None = None, **chosen: Any
    ) -> Handout:
        return hand_out(inputs, view=View(language=language, **chosen), own=own)

    return taken


@pytest.fixture
def package(tmp_path: Path) -> Callable[[Handout], Path]:
    """Writes a GeoPackage to a file."""

    def write(handout: Handout) -> Path:
        file = tmp_path / "data.gpkg"
        file.write_bytes(datasets.geopackage(handout))
        return file

    return write


@pytest.fixture(scope="session")
def ogrinfo() -> Callable[..., str]:
    """GDAL's own program, which is not the library that wrote the file."""
    program = shutil.which("ogrinfo")
    if program is None:
        words = "No ogrinfo found: install it (apt-get install gdal-bin)."
        if os.environ.get("CI") == "true":
            pytest.fail(words)
        pytest.skip(words)

    def run(*arguments: object) -> str:
        command = [program, *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        assert done.stderr == ""
        return done.stdout

    return run


def query(file: Path, sql: str) -> list[tuple[Any, ...]]:
    with sqlite3.connect(file) as database:
        return database.execute(sql).fetchall()


# --- the table of centers -------------------------------------------------------------------


def test_distances_are_geodesics_and_their_bounds_those_of_the_area(take: Take) -> None:
    """Audit E4."""
    zones, centers = rows_of("zones.csv"), rows_of("centers.csv")
    areas = datasets.areas_table(take()).set_index("center_id")
    for center, told in features(take()).items():
        assert told["area_name"] == areas.at[center, "area_name"]
        for zone, row in zones.items():
            km = kilometres(centers[center], row)
            assert told[f"{zone}_km"] == pytest.approx(km, abs=1e-4)
            found = told[f"{zone}_km_low"], told[f"{zone}_km_high"]
            spot = float(row["lat"]), float(row["lon"])
            assert found == pytest.approx(span_km(areas.geometry[center], *spot), abs=0.01)


def test_scores_are_those_of_the_claims_and_rivals_stand_beside_them(take: Take) -> None:
    told, claims = features(take()), rows_of("claims.csv")
    for center, row in rows_of("centers.csv").items():
        assert told[center]["score"] == float(claims[row["score_claim"]]["value"])
    assert told[PANDAN]["conflicting"] is True
    assert (told[PANDAN]["alternative_scores"], told[PANDAN]["claim_ids"]) == ("50.466", "P06; P19")
    assert told[KARO]["alternative_scores"] == "30.658"
    assert [told[HONEY][c] for c in ("conflicting", "alternative_scores")] == [False, None]


def test_what_nobody_assessed_is_null(take: Take) -> None:
    for told in features(take()).values():
        assert told["institutional"] is None
        assert told["ie_linkage"] is None


def test_only_the_centers_shown_are_handed_out(take: Take) -> None:
    handout = take(filters=Filters(categories=("excellent",)))
    assert set(features(handout)) == {"simalungun-coffee", PANDAN}


def test_category_follows_the_scheme_of_the_view(take: Take) -> None:
    told = features(take(language="en", scheme=Scheme("printed_ranges")))
    assert told["deli-serdang-cassava"]["category"] == "several"
    assert told["deli-serdang-cassava"]["category_label"] == "Two categories at once"


def test_the_chosen_indicator_is_added_under_its_code(take: Take) -> None:
    near = features(take(indicator="proximity", link=Parameters(half_distance=50)))[PANDAN]
    assert near["proximity_kim"] == pytest.approx(100 * 0.5 ** (near["kim_km"] / 50), abs=1e-3)
    assert near["proximity_kim_low"] < near["proximity_kim"] < near["proximity_kim_high"]
    assert not [name for name in features(take())[PANDAN] if name.startswith("cost")]


def test_without_draws_the_bounds_of_an_indicator_are_null(take: Take) -> None:
    handout = take(indicator="proximity")
    unknown = handout.linked.values * np.nan
    linked = replace(handout.linked, low=unknown, high=unknown)
    near = features(replace(handout, linked=linked))[PANDAN]
    assert near["proximity_kim"] is not None
    assert (near["proximity_kim_low"], near["proximity_kim_high"]) == (None, None)


def test_scores_from_aspects_cite_no_claim(take: Take) -> None:
    plain = take(composition=Composition(source=SOURCES[1]))
    near = analysis.linkage_aspects(plain.measured, plain.inputs, 25.0)
    measured = analysis.compose(plain.measured, plain.aspects, near, plain.view.composition)
    shown = analysis.classify(measured, plain.inputs.instrument, plain.view.scheme)
    told = features(replace(plain, measured=measured, centers=shown, shown=shown))[PANDAN]
    assert [told[c] for c in ("score", "rank", "claim_ids", "alternative_scores")] == [None] * 4
    assert told["conflicting"] is False


# --- GeoJSON ----------------------------------------------------------------------------------


def test_geojson_is_a_feature_collection_in_the_order_and_places_of_the_table(take: Take) -> None:
    collection = json.loads(datasets.geojson(take()))
    centers = rows_of("centers.csv")
    assert collection["type"] == "FeatureCollection"
    assert "crs" not in collection
    assert [f["id"] for f in collection["features"]] == list(centers)
    for feature in collection["features"]:
        lon, lat = feature["geometry"]["coordinates"]
        row = centers[feature["id"]]
        assert (lon, lat) == (round(float(row["lon"]), 6), round(float(row["lat"]), 6))
        assert feature["geometry"]["type"] == "Point"


@pytest.mark.parametrize("language", ["id", "en"])
def test_geojson_tells_sources_choices_day_and_language(take: Take, language: str) -> None:
    handout = take(language=language, scheme=Scheme("contiguous"), places=True)
    told = json.loads(datasets.geojson(handout))
    assert told["attribution"] == sources(handout)
    assert list(told["settings"].items()) == settings(handout)
    assert (told["taken_on"], told["language"]) == ("2026-11-22", language)
    assert told["view"] == f"lang={language}&scheme=contiguous&places=1"
    licences = " ".join(told["licences"].values())
    assert ("nonkomersial" if language == "id" else "non-commercial") in licences


def test_a_licence_that_nobody_stated_is_left_out(take: Take) -> None:
    inputs = take().inputs
    unstated = inputs.sources["layer"] == "zones"
    table = inputs.sources.assign(licence=inputs.sources["licence"].mask(unstated))
    told = json.loads(datasets.geojson(take("en", inputs=replace(inputs, sources=table))))
    assert "Industrial zones" not in told["licences"]
    assert "Places of the centers" in told["licences"]


def test_geojson_opens_in_gdal(take: Take, ogrinfo: Callable[..., str], tmp_path: Path) -> None:
    file = tmp_path / "data.geojson"
    file.write_bytes(datasets.geojson(take()))
    told = ogrinfo("-al", "-so", file)
    assert "Geometry: Point" in told
    assert "Feature Count: 13" in told


# --- GeoParquet -------------------------------------------------------------------------------


def test_geoparquet_has_valid_metadata_points_and_nulls(take: Take) -> None:
    table = pq.read_table(pa.BufferReader(datasets.geoparquet(take())))
    geo = json.loads(table.schema.metadata[b"geo"])
    assert (geo["version"], geo["primary_column"]) == ("1.1.0", "geometry")
    assert geo["columns"]["geometry"]["encoding"] == "WKB"
    assert geo["columns"]["geometry"]["geometry_types"] == ["Point"]
    assert geo["columns"]["geometry"]["crs"]["id"] == {"authority": "EPSG", "code": 4326}
    points = shapely.from_wkb(table["geometry"].to_pylist())
    assert shapely.get_x(points).tolist() == table["lon"].to_pylist()
    assert table["institutional"].null_count == 13
    assert table["alternative_scores"].null_count == 11
    assert pa.types.is_boolean(table.schema.field("conflicting").type)


def test_geoparquet_tells_sources_and_choices_in_the_file(take: Take) -> None:
    handout = take(language="en")
    metadata = pq.read_metadata(pa.BufferReader(datasets.geoparquet(handout))).metadata
    assert json.loads(metadata[b"attribution"]) == sources(handout)
    assert json.loads(metadata[b"settings"]) == dict(settings(handout))
    assert (metadata[b"taken_on"], metadata[b"language"]) == (b"2026-11-22", b"en")


# --- GeoPackage -------------------------------------------------------------------------------


def test_gdal_finds_every_layer_in_wgs84(
    take: Take, package: Callable[[Handout], Path], ogrinfo: Callable[..., str]
) -> None:
    file = package(take())
    expected = {
        "centers": ("Point", 13),
        "position_areas": ("Multi Polygon", 13),
        "lines": ("Line String", 39),
        "zones": ("Point", 3),
        "zone_footprints": ("Multi Polygon", 3),
        "districts": ("Multi Polygon", 33),
        "lakes": ("Multi Polygon", 1),
        "towns": ("Point", len(rows_of("towns.csv"))),
    }
    for layer, (kind, count) in expected.items():
        told = ogrinfo("-so", file, layer)
        assert f"Geometry: {kind}\n" in told
        assert f"Feature Count: {count}\n" in told
        assert 'ID["EPSG",4326]' in told
    assert "Geometry: None" in ogrinfo("-so", file, "about")


def test_package_holds_what_the_map_is_read_by(
    take: Take, package: Callable[[Handout], Path], shipped: Inputs
) -> None:
    tags = [{"highway": "trunk", "name": "Jalan"}, {"railway": "rail"}, {"waterway": "river"}]
    ways = [(kind, [(3.0 + at / 2, 99.0), (3.0 + at / 2, 99.1)]) for at, kind in enumerate(tags)]
    spots = [({"place": "town", "name": "Kota", "population": "16000"}, (3.0, 99.0))]
    brought = read_orientation("a.osm", osm_xml(ways, spots), box=shipped.bounds)
    inputs = with_orientation(shipped, brought)
    file = package(take(inputs=inputs))
    assert query(file, "SELECT class, name FROM roads") == [("trunk", "Jalan")]
    assert query(file, "SELECT class, name FROM railways") == [("rail", "")]
    assert query(file, "SELECT class, name FROM rivers") == [("river", "")]
    assert query(file, "SELECT class, name, population FROM towns") == [("town", "Kota", 16_000)]
    names = {name for (name,) in query(file, "SELECT f_table_name FROM layer_styles")}
    assert {"roads", "railways", "rivers", "towns"} < names
    told = [value for _, value in query(file, "SELECT setting, value FROM about")]
    assert sum("OpenStreetMap" in value for value in told) == 1
    without = package(take(inputs=inputs, orientation=False))
    tables = query(without, "SELECT table_name FROM gpkg_contents")
    assert not {("roads",), ("railways",), ("rivers",), ("towns",)} & {*tables}


def test_package_is_version_1_3_and_whole(take: Take, package: Callable[[Handout], Path]) -> None:
    file = package(take())
    assert query(file, "PRAGMA user_version") == [(10300,)]
    assert query(file, "PRAGMA application_id") == [(0x47504B47,)]  # "GPKG"
    assert query(file, "PRAGMA integrity_check") == [("ok",)]
    assert query(file, "PRAGMA foreign_key_check") == []
    kinds = dict(query(file, "SELECT table_name, data_type FROM gpkg_contents"))
    assert kinds["centers"] == "features"
    assert kinds["about"] == kinds["layer_styles"] == "attributes"


def test_package_tells_sources_and_choices_twice(
    take: Take, package: Callable[[Handout], Path], ogrinfo: Callable[..., str]
) -> None:
    handout = take(language="en")
    file = package(handout)
    told = query(file, "SELECT setting, value FROM about")
    assert told[: len(settings(handout))] == settings(handout)
    assert [value for name, value in told if name == "Sources"] == sources(handout)
    assert ("Language", "English") in told
    metadata = ogrinfo("-so", file)
    assert "taken_on=2026-11-22" in metadata
    assert f"attribution={json.dumps(sources(handout), ensure_ascii=False)}" in metadata
    assert "licences={" in metadata
    assert query(file, "SELECT count(*) FROM gpkg_metadata_reference") >= [(1,)]


def test_missing_is_null_in_the_package(take: Take, package: Callable[[Handout], Path]) -> None:
    file = package(take())
    known = "SELECT count(*), count(institutional), count(alternative_scores) FROM centers"
    assert query(file, known) == [(13, 0, 2)]
    surveyed = "SELECT count(centers), count(mean_score), count(best_category) FROM districts"
    districts = len({row["district_code"] for row in rows_of("centers.csv").values()})
    assert query(file, surveyed) == [(districts,) * 3]
    assert query(file, "SELECT count(*) FROM districts WHERE centers = 0") == [(0,)]


def test_areas_and_lines_lie_where_they_should(
    take: Take, package: Callable[[Handout], Path]
) -> None:
    file = package(take())
    centers, zones = rows_of("centers.csv"), rows_of("zones.csv")
    for area in gpd.read_file(file, layer="position_areas").itertuples():
        center = centers[area.center_id]
        spot = shapely.Point(float(center["lon"]), float(center["lat"]))
        assert area.geometry.distance(spot) < 2e-5  # Paya Roba lies a metre across the border
        assert area.area_kind == center["position_precision"]
        assert area.area_code == (center["area_code"] or center["district_code"])
    for line in gpd.read_file(file, layer="lines").itertuples():
        ends = [centers[line.center_id], zones[line.zone_id]]
        expected = [[float(row["lon"]), float(row["lat"])] for row in ends]
        assert np.allclose(line.geometry.coords, expected, atol=1e-6)
        assert line.km == line.cost == pytest.approx(kilometres(*ends), abs=1e-3)


def test_a_circle_as_large_as_the_zone_stands_for_an_unknown_footprint(
    take: Take, package: Callable[[Handout], Path]
) -> None:
    drawn = gpd.read_file(package(take()), layer="zone_footprints")
    assert drawn["schematic"].all()
    hectares = drawn.to_crs("EPSG:32647").area / 10_000
    assert np.allclose(hectares, drawn["area_ha"], rtol=0.01)


def test_lines_end_at_the_footprint_of_a_zone_that_has_one(
    take: Take, package: Callable[[Handout], Path]
) -> None:
    inputs = take().inputs
    zone = tables.row(inputs.zones, "kim")
    square = shapely.geometry.box(
        zone["lon"] - 0.1, zone["lat"] - 0.1, zone["lon"] + 0.1, zone["lat"] + 0.1
    )
    known = gpd.GeoDataFrame({"zone_id": ["kim"]}, geometry=[square], crs="EPSG:4326")
    no_area = inputs.zones.assign(
        area_ha=inputs.zones["area_ha"].where(inputs.zones.index != "kim")
    )
    file = package(
        take(inputs=replace(inputs, zones=no_area, footprints=on_plane(known.set_index("zone_id"))))
    )
    drawn = gpd.read_file(file, layer="zone_footprints").set_index("zone_id")
    assert drawn["schematic"].to_dict() == {
        "sei_mangkei": True,
        "kim": False,
        "kuala_tanjung": True,
    }
    assert drawn.geometry["kim"].equals(shapely.MultiPolygon([square]))
    lines = gpd.read_file(file, layer="lines").query("zone_id == 'kim' and km > 0")
    assert len(lines) > 5
    for line in tables.rows(lines):
        assert (
            shapely.Point(line.geometry.coords[1]).distance(square.boundary) < 1e-5
        )  # edges are straight in UTM


def test_all_rival_areas_of_a_zone_are_told(take: Take, package: Callable[[Handout], Path]) -> None:
    told = dict(query(package(take()), "SELECT zone_id, areas_ha FROM zones"))
    assert told["sei_mangkei"].split("; ") == ["2002.77", "1933.80", "1917"]


def test_qgis_opens_each_layer_in_the_colours_of_the_map(
    take: Take, package: Callable[[Handout], Path]
) -> None:
    file = package(take())
    styles = query(
        file,
        "SELECT f_table_name, f_geometry_column, f_table_schema, useAsDefault FROM layer_styles",
    )
    spatial = query(file, "SELECT table_name, column_name, '', 1 FROM gpkg_geometry_columns")
    assert sorted(styles) == sorted(spatial)
    [(qml,)] = query(file, "SELECT styleQML FROM layer_styles WHERE f_table_name = 'centers'")
    style = ElementTree.fromstring(qml)
    renderer = style.find("renderer-v2")
    assert (renderer.get("type"), renderer.get("attr")) == ("categorizedSymbol", "category")
    legend = {c.get("value"): c for c in renderer.iter("category")}
    assert legend["excellent"].get("label") == "Unggulan"
    assert list(legend) == list(SIGNS)
    seen = set()
    for code, category in legend.items():
        symbol = renderer.find(f"symbols/symbol[@name='{category.get('symbol')}']")
        drawn = {p.get("k"): p.get("v") for p in symbol.find("layer").iter("prop")}
        red, green, blue, alpha = map(int, drawn["color"].split(","))
        assert f"#{red:02x}{green:02x}{blue:02x}" == SIGNS[code].fill
        assert alpha == 255
        seen.add((drawn["name"], drawn["color"]))
        badge = [layer for layer in symbol.iter("layer") if layer.find("data_defined_properties")]
        assert {o.get("value") for layer in badge for o in layer.iter("Option")} >= {"conflicting"}
    assert len(seen) == len(SIGNS)
    assert len({SIGNS[code].shape for code in CATEGORIES}) == len(CATEGORIES)  # for grey printers


# --- all of them ------------------------------------------------------------------------------


def test_hostile_text_is_data_and_nothing_else(
    take: Take, package: Callable[[Handout], Path]
) -> None:
    handout = hostile(take)
    expected = [HOSTILE[at % len(HOSTILE)] for at in range(13)]
    assert [told["name_id"] for told in features(handout).values()] == expected
    table = pq.read_table(pa.BufferReader(datasets.geoparquet(handout)))
    assert table["name_id"].to_pylist() == expected
    file = package(handout)
    assert [name for (name,) in query(file, "SELECT name_id FROM centers")] == expected
    for (qml,) in query(file, "SELECT styleQML FROM layer_styles"):
        ElementTree.fromstring(qml)


def test_a_view_without_centers_gives_empty_files(
    take: Take, package: Callable[[Handout], Path], ogrinfo: Callable[..., str]
) -> None:
    handout = take(filters=Filters(text="no such center"))
    assert features(handout) == {}
    table = pq.read_table(pa.BufferReader(datasets.geoparquet(handout)))
    assert table.num_rows == 0
    file = package(handout)
    for layer in ("centers", "lines", "position_areas"):
        assert "Feature Count: 0" in ogrinfo("-so", file, layer)


def test_the_reader_s_own_files_are_told_as_theirs(take: Take) -> None:
    plain = take()
    own = Own("punyaku.csv", plain.inputs.centers, in_place=True)
    inputs = replace(plain.inputs, origins={"districts": Origin("batas.gpkg")})
    handout = take(inputs=inputs, own=own)
    layers = datasets.layers_used(handout.say, inputs, own=own).set_index("layer")
    assert layers.at["Letak sentra", "source"] == "berkas Anda punyaku.csv"
    assert layers.at["Letak sentra", "licence"] == "menurut pemilik berkas"
    assert layers.loc["Batas kabupaten/kota dan Danau Toba", "source"] == "berkas Anda batas.gpkg"
    assert "Skor, kategori, dan statistik" not in layers.index
    told = json.loads(datasets.geojson(handout))
    assert "Sentra: punyaku.csv" in told["attribution"]
    assert "GADM" not in json.dumps(told)


def test_each_center_tells_its_list_where_there_are_several(take: Take) -> None:
    plain = take()
    assert "list" not in next(iter(features(plain).values()))
    own = [Listed(n * 16, f"Daftar {n}", plain.inputs.centers.iloc[:2]) for n in "ab"]
    both = Own.of(own, in_place=False)
    inputs = analysis.with_centers(plain.inputs, both.centers, in_place=False)
    handout = take(inputs=inputs, own=both)
    lists = [f["list"] for f in features(handout).values()]
    assert Counter(lists) == {"Data bawaan": 11, "Daftar a": 2, "Daftar b": 2}
    assert "Daftar" in workbook.csv(handout).decode("utf-8-sig").splitlines()[0].split(";")
    assert "Sentra: Daftar a + Daftar b" in datasets.geojson(handout).decode()


def test_settings_tell_the_hectares_that_weigh_a_zone(take: Take) -> None:
    """Audit doubt 2: a file by area says which area, and where another stage was taken."""
    told = dict(settings(take("en", link=Parameters(attraction="permitted"))))
    weight = told["Weight of a zone (gravity and Huff)"]
    assert "KI Kuala Tanjung 1,178 ha" in weight
    assert "KIM 525 ha (no figure of that stage; taken: acquired or managed)" in weight
