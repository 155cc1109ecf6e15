"""PDFs to print: a page about one center or district, and the atlas of all that is shown."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from operator import itemgetter
from typing import Any

import pandas as pd

from ikmgeo import advice, cartography, ledger, linkage, panels, scene, symbols, typeset, wording
from ikmgeo import handout as handing
from ikmgeo.advice import Plan
from ikmgeo.cartography import shortened
from ikmgeo.composite import LINKAGE_CHOICES
from ikmgeo.handout import Handout, Progress
from ikmgeo.messages import NOTHING, Messages
from ikmgeo.panels import measure_words
from ikmgeo.view import STAGES
from ikmgeo.vocabulary import ASPECTS, CATEGORIES

MOST_PROFILES = 60
"""Centers that get a page of their own, and a row where centers are listed."""

MOST_ROWS = 30
"""Centers that the page of a district lists."""

MOST_ACTIONS = 3
"""Actions on the page of a center."""

LONGEST = 300
"""Characters of one text on a page that has room for a few."""

Block = dict[str, Any]
"""What ``static/document.typ`` sets: ``kind`` and what that kind needs."""


def center_pdf(handout: Handout, center_id: str) -> bytes:
    """One page about a center.

    Raises
    ------
    KeyError
        When there is no such center.
    """
    center = handout.centers.loc[center_id]
    blocks = [*_center(handout, center, level=1), *_colophon(handout)]
    return _set(handout, blocks, title=str(center[f"name_{handout.say.language}"]))


def district_pdf(handout: Handout, code: str) -> bytes:
    """One page about a district and its centers.

    Raises
    ------
    KeyError
        When there is no such district.
    """
    name = str(handout.inputs.districts.at[code, "name_id"])
    return _set(handout, [*_district(handout, code), *_colophon(handout)], title=name)


def atlas_pdf(handout: Handout, *, progress: Progress = lambda part: None) -> bytes:
    """Cover, how to read it, maps, linkage, a page per center by rank, sources.

    Parameters
    ----------
    handout
        What is on screen; a page of their own have the first ``MOST_PROFILES`` of its centers.
    progress
        Told after each page; what it raises ends the work.
    """
    say = handout.say
    ranked = handout.shown.sort_values("rank", kind="stable", na_position="last")
    listed = ranked.iloc[:MOST_PROFILES]
    steps = len(listed) + FIXED_PARTS + 1
    blocks: list[Block] = []
    for done, part in enumerate(_parts(handout, listed, every=len(ranked)), 1):
        blocks += part
        progress(done / steps)
    made = _set(handout, blocks, title=say("atlas.title"))
    progress(1.0)
    return made


FIXED_PARTS = 7
"""Parts of an atlas besides the pages of its centers."""


def _parts(handout: Handout, listed: pd.DataFrame, *, every: int) -> Iterator[list[Block]]:
    yield _cover(handout)
    yield _method(handout)
    yield _province_map(handout)
    yield _category_maps(handout)
    yield _links(handout, listed, every=every)
    yield _profiles_begin(handout, listed, every=every)
    for _, center in listed.iterrows():
        yield _center(handout, center, level=2)
    yield _sources(handout)


def _set(handout: Handout, blocks: list[Block], *, title: str) -> bytes:
    say = handout.say
    title = shortened(title)
    footer = f"{shortened(title, 60)} · {handout.count} · {say.date(handout.taken_on.isoformat())}"
    return typeset.pdf(blocks, title=title, language=say.language, footer=footer)


def _heading(text: object, level: int, *, new_page: bool = False) -> Block:
    return {
        "kind": "heading",
        "text": shortened(text),
        "level": level,
        "new-page": new_page,
    }


def _said(kind: str, text: object, **more: Any) -> Block:
    return {"kind": kind, "text": shortened(text, LONGEST), **more}


def _facts(say: Messages, rows: Sequence[tuple[str, object]]) -> Block:
    """Names and values; what is missing says that it is not known."""
    unknown = say("panel.unknown")
    told = [[name, unknown if _missing(v) else shortened(v, LONGEST)] for name, v in rows]
    return {"kind": "facts", "rows": told}


def _missing(value: object) -> bool:
    return value is None or value == "" or bool(pd.isna(value))


def _table(heads: list[str], rows: list[list[str]], *, widths: list[int], words: int = 1) -> Block:
    """A table whose columns after the first ``words`` hold numbers; width 0 is as it needs."""
    align = ["start" if at < words else "end" for at in range(len(heads))]
    cells = [[shortened(cell, 160) for cell in row] for row in rows]
    heads = [shortened(head, 60) for head in heads]
    return {"kind": "table", "heads": heads, "rows": cells, "widths": widths, "align": align}


def _picture(handout: Handout, alt: str, **options: Any) -> Block:
    centers = replace(handout, view=replace(handout.view, stage=STAGES[0]))
    return {"kind": "picture", "svg": cartography.map_svg(centers, **options), "alt": alt}


def _cover(handout: Handout) -> list[Block]:
    say = handout.say
    alt = say("atlas.map_alt", count=handout.count)
    plain = replace(handout, view=replace(handout.view, selection=None))
    bounds = cartography.province(handout)
    return [
        {
            "kind": "cover",
            "title": say("atlas.title"),
            "subtitle": f"{handout.count} · {say.date(handout.taken_on.isoformat())}",
            "picture": _picture(plain, alt, width_mm=174, height_mm=170, bounds=bounds, bare=True),
        },
        _facts(say, handing.settings(handout)),
    ]


def _method(handout: Handout) -> list[Block]:
    say, link = handout.say, handout.view.link
    indicators = [
        (say(f"indicator.{code}"), wording.meaning(say, code, link)) for code in linkage.INDICATORS
    ]
    scheme = say(f"scheme.{handout.view.scheme.name}")
    return [
        {"kind": "contents", "text": say("atlas.contents")},
        _heading(say("atlas.how"), 1, new_page=True),
        _said("text", say("atlas.missing")),
        {"kind": "legend", "items": [[d.svg(), words] for _, d, words in scene.of(handout).legend]},
        _heading(say("scheme.label"), 2),
        _said("text", f"{say('scheme.help')} {say('atlas.scheme', scheme=scheme)}"),
        _heading(say("place.precision"), 2),
        _said("text", say("atlas.areas")),
        _heading(say("atlas.indicators"), 2),
        _said("text", say(f"measure.{link.measure}_note")),
        _facts(say, indicators),
        _heading(say("sources.contradictions"), 2),
        *_contradictions(handout),
    ]


def _contradictions(handout: Handout) -> Iterator[Block]:
    """What the sources of the centers at hand contradict, one by one."""
    say, inputs = handout.say, handout.inputs
    found = ledger.contradictions(inputs.centers, inputs.claims)
    if not found:
        yield _said("text", say("sources.no_contradiction"))
    names = inputs.centers[f"name_{say.language}"].map(shortened)
    for item in found:
        title, why = wording.contradiction(say, item, names, inputs)
        yield _said("warning", f"{title}. {why}")


def _province_map(handout: Handout) -> list[Block]:
    say = handout.say
    alt = say("atlas.map_alt", count=handout.count)
    sheet = {
        "width_mm": 174,
        "height_mm": 247,
        "margin_mm": 0,
        "bounds": cartography.province(handout),
    }
    return [
        _heading(say("atlas.province"), 1, new_page=True),
        _picture(handout, alt, **sheet),
    ]


def _category_maps(handout: Handout) -> list[Block]:
    """A map of each category, all of the same ground."""
    say, shown = handout.say, handout.shown
    places = pd.concat([handout.centers[["lat", "lon"]], handout.inputs.zones[["lat", "lon"]]])
    bounds = cartography.around(places, beyond_km=15) if len(places) else None
    plain = replace(handout, view=replace(handout.view, selection=None, places=False))
    items = []
    for code in (*CATEGORIES, *(c for c in symbols.SIGNS if c not in CATEGORIES)):
        some = shown[shown["category"] == code]
        if some.empty and code not in CATEGORIES:
            continue
        caption = f"{say(f'category.{code}')}: {say.number(len(some), 0)}"
        drawn = _picture(
            replace(plain, shown=some),
            caption,
            width_mm=84,
            height_mm=108,
            bounds=bounds,
            bare=True,
        )
        items.append(drawn | {"caption": caption, "sign": symbols.sign(code).svg()})
    scheme = say(f"scheme.{handout.view.scheme.name}")
    return [
        _heading(say("atlas.categories"), 1, new_page=True),
        _said("text", f"{handout.count}. {say('atlas.scheme', scheme=scheme)}"),
        {"kind": "pictures", "columns": 2, "items": items},
    ]


def _links(handout: Handout, listed: pd.DataFrame, *, every: int) -> list[Block]:
    """Centers and zones: distances with intervals, the chosen indicator, the zones."""
    say, zones, chosen = handout.say, handout.inputs.zones, handout.view.indicator
    named = [str(name) for name in zones["short_name"]]
    blocks = [
        _heading(say("atlas.matrix"), 1, new_page=True),
        *_first(handout, listed, every),
        _heading(_straight(say), 2),
        _said("note", f"{say('linkage.straight_line_help')} {say('atlas.interval')}"),
        _table(
            [say("table.name"), *named],
            [
                [_name(handout, center), *(_straight_cell(handout, center, z) for z in zones.index)]
                for _, center in listed.iterrows()
            ],
            widths=[4, *[3] * len(named)],
        ),
    ]
    straight = handout.view.link.measure == linkage.MEASURES[0]
    if not (chosen == "cost" and straight):
        columns = [column for name, column in handout.linked.values.columns if name == chosen]
        rows = [
            [_name(handout, c), *(_cell(handout, c, chosen, column) for column in columns)]
            for _, c in listed.iterrows()
        ]
        heads = [_about_column(handout, chosen, column) for column in columns]
        unit = wording.unit(handout.say, handout.view.link)
        unit = f" ({unit})" if chosen in linkage.COSTS else ""
        blocks += [
            _heading(say(f"indicator.{chosen}") + unit, 2),
            _said(
                "note",
                f"{say(f'measure.{handout.view.link.measure}_note')} {say('linkage.two_kinds')}",
            ),
            _table([say("table.name"), *heads], rows, widths=[4, *[3] * len(heads)]),
        ]
    return [*blocks, *_zones(handout)]


def _zones(handout: Handout) -> list[Block]:
    """Every zone with its rival areas."""
    say, inputs = handout.say, handout.inputs
    rows = []
    for zone_id, zone in inputs.zones.iterrows():
        rivals = inputs.zone_areas[inputs.zone_areas["zone_id"] == zone_id]
        told = "; ".join(
            say.dated(say.hectares(r["area_ha"]), r["year"]) for _, r in rivals.iterrows()
        )
        known = zone_id in inputs.footprints.index
        rows.append(
            [
                say.name(zone),
                say.code("zone_class", zone["class"]),
                say.hectares(zone["area_ha"]),
                told or say("panel.unknown"),
                say("zone.polygon" if known else "zone.schematic"),
            ]
        )
    heads = [say("catchment.zone"), say("zone.class"), say("zone.area"), say("zone.areas")]
    return [
        _heading(say("atlas.zones"), 2),
        _table([*heads, say("zone.footprint")], rows, widths=[4, 3, 2, 4, 4], words=5),
    ]


def _first(handout: Handout, listed: pd.DataFrame, every: int) -> list[Block]:
    """That only the first centers are listed, or that there is none."""
    say = handout.say
    if listed.empty:
        return [_said("text", say("filter.nothing"))]
    if len(listed) == every:
        return []
    shown, count = say.number(len(listed), 0), say.number(every, 0)
    return [_said("warning", say("atlas.first", shown=shown, count=count))]


def _profiles_begin(handout: Handout, listed: pd.DataFrame, *, every: int) -> list[Block]:
    """List of the centers that have a page."""
    say = handout.say
    rows = [
        [
            say.number(center["rank"], 0),
            _name(handout, center),
            say(f"category.{center['category']}"),
            _district_name(handout, center["district"]) or say("panel.unknown"),
            say.number(center["score"]) + (" !" if center["conflicting"] else ""),
        ]
        for _, center in listed.iterrows()
    ]
    columns = ("rank", "name", "category", "district", "score")
    heads = [say(f"table.{column}") for column in columns]
    conflicting = listed["conflicting"].any()
    return [
        _heading(say("atlas.profiles"), 1, new_page=True),
        *_first(handout, listed, every),
        *([_said("note", f"! {say('map.conflicting')}")] if conflicting else []),
        *([_table(heads, rows, widths=[0, 4, 3, 4, 2], words=4)] if rows else []),
    ]


def _center(handout: Handout, center: pd.Series, *, level: int) -> list[Block]:
    """Everything about one center on one page."""
    say = handout.say
    name = center[f"name_{say.language}"]
    chosen = replace(handout.view, selection=("center", str(center.name)), places=False)
    itself = center[["lat", "lon"]].to_frame().T
    west, south, east, north = handout.measured.areas.outlines(itself).total_bounds
    corners = pd.DataFrame({"lat": [south, north], "lon": [west, east]})
    places = pd.concat([handout.inputs.zones[["lat", "lon"]], itself, corners])
    on_map = handout.centers.index.isin([*handout.shown.index, center.name])
    drawn = _picture(
        replace(handout, view=chosen, shown=handout.centers[on_map]),
        say("atlas.locator_alt", name=shortened(name), distances=_distances(handout, center)),
        width_mm=74,
        height_mm=72,
        bounds=cartography.around(places.astype(float)),
        bare=True,
    )
    return [
        _heading(name, level, new_page=True),
        *_lead(handout, center),
        {
            "kind": "beside",
            "widths": [74, 94],
            "parts": [
                [drawn],
                [
                    _facts(say, [*_about(handout, center), *_indicators(handout, center)]),
                    *_words(handout, center),
                ],
            ],
        },
        _heading(say("distance.heading"), 3),
        _zone_table(handout, center),
        _said("note", f"{say('linkage.straight_line_help')} {say('atlas.interval')}"),
        *_claims(handout, center),
        *_aspects(handout, center),
        *_advice(handout, center),
        _heading(say("place.heading"), 3),
        _place(handout, center),
    ]


def _or(value: float, instead: float) -> float:
    return instead if pd.isna(value) else float(value)


def _name(handout: Handout, center: pd.Series) -> str:
    return shortened(center[f"name_{handout.say.language}"])


def _lead(handout: Handout, center: pd.Series) -> Iterator[Block]:
    """Category, score and rank, and what makes them doubtful."""
    say = handout.say
    sign = symbols.sign(center["category"]).svg()
    if pd.isna(center["score"]):
        yield _said("lead", say("center.unscored"), sign=sign)
    else:
        rank = panels.rank(say, center, handout.centers)
        category = say(f"category.{center['category']}")
        yield _said("lead", f"{say.number(center['score'])} · {category} · {rank}", sign=sign)
    if told := panels.conflict_told(say, center, handout.inputs.claims, _source(handout)):
        yield _said("warning", told)
    if (found := panels.said(say, center, handout.inputs)) and found.conflict:
        yield _said("warning", found.conflict)
    if center["position_basis"] == "placeholder":
        yield _said("warning", say("place.placeholder"))
    if center.name not in handout.shown.index:
        yield _said("note", say("center.filtered_out"))


def _source(handout: Handout) -> str:
    """Where the scores come from."""
    return handout.view.composition.source


def _about(handout: Handout, center: pd.Series) -> list[tuple[str, object]]:
    say, commodities = handout.say, handout.inputs.commodities
    known = center["commodity"] in commodities.index
    rows = [
        (say("table.commodity"), say.name(commodities.loc[center["commodity"]]) if known else None),
        (say("center.products"), say.data(center.get("products"))),
        (say("center.workers"), say.data(center.get("workers_note"))),
        (say("table.district"), _district_name(handout, center["district"])),
        (say("place.locality"), say.data(center["locality"])),
    ]
    return [(name, value if _missing(value) else shortened(value)) for name, value in rows]


def _district_name(handout: Handout, code: object) -> str | None:
    districts = handout.inputs.districts
    return str(districts.at[code, "name_id"]) if code in districts.index else None


def _indicators(handout: Handout, center: pd.Series) -> list[tuple[str, object]]:
    """Indicators of the center alone: nearest zone, proximity, zones within reach, gravity."""
    say, zones = handout.say, handout.inputs.zones
    near = handout.linked.nearest.loc[center.name]
    told = say("linkage.unreached")
    if pd.notna(near["nearest_zone"]):
        sure = wording.certainty(say, near["nearest_uncertain"], near["nearest_probability"])
        cost = wording.amount(say, near["nearest_km"], handout.view.link)
        told = f"{zones.at[near['nearest_zone'], 'short_name']}, {cost} ({sure})"
    rows: list[tuple[str, object]] = [(say("indicator.nearest"), told)]
    for indicator in linkage.SINGLE[1:]:
        columns = [c for name, c in handout.linked.values.columns if name == indicator]
        cells = [
            f"{_about_column(handout, indicator, c)}: {_cell(handout, center, indicator, c)}"
            if len(columns) > 1
            else _cell(handout, center, indicator, c)
            for c in columns
        ]
        rows.append((say(f"indicator.{indicator}"), "; ".join(cells)))
    return rows


def _zone_table(handout: Handout, center: pd.Series) -> Block:
    """Straight distance and every indicator of the center and each zone."""
    say, zones = handout.say, handout.inputs.zones
    straight = handout.view.link.measure == linkage.MEASURES[0]
    indicators = linkage.PAIRED[1:] if straight else linkage.PAIRED
    heads = [say("distance.zone"), _straight(say)]
    heads += [
        say(f"measure.{handout.view.link.measure}") if i == "cost" else say(f"indicator.{i}")
        for i in indicators
    ]
    near = handout.measured.distances.loc[center.name].sort_values().index
    rows = [
        [
            str(zones.at[zone_id, "short_name"]),
            _straight_cell(handout, center, zone_id),
            *(_cell(handout, center, i, zone_id) for i in indicators),
        ]
        for zone_id in near
    ]
    return _table(heads, rows, widths=[3, 4, *[3] * len(indicators)])


def _straight(say: Messages) -> str:
    return f"{say('measure.straight_km')} (km)"


def _distances(handout: Handout, center: pd.Series) -> str:
    """Distances to all zones in words."""
    say, zones = handout.say, handout.inputs.zones
    km = handout.measured.distances.loc[center.name].dropna()
    return say.listed([f"{zones.at[z, 'short_name']} {say.km(v)}" for z, v in km.items()])


def _straight_cell(handout: Handout, center: pd.Series, zone_id: Any) -> str:
    """Straight-line km with its interval."""
    say, measured = handout.say, handout.measured
    if pd.isna(measured.distances.at[center.name, zone_id]):
        return NOTHING
    km, low, high = (
        say.number(part.at[center.name, zone_id], 1)
        for part in (measured.distances, measured.low, measured.high)
    )
    return f"{km} ({low}–{high})"


def _cell(handout: Handout, center: pd.Series, indicator: str, column: Any) -> str:
    """A value of an indicator, with its interval where one was worked out."""
    value, low, high = (
        wording.written(handout.say, indicator, part.at[center.name, (indicator, column)])
        for part in (handout.linked.values, handout.linked.low, handout.linked.high)
    )
    return value if NOTHING in (low, high) or low == high == value else f"{value} ({low}–{high})"


def _about_column(handout: Handout, indicator: str, column: Any) -> str:
    return wording.about(handout.say, indicator, column, handout.inputs.zones, handout.view.link)


def _claims(handout: Handout, center: pd.Series) -> list[Block]:
    """Every figure that the source prints about the center."""
    say, claims = handout.say, handout.inputs.claims
    own = claims[claims["center_id"] == center.name]
    if own.empty or pd.isna(center["score_claim"]):
        return [_said("note", say("center.own_source"))]
    rows = [
        [
            str(claim_id),
            say.printed(c["value"], c["value_printed"]),
            say.code("category", c["category"]),
            wording.used_for(say, c["used_for"], _source(handout)),
            str(say.data(c["section"])),
        ]
        for claim_id, c in own.iterrows()
    ]
    heads = [say(f"claim.{key}") for key in ("id", "value", "category", "used_for", "section")]
    return [
        _heading(say("claim.heading"), 3),
        _table(heads, rows, widths=[2, 2, 3, 4, 5], words=5),
    ]


def _words(handout: Handout, center: pd.Series) -> Iterator[Block]:
    """What the source says of the center in words, strengths and weaknesses in a line each."""
    say = handout.say
    found = panels.said(say, center, handout.inputs)
    if found is None:
        return
    yield _heading(found.title, 3)
    for polarity, rows in groupby(found.rows, key=itemgetter(0)):
        told = [f"{aspect}: {words} ({claim})" for _, aspect, words, _, claim in rows]
        yield {"kind": "text", "text": shortened(f"{polarity}. {'; '.join(told)}.", 2 * LONGEST)}
    sections = dict.fromkeys(section for *_, section, _ in found.rows)
    yield _said("note", f"{say('statement.reading')} {'; '.join(sections)}.")


def _aspects(handout: Handout, center: pd.Series) -> list[Block]:
    say = handout.say
    aspects = handout.aspects.loc[center.name]
    if aspects.isna().all():
        return [_said("note", f"{say('aspect.heading')}: {say('aspect.unknown')}")]
    made = handout.assessments.get(str(center.name))
    heads = [say(f"aspect.{a}") for a in ASPECTS]
    row = [say.points(aspects[a]) for a in ASPECTS]
    heading = _heading(say("aspect.heading"), 3)
    blocks = [heading, _table(heads, [row], widths=[1] * len(heads), words=len(heads))]
    if made and any(score is not None for score in made.scores.values()):
        date = say.date(made.assessed_on.isoformat())
        blocks.append(_said("note", say("atlas.assessed", author=made.author, date=date)))
    linkage_choice = handout.view.composition.linkage
    if linkage_choice != LINKAGE_CHOICES[0]:
        told = f"{say('scoring.linkage')}: {say(f'linkage.{linkage_choice}')}"
        blocks.append(_said("note", told))
    return blocks


def _advice(handout: Handout, center: pd.Series) -> list[Block]:
    """The first actions, with who acts, why, and the source."""
    say, found = handout.say, _actions(handout, center)
    heading = _heading(say("advice.heading"), 3)
    if found.empty:
        return [heading, _said("text", say("advice.none"))]
    items = []
    for _, action in found.iloc[:MOST_ACTIONS].iterrows():
        why = panels.why(say, action, handout.inputs)
        who = say.listed([say.code("actor", actor) for actor in action["actors"]])
        source, section = say.data(action["source"]), say.data(action["section"])
        told = [
            str(action[f"text_{say.language}"]),
            f"{say('advice.who')}: {who}.",
            say("advice.why", why=why),
            f"{say('advice.source', source=source, section=section)}.",
        ]
        items.append(shortened(" ".join(told), 2 * LONGEST))
    basis = panels.rests_on(say, center, found["basis"].iloc[0], _source(handout))
    return [heading, _said("note", basis), {"kind": "list", "items": items}]


def _actions(handout: Handout, center: pd.Series) -> pd.DataFrame:
    """What is advised, as the screen has it; without a profile by the plan that was saved."""
    if profile := handout.profiles.get(str(center.name)):
        return profile.actions
    made = handout.assessments.get(str(center.name))
    plan = Plan.saved(made.actions if made else None)
    inputs, aspects = handout.inputs, handout.aspects.loc[center.name]
    of = advice.situation(center, aspects, inputs=inputs, measured=handout.measured)
    return advice.applied(advice.chosen(inputs.guidance, of, keep=plan.pinned), plan)


def _place(handout: Handout, center: pd.Series) -> Block:
    """Where the center is, how that is known and how exactly."""
    say = handout.say
    rows: list[tuple[str, object]] = [
        (say("place.basis"), say.code("basis", center["position_basis"])),
        (say("place.precision"), wording.position(say, center)),
        (
            say("place.coordinates"),
            f"{say.number(center['lat'], 5)}; {say.number(center['lon'], 5)}",
        ),
        (say("place.source"), say.data(center["position_source"])),
        (say("place.evidence"), say.data(center["position_evidence"])),
        (say("place.alternatives"), say.data(center["position_alternatives"])),
    ]
    if pd.notna(center.get("note")):
        rows.append((say("center.note"), say.data(center["note"])))
    if center["across_border"]:
        located = _district_name(handout, center["district_located"])
        reported = _district_name(handout, center["district"])
        told = say("place.across", reported=reported, located=located)
        rows.insert(0, (say("place.border"), told))
    return _facts(say, rows)


def _district(handout: Handout, code: str) -> list[Block]:
    """Everything about one district on one page."""
    say, inputs = handout.say, handout.inputs
    district = inputs.districts.loc[code]
    inside = handout.centers[handout.centers["district"] == code]
    rows = panels.district_facts(say, code, inputs=inputs, seat_km=handout.seat_km)
    if code in handout.studied:
        rows.append((say("district.studied"), say("sources.yes")))
    west, south, east, north = district.geometry.bounds
    corners = pd.DataFrame({"lat": [south, north], "lon": [west, east]})
    chosen = replace(handout.view, selection=("district", code))
    drawn = _picture(
        replace(handout, view=chosen),
        say("atlas.district_alt", name=district["name_id"]),
        width_mm=96,
        height_mm=90,
        bounds=cartography.around(corners, beyond_km=8),
        bare=True,
    )
    return [
        _heading(district["name_id"], 1),
        {"kind": "beside", "widths": [96, 72], "parts": [[drawn], [_facts(say, rows)]]},
        _said("note", f"{say('linkage.straight_line_help')} {say('district.sources')}"),
        _heading(say("district.centers"), 3),
        *_centers_inside(handout, inside),
    ]


def _centers_inside(handout: Handout, inside: pd.DataFrame) -> list[Block]:
    """The centers of a district, and their means."""
    say, zones = handout.say, handout.inputs.zones
    if inside.empty:
        return [_said("text", say("atlas.no_center"))]
    listed = inside.sort_values("rank", kind="stable", na_position="last").iloc[:MOST_ROWS]
    rows = []
    for _, center in listed.iterrows():
        zone = center["nearest_zone"]
        near = say("panel.unknown")
        if pd.notna(zone):
            near = f"{zones.at[zone, 'short_name']}: {_straight_cell(handout, center, zone)} km"
        rows.append(
            [
                say.number(center["rank"], 0),
                _name(handout, center) + (" !" if center["conflicting"] else ""),
                say(f"category.{center['category']}"),
                say.number(center["score"]),
                near,
                say.code("basis", center["position_basis"]),
            ]
        )
    columns = ("rank", "name", "category", "score", "nearest_zone")
    heads = [*(say(f"table.{c}") for c in columns), say("place.basis")]
    measures = _measures(handout, inside["district"].iloc[0])
    return [
        *_first(handout, listed, len(inside)),
        _table(heads, rows, widths=[0, 4, 3, 2, 5, 3], words=6),
        *([_said("note", f"! {say('map.conflicting')}")] if inside["conflicting"].any() else []),
        _facts(say, measures),
    ]


def _measures(handout: Handout, code: str) -> list[tuple[str, object]]:
    """Measures that a district takes from its centers, as the Districts page has them."""
    say, measured = handout.say, handout.districts.loc[code]
    names = ("mean_score", "best_category", "mean_proximity", "centers_per_100k")
    return [(say(f"district_measure.{n}"), measure_words(say, n, measured[n])) for n in names]


def _sources(handout: Handout) -> list[Block]:
    """Settings, attribution, and every layer with its source, date and licence."""
    say, layers = handout.say, handout.inputs.sources
    rows = [
        [say.name(r), *(str(say.data(r[c])) for c in ("source", "date", "licence"))]
        for _, r in layers.iterrows()
    ]
    heads = [say(f"sources.{key}") for key in ("layer", "source", "date", "licence")]
    return [
        _heading(say("atlas.sources"), 1, new_page=True),
        _heading(say("atlas.settings"), 2),
        _facts(say, [*handing.settings(handout), (say("atlas.link"), f"?{handout.query}")]),
        _heading(say("sources.source"), 2),
        {
            "kind": "list",
            "items": [shortened(source, LONGEST) for source in handing.sources(handout)],
        },
        _heading(say("sources.layers"), 2),
        _table(heads, rows, widths=[3, 6, 2, 4], words=4),
    ]


def _colophon(handout: Handout) -> list[Block]:
    """Settings and sources in small print."""
    say = handout.say
    made = "; ".join(f"{name}: {shortened(v)}" for name, v in handing.settings(handout))
    told = " · ".join(shortened(source) for source in handing.sources(handout))
    return [
        {"kind": "rule"},
        {"kind": "note", "text": f"{say('atlas.settings')}: {made}."},
        {"kind": "note", "text": f"{told} · {cartography.projection(handout)}."},
    ]
