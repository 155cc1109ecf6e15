"""What was on screen when a reader took something away: its data, choices, words, date, sources."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Final
from urllib.parse import urlencode

import pandas as pd

from ikmgeo import advice, analysis, assessments, composite, linkage, uncertainty, wording
from ikmgeo.advice import Plan
from ikmgeo.analysis import Inputs, Linked, Measured
from ikmgeo.assessments import Assessment
from ikmgeo.district_measures import measures, seat_distances_km
from ikmgeo.filters import ANY_ZONE
from ikmgeo.messages import Messages
from ikmgeo.own import Own
from ikmgeo.panels import Profile
from ikmgeo.scenario import Effect
from ikmgeo.view import View, to_params
from ikmgeo.vocabulary import ASPECTS

MOST_PROFILES: Final = 500

Progress = Callable[[float], None]
"""Told what part of a hand-out is made, 0 to 1; what it raises ends the work."""


SCREEN: Final = (870, 520)
"""Width and height of the map on a usual screen, px."""


@dataclass(frozen=True)
class Handout:
    """Everything that a hand-out may show, as the screen shows it.

    Parameters
    ----------
    say
        Words in the reader's language.
    view
        What the reader chose; ``view.link`` holds the parameters that ``linked`` was worked out
        with.
    inputs, measured
        The data and their measures, with the scores that the reader chose.
    centers, shown
        All centers under the chosen scheme, as from ``analysis.classify``, and those that pass the
        filters, in the same order.
    linked
        Every indicator of every center to the zones of ``inputs``.
    aspects
        The six aspects per center (0 to 100, NaN where nobody assessed one).
    assessments
        Newest version of the newest assessment of each center, by ``center_id``.
    taken_on
        The day.
    own, roads
        The reader's own centers and the name of their road data, where they use some.
    profiles
        What is recorded and advised beside the score of a center, by ``center_id``; of the first
        ``MOST_PROFILES`` shown.
    studied
        Codes of the districts that the source studied.
    fit_changes
        How many cells of the sector fit the reader changed.
    screen
        Width and height of the map on screen, px.
    effect
        What the scenario does that zones, ``linked`` and the map are of; None for how things are.
    """

    say: Messages
    view: View
    inputs: Inputs
    measured: Measured
    centers: pd.DataFrame
    shown: pd.DataFrame
    linked: Linked
    aspects: pd.DataFrame
    taken_on: date
    assessments: Mapping[str, Assessment] = field(default_factory=dict)
    own: Own | None = None
    roads: str = ""
    profiles: Mapping[str, Profile] = field(default_factory=dict)
    studied: frozenset[str] = frozenset()
    fit_changes: int = 0
    screen: tuple[int, int] = SCREEN
    effect: Effect | None = None

    @cached_property
    def seat_km(self) -> pd.DataFrame:
        """Straight-line km from each district's seat to each zone."""
        inputs = self.inputs
        return seat_distances_km(inputs.districts, inputs.zones, inputs.footprints)

    @cached_property
    def districts(self) -> pd.DataFrame:
        """Every measure of every district, of all centers: filters do not touch them."""
        near = linkage.proximity_index(
            self.measured.distances, half_distance=self.view.link.half_distance_km
        )
        nearest = self.seat_km.min(axis=1)
        return measures(self.centers, near, nearest, self.inputs.districts)

    @property
    def chosen_center(self) -> pd.Series | None:
        """The center that is selected, while the map shows it."""
        return chosen_center(self.view, self.shown)

    @property
    def query(self) -> str:
        """Query of the URL that reopens the view."""
        return urlencode(to_params(self.view))

    @property
    def count(self) -> str:
        """How many of the centers are shown, as the screen counts them."""
        kept, every = (self.say.number(len(t), 0) for t in (self.shown, self.centers))
        return self.say("filter.count", kept=kept, of=every)


def as_opened(
    say: Messages, inputs: Inputs, recorded: Sequence[Assessment], *, taken_on: date
) -> Handout:
    """What the screen shows to whoever opens the app and chooses nothing, with all its data.

    ``recorded`` are the newest versions of the assessments, as from ``Store.latest``.
    """
    view, known = View(language=say.language), assessments.standings(recorded)
    measured = analysis.measure(inputs)
    centers = analysis.classify(measured, inputs.claims, view.scheme)
    surveyed = assessments.aspects(centers, known)
    proximity = analysis.linkage_aspects(measured, inputs.zones, view.link.half_distance_km)
    used = composite.with_linkage(surveyed, proximity, choice=view.composition.linkage)
    draws = uncertainty.DRAWS if len(centers) <= uncertainty.MOST_DRAWN else 0
    reached = analysis.reach(
        centers, measured.areas, inputs.zones, footprints=inputs.footprints, draws=draws
    )

    def profile(name: str) -> Profile:
        standing = known.get(name)
        plan = Plan.saved(standing.whole.actions if standing else None)
        return Profile(
            source=view.composition.source,
            fictional=False,
            aspects=surveyed.loc[name],
            standing=standing,
            actions=advice.planned(
                centers.loc[name], used.loc[name], plan, inputs=inputs, measured=measured
            ),
        )

    return Handout(
        say=say,
        view=view,
        inputs=inputs,
        measured=measured,
        centers=centers,
        shown=centers,
        linked=analysis.link(centers, inputs.zones, reached, inputs.sector_fit, view.link),
        aspects=used,
        taken_on=taken_on,
        assessments={center: standing.whole for center, standing in known.items()},
        profiles={name: profile(name) for name in centers.index[:MOST_PROFILES]},
        studied=frozenset(centers["district"].dropna()),
    )


def chosen_center(view: View, shown: pd.DataFrame) -> pd.Series | None:
    """Row of the center that is selected; None where the map does not show it."""
    kind, name = view.selection or ("", "")
    return shown.loc[name] if kind == "center" and name in shown.index else None


def at_district(view: View, centers: pd.DataFrame, known: pd.Index) -> View:
    """The view with the district of a chosen center in the center's place."""
    kind, name = view.selection or ("", "")
    if kind != "center":
        return view
    district = centers["district"].get(name)
    return replace(view, selection=("district", str(district)) if district in known else None)


def attribution(say: Messages, inputs: Inputs, *, own: Own | None, places: bool) -> list[str]:
    """Source of every layer of the map."""
    borders = inputs.own_borders
    return [
        say("map.own_borders", file=borders) if borders else say("map.borders"),
        *([] if own and own.in_place else [say("map.scores")]),
        *([say("map.own_centers", file=own.name)] if own else []),
        say("map.zones"),
        *([say("map.attribution_places")] if places else []),
    ]


def about_own(say: Messages, own: Own) -> str:
    """That a reader's centers are in use, and whether they are fictional."""
    key = "own_in_place" if own.in_place else "own_added"
    key = "fictional" if own.fictional else key
    return say(f"frame.{key}", file=own.name, count=say.number(len(own.centers), 0))


def sources(handout: Handout) -> list[str]:
    """Source of everything that a hand-out shows, a line each."""
    lines = attribution(handout.say, handout.inputs, own=handout.own, places=handout.view.places)
    return [*lines, *([handout.roads] if handout.roads else [])]


def layers(say: Messages, inputs: Inputs, *, own: Own | None) -> pd.DataFrame:
    """``inputs.sources`` by ``layer``, with the reader's own borders and centers told as theirs."""
    table = inputs.sources.set_index("layer")
    for code, file in (("districts", inputs.own_borders), ("centers", own.name if own else "")):
        if file and code in table.index:
            replaced = code == "districts" or (own is not None and own.in_place)
            parts = [
                "" if replaced else table.at[code, "source"],
                say("sources.own_file", file=file),
            ]
            table.loc[code, "source"] = "; ".join(filter(None, parts))
            table.loc[code, ["date", "licence"]] = say("sources.as_owner")
            table.loc[code, ["file", "precision_id", "precision_en"]] = ""
    return table


def settings(handout: Handout) -> list[tuple[str, str]]:
    """Name and value of every choice that made what is shown, as the screen words them."""
    return list(_settings(handout))


def _settings(handout: Handout) -> Iterator[tuple[str, str]]:
    say, chosen = handout.say, handout.view
    yield say("handout.taken_on"), say.date(handout.taken_on.isoformat())
    yield say("handout.centers"), handout.count
    if handout.effect:
        yield say("what_if.scenario"), say("present.what_if", name=handout.effect.name)
    if handout.own:
        yield say("handout.own"), about_own(say, handout.own)
    yield from _filters(handout)
    if len(handout.shown) < len(handout.centers):
        yield say("handout.districts"), say("handout.districts_all")
    cuts = f" ({say.listed([say.number(c) for c in chosen.scheme.cuts])})"
    custom = chosen.scheme.name == "custom"
    yield say("scheme.label"), say(f"scheme.{chosen.scheme.name}") + (cuts if custom else "")
    yield say("scoring.source"), say(f"score_source.{chosen.composition.source}")
    if chosen.composition.source != composite.SOURCES[0]:
        weights = chosen.composition.weights.rounded()
        told = [f"{say(f'aspect.{a}')} {say.points(weights[a])}" for a in ASPECTS]
        yield say("scoring.weights"), "; ".join(told)
        yield say("scoring.aggregation"), say(f"aggregation.{chosen.composition.aggregation}")
        yield say("scoring.linkage"), say(f"linkage.{chosen.composition.linkage}")
    yield from _linkage(handout)


def _filters(handout: Handout) -> Iterator[tuple[str, str]]:
    say, inputs, filters = handout.say, handout.inputs, handout.view.filters
    if filters.categories:
        yield (
            say("filter.categories"),
            say.listed([say(f"category.{c}") for c in filters.categories]),
        )
    if filters.commodities:
        names = [say.name(inputs.commodities.loc[c]) for c in filters.commodities]
        yield say("filter.commodities"), say.listed(names)
    if filters.districts:
        names = [str(inputs.districts.at[c, "name_id"]) for c in filters.districts]
        yield say("filter.districts"), say.listed(names)
    if filters.score:
        yield say("filter.score"), "–".join(say.points(end) for end in filters.score)
    if filters.within_km is not None:
        near = filters.zone != ANY_ZONE
        names = inputs.zones["short_name"]  # without those that a scenario closes
        zone = names.get(filters.zone, filters.zone) if near else say("filter.any_zone")
        yield say("filter.zone"), f"{zone} ≤ {say.km(filters.within_km)}"
    if filters.text:
        yield say("filter.text"), filters.text


def _linkage(handout: Handout) -> Iterator[tuple[str, str]]:
    say, used = handout.say, handout.view.link
    unit = wording.unit(say, used)
    yield say("linkage.measure"), say(f"measure.{used.measure}")
    if handout.roads:
        yield say("handout.roads"), handout.roads
    yield say("linkage.half_distance"), f"{say.number(used.half_distance, 1)} {unit}"
    within = say.listed([say.number(limit, 0 if limit % 1 == 0 else 1) for limit in used.within])
    yield say("linkage.within", unit=unit), within
    weight = say(f"attraction.{used.attraction}")
    if used.attraction != linkage.ATTRACTIONS[0]:
        figures = wording.hectares(say, handout.inputs.zones, used.attraction)
        weight = f"{weight}: {figures}"
    yield say("linkage.attraction"), weight
    yield say("linkage.alpha"), say.number(used.alpha, 1)
    yield say("linkage.decay"), say.number(used.decay, 1)
    if handout.fit_changes:
        yield say("fit.value"), say("handout.fit_changes", count=say.number(handout.fit_changes, 0))


def shading(handout: Handout) -> Iterator[tuple[str, str]]:
    """Name and value of every choice that made the colours of the districts."""
    say, chosen = handout.say, handout.view.shading
    yield say("districts.measure"), say(f"district_measure.{chosen.measure}")
    if chosen.measure != "best_category":
        yield say("districts.breaks"), say(f"breaks.{chosen.breaks}")
        yield say("districts.classes"), say.number(chosen.classes, 0)
