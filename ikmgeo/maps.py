"""The map: a folium map that needs no internet, and the layers laid over it.

Layers are rebuilt at every change and sent beside the map, which stays as it is. Words come in
ready-made, in the reader's language; every value from data passes ``text`` on its way in.
"""

import hashlib
import html
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import folium
import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from folium.template import Template

from ikmgeo import assets, linkage
from ikmgeo.vocabulary import WGS84, Bounds

LAND, SEA, OUTSIDE = "#f2efe9", "#cfe3ee", "#e3ddd0"
BORDER, SHORE = "#8d8778", "#7fa6bb"
ZONE_COLOUR: Final = "#6a1b6a"
INK: Final = "#1f2328"
CHOSEN: Final = (("#ffffff", 8.0), ("#0b57d0", 4.5))
"""Border of the chosen district on a map of colours: a light casing, then the line."""
STUDIED: Final = (INK, 2.4)
"""Border of the districts that the source studied."""

SHADES: Final = ("#c9ead6", "#98d2b1", "#6db890", "#499c73", "#32805a", "#226445")
"""Classes of a measure, low to high: one hue, darker in even steps, so ordered in grey too."""

NO_CENTER, NO_VALUE = "hatch", "dots"
"""Fills of districts that nobody surveyed, and of those whose centers have no such value."""

AREA_TOLERANCE_DEG: Final = 0.0005
"""How far the drawn border of an area may lie beside it; about 50 m."""

MANY = 400
"""From this number of centers on, signs are drawn smaller."""


@dataclass(frozen=True)
class Sign:
    """Shape of a category as an SVG path in a box of -1 to 1, and its colour."""

    path: str
    fill: str


SIGNS: Final[Mapping[str, Sign]] = {
    "excellent": Sign(
        "M0-1.2 .34-.42 1.18-.36 .53.18 .75 1 0 .54-.75 1-.53.18-1.18-.36-.34-.42Z", "#0072b2"
    ),
    "developing": Sign("M1 0A1 1 0 1 1-1 0A1 1 0 1 1 1 0Z", "#009e73"),
    "potential": Sign("M0-1.1 1.1 .85-1.1 .85Z", "#e69f00"),
    "under_development": Sign("M0-1.15 1.15 0 0 1.15-1.15 0Z", "#d55e00"),
    "several": Sign("M-.95-.95H.95V.95H-.95ZM-.6-.5H.6V-.14H-.6ZM-.6.14H.6V.5H-.6Z", "#1f2328"),
    "none": Sign("M-.95-.95H.95V.95H-.95ZM-.55-.18H.55V.18H-.55Z", "#ffffff"),
    "unscored": Sign(
        "M1 0A1 1 0 1 1-1 0A1 1 0 1 1 1 0ZM.5 0A.5 .5 0 1 0-.5 0A.5 .5 0 1 0 .5 0Z", "#ffffff"
    ),
}
"""Okabe-Ito colours, safe for colour-blind readers, each with a shape of its own."""

OUTCOMES: Final[Mapping[str, Sign]] = {
    "better": Sign("M0-1.25 1.1 0H.45V1.15H-.45V0H-1.1Z", "#0072b2"),
    "worse": Sign("M0 1.25-1.1 0H-.45V-1.15H.45V0H1.1Z", "#d55e00"),
    "same": Sign("M.6 0A.6 .6 0 1 1-.6 0A.6 .6 0 1 1 .6 0Z", "#b4b8bd"),
    "reached": Sign("M0-1.25 1.1 0H.45V1.15H-.45V0H-1.1Z", "#ffffff"),
    "lost": Sign("M0 1.25-1.1 0H-.45V-1.15H.45V0H1.1Z", "#ffffff"),
    "unknown": SIGNS["unscored"],
}
"""How centers fare under a scenario: arrows up and down, told apart without their colour."""

EVERY_SIGN: Final[Mapping[str, Sign]] = {**SIGNS, **OUTCOMES}

ICONS: Final[Mapping[str, str]] = {
    "sez": "M-.95-.55-.55-.95H.55L.95-.55V.55L.55.95H-.55L-.95.55Z",
    "ie": "M-.9.9V-.5L-.3 0V-.5L.3 0V-.9H.9V.9Z",
    "port": "M-.14-.3H-.5V-.55H-.14V-.6A.3.3 0 1 1 .14-.6V-.55H.5V-.3H.14V.6Q.6.5.65.05"
    "L.95.3Q.7.95 0 .98-.7.95-.95.3L-.65.05Q-.6.5-.14.6Z",
    "airport": "M0-1Q.16-.95 .16-.7V-.25L.95.25V.48L.16.25V.65L.42.85V1L0 .9-.42 1V.85"
    "L-.16.65V.25L-.95.48V.25L-.16-.25V-.7Q-.16-.95 0-1Z",
    "air_base": "M0-.95 .25-.29 .95-.26 .4 .18 .59 .86 0 .47-.59 .86-.4 .18-.95-.26-.25-.29Z",
    "toll_gate": "M-.9-.9H-.6V-.45H.9V-.1H.55V.9H.25V-.1H-.25V.9H-.55V-.1H-.6V.9H-.9Z",
}


def text(value: object) -> str:
    """Any value as text that is inert in HTML, in a script and in a Jinja template.

    folium renders what it is given as a template on the server, twice, and as HTML and JavaScript
    in the browser; escaping HTML alone leaves ``{{ … }}`` and ``${…}`` alive.
    """
    escaped = html.escape(str(value), quote=True)
    return _ACTIVE.sub(lambda found: f"&#{ord(found[0])};", escaped)


_ACTIVE: Final = re.compile(r"[`$\\{}%]")


class OfflineMap(folium.Map):
    """A Leaflet map whose scripts and styles come from this machine; no tiles unless asked."""

    default_js = assets.SCRIPT_URLS
    default_css = assets.STYLE_URLS

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

    def __init__(self, **options: Any) -> None:
        """Create the map; ``options`` go to Leaflet."""
        super().__init__(tiles=None, prefer_canvas=True, **options)
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

    Arguments are numbers, texts that passed ``text`` and lists of them: with no braces left in
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
    province: Sequence[Sequence[float]]


def ground(
    districts: gpd.GeoDataFrame,
    lakes: gpd.GeoDataFrame,
    surroundings: gpd.GeoDataFrame,
    bounds: Bounds,
) -> Ground:
    """Prepare polygons (WGS84) once; ``districts`` is indexed by ``district_code``."""
    west, south, east, north = (round(side, 4) for side in bounds)
    codes = [text(code) for code in districts.index]
    layers = [
        [_features(surroundings), OUTSIDE, OUTSIDE],
        [_features(districts, district_code=codes), LAND, BORDER],
        [_features(lakes), SEA, SHORE],
    ]
    drawn = json.dumps([layers, _names(districts)], separators=(",", ":")).replace("<", "\\u003c")
    name = hashlib.sha256(drawn.encode()).hexdigest()[:16]
    return Ground(name, f'ikmgeo.grounds["{name}"]={drawn};', [[south, west], [north, east]])


def _features(frame: gpd.GeoDataFrame, **properties: object) -> dict[str, Any]:
    bare = gpd.GeoDataFrame(properties, index=range(len(frame)), geometry=frame.geometry.to_numpy())
    return dict(json.loads(bare.to_json()))


def _names(districts: gpd.GeoDataFrame) -> list[list[object]]:
    """Name, place and width in degrees of each district, widest first."""
    rows: list[list[object]] = []
    for name, polygon in zip(districts["short_name"], districts.geometry, strict=True):
        inside = shapely.maximum_inscribed_circle(polygon, tolerance=0.02).coords[0]
        west, _, east, _ = polygon.bounds
        rows.append([text(name), round(inside[1], 4), round(inside[0], 4), round(east - west, 3)])
    return sorted(rows, key=lambda row: -float(str(row[3])))


def base_map(
    ground: Ground,
    script_url: str,
    *,
    fit: Sequence[Sequence[float]] | None,
    key: str | None,
    position: Sequence[float] | None = None,
    large: bool = False,
    placing: bool = False,
) -> OfflineMap:
    """Sea, neighbours, districts with names, lake, scale, and online tiles that start unticked.

    Parameters
    ----------
    ground
        What to draw, from ``ground()``.
    script_url
        Where the browser finds the ground's script.
    fit
        South-west and north-east corner, [lat, lon] each, of the first view; None for the whole
        province.
    key
        Name under which this browser tab remembers where the reader left the map; None for a map
        that always opens the same.
    position
        Latitude, longitude and zoom of the first view, in place of ``fit``.
    large
        Signs and letters to be read from the back of a room.
    placing
        Whether a tap puts something down where it falls, instead of choosing a sign.
    """
    (south, west), (north, east) = ground.province
    chart = OfflineMap(
        location=[(south + north) / 2, (west + east) / 2],
        zoom_start=8,
        min_zoom=6,
        max_zoom=18,
        zoom_snap=0.5,
        max_bounds=[[south - 4, west - 5], [north + 4, east + 5]],
    )
    for name, address, attribution, finest in ONLINE_TILES:
        folium.TileLayer(
            address,
            name=name,
            attr=attribution,
            overlay=True,
            show=False,
            max_native_zoom=finest,
            max_zoom=18,
        ).add_to(chart)
    chart.default_js = [*assets.SCRIPT_URLS, ("ground", script_url)]
    chart.add_child(
        Prepare(
            ground=ground.name,
            fit=fit,
            province=ground.province,
            key=key,
            position=position,
            large=large,
            placing=placing,
        )
    )
    return chart


def tile_control() -> folium.LayerControl:
    """Control of the online tile layers, the only part of the map that needs a connection."""
    return folium.LayerControl(position="topright", collapsed=True)


ONLINE_TILES: Final = (
    (
        "OpenStreetMap",
        "https://tile.openstreetmap.org/{z}/{x}/{y}.png",
        '&copy; <a href="https://www.openstreetmap.org/copyright">OpenStreetMap</a>',
        18,
    ),
    (
        "Esri World Imagery",
        "https://server.arcgisonline.com/ArcGIS/rest/services/World_Imagery/MapServer/tile/{z}/{y}/{x}",
        "Esri, Maxar, Earthstar Geographics",
        17,
    ),
)


class Prepare(folium.MacroElement):
    """First call on a new map: ground, signs, scale, home buttons, names, remembered view."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
            ikmgeo.prepare({{ this._parent.get_name() }}, {{ this.options|tojson }});
        {% endmacro %}
        """
    )

    def __init__(self, **options: Any) -> None:
        """Keep the options of ``prepare`` in ``static/map.js``."""
        super().__init__()  # type: ignore[no-untyped-call]
        signs = [[c, s.path, s.fill] for c, s in EVERY_SIGN.items()]
        self.options = {**options, "signs": signs, "patterns": [LAND, BORDER]}


def centers_layer(
    centers: pd.DataFrame, names: pd.Series, below: pd.Series, choose: str, more: str
) -> folium.FeatureGroup:
    """Signs of the centers; a click answers with the center's position in ``at``.

    Parameters
    ----------
    centers
        ``at`` (row number in the whole table), ``lat``, ``lon``, ``category``, ``conflicting``.
    names, below
        What the tooltip says, on the same index.
    choose, more
        Heading of the list that opens where signs lie on one another, and its last line.
    """
    columns = (
        centers["at"].tolist(),
        centers["lat"].round(5).tolist(),
        centers["lon"].round(5).tolist(),
        centers["category"].map({c: text(c) for c in centers["category"].unique()}).tolist(),
        centers["conflicting"].astype(int).tolist(),
        map(text, names.tolist()),
        map(text, below.tolist()),
    )
    rows = list(zip(*columns, strict=True))
    return _group(Call("centers", rows, len(rows) >= MANY, text(choose), text(more), layer=True))


def markers_layer(rows: Iterable[Sequence[Any]]) -> folium.FeatureGroup:
    """Zones and places: rows of kind, row number, lat, lon, svg, name and the line below it."""
    listed = [
        [text(kind), int(at), lat, lon, svg, text(name), text(line)]
        for kind, at, lat, lon, svg, name, line in rows
    ]
    return _group(Call("markers", listed, layer=True))


def zone_shapes(zones: pd.DataFrame, footprints: gpd.GeoDataFrame) -> folium.FeatureGroup:
    """Footprints: the polygon where one is known, else a circle of the same area, dashed."""
    group = folium.FeatureGroup(control=False)
    line: dict[str, Any] = {
        "color": ZONE_COLOUR,
        "fill": True,
        "fill_color": ZONE_COLOUR,
        "interactive": False,
    }
    for zone_id, zone in zones.iterrows():
        if zone_id in footprints.index:
            outline = footprints.geometry.loc[zone_id]
            for ring in shapely.get_parts(outline):
                _polygon(ring, weight=2, fill_opacity=0.25, **line).add_to(group)
        elif zone["area_ha"] > 0:
            radius_m = float(np.sqrt(zone["area_ha"] * 10_000 / np.pi))
            folium.Circle(
                [zone["lat"], zone["lon"]],
                radius_m,
                weight=1.5,
                dash_array="4 4",
                fill_opacity=0.15,
                **line,
            ).add_to(group)
    return group


def ring_layer(
    zones: pd.DataFrame, footprints: gpd.GeoDataFrame, km: float, *, weight: float = 2
) -> folium.FeatureGroup:
    """Outline of everything within ``km`` of the zones' footprints or reference points."""
    group = folium.FeatureGroup(control=False)
    for zone_id, zone in zones.iterrows():
        known = footprints["metric"].loc[[zone_id]] if zone_id in footprints.index else None
        for ring in shapely.get_parts(_reach(zone, known, km)):
            _polygon(
                ring,
                color=ZONE_COLOUR,
                weight=weight,
                dash_array="8 6",
                fill=False,
                interactive=False,
            ).add_to(group)
    return group


def _reach(zone: pd.Series, footprint: gpd.GeoSeries | None, km: float) -> shapely.Geometry:
    if footprint is not None:
        return footprint.buffer(km * 1000).to_crs(WGS84).iloc[0]
    azimuth = np.linspace(0, 360, 120, endpoint=False)
    start = (np.full_like(azimuth, zone["lon"]), np.full_like(azimuth, zone["lat"]))
    lon, lat, _ = linkage.GEOD.fwd(*start, azimuth, np.full_like(azimuth, km * 1000))
    return shapely.polygons(np.column_stack([lon, lat]))


def _polygon(ring: shapely.Polygon, **style: Any) -> folium.Polygon:
    corners = [[round(y, 4), round(x, 4)] for x, y in ring.exterior.coords]
    return folium.Polygon(corners, **style)


def flow_layer(rows: Iterable[Sequence[Any]]) -> folium.FeatureGroup:
    """Lines from centers to zones: lat and lon of both ends, width in px, tooltip."""
    listed = [[*(round(x, 5) for x in ends), width, text(tip)] for *ends, width, tip in rows]
    return _group(Call("flows", listed, layer=True))


def center_focus(
    center: pd.Series,
    area: shapely.Geometry | None,
    zones: pd.DataFrame,
    footprints: gpd.GeoDataFrame,
    distances: Mapping[str, str],
) -> folium.FeatureGroup:
    """The selected center: the area it may lie in, lines to the zones with their km."""
    group = folium.FeatureGroup(control=False)
    at = [center["lat"], center["lon"]]
    for rings in area_corners(area) if area is not None else []:
        folium.Polygon(
            rings,
            color=INK,
            weight=1.5,
            dash_array="3 5",
            fill=True,
            fill_color=INK,
            fill_opacity=0.06,
            interactive=False,
        ).add_to(group)
    told = []
    for zone_id, words in distances.items():
        end = linkage.end_of_line(center, zones.loc[zone_id], footprints)
        folium.PolyLine(
            [at, end], color=ZONE_COLOUR, weight=2, dash_array="2 5", interactive=False
        ).add_to(group)
        told.append([*(round(float(x), 5) for x in (*at, *end)), text(words)])
    group.add_child(Call("amounts", told, layer=True))
    folium.CircleMarker(at, 16, color=INK, weight=3, fill=False, interactive=False).add_to(group)
    group.add_child(Call("reveal", *at))
    return group


def area_corners(area: shapely.Geometry) -> list[list[list[list[float]]]]:
    """Latitude and longitude of the corners, per part its outline and its holes; simplified."""
    simple = shapely.simplify(area, AREA_TOLERANCE_DEG)
    return [
        [
            shapely.get_coordinates(ring)[:-1, ::-1].round(4).tolist()
            for ring in (part.exterior, *part.interiors)
        ]
        for part in shapely.get_parts(simple)
    ]


def district_focus(polygon: shapely.Geometry) -> folium.FeatureGroup:
    """Outline of the selected district."""
    group = folium.FeatureGroup(control=False)
    outline = {"type": "Feature", "properties": {}, "geometry": shapely.geometry.mapping(polygon)}
    line = {"color": INK, "weight": 3, "fill": False, "interactive": False}
    folium.GeoJson(outline, style_function=lambda _: line, control=False, interactive=False).add_to(
        group
    )
    return group


def choropleth_layer(
    rows: Iterable[Sequence[str]],
    outlines: Iterable[tuple[str, str, float]],
    marks: Iterable[tuple[str, float, float]] = (),
) -> folium.FeatureGroup:
    """Colour the ground's districts, which get their land colour back when the layer goes.

    Parameters
    ----------
    rows
        District code, fill (a colour, ``NO_CENTER`` or ``NO_VALUE``), and the name and the line
        below it in the tooltip.
    outlines
        Borders above the colours, in the order they are drawn: district code, colour, width in px.
    marks
        Category signs, with lat and lon of each.
    """
    listed = [[text(cell) for cell in row] for row in rows]
    lines = [[text(code), text(colour), width] for code, colour, width in outlines]
    signs = [[text(sign), round(lat, 4), round(lon, 4)] for sign, lat, lon in marks]
    return _group(Call("choropleth", listed, lines, signs, layer=True))


def shades(count: int) -> tuple[str, ...]:
    """Colours of so many classes, low to high: light to dark, as far apart as they can be."""
    at = np.linspace(0, len(SHADES) - 1, count) if count > 1 else np.full(count, 2)
    channels = [[int(colour[i : i + 2], 16) for colour in SHADES] for i in (1, 3, 5)]
    mixed = [np.interp(at, range(len(SHADES)), c).round().astype(int) for c in channels]
    return tuple(f"#{r:02x}{g:02x}{b:02x}" for r, g, b in zip(*mixed, strict=True))


def words_layer(legend: str, titles: Sequence[str], attribution: str) -> folium.FeatureGroup:
    """Legend (safe HTML), titles of the map's buttons and of the map, attribution: per language."""
    return _group(Call("words", legend, [text(t) for t in titles], text(attribution)))


def _group(call: Call) -> folium.FeatureGroup:
    group = folium.FeatureGroup(control=False)
    group.add_child(call)
    return group


def sign_svg(code: str, *, size: int = 16) -> str:
    """Sign of a category or an outcome as inline SVG, as the map draws it."""
    sign = EVERY_SIGN[code]
    path = f'd="{sign.path}" fill="{sign.fill}" fill-rule="evenodd"'
    return _svg(f'<path {path} stroke="{INK}" stroke-width=".18"/>', size)


def conflict_svg(*, size: int = 16) -> str:
    """The badge of conflicting claims as inline SVG."""
    mark = '<path d="M-.14-.6H.14V.1H-.14ZM-.14.3H.14V.58H-.14Z" fill="#fff"/>'
    return _svg(f'<circle r=".9" fill="{INK}"/>{mark}', size)


def footprint_svg(*, size: int = 16) -> str:
    """The dashed circle of a zone whose outline is not known, as inline SVG."""
    colours = f'fill="{ZONE_COLOUR}" fill-opacity=".15" stroke="{ZONE_COLOUR}"'
    return _svg(f'<circle r="1" {colours} stroke-width=".2" stroke-dasharray=".45 .35"/>', size)


def swatch_svg(fill: str, *, size: int = 16) -> str:
    """A square with the fill of a district, as inline SVG."""
    patterns = {
        NO_CENTER: f'<path d="M-1 0 0-1M-1 1 1-1M0 1 1 0" stroke="{BORDER}" stroke-width=".14"/>',
        NO_VALUE: "".join(
            f'<circle cx="{x}" cy="{y}" r=".17" fill="{BORDER}"/>'
            for x, y in ((-0.5, -0.5), (0.5, -0.5), (0, 0), (-0.5, 0.5), (0.5, 0.5))
        ),
    }
    square = f'<path d="M-1-1H1V1H-1Z" fill="{LAND if fill in patterns else fill}"'
    return _svg(f'{square} stroke="{INK}" stroke-width=".12"/>{patterns.get(fill, "")}', size)


def outline_svg(*, size: int = 16) -> str:
    """The bold border of a district, as inline SVG."""
    return _svg(f'<path d="M-1-.8H1V.8H-1Z" fill="none" stroke="{INK}" stroke-width=".4"/>', size)


def ring_svg(*, size: int = 16) -> str:
    """A piece of a threshold ring as inline SVG."""
    arc = f'<path d="M-1.1 .9A2 2 0 0 1 1.1-.9" fill="none" stroke="{ZONE_COLOUR}"'
    return _svg(f'{arc} stroke-width=".22" stroke-dasharray=".6 .35"/>', size)


def area_svg(*, size: int = 16) -> str:
    """The area that a center may lie in, as inline SVG."""
    look = f'fill="{INK}" fill-opacity=".07" stroke="{INK}" stroke-width=".2"'
    return _svg(
        f'<path d="M-1-.3-.2-1 .9-.6 1 .5 .1 1-.8.7Z" {look} stroke-dasharray=".3 .3"/>', size
    )


def flow_svg(*, size: int = 16) -> str:
    """A wide and a thin flow line as inline SVG."""
    line = f'fill="none" stroke="{ZONE_COLOUR}" stroke-opacity=".55" stroke-linecap="round"'
    wide, thin = ('d="M-1-.35H1" stroke-width=".7"', 'd="M-1 .65H1" stroke-width=".2"')
    return _svg(f"<path {wide} {line}/><path {thin} {line}/>", size)


def icon_svg(code: str, *, hollow: bool = False, size: int = 16) -> str:
    """Sign of a zone class or of a kind of place as inline SVG; hollow when unverified."""
    colour = ZONE_COLOUR if code in ("sez", "ie") else "#37474f"
    fill, stroke = ("#ffffff", colour) if hollow else (colour, "#ffffff")
    line = f'stroke="{stroke}" stroke-width=".2" paint-order="stroke"'
    return _svg(f'<path d="{ICONS[code]}" fill="{fill}" {line}/>', size)


def _svg(shapes: str, size: int) -> str:
    box = f'width="{size}" height="{size}" viewBox="-1.3 -1.3 2.6 2.6"'
    return f'<svg {box} aria-hidden="true">{shapes}</svg>'
