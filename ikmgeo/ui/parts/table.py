"""Tables to sort, to search and to choose from: the one of centers, and all that are like it.

The equal of the map for people who cannot use one.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Final

import pandas as pd
import streamlit as st

from ikmgeo.ui.frame import Page
from ikmgeo.ui.state import keys, session
from ikmgeo.ui.state.session import district_names
from ikmgeo.view import View
from ikmgeo.words.markup import heading
from ikmgeo.words.messages import NOTHING
from ikmgeo.words.wording import list_names

LOCALISED_ROWS = 1_000
"""Up to this number of rows, the table's numbers are written as the language does."""

WHOLE: Final = 40
"""Up to this number of rows, a table stands whole on the page; a longer one scrolls by itself."""

HEAD_PX, ROW_PX, LONG_PX = 38, 35, 500
"""Height of the heading, of a row, and of a table that is not shown whole."""

COLUMNS: Final = (
    *("rank", "name", "list", "category", "score", "commodity", "district"),
    *("nearest_zone", "nearest_km", "precision"),
)
"""What the table of centers can show."""

NEEDED: Final = (
    "name",
    "list",
    "category",
    "score",
    "commodity",
    "district",
    "nearest_zone",
    "nearest_km",
)
"""What a planner reads of a center, as wide as a usual screen; the rest is for who asks."""

WIDTHS: Final = {
    **{"name": 236, "category": 96, "score": 98, "commodity": 118, "district": 178},
    **{"nearest_zone": 126, "nearest_km": 122},
}
"""In px; the others are as wide as what they hold."""


def show_table(page: Page, view: View, shown: pd.DataFrame) -> None:
    """The table under the map: best score first, sortable, one row selectable."""
    say = page.say
    ordered = shown.sort_values("score", ascending=False, kind="stable", na_position="last")
    st.html(heading(say("table.heading")))
    heads = {name: say(f"table.{name}") for name in COLUMNS}
    heads["score"] = say("table.score_points")
    config: dict[str, Any] = {
        name: st.column_config.Column(label, width=WIDTHS.get(name))
        for name, label in heads.items()
    }
    if len(ordered) > LOCALISED_ROWS:
        for name in ("score", "nearest_km"):
            config[name] = st.column_config.NumberColumn(
                heads[name], format="localized", width=WIDTHS[name]
            )
    cells = _table_cells(page, ordered)
    selectable(page, view, "center", list(ordered.index), cells, config, needed=NEEDED)


def selectable(
    page: Page,
    view: View,
    kind: str,
    ids: Sequence[str],
    cells: Any,
    config: Mapping[str, Any] | None = None,
    *,
    nothing: str = NOTHING,
    needed: Sequence[str] | None = None,
) -> None:
    """A table of ``cells``, one row per id; choosing a row selects that center or district.

    ``nothing`` stands where a value is missing; ``needed`` as of ``grid``.
    """

    def pick(one: str | None) -> None:
        session.change(selection=(kind, one) if one else None)

    key = f"{kind}-{hash((tuple(ids), page.study.stamp))}"
    grid(page, key, ids, cells, view.chosen(kind), pick, config, nothing=nothing, needed=needed)


def grid(
    page: Page,
    key: str,
    ids: Sequence[str],
    cells: Any,
    chosen: str | None,
    pick: Callable[[str | None], None],
    config: Mapping[str, Any] | None = None,
    *,
    nothing: str = NOTHING,
    needed: Sequence[str] | None = None,
) -> None:
    """A table of ``cells``, a frame or a styled one, one row per id, and what it shows of them.

    Parameters
    ----------
    key
        Tells it from other tables of the page.
    chosen, pick
        Id of the row that is chosen, and what a choice does.
    nothing
        Stands where a value is missing.
    needed
        Columns that are shown unless the reader wants others; None for all.
    """
    control = f"table-{key}"

    def picked() -> None:
        rows = keys.sent(control)["selection"]["rows"]
        pick(ids[rows[0]] if rows else None)

    columns = _columns(page, key.partition("-")[0], cells, config or {}, needed)
    rows = [ids.index(chosen)] if chosen in ids else []
    keys.show(control, {"selection": {"rows": rows, "columns": [], "cells": []}})
    whole = HEAD_PX + ROW_PX * max(len(ids), 1)
    st.dataframe(
        cells,
        key=control,
        hide_index=True,
        selection_mode="single-row",
        on_select=picked,
        height=whole if len(ids) <= WHOLE else LONG_PX,
        column_order=columns,
        column_config=config,
        placeholder=nothing,
    )


def _columns(
    page: Page, name: str, cells: Any, config: Mapping[str, Any], needed: Sequence[str] | None
) -> list[str]:
    """The columns that are shown, chosen behind a button; at least the first."""
    say, every = page.say, [str(column) for column in cells.columns]
    table = f"{page.name}-{session.view().section}-{name}"
    wanted = keys.COLUMNS.get().get(table, {})
    shown = [c for c in every if wanted.get(c, needed is None or c in needed)] or every[:1]

    def save(now: list[str]) -> None:
        told = {column: column in now for column in every}
        keys.COLUMNS.set(keys.COLUMNS.get() | {table: wanted | told})

    def named(column: str) -> str:
        return str((config.get(column) or {}).get("label") or column)

    count, of = say.number(len(shown), 0), say.number(len(every), 0)
    with st.popover(say("table.columns", count=count, of=of)):
        st.pills(
            say("table.columns_shown"),
            every,
            selection_mode="multi",
            format_func=named,
            **session.bound(f"w-columns-{table}", shown, save),
        )
    return shown


def _table_cells(page: Page, centers: pd.DataFrame) -> Any:
    say, study = page.say, page.study
    commodities = study.inputs.commodities[f"name_{say.language}"]
    table = pd.DataFrame(
        {
            "rank": centers["rank"].astype("Int64"),
            "name": centers[f"name_{say.language}"],
            "category": centers["category"].map(lambda c: say(f"category.{c}")),
            "score": centers["score"],
            "commodity": centers["commodity"].map(commodities),
            "district": district_names(study, centers),
            "nearest_zone": centers["nearest_zone"].map(study.inputs.zones["short_name"]),
            "nearest_km": centers["nearest_km"].round(1),
            "precision": centers["position_precision"].map(lambda p: say.code("precision", p)),
        }
    )
    if (lists := list_names(say, study.measured.centers)) is not None:
        table.insert(2, "list", lists[centers.index])
    if len(table) > LOCALISED_ROWS:
        return table
    digits = {"score": 2, "nearest_km": 1}
    return table.style.format({c: partial(say.number, digits=d) for c, d in digits.items()})
