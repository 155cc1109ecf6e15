"""What to do next: actions chosen by category and weak aspects, each with its reasons.

A planner's own changes to the list (pinned, dropped, reordered) are a ``Plan`` laid over it.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final, Literal

import pandas as pd

from ikmgeo.composite import WEAK_BELOW
from ikmgeo.vocabulary import ASPECTS

PHASES_OF: Final[Mapping[str, tuple[int, ...]]] = {
    "under_development": (1,),
    "potential": (1, 2),
    "developing": (2, 3),
    "excellent": (3,),
}
"""Phases that suit a category: a center is stabilised, then upgraded, then expands."""

FIRST_PHASE: Final = (1,)
"""What suits a center whose category nobody knows."""

Basis = Literal["aspects", "category", "none"]
"""What advice rests on: surveyed aspects, the category alone, or neither."""

ReasonCode = Literal["category", "aspect", "commodity", "phase", "general", "kept"]

MOST_IDS: Final = 1_000
ID_LENGTH: Final = 200


@dataclass(frozen=True)
class Reason:
    """Why an action was chosen.

    Parameters
    ----------
    code
        ``category``: the action is meant for this category. ``aspect``: the aspect is weak.
        ``commodity``: the action is about this commodity. ``phase``: the phase suits the category.
        ``general``: it suits any center to begin with. ``kept``: nothing but the planner's wish.
    what
        Code of that category, aspect, commodity or phase; empty for the last two.
    score
        Of a weak aspect, 0 to 100.
    """

    code: ReasonCode
    what: str = ""
    score: float | None = None


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


def basis(category: str | None, aspects: pd.Series) -> Basis:
    """What advice for a center rests on; arguments as of ``chosen``."""
    if aspects.reindex(list(ASPECTS)).notna().any():
        return "aspects"
    return "category" if category in PHASES_OF else "none"


def chosen(
    guidance: pd.DataFrame,
    category: str | None,
    aspects: pd.Series,
    commodity: str | None,
    *,
    weak_below: float = WEAK_BELOW,
    most: int = 12,
    keep: Collection[str] = (),
) -> pd.DataFrame:
    """Actions for one center, best first, each with its reasons.

    An action is chosen when it is meant for the category, or when one of its aspects is weak and
    its phase does not run ahead of the category. Without a category only those of phase 1 are:
    for weak aspects, or general ones, which name no aspect. An action that names commodities is
    for these alone.

    Parameters
    ----------
    guidance
        As from ``validate.check_guidance``, indexed by ``action_id``.
    category
        One of ``vocabulary.CATEGORIES``; anything else is no category.
    aspects
        Scores 0 to 100 by aspect code; NaN or absent where nothing was surveyed, which is not weak.
    commodity
        Code; None or a missing value when it is not known.
    weak_below
        Score under which an aspect is weak.
    most
        Longest list.
    keep
        Ids that are in the list in any case, even beyond ``most``, such as pinned ones.

    Returns
    -------
    pandas.DataFrame
        The columns of ``guidance`` with ``reasons`` (tuple of ``Reason``: category, weak aspects
        weakest first, commodity, phase) and ``basis`` (see ``basis``), indexed by ``action_id``.
        Order: actions for a weak aspect first, then phases of the category, then more weak
        aspects, then more points missing to ``weak_below`` in sum, then by id.

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
    scores = aspects.reindex(list(ASPECTS)).astype(float)
    weak = scores[scores < weak_below].sort_values(kind="stable")
    reasons = {
        action.Index: _reasons(action, category, weak, commodity)
        for action in guidance.itertuples()
    }
    ranked = sorted(
        (action_id for action_id, why in reasons.items() if why),
        key=lambda action_id: _rank(action_id, reasons[action_id], weak_below),
    )
    listed = [i for place, i in enumerate(ranked) if place < most or i in keep]
    wished = sorted(i for i in reasons if i in keep and not reasons[i])
    told = [reasons[action_id] or (Reason("kept"),) for action_id in (*listed, *wished)]
    return guidance.loc[[*listed, *wished]].assign(
        reasons=pd.Series(told, [*listed, *wished], dtype=object), basis=basis(category, aspects)
    )


def applied(actions: pd.DataFrame, plan: Plan, *, dropped: bool = False) -> pd.DataFrame:
    """Actions as a planner arranged them.

    Parameters
    ----------
    actions
        As from ``chosen``, indexed by ``action_id``.
    plan
        Ids that are not among the actions do nothing.
    dropped
        Whether dropped actions are shown too, after all others.

    Returns
    -------
    pandas.DataFrame
        The same columns with ``pinned`` and ``dropped`` (bool): pinned actions first, each group
        in the order of the plan and then of the advice.
    """
    arranged = plan.arrange(actions.index)
    pinned, rest, out = (
        [i for i in arranged if plan.group(i) == group] for group in ("pinned", "open", "dropped")
    )
    table = actions.loc[[*pinned, *rest, *(out if dropped else ())]]
    return table.assign(pinned=table.index.isin(pinned), dropped=table.index.isin(out))


def _reasons(
    action: Any, category: str | None, weak: pd.Series, commodity: str | None
) -> tuple[Reason, ...]:
    """Why an action is for a center; nothing when it is not."""
    about = bool(action.commodities)
    if about and commodity not in action.commodities:
        return ()
    known = category in PHASES_OF
    phases = PHASES_OF.get(str(category), FIRST_PHASE)
    ripe = action.phase <= max(phases)
    meant = known and category in action.categories
    mends = [Reason("aspect", a, float(weak[a])) for a in weak.index if a in action.aspects]
    general = not known and ripe and not action.aspects
    if not (meant or general or (ripe and mends)):
        return ()
    return (
        *([Reason("category", str(category))] if meant else []),
        *mends,
        *([Reason("commodity", str(commodity))] if about else []),
        *([Reason("phase", str(action.phase))] if known and action.phase in phases else []),
        *([Reason("general")] if general else []),
    )


def _rank(
    action_id: str, reasons: Iterable[Reason], weak_below: float
) -> tuple[bool, bool, int, float, str]:
    fits = any(reason.code == "phase" for reason in reasons)
    missing = [weak_below - reason.score for reason in reasons if reason.score is not None]
    return not missing, not fits, -len(missing), -sum(missing), action_id


def _without(ids: tuple[str, ...], action_id: str) -> tuple[str, ...]:
    return tuple(i for i in ids if i != action_id)


def _ids(name: str, read: object) -> tuple[str, ...]:
    if not isinstance(read, list | tuple) or len(read) > MOST_IDS:
        raise ValueError(f"{name} is no list of at most {MOST_IDS} ids")
    if not all(isinstance(i, str) and 0 < len(i) <= ID_LENGTH for i in read):
        raise ValueError(f"{name} holds no id of 1 to {ID_LENGTH} characters; expected ids only")
    return tuple(dict.fromkeys(read))
