"""What is known of a center, a district or a zone, in the reader's words, for any medium.

A screen, a page of paper and a file draw these facts as they like; they word none of them anew.
What is not known is None.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final, NamedTuple

import pandas as pd

from ikmgeo import advice, symbols, tables
from ikmgeo.analysis import Inputs
from ikmgeo.handout import Dossier, about_own
from ikmgeo.measures import frameworks
from ikmgeo.measures.composite import PUBLISHED, SURVEYED
from ikmgeo.measures.district_measures import density_per_km2
from ikmgeo.measures.frameworks import HIGHEST, SWOT, Ratings
from ikmgeo.measures.scoring import claim_ids
from ikmgeo.reading.own import Own
from ikmgeo.records.assessments import Standing
from ikmgeo.symbols import Drawing
from ikmgeo.vocabulary import POLARITIES
from ikmgeo.words import reasons, wording
from ikmgeo.words.messages import NOTHING, Messages

MOST_NAMED: Final = 4
"""Zones that a sentence names; more are counted."""

MOST_ACTIONS: Final = 3
"""Of the advice, in the profile of a center."""

Facts = Mapping[str, str | None]
"""What is known, by the message that names it."""


class Claim(NamedTuple):
    """A figure that the source prints about a center."""

    claim_id: str
    figure: str
    category: str
    use: str
    section: str


class Statement(NamedTuple):
    """What the source says in words."""

    polarity: str
    aspect: str
    words: str
    section: str
    claim_id: str


@dataclass(frozen=True)
class Said:
    """What the source says in words that holds for a center.

    Parameters
    ----------
    title
        Whether it is said of the center or of its category.
    statements
        Strengths first.
    conflict
        How it contradicts what is documented of the zones; else empty.
    reading
        Whose summary it is.
    """

    title: str
    statements: tuple[Statement, ...]
    conflict: str
    reading: str


class Distance(NamedTuple):
    """Straight-line km from a center to a zone, and between which bounds; empty without any."""

    zone_id: str
    zone: str
    km: str
    bounds: str


@dataclass(frozen=True)
class Aspects:
    """The six aspects as in use; where none is known, ``unknown`` says so.

    Parameters
    ----------
    scores
        Name of each aspect and its points.
    notes
        Whose assessment counts, and what the two linkages are, where they are not surveyed.
    """

    scores: tuple[tuple[str, str | None], ...]
    unknown: str
    notes: tuple[str, ...]


class Action(NamedTuple):
    """Something to do: what, why, what happened elsewhere, who acts, and who says so."""

    text: str
    why: str
    examples: tuple[str, ...]
    who: str
    source: str


@dataclass(frozen=True)
class Center:
    """Everything known of one center.

    Parameters
    ----------
    name, sign
        As on screen; the sign is that of its category.
    score, standing
        The score in use (empty without one), and its category and rank or that there is none.
    conflict, placeholder
        How the source contradicts itself about the score, and that no document names the place;
        empty where that is not so.
    claims, said
        What the source prints about it, in figures and in words.
    distances, straight
        To each zone, nearest first, and what these are and whether the nearest is certain.
    facts
        What it makes, where it lies and how that is known; ``place.border`` only where it lies
        across one.
    aspects
        With whose they are.
    ratings, rated_by
        How high each framework was rated, and by whom; empty where none was.
    actions, basis
        First things to do, and what they rest on or that there are none.
    source
        Where its figures come from.
    """

    name: str
    sign: Drawing
    score: str
    standing: str
    conflict: str
    placeholder: str
    claims: tuple[Claim, ...]
    said: Said | None
    distances: tuple[Distance, ...]
    straight: str
    facts: Facts
    aspects: Aspects
    ratings: tuple[tuple[str, str], ...]
    rated_by: str
    actions: tuple[Action, ...]
    basis: str
    source: str


def center(dossier: Dossier, center_id: str) -> Center:
    """Everything known of one of ``dossier.centers``.

    Raises
    ------
    KeyError
        When there is no such center.
    """
    say, inputs, row = dossier.say, dossier.inputs, tables.row(dossier.centers, center_id)
    scored = pd.notna(row["score"])
    category = row["category"]
    standing = f"{say(f'category.{category}')} · {rank(dossier, row)}"
    unsure = [say("distance.uncertain")] if row["nearest_uncertain"] else []
    near = tables.row(dossier.measured.distances, center_id).sort_values().index
    ratings, rated_by = _ratings(say, dossier.standings.get(center_id), inputs)
    actions, basis = _actions(dossier, row)
    placeholder = row["position_basis"] == "placeholder"
    return Center(
        name=str(row[f"name_{say.language}"]),
        sign=symbols.sign(inputs.instrument.signs[category]),
        score=say.number(row["score"]) if scored else "",
        standing=standing if scored else say("center.unscored"),
        conflict=_conflict(say, row, inputs.claims, dossier.source),
        placeholder=say("place.placeholder") if placeholder else "",
        claims=_claims(say, row, inputs.claims, dossier.source),
        said=_said(say, row, inputs),
        distances=tuple(distance(dossier, center_id, zone_id) for zone_id in near),
        straight=" ".join([say("linkage.straight_line_help"), *unsure]),
        facts={
            **_about(say, row, inputs),
            **_list(dossier, center_id),
            **_place(say, row, inputs.districts),
        },
        aspects=_aspects(dossier, center_id),
        ratings=ratings,
        rated_by=rated_by,
        actions=actions,
        basis=basis,
        source=say(f"center.{_source(dossier, row)}"),
    )


class Meaning(NamedTuple):
    """A category: its sign, its name, and what the source and the advice make of it."""

    drawing: Drawing
    name: str
    told: str


@dataclass(frozen=True)
class Overview:
    """What a map of all centers shows, before any is chosen.

    Parameters
    ----------
    what, source
        What it is of, and whose figures these are.
    conflict
        That the source contradicts itself; empty where it does not.
    categories
        Of the instrument, best first.
    order
        Which categories' scores do not rise in that order; empty where all do.
    """

    what: str
    source: str
    conflict: str
    categories: tuple[Meaning, ...]
    order: str


def overview(say: Messages, inputs: Inputs, centers: pd.DataFrame, own: Own | None) -> Overview:
    """What the centers are that a map shows, and whose; ``own`` are a reader's among them."""
    zones = inputs.zones["short_name"].tolist()
    what = say(
        "overview.what",
        count=len(centers),
        zones=say.listed(zones)
        if len(zones) <= MOST_NAMED
        else say("overview.zones", count=len(zones)),
    )
    conflicting = int(centers["conflicting"].sum())
    return Overview(
        what,
        _whose(say, inputs, own),
        say("overview.conflict", count=conflicting) if conflicting else "",
        tuple(_meanings(say, inputs)),
        _order(say, inputs, centers),
    )


def _whose(say: Messages, inputs: Inputs, own: Own | None) -> str:
    """Who says the scores and where the centers lie."""
    told = [about_own(say, own)] if own else []
    if not (own and own.in_place):
        # The authors; their title stands among the sources.
        whose = inputs.sources.set_index("layer")["source"].astype(str)
        if authors := whose.get("claims", "").partition(":")[0]:
            told.append(say("overview.source", source=authors))
    return " ".join(told)


def _meanings(say: Messages, inputs: Inputs) -> Iterable[Meaning]:
    for code, category in inputs.instrument.categories.items():
        phases = [say(f"phase.{phase}") for phase in category.phases]
        said = [
            str(say.data(row.statement))
            for row in inputs.said_of.get(("category", code), ())
            if pd.isna(row.center_id)
        ]
        told = say.listed(phases)
        if said:
            told = say("overview.category", phases=told, said="; ".join(said))
        yield Meaning(symbols.sign(inputs.instrument.signs[code]), say(f"category.{code}"), told)


def _order(say: Messages, inputs: Inputs, centers: pd.DataFrame) -> str:
    """The first category whose scores are higher, on the average, than those of a better one."""
    means = centers.groupby("category")["score"].mean()
    there = [code for code in inputs.instrument.categories if code in means.index]
    for better, lower in pairwise(there):
        if means[lower] > means[better]:
            names = {"better": say(f"category.{better}"), "lower": say(f"category.{lower}")}
            return say("overview.order", **names)
    return ""


def rank(dossier: Dossier, center: pd.Series) -> str:
    """Rank among all that have a score; where all are the paper's, that they are its examples."""
    key = "center.rank_of_examples" if dossier.only_examples else "center.rank"
    return dossier.say(key, rank=dossier.say.number(center["rank"], 0), of=dossier.scored)


def _source(dossier: Dossier, center: pd.Series) -> str:
    """Which sentence tells where a center's figures come from."""
    if dossier.own and dossier.own.fictional and center.name in dossier.own.centers.index:
        return "fictional_source"
    if pd.isna(center["score_claim"]):
        return "own_source"
    return "sources" if dossier.source == PUBLISHED else "assessed_source"


def _conflict(say: Messages, center: pd.Series, claims: pd.DataFrame, source: str) -> str:
    """How the source contradicts itself about a center's score; empty when it does not."""
    rivals = [i for i in claim_ids(center["alternative_claims"]) if i in claims.index]
    if not rivals or pd.isna(center["score_claim"]):
        return ""  # a reader's own row stands by its own score
    values = [wording.figure(say, tables.row(claims, i)) for i in rivals]
    if source == PUBLISHED:
        used = say.number(center["score"])
        return say("center.conflict", used=used, other=say.listed(values))
    if (used := center["score_claim"]) in claims.index:
        values.insert(0, wording.figure(say, claims.loc[used]))
    return say("center.conflict_printed", values=say.listed(values))


def _claims(
    say: Messages, center: pd.Series, claims: pd.DataFrame, source: str
) -> tuple[Claim, ...]:
    """Every figure that the source prints about the center; a reader's own has none."""
    if pd.isna(center["score_claim"]):
        return ()
    return tuple(
        Claim(
            str(claim_id),
            say.printed(claim["value"], claim["value_printed"]),
            say.code("category", claim["category"]),
            wording.used_for(say, claim["used_for"], source),
            str(say.data(claim["section"])),
        )
        for claim_id, claim in claims[claims["center_id"].eq(str(center.name))].iterrows()
    )


def _said(say: Messages, center: pd.Series, inputs: Inputs) -> Said | None:
    """The source's words about a center, or else about its category; nothing where it has none."""
    some, own = advice.statements_of(center, inputs)
    if not some:
        return None
    of_category = say("statement.of_category", category=say.code("category", center["category"]))
    title = say("statement.of_center") if own else of_category
    conflict = ""
    for item in advice.access_claimed(center, inputs):
        values = {"claims": ", ".join(item.claims), "commodity": _commodity(say, center, inputs)}
        conflict = say("statement.access_without_fit", **values)
    return Said(title, statements(say, some), conflict, say("statement.reading"))


def statements(say: Messages, some: Iterable[Any]) -> tuple[Statement, ...]:
    """What the source says in words (rows of ``Inputs.statements``), strengths first."""
    rank = {polarity: place for place, polarity in enumerate(POLARITIES)}
    return tuple(
        Statement(
            say.code("polarity", row.polarity),
            say.code("aspect", row.aspect),
            str(say.data(row.statement)),
            str(say.data(row.section)),
            row.Index,
        )
        for row in sorted(some, key=lambda row: rank.get(row.polarity, len(rank)))
    )


def distance(dossier: Dossier, center_id: str, zone_id: str) -> Distance:
    """Straight-line km from a center to a zone."""
    measured, say = dossier.measured, dossier.say
    km, low, high = (
        say.number(tables.cell(part, center_id, zone_id), 1)
        for part in (measured.distances, measured.low, measured.high)
    )
    zone = str(dossier.inputs.zones.at[zone_id, "short_name"])
    return Distance(zone_id, zone, km, "" if km == NOTHING else f"{low}–{high}")


def _place(say: Messages, center: pd.Series, districts: pd.DataFrame) -> Facts:
    """Where the center is, how that is known, how exactly, and what else it could be."""
    facts = {
        "place.basis": say.code("basis", center["position_basis"]),
        "place.locality": _text(say, center["locality"]),
        "place.precision": wording.position(say, center),
        "place.coordinates": f"{say.number(center['lat'], 5)}; {say.number(center['lon'], 5)}",
        "place.source": _text(say, center["position_source"]),
        "place.evidence": _text(say, center["position_evidence"]),
        "place.alternatives": _text(say, center["position_alternatives"]),
    }
    if center["across_border"]:
        located = district_name(districts, center["district_located"])
        reported = district_name(districts, center["district"])
        facts["place.border"] = say("place.across", reported=reported, located=located)
    return facts


def _about(say: Messages, center: pd.Series, inputs: Inputs) -> Facts:
    return {
        "table.commodity": _commodity(say, center, inputs),
        "center.products": _text(say, center.get("products")),
        "center.workers": _text(say, center.get("workers_note")),
        "table.district": district_name(inputs.districts, center["district"]),
        "center.note": _text(say, center.get("note")),
    }


def _list(dossier: Dossier, center_id: str) -> Facts:
    """Which list the center is of, where several are shown."""
    lists = wording.list_names(dossier.say, dossier.measured.centers)
    return {} if lists is None else {"table.list": str(lists[center_id])}


def _commodity(say: Messages, center: pd.Series, inputs: Inputs) -> str | None:
    known = center["commodity"] in inputs.commodities.index
    return say.name(inputs.commodities.loc[center["commodity"]]) if known else None


def district_name(districts: pd.DataFrame, code: object) -> str | None:
    """Name of a district; None where the code is of none."""
    return str(districts.at[code, "name_id"]) if code in districts.index else None


def _text(say: Messages, cell: Any) -> str | None:
    """A free text of the data in the reader's language."""
    return None if cell is None or cell == "" or pd.isna(cell) else str(say.data(cell))


def _aspects(dossier: Dossier, center_id: str) -> Aspects:
    say, aspects = dossier.say, dossier.aspects.loc[center_id]
    if aspects.isna().all():
        return Aspects((), say("aspect.unknown"), ())
    scores = tuple(
        (say(f"aspect.{a}"), say.points(aspects[a]) if pd.notna(aspects[a]) else None)
        for a in aspects.index
    )
    standing, linkage = dossier.standings.get(center_id), dossier.view.composition.linkage
    notes = [told_of(say, standing)] if standing and standing.scored else []
    if linkage != SURVEYED:
        notes.append(f"{say('scoring.linkage')}: {say(f'linkage.{linkage}')}")
    return Aspects(scores, "", tuple(notes))


def told_of(say: Messages, standing: Standing) -> str:
    """Whose assessment of a center counts, of when, and of how many."""
    scored = standing.scored or standing.newest
    return say(
        "assess.counts",
        author=scored.author,
        date=say.date(scored.assessed_on.isoformat()),
        count=say.number(standing.count, 0),
    )


def _ratings(
    say: Messages, standing: Standing | None, inputs: Inputs
) -> tuple[tuple[tuple[str, str], ...], str]:
    """How far each framework was rated, how high, and by whom; nothing where none was."""
    if standing is None or standing.rated is None:
        return (), ""
    try:
        ratings = Ratings.from_dict(standing.rated.ratings)
    except ValueError:
        return (), ""
    rows = [
        (
            say(f"framework.{name}"),
            say(
                "center.rated",
                mean=say.number(row["mean"], 1),
                most=HIGHEST,
                rated=say.number(row["rated"], 0),
                of=row["rated"] + row["unknown"],
            ),
        )
        for name, row in frameworks.summary(ratings, inputs.frameworks).iterrows()
        if row["rated"]
    ]
    counts = {name: len(ratings.swot.get(name, ())) for name in SWOT}
    if any(counts.values()):
        told = [f"{say(f'swot.{name}')} {say.number(n, 0)}" for name, n in counts.items()]
        rows.append((say("framework.swot"), " · ".join(told)))
    author, day = standing.rated.author, say.date(standing.rated.assessed_on.isoformat())
    return tuple(rows), say("center.rated_by", author=author, date=day) if rows else ""


def _actions(dossier: Dossier, center: pd.Series) -> tuple[tuple[Action, ...], str]:
    """The first things to do, and what they rest on or that there are none."""
    say, inputs = dossier.say, dossier.inputs
    found = dossier.first_actions(center, MOST_ACTIONS)
    if not found:
        return (), say("advice.none")
    listed = tuple(
        Action(
            getattr(action, f"text_{say.language}"),
            say("advice.why", why=reasons.why(say, advised, inputs)),
            tuple(reasons.examples(say, action, inputs)),
            f"{say('advice.who')}: {say.listed([say.code('actor', a) for a in action.actors])}",
            say(
                "advice.source",
                source=say.data(action.source),
                section=say.data(action.section),
            ),
        )
        for advised in found
        for action in (advised.action,)
    )
    return listed, reasons.rests_on(say, center, found[0].basis, dossier.source)


@dataclass(frozen=True)
class District:
    """Everything known of one district.

    Parameters
    ----------
    name, studied
        And that the source studied it; else empty.
    facts
        Besides its centers; ``center.note`` only where there is one.
    count
        Number of its centers.
    of_centers
        What these are like; nothing without any.
    straight, source
        What its distances are, and where all this comes from.
    """

    name: str
    studied: str
    facts: Facts
    count: int
    of_centers: Facts
    straight: str
    source: str


def district(dossier: Dossier, code: str) -> District:
    """Population, area, seat, and what its centers are like.

    Raises
    ------
    KeyError
        When there is no such district.
    """
    say, inputs, centers = dossier.say, dossier.inputs, dossier.centers
    row, inside = tables.row(inputs.districts, code), centers[centers["district"] == code]
    density = density_per_km2(inputs.districts.loc[[code]]).loc[code]
    people = say.number(row["population"], 0)
    facts = {
        "district.codes": f"Kemendagri {code[:2]}.{code[2:]} · BPS {row['bps_code']}",
        "district.capital": _text(say, row["capital"]),
        "district.population": say.dated(people, row["population_date"]),
        "district.area": f"{say.number(row['area_km2'], 1)} km²",
        "district.density": f"{say.number(density, 0)} / km²",
        "district.nearest": nearest_to_seat(dossier, code),
        **_of_register(dossier, code),
    }
    if pd.notna(row["note"]):
        facts["center.note"] = _text(say, row["note"])
    return District(
        name=str(row["name_id"]),
        studied=say("district.studied") if code in dossier.studied else "",
        facts=facts,
        count=len(inside),
        of_centers=_of_centers(dossier, inside, code) if len(inside) else {},
        straight=say("linkage.straight_line_help"),
        source=" ".join([say("district.sources"), *_source_of_register(dossier)]),
    )


def _of_register(dossier: Dossier, code: str) -> Facts:
    """Units and candidates for centers, where there is a register."""
    say, held = dossier.say, dossier.registered
    units = held.units.get(code, 0)
    if not held.units or units is None:
        return {}
    told = [
        f"{wording.commodity(say, dossier.inputs.commodities, commodity)} {say.number(count, 0)}"
        for commodity, count in held.commodities.get(code, ())
    ]
    number = say.number(units, 0)
    definition = tables.row(dossier.inputs.center_definitions, held.definition)
    return {
        "district.units": say("district.units_told", units=number, commodities=", ".join(told))
        if told
        else number,
        "district.candidates": say(
            "district.candidates_told",
            count=held.candidates.get(code, 0),
            definition=say.name(definition),
        ),
    }


def _source_of_register(dossier: Dossier) -> Iterable[str]:
    held = dossier.registered
    if held.units:
        yield wording.source_of_units(dossier.say, held.files, made_up=held.made_up)


def _of_centers(dossier: Dossier, inside: pd.DataFrame, code: str) -> Facts:
    """Categories, scores and proximity of a district's centers."""
    say, signs = dossier.say, dossier.inputs.instrument.signs
    measured = dossier.districts.loc[code]
    counted = inside["category"].value_counts()
    categories = [
        f"{say(f'category.{c}')} {say.number(counted[c], 0)}" for c in signs if c in counted
    ]
    highest = inside["score"].max()
    return {
        "district.categories": " · ".join(categories),
        "district.best": say.number(highest) if pd.notna(highest) else None,
        **{
            f"district_measure.{name}": wording.measure_words(say, name, measured[name])
            for name in ("mean_score", "mean_proximity", "centers_per_100k")
        },
    }


def nearest_to_seat(dossier: Dossier, code: str) -> str | None:
    """Zone nearest to a district's seat, with its distance."""
    km = tables.row(dossier.seat_km, code).dropna()
    if km.empty:
        return None
    zone = tables.cell(dossier.inputs.zones, km.idxmin(), "short_name")
    return f"{zone}, {dossier.say.km(km.min())}"


class Area(NamedTuple):
    """A figure of a zone's area: what it counts, of when, and whose it is."""

    hectares: str
    basis: str | None
    year: str | None
    source: str | None


@dataclass(frozen=True)
class Zone:
    """Everything known of one zone.

    Parameters
    ----------
    name, kind
        The kind is a code, for its sign.
    area
        The figure in use.
    facts
        Kind, operator, area, status, sectors, law, and how its place is known.
    areas
        Every figure of its area, rivals too.
    closest
        Names of the closest centers and their straight-line km.
    straight, source
        What the distances are, and where all this comes from.
    """

    name: str
    kind: str
    area: str
    facts: Facts
    areas: tuple[Area, ...]
    closest: tuple[tuple[str, str], ...]
    straight: str
    source: str | None


MOST_CLOSEST: Final = 5


def zone(dossier: Dossier, zone_id: str, *, among: pd.DataFrame) -> Zone:
    """Kind, operator, area with its rival figures, sectors and the closest of some centers.

    Raises
    ------
    KeyError
        When there is no such zone.
    """
    say, inputs = dossier.say, dossier.inputs
    row = tables.row(inputs.zones, zone_id)
    rivals = inputs.zone_areas[inputs.zone_areas["zone_id"] == zone_id]
    near = dossier.measured.distances.loc[among.index, zone_id].nsmallest(MOST_CLOSEST)
    area, outlined = say.hectares(row["area_ha"]), zone_id in inputs.footprints.index
    status = say.code("zone_status", row["status"])
    sectors = _text(say, row["focus_sectors"])
    return Zone(
        name=say.name(row),
        kind=row["class"],
        area=area,
        facts={
            "zone.class": say.code("zone_class", row["class"]),
            "zone.operator": _text(say, row["operator"]),
            "zone.area": f"{area} ({say.data(row['area_basis'])})",
            "zone.status": f"{status} ({say.date(str(row['status_date']))})",
            "zone.sectors": sectors and sectors.replace(";", ", "),
            "zone.legal": _text(say, row["legal_basis"]),
            "place.precision": say.code("precision", row["position_precision"]),
            "zone.footprint": say("zone.polygon" if outlined else "zone.schematic"),
            "place.source": _text(say, row["position_source"]),
            "center.note": _text(say, row["note"]),
        },
        areas=tuple(
            Area(say.hectares(ha), *(_text(say, cell) for cell in (basis, year, source)))
            for ha, basis, year, source in rivals[["area_ha", "basis", "year", "source"]].to_numpy()
        ),
        closest=tuple(
            (tables.cell(among, c, f"name_{say.language}"), say.km(km)) for c, km in near.items()
        ),
        straight=say("linkage.straight_line_help"),
        source=_text(say, row["source"]),
    )
