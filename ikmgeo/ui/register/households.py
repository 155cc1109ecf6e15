"""The table of households that the register has, for definitions that ask for their share."""

from dataclasses import dataclass
from functools import partial

import streamlit as st
from markupsafe import Markup

from ikmgeo.errors import DataError, Issue
from ikmgeo.register.households import keep, kept, read_households
from ikmgeo.ui.frame import Page, issue_list
from ikmgeo.ui.parts.waiting import waited
from ikmgeo.ui.state import installation, intake, keys, registry, session
from ikmgeo.words.markup import heading, markdown


@dataclass(frozen=True)
class BroughtTable:
    """The last table brought, and why it cannot be used."""

    name: str
    file_id: str
    refused: tuple[Issue, ...] = ()


def of_households(page: Page) -> None:
    """The table that is kept, and the way in for another one, which takes its place."""
    say = page.say
    st.html(heading(say("units.households"), say("units.households_note")))
    place = st.container()
    st.file_uploader(
        say("units.households_label"),
        key="households-file",
        max_upload_size=installation.settings().upload_mb,
    )
    with st.container():  # always there: what is typed below it must not be remounted
        _keep_if_new(page)
    brought = keys.HOUSEHOLDS.get()
    if brought and brought.refused:
        st.error(say("base.refused", file=markdown(brought.name)))
        st.html(issue_list(say, brought.refused))
    try:
        there = kept(registry.register())
    except DataError as damaged:
        place.html(issue_list(say, damaged.issues))
        return
    if there:
        told = say(
            "units.households_kept",
            file=there.file,
            count=len(there.counts),
            when=say.date(there.added_at[:10]),
        )
        place.html(Markup("<p>{}</p>").format(told))


def _keep_if_new(page: Page) -> None:
    """Read a table once, and keep it for everyone."""
    file, known = keys.sent("households-file"), keys.HOUSEHOLDS.get()
    if file is None or (known and known.file_id == file.file_id):
        return
    brought = BroughtTable(file.name, file.file_id)
    cancelled = BroughtTable(file.name, file.file_id, (Issue("file_cancelled", file.name),))
    with intake.put(file.name, file.getvalue()) as folder:
        read = partial(
            read_households,
            inputs=session.shipped_study().inputs,
            limit_mb=installation.settings().upload_mb,
        )
        path, cancel = intake.brought(folder, file.name), partial(keys.HOUSEHOLDS.set, cancelled)
        try:
            counts = waited(page.say, file.name, cancel, read, path)
            keep(registry.register(), path.name, counts)
        except DataError as refused:
            keys.HOUSEHOLDS.set(BroughtTable(file.name, file.file_id, refused.issues))
        else:
            keys.HOUSEHOLDS.set(brought)
            st.rerun()  # what this answer has read of the register is not what it has now
