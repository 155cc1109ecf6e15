"""The map on paper: a vector drawing of what the screen shows, to print and to keep.

It is drawn in the UTM zone of the districts, where a km is as long everywhere in a province to
0.1 %, and measured in mm of paper. Every value from data passes ``_text`` on its way in.
"""

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import product
from typing import Any, Final, Self

import geopandas as gpd
import numpy as np
import pyproj
import shapely

from ikmgeo import handout as handing
from ikmgeo import symbols
from ikmgeo.display import labels, orientation, scene
from ikmgeo.display.labels import Room, Segment, Sign
from ikmgeo.display.scene import Colours, Focus, MapScene, Mark
from ikmgeo.handout import Handout
from ikmgeo.handouts import typeset
from ikmgeo.measures import linkage
from ikmgeo.reading.orientation import Orientation
from ikmgeo.vocabulary import PRODUCT, WGS84, Bounds
from ikmgeo.words.markup import inert
from ikmgeo.words.messages import Messages

MARGIN = 0.03
"""Ground beyond the bounds on each side, as a part of the longer side."""

BRAND_WIDTH = 17.0
"""From the middle of the mark to the end of the name, mm."""

HEAD = 15.0
"""mm above a map for its title."""

STRIP = 7.5
"""mm below a map for scale bar and north arrow."""

PX = 0.25
"""mm of paper for a px of a line on screen."""

TILE = 256
"""px of the whole world at zoom 0."""

OTHER_FONT = 0.87
"""Part of the width that lines fill: a browser without the font takes a wider one."""

LONGEST = 120
"""Characters of one name, source or setting on a map."""

NAME, QUIET, ZONE_NAME = 2.7, 2.3, 2.9
"""Sizes of names in mm: centers, districts and places, zones."""

CELL = 10.0
"""About the length of a name in mm."""

SHEET_MM, FEW = 150.0, 20
"""From this width on a map is a sheet; up to so many centers of it all have a name."""

DOT = 0.6
"""Radius of a town in mm."""

TOWN_INK = "#54504a"
DISTRICT_INK, WATER_INK, OUTSIDE_INK, OUTSIDE_LINE = "#5a5548", "#3b6b85", "#6f6856", "#b3aa92"

_NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Frame:
    """A rectangle of paper in mm, and the ground in it: metres east and north in ``crs``."""

    left: float
    top: float
    width: float
    height: float
    west: float
    north: float
    metres: float
    """Ground per mm of paper."""
    crs: str

    @classmethod
    def around(
        cls, bounds: Bounds, crs: str, *, left: float, top: float, width: float, height: float
    ) -> Self:
        """The largest scale that shows all of ``bounds``, in the middle of the rectangle."""
        west, south, east, north = linkage.plane(crs).transform_bounds(*bounds)
        pad = MARGIN * max(east - west, north - south)
        metres = max((east - west + 2 * pad) / width, (north - south + 2 * pad) / height)
        middle = (west + east) / 2, (south + north) / 2
        corner = middle[0] - metres * width / 2, middle[1] + metres * height / 2
        return cls(left, top, width, height, *corner, metres, crs)

    def place(self, lon: Any, lat: Any) -> tuple[Any, Any]:
        """Where a position lies on the paper: mm from the left and from the top."""
        east, north = linkage.plane(self.crs).transform(lon, lat)
        return self._across(east), self._down(north)

    def drawn(self, shapes: gpd.GeoSeries) -> list[Any]:
        """Shapes in mm of paper, cut off a little outside the frame, without needless corners."""
        box = self._box(5 * self.metres)
        metric = shapely.simplify(shapes.to_crs(self.crs).to_numpy(), self.metres * 0.06)
        cut = shapely.clip_by_rect(shapely.make_valid(metric), *box)
        return list(shapely.transform(cut, self._on_paper))

    def km(self, length: float) -> float:
        """A length on the ground in mm of paper, as it is in the middle of the frame."""
        middle = self.north - self.metres * self.height / 2
        ends = self.west + self.metres * self.width * np.array([0.25, 0.75])
        lon, lat = linkage.plane(self.crs).transform(ends, [middle, middle], direction="INVERSE")
        apart = linkage.GEOD.inv(lon[0], lat[0], lon[1], lat[1])[2]
        return float(length * 1000 * self.width / 2 / apart)

    @property
    def zoom(self) -> float:
        """Zoom at which a map on screen has this scale."""
        around_earth = 2 * math.pi * linkage.GEOD.a
        return math.log2(around_earth / TILE / (self.metres * PX))

    def holds(self, x: float, y: float) -> bool:
        """Whether a place on the paper lies in the frame."""
        right, bottom = self.left + self.width, self.top + self.height
        return self.left <= x <= right and self.top <= y <= bottom

    def _box(self, beyond: float) -> Bounds:
        east, south = self.west + self.metres * self.width, self.north - self.metres * self.height
        return self.west - beyond, south - beyond, east + beyond, self.north + beyond

    def _across(self, east: Any) -> Any:
        return self.left + (east - self.west) / self.metres

    def _down(self, north: Any) -> Any:
        return self.top + (self.north - north) / self.metres

    def _on_paper(self, corners: np.ndarray) -> np.ndarray:
        return np.column_stack([self._across(corners[:, 0]), self._down(corners[:, 1])])


@dataclass(frozen=True)
class Names:
    """Names on a map, each set where it covers nothing that was there before, or left out."""

    room: Room
    set: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    def beside(self, at: int, words: object, *, must: bool = False, **look: Any) -> bool:
        """Name a sign of the room, by its number, if there is a place; see ``Room.name``."""
        size = look["size"]
        shape = self._width(words, size) + 0.6, 1.1 * size
        place = self.room.name(at, [shape], must=must)
        if place:
            left, top, right, bottom = place.box
            if place.line:
                self.set.append(_leader(place.line, look["ink"]))
            self._set(words, (left + right) / 2, (top + bottom) / 2, anchor="middle", **look)
        return place is not None

    def name(
        self,
        words: object,
        spots: Iterable[tuple[float, float, str]],
        *,
        size: float,
        over: int = -1,
        **look: Any,
    ) -> bool:
        """Set words at the first free spot (x, middle y, and the side that x is at), if any.

        It may lie ``over`` the sign of a number.
        """
        wide, spots = self._width(words, size), list(spots)
        lefts = (x - wide * {"start": 0, "middle": 0.5, "end": 1}[side] for x, _, side in spots)
        boxes = [
            (left, y - 0.5 * size, left + wide, y + 0.5 * size)
            for left, (_, y, _) in zip(lefts, spots, strict=True)
        ]
        at = self.room.first(boxes, over)
        if at is not None:
            x, y, anchor = spots[at]
            self._set(words, x, y, anchor=anchor, size=size, **look)
        return at is not None

    def has(self, words: object) -> bool:
        """Whether the map has a name already, however it spaces it."""
        return _letters(words) in self.told

    @staticmethod
    def _width(words: object, size: float) -> float:
        return typeset.width(shortened(words), size)

    def _set(
        self,
        words: object,
        x: float,
        y: float,
        *,
        halo: str = "#ffffff",
        weight: int = 600,
        **look: Any,
    ) -> None:
        stroke = f'stroke="{halo}" stroke-width=".7" stroke-linejoin="round" paint-order="stroke"'
        self.told.append(_letters(words))
        self.set.append(line(shortened(words), x, y, weight=weight, more=stroke, **look))


def _leader(ends: Segment, ink: str) -> str:
    """The line from a sign to its name, on a halo."""
    way = 'class="leader" d="M{:.2f} {:.2f}L{:.2f} {:.2f}"'.format(*ends)
    halo = f'<path {way} stroke="#fff" stroke-width=".8"/>'
    return f'{halo}<path {way} stroke="{ink}" stroke-width=".3"/>'


def _letters(words: object) -> str:
    return "".join(filter(str.isalnum, str(words).lower()))


def shortened(value: object, most: int = LONGEST) -> str:
    """A text of at most so many characters, without what XML cannot hold."""
    text = _NOT_XML.sub("", str(value))
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _text(value: object) -> str:
    return inert(shortened(value, 400))


def line(
    words: object,
    x: float,
    middle: float,
    *,
    size: float,
    anchor: str = "start",
    ink: str = symbols.INK,
    weight: int = 400,
    more: str = "",
) -> str:
    """One line of text as SVG; ``middle`` is half the height of its capitals."""
    place = f'x="{x:.2f}" y="{middle + 0.33 * size:.2f}" text-anchor="{anchor}"'
    look = f'font-size="{size}" font-weight="{weight}" fill="{ink}" {more}'
    return f"<text {place} {look}>{_text(words)}</text>"


def map_svg(
    handout: Handout,
    *,
    width_mm: float = 190,
    height_mm: float = 267,
    bounds: Bounds | None = None,
    margin_mm: float = 6,
    title: str = "",
    bare: bool = False,
) -> str:
    """The map as SVG: ground, zones, centers, what is selected, scale bar and north arrow.

    Parameters
    ----------
    handout
        What is on screen; ``view.stage`` tells whose map: of centers, of linkage with its rings
        and flows, or of districts in the colours of a measure.
    width_mm, height_mm, margin_mm
        Size of the paper, and what stays white on each side of it, but not of a bare map.
    bounds
        Ground to show; what the screen shows when None.
    title
        Stands above the map; what the map is of when empty.
    bare
        Only the map and its scale, for a page that says the rest itself; else title, count,
        legend, settings and sources stand around it.
    """
    say, drawn = handout.say, scene.of(handout)
    ground, crs = bounds or seen(handout), handout.inputs.crs
    title = title or drawn.topic or say(f"{handout.view.stage}.heading")
    margin = 0 if bare else margin_mm
    wide, high = width_mm - 2 * margin, height_mm - 2 * margin
    size = {"left": 0.2, "width": wide - 0.4}
    if bare:
        frame = Frame.around(ground, crs, **size, top=0.2, height=high - STRIP - 0.2)
        around_it = []
    else:
        below, depth = _below(handout, drawn, wide)
        frame = Frame.around(ground, crs, **size, top=HEAD, height=high - HEAD - depth)
        told = f"{handout.count} · {say.date(handout.taken_on.isoformat())}"
        if handout.effect:
            told += f" · {say('present.what_if', name=handout.effect.name)}"
        around_it = [
            line(title, 0, 3.5, size=6, weight=700),
            line(told, 0, 10.5, size=3.4),
            _brand(wide),
            f'<g transform="translate(0 {high - depth:.2f})">{below}</g>',
        ]
    parts = [*around_it, _map(drawn, frame), _scale(say, frame)]
    paper = f'x="{-margin:g}" y="{-margin:g}" width="{width_mm:g}" height="{height_mm:g}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width_mm:g}mm" height="{height_mm:g}mm"'
        f' viewBox="{-margin:g} {-margin:g} {width_mm:g} {height_mm:g}" role="img"'
        f' lang="{say.language}"'
        f" font-family=\"'{typeset.FONT}', 'Source Sans 3', Arial, sans-serif\">"
        f'<title>{_text(title)}</title><rect {paper} fill="#fff"/>{"".join(parts)}</svg>'
    )


def _brand(width: float) -> str:
    """Name and mark of the product, at the end of the line below the title."""
    mark = symbols.brand().at(width - BRAND_WIDTH, 9.5, 5.5)
    return mark + line(PRODUCT, width, 10.5, size=4, anchor="end", weight=700)


def seen(handout: Handout) -> Bounds:
    """Bounds of what the screen shows: where the reader took the map, else where it opens."""
    if handout.view.position is None:
        centers, inputs = handout.centers, handout.inputs
        districts = handout.view.stage == "districts"
        around = (
            scene.land_of(inputs, centers) if districts else scene.around(centers, inputs.zones)
        )
        return beyond(around, km=20) if around else inputs.bounds
    lat, lon, zoom = handout.view.position
    degrees = 360 / (TILE * 2**zoom)  # of longitude per px
    wide, high = (px / 2 * degrees for px in handout.screen)
    high *= math.cos(math.radians(lat))
    return lon - wide, lat - high, lon + wide, lat + high


def is_wide(bounds: Bounds) -> bool:
    """Whether ground is wider than high, so that a sheet across suits it."""
    west, south, east, north = bounds
    return (east - west) * math.cos(math.radians((south + north) / 2)) > north - south


def projection(handout: Handout) -> str:
    """In which CRS a map is drawn."""
    crs = handout.inputs.crs
    return handout.say("sheet.projection", zone=pyproj.CRS(crs).utm_zone, crs=crs)


def beyond(bounds: Bounds, *, km: float) -> Bounds:
    """Bounds and the ground within so many km of them."""
    west, south, east, north = bounds
    pad = km / 111  # km of a degree
    return west - pad, south - pad, east + pad, north + pad


def _map(drawn: MapScene, frame: Frame) -> str:
    """Everything inside the frame."""
    radius = 0.9 if len(drawn.centers) >= symbols.MANY else 1.7
    box = f'x="{frame.left}" y="{frame.top}" width="{frame.width:.2f}" height="{frame.height:.2f}"'
    apart = _apart(drawn, frame)
    signs, land = _taken(apart, frame, radius), _land(drawn, frame)
    edges = frame.left, frame.top, frame.left + frame.width, frame.top + frame.height
    names = Names(
        Room(
            (edges[0] + 0.5, edges[1], edges[2] - 0.5, edges[3]),
            [*signs, *(o.sign for o in land)],
            CELL,
        )
    )
    _name_centers(apart, names, frame, must=True)
    under = [f'<rect {box} fill="{symbols.SEA}"/>', *_ground(drawn, frame)]
    if drawn.orientation is not None:
        under += _lines(drawn.orientation, frame)
    over = [
        *_rings(drawn, frame),
        *_footprints(drawn, frame),
        *_flows(drawn, frame),
        *_chosen(drawn, frame),
        *(_focus(drawn.focus, frame, names) if drawn.focus else ()),
        *_marks(drawn.places, frame, size=4),
        *_marks(drawn.zones, frame, size=5),
        *_signs(drawn, frame),
    ]
    _name_land(land, len(signs), names, first=True)
    _name_zones(apart, names)
    _name_land(land, len(signs), names, first=False)
    _name_rings(drawn, frame, names)
    _name_centers(apart, names, frame, must=False)
    _name_ground(drawn, frame, names)
    if drawn.orientation is not None:
        under += _towns(drawn.orientation, frame, names)
    clip = f'<clipPath id="frame"><rect {box}/></clipPath>'
    return (
        f"<defs>{_defined(drawn, radius)}{clip}</defs>"
        f'<g clip-path="url(#frame)">{"".join([*under, *over, *names.set])}'
        f'</g><rect {box} fill="none" stroke="{symbols.INK}" stroke-width=".3"/>'
    )


def _defined(drawn: MapScene, radius: float) -> str:
    """Signs in the size of this map, and fills."""
    best = drawn.colours.signs if drawn.colours else ()
    used = {*drawn.centers["category"], *(code for code, _, _ in best)}
    signs = "".join(
        f'<path id="sign-{code}" d="{sign.path}" transform="scale({radius})"'
        f' fill-rule="evenodd" stroke="{symbols.INK}" stroke-width=".18"/>'
        for code, sign in _known_signs(drawn).items()
        if code in used
    )
    badge = f'<circle r=".62" fill="{symbols.INK}"/>'
    badge += '<path d="M-.1-.4H.1V.1H-.1ZM-.1.2H.1V.4H-.1Z" fill="#fff"/>'
    return (
        f'{signs}<g id="conflict" transform="scale({radius}) translate(.85 -.85)">{badge}</g>'
        f"{_hatch('zone', 1.2, symbols.ZONE_COLOUR)}{_hatch('outside', 1.8, OUTSIDE_LINE)}"
        f"{_hatch('nobody', 1.8, symbols.HATCH)}{_dots('unknown', 1.8, symbols.BORDER)}"
    )


def _known_signs(drawn: MapScene) -> Mapping[str, symbols.Sign]:
    """Signs of categories, and of how centers fare under a scenario."""
    return {**drawn.ground.instrument.signs, **symbols.OUTCOMES}


def _hatch(name: str, apart: float, colour: str) -> str:
    """Slanted lines so many mm apart."""
    size = f'width="{apart}" height="{apart}" patternUnits="userSpaceOnUse"'
    lines = f"M0 {apart} {apart} 0"
    drawn = f'<path d="{lines}" stroke="{colour}" stroke-width=".2"/>'
    return f'<pattern id="hatch-{name}" {size}>{drawn}</pattern>'


def _dots(name: str, apart: float, colour: str) -> str:
    """Dots so many mm apart."""
    size = f'width="{apart}" height="{apart}" patternUnits="userSpaceOnUse"'
    dot = f'<circle cx="{apart / 2}" cy="{apart / 2}" r=".25" fill="{colour}"/>'
    return f'<pattern id="dots-{name}" {size}>{dot}</pattern>'


def _ground(drawn: MapScene, frame: Frame) -> Iterator[str]:
    """Neighbours, districts and lakes; districts in their colours where they have some."""
    ground, colours = drawn.ground, drawn.colours
    around_it = "".join(map(_path, frame.drawn(ground.surroundings.geometry)))
    yield _area(around_it, symbols.OUTSIDE, OUTSIDE_LINE)
    yield _area(around_it, "url(#hatch-outside)", OUTSIDE_LINE)  # apart from the sea in grey too
    districts = list(map(_path, frame.drawn(ground.districts.geometry)))
    yield _area("".join(districts), symbols.LAND, symbols.BORDER)
    strokes = {symbols.NO_CENTER: "url(#hatch-nobody)", symbols.NO_VALUE: "url(#dots-unknown)"}
    for fill, shape in zip(colours.fills, districts, strict=True) if colours else ():
        yield _area(shape, strokes.get(fill.fill, fill.fill), symbols.BORDER)
    lakes = "".join(map(_path, frame.drawn(ground.lakes.geometry)))
    yield _area(lakes, symbols.SEA, symbols.SHORE)
    if colours:
        yield from _over_colours(drawn, colours, frame)


def _lines(guide: Orientation, frame: Frame) -> Iterator[str]:
    """Main roads, railways and rivers, as detailed as on a screen of this scale."""
    for name, lines in orientation.lines(guide, orientation.detail(frame.zoom)).items():
        path = "".join(map(_line_path, frame.drawn(gpd.GeoSeries(lines, crs=WGS84))))
        if path:
            stroke = symbols.STROKES[name]
            dash = f' stroke-dasharray="{stroke.dash_px * PX:g}"' if stroke.dash_px else ""
            look = f'stroke="{stroke.colour}" stroke-width="{stroke.width_px * PX:g}"{dash}'
            yield f'<path class="{name}" d="{path}" fill="none" {look} stroke-linejoin="round"/>'


def _line_path(shape: shapely.Geometry) -> str:
    """Lines in a shape, in hundredths of a mm."""
    corners = (shapely.get_coordinates(part).round(2) for part in shapely.get_parts(shape))
    return "".join("M" + " ".join(f"{x:g} {y:g}" for x, y in part) for part in corners)


def _area(path: str, fill: str, stroke: str) -> str:
    look = f'fill="{fill}" stroke="{stroke}" stroke-width=".2" stroke-linejoin="round"'
    return f'<path d="{path}" {look} fill-rule="evenodd"/>'


def _over_colours(drawn: MapScene, colours: Colours, frame: Frame) -> Iterator[str]:
    """Borders of what is studied and compared; signs of the best category where it is mapped."""
    land, compared = drawn.ground.districts, [(c, w * PX) for c, w in symbols.COMPARED]
    for codes, name, lines in (
        (colours.studied, "studied", [(symbols.INK, 0.6)]),
        (colours.compared, "compared", compared),
    ):
        for shape, (colour, width) in product(frame.drawn(land.loc[list(codes)].geometry), lines):
            look = f'stroke="{colour}" stroke-width="{width:g}" stroke-linejoin="round"'
            yield f'<path class="{name}" d="{_path(shape)}" fill="none" {look}/>'
    for sign, lat, lon in colours.signs:
        fill = drawn.ground.instrument.signs[sign].fill
        yield from _sign(f"sign-{sign}", *frame.place(lon, lat), frame, fill)


def _sign(name: str, x: float, y: float, frame: Frame, fill: str) -> Iterator[str]:
    if frame.holds(x, y):
        yield f'<use href="#{name}" x="{x:.2f}" y="{y:.2f}" fill="{fill}"/>'


def _flows(drawn: MapScene, frame: Frame) -> Iterator[str]:
    """Lines from centers to zones, wide where the indicator is high; the widest on top."""
    look = 'stroke-opacity=".85" stroke-linecap="round"'
    for flow in sorted(drawn.flows, key=lambda flow: flow.width_px):
        x, y = frame.place(flow.lon, flow.lat)
        to_x, to_y = frame.place(flow.to_lon, flow.to_lat)
        way = f'd="M{x:.2f} {y:.2f}L{to_x:.2f} {to_y:.2f}" stroke-width="{flow.width_px * PX:.2f}"'
        yield f'<path class="flow" {way} stroke="{flow.shade}" {look}/>'


def _path(shape: shapely.Geometry) -> str:
    """Outline of the polygons in a shape, in hundredths of a mm."""
    rings = []
    for part in shapely.get_parts(shape):
        if part.geom_type.startswith(("Multi", "GeometryC")):
            rings.append(_path(part))
        elif part.geom_type == "Polygon" and not part.is_empty:
            for ring in (part.exterior, *part.interiors):
                corners = shapely.get_coordinates(ring)[:-1].round(2)
                rings.append("M" + " ".join(f"{x:g} {y:g}" for x, y in corners) + "Z")
    return "".join(rings)


def _rings(drawn: MapScene, frame: Frame) -> Iterator[str]:
    outlines = frame.drawn(gpd.GeoSeries([ring.outline for ring in drawn.rings], crs=WGS84))
    for ring, shape in zip(drawn.rings, outlines, strict=True):
        width = f"{0.45 - 0.08 * ring.rank:.2f}"
        look = f'stroke="{symbols.ZONE_COLOUR}" stroke-width="{width}" stroke-dasharray="2 1.3"'
        yield f'<path class="reach" d="{_path(shape)}" fill="none" {look}/>'


def _footprints(drawn: MapScene, frame: Frame) -> Iterator[str]:
    look = f'fill="url(#hatch-zone)" stroke="{symbols.ZONE_COLOUR}" stroke-width=".35"'
    for one in drawn.footprints:
        if one.outline is not None:
            (outline,) = frame.drawn(gpd.GeoSeries([one.outline], crs=WGS84))
            yield f'<path class="outline" d="{_path(outline)}" {look}/>'
        else:
            x, y = frame.place(one.lon, one.lat)
            radius = frame.km(one.radius_km)
            dash = f'r="{radius:.2f}" stroke-dasharray=".8 .6"'
            yield f'<circle class="circle" {_at(x, y)} {dash} {look}/>'


def _chosen(drawn: MapScene, frame: Frame) -> Iterator[str]:
    """Border of the chosen district."""
    if drawn.chosen:
        (outline,) = frame.drawn(drawn.ground.districts.loc[[drawn.chosen]].geometry)
        look = f'fill="none" stroke="{symbols.INK}" stroke-width=".9" stroke-linejoin="round"'
        yield f'<path class="chosen" d="{_path(outline)}" {look}/>'


def _focus(focus: Focus, frame: Frame, names: Names) -> Iterator[str]:
    """The chosen center with its area and its ways to the zones."""
    x, y = frame.place(focus.lon, focus.lat)
    if focus.area is not None:
        (shape,) = frame.drawn(gpd.GeoSeries([focus.area], crs=WGS84))
        look = f'fill="{symbols.INK}" fill-opacity=".07" stroke="{symbols.INK}" stroke-width=".35"'
        dash = 'stroke-dasharray=".7 .9" fill-rule="evenodd"'
        yield f'<path class="area" d="{_path(shape)}" {look} {dash}/>'
    for way in focus.ways:
        to_x, to_y = frame.place(way.lon, way.lat)
        dash = f'stroke="{symbols.ZONE_COLOUR}" stroke-width=".5" stroke-dasharray=".7 .9"'
        yield f'<path class="way" d="M{x:.2f} {y:.2f}L{to_x:.2f} {to_y:.2f}" fill="none" {dash}/>'
        spots = [(x + (to_x - x) * t, y + (to_y - y) * t, "middle") for t in (0.5, 0.6, 0.4, 0.7)]
        names.name(way.words, spots, size=NAME, ink=symbols.ZONE_COLOUR, weight=700)
    look = f'fill="none" stroke="{symbols.INK}" stroke-width=".6"'
    yield f'<circle class="chosen" {_at(x, y)} r="3" {look}/>'


def _at(x: float, y: float) -> str:
    return f'cx="{x:.2f}" cy="{y:.2f}"'


def _apart(drawn: MapScene, frame: Frame) -> MapScene:
    """The scene with the centers that no name may cover: in a crowd, those that must have one."""
    shown = drawn.centers
    x, y = frame.place(shown["lon"].to_numpy(float), shown["lat"].to_numpy(float))
    right, bottom = frame.left + frame.width, frame.top + frame.height
    seen = (x >= frame.left) & (x <= right) & (y >= frame.top) & (y <= bottom)
    if seen.sum() <= labels.CROWD:
        return drawn
    return replace(drawn, centers=shown[shown.index.isin(drawn.always)])


def _taken(drawn: MapScene, frame: Frame, radius: float) -> list[Sign]:
    """What the signs take up: of centers, then of zones, places and best categories."""
    shown, chosen = drawn.centers, drawn.focus.center_id if drawn.focus else None
    across, down = frame.place(shown["lon"].to_numpy(float), shown["lat"].to_numpy(float))
    room = np.where(shown["conflicting"].astype(bool), 1.5, 1.2) * radius + 0.4
    room = np.where(shown.index == chosen, 3.3, room)
    signs = [*map(Sign, across.tolist(), down.tolist(), room.tolist())]
    for marks, size in ((drawn.zones, 2.3), (drawn.places, 1.8)):
        signs += (Sign(*frame.place(mark.lon, mark.lat), size) for mark in marks)
    best = drawn.colours.signs if drawn.colours else ()
    return signs + [Sign(*frame.place(lon, lat), radius + 0.1) for _, lat, lon in best]


def _marks(marks: Iterable[Mark], frame: Frame, *, size: float) -> Iterator[str]:
    """Signs of zones or places."""
    for mark in marks:
        x, y = frame.place(mark.lon, mark.lat)
        if frame.holds(x, y):
            yield symbols.icon(mark.code, hollow=mark.hollow).at(x, y, size)


def _name_zones(drawn: MapScene, names: Names) -> None:
    for at, zone in enumerate(drawn.zones, len(drawn.centers)):
        look: dict[str, Any] = {"ink": symbols.ZONE_COLOUR, "weight": 700}
        names.beside(at, zone.label, must=not drawn.shaded, size=ZONE_NAME, **look)


def _spots(x: float, y: float, radius: float) -> list[tuple[float, float, str]]:
    """Places of a name beside a sign, the best first."""
    beside, above = radius + 0.6, radius + 2
    slant = radius + 0.8
    return [
        (x + beside, y, "start"),
        (x - beside, y, "end"),
        (x, y - above, "middle"),
        (x, y + above, "middle"),
        (x + slant, y - slant, "start"),
        (x + slant, y + slant, "start"),
        (x - slant, y - slant, "end"),
        (x - slant, y + slant, "end"),
    ]


def _signs(drawn: MapScene, frame: Frame) -> Iterator[str]:
    shown = drawn.centers
    across, down = frame.place(shown["lon"].to_numpy(float), shown["lat"].to_numpy(float))
    fills = {code: sign.fill for code, sign in _known_signs(drawn).items()}
    columns = (shown[name] for name in ("category", "shade", "conflicting"))
    for x, y, category, shade, conflicting in zip(across, down, *columns, strict=True):
        yield from _sign(f"sign-{category}", x, y, frame, shade or fills[category])
        if conflicting:
            yield from _sign("conflict", x, y, frame, symbols.INK)


def _name_centers(drawn: MapScene, names: Names, frame: Frame, *, must: bool) -> None:
    """Names of the centers that must have one, or of the most important others in sight.

    On a sheet, where nothing can be pointed at, few centers all have a name, however far from it.
    """
    shown = drawn.centers
    wanted = shown.index.isin(drawn.always) == must
    order = [at for at in shown["naming"].to_numpy().argsort() if wanted[at]]
    seen = order if must else [at for at in order if names.room.holds(at)][: labels.MOST]
    look: dict[str, Any] = {"size": NAME, "ink": symbols.INK}

    def told(at: int) -> str:
        return f"{shown['name'].iloc[at]} {shown['value'].iloc[at]}".rstrip()

    unnamed = [at for at in seen if not names.beside(at, told(at), must=must, **look)]
    if frame.width >= SHEET_MM and len(seen) <= FEW:
        for at in unnamed:
            names.beside(at, told(at), must=True, **look)


def _name_rings(drawn: MapScene, frame: Frame, names: Names) -> None:
    """Their km on the rings."""
    outlines = frame.drawn(gpd.GeoSeries([ring.outline for ring in drawn.rings], crs=WGS84))
    for ring, shape in zip(drawn.rings, outlines, strict=True):
        corners = shapely.get_coordinates(shape)
        spots = [(x, y, "middle") for x, y in corners if frame.holds(x, y)]
        names.name(ring.words, spots, size=QUIET, ink=symbols.ZONE_COLOUR)


@dataclass(frozen=True)
class Land:
    """A district in the colours of a measure: a place in it, its width in mm, its turn."""

    sign: Sign
    wide: float
    name: str
    turn: int | None
    """In which it is named, of those that must be; None of the others."""


def _land(drawn: MapScene, frame: Frame) -> list[Land]:
    """Districts in sight, on a map of their colours."""
    if drawn.colours is None:
        return []
    turns = {code: at for at, code in enumerate(drawn.colours.named)}
    districts, found = drawn.ground.districts, []
    for code, shape in zip(districts.index, frame.drawn(districts.geometry), strict=True):
        if not shape.is_empty:
            x, y = shapely.maximum_inscribed_circle(shape, tolerance=1).coords[0]
            wide, name = shape.bounds[2] - shape.bounds[0], str(districts.at[code, "short_name"])
            found.append(Land(Sign(x, y, DOT), wide, name, turns.get(code)))
    return found


def _name_land(land: list[Land], start: int, names: Names, *, first: bool) -> None:
    """Names of districts on them, else beside a dot; ``start`` is the first one's number."""
    some = [at for at, one in enumerate(land) if (one.turn is not None) == first]
    look: dict[str, Any] = {"ink": symbols.INK if first else DISTRICT_INK, "size": QUIET}
    look["weight"] = 600 if first else 400
    for at in sorted(some, key=lambda at: land[at].turn or 0):
        (x, y, _), over = land[at].sign, start + at
        spots = [(x, y + shift, "middle") for shift in (0, -3, 3, -6, 6)]
        fits = typeset.width(land[at].name, QUIET) <= land[at].wide
        if fits and names.name(land[at].name, spots, over=over, **look):
            continue
        if names.beside(over, land[at].name, must=first, **look):
            dot = f'r="{DOT:g}" fill="{look["ink"]}" stroke="#fff" stroke-width=".2"'
            names.set.append(f'<circle class="place" {_at(x, y)} {dot}/>')


def _name_ground(drawn: MapScene, frame: Frame, names: Names) -> None:
    """Names of lakes, districts and neighbours, where they are as wide as their names."""
    inputs, apart = drawn.ground, drawn.shaded  # there, districts have names of their own
    for table, column, ink, halo in (
        (inputs.lakes, "name_id", WATER_INK, symbols.SEA),
        (inputs.districts.iloc[: 0 if apart else None], "short_name", DISTRICT_INK, symbols.LAND),
        (inputs.surroundings, "name_id", OUTSIDE_INK, symbols.OUTSIDE),
    ):
        for name, shape in zip(table[column], frame.drawn(table.geometry), strict=True):
            if shape.is_empty or shape.area < 20:
                continue
            inside = shapely.maximum_inscribed_circle(shape, tolerance=1)
            (x, y), wide = inside.coords[0], shape.bounds[2] - shape.bounds[0]
            if typeset.width(str(name), QUIET) <= wide:
                spots = [(x, y + shift, "middle") for shift in (0, -3, 3, -6, 6)]
                names.name(name, spots, size=QUIET, ink=ink, halo=halo, weight=400)


def _towns(guide: Orientation, frame: Frame, names: Names) -> Iterator[str]:
    """Towns where there is room for dot and name, the largest first.

    Not again those that bear the name of a district which stands there already.
    """
    shown = orientation.towns(guide)
    shown = shown[shown["zoom"] <= frame.zoom]
    across, down = frame.place(shown.geometry.x.to_numpy(), shown.geometry.y.to_numpy())
    for x, y, name in zip(across, down, shown["name"], strict=True):
        if names.has(name) or not names.room.free((x - DOT, y - DOT, x + DOT, y + DOT)):
            continue
        if names.name(name, _spots(x, y, DOT)[:4], size=QUIET, ink=TOWN_INK, weight=400):
            look = f'r="{DOT - 0.1:g}" fill="#fff" stroke="{TOWN_INK}" stroke-width=".2"'
            yield f'<circle class="town" {_at(x, y)} {look}/>'


def _scale(say: Messages, frame: Frame) -> str:
    """Scale bar and north arrow below the map at its right, where they cover nothing."""
    km = _round_below(frame.width / frame.km(1) * 0.3)
    long = frame.km(km)
    x, y = frame.left + frame.width - long - 14, frame.top + frame.height + 6.6
    ends = [(0.0, "0"), (long / 2, say.number(km / 2, 0 if km % 2 == 0 else 1))]
    ends.append((long, f"{say.number(km, 0 if km >= 1 else 1)} km"))
    words = "".join(line(t, x + at, y - 3.2, size=2.6, anchor="middle") for at, t in ends)
    box = f'x="{x:.2f}" y="{y - 1.2:.2f}" height="1.2"'
    bar = (
        f'<rect {box} width="{long:.3f}" fill="#fff" stroke="{symbols.INK}" stroke-width=".25"/>'
        f'<rect {box} width="{long / 2:.3f}" fill="{symbols.INK}"/>'
    )
    tip = frame.left + frame.width - 2.2
    arrow = f'<path d="M{tip:.2f} {y - 5.4:.2f}l1.7 5.6-1.7-1.3-1.7 1.3Z" fill="{symbols.INK}"/>'
    north = line(say("sheet.north"), tip - 2.1, y - 4, size=2.8, anchor="end", weight=700)
    return f'<g class="scale">{bar}{words}{arrow}{north}</g>'


def _round_below(value: float) -> float:
    """The largest 1, 2 or 5 times a power of ten that is not above a number."""
    power = 10.0 ** math.floor(math.log10(value))
    return float(max(step * power for step in (1, 2, 5) if step * power <= value))


def _below(handout: Handout, drawn: MapScene, width: float) -> tuple[str, float]:
    """Legend, settings and sources under the map, and how deep they are in mm."""
    lines = drawn.legend
    column = max(typeset.width(told.words, 3) for told in lines) + 9
    columns = max(int(width * 0.62 / column), 1)
    deep = math.ceil(len(lines) / columns)
    parts = []
    for at, told in enumerate(lines):
        x, middle = at // deep * column, 5 + at % deep * 5
        parts += [told.drawing.at(x + 2, middle, 4), line(told.words, x + 6, middle, size=3)]
    parts = [f'<g class="legend">{"".join(parts)}</g>']
    y = max(deep * 5.0, STRIP) + 6
    settings = handing.settings(handout)
    if handout.view.stage == "districts":
        settings += handing.shading(handout)
    chosen = " · ".join(f"{name}: {shortened(value)}" for name, value in settings)
    # Whole: a licence that is cut off is none.
    credit = " · ".join([*drawn.attribution, *filter(None, [handout.roads])])
    for text in (chosen, f"{credit} · {projection(handout)}"):
        for words in wrapped(text, width * OTHER_FONT, size=2.5):
            parts.append(line(words, 0, y, size=2.5, ink="#3d3d3d"))
            y += 3.4
        y += 0.6
    return "".join(parts), y + 0.5


def wrapped(text: str, width: float, *, size: float, most: int = 6) -> list[str]:
    """A text in lines of a width, at most so many; a word wider than a line is cut."""
    lines = [""]
    for word in shortened(text, 2_000).split():
        longer = f"{lines[-1]} {word}".strip()
        if typeset.width(longer, size) <= width or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines[:most]
