"""Linkage page, third part: zones added, moved, closed or of another class, and who gains."""

from dataclasses import replace
from functools import partial
from itertools import chain, count
from typing import Any

import pandas as pd
import streamlit as st
from markupsafe import Markup

from ikmgeo import export, maps, scenario
from ikmgeo.analysis import Linked
from ikmgeo.errors import DataError
from ikmgeo.scenario import NEW, Change, Scenario
from ikmgeo.ui import linking, session
from ikmgeo.ui.explore import kept
from ikmgeo.ui.frame import Page, apology, issue_list
from ikmgeo.ui.linkage import (
    COSTS,
    basis,
    column_name,
    controls,
    explained,
    link_map,
    roads_failed,
    rounded,
    written,
)
from ikmgeo.ui.linking import Zones
from ikmgeo.ui.markup import heading, markdown
from ikmgeo.ui.table import selectable
from ikmgeo.vocabulary import ZONE_CLASSES


def what_if(page: Page) -> None:
    """Edit a scenario; see every indicator before and after."""
    _choose_clicked()
    centers, keep = kept(page)
    _scenarios(page)
    controls(page)
    study, view = page.study, session.view()
    used = linking.parameters(view)
    plan = present()
    real = linking.real_zones(study)
    zones = Zones(
        scenario.zones_of(plan, real.table),
        scenario.footprints_of(plan, real.footprints),
        scenario.fit_of(plan, real.fit),
        stamp=repr(plan),
    )
    left, right = st.columns([1.4, 1], gap="small")
    with right, apology(page.say):
        _edit(page, plan, zones)
    if real.table.empty or zones.table.empty:
        st.info(page.say("linkage.no_zone"))
        return
    try:
        before = linking.linked(study, centers, real, used)
        after = linking.linked(study, centers, zones, used)
    except DataError as refused:
        roads_failed(page, refused)
        return
    with left, apology(page.say):
        placing = st.session_state.get("placing")
        link_map(page, view, centers, centers[keep], zones, after, place=_put if placing else None)
    with apology(page.say):
        _gains(page, centers[keep], before, after, zones)
    session.write_url()


def present() -> Scenario:
    """The scenario in use; the first is empty."""
    saved = _saved()
    return saved[_name()]


def _saved() -> dict[str, Scenario]:
    """Scenarios of this session by name, in the order of their making."""
    saved: dict[str, Scenario] = st.session_state.setdefault("scenarios", {})
    if not saved:
        saved["A"] = Scenario("A")
    return saved


def _name() -> str:
    saved = _saved()
    name: str = st.session_state.get("scenario", "")
    return name if name in saved else next(iter(saved))


def _save(plan: Scenario) -> None:
    _saved()[plan.name] = plan
    st.session_state["scenario"] = plan.name


def _scenarios(page: Page) -> None:
    """Choose, name, add and delete scenarios."""
    say, saved = page.say, _saved()
    st.caption(say("what_if.intro"))
    with st.container(horizontal=True, vertical_alignment="bottom", key="scenarios"):
        st.selectbox(
            say("what_if.scenario"),
            list(saved),
            width=220,
            **session.bound("w-scenario", _name(), _choose),
        )
        st.text_input(
            say("what_if.name"),
            max_chars=scenario.NAME_LENGTH,
            width=260,
            **session.bound(f"w-scenario-name-{_name()}", _name(), _rename),
        )
        st.button(say("what_if.add"), on_click=_add)
        st.button(say("what_if.delete"), on_click=_delete, disabled=len(saved) == 1)
        st.download_button(
            say("what_if.save"),
            scenario.to_json(present()),
            file_name=f"{_file_name(present().name)}.json",
            mime="application/json",
            on_click="ignore",
        )
        with st.popover(say("what_if.load")):
            _load(page)


def _choose(name: str) -> None:
    st.session_state["scenario"] = name


def _rename(name: str) -> None:
    name = " ".join(name.split())
    saved, old = _saved(), _name()
    if name and name not in saved:
        renamed = {
            (name if n == old else n): (replace(s, name=name) if n == old else s)
            for n, s in saved.items()
        }
        st.session_state["scenarios"] = renamed
        st.session_state["scenario"] = name


def _choose_clicked() -> None:
    """Edit the new zone that was clicked on the map; only this part of the page knows of it."""
    kind, name = session.view().selection or ("", "")
    if kind == "zone" and name.startswith(NEW):
        st.session_state["edited-zone"] = name
        session.change(selection=None)


def _add() -> None:
    letters = (*"ABCDEFGHIJKLMNOPQRSTUVWXYZ", *map(str, range(27, len(_saved()) + 28)))
    _save(Scenario(next(name for name in letters if name not in _saved())))


def _keep(brought: Scenario) -> None:
    """Keep a scenario from a file, under another name where its own has been worked on."""
    saved = _saved()
    stem = brought.name[: scenario.NAME_LENGTH - 6]
    names = chain([brought.name], (f"{stem} ({number})" for number in count(2)))
    name = next(name for name in names if name not in saved or not saved[name].changes)
    _save(replace(brought, name=name))


def _delete() -> None:
    _saved().pop(_name())


def _load(page: Page) -> None:
    say = page.say
    brought = st.file_uploader(say("what_if.file"), type=["json"], key="scenario-file")
    if brought is None:
        return
    try:
        found = scenario.from_json(brought.getvalue(), file=brought.name)
    except DataError as refused:
        st.html(issue_list(say, refused.issues))
        return
    st.button(say("what_if.use"), on_click=_keep, args=(found,))


def _edit(page: Page, plan: Scenario, zones: Zones) -> None:
    """Everything that can be changed about one zone."""
    say = page.say
    real = page.study.inputs.zones
    new = [z for z in plan.changes if z.startswith(NEW)]
    options = [*real.index, *new]
    chosen = st.session_state.get("edited-zone")
    chosen = chosen if chosen in options else (options[0] if options else None)

    def name_of(zone_id: str) -> str:
        name = plan.changes[zone_id].name if zone_id in new else real.at[zone_id, "short_name"]
        mark = " ✎" if zone_id in plan.changes else ""
        return f"{name or zone_id}{mark}"

    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            say("what_if.zone"),
            options,
            format_func=name_of,
            **session.bound(
                "w-edited", chosen, lambda z: st.session_state.update({"edited-zone": z})
            ),
        )
        st.button(
            say("what_if.new_zone"),
            on_click=_new_zone,
            args=(say("what_if.new_name"), _middle(page)),
            disabled=len(new) >= scenario.MOST_NEW,
        )
    if chosen is not None:
        _fields(page, plan, chosen)


def _middle(page: Page) -> tuple[float, float]:
    """Where a new zone appears until it is put somewhere: amid the centers."""
    centers = page.study.inputs.centers
    west, south, east, north = maps.PROVINCE
    lat, lon = (centers[c].mean() for c in ("lat", "lon"))
    middle = ((south + north) / 2, (west + east) / 2) if centers.empty else (lat, lon)
    return round(float(middle[0]), 2), round(float(middle[1]), 2)


def _new_zone(name: str, at: tuple[float, float]) -> None:
    plan = present()
    zone_id = plan.next_id()
    name = f"{name} {zone_id.removeprefix(NEW)}"
    _save(plan.changed(zone_id, name=name, zone_class=ZONE_CLASSES[1], lat=at[0], lon=at[1]))
    st.session_state["edited-zone"] = zone_id
    st.session_state["placing"] = True


def _fields(page: Page, plan: Scenario, zone_id: str) -> None:
    say, inputs = page.say, page.study.inputs
    change = plan.changes.get(zone_id, Change())
    is_new = zone_id.startswith(NEW)
    real = pd.Series(dtype=object) if is_new else inputs.zones.loc[zone_id]

    def value(name: str, column: str) -> Any:
        told = getattr(change, name)
        told = real.get(column) if told is None else told
        return None if pd.isna(told) else told

    def save(**fields: Any) -> None:
        _save(present().changed(zone_id, **fields))

    def key(name: str) -> str:
        return f"w-zone-{plan.name}-{zone_id}-{name}"

    if is_new:
        st.text_input(
            say("what_if.zone_name"),
            max_chars=scenario.NAME_LENGTH,
            **session.bound(
                key("name"), change.name, lambda v: save(name=v.strip() or change.name)
            ),
        )
    st.radio(
        say("zone.class"),
        ZONE_CLASSES,
        horizontal=True,
        format_func=lambda code: say(f"zone_class.{code}"),
        **session.bound(key("class"), value("zone_class", "class"), lambda v: save(zone_class=v)),
    )
    lat, lon = st.columns(2, gap="small")
    for column, name, title, bounds in (
        (lat, "lat", "what_if.lat", (-90.0, 90.0)),
        (lon, "lon", "what_if.lon", (-180.0, 180.0)),
    ):
        column.number_input(
            say(title),
            *bounds,
            step=0.01,
            format="%.5f",
            **session.bound(
                key(name),
                value(name, name),
                partial(_move, zone_id, real, name),
            ),
        )
    st.number_input(
        say("zone.ha"),
        0.0,
        1e6,
        step=50.0,
        **session.bound(key("area"), value("area_ha", "area_ha"), lambda v: save(area_ha=v)),
    )
    st.toggle(say("what_if.place"), key="placing", help=say("what_if.place_help"))
    commodities = inputs.commodities
    fitting = linking.fit(page.study)
    at_present = (
        [c for c in fitting.index if fitting.get(zone_id, pd.Series(dtype=float)).get(c, 0) > 0]
        if change.commodities is None
        else [c for c in change.commodities if c in commodities.index]
    )
    st.multiselect(
        say("what_if.commodities"),
        list(commodities.index),
        format_func=lambda code: say.name(commodities.loc[code]),
        help=say("what_if.commodities_help"),
        placeholder=say("what_if.nothing"),
        **session.bound(key("buys"), at_present, lambda v: save(commodities=tuple(v))),
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        if not is_new:
            st.toggle(
                say("what_if.closed"),
                **session.bound(key("closed"), change.closed, lambda v: save(closed=v)),
            )
        st.button(
            say("what_if.remove" if is_new else "what_if.undo"),
            disabled=zone_id not in plan.changes,
            on_click=lambda: _save(present().without(zone_id)),
        )


def _move(zone_id: str, real: pd.Series, name: str, value: float | None) -> None:
    """Set one coordinate; the other stays."""
    plan = present()
    change = plan.changes.get(zone_id, Change())
    place = {
        "lat": real.get("lat") if change.lat is None else change.lat,
        "lon": real.get("lon") if change.lon is None else change.lon,
    }
    if value is not None:
        _save(plan.changed(zone_id, **{**place, name: value}))


def _put(lat: float, lon: float) -> None:
    """Place the edited zone where the map was clicked."""
    zone_id = st.session_state.get("w-edited")
    if zone_id:
        place = {"lat": round(lat, 5), "lon": round(lon, 5)}
        _save(present().changed(zone_id, **place))


def _gains(page: Page, shown: pd.DataFrame, before: Linked, after: Linked, zones: Zones) -> None:
    """Before and after by one indicator, most gain first; all of them as a file."""
    say, view = page.say, session.view()
    used, indicator = linking.parameters(view), view.indicator
    both = [c for c in after.values.columns if c[0] == indicator]
    st.html(heading(say("what_if.gains"), explained(say, indicator, used)))
    if not present().changes:
        st.info(say("what_if.no_change"))
        return
    if not both:
        return
    if len(both) > 1:
        column = st.segmented_control(
            say("what_if.column"),
            [c[1] for c in both],
            default=both[0][1],
            format_func=lambda c: markdown(column_name(say, indicator, c, zones.table, used)),
            required=True,
            key=f"gain-column-{indicator}-{len(both)}",
        )
    else:
        column = both[0][1]
    nothing = pd.Series(float("nan"), index=before.values.index)
    old = before.values.get((indicator, column), nothing).loc[shown.index]
    new = after.values[indicator, column].loc[shown.index]
    gains = scenario.gains(old, new, smaller_is_better=indicator in COSTS)
    moved = gains["gain"].fillna(0)
    st.html(
        Markup('<p role="status">{}</p>').format(
            say(
                "what_if.summary",
                better=say.number(int((moved > 0).sum()), 0),
                worse=say.number(int((moved < 0).sum()), 0),
                same=say.number(int((moved == 0).sum()), 0),
            )
        )
    )
    cells = pd.DataFrame(
        {
            say("table.name"): shown.loc[gains.index, f"name_{say.language}"],
            say("table.category"): shown.loc[gains.index, "category"].map(
                lambda c: say(f"category.{c}")
            ),
            say("what_if.before"): rounded(indicator, gains["before"]),
            say("what_if.after"): rounded(indicator, gains["after"]),
            say("what_if.gain"): rounded(indicator, gains["gain"]),
        }
    )
    numbers = [say(f"what_if.{name}") for name in ("before", "after", "gain")]
    style = cells.style.format({n: lambda v: written(say, indicator, v) for n in numbers})
    selectable(page, view, "center", list(gains.index), style)
    st.caption(basis(say, used, len(before.values)))
    st.download_button(
        say("what_if.export"),
        lambda: _workbook(page, shown, before, after, zones),
        file_name=f"{_file_name(present().name)}.xlsx",
        on_click="ignore",
    )


def _workbook(
    page: Page, shown: pd.DataFrame, before: Linked, after: Linked, zones: Zones
) -> bytes:
    """Every indicator before and after, the scenario's zones, settings and sources."""
    say, used = page.say, linking.parameters(session.view())
    rows = []
    for center in shown.index:
        for code, column in after.values.columns:
            old = before.values.get((code, column), pd.Series(dtype=float)).get(center)
            rows.append(
                {
                    "center_id": center,
                    say("table.name"): shown.at[center, f"name_{say.language}"],
                    say("linkage.indicator"): say(f"indicator.{code}"),
                    say("what_if.column"): column_name(say, code, column, zones.table, used),
                    say("what_if.before"): old,
                    say("what_if.after"): after.values.at[center, (code, column)],
                }
            )
    settings = {
        say("what_if.scenario"): present().name,
        say("linkage.measure"): say(f"measure.{used.measure}"),
        say("linkage.half_distance"): say.number(used.half_distance, 1),
        say("linkage.attraction"): say(f"attraction.{used.attraction}"),
        say("linkage.alpha"): say.number(used.alpha, 1),
        say("linkage.decay"): say.number(used.decay, 1),
        say("what_if.scores_from"): say("map.scores"),
        say("what_if.zones_from"): say("map.zones"),
        say("what_if.note"): say(f"measure.{used.measure}_note"),
    }
    kept_columns = ["short_name", "class", "lat", "lon", "area_ha", "changed"]
    return export.sheets_xlsx(
        {
            "indicators": pd.DataFrame(rows),
            "zones": zones.table[kept_columns].reset_index(),
            "settings": pd.DataFrame(
                {"name": list(settings), "value": [str(v) for v in settings.values()]}
            ),
        }
    )


def _file_name(name: str) -> str:
    safe = "".join(c if c.isalnum() else "-" for c in name).strip("-")
    return f"ikmgeo-{safe or 'scenario'}"
