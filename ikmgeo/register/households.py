"""A table of households by village, which a definition of a center may ask for."""

from pathlib import Path

import pandas as pd

from ikmgeo.analysis import Inputs
from ikmgeo.errors import DataError, Issue
from ikmgeo.reading.load import Choices, read_table
from ikmgeo.reading.texts import is_nothing
from ikmgeo.reading.typed import Scale
from ikmgeo.register.columns import known_as
from ikmgeo.register.placing import Places
from ikmgeo.register.units import read_numbers

HOUSEHOLDS = Scale(1, 1e6, optional=True, whole=True)


def read_households(path: Path, inputs: Inputs, *, limit_mb: float) -> pd.Series:
    """Households by ``village_code``; rows of no village, or without a number, are left out.

    Of several rows of one village, as of its hamlets, the sum.

    Raises
    ------
    DataError
        As ``load.read_table``; ``households_missing`` where no row has village and number.
    """
    known = read_table(path, name=path.name, limit_mb=limit_mb)
    headings = [str(heading) for heading in known.source]
    chosen = {h: "households" for h in headings if known_as(h) == "households"}
    table = read_table(path, name=path.name, limit_mb=limit_mb, choices=Choices(columns=chosen))
    if "households" not in table.rows:
        raise DataError([Issue("households_missing", path.name)])
    text = table.rows["households"]
    number = read_numbers(text.mask(is_nothing(text)), HOUSEHOLDS)
    village = Places(inputs, path.name).of(table.rows)["village_code"]
    counted = number.groupby(village).sum(min_count=1).dropna()
    if counted.empty:
        raise DataError([Issue("households_missing", path.name)])
    return counted
