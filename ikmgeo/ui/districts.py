"""Districts page: one measure on the map, a district's profile, all in a table, some compared."""

from dataclasses import replace
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st
from markupsafe import Markup

from ikmgeo import tables
from ikmgeo.display import charts, scene, thematic
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
from ikmgeo.ui.parts import details
from ikmgeo.ui.parts import filters as filter_controls
from ikmgeo.ui.parts.explore import classified
from ikmgeo.ui.parts.map_view import draw
from ikmgeo.ui.parts.table import selectable
from ikmgeo.ui.state import keys, session
from ikmgeo.view import View
from ikmgeo.words.markup import heading, markdown, scrolling, table
from ikmgeo.words.messages import Messages
from ikmgeo.words.wording import derivation, measure_words

FACTS = {
    "population": ("district.population", 0, ""),
    "area_km2": ("district.area", 1, " km²"),
    "density": ("district.density", 0, " / km²"),
}
"""What is compared besides the measures: label, decimals and unit."""


def districts(page: Page) -> None:
    """Controls in the sidebar; map, profile, table and comparison."""
    view = session.view()
    centers = classified(page.study, view)
    with st.sidebar:
        _controls(page, view, len(centers))
    _screen(page, details.dossier(page, centers))


def _controls(page: Page, view: View, count: int) -> None:
    """What the map shows, how it is cut into classes, and what decides a center's category."""
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
    filter_controls.scheme_control(say, page.study)
    if view.filters != Filters():
        st.caption(say("districts.no_filters", count=count))


@session.fragment
def _screen(page: Page, dossier: Dossier) -> None:
    """Map, profile, table and comparison; a choice made here reruns only this part."""
    centers, measured = dossier.centers, dossier.districts
    view = at_district(session.view(), centers, measured.index)
    left, right = st.columns([1.95, 1], gap="small")
    with left, apology(page.say):
        district_map(page, view, centers, measured)
    with right, apology(page.say):
        _pick(page, view)
        _profile(page, view, dossier)
    with apology(page.say):
        _table(page, view, measured)
    with apology(page.say):
        _comparison(page, view, dossier)


def district_map(page: Page, view: View, centers: pd.DataFrame, measured: pd.DataFrame) -> None:
    """The province in the colours of a measure, with zones and what the source studied."""
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


def _profile(page: Page, view: View, dossier: Dossier) -> None:
    """Panel of the chosen district or zone, or how to choose."""
    code = view.chosen("district")
    with st.container(border=True, key="panel"):
        if code:
            details.district_profile(page, code, dossier)
        elif zone := view.chosen("zone"):
            details.zone_profile(page, zone, dossier)
            details.close_button(page)
        else:
            st.html(
                Markup('<div class="ikm-panel"><h2>{}</h2><p>{}</p></div>').format(
                    page.say("districts.nothing"), page.say("districts.how")
                )
            )


def _table(page: Page, view: View, measured: pd.DataFrame) -> None:
    """Every district with every measure, the first by the map's measure on top."""
    say, named = page.say, page.study.inputs.districts["name_id"]
    by_name = measured.loc[named.sort_values().index]
    categories = [*page.study.inputs.instrument.categories]
    places = ranks(by_name, categories)[view.shading.measure]
    order = places.sort_values(kind="stable", na_position="last")
    listed = by_name.loc[order.index]
    studied = session.studied_districts()
    columns = {
        say("table.district"): named.loc[listed.index],
        say("districts.studied"): pd.Series(
            [say("sources.yes" if code in studied else "sources.no") for code in listed.index],
            index=listed.index,
        ),
    }
    formats: dict[str, Any] = {}
    for name, measure in MEASURES.items():
        title, values = say(f"district_measure.{name}"), listed[name]
        if measure.digits is None:
            words = values.astype(object).map(partial(measure_words, say, name))
            values = words.where(values.notna(), say("districts.no_category"))
            columns[title] = values.mask(listed["centers"].isna(), say("districts.no_center"))
        else:
            columns[title], formats[title] = values, partial(say.number, digits=measure.digits)
    st.html(heading(say("districts.table"), say("linkage.straight_line_help")))
    cells = pd.DataFrame(columns).style.format(formats)
    selectable(page, view, "district", list(listed.index), cells)


def _comparison(page: Page, view: View, dossier: Dossier) -> None:
    """Two to four districts side by side, in a table and as bars."""
    say, inputs = page.say, page.study.inputs
    names = inputs.districts["name_id"]
    fewest, most = FEWEST_COMPARED, MOST_COMPARED

    def save(codes: list[str]) -> None:
        keys.COMPARE_REFUSED.set(len(codes) > most)
        session.change(compared=tuple(codes[:most]))

    st.html(heading(say("districts.compare"), say("districts.compare_note")))
    st.multiselect(
        say("districts.compared"),
        sorted(names.index, key=lambda code: str(names[code])),
        format_func=lambda code: str(names[code]),
        placeholder=say("districts.compare_hint"),
        **session.bound("w-compare", list(view.compared), save),
    )
    if keys.COMPARE_REFUSED.pop():
        st.warning(say("districts.compare_refused", most=most))
    if len(view.compared) < fewest:
        st.info(say("districts.compare_how", fewest=fewest, most=most))
        return
    st.html(scrolling(_side_by_side(page, view, dossier), say("districts.compare")))
    _bars(page, dossier.districts.loc[list(view.compared)])


def _side_by_side(page: Page, view: View, dossier: Dossier) -> Markup:
    """Facts and measures as rows, districts as columns, each figure with its rank."""
    say, shown = page.say, page.study.inputs.districts
    facts = shown[["population", "area_km2"]].assign(density=density_per_km2(shown))
    whole = facts.join(dossier.districts)
    categories = [*page.study.inputs.instrument.categories]
    places, known = ranks(whole, categories), whole.notna().sum()
    studied = session.studied_districts()

    def cell(name: str, code: str) -> object:
        value = tables.cell(whole, code, name)
        if pd.isna(value):
            if (
                name in MEASURES
                and MEASURES[name].of_centers
                and not tables.cell(whole, code, "centers") > 0
            ):
                return say("districts.no_center")
            return thematic.no_value(say, name)
        place = say.number(tables.cell(places, code, name), 0)
        rank = say("districts.rank", rank=place, of=known[name])
        return Markup("{} <small>· {}</small>").format(_written(say, name, value), rank)

    codes = list(view.compared)
    yes_no = [say("sources.yes" if code in studied else "sources.no") for code in codes]
    seats = [nearest_to_seat(dossier, code) or say("districts.no_value") for code in codes]
    rows = [
        (say("district.studied"), *yes_no),
        *((_label(say, name), *(cell(name, code) for code in codes)) for name in whole.columns),
        (say("district.nearest"), *seats),
    ]
    notes = [say.data(note) if pd.notna(note) else "" for note in shown.loc[codes, "note"]]
    if any(notes):
        rows.append((say("center.note"), *notes))
    return table([say("districts.what"), *shown.loc[codes, "name_id"]], rows, "")


def _label(say: Messages, name: str) -> str:
    return say(FACTS[name][0] if name in FACTS else f"district_measure.{name}")


def _written(say: Messages, name: str, value: Any) -> str:
    """A fact or measure; with its unit where its label does not tell it."""
    if name not in FACTS:
        return thematic.value_words(say, name, value)
    _, digits, unit = FACTS[name]
    return f"{say.number(value, digits)}{unit}"


def _bars(page: Page, compared: pd.DataFrame) -> None:
    """One panel of bars per measure, and in a sentence which district leads in each."""
    say = page.say
    names = page.study.inputs.districts["short_name"]
    rows, leads = [], []
    for name in (m.code for m in MEASURES.values() if not m.is_category):
        label, values = say(f"district_measure.{name}"), compared[name]
        for code, value in values.items():
            told = _written(say, name, value)
            if pd.isna(value):
                surveyed = not MEASURES[name].of_centers
                told = say("districts.no_value" if surveyed else "districts.no_center")
            rows.append((label, str(names[str(code)]), value, told))
        first = ranks(values.to_frame(), ())[name].eq(1)
        if first.any():
            who = say.listed([str(names[code]) for code in values.index[first]])
            best = _written(say, name, values[first].iloc[0])
            leads.append(say("districts.lead", measure=label, names=who, value=best))
    told = say("districts.chart", leads="; ".join(leads))
    chart = charts.side_by_side(
        pd.DataFrame(rows, columns=["measure", "name", "value", "told"]),
        language=say.language,
        description=told,
    )
    st.altair_chart(chart, width="stretch", theme=None)
    st.html(Markup('<p class="ikm-note">{}</p>').format(told))
