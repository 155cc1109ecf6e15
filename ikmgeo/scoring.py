"""From a score to a category: five schemes, because the source gives no single consistent one.

A scheme answers with a table of membership, one True or False per center and category: under the
printed ranges a score can lie in two categories or in none, and nothing here hides that.
"""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from ikmgeo.settings import SHIPPED_DATA
from ikmgeo.vocabulary import CATEGORIES


def printed_bounds(claims: pd.DataFrame) -> tuple[float, ...]:
    """Upper bounds of all categories but the best, rising, in the order of the text.

    A category ends where its printed range does, or else just below where the next one begins.
    """
    ranges = claims[claims["kind"] == "range"].set_index("category").loc[list(CATEGORIES[::-1])]
    below_next = ranges["low"].shift(-1) - 0.01
    return tuple(ranges["high"].clip(upper=below_next).round(2).tolist()[:-1])


PRINTED_BOUNDS = printed_bounds(pd.read_csv(SHIPPED_DATA / "claims.csv"))
"""Of the shipped claims: where under_development, potential and developing end."""

Scores = TypeVar("Scores", pd.Series, float)

CONTIGUOUS = "contiguous"
UNPRINTED = CONTIGUOUS
"""Scheme for scores that come without a category of their source."""

NATURAL_BREAKS_SAMPLE = 300
"""Optimal breaks cost n²; larger tables are classified on this many evenly spaced quantiles."""


@dataclass(frozen=True)
class Scheme:
    """A way to classify, with the three ascending cut points that ``custom`` uses."""

    name: str = "as_published"
    cuts: tuple[float, ...] = PRINTED_BOUNDS


def membership(
    scores: pd.Series, published: pd.Series, ranges: pd.DataFrame, scheme: Scheme
) -> pd.DataFrame:
    """Which categories each center belongs to under a scheme.

    Parameters
    ----------
    scores
        Score 0 to 100 per ``center_id``; NaN where there is none. It counts as ``as_printed``.
    published
        Category code that the source prints per center; missing where it prints none.
    ranges
        The source's printed ranges: ``category``, ``low``, ``high``, both bounds included.
    scheme
        Name (see ``vocabulary.SCHEMES``) and cut points.

    Returns
    -------
    pandas.DataFrame
        Boolean, one row per center and one column per category, best category first.

    Raises
    ------
    ValueError
        When the scheme is unknown or its cut points do not ascend.
    """
    if scheme.name == "as_published":
        return pd.DataFrame({c: published.eq(c).fillna(False).astype(bool) for c in CATEGORIES})
    scores = as_printed(scores)
    if scheme.name == "printed_ranges":
        return _in_ranges(scores, ranges)
    if scheme.name == CONTIGUOUS:
        return _between(scores, PRINTED_BOUNDS)
    if scheme.name == "natural_breaks":
        return _between(scores, natural_breaks(scores))
    if scheme.name == "custom":
        if not (0 <= scheme.cuts[0] < scheme.cuts[1] < scheme.cuts[2] <= 100):
            raise ValueError(f"cuts are {scheme.cuts!r}; expected three rising values in 0 to 100")
        return _between(scores, scheme.cuts)
    raise ValueError(f"scheme is {scheme.name!r}; expected one of vocabulary.SCHEMES")


def as_printed(scores: Scores) -> Scores:
    """Scores as ranges are printed and people read them: two decimals, half up.

    Otherwise 27.5449 would be read as 27.54 and stand in the category above 27.54. What lies below
    the eighth decimal is noise of floating point and does not decide a half.
    """
    rounded: Scores = np.floor(np.round(scores * 100, 6) + 0.5) / 100
    return rounded


def _in_ranges(scores: pd.Series, ranges: pd.DataFrame) -> pd.DataFrame:
    inside = {c: pd.Series(False, index=scores.index) for c in CATEGORIES}
    for row in ranges.itertuples():
        inside[row.category] |= scores.between(row.low, row.high)
    return pd.DataFrame(inside)


def _between(scores: pd.Series, cuts: Sequence[float]) -> pd.DataFrame:
    """Categories from three upper bounds, each included; no category without three bounds."""
    if len(cuts) < len(CATEGORIES) - 1:
        return pd.DataFrame(False, index=scores.index, columns=list(CATEGORIES))
    level = pd.Series(np.searchsorted(cuts, scores, side="left"), index=scores.index)
    level = level.where(scores.notna(), -1)
    return pd.DataFrame({c: level.eq(len(CATEGORIES) - 1 - i) for i, c in enumerate(CATEGORIES)})


def natural_breaks(scores: pd.Series) -> tuple[float, ...]:
    """Three upper bounds that split the scores into four classes of least variance.

    Fisher's optimal partition (Jenks natural breaks), which unlike the k-means variant gives the
    same answer at every run. Empty when there are fewer than four different scores, as printed.
    """
    values = as_printed(scores).dropna().to_numpy(float)
    if len(np.unique(values)) < len(CATEGORIES):
        return ()
    if len(values) > NATURAL_BREAKS_SAMPLE:
        even = np.linspace(0, 1, NATURAL_BREAKS_SAMPLE)
        sample = np.quantile(values, even, method="nearest")
        if len(np.unique(sample)) < len(CATEGORIES):  # nearly all scores are equal
            sample = np.quantile(np.unique(values), even, method="nearest")
        values = sample
    return fisher_jenks(values, len(CATEGORIES))[:-1]


def fisher_jenks(values: npt.NDArray[np.float64], classes: int) -> tuple[float, ...]:
    """Upper bounds of the classes of least variance; so many different values there must be."""
    from mapclassify import FisherJenks  # takes a second to import and few sessions need it

    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Numba not installed")  # 300 values need no JIT
        return tuple(float(b) for b in FisherJenks(values, k=classes).bins)


def category(member: pd.DataFrame, scores: pd.Series) -> pd.Series:
    """One word per center: its category, ``several``, ``none``, or ``unscored`` without a score."""
    count = member.sum(axis=1)
    word = member.idxmax(axis=1).astype(object)
    word[count > 1] = "several"
    word[count == 0] = "none"
    word[(count == 0) & scores.isna()] = "unscored"
    return word.rename("category")


def rank(scores: pd.Series) -> pd.Series:
    """Rank by score, 1 for the highest; equal scores share the better rank; NaN without a score."""
    return scores.rank(ascending=False, method="min").rename("rank")


def published(centers: pd.DataFrame, claims: pd.DataFrame) -> pd.DataFrame:
    """Score and category of each center, from the claims it names or else from its own columns.

    Parameters
    ----------
    centers
        ``score_total``, ``category`` and, where a source is cited, ``score_claim``,
        ``category_claim`` and ``alternative_claims`` (claim ids, ``;`` between them).
    claims
        ``value`` and ``category``, indexed by ``claim_id``.

    Returns
    -------
    pandas.DataFrame
        ``score`` (float), ``category_published`` (code or missing) and ``conflicting``: True where
        another claim about the same center contradicts.
    """
    score = centers["score_claim"].map(claims["value"]).astype(float)
    printed = centers["category_claim"].map(claims["category"]).astype(object)
    alternative = centers["alternative_claims"].map(
        lambda ids: any(i in claims.index for i in claim_ids(ids)), na_action="ignore"
    )
    return pd.DataFrame(
        {
            "score": score.fillna(centers["score_total"]).astype(float),
            "category_published": printed.where(printed.notna(), centers["category"]),
            "conflicting": alternative.eq(True),
        }
    )


def claim_ids(cell: object) -> list[str]:
    """Claim ids of a cell that lists them with ``;`` between."""
    return (
        [part.strip() for part in cell.split(";") if part.strip()] if isinstance(cell, str) else []
    )


def uncategorised(centers: pd.DataFrame) -> pd.Series:
    """Whether a center has a score and no category of its source (as from ``published``)."""
    return centers["score"].notna() & centers["category_published"].isna()


def fitting(scheme: Scheme, centers: pd.DataFrame) -> Scheme:
    """The scheme, or one that knows a category where the source of a score gives none."""
    if scheme.name == "as_published" and uncategorised(centers).any():
        return replace(scheme, name=UNPRINTED)
    return scheme


def cut_points(scheme: Scheme, scores: pd.Series) -> tuple[float, ...]:
    """Three rising upper bounds, each included, of all categories but the best.

    Those of ``natural_breaks`` come from the scores given; there are none when fewer than four
    scores differ.

    Raises
    ------
    ValueError
        For ``as_published`` and ``printed_ranges``, which do not cut the whole scale into four.
    """
    if scheme.name == CONTIGUOUS:
        return PRINTED_BOUNDS
    if scheme.name == "natural_breaks":
        return natural_breaks(scores)
    if scheme.name == "custom":
        return scheme.cuts
    raise ValueError(f"scheme is {scheme.name!r}; expected one with cut points")
