"""Tables leave as CSV and XLSX that spreadsheets open right and that execute nothing."""

import io
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import pandas as pd
import xlsxwriter

from ikmgeo.reading.implied import LAYER
from ikmgeo.reading.texts import inert_cell
from ikmgeo.reading.validate import CENTER_RANGES, OWN_REMARKS, SCORES, Checked

Language = Literal["id", "en"]

TEMPLATE_COLUMNS: Final = (
    *("center_id", "name_id", "name_en", "commodity", "district_code", "subdistrict", "village"),
    *(
        "area_code",
        "locality",
        "lat",
        "lon",
        "position_precision",
        "position_source",
        "products",
        "score_total",
        "category",
    ),
)
"""Columns of a file of centers before those of its aspects and ``note``."""

TEMPLATE_ROWS: Final = 20_000
"""Rows of the template that have drop-downs and limits."""

CSV_FORM: Final[Mapping[Language, Mapping[str, Any]]] = {
    "id": {"sep": ";", "decimal": ","},
    "en": {"sep": ",", "decimal": "."},
}
"""What Excel expects under the regional settings of each language."""

CELL_LENGTH: Final = 32_767
UNWRITABLE: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
SAFE_WORKBOOK: Final = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}


@dataclass(frozen=True)
class TemplateText:
    """Words of the template for one language.

    Parameters
    ----------
    sheet
        Name of the sheet with the instructions, at most 31 characters.
    headings
        Headings of its three columns: column, meaning, example.
    meanings, examples
        By column name; a column without an entry stays blank there.
    choices
        Values of the drop-down of each column that has one; the checks must accept them.
    """

    sheet: str
    headings: tuple[str, str, str]
    meanings: Mapping[str, str]
    examples: Mapping[str, str] = field(default_factory=dict)
    choices: Mapping[str, Sequence[str]] = field(default_factory=dict)


def template_columns(aspects: Iterable[str]) -> tuple[str, ...]:
    """Columns of a file of centers."""
    return (*TEMPLATE_COLUMNS, *aspects, "note")


def inert(frame: pd.DataFrame) -> pd.DataFrame:
    """Put an apostrophe before text that a spreadsheet would execute; plain numbers stay.

    ``reading.load`` takes the apostrophe off again, so a corrected file comes back as it was.
    """
    text = frame.select_dtypes(include=["object", "str", "category"])
    return frame.rename(columns=inert_cell).assign(
        **{inert_cell(c): frame[c].astype("object").map(inert_cell) for c in text}
    )


def rows_csv(frame: pd.DataFrame, *, language: Language) -> bytes:
    """Columns of a table (not its index) as UTF-8 CSV with byte order mark."""
    text: str = inert(frame).to_csv(index=False, lineterminator="\r\n", **CSV_FORM[language])
    return text.encode("utf-8-sig")


def rows_xlsx(frame: pd.DataFrame, *, sheet: str = "data") -> bytes:
    """Columns of a table (not its index) as a workbook; Excel holds 32,767 characters a cell."""
    return sheets_xlsx({sheet: frame})


def sheets_xlsx(sheets: Mapping[str, pd.DataFrame]) -> bytes:
    """Tables (without their index) as the sheets of a workbook, by names of up to 31 characters."""
    buffer = io.BytesIO()
    options = {"options": SAFE_WORKBOOK}
    with pd.ExcelWriter(buffer, engine="xlsxwriter", engine_kwargs=options) as writer:
        for name, frame in sheets.items():
            cells(frame).to_excel(writer, sheet_name=name, index=False, freeze_panes=(1, 0))
    return buffer.getvalue()


def cells(frame: pd.DataFrame) -> pd.DataFrame:
    """A table as a workbook can hold it: inert text, cut, without characters that XML lacks."""
    clean = frame.map(lambda v: writable(v) if isinstance(v, str) else v)
    return inert(clean).map(lambda v: v[:CELL_LENGTH] if isinstance(v, str) else v)


def writable(text: str) -> str:
    """Text without the characters that XML, and so a workbook, cannot hold."""
    return UNWRITABLE.sub("", text)


def rejected_rows(checked: Checked, *, remarks: Mapping[int, str] | None = None) -> pd.DataFrame:
    """Rejected rows under the headings of their file, as it had them, after ``row`` and ``issues``.

    Of several layers ``row`` names which, and so does a column ``file_layer``.

    ``remarks`` gives the text of ``issues`` by row number; without it there are the codes.
    """
    codes: dict[int, list[str]] = {}
    for issue in checked.issues:
        if issue.row is not None and issue.severity == "rejected":
            codes.setdefault(issue.row, []).append(
                ":".join(filter(None, (issue.column, issue.code)))
            )
    texts = remarks if remarks is not None else {row: "; ".join(c) for row, c in codes.items()}
    table, rejected = checked.table, checked.rejected
    original = rejected if table.source.empty else table.source.loc[rejected.index]
    original = original.drop(columns=list(OWN_REMARKS), errors="ignore")
    rows = original.index.to_series()
    frame = original.assign(row=rows, issues=rows.map(texts).astype("str"))
    if len(table.taken) > 1:
        frame = frame.assign(**{LAYER: rejected[LAYER], "row": rows.map(table.place)})
        original = original.assign(**{LAYER: rejected[LAYER]})
    return frame[[*OWN_REMARKS, *original.columns]]


def rejected_csv(
    checked: Checked, *, language: Language, remarks: Mapping[int, str] | None = None
) -> bytes:
    """Rejected rows as CSV, to correct and bring again."""
    return rows_csv(rejected_rows(checked, remarks=remarks), language=language)


def center_template_csv(language: Language, aspects: Iterable[str]) -> bytes:
    """Headers of a file of centers."""
    return rows_csv(pd.DataFrame(columns=list(template_columns(aspects))), language=language)


def center_template_xlsx(text: TemplateText, aspects: Collection[str]) -> bytes:
    """Workbook with an empty sheet ``data``, its drop-downs and limits, and the instructions."""
    buffer = io.BytesIO()
    ranges = {**CENTER_RANGES, **dict.fromkeys(aspects, SCORES)}
    with xlsxwriter.Workbook(buffer, SAFE_WORKBOOK) as book:
        bold = book.add_format({"bold": True})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        as_text = book.add_format({"num_format": "@"})
        data, guide = book.add_worksheet("data"), book.add_worksheet(text.sheet)
        lists = book.add_worksheet("lists")
        lists.hide()
        data.freeze_panes(1, 0)
        guide.freeze_panes(1, 0)
        guide.write_row(0, 0, text.headings, bold)
        guide.set_column(0, 0, 22)
        guide.set_column(1, 2, 60)
        for position, column in enumerate(template_columns(aspects)):
            # As text, a code such as 12.10 keeps its last zero.
            number = column in ranges
            data.set_column(position, position, 18, None if number else as_text)
            data.write_string(0, position, column, bold)
            cells = (column, text.meanings.get(column, ""), text.examples.get(column, ""))
            guide.write_row(position + 1, 0, cells, wrapped)
            if choices := text.choices.get(column):
                lists.write_column(0, position, choices)
            rule = _validation(position, len(choices or ()), ranges.get(column))
            if rule:
                data.data_validation(1, position, TEMPLATE_ROWS, position, rule)
    return buffer.getvalue()


def _validation(
    position: int, choices: int, limits: tuple[float, float] | None
) -> dict[str, object] | None:
    """Excel's rule for a column: a list of so many choices, or the range of a number."""
    if choices:
        # Excel takes at most 255 characters of choices inside the rule itself.
        source = xlsxwriter.utility.xl_range_abs(0, position, choices - 1, position)
        return {"validate": "list", "source": f"=lists!{source}"}
    if limits:
        low, high = limits
        return {"validate": "decimal", "criteria": "between", "minimum": low, "maximum": high}
    return None
