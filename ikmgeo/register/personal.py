"""People's data in a register: recognised by heading and by value, so that they stay out.

Names of persons can be told by the heading alone; numbers of identity cards and taxpayers,
telephone numbers and e-mail also by what they look like.
"""

import csv
import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Final

import pandas as pd

from ikmgeo.reading.columns import NUMBERED, UNIT, column_of, plain
from ikmgeo.settings import SHIPPED_DATA

MASK: Final = "[…]"
"""What stands in the place of a personal value amid others."""

BARE: Final = frozenset(("nama", "name", "nm"))
"""Headings of a name that may be a person's or a firm's."""

OF_FIRM: Final = re.compile(
    r"(?i)\b(?:ud|cv|pt|pd|fa|nv|usaha|toko|kios|kelompok|klp|kub|kube|koperasi|kop|sentra|industri|ikm"
    r"|umkm|ukm|home|rumah|warung|kilang|pabrik|bengkel|konveksi|galeri|gallery|kerajinan|tenun|ulos"
    r"|anyaman|keripik|kripik|kopi|tahu|tempe|roti|kue|bakery|catering|batik|madu|mebel|meubel|dodol"
    r"|collection|craft|food|snack|unit|bumdes|perusahaan|sanggar|opak|gula)\b"
)
"""Words of names of firms, of what they make or of how many work there."""

COUNTS: Final = frozenset(
    (
        *("jumlah", "jml", "total", "banyak", "banyaknya", "persen", "persentase", "jenis"),
        *("status", "bentuk", "skala", "kategori", "number", "count", "type"),
    )
)
"""First words of headings that count or sort people and do not name them."""

BEGINNINGS: Final = re.compile(r"^(?:nomor|nomer|nmr|nama|nm|no)(?=[a-z]{2})")
"""Words that are written together with the one behind them: nohp, namapemilik."""

DEGREES: Final = ("lat", "lon", "coordinates")
"""Columns whose long numbers are nobody's."""

MOSTLY: Final = 0.3
"""Share of a column's values that must be personal, each as a whole, for the column to go."""

APART: Final = r"[\s\u00a0\u2009\u202f\u2010-\u2015-]"
"""What stands between digits of long numbers; a point there makes a number with decimals."""

EMAIL: Final = re.compile(r"[\w.+%-]+\s?@\s?[\w-]+(?:\.[\w-]+)+")
FLOAT: Final = re.compile(r"\d(?:[.,]\d+)?[eE]\+?1[45]")
"""A number of 15 or 16 digits as a spreadsheet writes it."""

MOBILE: Final = rf"(?:\(?\+\s?62\)?|62|0){APART}?8[1-9]\d(?:(?:{APART}|\.)?\d){{6,9}}(?!\d)"
LANDLINE: Final = (
    rf"\(?(?:\+\s?62{APART}?|0)(?:21|22|24|31|6[1-5]\d?)\)?{APART}?\d{{3,4}}{APART}?\d{{3,4}}(?!\d)"
)
PHONE: Final = re.compile(rf"(?<![\d.,])(?:{MOBILE}|{LANDLINE})")
MOBILE_CUT: Final = re.compile(r"8[1-9]\d{8,10}")
"""A mobile number that lost its 0 to a spreadsheet; a whole cell only."""

NPWP: Final = re.compile(r"(?<!\d)\d{2}[.\s]\d{3}[.\s]\d{3}[.\s]\d[-.\s]\d{3}[.\s]\d{3}(?!\d)")
LONG: Final = re.compile(
    rf"(?<![\d.,])(?:\d(?:{APART}?\d){{14,15}}|\d\d\.\d\d\.\d\d\.\d{{6}}\.\d{{4}})(?!\d)"
)
SUSPECT: Final = re.compile(
    "@|\\d[\\d\\s\u00a0\u2009\u202f\u2010-\u2015.()-]{6,}\\d|\\d(?:[.,]\\d+)?[eE][+]?1[45]"
)
"""What every personal value holds; looking for it first is quick."""


def _words() -> dict[tuple[str, ...], str]:
    with (SHIPPED_DATA / "personal_headings.csv").open(encoding="utf-8", newline="") as file:
        return {tuple(row["words"].split()): row["kind"] for row in csv.DictReader(file)}


WORDS: Final[Mapping[tuple[str, ...], str]] = _words()
"""Kind of data by the words of a heading; read once: the same for every reader."""


def kind_of(heading: str) -> str:
    """Kind of personal data that a heading names; empty for none."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", NUMBERED.sub("", heading))
    words = [BEGINNINGS.sub("", word) for word in plain(apart).split("_")]
    found = ""
    for known, kind in WORDS.items():
        beside = zip(*(words[n:] for n in range(len(known))), strict=False)
        if known in beside and not (kind == "person" and words[0] in COUNTS):
            found = found or kind
    counts = found == "identity" and words[0] in COUNTS  # Jumlah KK: of households
    return "" if counts else found


def personal_columns(
    headings: Sequence[str], sample: pd.DataFrame, told: Collection[str] = ()
) -> dict[str, str]:
    """Kind of personal data by the headings of the columns that hold them.

    Parameters
    ----------
    headings
        Of the file, in its order.
    sample
        Some rows as text, a column for each heading, in the same order.
    told
        Headings of which the reader says what they are: not taken for a person's name if bare.

    Returns
    -------
    dict
        ``person``, ``contact``, ``identity``, ``tax``, ``telephone``, ``email``, ``birth``,
        ``home``, ``bank``, or ``values`` where the heading does not tell. A bare "Nama" is a
        person's where another column names the firm, or where it stands beside personal data and
        most of its values do not sound like a firm's.
    """
    found: dict[str, str] = {}
    for at, heading in enumerate(headings):
        kind, values = kind_of(heading), sample.iloc[:, at]
        if kind == "person" and _are_counts(values):
            kind = ""
        if not kind and column_of(heading) not in DEGREES:
            kind = _by_values(values)
        if kind:
            found[heading] = kind
    named = [h for h in headings if h not in found and column_of(h) == "name_id"]
    bare = [h for h in named if plain(UNIT.sub(" ", h)) in BARE and h not in told]
    for heading in bare:
        values = sample.iloc[:, headings.index(heading)].dropna()
        sounds = values.str.contains(OF_FIRM).mean() if len(values) else 1
        if set(named) - set(bare) or (found and sounds < 1 / 2):
            found[heading] = "person"
    return found


def _are_counts(values: pd.Series) -> bool:
    """Whether a column counts people, as Pengrajin: 12, and does not name them."""
    given = values.dropna()
    return len(given) > 0 and given.str.fullmatch(r"\d{1,5}(?:[.,]0)?").mean() > 1 / 2


def _by_values(values: pd.Series) -> str:
    """``values`` where enough of the values are personal, each as a whole."""
    given = values.dropna()
    suspect = given[given.str.contains(SUSPECT.pattern)]
    count = sum(map(_is_personal, suspect))
    return "values" if count and count >= MOSTLY * len(given) else ""


def _is_personal(value: str) -> bool:
    """Whether a value is personal and nothing else."""
    return masked(value.strip().lstrip("'").strip()) == MASK


def masked(text: str) -> str:
    """The text with ``MASK`` in the place of every personal value in it."""
    if not SUSPECT.search(text):
        return text
    if MOBILE_CUT.fullmatch(text):
        return MASK
    text = EMAIL.sub(MASK, text)
    text = FLOAT.sub(MASK, text)
    text = NPWP.sub(MASK, text)
    text = LONG.sub(lambda found: MASK if _is_number_of_person(found[0]) else found[0], text)
    return PHONE.sub(MASK, re.sub(rf"{re.escape(MASK)}\.0\b", MASK, text))


def _is_number_of_person(text: str) -> bool:
    """Whether digits are a taxpayer's number, or that of an identity card: region and birthday."""
    digits = re.sub(r"\D", "", text)
    if len(digits) == 15 or digits.startswith("0"):
        return len(digits) == 15 or digits[1] != "0"
    day, month, year = (int(digits[at : at + 2]) for at in (6, 8, 10))
    try:
        date(2000 + year, month, day % 40)  # 40 is added to the days of women
    except ValueError:
        return False
    return 11 <= int(digits[:2]) <= 96 and digits[2:4] != "00" and day < 72


def masked_texts(texts: pd.Series) -> pd.Series:
    """Each text with its personal values masked; missing ones stay missing."""
    suspect = texts.str.contains(SUSPECT.pattern).eq(True)  # as text, Arrow looks for it
    if not suspect.any():
        return texts
    return texts.where(~suspect, texts[suspect].map(masked).reindex(texts.index))
