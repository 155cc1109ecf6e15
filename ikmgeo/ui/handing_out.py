"""What the reader sees, gathered for hand-outs."""

from dataclasses import replace
from datetime import date

import streamlit as st

from ikmgeo.handout import MOST_PROFILES, Handout
from ikmgeo.ui import advising, composing, linking, session
from ikmgeo.ui.explore import filtered
from ikmgeo.ui.frame import Page
from ikmgeo.ui.session import Study
from ikmgeo.view import STAGES


def taken(page: Page) -> Handout:
    """The present view with all its data.

    Raises
    ------
    DataError
        When the reader's routing server does not answer as it should.
    """
    say, study, view = page.say, page.study, session.view()
    centers, met = filtered(page)
    shown = centers[met.all(axis=1)]
    used, roads = linking.parameters(view), linking.roads()
    return Handout(
        say=say,
        view=replace(view, link=used, stage=page.name if page.name in STAGES else view.stage),
        inputs=linking.inputs(study),
        measured=composing.scored(study, view),
        centers=centers,
        shown=shown,
        linked=linking.linked(study, centers, linking.real_zones(study), used),
        aspects=composing.used_aspects(study, view.composition),
        taken_on=date.today(),
        assessments=composing.newest(composing.recorded()),
        own=session.own(),
        roads=roads.name if roads else "",
        studied=session.studied_districts(),
        fit_changes=len(linking.fit_changes()),
    )


def with_profiles(handout: Handout, study: Study) -> Handout:
    """What is recorded and advised of each center shown, which takes a while, added."""
    of = stamp(handout, study)
    kept = st.session_state.get("profiles")
    if kept is None or kept[0] != of:
        some = handout.shown.index[:MOST_PROFILES]
        kept = (of, advising.profiles(study, handout.centers, some))
        st.session_state["profiles"] = kept
    return replace(handout, profiles=kept[1])


def stamp(handout: Handout, study: Study) -> tuple[object, ...]:
    """Tells one hand-out from another: what is made of one is of no use for the other."""
    roads = linking.roads()
    return (
        handout.query,
        handout.taken_on,
        handout.screen,
        study.stamp,
        composing.versions(),
        tuple(linking.fit_changes().items()),
        tuple(st.session_state.get("plans", {}).items()),
        roads.stamp if roads else "",
    )
