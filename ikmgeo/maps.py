"""The map: a folium map that needs no internet, and the layers laid over it.

Layers are rebuilt at every change and sent beside the map, which stays as it is. Words come in
ready-made, in the reader's language; every value from data passes ``inert`` on its way in.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import folium
import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from folium.template import Template

from ikmgeo import assets, linkage, symbols
from ikmgeo.markup import inert
from ikmgeo.vocabulary import PROVINCE, UTM_47N, WGS84

AREA_TOLERANCE_DEG: Final = 0.0005
"""How far the drawn border of an area may lie beside it; about 50 m."""


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
    province: Sequence[Sequence[float]]


def ground(
    districts: gpd.GeoDataFrame, lakes: gpd.GeoDataFrame, surroundings: gpd.GeoDataFrame
) -> Ground:
    """Prepare polygons (WGS84) once; ``districts`` is indexed by ``district_code``."""
    box = districts.total_bounds.round(4).tolist() if len(districts) else PROVINCE
    west, south, east, north = box
    codes = [inert(code) for code in districts.index]
    layers = [
        [_features(surroundings), symbols.OUTSIDE, symbols.OUTSIDE],
        [_features(districts, district_code=codes), symbols.LAND, symbols.BORDER],
        [_features(lakes), symbols.SEA, symbols.SHORE],
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
        rows.append([inert(name), round(inside[1], 4), round(inside[0], 4), round(east - west, 3)])
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
        signs = [[c, s.path, s.fill] for c, s in symbols.EVERY_SIGN.items()]
        self.options = {**options, "signs": signs, "patterns": [symbols.LAND, symbols.BORDER]}


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
        centers["category"].map({c: inert(c) for c in centers["category"].unique()}).tolist(),
        centers["conflicting"].astype(int).tolist(),
        map(inert, names.tolist()),
        map(inert, below.tolist()),
    )
    rows = list(zip(*columns, strict=True))
    return _group(
        Call("centers", rows, len(rows) >= symbols.MANY, inert(choose), inert(more), layer=True)
    )


def markers_layer(rows: Iterable[Sequence[Any]]) -> folium.FeatureGroup:
    """Zones and places: rows of kind, row number, lat, lon, svg, name and the line below it."""
    listed = [
        [inert(kind), int(at), lat, lon, svg, inert(name), inert(line)]
        for kind, at, lat, lon, svg, name, line in rows
    ]
    return _group(Call("markers", listed, layer=True))


def zone_shapes(zones: pd.DataFrame, footprints: gpd.GeoDataFrame) -> folium.FeatureGroup:
    """Footprints: the polygon where one is known, else a circle of the same area, dashed."""
    group = folium.FeatureGroup(control=False)
    line: dict[str, Any] = {
        "color": symbols.ZONE_COLOUR,
        "fill": True,
        "fill_color": symbols.ZONE_COLOUR,
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
        known = footprints.geometry.loc[zone_id] if zone_id in footprints.index else None
        for ring in shapely.get_parts(_reach(zone, known, km)):
            _polygon(
                ring,
                color=symbols.ZONE_COLOUR,
                weight=weight,
                dash_array="8 6",
                fill=False,
                interactive=False,
            ).add_to(group)
    return group


def _reach(zone: pd.Series, footprint: shapely.Geometry | None, km: float) -> shapely.Geometry:
    if footprint is not None:
        metric = gpd.GeoSeries([footprint], crs=WGS84).to_crs(UTM_47N)
        return metric.buffer(km * 1000).to_crs(WGS84).iloc[0]
    azimuth = np.linspace(0, 360, 120, endpoint=False)
    start = (np.full_like(azimuth, zone["lon"]), np.full_like(azimuth, zone["lat"]))
    lon, lat, _ = linkage.GEOD.fwd(*start, azimuth, np.full_like(azimuth, km * 1000))
    return shapely.polygons(np.column_stack([lon, lat]))


def _polygon(ring: shapely.Polygon, **style: Any) -> folium.Polygon:
    corners = [[round(y, 4), round(x, 4)] for x, y in ring.exterior.coords]
    return folium.Polygon(corners, **style)


def flow_layer(rows: Iterable[Sequence[Any]]) -> folium.FeatureGroup:
    """Lines from centers to zones: lat and lon of both ends, width in px, tooltip."""
    listed = [[*(round(x, 5) for x in ends), width, inert(tip)] for *ends, width, tip in rows]
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
            color=symbols.INK,
            weight=1.5,
            dash_array="3 5",
            fill=True,
            fill_color=symbols.INK,
            fill_opacity=0.06,
            interactive=False,
        ).add_to(group)
    told = []
    for zone_id, words in distances.items():
        end = linkage.end_of_line(center, zones.loc[zone_id], footprints)
        folium.PolyLine(
            [at, end], color=symbols.ZONE_COLOUR, weight=2, dash_array="2 5", interactive=False
        ).add_to(group)
        told.append([*(round(float(x), 5) for x in (*at, *end)), inert(words)])
    group.add_child(Call("amounts", told, layer=True))
    folium.CircleMarker(at, 16, color=symbols.INK, weight=3, fill=False, interactive=False).add_to(
        group
    )
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
    line = {"color": symbols.INK, "weight": 3, "fill": False, "interactive": False}
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
    listed = [[inert(cell) for cell in row] for row in rows]
    lines = [[inert(code), inert(colour), width] for code, colour, width in outlines]
    signs = [[inert(sign), round(lat, 4), round(lon, 4)] for sign, lat, lon in marks]
    return _group(Call("choropleth", listed, lines, signs, layer=True))


def words_layer(legend: str, titles: Sequence[str], attribution: str) -> folium.FeatureGroup:
    """Legend (safe HTML), titles of the map's buttons and of the map, attribution: per language."""
    return _group(Call("words", legend, [inert(t) for t in titles], inert(attribution)))


def _group(call: Call) -> folium.FeatureGroup:
    group = folium.FeatureGroup(control=False)
    group.add_child(call)
    return group
