"""The register: what is taken in, what comes back, what stays out, what a killed import leaves."""

import csv
import os
import shutil
import signal
from collections.abc import Callable
from functools import partial
from pathlib import Path
from random import Random
from time import monotonic, sleep
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import xlsxwriter

from ikmgeo.analysis import Inputs
from ikmgeo.errors import DataError
from ikmgeo.reading import text_files
from ikmgeo.register.personal import kind_of, masked, personal_columns
from ikmgeo.register.store import Register, Version
from ikmgeo.register.taking_in import Step, Taken, take_in
from ikmgeo.settings import Settings

HEAD = (
    "Nama Usaha,Nama Pemilik,NIK,No. HP,KBLI 2020,Kecamatan,Desa,Kabupaten,Tenaga Kerja,Modal,Tahun"
)
HERE = "Tanjung Morawa,Dagang Kelambir,Deli Serdang"
VILLAGE = "1207022017"
"""Kemendagri code of Dagang Kelambir in villages.csv."""

NIK = "1207011203850001"
"""Made up: Deli Serdang, 12 March 1985."""


def row(name: str, **cells: str) -> str:
    told = {"kbli": "10794", "place": HERE, "workers": "3", "capital": "1500000", "year": "2023"}
    told |= cells
    owner = f"Siti {name},{NIK},081234567890"
    rest = ("kbli", "place", "workers", "capital", "year")
    return ",".join([name, owner, *(told[column] for column in rest)])


Take = Callable[..., Taken]


@pytest.fixture
def register(tmp_path: Path) -> Register:
    return Register(tmp_path / "register")


@pytest.fixture
def take(tmp_path: Path, shipped: Inputs, register: Register) -> Take:
    """Write a file of these lines and take it in."""

    def run(*lines: str, name: str = "units.csv", **how: Any) -> Taken:
        path = tmp_path / name
        if lines:
            path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        given: dict[str, Any] = {
            "remark": lambda issue: issue.code,
            "rejected": tmp_path / "back.csv",
        } | how
        return take_in(path, shipped, register, **given)

    return run


def units(register: Register) -> pd.DataFrame:
    with register.connect(register.version()) as connection:
        return connection.execute("SELECT * EXCLUDE geometry FROM units ORDER BY file_row").df()


def back(tmp_path: Path) -> list[dict[str, str]]:
    with (tmp_path / "back.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_a_row_becomes_a_unit_with_all_that_it_says(take: Take, register: Register) -> None:
    assert take(HEAD, row("Keripik Ani", capital='"1.500.000"')).entry.units == 1
    (unit,) = units(register).to_dict("records")
    assert unit["name"] == "Keripik Ani"
    assert (unit["kbli"], unit["kbli_edition"], unit["commodity"]) == ("10794", "2020", "cassava")
    assert (unit["workers"], unit["investment"], unit["year"]) == (3, 1_500_000, 2023)
    assert (unit["village_code"], unit["district_code"]) == (VILLAGE, "1207")
    assert unit["subdistrict_code"] == VILLAGE[:6]
    assert (unit["placed_by"], unit["file_row"]) == ("village", 2)


FAULTS = {
    "unit_number": row("Buruk 1", workers="tiga"),
    "unit_year": row("Buruk 2", year="kemarin"),
    "unit_name_missing": row("").replace("Siti ", "Siti B"),
    "unit_product_missing": row("Buruk 4", kbli=""),
    "kbli_unread": row("Buruk 5", kbli="107"),
    "unknown_district": row("Buruk 6", place=",,Kota Atlantis"),
    "place_missing": row("Buruk 7", place=",,"),
    "ragged_row": row("Buruk, 8"),
    "quotes_broken": row('"Buruk 9'),
}


def test_each_fault_brings_its_row_back_and_no_other(
    take: Take, register: Register, tmp_path: Path
) -> None:
    good = [row(f"Usaha {n}") for n in range(2_000)]
    lines = list(good)
    for n, fault in enumerate(FAULTS.values()):
        lines.insert(200 * n + 7, fault)
    entry = take(HEAD, *lines, good[0]).entry
    assert entry.units == len(good) == len(units(register))
    assert set(units(register)["name"]) == {f"Usaha {n}" for n in range(2_000)}
    assert entry.reasons == dict.fromkeys([*FAULTS, "unit_repeated"], 1)
    told = {int(one["row"]): one["issues"] for one in back(tmp_path)}
    wanted = {200 * n + 9: code for n, code in enumerate(FAULTS)}  # the header is row 1
    assert told == wanted | {len(lines) + 2: "unit_repeated"}
    assert [*told] == sorted(told)


def test_people_are_neither_in_the_register_nor_in_what_comes_back(
    take: Take, register: Register, tmp_path: Path
) -> None:
    lines = [row(f"Keripik {n} 0812-3456-78{n:02}") for n in range(20)]
    taken = take(HEAD, *lines, *FAULTS.values())
    assert taken.entry.personal == {
        "Nama Pemilik": "person",
        "NIK": "identity",
        "No. HP": "telephone",
    }
    assert taken.entry.masked == 20
    kept = b"".join(path.read_bytes() for path in register.folder.rglob("*") if path.is_file())
    read = units(register).to_csv().encode() + (tmp_path / "back.csv").read_bytes()
    for personal in (b"Siti", NIK.encode(), b"081234567890", b"3456-78"):
        assert personal not in read + kept + repr(taken).encode()


def test_people_are_kept_where_the_installation_says_so_and_still_never_come_back(
    take: Take, register: Register, tmp_path: Path
) -> None:
    take(HEAD, row("Keripik"), *FAULTS.values(), keep_personal=True)
    assert "Siti Keripik" in units(register)["personal"][0]
    assert "Siti" not in (tmp_path / "back.csv").read_text()
    assert Settings.from_environment({}).keep_personal is False
    assert Settings.from_environment({"IKMGEO_KEEP_PERSONAL": "yes"}).keep_personal


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("No. HP", "telephone"),
        ("nohp", "telephone"),
        ("NomorHP", "telephone"),
        ("nomorhp", "telephone"),
        ("Telp/WA", "telephone"),
        ("Kontak", "contact"),
        ("Pengelola", "person"),
        ("NamaPemilik", "person"),
        ("3. Nama Ketua Kelompok", "person"),
        ("Contact Person", "person"),
        ("No KTP", "identity"),
        ("E-mail usaha", "email"),
        ("Nama Usaha", ""),
        ("Jumlah Pengrajin", ""),
        ("Jumlah KK", ""),
        ("Jenis Pelaku Usaha", ""),
        ("Jenis Kelamin", "birth"),
        ("Status Kepemilikan", ""),
        ("Simpanan", ""),
        ("Tenaga Kerja", ""),
    ],
)
def test_headings_of_people(heading: str, kind: str) -> None:
    assert kind_of(heading) == kind


@pytest.mark.parametrize(
    "value",
    [
        NIK,
        f"'{NIK}",
        f"{NIK}.0",
        "1.207011203850001e15",
        "1,20701E+15",
        "1207015203850001",  # a woman: 40 is added to the day
        "12 07 01 120385 0001",
        "01.234.567.8-912.345",
        "012345678912345",
        "12.07.01.120385.0001",
        "0812-3456-7890",
        "0812\u00a03456\u00a07890",
        "0812–3456–7890",
        "1E+15",
        "+62 812 3456 7890",
        "(061) 4567890",
        "siti@mail.co.id",
    ],
)
def test_values_of_people(value: str) -> None:
    assert masked(value).lstrip("'") == "[…]"
    assert masked(f"Keripik {value.lstrip(chr(39))}, Medan") == "Keripik […], Medan"


@pytest.mark.parametrize(
    "value",
    [
        "9907011203850001",  # no province 99
        "1207019903850001",  # no day 99
        "12.07.02.2017",
        "1207022017",
        "1.500.000.000",
        "3.5867, 98.6756",
        "98.79738912345678",
        "98.7973891234567",
        "0.8123456789",
        "0.812345678901234",
        "Jl. Gatot Subroto No. 123",
        "62",
        "a @ b",
    ],
)
def test_what_is_no_value_of_people(value: str) -> None:
    assert masked(value) == value


def columns(**cells: list[str]) -> dict[str, str]:
    headings = [name.replace("_", " ") for name in cells]
    table = pd.DataFrame({n: pd.Series(c, dtype="str") for n, c in enumerate(cells.values())})
    return personal_columns(headings, table)


def test_a_bare_name_is_a_persons_beside_that_of_a_firm_or_beside_people() -> None:
    people, firms = ["Siti Aminah", "Budi"], ["UD Maju", "Keripik Siti"]
    assert columns(Nama=people, Nama_Usaha=firms) == {"Nama": "person"}
    assert columns(Nama=people, NIK=[NIK, NIK]) == {"NIK": "identity", "Nama": "person"}
    assert columns(Nama=firms, Telepon=["1", "2"]) == {"Telepon": "telephone"}
    assert columns(Nama=people, Kecamatan=["Barus", "Barus"]) == {}


def test_columns_of_people_are_known_by_their_values_alone() -> None:
    found = columns(A=[NIK, NIK], B=["3", "4"], C=["81234567890", "081234567891"])
    assert found == {"A": "values", "C": "values"}
    assert columns(Alamat=["Jl. A, siti@mail.id", "Jl. B", "Jl. C"]) == {}
    assert columns(Pengrajin=["12", "4"]) == {}


def test_coordinates_of_many_decimals_are_nobodys() -> None:
    degrees = {"Lintang": ["0.812345678901234"], "Bujur": ["98.7973891234567"]}
    assert columns(**degrees) == {}


def test_a_telephone_number_is_seen_behind_letters_and_in_a_link() -> None:
    assert masked("Kopi HP081234567890") == "Kopi HP[…]"
    assert masked("wa.me/6281234567890") == "wa.me/[…]"


def test_a_heading_that_is_there_twice_is_dropped_twice(take: Take, tmp_path: Path) -> None:
    take("Nama Usaha,No HP,No HP,Komoditas,Kabupaten", "Kripik,Siti,Budi,Kopi,Atlantis")
    assert list(back(tmp_path)[0]) == ["row", "issues", "Nama Usaha", "Komoditas", "Kabupaten"]


def test_what_a_spreadsheet_would_execute_comes_back_disarmed(take: Take, tmp_path: Path) -> None:
    take(HEAD, row("=1+1", workers="x"))
    assert back(tmp_path)[0]["Nama Usaha"] == "'=1+1"


def test_the_same_file_again_changes_nothing(take: Take, register: Register) -> None:
    take(HEAD, row("A"), row("B"))
    before = {path: path.read_bytes() for path in register.folder.rglob("*") if path.is_file()}
    again = take()
    assert again.known
    assert again.entry == register.version().entries[0]
    after = {path: path.read_bytes() for path in register.folder.rglob("*") if path.is_file()}
    assert before == after


def test_the_same_file_read_in_another_way_takes_its_own_place(
    take: Take, register: Register
) -> None:
    head = HEAD.replace("Tenaga Kerja", "Orang")
    take(head, row("A"))
    assert units(register)["workers"].isna().all()
    take(asked={"Orang": "workers"})
    assert units(register)["workers"].tolist() == [3]
    assert register.version().units == 1


def test_versions_stay_until_a_file_is_taken_out(take: Take, register: Register) -> None:
    take(HEAD, row("A"), name="a.csv")
    take(HEAD, row("B"), row("C"), name="b.csv")
    assert [register.version(n).units for n in register.numbers()] == [1, 3]
    with register.changing():
        register.remove("b.csv")
    assert units(register)["name"].tolist() == ["A"]
    assert [register.version(n).units for n in register.numbers()] == [1, 1]
    assert len(list((register.folder / "parts").iterdir())) == 1
    with pytest.raises(DataError, match="register_no_version"):
        register.version(2)


def test_an_empty_register_has_no_units(register: Register) -> None:
    assert register.version() == Version()
    assert units(register).empty


def test_the_store_is_geoparquet_by_district(take: Take, register: Register) -> None:
    take(HEAD, row("A"), row("B", place="Barus,Padang Masiang,Tapanuli Tengah"))
    files = sorted((register.folder / "parts").rglob("*.parquet"))
    assert [file.parent.name for file in files] == ["district_code=1201", "district_code=1207"]
    (there,) = gpd.read_parquet(files[0]).itertuples()
    assert (there.geometry.x, there.geometry.y) == (98.403509, 2.019115)  # as in villages.csv


def test_a_workbook_is_taken_in_too(take: Take, tmp_path: Path, register: Register) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "units.xlsx")) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Nama Usaha", "NIK", "Komoditas", "Kode Desa", "Tenaga Kerja"])
        sheet.write_row(1, 0, ["Madu Hutan", float(NIK), "Madu", int(VILLAGE), 4])
    taken = take(name="units.xlsx")
    assert taken.entry.personal == {"NIK": "identity"}
    assert units(register)[["commodity", "village_code", "workers"]].to_numpy().tolist() == [
        ["honey", VILLAGE, 4]
    ]


def test_bps_codes_are_told_from_those_of_kemendagri_in_all_pieces(
    take: Take, register: Register, shipped: Inputs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(text_files, "PIECE_ROWS", 50)
    whole = shipped.bps_codes[shipped.bps_codes["area_code"].str.len() == 10]
    both = whole.index.isin(shipped.villages.index)  # to Kemendagri such a code is another village
    known = pd.concat([whole[~both].head(50), whole[both].head(50)])
    lines = [f"U{n},Kopi,{code}" for n, code in enumerate(known.index)]
    take("Nama Usaha,Komoditas,Kode Desa", *lines)
    assert units(register)["village_code"].tolist() == known["area_code"].tolist()


@pytest.mark.parametrize(
    ("head", "code"),
    [
        ("Nama Usaha,Kabupaten", "register_no_product"),
        ("Nama Usaha,Komoditas", "register_no_place"),
    ],
)
def test_a_file_without_product_or_place_is_refused_whole(
    take: Take, register: Register, head: str, code: str
) -> None:
    with pytest.raises(DataError, match=code):
        take(head, "A,Karo")
    assert register.version() == Version()


def test_a_piece_without_a_sound_row_ends_nothing(
    take: Take, register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(text_files, "PIECE_ROWS", 3)
    broken = [row(f'"Buruk {n}') for n in range(3)]
    entry = take(HEAD, row("A"), row("B"), *broken, row("C"), " , ,", " , ,", " , ,").entry
    assert (entry.units, entry.reasons) == (3, {"quotes_broken": 3})


def test_a_sheet_that_is_called_as_its_district_places_its_rows(
    take: Take, tmp_path: Path, register: Register
) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "units.xlsx")) as book:
        for name in ("Karo", "Dairi"):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, ["Nama Usaha", "Komoditas"])
            sheet.write_row(1, 0, [f"Kopi {name}", "Kopi"])
    assert take(name="units.xlsx").entry.districts == {"1206": 1, "1211": 1}


class StoppedError(Exception):
    """Somebody pressed the key."""


def stop_at(wanted: int, end: Callable[[], None]) -> Callable[[Step], None]:
    steps = iter(range(1_000))
    return lambda step: end() if next(steps) == wanted else None


def test_what_was_stopped_goes_on_where_it_was(
    take: Take, register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(text_files, "PIECE_ROWS", 10)
    lines = [HEAD, *(row(f"U{n}") for n in range(45)), row("U3"), row("Buruk", workers="x")]

    def stop() -> None:
        raise StoppedError

    with pytest.raises(StoppedError):
        take(*lines, progress=stop_at(2, stop))
    assert register.version() == Version()
    staged = {p: p.stat().st_mtime_ns for p in (register.folder / "staging").rglob("*.parquet")}
    assert len(staged) == 3
    seen: list[bool] = []

    def look(step: Step) -> None:
        seen.append(all(p.stat().st_mtime_ns == at for p, at in staged.items() if p.exists()))

    entry = take(progress=look).entry
    assert all(seen)
    assert (entry.units, entry.reasons) == (45, {"unit_repeated": 1, "unit_number": 1})
    assert units(register)["name"].nunique() == 45


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a system that can fork")
@pytest.mark.parametrize("moment", [1, 4, 6, 7])
def test_kill_9_leaves_the_register_as_before_or_as_after(
    take: Take, register: Register, monkeypatch: pytest.MonkeyPatch, moment: int
) -> None:
    monkeypatch.setattr(text_files, "PIECE_ROWS", 10)
    take(HEAD, row("Lama"), name="old.csv")
    lines = [HEAD, *(row(f"U{n}") for n in range(38))]
    child = os.fork()
    if child == 0:
        try:
            die = partial(os.kill, os.getpid(), signal.SIGKILL)
            if moment == 7:  # between the units and the manifest
                monkeypatch.setattr(Register, "_write", lambda *_: die())
            take(*lines, progress=stop_at(moment, die))
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL
    before, after = {"Lama"}, {"Lama", *(f"U{n}" for n in range(38))}
    done = moment == 6
    with register.changing():
        assert len(list((register.folder / "parts").iterdir())) == 1 + done
    assert set(units(register)["name"]) == (after if done else before)
    assert take().known is done
    assert set(units(register)["name"]) == after
    assert len(list((register.folder / "parts").iterdir())) == 2


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a system that can fork")
def test_kill_9_at_ten_random_moments_leaves_nothing_between(
    take: Take, register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(text_files, "PIECE_ROWS", 10)
    lines = [HEAD, *(row(f"U{n}") for n in range(60))]
    began = monotonic()
    take(*lines)
    lasted = monotonic() - began
    register.remove("units.csv")
    take(HEAD, row("Lama"), name="old.csv")
    before, after = {"Lama"}, {"Lama", *(f"U{n}" for n in range(60))}
    random, ends = Random(13), set()
    for _ in range(10):
        child = os.fork()
        if child == 0:
            try:
                take(*lines)
            finally:
                os._exit(0)
        sleep(random.uniform(0, 1.2 * lasted))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        names = set(units(register)["name"])
        assert names in (before, after)
        ends.add(len(names))
        if names == after:
            register.remove("units.csv")
        shutil.rmtree(register.folder / "staging", ignore_errors=True)  # each begins anew
    assert len(before) in ends
    take(*lines)
    assert set(units(register)["name"]) == after


def test_nobody_changes_a_register_that_is_being_changed(
    take: Take, register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ikmgeo.register.store.BUSY_S", 0.01)
    with register.changing(), pytest.raises(DataError, match="register_busy"):
        take(HEAD, row("A"))
