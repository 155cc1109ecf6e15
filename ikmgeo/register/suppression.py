"""Counts too small to be published are left out, and those that would give them away."""

from collections.abc import Sequence
from typing import Final

import pandas as pd

LEAST: Final = 3
"""Least count that is published; data of one company are confidential (UU 3/2014, UU 16/1997), and
of two, each knows the other's."""


def suppressed(counts: pd.DataFrame, count: str, totals: Sequence[Sequence[str]]) -> pd.Series:
    """Counts as they may be published: NaN for those under ``LEAST``, and for what reveals them.

    A count of 0 stays. Where the total of a group is published too, the hidden counts of the group
    must be two at least and their sum more than their number (else each is 1); if not, the next
    smallest count is hidden as well. The total itself must then not be published where nothing is
    left to hide, which ``totals_hidden`` tells.

    Parameters
    ----------
    counts
        One row a cell of the table.
    count
        Column with whole numbers.
    totals
        For each total that is published, the columns that its groups share: ``[["district"],
        ["product"]]`` for the sums of rows and columns, ``[[]]`` for the sum of all.

    References
    ----------
    Willenborg and de Waal (2001), Elements of statistical disclosure control, Springer.
    """
    number = counts[count]
    hidden = number.between(1, LEAST - 1)
    changed = True
    while changed:
        changed = False
        for group in _groups(counts, totals):
            if not _revealed(number[group], hidden[group]):
                continue
            open_ = number[group][~hidden[group] & (number[group] > 0)]
            if len(open_):
                hidden |= hidden.index == open_.idxmin()
                changed = True
    return number.astype(float).mask(hidden)


def totals_hidden(counts: pd.DataFrame, count: str, by: Sequence[str]) -> pd.Series:
    """Whether the total of each group must be hidden too, since it would reveal a count.

    ``counts[count]`` are as they were, before ``suppressed``; on its index.
    """
    kept = suppressed(counts, count, [by])
    found = pd.Series(False, counts.index)
    for group in _groups(counts, [by]):
        found[group] = _revealed(counts.loc[group, count], kept[group].isna())
    return found


def _revealed(numbers: pd.Series, hidden: pd.Series) -> bool:
    """Whether the total and what is open tell a hidden count."""
    held = int(hidden.sum())
    return held == 1 or (held > 1 and int(numbers[hidden].sum()) == held)


def _groups(counts: pd.DataFrame, totals: Sequence[Sequence[str]]) -> list[pd.Index]:
    """The rows that each published total is of."""
    return [
        rows.index
        for by in totals
        for rows in ([counts] if not by else [g for _, g in counts.groupby([*by], dropna=False)])
    ]
