"""Lists as offices have them, whole: every row comes to where it belongs, and what was decided is
told."""

from pathlib import Path

import pandas as pd
import pytest

from ikmgeo import analysis
from ikmgeo.analysis import Inputs
from ikmgeo.reading import columns, load
from ikmgeo.reading.validate import Checked
from ikmgeo.settings import SHIPPED_DATA, Settings

PLACES = {
    "Sentra Tenun Contoh": (3.1785, 99.4312, "1219"),
    "Sentra Ulos Contoh": (2.3334, 99.0631, "1212"),
    "Sentra Kopi Contoh": (3.1152, 98.5051, "1206"),
}
"""Invented centers, and the Kemendagri codes of Batu Bara, Toba and Karo."""

LISTS = {
    "dms": """Nama,Komoditi,Kabupaten,Lintang,Bujur
Sentra Tenun Contoh,Tenun,Batu Bara,"3° 10' 42.6000"" N","99° 25' 52.3200"" E"
Sentra Ulos Contoh,Tenun,Toba,"2° 20' 0.2400"" LU","99° 03' 47.1600"" BT"
Sentra Kopi Contoh,Kopi,Karo,"3° 6' 54.7200"" N","98° 30' 18.3600"" E"
""",
    "one cell": """Nama,Komoditi,Kabupaten,Koordinat
Sentra Tenun Contoh,Tenun,Batu Bara,"3.1785, 99.4312"
Sentra Ulos Contoh,Tenun,Toba,"2,3334; 99,0631"
Sentra Kopi Contoh,Kopi,Karo,POINT (98.5051 3.1152)
""",
    "utm": """Nama,Komoditi,Kabupaten,X,Y
Sentra Tenun Contoh,Tenun,Batu Bara,547908.896,351333.364
Sentra Ulos Contoh,Tenun,Toba,507015.669,257912.398
Sentra Kopi Contoh,Kopi,Karo,"445010,170","344339,511"
""",
    "no point": """Nama;Komoditi;Kabupaten;Lintang;Bujur
Sentra Tenun Contoh;Tenun;Batu Bara;31785;994312
Sentra Ulos Contoh;Tenun;Toba;23334;990631
Sentra Kopi Contoh;Kopi;Karo;31152;985051
""",
    "blanks of no width": """Nama;Komoditi;Kabupaten;Lintang;Bujur
Sentra Tenun Contoh;Tenun;Batu Bara;3.1785\u00a0;\u200b99.4312
Sentra Ulos Contoh;Tenun;Toba;2.3334\u00a0;\u200b99.0631
Sentra Kopi Contoh;Kopi;\ufeffKaro;3.1152\u00a0;\u200b98.5051
""",
    "QGIS": """X,Y,fid,nama,komoditi,latitude,longitude
99.4312,3.1785,1,Sentra Tenun Contoh,Tenun,3.1785,99.4312
99.0631,2.3334,2,Sentra Ulos Contoh,Tenun,2.3334,99.0631
98.5051,3.1152,3,Sentra Kopi Contoh,Kopi,3.1152,98.5051
""",
    "open data, codes of BPS": """\
id,kode_kabupaten_kota,nama_kabupaten_kota,nama_sentra,komoditi,latitude,longitude
1,1219,KABUPATEN BATU BARA,Sentra Tenun Contoh,Tenun,3.1785,99.4312
2,1206,KABUPATEN TOBA,Sentra Ulos Contoh,Tenun,2.3334,99.0631
3,1211,KABUPATEN KARO,Sentra Kopi Contoh,Kopi,3.1152,98.5051
""",
    "codes of BPS alone": """Nama,Komoditi,Kode Kabupaten,Lat,Lng
Sentra Tenun Contoh,Tenun,1219,3.1785,99.4312
Sentra Ulos Contoh,Tenun,1206,2.3334,99.0631
Sentra Kopi Contoh,Kopi,1211,3.1152,98.5051
""",
    "codes of Kemendagri": """Nama,Komoditi,Kode Kabupaten,Lat,Lng
Sentra Tenun Contoh,Tenun,12.19,3.1785,99.4312
Sentra Ulos Contoh,Tenun,12.12,2.3334,99.0631
Sentra Kopi Contoh,Kopi,12.06,3.1152,98.5051
""",
    "category of another kind": """Nama,Komoditi,Kabupaten,Kategori,Nilai,Lat,Lng
Sentra Tenun Contoh,Tenun,Batu Bara,Kerajinan,25.000.000,3.1785,99.4312
Sentra Ulos Contoh,Tenun,Toba,Kerajinan,Rp 4 juta,2.3334,99.0631
Sentra Kopi Contoh,Kopi,Karo,Kuliner,1500000,3.1152,98.5051
""",
    "nothing in cells": """Nama Usaha,Komoditi,Kabupaten,Lat,Lng,Skor,Kategori
Sentra Tenun Contoh,Tenun,-,3.1785,99.4312,-,-
Sentra Ulos Contoh,Tenun,Toba,2.3334,99.0631,n/a,belum dinilai
Sentra Kopi Contoh,Kopi,Tanah Karo,3.1152,98.5051,Tidak ada,
""",
}


@pytest.fixture(scope="module")
def inputs() -> Inputs:
    return analysis.gather(Settings(data=SHIPPED_DATA))


def checked(text: str, inputs: Inputs) -> Checked:
    headers = inputs.instrument.headers
    return analysis.checked(load.read_table(text.encode(), name="f", aspects=headers), inputs)


def notes(found: Checked) -> set[str]:
    return {issue.code for issue in found.issues}


@pytest.mark.parametrize("name", LISTS)
def test_every_row_of_a_list_comes_to_its_place(inputs: Inputs, name: str) -> None:
    found = checked(LISTS[name], inputs)
    assert [i for i in found.issues if i.severity == "rejected"] == []
    assert len(found.rejected) == 0
    assert found.good[["category", "score_total"]].isna().all(axis=None)
    places = found.good.set_index("name_id")
    for center, (lat, lon, district) in PLACES.items():
        assert places.loc[center, ["lat", "lon"]].tolist() == pytest.approx([lat, lon], abs=1e-6)
        assert places["district_code"].fillna(district)[center] == district
    assert "district_elsewhere" not in notes(found)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("dms", {"coordinates_sexagesimal"}),
        ("one cell", {"coordinates_one_cell"}),
        ("utm", {"coordinates_metres"}),
        ("no point", {"coordinates_point_restored"}),
        ("open data, codes of BPS", {"district_codes_bps"}),
        ("codes of BPS alone", {"district_codes_bps"}),
        ("category of another kind", {"column_of_another"}),
    ],
)
def test_what_was_decided_is_told(inputs: Inputs, name: str, told: set[str]) -> None:
    usual = {"precision_missing", "unknown_commodity", "column_unknown"}
    assert notes(checked(LISTS[name], inputs)) - usual == told


@pytest.mark.parametrize(
    ("headings", "cells", "kept"),
    [
        ("Skor,Nilai", ["75,25000000", "60,14000000"], {"score_total": [75, 60]}),
        ("Nilai,Skor", ["25000000,75", "14000000,60"], {"score_total": [75, 60]}),
        ("Jenis Usaha,Komoditi", ["Mikro,Kopi", "Kecil,Madu"], {"commodity": ["coffee", "honey"]}),
        (
            "Komoditi,Kode Kabupaten/Kota,Kabupaten",
            ["Kopi,1206,Karo", "Kopi,-,Toba"],
            {"district_code": ["1206", "1212"]},
        ),
    ],
)
def test_of_two_columns_of_one_meaning_the_right_one_stays(
    inputs: Inputs, headings: str, cells: list[str], kept: dict[str, list[object]]
) -> None:
    places = ["3.1152,98.5051", "2.3334,99.0631"]
    more = "" if "Komoditi" in headings else "komoditas,"
    filled = [f"A{n},{'Kopi,' if more else ''}{cells[n]},{places[n]}" for n in range(2)]
    found = checked("\n".join([f"nama,{more}{headings},lat,lon", *filled]), inputs)
    assert len(found.rejected) == 0
    assert {column: found.good[column].tolist() for column in kept} == kept


LONE = """Nama;Komoditi;Kabupaten;Lat;Lng;{}
A;Kopi;Karo;3.1152;98.5051;{}
B;Kopi;Karo;3.12;98.5;{}
"""


@pytest.mark.parametrize(
    ("headings", "first", "second", "note"),
    [
        ("Produksi", "48", "36", "Produksi: 48"),
        ("Produksi;Keterangan", "48 ton;baik", "120 ton;", "baik; Produksi: 48 ton"),
        ("Kategori;Ket", "Kerajinan;x", "Kuliner;y", "x; Kategori: Kerajinan"),
        ("Nilai", "25.000.000", "4.000.000", "Nilai: 25.000.000"),
    ],
)
def test_what_means_something_else_is_a_note_and_no_score(
    headings: str, first: str, second: str, note: str, shipped: Inputs
) -> None:
    data = LONE.format(headings, first, second).encode()
    found = analysis.read_list(data, shipped, name="f", limit_mb=1)
    assert found.good["note"].tolist()[0] == note
    aspects = ["score_total", *shipped.instrument.aspects]
    assert found.good[aspects].isna().all(axis=None)


@pytest.mark.parametrize(
    ("headings", "cells", "production"),
    [
        ("Produksi;Pasar", "48;50", 48),
        ("Produksi;Skor", "48;50", 48),
        ("production", "48", 48),
        ("Produksi (0-100);Pasar", "48;50", 48),
        ("Produksi (ton);Pasar;Kelembagaan", "48;50;51", None),
    ],
)
def test_an_aspect_among_others_of_a_scoring_sheet_is_one(
    headings: str, cells: str, production: float | None, shipped: Inputs
) -> None:
    data = LONE.format(headings, cells, cells).encode()
    good = analysis.read_list(data, shipped, name="f", limit_mb=1).good
    assert good["production"].dropna().tolist() == [production] * (2 if production else 0)


def test_a_lone_aspect_that_the_reader_chose_is_one(shipped: Inputs) -> None:
    data = LONE.format("Produksi", "48", "36").encode()
    choices = load.Choices(columns={"Produksi": "production"})
    good = analysis.read_list(data, shipped, name="f", limit_mb=1, choices=choices).good
    assert good["production"].tolist() == [48, 36]


@pytest.mark.parametrize("heading", ["Lintang (LS)", "Lintang [Selatan]"])
def test_a_heading_that_turns_the_sign_is_not_taken(inputs: Inputs, heading: str) -> None:
    found = checked(f"nama,komoditas,{heading},bujur\nA,Kopi,0.14,98.48\n", inputs)
    assert len(found.good) == 0
    assert "place_unrecognised" in notes(found)


@pytest.mark.parametrize(
    "headings",
    [
        "Koordinat (Lintang),Koordinat (Bujur)",
        "Koordinat (Y),Koordinat (X)",
        "LATITUDE_Y,LONGITUDE_X",
        "Lintang (LU),Bujur [BT]",
        "_geolocation_latitude,_geolocation_longitude",
        "LINTANG\u00a0(\u00b0),BUJUR _ (\u00b0)",
    ],
)
def test_headings_of_coordinates(inputs: Inputs, headings: str) -> None:
    found = checked(f"NAMA_ USAHA,komoditas,{headings}\nA,Kopi,3.1785,99.4312\n", inputs)
    assert found.good[["lat", "lon"]].to_numpy().tolist() == [[3.1785, 99.4312]]


@pytest.mark.parametrize("word", ["-", "--", "n.a.", "N / A", "*", "belum ada data", "Tidak ada"])
def test_words_for_nothing(inputs: Inputs, word: str) -> None:
    text = f"kode,nama,komoditas,skor,lat,lon\n{word},A,Kopi,{word},3.1,98.5\n"
    found = checked(text + f"{word},B,Kopi,{word},3.2,98.5\n", inputs)
    assert len(found.good) == 2
    assert found.good["score_total"].isna().all()


def test_a_column_most_of_whose_values_are_another_thing_is_another(inputs: Inputs) -> None:
    rows = [f"A{n},Kopi,{value},3.1,98.5{n}" for n, value in enumerate((0, 25_000_000, 15_000_000))]
    found = checked("\n".join(["nama,komoditas,nilai,lat,lon", *rows]), inputs)
    assert len(found.good) == 3
    assert "column_of_another" in notes(found)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("KAB_KARO", "1206"),
        ("Kabupaten Toba Samosir", "1212"),
        ("KOTA PADANG SIDEMPUAN", "1277"),
        ("Sergai", "1218"),
        ("Kab. Labusel", "1222"),
        ("P. Siantar", "1272"),
        ("Kota Madya Medan", "1271"),
        ("KOTA MEDAN (1271)", "1271"),
        ("[12.06] Karo", "1206"),
        ("Tj. Balai", "1274"),
        ("Kab. Nias Sel.", "1214"),
    ],
)
def test_other_names_of_districts_are_known(inputs: Inputs, name: str, code: str) -> None:
    lat, lon = inputs.districts.loc[code, ["capital_lat", "capital_lon"]]
    found = checked(f"nama,komoditas,kabupaten,lat,lon\nA,Kopi,{name},{lat},{lon}\n", inputs)
    assert found.good["district_code"].tolist() == [code]


def test_a_point_in_another_district_than_the_written_one_is_told(inputs: Inputs) -> None:
    text = "nama,komoditas,kabupaten,lat,lon\nA,Kopi,Karo,2.3334,99.0631\n"
    assert "district_elsewhere" in notes(checked(text, inputs))


def test_a_name_goes_before_a_code(inputs: Inputs) -> None:
    text = "nama,komoditas,kode kabupaten,kabupaten,lat,lon\nA,Kopi,1206,Toba,2.3334,99.0631\n"
    found = checked(text + "B,Kopi,1271,Toba,2.3335,99.0631\n", inputs)
    assert found.good["district_code"].tolist() == ["1212", "1212"]
    assert "district_name_decides" in notes(checked(text.replace("1206", "1271"), inputs))


def test_a_slip_among_good_cells_is_still_a_defect(inputs: Inputs) -> None:
    text = "nama,komoditas,kategori,lat,lon\nA,Kopi,Unggulan,3.1,98.5\nB,Kopi,Unggul?,3.2,98.5\n"
    found = checked(text, inputs)
    assert [i.code for i in found.issues if i.severity == "rejected"] == ["unknown_category"]


def test_every_heading_is_plain_and_stands_for_a_known_column() -> None:
    rows = pd.read_csv(Path(SHIPPED_DATA) / "headings.csv", dtype="str")
    assert rows.notna().all(axis=None)
    assert set(rows["column"]) <= columns.KNOWN
    plain = [columns.plain(heading) for heading in rows["heading"]]
    assert plain == [heading.replace(" ", "_") for heading in rows["heading"]]
    assert len(set(plain)) == len(plain)
    assert not set(plain) & set(rows["column"])
