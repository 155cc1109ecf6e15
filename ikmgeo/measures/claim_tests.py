"""Tests of what the source claims in words and sums: association, majority, printed arithmetic.

The source contradicts itself, so every test runs under every combination of its rival scores, and
its centers are no random sample: a p-value tells how easily chance pairing would do as much among
these centers, an interval what it would be if they were one. Nothing here speaks of causes.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from itertools import permutations as orders_of
from itertools import product
from typing import Any, Final, Literal

import numpy as np
import pandas as pd
import scipy  # its parts are loaded when first used, and most readers use none

from ikmgeo import tables
from ikmgeo.instrument import Instrument
from ikmgeo.measures import scoring
from ikmgeo.measures.indicators import INDICATORS
from ikmgeo.measures.scoring import Scheme, claim_ids

MOST_COMBINATIONS: Final = 64
PERMUTATIONS: Final = 9_999
SEED: Final = 20_251
ALPHA: Final = 0.05

POWER: Final = 0.8
"""Chance of finding an association that a test is usually asked to have."""

Ranking = tuple[str, str]
"""Code and column of an indicator, as ``indicators.computed`` has them."""

NAMED: Final[tuple[Ranking, ...]] = (("proximity_index", "sez"), ("proximity_index", "ie"))
"""What the source's claim names: linkage to the SEZ, linkage to the industrial estates."""

FEWEST_PAIRS: Final = 3
MOST_PERMUTED: Final = 500
"""Pairs up to which p comes from permutations; beyond, the t distribution tells the same."""


ASSOCIATION_COLUMNS: Final = (
    *("combination", "indicator", "rho", "p_value", "p_holm", "n", "exact"),
    *("rho_low", "rho_high"),
)
MAJORITY_COLUMNS: Final = (
    *("scheme", "combination", "inside", "perhaps", "outside", "none", "n"),
    *("share", "low", "high", "majority"),
)

Verdict = Literal["supported", "contradicted", "mixed", "not_shown", "not_computable"]


@dataclass(frozen=True)
class Combination:
    """One choice among rival scores.

    Parameters
    ----------
    claims
        Id of the claim chosen for each conflicting center, in the order of the centers.
    scores
        Score 0 to 100 per ``center_id``; NaN where there is none.
    categories
        Category code that the source prints with it, per ``center_id``; missing where none.
    """

    claims: tuple[str, ...]
    scores: pd.Series
    categories: pd.Series


@dataclass(frozen=True)
class Association:
    """Spearman's rho of ``n`` pairs with its two-sided p-value, ``exact`` or estimated."""

    rho: float
    p_value: float
    n: int
    exact: bool


@dataclass(frozen=True)
class Findings:
    """Tests of "closer centers score higher".

    Parameters
    ----------
    named
        Associations, as from ``associations``, of the indicators that the claim names (``NAMED``),
        corrected for their number; the verdict rests on them alone.
    explored
        Those of every other ranking of the centers, corrected for their number: what looks
        striking here is a question, not an answer.
    alike
        Every indicator tested, with the others that rank the centers just alike.
    """

    named: pd.DataFrame
    explored: pd.DataFrame
    alike: Mapping[Ranking, tuple[Ranking, ...]]


@dataclass(frozen=True)
class Power:
    """How large rho must be: in the sample to have a p that counts, in truth to be found."""

    critical: float
    detectable: float


@dataclass(frozen=True)
class Product:
    """How a printed figure follows from others: rate · sum of the counts / per.

    ``code`` names it; ``compared``, ``rate`` and ``counts`` are codes of the column ``quantity``
    of the claims.
    """

    code: str
    compared: str
    rate: str
    per: int
    counts: tuple[str, ...]


@dataclass(frozen=True)
class Recomputed:
    """A printed figure beside its recomputation.

    Parameters
    ----------
    product
        How it was recomputed.
    claims
        Ids of the claims: the printed one first, then rate and counts.
    printed
        The printed figure.
    low, high
        What the other figures give, in its unit; equal where the rate is a single figure.
    agrees
        Whether the printed figure lies between them, both rounded half up to its last digit that
        is not a trailing zero of a whole number.
    """

    product: Product
    claims: tuple[str, ...]
    printed: float
    low: float
    high: float
    agrees: bool

    @property
    def times(self) -> tuple[float, float]:
        """How many times the printed figure the others give."""
        return self.low / self.printed, self.high / self.printed


JOBS: Final = "jobs_per_1000_units"
PRODUCTS: Final = (
    Product(
        *("workers_by_share", "workers_province", "share_of_national_workers_percent", 100),
        ("workers_national",),
    ),
    Product("workers_by_jobs", "workers_province", JOBS, 1_000, ("units_province",)),
    Product(
        *("workers_by_jobs_national", "workers_national", JOBS, 1_000),
        ("micro_national", "small_national"),
    ),
)
"""What the printed figures imply of each other: the province's share of the nation's workers, and
8,000 to 10,000 jobs per 1,000 units in province and nation."""


def score_combinations(centers: pd.DataFrame, claims: pd.DataFrame) -> list[Combination]:
    """Every choice among the rival scores; the first takes the claims that the centers use.

    Parameters
    ----------
    centers
        ``score_total``, ``category``, ``score_claim``, ``category_claim`` and
        ``alternative_claims``, indexed by ``center_id``, as ``scoring.published`` takes them.
    claims
        ``value`` and ``category``, indexed by ``claim_id``.

    Returns
    -------
    list of Combination
        The last conflicting center varies fastest; one combination without any conflict. A rival
        is an alternative claim with a value, where the claim in use is known and says another
        value or category. With a rival's score goes the rival's category, if it prints one.

    Raises
    ------
    ValueError
        When there are more than ``MOST_COMBINATIONS``: k centers with one rival each make 2^k,
        and a part of them would no longer be every one.
    """
    options = {
        str(center): (row.score_claim, *rivals)
        for center, row in centers[["score_claim", "alternative_claims"]].iterrows()
        if (rivals := _rivals(row.score_claim, row.alternative_claims, claims))
    }
    count = math.prod(map(len, options.values()))
    if count > MOST_COMBINATIONS:
        raise ValueError(
            f"{len(options)} centers with rival scores make {count} combinations; expected at "
            f"most {MOST_COMBINATIONS}. Clear alternative_claims of some centers."
        )
    return [
        _chosen(centers, claims, dict(zip(options, choice, strict=True)))
        for choice in product(*options.values())
    ]


def _rivals(used: Any, alternatives: object, claims: pd.DataFrame) -> list[str]:
    """Claims of the cell ``alternatives`` that contradict the claim in use, each once."""
    if used not in claims.index:
        return []
    told = tables.row(claims, used)
    return [
        rival
        for rival in dict.fromkeys(claim_ids(alternatives))
        if rival in claims.index
        and pd.notna(value := tables.cell(claims, rival, "value"))
        and (
            value != told["value"]
            or _differ(tables.cell(claims, rival, "category"), told["category"])
        )
    ]


def _differ(one: Any, other: Any) -> bool:
    return bool(pd.notna(one) and pd.notna(other) and one != other)


def _chosen(centers: pd.DataFrame, claims: pd.DataFrame, choice: Mapping[str, str]) -> Combination:
    chosen = centers[["score_total", "category", "score_claim", "category_claim"]].assign(
        alternative_claims=np.nan
    )
    for center, claim in choice.items():
        rival = claim != chosen.at[center, "score_claim"]
        chosen.loc[center, "score_claim"] = claim
        if rival and pd.notna(tables.cell(claims, claim, "category")):
            chosen.loc[center, "category_claim"] = claim
    told = scoring.published(chosen, claims)
    return Combination(tuple(choice.values()), told["score"], told["category_published"])


def association(
    scores: pd.Series,
    indicator: pd.Series,
    *,
    permutations: int = PERMUTATIONS,
    seed: int = SEED,
) -> Association:
    """Spearman's rank correlation of score and indicator with a two-sided p-value.

    Parameters
    ----------
    scores, indicator
        Numbers per ``center_id``. Centers in both and with both values make the pairs; equal
        values share their average rank. Positive rho: a higher score with a higher indicator, so
        a distance must change its sign before it can speak for "closer is better".
    permutations
        Size m of the random sample, where it is less than all n! orders.
    seed
        Of the random sample.

    Returns
    -------
    Association
        p is the share of orders of the indicator whose abs(rho) is no less than the one found:
        of all n! orders where these are no more than ``permutations`` (n ≤ 7 by default), else
        (b + 1) / (m + 1) of m random ones. Above ``MOST_PERMUTED`` pairs p is from the t
        distribution with n - 2 degrees of freedom. Below ``FEWEST_PAIRS`` pairs, or where one
        side is constant, rho and p are NaN.

    References
    ----------
    Phipson and Smyth (2010), Permutation p-values should never be zero, Statistical Applications
    in Genetics and Molecular Biology 9(1), 39.
    """
    return _associated(scores, indicator, lambda n: _orders(n, permutations, seed), permutations)


def associations(
    combinations: Sequence[Combination],
    indicators: pd.DataFrame,
    draws: Mapping[Any, pd.DataFrame] | None = None,
    *,
    permutations: int = PERMUTATIONS,
    seed: int = SEED,
) -> pd.DataFrame:
    """Association of score and each indicator under every combination of the scores.

    Parameters
    ----------
    combinations
        As ``score_combinations`` returns them.
    indicators
        One column per indicator on ``center_id``, higher where the linkage is closer.
    draws
        Per indicator its values when positions vary within their precision: ``center_id`` × draw.
    permutations, seed
        See ``association``; one random sample serves all rows with as many pairs.

    Returns
    -------
    pandas.DataFrame
        One row per combination and indicator: ``combination`` (1 is the first), ``indicator``,
        ``rho``, ``p_value``, ``p_holm`` (corrected for the number of indicators that have a p
        under the same combination), ``n`` (pairs), ``exact`` as in ``Association``, ``rho_low``
        and ``rho_high``: 5th and 95th percentile of rho over the draws, each with the centers it
        places; NaN without draws.
    """
    orders = cache(lambda n: _orders(n, permutations, seed))
    rows = []
    for number, combination in enumerate(combinations, 1):
        for name in indicators.columns:
            found = _associated(combination.scores, indicators[name], orders, permutations)
            drawn = draws.get(name) if draws else None
            low, high = (math.nan, math.nan) if drawn is None else _spread(combination, drawn)
            told = (found.rho, found.p_value, math.nan, found.n, found.exact)
            rows.append((number, name, *told, low, high))
    table = pd.DataFrame(rows, columns=list(ASSOCIATION_COLUMNS))
    table["p_holm"] = table.groupby("combination")["p_value"].transform(holm)
    return table


def holm(p_values: pd.Series) -> pd.Series:
    """p-values of tests made together, corrected for their number; NaN is no test.

    References
    ----------
    Holm (1979), A simple sequentially rejective multiple test procedure, Scandinavian Journal of
    Statistics 6(2), 65-70.
    """
    rising = p_values.dropna().sort_values()
    corrected = (rising * np.arange(len(rising), 0, -1)).cummax()
    return corrected.clip(upper=1).reindex(p_values.index)


def _associated(
    scores: pd.Series,
    indicator: pd.Series,
    orders: Callable[[int], np.ndarray],
    permutations: int,
) -> Association:
    pairs = pd.concat([scores, indicator], axis=1, join="inner").dropna().to_numpy(float)
    n = len(pairs)
    one, other = _centred_ranks(pairs).T
    rho = float(_rho(one, other))
    if math.isnan(rho):
        return Association(rho, math.nan, n, exact=False)
    if n > MOST_PERMUTED:
        p_value = float(scipy.stats.spearmanr(pairs).pvalue)
        return Association(rho, p_value, n, exact=False)
    # Ranks are halves of whole numbers, so these sums are exact and compare without a tolerance.
    as_far = np.count_nonzero(np.abs(other[orders(n)] @ one) >= abs(one @ other))
    if _all_fit(n, permutations):
        return Association(rho, as_far / math.factorial(n), n, exact=True)
    return Association(rho, (as_far + 1) / (permutations + 1), n, exact=False)


def _all_fit(n: int, permutations: int) -> bool:
    return math.factorial(n) <= permutations


def _orders(n: int, permutations: int, seed: int) -> np.ndarray:
    """Orders of n things, one a row: all of them, or a random sample."""
    if _all_fit(n, permutations):
        return np.array(list(orders_of(range(n))), dtype=int)
    in_place = np.tile(np.arange(n), (permutations, 1))
    return np.random.default_rng(seed).permuted(in_place, axis=1)


def _centred_ranks(values: np.ndarray) -> np.ndarray:
    """Average ranks down each column less their mean (k + 1) / 2; 0 for NaN and for too few."""
    known = ~np.isnan(values)
    count = known.sum(axis=0)
    ranks = scipy.stats.rankdata(values, axis=0, nan_policy="omit") - (count + 1) / 2
    centred: np.ndarray = np.where(known & (count >= FEWEST_PAIRS), ranks, 0.0)
    return centred


def _rho(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Correlation of centred ranks down the first axis; NaN where one side has no spread."""
    both = (one * other).sum(axis=0)
    scale = np.sqrt((one**2).sum(axis=0) * (other**2).sum(axis=0))
    rho: np.ndarray = np.divide(both, scale, out=np.full_like(both, np.nan), where=scale > 0)
    return rho


def _spread(combination: Combination, drawn: pd.DataFrame) -> tuple[float, float]:
    """5th and 95th percentile of rho over the columns of ``drawn``; NaN where none has a rho."""
    values = drawn.reindex(combination.scores.index).to_numpy(float)
    scores = np.broadcast_to(combination.scores.to_numpy(float)[:, None], values.shape)
    known = ~(np.isnan(scores) | np.isnan(values))
    rho = _rho(*(_centred_ranks(np.where(known, side, np.nan)) for side in (scores, values)))
    rho = rho[~np.isnan(rho)]
    if not len(rho):
        return math.nan, math.nan
    low, high = np.percentile(rho, (5, 95))
    return float(low), float(high)


def findings(
    combinations: Sequence[Combination], values: pd.DataFrame, drawn: pd.DataFrame
) -> Findings:
    """Test what the claim names, and apart from it everything else that can be measured.

    Parameters
    ----------
    combinations
        As ``score_combinations`` returns them.
    values
        Indicators on ``center_id``, as from ``indicators.computed``; a cost changes its sign. What
        the claim names and they lack, having no such zone, is unknown.
    drawn
        The same on ``center_id`` and ``draw``; without rows there is no spread.
    """
    signs: dict[Ranking, int] = {
        column: 1 if INDICATORS[column[0]].more_is_closer else -1
        for column in tables.headings(values)
    }
    unknown = {column: pd.Series(math.nan, values.index) for column in NAMED}  # no such zone
    signed = pd.DataFrame(
        unknown | {column: sign * values[column] for column, sign in signs.items()}
    )
    alike = _alike(signed)
    tested = [*NAMED, *(first for first in alike if first not in NAMED)]
    draws = {
        column: (signs[column] * drawn[column]).unstack("draw").loc[values.index]
        for column in (tested if len(drawn) else ())
        if column in signs
    }
    named, others = tested[: len(NAMED)], tested[len(NAMED) :]
    return Findings(
        associations(combinations, signed[named], draws),
        associations(combinations, signed[others], draws),
        alike,
    )


def _alike(signed: pd.DataFrame) -> dict[Ranking, tuple[Ranking, ...]]:
    """Indicators by the first that ranks the centers alike; those of ``NAMED`` go first."""
    ranks = signed.rank()
    groups: dict[tuple[float, ...], list[Ranking]] = {}
    for column in [*NAMED, *(c for c in tables.headings(signed) if c not in NAMED)]:
        groups.setdefault(tuple(ranks[column].fillna(0)), []).append(column)
    return {first: tuple(others) for first, *others in groups.values()}


def verdict(named: pd.DataFrame) -> Verdict:
    """What the tests that the claim names say about it, as one code.

    Parameters
    ----------
    named
        ``Findings.named``.

    Returns
    -------
    str
        A test speaks for the claim where rho > 0, ``p_holm`` < ``ALPHA`` and no part of its spread
        over the positions is at 0 or below; against it likewise. One of the two is enough, as
        Holm's correction allows: zones on opposite sides can hardly both be near to the same
        centers. ``supported`` or ``contradicted`` when under every combination of scores some
        test says so and none the opposite, ``not_computable`` when no test has a rho, ``mixed``
        when some test speaks and ``not_shown`` when none does.
    """
    tested = named.dropna(subset="rho")
    if tested.empty:
        return "not_computable"
    unlikely = tested["p_holm"] < ALPHA
    for_it = unlikely & (tested["rho"] > 0) & ~(tested["rho_low"] <= 0)
    against = unlikely & (tested["rho"] < 0) & ~(tested["rho_high"] >= 0)
    spoken = pd.DataFrame({"for": for_it, "against": against})
    said = spoken.groupby(tested["combination"]).any()
    if (said["for"] & ~said["against"]).all():
        return "supported"
    if (said["against"] & ~said["for"]).all():
        return "contradicted"
    return "mixed" if said.any(axis=None) else "not_shown"


@cache
def power(n: int, *, together: int = len(NAMED), numbers: int = 500_000, seed: int = SEED) -> Power:
    """What a test of ``n`` pairs can find, with p corrected for ``together`` tests.

    Parameters
    ----------
    n
        Pairs, all different.
    together
        Tests made together: the smallest p must be below ``ALPHA`` / ``together``.
    numbers, seed
        Random numbers that make as many orders, and then as many samples, as they suffice for.

    Returns
    -------
    Power
        ``critical``: least abs(rho) of a sample whose p counts, from random orders as in
        ``association``. ``detectable``: the rank correlation of a bivariate normal population
        whose samples reach it in a share of ``POWER``. NaN where nothing can be found.
    """
    if n < FEWEST_PAIRS:
        return Power(math.nan, math.nan)
    samples = max(1, numbers // n)
    in_order = np.arange(n) - (n - 1) / 2
    scale = in_order @ in_order
    by_chance = np.sort(np.abs(in_order[_orders(n, samples, seed)] @ in_order)) / scale
    seen, first = np.unique(by_chance, return_index=True)
    sampled = int(not _all_fit(n, samples))  # p as in association
    p_values = (len(by_chance) - first + sampled) / (len(by_chance) + sampled)
    enough = seen[p_values < ALPHA / together]
    if not len(enough):
        return Power(math.nan, math.nan)
    critical = float(enough[0])
    one, noise = np.random.default_rng(seed).normal(size=(2, samples, n))
    ranks = _ranks(one) - (n - 1) / 2

    def found(r: float) -> float:
        other = _ranks(r * one + math.sqrt(1 - r * r) * noise)
        return float(np.mean((ranks * other).sum(axis=1) / scale >= critical))

    r = float(scipy.optimize.bisect(lambda r: found(r) - POWER, 0, 1, xtol=1e-3))
    return Power(critical, 6 / math.pi * math.asin(r / 2))


def _ranks(values: np.ndarray) -> np.ndarray:
    """Ranks from 0 along each row, of values that all differ."""
    return values.argsort(axis=1).argsort(axis=1)


def lower_half(
    combinations: Sequence[Combination],
    instrument: Instrument,
    schemes: Sequence[str] = (),
) -> pd.DataFrame:
    """How many centers are in the lower categories, by scheme and combination of scores.

    Parameters
    ----------
    combinations
        As ``score_combinations`` returns them.
    instrument
        The categories, of which ``Instrument.lower`` are the lower ones, and their printed ranges.
    schemes
        Names of classification schemes; without any, all but ``custom`` that can be had.

    Returns
    -------
    pandas.DataFrame
        One row per scheme and combination: ``scheme``, ``combination`` (1 is the first); the
        centers ``inside`` (only in the lower categories), ``perhaps`` (in lower and in upper
        ones), ``outside`` (only in upper ones) and ``none`` (in no category); ``n``, their sum:
        centers with a score, or with a printed category under ``as_published``; ``share``,
        inside / n; ``low`` and ``high``, its 95 % Clopper-Pearson interval; NaN when n is 0.
        ``majority`` is ``yes`` when inside > n / 2, ``no`` when inside + perhaps ≤ n / 2, else
        ``unclear``, as also when no center is in any category.

    Notes
    -----
    The interval would hold if the centers were a random sample of all centers. They are not: the
    source chose them, and says nothing of how.

    References
    ----------
    Clopper and Pearson (1934), The use of confidence or fiducial limits illustrated in the case
    of the binomial, Biometrika 26(4), 404-413.
    """
    rows = [
        {"scheme": scheme, "combination": number, **_majority(combination, instrument, scheme)}
        for scheme in schemes or [s for s in scoring.available(instrument) if s != "custom"]
        for number, combination in enumerate(combinations, 1)
    ]
    return pd.DataFrame(rows, columns=list(MAJORITY_COLUMNS))


def _majority(combination: Combination, instrument: Instrument, scheme: str) -> dict[str, object]:
    """The columns of ``lower_half`` from ``inside`` on; those of no center stay missing."""
    scores, categories = combination.scores, combination.categories
    member = scoring.membership(scores, categories, instrument, Scheme(scheme))
    member = member[categories.notna() if scheme == "as_published" else scores.notna()]
    lower = member[list(instrument.lower)].any(axis=1)
    upper = member.drop(columns=list(instrument.lower)).any(axis=1)
    n, inside, perhaps = len(member), int((lower & ~upper).sum()), int((lower & upper).sum())
    none = int((~lower & ~upper).sum())
    counts = {
        "inside": inside,
        "perhaps": perhaps,
        "outside": int((~lower & upper).sum()),
        "none": none,
        "n": n,
    }
    if not n:
        return {**counts, "majority": "unclear"}
    interval = scipy.stats.binomtest(inside, n).proportion_ci(0.95, method="exact")
    if inside > n / 2:
        majority = "yes"
    else:
        majority = "no" if inside + perhaps <= n / 2 and none < n else "unclear"
    proportion = {"share": inside / n, "low": interval.low, "high": interval.high}
    return {**counts, **proportion, "majority": majority}


def statistics(claims: pd.DataFrame) -> list[Recomputed]:
    """Recompute printed statistics from other printed ones, by ``PRODUCTS``.

    Parameters
    ----------
    claims
        Indexed by ``claim_id``; those of kind ``statistic`` have ``quantity`` (code) and ``value``
        or ``low`` and ``high``; ``value_printed``, where there is such a column, tells how many
        digits the source prints. Figures count at their face value, also those that the source
        rounds. Of several claims of one quantity the first counts.

    Returns
    -------
    list of Recomputed
        In the order of ``PRODUCTS``, without those of which a figure is missing or whose printed
        figure is 0.
    """
    told = claims[claims["kind"] == "statistic"]
    told = told[told["value"].notna() | (told["low"].notna() & told["high"].notna())]
    first = {row["quantity"]: str(claim) for claim, row in told[::-1].iterrows()}
    return [found for product in PRODUCTS if (found := _recomputed(product, told, first))]


def _recomputed(
    product: Product, told: pd.DataFrame, first: Mapping[str, str]
) -> Recomputed | None:
    used = tuple(first.get(q) for q in (product.compared, product.rate, *product.counts))
    ids = tuple(claim for claim in used if claim is not None)
    if len(ids) < len(used):
        return None
    compared, rate = tables.row(told, ids[0]), tables.row(told, ids[1])
    printed, count = (
        float(compared["value"]),
        float(told.loc[list(ids[2:]), "value"].sum(skipna=False)),
    )
    if not (math.isfinite(count) and printed > 0):
        return None
    ends = ("value", "value") if pd.notna(rate["value"]) else ("low", "high")
    low, high = (float(rate[end]) * count / product.per for end in ends)
    last = _last_digit(compared.get("value_printed"), printed)
    agrees = _to(low, last) <= printed <= _to(high, last)
    return Recomputed(product, ids, printed, low, high, agrees)


def _last_digit(printed: object, value: float) -> Decimal:
    """Unit of the last digit that a source prints: 0.01 of 3.03, 1,000 of 397,000."""
    text = printed.replace(",", ".") if isinstance(printed, str) else f"{value:.10g}"
    figure = Decimal(text)
    whole = "." not in text
    return Decimal(1).scaleb(int((figure.normalize() if whole else figure).as_tuple().exponent))


def _to(value: float, last: Decimal) -> float:
    return float((Decimal(str(value)) / last).quantize(Decimal(1), ROUND_HALF_UP) * last)
