"""The commands ``ikmgeo register``: what they say, write and end with."""

import csv
import json
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

from ikmgeo import analysis, cli
from ikmgeo.analysis import Inputs
from ikmgeo.register.households import keep
from ikmgeo.register.store import Register
from ikmgeo.words.messages import Messages

VILLAGE = "1207022017"


def run(*arguments: object, language: str = "en") -> Result:
    words = ["register", *map(str, arguments)]
    return CliRunner().invoke(cli.program(Messages(language)), words)


@pytest.fixture(autouse=True)
def own_register(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, shipped: Inputs) -> None:
    monkeypatch.setattr(analysis, "gather", lambda *_: shipped)
    monkeypatch.setenv("IKMGEO_REGISTER", str(tmp_path / "register"))
    monkeypatch.chdir(tmp_path)


def units(name: str = "units.csv", *, count: int = 5, more: str = "", heads: str = "Orang") -> Path:
    rows = [f"=Usaha {n},Siti,Kopi,{VILLAGE},3" for n in range(count)]
    head = f"Nama Usaha,Pemilik,Komoditas,Kode Desa,{heads}"
    Path(name).write_text("\n".join([head, *rows, more]) + "\n")
    return Path(name)


@pytest.mark.parametrize(
    ("language", "told"),
    [
        (
            "en",
            "units.csv: units 5, rows that came back 1\nPlaced by: village 5.\n"
            "Columns with people's data, dropped: Pemilik (names of persons).\n"
            "Rows that came back, with their reasons: units.rejected.csv\n",
        ),
        (
            "id",
            "units.csv: unit usaha 5, baris yang dikembalikan 1\n"
            "Letak: 5 menurut desa/kelurahan.\n"
            "Kolom berisi data pribadi, dibuang: Pemilik (nama orang).\n"
            "Baris yang dikembalikan, dengan alasannya: units.ditolak.csv\n",
        ),
    ],
)
def test_add_tells_what_became_of_a_file_and_ends_with_1_where_rows_come_back(
    language: str, told: str
) -> None:
    done = run("add", units(more="Warung,Budi,,,"), language=language)
    assert (done.output, done.exit_code) == (told, 1)
    again = run("add", "units.csv", language=language)
    assert again.output.startswith("units.csv ")
    assert run("list", language=language).output.count("units.csv") == 1


def test_what_comes_back_holds_the_reason_and_nobody() -> None:
    run("add", units(more="Warung,Budi,,,"))
    text = Path("units.rejected.csv").read_text(encoding="utf-8-sig")
    assert text.splitlines()[1].startswith("7,neither KBLI code nor commodity is filled in.")
    assert "Budi" not in text
    assert "Siti" not in text


def test_a_heading_can_be_told_and_a_wrong_field_is_refused() -> None:
    assert json.loads(run("add", units(), "--json").output)["headings"].get("workers") is None
    done = run("add", "units.csv", "--map", "Orang=workers", "--json")
    assert json.loads(done.output)["headings"]["workers"] == "Orang"
    assert done.exit_code == 0
    assert run("add", "units.csv", "--map", "Orang=people").exit_code == 2
    assert "version 2: units 5" in run("list").output


def test_a_file_that_cannot_be_read_ends_with_2_and_the_others_are_taken_in() -> None:
    Path("bad.csv").write_bytes(b"%PDF-1.7")
    done = run("add", "bad.csv", units(), "--json")
    assert done.exit_code == 2
    refused, taken = map(json.loads, done.output.splitlines())
    assert "bad.csv" in refused["issues"][0]
    assert taken["units"] == 5


def test_candidates_are_told_and_written_with_their_source() -> None:
    run("add", units())
    done = run("candidates", "--out", "found.csv")
    assert done.exit_code == 0
    assert "1 candidate\n" in done.output
    assert "Coffee, Dagang Kelambir (Kec. Tanjung Morawa, Kabupaten Deli Serdang)" in done.output
    with Path("found.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["units"], row["status"], row["nearest_zone"]) == ("5", "new", "kim")
    assert row["source"].startswith("Register, version 1 (units.csv); PP 29/2018: at least 5")
    assert run("candidates", "--definition", "dak").exit_code == 1
    assert run("candidates", "--min", "6").exit_code == 1
    assert run("candidates", "--definition", "bps").exit_code == 2
    assert run("candidates", "--definition", "none").exit_code == 2


def test_what_a_spreadsheet_would_execute_is_disarmed_in_the_candidates() -> None:
    Path("u.csv").write_text("Komoditas,Kode Desa\n" + f"=1+1,{VILLAGE}\n" * 5)
    run("add", "u.csv")
    run("candidates", "--out", "found.csv")
    with Path("found.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["like_product"], row["product"]) == ("'=1+1", "'=1+1")


def test_a_fictional_register_says_so_wherever_it_is_told() -> None:
    run("sample", "s.csv", "--units", 2_000)
    for done in (run("add", "s.csv"), run("list"), run("candidates", "--out", "c.csv")):
        assert "These units are fictional" in done.output
    assert "These units are fictional" in Path("c.csv").read_text(encoding="utf-8-sig")


def test_a_file_is_taken_out_by_its_name() -> None:
    run("add", units())
    assert run("remove", "units.csv").output == "units.csv was taken out. Units left: 0.\n"
    assert run("remove", "units.csv").exit_code == 2
    assert run("candidates").exit_code == 1


def test_every_unit_is_measured_into_a_folder_that_tells_its_source() -> None:
    run("add", units())
    done = run("measure", "out")
    assert done.exit_code == 0
    told, source = done.output.splitlines()
    assert told == "out: 5 units measured."
    assert source.startswith("Register, version 1 (units.csv). Zones: ")
    assert [path.name for path in Path("out").iterdir()] == ["1207.parquet"]
    metadata = json.loads(pq.read_schema("out/1207.parquet").metadata[b"ikmgeo"])
    assert metadata["source"] == source
    assert run("measure", "out").exit_code == 2
    assert run("measure").exit_code == 0
    assert Path("register/measured/000001/1207.parquet").exists()


def test_measuring_without_units_or_a_scheduler_says_so() -> None:
    assert run("measure").exit_code == 1
    run("add", units())
    done = run("measure", "out", "--scheduler", "tcp//:")
    assert (done.exit_code, Path("out").exists()) == (2, False)
    assert done.output.startswith("tcp//:: no scheduler answers at this address.")


def test_measuring_that_is_stopped_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    run("add", units())

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("ikmgeo.register.measuring.measured", stop)
    done = run("measure", "out")
    assert (done.output, done.exit_code) == ("Stopped. Nothing was written.\n", 2)
    assert [path.name for path in Path().glob("*out*")] == []


SPOTS = [(3.54, 98.80), (3.541, 98.80), (3.54, 98.801), (3.541, 98.801), (3.5405, 98.8005)]
"""Corners of 0.001 degrees and their middle: 110.6 m by 111.1 m here, 0.0123 km²."""


def with_points() -> Path:
    """Five units at ``SPOTS``, of two villages; two without coordinates in one of these."""
    rows = [f"Kopi,{VILLAGE[:-1]}{7 + n % 2},{lat},{lon}" for n, (lat, lon) in enumerate(SPOTS)]
    rows += [f"Kopi,{VILLAGE},,"] * 2
    Path("p.csv").write_text("\n".join(["Komoditas,Kode Desa,lat,lon", *rows]) + "\n")
    return Path("p.csv")


def test_candidates_by_nearness_are_told_and_written_beside_those_by_village() -> None:
    run("add", with_points())
    done = run("candidates", "--near", "0.2", "--out", "found.csv")
    assert done.exit_code == 0
    assert "area 0.01 km²" in done.output
    assert "across 2 villages" in done.output
    assert "by nearness (DBSCAN): reach 0.2 km, 5 units of like product or more" in done.output
    with Path("found.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["units"], row["villages"], row["unsure_subdistrict"]) == ("5", "2", "")
    assert (row["found_by"], row["differs"]) == ("nearness", "crosses")
    assert row["shares_with"] == f"{VILLAGE}:coffee"
    assert float(row["area_km2"]) == pytest.approx(0.1106 * 0.1111, rel=0.01)
    assert not {"hull", "lies_in"} & {*row}
    assert run("candidates", "--near", "0.05").exit_code == 0  # the village alone, by law
    assert run("candidates", "--near", "0.2", "--min", "6").exit_code == 0
    for wrong in (["--near", "0"], ["--near", "51"], ["--near", "1", "--min", "1"]):
        assert run("candidates", *wrong).exit_code == 2


def test_a_register_without_coordinates_says_what_nearness_needs() -> None:
    run("add", units())
    assert "nearness needs them" in run("candidates", "--near", "1").output
    indonesian = run("candidates", "--near", "1", language="id").output
    assert "kedekatan memerlukannya" in indonesian
    assert "hanya menurut desa" in indonesian


def of_three_districts() -> None:
    """Coffee and tenun in Deli Serdang, Karo and Asahan; two of coffee in the last."""
    villages = {VILLAGE: (40, 60), "1206011009": (9, 91), "1209082001": (2, 98)}
    lines = ["Komoditas,Kode Desa,Nama Usaha"]
    for village, counts in villages.items():
        for commodity, count in zip(("Kopi", "Tenun"), counts, strict=True):
            lines += [f"{commodity},{village},{commodity} {n}" for n in range(count)]
    Path("u.csv").write_text("\n".join(lines) + "\n")
    assert run("add", "u.csv").exit_code == 0


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "Coffee is concentrated in Kabupaten Deli Serdang (LQ 2.35; 1.94–2.66): its share"),
        ("id", "Kopi terpusat di Kabupaten Deli Serdang (LQ 2,35; 1,94–2,66): pangsanya"),
    ],
)
def test_specialisation_is_told_in_one_sentence(language: str, told: str) -> None:
    of_three_districts()
    done = run("specialisation", "--commodity", "coffee", language=language)
    assert done.exit_code == 0
    assert done.output.startswith(told)


def test_the_table_of_specialisation_hides_small_counts_and_what_tells_them() -> None:
    of_three_districts()
    assert run("specialisation", "--commodity", "coffee", "--out", "lq.csv").exit_code == 0
    with Path("lq.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {row["area_code"]: row for row in csv.DictReader(file)}
    assert (rows["1207"]["units"], rows["1207"]["area_units"]) == ("40", "100")
    assert float(rows["1207"]["location_quotient"]) == pytest.approx(0.4 / (51 / 300), abs=1e-3)
    hidden = [rows["1206"], rows["1209"]]  # the total of coffee less 40 is 11, no more
    assert {row["verdict"] for row in hidden} == {"hidden"}
    columns = ("units", "share", "location_quotient", "low", "high", "cluster")
    assert {row[column] for row in hidden for column in columns} == {""}
    assert rows["1207"]["source"].startswith("Register, version 1 (u.csv); units; all years.")


def test_specialisation_of_what_is_not_there_says_what_is() -> None:
    Path("u.csv").write_text("Komoditas,Kode Desa\n" + f"=1+1,{VILLAGE}\n" * 5)
    run("add", "u.csv")
    done = run("specialisation", "--commodity", "coffee")
    assert done.exit_code == 2
    assert "it has: =1+1" in done.output
    assert run("specialisation", "--commodity", "=1+1", "--out", "lq.csv").exit_code == 0
    with Path("lq.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["commodity"] == "'=1+1"
    for level in ("district", "subdistrict"):
        asked = "specialisation", "--commodity", "=1+1", "--level", level, "--count", "workers"
        assert run(*asked).exit_code == 0


def test_households_that_the_register_has_need_not_be_named() -> None:
    run("add", units())
    assert run("candidates", "--definition", "bps").exit_code == 2
    keep(Register(Path("register")), "kk.csv", pd.Series({VILLAGE: 10}))
    done = run("candidates", "--definition", "bps")
    assert "Households: kk.csv." in done.output
    assert done.exit_code == 0
