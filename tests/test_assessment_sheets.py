"""The form of assessments: made, filled in as people do, read, and what was wrong brought again."""

import io
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ikmgeo import analysis
from ikmgeo.errors import DataError
from ikmgeo.handouts.assessment_sheets import (
    HINT_LENGTH,
    Filled,
    SheetText,
    form_columns,
    read_assessments,
    rejected_rows,
    rejected_xlsx,
    template_xlsx,
)
from ikmgeo.handouts.export import rows_csv
from ikmgeo.reading.load import read_sheets
from ikmgeo.records.assessments import Assessment
from ikmgeo.records.store import Store
from ikmgeo.settings import Settings
from ikmgeo.ui.scoring.assess_sheets import sheet_text
from ikmgeo.vocabulary import LANGUAGES
from ikmgeo.words.messages import Messages
from tests.shipped_data import shipped_inputs

ASPECTS = ["institutional", "production", "market", "sustainability", "sez_linkage", "ie_linkage"]
FORM_COLUMNS = form_columns(ASPECTS)
TODAY = date(2026, 11, 22)
CENTERS = pd.DataFrame(
    {
        "name_id": ["Sentra Kopi Karo", "Sentra Madu", "Sentra Kembar", "Sentra Kembar"],
        "name_en": ["Karo Coffee Center", "Honey Center", "Twin Center", "Twin Center"],
    },
    index=pd.Index(["karo-coffee", "0012", "twin-1", "twin-2"], name="center_id"),
)
TEXTS = [
    SheetText(
        sheet=sheet,
        steps=[f"{sheet} A", f"{sheet} B"],
        headings=heads,
        meanings=dict.fromkeys(FORM_COLUMNS, f"{sheet} x"),
        examples={"author": "=Dinas"},
    )
    for sheet, heads in [
        ("Petunjuk", ("Kolom", "Arti", "Contoh")),
        ("Instructions", ("Column", "Meaning", "Example")),
    ]
]
SAVED = Assessment(
    assessment_id="6f9619ff-8b86-4d01-b42d-00cf4fc964ff",
    version=2,
    base_version=1,
    center_id="0012",
    author="Dinas Karo",
    assessed_on=date(2026, 3, 1),
    scores={"institutional": 70.06, "production": 0.1 + 0.2, "market": None, "ie_linkage": 100},
    indicators={"market": {"Merek": 40.0}},
    notes={"market": "Baris satu\r\nbaris dua"},
    evidence={"production": "=1+1"},
    ratings={"diamond": {"demand": 3}},
    actions=["a1"],
    comment="-2+3",
)
FULL = {
    "center_id": "karo-coffee",
    "author": "Kelompok 1",
    "assessed_on": datetime(2026, 11, 20),
    "institutional": 70.5,
    "production": 60,
    "market": 0,
    "sez_linkage": 100,
    "note_market": "Pembeli sedikit",
    "evidence_market": "Wawancara",
    "comment": "Rapat",
}


def filled(
    rows: Iterable[Mapping[str, Any]], start: bytes | None = None, sheet: str = "assessments"
) -> bytes:
    """The template with rows typed below its header."""
    book = openpyxl.load_workbook(io.BytesIO(start or template_xlsx(TEXTS, CENTERS, ASPECTS)))
    page = book[sheet]
    columns = {cell.value: cell.column for cell in page[1]}
    for number, row in enumerate(rows, start=2):
        for column, value in row.items():
            page.cell(number, columns[column]).value = value
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def page_of(data: bytes, sheet: str = "assessments") -> Any:
    return openpyxl.load_workbook(io.BytesIO(data))[sheet]


def read(data: bytes, name: str = "isi.xlsx", **options: Any) -> Filled:
    return read_assessments(read_sheets(data, name=name), CENTERS, ASPECTS, today=TODAY, **options)


def found(result: Filled) -> list[tuple[int | None, str | None, str]]:
    """Row, column and code of every defect."""
    return [(issue.row, issue.column, issue.code) for issue in result.issues]


def csv(text: str) -> bytes:
    return text.encode()


# The form


def test_form_has_every_column_and_no_row() -> None:
    page = page_of(template_xlsx(TEXTS, CENTERS, ASPECTS))
    assert [cell.value for cell in page[1]] == [
        *("assessment_id", "version", "center_id", "name_id", "author", "assessed_on"),
        *ASPECTS,
        *(f"note_{aspect}" for aspect in ASPECTS),
        *(f"evidence_{aspect}" for aspect in ASPECTS),
        "comment",
    ]
    assert (page.max_row, page.freeze_panes) == (1, "A2")
    looks = {
        number: (column.width >= 15, column.number_format)
        for column in page.column_dimensions.values()
        for number in range(column.min, column.max + 1)
    }
    formats = ["@"] * 5 + ["yyyy-mm-dd"] + ["General"] * 6 + ["@"] * 13
    formats[1] = "0"
    assert [looks[number] for number in range(1, 26)] == [(True, form) for form in formats]


def test_form_limits_what_can_be_typed() -> None:
    book = openpyxl.load_workbook(io.BytesIO(template_xlsx(TEXTS, CENTERS, ASPECTS)))
    rules = {
        str(r.sqref).split("2:")[0]: r for r in book["assessments"].data_validations.dataValidation
    }
    assert len(rules) == len(FORM_COLUMNS)
    assert (rules["C"].type, rules["C"].formula1) == ("list", "lists!$A$1:$A$4")
    assert (rules["D"].type, rules["D"].formula1) == ("list", "lists!$B$1:$B$4")
    assert (rules["C"].showErrorMessage, rules["D"].showErrorMessage) == (True, False)
    assert str(rules["C"].sqref) == "C2:C20001"
    day = rules["F"]
    assert (day.type, day.formula1, day.formula2) == ("date", "1", "TODAY()+1")
    for letter in "GHIJKL":
        rule = rules[letter]
        assert (rule.type, rule.formula1, rule.formula2) == ("decimal", "0", "100")
        assert rule.prompt == "Petunjuk x\nInstructions x"
    assert (rules["E"].type, rules["E"].formula1) == ("textLength", "200")
    assert (rules["Y"].type, rules["Y"].formula1) == ("textLength", "10000")
    lists = book["lists"]
    assert lists.sheet_state == "hidden"
    assert [(a.value, b.value) for a, b in lists.iter_rows()] == list(
        zip(CENTERS.index, CENTERS["name_id"], strict=True)
    )


@pytest.mark.parametrize(
    ("sheet", "heads"), [("Petunjuk", ["Kolom", "Arti", "Contoh"]), ("Instructions", None)]
)
def test_form_explains_itself_in_each_language(sheet: str, heads: list[str] | None) -> None:
    page = page_of(template_xlsx(TEXTS, CENTERS, ASPECTS), sheet)
    rows = [[cell.value for cell in row] for row in page.iter_rows()]
    assert rows[:2] == [["1.", f"{sheet} A", None], ["2.", f"{sheet} B", None]]
    assert rows[3] == (heads or ["Column", "Meaning", "Example"])
    assert [row[0] for row in rows[4:]] == list(FORM_COLUMNS)
    assert rows[8] == ["author", f"{sheet} x", "=Dinas"]
    assert {cell.data_type for row in page.iter_rows() for cell in row} <= {"s", "n"}


def test_form_without_centers_can_still_be_filled_in() -> None:
    page = page_of(template_xlsx(TEXTS, CENTERS.iloc[:0], ASPECTS))
    assert "list" not in {rule.type for rule in page.data_validations.dataValidation}


def test_drop_down_executes_nothing() -> None:
    hostile = pd.DataFrame({"name_id": ["=HYPERLINK(1)"]}, index=pd.Index(["=1+1"]))
    lists = page_of(template_xlsx(TEXTS, hostile, ASPECTS), "lists")
    assert [(cell.data_type, cell.value) for cell in lists[1]] == [
        ("s", "'=1+1"),
        ("s", "'=HYPERLINK(1)"),
    ]


def test_recorded_assessments_are_rows_of_the_same_form() -> None:
    page = page_of(template_xlsx(TEXTS, CENTERS, ASPECTS, assessments=[SAVED]))
    cells = {head.value: cell for head, cell in zip(page[1], page[2], strict=True)}
    assert {c: cell.value for c, cell in cells.items() if cell.value is not None} == {
        "assessment_id": SAVED.assessment_id,
        "version": 2,
        "center_id": "0012",
        "name_id": "Sentra Madu",
        "author": "Dinas Karo",
        "assessed_on": datetime(2026, 3, 1),
        "institutional": 70.06,
        "production": 0.3,
        "ie_linkage": 100,
        "note_market": "Baris satu\nbaris dua",
        "evidence_production": "'=1+1",
        "comment": "'-2+3",
    }
    assert cells["assessed_on"].number_format == "yyyy-mm-dd"
    assert {cell.data_type for cell in cells.values()} <= {"s", "n", "d"}


# Filling in


def test_row_typed_in_excel_is_an_assessment() -> None:
    result = read(filled([FULL]))
    (one,) = result.good
    assert result.issues == ()
    assert result.rejected.empty
    assert one == Assessment(
        assessment_id=one.assessment_id,
        center_id="karo-coffee",
        author="Kelompok 1",
        assessed_on=date(2026, 11, 20),
        scores={
            **{"institutional": 70.5, "production": 60.0, "market": 0.0, "sustainability": None},
            **{"sez_linkage": 100.0, "ie_linkage": None},
        },
        notes={"market": "Pembeli sedikit"},
        evidence={"market": "Wawancara"},
        comment="Rapat",
    )
    assert type(one.assessed_on) is date


def test_cells_that_became_text_mean_the_same() -> None:
    """As when a column was pasted as text, or a program writes the numbers of its locale."""
    texts = {"institutional": "70,5", "production": " 60 ", "market": "0", "sez_linkage": "100.0"}
    as_text = FULL | texts | {"assessed_on": "20/11/2026"}
    one, other = (*read(filled([FULL])).good, *read(filled([as_text])).good)
    assert replace(other, assessment_id=one.assessment_id) == one


def test_rows_that_are_wholly_empty_are_skipped() -> None:
    result = read(filled([FULL, {}, {"author": "  ", "market": None}, FULL | {"market": 5}]))
    assert [one.scores["market"] for one in result.good] == [0.0, 5.0]


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        (datetime(2026, 11, 2), date(2026, 11, 2)),
        (datetime(2026, 11, 2, 13, 30), date(2026, 11, 2)),
        (date(2026, 11, 2), date(2026, 11, 2)),
        ("2026-11-02", date(2026, 11, 2)),
        ("2026/11/2", date(2026, 11, 2)),
        ("02/11/2026", date(2026, 11, 2)),
        ("2/11/2026", date(2026, 11, 2)),
        ("02-11-2026", date(2026, 11, 2)),
        ("02.11.2026", date(2026, 11, 2)),
        ("2/11/2026 00:00:00", date(2026, 11, 2)),
        (46328, date(2026, 11, 2)),  # 45658 is 2025-01-01; 365 + 305 days later
        (46328.75, date(2026, 11, 2)),
        ("46328", date(2026, 11, 2)),
        ("29/02/2024", date(2024, 2, 29)),
        ("23/11/2026", date(2026, 11, 23)),  # today began earlier in the east
        ("01/01/1900", date(1900, 1, 1)),
    ],
)
def test_days_are_read_as_people_and_programs_write_them(cell: object, day: date) -> None:
    assert [one.assessed_on for one in read(filled([FULL | {"assessed_on": cell}])).good] == [day]


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("11/22/2026", "date_unreadable"),
        ("29/02/2026", "date_unreadable"),
        ("22/11/26", "date_unreadable"),
        ("November 2026", "date_unreadable"),
        ("kemarin", "date_unreadable"),
        (2026, "date_unreadable"),
        ("20261122", "date_unreadable"),
        ("0000-01-01", "date_unreadable"),
        (-5, "date_unreadable"),
        (None, "cell_missing"),
        ("24/11/2026", "out_of_range"),
        (46350, "out_of_range"),
        ("31/12/1899", "out_of_range"),
    ],
)
def test_days_that_are_not_certain_or_not_possible_are_told(cell: object, code: str) -> None:
    result = read(filled([FULL | {"assessed_on": cell}]))
    assert [f for f in found(result) if f[0]] == [(2, "assessed_on", code)]


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        (170, "score_out_of_range"),
        (-1, "score_out_of_range"),
        ("100,01", "score_out_of_range"),
        ("\N{MINUS SIGN}5", "score_out_of_range"),
        ("1e999", "score_out_of_range"),
        ("tinggi", "not_a_number"),
        ("70,5,1", "not_a_number"),
        ("1.234,5", "not_a_number"),
        ("70%", "not_a_number"),
        ("nan", "not_a_number"),
        (True, "not_a_number"),
    ],
)
def test_scores_off_the_scale_or_no_numbers_are_told(cell: object, code: str) -> None:
    result = read(filled([FULL | {"market": cell}]))
    assert [f for f in found(result) if f[0]] == [(2, "market", code)]
    assert result.good == ()


@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_csv_is_read_as_well(separator: str) -> None:
    cells = ["karo-coffee", "Kelompok 1", "20/11/2026", '"70,5"' if separator == "," else "70,5"]
    heads = ["center_id", "author", "assessed_on", "market"]
    data = csv("\r\n".join(separator.join(line) for line in (heads, cells)))
    result = read(data, "isi.csv")
    assert [(one.center_id, one.scores["market"]) for one in result.good] == [("karo-coffee", 70.5)]
    assert result.issues == ()


# Everything wrong at once

GOOD_ID = "0b8f3c1e-6d0e-4f0b-9f0e-1a2b3c4d5e6f"
WRONG: list[dict[str, Any]] = [
    FULL,  # row 2, the good one
    FULL | {"center_id": "karo-cofee"},
    FULL | {"center_id": None},
    FULL | {"author": None, "market": 170},
    FULL | {"author": "x" * 201},
    FULL | {"assessed_on": "2027-01-01", "production": -1, "institutional": "70,5 poin"},
    FULL | {"assessed_on": "22 lusa", "assessment_id": "7"},
    FULL | {"assessment_id": GOOD_ID, "author": "Kelompok 2"},
    FULL | {"assessment_id": GOOD_ID, "author": "Kelompok 3"},
    FULL | {"note_market": "x" * 10_001, "evidence_ie_linkage": "x" * 10_001},
    FULL | {"version": "dua"},
    FULL | {"name_id": "sentra  MADU"},
    {"comment": "lupa"},
]
EXPECTED = [
    (3, "center_id", "unknown_center"),
    (4, "center_id", "cell_missing"),
    (5, "author", "cell_missing"),
    (5, "market", "score_out_of_range"),
    (6, "author", "text_too_long"),
    (7, "assessed_on", "out_of_range"),
    (7, "production", "score_out_of_range"),
    (7, "institutional", "not_a_number"),
    (8, "assessed_on", "date_unreadable"),
    (8, "assessment_id", "assessment_id_invalid"),
    (10, "assessment_id", "assessment_twice"),
    (11, "note_market", "text_too_long"),
    (11, "evidence_ie_linkage", "text_too_long"),
    (12, "version", "out_of_range"),
    (13, "name_id", "name_differs"),
    (14, "assessed_on", "cell_missing"),
    (14, "center_id", "cell_missing"),
    (14, "author", "cell_missing"),
]


def test_every_defect_is_listed_by_sheet_row_and_column() -> None:
    result = read(filled(WRONG))
    assert sorted(found(result)) == sorted(EXPECTED)
    assert {issue.file for issue in result.issues} == {"isi.xlsx › assessments"}
    rows = [issue.row or 0 for issue in result.issues]
    assert rows == sorted(rows)
    cell = {(issue.row, issue.column): issue for issue in result.issues}
    assert cell[3, "center_id"].expected == {"did_you_mean": "karo-coffee"}
    assert (cell[5, "market"].value, dict(cell[5, "market"].expected)) == (
        "170",
        {"low": 0, "high": 100},
    )
    assert cell[7, "institutional"].value == "70,5 poin"
    assert cell[7, "assessed_on"].expected == {"low": "1900-01-01", "high": "2026-11-23"}
    assert cell[10, "assessment_id"].expected == {"first_row": "9 (assessments)"}


def test_every_row_is_good_or_rejected_and_good_ones_can_be_taken(tmp_path: Path) -> None:
    result = read(filled(WRONG))
    assert [one.author for one in result.good] == ["Kelompok 1", "Kelompok 2"]
    file = "isi.xlsx › assessments"
    rows = [3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14]
    assert result.rejected.index.tolist() == [(file, row) for row in rows]
    store = Store.open(f"sqlite:///{tmp_path}/a.sqlite")
    for one in result.good:
        store.save(one)
    assert {one.assessment_id for one in store.latest()} == {
        one.assessment_id for one in result.good
    }


CORRECTIONS: dict[int, dict[str, Any]] = {
    2: {"center_id": "karo-coffee", "market": 1},
    3: {"center_id": "0012"},
    4: {"author": "K4", "market": "17,5"},
    5: {"author": "K5"},
    6: {"assessed_on": datetime(2026, 1, 2), "production": 1, "institutional": 70.5},
    7: {"assessed_on": "22/10/2026", "assessment_id": None},
    8: {"assessment_id": None},
    9: {"note_market": "x", "evidence_ie_linkage": "y"},
    10: {"version": None, "market": 2},
    11: {"name_id": "Sentra kopi karo", "market": 3},
    12: {"center_id": "twin-2", "author": "K12", "assessed_on": 46000},
}
"""By row of the file of rejected rows."""


def test_bad_rows_come_back_in_the_form_and_are_taken_once_corrected() -> None:
    first = read(filled(WRONG))
    remarks = {(issue.file, issue.row): f"= {issue.code}" for issue in first.issues if issue.row}
    back = rejected_xlsx(first, TEXTS, CENTERS, ASPECTS, remarks=remarks)
    page = page_of(back)
    assert [cell.value for cell in page[1]] == ["file", "row", "issues", *FORM_COLUMNS]
    assert [cell.value for cell in page[2]][:3] == [
        *("isi.xlsx › assessments", 3, "'= unknown_center"),
    ]
    assert {str(rule.sqref).split("2:")[0] for rule in page.data_validations.dataValidation} >= {
        *("F", "I", "J", "O"),  # center, date, first and last aspect, three columns further on
    }
    columns = [cell.value for cell in page[1]]
    typed = {c: cell.value for c, cell in zip(columns, page[6], strict=True)}
    assert typed["assessed_on"] == datetime(2027, 1, 1)
    assert (typed["production"], typed["institutional"]) == (-1, "70,5 poin")

    again = read(back, "ditolak.xlsx")
    codes = [code for _, _, code in EXPECTED if code != "assessment_twice"]  # its twin is not here
    assert sorted(code for _, _, code in found(again)) == sorted(codes)

    corrected = filled([CORRECTIONS.get(row, {}) for row in range(2, 13)], back)
    last = read(corrected, "ditolak.xlsx")
    assert [i for i in last.issues if i.severity == "rejected"] == []
    assert {i.column for i in last.issues if i.code == "column_unknown"} == set()
    assert last.rejected.empty
    assert len(last.good) == 11
    by_author = {one.author: one for one in last.good}
    assert by_author["K4"].scores["market"] == 17.5
    assert by_author["K12"].assessed_on == date(2025, 12, 9)  # 46000 = 45658 + 342 days
    assert by_author["K12"].comment == "lupa"


def test_cells_that_no_workbook_can_hold_as_numbers_or_dates_come_back_as_text() -> None:
    wrong = FULL | {"assessed_on": "31/12/1899", "market": "1e999", "version": "dua"}
    page = page_of(rejected_xlsx(read(filled([wrong])), TEXTS, CENTERS, ASPECTS))
    cells = {head.value: cell.value for head, cell in zip(page[1], page[2], strict=True)}
    assert (cells["assessed_on"], cells["market"]) == ("31/12/1899", "1e999")
    assert cells["version"] == "dua"


def test_rejected_rows_name_their_defects_and_keep_what_else_the_file_had() -> None:
    head = "center_id;author;assessed_on;market;Telepon\n"
    data = csv(head + "karo-coffee;=A;20/11/2026;170;0812\nmars;B;20/11/2026;;\n")
    rows = rejected_rows(read(data, "isi.csv"), ASPECTS)
    assert list(rows) == ["file", "row", "issues", *FORM_COLUMNS, "telepon"]
    assert rows.loc[0].dropna().to_dict() == {
        **{"file": "isi.csv", "row": 2, "issues": "market:score_out_of_range"},
        **{"center_id": "karo-coffee", "author": "=A", "assessed_on": "20/11/2026"},
        **{"market": "170", "telepon": "0812"},
    }
    as_csv = rows_csv(rows, language="id")
    assert b"'=A" in as_csv
    assert read(as_csv.replace(b"170", b"17"), "r.csv").good[0].author == "=A"


def test_cells_beyond_the_header_reject_their_row() -> None:
    data = csv(
        "center_id,author,assessed_on,market\nkaro-coffee,A,2026-01-02,5,6\n"
        "karo-coffee,B,2026-01-02,7\n"
    )
    result = read(data, "isi.csv")
    assert [one.author for one in result.good] == ["B"]
    assert [f for f in found(result) if f[0]] == [(2, None, "ragged_row")]


def test_sheet_without_a_required_column_says_which_and_keeps_its_rows() -> None:
    result = read(csv("center_id,market\nkaro-coffee,5\n"), "isi.csv")
    assert found(result) == [
        (None, "author", "column_missing"),
        (None, "assessed_on", "column_missing"),
        (None, None, "no_good_rows"),
    ]
    assert len(result.rejected) == 1


def test_unknown_columns_are_noted_and_remarks_are_not() -> None:
    data = csv(
        "row,issues,file,warna,center_id,author,assessed_on,market\n1,x,y,z,0012,A,2026-1-2,5"
    )
    result = read(data, "isi.csv")
    assert found(result) == [(None, "warna", "column_unknown")]
    assert len(result.good) == 1


def test_author_column_twice_is_refused() -> None:
    with pytest.raises(DataError) as error:
        read(csv("center_id,author,author,assessed_on\n0012,A,B,2026-1-2\n"), "isi.csv")
    assert [issue.code for issue in error.value.issues] == ["column_twice"]


def test_empty_form_has_no_rows() -> None:
    with pytest.raises(DataError) as error:
        read(template_xlsx(TEXTS, CENTERS, ASPECTS))
    (issue,) = error.value.issues
    assert (issue.code, issue.file) == ("no_rows", "isi.xlsx › assessments")


def test_workbook_without_a_table_has_no_header() -> None:
    book = openpyxl.Workbook()
    book.active.append(["a", "b"])
    with pytest.raises(DataError) as error:
        read(saved(book))
    assert [issue.code for issue in error.value.issues] == ["no_header"]


def test_broken_workbook_is_told() -> None:
    with pytest.raises(DataError) as error:
        read(filled([FULL])[:-2000])
    assert [issue.code for issue in error.value.issues] == ["file_broken"]


# Several sheets


def two_sheets(change: Callable[[openpyxl.Workbook], None]) -> bytes:
    """The filled form with a copy of its sheet, as groups make one each."""
    book = openpyxl.load_workbook(io.BytesIO(filled([FULL | {"assessment_id": GOOD_ID}])))
    copy = book.copy_worksheet(book["assessments"])
    copy.title = "kelompok 2"
    change(book)
    return saved(book)


def test_every_sheet_that_holds_a_table_is_read() -> None:
    def other_group(book: openpyxl.Workbook) -> None:
        book["kelompok 2"]["A2"] = None
        book["kelompok 2"]["E2"] = "Kelompok 2"
        book["kelompok 2"]["G2"] = 170
        book["kelompok 2"]["C3"] = "karo-coffee"

    result = read(two_sheets(other_group))
    assert [one.author for one in result.good] == ["Kelompok 1"]
    places = [(i.file, i.row, i.code) for i in result.issues if i.row]
    assert places == [
        ("isi.xlsx › kelompok 2", 2, "score_out_of_range"),
        ("isi.xlsx › kelompok 2", 3, "cell_missing"),
        ("isi.xlsx › kelompok 2", 3, "cell_missing"),
    ]
    assert rejected_rows(result, ASPECTS)[["file", "row"]].to_numpy().tolist() == [
        ["isi.xlsx › kelompok 2", 2],
        ["isi.xlsx › kelompok 2", 3],
    ]


def test_assessment_on_two_sheets_is_told_with_the_sheet_that_has_it_first() -> None:
    result = read(two_sheets(lambda book: None))
    (issue,) = [i for i in result.issues if i.severity == "rejected"]
    assert (issue.file, issue.code) == ("isi.xlsx › kelompok 2", "assessment_twice")
    assert issue.expected == {"first_row": "2 (assessments)"}


def test_hidden_sheets_and_lists_of_centers_are_not_read() -> None:
    def more(book: openpyxl.Workbook) -> None:
        book["kelompok 2"].sheet_state = "hidden"
        book.create_sheet("daftar").append(["center_id", "name_id"])
        book["daftar"].append(["0012", "Sentra Madu"])

    assert len(read(two_sheets(more)).good) == 1


# Centers


@pytest.mark.parametrize("name", ["Sentra Kopi Karo", "karo  coffee CENTER"])
def test_name_stands_for_the_id_where_only_one_center_has_it(name: str) -> None:
    result = read(filled([FULL | {"center_id": None, "name_id": name}]))
    assert [one.center_id for one in result.good] == ["karo-coffee"]


def test_name_of_several_centers_is_not_enough() -> None:
    result = read(filled([FULL | {"center_id": None, "name_id": "Sentra Kembar"}]))
    (issue,) = [i for i in result.issues if i.row]
    assert (issue.column, issue.code) == ("name_id", "name_ambiguous")
    assert issue.expected == {"options": ("twin-1", "twin-2")}


def test_name_of_no_center_brings_the_id_that_was_probably_meant() -> None:
    result = read(filled([FULL | {"center_id": None, "name_id": "Sentra Kopi Kara"}]))
    (issue,) = [i for i in result.issues if i.row]
    assert (issue.column, issue.code) == ("name_id", "unknown_center")
    assert issue.expected == {"did_you_mean": "karo-coffee"}


@pytest.mark.parametrize("name", ["Sentra Kopi", "Kopi di Karo", "Karo Coffee Center"])
def test_name_beside_an_id_may_be_written_freely(name: str) -> None:
    assert len(read(filled([FULL | {"name_id": name}])).good) == 1


def test_center_that_shares_its_name_is_not_taken_for_the_other() -> None:
    row = FULL | {"center_id": "twin-2", "name_id": "Sentra Kembar"}
    assert [one.center_id for one in read(filled([row])).good] == ["twin-2"]


def test_many_unknown_centers_do_not_take_minutes() -> None:
    many = pd.DataFrame(
        {"name_id": "Sentra", "name_en": "Center"}, index=[f"u{n:05d}" for n in range(5000)]
    )
    head = "center_id,author,assessed_on,market\n"
    tables = read_sheets(
        csv(head + "".join(f"v{n:05d},A,2026-01-02,5\n" for n in range(500))), name="isi.csv"
    )
    result = read_assessments(tables, many, ASPECTS, today=TODAY)
    assert sum("did_you_mean" in issue.expected for issue in result.issues) == 20
    assert sum(issue.code == "unknown_center" for issue in result.issues) == 500


# Recorded assessments


def test_form_that_nobody_touched_brings_nothing_to_save() -> None:
    data = template_xlsx(TEXTS, CENTERS, ASPECTS, assessments=[SAVED])
    result = read(data, recorded=[SAVED])
    assert (result.good, result.unchanged, result.issues) == ((), 1, ())
    assert result.rejected.empty


def changed(**cells: Any) -> bytes:
    return filled([cells], template_xlsx(TEXTS, CENTERS, ASPECTS, assessments=[SAVED]))


def test_changed_row_is_the_next_version_and_keeps_what_the_sheet_does_not_show() -> None:
    (one,) = read(changed(market=55, note_market=None), recorded=[SAVED]).good
    assert one.scores == {
        **{"institutional": 70.06, "production": 0.3, "market": 55.0},
        "ie_linkage": 100.0,
    }
    assert one == replace(SAVED, scores=one.scores, notes={})


def test_columns_that_the_file_lacks_stay_as_recorded() -> None:
    data = csv(
        "assessment_id,center_id,author,assessed_on,market\n"
        f"{SAVED.assessment_id},0012,Dinas Karo,2026-03-01,55\n"
    )
    (one,) = read(data, "isi.csv", recorded=[SAVED]).good
    assert one == replace(
        SAVED,
        scores={**SAVED.scores, "market": 55.0},
    )


def test_row_cannot_move_to_another_center() -> None:
    result = read(changed(center_id="karo-coffee", name_id=None), recorded=[SAVED])
    (issue,) = [i for i in result.issues if i.row]
    assert (issue.column, issue.code) == ("center_id", "center_differs")
    assert issue.expected == {"center_id": "0012"}


def test_assessment_of_another_installation_keeps_its_id() -> None:
    (one,) = read(template_xlsx(TEXTS, CENTERS, ASPECTS, assessments=[SAVED])).good
    assert (one.assessment_id, one.version, one.base_version) == (SAVED.assessment_id, 0, 0)
    assert one.ratings == {}


def test_deleted_assessment_comes_back_only_when_the_row_changes_it() -> None:
    hidden = replace(SAVED, hidden=True)
    untouched = read(template_xlsx(TEXTS, CENTERS, ASPECTS, assessments=[SAVED]), recorded=[hidden])
    assert (untouched.good, untouched.unchanged) == ((), 1)
    (one,) = read(changed(market=55), recorded=[hidden]).good
    assert not one.hidden


def test_row_whose_assessment_was_saved_meanwhile_is_noted_and_crosses(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path}/a.sqlite")
    first = store.save(replace(SAVED, version=0, base_version=0))
    data = template_xlsx(TEXTS, CENTERS, ASPECTS, assessments=[first])
    second = store.save(replace(first, scores=first.scores | {"market": 20.0}))
    touched = filled([{"production": 44}], data)
    result = read(touched, recorded=store.latest())
    assert found(result) == [(2, "version", "version_passed")]
    assert result.issues[0].expected == {"newest": 2}
    third = store.save(result.good[0])
    assert (third.version, third.base_version, third.crossed) == (3, 1, True)
    history = store.history(first.assessment_id)
    assert [one.scores.get("market") for one in history] == [None, 20, None]

    untouched = read(data, recorded=[first, second])
    assert (untouched.good, untouched.unchanged) == ((), 1)


@pytest.mark.parametrize(("given", "base"), [(None, 2), (0, 2), (1, 1), (2, 2), (9, 2)])
def test_version_of_a_row_is_one_that_is_recorded(given: int | None, base: int) -> None:
    (one,) = read(changed(version=given, market=1), recorded=[SAVED]).good
    assert one.version == base


def test_file_brought_twice_is_saved_once(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path}/a.sqlite")
    data = filled([FULL, FULL | {"author": "Kelompok 2"}])
    for one in read(data).good:
        store.save(one)
    again = read(data, recorded=store.latest())
    assert (again.good, again.unchanged, again.issues) == ((), 2, ())


def test_row_like_a_deleted_assessment_is_a_new_one() -> None:
    data = filled([FULL])
    deleted = replace(read(data).good[0], version=2, hidden=True)
    result = read(data, recorded=[deleted])
    assert (len(result.good), result.issues) == (1, ())
    assert result.good[0].assessment_id != deleted.assessment_id


def test_second_assessment_of_the_day_is_taken_and_noted() -> None:
    before = replace(read(filled([FULL])).good[0], version=1)
    result = read(filled([FULL | {"market": 1}, FULL | {"market": 2}]), recorded=[before])
    assert len(result.good) == 2
    assert found(result) == [
        (2, "center_id", "assessment_again"),
        (3, "center_id", "assessment_again"),
    ]
    assert {issue.severity for issue in result.issues} == {"noted"}


def test_row_without_scores_is_taken_and_noted() -> None:
    row = {c: FULL[c] for c in ("center_id", "author", "assessed_on")}
    result = read(filled([row]))
    assert (len(result.good), found(result)) == (1, [(2, None, "scores_missing")])


TEXT = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0")
    | st.sampled_from("=+-@\t\r\n"),
    max_size=20,
).filter(lambda text: not text.strip().startswith("'"))  # an apostrophe is how text is disarmed
NAME = TEXT.filter(lambda text: any(sign.isalnum() for sign in text))


@example("A", TODAY, {}, {"market": "\n"}, "\n")
@example("=A\x0b", TODAY, {"market": 0.1 + 0.2}, {"market": "a\r\nb\rc"}, "\x01=1")
@given(
    author=NAME,
    day=st.dates(date(1900, 1, 1), TODAY),
    scores=st.dictionaries(st.sampled_from(ASPECTS), st.none() | st.floats(0, 100)),
    notes=st.dictionaries(st.sampled_from(ASPECTS), TEXT),
    comment=TEXT,
)
def test_whatever_is_recorded_goes_out_and_comes_back_unchanged(
    author: str, day: date, scores: dict[str, float], notes: dict[str, str], comment: str
) -> None:
    one = replace(
        SAVED, author=author, assessed_on=day, scores=scores, notes=notes, comment=comment
    )
    result = read(template_xlsx(TEXTS, CENTERS, ASPECTS, assessments=[one]), recorded=[one])
    assert (result.unchanged, result.rejected.empty) == (1, True)


# Words


@pytest.mark.parametrize("language", ["id", "en"])
def test_each_defect_has_a_sentence_with_all_its_particulars(language: str) -> None:
    say = Messages(language)
    results = [
        read(filled(WRONG)),
        read(changed(market=1), recorded=[replace(SAVED, version=3)]),
        read(changed(center_id="karo-coffee", name_id=None), recorded=[SAVED]),
        read(filled([{c: FULL[c] for c in ("center_id", "author", "assessed_on")}] * 2)),
        read(filled([FULL | {"center_id": None, "name_id": "Sentra Kembar"}])),
    ]
    issues = [issue for result in results for issue in result.issues]
    own = {
        *("assessment_again", "assessment_twice", "date_unreadable", "name_ambiguous"),
        *("name_differs", "scores_missing", "unknown_center", "version_passed"),
    }
    assert own <= {issue.code for issue in issues}
    for issue in issues:
        sentence = say.issue(issue)
        assert sentence.startswith("isi.xlsx › assessments")
        assert not set(sentence) & set("{}")
        assert "None" not in re.findall(r"\w+", sentence)


def test_each_column_has_its_meaning_in_both_languages_and_they_fit_beside_a_cell() -> None:
    both = [sheet_text(language, shipped_inputs()) for language in LANGUAGES]
    for column in FORM_COLUMNS:
        hint = "\n".join(text.meanings[column] for text in both)
        assert len(hint) <= HINT_LENGTH
        assert len(set(hint.split("\n"))) == 2
    assert all(text.steps for text in both)
    assert not any(Messages(language).has("sheet.step_6") for language in LANGUAGES)


# The fictional centers

CUTS = (27.54, 38.00, 56.60)
LEARNED = {  # the sums are by hand; the bounds are those of the paper's text
    "contoh-1": (430 / 6, "excellent"),
    "contoh-2": (295 / 6, "developing"),
    "contoh-3": (229 / 6, "developing"),
    "contoh-4": (198 / 6, "potential"),
    "contoh-5": (195 / 6, "potential"),
    "contoh-6": (114 / 6, "under_development"),
}


@pytest.fixture(scope="module")
def fictional(shipped: analysis.Inputs) -> pd.DataFrame:
    checked = analysis.illustrative(Settings(), shipped)
    assert checked.issues == ()
    return checked.good


def test_fictional_centers_say_so_and_are_never_among_the_shipped(
    fictional: pd.DataFrame, shipped: analysis.Inputs
) -> None:
    assert fictional["name_id"].tolist() == [f"Sentra Contoh {n}" for n in range(1, 7)]
    assert fictional["name_en"].tolist() == [f"Sample Center {n}" for n in range(1, 7)]
    assert fictional["note"].str.startswith("Fictional").all()
    translated = shipped.translations.set_index("text")["text_id"]
    for column in ("note", "position_source"):
        assert fictional[column].isin(translated.index).all()
    assert translated[fictional["note"]].str.startswith("Fiktif").all()
    assert not shipped.centers.index.intersection(fictional.index).size
    assert not shipped.centers["name_id"].str.contains("Contoh").any()


def test_fictional_places_are_round_and_in_the_district_they_name(
    fictional: pd.DataFrame, shipped: analysis.Inputs
) -> None:
    assert (fictional[["lat", "lon"]] % 0.5 == 0).all().all()
    assert set(fictional["position_basis"]) == {"placeholder"}
    assert set(fictional["position_precision"]) == {"district"}
    measured = analysis.measure(analysis.with_centers(shipped, fictional, in_place=True))
    assert not measured.centers["across_border"].any()
    assert measured.centers["score"].isna().all()  # no source prints a score for them


def test_fictional_aspects_teach_every_category_and_three_special_cases(
    fictional: pd.DataFrame,
) -> None:
    aspects = fictional[ASPECTS]
    assert aspects.notna().all().all()
    names = ["under_development", "potential", "developing", "excellent"]
    means = aspects.sum(axis=1) / 6
    for center, (mean, category) in LEARNED.items():
        assert means[center] == pytest.approx(mean)
        assert names[sum(mean > cut for cut in CUTS)] == category
    assert aspects.columns[aspects.loc["contoh-2"] < 50].tolist() == ["market"]
    assert aspects.columns[aspects.loc["contoh-4"] >= 50].tolist() == ["sez_linkage", "ie_linkage"]


def test_only_the_third_fictional_center_is_unstable(fictional: pd.DataFrame) -> None:
    """Weights changed by up to a quarter: a category is stable at 95 % of the draws."""
    draws = 1 + np.random.default_rng(7).uniform(-0.25, 0.25, (20_000, 6))
    scores = draws / draws.sum(axis=1, keepdims=True) @ fictional[ASPECTS].to_numpy().T
    category = np.searchsorted(CUTS, scores)
    nominal = np.searchsorted(CUTS, fictional[ASPECTS].mean(axis=1))
    stable = (category == nominal).mean(axis=0) >= 0.95
    assert fictional.index[~stable].tolist() == ["contoh-3"]


@pytest.mark.parametrize("spoil", [Path.unlink, lambda file: file.write_text("")])
def test_missing_or_broken_file_of_fictional_centers_is_told(
    data_copy: Path, shipped: analysis.Inputs, spoil: Callable[[Path], object]
) -> None:
    spoil(data_copy / "illustrative.csv")
    with pytest.raises(DataError) as error:
        analysis.illustrative(Settings(data=data_copy), shipped)
    assert {issue.file for issue in error.value.issues} == {"illustrative.csv"}
