"""What stands in the tables that offices print besides the rows of their list."""

import io

import pytest
import xlsxwriter
import xlwt

from ikmgeo import analysis
from ikmgeo.analysis import Inputs
from ikmgeo.reading.load import read_table
from ikmgeo.reading.validate import Checked
from tests import test_formats as formats

HEADINGS: list[object] = ["No", "Nama usaha", "Kecamatan", "Jenis produk", "Tenaga kerja"]
FIRST: list[object] = [1, "CV Sumber Rejeki", "Kisaran Timur", "Keripik", 4]
SECOND: list[object] = [2, "Kota Cina Sentosa", "Talawi", "Songket", 9]


def placed(rows: list[list[object]], inputs: Inputs) -> Checked:
    return analysis.read_list(formats.xlsx({"Data": rows}), inputs, name="f", limit_mb=1)


def left_out(found: Checked) -> object:
    return sum(i.expected["count"] for i in found.issues if i.code == "rows_aside")  # type: ignore[misc]


@pytest.mark.parametrize(
    "aside",
    [
        [1, 2, 3, 4, 5],
        ["(1)", "(2)", "(3)", "(4)", "(5=3+4)"],
        [*HEADINGS],
        ["JUMLAH", "", "", "", 13],
        ["", "Jumlah Kecamatan Talawi", "", "", "1.234"],
        ["", "Sub Total", "", "Rp 13.000", 13],
        [3],
        ["", "", "", "", "Kepala Dinas,"],
    ],
)
def test_what_is_no_row_of_the_list_is_left_out_and_told(
    aside: list[object], shipped: Inputs
) -> None:
    found = placed([HEADINGS, aside, FIRST, SECOND], shipped)
    assert found.good["name_id"].tolist() == [FIRST[1], SECOND[1]]
    assert (len(found.rejected), left_out(found)) == (0, 1)


def test_sources_and_signatures_below_a_list_are_left_out(shipped: Inputs) -> None:
    end: list[list[object]] = [
        ["Sumber: Dinas Perindustrian"],
        ["", "", "", "Kisaran, 12 Oktober 2026"],
        ["", "Mengetahui", "", "", "Kepala Bidang"],
        ["", "", "", "Drs. Contoh, M.Si"],
        ["", "", "", "NIP. 19650101 199003 1 001"],
    ]
    found = placed([HEADINGS, FIRST, SECOND, *end], shipped)
    assert found.good["name_id"].tolist() == [FIRST[1], SECOND[1]]
    assert (len(found.rejected), left_out(found)) == (0, 5)


@pytest.mark.parametrize(
    "row", [[3, "Total Jaya", "", "Kopi", 4], ["", "Jumlah", "", "Kopi", ""], [3, "A", "", "", ""]]
)
def test_a_row_that_lacks_something_is_rejected_and_not_left_out(
    row: list[object], shipped: Inputs
) -> None:
    found = placed([HEADINGS, FIRST, row], shipped)
    assert (len(found.good), len(found.rejected), left_out(found)) == (1, 1, 0)


def test_headings_among_the_rows_tell_district_and_subdistrict(shipped: Inputs) -> None:
    heads: list[object] = ["No", "Nama usaha", "Jenis produk"]
    rows: list[list[object]] = [
        heads,
        ["A.", "KABUPATEN ASAHAN"],
        ["1", "Kec. Kisaran Timur"],
        [1, "UD Maju", "Konveksi"],
        ["Kabupaten Batu Bara"],
        [2, "Songket Indah", "Songket"],
        ["", "Kota Antah Berantah"],
        [3, "UD Entah", "Kopi"],
    ]
    found = placed(rows, shipped)
    assert found.good["district_code"].tolist() == ["1209", "1219"]
    assert found.good["area_code"].str[:6].tolist()[0] == "120920"  # Kota Kisaran Timur
    assert found.good["position_precision"].tolist() == ["subdistrict", "district"]
    assert found.rejected.index.tolist() == [8]


@pytest.mark.parametrize(
    ("title", "codes"),
    [
        ("DATA IKM KABUPATEN SIMALUNGUN TAHUN 2025", ["1208"]),
        ("Dinas Perindustrian Kota Tebing Tinggi", ["1276"]),
        ("Kabupaten Karo dan Kabupaten Dairi", []),
        ("Data IKM", []),
    ],
)
def test_the_title_of_a_list_tells_its_district(
    title: str, codes: list[str], shipped: Inputs
) -> None:
    rows: list[list[object]] = [[title], ["No", "Nama usaha", "Produk"], [1, "A", "Kopi"]]
    found = placed([*rows[:2], *rows[2:]], shipped)
    assert found.good["district_code"].tolist() == codes


def test_a_title_is_no_heading_and_three_rows_of_headings_are_one(shipped: Inputs) -> None:
    rows: list[list[object]] = [
        ["DAFTAR"],
        ["NO", "IDENTITAS", "LOKASI", "", "", "PRODUK"],
        ["", "NAMA USAHA", "KAB/KOTA", "KOORDINAT", "", ""],
        ["", "", "", "LU", "BT", ""],
        [1, "UD Sari", "Asahan", 2.99, 99.63, "Kerupuk"],
    ]
    found = placed(rows, shipped)
    assert found.good[["lat", "lon"]].to_numpy().tolist() == [[2.99, 99.63]]
    table = read_table(b"Daftar IKM\nNo;Nama;Produk\n1;A;Kopi\n", name="f")
    assert list(table.source) == ["No", "Nama", "Produk"]


def merged_xlsx(shown: str) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        sheet, form = book.add_worksheet("Karo"), book.add_format({"num_format": shown})
        sheet.write_row(0, 0, ["Kecamatan", "Nama", "Komoditi", "Skor"])
        sheet.merge_range(1, 0, 2, 0, "Berastagi")
        for row, name in enumerate("AB", start=1):
            sheet.write_row(row, 1, [name, "Kopi"])
            sheet.write(row, 3, 0.5, form)
        sheet.write_row(3, 1, ["C", "Kopi"])
    return buffer.getvalue()


def merged_xls() -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Karo")
    for column, heading in enumerate(["Kecamatan", "Nama", "Komoditi"]):
        sheet.write(0, column, heading)
    sheet.write_merge(1, 2, 0, 0, "Berastagi")
    for row, name in enumerate("ABC", start=1):
        sheet.write(row, 1, name)
        sheet.write(row, 2, "Kopi")
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize("data", [merged_xlsx("0.0"), merged_xlsx("0%"), merged_xls()])
def test_cells_merged_over_rows_stand_in_each(data: bytes) -> None:
    rows = read_table(data, name="f").rows
    assert rows["subdistrict"].fillna("").tolist() == ["Berastagi", "Berastagi", ""]


def test_lines_among_points_are_no_centers(shipped: Inputs) -> None:
    way = "<Placemark><name>Jalur</name><LineString><coordinates>99.43,3.17 99.44,3.18"
    way += "</coordinates></LineString></Placemark>"
    kml = formats.KML.replace("<Folder><name>Batu Bara</name>", f"<Folder><name>A</name>{way}")
    found = analysis.read_list(kml.encode(), shipped, name="f", limit_mb=1)
    assert found.good["name_id"].tolist() == [formats.TENUN[0], formats.ULOS[0]]
    assert len(found.rejected) == 0


def test_notes_of_one_kind_are_one_line(shipped: Inputs) -> None:
    sheet: list[list[object]] = [
        ["No", "Nama", "Komoditi", "Warna", "Lintang", "Bujur"],
        [1, "A", "Dodol", "merah", 3.1, 98.5],
        [2, "B", "Sirup", "merah", 3.1, 98.6],
        ["", "Jumlah", "", "", "", ""],
    ]
    data = formats.xlsx({"Karo": sheet, "Lain": sheet})
    found = analysis.read_list(data, shipped, name="f", limit_mb=1)
    told = {issue.code: issue.expected for issue in found.told}
    assert len(told) == len(found.told)
    assert told["unknown_commodity_several"] == {"count": 4, "names": ("Dodol", "Sirup")}
    assert told["column_unknown_several"] == {"count": 2, "names": ("no", "warna")}
    assert told["rows_aside"]["count"] == 2
