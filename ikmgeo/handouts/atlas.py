"""PDFs to print: a page about one center or district, and the atlas of all that is shown."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby
from operator import attrgetter
from typing import Any

import pandas as pd

from ikmgeo import handout as handing
from ikmgeo import symbols, tables
from ikmgeo.display import profiles, scene
from ikmgeo.display.profiles import Center, Distance, Facts
from ikmgeo.handout import Handout, Progress
from ikmgeo.handouts import cartography, typeset
from ikmgeo.handouts.cartography import shortened
from ikmgeo.measures import ledger, linkage
from ikmgeo.measures.indicators import INDICATORS, paired, single
from ikmgeo.view import ON_MAP, View
from ikmgeo.vocabulary import PRODUCT
from ikmgeo.words import wording
from ikmgeo.words.messages import NOTHING, Messages

MOST_PROFILES = 60
"""Centers that get a page of their own, and a row where centers are listed."""

MOST_ROWS = 30
"""Centers that the page of a district lists."""

FEW_ROWS = 8
"""Two districts of so many centers fit on a page."""

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
    name = str(handout.centers.at[center_id, f"name_{handout.say.language}"])
    bare = replace(handout, view=_bare(handout.view))
    return _set(handout, [*_center(bare, center_id, level=1), *_colophon(bare)], title=name)


def district_pdf(handout: Handout, code: str) -> bytes:
    """One page about a district and its centers.

    Raises
    ------
    KeyError
        When there is no such district.
    """
    name = str(handout.inputs.districts.at[code, "name_id"])
    return _set(handout, [*_district(handout, code, level=1), *_colophon(handout)], title=name)


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
    steps = len(listed) + len(_districts_of(handout, listed)) + FIXED_PARTS + 1
    blocks: list[Block] = []
    for done, part in enumerate(_parts(handout, listed, every=len(ranked)), 1):
        blocks += part
        progress(done / steps)
    made = _set(handout, blocks, title=say("atlas.title"))
    progress(1.0)
    return made


FIXED_PARTS = 7
"""Parts of an atlas besides the pages of its centers and districts."""


def _parts(handout: Handout, listed: pd.DataFrame, *, every: int) -> Iterator[list[Block]]:
    yield _cover(handout)
    yield _method(handout)
    yield _province_map(handout)
    yield _category_maps(handout)
    yield _links(handout, listed, every=every)
    yield _profiles_begin(handout, listed)
    for center_id in listed.index:
        yield _center(handout, center_id, level=2)
    for at, code in enumerate(_districts_of(handout, listed)):
        begin = [_heading(handout.say("atlas.districts"), 1, new_page=True)] if at == 0 else []
        about = _district(handout, code, level=2)
        few = (handout.centers["district"] == code).sum() <= FEW_ROWS
        yield [*begin, *([{"kind": "together", "blocks": about}] if few else about)]
    yield _sources(handout)


def _districts_of(handout: Handout, listed: pd.DataFrame) -> list[str]:
    """Codes of the districts of the centers that have a page, by name."""
    names = handout.inputs.districts["name_id"]
    return list(names[names.index.isin(listed["district"])].sort_values().index)


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


def _facts(say: Messages, rows: Iterable[tuple[str, str | None]]) -> Block:
    """Names and values; what is missing says that it is not known."""
    unknown = say("panel.unknown")
    told = [[name, unknown if v is None else shortened(v, LONGEST)] for name, v in rows]
    return {"kind": "facts", "rows": told}


def _rows(say: Messages, known: Facts, order: Iterable[str]) -> list[tuple[str, str | None]]:
    return [(say(name), known[name]) for name in order if name in known]


def _table(heads: list[str], rows: list[list[str]], *, widths: list[int], words: int = 1) -> Block:
    """A table whose columns after the first ``words`` hold numbers; width 0 is as it needs."""
    align = ["start" if at < words else "end" for at in range(len(heads))]
    cells = [[shortened(cell, 160) for cell in row] for row in rows]
    heads = [shortened(head, 60) for head in heads]
    return {"kind": "table", "heads": heads, "rows": cells, "widths": widths, "align": align}


def _picture(handout: Handout, alt: str, **options: Any) -> Block:
    centers = replace(handout, view=replace(handout.view, stage=ON_MAP))
    return {"kind": "picture", "svg": cartography.map_svg(centers, **options), "alt": alt}


def _cover(handout: Handout) -> list[Block]:
    say = handout.say
    alt = say("atlas.map_alt", count=handout.count)
    plain = replace(handout, view=replace(handout.view, selection=None))
    bounds = handout.inputs.bounds
    return [
        {
            "kind": "cover",
            "brand": PRODUCT,
            "mark": symbols.brand().svg(),
            "title": say("atlas.title"),
            "subtitle": f"{handout.count} · {say.date(handout.taken_on.isoformat())}",
            "picture": _picture(plain, alt, width_mm=174, height_mm=170, bounds=bounds, bare=True),
        },
        {
            "kind": "legend",
            "items": [[line.drawing.svg(), line.words] for line in scene.of(handout).legend],
        },
        _facts(say, handing.settings(handout)),
    ]


def _method(handout: Handout) -> list[Block]:
    say, link = handout.say, handout.view.link
    indicators = [
        (say(f"indicator.{code}"), wording.meaning(say, code, link)) for code in INDICATORS
    ]
    scheme = say(f"scheme.{handout.view.scheme.name}")
    return [
        {"kind": "contents", "text": say("atlas.contents")},
        _heading(say("atlas.how"), 1),
        _said("text", say("atlas.missing")),
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
    found = ledger.contradictions(inputs.centers, inputs.claims, inputs.instrument.categories)
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
        "bounds": handout.inputs.bounds,
    }
    return [
        _heading(say("atlas.province"), 1, new_page=True),
        _picture(handout, alt, **sheet),
    ]


def _bare(view: View) -> View:
    """The view of a map too small for anything but centers, zones and districts."""
    return replace(view, places=False, orientation=False)


def _category_maps(handout: Handout) -> list[Block]:
    """A map of each category, all of the same ground."""
    say, shown = handout.say, handout.shown
    extent = scene.around(handout.centers, handout.inputs.zones)
    bounds = extent and cartography.beyond(extent, km=15)
    plain = replace(handout, view=replace(_bare(handout.view), selection=None))
    items = []
    instrument = handout.inputs.instrument
    for code, sign in instrument.signs.items():
        some = shown[shown["category"] == code]
        if some.empty and code not in instrument.categories:
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
        items.append(drawn | {"caption": caption, "sign": symbols.sign(sign).svg()})
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
                [
                    _name(handout, center),
                    *(
                        _straight_cell(profiles.distance(handout, str(center.name), z))
                        for z in zones.index
                    ),
                ]
                for _, center in listed.iterrows()
            ],
            widths=[4, *[3] * len(named)],
        ),
    ]
    straight = handout.view.link.measure == linkage.STRAIGHT_KM
    if not (chosen == "cost" and straight):
        columns = list(tables.part(handout.linked.values, chosen).columns)
        rows = [
            [_name(handout, c), *(_cell(handout, c, chosen, column) for column in columns)]
            for _, c in listed.iterrows()
        ]
        heads = [_about_column(handout, chosen, column) for column in columns]
        unit = wording.unit(handout.say, handout.view.link)
        unit = f" ({unit})" if INDICATORS[chosen].in_cost else ""
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
    say, rows = handout.say, []
    for zone_id in handout.inputs.zones.index:
        zone = profiles.zone(handout, zone_id, among=handout.shown)
        rivals = "; ".join(say.dated(area.hectares, area.year) for area in zone.areas)
        told = (
            zone.name,
            zone.facts["zone.class"],
            zone.area,
            rivals,
            zone.facts["zone.footprint"],
        )
        rows.append([cell or say("panel.unknown") for cell in told])
    heads = [say("catchment.zone"), say("zone.class"), say("zone.area"), say("zone.areas")]
    return [
        _heading(say("atlas.zones"), 2),
        _table([*heads, say("zone.footprint")], rows, widths=[4, 3, 2, 4, 4], words=5),
    ]


def _first(handout: Handout, listed: pd.DataFrame, every: int) -> list[Block]:
    """That only the first centers are listed, or that there is none; said once on a page."""
    say = handout.say
    if listed.empty:
        return [_said("text", say("filter.nothing"))]
    if len(listed) == every:
        return []
    shown, count = say.number(len(listed), 0), say.number(every, 0)
    return [_said("warning", say("atlas.first", shown=shown, count=count))]


def _profiles_begin(handout: Handout, listed: pd.DataFrame) -> list[Block]:
    """List of the centers that have a page."""
    say = handout.say
    rows = [
        [
            say.number(center["rank"], 0),
            _name(handout, center),
            say(f"category.{center['category']}"),
            profiles.district_name(handout.inputs.districts, center["district"])
            or say("panel.unknown"),
            say.number(center["score"]) + (" !" if center["conflicting"] else ""),
        ]
        for _, center in listed.iterrows()
    ]
    columns = ("rank", "name", "category", "district", "score")
    heads = [say(f"table.{column}") for column in columns]
    conflicting = listed["conflicting"].any()
    return [
        _heading(say("atlas.profiles"), 1),
        *([_said("note", f"! {say('map.conflicting')}")] if conflicting else []),
        *([_table(heads, rows, widths=[0, 4, 3, 4, 2], words=4)] if rows else []),
    ]


PLACE = (
    *("place.border", "place.basis", "place.precision", "place.coordinates", "place.source"),
    *("place.evidence", "place.alternatives"),
)
ABOUT = (
    *("table.list", "table.commodity", "center.products", "center.workers", "table.district"),
    "place.locality",
)


def _center(handout: Handout, center_id: str, *, level: int) -> list[Block]:
    """Everything about one center on one page."""
    say, row, known = (
        handout.say,
        tables.row(handout.centers, center_id),
        profiles.center(handout, center_id),
    )
    noted = ["center.note"] if known.facts["center.note"] else []
    about = [*_rows(say, known.facts, ABOUT), *_indicators(handout, row)]
    parts = [[_locator(handout, row, known)], [_facts(say, about), *_words(known)]]
    hidden = (
        [_said("note", say("center.filtered_out"))] if center_id not in handout.shown.index else []
    )
    return [
        _heading(known.name, level, new_page=True),
        *_lead(known),
        *hidden,
        *_advice(say, known),
        {"kind": "beside", "widths": [74, 94], "parts": parts},
        _heading(say("distance.heading"), 3),
        _zone_table(handout, row, known.distances),
        _said("note", f"{known.straight} {say('atlas.interval')}"),
        *_claims(say, known),
        *_aspects(say, known),
        _heading(say("place.heading"), 3),
        _facts(say, _rows(say, known.facts, [*PLACE, *noted])),
        _said("note", known.source),
    ]


def _locator(handout: Handout, center: pd.Series, known: Center) -> Block:
    """Map of the center, its area and the zones."""
    chosen = replace(_bare(handout.view), selection=("center", str(center.name)))
    itself = center[["lat", "lon"]].to_frame().T
    west, south, east, north = handout.measured.areas.outlines(itself).total_bounds
    corners = pd.DataFrame({"lat": [south, north], "lon": [west, east]})
    extent = scene.around(handout.inputs.zones, itself, corners)
    on_map = handout.centers.index.isin([*handout.shown.index, center.name])
    told = [f"{d.zone} {d.km} km" for d in known.distances if d.bounds]
    return _picture(
        replace(handout, view=chosen, shown=handout.centers[on_map]),
        handout.say(
            "atlas.locator_alt", name=shortened(known.name), distances=handout.say.listed(told)
        ),
        width_mm=74,
        height_mm=72,
        bounds=extent and cartography.beyond(extent, km=10),
        bare=True,
    )


def _name(handout: Handout, center: pd.Series) -> str:
    return shortened(center[f"name_{handout.say.language}"])


def _lead(known: Center) -> Iterator[Block]:
    """Category, score and rank, and what makes them doubtful."""
    told = " · ".join(filter(None, (known.score, known.standing)))
    yield _said("lead", told, sign=known.sign.svg())
    against = known.said.conflict if known.said else ""
    for doubt in filter(None, (known.conflict, against, known.placeholder)):
        yield _said("warning", doubt)


def _indicators(handout: Handout, center: pd.Series) -> list[tuple[str, str | None]]:
    """Indicators of the center alone: nearest zone, proximity, zones within reach, gravity."""
    say, zones = handout.say, handout.inputs.zones
    near = tables.row(handout.linked.nearest, center.name)
    told = say("linkage.unreached")
    if pd.notna(near["nearest_zone"]):
        sure = wording.certainty(say, near["nearest_uncertain"], near["nearest_probability"])
        cost = wording.amount(say, near["nearest_km"], handout.view.link)
        told = f"{tables.cell(zones, near['nearest_zone'], 'short_name')}, {cost} ({sure})"
    rows: list[tuple[str, str | None]] = [(say("indicator.nearest"), told)]
    for indicator in (code for code in single() if code != "nearest"):
        columns = list(tables.part(handout.linked.values, indicator).columns)
        cells = [
            f"{_about_column(handout, indicator, c)}: {_cell(handout, center, indicator, c)}"
            if len(columns) > 1
            else _cell(handout, center, indicator, c)
            for c in columns
        ]
        rows.append((say(f"indicator.{indicator}"), "; ".join(cells)))
    return rows


def _zone_table(handout: Handout, center: pd.Series, distances: Iterable[Distance]) -> Block:
    """Straight distance and every indicator of the center and each zone."""
    say = handout.say
    straight = handout.view.link.measure == linkage.STRAIGHT_KM
    indicators = [code for code in paired() if not (code == "cost" and straight)]
    heads = [say("distance.zone"), _straight(say)]
    heads += [wording.headed(say, code, handout.view.link) for code in indicators]
    rows = [
        [d.zone, _straight_cell(d), *(_cell(handout, center, i, d.zone_id) for i in indicators)]
        for d in distances
    ]
    return _table(heads, rows, widths=[3, 4, *[3] * len(indicators)])


def _straight(say: Messages) -> str:
    return f"{say('measure.straight_km')} (km)"


def _straight_cell(distance: Distance) -> str:
    """Straight-line km with its interval."""
    return f"{distance.km} ({distance.bounds})" if distance.bounds else NOTHING


def _cell(handout: Handout, center: pd.Series, indicator: str, column: Any) -> str:
    """A value of an indicator, with its interval where one was worked out."""
    value, low, high = (
        wording.written(handout.say, indicator, tables.cell(part, center.name, (indicator, column)))
        for part in (handout.linked.values, handout.linked.low, handout.linked.high)
    )
    return value if NOTHING in (low, high) or low == high == value else f"{value} ({low}–{high})"


def _about_column(handout: Handout, indicator: str, column: Any) -> str:
    return wording.about(handout.say, indicator, column, handout.inputs.zones, handout.view.link)


def _claims(say: Messages, known: Center) -> list[Block]:
    """Every figure that the source prints about the center."""
    if not known.claims:
        return []
    heads = [say(f"claim.{key}") for key in ("id", "value", "category", "used_for", "section")]
    return [
        _heading(say("claim.heading"), 3),
        _table(heads, [list(c) for c in known.claims], widths=[2, 2, 3, 4, 5], words=5),
    ]


def _words(known: Center) -> Iterator[Block]:
    """What the source says of the center in words, strengths and weaknesses in a line each."""
    if (said := known.said) is None:
        return
    yield _heading(said.title, 3)
    for polarity, some in groupby(said.statements, key=attrgetter("polarity")):
        told = [f"{s.aspect}: {s.words} ({s.claim_id})" for s in some]
        yield {"kind": "text", "text": shortened(f"{polarity}. {'; '.join(told)}.", 2 * LONGEST)}
    sections = dict.fromkeys(s.section for s in said.statements)
    yield _said("note", f"{said.reading} {'; '.join(sections)}.")


def _aspects(say: Messages, known: Center) -> list[Block]:
    """Aspects, whoever scored them, and the ratings."""
    aspects, ratings = known.aspects, [f"{name}: {told}" for name, told in known.ratings]
    told = f"{say('ratings.summary')}. {'; '.join(ratings)}. {known.rated_by}"
    rated = [{"kind": "text", "text": shortened(told, 2 * LONGEST)}] if ratings else []
    if aspects.unknown:
        return [_said("note", f"{say('aspect.heading')}: {aspects.unknown}"), *rated]
    heads, row = zip(*aspects.scores, strict=True)
    return [
        _heading(say("aspect.heading"), 3),
        _table(
            list(heads),
            [[points or NOTHING for points in row]],
            widths=[1] * len(heads),
            words=len(heads),
        ),
        *(_said("note", told) for told in aspects.notes),
        *rated,
    ]


def _advice(say: Messages, known: Center) -> list[Block]:
    """The first actions, with who acts, why, and the source; examples find no room on one page."""
    heading = _heading(say("advice.heading"), 3)
    if not known.actions:
        return [heading, _said("text", known.basis)]
    items = [
        " ".join(shortened(told, LONGEST) for told in (a.text, f"{a.who}.", a.why, f"{a.source}."))
        for a in known.actions
    ]
    return [heading, _said("note", known.basis), {"kind": "list", "items": items}]


def _district(handout: Handout, code: str, *, level: int) -> list[Block]:
    """Everything about one district on one page."""
    say, known = handout.say, profiles.district(handout, code)
    inside = handout.centers[handout.centers["district"] == code]
    rows = _rows(say, known.facts, known.facts)
    if known.studied:
        rows.append((known.studied, say("sources.yes")))
    if known.count:
        rows += _rows(say, known.of_centers, known.of_centers)
    chosen = replace(handout.view, selection=("district", code))
    drawn = _picture(
        replace(handout, view=chosen),
        say("atlas.district_alt", name=known.name),
        width_mm=96,
        height_mm=90 if level == 1 else 78,
        bounds=cartography.beyond(handout.inputs.districts.geometry[code].bounds, km=8),
        bare=True,
    )
    return [
        _heading(known.name, level),
        {"kind": "beside", "widths": [96, 72], "parts": [[drawn], [_facts(say, rows)]]},
        _said("note", f"{known.straight} {known.source}"),
        _heading(say("district.centers"), 3),
        *_centers_inside(handout, inside),
    ]


def _centers_inside(handout: Handout, inside: pd.DataFrame) -> list[Block]:
    """The centers of a district."""
    say = handout.say
    if inside.empty:
        return [_said("text", say("atlas.no_center"))]
    listed = inside.sort_values("rank", kind="stable", na_position="last").iloc[:MOST_ROWS]
    rows = []
    for center_id, center in listed.iterrows():
        near = say("panel.unknown")
        if pd.notna(zone := center["nearest_zone"]):
            distance = profiles.distance(handout, str(center_id), zone)
            near = f"{distance.zone}: {_straight_cell(distance)} km"
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
    return [
        *_first(handout, listed, len(inside)),
        _table(heads, rows, widths=[0, 4, 3, 2, 5, 3], words=6),
        *([_said("note", f"! {say('map.conflicting')}")] if inside["conflicting"].any() else []),
    ]


def _sources(handout: Handout) -> list[Block]:
    """Settings, attribution, and every layer with its source, date and licence."""
    say, layers = handout.say, handing.layers(handout.say, handout.inputs, own=handout.own)
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
