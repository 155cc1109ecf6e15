"""Rows, cells and headings of tables, as what they are.

Pandas' types cannot know that an index holds every id once, nor what a cell holds.
"""

from collections.abc import Iterator
from typing import Any, cast

import pandas as pd


def row(table: pd.DataFrame, key: Any) -> pd.Series:
    """Return the one row of an id; ``KeyError`` without it."""
    return cast(pd.Series, table.loc[key])


def rows(table: pd.DataFrame) -> Iterator[Any]:
    """Go through the rows as named tuples, the id of each its ``Index``."""
    return table.itertuples()


def cell(table: pd.DataFrame, key: Any, column: Any) -> Any:
    """Return what stands in a row and column; ``KeyError`` without one of them."""
    return table.at[key, column]


def part(table: pd.DataFrame, heading: str) -> pd.DataFrame:
    """Return the columns under one of the headings of a table that has them in two levels."""
    return cast(pd.DataFrame, table[heading])


def headings(table: pd.DataFrame) -> list[tuple[str, str]]:
    """Return both levels of each column of such a table."""
    return cast(list[tuple[str, str]], table.columns.to_list())
