"""Formula and source of each indicator, as the docstring of the function that computes it says.

Formulas have symbols only and sources are citations, so that they serve in every language.
"""

import inspect
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from ikmgeo.measures import composite, consensus, roads, robustness
from ikmgeo.measures.district_measures import MEASURES
from ikmgeo.measures.indicators import INDICATORS

OTHERS: Final[Mapping[str, Callable[..., Any]]] = {
    "cost_by_road": roads.RoadNetwork.routes,
    "score": composite.score,
    "rank_interval": robustness.robustness,
    "rank_shift": robustness.scenarios,
    "correlation_ratio": robustness.correlation_ratio,
    "concordance": consensus.concordance,
}
"""What is told of besides the indicators of linkage and the measures of districts."""


def functions() -> dict[str, Callable[..., Any]]:
    """What computes each indicator, measure and score."""
    of_centers = {code: indicator.function for code, indicator in INDICATORS.items()}
    return of_centers | {code: measure.function for code, measure in MEASURES.items()} | {**OTHERS}


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
    function = functions()[indicator]
    text = inspect.getdoc(function) or ""
    found = re.search(rf"^{heading}\n-+\n(.+?)(?:\n\n|\Z)", text, re.MULTILINE | re.DOTALL)
    if found is None:
        raise LookupError(f"{function.__name__} has no {heading} in its docstring")
    return " ".join(found[1].split())
