"""Linkage page, first part: how close each center is to each zone, by any indicator."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, cast

import pandas as pd
import streamlit as st
from markupsafe import Markup
from streamlit.delta_generator import DeltaGenerator

from ikmgeo import symbols, tables
from ikmgeo.analysis import Linked
from ikmgeo.display import scene, thematic
from ikmgeo.display.thematic import looked_at
from ikmgeo.errors import DataError
from ikmgeo.measures import linkage, uncertainty
from ikmgeo.measures.areas import bounds_km
from ikmgeo.measures.indicators import BEST, EVERY, INDICATORS, paired
from ikmgeo.measures.linkage import EQUAL, MEASURES, STRAIGHT_KM, Parameters
from ikmgeo.measures.scenario import Effect
from ikmgeo.reading.typed import Scale
from ikmgeo.ui.frame import Page, apology
from ikmgeo.ui.parts.explore import filter_here, if_hidden, pick
from ikmgeo.ui.parts.map_view import draw
from ikmgeo.ui.parts.numbers import number_field
from ikmgeo.ui.parts.table import LOCALISED_ROWS, selectable
from ikmgeo.ui.state import keys, linking, session
from ikmgeo.ui.state.linking import Zones
from ikmgeo.ui.state.session import Study
from ikmgeo.view import MOST_THRESHOLDS, STEEPEST, View
from ikmgeo.vocabulary import PLACE_KINDS, ZONE_CLASSES
from ikmgeo.words import method
from ikmgeo.words.markup import facts, heading, markdown, picture, scrolling, table
from ikmgeo.words.messages import NOTHING, Messages
from ikmgeo.words.wording import (
    about,
    amount,
    certainty,
    derivation,
    hectares,
    meaning,
    unit,
    written,
)

HALF_DISTANCES = (5, 10, 15, 20, 25, 30, 40, 50, 75, 100, 150, 200)
THRESHOLDS = (10, 25, 30, 50, 60, 75, 90, 100, 120, 150, 200)

BESIDE_MAP = (1.95, 1)
"""Widths of the map and of what stands beside it."""

TOLD_FROM = 0.1
"""Difference of a Huff share between two stages of area from which a sentence tells it."""

FITS = (0.0, 0.5, 1.0)
LINES, RINGS = "lines", "rings"
"""What the map shows besides signs."""


def centers_and_zones(page: Page) -> None:
    """Indicators of every center, on the map, in a panel and in a table."""
    centers, keep = filter_here(page)
    zones = linking.real_zones(page.study)
    controls(page, zones.table)
    if zones.table.empty:
        st.info(page.say("linkage.no_zone"))
        return
    with apology(page.say):
        found = try_linking(page, page.study, centers, zones)
        if found is None:
            return
        _screen(page, centers, keep, zones, *found)
    with apology(page.say):
        _fit(page)  # outside the fragment: it changes what the fragment was called with
    _all_explained(page.say, linking.parameters(session.view()))


def try_linking(
    page: Page, study: Study, centers: pd.DataFrame, *some: Zones
) -> list[Linked] | None:
    """Every indicator of the centers to each of some sets of zones; None, and why, without roads.

    The work shows that it goes on.
    """
    used = linking.parameters(session.view())
    if session.view().link.measure != used.measure:
        st.info(page.say("linkage.no_roads"))
    try:
        with st.spinner(page.say("linkage.working")):
            found = [linking.linked(study, centers, zones, used) for zones in some]
    except DataError as refused:
        roads_failed(page, refused)
        return None
    if used.attraction != EQUAL:
        _warn_of_area(page, centers, some[-1].table, tables.part(found[-1].values, "cost"), used)
    return found


def _warn_of_area(
    page: Page, centers: pd.DataFrame, zones: pd.DataFrame, costs: pd.DataFrame, used: Parameters
) -> None:
    """Tell which hectares are the weights, and what the other choices would have made of them."""
    say = page.say
    told = [say("area_stage.told", zones=markdown(hectares(say, zones, used.attraction)))]
    shares = linkage.area_shares(costs, zones, used)
    stacked = pd.concat(shares).groupby(level=1, sort=False)
    spread = cast(pd.Series, (stacked.max() - stacked.min()).stack())
    chosen = session.view().chosen("center")
    if chosen is not None and chosen in spread.index.get_level_values(0):
        spread = spread.loc[[chosen]]
    if not spread.empty and spread.max() >= TOLD_FROM:
        center, zone = spread.index[int(spread.argmax())]
        parts = {
            s: written(say, "huff_share", tables.cell(of, center, zone)) for s, of in shares.items()
        }
        told.append(
            say(
                "area_stage.differs",
                center=markdown(str(centers.at[center, f"name_{say.language}"])),
                zone=markdown(str(zones.at[zone, "short_name"])),
                **parts,
            )
        )
    st.warning(" ".join(told))


def roads_failed(page: Page, refused: DataError) -> None:
    """Say why there is no road distance, and offer to ask again or to take straight lines."""
    st.error(" ".join(page.say.issue(issue) for issue in refused.issues))
    with st.container(horizontal=True):
        st.button(page.say("roads.again"), on_click=linking.ask_again)
        st.button(page.say("roads.drop"), on_click=linking.drop_roads)


def controls(page: Page, zones: pd.DataFrame) -> None:
    """Indicator, what it is shown for and layers of the map; the rest behind a button."""
    say, view = page.say, session.view()
    places = st.columns([1.5, 1.5, 1, 0.9], gap="small", vertical_alignment="bottom")
    choose_indicator(say, places[0], places[1], zones, view.column)
    with places[2]:
        on_map(say, *([LINES] if INDICATORS[view.indicator].paired else []), RINGS)
    with places[3]:
        more(say)


def choose_indicator(
    say: Messages,
    left: DeltaGenerator,
    right: DeltaGenerator,
    zones: pd.DataFrame,
    asked: str,
    *,
    closest: bool = True,
) -> None:
    """Which indicator, and for which zone, class of zones or threshold the map shows it.

    ``closest`` where it may be the closest zone of each center, or all zones.
    """
    code, used = session.view().indicator, linking.parameters(session.view())
    left.selectbox(
        say("linkage.indicator"),
        list(INDICATORS),
        format_func=lambda code: say(f"indicator.{code}"),
        help=markdown(_help(say, code, used), longest=2_000),
        **session.bound("w-indicator", code, lambda v: session.change(indicator=v)),
    )
    known = INDICATORS[code].columns(used, zones)
    options = [BEST, EVERY, *known] if closest and INDICATORS[code].paired else known
    names = {column: looked_at(say, code, column, zones, used) for column in options}
    right.selectbox(
        say("linkage.column"),
        options,
        format_func=lambda column: names.get(column, column),
        # With other words it is another control: the browser tells a choice by its words.
        **session.bound(
            f"w-column-{hash(tuple(names.items()))}",
            INDICATORS[code].column(asked, known),
            lambda column: session.change(column=column),
        ),
    )


def on_map(say: Messages, *layers: str) -> None:
    """Which layers the map has."""
    on = {LINES: session.view().flows, RINGS: session.view().rings}

    def show(chosen: Sequence[str]) -> None:
        wanted = {layer: layer in chosen if layer in layers else on[layer] for layer in on}
        session.change(flows=wanted[LINES], rings=wanted[RINGS])

    st.pills(
        say("linkage.on_map"),
        layers,
        format_func=lambda layer: say(f"linkage.{layer}"),
        selection_mode="multi",
        **session.bound(f"w-layers-{len(layers)}", [layer for layer in layers if on[layer]], show),
    )


def more(say: Messages, *layers: str) -> None:
    """The parameters that are changed seldom, and layers, behind a button."""
    with st.popover(say("linkage.more"), width="stretch"):
        if layers:
            on_map(say, *layers)
        _parameters(say, linking.parameters(session.view()))


def _parameters(say: Messages, used: Parameters) -> None:
    st.select_slider(
        say("linkage.half_distance"),
        sorted({*map(float, HALF_DISTANCES), used.half_distance}),
        format_func=lambda v: amount(say, v, used),
        help=say("linkage.half_distance_help"),
        **session.bound("w-half", used.half_distance, lambda v: _set(half_distance=v)),
    )
    st.selectbox(
        say("linkage.measure"),
        MEASURES if linking.roads() else [STRAIGHT_KM],
        format_func=lambda code: say(f"measure.{code}"),
        help=say("linkage.measure_help"),
        **session.bound("w-measure", used.measure, _measure_by),
    )
    st.multiselect(
        say("linkage.within", unit=unit(say, used)),
        sorted({*map(float, THRESHOLDS), *used.within}),
        format_func=lambda v: say.number(v, 0 if v % 1 == 0 else 1),
        max_selections=MOST_THRESHOLDS,
        **session.bound(
            "w-within",
            list(used.within),
            lambda v: _set(within=tuple(sorted(v)) or Parameters.within),
        ),
    )
    st.radio(
        say("linkage.attraction"),
        linkage.ATTRACTIONS,
        format_func=lambda code: say(f"attraction.{code}"),
        horizontal=True,
        **session.bound("w-attraction", used.attraction, lambda v: _set(attraction=v)),
    )
    for name in ("alpha", "decay"):
        number_field(
            say,
            say(f"linkage.{name}"),
            getattr(used, name),
            Scale(0, STEEPEST),
            partial(_set_one, name),
            key=f"w-huff-{name}",
        )
    st.button(say("linkage.defaults"), on_click=lambda: session.change(link=Parameters()))


def _measure_by(measure: str) -> None:
    session.change(link=linking.measured_by(linking.parameters(session.view()), measure))


def _set_one(name: str, value: float) -> None:
    _set(**{name: value})


def _set(**fields: Any) -> None:
    session.change(link=replace(session.view().link, **fields))


@session.fragment
def _screen(
    page: Page, centers: pd.DataFrame, keep: pd.Series, zones: Zones, found: Linked
) -> None:
    """Map, panel and table; a choice made here reruns only this part."""
    say, view = page.say, session.view()
    used = linking.parameters(view)
    shown = centers[keep]
    left, right = st.columns(BESIDE_MAP, gap="small")
    with left, apology(say):
        link_map(page, view, centers, shown, zones, found)
    with right, apology(say):
        pick(page, view, centers, shown)
        if_hidden(page, view, centers, shown)
        _panel(page, view, centers, shown, zones, found)
    with apology(say):
        st.html(heading(say(f"indicator.{view.indicator}")))
        explain_table(say, "linkage.table_told", used, len(centers))
        _matrix(page, view, shown, zones, found)


def explained(say: Messages, indicator: str, used: Parameters) -> str:
    """What an indicator means and how it is worked out, with the parameters in use."""
    told = meaning(say, indicator, used)
    if indicator != "nearest":
        return told
    straight = used.measure == STRAIGHT_KM
    return f"{told} {say('linkage.unsure_straight' if straight else 'linkage.unsure_road')}"


def _help(say: Messages, indicator: str, used: Parameters) -> str:
    """Meaning, formula and source of an indicator."""
    return f"{explained(say, indicator, used)} {derivation(say, _computed(indicator, used))}"


def _computed(indicator: str, used: Parameters) -> str:
    """Under which name ``method`` tells how an indicator is computed."""
    by_road = indicator == "cost" and used.measure != STRAIGHT_KM
    return "cost_by_road" if by_road else indicator


def _all_explained(say: Messages, used: Parameters) -> None:
    """Every indicator with its meaning, formula and source."""
    with st.expander(say("method.heading")):
        rows = [
            (
                say(f"indicator.{code}"),
                explained(say, code, used),
                method.formula(_computed(code, used)),
                method.source(_computed(code, used)),
            )
            for code in INDICATORS
        ]
        heads = [say(f"method.{name}") for name in ("indicator", "meaning", "formula", "source")]
        st.html(scrolling(table(heads, rows, ""), say("method.heading")))


def explain_table(say: Messages, key: str, used: Parameters, count: int) -> None:
    """What a table shows in a sentence; what its values rest on behind a sign of help."""
    st.caption(
        say(key, measure=say(f"measure.{used.measure}").lower()),
        help=markdown(basis(say, used, count), longest=2_000),
    )


def basis(say: Messages, used: Parameters, count: int) -> str:
    """What costs and intervals rest on."""
    drawn = linking.can_draw(count, used.measure)
    most = say.number(uncertainty.MOST_DRAWN, 0)
    told = say("linkage.intervals" if drawn else "linkage.no_intervals", most=most)
    kinds = f"{say('linkage.two_kinds')} " if drawn else ""
    return f"{measure_note(say, used)} {told} {kinds}{say('linkage.zones_exact')}"


def measure_note(say: Messages, used: Parameters) -> str:
    """What the costs in use are."""
    if used.measure != STRAIGHT_KM and linking.by_server():
        return say(f"measure.{used.measure}_note_server")
    return say(f"measure.{used.measure}_note")


def rounded(indicator: str, values: pd.Series) -> pd.Series:
    """Values as exact as they are written; assistive technology reads cells as they are sent."""
    return values.round(INDICATORS[indicator].decimals) + 0.0


def interval(say: Messages, indicator: str, low: float, high: float) -> str:
    """Lowest and highest value, or a dash."""
    if pd.isna(low) or pd.isna(high):
        return NOTHING
    return f"{written(say, indicator, low)}–{written(say, indicator, high)}"


def link_map(
    page: Page,
    view: View,
    centers: pd.DataFrame,
    shown: pd.DataFrame,
    zones: Zones,
    found: Linked,
    *,
    only: str | None = None,
    place: Any = None,
    effect: Effect | None = None,
) -> None:
    """Map of an indicator, of all zones or of one, or of what a scenario does."""
    study = page.study
    drawn = scene.of_linkage(
        page.say,
        replace(view, link=linking.parameters(view)),
        replace(study.inputs, zones=zones.table, footprints=zones.footprints),
        study.measured,
        centers,
        shown,
        found,
        only=only,
        effect=effect,
        own=session.own(),
    )
    # Around the real zones: a scenario must not move the map.
    drawn = replace(drawn, extent=scene.around(centers, study.inputs.zones))
    draw(page, view, drawn, centers, zones.table, place=place)


def _matrix(page: Page, view: View, shown: pd.DataFrame, zones: Zones, found: Linked) -> None:
    """One row per center; beside each value its interval."""
    say = page.say
    ordered = shown.sort_values("score", ascending=False, kind="stable", na_position="last")
    used = linking.parameters(view)
    cells, heads, numbers = matrix_cells(page, view.indicator, ordered, zones, found)
    scale = thematic.scale(view.indicator, used, len(zones.table))
    shaded = _shaded(say, scale, cells, numbers)
    config = columns(cells, heads, dict.fromkeys(numbers, view.indicator))
    for name in heads:
        if name.endswith(" certainty"):  # most are short, and the browser measures only some
            config[name] = st.column_config.Column(heads[name], width="medium")
    told = INDICATORS[view.indicator].in_cost and not linking.has_interval(
        view.indicator, len(found.values), used.measure
    )
    nothing = amount(say, None, used) if told else NOTHING
    selectable(page, view, "center", list(ordered.index), shaded, config, nothing=nothing)


def columns(
    cells: pd.DataFrame, heads: Mapping[str, str], numbers: Mapping[str, str]
) -> dict[str, Any]:
    """Headings of a table; in a long one the browser writes numbers, given by indicator."""
    config: dict[str, Any] = {n: st.column_config.Column(label) for n, label in heads.items()}
    if len(cells) > LOCALISED_ROWS:
        for name, indicator in numbers.items():
            form = "percent" if INDICATORS[indicator].unit == "%" else "localized"
            config[name] = st.column_config.NumberColumn(heads[name], format=form)
    return config


def matrix_cells(
    page: Page, indicator: str, centers: pd.DataFrame, zones: Zones, found: Linked
) -> tuple[pd.DataFrame, dict[str, str], list[str]]:
    """Table of an indicator, the headings of its columns, and which of them are numbers."""
    say, used = page.say, linking.parameters(session.view())
    values, low, high = (
        part.loc[centers.index].get(indicator, pd.DataFrame(index=centers.index))
        for part in (found.values, found.low, found.high)
    )
    cells: dict[str, pd.Series | list[str]] = {"name": centers[f"name_{say.language}"]}
    heads = {"name": say("table.name")}
    no_route = uncertainty.missing_share(found.drawn, centers.index)
    shown = [*values.columns]
    if indicator == "nearest":  # a group of zones has four columns
        shown = [INDICATORS[indicator].column(session.view().column, shown)]
    for column in shown:
        if indicator == "nearest":
            nearest = found.nearest_of[column].loc[centers.index]
            zone, sure = f"{column} zone", f"{column} certainty"
            cells[zone] = nearest["nearest_zone"].map(zones.table["short_name"]).fillna(NOTHING)
            cells[sure] = [
                NOTHING if pd.isna(zone) else certainty(say, unsure, chance)
                for zone, _, unsure, chance in nearest.itertuples(index=False)
            ]
            group = "" if column == "all" else f", {say(f'linkage.group_{column}')}"
            heads[zone] = f"{say('table.nearest_zone')}{group}"
            heads[sure] = f"{say('linkage.certainty')}{group}"
        cells[column] = rounded(indicator, values[column])
        heads[column] = column_name(say, indicator, column, zones.table, used)
        if linking.has_interval(indicator, len(found.values), used.measure):
            between = f"{column} interval"
            heads[between] = say("linkage.interval")
            missing = amount(say, None, used) if INDICATORS[indicator].in_cost else NOTHING
            cells[between] = [
                missing if pd.isna(value) else reached(say, indicator, a, b, share)
                for value, a, b, share in zip(
                    values[column],
                    low[column],
                    high[column],
                    no_route[indicator, column],
                    strict=True,
                )
            ]
    return pd.DataFrame(cells), heads, shown


def reached(say: Messages, indicator: str, low: float, high: float, no_route: float) -> str:
    """An interval; for a cost with the share of the places from which there is no route."""
    told = interval(say, indicator, low, high)
    if not INDICATORS[indicator].in_cost or not no_route > 0:
        return told
    return f"{told} · {say('linkage.no_route_share', percent=say.number(100 * no_route, 0))}"


def column_name(
    say: Messages, indicator: str, column: str, zones: pd.DataFrame, used: Parameters
) -> str:
    """Heading of one column of an indicator."""
    name = about(say, indicator, column, zones, used)
    return f"{name} ({unit(say, used)})" if INDICATORS[indicator].in_cost else name


def localised(say: Messages, cells: pd.DataFrame, numbers: Mapping[str, str]) -> Any:
    """Cells with numbers as the language writes them, given by indicator; in a long table as is."""
    if len(cells) > LOCALISED_ROWS:
        return cells
    return cells.style.format({n: partial(written, say, code) for n, code in numbers.items()})


def _shaded(say: Messages, scale: thematic.Scale, cells: pd.DataFrame, numbers: list[str]) -> Any:
    """Localised cells in the shades of the map."""
    style = localised(say, cells, dict.fromkeys(numbers, scale.indicator.code))
    if style is cells or not numbers:
        return style

    def shade(column: pd.Series) -> list[str]:
        return [
            "" if pd.isna(value) else f"background-color: {fill}; color: {symbols.ink_on(fill)}"
            for value, fill in zip(column, scale.of(column), strict=True)
        ]

    return style.apply(shade, subset=numbers)


def _panel(
    page: Page,
    view: View,
    centers: pd.DataFrame,
    shown: pd.DataFrame,
    zones: Zones,
    found: Linked,
) -> None:
    """Everything about the linkage of the chosen center; without one, what the map shows."""
    say, chosen = page.say, view.chosen("center")
    with st.container(border=True, key="panel"):
        if chosen not in centers.index:
            st.html(_counted(say, view, shown, zones, found))
            return
        st.html(_profile(page, tables.row(centers, chosen), zones, found))
        st.button(say("panel.close"), on_click=lambda: session.change(selection=None))


def _counted(say: Messages, view: View, shown: pd.DataFrame, zones: Zones, found: Linked) -> str:
    """How many centers are in each class of the map, and how to choose one."""
    used = linking.parameters(view)
    column, values, scale = thematic.shown_of(
        found, view.indicator, view.column, used, len(zones.table)
    )
    values = values[shown.index]
    fills = scale.of(values)
    rows = [
        (
            Markup("{} {}").format(picture(drawing.svg()), words),
            say.number(int((fills == shade).sum()), 0),
        )
        for shade, drawing, words in scale.classes_told(say, values)
    ]
    heads = [looked_at(say, view.indicator, column, zones.table, used), say("catchment.centers")]
    return Markup('<div class="ikm-panel"><h2>{}</h2>{}<p>{}</p></div>').format(
        say(f"indicator.{view.indicator}"),
        table(heads, rows, ""),
        say("linkage.choose"),
    )


def _profile(page: Page, center: pd.Series, zones: Zones, found: Linked) -> str:
    say, used = page.say, linking.parameters(session.view())
    values, low, high = (
        tables.row(part, center.name) for part in (found.values, found.low, found.high)
    )

    def cell(indicator: str, column: str) -> Markup:
        told = written(say, indicator, values[indicator, column])
        between = interval(say, indicator, low[indicator, column], high[indicator, column])
        if between in (NOTHING, f"{told}–{told}"):
            return Markup(told)
        return Markup("{}<br><small>{}</small>").format(told, between)

    heads = [say("distance.zone"), *(say(f"indicator.{code}") for code in paired())]
    rows = [
        [zones.table.at[z, "short_name"], *(cell(code, z) for code in paired())]
        for z in values["cost"].sort_values().index
    ]

    def zone_of(group: str) -> Markup:
        """Nearest zone of a group, its cost, and how sure it is."""
        of_group = tables.row(found.nearest_of[group], center.name)
        if pd.isna(of_group["nearest_zone"]):
            return Markup(NOTHING)
        name = zones.table.at[of_group["nearest_zone"], "short_name"]
        sure = certainty(say, of_group["nearest_uncertain"], of_group["nearest_probability"])
        return Markup("{}<br>{}<br><small>{}</small>").format(name, cell("nearest", group), sure)

    groups = [EVERY, *ZONE_CLASSES]
    rows_of = [
        [
            say(f"indicator.{code}"),
            *(zone_of(g) if code == "nearest" else cell(code, g) for g in groups),
        ]
        for code, indicator in INDICATORS.items()
        if indicator.of == "group"
    ]
    return Markup(
        '<div class="ikm-panel"><h2>{}</h2><p class="ikm-lead">{}</p>{}'
        "<details><summary>{}</summary>{}{}</details>"
        '<details><summary>{}</summary>{}<p class="ikm-note">{}</p></details></div>'
    ).format(
        center[f"name_{say.language}"],
        _lead(say, tables.row(found.nearest, center.name), zones, used),
        table(heads, rows, say(f"measure.{used.measure}")),
        say("linkage.by_class"),
        table(
            [say("linkage.indicator"), *(say(f"linkage.group_{g}") for g in groups)], rows_of, ""
        ),
        facts(say, _alone(say, values, zones, used, cell)),
        say("linkage.places"),
        facts(say, _near(page, center)),
        say("linkage.places_note"),
    )


def _alone(
    say: Messages,
    values: pd.Series,
    zones: Zones,
    used: Parameters,
    cell: Callable[[str, str], Markup],
) -> list[tuple[str, Markup]]:
    """Indicators of a center that are of no zone and no class of zones."""
    return [
        (
            f"{say(f'indicator.{code}')}, {column_name(say, code, c, zones.table, used)}",
            cell(code, c),
        )
        for code, indicator in INDICATORS.items()
        if indicator.of in ("limit", "all")
        for c in values.get(code, pd.Series(dtype=float)).index
    ]


def _lead(say: Messages, nearest: pd.Series, zones: Zones, used: Parameters) -> str:
    """Nearest zone, its cost, and how sure it is."""
    if pd.isna(nearest["nearest_zone"]):
        return say("linkage.unreached")
    return say(
        "linkage.lead",
        zone=zones.table.at[nearest["nearest_zone"], "short_name"],
        cost=amount(say, nearest["nearest_km"], used),
        sure=certainty(say, bool(nearest["nearest_uncertain"]), nearest["nearest_probability"]),
    )


def _near(page: Page, center: pd.Series) -> list[tuple[str, str | None]]:
    """The nearest place of each kind."""
    spots = page.study.inputs.places
    km = linkage.distance_km(center.to_frame().T, spots)
    bounds = bounds_km(page.study.measured.areas, km, spots)
    places = linkage.nearest_places(km, *bounds, spots).iloc[0]
    return [
        (page.say(f"nearest.{kind}"), _place(page, places, kind))
        for kind in PLACE_KINDS
        if kind in places.index
    ]


def _place(page: Page, places: pd.Series, kind: str) -> str | None:
    spots = page.study.inputs.places
    if pd.isna(places[kind]):
        return None
    spot = spots.loc[places[kind]]
    say = page.say
    between = interval(say, "cost", places[f"{kind}_low"], places[f"{kind}_high"])
    told = [
        f"{spot['name_id']}, {say.km(places[f'{kind}_km'])}",
        *([] if between == NOTHING else [f"{between} km"]),
        say("linkage.unsure" if places[f"{kind}_uncertain"] else "linkage.sure"),
        f"{say('place.precision')}: {say.code('precision', spot['position_precision'])}",
        *([] if spot["verified"] else [say("place.unverified")]),
    ]
    return " · ".join(told)


def _fit(page: Page) -> None:
    """Sector fit, changeable for the session, with the reason and source of each cell."""
    say, inputs = page.say, page.study.inputs
    with st.expander(say("fit.heading")):
        st.caption(say("fit.help"))
        fit = linking.fit(page.study)
        used = fit.loc[fit.index.isin(inputs.centers["commodity"])]
        names = inputs.commodities[f"name_{say.language}"]
        # By position: two zones may have one short name.
        shown = used.set_axis([str(at) for at in range(len(used.columns))], axis=1)
        shown.insert(0, "commodity", names.loc[used.index])
        key = f"fit-{hash(tuple(sorted(linking.fit_changes().items())))}-{say.language}"

        def changed() -> None:
            for row, cells in keys.sent(key)["edited_rows"].items():
                for at, value in cells.items():
                    linking.fit_changes()[used.index[int(row)], used.columns[int(at)]] = value

        st.data_editor(
            shown,
            key=key,
            hide_index=True,
            disabled=["commodity"],
            on_change=changed,
            column_config={
                "commodity": say("table.commodity"),
                **{
                    str(at): st.column_config.SelectboxColumn(
                        tables.cell(inputs.zones, zone_id, "short_name"),
                        options=list(FITS),
                        format_func=lambda v: say.number(float(v), 1),
                        required=True,
                    )
                    for at, zone_id in enumerate(used.columns)
                },
            },
        )
        if linking.fit_changes():
            st.button(say("fit.reset"), key="fit-reset", on_click=linking.fit_changes().clear)
        reasons = inputs.sector_fit_reasons
        listed = [
            (
                names.get(r["commodity"], r["commodity"]),
                inputs.zones.at[r["zone_id"], "short_name"],
                say.number(float(r["fit"]), 1),
                say.data(r["reason"]),
                say.data(r["source"]),
            )
            for r in reasons.to_dict("records")
        ]
        heads = [say(key) for key in ("table.commodity", "distance.zone", "fit.value")]
        heads += [say("fit.reason"), say("sources.source")]
        st.html(scrolling(table(heads, listed, ""), say("fit.heading")))
