"""The table under the map, its equal for people who cannot use a map."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

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


def show_table(page: Page, view: View, shown: pd.DataFrame) -> None:
    """The table under the map: best score first, sortable, one row selectable."""
    say = page.say
    ordered = shown.sort_values("score", ascending=False, kind="stable", na_position="last")
    st.html(heading(say("table.heading")))
    config = None
    if len(ordered) > LOCALISED_ROWS:
        numbers = (say("table.score"), say("table.nearest_km"))
        config = {name: st.column_config.NumberColumn(format="localized") for name in numbers}
    selectable(page, view, "center", list(ordered.index), _table_cells(page, ordered), config)


def selectable(
    page: Page,
    view: View,
    kind: str,
    ids: Sequence[str],
    cells: Any,
    config: Mapping[str, Any] | None = None,
    *,
    nothing: str = NOTHING,
) -> None:
    """A table of ``cells``, one row per id; choosing a row selects that center or district.

    ``nothing`` stands where a value is missing.
    """
    chosen = view.chosen(kind)
    rows = [ids.index(chosen)] if chosen in ids else []
    key = f"table-{kind}-{hash((tuple(ids), page.study.stamp))}"

    def picked() -> None:
        selected = keys.sent(key)["selection"]["rows"]
        session.change(selection=(kind, ids[selected[0]]) if selected else None)

    keys.show(key, {"selection": {"rows": rows, "columns": [], "cells": []}})
    st.dataframe(
        cells,
        key=key,
        hide_index=True,
        selection_mode="single-row",
        on_select=picked,
        height=min(38 + 35 * max(len(ids), 1), 500),
        column_config=config,
        placeholder=nothing,
    )


def _table_cells(page: Page, centers: pd.DataFrame) -> Any:
    say, study = page.say, page.study
    table = pd.DataFrame(
        {
            say("table.rank"): centers["rank"].astype("Int64"),
            say("table.name"): centers[f"name_{say.language}"],
            say("table.category"): centers["category"].map(lambda c: say(f"category.{c}")),
            say("table.score"): centers["score"],
            say("table.commodity"): centers["commodity"].map(
                study.inputs.commodities[f"name_{say.language}"]
            ),
            say("table.district"): district_names(study, centers),
            say("table.nearest_zone"): centers["nearest_zone"].map(
                study.inputs.zones["short_name"]
            ),
            say("table.nearest_km"): centers["nearest_km"].round(1),
            say("table.precision"): centers["position_precision"].map(
                lambda p: say.code("precision", p)
            ),
        }
    )
    if (lists := list_names(say, study.measured.centers)) is not None:
        table.insert(2, say("table.list"), lists[centers.index])
    if len(table) > LOCALISED_ROWS:
        return table
    digits = {say("table.score"): 2, say("table.nearest_km"): 1}
    return table.style.format({c: partial(say.number, digits=d) for c, d in digits.items()})
