"""How a file was read: its first rows, its sheets, the column of each field; all changeable."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from typing import Any

import streamlit as st

from ikmgeo.analysis import Inputs
from ikmgeo.reading.load import Choices, Table
from ikmgeo.reading.validate import Checked
from ikmgeo.ui.frame import Page
from ikmgeo.ui.parts.columns import places, which_columns
from ikmgeo.ui.state import keys, listing
from ikmgeo.words.markup import markdown

FIELDS = (
    *("name_id", "commodity", "kbli", "district_code", "subdistrict", "village", "area_code"),
    *("lat", "lon", "coordinates", "position_precision", "locality", "products"),
    *("score_total", "category", "center_id", "note"),
)
"""What a column of a list can be taken for, besides an aspect."""

HEADINGS = "headings"
"""Where a kept mapping has the headings of its file."""

SHOWN_ROWS = 5
MOST_VALUES = 24
"""Unknown values whose meaning is asked for; a list with more is of another vocabulary."""


def as_read(
    page: Page, checked: Checked, chosen: Choices, reread: Callable[[Choices], None]
) -> None:
    """Show how a file was read; ``reread`` reads it with other choices."""
    say, table, inputs = page.say, checked.table, page.study.inputs
    with (
        st.expander(say("own.as_read"), expanded=not len(checked.good), key="as-read-open"),
        st.form("as-read", border=False),
    ):
        st.caption(say("own.as_read_intro"))
        layers = _layers(page, table)
        st.dataframe(table.source.head(SHOWN_ROWS).fillna(""), hide_index=True)
        columns = _columns(page, table)
        everywhere = _everywhere(page, checked, inputs)
        values = _values(page, checked, inputs)
        with st.container(horizontal=True):
            again = st.form_submit_button(say("own.read_again"), type="primary")
            back = chosen != Choices() and st.form_submit_button(say("own.as_found"))
    if again:
        reread(
            Choices(
                layers=layers,
                columns={**chosen.columns, **columns},
                everywhere=everywhere,
                values={**chosen.values, **values},
            )
        )
    elif back:
        reread(Choices())


def _layers(page: Page, table: Table) -> tuple[str, ...]:
    """The sheets to read, where there are several."""
    say = page.say
    if len(table.parts) < 2:  # one is no choice
        return ()
    named = {
        part.name: say("own.layer_hidden", name=part.name)
        if part.hidden
        else say("own.layer_rows", name=part.name, count=say.number(part.rows, 0))
        for part in table.parts
    }
    taken = [part.name for part in table.taken]
    picked = st.multiselect(
        say("own.layers"),
        list(named),
        taken,
        format_func=lambda name: markdown(named[name]),
        key="as-read-layers",
    )
    return () if picked == taken else tuple(picked)


def _columns(page: Page, table: Table) -> dict[str, str]:
    """What is taken for a field by choice, by heading; "" for a heading that is to be none."""
    say = page.say
    drawn = {f for part in table.taken for f, why in part.why.items() if why == "geometry"}
    offered = [str(column) for column in table.source if column not in drawn]
    why = {f: reason for part in reversed(table.taken) for f, reason in part.why.items()}
    aspects = page.study.inputs.instrument.aspects
    labels = {
        f: say(f"aspect.{f}" if f in aspects else f"field.{f}")
        for f in (*FIELDS, *aspects)
        if f not in drawn
    }
    return which_columns(say, "list", labels, offered, table.headings, why)


def _everywhere(page: Page, checked: Checked, inputs: Inputs) -> dict[str, str]:
    """The commodity of the rows that name none, where there are some."""
    say = page.say
    if not any(i.column == "commodity" and i.severity == "rejected" for i in checked.issues):
        return {}
    names = inputs.commodities[f"name_{say.language}"].tolist()
    picked = st.selectbox(
        say("own.everywhere"),
        names,
        None,
        placeholder=say("own.everywhere_hint"),
        accept_new_options=True,
        key="as-read-everywhere",
    )
    return {"commodity": picked} if picked else {}


def _values(page: Page, checked: Checked, inputs: Inputs) -> dict[str, dict[str, str]]:
    """What is meant by the values of commodity and category that ikmgeo does not know."""
    say = page.say
    known = {
        "unknown_commodity": inputs.commodities[f"name_{say.language}"].tolist(),
        "unknown_category": [say(f"category.{c}") for c in inputs.instrument.categories],
    }
    asked = dict.fromkeys(
        (i.column or "", i.value or "", i.code) for i in checked.issues if i.code in known
    )
    if not asked or len(asked) > MOST_VALUES:
        return {}
    st.caption(say("own.values"))
    meant: dict[str, dict[str, str]] = {}
    for (column, value, code), place in zip(asked, places(len(asked)), strict=True):
        picked = place.selectbox(
            f"{say(f'field.{column}')}: {markdown(value)}",
            ["", *known[code]],
            format_func=lambda name: name or say("own.value_kept"),
            key=f"as-read-value-{column}-{value}",
        )
        if picked:
            meant.setdefault(column, {})[value] = picked
    return meant


def remembered(table: Table) -> tuple[Choices, str] | None:
    """How a file with these headings is to be read, and the list whose file was read so.

    First what this reader chose, then what was chosen for the list that was saved last.
    """
    signature = _signature(table)
    if own := keys.CHOICES.get().get(signature):
        return own, ""
    saved = sorted(listing.offered(), key=lambda one: str(one.saved_at), reverse=True)
    for one in saved:
        if one.mapping.get(HEADINGS) == list(signature):
            with suppress(TypeError, ValueError, KeyError, AttributeError):  # written by others
                return Choices.of(one.mapping), one.name
    return None


def remember(table: Table, choices: Choices) -> None:
    """Choose the same for the next file with these headings."""
    keys.CHOICES.get()[_signature(table)] = choices


def mapping(table: Table, choices: Choices) -> dict[str, Any]:
    """How the reader had a file read, to be kept with its list; nothing where as ikmgeo would."""
    if choices == Choices():
        return {}
    return {HEADINGS: list(_signature(table)), **asdict(choices)}


def _signature(table: Table) -> tuple[str, ...]:
    return tuple(sorted(map(str, table.source)))
