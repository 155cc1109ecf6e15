"""Districts page: one measure on the map, a district's profile, some compared, all in a table."""

from dataclasses import replace
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st
from markupsafe import Markup

from ikmgeo import symbols, tables
from ikmgeo.display import scene, thematic
from ikmgeo.display.profiles import nearest_to_seat
from ikmgeo.filters import Filters
from ikmgeo.handout import Dossier, at_district
from ikmgeo.measures.district_measures import (
    BREAKS,
    CLASSES,
    FEWEST_COMPARED,
    MEASURES,
    MOST_COMPARED,
    density_per_km2,
    ranks,
)
from ikmgeo.ui.frame import Page, apology
from ikmgeo.ui.parts import bars, details
from ikmgeo.ui.parts.bars import Toggle
from ikmgeo.ui.parts.explore import conditions_here
from ikmgeo.ui.parts.map_view import draw
from ikmgeo.ui.parts.table import selectable
from ikmgeo.ui.state import keys, session
from ikmgeo.view import View
from ikmgeo.words.markup import heading, markdown, note, panel, scrolling, table
from ikmgeo.words.messages import Messages
from ikmgeo.words.wording import derivation, measure_words

NEEDED = ("name", "centers", "mean_score", "best_category", "mean_proximity", "seat_km")
"""Columns of the table that are shown unless the reader wants others."""

MOST_FIRST = 8
"""Districts that are named beside the map, of those with a value."""

FACTS = {
    "population": ("district.population", 0, ""),
    "area_km2": ("district.area", 1, "km²"),
    "density": ("district.density", 0, "/km²"),
}
"""What is compared besides the measures: label, decimals and unit."""


def districts(page: Page) -> None:
    """Controls in the sidebar; map, profile or comparison, bars and table."""
    with st.sidebar:
        _controls(page, session.view())
    centers, met = conditions_here(page, layers=False)
    _screen(page, details.dossier(page, centers), met)


def _controls(page: Page, view: View) -> None:
    """What the map shows, and how it is cut into classes."""
    say, shading = page.say, view.shading
    told = derivation(say, shading.measure)

    def save(field: str) -> Any:
        return lambda value: session.change(shading=replace(shading, **{field: value}))

    st.selectbox(
        say("districts.measure"),
        list(MEASURES),
        format_func=lambda name: say(f"district_measure.{name}"),
        help=markdown(f"{say(f'district_measure.{shading.measure}_help')} {told}", longest=2_000),
        **session.bound("w-shading-measure", shading.measure, save("measure")),
    )
    if not MEASURES[shading.measure].is_category:
        st.selectbox(
            say("districts.breaks"),
            BREAKS,
            format_func=lambda name: say(f"breaks.{name}"),
            help=say("districts.breaks_help"),
            **session.bound("w-breaks", shading.breaks, save("breaks")),
        )
        st.segmented_control(
            say("districts.classes"),
            CLASSES,
            required=True,
            **session.bound("w-classes", shading.classes, save("classes")),
        )


@session.fragment
def _screen(page: Page, dossier: Dossier, met: pd.DataFrame) -> None:
    """Map, profile, comparison, bars and table; a choice made here reruns only this part."""
    centers = dossier.centers
    measured = dossier.districts_of(centers[met.all(axis=1)])
    view = at_district(session.view(), centers, measured.index)
    left, right = st.columns([1.5, 1], gap="small")
    with left, apology(page.say):
        district_map(page, view, centers, measured)
    with right, apology(page.say):
        _pick(page, view)
        _to_compare(page, view)
        _answer(page, view, dossier, measured)
    if len(view.compared) == MOST_COMPARED:  # they need the whole width
        with apology(page.say), st.container(key="compared"):
            compared = _side_by_side(page, view, dossier, measured)
            st.html(scrolling(compared, page.say("districts.compared")))
    with apology(page.say):
        bars.counts(page.say, page.study, centers, met)
    with apology(page.say):
        _table(page, view, measured)


def district_map(page: Page, view: View, centers: pd.DataFrame, measured: pd.DataFrame) -> None:
    """The districts in the colours of a measure, with zones and what the source studied."""
    say, inputs = page.say, page.study.inputs
    studied, own = session.studied_districts(), session.own()
    drawn = scene.of_districts(say, view, inputs, centers, measured, studied=studied, own=own)
    draw(page, view, drawn, centers, inputs.zones)
    if view.shading.measure == "mean_proximity":
        st.caption(say("districts.half_distance", half=say.km(view.link.half_distance_km)))


def _pick(page: Page, view: View) -> None:
    """Choose a district by name."""
    names = page.study.inputs.districts["name_id"]
    st.selectbox(
        page.say("districts.pick"),
        sorted(names.index, key=lambda code: str(names[code])),
        index=None,
        format_func=lambda code: str(names[code]),
        placeholder=page.say("districts.pick_hint"),
        **session.bound(
            "w-pick-district",
            view.chosen("district"),
            lambda code: session.change(selection=("district", code) if code else None),
        ),
    )


def _to_compare(page: Page, view: View) -> None:
    """Two to four districts to be seen side by side."""
    say, names = page.say, page.study.inputs.districts["name_id"]
    st.multiselect(
        say("districts.compared"),
        sorted(names.index, key=lambda code: str(names[code])),
        format_func=lambda code: str(names[code]),
        placeholder=say("districts.compare_hint"),
        **session.bound("w-compare", list(view.compared), _compare),
    )
    if keys.COMPARE_REFUSED.pop():
        st.warning(say("districts.compare_refused", most=MOST_COMPARED))


def _compare(codes: list[str]) -> None:
    """Compare these from now on, in the place of what is chosen once they are enough."""
    keys.COMPARE_REFUSED.set(len(codes) > MOST_COMPARED)
    session.change(compared=tuple(codes[:MOST_COMPARED]))
    if len(codes) >= FEWEST_COMPARED:
        session.change(selection=None)


def _answer(page: Page, view: View, dossier: Dossier, measured: pd.DataFrame) -> None:
    """Panel of the chosen district or zone, the comparison, or how to come to them."""
    code, compares = view.chosen("district"), len(view.compared) >= FEWEST_COMPARED
    if code or view.chosen("zone") or not compares:
        with st.container(border=True, key="panel"):
            if code:
                details.district_profile(page, code, dossier, compare=partial(_add, view, code))
            elif zone := view.chosen("zone"):
                details.zone_profile(page, zone, dossier)
                details.close_button(page)
            else:
                _first(page, view, measured)
    if FEWEST_COMPARED <= len(view.compared) < MOST_COMPARED:
        with st.container(border=True, key="compared"):
            st.html(panel(_side_by_side(page, view, dossier, measured)))


def _first(page: Page, view: View, measured: pd.DataFrame) -> None:
    """The first districts by the map's measure, as bars; a press on one chooses it."""
    say, names = page.say, page.study.inputs.districts["name_id"]
    name = view.shading.measure
    values = measured[name].dropna()
    places = ranks(measured, [*page.study.inputs.instrument.categories])[name]
    signs = page.study.inputs.instrument.signs
    rows = []
    for code in places.dropna().sort_values(kind="stable").index[:MOST_FIRST]:
        category = MEASURES[name].is_category
        rows.append(
            Toggle(
                f"bar-district-{code}",
                str(names[code]),
                thematic.value_words(say, name, values[code]),
                chosen=False,
                act=partial(session.change, selection=("district", code)),
                drawing=symbols.sign(signs[values[code]]) if category else None,
                share=0 if category else values[code] / (values.max() or 1),
            )
        )
    bars.bars(say, "district", say(f"district_measure.{name}"), rows)
    st.html(note(say("districts.how")))


def _add(view: View, code: str) -> None:
    _compare([*view.compared, *([] if code in view.compared else [code])])


def _table(page: Page, view: View, measured: pd.DataFrame) -> None:
    """Every district with every measure, the first by the map's measure on top."""
    say, named = page.say, page.study.inputs.districts["name_id"]
    by_name = measured.loc[named.sort_values().index]
    categories = [*page.study.inputs.instrument.categories]
    places = ranks(by_name, categories)[view.shading.measure]
    order = places.sort_values(kind="stable", na_position="last")
    listed = by_name.loc[order.index]
    studied = session.studied_districts()
    columns: dict[str, Any] = {
        "name": named.loc[listed.index],
        "studied": [
            say("sources.yes" if code in studied else "sources.no") for code in listed.index
        ],
    }
    heads = {"name": say("table.district"), "studied": say("districts.studied")}
    formats: dict[str, Any] = {}
    for name, measure in MEASURES.items():
        heads[name], values = say(f"district_head.{name}"), listed[name]
        if measure.digits is None:
            words = values.astype(object).map(partial(measure_words, say, name))
            values = words.where(values.notna(), say("districts.no_category"))
            nobody = thematic.no_center(say, filtered=view.filters != Filters())
            columns[name] = values.mask(listed["centers"].isna(), nobody)
        else:
            columns[name], formats[name] = values, partial(say.number, digits=measure.digits)
    st.html(heading(say("districts.table"), say("linkage.straight_line_help")))
    cells = pd.DataFrame(columns, index=listed.index).style.format(formats)
    config = {name: st.column_config.Column(label) for name, label in heads.items()}
    selectable(page, view, "district", list(listed.index), cells, config, needed=NEEDED)


def _side_by_side(page: Page, view: View, dossier: Dossier, measured: pd.DataFrame) -> Markup:
    """Measures and facts as rows, districts as columns, each figure with its rank and a bar."""
    say, shown = page.say, page.study.inputs.districts
    facts = shown[["population", "area_km2"]].assign(density=density_per_km2(shown))
    whole = measured.join(facts)
    places = ranks(whole, [*page.study.inputs.instrument.categories])
    codes, known = list(view.compared), whole.notna().sum()

    def cell(name: str, code: str) -> object:
        value = tables.cell(whole, code, name)
        if pd.isna(value):
            return _unknown(say, name, tables.cell(whole, code, "centers"), view)
        place = say.number(tables.cell(places, code, name), 0)
        rank = say("districts.rank", rank=place, of=known[name])
        told = Markup("<b>{}</b> <small>{}</small>").format(_written(say, name, value), rank)
        if name in MEASURES and MEASURES[name].is_category:
            return told
        most = float(whole.loc[codes, name].max()) or 1.0
        return told + Markup('<i style="width: {}%"></i>').format(round(100 * value / most))

    studied = session.studied_districts()
    yes_no = [say("sources.yes" if code in studied else "sources.no") for code in codes]
    seats = [nearest_to_seat(dossier, code) or say("districts.no_value") for code in codes]
    rows = [
        *((_label(say, name), *(cell(name, code) for code in codes)) for name in whole.columns),
        (say("district.nearest"), *seats),
        (say("district.studied"), *yes_no),
    ]
    notes = [say.data(told) if pd.notna(told) else "" for told in shown.loc[codes, "note"]]
    if any(notes):
        rows.append((say("center.note"), *notes))
    heads = [say("districts.what"), *shown.loc[codes, "short_name"]]
    return table(heads, rows, "") + note(say("districts.compare_note"))


def _unknown(say: Messages, name: str, centers: float, view: View) -> str:
    """Why a district has no such value."""
    if name in MEASURES and MEASURES[name].of_centers and not centers > 0:
        return thematic.no_center(say, filtered=view.filters != Filters())
    return thematic.no_value(say, name)


def _label(say: Messages, name: str) -> str:
    """What a row compares, with its unit."""
    if name not in FACTS:
        return say(f"district_head.{name}")
    key, _, unit = FACTS[name]
    return f"{say(key)} ({unit})" if unit else say(key)


def _written(say: Messages, name: str, value: Any) -> str:
    """A fact or measure without its unit."""
    return (
        say.number(value, FACTS[name][1])
        if name in FACTS
        else thematic.value_words(say, name, value)
    )
