"""What needs the browser itself: language, address of the view, place of the map, keys."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import streamlit as st

from ikmgeo.folders import STATIC
from ikmgeo.ui.state import keys
from ikmgeo.view import Position
from ikmgeo.words.messages import Messages

STYLE = """
button { font: inherit; font-size: .875rem; width: 100%; min-height: 2.5rem; padding: .25rem .75rem;
  background: var(--ikm-ground); color: var(--ikm-ink); border: 1px solid var(--ikm-edge); border-radius: .5rem;
  cursor: pointer; text-align: left; }
button:hover { border-color: var(--ikm-accent); color: var(--ikm-accent); }
button:focus-visible { outline: 3px solid var(--ikm-focus); outline-offset: 1px; }
input { font: inherit; width: 100%; box-sizing: border-box; margin-top: .3rem; }
[role=status] { margin: .2rem 0 0; font-size: var(--ikm-small); min-height: 1.1rem; }
"""

CARD = """
section { position: fixed; left: max(1.2rem, min(21rem, 100vw - 27rem)); bottom: 1.2rem;
  z-index: 1000; width: min(24rem, 90vw);
  box-sizing: border-box; padding: 1rem 1.1rem; background: var(--ikm-ground); color: var(--ikm-ink);
  border: 2px solid var(--ikm-accent); border-radius: .6rem; box-shadow: 0 4px 18px rgb(0 0 0 / .25);
  font-size: var(--ikm-body); line-height: 1.45; }
section[hidden] { display: none; }
h2 { font-size: var(--ikm-heading); margin: 0 0 .3rem; }
p { margin: 0 0 .8rem; }
div { display: flex; align-items: center; gap: .6rem; }
small { margin-right: auto; color: var(--ikm-muted); }
button { font: inherit; padding: .3rem .8rem; border: 1px solid var(--ikm-edge); border-radius: .5rem;
  background: var(--ikm-ground); color: var(--ikm-ink); cursor: pointer; }
button:last-child { background: var(--ikm-accent); border-color: var(--ikm-accent); color: var(--ikm-on-accent); }
button:focus-visible { outline: 3px solid var(--ikm-focus); outline-offset: 2px; }
@media print { section { display: none; } }
"""
TOUR_STEPS = ("pages", "workshop")


def _component(name: str, html: str | None = None, css: str | None = None) -> Any:
    script = (STATIC / f"shell_{name}.js").read_text(encoding="utf-8")
    return st.components.v2.component(f"ikmgeo_{name}", html=html, css=css, js=script)


_frame = _component("frame")
_keys = _component("keys")
_button = _component("button", '<button type="button" hidden></button><p role="status"></p>', STYLE)
_tour = _component(
    "tour",
    "<section role='dialog' hidden><h2></h2><p></p><div><small></small>"
    "<button type='button'></button><button type='button'></button></div></section>",
    CARD,
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
