"""Advice for a center with the reader's plan laid over it, as its panel and the next steps show."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import pandas as pd

from ikmgeo import advice, scoring
from ikmgeo.advice import Plan
from ikmgeo.assessments import Assessment, Standing
from ikmgeo.panels import Profile
from ikmgeo.ui import composing, keys, linking, session
from ikmgeo.ui.session import Study
from ikmgeo.view import View


@dataclass(frozen=True)
class Begun:
    """A plan as the reader has it, and the version of the assessment that it was begun from."""

    plan: Plan
    made: Assessment | None


def begun(center: str, standing: Standing | None) -> Begun:
    """The reader's plan for a center: changed in this session, else as last saved by anybody."""
    plans = keys.PLANS.get()
    if center in plans:
        return plans[center]
    made = (standing.planned or standing.newest) if standing else None
    return Begun(Plan.saved(made.actions if made else None), made)


def from_aspects(view: View) -> View:
    """The reader's choices where scores come from aspects, under a scheme that divides them."""
    scheme = view.scheme
    if scheme.name in ("as_published", "printed_ranges"):
        scheme = replace(scheme, name=scoring.UNPRINTED)
    composition = replace(view.composition, source=composing.ASSESSED)
    return replace(view, composition=composition, scheme=scheme)


def chosen(study: Study, center: pd.Series, aspects: pd.Series, plan: Plan) -> pd.DataFrame:
    """Actions for a classified center, in the order of the advice."""
    inputs = linking.inputs(study)
    of = advice.situation(center, aspects, inputs=inputs, measured=study.measured)
    return advice.chosen(inputs.guidance, of, keep=plan.pinned)


def profiles(study: Study, centers: pd.DataFrame, names: Iterable[str]) -> dict[str, Profile]:
    """Where the scores of some centers come from, and what is recorded and advised beside them."""
    standings, composition = composing.standings(), session.view().composition
    recorded, used = composing.aspects(study), composing.used_aspects(study, composition)
    found = {}
    for name in names:
        plan = begun(name, standings.get(name)).plan
        center, inputs = centers.loc[name], linking.inputs(study)
        found[name] = Profile(
            source=composition.source,
            fictional=composing.is_sample(name),
            aspects=recorded.loc[name],
            standing=standings.get(name),
            actions=advice.planned(
                center, used.loc[name], plan, inputs=inputs, measured=study.measured
            ),
        )
    return found
