"""What a map shows to find one's way: main roads, railways, rivers and towns.

The towns are shipped; an extract of OpenStreetMap brings all four, as its own file (``.osm.pbf``,
``.osm``) or as Geofabrik's (zipped shapefiles, GeoPackage). Each row is told by its class, so that
neither names nor order of layers matter.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from ikmgeo.errors import DataError, Issue
from ikmgeo.reading import map_layers, road_tags
from ikmgeo.reading.bounds import LINES, Meter
from ikmgeo.reading.formats import content
from ikmgeo.reading.map_layers import Wanted
from ikmgeo.vocabulary import WGS84, Bounds

ACCEPTED: Final = ("osm.pbf", "osm", "zip", "gpkg")

GEONAMES, OPENSTREETMAP = "geonames", "openstreetmap"
CREDITED: Final = (GEONAMES, OPENSTREETMAP)
"""Sources that have a message of their own; any other is told by the name of its file."""

MAIN_ROADS: Final = ("motorway", "trunk", "primary", "secondary")
CLASSES: Final[Mapping[str, tuple[str, ...]]] = {
    "roads": (*MAIN_ROADS, *(f"{road}_link" for road in MAIN_ROADS)),
    "railways": ("rail", "light_rail", "narrow_gauge"),
    "rivers": ("river", "canal"),
    "towns": ("city", "town"),
}
"""Classes of each layer, in the words of OpenStreetMap."""

COLUMNS: Final[Mapping[str, str]] = {
    **{"roads": "highway", "railways": "railway", "rivers": "waterway", "towns": "place"},
}
"""Column of the classes of each layer in OpenStreetMap's own files."""

GEOFABRIK: Final = "fclass"
"""Column of the classes in any of Geofabrik's layers."""

SIDINGS: Final = ("yard", "siding", "spur", "crossover")
"""Tracks beside a railway, by the tag ``service``."""

WANTED: Final = Wanted(
    (*COLUMNS.values(), GEOFABRIK, "osm_id", "name", "population", "other_tags"), points=True
)

CITY: Final = 100_000
"""People from which on a town whose source does not say it is a city."""

IMPORTANCE: Final = (
    *("motorway", "trunk", "rail", "primary", "river", "secondary"),
    *("light_rail", "narrow_gauge", "canal", *(f"{road}_link" for road in MAIN_ROADS)),
)
"""Classes of lines, those that go last first."""

TOLERANCES_DEG: Final = (0.0003, 0.001, 0.003)
"""How far a line that is kept may lie beside what was read, about 30 to 300 m: the first that
leaves no more than ``MOST_CORNERS``."""

DECIMALS: Final = 5
"""Of degrees; the fifth is about a metre."""

LONGEST_NAME: Final = 100

MOST_CORNERS: Final = 200_000
"""Of all lines and towns together: about 4 MB, which a map still draws at once."""


@dataclass(frozen=True, eq=False)
class Orientation:
    """Layers to find one's way by, all WGS84.

    Parameters
    ----------
    roads, railways, rivers
        Lines with ``class``, one of ``CLASSES``, and ``name``, empty without.
    towns
        Points with ``name``, ``class`` (``city``, ``town``) and ``population``, NaN where it is
        not known.
    attribution
        Who must be named for what is in it: of ``CREDITED``, or the name of a file.
    left_out
        Lines of the file that a map could not draw beside the rest.
    """

    roads: gpd.GeoDataFrame
    railways: gpd.GeoDataFrame
    rivers: gpd.GeoDataFrame
    towns: gpd.GeoDataFrame
    attribution: tuple[str, ...]
    left_out: int = 0

    @property
    def lines(self) -> list[str]:
        """Names of the layers of lines that hold some."""
        return [layer for layer in ("roads", "railways", "rivers") if len(getattr(self, layer))]

    def over(self, other: "Orientation") -> "Orientation":
        """The same, with the towns of the other where it has none."""
        if len(self.towns):
            return self
        return replace(self, towns=other.towns, attribution=self.attribution + other.attribution)


def shipped(towns: pd.DataFrame) -> Orientation:
    """The shipped towns alone; ``towns`` are as from ``validate.check_towns``."""
    table = gpd.GeoDataFrame(
        {
            "name": towns["name_id"],
            "class": np.where(towns["population"] >= CITY, "city", "town"),
            "population": towns["population"].astype(float),
        },
        geometry=gpd.points_from_xy(towns["lon"], towns["lat"]),
        crs=WGS84,
    )
    none = gpd.GeoDataFrame({"class": [], "name": []}, geometry=[], crs=WGS84)
    return Orientation(none, none, none, table, (GEONAMES,) if len(table) else ())


def read_orientation(
    name: str, source: bytes, *, box: Bounds, limit_mb: float | None = None
) -> Orientation:
    """Read what lies in and around a province, its format recognised by content.

    Parameters
    ----------
    name
        Name of the file as the user knows it.
    box
        Of the province, in degrees.
    limit_mb
        In MB (1,000,000 bytes).

    Raises
    ------
    DataError
        The file is empty, too large, broken, of another format, holds more towns than a map can
        show, or nothing to find one's way by in the box.

    Notes
    -----
    Lines of one class and name are joined where they meet, and simplified. Where that leaves more
    than ``MOST_CORNERS``, those of the classes that tell least are left out, the shortest first.
    """
    data, found = map_layers.unwrapped(
        content(source, name, limit_mb), Meter(name, LINES), map_layers.SOURCES, ACCEPTED
    )
    meter = Meter(name, replace(LINES, **map_layers.OSM_BOUNDS))
    parts: list[gpd.GeoDataFrame] = []
    with (
        map_layers.sound(name, found),
        map_layers.SOURCES[found](data, meter, WANTED) as sources,
    ):
        from_osm = found == "osm"
        for one in sources:
            fields = one.fields
            if (rows := _rows(fields)) is None:
                continue
            from_osm |= "osm_id" in fields
            frame, _ = map_layers.streamed(replace(one, where=rows), WANTED, box, meter)
            parts.append(_classed(frame, one.crs))
        layers = {layer: _layer(layer, parts, box) for layer in CLASSES}
    if not any(map(len, layers.values())):
        raise DataError([Issue("orientation_nothing", name)])
    for tolerance in TOLERANCES_DEG:
        layers = {layer: _simplified(frame, tolerance) for layer, frame in layers.items()}
        corners = sum(int(frame.count_coordinates().sum()) for frame in layers.values())
        if corners <= MOST_CORNERS:
            break
    meter.parts(len(layers["towns"]), MOST_CORNERS)
    kept = _most(layers)
    left_out = sum(len(layers[layer]) - len(kept[layer]) for layer in layers)
    return Orientation(
        **kept, attribution=(OPENSTREETMAP if from_osm else name,), left_out=left_out
    )


def _most(layers: Mapping[str, gpd.GeoDataFrame]) -> dict[str, gpd.GeoDataFrame]:
    """All towns, and of the lines those that tell most, as many as a map can draw."""
    lines = pd.concat([frame.assign(layer=n) for n, frame in layers.items() if n != "towns"])
    rank = lines["class"].map({code: at for at, code in enumerate(IMPORTANCE)})
    lines = lines.iloc[np.lexsort((-shapely.length(lines.geometry.to_numpy()), rank))]
    corners = len(layers["towns"]) + shapely.get_num_coordinates(lines.geometry.to_numpy()).cumsum()
    lines = lines[corners <= MOST_CORNERS]
    kept = {
        name: frame[frame.index.isin(lines.index[lines["layer"] == name])]
        for name, frame in layers.items()
    }
    return {**kept, "towns": layers["towns"]}


def _simplified(frame: gpd.GeoDataFrame, tolerance: float) -> gpd.GeoDataFrame:
    # Of lines no topology is to be preserved: where they cross themselves it keeps every corner.
    simple = shapely.simplify(frame.geometry.to_numpy(), tolerance, preserve_topology=False)
    rounded = shapely.transform(simple, lambda corners: corners.round(DECIMALS))
    return frame.set_geometry(gpd.GeoSeries(rounded, frame.index, crs=frame.crs))


def _rows(fields: Iterable[str]) -> str | None:
    """Which rows of a layer with these columns have a class of ours; None where none can have."""
    every = tuple(value for values in CLASSES.values() for value in values)
    classes = {column: CLASSES[layer] for layer, column in COLUMNS.items()} | {GEOFABRIK: every}
    told = [map_layers.where(column, classes[column]) for column in classes if column in fields]
    return " OR ".join(told) or None


def _classed(frame: gpd.GeoDataFrame, crs: Any) -> gpd.GeoDataFrame:
    """Rows with ``layer``, ``class``, ``name`` and ``population``, WGS84; those in use."""
    known = {value: layer for layer, values in CLASSES.items() for value in values}
    told: pd.Series[Any] = pd.Series(np.nan, frame.index, dtype="str")
    for layer, column in COLUMNS.items():
        tag = road_tags.tag(frame, column)
        told = told.fillna(tag.where(tag.isin(CLASSES[layer])))
    told = told.fillna(road_tags.tag(frame, GEOFABRIK))
    beside = road_tags.tag(frame, "service").isin(SIDINGS)
    people = pd.to_numeric(road_tags.tag(frame, "population"), errors="coerce")
    names = frame.get("name", pd.Series("", frame.index)).astype("str").fillna("")
    table = gpd.GeoDataFrame(
        {
            "layer": told.map(known),
            "class": told,
            "name": names.str.strip().str.slice(0, LONGEST_NAME),
            "population": people.where(people > 0).astype(float),
        },
        geometry=frame.geometry.to_numpy(),
        crs=crs or WGS84,
    )
    return table[table["layer"].notna() & ~beside].to_crs(WGS84)


def _layer(layer: str, parts: list[gpd.GeoDataFrame], box: Bounds) -> gpd.GeoDataFrame:
    """One layer of all parts: points as they are, lines cut to the box and joined."""
    columns = ["class", "name", *(["population"] if layer == "towns" else [])]
    empty = gpd.GeoDataFrame({column: [] for column in columns}, geometry=[], crs=WGS84)
    some = [part[part["layer"].eq(layer)] for part in parts]
    rows = pd.concat([empty, *(part for part in some if len(part))], ignore_index=True)
    kinds = rows.geometry.geom_type
    if layer == "towns":
        return rows.loc[kinds.eq("Point") & rows["name"].ne(""), [*columns, "geometry"]]
    rows = rows[kinds.isin(["LineString", "MultiLineString"])].reset_index(drop=True)
    alike = rows.groupby(["class", "name"]).indices
    shapes = rows.geometry.to_numpy()
    joined = [_joined(shapes[at], box) for at in alike.values()]
    lines = gpd.GeoDataFrame([*alike], columns=columns, geometry=joined, crs=WGS84)
    lines = lines[~lines.geometry.is_empty]
    nameless = lines["name"].eq("")  # each for itself: they are not one river
    return pd.concat([lines[~nameless], lines[nameless].explode()], ignore_index=True)


def _joined(lines: Any, box: Bounds) -> Any:
    """Lines as one geometry, cut to the box and joined where they meet."""
    parts = shapely.get_parts(shapely.clip_by_rect(lines, *map_layers.around(box)))
    parts = parts[shapely.length(parts) > 0]
    return shapely.line_merge(shapely.multilinestrings(parts))
