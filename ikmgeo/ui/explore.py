"""Map, panel and table as one: choosing in any of them chooses in all three."""

from typing import Any

import pandas as pd
import streamlit as st
from streamlit_folium import st_folium

from ikmgeo import analysis, filters, maps
from ikmgeo.ui import details, session
from ikmgeo.ui import filters as filter_controls
from ikmgeo.ui.frame import Page
from ikmgeo.ui.markup import heading
from ikmgeo.ui.messages import Messages
from ikmgeo.ui.session import Study
from ikmgeo.view import View
from ikmgeo.vocabulary import CATEGORIES

PICKABLE = 500
"""From this number of centers on, picking by name needs a search first."""
LOCALISED_ROWS = 1_000
"""Up to this number of rows, the table's numbers are written as the language does."""
HEIGHT = 520


def explore(page: Page) -> None:
    """The map page: filters in the sidebar, then map, panel and table."""
    say, study, view = page.say, page.study, session.view()
    centers = classified(study, view)
    words = search_words(say, study, centers) if view.filters.text else pd.Series(dtype=object)
    met = filters.conditions(centers, study.measured.distances, words, view.filters)
    keep = met.all(axis=1)
    with st.sidebar:
        filter_controls.count(say, int(keep.sum()), len(centers), _unsure(study, view, keep))
        filter_controls.scheme_control(say)
        filter_controls.controls(say, study, centers)
        st.checkbox(
            say("map.places"),
            **session.bound("w-places", view.places, lambda v: session.change(places=v)),
        )
    if len(centers) and not keep.any():
        filter_controls.nothing_left(say, filters.kept_without(met))
    _screen(page, centers, keep)


def classified(study: Study, view: View) -> pd.DataFrame:
    """Centers under the chosen scheme, with their row number ``at``."""
    centers = analysis.classify(study.measured, study.inputs.claims, view.scheme)
    return centers.assign(at=range(len(centers)))


def search_words(say: Messages, study: Study, centers: pd.DataFrame) -> pd.Series:
    """Lower-case text that the search looks through: names, commodity, place, district."""
    commodities = study.inputs.commodities
    commodity = centers["commodity"].map(commodities["name_id"] + " " + commodities["name_en"])
    others = [centers["name_en"], commodity, centers["locality"], district_names(study, centers)]
    return centers["name_id"].astype(object).str.cat(others, sep=" ", na_rep="").str.lower()


def district_names(study: Study, centers: pd.DataFrame) -> pd.Series:
    """Official name of each center's district."""
    return centers["district"].map(study.inputs.districts["name_id"])


def _unsure(study: Study, view: View, keep: pd.Series) -> int:
    """Kept centers whose positional radius reaches beyond the chosen distance."""
    limit = view.filters.within_km
    if limit is None:
        return 0
    return int((filters.distance_to(study.measured.high, view.filters.zone)[keep] > limit).sum())


@st.fragment
def _screen(page: Page, centers: pd.DataFrame, keep: pd.Series) -> None:
    """Map, panel and table; a choice made here reruns only this part."""
    view = session.view()
    shown = centers[keep]
    left, right = st.columns([1.95, 1], gap="small")
    with left:
        _map(page, view, centers, shown)
    with right:
        _pick(page, view, centers, shown)
        details.panel(page, view, centers, shown)
    _table(page, view, shown)
    session.write_url()


def _choose(kind: str, name: str) -> None:
    session.change(selection=(kind, name))


def _pick(page: Page, view: View, centers: pd.DataFrame, shown: pd.DataFrame) -> None:
    """Choose by name; the chosen center stays on offer when a filter hides it."""
    say = page.say
    if len(shown) > PICKABLE:
        st.caption(say("map.pick_search", most=say.number(PICKABLE, 0)))
        return
    chosen = view.selection[1] if view.selection and view.selection[0] == "center" else None
    names = _distinct(centers[f"name_{say.language}"])
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


def _distinct(names: pd.Series) -> pd.Series:
    """Names of centers, with the id where two centers share one: a list must tell them apart."""
    shared = names.duplicated(keep=False)
    return names.where(~shared, names + " · " + names.index.astype(str))


@st.cache_resource(max_entries=4, show_spinner=False)
def _ground(stamp: str, _study: Study) -> maps.Ground:
    inputs = _study.inputs
    return maps.ground(inputs.districts, inputs.lakes, inputs.surroundings)


def _map(page: Page, view: View, centers: pd.DataFrame, shown: pd.DataFrame) -> None:
    say, study = page.say, page.study
    ground = _ground(session.ground_stamp(study), study)
    chart = maps.base_map(
        ground, fit=_first_view(study, centers), key=f"ikmgeo-{study.stamp[-40:]}"
    )

    def clicked() -> None:
        drawing = (st.session_state.get("map") or {}).get("last_active_drawing") or {}
        found = _clicked(drawing.get("properties") or {}, centers, study)
        if found:
            _choose(*found)

    st_folium(
        chart,
        key="map",
        height=HEIGHT,
        use_container_width=True,
        returned_objects=["last_active_drawing"],
        feature_group_to_add=_layers(say, study, view, centers, shown),
        layer_control=maps.tile_control(),
        on_change=clicked,
    )


def _clicked(answer: dict[str, Any], centers: pd.DataFrame, study: Study) -> tuple[str, str] | None:
    """Kind and id of what was clicked; looked up by number or code, never by a text."""
    kind, name = answer.get("kind"), answer.get("id")
    if kind == "center" and isinstance(name, int) and 0 <= name < len(centers):
        return "center", str(centers.index[name])
    if kind == "district" and name in study.inputs.districts.index:
        return "district", str(name)
    if kind == "zone" and name in study.inputs.zones.index:
        return "zone", str(name)
    return None


def _first_view(study: Study, centers: pd.DataFrame) -> list[list[float]]:
    """Corners of the smallest box around all centers and zones."""
    lat = pd.concat([centers["lat"], study.inputs.zones["lat"]])
    lon = pd.concat([centers["lon"], study.inputs.zones["lon"]])
    if not len(lat):
        west, south, east, north = study.inputs.districts.total_bounds
        return [[south, west], [north, east]]
    return [[float(lat.min()), float(lon.min())], [float(lat.max()), float(lon.max())]]


def _layers(
    say: Messages, study: Study, view: View, centers: pd.DataFrame, shown: pd.DataFrame
) -> list[Any]:
    inputs = study.inputs
    sources = [say("map.attribution"), *([say("map.attribution_places")] if view.places else [])]
    legend = _legend(say, centers, view)
    layers = [maps.words_layer(legend, _titles(say), " · ".join(sources))]
    if view.filters.within_km is not None:
        chosen = (
            inputs.zones
            if view.filters.zone == filters.ANY_ZONE
            else inputs.zones.loc[[view.filters.zone]]
        )
        layers.append(maps.ring_layer(chosen, inputs.footprints, view.filters.within_km))
    layers.append(maps.zone_shapes(inputs.zones, inputs.footprints))
    layers += _focus(say, study, view, centers)
    below = shown["category"].map({c: say(f"category.{c}") for c in (*CATEGORIES, *session.WORDS)})
    scores = (" · " + say.scores(shown["score"])).where(shown["score"].notna(), "")
    layers.append(
        maps.centers_layer(
            shown,
            shown[f"name_{say.language}"],
            below + scores,
            say("map.choose"),
            say("map.choose_more"),
        )
    )
    layers.append(
        maps.markers_layer(
            [*_zone_rows(say, study), *(_place_rows(say, study) if view.places else [])]
        )
    )
    return layers


def _focus(say: Messages, study: Study, view: View, centers: pd.DataFrame) -> list[Any]:
    kind, name = view.selection or (None, None)
    if kind == "district":
        return [maps.district_focus(study.inputs.districts.geometry.loc[name])]
    if kind == "center" and name in centers.index:
        words = {zone: say.km(km) for zone, km in study.measured.distances.loc[name].items()}
        return [maps.center_focus(centers.loc[name], study.inputs.zones, words)]
    return []


def _zone_rows(say: Messages, study: Study) -> list[list[Any]]:
    rows = []
    for zone_id, zone in study.inputs.zones.iterrows():
        known = "zone.polygon" if zone_id in study.inputs.footprints.index else "zone.schematic"
        line = f"{say('zone_class.' + zone['class'])} · {say(known)}"
        icon = maps.icon_svg(zone["class"], size=26) + f"<b>{maps.text(zone['short_name'])}</b>"
        rows.append(["zone", zone_id, zone["lat"], zone["lon"], icon, say.name(zone), line])
    return rows


def _place_rows(say: Messages, study: Study) -> list[list[Any]]:
    rows = []
    for place_id, place in study.inputs.places.iterrows():
        verified = bool(place["verified"])
        line = " · ".join(
            [say(f"place.{place['kind']}"), say(f"precision.{place['position_precision']}")]
            + ([] if verified else [say("place.unverified")])
        )
        icon = maps.icon_svg(place["kind"], hollow=not verified, size=18)
        rows.append(["place", place_id, place["lat"], place["lon"], icon, place["name_id"], line])
    return rows


def _legend(say: Messages, centers: pd.DataFrame, view: View) -> str:
    present = set(centers["category"])
    signs = [*CATEGORIES, *(word for word in session.WORDS if word in present)]
    lines = [(maps.sign_svg(code), say(f"category.{code}")) for code in signs]
    if centers["conflicting"].any():
        lines.append((maps.conflict_svg(), say("map.conflicting")))
    lines += [(maps.icon_svg(code), say(f"zone_class.{code}")) for code in ("sez", "ie")]
    if view.places:
        lines += [
            (maps.icon_svg(code), say(f"place.{code}")) for code in ("port", "airport", "toll_gate")
        ]
        lines.append((maps.icon_svg("toll_gate", hollow=True), say("place.unverified")))
    items = "".join(f"<li>{svg}<span>{maps.text(words)}</span></li>" for svg, words in lines)
    return f"<summary>{maps.text(say('map.legend'))}</summary><ul>{items}</ul>"


def _titles(say: Messages) -> list[str]:
    return [say(f"map.{title}") for title in ("zoom_in", "zoom_out", "fit", "province", "title")]


def _table(page: Page, view: View, shown: pd.DataFrame) -> None:
    """The table under the map: best score first, sortable, one row selectable."""
    say = page.say
    ordered = shown.sort_values("score", ascending=False, kind="stable", na_position="last")
    ids = list(ordered.index)
    chosen = view.selection[1] if view.selection and view.selection[0] == "center" else None
    rows = [ids.index(chosen)] if chosen in ids else []
    key = f"table-{hash((tuple(ids), page.study.stamp))}"

    def picked() -> None:
        selected = st.session_state[key]["selection"]["rows"]
        session.change(selection=("center", ids[selected[0]]) if selected else None)

    st.html(heading(say("table.heading")))
    st.session_state[key] = {"selection": {"rows": rows, "columns": [], "cells": []}}
    st.dataframe(
        _table_cells(page, ordered),
        key=key,
        hide_index=True,
        selection_mode="single-row",
        on_select=picked,
        height=min(38 + 35 * max(len(ordered), 1), 500),
        column_config={
            name: st.column_config.NumberColumn(format="localized")
            for name in (say("table.score"), say("table.nearest_km"))
        }
        if len(ordered) > LOCALISED_ROWS
        else None,
    )


def _table_cells(page: Page, centers: pd.DataFrame) -> Any:
    say, study = page.say, page.study
    table = pd.DataFrame(
        {
            say("table.rank"): centers["rank"].astype("Int64"),
            say("table.name"): centers[f"name_{say.language}"],
            say("table.category"): centers["category"].map(lambda c: say(f"category.{c}")),
            say("table.score"): centers["score"],
            say("table.commodity"): centers["commodity"].map(
                study.inputs.commodities[f"name_{say.language}"]
            ),
            say("table.district"): district_names(study, centers),
            say("table.nearest_zone"): centers["nearest_zone"].map(
                study.inputs.zones["short_name"]
            ),
            say("table.nearest_km"): centers["nearest_km"].round(1),
            say("table.precision"): centers["position_precision"].map(
                lambda p: say(f"precision.{p}")
            ),
        }
    )
    if len(table) > LOCALISED_ROWS:
        return table
    digits = {say("table.score"): 2, say("table.nearest_km"): 1}
    return table.style.format({c: (lambda v, d=d: say.number(v, d)) for c, d in digits.items()})
