"""Hostile text in every layer, what the map asks of the network, and geometry by geographiclib."""

import html
import inspect
import json
import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import folium
import geopandas as gpd
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from jinja2.utils import htmlsafe_json_dumps
from streamlit_folium import _get_feature_group_string, _get_map_string, generate_leaflet_string

from ikmgeo import symbols
from ikmgeo.analysis import Inputs
from ikmgeo.display import maps, scene
from ikmgeo.display.scene import Colours, Crowd, Fill, Focus, Line, MapScene, Mark
from ikmgeo.display.thematic import Flow
from ikmgeo.reading import orientation
from ikmgeo.reading.orientation import Orientation
from ikmgeo.words import markup
from ikmgeo.words.messages import Messages
from tests.planes import on_plane
from tests.rated import SIGNS

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
    safe = markup.inert(payload)
    assert not set(safe) & set(ALIVE)
    assert html.unescape(safe) == payload


@given(st.text())
def test_any_text_is_inert_and_reads_as_it_was(value: str) -> None:
    safe = markup.inert(value)
    assert not set(safe) & set(ALIVE)
    assert html.unescape(safe) == value


@pytest.mark.parametrize("value", [12.5, None, True, math.nan, ["<b>"], {"a": "`"}])
def test_any_value_becomes_inert_text(value: object) -> None:
    assert html.unescape(markup.inert(value)) == str(value)
    assert not set(markup.inert(value)) & set(ALIVE)


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
    west, south, east, north = districts.total_bounds
    bounds = (west, south, east, north)
    return maps.ground(districts, lakes, around, SIGNS, bounds, guide(name))


def base(name: str = "Timor") -> maps.OfflineMap:
    fit = [[2.0, 98.0], [3.0, 100.0]]
    return maps.base_map(ground(name), fit=fit, key="test")


def guide(*names: str) -> Orientation:
    """Towns of these names, the first of 40,000 people and each other of 1,000 more."""
    count = len(names)
    columns = {
        "name_id": names,
        "lat": 2.5,
        "lon": 98.5,
        "population": range(40_000, 40_000 + 1_000 * count, 1_000),
    }
    return orientation.shipped(pd.DataFrame(columns, index=range(count)))


def parts(land: maps.Ground) -> tuple[list[Any], list[Any]]:
    """What a ground's script holds: layers of GeoJSON, fill and line; names."""
    layers, names, *_ = json.loads(land.script.partition("=")[2].removesuffix(";"))
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
    ).assign(category="excellent", name=name, below=name, locality=name, naming=[1, 0])
    centers = centers.assign(value=name, shade=name)
    return maps.centers_layer(centers, choose=name, more=name)


def hostile_focus(name: str) -> Focus:
    told = {name: name, "b": name}
    center = pd.concat([CENTER, pd.Series({"name_id": name, "locality": name})]).rename(name)
    return scene.focus_on(center, AREA, hostile_zones(name), hostile_footprints(name), told)


def hostile_scene(name: str) -> MapScene:
    return MapScene(
        topic=name,
        ground=cast(Any, None),
        centers=pd.DataFrame({"at": [0], "value": name, "shade": name}, index=[name]),
        zones=(),
        footprints=(),
        legend=(Line("centers", symbols.sign(SIGNS["excellent"]), name),),
        attribution=(name,),
        extent=None,
        always=frozenset({name}),
    )


LAYERS: dict[str, Callable[[str], folium.FeatureGroup]] = {
    "centers_layer": hostile_centers,
    "markers_layer": lambda name: maps.markers_layer(
        [Mark(2.5, 98.5, "sez", name, name, label=name)], [Mark(2.5, 98.6, "port", name, name)]
    ),
    "footprints_layer": lambda name: maps.footprints_layer(
        scene.footprints(hostile_zones(name), hostile_footprints(name))
    ),
    "rings_layer": lambda name: maps.rings_layer(
        scene.rings_around(hostile_zones(name), hostile_footprints(name), {40: name})
    ),
    "focus_layer": lambda name: maps.focus_layer(hostile_focus(name)),
    "flow_layer": lambda name: maps.flow_layer([Flow(2.2, 98.3, 2.5, 98.5, 4.0, name, name)]),
    "choropleth_layer": lambda name: maps.choropleth_layer(
        Colours(
            (Fill(name, name, name, name), Fill("1202", "#226445", name, name)),
            (name,),
            (name,),
            ((name, 2.5, 98.5),),
            (name,),
        ),
        name,
    ),
    "border_layer": maps.border_layer,
    "units_layer": lambda name: maps.units_layer(Crowd(name, 8, 12, (name,) * 5, None, name)),
    "always_layer": lambda name: maps.always_layer(hostile_scene(name)),
    "words_layer": lambda name: maps.words_layer(hostile_scene(name), Messages("id")),
}
SHOWS_TEXT = {
    *("centers_layer", "choropleth_layer", "markers_layer", "focus_layer", "flow_layer"),
    *("rings_layer", "words_layer", "border_layer", "units_layer"),
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
            assert any(form in sent for form in forms(markup.inert(payload))), layer


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
        SIGNS,
        (98, 2, 101, 3),
        guide(),
    )
    (wide, lat, lon, width, code), (small, *_) = parts(land)[1]
    assert (wide, width, code, small) == ("wide", 2, "1202", "small")
    assert shapely.box(99, 2, 101, 3).contains(shapely.Point(lon, lat))
    assert land.province == [[2, 98], [3, 101]]


@pytest.mark.parametrize("mark", ["{", "}", "`", "$", "{{ 99991*99989 }}"])
def test_call_refuses_a_text_that_did_not_pass_text(mark: str) -> None:
    with pytest.raises(ValueError, match="brace"):
        maps.Call("words", 1, ["fine", mark])
    assert maps.Call("words", 1, ["fine", markup.inert(mark)]).arguments


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
    assert len(files) == 1
    assert all(re.fullmatch(r"\.\./\.\./map-files/map-\w{16}\.\w+", name) for name in files)


def test_online_tiles_are_offered_but_not_added_at_the_start() -> None:
    script = base().get_root().render()
    offered = re.findall(r"var (tile_layer_\w+) = L\.tileLayer\(", script)
    assert len(offered) == 2
    assert not [tile for tile in offered if f"{tile}.addTo(" in script]


def test_an_area_is_sent_with_its_holes() -> None:
    """Audit E4: corners as Leaflet takes them, latitude first, to 4 decimals."""
    ((outline, hole),) = maps.corners(AREA)
    assert sorted(outline) == [[2.1, 98.2], [2.1, 98.4], [2.3, 98.2], [2.3, 98.4]]
    assert sorted(hole) == [[2.11, 98.21], [2.11, 98.22], [2.12, 98.21], [2.12, 98.22]]


def test_area_of_a_district_is_drawn_with_few_corners_near_its_border(shipped: Inputs) -> None:
    area = shipped.districts.geometry["1213"]  # the one with most corners
    corners = maps.area_corners(area)
    assert len(json.dumps(corners)) < 20_000
    flat = [spot for part in corners for ring in part for spot in ring]
    away = shapely.distance(area.boundary, shapely.points([(lon, lat) for lat, lon in flat]))
    assert away.max() < maps.AREA_TOLERANCE_DEG
