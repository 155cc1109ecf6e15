"""The lists that are kept: use, history, the way back, and the form that saves one."""

import logging
from collections.abc import Callable
from dataclasses import replace

import streamlit as st
from markupsafe import Markup

from ikmgeo.errors import DataError
from ikmgeo.records.lists import NAME_LENGTH, CenterList, name_of
from ikmgeo.ui.frame import Page, apology, sentences
from ikmgeo.ui.parts.saving import saver_control
from ikmgeo.ui.state import composing, installation, keys, listing, session
from ikmgeo.vocabulary import SHIPPED
from ikmgeo.words.markup import heading, markdown, note, scrolling, table
from ikmgeo.words.messages import NOTHING, Messages

NEW = "new"
"""What a file is for that is for no list; and the place of the form that saves it."""

REMARK_LENGTH = 500
"""Most characters of a remark."""


def kept_lists(page: Page) -> None:
    """Every list, the hidden ones folded away."""
    say = page.say
    every = list(listing.known().values())
    if not every:
        return
    st.html(heading(say("lists.heading")))
    st.html(note(say("lists.kept_in", place=installation.store().location)))
    with st.container(border=True, key="kept-shipped"):
        _shipped(say)
    for one in every:
        if not one.hidden:
            with st.container(border=True, key=f"kept-{one.list_id}"), apology(say):
                _list(say, one)
    if hidden := [one for one in every if one.hidden]:
        with st.expander(say("lists.hidden", count=len(hidden))):
            for one in hidden:
                _hidden(say, one)


def tell(place: str) -> None:
    """What the last save had to say, where it was asked for; once."""
    told = keys.LIST_TOLD.get()
    with st.container():  # always there: what is typed below it must not be remounted
        if told and told[0] == place:
            _, kind, text, reasons = told
            {"good": st.success, "bad": st.error}[kind](text)
            if reasons:
                st.html(sentences(reasons))
            keys.LIST_TOLD.pop()


def who_control(say: Messages, place: str) -> None:
    """Name of who saves, except where it is a group."""
    if not composing.group():
        saver_control(say, f"list-{place}", "")


def _called(name: str, about: str) -> None:
    st.html(Markup("<p><strong>{}</strong><br><small>{}</small></p>").format(name, about))


def _shipped(say: Messages) -> None:
    """The shipped list, which can be used or not as all others."""
    count = len(session.shipped_study().inputs.centers)
    _called(say("lists.shipped"), say("lists.about_shipped", count=count))
    _use_button(say, SHIPPED)


def _list(say: Messages, one: CenterList) -> None:
    """One list: what it is, and what can be done with it."""
    _called(one.name, _about(say, one))
    tell(one.list_id)
    with st.container(horizontal=True):
        _use_button(say, one.list_id)
        st.button(
            say("lists.new_version"),
            key=f"list-renew-{one.list_id}",
            on_click=keys.LIST_TARGET.set,
            args=(one.list_id,),
        )
        st.download_button(
            say("lists.download"),
            listing.file(one),
            one.file_name,
            key=f"list-file-{one.list_id}",
            on_click="ignore",
        )
    if keys.LIST_TARGET.get() == one.list_id:
        st.info(say("lists.new_version_told", name=markdown(one.name)))
    if one.draft:
        st.html(note(listing.about_draft(say, one)))
        save_form(say, one.list_id, name_of(one.name), lambda *told: _save_draft(say, one, *told))
    else:
        with st.expander(say("lists.history", count=one.version)):
            _history(say, one)


def _about(say: Messages, one: CenterList) -> str:
    if one.draft:
        return say("lists.about_draft", count=one.good)
    version = say.number(one.version, 0)
    return say(
        "lists.about", count=one.good, version=version, who=one.saved_by, when=_when(say, one)
    )


def _when(say: Messages, one: CenterList) -> str:
    if one.saved_at is None:
        return NOTHING
    local = one.saved_at.astimezone()
    return f"{say.date(local.date().isoformat())} {local:%H:%M}"


def _use_button(say: Messages, list_id: str) -> None:
    """Show a list beside what is shown, or show it no more; something is always shown."""
    shown = session.view().lists
    others = [other for other in shown if other != list_id]
    st.button(
        say("lists.use" if list_id not in shown else "lists.stop"),
        key=f"list-use-{list_id}",
        type="primary" if list_id not in shown else "secondary",
        disabled=shown == (SHIPPED,) and list_id == SHIPPED,
        on_click=listing.show,
        args=([*others, list_id] if list_id not in shown else others,),
    )


def _save_draft(say: Messages, one: CenterList, name: str, by: str, remark: str) -> str:
    return saved(say, listing.save(replace(one, name=name, saved_by=by, remark=remark)))


def _history(say: Messages, one: CenterList) -> None:
    """Every version with a way back to each, another name, and the way out of sight."""
    versions = listing.history(one)
    rows = [
        (
            say.number(v.version, 0),
            v.saved_by,
            _when(say, v),
            v.name,
            say.number(v.good, 0),
            v.file_name,
            v.remark or NOTHING,
            say("lists.state_hidden") if v.hidden else NOTHING,
        )
        for v in reversed(versions)
    ]
    heads = [say(f"assess.{n}") for n in ("version", "saved_by", "saved_at")]
    heads += [say(f"lists.{n}") for n in ("name", "centers", "file", "remark")]
    title = say("lists.history", count=len(versions))
    st.html(scrolling(table([*heads, say("assess.state")], rows, ""), title))
    who_control(say, one.list_id)
    earlier = [v.version for v in versions[:-1]][::-1]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if earlier:
            st.selectbox(say("assess.version"), earlier, key=f"list-back-{one.list_id}", width=120)
            st.button(
                say("assess.restore"),
                key=f"list-restore-{one.list_id}",
                on_click=_back,
                args=(say, one),
            )
        st.button(
            say("lists.hide"),
            key=f"list-hide-{one.list_id}",
            help=say("lists.hide_help"),
            on_click=_hide,
            args=(say, one),
        )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.text_input(
            say("lists.name"),
            one.name,
            max_chars=NAME_LENGTH,
            key=f"list-rename-{one.list_id}",
            width=320,
        )
        if st.button(say("lists.rename"), key=f"list-renamed-{one.list_id}"):
            name = name.strip()
            attempted(say, one.list_id, lambda by: saved(say, listing.revise(one, by, name=name)))
            st.rerun()


def _hidden(say: Messages, one: CenterList) -> None:
    tell(one.list_id)
    with st.container(horizontal=True, vertical_alignment="center"):
        _called(one.name, _about(say, one))
        st.button(
            say("lists.unhide"), key=f"list-unhide-{one.list_id}", on_click=_unhide, args=(say, one)
        )


def _unhide(say: Messages, one: CenterList) -> None:
    attempted(say, one.list_id, lambda by: saved(say, listing.revise(one, by, hidden=False)))


def _hide(say: Messages, one: CenterList) -> None:
    if attempted(say, one.list_id, lambda by: saved(say, listing.revise(one, by, hidden=True))):
        listing.show([i for i in session.view().lists if i != one.list_id])


def _back(say: Messages, one: CenterList) -> None:
    version = int(keys.sent(f"list-back-{one.list_id}"))

    def back(by: str) -> str:
        listing.restore(one, version, by)
        return say("assess.restored", version=say.number(version, 0))

    attempted(say, one.list_id, back)


def target_control(say: Messages, file_name: str) -> CenterList | None:
    """The list that a file is for; None is a new one."""
    every = {one.list_id: one for one in listing.offered()}
    if not every:
        return None
    names = {NEW: say("lists.target_new")}
    names |= {i: name for i, name in listing.labels(say).items() if i in every}
    wanted = keys.LIST_TARGET.get() or _likely(file_name)
    # The browser tells the choice by its words: with other words it is another control.
    key = f"w-list-target-{hash(tuple(names.values()))}"
    chosen = st.selectbox(
        say("lists.target"),
        list(names),
        format_func=lambda one: names[one],
        width=420,
        **session.bound(key, wanted if wanted in names else NEW, keys.LIST_TARGET.set),
    )
    return every.get(str(chosen))


def _likely(file_name: str) -> str:
    """The list that is offered first: the same file's, or where rows were rejected, the only one.

    A list that colleagues have is never the first without such a reason.
    """
    shown = listing.shown()
    alike = [one for one in [*shown, *listing.offered()] if one.file_name == file_name]
    only = shown if len(shown) == 1 and (shown[0].draft or shown[0].rejected) else []
    return next((one.list_id for one in [*alike, *only]), NEW)


def save_form(say: Messages, key: str, name: str, save: Callable[[str, str, str], str]) -> None:
    """Name, who saves and a remark; ``save`` takes them and tells what became of them."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        named = st.text_input(
            say("lists.name"), name, max_chars=NAME_LENGTH, key=f"list-name-{key}", width=260
        )
        remark = st.text_input(
            say("lists.remark"), max_chars=REMARK_LENGTH, key=f"list-remark-{key}", width=260
        )
        who_control(say, key)
    # Not in a callback: those of the fields, which may come with the same answer, go first.
    if st.button(say("lists.save"), type="primary", key=f"list-save-{key}"):
        attempted(say, key, lambda by: save(named.strip(), by, remark.strip()))
        st.rerun()


def forget_form() -> None:
    """Begin the form for a new list anew, for another file."""
    keys.forget_controls(f"list-name-{NEW}", f"list-remark-{NEW}")


def attempted(say: Messages, place: str, act: Callable[[str], str]) -> bool:
    """Do what saves a list, by who sits here; what was typed stays when that fails.

    ``tell`` says what became of it, at the same place.
    """
    kind, text = "bad", say("assess.not_saved")
    reasons: tuple[str, ...] = ()
    if not (by := composing.saver()):
        text = say("lists.saver_missing")
    else:
        try:
            kind, text = "good", act(by)
        except DataError as refused:
            reasons = tuple(map(say.issue, refused.issues))
        except Exception:
            logging.getLogger("ikmgeo").exception("a list could not be saved")
    keys.LIST_TOLD.set((place, kind, text, reasons))
    return kind == "good"


def saved(say: Messages, kept: CenterList) -> str:
    """That a list was saved, and whether somebody else's version came between."""
    key = "lists.saved_crossed" if kept.crossed else "lists.saved"
    return say(key, name=markdown(kept.name), version=say.number(kept.version, 0))
