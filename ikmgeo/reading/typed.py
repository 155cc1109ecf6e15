"""Numbers as people type them: with either decimal sign, and never by guess."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from ikmgeo.errors import DataError, Issue

LONGEST: Final = 40
"""Characters of a number; what is longer is text."""

ALIKE: Final = str.maketrans(
    {"\N{MINUS SIGN}": "-", "－": "-", "＋": "+", "，": ",", "．": ".", "％": "%"}
)
GROUPED: Final = r"[1-9]\d{{0,2}}(?P<mark>[{marks}])\d{{3}}(?:(?P=mark)\d{{3}})*"
FORMS: Final = tuple(
    re.compile(rf"(?P<whole>{GROUPED.format(marks=marks)}|\d*)(?:{point}(?P<part>\d+))?")
    for point, marks in ((",", ". "), (r"\.", ", "))
)
"""Decimal comma with points or spaces between thousands; decimal point with commas or spaces."""


@dataclass(frozen=True)
class Scale:
    """What a field takes.

    Parameters
    ----------
    low, high
        Least and greatest number.
    units
        May follow the number, such as ``%``.
    optional
        Whether the field may be left empty.
    whole
        Whether it takes whole numbers only.
    """

    low: float
    high: float
    units: tuple[str, ...] = ()
    optional: bool = False
    whole: bool = False


PERCENT: Final = Scale(0, 100, ("%",))
"""Scores, weights and bounds of categories."""


def read(text: str, scale: Scale) -> float | None:
    """The number that a text means, whichever of the two signs is its decimal sign.

    ``38,5`` and ``38.5`` are one number, ``1.234,5`` and ``1,234.5`` another. A single sign with
    three digits after it (``1.234``) can be either; it is taken for the one number that lies in
    the scale, and refused when both do. None for an empty text where that is allowed.

    Raises
    ------
    DataError
        When the text is no number, means two, or its number lies beyond the scale; the issue
        names what was typed and the scale, not the field.
    """
    plain = _plain(text)
    if not plain and scale.optional:
        return None
    for unit in scale.units:
        plain = plain.removesuffix(unit).rstrip()
    numbers = sorted(set(_readings(plain)))
    found = [value for value in numbers if value.is_integer() or not scale.whole]
    within = [value for value in found if scale.low <= value <= scale.high]
    if len(within) == 1:
        return within[0]
    limits = {"low": scale.low, "high": scale.high}
    if within:
        raise _refused("typed_ambiguous", text, small=within[0], large=within[1])
    if found:
        raise _refused("typed_out_of_range", text, **limits)
    if numbers:
        raise _refused("typed_not_whole", text, **limits)
    raise _refused("typed_unreadable" if plain else "typed_empty", text, **limits)


def _plain(text: str) -> str:
    """The text with plain digits, signs and spaces; what looks like none stays."""
    signs = text.strip().translate(ALIKE)
    return "".join(
        str(unicodedata.decimal(c)) if c.isdecimal() else " " if c.isspace() else c for c in signs
    )


def _readings(plain: str) -> Iterator[float]:
    """Numbers that a text can mean: at most one by each form."""
    sign = plain[:1] if plain[:1] in ("+", "-") else ""
    digits = plain.removeprefix(sign)
    if len(plain) > LONGEST:
        return
    for form in FORMS:
        if (found := form.fullmatch(digits)) and (found["whole"] or found["part"]):
            whole = re.sub(r"\D", "", found["whole"])
            # Adding 0 takes the sign from a -0.
            yield float(f"{sign}{whole or 0}.{found['part'] or 0}") + 0.0


def _refused(code: str, text: str, **expected: float) -> DataError:
    return DataError([Issue(code, "", value=text.strip(), expected=expected)])
