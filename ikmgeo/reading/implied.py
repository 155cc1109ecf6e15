"""What a list says elsewhere than in the column for it: the commodity of a row, its district.

Each is filled only where the row says nothing itself, and told.
"""

import re
from collections.abc import Callable, Mapping
from typing import Final

import pandas as pd

from ikmgeo.errors import Issue
from ikmgeo.reading.texts import is_nothing, numbers

LAYER: Final = "file_layer"
"""Column with the name of the sheet, layer or folder that a row stands in."""

GROUP: Final = "file_group"
"""Column with the heading, among the rows, that names the district of those below it."""

TITLE: Final = "file_title"
"""Column with what stands above the table."""

TITLED: Final = re.compile(r"\b(?:kab(?:upaten|\.)?|kota|kodya)\s+\w", re.IGNORECASE)
"""Where the name of a district may stand in a title."""

MOST_WORDS: Final = 5
"""Of a district with its kind: Kabupaten Labuhanbatu Utara."""

LEAST: Final = 3
"""Values by which a column of scores is told to hold fractions."""

KBLI: Final = r"(?:1\d|2\d|3[0-3])\d{3}"
"""Codes of manufacturing have divisions 10 to 33."""

NUMBER: Final = r"\d{1,6}"
SHARED: Final = 4
"""Rows of one id by which it is none; two or three are rows entered twice."""

Find = Callable[[pd.Series], pd.Series]
"""Code of each text; missing where it is none."""


def with_commodities(
    rows: pd.DataFrame, find: Find, kbli: Mapping[str, str], words: Mapping[str, str], file: str
) -> tuple[pd.DataFrame, list[Issue]]:
    """The rows with the commodity that their KBLI code, their layer or their name tells.

    Parameters
    ----------
    rows
        Columns as text, perhaps ``commodity``, ``kbli``, ``file_layer`` and ``name_id``.
    find
        Code of a commodity's name.
    kbli
        Commodity by its KBLI code.
    words
        Commodity by what its name calls it, in lower case; layers and centers are called so too.
    """
    absent = pd.Series(pd.NA, rows.index, dtype="str")
    given = rows.get("commodity", absent)
    given = given.mask(is_nothing(given))
    layers = rows.get(LAYER, absent)[given.isna()]
    codes = rows.get("kbli", absent).str.replace(r"\D", "", regex=True)
    ways = {
        "kbli": codes.map(dict(kbli)),
        "products": rows.get("products", absent),
        "layer": find(layers).fillna(layers.map(lambda name: _called(name, words)).astype("str")),
        "name": rows.get("name_id", absent)[given.isna()].map(lambda name: _called(name, words)),
    }
    issues = []
    for way, told in ways.items():
        filled = given.isna() & told.reindex(given.index).notna()
        if filled.any():
            given = given.fillna(told.astype("str"))
            issues.append(_noted(f"commodity_from_{way}", "commodity", filled, file))
    described = given.isna() & codes.notna()
    given = given.fillna(("KBLI " + codes).where(described))
    if given.isna().all():
        return rows, issues
    return rows.assign(commodity=given), issues


def _called(name: object, words: Mapping[str, str]) -> object:
    """The one commodity that a name of a center names."""
    plain = " ".join(re.findall(r"[^\W_]+", str(name).casefold()))
    found = {code for word, code in words.items() if f" {word} " in f" {plain} "}
    return found.pop() if len(found) == 1 else pd.NA


def with_districts(rows: pd.DataFrame, find: Find, file: str) -> tuple[pd.DataFrame, list[Issue]]:
    """The rows with the district that a heading above them names, or their sheet, layer or title.

    Where the list has a column of districts, only headings between its rows fill what is blank.
    """
    absent = pd.Series(pd.NA, rows.index, dtype="str")
    given = rows.get("district_code", absent)
    given = given.mask(is_nothing(given))
    ways = {"group": rows.get(GROUP, absent)}
    if "district_code" not in rows:
        titles = rows.get(TITLE, absent)
        titled = {title: _district_in(title, find) for title in titles.dropna().unique()}
        ways |= {"layer": rows.get(LAYER, absent), "title": titles.map(titled).astype("str")}
    issues = []
    for way, told in ways.items():
        filled = given.isna() & find(told).notna()
        if filled.any():
            given = given.fillna(told.where(filled))
            issues.append(_noted(f"district_from_{way}", "district_code", filled, file))
    return (rows.assign(district_code=given) if issues else rows), issues


def _district_in(title: str, find: Find) -> object:
    """The one district that a title names, as in "Data IKM Kabupaten Karo Tahun 2025"."""
    named: dict[str, str] = {}
    for at in TITLED.finditer(title):
        words = re.findall(r"[\w.]+", title[at.start() :])[:MOST_WORDS]
        texts = pd.Series([" ".join(words[:n]) for n in range(len(words), 1, -1)], dtype="str")
        codes = find(texts).dropna()
        if len(codes):
            named[codes.iloc[0]] = str(texts[codes.index[0]])
    return next(iter(named.values())) if len(named) == 1 else pd.NA


def _noted(code: str, column: str, filled: pd.Series, file: str) -> Issue:
    """One note of all rows that were filled."""
    first = filled.index.to_numpy()[filled.to_numpy().argmax()]
    told = {"count": int(filled.sum()), "first": int(first)}
    return Issue(code, file, None, column, None, told, "noted")


def without_other_ids(rows: pd.DataFrame, file: str) -> tuple[pd.DataFrame, list[Issue]]:
    """The rows without ids that are none: of rows with other names, one for all, codes of KBLI.

    Numbers that repeat are of a list, such as one that begins anew on each sheet.
    """
    if "center_id" not in rows:
        return rows, []
    given = rows["center_id"].dropna()
    names = rows.get("name_id", given).str.casefold().reindex(given.index)
    other = given[names.groupby(given).transform("nunique").gt(1)]
    coded = given.duplicated().any() and (
        given.str.fullmatch(KBLI).all() or (len(other) and given.str.fullmatch(NUMBER).all())
    )
    if coded or (len(given) >= LEAST and SHARED * given.nunique() <= len(given)):
        other = given
    if other.empty:
        return rows, []
    told = {"examples": tuple(other.unique()[:LEAST]), "count": len(other)}
    issue = Issue("ids_repeated", file, None, "center_id", None, told, "noted")
    return rows.assign(center_id=rows["center_id"].drop(other.index)), [issue]


def percentages(
    text: pd.DataFrame, ranges: Mapping[str, tuple[float, float]], file: str
) -> tuple[pd.DataFrame, list[Issue]]:
    """The rows with ``75,5 %`` as ``75,5``, and a note of columns that hold fractions of 1.

    Parameters
    ----------
    ranges
        By column of percentages, the least and the greatest number it holds.
    """
    issues = []
    for column in (c for c in ranges if text[c].notna().any()):
        plain = text[column].str.replace(r"\s*%$", "", regex=True)
        text = text.assign(**{column: plain})
        given = numbers(plain).dropna()
        if len(given) >= LEAST and given.between(0, 1).all() and (given % 1 != 0).any():
            told = {"greatest": float(given.max())}
            issues.append(Issue("scores_fractions", file, None, column, None, told, "noted"))
    return text, issues
