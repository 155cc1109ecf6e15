"""Which column of a file is what: as it was taken, and as the reader says."""

from collections.abc import Iterable, Mapping, Sequence

import streamlit as st

from ikmgeo.words.messages import Messages

IN_A_ROW = 3


def which_columns(
    say: Messages,
    key: str,
    labels: Mapping[str, str],
    offered: Sequence[str],
    now: Mapping[str, str],
    why: Mapping[str, str],
) -> dict[str, str]:
    """A choice of heading for each field.

    Parameters
    ----------
    labels
        Words for each field.
    offered
        Headings of the file.
    now, why
        By field, the heading that is taken for it, and the reason.

    Returns
    -------
    dict
        What the reader changed: field by heading, "" for a heading that is to be none.
    """
    left: dict[str, str] = {}
    chosen: dict[str, str] = {}
    choices = ["", *offered]
    for (field, label), place in zip(labels.items(), places(len(labels)), strict=True):
        taken = now.get(field, "")
        picked = place.selectbox(
            label,
            choices,
            choices.index(taken) if taken in choices else 0,
            format_func=lambda heading: heading or say("own.column_none"),
            help=say(f"own.why_{why[field]}") if field in why else None,
            key=f"columns-{key}-{field}",
        )
        if picked != taken:
            chosen |= {picked: field} if picked else {}
            left |= {taken: ""} if taken else {}
    return {**left, **chosen}


def places(count: int) -> Iterable[st.delta_generator.DeltaGenerator]:
    """So many places, some in a row."""
    for start in range(0, count, IN_A_ROW):
        yield from st.columns(IN_A_ROW)[: min(IN_A_ROW, count - start)]
