"""The command ``ikmgeo``: what it says, what it writes and with which code it ends."""

import csv
import json
import runpy
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import click
import geopandas as gpd
import pytest
from click.testing import CliRunner, Result
from shapely import Point

import ikmgeo
from ikmgeo import analysis, cli, handout, tables
from ikmgeo.advice import Plan
from ikmgeo.analysis import Inputs
from ikmgeo.handout import Handout
from ikmgeo.handouts import atlas
from ikmgeo.reading.base import BaseMap
from ikmgeo.records import base_layers
from ikmgeo.records.assessments import Assessment
from ikmgeo.records.base_layers import BaseLayer
from ikmgeo.records.store import Store
from ikmgeo.settings import SHIPPED_DATA
from ikmgeo.words.messages import Messages
from tests.rated import ASPECTS

BOTH = pytest.mark.parametrize("language", ["id", "en"])


def run(*arguments: object, language: str = "en") -> Result:
    return CliRunner().invoke(cli.program(Messages(language)), [str(a) for a in arguments])


@pytest.fixture(autouse=True)
def read_once(monkeypatch: pytest.MonkeyPatch, shipped: Inputs) -> None:
    """Each command would read the shipped data anew."""
    monkeypatch.setattr(analysis, "gather", lambda *_: shipped)


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """Two centers, of which the second has a score that is none."""
    file = tmp_path / "own.csv"
    file.write_text(
        "center_id,name_id,commodity,district_code,lat,lon,position_precision,score_total\n"
        "a,Sentra A,Kopi,Kabupaten Toba,2.33,99.06,desa,45.5\n"
        "b,Sentra B,Kopi,Kabupaten Toba,2.33,99.06,desa,170\n"
    )
    return file


def test_a_file_whose_rows_are_all_good_ends_with_0() -> None:
    done = run("check", SHIPPED_DATA / "centers.csv", SHIPPED_DATA / "illustrative.csv")
    assert [line for line in done.output.splitlines() if "[note only]" not in line] == [
        "centers.csv: good rows 13, rejected 0",
        "Placed by: coordinates 13.",
        "illustrative.csv: good rows 6, rejected 0",
        "Placed by: coordinates 6.",
    ]
    assert "row 12" in done.output  # Paya Roba lies across the simplified border
    assert done.exit_code == 0


@pytest.mark.parametrize(
    ("language", "told"),
    [
        (
            "id",
            "own.csv baris 3: score_total bernilai 170; seharusnya 0 sampai 100. Perbaiki sel itu "
            "atau kosongkan. [baris ditolak]\nown.csv: baris baik 1, ditolak 1\n"
            "Letak: 2 dari koordinat.\n",
        ),
        (
            "en",
            "own.csv row 3: score_total is 170; expected 0 to 100. Correct the cell or leave it "
            "empty. [row rejected]\nown.csv: good rows 1, rejected 1\nPlaced by: coordinates 2.\n",
        ),
    ],
)
def test_a_rejected_row_is_told_with_its_remedy_and_ends_with_1(
    own: Path, language: str, told: str
) -> None:
    done = run("check", own, language=language)
    assert (done.output, done.exit_code) == (told, 1)


def test_one_bad_file_does_not_keep_the_others_from_being_checked(
    tmp_path: Path, own: Path
) -> None:
    paper = tmp_path / "paper.csv"
    paper.write_bytes(b"%PDF-1.7\n")
    empty = tmp_path / "empty.csv"
    empty.write_text(own.read_text().splitlines()[0] + "\n")
    done = run("check", paper, empty, SHIPPED_DATA / "centers.csv")
    assert "paper.csv cannot be used" in done.output
    assert "empty.csv: good rows 0" in done.output or "empty.csv cannot be used" in done.output
    assert "\ncenters.csv: good rows 13, rejected 0\n" in done.output
    assert done.exit_code == 2


def test_check_tells_programs_what_it_tells_people(own: Path, tmp_path: Path) -> None:
    """The names are a contract: issue 11 lists them."""
    paper = tmp_path / "paper.csv"
    paper.write_bytes(b"%PDF-1.7\n")
    done = run("check", "--json", own, paper)
    read, refused = map(json.loads, done.output.splitlines())
    assert {key: read[key] for key in ("file", "format", "rows", "good", "rejected")} == {
        **{"file": "own.csv", "format": "csv", "rows": 2, "good": 1, "rejected": 1}
    }
    assert read["layers"] == [{"name": "", "rows": 2, "read": True, "hidden": False}]
    assert read["columns"]["name_id"] == "name_id"
    assert read["placed"] == {"point": 2, "village": 0, "subdistrict": 0, "district": 0, "none": 0}
    assert read["centers"] == [
        {
            **{"id": "a", "name": "Sentra A", "commodity": "coffee", "district_code": "1212"},
            **{"lat": 2.33, "lon": 99.06, "position_precision": "village"},
        }
    ]
    assert read["issues"][0] == {
        **{"code": "score_out_of_range", "file": "own.csv", "row": 3, "column": "score_total"},
        **{"value": "170", "severity": "rejected"},
        "message": "score_total is 170; expected 0 to 100.",
        "remedy": "Correct the cell or leave it empty.",
    }
    assert (refused["file"], refused["format"], refused["good"]) == ("paper.csv", None, 0)
    assert refused["issues"][0]["code"] == "not_a_table"
    assert done.exit_code == 2


@pytest.mark.parametrize(
    "arguments",
    [
        ["check"],
        ["check", "/nowhere.csv"],
        ["export", "doc"],
        ["serve", "--port", "0"],
        ["version", "--lang", "de"],
        ["draw"],
    ],
)
def test_a_command_that_is_none_ends_with_2(arguments: list[str]) -> None:
    assert run(*arguments).exit_code == 2


@BOTH
@pytest.mark.parametrize("name", ["serve", "check", "atlas", "export", "version"])
def test_the_help_of_every_command_tells_the_exit_codes_in_the_language(
    name: str, language: str
) -> None:
    say, done = Messages(language), run(name, "--help", language=language)
    told = " ".join(done.output.split())
    assert say(f"cli.{name}") in told
    assert say("cli.codes") in told
    assert "--lang [id|en]" in told
    assert done.exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "Tampilkan versi."),
        (["--lang", "en"], "Print the version."),
        (["--lang=en"], "Print the version."),
    ],
)
def test_the_help_comes_in_the_language_that_is_asked_for(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    told: str,
) -> None:
    monkeypatch.setattr(sys, "argv", ["ikmgeo", "version", *arguments, "--help"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 0
    assert told in capsys.readouterr().out


def test_the_version_is_the_package_s() -> None:
    assert run("version").output == f"{ikmgeo.__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "host", "port"),
    [
        ([], "127.0.0.1", "8501"),
        (["--host", "192.168.1.7", "--port", "8600"], "192.168.1.7", "8600"),
    ],
)
def test_the_app_is_served_to_this_computer_only_unless_asked(
    monkeypatch: pytest.MonkeyPatch, arguments: list[str], host: str, port: str
) -> None:
    started = []
    monkeypatch.setattr(sys, "argv", ["ikmgeo"])
    monkeypatch.setattr(runpy, "run_module", lambda name, **_: started.append((name, sys.argv)))
    done = run("serve", *arguments)
    (line, *_) = done.output.splitlines()
    assert (line, done.exit_code) == (f"ikmgeo: http://{host}:{port}", 0)
    ((name, argv),) = started
    assert name == "streamlit"
    assert Path(argv[2]).name == "app.py"
    assert Path(argv[2]).exists()
    assert argv[3:] == ["--server.address", host, "--server.port", port]


def test_the_data_are_exported_as_the_files_have_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = run("export", "csv")
    (file,) = tmp_path.iterdir()
    assert (done.output, done.exit_code) == (f"{file.name}\n", 0)
    assert file.name.startswith("ikmgeo-data-20")
    assert file.suffix == ".csv"
    with file.open(encoding="utf-8-sig", newline="") as rows:
        found = {row["Center id"]: row["Center"] for row in csv.DictReader(rows)}
    with (SHIPPED_DATA / "centers.csv").open(encoding="utf-8", newline="") as rows:
        shipped = {row["center_id"]: row["name_en"] for row in csv.DictReader(rows)}
    assert found == shipped


@pytest.fixture(scope="module")
def opened(shipped: Inputs) -> Handout:
    say = Messages.of("id", shipped)
    return handout.as_opened(say, shipped, [], taken_on=date(2026, 11, 29))


def test_what_the_opened_app_shows_has_every_center_with_advice_and_intervals(
    opened: Handout,
) -> None:
    assert len(opened.shown) == 13
    assert dict(opened.view.composition.weights) == pytest.approx(dict.fromkeys(ASPECTS, 100 / 6))
    assert all(len(opened.actions(row)) for _, row in opened.shown.iterrows())
    assert opened.linked.low.notna().any(axis=None)
    assert opened.studied == set(opened.inputs.centers["district_code"])


def test_what_is_assessed_counts_in_aspects_advice_and_plan(shipped: Inputs) -> None:
    scores = dict.fromkeys(ASPECTS, 40.0)
    recorded = Assessment(
        center_id="karo-coffee", author="Dinas", assessed_on=date(2026, 11, 1), scores=scores
    )
    one = replace(shipped, centers=shipped.centers.loc[["karo-coffee"]])
    shown = handout.as_opened(Messages("en"), one, [recorded], taken_on=date(2026, 11, 29))
    assert shown.aspects.loc["karo-coffee"].to_dict() == scores
    assert shown.standings["karo-coffee"].scored == recorded
    first = shown.actions(tables.row(shown.centers, "karo-coffee"))[-1].action.action_id
    planned = replace(recorded, actions=Plan().pin(first).to_dict())
    shown = handout.as_opened(Messages("en"), one, [planned], taken_on=date(2026, 11, 29))
    assert shown.actions(tables.row(shown.centers, "karo-coffee"))[0].action.action_id == first


def test_the_atlas_is_written_where_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, opened: Handout
) -> None:
    monkeypatch.setattr(handout, "as_opened", lambda *_, **__: opened)
    monkeypatch.setattr(atlas, "atlas_pdf", lambda *_, **__: b"%PDF")
    done = run("atlas", "--output", tmp_path / "a.pdf")
    assert (done.output, done.exit_code) == (f"{tmp_path / 'a.pdf'}\n", 0)
    assert (tmp_path / "a.pdf").read_bytes() == b"%PDF"
    there = tmp_path / "nowhere" / "a.pdf"
    done = run("atlas", "--output", there)
    assert done.output == f"Error: {there} cannot be written: No such file or directory\n"
    assert done.exit_code == 1


def test_data_that_are_not_whole_are_told_and_end_with_1(
    data_copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, opened: Handout
) -> None:
    (data_copy / "zones.csv").unlink()
    monkeypatch.undo()
    monkeypatch.setenv("IKMGEO_DATA", str(data_copy))
    monkeypatch.setattr(handout, "as_opened", lambda *_, **__: opened)
    done = run("export", "geojson", "--output", tmp_path / "a.geojson")
    assert (tmp_path / "a.geojson").is_file()
    assert "zones.csv" in done.stderr
    assert done.exit_code == 1


def test_every_format_of_the_page_can_be_exported() -> None:
    export = cli.program(Messages("id")).commands["export"]
    assert isinstance(export.params[0].type, click.Choice)
    assert set(export.params[0].type.choices) == {
        *("pdf", "html", "png", "svg"),
        *("xlsx", "csv", "gpkg", "geojson", "parquet"),
    }


@pytest.fixture
def kept_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    address = f"sqlite:///{tmp_path}/kept.sqlite"
    monkeypatch.setenv("IKMGEO_DATABASE_URL", address)
    return address


@BOTH
def test_a_layer_of_the_base_map_is_read_and_kept_for_everyone(
    tmp_path: Path, kept_at: str, shipped: Inputs, language: str
) -> None:
    zone = shipped.zones.loc["kim"]
    around = Point(float(str(zone["lon"])), float(str(zone["lat"]))).buffer(0.02)
    file = tmp_path / "kim.geojson"
    gpd.GeoDataFrame({"NAMA": ["KIM"]}, geometry=[around], crs=4326).to_file(file)
    done = run("base", "zones", file, "--source", "BIG 2024", "--by", "Ani", language=language)
    assert done.exit_code == 0
    assert "kim.geojson" in done.output
    layer = base_layers.latest(Store.open(kept_at))["zones"]
    assert (layer.found, layer.total, layer.attribution) == (1, 3, "BIG 2024")
    assert layer.saved_by == "Ani"


def test_what_is_no_layer_is_refused_with_2_and_keeps_nothing(own: Path, kept_at: str) -> None:
    done = run("base", "villages", own, "--source", "x", "--by", "Ani")
    assert done.exit_code == 2
    assert "own.csv" in done.output
    assert base_layers.latest(Store.open(kept_at)) == {}


def test_commands_take_the_base_map_of_the_installation(
    kept_at: str, shipped: Inputs, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[BaseMap] = []

    def gather(_: object, base: BaseMap) -> Inputs:
        given.append(base)
        return shipped

    monkeypatch.setattr(analysis, "gather", gather)
    kim = Point(98.69, 3.67).buffer(0.02)
    table = gpd.GeoDataFrame(geometry=[kim], index=["kim"], crs=4326)
    layer = BaseLayer(kind="zones", file_name="f", attribution="BIG 2024", saved_by="Ani")
    base_layers.save(Store.open(kept_at), {layer: {"zones": table}})
    run("check", SHIPPED_DATA / "centers.csv")
    assert [base.origins["zones"].told for base in given] == ["f · BIG 2024"]
