"""Linkage page, fourth part: what the paper claims in words and sums, tested on its own figures."""

from collections.abc import Mapping

import pandas as pd
import streamlit as st
from markupsafe import Markup

from ikmgeo import tables
from ikmgeo.analysis import Linked
from ikmgeo.display import charts
from ikmgeo.measures import claim_tests as tests
from ikmgeo.measures.linkage import Parameters
from ikmgeo.ui.frame import Page, apology
from ikmgeo.ui.linkage.linkage import basis, column_name, interval, more, try_linking
from ikmgeo.ui.state import linking, session
from ikmgeo.ui.state.session import Study
from ikmgeo.words import wording
from ikmgeo.words.markup import heading, note, scrolling, table
from ikmgeo.words.messages import NOTHING, Messages


def claim_tests(page: Page) -> None:
    """Association of score and proximity, the majority claim, and the printed sums."""
    say = page.say
    with st.columns([1, 3])[0]:
        more(say)
    study = session.shipped_study()
    zones = linking.real_zones(study)
    if zones.table.empty or study.measured.centers.empty:
        st.info(say("linkage.no_zone"))
        return
    measured = try_linking(page, study, study.measured.centers, zones)
    if measured is None:
        return
    (found,) = measured
    with apology(say):
        combinations = tests.score_combinations(study.inputs.centers, study.inputs.claims)
        scores = [_figures(say, study, combination) for combination in combinations]
        _association(page, study, found, combinations, scores)
        _majority(say, study, combinations, scores)
        _statistics(say, study)
    _conclusions(say, study)


def _association(
    page: Page,
    study: Study,
    found: Linked,
    combinations: list[tests.Combination],
    scores: list[str],
) -> None:
    """The two tests that the claim names with their verdict; everything else without one."""
    say, used = page.say, linking.parameters(session.view())
    zones, tested = study.inputs.zones, tests.findings(combinations, found.values, found.drawn)
    st.html(heading(say("tests.linkage"), say("tests.linkage_claim")))
    st.html(
        Markup('<p class="ikm-verdict" role="status">{}</p><p>{}</p>').format(
            say(f"tests.verdict_{tests.verdict(tested.named)}"), _limits(say, tested.named, used)
        )
    )
    words = {
        (code, column): f"{say(f'indicator.{code}')}, {column_name(say, code, column, zones, used)}"
        for code, column in dict.fromkeys([*tables.headings(found.values), *tests.NAMED])
    }
    _tests(say, scores, tested.named, words, say("tests.named"))
    st.caption(f"{_method(say, tested.named)} {basis(say, used, len(found.values))}")
    for tab, column in zip(st.tabs([words[c] for c in tests.NAMED]), tests.NAMED, strict=True):
        with tab:
            _scatter(say, study, found, combinations, column, words[column])
    with st.expander(say("tests.explored")):
        named = [words[other] for first in tests.NAMED for other in tested.alike.get(first, ())]
        st.html(note(say("tests.explored_note", indicators="; ".join(named))))
        explored = tested.explored.sort_values("p_value", kind="stable")
        names = {
            first: Markup("{}").format(words[first])
            + Markup("").join(Markup("<small> = {}</small>").format(words[o]) for o in others)
            for first, others in tested.alike.items()
        }
        _tests(say, scores, explored, names, say("tests.table"))
        st.caption(_method(say, explored))
    every = pd.concat([tested.named, tested.explored])
    known = set(every.dropna(subset="rho")["indicator"])
    if untested := [words[c] for c in dict.fromkeys(every["indicator"]) if c not in known]:
        st.html(note(say("tests.untested", indicators="; ".join(untested))))


def _limits(say: Messages, named: pd.DataFrame, used: Parameters) -> str:
    """What so few centers can show at all."""
    n = int(named["n"].max()) if len(named) else 0
    able = tests.power(n)
    return say(
        "tests.limits" if pd.notna(able.critical) else "tests.limits_none",
        n=n,
        measure=say(f"measure.{used.measure}").lower(),
        alpha=say.number(tests.ALPHA),
        critical=say.number(able.critical),
        detectable=say.number(able.detectable),
        power=say.number(100 * tests.POWER, 0),
    )


def _tests(
    say: Messages,
    scores: list[str],
    found: pd.DataFrame,
    words: Mapping[tests.Ranking, str],
    title: str,
) -> None:
    """One row per indicator and combination of scores that has a rho."""
    shown = ("indicator", "scores", "rho", "spread", "p", "p_holm", "n", "direction")
    rows = [
        (
            words[row.indicator],
            scores[row.combination - 1],
            say.number(row.rho),
            NOTHING
            if pd.isna(row.rho_low)
            else f"{say.number(row.rho_low)} – {say.number(row.rho_high)}",
            say.number(row.p_value, 3),
            say.number(row.p_holm, 3),
            say.number(row.n, 0),
            say(f"direction.{row.indicator[0]}"),
        )
        for row in tables.rows(found.dropna(subset="rho"))
    ]
    st.html(scrolling(table([say(f"tests.{name}") for name in shown], rows, title), title))


def _method(say: Messages, found: pd.DataFrame) -> str:
    """How rho and p were worked out, and for how many tests p is corrected."""
    tested = found.dropna(subset="rho")
    count = say.number(tests.PERMUTATIONS, 0)
    orders = say("tests.all_orders" if tested["exact"].all() else "tests.some_orders", count=count)
    most = int(tested.groupby("combination").size().max()) if len(tested) else 0
    return say("tests.method", orders=orders, count=most)


def _figures(say: Messages, study: Study, combination: tests.Combination) -> str:
    """The rival figures that a combination takes."""
    claims = study.inputs.claims
    taken = [
        f"{claim} {wording.figure(say, tables.row(claims, claim))}" for claim in combination.claims
    ]
    return ", ".join(taken) or say("tests.as_printed")


def _points(
    say: Messages,
    study: Study,
    found: Linked,
    combinations: list[tests.Combination],
    column: tests.Ranking,
) -> pd.DataFrame:
    """Proximity and score of every center; one more row for each rival score."""
    centers = study.measured.centers
    used, *others = (c.scores.reindex(centers.index) for c in combinations)
    drawn = pd.DataFrame(
        {
            "name": centers[f"name_{say.language}"]
            .str.removeprefix("Sentra ")
            .str.removesuffix(" Center"),  # names of all points have to find room
            "x": found.values[column],
            "low": found.low[column],
            "high": found.high[column],
            "rival": False,
        }
    )
    rivals = [
        drawn.assign(y=scores.where(scores != used), rival=True, name=drawn["name"] + " *")
        for scores in others
    ]
    points = pd.concat([drawn.assign(y=used), *rivals]).dropna(subset=["x", "y"])
    return points.drop_duplicates().reset_index(drop=True)


def _scatter(
    say: Messages,
    study: Study,
    found: Linked,
    combinations: list[tests.Combination],
    column: tests.Ranking,
    title: str,
) -> None:
    points = _points(say, study, found, combinations, column)
    if points.empty:
        return
    taken = points[~points["rival"]]
    top = tables.row(taken, taken["y"].idxmax())
    near = tables.row(taken, taken["x"].idxmax())
    told = say(
        "tests.scatter_told",
        top=top["name"],
        score=say.number(top["y"]),
        x=say.number(top["x"], 1),
        near=near["name"],
        near_x=say.number(near["x"], 1),
        near_score=say.number(near["y"]),
    )
    chart = charts.scatter(
        points,
        x_title=title,
        y_title=say("table.score"),
        language=say.language,
        description=told,
    )
    st.altair_chart(chart, width="stretch", theme=None)
    st.html(note(told + (f" {say('tests.rivals')}" if points["rival"].any() else "")))
    with st.expander(say("charts.data")):
        rows = [
            (
                row.name,
                say.number(row.y),
                say.number(row.x, 1),
                interval(say, column[0], row.low, row.high),
            )
            for row in tables.rows(points.sort_values("y", ascending=False))
        ]
        heads = [say("table.name"), say("table.score"), title, say("linkage.interval")]
        st.html(scrolling(table(heads, rows, title), f"{say('charts.data')}: {title}"))


def _majority(
    say: Messages, study: Study, combinations: list[tests.Combination], scores: list[str]
) -> None:
    instrument = study.inputs.instrument
    lower = say.listed([say(f"category.{c}") for c in instrument.lower], style="or")
    question = say("tests.majority", lower=lower)
    found = session.kept(
        "majority",
        study.stamp,
        lambda: tests.lower_half(combinations, instrument),
        for_all=True,  # about the shipped data, whatever centers the reader has
    )
    st.html(heading(question, say("tests.majority_claim")))
    answers = set(found["majority"])
    lead = say(f"tests.majority_{answers.pop() if len(answers) == 1 else 'differs'}")
    st.html(
        Markup('<p class="ikm-verdict" role="status">{}</p><p>{}</p>').format(
            lead, say("tests.majority_limits", n=int(found["n"].max()))
        )
    )
    heads = [say("scheme.label"), say("tests.scores"), lower, say("tests.perhaps")]
    heads += [say(f"tests.{name}") for name in ("outside", "none", "share", "if_sample", "most")]
    rows = [
        (
            say(f"scheme.{row.scheme}"),
            scores[row.combination - 1],
            *(say.number(v, 0) for v in (row.inside, row.perhaps, row.outside, row.none)),
            _percent(say, row.share),
            f"{_percent(say, row.low)} – {_percent(say, row.high)}",
            say(f"tests.answer_{row.majority}"),
        )
        for row in tables.rows(found)
    ]
    st.html(scrolling(table(heads, rows, question), question))


def _percent(say: Messages, share: float) -> str:
    return NOTHING if pd.isna(share) else f"{say.number(100 * share, 0)}{say('linkage.percent')}"


def _statistics(say: Messages, study: Study) -> None:
    """Printed figures beside what the other printed figures imply."""
    claims = study.inputs.claims
    found = tests.statistics(claims)
    st.html(heading(say("tests.sums"), say("tests.sums_note")))
    if not found:
        return
    amiss = sum(not item.agrees for item in found)
    st.html(
        Markup('<p class="ikm-verdict" role="status">{}</p>').format(
            say("tests.sums_verdict", count=amiss, of=say.number(len(found), 0))
        )
    )
    rows = [
        (
            say(f"sum.{item.product.code}"),
            _formula(say, claims, item),
            _range(say, item.low, item.high, 0),
            f"{wording.figure(say, tables.row(claims, item.claims[0]))} ({item.claims[0]})",
            _range(say, *item.times, 1),
            say(f"tests.answer_{'yes' if item.agrees else 'no'}"),
        )
        for item in found
    ]
    columns = ("what", "formula", "recomputed", "printed", "times", "agrees")
    heads = [say(f"tests.sum_{name}") for name in columns]
    st.html(scrolling(table(heads, rows, say("tests.sums")), say("tests.sums")))


def _conclusions(say: Messages, study: Study) -> None:
    """Conclusions of the paper that its totals cannot test, each with the reason."""
    told = study.inputs.statements
    told = told[told["used_for"] == "conclusion"]
    if told.empty:
        return
    n = study.measured.centers["score"].notna().sum()
    st.html(heading(say("tests.conclusions"), say("tests.conclusions_note", n=int(n))))
    statement = Markup("{} <small>({}, {})</small>")
    rows = [
        (statement.format(say.data(row["statement"]), claim, row["section"]), say.data(row["note"]))
        for claim, row in told.astype(object).fillna("").iterrows()
    ]
    heads, title = [say("claim.statement"), say("tests.why_not")], say("tests.conclusions")
    st.html(scrolling(table(heads, rows, title), title))


def _formula(say: Messages, claims: pd.DataFrame, item: tests.Recomputed) -> Markup:
    """Rate times counts, in figures and in ids of claims."""
    rate, *counts = item.claims[1:]
    figures = {claim: wording.figure(say, tables.row(claims, claim)) for claim in (rate, *counts)}
    brackets = "({})" if len(counts) > 1 else "{}"
    told, ids = (
        f"{side(rate)} × {brackets.format(' + '.join(map(side, counts)))}"
        for side in (figures.__getitem__, str)
    )
    return Markup("{} / {}<br><small>{}</small>").format(told, say.number(item.product.per, 0), ids)


def _range(say: Messages, low: float, high: float, digits: int) -> str:
    ends = dict.fromkeys(say.number(end, digits) for end in (low, high))
    return "–".join(ends)
