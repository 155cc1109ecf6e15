"""Roads, railways, rivers and towns to find one's way by: what is read, what a scale shows."""

import io
import json
import shutil
import subprocess
import zipfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from ikmgeo.analysis import Inputs
from ikmgeo.display import maps
from ikmgeo.display import orientation as shown
from ikmgeo.errors import DataError, Issue
from ikmgeo.reading import base, orientation, worker
from ikmgeo.reading.orientation import Orientation, read_orientation
from ikmgeo.symbols import STROKES
from tests.extract import Spot, Tags, osm_xml
from tests.oriented import with_orientation

# pyogrio names in-memory files without an extension; GDAL remarks on it.
pytestmark = pytest.mark.filterwarnings("ignore:.*non conformant file extension")

NO_LINES = gpd.GeoDataFrame({"class": [], "name": []}, geometry=[], crs=4326)


def with_towns(*rows: tuple[str, str, float]) -> Orientation:
    """An orientation of towns alone: name, class and people."""
    table = pd.DataFrame(rows, columns=["name", "class", "population"])
    points = gpd.points_from_xy([98.5] * len(rows), [2.5] * len(rows))
    towns = gpd.GeoDataFrame(table, geometry=points, crs=4326)
    return Orientation(NO_LINES, NO_LINES, NO_LINES, towns, ())


def test_the_larger_a_town_the_farther_off_it_is_shown() -> None:
    guide = with_towns(
        ("small", "town", 29_999), ("large", "city", 100_000), ("middle", "town", 30_000)
    )
    towns = shown.towns(guide)
    assert list(zip(towns["name"], towns["zoom"], strict=True)) == [
        ("large", 0),
        ("middle", 8),
        ("small", 9),
    ]


def test_a_town_without_a_figure_counts_as_its_class_does() -> None:
    guide = with_towns(
        ("hamlet", "village", np.nan), ("town", "town", np.nan), ("c", "city", np.nan)
    )
    towns = shown.towns(guide)
    assert list(zip(towns["name"], towns["zoom"], strict=True)) == [
        ("c", 0),
        ("town", 8),
        ("hamlet", 9),
    ]


def test_shipped_towns_are_cities_from_100_000_people_on() -> None:
    columns = {"name_id": ["A", "B"], "lat": [2.5, 2.6], "lon": [98.5, 98.6]}
    guide = orientation.shipped(pd.DataFrame(columns).assign(population=[100_000, 99_999]))
    assert list(guide.towns["class"]) == ["city", "town"]
    assert (guide.towns.geometry.y[1], guide.towns.geometry.x[1]) == (2.6, 98.6)
    assert guide.attribution == ("geonames",)
    assert (
        orientation.shipped(pd.DataFrame(columns).assign(population=0).iloc[:0]).attribution == ()
    )


# What is read: hand-drawn roads around 99° E, 2° N

BOX = (98.0, 1.0, 100.0, 3.0)
WAYS: list[tuple[Tags, list[Spot]]] = [
    ({"highway": "primary", "name": "Jalan Satu"}, [(2.0, 99.0), (2.0, 99.1)]),
    ({"highway": "primary", "name": "Jalan Satu"}, [(2.0, 99.1), (2.1, 99.1)]),
    ({"highway": "motorway_link"}, [(2.0, 99.2), (2.1, 99.2)]),
    ({"highway": "residential", "name": "Gang"}, [(2.0, 99.3), (2.1, 99.3)]),
    ({"railway": "rail", "name": "Rel"}, [(2.2, 99.0), (2.2, 99.5)]),
    ({"railway": "rail", "service": "yard"}, [(2.2, 99.0), (2.21, 99.0)]),
    ({"railway": "abandoned"}, [(2.3, 99.0), (2.3, 99.5)]),
    ({"waterway": "river", "name": "Sungai"}, [(2.4, 99.0), (2.4, 102.0)]),  # beyond the box
    ({"waterway": "ditch"}, [(2.5, 99.0), (2.5, 99.5)]),
    ({"highway": "trunk", "name": "Jauh"}, [(2.0, 103.0), (2.0, 103.1)]),
]
SPOTS: list[tuple[Tags, Spot]] = [
    ({"place": "town", "name": "Kota A", "population": "12000"}, (2.0, 99.0)),
    ({"place": "city", "name": "Kota B"}, (2.1, 99.1)),
    ({"place": "village", "name": "Desa"}, (2.2, 99.2)),
    ({"place": "town", "name": "Seberang", "population": "50000"}, (2.0, 103.0)),
]


def lines_of(layer: gpd.GeoDataFrame) -> list[tuple[str, str, str]]:
    return sorted(zip(layer["class"], layer["name"], layer.geometry.to_wkt(), strict=True))


def is_as_drawn(guide: Orientation) -> None:
    """Roads that meet are one, what lies a quarter of a degree beyond the box is cut off."""
    assert lines_of(guide.roads) == [
        ("motorway_link", "", "LINESTRING (99.2 2, 99.2 2.1)"),
        ("primary", "Jalan Satu", "LINESTRING (99 2, 99.1 2, 99.1 2.1)"),
    ]
    assert lines_of(guide.railways) == [("rail", "Rel", "LINESTRING (99 2.2, 99.5 2.2)")]
    assert lines_of(guide.rivers) == [("river", "Sungai", "LINESTRING (99 2.4, 100.25 2.4)")]
    assert list(guide.towns["name"]) == ["Kota A", "Kota B"]
    assert list(guide.towns["class"]) == ["town", "city"]
    assert guide.towns["population"].fillna(-1).to_list() == [12_000, -1]
    assert {layer.crs.to_epsg() for layer in (guide.roads, guide.rivers, guide.towns)} == {4326}
    assert guide.attribution == ("openstreetmap",)


def test_an_extract_gives_main_roads_railways_rivers_and_towns() -> None:
    is_as_drawn(read_orientation("sumut.osm", osm_xml(WAYS, SPOTS), box=BOX))


@pytest.mark.skipif(shutil.which("osmium") is None, reason="osmium is not installed")
def test_a_binary_extract_gives_the_same(tmp_path: Path) -> None:
    plain, packed = tmp_path / "sumut.osm", tmp_path / "sumut.osm.pbf"
    plain.write_bytes(osm_xml(WAYS, SPOTS))
    subprocess.run(["osmium", "sort", plain, "-o", packed], check=True)
    is_as_drawn(read_orientation(packed.name, packed.read_bytes(), box=BOX))


def geofabrik() -> dict[str, gpd.GeoDataFrame]:
    """The same as Geofabrik gives it: a layer for each kind, classes in ``fclass``, no tags."""
    found: dict[str, list[dict[str, object]]] = {"roads": [], "railways": [], "waterways": []}
    keys = {"highway": "roads", "railway": "railways", "waterway": "waterways"}
    for tags, way in WAYS:
        if "service" not in tags and "abandoned" not in tags.values():
            kind = next(key for key in keys if key in tags)
            drawn = shapely.LineString([spot[::-1] for spot in way])
            row: dict[str, object] = {
                "osm_id": "1",
                "fclass": tags[kind],
                "name": tags.get("name"),
                "geometry": drawn,
            }
            found[keys[kind]].append(row)
    places = [
        {
            **{"osm_id": "1", "fclass": tags["place"], "name": tags["name"]},
            **{"population": int(tags.get("population", 0)), "geometry": shapely.Point(spot[::-1])},
        }
        for tags, spot in SPOTS
    ]
    layers = {**found, "places": places}
    return {
        f"gis_osm_{name}_free_1": gpd.GeoDataFrame(rows, crs=4326) for name, rows in layers.items()
    }


def test_geofabriks_shapefiles_give_the_same(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, layer in geofabrik().items():
            layer.to_file(tmp_path / f"{name}.shp", encoding="utf-8")
        for file in tmp_path.iterdir():
            archive.write(file, file.name)
    is_as_drawn(read_orientation("sumut-free.shp.zip", packed.getvalue(), box=BOX))


def test_geofabriks_geopackage_gives_the_same(tmp_path: Path) -> None:
    file = tmp_path / "sumut.gpkg"
    for name, layer in geofabrik().items():
        layer.to_file(file, layer=name)
    is_as_drawn(read_orientation(file.name, file.read_bytes(), box=BOX))


def refused(name: str, data: bytes) -> Issue:
    with pytest.raises(DataError) as found:
        read_orientation(name, data, box=BOX)
    (issue,) = found.value.issues
    return issue


def test_an_extract_of_another_country_is_refused() -> None:
    far = osm_xml(WAYS[-1:], SPOTS[-1:])
    assert refused("jawa.osm", far).code == "orientation_nothing"


def test_what_is_no_extract_or_cut_off_is_refused() -> None:
    whole = osm_xml(WAYS, SPOTS)
    assert refused("sumut.osm", whole[: len(whole) // 2]).code == "file_broken"
    assert refused("daftar.csv", b"name;lat;lon\nA;2;99\n").code == "unknown_format"


def crooked(corners: int) -> list[Spot]:
    """A road with a corner every 100 m, each 60 m to the other side: 30 m spare none of them."""
    return [(1.5 + 0.0006 * (at % 2), 98.5 + 0.0009 * at) for at in range(corners)]


def test_lines_lie_at_most_30_m_beside_what_was_read() -> None:
    rng = np.random.default_rng(1)
    steps = rng.normal(0, 0.00005, (2_000, 2)).cumsum(axis=0)
    way = [(2 + lat, 99 + lon) for lat, lon in steps.tolist()]
    guide = read_orientation("a.osm", osm_xml([({"highway": "trunk"}, way)], []), box=BOX)
    (road,) = guide.roads.geometry
    as_read = shapely.LineString([spot[::-1] for spot in way])
    assert shapely.get_num_coordinates(road) < 1_000
    assert shapely.hausdorff_distance(road, as_read) < 0.00032  # 30 m, and a metre of rounding


def test_more_than_a_map_can_draw_is_simplified_further(monkeypatch: pytest.MonkeyPatch) -> None:
    data = osm_xml([({"highway": "trunk"}, crooked(1_000))], [])
    whole = read_orientation("a.osm", data, box=BOX)
    assert shapely.get_num_coordinates(whole.roads.geometry[0]) == 1_000
    monkeypatch.setattr(orientation, "MOST_CORNERS", 900)
    few = read_orientation("a.osm", data, box=BOX)
    assert shapely.get_num_coordinates(few.roads.geometry[0]) == 2  # 60 m are within 100


def test_what_tells_least_is_left_out_of_a_map_that_cannot_hold_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Seven corners and a town: six fit."""
    ways = [
        ({"highway": "secondary"}, [(2.1, 99.1), (2.2, 99.2)]),
        ({"highway": "trunk"}, [(2.0, 99.0), (2.5, 99.0)]),
        ({"waterway": "river"}, [(2.0, 99.3), (2.3, 99.3)]),
        ({"waterway": "canal"}, [(2.0, 99.4), (2.9, 99.4)]),
    ]
    data = osm_xml(ways, [({"place": "town", "name": "Kota A"}, (2.4, 99.4))])
    monkeypatch.setattr(orientation, "MOST_CORNERS", 6)
    found = read_orientation("a.osm", data, box=BOX)
    assert found.roads["class"].tolist() == ["trunk"]
    assert found.rivers["class"].tolist() == ["river"]
    assert (found.towns["name"].tolist(), found.left_out) == (["Kota A"], 2)
    read = base.orientation("a.osm", data, box=BOX)
    assert [(i.code, i.expected["count"]) for i in read.issues] == [("orientation_thinned", 2)]
    data = osm_xml([], [({"place": "town", "name": n}, (2.4, 99.4)) for n in ("A", "B")])
    monkeypatch.setattr(orientation, "MOST_CORNERS", 1)
    assert refused("a.osm", data).code == "file_parts"


def test_an_extract_is_read_in_a_process_of_its_own() -> None:
    with worker.reading(read_orientation, "a.osm", osm_xml(WAYS, SPOTS), box=BOX) as done:
        is_as_drawn(worker.result(done, "a.osm"))


def test_towns_that_are_brought_take_the_place_of_the_shipped_ones(shipped: Inputs) -> None:
    brought = read_orientation("a.osm", osm_xml(WAYS, SPOTS), box=BOX)
    found = with_orientation(shipped, brought).orientation
    assert list(found.towns["name"]) == ["Kota A", "Kota B"]
    assert found.attribution == ("openstreetmap",)


def test_the_shipped_towns_stay_where_none_are_brought(shipped: Inputs) -> None:
    brought = read_orientation("a.osm", osm_xml(WAYS, []), box=BOX)
    found = with_orientation(shipped, brought).orientation
    assert len(found.roads) == 2
    assert list(found.towns["name"]) == list(shipped.orientation.towns["name"])
    assert found.attribution == ("openstreetmap", "geonames")


# What a scale shows


def test_small_roads_and_short_rivers_wait_for_a_closer_look() -> None:
    ways: list[tuple[Tags, list[Spot]]] = [
        ({"highway": "trunk"}, [(2.0, 99.0), (2.0, 99.1)]),
        ({"highway": "secondary"}, [(2.1, 99.0), (2.1, 99.1)]),
        ({"highway": "primary_link"}, [(2.2, 99.0), (2.2, 99.1)]),
        # Degrees of longitude, of 111 km each: 55, 22 and 5 km.
        ({"waterway": "river", "name": "Panjang"}, [(2.3, 99.0), (2.3, 99.5)]),
        ({"waterway": "river", "name": "Sedang"}, [(2.4, 99.0), (2.4, 99.2)]),
        ({"waterway": "canal"}, [(2.5, 99.0), (2.5, 99.05)]),
    ]
    guide = read_orientation("a.osm", osm_xml(ways, []), box=BOX)
    seen = {}
    for zoom in (6, 9.5, 10, 11.5, 12, 18):
        found = shown.lines(guide, shown.detail(zoom))
        seen[zoom] = {name: len(lines) for name, lines in found.items() if len(lines)}
    far = {"motorway": 1, "rivers": 1}
    middle = {"motorway": 1, "secondary": 1, "rivers": 2}
    near = {"motorway": 1, "primary": 1, "secondary": 1, "rivers": 3}
    assert seen == {6: far, 9.5: far, 10: middle, 11.5: middle, 12: near, 18: near}


def test_parts_of_a_named_river_count_together_and_nameless_ones_do_not() -> None:
    parts = [[(2.0, 99.0 + at), (2.0, 99.2 + at)] for at in (0.0, 0.3)]  # 22 km each
    for name, expected in (("Sungai", 2), ("", 0)):
        ways = [({"waterway": "river", "name": name}, part) for part in parts]
        guide = read_orientation("a.osm", osm_xml(ways, []), box=BOX)
        assert len(shown.lines(guide, shown.detail(8))["rivers"]) == expected


def test_lines_are_sent_as_steps_between_their_corners() -> None:
    guide = read_orientation("a.osm", osm_xml(WAYS, SPOTS), box=BOX)
    (far, *_) = maps.lines_of(guide)
    found = dict(zip(STROKES, json.loads(far.content), strict=True))
    assert found["primary"] == [[20_000, 990_000, 0, 1_000, 1_000, 0]]
    assert found["rivers"] == [[24_000, 990_000, 0, 12_500]]
    assert maps.lines_of(shipped_towns()) == ()


def shipped_towns() -> Orientation:
    return orientation.shipped(
        pd.DataFrame({"name_id": ["A"], "lat": [2.5], "lon": [98.5], "population": [20_000]})
    )
