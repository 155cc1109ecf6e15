"""Files of every kind that offices bring, and files that only look like them."""

import codecs
import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from ikmgeo.errors import DataError
from ikmgeo.reading import columns, formats
from ikmgeo.reading.bounds import TABLE
from ikmgeo.reading.load import Table, read_table
from ikmgeo.reading.shipped import read_shipped
from ikmgeo.settings import Settings

HEADER = "nama;komoditas;lintang;bujur;skor"
CSV = f"{HEADER}\r\nSentra Kopi;Kopi;2,84;98,88;70,06\r\n"

# pyogrio names in-memory files without an extension; GDAL remarks on it.
pytestmark = pytest.mark.filterwarnings("ignore:.*non conformant file extension")


def points(crs: object = 4326) -> gpd.GeoDataFrame:
    """Two centers, at (3 N, 99 E) and (2.5 N, 98.5 E)."""
    place = gpd.points_from_xy([99.0, 98.5], [3.0, 2.5], crs=4326)
    frame = gpd.GeoDataFrame({"nama": ["A", "B"], "komoditas": ["Kopi", "Madu"]}, geometry=place)
    return frame.set_crs(None, allow_override=True) if crs is None else frame.to_crs(crs)


def written(frame: gpd.GeoDataFrame, kind: str) -> bytes:
    buffer = io.BytesIO()
    if kind == "parquet":
        frame.to_parquet(buffer)
    else:
        frame.to_file(buffer, driver=kind)
    return buffer.getvalue()


def workbook(sheets: Mapping[str, Sequence[Sequence[object]]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def codes(data: bytes | Path, **options: Any) -> list[str]:
    with pytest.raises(DataError) as caught:
        read_table(data, name="file", **options)
    return [issue.code for issue in caught.value.issues]


def only_row(data: bytes) -> dict[str, str]:
    rows = read_table(data, name="file").rows
    assert len(rows) == 1
    return {str(column): text for column, text in rows.iloc[0].items()}


CENTER = {
    "name_id": "Sentra Kopi",
    "commodity": "Kopi",
    "lat": "2,84",
    "lon": "98,88",
    "score_total": "70,06",
}


@pytest.mark.parametrize(
    "data",
    [
        CSV.encode("cp1252"),
        CSV.encode("utf-8-sig"),
        CSV.replace(";", "\t").encode("utf-16"),
        codecs.BOM_UTF16_BE + CSV.replace(";", "\t").encode("utf-16-be"),
        b"sep=;\r\n" + CSV.encode(),
        ("DAFTAR SENTRA IKM 2024;;;;\r\n;;;;\r\n" + CSV).encode(),
    ],
    ids=["cp1252", "utf-8 with mark", "utf-16 tabs", "utf-16 big-endian", "sep line", "title"],
)
def test_csv_as_excel_writes_it_gives_the_same_row(data: bytes) -> None:
    assert only_row(data) == CENTER


def test_cp1252_letters_survive() -> None:
    assert (
        only_row("nama;lintang\nCafé Délì – 2;1\n".encode("cp1252"))["name_id"] == "Café Délì – 2"
    )


def test_separator_is_the_one_that_gives_column_names() -> None:
    data = b'nama,komoditas,lintang\n"Kopi; madu; gula; batik",Kopi,2.84\n'
    assert only_row(data)["name_id"] == "Kopi; madu; gula; batik"


def test_quoted_separator_quote_and_newline_stay_in_the_cell() -> None:
    data = b'nama;komoditas\n"Toko ""A""; baris\nkedua";Kopi\n'
    assert only_row(data)["name_id"] == 'Toko "A"; baris\nkedua'


def test_unclosed_quote_is_refused_and_located() -> None:
    data = b'nama;komoditas\nA;Kopi\n"B;Kopi\nC;Kopi\n'
    with pytest.raises(DataError) as caught:
        read_table(data, name="file")
    assert [(i.code, i.row) for i in caught.value.issues] == [("quotes_broken", 3)]


def test_rows_keep_spreadsheet_numbers_over_blank_rows() -> None:
    rows = read_table(b"nama;komoditas\nA;Kopi\n;\n\nB;Madu\n", name="file").rows
    assert rows.index.tolist() == [2, 5]
    assert rows.index.name == "row"


def test_title_above_the_header_does_not_shift_the_numbers() -> None:
    rows = read_table(b"DAFTAR\n\nnama;komoditas\nA;Kopi\n", name="file").rows
    assert rows.index.tolist() == [4]


def test_row_with_too_many_cells_is_listed_and_kept_as_text() -> None:
    table = read_table(b"nama,lat,lon\nA,2,84,98,88\nB,2.84,98.88\n", name="file")
    (issue,) = table.issues
    assert (issue.code, issue.row, issue.value) == ("ragged_row", 2, "98 | 88")
    assert issue.expected == {"columns": 3, "found": 5}
    assert table.rows.index.tolist() == [2, 3]


def test_trailing_blank_cells_are_not_too_many() -> None:
    table = read_table(b"nama;komoditas;;\nA;Kopi;;;;;\n", name="file")
    assert table.issues == ()
    assert list(table.rows) == ["name_id", "commodity"]


def test_short_row_is_filled_with_missing() -> None:
    rows = read_table(b"nama;komoditas;lintang\nA\n", name="file").rows
    assert rows.loc[2].isna().tolist() == [False, True, True]


def test_cells_are_text_of_one_kind() -> None:
    rows = read_table(b"nama;kode;nilai\n A \xc2\xa0;007;1\nB;;\n", name="file").rows
    assert (rows.dtypes == "str").all()
    assert rows.loc[2].tolist() == ["A", "007", "1"]


def test_headers_are_known_in_both_languages_and_odd_spellings() -> None:
    data = b"Nama Sentra IKM;Kabupaten/Kota;LINTANG (\xb0);Long;Keterkaitan KEK\nA;B;1;2;3\n"
    assert list(read_table(data, name="file", aspects={"keterkaitan_kek": "a"}).rows) == [
        *("name_id", "district_code", "lat", "lon", "a"),
    ]


def test_unknown_columns_are_kept() -> None:
    rows = read_table(b"nama;Telepon;Telepon;\nA;1;2;3\n", name="file").rows
    assert list(rows) == ["name_id", "telepon", "telepon_3", "column_4"]


@pytest.mark.parametrize(
    ("data", "kept", "left"),
    [
        ("nama,X,Y,latitude,longitude\nA,99.1,2.3,2.3,99.1\n", {"lat": "2.3"}, ()),
        ("nama,X,Y,lat,lng\nA,99.1000001,2.3,2.30,99.1\n", {"lon": "99.1000001"}, ()),
        ("nama,X,Y,lat,lng\nA,547908,351333,3.1,99.4\n", {"lat": "3.1", "lon": "99.4"}, "YX"),
        ("nama,lat,lng,X,Y\nA,3.1,99.4,547908,351333\n", {"lat": "3.1", "lon": "99.4"}, "XY"),
        ("nama,Nama Usaha\nBudi,Sentra A\n", {"name_id": "Sentra A"}, ["nama"]),
        ("Nama Usaha,nama\nSentra A,Budi\n", {"name_id": "Sentra A"}, ["nama"]),
        ("nama,name\nA,\n", {"name_id": "A"}, ()),
        ("nama,name\n,A\n", {"name_id": "A"}, ()),
        ("nama,alamat,lokasi\nA,Jl. B,Desa C\n", {"locality": "Jl. B, Desa C"}, ()),
        (
            "Kabupaten,Kode Kabupaten,nama\nKaro,1206,A\n",
            {"district_code": "1206", "district_name": "Karo"},
            (),
        ),
        (
            "Kode Kabupaten,Kabupaten,nama\n12.06,Karo,A\n",
            {"district_code": "12.06", "district_name": "Karo"},
            (),
        ),
    ],
)
def test_two_columns_for_one_thing_are_one(
    data: str, kept: dict[str, str], left: Sequence[str]
) -> None:
    table = read_table(data.encode(), name="file")
    assert table.rows.iloc[0][list(kept)].to_dict() == kept
    assert {(i.code, i.severity) for i in table.issues} <= {("column_left", "noted")}
    assert sorted(str(i.column) for i in table.issues) == sorted(left)
    assert not [c for c in table.rows if c[-1].isdigit()]


def test_name_of_ten_thousand_characters_is_read_whole() -> None:
    assert len(only_row(f"nama;komoditas\n{'a' * 10_000};Kopi\n".encode())["name_id"]) == 10_000


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file_empty"),
        (b" \r\n\r\n", "file_empty"),
        (codecs.BOM_UTF8, "file_empty"),
        (codecs.BOM_UTF16_LE, "file_empty"),
        (CSV.splitlines()[0].encode(), "no_rows"),
        ((HEADER + "\n;;;;\n").encode(), "no_rows"),
        (b"%PDF-1.7\nnama;komoditas\n", "not_a_table"),
        (b"\x89PNG\r\n\x1a\n", "not_a_table"),
        (b"nama;komoditas\nA\0B;Kopi\n", "not_a_table"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "file_broken"),
        (b"<html><table><tr><td>nama</td></tr></table>", "no_rows"),
        (b"<rss><nama>A</nama></rss>", "unknown_format"),
        (b'{"type": "Topology"}', "unknown_format"),
        (b'[{"nama": "A"}, 4]', "file_broken"),
        (b'{"type": "FeatureCollection", "features": [{', "file_broken"),
        (b'{"type": "FeatureCollection", "features": [4]}', "file_broken"),
        (b"Sentra Kopi;Kopi;2,84;98,88\nSentra Madu;Madu;2,8;98,8\n", "no_header"),
        (b"PK\x03\x04 not a zip", "file_broken"),
        (b"SQLite format 3\0 not a database", "file_broken"),
        (b"PAR1 not parquet", "file_broken"),
    ],
)
def test_file_that_is_no_table_is_refused(data: bytes, code: str) -> None:
    assert codes(data) == [code]


@given(
    st.sampled_from([start for start, _ in formats.SIGNATURES] + [b"nama;lat\n", b""]), st.binary()
)
def test_any_bytes_give_a_table_or_a_named_defect(start: bytes, rest: bytes) -> None:
    try:
        table = read_table(start + rest, name="file")
    except DataError:
        return
    assert not table.rows.empty


def test_absent_file_is_told(tmp_path: Path) -> None:
    assert codes(tmp_path / "none.csv") == ["file_missing"]
    assert codes(tmp_path) == ["file_missing"]


def test_file_over_the_limit_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "big.csv"
    path.write_bytes(CSV.encode() * 100)
    assert codes(path, limit_mb=0.001) == ["file_too_large"]
    assert codes(path.read_bytes(), limit_mb=0.001) == ["file_too_large"]
    assert len(read_table(path, name="big.csv", limit_mb=50).rows) == 100  # headings repeat


def test_workbook_numbers_become_exact_text() -> None:
    rows: list[list[object]] = [["nama", "kode", "lintang", "nilai"], ["A", 1208, 2.841742, 70.0]]
    assert only_row(workbook({"Sheet1": rows})) == {
        **{"name_id": "A", "center_id": "1208", "lat": "2.841742", "score_total": "70"}
    }


def test_workbook_sheet_named_data_goes_first() -> None:
    sheets = {"Petunjuk": [["nama"], ["contoh"]], "Data": [["nama", "komoditas"], ["A", "Kopi"]]}
    assert only_row(workbook(sheets))["name_id"] == "A"


def test_workbook_without_data_sheet_gives_the_sheet_with_the_best_header() -> None:
    sheets = {
        "Sampul": [["Dinas Perindustrian"], ["Kota"]],
        "Lembar": [["nama", "komoditas"], ["A", "Kopi"]],
    }
    assert only_row(workbook(sheets))["name_id"] == "A"


def test_workbook_remark_beside_the_table_is_a_column_not_a_defect() -> None:
    table = read_table(workbook({"data": [["nama", "komoditas"], ["A", "K", None, "!"]]}), name="f")
    assert table.issues == ()
    assert table.rows.loc[2, "column_4"] == "!"


def test_workbook_cut_short_is_broken() -> None:
    assert codes(workbook({"data": [["nama"], ["A"]]})[:-200]) == ["file_broken"]


def test_archive_of_one_table_is_that_table_and_another_an_unknown_format() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        package.writestr("data.csv", CSV)
    assert only_row(buffer.getvalue()) == CENTER
    with zipfile.ZipFile(buffer, "a") as package:
        package.writestr("more.csv", CSV)
    assert codes(buffer.getvalue()) == ["unknown_format"]


def test_workbook_that_unpacks_too_large_is_refused() -> None:
    few = replace(TABLE, unpacked_mb=0.001)
    assert codes(workbook({"data": [["nama"], ["A" * 5000]]}), bounds=few) == ["file_too_large"]


@pytest.mark.parametrize("kind", ["GPKG", "GeoJSON", "parquet"])
@pytest.mark.parametrize("crs", [4326, 32647])
def test_points_become_degrees_whatever_their_crs(kind: str, crs: int) -> None:
    rows = read_table(written(points(crs), kind), name="file").rows
    assert rows["lat"].astype(float).tolist() == pytest.approx([3.0, 2.5], abs=1e-6)
    assert rows["lon"].astype(float).tolist() == pytest.approx([99.0, 98.5], abs=1e-6)
    assert rows["name_id"].tolist() == ["A", "B"]
    assert rows.index.tolist() == [2, 3]


@pytest.mark.filterwarnings("ignore:'crs' was not provided")
@pytest.mark.parametrize("kind", ["GPKG", "parquet"])
def test_points_without_crs_stay_as_they_are_and_that_is_said(kind: str) -> None:
    table = read_table(written(points(None), kind), name="file")
    assert table.rows["lat"].tolist() == ["3", "2.5"]
    assert [issue.code for issue in table.issues] == ["crs_unstated"]


def test_geojson_in_metres_is_left_to_who_reads_coordinates() -> None:
    metres = written(points(32647), "GeoJSON").replace(b"EPSG::32647", b"EPSG::4326")
    rows = read_table(metres, name="file").rows
    assert rows["lon"].astype(float).tolist() == pytest.approx([500_000, 444_415], abs=10)


def test_geojson_with_exchanged_degrees_is_left_to_the_checks() -> None:
    frame = points()
    frame.geometry = shapely.transform(frame.geometry, lambda xy: xy[:, ::-1])
    rows = read_table(written(frame, "GeoJSON"), name="file").rows
    assert rows["lat"].tolist() == ["99", "98.5"]


@pytest.mark.parametrize("kind", ["GPKG", "GeoJSON", "parquet"])
def test_an_area_is_a_point_in_it_with_the_precision_that_covers_it(kind: str) -> None:
    frame = points()
    frame.loc[1, "geometry"] = shapely.box(98.5, 2.5, 98.52, 2.52)  # half a diagonal: 1.57 km
    rows = read_table(written(frame, kind), name="file").rows
    assert rows["lat"].tolist() == ["3", "2.51"]
    assert rows["lon"].tolist() == ["99", "98.51"]
    assert rows["position_precision"].fillna("").tolist() == ["", "subdistrict"]


def test_geometry_wins_over_columns_of_the_same_meaning() -> None:
    frame = points().assign(Latitude=["9", "9"])
    rows = read_table(written(frame, "GeoJSON"), name="file").rows
    assert rows["lat"].tolist() == ["3", "2.5"]
    assert rows["latitude_attribute"].tolist() == ["9", "9"]


def test_geopackage_is_read_without_touching_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = written(points(), "GPKG")
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    read_table(data, name="file")
    assert list(tmp_path.iterdir()) == []


def test_parquet_without_geometry_is_a_plain_table() -> None:
    buffer = io.BytesIO()
    pd.DataFrame({"nama": ["A"], "lintang": [3.5]}).to_parquet(buffer)
    assert only_row(buffer.getvalue()) == {"name_id": "A", "lat": "3.5"}


def test_counts_of_units_by_year_are_two_columns() -> None:
    rows = read_table(b"nama,lat,Unit (2023),Unit (2024)\nA,2,5,7\n", name="u").rows
    assert rows[["unit", "unit_4"]].to_numpy().tolist() == [["5", "7"]]


def test_json_halves_of_characters_do_not_break_the_table() -> None:
    data = b'{"type":"FeatureCollection","features":[{"properties":{"nama":"A\\ud800"}}]}'
    assert only_row(data)["name_id"] == "A?"


def test_shipped_data_are_whole() -> None:
    shipped = read_shipped(Settings())
    assert shipped.issues == ()
    assert len(shipped.centers.rows) == 13
    assert len(shipped.claims) == 38 + 35
    assert len(shipped.sector_fit) == 30
    assert shipped.zone_footprints.empty
    assert "zone_id" in shipped.zone_footprints


def test_missing_and_broken_files_leave_the_others(tmp_path: Path) -> None:
    (tmp_path / "claims.csv").write_text("claim_id,kind\nP01,score\nP02,score,1\n")
    (tmp_path / "zones.csv").write_bytes(b"%PDF")
    shipped = read_shipped(Settings(data=tmp_path))
    found = {(issue.file, issue.code) for issue in shipped.issues}
    assert shipped.claims["claim_id"].tolist() == ["P01"]
    assert ("claims.csv", "ragged_row") in found
    assert ("zones.csv", "not_a_table") in found
    assert ("districts.geojson", "file_missing") in found
    assert ("zones.geojson", "file_missing") not in found
    assert isinstance(shipped.centers, Table)
    for name in ("commodities", "zones", "zone_areas", "sector_fit", "places"):
        assert tuple(getattr(shipped, name)) == columns.SHIPPED_COLUMNS[name]
    assert "district_code" in shipped.districts
