"""One scene in three media, layer by layer and line by line; its geometry by geographiclib."""

import html
import json
import math
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import cycle, pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from geographiclib.geodesic import Geodesic
from streamlit_folium import _get_feature_group_string

from ikmgeo import analysis
from ikmgeo.analysis import Inputs
from ikmgeo.display import maps, scene
from ikmgeo.filters import Filters
from ikmgeo.handout import Handout
from ikmgeo.handouts import cartography, portable
from ikmgeo.measures import scenario
from ikmgeo.measures.indicators import INDICATORS
from ikmgeo.measures.scenario import Change, Scenario
from ikmgeo.reading import places
from ikmgeo.reading.orientation import read_orientation
from ikmgeo.reading.own import Own
from ikmgeo.symbols import OUTCOMES, STROKES
from ikmgeo.view import View
from tests.extract import osm_xml
from tests.oriented import with_orientation

SVG = "{http://www.w3.org/2000/svg}"
DATA = Path(__file__).parents[1] / "data"
CLOSED = Scenario("Usul", {"kim": Change(closed=True)})
PLACES = len(pd.read_csv(DATA / "places.csv"))
SURVEYED = pd.read_csv(DATA / "centers.csv")["district_code"].nunique()

CALL = r"ikmgeo\.(\w+)\((?:map_\w+, )?(.*?)\)(?:\.addTo\(\w+\))?;$"
"""A call in the script of a layer: function and arguments."""

HandOut = Callable[..., Handout]


@dataclass
class Seen:
    """What a medium shows: how many things in each layer, and the words of its legend."""

    layers: Counter[str] = field(default_factory=Counter)
    legend: list[str] = field(default_factory=list)


def on_screen(handout: Handout) -> Seen:
    """Calls in the script that the browser gets."""
    drawn = scene.of(handout)
    west, south, east, north = drawn.ground.districts.total_bounds
    land = maps.ground(
        drawn.ground.districts,
        drawn.ground.lakes,
        drawn.ground.surroundings,
        drawn.ground.instrument.signs,
        (west, south, east, north),
        drawn.ground.orientation,
    )
    chart = maps.base_map(land, fit=land.province, key=None)
    groups = maps.layers(drawn, handout.say)
    script = "\n".join(_get_feature_group_string(group, chart) for group in groups)
    calls = {
        name: json.loads(f"[{arguments}]")
        for name, arguments in re.findall(CALL, script, re.MULTILINE)
    }
    seen = Seen(legend=read(calls["words"][0]))
    for layer in ("rings", "footprints", "flows", "centers"):
        seen.layers[layer] = len(calls.get(layer, [[]])[0])
    seen.layers.update(row[0] + "s" for row in calls["markers"][0])
    if "focus" in calls:
        _, area, ways = calls["focus"]
        seen.layers += Counter(focus=1, area=area is not None, ways=len(ways))
    if "choropleth" in calls:
        fills, borders, best, _ = calls["choropleth"]
        chosen = any(colour != borders[0][1] for _, colour, _ in borders)
        seen.layers += Counter(colours=len(fills), best=len(best), chosen=chosen)
    seen.layers += Counter(chosen="border" in calls)
    _, _, towns, _, details = json.loads(land.script.partition("=")[2].removesuffix(";"))
    assert [name for _, name in details] == [file.name for file in land.lines]
    if "orientation" in calls:
        nearest = land.lines[-1].content if land.lines else "[]"
        seen.layers += Counter(
            towns=min(len(towns), 1), lines=len(list(filter(None, json.loads(nearest))))
        )
    return seen


def on_paper(handout: Handout) -> Seen:
    """Elements of the drawing; a layer that reaches beyond the paper is there, but cut off."""
    options: dict[str, Any] = {"bounds": handout.inputs.bounds}
    picture = ElementTree.fromstring(cartography.map_svg(handout, **options))
    inside = picture.find(f".//{SVG}g[@clip-path]")
    legend = picture.find(f".//{SVG}g[@class='legend']")
    assert inside is not None
    assert legend is not None
    classes = Counter(node.get("class") for node in inside.iter())
    signs = Counter(use.get("href", "").split("-")[0] for use in inside.iter(f"{SVG}use"))
    plain = {"rings": "reach", "flows": "flow", "area": "area", "ways": "way"}
    seen = Seen(legend=[node.text or "" for node in legend.iter(f"{SVG}text")])
    seen.layers = Counter({layer: classes[name] for layer, name in plain.items()})
    seen.layers["footprints"] = classes["outline"] + classes["circle"]
    seen.layers["focus"] = len(inside.findall(f"{SVG}circle[@class='chosen']"))
    seen.layers["chosen"] = len(inside.findall(f"{SVG}path[@class='chosen']"))
    seen.layers["towns"] = min(classes["town"], 1)
    seen.layers["lines"] = sum(classes[name] for name in STROKES)
    seen.layers["marks"] = len(list(inside.iter(f"{SVG}svg")))
    seen.layers["signs"] = signs["#sign"]
    return seen


def in_one_file(handout: Handout) -> Seen:
    """The data of the page; it draws what is chosen by itself, and hides the line of the area."""
    page = portable.page(handout)
    data = json.loads(page.partition('id="data">')[2].partition("</script>")[0])
    seen = Seen(legend=read(data["legend"]))
    for layer in ("rings", "footprints", "zones", "places", "centers", "flows"):
        seen.layers[layer] = len(data[layer])
    kind, at = data["selection"] or ("", None)
    area = None
    if kind == "center":
        *_, number, lines, _, _, _, _ = data["centers"][at]
        area = data["areas"][number][1]
        seen.layers += Counter(focus=1, area=area is not None, ways=len(lines))
    if area is None:
        assert 'class="area"' in data["legend"]
        seen.legend.pop()
    seen.layers += Counter(chosen=kind == "district")
    if data["oriented"]:
        files = re.findall(r'ikmgeo\.files\["lines-\w+\.json"\]=(.*?);</script>', page)
        lines = json.loads(files[-1]) if files else []
        seen.layers += Counter(towns=1, lines=len(list(filter(None, lines))))
    return seen


def read(legend: str) -> list[str]:
    return [html.unescape(words) for words in re.findall(r"<span>(.*?)</span>", legend)]


def of_paper(seen: Seen) -> Counter[str]:
    """Layers as paper can tell them apart: zones and places are marks, categories signs."""
    told = Counter(seen.layers)
    told["marks"] = told.pop("zones", 0) + told.pop("places", 0)
    told["signs"] = told.pop("centers", 0) + told.pop("best", 0)
    told.pop("colours", 0)
    return +told


def closed(handout: Handout) -> Handout:
    """The same with one zone closed, as the map of a scenario shows it."""
    inputs, link = handout.inputs, handout.view.link
    zones = scenario.zones_of(CLOSED, inputs.zones)
    reached = analysis.reach(handout.measured.centers, handout.measured.areas, zones, draws=20)
    fit = scenario.fit_of(CLOSED, inputs.sector_fit)
    after = analysis.link(handout.measured.centers, zones, reached, fit, link)
    values = handout.linked.values, after.values
    return replace(
        handout,
        inputs=replace(inputs, zones=zones, sector_fit=fit),
        linked=after,
        effect=scenario.effect("Usul", *values, "nearest", "all"),
    )


CENTERS = pd.read_csv(DATA / "centers.csv")
FIT = pd.read_csv(DATA / "sector_fit.csv").query("zone_id == 'sei_mangkei' and fit > 0")
FITTING = int(CENTERS["commodity"].isin(FIT["commodity"]).sum())
"""Centers whose commodity the sectors of Sei Mangkei buy."""
PLAIN = {"centers": 13, "zones": 3, "footprints": 3, "towns": 1}
"""Of towns each map shows some; which ones, its scale decides."""
FOCUS = {"focus": 1, "area": 1, "ways": 3}
COFFEE = ("center", "karo-coffee")
STAGES = {
    "default": (View(), PLAIN),
    "no orientation": (
        View(orientation=False),
        {layer: count for layer, count in PLAIN.items() if layer != "towns"},
    ),
    "places": (View(places=True), PLAIN | {"places": PLACES}),
    "any distance": (View(filters=Filters(within_km=50)), PLAIN | {"centers": 10, "rings": 1}),
    "one distance": (
        View(filters=Filters(within_km=50, zone="kim")),
        PLAIN | {"centers": 7, "rings": 1},
    ),
    "center": (View(selection=COFFEE), PLAIN | FOCUS),
    "district": (View(selection=("district", "1208")), PLAIN | {"chosen": 1}),
    "linkage": (View(stage="linkage"), PLAIN | {"rings": 3, "flows": 13}),
    "every zone": (
        View(stage="linkage", column="all", rings=False, selection=COFFEE),
        PLAIN | FOCUS | {"flows": 39},
    ),
    "one zone": (View(stage="linkage", column="kim"), PLAIN | {"rings": 3, "flows": 13}),
    "no fit": (
        View(stage="linkage", indicator="sector_fit", column="sei_mangkei", rings=False),
        PLAIN | {"flows": FITTING},
    ),
    "a class of zones": (
        View(stage="linkage", indicator="proximity_index", column="ie"),
        PLAIN | {"rings": 3},
    ),
    "zones within 50 km": (View(stage="linkage", indicator="zones_within"), PLAIN | {"rings": 3}),
    "catchment": (
        View(stage="linkage", section="zone", catchment="kim"),
        PLAIN | {"rings": 3, "flows": 13},
    ),
    "districts": (
        View(stage="districts", selection=COFFEE, places=True),
        {"zones": 3, "footprints": 3, "colours": 33, "chosen": 1},
    ),
}
"""Views, and how much of each layer they have: 13 centers, 3 zones, 3 thresholds, 33 districts.

One ring a threshold is around all zones that the map looks at; where zones are counted, each has
its own. Of each center a line leads to its nearest zone, to every zone or to one.
"""


@pytest.mark.parametrize(("stage", "language"), [*zip(STAGES, cycle(["id", "en"]))])
def test_every_medium_shows_the_same_layers_and_tells_them_alike(
    hand_out: HandOut, stage: str, language: str
) -> None:
    view, expected = STAGES[stage]
    same_everywhere(hand_out(view=replace(view, language=language)), expected)


def same_everywhere(handout: Handout, expected: dict[str, int]) -> None:
    screen, paper = on_screen(handout), on_paper(handout)
    assert +screen.layers == Counter(expected)
    assert +paper.layers == of_paper(screen)
    assert paper.legend == screen.legend
    if handout.view.stage != "districts" and not handout.effect:  # it is of things as they are
        page = in_one_file(handout)
        assert +page.layers == Counter(expected)
        assert page.legend == screen.legend
    drawn = scene.of(handout)
    assert drawn.layers - {line.layer for line in drawn.legend} <= scene.UNTOLD
    assert [line.words for line in drawn.legend] == screen.legend


def test_a_scenario_shows_its_zones_and_signs_in_every_medium(hand_out: HandOut) -> None:
    plain = hand_out(view=View(stage="linkage", indicator="nearest", selection=COFFEE))
    handout, say = closed(plain), plain.say
    expected = {**PLAIN, "zones": 2, "footprints": 2, "rings": 3}
    # From the eight centers nearest to KIM, which closes: Binjai's three, Serdang Bedagai's two,
    # and those of Deli Serdang, Medan and Karo.
    lines = {"flows": 8}
    same_everywhere(handout, expected | lines | {"focus": 1, "area": 1, "ways": 2})
    assert {flow.shade for flow in scene.of(handout).flows} == {OUTCOMES["worse"].fill}
    legend = on_paper(handout).legend
    assert say("what_if.sign_worse") in legend
    assert say("category.excellent") not in legend


@pytest.mark.parametrize("indicator", INDICATORS)
def test_a_filter_that_leaves_nothing_leaves_a_map_of_zones(
    hand_out: HandOut, indicator: str
) -> None:
    handout = hand_out(view=View(stage="linkage", indicator=indicator))
    empty = replace(handout, shown=handout.shown.iloc[:0])
    for nobody in (empty, closed(empty)):
        drawn = scene.of(nobody)
        assert (len(drawn.centers), len(drawn.flows)) == (0, 0)
        assert drawn.zones


def test_own_centers_of_unknown_place_have_no_area_and_no_line_for_one(
    hand_out: HandOut, shipped: Inputs
) -> None:
    own = shipped.centers.iloc[:4].assign(
        position_precision="district", district_code=None, area_code=None, lat=1.2, lon=98.4
    )
    inputs = analysis.with_centers(shipped, own, in_place=True)
    view = View(selection=("center", str(own.index[0])))
    handout = hand_out(inputs, view=view, own=Own("punya.csv", own, True))
    same_everywhere(handout, {**PLAIN, "centers": 4, "focus": 1, "ways": 3})


@pytest.mark.parametrize("stage", ["map", "linkage", "districts"])
def test_a_known_outline_of_a_zone_has_its_own_line_of_legend(
    hand_out: HandOut, shipped: Inputs, stage: str
) -> None:
    """Code 2, the kind: only circles had one, and had it where no circle was drawn."""
    square = shapely.box(98.6, 3.6, 98.7, 3.7)
    for zones, circled in ((["kim"], True), (list(shipped.zones.index), False)):
        drawn = gpd.GeoDataFrame({"zone_id": zones}, geometry=[square] * len(zones), crs=4326)
        known = places.known_footprints(drawn, shipped.zones, shipped.crs)
        handout = hand_out(replace(shipped, footprints=known), view=View(stage=stage))
        for media in (on_screen, on_paper, *([] if stage == "districts" else [in_one_file])):
            legend = media(handout).legend
            assert handout.say("map.outline") in legend
            assert (handout.say("map.schematic") in legend) is circled


def test_a_distance_filter_has_its_line_in_every_medium(hand_out: HandOut) -> None:
    """Code 2: three rings on screen and in the file without one, while paper had it."""
    handout = hand_out(view=View(language="en", filters=Filters(within_km=50)))
    for media in (on_screen, on_paper, in_one_file):
        assert "Up to 50 km from the nearest zone" in media(handout).legend


@pytest.mark.parametrize(("stage", "language"), [("map", "id"), ("linkage", "en")])
def test_lines_that_an_office_brought_are_in_every_medium(
    hand_out: HandOut, shipped: Inputs, stage: str, language: str
) -> None:
    # 78 km across the province each: long enough for a map of it all.
    tags = [{"highway": "trunk"}, {"railway": "rail"}, {"waterway": "river"}]
    ways = [(kind, [(3.0 + at / 10, 98.6), (3.0 + at / 10, 99.3)]) for at, kind in enumerate(tags)]
    spots = [({"place": "city", "name": "Kota Uji"}, (2.2, 99.0))]
    brought = read_orientation("a.osm", osm_xml(ways, spots), box=shipped.bounds)
    inputs = with_orientation(shipped, brought)
    view = View(stage=stage, language=language)
    handout = hand_out(inputs, view=view)
    drawn, ties = scene.of(handout), {"rings": 3, "flows": 13} if stage == "linkage" else {}
    assert drawn.attribution.count(handout.say("map.by_openstreetmap")) == 1
    assert handout.say("map.by_geonames") not in drawn.attribution
    same_everywhere(handout, {**PLAIN, **ties, "lines": 3})
    without = replace(handout, view=replace(view, orientation=False))
    for media in (on_screen, on_paper):
        assert media(without).layers["lines"] == media(without).layers["towns"] == 0
    assert handout.say("map.by_openstreetmap") not in scene.of(without).attribution


def test_a_map_of_districts_has_no_roads_and_no_towns(hand_out: HandOut) -> None:
    assert scene.of(hand_out(view=View(stage="districts"))).orientation is None


# Geometry, on two hand-drawn zones

ZONES = pd.DataFrame(
    {"lat": [2.5, 2.7], "lon": [98.5, 99.5], "area_ha": [1933.8, 200.0]}, index=["a", "b"]
)
NO_FOOTPRINTS = gpd.GeoDataFrame(geometry=[], crs=4326)
FOOTPRINT = places.known_footprints(
    gpd.GeoDataFrame(
        {"zone_id": ["a"]}, geometry=[shapely.box(98.98, 2.48, 99.02, 2.52)], crs=4326
    ),
    ZONES,
    "EPSG:32647",
)
CENTER = pd.Series({"lat": 2.2, "lon": 98.3}, name="c")
AREA = shapely.box(98.2, 2.1, 98.4, 2.3)


def distance_m(lon: float, lat: float, to_lon: float, to_lat: float) -> float:
    return Geodesic.WGS84.Inverse(lat, lon, to_lat, to_lon, Geodesic.DISTANCE)["s12"]


def test_every_corner_of_the_ring_is_40_km_from_the_zone() -> None:
    rings = scene.rings_around(ZONES, NO_FOOTPRINTS, {40: "40 km"})
    assert len(rings) == 2
    for ring, at in zip(rings, ZONES[["lon", "lat"]].to_numpy(), strict=True):
        found = [distance_m(*at, *corner) for corner in shapely.get_coordinates(ring.outline)]
        assert len(found) > 100
        assert found == pytest.approx([40_000] * len(found), abs=1)


def test_every_corner_of_the_ring_of_a_footprint_is_5_km_from_its_edge() -> None:
    (ring,) = scene.rings_around(ZONES.loc[["a"]], FOOTPRINT, {5: "5 km"})
    edge = [
        point
        for (x1, y1), (x2, y2) in pairwise(shapely.get_coordinates(FOOTPRINT.geometry.iloc[0]))
        for point in zip(np.linspace(x1, x2, 100), np.linspace(y1, y2, 100), strict=True)
    ]
    corners = shapely.get_coordinates(ring.outline)[::6]
    found = [min(map(partial(distance_m, *corner), *zip(*edge, strict=True))) for corner in corners]
    assert len(found) > 8
    assert found == pytest.approx([5000] * len(found), abs=10)


def test_rings_come_by_distance_the_nearest_first() -> None:
    rings = scene.rings_around(ZONES, NO_FOOTPRINTS, {25: "25 km", 50: "50 km"})
    assert [(ring.rank, ring.words) for ring in rings] == [(0, "25 km")] * 2 + [(1, "50 km")] * 2


def test_merged_rings_of_one_distance_are_one_outline_of_what_any_zone_reaches() -> None:
    """The zones lie 113 km apart: 50 km around them are two parts, 60 km one."""
    apart = distance_m(*ZONES.loc["a", ["lon", "lat"]], *ZONES.loc["b", ["lon", "lat"]]) / 1000
    assert 100 < apart < 120
    limits = {50.0: "50 km", 60.0: "60 km"}
    near, far = scene.rings_around(ZONES, NO_FOOTPRINTS, limits, merged=True)
    assert [len(shapely.get_parts(ring.outline)) for ring in (near, far)] == [2, 1]
    for corner in shapely.get_coordinates(far.outline):
        ways = [distance_m(*corner, *at) for at in ZONES[["lon", "lat"]].to_numpy()]
        assert min(ways) > 59_900  # where two rings cross, a corner lies on a chord of both


def test_zone_without_footprint_is_a_circle_of_its_area() -> None:
    circles = scene.footprints(ZONES, NO_FOOTPRINTS)
    assert [one.outline for one in circles] == [None, None]
    areas = [math.pi * (1000 * one.radius_km) ** 2 / 10_000 for one in circles]
    assert areas == pytest.approx([1933.8, 200.0], rel=1e-9)


def test_zone_with_footprint_has_its_polygon() -> None:
    outlined, circle = scene.footprints(ZONES, FOOTPRINT)
    assert outlined.outline == FOOTPRINT.geometry["a"]
    assert circle.outline is None


@pytest.mark.parametrize("area", [0.0, math.nan])
def test_zone_of_unknown_area_has_no_circle(area: float) -> None:
    assert scene.footprints(ZONES.assign(area_ha=area), NO_FOOTPRINTS) == ()


def test_focus_has_the_area_that_a_center_may_lie_in_and_a_way_to_each_zone() -> None:
    """Audit E4: the area, not a ring."""
    found = scene.focus_on(CENTER, AREA, ZONES, NO_FOOTPRINTS, {"a": "40,0 km", "b": "140,0 km"})
    assert (found.center_id, found.lat, found.lon, found.area) == ("c", 2.2, 98.3, AREA)
    assert found.ways == ((2.5, 98.5, "40,0 km"), (2.7, 99.5, "140,0 km"))


def test_focus_has_its_way_to_the_nearest_point_of_a_footprint() -> None:
    (way,) = scene.focus_on(CENTER, None, ZONES, FOOTPRINT, {"a": "75,0 km"}).ways
    assert way[:2] == pytest.approx([2.48, 98.98], abs=1e-6)  # the corner that faces the center
