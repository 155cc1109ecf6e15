"""Map, panel and table as one: choosing in any of them chooses in all three."""

from typing import Any

import pandas as pd
import streamlit as st

from ikmgeo import analysis, filters, tables
from ikmgeo.ui.frame import Page, apology
from ikmgeo.ui.parts import bars, details
from ikmgeo.ui.parts import filters as filter_controls
from ikmgeo.ui.parts.map_view import show_map
from ikmgeo.ui.parts.table import show_table
from ikmgeo.ui.state import composing, session
from ikmgeo.ui.state.session import Study, district_names
from ikmgeo.view import View
from ikmgeo.words.markup import markdown
from ikmgeo.words.messages import Messages
from ikmgeo.words.wording import straight

PICKABLE = 500
"""From this number of centers on, picking by name needs a search first."""

MOST_UNSURE = 8
"""Of the centers that a distance filter keeps only perhaps, those that are named."""


def explore(page: Page) -> None:
    """The map page: map, panel and table, and filters in the sidebar."""
    centers, met = filtered(page)
    filter_controls.above(page.say, page.study, centers, met)
    _told(page, centers, met)
    _screen(page, centers, met)  # first: the browser has most to do for the map
    _sidebar(page, centers)


def filter_here(page: Page) -> tuple[pd.DataFrame, pd.Series]:
    """All centers and which of them pass the filters, whose controls fill the sidebar."""
    centers, met = conditions_here(page)
    return centers, met.all(axis=1)


def conditions_here(page: Page, *, layers: bool = True) -> tuple[pd.DataFrame, pd.DataFrame]:
    """All centers and which filters each of them meets; their controls fill the sidebar.

    ``layers``: the map has places and roads to show or not.
    """
    centers, met = filtered(page)
    _sidebar(page, centers, layers=layers)
    filter_controls.above(page.say, page.study, centers, met)
    _told(page, centers, met)
    return centers, met


def _sidebar(page: Page, centers: pd.DataFrame, *, layers: bool = True) -> None:
    say, study, view = page.say, page.study, session.view()
    with st.sidebar:
        filter_controls.controls(say, study, centers)
        filter_controls.scheme_control(say, study)
        with st.expander(say("filter.more"), key="more-filters"):
            filter_controls.other_controls(say, study, centers)
            if layers:
                _layers(say, study, view)


def _layers(say: Messages, study: Study, view: View) -> None:
    """What the map shows besides."""
    st.checkbox(
        say("map.places"),
        **session.bound("w-places", view.places, lambda v: session.change(places=v)),
    )
    guide = study.inputs.orientation
    if guide.lines or len(guide.towns):
        st.checkbox(
            say("map.orientation" if guide.lines else "map.towns"),
            **session.bound(
                "w-orientation", view.orientation, lambda v: session.change(orientation=v)
            ),
        )


def _told(page: Page, centers: pd.DataFrame, met: pd.DataFrame) -> None:
    keep = met.all(axis=1)
    with st.container():  # always there: what stands above the map must not remount it
        _unsure(page, centers, keep)
        if len(centers) and not keep.any():
            filter_controls.nothing_left(page.say, page.study, filters.kept_without(met))


def filtered(page: Page) -> tuple[pd.DataFrame, pd.DataFrame]:
    """All centers under the chosen scheme, and which filters each of them meets."""
    say, study, view = page.say, page.study, session.view()
    centers = classified(study, view)
    words = search_words(say, study, centers) if view.filters.text else pd.Series(dtype=object)
    return centers, filters.conditions(centers, study.measured.distances, words, view.filters)


def classified(study: Study, view: View) -> pd.DataFrame:
    """Centers under the chosen scheme, with their row number ``at``; kept until either changes."""

    def classify() -> pd.DataFrame:
        measured = composing.scored(study, view)
        centers = analysis.classify(measured, study.inputs.instrument, view.scheme)
        return centers.assign(at=range(len(centers)))

    key = (study.stamp, view.scheme, composing.stamp(view))
    # Two: next steps tell of the printed and of the assessed scores in one answer.
    return session.kept("classified", key, classify, most=2)


def search_words(say: Messages, study: Study, centers: pd.DataFrame) -> pd.Series:
    """Lower-case text that the search looks through: names, commodity, place, district."""
    commodities = study.inputs.commodities
    commodity = centers["commodity"].map(commodities["name_id"] + " " + commodities["name_en"])
    others: list[Any] = [
        centers["name_en"],
        commodity,
        centers["locality"],
        district_names(study, centers),
    ]
    return centers["name_id"].astype(object).str.cat(others, sep=" ", na_rep="").str.lower()


def _unsure(page: Page, centers: pd.DataFrame, keep: pd.Series) -> None:
    """Name the kept centers whose place may lie beyond the chosen distance."""
    say, chosen = page.say, session.view().filters
    if chosen.within_km is None:
        return
    measured = page.study.measured
    nearest, farthest = (filters.distance_to(d, chosen.zone) for d in (measured.low, measured.high))
    some = centers[keep & (farthest > chosen.within_km)]
    if some.empty:
        return
    names = [
        say(
            "filter.unsure_one",
            name=center[f"name_{say.language}"],
            low=say.number(low, 1),
            high=say.number(high, 1),
            precision=say.code("precision", center["position_precision"]),
        )
        for (_, center), low, high in zip(
            some.iloc[:MOST_UNSURE].iterrows(),
            nearest[some.index],
            farthest[some.index],
            strict=False,
        )
    ]
    if len(some) > MOST_UNSURE:
        names.append(say("filter.and_more", count=say.number(len(some) - MOST_UNSURE, 0)))
    count, km = say.number(len(some), 0), straight(say, chosen.within_km)
    told = say("filter.unsure", count=count, names="; ".join(names), km=km)
    st.caption(markdown(told, longest=2_000))


@session.fragment
def _screen(page: Page, centers: pd.DataFrame, met: pd.DataFrame) -> None:
    """Map, panel, bars and table; a choice made here reruns only this part."""
    view = session.view()
    shown = centers[met.all(axis=1)]
    left, right = st.columns([1.95, 1], gap="small")
    with left, apology(page.say):
        show_map(page, view, centers, shown)
    with right, apology(page.say):
        pick(page, view, centers, shown)
        if_hidden(page, view, centers, shown)
        details.panel(page, view, centers)
    with apology(page.say):
        bars.counts(page.say, page.study, centers, met)
    with apology(page.say):
        show_table(page, view, shown)


def pick(page: Page, view: View, centers: pd.DataFrame, shown: pd.DataFrame) -> None:
    """Choose by name; the chosen center stays on offer when a filter hides it."""
    say = page.say
    if len(shown) > PICKABLE:
        st.caption(say("map.pick_search", most=say.number(PICKABLE, 0)))
        return
    chosen = view.chosen("center")
    names = distinct(centers[f"name_{say.language}"])
    options = sorted(
        {*shown.index, *([chosen] if chosen in centers.index else [])}, key=lambda i: str(names[i])
    )

    def save(center: str | None) -> None:
        session.change(selection=("center", center) if center else None)

    st.selectbox(
        say("map.pick"),
        options,
        index=None,
        format_func=lambda i: str(names[i]),
        placeholder=say("map.pick_hint"),
        **session.bound("w-pick", chosen, save),
    )


def if_hidden(page: Page, view: View, centers: pd.DataFrame, shown: pd.DataFrame) -> None:
    """Say that a filter hides the chosen center, and offer to drop what hides it."""
    center = view.chosen("center")
    if center in shown.index or center not in centers.index:
        return
    st.info(page.say("center.filtered_out"))
    st.button(page.say("center.show"), on_click=_reveal, args=(page, center))


def _reveal(page: Page, name: str) -> None:
    _, met = filtered(page)
    session.change(filters=filters.showing(session.view().filters, tables.row(met, name)))


def distinct(names: pd.Series) -> pd.Series:
    """Names of centers, with the id where two centers share one: a list must tell them apart."""
    shared = names.duplicated(keep=False)
    return names.where(~shared, names + " · " + names.index.astype(str))
