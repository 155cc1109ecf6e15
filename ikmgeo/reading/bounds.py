"""How much a brought file may hold and how long reading it may take.

What a file holds is counted before it is made: a file of a few kilobytes can name a million rows.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ikmgeo.errors import DataError, Issue

MB: Final = 1_000_000


@dataclass(frozen=True)
class Bounds:
    """Most that one file may hold.

    Parameters
    ----------
    rows, columns, cells
        Of its tables, without blank rows and columns. A register of the whole province has
        126,907 rows.
    characters
        Of all cells together; of geometries, their bytes.
    unpacked_mb
        What a workbook unpacks to, in MB (1,000,000 bytes).
    parts
        Pieces that a file is built of and that are costly whatever they hold: elements of a
        workbook without its blank cells, entries of an archive, layers.
    seconds
        Of the processor: on a busy machine the same file is still read.
    """

    rows: int = 250_000
    columns: int = 2_000
    cells: int = 3_000_000
    characters: int = 60_000_000
    unpacked_mb: float = 300
    parts: int = 14_000_000
    seconds: float = 20


TABLE: Final = Bounds()
FORM: Final = Bounds(rows=20_000, columns=200, cells=500_000, parts=3_000_000)
"""A filled form of assessments; each row is compared with what is recorded."""

LINES: Final = Bounds(rows=500_000, cells=5_000_000, seconds=10)
"""Roads; only a few columns of them are read."""


class Meter:
    """What the reading of one file has used; raises as soon as a bound is passed.

    Every method raises ``DataError`` with ``file_rows``, ``file_columns``, ``file_cells``,
    ``file_text``, ``file_parts``, ``file_too_large`` or ``file_slow``.
    """

    def __init__(self, name: str, bounds: Bounds) -> None:
        """Begin to count; ``name`` is that of the file as the user knows it."""
        self.name, self.bounds = name, bounds
        self.rows = self.cells = self.characters = self.bytes = 0
        # Of this thread only: others compute beside it.
        self._until = time.thread_time() + bounds.seconds

    def row(self, cells: Sequence[str]) -> None:
        """Count one more row of text, of any number of columns."""
        self.shape(1, 1, cells=len(cells))
        self.rows += 1
        self.cells += len(cells)
        self.text(sum(map(len, cells)))
        if self.rows % 1_000 == 0:
            self.tick()

    def shape(self, rows: int, columns: int, *, cells: int = 0) -> None:
        """Refuse a table of so many rows and columns, or cells, beside what is counted."""
        self.limit("file_columns", columns, self.bounds.columns)
        self.limit("file_rows", self.rows + rows, self.bounds.rows)
        self.limit("file_cells", self.cells + max(rows * columns, cells), self.bounds.cells)

    def text(self, characters: int) -> None:
        """Count more characters."""
        self.characters += characters
        self.limit("file_text", self.characters, self.bounds.characters)

    def unpacked(self, count: int, most_mb: float | None = None) -> None:
        """Count more unpacked bytes; ``most_mb`` is the bound where it is another."""
        self.bytes += count
        self.limit("file_too_large", self.bytes / MB, most_mb or self.bounds.unpacked_mb)

    def parts(self, count: int, most: int | None = None) -> None:
        """Refuse so many parts; ``most`` is the bound where it is another than the file's."""
        self.limit("file_parts", count, most or self.bounds.parts)

    def tick(self) -> None:
        """End what takes too long."""
        if self.is_over():
            raise self._refusal("file_slow", {"seconds": self.bounds.seconds})

    def is_over(self) -> bool:
        """Whether the time is up."""
        return time.thread_time() > self._until

    def limit(self, code: str, found: float, most: float) -> None:
        """Refuse what is found to be more than ``most``."""
        if found > most:
            told: dict[str, object] = {"limit": most}
            if code == "file_too_large":
                told = {"limit_mb": most, "size_mb": round(found, 1)}
            raise self._refusal(code, told)

    def _refusal(self, code: str, expected: dict[str, object]) -> DataError:
        return DataError([Issue(code, self.name, expected=expected)])
