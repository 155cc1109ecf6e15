"""Weights of the aspects as sliders and typed: moving one shares the rest in proportion."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from ikmgeo.measures.composite import Weights
from ikmgeo.reading.typed import PERCENT, Scale
from ikmgeo.ui.parts.numbers import bare_field, tell
from ikmgeo.ui.state import session
from ikmgeo.words.messages import Messages

WHOLE = tuple(float(step) for step in range(101))
"""Where a slider stops.

The browser tells the stop by its words, and Streamlit takes words that it does not know for the
first stop. So they are always the same, in both languages: what comes late means what it meant.
"""


def weight_controls(
    say: Messages,
    present: Callable[[], Weights],
    save: Callable[[Weights], None],
    *,
    key: str,
    form: str = "",
) -> None:
    """A slider and a field for each aspect; together they are always 100.

    ``present`` is asked again at each change: one answer of the browser may hold several.
    """
    rounded = present().rounded()
    for aspect in rounded:
        slider_beside_field(
            say,
            say(f"aspect.{aspect}"),
            say("scoring.weight_of", aspect=say(f"aspect.{aspect}")),
            rounded[aspect],
            partial(_move, present, save, aspect),
            key=f"{key}-{aspect}",
            form=form,
        )


def _move(
    present: Callable[[], Weights], save: Callable[[Weights], None], aspect: str, value: float
) -> None:
    save(present().rebalanced(aspect, value))


def slider_beside_field(
    say: Messages,
    label: str,
    typed_label: str,
    value: float,
    save: Callable[[float], None],
    *,
    key: str,
    form: str = "",
    scale: Scale = PERCENT,
) -> None:
    """A number from 0 to 100 to drag or to type; the slider stands at the nearest whole one.

    What is typed has to lie within ``scale``; what is dragged is for ``save`` to judge.
    """
    with st.container(gap="xsmall"):
        slide, type_in = st.columns([2.4, 1], gap="small", vertical_alignment="bottom")
        slide.select_slider(
            label,
            WHOLE,
            format_func="{:.0f}".format,
            **session.interlocked(f"w-slide-{key}", float(round(value)), save),
        )
        with type_in:
            refused = bare_field(
                say,
                typed_label,
                value,
                scale,
                save,
                key=f"w-typed-{key}",
                form=form,
                label_visibility="collapsed",
            )
        tell(refused)
