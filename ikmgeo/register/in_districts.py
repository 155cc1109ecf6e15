"""What a register holds of each district, for whoever tells of a district."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import pandas as pd

from ikmgeo import tables
from ikmgeo.register import chosen, specialisation
from ikmgeo.register.candidates import DISTRICT_DIGITS, Criterion
from ikmgeo.register.chosen import Chosen
from ikmgeo.register.store import Register, Version

TOLD: Final = 3
"""Commodities that are told of a district, those of most units."""


@dataclass(frozen=True)
class Registered:
    """Units of each district and the villages in it that hold a center.

    Parameters
    ----------
    units
        By code of the district that has some; None where they may not be told.
    commodities
        By district, the commodities with most units and how many, of those whose number
        ``specialisation.publishable`` lets be told.
    candidates
        By district, how many pairs of village and commodity meet the definition.
    definition
        Its code in ``center_definitions.csv``.
    files, made_up
        What it is made of, and whether the units are fictional.
    """

    units: Mapping[str, int | None] = field(default_factory=dict)
    commodities: Mapping[str, tuple[tuple[str, int], ...]] = field(default_factory=dict)
    candidates: Mapping[str, int] = field(default_factory=dict)
    definition: str = ""
    files: tuple[str, ...] = ()
    made_up: bool = False


def in_districts(register: Register, version: Version, definitions: pd.DataFrame) -> Registered:
    """Count a version by district; ``definitions`` as in ``Inputs``, of which the first is used."""
    if not version.units:
        return Registered()
    definition = str(definitions.index[0])
    least = Criterion.of(tables.row(definitions, definition)).units_from
    with register.connect(version) as connection:
        counted = specialisation.counted(chosen.among(connection, Chosen()), "district")
        found = connection.execute(
            f"SELECT village[1:{DISTRICT_DIGITS}], count(*) FROM ("  # noqa: S608
            "SELECT village_code AS village, commodity FROM units "
            "WHERE village_code IS NOT NULL AND commodity IS NOT NULL "
            "GROUP BY ALL HAVING count(*) >= $least) GROUP BY ALL",
            {"least": least},
        ).fetchall()
    told = specialisation.publishable(counted)  # what the table of specialisation may tell, no more
    return Registered(
        {str(code): None if pd.isna(n) else int(n) for code, n in told.areas.items()},
        _first(told.cells.dropna().astype(int)),
        dict(found),
        definition,
        tuple(version.files),
        version.made_up,
    )


def _first(cells: pd.Series) -> dict[str, tuple[tuple[str, int], ...]]:
    """The commodities with most units of each district, of those that may be told."""
    named = cells.rename("units").reset_index()
    named = named[named["commodity"].ne("") & named["units"].gt(0)]
    named = named.sort_values(["units", "commodity"], ascending=[False, True])
    return {
        str(district): tuple(zip(some["commodity"], some["units"].tolist(), strict=True))
        for district, some in named.groupby("area").head(TOLD).groupby("area")
    }
