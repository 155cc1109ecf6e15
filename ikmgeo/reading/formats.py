"""Which format a file has, by its content, and which ones are read."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from ikmgeo.errors import DataError, Issue
from ikmgeo.reading.bounds import MB

ACCEPTED: Final = (
    *("csv", "tsv", "xlsx", "xlsm", "xls", "xlsb", "ods", "xml", "html"),
    *("geojson", "json", "gpkg", "kml", "kmz", "zip", "gpx", "flatgeobuf", "parquet"),
)
"""Formats that are read; ``zip`` is an archive of one of the others, such as a shapefile."""

SIGNATURES: Final = (
    (b"%PDF", "pdf"),
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"SQLite format 3\0", "gpkg"),
    (b"PAR1", "parquet"),
    (b"fgb\x03", "flatgeobuf"),
    (b"\xd0\xcf\x11\xe0", "xls"),
    (b"\x1f\x8b", "gzip"),
    (b"Rar!", "rar"),
    (b"7z\xbc\xaf", "7z"),
    (b"{", "geojson"),
    (b"[", "json"),
    (b"<", "markup"),
)

MARKUP: Final = (
    (re.compile(rb"<(?:\w+:)?kml[\s>]", re.IGNORECASE), "kml"),
    (re.compile(rb"<(?:\w+:)?gpx[\s>]", re.IGNORECASE), "gpx"),
    (re.compile(rb"<(?:\w+:)?workbook[\s>]", re.IGNORECASE), "xml"),
    (re.compile(rb"<(?:!doctype html|html|table|body|meta)[\s>]", re.IGNORECASE), "html"),
)
"""Elements by which files of markup are told apart, where the first of them stands."""

MARKUP_HEAD: Final = 4_000
"""Bytes among which that is."""

ARCHIVES: Final = (
    (re.compile(r"xl/workbook\d*\.bin"), "xlsb"),
    (re.compile(r"xl/.+"), "xlsx"),
    (re.compile(r"content\.xml"), "ods"),
    (re.compile(r".+\.(?:shp|kml)", re.IGNORECASE), "map"),
)
"""What an archive is by the names of the files in it; the first that any of them fits."""

BLANKS: Final = b" \t\r\n\x0b\x0c\x1e"
"""With the sign by which a sequence of features separates its records."""

PACKED: Final = (".csv", ".tsv", ".txt", ".xlsx", ".xls", ".ods", ".geojson", ".json", ".gpkg")
"""Ends of names of files that are read out of an archive, where there is one alone."""


def content(source: Path | bytes, name: str, limit_mb: float | None) -> bytes:
    """Bytes of a file, refused when it is missing, empty or over ``limit_mb``."""
    try:
        size = len(source) if isinstance(source, bytes) else source.stat().st_size
        if limit_mb is not None and size > limit_mb * MB:
            expected = {"limit_mb": limit_mb, "size_mb": round(size / MB, 1)}
            raise DataError([Issue("file_too_large", name, expected=expected)])
        data = source if isinstance(source, bytes) else source.read_bytes()
    except OSError as error:
        raise DataError([Issue("file_missing", name)]) from error
    if not data[:1_000].strip() and not data.strip():
        raise DataError([Issue("file_empty", name)])
    return data


def format_of(data: bytes) -> str:
    """Format by content; what has no known beginning is text of a table."""
    head = data[:64].removeprefix(b"\xef\xbb\xbf").lstrip(BLANKS)
    found = next((found for start, found in SIGNATURES if head.startswith(start)), "csv")
    if found == "markup":
        said = data[:MARKUP_HEAD]
        return next((kind for element, kind in MARKUP if element.search(said)), found)
    return found


def archive_of(names: Sequence[str]) -> str:
    """What an archive is, by the names of its files: a workbook, a ``map`` or only a ``zip``."""
    return next((kind for form, kind in ARCHIVES if any(map(form.fullmatch, names))), "zip")


def unknown_format(name: str, found: str, accepted: Sequence[str] = ACCEPTED) -> DataError:
    """Refusal of a format, with those that are read."""
    expected = {"found": found, "accepted": accepted}
    return DataError([Issue("unknown_format", name, expected=expected)])
