"""Counts too small to be published are left out, and those that would give them away."""

from collections import deque
from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import scipy  # its parts are loaded when first used, and most readers use none

Numbers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.intp]

LEAST: Final = 3
"""Least count that is published; data of one company are confidential (UU 3/2014, UU 16/1997), and
of two, each knows the other's."""

OPEN: Final = 1 - 1e-6
"""What a hidden count must be able to differ by."""


def suppressed(
    counts: pd.DataFrame,
    count: str,
    totals: Sequence[Sequence[str]],
    hidden: pd.Series | None = None,
) -> pd.Series:
    """Counts as they may be published: NaN for those under ``LEAST``, and for what reveals them.

    A count of 0 stays. Where the total of a group is published too, the hidden counts of the group
    must be two at least and their sum more than their number (else each is 1); if not, the next
    smallest count is hidden as well. So it is where all totals together tell a hidden count: where
    it is the same in every solution of their equations. The total itself must then not be
    published where nothing is left to hide, which ``totals_hidden`` tells.

    Parameters
    ----------
    counts
        One row a cell of the table.
    count
        Column with whole numbers.
    totals
        For each total that is published, the columns that its groups share: ``[["district"],
        ["product"]]`` for the sums of rows and columns, ``[[]]`` for the sum of all.
    hidden
        Counts that are hidden for another reason.

    References
    ----------
    Willenborg and de Waal (2001), Elements of statistical disclosure control, Springer.
    """
    number = counts[count].to_numpy()
    held = (number > 0) & (number < LEAST)
    if hidden is not None:
        held |= hidden.to_numpy() & (number > 0)
    groups = _groups(counts, totals)
    while _closed(number, held, groups) or _closed_further(number, held, groups):
        pass
    return counts[count].astype(float).mask(held)


def totals_hidden(counts: pd.DataFrame, count: str, by: Sequence[str]) -> pd.Series:
    """Whether the total of each group must be hidden too, since it would reveal a count.

    ``counts[count]`` are as they were, before ``suppressed``; on its index.
    """
    number = counts[count].to_numpy()
    held = suppressed(counts, count, [by]).isna().to_numpy()
    found = np.zeros(len(counts), bool)
    for rows in _groups(counts, [by]):
        found[rows] = _revealed(number[rows], held[rows])
    return pd.Series(found, counts.index)


def _revealed(numbers: Numbers, held: Flags) -> bool:
    """Whether the total and what is open tell a hidden count."""
    many = int(held.sum())
    return many == 1 or (many > 1 and int(numbers[held].sum()) == many)


def _closed(numbers: Numbers, held: Flags, groups: Sequence[Rows]) -> bool:
    """Whether more counts had to be hidden where the total of a group tells one.

    Of the open ones of a group, those come first that another group has to hide too.
    """
    groups_of: list[list[int]] = [[] for _ in numbers]
    for at, rows in enumerate(groups):
        for row in rows.tolist():
            groups_of[row].append(at)

    def revealed(at: int) -> bool:
        return _revealed(numbers[groups[at]], held[groups[at]])

    left, more = deque(range(len(groups))), False
    while left:
        at = left.popleft()
        if not revealed(at):
            continue
        rows = groups[at]
        wanted = [any(g != at and revealed(g) for g in groups_of[row]) for row in rows.tolist()]
        for one in _smallest(numbers, held, rows[wanted]) or _smallest(numbers, held, rows):
            held[one] = more = True
            left.extend(groups_of[one])
    return more


def _closed_further(numbers: Numbers, held: Flags, groups: Sequence[Rows]) -> bool:
    """Whether one more count had to be hidden where all totals together tell one.

    A hidden count is at least 1, and small ones must be open by 1 at least.
    """
    # A total that is told by its group alone is not published: nothing there is left to hide.
    published = [g for g in groups if held[g].any() and not _revealed(numbers[g], held[g])]
    if not published:
        return False
    cells = np.flatnonzero(held)
    row_of = [np.searchsorted(cells, rows[held[rows]]) for rows in published]
    at = np.concatenate(row_of)
    of = np.repeat(np.arange(len(published)), [len(rows) for rows in row_of])
    sums = scipy.sparse.csr_array((np.ones(len(at)), (of, at)), (len(published), len(cells)))
    small = np.isin(np.arange(len(cells)), at) & (numbers[cells] < LEAST)
    told = {*cells[small & _determined(sums, numbers[cells], small)].tolist()}
    beside = [rows for rows in published if told.intersection(rows.tolist())]
    before = int(held.sum())
    for rows in beside:
        held[_smallest(numbers, held, rows)] = True
    if beside and int(held.sum()) == before:  # all beside it is hidden
        held[_smallest(numbers, held, np.arange(len(held)))] = True
    return int(held.sum()) > before


def _determined(sums: "scipy.sparse.csr_array", numbers: Numbers, wanted: Flags) -> Flags:
    """Which of the wanted counts have no other solution, of ``sums @ counts`` as it is.

    As many as can be are made large, and small, at once; what never moves is asked one by one.
    """
    right, bounds = sums @ numbers, (1, float(numbers.sum()))
    left = wanted.copy()

    def opened(aim: npt.NDArray[np.float64]) -> bool:
        """Whether the solution that makes ``aim`` least is another one for some that are left."""
        found = scipy.optimize.linprog(aim, A_eq=sums, b_eq=right, bounds=bounds).x
        moved = left & (np.abs(found - numbers) >= OPEN)
        left[moved] = False
        return bool(moved.any())

    for sign in (-1.0, 1.0):
        while left.any() and opened(sign * left.astype(float)):
            pass
    for at in np.flatnonzero(left):
        aim = np.zeros(len(numbers))
        aim[at] = 1
        if left[at] and not opened(-aim):
            opened(aim)
    return left


def _smallest(numbers: Numbers, held: Flags, rows: Rows) -> list[int]:
    """The row with the smallest count of a group that is neither hidden nor 0, if any."""
    open_ = rows[~held[rows] & (numbers[rows] > 0)]
    return [int(open_[np.argmin(numbers[open_])])] if len(open_) else []


def _groups(counts: pd.DataFrame, totals: Sequence[Sequence[str]]) -> list[Rows]:
    """The rows that each published total is of."""
    found: list[Rows] = []
    for by in totals:
        groups = counts.groupby([*by], dropna=False).indices.values() if by else ()
        found += [np.asarray(rows) for rows in groups] if by else [np.arange(len(counts))]
    return found
