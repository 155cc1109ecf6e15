"""Every kind of file that offices have: workbooks of all ages, map files, sheets and layers."""

import io
import json
import struct
import warnings
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
import shapely
import xlsxwriter
import xlwt

from ikmgeo.errors import DataError, Issue
from ikmgeo.handouts.export import rejected_rows
from ikmgeo.reading.columns import column_of
from ikmgeo.reading.load import APART, Choices, Table, read_table
from ikmgeo.reading.texts import numbers
from ikmgeo.reading.validate import Checked, check_centers
from tests.rated import INSTRUMENT

HEADER: list[object] = ["Nama", "Komoditi", "Kabupaten", "Lintang", "Bujur"]
TENUN: list[object] = ["Sentra Tenun Contoh", "Tenun dan songket", "Batu Bara", 3.1785, 99.4312]
ULOS: list[object] = ["Sentra Ulos Contoh", "Tenun dan songket", "Toba", 2.3334, 99.0631]
Sheets = Mapping[str, list[list[object]]]

READ = {
    "name_id": [TENUN[0], ULOS[0]],
    "commodity": [TENUN[1], ULOS[1]],
    "district_code": ["Batu Bara", "Toba"],
    "lat": ["3.1785", "2.3334"],
    "lon": ["99.4312", "99.0631"],
}
"""What every format must give of the two centers."""


def told(data: bytes, name: str = "f") -> Table:
    return read_table(data, name=name)


def shown(table: Table) -> dict[str, list[str]]:
    """The columns of the two centers."""
    return {column: table.rows[column].tolist() for column in READ}


def refused(data: bytes) -> str:
    with pytest.raises(DataError) as caught:
        told(data)
    return caught.value.issues[0].code


def archive(files: Mapping[str, bytes | str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in files.items():
            package.writestr(name, content)
    return buffer.getvalue()


def xlsx(sheets: Sheets, *, hidden: Sequence[str] = ()) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        for title, rows in sheets.items():
            sheet = book.add_worksheet(title)
            for n, row in enumerate(rows):
                sheet.write_row(n, 0, row)
            if title in hidden:
                sheet.hide()
    return buffer.getvalue()


def xls(sheets: Sheets) -> bytes:
    book = xlwt.Workbook()
    for title, rows in sheets.items():
        sheet = book.add_sheet(title)
        for n, row in enumerate(rows):
            for m, value in enumerate(row):
                sheet.write(n, m, value)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def ods(rows: Sequence[Sequence[object]], *, after: str = "") -> bytes:
    def cell(value: object) -> str:
        if isinstance(value, str):
            return (
                f'<table:table-cell office:value-type="string"><text:p>{value}</text:p>'
                "</table:table-cell>"
            )
        return f'<table:table-cell office:value-type="float" office:value="{value}"/>'

    lines = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    content = (
        f"<office:document-content {spaces}><office:body><office:spreadsheet>"
        f'<table:table table:name="Lembar1">{lines}{after}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    space = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
    manifest = f'<manifest:manifest xmlns:manifest="{space}"/>'
    return archive({"mimetype": kind, "META-INF/manifest.xml": manifest, "content.xml": content})


def record(kind: int, content: bytes = b"") -> bytes:
    """A record of an XLSB file ([MS-XLSB] 2.1.4)."""
    number = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size = len(content)
    length = bytes([size]) if size < 128 else bytes([size & 0x7F | 0x80, size >> 7])
    return number + length + content


def xlsb(rows: Mapping[int, Mapping[int, object]]) -> bytes:
    def wide(text: str) -> bytes:
        return struct.pack("<I", len(text)) + text.encode("utf-16-le")

    sheet = record(129) + record(148, bytes(16)) + record(145)
    for row, cells in rows.items():
        sheet += record(0, struct.pack("<IIHBBBI", row, 0, 300, 0, 0, 0, 0))
        for column, value in cells.items():
            start = struct.pack("<II", column, 0)
            if isinstance(value, str):
                sheet += record(6, start + wide(value))
            else:
                sheet += record(5, start + struct.pack("<d", value))
    sheet += record(146) + record(130)
    book = record(131) + record(143)
    book += record(156, struct.pack("<II", 0, 1) + wide("rId1") + wide("Lembar1"))
    book += record(144) + record(157, bytes(26)) + record(132)
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    relations = "http://schemas.openxmlformats.org/package/2006/relationships"
    links = (
        f'<Relationships xmlns="{relations}"><Relationship Id="rId1" '
        f'Type="{relation}/worksheet" Target="worksheets/sheet1.bin"/></Relationships>'
    )
    return archive(
        {
            "[Content_Types].xml": "<Types/>",
            "xl/workbook.bin": book,
            "xl/_rels/workbook.bin.rels": links,
            "xl/worksheets/sheet1.bin": sheet,
        }
    )


def filled(rows: Sequence[Sequence[object]]) -> dict[int, dict[int, object]]:
    return {n: dict(enumerate(row)) for n, row in enumerate(rows)}


def points() -> gpd.GeoDataFrame:
    rows = pd.DataFrame([TENUN, ULOS], columns=HEADER)
    place = gpd.points_from_xy(rows.pop("Bujur"), rows.pop("Lintang"), crs=4326)
    return gpd.GeoDataFrame(rows, geometry=place)


def shapefile(
    frame: gpd.GeoDataFrame, folder: Path, *, parts: str, encoding: str = "UTF-8"
) -> bytes:
    pyogrio.write_dataframe(frame, folder / "sentra.shp", encoding=encoding)
    return archive(
        {f"peta/{f.name}": f.read_bytes() for f in folder.iterdir() if f.suffix[1:] in parts}
    )


KML = """<?xml version="1.0" encoding="UTF-8"?>
<kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>Sentra.kml</name>
<Style id="s"><IconStyle><Icon><href>http://127.0.0.1:9/x.png</href></Icon></IconStyle></Style>
<Folder><name>Batu Bara</name><Placemark><name>Sentra Tenun Contoh</name>
<description><![CDATA[Komoditi: Tenun dan songket<br>Kabupaten: Batu Bara]]></description>
<styleUrl>#s</styleUrl><Point><coordinates>99.4312,3.1785,0</coordinates></Point></Placemark>
</Folder>
<Folder><name>Toba</name><Placemark><name>Sentra Ulos Contoh</name><ExtendedData>
<Data name="Komoditi"><value>Tenun dan songket</value></Data>
<Data name="Kabupaten"><value>Toba</value></Data></ExtendedData>
<Point><coordinates>99.0631,2.3334</coordinates></Point></Placemark></Folder>
</Document></kml>"""

GPX = """<?xml version="1.0"?><gpx version="1.1" creator="t"
 xmlns="http://www.topografix.com/GPX/1/1">
<wpt lat="3.1785" lon="99.4312"><name>Sentra Tenun Contoh</name>
<desc>Komoditi: Tenun dan songket
Kabupaten: Batu Bara</desc></wpt>
<wpt lat="2.3334" lon="99.0631"><name>Sentra Ulos Contoh</name>
<desc>Komoditi: Tenun dan songket
Kabupaten: Toba</desc></wpt>
<trk><name>jalan</name><trkseg><trkpt lat="3" lon="99"/></trkseg></trk></gpx>"""


def page(rows: Sequence[Sequence[object]]) -> bytes:
    """A table of a web page, its cells and rows not closed, as portals write it."""
    lines = "".join("<tr>" + "".join(f"<td>{cell}" for cell in row) for row in rows)
    return f"<html><body><table border=1>{lines}</table></body></html>".encode()


def flatgeobuf(frame: gpd.GeoDataFrame) -> bytes:
    buffer = io.BytesIO()
    pyogrio.write_dataframe(frame, buffer, driver="FlatGeobuf")
    return buffer.getvalue()


def xml_workbook(rows: Sequence[Sequence[object]], *, more: str = "") -> bytes:
    """A workbook as Excel 2003 writes it in XML, the third cell of a row told by its number."""

    def cell(at: int, value: object) -> str:
        kind = "String" if isinstance(value, str) else "Number"
        told = f' ss:Index="{at}"' if at == 3 else ""
        return f'<Cell{told}><Data ss:Type="{kind}">{value}</Data></Cell>'

    lines = "".join(
        "<Row>" + "".join(cell(n, value) for n, value in enumerate(row, 1)) + "</Row>"
        for row in rows
    )
    return (
        '<?xml version="1.0" encoding="windows-1252"?>\n<?mso-application progid="Excel.Sheet"?>\n'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"'
        ' xmlns:x="urn:schemas-microsoft-com:office:excel"'
        ' xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Styles><Style ss:ID="p">'
        '<NumberFormat ss:Format="0.0%"/></Style></Styles><Worksheet ss:Name="Lembar1">'
        f"<Table>{lines}</Table>{more}</Worksheet></Workbook>"
    ).encode("cp1252")


RECORDS = [dict(zip(map(str, HEADER), row, strict=True)) for row in (TENUN, ULOS)]
ARCGIS = {
    "geometryType": "esriGeometryPoint",
    "spatialReference": {"wkid": 4326},
    "fields": [{"name": "Nama", "type": "esriFieldTypeString"}],
    "features": [
        {
            "attributes": {k: v for k, v in r.items() if k not in ("Lintang", "Bujur")},
            "geometry": {"x": r["Bujur"], "y": r["Lintang"]},
        }
        for r in RECORDS
    ],
}
ROWS: list[list[object]] = [HEADER, TENUN, ULOS]
LINES = [";".join(map(str, row)) for row in ROWS]


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        ("\n".join(LINES).replace(";", "|").encode(), "csv"),
        ("\n".join(LINES).encode("utf-16-le"), "csv"),
        ("\n".join(LINES).encode("utf-16-be"), "csv"),
        (xml_workbook(ROWS), "xml"),
        (json.dumps(RECORDS).encode(), "json"),
        (json.dumps({"total": 2, "data": RECORDS}).encode(), "geojson"),
        (json.dumps({"success": True, "result": {"records": RECORDS}}).encode(), "geojson"),
        (json.dumps(ARCGIS).encode(), "geojson"),
        (KML.replace("UTF-8", "windows-1252").encode("cp1252"), "kml"),
        (KML.replace(' xmlns="http://www.opengis.net/kml/2.2"', "", 1).encode(), "kml"),
        (KML.replace("<Document>", "<Document><open>a & b&nbsp;c</open>", 1).encode(), "kml"),
        (KML.replace("<kml ", '<kml xsi:schemaLocation="a b" ', 1).encode(), "kml"),
        (GPX.replace(' xmlns="http://www.topografix.com/GPX/1/1"', "", 1).encode(), "gpx"),
        ("\n".join(LINES).replace(";", "\t").encode(), "csv"),
        ("\n".join(f'"{line}"' for line in LINES).encode(), "csv"),
        ("\n".join(f'="{line}"'.replace(";", '";="') for line in LINES).encode(), "csv"),
        ("\n".join(f'"=""{line}"""'.replace(";", '""","=""') for line in LINES).encode(), "csv"),
        (page(ROWS), "html"),
        (xlsx({"Sheet1": ROWS}), "xlsx"),
        (xls({"Sheet1": ROWS}), "xls"),
        (xlsb(filled(ROWS)), "xlsb"),
        (ods(ROWS), "ods"),
        (KML.encode(), "kml"),
        (archive({"doc.kml": KML, "files/x.png": b"x"}), "zip"),
        (GPX.encode(), "gpx"),
        (flatgeobuf(points()), "flatgeobuf"),
        (archive({"unduhan/daftar.csv": "\n".join(LINES)}), "csv"),
        (archive({"unduhan/daftar.xlsx": xlsx({"S": ROWS})}), "xlsx"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_every_format_gives_the_same_two_centers(data: bytes, kind: str) -> None:
    table = told(data)
    assert shown(table) == READ
    assert table.format == kind


@pytest.mark.parametrize("parts", ["shp shx dbf prj cpg", "shp shx dbf", "shp dbf"])
def test_a_zipped_shapefile_in_degrees_is_read_without_its_small_parts(
    parts: str, tmp_path: Path
) -> None:
    table = told(shapefile(points(), tmp_path, parts=parts))
    assert shown(table) == READ
    assert ("prj" in parts) != ("crs_unstated" in [i.code for i in table.issues])


def test_a_shapefile_in_utm_becomes_degrees(tmp_path: Path) -> None:
    table = told(shapefile(points().to_crs(32647), tmp_path, parts="shp shx dbf prj"))
    assert shown(table) == READ


@pytest.mark.parametrize("encoding", ["UTF-8", "CP1252"])
def test_letters_of_a_shapefile_without_a_code_page_are_right(
    encoding: str, tmp_path: Path
) -> None:
    frame = points().assign(Nama=["Sentra Café", "Señor"])
    data = shapefile(frame, tmp_path, parts="shp shx dbf", encoding=encoding)
    assert told(data).rows["name_id"].tolist() == ["Sentra Café", "Señor"]


def test_headings_that_a_shapefile_cut_are_known_again(tmp_path: Path) -> None:
    frame = points().rename(columns={"Nama": "nama_sentr", "Kabupaten": "nama_kabup"})
    table = told(shapefile(frame, tmp_path, parts="shp shx dbf prj"))
    assert table.rows["name_id"].tolist() == READ["name_id"]


def test_sheets_that_fit_are_read_together_and_hidden_ones_are_not() -> None:
    table = told(
        xlsx(
            {
                "Karo": [HEADER, TENUN],
                "Toba": [HEADER, ULOS],
                "Lama": ROWS,
                "Kode": [["Nama"], ["a"]],
            },
            hidden=["Lama"],
        )
    )
    assert shown(table) == READ
    assert [(part.name, part.taken, part.hidden) for part in table.parts] == [
        *(("Karo", True, False), ("Toba", True, False), ("Lama", False, True)),
        ("Kode", False, False),
    ]
    assert table.rows.index.tolist() == [2, APART + 2]


def test_the_reader_chooses_other_sheets_and_columns() -> None:
    rows: list[list[object]] = [["Sebutan", "Barang", "Lintang", "Bujur"], ["A", "kain", 3.1, 98.5]]
    data = xlsx({"Baru": [HEADER, TENUN], "Lama": rows}, hidden=["Lama"])
    choices = Choices(
        layers=("Lama",),
        columns={"Sebutan": "name_id", "Barang": "commodity"},
        everywhere={"district_code": "Karo"},
        values={"commodity": {"kain": "Tenun dan songket"}},
    )
    table = read_table(data, name="f", choices=choices)
    assert table.rows.iloc[0].to_dict() == {
        **{"name_id": "A", "commodity": "Tenun dan songket", "lat": "3.1", "lon": "98.5"},
        **{"file_layer": "Lama", "district_code": "Karo"},
    }
    (part,) = table.taken
    assert part.why["name_id"] == "chosen"
    assert part.why["lat"] == "heading"


def test_a_column_that_the_reader_wants_left_out_is_none_of_ours() -> None:
    data = b"Nama;Komoditi;Nilai;Lintang;Bujur\nA;Kopi;12;3,1;98,5\n"
    table = read_table(data, name="f", choices=Choices(columns={"Nilai": ""}))
    assert "score_total" not in table.rows
    assert table.rows["column_3"].tolist() == ["12"]


def test_issues_of_a_sheet_name_it_and_count_its_rows() -> None:
    table = told(xlsx({"Karo": [HEADER, TENUN], "Toba": [HEADER, ULOS]}))

    issue = table.located(Issue("x", "f", APART + 2, expected={"first_row": 2}))
    assert (issue.file, issue.row) == ("f › Toba", 2)
    assert issue.expected == {"first_row": "Karo › 2"}


def test_percentages_are_read_as_a_workbook_shows_them() -> None:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        sheet, percent = book.add_worksheet(), book.add_format({"num_format": "0.0%"})
        sheet.write_row(0, 0, [*HEADER, "Skor"])
        sheet.write_row(1, 0, TENUN)
        sheet.write_number(1, 5, 0.755, percent)
        sheet.write_row(2, 0, [*ULOS, 0.755])
    table = told(buffer.getvalue())
    assert table.rows["score_total"].tolist() == ["75.5", "0.755"]
    assert [(i.code, i.expected["count"]) for i in table.issues] == [("percent_cells", 1)]


@pytest.mark.parametrize("percent", [False, True])
def test_cells_of_a_workbook_are_the_same_texts_whichever_library_reads_them(percent: bool) -> None:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Nama", *"abcdefghijkl"])
        sheet.write_row(1, 0, ["A", 3.10, 7, 1206012345678901, 1e300, 0.1, True])
        for column, value, form in (
            (7, 46000, "dd/mm/yyyy"),
            (8, 46000.75, "dd/mm/yyyy hh:mm"),
            (9, 0.75, "hh:mm"),
            (10, 46000, '0 "hari"'),
        ):
            sheet.write_number(1, column, value, book.add_format({"num_format": form}))
        sheet.write_formula(1, 11, "=1+1", None, 2)
        sheet.write_string(1, 12, "dua\nbaris & <satu>")
        if percent:
            sheet.write_number(2, 0, 0.5, book.add_format({"num_format": "0%"}))
    row = told(buffer.getvalue()).source.iloc[0].tolist()
    assert row == [
        *("A", "3.1", "7", "1206012345678901", "1e+300", "0.1", "True"),
        *("2025-12-09", "2025-12-09T18:00:00", "18:00:00", "46000", "2", "dua\nbaris & <satu>"),
    ]


def test_a_cell_of_a_workbook_keeps_its_error() -> None:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Nama", "Lintang"])
        sheet.write_string(1, 0, "A")
        sheet.write_formula(1, 1, "=1/0", None, "#DIV/0!")
    assert told(buffer.getvalue()).source.iloc[0].tolist() == ["A", "#DIV/0!"]


def test_formulas_that_were_never_worked_out_are_told() -> None:
    sheet = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        '<row r="1"><c r="A1" t="inlineStr"><is><t>Nama</t></is></c>'
        '<c r="B1" t="inlineStr"><is><t>Lintang</t></is></c></row>'
        '<row r="2"><c r="A2" t="inlineStr"><is><t>A</t></is></c>'
        '<c r="B2"><f>C2+D2/60</f><v></v></c></row></sheetData></worksheet>'
    )
    data = xlsx({"Sheet1": [["Nama"]]})
    files = {
        n: zipfile.ZipFile(io.BytesIO(data)).read(n)
        for n in zipfile.ZipFile(io.BytesIO(data)).namelist()
    }
    files["xl/worksheets/sheet1.xml"] = sheet.encode()
    table = told(archive(files))
    assert table.rows["name_id"].tolist() == ["A"]
    assert [(i.code, i.expected["count"]) for i in table.issues] == [("formulas_unvalued", 1)]


def test_sheets_percentages_and_rows_of_a_workbook_in_xml() -> None:
    shown = '<Row ss:Index="9"><Cell><Data ss:Type="String">A</Data></Cell><Cell ss:StyleID="p">'
    shown += '<Data ss:Type="Number">0.755</Data></Cell></Row>'
    data = xml_workbook([["Nama", "Skor"]]).replace(b"</Table>", shown.encode() + b"</Table>")
    hidden = (
        b'<Worksheet ss:Name="Lama"><Table/><x:WorksheetOptions><x:Visible>SheetHidden</x:Visible>'
        b"</x:WorksheetOptions></Worksheet></Workbook>"
    )
    table = told(data.replace(b"</Workbook>", hidden))
    assert table.rows["score_total"].to_dict() == {9: "75.5"}
    assert [(i.code, i.expected["count"]) for i in table.issues] == [("percent_cells", 1)]
    assert [(part.name, part.hidden) for part in table.parts] == [
        *(("Lembar1", False), ("Lama", True)),
    ]


@pytest.mark.parametrize(
    "data",
    [
        xml_workbook(ROWS).replace(b"<Workbook", b'<!DOCTYPE a [<!ENTITY b "c">]><Workbook', 1),
        xml_workbook(ROWS).replace(b"<Row>", b'<Row ss:Index="1048577">', 1),
        xml_workbook(ROWS).replace(b'ss:Index="3"', b'ss:Index="1"', 1),
    ],
)
def test_a_workbook_in_xml_with_what_no_program_writes_is_refused(data: bytes) -> None:
    assert refused(data) == "file_broken"


def test_shapes_of_arcgis_have_their_system() -> None:
    ring = [
        [547000, 351000],
        [547000, 352000],
        [548000, 352000],
        [548000, 351000],
        [547000, 351000],
    ]
    areas = ARCGIS | {
        "spatialReference": {"wkid": 32647},
        "features": [{"attributes": {"Nama": "A"}, "geometry": {"rings": [ring]}}],
    }
    row = told(json.dumps(areas).encode()).rows.iloc[0]
    assert (float(row["lat"]), float(row["lon"])) == pytest.approx((3.1799, 99.4275), abs=0.005)
    assert row["position_precision"] == "village"


def test_what_a_record_holds_in_itself_is_read_too() -> None:
    records = [{"nama": "A", "lokasi": {"lat": 3.1, "lon": 98.5}}, {"nama": "B", "lokasi": None}]
    rows = told(json.dumps(records).encode()).rows
    assert rows[["lat", "lon"]].iloc[0].tolist() == ["3.1", "98.5"]
    assert refused(b'{"total": 2, "daftar": 3}') == "unknown_format"


def test_a_geopackage_is_read_without_a_warning(tmp_path: Path) -> None:
    points().to_file(tmp_path / "a.gpkg", driver="GPKG")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert shown(told((tmp_path / "a.gpkg").read_bytes())) == READ


def test_two_rows_of_headings_are_one() -> None:
    rows: list[list[object]] = [
        ["DAFTAR SENTRA IKM"],
        ["No", "Nama Sentra", "Komoditi", "Lokasi", "", "Koordinat", ""],
        ["", "", "", "Kabupaten", "Kecamatan", "Lintang", "Bujur"],
        [1, *TENUN[:3], "X", *TENUN[3:]],
        [2, *ULOS[:3], "X", *ULOS[3:]],
    ]
    assert shown(told(xlsx({"Sentra": rows}))) == READ


def test_strict_and_unfinished_workbooks_that_excel_opens_are_read() -> None:
    data = xlsx({"Sheet1": ROWS})
    package = zipfile.ZipFile(io.BytesIO(data))
    files = {name: package.read(name) for name in package.namelist()}
    files["xl/styles.xml"] = files["xl/styles.xml"].replace(b"</fills>", b"<fill/></fills>")
    assert shown(told(archive(files))) == READ


def test_a_workbook_that_rust_gives_up_on_is_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    panic = type("PanicException", (BaseException,), {})

    def give_up(_: object) -> object:
        raise panic("no entry found for key")

    data = ods(ROWS)
    monkeypatch.setattr("python_calamine.CalamineWorkbook.from_filelike", give_up)
    assert refused(data) == "file_broken"


def test_a_workbook_with_a_password_is_told() -> None:
    wrapped = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")
    assert refused(wrapped.ljust(2000, b"\0")) == "file_password"


@pytest.mark.parametrize(
    "data",
    [
        xlsb({0: {0: "Nama", 1: "Komoditi"}, 1: {0: "A"}, 1_048_575: {16_383: 1.0}}),
        ods(
            ROWS,
            after='<table:table-row table:number-rows-repeated="1000000"><table:table-cell '
            'table:number-columns-repeated="16000" office:value-type="float" office:value="1"/>'
            "</table:table-row>",
        ),
    ],
    ids=["xlsb", "ods"],
)
def test_cells_far_apart_or_repeated_are_refused_before_they_are_made(data: bytes) -> None:
    assert refused(data) == "file_cells"


@pytest.mark.parametrize(
    "text",
    [
        KML.replace("<kml", '<!DOCTYPE kml [<!ENTITY a "b">]><kml', 1),
        KML.replace("<Document>", "<Document><!-- <OGRVRTDataSource> -->", 1),
    ],
)
def test_xml_with_definitions_or_another_drivers_words_is_refused(text: str) -> None:
    assert refused(text.encode()) == "file_broken"


def test_of_a_map_file_the_layer_with_points_is_taken(tmp_path: Path) -> None:
    file = tmp_path / "two.gpkg"
    border = gpd.GeoDataFrame(
        {"nama": ["Karo"]}, geometry=[shapely.box(98, 3, 98.6, 3.4)], crs=4326
    )
    border.to_file(file, layer="batas_kabupaten", driver="GPKG")
    points().to_file(file, layer="ikm_sumut", driver="GPKG")
    table = told(file.read_bytes())
    assert shown(table) == READ
    assert [(p.name, p.taken) for p in table.parts] == [
        ("batas_kabupaten", False),
        ("ikm_sumut", True),
    ]


FEATURE = (
    '{"type":"Feature","properties":{"nama":"%s","komoditi":"Kopi"},'
    '"geometry":{"type":"Point","coordinates":[98.5,3.1]}}'
)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (FEATURE % "A", ["A"]),
        (FEATURE % "A" + "\n" + FEATURE % "B", ["A", "B"]),
        ("\x1e" + FEATURE % "A" + "\n\x1e" + FEATURE % "B" + "\n", ["A", "B"]),
    ],
)
def test_one_feature_or_a_sequence_of_them_is_geojson_too(text: str, names: list[str]) -> None:
    assert told(text.encode()).rows["name_id"].tolist() == names


def test_one_point_of_many_is_a_point() -> None:
    frame = points()
    frame.geometry = gpd.GeoSeries(
        [shapely.MultiPoint([(99.4312, 3.1785)]), shapely.MultiPoint([(99.0631, 2.3334)])], crs=4326
    )
    buffer = io.BytesIO()
    frame.to_file(buffer, driver="GeoJSON")
    table = told(buffer.getvalue())
    assert shown(table) == READ
    assert "position_precision" not in table.rows


def test_columns_are_recognised_by_their_values() -> None:
    data = b"nama;komoditi;p;q;kode\n" + b"".join(
        b"%s;Kopi;%.2f;98.5%d;12.06.01.200%d\n" % (name, 3.11 + n / 100, n + 1, n)
        for n, name in enumerate((b"A", b"B", b"C"))
    ).replace(b"98.5", b"98.5")
    table = told(data)
    assert table.rows["lat"].tolist() == ["3.11", "3.12", "3.13"]
    (part,) = table.taken
    assert (part.headings["lat"], part.why["lat"]) == ("p", "values")


@pytest.mark.parametrize(
    ("text", "headings"),
    [
        ("nama;lokasi\nA;3.1034, 98.5123\nB;3.2, 98.6", {"coordinates": "lokasi"}),
        ("nama;posisi\nA;N 3°6'12\" E 98°30'44\"\nB;-", {"coordinates": "posisi"}),
        ("nama;ruang\nA;POLYGON ((98 3, 98.1 3, 98 3.1, 98 3))", {"coordinates": "ruang"}),
        ("nama;titiknya\nA;47N 443500 351333", {"coordinates": "titiknya"}),
        ("nama;lokasi\nA;Jl. Mawar 3, Kabanjahe\nB;3.2, 98.6", {"locality": "lokasi"}),
        ("nama;ukuran\nA;3,5 98,5\nB;3,5 12,25", {}),
        ("nama;p;q\nA;3.10341;98.51234", {"lat": "p", "lon": "q"}),
        ("nama;p;q\nA;3.1;98.5", {}),
        (
            "nama;luas;p;q\nA;2.5;3.10341;98.51234\nB;1.2;3.20341;98.61234\nC;4.1;3.30341;98.71234",
            {"lat": "p", "lon": "q"},
        ),
        ("nama;p;p2;q\nA;3.10341;3.20341;98.51234", {}),
    ],
)
def test_places_are_recognised_by_their_values(text: str, headings: dict[str, str]) -> None:
    found = told(text.encode()).headings
    assert {c: h for c, h in found.items() if c != "name_id"} == headings


def test_the_rows_stand_in_the_table_as_the_file_has_them() -> None:
    table = told(b"Nama Usaha;Barang;Lintang\n 'A ;x;3,1\n")
    assert table.source.iloc[0].to_dict() == {"Nama Usaha": " 'A ", "Barang": "x", "Lintang": "3,1"}


def test_rejected_rows_of_a_sheet_name_it_and_come_back_in_their_own_form() -> None:
    header: list[object] = ["Nama", "Komoditi", "Lintang", "Bujur"]
    rows = {"Karo": [header, ["", "Kopi", 3.1, 98.5]], "Toba": [header, ["B", "Kopi", 2.33, 99.06]]}
    given = ["code", "name_id", "short_name"]
    districts = pd.DataFrame(
        [("1206", "Kabupaten Karo", "Karo"), ("1212", "Kabupaten Toba", "Toba")], columns=given
    ).rename(columns={"code": "district_code"})

    def checked(data: bytes) -> Checked:
        return check_centers(
            told(data),
            instrument=INSTRUMENT,
            district_names=districts,
            commodities=["kopi"],
            land=None,
            bounds=(98, 2, 100, 4),
        )

    first = checked(xlsx(rows))
    assert first.good["district_code"].tolist() == ["1212"]
    back = rejected_rows(first, remarks={2: "Isi nama."})
    assert back.iloc[0].to_dict() == {
        **{"row": "Karo › 2", "issues": "Isi nama.", "Komoditi": "Kopi"},
        **{"Lintang": "3.1", "Bujur": "98.5", "file_layer": "Karo", "Nama": back.iloc[0]["Nama"]},
    }
    mended = checked(back.assign(Nama="A").to_csv(index=False).encode())
    assert mended.good[["name_id", "district_code"]].to_numpy().tolist() == [["A", "1206"]]


def rows_of(text: str) -> pd.DataFrame:
    return told(text.encode()).rows


def test_degrees_minutes_and_seconds_may_have_a_column_each() -> None:
    rows = rows_of("Nama;Komoditi;Lintang;;;Bujur;;\nA;Kopi;3;6;12,5;98;29;30\n")
    assert rows[["lat", "lon"]].iloc[0].tolist() == ["3°6'12,5\"", "98°29'30\""]
    beside = rows_of("Nama;Komoditi;Lintang;Catatan;Bujur\nA;Kopi;3;6;98\n")
    assert beside[["lat", "lon"]].iloc[0].tolist() == ["3", "98"]


def test_a_heading_over_both_coordinates_is_of_two_columns() -> None:
    merged = rows_of("Nama;Koordinat;;Ket\nA;3,1785;99,4312;x\nB;3,2;99,5;\n")
    assert merged["coordinates"].tolist() == ["3,1785; 99,4312", "3,2; 99,5"]
    beside = rows_of("Nama;Koordinat;\nA;3,1785 99,4312;2\n")
    assert beside["coordinates"].tolist() == ["3,1785 99,4312"]


def test_cells_of_a_page_that_span_rows_stand_in_each() -> None:
    text = (
        "<table><tr><th rowspan=2>No<th rowspan=2>Nama<th rowspan=2>Komoditi<th colspan=2>Koordinat"
        "<th rowspan=2>Kabupaten</tr><tr><th>Lintang<th>Bujur</tr>"
        "<tr><td>1<td>A<td rowspan=2>Kopi<td>3.1<td>98.5<td rowspan=3>Karo</tr>"
        "<tr><td>2<td>B<td>3.2<td>98.6</tr><tr><td>3<td>C<td>Ulos<td>3.3<td>98.7</tr></table>"
    )
    rows = rows_of(text)
    assert rows["commodity"].tolist() == ["Kopi", "Kopi", "Ulos"]
    assert rows["lon"].tolist() == ["98.5", "98.6", "98.7"]
    assert rows["district_code"].tolist() == ["Karo"] * 3


def test_a_page_may_have_more_cells_than_a_table_rows() -> None:
    wide = "".join(f"<tr><td>{n}" + "<td>x" * 29 for n in range(9_000))
    assert len(rows_of(f"<table><tr><th>Nama<th>Komoditi{wide}</table>")) == 9_000


@pytest.mark.parametrize("heading", ["Kode BPS Kabupaten", "kode_bps_kabupaten_kota"])
def test_codes_under_a_heading_that_names_bps_are_of_bps(heading: str) -> None:
    assert rows_of(f"Nama;{heading}\nA;1207\nB;Karo\n")["district_code"].tolist() == [
        *("ID1207", "Karo")
    ]


def test_what_one_of_two_columns_leaves_blank_the_other_tells() -> None:
    text = "Nama;Nama Usaha;Komoditas\nBudi;UD A;Kopi\nSiti;;Kopi\nAni;-;Kopi\n"
    table = told(text.encode())
    assert table.rows["name_id"].tolist() == ["UD A", "Siti", "Ani"]
    assert table.headings["name_id"] == "Nama Usaha"


@pytest.mark.parametrize(
    ("heading", "column"),
    [
        ("Identitas/Nama_Usaha", "name_id"),
        ("_Lokasi usaha_latitude", "lat"),
        ("1. Nama Usaha", "name_id"),
        ("NamaUsaha", "name_id"),
        ("Komoditi/Produk", "commodity"),
        ("Kabupaten/Kota", "district_code"),
        ("_Lokasi usaha_altitude", "lokasi_usaha_altitude"),
        ("grup-nama_usaha", "name_id"),
        ("identitas:komoditas", "commodity"),
        ("lokasi/nama_usaha", "name_id"),
        ("group_ab1cd23/lokasi/kecamatan", "subdistrict"),
        ("koordinat/_gps_latitude", "lat"),
        ("lokasi-gps-Longitude", "lon"),
        ("Nama/Alamat", "name_id"),
        ("1. Identitas/Jenis produk utama", "commodity"),
        ("Jenis produk yang dihasilkan", "commodity"),
        ("Nama Pelaku IKM", "name_id"),
        ("Alamat Lokasi Usaha", "locality"),
        ("Kecamatan Lokasi", "subdistrict"),
        ("Kategori Usaha", "kategori_usaha"),
        ("Kode Industri", "kode_industri"),
    ],
)
def test_headings_of_forms_are_known_in_their_parts(heading: str, column: str) -> None:
    assert column_of(heading) == column


def test_a_sheet_that_is_not_read_is_told() -> None:
    other: list[list[object]] = [["Nama Usaha", "Jenis"], ["A", "x"], ["B", "y"]]
    table = told(xlsx({"Karo": ROWS, "Dairi": other}))
    assert [(i.code, i.value, i.expected["rows"]) for i in table.issues] == [
        ("layer_left", "Dairi", 2)
    ]


def test_a_number_of_hundreds_of_digits_is_none() -> None:
    assert numbers(pd.Series(["9" * 310, "9" * 5_000, "9" * 20])).isna().tolist() == [
        *(True, True, False)
    ]
