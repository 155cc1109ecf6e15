"""Text files of a table: their encoding, their separator and their cells."""

import csv
import io
import re
from collections import deque
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

from ikmgeo.errors import DataError, Issue
from ikmgeo.reading.bounds import MB, Meter
from ikmgeo.reading.columns import known_columns
from ikmgeo.reading.grids import HEADER_WITHIN, LOOKED_AT, Grid, Layer, without_end

LINE_LENGTH: Final = 2_000_000
"""Most characters of a line of a text file."""

SEPARATORS: Final = ";\t,|"

FORMULA: Final = re.compile(r'(^|[;\t,|])(?:="([^"]*)"|"=""([^"]*)""")(?=[;\t,|\r\n]|$)')
"""``="3.1034"``: a text by which Excel is kept from changing it, perhaps in quotation marks."""

LINES_OF_A_CELL: Final = 20
"""Lines that a cell of a long file may have; a quotation mark that is open longer is a slip."""

PIECE_ROWS, PIECE_CHARACTERS = 20_000, 30_000_000
"""Most of a long file that is held at once."""

MOST_LINES: Final = 3_000_000
"""Lines of a text file, blank ones and those within a cell too, beside its rows."""


Opened = Callable[[], BinaryIO]
"""Opens a file anew, at its beginning."""


class Written(NamedTuple):
    """How a text file is written: encoding, separator, and how many lines are before its table."""

    encoding: str
    separator: str
    skipped: int


def text_layers(data: bytes, meter: Meter) -> list[Layer]:
    """The one table of a text file, whatever its separator."""
    ends = data.count(b"\n") + data.count(b"\r") - data.count(b"\r\n")
    meter.shape(ends - MOST_LINES, 1)
    opened = partial(io.BytesIO, data)
    written = written_in(opened, meter)
    rest = islice(lines(opened(), written.encoding, meter), written.skipped, None)
    separator = written.separator
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


def written_in(opened: Opened, meter: Meter) -> Written:
    """How a text file is written."""
    encoding = _encoding_of(opened, meter)
    head = next(lines(opened(), encoding, meter))
    if named := re.match(r"sep=(.)\r?\n", head):  # the line by which Excel names its separator
        return Written(encoding, named[1], 1)
    hits = partial(_header_hits, opened, encoding, meter)
    return Written(encoding, max(SEPARATORS, key=hits), 0)


class Piece(NamedTuple):
    """Rows of a long file with their numbers; ``broken`` are those that are one cell, unread."""

    rows: list[tuple[int, list[str]]]
    broken: frozenset[int]
    read: int


def pieces(path: Path, written: Written, meter: Meter) -> Iterator[Piece]:
    """A long text file piece by piece, so that it need not fit into memory.

    A quotation mark that nothing closes spoils its own row only. ``Piece.read`` is how many
    characters of the file have been read by then.
    """
    rest = islice(lines(path.open("rb"), written.encoding, meter), written.skipped, None)
    rows: list[tuple[int, list[str]]] = []
    broken: set[int] = set()
    held = read = widest = 0
    for number, (line, cells) in enumerate(_records(rest, written.separator), 1):
        if cells is None:
            broken.add(number)
        kept = without_end([line] if cells is None else cells)
        if len(kept) > widest:
            widest = len(kept)
            meter.shape(0, widest)
        held += len(line)
        if kept:
            rows.append((number, kept))
        if len(rows) >= PIECE_ROWS or held > PIECE_CHARACTERS:
            read += held
            yield Piece(rows, frozenset(broken), read)
            rows, broken, held = [], set(), 0
    if rows:
        yield Piece(rows, frozenset(broken), read + held)


def _records(rest: Iterator[str], separator: str) -> Iterator[tuple[str, list[str] | None]]:
    """Each record with its cells, None where its quotation marks cannot be made out."""
    waiting: deque[str] = deque()
    while line := waiting.popleft() if waiting else next(rest, ""):
        if '"' not in line:
            yield line, line.rstrip("\r\n").split(separator)
            continue
        whole, cells, more = line, _cells(line, separator), 0
        while cells is None and more < LINES_OF_A_CELL:
            if more == len(waiting):
                if not (new := next(rest, "")):
                    break
                waiting.append(new)
            whole += waiting[more]
            more += 1
            cells = _cells(whole, separator)
        if cells is None:
            yield line.rstrip("\r\n"), None
            continue
        for _ in range(more):
            waiting.popleft()
        yield whole, cells


def _cells(text: str, separator: str) -> list[str] | None:
    """Cells of one whole record; None where a quotation mark is open at its end, or stands amid."""
    try:
        return next(csv.reader([text], delimiter=separator, strict=True))
    except csv.Error:
        return None


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
    return _encoding_of(partial(io.BytesIO, data), meter)


def _encoding_of(opened: Opened, meter: Meter) -> str:
    with opened() as head:
        encodings = _encodings(head.read(LOOKED_AT))
    for encoding in encodings:
        try:
            pieces = io.TextIOWrapper(opened(), encoding, newline="")
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


def lines(data: BinaryIO, encoding: str, meter: Meter) -> Iterator[str]:
    """Lines of a text file, none over ``LINE_LENGTH``, with plain texts for those of formulas."""
    text = io.TextIOWrapper(data, encoding, newline="")
    while line := text.readline(LINE_LENGTH + 1):
        if len(line) > LINE_LENGTH:
            raise DataError([Issue("file_line", meter.name, expected={"limit": LINE_LENGTH})])
        yield FORMULA.sub(r'\1"\2\3"', line) if '="' in line else line


def _header_hits(opened: Opened, encoding: str, meter: Meter, separator: str) -> int:
    """Most known column names that one of the first rows has under a separator."""
    rows = csv.reader(lines(opened(), encoding, meter), delimiter=separator)
    try:
        return max(
            len(known_columns(row[: meter.bounds.columns], {}))
            for row in islice(rows, HEADER_WITHIN)
        )
    except csv.Error:
        return 0
