"""What a register holds of each district, for whoever tells of a district."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import pandas as pd

from ikmgeo import tables
from ikmgeo.register.candidates import DISTRICT_DIGITS, Criterion
from ikmgeo.register.store import Register, Version
from ikmgeo.register.suppression import LEAST

TOLD: Final = 3
"""Commodities that are told of a district, those of most units."""


@dataclass(frozen=True)
class Registered:
    """Units of each district and the villages in it that hold a center.

    Parameters
    ----------
    units
        By code of the district.
    commodities
        By district, the commodities with most units and how many: never one or two units, nor
        such that the rest of the district would be one or two.
    candidates
        By district, how many pairs of village and commodity meet the definition.
    definition
        Its code in ``center_definitions.csv``.
    files, made_up
        What it is made of, and whether the units are fictional.
    """

    units: Mapping[str, int] = field(default_factory=dict)
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
        counted = connection.execute(
            "SELECT district_code, commodity, count(*) AS units FROM units "
            "WHERE district_code IS NOT NULL GROUP BY ALL ORDER BY units DESC, commodity"
        ).fetchall()
        found = connection.execute(
            f"SELECT village[1:{DISTRICT_DIGITS}], count(*) FROM ("  # noqa: S608
            "SELECT village_code AS village, commodity FROM units "
            "WHERE village_code IS NOT NULL AND commodity IS NOT NULL "
            "GROUP BY ALL HAVING count(*) >= $least) GROUP BY ALL",
            {"least": least},
        ).fetchall()
    units: dict[str, int] = {}
    by_commodity: dict[str, list[tuple[str, int]]] = {}
    for district, commodity, count in counted:
        units[district] = units.get(district, 0) + count
        by_commodity.setdefault(district, []).extend([(commodity, count)] if commodity else [])
    told = {code: _told(units[code], named) for code, named in by_commodity.items()}
    files = tuple(entry.file for entry in version.entries)
    return Registered(units, told, dict(found), definition, files, version.made_up)


def _told(units: int, named: list[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    """The first of them that no small count can be read from."""
    told = [(commodity, count) for commodity, count in named[:TOLD] if count >= LEAST]
    while told and 0 < units - sum(count for _, count in told) < LEAST:
        told.pop()
    return tuple(told)
