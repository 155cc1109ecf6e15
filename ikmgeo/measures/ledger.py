"""Where the claims of a source contradict each other; found in the claims, not told by hand."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from typing import Final

import pandas as pd

from ikmgeo import tables
from ikmgeo.measures.claim_tests import PRODUCTS, statistics
from ikmgeo.measures.scoring import as_printed, claim_ids


@dataclass(frozen=True)
class Contradiction:
    """One contradiction.

    Parameters
    ----------
    kind
        ``rival_scores``, ``overlapping_ranges``, ``uncovered_scores``, ``reversed_categories``,
        the code of a sum that does not come out (``SUMS``) or ``access_without_fit``.
    claims
        Ids of the claims involved.
    centers
        Centers to look at.
    figures
        Numbers that its sentence names.
    categories
        Categories involved.
    """

    kind: str
    claims: tuple[str, ...]
    centers: tuple[str, ...] = ()
    figures: Mapping[str, float] = field(default_factory=dict)
    categories: tuple[str, ...] = ()


def contradictions(
    centers: pd.DataFrame, claims: pd.DataFrame, categories: Iterable[str]
) -> list[Contradiction]:
    """Every contradiction among the figures, rival scores first and sums last.

    Parameters
    ----------
    centers
        ``score_claim`` and ``alternative_claims`` (ids), indexed by ``center_id``.
    claims
        ``kind``, ``center_id``, ``value``, ``low``, ``high``, ``category``, by ``claim_id``; with
        statistics among them also as in ``claim_tests.statistics``.
    categories
        Best first.
    """
    scores, ranges = (claims[claims["kind"] == kind] for kind in ("score", "range"))
    taken = scores.loc[[c for c in centers["score_claim"].dropna() if c in scores.index]]
    return [
        *_rival_scores(centers, scores),
        *_overlapping_ranges(ranges),
        *_uncovered_scores(scores, ranges),
        *_reversed_categories(taken, categories),
        *_sums(claims),
    ]


SUMS: Final = tuple(product.code for product in PRODUCTS)
"""Kinds of contradictions between a printed figure and what other printed figures give."""


def access_without_fit(
    centers: pd.DataFrame,
    statements: pd.DataFrame,
    zones: pd.DataFrame,
    fit: pd.DataFrame,
    linkages: Mapping[str, str],
) -> list[Contradiction]:
    """Centers with access to markets of zones, says the source, none of whose sectors fits.

    Parameters
    ----------
    centers
        ``commodity`` and ``score_claim``, indexed by ``center_id``; a reader's own, without a
        claim, is not the source's.
    statements
        ``center_id``, ``aspect`` and ``polarity``, by ``claim_id``.
    zones
        ``class`` by ``zone_id``.
    fit
        A commodity per row and a zone per column, 0 to 1; a fit that nobody knows contradicts
        nothing.
    linkages
        Class of the zones that an aspect is about: ``Instrument.linkages``.
    """
    found: list[Contradiction] = []
    claimed = centers[centers["score_claim"].notna()]
    said = statements[statements["polarity"].eq("strength") & statements["aspect"].isin(linkages)]
    for center, row in claimed.iterrows():
        own = said[said["center_id"] == center]
        claims = [
            str(claim)
            for claim, aspect in own["aspect"].items()
            if _no_tie(fit, row["commodity"], zones.index[zones["class"] == linkages[aspect]])
        ]
        if claims:
            found.append(Contradiction("access_without_fit", tuple(claims), (str(center),)))
    return found


def _no_tie(fit: pd.DataFrame, commodity: object, zones: pd.Index) -> bool:
    return (
        commodity in fit.index
        and len(zones) > 0
        and bool(tables.row(fit, commodity)[zones].eq(0).all())
    )


def _rival_scores(centers: pd.DataFrame, claims: pd.DataFrame) -> list[Contradiction]:
    found = []
    for center, row in centers[["score_claim", "alternative_claims"]].dropna().iterrows():
        for rival in claim_ids(row["alternative_claims"]):
            if {rival, row["score_claim"]} <= set(claims.index):
                pair = claims.loc[[row["score_claim"], rival]]
                figures = dict(zip(("used", "rival"), pair["value"], strict=True))
                both = tuple(pair["category"])
                found.append(
                    Contradiction("rival_scores", tuple(pair.index), (str(center),), figures, both)
                )
    return found


def _overlapping_ranges(ranges: pd.DataFrame) -> list[Contradiction]:
    found = []
    printed = ranges[["category", "low", "high"]].itertuples(name=None)
    for (one, first, low, high), (other, second, low2, high2) in combinations(printed, 2):
        if low <= high2 and low2 <= high:
            figures = {"low": low, "high": high, "low2": low2, "high2": high2}
            both = (first, second)
            found.append(Contradiction("overlapping_ranges", (one, other), (), figures, both))
    return found


def _sums(claims: pd.DataFrame) -> list[Contradiction]:
    """Printed figures that other printed figures do not give."""
    return [
        Contradiction(
            item.product.code,
            item.claims,
            figures={"low": item.low, "high": item.high, "printed": item.printed}
            | dict(zip(("times_low", "times_high"), item.times, strict=True)),
        )
        for item in (statistics(claims) if claims["kind"].eq("statistic").any() else ())
        if not item.agrees
    ]


def _uncovered_scores(scores: pd.DataFrame, ranges: pd.DataFrame) -> list[Contradiction]:
    """Scores that no printed range holds, at the two decimals of the ranges, as one item."""
    printed = as_printed(scores["value"])
    covered = pd.Series(False, index=scores.index)
    for low, high in zip(ranges["low"], ranges["high"], strict=True):
        covered |= printed.between(low, high)
    outside = scores[~covered]
    if outside.empty or ranges.empty:
        return []
    figures = {"low": float(outside["value"].min()), "high": float(outside["value"].max())}
    centers = tuple(dict.fromkeys(outside["center_id"]))
    return [Contradiction("uncovered_scores", tuple(outside.index), centers, figures)]


def _reversed_categories(taken: pd.DataFrame, categories: Iterable[str]) -> list[Contradiction]:
    """A category whose lowest score is above every score of a better category."""
    found = []
    for better, worse in combinations(categories, 2):
        high, low = (taken[taken["category"] == c] for c in (better, worse))
        if len(high) and len(low) and low["value"].min() > high["value"].max():
            figures = {"lowest": low["value"].min(), "highest": high["value"].max()}
            pair = pd.concat([low, high])
            ids, centers = tuple(pair.index), tuple(pair["center_id"])
            found.append(
                Contradiction("reversed_categories", ids, centers, figures, (better, worse))
            )
    return found
