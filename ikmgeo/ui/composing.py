"""Where this session's scores come from: printed totals, or assessed aspects and their weights."""

from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from ikmgeo import analysis, composite
from ikmgeo.analysis import Measured
from ikmgeo.assessments import Assessment
from ikmgeo.composite import Composition
from ikmgeo.errors import DataError
from ikmgeo.settings import Settings
from ikmgeo.store import Store
from ikmgeo.ui import session
from ikmgeo.ui.session import Study
from ikmgeo.view import View
from ikmgeo.vocabulary import ASPECTS

PUBLISHED, ASSESSED = composite.SOURCES


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
    try:
        return store().latest()
    except DataError:
        return []


def newest(assessments: list[Assessment]) -> dict[str, Assessment]:
    """The assessment of each center that was made last."""
    ordered = sorted(assessments, key=lambda a: (a.assessed_on, str(a.saved_at)))
    return {a.center_id: a for a in ordered}


def aspects(study: Study) -> pd.DataFrame:
    """Six aspects per center: of its newest assessment with any, else as the reader's file has."""
    table = study.measured.centers[list(ASPECTS)].astype(float)
    scoring = [a for a in recorded() if any(v is not None for v in a.scores.values())]
    for center, assessment in newest(scoring).items():
        if center in table.index:
            table.loc[center] = [assessment.scores.get(a) for a in ASPECTS]
    return table.astype(float)


def proximity(study: Study) -> pd.DataFrame:
    """What straight-line proximity says of the two linkage aspects."""
    half = session.half_distance_km()
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
    versions = tuple((a.assessment_id, a.version) for a in recorded())
    return (view.composition, versions, session.half_distance_km())


def change(**fields: Any) -> None:
    """Change how scores come about; printed categories say nothing about assessed scores."""
    view = session.view()
    composition = replace(view.composition, **fields)
    scheme = view.scheme
    if composition.source == ASSESSED and scheme.name == "as_published":
        scheme = replace(scheme, name="contiguous")
    if composition.source == PUBLISHED and view.composition.source == ASSESSED:
        scheme = replace(scheme, name="as_published")
    session.change(composition=composition, scheme=scheme)


def continued(found: Assessment) -> Assessment:
    """Draft of the next version of an assessment."""
    return replace(found, base_version=found.version)
