"""Advice for a center with the reader's plan laid over it, as its panel and the next steps show."""

from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from ikmgeo.advice import Plan
from ikmgeo.instrument import Instrument
from ikmgeo.measures import scoring
from ikmgeo.records.assessments import Assessment, Standing
from ikmgeo.ui.frame import Page
from ikmgeo.ui.state import composing, keys, linking, registry, session
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


def from_aspects(view: View, instrument: Instrument) -> View:
    """The reader's choices where scores come from aspects, under a scheme that divides them."""
    scheme = view.scheme
    if scheme.name in ("as_published", "printed_ranges"):
        scheme = replace(scheme, name=scoring.unprinted(instrument))
    composition = replace(view.composition, source=composing.ASSESSED)
    return replace(view, composition=composition, scheme=scheme)


def held(page: Page, view: View, centers: pd.DataFrame) -> dict[str, Any]:
    """What a ``handout.Dossier`` of the classified centers in a view holds."""
    study = page.study
    return {
        "say": page.say,
        "view": view,
        "inputs": linking.inputs(study),
        "measured": study.measured,
        "centers": centers,
        "aspects": composing.used_aspects(study, view.composition),
        "standings": composing.standings(),
        "plans": {center: begun.plan for center, begun in keys.PLANS.get().items()},
        "studied": session.studied_districts(),
        "own": session.own(),
        "registered": registry.by_district(),
    }
