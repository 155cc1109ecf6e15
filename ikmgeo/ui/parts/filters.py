"""The sidebar's filters: each control shows the view and writes back to it."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st
from markupsafe import Markup

from ikmgeo import handout, symbols, tables
from ikmgeo.filters import ANY_ZONE, CONFLICTING, Filters, turned, without
from ikmgeo.instrument import Instrument, ascend
from ikmgeo.measures.scoring import Scheme, available
from ikmgeo.reading.typed import Scale
from ikmgeo.symbols import WORDS
from ikmgeo.ui.parts.bars import CLOSE, Toggle, press
from ikmgeo.ui.parts.weighing import slider_beside_field
from ikmgeo.ui.state import keys, session
from ikmgeo.ui.state.session import Study
from ikmgeo.vocabulary import SCHEMES
from ikmgeo.words.markup import markdown
from ikmgeo.words.messages import Messages

STEPS_KM = (5, 10, 15, 20, 25, 30, 40, 50, 60, 75, 100, 125, 150, 200, 300)

ALL_SCORES = (0.0, 100.0)


def _set(**fields: Any) -> None:
    session.change(filters=replace(session.view().filters, **fields))


def reset() -> None:
    """Drop every filter; language, scheme and selection stay."""
    session.change(filters=Filters())


def scheme_control(say: Messages, study: Study) -> None:
    """Choice of the classification scheme, with its cut points where the reader sets them."""
    scheme, instrument = session.view().scheme, study.inputs.instrument
    at_hand = available(instrument)
    st.selectbox(
        say("scheme.label"),
        at_hand,
        format_func=lambda name: say(f"scheme.{name}"),
        help=say("scheme.help"),
        **session.bound(
            "w-scheme", scheme.name, lambda name: session.change(scheme=replace(scheme, name=name))
        ),
    )
    if lacking := [say(f"scheme.{name}") for name in SCHEMES if name not in at_hand]:
        st.caption(say("scheme.unavailable", schemes=say.listed(lacking)))
    if scheme.name != "custom":
        return
    cuts = scheme.cuts or instrument.cuts
    rising = [*instrument.categories][-2::-1]
    for at, above in enumerate(rising):

        def save(value: float, at: int = at) -> None:
            moved = (*cuts[:at], float(value), *cuts[at + 1 :])
            if ascend(moved):
                session.change(scheme=Scheme("custom", moved))
            else:
                keys.CUTS_REFUSED.set(True)

        label = say("scheme.above", category=say(f"category.{above}"))
        typed_label = say("scheme.typed", label=label)
        cut = float(cuts[at])
        # Each between its neighbours, a hundredth apart.
        least = round(cuts[at - 1] + 0.01, 2) if at else 0.0
        most = round(cuts[at + 1] - 0.01, 2) if at < len(cuts) - 1 else 100.0
        scale = Scale(least, most)
        slider_beside_field(say, label, typed_label, cut, save, key=f"cut-{at}", scale=scale)
    if keys.CUTS_REFUSED.pop():
        st.warning(say("scheme.cuts_refused", number=say.code("number", len(cuts))))


def controls(say: Messages, study: Study, centers: pd.DataFrame) -> None:
    """Filters that a planner uses most: category, commodity, distance to the zones."""
    filters, inputs = session.view().filters, study.inputs
    present = set(centers["category"])
    words = [word for word in WORDS if word in present or word in filters.categories]
    st.multiselect(
        say("filter.categories"),
        [*inputs.instrument.categories, *words],
        format_func=lambda code: say(f"category.{code}"),
        placeholder=say("filter.all"),
        **session.bound(
            "w-categories", list(filters.categories), lambda v: _set(categories=tuple(v))
        ),
    )
    st.multiselect(
        say("filter.commodities"),
        list(inputs.commodities.index),
        format_func=lambda code: say.name(tables.row(inputs.commodities, code)),
        placeholder=say("filter.all"),
        **session.bound(
            "w-commodities", list(filters.commodities), lambda v: _set(commodities=tuple(v))
        ),
    )
    _distance(say, study, filters)


def other_controls(say: Messages, study: Study, centers: pd.DataFrame) -> None:
    """Filters that are used less: by words, district and score."""
    filters, inputs = session.view().filters, study.inputs
    st.text_input(
        say("filter.text"),
        placeholder=say("filter.text_hint"),
        max_chars=100,
        **session.bound("w-text", filters.text, lambda v: _set(text=v.strip())),
    )
    used = set(centers["district"].dropna()) | set(filters.districts)
    st.multiselect(
        say("filter.districts"),
        [code for code in inputs.districts.index if code in used],
        format_func=lambda code: tables.cell(inputs.districts, code, "name_id"),
        placeholder=say("filter.all"),
        **session.bound("w-districts", list(filters.districts), lambda v: _set(districts=tuple(v))),
    )
    st.slider(
        say("filter.score"),
        *ALL_SCORES,
        step=1.0,
        format="localized",
        **session.bound(
            "w-score",
            filters.score or ALL_SCORES,
            lambda v: _set(score=None if v == ALL_SCORES else v),
        ),
    )


def _distance(say: Messages, study: Study, filters: Filters) -> None:
    zones = study.inputs.zones
    st.selectbox(
        say("filter.zone"),
        [ANY_ZONE, *zones.index.to_list()],
        format_func=lambda z: (
            say("filter.any_zone") if z == ANY_ZONE else tables.cell(zones, z, "short_name")
        ),
        **session.bound("w-zone", filters.zone, lambda v: _set(zone=v)),
    )
    steps = sorted({*map(float, STEPS_KM), *([filters.within_km] if filters.within_km else [])})
    st.select_slider(
        say("filter.within_km"),
        [*steps, None],
        format_func=lambda km: (
            say("filter.no_limit")
            if km is None
            else f"{say.number(km, 0 if km % 1 == 0 else 1)} km"
        ),
        help=say("linkage.straight_line_help"),
        **session.bound("w-km", filters.within_km, lambda v: _set(within_km=v)),
    )


def above(say: Messages, study: Study, centers: pd.DataFrame, met: pd.DataFrame) -> None:
    """What is shown, above the map: how many centers, and every filter with the way out of it."""
    filters = session.view().filters
    kept = say.number(int(met.all(axis=1).sum()), 0)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="above"):
        told = say("filter.count", kept=kept, of=len(centers))
        st.html(Markup('<p role="status" class="ikm-count">{}</p>').format(told), width="content")
        for one in _toggles(say, study.inputs.instrument, centers, met):
            press(say, one)
        for condition, (name, value) in handout.conditions(say, study.inputs, filters).items():
            if condition not in ("categories", "conflicting"):
                st.button(
                    markdown(f"{name}: {value}") + CLOSE,
                    key=f"chip-{condition}",
                    type="primary",
                    on_click=_drop,
                    args=(condition,),
                )
        if filters != Filters():
            st.button(say("filter.reset"), key="reset", on_click=reset)


def _toggles(
    say: Messages, instrument: Instrument, centers: pd.DataFrame, met: pd.DataFrame
) -> Iterator[Toggle]:
    """Each category that there is, best first, the last one as the weak one; contradictions."""
    filters = session.view().filters
    beside = met.drop(columns="categories", errors="ignore").all(axis=1)
    counts = centers.loc[beside, "category"].value_counts()
    present = {*centers["category"], *filters.categories}
    weakest = [*instrument.categories][-1:]
    for code, sign in instrument.signs.items():
        if code in present:
            name, told = say(f"category.{code}"), say.number(counts.get(code, 0), 0)
            name = say("filter.weakest", name=name) if code in weakest else name
            chosen, act = (
                code in filters.categories,
                partial(session.refilter, turned(filters, code)),
            )
            yield Toggle(f"toggle-category-{code}", name, told, chosen, act, symbols.sign(sign))
    contradicted = centers["conflicting"].astype(bool)
    if contradicted.any() or filters.conflicting:
        beside = met.drop(columns="conflicting", errors="ignore").all(axis=1)
        name, told = say("map.conflicting"), say.number((contradicted & beside).sum(), 0)
        act = partial(session.refilter, turned(filters, CONFLICTING))
        yield Toggle("toggle-conflicting", name, told, filters.conflicting, act, symbols.conflict())


def nothing_left(say: Messages, study: Study, would_remain: pd.Series) -> None:
    """Say that no center is left, and offer each condition that helps when relaxed."""
    helps = would_remain[would_remain > 0]
    told = handout.conditions(say, study.inputs, session.view().filters)
    with st.container(horizontal=True, vertical_alignment="center", key="nothing-left"):
        st.warning(
            say("filter.nothing") + " " + say("filter.relax" if len(helps) else "filter.relax_more")
        )
        for name, remain in helps.items():
            label = say("filter.drop", filter=told[str(name)][0], count=int(remain))
            st.button(label, key=f"without-{name}", on_click=_drop, args=(name,))
        if helps.empty:
            st.button(say("filter.reset"), key="reset-all", on_click=reset)


def _drop(name: str) -> None:
    session.change(filters=without(session.view().filters, name))
