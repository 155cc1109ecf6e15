"""What a planner narrows the centers down to, and which condition to relax when nothing is left."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

ANY_ZONE = "any"
CONFLICTING = "conflicting"
"""What ``turned`` is told for centers about which the source contradicts itself."""


@dataclass(frozen=True)
class Filters:
    """Conditions on the centers; empty, None and "" set no condition.

    Parameters
    ----------
    categories, commodities, districts
        Codes, any of which a center may have.
    score
        Lowest and highest score; a center without a score does not pass.
    zone, within_km
        Straight-line distance to this ``zone_id``, or to the nearest zone with ``any``.
    conflicting
        Whether only centers pass about which the source contradicts itself.
    text
        Words that must all occur in name, commodity, place or district, in any case.
    """

    categories: tuple[str, ...] = ()
    commodities: tuple[str, ...] = ()
    districts: tuple[str, ...] = ()
    score: tuple[float, float] | None = None
    zone: str = ANY_ZONE
    within_km: float | None = None
    conflicting: bool = False
    text: str = ""


def conditions(
    centers: pd.DataFrame, distances: pd.DataFrame, words: pd.Series, filters: Filters
) -> pd.DataFrame:
    """Which centers meet each condition that is set.

    Parameters
    ----------
    centers
        ``category``, ``commodity``, ``district``, ``score``, ``conflicting``; indexed by
        ``center_id``.
    distances
        km, one column per ``zone_id``, on the same index.
    words
        Everything that the text search looks at, in lower case, on the same index.
    filters
        The conditions; a zone that does not exist passes no center.

    Returns
    -------
    pandas.DataFrame
        Boolean, one column per condition set, named as the field of ``Filters``.
    """
    met = pd.DataFrame(index=centers.index)
    if filters.categories:
        met["categories"] = centers["category"].isin(filters.categories)
    if filters.commodities:
        met["commodities"] = centers["commodity"].isin(filters.commodities)
    if filters.districts:
        met["districts"] = centers["district"].isin(filters.districts)
    if filters.score is not None:
        met["score"] = centers["score"].between(*filters.score)
    if filters.within_km is not None:
        met["within_km"] = distance_to(distances, filters.zone) <= filters.within_km
    if filters.conflicting:
        met["conflicting"] = centers["conflicting"].astype(bool)
    for part in filters.text.lower().split():
        met["text"] = met.get("text", True) & words.str.contains(part, regex=False)
    return met


def turned(filters: Filters, code: str) -> Filters:
    """The same filters with a category, or with ``CONFLICTING``, let in or out."""
    if code == CONFLICTING:
        return replace(filters, conflicting=not filters.conflicting)
    return replace(filters, categories=flipped(filters.categories, code))


def flipped(codes: tuple[str, ...], code: str) -> tuple[str, ...]:
    """Codes without one of them, or with one more."""
    rest = tuple(other for other in codes if other != code)
    return rest if code in codes else (*rest, code)


def distance_to(distances: pd.DataFrame, zone: str) -> pd.Series:
    """Distance in km to one zone, or to the nearest with ``any``; NaN to an unknown zone."""
    if zone == ANY_ZONE:
        return distances.min(axis=1)
    return distances.get(zone, pd.Series(np.nan, index=distances.index))


def kept_without(met: pd.DataFrame) -> pd.Series:
    """Number of centers that would remain if one condition were dropped, most first."""
    counts = {name: int(met.drop(columns=name).all(axis=1).sum()) for name in met.columns}
    return pd.Series(counts, dtype=int).sort_values(ascending=False, kind="stable")


def showing(filters: Filters, met: pd.Series) -> Filters:
    """The same filters without those that hide a center; ``met`` is its row of ``conditions``."""
    for condition in met.index[~met.astype(bool)]:
        filters = without(filters, condition)
    return filters


def without(filters: Filters, condition: str) -> Filters:
    """The same filters with one condition at its default."""
    return replace(filters, **{condition: getattr(Filters(), condition)})
