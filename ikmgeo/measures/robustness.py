"""How sure ranks and categories are when weights, aspects or the aggregation change.

After OECD and JRC (2008), Handbook on Constructing Composite Indicators, step 7, and Saisana,
Saltelli and Tarantola (2005), Uncertainty and sensitivity analysis techniques as tools for the
quality assessment of composite indicators, Journal of the Royal Statistical Society A 168.
Aspects are tables as in ``ikmgeo.measures.composite``.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ikmgeo.instrument import Instrument
from ikmgeo.measures import scoring
from ikmgeo.measures.composite import (
    AGGREGATIONS,
    ARITHMETIC,
    DECIMALS,
    Floats,
    Weights,
    combine,
    score,
    values,
)
from ikmgeo.measures.scoring import Scheme

DRAWS: Final = 2_000
SEED: Final = 20_254
SPREAD: Final = 0.25
"""Weights vary by up to this share of themselves, either way."""

PERCENTILES: Final = (5, 95)
STABLE: Final = 0.95
"""Least probability of its category at which a center counts as stable."""

MINIMUM_CENTERS: Final = 10
"""With fewer centers a curve fits almost any points, and a correlation ratio says nothing."""

CHUNK: Final = 200_000
"""Scores that are worked on at a time; they and their copies stay in the processor's cache."""

NOISE: Final = 1e-9
"""Of floating point, in points of a score; it does not decide a half."""

THREADS: Final = 2
"""Chunks worked on at once; more would take the server from other planners."""


@dataclass(frozen=True)
class Robustness:
    """What changing weights do to each center.

    Parameters
    ----------
    centers
        By ``center_id``: ``score``, ``rank``, ``rank_low`` and ``rank_high`` (5th and 95th
        percentile), ``category`` (code; ``none`` when there are no cut points, ``unscored``),
        ``category_probability`` (that of ``category``) and ``stable`` (nullable boolean).
        Missing where there is no score.
    probability
        Share of the draws in each category, center × category, the best first; rows sum to 1,
        or are NaN where there is no category.
    """

    centers: pd.DataFrame
    probability: pd.DataFrame


@dataclass(frozen=True)
class Scenarios:
    """Ranks under other choices.

    Parameters
    ----------
    ranks
        Center × ``nominal``, ``without_{aspect}``, ``equal_weights`` and ``other_aggregation``.
        Only centers with a nominal score take part; NaN where a choice gives no score.
    shift
        Mean |rank - nominal rank| by choice, among the centers that it scores; NaN without any.
    """

    ranks: pd.DataFrame
    shift: pd.Series


def draw_weights(
    weights: Weights, *, draws: int = DRAWS, spread: float = SPREAD, seed: int = SEED
) -> pd.DataFrame:
    """Weights w·(1 + u), u even over -spread to spread, renormalised to a sum of 100.

    The numbers u come from one PCG64 generator (numpy's ``default_rng(seed)``), draw by draw and
    in each draw aspect by aspect in the order of the weights. A weight of 0 stays 0.

    Returns
    -------
    pandas.DataFrame
        Draw × aspect.

    Raises
    ------
    ValueError
        When there is no draw or the spread is not from 0 to below 1.
    """
    if draws < 1:
        raise ValueError(f"draws is {draws!r}; expected 1 or more")
    if not 0 <= spread < 1:
        raise ValueError(f"spread is {spread!r}; expected 0 to below 1")
    change = np.random.default_rng(seed).uniform(-spread, spread, (draws, len(weights)))
    drawn = weights.array() * (1 + change)
    return pd.DataFrame(drawn / drawn.sum(axis=1, keepdims=True) * 100, columns=list(weights))


def robustness(
    aspects: pd.DataFrame,
    weights: Weights,
    scheme: Scheme,
    instrument: Instrument,
    *,
    aggregation: str = ARITHMETIC,
    draws: int = DRAWS,
    spread: float = SPREAD,
    seed: int = SEED,
) -> Robustness:
    """Rank interval and probability of each category under drawn weights.

    Centers without a nominal score take no part. Percentiles are ranks that did occur: the
    smallest rank that at least 5 % (95 %) of the draws do not exceed. Needs 2 bytes per center and
    draw, 4 above 65,535 centers.

    Parameters
    ----------
    aspects, weights, aggregation
        As in ``composite.score``.
    scheme
        One with ``scoring.cut_points``; they stay as they are under the nominal weights.
    instrument
        With the categories.
    draws, spread, seed
        As in ``draw_weights``.

    Raises
    ------
    ValueError
        As in ``draw_weights``, ``scoring.cut_points`` and ``composite.score``.

    Notes
    -----
    w' = 100·w·(1 + u) / Σ w·(1 + u), u ~ U(-0.25, 0.25); r(w') ∈ [P5, P95]

    References
    ----------
    OECD and JRC (2008), Handbook on Constructing Composite Indicators, step 7; Saisana, Saltelli
    and Tarantola (2005), Journal of the Royal Statistical Society A 168.
    """
    nominal = score(aspects, weights, aggregation=aggregation)
    cuts = scoring.cut_points(scheme, nominal, instrument)
    member = scoring.between(scoring.as_printed(nominal), cuts, instrument)
    category = scoring.category(member, nominal)
    drawn = draw_weights(weights, draws=draws, spread=spread, seed=seed).to_numpy(float)
    scored = nominal.notna()
    low, high, above = _simulate(values(aspects[scored], weights), drawn, aggregation, cuts)
    probability = _probability(above, draws, nominal.index[scored], member.columns)
    probability = probability.reindex(nominal.index)
    own = np.append(probability.to_numpy(float), np.full((len(nominal), 1), np.nan), axis=1)
    named = own[np.arange(len(nominal)), probability.columns.get_indexer(pd.Index(category))]
    certain = pd.Series(named, index=nominal.index)
    centers = pd.DataFrame(
        {
            "score": nominal,
            "rank": scoring.rank(nominal),
            "rank_low": pd.Series(low, nominal.index[scored], float).reindex(nominal.index),
            "rank_high": pd.Series(high, nominal.index[scored], float).reindex(nominal.index),
            "category": category,
            "category_probability": certain,
            "stable": (certain >= STABLE).astype("boolean").mask(certain.isna()),
        }
    )
    return Robustness(centers, probability)


def _probability(
    above: npt.NDArray[np.int64], draws: int, centers: pd.Index, categories: pd.Index
) -> pd.DataFrame:
    """Share of draws in each category from the number of draws above each cut point."""
    if not len(above):
        return pd.DataFrame(np.nan, index=centers, columns=categories)
    every = np.full((1, len(centers)), draws)
    inside = -np.diff(np.vstack([every, above, 0 * every]), axis=0)
    return pd.DataFrame(inside[::-1].T / draws, index=centers, columns=categories)


def _simulate(
    aspects: Floats, weights: Floats, aggregation: str, cuts: tuple[float, ...]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Low and high rank per center, and draws above each cut: cut × center."""
    draws, n = len(weights), len(aspects)
    ranks = np.empty((draws, n), dtype=np.uint16 if n <= np.iinfo(np.uint16).max else np.int32)
    step, width = max(CHUNK // max(n, 1), 1), max(CHUNK // draws, 1)
    # The least score that ``scoring.as_printed`` shows above each cut.
    above_cut = (np.floor(np.round(100 * np.array(cuts), 6)) + 0.5)[:, None, None] / 100 - NOISE

    def rank_and_count(start: int) -> npt.NDArray[np.int64]:
        part = slice(start, start + step)
        scores = combine(aspects, weights[part], aggregation)
        _rank_rows(scores, out=ranks[part])
        above: npt.NDArray[np.int64] = (scores >= above_cut).sum(axis=1)
        return above

    def order_statistics(start: int) -> npt.NDArray[np.int64]:
        of_center = np.ascontiguousarray(ranks[:, start : start + width].T)
        of_center.sort(axis=1, kind="stable")  # counts the digits of small integers: fastest
        return of_center[:, [-(-draws * percent // 100) - 1 for percent in PERCENTILES]].T

    with ThreadPoolExecutor(THREADS) as pool:  # numpy lets go of the interpreter
        above = sum(
            pool.map(rank_and_count, range(0, draws, step)),
            start=np.zeros((len(cuts), n), dtype=np.int64),
        )
        ends = list(pool.map(order_statistics, range(0, n, width)))
    low, high = np.hstack([np.empty((len(PERCENTILES), 0), dtype=np.int64), *ends])
    return low, high, above


def _rank_rows(scores: Floats, *, out: npt.NDArray[np.integer]) -> None:
    """Rank the scores of each row as ``scoring.rank`` does: 1 for the highest, ties share it.

    Scores have so few decimals that score and column fit one whole number; sorting such numbers
    is several times faster than sorting positions.
    """
    n = scores.shape[1]
    bits = n.bit_length()
    unit = 10**DECIMALS
    keys = (100 * unit - np.rint(scores * unit)).astype(np.int64)
    keys <<= bits
    keys |= np.arange(n)
    keys.sort(axis=1)
    column = keys & ((1 << bits) - 1)
    keys >>= bits
    place = np.broadcast_to(np.arange(1, n + 1, dtype=out.dtype), out.shape).copy()
    place[:, 1:][keys[:, 1:] == keys[:, :-1]] = 1  # a tie takes the place before it
    np.maximum.accumulate(place, axis=1, out=place)
    np.put_along_axis(out, column, place, axis=1)


def scenarios(
    aspects: pd.DataFrame, weights: Weights, *, aggregation: str = ARITHMETIC
) -> Scenarios:
    """Ranks with one aspect left out, with equal weights, and with the other aggregation.

    Leaving out an aspect gives its weight to the others in proportion; when they have none there
    is no such ranking. Equal weights are those of all aspects, also of those that weigh 0.

    Notes
    -----
    R = Σ |r' - r| / n

    References
    ----------
    As ``rank_interval``.
    """
    nominal = score(aspects, weights, aggregation=aggregation)
    other = next(name for name in AGGREGATIONS if name != aggregation)
    others = {
        **{f"without_{a}": _without(aspects, weights, a, aggregation) for a in weights},
        "equal_weights": score(aspects, Weights.equal(weights), aggregation=aggregation),
        "other_aggregation": score(aspects, weights, aggregation=other),
    }
    ranks = {name: scoring.rank(found.where(nominal.notna())) for name, found in others.items()}
    shift = {name: _mean_shift(nominal, found) for name, found in others.items()}
    return Scenarios(
        pd.DataFrame({"nominal": scoring.rank(nominal), **ranks}),
        pd.Series(shift, dtype=float, name="shift"),
    )


def _without(aspects: pd.DataFrame, weights: Weights, aspect: str, aggregation: str) -> pd.Series:
    rest = {**weights, aspect: 0.0}
    if not any(rest.values()):
        return pd.Series(np.nan, index=aspects.index)
    return score(aspects, Weights.normalised(rest), aggregation=aggregation)


def _mean_shift(nominal: pd.Series, other: pd.Series) -> float:
    """Mean difference of ranks; both are ranked anew among the centers that have both scores."""
    both = nominal.notna() & other.notna()
    return float((scoring.rank(other[both]) - scoring.rank(nominal[both])).abs().mean())


def correlation_ratio(scores: pd.Series, aspects: pd.DataFrame, weights: Weights) -> pd.DataFrame:
    """How much each aspect drives the scores, beside the weight it was given.

    The correlation ratio η² = Var(E[S | x]) / Var(S) is the share of the scores' variance that
    one aspect explains, alone and with all that goes along with it. E[S | x] is a parabola fitted
    by least squares (a line when the aspect has two values), a smoother plain enough for a dozen
    centers: it follows a bend but no waves, and among n centers even an unrelated aspect gets
    about 2 / (n - 1).

    Parameters
    ----------
    scores
        Score per center.
    aspects
        Aspects per center; centers that miss the score or the aspect are left out of its ratio.
    weights
        Nominal weights.

    Returns
    -------
    pandas.DataFrame
        By aspect: ``weight`` (0 to 100) and ``correlation_ratio`` (0 to 1); NaN with fewer than
        10 centers, or when all scores or all values of the aspect are equal.

    Notes
    -----
    η² = Var(E[S | x]) / Var(S)

    References
    ----------
    Paruolo, Saisana and Saltelli (2013), Ratings and rankings: voodoo or science?, Journal of the
    Royal Statistical Society A 176.
    """
    s = scores.reindex(aspects.index).to_numpy(float)
    ratio = [_share_explained(aspects[aspect].to_numpy(float), s) for aspect in weights]
    return pd.DataFrame(
        {"weight": weights.array(), "correlation_ratio": ratio},
        index=pd.Index(weights, name="aspect"),
    )


def _share_explained(x: Floats, s: Floats) -> float:
    known = ~(np.isnan(x) | np.isnan(s))
    x, s = x[known], s[known]
    different = len(np.unique(x))
    if len(x) < MINIMUM_CENTERS or different < 2 or np.ptp(s) == 0:
        return np.nan
    fit = np.polynomial.Polynomial.fit(x, s, deg=min(2, different - 1))
    return float(np.clip(1 - np.var(s - fit(x)) / np.var(s), 0, 1))
