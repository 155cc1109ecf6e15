"""A reader's own centers: template, upload, every problem with its remedy, use on all pages.

Files and what was read from them live in the session's memory only.
"""

from concurrent.futures import wait
from dataclasses import dataclass, field, replace
from functools import partial
from time import monotonic

import pandas as pd
import streamlit as st
from markupsafe import Markup

from ikmgeo import analysis
from ikmgeo.analysis import Inputs
from ikmgeo.errors import DataError, Issue
from ikmgeo.handouts import export
from ikmgeo.reading import worker
from ikmgeo.reading.load import Choices
from ikmgeo.reading.own import Own
from ikmgeo.reading.validate import Checked
from ikmgeo.ui.frame import Page
from ikmgeo.ui.sources.as_read import as_read, remember, remembered
from ikmgeo.ui.state import keys, session
from ikmgeo.words.markup import heading, markdown, scrolling, table
from ikmgeo.words.messages import Messages
from ikmgeo.words.wording import placed

SHOWN_PROBLEMS = 1_000
AT_ONCE_S, STEP_S = 0.5, 0.5
"""Seconds after which a file that is still being read can be cancelled, and between two words."""

NAMED = 10
"""Centers named that another row takes the place of; the others are counted."""


@dataclass(frozen=True)
class Upload:
    """The last file brought: what was good, what was not, or why it could not be read."""

    name: str
    checked: Checked | None
    refused: tuple[Issue, ...] = ()
    data: bytes = b""
    choices: Choices = field(default_factory=Choices)


def own_centers(page: Page) -> None:
    """Four steps: template, upload, result, use."""
    say = page.say
    st.html(Markup("<p>{}</p>").format(say("own.intro")))
    _kept(page)
    _template(page)
    st.html(heading(say("own.upload")))
    st.file_uploader(
        say("own.upload_label"),
        key="upload",
        max_upload_size=session.settings().upload_mb,
    )
    st.caption(say("own.held", mb=say.number(session.settings().session_mb, 0)))
    _read_if_new(page)
    upload = keys.UPLOAD.get()
    if upload is not None:
        _result(page, upload)


def _template(page: Page) -> None:
    say, inputs = page.say, page.study.inputs
    st.html(heading(say("own.template")))
    examples, aspects = _examples(say, inputs), inputs.instrument.aspects
    columns = export.template_columns(aspects)
    meanings = {c: say(f"template.{c}") for c in columns if c not in aspects}
    meanings |= {a: say("template.aspect", aspect=say(f"within.{a}")) for a in aspects}
    words = export.TemplateText(
        sheet=say("template.sheet"),
        headings=(say("template.column"), say("template.meaning"), say("template.example")),
        meanings=meanings,
        examples=examples,
        choices={
            "commodity": inputs.commodities[f"name_{say.language}"].tolist(),
            "district_code": inputs.districts["name_id"].tolist(),
            "category": [say(f"category.{c}") for c in inputs.instrument.categories],
            "position_precision": [
                say("precision.site"),
                say("precision.village").split("/")[0],
                say("precision.subdistrict"),
                say("precision.district"),
            ],
        },
    )
    with st.container(horizontal=True):
        st.download_button(
            say("own.template_xlsx"),
            lambda: export.center_template_xlsx(words, aspects),
            "ikmgeo-sentra.xlsx",
            on_click="ignore",
        )
        st.download_button(
            say("own.template_csv"),
            lambda: export.center_template_csv(say.language, aspects),
            "ikmgeo-sentra.csv",
            "text/csv",
            on_click="ignore",
        )
    with st.expander(say("own.columns")):
        told = [(c, meanings[c], examples.get(c, "")) for c in columns]
        st.html(table(words.headings, told, ""))


def _examples(say: Messages, inputs: Inputs) -> dict[str, str]:
    """What a row may look like: a fictional center of the first commodity and district."""
    examples = {
        "center_id": "contoh-1",
        "position_precision": "desa",
        "position_source": "GPS",
        "score_total": say.number(45.5, 1),
    }
    if lowest := [c.name_id for c in inputs.instrument.categories.values()][-1:]:
        examples["category"] = lowest[0]
    for commodity in inputs.commodities["name_id"].head(1):
        examples |= {"name_id": f"Sentra {commodity} Contoh", "commodity": commodity}
    for _, district in inputs.districts.head(1).iterrows():
        examples |= {
            "district_code": district["name_id"],
            "subdistrict": district["capital"],
            "village": "Desa Contoh",
            "locality": "Jl. Contoh 1",
            "lat": say.number(district["capital_lat"]),
            "lon": say.number(district["capital_lon"]),
        }
    return examples


def _read_if_new(page: Page) -> None:
    """Read and check a file once; its result outlives the upload control and the page."""
    file = keys.sent("upload")
    if file is None or file.file_id == keys.UPLOAD_READ.get():
        return
    upload = _read(page, file.name, file.getvalue(), Choices(), file.file_id)
    if upload.checked and (choices := remembered(upload.checked.table)):
        upload = _read(page, file.name, upload.data, choices, file.file_id)
    keys.UPLOAD_READ.set(file.file_id)
    keys.UPLOAD.set(upload)


def _read(page: Page, name: str, data: bytes, choices: Choices, file: str) -> Upload:
    """Read and check a file in a process of its own, while the reader sees how long it takes.

    Whoever cancels begins the next answer, which ends this one, and with it the process.
    """
    say = page.say
    most, inputs = session.settings().upload_mb, session.shipped_study().inputs
    place = st.empty()
    with (
        st.status(say("own.reading", file=markdown(name))) as status,
        worker.reading(
            analysis.read_list, data, inputs, name=name, limit_mb=most, choices=choices
        ) as read,
    ):
        wait([read], AT_ONCE_S)
        if not read.done():
            place.button(say("own.cancel"), on_click=_cancel, args=(file, name))
        began = monotonic()
        while not read.done():
            wait([read], STEP_S)
            passed = say.number(AT_ONCE_S + monotonic() - began, 0)
            told = say("own.reading_seconds", file=markdown(name), seconds=passed)
            status.update(label=told)
        place.empty()
        try:
            checked = worker.result(read, name)
        except DataError as error:
            status.update(label=say("own.refused", file=markdown(name)), state="error")
            return Upload(name, None, error.issues)
        status.update(label=say("own.done", file=markdown(name)), state="complete")
    return Upload(name, checked, data=data, choices=choices)


def _cancel(file: str, name: str) -> None:
    keys.UPLOAD_READ.set(file)
    keys.UPLOAD.set(Upload(name, None, (Issue("file_cancelled", name),)))


def _reread(page: Page, upload: Upload, choices: Choices) -> None:
    """Read the file again as the reader wants it."""
    if upload.checked:
        remember(upload.checked.table, choices)
    file = str(keys.UPLOAD_READ.get())
    keys.UPLOAD.set(_read(page, upload.name, upload.data, choices, file))
    st.rerun()


def _result(page: Page, upload: Upload) -> None:
    say, checked = page.say, upload.checked
    if checked is None:
        st.html(heading(say("own.refused", file=upload.name)))
        _problems(say, upload.refused, whole=True)
        return
    good, rejected = len(checked.good), len(checked.rejected)
    st.html(heading(say("own.result", good=say.number(good, 0), rejected=say.number(rejected, 0))))
    st.markdown(placed(say, checked.placed))
    if checked.issues:
        _problems(say, checked.told)
    as_read(page, checked, upload.choices, partial(_reread, page, upload))
    if rejected:
        _rejected(say, checked)
    if not good:
        st.warning(say("own.no_good"))
        return
    st.html(heading(say("own.use")))
    _use(page, upload.name, checked.good)


def _use(page: Page, name: str, good: pd.DataFrame) -> None:
    """Take the good rows: first beside or in place of the shipped centers, later into one list."""
    say, used = page.say, session.own()
    if used is not None and used.fictional:
        used = None
    if used is not None and keys.UPLOAD_USED.get() is good:
        st.success(say("own.in_use", count=len(used.centers), file=markdown(used.name)))
        return
    there = used.centers if used else session.shipped_study().inputs.centers
    brought = used.matched(good) if used else good
    shared = there[there.index.isin(brought.index)]
    if len(shared):
        names = [markdown(str(n)) for n in shared[f"name_{say.language}"][:NAMED]]
        more = len(shared) - len(names)
        names += [say("own.more", count=say.number(more, 0))] if more else []
        told = "own.replaces_own" if used else "own.replaces"
        st.caption(say(told, names=say.listed(names)))
    if used is None:
        choices = {"add": Own(name, good, False), "replace": Own(name, good, True)}
    else:
        choices = {"extend": used.plus(name, good), "renew": Own(name, good, used.in_place)}
    counts = {"count": say.number(len(used.centers), 0)} if used else {}
    with st.container(horizontal=True):
        for label, own in choices.items():
            st.button(
                say(f"own.{label}", **counts),
                key=f"own.{label}",
                on_click=_taken,
                args=(own, good),
                type="secondary" if label == "renew" else "primary",
            )
        st.button(say("own.forget"), on_click=_forget)


def _taken(own: Own, good: pd.DataFrame) -> None:
    keys.UPLOAD_USED.set(good)
    session.use(own)


def _kept(page: Page) -> None:
    """The list in use, with or without the shipped centers; or the one that was left."""
    say, used, left = page.say, session.own(), session.left()
    if used is not None and not used.fictional:
        st.radio(
            say("own.shipped", count=len(session.shipped_study().inputs.centers)),
            (False, True),
            format_func=lambda alone: say("own.alone" if alone else "own.beside"),
            horizontal=True,
            **session.bound(
                "w-own-in-place",
                used.in_place,
                lambda alone: session.use(replace(used, in_place=alone)),
            ),
        )
    elif used is None and left is not None:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.info(say("own.left", count=len(left.centers), file=markdown(left.name)))
            st.button(say("own.again"), on_click=session.use, args=(left,))


def _problems(say: Messages, issues: tuple[Issue, ...], *, whole: bool = False) -> None:
    """Every problem with row, column, value and remedy, what rejects a row first; a thousand.

    ``whole`` when they concern a file that could not be read at all.
    """
    if len(issues) > SHOWN_PROBLEMS:
        shown, count = say.number(SHOWN_PROBLEMS, 0), say.number(len(issues), 0)
        st.caption(say("own.problems_first", shown=shown, count=count))
    rows = [
        (
            "" if issue.row is None else issue.row,
            issue.column or "",
            (issue.value or "")[:80],
            say.problem(issue),
            say("own.kind_file" if whole else f"own.kind_{issue.severity}"),
        )
        for issue in issues[:SHOWN_PROBLEMS]
    ]
    heads = [say(f"own.problem_{c}") for c in ("row", "column", "value", "what", "kind")]
    st.html(scrolling(table(heads, rows, ""), say("own.problems")))


def _rejected(say: Messages, checked: Checked) -> None:
    remarks: dict[int, str] = {}
    for issue in checked.issues:
        if issue.row is not None and issue.severity == "rejected":
            remarks[issue.row] = f"{remarks.get(issue.row, '')} {say.problem(issue)}".strip()
    with st.container(horizontal=True):
        st.download_button(
            say("own.rejected_csv"),
            lambda: export.rejected_csv(checked, language=say.language, remarks=remarks),
            "ikmgeo-ditolak.csv",
            "text/csv",
            on_click="ignore",
        )
        st.download_button(
            say("own.rejected_xlsx"),
            lambda: export.rows_xlsx(export.rejected_rows(checked, remarks=remarks)),
            "ikmgeo-ditolak.xlsx",
            on_click="ignore",
        )


def _forget() -> None:
    """Put the file away; the list in use stays."""
    keys.UPLOAD.pop()
