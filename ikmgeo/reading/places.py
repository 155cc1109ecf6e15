"""Districts: read them, shipped or a user's own, and say in which one each center lies."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from ikmgeo.errors import DataError, Issue
from ikmgeo.reading.polygons import polygon_layers
from ikmgeo.vocabulary import WGS84, Bounds

BPS_FIRST: Final = ("bps", "kemendagri")
CODE_COLUMNS: Final[Mapping[str, Sequence[str]]] = {
    **dict.fromkeys(("ADM2_PCODE", "KDBBPS", "CC_2", "IDKAB"), BPS_FIRST),
    "KDPKAB": ("kemendagri", "bps"),
}
"""Columns with a district's code and whose code it is, the likely one first: OCHA COD-AB
("ID1208"), BIG ("12.08"), GADM and BPS."""

NAME_COLUMNS: Final = (
    *("ADM2_EN", "ADM2_NAME", "ADM2_NAME1", "shapeName", "WADMKK", "NAME_2", "NMKAB", "KAB_KOTA"),
    *("KABKOT", "KABUPATEN"),
)
"""Columns with a district's name: OCHA COD-AB, geoBoundaries, BIG, GADM, BPS and Kemendagri."""

DISTRICT_CODE: Final = r"^(?:ID)?(\d{2})(?:\.(\d{1,2})|(\d{2}))(?:\.0+)?$"

OTHER_COLUMNS: Final = 100
"""Columns of other names that are tried, one after the other."""

KINDS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("kabupaten", "kab", "regency"), "kabupaten"),
    **dict.fromkeys(("kotamadya", "kodya", "kota", "city", "municipality"), "kota"),
}
"""Words beside a district's name, and what they say of it."""

BEFORE: Final = re.compile(rf"^({'|'.join(KINDS)})(?:administrasi)?")
BEHIND: Final = re.compile(rf"({'|'.join(KINDS)})$")


def located_district(centers: pd.DataFrame, districts: gpd.GeoDataFrame) -> pd.Series:
    """District whose polygon holds each center.

    Parameters
    ----------
    centers
        Columns ``lat``, ``lon`` in degrees, indexed by ``center_id``.
    districts
        Polygons (WGS84) indexed by ``district_code``.

    Returns
    -------
    pandas.Series
        One ``district_code`` per center; missing outside every district. A center on a border
        belongs to the district with the lower code.
    """
    points = gpd.points_from_xy(centers["lon"].astype(float), centers["lat"].astype(float))
    # A tree of the points: each polygon is prepared once, which takes a third of the time.
    polygon, center = shapely.STRtree(points.to_numpy()).query(
        districts.geometry.to_numpy(), "intersects"
    )
    hits = pd.DataFrame({"at": center, "code": districts.index.to_numpy()[polygon]})
    first = hits.groupby("at")["code"].min()
    located = pd.Series(pd.NA, index=centers.index, dtype=object, name="district_located")
    located.iloc[first.index.to_numpy()] = first.to_numpy()
    return located


def outside_reported(reported: pd.Series, located: pd.Series) -> pd.Series:
    """True where both districts are known and differ: the point lies across a border."""
    return reported.notna() & located.notna() & reported.ne(located)


def land(districts: gpd.GeoDataFrame, lakes: gpd.GeoDataFrame) -> shapely.Geometry:
    """The province as one geometry (WGS84), lakes included."""
    return shapely.union_all([*districts.geometry, *lakes.geometry])


def bounds(districts: gpd.GeoDataFrame) -> Bounds | None:
    """Of all districts, degrees; None without any."""
    if districts.empty:
        return None
    west, south, east, north = (float(side) for side in districts.total_bounds)
    return west, south, east, north


@lru_cache(maxsize=8)  # a third of the time of reading all data
def metric_crs(bounds: Bounds) -> str:
    """Projected CRS, in metres, that fits bounds in degrees: their UTM zone."""
    crs: str = gpd.GeoSeries([shapely.box(*bounds)], crs=WGS84).estimate_utm_crs().to_string()
    return crs


def known_footprints(
    footprints: gpd.GeoDataFrame, zones: pd.DataFrame, crs: str
) -> gpd.GeoDataFrame:
    """Footprints (WGS84) of zones that exist, indexed by ``zone_id``; parts of one are joined.

    ``metric`` has the same in a projected CRS, in metres.
    """
    known = footprints[footprints["zone_id"].isin(zones.index) & _polygonal(footprints)]
    joined = known.to_crs(WGS84).dissolve("zone_id")
    return joined.assign(metric=joined.geometry.to_crs(crs))


def read_districts(
    own: Path | None, shipped: gpd.GeoDataFrame, former_names: pd.DataFrame
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame, tuple[Issue, ...]]:
    """Districts and lakes, with polygons from the user's file where one is given.

    Parameters
    ----------
    own
        The user's district file, or None; codes, names and facts always are the shipped ones.
    shipped
        ``districts.geojson`` as loaded, with ``kind`` "district" or "lake".
    former_names
        As from ``validate.check_former_names``.

    Returns
    -------
    tuple
        Districts indexed by ``district_code``, lakes, and why the user's file was refused, in
        which case the shipped polygons stay.
    """
    districts = shipped[shipped["kind"] == "district"].set_index("district_code").sort_index()
    lakes = shipped[shipped["kind"] == "lake"]
    if own is None:
        return districts, lakes, ()
    try:
        polygons = districts_of(own, districts, former_names, file=own.name)
    except DataError as refused:
        return districts, lakes, refused.issues
    return districts.set_geometry(polygons.reindex(districts.index)), lakes, ()


def districts_of(
    source: Path | bytes,
    districts: gpd.GeoDataFrame,
    former_names: pd.DataFrame,
    *,
    file: str,
    limit_mb: float | None = None,
) -> gpd.GeoSeries:
    """Districts of the layer that holds all of them, of several the one of fewest polygons.

    Raises
    ------
    DataError
        As ``polygon_layers``, and as ``recognise`` about the layer that holds most.
    """
    # Those of few polygons first: districts before the villages in them.
    layers = sorted(polygon_layers(source, file, limit_mb=limit_mb), key=lambda one: len(one[1]))
    refusals = [DataError([Issue("polygons_none", file)])]
    for _, layer in layers:
        try:
            return recognise(layer, districts, former_names, file=file)
        except DataError as refused:
            refusals.append(refused)
    raise min(reversed(refusals), key=_lacking)


def _lacking(refused: DataError) -> int:
    """How far a layer is from holding the districts; 999 where it has nothing to do with them."""
    names = refused.issues[0].expected.get("names")
    return len(names) if isinstance(names, list) else 999


def recognise(
    polygons: gpd.GeoDataFrame,
    districts: gpd.GeoDataFrame,
    former_names: pd.DataFrame,
    *,
    file: str,
) -> gpd.GeoSeries:
    """Find the province's districts in a file of another publisher.

    Parameters
    ----------
    polygons
        As from ``polygon_layers``, of ``CODE_COLUMNS`` and ``NAME_COLUMNS``; may cover all of
        Indonesia, and in smaller parts. Another column counts if it alone has every district.
    districts
        The official districts: ``bps_code``, ``short_name``, ``name_id``, polygons, indexed by
        ``district_code``.
    former_names
        ``district_code`` by the names of older files.
    file
        Name of the file, for messages.

    Returns
    -------
    geopandas.GeoSeries
        One valid geometry (WGS84) per ``district_code``.

    Raises
    ------
    DataError
        Unknown columns, no CRS, or districts of the province that the file lacks.
    """
    if polygons.crs is None:
        raise DataError([Issue("crs_missing", file)])
    around = shapely.box(*shapely.total_bounds(districts.geometry)).buffer(0.5)
    shapes = polygons[polygons.intersects(around)]
    codes = _codes(shapes, districts, former_names)
    if codes is None:
        expected = {"columns": [*CODE_COLUMNS, *NAME_COLUMNS]}
        raise DataError([Issue("districts_unrecognised", file, expected=expected)])
    found = shapes.assign(district_code=codes).dropna(subset="district_code")
    missing = sorted(set(districts.index) - set(found["district_code"]))
    if missing:
        names = districts.loc[missing, "name_id"].tolist()
        raise DataError([Issue("districts_missing", file, expected={"names": names})])
    return found.dissolve("district_code").geometry


def _codes(
    shapes: gpd.GeoDataFrame, districts: gpd.GeoDataFrame, former_names: pd.DataFrame
) -> pd.Series | None:
    """District code of each polygon, missing elsewhere; None when no column is known.

    What a column says is sure where the polygon lies in that district as it is shipped; else its
    name goes before its code.
    """
    middle = shapes.representative_point().to_numpy()
    place = {"lon": shapely.get_x(middle), "lat": shapely.get_y(middle)}
    here = located_district(pd.DataFrame(place, shapes.index), districts).astype("str")
    columns = {str(c).upper(): shapes[c] for c in shapes.drop(columns=shapes.geometry.name)}
    names = [
        _by_name(columns[column.upper()], here, districts, former_names)
        for column in NAME_COLUMNS
        if column.upper() in columns
    ]
    codes = [
        _by_code(columns[column], authorities, here, districts)
        for column, authorities in CODE_COLUMNS.items()
        if column in columns
    ]
    said = [*names, *codes]
    found = _first([*(one.where(one == here) for one in said), *said], here)
    if set(found.dropna()) < set(districts.index):
        for values in list(columns.values())[:OTHER_COLUMNS]:
            for other in (
                _by_name(values, here, districts, former_names),
                _by_code(values, BPS_FIRST, here, districts),
            ):
                if set(other[other == here]) >= set(districts.index):
                    return other
    return found if said else None


def _first(readings: Sequence[pd.Series], like: pd.Series) -> pd.Series:
    """What the first reading says that says anything, for each row."""
    first = pd.Series(np.nan, like.index, dtype="str")
    for said in readings:
        first = first.fillna(said)
    return first


def _denied(said: pd.Series, here: pd.Series) -> bool:
    """Whether most polygons lie elsewhere than they say."""
    both = said.notna() & here.notna()
    return bool((said[both] != here[both]).sum() * 2 > both.sum())


def _by_code(
    values: pd.Series, authorities: Sequence[str], here: pd.Series, districts: pd.DataFrame
) -> pd.Series:
    """District by codes such as 1208, "12.08", 12.1, "1208.0" and "ID1208".

    They are those of the first authority by whom not most polygons lie elsewhere.
    """
    parts = values.astype("str").str.extract(DISTRICT_CODE)
    code = parts[0] + parts[1].str.pad(2, "right", "0").fillna(parts[2])
    for authority in authorities:
        official = districts["bps_code"] if authority == "bps" else districts.index
        said = code.map(dict(zip(official, districts.index, strict=True))).astype("str")
        if not _denied(said, here):
            return said
    return _first([], here)


def _by_name(
    values: pd.Series, here: pd.Series, districts: pd.DataFrame, former_names: pd.DataFrame
) -> pd.Series:
    """District by its name; of two of one name the one of that kind, else that lies there.

    Without either it is the kabupaten, which publishers name without a word for its kind.
    """
    known: defaultdict[str, list[str]] = defaultdict(list)
    for code, name in districts["short_name"].sort_index().items():
        known[_letters(name)].append(str(code))
    for name, code in former_names["district_code"].items():
        known.setdefault(_letters(name), [str(code)])
    kind = {str(code): _bare(_letters(name))[1] for code, name in districts["name_id"].items()}

    def code_of(name: object, lies_in: object) -> str | None:
        whole = _letters(name)
        bare, said = _bare(whole)
        codes = known.get(whole) or known.get(bare) or []
        alike = [code for code in codes if kind[code] == said] if said else []
        codes = alike or codes
        return str(lies_in) if lies_in in codes else next(iter(codes), None)

    found = [code_of(name, at) for name, at in zip(values, here, strict=True)]
    return pd.Series(found, values.index, dtype="str")


def _letters(name: object) -> str:
    return "".join(c for c in str(name).lower() if c.isalpha())


def _bare(letters: str) -> tuple[str, str]:
    """A name without the word for its kind before or behind it, and the kind that it names."""
    for beside in (BEFORE, BEHIND):
        if word := beside.search(letters):
            return beside.sub("", letters), KINDS[word[1]]
    return letters, ""


def _polygonal(shapes: gpd.GeoDataFrame) -> pd.Series:
    return shapes.geometry.geom_type.isin(["Polygon", "MultiPolygon"])
