"""Scoring page, third part: how sure ranks and categories are under other weights and choices."""

from typing import Any

import pandas as pd
import streamlit as st
from markupsafe import Markup

from ikmgeo import tables
from ikmgeo.display import scoring_charts
from ikmgeo.instrument import Instrument
from ikmgeo.measures import composite, robustness
from ikmgeo.measures.composite import Composition
from ikmgeo.measures.robustness import Robustness
from ikmgeo.measures.scoring import Scheme
from ikmgeo.ui.frame import Page, apology
from ikmgeo.ui.parts import filters as filter_controls
from ikmgeo.ui.parts.explained import explained
from ikmgeo.ui.parts.explore import distinct
from ikmgeo.ui.scoring.scoring import no_aspects, scored_centers
from ikmgeo.ui.scoring.standing import source_switch, view_of_aspects
from ikmgeo.ui.state import session
from ikmgeo.words.markup import scrolling, table
from ikmgeo.words.messages import NOTHING, Messages
from ikmgeo.words.wording import derivation

SHOWN = 60
"""Centers in a chart, best first; the tables tell of all that fit a page."""

FEWEST_CORRELATED = 3
"""Any two points lie on a line."""


def certainty(page: Page) -> None:
    """Rank intervals, chances of categories, other choices, and what drives the ranking."""
    say, view, instrument = page.say, session.view(), page.study.inputs.instrument
    with st.sidebar:
        filter_controls.scheme_control(say, page.study)
    composition = view.composition
    aspects = scored_centers(page.study, composition)
    if aspects.empty:
        no_aspects(page)
        return
    source_switch(page)
    view = view_of_aspects(page)
    found = _robust(aspects, composition, view.scheme, instrument)
    names = distinct(page.study.measured.centers[f"name_{say.language}"]).loc[aspects.index]
    order = found.centers.sort_values(["rank", "rank_low"], kind="stable").index
    left, right = st.columns(2, gap="medium")
    with left, apology(say):
        _ranks(say, found, names, order)
    with right, apology(say):
        _chances(page, found, names, order)
    with apology(say):
        _table(say, found, names, order)
    with apology(say):
        _choices(say, aspects, composition, names, order)
    with apology(say):
        _drivers(say, aspects, composition)


def _robust(
    aspects: pd.DataFrame, composition: Composition, scheme: Scheme, instrument: Instrument
) -> Robustness:
    """Robustness, worked out once for these aspects and choices."""
    key = (
        int(pd.util.hash_pandas_object(aspects).sum()),
        composition.weights,
        composition.aggregation,
        scheme,
    )

    def work() -> Robustness:
        with st.spinner(""):
            return robustness.robustness(
                aspects,
                composition.weights,
                scheme,
                instrument,
                aggregation=composition.aggregation,
            )

    return session.kept("robust", key, work)


def _ranks(say: Messages, found: Robustness, names: pd.Series, order: pd.Index) -> None:
    ranks = found.centers.loc[order[:SHOWN], ["rank", "rank_low", "rank_high"]]
    width = (ranks["rank_high"] - ranks["rank_low"]).idxmax()
    told = say(
        "certainty.ranks_told",
        name=names[str(width)],
        low=say.number(tables.cell(ranks, width, "rank_low"), 0),
        high=say.number(tables.cell(ranks, width, "rank_high"), 0),
    )
    drawn = say("certainty.intro", draws=say.number(robustness.DRAWS, 0))
    explained(say("certainty.ranks"), told, f"{drawn} {derivation(say, 'rank_interval')}")
    chart = scoring_charts.rank_intervals(
        ranks.assign(name=names),
        x_title=say("table.rank"),
        language=say.language,
        description=told,
    )
    st.altair_chart(chart, width="stretch", theme=None)


def _chances(page: Page, found: Robustness, names: pd.Series, order: pd.Index) -> None:
    say, instrument = page.say, page.study.inputs.instrument
    labels = {c: say(f"category.{c}") for c in instrument.categories}
    some = found.probability.loc[order[:SHOWN]]
    if some.isna().all(axis=None):
        explained(say("certainty.chances"))
        st.caption(say("certainty.no_categories"))
        return
    long = (
        some.rename(columns=labels)
        .assign(name=names)
        .melt("name", list(labels.values()), var_name="category", value_name="probability")
    )
    stable = int(found.centers["stable"].fillna(value=False).sum())
    told = say(
        "certainty.chances_told",
        stable=stable,
        of=say.number(len(found.centers), 0),
    )
    explained(say("certainty.chances"), told)
    chart = scoring_charts.category_chances(
        long,
        {label: instrument.signs[c].fill for c, label in labels.items()},
        x_title=say("certainty.probability"),
        language=say.language,
        description=told,
    )
    st.altair_chart(chart, width="stretch", theme=None)


def _table(say: Messages, found: Robustness, names: pd.Series, order: pd.Index) -> None:
    rows = []
    for center in order[:200]:
        one, chances = found.centers.loc[center], found.probability.loc[center]
        rows.append(
            (
                names[center],
                say.number(one["score"]),
                say.number(one["rank"], 0),
                f"{say.number(one['rank_low'], 0)}–{say.number(one['rank_high'], 0)}",
                say.code("category", one["category"]),
                *_percents(say, chances),
                stability(say, one["stable"]),
            )
        )
    heads = [say(f"table.{n}") for n in ("name", "score", "rank")]
    heads += [say("certainty.rank_interval"), say("table.category")]
    heads += [say(f"category.{c}") for c in found.probability]
    heads.append(say("certainty.stable"))
    st.html(scrolling(table(heads, rows, say("certainty.table")), say("certainty.table")))


def _percents(say: Messages, chances: pd.Series) -> list[str]:
    """The chances of one center in whole percent, which together are 100."""
    if chances.isna().any():
        return [NOTHING] * len(chances)
    whole = composite.whole_parts(dict(zip(chances.index, chances, strict=True)), 100)
    return [f"{say.number(part, 0)}{say('linkage.percent')}" for part in whole.values()]


def stability(say: Messages, stable: Any) -> str:
    """A sign and a word for whether a category holds."""
    if pd.isna(stable):
        return NOTHING
    return f"● {say('certainty.is_stable')}" if stable else f"◌ {say('certainty.is_unstable')}"


def _choices(
    say: Messages,
    aspects: pd.DataFrame,
    composition: Composition,
    names: pd.Series,
    order: pd.Index,
) -> None:
    """Ranks under other choices, and how far they shift on average."""
    explained(
        say("certainty.choices"), say("certainty.choices_note"), derivation(say, "rank_shift")
    )
    found = robustness.scenarios(aspects, composition.weights, aggregation=composition.aggregation)
    others = [name for name in found.ranks.columns if name != "nominal"]
    heads = [say("table.name"), say("table.rank"), *(_choice(say, name) for name in others)]
    rows: list[list[object]] = [
        [names[c], *(say.number(tables.cell(found.ranks, c, n), 0) for n in ("nominal", *others))]
        for c in order[:200]
    ]
    rows.append(
        [
            Markup("<strong>{}</strong>").format(say("certainty.shift")),
            NOTHING,
            *(say.number(found.shift[n], 2) for n in others),
        ]
    )
    st.html(scrolling(table(heads, rows, say("certainty.choices")), say("certainty.choices")))


def _choice(say: Messages, name: str) -> str:
    if name.startswith("without_"):
        aspect = say(f"aspect.{name.removeprefix('without_')}")
        return say("certainty.without", aspect=aspect)
    return say(f"certainty.{name}")


def _drivers(say: Messages, aspects: pd.DataFrame, composition: Composition) -> None:
    """Which aspects really order the centers, beside the weights they were given."""
    method = f"{say('certainty.drivers_note')} {derivation(say, 'correlation_ratio')}"
    scores = composite.score(aspects, composition.weights, aggregation=composition.aggregation)
    found = robustness.correlation_ratio(scores, aspects, composition.weights)
    if found["correlation_ratio"].isna().all():
        fewest = say.number(robustness.MINIMUM_CENTERS, 0)
        count = say.number(len(scores), 0)
        told = say("certainty.too_few", fewest=fewest, count=count)
        explained(say("certainty.drivers"), told, method)
        _correlations(say, aspects, scores)
        return
    shares = pd.DataFrame(
        {
            "aspect": [say(f"aspect.{a}") for a in composition.weights],
            "weight": list(composition.weights.rounded().values()),
            "explained": (100 * found["correlation_ratio"]).to_numpy(),
        }
    )
    top = tables.row(shares, shares["explained"].idxmax())
    told = say(
        "certainty.drivers_told",
        aspect=top["aspect"],
        explained=say.number(top["explained"], 0),
        weight=say.points(top["weight"]),
    )
    explained(say("certainty.drivers"), told, method)
    chart = scoring_charts.drivers(
        shares,
        weight=say("certainty.weight"),
        driver=say("certainty.explained"),
        x_title=say("linkage.percent"),
        language=say.language,
        description=told,
    )
    st.altair_chart(chart, width="stretch", theme=None)
    rows = [
        (aspect, say.points(weight), say.number(explained, 0))
        for aspect, weight, explained in shares.itertuples(index=False, name=None)
    ]
    heads = [say("certainty.aspect"), say("certainty.weight"), say("certainty.explained")]
    st.html(scrolling(table(heads, rows, ""), say("certainty.drivers")))


def _correlations(say: Messages, aspects: pd.DataFrame, scores: pd.Series) -> None:
    """Correlation of each aspect with the score, for centers too few to tell more of them."""
    if len(scores) < FEWEST_CORRELATED:
        return
    label = say("certainty.correlation")
    varied = aspects.loc[:, aspects.nunique() > 1]  # what is the same everywhere has none
    found = varied.corrwith(scores).reindex(aspects.columns)
    rows = [(say(f"aspect.{a}"), say.number(found[a])) for a in aspects.columns]
    st.html(scrolling(table([say("certainty.aspect"), label], rows, label), label))
