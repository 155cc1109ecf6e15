"""Where this session's scores come from: printed totals, or assessed aspects and their weights."""

import time
from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from ikmgeo import analysis, assessments, composite
from ikmgeo.analysis import Measured
from ikmgeo.assessments import Assessment, Standing
from ikmgeo.composite import Composition
from ikmgeo.errors import DataError, Issue
from ikmgeo.groups import Group
from ikmgeo.scoring import UNPRINTED
from ikmgeo.settings import Settings
from ikmgeo.store import Store
from ikmgeo.ui import session
from ikmgeo.ui.session import Study
from ikmgeo.view import View
from ikmgeo.vocabulary import ASPECTS

PUBLISHED, ASSESSED = composite.SOURCES

RETRY_SECONDS = 10
"""A store that failed is left alone so long: a page asks several times, each with a timeout."""


@st.cache_resource(show_spinner=False)
def _store(url: str | None) -> Store:
    return Store.open(url)


def store() -> Store:
    """Where assessments are kept; shared by all sessions of this process.

    Raises
    ------
    DataError
        When the address of the database is not one.
    """
    return _store(Settings.from_environment().database_url)


def recorded() -> list[Assessment]:
    """The newest version of every assessment; none while the store does not answer."""
    failed_at, _ = st.session_state.get("store-failed", (-RETRY_SECONDS, ()))
    if time.monotonic() - failed_at < RETRY_SECONDS:
        return []
    try:
        found = store().latest()
    except DataError as refused:
        st.session_state["store-failed"] = (time.monotonic(), refused.issues)
        return []
    st.session_state.pop("store-failed", None)
    return found


def store_failure() -> tuple[Issue, ...]:
    """Why the store did not answer when it was last asked; nothing when it did."""
    recorded()
    issues: tuple[Issue, ...] = st.session_state.get("store-failed", (0, ()))[1]
    return issues


def standings() -> dict[str, Standing]:
    """What is recorded of each center."""
    return assessments.standings(recorded())


def in_drawer() -> list[Assessment]:
    """As ``recorded``, of this session's group, if it works as one."""
    if group() is None:
        return recorded()
    try:
        return drawer().latest()
    except DataError:
        return []  # the form tells why when it saves


def of_commodities() -> list[Assessment]:
    """The newest version of every assessment of a commodity, in this session's drawer."""
    try:
        return drawer().latest(of_commodities=True)
    except DataError:
        return []  # the frame tells why, and the form when it saves


def assessed(study: Study, found: list[Assessment] | None = None) -> dict[str, Standing]:
    """What is recorded of the centers whose aspects come from an assessment.

    Not of those that have all six in the reader's file and not in any assessment. Only some of
    the assessments count where ``found`` is given.
    """
    known = standings() if found is None else assessments.standings(found)
    in_file = study.measured.centers[list(ASPECTS)].notna().all(axis=1).to_dict()
    return {
        center: standing
        for center, standing in known.items()
        if standing.scored and center in in_file and (standing.complete or not in_file[center])
    }


def aspects(study: Study, found: list[Assessment] | None = None) -> pd.DataFrame:
    """Six aspects per center: of the assessment that counts, else as the reader's file has."""
    table = study.measured.centers[list(ASPECTS)].astype(float)
    counted = assessed(study, found).values()
    scored = assessments.frame([standing.scored for standing in counted if standing.scored])
    scored = scored.set_index("center_id")[list(ASPECTS)]
    table.loc[scored.index] = scored
    return table


def group() -> Group | None:
    """Group of a workshop as which this session works; its assessments are kept apart."""
    return st.session_state.get("group")


def drawer() -> Store:
    """Where this session's assessments belong: to its group, or to everyone.

    Raises
    ------
    DataError
        When the address of the database is not one.
    """
    own = group()
    return store().of(own.group_id) if own else store()


def drafts() -> dict[str, Assessment]:
    """What has been typed and not saved, by center; of each group its own."""
    own = group()
    kept: dict[str, dict[str, Assessment]] = st.session_state.setdefault("drafts", {})
    return kept.setdefault(own.group_id if own else "", {})


def drop_draft(center: str) -> None:
    """Forget what has been typed for a center."""
    drafts().pop(center, None)


def has_drafts() -> bool:
    """Whether anything has been typed and not saved, by whichever group."""
    kept: dict[str, dict[str, Assessment]] = st.session_state.get("drafts", {})
    return any(not draft.blank for own in kept.values() for draft in own.values())


def saver() -> str:
    """Name of who sits here: the group, or a person; empty until they told it."""
    own = group()
    return own.name if own else str(st.session_state.get("author", ""))


def is_sample(center: str) -> bool:
    """Whether a center is one of the fictional ones, which are not to be recorded."""
    own = session.own()
    return own is not None and own.fictional and center in own.centers.index


def proximity(study: Study) -> pd.DataFrame:
    """What straight-line proximity says of the two linkage aspects."""
    half = session.view().link.half_distance_km
    return analysis.linkage_aspects(study.measured, study.inputs.zones, half)


def used_aspects(study: Study, composition: Composition) -> pd.DataFrame:
    """Aspects with the linkages that the reader chose: surveyed, measured or the mean."""
    return composite.with_linkage(aspects(study), proximity(study), choice=composition.linkage)


def scored(study: Study, view: View) -> Measured:
    """The study's measures with the scores that the reader chose."""
    if view.composition.source == PUBLISHED:
        return study.measured
    return analysis.compose(study.measured, aspects(study), proximity(study), view.composition)


def stamp(view: View) -> Any:
    """Tells one set of scores from another."""
    if view.composition.source == PUBLISHED:
        return None
    return (view.composition, versions(), session.view().link.half_distance_km)


def versions() -> tuple[tuple[str, int], ...]:
    """Tells one set of recorded assessments from another."""
    return tuple((a.assessment_id, a.version) for a in recorded())


def change(**fields: Any) -> None:
    """Change how scores come about; printed categories say nothing about assessed scores."""
    view = session.view()
    composition = replace(view.composition, **fields)
    scheme = view.scheme
    turned = composition.source != view.composition.source
    if turned and composition.source == ASSESSED:
        st.session_state["scheme-chosen"] = scheme.name != "as_published"
    if composition.source == ASSESSED and scheme.name == "as_published":
        scheme = replace(scheme, name=UNPRINTED)
    if turned and composition.source == PUBLISHED and scheme.name == UNPRINTED:
        chosen = st.session_state.pop("scheme-chosen", False)
        scheme = scheme if chosen else replace(scheme, name="as_published")
    session.change(composition=composition, scheme=scheme)


def back_to_shipped() -> None:
    """Leave the reader's own centers; after the samples scores come from where they did before."""
    own = session.own()
    session.back_to_shipped()
    before = st.session_state.pop("before-examples", None)
    if before and own and own.fictional:
        change(source=before)


def continued(found: Assessment) -> Assessment:
    """Draft of the next version of an assessment."""
    return replace(found, base_version=found.version)
