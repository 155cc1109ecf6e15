"""Pages of a Parquet file as they stand in it, counted without unpacking one.

What the footer says of sizes is nothing that a reader holds itself to; it makes what the header
of each page says. That is Thrift's compact protocol, of which the headers use a small part.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import pyarrow.parquet as pq

TRUE, FALSE, BYTE, I16, I32, I64, BINARY, STRUCT = 1, 2, 3, 4, 5, 6, 8, 12

TYPE, UNPACKED, PACKED = 1, 2, 3
"""Fields of a page header: kind of the page, and its bytes after and before unpacking."""

VALUES: Final = 1
DICTIONARY: Final = 2
DETAILS: Final = {0: (5, 2), DICTIONARY: (7, 2), 3: (8, 4)}
"""By kind (data, dictionary, data of version 2): the field with its particulars, and the one of
these that tells how the values are written. Their number is ``VALUES``."""

DELTA_BYTE_ARRAY: Final = 7
"""Texts written by what each shares with the one before: a few bytes are any amount of text."""


@dataclass(frozen=True)
class Page:
    """Bytes that a page unpacks to and values that it holds, those that are null too.

    The values of a dictionary are not those of rows.
    """

    unpacked: int
    values: int
    is_dictionary: bool


def pages(data: bytes, chunk: pq.ColumnChunkMetaData) -> Iterator[Page]:
    """Pages of one column in one group of rows, in their order.

    Raises
    ------
    ValueError, LookupError
        What stands there is no page, or a text as ``DELTA_BYTE_ARRAY``.
    """
    at, dictionary = chunk.data_page_offset, chunk.dictionary_page_offset or 0
    if 0 < dictionary < at:
        at = dictionary
    end = at + chunk.total_compressed_size
    while at < end:
        header, at = _struct(data, at)
        size, values = header[UNPACKED], 0
        if header[TYPE] in DETAILS:
            particulars, encoding = DETAILS[header[TYPE]]
            values = header[particulars][VALUES]
            if header[particulars][encoding] == DELTA_BYTE_ARRAY:
                raise ValueError("texts that share their beginnings")
        if min(size, values, header[PACKED]) < 0:
            raise ValueError("less than nothing")
        yield Page(size, values, header[TYPE] == DICTIONARY)
        at += header[PACKED]


def _struct(data: bytes, at: int) -> tuple[dict[int, Any], int]:
    """Fields of 32 bits and fields of fields by their number, and where they end."""
    found: dict[int, Any] = {}
    field = 0
    seen = set()
    while head := data[at]:
        at += 1
        kind = head & 15
        if head >> 4:
            field += head >> 4
        else:
            number, at = _varint(data, at)
            field = _signed(number)
        if field in seen:  # readers differ in which of them counts
            raise ValueError("a field twice")
        seen.add(field)
        if kind == STRUCT:
            found[field], at = _struct(data, at)
        elif kind == BINARY:
            length, at = _varint(data, at)
            at += length
        elif kind in (I16, I32, I64):
            number, at = _varint(data, at)
            if kind == I32:
                found[field] = _signed(number)
        elif kind == BYTE:
            at += 1
        elif kind not in (TRUE, FALSE):
            raise ValueError("nothing that a page header has")
    return found, at + 1


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """Whole number of seven bits a byte, the lowest first, and where it ends."""
    number = shift = 0
    while True:
        number |= (data[at] & 127) << shift
        at, shift = at + 1, shift + 7
        if data[at - 1] < 128:
            return number, at
        if shift > 63:
            raise ValueError("a number is too long")


def _signed(number: int) -> int:
    return (number >> 1) ^ -(number & 1)
