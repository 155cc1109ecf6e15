"""What the reader looks at, as one value that a URL carries: language, scheme, filters, choice."""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final
from urllib.parse import quote, unquote

import numpy as np

from ikmgeo.filters import ANY_ZONE, Filters
from ikmgeo.scoring import Scheme
from ikmgeo.vocabulary import SCHEMES

LANGUAGES: Final = ("id", "en")
SELECTABLE: Final = ("center", "district", "zone")
SECTIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "linkage": ("centers", "zone", "what_if", "tests", "roads"),
    "sources": ("claims", "sources", "own"),
}
"""Parts of each page that has some; the first is the one that opens."""

LONGEST = 2_000
"""Characters of a URL parameter that are read; no list of codes and no search is longer."""


@dataclass(frozen=True)
class Known:
    """Codes that exist in the data at hand; a URL may name nothing else."""

    categories: frozenset[str] = frozenset()
    commodities: frozenset[str] = frozenset()
    districts: frozenset[str] = frozenset()
    zones: frozenset[str] = frozenset()
    centers: frozenset[str] = frozenset()


@dataclass(frozen=True)
class View:
    """Everything that a link reopens."""

    language: str = "id"
    scheme: Scheme = field(default_factory=Scheme)
    filters: Filters = field(default_factory=Filters)
    selection: tuple[str, str] | None = None
    places: bool = False
    section: str = ""


def to_params(view: View) -> dict[str, str]:
    """URL parameters of a view; what stands at its default is left out, but never the language."""
    filters, default = view.filters, View()
    params = {
        "lang": view.language,
        "scheme": view.scheme.name if view.scheme.name != default.scheme.name else "",
        "cuts": _joined(view.scheme.cuts) if view.scheme.name == "custom" else "",
        "category": _codes(filters.categories),
        "commodity": _codes(filters.commodities),
        "in": _codes(filters.districts),
        "score": _joined(filters.score) if filters.score else "",
        "from": filters.zone if filters.zone != ANY_ZONE else "",
        "km": _joined([filters.within_km]) if filters.within_km is not None else "",
        "q": filters.text,
        "places": "1" if view.places else "",
        "section": view.section,
    }
    if view.selection:
        params[view.selection[0]] = view.selection[1]
    return {name: value for name, value in params.items() if value}


def from_params(params: Mapping[str, str], known: Known) -> tuple[View, tuple[str, ...]]:
    """View of a URL, and the names of the parameters that could not be followed.

    Anything may stand in a URL: what is unknown, malformed or too long is left at its default.
    """
    ignored: list[str] = []

    def read(name: str, parse: Callable[[str], Any], default: Any) -> Any:
        if not params.get(name):
            return default
        try:
            return parse(params[name][:LONGEST])
        except ValueError:
            ignored.append(name)
            return default

    def codes(among: Iterable[str]) -> Callable[[str], tuple[str, ...]]:
        return lambda value: tuple(
            dict.fromkeys(_one_of(among, unquote(part)) for part in value.split(",") if part)
        )

    default = View()
    name = read("scheme", partial(_one_of, SCHEMES), default.scheme.name)
    selection = None
    for kind, among in zip(SELECTABLE, (known.centers, known.districts, known.zones), strict=True):
        chosen = read(kind, partial(_one_of, among), None)
        selection = selection or (chosen and (kind, chosen))
    view = View(
        language=read("lang", partial(_one_of, LANGUAGES), default.language),
        scheme=Scheme(name, read("cuts", _cuts, default.scheme.cuts)),
        filters=Filters(
            categories=read("category", codes(known.categories), ()),
            commodities=read("commodity", codes(known.commodities), ()),
            districts=read("in", codes(known.districts), ()),
            score=read("score", _score_range, None),
            zone=read("from", partial(_one_of, {*known.zones, ANY_ZONE}), ANY_ZONE),
            within_km=read("km", _positive, None),
            text=read("q", str, ""),
        ),
        selection=selection,
        places=read("places", lambda v: _one_of(("1",), v) == "1", False),
        section=read("section", partial(_one_of, sum(SECTIONS.values(), ())), default.section),
    )
    unknown = set(params) - {"lang", "scheme", "cuts", "category", "commodity", "in", "score"}
    ignored += sorted(unknown - {"from", "km", "q", "places", "section", *SELECTABLE})
    return view, tuple(ignored)


def _codes(codes: Iterable[str]) -> str:
    """Codes with commas between; a comma within one, in a reader's own commodity, is quoted."""
    return ",".join(quote(code, safe=" ") for code in codes)


def _joined(numbers: Iterable[float]) -> str:
    return "-".join(np.format_float_positional(number, trim="-") for number in numbers)


def _one_of(among: Iterable[str], value: str) -> str:
    if value not in among:
        raise ValueError(value)
    return value


def _numbers(value: str, count: int) -> tuple[float, ...]:
    numbers = tuple(float(part) for part in value.split("-"))
    if len(numbers) != count or not all(math.isfinite(n) and 0 <= n <= 100 for n in numbers):
        raise ValueError(value)
    return numbers


def _cuts(value: str) -> tuple[float, float, float]:
    low, middle, high = _numbers(value, 3)
    if not low < middle < high:
        raise ValueError(value)
    return low, middle, high


def _score_range(value: str) -> tuple[float, float]:
    low, high = _numbers(value, 2)
    if low > high:
        raise ValueError(value)
    return low, high


def _positive(value: str) -> float:
    number = float(value)
    if not (math.isfinite(number) and 0.001 <= number <= 1_000):
        raise ValueError(value)
    return number
