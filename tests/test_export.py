"""Files that leave execute nothing, open right in Excel, and come back as they were."""

import io

import openpyxl
import pandas as pd
import pytest
import shapely

from ikmgeo.handouts.export import (
    Language,
    TemplateText,
    center_template_csv,
    center_template_xlsx,
    inert,
    rejected_csv,
    rejected_rows,
    rows_csv,
    rows_xlsx,
    template_columns,
)
from ikmgeo.reading.load import Table, read_table
from ikmgeo.reading.validate import Checked, check_centers
from tests.rated import ASPECTS, INSTRUMENT

ATTACKS = [
    "=1+1",
    "+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    " =1+1",
    '=HYPERLINK("http://x","y")',
    "+62 812",
]
DISTRICTS = pd.DataFrame(
    {"district_code": ["1208"], "name_id": ["Kabupaten Timor"], "short_name": ["Timor"]}
)
TEXT = TemplateText(
    sheet="Petunjuk",
    headings=("Kolom", "Arti", "Contoh"),
    meanings={"name_id": "Nama sentra"},
    examples={"name_id": "=Sentra Kopi"},
    choices={
        "commodity": ["Kopi"],
        "district_code": [f"Kabupaten dengan nama panjang {n}" for n in range(33)],
    },
)


def checked(data: bytes) -> Checked:
    return check_centers(
        read_table(data, name="u.csv"),
        district_names=DISTRICTS,
        commodities={"kopi"},
        land=shapely.box(98, 2, 100, 3),
        bounds=(98, 2, 100, 3),
        instrument=INSTRUMENT,
    )


@pytest.mark.parametrize("text", ATTACKS)
def test_text_that_a_spreadsheet_would_execute_gets_an_apostrophe(text: str) -> None:
    frame = inert(pd.DataFrame({"a": [text], text: ["b"]}))
    assert frame.iloc[0, 0] == f"'{text}"
    assert list(frame) == ["a", f"'{text}"]


@pytest.mark.parametrize("text", ["-3,5", "+3.5", "-3", "a=1", "'=1", "", "3-4"])
def test_harmless_text_stays(text: str) -> None:
    assert inert(pd.DataFrame({"a": [text]})).iloc[0, 0] == text


def test_negative_numbers_stay_numbers() -> None:
    frame = pd.DataFrame({"a": [-3.5], "b": [-3]})
    pd.testing.assert_frame_equal(inert(frame), frame)


@pytest.mark.parametrize("text", ATTACKS)
def test_workbook_holds_attacks_as_text(text: str) -> None:
    book = openpyxl.load_workbook(io.BytesIO(rows_xlsx(pd.DataFrame({"a": [text, "http://x"]}))))
    cells = [row[0] for row in book["data"].iter_rows(min_row=2)]
    assert [cell.data_type for cell in cells] == ["s", "s"]
    assert cells[0].value.startswith("'")
    assert cells[1].hyperlink is None


@pytest.mark.parametrize("text", [text.strip() for text in ATTACKS])
def test_apostrophe_goes_when_the_file_comes_back(text: str) -> None:
    frame = pd.DataFrame({"name_id": [text], "commodity": ["Kopi"]})
    for data in (rows_csv(frame, language="id"), rows_xlsx(frame)):
        assert read_table(data, name="f").rows.loc[2, "name_id"] == text


def test_csv_follows_the_regional_settings_of_the_language() -> None:
    frame = pd.DataFrame({"a": [70.06, None], "b": ["x;y,z", "ü"]})
    assert rows_csv(frame, language="id").decode("utf-8-sig") == 'a;b\r\n70,06;"x;y,z"\r\n;ü\r\n'
    assert rows_csv(frame, language="en").decode("utf-8-sig") == 'a,b\r\n70.06,"x;y,z"\r\n,ü\r\n'
    assert rows_csv(frame, language="id").startswith(b"\xef\xbb\xbf")


def test_workbook_cuts_text_at_what_excel_holds() -> None:
    book = openpyxl.load_workbook(io.BytesIO(rows_xlsx(pd.DataFrame({"a": ["x" * 40_000]}))))
    assert len(book["data"]["A2"].value) == 32_767


BAD = b"nama;komoditas;lat;lon;Telepon;skor\nA;kopi;2,5;98,5;1;50\n=B;kopy;2,5;98,5;2;170\n"


def test_rejected_rows_have_number_codes_and_the_original_cells() -> None:
    rows = rejected_rows(checked(BAD))
    assert rows.iloc[0].to_dict() == {
        **{"row": 3, "issues": "score_total:score_out_of_range"},
        **{"nama": "=B", "komoditas": "kopy", "lat": "2,5", "lon": "98,5"},
        **{"Telepon": "2", "skor": "170"},
    }


def test_remarks_take_the_place_of_codes() -> None:
    assert rejected_rows(checked(BAD), remarks={3: "Komoditas?"})["issues"].tolist() == [
        "Komoditas?"
    ]


@pytest.mark.parametrize("language", ["id", "en"])
def test_corrected_rejected_rows_come_back_good(language: Language) -> None:
    data = rejected_csv(checked(BAD), language=language)
    assert b"'=B" in data
    again = checked(data.replace(b"kopy", b"kopi").replace(b"170", b"70"))
    assert again.rejected.empty
    assert again.good["name_id"].tolist() == ["=B"]
    assert {issue.code for issue in again.issues if issue.column in ("row", "issues")} == set()


def test_rows_rejected_twice_keep_one_set_of_remarks() -> None:
    twice = rejected_rows(checked(rejected_csv(checked(BAD), language="id")))
    assert list(twice)[:3] == ["row", "issues", "nama"]
    assert twice["row"].tolist() == [2]


def test_nothing_rejected_gives_a_file_with_headers_only() -> None:
    data = rejected_csv(
        checked(BAD.replace(b"kopy", b"kopi").replace(b"170", b"70")), language="id"
    )
    assert data.decode("utf-8-sig").startswith("row;issues;nama;")


@pytest.mark.parametrize(("language", "separator"), [("id", ";"), ("en", ",")])
def test_template_csv_is_read_when_filled(language: Language, separator: str) -> None:
    row = separator.join(["x"] * len(template_columns(ASPECTS)))
    table = read_table(center_template_csv(language, ASPECTS) + row.encode(), name="t")
    assert isinstance(table, Table)
    assert list(table.rows) == list(template_columns(ASPECTS))


def test_template_workbook_is_empty_but_for_headers_rules_and_instructions() -> None:
    book = openpyxl.load_workbook(io.BytesIO(center_template_xlsx(TEXT, ASPECTS)))
    data, guide = book["data"], book["Petunjuk"]
    assert [cell.value for cell in data[1]] == list(template_columns(ASPECTS))
    assert data.max_row == 1
    assert data.freeze_panes == "A2"
    assert book["lists"].sheet_state == "hidden"
    rules = {str(rule.sqref): rule for rule in data.data_validations.dataValidation}
    assert rules["D2:D20001"].formula1 == "lists!$D$1"
    assert rules["E2:E20001"].formula1 == "lists!$E$1:$E$33"
    assert (rules["J2:J20001"].formula1, rules["J2:J20001"].formula2) == ("-90", "90")
    assert [cell.value for cell in guide[3]] == ["name_id", "Nama sentra", "=Sentra Kopi"]


def test_template_workbook_is_read_when_filled() -> None:
    book = openpyxl.load_workbook(io.BytesIO(center_template_xlsx(TEXT, ASPECTS)))
    book["data"]["B2"], book["data"]["J2"] = "Sentra Kopi", 2.5
    buffer = io.BytesIO()
    book.save(buffer)
    row = read_table(buffer.getvalue(), name="t.xlsx").rows.loc[2]
    assert row.dropna().to_dict() == {"name_id": "Sentra Kopi", "lat": "2.5"}
