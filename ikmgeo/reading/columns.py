"""What the columns of tables are called: ours, and the headings by which people write them."""

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import numpy as np
import pandas as pd

from ikmgeo.errors import DataError, Issue
from ikmgeo.reading.texts import is_nothing, numbers
from ikmgeo.settings import SHIPPED_DATA

SHIPPED_COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    name: tuple(columns.split())
    for name, columns in {
        "claims": "claim_id kind center_id value low high category section used_for contradicts"
        " note quantity unit of aspect polarity statement",
        "centers": "center_id name_id name_en commodity district_code area_code locality lat lon"
        " position_precision position_basis position_source position_evidence"
        " position_alternatives products workers_note score_claim category_claim"
        " alternative_claims note",
        "commodities": "commodity name_id name_en kbli kbli_edition isic note",
        "zones": "zone_id name_id name_en short_name class district_code lat lon"
        " position_precision position_source legal_basis operator area_ha area_basis designated"
        " focus_sectors status status_date note source",
        "zone_areas": "zone_id area_ha stage basis year source used",
        "sector_fit": "commodity zone_id fit reason source",
        "guidance": "action_id lever phase actors categories aspects commodities zones"
        " zone_classes zone_statuses fit_min within_km circumstances text_id text_en aim_id aim_en"
        " cases source section",
        "cases": "case_id text_id text_en source section",
        "frameworks": "framework item_id part name_id name_en question_id question_en"
        " anchor_0_id anchor_0_en anchor_1_id anchor_1_en anchor_2_id anchor_2_en anchor_3_id"
        " anchor_3_en anchor_4_id anchor_4_en source section",
        "size_classes": "rule_id regulation name_id size workers_to investment_to bound source",
        "places": "place_id kind name_id lat lon position_precision verified service service_source"
        " source licence note",
        "villages": "village_code name_id subdistrict lat lon",
        "bps_codes": "bps_code area_code name_id",
        "aspects": "aspect name_id name_en within_id within_en headers zone_class outward"
        " answered_by source",
        "categories": "category name_id name_en other_names shape colour phases source",
        "region": "province_code name_id name_en west south east north",
        "former_names": "former_name district_code note",
        "translations": "text text_id",
        "works": "work authors title published doi",
        "benchmarks": "benchmark_id name_id name_en value target period set_by source",
        "sources": "layer file name_id name_en source date licence precision_id precision_en",
    }.items()
}
ASSESSMENT_COLUMNS: Final = (
    *("assessment_id", "version", "center_id", "name_id", "author", "assessed_on"),
)
"""Columns of a sheet of assessments before those of its aspects; see ``assessment_sheets``."""


def _headings() -> dict[str, str]:
    """Headings that people write, in their plain form, and the column each stands for."""
    with (SHIPPED_DATA / "headings.csv").open(encoding="utf-8", newline="") as file:
        return {plain(row["heading"]): row["column"] for row in csv.DictReader(file)}


def plain(heading: str) -> str:
    """A heading without case, spaces and punctuation."""
    return re.sub(r"[\W_]+", "_", heading.lower()).strip("_")


HEADINGS: Final[Mapping[str, str]] = _headings()
"""Read once: the same for every reader, whatever data they have."""

AWAY: Final = re.compile(r"[(\[]\s*(?:ls|s|selatan|bb|w|barat)\s*[)\]]", re.IGNORECASE)
UNIT: Final = re.compile(r"[(\[][^()\[\]]*[)\]]")
"""What stands in brackets behind a heading."""

TOLD: Final = ("locality", "note", "products")
"""Columns of which a table may have several, each with its part of what is to be told."""

DEGREES: Final[Mapping[str, float]] = {"lat": 90, "lon": 180}
"""Columns of degrees, and the most they can have: what is beyond it are metres."""

SAME_DEG: Final = 1e-5
"""Difference of two columns of degrees that are one, rounded otherwise; a metre."""

KNOWN: Final = frozenset(HEADINGS.values()).union(ASSESSMENT_COLUMNS, *SHIPPED_COLUMNS.values()) - {
    *("unit", "version", "of", "statement", "zones", "cases", "headers", "shape", "colour"),
    *("title", "authors", "target", "period"),
}
"""Columns of all tables but those that a table of an office may well have twice, such as ``unit``:
counts of firms are headed so, one for each year."""


def known_names(cells: Iterable[str]) -> int:
    """How many different known column names some headings mean."""
    return len({column_of(cell) for cell in cells} & KNOWN)


def column_of(header: str) -> str:
    """Canonical column name of a header such as ``"Kabupaten/Kota"`` or ``"Lintang (°)"``."""
    whole = plain(header)
    if whole in HEADINGS or AWAY.search(header):  # degrees that count to the south or west
        return HEADINGS.get(whole, whole)
    unitless = plain(UNIT.sub(" ", header)) or whole
    return HEADINGS.get(unitless, unitless)


def column_names(
    headers: Sequence[str], numbers: Sequence[int], aspects: Mapping[str, str]
) -> tuple[list[str], dict[str, str]]:
    """Name every column; of one name used twice, the later ones get their numbers.

    Besides, by the names of those that repeat a known column, which one they repeat.
    """
    names: list[str] = []
    repeated: dict[str, str] = {}
    for number, header in zip(numbers or range(1, len(headers) + 1), headers, strict=True):
        column = column_of(header) or f"column_{number}"
        column = aspects.get(column, column)
        if column in names:
            if column in KNOWN or column in aspects.values():
                repeated[f"{column}_{number}"] = column
            column = f"{column}_{number}"
        names.append(column)
    return names, repeated


def joined(
    rows: pd.DataFrame, repeated: Mapping[str, str], headers: Mapping[str, str], name: str
) -> tuple[pd.DataFrame, list[Issue]]:
    """Make one column of those with one meaning, and tell which are left where they differ.

    Texts that tell more than each other stand side by side; a district's name beside its code is
    a column of its own; degrees go before metres, else the heading that is the surer one in
    ``headings.csv``: "Nama usaha" before "Nama".

    Raises
    ------
    DataError
        Two columns of an assessment differ; which of two authors it is nobody can say.
    """
    issues = []
    for other, column in repeated.items():
        if other not in rows:  # it was empty
            continue
        first, second = rows[column], rows[other]
        differ = first.notna() & second.notna() & (first != second)
        if column in TOLD:
            rows[column] = first.fillna(second).where(~differ, first + ", " + second)
        elif not differ.any() or _agree(column, first[differ], second[differ]):
            rows[column] = first.fillna(second)
        elif column not in HEADINGS.values():
            pair = (headers[column], headers[other])
            raise DataError(
                [Issue("column_twice", name, column=column, expected={"headers": pair})]
            )
        elif column == "district_code" and _are_codes(first) != _are_codes(second):
            codes, names = (first, second) if _are_codes(first) else (second, first)
            rows[column], rows["district_name"] = codes, names
        else:
            kept, left = headers[column], headers[other]
            if _goes_before(column, second, first, _surer(left, kept)):
                kept, left, rows[column] = left, kept, second
            told = {"kept": kept}
            issues.append(Issue("column_left", name, None, left, None, told, severity="noted"))
        rows = rows.drop(columns=other)
    return rows, issues


def _agree(column: str, first: pd.Series, second: pd.Series) -> bool:
    """Whether two columns of degrees say the same in other digits."""
    return column in DEGREES and np.allclose(numbers(first), numbers(second), atol=SAME_DEG)


def _are_codes(texts: pd.Series) -> bool:
    return bool(texts[~is_nothing(texts)].str.fullmatch(r"[\d.]+").all())


def _goes_before(column: str, second: pd.Series, first: pd.Series, surer: bool) -> bool:
    """Whether the second of two columns is the one to take."""
    if column in DEGREES:
        metres, also = (numbers(t).abs().gt(DEGREES[column]).any() for t in (first, second))
        if metres != also:
            return bool(metres)
    return surer


def _surer(heading: str, other: str) -> bool:
    """Whether a heading stands before another in the catalogue; a column's own name before all."""
    order = list(HEADINGS)
    ranks = (order.index(h) if h in HEADINGS else -1 for h in map(plain, (heading, other)))
    return next(ranks) < next(ranks)
