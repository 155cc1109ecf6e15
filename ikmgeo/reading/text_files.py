"""Text files of a table: their encoding, their separator and their cells."""

import csv
import io
import re
from collections.abc import Iterator
from functools import partial
from itertools import islice
from typing import Final

from ikmgeo.errors import DataError, Issue
from ikmgeo.reading.bounds import MB, Meter
from ikmgeo.reading.columns import known_columns
from ikmgeo.reading.grids import HEADER_WITHIN, LOOKED_AT, Grid, Layer, without_end

LINE_LENGTH: Final = 2_000_000
"""Most characters of a line of a text file."""

SEPARATORS: Final = ";\t,|"

FORMULA: Final = re.compile(r'(^|[;\t,|])(?:="([^"]*)"|"=""([^"]*)""")(?=[;\t,|\r\n]|$)')
"""``="3.1034"``: a text by which Excel is kept from changing it, perhaps in quotation marks."""

MOST_LINES: Final = 3_000_000
"""Lines of a text file, blank ones and those within a cell too, beside its rows."""


def text_layers(data: bytes, meter: Meter) -> list[Layer]:
    """The one table of a text file, whatever its separator."""
    ends = data.count(b"\n") + data.count(b"\r") - data.count(b"\r\n")
    meter.shape(ends - MOST_LINES, 1)
    encoding = encoding_of(data, meter)
    head = next(lines(data, encoding, meter))
    named = re.match(r"sep=(.)\r?\n", head)  # the line by which Excel names its separator
    separator = (
        named[1] if named else max(SEPARATORS, key=partial(_header_hits, data, encoding, meter))
    )
    rest = islice(lines(data, encoding, meter), 1 if named else 0, None)
    rows: list[tuple[int, list[str]]] = []
    number = 0
    try:
        for number, cells in enumerate(csv.reader(rest, delimiter=separator, strict=True), 1):
            if number % LOOKED_AT == 0:
                meter.tick()
            if any(cells):
                # The header keeps the blank cells at its end, as far as they may be columns.
                among_first = len(rows) < HEADER_WITHIN and len(cells) <= meter.bounds.columns
                kept = cells if among_first else without_end(cells)
                meter.shape(1, len(kept))
                meter.row(kept)
                rows.append((number, kept))
    except csv.Error as error:  # an unclosed quotation mark would swallow the rows after it
        raise DataError([Issue("quotes_broken", meter.name, row=number + 1)]) from error
    return [Layer("", Grid(_unquoted(rows, meter)), drawn=False)]


def _unquoted(rows: list[tuple[int, list[str]]], meter: Meter) -> list[tuple[int, list[str]]]:
    """Rows of a file whose lines were put in quotation marks whole, cell by cell."""
    if any(len(cells) > 1 for _, cells in rows) or len(rows) < 2:  # header and row
        return rows
    first = [cells[0] for _, cells in rows]
    separator = max(SEPARATORS, key=first[0].count)
    if not first[0].count(separator):
        return rows
    try:
        found = list(csv.reader(first, delimiter=separator, strict=True))
    except csv.Error:
        return rows
    for cells in found:
        meter.shape(1, len(cells))
    return [(number, cells) for (number, _), cells in zip(rows, found, strict=True)]


def encoding_of(data: bytes, meter: Meter) -> str:
    """Encoding in which the whole file is text."""
    for encoding in _encodings(data[:LOOKED_AT]):
        try:
            pieces = io.TextIOWrapper(io.BytesIO(data), encoding, newline="")
            blank = clean = True
            while clean and (piece := pieces.read(MB)):
                meter.tick()
                blank = blank and not piece.strip()
                clean = "\0" not in piece
        except UnicodeDecodeError:
            continue
        if blank and clean:
            raise DataError([Issue("file_empty", meter.name)])
        if clean:
            return encoding
    raise DataError([Issue("not_a_table", meter.name, expected={"found": "binary"})])


def _encodings(head: bytes) -> tuple[str, ...]:
    """Encodings to be tried; two bytes for each letter tell themselves, with a mark or by zeros."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ("utf-16",)
    for first, encoding in enumerate(("utf-16-be", "utf-16-le")):
        if head[first::2].count(0) > len(head) / 4 and not head[1 - first :: 2].count(0):
            return (encoding,)
    return "utf-8-sig", "cp1252"


def lines(data: bytes, encoding: str, meter: Meter) -> Iterator[str]:
    """Lines of a text file, none over ``LINE_LENGTH``, with plain texts for those of formulas."""
    text = io.TextIOWrapper(io.BytesIO(data), encoding, newline="")
    while line := text.readline(LINE_LENGTH + 1):
        if len(line) > LINE_LENGTH:
            raise DataError([Issue("file_line", meter.name, expected={"limit": LINE_LENGTH})])
        yield FORMULA.sub(r'\1"\2\3"', line) if '="' in line else line


def _header_hits(data: bytes, encoding: str, meter: Meter, separator: str) -> int:
    """Most known column names that one of the first rows has under a separator."""
    rows = csv.reader(lines(data, encoding, meter), delimiter=separator)
    try:
        return max(
            len(known_columns(row[: meter.bounds.columns], {}))
            for row in islice(rows, HEADER_WITHIN)
        )
    except csv.Error:
        return 0
