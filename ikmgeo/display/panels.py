"""Panels: what is known of one center, district or zone, as HTML."""

from collections.abc import Iterable

from markupsafe import Markup

from ikmgeo import symbols
from ikmgeo.display.profiles import Aspects, Center, Claim, Distance, District, Facts, Said, Zone
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


def no_panel(say: Messages, *ways: str) -> Markup:
    """Nothing is chosen, and the ways to choose (``map``, ``table``, ``name``)."""
    steps = Markup("").join(Markup("<li>{}</li>").format(say(f"panel.how_{w}")) for w in ways)
    return panel(Markup("<h2>{}</h2><ul>{}</ul>").format(say("panel.nothing"), steps))


def center_panel(say: Messages, center: Center) -> Markup:
    """Score and its claims, distances, place and precision, assessment, advice, sources."""
    sign = picture(center.sign.svg(22))
    if center.conflict:
        sign += picture(symbols.conflict().svg(18))
    score = Markup("<strong>{}</strong> ").format(center.score) if center.score else ""
    parts = [
        Markup("<h2>{} {}</h2>").format(sign, center.name),
        Markup("<p class='ikm-lead'>{}{}</p>").format(score, center.standing),
        _line("ikm-warn", center.placeholder),
        _line("ikm-conflict", center.conflict),
        _claims(say, center.claims),
        _said(center.said),
        _distances(say, center.distances),
        _line("ikm-note", center.straight),
        _heading(say("place.heading")),
        facts(say, _rows(say, center.facts, PLACE)),
        facts(say, _rows(say, center.facts, ABOUT)),
        _aspects(say, center.aspects),
        _ratings(say, center),
        _actions(say, center),
        _line("ikm-source", center.source),
    ]
    return panel(Markup("").join(parts))


def _heading(text: str) -> Markup:
    return Markup("<h3>{}</h3>").format(text)


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
    heading = _heading(say("claim.heading"))
    listed = Markup("{}<ul class='ikm-claims'>{}</ul>").format(heading, items)
    return listed if items else Markup("")


def _said(said: Said | None) -> Markup:
    """What the source says of the center in words, aspect by aspect."""
    if said is None:
        return Markup("")
    items = Markup("").join(
        Markup("<li><strong>{} · {}</strong> {}<small>{} · {}</small></li>").format(*statement)
        for statement in said.statements
    )
    return Markup("{}{}<ul class='ikm-claims'>{}</ul>{}").format(
        _heading(said.title), _line("ikm-conflict", said.conflict), items, note(said.reading)
    )


def _distances(say: Messages, distances: Iterable[Distance]) -> Markup:
    heads = [say(f"distance.{c}") for c in ("zone", "km", "interval")]
    rows = [
        (d.zone, f"{d.km} km", f"{d.bounds} km") if d.bounds else (d.zone, NOTHING, NOTHING)
        for d in distances
    ]
    return table(heads, rows, say("distance.heading"))


def _aspects(say: Messages, aspects: Aspects) -> Markup:
    heading = _heading(say("aspect.heading"))
    if aspects.unknown:
        return heading + Markup("<p>{}</p>").format(aspects.unknown)
    known = [(name, points) for name, points in aspects.scores if points]
    return heading + facts(say, known) + Markup("").join(map(note, aspects.notes))


def _ratings(say: Messages, center: Center) -> Markup:
    if not center.ratings:
        return Markup("")
    return _heading(say("ratings.summary")) + facts(say, center.ratings) + note(center.rated_by)


def _actions(say: Messages, center: Center) -> Markup:
    """The first things to do, each with its reasons."""
    heading = _heading(say("advice.heading"))
    if not center.actions:
        return heading + Markup("<p>{}</p>").format(center.basis)
    items = Markup("").join(
        Markup("<li>{}{}</li>").format(
            action.text,
            Markup("").join(
                Markup("<small>{}</small>").format(told)
                for told in (action.why, *action.examples, f"{action.who} · {action.source}")
            ),
        )
        for action in center.actions
    )
    return heading + Markup("{}<ol class='ikm-claims'>{}</ol>").format(note(center.basis), items)


def district_panel(say: Messages, district: District) -> Markup:
    """Population, area, seat, and what its centers are like."""
    count = say("district.center_count", count=district.count)
    known = [
        *_rows(say, district.facts, district.facts),
        (say("district.centers"), count if district.count else say("district.no_center")),
        *_rows(say, district.of_centers, district.of_centers),
    ]
    lead = Markup("<p class='ikm-lead'>{} {}</p>").format(
        picture(symbols.border().svg()), district.studied
    )
    parts = [
        Markup("<h2>{}</h2>").format(district.name),
        lead if district.studied else Markup(""),
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
