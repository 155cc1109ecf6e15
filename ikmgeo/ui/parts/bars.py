"""What a press filters or chooses: counts above the map, and bars of them.

They are buttons: a chart has none for who uses no mouse.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

import pandas as pd
import streamlit as st
from markupsafe import Markup

from ikmgeo import tables
from ikmgeo.filters import flipped
from ikmgeo.symbols import Drawing
from ikmgeo.ui.state import session
from ikmgeo.ui.state.session import Study
from ikmgeo.words.markup import data_address, heading, markdown
from ikmgeo.words.messages import Messages

BIN: Final = 10.0
"""Points of a class of scores."""

MOST_BARS: Final = 8
"""Commodities that have a bar without being chosen."""

CLOSE = " ✕"
"""On what a press takes away."""


@dataclass(frozen=True)
class Toggle:
    """One press filters or chooses, another one takes that back.

    ``told`` is a number in words, ``share`` the part of its place that a bar fills, 0 to 1.
    """

    key: str
    name: str
    told: str
    chosen: bool
    act: Callable[[], Any]
    drawing: Drawing | None = None
    share: float | None = None


def press(say: Messages, one: Toggle) -> None:
    """The button of a toggle; a bar is as wide as its place."""
    words = say("filter.counted", name=markdown(one.name), count=markdown(one.told))
    drawn = f"![]({data_address(one.drawing.svg())}) " if one.drawing else ""
    st.button(
        f"{drawn}{words}{CLOSE if one.chosen else ''}",
        key=one.key,
        type="primary" if one.chosen else "secondary",
        on_click=one.act,
        width="content" if one.share is None else "stretch",
    )


def bars(say: Messages, name: str, title: str, rows: Sequence[Toggle]) -> None:
    """One bar below the other, under a heading; nothing without any."""
    if not rows:
        return
    st.html(heading(title))
    with st.container(key=f"bars-{name}"):
        widths = Markup("").join(
            Markup(".st-key-{} {{ --share: {}% }}").format(one.key, round(100 * (one.share or 0)))
            for one in rows
        )
        st.html(Markup("<style>{}</style>").format(widths))
        for one in rows:
            press(say, one)


def counts(say: Messages, study: Study, centers: pd.DataFrame, met: pd.DataFrame) -> None:
    """Centers by commodity and by score; a press on a bar filters, and lets go again."""
    left, right = st.columns(2, gap="medium")
    with left:
        rows = list(_by_commodity(say, study, centers, met))
        bars(say, "commodity", say("bars.commodities"), rows)
    with right:
        bars(say, "score", say("bars.scores"), list(_by_score(say, centers, met)))


def _by_commodity(
    say: Messages, study: Study, centers: pd.DataFrame, met: pd.DataFrame
) -> Iterator[Toggle]:
    """The commodities of most centers, and those that are chosen."""
    filters, known = session.view().filters, study.inputs.commodities
    beside = met.drop(columns="commodities", errors="ignore").all(axis=1)
    named = centers["commodity"].isin(known.index)
    counted = centers.loc[beside & named, "commodity"].value_counts()
    most = max(counted.max(), 1) if len(counted) else 1
    for code in dict.fromkeys((*filters.commodities, *counted.index[:MOST_BARS])):
        count, chosen = int(counted.get(code, 0)), code in filters.commodities
        after = replace(filters, commodities=flipped(filters.commodities, code))
        yield Toggle(
            f"bar-commodity-{known.index.get_loc(code)}",  # a reader's own can have any code
            say.name(tables.row(known, code)),
            say.number(count, 0),
            chosen,
            partial(session.refilter, after),
            share=count / most,
        )


def _by_score(say: Messages, centers: pd.DataFrame, met: pd.DataFrame) -> Iterator[Toggle]:
    """Classes of ten points from the highest score to the lowest, each with both its ends."""
    filters, scores = session.view().filters, centers["score"].astype(float)
    beside = met.drop(columns="score", errors="ignore").all(axis=1)
    if scores.isna().all():
        return
    first, last = (int(min(end // BIN, 100 / BIN - 1)) for end in (scores.min(), scores.max()))
    ranges = {at: (BIN * at, BIN * (at + 1)) for at in range(last, first - 1, -1)}
    counted = {at: int((scores.between(*ends) & beside).sum()) for at, ends in ranges.items()}
    for at, ends in ranges.items():
        chosen = filters.score == ends
        after = replace(filters, score=None if chosen else ends)
        yield Toggle(
            f"bar-score-{at}",
            "–".join(say.points(end) for end in ends),
            say.number(counted[at], 0),
            chosen,
            partial(session.refilter, after),
            share=counted[at] / max(*counted.values(), 1),
        )
