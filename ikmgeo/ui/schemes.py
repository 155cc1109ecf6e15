"""Scoring page, third part: centers of which only a printed total is known, under every scheme."""

import pandas as pd
import streamlit as st
from markupsafe import Markup

from ikmgeo import analysis, claim_tests, improvement, scoring, symbols
from ikmgeo.markup import heading, picture, scrolling, table
from ikmgeo.messages import NOTHING, Messages
from ikmgeo.scoring import Scheme
from ikmgeo.ui import session
from ikmgeo.ui.frame import Page, apology
from ikmgeo.vocabulary import SCHEMES


def schemes_side_by_side(page: Page) -> None:
    """A matrix of centers and schemes, the rival totals, and the points to the next category."""
    say, study, view = page.say, page.study, session.view()
    st.html(heading(say("schemes.matrix"), say("schemes.matrix_note")))
    cuts = view.scheme.cuts
    found = {
        name: analysis.classify(study.measured, study.inputs.claims, Scheme(name, cuts))["category"]
        for name in SCHEMES
    }
    centers = study.measured.centers
    order = centers["score"].sort_values(ascending=False, kind="stable", na_position="last").index
    order = order[:200]
    with apology(say):
        rows = [
            (
                centers.at[c, f"name_{say.language}"],
                say.number(centers.at[c, "score"]),
                *(_category(say, found[name][c]) for name in SCHEMES),
            )
            for c in order
        ]
        heads = [say("table.name"), say("table.score"), *(say(f"scheme.{n}") for n in SCHEMES)]
        st.html(scrolling(table(heads, rows, say("schemes.matrix")), say("schemes.matrix")))
    with apology(say):
        _next(say, centers.loc[order])
    own = session.own()
    if own is None or not own.in_place:
        with apology(say):
            _rivals(page)


def _category(say: Messages, code: str) -> Markup:
    return Markup("{} {}").format(picture(symbols.sign(code).svg()), say(f"category.{code}"))


def _next(say: Messages, centers: pd.DataFrame) -> None:
    """Points to the next category under the contiguous bounds."""
    st.html(heading(say("schemes.next"), say("schemes.next_note")))
    missing = improvement.points_missing(centers["score"], scoring.PRINTED_BOUNDS)
    some = missing.dropna(subset="points").sort_values("points", kind="stable")
    rows = [
        (
            centers.at[c, f"name_{say.language}"],
            say.number(centers.at[c, "score"]),
            _category(say, row["next_category"]),
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
    ranges = inputs.claims[inputs.claims["kind"] == "range"]
    first = combinations[0]
    conflicting = [
        c
        for c in first.scores.index
        if any(one.scores[c] != first.scores[c] for one in combinations)
    ]
    rows = []
    for center in conflicting:
        for one in combinations:
            member = scoring.membership(one.scores, one.categories, ranges, Scheme("contiguous"))
            under = scoring.category(member, one.scores)[center]
            row = (
                inputs.centers.at[center, f"name_{say.language}"],
                say.number(one.scores[center], most=3),
                say.number(scoring.rank(one.scores)[center], 0),
                say.code("category", one.categories[center]),
                _category(say, under),
            )
            if row not in rows:
                rows.append(row)
    if not rows:
        st.caption(NOTHING)
        return
    heads = [say("table.name"), say("table.score"), say("table.rank")]
    heads += [say("scheme.as_published"), say("scheme.contiguous")]
    st.html(scrolling(table(heads, rows, say("schemes.rivals")), say("schemes.rivals")))
