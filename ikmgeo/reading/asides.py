"""Rows of a table that are none of its list: numbers of columns, totals, groups, remarks, names.

Offices print what they send: below the headings stand the numbers of the columns, between the rows
headings of groups and sums, below them sources and signatures. None of these is a center, and a
heading such as "Kabupaten Karo" tells where those below it are.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from ikmgeo.errors import Issue

Row = tuple[int, list[str]]
"""Number of a row and its cells."""

NUMBERED: Final = 3
"""Least numbers of columns in their row; fewer may be of a center."""

WIDE: Final = 4
"""Headings of a table in which a row of two cells is no row of its list."""

COLUMN_NUMBER: Final = re.compile(r"\(?\s*(\d{1,2})\s*(?:=[^a-z]*)?\)?\.?", re.IGNORECASE)
"""As ``3``, ``(3)`` or ``(9=7+8)``."""

TOTAL: Final = re.compile(
    r"(?:(?:sub|grand)[\s-]*)?(?:total|jumlah|jml)"
    r"(?:\s+(?:total|umum|akhir|seluruh(?:nya)?|keseluruhan|sentra|ikm|unit|usaha"
    r"|(?:kab|kota|kec|desa|kel|nagori)\w*\b.{0,60}))*\s*[.:]*",
    re.IGNORECASE,
)
FIGURE: Final = re.compile(r"(?:rp)?[\s\d.,%+-]*", re.IGNORECASE)
GROUP: Final = re.compile(
    r"(?:(?:[ivx]{1,6}|[a-z]|\d{1,2})\s*[.)]\s*)?"
    r"((?P<kind>kabupaten|kab\.?|kota|kodya|kecamatan|kec\.?)[\s:]+[^\d:]+)",
    re.IGNORECASE,
)
"""Heading of a group of rows, perhaps with its letter or number."""

NUMBERING: Final = re.compile(r"(?:[ivx]{1,6}|[a-z]|\d{1,2})[.)]?", re.IGNORECASE)
REMARK: Final = re.compile(
    r"(?:(?:sumber|source|catatan|keterangan|ket|note)\s*(?:data\b|[.:]).*"
    r"|mengetahui\b.*|nip\b[\s.:]*\d.*|kepala (?:dinas|bidang)\b.*|\*.*"
    r"|[^\d,]+,\s*(?:tanggal\s+)?\d{0,2}\s*[a-z]+\s+20\d\d)",
    re.IGNORECASE | re.DOTALL,
)
"""A source, a remark, or the beginning of a signature: who signs, or place and day."""

EXAMPLE: Final = 60
"""Characters of a row that is quoted."""


@dataclass
class Sorted:
    """Rows of a table apart from what stands among them.

    Parameters
    ----------
    rows
        Positions of those that are of the list.
    aside
        Those that are not, but for headings of groups.
    groups
        By ``district_code`` and ``subdistrict``, what the last heading above each row of the list
        says; None where there is none.
    """

    rows: list[int] = field(default_factory=list)
    aside: list[Row] = field(default_factory=list)
    groups: Mapping[str, list[str | None]] = field(
        default_factory=lambda: {"district_code": [], "subdistrict": []}
    )

    def told(self, file: str) -> list[Issue]:
        """A note of the rows that were left out."""
        if not self.aside:
            return []
        row, cells = self.aside[0]
        value = " | ".join(filter(None, cells))[:EXAMPLE]
        told: dict[str, object] = {"count": len(self.aside), "first": row}
        return [Issue("rows_aside", file, None, None, value, told, severity="noted")]


def apart(body: Sequence[Row], headings: Sequence[str], known: Collection[int]) -> Sorted:
    """Sort the rows below a header; ``known`` are positions of the columns that ikmgeo knows."""
    found, above = Sorted(), dict[str, str | None]()
    end, half = _end(body, headings), len(headings) / 2
    for n, (row, cells) in enumerate(body):
        filled = [cell for cell in cells if cell]
        if heading := _group(filled):
            column, told = heading
            # A group of subdistricts ends with the one of their district.
            above = {**(above if column == "subdistrict" else {}), column: told}
        elif (
            n >= end
            or (TOTAL.fullmatch(filled[0]) and all(map(FIGURE.fullmatch, filled[1:])))
            or (n == 0 and _are_numbered(filled))
            or cells == headings
            or (known and len(filled) <= half and not any(cells[k : k + 1] > [""] for k in known))
        ):
            found.aside.append((row, cells))
        else:
            found.rows.append(n)
            for column, groups in found.groups.items():
                groups.append(above.get(column))
    return found


def _end(body: Sequence[Row], headings: Sequence[str]) -> int:
    """Position of the remark from which on no row has more than two cells: the end of the list."""
    end = len(body)
    if sum(map(bool, headings)) < WIDE:
        return end
    for n in range(len(body) - 1, -1, -1):
        filled = [cell for cell in body[n][1] if cell]
        if len(filled) > 2:
            break
        if any(map(REMARK.fullmatch, filled)):
            end = n
    return end


def _are_numbered(filled: Sequence[str]) -> bool:
    """Whether cells are the numbers of their columns, from 1 on."""
    found = [COLUMN_NUMBER.fullmatch(cell) for cell in filled]
    numbers = [int(one[1]) for one in found if one]
    return len(found) >= NUMBERED and numbers == [*range(1, len(found) + 1)]


def _group(filled: Sequence[str]) -> tuple[str, str] | None:
    """Which column the heading of a group tells for the rows below it, and what."""
    if len(filled) > 2 or not all(map(NUMBERING.fullmatch, filled[:-1])):
        return None
    named = GROUP.fullmatch(filled[-1])
    if named is None:
        return None
    subdistrict = named["kind"].lower().startswith("kec")
    return ("subdistrict" if subdistrict else "district_code"), named[1].strip(" .")
