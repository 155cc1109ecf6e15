"""The base map of an installation: borders, zones and roads that take the place of the shipped.

Each kind is read from what publishers offer, recognised by what ikmgeo knows of the province, and
kept as tables of its own; see ``records.base_layers``.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from ikmgeo.errors import DataError, Issue
from ikmgeo.reading import gazetteer as gaz
from ikmgeo.reading import places, road_files
from ikmgeo.reading.columns import column_of
from ikmgeo.reading.gazetteer import Gazetteer
from ikmgeo.reading.orientation import CLASSES, OPENSTREETMAP, Orientation, read_orientation
from ikmgeo.reading.polygons import polygon_layers, polygonal
from ikmgeo.vocabulary import BASE_KINDS, WGS84, Bounds

DISTRICTS, SUBDISTRICTS, VILLAGES, ZONES, ROADS, ORIENTATION = BASE_KINDS

LAYERS: Final = tuple(CLASSES)
"""Of the ``orientation``."""

DIGITS: Final[Mapping[str, int]] = {SUBDISTRICTS: 6, VILLAGES: 10}
"""Of the Kemendagri codes of areas."""

AREA_COLUMNS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("ADM4_PCODE", "KDEPUM", "KDEBPS", "CC_4", "IDDESA"), "area_code"),
    **dict.fromkeys(("ADM3_PCODE", "KDCPUM", "KDCBPS", "CC_3", "IDKEC"), "subdistrict_code"),
    **dict.fromkeys(("ADM4_EN", "ADM4_NAME", "WADMKD", "NAME_4", "NMDESA"), "village"),
    **dict.fromkeys(("ADM3_EN", "ADM3_NAME", "WADMKC", "NAME_3", "NMKEC"), "subdistrict"),
}
"""Columns of OCHA COD-AB, BIG, GADM and BPS, and what they are in a list of centers."""

NAMED: Final = ("SHAPENAME", "NAMOBJ", "NAME", "NAMA")
"""Columns with the name of whatever the layer is of: geoBoundaries, BIG, others."""

FAR_DEG: Final = 0.1
"""How far, about 11 km, an area may lie from where the gazetteer has it."""

NEAR_ZONE_DEG: Final = 0.25
"""How far a polygon may lie from a zone's reference point to be offered for it."""

SURE_KM: Final = 5.0
"""How far one that is called like the zone may lie to be taken for it: a point may be a median of
companies."""

FINE_DEG: Final = 0.0002
"""Borders are kept to about 20 m: a map of the province shows no more."""

GENERIC: Final = frozenset(
    (
        *("kawasan", "ekonomi", "khusus", "industri", "industrial", "economic", "special"),
        *("estate", "zone", "area", "park", "ki", "kek", "sez", "tahap", "fase", "phase"),
        *("blok", "block", "i", "ii", "iii", "pt"),
    )
)
"""Words of names of zones that do not tell one from another."""

EXAMPLES: Final = 5
"""Names in a message."""


@dataclass(frozen=True)
class Origin:
    """File that a layer came with, and whose data it is, with the licence, as somebody typed it."""

    file: str
    attribution: str = ""

    @property
    def told(self) -> str:
        """Both as one text."""
        return " · ".join(filter(None, (self.file, self.attribution)))


@dataclass(frozen=True, eq=False)
class BaseMap:
    """What an installation brought, by kind, and where it is from; a kind may be missing.

    Tables have polygons (WGS84): ``districts`` on ``district_code``, ``subdistricts`` and
    ``villages`` on ``area_code``, ``zones`` on ``zone_id``; Kemendagri codes. Roads are not among
    them: only who measures by road waits for them.
    """

    tables: Mapping[str, gpd.GeoDataFrame] = field(default_factory=dict)
    orientation: Orientation | None = None
    origins: Mapping[str, Origin] = field(default_factory=dict)
    issues: tuple[Issue, ...] = ()

    @property
    def polygons(self) -> gpd.GeoSeries:
        """Subdistricts and villages together, by ``area_code``."""
        brought = [t.geometry for kind, t in self.tables.items() if kind in DIGITS]
        return gpd.GeoSeries(pd.concat([gpd.GeoSeries([], crs=WGS84), *brought]))


BARE: Final = BaseMap()
"""Only what is shipped."""


@dataclass(frozen=True, eq=False)
class Read:
    """A layer of a file as it is to be kept.

    Parameters
    ----------
    kind
        Of ``BASE_KINDS``.
    tables
        As in ``BaseMap``, under the name of the kind; of roads, lines with the columns of
        ``road_tags.TAGS``; of ``orientation``, the layers of an ``Orientation``.
    found, total
        How many areas or zones were recognised, and how many there are; of roads both are lines.
    layer
        The layer of the file that was taken.
    candidates
        Of zones: polygons near one, with ``zone_id``, ``name``, ``km`` and ``taken``.
    beside
        What the same file holds besides.
    issues
        What was assumed or left out.
    """

    kind: str
    tables: Mapping[str, gpd.GeoDataFrame]
    found: int
    total: int
    layer: str = ""
    candidates: gpd.GeoDataFrame | None = None
    beside: "Read | None" = None
    issues: tuple[Issue, ...] = ()

    @property
    def table(self) -> gpd.GeoDataFrame:
        """The one table of a kind that has one."""
        return self.tables[self.kind]


def roads(
    name: str, data: bytes, *, box: Bounds, layer: str | None = None, limit_mb: float | None = None
) -> Read:
    """Roads in and around the province; raises as ``road_files.read_lines``."""
    read = road_files.read_lines(name, data, layer=layer, box=box, limit_mb=limit_mb)
    lines = read.lines
    table = lines if lines.crs is None else lines.to_crs(WGS84)
    found = len(lines)
    beside, issues = None, read.issues
    try:
        beside = orientation(name, data, box=box, limit_mb=limit_mb)
    except DataError as refused:  # most files of roads hold nothing else
        usual = ("orientation_nothing", "unknown_format")
        told = [issue for issue in refused.issues if issue.code not in usual]
        issues = (*issues, *(replace(i, severity="noted") for i in told))
    return Read(ROADS, {ROADS: table}, found, found, read.layer.name, None, beside, issues)


def orientation(name: str, data: bytes, *, box: Bounds, limit_mb: float | None = None) -> Read:
    """What there is to find one's way by; raises as ``read_orientation``."""
    guide = read_orientation(name, data, box=box, limit_mb=limit_mb)
    found = sum(len(getattr(guide, layer)) for layer in LAYERS)
    layer = OPENSTREETMAP if OPENSTREETMAP in guide.attribution else ""
    issues = []
    if guide.left_out:
        told: dict[str, object] = {"count": guide.left_out}
        issues.append(Issue("orientation_thinned", name, expected=told, severity="noted"))
    tables = {n: getattr(guide, n) for n in LAYERS}
    return Read(ORIENTATION, tables, found, found, layer, issues=tuple(issues))


def borders(
    source: Path | bytes,
    districts: gpd.GeoDataFrame,
    former_names: pd.DataFrame,
    *,
    name: str,
    limit_mb: float | None = None,
) -> Read:
    """Districts; raises as ``places.districts_of``."""
    shapes = places.districts_of(source, districts, former_names, file=name, limit_mb=limit_mb)
    table = _simpler(gpd.GeoDataFrame(geometry=shapes))
    return Read(DISTRICTS, {DISTRICTS: table}, len(table), len(districts))


def areas(
    source: Path | bytes,
    kind: str,
    districts: gpd.GeoDataFrame,
    gazetteer: Gazetteer,
    *,
    box: Bounds,
    name: str,
    limit_mb: float | None = None,
) -> Read:
    """Subdistricts or villages of the layer that has most of them, as ``recognised``.

    Villages bring the subdistricts that they make up ``beside`` them.

    Raises
    ------
    DataError
        As ``polygon_layers``, and when none is recognised.
    """
    layers = _layers(source, name, limit_mb, box)
    read = [recognised(t, kind, districts, gazetteer, file=name, layer=n) for n, t in layers]
    best = _best(read, name)
    return replace(best, beside=_made_up(best, gazetteer)) if kind == VILLAGES else best


def _made_up(villages: Read, gazetteer: Gazetteer) -> Read | None:
    """Subdistricts all of whose villages were recognised, as the villages' union."""
    length = DIGITS[SUBDISTRICTS]
    there = [code for code in gazetteer.names if len(code) == length]
    table = villages.table
    lacking = gazetteer.villages.index.difference(table.index).str[:length]
    part_of = table.index.str[:length]
    whole = table[part_of.isin(there) & ~part_of.isin(lacking)]
    if whole.empty:
        return None
    found = whole.dissolve(whole.index.str[:length].rename("area_code"))[["geometry"]]
    return Read(SUBDISTRICTS, {SUBDISTRICTS: found}, len(found), len(there), villages.layer)


def zones(
    source: Path | bytes,
    known: pd.DataFrame,
    *,
    box: Bounds,
    crs: str,
    name: str,
    limit_mb: float | None = None,
) -> Read:
    """Footprints of zones; raises as ``areas``. ``crs`` is projected, in metres."""
    layers = _layers(source, name, limit_mb, box)
    return _best([footprints(t, known, crs, name, n) for n, t in layers], name)


def _layers(
    source: Path | bytes, name: str, limit_mb: float | None, box: Bounds
) -> list[tuple[str, gpd.GeoDataFrame]]:
    """Layers with polygons (WGS84); metres without a CRS are of the one that fits the province."""
    layers = []
    for title, table in polygon_layers(source, name, limit_mb=limit_mb):
        if table.crs is None:
            crs = road_files.assumed_crs(table.geometry, box)
            if crs is None:
                raise DataError([Issue("crs_missing", name)])
            table = polygonal(table.set_crs(crs))
        layers.append((title, table))
    if not layers:
        raise DataError([Issue("polygons_none", name)])
    return layers


def _best(layers: Sequence[Read], name: str) -> Read:
    """The layer of which most is recognised.

    Raises
    ------
    DataError
        What is said of it, when nothing is recognised in any.
    """
    best = max(layers, key=lambda one: (one.found, one.candidates is not None))
    if not best.found and best.candidates is None:
        raise DataError(best.issues or [Issue("polygons_outside", name)])
    return best


def recognised(
    polygons: gpd.GeoDataFrame,
    kind: str,
    districts: gpd.GeoDataFrame,
    gazetteer: Gazetteer,
    *,
    file: str,
    layer: str = "",
) -> Read:
    """Find subdistricts or villages among polygons, by their codes, their names and where they lie.

    What is recognised lies within ``FAR_DEG`` of where the gazetteer has it; of two villages of one
    name that the file does not tell apart, it is the one whose point lies in the polygon. Parts
    are joined.

    Parameters
    ----------
    polygons
        As from ``polygon_layers``; may cover all of Indonesia.
    kind
        ``subdistricts`` or ``villages``.
    districts, gazetteer
        Of the province.
    """
    middle = polygons.representative_point()
    spots = pd.DataFrame({"lon": middle.x, "lat": middle.y}, polygons.index)
    located = places.located_district(spots, districts).astype("str")
    text = _told(polygons, kind)
    codes = gaz.areas(text, located, gazetteer)
    length = DIGITS[kind]
    whole = codes.where(codes.str.len() == length)
    points = _points(gazetteer, length)
    lost = polygons[whole.isna()]
    whole = whole.fillna(_by_place(lost, text, kind, gazetteer, points))
    at = np.asarray(points.reindex(whole))
    # One that the gazetteer itself has far off the province cannot tell.
    sure = shapely.distance(np.asarray(polygons.geometry), at) <= FAR_DEG
    sure |= whole.isin(gazetteer.astray).to_numpy()
    found = polygons[["geometry"]].assign(area_code=whole.where(sure)).dropna(subset="area_code")
    table = _simpler(found.dissolve("area_code")[["geometry"]])
    there = [c for c in gazetteer.names if len(c) == length]
    issues = _untold(text, whole.where(sure), located, kind, file)
    if len(table) and (lacking := len(there) - len(table)):
        told: dict[str, object] = {"count": lacking, "of": len(there)}
        issues.append(Issue(f"{kind}_lacking", file, expected=told, severity="noted"))
    return Read(kind, {kind: table}, len(table), len(there), layer, issues=tuple(issues))


def _simpler(areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Areas without needless corners; what two have in common stays in common."""
    return areas.set_geometry(shapely.coverage_simplify(np.asarray(areas.geometry), FINE_DEG))


def _told(polygons: gpd.GeoDataFrame, kind: str) -> pd.DataFrame:
    """What the columns tell of each polygon: codes, and the names of subdistrict and village."""
    own = {SUBDISTRICTS: "subdistrict", VILLAGES: "village"}[kind]
    found: dict[str, pd.Series] = {}
    attributes = pd.DataFrame(polygons.drop(columns=polygons.geometry.name))
    for heading in attributes:
        upper = str(heading).upper()
        column = AREA_COLUMNS.get(upper) or column_of(str(heading))
        column = own if upper in NAMED else column
        if column in ("area_code", "subdistrict_code", "subdistrict", "village"):
            said = attributes[heading].astype("str").str.replace(r"\.0+$", "", regex=True)
            said = said.str.strip()
            said = said.mask(said == "")
            found[column] = found[column].fillna(said) if column in found else said
    none = pd.Series(pd.NA, polygons.index, dtype="str")
    wanted = ("area_code", "subdistrict_code", "subdistrict", "village")
    text = pd.DataFrame({column: found.get(column, none) for column in wanted})
    if kind == SUBDISTRICTS:
        text["village"] = pd.NA
        text["area_code"] = text["subdistrict_code"]
    return text.astype("str")


def _points(gazetteer: Gazetteer, length: int) -> gpd.GeoSeries:
    """Village points of each area with a code of so many digits."""
    villages = gazetteer.villages
    points = gpd.GeoSeries.from_xy(villages["lon"], villages["lat"], index=villages.index)
    joined = points.groupby(points.index.str[:length]).agg(shapely.union_all)
    return gpd.GeoSeries(joined, crs=WGS84)


def _by_place(
    polygons: gpd.GeoDataFrame,
    text: pd.DataFrame,
    kind: str,
    gazetteer: Gazetteer,
    points: gpd.GeoSeries,
) -> pd.Series:
    """Code of the one area of a polygon's name that has points in the polygon."""
    known = (gazetteer.villages_of if kind == VILLAGES else gazetteer.subdistricts_of).get("", {})
    names = text.loc[polygons.index, "village" if kind == VILLAGES else "subdistrict"].fillna("")
    found: list[str | None] = []
    for shape, name in zip(polygons.geometry, names, strict=True):
        codes = known.get(gaz.name_key(name), ())
        inside = [code for code in codes if shapely.intersects(shape, points[code])]
        found.append(inside[0] if len(inside) == 1 else None)
    return pd.Series(found, polygons.index, dtype="str")


def _untold(
    text: pd.DataFrame, codes: pd.Series, located: pd.Series, kind: str, file: str
) -> list[Issue]:
    """The polygons of the province that nothing is known for, counted."""
    lost = text[codes.isna() & located.notna()]
    if lost.empty:
        return []
    names = lost["village"].fillna(lost["subdistrict"]).dropna().unique()[:EXAMPLES]
    told: dict[str, object] = {"count": len(lost), "names": names.tolist()}
    return [Issue(f"{kind}_unrecognised", file, expected=told, severity="noted")]


def footprints(
    polygons: gpd.GeoDataFrame, zones: pd.DataFrame, crs: str, file: str, layer: str = ""
) -> Read:
    """Find the footprints of zones among polygons: around the reference point, or by name near it.

    ``candidates`` are all polygons near a zone, for somebody who knows the place to choose from;
    none is taken for two. ``crs`` is projected, in metres.
    """
    points = gpd.GeoSeries.from_xy(zones["lon"], zones["lat"], crs=WGS84)
    shapes = np.asarray(polygons.geometry)
    found = []
    rows = zip(zones.iterrows(), points, points.to_crs(crs), strict=True)
    for (zone_id, zone), point, metric in rows:
        near = polygons[shapely.distance(shapes, point) <= NEAR_ZONE_DEG]
        names = _names(near)
        called = [_telling(zone[c]) for c in ("name_id", "name_en", "short_name")]
        alike = [any(one and one <= _telling(name) for one in called) for name in names]
        some = gpd.GeoDataFrame(
            {"zone_id": zone_id, "name": names, "alike": alike}, geometry=near.geometry
        )
        some["around"] = some.intersects(point)
        some["km"] = some.to_crs(crs).distance(metric) / 1000
        found.append(some.sort_values(["around", "alike", "km"], ascending=[False, False, True]))
    candidates = pd.concat(found).astype({"alike": bool, "around": bool, "km": float})
    first = candidates["around"] & ~candidates.duplicated(["zone_id", "around"])
    taken = first | (candidates["alike"] & (candidates["km"] <= SURE_KM))
    nearest = candidates["km"].where(taken).groupby(candidates.index).transform("min")
    taken &= candidates["km"] <= nearest
    candidates = candidates.drop(columns=["alike", "around"]).reset_index(drop=True)
    return chosen(candidates, taken.to_numpy(), zones, file, layer)


def _telling(name: object) -> frozenset[str]:
    """Words of a name that tell it from others."""
    return frozenset(re.findall(r"[^\W\d_]+", str(name).casefold())) - GENERIC


def chosen(
    candidates: gpd.GeoDataFrame,
    taken: Sequence[bool] | pd.Series | npt.NDArray[np.bool_],
    zones: pd.DataFrame,
    file: str,
    layer: str = "",
) -> Read:
    """Footprints of the candidates that are taken, one of each zone from its parts."""
    table = candidates[np.asarray(taken, dtype=bool)][["zone_id", "geometry"]].dissolve("zone_id")
    issues = () if len(candidates) else (Issue("footprints_none", file),)
    return Read(
        ZONES,
        {ZONES: table},
        len(table),
        len(zones),
        layer,
        candidates.assign(taken=taken),
        issues=issues,
    )


def _names(polygons: gpd.GeoDataFrame) -> pd.Series:
    """What each polygon is called: its cells with words, a few of them."""
    attributes = pd.DataFrame(polygons.drop(columns=polygons.geometry.name)).astype("str")
    words = attributes.apply(lambda column: column.where(column.str.contains(r"[^\W\d_]{2}")))
    rows = [" · ".join(row.dropna().unique()[:EXAMPLES]) for _, row in words.iterrows()]
    return pd.Series(rows, polygons.index, dtype="str")
