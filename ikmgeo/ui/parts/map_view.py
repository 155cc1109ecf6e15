"""A scene on screen: the map, and what a click on it chooses."""

from collections import deque
from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st
from streamlit_folium import st_folium

from ikmgeo import filters
from ikmgeo.display import assets, maps, scene
from ikmgeo.display.scene import MapScene
from ikmgeo.ui.frame import Page
from ikmgeo.ui.state import keys, session
from ikmgeo.ui.state.session import Study
from ikmgeo.view import View

HEIGHT, LARGE_HEIGHT = 520, 600

GROUNDS = 4
"""Grounds that are kept: that in use, and some that pages opened earlier still show."""


def ground_of(study: Study) -> maps.Ground:
    """What lies under the centers; made once for all readers."""
    return _ground(session.ground_stamp(study), study)


def files(study: Study) -> dict[str, assets.File]:
    """Files of the maps by their names; of former base maps too, which open pages still show."""
    grounds = [*_made(), ground_of(study)]
    return {file.name: file for ground in grounds for file in (ground.file, *ground.lines)}


@st.cache_resource(show_spinner=False)
def _made() -> deque[maps.Ground]:
    return deque(maxlen=GROUNDS)


@st.cache_resource(max_entries=GROUNDS, show_spinner=False)
def _ground(stamp: str, _study: Study) -> maps.Ground:
    inputs = _study.inputs
    made = maps.ground(
        inputs.districts,
        inputs.lakes,
        inputs.surroundings,
        inputs.instrument.signs,
        inputs.bounds,
        inputs.orientation,
    )
    _made().append(made)
    return made


def show_map(page: Page, view: View, centers: pd.DataFrame, shown: pd.DataFrame) -> None:
    """Draw the centers that are shown, with zones, legend and what is selected."""
    study = page.study
    drawn = scene.of_map(
        page.say, view, study.inputs, study.measured, centers, shown, own=session.own()
    )
    draw(page, view, drawn, centers, study.inputs.zones)


def draw(
    page: Page,
    view: View,
    drawn: MapScene,
    centers: pd.DataFrame,
    zones: pd.DataFrame,
    *,
    place: Callable[[float, float], None] | None = None,
) -> None:
    """Lay a scene over the ground; a click on a center, zone or district selects it.

    ``place`` takes latitude and longitude of a click anywhere, for pages that put things down. A
    click on units is answered by the map itself.
    """
    study = page.study
    ground = ground_of(study)
    kind = "districts-" if drawn.shaded else "units-" if drawn.units else ""
    chart = maps.base_map(
        ground,
        fit=maps.corners_of(drawn.extent) or ground.province,
        key=None if page.large else f"ikmgeo-{kind}{study.stamp}{view.position or ''}",
        position=view.position,
        large=page.large,
        placing=place is not None,
        shaded=drawn.shaded,
    )

    told = [] if drawn.units else ["last_clicked"] if place else ["last_active_drawing"]
    # A map keeps the answers it was made to give.
    key = "map-units" if drawn.units else "map-placing" if place else "map"

    def clicked() -> None:
        answer = keys.sent(key) or {}
        drawing = answer.get("last_active_drawing") or {}
        told = drawing.get("properties") or {}
        found = _clicked(told, centers, zones, study)
        if place and (at := answer.get("last_clicked")):
            place(float(at["lat"]), float(at["lng"]))
        elif found:
            session.change(selection=found)
        elif told.get("kind") == "filter" and told.get("id") in _filtering(study):
            session.refilter(filters.turned(session.view().filters, told["id"]))

    with st.container(key="map-place"):  # keeps room for the map until it is there
        st_folium(
            chart,
            key=key,
            height=LARGE_HEIGHT if page.large else HEIGHT,
            use_container_width=True,
            returned_objects=told,
            feature_group_to_add=maps.layers(
                scene.with_headline(drawn, page.headline), page.say, filtering=not page.large
            ),
            layer_control=maps.tile_control(),
            on_change=clicked,
            render=False,  # it renders each part itself; this would do the whole once more
        )


def _filtering(study: Study) -> tuple[str, ...]:
    """What a press on the legend can filter by."""
    return (*study.inputs.instrument.signs, filters.CONFLICTING)


def _clicked(
    answer: dict[str, Any], centers: pd.DataFrame, zones: pd.DataFrame, study: Study
) -> tuple[str, str] | None:
    """Kind and id of what was clicked; looked up by number or code, never by a text."""
    kind, name = answer.get("kind"), answer.get("id")
    tables = {"center": centers, "zone": zones}
    if kind in tables and isinstance(name, int) and 0 <= name < len(tables[kind]):
        return kind, str(tables[kind].index[name])
    if kind == "district" and isinstance(name, str) and name in study.inputs.districts.index:
        return kind, name
    return None
