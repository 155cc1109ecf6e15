"""The base map: borders of levels 2 to 4 as publishers have them, zones, roads; kept in the store.

Villages are squares of 200 m around the gazetteer's points, so that each file can be told whole.
"""

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
import sqlalchemy as sa

from ikmgeo import handout
from ikmgeo.analysis import Inputs, gather, measure, read_base
from ikmgeo.errors import DataError
from ikmgeo.reading import base, worker
from ikmgeo.reading.base import SUBDISTRICTS, VILLAGES, BaseMap, Origin
from ikmgeo.reading.polygons import polygon_layers
from ikmgeo.records import base_layers
from ikmgeo.records.base_layers import BaseLayer
from ikmgeo.records.store import Store
from ikmgeo.settings import Settings
from ikmgeo.view import View
from ikmgeo.words.messages import Messages
from tests.planes import UTM_47N
from tests.shipped_data import shipped_inputs

INPUTS = shipped_inputs()
SOME = INPUTS.villages[INPUTS.villages.index.str.startswith(("120607", "120608", "127101"))]
SQUARE_DEG = 0.001
OF_BPS = {own: bps for bps, own in INPUTS.bps_codes["area_code"].items()}


def squares(villages: pd.DataFrame, **columns: Any) -> gpd.GeoDataFrame:
    lon, lat = villages["lon"].to_numpy(), villages["lat"].to_numpy()
    drawn = shapely.box(lon - SQUARE_DEG, lat - SQUARE_DEG, lon + SQUARE_DEG, lat + SQUARE_DEG)
    return gpd.GeoDataFrame(columns, geometry=drawn, crs=4326)


def codes(villages: pd.DataFrame) -> pd.Series:
    return villages.index.to_series().reset_index(drop=True)


def ocha(villages: pd.DataFrame) -> gpd.GeoDataFrame:
    pcode = "ID" + codes(villages).map(OF_BPS)
    return squares(villages, ADM4_PCODE=pcode.to_numpy(), ADM4_EN=villages["name_id"].to_numpy())


def big(villages: pd.DataFrame) -> gpd.GeoDataFrame:
    """Names alone, and a column of codes that nobody filled."""
    names = {"NAMOBJ": villages["name_id"], "WADMKC": villages["subdistrict"]}
    told = {column: values.to_numpy() for column, values in names.items()}
    return squares(villages, KDEPUM=np.full(len(villages), None), **told)


def typed(villages: pd.DataFrame) -> gpd.GeoDataFrame:
    """Codes that a table has made numbers of."""
    return squares(villages, KODE_DESA=codes(villages).astype(float).to_numpy())


def dotted(villages: pd.DataFrame) -> gpd.GeoDataFrame:
    code = codes(villages).str.replace(r"(..)(..)(..)(....)", r"\1.\2.\3.\4", regex=True)
    return squares(villages, KDEPUM=code.to_numpy())


def geoboundaries(villages: pd.DataFrame) -> gpd.GeoDataFrame:
    return squares(villages, shapeName=villages["name_id"].str.upper().to_numpy())


def read(table: gpd.GeoDataFrame, kind: str, inputs: Inputs = INPUTS, **choices: Any) -> base.Read:
    return read_base(table.to_json().encode(), inputs, kind=kind, name="batas.geojson", **choices)


@pytest.mark.parametrize("publisher", [ocha, big, typed, dotted, geoboundaries])
def test_villages_of_each_publisher_are_recognised_by_code_name_or_place(
    publisher: Callable[[pd.DataFrame], gpd.GeoDataFrame],
) -> None:
    found = read(publisher(SOME.sample(frac=1, random_state=1)), VILLAGES)
    assert set(found.table.index) == set(SOME.index)
    at = SOME.loc[found.table.index]
    points = shapely.points(at["lon"], at["lat"])
    assert shapely.contains(found.table.geometry.to_numpy(), points).all()
    assert (found.found, found.total) == (len(SOME), len(INPUTS.villages))
    (lacking,) = found.issues
    assert lacking.code == "villages_lacking"
    assert lacking.expected["count"] == len(INPUTS.villages) - len(SOME)


def test_two_villages_of_one_name_are_told_apart_by_where_they_lie() -> None:
    """Kabupaten Karo has a Suka Makmur in two subdistricts, and the file names only villages."""
    names = INPUTS.villages.groupby([INPUTS.villages.index.str[:4], "name_id"]).filter(
        lambda some: some["subdistrict"].nunique() > 1
    )
    twins = names[names["name_id"] == names["name_id"].iloc[0]]
    assert len(twins) > 1
    found = read(geoboundaries(twins), VILLAGES).table
    assert set(found.index) == set(twins.index)


def test_subdistricts_are_joined_from_the_parts_that_name_them() -> None:
    parts = squares(SOME, NAME_3=SOME["subdistrict"].to_numpy())
    found = read(parts, SUBDISTRICTS)
    assert set(found.table.index) == set(SOME.index.str[:6])
    joined = shapely.union_all(parts.geometry.to_numpy())
    assert found.table.union_all().area == pytest.approx(joined.area, rel=1e-3)


def test_villages_bring_the_subdistricts_that_all_of_theirs_make_up() -> None:
    """All of two subdistricts are in the file, and all but one village of a third."""
    lacking = SOME.index[SOME.index.str.startswith("127101")][0]
    found = read(ocha(SOME.drop(lacking)), VILLAGES).beside
    assert found is not None
    assert (found.kind, set(found.table.index)) == (SUBDISTRICTS, {"120607", "120608"})
    drawn = squares(SOME[SOME.index.str.startswith("120607")])
    joined = shapely.union_all(drawn.geometry.to_numpy())
    assert found.table.geometry["120607"].area == pytest.approx(joined.area, rel=1e-3)
    assert read(ocha(SOME.loc[[lacking]]), VILLAGES).beside is None


def test_areas_that_are_brought_are_credited_once_for_both_kinds() -> None:
    origin = Origin("batas.gpkg", "BIG 2024")
    brought = replace(INPUTS, origins={SUBDISTRICTS: origin, VILLAGES: origin})
    told = handout.attribution(Messages("id"), View(), brought, own=None)
    assert [line for line in told if "BIG 2024" in line] == [
        "Batas kecamatan dan desa: batas.gpkg · BIG 2024"
    ]


def test_a_polygon_far_from_where_its_name_lies_is_not_taken() -> None:
    away = dotted(SOME)
    away.geometry = away.geometry.translate(0.5, 0)
    with pytest.raises(DataError) as refused:
        read(away, VILLAGES)
    (issue,) = refused.value.issues
    assert issue.code == "villages_unrecognised"


def test_what_is_not_known_is_counted_and_named() -> None:
    strange = geoboundaries(SOME)
    strange.loc[[3, 5], "shapeName"] = ["Entah", "Berantah"]
    found = read(strange, VILLAGES)
    unknown = next(i for i in found.issues if i.code == "villages_unrecognised")
    assert unknown.expected == {"count": 2, "names": ["Entah", "Berantah"]}
    assert found.found == len(SOME) - 2


@pytest.mark.parametrize("suffix", ["gpkg", "kml", "fgb", "parquet", "zip"])
def test_polygons_of_every_format_are_read(tmp_path: Path, suffix: str) -> None:
    file = tmp_path / f"batas.{suffix}"
    table = dotted(SOME)
    if suffix == "parquet":
        table.to_parquet(file)
    elif suffix == "zip":
        table.to_crs(UTM_47N).to_file(tmp_path / "batas.shp")
        with zipfile.ZipFile(file, "w") as archive:
            for part in tmp_path.glob("batas.*[!p]"):
                archive.write(part, f"folder/{part.name}")
            archive.write(tmp_path / "batas.shp", "folder/batas.shp")
    else:
        table.to_file(file, driver="LIBKML" if suffix == "kml" else None)
    ((_, polygons),) = polygon_layers(file, file.name)
    assert len(polygons) == len(SOME)
    differing = polygons.union_all().symmetric_difference(table.union_all())
    assert differing.area < 0.001 * table.union_all().area


def test_points_and_lines_are_no_borders() -> None:
    points = dotted(SOME).set_geometry(dotted(SOME).representative_point())
    with pytest.raises(DataError) as refused:
        read(points, VILLAGES)
    assert [issue.code for issue in refused.value.issues] == ["polygons_none"]


def box(lon: Any, lat: Any, half: float = 0.01) -> shapely.Polygon:
    return shapely.box(lon - half, lat - half, lon + half, lat + half)


def test_footprints_are_found_by_name_and_around_the_reference_point() -> None:
    kim, sei = INPUTS.zones.loc["kim"], INPUTS.zones.loc["sei_mangkei"]
    layer = gpd.GeoDataFrame(
        {"NAMA": ["Kawasan Industri Medan", "blok 7", "kebun", "jauh"], "NO": [1, 2, 3, 4]},
        geometry=[
            box(kim["lon"] + 0.03, kim["lat"]),  # beside the point, which is a median of companies
            box(sei["lon"], sei["lat"]),
            box(sei["lon"] + 0.05, sei["lat"]),
            box(sei["lon"] + 1, sei["lat"]),
        ],
        crs=4326,
    )
    found = read(layer, "zones")
    assert set(found.table.index) == {"kim", "sei_mangkei"}
    assert found.table.geometry["sei_mangkei"].equals(layer.geometry[1])
    assert found.candidates is not None
    of_sei = found.candidates[found.candidates["zone_id"] == "sei_mangkei"]
    assert of_sei["name"].tolist() == ["blok 7", "kebun"]
    # 0.04 degrees of longitude from the edge, at 3 degrees north.
    assert of_sei["km"].iloc[1] == pytest.approx(0.04 * 111.32 * np.cos(np.radians(3.13)), rel=0.01)
    picked = (found.candidates["name"] == "kebun") & (found.candidates.index.isin(of_sei.index))
    other = base.chosen(found.candidates, picked, INPUTS.zones, "f")
    assert other.table.index.tolist() == ["sei_mangkei"]


def test_zones_far_from_every_polygon_have_no_footprint() -> None:
    far = gpd.GeoDataFrame({"NAMA": ["x"]}, geometry=[box(98.0, 0.5)], crs=4326)
    found = read(far, "zones")
    assert (found.found, [issue.code for issue in found.issues]) == (0, ["footprints_none"])


def test_brought_layers_place_and_measure_the_centers() -> None:
    """Karo's coffee is known by its subdistrict; its polygon is taken for its area as it is."""
    center = INPUTS.centers.index[INPUTS.centers["position_precision"] == "subdistrict"][0]
    shipped = measure(INPUTS)
    code = shipped.areas.table.at[center, "area_code"]
    spot = INPUTS.centers.loc[center]
    polygon = box(spot["lon"], spot["lat"], 0.02)
    zone = INPUTS.zones.loc["kim"]
    outline = box(zone["lon"], zone["lat"], 0.03)
    tables = {
        SUBDISTRICTS: gpd.GeoDataFrame(index=[code], geometry=[polygon], crs=4326),
        "zones": gpd.GeoDataFrame({"zone_id": ["kim"]}, geometry=[outline], crs=4326).set_index(
            "zone_id"
        ),
    }
    brought = gather(
        Settings(), BaseMap(tables, origins={SUBDISTRICTS: Origin("kec.gpkg", "BIG 2024")})
    )
    measured = measure(brought)
    assert measured.areas.outline(measured.centers.loc[center]).equals(polygon)
    assert brought.footprints.index.tolist() == ["kim"]
    closer = shipped.distances["kim"] - measured.distances["kim"]
    assert closer.between(0.03 * 109, 0.03 * 112 * np.sqrt(2)).all()  # km from middle to edge
    assert brought.issues == INPUTS.issues


@pytest.fixture
def store(tmp_path: Path) -> Any:
    found = Store.open(f"sqlite:///{tmp_path}/kept.sqlite")
    yield found
    found.close()


LAYER = BaseLayer(
    kind=VILLAGES, file_name="desa.gpkg", attribution="BIG 2024", found=3, total=9, saved_by="Ani"
)


def tables(count: int) -> dict[str, gpd.GeoDataFrame]:
    some = SOME.head(count)
    return {VILLAGES: squares(some).set_index(some.index)}


def test_a_layer_comes_back_as_it_was_saved_with_every_version(store: Store) -> None:
    assert base_layers.latest(store) == {}
    [first] = base_layers.save(store, {LAYER: tables(3)})
    [second] = base_layers.save(store, {replace(LAYER, file_name="baru.gpkg"): tables(5)})
    assert (first.version, second.version) == (1, 2)
    assert base_layers.latest(store) == {VILLAGES: second}
    assert base_layers.history(store, VILLAGES) == [first, second]
    kept = base_layers.content(store, second)[VILLAGES]
    assert kept.geometry.geom_equals(tables(5)[VILLAGES].geometry).all()
    back = base_layers.restore(store, VILLAGES, 1, "Budi")
    assert (back.version, back.file_name, back.saved_by) == (3, "desa.gpkg", "Budi")
    assert len(base_layers.content(store, back)[VILLAGES]) == 3
    away = base_layers.restore(store, VILLAGES, 3, "Budi", hidden=True)
    assert base_layers.latest(store)[VILLAGES].hidden
    assert base_layers.restore(store, VILLAGES, away.version, "Ani").hidden is False


def test_of_layers_that_come_together_all_are_saved_or_none(store: Store) -> None:
    unnamed = replace(LAYER, kind=SUBDISTRICTS, saved_by=" ")
    table = {SUBDISTRICTS: tables(1)[VILLAGES]}
    with pytest.raises(DataError):
        base_layers.save(store, {LAYER: tables(1), unnamed: table})
    unreadable = replace(LAYER, kind=SUBDISTRICTS, found=None)  # type: ignore[arg-type]
    with pytest.raises(DataError):  # refused by the database itself, after the first
        base_layers.save(store, {LAYER: tables(1), unreadable: table})
    assert base_layers.latest(store) == {}
    both = base_layers.save(store, {LAYER: tables(1), replace(unnamed, saved_by="Ani"): table})
    assert [layer.kind for layer in both] == [VILLAGES, SUBDISTRICTS]
    assert base_layers.latest(store) == {layer.kind: layer for layer in both}


@pytest.mark.parametrize("text", ["", "  ", "x" * 301])
def test_a_layer_without_a_source_is_not_saved(store: Store, text: str) -> None:
    with pytest.raises(DataError) as refused:
        base_layers.save(store, {replace(LAYER, attribution=text): tables(1)})
    assert [issue.code for issue in refused.value.issues] == ["attribution_invalid"]
    assert base_layers.latest(store) == {}


def test_a_version_that_is_not_there_and_nobody_are_refused(store: Store) -> None:
    base_layers.save(store, {LAYER: tables(1)})
    for act, code in (
        (lambda: base_layers.restore(store, VILLAGES, 7, "Ani"), "version_unknown"),
        (lambda: base_layers.restore(store, VILLAGES, 1, " "), "saver_missing"),
    ):
        with pytest.raises(DataError) as refused:
            act()
        assert code in [issue.code for issue in refused.value.issues] or code == "saver_missing"
    assert len(base_layers.history(store, VILLAGES)) == 1


def test_what_something_else_wrote_is_told(store: Store) -> None:
    [kept] = base_layers.save(store, {LAYER: tables(1)})
    with store.writing() as connection:
        connection.execute(sa.update(base_layers.CONTENTS).values(tables=b"PK no archive"))
    with pytest.raises(DataError) as refused:
        base_layers.content(store, kept)
    assert [issue.code for issue in refused.value.issues] == ["store_damaged"]


def test_tables_of_the_migration_are_those_of_the_code(store: Store) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    base_layers.save(store, {LAYER: tables(1)})
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection)
        differing = [
            change
            for change in compare_metadata(context, base_layers.VERSIONS.metadata)
            if change[0] != "remove_table" and change[0] != "remove_index"
        ]
    assert differing == []


def test_roads_are_kept_in_degrees_with_their_tags() -> None:
    lines = {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"highway": "primary", "name": "Jalan A"},
                "geometry": {"type": "LineString", "coordinates": [[98.6, 3.5], [98.7, 3.6]]},
            }
        ],
    }
    found = read_base(
        json.dumps(lines).encode(), INPUTS, kind="roads", name="jalan.geojson", limit_mb=1
    )
    assert (found.found, found.table["highway"].tolist()) == (1, ["primary"])
    packed = base_layers.packed({"roads": found.table})
    assert base_layers.unpacked(packed)["roads"].crs == "EPSG:4326"
    assert io.BytesIO(packed).read(2) == b"PK"


def test_kept_roads_become_a_network_beside_the_server(store: Store, tmp_path: Path) -> None:
    """A meridian arc from 3.5 to 3.6 degrees is 11.0579 km, by summing its radius of curvature."""
    line = gpd.GeoDataFrame(
        {"highway": ["primary"]},
        geometry=[shapely.LineString([(98.6, 3.5), (98.6, 3.6)])],
        crs=4326,
    )
    [layer] = base_layers.save(store, {replace(LAYER, kind="roads"): {"roads": line}})
    url = f"sqlite:///{tmp_path / 'kept.sqlite'}"
    with worker.reading(base_layers.network, url, layer, "EPSG:32647", 30.0) as made:
        network = worker.result(made, "f")
    ends = pd.DataFrame({"lat": [3.5, 3.6], "lon": [98.6, 98.6]})
    way = network.routes(ends[:1], ends[1:]).km.to_numpy()
    assert way.tolist() == [[pytest.approx(11.0579, abs=1e-3)]]


EXTRACT = b"""<osm version="0.6">
  <node id="1" version="1" lat="2.96" lon="99.05"/>
  <node id="2" version="1" lat="3.13" lon="99.34"/>
  <node id="3" version="1" lat="3.59" lon="98.67"><tag k="place" v="city"/>
    <tag k="name" v="Medan"/><tag k="population" v="2000000"/></node>
  <way id="1" version="1"><nd ref="1"/><nd ref="2"/><tag k="highway" v="primary"/></way>
  <way id="2" version="1"><nd ref="1"/><nd ref="3"/><tag k="waterway" v="river"/></way>
</osm>
"""


def test_an_extract_brings_roads_and_what_there_is_to_find_one_s_way_by(store: Store) -> None:
    found = read_base(EXTRACT, INPUTS, kind="roads", name="sumatra.osm")
    beside = found.beside
    assert found.table["highway"].tolist() == ["primary"]
    assert beside is not None
    counts = {name: len(table) for name, table in beside.tables.items()}
    assert counts == {"roads": 1, "railways": 0, "rivers": 1, "towns": 1}
    alone = read_base(EXTRACT, INPUTS, kind="orientation", name="sumatra.osm")
    assert {name: len(table) for name, table in alone.tables.items()} == counts
    saved = replace(BaseLayer.of(beside, "sumatra.osm", "© OpenStreetMap"), saved_by="Ani")
    base_layers.save(store, {saved: beside.tables})
    inputs = gather(Settings(), base_layers.base_map(store, base_layers.latest(store)))
    assert inputs.orientation.towns["name"].tolist() == ["Medan"]
    assert inputs.orientation.lines == ["roads", "rivers"]
    assert inputs.orientation.attribution == ("openstreetmap",)


def test_a_file_of_roads_alone_brings_nothing_besides() -> None:
    lines = gpd.GeoDataFrame(
        {"highway": ["residential"]},
        geometry=[shapely.LineString([(98.6, 3.5), (98.7, 3.6)])],
        crs=4326,
    )
    data = lines.to_json().encode()
    assert read_base(data, INPUTS, kind="roads", name="jalan.geojson").beside is None


def test_a_polygon_that_is_only_of_the_kind_of_a_zone_is_offered_and_not_taken() -> None:
    """A spatial plan has many areas called so, a village may have a zone's name."""
    tanjung = INPUTS.zones.loc["kuala_tanjung"]
    names = ["Kawasan Industri", "Industri", "Kuala Tanjung"]
    shapes = [box(tanjung["lon"] + 0.15, tanjung["lat"] - 0.03 * n, 0.005) for n in range(3)]
    found = read(gpd.GeoDataFrame({"NAMA": names}, geometry=shapes, crs=4326), "zones")
    assert found.found == 0
    assert found.candidates is not None
    assert set(found.candidates["name"]) == set(names)


def test_one_polygon_is_taken_for_one_zone_only() -> None:
    kim = INPUTS.zones.loc["kim"]
    two = INPUTS.zones.loc[["kim", "kim"]].set_axis(["kim", "kim_2"])
    two["lon"] = two["lon"] + np.array([0.0, 0.004])
    layer = gpd.GeoDataFrame({"NAMA": ["x"]}, geometry=[box(kim["lon"], kim["lat"])], crs=4326)
    found = base.footprints(layer, two, UTM_47N, "f")
    assert found.candidates is not None
    assert found.candidates.groupby("zone_id")["taken"].any().sum() <= 2
    outside = layer.set_geometry(layer.geometry.translate(0.02, 0)).assign(NAMA="Industri Medan")
    taken = base.footprints(outside, two, UTM_47N, "f")
    assert taken.table.index.tolist() == ["kim_2"]  # the nearer one


@pytest.mark.parametrize("kind", [SUBDISTRICTS, VILLAGES, "zones"])
def test_metres_without_a_crs_are_of_the_zone_that_fits_the_province(
    tmp_path: Path, kind: str
) -> None:
    table = dotted(SOME).assign(KDCPUM=SOME.index.str[:6].to_numpy())
    table.to_crs(UTM_47N).to_file(tmp_path / "batas.shp")
    with zipfile.ZipFile(tmp_path / "batas.zip", "w") as archive:
        for suffix in ("shp", "shx", "dbf"):
            archive.write(tmp_path / f"batas.{suffix}", f"batas.{suffix}")
    found = read_base((tmp_path / "batas.zip").read_bytes(), INPUTS, kind=kind, name="batas.zip")
    if kind == "zones":
        assert found.candidates is not None
        assert found.candidates.total_bounds[0] == pytest.approx(98.69, abs=0.1)
    else:
        assert found.found == SOME.index.str[: base.DIGITS[kind]].nunique()


def test_a_file_of_elsewhere_says_so() -> None:
    away = geoboundaries(SOME)
    away.geometry = away.geometry.translate(12, -9)
    with pytest.raises(DataError) as refused:
        read(away.assign(shapeName="x"), VILLAGES)
    assert [issue.code for issue in refused.value.issues] == ["polygons_outside"]


def test_roads_that_no_car_may_use_are_not_kept() -> None:
    line = shapely.LineString([(98.6, 3.5), (98.7, 3.6)])
    for classes, code in ((["footway", "steps"], "roads_not_drivable"),):
        table = gpd.GeoDataFrame({"highway": classes}, geometry=[line, line], crs=4326)
        with pytest.raises(DataError) as refused:
            read(table, "roads")
        assert [issue.code for issue in refused.value.issues] == [code]
    mixed = gpd.GeoDataFrame({"highway": ["primary", "steps"]}, geometry=[line, line], crs=4326)
    found = read(mixed, "roads")
    assert (found.found, found.total, found.table["highway"].tolist()) == (1, 2, ["primary"])
    assert "roads_other_ways" in [issue.code for issue in found.issues]


def test_districts_that_lack_one_are_told_and_not_used() -> None:
    some = gpd.GeoDataFrame(geometry=INPUTS.districts.geometry).drop(index="1217")
    base_map = BaseMap({"districts": some}, origins={"districts": Origin("kab.gpkg", "BIG")})
    inputs = gather(Settings(), base_map)
    assert inputs.districts.geometry.geom_equals(INPUTS.districts.geometry).all()
    (issue,) = [issue for issue in inputs.issues if issue not in INPUTS.issues]
    assert (issue.code, issue.file) == ("districts_missing", "kab.gpkg")
    assert issue.expected["names"] == ["Kabupaten Samosir"]
    assert "districts" not in inputs.origins


def test_one_damaged_layer_leaves_the_others_in_use(store: Store) -> None:
    base_layers.save(store, {LAYER: tables(2)})
    [zones] = base_layers.save(
        store, {replace(LAYER, kind="zones"): {"zones": tables(1)[VILLAGES]}}
    )
    with store.writing() as connection:
        mine = base_layers.CONTENTS.c.content_id == zones.content_id
        connection.execute(sa.update(base_layers.CONTENTS).where(mine).values(tables=b"torn"))
    base_map = base_layers.base_map(store, base_layers.latest(store))
    assert {*base_map.tables} == {*base_map.origins} == {VILLAGES}
    assert [(i.code, i.expected["kind"]) for i in base_map.issues] == [("base_damaged", "zones")]


def test_who_has_not_seen_the_newest_version_does_not_undo_it(store: Store) -> None:
    base_layers.save(store, {LAYER: tables(1)})
    base_layers.save(store, {LAYER: tables(2)})
    with pytest.raises(DataError) as refused:
        base_layers.restore(store, VILLAGES, 1, "Budi", hidden=True, last=1)
    assert [issue.code for issue in refused.value.issues] == ["base_changed"]
    assert base_layers.latest(store)[VILLAGES].version == 2


def test_names_that_have_no_utf_8_are_kept_as_they_can_be_told(store: Store) -> None:
    [saved] = base_layers.save(store, {replace(LAYER, file_name="j\udce9.gpkg"): tables(1)})
    assert saved.file_name == "j?.gpkg"
    [lines] = base_layers.save(store, {replace(LAYER, attribution="BIG\n2024"): tables(1)})
    assert lines.attribution == "BIG 2024"
