"""Sheets that people read: as the screen showed it, in their language, and nothing runs."""

import csv as csv_module
import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from ikmgeo.analysis import Inputs
from ikmgeo.filters import Filters
from ikmgeo.handout import Handout, settings, sources
from ikmgeo.handouts import workbook
from ikmgeo.measures.scoring import Scheme
from ikmgeo.reading.own import Own
from ikmgeo.view import View
from tests.rated import SIGNS
from tests.spans import span_km

Make = Callable[..., Handout]
ATTACKS = (
    "=1+1",
    "@SUM(1)",
    "+cmd|' /C calc'!A0",
    "\t=1+1",
    "\x01=1+1",
    "http://evil.example",
    "a\x0b\x1f\ufffeb",
    "مركز القهوة \u202eabc",
    "N" * 40_000,
)


def opened(handout: Handout) -> Any:
    return openpyxl.load_workbook(io.BytesIO(workbook.xlsx(handout)))


def records(sheet: Worksheet) -> list[dict[str, Any]]:
    heads, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(heads, row, strict=True)) for row in rows]


def read_csv(handout: Handout, separator: str) -> list[dict[str, str]]:
    text = workbook.csv(handout).decode("utf-8-sig")
    return list(csv_module.DictReader(io.StringIO(text, newline=""), delimiter=separator))


@pytest.fixture(scope="session")
def indonesian(hand_out: Make, shipped: Inputs) -> Handout:
    return hand_out(shipped)


@pytest.fixture(scope="session")
def english(hand_out: Make, shipped: Inputs) -> Handout:
    return hand_out(shipped, view=View(language="en"))


@pytest.fixture(scope="session")
def book(indonesian: Handout) -> Any:
    return opened(indonesian)


# --- what the sheets say ----------------------------------------------------------------------


def test_sheets_are_named_in_the_reader_s_language(book: Any, english: Handout) -> None:
    expected = ["Centers", "Linkage", "Districts", "Zones", "Claims", "Statements"]
    last = ["Sources and choices", "Layers and licences"]
    assert opened(english).sheetnames == [*expected, *last]
    assert book.sheetnames[:3] == ["Sentra", "Keterkaitan", "Kabupaten dan kota"]


def test_centers_have_their_printed_scores_as_numbers(book: Any) -> None:
    rows = {row["Kode sentra"]: row for row in records(book["Sentra"])}
    assert len(rows) == 13
    assert rows["simalungun-coffee"]["Skor"] == 70.06
    assert rows["simalungun-coffee"]["Kategori"] == "Unggulan"
    assert rows["simalungun-coffee"]["Klaim saling bertentangan"] == "tidak"
    pandan = rows["serdang-bedagai-pandan"]
    assert (pandan["Skor"], pandan["Angka tandingan"]) == (58.55, "50,466")
    assert (pandan["Klaim saling bertentangan"], pandan["Klaim"]) == ("ya", "P06; P19")
    assert pandan["Area letak yang mungkin"] == "Desa Pantai Cermin Kanan, Kec. Pantai Cermin"
    assert pandan["Kode area letak (Kemendagri)"] == "1218012001"
    assert rows["binjai-cassava"]["Dasar letak"] == "penanda sementara, tanpa sumber"


def test_the_paper_s_words_stand_beside_their_section(book: Any) -> None:
    """Audit, missing 1: 17 statements about four centers, 14 about categories, 4 conclusions."""
    rows = {row["Klaim"]: row for row in records(book["Uraian"])}
    assert set(rows) == {f"T{n:02}" for n in range(1, 36)}
    tenun = rows["T14"]
    assert tenun["Tentang"] == "Sentra Tenun Batu Bara"
    assert (tenun["Aspek (tafsiran)"], tenun["Arah"]) == ("Kelembagaan", "Kelemahan")
    assert tenun["Bagian"] == "III, daftar Kategori Berkembang"
    assert (rows["T27"]["Kategori"], rows["T27"]["Tentang"]) == ("Pembinaan", None)
    assert rows["T30"]["Tentang"] == "sentra IKM Sumatera Utara secara keseluruhan"


def test_a_printed_score_that_is_not_in_use_is_not_called_so(indonesian: Handout) -> None:
    """Code 1: under assessed scores, 22.23 is not "the score in this app"."""
    composition = replace(indonesian.view.composition, source="assessed")
    view = replace(indonesian.view, composition=composition)
    book = opened(replace(indonesian, view=view))
    uses = {row["Klaim"]: row["Dipakai sebagai"] for row in records(book["Klaim"])}
    assert uses["P16"] == "skor tercetak, tidak dipakai sekarang"


def test_missing_cells_are_empty(book: Any) -> None:
    for row in records(book["Sentra"]):
        assert row["Kelembagaan"] is None
    texts = {cell.value for sheet in book for row in sheet.iter_rows() for cell in row}
    assert not texts & {"nan", "NaN", "None", "<NA>"}


def test_claims_stand_with_those_they_contradict(book: Any) -> None:
    rows = {row["Klaim"]: row for row in records(book["Klaim"])}
    assert rows["P06"]["Bertentangan dengan"] == "P19"
    assert (rows["P06"]["Angka"], rows["P19"]["Angka"]) == (58.55, 50.466)
    assert rows["P19"]["Tentang"] == "Sentra Anyaman Pandan Serdang Bedagai"
    assert (rows["P02"]["Batas bawah"], rows["P02"]["Batas atas"]) == (38.01, 56.6)
    assert rows["P06"]["Angka dari"] == "skor total enam aspek, dari sentra ini"
    assert rows["S02"]["Angka"] == 3.03
    assert rows["S02"]["Angka dari"] == "tenaga kerja IKM nasional (13,1 juta, S07)"


def test_only_shown_centers_their_districts_and_claims(hand_out: Make, shipped: Inputs) -> None:
    view = View(language="en", filters=Filters(commodities=("pandan",)))
    book = opened(hand_out(shipped, view=view))
    assert [row["Center id"] for row in records(book["Centers"])] == ["serdang-bedagai-pandan"]
    assert [row["Center id"] for row in records(book["Linkage"])] == ["serdang-bedagai-pandan"]
    [district] = records(book["Districts"])
    assert (district["Regency/city"], district["Number of centers"]) == (
        "Kabupaten Serdang Bedagai",
        1,  # of those that the filter leaves, as on screen
    )
    assert {row["Claim"] for row in records(book["Claims"])} >= {"P06", "P19"}
    assert "P05" not in {row["Claim"] for row in records(book["Claims"])}


def test_linkage_has_every_indicator_with_its_unit_and_interval(english: Handout) -> None:
    rows = {row["Center id"]: row for row in records(opened(english)["Linkage"])}
    row = rows["serdang-bedagai-pandan"]
    km = row["Straight line: KIM (km)"]
    (area,) = english.measured.areas.outlines(english.shown.loc[["serdang-bedagai-pandan"]])
    low, high = span_km(area, *english.inputs.zones.loc["kim", ["lat", "lon"]])
    assert row["Straight line: KIM (km), lowest"] == pytest.approx(low, abs=0.01)
    assert row["Straight line: KIM (km), highest"] == pytest.approx(high, abs=0.01)
    assert row["Proximity: KIM"] == pytest.approx(100 * 0.5 ** (km / 25), abs=1e-3)
    assert row["Zones within reach: ≤ 50 km"] == 1
    assert row["Nearest zone: All zones (km)"] == km
    assert row["Huff share: KIM, lowest"] < row["Huff share: KIM"]


def test_bounds_that_nobody_worked_out_have_no_column(english: Handout) -> None:
    unknown = english.linked.low * float("nan")
    linked = replace(english.linked, low=unknown, high=unknown)
    heads = records(opened(replace(english, linked=linked))["Linkage"])[0]
    assert "Proximity: KIM" in heads
    assert not [head for head in heads if head.endswith((", lowest", ", highest"))]


def test_rival_areas_of_a_zone_stand_beside_the_one_used(book: Any) -> None:
    rows = {row["Kawasan"]: row for row in records(book["Kawasan"])}
    assert rows["KEK Sei Mangkei"]["Hektare"] == 2002.77
    assert rows["KEK Sei Mangkei"]["Semua angka luas"] == "2002,77; 1933,80; 1917"


def test_choices_and_sources_have_a_sheet(hand_out: Make, shipped: Inputs) -> None:
    view = View(language="en", scheme=Scheme("custom", (20, 30, 40)))
    handout = hand_out(shipped, view=view)
    told = list(opened(handout)["Sources and choices"].iter_rows(min_row=2, values_only=True))
    assert told[: len(settings(handout))] == settings(handout)
    assert ("Taken from ikmgeo on", "22 November 2026") in told
    assert ("Language", "English") in told
    assert ("Link of this view", "?lang=en&scheme=custom&cuts=20-30-40") in told
    assert [value for name, value in told if name == "Sources"] == sources(handout)


def test_licences_have_a_sheet(book: Any) -> None:
    licences = {row["Lapisan"]: row["Lisensi"] for row in records(book["Lapisan dan lisensi"])}
    assert "nonkomersial" in licences["Batas kabupaten/kota dan Danau Toba"]


# --- how they look ----------------------------------------------------------------------------


def test_category_cells_have_the_colour_of_the_map_and_readable_text(book: Any) -> None:
    sheet = book["Sentra"]
    column = [cell.value for cell in sheet[1]].index("Kategori")
    words = {"Unggulan": "excellent", "Berkembang": "developing", "Pembinaan": "under_development"}
    for row in sheet.iter_rows(min_row=2):
        cell = row[column]
        fill, ink = (f"#{c.rgb[2:].lower()}" for c in (cell.fill.fgColor, cell.font.color))
        assert fill == SIGNS[words.get(cell.value, "potential")].fill
        assert contrast(fill, ink) >= 4.5


def contrast(one: str, other: str) -> float:
    """WCAG 2 contrast, after its own text."""

    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        red, green, blue = (
            p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("sign", SIGNS.values())
def test_black_or_white_reads_on_every_category(sign: Any) -> None:
    assert contrast(sign.fill, workbook.readable_on(sign.fill)) >= 4.5


def test_contradictions_are_marked(book: Any) -> None:
    marked = {
        row[0].value
        for row in book["Klaim"].iter_rows(min_row=2)
        if any(cell.fill.fgColor.rgb == "FFFFF2CC" for cell in row)
    }
    assert marked >= {"P06", "P19", "P16", "P20"}
    assert "P05" not in marked


def test_each_sheet_is_set_up_to_scroll_filter_and_print(book: Any, indonesian: Handout) -> None:
    for sheet in book:
        assert sheet.freeze_panes in ("B2", "C2")
        assert sheet.auto_filter.ref.startswith("A1:")
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.page_setup.paperSize == 9
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.print_title_rows == "$1:$1"
        assert sources(indonesian)[0] in sheet.oddFooter.left.text


def test_numbers_have_the_decimals_of_the_screen(book: Any) -> None:
    sheet = book["Sentra"]
    forms = {head.value: cell.number_format for head, cell in zip(sheet[1], sheet[2], strict=True)}
    assert (forms["Skor"], forms["Peringkat"], forms["Lintang"]) == ("0.00", "0", "0.00000")
    assert forms["Garis lurus: KIM (km)"] == "#,##0.0"


def test_document_tells_title_language_day_and_sources(book: Any, indonesian: Handout) -> None:
    told = book.properties
    assert (told.title, told.subject) == ("Sentra IKM Sumatera Utara", "13 dari 13 sentra")
    assert told.description.split("\n") == sources(indonesian)
    assert told.created.date().isoformat() == "2026-11-22"
    assert book.custom_doc_props["Language"].value == "id"


# --- CSV --------------------------------------------------------------------------------------


def test_csv_follows_the_language(indonesian: Handout, english: Handout) -> None:
    [first, *_] = read_csv(indonesian, ";")
    assert (first["Sentra"], first["Skor"]) == ("Sentra Kopi Simalungun", "70,06")
    [first, *_] = read_csv(english, ",")
    assert (first["Center"], first["Score"]) == ("Simalungun Coffee Center", "70.06")
    assert first["Institution"] == ""


def test_every_row_of_the_csv_carries_sources_and_choices(english: Handout) -> None:
    rows = read_csv(english, ",")
    assert len(rows) == 13
    for row in rows:
        assert row["Sources"] == " · ".join(sources(english))
        told = row["Choices that made these data"]
        assert "Taken from ikmgeo on: 22 November 2026" in told
        assert "Classification scheme: As published" in told
        assert "?lang=en" in told


# --- hostile and extreme ----------------------------------------------------------------------


def attacked(hand_out: Make, shipped: Inputs) -> Handout:
    centers, zones = shipped.centers.copy(), shipped.zones.copy()
    for column in ("name_id", "position_source"):
        centers[column] = [ATTACKS[at % len(ATTACKS)] for at in range(len(centers))]
    zones["short_name"] = [f"=\ufffe{at}+1" for at in range(len(zones))]
    own = Own('=&P&\x01"x".csv', centers, in_place=False)
    return hand_out(replace(shipped, centers=centers, zones=zones), own=own)


def test_nothing_in_the_workbook_is_a_formula_or_a_link(hand_out: Make, shipped: Inputs) -> None:
    book = opened(attacked(hand_out, shipped))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f" or cell.hyperlink]
    names = [row["Sentra"] for row in records(book["Sentra"])]
    assert names[:3] == ["'=1+1", "'@SUM(1)", "'+cmd|' /C calc'!A0"]
    assert names[3] == "'\t=1+1"
    assert names[4:8] == ["'=1+1", "http://evil.example", "ab", ATTACKS[7]]
    assert len(names[8]) == 32_767
    assert "Garis lurus: =0+1 (km)" in [cell.value for cell in book["Sentra"][1]]
    assert records(book["Kawasan"])[0]["Kawasan"] == "'=0+1"
    assert "=+P+" in book["Sentra"].oddFooter.left.text
    assert "Sentra: =&P&" in book.properties.description


def test_nothing_in_the_csv_is_a_formula(hand_out: Make, shipped: Inputs) -> None:
    for row in read_csv(attacked(hand_out, shipped), ";"):
        for cell in row.values():
            assert not cell.lstrip().startswith(("=", "@", "+cmd"))


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_view_without_centers_has_headings_only(
    hand_out: Make, shipped: Inputs, language: str
) -> None:
    view = View(language=language, filters=Filters(text="no such center"))
    handout = hand_out(shipped, view=view)
    book = opened(handout)
    assert [len(records(sheet)) for sheet in book][:3] == [0, 0, 0]
    assert read_csv(handout, ";" if language == "id" else ",") == []
