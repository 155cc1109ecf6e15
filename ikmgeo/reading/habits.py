"""What lists of offices say in ways of their own: nothing, another thing, a district's name."""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

import geopandas as gpd
import pandas as pd

from ikmgeo.errors import Issue
from ikmgeo.reading.columns import as_note
from ikmgeo.reading.places import located_district, outside_reported
from ikmgeo.reading.texts import is_nothing, numbers

LOOKED_AT: Final = 200
"""Different values by which a column is judged; each is compared with all known ones."""

EXAMPLES: Final = 3
"""Values quoted of a column."""

LEAST: Final = 2
"""Cells by which a column is told to mean something else; a single one may be a slip."""

Find = Callable[[pd.Series], pd.Series]
"""Code of each text; missing where it is none."""


def without_nothing(text: pd.DataFrame, columns: Iterable[str]) -> pd.DataFrame:
    """The rows with cells that say "none", such as ``-`` or ``n/a``, missing."""
    held = [c for c in columns if text[c].notna().any()]
    return text.assign(**{c: text[c].mask(is_nothing(text[c])) for c in held})


def without_others(
    text: pd.DataFrame,
    finds: Mapping[str, Find],
    ranges: Mapping[str, tuple[float, float]],
    headings: Mapping[str, str],
    file: str,
) -> tuple[pd.DataFrame, list[Issue]]:
    """The rows without columns that carry a heading of ours and mean something else.

    Such as ``Kategori`` with crafts and food in it, or ``Nilai`` in rupiah: most of its values are
    not what ours would hold. They become notes. Of a column that stays, they are defects.

    Parameters
    ----------
    text
        Columns as text; index ``row``.
    finds
        By column, the codes of its texts, near misses included.
    ranges
        By column, the least and the greatest number it holds.
    headings
        By column, what the file calls it.
    """
    issues = []
    for column in (*finds, *ranges):
        given = text[column].dropna()
        values = pd.Series(given.unique(), dtype="str")
        if len(given) < LEAST:
            continue
        fitting = (
            finds[column](values.head(LOOKED_AT)).notna()
            if column in finds
            else numbers(values).between(*ranges[column])
        )
        if 2 * fitting.sum() < len(fitting):
            text = as_note(text, column, headings.get(column, column))
            text[column] = pd.Series(pd.NA, index=text.index, dtype="str")
            told = {"examples": tuple(values[:EXAMPLES]), "count": len(given)}
            issues.append(Issue("column_of_another", file, None, column, None, told, "noted"))
    return text, issues


def districts_of(
    text: pd.DataFrame,
    find: Find,
    polygons: gpd.GeoSeries,
    bps: Mapping[str, str],
    file: str,
    beside: pd.Series | None = None,
) -> tuple[pd.Series, list[Issue]]:
    """The district that each row means, as text for ``find``; what had to be decided.

    A name (``district_name``) goes before a code. Codes of BPS and of Kemendagri look alike: those
    count that agree with more of the names and points; else those of whom some code is that the
    other has not. Where nothing tells, they are taken for Kemendagri's, with a note. ``ID`` before
    a code (OCHA) says that it is of BPS.

    Parameters
    ----------
    text
        ``district_code``, ``lat`` and ``lon`` in decimal degrees, perhaps ``district_name``;
        index ``row``.
    find
        Kemendagri code of a name or code.
    polygons
        WGS84, by Kemendagri code; empty where not known.
    bps
        Kemendagri code by the code of BPS.
    beside
        District that the name of the subdistrict beside tells; missing where it tells none.
    """
    names = text.get("district_name", pd.Series(pd.NA, index=text.index, dtype="str"))
    named = find(names)
    of_ocha = text["district_code"].str.extract(r"(?i)^ID(\d{4})\d*$", expand=False).map(bps)
    given = of_ocha.astype("str").fillna(text["district_code"])
    issues: list[Issue] = []
    own, other = find(given), given.where(of_ocha.isna()).map(bps).astype("str")
    unlike = other.notna() & own.ne(other)
    surest = named if beside is None else named.fillna(beside)
    surest = surest.where(surest.notna(), _located(text[unlike], polygons))
    lead = int((other.eq(surest) & unlike).sum()) - int((own.eq(surest) & unlike).sum())
    lead = lead or _lead_of_bps(given, bps)
    if lead > 0:
        issues += noted("district_codes_bps", unlike, file)
        own, given = other.fillna(own), given.mask(unlike, other)
    elif not lead:
        issues += noted("district_codes_assumed", unlike & surest.isna(), file)
    issues += noted("district_name_decides", named.notna() & own.notna() & named.ne(own), file)
    result = named.fillna(given).fillna(names)
    return result, issues


def _lead_of_bps(codes: pd.Series, bps: Mapping[str, str]) -> int:
    """1 where some codes are known to BPS alone, -1 where some to Kemendagri alone, else 0."""
    of_bps, own = codes.isin(bps.keys()), codes.isin(bps.values())
    return int((of_bps & ~own).any()) - int((own & ~of_bps).any())


def _located(text: pd.DataFrame, polygons: gpd.GeoSeries) -> pd.Series:
    """District of each row with a point in one."""
    degrees = text[["lat", "lon"]].apply(numbers).dropna()
    return located_district(degrees, gpd.GeoDataFrame(geometry=polygons))


def elsewhere(good: pd.DataFrame, districts: gpd.GeoDataFrame, file: str) -> list[Issue]:
    """A note of the checked centers whose points lie outside the district that they report.

    Parameters
    ----------
    good
        ``row``, ``lat``, ``lon`` and ``district_code``, as from ``validate.check_centers``.
    districts
        Polygons (WGS84), indexed by ``district_code``.
    """
    across = outside_reported(good["district_code"], located_district(good, districts))
    return noted("district_elsewhere", across.set_axis(good["row"]), file)


def noted(code: str, rows: pd.Series, file: str, column: str = "district_code") -> list[Issue]:
    """One note of all rows that something holds for."""
    if not rows.any():
        return []
    told = {"count": int(rows.sum()), "first": int(rows.index.to_numpy()[rows.to_numpy().argmax()])}
    return [Issue(code, file, None, column, None, told, "noted")]
