"""The map with its layers: what is drawn, what the legend says, what a click chooses."""

from collections.abc import Callable, Sequence
from typing import Any

import geopandas as gpd
import pandas as pd
import streamlit as st
from streamlit_folium import st_folium

from ikmgeo import captions, filters, handout, maps
from ikmgeo.messages import Messages
from ikmgeo.ui import assets, session
from ikmgeo.ui.frame import Page
from ikmgeo.ui.session import Study
from ikmgeo.view import View

HEIGHT, LARGE_HEIGHT = 520, 600


@st.cache_resource(max_entries=4, show_spinner=False)
def _ground(stamp: str, _study: Study) -> maps.Ground:
    inputs = _study.inputs
    return maps.ground(inputs.districts, inputs.lakes, inputs.surroundings, inputs.bounds)


def show_map(page: Page, view: View, centers: pd.DataFrame, shown: pd.DataFrame) -> None:
    """Draw the centers that are shown, with zones, legend and what is selected."""
    zones, footprints = page.study.inputs.zones, page.study.inputs.footprints
    legend = [
        *captions.legend(page.say, centers, places=view.places),
        *captions.reach_legend(page.say, view.filters, zones),
        *captions.place_legend(page.say, handout.chosen_center(view, shown)),
    ]
    below: list[Any] = []
    if view.filters.within_km is not None:
        chosen = zones if view.filters.zone == filters.ANY_ZONE else zones.loc[[view.filters.zone]]
        below.append(maps.ring_layer(chosen, footprints, view.filters.within_km))
    below.append(zone_layer(zones, footprints))
    below += _focus(page.say, page.study, view, shown)
    layers = [*below, *sign_layers(page, view, shown, zones, footprints)]
    draw(page, view, [words(page, view, legend), *layers], centers, zones)


def draw(
    page: Page,
    view: View,
    layers: Sequence[Any],
    centers: pd.DataFrame,
    zones: pd.DataFrame,
    *,
    place: Callable[[float, float], None] | None = None,
    whole: bool = False,
) -> None:
    """Lay layers over the ground; a click on a center, zone or district selects it.

    ``place`` takes latitude and longitude of a click anywhere, for pages that put things down.
    ``whole`` opens on the province instead of the centers.
    """
    study = page.study
    ground = _ground(session.ground_stamp(study), study)
    chart = maps.base_map(
        ground,
        assets.ground_url(ground),
        fit=None if whole else _around(centers, study.inputs.zones) or ground.province,
        key=None
        if page.large
        else f"ikmgeo-{'province-' if whole else ''}{study.stamp}{view.position or ''}",
        position=view.position,
        large=page.large,
        placing=place is not None,
    )

    key = "map-placing" if place else "map"  # a map keeps the answers it was made to give

    def clicked() -> None:
        answer = st.session_state.get(key) or {}
        drawing = answer.get("last_active_drawing") or {}
        found = _clicked(drawing.get("properties") or {}, centers, zones, study)
        if place and (at := answer.get("last_clicked")):
            place(float(at["lat"]), float(at["lng"]))
        elif found:
            session.change(selection=found)

    st_folium(
        chart,
        key=key,
        height=LARGE_HEIGHT if page.large else HEIGHT,
        use_container_width=True,
        returned_objects=["last_clicked"] if place else ["last_active_drawing"],
        feature_group_to_add=list(layers),
        layer_control=maps.tile_control(),
        on_change=clicked,
        render=False,  # it renders each part itself; this would do the whole once more
    )


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


def _around(centers: pd.DataFrame, zones: pd.DataFrame) -> list[list[float]] | None:
    """Corners of the smallest box around all centers and zones; None without any."""
    lat = pd.concat([centers["lat"], zones["lat"]])
    lon = pd.concat([centers["lon"], zones["lon"]])
    if lat.empty:
        return None
    return [[float(lat.min()), float(lon.min())], [float(lat.max()), float(lon.max())]]


def sign_layers(
    page: Page,
    view: View,
    shown: pd.DataFrame,
    zones: pd.DataFrame,
    footprints: gpd.GeoDataFrame,
    lines: pd.Series | None = None,
) -> list[Any]:
    """Signs of centers, zones and, where the reader wants them, places.

    ``lines`` stand below the names of the centers in place of category and score.
    """
    say = page.say
    places = _place_rows(say, page.study) if view.places else []
    return [
        maps.centers_layer(
            shown,
            shown[f"name_{say.language}"],
            captions.center_lines(say, shown) if lines is None else lines,
            say("map.choose"),
            say("map.choose_more"),
        ),
        maps.markers_layer([*_zone_rows(say, zones, footprints), *places]),
    ]


def zone_layer(zones: pd.DataFrame, footprints: gpd.GeoDataFrame) -> Any:
    """Footprints of zones where they are known, else circles."""
    return maps.zone_shapes(zones, footprints)


def zone_signs(say: Messages, zones: pd.DataFrame, footprints: gpd.GeoDataFrame) -> Any:
    """Signs of zones alone."""
    return maps.markers_layer(_zone_rows(say, zones, footprints))


def words(
    page: Page,
    view: View,
    legend: Sequence[tuple[str, str]],
    *,
    topic: str = "",
    whole: bool = False,
) -> Any:
    """Legend of (drawing, words) lines, titles of buttons, attribution, in the language.

    ``topic`` stands above the lines; ``whole`` as for ``draw``.
    """
    items = "".join(f"<li>{svg}<span>{maps.text(told)}</span></li>" for svg, told in legend)
    head = f"<summary>{maps.text(page.say('map.legend'))}</summary>"
    head += f"<p>{maps.text(topic)}</p>" if topic else ""
    inputs, own = page.study.inputs, session.own()
    attribution = " · ".join(handout.attribution(page.say, inputs, own=own, places=view.places))
    return maps.words_layer(f"{head}<ul>{items}</ul>", _titles(page.say, whole), attribution)


def _focus(say: Messages, study: Study, view: View, shown: pd.DataFrame) -> list[Any]:
    """What marks the selection; nothing around a center that a filter hides."""
    kind, name = view.selection or (None, None)
    inputs = study.inputs
    if kind == "district":
        return [maps.district_focus(inputs.districts.geometry.loc[name])]
    center = handout.chosen_center(view, shown)
    if center is None:
        return []
    words = {zone: say.km(km) for zone, km in study.measured.distances.loc[name].items()}
    area = study.measured.areas.outline(center)
    return [maps.center_focus(center, area, inputs.zones, inputs.footprints, words)]


def _zone_rows(say: Messages, zones: pd.DataFrame, footprints: gpd.GeoDataFrame) -> list[list[Any]]:
    rows = []
    for at, (zone_id, zone) in enumerate(zones.iterrows()):
        line = captions.zone_line(say, zone, outlined=zone_id in footprints.index)
        icon = maps.icon_svg(zone["class"], size=26) + f"<b>{maps.text(zone['short_name'])}</b>"
        rows.append(["zone", at, zone["lat"], zone["lon"], icon, say.name(zone), line])
    return rows


def _place_rows(say: Messages, study: Study) -> list[list[Any]]:
    rows = []
    for at, (_, place) in enumerate(study.inputs.places.iterrows()):
        line = captions.place_line(say, place)
        icon = maps.icon_svg(place["kind"], hollow=not place["verified"], size=18)
        rows.append(["place", at, place["lat"], place["lon"], icon, place["name_id"], line])
    return rows


def _titles(say: Messages, whole: bool) -> list[str]:
    titles = ("zoom_in", "zoom_out", *(() if whole else ("fit",)), "province", "title")
    return [say(f"map.{title}") for title in titles]
