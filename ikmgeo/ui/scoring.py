"""Scoring page, first part: weights of the six aspects, and the scores that follow from them."""

from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from ikmgeo import analysis, composite, scoring
from ikmgeo.composite import AGGREGATIONS, LINKAGE_CHOICES, Composition, Weights
from ikmgeo.errors import DataError
from ikmgeo.ui import composing, session
from ikmgeo.ui import filters as filter_controls
from ikmgeo.ui.explore import classified
from ikmgeo.ui.frame import Page, apology, issue_list
from ikmgeo.ui.map_view import show_map
from ikmgeo.ui.markup import heading, markdown
from ikmgeo.ui.messages import Messages
from ikmgeo.ui.session import Study
from ikmgeo.ui.table import selectable
from ikmgeo.vocabulary import ASPECTS

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
    """Say that nobody assessed anything yet, and how to begin."""
    say = page.say
    st.info(say("scoring.no_aspects"))
    with st.container(horizontal=True):
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
    session.use(session.Own(name, checked.good, in_place=False, fictional=True))
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
    for aspect, weight in composition.weights.by_aspect().items():
        slide, type_in = st.columns([2.4, 1], gap="small", vertical_alignment="bottom")
        save = partial(_rebalance, aspect)
        slide.slider(
            say(f"aspect.{aspect}"),
            0.0,
            100.0,
            step=1.0,
            format="%g",  # all decimals, else they would not sum to 100 on screen
            **session.bound(f"w-weight-{aspect}", round(weight, 2), save),
        )
        type_in.number_input(
            say("scoring.weight_of", aspect=say(f"aspect.{aspect}")),
            0.0,
            100.0,
            step=1.0,
            format="%.2f",
            label_visibility="collapsed",
            **session.bound(f"w-typed-{aspect}", round(weight, 2), save),
        )
    _presets(say, composition)
    for field, options in (("aggregation", AGGREGATIONS), ("linkage", LINKAGE_CHOICES)):
        st.radio(
            say(f"scoring.{field}"),
            options,
            format_func=lambda code, field=field: say(f"{field}.{code}"),
            horizontal=True,
            help=say(f"scoring.{field}_help"),
            **session.bound(f"w-{field}", getattr(composition, field), partial(_set_one, field)),
        )


def _rebalance(aspect: str, value: float) -> None:
    weights = session.view().composition.weights
    _set_one("weights", weights.rebalanced(aspect, float(value)))


def _set_one(field: str, value: Any) -> None:
    composing.change(**{field: value, "source": composing.ASSESSED})


def _presets(say: Messages, composition: Composition) -> None:
    """Equal weights, and named ones of this session."""
    saved: dict[str, Weights] = st.session_state.setdefault("weight-presets", {})
    with st.container(horizontal=True, vertical_alignment="bottom", key="presets"):
        st.button(say("scoring.equal"), on_click=_set_one, args=("weights", Weights.equal()))
        with st.popover(say("scoring.presets")):
            for name, weights in saved.items():
                st.button(
                    markdown(name),
                    key=f"preset-{name}",
                    on_click=_set_one,
                    args=("weights", weights),
                )
            st.text_input(say("scoring.preset_name"), max_chars=60, key="preset-name")
            st.button(
                say("scoring.preset_save"),
                disabled=len(saved) >= MOST_PRESETS,
                on_click=_save_preset,
                args=(composition.weights,),
            )


def _save_preset(weights: Weights) -> None:
    # Read here: the click that leaves the field is the one that comes with what was typed.
    if name := st.session_state["preset-name"].strip():
        st.session_state["weight-presets"][name] = weights


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
