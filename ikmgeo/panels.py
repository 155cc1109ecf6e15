"""Panels: everything known about one center, district or zone, and what is not, as HTML."""

from dataclasses import dataclass
from itertools import groupby
from typing import Any

import pandas as pd
from markupsafe import Markup

from ikmgeo import advice, frameworks, symbols, wording
from ikmgeo.advice import Reason
from ikmgeo.analysis import Inputs, Measured
from ikmgeo.assessments import Standing
from ikmgeo.composite import LINKAGE_ASPECTS, SOURCES, WEAK_BELOW
from ikmgeo.district_measures import density_per_km2
from ikmgeo.frameworks import HIGHEST, SWOT, Ratings
from ikmgeo.ledger import access_without_fit
from ikmgeo.markup import facts, note, panel, picture, table
from ikmgeo.messages import NOTHING, Messages
from ikmgeo.scoring import claim_ids
from ikmgeo.vocabulary import ASPECTS

DIGITS = {"centers": 0, "mean_score": 2, "mean_proximity": 1, "seat_km": 1, "centers_per_100k": 2}
"""Decimals of the measures of districts."""


MOST_ACTIONS = 3
"""Of the advice, in the panel of a center."""


@dataclass(frozen=True)
class Profile:
    """Where a center's score comes from, and what is recorded and advised beside it.

    Parameters
    ----------
    source
        One of ``composite.SOURCES``.
    fictional
        Whether the center is made up.
    aspects
        The six as assessed, 0 to 100, NaN where nobody did.
    standing
        What is recorded of it, if anything.
    actions
        As from ``advice.applied``, first things first.
    """

    source: str
    fictional: bool
    aspects: pd.Series
    standing: Standing | None
    actions: pd.DataFrame


def no_panel(say: Messages, *ways: str) -> Markup:
    """Nothing is chosen, and the ways to choose (``map``, ``table``, ``name``)."""
    steps = Markup("").join(Markup("<li>{}</li>").format(say(f"panel.how_{w}")) for w in ways)
    return panel(Markup("<h2>{}</h2><ul>{}</ul>").format(say("panel.nothing"), steps))


def center_panel(
    say: Messages,
    center: pd.Series,
    *,
    inputs: Inputs,
    measured: Measured,
    centers: pd.DataFrame,
    profile: Profile | None = None,
) -> Markup:
    """Score and its claims, distances, place and precision, assessment, advice, sources.

    ``center`` is a row of ``centers``, all that were classified: they tell of how many its rank is.
    Without a profile its score is the printed one, and nothing is recorded or advised.
    """
    sign = picture(symbols.sign(center["category"]).svg(22))
    source = profile.source if profile else SOURCES[0]
    conflict = conflict_told(say, center, inputs.claims, source)
    if conflict:
        sign += picture(symbols.conflict().svg(18))
    parts = [
        Markup("<h2>{} {}</h2>").format(sign, center[f"name_{say.language}"]),
        _lead(say, center, centers),
        _placeholder(say, center),
        _claims(say, center, inputs.claims, conflict=conflict, source=source),
        _words(say, center, inputs),
        _distances(say, center, inputs.zones, measured),
        _place(say, center, inputs.districts),
        facts(say, _about(say, center, inputs)),
        _aspects(say, center, profile),
        *(
            [
                _frameworks(say, profile.standing, inputs),
                _actions(say, center, profile.actions, inputs, source),
            ]
            if profile
            else []
        ),
        Markup("<p class='ikm-source'>{}</p>").format(
            say(f"center.{_source(center, profile, assessed=source != SOURCES[0])}")
        ),
    ]
    return panel(Markup("").join(parts))


def _lead(say: Messages, center: pd.Series, centers: pd.DataFrame) -> Markup:
    if pd.isna(center["score"]):
        return Markup("<p class='ikm-lead'>{}</p>").format(say("center.unscored"))
    category = say(f"category.{center['category']}")
    return Markup("<p class='ikm-lead'><strong>{}</strong> {} · {}</p>").format(
        say.number(center["score"]), category, rank(say, center, centers)
    )


def rank(say: Messages, center: pd.Series, centers: pd.DataFrame) -> str:
    """Rank among all that have a score; where all are the paper's, that they are its examples."""
    scored = centers[centers["score"].notna()]
    examples = scored["score_claim"].notna().all()
    return say(
        "center.rank_of_examples" if examples else "center.rank",
        rank=say.number(center["rank"], 0),
        of=say.number(len(scored), 0),
    )


def _placeholder(say: Messages, center: pd.Series) -> Markup:
    if center["position_basis"] != "placeholder":
        return Markup("")
    return Markup("<p class='ikm-warn'>{}</p>").format(say("place.placeholder"))


def _source(center: pd.Series, profile: Profile | None, *, assessed: bool) -> str:
    """Which sentence tells where a center's figures come from."""
    if profile and profile.fictional:
        return "fictional_source"
    if pd.isna(center["score_claim"]):
        return "own_source"
    return "assessed_source" if assessed else "sources"


def conflict_told(say: Messages, center: pd.Series, claims: pd.DataFrame, source: str) -> str:
    """How the source contradicts itself about a center's score; empty when it does not.

    ``source`` is the one of the scores in use, of ``composite.SOURCES``.
    """
    known = [i for i in claim_ids(center["alternative_claims"]) if i in claims.index]
    if not known or pd.isna(center["score_claim"]):
        return ""  # a reader's own row stands by its own score
    values = [say.printed(claims.at[i, "value"], claims.at[i, "value_printed"]) for i in known]
    if source == SOURCES[0]:
        used = say.number(center["score"])
        return say("center.conflict", used=used, other=say.listed(values))
    if (used := center["score_claim"]) in claims.index:
        values.insert(0, say.printed(claims.at[used, "value"], claims.at[used, "value_printed"]))
    return say("center.conflict_printed", values=say.listed(values))


def _claims(
    say: Messages, center: pd.Series, claims: pd.DataFrame, *, conflict: str, source: str
) -> Markup:
    """Every claim about the center; contradictions stand first and in words."""
    own = claims[claims["center_id"] == center.name]
    if own.empty or pd.isna(center["score_claim"]):
        return Markup("")  # a reader's own row stands by its own score
    items = Markup("").join(
        Markup("<li><strong>{}</strong> {} · {}<small>{} · {}</small></li>").format(
            say.printed(c["value"], c["value_printed"]),
            say.code("category", c["category"]),
            wording.used_for(say, c["used_for"], source),
            say.data(c["section"]),
            claim_id,
        )
        for claim_id, c in own.iterrows()
    )
    listed = Markup("<h3>{}</h3><ul class='ikm-claims'>{}</ul>").format(say("claim.heading"), items)
    warned = Markup("<p class='ikm-conflict'>{}</p>").format(conflict) if conflict else ""
    return Markup("{}{}").format(warned, listed)


@dataclass(frozen=True)
class Said:
    """What the source says in words that holds for a center, ready to be shown.

    Parameters
    ----------
    title
        Whether it is said of the center or of its category.
    rows
        Polarity, aspect, words, section and claim, one row a statement.
    conflict
        How it contradicts what is documented of the zones; else empty.
    """

    title: str
    rows: list[tuple[str, str, str, str, str]]
    conflict: str


def said(say: Messages, center: pd.Series, inputs: Inputs) -> Said | None:
    """The source's words about a center, or else about its category; nothing where it has none."""
    some = advice.statements_of(center, inputs.statements)
    title = say("statement.of_center")
    if some.empty:
        some = inputs.statements[inputs.statements["category"].eq(center["category"])]
        title = say("statement.of_category", category=say.code("category", center["category"]))
    if some.empty:
        return None
    conflict = ""
    for item in access_without_fit(
        center.to_frame().T, inputs.statements, inputs.zones, inputs.sector_fit
    ):
        values = {"claims": ", ".join(item.claims), "commodity": _commodity(say, center, inputs)}
        conflict = say("statement.access_without_fit", **values)
    return Said(title, statement_rows(say, some), conflict)


def statement_rows(say: Messages, some: pd.DataFrame) -> list[tuple[str, str, str, str, str]]:
    """Polarity, aspect, words, section and claim of statements, strengths first."""
    ordered = some.sort_values("polarity", kind="stable", na_position="last")
    return [
        (
            say.code("polarity", row["polarity"]),
            say.code("aspect", row["aspect"]),
            str(say.data(row["statement"])),
            str(say.data(row["section"])),
            str(claim_id),
        )
        for claim_id, row in ordered.iterrows()
    ]


def _words(say: Messages, center: pd.Series, inputs: Inputs) -> Markup:
    """What the source says of the center in words, aspect by aspect."""
    found = said(say, center, inputs)
    if found is None:
        return Markup("")
    items = Markup("").join(
        Markup("<li><strong>{} · {}</strong> {}<small>{} · {}</small></li>").format(
            polarity, aspect, words, section, claim_id
        )
        for polarity, aspect, words, section, claim_id in found.rows
    )
    warned = Markup("<p class='ikm-conflict'>{}</p>").format(found.conflict)
    return Markup("<h3>{}</h3>{}<ul class='ikm-claims'>{}</ul>{}").format(
        found.title, warned if found.conflict else "", items, note(say("statement.reading"))
    )


def _distances(say: Messages, center: pd.Series, zones: pd.DataFrame, measured: Measured) -> Markup:
    rows = []
    for zone_id, km in measured.distances.loc[center.name].sort_values().items():
        low, high = measured.low.at[center.name, zone_id], measured.high.at[center.name, zone_id]
        rows.append(
            (
                zones.at[zone_id, "short_name"],
                say.km(km),
                f"{say.number(low, 1)}–{say.number(high, 1)} km",
            )
        )
    heads = [say(f"distance.{c}") for c in ("zone", "km", "interval")]
    unsure = say("distance.uncertain") if center["nearest_uncertain"] else ""
    return table(heads, rows, say("distance.heading")) + Markup(
        "<p class='ikm-note'>{} {}</p>"
    ).format(say("linkage.straight_line_help"), unsure)


def _place(say: Messages, center: pd.Series, districts: pd.DataFrame) -> Markup:
    """Where the center is, how that is known, how exactly, and what else it could be."""
    coordinates = f"{say.number(center['lat'], 5)}; {say.number(center['lon'], 5)}"
    known = [
        (say("place.basis"), say.code("basis", center["position_basis"])),
        (say("place.locality"), say.data(center["locality"])),
        (say("place.precision"), wording.position(say, center)),
        (say("place.coordinates"), coordinates),
        (say("place.source"), say.data(center["position_source"])),
        (say("place.evidence"), say.data(center["position_evidence"])),
        (say("place.alternatives"), say.data(center["position_alternatives"])),
    ]
    if center["across_border"]:
        located = _district_name(districts, center["district_located"])
        reported = _district_name(districts, center["district"])
        across = say("place.across", reported=reported, located=located)
        known.insert(0, (say("place.border"), across))
    return Markup("<h3>{}</h3>").format(say("place.heading")) + facts(say, known)


def _commodity(say: Messages, center: pd.Series, inputs: Inputs) -> str | None:
    known = center["commodity"] in inputs.commodities.index
    return say.name(inputs.commodities.loc[center["commodity"]]) if known else None


def _about(say: Messages, center: pd.Series, inputs: Inputs) -> list[tuple[str, object]]:
    return [
        (say("table.commodity"), _commodity(say, center, inputs)),
        (say("center.products"), say.data(center.get("products"))),
        (say("center.workers"), say.data(center.get("workers_note"))),
        (say("table.district"), _district_name(inputs.districts, center["district"])),
        (say("center.note"), say.data(center.get("note"))),
    ]


def _aspects(say: Messages, center: pd.Series, profile: Profile | None) -> Markup:
    """Aspects, whoever scored them; the assessment that counts is named."""
    aspects = center[list(ASPECTS)] if profile is None else profile.aspects
    known = [(say(f"aspect.{a}"), say.points(aspects[a])) for a in ASPECTS if pd.notna(aspects[a])]
    heading = Markup("<h3>{}</h3>").format(say("aspect.heading"))
    if not known:
        return heading + Markup("<p>{}</p>").format(say("aspect.unknown"))
    standing = profile.standing if profile else None
    by = note(told_of(say, standing)) if standing and standing.scored else ""
    return heading + facts(say, known) + by


def told_of(say: Messages, standing: Standing) -> str:
    """Whose assessment of a center counts, of when, and of how many."""
    scored = standing.scored or standing.newest
    return say(
        "assess.counts",
        author=scored.author,
        date=say.date(scored.assessed_on.isoformat()),
        count=say.number(standing.count, 0),
    )


def _frameworks(say: Messages, standing: Standing | None, inputs: Inputs) -> Markup:
    """How far each framework was rated, and how high; nothing where none was."""
    if standing is None or standing.rated is None:
        return Markup("")
    try:
        ratings = Ratings.from_dict(standing.rated.ratings)
    except ValueError:
        return Markup("")
    rows = [
        (
            say(f"framework.{name}"),
            say(
                "center.rated",
                mean=say.number(row["mean"], 1),
                most=HIGHEST,
                rated=say.number(row["rated"], 0),
                of=say.number(row["rated"] + row["unknown"], 0),
            ),
        )
        for name, row in frameworks.summary(ratings, inputs.frameworks).iterrows()
        if row["rated"]
    ]
    counts = {name: len(ratings.swot.get(name, ())) for name in SWOT}
    if any(counts.values()):
        told = [f"{say(f'swot.{name}')} {say.number(n, 0)}" for name, n in counts.items()]
        rows.append((say("framework.swot"), " · ".join(told)))
    if not rows:
        return Markup("")
    author, day = standing.rated.author, say.date(standing.rated.assessed_on.isoformat())
    return Markup("<h3>{}</h3>{}{}").format(
        say("ratings.summary"),
        facts(say, rows),
        note(say("center.rated_by", author=author, date=day)),
    )


def _actions(
    say: Messages, center: pd.Series, actions: pd.DataFrame, inputs: Inputs, source: str
) -> Markup:
    """The first things to do, each with its reasons."""
    heading = Markup("<h3>{}</h3>").format(say("advice.heading"))
    if actions.empty:
        return heading + Markup("<p>{}</p>").format(say("advice.none"))
    items = Markup("").join(
        Markup("<li>{}<small>{}</small>{}</li>").format(
            action[f"text_{say.language}"],
            say("advice.why", why=why(say, action, inputs)),
            Markup("").join(
                Markup("<small>{}</small>").format(told) for told in examples(say, action, inputs)
            ),
        )
        for _, action in actions.head(MOST_ACTIONS).iterrows()
    )
    rests = note(rests_on(say, center, actions["basis"].iloc[0], source))
    return heading + Markup("{}<ol class='ikm-claims'>{}</ol>").format(rests, items)


def rests_on(say: Messages, center: pd.Series, basis: str, source: str) -> str:
    """What advice rests on, and of which score the category is; ``source`` as in ``Profile``."""
    told = say(f"advice.basis_{basis}", weak=say.points(WEAK_BELOW))
    if pd.isna(center["score"]):
        return f"{told} {say('advice.category_unscored')}"
    own = source == SOURCES[0] and pd.isna(center["score_claim"])
    category = say(
        f"advice.category_{'own' if own else source}",
        category=say.code("category", center["category"]),
        score=say.number(center["score"]),
    )
    return f"{told} {category}"


def unmet(say: Messages, aspects: pd.Series, actions: pd.DataFrame) -> str:
    """Weak linkages that no action mends, since no zone fits within reach; empty without any."""
    met = {reason.what for found in actions["reasons"] for reason in found}
    left = [a for a in LINKAGE_ASPECTS if aspects[a] < WEAK_BELOW and a not in met]
    told = [f"{say(f'aspect.{a}')} ({say.points(aspects[a])})" for a in left]
    return say("advice.unmet", aspects=say.listed(told)) if told else ""


WEAKEST_REASONS = ("category", "phase", "general")
"""Reasons that many actions share; they are told where an action has no other."""


def why(say: Messages, action: pd.Series, inputs: Inputs) -> str:
    """Why an action was chosen and what it is good for, in words."""
    found: tuple[Reason, ...] = action["reasons"]
    own = [reason for reason in found if reason.code not in WEAKEST_REASONS]
    told = [
        _said_in(say, code, list(some), inputs)
        if code.startswith(("statement", "strength"))
        else "; ".join(_reason(say, reason, inputs) for reason in some)
        for code, some in groupby(own or found, key=lambda reason: reason.code)
    ]
    return "; ".join([*told, str(action[f"aim_{say.language}"])])


def _said_in(say: Messages, code: str, some: list[Reason], inputs: Inputs) -> str:
    """What the source says, of the center or of its category, as one reason."""
    statements = inputs.statements.loc[[claim for reason in some for claim in reason.claims]]
    words = [f"{say.data(row['statement'])} ({i})" for i, row in statements.iterrows()]
    category = say.code("category", statements["category"].iloc[0])
    return say(f"advice.reason_{code}", category=category, words=say.listed(words))


def examples(say: Messages, action: pd.Series, inputs: Inputs) -> list[str]:
    """What happened elsewhere where an action was tried, with the source."""
    cases = inputs.cases.loc[list(action["cases"])]
    return [
        say(
            "advice.case",
            case=case[f"text_{say.language}"],
            source=say.data(case["source"]),
            section=say.data(case["section"]),
        )
        for _, case in cases.iterrows()
    ]


def _reason(say: Messages, reason: Reason, inputs: Inputs) -> str:
    what = reason.what
    if reason.code == "circumstance":
        return _circumstance(say, reason, inputs)
    if reason.code == "zone":
        return _zone_reason(say, reason, inputs)
    if reason.code in ("category", "aspect", "phase"):
        what = say.code(reason.code, what)
    if reason.code == "commodity" and what in inputs.commodities.index:
        what = say.name(inputs.commodities.loc[what])
    return say(f"advice.reason_{reason.code}", what=what, score=say.points(reason.score))


def _circumstance(say: Messages, reason: Reason, inputs: Inputs) -> str:
    printed = inputs.claims[inputs.claims.index.isin(reason.claims)]
    figures = [
        f"{say.printed(c['value'], c['value_printed'])} {say.code('category', c['category'])} ({i})"
        for i, c in printed.iterrows()
    ]
    claims = ", ".join(reason.claims)
    return say(f"circumstance.{reason.what}", figures=say.listed(figures), claims=claims)


def _zone_reason(say: Messages, reason: Reason, inputs: Inputs) -> str:
    """The zone that fits with its distance, and whether that may lie beyond the limit."""
    told = say(
        "advice.reason_zone",
        what=inputs.zones.at[reason.what, "short_name"],
        km=say.km(reason.km),
        low=say.number(reason.low_km, 1),
        high=say.number(reason.high_km, 1),
        fit=say.number(reason.fit, 1),
    )
    if (reason.high_km or 0) > (reason.limit_km or 0):
        return f"{told}, {say('advice.reason_zone_unsure', limit=say.km(reason.limit_km))}"
    return told


def district_panel(
    say: Messages,
    code: str,
    *,
    inputs: Inputs,
    centers: pd.DataFrame,
    measures: pd.DataFrame,
    seat_km: pd.DataFrame,
    studied: bool,
) -> Markup:
    """Population, area, seat, and what its centers are like.

    ``measures`` are those of ``district_measures.measures`` and ``seat_km`` the km from each
    district's seat to each zone; ``studied`` says that the paper studied this one.
    """
    district = inputs.districts.loc[code]
    inside = centers[centers["district"] == code]
    known = [
        *district_facts(say, code, inputs=inputs, seat_km=seat_km),
        (
            say("district.centers"),
            say("district.center_count", count=say.number(len(inside), 0))
            if len(inside)
            else say("district.no_center"),
        ),
        *(_center_facts(say, inside, measures.loc[code]) if len(inside) else []),
    ]
    note = (
        Markup("<p class='ikm-lead'>{} {}</p>").format(
            picture(symbols.border().svg()), say("district.studied")
        )
        if studied
        else ""
    )
    return panel(
        Markup('<h2>{}</h2>{}{}<p class="ikm-note">{}</p><p class="ikm-source">{}</p>').format(
            district["name_id"],
            note,
            facts(say, known),
            say("linkage.straight_line_help"),
            say("district.sources"),
        )
    )


def district_facts(
    say: Messages, code: str, *, inputs: Inputs, seat_km: pd.DataFrame
) -> list[tuple[str, object]]:
    """What is known of a district besides its centers; ``seat_km`` as of ``district_panel``."""
    district = inputs.districts.loc[code]
    density = density_per_km2(inputs.districts.loc[[code]]).loc[code]
    people = say.number(district["population"], 0)
    return [
        (say("district.codes"), f"Kemendagri {code[:2]}.{code[2:]} · BPS {district['bps_code']}"),
        (say("district.capital"), district["capital"]),
        (say("district.population"), say.dated(people, district["population_date"])),
        (say("district.area"), f"{say.number(district['area_km2'], 1)} km²"),
        (say("district.density"), f"{say.number(density, 0)} / km²"),
        (say("district.nearest"), nearest_to_seat(say, seat_km.loc[code], inputs.zones)),
        *([(say("center.note"), say.data(district["note"]))] if pd.notna(district["note"]) else []),
    ]


def _center_facts(
    say: Messages, inside: pd.DataFrame, measured: pd.Series
) -> list[tuple[str, object]]:
    """Categories, scores and proximity of a district's centers."""
    counted = inside["category"].value_counts()
    categories = [
        f"{say(f'category.{c}')} {say.number(counted[c], 0)}" for c in symbols.SIGNS if c in counted
    ]
    highest = inside["score"].max()
    return [
        (say("district.categories"), " · ".join(categories)),
        (say("district.best"), say.number(highest) if pd.notna(highest) else None),
        *(
            (say(f"district_measure.{name}"), measure_words(say, name, measured[name]))
            for name in ("mean_score", "mean_proximity", "centers_per_100k")
        ),
    ]


def nearest_to_seat(say: Messages, seat_km: pd.Series, zones: pd.DataFrame) -> str | None:
    """Zone nearest to a district's seat, with its distance; ``seat_km`` is on ``zone_id``."""
    km = seat_km.dropna()
    if km.empty:
        return None
    return f"{zones.at[km.idxmin(), 'short_name']}, {say.km(km.min())}"


def measure_words(say: Messages, name: str, value: Any) -> str:
    """Value of a district's measure as the reader writes it; a dash where it is missing."""
    if pd.isna(value):
        return NOTHING
    if name == "best_category":
        return say(f"category.{value}")
    unit = " km" if name == "seat_km" else ""
    return f"{say.number(value, DIGITS[name])}{unit}"


def zone_panel(
    say: Messages, zone_id: str, *, inputs: Inputs, measured: Measured, centers: pd.DataFrame
) -> Markup:
    """Class, operator, area with its rival figures, sectors and the closest of ``centers``."""
    zone = inputs.zones.loc[zone_id]
    rivals = inputs.zone_areas[inputs.zone_areas["zone_id"] == zone_id]
    rows = [
        (
            say.hectares(r["area_ha"]),
            say.data(r["basis"]),
            r["year"],
            say.data(r["source"]),
        )
        for _, r in rivals.iterrows()
    ]
    near = measured.distances.loc[centers.index, zone_id].nsmallest(5)
    closest = [(centers.at[c, f"name_{say.language}"], say.km(km)) for c, km in near.items()]
    known = [
        (say("zone.class"), say.code("zone_class", zone["class"])),
        (say("zone.operator"), say.data(zone["operator"])),
        (
            say("zone.area"),
            f"{say.hectares(zone['area_ha'])} ({say.data(zone['area_basis'])})",
        ),
        (
            say("zone.status"),
            f"{say.code('zone_status', zone['status'])} ({say.date(str(zone['status_date']))})",
        ),
        (say("zone.sectors"), _with_commas(say.data(zone["focus_sectors"]))),
        (say("zone.legal"), say.data(zone["legal_basis"])),
        (say("place.precision"), say.code("precision", zone["position_precision"])),
        (
            say("zone.footprint"),
            say("zone.polygon" if zone_id in inputs.footprints.index else "zone.schematic"),
        ),
        (say("place.source"), say.data(zone["position_source"])),
        (say("center.note"), say.data(zone["note"])),
    ]
    sign = picture(symbols.icon(zone["class"]).svg(22))
    near_heads = [say("table.name"), say("distance.km")]
    area_heads = [say("zone.ha"), say("zone.basis"), say("zone.year"), say("place.source")]
    return panel(
        Markup('<h2>{} {}</h2>{}{}{}<p class="ikm-note">{}</p><p class="ikm-source">{}</p>').format(
            sign,
            say.name(zone),
            facts(say, known),
            table(near_heads, closest, say("zone.closest")),
            table(area_heads, rows, say("zone.areas")),
            say("linkage.straight_line_help"),
            say.data(zone["source"]),
        )
    )


def _with_commas(cell: object) -> object:
    return cell.replace(";", ", ") if isinstance(cell, str) else cell


def _district_name(districts: pd.DataFrame, code: object) -> str | None:
    return str(districts.at[code, "name_id"]) if code in districts.index else None
