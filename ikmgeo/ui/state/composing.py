"""Where this session's scores come from: printed totals, or assessed aspects and their weights."""

from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

import pandas as pd

from ikmgeo import analysis
from ikmgeo.analysis import Measured
from ikmgeo.errors import Issue
from ikmgeo.measures import composite
from ikmgeo.measures.composite import Composition
from ikmgeo.measures.scoring import unprinted
from ikmgeo.records import assessments
from ikmgeo.records.assessments import Assessment, Standing
from ikmgeo.ui.state import installation, keys, session
from ikmgeo.ui.state.session import Study
from ikmgeo.view import View

if TYPE_CHECKING:
    from ikmgeo.records.groups import Group
    from ikmgeo.records.store import Store

R = TypeVar("R")

PUBLISHED, ASSESSED = composite.SOURCES


def _read() -> list[Assessment]:
    """Newest version of each assessment, of everyone and of this session's group."""
    groups = {"", _group_id()}
    return installation.answered(lambda store: store.latest_of(groups, include_hidden=True)) or []


def _newest(group_id: str, *, of_commodities: bool = False) -> list[Assessment]:
    """Newest version of each assessment, hidden ones too; none while the store does not answer."""
    return [
        a
        for a in session.once("recorded", _read)
        if a.group_id == group_id and a.of_commodity == of_commodities
    ]


def recorded() -> list[Assessment]:
    """The newest version of every assessment; none while the store does not answer."""
    return [a for a in _newest("") if not a.hidden]


def store_failure() -> tuple[Issue, ...]:
    """Why the store did not answer when it was last asked; nothing when it did."""
    recorded()
    failed = keys.STORE_FAILED.get()
    return failed[1] if failed else ()


def standings() -> dict[str, Standing]:
    """What is recorded of each center."""
    return assessments.standings(recorded(), session.study().inputs.instrument.aspects)


def in_drawer(*, include_hidden: bool = False) -> list[Assessment]:
    """As ``recorded``, of this session's group, if it works as one."""
    return [a for a in _newest(_group_id()) if include_hidden or not a.hidden]


def of_commodities() -> list[Assessment]:
    """The newest version of every assessment of a commodity, in this session's drawer."""
    return [a for a in _newest(_group_id(), of_commodities=True) if not a.hidden]


def save(assessment: Assessment, *, only: Collection[str]) -> Assessment:
    """Save the next version of an assessment in this session's drawer.

    Raises
    ------
    DataError
        As ``Store.save``.
    """
    saved = drawer().save(assessment, only=only, by=saver())
    keys.STORE_FAILED.pop()  # it answers
    session.reread()
    return saved


def assessed(study: Study) -> dict[str, Standing]:
    """What is recorded of the centers whose aspects come from an assessment.

    Not of those that have all in the reader's file and not in any assessment.
    """
    return assessments.counted(study.measured.centers, standings(), study.inputs.instrument.aspects)


def aspects(study: Study, found: list[Assessment] | None = None) -> pd.DataFrame:
    """Aspects per center: of the assessment that counts, else as the reader's file has.

    Only some of the assessments count where ``found`` is given.
    """
    if found is None:
        return session.once(f"aspects-{study.stamp}", lambda: aspects(study, recorded()))
    codes = study.inputs.instrument.aspects
    known = assessments.standings(found, codes)
    return assessments.aspects(study.measured.centers, known, codes)


def group() -> "Group | None":
    """Group of a workshop as which this session works; its assessments are kept apart."""
    return keys.GROUP.get()


def _group_id() -> str:
    own = group()
    return own.group_id if own else ""


def drawer() -> "Store":
    """Where this session's assessments belong: to its group, or to everyone.

    Raises
    ------
    DataError
        When the address of the database is not one.
    """
    return installation.store().of(_group_id())


def drafts() -> dict[str, Assessment]:
    """What has been typed and not saved, by center; of each group its own."""
    return keys.DRAFTS.get().setdefault(_group_id(), {})


def drop_draft(center: str) -> None:
    """Forget what has been typed for a center."""
    drafts().pop(center, None)


def saver() -> str:
    """Name of who sits here: the group, or a person; empty until they told it."""
    own = group()
    return own.name if own else keys.AUTHOR.get()


def is_sample(center: str) -> bool:
    """Whether a center is one of the fictional ones, which are not to be recorded."""
    own = session.own()
    return own is not None and own.fictional and center in own.centers.index


def proximity(study: Study) -> pd.DataFrame:
    """What straight-line proximity says of the aspects that are about zones."""
    half = session.view().link.half_distance_km
    return session.once(
        f"proximity-{study.stamp}-{half}",
        lambda: analysis.linkage_aspects(study.measured, study.inputs, half),
    )


def used_aspects(study: Study, composition: Composition) -> pd.DataFrame:
    """Aspects with the linkages that the reader chose: surveyed, measured or the mean."""
    return composite.with_linkage(aspects(study), proximity(study), choice=composition.linkage)


def lacking(study: Study) -> int:
    """How many centers have no score from aspects under the reader's choices."""
    composition = session.view().composition
    used = used_aspects(study, composition)
    score = composite.score(used, composition.weights, aggregation=composition.aggregation)
    return int(score.isna().sum())


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


def change_scores(**fields: Any) -> None:
    """Change how scores come about; printed categories say nothing about assessed scores."""
    view = session.view()
    composition = replace(view.composition, **fields)
    scheme, other = view.scheme, unprinted(session.study().inputs.instrument)
    turned = composition.source != view.composition.source
    if turned and composition.source == ASSESSED:
        keys.SCHEME_CHOSEN.set(scheme.name != "as_published")
    if composition.source == ASSESSED and scheme.name == "as_published":
        scheme = replace(scheme, name=other)
    if turned and composition.source == PUBLISHED and scheme.name == other:
        chosen = keys.SCHEME_CHOSEN.pop()
        scheme = scheme if chosen else replace(scheme, name="as_published")
    session.change(composition=composition, scheme=scheme)


def leave_own() -> None:
    """Leave the reader's own centers; after the samples scores come from where they did before."""
    own = session.own()
    session.back_to_shipped()
    before = keys.BEFORE_EXAMPLES.pop()
    if before and own and own.fictional:
        change_scores(source=before)


def continued(found: Assessment) -> Assessment:
    """Draft of the next version of an assessment."""
    return replace(found, base_version=found.version)
