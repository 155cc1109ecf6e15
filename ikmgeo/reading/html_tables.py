"""Tables of web pages: portals hand out such a page under the name of a workbook."""

from html.parser import HTMLParser
from typing import Final

from ikmgeo.reading.bounds import Meter
from ikmgeo.reading.grids import Grid, Layer
from ikmgeo.reading.text_files import encoding_of

MOST_SPANNED: Final = 100
"""Columns that one cell may span."""

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
    tables = [rows for rows in page.tables if rows]
    return [
        Layer("" if len(tables) == 1 else str(n), Grid(rows), drawn=False)
        for n, rows in enumerate(tables, start=1)
    ]


class _Page(HTMLParser):
    """Collects the cells of tables; one within another is one of its own."""

    def __init__(self, meter: Meter) -> None:
        super().__init__()
        self.tables: list[list[tuple[int, list[str]]]] = []
        self._open: list[list[tuple[int, list[str]]]] = []
        self._cell: list[str] | None = None
        self._span = 1
        self._meter = meter

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._end_cell()
            self._open.append([])
            self.tables.append(self._open[-1])
        elif self._open and tag == "tr":
            self._end_cell()
            self._meter.shape(len(self._open[-1]), 1)
            self._open[-1].append((len(self._open[-1]) + 1, []))
        elif self._open and tag in ("td", "th"):
            self._end_cell()
            span = dict(attrs).get("colspan") or "1"
            self._span = min(int(span), MOST_SPANNED) if span.isdecimal() else 1
            self._cell = []
        elif tag == "br" and self._cell is not None:
            self._cell.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "tr", "table"):
            self._end_cell()
        if tag == "table" and self._open:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.append(data)

    def _end_cell(self) -> None:
        if self._cell is None:
            return
        text = " ".join("".join(self._cell).split())
        self._cell = None
        if not self._open or not self._open[-1]:
            return
        cells = self._open[-1][-1][1]
        added = [text, *[""] * (self._span - 1)]
        self._meter.shape(0, len(cells) + len(added))
        self._meter.row(added)
        cells += added
