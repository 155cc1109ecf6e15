"""Scoring page: which centers are assessed, by whom and when, and whether their scores are used."""

import pandas as pd
import streamlit as st

from ikmgeo.measures.composite import SOURCES
from ikmgeo.records.assessments import standings
from ikmgeo.ui.frame import Page
from ikmgeo.ui.parts import advising
from ikmgeo.ui.parts.table import selectable
from ikmgeo.ui.state import composing, session
from ikmgeo.view import View
from ikmgeo.words.markup import heading
from ikmgeo.words.messages import NOTHING


def source_switch(page: Page) -> None:
    """Whether every page uses the scores from assessments; nothing else turns it."""
    say = page.say
    st.toggle(
        say("scoring.use_assessed"),
        help=say("scoring.use_assessed_help"),
        **session.bound(
            "w-score-source",
            session.view().composition.source == composing.ASSESSED,
            lambda on: composing.change_scores(source=SOURCES[on]),
        ),
    )


def view_of_aspects(page: Page) -> View:
    """The reader's choices where scores come from aspects; told where their scheme gives way."""
    say, view = page.say, session.view()
    found = advising.from_aspects(view, page.study.inputs.instrument)
    if found.scheme != view.scheme:
        st.caption(say("certainty.needs_cuts", scheme=say.within(f"scheme.{found.scheme.name}")))
    return found


def who_is_assessed(page: Page) -> None:
    """Every center with the number of its aspects that are assessed; a row chooses its center."""
    say, study = page.say, page.study
    recorded, codes = composing.in_drawer(), study.inputs.instrument.aspects
    filled = composing.aspects(study, recorded).notna().sum(axis=1)
    known = standings(recorded, codes)
    whole = int((filled == len(codes)).sum())
    st.html(
        heading(
            say("standing.heading"),
            say("standing.told", count=whole, of=say.number(len(filled), 0)),
        )
    )
    names = study.measured.centers[f"name_{say.language}"].sort_values()
    last = {c: known[c].scored or known[c].newest for c in names.index if c in known}
    days = {c: say.date(a.assessed_on.isoformat()) for c, a in last.items()}
    cells = pd.DataFrame(
        {
            say("table.name"): names,
            say("standing.filled"): [f"{n}/{len(codes)}" for n in filled[names.index]],
            say("standing.by"): [last[c].author if c in last else NOTHING for c in names.index],
            say("assess.date"): [days.get(str(c), NOTHING) for c in names.index],
        }
    )
    narrow = {say("table.name"): st.column_config.Column(width="medium")}
    selectable(page, session.view(), "center", list(names.index), cells, narrow)
