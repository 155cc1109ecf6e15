"""Districts: read them, shipped or a user's own, and say in which one each center lies."""

from functools import lru_cache
from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely

from ikmgeo.errors import DataError, Issue
from ikmgeo.vocabulary import WGS84, Bounds

CODE_COLUMNS = {"ADM2_PCODE": "bps", "KDPKAB": "kemendagri"}
"""Columns with a district's code: OCHA COD-AB ("ID1208", BPS numbers) and BIG ("12.08")."""

NAME_COLUMNS = ("ADM2_EN", "shapeName", "WADMKK")
"""Columns with a district's name: OCHA COD-AB, geoBoundaries and BIG."""


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
    points = shapely.points(centers["lon"].to_numpy(float), centers["lat"].to_numpy(float))
    center, polygon = shapely.STRtree(districts.geometry.to_numpy()).query(points, "intersects")
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
        polygons = recognise(_open(own), districts, former_names, file=own.name)
    except DataError as refused:
        return districts, lakes, refused.issues
    return districts.set_geometry(polygons.reindex(districts.index)), lakes, ()


def _open(path: Path) -> gpd.GeoDataFrame:
    if not path.is_file():
        raise DataError([Issue("file_missing", path.name)])
    try:
        if path.suffix == ".parquet":
            return gpd.read_parquet(path)
        layers = [gpd.read_file(path, layer=name) for name in gpd.list_layers(path)["name"]]
        known = [layer for layer in layers if _code_column(layer) or _name_column(layer)]
        read = (known or layers)[0]
        return gpd.GeoDataFrame(read, geometry=read.geometry)  # a table without one has no polygons
    except Exception as error:  # GDAL and pyarrow raise many kinds for one reason: not readable
        raise DataError([Issue("file_broken", path.name)]) from error


def recognise(
    polygons: gpd.GeoDataFrame, districts: pd.DataFrame, former_names: pd.DataFrame, *, file: str
) -> gpd.GeoSeries:
    """Find the province's districts in a file of another publisher.

    Parameters
    ----------
    polygons
        OCHA COD-AB (``ADM2_PCODE``, ``ADM2_EN``), geoBoundaries (``shapeName``) or BIG
        (``KDPKAB``, ``WADMKK``), in any known CRS; may cover all of Indonesia.
    districts
        The official districts: ``bps_code``, ``short_name``, indexed by ``district_code``.
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
    codes = _codes(polygons, districts, former_names)
    if codes is None:
        expected = {"columns": [*CODE_COLUMNS, *NAME_COLUMNS]}
        raise DataError([Issue("districts_unrecognised", file, expected=expected)])
    found = polygons[_polygonal(polygons)].to_crs(WGS84)
    found = found.assign(district_code=codes).dropna(subset="district_code")
    found = found[
        found.intersects(shapely.box(*shapely.total_bounds(districts.geometry)).buffer(0.5))
    ]
    missing = sorted(set(districts.index) - set(found["district_code"]))
    if missing:
        names = districts.loc[missing, "name_id"].tolist()
        raise DataError([Issue("districts_missing", file, expected={"names": names})])
    return found.set_geometry(found.make_valid()).dissolve("district_code").geometry


def _codes(
    polygons: gpd.GeoDataFrame, districts: pd.DataFrame, former_names: pd.DataFrame
) -> pd.Series | None:
    """District code of each polygon, missing elsewhere; None when no column is known."""
    column = _code_column(polygons)
    if column:
        code = polygons[column].astype(str).str.replace(".", "", regex=False)
        if CODE_COLUMNS[column.upper()] == "kemendagri":
            return code.where(code.isin(districts.index))
        return code.str.removeprefix("ID").map(
            dict(zip(districts["bps_code"], districts.index, strict=True))
        )
    column = _name_column(polygons)
    if column:
        by_name = {_plain(name): code for name, code in former_names["district_code"].items()}
        by_name |= {_plain(name): code for code, name in districts["short_name"].items()}
        return polygons[column].map(lambda name: by_name.get(_plain(name)))
    return None


def _code_column(polygons: gpd.GeoDataFrame) -> str | None:
    return next((str(c) for c in polygons.columns if str(c).upper() in CODE_COLUMNS), None)


def _name_column(polygons: gpd.GeoDataFrame) -> str | None:
    known = {name.upper() for name in NAME_COLUMNS}
    return next((str(c) for c in polygons.columns if str(c).upper() in known), None)


def _polygonal(shapes: gpd.GeoDataFrame) -> pd.Series:
    return shapes.geometry.geom_type.isin(["Polygon", "MultiPolygon"])


def _plain(name: object) -> str:
    """A district's name without prefix, spaces and case."""
    word = str(name).lower().replace("kabupaten ", "").replace("kota ", "").replace("kab. ", "")
    return "".join(c for c in word if c.isalpha())
