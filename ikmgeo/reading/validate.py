"""Tables of text become typed tables; every defect is named and every row accounted for."""

import difflib
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain, count
from typing import Final, NamedTuple

import geopandas as gpd
import pandas as pd
import pandera.pandas as pa
import shapely

from ikmgeo import tables
from ikmgeo.errors import Issue, Severity
from ikmgeo.instrument import Aspect, Category, Instrument
from ikmgeo.reading import cell_shapes, coordinates, gazetteer, habits, implied
from ikmgeo.reading.columns import SHIPPED_COLUMNS
from ikmgeo.reading.coordinates import COAST_DEG, COORDINATES, Ground
from ikmgeo.reading.gazetteer import AREAS, TELL, WAYS, Gazetteer
from ikmgeo.reading.load import Table
from ikmgeo.reading.texts import numbers
from ikmgeo.symbols import COLOURS, OUTCOMES, SHAPES, WORDS
from ikmgeo.vocabulary import (
    ACTORS,
    AREA_STAGES,
    CIRCUMSTANCES,
    CLAIM_KINDS,
    FRAMEWORKS,
    LEVERS,
    PHASES,
    PLACE_KINDS,
    POLARITIES,
    POSITION_BASES,
    PRECISION_KM,
    REGULATIONS,
    SERVICES,
    SIZES,
    WGS84,
    ZONE_CLASSES,
    ZONE_STATUSES,
    Bounds,
    Region,
)

TEXT_LENGTH: Final = 10_000
MOST_COUNTED: Final = 1e12
"""Upper limit of a statistic, above any count of firms or people; it keeps infinity out."""

MOST_KM: Final = 20_000
"""Upper limit of a distance: half way around the Earth."""

FITS: Final = ("0", "0.5", "1")
"""What ``sector_fit.csv`` may say: no documented tie, an indirect one, a direct one."""

MOST_ISSUES: Final = 50_000
"""With more, a file is checked no further: what is wrong is wrong in most of its rows."""

CHECKED_ROWS: Final = 10_000
"""Rows that are checked at a time."""

SUGGESTED: Final = 200
"""Different unknown names in a column that get a suggestion; each costs a comparison with all."""

REQUIRED: Final = ("name_id", "commodity", "lat", "lon")
SCORES: Final = (0, 100)
CENTER_RANGES: Final[Mapping[str, tuple[float, float]]] = {
    "lat": (-90, 90),
    "lon": (-180, 180),
    "score_total": SCORES,
}
NOTED: Final = ("unknown_commodity",)
"""Defects that keep the row: the shipped commodities are ten of many, and batik is no error."""

OF_FILE: Final = (implied.LAYER, implied.GROUP, implied.TITLE)
LISTED: Final[Mapping[str, str]] = {"unknown_commodity": "value", "column_unknown": "column"}
"""Notes that are one line of all names, and what has the name."""

MOST_LISTED: Final = 8
"""Names in such a line."""

BESIDE: Final = (*COORDINATES, "district_name", *AREAS, "kbli", *OF_FILE)
"""Columns that a list may have in place of some of these, and that end in them."""

POSITION: Final = ("lat", "lon", "coordinates")
"""Columns whose defects leave a row without a place."""

PLACED_BY: Final = ("district_code", "district_name", *AREAS, "area_code", "locality", "lat", "lon")
"""Columns that can tell a place, of which every table of places has all."""

MAY_BE_NONE: Final = ("center_id", "locality", "area_code", *BESIDE)
"""Columns besides those of codes and numbers where ``-`` is nothing."""

DEFAULT_PRECISION: Final = "district"
"""What is assumed of a position whose precision the file does not tell: the least."""

CENTER_COLUMNS: Final = (
    *("name_id", "name_en", "commodity", "district_code", "area_code", "locality", "lat", "lon"),
    *("position_precision", "position_basis", "position_source", "position_evidence"),
    *("position_alternatives", "products", "score_total", "category", "note"),
    *("workers_note", "score_claim", "category_claim", "alternative_claims"),
)
OWN_REMARKS: Final = ("row", "issues")
"""Columns that ``export`` adds to rejected rows; they come back with the corrected ones."""

MADE_ID: Final = r"u\d{4,}"
"""Form of the ids that centers without one get."""

CODE: Final = r"[a-z][a-z0-9_]*"
"""Form of the codes of aspects and categories, which become columns, keys and signs."""

KIND_BEHIND: Final = re.compile(
    r"(?P<name>.*\w)[\s,(-]+(?P<kind>kabupaten|kab|regency|kota|city|kota\s*madya|kodya)[.)\s]*"
)
"""A district with its kind behind its name, small letters: Karo (Kab.), Medan City."""

SEVERAL: Final = r"\s*[,;/&+()\[\]]+\s*|\s+(?:-|dan)\s+"
"""Between the names of several districts in one cell, or name and code of one."""

LONGEST_SEVERAL: Final = 200
"""Characters of such a cell."""

PRECISION_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "site": ("tapak", "lokasi", "titik"),
    "village": ("desa", "kelurahan"),
    "subdistrict": ("kecamatan",),
    "district": ("kabupaten", "kota", "kabupaten/kota"),
}


@dataclass(frozen=True)
class Checked:
    """What became of a table of centers.

    Parameters
    ----------
    good
        Typed rows, index ``center_id``: ``row`` (int), ``CENTER_COLUMNS`` (degrees, scores 0 to
        100 and numbers float, all else ``str``; missing is NaN).
    rejected
        The other rows as text, as the file has them; index ``row``.
    issues
        Every defect, those of the whole file first.
    table
        What was checked.
    ways
        By what each row was placed, one of ``gazetteer.WAYS``; index ``row``.
    """

    good: pd.DataFrame
    rejected: pd.DataFrame
    issues: tuple[Issue, ...]
    table: Table
    ways: pd.Series

    @property
    def told(self) -> tuple[Issue, ...]:
        """The issues as a reader finds them: rejections first, notes of one kind together."""
        first = sorted(_together(self.issues), key=lambda issue: issue.severity == "noted")
        return tuple(map(self.table.located, first))

    @property
    def placed(self) -> dict[str, int]:
        """Number of rows by what they were placed."""
        return {way: int(self.ways.eq(way).sum()) for way in WAYS}


def _together(issues: Iterable[Issue]) -> list[Issue]:
    """The issues with notes of one kind in one: counts summed, unknown names listed."""
    kinds: dict[object, list[Issue]] = {}
    for n, issue in enumerate(issues):
        kind: object = n
        if issue.severity == "noted":
            kind = (issue.code, issue.column) if "count" in issue.expected else str(issue)
            kind = issue.code if issue.code in LISTED else kind
        kinds.setdefault(kind, []).append(issue)
    return [_one(same) for same in kinds.values()]


def _one(same: Sequence[Issue]) -> Issue:
    """One note in place of several of its kind."""
    first, count = same[0], len(same)
    if count > 1 and first.code in LISTED:
        of = LISTED[first.code]
        names = [*dict.fromkeys(getattr(issue, of) for issue in same)]
        names = [*names[:MOST_LISTED], *(["…"] if len(names) > MOST_LISTED else [])]
        code, told = f"{first.code}_several", {"count": count, "names": tuple(names)}
        column = None if of == "column" else first.column
        return replace(first, code=code, row=None, column=column, value=None, expected=told)
    counts = [n for i in same if isinstance(n := i.expected.get("count"), int)]
    return replace(first, expected={**first.expected, **({"count": sum(counts)} if counts else {})})


@dataclass(frozen=True)
class Names:
    """Accepted spellings of codes: codes and one label by the key that spellings share."""

    codes: Mapping[str, tuple[str, ...]]
    labels: Mapping[str, str]
    key: Callable[[str], str]
    between: str | None = None

    @classmethod
    def of(
        cls,
        spellings: Iterable[tuple[str, str]],
        key: Callable[[str], str],
        between: str | None = None,
    ) -> "Names":
        """Collect (spelling, code) pairs; a spelling of two codes stays ambiguous."""
        codes: dict[str, tuple[str, ...]] = {}
        labels: dict[str, str] = {}
        for label, code in spellings:
            known = codes.get(key(label), ())
            codes[key(label)] = known if code in known else (*known, code)
            labels.setdefault(key(label), label)
        return cls(codes, labels, key, between)

    @cached_property
    def known(self) -> tuple[str, ...]:
        """Every code once."""
        return tuple(dict.fromkeys(code for codes in self.codes.values() for code in codes))

    def options(self, value: str) -> tuple[str, ...]:
        """Codes that a spelling may mean; of several names in one cell, those of each."""
        known = self.codes.get(self.key(value), ())
        if known or self.between is None or len(value) > LONGEST_SEVERAL:
            return known
        named = filter(None, re.split(self.between, value))
        parts = [self.codes.get(self.key(part), ()) for part in named]
        return tuple(dict.fromkeys(chain(*parts))) if parts and all(parts) else ()

    def find(self, text: pd.Series) -> pd.Series:
        """Code of each spelling; NaN where it is unknown, ambiguous or missing."""
        if text.isna().all():  # as most columns of most lists are
            return text.astype("str")
        options = {value: self.options(value) for value in text.dropna().unique()}
        only = {value: codes[0] for value, codes in options.items() if len(codes) == 1}
        return text.map(only).astype("str")

    def near(self, text: pd.Series) -> pd.Series:
        """As ``find``, and the code of the spelling that was probably meant."""
        meant = {
            value: self.expected(value, suggest=True).get("did_you_mean")
            for value in text[self.find(text).isna()].dropna().unique()
        }
        return self.find(text.map(meant).astype("str").fillna(text))

    def ambiguous(self, text: pd.Series) -> pd.Series:
        """Whether a spelling has several meanings."""
        options = {value: len(self.options(value)) > 1 for value in text.dropna().unique()}
        return text.map(options).eq(True)

    def expected(self, value: str, *, suggest: bool) -> dict[str, object]:
        """Known codes and, where one is close, the spelling that was probably meant."""
        meant: dict[str, object] = {}
        if suggest and len(value) <= 100:
            for close in difflib.get_close_matches(self.key(value), self.labels, n=1, cutoff=0.75):
                meant["did_you_mean"] = self.labels[close]
        return {"known": self.known, **meant}


Particulars = Callable[[str, str, str], Mapping[str, object]]
"""What was expected, from code, column and value of a defect."""

Rules = Mapping[str, Sequence[pa.Check]]
"""By column, what its cells must be."""


@dataclass(frozen=True)
class Shape:
    """What a shipped table must hold; ranges are inclusive and make the column float.

    ``kind_ranges`` are those of the rows of one ``kind`` instead, ``kind_required`` what these
    rows need besides. ``lists`` are columns of several codes with ``;`` between, which become
    tuples. With ``reserved`` the index must be a word of the form ``CODE`` and none of these.
    """

    table: str
    index: str
    required: tuple[str, ...]
    ranges: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    names: Mapping[str, Names] = field(default_factory=dict)
    kind_ranges: Mapping[str, Mapping[str, tuple[float, float]]] = field(default_factory=dict)
    kind_required: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    lists: Mapping[str, Names] = field(default_factory=dict)
    reserved: frozenset[str] = frozenset()

    def parts(self, text: pd.DataFrame) -> Iterator[tuple[pd.DataFrame, "Shape"]]:
        """Split the rows by kind, each part with the shape that holds for it."""
        rest = text
        for kind, ranges in self.kind_ranges.items():
            chosen = self.names["kind"].find(rest["kind"]).eq(kind)
            required = (*self.required, *self.kind_required.get(kind, ()))
            yield rest[chosen], replace(self, ranges=ranges, required=required)
            rest = rest[~chosen]
        yield rest, self


def check_centers(
    table: Table,
    *,
    instrument: Instrument,
    district_names: pd.DataFrame,
    commodities: Collection[str] | pd.DataFrame,
    land: shapely.Geometry | None,
    bounds: Bounds,
    former_names: pd.DataFrame | None = None,
    areas: Gazetteer | None = None,
) -> Checked:
    """Check centers and type them; each row of the table ends in ``good`` or in ``rejected``.

    Parameters
    ----------
    table
        What ``ikmgeo.reading.load.read_table`` returns; rows that its issues reject stay rejected.
    instrument
        Its aspects are columns, 0 to 100; its categories may be written by any of their names.
    district_names
        Columns (or index) district_code (Kemendagri), name_id, short_name and, if known, bps_code;
        with polygons, a lost decimal point of their rows can be put back.
    commodities
        Codes, or a table with commodity (column or index), name_id and name_en.
    land
        The province with its lakes, WGS84; None skips the check that points lie in it.
    former_names
        Further names of districts, as from ``check_former_names``.
    bounds
        Of the province: what can be read in several ways is read as lies there.
    areas
        Place rows without coordinates; without them such rows are rejected.
    """
    file, rows = table.name, table.rows
    columns = ("center_id", *CENTER_COLUMNS, *instrument.aspects)
    ranges = {**CENTER_RANGES, **dict.fromkeys(instrument.aspects, SCORES)}
    names = _center_names(instrument, district_names, commodities, former_names)
    rows, notes = _as_implied(rows, commodities, names, file)
    unusable = _unrecognised(_missing_columns(rows, _needed(rows, areas), file), table)
    issues = [
        *table.issues,
        *notes,
        *unusable,
        *_unknown_columns(rows, (*columns, *BESIDE), file),
    ]
    text = _complete(rows.iloc[:0] if unusable else rows, columns)
    text = text.drop(index=_rejected_rows(issues), errors="ignore")
    text, notes = _as_meant(text, names, ranges, table)
    ground = Ground(land, bounds, _polygons(district_names))
    bps = _bps_codes(district_names)
    text, ways, found = _placed(text, names["district_code"].find, ground, bps, areas, file)
    issues += [*notes, *found]
    unread = [*_rejected_rows(found), *ways.index[ways == "none"]]
    rules, particulars = _center_rules(columns, names, ranges), _particulars(names, ranges)
    for start in range(0, len(text), CHECKED_ROWS):
        if len(issues) > MOST_ISSUES:
            issues.append(Issue("problems_many", file, expected={"limit": MOST_ISSUES}))
            text = text.iloc[:start]
            break
        some = text.iloc[start : start + CHECKED_ROWS]
        found = _failures(rules, some, file, particulars)
        issues += [i for i in found if i.column not in ("lat", "lon") or i.row not in unread]
        issues += _position_issues(some.drop(index=unread, errors="ignore"), ground, file)
    issues += _duplicates(text["center_id"], file)
    issues += _repeated_rows(text.drop(index=_rejected_rows(issues), errors="ignore"), file)
    sound = text.drop(index=_rejected_rows(issues), errors="ignore")
    issues += _summaries(sound, len(rows), file)
    lost = [i.row for i in issues if i.severity == "rejected" and i.column in POSITION]
    return Checked(
        good=_typed_centers(sound[list(columns)], names, ranges),
        rejected=table.rows.drop(index=sound.index),
        issues=tuple(sorted(issues, key=lambda issue: issue.row or 0)),
        table=table,
        ways=ways.reindex(rows.index, fill_value="none").mask(rows.index.isin(lost), "none"),
    )


def _center_names(
    instrument: Instrument,
    district_names: pd.DataFrame,
    commodities: Collection[str] | pd.DataFrame,
    former_names: pd.DataFrame | None,
) -> dict[str, Names]:
    """Accepted spellings by column of codes."""
    return {
        "commodity": commodity_names(commodities),
        "district_code": _district_names(district_names, former_names),
        "category": _category_names(instrument),
        "position_precision": _spelled(PRECISION_KM, PRECISION_NAMES),
        "position_basis": _spelled(POSITION_BASES),
    }


def _as_implied(
    rows: pd.DataFrame,
    commodities: Collection[str] | pd.DataFrame,
    names: Mapping[str, Names],
    file: str,
) -> tuple[pd.DataFrame, list[Issue]]:
    """The rows with what they say elsewhere than in the column for it."""
    rows, issues = implied.without_other_ids(rows, file)
    kbli, words = commodity_signs(commodities)
    rows, told = implied.with_commodities(rows, names["commodity"].find, kbli, words, file)
    rows, also = implied.with_districts(rows, names["district_code"].find, file)
    return rows, [*issues, *told, *also]


def _needed(rows: pd.DataFrame, areas: Gazetteer | None) -> list[str]:
    """Columns that a list must have; others than coordinates may place its rows."""
    placing = ("coordinates", *(() if areas is None else TELL))
    degrees = rows.columns.intersection(["lat", "lon"])
    without = rows.columns.isin(placing).any() and ("coordinates" in rows or degrees.empty)
    return [c for c in REQUIRED if c not in ("lat", "lon") or not without]


def _placed(
    text: pd.DataFrame,
    find: habits.Find,
    ground: Ground,
    bps: Mapping[str, str],
    areas: Gazetteer | None,
    file: str,
) -> tuple[pd.DataFrame, pd.Series, list[Issue]]:
    """The rows with degrees and district as text, by what each is placed, and what was decided."""
    text, issues = cell_shapes.with_points(text, file)
    beside = None
    if areas is not None:
        text, more = gazetteer.readied(text, areas, find, file)
        issues += more
        beside = gazetteer.districts_beside(text, areas)
    named = find(text.get("district_name", text["district_code"]))
    reported = named.fillna(find(text["district_code"]))
    text, notes = coordinates.decimal_degrees(text, ground, reported, file)
    text["district_code"], decided = habits.districts_of(
        text, find, ground.districts, bps, file, beside
    )
    issues += [*notes, *decided]
    if areas is None:
        return text, pd.Series("point", text.index), issues
    text, ways, more = gazetteer.place(text, find(text["district_code"]), areas, file)
    by_village = ways.index[ways == "village"]
    issues = [i for i in issues if i.row not in by_village]
    return text, ways, issues + more


def placed(
    rows: pd.DataFrame,
    *,
    district_names: pd.DataFrame,
    former_names: pd.DataFrame,
    land: shapely.Geometry | None,
    bounds: Bounds,
    areas: Gazetteer,
    file: str,
) -> tuple[pd.DataFrame, pd.Series, list[Issue]]:
    """Place rows that need not be centers, as ``check_centers`` places these.

    Parameters
    ----------
    rows
        Text, index ``row``; any columns that tell a place. Else as ``check_centers``.

    Returns
    -------
    tuple
        The rows with ``lat`` and ``lon`` (degrees) and ``district_code`` (Kemendagri) as text; by
        what each is placed, one of ``gazetteer.WAYS``; every defect and doubt.
    """
    names = {"district_code": _district_names(district_names, former_names)}
    find = names["district_code"].find
    rows, _ = implied.with_districts(rows, find, file)
    text = _complete(rows, (*PLACED_BY, "position_precision", "position_source", "position_basis"))
    text = habits.without_nothing(text, PLACED_BY)
    ground = Ground(land, bounds, _polygons(district_names))
    text, ways, issues = _placed(text, find, ground, _bps_codes(district_names), areas, file)
    unread = [*_rejected_rows(issues), *ways.index[ways == "none"]]
    rules = _place_rules(names["district_code"])
    found = _failures(rules, text, file, _particulars(names, {}))
    issues += [i for i in found if i.column not in ("lat", "lon") or i.row not in unread]
    issues += _position_issues(text.drop(index=unread), ground, file)
    return text.assign(district_code=find(text["district_code"])), ways, issues


def _as_meant(
    text: pd.DataFrame,
    names: Mapping[str, Names],
    ranges: Mapping[str, tuple[float, float]],
    table: Table,
) -> tuple[pd.DataFrame, list[Issue]]:
    """The rows without what says nothing, and without columns that only look like ours."""
    text = habits.without_nothing(text, text.columns.intersection([*names, *ranges, *MAY_BE_NONE]))
    coded = ("category", "position_precision", "position_basis")
    finds = {column: names[column].near for column in coded}
    scores = {c: limits for c, limits in ranges.items() if c not in ("lat", "lon")}
    text, told = implied.percentages(text, scores, table.name)
    text, issues = habits.without_others(text, finds, scores, table.headings, table.name)
    return text, [*told, *issues]


def _bps_codes(districts: pd.DataFrame) -> dict[str, str]:
    """Kemendagri code by the code that BPS has for a district, where that is known."""
    table = _flat(districts, "district_code")
    known = table.dropna(subset="bps_code") if "bps_code" in table else table.iloc[:0]
    return dict(zip(known.get("bps_code", ()), known["district_code"], strict=True))


def _polygons(districts: pd.DataFrame) -> gpd.GeoSeries:
    """Polygons of districts by code; none where the table has only names."""
    if not isinstance(districts, gpd.GeoDataFrame):
        return gpd.GeoSeries(crs=WGS84)
    coded = _flat(districts, "district_code").set_index("district_code")
    return gpd.GeoSeries(coded.geometry)


def check_aspects(rows: pd.DataFrame) -> tuple[dict[str, Aspect], tuple[Issue, ...]]:
    """The aspects by code, in the order of the file."""
    shape = Shape(
        "aspects",
        "aspect",
        required=("aspect", "name_id", "name_en", "within_id", "within_en", "outward"),
        names={"zone_class": _spelled(ZONE_CLASSES), "outward": _spelled(("yes", "no"))},
        lists={"headers": _spelled(()), "answered_by": _spelled(LEVERS)},
        reserved=frozenset(("center_id", *CENTER_COLUMNS)),
    )
    typed, issues = _check(rows, shape)
    typed = typed.assign(
        zone_class=typed["zone_class"].fillna(""),
        outward=typed["outward"] == "yes",
        anchored_by=typed["anchored_by"].fillna(""),
    )
    found = typed[list(Aspect._fields)].itertuples(name=None)
    return {code: Aspect(*fields) for code, *fields in found}, issues


def check_categories(rows: pd.DataFrame) -> tuple[dict[str, Category], tuple[Issue, ...]]:
    """The categories by code, in the order of the file: best first."""
    shape = Shape(
        "categories",
        "category",
        required=("category", "name_id", "name_en", "shape", "colour", "phases"),
        names={"shape": _spelled(SHAPES), "colour": _spelled(COLOURS)},
        lists={"other_names": _spelled(()), "phases": _spelled(PHASES)},
        reserved=frozenset((*WORDS, *OUTCOMES)),
    )
    typed, issues = _check(rows, shape)
    typed["phases"] = [tuple(map(int, phases)) for phases in typed["phases"]]
    found = typed[list(Category._fields)].itertuples(name=None)
    return {code: Category(*fields) for code, *fields in found}, issues


def check_claims(
    claims: pd.DataFrame, instrument: Instrument
) -> tuple[pd.DataFrame, tuple[Issue, ...]]:
    """Type the claims by ``claim_id``; each of ``value``, ``low`` and ``high`` also as printed.

    ``value_printed``, ``low_printed`` and ``high_printed`` keep the figures as the source has them.
    Scores and ranges are points of 0 to 100, statistics any number from 0, each with
    ``of``: a figure that does not say of what it is one invites a wrong comparison.
    """
    figures = ("value", "low", "high")
    shape = Shape(
        "claims",
        "claim_id",
        required=("claim_id", "kind"),
        ranges=dict.fromkeys(figures, (0, 100)),
        names={
            "kind": _spelled(CLAIM_KINDS),
            "category": _category_names(instrument),
            "aspect": _spelled(instrument.aspects),
            "polarity": _spelled(POLARITIES),
        },
        kind_ranges={"statistic": dict.fromkeys(figures, (0, MOST_COUNTED))},
        kind_required={"statistic": ("of",)},
    )
    return _check(claims.assign(**{f"{f}_printed": claims.get(f) for f in figures}), shape)


def check_zones(zones: pd.DataFrame) -> tuple[pd.DataFrame, tuple[Issue, ...]]:
    """Type the zones by ``zone_id``: lat and lon in WGS84 degrees, area_ha in hectares."""
    shape = Shape(
        "zones",
        "zone_id",
        required=("zone_id", "name_id", "class", "lat", "lon"),
        ranges={"lat": (-90, 90), "lon": (-180, 180), "area_ha": (0, 1e6)},
        names={
            "class": _spelled(ZONE_CLASSES),
            "position_precision": _spelled(PRECISION_KM, PRECISION_NAMES),
        },
    )
    typed, issues = _check(zones, shape)
    names = {name: typed[name].fillna(typed["name_id"]) for name in ("name_en", "short_name")}
    return typed.assign(**names), issues


def check_zone_areas(
    rows: pd.DataFrame, zones: Collection[str]
) -> tuple[pd.DataFrame, tuple[Issue, ...]]:
    """Sound figures of the areas of zones, as text, index ``row``; every defect.

    Parameters
    ----------
    rows
        Text, index ``row``; see ``columns.SHIPPED_COLUMNS``. A figure that is no stage has none.
    zones
        Known ``zone_id``; with none, as when their file is broken, every one is taken.
    """
    file, columns = "zone_areas.csv", SHIPPED_COLUMNS["zone_areas"]
    names = {
        "zone_id": _spelled(zones),
        "stage": _spelled(AREA_STAGES),
        "used": _spelled(("yes", "no")),
    }
    ranges = {"area_ha": (0.0, 1e6)}
    issues = _missing_columns(rows, columns, file)
    text = _complete(rows.iloc[:0] if issues else rows, columns)
    checks = {column: [_given("cell_missing")] for column in ("zone_id", "area_ha", "used")}
    checks["area_ha"] += [_numeric(), _within("out_of_range", *ranges["area_ha"])]
    for column, known in names.items():
        checks.setdefault(column, []).append(_known("unknown_code", known))
    issues += _failures(checks, text, file, _particulars(names, ranges))
    return text.drop(index=_rejected_rows(issues)), tuple(issues)


def check_places(places: pd.DataFrame) -> tuple[pd.DataFrame, tuple[Issue, ...]]:
    """Type the places by ``place_id``.

    ``verified`` becomes boolean, a missing one False; a missing ``service`` is ``unknown``.
    """
    shape = Shape(
        "places",
        "place_id",
        required=("place_id", "kind", "name_id", "lat", "lon"),
        ranges={"lat": (-90, 90), "lon": (-180, 180)},
        names={
            "kind": _spelled(PLACE_KINDS),
            "position_precision": _spelled(PRECISION_KM, PRECISION_NAMES),
            "verified": _spelled(("yes", "no")),
            "service": _spelled(SERVICES),
        },
    )
    typed, issues = _check(places, shape)
    known = {
        "verified": typed["verified"].eq("yes"),
        "service": typed["service"].fillna("unknown"),
    }
    return typed.assign(**known), issues


def check_towns(towns: pd.DataFrame) -> tuple[pd.DataFrame, tuple[Issue, ...]]:
    """Type the towns by ``town_id``; every cell is required."""
    shape = Shape(
        "towns",
        "town_id",
        required=SHIPPED_COLUMNS["towns"],
        ranges={"lat": (-90, 90), "lon": (-180, 180), "population": (0, MOST_COUNTED)},
    )
    return _check(towns, shape)


def check_villages(villages: pd.DataFrame) -> tuple[pd.DataFrame, tuple[Issue, ...]]:
    """Type the gazetteer's villages by ``village_code``; every cell is required."""
    shape = Shape(
        "villages",
        "village_code",
        required=SHIPPED_COLUMNS["villages"],
        ranges={"lat": (-90, 90), "lon": (-180, 180)},
    )
    return _check(villages, shape)


def check_bps_codes(rows: pd.DataFrame) -> tuple[pd.DataFrame, tuple[Issue, ...]]:
    """Type by ``bps_code`` the codes that BPS has for subdistricts and villages."""
    return _check(rows, Shape("bps_codes", "bps_code", ("bps_code", "area_code")))


def check_region(rows: pd.DataFrame) -> tuple[Region, tuple[Issue, ...]]:
    """The province of the file's one row; every cell is required."""
    columns = SHIPPED_COLUMNS["region"]
    low = {"west": (-180.0, 180.0), "south": (-90.0, 90.0)}
    ranges = {**low, "east": low["west"], "north": low["south"]}
    typed, issues = _check(rows, Shape("region", "province_code", columns, ranges))
    if typed.empty:
        return Region(), issues
    row = typed.iloc[0]
    west, south, east, north = (float(row[side]) for side in columns[3:])
    return Region(row["name_id"], row["name_en"], (west, south, east, north)), issues


def check_former_names(
    rows: pd.DataFrame, districts: Collection[str]
) -> tuple[pd.DataFrame, tuple[Issue, ...]]:
    """Type by ``former_name`` the names that districts had, or have in older files."""
    names = {"district_code": _spelled(districts)}
    shape = Shape("former_names", "former_name", ("former_name", "district_code"), names=names)
    return _check(rows, shape)


def check_commodities(commodities: pd.DataFrame) -> tuple[pd.DataFrame, tuple[Issue, ...]]:
    """Check the commodities and index them by their code."""
    shape = Shape("commodities", "commodity", ("commodity", "name_id"))
    typed, issues = _check(commodities, shape)
    return typed.assign(name_en=typed["name_en"].fillna(typed["name_id"])), issues


def check_sector_fit(
    rows: pd.DataFrame, commodities: Collection[str], zones: Collection[str]
) -> tuple[pd.DataFrame, tuple[Issue, ...]]:
    """Type the fits of commodities and zones; one pair of them may have one row only.

    Parameters
    ----------
    rows
        Text, index ``row``; see ``columns.SHIPPED_COLUMNS``. All its columns are required.
    commodities, zones
        Known codes; with none, as when their file is broken, every code is taken as it is.

    Returns
    -------
    tuple
        Sound rows in their order with ``fit`` (float: 0, 0.5 or 1), index ``row``; every defect.
    """
    file, columns = "sector_fit.csv", SHIPPED_COLUMNS["sector_fit"]
    names = {
        "commodity": _spelled(commodities),
        "zone_id": _spelled(zones),
        "fit": Names.of(((fit, fit) for fit in FITS), _number_key),
    }
    issues = _missing_columns(rows, columns, file)
    text = _complete(rows.iloc[:0] if issues else rows, columns)
    checks = {column: [_given("cell_missing")] for column in columns}
    for column, known in names.items():
        checks[column].append(_known("unknown_code", known))
    issues += _failures(checks, text, file, _particulars(names, {}))
    typed = text[list(columns)].copy()
    for column, known in names.items():
        typed[column] = known.find(text[column]) if known.codes else text[column]
    issues += _repeated_pairs(typed, text, file)
    return typed.drop(index=_rejected_rows(issues)).astype({"fit": float}), tuple(issues)


class Action(NamedTuple):
    """A row of ``guidance.csv``, which advice asks for every center: hence no row of a table.

    ``fit_min`` (0 to 1) and ``within_km`` (km) are NaN where blank; tuples hold codes.
    """

    action_id: str
    lever: str
    phase: int
    actors: tuple[str, ...]
    categories: tuple[str, ...]
    aspects: tuple[str, ...]
    commodities: tuple[str, ...]
    zones: tuple[str, ...]
    zone_classes: tuple[str, ...]
    zone_statuses: tuple[str, ...]
    fit_min: float
    within_km: float
    circumstances: tuple[str, ...]
    text_id: str
    text_en: str
    aim_id: str
    aim_en: str
    cases: tuple[str, ...]
    source: str
    section: str


def check_guidance(
    rows: pd.DataFrame,
    instrument: Instrument,
    commodities: Collection[str],
    zones: Collection[str] = (),
    cases: Collection[str] = (),
) -> tuple[dict[str, Action], tuple[Issue, ...]]:
    """The actions that advice chooses from by ``action_id``, in the order of the file.

    Parameters
    ----------
    rows
        Text, index ``row``; see ``columns.SHIPPED_COLUMNS``. Those of aspects to circumstances and
        cases may be blank.
    commodities, zones, cases
        Known codes; with none, as when their file is broken, every code is taken as it is.

    Returns
    -------
    tuple
        Sound actions, no code twice in a list; every defect.
    """
    shape = Shape(
        "guidance",
        "action_id",
        required=(
            *("action_id", "lever", "phase", "actors", "categories", "text_id", "text_en"),
            *("aim_id", "aim_en", "source", "section"),
        ),
        ranges={"fit_min": (0, 1), "within_km": (0, MOST_KM)},
        names={
            "lever": _spelled(LEVERS),
            "phase": Names.of(((phase, phase) for phase in PHASES), _number_key),
        },
        lists={
            "actors": _spelled(ACTORS),
            "categories": _category_names(instrument),
            "aspects": _spelled(instrument.aspects),
            "commodities": _spelled(commodities),
            "zones": _spelled(zones),
            "zone_classes": _spelled(ZONE_CLASSES),
            "zone_statuses": _spelled(ZONE_STATUSES),
            "circumstances": _spelled(CIRCUMSTANCES),
            "cases": _spelled(cases),
        },
    )
    typed, issues = _check(rows, shape)
    found = typed[list(Action._fields[1:])].astype({"phase": int}).itertuples()
    return {action_id: Action(action_id, *fields) for action_id, *fields in found}, issues


def check_cases(rows: pd.DataFrame) -> tuple[pd.DataFrame, tuple[Issue, ...]]:
    """Type the documented cases that actions name by ``case_id``; every cell is required."""
    return _check(rows, Shape("cases", "case_id", required=SHIPPED_COLUMNS["cases"]))


def check_frameworks(rows: pd.DataFrame) -> tuple[pd.DataFrame, tuple[Issue, ...]]:
    """Type the rated items of the frameworks by ``item_id``, in the order of the file.

    Every cell is required: an item without all its anchors cannot be rated.
    """
    shape = Shape(
        "frameworks",
        "item_id",
        required=SHIPPED_COLUMNS["frameworks"],
        names={"framework": _spelled(FRAMEWORKS)},
    )
    return _check(rows, shape)


def check_size_classes(rows: pd.DataFrame) -> tuple[pd.DataFrame, tuple[Issue, ...]]:
    """Type the rules of size by ``rule_id``, in the order of the file, in which they are tried.

    ``workers_to`` and ``investment_to`` (rupiah) are upper bounds, NaN where there is none;
    ``bound`` becomes boolean: whether the investment may equal its bound.
    """
    shape = Shape(
        "size_classes",
        "rule_id",
        required=("rule_id", "regulation", "name_id", "size", "source"),
        ranges={"workers_to": (0, 1e6), "investment_to": (0, 1e15)},
        names={
            "regulation": _spelled(REGULATIONS),
            "size": _spelled(SIZES),
            "bound": _spelled(("included", "excluded")),
        },
    )
    typed, issues = _check(rows, shape)
    return typed.assign(bound=typed["bound"].ne("excluded")), issues


def check_center_definitions(rows: pd.DataFrame) -> tuple[pd.DataFrame, tuple[Issue, ...]]:
    """Type by ``definition`` what makes a center; numbers that do not count are NaN."""
    shape = Shape(
        "center_definitions",
        "definition",
        required=("definition", "name_id", "name_en", "legal_basis", "source"),
        ranges={"units_from": (1, 1e6), "household_share_from": (0, 1)},
    )
    return _check(rows, shape)


def with_own_commodities(commodities: pd.DataFrame, centers: pd.DataFrame) -> pd.DataFrame:
    """Commodities with those that only these centers have, named as their file names them."""
    new = pd.Index(centers["commodity"].dropna().unique()).difference(commodities.index)
    own = pd.DataFrame({"name_id": new, "name_en": new}, index=new.rename(commodities.index.name))
    return pd.concat([commodities, own])


def _check(rows: pd.DataFrame, shape: Shape) -> tuple[pd.DataFrame, tuple[Issue, ...]]:
    """Rows that fit a shape, typed and by their id; the others only in the issues."""
    file = f"{shape.table}.csv"
    issues = _missing_columns(rows, shape.required, file)
    text = _complete(rows.iloc[:0] if issues else rows, SHIPPED_COLUMNS[shape.table])
    for column, names in shape.lists.items():
        codes = _listed(text[column])
        text[column] = text[column].where(text.index.isin(codes.index))
        each = {column: [_known("unknown_code", names)]}
        issues += _failures(each, codes.to_frame(), file, _particulars({column: names}, {}))
    for part, own in shape.parts(text):
        expected = _particulars(own.names, own.ranges)
        issues += _failures(_rules(own), part, file, expected)
    issues += _duplicates(text[shape.index], file)
    typed = text.drop(index=_rejected_rows(issues))
    for column in shape.ranges:
        typed[column] = numbers(typed[column])
    for column, names in shape.names.items():
        typed[column] = names.find(typed[column])
    for column, names in shape.lists.items():
        typed[column] = _code_tuples(typed[column], names)
    return typed.set_index(shape.index), tuple(issues)


def _listed(text: pd.Series) -> pd.Series:
    """Every part of cells that list codes with ``;`` between, under the row of its cell."""
    parts = text.str.split(";").explode().astype("str").str.strip()
    return parts[parts.notna() & (parts != "")]


def _code_tuples(text: pd.Series, names: Names) -> pd.Series:
    parts = _listed(text)
    codes = names.find(parts) if names.codes else parts
    found = {row: tuple(dict.fromkeys(some)) for row, some in codes.groupby(level=0)}
    return pd.Series([found.get(row, ()) for row in text.index], text.index, dtype=object)


def _rules(shape: Shape) -> Rules:
    checks: dict[str, list[pa.Check]] = {
        column: [_given("cell_missing")] for column in shape.required
    }
    for column, (low, high) in shape.ranges.items():
        checks.setdefault(column, []).extend([_numeric(), _within("out_of_range", low, high)])
    for column, names in shape.names.items():
        checks.setdefault(column, []).append(_known("unknown_code", names))
    if shape.reserved:
        checks[shape.index].append(
            _rule(
                "code_invalid", lambda text: text.str.fullmatch(CODE) & ~text.isin(shape.reserved)
            )
        )
    return checks


def _center_rules(
    columns: Iterable[str],
    names: Mapping[str, Names],
    ranges: Mapping[str, tuple[float, float]],
) -> Rules:
    checks: dict[str, list[pa.Check]] = {
        column: [_rule("text_too_long", lambda text: text.str.len() <= TEXT_LENGTH)]
        for column in columns
    }
    checks["name_id"].append(_given("name_missing"))
    checks["commodity"].append(_given("commodity_missing"))
    checks["commodity"].append(_known("unknown_commodity", names["commodity"]))
    for column, rules in _place_rules(names["district_code"]).items():
        checks[column] += rules
    checks["category"].append(_known("unknown_category", names["category"]))
    checks["position_precision"].append(_known("unknown_precision", names["position_precision"]))
    checks["position_basis"].append(_known("unknown_basis", names["position_basis"]))
    for column in ranges.keys() - {"lat", "lon"}:
        checks[column] += [_numeric(), _within("score_out_of_range", *ranges[column])]
    return checks


def _place_rules(districts: Names) -> dict[str, list[pa.Check]]:
    degrees = [_given("coordinate_missing"), _numeric()]
    alone = _rule("district_ambiguous", lambda text: ~districts.ambiguous(text))
    known = [_known("unknown_district", districts), alone]
    return {"district_code": known, "lat": degrees, "lon": degrees}


def _rule(code: str, passes: Callable[[pd.Series], pd.Series], *, blank: bool = True) -> pa.Check:
    """Pandera check whose message is an issue code; ``blank`` lets missing cells pass."""
    return pa.Check(passes, error=code, ignore_na=blank)


def _given(code: str) -> pa.Check:
    return _rule(code, lambda text: text.notna(), blank=False)


def _known(code: str, names: Names) -> pa.Check:
    # Without a list to compare with, as when its file is broken, nothing is unknown.
    passes = names.find if names.codes else lambda text: text
    return _rule(code, lambda text: passes(text).notna() | names.ambiguous(text))


def _numeric() -> pa.Check:
    return _rule("not_a_number", lambda text: numbers(text).notna())


def _within(code: str, low: float, high: float) -> pa.Check:
    return _rule(code, lambda text: numbers(text).fillna(low).between(low, high))


def _failures(rules: Rules, text: pd.DataFrame, file: str, expected: Particulars) -> list[Issue]:
    """Every failed cell of a table as an issue."""
    empty = set(text.columns[text.isna().all()])  # as most columns of most lists are
    checks = {
        c: [r for r in some if c not in empty or not r.ignore_na] for c, some in rules.items()
    }
    schema = pa.DataFrameSchema(
        {column: pa.Column(checks=some, nullable=True) for column, some in checks.items() if some}
    )
    try:
        schema.validate(text, lazy=True)
    except pa.errors.SchemaErrors as errors:
        cases = errors.failure_cases[["check", "column", "index", "failure_case"]]
    else:
        return []
    issues = []
    for code, column, row, cell in cases.itertuples(index=False):
        value = None if pd.isna(cell) else str(cell)
        particulars = {} if value is None else expected(code, column, value)
        severity: Severity = "noted" if code in NOTED else "rejected"
        issues.append(Issue(code, file, int(row), column, value, particulars, severity))
    return issues


def _particulars(
    names: Mapping[str, Names], ranges: Mapping[str, tuple[float, float]]
) -> Particulars:
    """Tell what each kind of defect expected; a wrong name is compared with all others once."""
    seen: dict[tuple[str, str], Mapping[str, object]] = {}

    def expected(code: str, column: str, value: str) -> Mapping[str, object]:
        if code.endswith("out_of_range"):
            return dict(zip(("low", "high"), ranges[column], strict=True))
        if code == "text_too_long":
            return {"length": len(value), "limit": TEXT_LENGTH}
        if code == "district_ambiguous":
            return {"options": names[column].options(value)}
        if column not in names:
            return {}
        if (column, value) not in seen:
            suggest = len(seen) < SUGGESTED
            seen[column, value] = names[column].expected(value, suggest=suggest)
        return seen[column, value]

    return expected


def _position_issues(text: pd.DataFrame, ground: Ground, file: str) -> list[Issue]:
    """Coordinates that are impossible or outside the province; one defect a pair."""
    lat, lon = numbers(text["lat"]), numbers(text["lon"])
    possible = (lat.abs() <= 90) & (lon.abs() <= 180)
    outside = possible & ~ground.near(lat, lon) & (ground.land is not None)
    tests = (
        ("lat_out_of_range", "lat", lat.abs() > 90),
        ("lon_out_of_range", "lon", lon.abs() > 180),
        ("outside_province", "lat", outside),
    )
    bounds = {"lat": {"low": -90, "high": 90}, "lon": {"low": -180, "high": 180}}
    issues = []
    for code, column, failed in tests:
        for row, given_lat, given_lon in text.loc[failed, ["lat", "lon"]].itertuples():
            given = {"lat": given_lat, "lon": given_lon}
            expected = bounds[column] if code.endswith("range") else given
            if code == "outside_province":
                expected = given | {"margin_deg": COAST_DEG}
            issues.append(Issue(code, file, row, column, given[column], expected))
    return issues


def _duplicates(ids: pd.Series, file: str) -> list[Issue]:
    """Rows that repeat an id, each with the row that has it first."""
    given = ids.dropna()
    first = dict(zip(given[::-1], given.index[::-1], strict=True))  # the first row is stored last
    repeated = given[given.duplicated()]
    return [
        Issue("duplicate_id", file, row, str(ids.name), value, {"first_row": first[value]})
        for row, value in zip(repeated.index, repeated, strict=True)
    ]


def _repeated_rows(text: pd.DataFrame, file: str) -> list[Issue]:
    """Rows without an id that say nothing but what an earlier one says."""
    told = text.drop(columns=["center_id", *OWN_REMARKS], errors="ignore").fillna("")
    alike = told[told.duplicated(keep=False)]
    issues = []
    for _, rows in alike.groupby([alike[column].to_numpy() for column in alike], sort=False):
        for row in rows.index[1:][text.loc[rows.index[1:], "center_id"].isna()]:
            expected = {"first_row": int(rows.index[0])}
            name = tables.cell(text, row, "name_id")
            issues.append(Issue("duplicate_row", file, int(row), "name_id", name, expected))
    return issues


def _repeated_pairs(codes: pd.DataFrame, text: pd.DataFrame, file: str) -> list[Issue]:
    """Rows that repeat a commodity with its zone, each with the row that has them first."""
    pairs = codes[["commodity", "zone_id"]].dropna()
    first: dict[tuple[str, str], int] = {}
    issues = []
    for row, commodity, zone in pairs.itertuples():
        if first.setdefault((commodity, zone), row) != row:
            told = {"commodity": text.at[row, "commodity"], "first_row": first[commodity, zone]}
            issues.append(
                Issue(
                    "duplicate_pair", file, row, "zone_id", tables.cell(text, row, "zone_id"), told
                )
            )
    return issues


def _missing_columns(rows: pd.DataFrame, required: Iterable[str], file: str) -> list[Issue]:
    missing = [column for column in required if column not in rows]
    expected = {"required": tuple(required)}
    return [Issue("column_missing", file, column=column, expected=expected) for column in missing]


def _unrecognised(missing: list[Issue], table: Table) -> list[Issue]:
    """Missing columns, with the headings that may be theirs but say nothing to us."""
    taken = {heading for part in table.taken for heading in part.headings.values()}
    left = tuple(str(heading) for heading in table.source if heading not in taken)
    if not left:
        return missing
    told: dict[str, object] = {"headings": left}
    issues = []
    for issue in missing:
        kind = "place" if issue.column in POSITION else "column"
        if issue.column != "lon":  # told with the latitude
            issues.append(replace(issue, code=f"{kind}_unrecognised", expected=told))
    return issues


def _unknown_columns(rows: pd.DataFrame, columns: Iterable[str], file: str) -> list[Issue]:
    return [
        Issue("column_unknown", file, column=column, severity="noted")
        for column in rows.columns.difference([*columns, *OWN_REMARKS], sort=False)
    ]


def _summaries(sound: pd.DataFrame, total: int, file: str) -> list[Issue]:
    """Note once for the file what would drown the rest row by row."""
    if sound.empty:
        code = "no_good_rows" if total else "no_rows"
        return [Issue(code, file, expected={"rows": total}, severity="noted")]
    no_precision = int(sound["position_precision"].isna().sum())
    no_district = int(sound["district_code"].isna().sum())
    noted: tuple[tuple[str, str, int, Mapping[str, object]], ...] = (
        ("precision_missing", "position_precision", no_precision, {"used": DEFAULT_PRECISION}),
        ("district_missing", "district_code", no_district, {}),
    )
    return [
        Issue(code, file, None, column, None, {"count": blank, **extra}, "noted")
        for code, column, blank, extra in noted
        if blank
    ]


def _rejected_rows(issues: Iterable[Issue]) -> list[int]:
    return sorted({i.row for i in issues if i.row is not None and i.severity == "rejected"})


def _complete(rows: pd.DataFrame, columns: Iterable[str]) -> pd.DataFrame:
    """Rows with all columns, absent ones as missing text; columns beyond them are kept."""
    absent = {column: None for column in columns if column not in rows}
    return rows.assign(**absent).astype("str")


def _typed_centers(
    text: pd.DataFrame, names: Mapping[str, Names], numeric: Iterable[str]
) -> pd.DataFrame:
    typed = text.copy()
    typed.insert(0, "row", text.index.astype("int64"))
    for column, spellings in names.items():
        typed[column] = spellings.find(text[column]) if spellings.codes else text[column]
    typed["commodity"] = typed["commodity"].fillna(text["commodity"])
    typed["area_code"] = text["area_code"].str.replace(r"\D", "", regex=True)  # 12.08.10.2002
    for column in numeric:
        typed[column] = numbers(text[column])
    basis = text["position_source"].notna().map({True: "documented", False: "inferred"})
    typed["name_en"] = text["name_en"].fillna(text["name_id"])
    typed["position_basis"] = typed["position_basis"].fillna(basis.astype("str"))
    typed["position_precision"] = typed["position_precision"].fillna(DEFAULT_PRECISION)
    typed["center_id"] = with_ids(text["center_id"])
    return typed.set_index("center_id")


def with_ids(ids: pd.Series) -> pd.Series:
    """Fill missing ids by u0001, u0002 and so on (``MADE_ID``), past those already used."""
    taken = set(ids.dropna())
    free = (label for label in (f"u{n:04d}" for n in count(1)) if label not in taken)
    return ids.mask(ids.isna(), [next(free) if missing else "" for missing in ids.isna().tolist()])


def _number_key(text: str) -> str:
    return str(numbers(pd.Series([text], dtype="str")).iloc[0])


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())


def _spelled(codes: Iterable[str], names: Mapping[str, Sequence[str]] | None = None) -> Names:
    """Codes and their other names, compared without case, spaces and punctuation."""
    return Names.of(
        ((label, code) for code in codes for label in (code, *(names or {}).get(code, ()))),
        _plain,
    )


def _category_names(instrument: Instrument) -> Names:
    return _spelled(
        instrument.categories,
        {code: (c.name_id, c.name_en, *c.other_names) for code, c in instrument.categories.items()},
    )


def commodity_names(commodities: Collection[str] | pd.DataFrame) -> Names:
    """Codes of commodities by their names in both languages."""
    if not isinstance(commodities, pd.DataFrame):
        return _spelled(commodities)
    table = _flat(commodities, "commodity")
    # Names before codes: a suggestion then shows the name that people write.
    pairs = (
        (label, code)
        for column in ("name_id", "name_en", "commodity")
        for label, code in zip(table[column], table["commodity"], strict=True)
        if pd.notna(label)
    )
    return Names.of(pairs, _plain)


def commodity_signs(
    commodities: Collection[str] | pd.DataFrame,
) -> tuple[dict[str, str], dict[str, str]]:
    """Commodity by its KBLI codes, and by the words that name it alone, in lower case."""
    if not isinstance(commodities, pd.DataFrame) or "kbli" not in commodities:
        return {}, {}
    kbli: dict[str, str] = {}
    words: dict[str, str] = {}
    table = _flat(commodities, "commodity")
    for code, name, codes in table[["commodity", "name_id", "kbli"]].itertuples(index=False):
        kbli |= dict.fromkeys(re.findall(r"\d{5}", str(codes)), code)
        phrase = re.sub(r"\(.*?\)", "", name).casefold().strip()
        both = re.fullmatch(r"(\w+) dan (\w+)", phrase)
        words |= dict.fromkeys(both.groups() if both else (phrase,), code)
    return kbli, words


def _district_names(districts: pd.DataFrame, former: pd.DataFrame | None) -> Names:
    """Names and Kemendagri codes; a BPS code only where it is no Kemendagri code as well."""
    table = _flat(districts, "district_code")
    codes = table["district_code"].astype("str")
    labels = [table["name_id"], table["short_name"], codes]
    pairs = [pair for column in labels for pair in zip(column, codes, strict=True)]
    if "bps_code" in table:
        bps = zip(table["bps_code"], codes, strict=True)
        pairs += [pair for pair in bps if pd.notna(pair[0]) and pair[0] not in set(codes)]
    for name, code in () if former is None else former["district_code"].items():
        kinds = {str(known).partition(" ")[0] for known in table.loc[codes == code, "name_id"]}
        pairs += [(told, code) for kind in kinds for told in (name, f"{kind} {name}")]
    return Names.of(pairs, _district_key, SEVERAL)


def _district_key(text: str) -> str:
    """Key of a district: four digits, or its name with the kind (``kabupaten``, ``kota``) if given.

    Excel reads 12.10 as a number and writes 12.1, so a dotted code is filled up on the right.
    """
    if dotted := re.fullmatch(r"(\d\d)[.,](\d\d?)", text.strip()):
        return dotted[1] + dotted[2].ljust(2, "0")
    spaced = text.strip().casefold().replace("_", " ")
    if behind := KIND_BEHIND.fullmatch(spaced):
        spaced = f"{behind['kind']} {behind['name']}"
    name = re.sub(r"^(kabupaten|kab|regency)\b", "kabupaten", spaced)
    return _plain(re.sub(r"^(kota\s*madya|kodya|kota|city)\b", "kota", name))


def _flat(table: pd.DataFrame, index: str) -> pd.DataFrame:
    return table.reset_index() if table.index.name == index else table
