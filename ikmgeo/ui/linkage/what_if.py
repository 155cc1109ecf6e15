"""Linkage page, third part: zones added, moved, closed or of another class, and who gains."""

from dataclasses import replace
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st
from markupsafe import Markup

from ikmgeo import handout, tables
from ikmgeo.analysis import Linked
from ikmgeo.errors import DataError
from ikmgeo.handout import Handout
from ikmgeo.handouts import export
from ikmgeo.measures import linkage, scenario, uncertainty
from ikmgeo.measures.indicators import INDICATORS
from ikmgeo.measures.scenario import NEW, Change, Effect, Scenario
from ikmgeo.reading.bounds import MB
from ikmgeo.reading.typed import Scale
from ikmgeo.ui.frame import Page, apology, issue_list
from ikmgeo.ui.linkage.linkage import (
    LINES,
    RINGS,
    basis,
    choose_indicator,
    column_name,
    columns,
    explain_table,
    interval,
    link_map,
    localised,
    more,
    rounded,
    try_linking,
)
from ikmgeo.ui.parts import handing_out
from ikmgeo.ui.parts.explore import filter_here
from ikmgeo.ui.parts.numbers import number_field
from ikmgeo.ui.parts.table import selectable
from ikmgeo.ui.state import keys, linking, planning, session
from ikmgeo.ui.state.linking import Zones
from ikmgeo.ui.state.planning import present
from ikmgeo.vocabulary import IE, ZONE_CLASSES
from ikmgeo.words.markup import heading, markdown
from ikmgeo.words.messages import NOTHING, Messages

LATITUDE, LONGITUDE = Scale(-90, 90, ("°",)), Scale(-180, 180, ("°",))
AREA = Scale(0, 1e6, ("ha",), optional=True)


def what_if(page: Page) -> None:
    """Edit a scenario; see every indicator before and after."""
    _choose_clicked()
    _adopt()
    centers, keep = filter_here(page)
    study, plan = page.study, present()
    session.change(plan=scenario.to_link(plan))
    keys.PLAN_KNOWN.set(session.view().plan)
    if plan.changes and not session.view().plan:
        st.caption(page.say("what_if.too_long"))
    real, zones = linking.real_zones(study), linking.zones_under(study, plan)
    above = st.container()  # for the controls, whose indicator waits for what the scenario changes
    found = None
    if not (real.table.empty or zones.table.empty):
        found = try_linking(page, study, centers, real, zones)
    effect = None
    if found is not None:
        _turn(plan, *found)
        effect = planning.effect(plan, *found)
    with above, apology(page.say):
        _controls(page, zones, effect)
    left, right = st.columns([1.4, 1], gap="small")
    with right, apology(page.say):
        if effect is not None and found is not None:
            shown = effect.gains[effect.gains.index.isin(centers.index[keep])]
            told = _summary(page.say, shown, *found)
            st.html(Markup('<p role="status" class="ikm-first">{}</p>').format(told))
        _edit(page, plan, zones)
    if real.table.empty or zones.table.empty:
        st.info(page.say("linkage.no_zone"))
        return
    if found is None:
        return
    before, after = found
    shown, place = centers[keep], _put if keys.sent("placing") else None
    with left, apology(page.say):
        link_map(page, session.view(), centers, shown, zones, after, place=place, effect=effect)
    with apology(page.say):
        _gains(page, shown, before, after, effect)
    if plan.changes:
        with apology(page.say):
            _export(page, centers[keep], before, after, zones)


def _turn(plan: Scenario, before: Linked, after: Linked) -> None:
    """Look where a scenario shows, each time that it was changed."""
    if not plan.changes or keys.TURNED_TO.get() == _unnamed(plan):
        return
    keys.TURNED_TO.set(_unnamed(plan))
    view = session.view()
    at = planning.effect(plan, before, after)
    seen = at is not None and not scenario.outcome(at.gains).isin(["same", "unknown"]).all()
    if at is not None and seen and view.column == at.column:
        return  # the reader already looks at something that changes
    found = scenario.most_changed(before.values, after.values, first=view.indicator)
    if found:
        session.change(indicator=found[0], column=found[1])


def _unnamed(plan: Scenario) -> dict[str, Change]:
    """What a scenario changes besides names."""
    return {zone_id: replace(change, name=None) for zone_id, change in plan.changes.items()}


def _adopt() -> None:
    """Take up the scenario of an address or a scene that was opened."""
    packed = session.view().plan
    if not packed or packed == keys.PLAN_KNOWN.get():
        return
    brought = scenario.from_link(packed)
    if session.view().column:  # the address says where to look
        keys.TURNED_TO.set(_unnamed(brought))
    planning.take_up(brought)


def _controls(page: Page, zones: Zones, effect: Effect | None) -> None:
    """Which scenario, and by what its effect is told."""
    say, saved = page.say, planning.saved()
    places = st.columns([1, 0.9, 1.3, 1.4, 1], gap="small", vertical_alignment="bottom")
    places[0].selectbox(
        say("what_if.scenario"),
        list(saved),
        help=say("what_if.intro"),
        **session.bound("w-scenario", planning.name(), keys.SCENARIO.set),
    )
    with places[1].popover(say("what_if.manage"), width="stretch"):
        _manage(page)
    column = effect.column if effect else session.view().column
    choose_indicator(say, places[2], places[3], zones.table, column, closest=effect is None)
    with places[4]:
        more(say, LINES, RINGS)
    with st.container():  # always there: a notice must not remount what stands below it
        if refused := keys.NAME_REFUSED.pop():
            st.warning(say(refused))
        if deleted := keys.DELETED_SCENARIO.get():
            label = say("what_if.undelete", name=markdown(deleted.name))
            st.button(label, on_click=planning.take_up, args=(deleted,))


def _manage(page: Page) -> None:
    """Name, add, delete, save and open scenarios."""
    say = page.say
    st.text_input(
        say("what_if.name"),
        max_chars=scenario.NAME_LENGTH,
        **session.bound(f"w-scenario-name-{planning.name()}", planning.name(), _rename),
    )
    with st.container(horizontal=True):
        st.button(say("what_if.add"), on_click=_add)
        st.button(say("what_if.delete"), on_click=_delete, disabled=len(planning.saved()) == 1)
        st.download_button(
            say("what_if.save"),
            scenario.to_json(present()),
            file_name=f"{_file_name(present().name)}.json",
            mime="application/json",
            on_click="ignore",
        )
    _load(page)


def _rename(name: str) -> None:
    name = " ".join(name.split())
    saved, old = planning.saved(), planning.name()
    if not name:
        keys.NAME_REFUSED.set("what_if.name_blank")
    elif name in saved:
        keys.NAME_REFUSED.set("what_if.name_taken")
    else:
        renamed = {
            (name if n == old else n): (replace(s, name=name) if n == old else s)
            for n, s in saved.items()
        }
        keys.SCENARIOS.set(renamed)
        keys.SCENARIO.set(name)


def _choose_clicked() -> None:
    """Edit the zone that was clicked on the map."""
    if zone := session.view().chosen("zone"):
        keys.EDITED_ZONE.set(zone)
        session.change(selection=None)


def _add() -> None:
    letters = (*"ABCDEFGHIJKLMNOPQRSTUVWXYZ", *map(str, range(27, len(planning.saved()) + 28)))
    planning.save(Scenario(next(name for name in letters if name not in planning.saved())))


def _delete() -> None:
    keys.DELETED_SCENARIO.set(planning.saved().pop(planning.name()))


def _load(page: Page) -> None:
    say = page.say
    brought = st.file_uploader(
        say("what_if.file"),
        type=["json"],
        key="scenario-file",
        max_upload_size=scenario.LARGEST // MB,
    )
    if brought is None:
        return
    try:
        found = scenario.from_json(brought.getvalue(), file=brought.name)
    except DataError as refused:
        st.html(issue_list(say, refused.issues))
        return
    st.button(say("what_if.use"), on_click=planning.take_up, args=(found,))


def _edit(page: Page, plan: Scenario, zones: Zones) -> None:
    """Everything that can be changed about one zone."""
    say = page.say
    real = page.study.inputs.zones
    new = [z for z in plan.changes if z.startswith(NEW)]
    options = [*real.index, *new]
    chosen = keys.EDITED_ZONE.get()
    chosen = chosen if chosen in options else (options[0] if options else None)
    keys.EDITED_ZONE.set(chosen)

    def name_of(zone_id: str) -> str:
        closed = plan.changes[zone_id].name if zone_id in new else real.at[zone_id, "short_name"]
        name = zones.table["short_name"].get(zone_id, closed)
        mark = " ✎" if zone_id in plan.changes else ""
        return f"{name or zone_id}{mark}"

    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            say("what_if.zone"),
            options,
            format_func=name_of,
            **session.bound("w-edited", chosen, keys.EDITED_ZONE.set),
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
    west, south, east, north = page.study.inputs.bounds
    lat, lon = (centers[c].mean() for c in ("lat", "lon"))
    middle = ((south + north) / 2, (west + east) / 2) if centers.empty else (lat, lon)
    return round(float(middle[0]), 2), round(float(middle[1]), 2)


def _new_zone(name: str, at: tuple[float, float]) -> None:
    plan = present()
    zone_id = plan.next_id()
    name = f"{name} {zone_id.removeprefix(NEW)}"
    planning.save(plan.changed(zone_id, name=name, zone_class=IE, lat=at[0], lon=at[1]))
    keys.EDITED_ZONE.set(zone_id)
    keys.show("placing", True)


def _fields(page: Page, plan: Scenario, zone_id: str) -> None:
    say, inputs = page.say, page.study.inputs
    change = plan.changes.get(zone_id, Change())
    is_new = zone_id.startswith(NEW)
    real = pd.Series(dtype=object) if is_new else tables.row(inputs.zones, zone_id)

    def value(name: str, column: str) -> Any:
        told = getattr(change, name)
        told = real.get(column) if told is None else told
        return None if pd.isna(told) else told

    attraction = session.view().link.attraction
    weight = "area_ha" if attraction == linkage.EQUAL else f"{attraction}_ha"

    def save(**fields: Any) -> None:
        planning.save(present().changed(zone_id, **fields))

    def key(name: str) -> str:
        return f"w-zone-{plan.name}-{zone_id}-{name}"

    if is_new:
        st.text_input(
            say("what_if.zone_name"),
            max_chars=scenario.NAME_LENGTH,
            **session.bound(key("name"), change.name, partial(_name_zone, zone_id)),
        )
    st.radio(
        say("zone.class"),
        ZONE_CLASSES,
        horizontal=True,
        format_func=lambda code: say(f"zone_class.{code}"),
        **session.bound(key("class"), value("zone_class", "class"), lambda v: save(zone_class=v)),
    )
    coordinates = ("lat", LATITUDE), ("lon", LONGITUDE)
    for column, (name, scale) in zip(st.columns(2, gap="small"), coordinates, strict=True):
        with column:
            number_field(
                say,
                say(f"what_if.{name}"),
                value(name, name),
                scale,
                partial(_move, zone_id, real, name),
                key=key(name),
            )
    area = value("area_ha", weight)
    number_field(say, say("zone.ha"), area, AREA, lambda v: save(area_ha=v), key=key("area"))
    st.toggle(say("what_if.place"), key="placing", help=say("what_if.place_help"))
    _bought(page, zone_id, change, key("buys"))
    with st.container(horizontal=True, vertical_alignment="center"):
        if not is_new:
            st.toggle(
                say("what_if.closed"),
                **session.bound(key("closed"), change.closed, lambda v: save(closed=v)),
            )
        undo = say("what_if.remove" if is_new else "what_if.undo")
        st.button(undo, disabled=zone_id not in plan.changes, on_click=_undo, args=(zone_id,))


def _undo(zone_id: str) -> None:
    planning.save(present().without(zone_id))


def _bought(page: Page, zone_id: str, change: Change, key: str) -> None:
    """The commodities that the zone's sectors could buy."""
    say, commodities = page.say, page.study.inputs.commodities
    fitting = linking.fit(page.study)
    at_present = (
        [c for c in fitting.index if fitting.get(zone_id, pd.Series(dtype=float)).get(c, 0) > 0]
        if change.commodities is None
        else [c for c in change.commodities if c in commodities.index]
    )

    def save(codes: list[str]) -> None:
        planning.save(present().changed(zone_id, commodities=tuple(codes)))

    st.multiselect(
        say("what_if.commodities"),
        list(commodities.index),
        format_func=lambda code: say.name(tables.row(commodities, code)),
        help=say("what_if.commodities_help"),
        placeholder=say("what_if.nothing"),
        **session.bound(key, at_present, save),
    )


def _name_zone(zone_id: str, name: str) -> None:
    if name.strip():
        planning.save(present().changed(zone_id, name=name.strip()))
    else:
        keys.NAME_REFUSED.set("what_if.name_blank")


def _move(zone_id: str, real: pd.Series, name: str, value: float | None) -> None:
    """Set one coordinate; the other stays."""
    plan = present()
    change = plan.changes.get(zone_id, Change())
    place = {
        "lat": real.get("lat") if change.lat is None else change.lat,
        "lon": real.get("lon") if change.lon is None else change.lon,
    }
    if value is not None:
        planning.save(plan.changed(zone_id, **{**place, name: value}))


def _put(lat: float, lon: float) -> None:
    """Place the edited zone where the map was clicked."""
    zone_id = keys.EDITED_ZONE.get()
    if zone_id:
        place = {"lat": round(lat, 5), "lon": round(lon, 5)}
        planning.save(present().changed(zone_id, **place))


def _gains(
    page: Page,
    shown: pd.DataFrame,
    before: Linked,
    after: Linked,
    effect: Effect | None,
) -> None:
    """Before and after by one indicator, most gain first; all of them as a file."""
    say, view = page.say, session.view()
    used, indicator = linking.parameters(view), view.indicator
    st.html(heading(say("what_if.gains")))
    if not present().changes:
        st.info(say("what_if.no_change"))
        return
    if effect is None:
        return
    column = effect.column
    session.change(column=column)
    explain_table(say, "what_if.table_told", used, len(before.values))
    gains = effect.gains[effect.gains.index.isin(shown.index)]
    change = scenario.difference(*(_of(f.drawn, indicator, column) for f in (before, after)))
    low, high = uncertainty.percentiles(change.to_frame("difference"), gains.index)
    bounds = {
        name: [_of(part, indicator, column).loc[gains.index] for part in (found.low, found.high)]
        for name, found in (("before", before), ("after", after))
    } | {"difference": [low["difference"], high["difference"]]}
    cells = {
        "name": shown.loc[gains.index, f"name_{say.language}"],
        "category": shown.loc[gains.index, "category"].map(lambda c: say(f"category.{c}")),
    }
    heads = {name: say(f"table.{name}") for name in cells}
    for name, (lowest, highest) in bounds.items():
        cells[name] = rounded(indicator, gains[name])
        heads[name] = say(f"what_if.{name}")
        if pd.concat([lowest, highest]).notna().any():
            between = f"{name} interval"
            heads[between] = say("linkage.interval")
            cells[between] = [
                NOTHING if pd.isna(value) else interval(say, indicator, a, b)
                for value, a, b in zip(gains[name], lowest, highest, strict=True)
            ]
    frame, numbers = pd.DataFrame(cells), dict.fromkeys(bounds, indicator)
    styled, config = localised(say, frame, numbers), columns(frame, heads, numbers)
    selectable(page, view, "center", list(gains.index), styled, config)


def _of(table: pd.DataFrame, indicator: str, column: str) -> pd.Series:
    """A column of an indicator; missing values where the zones have none such."""
    nothing = pd.Series(float("nan"), index=table.index)
    return table.get((indicator, column), nothing)


def _summary(say: Messages, gains: pd.DataFrame, before: Linked, after: Linked) -> str:
    """How many centers gain and lose; those that get or lose a value are told apart.

    Where none does, the indicators that the scenario does change are named.
    """
    counts = scenario.outcomes(gains)
    told = {name: say(f"what_if.{name}", count=count) for name, count in counts.items()}
    more = [told[name] for name in ("reached", "lost", "unknown") if counts[name]]
    if not (counts["better"] or counts["worse"]):
        others = scenario.changed_indicators(before.values, after.values)
        names = [say(f"indicator.{code}") for code in others]
        more += [say("what_if.elsewhere", indicators=say.listed(names))] if names else []
    return " ".join([say("what_if.summary", **told), *more])


def _export(page: Page, shown: pd.DataFrame, before: Linked, after: Linked, zones: Zones) -> None:
    # The file is made at the click, out of the session: all that it needs is gathered here.
    plan, taken, shipped = present(), handing_out.taken(page), page.study.inputs.sector_fit
    note = basis(page.say, taken.view.link, len(before.values))
    st.download_button(
        page.say("what_if.export"),
        lambda: _workbook(taken, plan, note, shown, before, after, zones, shipped),
        file_name=f"{_file_name(plan.name)}.xlsx",
        on_click="ignore",
    )


def _workbook(
    taken: Handout,
    plan: Scenario,
    note: str,
    shown: pd.DataFrame,
    before: Linked,
    after: Linked,
    zones: Zones,
    shipped: pd.DataFrame,
) -> bytes:
    """Every indicator before and after, what the scenario changes, settings and sources."""
    say = taken.say
    real = taken.inputs.zones
    every = pd.concat([zones.table, real.drop(index=zones.table.index, errors="ignore")])
    named = {"before": pd.concat([real, every.drop(index=real.index)])}
    bounds = uncertainty.percentiles(_differences(before.drawn, after.drawn), after.values.index)
    parts = {
        "before": (before.values, before.low, before.high),
        "after": (after.values, after.low, after.high),
        "difference": (_differences(before.values, after.values), *bounds),
    }
    lines = [
        (say("what_if.scenario"), plan.name),
        *handout.settings(taken),
        (say("what_if.note"), note),
        *((say("sources.source"), source) for source in handout.sources(taken)),
    ]
    return export.sheets_xlsx(
        {
            say(f"what_if.{name}"): _sheet(taken, shown, named.get(name, every), *part)
            for name, part in parts.items()
        }
        | {
            say("dataset.sheet_zones"): _zones_sheet(taken, plan, every),
            say("fit.value"): _fit_sheet(taken, every, shipped, zones.fit),
            say("dataset.sheet_about"): pd.DataFrame(
                lines, columns=[say("dataset.setting"), say("dataset.value")]
            ),
        }
    )


def _differences(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """How every indicator differs, on the columns of both."""
    return pd.concat(
        {code: scenario.difference(before[code], after[code]) for code in after.columns.unique(0)},
        axis=1,
    )


def _sheet(
    taken: Handout,
    shown: pd.DataFrame,
    zones: pd.DataFrame,
    values: pd.DataFrame,
    low: pd.DataFrame,
    high: pd.DataFrame,
) -> pd.DataFrame:
    """One row per center; after each column its bounds, where there are some."""
    say, used = taken.say, taken.view.link
    cells = {
        say("dataset.center_id"): shown.index,
        say("table.name"): shown[f"name_{say.language}"],
    }
    for code, column in tables.headings(values):
        title = f"{say(f'indicator.{code}')}, {column_name(say, code, column, zones, used)}"
        # Two zones may have one name.
        title += f" [{column}]" if INDICATORS[code].paired else ""
        cells[title] = values[code, column].loc[shown.index]
        for end, bound in (("dataset.low", low), ("dataset.high", high)):
            if (code, column) in bound and bound[code, column].notna().any():
                cells[say(end, what=title)] = bound[code, column].loc[shown.index]
    return pd.DataFrame(cells, index=shown.index)


def _zones_sheet(taken: Handout, plan: Scenario, zones: pd.DataFrame) -> pd.DataFrame:
    """Every zone as the scenario has it, closed ones too, and what each would buy by it."""
    say, changes = taken.say, plan.changes
    names = taken.inputs.commodities[f"name_{say.language}"]
    yes_no = {True: say("sources.yes"), False: say("sources.no")}
    told = [changes.get(zone_id, Change()) for zone_id in zones.index]
    bought = [
        None if change.commodities is None else [names.get(c, c) for c in change.commodities]
        for change in told
    ]
    return pd.DataFrame(
        {
            say("what_if.zone_id"): zones.index,
            say("distance.zone"): zones["short_name"],
            say("zone.class"): zones["class"].map(lambda code: say(f"zone_class.{code}")),
            say("what_if.lat"): zones["lat"].astype(float),
            say("what_if.lon"): zones["lon"].astype(float),
            say("zone.ha"): zones["area_ha"].astype(float),
            say("what_if.changed"): [yes_no[zone_id in changes] for zone_id in zones.index],
            say("what_if.is_closed"): [yes_no[change.closed] for change in told],
            say("what_if.commodities"): [
                None if some is None else ", ".join(some) or say("what_if.nothing")
                for some in bought
            ],
        }
    )


def _fit_sheet(
    taken: Handout, zones: pd.DataFrame, shipped: pd.DataFrame, after: pd.DataFrame
) -> pd.DataFrame:
    """Cells of the sector fit that the reader or the scenario changed."""
    say = taken.say
    names = taken.inputs.commodities[f"name_{say.language}"]
    shipped = shipped.reindex(columns=after.columns)
    changed = (after != shipped) & ~(after.isna() & shipped.isna())
    rows = [
        (names.get(code, code), zones.at[zone_id, "short_name"], was, has)
        for (code, zone_id), was, has in zip(
            after.stack(future_stack=True).index,
            shipped.to_numpy().ravel(),
            after.to_numpy().ravel(),
            strict=True,
        )
        if changed.at[code, zone_id] and zone_id in zones.index
    ]
    heads = [say("table.commodity"), say("distance.zone")]
    heads += [say("what_if.before"), say("what_if.after")]
    return pd.DataFrame(rows, columns=heads)


def _file_name(name: str) -> str:
    safe = "".join(c if c.isalnum() else "-" for c in name).strip("-")
    return f"ikmgeo-{safe or 'scenario'}"
