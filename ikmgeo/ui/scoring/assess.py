"""Scoring page, fifth part: record assessments, see their history, bring them from Excel."""

import logging
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st
from markupsafe import Markup

from ikmgeo.errors import DataError
from ikmgeo.measures.frameworks import HIGHEST
from ikmgeo.reading import typed
from ikmgeo.reading.typed import Scale
from ikmgeo.records.assessments import EARLIEST, FORM, NAME_LENGTH, TEXT_LENGTH, Assessment, changes
from ikmgeo.ui.frame import Page, apology, sentences
from ikmgeo.ui.parts.explore import distinct
from ikmgeo.ui.parts.numbers import bare_field, forget, refusals, refuse, tell
from ikmgeo.ui.parts.saving import saver_control
from ikmgeo.ui.scoring.assess_sheets import round_trip
from ikmgeo.ui.scoring.standing import who_is_assessed
from ikmgeo.ui.state import composing, installation, keys, session
from ikmgeo.words.markup import heading, note, scrolling, table
from ikmgeo.words.messages import NOTHING, Messages

SCORE = Scale(0, 100, ("%",), optional=True)


def assess(page: Page) -> None:
    """One center at a time: the form, what is recorded, and its history."""
    say = page.say
    centers = page.study.measured.centers
    if centers.empty:
        st.info(say("linkage.no_zone"))
        return
    tell_last()
    tell_group(say)
    left, right = st.columns([1.1, 1], gap="medium")
    with left:
        center = center_control(page)
        with apology(say):
            _form(page, center)
    with right, apology(say):
        who_is_assessed(page)
    everyone = composing.in_drawer(include_hidden=True)
    if composing.store_failure():
        return  # the frame tells why
    own = [a for a in everyone if a.center_id == center]
    with right, apology(say):
        _recorded(page, center, own)
        st.html(note(say("assess.kept_in", place=installation.store().location)))
    with apology(say):
        round_trip(page, [a for a in everyone if not a.hidden])


def tell_group(say: Messages) -> None:
    """As which group of a workshop this session assesses, and what that means."""
    if own := composing.group():
        typed = session.view().workshop
        workshop = typed if typed.casefold() == own.workshop else own.workshop
        told = say("assess.as_group", name=own.name, workshop=workshop)
        st.html(Markup('<p role="status" class="ikm-banner">{}</p>').format(told))


def tell_last() -> None:
    """What the last save or its failure had to say; once."""
    told = keys.ASSESS_TOLD.pop()
    if told:
        kind, text, reasons = told
        {"good": st.success, "bad": st.error}[kind](text)
        if reasons:
            st.html(sentences(reasons))


def _tell(kind: str, text: str, reasons: Iterable[str] = ()) -> None:
    keys.ASSESS_TOLD.set((kind, text, tuple(reasons)))


def center_control(page: Page) -> str:
    """Choice of the center to assess."""
    centers = page.study.measured.centers
    names = distinct(centers[f"name_{page.say.language}"])
    center = session.view().chosen("center")
    # In one order in both languages, so that a change of language keeps the center.
    first = centers["name_id"].sort_values().index[0]
    chosen = center if center in centers.index else first
    return str(
        st.selectbox(
            page.say("table.name"),
            list(names.sort_values().index),
            format_func=lambda c: str(names[c]),
            **session.bound(
                "w-assess-center", chosen, lambda c: session.change(selection=("center", c))
            ),
        )
    )


def draft_of(center: str) -> Assessment:
    """What the reader has typed for a center; it outlives the page until it is saved."""
    drafts = composing.drafts()
    if center not in drafts:
        drafts[center] = Assessment(
            center_id=center, author=composing.saver(), assessed_on=date.today()
        )
    return drafts[center]


def _is_untouched(draft: Assessment, own: list[Assessment]) -> bool:
    """Whether another draft may take its place: blank, or as it is recorded."""
    return draft.blank or any(
        a.assessment_id == draft.assessment_id and not {*changes(a, draft)} & {*FORM} for a in own
    )


def put(center: str, **fields: Any) -> None:
    """Change fields of a center's draft."""
    draft = draft_of(center)
    composing.drafts()[center] = replace(draft, **fields)
    if "author" in fields and not draft.base_version and not composing.group():
        keys.AUTHOR.set(fields["author"])


def _form(page: Page, center: str) -> None:
    """The form; each field goes to the draft as soon as it is left."""
    say, draft = page.say, draft_of(center)
    key = form_of(draft)
    title = "assess.correct" if draft.base_version else "assess.new"
    st.html(heading(say(title), say("assess.note")))
    who, when = st.columns([1.6, 1], gap="small")
    who.text_input(
        say("assess.author"),
        max_chars=NAME_LENGTH,
        **session.bound(f"w-author-{key}", draft.author, lambda v: put(center, author=v.strip())),
    )
    when.date_input(
        say("assess.date"),
        min_value=EARLIEST,
        max_value=max(date.today(), draft.assessed_on),
        format="DD/MM/YYYY",
        **session.bound(f"w-date-{key}", draft.assessed_on, lambda v: put(center, assessed_on=v)),
    )
    for aspect in page.study.inputs.instrument.aspects:
        row = st.container(gap="xsmall")
        score, words = row.columns([1, 1.6], gap="small", vertical_alignment="bottom")
        with score:
            refused = bare_field(
                say,
                say(f"aspect.{aspect}"),
                draft.scores.get(aspect),
                SCORE,
                partial(_part, center, "scores", aspect),
                key=f"w-score-{key}-{aspect}",
                form=key,
                placeholder=say("assess.not_scored"),
            )
        with row:
            tell(refused)
            _scale(page, aspect)
        with words.popover(_written(say, draft, aspect), width="stretch"):
            _details(say, center, key, draft, aspect)
    st.text_area(
        say("assess.comment"),
        max_chars=TEXT_LENGTH,
        height=80,
        **session.bound(f"w-comment-{key}", draft.comment, lambda v: put(center, comment=v)),
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        save_control(page, center, "assess.save")
        st.button(say("assess.clear"), on_click=_clear, args=(center,))


def _scale(page: Page, aspect: str) -> None:
    """What 0, 50 and 100 mean, in the words of the rating that asks nearly the same."""
    items = page.study.inputs.frameworks
    item = page.study.inputs.instrument.aspects[aspect].anchored_by
    if item not in items.index:
        return
    ends = {0: 0, HIGHEST // 2: 50, HIGHEST: 100}
    told = [
        Markup("<b>{}</b> {}").format(score, items.at[item, f"anchor_{n}_{page.say.language}"])
        for n, score in ends.items()
    ]
    st.html(Markup('<p class="ikm-note">{}</p>').format(Markup(" · ").join(told)))


def form_of(draft: Assessment) -> str:
    """What the fields of a draft have in common in their keys."""
    return f"{draft.center_id}-{draft.assessment_id}-{draft.base_version}"


def _clear(center: str) -> None:
    forget(form_of(draft_of(center)))
    composing.drop_draft(center)


def save_control(page: Page, center: str, key: str) -> None:
    """Button that saves the draft; a correction asks who makes it, a sample cannot be saved."""
    say, draft = page.say, draft_of(center)
    sample = composing.is_sample(center)
    if sample:
        st.info(say("assess.sample"))
    elif draft.base_version and not composing.group():
        saver_control(say, center, draft.author)
    # Not in a callback: those of the fields, which may come with the same answer, go first.
    if st.button(say(key), type="primary", disabled=sample):
        save(page, center)
        st.rerun()


def _written(say: Messages, draft: Assessment, aspect: str) -> str:
    """Label of an aspect's details, which tells whether there are any."""
    filled = draft.notes.get(aspect) or draft.evidence.get(aspect) or draft.indicators.get(aspect)
    return say("assess.details_filled" if filled else "assess.details")


def _part(center: str, field: str, aspect: str, value: Any) -> None:
    put(center, **{field: {**getattr(draft_of(center), field), aspect: value}})


def _details(say: Messages, center: str, key: str, draft: Assessment, aspect: str) -> None:
    """Note, evidence and indicators of one aspect."""
    for field in ("notes", "evidence"):
        st.text_area(
            say(f"assess.{field}"),
            max_chars=TEXT_LENGTH,
            height=70,
            **session.bound(
                f"w-detail-{field}-{key}-{aspect}",
                getattr(draft, field).get(aspect, ""),
                partial(_part, center, field, aspect),
            ),
        )
    st.caption(say("assess.indicators"))
    editor = f"indicators-{key}-{aspect}"
    rows = keys.INDICATORS.get()
    if keys.sent(editor) is None:  # Streamlit forgets the changes of one that is not shown
        known = draft.indicators.get(aspect, {})
        written = pd.DataFrame({"name": list(known), "score": map(say.in_field, known.values())})
        _, changed = rows.get(editor, (None, written.astype("str")))
        rows[editor] = (changed, changed)
    edited = st.data_editor(
        rows[editor][0],
        key=editor,
        num_rows="dynamic",
        hide_index=True,
        column_config={
            "name": st.column_config.TextColumn(say("assess.indicator"), max_chars=NAME_LENGTH),
            "score": st.column_config.TextColumn(say("table.score")),  # for either decimal sign
        },
    )
    rows[editor] = (rows[editor][0], edited)
    found, wrong = _indicators(say, edited)
    refuse(key, editor, [f"{say(f'aspect.{aspect}')}: {sentence}" for sentence in wrong])
    for sentence in wrong:
        tell(sentence)
    if found != dict(draft.indicators.get(aspect, {})):
        _part(center, "indicators", aspect, found)
    mean = pd.Series(found, dtype=float).mean()
    if pd.notna(mean):
        st.button(
            say("assess.use_mean", mean=say.points(mean)),
            key=f"mean-{key}-{aspect}",
            on_click=_part,
            args=(center, "scores", aspect, round(float(mean), 2)),
        )


def _indicators(say: Messages, edited: pd.DataFrame) -> tuple[dict[str, float | None], list[str]]:
    """Scores by the name of an indicator, and why some rows cannot be used."""
    found: dict[str, float | None] = {}
    refused = []
    cells = edited[["name", "score"]].fillna("").astype(str)
    for name, written in zip(cells["name"].str.strip(), cells["score"], strict=True):
        try:
            score = typed.read(written, SCORE)
        except DataError as why:
            refused += [say.mistyped(i, name or say("assess.indicator")) for i in why.issues]
            continue
        if not name and score is not None:
            refused.append(say("assess.indicator_nameless"))
        elif name in found:
            refused.append(say("assess.indicator_twice", name=name))
        elif name:
            found[name] = score
    return found, refused


def save(page: Page, center: str) -> None:
    """Save the draft as a new version; what was typed stays when that fails, or cannot be used."""
    say, draft = page.say, draft_of(center)
    if unused := refusals(say, form_of(draft)):
        _tell("bad", say("assess.not_saved"), unused)
        return
    inputs, code = page.study.inputs, draft.commodity
    name = inputs.commodities.at[code, "name_id"] if code else inputs.centers.at[center, "name_id"]
    try:
        saved = composing.save(replace(draft, center_name=str(name)), only=FORM)
    except DataError as refused:
        _tell("bad", say("assess.not_saved"), map(say.issue, refused.issues))
        return
    except Exception:
        logging.getLogger("ikmgeo").exception("an assessment could not be saved")
        _tell("bad", say("assess.not_saved"))
        return
    composing.drop_draft(center)
    key = "assess.saved_crossed" if saved.crossed else "assess.saved"
    told = say(key, version=say.number(saved.version, 0))
    _tell("good", f"{told} {_filled(page, draft)}".rstrip())


def _filled(page: Page, draft: Assessment) -> str:
    """How many aspects have a score, and which have none; nothing where it is all or none."""
    say, aspects = page.say, page.study.inputs.instrument.aspects
    empty = [a for a in aspects if draft.scores.get(a) is None]
    if len(empty) in (0, len(aspects)):
        return ""
    left = say.listed([say(f"aspect.{a}") for a in empty])
    return say("assess.filled", count=len(aspects) - len(empty), of=len(aspects), empty=left)


def _recorded(page: Page, center: str, own: list[Assessment]) -> None:
    """Assessments of the center, newest first, each with its history."""
    say = page.say
    st.html(heading(say("assess.recorded")))
    if not own:
        st.html(note(say("assess.none")))
        return
    draft = draft_of(center)
    free = _is_untouched(draft, own) and not refusals(say, form_of(draft))
    if not free:
        st.html(note(say("assess.save_first")))
    present = page.study.measured.centers.at[center, "name_id"]
    own = sorted(own, key=lambda a: (a.assessed_on, str(a.saved_at)), reverse=True)
    for found in sorted(own, key=lambda a: a.hidden):
        title = f"{found.author}, {say.date(found.assessed_on.isoformat())}"
        hidden = f" ({say('assess.hidden')})" if found.hidden else ""
        other = found.center_name not in ("", present)
        with st.container(border=True):
            st.html(
                Markup("<p><strong>{}</strong>{}<br><small>{}</small></p>").format(
                    title, hidden, _scores(say, found)
                )
            )
            if other:
                st.html(note(say("assess.other_name", name=found.center_name)))
            with st.container(horizontal=True):
                if not found.hidden:
                    st.button(
                        say("assess.edit"),
                        disabled=not free,
                        key=f"edit-{found.assessment_id}",
                        on_click=_edit,
                        args=(center, found),
                    )
                st.button(
                    say("assess.show" if found.hidden else "assess.hide"),
                    key=f"hide-{found.assessment_id}",
                    on_click=_toggle,
                    args=(say, found),
                )
            with st.expander(say("assess.history", count=found.version)):
                _history(say, found)


def _scores(say: Messages, found: Assessment) -> str:
    """Scores of the aspects; one that the data have no more is told by its code."""
    told = [f"{say.code('aspect', a)} {say.points(score)}" for a, score in found.scores.items()]
    return " · ".join(told) or say("assess.no_scores")


def _edit(center: str, found: Assessment) -> None:
    composing.drafts()[center] = composing.continued(found)


def _toggle(say: Messages, found: Assessment) -> None:
    author = composing.saver() or found.author
    try:
        drawer = composing.drawer()
        act = drawer.show if found.hidden else drawer.hide
        act(found.assessment_id, author)
    except DataError as refused:
        _tell("bad", say("assess.not_saved"), map(say.issue, refused.issues))


def _history(say: Messages, found: Assessment) -> None:
    """Every version, with a way back to each."""
    versions = composing.drawer().history(found.assessment_id)
    rows = [
        (
            say.number(v.version, 0),
            v.saved_by or v.author,
            _when(say, v),
            _changed(say, before, v),
            _scores(say, v),
            say("assess.hidden") if v.hidden else NOTHING,
        )
        for before, v in reversed([*zip([None, *versions], versions, strict=False)])
    ]
    names = ("version", "saved_by", "saved_at", "changed", "scores", "state")
    heads = [say(f"assess.{n}") for n in names]
    st.html(scrolling(table(heads, rows, ""), say("assess.history", count=len(versions))))
    earlier = [v.version for v in versions[:-1]]
    if earlier:
        with st.container(horizontal=True, vertical_alignment="bottom"):
            version = st.selectbox(
                say("assess.version"),
                earlier[::-1],
                key=f"version-{found.assessment_id}",
                width=160,
            )
            st.button(
                say("assess.restore"),
                key=f"restore-{found.assessment_id}",
                on_click=_restore,
                args=(say, found, version),
            )


def _changed(say: Messages, before: Assessment | None, after: Assessment) -> str:
    """What a version changed in the one before it; for the first one a dash."""
    found = changes(before, after) if before else []
    return ", ".join(say(f"changed.{name}") for name in found) or NOTHING


def _when(say: Messages, version: Assessment) -> str:
    if version.saved_at is None:
        return NOTHING
    local = version.saved_at.astimezone()
    return f"{say.date(local.date().isoformat())} {local:%H:%M}"


def _restore(say: Messages, found: Assessment, version: int) -> None:
    author = composing.saver() or found.author
    try:
        composing.drawer().restore(found.assessment_id, version, author)
    except DataError as refused:
        _tell("bad", say("assess.not_saved"), map(say.issue, refused.issues))
    else:
        _tell("good", say("assess.restored", version=say.number(version, 0)))
