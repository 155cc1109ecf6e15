"""What a map shows to find one's way: main roads, railways, rivers and towns."""

from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd

from ikmgeo.vocabulary import WGS84

GEONAMES, OPENSTREETMAP = "geonames", "openstreetmap"
SOURCES: Final = (GEONAMES, OPENSTREETMAP)
"""Sources that have a message of their own; any other is told by the name of its file."""

CITY: Final = 100_000
"""People from which on a town whose source does not say it is a city."""


@dataclass(frozen=True, eq=False)
class Orientation:
    """Layers to find one's way by, all WGS84.

    Parameters
    ----------
    roads, railways, rivers
        Lines with ``class``, in OpenStreetMap's words, and ``name``, empty without.
    towns
        Points with ``name``, ``class`` (``city``, ``town``) and ``population``, NaN where it is
        not known.
    attribution
        Who must be named for what is in it: of ``SOURCES``, or the name of a file.
    """

    roads: gpd.GeoDataFrame
    railways: gpd.GeoDataFrame
    rivers: gpd.GeoDataFrame
    towns: gpd.GeoDataFrame
    attribution: tuple[str, ...]


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
