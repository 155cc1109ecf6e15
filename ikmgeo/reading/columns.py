"""What the columns of tables are called: ours, and the headings by which people write them."""

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import pandas as pd

from ikmgeo.errors import DataError, Issue
from ikmgeo.reading.cell_shapes import shape_in
from ikmgeo.reading.coordinates import holds_both
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
        "center_definitions": "definition name_id name_en units_from household_share_from"
        " legal_basis source note",
        "places": "place_id kind name_id lat lon position_precision verified service service_source"
        " source licence note",
        "towns": "town_id name_id lat lon population",
        "villages": "village_code name_id subdistrict lat lon",
        "bps_codes": "bps_code area_code name_id",
        "aspects": "aspect name_id name_en within_id within_en headers zone_class outward"
        " answered_by anchored_by source",
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

COLUMNS: Final = frozenset(HEADINGS.values()).union(ASSESSMENT_COLUMNS, *SHIPPED_COLUMNS.values())

QUALIFIERS: Final = frozenset(
    (
        *("utama", "unggulan", "andalan", "dominan", "usaha", "ikm", "umkm", "ukm", "industri"),
        *("sentra", "perusahaan", "lokasi", "domisili", "pelaku", "lengkap", "main", "business"),
        *("yang", "dihasilkan", "diproduksi", "dibuat"),
    )
)
"""Words that say of what, or how much, another word of a heading tells: "Jenis produk utama"."""

QUALIFIED: Final = frozenset(
    (
        *("name_id", "commodity", "products", "kbli", "locality", "lat", "lon"),
        *("district_code", "subdistrict", "village"),
    )
)
"""Columns that a heading with such words may stand for."""

DEGREES_END: Final = re.compile(r"_(latitude|longitude)$")
GROUPS: Final = re.compile(r"[/:]|(?<=\w)-(?=\w)")
"""Between the names of groups and of questions in forms of ODK and KoboToolbox."""

NUMBERED: Final = re.compile(r"^\s*\d+[.)]\s*")
"""Number before a heading, as in "1. Nama usaha"."""

TOLD: Final = ("locality", "note", "products")
"""Columns of which a table may have several, each with its part of what is to be told."""

DEGREES: Final[Mapping[str, float]] = {"lat": 90, "lon": 180}
"""Columns of degrees, and the most they can have: what is beyond it are metres."""

MINUTES: Final = ("menit", "detik", "minutes", "seconds", "minute", "second")
"""Names of the columns behind one of degrees."""

SAME_DEG: Final = 1e-5
"""Difference of two columns of degrees that are one, rounded otherwise; a metre."""

INDONESIA: Final = (94.5, -11.5, 141.5, 6.5)
"""West, south, east, north, in degrees."""

VILLAGE_CODE: Final = r"[1-9]\d\.\d\d\.\d\d\.\d{4}|[1-9]\d[0-9]{2}[0-9]{2}[12]\d{3}"
"""Ten digits of Kemendagri, of which the seventh tells a kelurahan (1) from a village (2)."""

LEAST: Final = 3
"""Values by which a column is told to mean something; fewer may be so by chance."""

EXACT: Final = r"[.,]\d{4}"
"""Decimals that degrees have, and hardly anything else that a list counts."""

LOOKED_AT: Final = 50
"""Cells by which a column is told to hold both coordinates; reading them is slow."""

SCORING: Final = frozenset(("score_total", "category", "assessment_id", "author", "assessed_on"))
"""Columns of which one beside an aspect says that it is scored."""

POINTS: Final = frozenset(
    ("skor", "nilai", "score", "poin", "point", "points", "skala", "scale", "persen", "percent")
)
"""Words in the brackets behind the heading of a score; other units are of something else."""

MOSTLY: Final = 0.9
"""Share of a column's values that must be of a kind for the column to be."""

KNOWN: Final = COLUMNS - {
    *("unit", "version", "of", "statement", "zones", "cases", "headers", "shape", "colour"),
    *("title", "authors", "target", "period"),
}
"""Columns of all tables but those that a table of an office may well have twice, such as ``unit``:
counts of firms are headed so, one for each year."""


@lru_cache(maxsize=1_000)  # looking for the headings asks for the same cells again and again
def column_of(header: str) -> str:
    """Canonical column name of a header such as ``"Kabupaten/Kota"`` or ``"Lintang (°)"``."""
    whole = plain(header)
    if whole in HEADINGS or AWAY.search(header):  # degrees that count to the south or west
        return HEADINGS.get(whole, whole)
    unitless = plain(UNIT.sub(" ", header)) or whole
    if unitless in HEADINGS or unitless in COLUMNS:
        return HEADINGS.get(unitless, unitless)
    if degrees := DEGREES_END.search(unitless):  # _lokasi_latitude, as Kobo writes it
        return "lat" if degrees[1].startswith("lat") else "lon"
    apart = [re.sub(r"(?<=[a-z])(?=[A-Z])", " ", NUMBERED.sub("", header)), *GROUPS.split(header)]
    parts = [*map(plain, apart), unitless]
    known = [HEADINGS.get(word, word) for word in parts if word in HEADINGS or word in DEGREES]
    known += [column for word in parts if (column := _qualified(word))]
    # A group of questions is often called as what is told of it: lokasi/nama_usaha.
    return next((c for c in known if c not in (*TOLD, "coordinates")), (*known, unitless)[0])


def _qualified(heading: str) -> str:
    """The column of a plain heading without qualifiers at its end, or without any; "" if none."""
    words = heading.split("_")
    bare = ["_".join(word for word in words if word not in QUALIFIERS)]
    while words and words[-1] in QUALIFIERS:
        words = words[:-1]
        bare.insert(-1, "_".join(words))
    columns = (HEADINGS.get(word, "") for word in bare)
    return next((column for column in columns if column in QUALIFIED), "")


@dataclass(frozen=True)
class Naming:
    """What the columns of one table are called.

    Parameters
    ----------
    names
        Of every column; of one name used twice, the later ones have their numbers.
    titles
        By name, the heading in the file; where that is blank or there twice, made unlike others.
    repeated
        By the names of those that repeat a known column, which one they repeat.
    unnamed
        Names of the columns without a heading.
    chosen
        Names of the columns that the reader chose.
    """

    names: list[str]
    titles: Mapping[str, str]
    repeated: Mapping[str, str]
    unnamed: frozenset[str]
    chosen: frozenset[str]

    def is_known(self, name: str, aspects: Mapping[str, str]) -> bool:
        """Whether a column is one of ours, or repeats one."""
        column = self.repeated.get(name, name)
        return column in KNOWN or column in aspects.values()


def named(
    headers: Sequence[str],
    numbers: Sequence[int],
    aspects: Mapping[str, str],
    chosen: Mapping[str, str],
) -> Naming:
    """Name every column, by the catalogue of headings or as the reader chose."""
    names: list[str] = []
    titles: dict[str, str] = {}
    repeated: dict[str, str] = {}
    unnamed, by_choice = set(), set()
    for number, header in zip(numbers or range(1, len(headers) + 1), headers, strict=True):
        column = column_of(header) or f"column_{number}"
        column = aspects.get(column, column)
        if column in ("score_total", *aspects.values()) and _in_units(header):
            column = plain(header)
        if header in chosen:
            column = chosen[header] or f"column_{number}"
        if column in names:
            if column in KNOWN or column in aspects.values():
                repeated[f"{column}_{number}"] = column
            column = f"{column}_{number}"
        names.append(column)
        there = not header or header in titles.values()
        titles[column] = f"{header}_{number}" if there else header
        unnamed |= set() if header else {column}
        by_choice |= {column} if chosen.get(header) else set()
    return Naming(names, titles, repeated, frozenset(unnamed), frozenset(by_choice))


def _in_units(header: str) -> bool:
    """Whether brackets behind a heading name a unit, such as tons or rupiah."""
    words = [w for unit in UNIT.findall(header) for w in re.findall(r"[a-z]+", unit.lower())]
    return bool(words) and not POINTS & set(words)


def known_columns(cells: Iterable[str], chosen: Mapping[str, str]) -> set[str]:
    """The known columns that some headings mean."""
    return {chosen.get(cell) or column_of(cell) for cell in cells} & KNOWN


def by_values(rows: pd.DataFrame) -> dict[str, str]:
    """Columns whose headings say nothing of what their values are: field of ours by column.

    Degrees that lie in Indonesia, in two columns or in one (``Lokasi`` may head that too), and
    codes of villages. Only where a single column can be meant.
    """
    found: dict[str, str] = {}
    unknown = [str(c) for c in rows if c not in KNOWN and rows[c].notna().any()]
    if not {*DEGREES, "coordinates"} & set(rows):
        one = [c for c in (*unknown, "locality") if c in rows and _are_places(rows[c])]
        found = _degrees(rows[unknown]) or ({one[0]: "coordinates"} if len(one) == 1 else {})
    if "area_code" not in rows:
        coded = [c for c in unknown if _mostly(rows[c].dropna().str.fullmatch(VILLAGE_CODE))]
        found |= {coded[0]: "area_code"} if len(coded) == 1 else {}
    return found


def _degrees(rows: pd.DataFrame) -> dict[str, str]:
    """The pair of columns with degrees; of few rows, or of several columns, only exact ones."""
    found = {}
    for field, limits in {"lat": INDONESIA[1::2], "lon": INDONESIA[::2]}.items():
        fitting = [c for c in rows if _share(_fraction_within(rows[c], *limits)) >= MOSTLY]
        exact = [c for c in fitting if _share(rows[c].dropna().str.contains(EXACT)) >= MOSTLY]
        if len(fitting) > 1 or not any(rows[c].count() >= LEAST for c in fitting):
            fitting = exact
        if len(fitting) != 1:
            return {}
        found[str(fitting[0])] = field
    return found


def _are_places(texts: pd.Series) -> bool:
    """Whether cells hold both coordinates, or shapes."""
    given = texts[~is_nothing(texts)].head(LOOKED_AT)
    found = [holds_both(cell, INDONESIA) or shape_in(cell) is not None for cell in given]
    return _share(pd.Series(found)) >= MOSTLY


def _mostly(passed: pd.Series) -> bool:
    return len(passed) >= LEAST and _share(passed) >= MOSTLY


def _share(passed: pd.Series) -> float:
    return float(passed.mean()) if len(passed) else 0.0


def _fraction_within(texts: pd.Series, low: float, high: float) -> pd.Series:
    """Whether each text is a number within limits that is no whole one."""
    given = numbers(texts.dropna())
    return given.between(low, high) & (given % 1 != 0)


def with_minutes(rows: pd.DataFrame, naming: Naming) -> pd.DataFrame:
    """The rows with degrees, minutes and seconds of three columns in one, as people write them.

    Where cells of the heading are merged, the second and third column have none.
    """
    for column in DEGREES.keys() & set(rows):
        at = naming.names.index(column) + 1
        beside = naming.names[at : at + 2]
        parts = [c for c in beside if c in rows and (c in naming.unnamed or c in MINUTES)]
        whole = numbers(rows[column])
        given = [numbers(rows[part]) for part in parts]
        if not parts or parts != beside[: len(parts)] or (whole % 1 != 0).any():
            continue
        if all(part.between(0, 60, inclusive="left").all() for part in given):
            written = rows[column] + "°"
            for part, sign in zip(parts, "'\"", strict=False):
                written += rows[part] + sign
            rows = rows.assign(**{column: written}).drop(columns=parts)
    return rows


def with_both(rows: pd.DataFrame, naming: Naming) -> pd.DataFrame:
    """The rows with both coordinates in one cell, where their heading is merged over two."""
    if "coordinates" not in rows:
        return rows
    at = naming.names.index("coordinates") + 1
    beside = next((c for c in naming.names[at : at + 1] if c in naming.unnamed and c in rows), None)
    if beside is None or _are_places(rows["coordinates"]):
        return rows
    both = rows["coordinates"] + "; " + rows[beside]
    return rows.assign(coordinates=both).drop(columns=beside) if _are_places(both) else rows


def with_authority(rows: pd.DataFrame, naming: Naming) -> pd.DataFrame:
    """The rows with ``ID`` before codes whose heading says that they are of BPS, as OCHA has it."""
    marked = {
        column: rows[column].where(
            ~rows[column].str.fullmatch(r"\d+").eq(True), "ID" + rows[column]
        )
        for column in ("district_code", "subdistrict_code", "area_code")
        if column in rows and "bps" in plain(naming.titles[column]).split("_")
    }
    return rows.assign(**marked)


def without_lone_aspect(
    rows: pd.DataFrame,
    titles: Mapping[str, str],
    naming: Naming,
    aspects: Mapping[str, str],
    name: str,
) -> tuple[pd.DataFrame, list[Issue]]:
    """The rows with an aspect as a note, where nothing else of a scoring sheet is with it.

    ``Produksi`` alone is tons or pieces. What is headed by the aspect's code is the aspect, and
    what by several words can hardly be anything else.
    """
    there = [c for c in dict.fromkeys(aspects.values()) if c in rows and rows[c].notna().any()]
    if len(there) != 1 or SCORING & set(rows) or there[0] in naming.chosen:
        return rows, []
    column, heading = there[0], titles[there[0]]
    if plain(heading) == column or "_" in plain(heading):
        return rows, []
    told = {"heading": heading, "examples": tuple(rows[column].dropna().unique()[:LEAST])}
    issue = Issue("aspect_alone", name, None, column, None, told, severity="noted")
    return as_note(rows, column, heading).drop(columns=column), [issue]


def as_note(rows: pd.DataFrame, column: str, heading: str) -> pd.DataFrame:
    """The rows with what a column says in their notes, under its heading."""
    said = heading + ": " + rows[column]
    given = rows.get("note", pd.Series(pd.NA, rows.index, dtype="str"))
    return rows.assign(note=(given + "; " + said).fillna(given).fillna(said))


def joined(
    rows: pd.DataFrame, naming: Naming, name: str
) -> tuple[pd.DataFrame, list[Issue], dict[str, str]]:
    """Make one column of those with one meaning, and tell which are left where they differ.

    Texts that tell more than each other stand side by side; a district's name beside its code is
    a column of its own; degrees go before metres, what the reader chose before the rest, else the
    heading that is the surer one in ``headings.csv``: "Nama usaha" before "Nama".
    Besides, the heading of each column as it then is.

    Raises
    ------
    DataError
        Two columns of an assessment differ; which of two authors it is nobody can say.
    """
    headers, titles = naming.titles, dict(naming.titles)
    issues = []
    for other, column in naming.repeated.items():
        if other not in rows:  # it was empty
            continue
        first, second = (rows[name].mask(is_nothing(rows[name])) for name in (column, other))
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
            if other in naming.chosen or _goes_before(
                column, second, first, column not in naming.chosen and _surer(left, kept)
            ):
                kept, left, rows[column] = left, kept, second
                titles[column] = naming.titles[other]
            if column not in DEGREES:  # a pair of degrees is of one point
                rows[column] = rows[column].fillna(first).fillna(second)
            told = {"kept": kept}
            issues.append(Issue("column_left", name, None, left, None, told, severity="noted"))
        rows = rows.drop(columns=other)
    return rows, issues, titles


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
