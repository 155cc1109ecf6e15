"""The units of the register on the map, their commodities, and the centers found among them."""

import pandas as pd
import streamlit as st
from markupsafe import Markup

from ikmgeo import symbols
from ikmgeo.display import scene
from ikmgeo.display.scene import Crowd, Focus
from ikmgeo.display.thematic import Legend
from ikmgeo.register import tiles
from ikmgeo.register.chosen import Chosen
from ikmgeo.register.store import Version
from ikmgeo.ui.frame import Page, apology
from ikmgeo.ui.parts.explore import classified
from ikmgeo.ui.parts.map_view import draw
from ikmgeo.ui.register.candidates import candidate, candidates, candidates_table
from ikmgeo.ui.register.choosing import controls
from ikmgeo.ui.register.files import fictional, without
from ikmgeo.ui.state import looking, registry, session
from ikmgeo.ui.state.looking import Looked
from ikmgeo.view import BY_NUMBER, View
from ikmgeo.words.markup import note, panel, table
from ikmgeo.words.messages import Messages

AROUND = 0.05
"""Degrees around a candidate that the map shows of it; around the area of its units, half of it."""

MOST_LISTED = 12
"""Commodities that are listed beside the map."""


def units(page: Page) -> None:
    """Filters in the sidebar; map and commodities, then the centers that were found."""
    version = registry.version()
    if not version.units:
        without(page)
        return
    with st.sidebar:
        controls(page, session.view(), version)
    _told(page, version)
    _screen(page, version)


def _told(page: Page, version: Version) -> None:
    """How many units are shown, of how many; that they are made up where they are."""
    say, wanted = page.say, session.view().units
    fictional(say, version)
    shown = sum(looking.by_commodity(version.name, wanted).values())
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="above"):
        told = say("units.count", shown=say.number(shown, 0), units=version.units)
        st.html(Markup('<p role="status" class="ikm-count">{}</p>').format(told), width="content")
        if wanted != Chosen():
            st.button(say("filter.reset"), key="reset-units", on_click=_reset)


def _reset() -> None:
    session.change(units=Chosen())


@session.fragment
def _screen(page: Page, version: Version) -> None:
    """Map, commodities or a candidate, and all candidates; a choice made here reruns only this."""
    say, view = page.say, session.view()
    seen = Looked(version.name, view.units, view.colours != BY_NUMBER, say.language)
    with apology(say):
        listed = candidates(page, view, version)
    left, right = st.columns([1.95, 1], gap="small")
    chosen = listed[listed.index == view.candidate]
    with left, apology(say):
        _map(page, view, seen, chosen)
    with right, apology(say), st.container(border=True, key="panel"):
        if len(chosen):
            candidate(page, view, version, chosen.iloc[0])
        else:
            counted = looking.by_commodity(version.name, view.units)
            st.html(panel(_commodities(say, counted)))
    with apology(say):
        candidates_table(page, view, version, listed)


def _map(page: Page, view: View, seen: Looked, chosen: pd.DataFrame) -> None:
    """The units under the recorded centers; it moves to what filters leave, or to a candidate."""
    say, study = page.say, page.study
    spread = looking.spread(seen)
    source = looking.source(say, registry.version())
    told = say("units.cell"), say("units.sign"), say("units.close"), say("units.no_answer")
    every = looking.extent(seen.version, Chosen())
    crowd = Crowd(looking.key(seen), tiles.CELL, tiles.NEAR, (*told, say.language), every, source)
    near = looking.extent(seen.version, seen.chosen) if seen.chosen != Chosen() else None
    if len(chosen):
        [lat], [lon] = chosen["lat"], chosen["lon"]
        [hull] = chosen["hull"]
        west, south, east, north = (lon, lat, lon, lat) if pd.isna(hull) else hull.bounds
        beyond = AROUND if pd.isna(hull) else max(east - west, north - south) / 2
        near = west - beyond, south - beyond, east + beyond, north + beyond
    legend = _by_product(say, spread) if seen.by_product else _by_number(say)
    centers = classified(study, view)
    drawn = scene.of_units(
        say,
        view,
        study.inputs,
        centers,
        crowd,
        legend,
        by_product=seen.by_product,
        near=near,
        focus=_focus(page, chosen),
        own=session.own(),
    )
    draw(page, view, drawn, centers, study.inputs.zones)


def _focus(page: Page, chosen: pd.DataFrame) -> Focus | None:
    """The candidate that is looked at, the area of its units, its straight lines to the zones."""
    if chosen.empty:
        return None
    one, inputs = chosen.iloc[0], page.study.inputs
    told = {zone_id: page.say.km(one[f"{zone_id}_km"]) for zone_id in inputs.zones.index}
    area = one["hull"] if pd.notna(one["hull"]) else None
    return scene.focus_on(one, area, inputs.zones, inputs.footprints, told)


def _by_number(say: Messages) -> Legend:
    """Units of each class of cells and signs."""
    bounds = [*tiles.FEWEST, None]
    told = []
    for low, over, shade in zip(bounds, bounds[1:], symbols.SHADES, strict=False):
        first = say.number(low, 0)
        words = f"≥ {first}" if over is None else f"{first}–{say.number(over - 1, 0)}"
        told.append((symbols.swatch(shade), say("units.class", units=words)))
    return [*told, (symbols.rough(), say("units.rough_sign"))]


def _by_product(say: Messages, spread: tiles.Spread) -> Legend:
    """Colours of the products that have most units."""
    named = [code for code in spread.codes if code]
    told = [
        (symbols.swatch(colour), looking.commodity_name(say, code))
        for code, colour in zip(named, tiles.NAMED, strict=False)
    ]
    return [
        *told,
        (symbols.swatch(tiles.OTHER), say("units.other_products")),
        (symbols.rough(), say("units.rough_sign")),
    ]


def _commodities(say: Messages, counted: dict[str, int]) -> Markup:
    """The commodities of the units shown, those of most units first."""
    rows = [
        (looking.commodity_name(say, code) or say("units.no_commodity"), say.number(units, 0))
        for code, units in list(counted.items())[:MOST_LISTED]
    ]
    more = len(counted) - len(rows)
    told = Markup("<h2>{}</h2>").format(say("units.commodities"))
    listed = table([say("filter.commodities"), say("units.units")], rows, "")
    return told + listed + (note(say("units.more_commodities", count=more)) if more > 0 else "")
