"""From a score to a category: five schemes, because the source gives no single consistent one.

A scheme answers with a table of membership, one True or False per center and category: under the
printed ranges a score can lie in two categories or in none, and nothing here hides that.
"""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar, cast

import numpy as np
import numpy.typing as npt
import pandas as pd

from ikmgeo.instrument import Instrument, ascend
from ikmgeo.vocabulary import SCHEMES

Scores = TypeVar("Scores", pd.Series, float)

CONTIGUOUS = "contiguous"
NATURAL_BREAKS = "natural_breaks"

NATURAL_BREAKS_SAMPLE = 300
"""Optimal breaks cost n²; larger tables are classified on this many evenly spaced quantiles."""


@dataclass(frozen=True)
class Scheme:
    """A way to classify, with the ascending cut points that ``custom`` uses.

    Without any, ``custom`` has those of ``Instrument.cuts``.
    """

    name: str = "as_published"
    cuts: tuple[float, ...] = ()


def available(instrument: Instrument) -> tuple[str, ...]:
    """Schemes that can be had: not those of printed ranges where the source prints none."""
    lacking = set() if instrument.bounds else {CONTIGUOUS}
    if instrument.ranges.empty:
        lacking.add("printed_ranges")
    return tuple(name for name in SCHEMES if name not in lacking)


def unprinted(instrument: Instrument) -> str:
    """Scheme for scores that come without a category of their source."""
    return CONTIGUOUS if instrument.bounds else NATURAL_BREAKS


def membership(
    scores: pd.Series, published: pd.Series, instrument: Instrument, scheme: Scheme
) -> pd.DataFrame:
    """Which categories each center belongs to under a scheme.

    Parameters
    ----------
    scores
        Score 0 to 100 per ``center_id``; NaN where there is none. It counts as ``as_printed``.
    published
        Category code that the source prints per center; missing where it prints none.
    instrument
        The categories and their printed ranges.
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
        inside = {c: published.eq(c).fillna(False).astype(bool) for c in instrument.categories}
        return pd.DataFrame(inside, index=scores.index)
    scores = as_printed(scores)
    if scheme.name == "printed_ranges":
        return _in_ranges(scores, instrument)
    return between(scores, cut_points(scheme, scores, instrument), instrument)


def as_printed(scores: Scores) -> Scores:
    """Scores as ranges are printed and people read them: two decimals, half up.

    Otherwise 27.5449 would be read as 27.54 and stand in the category above 27.54. What lies below
    the eighth decimal is noise of floating point and does not decide a half.
    """
    return cast(Scores, np.floor(np.round(scores * 100, 6) + 0.5) / 100)


def _in_ranges(scores: pd.Series, instrument: Instrument) -> pd.DataFrame:
    inside = pd.DataFrame(False, index=scores.index, columns=list(instrument.categories))
    ranges = instrument.ranges[["category", "low", "high"]]
    for code, low, high in ranges.itertuples(index=False, name=None):
        inside[code] |= scores.between(low, high)
    return inside


def between(scores: pd.Series, cuts: Sequence[float], instrument: Instrument) -> pd.DataFrame:
    """Membership by upper bounds, each included; in no category without one for all but the best.

    Scores count as they are.
    """
    rising = list(instrument.categories)[::-1]
    if not cuts:
        return pd.DataFrame(False, index=scores.index, columns=rising[::-1])
    level = pd.Series(np.searchsorted(cuts, scores, side="left"), index=scores.index)
    level = level.where(scores.notna(), -1)
    return pd.DataFrame({category: level.eq(at) for at, category in enumerate(rising)})[
        rising[::-1]
    ]


def natural_breaks(scores: pd.Series, classes: int) -> tuple[float, ...]:
    """Upper bounds of all but the highest of so many classes of least variance.

    Fisher's optimal partition (Jenks natural breaks), which unlike the k-means variant gives the
    same answer at every run. Empty when there are fewer different scores, as printed.
    """
    values = as_printed(scores).dropna().to_numpy(float)
    if classes < 2 or len(np.unique(values)) < classes:
        return ()
    if len(values) > NATURAL_BREAKS_SAMPLE:
        even = np.linspace(0, 1, NATURAL_BREAKS_SAMPLE)
        sample = np.quantile(values, even, method="nearest")
        if len(np.unique(sample)) < classes:  # nearly all scores are equal
            sample = np.quantile(np.unique(values), even, method="nearest")
        values = sample
    return fisher_jenks(values, classes)[:-1]


def fisher_jenks(values: npt.NDArray[np.float64], classes: int) -> tuple[float, ...]:
    """Upper bounds of the classes of least variance; so many different values there must be."""
    from mapclassify import FisherJenks  # takes a second to import and few sessions need it

    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Numba not installed")  # 300 values need no JIT
        return tuple(float(b) for b in FisherJenks(values, k=classes).bins)


def category(member: pd.DataFrame, scores: pd.Series) -> pd.Series:
    """One word per center: its category, ``several``, ``none``, or ``unscored`` without a score."""
    count = member.sum(axis=1)
    word = pd.Series("none", index=member.index, dtype=object)
    for code in member.columns:
        word[member[code]] = code
    word[count > 1] = "several"
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


def fitting(scheme: Scheme, centers: pd.DataFrame, instrument: Instrument) -> Scheme:
    """The scheme, or one that knows a category where the source of a score gives none."""
    if scheme.name == "as_published" and uncategorised(centers).any():
        return replace(scheme, name=unprinted(instrument))
    return scheme


def cut_points(scheme: Scheme, scores: pd.Series, instrument: Instrument) -> tuple[float, ...]:
    """Rising upper bounds, each included, of all categories but the best.

    Those of ``natural_breaks`` come from the scores given; there are none when fewer scores differ
    than there are categories, and of ``contiguous`` none where the source prints none.

    Raises
    ------
    ValueError
        For ``as_published`` and ``printed_ranges``, which do not cut the whole scale, and for cut
        points of ``custom`` that do not rise within 0 to 100, one fewer than there are categories.
    """
    if scheme.name == CONTIGUOUS:
        return instrument.bounds
    if scheme.name == NATURAL_BREAKS:
        return natural_breaks(scores, len(instrument.categories))
    if scheme.name != "custom":
        raise ValueError(f"scheme is {scheme.name!r}; expected one with cut points")
    cuts = scheme.cuts or instrument.cuts
    sound = all(0 <= c <= 100 for c in cuts) and ascend(cuts)
    if len(cuts) != len(instrument.cuts) or not sound:
        raise ValueError(
            f"cuts are {cuts!r}; expected {len(instrument.cuts)} rising values in 0 to 100"
        )
    return cuts
