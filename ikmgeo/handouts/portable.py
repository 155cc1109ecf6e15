"""The map of centers or linkage as one HTML file: it opens from a USB stick, without any server."""

import hashlib
import json
from base64 import b64encode
from dataclasses import replace
from typing import Any, Final

import jinja2
import pandas as pd
from markupsafe import Markup

from ikmgeo import symbols
from ikmgeo.display import assets, maps, panels, profiles, scene
from ikmgeo.filters import Filters
from ikmgeo.folders import STATIC
from ikmgeo.handout import Handout, Progress, settings, sources
from ikmgeo.measures import linkage
from ikmgeo.view import ON_MAP
from ikmgeo.words import wording
from ikmgeo.words.markup import data_address, inert, picture
from ikmgeo.words.messages import NOTHING

STYLES: Final = (
    *assets.STYLES,
    *(STATIC / f"{name}.css" for name in ("design", "page", "portable")),
)

MOST_PANELS = 500
"""Centers with a full panel, best score first; the others tell what the table tells."""

COLUMNS: Final = (
    *("rank", "name", "category", "score", "commodity"),
    *("district", "nearest_zone", "nearest_km", "precision"),
)
"""Columns of the table, as on screen."""

MESSAGES: Final = (
    *("center.filtered_out", "filter.nothing", "filter.relax", "filter.relax_more"),
    *("filter.reset", "filter.categories", "filter.commodities", "map.choose", "map.choose_more"),
    *("center.show", "map.conflicting", "panel.close", "portable.only_these"),
)
FORMS: Final = (
    *("center.open_district", "district.first_centers", "filter.count", "filter.drop"),
    "portable.more",
)
"""Messages that the page fills in by itself, each in all its forms."""


def page(handout: Handout, *, progress: Progress = lambda part: None) -> str:
    """HTML of the view: map, filters by category and commodity, panels, table, settings, sources.

    It holds the centers that are shown and no others, and forbids the browser every request.
    ``progress`` is told after each center's panel.

    Raises
    ------
    ValueError
        When a script or style would need anything that is not in the file.
    """
    say, inputs = handout.say, handout.inputs
    ground = maps.ground(
        inputs.districts,
        inputs.lakes,
        inputs.surroundings,
        inputs.instrument.signs,
        inputs.bounds,
        inputs.orientation,
    )
    files = [_script(assets.script(path)) for path in assets.SCRIPTS]
    own = _script(assets.script(STATIC / "portable.js"))
    chosen = settings(handout)
    return str(
        _template().render(
            say=say,
            heading=say(f"{_stage(handout)}.heading"),
            mark=data_address((STATIC / "icon.png").read_bytes()),
            scripts=[*files, _script(ground.script), *map(_inside, ground.lines), own],
            styles=[Markup(assets.style(path)) for path in STYLES],
            hash=_hash,
            data=_json(_data(handout, ground, progress)),
            choices=_choices(handout),
            columns=COLUMNS,
            above=_above(handout, chosen),
            settings=chosen,
            sources=sources(handout),
        )
    )


def _stage(handout: Handout) -> str:
    """Whose map it is: districts in colours have neither filters nor panels of centers."""
    stage = handout.view.stage
    return ON_MAP if stage == "districts" else stage


def _template() -> jinja2.Template:
    loader = jinja2.FileSystemLoader(STATIC)
    environment = jinja2.Environment(
        loader=loader, autoescape=True, undefined=jinja2.StrictUndefined
    )
    return environment.get_template("portable.html")


def _script(text: str) -> Markup:
    """A script as it may stand in a page."""
    if "</script" in text.lower():
        raise ValueError("a script holds '</script', which would end it; expected none")
    return Markup(text)


def _inside(file: assets.File) -> Markup:
    """A file that the map's script would ask for, inside the page."""
    return _script(f'ikmgeo.files["{file.name}"]={file.content};')


def _hash(script: str) -> str:
    """What the page's policy knows a script by, so that no other one runs."""
    return f"'sha256-{b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


def _json(value: object) -> Markup:
    """JSON that no HTML parser mistakes for markup."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for mark in "<>&":
        text = text.replace(mark, f"\\u{ord(mark):04x}")
    return Markup(text)


def _above(handout: Handout, chosen: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Settings that a reader must know before the map: date, count, scheme, own data, filters."""
    say = handout.say
    keys = ("handout.taken_on", "handout.centers", "handout.own", "scheme.label", "scoring.source")
    names = {say(key) for key in keys}
    unfiltered = settings(replace(handout, view=replace(handout.view, filters=Filters())))
    return [pair for pair in chosen if pair[0] in names or pair not in unfiltered]


def _choices(handout: Handout) -> list[tuple[str, list[tuple[str, str, str, str]]]]:
    """Both filters: name, then code, drawing, words and count of each choice."""
    say, shown = handout.say, handout.shown
    categories, commodities = (shown[c].value_counts() for c in ("category", "commodity"))
    names = _commodity_names(handout)
    signs = _pictures(handout)
    return [
        (
            "category",
            [
                (c, drawn, say(f"category.{c}"), say.number(categories[c], 0))
                for c, drawn in signs.items()
                if c in categories
            ],
        ),
        (
            "commodity",
            sorted(
                (
                    (str(c), "", names.get(str(c), str(c)), say.number(n, 0))
                    for c, n in commodities.items()
                ),
                key=lambda choice: choice[2].lower(),
            ),
        ),
    ]


def _pictures(handout: Handout) -> dict[str, Markup]:
    """Signs of the categories, and of what a center can be besides, by code."""
    signs = handout.inputs.instrument.signs
    return {code: picture(symbols.sign(sign).svg()) for code, sign in signs.items()}


def _commodity_names(handout: Handout) -> dict[str, str]:
    commodities = handout.inputs.commodities
    return {str(code): handout.say.name(row) for code, row in commodities.iterrows()}


def _data(handout: Handout, ground: maps.Ground, progress: Progress) -> dict[str, Any]:
    """Everything that ``static/portable.js`` shows; what it takes as HTML is escaped here."""
    say, inputs, view = handout.say, handout.inputs, handout.view
    drawn = scene.of(replace(handout, view=replace(view, stage=_stage(handout))))
    shown = drawn.centers
    ordered = shown.sort_values("score", ascending=False, kind="stable", na_position="last")
    areas, shapes = _areas(handout, ordered)
    prepare = maps.Prepare(
        ground.signs,
        ground=ground.name,
        fit=maps.corners_of(drawn.extent) or ground.province,
        province=ground.province,
        key=None,
        position=view.position,
        large=False,
        placing=False,
    )
    # The page itself shows the line of the area while it draws one.
    legend = [*(line for line in drawn.legend if line.layer != "area"), scene.area_line(say)]
    return {
        "prepare": prepare.options,
        "legend": maps.legend_html(say, legend, drawn.topic),
        "titles": [inert(title) for title in maps.buttons(say)],
        "attribution": inert(" · ".join(drawn.attribution)),
        "pictures": _pictures(handout) | {"conflict": picture(symbols.conflict().svg())},
        "many": symbols.MANY,
        "oriented": drawn.orientation is not None,
        "rings": maps.ring_rows(drawn.rings),
        "flows": maps.flow_rows(drawn.flows),
        "footprints": maps.footprint_rows(drawn.footprints),
        "zones": maps.mark_rows("zone", drawn.zones),
        "places": maps.mark_rows("place", drawn.places),
        "centers": _centers(handout, ordered, areas),
        "areas": shapes,
        "panels": {
            "none": panels.no_panel(say, "map", "table"),
            "center": _center_panels(handout, ordered, progress),
            "district": {code: _district_panel(handout, code) for code in inputs.districts.index},
            "zone": [_zone_panel(handout, zone) for zone in inputs.zones.index],
        },
        "partial": len(handout.shown) < len(handout.centers),
        "selection": _selection(handout, ordered),
        "words": {key: say(key) for key in MESSAGES}
        | {key: say.forms(key) for key in FORMS}
        | {"portable.short": say("portable.short", most=say.number(MOST_PANELS, 0))},
        "columns": [say(f"table.{column}") for column in COLUMNS],
        "district_names": inputs.districts["name_id"].astype(str).to_dict(),
    }


def _areas(handout: Handout, centers: pd.DataFrame) -> tuple[list[int], list[list[Any]]]:
    """Number of each center's area, and the areas: where that is, and its corners or radius in m.

    An area that several centers share stands once.
    """
    areas = handout.measured.areas
    numbers: dict[tuple[str, int], int] = {}
    of_center: list[int] = []
    listed: list[list[Any]] = []
    for center_id, center in centers.iterrows():
        area = wording.position(handout.say, center), int(areas.shape[str(center_id)])
        if area not in numbers:
            numbers[area] = len(listed)
            shape = maps.area_corners(areas.shapes[area[1]]) if area[1] >= 0 else None
            metres = center["area_radius_km"] * 1000
            listed.append([area[0], shape if pd.isna(metres) else round(metres)])
        of_center.append(numbers[area])
    return of_center, listed


def _centers(handout: Handout, centers: pd.DataFrame, areas: list[int]) -> list[list[Any]]:
    """One row a center, as ``static/portable.js`` reads it; cells are text or [order, text]."""
    districts = handout.inputs.districts
    known = centers["district"].where(centers["district"].isin(districts.index), None)
    columns = (
        centers["lat"].astype(float).round(5),
        centers["lon"].astype(float).round(5),
        centers["category"],
        centers["conflicting"].astype(int),
        centers["naming"],
        centers["commodity"],
        known.astype(object).where(known.notna(), None),
        areas,
        _lines(handout, centers),
        centers["below"],
        centers["value"],
        centers["shade"],
        _cells(handout, centers),
    )
    plain = (c.tolist() if isinstance(c, pd.Series) else c for c in columns)
    return [list(row) for row in zip(*plain, strict=True)]


def _lines(handout: Handout, centers: pd.DataFrame) -> list[list[list[Any]]]:
    """Line from each center to each zone: its km, and its end where that is not the zone's sign."""
    say, inputs = handout.say, handout.inputs
    lines = []
    for zone_id, zone in inputs.zones.iterrows():
        told: list[list[Any]] = [
            [say.km(km)] for km in handout.measured.distances[zone_id].loc[centers.index]
        ]
        if zone_id in inputs.footprints.index:
            for line, (_, center) in zip(told, centers.iterrows(), strict=True):
                end = linkage.end_of_line(center, zone, inputs.footprints)
                line += [round(degrees, 5) for degrees in end]
        lines.append(told)
    return [list(row) for row in zip(*lines, strict=True)] or [[] for _ in range(len(centers))]


def _cells(handout: Handout, centers: pd.DataFrame) -> list[list[Any]]:
    """Cells of the table, in the order of ``COLUMNS``; what is missing is a dash."""
    say, inputs = handout.say, handout.inputs
    order = list(inputs.instrument.signs)
    table = {
        "rank": [_number(v, say.number(v, 0)) for v in centers["rank"]],
        "name": centers[f"name_{say.language}"].astype(str),
        "category": [[order.index(c), say(f"category.{c}")] for c in centers["category"]],
        "score": [_number(v, say.number(v)) for v in centers["score"]],
        "commodity": centers["commodity"].map(_commodity_names(handout)).map(_text),
        "district": centers["district"].map(inputs.districts["name_id"]).map(_text),
        "nearest_zone": centers["nearest_zone"].map(inputs.zones["short_name"]).map(_text),
        "nearest_km": [_number(v, say.number(v, 1)) for v in centers["nearest_km"]],
        "precision": [say.code("precision", p) for p in centers["position_precision"]],
    }
    return [list(row) for row in zip(*(table[column] for column in COLUMNS), strict=True)]


def _number(value: float, written: str) -> list[Any]:
    return [None if pd.isna(value) else float(value), written]


def _text(value: Any) -> object:
    return [None, NOTHING] if pd.isna(value) else str(value)


def _center_panels(handout: Handout, centers: pd.DataFrame, progress: Progress) -> list[str | None]:
    """Panel of each center; None beyond ``MOST_PANELS``, but for those with claims to show."""
    claimed = centers["score_claim"].notna()
    made: list[str | None] = [None] * len(centers)
    some = [at for at in range(len(centers)) if at < MOST_PANELS or claimed.iloc[at]]
    for done, at in enumerate(some, 1):
        profile = profiles.center(handout, str(centers.index[at]))
        made[at] = panels.center_panel(handout.say, profile)
        progress(done / (len(some) + 1))
    return made


def _district_panel(handout: Handout, code: str) -> str:
    told = profiles.district(handout, code)
    return panels.district_first(handout.say, told) + panels.district_rest(handout.say, told)


def _zone_panel(handout: Handout, zone_id: str) -> str:
    zone = profiles.zone(handout, zone_id, among=handout.shown)
    return panels.zone_panel(handout.say, zone)


def _selection(handout: Handout, centers: pd.DataFrame) -> list[Any] | None:
    """What is chosen on screen, centers and zones by their number."""
    kind, name = handout.view.selection or ("", "")
    if kind == "district":
        return [kind, name]
    among = {"center": centers.index, "zone": handout.inputs.zones.index}.get(kind, ())
    return [kind, list(among).index(name)] if name in among else None
