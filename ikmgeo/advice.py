"""What to do next: actions that suit a center's situation, each with its reasons.

A planner's own changes to the list (pinned, dropped, reordered) are a ``Plan`` laid over it.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from operator import itemgetter
from typing import Any, Final, Literal, NamedTuple

import numpy as np
import pandas as pd

from ikmgeo import tables
from ikmgeo.analysis import Inputs, Measured
from ikmgeo.instrument import Instrument
from ikmgeo.measures.composite import WEAK_BELOW
from ikmgeo.measures.ledger import Contradiction, access_without_fit
from ikmgeo.measures.scoring import claim_ids
from ikmgeo.reading.validate import Action

FIRST_PHASE: Final = (1,)
"""What suits a center whose category nobody knows."""

EXPAND: Final = 3
"""Phase in which an action builds on what is strong."""

ZONE: Final = "{zone}"
"""Stands in an action's text for the zone that fits; an action without one is withheld."""

Basis = Literal["statement", "aspects", "category", "none"]
"""What advice rests on first: the source's words about the center itself, surveyed aspects, the
category alone, or none of them."""

ReasonCode = Literal[
    "circumstance",
    "statement",
    "statement_category",
    "aspect",
    "strength",
    "strength_category",
    "zone",
    "commodity",
    "category",
    "phase",
    "general",
    "kept",
]

MOST_IDS: Final = 1_000
ID_LENGTH: Final = 200


@dataclass(frozen=True)
class Reason:
    """Why an action was chosen.

    Parameters
    ----------
    code
        ``circumstance``: the center is in one of ``vocabulary.CIRCUMSTANCES``. ``statement``: the
        source calls the aspect weak, of this center or (``statement_category``) of its category.
        ``aspect``: it was surveyed and is weak. ``strength``, ``strength_category``: the source
        calls it strong, so there is something to build on. ``zone``: a zone fits and is near
        enough. ``commodity``: the action is about this commodity. ``category``: the action is
        meant for this category. ``phase``: the phase suits the category. ``general``: it suits any
        center to begin with. ``kept``: nothing but the planner's wish.
    what
        Code of that circumstance, aspect, zone, commodity, category or phase; empty for the last
        two.
    score
        Of a weak aspect, 0 to 100.
    claims
        Ids of the claims that a circumstance or statement rests on.
    fit, km, low_km, high_km, limit_km
        Of a zone: sector fit 0 to 1, straight-line km with its bounds, and the action's limit
        (NaN: none).
    """

    code: ReasonCode
    what: str = ""
    score: float | None = None
    claims: tuple[str, ...] = ()
    fit: float | None = None
    km: float | None = None
    low_km: float | None = None
    high_km: float | None = None
    limit_km: float | None = None


class Tie(NamedTuple):
    """A zone as one center has it: ``fit`` 0 to 1, NaN where unknown; straight-line km."""

    zone_class: str
    status: str
    name: str
    fit: float
    km: float
    low_km: float
    high_km: float


@dataclass(frozen=True)
class Situation:
    """What advice for a center depends on.

    Parameters
    ----------
    category
        Code of a category; None without one.
    aspects
        Scores 0 to 100 by aspect code; NaN or absent where nothing was surveyed, which is not weak.
    commodity
        Code; None or a missing value when it is not known.
    instrument
        Categories with the phases that suit them, and aspects with the levers that answer them.
    zones
        By ``zone_id``.
    statements
        What the source says, as rows of ``Inputs.statements``.
    own
        Whether the statements are about the center itself, not about its category.
    circumstances
        Those of ``vocabulary.CIRCUMSTANCES`` that it is in, with the claims they rest on.
    """

    category: str | None
    aspects: pd.Series
    commodity: str | None
    instrument: Instrument
    zones: Mapping[str, Tie] = field(default_factory=dict)
    statements: Sequence[Any] = ()
    own: bool = False
    circumstances: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def basis(self) -> Basis:
        """What advice rests on first."""
        if self.own and self.statements:
            return "statement"
        if self.aspects.notna().any():
            return "aspects"
        return "category" if self.category in self.instrument.categories else "none"

    def answers(self, lever: str, aspect: str) -> bool:
        """Whether a lever answers what the source says of an aspect."""
        return lever in (self.instrument.aspects[aspect].answered_by or (lever,))

    def said(self, polarity: str) -> dict[str, tuple[str, ...]]:
        """Aspects that the source calls strong or weak, with the claims, in its order."""
        found: dict[str, tuple[str, ...]] = {}
        for row in self.statements:
            if row.polarity == polarity and pd.notna(row.aspect):
                found[row.aspect] = (*found.get(row.aspect, ()), row.Index)
        return found


def situation(
    center: pd.Series, aspects: pd.Series, *, inputs: Inputs, measured: Measured
) -> Situation:
    """What advice for a center depends on.

    Parameters
    ----------
    center
        Row of ``analysis.classify``: its category is that of the score in use.
    aspects
        Its six aspects as in use, 0 to 100, NaN where nobody assessed one.
    inputs
        With the sector fit in use.
    measured
        Straight-line km to each zone, with bounds.
    """
    category = center["category"] if center["category"] in inputs.instrument.categories else None
    commodity = None if pd.isna(center["commodity"]) else str(center["commodity"])
    fit = inputs.sector_fit
    parts = (measured.distances, measured.low, measured.high)
    figures: tuple[Mapping[Any, float], ...] = (
        tables.row(fit, commodity).to_dict() if commodity in fit.index else {},
        *(tables.row(part, center.name).to_dict() for part in parts),
    )
    named = (inputs.zones[column] for column in ("class", "status", "short_name"))
    zones = {
        zone_id: Tie(*words, *(float(figure.get(zone_id, np.nan)) for figure in figures))
        for zone_id, *words in zip(inputs.zones.index, *named, strict=True)
    }
    statements, own = statements_of(center, inputs)
    found = Situation(category, aspects, commodity, inputs.instrument, zones, statements, own)
    return replace(found, circumstances=dict(_circumstances(center, found, inputs)))


def statements_of(center: pd.Series, inputs: Inputs) -> tuple[Sequence[Any], bool]:
    """What the source says of a center (True), or else of its category.

    Of a reader's own center it says nothing: it does not know it.
    """
    known = pd.notna(center["score_claim"])
    own = inputs.said_of.get(("center_id", center.name)) if known else None
    return own or inputs.said_of.get(("category", center["category"]), ()), bool(own)


def access_claimed(center: pd.Series, inputs: Inputs) -> list[Contradiction]:
    """That the source gives a center access to zones, none of whose sectors fits; mostly empty."""
    if pd.isna(center["score_claim"]):  # as of most centers in a long list
        return []
    return access_without_fit(
        center[["commodity", "score_claim"]].to_frame().T,
        inputs.statements,
        inputs.zones,
        inputs.sector_fit,
        inputs.instrument.linkages,
    )


def _circumstances(
    center: pd.Series, found: Situation, inputs: Inputs
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Circumstances of a center and the claims that each rests on."""
    if center["conflicting"]:
        printed = [center["score_claim"], *claim_ids(center["alternative_claims"])]
        printed = [claim for claim in printed if claim in inputs.claims.index]
        if inputs.claims.loc[printed, "category"].nunique() > 1:
            yield "rival_categories", tuple(printed)
    if center["position_basis"] == "placeholder":
        yield "place_unknown", ()
    elif center["position_precision"] == "district":
        yield "place_district", ()
    claimed = access_claimed(center, inputs)
    for item in claimed:
        yield "access_claimed", item.claims
    if not claimed and found.zones and all(zone.fit == 0 for zone in found.zones.values()):
        yield "no_fitting_zone", ()


@dataclass(frozen=True)
class Plan:
    """What a planner changed about a list of actions, by ``action_id``.

    Parameters
    ----------
    pinned
        Stay at the top.
    dropped
        Left out until restored; an action that is also pinned counts as dropped.
    order
        Order by hand; actions that it does not name follow in the order of the advice.
    """

    pinned: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    order: tuple[str, ...] = ()

    def pin(self, action_id: str) -> "Plan":
        """The same plan with an action among those at the top."""
        return replace(
            self,
            pinned=(*_without(self.pinned, action_id), action_id),
            dropped=_without(self.dropped, action_id),
        )

    def unpin(self, action_id: str) -> "Plan":
        """The same plan with an action where its order puts it."""
        return replace(self, pinned=_without(self.pinned, action_id))

    def drop(self, action_id: str) -> "Plan":
        """The same plan without an action."""
        return replace(
            self,
            pinned=_without(self.pinned, action_id),
            dropped=(*_without(self.dropped, action_id), action_id),
        )

    def restore(self, action_id: str) -> "Plan":
        """The same plan with a dropped action back in its place."""
        return replace(self, dropped=_without(self.dropped, action_id))

    def move(self, action_id: str, by: int, *, among: Sequence[str]) -> "Plan":
        """The same plan with an action so many places further down (up below 0).

        Parameters
        ----------
        action_id
            Pinned, it moves among the pinned ones, else among the others; a dropped or unknown
            one does not move.
        by
            Places; at either end it stops.
        among
            Ids of all actions in the order of the advice, dropped ones too.
        """
        every = self.arrange(among)
        group = [i for i in every if self.group(i) == self.group(action_id)]
        if action_id not in group or self.group(action_id) == "dropped":
            return self
        place = min(max(group.index(action_id) + by, 0), len(group) - 1)
        moved = [i for i in group if i != action_id]
        moved.insert(place, action_id)
        instead = dict(zip(group, moved, strict=True))
        absent = [i for i in self.order if i not in every]
        return replace(self, order=(*(instead.get(i, i) for i in every), *absent))

    def group(self, action_id: str) -> Literal["pinned", "open", "dropped"]:
        """What the plan does with an action."""
        if action_id in self.dropped:
            return "dropped"
        return "pinned" if action_id in self.pinned else "open"

    def arrange(self, action_ids: Iterable[str]) -> list[str]:
        """Ids once each: first those that ``order`` names, as it has them, then the others."""
        place = {action_id: n for n, action_id in enumerate(self.order)}
        return sorted(dict.fromkeys(action_ids), key=lambda i: place.get(i, len(self.order)))

    def to_dict(self) -> dict[str, list[str]]:
        """Lists of ids, fit for JSON."""
        return {name: list(ids) for name, ids in asdict(self).items()}

    @classmethod
    def from_dict(cls, read: Mapping[str, Any]) -> "Plan":
        """Plan of what ``to_dict`` gave; repeated ids count once, other keys do nothing.

        Raises
        ------
        ValueError
            When a list is no list of ids, or one of more than ``MOST_IDS`` or too long ones.
        """
        if not isinstance(read, Mapping):
            raise ValueError(f"plan is {type(read).__name__}; expected lists of ids by name")
        names = ("pinned", "dropped", "order")
        return cls(**{name: _ids(name, read.get(name, ())) for name in names})

    @classmethod
    def saved(cls, actions: object) -> "Plan":
        """The plan among an assessment's actions; an empty one where there is none to be read."""
        try:
            return cls.from_dict(actions) if isinstance(actions, Mapping) else cls()
        except ValueError:
            return cls()


class Advised(NamedTuple):
    """An action for one center, its texts with the zone's name, why, and what advice rests on.

    ``reasons`` are in the order of ``ReasonCode``, weak aspects weakest first.
    """

    action: Action
    reasons: tuple[Reason, ...]
    basis: Basis


def chosen(
    guidance: Mapping[str, Action],
    of: Situation,
    *,
    weak_below: float = WEAK_BELOW,
    most: int = 12,
    keep: Collection[str] = (),
) -> list[Advised]:
    """Actions for one center, best first, each with its reasons.

    An action is chosen when it is meant for the category, or when one of its aspects is weak (the
    source says so, or the survey) and its phase does not run ahead of the category. Without a
    category only those of phase 1 are: for weak aspects, or general ones, which name no aspect. An
    action that names commodities or circumstances is for these alone; one for a circumstance suits
    every category. An action about a zone is withheld unless the zone that it names, or one of the
    classes that it names, has a tie to the commodity (fit above 0 and not below ``fit_min``), lies
    within ``within_km`` (straight line) and is in one of ``zone_statuses``, if it names any;
    pinning does not bring it back.

    Parameters
    ----------
    guidance
        By ``action_id``.
    of
        The center.
    weak_below
        Score under which an aspect is weak. A surveyed aspect from there on is not weak because
        the source says so of the whole category.
    most
        Longest list.
    keep
        Ids that are in the list in any case, even beyond ``most``, such as pinned ones.

    Returns
    -------
    list of Advised
        Texts name the zone that fits best, the nearest of them, in the place of ``ZONE``.
        Order: what must be known first (a circumstance, no aspect), then aspects that the source
        calls weak of the center, that the survey found weak, phase 3 on what the source calls
        strong, aspects that it calls weak of the category with what is meant for the category as a
        whole, then others, last what only mends the strong.
        Within these the aspects take turns; then those of a fitting phase, about this commodity or
        zone or circumstance, for more aspects, with more points missing, then by id.

    Raises
    ------
    ValueError
        When ``weak_below`` is not in 0 to 100 or ``most`` is below 0.

    References
    ----------
    Phases by readiness: Hasanah, Faried, Sembiring, Strengthening Local Industrial Ecosystems.
    """
    if not 0 <= weak_below <= 100:
        raise ValueError(f"weak_below is {weak_below!r}; expected 0 to 100")
    if most < 0:
        raise ValueError(f"most is {most!r}; expected 0 or more")
    needs = _needs(of, weak_below)
    strong = _strengths(of, needs)
    zones = {i: _zones(action, of.zones) for i, action in guidance.items()}
    choices = {
        i: _choice(guidance[i], of, needs, strong, some)
        for i, some in zones.items()
        if some is not None
    }
    listed = _ordered({i: c for i, c in choices.items() if c.reasons}, most)
    listed = [i for place, i in enumerate(listed) if place < most or i in keep]
    listed += sorted(i for i in choices if i in keep and not choices[i].reasons)
    basis = of.basis
    return [
        Advised(_named(guidance[i], zones[i]), choices[i].reasons or (Reason("kept"),), basis)
        for i in listed
    ]


def varied(found: Sequence[Advised], most: int) -> list[Advised]:
    """The first few actions, of a lever not had yet as long as there are any, in their order."""
    levers = [one.action.lever for one in found]
    anew = [lever not in levers[:at] for at, lever in enumerate(levers)]
    taken = sorted(range(len(found)), key=lambda at: not anew[at])[:most]
    return [found[at] for at in sorted(taken)]


@dataclass(frozen=True)
class _Need:
    """A weak aspect: ids of the source's words, whether these are of the center, its score."""

    aspect: str
    claims: tuple[str, ...]
    own: bool
    score: float | None
    missing: float

    def met_by(self, *, answers: bool) -> "_Need | None":
        """What of it an action meets that answers the source's words, or not; None when nothing."""
        some = self if answers else replace(self, claims=())
        return some if some.reasons else None

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Why the aspect is weak."""
        code: ReasonCode = "statement" if self.own else "statement_category"
        return (
            *([Reason(code, self.aspect, claims=self.claims)] if self.claims else []),
            *([Reason("aspect", self.aspect, self.score)] if self.score is not None else []),
        )

    @property
    def tier(self) -> int:
        """How soon it is to be mended; lower is sooner."""
        if self.claims and self.own:
            return SAID
        return SAID_OF_CATEGORY if self.score is None else SURVEYED


@dataclass(frozen=True)
class _Choice:
    """What places an action: see ``chosen``; without reasons it is not chosen."""

    reasons: tuple[Reason, ...] = ()
    tier: int = 0
    serves: tuple[str, ...] = ()
    fits: bool = False
    special: bool = False
    missing: float = 0

    @property
    def among_equals(self) -> tuple[float, ...]:
        """What decides after tier and turn; lower is sooner."""
        return not self.fits, not self.special, -len(self.serves), -self.missing


KNOW_FIRST, SAID, SURVEYED, BUILD_ON, SAID_OF_CATEGORY, OTHER, STRONG = range(7)
GENERAL: Final = ""
"""Takes its turn as aspects do: what is meant for a category without an aspect."""


def _needs(of: Situation, weak_below: float) -> dict[str, _Need]:
    """Weak aspects: those of the source's own words first, of the surveyed the weakest first."""
    scores = {str(aspect): float(score) for aspect, score in of.aspects.items()}
    weak = {aspect: score for aspect, score in scores.items() if score < weak_below}
    weak = dict(sorted(weak.items(), key=itemgetter(1)))
    said = of.said("weakness")
    if not of.own:
        said = {a: claims for a, claims in said.items() if not scores.get(a, np.nan) >= weak_below}
    return {
        aspect: _Need(
            aspect,
            said.get(aspect, ()),
            of.own,
            weak.get(aspect),
            weak_below - weak.get(aspect, weak_below),
        )
        for aspect in ([*said, *weak] if of.own else [*weak, *said])
    }


def _strengths(of: Situation, needs: Collection[str]) -> dict[str, Reason]:
    """Aspects to build on: the source calls them strong, nothing says weak or contradicts it."""
    code: ReasonCode = "strength" if of.own else "strength_category"
    doubted = set(of.circumstances.get("access_claimed", ()))
    return {
        aspect: Reason(code, aspect, claims=claims)
        for aspect, claims in of.said("strength").items()
        if aspect not in needs and doubted.isdisjoint(claims)
    }


def _zones(action: Action, zones: Mapping[str, Tie]) -> dict[str, Tie] | None:
    """Zones that an action is about; none when it is about no zone, None when none will do."""
    general = bool(action.zone_classes) or ZONE in action.text_id or ZONE in action.text_en
    if not (action.zones or general):
        return {}
    least = 0 if pd.isna(action.fit_min) else action.fit_min
    limit = np.inf if pd.isna(action.within_km) else action.within_km
    near = {
        zone_id: zone
        for zone_id, zone in zones.items()
        if zone.fit > 0 and zone.fit >= least and zone.km <= limit
        if not action.zone_statuses or zone.status in action.zone_statuses
    }
    if not near.keys() >= set(action.zones):
        return None
    named = {zone_id: near[zone_id] for zone_id in action.zones}
    if general:
        classes = action.zone_classes
        some = [i for i, zone in near.items() if not classes or zone.zone_class in classes]
        if not some:
            return None
        best = min(some, key=lambda i: (-near[i].fit, near[i].km))
        named = {best: near[best]} | named
    return named


def _named(action: Action, zones: Mapping[str, Tie] | None) -> Action:
    """An action with the zone that fits in its place of the texts."""
    if not zones:
        return action
    name = next(iter(zones.values())).name
    return action._replace(
        text_id=action.text_id.replace(ZONE, name), text_en=action.text_en.replace(ZONE, name)
    )


def _choice(
    action: Action,
    of: Situation,
    needs: Mapping[str, _Need],
    strong: Mapping[str, Reason],
    zones: Mapping[str, Tie],
) -> _Choice:
    """Whether an action is for a center, why, and how soon."""
    about = bool(action.commodities)
    special = [
        Reason("circumstance", found, claims=claims)
        for found, claims in of.circumstances.items()
        if found in action.circumstances
    ]
    if (about and of.commodity not in action.commodities) or (action.circumstances and not special):
        return _Choice()
    meaning = of.instrument.categories.get(str(of.category))
    known, phases = meaning is not None, meaning.phases if meaning else FIRST_PHASE
    mends = {
        aspect: some
        for aspect, need in needs.items()
        if aspect in action.aspects
        if (some := need.met_by(answers=of.answers(action.lever, aspect)))
    }
    meant = known and of.category in action.categories
    ripe = action.phase <= max(phases)
    general = not known and ripe and not action.aspects
    if not (special or meant or general or (ripe and mends)):
        return _Choice()
    builds = [
        aspect
        for aspect in strong
        if aspect in action.aspects and action.phase == EXPAND and of.answers(action.lever, aspect)
    ]
    by_zone = [_zone_reason(zone_id, zone, action) for zone_id, zone in zones.items()]
    why = sorted((r for n in mends.values() for r in n.reasons), key=lambda r: r.code == "aspect")
    fits = known and action.phase in phases
    reasons = (
        *special,
        *why,
        *(strong[aspect] for aspect in builds),
        *by_zone,
        *([Reason("commodity", str(of.commodity))] if about else []),
        *([Reason("category", str(of.category))] if meant and not special else []),
        *([Reason("phase", str(action.phase))] if fits else []),
        *([Reason("general")] if general else []),
    )
    return _Choice(
        reasons=reasons,
        tier=_tier(action, mends, strong, special=bool(special), builds=bool(builds), meant=meant),
        serves=tuple(mends or builds) or (() if action.aspects else (GENERAL,)),
        fits=fits,
        special=bool(special or about or by_zone),
        missing=sum(need.missing for need in mends.values()),
    )


def _tier(
    action: Action,
    mends: Mapping[str, _Need],
    strong: Collection[str],
    *,
    special: bool,
    builds: bool,
    meant: bool,
) -> int:
    """How soon an action comes: to know first, to mend, to build on, or else."""
    if special and not action.aspects:
        return KNOW_FIRST
    if mends:
        return min(need.tier for need in mends.values())
    if builds:
        return BUILD_ON
    if meant and not action.aspects:
        return SAID_OF_CATEGORY
    return STRONG if action.aspects and set(action.aspects) <= set(strong) else OTHER


def _zone_reason(zone_id: str, zone: Tie, action: Action) -> Reason:
    return Reason(
        "zone",
        zone_id,
        fit=zone.fit,
        km=zone.km,
        low_km=zone.low_km,
        high_km=zone.high_km,
        limit_km=action.within_km,
    )


def _ordered(choices: Mapping[str, _Choice], most: int) -> list[str]:
    """Ids, soonest first; aspects take turns among the first ``most``."""
    uses: Counter[str] = Counter()
    listed = list[str]()
    rest = sorted(choices, key=lambda action_id: (*choices[action_id].among_equals, action_id))

    def soonest(action_id: str) -> tuple[int, int]:
        choice = choices[action_id]
        return choice.tier, min(map(uses.__getitem__, choice.serves), default=0)

    while rest and len(listed) < most:
        first = min(rest, key=soonest)
        rest.remove(first)
        uses.update(choices[first].serves)
        listed.append(first)
    return [*listed, *sorted(rest, key=soonest)]


def applied(found: Iterable[Advised], plan: Plan) -> list[Advised]:
    """Actions as a planner arranged them: without dropped ones, pinned ones first.

    Each group is in the order of the plan and then of the advice; ids of the plan that are not
    among the actions do nothing.
    """
    of = {advised.action.action_id: advised for advised in found}
    arranged = plan.arrange(of)
    return [of[i] for group in ("pinned", "open") for i in arranged if plan.group(i) == group]


def advised(
    center: pd.Series, aspects: pd.Series, plan: Plan, *, inputs: Inputs, measured: Measured
) -> list[Advised]:
    """Actions for a center, those that its planner pinned among them; as of ``situation``."""
    of = situation(center, aspects, inputs=inputs, measured=measured)
    return chosen(inputs.guidance, of, keep=plan.pinned)


def _without(ids: tuple[str, ...], action_id: str) -> tuple[str, ...]:
    return tuple(i for i in ids if i != action_id)


def _ids(name: str, read: object) -> tuple[str, ...]:
    if not isinstance(read, list | tuple) or len(read) > MOST_IDS:
        raise ValueError(f"{name} is no list of at most {MOST_IDS} ids")
    if not all(isinstance(i, str) and 0 < len(i) <= ID_LENGTH for i in read):
        raise ValueError(f"{name} holds no id of 1 to {ID_LENGTH} characters; expected ids only")
    return tuple(dict.fromkeys(read))
