"""The files of the register: what became of each, and the way in for another one."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import streamlit as st
from markupsafe import Markup

from ikmgeo.errors import DataError, Issue
from ikmgeo.register.store import Version
from ikmgeo.register.taking_in import Outline, outline
from ikmgeo.ui.frame import Page, apology, issue_list
from ikmgeo.ui.parts.columns import which_columns
from ikmgeo.ui.parts.waiting import waited
from ikmgeo.ui.register.households import of_households
from ikmgeo.ui.state import composing, installation, intake, keys, registry, session
from ikmgeo.ui.state.intake import Intake
from ikmgeo.words import wording
from ikmgeo.words.markup import heading, markdown, note, panel, scrolling, table
from ikmgeo.words.messages import Messages

ASKED = (
    *("name_id", "kbli", "commodity", "products", "workers", "investment", "year"),
    *("coordinates", "lat", "lon", "area_code", "village", "subdistrict", "district_code"),
)
"""Fields whose column a reader may choose; the others are found."""

LOOK_SECONDS = 0.5


@dataclass(frozen=True)
class Brought:
    """The last file brought: what it would be taken for, or why it cannot be read.

    ``intake`` is the key of what it became, once it was begun to be taken in.
    """

    name: str
    file_id: str
    folder: "TemporaryDirectory[str]"
    asked: Mapping[str, str]
    outline: Outline | None = None
    refused: tuple[Issue, ...] = ()
    intake: str = ""


def files(page: Page) -> None:
    """What the register is made of, and how a file enters it."""
    say, version = page.say, registry.version()
    if version.units:
        _there(say, version)
    st.html(heading(say("units.bring"), say("units.bring_note")))
    if composing.group():  # guests of a workshop
        st.html(note(say("units.only_office")))
        return
    with apology(say):
        _entering(page)
        _bring(page)
    with apology(say):
        of_households(page)


def without(page: Page) -> None:
    """Say how one comes by a register."""
    say = page.say
    st.html(panel(Markup("<p>{}</p>").format(say("units.empty"))))
    st.button(
        say("units.bring"),
        type="primary",
        on_click=session.change,
        kwargs={"section": "files"},
    )
    st.html(note(say("units.empty_sample")))
    st.code("ikmgeo register sample contoh.csv", language=None)


def fictional(say: Messages, version: Version) -> None:
    """Say that units are made up where they are."""
    if version.made_up:
        told = Markup('<p role="status" class="ikm-banner">{}</p>').format(say("register.made_up"))
        st.html(told)


def _there(say: Messages, version: Version) -> None:
    """Each file, and how its units were placed."""
    st.html(heading(say("units.files")))
    heads = [
        say(f"units.file_{column}") for column in ("name", "units", "placed", "rejected", "at")
    ]
    rows = [
        (
            say.data(entry.file),
            say.number(entry.units, 0),
            wording.placed(say, entry.placed),
            say.number(entry.rejected, 0),
            entry.added_at[:10],
        )
        for entry in version.entries
    ]
    st.html(scrolling(table(heads, rows, ""), say("units.files")))


def _entering(page: Page) -> None:
    """What is being taken in for anybody, and what became of what this reader brought."""
    now, brought, say = intake.current(), keys.UNITS_BROUGHT.get(), page.say
    if now is None or not (now.running or (brought and now.key == brought.intake)):
        return
    if not now.running:
        _became(say, now)
        return

    def shown() -> None:
        with apology(say):
            if not now.running:
                st.rerun()  # and no more looking
            _progress(say, now)

    session.fragment(shown, run_every=LOOK_SECONDS)()


def _progress(say: Messages, now: Intake) -> None:
    step = now.step
    told = say(
        f"register.step_{step.stage}",
        file=markdown(now.name),
        rows=say.number(step.rows, 0),
        share=say.number(100 * step.share, 0),
    )
    st.progress(step.share, text=told)
    st.button(say("own.cancel"), key="intake-cancel", on_click=intake.stop)


def _became(say: Messages, now: Intake) -> None:
    """What became of the file, or why it was not taken in."""
    try:
        taken = now.taken()
    except DataError as refused:
        st.error(say("base.refused", file=markdown(now.name)))
        st.html(issue_list(say, refused.issues))
        return
    if taken.known:
        st.info(markdown(say("register.known", file=now.name)))
    first, *more = wording.taken_in(say, taken.entry)
    st.success(markdown(first))
    st.html(Markup("").join(Markup("<p>{}</p>").format(line) for line in more))
    st.button(say("units.see"), on_click=session.change, kwargs={"section": "units"})
    if back := now.back:  # without people's data
        st.download_button(
            say("own.rejected_csv"),
            back,
            f"{Path(now.name).stem}.{say('register.rejected_file')}.csv",
            "text/csv",
            on_click="ignore",
        )


def _bring(page: Page) -> None:
    """A file, what it would be taken for, and the button that takes it in."""
    say = page.say
    st.file_uploader(
        say("units.bring_label"),
        key="register-file",
        max_upload_size=installation.settings().register_mb,
        help=say("units.bring_help"),
    )
    with st.container():  # always there: what is typed below it must not be remounted
        _look_if_new(page)
    brought, now = keys.UNITS_BROUGHT.get(), intake.current()
    if brought is None or (now and now.key == brought.intake and now.running):
        return
    if not intake.brought(brought.folder.name, brought.name).exists():  # it is in
        return
    if brought.outline is None:
        st.error(say("base.refused", file=markdown(brought.name)))
        st.html(issue_list(say, brought.refused))
        return
    _outlined(page, brought, brought.outline)


def _look_if_new(page: Page) -> None:
    """Look at a file once; what was seen outlives the upload control and the page."""
    file, known = keys.sent("register-file"), keys.UNITS_BROUGHT.get()
    if file is None or (known and known.file_id == file.file_id):
        return
    folder = intake.put(file.name, file.getvalue())
    _look(page, Brought(file.name, file.file_id, folder, {}))


def _look(page: Page, brought: Brought) -> None:
    cancelled = replace(brought, refused=(Issue("file_cancelled", brought.name),))
    cancel = partial(keys.UNITS_BROUGHT.set, cancelled)
    path = intake.brought(brought.folder.name, brought.name)
    inputs = session.shipped_study().inputs
    try:
        found = waited(page.say, brought.name, cancel, outline, path, inputs, brought.asked)
    except DataError as refused:
        keys.UNITS_BROUGHT.set(replace(brought, refused=refused.issues))
    else:
        keys.UNITS_BROUGHT.set(replace(brought, outline=found))


def _outlined(page: Page, brought: Brought, seen: Outline) -> None:
    """What the file would be taken for, which the reader may change, and the button."""
    say = page.say
    labels = {f: say("units.field_name" if f == "name_id" else f"field.{f}") for f in ASKED}
    read = [f"{labels[f]} ← {h}" for f, h in seen.headings.items() if f in labels]
    told = [say("units.read", file=brought.name, columns=say.listed(read))]
    told += wording.left_out(say, seen.personal, kept=installation.settings().keep_personal)
    st.html(Markup("").join(Markup("<p>{}</p>").format(line) for line in told))
    if seen.missing:
        st.html(issue_list(say, seen.missing))
    _which(page, brought, seen, labels)
    # Not in a callback: a refusal is told where it was asked for.
    if st.button(say("units.take_in"), type="primary", disabled=bool(seen.missing)):
        try:
            begun = intake.start(say, brought.name, brought.folder, brought.asked)
        except DataError as refused:
            st.html(issue_list(say, refused.issues))
            return
        keys.UNITS_BROUGHT.set(replace(brought, intake=begun))
        st.rerun()


def _which(page: Page, brought: Brought, seen: Outline, labels: Mapping[str, str]) -> None:
    """The first rows, and which column is what; the file is looked at again with other ones."""
    say = page.say
    with (
        st.expander(say("own.as_read"), expanded=bool(seen.missing), key="units-as-read"),
        st.form("units-columns", border=False),
    ):
        st.caption(say("own.as_read_intro"))
        st.dataframe(seen.first.fillna(""), hide_index=True)
        # A bare "Nama" may be that of a person or of the firm: the reader says which.
        names = [heading for heading, kind in seen.personal.items() if kind == "person"]
        offered = [*map(str, seen.first), *names]
        changed = which_columns(say, "units", labels, offered, seen.headings, {})
        again = st.form_submit_button(say("own.read_again"))
    if again and changed:
        _look(page, replace(brought, asked={**brought.asked, **changed}))
        st.rerun()
