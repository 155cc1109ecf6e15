"""The frame of every page: configuration, language, navigation, notices; one call opens a page."""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import streamlit as st
from markupsafe import Markup

from ikmgeo import handout, scoring
from ikmgeo.errors import Issue
from ikmgeo.markup import markdown
from ikmgeo.messages import Messages
from ikmgeo.scoring import Scheme
from ikmgeo.story import Story
from ikmgeo.ui import assets, composing, planning, session, shell, uploads
from ikmgeo.ui.numbers import any_refused
from ikmgeo.view import LANGUAGES, STAGES

ICON = Path(__file__).parent.parent / "static" / "icon.png"
STYLE = Path(__file__).parent.parent / "static" / "page.css"
BARE_STYLE = Path(__file__).parent.parent / "static" / "present.css"
PAGES = {
    "map": "pages/map.py",
    "linkage": "pages/linkage.py",
    "districts": "pages/districts.py",
    "scoring": "pages/scoring.py",
    "workshop": "pages/workshop.py",
    "sources": "pages/sources.py",
    "help": "pages/help.py",
}
"""Pages in the order of the sidebar."""

PRESENT = "pages/present.py"
"""Reached by a button or a link only: it has no sidebar."""


@dataclass(frozen=True)
class Page:
    """What a page works with: its words and its data; ``name`` is a key of ``PAGES``."""

    say: Messages
    study: session.Study
    name: str = "map"

    @property
    def large(self) -> bool:
        """Whether the page is shown to a room: a large map, and nothing but it."""
        return self.name == "present"


def navigation() -> Any:
    """Tell Streamlit the pages; returns the one that the URL asks for.

    Called by ``app.py`` and again by each page, because a link straight to a page of a freshly
    started server runs that page without ``app.py``.
    """
    uploads.bound()
    say = Messages(session.view().language)
    return st.navigation(
        [
            st.Page(path, title=say(f"page.{name}"), default=name == "map", url_path=name)
            for name, path in {**PAGES, "present": PRESENT}.items()
        ],
        position="hidden",
    )


def open_page(name: str) -> Page:
    """Set up the page ``name``: title, styles, sidebar head, notices about data and URL."""
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
    navigation()
    assets.serve()
    st.html(Markup("<style>{}</style>").format(Markup(STYLE.read_text(encoding="utf-8"))))
    shell.frame(say, unsaved=_unsaved())
    opened = Page(say, study, name)
    if opened.large:
        st.html(Markup("<style>{}</style>").format(Markup(BARE_STYLE.read_text(encoding="utf-8"))))
        return opened
    with st.sidebar:
        _language(say)
        for page, path in PAGES.items():
            st.page_link(path, label=say(f"page.{page}"), disabled=page == name)
    st.html(Markup('<h1 class="ikm-h1">{}</h1>').format(say(f"{name}.heading")))
    with st.container():  # always there: a notice must not remount what stands below it
        _notices(opened)
    return opened


@contextmanager
def apology(say: Messages) -> Iterator[None]:
    """Turn an error that nobody foresaw into a sentence and a way out; the log has the rest."""
    try:
        yield
    except Exception:
        logging.getLogger("ikmgeo").exception("a part of the page failed")
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
    with apology(page.say):
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


def _unsaved() -> bool:
    """Whether this session holds what the reader made and only a file or the store would keep."""
    scenarios = st.session_state.get("scenarios", {}).values()
    told: Story = st.session_state.get("story", Story(""))
    own = session.own()
    return (
        composing.has_drafts()
        or any_refused()
        or (own is not None and not own.fictional)
        or session.left() is not None
        or st.session_state.get("group-weights") != st.session_state.get("group-weights-kept")
        or bool(st.session_state.get("plans"))
        or bool(st.session_state.get("fit-changes"))
        or (bool(told.scenes) and told != st.session_state.get("story-in-file"))
        or any(scenario.changes for scenario in scenarios)
    )


def about_data(page: Page) -> list[str]:
    """What whoever looks at the figures must know: that they are not, or not all, the paper's."""
    say, told = page.say, []
    if own := session.own():
        told.append(handout.about_own(say, own))
    if session.view().composition.source == composing.ASSESSED:
        told.append(say("frame.assessed"))
    return told


def _notices(page: Page) -> None:
    say = page.say
    if ignored := st.session_state.pop("ignored", ()):
        st.warning(say("frame.ignored", names=markdown(", ".join(ignored))))
    if own := session.own():
        with st.container(horizontal=True, vertical_alignment="center", key="own-banner"):
            note = handout.about_own(say, own)
            st.html(Markup('<p role="status" class="ikm-banner">{}</p>').format(note))
            st.button(say("frame.own_back"), on_click=composing.back_to_shipped)
        _own_scheme(page)
    assessed = session.view().composition.source == composing.ASSESSED
    if assessed:
        with st.container(horizontal=True, vertical_alignment="center", key="scores-banner"):
            note = say("frame.assessed")
            st.html(Markup('<p role="status" class="ikm-banner">{}</p>').format(note))
            st.button(
                say("frame.published"),
                on_click=composing.change,
                kwargs={"source": composing.PUBLISHED},
            )
    _real(page)
    if (assessed or page.name == "scoring") and (issues := composing.store_failure()):
        st.error(say("frame.no_store"))
        st.html(issue_list(say, issues))
    broken = [issue for issue in page.study.inputs.issues if issue.severity == "rejected"]
    if broken:
        with st.expander(say("frame.left_out", count=say.number(len(broken), 0)), expanded=True):
            st.html(issue_list(say, broken[:200]))


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
            session.change(section="what_if")
            st.switch_page(PAGES["linkage"])


def _own_scheme(page: Page) -> None:
    """Own scores without a category: which scheme gives them one, or that none does."""
    say, scheme = page.say, session.view().scheme
    lacking = int(scoring.uncategorised(page.study.measured.centers).sum())
    if not lacking or session.view().composition.source == composing.ASSESSED:
        return
    names = {"scheme": scoring.UNPRINTED, "printed": Scheme().name}
    words = {what: say(f"scheme.{name}") for what, name in names.items()}
    words["count"] = say.number(lacking, 0)
    if scheme.name == scoring.UNPRINTED:
        st.caption(say("frame.own_scheme", **words))
    elif scheme.name == Scheme().name:
        with st.container(horizontal=True, vertical_alignment="center", key="scheme-banner"):
            note = say("frame.own_no_category", **words)
            st.html(Markup('<p role="status" class="ikm-banner">{}</p>').format(note))
            st.button(
                say("frame.own_turn", **words),
                on_click=session.change,
                kwargs={"scheme": replace(scheme, name=scoring.UNPRINTED)},
            )


def issue_list(say: Messages, issues: Sequence[Issue]) -> str:
    """Defects as an HTML list, one sentence each."""
    return sentences([say.issue(issue) for issue in issues])


def sentences(told: Sequence[str]) -> str:
    """Sentences about what is wrong as an HTML list."""
    items = Markup("").join(Markup("<li>{}</li>").format(sentence) for sentence in told)
    return Markup('<ul class="ikm-issues">{}</ul>').format(items)
