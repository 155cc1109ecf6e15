"""Assessments as sheets: a form to fill in a room, its reading, and its bad rows to correct."""

import difflib
import io
import math
import re
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, Final

import pandas as pd
import xlsxwriter

from ikmgeo.errors import Issue
from ikmgeo.handouts.export import CELL_LENGTH, SAFE_WORKBOOK, TEMPLATE_ROWS, inert
from ikmgeo.instrument import Instrument
from ikmgeo.reading import load
from ikmgeo.reading.columns import ASSESSMENT_COLUMNS
from ikmgeo.reading.load import Table
from ikmgeo.reading.texts import NUMBER, seen
from ikmgeo.records.assessments import (
    EARLIEST,
    NAME_LENGTH,
    SCORE_RANGE,
    TEXT_LENGTH,
    Assessment,
    defects,
)

SHEET: Final = "assessments"
REMARKS: Final = ("file", "row", "issues")
"""Columns before rejected rows; they come back with the corrected ones and mean nothing then."""

REQUIRED: Final = ("center_id", "author", "assessed_on")
HINT_LENGTH: Final = 255
"""Most characters that Excel shows beside a chosen cell."""

FIELDS: Final = (
    *("center_name", "author", "assessed_on", "scores", "notes", "evidence", "comment"),
)
"""What a row says of an assessment; the rest of it stays."""

MOST_ISSUES: Final = 20_000
"""With more, a form is read no further: what is wrong is wrong in most of its rows."""

SUGGESTED: Final = 20
"""Different unknown centers that get a suggestion; each is compared with every known one."""

SCORE_DECIMALS: Final = 9
"""Spreadsheets keep some 15 digits of a number, so a difference beyond these is no change."""

SERIAL_DATE: Final = re.compile(r"([0-9]{5})(?:[.,][0-9]+)?")
"""Excel's count of days, where a cell lost its format; four digits would be a year."""

SERIAL_START: Final = date(1899, 12, 30)
YEAR_FIRST: Final = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})(?:[T ][0-9:.]+)?")
DAY_FIRST: Final = re.compile(r"([0-9]{1,2})[-/. ]([0-9]{1,2})[-/. ]([0-9]{4})(?: [0-9:.]+)?")
"""As in Indonesia; the month never comes first."""

LONG: Final = re.compile(r"note_.*|evidence_.*|comment|issues")
"""Columns of sentences."""


def form_columns(aspects: Iterable[str]) -> tuple[str, ...]:
    """Columns of the form: what an assessment is, its score, note and evidence of each aspect."""
    scores = tuple(aspects)
    notes = [f"{kind}_{aspect}" for kind in ("note", "evidence") for aspect in scores]
    return (*ASSESSMENT_COLUMNS, *scores, *notes, "comment")


Cells = Mapping[str, str]
"""Text of a row by column, without those that are empty."""


@dataclass(frozen=True)
class SheetText:
    """Words of the form in one language.

    Parameters
    ----------
    sheet
        Name of the sheet with the instructions, at most 31 characters.
    steps
        How to fill in the form, a sentence or two each.
    headings
        Headings of the three columns below the steps: column, meaning, example.
    meanings, examples
        By column name. The meaning also stands beside a chosen cell, so let those of all
        languages together have at most ``HINT_LENGTH`` characters.
    """

    sheet: str
    steps: Sequence[str]
    headings: tuple[str, str, str]
    meanings: Mapping[str, str]
    examples: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Known:
    """What the rows of a form are compared with.

    Parameters
    ----------
    centers
        Ids of the centers that may be assessed.
    names
        Ids by each name that centers have, in the form of ``_key``.
    aspects
        What is scored.
    newest, versions
        Recorded assessments: the newest version by id, and every version given by id and number.
    contents, days
        Content, and center, author and day, of those that are not deleted.
    """

    centers: frozenset[str]
    names: Mapping[str, tuple[str, ...]]
    aspects: tuple[str, ...]
    newest: Mapping[str, Assessment]
    versions: Mapping[tuple[str, int], Assessment]
    contents: frozenset[Hashable]
    days: frozenset[Hashable]

    @classmethod
    def of(
        cls, centers: pd.DataFrame, aspects: Iterable[str], recorded: Sequence[Assessment]
    ) -> "Known":
        """Sort out what ``read_assessments`` gets."""
        codes = tuple(aspects)
        names: dict[str, tuple[str, ...]] = {}
        for column in ("name_id", "name_en"):
            for center, name in centers[column].dropna().items():
                ids = names.get(_key(name), ())
                names[_key(name)] = ids if center in ids else (*ids, str(center))
        newest = {a.assessment_id: a for a in sorted(recorded, key=lambda a: a.version)}
        shown = [a for a in newest.values() if not a.hidden]
        return cls(
            centers=frozenset(centers.index),
            names=names,
            aspects=codes,
            newest=newest,
            versions={(a.assessment_id, a.version): a for a in recorded},
            contents=frozenset(_content(a, codes) for a in shown),
            days=frozenset(_day(a) for a in shown),
        )


@dataclass(frozen=True)
class Filled:
    """What became of the rows of a filled form.

    Parameters
    ----------
    good
        Assessments to save, new or with changes, in the order of the file.
    unchanged
        Number of rows that say what is recorded already: there is nothing to save.
    rejected
        The other rows as text, as the file has them; index ``file`` (with its sheet) and ``row``.
    issues
        Every defect, by sheet and row, those of a whole sheet first.
    """

    good: tuple[Assessment, ...]
    unchanged: int
    rejected: pd.DataFrame
    issues: tuple[Issue, ...]


def template_xlsx(
    texts: Sequence[SheetText],
    centers: pd.DataFrame,
    aspects: Collection[str],
    *,
    assessments: Sequence[Assessment] = (),
) -> bytes:
    """Workbook with a sheet ``assessments`` to fill in and the instructions in each language.

    Parameters
    ----------
    texts
        Words, one for each language.
    centers
        Those to choose from, index ``center_id``: ``name_id``.
    aspects
        What is scored.
    assessments
        Recorded ones to correct, one a row; without any the form is empty.
    """
    rows = [_written(assessment, centers["name_id"]) for assessment in assessments]
    frame = pd.DataFrame(rows, columns=list(form_columns(aspects)), dtype=object)
    return _workbook(frame, texts, centers, aspects)


def read_form(
    data: bytes,
    centers: pd.DataFrame,
    instrument: Instrument,
    recorded: Sequence[Assessment],
    *,
    name: str,
    limit_mb: float,
) -> Filled:
    """Read a file with a filled form, as ``read_assessments``; for ``reading.worker`` to run.

    Raises
    ------
    DataError
        As ``load.read_sheets``.
    """
    tables = load.read_sheets(data, name=name, aspects=instrument.headers, limit_mb=limit_mb)
    return read_assessments(tables, centers, instrument.aspects, recorded=recorded)


def read_assessments(
    tables: Sequence[Table],
    centers: pd.DataFrame,
    aspects: Iterable[str],
    *,
    recorded: Sequence[Assessment] = (),
    today: date | None = None,
) -> Filled:
    """Read the rows of a filled form; each is good, unchanged or rejected.

    A row with the id of a recorded assessment is its next version: indicators, ratings and
    actions stay, and so does what the columns hold that the file lacks; one that was deleted
    comes back if the row changes it. A row without an id is a new assessment, unless the very
    same is recorded, as when a file is brought twice.

    Parameters
    ----------
    tables
        As from ``ikmgeo.reading.load.read_sheets``; rows that their issues reject stay rejected.
    centers
        Those that may be assessed, index ``center_id``: ``name_id`` and ``name_en``. A row may
        name its center instead where no other has that name.
    aspects
        What is scored.
    recorded
        All versions, as from ``Store.versions``: so a row that nobody touched is told from one
        that differs because somebody saved meanwhile.
    today
        See ``ikmgeo.records.assessments.defects``.
    """
    known = Known.of(centers, aspects, recorded)
    first: dict[str, str] = {}
    days = set(known.days)
    good: list[Assessment] = []
    unchanged = 0
    issues: list[Issue] = []
    rejected: dict[str, pd.DataFrame] = {}
    for table in tables:
        file, rows = table.name, table.rows
        found = [*table.issues, *_column_issues(table, known.aspects)]
        lost = {issue.row for issue in found if issue.severity == "rejected"}
        usable = rows.iloc[:0] if None in lost else rows.drop(index=list(lost))
        taken = []
        for row, values in zip(usable.index, usable.to_dict("records"), strict=True):
            if len(issues) + len(found) > MOST_ISSUES:
                found.append(Issue("problems_many", file, expected={"limit": MOST_ISSUES}))
                break
            cells = {str(column): text for column, text in values.items() if pd.notna(text)}
            assessment, wrong = _read(cells, frozenset(rows.columns), known, today)
            wrong += _repeated(cells, file, row, first)
            found += [replace(issue, file=file, row=row) for issue in wrong]
            if wrong:
                continue
            taken.append(row)
            if _is_recorded(assessment, cells, known):
                unchanged += 1
                continue
            good.append(assessment)
            noted = _noted(assessment, cells, known, days)
            found += [replace(i, file=file, row=row, severity="noted") for i in noted]
            days.add(_day(assessment))
        if not taken:
            expected = {"rows": len(rows)}
            found.append(Issue("no_good_rows", file, expected=expected, severity="noted"))
        issues += sorted(found, key=lambda issue: issue.row or 0)
        rejected[file] = rows.drop(index=taken)
    return Filled(tuple(good), unchanged, _joined(rejected), _with_suggestions(issues, known))


def rejected_rows(
    filled: Filled,
    aspects: Iterable[str],
    *,
    remarks: Mapping[tuple[str, int], str] | None = None,
) -> pd.DataFrame:
    """Rejected rows as the file had them, after ``file``, ``row`` and ``issues``.

    ``remarks`` gives the text of ``issues`` by file and row; without it there are the codes.
    """
    codes: dict[tuple[str, int], list[str]] = {}
    for issue in filled.issues:
        if issue.row is not None and issue.severity == "rejected":
            cell = ":".join(filter(None, (issue.column, issue.code)))
            codes.setdefault((issue.file, issue.row), []).append(cell)
    texts = {place: "; ".join(c) for place, c in codes.items()} if remarks is None else remarks
    original = filled.rejected.drop(columns=list(REMARKS), errors="ignore")
    form = form_columns(aspects)
    columns = [*form, *original.columns.difference(list(form), sort=False)]
    own = pd.DataFrame(
        [(file, row, texts.get((file, row))) for file, row in original.index],
        columns=list(REMARKS),
        index=original.index,
        dtype=object,
    )
    return own.join(original.reindex(columns=columns)).reset_index(drop=True)


def rejected_xlsx(
    filled: Filled,
    texts: Sequence[SheetText],
    centers: pd.DataFrame,
    aspects: Collection[str],
    *,
    remarks: Mapping[tuple[str, int], str] | None = None,
) -> bytes:
    """Rejected rows in the form of the template, to correct and bring again.

    ``remarks`` is as in ``rejected_rows``, the rest as in ``template_xlsx``.
    """
    rows = rejected_rows(filled, aspects, remarks=remarks).astype(object)
    for column in ("assessed_on", "version", *aspects):
        rows[column] = pd.Series([_typed(column, text) for text in rows[column]], rows.index)
    return _workbook(rows, texts, centers, aspects)


def _read(
    cells: Cells, columns: frozenset[str], known: Known, today: date | None
) -> tuple[Assessment, list[Issue]]:
    """Assessment of a row and its defects, whose file and row the caller fills in.

    What cannot be read stays text in the assessment, for ``defects`` to name.
    """
    center, issues = _center(cells, known)
    day = _date(cells.get("assessed_on", ""))
    if day is None:
        code = "date_unreadable" if "assessed_on" in cells else "cell_missing"
        issues.append(_issue(code, "assessed_on", cells))
    before = known.newest.get(cells.get("assessment_id", ""))
    if before is not None and center in known.centers and center != before.center_id:
        column = "center_id" if "center_id" in cells else "name_id"
        issues.append(_issue("center_differs", column, cells, {"center_id": before.center_id}))

    def texts(field: str, prefix: str) -> dict[str, str]:
        kept = getattr(before, field) if before else {}
        found = {
            aspect: cells.get(f"{prefix}_{aspect}")
            if f"{prefix}_{aspect}" in columns
            else kept.get(aspect)
            for aspect in known.aspects
        }
        return {aspect: text for aspect, text in found.items() if text}

    scored = before.scores if before else {}
    read: dict[str, Any] = {
        "center_id": center,
        "author": cells.get("author", ""),
        "assessed_on": day or EARLIEST,
        "version": _version(cells, before),
        "scores": {
            aspect: _score(cells.get(aspect)) if aspect in columns else scored.get(aspect)
            for aspect in known.aspects
        },
        "notes": texts("notes", "note"),
        "evidence": texts("evidence", "evidence"),
        "comment": cells.get(
            "comment", before.comment if before and "comment" not in columns else ""
        ),
    }
    if before is not None:
        assessment = replace(before, hidden=False, **read)
    elif "assessment_id" in cells:
        assessment = Assessment(assessment_id=cells["assessment_id"], **read)
    else:
        assessment = Assessment(**read)
    for issue in defects(assessment, file="", today=today):
        column = str(issue.column).replace("notes.", "note_").replace("evidence.", "evidence_")
        issues.append(_issue(issue.code, column, cells, issue.expected))
    return assessment, issues


def _center(cells: Cells, known: Known) -> tuple[str, list[Issue]]:
    """Id of the center of a row, or what stands there instead, and what is wrong with it."""
    center, name = cells.get("center_id"), cells.get("name_id")
    named = known.names.get(_key(name or ""), ())
    if center is None and name is None:
        return "", []  # ``defects`` finds it missing
    if center is None:
        if len(named) == 1:
            return named[0], []
        code, expected = ("name_ambiguous", {"options": named}) if named else ("unknown_center", {})
        return str(name), [_issue(code, "name_id", cells, expected)]
    if center not in known.centers:
        return center, [_issue("unknown_center", "center_id", cells)]
    if named and center not in named:
        return center, [_issue("name_differs", "name_id", cells, {"center_id": center})]
    return center, []


def _version(cells: Cells, before: Assessment | None) -> int | str:
    """Version that a row started from: 0 for a new assessment, else the newest unless it tells."""
    given = cells.get("version", "")
    if given and not re.fullmatch(r"[0-9]{1,9}", given):
        return given
    if before is None:
        return 0
    return min(int(given or 0) or before.version, before.version)


def _score(text: str | None) -> float | str | None:
    """Number of a cell, or its text where it is none."""
    plain = (text or "").replace("\N{MINUS SIGN}", "-")
    return float(plain.replace(",", ".")) if re.fullmatch(NUMBER, plain) else text


def _date(text: str) -> date | None:
    """Day of a cell; None where it is not certain which."""
    if serial := SERIAL_DATE.fullmatch(text):
        return SERIAL_START + timedelta(days=int(serial[1]))
    parts: Sequence[str] = ()
    if year_first := YEAR_FIRST.fullmatch(text):
        parts = year_first.groups()
    elif day_first := DAY_FIRST.fullmatch(text):
        parts = day_first.groups()[::-1]
    try:
        return date(*map(int, parts)) if parts else None
    except ValueError:
        return None


def _repeated(cells: Cells, file: str, row: int, first: dict[str, str]) -> list[Issue]:
    """Defect of a row whose assessment an earlier one has; ``first`` notes where it stands."""
    given = cells.get("assessment_id")
    if given is None:
        return []
    if given in first:
        return [_issue("assessment_twice", "assessment_id", cells, {"first_row": first[given]})]
    first[given] = str(row) if " › " not in file else f"{row} ({file.rpartition(' › ')[2]})"
    return []


def _is_recorded(assessment: Assessment, cells: Cells, known: Known) -> bool:
    """Whether a row says what its assessment says, now or in the version it was written from."""
    content = _content(assessment, known.aspects)
    if "assessment_id" not in cells:
        return content in known.contents
    place = (assessment.assessment_id, assessment.version)
    same = (known.newest.get(assessment.assessment_id), known.versions.get(place))
    return any(
        version is not None and _content(version, known.aspects) == content for version in same
    )


def _noted(
    assessment: Assessment, cells: Cells, known: Known, days: set[Hashable]
) -> Iterator[Issue]:
    """What the reader should know of a row that is taken."""
    before = known.newest.get(assessment.assessment_id)
    if all(score is None for score in assessment.scores.values()):
        yield _issue("scores_missing", None, cells)
    if before is not None and assessment.version < before.version:
        yield _issue("version_passed", "version", cells, {"newest": before.version})
    if before is None and _day(assessment) in days:
        yield _issue("assessment_again", "center_id", cells, {"center_id": assessment.center_id})


def _with_suggestions(issues: Sequence[Issue], known: Known) -> tuple[Issue, ...]:
    """The same issues, those of unknown centers with the id that was probably meant."""
    wrong = [i for i in issues if i.code == "unknown_center" and i.value and len(i.value) <= 100]
    meant: dict[tuple[str | None, str | None], str] = {}
    for column, value in list(dict.fromkeys((i.column, i.value) for i in wrong))[:SUGGESTED]:
        options = known.centers if column == "center_id" else known.names
        sought = str(value) if column == "center_id" else _key(str(value))
        for close in difflib.get_close_matches(sought, options, n=1, cutoff=0.75):
            meant[column, value] = close if column == "center_id" else known.names[close][0]
    return tuple(
        replace(issue, expected={"did_you_mean": meant[issue.column, issue.value]})
        if issue.code == "unknown_center" and (issue.column, issue.value) in meant
        else issue
        for issue in issues
    )


def _column_issues(table: Table, aspects: Iterable[str]) -> list[Issue]:
    """Columns that a sheet lacks, and those that are not used."""
    columns = table.rows.columns
    missing = [column for column in REQUIRED if column not in columns]
    if "name_id" in columns and "center_id" in missing:
        missing.remove("center_id")
    unknown = columns.difference([*form_columns(aspects), *REMARKS], sort=False)
    return [
        *(
            Issue("column_missing", table.name, None, c, None, {"required": REQUIRED})
            for c in missing
        ),
        *(Issue("column_unknown", table.name, column=c, severity="noted") for c in unknown),
    ]


def _issue(
    code: str, column: str | None, cells: Cells, expected: Mapping[str, object] | None = None
) -> Issue:
    return Issue(code, "", None, column, cells.get(column or ""), expected or {})


def _joined(rejected: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Rows of all sheets, with their file and row as index."""
    if not rejected:
        index = pd.MultiIndex.from_arrays([[], []], names=["file", "row"])
        return pd.DataFrame(index=index, dtype="str")
    return pd.concat(rejected, names=["file", "row"]).astype("str")


def _content(assessment: Assessment, aspects: Iterable[str]) -> Hashable:
    """All that a sheet says of an assessment, so that its comings and goings change nothing."""
    scores = (assessment.scores.get(aspect) for aspect in aspects)
    return (
        _day(assessment),
        tuple(None if score is None else round(float(score), SCORE_DECIMALS) for score in scores),
        tuple(_plain(assessment.notes.get(aspect, "")) for aspect in aspects),
        tuple(_plain(assessment.evidence.get(aspect, "")) for aspect in aspects),
        _plain(assessment.comment),
    )


def _day(assessment: Assessment) -> Hashable:
    return assessment.center_id, _plain(assessment.author), assessment.assessed_on


def _plain(text: str) -> str:
    """Text as a cell of a workbook can hold it: line ends of one kind, no control characters."""
    return seen(text).strip()


def _key(name: str) -> str:
    """Name without case and without spaces too many."""
    return " ".join(name.split()).casefold()


def _written(assessment: Assessment, names: pd.Series) -> dict[str, object]:
    """Cells of an assessment by column."""
    notes = {f"note_{aspect}": text for aspect, text in assessment.notes.items()}
    evidence = {f"evidence_{aspect}": text for aspect, text in assessment.evidence.items()}
    return {
        "assessment_id": assessment.assessment_id,
        "version": assessment.version,
        "center_id": assessment.center_id,
        "name_id": names.get(assessment.center_id),
        "author": assessment.author,
        "assessed_on": assessment.assessed_on,
        **assessment.scores,
        **notes,
        **evidence,
        "comment": assessment.comment,
    }


def _typed(column: str, text: object) -> object:
    """Number or date of a cell where it is one, so that a spreadsheet knows it as such."""
    if not isinstance(text, str):
        return None
    if column == "assessed_on":
        day = _date(text)
        return text if day is None or day < EARLIEST else day
    score = _score(text)
    return score if isinstance(score, float) and math.isfinite(score) else text


def _workbook(
    rows: pd.DataFrame,
    texts: Sequence[SheetText],
    centers: pd.DataFrame,
    aspects: Collection[str],
) -> bytes:
    """Sheet of rows under their columns, with drop-downs, limits, hints and instructions."""
    buffer, form = io.BytesIO(), form_columns(aspects)
    with xlsxwriter.Workbook(buffer, SAFE_WORKBOOK) as book:
        bold = book.add_format({"bold": True})
        formats = {
            "date": book.add_format({"num_format": "yyyy-mm-dd"}),
            "score": book.add_format({"num_format": "General"}),
            "number": book.add_format({"num_format": "0"}),
            # As text, an id such as 0012 keeps its zeros and 1-2 is no date.
            "text": book.add_format({"num_format": "@"}),
            "long": book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"}),
        }
        sheet = book.add_worksheet(SHEET)
        for text in texts:
            _instructions(book, text, form)
        lists = book.add_worksheet("lists")
        lists.hide()
        choices = inert(centers[["name_id"]].rename_axis("center_id").reset_index().astype(object))
        for position, column in enumerate(choices):
            for number, choice in enumerate(choices[column].fillna("")):
                lists.write_string(number, position, str(choice))
        last = max(TEMPLATE_ROWS, len(rows))
        sheet.freeze_panes(1, 0)
        for position, column in enumerate(rows.columns):
            kind = _kind(column, aspects)
            sheet.write_string(0, position, column, bold)
            sheet.set_column(position, position, 40 if kind == "long" else 18, formats[kind])
            if column in form:
                hint = "\n".join(text.meanings.get(column, "") for text in texts)
                rule = {
                    "input_title": column,
                    "input_message": hint[:HINT_LENGTH],
                    "error_title": column,
                    "error_message": hint[:HINT_LENGTH],
                    **_rule(column, len(centers), aspects),
                }
                sheet.data_validation(1, position, last, position, rule)
        # Stripped first: an apostrophe before a mere line end would stay for good.
        safe = inert(rows.map(lambda cell: _plain(cell) if isinstance(cell, str) else cell))
        for number, cells in enumerate(safe.itertuples(index=False, name=None), start=1):
            for position, (column, value) in enumerate(zip(rows.columns, cells, strict=True)):
                _write(sheet, number, position, value, formats[_kind(column, aspects)])
    return buffer.getvalue()


def _write(sheet: Any, row: int, position: int, value: Any, form: Any) -> None:
    if isinstance(value, date):
        sheet.write_datetime(row, position, value, form)
    elif isinstance(value, str):
        sheet.write_string(row, position, value[:CELL_LENGTH], form)
    elif not pd.isna(value):
        sheet.write_number(row, position, value, form)


def _instructions(book: Any, text: SheetText, form: Sequence[str]) -> None:
    """Sheet with the steps and, below them, every column with meaning and example."""
    bold = book.add_format({"bold": True})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    sheet = book.add_worksheet(text.sheet)
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 2, 60)
    for number, step in enumerate(text.steps):
        sheet.write_string(number, 0, f"{number + 1}.", wrapped)
        sheet.write_string(number, 1, step, wrapped)
    start = len(text.steps) + 1
    sheet.write_row(start, 0, text.headings, bold)
    for number, column in enumerate(form, start=start + 1):
        cells = (column, text.meanings.get(column, ""), text.examples.get(column, ""))
        for position, cell in enumerate(cells):
            sheet.write_string(number, position, cell, wrapped)


def _kind(column: str, aspects: Collection[str]) -> str:
    if column in aspects:
        return "score"
    if LONG.fullmatch(column):
        return "long"
    return {"assessed_on": "date", "version": "number", "row": "number"}.get(column, "text")


def _rule(column: str, centers: int, aspects: Collection[str]) -> dict[str, object]:
    """Excel's rule for a column of the form; whatever it lets pass is checked on the way back."""
    if column in ("center_id", "name_id") and centers:
        position = ("center_id", "name_id").index(column)
        source = xlsxwriter.utility.xl_range_abs(0, position, centers - 1, position)
        # A name may be written freely: it only helps to read the row.
        strict = column == "center_id"
        return {"validate": "list", "source": f"=lists!{source}", "show_error": strict}
    if column == "assessed_on":
        # The form may be filled in long after it was made.
        limits = {"minimum": EARLIEST, "maximum": "=TODAY()+1"}
        return {"validate": "date", "criteria": "between", **limits}
    if column in aspects:
        low, high = SCORE_RANGE
        return {"validate": "decimal", "criteria": "between", "minimum": low, "maximum": high}
    if column == "author" or LONG.fullmatch(column):
        limit = NAME_LENGTH if column == "author" else TEXT_LENGTH
        return {"validate": "length", "criteria": "<=", "value": limit}
    return {"validate": "any"}
