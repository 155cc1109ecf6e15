"""Tables of web pages: portals hand out such a page under the name of a workbook."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final

from ikmgeo.reading.bounds import Meter
from ikmgeo.reading.grids import Grid, Layer
from ikmgeo.reading.text_files import encoding_of

MOST_SPANNED: Final = 100
"""Columns that one cell may span."""

MOST_DEEP: Final = 65_534
"""Rows that one may span, as browsers have it."""

PIECE: Final = 100_000
"""Characters between two looks at the clock."""


def html_layers(data: bytes, meter: Meter) -> list[Layer]:
    """Every table of a page, named by its number."""
    text = data.decode(encoding_of(data, meter))
    page = _Page(meter)
    for start in range(0, len(text), PIECE):
        meter.tick()
        page.feed(text[start : start + PIECE])
    page.close()
    tables = [table.rows for table in page.tables if table.rows]
    return [
        Layer("" if len(tables) == 1 else str(n), Grid(rows), drawn=False)
        for n, rows in enumerate(tables, start=1)
    ]


@dataclass
class _Table:
    """A table as far as it was read.

    Parameters
    ----------
    rows
        Number and cells of each.
    reaching
        Cells that span rows to come: how many, and their text, by column.
    """

    meter: Meter
    rows: list[tuple[int, list[str]]] = field(default_factory=list)
    reaching: dict[int, tuple[int, str]] = field(default_factory=dict)

    def begin_row(self) -> None:
        self.end_row()
        self.meter.shape(1, 1)
        self.rows.append((len(self.rows) + 1, []))

    def add(self, text: str, columns: int, rows: int) -> None:
        """Add a cell that spans so many columns and rows."""
        if not self.rows:
            return
        self._fill()
        cells = self.rows[-1][1]
        for column, told in enumerate([text, *[""] * (columns - 1)], start=len(cells)):
            if rows > 1:
                self.reaching[column] = (rows, told)
            cells.append(told)
        self.meter.shape(0, len(cells))

    def end_row(self) -> None:
        """Count the last row, with what reaches into it behind its own cells."""
        if not self.rows:
            return
        cells = self.rows[-1][1]
        while behind := [column for column in self.reaching if column >= len(cells)]:
            cells += [""] * (min(behind) - len(cells))
            self._fill()
        self.reaching = {c: (left - 1, t) for c, (left, t) in self.reaching.items() if left > 1}
        self.meter.row(cells)

    def _fill(self) -> None:
        """Add the cells that stand here because those above them span several rows."""
        cells = self.rows[-1][1]
        while len(cells) in self.reaching:
            cells.append(self.reaching[len(cells)][1])


class _Page(HTMLParser):
    """Collects the cells of tables; one within another is one of its own."""

    def __init__(self, meter: Meter) -> None:
        super().__init__()
        self.tables: list[_Table] = []
        self._open: list[_Table] = []
        self._cell: list[str] | None = None
        self._span = (1, 1)
        self._meter = meter

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._end_cell()
            self._open.append(_Table(self._meter))
            self.tables.append(self._open[-1])
        elif self._open and tag == "tr":
            self._end_cell()
            self._open[-1].begin_row()
        elif self._open and tag in ("td", "th"):
            self._end_cell()
            told = dict(attrs)
            self._span = (
                _spanned(told.get("colspan"), MOST_SPANNED),
                _spanned(told.get("rowspan"), MOST_DEEP),
            )
            self._cell = []
        elif tag == "br" and self._cell is not None:
            self._cell.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "tr", "table"):
            self._end_cell()
        if tag == "table" and self._open:
            self._open.pop().end_row()

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.append(data)

    def _end_cell(self) -> None:
        if self._cell is None:
            return
        text = " ".join("".join(self._cell).split())
        self._cell = None
        if self._open:
            self._open[-1].add(text, *self._span)


def _spanned(told: str | None, most: int) -> int:
    return min(int(told), most) if told and told.isdecimal() and len(told) < 9 else 1
