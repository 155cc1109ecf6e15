"""Workshop page, third part: groups weigh and score on their own; their results side by side."""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import partial
from urllib.parse import urlencode

import pandas as pd
import streamlit as st
from markupsafe import Markup

from ikmgeo import tables
from ikmgeo.display import scoring_charts
from ikmgeo.errors import DataError
from ikmgeo.measures import composite, consensus
from ikmgeo.measures.composite import Weights
from ikmgeo.records import groups
from ikmgeo.records.assessments import Assessment
from ikmgeo.records.groups import Entry, Group
from ikmgeo.ui.frame import Page, apology, issue_list, open_section, sentences
from ikmgeo.ui.parts.explained import explained
from ikmgeo.ui.parts.explore import distinct
from ikmgeo.ui.parts.inviting import invitation
from ikmgeo.ui.parts.numbers import forget, refusals
from ikmgeo.ui.parts.weighing import weight_controls
from ikmgeo.ui.state import composing, installation, keys, session, visitor
from ikmgeo.vocabulary import NAME_LENGTH
from ikmgeo.words.markup import heading, note, scrolling, table
from ikmgeo.words.messages import NOTHING, Messages
from ikmgeo.words.wording import derivation

LOOK_SECONDS = 4
"""How often the results look for what other groups have saved."""

FORM = "group-weights"
"""What the fields of a group's weights have in common."""

BASELINE = ""
"""Column beside those of the groups, which have an id each."""


def group_work(page: Page) -> None:
    """Join, weigh, save; and what all groups say, looked up again and again."""
    say = page.say
    session.change(workshop=workshop())  # so that the address leads to it tomorrow too
    st.html(heading(say("groups.heading"), say("groups.note")))
    left, right = st.columns([1, 1.7], gap="medium")
    with left, apology(say):
        asked = urlencode({"section": "groups", "workshop": workshop()})
        invitation(say, f"/workshop?{asked}", where="groups")
        st.text_input(
            say("groups.workshop"),
            max_chars=NAME_LENGTH,
            **session.bound("w-workshop", workshop(), _choose),
        )
        bounds = {"groups": groups.MOST_GROUPS, "workshops": groups.MOST_WORKSHOPS}
        counts = {name: say.number(most, 0) for name, most in bounds.items()}
        st.caption(say("groups.bounds", **counts))
        for issue in keys.GROUP_REFUSED.pop():
            st.error(say.problem(issue))
        group = keys.GROUP.get()
        if group is None or not _is_here(group):
            _door(say)
        else:
            _desk(page, group)
    with right, apology(say):
        session.fragment(_watched, run_every=LOOK_SECONDS)(page)


def workshop() -> str:
    """The workshop at hand, at first today's."""
    return session.view().workshop or date.today().isoformat()


def _is_here(group: Group) -> bool:
    """Whether the group is in the workshop at hand, and not in one chosen before."""
    return group.workshop == workshop().casefold()


def _choose(name: str) -> None:
    session.change(workshop=" ".join(name.split()))


def _door(say: Messages) -> None:
    """Enter as a new group, or go on as one that is in already."""
    st.text_input(say("groups.name"), max_chars=NAME_LENGTH, key="group-name")
    st.text_input(
        say("groups.code"),
        max_chars=2 * groups.CODE_LENGTH,
        key="group-code",
        help=say("groups.code_help"),
        width=160,
    )
    st.button(say("groups.join"), type="primary", on_click=_enter)


def _enter() -> None:
    name, code = keys.sent("group-name"), keys.sent("group-code")
    aspects = session.study().inputs.instrument.aspects
    try:
        store = installation.store()
        group = (
            groups.rejoin(store, workshop(), name, code, address=visitor.address())
            if code.strip()
            else groups.join(store, workshop(), name)
        )
        board = groups.board(store, workshop(), aspects)
    except DataError as refused:
        keys.GROUP_REFUSED.set(tuple(refused.issues))
        return
    keys.GROUP.set(group)
    entries = {entry.group_id: entry.weights for entry in board}
    saved = entries.get(group.group_id) or Weights.equal(aspects)
    keys.GROUP_WEIGHTS.get().setdefault(group.group_id, saved)
    keys.GROUP_WEIGHTS_SAVED.get()[group.group_id] = saved
    keys.show("group-code", "")  # nobody who comes after reads it here


def _desk(page: Page, group: Group) -> None:
    """A group's own weights, its way to the assessment form, and its code."""
    say = page.say
    told = say("groups.you_are", name=group.name, code=group.code)
    st.html(Markup('<p class="ikm-verdict" role="status">{}</p>').format(told))
    moved = keys.GROUP_WEIGHTS.get()
    weight_controls(
        say,
        lambda: moved[group.group_id],
        partial(moved.__setitem__, group.group_id),
        key="group",
        form=FORM,
    )
    with st.container(horizontal=True):
        # Not in a callback: those of the fields, which may come with the same answer, go first.
        if st.button(say("groups.save"), type="primary"):
            _save(say, group)
            st.rerun()
        if st.button(say("groups.assess")):
            open_section("scoring", "assess")
        st.button(say("groups.leave"), on_click=_leave)
    if version := keys.GROUP_SAVED.pop():
        st.success(say("groups.saved", version=say.number(version, 0)))
    if unused := keys.GROUP_UNUSED.pop():
        st.error(say("assess.not_saved"))
        st.html(sentences(unused))


def _leave() -> None:
    forget(FORM)
    keys.GROUP.pop()


def _save(say: Messages, group: Group) -> None:
    if unused := refusals(say, FORM):
        keys.GROUP_UNUSED.set(tuple(unused))
        return
    try:
        weights = keys.GROUP_WEIGHTS.get()[group.group_id]
        keys.GROUP_SAVED.set(groups.weigh(installation.store(), group, weights))
        keys.GROUP_WEIGHTS_SAVED.get()[group.group_id] = weights
    except DataError as refused:
        keys.GROUP_REFUSED.set(tuple(refused.issues))


def _watched(page: Page) -> None:
    """The results, which look for news by themselves."""
    with apology(page.say):
        _results(page)


def _results(page: Page) -> None:
    """Weights, ranks and disagreement of all groups."""
    say, aspects = page.say, page.study.inputs.instrument.aspects
    try:
        store = installation.store()
        board = groups.board(store, workshop(), aspects)
        found = store.latest_of(["", *(entry.group_id for entry in board)])
    except DataError as refused:
        st.html(issue_list(say, refused.issues))
        return
    if not board:
        st.info(say("groups.nobody"))
        return
    if misfits := [entry.name for entry in board if entry.misfit]:
        st.html(note(say("groups.misfit", names=say.listed(misfits))))
    _weights(say, board, aspects)
    scores = _scores(page, board, [a for a in found if not a.of_commodity])
    if scores.isna().all(axis=None):
        st.info(say("scoring.no_aspects"))
        return
    told = {BASELINE: say("groups.baseline")}
    for entry in board:  # a group may be called as the baseline is
        same = entry.name.casefold() == told[BASELINE].casefold()
        told[entry.group_id] = f"{entry.name} ({say('groups.group')})" if same else entry.name
    names = distinct(page.study.measured.centers.loc[scores.index, f"name_{say.language}"])
    _agreement(say, consensus.ranks(scores), names, told)


def _weights(say: Messages, board: list[Entry], aspects: Iterable[str]) -> None:
    saved = {e.group_id: e.weights.rounded() for e in board if e.weights}
    rows = [
        (
            entry.name,
            *(
                say.points(saved[entry.group_id][a]) if entry.group_id in saved else NOTHING
                for a in aspects
            ),
        )
        for entry in board
    ]
    if len(saved) > 1:
        apart = consensus.weight_spread(pd.DataFrame(saved).T)
        ends = zip(apart["low"], apart["high"], strict=True)
        told = [f"{say.points(low)}–{say.points(high)}" for low, high in ends]
        rows.append((say("groups.range"), *told))
    heads = [say("groups.group"), *(say(f"aspect.{a}") for a in aspects)]
    st.html(heading(say("groups.weights")))
    st.html(scrolling(table(heads, rows, ""), say("groups.weights")))


def _scores(page: Page, board: list[Entry], known: list[Assessment]) -> pd.DataFrame:
    """Score of each center by each group's id, and by equal weights on what no group recorded."""
    study, chosen = page.study, session.view().composition
    recorded = [a for a in known if not a.group_id]
    measured = composing.proximity(study)

    def score(found: list[Assessment], weights: Weights) -> pd.Series:
        used = composing.aspects(study, found)
        linked = composite.with_linkage(used, measured, choice=chosen.linkage)
        return composite.score(linked, weights, aggregation=chosen.aggregation)

    equal = Weights.equal(study.inputs.instrument.aspects)
    columns = {BASELINE: score(recorded, equal)}
    for entry in board:
        own = [a for a in known if a.group_id == entry.group_id]
        if entry.weights is None and not own:
            continue
        taken = {a.center_id for a in own if a.scores}
        found = [*own, *(a for a in recorded if a.center_id not in taken)]
        columns[entry.group_id] = score(found, entry.weights or equal)
    table = pd.DataFrame(columns)
    return table[table.notna().any(axis=1)]


def _agreement(
    say: Messages, ranked: pd.DataFrame, names: pd.Series, told_as: Mapping[str, str]
) -> None:
    """How far the groups agree, center by center, beside the baseline."""
    of_groups = ranked.drop(columns=BASELINE)
    explained(say("groups.ranks"), say("groups.ranks_note"), derivation(say, "concordance"))
    w = consensus.concordance(of_groups)
    apart = consensus.spread(of_groups)
    widest = apart["range"].idxmax() if apart["range"].notna().any() else None
    told = say("groups.w", w=say.number(w)) if pd.notna(w) else say(_no_w(of_groups))
    if widest is not None and tables.cell(apart, widest, "range") > 0:
        told += " " + say(
            "groups.widest",
            name=names[str(widest)],
            best=say.number(tables.cell(apart, widest, "best"), 0),
            worst=say.number(tables.cell(apart, widest, "worst"), 0),
        )
    st.html(Markup('<p class="ikm-verdict">{}</p>').format(told))
    if not of_groups.columns.empty:
        long = ranked.melt(var_name="group", value_name="rank", ignore_index=False)
        long = long.assign(name=names, group=long["group"].map(told_as)).dropna()
        chart = scoring_charts.ranks_by_group(
            long,
            baseline=told_as[BASELINE],
            x_title=say("table.rank"),
            language=say.language,
            description=told,
        )
        st.altair_chart(chart, width="stretch", theme=None)
    moved = consensus.shifts(of_groups, ranked[BASELINE])
    rows = [
        (
            names[center],
            say.number(tables.cell(ranked, center, BASELINE), 0),
            *(
                _rank(say, tables.cell(ranked, center, g), tables.cell(moved, center, g))
                for g in of_groups
            ),
            say.number(tables.cell(apart, center, "range"), 0),
        )
        for center in apart.index
    ]
    heads = [say("table.name"), *(told_as[g] for g in ranked.columns), say("groups.apart")]
    st.html(scrolling(table(heads, rows, ""), say("groups.ranks")))


def _no_w(ranks: pd.DataFrame) -> str:
    """Why there is no Kendall's W."""
    common = ranks.dropna()
    enough = len(common) > 1 and len(common.columns) > 1
    return "groups.tied" if enough else "groups.too_few"


def _rank(say: Messages, rank: float, moved: float) -> str:
    """A rank, with the places that it lies above or below the baseline."""
    if pd.isna(rank):
        return NOTHING
    if pd.isna(moved) or moved == 0:
        return say.number(rank, 0)
    return f"{say.number(rank, 0)} ({'▲' if moved > 0 else '▼'} {say.number(abs(moved), 0)})"
