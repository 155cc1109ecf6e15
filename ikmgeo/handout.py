"""What was on screen when a reader took something away: its data, choices, words, date, sources."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Final
from urllib.parse import urlencode

import pandas as pd

from ikmgeo import advice, analysis, tables
from ikmgeo.advice import Advised, Plan
from ikmgeo.analysis import Inputs, Linked, Measured
from ikmgeo.filters import ANY_ZONE, Filters
from ikmgeo.measures import composite, linkage, uncertainty
from ikmgeo.measures.district_measures import MEASURES, measures, seat_distances_km
from ikmgeo.measures.scenario import Effect
from ikmgeo.reading.base import DISTRICTS, SUBDISTRICTS, VILLAGES, ZONES
from ikmgeo.reading.orientation import CREDITED
from ikmgeo.reading.own import Own
from ikmgeo.records import assessments
from ikmgeo.records.assessments import Assessment, Standing
from ikmgeo.register.in_districts import Registered
from ikmgeo.view import Known, View, opening, to_params
from ikmgeo.words import wording
from ikmgeo.words.messages import Messages

Progress = Callable[[float], None]
"""Told what part of a hand-out is made, 0 to 1; what it raises ends the work."""


SOURCES: Final = {SUBDISTRICTS: "areas", VILLAGES: "areas"}
"""Kinds of a base map whose layer in ``sources.csv`` has another name."""

SCREEN: Final = (870, 520)
"""Width and height of the map on a usual screen, px."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Dossier:
    """What the centers of a view are told from, on screen and on everything taken away.

    It equals itself alone: its tables are not compared.

    Parameters
    ----------
    say
        Words in the reader's language.
    view
        What the reader chose.
    inputs, measured
        The data and their measures.
    centers
        All centers under the chosen scores and scheme, as from ``analysis.classify``.
    aspects
        The aspects per center as in use (0 to 100, NaN where nobody assessed one).
    standings
        What is recorded of each center, by ``center_id``.
    plans
        The reader's plans that are not saved yet, by ``center_id``.
    studied
        Codes of the districts that the source studied.
    own
        The reader's own centers, where they use some.
    registered
        What the register of units holds of each district; nothing where there is none.
    """

    say: Messages
    view: View
    inputs: Inputs
    measured: Measured
    centers: pd.DataFrame
    aspects: pd.DataFrame
    standings: Mapping[str, Standing] = field(default_factory=dict)
    plans: Mapping[str, Plan] = field(default_factory=dict)
    studied: frozenset[str] = frozenset()
    own: Own | None = None
    registered: Registered = field(default_factory=Registered)

    @property
    def source(self) -> str:
        """Where the scores come from: one of ``composite.SOURCES``."""
        return self.view.composition.source

    @cached_property
    def scored(self) -> int:
        """How many of the centers have a score."""
        return int(self.centers["score"].notna().sum())

    @cached_property
    def only_examples(self) -> bool:
        """Whether all that have a score are the paper's."""
        return bool((self.centers["score"].isna() | self.centers["score_claim"].notna()).all())

    @cached_property
    def seat_km(self) -> pd.DataFrame:
        """Straight-line km from each district's seat to each zone."""
        inputs = self.inputs
        return seat_distances_km(inputs.districts, inputs.zones, inputs.footprints)

    @cached_property
    def districts(self) -> pd.DataFrame:
        """Every measure of every district, of all centers: filters do not touch them."""
        return self.districts_of(self.centers)

    def districts_of(self, some: pd.DataFrame) -> pd.DataFrame:
        """Every measure of every district, of some of the centers."""
        near = linkage.proximity_index(
            self.measured.distances.loc[some.index], half_distance=self.view.link.half_distance_km
        )
        nearest, categories = self.seat_km.min(axis=1), [*self.inputs.instrument.categories]
        return measures(some, near, nearest, self.inputs.districts, categories)

    def actions(self, center: pd.Series) -> list[Advised]:
        """What is advised for one of ``centers``, under the reader's plan or the one saved last."""
        plan = self.plan(str(center.name))
        aspects, inputs = tables.row(self.aspects, center.name), self.inputs
        found = advice.advised(center, aspects, plan, inputs=inputs, measured=self.measured)
        return advice.applied(found, plan)

    def first_actions(self, center: pd.Series, most: int) -> list[Advised]:
        """The first of them, each of another kind unless somebody has put them in order."""
        found, planned = self.actions(center), self.plan(str(center.name)) != Plan()
        return found[:most] if planned else advice.varied(found, most)

    def plan(self, center: str) -> Plan:
        """The reader's plan for a center, or the one saved last."""
        standing = self.standings.get(center)
        saved = Plan.saved(standing.planned.actions if standing and standing.planned else None)
        return self.plans.get(center, saved)


@dataclass(frozen=True, kw_only=True, eq=False)
class Handout(Dossier):
    """Everything that a hand-out may show, as the screen shows it.

    Parameters
    ----------
    view
        As of ``Dossier``; ``view.link`` holds the parameters that ``linked`` was worked out with.
    shown
        Those of ``centers`` that pass the filters, in the same order.
    linked
        Every indicator of every center to the zones of ``inputs``.
    taken_on
        The day.
    roads
        Name of the reader's road data, where they use some.
    fit_changes
        How many cells of the sector fit the reader changed.
    screen
        Width and height of the map on screen, px.
    effect
        What the scenario does that zones, ``linked`` and the map are of; None for how things are.
    """

    shown: pd.DataFrame
    linked: Linked
    taken_on: date
    roads: str = ""
    fit_changes: int = 0
    screen: tuple[int, int] = SCREEN
    effect: Effect | None = None

    @property
    def chosen_center(self) -> pd.Series | None:
        """The center that is selected, while the map shows it."""
        return chosen_center(self.view, self.shown)

    @cached_property
    def shown_districts(self) -> pd.DataFrame:
        """Every measure of every district, of the centers that are shown."""
        return self.districts_of(self.shown)

    @property
    def query(self) -> str:
        """Query of the URL that reopens the view."""
        return urlencode(to_params(self.view))

    @property
    def count(self) -> str:
        """How many of the centers are shown, as the screen counts them."""
        kept = self.say.number(len(self.shown), 0)
        return self.say("filter.count", kept=kept, of=len(self.centers))


def as_opened(
    say: Messages,
    inputs: Inputs,
    recorded: Sequence[Assessment],
    *,
    taken_on: date,
    registered: Registered = Registered(),  # noqa: B008
) -> Handout:
    """What the screen shows to whoever opens the app and chooses nothing, with all its data.

    ``recorded`` are the newest versions of the assessments, as from ``Store.latest``.
    """
    known = assessments.standings(recorded, inputs.instrument.aspects)
    view = opening(say.language, Known(inputs.instrument))
    measured = analysis.measure(inputs)
    centers = analysis.classify(measured, inputs.instrument, view.scheme)
    surveyed = assessments.aspects(centers, known, inputs.instrument.aspects)
    proximity = analysis.linkage_aspects(measured, inputs, view.link.half_distance_km)
    used = composite.with_linkage(surveyed, proximity, choice=view.composition.linkage)
    draws = uncertainty.DRAWS if len(centers) <= uncertainty.MOST_DRAWN else 0
    reached = analysis.reach(
        centers, measured.areas, inputs.zones, footprints=inputs.footprints, draws=draws
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
        standings=known,
        studied=frozenset(centers["district"].dropna()),
        registered=registered,
    )


def chosen_center(view: View, shown: pd.DataFrame) -> pd.Series | None:
    """Row of the center that is selected; None where the map does not show it."""
    center = view.chosen("center")
    return tables.row(shown, center) if center in shown.index else None


def at_district(view: View, centers: pd.DataFrame, known: pd.Index) -> View:
    """The view with the district of a chosen center in the center's place."""
    center = view.chosen("center")
    if center is None:
        return view
    district = centers["district"].get(center)
    return replace(view, selection=("district", str(district)) if district in known else None)


def attribution(say: Messages, view: View, inputs: Inputs, *, own: Own | None) -> list[str]:
    """Source of every layer of the map."""
    borders = inputs.origins.get(DISTRICTS)
    zones = inputs.origins.get(ZONES)
    areas = dict.fromkeys(o.told for k in SOURCES if (o := inputs.origins.get(k)))
    oriented = inputs.orientation.attribution if view.orientation else ()
    return [
        say("map.own_borders", file=borders.told) if borders else say("map.borders"),
        *([] if own and own.in_place else [say("map.scores")]),
        *([say("map.own_centers", file=own.name)] if own else []),
        say("map.zones"),
        *([say("map.own_footprints", file=zones.told)] if zones else []),
        *(say("map.own_areas", file=told) for told in areas),
        *([say("map.attribution_places")] if view.places else []),
        *(
            say(f"map.by_{source}") if source in CREDITED else say("map.oriented", file=source)
            for source in oriented
        ),
    ]


def about_own(say: Messages, own: Own) -> str:
    """That a reader's centers are in use, and whether they are fictional."""
    key = "own_in_place" if own.in_place else "own_added"
    key = "fictional" if own.fictional else key
    return say(f"frame.{key}", file=own.name, count=len(own.centers))


def sources(handout: Handout) -> list[str]:
    """Source of everything that a hand-out shows, a line each."""
    lines = attribution(handout.say, handout.view, handout.inputs, own=handout.own)
    return [*lines, *([handout.roads] if handout.roads else [])]


def layers(say: Messages, inputs: Inputs, *, own: Own | None) -> pd.DataFrame:
    """``inputs.sources`` by ``layer``, with the base map and centers of others told as theirs."""
    table = inputs.sources.set_index("layer")
    brought = [(SOURCES.get(kind, kind), o.told) for kind, o in inputs.origins.items()]
    for code, file in (*brought, ("centers", own.name if own else "")):
        if file and code in table.index:
            replaced = code == DISTRICTS or (code == "centers" and own is not None and own.in_place)
            parts = [
                "" if replaced else tables.cell(table, code, "source"),
                say("sources.own_file", file=file),
            ]
            table.at[code, "source"] = "; ".join(filter(None, parts))
            owner = say("sources.as_owner")
            if replaced:
                table.loc[code, ["date", "licence"]] = owner
                table.loc[code, ["file", "precision_id", "precision_en"]] = ""
            else:
                table.at[code, "licence"] = f"{tables.cell(table, code, 'licence')}; {owner}"
        elif file:  # a layer that is not shipped at all
            words = {f"name_{say.language}": say(f"base.kind_{code}"), "source": file}
            table.loc[code] = pd.Series(words, dtype="str").reindex(table.columns).fillna("")
            table.loc[code, ["date", "licence"]] = say("sources.as_owner")
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
    yield from conditions(say, handout.inputs, chosen.filters).values()
    if len(handout.shown) < len(handout.centers):
        yield say("handout.districts"), say("handout.districts_all")
    scheme = say(f"scheme.{chosen.scheme.name}")
    if chosen.scheme.name == "custom":
        cuts = chosen.scheme.cuts or handout.inputs.instrument.cuts
        scheme += f" ({say.listed([say.number(c) for c in cuts])})"
    yield say("scheme.label"), scheme
    yield say("scoring.source"), say(f"score_source.{chosen.composition.source}")
    if chosen.composition.source != composite.PUBLISHED:
        weights = chosen.composition.weights.rounded()
        told = [f"{say(f'aspect.{a}')} {say.points(weights[a])}" for a in weights]
        yield say("scoring.weights"), "; ".join(told)
        yield say("scoring.aggregation"), say(f"aggregation.{chosen.composition.aggregation}")
        yield say("scoring.linkage"), say(f"linkage.{chosen.composition.linkage}")
    yield from _linkage(handout)


def conditions(say: Messages, inputs: Inputs, filters: Filters) -> dict[str, tuple[str, str]]:
    """Name and value of each condition that is set, as named in ``Filters``."""
    told: dict[str, tuple[str, str]] = {}
    if filters.categories:
        names = [say(f"category.{c}") for c in filters.categories]
        told["categories"] = say("filter.categories"), say.listed(names)
    if filters.commodities:
        names = [say.name(tables.row(inputs.commodities, c)) for c in filters.commodities]
        told["commodities"] = say("filter.commodities"), say.listed(names)
    if filters.districts:
        names = [str(inputs.districts.at[c, "name_id"]) for c in filters.districts]
        told["districts"] = say("filter.districts"), say.listed(names)
    if filters.score:
        told["score"] = say("filter.score"), "–".join(say.points(end) for end in filters.score)
    if filters.within_km is not None:
        near = filters.zone != ANY_ZONE
        known = inputs.zones["short_name"]  # without those that a scenario closes
        zone = known.get(filters.zone, filters.zone) if near else say("filter.any_zone")
        told["within_km"] = (
            say("filter.zone"),
            f"{zone} ≤ {wording.straight(say, filters.within_km)}",
        )
    if filters.conflicting:
        told["conflicting"] = say("map.conflicting"), say("filter.only_these")
    if filters.text:
        told["text"] = say("filter.text"), filters.text
    return told


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
    if used.attraction != linkage.EQUAL:
        figures = wording.hectares(say, handout.inputs.zones, used.attraction)
        weight = f"{weight}: {figures}"
    yield say("linkage.attraction"), weight
    yield say("linkage.alpha"), say.number(used.alpha, 1)
    yield say("linkage.decay"), say.number(used.decay, 1)
    if handout.fit_changes:
        yield say("fit.value"), say("handout.fit_changes", count=handout.fit_changes)


def shading(handout: Handout) -> Iterator[tuple[str, str]]:
    """Name and value of every choice that made the colours of the districts."""
    say, chosen = handout.say, handout.view.shading
    yield say("districts.measure"), say(f"district_measure.{chosen.measure}")
    if not MEASURES[chosen.measure].is_category:
        yield say("districts.breaks"), say(f"breaks.{chosen.breaks}")
        yield say("districts.classes"), say.number(chosen.classes, 0)
