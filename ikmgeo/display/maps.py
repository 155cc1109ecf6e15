"""A scene drawn by Leaflet: a folium map that needs no internet, and the layers laid over it.

Layers are rebuilt at every change and sent beside the map, which stays as it is. Every value from
data passes ``inert`` on its way in.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import folium
import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from folium.template import Template
from xyzservices import TileProvider

from ikmgeo import symbols
from ikmgeo.display import assets, orientation
from ikmgeo.display.scene import Colours, Crowd, Focus, Footprint, Line, MapScene, Mark, Ring
from ikmgeo.display.thematic import Flow
from ikmgeo.reading.orientation import Orientation
from ikmgeo.symbols import Sign
from ikmgeo.vocabulary import Bounds
from ikmgeo.words.markup import inert
from ikmgeo.words.messages import Messages

AREA_TOLERANCE_DEG: Final = 0.0005
"""How far the drawn border of an area may lie beside it; about 50 m."""


class OfflineMap(folium.Map):
    """A Leaflet map whose script and styles come from this machine; no tiles unless asked."""

    _template = Template(
        """
        {% macro html(this, kwargs) %}
            <div class="folium-map" id={{ this.get_name()|tojson }} ></div>
        {% endmacro %}
        {% macro script(this, kwargs) %}
            var {{ this.get_name() }} = L.map({{ this.get_name()|tojson }}, {
                center: {{ this.location|tojson }}, ...{{ this.options|tojavascript }}
            });
        {% endmacro %}
        """
    )

    def __init__(self, script_url: str, **options: Any) -> None:
        """Create the map; ``options`` go to Leaflet."""
        super().__init__(tiles=None, prefer_canvas=True, **options)
        self.default_js = [("map", script_url)]
        self.default_css = []
        self._name = "Map"


class _Verbatim(folium.Element):
    """Text that renders as itself."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text

    def render(self, **kwargs: Any) -> str:
        return self.text


class Call(folium.MacroElement):
    """A call of a function in ``static/map.js``, on the map or making a layer of its parent.

    Arguments are numbers, texts that passed ``inert`` and lists of them: with no braces left in
    them, neither Jinja nor JavaScript finds anything to run.
    """

    _template = Template(
        """
        {% macro script(this, kwargs) %}
            {%- if this.layer %}
            ikmgeo.{{ this.function }}({{ this.arguments }}).addTo({{ this._parent.get_name() }});
            {%- else %}
            ikmgeo.{{ this.function }}({{ this.map_name() }}, {{ this.arguments }});
            {%- endif %}
        {% endmacro %}
        """
    )

    def __init__(self, function: str, *arguments: Any, layer: bool = False) -> None:
        """Name the function and its arguments; ``layer`` when it returns one."""
        super().__init__()  # type: ignore[no-untyped-call]
        self.function = function
        self.layer = layer
        self.arguments = ", ".join(json.dumps(a, separators=(",", ":")) for a in arguments)
        if any(mark in self.arguments for mark in "{}`$"):
            raise ValueError(f"arguments of {function} hold a brace, backtick or dollar sign")

    def render(self, **kwargs: Any) -> str:
        """Put the call into the page's script as it stands.

        folium would compile it as a template first, at 13,762 centers for a third of a second.
        """
        script: Any = self.get_root()
        written = _Verbatim(self._template.module.script(self))
        script.script.add_child(written, name=self.get_name())
        return ""

    def map_name(self) -> str:
        """Variable of the map that this call stands in."""
        parent: Any = self._parent
        while not isinstance(parent, folium.Map):
            parent = parent._parent
        return str(parent.get_name())


@dataclass(frozen=True)
class Ground:
    """What lies under the centers, as a script the browser loads once, and the province's corners.

    In the map itself its 300 kB would be sent again at every change.
    """

    name: str
    script: str
    lines: tuple[assets.File, ...]
    """Main roads, railways and rivers, a file for each of ``orientation.DETAILS``."""
    signs: Mapping[str, Sign]
    province: Sequence[Sequence[float]]

    @cached_property
    def file(self) -> assets.File:
        """Script of a map on this ground, with its styles."""
        return assets.map_file(self.script)


def ground(
    districts: gpd.GeoDataFrame,
    lakes: gpd.GeoDataFrame,
    surroundings: gpd.GeoDataFrame,
    signs: Mapping[str, Sign],
    bounds: Bounds,
    guide: Orientation,
) -> Ground:
    """Prepare polygons (WGS84) once; ``districts`` is indexed by ``district_code``.

    ``signs`` are those of the categories, as from ``Instrument.signs``; of ``guide`` a map shows
    what its scene says.
    """
    west, south, east, north = (round(side, 4) for side in bounds)
    codes = [inert(code) for code in districts.index]
    layers = [
        [_features(surroundings), symbols.OUTSIDE, symbols.OUTSIDE],
        [_features(districts, district_code=codes), symbols.LAND, symbols.BORDER],
        [_features(lakes), symbols.SEA, symbols.SHORE],
    ]
    lines = lines_of(guide)
    strokes = [[one.colour, one.width_px, one.dash_px] for one in symbols.STROKES.values()]
    details = [
        [used.zoom, file.name] for used, file in zip(orientation.DETAILS, lines, strict=False)
    ]
    parts = [layers, _names(districts), _towns(guide), strokes, details]
    drawn = json.dumps(parts, separators=(",", ":")).replace("<", "\\u003c")
    name = hashlib.sha256(drawn.encode()).hexdigest()[:16]
    script = f'ikmgeo.grounds["{name}"]={drawn};'
    return Ground(name, script, lines, signs, [[south, west], [north, east]])


def _features(frame: gpd.GeoDataFrame, **properties: object) -> dict[str, Any]:
    bare = gpd.GeoDataFrame(properties, index=range(len(frame)), geometry=frame.geometry.to_numpy())
    return dict(json.loads(bare.to_json()))


def _names(districts: gpd.GeoDataFrame) -> list[list[object]]:
    """Name, place, width in degrees and code of each district, widest first."""
    rows: list[list[object]] = []
    for code, name, polygon in zip(
        districts.index, districts["short_name"], districts.geometry.to_numpy(), strict=True
    ):
        inside = shapely.maximum_inscribed_circle(polygon, tolerance=0.02).coords[0]
        west, _, east, _ = polygon.bounds
        place = round(inside[1], 4), round(inside[0], 4), round(east - west, 3)
        rows.append([inert(name), *place, inert(code)])
    return sorted(rows, key=lambda row: -float(str(row[3])))


def _towns(guide: Orientation) -> list[list[object]]:
    """Name and place of each town, and the zoom from which it is named, the largest first."""
    shown = orientation.towns(guide)
    places = shown.geometry.y.round(4), shown.geometry.x.round(4)
    return [
        [inert(name), *at] for name, *at in zip(shown["name"], *places, shown["zoom"], strict=True)
    ]


def lines_of(guide: Orientation) -> tuple[assets.File, ...]:
    """A file for each detail: by stroke, the lines as steps between corners, in 1/10,000 degree."""
    if not guide.lines:
        return ()
    found = (orientation.lines(guide, used) for used in orientation.DETAILS)
    return tuple(
        assets.lines_file([[_steps(line) for line in some] for some in strokes.values()])
        for strokes in found
    )


def _steps(line: shapely.Geometry) -> list[int]:
    """Latitude and longitude of the first corner, then what each further one is beside the last."""
    corners = (shapely.get_coordinates(line)[:, ::-1] * 10_000).round().astype(int)
    steps: list[int] = np.diff(corners, axis=0, prepend=0).ravel().tolist()
    return steps


def base_map(
    ground: Ground,
    *,
    fit: Sequence[Sequence[float]],
    key: str | None,
    position: Sequence[float] | None = None,
    large: bool = False,
    placing: bool = False,
    shaded: bool = False,
) -> OfflineMap:
    """Sea, neighbours, districts with names, lake, scale, and online tiles that start unticked.

    Parameters
    ----------
    ground
        What to draw, from ``ground()``.
    fit
        South-west and north-east corner, [lat, lon] each, of the first view.
    key
        Name under which this browser tab remembers where the reader left the map; None for a map
        that always opens the same.
    position
        Latitude, longitude and zoom of the first view, in place of ``fit``.
    large
        Signs and letters to be read from the back of a room.
    placing
        Whether a tap puts something down where it falls, instead of choosing a sign.
    shaded
        Whether it is a map of districts in colours, which may lie under the sources.
    """
    (south, west), (north, east) = ground.province
    chart = OfflineMap(
        ground.file.url,
        location=[(south + north) / 2, (west + east) / 2],
        zoom_start=8,
        min_zoom=6,
        max_zoom=18,
        zoom_snap=0.5,
        max_bounds=[[south - 4, west - 5], [north + 4, east + 5]],
    )
    for name, address, attribution, finest in assets.ONLINE_TILES:
        # A bare address would be looked for among the names of all providers, 5 ms each time.
        folium.TileLayer(
            TileProvider(name=name, url=address, attribution=attribution),
            name=name,
            attr=attribution,
            overlay=True,
            show=False,
            max_native_zoom=finest,
            max_zoom=18,
        ).add_to(chart)
    chart.add_child(
        Prepare(
            ground.signs,
            ground=ground.name,
            fit=fit,
            province=ground.province,
            key=key,
            position=position,
            large=large,
            placing=placing,
            shaded=shaded,
        )
    )
    return chart


def tile_control() -> folium.LayerControl:
    """Control of the online tile layers, the only part of the map that needs a connection."""
    return folium.LayerControl(position="topright", collapsed=True)


class Prepare(folium.MacroElement):
    """First call on a new map: ground, signs, scale, home buttons, names, remembered view."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
            ikmgeo.prepare({{ this._parent.get_name() }}, {{ this.options|tojson }});
        {% endmacro %}
        """
    )

    def __init__(self, signs: Mapping[str, Sign], **options: Any) -> None:
        """Keep the options of ``prepare`` in ``static/map.js``; ``signs`` are the categories'."""
        super().__init__()  # type: ignore[no-untyped-call]
        every = {**signs, **symbols.OUTCOMES, **symbols.CLUSTERS}
        drawn = [[code, sign.path, sign.fill] for code, sign in every.items()]
        self.options = {
            **options,
            "signs": drawn,
            "patterns": [symbols.LAND, symbols.HATCH, symbols.BORDER],
        }


def layers(scene: MapScene, say: Messages, *, filtering: bool = False) -> list[folium.FeatureGroup]:
    """Every layer of a scene above its ground, in the order they are drawn, and its words.

    ``filtering``: lines of the legend that can filter are buttons.
    """
    drawn = [words_layer(scene, say, filtering=filtering)]
    if scene.orientation is not None:
        drawn.append(_group("orientation"))
    if scene.colours:
        drawn.append(choropleth_layer(scene.colours, scene.chosen))
    if scene.units:
        drawn.append(units_layer(scene.units))
    if scene.rings:
        drawn.append(rings_layer(scene.rings))
    drawn.append(footprints_layer(scene.footprints))
    if scene.flows:
        drawn.append(flow_layer(scene.flows))
    if scene.chosen and not scene.shaded:
        drawn.append(border_layer(scene.chosen))
    if scene.focus:
        drawn.append(focus_layer(scene.focus))
    if not scene.shaded:
        drawn.append(centers_layer(scene.centers, say("map.choose"), say("map.choose_more")))
        drawn.append(always_layer(scene))
    drawn.append(markers_layer(scene.zones, scene.places))
    if not scene.shaded:
        drawn.append(_group("look", corners_of(scene.near), layer=False))
    return drawn


def centers_layer(centers: pd.DataFrame, choose: str, more: str) -> folium.FeatureGroup:
    """Signs of the centers; a click answers with the center's position in ``at``.

    Parameters
    ----------
    centers
        As in ``MapScene``, with ``at``, the row number in the whole table.
    choose, more
        Heading of the list that opens where signs lie on one another, and its last line.
    """
    columns = (
        centers["at"].tolist(),
        centers["lat"].round(5).tolist(),
        centers["lon"].round(5).tolist(),
        centers["category"].map({c: inert(c) for c in centers["category"].unique()}).tolist(),
        centers["conflicting"].astype(int).tolist(),
        map(inert, centers["name"].tolist()),
        map(inert, centers["below"].tolist()),
        centers["naming"].tolist(),
    )
    rows = [[*row] for row in zip(*columns, strict=True)]
    if centers["value"].any():
        for row, value, shade in zip(rows, centers["value"], centers["shade"], strict=True):
            row += [inert(value), inert(shade)]
    return _group("centers", rows, len(rows) >= symbols.MANY, inert(choose), inert(more))


def always_layer(scene: MapScene) -> folium.FeatureGroup:
    """Which centers are always named: apart from the centers, which stay as they are."""
    always = scene.centers.index.isin(scene.always)
    return _group("always", scene.centers.loc[always, "at"].tolist(), layer=False)


def markers_layer(zones: Iterable[Mark], places: Iterable[Mark]) -> folium.FeatureGroup:
    """Signs of zones, which a click answers with their row number, and of places."""
    return _group("markers", [*mark_rows("zone", zones), *mark_rows("place", places)])


def mark_rows(kind: str, marks: Iterable[Mark]) -> list[list[object]]:
    """Zones or places as ``markers`` of ``static/map.js`` takes them: safe HTML."""
    size = {"zone": 26, "place": 18}[kind]
    rows: list[list[object]] = []
    for at, mark in enumerate(marks):
        svg = symbols.icon(mark.code, hollow=mark.hollow).svg(size)
        told = map(inert, (mark.name, mark.below, mark.label))
        rows.append([kind, at, mark.lat, mark.lon, svg, *told])
    return rows


def footprints_layer(footprints: Iterable[Footprint]) -> folium.FeatureGroup:
    """Outlines of zones where they are known, else circles of the same area, dashed."""
    return _group("footprints", footprint_rows(footprints))


def footprint_rows(footprints: Iterable[Footprint]) -> list[list[Any]]:
    """Grounds of zones as ``footprints`` of ``static/map.js`` takes them."""
    return [
        [shape.lat, shape.lon, round(shape.radius_km * 1000, 1)]
        if shape.outline is None
        else [corners(shape.outline)]
        for shape in footprints
    ]


def rings_layer(rings: Iterable[Ring]) -> folium.FeatureGroup:
    """Outlines of all that lies within so many km of the zones."""
    return _group("rings", ring_rows(rings))


def ring_rows(rings: Iterable[Ring]) -> list[list[Any]]:
    """Rings as ``rings`` of ``static/map.js`` takes them: corners, width in px and words."""
    return [
        [corners(ring.outline), round(2 - ring.rank / 3, 2), inert(ring.words)] for ring in rings
    ]


def flow_layer(flows: Iterable[Flow]) -> folium.FeatureGroup:
    """Lines from centers to zones."""
    return _group("flows", flow_rows(flows))


def flow_rows(flows: Iterable[Flow]) -> list[list[Any]]:
    """Lines as ``flows`` of ``static/map.js`` takes them: ends, width in px, words and colour."""
    return [
        [*(round(x, 5) for x in ends), width, inert(words), inert(shade)]
        for *ends, width, shade, words in flows
    ]


def focus_layer(focus: Focus) -> folium.FeatureGroup:
    """The chosen center: the area it may lie in, lines to the zones with their amounts."""
    area = None if focus.area is None else area_corners(focus.area)
    ways = [[round(lat, 5), round(lon, 5), inert(words)] for lat, lon, words in focus.ways]
    return _group("focus", [round(focus.lat, 5), round(focus.lon, 5)], area, ways)


def area_corners(area: shapely.Geometry) -> list[list[list[list[float]]]]:
    """Corners of the area that a center may lie in, simplified."""
    return corners(shapely.simplify(area, AREA_TOLERANCE_DEG))


def corners_of(extent: Bounds | None) -> list[list[float]] | None:
    """South-west and north-east corner of an extent, as Leaflet takes them."""
    if extent is None:
        return None
    west, south, east, north = extent
    return [[south, west], [north, east]]


def corners(shape: shapely.Geometry) -> list[list[list[list[float]]]]:
    """Latitude and longitude of the corners, per part its outline and its holes."""
    return [
        [
            shapely.get_coordinates(ring)[:-1, ::-1].round(4).tolist()
            for ring in (part.exterior, *part.interiors)
        ]
        for part in shapely.get_parts(shape)
    ]


def units_layer(units: Crowd) -> folium.FeatureGroup:
    """Tiles of a register's units, as ``static/units.js`` takes them."""
    words = [inert(text) for text in units.words]
    return _group("units", inert(units.key), units.cell_px, units.near, words)


def border_layer(district: str) -> folium.FeatureGroup:
    """Border of the chosen district."""
    return _group("border", inert(district))


def choropleth_layer(colours: Colours, chosen: str | None) -> folium.FeatureGroup:
    """Colour the ground's districts, which get their land colour back when the layer goes."""
    fills = [[inert(cell) for cell in row] for row in colours.fills]
    borders = [(code, *symbols.STUDIED) for code in colours.studied]
    borders += [(code, *line) for code in colours.compared for line in symbols.COMPARED]
    borders += [(chosen, *line) for line in symbols.CHOSEN if chosen]
    lines = [[inert(code), inert(colour), width] for code, colour, width in borders]
    signs = [[inert(sign), round(lat, 4), round(lon, 4)] for sign, lat, lon in colours.signs]
    return _group("choropleth", fills, lines, signs, [inert(code) for code in colours.named])


def words_layer(scene: MapScene, say: Messages, *, filtering: bool = False) -> folium.FeatureGroup:
    """Legend, titles of the map's buttons and of the map, attribution: per language."""
    titles = [inert(title) for title in buttons(say)]
    credit = inert(" · ".join(scene.attribution))
    legend = legend_html(say, scene.legend, scene.topic, filtering=filtering)
    return _group("words", legend, titles, credit, layer=False)


def buttons(say: Messages) -> list[str]:
    """Titles of the map's buttons, in their order, and of the map."""
    return [say(f"map.{title}") for title in ("zoom_in", "zoom_out", "fit", "province", "title")]


def legend_html(
    say: Messages, legend: Iterable[Line], topic: str = "", *, filtering: bool = False
) -> str:
    """The legend as safe HTML; the class of a line is its layer.

    What the map is of and its scale stay in sight when the rest is folded. ``filtering`` makes
    buttons of the lines that filter.
    """
    lines = [*legend]
    folds = next((at for at, line in enumerate(lines) if line.layer != lines[0].layer), 0)
    first = folds if topic and lines[0].layer != "colours" else 0
    head = f"<p>{inert(topic)}</p>" if topic else ""
    in_sight = head + _listed(lines[:first]) if first else ""
    summary = f"<summary>{inert(say('map.legend'))}</summary>"
    rest = ("" if first else head) + _listed(lines[first:], filtering=filtering)
    return f"{in_sight}<details>{summary}{rest}</details>"


def _listed(lines: Iterable[Line], *, filtering: bool = False) -> str:
    items = []
    for line in lines:
        told = f"{line.drawing.svg()}<span>{inert(line.words)}</span>"
        if filtering and line.filters:
            state = f'data-code="{inert(line.filters)}" aria-pressed="{str(line.chosen).lower()}"'
            told = f'<button type="button" {state}>{told}</button>'
        items.append(f'<li class="{line.layer}">{told}</li>')
    return f"<ul>{''.join(items)}</ul>"


def _group(function: str, *arguments: Any, layer: bool = True) -> folium.FeatureGroup:
    group = folium.FeatureGroup(control=False)
    group.add_child(Call(function, *arguments, layer=layer))
    return group
