"""Panels: everything known about one center, district or zone, and what is not, as HTML."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd
from markupsafe import Markup

from ikmgeo import frameworks, maps, wording
from ikmgeo.advice import Reason
from ikmgeo.analysis import Inputs, Measured
from ikmgeo.assessments import Standing
from ikmgeo.composite import SOURCES
from ikmgeo.district_measures import density_per_km2
from ikmgeo.frameworks import HIGHEST, SWOT, Ratings
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
    sign = picture(maps.sign_svg(center["category"], size=22))
    assessed = profile is not None and profile.source != SOURCES[0]
    conflicting = center["conflicting"] or (assessed and _conflicting(center, inputs.claims))
    if conflicting:
        sign += picture(maps.conflict_svg(size=18))
    parts = [
        Markup("<h2>{} {}</h2>").format(sign, center[f"name_{say.language}"]),
        _lead(say, center, centers),
        _placeholder(say, center),
        _claims(say, center, inputs.claims, conflicting=conflicting, assessed=assessed),
        _distances(say, center, inputs.zones, measured),
        _place(say, center, inputs.districts),
        facts(say, _about(say, center, inputs)),
        _aspects(say, center, profile),
        *(
            [_frameworks(say, profile.standing, inputs), _actions(say, profile.actions, inputs)]
            if profile
            else []
        ),
        Markup("<p class='ikm-source'>{}</p>").format(
            say(f"center.{_source(center, profile, assessed=assessed)}")
        ),
    ]
    return panel(Markup("").join(parts))


def _lead(say: Messages, center: pd.Series, centers: pd.DataFrame) -> Markup:
    if pd.isna(center["score"]):
        return Markup("<p class='ikm-lead'>{}</p>").format(say("center.unscored"))
    rank = say(
        "center.rank",
        rank=say.number(center["rank"], 0),
        of=say.number(centers["score"].notna().sum(), 0),
    )
    category = say(f"category.{center['category']}")
    return Markup("<p class='ikm-lead'><strong>{}</strong> {} · {}</p>").format(
        say.number(center["score"]), category, rank
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


def _conflicting(center: pd.Series, claims: pd.DataFrame) -> bool:
    """Whether the source contradicts itself about a center whose score is not the printed one."""
    known = any(i in claims.index for i in claim_ids(center["alternative_claims"]))
    return known and pd.notna(center["score_claim"])


def _claims(
    say: Messages,
    center: pd.Series,
    claims: pd.DataFrame,
    *,
    conflicting: bool,
    assessed: bool,
) -> Markup:
    """Every claim about the center; contradictions stand first and in words."""
    own = claims[claims["center_id"] == center.name]
    if own.empty or pd.isna(center["score_claim"]):
        return Markup("")  # a reader's own row stands by its own score
    items = Markup("").join(
        Markup("<li><strong>{}</strong> {} · {}<small>{} · {}</small></li>").format(
            say.printed(c["value"], c["value_printed"]),
            say.code("category", c["category"]),
            say("used_for.printed_score")
            if assessed and c["used_for"] == "published_score"
            else say.code("used_for", c["used_for"]),
            say.data(c["section"]),
            claim_id,
        )
        for claim_id, c in own.iterrows()
    )
    listed = Markup("<h3>{}</h3><ul class='ikm-claims'>{}</ul>").format(say("claim.heading"), items)
    if not conflicting:
        return listed
    values = [
        say.printed(claims.at[i, "value"], claims.at[i, "value_printed"])
        for i in claim_ids(center["alternative_claims"])
        if i in claims.index
    ]
    used = center["score_claim"]
    if assessed:
        used = say.printed(claims.at[used, "value"], claims.at[used, "value_printed"])
        told = say("center.conflict_printed", values=say.listed([used, *values]))
    else:
        told = say("center.conflict", used=say.number(center["score"]), other=say.listed(values))
    return Markup("<p class='ikm-conflict'>{}</p>{}").format(told, listed)


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


def _about(say: Messages, center: pd.Series, inputs: Inputs) -> list[tuple[str, object]]:
    commodity = center["commodity"]
    return [
        (
            say("table.commodity"),
            say.name(inputs.commodities.loc[commodity])
            if commodity in inputs.commodities.index
            else None,
        ),
        (say("center.products"), say.data(center.get("products"))),
        (say("center.workers"), say.data(center.get("workers_note"))),
        (say("table.district"), _district_name(inputs.districts, center["district"])),
        (say("center.note"), say.data(center.get("note"))),
    ]


def _aspects(say: Messages, center: pd.Series, profile: Profile | None) -> Markup:
    """Aspects, whoever scored them; the assessment that counts is named."""
    aspects = center[list(ASPECTS)] if profile is None else profile.aspects
    known = [(say(f"aspect.{a}"), say.number(aspects[a])) for a in ASPECTS if pd.notna(aspects[a])]
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


def _actions(say: Messages, actions: pd.DataFrame, inputs: Inputs) -> Markup:
    """The first things to do, each with its reasons."""
    heading = Markup("<h3>{}</h3>").format(say("advice.heading"))
    if actions.empty:
        return heading + Markup("<p>{}</p>").format(say("advice.none"))
    items = Markup("").join(
        Markup("<li>{}<small>{}</small></li>").format(
            action[f"text_{say.language}"],
            say("advice.why", why=reasons(say, action["reasons"], inputs)),
        )
        for _, action in actions.head(MOST_ACTIONS).iterrows()
    )
    return heading + Markup("<ol class='ikm-claims'>{}</ol>").format(items)


def reasons(say: Messages, found: Iterable[Reason], inputs: Inputs) -> str:
    """Why an action was chosen, in words."""
    return "; ".join(_reason(say, reason, inputs) for reason in found)


def _reason(say: Messages, reason: Reason, inputs: Inputs) -> str:
    values: dict[str, Any] = {"score": say.number(reason.score, 0)}
    if reason.code in ("category", "aspect", "phase"):
        values["what"] = say.code(reason.code, reason.what)
    if reason.code == "commodity":
        known = reason.what in inputs.commodities.index
        values["what"] = say.name(inputs.commodities.loc[reason.what]) if known else reason.what
    return say(f"advice.reason_{reason.code}", **values)


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
            picture(maps.outline_svg()), say("district.studied")
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
    ]


def _center_facts(
    say: Messages, inside: pd.DataFrame, measured: pd.Series
) -> list[tuple[str, object]]:
    """Categories, scores and proximity of a district's centers."""
    counted = inside["category"].value_counts()
    categories = [
        f"{say(f'category.{c}')} {say.number(counted[c], 0)}" for c in maps.SIGNS if c in counted
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
    sign = picture(maps.icon_svg(zone["class"], size=22))
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
