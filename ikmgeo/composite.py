"""Scores from aspects: weights that always sum to 100, and the two ways to aggregate.

Aspects are tables with one row per ``center_id`` and the columns of ``vocabulary.ASPECTS``,
0 to 100 each, NaN where nobody assessed one. Missing is never imputed.
"""

import math
from collections.abc import Mapping
from dataclasses import astuple, dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ikmgeo.vocabulary import ASPECTS

ARITHMETIC: Final = "arithmetic"
AGGREGATIONS: Final = (ARITHMETIC, "geometric")
"""Weighted mean, where a strong aspect makes up for a weak one, or weighted geometric mean."""

PUBLISHED: Final = "published"
SOURCES: Final = (PUBLISHED, "assessed")
"""Where a score comes from: the total that a source prints, or the aspects that were assessed."""

LINKAGE_ASPECTS: Final = ("sez_linkage", "ie_linkage")

SURVEYED: Final = "surveyed"
LINKAGE_CHOICES: Final = (SURVEYED, "measured", "mean")
"""Where the linkage aspects come from: the assessment, the proximity index, or both halfway."""

DECIMALS: Final = 9
"""Scores are rounded to so many decimals: else 38.00 from two orders of summing is not a tie."""

WEAK_BELOW: Final = 50.0
"""Score below which an aspect is weak: half of the scale."""

SUM_TOLERANCE: Final = 1e-10
HUNDREDTHS: Final = 10_000
"""100 in the unit of the sliders, 0.01."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Weights:
    """Weight of each aspect, 0 to 100; together they are 100.

    Raises
    ------
    ValueError
        When a weight is not a number from 0 or the sum is not 100.
    """

    institutional: float
    production: float
    market: float
    sustainability: float
    sez_linkage: float
    ie_linkage: float

    def __post_init__(self) -> None:
        """Refuse weights that are not shares of 100."""
        weights = astuple(self)
        if not all(0 <= weight < math.inf for weight in weights):
            raise ValueError(f"weights are {weights!r}; expected numbers from 0")
        if abs(math.fsum(weights) - 100) > SUM_TOLERANCE:
            raise ValueError(f"weights are {weights!r}; expected a sum of 100")

    @classmethod
    def equal(cls) -> "Weights":
        """A sixth of 100 for each aspect, exactly: 16.67 would favour some over others."""
        return cls.normalised(dict.fromkeys(ASPECTS, 1.0))

    @classmethod
    def normalised(cls, shares: Mapping[str, float]) -> "Weights":
        """Weights in proportion to any shares from 0, one for each aspect.

        Raises
        ------
        ValueError
            When a share is not a number from 0 or all are 0.
        """
        values = {aspect: float(shares[aspect]) for aspect in ASPECTS}
        if not all(0 <= value < math.inf for value in values.values()):
            raise ValueError(f"shares are {values!r}; expected numbers from 0")
        largest = max(values.values())  # dividing by it first keeps the sum finite
        if largest == 0:
            raise ValueError("all shares are 0; expected at least one above 0")
        total = math.fsum(value / largest for value in values.values())
        return cls(**{aspect: value / largest / total * 100 for aspect, value in values.items()})

    def rebalanced(self, changed: str, value: float) -> "Weights":
        """Weights after one slider was moved: the other five share the rest in proportion.

        All six come in steps of 0.01 and sum to exactly 100 in that unit; steps left over by
        rounding go to the largest remainders, of equal ones to the first aspect. When the other
        five are all 0 they have no proportion and share the rest equally.

        Raises
        ------
        ValueError
            When ``value`` is not in 0 to 100.
        """
        if not 0 <= value <= 100:
            raise ValueError(f"{changed} is {value!r}; expected 0 to 100")
        shares = {aspect: w for aspect, w in self.by_aspect().items() if aspect != changed}
        total = math.fsum(shares.values())
        if total == 0:
            shares = dict.fromkeys(shares, 1.0)
        given = round(value * 100)
        steps = whole_parts(shares, HUNDREDTHS - given) | {changed: given}
        return Weights(**{aspect: step / 100 for aspect, step in steps.items()})

    def rounded(self) -> dict[str, float]:
        """Weight by aspect in steps of 0.01 that sum to exactly 100 in that unit, to show."""
        steps = whole_parts(self.by_aspect(), HUNDREDTHS)
        return {aspect: step / 100 for aspect, step in steps.items()}

    def by_aspect(self) -> dict[str, float]:
        """Weight by aspect, in the order of ``vocabulary.ASPECTS``."""
        return dict(zip(ASPECTS, astuple(self), strict=True))

    def array(self) -> Floats:
        """The six weights in the order of ``vocabulary.ASPECTS``."""
        return np.array(astuple(self), dtype=float)


def whole_parts(shares: Mapping[str, float], whole: int) -> dict[str, int]:
    """Whole numbers in proportion to the shares that add up to the whole.

    What rounding down leaves goes to the largest remainders, of equal ones to the first.
    """
    total = math.fsum(shares.values())
    exact = {name: whole * share / total for name, share in shares.items()}
    steps = {name: math.floor(part) for name, part in exact.items()}
    left = whole - sum(steps.values())
    for name in sorted(exact, key=lambda n: steps[n] - exact[n])[:left]:
        steps[name] += 1
    return steps


@dataclass(frozen=True)
class Composition:
    """How scores come about: as printed, or from assessed aspects and these choices.

    Parameters
    ----------
    source
        One of ``SOURCES``.
    weights, aggregation
        As in ``score``.
    linkage
        One of ``LINKAGE_CHOICES``.
    """

    source: str = PUBLISHED
    weights: Weights = field(default_factory=Weights.equal)
    aggregation: str = ARITHMETIC
    linkage: str = SURVEYED


def score(aspects: pd.DataFrame, weights: Weights, *, aggregation: str = ARITHMETIC) -> pd.Series:
    """Score of each center from its aspects, 0 to 100.

    Parameters
    ----------
    aspects
        0 to 100 per center and aspect; an aspect of weight 0 does not count, even when missing.
    weights
        Weights of the six aspects.
    aggregation
        ``arithmetic``, Σ w·x / 100, or ``geometric``, Π x^(w / 100).

    Returns
    -------
    pandas.Series
        Rounded to 9 decimals; NaN where an aspect that counts is missing. Under the geometric
        aggregation 0 in an aspect that counts makes the score 0.

    Raises
    ------
    ValueError
        When the aggregation is unknown or an aspect is not in 0 to 100.

    Notes
    -----
    S = Σ w·x / 100; S = Π x^(w / 100)

    References
    ----------
    OECD and JRC (2008), Handbook on Constructing Composite Indicators, step 6.
    """
    combined = combine(values(aspects), weights.array()[None], aggregation)[0]
    return pd.Series(combined, index=aspects.index, name="score")


def values(aspects: pd.DataFrame) -> Floats:
    """Center × aspect in the order of ``vocabulary.ASPECTS``, checked to be 0 to 100 or NaN."""
    found: Floats = aspects[list(ASPECTS)].to_numpy(float)
    beyond = found[(found < 0) | (found > 100)]
    if beyond.size:
        raise ValueError(f"aspects hold {beyond[0]!r}; expected 0 to 100")
    return found


def combine(aspects: Floats, weights: Floats, aggregation: str) -> Floats:
    """Score under every row of weights: draw × center.

    Parameters
    ----------
    aspects
        Center × aspect, as from ``values``.
    weights
        Draw × aspect, each row summing to 100; a weight of 0 is 0 in all rows.
    aggregation
        One of ``AGGREGATIONS``.
    """
    if aggregation not in AGGREGATIONS:
        raise ValueError(f"aggregation is {aggregation!r}; expected one of {AGGREGATIONS}")
    counted = weights.any(axis=0)
    columns, shares = aspects.T[counted], weights[:, counted] / 100
    if aggregation == "geometric":
        with np.errstate(divide="ignore"):  # ln 0 is -inf, and e^-inf is 0 again
            columns = np.log(columns)
    # Term by term: a matrix product may sum equal centers in different orders and break ties.
    total = np.zeros((len(weights), len(aspects)))
    term = np.empty_like(total)
    for column, share in zip(columns, shares.T, strict=True):
        total += np.multiply(share[:, None], column, out=term)
    if aggregation == "geometric":
        np.exp(total, out=total)
    return np.round(total, DECIMALS, out=total)


def with_linkage(aspects: pd.DataFrame, measured: pd.DataFrame, *, choice: str) -> pd.DataFrame:
    """Aspects whose two linkages are surveyed, measured, or the mean of both.

    Parameters
    ----------
    aspects
        As surveyed.
    measured
        ``sez_linkage`` and ``ie_linkage``, the proximity index 0 to 100 of the nearest zone of
        each class, by ``center_id``.
    choice
        One of ``LINKAGE_CHOICES``. The mean is missing where either of the two is.

    Raises
    ------
    ValueError
        When the choice is unknown.
    """
    if choice not in LINKAGE_CHOICES:
        raise ValueError(f"choice is {choice!r}; expected one of {LINKAGE_CHOICES}")
    both = list(LINKAGE_ASPECTS)
    index = measured[both].reindex(aspects.index).astype(float)
    linkage = {
        "surveyed": aspects[both],
        "measured": index,
        "mean": (aspects[both] + index) / 2,
    }[choice]
    return aspects.assign(**{aspect: linkage[aspect] for aspect in both})


def highest(measured: pd.DataFrame, *, choice: str) -> pd.DataFrame:
    """Highest value that each aspect can have where a center stands, 100 unless it is measured.

    Nobody moves a center: a measured linkage stays, and of the mean only the surveyed half can
    grow. Arguments as of ``with_linkage``; six columns on the index of ``measured``.
    """
    most = pd.DataFrame(100.0, measured.index, list(ASPECTS))
    return with_linkage(most, measured, choice=choice).fillna(100.0)
