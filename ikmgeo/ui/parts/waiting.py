"""A reader waits for a call in a process of its own, sees how long it takes, and can cancel it."""

from collections.abc import Callable
from concurrent.futures import wait
from time import monotonic
from typing import ParamSpec, TypeVar
from uuid import uuid4

import streamlit as st

from ikmgeo.reading import worker
from ikmgeo.words.markup import markdown
from ikmgeo.words.messages import Messages

P = ParamSpec("P")
R = TypeVar("R")

STEP_S = 0.5
"""Seconds between two looks at the clock."""


def waited(
    say: Messages,
    name: str,
    cancel: Callable[[], None],
    function: Callable[P, R],
    *args: P.args,
    **kwargs: P.kwargs,
) -> R:
    """What ``function`` gives for the file ``name``; ``cancel`` is called by whoever cancels.

    That begins the next answer of the app, which ends this one, and with it the process.

    Raises
    ------
    DataError
        As ``worker.result``.
    """
    place, label = st.empty(), st.empty()
    with worker.watched(function, *args, **kwargs) as (read, progress):
        wait([read], STEP_S)
        if not read.done():
            key = f"reading-cancel-{uuid4().hex}"  # one answer may read twice, each with its button
            place.button(say("own.cancel"), on_click=cancel, key=key)
        began = monotonic()
        while not read.done():
            passed = say.number(STEP_S + monotonic() - began, 0)
            told = {"file": markdown(name), "seconds": passed}
            if progress.turn:
                share = say.number(100 * progress.share, 0)
                label.caption(say("own.reading_share", turn=progress.turn, percent=share, **told))
            else:
                label.caption(say("own.reading_seconds", **told))
            wait([read], STEP_S)
        place.empty()
        label.empty()
        return worker.result(read, name)
