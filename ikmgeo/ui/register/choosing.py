"""Which units of the register a reader looks at, chosen in the sidebar."""

from dataclasses import replace
from typing import Any

import streamlit as st

from ikmgeo.register.chosen import Chosen
from ikmgeo.register.store import Version
from ikmgeo.ui.frame import Page
from ikmgeo.ui.state import looking, session
from ikmgeo.view import UNIT_COLOURS, View


def controls(page: Page, view: View, version: Version) -> None:
    """Which units, and what their colours tell."""
    say, wanted = page.say, view.units

    st.radio(
        say("units.colours"),
        UNIT_COLOURS,
        format_func=lambda name: say(f"units.by_{name}"),
        horizontal=True,
        **session.bound("w-colours", view.colours, lambda v: session.change(colours=v)),
    )
    every = looking.by_commodity(version.name, Chosen())
    st.multiselect(
        say("filter.commodities"),
        [code for code in dict.fromkeys((*every, *wanted.commodities)) if code],
        format_func=lambda code: looking.commodity_name(say, code),
        placeholder=say("filter.all"),
        **session.bound(
            "w-unit-commodities",
            list(wanted.commodities),
            lambda v: _choose(commodities=tuple(v)),
        ),
    )
    names = page.study.inputs.districts["name_id"]
    st.multiselect(
        say("filter.districts"),
        sorted(names.index, key=lambda code: str(names[code])),
        format_func=lambda code: str(names[code]),
        placeholder=say("filter.all"),
        **session.bound(
            "w-unit-districts", list(wanted.districts), lambda v: _choose(districts=tuple(v))
        ),
    )
    st.text_input(
        say("units.text"),
        max_chars=100,
        **session.bound("w-unit-text", wanted.text, lambda v: _choose(text=v.strip())),
    )
    with st.expander(say("filter.more"), key="more-units"):
        st.text_input(
            say("units.kbli"),
            max_chars=5,
            help=say("units.kbli_help"),
            **session.bound("w-kbli", wanted.kbli, lambda v: _choose(kbli=_digits(v))),
        )
        st.number_input(
            say("units.fewest_workers"),
            min_value=0,
            max_value=999_999,
            step=1,
            **session.bound("w-unit-workers", wanted.workers, lambda v: _choose(workers=v)),
        )
        years(page, wanted, version)


def years(page: Page, wanted: Chosen, version: Version) -> None:
    """First and last year, where the register tells any."""
    known = sorted(
        {int(year) for entry in version.entries for year in entry.years if year.isdigit()}
    )
    if len(known) < 2:
        return
    first, last = wanted.since or known[0], wanted.until or known[-1]

    def save(value: tuple[int, int]) -> None:
        since, until = value
        _choose(
            since=None if since == known[0] else since, until=None if until == known[-1] else until
        )

    st.slider(
        page.say("units.years"),
        known[0],
        known[-1],
        format="%d",
        **session.bound("w-unit-years", (first, last), save),
    )


def _digits(typed: str) -> str:
    return "".join(sign for sign in typed if sign in "0123456789")


def _choose(**fields: Any) -> None:
    session.change(units=replace(session.view().units, **fields))
