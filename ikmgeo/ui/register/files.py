"""The files of the register: how one comes by them, and what became of each."""

import streamlit as st
from markupsafe import Markup

from ikmgeo.register.store import Version
from ikmgeo.ui.frame import Page
from ikmgeo.ui.state import looking
from ikmgeo.words import wording
from ikmgeo.words.markup import heading, note, panel, scrolling, table
from ikmgeo.words.messages import Messages


def files(page: Page) -> None:
    """What the register is made of."""
    version = looking.version()
    if version.units:
        _files(page, version)
    else:
        without(page)


def without(page: Page) -> None:
    """Say how one comes by a register."""
    say = page.say
    st.html(panel(Markup("<p>{}</p>").format(say("units.empty"))))
    st.code("ikmgeo register add FILE", language=None)
    st.html(note(say("units.empty_sample")))
    st.code("ikmgeo register sample contoh.csv\nikmgeo register add contoh.csv", language=None)


def fictional(say: Messages, version: Version) -> None:
    """Say that units are made up where they are."""
    if version.made_up:
        told = Markup('<p role="status" class="ikm-banner">{}</p>').format(say("register.made_up"))
        st.html(told)


def _files(page: Page, version: Version) -> None:
    """What the register is made of, and how its units were placed."""
    say = page.say
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
