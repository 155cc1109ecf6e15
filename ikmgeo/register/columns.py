"""Which column of a register's file is what: ours, somebody's data, or none of either."""

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import pandas as pd

from ikmgeo.reading.columns import UNIT, column_of, plain
from ikmgeo.reading.gazetteer import TELL
from ikmgeo.reading.implied import LAYER
from ikmgeo.reading.load import Table
from ikmgeo.register.personal import personal_columns
from ikmgeo.settings import SHIPPED_DATA

PLACE: Final = (*TELL, "lat", "lon", "coordinates", "epsg", LAYER)
"""Columns that tell where a unit is."""

FIELDS: Final = (
    *("name_id", "kbli", "commodity", "products", "workers", "investment", "year", *PLACE),
    *("made_up", "households"),
)
"""Columns of ours that a heading may stand for."""

ASKED_AS: Final[Mapping[str, str]] = {"name": "name_id", "product": "products"}
"""Names by which a person calls some of them."""

EDITIONS: Final = re.compile(r"(?<!\d)(2005|2009|2015|2017|2020|2025)(?!\d)")
"""Editions of the classification KBLI, which headings name."""

FACTORS: Final[Mapping[str, float]] = {
    word: factor
    for words, factor in {"ribu ribuan 000 thousand": 1e3, "juta jutaan jt million": 1e6}.items()
    for word in words.split()
} | dict.fromkeys(("miliar", "milyar", "billion"), 1e9)
"""Rupiah in the unit that a heading names."""


def _headings() -> dict[str, str]:
    with (SHIPPED_DATA / "register_headings.csv").open(encoding="utf-8", newline="") as file:
        return {plain(row["heading"]): row["column"] for row in csv.DictReader(file)}


HEADINGS: Final[Mapping[str, str]] = _headings()
"""Headings that a list of centers has not; read once: the same for every reader."""


@dataclass(frozen=True)
class Understood:
    """What the columns of a file are.

    Parameters
    ----------
    chosen
        Column of ours by heading, as ``load.Choices`` takes it; "" for what is not to be read.
    personal
        Kind of data by the headings that hold people's.
    edition
        Of the classification whose codes the file has; empty where no heading names it.
    factor
        Rupiah in one unit of the investment.
    """

    chosen: Mapping[str, str] = field(default_factory=dict)
    personal: Mapping[str, str] = field(default_factory=dict)
    edition: str = ""
    factor: float = 1

    def headings(self, table: Table) -> dict[str, str]:
        """By column of ours that a table has, the heading that was taken for it."""
        own = {column: heading for heading, column in self.chosen.items() if column in table.rows}
        known = {c: h for c, h in table.headings.items() if c in FIELDS}
        return own | known


def understood(
    headings: Sequence[str], sample: pd.DataFrame, asked: Mapping[str, str]
) -> Understood:
    """What the columns of a file are; ``asked`` are the headings that the reader tells.

    Parameters
    ----------
    headings
        Of the file, in its order.
    sample
        Its first rows as text, a column for each heading, in the same order.
    asked
        One of ``FIELDS``, or as in ``ASKED_AS``, by heading. What holds people's data by its
        heading or values is none of them, whatever is asked; a bare "Nama" is what is asked.
    """
    personal = personal_columns(headings, sample, asked)
    chosen = {h: known for h in headings if (known := known_as(h))}
    chosen |= {h: ASKED_AS.get(column, column) for h, column in asked.items() if h in headings}
    chosen |= dict.fromkeys(personal, "")
    codes = [h for h in headings if (chosen.get(h) or column_of(h)) == "kbli" and h not in personal]
    editions = [found[1] for heading in codes if (found := EDITIONS.search(heading))]
    rupiah = next((h for h, column in chosen.items() if column == "investment"), "")
    words = plain(rupiah).split("_")
    factor = next((FACTORS[word] for word in words if word in FACTORS), 1)
    return Understood(chosen, personal, next(iter(editions), ""), factor)


def known_as(heading: str) -> str:
    """Column of a heading that lists of centers have not; empty for none."""
    return HEADINGS.get(plain(UNIT.sub(" ", heading))) or HEADINGS.get(plain(heading)) or ""
