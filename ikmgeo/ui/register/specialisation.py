"""What districts and subdistricts are specialised in: map, figures, table and one sentence."""

from dataclasses import replace
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st
from markupsafe import Markup

from ikmgeo.display import quotients as drawing
from ikmgeo.display import scene
from ikmgeo.handouts import quotients as files
from ikmgeo.register.candidates import DISTRICT_DIGITS
from ikmgeo.register.chosen import Chosen
from ikmgeo.register.specialisation import BASIS, LEVELS, Answer, Question
from ikmgeo.register.store import Version
from ikmgeo.ui.frame import Page, apology
from ikmgeo.ui.parts.explained import explained
from ikmgeo.ui.parts.explore import classified
from ikmgeo.ui.parts.map_view import draw
from ikmgeo.ui.parts.table import grid
from ikmgeo.ui.register.choosing import years
from ikmgeo.ui.register.files import fictional, without
from ikmgeo.ui.state import looking, registry, session
from ikmgeo.view import View
from ikmgeo.words import concluding
from ikmgeo.words.markup import facts, heading, note, panel
from ikmgeo.words.messages import NOTHING

NEEDED = ("area", "found", "share", "quotient", "interval", "verdict", "cluster")
"""Columns of the table that are shown unless the reader wants others."""


def specialisation(page: Page) -> None:
    """Question in the sidebar; sentence, map, figures and table."""
    version = registry.version()
    if not version.units:
        without(page)
        return
    with st.sidebar:
        _controls(page, version)
    fictional(page.say, version)
    _screen(page, version)


def _wanted(view: View) -> Chosen:
    """The units that count: of all products, since these are what a share is of."""
    return Chosen(since=view.units.since, until=view.units.until)


def _commodities(view: View, version: Version) -> list[str]:
    """Those of most units first."""
    return [code for code in looking.by_commodity(version.name, _wanted(view)) if code]


def _question(view: View, version: Version) -> Question:
    """What is asked, of the commodity with most units unless another one is known."""
    known, asked = _commodities(view, version), view.question
    first = next(iter(known), "")
    return replace(asked, commodity=asked.commodity if asked.commodity in known else first)


def _controls(page: Page, version: Version) -> None:
    say, view = page.say, session.view()
    asked = _question(view, version)

    def save(field: str) -> Any:
        return lambda value: session.change(
            question=replace(session.view().question, **{field: value})
        )

    st.selectbox(
        say("table.commodity"),
        _commodities(view, version),
        format_func=lambda code: looking.commodity_name(say, code),
        **session.bound("w-product", asked.commodity, save("commodity")),
    )
    st.segmented_control(
        say("special.level"),
        LEVELS,
        format_func=lambda name: say(f"special.level_{name}"),
        required=True,
        **session.bound("w-level", asked.level, save("level")),
    )
    st.segmented_control(
        say("special.measure"),
        [*BASIS],
        format_func=lambda name: say(f"special.measure_{name}"),
        required=True,
        **session.bound("w-counted", asked.measure, save("measure")),
    )
    years(page, view.units, version)


@session.fragment
def _screen(page: Page, version: Version) -> None:
    """Sentence, map, figures and table; a choice made here reruns only this part."""
    say, view = page.say, session.view()
    asked = _question(view, version)
    if not asked.commodity:
        st.info(say("special.no_commodity"))
        return
    answer = looking.answered(version.name, _wanted(view), asked)
    name, names = looking.commodity_name(say, asked.commodity), files.area_names(page.study.inputs)
    told = concluding.conclusion(say, asked, name, names, answer)
    explained(say("special.heading", commodity=name), told, say("special.method"))
    left, right = st.columns([1.95, 1], gap="small")
    with left, apology(say):
        _map(page, view, version, asked, answer)
    with right, apology(say), st.container(border=True, key="panel"):
        counted = looking.counted(version.name, _wanted(view), asked.level)
        lines = [
            *concluding.attached(say, answer, names),
            *concluding.left_out(say, asked, counted),
            say("special.reads"),
        ]
        known = Markup("<h2>{}</h2>").format(say("special.figures"))
        known += facts(say, concluding.figures(say, asked, answer))
        st.html(panel(known + Markup("").join(note(line) for line in lines)))
    with apology(say):
        _table(page, view, version, asked, answer)


def _map(page: Page, view: View, version: Version, asked: Question, answer: Answer) -> None:
    """Areas in the colours of their quotients."""
    say, inputs = page.say, page.study.inputs
    named = inputs.districts if asked.level == "district" else inputs.subdistricts
    name = looking.commodity_name(say, asked.commodity)
    topic = say("special.topic", commodity=name, measure=say(f"special.measure_{asked.measure}"))
    shown = drawing.quotients(
        say,
        asked.level,
        topic,
        answer.table,
        answer.clusters,
        named["name_id"],
        answer.conclusion.areas,
    )
    centers = classified(page.study, view).iloc[:0]  # a press on an area chooses no center
    source = looking.source(say, version)
    drawn = scene.of_quotients(say, view, inputs, centers, shown, source=source, own=session.own())
    draw(page, view, drawn, centers, inputs.zones)


def _table(page: Page, view: View, version: Version, asked: Question, answer: Answer) -> None:
    """Every area with units, the highest sure quotient first, and the file of it."""
    say, inputs = page.say, page.study.inputs
    rows = answer.table.sort_values(["low", "area_units"], ascending=False, na_position="last")
    codes = rows.index.to_series()
    names, clusters = files.area_names(inputs), answer.clusters.reindex(rows.index)
    spans = [
        concluding.span(say, low, high) if pd.notna(low) else NOTHING
        for low, high in zip(rows["low"], rows["high"], strict=True)
    ]
    few = rows["verdict"] == "too_few"
    cells = pd.DataFrame(
        {
            "area": codes.map(names).fillna(codes),
            "district": codes.str[:DISTRICT_DIGITS].map(names),
            "found": rows["found"],
            "all": rows["area_found"],
            "share": 100 * rows["share"],
            "quotient": rows["quotient"],
            "interval": spans,
            "verdict": [say(f"special.verdict_{verdict}") for verdict in rows["verdict"]],
            "cluster": [
                NOTHING if pd.isna(code) else say(f"special.cluster_{code}")
                for code in clusters.mask(few)
            ],
        },
        index=rows.index,
    )
    if asked.level == "district":
        cells = cells.drop(columns="district")
    digits = {"found": 0, "all": 0, "share": 1, "quotient": 2}
    styled = cells.style.format({c: partial(say.number, digits=d) for c, d in digits.items()})
    parts = {"found": asked.measure, "all": f"all_{asked.measure}"}
    heads = {c: say(f"special.head_{parts.get(c, c)}") for c in map(str, cells)}
    config = {c: st.column_config.Column(label) for c, label in heads.items()}
    st.html(heading(say("special.table")))
    grid(
        page,
        f"special-{hash((tuple(rows.index), asked, version.name))}",
        list(rows.index),
        styled,
        view.chosen("district") if asked.level == "district" else None,
        _choose,
        config,
        needed=(*NEEDED, "district"),
    )
    _download(page, view, version, asked, answer)


def _choose(code: str | None) -> None:
    """Show a district, or that of a subdistrict, on the map."""
    session.change(selection=("district", code[:DISTRICT_DIGITS]) if code else None)


def _download(page: Page, view: View, version: Version, asked: Question, answer: Answer) -> None:
    """The table without counts under three."""
    say, inputs, wanted = page.say, page.study.inputs, _wanted(view)
    span = wanted.since, wanted.until

    def made() -> bytes:
        shown = looking.publishable(version.name, wanted, asked.level, asked.measure)
        source = files.attribution(say, version, inputs, asked, span)
        return files.csv(say, inputs, asked, answer.table, answer.clusters, shown, source)

    st.download_button(
        say("special.download"),
        made,
        f"{say('special.file')}.csv",
        key="special-file",
        help=say("special.download_help"),
        on_click="ignore",
    )
