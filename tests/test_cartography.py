"""The map on paper: everything at its place, to scale, inert, and alike on every machine."""

import io
import re
import struct
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pyproj
import pytest
from geographiclib.geodesic import Geodesic
from PIL import Image

from ikmgeo import symbols
from ikmgeo.filters import Filters
from ikmgeo.handout import Handout
from ikmgeo.handouts import cartography, typeset
from ikmgeo.handouts.cartography import NAME
from ikmgeo.measures.district_measures import Shading
from ikmgeo.reading.base import Origin
from ikmgeo.view import View
from ikmgeo.vocabulary import Bounds
from tests.planes import UTM_47N
from tests.rated import CATEGORIES, SIGNS

Take = Callable[..., Handout]

SVG = "{http://www.w3.org/2000/svg}"
MEDAN = (98.2, 2.4, 99.8, 4.0)
FRAME = cartography.Frame.around(MEDAN, UTM_47N, left=10, top=20, width=150, height=120)
PAYLOADS = (
    "</text></svg><script>window.PWN=1</script>",
    "<img src=x onerror=window.PWN=2>",
    "{{ 31337*4243 }} ${window.PWN=3} `x`",
    "\"'/><image href='http://evil.example/x.png'/>",
    "]]><!-- \x00\x08\x1b\ufffe",
    "&lt;b&gt; &#60;script&#62; &amp;",
    "مركز القهوة \u202eabc 🏺",
    "N" * 9_950,
)


@pytest.fixture(scope="session")
def take(hand_out: Callable[..., Handout]) -> Take:
    """Hand-outs of the shipped data: ``take("en", places=True)``."""
    return lambda language="id", **chosen: hand_out(view=View(language=language, **chosen))


def drawn(handout: Handout, **options: Any) -> ElementTree.Element:
    return ElementTree.fromstring(cartography.map_svg(handout, **options))


def texts(picture: ElementTree.Element) -> list[str]:
    return [node.text or "" for node in picture.iter(f"{SVG}text")]


def signs(picture: ElementTree.Element, name: str = "sign-") -> list[tuple[str, float, float]]:
    """Name and place of every sign, in the order drawn."""
    used = [use.attrib for use in picture.iter(f"{SVG}use")]
    found = [(u["href"].removeprefix("#"), float(u["x"]), float(u["y"])) for u in used]
    return [sign for sign in found if sign[0].startswith(name)]


def map_box(picture: ElementTree.Element) -> dict[str, float]:
    """The frame of the map: what everything is clipped to."""
    box = picture.find(f".//{SVG}clipPath/{SVG}rect")
    assert box is not None
    return {key: float(value) for key, value in box.attrib.items()}


def spoilt(handout: Handout) -> Handout:
    """The same hand-out with an attack in every name."""

    def attack(table: Any, *columns: str) -> Any:
        bad = [f"{PAYLOADS[i % len(PAYLOADS)]} {i}" for i in range(len(table))]
        return table.assign(**dict.fromkeys(columns, bad))

    names = ("name_id", "name_en")
    inputs = replace(
        handout.inputs,
        zones=attack(handout.inputs.zones, *names, "short_name"),
        districts=attack(handout.inputs.districts, "name_id", "short_name"),
        lakes=attack(handout.inputs.lakes, "name_id"),
        origins={"districts": Origin(PAYLOADS[0])},
    )
    return replace(
        handout,
        inputs=inputs,
        centers=attack(handout.centers, *names),
        shown=attack(handout.shown, *names),
        roads=PAYLOADS[1],
    )


@pytest.mark.parametrize("language", ["id", "en"])
def test_map_says_what_it_shows_in_the_readers_language(take: Take, language: str) -> None:
    handout = take(language)
    said = " ".join(texts(drawn(handout)))
    say = handout.say
    for category in CATEGORIES:
        assert say(f"category.{category}") in said
    for words in (handout.count, say("map.conflicting"), "22 November 2026", "GADM 4.1"):
        assert words in said
    assert say(f"scheme.{handout.view.scheme.name}") in said
    assert "EPSG:32647" in said
    assert drawn(handout).attrib["lang"] == language


def test_every_sign_stands_where_its_center_is(take: Take) -> None:
    """Frame and scale are read from the picture; positions are projected by PROJ alone."""
    handout = take()
    picture = drawn(handout, bounds=MEDAN, bare=True)
    placed = signs(picture)
    assert len(placed) == len(handout.shown) == 13
    project = pyproj.Proj(proj="utm", zone=47, ellps="WGS84")
    east, north = project(handout.shown["lon"].to_numpy(), handout.shown["lat"].to_numpy())
    x, y = (np.array([sign[i] for sign in placed]) for i in (1, 2))
    metres_across, left = np.polyfit(x, east, 1)
    metres_down, top = np.polyfit(y, north, 1)
    assert metres_across == pytest.approx(-metres_down, rel=1e-4)  # one scale both ways
    assert np.abs(left + metres_across * x - east).max() < 0.01 * metres_across
    assert np.abs(top + metres_down * y - north).max() < 0.01 * metres_across
    box = map_box(picture)
    middle = project((MEDAN[0] + MEDAN[2]) / 2, (MEDAN[1] + MEDAN[3]) / 2)
    center = left + metres_across * (box["x"] + box["width"] / 2)
    assert center == pytest.approx(middle[0], abs=500)


def test_signs_tell_category_and_conflict(take: Take) -> None:
    handout = take()
    picture = drawn(handout)
    assert [sign[0] for sign in signs(picture)] == [f"sign-{c}" for c in handout.shown["category"]]
    at = {(x, y) for _, x, y in signs(picture, "conflict")}
    expected = handout.shown["conflicting"].tolist()
    assert sum(expected) == 2
    assert [(x, y) in at for _, x, y in signs(picture)] == expected


def test_filtered_centers_are_not_drawn(take: Take) -> None:
    handout = take(filters=Filters(categories=("excellent",)))
    assert [sign[0] for sign in signs(drawn(handout))] == ["sign-excellent"] * 2


def test_center_outside_the_bounds_is_not_drawn(take: Take) -> None:
    nias = (97.0, 0.5, 98.2, 1.6)
    picture = drawn(take(), bounds=nias)
    assert signs(picture) == []
    assert "Nias" in texts(picture)


@pytest.mark.parametrize("bounds", [MEDAN, (97.06, -0.64, 100.42, 4.3), (98.6, 3.5, 98.8, 3.7)])
def test_scale_bar_is_as_long_as_it_says(
    take: Take, bounds: tuple[float, float, float, float]
) -> None:
    """Its ends, laid in the middle of the map, are so far apart by GeographicLib."""
    handout = take("en")
    picture = drawn(handout, bounds=bounds, bare=True)
    scale = next(g for g in picture.iter(f"{SVG}g") if g.attrib.get("class") == "scale")
    long = float(next(scale.iter(f"{SVG}rect")).attrib["width"])
    told = next(t for t in texts(scale) if t.endswith(" km"))
    box = map_box(picture)
    frame = cartography.Frame.around(
        bounds, UTM_47N, left=box["x"], top=box["y"], width=box["width"], height=box["height"]
    )
    to_degrees = pyproj.Transformer.from_crs(32647, 4326, always_xy=True)
    middle = frame.north - frame.metres * frame.height / 2
    east = frame.west + frame.metres * (frame.width / 2 + np.array([-long / 2, long / 2]))
    (west_lon, east_lon), (west_lat, east_lat) = to_degrees.transform(east, [middle, middle])
    apart = Geodesic.WGS84.Inverse(west_lat, west_lon, east_lat, east_lon)["s12"] / 1000
    assert apart == pytest.approx(float(told.removesuffix(" km")), rel=1e-3)


def test_scale_is_the_same_at_both_ends_of_the_province() -> None:
    """UTM 47N: a km is as long in Langkat as in the Batu Islands to 0.1 %."""
    degrees = [(98.0, 4.2), (98.3, -0.4), (100.3, 2.5)]
    for lon, lat in degrees:
        there = Geodesic.WGS84.Direct(lat, lon, 90, 10_000)
        x, y = FRAME.place(np.array([lon, there["lon2"]]), np.array([lat, there["lat2"]]))
        drawn_km = np.hypot(*np.diff([x, y])[:, 0]) * FRAME.metres / 1000
        assert drawn_km == pytest.approx(10, rel=1e-3)


def test_bounds_fill_the_paper_in_one_direction() -> None:
    """A frame by hand: 1 degree at the equator and 99° east, on 100 by 200 mm."""
    frame = cartography.Frame.around(
        (98.5, -0.5, 99.5, 0.5), UTM_47N, left=0, top=0, width=100, height=200
    )
    x, y = frame.place(99.0, 0.0)
    assert (x, y) == (pytest.approx(50, abs=0.01), pytest.approx(100, abs=0.01))
    west, east = frame.place(98.5, 0.0)[0], frame.place(99.5, 0.0)[0]
    assert 100 * 0.92 < east - west < 100 / 1.05  # 3 % of margin on each side
    assert frame.place(99.0, 0.5)[1] < y < frame.place(99.0, -0.5)[1]


def test_chosen_center_has_its_area_its_lines_and_their_distances(take: Take) -> None:
    handout = take("en", selection=("center", "karo-coffee"))
    picture = drawn(handout, bounds=MEDAN)
    (area,) = (p for p in picture.iter(f"{SVG}path") if p.attrib.get("class") == "area")
    box = map_box(picture)
    frame = cartography.Frame.around(
        MEDAN, UTM_47N, left=box["x"], top=box["y"], width=box["width"], height=box["height"]
    )
    west, south, east, north = handout.inputs.subdistricts.geometry["120604"].bounds
    corners = np.array([c.split() for c in re.findall(r"[-\d.]+ [-\d.]+", area.attrib["d"])], float)
    expected = [*frame.place(west, north), *frame.place(east, south)]
    assert [*corners.min(axis=0), *corners.max(axis=0)] == pytest.approx(expected, abs=0.2)
    said = texts(picture)
    for km in ("68.5 km", "90.9 km", "106.6 km"):  # as by GeographicLib in test_linkage
        assert km in said
    assert handout.say("map.area") in said


def test_chosen_district_has_its_border(take: Take) -> None:
    plain, chosen = (take(selection=s) for s in (None, ("district", "1208")))
    marked = [
        [node for node in drawn(h).iter(f"{SVG}path") if node.attrib.get("class") == "chosen"]
        for h in (plain, chosen)
    ]
    assert [len(found) for found in marked] == [0, 1]


def test_distance_filter_draws_its_reach(take: Take) -> None:
    """Three zones without footprints: 40 km around their points, in one outline."""
    handout = take("en", filters=Filters(within_km=40.0))
    picture = drawn(handout, bounds=MEDAN)
    rings = [n.attrib["d"] for n in picture.iter(f"{SVG}path") if n.attrib.get("class") == "reach"]
    assert len(rings) == 1
    box = map_box(picture)
    frame = cartography.Frame.around(
        MEDAN, UTM_47N, left=box["x"], top=box["y"], width=box["width"], height=box["height"]
    )
    zones = handout.inputs.zones
    places = np.column_stack(frame.place(zones["lon"].to_numpy(), zones["lat"].to_numpy()))
    corners = np.array([pair.split() for pair in re.findall(r"[-\d.]+ [-\d.]+", rings[0])], float)
    inside = (corners[:, 0] < box["x"] + box["width"]) & (corners[:, 1] > box["y"])
    away = np.hypot(*(corners[inside, None] - places).T).min(axis=0) * frame.metres
    assert away == pytest.approx(40_000, rel=5e-3)
    assert "Up to 40 km from the nearest zone" in texts(picture)
    one = take("en", filters=Filters(within_km=40.5, zone="kim"))
    assert "Up to 40.5 km from KIM" in texts(drawn(one))


@pytest.mark.parametrize("stage", ["map", "linkage"])
def test_nothing_surrounds_a_chosen_center_that_a_filter_hides(take: Take, stage: str) -> None:
    """Planner 9: neither its ring nor its lines to the zones, nor their words in the legend."""
    hidden = {"stage": stage, "rings": False, "filters": Filters(categories=("excellent",))}
    chosen, plain = (take(selection=s, **hidden) for s in (("center", "karo-coffee"), None))
    assert cartography.map_svg(chosen) == cartography.map_svg(plain)


def test_places_are_drawn_when_they_are_on(take: Take) -> None:
    handout = take(places=True)
    whole = handout.inputs.bounds
    bare, full = (
        len(list(drawn(take(places=p), bounds=whole).iter(f"{SVG}svg"))) for p in (False, True)
    )
    legend = 5  # port, airport, air base, toll gate, unverified
    assert full - bare == len(handout.inputs.places) + legend


def test_zoomed_screen_is_printed_as_it_is(take: Take) -> None:
    """At zoom 10 a px is 360/(256·1024) degrees: 870 px are 1.1948 degrees."""
    handout = take(position=(3.0, 98.5, 10.0))
    west, south, east, north = cartography.seen(handout)
    assert (east - west, (east + west) / 2) == (pytest.approx(1.19476, rel=1e-4), 98.5)
    assert north - south == pytest.approx(520 / 870 * 1.19476 * np.cos(np.radians(3)), rel=1e-4)
    west, south, east, north = cartography.seen(take())  # as the screen opens: all centers
    for _, place in take().centers.iterrows():
        assert west < place["lon"] < east
        assert south < place["lat"] < north
    filtered = take(filters=Filters(text="no such center"))
    assert cartography.seen(filtered) == cartography.seen(take())
    of_districts = take(stage="districts")
    studied = of_districts.inputs.districts.loc[sorted(of_districts.studied)]
    (west, south), (east, north) = studied.total_bounds.reshape(2, 2)
    around = cartography.beyond((west, south, east, north), km=20)
    assert cartography.seen(of_districts) == around


def test_names_of_centers_cover_no_sign_and_no_other_name(take: Take) -> None:
    handout = take()
    picture = drawn(handout, width_mm=190, height_mm=267)
    where = {(x, y) for _, x, y in signs(picture)}
    names = set(handout.shown["name_id"])
    boxes = []
    for node in picture.iter(f"{SVG}text"):
        if node.text and node.text in names:
            size, x = float(node.attrib["font-size"]), float(node.attrib["x"])
            wide = typeset.width(node.text, size)
            left = x - wide * {"start": 0, "middle": 0.5, "end": 1}[node.attrib["text-anchor"]]
            base = float(node.attrib["y"])
            boxes.append((left, base - 0.7 * size, left + wide, base))
    assert len(boxes) >= 10
    for at, one in enumerate(boxes):
        assert not any(one[0] < x < one[2] and one[1] < y < one[3] for x, y in where)
        for other in boxes[at + 1 :]:
            apart_x = one[2] <= other[0] or other[2] <= one[0]
            apart_y = one[3] <= other[1] or other[3] <= one[1]
            assert apart_x or apart_y


def test_name_stands_nearest_to_its_own_sign(take: Take) -> None:
    """Or at the end of a line: Binjai has three centers within 2 km."""
    handout = take()
    picture = drawn(handout)
    at = {
        name: (x, y)
        for name, (_, x, y) in zip(handout.shown["name_id"], signs(picture), strict=True)
    }
    named = [node for node in picture.iter(f"{SVG}text") if node.text in at]
    assert len(named) >= 10
    lines = [re.findall(r"[-\d.]+", path.attrib["d"]) for path in paths(picture, "leader")]
    led = {}  # by the sign that a line leads from, its other end
    for x, y, *end in lines:
        start = float(x), float(y)
        led[min(at, key=lambda name: np.hypot(*np.subtract(at[name], start)))] = end
    for node in named:
        size, wide = float(node.attrib["font-size"]), typeset.width(node.text or "", NAME)
        left, middle = float(node.attrib["x"]) - wide / 2, float(node.attrib["y"]) - 0.33 * size
        beside = {
            name: np.hypot(max(left - x, x - left - wide, 0), middle - y)
            for name, (x, y) in at.items()
        }
        if node.text in led:
            x, y = map(float, led[node.text])
            assert max(left - x, x - left - wide, abs(middle - y) - size) < 0.5
        else:
            assert min(beside, key=lambda name: beside[name]) == node.text


@pytest.mark.parametrize("bare", [True, False])
def test_attacks_in_names_stay_text(take: Take, bare: bool) -> None:
    handout = spoilt(take(places=True))
    svg = cartography.map_svg(handout, bounds=(98.5, 3.3, 99.0, 3.7), bare=bare)
    picture = ElementTree.fromstring(svg)
    allowed = "svg title defs g path circle rect pattern clipPath use text"
    tags = {node.tag.removeprefix(SVG) for node in picture.iter()}
    assert tags <= set(allowed.split())
    assert not any(name.startswith("on") for node in picture.iter() for name in node.attrib)
    for mark in ("{", "`", "$", "<script", "<img"):
        assert mark not in svg
    assert len(svg) < 400_000
    if not bare:
        assert any("<script>window.PWN=1</script>" in t for t in texts(picture))


@pytest.mark.parametrize("bare", [True, False])
def test_map_refers_to_nothing_outside(take: Take, bare: bool) -> None:
    svg = cartography.map_svg(take(places=True, selection=("center", "karo-coffee")), bare=bare)
    picture = ElementTree.fromstring(svg)
    for node in picture.iter():
        for name, value in node.attrib.items():
            if name.endswith("href"):
                assert value.startswith("#")
            assert not re.search(r"url\((?!#)", value)
    assert svg.count("http") == svg.count('xmlns="http://www.w3.org/2000/svg"')


def test_every_sign_has_a_shape_of_its_own_without_colour() -> None:
    """Rendered in black on white, any two signs differ in a tenth of their pixels or more."""
    shapes = {}
    for code in (*SIGNS, "sez", "ie"):
        svg = (
            symbols.icon(code).svg(20)
            if code in symbols.ICONS
            else symbols.sign(SIGNS[code]).svg(20)
        )
        svg = svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
        grey = Image.open(io.BytesIO(typeset.png(svg, dpi=200))).convert("L")
        shapes[code] = np.asarray(grey) < 245
    codes = list(shapes)
    for at, one in enumerate(codes):
        for other in codes[at + 1 :]:
            differing = (shapes[one] != shapes[other]).sum() / shapes[one].sum()
            assert differing > 0.1, (one, other)


def test_picture_has_300_dots_per_inch_of_paper(take: Take) -> None:
    made = typeset.png(cartography.map_svg(take(), width_mm=127, height_mm=101.6))
    assert made.startswith(b"\x89PNG")
    assert struct.unpack(">II", made[16:24]) == (1500, 1200)  # 5 by 4 inches


def test_picture_has_the_colours_of_the_map(take: Take, tmp_path: Path) -> None:
    handout = take()
    file = tmp_path / "map.png"
    file.write_bytes(typeset.png(cartography.map_svg(handout, bounds=MEDAN, bare=True), dpi=100))
    colours = {c for _, c in Image.open(file).convert("RGB").getcolors(1 << 24) or ()}
    for colour in (symbols.SEA, symbols.LAND, symbols.OUTSIDE, SIGNS["excellent"].fill):
        assert tuple(bytes.fromhex(colour[1:])) in colours


def test_thousands_of_centers_are_drawn_small_and_without_names(take: Take) -> None:
    handout = take()
    many = pd.concat([handout.shown] * 160)
    picture = drawn(replace(handout, shown=many, centers=many))
    assert len(signs(picture)) == 160 * 13
    assert not set(texts(picture)) & set(handout.shown["name_id"])
    assert set(handout.inputs.zones["short_name"]) <= set(texts(picture))
    (sign,) = (p for p in picture.iter(f"{SVG}path") if p.attrib.get("id") == "sign-excellent")
    assert sign.attrib["transform"] == "scale(0.9)"


def test_map_without_any_center_still_stands(take: Take) -> None:
    handout = take()
    empty = replace(handout, shown=handout.shown.iloc[:0])
    assert signs(drawn(empty)) == []


def test_long_text_is_broken_into_lines_that_fit() -> None:
    lines = cartography.wrapped("Sentra kerajinan " * 40, 80, size=3)
    assert len(lines) == 6
    assert all(70 < typeset.width(line, 3) <= 80 for line in lines)
    assert " ".join(lines).startswith("Sentra kerajinan Sentra kerajinan")


def test_shortened_text_says_that_it_is() -> None:
    assert cartography.shortened("a" * 120) == "a" * 120
    assert cartography.shortened("a" * 121) == "a" * 119 + "…"
    assert cartography.shortened("a\x00b\x1f\ufffe\ud800c") == "abc"


# The maps of linkage and of districts


def paths(picture: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    return [path for path in picture.iter(f"{SVG}path") if path.get("class") == name]


def test_flows_have_the_width_and_shade_of_the_class_of_their_distance(take: Take) -> None:
    """Up to 25, 50 and 100 km, and beyond: 7, 5, 3 and 1 px wide, dark to light."""
    handout = take(stage="linkage", column="all")
    picture = drawn(handout)
    zones, counts = handout.inputs.zones, [0] * 4
    for _, a in handout.centers.iterrows():
        for _, b in zones.iterrows():
            km = Geodesic.WGS84.Inverse(a["lat"], a["lon"], b["lat"], b["lon"])["s12"] / 1000
            counts[sum(round(km, 1) > limit for limit in (25, 50, 100))] += 1
    shades = symbols.shades(4, symbols.TIES)[::-1]
    expected = dict(zip(zip((7, 5, 3, 1), shades, strict=True), counts, strict=True))
    flows = paths(picture, "flow")
    found = Counter((float(f.get("stroke-width", 0)) / 0.25, f.get("stroke")) for f in flows)
    assert found == Counter(expected)
    widths = [float(f.get("stroke-width", 0)) for f in flows]
    assert widths == sorted(widths)
    assert len(paths(drawn(take(stage="linkage")), "flow")) == 13  # each to its nearest zone
    assert not paths(drawn(take(stage="linkage", flows=False)), "flow")
    assert not paths(drawn(take(stage="linkage", indicator="gravity")), "flow")  # of all zones
    assert not paths(drawn(take()), "flow")  # on the map of centers there are none


def test_signs_have_the_shade_of_their_value_which_stands_behind_the_name(take: Take) -> None:
    """Karo coffee lies 68.5 km from KIM and farther from the others."""
    picture = drawn(take("en", stage="linkage"), bounds=take().inputs.bounds)
    inside = picture.find(f".//{SVG}g[@clip-path]")
    assert inside is not None
    fills = Counter(use.get("fill") for use in inside.iter(f"{SVG}use"))
    assert "Karo Coffee Center 68.5 km" in texts(picture)
    assert sum(fills[shade] for shade in symbols.shades(4, symbols.TIES)) == 13
    categories = {sign.fill for sign in take().inputs.instrument.signs.values()}
    assert not categories & {*fills} - {symbols.UNMEASURED, symbols.INK}


def test_one_ring_a_threshold_bears_its_km_in_straight_lines_only(take: Take) -> None:
    handout = take(stage="linkage")
    picture = drawn(handout, bounds=handout.inputs.bounds)
    assert len(paths(picture, "reach")) == 3
    assert {"25 km", "50 km", "100 km"} <= set(texts(picture))
    assert "Dalam 25 km, 50 km, dan 100 km" in texts(picture)
    assert not paths(drawn(take(stage="linkage", rings=False)), "reach")
    by_road = replace(handout.view.link, measure="road_km")
    assert not paths(drawn(replace(handout, view=replace(handout.view, link=by_road))), "reach")


def test_districts_have_the_colours_of_their_class(take: Take) -> None:
    picture = drawn(take(stage="districts"))
    fills = [path.get("fill", "") for path in picture.iter(f"{SVG}path")]
    where = pd.read_csv("data/centers.csv")["district_code"].value_counts()
    assert fills.count("url(#hatch-nobody)") == 33 - len(where)
    # One, two or three centers: the legend has a swatch of each colour besides.
    for number, shade in zip((1, 2, 3), symbols.shades(3), strict=True):
        assert fills.count(shade) == (where == number).sum() + 1, number
    assert not signs(picture)
    assert "Jumlah sentra" in texts(picture)
    assert len(paths(picture, "studied")) == len(where)


def test_best_category_is_a_sign_as_well_as_a_colour(take: Take) -> None:
    best = drawn(take("en", stage="districts", shading=Shading("best_category")))
    centers = pd.read_csv("data/centers.csv")
    assert len(signs(best)) == centers["district_code"].nunique()
    assert "Best category" in texts(best)


def test_every_district_with_a_center_is_named_and_compared_ones_are_bordered(take: Take) -> None:
    handout = take(stage="districts", compared=("1208", "1275"))
    picture = drawn(handout)
    named = {*texts(picture)}
    studied = handout.inputs.districts.loc[sorted(handout.studied), "short_name"]
    assert named >= {*studied, "Langkat", "Pematangsiantar"}
    assert len(paths(picture, "compared")) == 2 * len(symbols.COMPARED)
    assert not paths(drawn(take(stage="districts")), "compared")


def test_a_chosen_center_is_told_as_its_district_on_a_map_of_districts(take: Take) -> None:
    picture = drawn(take(stage="districts", selection=("center", "karo-coffee")))
    assert len(paths(picture, "chosen")) == 1
    assert picture.find(f".//{SVG}circle[@class='chosen']") is None


def test_the_picture_shows_what_a_screen_of_its_size_does(take: Take) -> None:
    wide = replace(take(position=(2.5, 99.0, 9.0)), screen=(1600, 520))
    west, _, east, _ = cartography.seen(wide)
    assert (west + east) / 2 == pytest.approx(99.0)
    assert east - west == pytest.approx(1600 * 360 / (256 * 2**9))
    assert cartography.seen(replace(wide, screen=(870, 520)))[0] > west


def test_a_map_of_districts_shows_no_places_as_on_screen(take: Take) -> None:
    bare, full = (drawn(take(stage="districts", places=p)) for p in (False, True))
    assert len(list(full.iter(f"{SVG}svg"))) == len(list(bare.iter(f"{SVG}svg")))
    assert "Pelabuhan" not in texts(full)


@pytest.mark.parametrize(
    ("bounds", "across"),
    [((97.0, -0.6, 100.4, 4.3), False), ((98.0, 2.5, 100.0, 4.0), True), ((0, 59, 3, 61), False)],
)
def test_a_sheet_lies_as_its_ground_does(bounds: Bounds, across: bool) -> None:
    assert cartography.is_wide(bounds) is across
