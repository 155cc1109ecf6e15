"""What an XLS file holds, found out before a library makes every cell of it.

Its records ([MS-XLS] 2.1.4; those of Excel 5 are the same here) lie in one stream of a compound
file ([MS-CFB]).
"""

import struct
from array import array
from collections.abc import Iterator
from typing import Final

import olefile

from ikmgeo.reading.bounds import Meter
from ikmgeo.reading.probe import BATCH, DENSE, MOST_SHEETS, TEXTS, Watched

RECORD: Final = struct.Struct("<HH")
"""Kind and length of a record; row and column of a cell."""

END, FORMULA, PASSWORD, CONTINUED, SHEET, MANY_NUMBERS, TEXTS_SHARED, TEXT_SHARED, EXTENT = (
    *(0x000A, 0x0006, 0x002F, 0x003C, 0x0085, 0x00BD, 0x00FC, 0x00FD),
    0x0200,
)
CELLS: Final = frozenset({FORMULA, MANY_NUMBERS, TEXT_SHARED, 0x0203, 0x0204, 0x0205, 0x027E})
"""Records of cells with a value: beside these, numbers in two forms, texts, truth values."""

UNKNOWN: Final = 0xFFFF
"""A kind of record that nobody reads."""

SECTOR: Final = 4096
FREE, CHAIN_END, TABLE_SECTOR, NONE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF
"""What stands in the table of sectors in place of the next one; no entry of the directory."""


def old_workbook(data: bytes, meter: Meter) -> bytes:
    """The same workbook in a container of its own, without the sizes that its sheets tell.

    calamine makes room for as many cells as a sheet says that it has, every cell between the first
    and the last, once more for formulas, of all sheets at once, and a copy of each sheet that is
    read: half of what others may have is what this one may.

    Raises
    ------
    OSError
        When it is no compound file or holds no workbook.
    ValueError, struct.error
        When a record is cut off.
    """
    watched = Watched(data)
    watched.meter = meter
    with olefile.OleFileIO(watched) as package:
        name = "Workbook" if package.exists("Workbook") else "Book"
        stream = bytearray(package.openstream(name).read())
    sheets, shared = [], []
    for kind, start, end in _records(stream, 0, meter):
        if kind == PASSWORD:  # what follows is no record
            return _contained(stream)
        if kind == SHEET:
            sheets.append(int.from_bytes(stream[start : start + 4], "little"))
        elif kind == TEXTS_SHARED:
            shared = _shared(stream, start, end, meter)
    meter.parts(len(sheets), MOST_SHEETS)
    _sheets(stream, sheets, shared, meter)
    return _contained(stream)


def _sheets(stream: bytearray, sheets: list[int], shared: list[int], meter: Meter) -> None:
    """Refuse what the sheets hold together, and take out what each says of its size."""
    cells = dense = characters = 0
    for at in sheets:
        bottom = right = formulas = 0
        for kind, start, end in _records(stream, at, meter):
            if kind == EXTENT:
                RECORD.pack_into(stream, start - RECORD.size, UNKNOWN, end - start)
            if kind not in CELLS:
                continue
            row, column = RECORD.unpack_from(stream, start)
            cells += 1
            if kind == MANY_NUMBERS:
                more = (end - start) // 6 - 2
                column, cells = column + more, cells + more
            elif kind == TEXT_SHARED:
                text = int.from_bytes(stream[start + 6 : start + 10], "little")
                characters += shared[text] if text < len(shared) else 0
            elif kind == FORMULA:
                formulas = 1
            if row >= bottom:
                bottom = row + 1
            if column >= right:
                right = column + 1
        dense += bottom * right * (1 + formulas)
        meter.shape(0, 1, cells=cells)
        meter.limit("file_cells", dense, DENSE // 2)
        meter.limit("file_text", characters, meter.bounds.characters)


def _records(stream: bytearray, at: int, meter: Meter) -> Iterator[tuple[int, int, int]]:
    """Kind, start and end of the records of one sheet, or of what comes before the first."""
    kind = count = 0
    while kind != END:
        kind, length = RECORD.unpack_from(stream, at)
        start, at = at + RECORD.size, at + RECORD.size + length
        if at > len(stream):
            raise ValueError("a record is cut off")
        count += 1
        if count % BATCH == 0:
            meter.tick()
        yield kind, start, at


def _shared(stream: bytearray, start: int, end: int, meter: Meter) -> list[int]:
    """Characters of each text that cells share ([MS-XLS] 2.4.265, 2.5.293)."""
    (count,) = struct.unpack_from("<I", stream, start + 4)
    at, lengths = start + 8, []
    for _ in range(count):
        if at == end:
            if RECORD.unpack_from(stream, end)[0] != CONTINUED:  # fewer than the file says
                break
            at, end = _continued(stream, end)
        length, flags = struct.unpack_from("<HB", stream, at)
        at += 3
        after, wide = 0, flags & 1
        if flags & 8:  # fonts of its parts
            after, at = 4 * int.from_bytes(stream[at : at + 2], "little"), at + 2
        if flags & 4:  # how it is spoken
            after, at = after + int.from_bytes(stream[at : at + 4], "little"), at + 4
        lengths.append(length)
        while length > (end - at) >> wide:
            length -= (end - at) >> wide
            at, end = _continued(stream, end)
            at, wide = at + 1, stream[at] & 1
        at += length << wide
        while after > end - at:
            after -= end - at
            at, end = _continued(stream, end)
        at += after
        if len(lengths) % BATCH == 0:
            meter.tick()
            meter.parts(len(lengths), TEXTS)
    return lengths


def _continued(stream: bytearray, end: int) -> tuple[int, int]:
    """Start and end of the record that goes on with the one before it."""
    kind, length = RECORD.unpack_from(stream, end)
    start = end + RECORD.size
    if kind != CONTINUED or start + length > len(stream):
        raise ValueError("a text is cut off")
    return start, start + length


def _contained(stream: bytearray) -> bytes:
    """A compound file that holds this stream and nothing else ([MS-CFB] 2.2 to 2.6)."""
    size = max(len(stream), SECTOR)  # a smaller one lies elsewhere
    sectors = -(-size // SECTOR)
    tables = -(-(sectors + 1) // (SECTOR // 4 - 1))
    first = tables + 1
    following = [*range(first + 1, first + sectors), CHAIN_END]
    table = [*[TABLE_SECTOR] * tables, CHAIN_END, *following]
    header = struct.pack(
        "<8s16x5H6x9I109I",
        *(olefile.MAGIC, 0x3E, 4, 0xFFFE, 12, 6),
        *(1, tables, tables, 0, SECTOR, CHAIN_END, 0, CHAIN_END, 0),
        *(n if n < tables else FREE for n in range(109)),
    )
    directory = _entry("Root Entry", 5, 1, 0, 0) + _entry("Workbook", 2, NONE, first, size)
    table += [FREE] * (tables * SECTOR // 4 - len(table))
    parts = (header, array("I", table).tobytes(), directory, stream)
    return b"".join(part + bytes(-len(part) % SECTOR) for part in parts)


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    """An entry of a compound file's directory."""
    said = name.encode("utf-16-le")
    form = "<64sHBBIII36xIQ"
    return struct.pack(form, said, len(said) + 2, kind, 1, NONE, NONE, child, start, size)
