"""Scoring page, fourth part: what would move a center up, and what to do first."""

from collections.abc import Iterable
from dataclasses import replace
from functools import partial

import pandas as pd
import streamlit as st
from markupsafe import Markup

from ikmgeo import advice, tables
from ikmgeo.advice import Advised
from ikmgeo.display import framework_charts, profiles
from ikmgeo.errors import DataError
from ikmgeo.measures import composite, improvement, scoring
from ikmgeo.measures.scoring import Scheme
from ikmgeo.reading.typed import Scale
from ikmgeo.records.assessments import PLAN, Standing
from ikmgeo.ui.frame import Page, apology, issue_list
from ikmgeo.ui.parts import advising
from ikmgeo.ui.parts import filters as filter_controls
from ikmgeo.ui.parts.advising import Begun
from ikmgeo.ui.parts.explore import classified
from ikmgeo.ui.parts.numbers import number_field
from ikmgeo.ui.parts.saving import saver_control
from ikmgeo.ui.scoring.assess import center_control
from ikmgeo.ui.scoring.standing import source_switch
from ikmgeo.ui.state import composing, keys, linking, session
from ikmgeo.view import View
from ikmgeo.words import reasons
from ikmgeo.words.markup import heading, note, panel, table
from ikmgeo.words.messages import NOTHING, Messages

EFFORT = Scale(0.1, 1_000)


def next_steps(page: Page) -> None:
    """One center: points to the next category, the cheapest way there, actions with reasons."""
    say, study, view = page.say, page.study, session.view()
    with st.sidebar:
        filter_controls.scheme_control(say, study)
    if study.measured.centers.empty:
        st.info(say("linkage.no_zone"))
        return
    chosen, switch = st.columns([1.6, 1], gap="medium", vertical_alignment="bottom")
    with chosen:
        name = center_control(page)
    with switch:
        source_switch(page)
    assessed = advising.from_aspects(view, study.inputs.instrument)
    centers = classified(study, assessed)
    center = tables.row(centers, name)
    known = pd.notna(center["score"])
    standing = composing.assessed(study).get(name)
    if standing:
        st.html(note(profiles.told_of(say, standing)))
    with apology(say):
        st.html(heading(say("next.up")))
        if known:
            if view.composition.source == composing.PUBLISHED:
                st.html(note(_assessed(say, center, tables.row(classified(study, view), name))))
            _improve(page, center, centers["score"], assessed)
        else:
            _printed(page, name, assessed.scheme)
            st.button(say("next.assess"), on_click=session.change, kwargs={"section": "assess"})
    with apology(say):
        _advise(page, tables.row(classified(study, view), name))


def _printed(page: Page, center: str, scheme: Scheme) -> None:
    """What the total alone tells of the way up, and what it cannot."""
    say, instrument = page.say, page.study.inputs.instrument
    totals = page.study.measured.centers["score"]
    cuts = scoring.cut_points(scheme, totals, instrument)
    missing = improvement.points_missing(totals.loc[[center]], cuts, instrument.categories).iloc[0]
    if pd.notna(missing["points"]):
        st.html(_lead(_missing(say, float(totals[center]), missing)))
        told = say("next.by_scheme", scheme=say.within(f"scheme.{scheme.name}"))
        st.html(note(f"{told} {say('next.no_aspects')}"))
    else:
        st.info(say("next.no_aspects"))


def _missing(say: Messages, score: float, missing: pd.Series) -> str:
    """Points to the next category."""
    return say(
        "next.missing",
        score=say.number(score),
        points=say.number(missing["points"]),
        category=say(f"category.{missing['next_category']}"),
        target=say.number(missing["target"]),
    )


def _assessed(say: Messages, center: pd.Series, printed: pd.Series) -> str:
    """That two scores stand beside each other, and what each makes of the center."""
    told = {
        name: f"{say.number(row['score'])} ({say.code('category', row['category'])})"
        for name, row in (("assessed", center), ("printed", printed))
    }
    return say("next.assessed", **told)


def _improve(page: Page, center: pd.Series, scores: pd.Series, view: View) -> None:
    """Points missing, what each aspect alone would do, and the way of least effort."""
    say, composition = page.say, view.composition
    aspects = tables.row(composing.used_aspects(page.study, composition), center.name)
    proximity = composing.proximity(page.study).loc[[center.name]]
    most = composite.highest(proximity, composition.weights, choice=composition.linkage).iloc[0]
    instrument = page.study.inputs.instrument
    cuts = scoring.cut_points(view.scheme, scores, instrument)
    missing = improvement.points_missing(
        scores.loc[[str(center.name)]], cuts, instrument.categories
    ).iloc[0]
    score = float(center["score"])
    if pd.isna(missing["points"]):
        told = say("next.top", score=say.number(score))
        if not cuts:
            told = say("certainty.no_categories")
        elif score <= cuts[-1]:
            told = say("next.unreachable")
        st.html(_lead(told))
        return
    st.html(_lead(_missing(say, score, missing)))
    target = float(missing["target"])
    alone = improvement.alone(
        aspects, composition.weights, target, most=most, aggregation=composition.aggregation
    )
    left, right = st.columns([1.2, 1], gap="medium")
    with left:
        effort = _effort(say, aspects.index)
        cheapest = improvement.cheapest(
            aspects,
            composition.weights,
            target,
            effort,
            most=most,
            aggregation=composition.aggregation,
        )
        plan = improvement.shown(cheapest, effort)
        _ways(say, aspects, alone, plan)
        told = (
            say("next.effort_told", effort=plan.effort)
            if plan.reachable
            else say("next.out_of_reach")
        )
        st.html(note(told))
        if plan.tied:
            st.html(note(say("next.tied")))
        if composition.linkage != composite.SURVEYED:
            st.html(note(say("next.stays")))
    with right:
        _radar(say, aspects, aspects + plan.gains if plan.reachable else None, told)


def _radar(say: Messages, aspects: pd.Series, after: pd.Series | None, told: str) -> None:
    """Aspects now and after; ``told`` describes the chart."""
    labels = [say(f"aspect.{a}") for a in aspects.index]
    chart = framework_charts.radar(
        aspects.set_axis(labels),
        None if after is None else after.set_axis(labels),
        titles=(say("next.now"), say("next.after")),
        unknown=say("panel.unknown"),
        language=say.language,
        description=told,
    )
    st.altair_chart(chart, width="stretch", theme=None)


def _ways(say: Messages, aspects: pd.Series, alone: pd.Series, plan: improvement.Plan) -> None:
    """What each aspect alone would have to gain, and what it gains by the way of least effort."""
    rows = [
        (
            say(f"aspect.{a}"),
            say.points(aspects[a]),
            say("next.cannot")
            if pd.isna(alone[a])
            else f"+{say.points(improvement.rounded_up(alone[a]))}",
            f"+{say.points(plan.gains[a])}" if plan.gains[a] > 0 else NOTHING,
        )
        for a in aspects.index
    ]
    heads = [say("certainty.aspect"), say("next.now"), say("next.alone"), say("next.cheapest")]
    st.html(panel(table(heads, rows, say("next.table"))))


def _lead(text: str) -> str:
    return Markup('<p class="ikm-verdict" role="status">{}</p>').format(text)


def _effort(say: Messages, aspects: Iterable[str]) -> dict[str, float]:
    """Effort of one point of each aspect, in any unit the reader likes."""
    efforts = keys.EFFORTS.get()
    for aspect in aspects:
        efforts.setdefault(aspect, 1.0)
    with st.expander(say("next.effort")):
        st.caption(say("next.effort_help"))
        columns = st.columns(3, gap="small")
        for at, aspect in enumerate(efforts):
            with columns[at % 3]:
                number_field(
                    say,
                    say(f"aspect.{aspect}"),
                    efforts[aspect],
                    EFFORT,
                    partial(efforts.__setitem__, aspect),
                    key=f"w-effort-{aspect}",
                )
    return efforts


def _advise(page: Page, center: pd.Series) -> None:
    """Actions for the center, each with its reasons; to pin, drop, order and keep."""
    say, name = page.say, str(center.name)
    standing = composing.standings().get(name)
    begun = advising.begun(name, standing)
    plan = begun.plan
    aspects = tables.row(composing.used_aspects(page.study, session.view().composition), name)
    study = page.study
    chosen = advice.advised(
        center, aspects, plan, inputs=linking.inputs(study), measured=study.measured
    )
    if not chosen:
        st.html(heading(say("advice.heading")))
        st.info(say("advice.none"))
        return
    source = session.view().composition.source
    rests = reasons.rests_on(say, center, chosen[0].basis, source)
    st.html(heading(say("advice.heading"), rests))
    if told := reasons.unmet(say, aspects, chosen, study.inputs.instrument.linkages):
        st.html(note(told))
    actions = [advised.action for advised in chosen]
    every = [action.action_id for action in actions]
    for place, advised in enumerate(advice.applied(chosen, plan), 1):
        _action(page, name, advised, place, begun, every)
    dropped = [action for action in actions if plan.group(action.action_id) == "dropped"]
    if dropped:
        with st.expander(say("advice.dropped", count=len(dropped))):
            for action in dropped:
                text, button = st.columns([5, 1], vertical_alignment="center")
                text.html(note(getattr(action, f"text_{say.language}")))
                button.button(
                    say("advice.restore"),
                    key=f"dropped-{action.action_id}",
                    on_click=_keep,
                    args=(name, replace(begun, plan=plan.restore(action.action_id))),
                )
    _save(page, name, begun, standing)


def _keep(center: str, begun: Begun) -> None:
    keys.PLANS.get()[center] = begun


def _action(
    page: Page,
    center: str,
    advised: Advised,
    place: int,
    begun: Begun,
    every: list[str],
) -> None:
    say, plan, action = page.say, begun.plan, advised.action
    action_id = action.action_id
    who = say.listed([say.code("actor", a) for a in action.actors])
    why = reasons.why(say, advised, page.study.inputs)
    cases = [
        Markup("<p><small>{}</small></p>").format(told)
        for told in reasons.examples(say, action, page.study.inputs)
    ]
    mark = " ★" if plan.group(action_id) == "pinned" else ""
    st.html(
        Markup(
            '<div class="ikm-action"><p><strong>{}.{} {}</strong></p>'
            "<p>{}</p>{}<p><small>{}: {} · {}: {} · {}</small></p></div>"
        ).format(
            place,
            mark,
            getattr(action, f"text_{say.language}"),
            say("advice.why", why=why),
            Markup("").join(cases),
            say("advice.who"),
            who,
            say("advice.lever"),
            say.code("lever", action.lever),
            say(
                "advice.source",
                source=say.data(action.source),
                section=say.data(action.section),
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
    with st.container(horizontal=True, gap="small"):
        for name, changed in moves.items():
            st.button(  # its label is its name: twelve buttons "↑" would be told apart by nobody
                f"{signs[name]} {say(f'advice.{name}')} ({place})",
                key=f"advice-{name}-{action_id}",
                type="tertiary",
                on_click=_keep,
                args=(center, replace(begun, plan=changed)),
            )


def _save(page: Page, center: str, begun: Begun, standing: Standing | None) -> None:
    """Keep the plan with the assessment it was begun from, or with the newest."""
    say = page.say
    if standing is None:
        st.caption(say("advice.session_only"))
        return
    if composing.group():
        st.caption(say("advice.as_group"))
        return
    made = begun.made or standing.newest
    with st.container(horizontal=True, vertical_alignment="bottom"):
        saver_control(say, "plan", made.author)
        pressed = st.button(say("advice.save"), key="save-plan")
    if not pressed:
        return
    changed = replace(made, actions=begun.plan.to_dict())
    try:
        saved = composing.save(changed, only=PLAN)
    except DataError as refused:
        st.html(issue_list(say, refused.issues))
    else:
        keys.PLANS.get().pop(center, None)
        st.success(say("advice.saved_crossed" if saved.crossed else "advice.saved"))
