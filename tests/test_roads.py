"""Road km and minutes on hand-drawn roads, and from a stand-in for a routing server.

Expected lengths come from geographiclib, an independent geodesic library; expected ways are found
by eye, on the grid by a formula, and on random roads by networkx.
"""

import base64
import io
import json
import math
import socket
import threading
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise, product
from pathlib import Path
from tempfile import gettempdir
from typing import Any
from urllib.parse import parse_qs, urlsplit

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import pytest
import shapely
from geographiclib.geodesic import Geodesic

from ikmgeo import tables
from ikmgeo.errors import DataError, Issue
from ikmgeo.measures import roads
from ikmgeo.measures.linkage import distance_km
from ikmgeo.measures.roads import RoadNetwork, Routes, RoutingServer
from ikmgeo.reading.bounds import LINES
from ikmgeo.reading.road_files import Layer, line_layers, read_lines
from ikmgeo.words.messages import Messages

# pyogrio names in-memory files without an extension; GDAL remarks on it.
pytestmark = pytest.mark.filterwarnings("ignore:.*non conformant file extension")

METRE = 1e-3
road_network = partial(roads.road_network, crs="EPSG:32647")
PRIMARY_KMH, RESIDENTIAL_KMH, DEFAULT_KMH = 65, 25, 30
Place = tuple[float, float]

# Places are written (lat, lon). A square of 0.01 degrees with its middle and a place far away.
SW, SE, NW, NE = (3.0, 99.0), (3.0, 99.01), (3.01, 99.0), (3.01, 99.01)
MIDDLE, FAR = (3.005, 99.005), (3.2, 99.2)


def length_km(*places: Place) -> float:
    """Length of a way over these places by geographiclib."""
    geodesic = Geodesic.WGS84
    return sum(geodesic.Inverse(*a, *b)["s12"] / 1000 for a, b in pairwise(places))


def line(*places: Place) -> shapely.LineString:
    return shapely.LineString([(lon, lat) for lat, lon in places])


def drawn(*lines: Any, crs: object = 4326, **tags: Any) -> gpd.GeoDataFrame:
    """Line layer; a tag is one value for all lines, or a list with one for each."""
    columns = {k: v if isinstance(v, list) else [v] * len(lines) for k, v in tags.items()}
    frame = gpd.GeoDataFrame(columns, geometry=list(lines), crs=4326)
    return frame.set_crs(None, allow_override=True) if crs is None else frame.to_crs(crs)


def at(**places: Place) -> pd.DataFrame:
    return pd.DataFrame.from_dict(places, orient="index", columns=["lat", "lon"], dtype=float)


def way(network: RoadNetwork, center: Place, zone: Place, **options: float) -> tuple[float, float]:
    """Km and minutes from one place to another."""
    found = network.routes(at(c=center), at(z=zone), **options)
    return tables.cell(found.km, "c", "z"), tables.cell(found.minutes, "c", "z")


def way_km(lines: gpd.GeoDataFrame, center: Place, zone: Place) -> float:
    return way(road_network(lines), center, zone)[0]


def between(a: Place, b: Place, share: float) -> Place:
    """Place on a line along a meridian, this share of the way."""
    assert a[1] == b[1]
    length = Geodesic.WGS84.Inverse(*a, *b)
    found = Geodesic.WGS84.Direct(*a, length["azi1"], share * length["s12"])
    return found["lat2"], found["lon2"]


def refused(act: Callable[[], object]) -> Issue:
    """The single defect, whose sentence is whole in both languages."""
    with pytest.raises(DataError) as error:
        act()
    (issue,) = error.value.issues
    (code,) = codes((issue,))
    assert code == issue.code
    return issue


def codes(issues: tuple[Issue, ...]) -> list[str]:
    """What was found, each with a sentence that is whole in both languages."""
    for issue, language in product(issues, ("id", "en")):
        sentence = Messages(language).issue(issue)
        assert not set(sentence) & set("{}")
        assert "None" not in sentence
    return [issue.code for issue in issues]


# --- lines become a network ---------------------------------------------------------------------


def test_km_and_minutes_of_a_straight_road() -> None:
    km, minutes = way(road_network(drawn(line(SW, NW), highway="primary")), SW, NW)
    assert km == pytest.approx(length_km(SW, NW), abs=METRE)
    assert minutes == pytest.approx(length_km(SW, NW) / PRIMARY_KMH * 60, abs=1e-3)


def test_way_follows_the_bends_of_a_road() -> None:
    bent = (SW, SE, NE, NW)
    assert way_km(drawn(line(*bent)), SW, NW) == pytest.approx(length_km(*bent), abs=METRE)


def test_lines_meet_at_a_vertex_in_the_middle_of_both() -> None:
    crossing = drawn(line(SW, MIDDLE, NE), line(NW, MIDDLE, SE))
    assert way_km(crossing, SW, SE) == pytest.approx(length_km(SW, MIDDLE, SE), abs=METRE)


def test_bridge_over_a_road_is_no_junction() -> None:
    crossing = drawn(line(SW, NE), line(NW, SE))
    assert math.isnan(way_km(crossing, SW, SE))
    assert way_km(crossing, SW, NE) == pytest.approx(length_km(SW, NE), abs=METRE)


@pytest.mark.parametrize(("gap", "joined"), [(2e-8, True), (3e-7, False)])
def test_vertices_within_a_centimetre_are_one(gap: float, joined: bool) -> None:
    almost = (3.01, 99.0 + gap)
    km = way_km(drawn(line(SW, NW), line(almost, NE)), SW, NE)
    assert math.isnan(km) is not joined


def test_shortest_km_and_fastest_minutes_may_be_two_ways() -> None:
    network = road_network(
        drawn(line(SW, NE), line(SW, SE, NE), highway=["residential", "primary"])
    )
    km, minutes = way(network, SW, NE)
    assert km == pytest.approx(length_km(SW, NE), abs=METRE)
    assert minutes == pytest.approx(length_km(SW, SE, NE) / PRIMARY_KMH * 60, abs=1e-3)
    assert minutes < km / RESIDENTIAL_KMH * 60


def test_the_better_of_two_roads_between_the_same_vertices_counts_once() -> None:
    twice = drawn(line(SW, NW), line(NW, SW), highway=["residential", "primary"])
    km, minutes = way(road_network(twice), SW, NW)
    assert km == pytest.approx(length_km(SW, NW), abs=METRE)
    assert minutes == pytest.approx(length_km(SW, NW) / PRIMARY_KMH * 60, abs=1e-3)


def test_points_on_a_road_that_is_drawn_once_for_each_direction_go_straight() -> None:
    twice = drawn(line(SW, NW), line(NW, SW), oneway="yes")
    network = road_network(twice)
    a, b = between(SW, NW, 0.25), between(SW, NW, 0.75)
    for here, there in ((a, b), (b, a)):
        assert way(network, here, there)[0] == pytest.approx(length_km(a, b), abs=METRE)


@pytest.mark.parametrize("crs", [32647, 3857])
def test_roads_in_any_crs_are_as_long(crs: int) -> None:
    lines = drawn(line(SW, SE, NE), highway="primary").to_crs(crs)
    assert way_km(lines, SW, NE) == pytest.approx(length_km(SW, SE, NE), abs=METRE)


def test_parts_heights_other_geometries_and_repeated_labels_do_no_harm() -> None:
    parts = shapely.MultiLineString([line(SW, SE), shapely.force_3d(line(SE, NE), 700)])
    other = [shapely.Point(99, 3), None, shapely.LineString(), shapely.box(99, 3, 100, 4)]
    lines = drawn(parts, *other, highway="primary")
    lines.index = pd.Index([7] * len(lines))
    assert way_km(lines, SW, NE) == pytest.approx(length_km(SW, SE, NE), abs=METRE)


def test_way_is_never_shorter_than_the_straight_line() -> None:
    centers = at(a=(3.0, 99.003), b=(3.009, 99.0), c=(3.003, 99.012))
    lines = drawn(line(SW, SE, NE, NW, SW))
    found = road_network(lines).routes(centers, at(z=NE, y=MIDDLE))
    assert (found.km >= distance_km(centers, at(z=NE, y=MIDDLE)) - 1e-6).all(axis=None)


# --- direction ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("oneway", "there", "back"),
    [
        ("yes", True, False),
        ("true", True, False),
        ("1", True, False),
        ("YES ", True, False),
        (True, True, False),
        (1, True, False),
        (1.0, True, False),
        ("-1", False, True),
        (-1, False, True),
        ("reverse", False, True),
        ("no", True, True),
        ("false", True, True),
        ("0", True, True),
        (False, True, True),
        (0, True, True),
        ("", True, True),
        (None, True, True),
        ("alternating", True, True),
        ("reversible", True, True),
        ("t", True, False),  # as PostGIS writes true and false
        ("f", True, True),
    ],
)
def test_oneway_opens_the_direction_it_names(oneway: object, there: bool, back: bool) -> None:
    lines = drawn(line(SW, NW), oneway=oneway)
    assert [math.isnan(way_km(lines, SW, NW)), math.isnan(way_km(lines, NW, SW))] == [
        not there,
        not back,
    ]


def test_way_back_goes_round_a_oneway_street() -> None:
    lines = drawn(line(SW, NW), line(NW, NE, SE, SW), oneway=["yes", "no"])
    assert way_km(lines, SW, NW) == pytest.approx(length_km(SW, NW), abs=METRE)
    assert way_km(lines, NW, SW) == pytest.approx(length_km(NW, NE, SE, SW), abs=METRE)


@pytest.mark.parametrize(
    ("tags", "back"),
    [
        ({"highway": "motorway"}, False),
        ({"highway": "motorway", "oneway": "no"}, True),
        ({"highway": "motorway", "oneway": None}, False),
        ({"highway": "motorway_link"}, True),
        ({"highway": "primary", "junction": "roundabout"}, False),
        ({"highway": "primary", "junction": "circular"}, False),
        ({"highway": "primary", "junction": "yes"}, True),
    ],
)
def test_motorways_and_roundabouts_are_oneway_unless_tagged(
    tags: dict[str, Any], back: bool
) -> None:
    lines = drawn(line(SW, NW), **tags)
    assert not math.isnan(way_km(lines, SW, NW))
    assert math.isnan(way_km(lines, NW, SW)) is not back


def test_roundabout_is_driven_one_way_round() -> None:
    ring = drawn(line(SW, SE, NE, NW, SW), highway="primary", junction="roundabout")
    assert way_km(ring, SW, SE) == pytest.approx(length_km(SW, SE), abs=METRE)
    assert way_km(ring, SE, SW) == pytest.approx(length_km(SE, NE, NW, SW), abs=METRE)


# --- speed --------------------------------------------------------------------------------------


def speed_kmh(**tags: Any) -> float:
    km, minutes = way(road_network(drawn(line(SW, NW), **tags)), SW, NW)
    return km / minutes * 60


@pytest.mark.parametrize(
    ("maxspeed", "kmh"),
    [
        ("50", 50),
        ("50 km/h", 50),
        ("50kmh", 50),
        (" 50 KM/H", 50),
        ("['60', '80']", 60),  # as osmnx writes a road of two parts
        ('["30 mph"; "80"]', 48.28032),
        ("[80, 60]", 60),
        ("32.5", 32.5),
        (50, 50),
        (50.0, 50),
        ("30 mph", 48.28032),
        ("30mph", 48.28032),
        ("50;60", 50),
        ("60; 50", 50),
        ("signals;40", 40),
        ("500", 130),
        ("9999 mph", 130),
        ("0.5", 1),
        *((junk, PRIMARY_KMH) for junk in ("none", "signals", "walk", "ID:urban", "", None, "0")),
        *((junk, PRIMARY_KMH) for junk in ("-50", "5O", "50 @ (Mo-Fr)", "nan", "inf", "1e3")),
        *((junk, PRIMARY_KMH) for junk in ("50 60", "99999", "{{7*7}}", "50 knots", math.nan)),
    ],
)
def test_maxspeed_wins_where_it_can_be_read(maxspeed: object, kmh: float) -> None:
    assert speed_kmh(highway="primary", maxspeed=maxspeed) == pytest.approx(kmh, rel=1e-6)


@pytest.mark.parametrize(
    ("highway", "kmh"),
    [
        # Facts: speeds of the car profile of OSRM.
        *(("motorway", 90), ("trunk", 85), ("primary", 65), ("secondary", 55), ("tertiary", 40)),
        *(("unclassified", 25), ("residential", 25), ("living_street", 10), ("service", 15)),
        *(("motorway_link", 45), ("trunk_link", 40), ("primary_link", 30)),
        *(("secondary_link", 25), ("tertiary_link", 20)),
        ("Primary ", 65),
        ("['secondary', 'tertiary']", 55),  # as osmnx writes a road of two classes
    ],
)
def test_class_has_its_usual_speed(highway: str, kmh: float) -> None:
    assert speed_kmh(highway=highway) == pytest.approx(kmh, rel=1e-6)


def test_line_with_neither_class_nor_limit_has_the_default_speed() -> None:
    assert speed_kmh() == pytest.approx(DEFAULT_KMH, rel=1e-6)
    assert speed_kmh(maxspeed="80") == pytest.approx(80, rel=1e-6)
    slow = road_network(drawn(line(SW, NW)), default_kmh=12)
    assert way(slow, SW, NW)[1] == pytest.approx(length_km(SW, NW) / 12 * 60, abs=1e-3)


@pytest.mark.parametrize("kmh", [0, -30, 131, math.nan, math.inf])
def test_default_speed_out_of_bounds_is_refused(kmh: float) -> None:
    with pytest.raises(ValueError, match="default_kmh"):
        road_network(drawn(line(SW, NW)), default_kmh=kmh)


# --- tags as GDAL writes them ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "other_tags",
    [
        '"oneway"=>"yes","maxspeed"=>"50"',
        '"surface"=>"asphalt", "maxspeed" => "50" , "oneway" => "yes"',
        '{"oneway":"yes","maxspeed":"50"}',
        '"note"=>"a sign \\"maxspeed\\"=>\\"20\\" fell","maxspeed"=>"50","oneway"=>"yes"',
        '"source:maxspeed"=>"20","maxspeed:bus"=>"30","maxspeed"=>"50","oneway"=>"yes"',
    ],
)
def test_other_tags_hold_speed_and_direction(other_tags: str) -> None:
    lines = drawn(line(SW, NW), highway="primary", other_tags=other_tags)
    km, minutes = way(road_network(lines), SW, NW)
    assert km / minutes * 60 == pytest.approx(50, rel=1e-6)
    assert math.isnan(way_km(lines, NW, SW))


def test_column_goes_before_other_tags_where_it_has_a_value() -> None:
    tags = {"maxspeed": ["40", None], "other_tags": '"maxspeed"=>"50"'}
    network = road_network(drawn(line(SW, NW), line(SE, NE), highway="primary", **tags))
    for ends, kmh in (((SW, NW), 40), ((SE, NE), 50)):
        km, minutes = way(network, *ends)
        assert km / minutes * 60 == pytest.approx(kmh, rel=1e-6)


def test_class_in_other_tags_filters_too() -> None:
    tags = ['"highway"=>"primary"', '"highway"=>"footway"']
    lines = drawn(line(SW, NW), line(SE, NE), other_tags=tags)
    network = road_network(lines)
    assert way(network, SW, NW, max_snap_km=0.5)[0] == pytest.approx(length_km(SW, NW), abs=METRE)
    assert math.isnan(way(network, SE, NE, max_snap_km=0.5)[0])


def test_openstreetmap_file_as_gdal_reads_it(tmp_path: Path) -> None:
    nodes = "".join(
        f'<node id="{i}" lat="{lat}" lon="{lon}"/>' for i, (lat, lon) in enumerate((SW, NW, NE), 1)
    )
    tags = {"highway": "primary", "oneway": "yes", "maxspeed": "50", "note": "&quot;oneway&quot;"}
    written = "".join(f'<tag k="{key}" v="{value}"/>' for key, value in tags.items())
    refs = '<nd ref="1"/><nd ref="2"/><nd ref="3"/>'
    path = tmp_path / "roads.osm"
    path.write_text(f'<osm version="0.6">{nodes}<way id="9">{refs}{written}</way></osm>')
    lines = gpd.read_file(path, layer="lines")
    km, minutes = way(road_network(lines), SW, NE)
    assert km == pytest.approx(length_km(SW, NW, NE), abs=METRE)
    assert km / minutes * 60 == pytest.approx(50, rel=1e-6)
    assert math.isnan(way_km(lines, NE, SW))


# --- classes ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("oneway", "there", "back"), [("F", True, False), ("T", False, True), ("B", True, True)]
)
@pytest.mark.parametrize("column", ["fclass", "FCLASS"])
def test_letters_of_geofabrik_tell_the_direction(
    oneway: str, there: bool, back: bool, column: str
) -> None:
    lines = drawn(line(SW, NW), oneway=oneway, maxspeed=0, **{column: "motorway"})
    assert [not math.isnan(way_km(lines, SW, NW)), not math.isnan(way_km(lines, NW, SW))] == [
        there,
        back,
    ]
    assert speed_kmh(highway="primary", maxspeed=0) == pytest.approx(PRIMARY_KMH)


@pytest.mark.parametrize("column", ["fclass", "type"])
def test_classes_of_geofabrik_count_as_those_of_openstreetmap(column: str) -> None:
    lines = drawn(line(SW, SE, NE), line(SW, NE), **{column: ["primary", "steps"]})
    km, minutes = way(road_network(lines), SW, NE)
    assert km == pytest.approx(length_km(SW, SE, NE), abs=METRE)
    assert minutes == pytest.approx(km / PRIMARY_KMH * 60)


@pytest.mark.parametrize(
    ("remark", "kmh"),
    [
        # As in the legends of RBI maps, and the classes of OpenStreetMap that they are taken for.
        *(("Jalan Tol Dua Jalur Dengan Pemisah Fisik", 90), ("Jalan Arteri", 65)),
        *(("Jalan Kolektor", 55), ("jalan lokal", 40), ("Jalan Lain", 25)),
    ],
)
def test_classes_of_rbi_have_their_speed(remark: str, kmh: float) -> None:
    assert speed_kmh(REMARK=remark) == pytest.approx(kmh, rel=1e-6)


def test_what_is_no_road_for_cars_is_told_by_kind() -> None:
    kinds = ["Jalan Arteri", "Jalan Setapak", "Jalan Kereta Api", "Pematang"]
    network = road_network(drawn(*[line(SW, NW)] * 4, REMARK=kinds), name="rbi")
    assert codes(network.issues) == ["roads_other_ways", "roads_class_unknown"]
    assert [(i.severity, i.expected["count"]) for i in network.issues] == [
        ("noted", 1),
        ("noted", 2),
    ]
    assert network.issues[1].expected["classes"] == ("jalan kereta api", "pematang")


@pytest.mark.parametrize(
    ("tags", "open_"),
    [
        ({"access": "no"}, False),
        ({"access": "no", "motor_vehicle": "yes"}, True),
        ({"access": "yes", "motorcar": "no"}, False),
        ({"access": "private"}, True),
        ({"other_tags": '"motor_vehicle"=>"no"'}, False),
    ],
)
def test_road_that_is_closed_to_cars_is_no_way(tags: dict[str, str], open_: bool) -> None:
    given = {key: [value, None] for key, value in tags.items()}
    lines = drawn(line(SW, NE), line(SW, SE, NE), highway="primary", **given)
    network = road_network(lines)
    expected = length_km(SW, NE) if open_ else length_km(SW, SE, NE)
    assert way(network, SW, NE)[0] == pytest.approx(expected, abs=METRE)
    assert codes(network.issues) == ([] if open_ else ["roads_closed"])


def test_smallest_classes_are_left_out_where_there_are_too_many_segments(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(roads, "MAX_SEGMENTS", 5)
    lines = drawn(
        *(line(SW, NW), line(SW, MIDDLE, NE), line(SE, NE)),
        highway=["primary", "service", "residential"],
    )
    network = road_network(lines)
    assert codes(network.issues) == ["roads_too_small"]
    assert network.issues[0].expected == {"count": 1, "classes": ("service",)}
    assert len(network.length_km) == 2


@pytest.mark.parametrize("highway", ["footway", "steps", "construction", "track", None, ""])
def test_only_roads_for_cars_count(highway: str | None) -> None:
    lines = drawn(line(SW, SE, NE), line(SW, NE), highway=["primary", highway])
    assert way_km(lines, SW, NE) == pytest.approx(length_km(SW, SE, NE), abs=METRE)


# --- snapping -----------------------------------------------------------------------------------


def test_point_joins_the_road_between_its_vertices() -> None:
    lines = drawn(line(SW, NW), highway="primary")
    center, zone = (3.004, 99.005), (3.009, 98.999)
    foot, other_foot = (3.004, 99.0), (3.009, 99.0)
    straight = length_km(center, foot) + length_km(zone, other_foot)
    along = length_km(foot, other_foot)
    found = road_network(lines).routes(at(c=center), at(z=zone))
    assert found.snap_km["c"] == pytest.approx(length_km(center, foot), abs=METRE)
    assert found.zone_snap_km["z"] == pytest.approx(length_km(zone, other_foot), abs=METRE)
    assert found.km.at["c", "z"] == pytest.approx(along + straight, abs=METRE)
    minutes = along / PRIMARY_KMH * 60 + straight / DEFAULT_KMH * 60
    assert tables.cell(found.minutes, "c", "z") == pytest.approx(minutes, abs=2e-3)


def test_straight_way_to_the_road_goes_at_the_default_speed() -> None:
    network = road_network(drawn(line(SW, NW), highway="primary"), default_kmh=6)
    center = (3.0, 99.005)
    minutes = length_km(center, SW) / 6 * 60 + length_km(SW, NW) / PRIMARY_KMH * 60
    assert way(network, center, NW)[1] == pytest.approx(minutes, abs=0.02)


def test_point_beyond_the_limit_has_no_route_but_its_distance_to_the_road() -> None:
    network = road_network(drawn(line(SW, NW)))
    centers = at(near=(3.005, 99.008), off=(3.005, 99.02))  # 0.9 and 2.2 km from the road
    found = network.routes(centers, at(z=NW))
    assert found.km["z"].notna().tolist() == [True, False]
    assert found.minutes["z"].notna().tolist() == [True, False]
    expected = [length_km((3.005, 99.0), (3.005, lon)) for lon in (99.008, 99.02)]
    assert found.snap_km.tolist() == pytest.approx(expected, abs=METRE)
    assert network.routes(centers, at(z=NW), max_snap_km=3).km["z"].notna().all()
    assert network.routes(centers, at(z=NW), max_snap_km=0.5).km["z"].isna().all()


def test_limit_binds_zones_too() -> None:
    found = road_network(drawn(line(SW, NW))).routes(at(c=SW), at(on=NW, off=(3.01, 99.03)))
    assert found.km.loc["c"].isna().to_dict() == {"on": False, "off": True}
    expected = length_km(NW, (3.01, 99.03))
    assert found.zone_snap_km["off"] == pytest.approx(expected, abs=METRE)


@pytest.mark.parametrize("limit", [-1, math.nan])
def test_limit_that_is_none_is_refused(limit: float) -> None:
    with pytest.raises(ValueError, match="max_snap_km"):
        way(road_network(drawn(line(SW, NW))), SW, NW, max_snap_km=limit)


@pytest.mark.parametrize("oneway", ["no", "yes"])
def test_center_and_zone_on_one_segment(oneway: str) -> None:
    lines = drawn(line(SW, NW), oneway=oneway)
    a, b = between(SW, NW, 0.2), between(SW, NW, 0.9)
    assert way_km(lines, a, b) == pytest.approx(length_km(a, b), abs=METRE)
    back = way_km(lines, b, a)
    assert (
        math.isnan(back) if oneway == "yes" else back == pytest.approx(length_km(a, b), abs=METRE)
    )


def test_zone_behind_a_center_in_a_oneway_street_is_reached_all_the_way_round() -> None:
    lines = drawn(line(SW, NW), line(NW, NE, SE, SW), oneway=["yes", "no"])
    a, b = between(SW, NW, 0.2), between(SW, NW, 0.9)
    around = length_km(b, NW, NE, SE, SW, a)
    assert way_km(lines, b, a) == pytest.approx(around, abs=METRE)
    assert way_km(lines, a, b) == pytest.approx(length_km(a, b), abs=METRE)


def test_way_round_is_taken_where_it_is_faster_than_along_one_segment() -> None:
    lines = drawn(line(SW, NW), line(SW, SE, NE, NW), maxspeed=["1", "130"])
    center, zone = between(SW, NW, 0.01), between(SW, NW, 0.99)
    km, minutes = way(road_network(lines), center, zone)
    assert km == pytest.approx(length_km(center, zone), abs=METRE)
    slow, fast = length_km(center, SW) + length_km(NW, zone), length_km(SW, SE, NE, NW)
    assert minutes == pytest.approx(slow * 60 + fast / 130 * 60, abs=0.1)


@pytest.mark.parametrize("place", [SW, between(SW, NW, 0.4), (3.005, 99.004)])
@pytest.mark.parametrize("oneway", ["no", "yes", "-1"])
def test_zone_at_the_center_is_no_way_but_to_the_road_and_back(place: Place, oneway: str) -> None:
    km, minutes = way(road_network(drawn(line(SW, NW), oneway=oneway)), place, place)
    to_the_road = 2 * length_km(place, (place[0], 99.0))
    assert km == pytest.approx(to_the_road, abs=METRE)
    assert minutes == pytest.approx(to_the_road / DEFAULT_KMH * 60, abs=2 * METRE)


def test_point_on_a_junction_takes_every_road_that_leaves_it() -> None:
    lines = drawn(line(SW, NW), line(NW, NE), line(SE, NE), oneway=["yes", "no", "yes"])
    assert way_km(lines, NW, NE) == pytest.approx(length_km(NW, NE), abs=METRE)
    assert way_km(lines, NE, NW) == pytest.approx(length_km(NW, NE), abs=METRE)
    assert way_km(lines, SE, NW) == pytest.approx(length_km(SE, NE, NW), abs=METRE)
    assert math.isnan(way_km(lines, NE, SE))
    assert math.isnan(way_km(lines, NW, SW))


def test_point_half_a_metre_into_a_oneway_street_cannot_turn_back() -> None:
    far = (3.9, 99.0)  # 100 km: a small share of the street is many metres
    lines = drawn(line(SW, far), oneway="yes")
    inside = between(SW, far, 0.0005 / length_km(SW, far))
    assert math.isnan(way_km(lines, inside, SW))
    assert way_km(lines, SW, inside) == pytest.approx(0.0005, abs=1e-5)
    assert way_km(lines, SW, SW) == pytest.approx(0, abs=1e-5)


def test_island_has_no_route_to_the_mainland() -> None:
    island = line((3.2, 99.2), (3.21, 99.2))
    found = road_network(drawn(line(SW, NW), island)).routes(
        at(mainland=SW, island=FAR), at(m=NW, i=(3.21, 99.2))
    )
    assert found.km.isna().to_numpy().tolist() == [[False, True], [True, False]]
    assert found.minutes.isna().to_numpy().tolist() == [[False, True], [True, False]]
    assert found.snap_km.tolist() == pytest.approx([0, 0], abs=METRE)


# --- tables -------------------------------------------------------------------------------------


def test_missing_positions_are_missing_and_leave_the_others_alone() -> None:
    centers = at(lost=(math.nan, math.nan), half=(3.0, math.nan), found=SW)
    found = road_network(drawn(line(SW, NW))).routes(centers, at(z=NW, nowhere=(math.nan,) * 2))
    assert found.km.isna().to_numpy().tolist() == [[True, True], [True, True], [False, True]]
    assert found.minutes.isna().equals(found.km.isna())
    assert found.snap_km.isna().tolist() == [True, True, False]
    assert found.zone_snap_km.isna().tolist() == [False, True]


@pytest.mark.parametrize(("centers", "zones"), [(0, 1), (1, 0), (0, 0)])
def test_without_centers_or_zones_the_tables_are_empty(centers: int, zones: int) -> None:
    network = road_network(drawn(line(SW, NW)))
    found = network.routes(at(c=SW).iloc[:centers], at(z=NW).iloc[:zones])
    assert found.km.shape == found.minutes.shape == (centers, zones)
    assert (len(found.snap_km), len(found.zone_snap_km)) == (centers, zones)


def test_rows_keep_an_index_of_draws_and_centers() -> None:
    index = pd.MultiIndex.from_product([range(3), ["b", "a"]], names=["draw", "center_id"])
    centers = pd.DataFrame({"lat": [3.0, 3.002, 3.004, 3.006, 3.008, 3.01], "lon": 99.0}, index)
    zones = at(z=NW).rename_axis("zone_id")
    found = road_network(drawn(line(SW, NW))).routes(centers, zones)
    assert found.km.index.equals(index)
    assert found.minutes.index.equals(index)
    assert found.snap_km.index.equals(index)
    assert found.km.columns.equals(zones.index)
    expected = [length_km((lat, 99.0), NW) for lat in centers["lat"]]
    assert found.km["z"].tolist() == pytest.approx(expected, abs=METRE)


def test_nothing_is_infinite_or_negative() -> None:
    lines = drawn(line(SW, NW), line(SE, NE), oneway=["yes", "no"])
    found = road_network(lines).routes(at(a=SW, b=NW, c=SE), at(z=SW, y=NE))
    assert found.km.isna().to_numpy().tolist() == [[False, True], [True, True], [True, False]]
    for values in (found.km.to_numpy(), found.minutes.to_numpy()):
        known = values[~np.isnan(values)]
        assert np.isfinite(known).all()
        assert (known >= 0).all()


# --- other methods --------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(6))
def test_random_roads_agree_with_networkx(seed: int) -> None:
    """A 6 × 6 grid with one-way streets, limits and gaps; centers and zones also along streets."""
    random = np.random.default_rng(seed)
    places = {(i, j): (3 + 0.01 * i, 99 + 0.01 * j) for i in range(6) for j in range(6)}
    graph, lines, tags, split = nx.DiGraph(), [], [], []
    for (i, j), here in places.items():
        for other in ((i + 1, j), (i, j + 1)):
            if other not in places or random.random() < 0.2:
                continue
            kmh = int(random.integers(20, 90))
            oneway = random.choice(["yes", "-1", "no"], p=[0.2, 0.2, 0.6])
            lines.append(line(here, places[other]))
            tags.append((oneway, str(kmh)))
            stops: list[Any] = [((i, j), here), (other, places[other])]
            if other == (i + 1, j):  # along a meridian a point on the line is easily placed
                middle = (3 + 0.01 * (i + 0.3), here[1])
                stops.insert(1, (("on", i, j), middle))
                split.append((("on", i, j), middle))
            for (a, place_a), (b, place_b) in pairwise(stops):
                cost = {"km": length_km(place_a, place_b)}
                cost["minutes"] = cost["km"] / kmh * 60
                if oneway != "-1":
                    graph.add_edge(a, b, **cost)
                if oneway != "yes":
                    graph.add_edge(b, a, **cost)
    oneways, limits = zip(*tags, strict=True)
    network = road_network(drawn(*lines, oneway=list(oneways), maxspeed=list(limits)))
    ends = [(node, places[node]) for node in places if node in graph] + split
    names = {str(node): place for node, place in ends}
    found = network.routes(at(**names), at(**dict(list(names.items())[::4])))
    assert found.km.isna().any(axis=None)  # the roads are hard enough to leave some without route
    for weight, table in (("km", found.km), ("minutes", found.minutes)):
        lengths = dict(nx.all_pairs_dijkstra_path_length(graph, weight=weight))
        expected = pd.DataFrame(
            {
                str(zone): {str(center): lengths[center].get(zone, np.nan) for center, _ in ends}
                for zone, _ in ends[::4]
            }
        )
        pd.testing.assert_frame_equal(table, expected, check_exact=False, rtol=0, atol=METRE)


def test_grid_of_100_000_segments_gives_the_ways_of_a_formula() -> None:
    """On a street grid every way has the height of its rows and the width of its upper row.

    Rows of a northern grid are shorter the farther north, so the width is that of the upper of
    the two ends; a detour beyond it would cost more than it saves.
    """
    side, step = 224, 0.001
    steps = np.arange(side) * step
    rows = [shapely.linestrings(np.column_stack([99 + steps, np.full(side, 3 + s)])) for s in steps]
    columns = [
        shapely.linestrings(np.column_stack([np.full(side, 99 + s), 3 + steps])) for s in steps
    ]
    lines = drawn(*rows, *columns, highway="primary")
    network = road_network(lines)
    assert len(network.length_km) == 2 * side * (side - 1) == 99_904
    random = np.random.default_rng(3)
    here, there = random.integers(0, side, (5_000, 2)), random.integers(0, side, (3, 2))
    centers = pd.DataFrame(3 + here[:, [0]] * step, columns=["lat"]).assign(
        lon=99 + here[:, 1] * step
    )
    zones = pd.DataFrame({"lat": 3 + there[:, 0] * step, "lon": 99 + there[:, 1] * step})
    found = network.routes(centers, zones)
    height = np.array([length_km((3, 99), (3 + s, 99)) for s in steps])  # arcs of a meridian add up
    street = np.array([length_km((3 + s, 99), (3 + s, 99 + step)) for s in steps])
    for zone, (row, column) in enumerate(there):
        upper = np.maximum(here[:, 0], row)
        km = np.abs(height[here[:, 0]] - height[row]) + np.abs(here[:, 1] - column) * street[upper]
        assert np.abs(found.km[zone] - km).max() < METRE
        assert np.abs(found.minutes[zone] - km / PRIMARY_KMH * 60).max() < METRE
    assert found.snap_km.max() < 1e-4


# --- what cannot be used --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "lines",
    [
        gpd.GeoDataFrame(geometry=[], crs=4326),
        gpd.GeoDataFrame(geometry=np.array([None, shapely.LineString()]), crs=4326),
        gpd.GeoDataFrame(geometry=[shapely.Point(99, 3), shapely.box(99, 3, 100, 4)], crs=4326),
        gpd.GeoDataFrame(geometry=[line(SW, SW)], crs=4326),
    ],
    ids=["empty", "blank", "points", "no length"],
)
def test_layer_without_lines_is_refused(lines: gpd.GeoDataFrame) -> None:
    issue = refused(lambda: road_network(lines, name="jalan.gpkg"))
    assert (issue.code, issue.file) == ("roads_no_lines", "jalan.gpkg")


def test_layer_without_crs_is_refused() -> None:
    assert refused(lambda: road_network(drawn(line(SW, NW), crs=None))).code == "crs_missing"


@pytest.mark.parametrize(
    "highway", [["footway", None], [None, None], ["", "{{7*7}}"], ["<script>", "no primary"]]
)
def test_layer_without_roads_for_cars_is_refused(highway: list[str | None]) -> None:
    issue = refused(lambda: road_network(drawn(line(SW, NW), line(SE, NE), highway=highway)))
    assert (issue.code, issue.expected) == ("roads_not_drivable", {"rows": 2})


@pytest.mark.filterwarnings("ignore:invalid value")  # a coordinate that is NaN
@pytest.mark.parametrize(
    "end",
    [(500_000.0, 330_000.0), (99.0, 90.5), (180.5, 3.0), (99.0, math.nan), (0.0, 0.0)],
    ids=["metres", "beyond the pole", "beyond the date line", "nan", "a quarter globe away"],
)
def test_coordinates_that_are_no_degrees_here_are_refused(end: tuple[float, float]) -> None:
    lines = gpd.GeoDataFrame(geometry=[shapely.LineString([(99.0, 3.0), end])], crs=4326)
    assert refused(lambda: road_network(lines)).code == "crs_wrong"


def test_more_segments_than_the_bound_are_refused_before_they_are_built() -> None:
    vertices = np.column_stack([np.linspace(99, 100, 1_000_002), np.full(1_000_002, 3.0)])
    lines = gpd.GeoDataFrame(geometry=[shapely.LineString(vertices)], crs=4326)
    issue = refused(lambda: road_network(lines))
    assert issue.code == "roads_too_many"
    assert issue.expected == {"segments": 1_000_001, "limit": 1_000_000}


# --- files ----------------------------------------------------------------------------------------

ROADS = drawn(line(SW, NW), line(NW, NE), highway=["primary", None], name="Jl", oneway="yes")


def written(frame: gpd.GeoDataFrame, kind: str) -> bytes:
    buffer = io.BytesIO()
    if kind == "parquet":
        frame.to_parquet(buffer)
    else:
        frame.to_file(buffer, driver=kind)
    return buffer.getvalue()


@pytest.mark.parametrize("crs", [4326, 32647])
@pytest.mark.parametrize("kind", ["GPKG", "GeoJSON", "parquet"])
def test_lines_of_every_format_are_read_with_their_tags_only(kind: str, crs: int) -> None:
    lines = read_lines("jalan", written(ROADS.to_crs(crs), kind)).lines
    assert lines.drop(columns=lines.geometry.name).columns.tolist() == ["highway", "oneway"]
    assert lines["highway"].fillna("-").tolist() == ["primary", "-"]
    assert lines.crs.equals(crs, ignore_axis_order=True)
    assert way_km(lines, SW, NW) == pytest.approx(length_km(SW, NW), abs=METRE)


def geopackage(tmp_path: Path, **layers: gpd.GeoDataFrame) -> bytes:
    path = tmp_path / f"{'_'.join(layers)}.gpkg"
    for name, frame in layers.items():
        frame.to_file(path, layer=name, driver="GPKG")
    return path.read_bytes()


def test_layer_of_lines_is_found_among_others(tmp_path: Path) -> None:
    points = gpd.GeoDataFrame({"highway": ["stop"]}, geometry=[shapely.Point(99, 3)], crs=4326)
    rivers = drawn(line(SE, NE), waterway="river")
    data = geopackage(tmp_path, points=points, rivers=rivers, lines=ROADS)
    assert len(read_lines("jalan.gpkg", data).lines) == 2
    data = geopackage(tmp_path, nodes=points, other=ROADS)
    assert read_lines("jalan.gpkg", data).lines.geom_type.unique().tolist() == ["LineString"]
    mixed = pd.concat([points, ROADS])  # a layer of any geometry, as GeoPackage calls it
    data = geopackage(tmp_path, nodes=points, mixed=mixed)
    assert len(read_lines("jalan.gpkg", data).lines) == 3


# Files as they are published, with invented names: a railway and a border come before the roads.
RAIL = drawn(line(SW, NE), fclass="rail")
BORDER = drawn(line(SW, NE), nama="batas")
GEOFABRIK = drawn(
    line(SW, NW), line(NW, NE), fclass=["trunk", "footway"], oneway=["F", "B"], maxspeed=0
)
BOX = (98.5, 2.5, 99.5, 3.5)


def test_layer_of_roads_is_known_by_its_classes_not_by_its_order(tmp_path: Path) -> None:
    towns = gpd.GeoDataFrame({"fclass": ["town"]}, geometry=[shapely.Point(99, 3)], crs=4326)
    layers = {"gis_osm_places_free": towns, "gis_osm_railways_free": RAIL}
    data = geopackage(tmp_path, **layers, gis_osm_roads_free=GEOFABRIK)
    read = read_lines("sumatra.gpkg", data)
    assert read.layer == Layer("gis_osm_roads_free", "tags", "fclass")
    assert read.lines["fclass"].tolist() == ["trunk", "footway"]
    assert [layer.evidence for layer in line_layers("sumatra.gpkg", data)] == ["tags", "other"]


def test_layer_of_roads_is_known_by_its_name(tmp_path: Path) -> None:
    roads_, other = drawn(line(SW, NW), nama="a"), drawn(line(SW, SE), nama="b")
    data = geopackage(tmp_path, BATAS_DESA_LN=BORDER, garis=other, JaringanJalan_2024=roads_)
    assert read_lines("peta.gpkg", data).layer == Layer("JaringanJalan_2024", "name", "jalan")


@pytest.mark.parametrize(
    ("layers", "code"),
    [
        ({"gis_osm_railways_free": RAIL}, "roads_no_layer"),
        ({"batas_desa_ln": BORDER, "sungai": BORDER}, "roads_no_layer"),
        ({"garis": BORDER, "gambar": BORDER}, "roads_which_layer"),
        ({"garis": drawn(line(SW, NE), waterway="river")}, "roads_no_layer"),
    ],
)
def test_lines_that_are_no_roads_are_refused_unless_chosen(
    layers: dict[str, gpd.GeoDataFrame], code: str, tmp_path: Path
) -> None:
    data = geopackage(tmp_path, **layers)
    issue = refused(lambda: read_lines("peta.gpkg", data))
    assert (issue.code, list(issue.expected["layers"])) == (code, list(layers))
    chosen = read_lines("peta.gpkg", data, layer=next(iter(layers)))
    assert (len(chosen.lines), chosen.layer.evidence) == (1, "chosen")


def test_other_layers_with_roads_are_named(tmp_path: Path) -> None:
    data = geopackage(tmp_path, a=GEOFABRIK, jalan_2020=GEOFABRIK, rel=RAIL, jalan_2024=GEOFABRIK)
    (issue,) = read_lines("peta.gpkg", data).issues
    assert codes((issue,)) == ["roads_several"]
    assert (issue.severity, issue.value) == ("noted", "jalan_2020")
    assert issue.expected == {"others": ["a", "jalan_2024"]}


@pytest.mark.parametrize(
    ("name", "code"), [("batas_desa.geojson", "roads_no_layer"), ("peta.geojson", None)]
)
def test_lines_of_which_nothing_tells_are_roads_unless_the_file_is_called_otherwise(
    name: str, code: str | None
) -> None:
    data = written(BORDER, "GeoJSON")
    if code:
        assert refused(lambda: read_lines(name, data)).code == code
    else:
        assert codes(read_lines(name, data).issues) == ["roads_unsaid"]


def zipped(frame: gpd.GeoDataFrame, tmp_path: Path, *suffixes: str, folder: str = "") -> bytes:
    """A shapefile in an archive, with these of its files only."""
    frame.to_file(tmp_path / "jalan.shp")
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for suffix in suffixes:
            archive.write(tmp_path / f"jalan{suffix}", f"{folder}jalan{suffix}")
    return buffer.getvalue()


SHAPEFILE = (".shp", ".shx", ".dbf")


@pytest.mark.parametrize("folder", ["", "shp/sumut/"])
@pytest.mark.parametrize("crs", [4326, 32647, 32646])
@pytest.mark.parametrize("more", [(".prj", ".cpg"), ()], ids=["whole", "bare"])
def test_zipped_shapefile_is_read_with_and_without_its_crs(
    more: tuple[str, ...], crs: int, folder: str, tmp_path: Path
) -> None:
    data = zipped(GEOFABRIK.to_crs(crs), tmp_path, *SHAPEFILE, *more, folder=folder)
    before = set(Path(gettempdir()).iterdir())
    read = read_lines("jalan.zip", data, box=BOX)
    assert set(Path(gettempdir()).iterdir()) <= before
    assert codes(read.issues) == ([] if more else ["crs_assumed"])
    assert read.layer == Layer("jalan", "tags", "fclass")
    assert way_km(read.lines, SW, NW) == pytest.approx(length_km(SW, NW), abs=METRE)
    assert math.isnan(way_km(read.lines, NW, SW))


def test_shapefile_without_crs_elsewhere_is_not_guessed(tmp_path: Path) -> None:
    far = GEOFABRIK.set_geometry(GEOFABRIK.translate(500, 500))
    data = zipped(far, tmp_path, *SHAPEFILE)
    read = read_lines("jalan.zip", data, box=BOX)
    assert refused(lambda: road_network(read.lines)).code == "crs_missing"


@pytest.mark.parametrize("kind", ["FlatGeobuf", "GPKG"])
def test_one_file_in_an_archive_is_read_as_it_is_alone(kind: str) -> None:
    alone, buffer = written(GEOFABRIK, kind), io.BytesIO()
    ending = {"FlatGeobuf": "fgb", "GPKG": "gpkg"}[kind]
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("README.txt", "invented")
        archive.writestr(f"jalan.{ending}", alone)
    for data in (alone, buffer.getvalue()):
        lines = read_lines("jalan", data).lines
        assert set(lines["fclass"]) == {"trunk", "footway"}
        assert way_km(lines, SW, NW) == pytest.approx(length_km(SW, NW), abs=METRE)


def test_archive_that_unpacks_to_too_much_is_refused() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("jalan.geojson", b" " * 20_000_000)
    small = replace(LINES, unpacked_mb=10)
    issue = refused(lambda: read_lines("jalan.zip", buffer.getvalue(), bounds=small))
    assert issue.code == "file_too_large"


# One road against its direction at 50 km/h, stairs, a railway, a road 10 degrees to the east and
# one closed to cars: written with osmium, the nodes at SW, NW and NE.
PBF = base64.b64decode(
    "AAAADQoJT1NNSGVhZGVyGDsQLxo3eJxT4vMvzg1OzkjNTdQNM9AzU+JySc0rTvXLT0ktbmIUyMlMyi/OzSzN1TfSMzLW"
    "MwQAX2cOkwAAAAsKB09TTURhdGEYURBdGk14nONi4WLgYhAKFQrmYmUCAS1lLlZGEBBiZQABKQilBKG0WJlAlBNfQ985"
    "mQOzeBj2z+IBUl58DecmbmBnADIPvFwUzxAEUQ0Ay4cPxQAAAAwKB09TTURhdGEYswEQ8wEarQF4nF2MTQrCMBSE+17S"
    "Jr5akKxKcCGu3Ai68AJeRIKNNtA/kqL2Bh7b1l27moHvm6EHRSRK9yzfZqCkbeyUsjaf0FlbkOi8q40fCI9nwstptOPQ"
    "2y6Q8MZVk8ynQlnd9q2/vWzp7pWl1NvgCtv0zlSETau+oLcSFANkmvE42ZOETZRHu+ggroioc4kKQIOcEz4RpmClgRYb"
    "PhL+3/A5kai1jBVCqnGdLf9+iTsngw=="
)


def test_extract_of_openstreetmap_is_read_as_downloaded_within_the_province() -> None:
    read = read_lines("sumatra-latest.osm.pbf", PBF, box=BOX)
    assert read.layer == Layer("lines", "tags", "highway")
    assert sorted(read.lines["highway"]) == ["primary", "residential"]
    network = road_network(read.lines)
    assert codes(network.issues) == ["roads_closed"]
    km, minutes = way(network, NW, SW)
    assert km == pytest.approx(length_km(NW, SW), abs=METRE)
    assert minutes == pytest.approx(km / 50 * 60)
    assert math.isnan(way(network, SW, NW)[0])
    assert len(read_lines("sumatra-latest.osm.pbf", PBF).lines) == 3


def test_extract_of_another_province_is_refused() -> None:
    elsewhere = (110.0, -8.0, 111.0, -7.0)
    for name, data in (("x.osm.pbf", PBF), ("x.geojson", GEOJSON)):
        issue = refused(partial(read_lines, name, data, box=elsewhere))
        assert issue.code == "roads_outside"


def test_roads_around_the_province_are_kept_and_others_are_not() -> None:
    near, far = line((3.6, 99.0), (3.7, 99.0)), line((5.0, 99.0), (5.1, 99.0))
    data = written(drawn(line(SW, NW), near, far, highway="primary"), "GPKG")
    assert len(read_lines("jalan.gpkg", data, box=BOX).lines) == 2


def test_file_without_lines_is_read_and_then_refused(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    pd.DataFrame({"highway": ["primary"]}).to_parquet(buffer)
    points = gpd.GeoDataFrame({"highway": ["stop"]}, geometry=[shapely.Point(99, 3)], crs=4326)
    files = (
        buffer.getvalue(),
        written(points, "GPKG"),
        b'{"type":"FeatureCollection","features":[]}',
        b'{"type":"FeatureCollection","features":[{"properties":null,"geometry":null}]}',
    )
    for data in files:
        assert (
            refused(partial(lambda data: road_network(read_lines("x", data).lines), data)).code
            == "roads_no_lines"
        )


def test_parquet_without_crs_is_read_and_then_refused() -> None:
    data = written(drawn(line(SW, NW), crs=None), "parquet")
    assert refused(lambda: road_network(read_lines("x", data).lines)).code == "crs_missing"


GEOJSON = written(ROADS, "GeoJSON")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file_empty"),
        (b"nama,lat,lon\nA,3,99\n", "unknown_format"),
        (b"%PDF-1.7", "unknown_format"),
        (b"PK\x03\x04....", "unknown_format"),
        (b'{"type":"Topology"}', "unknown_format"),
        (b'{"type":"FeatureCollection"}', "file_broken"),
        (GEOJSON[: len(GEOJSON) // 2], "file_broken"),
        (GEOJSON.replace(b"99.01", b'"east"'), "file_broken"),
        (b'{"type":"FeatureCollection","features":[3]}', "file_broken"),
        (written(ROADS, "GPKG")[:5000], "file_broken"),
        (written(ROADS, "parquet")[:300], "file_broken"),
        (written(ROADS, "FlatGeobuf")[:400], "file_broken"),
        (PBF[:100], "file_broken"),
        (PBF[:-9], "file_broken"),
        (b'<osm version="0.6"><node id="1"', "file_broken"),
    ],
)
def test_file_that_cannot_be_read_is_refused(data: bytes, code: str) -> None:
    issue = refused(lambda: read_lines("jalan", data))
    assert (issue.code, issue.file) == (code, "jalan")
    if code == "unknown_format":
        assert {"geojson", "gpkg", "parquet", "zip", "osm.pbf"} <= set(issue.expected["accepted"])


def test_shapes_of_geojson_that_are_no_lines_are_passed_over() -> None:
    shapes = [
        {"type": "Point", "coordinates": [99, 3]},
        None,
        {"type": "Spiral"},
        {"type": "LineString", "coordinates": []},
        {"type": "LineString", "coordinates": [[99, 3, 7], [99.1, 3, 8]]},
        {"type": "MultiLineString", "coordinates": [[[99, 3], [99, 4]], [], [[98, 3], [98, 4]]]},
    ]
    features = [{"type": "Feature", "properties": None, "geometry": shape} for shape in shapes]
    data = json.dumps({"type": "FeatureCollection", "features": features}).encode()
    assert shapely.get_num_coordinates(read_lines("f", data).lines.geometry.array).tolist() == [
        *(0, 0, 0, 0, 2, 4),
    ]


def test_file_over_the_limit_is_refused() -> None:
    assert refused(lambda: read_lines("x", GEOJSON, limit_mb=1e-4)).code == "file_too_large"
    assert len(read_lines("x", GEOJSON, limit_mb=1).lines) == 2
    few = replace(LINES, characters=20)  # small files can unpack to large ones
    issue = refused(lambda: read_lines("x", written(ROADS, "parquet"), bounds=few))
    assert issue.code == "file_text"


# --- routing servers ------------------------------------------------------------------------------

Reply = tuple[int, bytes]
CENTERS, ZONES = at(a=SW, b=SE, c=NW), at(y=NE, z=MIDDLE)


class StandIn:
    """A server that answers as it is told and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, bytes]] = []
        self.reply: Callable[[str, bytes], Reply] = lambda path, body: (200, b"{}")
        self.pause_s = 0.0
        self.trickle_s = 0.0
        self.headers: dict[str, str] = {}
        self.closing = threading.Event()
        self.address = ""

    def answers(self, answer: object, status: int = 200) -> None:
        content = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        self.reply = lambda path, body: (status, content)


@pytest.fixture
def server() -> Iterator[StandIn]:
    stand_in = StandIn()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            stand_in.asked.append((self.path, body))
            status, content = stand_in.reply(self.path, body)
            stand_in.closing.wait(stand_in.pause_s)
            try:
                self.send_response(status)
                for header in stand_in.headers.items():
                    self.send_header(*header)
                self.end_headers()
                if not stand_in.trickle_s:
                    self.wfile.write(content)
                for byte in content if stand_in.trickle_s else b"":
                    self.wfile.write(bytes([byte]))
                    stand_in.closing.wait(stand_in.trickle_s)
            except OSError:
                pass  # the client has hung up, as it should

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, *_: object) -> None:
            pass

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    stand_in.address = f"http://127.0.0.1:{http.server_port}"
    yield stand_in
    stand_in.closing.set()
    http.shutdown()
    thread.join()
    http.server_close()


def osrm(server: StandIn, **options: Any) -> RoutingServer:
    return RoutingServer(server.address, "osrm", **options)


def table(
    metres: object = ((1000, 2000), (3000, 4000), (5000, 6000)),
    seconds: object = ((60, 120), (180, 240), (300, 360)),
    snaps: tuple[object, ...] = (0, 0, 0),
    zone_snaps: tuple[object, ...] = (0, 0),
) -> dict[str, Any]:
    """What OSRM answers for three centers and two zones."""
    return {
        "code": "Ok",
        "distances": metres,
        "durations": seconds,
        "sources": [{"distance": snap, "location": [99, 3], "name": "Jl"} for snap in snaps],
        "destinations": [{"distance": snap} for snap in zone_snaps],
    }


def cells(metres: object, seconds: object) -> dict[str, Any]:
    """One matrix of Valhalla."""
    return {
        "sources_to_targets": [
            [
                {"distance": d, "time": t, "from_index": 0, "to_index": 0}
                for d, t in zip(*row, strict=True)
            ]
            for row in zip(metres, seconds, strict=True)
        ],
        "units": "kilometers",
    }


KM, SECONDS = ((1, 2), (3, 4), (5, 6)), ((60, 120), (180, 240), (300, 360))


def test_osrm_is_asked_for_km_and_minutes_from_centers_to_zones(server: StandIn) -> None:
    server.answers(table())
    found = osrm(server).routes(CENTERS, ZONES)
    assert found.km.to_numpy().tolist() == [[1, 2], [3, 4], [5, 6]]
    assert found.minutes.to_numpy().tolist() == [[1, 2], [3, 4], [5, 6]]
    assert found.km.index.equals(CENTERS.index)
    assert found.km.columns.equals(ZONES.index)
    ((path, _),) = server.asked
    parts = urlsplit(path)
    assert parts.path == (
        "/table/v1/driving/99.000000,3.000000;99.010000,3.000000;99.000000,3.010000"
        ";99.010000,3.010000;99.005000,3.005000"
    )
    assert parse_qs(parts.query, strict_parsing=True) == {
        "sources": ["0;1;2"],
        "destinations": ["3;4"],
        "annotations": ["duration,distance"],
    }


def test_valhalla_is_asked_for_km_and_minutes_from_centers_to_zones(server: StandIn) -> None:
    server.answers(cells(KM, SECONDS))
    found = RoutingServer(server.address + "/", "valhalla").routes(CENTERS, ZONES)
    assert found.km.to_numpy().tolist() == [[1, 2], [3, 4], [5, 6]]
    assert found.minutes.to_numpy().tolist() == [[1, 2], [3, 4], [5, 6]]
    assert found.snap_km.isna().all()
    assert found.zone_snap_km.isna().all()
    ((path, body),) = server.asked
    assert path == "/sources_to_targets"
    request = json.loads(body)
    assert request["sources"] == [{"lat": lat, "lon": lon} for lat, lon in (SW, SE, NW)]
    assert request["targets"] == [{"lat": lat, "lon": lon} for lat, lon in (NE, MIDDLE)]
    assert request["costing"] == "auto"


def test_no_route_of_osrm_is_missing(server: StandIn) -> None:
    metres = ((None, 2000), (3000, None), (5000, 6000))
    seconds = ((None, 120), (180, 240), (None, 360))
    server.answers(table(metres, seconds))
    found = osrm(server).routes(CENTERS, ZONES)
    missing = [[True, False], [False, True], [True, False]]
    assert found.km.isna().to_numpy().tolist() == missing
    assert found.minutes.isna().to_numpy().tolist() == missing


def test_no_route_of_valhalla_is_missing(server: StandIn) -> None:
    server.answers(cells(((None, 2), (3, 4), (5, 6)), ((None, 120), (180, 240), (300, 360))))
    found = RoutingServer(server.address, "valhalla").routes(CENTERS, ZONES)
    assert found.km.isna().to_numpy().tolist() == [[True, False], [False, False], [False, False]]


def test_batch_in_which_valhalla_finds_no_path_at_all_is_missing(server: StandIn) -> None:
    server.answers({"error_code": 442, "error": "No path could be found for input"}, status=400)
    found = RoutingServer(server.address, "valhalla").routes(CENTERS, ZONES)
    assert found.km.isna().all(axis=None)
    assert found.minutes.isna().all(axis=None)


def test_osrm_tells_how_far_the_road_is_and_that_way_is_added(server: StandIn) -> None:
    server.answers(table(snaps=(500, 1000, 2500), zone_snaps=(1000, 0)))
    found = osrm(server, default_kmh=30.0).routes(CENTERS, ZONES)
    assert found.snap_km.tolist() == [0.5, 1, 2.5]
    assert found.zone_snap_km.tolist() == [1, 0]
    # 1 km + 0.5 km + 1 km; 1 minute and 1.5 km at 30 km/h; the third is beyond 2 km.
    assert found.km.loc["a"].tolist() == [2.5, 2.5]
    assert found.minutes.loc["a"].tolist() == [4, 3]
    assert found.km.loc["b"].tolist() == [5, 5]
    assert found.km.loc["c"].isna().all()
    assert osrm(server).routes(CENTERS, ZONES, max_snap_km=3).km.notna().all(axis=None)


def test_where_osrm_does_not_tell_how_far_the_road_is_it_is_unknown(server: StandIn) -> None:
    answer = table()
    answer["sources"] = [{"location": [99, 3]}] * 3
    server.answers(answer)
    found = osrm(server).routes(CENTERS, ZONES)
    assert found.snap_km.isna().all()
    assert found.km.to_numpy().tolist() == [[1, 2], [3, 4], [5, 6]]


def test_valhalla_tells_the_points_on_the_road(server: StandIn) -> None:
    on_road = [(3.0, 99.001), SE, (3.01, 99.03)]
    sources = [{"lat": lat, "lon": lon} for lat, lon in on_road]
    server.answers({**cells(KM, SECONDS), "sources": sources, "targets": [None, None]})
    found = RoutingServer(server.address, "valhalla").routes(CENTERS, ZONES)
    expected = [length_km(SW, on_road[0]), 0, length_km(NW, on_road[2])]
    assert found.snap_km.tolist() == pytest.approx(expected, abs=1e-6)
    assert found.zone_snap_km.isna().all()
    assert found.km.at["a", "y"] == pytest.approx(1 + expected[0], abs=1e-6)
    assert found.km.loc["c"].isna().all()  # 3.3 km from the road


@pytest.mark.parametrize("nested", [False, True])
def test_places_that_valhalla_only_copies_tell_nothing(server: StandIn, nested: bool) -> None:
    sources: list[object] = [{"lat": lat, "lon": lon} for lat, lon in (SW, SE, NW)]
    server.answers({**cells(KM, SECONDS), "sources": [sources] if nested else sources})
    found = RoutingServer(server.address, "valhalla").routes(CENTERS, ZONES)
    assert found.snap_km.isna().all()


def computed(path: str, body: bytes) -> Reply:
    """OSRM whose metres and seconds follow from the coordinates, so that a mix-up shows."""
    parts = urlsplit(path)
    places = np.array([p.split(",") for p in parts.path.split("/")[-1].split(";")], float)
    query = parse_qs(parts.query)
    assert len(places) <= 100  # the most that OSRM takes by default
    sources, targets = (
        places[[int(i) for i in query[key][0].split(";")]] for key in ("sources", "destinations")
    )
    metres = [[round(s[0] * 1e6 + t[1] * 1e3) for t in targets] for s in sources]
    seconds = [[round(s[1] * 1e6 + t[0] * 1e3) for t in targets] for s in sources]
    answer = table(metres, seconds, (0,) * len(sources), (0,) * len(targets))
    return 200, json.dumps(answer).encode()


def test_many_centers_and_zones_travel_in_batches(server: StandIn) -> None:
    server.reply = computed
    random = np.random.default_rng(5)
    centers = pd.DataFrame(random.uniform((2, 98), (4, 100), (170, 2)), columns=["lat", "lon"])
    zones = pd.DataFrame(random.uniform((2, 98), (4, 100), (23, 2)), columns=["lat", "lon"])
    centers.iloc[[0, 85, 169]] = np.nan
    found = osrm(server).routes(centers, zones)
    assert len(server.asked) == 3 * 2  # 167 centers by 80, 23 zones by 20
    km = np.add.outer(centers["lon"].to_numpy() * 1e6, zones["lat"].to_numpy() * 1e3) / 1000
    minutes = np.add.outer(centers["lat"].to_numpy() * 1e6, zones["lon"].to_numpy() * 1e3) / 60
    lost = centers["lat"].isna().to_numpy()
    assert found.km[lost].isna().all(axis=None)
    assert np.abs(found.km[~lost] - km[~lost]).max(axis=None) < 0.005
    assert np.abs(found.minutes[~lost] - minutes[~lost]).max(axis=None) < 0.05


def test_batch_without_any_path_leaves_what_others_told_of_the_places(server: StandIn) -> None:
    centers = pd.DataFrame({"lat": [3.0] * 50 + [4.0], "lon": 99.0})
    zones = pd.DataFrame({"lat": [3.1] * 20 + [4.1], "lon": 99.0})

    def reply(path: str, body: bytes) -> Reply:
        asked = json.loads(body)
        sources, targets = asked["sources"], asked["targets"]
        assert len(sources) <= 50  # the most that older releases of Valhalla take by default
        if len(sources) == 1 or len(targets) == 1:
            return 400, b'{"error_code": 442}'
        each = len(targets)
        answer = cells(((1.0,) * each,) * len(sources), ((60,) * each,) * len(sources))
        echo = {
            "sources": [{"lat": 3.01, "lon": 99.0}] * len(sources),
            "targets": [{"lat": 3.105, "lon": 99.0}] * len(targets),
        }
        return 200, json.dumps(answer | echo).encode()

    server.reply = reply
    found = RoutingServer(server.address, "valhalla").routes(centers, zones)
    assert len(server.asked) == 4
    expected = length_km((3.0, 99.0), (3.01, 99.0)), length_km((3.1, 99.0), (3.105, 99.0))
    assert found.snap_km[:50].tolist() == pytest.approx([expected[0]] * 50, abs=1e-6)
    assert found.zone_snap_km[:20].tolist() == pytest.approx([expected[1]] * 20, abs=1e-6)
    assert math.isnan(found.snap_km[50])
    assert math.isnan(found.zone_snap_km[20])
    assert found.km.notna().sum(axis=None) == 50 * 20


@pytest.mark.parametrize(("centers", "zones"), [(0, 2), (3, 0)])
def test_nothing_to_ask_asks_nothing(server: StandIn, centers: int, zones: int) -> None:
    found = osrm(server).routes(CENTERS.iloc[:centers], ZONES.iloc[:zones])
    assert found.km.shape == (centers, zones)
    assert server.asked == []


def failure(ask: Callable[[], Routes]) -> tuple[str, str]:
    issue = refused(ask)
    assert len(str(issue)) < 400
    return issue.code, str(issue.expected.get("answer", ""))


def test_server_that_does_not_answer_in_time(server: StandIn) -> None:
    server.answers(table())
    server.pause_s = 10
    asked = osrm(server, timeout_s=0.2)
    assert failure(lambda: asked.routes(CENTERS, ZONES))[0] == "routing_timeout"


def test_server_that_answers_by_trickles(server: StandIn) -> None:
    server.answers(table())
    server.trickle_s = 0.05  # each byte in time, the whole would take half a minute
    asked = osrm(server, timeout_s=0.3)
    assert failure(lambda: asked.routes(CENTERS, ZONES))[0] == "routing_timeout"
    assert len(server.asked) == 1


def test_server_that_is_not_there(server: StandIn, unused_tcp_port: int) -> None:
    asked = RoutingServer(f"http://127.0.0.1:{unused_tcp_port}", "osrm", timeout_s=2)
    assert failure(lambda: asked.routes(CENTERS, ZONES))[0] == "routing_unreachable"


def test_server_that_hangs_up_halfway(server: StandIn) -> None:
    server.answers(table())
    server.headers = {"Content-Length": "100000"}
    assert failure(lambda: osrm(server).routes(CENTERS, ZONES))[0] == "routing_unreachable"


@pytest.mark.parametrize(
    ("status", "content", "answer"),
    [
        (500, b"<html>Traceback</html>", "HTTP 500"),
        (503, b"", "HTTP 503"),
        (404, b'{"message": "nothing"}', "HTTP 404"),
        (400, b'{"code": "NoSegment", "message": "<b>{{7*7}}</b>"}', "HTTP 400 NoSegment"),
        (400, b'{"code": "NoTable"}', "HTTP 400 NoTable"),
        (400, b'{"code": "<script>alert(1)</script>"}', "HTTP 400"),
        (400, b'{"code": "%s"}' % (b"A" * 5000), "HTTP 400"),
        (400, b'{"code": ["NoTable"]}', "HTTP 400"),
        (200, b'{"code": "NoTable"}', "HTTP 200 NoTable"),
        (204, b"", "HTTP 204"),
    ],
)
def test_osrm_that_refuses(server: StandIn, status: int, content: bytes, answer: str) -> None:
    server.answers(content, status)
    found = failure(lambda: osrm(server).routes(CENTERS, ZONES))
    assert found == ("routing_failed", answer)


def test_valhalla_that_refuses_gives_its_number(server: StandIn) -> None:
    server.answers({"error_code": 171, "error": "No suitable edges near location"}, status=400)
    asked = RoutingServer(server.address, "valhalla")
    found = failure(lambda: asked.routes(CENTERS, ZONES))
    assert found == ("routing_failed", "HTTP 400 171")


@pytest.mark.parametrize("status", [301, 302, 307, 308])
@pytest.mark.parametrize("kind", ["osrm", "valhalla"])
def test_redirect_is_not_followed(server: StandIn, status: int, kind: str) -> None:
    server.answers(b"", status)
    server.headers = {"Location": f"{server.address}/elsewhere"}
    asked = RoutingServer(server.address, "osrm" if kind == "osrm" else "valhalla")
    found = failure(lambda: asked.routes(CENTERS, ZONES))
    assert found == ("routing_failed", f"HTTP {status}")
    assert len(server.asked) == 1


def with_cell(value: object) -> list[list[object]]:
    return [[1000, value], [3000, 4000], [5000, 6000]]


ODD_NUMBERS: list[object] = [
    *(math.nan, math.inf, -math.inf, -1, -0.5, "1000", "", True, [], {}, [1000], 10**400)
]
GARBAGE: list[object] = [
    *(b"", b"<html></html>", b"{", b"[" * 100_000, b"\xff\xfe\x00", b"null", b"7", b"[]", b"{}"),
    {"code": "Ok"},
    table(metres=None),
    table(metres=[]),
    table(metres=[[1000, 2000]]),
    table(metres=[[1000], [3000], [5000]]),
    table(metres=[[1000, 2000], [3000, 4000], [5000]]),
    table(metres=[[1000, 2000], [3000, 4000], [5000, 6000], [7000, 8000]]),
    table(metres=[1000, 2000, 3000]),
    table(metres=["ab", "cd", "ef"]),
    table(metres={"0": [1, 2], "1": [3, 4], "2": [5, 6]}),
    *(table(metres=with_cell(odd)) for odd in ODD_NUMBERS),
    *(table(seconds=with_cell(odd)) for odd in ODD_NUMBERS),
    *(table(snaps=(0, odd, 0)) for odd in ODD_NUMBERS),
    table(snaps=(0, 0)),
    {**table(), "sources": None},
    {**table(), "sources": [None, None, None]},
    {**table(), "destinations": "ab"},
]


def packed(answer: object) -> bytes:
    if isinstance(answer, bytes):
        return answer
    return json.dumps(answer).encode()  # writes NaN and Infinity, which the reader takes too


@pytest.mark.parametrize("number", range(len(GARBAGE)))
def test_osrm_that_answers_garbage(server: StandIn, number: int) -> None:
    server.answers(packed(GARBAGE[number]))
    found = failure(lambda: osrm(server).routes(CENTERS, ZONES))
    assert found == ("routing_garbage", "")


VALHALLA_GARBAGE: list[object] = [
    *(b"", b"<html></html>", b"{}", b"[]", b'{"sources_to_targets": null}'),
    {"sources_to_targets": {"distances": [], "durations": []}},  # its short form, not asked for
    {"sources_to_targets": [[{}] * 2] * 3},
    {"sources_to_targets": [[None] * 2] * 3},
    {"sources_to_targets": [["distance"] * 2] * 3},
    {"sources_to_targets": [[{"distance": 1}] * 2] * 3},
    {"sources_to_targets": [[{"distance": 1, "time": 60}] * 2] * 2},
    {"sources_to_targets": [[{"distance": 1, "time": 60}] * 3] * 3},
    *({"sources_to_targets": [[{"distance": odd, "time": 60}] * 2] * 3} for odd in ODD_NUMBERS),
    *({"sources_to_targets": [[{"distance": 1, "time": odd}] * 2] * 3} for odd in ODD_NUMBERS),
    {**cells(KM, SECONDS), "sources": [{"lat": 3}] * 3},
    {**cells(KM, SECONDS), "sources": [{"lat": "north", "lon": 99}] * 3},
    {**cells(KM, SECONDS), "sources": [{"lat": 300, "lon": 99}] * 3},
    {**cells(KM, SECONDS), "sources": [{"lat": math.inf, "lon": 99}] * 3},
]


@pytest.mark.parametrize("number", range(len(VALHALLA_GARBAGE)))
def test_valhalla_that_answers_garbage(server: StandIn, number: int) -> None:
    server.answers(packed(VALHALLA_GARBAGE[number]))
    asked = RoutingServer(server.address, "valhalla")
    assert failure(lambda: asked.routes(CENTERS, ZONES)) == ("routing_garbage", "")


def test_giant_answer_is_refused_before_it_is_read_whole(server: StandIn) -> None:
    server.answers(json.dumps(table()).encode() + b" " * 50_000_000)
    assert failure(lambda: osrm(server).routes(CENTERS, ZONES))[0] == "routing_garbage"


def test_answer_that_came_packed_unasked_is_refused(server: StandIn) -> None:
    server.answers(table())
    server.headers = {"Content-Encoding": "gzip"}
    assert osrm(server).routes(CENTERS, ZONES).km.notna().all(axis=None)  # plain in spite of that
    server.answers(b"\x1f\x8b\x08" + b"\0" * 100)
    assert failure(lambda: osrm(server).routes(CENTERS, ZONES))[0] == "routing_garbage"


@pytest.mark.parametrize(
    "address",
    [
        *("", "   ", "127.0.0.1:5000", "localhost", "//127.0.0.1", "http://", "http:///table"),
        *("ftp://127.0.0.1", "file:///etc/passwd", "javascript:alert(1)", "gopher://127.0.0.1"),
        *("http://127.0.0.1:port", "http://127.0.0.1:99999", "http://127.0.0.1:0", "http://[::1"),
        *("http://user:secret@127.0.0.1", "http://127.0.0.1?x=1", "http://127.0.0.1#x"),
        *("http://exa mple/", "http://.", "http://*/"),
    ],
)
def test_address_that_is_none_is_refused(address: str) -> None:
    asked = RoutingServer(address, "osrm", timeout_s=1)
    assert failure(lambda: asked.routes(CENTERS, ZONES))[0] == "routing_address"


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:5000/a\nb", "http://127.0.0.1\t:5000", "http://127.0.0.1/\x00"]
)
def test_address_with_control_characters_is_refused(address: str) -> None:
    """Attack 10."""
    asked = RoutingServer(address, "osrm", timeout_s=1)
    assert failure(lambda: asked.routes(CENTERS, ZONES))[0] == "routing_address"


@pytest.mark.parametrize(
    "host",
    [
        *("169.254.169.254", "[fe80::1]", "[::ffff:169.254.169.254]", "2852039166", "0xA9FEA9FE"),
        *("0251.0376.0251.0376", "169.254.43518", "[64:ff9b::a9fe:a9fe]", "[2002:a9fe:a9fe::1]"),
        *("[::169.254.169.254]", "0.0.0.0", "[::]", "224.0.0.1"),
    ],
)
def test_link_local_addresses_are_never_asked_however_they_are_spelled(host: str) -> None:
    """Attack 7."""
    asked = RoutingServer(f"http://{host}:80", "osrm", timeout_s=1)
    assert failure(lambda: asked.routes(CENTERS, ZONES))[0] == "routing_forbidden"


def test_the_address_that_was_checked_is_the_one_that_is_asked(
    server: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Attack 7: a name that means another address the second time it is looked up."""
    port, known = urlsplit(server.address).port, socket.getaddrinfo
    told = iter(["127.0.0.1", "169.254.169.254", "169.254.169.254"])
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda host, *a, **k: known(next(told) if host == "roads.test" else host, *a, **k),
    )
    server.answers(table())
    found = RoutingServer(f"http://roads.test:{port}", "osrm").routes(CENTERS, ZONES)
    assert found.km.notna().all(axis=None)
    assert next(told) == "169.254.169.254"  # it was looked up once


def test_a_name_with_several_addresses_is_asked_at_the_one_that_answers(
    server: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    port, known = urlsplit(server.address).port, socket.getaddrinfo
    both = lambda host, *a, **k: known("127.0.0.2", *a, **k) + known("127.0.0.1", *a, **k)  # noqa: E731
    monkeypatch.setattr(socket, "getaddrinfo", both)
    server.answers(table())
    assert RoutingServer(f"http://roads.test:{port}", "osrm").routes(CENTERS, ZONES)


def test_failures_read_alike_to_who_may_not_know_more(
    server: StandIn, unused_tcp_port: int
) -> None:
    """Attack 7: refused, garbage, redirected, failed, never asked."""
    said = set()
    for status, content in (
        (200, b"garbage"),
        (302, b""),
        (500, b""),
        (400, b'{"code":"NoTable"}'),
    ):
        server.reply = partial(lambda reply, path, body: reply, (status, content))
        said.add(failure(lambda: osrm(server, telling=False).routes(CENTERS, ZONES)))
    for address in (f"http://127.0.0.1:{unused_tcp_port}", "http://169.254.1.1", "http://\x00"):
        asked = RoutingServer(address, "osrm", timeout_s=1, telling=False)
        said.add(failure(partial(asked.routes, CENTERS, ZONES)))
    assert said == {("routing_no_answer", "")}


def test_address_may_have_a_path(server: StandIn) -> None:
    server.answers(table())
    RoutingServer(f" {server.address}/osrm/ ", "osrm").routes(CENTERS, ZONES)
    assert server.asked[0][0].startswith("/osrm/table/v1/driving/")


def test_unknown_kind_is_refused(server: StandIn) -> None:
    with pytest.raises(ValueError, match="graphhopper"):
        RoutingServer(server.address, "graphhopper").routes(CENTERS, ZONES)  # type: ignore[arg-type]


def test_settings_of_a_server_are_checked_before_it_is_asked(server: StandIn) -> None:
    with pytest.raises(ValueError, match="max_snap_km"):
        osrm(server).routes(CENTERS, ZONES, max_snap_km=-1)
    assert server.asked == []


@pytest.fixture
def unused_tcp_port() -> int:
    """A port on which nothing listens: it was given out and closed again."""
    with ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as http:
        return http.server_port
