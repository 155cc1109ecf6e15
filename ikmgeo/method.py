"""Formula and source of each indicator, as the docstring of the function that computes it says."""

import inspect
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from ikmgeo import composite, consensus, district_measures, linkage, roads, robustness

FUNCTIONS: Final[Mapping[str, Callable[..., Any]]] = {
    "cost": linkage.distance_km,
    "cost_by_road": roads.RoadNetwork.routes,
    "proximity": linkage.proximity,
    "huff_share": linkage.huff_share,
    "sector_fit": linkage.sector_fit_proximity,
    "nearest": linkage.nearest,
    "proximity_index": linkage.proximity_index,
    "zones_within": linkage.zones_within,
    "gravity": linkage.gravity_potential,
    "centers": district_measures.center_count,
    "mean_score": district_measures.mean_of_centers,
    "best_category": district_measures.best_category,
    "mean_proximity": district_measures.mean_of_centers,
    "seat_km": district_measures.seat_distances_km,
    "centers_per_100k": district_measures.per_100k,
    "score": composite.score,
    "rank_interval": robustness.robustness,
    "rank_shift": robustness.scenarios,
    "correlation_ratio": robustness.correlation_ratio,
    "concordance": consensus.concordance,
}
"""By indicator: those of linkage, the measures of districts, scores and how sure they are.

Formulas have symbols only and sources are citations, so that they serve in every language.
"""


def formula(indicator: str) -> str:
    """How an indicator is computed, in one line."""
    return _section(indicator, "Notes")


def source(indicator: str) -> str:
    """Where an indicator comes from."""
    told = _section(indicator, "References")
    as_another = re.fullmatch(r"As ``(\w+)``\.", told)
    return source(as_another[1]) if as_another else told.replace("``", "")


def _section(indicator: str, heading: str) -> str:
    """Text under a heading of the docstring, its lines joined."""
    text = inspect.getdoc(FUNCTIONS[indicator]) or ""
    found = re.search(rf"^{heading}\n-+\n(.+?)(?:\n\n|\Z)", text, re.MULTILINE | re.DOTALL)
    if found is None:
        raise LookupError(f"{FUNCTIONS[indicator].__name__} has no {heading} in its docstring")
    return " ".join(found[1].split())
