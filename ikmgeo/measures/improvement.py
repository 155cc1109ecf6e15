"""What would move a center up: points missing, one aspect alone, the least effort in all.

A target is a score. Categories include their upper bound, so the target of the next category is
the lowest score of two decimals above it, as the source prints its ranges (27.54, then 27.55).
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd
import scipy  # its parts are loaded when first used, and most readers use none

from ikmgeo.measures.composite import ARITHMETIC, Floats, Weights, combine, values
from ikmgeo.measures.scoring import as_printed

MOST: Final = 100.0
SLACK: Final = 1e-9
"""Less than this is an error of rounding: it neither reaches a target nor misses it."""


@dataclass(frozen=True)
class Plan:
    """Points to add to each aspect, and what they cost.

    Parameters
    ----------
    gains
        Points per aspect, 0 or more; NaN when the target cannot be reached.
    effort
        Σ points · effort per point; NaN when the target cannot be reached.
    reachable
        False also when a missing aspect leaves the score unknown.
    tied
        Whether other gains would cost as little.
    """

    gains: pd.Series
    effort: float
    reachable: bool
    tied: bool = False


def shown(plan: Plan, effort: Mapping[str, float]) -> Plan:
    """The plan in hundredths of points, its total that of its parts as they are shown.

    Gains are rounded up: less would not reach the target.
    """
    if not plan.reachable:
        return plan
    gains = plan.gains.map(rounded_up)
    total = math.fsum(effort[str(aspect)] * gain for aspect, gain in gains.items())
    return replace(plan, gains=gains, effort=total)


def rounded_up(points: float) -> float:
    """Points in the next hundredth; a trace of floating point is none."""
    return math.ceil(round(100 * points, 6)) / 100


def points_missing(
    scores: pd.Series, cuts: Sequence[float], categories: Iterable[str]
) -> pd.DataFrame:
    """How far each center is from the next category.

    Parameters
    ----------
    scores
        0 to 100 per ``center_id``, NaN where there is none.
    cuts
        Rising upper bounds as from ``scoring.cut_points``, or none.
    categories
        Best first.

    Returns
    -------
    pandas.DataFrame
        ``next_category`` (code), ``target`` (lowest score of it) and ``points`` (target - score),
        in hundredths, so that as shown they add up. Missing in the best category, without a score
        or cut points, and where the next category begins above 100.
    """
    targets = [(math.floor(cut * 100 + SLACK) + 1) / 100 for cut in cuts]
    steps = [
        (category, target)
        for category, target in zip([*categories][-2::-1], targets, strict=bool(cuts))
        if target <= MOST
    ]
    names = np.array([*(name for name, _ in steps), None], dtype=object)
    goals = np.array([*(target for _, target in steps), np.nan])
    at = np.searchsorted(
        cuts[: len(steps)], as_printed(scores).to_numpy(float), side="left"
    )  # NaN sorts last: no step
    target = pd.Series(goals[at], index=scores.index)
    return pd.DataFrame(
        {
            "next_category": pd.Series(names[at], index=scores.index, dtype=object),
            "target": target,
            "points": (target - as_printed(scores)).round(2),
        }
    )


def alone(
    aspects: pd.Series,
    weights: Weights,
    target: float,
    *,
    most: pd.Series | None = None,
    aggregation: str = ARITHMETIC,
) -> pd.Series:
    """Points that each aspect alone would have to gain for the score to reach the target.

    Parameters
    ----------
    aspects
        0 to 100 by aspect, of one center.
    weights, aggregation
        As in ``composite.score``.
    target
        Score to reach, above 0.
    most
        Highest value of each aspect, 0 to 100; one above it stays where it is. None is 100.

    Returns
    -------
    pandas.Series
        By aspect, 0 when the score is there already; NaN where even the most would not do and
        everywhere when a missing aspect leaves the score unknown.
    """
    x, w = _values(aspects, weights), weights.array()
    now = _score(x, w, aggregation)
    if np.isnan(now) or now >= target:
        return _by_aspect(np.full(len(w), 0.0 if now >= target else np.nan), weights)
    needed = np.full(len(w), np.nan)
    for k in np.flatnonzero(w):
        others = (w > 0) & (np.arange(len(w)) != k)
        if aggregation == "arithmetic":
            needed[k] = (100 * target - w[others] @ x[others]) / w[k]
        elif x[others].all():  # a 0 elsewhere keeps the product at 0
            power = (100 * np.log(target) - w[others] @ np.log(x[others])) / w[k]
            needed[k] = np.exp(min(power, np.log(2 * MOST)))  # beyond the scale, not infinite
    top = _top(x, most, weights)
    gains = np.where(needed <= top + SLACK, np.minimum(needed, top) - x, np.nan)
    return _by_aspect(gains, weights)


def cheapest(
    aspects: pd.Series,
    weights: Weights,
    target: float,
    effort_per_point: Mapping[str, float],
    *,
    most: pd.Series | None = None,
    aggregation: str = ARITHMETIC,
) -> Plan:
    """Gains of least total effort with which the score reaches the target.

    The arithmetic score is linear in the gains: a small linear programme, and where several plans
    cost the same, a second one that raises the lowest aspects, the largest weaknesses. The
    geometric one is not: in logarithms the score becomes linear and the effort does not. But there
    the cheapest raise is known in closed form: every aspect that is raised ends in proportion to
    weight over effort, at one common level, which is found by its single root (Karush, Kuhn and
    Tucker).

    Parameters
    ----------
    aspects, weights, target, most, aggregation
        As in ``alone``.
    effort_per_point
        Effort above 0 of one point of each aspect, in any unit.

    Raises
    ------
    ValueError
        When an effort is not above 0 or a highest value is not in 0 to 100.
    """
    effort = np.array([effort_per_point[aspect] for aspect in weights], dtype=float)
    if not (np.isfinite(effort).all() and (effort > 0).all()):
        raise ValueError(f"effort_per_point is {dict(effort_per_point)!r}; expected above 0")
    x, w = _values(aspects, weights), weights.array()
    top = _top(x, most, weights)
    now, best = _score(x, w, aggregation), _score(top, w, aggregation)
    if np.isnan(now) or best < target:
        return Plan(_by_aspect(np.full(len(w), np.nan), weights), np.nan, reachable=False)
    gains, tied = np.zeros(len(w)), False
    if now < target:
        least = _least_linear if aggregation == "arithmetic" else _least_geometric
        on = w > 0
        gains[on], tied = least(x[on], top[on], w[on], effort[on], target)
    return Plan(_by_aspect(gains, weights), float(gains @ effort), reachable=True, tied=tied)


def _least_linear(
    x: Floats, top: Floats, w: Floats, effort: Floats, target: float
) -> tuple[Floats, bool]:
    """A linear programme; of plans as cheap, the one that raises the lowest aspects; if any tie."""
    effort = effort / effort.max()  # the solver's tolerances are made for numbers near 1
    room, needed = list(zip(np.zeros_like(x), top - x, strict=True)), 100 * target - w @ x
    least = scipy.optimize.linprog(effort, A_ub=-w[None], b_ub=[-needed], bounds=room).fun

    def as_cheap(preference: Floats) -> Floats:
        limits = {"A_ub": [-w, effort], "b_ub": [-needed, least * (1 + SLACK)]}
        gains: Floats = scipy.optimize.linprog(preference, **limits, bounds=room).x
        return gains

    weakest, strongest = as_cheap(x * effort), as_cheap(-x * effort)
    return weakest, not np.allclose(weakest, strongest, atol=1e-6)


def _least_geometric(
    x: Floats, top: Floats, w: Floats, effort: Floats, target: float
) -> tuple[Floats, bool]:
    """Raise to level · weight / effort, within the limits; all in logarithms."""
    with np.errstate(divide="ignore"):  # ln 0 is -inf: the limit of an aspect at 0
        low, high, pull = np.log(x), np.log(top), np.log(w / effort)

    def surplus(level: float) -> float:
        return float(w @ np.clip(level + pull, low, high) - 100 * np.log(target))

    full = float((high - pull).max())
    start = float((np.where(x > 0, low, high) - pull).min())
    if not x.all():  # further down only aspects at 0 are raised; one step lowers the surplus so:
        start -= max(surplus(start), 0) / w[x == 0].sum() + 1
    level = scipy.optimize.brentq(surplus, start, full) if surplus(full) > 0 else full
    raised: Floats = np.exp(np.clip(level + pull, low, high))
    return np.maximum(raised - x, 0), False  # of two plans as cheap, one between them is cheaper


def _score(x: Floats, w: Floats, aggregation: str) -> float:
    return float(combine(x[None], w[None], aggregation)[0, 0])


def _values(aspects: pd.Series, weights: Weights) -> Floats:
    row: Floats = values(aspects.to_frame().T, weights)[0]
    return row


def _top(x: Floats, most: pd.Series | None, weights: Weights) -> Floats:
    """Highest value of each aspect: no plan lowers one."""
    if most is None:
        return np.maximum(x, MOST)
    limits = most[list(weights)].to_numpy(float)
    if not ((limits >= 0) & (limits <= MOST)).all():
        raise ValueError(f"most is {most.to_dict()!r}; expected 0 to 100")
    top: Floats = np.maximum(x, limits)
    return top


def _by_aspect(points: Floats, weights: Weights) -> pd.Series:
    return pd.Series(points, index=pd.Index(weights, name="aspect"))
