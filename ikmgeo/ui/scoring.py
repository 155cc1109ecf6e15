"""Scoring page, first part: weights of the six aspects, and the scores that follow from them."""

import math
from collections.abc import Mapping
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from ikmgeo import analysis, composite, panels, scoring
from ikmgeo.composite import AGGREGATIONS, LINKAGE_CHOICES, Composition, Weights
from ikmgeo.errors import DataError
from ikmgeo.markup import heading, markdown, note
from ikmgeo.messages import Messages
from ikmgeo.own import Own
from ikmgeo.ui import composing, session
from ikmgeo.ui import filters as filter_controls
from ikmgeo.ui.explore import classified
from ikmgeo.ui.frame import Page, apology, issue_list
from ikmgeo.ui.map_view import show_map
from ikmgeo.ui.session import Study
from ikmgeo.ui.table import selectable
from ikmgeo.vocabulary import ASPECTS
from ikmgeo.wording import derivation

MOST_PRESETS = 20


def weights_and_scores(page: Page) -> None:
    """Weigh the aspects; scores, ranks, categories and the map follow at once."""
    say, study = page.say, page.study
    known = composing.aspects(study)
    if not known.notna().any(axis=None):
        no_aspects(page)
        return
    with st.sidebar:
        source_control(say)
        filter_controls.scheme_control(say)
        if session.own() is None:
            _examples(page)
    view = session.view()
    left, right = st.columns([1, 1.55], gap="medium")
    with left, apology(say):
        _weights(page, view.composition)
    centers = classified(study, view)
    with right, apology(say):
        if view.composition.source == composing.PUBLISHED:
            st.info(say("scoring.still_published"))
        show_map(page, view, centers, centers)
    with apology(say):
        _scores(page, centers, view.composition)


def no_aspects(page: Page) -> None:
    """Say that no center has all aspects yet, and how to begin."""
    say = page.say
    begun = composing.aspects(page.study).notna().any(axis=1)
    count = say.number(int(begun.sum()), 0)
    st.info(say("scoring.incomplete", count=count) if begun.any() else say("scoring.no_aspects"))
    with st.container(horizontal=True):
        if session.own() is None:  # they would take the place of the reader's own
            _examples(page)
        st.button(say("scoring.go_assess"), on_click=session.change, kwargs={"section": "assess"})


def _examples(page: Page) -> None:
    """Offer to load the fictional centers, and say why that failed."""
    if refused := st.session_state.pop("examples-refused", ()):
        st.html(issue_list(page.say, refused))
    st.button(page.say("scoring.load_examples"), on_click=load_examples, args=(page,))


def load_examples(page: Page) -> None:
    """Add the six fictional centers, with a banner until they are removed."""
    try:
        checked = analysis.illustrative(session.settings(), session.shipped_study().inputs)
    except DataError as refused:
        st.session_state["examples-refused"] = refused.issues
        return
    name = page.say("scoring.examples")
    st.session_state["before-examples"] = session.view().composition.source
    session.use(Own(name, checked.good, in_place=False, fictional=True))
    composing.change(source=composing.ASSESSED)


def source_control(say: Messages) -> None:
    """Printed totals or assessed aspects."""
    st.radio(
        say("scoring.source"),
        composite.SOURCES,
        format_func=lambda code: say(f"score_source.{code}"),
        **session.bound(
            "w-score-source",
            session.view().composition.source,
            lambda v: composing.change(source=v),
        ),
    )


def _weights(page: Page, composition: Composition) -> None:
    """Six sliders that sum to 100, typed values, presets, aggregation, linkage."""
    say = page.say
    st.html(heading(say("scoring.weights"), say("scoring.weights_note")))
    with st.container():  # always there: else the sliders below would lose the focus
        if composition.weights == Weights.equal():
            st.html(note(say("scoring.equal_told")))
    for aspect, weight in composition.weights.rounded().items():
        slide, type_in = st.columns([2.4, 1], gap="small", vertical_alignment="bottom")
        save = partial(_rebalance, aspect)
        slide.slider(
            say(f"aspect.{aspect}"),
            0.0,
            100.0,
            step=1.0,
            format="%g",  # all decimals, else they would not sum to 100 on screen
            **session.linked(f"w-weight-{aspect}", weight, save),
        )
        type_in.number_input(
            say("scoring.weight_of", aspect=say(f"aspect.{aspect}")),
            0.0,
            100.0,
            step=1.0,
            format="%.2f",
            label_visibility="collapsed",
            **session.linked(f"w-typed-{aspect}", weight, save),
        )
    _presets(say, composition)
    for field, options in (("aggregation", AGGREGATIONS), ("linkage", LINKAGE_CHOICES)):
        st.radio(
            say(f"scoring.{field}"),
            options,
            format_func=lambda code, field=field: say(f"{field}.{code}"),
            horizontal=True,
            help=markdown(_help(say, field), longest=2_000),
            **session.bound(f"w-{field}", getattr(composition, field), partial(_set_one, field)),
        )


def _help(say: Messages, field: str) -> str:
    told = say(f"scoring.{field}_help")
    return f"{told} {derivation(say, 'score')}" if field == "aggregation" else told


def _rebalance(aspect: str, value: float) -> None:
    weights = session.view().composition.weights
    _set_one("weights", weights.rebalanced(aspect, float(value)))


def _set_one(field: str, value: Any) -> None:
    composing.change(**{field: value, "source": composing.ASSESSED})


def _type_all(say: Messages, composition: Composition) -> None:
    """Six weights typed one after another and set together."""
    with st.form("type-all", border=False):
        typed = {
            aspect: st.number_input(
                say(f"aspect.{aspect}"), 0.0, value=weight, step=1.0, format="%.2f"
            )
            for aspect, weight in composition.weights.rounded().items()
        }
        if st.form_submit_button(say("scoring.type_all_set")):
            _set_all(typed)
            st.rerun()
    if told := st.session_state.pop("typed-sum", None):
        key, total = told
        st.html(note(say(key, sum=say.number(total))))


def _set_all(typed: Mapping[str, float]) -> None:
    total = math.fsum(typed.values())
    if total == 0:
        st.session_state["typed-sum"] = ("scoring.typed_zero", total)
        return
    if round(total, 2) != 100:
        st.session_state["typed-sum"] = ("scoring.typed_scaled", total)
    _set_one("weights", Weights(**Weights.normalised(typed).rounded()))


def _presets(say: Messages, composition: Composition) -> None:
    """Equal weights, six typed ones, and named ones of this session."""
    saved: dict[str, Weights] = st.session_state.setdefault("weight-presets", {})
    with st.container(horizontal=True, vertical_alignment="bottom", key="presets"):
        st.button(say("scoring.equal"), on_click=_set_one, args=("weights", Weights.equal()))
        with st.popover(say("scoring.type_all")):
            _type_all(say, composition)
        with st.popover(say("scoring.presets")):
            for name, weights in saved.items():
                with st.container(horizontal=True):
                    st.button(
                        markdown(name),
                        key=f"preset-{name}",
                        on_click=_set_one,
                        args=("weights", weights),
                    )
                    st.button(
                        say("scoring.preset_delete", name=markdown(name)),
                        key=f"preset-delete-{name}",
                        type="tertiary",
                        on_click=_delete_preset,
                        args=(name,),
                    )
            st.text_input(say("scoring.preset_name"), max_chars=60, key="preset-name")
            st.button(
                say("scoring.preset_save"), on_click=_save_preset, args=(composition.weights,)
            )
            if refused := st.session_state.get("preset-refused"):
                key, name = refused
                most = say.number(MOST_PRESETS, 0)
                st.html(note(say(f"scoring.preset_{key}", name=name, most=most)))


def _save_preset(weights: Weights) -> None:
    """Keep weights under the name typed; one that is used already only when asked again."""
    # Read here: the click that leaves the field is the one that comes with what was typed.
    name = st.session_state["preset-name"].strip()
    saved = st.session_state["weight-presets"]
    asked = st.session_state.pop("preset-refused", None)
    if name in saved and asked != ("used", name):
        st.session_state["preset-refused"] = ("used", name)
    elif name not in saved and len(saved) >= MOST_PRESETS:
        st.session_state["preset-refused"] = ("full", name)
    elif name:
        saved[name] = weights


def _delete_preset(name: str) -> None:
    st.session_state["weight-presets"].pop(name, None)


def _scores(page: Page, centers: pd.DataFrame, composition: Composition) -> None:
    """Aspects, score, rank and category of each center, and what equal weights would change."""
    say, study, view = page.say, page.study, session.view()
    used = composing.used_aspects(study, composition)
    equal = scoring.rank(
        composite.score(used, Weights.equal(), aggregation=composition.aggregation)
    )
    measured = composing.proximity(study)
    surveyed = composing.aspects(study)
    some = centers[surveyed.notna().any(axis=1)]
    ordered = some.sort_values("score", ascending=False, kind="stable", na_position="last")
    cells: dict[str, Any] = {
        "rank": ordered["rank"].astype("Int64"),
        "name": ordered[f"name_{say.language}"],
        "score": ordered["score"].round(2),  # a screen reader reads all decimals
        "category": ordered["category"].map(lambda c: say(f"category.{c}")),
    }
    heads = {name: say(f"table.{name}") for name in cells}
    for aspect in ASPECTS:
        cells[aspect] = surveyed.loc[ordered.index, aspect]
        heads[aspect] = say(f"aspect.{aspect}")
        if aspect in composite.LINKAGE_ASPECTS:
            key = f"{aspect} measured"
            cells[key] = measured.loc[ordered.index, aspect].round(2)
            heads[key] = say("scoring.measured", aspect=say(f"aspect.{aspect}"))
    standings = composing.assessed(study)
    told = {c: panels.told_of(say, s) for c, s in standings.items()}
    cells["assessed"] = pd.Series(told, dtype=object).reindex(ordered.index)
    heads["assessed"] = say("scoring.assessed")
    cells["equal"] = equal.loc[ordered.index].astype("Int64")
    heads["equal"] = say("scoring.rank_equal")
    table = pd.DataFrame(cells)
    numbers = table.select_dtypes("float").columns
    style = table.style.format(
        {n: (lambda v, d=2 if n == "score" else 0: say.number(v, d)) for n in numbers}
    )
    st.html(heading(say("scoring.scores"), say("scoring.scores_note")))
    config = {name: st.column_config.Column(label=label) for name, label in heads.items()}
    selectable(page, view, "center", list(ordered.index), style, config)
    missing = int(ordered["score"].isna().sum())
    if missing and composition.source == composing.ASSESSED:
        st.caption(say("scoring.incomplete", count=say.number(missing, 0)))


def scored_centers(study: Study, composition: Composition) -> pd.DataFrame:
    """Aspects (with the chosen linkages) of the centers that have a score from them."""
    used = composing.used_aspects(study, composition)
    score = composite.score(used, composition.weights, aggregation=composition.aggregation)
    return used[score.notna()]
