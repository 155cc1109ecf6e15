"""What the shipped data rate centers by and sort them into; codes and bounds are the paper's."""

from typing import Final

import pandas as pd

from ikmgeo.instrument import Instrument
from ikmgeo.load import read_table
from ikmgeo.settings import SHIPPED_DATA
from ikmgeo.validate import check_aspects, check_categories, check_claims

ASPECTS: Final = (
    *("institutional", "production", "market", "sustainability", "sez_linkage", "ie_linkage"),
)
CATEGORIES: Final = ("excellent", "developing", "potential", "under_development")
BOUNDS: Final = (27.54, 38.00, 56.60)


def _rows(table: str) -> pd.DataFrame:
    return read_table(SHIPPED_DATA / f"{table}.csv", name=f"{table}.csv").rows


def _read() -> Instrument:
    bare = Instrument(check_aspects(_rows("aspects"))[0], check_categories(_rows("categories"))[0])
    claims, _ = check_claims(_rows("claims"), bare)
    return Instrument(bare.aspects, bare.categories, claims[claims["kind"] == "range"])


INSTRUMENT: Final = _read()
SIGNS: Final = INSTRUMENT.signs
