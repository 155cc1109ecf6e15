"""Scores from aspects: weights that always sum to 100, and the two ways to aggregate.

Aspects are tables with one row per ``center_id`` and a column for each aspect that has a weight,
0 to 100, NaN where nobody assessed one. Missing is never imputed.
"""

import math
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

ARITHMETIC: Final = "arithmetic"
AGGREGATIONS: Final = (ARITHMETIC, "geometric")
"""Weighted mean, where a strong aspect makes up for a weak one, or weighted geometric mean."""

PUBLISHED: Final = "published"
SOURCES: Final = (PUBLISHED, "assessed")
"""Where a score comes from: the total that a source prints, or the aspects that were assessed."""

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


class Weights(Mapping[str, float]):
    """Weight of each aspect, 0 to 100; together they are 100. Nothing of it can be changed.

    Raises
    ------
    ValueError
        When a weight is not a number from 0 or the sum is not 100; of no aspects there is none.
    """

    def __init__(self, by_aspect: Mapping[str, float]) -> None:
        """Refuse weights that are not shares of 100."""
        weights = tuple(by_aspect.values())
        if not all(0 <= weight < math.inf for weight in weights):
            raise ValueError(f"weights are {weights!r}; expected numbers from 0")
        if weights and abs(math.fsum(weights) - 100) > SUM_TOLERANCE:
            raise ValueError(f"weights are {weights!r}; expected a sum of 100")
        self._by_aspect = dict(by_aspect)

    def __getitem__(self, aspect: str) -> float:
        return self._by_aspect[aspect]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_aspect)

    def __len__(self) -> int:
        return len(self._by_aspect)

    def __hash__(self) -> int:
        return hash(frozenset(self._by_aspect.items()))

    def __repr__(self) -> str:
        return f"Weights({self._by_aspect!r})"

    @classmethod
    def equal(cls, aspects: Collection[str]) -> "Weights":
        """The same for each aspect, exactly: of six, 16.67 would favour some over others."""
        return cls.normalised(dict.fromkeys(aspects, 1.0)) if aspects else cls({})

    @classmethod
    def normalised(cls, shares: Mapping[str, float]) -> "Weights":
        """Weights in proportion to any shares from 0, one for each aspect.

        Raises
        ------
        ValueError
            When a share is not a number from 0 or all are 0.
        """
        values = {aspect: float(share) for aspect, share in shares.items()}
        if not all(0 <= value < math.inf for value in values.values()):
            raise ValueError(f"shares are {values!r}; expected numbers from 0")
        largest = max(values.values())  # dividing by it first keeps the sum finite
        if largest == 0:
            raise ValueError("all shares are 0; expected at least one above 0")
        total = math.fsum(value / largest for value in values.values())
        return cls({aspect: value / largest / total * 100 for aspect, value in values.items()})

    def rebalanced(self, changed: str, value: float) -> "Weights":
        """Weights after one slider was moved: the others share the rest in proportion.

        All come in steps of 0.01 and sum to exactly 100 in that unit; steps left over by rounding
        go to the largest remainders, of equal ones to the first aspect. When the others are all 0
        they have no proportion and share the rest equally.

        Raises
        ------
        ValueError
            When ``value`` is not in 0 to 100.
        """
        if not 0 <= value <= 100:
            raise ValueError(f"{changed} is {value!r}; expected 0 to 100")
        shares = {aspect: w for aspect, w in self.items() if aspect != changed}
        total = math.fsum(shares.values())
        if total == 0:
            shares = dict.fromkeys(shares, 1.0)
        given = round(value * 100)
        steps = whole_parts(shares, HUNDREDTHS - given) | {changed: given}
        return Weights({aspect: steps[aspect] / 100 for aspect in self})

    def rounded(self) -> dict[str, float]:
        """Weight by aspect in steps of 0.01 that sum to exactly 100 in that unit, to show."""
        steps = whole_parts(self, HUNDREDTHS)
        return {aspect: step / 100 for aspect, step in steps.items()}

    def array(self) -> Floats:
        """The weights in their order."""
        return np.array([*self.values()], dtype=float)


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
        As in ``score``; the weights of what the data rate, as ``view.opening`` gives them.
    linkage
        One of ``LINKAGE_CHOICES``.
    """

    source: str = PUBLISHED
    weights: Weights = field(default_factory=lambda: Weights({}))
    aggregation: str = ARITHMETIC
    linkage: str = SURVEYED


def score(aspects: pd.DataFrame, weights: Weights, *, aggregation: str = ARITHMETIC) -> pd.Series:
    """Score of each center from its aspects, 0 to 100.

    Parameters
    ----------
    aspects
        0 to 100 per center and aspect; an aspect of weight 0 does not count, even when missing.
    weights
        Weights of the aspects that make up the score.
    aggregation
        ``arithmetic``, Σ w·x / 100, or ``geometric``, Π x^(w / 100).

    Returns
    -------
    pandas.Series
        Rounded to 9 decimals; NaN where an aspect that counts is missing or none counts. Under the
        geometric aggregation 0 in an aspect that counts makes the score 0.

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
    if not weights:
        return pd.Series(np.nan, index=aspects.index, name="score")
    combined = combine(values(aspects, weights), weights.array()[None], aggregation)[0]
    return pd.Series(combined, index=aspects.index, name="score")


def values(aspects: pd.DataFrame, weights: Weights) -> Floats:
    """Center × aspect in the order of the weights, checked to be 0 to 100 or NaN."""
    found: Floats = aspects[list(weights)].to_numpy(float)
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
    """Aspects of which those about zones are surveyed, measured, or the mean of both.

    Parameters
    ----------
    aspects
        As surveyed.
    measured
        The aspects that are about zones, as from ``analysis.linkage_aspects``.
    choice
        One of ``LINKAGE_CHOICES``. The mean is missing where either of the two is.

    Raises
    ------
    ValueError
        When the choice is unknown.
    """
    if choice not in LINKAGE_CHOICES:
        raise ValueError(f"choice is {choice!r}; expected one of {LINKAGE_CHOICES}")
    both = [aspect for aspect in measured.columns if aspect in aspects]
    index = measured[both].reindex(aspects.index).astype(float)
    linkage = {
        "surveyed": aspects[both],
        "measured": index,
        "mean": (aspects[both] + index) / 2,
    }[choice]
    return aspects.assign(**{aspect: linkage[aspect] for aspect in both})


def highest(measured: pd.DataFrame, aspects: Iterable[str], *, choice: str) -> pd.DataFrame:
    """Highest value of each aspect where a center stands, 100 unless it is measured.

    Nobody moves a center: a measured linkage stays, and of the mean only the surveyed half can
    grow. Arguments as of ``with_linkage``; a column for each on the index of ``measured``.
    """
    most = pd.DataFrame(100.0, measured.index, list(aspects))
    return with_linkage(most, measured, choice=choice).fillna(100.0)
