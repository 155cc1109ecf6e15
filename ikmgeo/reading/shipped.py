"""The data folder: every table and layer that ikmgeo ships, as read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import geopandas as gpd
import pandas as pd

from ikmgeo.errors import DataError, Issue
from ikmgeo.reading.columns import SHIPPED_COLUMNS
from ikmgeo.reading.load import Table, read_table
from ikmgeo.settings import Settings
from ikmgeo.vocabulary import WGS84

OPTIONAL: Final = ("towns.csv", "zones.geojson")
"""Files of which nothing is said where they are missing."""

LISTINGS: Final = ("translations", "sources", "works", "benchmarks")
"""Tables that are shown or looked up as they are; ``ikmgeo.reading.validate`` checks the others."""

SHIPPED_LAYERS: Final[Mapping[str, tuple[str, ...]]] = {
    "districts": (
        *("kind", "district_code", "bps_code", "name_id", "short_name", "type", "capital"),
        *("capital_lat", "capital_lon", "area_km2", "population", "population_date", "note"),
    ),
    "surroundings": ("kind", "name_id"),
    "subdistricts": ("area_code", "name_id", "villages", "spacing_km"),
    "zones": ("zone_id",),
}


@dataclass(frozen=True)
class Shipped:
    """Every file of the data folder as read; a file that cannot be read is empty with columns."""

    claims: pd.DataFrame
    centers: Table
    commodities: pd.DataFrame
    zones: pd.DataFrame
    zone_areas: pd.DataFrame
    sector_fit: pd.DataFrame
    guidance: pd.DataFrame
    cases: pd.DataFrame
    frameworks: pd.DataFrame
    size_classes: pd.DataFrame
    center_definitions: pd.DataFrame
    places: pd.DataFrame
    towns: pd.DataFrame
    villages: pd.DataFrame
    bps_codes: pd.DataFrame
    aspects: pd.DataFrame
    categories: pd.DataFrame
    region: pd.DataFrame
    former_names: pd.DataFrame
    translations: pd.DataFrame
    sources: pd.DataFrame
    works: pd.DataFrame
    benchmarks: pd.DataFrame
    districts: gpd.GeoDataFrame
    surroundings: gpd.GeoDataFrame
    subdistricts: gpd.GeoDataFrame
    zone_footprints: gpd.GeoDataFrame
    issues: tuple[Issue, ...]


def read_shipped(settings: Settings) -> Shipped:
    """Read the data folder; a missing or broken file is listed in ``issues`` and left empty."""
    issues: list[Issue] = []
    tables = {
        name: _shipped_table(settings.data / f"{name}.csv", columns, issues)
        for name, columns in SHIPPED_COLUMNS.items()
    }
    layers = {
        name: _shipped_layer(settings.data / "geo" / f"{name}.geojson", columns, issues)
        for name, columns in SHIPPED_LAYERS.items()
    }
    centers = tables.pop("centers")
    # The other tables leave here as plain frames, so their ragged rows end here.
    plain = {name: _sound_rows(table) for name, table in tables.items()}
    issues += [issue for table in tables.values() for issue in table.issues]
    return Shipped(
        **plain,
        centers=centers,
        districts=layers["districts"],
        surroundings=layers["surroundings"],
        subdistricts=layers["subdistricts"],
        zone_footprints=layers["zones"],
        issues=tuple(issues),
    )


def _shipped_table(path: Path, columns: Sequence[str], issues: list[Issue]) -> Table:
    empty = pd.DataFrame(columns=list(columns), index=pd.Index([], name="row"), dtype="str")
    try:
        table = read_table(path, name=path.name)
    except DataError as error:
        issues += error.issues if path.exists() or path.name not in OPTIONAL else ()
        return Table(path.name, empty)
    lacking = _lacking(columns, table.rows, path.name) if path.stem in LISTINGS else []
    issues += lacking
    return Table(path.name, empty) if lacking else table


def _lacking(columns: Sequence[str], present: pd.DataFrame, file: str) -> list[Issue]:
    expected = {"required": tuple(columns)}
    return [
        Issue("column_missing", file, column=column, expected=expected)
        for column in columns
        if column not in present
    ]


def _shipped_layer(path: Path, columns: Sequence[str], issues: list[Issue]) -> gpd.GeoDataFrame:
    empty = gpd.GeoDataFrame({column: [] for column in columns}, geometry=[], crs=WGS84)
    if not path.is_file():
        if path.name not in OPTIONAL:
            issues.append(Issue("file_missing", path.name))
        return empty
    try:
        layer = gpd.read_file(path)
    except Exception:  # GDAL and its drivers raise anything on a broken file
        issues.append(Issue("file_broken", path.name, expected={"format": "geojson"}))
        return empty
    lacking = _lacking(columns, layer, path.name)
    issues += lacking
    return empty if lacking else layer.to_crs(WGS84)


def _sound_rows(table: Table) -> pd.DataFrame:
    return table.rows.drop(index=[issue.row for issue in table.issues])
