"""Scoring page, second part: weights of the aspects, and the scores that follow from them."""

import math
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from ikmgeo import analysis
from ikmgeo.analysis import Inputs
from ikmgeo.display import profiles
from ikmgeo.errors import DataError
from ikmgeo.filters import Filters
from ikmgeo.measures import composite, scoring
from ikmgeo.measures.composite import AGGREGATIONS, LINKAGE_CHOICES, Composition, Weights
from ikmgeo.reading.own import Own
from ikmgeo.reading.typed import Scale
from ikmgeo.settings import Settings
from ikmgeo.ui.frame import Page, apology, issue_list
from ikmgeo.ui.parts import filters as filter_controls
from ikmgeo.ui.parts.explained import explained
from ikmgeo.ui.parts.explore import classified
from ikmgeo.ui.parts.map_view import show_map
from ikmgeo.ui.parts.numbers import number_field, refusals
from ikmgeo.ui.parts.table import selectable
from ikmgeo.ui.parts.weighing import weight_controls
from ikmgeo.ui.scoring.standing import source_switch, view_of_aspects, who_is_assessed
from ikmgeo.ui.state import composing, installation, keys, session
from ikmgeo.ui.state.session import Study
from ikmgeo.words.markup import markdown, note, scrolling, table
from ikmgeo.words.messages import NOTHING, Messages
from ikmgeo.words.wording import derivation

MOST_PRESETS = 20
MOST_ROWS = 200
"""Centers whose aspects are listed."""

ANY_SHARE = Scale(0, 1e6)
"""What a weight may be while the sum is not set yet."""

TYPED = "typed-weights"
VULGAR = {Fraction(1, 2): "½", Fraction(1, 3): "⅓", Fraction(2, 3): "⅔"}


def weights_and_scores(page: Page) -> None:
    """Weigh the aspects; scores, ranks, categories and the map here follow at once.

    Other pages follow once the reader says so.
    """
    say, study = page.say, page.study
    if not has_scores(page):
        no_aspects(page)
        return
    with st.sidebar:
        filter_controls.scheme_control(say, study)
        if session.own() is None:
            _examples(page)
    source_switch(page)
    view = view_of_aspects(page)
    centers = classified(study, view)
    left, right = st.columns([1, 1.55], gap="medium")
    with left, apology(say):
        _weights(page, view.composition)
    with right, apology(say):
        some = centers[composing.aspects(study).notna().any(axis=1)]
        ordered = some.sort_values("score", ascending=False, kind="stable", na_position="last")
        _scores(page, ordered, view.composition)
        show_map(page, replace(view, filters=Filters()), centers, centers)  # none apply here
    with apology(say):
        _aspects(page, ordered)


def has_scores(page: Page) -> bool:
    """Whether any aspect of any center is known, so that there is something to weigh."""
    return bool(composing.aspects(page.study).notna().any(axis=None))


def no_aspects(page: Page) -> None:
    """Say that no center has all aspects yet, how to begin, and which lack what."""
    say = page.say
    begun = composing.aspects(page.study).notna().any(axis=1)
    count = int(begun.sum())
    st.info(say("scoring.incomplete", count=count) if begun.any() else say("scoring.no_aspects"))
    with st.container(horizontal=True):
        if session.own() is None:  # they would take the place of the reader's own
            _examples(page)
        st.button(say("scoring.go_assess"), on_click=session.change, kwargs={"section": "assess"})
    if session.view().composition.source == composing.ASSESSED:
        source_switch(page)
    who_is_assessed(page)


def _examples(page: Page) -> None:
    """Offer to load the fictional centers, and say why that failed."""
    if refused := keys.EXAMPLES_REFUSED.pop():
        st.html(issue_list(page.say, refused))
    st.button(page.say("scoring.load_examples"), on_click=load_examples, args=(page,))


def load_examples(page: Page) -> None:
    """Add the fictional centers, with a banner until they are removed."""
    study = session.shipped_study()
    try:
        centers = _fictional(study.stamp, installation.settings(), study.inputs)
    except DataError as refused:
        keys.EXAMPLES_REFUSED.set(tuple(refused.issues))
        return
    name = page.say("scoring.examples")
    keys.BEFORE_EXAMPLES.set(session.view().composition.source)
    session.use(Own(name, centers, in_place=False, fictional=True))
    composing.change_scores(source=composing.ASSESSED)


@st.cache_resource(max_entries=2, show_spinner=False)
def _fictional(stamp: str, _settings: Settings, _inputs: Inputs) -> pd.DataFrame:
    """The fictional centers, read once for all readers while the data stay as stamped."""
    return analysis.illustrative(_settings, _inputs).good


def _weights(page: Page, composition: Composition) -> None:
    """Sliders that sum to 100, typed values, presets, aggregation, linkage."""
    say = page.say
    equal = composition.weights == Weights.equal(composition.weights)
    told = say("scoring.equal_told", share=_exactly(len(composition.weights))) if equal else ""
    explained(say("scoring.weights"), say("scoring.weights_note"), told)
    weight_controls(
        say,
        lambda: session.view().composition.weights,
        partial(_set_one, "weights"),
        key="weight",
    )
    _presets(say, composition)
    for field, options in (("aggregation", AGGREGATIONS), ("linkage", LINKAGE_CHOICES)):
        st.radio(
            say(f"scoring.{field}"),
            options,
            format_func=lambda code, field=field: say(f"{field}.{code}"),
            horizontal=True,
            help=markdown(_help(say, field), longest=2_000),
            **session.bound(
                f"w-composition-{field}", getattr(composition, field), partial(_set_one, field)
            ),
        )


def _exactly(count: int) -> str:
    """100 in so many equal parts, without rounding."""
    whole, rest = divmod(Fraction(100, max(count, 1)), 1)
    return f"{whole}{VULGAR.get(rest, f' {rest}') if rest else ''}"


def _help(say: Messages, field: str) -> str:
    told = say(f"scoring.{field}_help")
    return f"{told} {derivation(say, 'score')}" if field == "aggregation" else told


def _set_one(field: str, value: Any) -> None:
    composing.change_scores(**{field: value})


def _type_all(say: Messages, composition: Composition) -> None:
    """Weights typed one after another and set together."""
    begun_at, known = keys.TYPED_TOGETHER.get()
    if begun_at != composition.weights:  # they were moved since: begin anew
        known = composition.weights.rounded()
        keys.TYPED_TOGETHER.set((composition.weights, known))
    for aspect in known:
        number_field(
            say,
            say(f"aspect.{aspect}"),
            known[aspect],
            ANY_SHARE,
            partial(known.__setitem__, aspect),
            key=f"w-together-{aspect}",
            form=TYPED,
        )
    if st.button(say("scoring.type_all_set")) and not refusals(say, TYPED):
        _set_all(known)
        st.rerun()
    if told := keys.TYPED_SUM.pop():
        key, total = told
        st.html(note(say(key, sum=say.points(total))))


def _set_all(typed: Mapping[str, float]) -> None:
    total = math.fsum(typed.values())
    if total == 0:
        keys.TYPED_SUM.set(("scoring.typed_zero", total))
        return
    if round(total, 2) != 100:
        keys.TYPED_SUM.set(("scoring.typed_scaled", total))
    _set_one("weights", Weights(Weights.normalised(typed).rounded()))


def _presets(say: Messages, composition: Composition) -> None:
    """Equal weights, typed ones, and named ones of this session."""
    saved = keys.WEIGHT_PRESETS.get()
    with st.container(horizontal=True, vertical_alignment="bottom", key="presets"):
        st.button(
            say("scoring.equal"),
            on_click=_set_one,
            args=("weights", Weights.equal(composition.weights)),
        )
        with st.popover(say("scoring.type_all")):
            _type_all(say, composition)
        with st.popover(say("scoring.presets")):
            for name, weights in saved.items():
                with st.container(horizontal=True):
                    st.button(
                        markdown(name),
                        key=f"preset-use-{name}",
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
            if refused := keys.PRESET_REFUSED.get():
                key, name = refused
                most = say.number(MOST_PRESETS, 0)
                st.html(note(say(f"scoring.preset_{key}", name=name, most=most)))


def _save_preset(weights: Weights) -> None:
    """Keep weights under the name typed; one that is used already only when asked again."""
    # Read here: the click that leaves the field is the one that comes with what was typed.
    name = keys.sent("preset-name").strip()
    saved = keys.WEIGHT_PRESETS.get()
    asked = keys.PRESET_REFUSED.pop()
    if name in saved and asked != ("used", name):
        keys.PRESET_REFUSED.set(("used", name))
    elif name not in saved and len(saved) >= MOST_PRESETS:
        keys.PRESET_REFUSED.set(("full", name))
    elif name:
        saved[name] = weights


def _delete_preset(name: str) -> None:
    keys.WEIGHT_PRESETS.get().pop(name, None)


def _scores(page: Page, ordered: pd.DataFrame, composition: Composition) -> None:
    """Score, rank and category of each center, and what equal weights would change."""
    say, study, view = page.say, page.study, session.view()
    used = composing.used_aspects(study, composition)
    equal = scoring.rank(
        composite.score(
            used, Weights.equal(composition.weights), aggregation=composition.aggregation
        )
    )
    cells: dict[str, Any] = {
        "rank": ordered["rank"].astype("Int64"),
        "name": ordered[f"name_{say.language}"],
        "score": scoring.as_printed(ordered["score"]),  # a screen reader reads all decimals
        "category": ordered["category"].map(lambda c: say(f"category.{c}")),
    }
    heads = {name: say(f"table.{name}") for name in cells}
    cells["equal"] = equal.loc[ordered.index].astype("Int64")
    heads["equal"] = say("scoring.rank_equal")
    style = pd.DataFrame(cells).style.format({"score": partial(say.number)})
    explained(say("scoring.scores"), say("scoring.scores_note"))
    config = {name: st.column_config.Column(label=label) for name, label in heads.items()}
    selectable(page, view, "center", list(ordered.index), style, config)
    missing = int(ordered["score"].isna().sum())
    if missing:
        st.caption(say("scoring.incomplete", count=missing))


def _aspects(page: Page, ordered: pd.DataFrame) -> None:
    """Aspects of each center, those that are measured beside those that were assessed."""
    say, study = page.say, page.study
    surveyed, measured = composing.aspects(study), composing.proximity(study)
    columns = {}
    for aspect in surveyed:
        columns[say(f"aspect.{aspect}")] = surveyed[aspect]
        if aspect in measured:
            columns[say("scoring.measured", aspect=say(f"aspect.{aspect}"))] = measured[aspect]
    standings = composing.assessed(study)
    told = {c: profiles.told_of(say, s) for c, s in standings.items()}
    rows = [
        (
            name,
            *(say.points(scores[str(center)]) for scores in columns.values()),
            told.get(str(center), NOTHING),
        )
        for center, name in ordered[f"name_{say.language}"].head(MOST_ROWS).items()
    ]
    heads = [say("table.name"), *columns, say("scoring.assessed")]
    label = say("aspect.heading")
    st.html(scrolling(table(heads, rows, label), label))
    if len(ordered) > MOST_ROWS:
        count, of = say.number(MOST_ROWS, 0), say.number(len(ordered), 0)
        st.caption(say("roads.first", count=count, of=of))


def scored_centers(study: Study, composition: Composition) -> pd.DataFrame:
    """Aspects (with the chosen linkages) of the centers that have a score from them."""
    used = composing.used_aspects(study, composition)
    score = composite.score(used, composition.weights, aggregation=composition.aggregation)
    return used[score.notna()]
