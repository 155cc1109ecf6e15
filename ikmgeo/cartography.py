"""The map on paper: a vector drawing of what the screen shows, to print and to keep.

It is drawn in the UTM zone of the districts, where a km is as long everywhere in a province to
0.1 %, and measured in mm of paper. Every value from data passes ``_text`` on its way in.
"""

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Final, Self

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely

from ikmgeo import captions, linkage, maps, thematic, typeset, wording
from ikmgeo import handout as handing
from ikmgeo.filters import ANY_ZONE
from ikmgeo.handout import Handout
from ikmgeo.linkage import Parameters
from ikmgeo.vocabulary import WGS84, Bounds

MARGIN = 0.03
"""Ground beyond the bounds on each side, as a part of the longer side."""

HEAD = 15.0
"""mm above a map for its title."""

STRIP = 7.5
"""mm below a map for scale bar and north arrow."""

PX = 0.25
"""mm of paper for a px of a line on screen."""

TILE = 256
"""px of the whole world at zoom 0."""

MOST_NAMED = 60
"""Up to this number of centers, the map tries to name each."""

OTHER_FONT = 0.87
"""Part of the width that lines fill: a browser without the font takes a wider one."""

LONGEST = 120
"""Characters of one name, source or setting on a map."""

NAME, QUIET, ZONE_NAME = 2.7, 2.3, 2.9
"""Sizes of names in mm: centers, districts and places, zones."""

DISTRICT_INK, WATER_INK, OUTSIDE_INK, OUTSIDE_LINE = "#5a5548", "#3b6b85", "#6f6856", "#b3aa92"

_SIZE: Final = re.compile('width="[0-9]+" height="[0-9]+"')
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

    def drawn(self, shapes: gpd.GeoSeries) -> list[shapely.Geometry]:
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

    frame: Frame
    taken: list[Bounds] = field(default_factory=list)
    set: list[str] = field(default_factory=list)

    def keep(self, x: float, y: float, radius: float) -> None:
        """Leave room for a sign."""
        self.taken.append((x - radius, y - radius, x + radius, y + radius))

    def name(
        self,
        words: object,
        spots: Iterable[tuple[float, float, str]],
        *,
        size: float,
        ink: str,
        halo: str = "#ffffff",
        weight: int = 600,
    ) -> None:
        """Set words at the first free spot: x, middle y, and the side that x is at."""
        wide = typeset.width(shortened(words), size)
        for x, y, anchor in spots:
            left = x - wide * {"start": 0, "middle": 0.5, "end": 1}[anchor]
            box = (left, y - 0.5 * size, left + wide, y + 0.5 * size)
            if self._free(box):
                self.taken.append(box)
                look = f'stroke="{halo}" stroke-width=".7" stroke-linejoin="round"'
                look += ' paint-order="stroke"'
                told = shortened(words)
                self.set.append(
                    line(told, x, y, size=size, anchor=anchor, ink=ink, weight=weight, more=look)
                )
                return

    def _free(self, box: Bounds) -> bool:
        inside = self.frame.holds(box[0] - 0.5, box[1]) and self.frame.holds(box[2] + 0.5, box[3])
        return inside and not any(
            box[0] < t[2] and t[0] < box[2] and box[1] < t[3] and t[1] < box[3] for t in self.taken
        )


def shortened(value: object, most: int = LONGEST) -> str:
    """A text of at most so many characters, without what XML cannot hold."""
    text = _NOT_XML.sub("", str(value))
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _text(value: object) -> str:
    return maps.text(shortened(value, 400))


def line(
    words: object,
    x: float,
    middle: float,
    *,
    size: float,
    anchor: str = "start",
    ink: str = maps.INK,
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
    say = handout.say
    if handout.view.stage == "districts":
        handout = _of_districts(handout)
    if handout.effect:
        handout = replace(handout, shown=thematic.with_effect(handout.shown, handout.effect))
    ground, crs = bounds or seen(handout), handout.inputs.crs
    title = title or _title(handout)
    margin = 0 if bare else margin_mm
    wide, high = width_mm - 2 * margin, height_mm - 2 * margin
    size = {"left": 0.2, "width": wide - 0.4}
    if bare:
        frame = Frame.around(ground, crs, **size, top=0.2, height=high - STRIP - 0.2)
        around_it = []
    else:
        below, depth = _below(handout, wide)
        frame = Frame.around(ground, crs, **size, top=HEAD, height=high - HEAD - depth)
        told = f"{_counted(handout)} · {say.date(handout.taken_on.isoformat())}"
        if handout.effect:
            told += f" · {say('present.what_if', name=handout.effect.name)}"
        around_it = [
            line(title, 0, 3.5, size=6, weight=700),
            line(told, 0, 10.5, size=3.4),
            f'<g transform="translate(0 {high - depth:.2f})">{below}</g>',
        ]
    parts = [*around_it, _map(handout, frame), _scale(handout, frame)]
    paper = f'x="{-margin:g}" y="{-margin:g}" width="{width_mm:g}" height="{height_mm:g}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width_mm:g}mm" height="{height_mm:g}mm"'
        f' viewBox="{-margin:g} {-margin:g} {width_mm:g} {height_mm:g}" role="img"'
        f' lang="{say.language}"'
        f" font-family=\"'{typeset.FONT}', 'Source Sans 3', Arial, sans-serif\">"
        f'<title>{_text(title)}</title><rect {paper} fill="#fff"/>{"".join(parts)}</svg>'
    )


def _title(handout: Handout) -> str:
    say, stage, effect = handout.say, handout.view.stage, handout.effect
    if effect:
        return thematic.effect_title(say, effect, handout.inputs.zones, handout.view.link)
    measure = handout.view.shading.measure
    return say(f"district_measure.{measure}" if stage == "districts" else f"{stage}.heading")


def _counted(handout: Handout) -> str:
    """How many centers count."""
    if handout.view.stage != "districts":
        return handout.count
    return handout.say("districts.counted", count=handout.say.number(len(handout.centers), 0))


def seen(handout: Handout) -> Bounds:
    """Bounds of what the screen shows: where the reader took the map, else where it opens."""
    if handout.view.position is None:
        columns = ["lat", "lon"]
        ends = pd.concat([handout.centers[columns], handout.inputs.zones[columns]])
        whole = handout.view.stage == "districts" or ends.empty
        return province(handout) if whole else around(ends, beyond_km=20)
    lat, lon, zoom = handout.view.position
    degrees = 360 / (TILE * 2**zoom)  # of longitude per px
    wide, high = (px / 2 * degrees for px in handout.screen)
    high *= math.cos(math.radians(lat))
    return lon - wide, lat - high, lon + wide, lat + high


def is_wide(bounds: Bounds) -> bool:
    """Whether ground is wider than high, so that a sheet across suits it."""
    west, south, east, north = bounds
    return (east - west) * math.cos(math.radians((south + north) / 2)) > north - south


def province(handout: Handout) -> Bounds:
    """Bounds of all districts."""
    return handout.inputs.bounds


def projection(handout: Handout) -> str:
    """In which CRS a map is drawn."""
    crs = handout.inputs.crs
    return handout.say("sheet.projection", zone=pyproj.CRS(crs).utm_zone, crs=crs)


def around(places: pd.DataFrame, *, beyond_km: float = 10) -> Bounds:
    """Bounds of positions (``lat``, ``lon``) and the ground within ``beyond_km`` of them."""
    pad = beyond_km / 111  # km of a degree
    west, south = places[["lon", "lat"]].min() - pad
    east, north = places[["lon", "lat"]].max() + pad
    return float(west), float(south), float(east), float(north)


def _map(handout: Handout, frame: Frame) -> str:
    """Everything inside the frame."""
    by_district = handout.view.stage == "districts"
    if by_district:  # no sign of a center stands on the colours
        handout = replace(handout, shown=handout.shown.iloc[:0])
    small = len(handout.shown) >= maps.MANY
    radius = 0.9 if small else 1.7
    names = Names(frame)
    box = f'x="{frame.left}" y="{frame.top}" width="{frame.width:.2f}" height="{frame.height:.2f}"'
    _keep_signs(handout, frame, names, radius)
    parts = [
        f'<rect {box} fill="{maps.SEA}"/>',
        *_ground(handout, frame),
        *(_colours(handout, frame) if by_district else []),
        *_lakes(handout, frame),
        *(_borders(handout, frame) if by_district else _rings(handout, frame)),
        *_footprints(handout, frame),
        *_flows(handout, frame),
        *_focus(handout, frame, names),
        *_places(handout, frame),
        *_zones(handout, frame),
        *_centers(handout, frame),
    ]
    _name_zones(handout, frame, names)
    _name_centers(handout, frame, names, radius)
    _name_ground(handout, frame, names)
    signs = "".join(
        f'<path id="sign-{code}" d="{sign.path}" transform="scale({radius})" fill="{sign.fill}"'
        f' fill-rule="evenodd" stroke="{maps.INK}" stroke-width=".18"/>'
        for code, sign in (maps.OUTCOMES if handout.effect else maps.SIGNS).items()
    )
    badge = f'<circle r=".62" fill="{maps.INK}"/>'
    badge += '<path d="M-.1-.4H.1V.1H-.1ZM-.1.2H.1V.4H-.1Z" fill="#fff"/>'
    defined = (
        f'{signs}<g id="conflict" transform="scale({radius}) translate(.85 -.85)">{badge}</g>'
        f"{_hatch('zone', 1.2, maps.ZONE_COLOUR)}{_hatch('outside', 1.8, OUTSIDE_LINE)}"
        f"{_hatch('nobody', 1.8, maps.BORDER)}{_dots('unknown', 1.8, maps.BORDER)}"
        f'<clipPath id="frame"><rect {box}/></clipPath>'
    )
    return (
        f'<defs>{defined}</defs><g clip-path="url(#frame)">{"".join(parts)}{"".join(names.set)}'
        f'</g><rect {box} fill="none" stroke="{maps.INK}" stroke-width=".3"/>'
    )


def _of_districts(handout: Handout) -> Handout:
    """As a map of districts shows it: no places, and a chosen center's district in its place."""
    kind, code = handout.view.selection or ("", "")
    view = replace(handout.view, places=False)
    if kind == "center" and code in handout.centers.index:
        district = handout.centers.at[code, "district"]
        view = replace(view, selection=("district", str(district)))
    return replace(handout, view=view)


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


def _ground(handout: Handout, frame: Frame) -> Iterator[str]:
    inputs = handout.inputs
    for shapes, fill, stroke in (
        (inputs.surroundings, maps.OUTSIDE, OUTSIDE_LINE),
        (
            inputs.surroundings,
            "url(#hatch-outside)",
            OUTSIDE_LINE,
        ),  # apart from the sea in grey too
        (inputs.districts, maps.LAND, maps.BORDER),
    ):
        yield _area("".join(map(_path, frame.drawn(shapes.geometry))), fill, stroke)


def _lakes(handout: Handout, frame: Frame) -> Iterator[str]:
    drawn = frame.drawn(handout.inputs.lakes.geometry)
    yield _area("".join(map(_path, drawn)), maps.SEA, maps.SHORE)


def _area(path: str, fill: str, stroke: str) -> str:
    look = f'fill="{fill}" stroke="{stroke}" stroke-width=".2" stroke-linejoin="round"'
    return f'<path d="{path}" {look} fill-rule="evenodd"/>'


def _colours(handout: Handout, frame: Frame) -> Iterator[str]:
    """Each district in the colour of its class, or with the strokes of none."""
    fills, _ = thematic.colours(handout.say, handout.districts, handout.view.shading)
    strokes = {maps.NO_CENTER: "url(#hatch-nobody)", maps.NO_VALUE: "url(#dots-unknown)"}
    shapes = frame.drawn(handout.inputs.districts.geometry)
    for fill, shape in zip(fills, shapes, strict=True):
        yield _area(_path(shape), strokes.get(fill, fill), maps.BORDER)


def _borders(handout: Handout, frame: Frame) -> Iterator[str]:
    """Borders of what the source studied, and the sign of the best category where it is mapped."""
    districts = handout.inputs.districts
    studied = districts[districts.index.isin(handout.studied)]
    look = f'fill="none" stroke="{maps.INK}" stroke-width=".6" stroke-linejoin="round"'
    for shape in frame.drawn(studied.geometry):
        yield f'<path class="studied" d="{_path(shape)}" {look}/>'
    for sign, lat, lon in thematic.best_signs(handout.districts, districts, handout.view.shading):
        x, y = frame.place(lon, lat)
        if frame.holds(x, y):
            yield f'<use href="#sign-{sign}" x="{x:.2f}" y="{y:.2f}"/>'


def _flows(handout: Handout, frame: Frame) -> Iterator[str]:
    """Lines from centers to zones, wide where the indicator is high; the widest on top."""
    view = handout.view
    one = view.section == "zone"  # the zone whose catchment is on screen has its lines always
    if view.stage != "linkage" or not (view.flows or one):
        return
    zones = _linked_zones(handout)
    rows = thematic.flows(
        handout.say, view.indicator, handout.shown, zones, handout.linked, view.link
    )
    look = f'stroke="{maps.ZONE_COLOUR}" stroke-opacity=".55" stroke-linecap="round"'
    for lat, lon, to_lat, to_lon, width, _ in sorted(rows, key=lambda row: row[4]):
        (x, y), (to_x, to_y) = frame.place(lon, lat), frame.place(to_lon, to_lat)
        way = f'd="M{x:.2f} {y:.2f}L{to_x:.2f} {to_y:.2f}" stroke-width="{width * PX:.2f}"'
        yield f'<path class="flow" {way} {look}/>'


def _linked_zones(handout: Handout) -> pd.DataFrame:
    """Zones that have rings and flows: all of them, or the one whose catchment is on screen."""
    zones, view = handout.inputs.zones, handout.view
    one = view.section == "zone" and view.catchment in zones.index
    return zones.loc[[view.catchment]] if one else zones


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


def _rings(handout: Handout, frame: Frame) -> Iterator[str]:
    """Outlines of the ground within the distance of the filter, or within the thresholds."""
    view, zones = handout.view, handout.inputs.zones
    if view.stage == "linkage":
        shown = thematic.rings_shown(view.rings, view.link)
        some, limits = _linked_zones(handout), view.link.within if shown else ()
    else:
        zone, km = view.filters.zone, view.filters.within_km
        some = zones if zone == ANY_ZONE else zones.loc[[zone]]
        limits = () if km is None else (km,)
    metric = _zone_shapes(handout, some).to_crs(frame.crs)
    for at, km in enumerate(limits):
        width = f"{0.45 - 0.08 * at:.2f}"
        look = f'stroke="{maps.ZONE_COLOUR}" stroke-width="{width}" stroke-dasharray="2 1.3"'
        for shape in frame.drawn(metric.buffer(km * 1000)):
            yield f'<path class="reach" d="{_path(shape)}" fill="none" {look}/>'


def _zone_shapes(handout: Handout, zones: pd.DataFrame) -> gpd.GeoSeries:
    """Footprint of each zone, or its point where none is known."""
    known = handout.inputs.footprints
    points = gpd.GeoSeries(gpd.points_from_xy(zones["lon"], zones["lat"]), zones.index, crs=WGS84)
    return gpd.GeoSeries(
        [known.geometry.get(zone_id, point) for zone_id, point in points.items()],
        zones.index,
        crs=WGS84,
    )


def _footprints(handout: Handout, frame: Frame) -> Iterator[str]:
    """The polygon of a zone where one is known, else a circle of the same area, dashed."""
    zones = handout.inputs.zones
    look = f'fill="url(#hatch-zone)" stroke="{maps.ZONE_COLOUR}" stroke-width=".35"'
    for zone_id, shape in _zone_shapes(handout, zones).items():
        area_ha = zones.at[zone_id, "area_ha"]
        if shape.geom_type != "Point":
            (outline,) = frame.drawn(gpd.GeoSeries([shape], crs=WGS84))
            yield f'<path d="{_path(outline)}" {look}/>'
        elif area_ha > 0:
            x, y = frame.place(shape.x, shape.y)
            radius = frame.km(math.sqrt(area_ha / 100 / math.pi))
            yield f'<circle {_at(x, y)} r="{radius:.2f}" {look} stroke-dasharray=".8 .6"/>'


def _focus(handout: Handout, frame: Frame, names: Names) -> Iterator[str]:
    """What is selected: a district's border, or a center with its area and its lines to zones."""
    kind, code = handout.view.selection or ("", "")
    districts = handout.inputs.districts
    if kind == "district" and code in districts.index:
        (outline,) = frame.drawn(districts.loc[[code]].geometry)
        look = f'fill="none" stroke="{maps.INK}" stroke-width=".9" stroke-linejoin="round"'
        yield f'<path class="chosen" d="{_path(outline)}" {look}/>'
    if handout.chosen_center is not None:
        yield from _center_focus(handout, frame, names, handout.chosen_center)


def _center_focus(handout: Handout, frame: Frame, names: Names, center: pd.Series) -> Iterator[str]:
    x, y = frame.place(center["lon"], center["lat"])
    area = handout.measured.areas.outlines(center.to_frame().T).dropna()
    for shape in frame.drawn(area):
        look = f'fill="{maps.INK}" fill-opacity=".07" stroke="{maps.INK}" stroke-width=".35"'
        dash = 'stroke-dasharray=".7 .9" fill-rule="evenodd"'
        yield f'<path class="area" d="{_path(shape)}" {look} {dash}/>'
    zones, footprints = handout.inputs.zones, handout.inputs.footprints
    costs, used = handout.linked.values.loc[center.name, "cost"], handout.view.link
    if handout.view.stage != "linkage":
        costs, used = handout.measured.distances.loc[center.name], Parameters()
    for zone_id, cost in costs.dropna().items():
        lat, lon = linkage.end_of_line(center, zones.loc[zone_id], footprints)
        to_x, to_y = frame.place(lon, lat)
        dash = f'stroke="{maps.ZONE_COLOUR}" stroke-width=".5" stroke-dasharray=".7 .9"'
        yield f'<path d="M{x:.2f} {y:.2f}L{to_x:.2f} {to_y:.2f}" fill="none" {dash}/>'
        spots = [(x + (to_x - x) * t, y + (to_y - y) * t, "middle") for t in (0.5, 0.6, 0.4, 0.7)]
        names.name(
            wording.amount(handout.say, cost, used),
            spots,
            size=NAME,
            ink=maps.ZONE_COLOUR,
            weight=700,
        )
    look = f'fill="none" stroke="{maps.INK}" stroke-width=".6"'
    yield f'<circle class="chosen" {_at(x, y)} r="3" {look}/>'


def _at(x: float, y: float) -> str:
    return f'cx="{x:.2f}" cy="{y:.2f}"'


def _keep_signs(handout: Handout, frame: Frame, names: Names, radius: float) -> None:
    """Leave room for the signs of zones and, where they are few, of centers or categories."""
    if handout.view.stage == "districts":
        best = thematic.best_signs(
            handout.districts, handout.inputs.districts, handout.view.shading
        )
        for _, lat, lon in best:
            names.keep(*frame.place(lon, lat), radius + 0.1)
    some = handout.shown if len(handout.shown) <= MOST_NAMED else handout.shown.iloc[:0]
    for table, room in ((handout.inputs.zones, 2.0), (some, radius + 0.1)):
        for lon, lat in zip(table["lon"], table["lat"], strict=True):
            names.keep(*frame.place(lon, lat), room)


def _zones(handout: Handout, frame: Frame) -> Iterator[str]:
    for _, zone in handout.inputs.zones.iterrows():
        x, y = frame.place(zone["lon"], zone["lat"])
        if frame.holds(x, y):
            yield _stamped(maps.icon_svg(zone["class"]), x, y, 5)


def _name_zones(handout: Handout, frame: Frame, names: Names) -> None:
    for _, zone in handout.inputs.zones.iterrows():
        spots = _spots(*frame.place(zone["lon"], zone["lat"]), 2.2)
        names.name(zone["short_name"], spots, size=ZONE_NAME, ink=maps.ZONE_COLOUR, weight=700)


def _stamped(svg: str, x: float, y: float, size: float) -> str:
    """A drawing of ``maps`` of a size, with its middle at a place."""
    place = f'x="{x - size / 2:.2f}" y="{y - size / 2:.2f}" width="{size:g}" height="{size:g}"'
    return _SIZE.sub(place, svg, count=1)


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


def _places(handout: Handout, frame: Frame) -> Iterator[str]:
    if not handout.view.places:
        return
    for _, place in handout.inputs.places.iterrows():
        x, y = frame.place(place["lon"], place["lat"])
        if frame.holds(x, y):
            hollow = not bool(place["verified"])
            yield _stamped(maps.icon_svg(place["kind"], hollow=hollow), x, y, 4)


def _centers(handout: Handout, frame: Frame) -> Iterator[str]:
    shown = handout.shown
    across, down = frame.place(shown["lon"].to_numpy(float), shown["lat"].to_numpy(float))
    rows = zip(across, down, shown["category"], shown["conflicting"], strict=True)
    for x, y, category, conflicting in rows:
        if frame.holds(x, y):
            yield f'<use href="#sign-{category}" x="{x:.2f}" y="{y:.2f}"/>'
            if conflicting:
                yield f'<use href="#conflict" x="{x:.2f}" y="{y:.2f}"/>'


def _name_centers(handout: Handout, frame: Frame, names: Names, radius: float) -> None:
    """Names of the centers, where they are few; the selected one is first to find a place.

    A name stands only where no sign of another center is nearer, so that none is taken for two.
    """
    shown = handout.shown
    if len(shown) > MOST_NAMED:
        return
    column = f"name_{handout.say.language}"
    chosen = (handout.view.selection or ("", ""))[1]
    signs = np.column_stack(frame.place(shown["lon"].to_numpy(float), shown["lat"].to_numpy(float)))
    for at in (shown.index != chosen).argsort(kind="stable"):
        x, y = signs[at]
        room = 3.2 if shown.index[at] == chosen else radius
        spots = [
            spot for spot in _spots(x, y, room) if np.hypot(*(signs - spot[:2]).T).argmin() == at
        ]
        if frame.holds(x, y):
            names.name(shown[column].iloc[at], spots, size=NAME, ink=maps.INK)


def _name_ground(handout: Handout, frame: Frame, names: Names) -> None:
    """Names of lakes, districts and neighbours, where they are as wide as their names."""
    inputs = handout.inputs
    for table, column, ink, halo in (
        (inputs.lakes, "name_id", WATER_INK, maps.SEA),
        (inputs.districts, "short_name", DISTRICT_INK, maps.LAND),
        (inputs.surroundings, "name_id", OUTSIDE_INK, maps.OUTSIDE),
    ):
        for name, shape in zip(table[column], frame.drawn(table.geometry), strict=True):
            if shape.is_empty or shape.area < 20:
                continue
            inside = shapely.maximum_inscribed_circle(shape, tolerance=1)
            (x, y), wide = inside.coords[0], shape.bounds[2] - shape.bounds[0]
            if typeset.width(str(name), QUIET) <= wide:
                spots = [(x, y + shift, "middle") for shift in (0, -3, 3, -6, 6)]
                names.name(name, spots, size=QUIET, ink=ink, halo=halo, weight=400)


def _scale(handout: Handout, frame: Frame) -> str:
    """Scale bar and north arrow below the map at its right, where they cover nothing."""
    say = handout.say
    km = _round_below(frame.width / frame.km(1) * 0.3)
    long = frame.km(km)
    x, y = frame.left + frame.width - long - 14, frame.top + frame.height + 6.6
    ends = [(0.0, "0"), (long / 2, say.number(km / 2, 0 if km % 2 == 0 else 1))]
    ends.append((long, f"{say.number(km, 0 if km >= 1 else 1)} km"))
    words = "".join(line(t, x + at, y - 3.2, size=2.6, anchor="middle") for at, t in ends)
    box = f'x="{x:.2f}" y="{y - 1.2:.2f}" height="1.2"'
    bar = (
        f'<rect {box} width="{long:.3f}" fill="#fff" stroke="{maps.INK}" stroke-width=".25"/>'
        f'<rect {box} width="{long / 2:.3f}" fill="{maps.INK}"/>'
    )
    tip = frame.left + frame.width - 2.2
    arrow = f'<path d="M{tip:.2f} {y - 5.4:.2f}l1.7 5.6-1.7-1.3-1.7 1.3Z" fill="{maps.INK}"/>'
    north = line(say("sheet.north"), tip - 2.1, y - 4, size=2.8, anchor="end", weight=700)
    return f'<g class="scale">{bar}{words}{arrow}{north}</g>'


def _round_below(value: float) -> float:
    """The largest 1, 2 or 5 times a power of ten that is not above a number."""
    power = 10.0 ** math.floor(math.log10(value))
    return float(max(step * power for step in (1, 2, 5) if step * power <= value))


def legend(handout: Handout) -> list[tuple[str, str]]:
    """Drawing (inline SVG) and words of everything on the map."""
    say, view = handout.say, handout.view
    if view.stage == "districts":
        return thematic.colours(say, handout.districts, view.shading)[1]
    lines = captions.legend(say, handout.centers, places=view.places)
    if handout.effect:
        lines = [
            *thematic.effect_legend(say, handout.effect),
            *captions.zone_legend(say, places=view.places),
        ]
    if view.stage == "linkage":
        if thematic.rings_shown(view.rings, view.link):
            lines.append((maps.ring_svg(), thematic.ring_words(say, view.link)))
        if view.flows or view.section == "zone":
            lines.append((maps.flow_svg(), thematic.flow_words(say, view.indicator)))
    else:
        lines += captions.reach_legend(say, view.filters, handout.inputs.zones)
    return [*lines, *captions.place_legend(say, handout.chosen_center)]


def _below(handout: Handout, width: float) -> tuple[str, float]:
    """Legend, settings and sources under the map, and how deep they are in mm."""
    lines = legend(handout)
    column = max(typeset.width(words, 3) for _, words in lines) + 9
    columns = max(int(width * 0.62 / column), 1)
    deep = math.ceil(len(lines) / columns)
    parts = []
    for at, (drawing, words) in enumerate(lines):
        x, middle = at // deep * column, 5 + at % deep * 5
        parts += [_stamped(drawing, x + 2, middle, 4), line(words, x + 6, middle, size=3)]
    y = max(deep * 5.0, STRIP) + 6
    settings = handing.settings(handout)
    if handout.view.stage == "districts":
        settings += handing.shading(handout)
    chosen = " · ".join(f"{name}: {shortened(value)}" for name, value in settings)
    told = " · ".join(shortened(source) for source in handing.sources(handout))
    for text in (chosen, f"{told} · {projection(handout)}"):
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
