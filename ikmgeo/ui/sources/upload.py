"""A reader's own centers: template, upload, every problem with its remedy, use on all pages.

What is used is kept in the store, saved under a name or as a draft; see ``ui.state.listing``.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st
from markupsafe import Markup

from ikmgeo import analysis
from ikmgeo.analysis import Inputs
from ikmgeo.errors import DataError, Issue
from ikmgeo.handouts import export
from ikmgeo.reading.load import Choices
from ikmgeo.reading.own import Own
from ikmgeo.reading.validate import Checked
from ikmgeo.records.lists import CenterList, Content, new_list
from ikmgeo.ui.frame import Page, issue_list
from ikmgeo.ui.parts.waiting import waited
from ikmgeo.ui.sources import lists
from ikmgeo.ui.sources.as_read import as_read, mapping, remember, remembered
from ikmgeo.ui.state import installation, keys, listing, session
from ikmgeo.vocabulary import DRAFT_DAYS
from ikmgeo.words.markup import heading, markdown, scrolling, table
from ikmgeo.words.messages import Messages
from ikmgeo.words.wording import placed

SHOWN_PROBLEMS = 1_000
NAMED = 10
"""Centers named that another row takes the place of; the others are counted."""


@dataclass(frozen=True)
class Upload:
    """The last file brought: what was good, what was not, or why it could not be read.

    ``like`` names the list whose file was read in the same way.
    """

    name: str
    checked: Checked | None
    refused: tuple[Issue, ...] = ()
    data: bytes = b""
    choices: Choices = field(default_factory=Choices)
    like: str = ""

    @property
    def mapping(self) -> dict[str, Any]:
        """How it was read, to be kept with its list."""
        return mapping(self.checked.table, self.choices) if self.checked else {}


def own_centers(page: Page) -> None:
    """Four steps: template, upload, result, use."""
    say = page.say
    st.html(Markup("<p>{}</p>").format(say("own.intro")))
    lists.kept_lists(page)
    _template(page)
    st.html(heading(say("own.upload")))
    st.file_uploader(
        say("own.upload_label"),
        key="upload",
        max_upload_size=installation.settings().upload_mb,
        help=say("own.held", mb=say.number(installation.settings().session_mb, 0)),
    )
    with st.container():  # always there: what is typed below it must not be remounted
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
    cancel = partial(_cancel, file.file_id, file.name)
    upload = _read(page, file.name, file.getvalue(), Choices(), cancel)
    if upload.checked and (found := remembered(upload.checked.table)):
        choices, like = found
        upload = replace(_read(page, file.name, upload.data, choices, cancel), like=like)
    lists.forget_form()
    keys.UPLOAD_READ.set(file.file_id)
    keys.UPLOAD.set(upload)


def _read(
    page: Page, name: str, data: bytes, choices: Choices, cancel: Callable[[], None]
) -> Upload:
    """Read and check a file in a process of its own, while the reader sees how long it takes."""
    most, inputs = installation.settings().upload_mb, session.shipped_study().inputs
    read = partial(analysis.read_list, name=name, limit_mb=most, choices=choices)
    try:
        checked = waited(page.say, name, cancel, read, data, inputs)
    except DataError as error:
        return Upload(name, None, error.issues)
    return Upload(name, checked, data=data, choices=choices)


def _cancel(file: str, name: str) -> None:
    keys.UPLOAD_READ.set(file)
    keys.UPLOAD.set(Upload(name, None, (Issue("file_cancelled", name),)))


def _reread(page: Page, upload: Upload, choices: Choices) -> None:
    """Read the file again as the reader wants it; cancelled, it stays as it was read."""
    if upload.checked:
        remember(upload.checked.table, choices)
    keys.UPLOAD.set(_read(page, upload.name, upload.data, choices, lambda: None))
    st.rerun()


def _result(page: Page, upload: Upload) -> None:
    say, checked = page.say, upload.checked
    if checked is None:
        st.html(heading(say("own.refused", file=upload.name)))
        _problems(say, upload.refused, whole=True)
        return
    good, rejected = len(checked.good), len(checked.rejected)
    st.html(heading(say("own.result", good=say.number(good, 0), rejected=say.number(rejected, 0))))
    if upload.like:
        st.caption(say("own.read_like", name=markdown(upload.like)))
    st.markdown(f"{say('own.done', file=markdown(upload.name))}. {placed(say, checked.placed)}")
    if checked.issues:
        _problems(say, checked.told)
    as_read(page, checked, upload.choices, partial(_reread, page, upload))
    if rejected:
        _rejected(say, checked)
    if not good:
        st.warning(say("own.no_good"))
        return
    st.html(heading(say("own.use")))
    _use(page, upload, checked)


def _use(page: Page, upload: Upload, checked: Checked) -> None:
    """Take the good rows: as a list of their own, or for one that there is."""
    say, good = page.say, checked.good
    lists.tell(lists.NEW)
    if keys.UPLOAD_USED.get() is good and (own := session.own()):
        st.success(say("own.in_use", count=len(own.centers), file=markdown(own.name)))
        return
    target = lists.target_control(say, upload.name)
    if target is None:
        _as_new(page, upload, checked)
    else:
        _for_list(page, target, upload, checked)


def _as_new(page: Page, upload: Upload, checked: Checked) -> None:
    """Save a new list, or use it as it is."""
    say, good = page.say, checked.good
    there = session.shipped_study().inputs.centers
    _told(say, "own.replaces", there[there.index.isin(good.index)])
    one = replace(new_list(upload.name, good, len(checked.rejected)), mapping=upload.mapping)

    def save(name: str, by: str, remark: str) -> str:
        named = replace(one, name=name, saved_by=by, remark=remark)
        kept = listing.save(named, Content(good, upload.data))
        _taken(kept.list_id, good)
        return lists.saved(say, kept)

    lists.save_form(say, lists.NEW, one.name, save)
    st.caption(say("lists.without_saving", days=say.number(DRAFT_DAYS, 0)))
    with st.container(horizontal=True):
        for label in ("add", "replace"):
            st.button(
                say(f"own.{label}"),
                key=f"own.{label}",
                on_click=_used,
                args=(replace(one, name=upload.name), upload, good),
                kwargs={"alone": label == "replace"},
            )
        st.button(say("own.forget"), on_click=_forget)


def _used(one: CenterList, upload: Upload, good: pd.DataFrame, *, alone: bool) -> None:
    kept = listing.keep_draft(replace(one, draft=True), Content(good, upload.data))
    _taken(kept.list_id, good, alone=alone)


def _taken(list_id: str, good: pd.DataFrame, *, alone: bool = False) -> None:
    keys.UPLOAD_USED.set(good)
    keys.LIST_TARGET.pop()
    listing.show_new(list_id, alone=alone)


def _for_list(page: Page, target: CenterList, upload: Upload, checked: Checked) -> None:
    """Add the rows to a list, or put them in the place of its own: its next version."""
    say, good = page.say, checked.good
    try:
        there = Own(target.name, listing.rows(target), in_place=True)
    except DataError as refused:
        st.html(issue_list(say, refused.issues))
        return
    brought = there.matched(good)
    _told(say, "own.replaces_own", there.centers[there.centers.index.isin(brought.index)])
    if not target.draft:
        lists.who_control(say, lists.NEW)
    choices = {"extend": there.plus(upload.name, good), "renew": Own(upload.name, brought, True)}
    with st.container(horizontal=True):
        for label, own in choices.items():
            following = replace(
                target,
                name=own.name if target.draft else target.name,
                file_name=upload.name,
                good=len(own.centers),
                rejected=len(checked.rejected),
                mapping=upload.mapping,
                remark="",
            )
            # Not in a callback: that of the name, which may come with the same answer, goes first.
            if st.button(
                say(f"own.{label}", count=len(there.centers)),
                key=f"brought-{label}",
                type="secondary" if label == "renew" else "primary",
            ):
                _next(say, following, Content(own.centers, upload.data), good)
        st.button(say("own.forget"), on_click=_forget)


def _next(say: Messages, following: CenterList, content: Content, good: pd.DataFrame) -> None:
    """Keep the next version of a list and show it."""
    if following.draft:
        listing.keep_draft(following, content)
    elif not lists.attempted(
        say,
        lists.NEW,
        lambda by: lists.saved(say, listing.save(replace(following, saved_by=by), content)),
    ):
        st.rerun()
    _taken(following.list_id, good)
    st.rerun()


def _told(say: Messages, key: str, shared: pd.DataFrame) -> None:
    """Name the centers that rows of the file take the place of."""
    if len(shared):
        names = [markdown(str(n)) for n in shared[f"name_{say.language}"][:NAMED]]
        more = len(shared) - len(names)
        names += [say("own.more", count=say.number(more, 0))] if more else []
        st.caption(say(key, names=say.listed(names)))


def _problems(say: Messages, issues: tuple[Issue, ...], *, whole: bool = False) -> None:
    """Every problem with row, column, value and remedy, what rejects a row first; a thousand.

    ``whole`` when they concern a file that could not be read at all.
    """
    if len(issues) > SHOWN_PROBLEMS:
        shown, count = say.number(SHOWN_PROBLEMS, 0), say.number(len(issues), 0)
        st.caption(say("own.problems_first", shown=shown, count=count))
    rows = [
        (
            _row(issue),
            issue.column or "",
            (issue.value or "")[:80],
            say.problem(issue),
            say("own.kind_file" if whole else f"own.kind_{issue.severity}"),
        )
        for issue in issues[:SHOWN_PROBLEMS]
    ]
    heads = [say(f"own.problem_{c}") for c in ("row", "column", "value", "what", "kind")]
    st.html(scrolling(table(heads, rows, ""), say("own.problems")))


def _row(issue: Issue) -> str:
    """Row of an issue as its layer counts it, after the layer where there are several."""
    _, _, layer = issue.file.partition(" › ")
    return " › ".join(filter(None, (layer, "" if issue.row is None else str(issue.row))))


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
    """Put the file away; the lists in use stay."""
    keys.UPLOAD.pop()
