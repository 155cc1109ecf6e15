"""What needs the browser itself: language, address of the view, place of the map, keys."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import streamlit as st

from ikmgeo.folders import STATIC
from ikmgeo.ui.state import keys
from ikmgeo.view import Position
from ikmgeo.words.messages import Messages

TOUR_STEPS = ("pages", "workshop")


def _component(name: str, html: str | None = None) -> Any:
    script, style = (STATIC / f"shell_{name}.{kind}" for kind in ("js", "css"))
    return st.components.v2.component(
        f"ikmgeo_{name}",
        html=html,
        css=style.read_text(encoding="utf-8") if html else None,
        js=script.read_text(encoding="utf-8"),
    )


_frame = _component("frame")
_keys = _component("keys")
_button = _component("button", '<button type="button" hidden></button><p role="status"></p>')
_tour = _component(
    "tour",
    "<section role='dialog' hidden><h2></h2><p></p><div><small></small>"
    "<button type='button'></button><button type='button'></button></div></section>",
)


def frame(say: Messages, *, unsaved: bool) -> None:
    """The document's language, and Streamlit's own words in it.

    Where something is unsaved, the browser asks before it leaves or loads the page anew.
    """
    data = {"unsaved": unsaved, "language": say.language, "words": widgets(say)}
    _frame(key="shell-frame", data=data)


def widgets(say: Messages) -> list[tuple[str, str]]:
    """Streamlit's words: as they stand, or stood before the language changed, and as they should.

    The English catalogue holds them exactly as Streamlit writes them.
    """
    other = Messages("en" if say.language == "id" else "id")
    keys = [key for key in say.catalogue if key.startswith("widget.")]
    return [(other(key), say(key)) for key in keys]


def copy_link(say: Messages, origin: str) -> None:
    """A button that puts the address of this view, its map included, on the clipboard.

    It begins with ``origin``, where others reach the app; where they do not, it says so.
    """
    data = {"part": "copy", "label": say("shell.copy"), "failed": say("shell.not_copied")}
    data |= {"origin": origin, "done": say("shell.copied" if origin else "shell.copied_here")}
    _button(key="shell-copy", data=data)


Size = tuple[int, int] | None
"""Width and height of a map on screen, px."""


def place_button(name: str, label: str, save: Callable[[Position, Size], None]) -> None:
    """A button that tells where the map stands and how large it is; None without a map."""
    key = f"shell-{name}"

    def pressed() -> None:
        told = str(_trigger(key, "position") or "-")
        parts = [float(part) for part in told.split(",")] if told != "-" else []
        if len(parts) == 5:
            save((parts[0], parts[1], parts[2]), (int(parts[3]), int(parts[4])))
        else:
            save(None, None)

    _button(key=key, data={"part": "place", "label": label}, on_position_change=pressed)


def tour(say: Messages) -> None:
    """Cards for a first visit, which this browser remembers; anew when asked for."""
    data = {
        "steps": [[say(f"tour.{step}"), say(f"tour.{step}_text")] for step in TOUR_STEPS],
        "again": keys.TOUR.get(),
        **{word: say(f"tour.{word}") for word in ("label", "skip", "next", "done")},
    }
    _tour(key="shell-tour", data=data)


def tour_again() -> None:
    """Show the cards once more."""
    keys.TOUR.set(uuid4().hex)


def hear(step: Callable[[str], None]) -> None:
    """Hear the keys of a talk: ``next``, ``previous``, ``first``, ``last`` and ``leave``."""
    _keys(
        key="shell-keys",
        on_step_change=lambda: step(str(_trigger("shell-keys", "step"))),
    )


def _trigger(key: str, name: str) -> Any:
    return getattr(keys.sent(key), name, None)
