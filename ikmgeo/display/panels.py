"""Panels: what is known of one center, district or zone, as HTML."""

from collections.abc import Iterable

from markupsafe import Markup

from ikmgeo import symbols
from ikmgeo.display.profiles import (
    Aspects,
    Center,
    Claim,
    Distance,
    District,
    Facts,
    Overview,
    Said,
    Zone,
)
from ikmgeo.words.markup import facts, note, panel, picture, table
from ikmgeo.words.messages import NOTHING, Messages

PLACE = (
    *("place.border", "place.basis", "place.locality", "place.precision", "place.coordinates"),
    *("place.source", "place.evidence", "place.alternatives"),
)
ABOUT = (
    *("table.list", "table.commodity", "center.products", "center.workers", "table.district"),
    "center.note",
)


def overview_panel(say: Messages, overview: Overview) -> Markup:
    """What is on the map, whose it is, what its categories mean."""
    meanings = Markup("").join(
        Markup("<li>{} <strong>{}</strong> {}</li>").format(
            picture(m.drawing.svg()), m.name, m.told
        )
        for m in overview.categories
    )
    listed = Markup("<ul class='ikm-claims'>{}</ul>{}").format(meanings, note(overview.order))
    parts = [
        Markup("<p class='ikm-first'>{}</p>").format(overview.what),
        _line("ikm-note", overview.source),
        _line("ikm-conflict", overview.conflict),
        _part(say("overview.meaning"), listed) if overview.categories else Markup(""),
    ]
    return panel(Markup("").join(parts))


def no_panel(say: Messages, *ways: str) -> Markup:
    """Nothing is chosen, and the ways to choose (``map``, ``table``)."""
    steps = Markup("").join(Markup("<li>{}</li>").format(say(f"panel.how_{w}")) for w in ways)
    return panel(Markup("<h2>{}</h2><ul>{}</ul>").format(say("panel.nothing"), steps))


def center_panel(say: Messages, center: Center) -> Markup:
    """Everything about a center: what it is and what to do next, then on what that rests."""
    return center_first(say, center) + center_rest(say, center)


def center_first(say: Messages, center: Center) -> Markup:
    """What a center is, and what makes that doubtful."""
    sign = picture(center.sign.svg(22))
    if center.conflict:
        sign += picture(symbols.conflict().svg(18))
    score = Markup("<strong>{}</strong> ").format(center.score) if center.score else ""
    parts = [
        Markup("<h2>{} {}</h2>").format(sign, center.name),
        Markup("<p class='ikm-lead'>{}{}</p>").format(score, center.standing),
        _line("ikm-warn", center.placeholder),
        _line("ikm-conflict", center.conflict),
    ]
    return panel(Markup("").join(parts))


def center_rest(say: Messages, center: Center) -> Markup:
    """What to do next, then distances, claims, assessment, and how the place is known, folded."""
    away = distances(say, center.distances) + _line("ikm-note", center.straight)
    parts = [
        _actions(say, center),
        _part(say("distance.heading"), away, unfolded=True),
        _claims(say, center.claims),
        _said(center.said),
        _aspects(say, center.aspects),
        _ratings(say, center),
        _part(say("place.heading"), facts(say, _rows(say, center.facts, PLACE))),
        _part(say("center.about"), facts(say, _rows(say, center.facts, ABOUT))),
        _line("ikm-source", center.source),
    ]
    return panel(Markup("").join(parts))


def _part(heading: str, content: Markup, *, unfolded: bool = False) -> Markup:
    """A part of a panel that opens and closes under its heading."""
    return Markup("<details{}><summary>{}</summary>{}</details>").format(
        Markup(" open") if unfolded else "", heading, content
    )


def _line(kind: str, text: str | None) -> Markup:
    """A paragraph of a kind; nothing where there is nothing to say."""
    return Markup("<p class='{}'>{}</p>").format(kind, text) if text else Markup("")


def _rows(say: Messages, known: Facts, order: Iterable[str]) -> list[tuple[str, str | None]]:
    return [(say(name), known[name]) for name in order if name in known]


def _claims(say: Messages, claims: Iterable[Claim]) -> Markup:
    items = Markup("").join(
        Markup("<li><strong>{}</strong> {} · {}<small>{} · {}</small></li>").format(
            c.figure, c.category, c.use, c.section, c.claim_id
        )
        for c in claims
    )
    listed = Markup("<ul class='ikm-claims'>{}</ul>").format(items)
    return _part(say("claim.heading"), listed) if items else Markup("")


def _said(said: Said | None) -> Markup:
    """What the source says of the center in words, aspect by aspect."""
    if said is None:
        return Markup("")
    items = Markup("").join(
        Markup("<li><strong>{} · {}</strong> {}<small>{} · {}</small></li>").format(*statement)
        for statement in said.statements
    )
    told = Markup("{}<ul class='ikm-claims'>{}</ul>{}").format(
        _line("ikm-conflict", said.conflict), items, note(said.reading)
    )
    return _part(said.title, told)


def distances(say: Messages, found: Iterable[Distance]) -> Markup:
    """Distances to zones as a table, each with what it may be at least and at most."""
    heads = [say(f"distance.{c}") for c in ("zone", "km", "interval")]
    rows = [
        (d.zone, f"{d.km} km", f"{d.bounds} km") if d.bounds else (d.zone, NOTHING, NOTHING)
        for d in found
    ]
    return table(heads, rows, "")


def _aspects(say: Messages, aspects: Aspects) -> Markup:
    if aspects.unknown:
        return _part(say("aspect.heading"), Markup("<p>{}</p>").format(aspects.unknown))
    known = [(name, points) for name, points in aspects.scores if points]
    told = facts(say, known) + Markup("").join(map(note, aspects.notes))
    return _part(say("aspect.heading"), told)


def _ratings(say: Messages, center: Center) -> Markup:
    if not center.ratings:
        return Markup("")
    told = facts(say, center.ratings) + note(center.rated_by)
    return _part(say("ratings.summary"), told)


def _actions(say: Messages, center: Center) -> Markup:
    """The first things to do, each with its reasons; examples and sources folded."""
    heading = Markup("<h3>{}</h3>").format(say("advice.heading"))
    if not center.actions:
        return heading + Markup("<p>{}</p>").format(center.basis)
    items = Markup("").join(
        Markup("<li>{}<small>{}</small>{}</li>").format(
            action.text,
            action.why,
            _part(
                say("advice.more"),
                Markup("").join(
                    Markup("<small>{}</small>").format(told)
                    for told in (*action.examples, f"{action.who} · {action.source}")
                ),
            ),
        )
        for action in center.actions
    )
    return heading + Markup("{}<ol class='ikm-claims'>{}</ol>").format(note(center.basis), items)


def district_first(say: Messages, district: District) -> Markup:
    """Which district it is."""
    lead = Markup("<p class='ikm-lead'>{} {}</p>").format(
        picture(symbols.border().svg()), district.studied
    )
    name = Markup("<h2>{}</h2>").format(district.name)
    return panel(name + lead if district.studied else name)


def district_rest(say: Messages, district: District) -> Markup:
    """Population, area, seat, and what its centers are like."""
    count = say("district.center_count", count=district.count)
    known = [
        *_rows(say, district.facts, district.facts),
        (say("district.centers"), count if district.count else say("district.no_center")),
        *_rows(say, district.of_centers, district.of_centers),
    ]
    parts = [
        facts(say, known),
        _line("ikm-note", district.straight),
        _line("ikm-source", district.source),
    ]
    return panel(Markup("").join(parts))


def zone_panel(say: Messages, zone: Zone) -> Markup:
    """Kind, operator, area with its rival figures, sectors and the closest centers."""
    near_heads = [say("table.name"), say("distance.km")]
    area_heads = [say("zone.ha"), say("zone.basis"), say("zone.year"), say("place.source")]
    parts = [
        Markup("<h2>{} {}</h2>").format(picture(symbols.icon(zone.kind).svg(22)), zone.name),
        facts(say, _rows(say, zone.facts, zone.facts)),
        table(near_heads, zone.closest, say("zone.closest")),
        table(area_heads, zone.areas, say("zone.areas")),
        _line("ikm-note", zone.straight),
        _line("ikm-source", zone.source),
    ]
    return panel(Markup("").join(parts))
