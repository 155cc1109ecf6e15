"""Sheets of workbooks: XLSX and XLSM with their formats, XLS, XLSB and ODS by their values."""

import io
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import python_calamine as calamine

from ikmgeo.errors import DataError, Issue
from ikmgeo.reading import probe
from ikmgeo.reading.bounds import Meter
from ikmgeo.reading.grids import LOOKED_AT, Grid, Layer, cell_text, without_end
from ikmgeo.reading.old_workbooks import old_workbook

if TYPE_CHECKING:
    import openpyxl

LAST_ROW: Final = 1_048_576
"""Number of the last row that a sheet of a workbook can have."""

PERCENT_DIGITS: Final = 10
"""Decimals of a percentage; what is beyond them is noise of the multiplication by 100."""

ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
"""Name of what a workbook with a password is wrapped in."""


def workbook_layers(data: bytes, meter: Meter) -> list[Layer]:
    """Every sheet of an XLSX or XLSM file.

    Cells that show a percentage are read as they show it: 75.5 for 0.755. calamine, which is
    several times as fast as openpyxl, does not tell which they are, and makes every cell between
    the first and the last, and a text anew for each cell that shares it: a few kilobytes could
    fill the memory. It reads what is plain and shows no percentages, and what openpyxl cannot
    open though Excel can.
    """
    slim = probe.workbook(data, meter)
    formulas = []
    if slim.unvalued:
        told: dict[str, object] = {"count": slim.unvalued}
        formulas.append(Issue("formulas_unvalued", meter.name, expected=told, severity="noted"))
    layers = _plain_layers(slim, meter)
    if layers is None:
        book = _opened(slim)
        if book is None or not book.worksheets:
            probe.extent(slim, meter)
            layers = _calamine_layers(slim.getvalue(), meter)
        else:
            layers = list(_openpyxl_layers(book, slim, meter))
    return [
        replace(layer, issues=(*formulas, *layer.issues)) if n == 0 else layer
        for n, layer in enumerate(layers)
    ]


def _plain_layers(slim: probe.Watched, meter: Meter) -> list[Layer] | None:
    """Sheets of a workbook that calamine reads right and within the bounds."""
    if not probe.is_plain(slim, meter):
        return None
    import openpyxl
    from openpyxl.styles.stylesheet import apply_stylesheet

    book = openpyxl.Workbook()
    try:
        with zipfile.ZipFile(slim) as package:
            apply_stylesheet(package, book)
        percent = _percent_styles(book)
        return None if percent else _calamine_layers(slim.getvalue(), meter)
    except DataError:
        raise
    except Exception:  # what one of the two does not expect, openpyxl alone may still read
        return None


def _opened(slim: probe.Watched) -> "openpyxl.Workbook | None":
    import openpyxl  # which only whoever brings a workbook waits for

    try:
        return openpyxl.load_workbook(slim, read_only=True, data_only=True, keep_links=False)
    except DataError:
        raise
    except Exception:  # openpyxl raises anything on what it does not expect
        return None


def _openpyxl_layers(
    book: "openpyxl.Workbook", slim: probe.Watched, meter: Meter
) -> Iterator[Layer]:
    percent = _percent_styles(book)
    for sheet in book.worksheets:
        sheet.reset_dimensions()  # some programs write a wrong size into the file
        rows = sheet.iter_rows(values_only=not percent)
        changed: list[int] = []
        texts = _shown(rows, percent, changed) if percent else map(_texts, rows)
        grid = grid_of(_spread(texts, probe.merged(slim, sheet._worksheet_path)), meter)
        issues: tuple[Issue, ...] = ()
        if changed:
            told: dict[str, object] = {"count": len(changed)}
            issues = (Issue("percent_cells", meter.name, expected=told, severity="noted"),)
        yield Layer(sheet.title, grid, issues, sheet.sheet_state != "visible", drawn=False)


def _percent_styles(book: "openpyxl.Workbook") -> frozenset[int]:
    """Numbers of the cell styles that show a percentage."""
    from openpyxl.styles.numbers import BUILTIN_FORMATS, BUILTIN_FORMATS_MAX_SIZE

    own = {BUILTIN_FORMATS_MAX_SIZE + n: text for n, text in enumerate(book._number_formats)}
    formats = {**BUILTIN_FORMATS, **own}
    return frozenset(
        n for n, style in enumerate(book._cell_styles) if "%" in formats.get(style.numFmtId, "")
    )


def _texts(values: Iterable[object]) -> list[str]:
    return [cell_text(value) for value in values]


def _shown(
    rows: Iterable[Iterable[Any]], percent: frozenset[int], changed: list[int]
) -> Iterator[list[str]]:
    """Texts of cells, percentages as they are shown; ``changed`` grows by one for each."""
    for cells in rows:
        texts = []
        for cell in cells:
            value = cell.value
            if isinstance(value, int | float) and getattr(cell, "_style_id", -1) in percent:
                value = round(value * 100, PERCENT_DIGITS)
                changed.append(1)
            texts.append(cell_text(value))
        yield texts


def old_workbook_layers(data: bytes, meter: Meter) -> list[Layer]:
    """Every sheet of an XLS file.

    Raises
    ------
    DataError
        ``file_password`` when it is, or holds, a workbook with a password.
    """
    if ENCRYPTED in data:
        raise DataError([Issue("file_password", meter.name)])
    return _calamine_layers(old_workbook(data, meter), meter)


def binary_workbook_layers(data: bytes, meter: Meter) -> list[Layer]:
    """Every sheet of an XLSB file."""
    probe.binary_workbook(data, meter)
    return _calamine_layers(data, meter)


def open_document_layers(data: bytes, meter: Meter) -> list[Layer]:
    """Every sheet of an ODS file."""
    probe.open_document(data, meter)
    return _calamine_layers(data, meter)


@contextmanager
def _unpanicked() -> Iterator[None]:
    """Raise what calamine's Rust gives up on as an error; its own is none that others catch."""
    try:
        yield
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise ValueError("calamine gave up") from error


@_unpanicked()
def _calamine_layers(data: bytes, meter: Meter) -> list[Layer]:
    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    except calamine.PasswordError as error:
        raise DataError([Issue("file_password", meter.name)]) from error
    layers = []
    for about in book.sheets_metadata:
        if about.typ != calamine.SheetTypeEnum.WorkSheet:
            continue
        sheet = book.get_sheet_by_name(about.name)
        left_out = (sheet.start or (0, 0))[1]  # columns before the first with a cell
        texts = _spread(map(_texts, sheet.iter_rows()), sheet.merged_cell_ranges or [], left_out)
        grid = grid_of(texts, meter, left_out)
        hidden = about.visible != calamine.SheetVisibleEnum.Visible
        layers.append(Layer(about.name, grid, hidden=hidden, drawn=False))
        meter.tick()
    return layers


def _spread(
    texts: Iterable[list[str]], merged: Iterable[probe.Spread], left_out: int = 0
) -> Iterator[list[str]]:
    """Texts of cells, of merged ones in each row that they span and that has others."""
    begun: dict[int, list[tuple[int, int]]] = {}
    for (top, left), (bottom, _) in merged:
        if top < bottom and left >= left_out:
            begun.setdefault(top, []).append((left - left_out, bottom))
    reaching: dict[int, tuple[int, str]] = {}
    for row, cells in enumerate(texts):
        reaching = {c: one for c, one in reaching.items() if row <= one[0]} if reaching else {}
        if any(cells):
            for column, (_, text) in reaching.items():
                if column < len(cells) and not cells[column]:
                    cells[column] = text
        for column, bottom in begun.get(row, ()):
            if column < len(cells) and cells[column]:
                reaching[column] = (bottom, cells[column])
        yield cells


def grid_of(texts: Iterable[list[str]], meter: Meter, left_out: int = 0) -> Grid:
    """Cells of one sheet without blank rows and columns; ``left_out`` stand before the first."""
    rows: list[tuple[int, list[str]]] = []
    for number, cells in enumerate(texts, start=1):
        if number > LAST_ROW:  # a row that says so is reached through all those before it
            raise ValueError("a row that no spreadsheet has")
        if number % LOOKED_AT == 0:
            meter.tick()
        if any(cells):
            rows.append((number, without_end(cells)))
            meter.row(cells)
    # A remark beside the table is a column without a name, not a row that is too long; one far
    # to the right must not make the columns between.
    used = sorted({i for _, cells in rows for i, cell in enumerate(cells) if cell})
    meter.shape(0, len(used), cells=len(rows) * len(used) - sum(len(cells) for _, cells in rows))
    dense = [(number, [cells[i] if i < len(cells) else "" for i in used]) for number, cells in rows]
    return Grid(dense, tuple(i + 1 + left_out for i in used))
