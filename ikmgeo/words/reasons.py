"""Advice in words: what it rests on, why each action is advised, what happened elsewhere."""

from collections.abc import Iterable
from itertools import groupby

import pandas as pd

from ikmgeo import tables
from ikmgeo.advice import Advised, Reason
from ikmgeo.analysis import Inputs
from ikmgeo.measures.composite import PUBLISHED, WEAK_BELOW
from ikmgeo.reading.validate import Action
from ikmgeo.words.messages import Messages


def rests_on(say: Messages, center: pd.Series, basis: str, source: str) -> str:
    """What advice rests on, and of which score the category is; ``source`` of ``SOURCES``."""
    told = say(f"advice.basis_{basis}", weak=say.points(WEAK_BELOW))
    if pd.isna(center["score"]):
        return f"{told} {say('advice.category_unscored')}"
    own = source == PUBLISHED and pd.isna(center["score_claim"])
    category = say(
        f"advice.category_{'own' if own else source}",
        category=say.code("category", center["category"]),
        score=say.number(center["score"]),
    )
    return f"{told} {category}"


def unmet(
    say: Messages, aspects: pd.Series, actions: Iterable[Advised], linkages: Iterable[str]
) -> str:
    """Weak linkages that no action mends, since no zone fits within reach; empty without any."""
    met = {reason.what for found in actions for reason in found.reasons}
    left = [a for a in linkages if aspects[a] < WEAK_BELOW and a not in met]
    told = [f"{say(f'aspect.{a}')} ({say.points(aspects[a])})" for a in left]
    return say("advice.unmet", aspects=say.listed(told)) if told else ""


WEAKEST_REASONS = ("category", "phase", "general")
"""Reasons that many actions share; they are told where an action has no other."""


def why(say: Messages, advised: Advised, inputs: Inputs) -> str:
    """Why an action was chosen and what it is good for, in words."""
    own = [reason for reason in advised.reasons if reason.code not in WEAKEST_REASONS]
    told = [
        _said_in(say, code, list(some), inputs)
        if code.startswith(("statement", "strength"))
        else "; ".join(_reason(say, reason, inputs) for reason in some)
        for code, some in groupby(own or advised.reasons, key=lambda reason: reason.code)
    ]
    return "; ".join([*told, getattr(advised.action, f"aim_{say.language}")])


def _said_in(say: Messages, code: str, some: list[Reason], inputs: Inputs) -> str:
    """What the source says, of the center or of its category, as one reason."""
    statements = inputs.statements
    claims = [claim for reason in some for claim in reason.claims]
    words = [f"{say.data(statements.at[claim, 'statement'])} ({claim})" for claim in claims]
    category = say.code("category", statements.at[claims[0], "category"])
    return say(f"advice.reason_{code}", category=category, words=say.listed(words))


def examples(say: Messages, action: Action, inputs: Inputs) -> list[str]:
    """What happened elsewhere where an action was tried, with the source."""
    known = (inputs.cases.loc[case] for case in action.cases if case in inputs.cases.index)
    return [
        say(
            "advice.case",
            case=case[f"text_{say.language}"],
            source=say.data(case["source"]),
            section=say.data(case["section"]),
        )
        for case in known
    ]


def _reason(say: Messages, reason: Reason, inputs: Inputs) -> str:
    what = reason.what
    if reason.code == "circumstance":
        return _circumstance(say, reason, inputs)
    if reason.code == "zone":
        return _zone_reason(say, reason, inputs)
    if reason.code in ("category", "aspect", "phase"):
        what = say.code(reason.code, what)
    if reason.code == "commodity" and what in inputs.commodities.index:
        what = say.name(tables.row(inputs.commodities, what))
    return say(f"advice.reason_{reason.code}", what=what, score=say.points(reason.score))


def _circumstance(say: Messages, reason: Reason, inputs: Inputs) -> str:
    printed = inputs.claims.index[inputs.claims.index.isin(reason.claims)]
    figures = [
        f"{say.printed(c['value'], c['value_printed'])} {say.code('category', c['category'])} ({i})"
        for i, c in ((i, inputs.claims.loc[i]) for i in printed)
    ]
    claims = ", ".join(reason.claims)
    return say(f"circumstance.{reason.what}", figures=say.listed(figures), claims=claims)


def _zone_reason(say: Messages, reason: Reason, inputs: Inputs) -> str:
    """The zone that fits with its distance, and whether that may lie beyond the limit."""
    told = say(
        "advice.reason_zone",
        what=inputs.zones.at[reason.what, "short_name"],
        km=say.km(reason.km),
        low=say.number(reason.low_km, 1),
        high=say.number(reason.high_km, 1),
        fit=say.number(reason.fit, 1),
    )
    if (reason.high_km or 0) > (reason.limit_km or 0):
        return f"{told}, {say('advice.reason_zone_unsure', limit=say.km(reason.limit_km))}"
    return told
