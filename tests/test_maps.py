"""Hostile text in every layer, what the map asks of the network, and geometry by geographiclib."""

import colorsys
import html
import inspect
import json
import math
import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import folium
import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from geographiclib.geodesic import Geodesic
from hypothesis import given
from hypothesis import strategies as st
from jinja2.utils import htmlsafe_json_dumps
from planes import on_plane
from streamlit_folium import _get_feature_group_string, _get_map_string, generate_leaflet_string

from ikmgeo import maps
from ikmgeo.analysis import Inputs
from ikmgeo.vocabulary import CATEGORIES, PLACE_KINDS, ZONE_CLASSES

ALIVE = "<>\"'`$\\{}%"
"""Characters that HTML, JavaScript or Jinja could take for their own."""

RAN = str(99991 * 99989)
"""What a template that runs leaves behind; too long to be part of a coordinate or a random id."""

PAYLOADS = [
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "\"' onmouseover='alert(1)",
    "${alert(1)}",
    "`${alert(1)}`",
    "{{ 99991*99989 }}",
    "{% set x = 99991*99989 %}{{ x }}",
    "{# hidden #}{{99991*99989}}",
    "{{ ''.__class__.__mro__ }}",
    "\\u003cscript\\u003ealert(1)\\u003c/script\\u003e",
    "\\';alert(1);//",
    "]]);alert(1);(([[",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#123;&#123; 99991*99989 &#125;&#125;",
    "مركز \u202eالقهوة",
    "Kopi ☕🏭 \u2028 \u2029 \x00",
    "{{ 99991*99989 }}<b>" * 700,
]
HOSTILE = pytest.mark.parametrize("payload", PAYLOADS, ids=[p[:24].strip() for p in PAYLOADS])


@HOSTILE
def test_text_is_inert_and_reads_as_it_was(payload: str) -> None:
    safe = maps.text(payload)
    assert not set(safe) & set(ALIVE)
    assert html.unescape(safe) == payload


@given(st.text())
def test_any_text_is_inert_and_reads_as_it_was(value: str) -> None:
    safe = maps.text(value)
    assert not set(safe) & set(ALIVE)
    assert html.unescape(safe) == value


@pytest.mark.parametrize("value", [12.5, None, True, math.nan, ["<b>"], {"a": "`"}])
def test_any_value_becomes_inert_text(value: object) -> None:
    assert html.unescape(maps.text(value)) == str(value)
    assert not set(maps.text(value)) & set(ALIVE)


# Two unit squares side by side, a lake in the west one, a strip of sea coast around them.
SQUARES = [shapely.box(98, 2, 99, 3), shapely.box(99, 2, 100, 3)]
ZONES = pd.DataFrame(
    {"lat": [2.5, 2.7], "lon": [98.5, 99.5], "area_ha": [1933.8, 200.0]}, index=["a", "b"]
)
NO_FOOTPRINTS = gpd.GeoDataFrame(geometry=[], crs=4326)
FOOTPRINT = on_plane(
    gpd.GeoDataFrame(geometry=[shapely.box(98.98, 2.48, 99.02, 2.52)], index=["a"], crs=4326)
)
CENTER = pd.Series({"lat": 2.2, "lon": 98.3})
AREA = shapely.box(98.2, 2.1, 98.4, 2.3) - shapely.box(98.21, 2.11, 98.22, 2.12)


def ground(name: str = "Timor") -> maps.Ground:
    districts = gpd.GeoDataFrame(
        {"short_name": name, "name_id": name},
        index=pd.Index([name, "1202"], name="district_code"),
        geometry=SQUARES,
        crs=4326,
    )
    lakes = gpd.GeoDataFrame(
        {"name_id": [name], "kind": [name]}, geometry=[shapely.box(98.4, 2.4, 98.6, 2.6)], crs=4326
    )
    around = gpd.GeoDataFrame(
        {"name_id": [name], name: [name]}, geometry=[shapely.box(97, 1, 98, 4)], crs=4326
    )
    return maps.ground(districts, lakes, around, districts.total_bounds)


def base(name: str = "Timor") -> maps.OfflineMap:
    fit = [[2.0, 98.0], [3.0, 100.0]]
    return maps.base_map(ground(name), "../ground/ground.js", fit=fit, key="test")


def parts(land: maps.Ground) -> tuple[list[Any], list[Any]]:
    """What a ground's script holds: layers of GeoJSON, fill and line; names."""
    layers, names = json.loads(land.script.partition("=")[2].removesuffix(";"))
    return layers, names


def hostile_zones(name: str) -> pd.DataFrame:
    others = {"name_id": name, "short_name": name, "class": name, "operator": name}
    return ZONES.assign(**others).set_axis([name, "b"])


def hostile_footprints(name: str) -> gpd.GeoDataFrame:
    return FOOTPRINT.assign(name_id=name).set_axis([name])


def hostile_centers(name: str) -> folium.FeatureGroup:
    centers = pd.DataFrame(
        {"at": [0, 1], "lat": [2.2, 2.3], "lon": [98.2, 98.3], "conflicting": [True, False]},
        index=[name, "c"],
    ).assign(category="excellent", name_id=name, locality=name)
    texts = pd.Series(name, index=centers.index)
    return maps.centers_layer(centers, texts, texts, choose=name, more=name)


LAYERS: dict[str, Callable[[str], folium.FeatureGroup]] = {
    "centers_layer": hostile_centers,
    "markers_layer": lambda name: maps.markers_layer(
        [["zone", 0, 2.5, 98.5, maps.icon_svg("sez") + maps.text(name), name, name]]
    ),
    "zone_shapes": lambda name: maps.zone_shapes(hostile_zones(name), hostile_footprints(name)),
    "ring_layer": lambda name: maps.ring_layer(hostile_zones(name), hostile_footprints(name), 40),
    "center_focus": lambda name: maps.center_focus(
        pd.concat([CENTER, pd.Series({"name_id": name, "locality": name})]).rename(name),
        AREA,
        hostile_zones(name),
        hostile_footprints(name),
        {name: name, "b": name},
    ),
    "flow_layer": lambda name: maps.flow_layer([[2.2, 98.3, 2.5, 98.5, 4.0, name]]),
    "choropleth_layer": lambda name: maps.choropleth_layer(
        [[name, name, name, name], ["1202", "#226445", name, name]],
        [(name, name, 2.4)],
        [(name, 2.5, 98.5)],
    ),
    "district_focus": lambda name: maps.district_focus(SQUARES[0]),
    "words_layer": lambda name: maps.words_layer(
        f"<summary>{maps.text(name)}</summary>", [name] * 5, name
    ),
}
SHOWS_TEXT = {
    *("centers_layer", "choropleth_layer", "markers_layer", "center_focus", "flow_layer"),
    "words_layer",
}


def drawn(layers: dict[str, Callable[[str], folium.FeatureGroup]], name: str) -> dict[str, str]:
    """All that reaches the browser: each layer of the live page, and everything as one file."""
    live, page = base(name), base(name)
    sent = {"base map": _get_map_string(live), "control": generate_leaflet_string(base(name))}
    sent["ground"] = ground(name).script
    for layer, make in layers.items():
        sent[layer] = _get_feature_group_string(make(name), live)
        make(name).add_to(page)
    return sent | {"file": page.get_root().render()}


def forms(value: str) -> set[str]:
    """A text as it stands, inside a JSON string, and inside one that Jinja's ``tojson`` writes."""
    dumps = (json.dumps(value), json.dumps(value, ensure_ascii=False), htmlsafe_json_dumps(value))
    return {value, *(dumped[1:-1] for dumped in dumps)}


def making(name: str) -> str:
    """A template that makes a folder on the server when it runs; quotes would be escaped."""
    return f"{{{{ cycler.__init__.__globals__.os.mkdir(dict({name}=1)|first) }}}}"


def test_every_function_that_makes_a_layer_is_tried_here() -> None:
    makers = {
        name
        for name, function in inspect.getmembers(maps, inspect.isfunction)
        if inspect.signature(function).return_annotation is folium.FeatureGroup
        and not name.startswith("_")
    }
    assert makers == set(LAYERS)


@HOSTILE
def test_hostile_text_is_never_run_or_left_raw_in_any_layer(payload: str) -> None:
    alive = forms(payload) if set(payload) & set(ALIVE) else set()
    for layer, sent in drawn(LAYERS, payload).items():
        assert RAN not in sent, layer
        assert "<class" not in sent, layer
        assert not [form for form in alive if form in sent], layer
        if layer in SHOWS_TEXT:
            assert any(form in sent for form in forms(maps.text(payload))), layer


def test_template_that_would_make_a_folder_makes_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    drawn(LAYERS, making("made"))
    assert list(tmp_path.iterdir()) == []


def test_folium_itself_runs_such_texts_so_that_these_trials_can_fail(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def naive(name: str) -> folium.FeatureGroup:
        group = folium.FeatureGroup()
        words = f"{{{{ 99991*99989 }}}}{making('made')}${{alert(1)}}"
        folium.Marker([2, 98], tooltip=html.escape(words)).add_to(group)
        return group

    monkeypatch.chdir(tmp_path)
    sent = drawn({"naive": naive}, "Timor")
    assert RAN in sent["file"]
    assert "${alert(1)}" in sent["naive"]
    assert [path.name for path in tmp_path.iterdir()] == ["made"]


def test_names_of_lakes_and_neighbours_are_not_sent_at_all() -> None:
    (around, districts, lakes), names = parts(ground("Dolok"))
    assert "Dolok" not in json.dumps([lakes, around])
    assert "Dolok" in json.dumps(names)
    assert "Dolok" in json.dumps(districts)  # as the code that a click answers with


def test_names_of_districts_lie_inside_them_widest_first() -> None:
    land = maps.ground(
        gpd.GeoDataFrame(
            {"short_name": ["small", "wide"]},
            index=["1201", "1202"],
            geometry=[shapely.box(98, 2, 98.5, 2.5), shapely.box(99, 2, 101, 3)],
            crs=4326,
        ),
        NO_FOOTPRINTS,
        NO_FOOTPRINTS,
        (98, 2, 101, 3),
    )
    (wide, lat, lon, width), (small, *_) = parts(land)[1]
    assert (wide, width, small) == ("wide", 2, "small")
    assert shapely.box(99, 2, 101, 3).contains(shapely.Point(lon, lat))
    assert land.province == [[2, 98], [3, 101]]


@pytest.mark.parametrize("mark", ["{", "}", "`", "$", "{{ 99991*99989 }}"])
def test_call_refuses_a_text_that_did_not_pass_text(mark: str) -> None:
    with pytest.raises(ValueError, match="brace"):
        maps.Call("words", 1, ["fine", mark])
    assert maps.Call("words", 1, ["fine", maps.text(mark)]).arguments


def test_map_names_no_host_but_those_of_the_tiles_and_their_credit() -> None:
    chart = base()
    page = chart.get_root()
    maps.tile_control().add_to(chart)
    for layer in LAYERS.values():
        layer("Timor").add_to(chart)
    assert set(re.findall(r"(?:https?:)?//([\w.-]+\.[a-z]{2,})/", page.render())) == {
        "tile.openstreetmap.org",
        "server.arcgisonline.com",
        "www.openstreetmap.org",
    }


def test_every_script_and_style_is_served_beside_the_map() -> None:
    files = [address for _, address in (*base().default_js, *base().default_css)]
    assert len(files) == 5
    assert all(re.fullmatch(r"\.\./[\w.]+/[\w.]+", address) for address in files)


def test_online_tiles_are_offered_but_not_added_at_the_start() -> None:
    script = base().get_root().render()
    offered = re.findall(r"var (tile_layer_\w+) = L\.tileLayer\(", script)
    assert len(offered) == 2
    assert not [tile for tile in offered if f"{tile}.addTo(" in script]


def distance_m(lat: float, lon: float, to_lat: float, to_lon: float) -> float:
    return Geodesic.WGS84.Inverse(lat, lon, to_lat, to_lon, Geodesic.DISTANCE)["s12"]


def shapes(group: folium.FeatureGroup, kind: type) -> list[folium.MacroElement]:
    return [child for child in group._children.values() if isinstance(child, kind)]


def test_every_corner_of_the_ring_is_40_km_from_the_zone() -> None:
    rings = shapes(maps.ring_layer(ZONES, NO_FOOTPRINTS, 40), folium.Polygon)
    assert len(rings) == 2
    for ring, (lat, lon) in zip(rings, ZONES[["lat", "lon"]].to_numpy(), strict=True):
        found = [distance_m(lat, lon, *corner) for corner in ring.locations]
        assert len(found) > 100
        assert found == pytest.approx([40_000] * len(found), abs=10)


def test_every_corner_of_the_ring_of_a_footprint_is_5_km_from_its_edge() -> None:
    (ring,) = shapes(maps.ring_layer(ZONES.loc[["a"]], FOOTPRINT, 5), folium.Polygon)
    corners = list(FOOTPRINT.geometry.iloc[0].exterior.coords)
    edge = [
        (y, x)
        for (x1, y1), (x2, y2) in pairwise(corners)
        for x, y in zip(np.linspace(x1, x2, 100), np.linspace(y1, y2, 100), strict=True)
    ]
    found = [min(distance_m(*corner, *point) for point in edge) for corner in ring.locations[::6]]
    assert len(found) > 8
    assert found == pytest.approx([5000] * len(found), abs=10)


def test_zone_without_footprint_is_a_circle_of_its_area() -> None:
    circles = shapes(maps.zone_shapes(ZONES, NO_FOOTPRINTS), folium.Circle)
    areas = [math.pi * circle.options["radius"] ** 2 / 10_000 for circle in circles]
    assert areas == pytest.approx([1933.8, 200.0], rel=1e-9)


def test_zone_with_footprint_is_drawn_as_its_polygon() -> None:
    group = maps.zone_shapes(ZONES, FOOTPRINT)
    (polygon,) = shapes(group, folium.Polygon)
    assert {tuple(corner) for corner in polygon.locations} == {
        (2.48, 98.98),
        (2.48, 99.02),
        (2.52, 98.98),
        (2.52, 99.02),
    }
    assert len(shapes(group, folium.Circle)) == 1


@pytest.mark.parametrize("area", [0.0, math.nan])
def test_zone_of_unknown_area_has_no_circle(area: float) -> None:
    group = maps.zone_shapes(ZONES.assign(area_ha=area), NO_FOOTPRINTS)
    assert not shapes(group, folium.Circle)


def test_focus_draws_the_area_that_a_center_may_lie_in_and_a_line_to_each_zone() -> None:
    """Audit E4: the area with its hole, not a ring."""
    words = {"a": "40,0 km", "b": "140,0 km"}
    group = maps.center_focus(CENTER, AREA, ZONES, NO_FOOTPRINTS, words)
    (drawn,) = shapes(group, folium.Polygon)
    outline, hole = drawn.locations
    corners = [[2.1, 98.2], [2.1, 98.4], [2.3, 98.2], [2.3, 98.4]]
    assert sorted(outline) == corners
    assert sorted(hole) == [[2.11, 98.21], [2.11, 98.22], [2.12, 98.21], [2.12, 98.22]]
    assert not [c for c in shapes(group, folium.Circle) if type(c) is folium.Circle]
    lines = [s.locations for s in shapes(group, folium.PolyLine) if type(s) is folium.PolyLine]
    assert lines == [[[2.2, 98.3], [2.5, 98.5]], [[2.2, 98.3], [2.7, 99.5]]]


def test_focus_draws_its_line_to_the_nearest_point_of_a_footprint() -> None:
    group = maps.center_focus(CENTER, None, ZONES, FOOTPRINT, {"a": "75,0 km"})
    ((_, end),) = [shape.locations for shape in shapes(group, folium.PolyLine)]
    assert end == pytest.approx([2.48, 98.98], abs=1e-6)  # the corner that faces the center


def test_focus_without_a_known_area_draws_none() -> None:
    group = maps.center_focus(CENTER, None, ZONES, NO_FOOTPRINTS, {})
    assert not shapes(group, folium.Polygon)


def test_area_of_a_district_is_drawn_with_few_corners_near_its_border(shipped: Inputs) -> None:
    area = shipped.districts.geometry["1213"]  # the one with most corners
    corners = maps.area_corners(area)
    assert len(json.dumps(corners)) < 20_000
    flat = [spot for part in corners for ring in part for spot in ring]
    away = shapely.distance(area.boundary, shapely.points([(lon, lat) for lat, lon in flat]))
    assert away.max() < maps.AREA_TOLERANCE_DEG


def luminance(colour: str) -> float:
    """Relative luminance of a #rrggbb colour (WCAG 2.2)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dark, light = sorted([luminance(one), luminance(other)])
    return (light + 0.05) / (dark + 0.05)


def colours(svg: str) -> list[str]:
    found = re.findall(r'(?:fill|stroke)="#([0-9a-f]{3,6})"', svg)
    return ["#" + (c if len(c) == 6 else "".join(d * 2 for d in c)) for c in found]


def test_contrast_formula_gives_the_values_of_the_standard() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize("code", maps.SIGNS)
def test_sign_stands_out_from_the_land_by_fill_or_outline(code: str) -> None:
    assert maps.LAND == "#f2efe9"
    assert max(contrast(colour, maps.LAND) for colour in colours(maps.sign_svg(code))) >= 3


@pytest.mark.parametrize("code", maps.ICONS)
@pytest.mark.parametrize("hollow", [True, False])
@pytest.mark.parametrize("below", [maps.LAND, maps.SEA, maps.OUTSIDE])
def test_icon_stands_out_from_land_and_sea(code: str, hollow: bool, below: str) -> None:
    drawn = colours(maps.icon_svg(code, hollow=hollow))
    assert max(contrast(colour, below) for colour in drawn) >= 3


def lightness(colour: str) -> float:
    """CIE L*, 0 to 100: what is left of a colour in grey print."""
    y = luminance(colour)
    return 116 * y ** (1 / 3) - 16 if y > (6 / 29) ** 3 else y * (29 / 3) ** 3


@pytest.mark.parametrize("count", range(2, 7))
def test_shades_get_darker_in_steps_that_grey_print_keeps(count: int) -> None:
    found = maps.shades(count)
    steps = [lightness(a) - lightness(b) for a, b in pairwise(found)]
    assert len(found) == count
    assert min(steps) > 9  # on the scale of 100; about 2 can be seen side by side
    assert max(steps) < 1.3 * min(steps)


@pytest.mark.parametrize("count", range(1, 7))
def test_shades_have_one_hue(count: int) -> None:
    hues = [
        colorsys.rgb_to_hsv(*(int(c[i : i + 2], 16) / 255 for i in (1, 3, 5)))[0]
        for c in maps.shades(count)
    ]
    assert max(hues) - min(hues) < 0.05  # of a full circle


def test_one_class_and_none_have_their_shades() -> None:
    (only,) = maps.shades(1)
    assert lightness("#c9ead6") > lightness(only) > lightness("#226445")
    assert maps.shades(0) == ()


def test_even_more_shades_than_are_offered_differ() -> None:
    assert len(set(maps.shades(12))) == 12


@pytest.mark.parametrize("fill", [maps.NO_CENTER, maps.NO_VALUE])
def test_missing_value_has_a_pattern_and_never_a_shade(fill: str) -> None:
    drawn = maps.swatch_svg(fill)
    assert not set(colours(drawn)) & {c for n in range(1, 7) for c in maps.shades(n)}
    inside = drawn.partition("/>")[2]
    assert max(contrast(colour, maps.LAND) for colour in colours(inside)) >= 3
    assert maps.swatch_svg(maps.NO_CENTER) != maps.swatch_svg(maps.NO_VALUE)


def test_swatch_shows_its_shade_within_an_outline() -> None:
    assert colours(maps.swatch_svg("#6db890")) == ["#6db890", maps.INK]
    assert colours(maps.outline_svg()) == [maps.INK]


def test_every_category_and_word_has_a_sign_of_its_own_shape() -> None:
    assert set(maps.SIGNS) == {*CATEGORIES, "several", "none", "unscored"}
    assert len({sign.path for sign in maps.SIGNS.values()}) == len(maps.SIGNS)
    assert len({maps.SIGNS[code].fill for code in CATEGORIES}) == len(CATEGORIES)


def test_every_zone_class_and_kind_of_place_has_an_icon_of_its_own_shape() -> None:
    assert set(maps.ICONS) == {*ZONE_CLASSES, *PLACE_KINDS}
    assert len(set(maps.ICONS.values())) == len(maps.ICONS)
