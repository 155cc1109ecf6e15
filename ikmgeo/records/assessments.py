"""An assessment: what one person or group says of a center on a date, and its checks.

A commodity can be rated as well: its assessments are kept beside those of the centers, under an
id that begins with ``COMMODITY``.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from numbers import Real
from typing import Any, Final
from uuid import UUID, uuid4

import pandas as pd

from ikmgeo.errors import DataError, Issue
from ikmgeo.reading.texts import is_seen, printable

SCORE_RANGE: Final = (0, 100)
EARLIEST: Final = date(1900, 1, 1)
NAME_LENGTH: Final = 200
TEXT_LENGTH: Final = 10_000
INDICATORS: Final = 100
"""Most indicators within one aspect."""

JSON_LENGTH: Final = 200_000
"""Most characters of the ratings, or of the actions, written as JSON."""

COMMODITY: Final = "commodity:"
"""How the ``center_id`` of an assessment of a commodity begins; the code of it follows."""

JSON_DEPTH: Final = 20
MOST_VERSIONS: Final = 2**31 - 1

PLAN: Final = ("actions",)
FORM: Final = (
    *("center_name", "author", "assessed_on", "scores", "indicators", "notes", "evidence"),
    *("ratings", "comment"),
)
"""Parts of an assessment that are written in different places: the plan, and all the rest."""

Defect = tuple[str, str, object, Mapping[str, object]]
"""Code, column, value and what was expected."""


@dataclass(frozen=True, kw_only=True)
class Assessment:
    """One version of one scoring of one center; ``dataclasses.replace`` makes the next.

    Parameters
    ----------
    center_id, author, assessed_on
        What was scored, by which person or group, on which day; see ``COMMODITY``.
    center_name
        Indonesian name of the center when it was saved: an id may come to mean another one.
    assessment_id
        UUID that all versions share.
    version
        1 and up; 0 before the first save.
    scores
        0 to 100 by aspect code, without those that were not scored; None counts as that.
    indicators
        By aspect, 0 to 100 (or None) by the name of an indicator within it.
    notes, evidence
        Free text by aspect.
    ratings, actions
        Plain JSON (dicts with text keys, lists, text, numbers, booleans, None) of the framework
        ratings and of the chosen advice; nothing here looks inside.
    comment
        Free text about the whole.
    hidden
        Whether this version deletes the assessment; a later one can bring it back.
    saved_by
        Who saved this version: the author, or who corrected, restored, hid or showed it.
    saved_at
        When, UTC; None before the save.
    base_version
        Version that the writer started from; 0 for a new assessment.
    group_id
        Group of a workshop that it belongs to, as the store tells; empty when it counts everywhere.
    """

    center_id: str
    author: str
    assessed_on: date
    center_name: str = ""
    assessment_id: str = field(default_factory=lambda: str(uuid4()))
    version: int = 0
    scores: Mapping[str, float | None] = field(default_factory=dict)
    indicators: Mapping[str, Mapping[str, float | None]] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)
    evidence: Mapping[str, str] = field(default_factory=dict)
    ratings: Mapping[str, Any] = field(default_factory=dict)
    actions: Mapping[str, Any] | Sequence[Any] = field(default_factory=list)
    comment: str = ""
    hidden: bool = False
    saved_by: str = ""
    saved_at: datetime | None = None
    base_version: int = 0
    group_id: str = ""

    def __post_init__(self) -> None:
        """Have one form for the same scores, whoever wrote them and when."""
        scored = {aspect: score for aspect, score in self.scores.items() if score is not None}
        object.__setattr__(self, "scores", scored)

    @property
    def crossed(self) -> bool:
        """Whether somebody else saved between the writer's start and this version."""
        return self.version > 0 and self.base_version != self.version - 1

    @property
    def commodity(self) -> str:
        """Code of the commodity that was rated; empty for a center."""
        return self.center_id.removeprefix(COMMODITY) if self.of_commodity else ""

    @property
    def of_commodity(self) -> bool:
        """Whether it is about a commodity and not about a center."""
        return self.center_id.startswith(COMMODITY)

    @property
    def blank(self) -> bool:
        """Whether it says nothing but who and when, so that nothing is lost with it."""
        return self == Assessment(
            center_id=self.center_id,
            author=self.author,
            assessed_on=self.assessed_on,
            assessment_id=self.assessment_id,
        )


@dataclass(frozen=True)
class Standing:
    """What is recorded of one center, each part as the newest assessment has it that has any.

    Parameters
    ----------
    newest
        The assessment that was made last.
    scored
        The newest with all aspects, else the newest with any; None without.
    rated, planned
        The newest with framework ratings, and with a plan; None without.
    count
        Number of assessments with scores.
    complete
        Whether the assessment that is scored has all aspects.
    """

    newest: Assessment
    scored: Assessment | None
    rated: Assessment | None
    planned: Assessment | None
    count: int
    complete: bool = False


def standings(assessments: Sequence[Assessment], aspects: Collection[str]) -> dict[str, Standing]:
    """What is recorded of each center, by ``center_id``, from the newest versions."""
    ordered = sorted(assessments, key=lambda a: (a.assessed_on, str(a.saved_at)), reverse=True)
    of_center: dict[str, list[Assessment]] = {}
    for assessment in ordered:
        of_center.setdefault(assessment.center_id, []).append(assessment)
    return {center: _standing(own, aspects) for center, own in of_center.items()}


def counted(
    centers: pd.DataFrame, known: Mapping[str, Standing], aspects: Collection[str]
) -> dict[str, Standing]:
    """What is recorded of the centers whose aspects come from an assessment.

    Not of those that have all ``aspects`` in ``centers`` and not in any assessment.
    """
    complete = centers[list(aspects)].notna().all(axis=1).to_dict()
    return {
        center: standing
        for center, standing in known.items()
        if standing.scored and center in complete and (standing.complete or not complete[center])
    }


def aspects(
    centers: pd.DataFrame, known: Mapping[str, Standing], codes: Collection[str]
) -> pd.DataFrame:
    """Aspects per center: of the assessment that counts, else as ``centers`` has them."""
    table = centers[list(codes)].astype(float)
    scored = frame([s.scored for s in counted(centers, known, codes).values() if s.scored], codes)
    scored = scored.set_index("center_id")[list(codes)]
    table.loc[scored.index] = scored
    return table


def _standing(own: Sequence[Assessment], aspects: Collection[str]) -> Standing:
    scored = [a for a in own if _scored(a, aspects)]
    whole = next((a for a in scored if _scored(a, aspects) == len(aspects)), None)
    return Standing(
        newest=own[0],
        scored=whole or next(iter(scored), None),
        rated=next((a for a in own if a.ratings), None),
        planned=next((a for a in own if a.actions), None),
        count=len(scored),
        complete=whole is not None,
    )


def _scored(assessment: Assessment, aspects: Iterable[str]) -> int:
    """Number of aspects with a score."""
    return sum(aspect in assessment.scores for aspect in aspects)


def changes(before: Assessment, after: Assessment) -> list[str]:
    """Fields of ``FORM``, ``PLAN`` and ``hidden`` in which two versions differ."""
    return [
        name for name in (*FORM, *PLAN, "hidden") if getattr(before, name) != getattr(after, name)
    ]


def frame(assessments: Sequence[Assessment], aspects: Iterable[str]) -> pd.DataFrame:
    """Assessments as a table for scoring.

    Returns
    -------
    pandas.DataFrame
        ``center_id``, ``author``, ``assessed_on`` (datetime64) and the aspects (float 0 to
        100, NaN where not scored), indexed by ``assessment_id`` in the order given. A center with
        several assessments has several rows.
    """
    index = pd.Index([a.assessment_id for a in assessments], name="assessment_id", dtype="str")
    columns = {
        "center_id": pd.Series([a.center_id for a in assessments], index, dtype="str"),
        "author": pd.Series([a.author for a in assessments], index, dtype="str"),
        "assessed_on": pd.Series(
            [a.assessed_on for a in assessments], index, dtype="datetime64[us]"
        ),
    }
    scores = {
        aspect: pd.Series([a.scores.get(aspect) for a in assessments], index, dtype="float64")
        for aspect in aspects
    }
    return pd.DataFrame(columns | scores, index=index)


def check(assessment: Assessment) -> None:
    """Refuse an assessment that cannot be saved.

    Raises
    ------
    DataError
        With every defect that ``defects`` finds.
    """
    if issues := defects(assessment):
        raise DataError(issues)


def defects(
    assessment: Assessment,
    *,
    file: str | None = None,
    row: int | None = None,
    today: date | None = None,
) -> list[Issue]:
    """Everything that keeps an assessment from being saved.

    Parameters
    ----------
    assessment
        As a form or a file gave it.
    file, row
        Where it stands; without a file the center names it.
    today
        The date may be one day later, since the day begins in the east; None asks the clock.

    Returns
    -------
    list of Issue
        Columns are field names, aspect codes for scores, and ``production.machines`` or
        ``notes.production`` for what lies within a field.
    """
    place = printable(assessment.center_id)[:NAME_LENGTH] if file is None else file
    latest = (today or date.today()) + timedelta(days=1)
    return _issues(_defects(assessment, latest), place, row)


def check_saver(name: str, *, file: str) -> None:
    """Refuse the name of who hides or restores in ``file``: empty, too long or not to be stored."""
    if issues := _issues(_name("saved_by", name, NAME_LENGTH), file, None):
        raise DataError(issues)


def is_id(text: object) -> bool:
    """Whether a text is a UUID in the one spelling that the store uses."""
    try:
        return isinstance(text, str) and str(UUID(text)) == text
    except ValueError:
        return False


def _issues(found: Iterator[Defect], file: str, row: int | None) -> list[Issue]:
    return [
        Issue(code, file, row, printable(column), _quoted(value), expected)
        for code, column, value, expected in found
    ]


def _defects(assessment: Assessment, latest: date) -> Iterator[Defect]:
    if not is_id(assessment.assessment_id):
        yield "assessment_id_invalid", "assessment_id", assessment.assessment_id, {}
    # As long as the id of any center that a file can bring.
    yield from _name("center_id", assessment.center_id, TEXT_LENGTH)
    yield from _name("author", assessment.author, NAME_LENGTH)
    yield from _text("center_name", assessment.center_name, TEXT_LENGTH)
    yield from _text("saved_by", assessment.saved_by, NAME_LENGTH)
    yield from _text("comment", assessment.comment, TEXT_LENGTH)
    yield from _date("assessed_on", assessment.assessed_on, latest)
    for name in ("version", "base_version"):
        yield from _version(name, getattr(assessment, name))
    for name in ("scores", "indicators", "notes", "evidence"):
        yield from _aspects(name, getattr(assessment, name))
    for aspect, score in assessment.scores.items():
        yield from _score(str(aspect), score)
    for aspect, indicators in assessment.indicators.items():
        yield from _indicators(str(aspect), indicators)
    for name in ("notes", "evidence"):
        for aspect, text in getattr(assessment, name).items():
            yield from _text(f"{name}.{aspect}", text, TEXT_LENGTH)
    yield from _json("ratings", assessment.ratings, dict)
    yield from _json("actions", assessment.actions, (dict, list))


def _name(column: str, text: object, limit: int) -> Iterator[Defect]:
    yield from _text(column, text, limit)
    if isinstance(text, str) and not text.strip():
        yield "cell_missing", column, text, {}


def _text(column: str, text: object, limit: int) -> Iterator[Defect]:
    # PostgreSQL stores no NUL, and half a surrogate pair has no UTF-8.
    if not isinstance(text, str) or not is_seen(text):
        yield "text_invalid", column, text, {}
    elif len(text) > limit:
        yield "text_too_long", column, text, {"length": len(text), "limit": limit}


def _date(column: str, day: object, latest: date) -> Iterator[Defect]:
    # A datetime is a date to Python, but not to the store.
    if isinstance(day, datetime) or not isinstance(day, date) or not EARLIEST <= day <= latest:
        expected = {"low": EARLIEST.isoformat(), "high": latest.isoformat()}
        yield "out_of_range", column, day, expected


def _version(column: str, version: object) -> Iterator[Defect]:
    if not isinstance(version, int) or not 0 <= version <= MOST_VERSIONS:
        yield "out_of_range", column, version, {"low": 0, "high": MOST_VERSIONS}


def _aspects(column: str, by_aspect: Mapping[str, object]) -> Iterator[Defect]:
    # Which aspects there are is for the data to say, and they may change after it is kept.
    for aspect in by_aspect:
        yield from _name(column, aspect, NAME_LENGTH)


def _score(column: str, score: object) -> Iterator[Defect]:
    low, high = SCORE_RANGE
    number: Any = score if isinstance(score, Real) and not isinstance(score, bool) else None
    if score is None:
        return
    if number is None or number != number:  # NaN alone differs from itself
        yield "not_a_number", column, score, {}
    elif not low <= number <= high:
        yield "score_out_of_range", column, score, {"low": low, "high": high}


def _indicators(aspect: str, indicators: Mapping[str, object]) -> Iterator[Defect]:
    if len(indicators) > INDICATORS:
        yield "indicators_too_many", aspect, len(indicators), {"limit": INDICATORS}
    for name, score in indicators.items():
        yield from _name(f"indicators.{aspect}", name, NAME_LENGTH)
        yield from _score(f"{aspect}.{name}", score)


def _json(column: str, value: object, form: type | tuple[type, ...]) -> Iterator[Defect]:
    if not isinstance(value, form) or _is_deeper(value, JSON_DEPTH):
        yield "json_invalid", column, None, {}
        return
    try:
        json.dumps(value, ensure_ascii=False).encode()
        text = json.dumps(value, allow_nan=False)
        comes_back = json.loads(text) == value  # a key 1 would come back as "1"
    except (TypeError, ValueError):
        comes_back = False
    if not comes_back:
        yield "json_invalid", column, None, {}
    elif len(text) > JSON_LENGTH:
        yield "json_too_large", column, None, {"length": len(text), "limit": JSON_LENGTH}


def _is_deeper(value: object, levels: int) -> bool:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return levels < 0 or any(_is_deeper(part, levels - 1) for part in inner)


def _quoted(value: object) -> str | None:
    return None if value is None else printable(value)
