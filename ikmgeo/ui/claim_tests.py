"""Linkage page, fourth part: what the paper claims in words and sums, tested on its own figures."""

import pandas as pd
import streamlit as st
from markupsafe import Markup

from ikmgeo import charts
from ikmgeo import claim_tests as tests
from ikmgeo.analysis import Linked
from ikmgeo.errors import DataError
from ikmgeo.ui import linking, session
from ikmgeo.ui.frame import Page, apology
from ikmgeo.ui.linkage import basis, column_name, controls, interval, roads_failed
from ikmgeo.ui.markup import heading, note, scrolling, table
from ikmgeo.ui.messages import NOTHING, Messages
from ikmgeo.ui.session import Study

TESTED = ("proximity_index", "gravity", "zones_within")
"""Indicators of a center that are higher where a zone is closer, as the verdict expects."""

SHOWN = ("proximity_index", "all")


def claim_tests(page: Page) -> None:
    """Association of score and proximity, the majority claim, and the printed sums."""
    say = page.say
    controls(page, indicator=False)
    study = session.shipped_study()
    used = linking.parameters(session.view())
    zones = linking.real_zones(study)
    if zones.table.empty or study.measured.centers.empty:
        st.info(say("linkage.no_zone"))
        return
    try:
        found = linking.linked(study, study.measured.centers, zones, used)
    except DataError as refused:
        roads_failed(page, refused)
        return
    with apology(say):
        combinations = tests.score_combinations(study.inputs.centers, study.inputs.claims)
        _association(page, study, found, combinations)
        _majority(say, study, combinations)
        _statistics(say, study)


def _association(
    page: Page, study: Study, found: Linked, combinations: list[tests.Combination]
) -> None:
    say, used = page.say, linking.parameters(session.view())
    zones = study.inputs.zones
    names = {c: f"{c[0]}:{c[1]}" for c in _tested(found)}
    values = pd.DataFrame({names[c]: found.values[c] for c in names})
    draws = {names[c]: found.drawn[c].unstack("draw").loc[values.index] for c in names}
    told = tests.associations(combinations, values, draws if len(found.drawn) else None)
    verdict = tests.verdict(told)
    st.html(heading(say("tests.linkage"), say("tests.linkage_claim")))
    n = int(told["n"].max()) if len(told) else 0
    st.html(
        Markup('<p class="ikm-verdict" role="status">{}</p><p>{}</p>').format(
            say(f"tests.verdict_{verdict}"), say("tests.limits", n=say.number(n, 0))
        )
    )
    _scatter(say, study, found, combinations[0])
    heads = [say(f"tests.{name}") for name in ("indicator", "scores", "rho", "spread", "p", "n")]
    words = {
        names[c]: f"{say(f'indicator.{c[0]}')}, {column_name(say, *c, zones, used)}" for c in names
    }
    rows = [
        (
            words[row.indicator],
            _combination(say, study, combinations[row.combination - 1]),
            say.number(row.rho),
            NOTHING
            if pd.isna(row.rho_low)
            else f"{say.number(row.rho_low)} – {say.number(row.rho_high)}",
            say.number(row.p_value, 3),
            say.number(row.n, 0),
        )
        for row in told.itertuples()
    ]
    st.html(scrolling(table(heads, rows, say("tests.table")), say("tests.table")))
    st.caption(say("tests.method") + " " + basis(say, used, len(values)))


def _tested(found: Linked) -> list[tuple[str, str]]:
    return [column for column in found.values.columns if column[0] in TESTED]


def _combination(say: Messages, study: Study, combination: tests.Combination) -> str:
    """The rival figures that a combination takes."""
    claims = study.inputs.claims
    taken = [
        f"{claim} {say.printed(claims.at[claim, 'value'], claims.at[claim, 'value_printed'])}"
        for claim in combination.claims
    ]
    return ", ".join(taken) or say("tests.as_printed")


def _scatter(say: Messages, study: Study, found: Linked, combination: tests.Combination) -> None:
    centers = study.measured.centers
    if SHOWN not in found.values.columns:
        return
    points = pd.DataFrame(
        {
            "name": centers[f"name_{say.language}"].str.removeprefix("Sentra "),
            "x": found.values[SHOWN],
            "low": found.low[SHOWN],
            "high": found.high[SHOWN],
            "y": combination.scores.reindex(centers.index),
        }
    ).dropna(subset=["x", "y"])
    if points.empty:
        return
    used = linking.parameters(session.view())
    top = points.loc[points["y"].idxmax()]
    near = points.loc[points["x"].idxmax()]
    told = say(
        "tests.scatter_told",
        top=top["name"],
        score=say.number(top["y"]),
        x=say.number(top["x"], 1),
        near=near["name"],
        near_x=say.number(near["x"], 1),
        near_score=say.number(near["y"]),
    )
    group = column_name(say, *SHOWN, study.inputs.zones, used)
    chart = charts.scatter(
        points,
        x_title=f"{say(f'indicator.{SHOWN[0]}')}, {group}",
        y_title=say("table.score"),
        language=say.language,
        description=told,
    )
    st.altair_chart(chart, width="stretch", theme=None)
    st.html(note(told))
    with st.expander(say("charts.data")):
        rows = [
            (
                row.name,
                say.number(row.y),
                say.number(row.x, 1),
                interval(say, SHOWN[0], row.low, row.high),
            )
            for row in points.sort_values("y", ascending=False).itertuples(index=False)
        ]
        heads = [say("table.name"), say("table.score"), say(f"indicator.{SHOWN[0]}")]
        heads.append(say("linkage.interval"))
        st.html(scrolling(table(heads, rows, ""), say("charts.data")))


def _majority(say: Messages, study: Study, combinations: list[tests.Combination]) -> None:
    found = tests.lower_half(combinations, study.inputs.claims)
    st.html(heading(say("tests.majority"), say("tests.majority_claim")))
    answers = set(found["majority"])
    lead = say(f"tests.majority_{answers.pop() if len(answers) == 1 else 'differs'}")
    st.html(
        Markup('<p class="ikm-verdict" role="status">{}</p><p>{}</p>').format(
            lead, say("tests.majority_limits")
        )
    )
    heads = [say("scheme.label"), say("tests.scores"), say("tests.inside"), say("tests.perhaps")]
    heads += [say(f"tests.{name}") for name in ("outside", "none", "share", "if_sample", "most")]
    rows = [
        (
            say(f"scheme.{row.scheme}"),
            _combination(say, study, combinations[row.combination - 1]),
            *(say.number(v, 0) for v in (row.inside, row.perhaps, row.outside, row.none)),
            _percent(say, row.share),
            f"{_percent(say, row.low)} – {_percent(say, row.high)}",
            say(f"tests.answer_{row.majority}"),
        )
        for row in found.itertuples()
    ]
    st.html(scrolling(table(heads, rows, say("tests.majority")), say("tests.majority")))


def _percent(say: Messages, share: float) -> str:
    return NOTHING if pd.isna(share) else f"{say.number(100 * share, 0)}{say('linkage.percent')}"


def _statistics(say: Messages, study: Study) -> None:
    """Printed sums beside what the other printed figures give."""
    found = tests.statistics(study.inputs.claims)
    st.html(heading(say("tests.sums"), say("tests.sums_note")))
    rows = []
    for item in found:
        low, high = item.printed
        digits = 2 if max(high, item.recomputed) < 100 else 0
        printed = say.number(low, digits if low % 1 else 0)
        if high != low:
            printed += f"–{say.number(high, 0)}"
        rows.append(
            (
                say(f"sum.{item.code}"),
                printed,
                say.number(item.recomputed, digits),
                say(f"tests.sum_{item.agrees}"),
                ", ".join(item.claims),
            )
        )
    heads = [say(f"tests.sum_{name}") for name in ("what", "printed", "recomputed", "agrees")]
    heads.append(say("claim.id"))
    st.html(scrolling(table(heads, rows, say("tests.sums")), say("tests.sums")))
