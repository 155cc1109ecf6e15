"""The form as a workbook: take it away, fill it in a room, bring it back; bad rows return."""

import logging
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
import streamlit as st

from ikmgeo.analysis import Inputs
from ikmgeo.errors import DataError, Issue
from ikmgeo.handouts import assessment_sheets
from ikmgeo.handouts.assessment_sheets import FIELDS, Filled, SheetText
from ikmgeo.reading import load
from ikmgeo.reading.columns import ASSESSMENT_COLUMNS
from ikmgeo.records.assessments import Assessment
from ikmgeo.ui.frame import Page, issue_list
from ikmgeo.ui.state import composing, installation, keys
from ikmgeo.vocabulary import LANGUAGES
from ikmgeo.words.markup import heading, markdown, scrolling, table
from ikmgeo.words.messages import Messages

SHOWN_PROBLEMS = 500
STEPS = 5
"""Sentences of instruction in the form."""


@dataclass(frozen=True)
class Brought:
    """What became of a file: its rows, or why it could not be read."""

    name: str
    filled: Filled | None
    refused: tuple[Issue, ...] = ()


def round_trip(page: Page, recorded: list[Assessment]) -> None:
    """Download the form, empty or with what is recorded; upload it filled."""
    say, of = page.say, _of()
    centers = _centers(page)
    recorded = [a for a in recorded if a.center_id in centers.index]
    st.html(heading(say("sheets.heading"), say("sheets.note")))
    instrument = page.study.inputs.instrument
    texts = [sheet_text(language, page.study.inputs) for language in LANGUAGES]
    with st.container(horizontal=True):
        st.download_button(
            say("sheets.empty"),
            lambda: assessment_sheets.template_xlsx(texts, centers, instrument.aspects),
            "ikmgeo-penilaian.xlsx",
            on_click="ignore",
        )
        st.download_button(
            say("sheets.recorded"),
            lambda: assessment_sheets.template_xlsx(
                texts, centers, instrument.aspects, assessments=recorded
            ),
            "ikmgeo-penilaian-tercatat.xlsx",
            on_click="ignore",
            disabled=not recorded,
        )
    file = st.file_uploader(
        say("sheets.upload"),
        type=["xlsx", "csv"],
        key=f"assessment-file-{of}",
        max_upload_size=installation.settings().upload_mb,
    )
    files = keys.ASSESSMENT_FILES.get()
    if file is not None and file.file_id != files.get(of, ("", None))[0]:
        files[of] = (file.file_id, _read(page, file))
    _, brought = files.get(of, ("", None))
    if brought is not None:
        _result(page, brought, texts)


def _of() -> str:
    """Whose files these are: a group's own are no other's."""
    own = composing.group()
    return own.group_id if own else ""


def sheet_text(language: str, inputs: Inputs) -> SheetText:
    """Words of the form in one language."""
    say = Messages.of(language, inputs)
    meanings = {column: say(f"sheet.{column}") for column in (*ASSESSMENT_COLUMNS, "comment")}
    for aspect in inputs.instrument.aspects:
        within = say(f"within.{aspect}")
        meanings[aspect] = say("sheet.aspect", aspect=say(f"aspect.{aspect}"))
        meanings[f"note_{aspect}"] = say("sheet.note", aspect=within)
        meanings[f"evidence_{aspect}"] = say("sheet.evidence", aspect=within)
    return SheetText(
        sheet=say("template.sheet"),
        steps=[say(f"sheet.step_{n}") for n in range(1, STEPS + 1)],
        headings=(say("template.column"), say("template.meaning"), say("template.example")),
        meanings=meanings,
        examples={"assessed_on": "2026-11-22", "author": say("sheets.example_author")},
    )


def _read(page: Page, file: Any) -> Brought:
    """Read and check a file once."""
    say = page.say
    with st.status(say("own.reading", file=markdown(file.name))) as status:
        try:
            tables = load.read_sheets(
                file.getvalue(),
                name=file.name,
                aspects=page.study.inputs.instrument.headers,
                limit_mb=installation.settings().upload_mb,
            )
            filled = assessment_sheets.read_assessments(
                tables,
                _centers(page),
                page.study.inputs.instrument.aspects,
                recorded=composing.drawer().versions(),
            )
        except DataError as refused:
            status.update(label=say("own.refused", file=markdown(file.name)), state="error")
            return Brought(file.name, None, refused.issues)
        status.update(label=say("own.done", file=markdown(file.name)), state="complete")
    return Brought(file.name, filled)


def _centers(page: Page) -> pd.DataFrame:
    """Centers that may be assessed: the fictional ones are not to be recorded."""
    centers = page.study.measured.centers
    return centers[[not composing.is_sample(str(center)) for center in centers.index]]


def _result(page: Page, brought: Brought, texts: list[SheetText]) -> None:
    """How many rows can be saved, every defect, and the bad rows as a file."""
    say, filled = page.say, brought.filled
    if filled is None:
        st.error(say("own.refused", file=markdown(brought.name)))
        st.html(issue_list(say, brought.refused))
        return
    counts = {
        "good": say.number(len(filled.good), 0),
        "unchanged": say.number(filled.unchanged, 0),
        "rejected": say.number(len(filled.rejected), 0),
    }
    st.html(heading(say("sheets.result", **counts)))
    if filled.issues:
        rows = [
            (
                issue.file,
                "" if issue.row is None else issue.row,
                issue.column or "",
                (issue.value or "")[:80],
                say.problem(issue),
            )
            for issue in filled.issues[:SHOWN_PROBLEMS]
        ]
        heads = [say("sheets.where"), *(say(f"own.problem_{c}") for c in _PARTS)]
        st.html(scrolling(table(heads, rows, ""), say("own.problems")))
    with st.container(horizontal=True):
        pressed = filled.good and st.button(
            say("sheets.save", count=len(filled.good)), type="primary"
        )
        if len(filled.rejected):
            remarks: dict[tuple[str, int], str] = {}
            for issue in filled.issues:
                if issue.row is not None and issue.severity == "rejected":
                    at = (issue.file, issue.row)
                    remarks[at] = f"{remarks.get(at, '')} {say.problem(issue)}".strip()
            st.download_button(
                say("own.rejected_xlsx"),
                lambda: assessment_sheets.rejected_xlsx(
                    filled,
                    texts,
                    _centers(page),
                    page.study.inputs.instrument.aspects,
                    remarks=remarks,
                ),
                "ikmgeo-penilaian-ditolak.xlsx",
                on_click="ignore",
            )
    if pressed:
        _save(page, brought.name, filled)
        st.rerun()


_PARTS = ("row", "column", "value", "what")


def _save(page: Page, name: str, filled: Filled) -> None:
    """Save the good rows; bad ones stay to be taken, and those that the store refuses to retry."""
    say, names = page.say, page.study.measured.centers["name_id"]
    left, crossed = list(filled.good), 0
    progress = st.progress(0.0)
    told: tuple[str, str, tuple[Issue, ...]] = ("bad", say("sheets.not_saved"), ())
    try:
        while left:
            row = replace(left[0], center_name=str(names[left[0].center_id]))
            saved = composing.save(row, only=FIELDS)
            crossed += saved.crossed
            left.pop(0)
            progress.progress(1 - len(left) / len(filled.good))
    except DataError as refused:
        told = ("bad", say("sheets.not_saved"), refused.issues)
    except Exception:
        logging.getLogger("ikmgeo").exception("assessments of a file could not be saved")
    else:
        key = "sheets.saved_crossed" if crossed else "sheets.saved"
        sentence = say(key, count=len(filled.good), crossed=say.number(crossed, 0))
        told = ("good", sentence, ())
    keys.ASSESS_TOLD.set(told)
    files, rest = keys.ASSESSMENT_FILES.get(), replace(filled, good=tuple(left))
    brought = Brought(name, rest) if left or len(rest.rejected) else None
    files[_of()] = (files[_of()][0], brought)
