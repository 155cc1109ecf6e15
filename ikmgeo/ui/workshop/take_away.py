"""Workshop page, second part: what is on screen as files to take away."""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError
from dataclasses import dataclass, field
from functools import partial
from typing import Final

import streamlit as st

from ikmgeo.errors import DataError
from ikmgeo.handout import Handout, Progress, settings, sources
from ikmgeo.handouts import formats
from ikmgeo.handouts.formats import FORMATS
from ikmgeo.ui.frame import Page, apology
from ikmgeo.ui.linkage.linkage import roads_failed
from ikmgeo.ui.parts.explore import pick
from ikmgeo.ui.parts.handing_out import stamp, taken
from ikmgeo.ui.state import keys, session
from ikmgeo.view import STAGES
from ikmgeo.words.markup import heading, note, panel, table

MANY: Final = 1_000
"""From this number of centers on every file is made beside the page, with progress."""

LOOK_SECONDS: Final = 0.5


@dataclass
class Job:
    """A file in the making, on a thread of its own: the page stays free.

    ``of`` tells one view of the data from another: what was made of another is of no use.
    """

    make: Callable[[Progress], bytes]
    of: object
    part: float = 0.0
    made: bytes | None = None
    failed: bool = False
    cancelled: threading.Event = field(default_factory=threading.Event)

    @property
    def running(self) -> bool:
        """Whether the file is still being made."""
        return self.made is None and not self.failed

    def start(self) -> None:
        """Begin."""
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        try:
            self.made = self.make(self._progress)
        except CancelledError:
            return
        except Exception:
            logging.getLogger("ikmgeo").exception("a file could not be made")
            self.failed = True

    def _progress(self, part: float) -> None:
        if self.cancelled.is_set():
            raise CancelledError
        self.part = part


def gathered(page: Page, gather: Callable[[Page], Handout] = taken) -> Handout | None:
    """The present view with all its data; None, and why, when the routing server fails."""
    try:
        return gather(page)
    except DataError as refused:
        roads_failed(page, refused)
        return None


def take_away(page: Page) -> None:
    """What is taken, and every file that it can be taken as."""
    say, handout = page.say, gathered(page)
    if handout is None:
        return
    st.html(heading(say("take.heading"), say("take.note")))
    left, right = st.columns([1.25, 1], gap="medium")
    with right, apology(say):
        rows = settings(handout)
        st.html(panel(table([say("take.setting"), say("take.value")], rows, say("take.settings"))))
        st.html(note(" · ".join(sources(handout))))
    with left, apology(say):
        _documents(page, handout)
        _files(page, handout)


def _documents(page: Page, handout: Handout) -> None:
    say, kind = page.say, session.view().selection or ("", "")
    st.html(heading(say("take.paper"), say("take.paper_note")))
    _long(page, handout, "atlas", "pdf", partial(FORMATS["pdf"].make, handout))
    pick(page, session.view(), handout.centers, handout.shown)
    if kind[0] == "district" or (kind[0] == "center" and kind[1] in handout.centers.index):
        _offer(page, handout, "profile", "pdf", lambda _: formats.profile(handout, *kind))
    else:
        st.caption(say("take.choose"))
    st.html(heading(say("take.page"), say("take.page_note")))
    offered(page, handout, "page")


def _files(page: Page, handout: Handout) -> None:
    say = page.say
    st.html(heading(say("take.map"), say("take.map_note")))
    st.segmented_control(
        say("take.which_map"),
        STAGES,
        format_func=lambda stage: say(f"page.{stage}"),
        label_visibility="collapsed",
        required=True,
        **session.bound("w-stage", session.view().stage, lambda s: session.change(stage=s)),
    )
    with st.container(horizontal=True):
        offered(page, handout, "map")
    st.html(heading(say("take.data"), say("take.data_note")))
    with st.container(horizontal=True):
        offered(page, handout, "data")


def offered(page: Page, handout: Handout, what: str) -> None:
    """Every format of what a file shows: ``page``, ``map`` or ``data``."""
    for kind, made in FORMATS.items():
        if made.what == what:
            _offer(page, handout, what, kind, partial(made.make, handout))


def _offer(
    page: Page, handout: Handout, what: str, kind: str, make: Callable[[Progress], bytes]
) -> None:
    """A file at one click; where there are many centers, made beside the page."""
    if len(handout.shown) >= MANY:
        _long(page, handout, what, kind, make)
        return
    st.download_button(
        page.say("take.download", what=page.say(f"take.{what}_{kind}")),
        lambda: make(lambda _: None),
        file_name=formats.file_name(handout, what, kind),
        mime=FORMATS[kind].mime,
        key=f"take-{what}-{kind}",
        on_click="ignore",
    )


def _long(
    page: Page, handout: Handout, what: str, kind: str, make: Callable[[Progress], bytes]
) -> None:
    """A file that takes a while: begun at one click, with progress, to be cancelled or saved."""
    jobs = keys.JOBS.get()
    name = f"{what}-{kind}"
    of = stamp(handout, page.study)
    if name in jobs and jobs[name].of != of:
        jobs.pop(name).cancelled.set()
        st.caption(page.say("take.outdated", what=page.say(f"take.{what}_{kind}")))
    running = name in jobs and jobs[name].running
    words = page.say(f"take.{what}_{kind}")

    def shown() -> None:
        with apology(page.say):
            state()

    def state() -> None:
        job = jobs.get(name)
        if job is None or job.failed:
            if job:
                st.error(page.say("take.failed"))
            if st.button(page.say("take.make", what=words), key=f"make-{name}"):
                jobs[name] = Job(make, of)
                jobs[name].start()
                st.rerun()  # from now on, look again and again
        elif job.running:
            part = f"{page.say.number(100 * job.part, 0)} %" if job.part else "…"
            st.progress(job.part, text=f"{words}: {part}")
            if st.button(page.say("take.cancel", what=words), key=f"cancel-{name}"):
                jobs.pop(name).cancelled.set()
                st.rerun()
        else:
            if running:
                st.rerun()  # and no more looking
            st.download_button(
                page.say("take.download", what=words),
                job.made or b"",
                file_name=formats.file_name(handout, what, kind),
                mime=FORMATS[kind].mime,
                key=f"made-{name}",
                on_click="ignore",
                type="primary",
            )

    session.fragment(shown, run_every=LOOK_SECONDS if running else None)()
