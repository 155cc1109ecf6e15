"""The scene of a map as one value: its layers, a line of legend for each, its sources, its extent.

Composed once for each stage; drawn by Leaflet (``maps``), on paper (``cartography``) and in the
one-file page (``portable``). A layer is added here together with what the legend says of it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain, repeat
from typing import Any, Final, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from ikmgeo import symbols, tables
from ikmgeo.analysis import Inputs, Linked, Measured
from ikmgeo.display import thematic
from ikmgeo.display.quotients import Quotients
from ikmgeo.display.thematic import Flow, Scale
from ikmgeo.filters import ANY_ZONE, CONFLICTING, Filters
from ikmgeo.handout import Handout, at_district, attribution, chosen_center
from ikmgeo.instrument import Instrument
from ikmgeo.measures import linkage
from ikmgeo.measures.district_measures import MEASURES
from ikmgeo.measures.indicators import BEST, INDICATORS
from ikmgeo.measures.linkage import Parameters
from ikmgeo.measures.scenario import Effect
from ikmgeo.reading.orientation import Orientation
from ikmgeo.reading.own import Own
from ikmgeo.symbols import Drawing
from ikmgeo.view import View
from ikmgeo.vocabulary import PLACE_KINDS, WGS84, ZONE_CLASSES, Bounds
from ikmgeo.words.messages import Messages
from ikmgeo.words.wording import amount, straight

UNTOLD: Final = frozenset({"ground", "towns", "chosen", "focus"})
"""Layers without a line of legend: districts, lakes, neighbours and towns bear their names, the
ways of a chosen center their amounts, and what is chosen is named beside the map."""


class Line(NamedTuple):
    """A line of the legend, and the layer that it explains.

    ``filters`` is the category that a press on it filters by, or ``conflicting``, and ``chosen``
    whether it does; "" where it says something else.
    """

    layer: str
    drawing: Drawing
    words: str
    filters: str = ""
    chosen: bool = False


@dataclass(frozen=True)
class Mark:
    """Sign of a zone or a place: where, of which kind, its name and the line below it."""

    lat: float
    lon: float
    code: str
    name: str
    below: str
    label: str = ""
    hollow: bool = False


@dataclass(frozen=True)
class Footprint:
    """Ground of a zone: its outline (WGS84) where one is known, else a circle as large."""

    zone_id: str
    lat: float
    lon: float
    outline: shapely.Geometry | None
    radius_km: float


@dataclass(frozen=True)
class Ring:
    """Outline (WGS84) of all that lies within so many km of zones, and the words on it.

    ``rank`` 0 is the nearest.
    """

    outline: shapely.Geometry
    rank: int
    words: str


@dataclass(frozen=True)
class Crowd:
    """Units of a register, which the server draws as tiles.

    Parameters
    ----------
    key
        What the server calls them.
    cell_px, near
        What tiles count by, and the zoom from which they have signs in place of cells.
    words
        On the ground that a cell covers, on signs, and what the browser says besides.
    extent
        Where nearly all of them lie.
    source
        Whence they are.
    """

    key: str
    cell_px: int
    near: int
    words: tuple[str, ...]
    extent: Bounds | None
    source: str


class Way(NamedTuple):
    """A line from the chosen center to a zone: its end and what it costs."""

    lat: float
    lon: float
    words: str


@dataclass(frozen=True)
class Focus:
    """The chosen center, the area (WGS84) that it may lie in, and its way to each zone."""

    center_id: str
    lat: float
    lon: float
    area: shapely.Geometry | None
    ways: tuple[Way, ...]


class Fill(NamedTuple):
    """A district's colour, ``symbols.NO_CENTER`` or ``symbols.NO_VALUE``; its name and value."""

    code: str
    fill: str
    name: str
    below: str


@dataclass(frozen=True)
class Colours:
    """Districts in the colours of a measure.

    ``studied`` and ``compared`` are the codes of districts with a border of that kind, ``signs``
    the sign, latitude and longitude of what is told besides: the best category where that is the
    measure, local clusters; ``named`` are those that are named before all, and however crowded the
    map is.
    """

    fills: tuple[Fill, ...]
    studied: tuple[str, ...]
    compared: tuple[str, ...]
    signs: tuple[tuple[str, float, float], ...]
    named: tuple[str, ...]


@dataclass(frozen=True)
class MapScene:
    """Everything that a map shows, in the reader's language.

    Parameters
    ----------
    topic
        What the map is of, where that is more than its centers.
    ground
        Districts, lakes and neighbours (WGS84), as in ``Inputs``.
    centers
        Those that are shown: ``lat``, ``lon``, ``category`` (or how one fares under a scenario),
        ``conflicting``, ``name``, ``below``, the line below the name, and ``naming``, the order in
        which they are named where there is room: 0 is the first. Where a map is of values,
        ``value`` stands behind the name and ``shade`` fills the sign; else both are empty.
    always
        Ids of those that are named before all, and however crowded the map is.
    chosen
        Code of a chosen district.
    extent
        Ground around all centers and zones, or the districts that have any; None without any.
    near
        Ground around what filters leave; None without a filter, and where nothing is left.
    orientation
        Main roads, railways, rivers and towns, under all else; None where the reader wants none.
    """

    topic: str
    ground: Inputs
    centers: pd.DataFrame
    zones: tuple[Mark, ...]
    footprints: tuple[Footprint, ...]
    legend: tuple[Line, ...]
    attribution: tuple[str, ...]
    extent: Bounds | None
    near: Bounds | None = None
    orientation: Orientation | None = None
    places: tuple[Mark, ...] = ()
    rings: tuple[Ring, ...] = ()
    flows: tuple[Flow, ...] = ()
    focus: Focus | None = None
    colours: Colours | None = None
    chosen: str | None = None
    always: frozenset[str] = frozenset()
    units: Crowd | None = None

    @property
    def shaded(self) -> bool:
        """Whether the map is of districts, in colours, rather than of centers."""
        return self.colours is not None

    @property
    def layers(self) -> frozenset[str]:
        """Names of the layers that are drawn; each is in the legend or in ``UNTOLD``."""
        guide = self.orientation
        drawn = {
            "ground": True,
            "lines": guide and guide.lines,
            "towns": guide is not None and len(guide.towns),
            "colours": self.colours,
            "units": self.units,
            "rings": self.rings,
            "footprints": self.footprints,
            "values": self.centers["shade"].any(),
            "flows": self.flows,
            "focus": self.focus,
            "area": self.focus and self.focus.area,
            "chosen": self.chosen,
            "places": self.places,
            "zones": self.zones,
            "centers": len(self.centers),
        }
        return frozenset(name for name, layer in drawn.items() if layer)


def of(handout: Handout) -> MapScene:
    """The map that a hand-out shows."""
    say, view, inputs = handout.say, handout.view, handout.inputs
    zones = inputs.zones.index
    if view.stage == "districts":
        return of_districts(
            say,
            view,
            inputs,
            handout.centers,
            handout.shown_districts,
            studied=handout.studied,
            own=handout.own,
        )
    if view.stage == "linkage":
        return of_linkage(
            say,
            view,
            inputs,
            handout.measured,
            handout.centers,
            handout.shown,
            handout.linked,
            only=view.catchment if view.section == "zone" and view.catchment in zones else None,
            effect=handout.effect,
            own=handout.own,
        )
    return of_map(
        say, view, inputs, handout.measured, handout.centers, handout.shown, own=handout.own
    )


def of_map(
    say: Messages,
    view: View,
    inputs: Inputs,
    measured: Measured,
    centers: pd.DataFrame,
    shown: pd.DataFrame,
    *,
    own: Own | None,
) -> MapScene:
    """Centers with their categories, and how far the filter by distance reaches."""
    bare = _bare(say, view, inputs, centers, own=own)
    district = view.chosen("district")
    rings, told_rings = _reach(say, view, inputs)
    focus = None
    if (center := chosen_center(view, shown)) is not None:
        km = tables.row(measured.distances, center.name).map(say.km)
        focus = _focus(inputs, measured, center, km)
    return replace(
        bare,
        centers=_named(say, shown, _center_lines(say, shown, inputs.instrument)),
        rings=rings,
        focus=focus,
        near=_near(view, inputs, shown),
        always=_chosen_one(focus),
        chosen=district if district in inputs.districts.index else None,
        legend=(
            *_categories(say, centers, inputs.instrument, view.filters),
            *bare.legend,
            *told_rings,
            *_area(say, focus),
        ),
    )


def of_linkage(
    say: Messages,
    view: View,
    inputs: Inputs,
    measured: Measured,
    centers: pd.DataFrame,
    shown: pd.DataFrame,
    linked: Linked,
    *,
    only: str | None = None,
    effect: Effect | None = None,
    own: Own | None,
) -> MapScene:
    """Centers in the shades of an indicator, with lines to zones and rings as the reader wants.

    ``view.link`` holds the parameters that ``linked`` was worked out with. ``only`` is the zone
    whose catchment is looked at, by its distances; ``effect`` what a scenario does, told in place
    of values and categories.
    """
    bare, used, zones = _bare(say, view, inputs, centers, own=own), view.link, inputs.zones
    code = "cost" if only else effect.indicator if effect else view.indicator
    indicator, asked = INDICATORS[code], only or (effect.column if effect else view.column)
    column, values, scale = thematic.shown_of(linked, code, asked, used, len(zones))
    some = _looked_at(zones, column)
    if effect:
        topic = thematic.effect_title(say, effect, zones, used)
        bare = _under(say, bare, shown, effect, used)
        ties = thematic.effect_flows(say, shown, some, linked, effect, used)
    else:
        topic = thematic.title(say, code, column, zones, used)
        categories = _categories(say, centers, inputs.instrument, view.filters, plain=True)
        bare = _valued(say, bare, categories, shown, values, scale)
        ties = thematic.flows(say, shown, some, linked, scale, closest=column == BEST)
    paired = bool(effect) or indicator.paired
    if paired and view.flows and len(some) and (drawn := tuple(ties)):
        told = Line("flows", symbols.flow(), say("linkage.flow"))
        bare = replace(bare, flows=drawn, legend=(*bare.legend, told))
    if view.rings and used.measure == linkage.STRAIGHT_KM and len(some):  # straight lines' only
        counted = indicator.of == "limit"
        bare = _ringed(say, bare, some, [float(column)] if counted else used.within, counted)
    focus = None
    if (center := chosen_center(view, shown)) is not None:
        costs = tables.row(linked.values, center.name)["cost"]
        focus = _focus(inputs, measured, center, costs.map(lambda cost: amount(say, cost, used)))
    return replace(
        bare,
        topic=topic,
        near=_near(view, inputs, shown),
        focus=focus,
        always=_chosen_one(focus),
        legend=(*bare.legend, *_area(say, focus)),
    )


def _ringed(
    say: Messages, bare: MapScene, zones: pd.DataFrame, within: Iterable[float], counted: bool
) -> MapScene:
    """The scene with a ring at each threshold, and what they are.

    Where zones are ``counted`` each has its own, to see where they overlap.
    """
    limits = {km: straight(say, km) for km in within}
    rings = rings_around(zones, bare.ground.footprints, limits, merged=not counted)
    words = say("linkage.ring", within=say.listed([*limits.values()]))
    return replace(bare, rings=rings, legend=(*bare.legend, Line("rings", symbols.ring(), words)))


def _looked_at(zones: pd.DataFrame, column: str) -> pd.DataFrame:
    """The zones that a column of an indicator is of."""
    if column in zones.index:
        return zones.loc[[column]]
    return zones[zones["class"] == column] if column in ZONE_CLASSES else zones


def _under(
    say: Messages, bare: MapScene, shown: pd.DataFrame, effect: Effect, used: Parameters
) -> MapScene:
    """Centers with signs of how each fares under a scenario, and by how much."""
    below = thematic.effect_lines(say, shown, effect, used)
    by = thematic.effect_values(say, shown, effect, used)
    signs = (Line("centers", *line) for line in thematic.effect_legend(say, effect))
    named = _named(say, thematic.with_effect(shown, effect), below)
    return replace(bare, centers=named.assign(value=by), legend=(*signs, *bare.legend))


def _valued(
    say: Messages,
    bare: MapScene,
    categories: Iterable[Line],
    shown: pd.DataFrame,
    values: pd.Series,
    scale: Scale,
) -> MapScene:
    """Centers in the shape of their category and the shade of their value."""
    some, code, instrument = values[shown.index], scale.indicator.code, bare.ground.instrument
    told = thematic.told_values(say, code, some, scale.used)
    below = f"{say(f'indicator.{code}')} " + told + " · " + _center_lines(say, shown, instrument)
    shades = (Line("values", *line) for line in scale.legend(say, some))
    return replace(
        bare,
        centers=_named(say, shown, below).assign(value=told, shade=scale.of(some)),
        legend=(*shades, *categories, *bare.legend),
    )


def of_districts(
    say: Messages,
    view: View,
    inputs: Inputs,
    centers: pd.DataFrame,
    measures: pd.DataFrame,
    *,
    studied: frozenset[str],
    own: Own | None,
) -> MapScene:
    """The districts in the colours of a measure, of all centers or of those that filters leave.

    ``measures`` are as from ``district_measures``. The map opens on the districts of all
    ``centers``, so that no filter and no measure moves it.
    """
    view, shading = at_district(view, centers, measures.index), view.shading
    # Names and colours of the districts fill the map.
    bare = _bare(say, replace(view, places=False, orientation=False), inputs, centers, own=own)
    filtered = view.filters != Filters()
    fills, legend = thematic.colours(say, measures, shading, inputs.instrument, filtered=filtered)
    told = thematic.values(say, measures, shading.measure, filtered=filtered)
    names = inputs.districts["name_id"]
    chosen = view.chosen("district") if view.chosen("district") in names.index else None
    lived_in = tuple(names.index[names.index.isin(centers["district"])])
    compared = tuple(code for code in view.compared if code in names.index)
    first = (*([chosen] if chosen else ()), *compared, *lived_in)
    codes = [*inputs.instrument.categories] if MEASURES[shading.measure].is_category else []
    lines = [
        Line("colours", drawing, words, code or "", code in view.filters.categories)
        for (drawing, words), code in zip(legend, chain(codes, repeat("")), strict=False)
    ]
    borders = [Line("colours", symbols.border(), say("district.studied"))]
    if compared:
        colour = symbols.COMPARED[-1][0]
        borders.append(Line("colours", symbols.border(colour), say("districts.compared_border")))
    return replace(
        bare,
        topic=say(f"district_measure.{shading.measure}"),
        colours=Colours(
            tuple(Fill(c, fills[c], names[c], told[c]) for c in fills.index),
            tuple(sorted(studied & {*names.index})),
            compared,
            tuple(thematic.best_signs(measures, inputs.districts, shading)),
            tuple(dict.fromkeys(first)),
        ),
        chosen=chosen,
        legend=(*lines, *borders, *bare.legend),
        extent=land_of(inputs, centers),
    )


def of_units(
    say: Messages,
    view: View,
    inputs: Inputs,
    centers: pd.DataFrame,
    units: Crowd,
    legend: Iterable[tuple[Drawing, str]],
    *,
    by_product: bool,
    near: Bounds | None,
    focus: Focus | None,
    own: Own | None,
) -> MapScene:
    """Units of a register under the recorded centers.

    ``near`` is where nearly all of those lie that filters leave; None without filters. ``focus`` is
    a candidate that is looked at.
    """
    bare = _bare(say, view, inputs, centers, own=own)
    categories = _categories(say, centers, inputs.instrument, Filters())
    shown = _named(say, centers, _center_lines(say, centers, inputs.instrument))
    return replace(
        bare,
        topic=say("units.topic_product" if by_product else "units.topic_units"),
        units=units,
        attribution=(units.source, *bare.attribution),
        centers=shown,
        legend=(
            *(Line("units", *line) for line in legend),
            *_area(say, focus, "units.hull"),
            *categories,
            *bare.legend,
        ),
        extent=units.extent,
        near=near,
        focus=focus,
    )


def of_quotients(
    say: Messages,
    view: View,
    inputs: Inputs,
    centers: pd.DataFrame,
    shown: Quotients,
    *,
    source: str,
    own: Own | None,
) -> MapScene:
    """Districts or subdistricts in the colours of a location quotient, with their local clusters.

    Districts are filled, with a sign where a cluster is; of subdistricts, whose official borders
    are not known, each has a sign of its own.
    """
    bare = _bare(say, replace(view, places=False, orientation=False), inputs, centers, own=own)
    drawn = replace(
        bare,
        topic=shown.topic,
        attribution=(source, *bare.attribution),
        legend=(*(Line("colours", *line) for line in shown.legend), *bare.legend),
        extent=None,
    )
    if shown.level == "subdistrict":
        return replace(drawn, centers=shown.signs(inputs.subdistricts))
    marked = shown.clusters[shown.clusters != "none"]
    points = inputs.districts.loc[marked.index].geometry.representative_point()
    names, chosen = inputs.districts["name_id"], view.chosen("district")
    return replace(
        drawn,
        colours=Colours(
            tuple(Fill(c, shown.fills[c], names[c], shown.told[c]) for c in names.index),
            (),
            (),
            tuple(zip(marked, points.y, points.x, strict=True)),
            shown.named,
        ),
        chosen=chosen if chosen in names.index else None,
    )


def land_of(inputs: Inputs, centers: pd.DataFrame) -> Bounds | None:
    """The smallest box around the districts that some centers lie in; None without any."""
    some = inputs.districts[inputs.districts.index.isin(centers["district"])]
    if some.empty:
        return None
    west, south, east, north = some.total_bounds
    return float(west), float(south), float(east), float(north)


def _center_lines(say: Messages, centers: pd.DataFrame, instrument: Instrument) -> pd.Series:
    """Category and score of each center, and that its place is a guess."""
    words = {code: say(f"category.{code}") for code in instrument.signs}
    scores = (" · " + say.scores(centers["score"])).where(centers["score"].notna(), "")
    guess = np.where(
        centers["position_basis"] == "placeholder", f" · {say('basis.placeholder')}", ""
    )
    return centers["category"].map(words).astype(object) + scores + guess


def _zone_line(say: Messages, zone: pd.Series, *, outlined: bool) -> str:
    """Class of a zone, and whether its outline is known."""
    known = say("zone.polygon" if outlined else "zone.schematic")
    return f"{say.code('zone_class', zone['class'])} · {known}"


def _place_line(say: Messages, place: pd.Series) -> str:
    """Kind and service of a place, how exact its position is, and that nobody verified it."""
    told = [say.code("place", place["kind"])]
    if place["service"] != "yes":
        told.append(say(f"service.{place['service']}"))
    told.append(say.code("precision", place["position_precision"]))
    return " · ".join(told if place["verified"] else [*told, say("place.unverified")])


def around(*places: pd.DataFrame) -> Bounds | None:
    """The smallest box around all positions (``lat``, ``lon``) of some tables; None without any."""
    spots = pd.concat([table[["lon", "lat"]] for table in places]).astype(float)
    if spots.empty:
        return None
    (west, south), (east, north) = spots.min(), spots.max()
    return float(west), float(south), float(east), float(north)


def _bare(
    say: Messages, view: View, inputs: Inputs, centers: pd.DataFrame, *, own: Own | None
) -> MapScene:
    """What every map has: ground, zones, places where the reader wants them; no center yet."""
    zones, known = inputs.zones, inputs.footprints
    prints = footprints(zones, known)
    guide = inputs.orientation if view.orientation else None
    return MapScene(
        topic="",
        ground=inputs,
        centers=_named(say, centers.iloc[:0], ""),
        zones=tuple(_zone_marks(say, zones, known)),
        footprints=prints,
        places=tuple(_place_marks(say, inputs.places)) if view.places else (),
        legend=(*_zone_legend(say, prints, places=view.places), *_line_legend(say, guide)),
        attribution=tuple(attribution(say, view, inputs, own=own)),
        orientation=guide,
        extent=around(centers, zones),
    )


def _named(say: Messages, shown: pd.DataFrame, below: pd.Series | str) -> pd.DataFrame:
    names = shown[f"name_{say.language}"]
    return shown.assign(name=names, below=below, naming=_naming(shown), value="", shade="")


def _naming(centers: pd.DataFrame) -> np.ndarray:
    """Place of each center in the order of naming.

    Those whose claims contradict each other come first, since nobody must miss that; then the
    best score, and last those without one.
    """
    scores = centers["score"].astype(float).fillna(-1)
    return np.lexsort((-scores, ~centers["conflicting"].astype(bool))).argsort()


def with_headline(drawn: MapScene, headline: str) -> MapScene:
    """The scene with the centers that a headline names always named."""
    names = drawn.centers["name"]
    told = {str(one) for one, name in names.items() if str(name) and str(name) in headline}
    return replace(drawn, always=drawn.always | told)


def _chosen_one(focus: Focus | None) -> frozenset[str]:
    return frozenset() if focus is None else frozenset({focus.center_id})


def _zone_marks(say: Messages, zones: pd.DataFrame, known: gpd.GeoDataFrame) -> Iterator[Mark]:
    for zone_id, zone in zones.iterrows():
        below = _zone_line(say, zone, outlined=zone_id in known.index)
        at = float(zone["lat"]), float(zone["lon"])
        yield Mark(*at, zone["class"], say.name(zone), below, label=zone["short_name"])


def _place_marks(say: Messages, places: pd.DataFrame) -> Iterator[Mark]:
    for _, place in places.iterrows():
        at = float(place["lat"]), float(place["lon"])
        told = place["name_id"], _place_line(say, place)
        yield Mark(*at, place["kind"], *told, hollow=not place["verified"])


def footprints(zones: pd.DataFrame, known: gpd.GeoDataFrame) -> tuple[Footprint, ...]:
    """Ground of each zone whose outline (WGS84, in ``known``) or area is known."""
    radius_km = np.sqrt(zones["area_ha"].astype(float) / 100 / np.pi)
    outlines = zones.index.to_series().map(known.geometry.to_dict())
    drawn = zip(zones.index, zones["lat"], zones["lon"], outlines, radius_km, strict=True)
    return tuple(
        Footprint(zone_id, float(lat), float(lon), None if pd.isna(shape) else shape, km)
        for zone_id, lat, lon, shape, km in drawn
        if pd.notna(shape) or km > 0
    )


def rings_around(
    zones: pd.DataFrame,
    known: gpd.GeoDataFrame,
    limits: Mapping[float, str],
    *,
    merged: bool = False,
) -> tuple[Ring, ...]:
    """Rings around zones, at each of some distances in km from outline or reference point.

    ``limits`` has the words on each; ``merged`` rings of one distance are one.
    """
    found = []
    for rank, (km, words) in enumerate(limits.items()):
        outlines = [_within(zone, known[known.index == z], km) for z, zone in zones.iterrows()]
        if merged:
            outlines = [shapely.union_all(outlines)]
        found += [Ring(outline, rank, words) for outline in outlines]
    return tuple(found)


def _within(zone: pd.Series, known: gpd.GeoDataFrame, km: float) -> shapely.Geometry:
    if len(known):
        around: shapely.Geometry = known["metric"].buffer(km * 1000).to_crs(WGS84).iloc[0]
        return around
    azimuth = np.linspace(0, 360, 120, endpoint=False)
    start = (np.full_like(azimuth, zone["lon"]), np.full_like(azimuth, zone["lat"]))
    lon, lat, _ = linkage.GEOD.fwd(*start, azimuth, np.full_like(azimuth, km * 1000))
    return shapely.Polygon(np.column_stack([lon, lat]))


def _near(view: View, inputs: Inputs, shown: pd.DataFrame) -> Bounds | None:
    """Ground around the centers that filters leave, and around the zone that one measures from."""
    if view.filters == Filters() or shown.empty:
        return None
    measured_from = view.filters.within_km is not None
    zone = inputs.zones[measured_from & (inputs.zones.index == view.filters.zone)]
    return around(shown, zone)


def _reach(say: Messages, view: View, inputs: Inputs) -> tuple[tuple[Ring, ...], tuple[Line, ...]]:
    """The rings of a filter by distance, and what they are; nothing without one."""
    zone, km = view.filters.zone, view.filters.within_km
    if km is None:
        return (), ()
    any_zone = zone == ANY_ZONE
    some = inputs.zones if any_zone else inputs.zones.loc[[zone]]
    name = say("map.any_zone") if any_zone else str(some.at[zone, "short_name"])
    words = say("map.reach", limit=straight(say, km), zone=name)
    rings = rings_around(some, inputs.footprints, {km: straight(say, km)}, merged=True)
    return rings, (Line("rings", symbols.ring(), words),)


def focus_on(
    center: pd.Series,
    area: shapely.Geometry | None,
    zones: pd.DataFrame,
    known: gpd.GeoDataFrame,
    told: Mapping[Any, str],
) -> Focus:
    """The chosen center, a row named by its id; ``told`` is what it costs to each zone."""
    ways = tuple(
        Way(*linkage.end_of_line(center, tables.row(zones, zone), known), words)
        for zone, words in told.items()
    )
    return Focus(str(center.name), float(center["lat"]), float(center["lon"]), area, ways)


def _focus(inputs: Inputs, measured: Measured, center: pd.Series, told: pd.Series) -> Focus:
    area = measured.areas.outline(center)
    return focus_on(center, area, inputs.zones, inputs.footprints, told.to_dict())


def _categories(
    say: Messages,
    centers: pd.DataFrame,
    instrument: Instrument,
    filters: Filters,
    *,
    plain: bool = False,
) -> Iterator[Line]:
    """Signs of the categories; ``plain`` without colours, where shades mean something else."""
    present = {*instrument.categories, *centers["category"]}
    for code, sign in instrument.signs.items():
        if code in present:
            drawn = replace(sign, fill=symbols.UNMEASURED) if plain else sign
            words, chosen = say(f"category.{code}"), code in filters.categories
            yield Line("centers", symbols.sign(drawn), words, code, chosen)
    if centers["conflicting"].any():
        words, chosen = say("map.conflicting"), filters.conflicting
        yield Line("centers", symbols.conflict(), words, CONFLICTING, chosen)


def _zone_legend(say: Messages, prints: tuple[Footprint, ...], *, places: bool) -> Iterator[Line]:
    for code in ZONE_CLASSES:
        yield Line("zones", symbols.icon(code), say(f"zone_class.{code}"))
    if any(shape.outline is not None for shape in prints):
        yield Line("footprints", symbols.footprint(), say("map.outline"))
    if any(shape.outline is None for shape in prints):
        yield Line("footprints", symbols.circle(), say("map.schematic"))
    if places:
        for kind in PLACE_KINDS:
            yield Line("places", symbols.icon(kind), say(f"place.{kind}"))
        yield Line("places", symbols.icon("toll_gate", hollow=True), say("place.unverified"))


def _line_legend(say: Messages, guide: Orientation | None) -> Iterator[Line]:
    if guide is not None and guide.lines:
        strokes = ["motorway" if layer == "roads" else layer for layer in guide.lines]
        words = say.listed([say(f"map.{layer}") for layer in guide.lines])
        yield Line("lines", symbols.strokes(strokes), f"{words[0].upper()}{words[1:]}")


def area_line(say: Messages, key: str = "map.area") -> Line:
    """What the area around a chosen center is."""
    return Line("area", symbols.area(), say(key))


def _area(say: Messages, focus: Focus | None, key: str = "map.area") -> Iterator[Line]:
    if focus is not None and focus.area is not None:
        yield area_line(say, key)
