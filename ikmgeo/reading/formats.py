"""Which format a file has, by its content, and which ones are read."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from ikmgeo.errors import DataError, Issue
from ikmgeo.reading.bounds import MB

ACCEPTED: Final = ("csv", "xlsx", "geojson", "gpkg", "parquet")
SIGNATURES: Final = (
    (b"%PDF", "pdf"),
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"SQLite format 3\0", "gpkg"),
    (b"PAR1", "parquet"),
    (b"\xd0\xcf\x11\xe0", "xls"),
    (b"\x1f\x8b", "gzip"),
    (b"Rar!", "rar"),
    (b"7z\xbc\xaf", "7z"),
    (b"{", "geojson"),
    (b"[", "json"),
    (b"<", "markup"),
)


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
    head = data[:64].removeprefix(b"\xef\xbb\xbf").lstrip()
    return next((found for start, found in SIGNATURES if head.startswith(start)), "csv")


def unknown_format(name: str, found: str, accepted: Sequence[str] = ACCEPTED) -> DataError:
    """Refusal of a format, with those that are read."""
    expected = {"found": found, "accepted": accepted}
    return DataError([Issue("unknown_format", name, expected=expected)])
