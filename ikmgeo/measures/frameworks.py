"""Frameworks of the sources as rating forms: what was rated, what is weak, what is missing.

Items are rated from 0 to 4 by anchors in words (``frameworks.csv``). What nobody rated is unknown:
it is never 0, and no answer here rests on a guess about it.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, pairwise
from numbers import Real
from typing import Any, Final, Literal

import pandas as pd

from ikmgeo.instrument import Instrument
from ikmgeo.measures.composite import WEAK_BELOW
from ikmgeo.vocabulary import FRAMEWORKS

HIGHEST: Final = 4
WEAK: Final = 1
"""Highest rating that counts as weak."""

STRONG: Final = 3
"""Lowest rating that counts as strong, and at which an obstacle no longer stands."""

FINAL_CONSUMER: Final = "final_consumer"
NODES: Final = (
    *("producer", "processing", "distributor", "intermediary", "large_buyer", "retail"),
    FINAL_CONSUMER,
)
"""The value chain from raw material to consumer."""

CORE: Final = "core_industry"
AROUND: Final = (
    "supplier",
    "supporting_industry",
    "related_industry",
    "buyer",
    "supporting_institution",
)
"""Actors of a cluster besides its core industry."""

OBSTACLES: Final = (
    *("financing", "market_access", "raw_materials", "business_partnership", "product_standards"),
    *("product_development", "entrepreneurship", "production_capacity", "export_reach"),
)
"""What can stand between a small firm and a medium one."""

KNOWN_OBSTACLES: Final = 5
"""With fewer of the nine rated, less than half is known and a share of them would mislead."""

SIGNS: Final[Mapping[str, str]] = {
    "knowledge_sharing": "drivers",
    "rivalry": "diamond",
    "conflict_of_interest": "interaction",
    "micro_partnership": "interaction",
}
"""Items by which a cluster differs from firms that only share a place, and their frameworks."""

LINKED: Final = 2
"""Lowest rating of a link that works: regular dealings, not chance ones."""

FIRST_SIZES: Final = ("micro", "small", "micro_or_small")
"""Sizes from which there is a step to grow; the medium and the large have made it."""

BUILDING_STAGES: Final = ("initiation", "planning", "implementation")
"""Stages of building a cluster; the items that rate them begin with ``stage_``."""

SWOT: Final = ("strengths", "weaknesses", "opportunities", "threats")

NEAR_KM: Final = 50
FAR_KM: Final = 100
"""Straight-line distances at which a zone is within reach, and beyond which none is."""

ZONES_NAMED: Final = 3

INTERNAL: Final = ("strengths", "weaknesses")
EXTERNAL: Final = ("opportunities", "threats")
SEEDED: Final[Mapping[str, Mapping[str, tuple[str, str]]]] = {
    "diamond": {
        **dict.fromkeys(
            (
                *("factor_resources", "factor_people", "factor_infrastructure"),
                *("factor_administration", "factor_innovation"),
            ),
            INTERNAL,
        ),
        **dict.fromkeys(
            (
                *("factor_geography", "demand", "supporting_industries", "rivalry"),
                *("government", "chance"),
            ),
            EXTERNAL,
        ),
    },
    "capabilities": dict.fromkeys(
        ("technical_skill", "business_model", "technology_innovation", "marketing"), INTERNAL
    ),
    "drivers": dict.fromkeys(("innovation", "trust", "knowledge_sharing"), INTERNAL),
    "interaction": {
        **dict.fromkeys(("center_institution", "micro_partnership"), INTERNAL),
        "conflict_of_interest": ("strengths", "threats"),
    },
    "challenges": dict.fromkeys(
        ("programme_overlap", "technology_transfer", "energy_costs", "import_pressure"), EXTERNAL
    ),
}
"""Where a strong and where a weak rating belongs in SWOT; other items start no entry."""

SINGLE_BUYER: Final = 1
"""Rating of the actor ``buyer`` that means one buyer who sets the terms."""

MOST_TEXTS: Final = 20
TEXT_LENGTH: Final = 180
MOST_ITEMS: Final = 30
"""Bounds of what is recorded: filled to the brim it fits in an assessment."""

ITEM_ID: Final = re.compile(r"[a-z][a-z0-9_]{0,49}")
MOST_RUPIAH: Final = 10**15
MOST_WORKERS: Final = 10**6

State = Literal["present", "missing", "broken", "unknown"]
Verdict = Literal["agglomeration", "between", "cluster", "unknown"]
BuildingStage = Literal["initiation", "planning", "implementation", "running", "unknown"]
SeedCode = Literal["aspect_strong", "aspect_weak", "item", "zone_fits", "zone_far"]


@dataclass(frozen=True)
class Ratings:
    """What was recorded about one center, or about one commodity.

    Parameters
    ----------
    items
        0 to 4 by framework and ``item_id``; None where it was asked and nobody knew. An item that
        is not there is unknown as well.
    swot
        Texts of each list of ``SWOT``, as a planner wrote them: any text, to be escaped when shown.
    investment
        Rupiah, without land and buildings, of a typical firm; None where unknown.
    workers
        Of a typical firm; None where unknown.

    Raises
    ------
    ValueError
        When anything is unknown here, out of range, too long or too many.
    """

    items: Mapping[str, Mapping[str, int | None]] = field(default_factory=dict)
    swot: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    investment: float | None = None
    workers: int | None = None

    def __post_init__(self) -> None:
        """Refuse what could not be saved or rated."""
        _named(self.items, FRAMEWORKS, "framework")
        _named(self.swot, SWOT, "list")
        for framework, items in self.items.items():
            _few(items, MOST_ITEMS, framework)
            for item, rating in items.items():
                _check_rating(item, rating)
        for name, texts in self.swot.items():
            _few(texts, MOST_TEXTS, name)
            for text in texts:
                _check_text(name, text)
        _check_amount("investment", self.investment, MOST_RUPIAH)
        _check_amount("workers", self.workers, MOST_WORKERS)

    def rating(self, framework: str, item: str) -> int | None:
        """Rating of one item; None where it is unknown."""
        return self.items.get(framework, {}).get(item)

    def rated(self, framework: str, item: str, rating: int | None) -> "Ratings":
        """The same record with one item rated, or known to be unknown."""
        items = {**self.items.get(framework, {}), item: rating}
        return replace(self, items={**self.items, framework: items})

    def noted(self, name: str, texts: Sequence[str]) -> "Ratings":
        """The same record with one list of SWOT: texts stripped, blank ones left out."""
        kept = tuple(text.strip() for text in texts if text.strip())
        return replace(self, swot={**self.swot, name: kept})

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON that ``from_dict`` reads."""
        return {
            "items": {framework: dict(items) for framework, items in self.items.items()},
            "swot": {name: list(texts) for name, texts in self.swot.items()},
            "investment": self.investment,
            "workers": self.workers,
        }

    @classmethod
    def from_dict(cls, read: Mapping[str, Any]) -> "Ratings":
        """Read what ``to_dict`` wrote; an empty mapping is a record of nothing.

        Raises
        ------
        ValueError
            When it is not that.
        """
        try:
            _named(read, ("items", "swot", "investment", "workers"), "part")
            items = {name: {**rated} for name, rated in read.get("items", {}).items()}
            lists = read.get("swot", {}).items()
            if not all(isinstance(texts, list) for _, texts in lists):
                raise ValueError("swot has no lists; expected a list of texts each")
            swot = {name: tuple(texts) for name, texts in lists}
            return cls(items, swot, read.get("investment"), read.get("workers"))
        except (TypeError, AttributeError) as error:
            raise ValueError("ratings are not of the form that to_dict writes") from error


@dataclass(frozen=True)
class Seed:
    """Why SWOT begins with an entry, as a code and what its sentence names.

    Parameters
    ----------
    code
        ``aspect_strong`` and ``aspect_weak`` (``aspect``, ``score``), ``item`` (``framework``,
        ``item``, ``rating``: the anchor says it), ``zone_fits`` and ``zone_far`` (``zone``,
        ``km``, straight line).
    parameters
        Codes and numbers, none of them a text to show.
    """

    code: SeedCode
    parameters: Mapping[str, str | float]


@dataclass(frozen=True)
class Interaction:
    """Whether a center is a cluster or only shares a place.

    Parameters
    ----------
    verdict
        See ``cluster_or_agglomeration``.
    weak, unknown
        Those of ``SIGNS`` that are rated weak, and that nobody rated.
    """

    verdict: Verdict
    weak: tuple[str, ...]
    unknown: tuple[str, ...]


@dataclass(frozen=True)
class Graduation:
    """How ready firms are for the next size class.

    Parameters
    ----------
    size
        As from ``size_class``.
    next_size
        The class that more investment leads to; None for the medium and the large, who have made
        the step.
    more_than_rupiah
        Investment at which the next class begins, less what there is; None without a next class.
    standing, cleared, unknown
        The nine ``OBSTACLES``: rated below ``STRONG`` (lowest first), rated from it, not rated.
    readiness
        Share of the rated obstacles that are cleared, 0 to 1; None while fewer than
        ``KNOWN_OBSTACLES`` are rated.
    """

    size: str
    next_size: str | None
    more_than_rupiah: float | None
    standing: tuple[str, ...]
    cleared: tuple[str, ...]
    unknown: tuple[str, ...]
    readiness: float | None


def of_items(ratings: Ratings, frameworks: pd.DataFrame) -> pd.Series:
    """Rating (float, NaN where unknown) of each item of the table, on its index ``item_id``."""
    found = [
        ratings.rating(framework, item)
        for item, framework in zip(frameworks.index, frameworks["framework"], strict=True)
    ]
    return pd.Series(found, index=frameworks.index, dtype="float64", name="rating")


def of_parts(ratings: Ratings, frameworks: pd.DataFrame) -> pd.Series:
    """Mean of the known ratings of each part, on ``framework`` and ``part`` in the table's order.

    A part is one item, or several that together say one thing, as the factor conditions of the
    diamond do; NaN where none of them is known.
    """
    keys = [frameworks["framework"], frameworks["part"]]
    return of_items(ratings, frameworks).groupby(keys, sort=False).mean()


def summary(ratings: Ratings, frameworks: pd.DataFrame) -> pd.DataFrame:
    """What is known of each framework.

    Parameters
    ----------
    ratings
        What was recorded; items that the table does not have do not count.
    frameworks
        ``framework`` and ``part`` by ``item_id``, as from ``validate.check_frameworks``.

    Returns
    -------
    pandas.DataFrame
        By ``framework`` in the table's order: ``rated`` and ``unknown`` (numbers of items),
        ``mean`` (of the known parts, 0 to 4; NaN when none is known) and ``weakest`` (tuple of the
        items with the lowest rating; empty when that is strong or nothing is known).
    """
    items, parts = of_items(ratings, frameworks), of_parts(ratings, frameworks)
    rows = {}
    for framework, own in items.groupby(frameworks["framework"], sort=False):
        lowest = own.min()
        rows[framework] = {
            "rated": int(own.notna().sum()),
            "unknown": int(own.isna().sum()),
            "mean": parts[framework].mean(),
            "weakest": tuple(own.index[own == lowest]) if lowest < STRONG else (),
        }
    columns = ["rated", "unknown", "mean", "weakest"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("framework")


def value_chain_gaps(ratings: Ratings) -> pd.DataFrame:
    """Who of the value chain is there, who is missing, and which links between neighbours hold.

    Returns
    -------
    pandas.DataFrame
        By ``item_id`` along the chain, a link between the two it joins: ``kind`` (``node`` or
        ``link``), ``start`` and ``end`` (the nodes a link joins; missing for a node), ``rating``
        (float, NaN where unknown) and ``state``. A node is ``missing`` at 0 and ``present`` above;
        a link is ``present`` from ``LINKED``, ``broken`` below it or where a node at its ends is
        missing; both are ``unknown`` where nobody rated what decides it.
    """
    joined = [(f"{a}_to_{b}", a, b) for a, b in pairwise(NODES)]
    order = [*chain.from_iterable(zip(NODES, (link for link, _, _ in joined), strict=False))]
    rating = {item: ratings.rating("value_chain", item) for item in (*order, FINAL_CONSUMER)}
    return _gaps(rating, {link: (start, end) for link, start, end in joined})


def actor_gaps(ratings: Ratings) -> pd.DataFrame:
    """Which actors the cluster has and which are tied to its core industry.

    One rating says both: 0 is missing, ``WEAK`` is there without dealings, from ``LINKED`` it deals
    with the core. The table is as from ``value_chain_gaps``; links are named
    ``core_industry_to_{actor}`` and have the rating of their actor.
    """
    nodes = {actor: ratings.rating("actors", actor) for actor in (CORE, *AROUND)}
    links = {f"{CORE}_to_{actor}": (CORE, actor) for actor in AROUND}
    return _gaps({**nodes, **{link: nodes[end] for link, (_, end) in links.items()}}, links)


def _gaps(rating: Mapping[str, int | None], links: Mapping[str, tuple[str, str]]) -> pd.DataFrame:
    rows = {}
    for item, rated in rating.items():
        start, end = links.get(item, (None, None))
        without = [rating[node] for node in (start, end) if node is not None]
        state = _link_state(rated, without) if item in links else _node_state(rated)
        kind = "link" if item in links else "node"
        rows[item] = (kind, start, end, math.nan if rated is None else float(rated), state)
    columns = ["kind", "start", "end", "rating", "state"]
    table = pd.DataFrame.from_dict(rows, orient="index", columns=columns)
    return table.rename_axis("item_id")


def _node_state(rating: int | None) -> State:
    if rating is None:
        return "unknown"
    return "present" if rating else "missing"


def _link_state(rating: int | None, ends: Sequence[int | None]) -> State:
    if 0 in ends or (rating is not None and rating < LINKED):
        return "broken"
    return "unknown" if rating is None else "present"


def cluster_or_agglomeration(ratings: Ratings) -> Interaction:
    """Whether the firms are a cluster or, the warning sign, a mere agglomeration.

    The rule, after the signs that the Bangalore study names (a shared place without transfer of
    knowledge and with unhealthy rivalry):

    - ``agglomeration``: knowledge sharing is weak, and so is rivalry or the handling of conflicts;
    - ``cluster``: all four ``SIGNS`` are strong;
    - ``between``: neither;
    - ``unknown``: the ratings that are missing could still decide it.
    """
    signs = {item: ratings.rating(framework, item) for item, framework in SIGNS.items()}
    # A better rating never makes a worse verdict, so the two ends bound all that is possible.
    worst, best = (
        _verdict({item: end if rating is None else rating for item, rating in signs.items()})
        for end in (0, HIGHEST)
    )
    return Interaction(
        verdict=worst if worst == best else "unknown",
        weak=tuple(item for item, rating in signs.items() if rating is not None and rating <= WEAK),
        unknown=tuple(item for item, rating in signs.items() if rating is None),
    )


def _verdict(signs: Mapping[str, int]) -> Verdict:
    unhealthy = min(signs["rivalry"], signs["conflict_of_interest"]) <= WEAK
    if signs["knowledge_sharing"] <= WEAK and unhealthy:
        return "agglomeration"
    return "cluster" if min(signs.values()) >= STRONG else "between"


def building_stage(ratings: Ratings) -> BuildingStage:
    """Stage that the building of a cluster has reached.

    The first of ``BUILDING_STAGES`` that is not rated ``STRONG``; ``running`` where all are, and
    ``unknown`` where nobody rated the one that decides.
    """
    for stage in BUILDING_STAGES:
        rating = ratings.rating("cluster_building", f"stage_{stage}")
        if rating is None:
            return "unknown"
        if rating < STRONG:
            return stage
    return "running"


def size_class(investment: float | None, workers: int | None, rules: pd.DataFrame) -> str:
    """Size of an industry by one regulation.

    Parameters
    ----------
    investment
        Rupiah, without land and buildings; None where unknown.
    workers
        None where unknown.
    rules
        Those of one regulation, as from ``validate.check_size_classes``: the first that fits tells.

    Returns
    -------
    str
        One of ``vocabulary.SIZES``; ``unknown`` where what is not known could decide it.

    Raises
    ------
    ValueError
        When one is no number from 0.
    """
    _check_amount("investment", investment, MOST_RUPIAH)
    _check_amount("workers", workers, MOST_WORKERS)
    # More of either never makes a smaller industry, so the two ends bound all that is possible.
    ends = [
        _size(end if investment is None else investment, end if workers is None else workers, rules)
        for end in (0, math.inf)
    ]
    return ends[0] if ends[0] == ends[1] else "unknown"


def _size(investment: float, workers: float, rules: pd.DataFrame) -> str:
    fits = rules[_fits(investment, workers, rules)]
    return "unknown" if fits.empty else str(fits["size"].iloc[0])


def _fits(investment: float, workers: float, rules: pd.DataFrame) -> pd.Series:
    most = rules["investment_to"].fillna(math.inf)
    below = most.gt(investment) | (rules["bound"] & most.eq(investment))
    return below & rules["workers_to"].fillna(math.inf).ge(workers)


def next_size(
    investment: float | None, workers: int | None, rules: pd.DataFrame
) -> tuple[str, float] | None:
    """Size that more investment leads to, and the rupiah at which it begins.

    None where the size is not known, or is medium or large. Parameters as in ``size_class``.
    """
    size = size_class(investment, workers, rules)
    if size not in FIRST_SIZES or investment is None:
        return None
    crew = math.inf if workers is None else workers
    begins = float(rules.loc[_fits(investment, crew, rules), "investment_to"].iloc[0])
    return _size(math.nextafter(begins, math.inf), crew, rules), begins


def graduation(ratings: Ratings, rules: pd.DataFrame) -> Graduation:
    """Which obstacles stand between the firms and the next size class.

    ``rules`` as in ``size_class``.
    """
    rated = {obstacle: ratings.rating("graduation", obstacle) for obstacle in OBSTACLES}
    known = {obstacle: rating for obstacle, rating in rated.items() if rating is not None}
    standing = sorted((o for o in known if known[o] < STRONG), key=lambda o: known[o])
    cleared = [o for o in known if known[o] >= STRONG]
    step = next_size(ratings.investment, ratings.workers, rules)
    return Graduation(
        size=size_class(ratings.investment, ratings.workers, rules),
        next_size=step[0] if step else None,
        more_than_rupiah=step[1] - (ratings.investment or 0) if step else None,
        standing=tuple(standing),
        cleared=tuple(cleared),
        unknown=tuple(o for o in OBSTACLES if o not in known),
        readiness=len(cleared) / len(known) if len(known) >= KNOWN_OBSTACLES else None,
    )


def swot_seed(
    aspects: Mapping[str, float | None],
    ratings: Ratings,
    instrument: Instrument,
    *,
    zones: pd.DataFrame | None = None,
    weak_below: float = WEAK_BELOW,
) -> dict[str, tuple[Seed, ...]]:
    """First entries of SWOT by rule; what the data do not say starts no entry.

    Parameters
    ----------
    aspects
        Scores 0 to 100 by aspect; None or NaN where not surveyed. A strong one is a strength, or
        an opportunity if it faces outward; a weak one is a weakness.
    ratings
        Strong and weak items of ``SEEDED`` go where it says; one buyer who sets the terms is a
        threat.
    instrument
        Its aspects; one is strong above the bound of the best category.
    zones
        ``distance_km`` (straight line, NaN where unknown) and ``fit`` (0 to 1, NaN where nobody
        judged) by ``zone_id``. A zone within ``NEAR_KM`` with a fit above 0 is an opportunity, the
        nearest ``ZONES_NAMED`` of them; that the nearest of all is beyond ``FAR_KM`` is a threat,
        if the distance of every zone is known.
    weak_below
        Score below which an aspect is weak.

    Returns
    -------
    dict
        Entries by list of ``SWOT``: aspects first, then zones, then items.
    """
    found: dict[str, list[Seed]] = {name: [] for name in SWOT}
    strong_above = instrument.cuts[-1] if instrument.cuts else math.inf
    for aspect, score in aspects.items():
        if score is not None and score > strong_above:
            name = "opportunities" if instrument.aspects[aspect].outward else "strengths"
            found[name].append(Seed("aspect_strong", {"aspect": aspect, "score": float(score)}))
        elif score is not None and score < weak_below:
            weak = Seed("aspect_weak", {"aspect": aspect, "score": float(score)})
            found["weaknesses"].append(weak)
    if zones is not None and not zones.empty:
        by_distance = zones.sort_values("distance_km", kind="stable")
        near = by_distance[by_distance["distance_km"].le(NEAR_KM) & by_distance["fit"].gt(0)]
        found["opportunities"] += [
            Seed("zone_fits", {"zone": str(zone), "km": float(km)})
            for zone, km in near["distance_km"].head(ZONES_NAMED).items()
        ]
        nearest = float(by_distance["distance_km"].iloc[0])
        if zones["distance_km"].notna().all() and nearest > FAR_KM:
            far = Seed("zone_far", {"zone": str(by_distance.index[0]), "km": nearest})
            found["threats"].append(far)
    for framework, items in SEEDED.items():
        for item, (when_strong, when_weak) in items.items():
            rating = ratings.rating(framework, item)
            if rating is not None and (rating <= WEAK or rating >= STRONG):
                name = when_strong if rating >= STRONG else when_weak
                found[name].append(_item_seed(framework, item, rating))
    if ratings.rating("actors", "buyer") == SINGLE_BUYER:
        found["threats"].append(_item_seed("actors", "buyer", SINGLE_BUYER))
    return {name: tuple(seeds) for name, seeds in found.items()}


def _item_seed(framework: str, item: str, rating: int) -> Seed:
    return Seed("item", {"framework": framework, "item": item, "rating": rating})


def _named(given: Mapping[str, Any], known: Sequence[str], what: str) -> None:
    unknown = [name for name in given if name not in known]
    if unknown:
        raise ValueError(f"{what} is {unknown[0]!r}; expected one of {tuple(known)}")


def _few(given: Mapping[str, Any] | Sequence[str], most: int, name: str) -> None:
    if len(given) > most:
        raise ValueError(f"{name} has {len(given)} entries; expected at most {most}")


def _check_rating(item: object, rating: Any) -> None:
    if not isinstance(item, str) or not ITEM_ID.fullmatch(item):
        raise ValueError(f"item is {item!r}; expected the item_id of frameworks.csv")
    whole = isinstance(rating, int) and not isinstance(rating, bool)
    if rating is not None and not (whole and 0 <= rating <= HIGHEST):
        raise ValueError(f"{item} is {rating!r}; expected a whole number 0 to {HIGHEST}, or None")


def _check_text(name: str, text: object) -> None:
    if not isinstance(text, str) or not text.strip() or len(text) > TEXT_LENGTH:
        raise ValueError(f"{name} has {text!r:.200}; expected 1 to {TEXT_LENGTH} characters")
    # PostgreSQL stores no NUL, and half a surrogate pair has no UTF-8.
    if "\0" in text or text.encode(errors="replace").decode() != text:
        raise ValueError(f"{name} has {text!r:.200}; expected text that can be saved")


def _check_amount(name: str, amount: Any, most: int) -> None:
    if amount is None:
        return
    number = isinstance(amount, Real) and not isinstance(amount, bool)
    if not number or not 0 <= amount <= most:
        raise ValueError(f"{name} is {amount!r}; expected a number, 0 to {most}")
