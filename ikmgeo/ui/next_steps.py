"""Scoring page, fourth part: what would move a center up, and what to do first."""

from dataclasses import replace
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st
from markupsafe import Markup

from ikmgeo import advice, composite, framework_charts, improvement, robustness
from ikmgeo.advice import Plan, Reason
from ikmgeo.assessments import Assessment
from ikmgeo.composite import Composition
from ikmgeo.errors import DataError
from ikmgeo.scoring import Scheme
from ikmgeo.ui import composing, session
from ikmgeo.ui import filters as filter_controls
from ikmgeo.ui.explore import classified, pick
from ikmgeo.ui.frame import Page, apology, issue_list
from ikmgeo.ui.markup import heading, note, panel, table
from ikmgeo.ui.messages import NOTHING, Messages
from ikmgeo.ui.scoring import source_control
from ikmgeo.vocabulary import ASPECTS, CATEGORIES

WEAK_BELOW = 50.0


def next_steps(page: Page) -> None:
    """One center: points to the next category, the cheapest way there, actions with reasons."""
    say, study, view = page.say, page.study, session.view()
    with st.sidebar:
        source_control(say)
        filter_controls.scheme_control(say)
    centers = classified(study, view)
    pick(page, view, centers, centers)
    kind, name = session.view().selection or ("", "")
    if kind != "center" or name not in centers.index:
        st.info(say("next.choose"))
        return
    center = centers.loc[name]
    aspects = composing.used_aspects(study, view.composition).loc[name]
    known = aspects.notna().all()
    with apology(say):
        if known:
            _improve(page, center, aspects, view.composition, view.scheme)
        else:
            st.html(heading(say("next.up")))
            st.info(say("next.no_aspects"))
    with apology(say):
        _advise(page, center, aspects)


def _improve(
    page: Page, center: pd.Series, aspects: pd.Series, composition: Composition, scheme: Scheme
) -> None:
    """Points missing, what each aspect alone would do, and the way of least effort."""
    say = page.say
    scheme = (
        scheme if scheme.name not in ("as_published", "printed_ranges") else Scheme("contiguous")
    )
    scored = composite.score(
        aspects.to_frame().T, composition.weights, aggregation=composition.aggregation
    )
    everyone = composite.score(
        composing.used_aspects(page.study, composition),
        composition.weights,
        aggregation=composition.aggregation,
    )
    cuts = robustness.cut_points(scheme, everyone)
    missing = improvement.points_missing(scored, cuts).iloc[0]
    score = float(scored.iloc[0])
    st.html(heading(say("next.up")))
    if pd.isna(missing["points"]):
        told = say("next.top", score=say.number(score))
        if not cuts:
            told = say("certainty.no_categories")
        elif score <= cuts[-1]:
            told = say("next.unreachable")
        st.html(_lead(told))
        return
    st.html(
        _lead(
            say(
                "next.missing",
                score=say.number(score),
                points=say.number(missing["points"]),
                category=say(f"category.{missing['next_category']}"),
                target=say.number(missing["target"]),
            )
        )
    )
    target = float(missing["target"])
    alone = improvement.alone(
        aspects, composition.weights, target, aggregation=composition.aggregation
    )
    left, right = st.columns([1.2, 1], gap="medium")
    with left:
        effort = _effort(say)
        plan = improvement.cheapest(
            aspects, composition.weights, target, effort, aggregation=composition.aggregation
        )
        rows = [
            (
                say(f"aspect.{a}"),
                say.number(aspects[a], 0),
                say("next.cannot") if pd.isna(alone[a]) else f"+{say.number(alone[a], 1)}",
                f"+{say.number(plan.gains[a], 1)}" if plan.gains[a] > 0 else NOTHING,
            )
            for a in ASPECTS
        ]
        heads = [say("certainty.aspect"), say("next.now"), say("next.alone"), say("next.cheapest")]
        st.html(panel(table(heads, rows, say("next.table"))))
        told = (
            say("next.effort_told", effort=say.number(plan.effort, 1))
            if plan.reachable
            else say("next.unreachable")
        )
        st.html(note(told))
    with right:
        after = aspects + plan.gains if plan.reachable else None
        labels = [say(f"aspect.{a}") for a in ASPECTS]
        chart = framework_charts.radar(
            aspects.set_axis(labels),
            None if after is None else after.set_axis(labels),
            titles=(say("next.now"), say("next.after")),
            unknown=say("panel.unknown"),
            language=say.language,
            description=told,
        )
        st.altair_chart(chart, width="stretch", theme=None)


def _lead(text: str) -> str:
    return Markup('<p class="ikm-verdict" role="status">{}</p>').format(text)


def _effort(say: Messages) -> dict[str, float]:
    """Effort of one point of each aspect, in any unit the reader likes."""
    efforts: dict[str, float] = st.session_state.setdefault("efforts", dict.fromkeys(ASPECTS, 1.0))
    with st.expander(say("next.effort")):
        st.caption(say("next.effort_help"))
        columns = st.columns(3, gap="small")
        for at, aspect in enumerate(ASPECTS):
            columns[at % 3].number_input(
                say(f"aspect.{aspect}"),
                0.1,
                1_000.0,
                step=0.5,
                format="%.1f",
                **session.bound(
                    f"w-effort-{aspect}", efforts[aspect], partial(efforts.__setitem__, aspect)
                ),
            )
    return efforts


def _advise(page: Page, center: pd.Series, aspects: pd.Series) -> None:
    """Actions for the center, each with its reasons; to pin, drop, order and keep."""
    say, inputs = page.say, page.study.inputs
    made = composing.newest(composing.recorded()).get(str(center.name))
    plan = _plan(str(center.name), made)
    category = center["category"] if center["category"] in CATEGORIES else None
    chosen = advice.chosen(
        inputs.guidance,
        category,
        aspects,
        center["commodity"],
        weak_below=WEAK_BELOW,
        keep=plan.pinned,
    )
    st.html(heading(say("advice.heading"), _basis(say, chosen)))
    if chosen.empty:
        st.info(say("advice.none"))
        return
    every = list(chosen.index)
    shown = advice.applied(chosen, plan)
    for place, (action_id, action) in enumerate(shown.iterrows(), 1):
        _action(page, str(center.name), str(action_id), action, place, plan, every)
    dropped = [i for i in every if plan.group(i) == "dropped"]
    if dropped:
        with st.expander(say("advice.dropped", count=say.number(len(dropped), 0))):
            for action_id in dropped:
                text, button = st.columns([5, 1], vertical_alignment="center")
                text.html(note(chosen.at[action_id, f"text_{say.language}"]))
                button.button(
                    say("advice.restore"),
                    key=f"restore-{action_id}",
                    on_click=_keep,
                    args=(str(center.name), plan.restore(action_id)),
                )
    _save(page, made, plan)


def _basis(say: Messages, chosen: pd.DataFrame) -> str:
    basis = chosen["basis"].iloc[0] if len(chosen) else "none"
    return say(f"advice.basis_{basis}", weak=say.number(WEAK_BELOW, 0))


def _plan(center: str, made: Assessment | None) -> Plan:
    """The reader's plan for a center: changed in this session, else as saved."""
    plans: dict[str, Plan] = st.session_state.setdefault("plans", {})
    if center in plans:
        return plans[center]
    try:
        return Plan.from_dict(made.actions) if made and isinstance(made.actions, dict) else Plan()
    except ValueError:
        return Plan()


def _keep(center: str, plan: Plan) -> None:
    st.session_state["plans"][center] = plan


def _action(
    page: Page,
    center: str,
    action_id: str,
    action: pd.Series,
    place: int,
    plan: Plan,
    every: list[str],
) -> None:
    say = page.say
    who = say.listed([say.code("actor", a) for a in action["actors"]])
    why = "; ".join(_reason(page, reason) for reason in action["reasons"])
    words, buttons = st.columns([5, 1.5], vertical_alignment="center", gap="small")
    mark = " ★" if plan.group(action_id) == "pinned" else ""
    words.html(
        Markup(
            '<div class="ikm-action"><p><strong>{}.{} {}</strong></p>'
            "<p>{}</p><p><small>{}: {} · {}: {} · {}</small></p></div>"
        ).format(
            place,
            mark,
            action[f"text_{say.language}"],
            say("advice.why", why=why),
            say("advice.who"),
            who,
            say("advice.lever"),
            say.code("lever", action["lever"]),
            say(
                "advice.source",
                source=say.data(action["source"]),
                section=say.data(action["section"]),
            ),
        )
    )
    pinned = plan.group(action_id) == "pinned"
    moves = {
        "up": plan.move(action_id, -1, among=every),
        "down": plan.move(action_id, 1, among=every),
        "unpin" if pinned else "pin": plan.unpin(action_id) if pinned else plan.pin(action_id),
        "drop": plan.drop(action_id),
    }
    signs = {"up": "↑", "down": "↓", "pin": "☆", "unpin": "★", "drop": "✕"}
    with buttons.container(horizontal=True, gap="small"):
        for name, changed in moves.items():
            st.button(
                signs[name],
                key=f"{name}-{action_id}",
                help=say(f"advice.{name}"),
                on_click=_keep,
                args=(center, changed),
            )


def _reason(page: Page, reason: Reason) -> str:
    say = page.say
    values: dict[str, Any] = {"score": say.number(reason.score, 0)}
    if reason.code in ("category", "aspect", "phase"):
        values["what"] = say.code(reason.code, reason.what)
    if reason.code == "commodity":
        commodities = page.study.inputs.commodities
        known = reason.what in commodities.index
        values["what"] = say.name(commodities.loc[reason.what]) if known else reason.what
    return say(f"advice.reason_{reason.code}", **values)


def _save(page: Page, made: Assessment | None, plan: Plan) -> None:
    """Keep the plan with the center's newest assessment."""
    say = page.say
    if made is None:
        st.caption(say("advice.session_only"))
        return
    if st.button(say("advice.save"), key="save-plan"):
        try:
            composing.store().save(replace(made, actions=plan.to_dict(), base_version=made.version))
        except DataError as refused:
            st.html(issue_list(say, refused.issues))
        else:
            st.success(say("advice.saved"))
