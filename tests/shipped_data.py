"""The shipped data, read once in each process that runs tests, and which files can be missing."""

from dataclasses import replace
from functools import cache
from typing import Final

from ikmgeo import analysis
from ikmgeo.analysis import Inputs
from ikmgeo.instrument import Instrument
from ikmgeo.reading import validate
from ikmgeo.reading.load import read_table
from ikmgeo.settings import SHIPPED_DATA, Settings

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
    ("center_definitions.csv",),
    ("region.csv", "sources.csv", "translations.csv"),
)
"""Together where nothing looks at one only when another is there."""


@cache
def shipped_inputs() -> Inputs:
    return analysis.gather(Settings())


@cache
def shipped_instrument() -> Instrument:
    """As ``shipped_inputs`` has it, from its three files: modules ask for it on import."""
    aspects, categories, claims = (
        read_table(SHIPPED_DATA / f"{name}.csv", name=f"{name}.csv").rows
        for name in ("aspects", "categories", "claims")
    )
    rated = Instrument(validate.check_aspects(aspects)[0], validate.check_categories(categories)[0])
    printed = validate.check_claims(claims, rated)[0]
    ranges = printed[printed["kind"] == "range"].dropna(subset=["category"])
    return replace(rated, ranges=ranges)
