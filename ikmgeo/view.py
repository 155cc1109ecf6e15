"""What the reader looks at, as one value that a URL carries: language, scheme, filters, choice."""

import math
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final
from urllib.parse import quote, unquote

import numpy as np

from ikmgeo.filters import ANY_ZONE, Filters
from ikmgeo.instrument import Instrument, ascend
from ikmgeo.measures import composite, linkage
from ikmgeo.measures.composite import Composition, Weights
from ikmgeo.measures.district_measures import BREAKS, CLASSES, MEASURES, MOST_COMPARED, Shading
from ikmgeo.measures.indicators import INDICATORS
from ikmgeo.measures.linkage import Parameters
from ikmgeo.measures.scenario import NEW, from_link, to_link
from ikmgeo.measures.scoring import Scheme, available, unprinted
from ikmgeo.register.candidates import Like
from ikmgeo.register.chosen import Chosen
from ikmgeo.register.nearness import LEAST_UNITS, REACH_KM, Nearness
from ikmgeo.register.specialisation import BASIS, LEVELS, Question
from ikmgeo.symbols import WORDS
from ikmgeo.vocabulary import (
    FRAMEWORKS,
    IN_FORCE,
    LANGUAGES,
    LIST_ID,
    NAME_LENGTH,
    REGULATIONS,
    SHIPPED,
    ZONE_CLASSES,
)

SELECTABLE: Final = ("center", "district", "zone")
SECTIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "linkage": ("centers", "zone", "what_if", "tests", "roads"),
    "scoring": ("schemes", "weights", "certainty", "next", "assess", "frameworks"),
    "register": ("units", "specialisation", "files"),
    "workshop": ("story", "take", "groups"),
    "sources": ("claims", "sources", "own", "base"),
    "help": ("guide", "method", "prepare", "office", "glossary"),
}
"""Parts of each page that has some; the first is the one that opens."""

WITHOUT_MAP: Final = ("tests", "roads")
"""Sections that draw no map, of the pages that do."""

SHOWN_FOR: Final = ("", "centers", "what_if")
"""Sections whose map is of one column of an indicator."""

BY_NUMBER: Final = "units"
UNIT_COLOURS: Final = (BY_NUMBER, "product")
LIKE: Final[tuple[Like, ...]] = ("commodity", "kbli")

CANDIDATE: Final = r"(\d{10}|near-[0-9a-f]{10}):.{1,200}"
"""Id of a center found in the register, by village or by nearness."""

ON_MAP: Final = "map"
STAGES: Final = (ON_MAP, "linkage", "districts")
"""Pages whose map a scene of a talk can show."""

LONGEST = 2_000
"""Characters of a URL parameter that are read; no list of codes and no search is longer."""


MOST_LISTS: Final = 20
"""Lists of centers that are shown together."""

MOST_THRESHOLDS = 5
STEEPEST = 5.0
"""Largest exponent of the Huff share that is of any use."""


@dataclass(frozen=True)
class Known:
    """Codes that exist in the data at hand; a URL may name nothing else."""

    instrument: Instrument = field(default_factory=Instrument)
    commodities: frozenset[str] = frozenset()
    districts: frozenset[str] = frozenset()
    zones: frozenset[str] = frozenset()
    centers: frozenset[str] = frozenset()
    definitions: frozenset[str] = frozenset()

    @property
    def categories(self) -> frozenset[str]:
        """What a center can be under a scheme."""
        return frozenset((*self.instrument.categories, *WORDS))


Position = tuple[float, float, float] | None
"""Latitude, longitude and zoom of a map."""


@dataclass(frozen=True)
class View:
    """Everything that a link reopens."""

    language: str = "id"
    lists: tuple[str, ...] = (SHIPPED,)
    """Ids of the lists of centers that are shown together."""

    scheme: Scheme = field(default_factory=Scheme)
    filters: Filters = field(default_factory=Filters)
    selection: tuple[str, str] | None = None
    places: bool = False
    orientation: bool = True
    """Whether the map shows main roads, railways, rivers and towns."""

    section: str = ""
    link: Parameters = field(default_factory=Parameters)
    indicator: str = "cost"
    composition: Composition = field(default_factory=Composition)
    catchment: str = ""
    rings: bool = True
    flows: bool = True
    shading: Shading = field(default_factory=Shading)
    compared: tuple[str, ...] = ()
    stage: str = ON_MAP
    position: Position = None
    """Where the map opens; None shows all centers."""

    workshop: str = ""
    """Name of the workshop whose groups are compared; empty for today's."""

    framework: str = ""
    """Framework whose form is open; empty for the first."""

    regulation: str = IN_FORCE
    """Regulation by which firms have a size."""

    plan: str = ""
    """The scenario in use, as from ``scenario.to_link``; empty for none."""

    units: Chosen = field(default_factory=Chosen)
    """Units of the register that its map shows."""

    definition: str = ""
    """Definition by which centers are sought in the register; empty for the first."""

    like: Like = LIKE[0]
    """What makes products alike there, of ``LIKE``."""

    nearness: Nearness | None = None
    """How near units must be where centers are sought by nearness; None where by village."""

    candidate: str = ""
    """The center found in the register that is looked at."""

    question: Question = field(default_factory=Question)
    """What districts or subdistricts are specialised in."""

    colours: str = BY_NUMBER
    """What their colours tell, of ``UNIT_COLOURS``."""

    column: str = ""
    """Column of the indicator that the map of linkage shows; empty for the one that tells most, or
    that a scenario changes most."""

    def chosen(self, kind: str) -> str | None:
        """Id or code of what is selected, when it is of a kind: center, district or zone."""
        return self.selection[1] if self.selection and self.selection[0] == kind else None


def to_params(view: View) -> dict[str, str]:
    """URL parameters of a view; what stands at its default is left out, but never the language."""
    filters, default = view.filters, View()
    params = {
        "lang": view.language,
        "lists": _unless(",".join(view.lists), ",".join(default.lists)),
        "scheme": view.scheme.name if view.scheme.name != default.scheme.name else "",
        "cuts": _joined(view.scheme.cuts) if view.scheme.name == "custom" else "",
        "category": _codes(filters.categories),
        "commodity": _codes(filters.commodities),
        "in": _codes(filters.districts),
        "score": _joined(filters.score) if filters.score else "",
        "from": filters.zone if filters.zone != ANY_ZONE else "",
        "km": _joined([filters.within_km]) if filters.within_km is not None else "",
        "conflict": "1" if filters.conflicting else "",
        "q": filters.text,
        "places": "1" if view.places else "",
        "orientation": "" if view.orientation else "0",
        "section": view.section,
        "indicator": _unless(view.indicator, default.indicator),
        "by": _unless(view.link.measure, default.link.measure),
        "half": _unless(_joined([view.link.half_distance]), _joined([default.link.half_distance])),
        "within": _unless(_joined(view.link.within), _joined(default.link.within)),
        "weight": _unless(view.link.attraction, default.link.attraction),
        "alpha": _unless(_joined([view.link.alpha]), _joined([default.link.alpha])),
        "decay": _unless(_joined([view.link.decay]), _joined([default.link.decay])),
        "scores": _unless(view.composition.source, default.composition.source),
        "weights": _unless(_weights(view.composition), _weights(default.composition)),
        "mean": _unless(view.composition.aggregation, default.composition.aggregation),
        "linked": _unless(view.composition.linkage, default.composition.linkage),
        "catchment": view.catchment,
        "rings": "" if view.rings else "0",
        "flows": "" if view.flows else "0",
        "measure": _unless(view.shading.measure, default.shading.measure),
        "breaks": _unless(view.shading.breaks, default.shading.breaks),
        "classes": _unless(str(view.shading.classes), str(default.shading.classes)),
        "compare": _codes(view.compared),
        "stage": _unless(view.stage, default.stage),
        "at": ",".join(f"{part:g}" for part in view.position or ()),
        "workshop": view.workshop if view.section == "groups" else "",
        "framework": view.framework,
        "sizes": _unless(view.regulation, default.regulation),
        "plan": view.plan if view.section == "what_if" else "",
        "column": view.column if view.section in SHOWN_FOR else "",
        **_unit_params(view),
        "definition": view.definition,
        "like": _unless(view.like, default.like),
        **_near(view.nearness),
        "candidate": view.candidate,
        "colours": _unless(view.colours, default.colours),
    }
    if view.selection:
        params[view.selection[0]] = view.selection[1]
    return {name: value for name, value in params.items() if value}


def _unit_params(view: View) -> dict[str, str]:
    """Units of the register, and what is asked of them."""
    asked, default = view.question, View().question
    return {
        "unit_commodity": _codes(view.units.commodities),
        "unit_in": _codes(view.units.districts),
        "kbli": view.units.kbli,
        "workers": _whole(view.units.workers),
        "since": _whole(view.units.since),
        "until": _whole(view.units.until),
        "unit_q": view.units.text,
        "product": asked.commodity,
        "level": _unless(asked.level, default.level),
        "counted": _unless(asked.measure, default.measure),
    }


def opening(language: str, known: Known) -> View:
    """What the screen shows to whoever opens the app in a language and chooses nothing."""
    return from_params({"lang": language}, known)[0]


def from_params(params: Mapping[str, str], known: Known) -> tuple[View, tuple[str, ...]]:
    """View of a URL, and the names of the parameters that could not be followed.

    Anything may stand in a URL: what is unknown, malformed or too long is left at its default.
    """
    asked, instrument = _Asked(params), known.instrument
    read, default = asked.read, View()
    composition = _composition(read, instrument.aspects)
    name = read("scheme", partial(_one_of, available(instrument)), default.scheme.name)
    if composition.source != composite.PUBLISHED and name == default.scheme.name:
        name = unprinted(instrument)  # printed categories say nothing about assessed scores
    selection = None
    for kind, among in zip(SELECTABLE, (known.centers, known.districts, known.zones), strict=True):
        chosen = read(kind, partial(_one_of, among), None)
        selection = selection or (chosen and (kind, chosen))
    view = View(
        language=read("lang", partial(_one_of, LANGUAGES), default.language),
        lists=read("lists", _lists, default.lists),
        scheme=Scheme(name, read("cuts", partial(_cuts, len(instrument.cuts)), ())),
        filters=_filters(read, known),
        selection=selection,
        places=read("places", lambda v: _one_of(("1",), v) == "1", False),
        orientation=read("orientation", lambda v: _one_of(("0",), v) != "0", True),
        section=read("section", partial(_one_of, sum(SECTIONS.values(), ())), default.section),
        link=_link(read, default.link),
        indicator=read("indicator", partial(_one_of, INDICATORS), default.indicator),
        composition=composition,
        catchment=read("catchment", partial(_one_of, known.zones), ""),
        rings=read("rings", lambda v: _one_of(("0",), v) != "0", True),
        flows=read("flows", lambda v: _one_of(("0", "1"), v) != "0", True),
        shading=Shading(
            read("measure", partial(_one_of, MEASURES), default.shading.measure),
            read("breaks", partial(_one_of, BREAKS), default.shading.breaks),
            read("classes", _class_count, default.shading.classes),
        ),
        compared=read(
            "compare", lambda v: _at_most(MOST_COMPARED, _listed(known.districts, v)), ()
        ),
        stage=read("stage", partial(_one_of, STAGES), default.stage),
        position=read("at", _position, None),
        workshop=read("workshop", _name, ""),
        framework=read("framework", partial(_one_of, {"swot", *FRAMEWORKS}), ""),
        regulation=read("sizes", partial(_one_of, REGULATIONS), default.regulation),
        plan=read("plan", partial(_plan, known), ""),
        column=read("column", partial(_column, known), ""),
        units=_units(read, known),
        definition=read("definition", partial(_one_of, known.definitions), ""),
        like=read("like", partial(_one_of, LIKE), default.like),
        nearness=_nearness(read),
        candidate=read("candidate", partial(_matching, CANDIDATE), ""),
        question=Question(
            read("product", str, ""),
            read("level", partial(_one_of, LEVELS), default.question.level),
            read("counted", partial(_one_of, BASIS), default.question.measure),
        ),
        colours=read("colours", partial(_one_of, UNIT_COLOURS), default.colours),
    )
    return view, (*asked.ignored, *sorted(set(params) - asked.names))


def lists_of(params: Mapping[str, str]) -> tuple[str, ...]:
    """The lists that a URL names: which they are must be known before its codes can be."""
    lists: tuple[str, ...] = _Asked(params).read("lists", _lists, View().lists)
    return lists


Read = Callable[[str, Callable[[str], Any], Any], Any]
"""A parameter by name and way of reading it, or a default."""


class _Asked:
    """Parameters that are asked for, and those that cannot be followed."""

    def __init__(self, params: Mapping[str, str]) -> None:
        self.params = params
        self.names: set[str] = set()
        self.ignored: list[str] = []

    def read(self, name: str, parse: Callable[[str], Any], default: Any) -> Any:
        self.names.add(name)
        if not self.params.get(name):
            return default
        try:
            return parse(self.params[name][:LONGEST])
        except ValueError:
            self.ignored.append(name)
            return default


def _link(read: Read, default: Parameters) -> Parameters:
    return Parameters(
        measure=read("by", partial(_one_of, linkage.MEASURES), default.measure),
        half_distance=read("half", _positive, default.half_distance),
        within=read("within", _thresholds, default.within),
        attraction=read("weight", partial(_one_of, linkage.ATTRACTIONS), default.attraction),
        alpha=read("alpha", _exponent, default.alpha),
        decay=read("decay", _exponent, default.decay),
    )


def _composition(read: Read, aspects: Collection[str]) -> Composition:
    default = Composition(weights=Weights.equal(aspects))
    return Composition(
        source=read("scores", partial(_one_of, composite.SOURCES), default.source),
        weights=read("weights", partial(_parse_weights, aspects), default.weights),
        aggregation=read("mean", partial(_one_of, composite.AGGREGATIONS), default.aggregation),
        linkage=read("linked", partial(_one_of, composite.LINKAGE_CHOICES), default.linkage),
    )


def _filters(read: Read, known: Known) -> Filters:
    return Filters(
        categories=read("category", partial(_listed, known.categories), ()),
        commodities=read("commodity", partial(_listed, known.commodities), ()),
        districts=read("in", partial(_listed, known.districts), ()),
        score=read("score", _score_range, None),
        zone=read("from", partial(_one_of, {*known.zones, ANY_ZONE}), ANY_ZONE),
        within_km=read("km", _positive, None),
        conflicting=read("conflict", lambda v: _one_of(("1",), v) == "1", False),
        text=read("q", str, ""),
    )


def _units(read: Read, known: Known) -> Chosen:
    return Chosen(
        commodities=read("unit_commodity", _some, ()),
        districts=read("unit_in", partial(_listed, known.districts), ()),
        kbli=read("kbli", partial(_matching, r"\d{1,5}"), ""),
        workers=read("workers", _count, None),
        since=read("since", _count, None),
        until=read("until", _count, None),
        text=read("unit_q", str, ""),
    )


def _near(nearness: Nearness | None) -> dict[str, str]:
    if nearness is None:
        return {}
    return {"reach": _joined([nearness.reach_km]), "least": str(nearness.least)}


def _nearness(read: Read) -> Nearness | None:
    """That of a URL with a reach; without one, centers are sought by village."""
    reach: float | None = read("reach", partial(_between, *REACH_KM), None)
    least: int = read("least", lambda v: _count(f"{_between(*LEAST_UNITS, v):g}"), Nearness.least)
    return None if reach is None else Nearness(reach, least)


def _some(value: str) -> tuple[str, ...]:
    """Texts with commas between, each once: a register has commodities that no data name."""
    return tuple(dict.fromkeys(unquote(v) for v in value.split(",") if v))


def _matching(pattern: str, value: str) -> str:
    if not re.fullmatch(pattern, value, re.ASCII):
        raise ValueError(value)
    return value


def _count(value: str) -> int:
    return int(_matching(r"\d{1,6}", value))


def _whole(number: int | None) -> str:
    return "" if number is None else str(number)


def _listed(among: Iterable[str], value: str) -> tuple[str, ...]:
    """Codes with commas between, each once."""
    return tuple(dict.fromkeys(_one_of(among, unquote(v)) for v in value.split(",") if v))


def _lists(value: str) -> tuple[str, ...]:
    """Ids of lists with commas between; whether there are such lists, the store knows."""
    ids = tuple(dict.fromkeys(value.split(",")))
    if not all(one == SHIPPED or re.fullmatch(LIST_ID, one) for one in ids):
        raise ValueError(value)
    return _at_most(MOST_LISTS, ids)


def _codes(codes: Iterable[str]) -> str:
    """Codes with commas between; a comma within one, in a reader's own commodity, is quoted."""
    return ",".join(quote(code, safe=" ") for code in codes)


def _weights(composition: Composition) -> str:
    """Weights in steps of 0.01; nothing for equal ones, which no such step hits."""
    if composition.weights == Weights.equal(composition.weights):
        return ""
    return _joined(composition.weights.array())


def _unless(value: str, default: str) -> str:
    """A value, or nothing where it is the default."""
    return "" if value == default else value


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


def _cuts(count: int, value: str) -> tuple[float, ...]:
    cuts = _numbers(value, count)
    if not ascend(cuts):
        raise ValueError(value)
    return cuts


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


def _between(low: float, high: float, value: str) -> float:
    number = float(value)
    if not low <= number <= high:
        raise ValueError(value)
    return number


def _position(value: str) -> tuple[float, float, float]:
    lat, lon, zoom = (float(part) for part in value.split(","))
    if not (-90 <= lat <= 90 and -180 <= lon <= 180 and 1 <= zoom <= 20):
        raise ValueError(value)
    return lat, lon, zoom


def _name(value: str) -> str:
    name = " ".join(value.split())
    if len(name) > NAME_LENGTH or not name.isprintable():
        raise ValueError(value)
    return name


def _plan(known: Known, value: str) -> str:
    plan = from_link(value)
    for zone_id, change in plan.changes.items():
        if not zone_id.startswith(NEW):
            _one_of(known.zones, zone_id)
        for commodity in change.commodities or ():
            _one_of(known.commodities, commodity)
    return to_link(plan)


def _column(known: Known, value: str) -> str:
    """A column of an indicator: a zone, a group of zones or a threshold."""
    new = re.fullmatch(f"{NEW}[1-9][0-9]{{0,5}}", value)
    if new or value in {"all", *ZONE_CLASSES, *known.zones}:
        return value
    return f"{_positive(value):g}"


def _class_count(value: str) -> int:
    return int(_one_of(map(str, CLASSES), value))


def _at_most(count: int, codes: tuple[str, ...]) -> tuple[str, ...]:
    if len(codes) > count:
        raise ValueError(codes)
    return codes


def _thresholds(value: str) -> tuple[float, ...]:
    limits = tuple(_positive(part) for part in value.split("-"))
    if len(limits) > MOST_THRESHOLDS or list(limits) != sorted(set(limits)):
        raise ValueError(value)
    return limits


def _exponent(value: str) -> float:
    number = float(value)
    if not 0 <= number <= STEEPEST:
        raise ValueError(value)
    return number


def _parse_weights(aspects: Collection[str], value: str) -> Weights:
    return Weights(dict(zip(aspects, _numbers(value, len(aspects)), strict=True)))
