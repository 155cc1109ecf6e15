"""No file of any size or form stops or stalls the server (attack 1, 3, 4, 5; files 1).

Every file is read in a process of its own with capped memory. Time is that of the processor and
memory what the process grows by at its peak: neither hangs on how busy the machine is, and imports
are not counted.
"""

import io
import json
import re
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely
import xlsxwriter
import xlwt
from openpyxl.styles import PatternFill
from openpyxl.utils import get_column_letter

from ikmgeo.errors import DataError, Issue
from ikmgeo.handouts import assessment_sheets
from ikmgeo.handouts.assessment_sheets import read_assessments
from ikmgeo.reading import probe
from ikmgeo.reading.bounds import FORM, LINES, TABLE, Bounds, Meter
from ikmgeo.reading.load import read_table
from ikmgeo.reading.validate import MOST_ISSUES, check_centers
from ikmgeo.words.messages import Messages
from tests.rated import ASPECTS, INSTRUMENT

MOST_S, MOST_MB, CAP = 5, 500, 4_000_000_000
READER = """
import json, os, resource, sys, time, warnings
from pathlib import Path
warnings.filterwarnings("ignore")
from ikmgeo.errors import DataError
from ikmgeo.reading import load, road_files

def peak():
    told = Path("/proc/self/status").read_text()
    return int(told.partition("VmHWM:")[2].split()[0]) / 1000

def read(path):
    Path("/proc/self/clear_refs").write_text("5")
    data, base, start = path.read_bytes(), peak(), time.process_time()
    answer = {}
    try:
        if path.name.startswith("lines"):
            answer["rows"] = len(road_files.read_lines(path.name, data, limit_mb=200).lines)
        elif path.name.startswith("form"):
            answer["rows"] = sum(len(t.rows) for t in load.read_sheets(data, name=path.name))
        else:
            rows = load.read_table(data, name=path.name, limit_mb=50).rows
            answer["rows"], answer["names"] = len(rows), rows.get("name_id", rows[[]]).tolist()[:3]
    except DataError as error:
        answer["refused"] = error.issues[0].code
    return answer | {"s": time.process_time() - start, "mb": peak() - base}

for line in sys.stdin:
    child = os.fork()
    if not child:
        resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[1]),) * 2)
        print(json.dumps(read(Path(line.strip()))), flush=True)
        os._exit(0)
    if os.waitpid(child, 0)[1]:
        print("{}", flush=True)
"""

Change = Callable[[str, str], str]


def workbook(*, fill: bool = False, rows: int = 2, **cells: str) -> bytes:
    """Some centers, and cells far away from them."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["id", "nama", "komoditas", "kabupaten", "lintang", "bujur"])
    for k in range(rows):
        sheet.append([f"a{k}", f"Sentra {k}", "Kopi", "Kabupaten Karo", 3.1, 98.5])
    for place, value in cells.items():
        if fill:
            sheet[place].fill = PatternFill("solid", fgColor="FFFF00")
        else:
            sheet[place] = value
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def shared() -> bytes:
    """Two centers, their texts shared as Excel does it."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["nama", "komoditas"])
        sheet.write_row(1, 0, ["Sentra 0", "Kopi"])
        sheet.write_row(2, 0, ["Sentra 1", "Kopi"])
    return buffer.getvalue()


def changed(change: Change, extra: dict[str, str] | None = None) -> bytes:
    """The workbook of two centers with its parts changed, and some more."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(shared())) as source,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            target.writestr(name, change(name, source.read(name).decode()))
        for name, text in (extra or {}).items():
            target.writestr(name, text)
    return buffer.getvalue()


def before(tag: str, text: str, part: str = "sheet1") -> bytes:
    """The workbook with text before a closing tag of one of its parts."""
    return changed(lambda name, old: old.replace(tag, text + tag) if part in name else old)


def rows(numbers: range, cells: Callable[[int], str] = lambda row: "") -> str:
    return "".join(f'<row r="{n}">{cells(n)}</row>' for n in numbers)


def parquet(**columns: pa.Array) -> bytes:
    buffer = io.BytesIO()
    pq.write_table(pa.table(columns), buffer, compression="zstd")
    return buffer.getvalue()


def forged() -> bytes:
    """A text of 400 MB, of which the footer says that it is unpacked to one of 1,000 bytes."""
    buffer = io.BytesIO()
    table = pa.table({"nama": pa.array(["A"]), "z": pa.array(["x" * 400_000_000])})
    pq.write_table(table, buffer, use_dictionary=False, compression="zstd", write_statistics=False)
    data = buffer.getvalue()
    size = pq.ParquetFile(buffer).metadata.row_group(0).column(1).total_uncompressed_size
    told, less = varint(2 * size), varint(2_000)
    less = bytes(sign | 128 for sign in less) + b"\x80" * (len(told) - len(less) - 1) + b"\0"
    footer = len(data) - 8 - int.from_bytes(data[-8:-4], "little")
    assert told in data[footer:]
    return data[:footer] + data[footer:].replace(told, less)


def varint(number: int) -> bytes:
    """A whole number as Thrift's compact protocol writes it."""
    low = number & 127
    return bytes([low | 128]) + varint(number >> 7) if number > 127 else bytes([low])


def delta() -> bytes:
    """A thousand long texts of which each is the one before."""
    buffer = io.BytesIO()
    encoding = {"nama": "DELTA_BYTE_ARRAY"}
    table = pa.table({"nama": pa.array(["A" * 500_000] * 1_000)})
    pq.write_table(table, buffer, use_dictionary=False, column_encoding=encoding)
    return buffer.getvalue()


def fixed() -> bytes:
    """A value of a fixed length, as codes of a dictionary."""
    value = pa.array([b"x" * 1_000_000], pa.binary(1_000_000))
    many = pa.DictionaryArray.from_arrays(pa.array(np.zeros(2_000, "int32")), value)
    buffer = io.BytesIO()
    table = pa.table({"nama": codes(2_000, "S"), "z": many})
    pq.write_table(table, buffer, compression="zstd", store_schema=False)
    return buffer.getvalue()


def in_groups() -> bytes:
    """Rows in many groups, of all types, with what is null, on pages of the second version."""
    buffer = io.BytesIO()
    numbers = range(2_000)
    table = pa.table(
        {
            "nama": pa.array([f"S{n}" for n in numbers]),
            "n": pa.array([n if n % 3 else None for n in numbers]),
            "f": pa.array([n / 7 for n in numbers]),
            "l": pa.array([[n, None] if n % 5 else None for n in numbers]),
            "b": pa.array([n % 2 == 0 for n in numbers]),
            "s": pa.array([{"a": f"{n}", "b": n} for n in numbers]),
        }
    )
    pq.write_table(table, buffer, row_group_size=100, data_page_version="2.0")
    return buffer.getvalue()


def codes(count: int, text: str) -> pa.Array:
    """One text many times, as codes of a dictionary."""
    return pa.DictionaryArray.from_arrays(pa.array(np.zeros(count, "int32")), pa.array([text]))


def geopackage(path: Path, *statements: str) -> bytes:
    """Two centers, and what SQL makes of them."""
    place = [shapely.Point(98.5, 3.1), shapely.Point(98.6, 3.2)]
    frame = gpd.GeoDataFrame({"nama": ["A", "B"]}, geometry=place, crs=4326)
    frame.to_file(path, layer="sentra", driver="GPKG")
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA synchronous = OFF")
        triggers = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        for (name,) in database.execute(triggers).fetchall():
            database.execute(f'DROP TRIGGER "{name}"')
        for statement in statements:
            database.execute(statement)
    database.close()
    return path.read_bytes()


def view(query: str) -> tuple[str, ...]:
    """A view in place of the layer."""
    return (
        f"CREATE VIEW data AS {query}",
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id)"
        " VALUES ('data', 'attributes', 'data', 0)",
        "DELETE FROM gpkg_geometry_columns",
        "DELETE FROM gpkg_contents WHERE table_name = 'sentra'",
    )


def old(rows: int = 2, sheets: int = 1, text: str = "Kopi", **far: tuple[int, int]) -> bytes:
    """An XLS file of some centers, with a cell far away from them in each sheet."""
    book = xlwt.Workbook()
    for n in range(sheets):
        sheet = book.add_sheet(f"Sheet{n}")
        for row, cells in enumerate([["nama", "komoditas"], *[["Sentra", text]] * rows]):
            for column, value in enumerate(cells):
                sheet.write(row, column, value)
        for value, place in far.items():
            sheet.write(*place, xlwt.Formula("1+1") if value == "formula" else value)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def old_changed(before: bytes, after: bytes) -> bytes:
    """The XLS file with bytes changed that occur in it once."""
    data = old()
    assert data.count(before) == 1
    return data.replace(before, after)


COLLECTION = '{{"type":"FeatureCollection",{}"features":[{}]}}'
ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i"
LAST = 1_048_576
END = "</sheetData>"
SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LAST_ROW = f'<row r="{LAST}"><c><v>1</v></c></row>'
STYLED = '<c r="{0}{1}" s="0"/>'

LINE = (
    '{"properties":{},"geometry":{"type":"LineString","coordinates":['
    + "[9,3]," * 600_000
    + "[9,4]]}}"
)
POINTS = (
    '{"properties":{},"geometry":{"type":"GeometryCollection","geometries":['
    + '{"type":"Point","coordinates":[9,3]},' * 90_000
    + '{"type":"Point","coordinates":[9,3]}]}}'
)

OLD_SIZE = bytes.fromhex("0002 0e00 0000 0000 0300 0000 0000 0200")
"""What a sheet of an XLS file tells of its size: rows 0 to 3, columns 0 to 2."""

OLD_TEXTS = bytes.fromhex("0600 0000 0400 0000")
"""How many texts the cells of an XLS file share: 4, used 6 times."""

HONEST: dict[str, tuple[int, Callable[[Path], bytes]]] = {
    "last_cell.xlsx": (2, lambda _: workbook(XFD1048576="x")),
    "stray_cell.xlsx": (500, lambda _: workbook(rows=500, XFD3="x")),
    "stray_row.xlsx": (501, lambda _: workbook(rows=500, A1048576="x")),
    "far_row.xlsx": (
        3,
        lambda _: before(END, f'<row r="9"><c r="XFD9" t="str"><v>x</v></c></row>{LAST_ROW}'),
    ),
    "far_prefixed.xlsx": (
        2,
        lambda _: changed(
            lambda name, old: (
                old.replace("<worksheet ", f'<worksheet xmlns:a-b="{SHEET}" ').replace(
                    END, f'<row r="9"><a-b:c r="XFD{LAST}"><v>1</v></a-b:c></row>{END}'
                )
                if "sheet1" in name
                else old
            )
        ),
    ),
    "many_texts.xlsx": (
        2,
        lambda _: changed(lambda _, old: old.replace('uniqueCount="', 'uniqueCount="99999999')),
    ),
    "coloured.xlsx": (2, lambda _: workbook(fill=True, A1048576="", XFD9="")),
    "formatted_rows.xlsx": (
        2,
        lambda _: before("</sheetData>", rows(range(9, LAST), lambda n: STYLED.format("A", n))),
    ),
    "merged.xlsx": (
        2,
        lambda _: before(
            "</worksheet>",
            "<mergeCells>"
            + "".join(f'<mergeCell ref="A{n}:B{n}"/>' for n in range(9, 300_000))
            + "</mergeCells>",
        ),
    ),
    "blanks.xlsx": (
        3,
        lambda _: before("</sheetData>", f'<row r="9"><c r="A9">{" " * 900_000}<v>1</v></c></row>'),
    ),
    "form.xlsx": (2, lambda _: workbook(fill=True, A1048576="", XFD9="")),
    "separators.csv": (1, lambda _: b"nama;lat\nA;1\n" + (b";" * 1_500_000 + b"\n") * 20),
    "brackets.csv": (4, lambda _: b"nama;" + b"(" * 120_000 + b"\n" + (b"(" * 9_000 + b"\n") * 4),
    "stray_row.xls": (2, lambda _: old(x=(65_535, 20))),
    "size.xls": (2, lambda _: old_changed(OLD_SIZE, OLD_SIZE[:8] + b"\xff\xff\0\0\0\0\xff\xff")),
    "texts.xls": (2, lambda _: old_changed(OLD_TEXTS, OLD_TEXTS[:4] + b"\xff\xff\xff\x7f")),
    "groups.parquet": (2_000, lambda _: in_groups()),
    "lines_none.geojson": (6, lambda _: COLLECTION.format("", ",".join(6 * [POINTS])).encode()),
    "long_cells.csv": (300, lambda _: b"nama;lat\n" + (b"a" * 130_000 + b";1\n") * 300),
}
"""File names with the number of rows that are read right."""


def in_xml(rows: str) -> bytes:
    """A workbook of Excel 2003 with these rows."""
    space = "urn:schemas-microsoft-com:office:spreadsheet"
    return (
        f'<Workbook xmlns="{space}" xmlns:ss="{space}"><Worksheet ss:Name="A"><Table><Row><Cell>'
        f'<Data ss:Type="String">nama</Data></Cell></Row>{rows}</Table></Worksheet></Workbook>'
    ).encode()


HOSTILE: dict[str, tuple[str, Callable[[Path], bytes]]] = {
    "row_elements.xlsx": ("file_rows", lambda _: before("</sheetData>", "<row/>" * 3_000_000)),
    "cell_elements.xlsx": (
        "file_cells",
        lambda _: before("</sheetData>", f"<row>{'<c/>' * 4_000_000}</row>"),
    ),
    "last_column.xlsx": (
        "file_cells",
        lambda _: before(
            "</sheetData>", rows(range(9, 9_000), lambda n: f'<c r="XFD{n}"><v>1</v></c>')
        ),
    ),
    "diagonal.xlsx": (
        "file_cells",
        lambda _: before(
            "</sheetData>",
            rows(range(9, 16_000), lambda n: f'<c r="{get_column_letter(n)}{n}"><v>1</v></c>'),
        ),
    ),
    "row_number.xlsx": (
        "file_broken",
        lambda _: before("</sheetData>", '<row r="999999999"><c r="A999999999"><v>1</v></c></row>'),
    ),
    "form_row_number.xlsx": (
        "file_broken",
        lambda _: before("</sheetData>", '<row r="999999999"><c r="A999999999"><v>1</v></c></row>'),
    ),
    "nested.xlsx": ("file_parts", lambda _: before("</sheetData>", "<a>" * 2_000_000)),
    "attribute.xlsx": (
        "file_broken",
        lambda _: before("</sheetData>", '<row r="9" x="' + "z" * 90_000_000 + '"/>'),
    ),
    "cell.xlsx": (
        "file_text",
        lambda _: before(
            "</sheetData>",
            '<row r="9"><c r="B9" t="inlineStr"><is><t>' + "y" * 90_000_000 + "</t></is></c></row>",
        ),
    ),
    "strings.xlsx": ("file_parts", lambda _: before("</sst>", "<si/>" * 5_000_000, "sharedStr")),
    "string_again.xlsx": (
        "file_text",
        lambda _: changed(
            lambda name, old: (
                old.replace("</sst>", f"<si><t>{'x' * 5_000_000}</t></si></sst>")
                if "sharedStr" in name
                else old.replace(
                    "</sheetData>",
                    rows(range(9, 900), lambda n: f'<c r="A{n}" t="s"><v>5</v></c>')
                    + "</sheetData>",
                )
            )
        ),
    ),
    "styles.xlsx": ("file_parts", lambda _: before("</cellXfs>", "<xf/>" * 900_000, "styles")),
    "sheets.xlsx": (
        "file_parts",
        lambda _: before(
            "</sheets>", '<sheet name="s" sheetId="2" r:id="rId1"/>' * 9_000, "workbook.xml"
        ),
    ),
    "members.xlsx": (
        "file_parts",
        lambda _: changed(lambda _, old: old, {f"xl/media/{n}": "" for n in range(5_000)}),
    ),
    "entities.xlsx": (
        "file_broken",
        lambda _: changed(
            lambda name, old: (
                '<!DOCTYPE l [<!ENTITY a0 "aaaaaaaaaa">'
                + "".join(f'<!ENTITY a{n} "' + f"&a{n - 1};" * 10 + '">' for n in range(1, 10))
                + "]>"
                + re.sub(r"(<v>)", r"\1&a9;", old)
                if "sheet1" in name
                else old
            )
        ),
    ),
    "unpacked.xlsx": ("file_too_large", lambda _: before("</sheetData>", " " * 310_000_000)),
    "form_rows.xlsx": (
        "file_rows",
        lambda _: before(
            "</sheetData>", rows(range(9, 30_000), lambda n: f'<c r="A{n}"><v>1</v></c>')
        ),
    ),
    "columns.csv": (
        "file_columns",
        lambda _: (
            f"nama;lat;{';'.join(f'k{n}' for n in range(100_000))}\nA;1;".encode() + b"1;" * 100_000
        ),
    ),
    "short_rows.csv": ("file_rows", lambda _: b"nama;lat\n" + b"A\n" * 10_000_000),
    "blank_rows.csv": ("file_rows", lambda _: b"nama;lat\nA;1\n" + b"\n" * 45_000_000),
    "returns.csv": ("file_rows", lambda _: b"nama;lat\rA;1\r" + b"\r" * 45_000_000),
    "returns_wide.csv": (
        "file_rows",
        lambda _: ("nama;lat\r" + "\r" * 20_000_000).encode("utf-16"),
    ),
    "cells.csv": (
        "file_cells",
        lambda _: b"nama" + b";k" * 99 + b"\n" + (b"1;" * 99 + b"1\n") * 40_000,
    ),
    "one_line.csv": ("file_line", lambda _: b"nama;lat\nA;1\n" + b";" * 45_000_000),
    "new_names.csv": (
        "file_columns",
        lambda _: "\n".join(
            ";".join(f"{r}x{n}" for n in range(50_000)) for r in range(20)
        ).encode(),
    ),
    "wide_letters.csv": ("file_rows", lambda _: "nama;lat\n😀;1\n".encode() + b"A;2\n" * 9_000_000),
    "keys.geojson": (
        "file_cells",
        lambda _: COLLECTION.format(
            "", ",".join(f'{{"properties":{{"k{n}":1}},"geometry":null}}' for n in range(20_000))
        ).encode(),
    ),
    "features.geojson": (
        "file_rows",
        lambda _: COLLECTION.format("", "{}," * 9_000_000 + "{}").encode(),
    ),
    "member.geojson": (
        "file_broken",
        lambda _: COLLECTION.format('"x":[' + "[]," * 9_000_000 + "[]],", "").encode(),
    ),
    "members.geojson": (
        "file_parts",
        lambda _: COLLECTION.format("".join(f'"m{n}":1,' for n in range(900_000)), "").encode(),
    ),
    "feature.geojson": (
        "file_broken",
        lambda _: COLLECTION.format(
            "", '{"properties":{"nama":[' + "{}," * 9_000_000 + "{}]}}"
        ).encode(),
    ),
    "depth.geojson": ("file_broken", lambda _: COLLECTION.format("", "[" * 20_000_000).encode()),
    "last_cell.xls": ("file_cells", lambda _: old(x=(65_535, 255))),
    "formula.xls": ("file_cells", lambda _: old(formula=(65_535, 80))),
    "sheets.xls": ("file_cells", lambda _: old(sheets=9, x=(65_535, 20))),
    "column.xls": (
        "file_cells",
        lambda _: old(x=(65_535, 20)).replace(b"\xff\xff\x14\0", b"\xff\xff\xff\xff"),
    ),
    "text_again.xls": ("file_text", lambda _: old(rows=40_000, text="x" * 20_000)),
    "records.json": ("file_rows", lambda _: b"[" + b"{}," * 300_000 + b"{}]"),
    "one_record.json": ("file_broken", lambda _: b'[{"nama":[' + b"{}," * 9_000_000 + b"{}]}]"),
    "nested.json": (
        "file_columns",
        lambda _: ('[{"a":{' + ",".join(f'"k{n}":1' for n in range(200_000)) + "}}]").encode(),
    ),
    "one_row.xml": ("file_parts", lambda _: in_xml("<Row>" + "<Cell/>" * 6_000_000 + "</Row>")),
    "rows.xml": ("file_parts", lambda _: in_xml("<Row><Cell/></Row>" * 2_400_000)),
    "far.xml": ("file_columns", lambda _: in_xml('<Row><Cell ss:Index="99999999"/></Row>')),
    "entities.xml": (
        "file_broken",
        lambda _: in_xml("").replace(b"<Work", b'<!DOCTYPE a [<!ENTITY b "c">]><Work', 1),
    ),
    "codes.csv": ("file_rows", lambda _: parquet(nama=codes(60_000_000, "S" * 50))),
    "long_code.parquet": ("file_text", lambda _: parquet(nama=codes(1_000, "S" * 10_000_000))),
    "list.parquet": (
        "file_cells",
        lambda _: parquet(nama=pa.array(["A"]), l=pa.array([np.zeros(20_000_000, "int64")])),
    ),
    "lists.parquet": (
        "file_cells",
        lambda _: parquet(
            nama=pa.array(["A"]),
            **{f"l{n}": pa.array([np.zeros(1_000_000, "int8")]) for n in range(20)},
        ),
    ),
    "forged.parquet": ("file_too_large", lambda _: forged()),
    "delta.parquet": ("file_broken", lambda _: delta()),
    "fixed.parquet": ("file_text", lambda _: fixed()),
    "texts.parquet": (
        "file_text",
        lambda _: parquet(
            nama=pa.array(["A"]),
            l=pa.ListArray.from_arrays([0, 100_000], codes(100_000, "y" * 5_000)),
        ),
    ),
    "columns.parquet": (
        "file_columns",
        lambda _: parquet(nama=pa.array(["A"]), **{f"c{n}": pa.array([1]) for n in range(3_000)}),
    ),
    "endless.gpkg": (
        "layer_computed",
        lambda path: geopackage(path, *view(f"{ENDLESS} AS fid, 'S' AS nama FROM n")),
    ),
    "beside.gpkg": (
        "layer_computed",
        lambda path: geopackage(path, f"CREATE VIEW other AS {ENDLESS} AS fid FROM n"),
    ),
    "disguised.gpkg": (
        "file_broken",
        lambda path: geopackage(
            path,
            *view(f"{ENDLESS} AS fid, 'S' AS nama FROM n"),
            "PRAGMA writable_schema = ON",
            "UPDATE sqlite_master SET type = 'table' WHERE name = 'data'",
        ),
    ),
    "column.gpkg": (
        "layer_computed",
        lambda path: geopackage(
            path, "ALTER TABLE sentra ADD COLUMN b AS (hex(zeroblob(90000000))) VIRTUAL"
        ),
    ),
    "default.gpkg": (
        "file_text",
        lambda path: geopackage(
            path,
            f"{ENDLESS.replace('FROM n)', 'FROM n WHERE i < 2000)')} FROM n".replace(
                "WITH", "INSERT INTO sentra (fid) WITH", 1
            ).replace("SELECT i FROM n", "SELECT i + 9 FROM n"),
            f"ALTER TABLE sentra ADD COLUMN c TEXT DEFAULT '{'x' * 300_000}'",
        ),
    ),
    "tables.gpkg": (
        "file_parts",
        lambda path: geopackage(path, *(f"CREATE TABLE t{n} (a)" for n in range(2_500))),
    ),
    "lines.geojson": (
        "file_rows",
        lambda _: COLLECTION.format("", "{}," * 1_200_000 + "{}").encode(),
    ),
    "lines_positions.geojson": (
        "file_text",
        lambda _: COLLECTION.format("", ",".join(4 * [LINE])).encode(),
    ),
    "lines_text.gpkg": (
        "file_text",
        lambda path: geopackage(
            path,
            "ALTER TABLE sentra ADD COLUMN highway TEXT",
            "UPDATE sentra SET highway = replace(hex(zeroblob(35000000)), '0', 'x')",
            "UPDATE gpkg_geometry_columns SET geometry_type_name = 'LINESTRING'",
        ),
    ),
    "lines_endless.gpkg": (
        "layer_computed",
        lambda path: geopackage(path, *view(f"{ENDLESS} AS fid, 'S' AS highway FROM n")),
    ),
}
"""File names with the bound that each passes; those of one name differ by their reader."""


@pytest.fixture(scope="module")
def reader() -> Iterator[subprocess.Popen[str]]:
    """A process that reads each file that it is told in a child of its own."""
    with subprocess.Popen(
        [sys.executable, "-c", READER, str(CAP)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield process
        assert process.stdin
        process.stdin.close()


def answer(
    reader: subprocess.Popen[str], folder: Path, name: str, make: Callable[[Path], bytes]
) -> dict[str, Any]:
    """What became of a file, in time and memory."""
    assert reader.stdin
    assert reader.stdout
    path = folder / name
    path.write_bytes(make(folder / f"made-{name}"))
    reader.stdin.write(f"{path}\n")
    reader.stdin.flush()
    told: dict[str, Any] = json.loads(reader.stdout.readline())
    path.unlink()
    assert told, "the process ended without an answer"
    assert told["s"] < MOST_S
    assert told["mb"] < MOST_MB
    return told


@pytest.mark.parametrize("name", HONEST)
def test_honest_tables_with_something_far_away_are_read_right(
    name: str, reader: subprocess.Popen[str], tmp_path: Path
) -> None:
    """Attack 1, files 1."""
    rows, make = HONEST[name]
    told = answer(reader, tmp_path, name, make)
    assert told.get("rows") == rows, told
    if "names" in told and name.endswith("xlsx"):
        assert told["names"][:2] == ["Sentra 0", "Sentra 1"]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_file_over_a_bound_is_refused_in_time_and_memory(
    name: str, reader: subprocess.Popen[str], tmp_path: Path
) -> None:
    """Attack 1, 3, 4, 5."""
    code, make = HOSTILE[name]
    told = answer(reader, tmp_path, name, make)
    assert told.get("refused") == code, told


@pytest.mark.parametrize(
    "data",
    [
        before(END, '<row r="4"><c><v>1</v></c></row>'),
        before(END, '<row><c r="A4"><v>1</v></c></row>'),
        before(END, '<row r="4" r="9"><c r="A4"><v>1</v></c></row>'),
        before(END, '<row\nr="4"><c r="A4"><v>1</v></c></row>'),
        before(END, "<row r='4'><c r='A4'><v>1</v></c></row>"),
        before(END, '<row r="4"><x:c r="A4"><v>1</v></x:c></row>'),
        before(END, '<row r="4"><a/b:c r="A4"><v>1</v></a/b:c></row>'),
        before(END, '<row r="4"><c s="1" r="A4"><v>1</v></c></row>'),
        before(END, '<row r="4"><c r="A4" t="e"><v>#N/A</v></c></row>'),
        before(END, '<row r="4"><c r="A4" t="d"><v>2026-11-30</v></c></row>'),
        before(END, "<!-- -->"),
        before("</styleSheet>", "<sheetData/>", "styles"),
        before(END, '<row r="9000"><c r="XFD9000"><v>1</v></c></row>'),
        changed(lambda _, old: old.replace("UTF-8", "windows-1252")),
        changed(lambda _, old: old.replace('uniqueCount="5"', 'uniqueCount="9999999"')),
        changed(lambda _, old: old.replace("Kopi", "K" * 10_000_001)),
    ],
)
def test_what_few_programs_write_is_not_plain(data: bytes) -> None:
    meter = Meter("file", TABLE)
    assert probe.is_plain(probe.workbook(shared(), meter), meter)
    assert not probe.is_plain(probe.workbook(data, meter), meter)


def test_what_takes_too_long_ends_with_a_sentence() -> None:
    """Attack 1: what takes longer than its time ends."""
    table = b"nama;lat\n" + b"A;1\n" * 20_000
    with pytest.raises(DataError) as caught:
        read_table(table, name="file", bounds=Bounds(seconds=0))
    assert caught.value.issues == (Issue("file_slow", "file", expected={"seconds": 0}),)


def test_a_register_of_the_whole_province_is_within_the_bounds() -> None:
    Meter("register", TABLE).shape(126_907, 20)


def test_a_stray_cell_keeps_the_number_of_its_column() -> None:
    table = read_table(workbook(XFD3="x"), name="f")
    assert list(table.rows)[-1] == "column_16384"
    assert table.rows["column_16384"].tolist()[1] == "x"


def test_a_file_that_is_wrong_throughout_is_checked_until_that_is_plain() -> None:
    """Attack 3: each problem costs as much as a row."""
    count = 60_000
    table = read_table(b"nama;komoditas;lintang;bujur\n" + b"A;B;x;y\n" * count, name="f")
    names = pd.DataFrame(columns=["district_code", "name_id", "short_name"], dtype="str")
    checked = check_centers(
        table,
        district_names=names,
        commodities=[],
        land=None,
        bounds=(97, -1, 101, 5),
        instrument=INSTRUMENT,
    )
    assert (len(checked.good), len(checked.rejected)) == (0, count)
    assert len(checked.issues) < 2 * MOST_ISSUES
    assert "problems_many" in {issue.code for issue in checked.issues}


def test_a_form_that_is_wrong_throughout_is_read_until_that_is_plain() -> None:
    """Attack 3."""
    count = 19_000
    bad = "".join(f"x{n},me,1e{n},x,y,z,2026-13-45\n" for n in range(count))
    header = "center_id,author,institutional,production,market,sustainability,assessed_on\n"
    table = read_table((header + bad).encode(), name="f", bounds=FORM)
    centers = pd.DataFrame({"name_id": ["A"], "name_en": ["A"]}, index=["a"])
    filled = read_assessments([table], centers, ASPECTS)
    assert (len(filled.good), len(filled.rejected)) == (0, count)
    assert len(filled.issues) < 1.01 * assessment_sheets.MOST_ISSUES
    assert "problems_many" in {issue.code for issue in filled.issues}


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("bounds", [TABLE, FORM, LINES])
def test_each_bound_is_said(language: str, bounds: Bounds) -> None:
    say = Messages(language)
    for limit, work in (
        (bounds.rows, lambda meter: meter.shape(bounds.rows + 1, 1)),
        (bounds.columns, lambda meter: meter.shape(1, bounds.columns + 1)),
        (bounds.cells, lambda meter: meter.shape(1, 1, cells=bounds.cells + 1)),
        (bounds.characters, lambda meter: meter.text(bounds.characters + 1)),
        (bounds.parts, lambda meter: meter.parts(bounds.parts + 1)),
        (bounds.unpacked_mb, lambda meter: meter.unpacked(10**9)),
    ):
        with pytest.raises(DataError) as caught:
            work(Meter("f", bounds))
        assert say.number(limit, 0) in say.issue(caught.value.issues[0])
