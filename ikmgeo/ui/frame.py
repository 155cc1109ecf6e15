"""The frame of every page: configuration, language, navigation, notices."""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

import streamlit as st
from markupsafe import Markup

from ikmgeo import handout
from ikmgeo.errors import Issue
from ikmgeo.folders import ROOT, STATIC
from ikmgeo.measures import scoring
from ikmgeo.measures.scoring import Scheme
from ikmgeo.ui import shell
from ikmgeo.ui.state import composing, keys, listing, planning, session, uploads
from ikmgeo.view import MOST_LISTS, STAGES, View
from ikmgeo.vocabulary import LANGUAGES, PRODUCT, SHIPPED
from ikmgeo.words.markup import data_address, markdown
from ikmgeo.words.messages import Messages

ICON = STATIC / "icon.png"
BARE_STYLE = STATIC / "present.css"
_FOLDER = ROOT / "pages"
PAGES = {
    name: str(_FOLDER / f"{name}.py")
    for name in (
        "map",
        "linkage",
        "districts",
        "scoring",
        "register",
        "workshop",
        "sources",
        "help",
    )
}
"""Script of each page, in the order of the sidebar."""

PRESENT = str(_FOLDER / "present.py")
"""Reached by a button or a link only: it has no sidebar."""


@dataclass(frozen=True)
class Page:
    """What a page works with: its words and its data; ``name`` is a key of ``PAGES``.

    ``headline`` stands above the map of a talk, which names the centers that it names.
    """

    say: Messages
    study: session.Study
    name: str = "map"
    headline: str = ""

    @property
    def large(self) -> bool:
        """Whether the page is shown to a room: a large map, and nothing but it."""
        return self.name == "present"


def navigation() -> Any:
    """Tell Streamlit the pages; returns the one that the URL asks for."""
    uploads.bound()
    say = Messages(session.view().language)
    return st.navigation(
        [
            st.Page(path, title=say(f"page.{name}"), default=name == "map", url_path=name)
            for name, path in {**PAGES, "present": PRESENT}.items()
        ],
        position="hidden",
    )


def frame(name: str) -> Page:
    """Set up the page ``name``: title, styles, sidebar head, notices about data and URL."""
    listing.take_up()
    keys.REFILTERED.pop()  # all of the page is being answered
    if name in PAGES:
        session.enter(name)
    study = session.study()
    say = Messages.of(session.view().language, study.inputs)
    st.set_page_config(
        page_title=f"{say(f'page.{name}')} · ikmgeo",
        page_icon=str(ICON),
        layout="wide",
        menu_items={"Get help": None, "Report a bug": None, "About": say("app.about")},
    )
    shell.frame(say, unsaved=keys.any_unsaved())
    opened = Page(say, study, name)
    if opened.large:
        st.html(_style(BARE_STYLE))
        return opened
    with st.sidebar:
        st.html(_brand())
        _language(say)
        for page, path in PAGES.items():
            st.page_link(path, label=say(f"page.{page}"), disabled=page == name)
        _lists(say)
    st.html(Markup('<h1 class="ikm-h1">{}</h1>').format(say(f"{name}.heading")))
    with st.container():  # always there: a notice must not remount what stands below it
        _notices(opened)
    return opened


@cache
def _brand() -> str:
    """Name and mark of the product."""
    mark = data_address(ICON.read_bytes())
    return Markup('<p class="ikm-brand"><img alt="" src="{}">{}</p>').format(mark, PRODUCT)


@cache
def _style(file: Path) -> str:
    return Markup("<style>{}</style>").format(Markup(file.read_text(encoding="utf-8")))


@contextmanager
def apology(say: Messages) -> Iterator[None]:
    """Turn an error that nobody foresaw into a sentence and a way out; the log has the rest."""
    try:
        yield
    except Exception:
        logging.getLogger("ikmgeo").exception("a part of the page failed")
        apologise(say)


def apologise(say: Messages) -> None:
    """A sentence and a way out."""
    st.error(say("frame.failed"))
    st.button(say("frame.start_again"), key=uuid4().hex, on_click=session.start_again)


def section(page: Page, parts: Mapping[str, Callable[[Page], None]]) -> None:
    """Show the part of a page that the reader chose, at first the first one."""
    chosen = session.view().section
    chosen = chosen if chosen in parts else next(iter(parts))
    st.segmented_control(
        page.say("frame.section"),
        list(parts),
        format_func=lambda name: page.say(f"section.{name}"),
        label_visibility="collapsed",
        required=True,
        **session.bound(
            f"w-section-{next(iter(parts))}", chosen, lambda name: session.change(section=name)
        ),
    )
    parts[chosen](page)


def _language(say: Messages) -> None:
    st.radio(
        say("frame.language"),
        LANGUAGES,
        format_func={"id": "Bahasa Indonesia", "en": "English"}.get,
        horizontal=True,
        label_visibility="collapsed",
        **session.bound("w-language", say.language, session.speak),
    )


def _lists(say: Messages) -> None:
    """Choice of the lists that are shown, where there is any besides the shipped one."""
    names = listing.labels(say)
    if len(names) == 1:
        return
    # The browser tells the choice by its words: with other words it is another control.
    key = f"w-lists-{hash(tuple(names.values()))}"
    there = [one for one in session.view().lists if one in names]
    st.multiselect(
        say("lists.label"),
        list(names),
        format_func=lambda one: names[one],
        max_selections=MOST_LISTS,
        placeholder=names[SHIPPED],
        **session.bound(key, there, listing.show),
    )


def about_data(page: Page) -> list[str]:
    """What whoever looks at the figures must know: that they are not, or not all, the paper's."""
    say, told = page.say, []
    if own := session.own():
        told.append(handout.about_own(say, own))
    if session.view().composition.source == composing.ASSESSED:
        told.append(_assessed(page))
    return told


def _assessed(page: Page) -> str:
    """That scores are assessed ones, and that centers without one do not have the paper's."""
    say, lacking = page.say, composing.lacking(page.study)
    more = say("frame.assessed_some", count=lacking) if lacking else ""
    return f"{say('frame.assessed')} {more}".rstrip()


def _notices(page: Page) -> None:
    say = page.say
    if ignored := keys.IGNORED.pop():
        st.warning(say("frame.ignored", names=markdown(", ".join(ignored))))
    if gone := keys.LISTS_GONE.pop():
        st.warning(say("frame.lists_gone", count=gone))
    if own := session.own():
        with st.container(horizontal=True, vertical_alignment="center", key="own-banner"):
            note = handout.about_own(say, own)
            st.html(Markup('<p role="status" class="ikm-banner">{}</p>').format(note))
            st.button(say("frame.own_back"), on_click=composing.leave_own)
        _unsaved(page)
        _own_scheme(page)
    assessed = session.view().composition.source == composing.ASSESSED
    if assessed:
        with st.container(horizontal=True, vertical_alignment="center", key="scores-banner"):
            note = _assessed(page)
            st.html(Markup('<p role="status" class="ikm-banner">{}</p>').format(note))
            st.button(
                say("frame.published"),
                on_click=composing.change_scores,
                kwargs={"source": composing.PUBLISHED},
            )
    _real(page)
    if (assessed or page.name == "scoring") and (issues := composing.store_failure()):
        st.error(say("frame.no_store"))
        st.html(issue_list(say, issues))
    elif session.view().lists != View().lists and (issues := listing.failure()):
        st.error(say("frame.no_lists"))
        st.html(issue_list(say, issues))
    broken = [issue for issue in page.study.inputs.issues if issue.severity == "rejected"]
    if broken:
        with st.expander(say("frame.left_out", count=say.number(len(broken), 0)), expanded=True):
            st.html(issue_list(say, broken[:200]))


def _unsaved(page: Page) -> None:
    """That a list that is shown is not saved, for how long it is there, and where to save it."""
    say = page.say
    drafts = [one for one in listing.shown() if one.draft]
    if not drafts or session.view().section == "own":
        return
    with st.container(horizontal=True, vertical_alignment="center", key="unsaved-banner"):
        told = listing.about_draft(say, drafts[0])
        st.html(Markup('<p role="status" class="ikm-banner">{}</p>').format(told))
        if st.button(say("frame.save_list")):
            open_section("sources", "own")


def _real(page: Page) -> None:
    """Where the map or the files are of things as they are: that a scenario stands elsewhere."""
    say, plan = page.say, planning.in_use()
    if plan is None or page.name not in (*STAGES, "workshop"):
        return
    if session.view().section == "what_if":
        return
    with st.container(horizontal=True, vertical_alignment="center", key="scenario-banner"):
        told = say("frame.scenario", name=plan.name)
        st.html(Markup('<p role="status" class="ikm-banner">{}</p>').format(told))
        if st.button(say("frame.to_scenario")):
            open_section("linkage", "what_if")


def _own_scheme(page: Page) -> None:
    """Own scores without a category: which scheme gives them one, or that none does."""
    say, scheme = page.say, session.view().scheme
    lacking = int(scoring.uncategorised(page.study.measured.centers).sum())
    if not lacking or session.view().composition.source == composing.ASSESSED:
        return
    other = scoring.unprinted(page.study.inputs.instrument)
    names = {"scheme": other, "printed": Scheme().name}
    words: dict[str, Any] = {what: say(f"scheme.{name}") for what, name in names.items()}
    words["count"] = lacking
    if scheme.name == other:
        st.caption(say("frame.own_scheme", **words))
    elif scheme.name == Scheme().name:
        with st.container(horizontal=True, vertical_alignment="center", key="scheme-banner"):
            note = say("frame.own_no_category", **words)
            st.html(Markup('<p role="status" class="ikm-banner">{}</p>').format(note))
            st.button(
                say("frame.own_turn", **words),
                on_click=session.change,
                kwargs={"scheme": replace(scheme, name=other)},
            )


def open_section(page: str, section: str) -> None:
    """Go to a section of a page; only while a page runs."""
    session.change(section=section)
    st.switch_page(PAGES[page])


def issue_list(say: Messages, issues: Sequence[Issue]) -> str:
    """Defects as an HTML list, one sentence each."""
    return sentences([say.issue(issue) for issue in issues])


def sentences(told: Sequence[str]) -> str:
    """Sentences about what is wrong as an HTML list."""
    items = Markup("").join(Markup("<li>{}</li>").format(sentence) for sentence in told)
    return Markup('<ul class="ikm-issues">{}</ul>').format(items)
