"""Sheets of workbooks."""

from typing import TYPE_CHECKING, Final

from ikmgeo.reading import probe
from ikmgeo.reading.bounds import Meter
from ikmgeo.reading.formats import unknown_format
from ikmgeo.reading.grids import LOOKED_AT, Grid, cell_text, hits, without_end

if TYPE_CHECKING:
    import openpyxl

LAST_ROW: Final = 1_048_576
"""Number of the last row that a sheet of a workbook can have."""

SHEETS: Final = ("data", "sentra")


def workbook(data: bytes, meter: Meter) -> "openpyxl.Workbook":
    """Open a workbook without what holds no value."""
    import openpyxl  # which only whoever brings a workbook waits for

    try:
        slim = probe.workbook(data, meter)
    except probe.NotAWorkbookError as error:
        raise unknown_format(meter.name, "zip") from error
    return openpyxl.load_workbook(slim, read_only=True, data_only=True, keep_links=False)


def workbook_grid(data: bytes, meter: Meter) -> Grid:
    """The sheet named as data are, else the one with the most known headings."""
    book = workbook(data, meter)
    named = [sheet for sheet in book.worksheets if sheet.title.strip().lower() in SHEETS]
    grids = (sheet_grid(sheet, meter) for sheet in named or book.worksheets)
    return max(grids, key=lambda grid: max(hits(grid), default=0), default=Grid([]))


def sheet_grid(sheet: "openpyxl.worksheet._read_only.ReadOnlyWorksheet", meter: Meter) -> Grid:
    """Cells of one sheet, without those that say nothing."""
    sheet.reset_dimensions()  # some programs write a wrong size into the file
    rows: list[tuple[int, list[str]]] = []
    for number, values in enumerate(sheet.iter_rows(values_only=True), start=1):
        if number > LAST_ROW:  # a row that says so is reached through all those before it
            raise ValueError("a row that no spreadsheet has")
        if number % LOOKED_AT == 0:
            meter.tick()
        cells = [cell_text(value) for value in values]
        if any(cells):
            rows.append((number, without_end(cells)))
            meter.row(cells)
    # A remark beside the table is a column without a name, not a row that is too long; one far
    # to the right must not make the columns between.
    used = sorted({i for _, cells in rows for i, cell in enumerate(cells) if cell})
    meter.shape(0, len(used), cells=len(rows) * len(used) - sum(len(cells) for _, cells in rows))
    dense = [(number, [cells[i] if i < len(cells) else "" for i in used]) for number, cells in rows]
    return Grid(dense, tuple(i + 1 for i in used))
