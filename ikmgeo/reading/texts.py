"""Texts as people write them: without the characters that no screen, file or database takes."""

import re
from typing import Any, Final

import numpy as np
import pandas as pd

UNSEEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""Control characters but tab and line ends, halves of characters, and what is no character."""


ENDS: Final = re.compile(r"^[\s\u200b-\u200f\u2060\ufeff]+|[\s\u200b-\u200f\u2060\ufeff]+$")

LINE_END: Final = re.compile(r"\r\n|[\r\v\f]")


def seen(text: str) -> str:
    """The text without unseen characters, its line ends all of one kind."""
    return UNSEEN.sub("", LINE_END.sub("\n", text))


def trimmed(text: str) -> str:
    """The text without blanks at its ends, those of no width too."""
    return ENDS.sub("", text)


def is_seen(text: str) -> bool:
    """Whether a text has no unseen character."""
    return UNSEEN.search(text) is None


def printable(value: object) -> str:
    """Text with a question mark for each character that has no UTF-8."""
    return str(value).encode(errors="replace").decode()


NUMBER: Final = r"[-+]?[0-9]+(?:[.,][0-9]+)?(?:[eE][-+]?[0-9]+)?"
"""Decimal point or comma, never both: ``1.234,5`` could be two numbers and is refused."""


LONGEST_NUMBER: Final = 60
"""Characters of a number; what is longer is none that anybody means."""


def numbers(text: pd.Series) -> pd.Series:
    """Float of each text with a decimal point or comma; NaN for anything else."""
    if text.isna().all():  # as most columns of most lists are
        return text.astype("float64")
    plain = text.str.replace("\N{MINUS SIGN}", "-")
    are = (plain.str.fullmatch(NUMBER).eq(True) & plain.str.len().le(LONGEST_NUMBER)).to_numpy()
    found = np.full(len(text), np.nan)
    found[are] = plain[are].str.replace(",", ".").to_numpy(object).astype(float)
    return pd.Series(found, text.index, name=text.name)


NOTHING: Final = frozenset(
    (
        *("", "na", "nan", "null", "none", "nil", "nihil", "kosong", "tidakada", "tdkada"),
        *("belumada", "belumadadata", "tidakadadata", "belumdinilai", "belumdiisi"),
        *("tidakdiketahui", "tidaktersedia", "notavailable", "unknown"),
    )
)
"""What stands in a cell that says nothing, its letters and digits alone."""


def is_nothing(text: pd.Series) -> pd.Series:
    """Whether a cell is missing, or says so: ``-``, ``n/a``, "belum ada"."""
    said = text.str.casefold().str.replace(r"[\W_]+", "", regex=True)
    return text.isna() | said.isin(NOTHING)


FORMULA: Final = re.compile(r"\s*[=+\-@]|[\t\r\n]")
PLAIN_NUMBER: Final = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?")


def inert_cell(value: Any) -> Any:
    """A cell with an apostrophe before text that a spreadsheet would execute.

    ``load`` takes the apostrophe off again.
    """
    risky = isinstance(value, str) and FORMULA.match(value) and not PLAIN_NUMBER.fullmatch(value)
    return f"'{value}" if risky else value
