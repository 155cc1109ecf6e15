"""Scoring page, first part: the totals as printed, under every scheme, and what they allow."""

import pandas as pd
import streamlit as st
from markupsafe import Markup

from ikmgeo import analysis, symbols, tables
from ikmgeo.measures import claim_tests, improvement, scoring
from ikmgeo.measures.scoring import Scheme
from ikmgeo.ui.frame import Page, apology
from ikmgeo.ui.state import session
from ikmgeo.words.markup import heading, picture, scrolling, table
from ikmgeo.words.messages import NOTHING


def schemes_side_by_side(page: Page) -> None:
    """A matrix of centers and schemes, the rival totals, and the points to the next category."""
    say, study, view = page.say, page.study, session.view()
    st.html(heading(say("schemes.matrix"), say("schemes.matrix_note")))
    cuts, instrument = view.scheme.cuts, study.inputs.instrument
    found = {
        name: analysis.classify(study.measured, instrument, Scheme(name, cuts))["category"]
        for name in scoring.available(instrument)
    }
    centers = study.measured.centers
    order = centers["score"].sort_values(ascending=False, kind="stable", na_position="last").index
    order = order[:200]
    with apology(say):
        rows = [
            (
                centers.at[c, f"name_{say.language}"],
                say.number(tables.cell(centers, c, "score")),
                *(_category(page, one[c]) for one in found.values()),
            )
            for c in order
        ]
        heads = [say("table.name"), say("table.score"), *(say(f"scheme.{n}") for n in found)]
        st.html(scrolling(table(heads, rows, say("schemes.matrix")), say("schemes.matrix")))
    with apology(say):
        _next(page, centers.loc[order])
    own = session.own()
    if own is None or not own.in_place:
        with apology(say):
            _rivals(page)


def _category(page: Page, code: str) -> Markup:
    drawn = symbols.sign(page.study.inputs.instrument.signs[code])
    return Markup("{} {}").format(picture(drawn.svg()), page.say(f"category.{code}"))


def _next(page: Page, centers: pd.DataFrame) -> None:
    """Points to the next category under the contiguous bounds, or else the natural ones."""
    say, instrument = page.say, page.study.inputs.instrument
    name = scoring.unprinted(instrument)
    cuts = scoring.cut_points(Scheme(name), centers["score"], instrument)
    told = "; ".join(map(say.number, cuts))
    st.html(
        heading(
            say("schemes.next"),
            say("schemes.next_note", scheme=say.within(f"scheme.{name}"), cuts=told),
        )
    )
    missing = improvement.points_missing(centers["score"], cuts, instrument.categories)
    some = missing.dropna(subset="points").sort_values("points", kind="stable")
    rows = [
        (
            centers.at[c, f"name_{say.language}"],
            say.number(tables.cell(centers, c, "score")),
            _category(page, row["next_category"]),
            say.number(row["target"]),
            say.number(row["points"]),
        )
        for c, row in some.iterrows()
    ]
    heads = [say("table.name"), say("table.score"), say("schemes.next_category")]
    heads += [say("schemes.target"), say("schemes.points")]
    st.html(scrolling(table(heads, rows, say("schemes.next")), say("schemes.next")))


def _rivals(page: Page) -> None:
    """Totals that the source prints beside each other for one center, and what each makes of it."""
    say, inputs = page.say, session.shipped_study().inputs
    st.html(heading(say("schemes.rivals"), say("schemes.rivals_note")))
    combinations = claim_tests.score_combinations(inputs.centers, inputs.claims)
    name = scoring.unprinted(inputs.instrument)
    first = combinations[0]
    conflicting = [
        c
        for c in first.scores.index
        if any(one.scores[c] != first.scores[c] for one in combinations)
    ]
    rows = []
    for center in conflicting:
        for one in combinations:
            member = scoring.membership(one.scores, one.categories, inputs.instrument, Scheme(name))
            under = scoring.category(member, one.scores)[center]
            row = (
                inputs.centers.at[center, f"name_{say.language}"],
                say.number(one.scores[center], most=3),
                say.number(scoring.rank(one.scores)[center], 0),
                say.code("category", one.categories[center]),
                _category(page, under),
            )
            if row not in rows:
                rows.append(row)
    if not rows:
        st.caption(NOTHING)
        return
    heads = [say("table.name"), say("table.score"), say("table.rank")]
    heads += [say("scheme.as_published"), say(f"scheme.{name}")]
    st.html(scrolling(table(heads, rows, say("schemes.rivals")), say("schemes.rivals")))
