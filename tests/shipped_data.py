"""The shipped data, read once in each process that runs tests, and which files can be missing."""

from functools import cache
from typing import Final

from ikmgeo import analysis
from ikmgeo.analysis import Inputs
from ikmgeo.settings import Settings

MISSING: Final = (
    ("aspects.csv",),
    ("categories.csv",),
    ("centers.csv",),
    ("claims.csv",),
    ("commodities.csv",),
    ("geo/districts.geojson",),
    ("zones.csv",),
    ("benchmarks.csv", "cases.csv", "bps_codes.csv", "sector_fit.csv", "villages.csv", "works.csv"),
    ("former_names.csv", "frameworks.csv", "geo/subdistricts.geojson", "zone_areas.csv"),
    ("geo/surroundings.geojson", "guidance.csv", "places.csv", "size_classes.csv"),
    ("region.csv", "sources.csv", "translations.csv"),
)
"""Together where nothing looks at one only when another is there."""


@cache
def shipped_inputs() -> Inputs:
    return analysis.gather(Settings())
