"""Linkage page, second part: what lies around one zone, and what it could buy there."""

import pandas as pd
import streamlit as st
from markupsafe import Markup

from ikmgeo import tables
from ikmgeo.analysis import Linked
from ikmgeo.display import charts
from ikmgeo.measures import linkage, uncertainty
from ikmgeo.measures.indicators import paired
from ikmgeo.ui.frame import Page, apology
from ikmgeo.ui.linkage.linkage import (
    BESIDE_MAP,
    LINES,
    RINGS,
    columns,
    explain_table,
    link_map,
    localised,
    more,
    on_map,
    reached,
    rounded,
    try_linking,
)
from ikmgeo.ui.parts.explore import filter_here
from ikmgeo.ui.parts.table import selectable
from ikmgeo.ui.state import linking, session
from ikmgeo.ui.state.linking import Zones
from ikmgeo.view import View
from ikmgeo.words.markup import facts, heading, note, table
from ikmgeo.words.messages import Messages
from ikmgeo.words.wording import amount, unit


def catchment(page: Page) -> None:
    """Centers ranked by their way to one zone, on the map, in curves and in a table."""
    centers, keep = filter_here(page)
    left, right, _ = st.columns([1, 1, 2], gap="small", vertical_alignment="bottom")
    with left:
        on_map(page.say, LINES, RINGS)
    with right:
        more(page.say)
    zones = linking.real_zones(page.study)
    if zones.table.empty:
        st.info(page.say("linkage.no_zone"))
        return
    found = try_linking(page, page.study, centers, zones)
    if found is not None:
        _screen(page, centers, keep, zones, *found)


@session.fragment
def _screen(
    page: Page, centers: pd.DataFrame, keep: pd.Series, zones: Zones, found: Linked
) -> None:
    say, view = page.say, session.view()
    used = linking.parameters(view)
    zone = view.chosen("zone")
    if zone not in (None, view.catchment):  # it was clicked on a map
        session.change(catchment=zone)
    zone_id = linking.catchment_of(session.view(), zones)
    left, right = st.columns(BESIDE_MAP, gap="small")
    with right:
        st.selectbox(
            say("catchment.zone"),
            list(zones.table.index),
            format_func=lambda z: str(zones.table.at[z, "short_name"]),
            **session.bound("w-catchment", zone_id, _choose),
        )
    shown = centers[keep]
    costs = {
        name: part["cost", zone_id].loc[shown.index]
        for name, part in (("cost", found.values), ("low", found.low), ("high", found.high))
    }
    ordered = shown.assign(**costs).sort_values("cost", kind="stable", na_position="last")
    with left, apology(say):
        link_map(page, view, centers, shown, zones, found, only=zone_id)
    with right, apology(say), st.container(border=True, key="panel"):
        st.html(_panel(page, zone_id, ordered, zones))
    with apology(say):
        st.html(heading(say("catchment.table")))
        explain_table(say, "catchment.table_told", used, len(centers))
        _table(page, view, zone_id, ordered, found)
    left, right = st.columns(2, gap="medium")
    with left, apology(say):
        _curve(page, view, ordered)
    with right, apology(say):
        _shares(page, ordered)


def _choose(zone_id: str) -> None:
    session.change(catchment=zone_id, selection=("zone", zone_id))


def _panel(page: Page, zone_id: str, ordered: pd.DataFrame, zones: Zones) -> str:
    say, used = page.say, linking.parameters(session.view())
    zone = tables.row(zones.table, zone_id)
    within = [
        (say("catchment.within", limit=amount(say, limit, used)), _count(say, ordered, limit))
        for limit in used.within
    ]
    fit = linkage.sector_fit(ordered["commodity"], zones.fit, zones.table.index)[zone_id]
    return Markup('<div class="ikm-panel"><h2>{}</h2>{}<h3>{}</h3><p>{}</p>{}</div>').format(
        say.name(zone),
        facts(say, within),
        say("catchment.buys"),
        say("catchment.buys_note"),
        _bought(page, ordered, fit),
    )


def _count(say: Messages, ordered: pd.DataFrame, limit: float) -> str:
    """How many centers are within a limit, and of how many their place leaves that open."""
    inside = say.number(int((ordered["cost"] <= limit).sum()), 0)
    told = say("catchment.of", count=inside, of=len(ordered))
    unsure = int(_unsure(ordered, limit).sum())
    if not unsure:
        return told
    return f"{told} ({say('catchment.unsure', count=say.number(unsure, 0))})"


def _unsure(ordered: pd.DataFrame, limit: float) -> pd.Series:
    return (ordered["low"] <= limit) & (ordered["high"] > limit)


def _bought(page: Page, ordered: pd.DataFrame, fit: pd.Series) -> Markup:
    """Commodities that the zone's sectors fit: how well, how many centers, the nearest."""
    say, used = page.say, linking.parameters(session.view())
    names = page.study.inputs.commodities[f"name_{say.language}"]
    some = ordered.assign(fit=fit)[fit > 0]
    rows = [
        (
            names.get(code, code),
            say.number(group["fit"].iloc[0], 1),
            say.number(len(group), 0),
            amount(say, group["cost"].min(), used),
        )
        for code, group in some.groupby("commodity", sort=False)
    ]
    unjudged = ordered.loc[fit.isna(), "commodity"].nunique()
    note = Markup("")
    if unjudged:
        told = say("catchment.unjudged", count=say.number(unjudged, 0))
        note = Markup("<p>{}</p>").format(told)
    if not rows:
        return Markup("<p>{}</p>{}").format(say("catchment.buys_nothing"), note)
    rows.sort(key=lambda row: row[1], reverse=True)
    heads = [say("table.commodity"), say("fit.value"), say("catchment.centers")]
    return table([*heads, say("catchment.nearest")], rows, "") + note


def _table(page: Page, view: View, zone_id: str, ordered: pd.DataFrame, found: Linked) -> None:
    """Numbers stay numbers, so that a column sorts by them."""
    say, used = page.say, linking.parameters(view)
    values = found.values.loc[ordered.index]
    no_route = uncertainty.missing_share(found.drawn, ordered.index)["cost", zone_id]
    way = f"{say('indicator.cost')} ({unit(say, used)})"
    cells = {
        say("catchment.rank"): ordered["cost"].rank(method="min").astype("Int64"),
        say("table.name"): ordered[f"name_{say.language}"],
        way: rounded("cost", ordered["cost"]),
        say("linkage.interval"): [
            amount(say, cost, used) if pd.isna(cost) else reached(say, "cost", low, high, share)
            for cost, low, high, share in zip(
                ordered["cost"], ordered["low"], ordered["high"], no_route, strict=True
            )
        ],
    }
    indicators = {way: "cost"}
    for code in (code for code in paired() if code != "cost"):
        cells[say(f"indicator.{code}")] = rounded(code, values[code, zone_id])
        indicators[say(f"indicator.{code}")] = code
    cells[say("table.category")] = ordered["category"].map(lambda c: say(f"category.{c}"))
    cells[say("table.commodity")] = ordered["commodity"].map(
        page.study.inputs.commodities[f"name_{say.language}"]
    )
    frame = pd.DataFrame(cells)
    styled = localised(say, frame, indicators)
    config = columns(frame, {name: name for name in cells}, indicators)
    selectable(page, view, "center", list(ordered.index), styled, config)


def _curve(page: Page, view: View, ordered: pd.DataFrame) -> None:
    """How many centers are reached up to each cost."""
    say, used = page.say, linking.parameters(view)
    within_reach = ordered.dropna(subset="cost")
    st.html(heading(say("catchment.curve")))
    if within_reach.empty:
        st.caption(say("linkage.unreached"))
        return
    points = pd.DataFrame(
        {
            "cost": within_reach["cost"].to_numpy(),
            "count": range(1, len(within_reach) + 1),
            "name": within_reach[f"name_{say.language}"].to_numpy(),
            "first": within_reach["low"].sort_values().to_numpy(),
            "last": within_reach["high"].sort_values().to_numpy(),
        }
    )
    unsure = [
        say(
            "catchment.curve_unsure",
            limit=amount(say, limit, used),
            count=say.number(int(_unsure(ordered, limit).sum()), 0),
        )
        for limit in used.within
        if _unsure(ordered, limit).any()
    ]
    told = say(
        "catchment.curve_told",
        nearest=amount(say, float(points["cost"].iloc[0]), used),
        half=amount(say, float(points["cost"].median()), used),
        farthest=amount(say, float(points["cost"].iloc[-1]), used),
        count=len(points),
    )
    told = " ".join([told, *unsure])
    chart = charts.cumulative(
        points,
        used.within,
        x_title=f"{say(f'measure.{used.measure}')} ({unit(say, used)})",
        y_title=say("catchment.centers"),
        language=say.language,
        description=told,
    )
    st.altair_chart(chart, width="stretch", theme=None)
    st.html(note(told))


def _shares(page: Page, ordered: pd.DataFrame) -> None:
    """How many of the centers in reach of the widest threshold are in each category."""
    say, used = page.say, linking.parameters(session.view())
    limit = max(used.within)
    inside = ordered[ordered["cost"] <= limit]
    st.html(heading(say("catchment.shares", limit=amount(say, limit, used))))
    signs = page.study.inputs.instrument.signs
    present = [c for c in signs if (inside["category"] == c).any()]
    if not present:
        st.caption(say("catchment.nobody"))
        return
    counts = pd.DataFrame(
        {
            "label": [say(f"category.{c}") for c in present],
            "count": [int((inside["category"] == c).sum()) for c in present],
        }
    )
    told = say.listed(
        [
            say(
                "catchment.share",
                category=label,
                count=count,
                percent=say.number(100 * count / len(inside), 0),
            )
            for label, count in counts.itertuples(index=False)
        ]
    )
    chart = charts.shares(
        counts,
        x_title=say("catchment.centers"),
        colours={say(f"category.{c}"): signs[c].fill for c in present},
        language=say.language,
        description=told,
    )
    st.altair_chart(chart, width="stretch", theme=None)
    st.html(note(told))
