"""The register page: what it shows of a register, what filters leave, what is found in it."""

import csv
import io
from collections.abc import Callable
from functools import partial
from html import escape
from pathlib import Path

import pytest
import streamlit as st

from ikmgeo.analysis import Inputs
from ikmgeo.register.nearness import identified
from ikmgeo.register.store import Register
from ikmgeo.register.taking_in import take_in
from ikmgeo.symbols import QUOTIENTS
from tests.pages import screen
from tests.pages.screen import SAY, address, html, read, sound
from tests.registered import (
    CASSAVAS,
    COFFEES,
    ELSEWHERE,
    HOSTILE,
    NEAR,
    OTHER,
    UNITS,
    VILLAGE,
    registered,
    with_points,
)

run = partial(screen.run, "register")
SAY_ID = SAY["id"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, shipped: Inputs) -> Path:
    return registered(tmp_path_factory.mktemp("register"), shipped).folder


@pytest.fixture
def register(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IKMGEO_REGISTER", str(folder))


@pytest.mark.parametrize("language", SAY)
def test_without_a_register_the_page_says_how_to_come_by_one(
    language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IKMGEO_REGISTER", str(tmp_path / "none"))
    app = run(lang=language)
    assert SAY[language]("units.empty") in read(app)
    assert app.code[0].value == "ikmgeo register sample contoh.csv"
    assert app.get("component_instance") == []
    screen.press(app, "units.bring", language)
    assert address(app)["section"] == "files"
    assert app.file_uploader[0].label == SAY[language]("units.bring_label")


@pytest.mark.usefixtures("register")
@pytest.mark.parametrize(
    ("params", "left"),
    [
        ({}, UNITS),
        ({"unit_commodity": "cassava"}, CASSAVAS + ELSEWHERE),
        ({"kbli": "10761"}, COFFEES + 1),
        ({"workers": "10"}, 3),
        ({"unit_q": "ubi lain"}, ELSEWHERE),
        ({"unit_in": "1218"}, 0),
        ({"since": "2023"}, COFFEES // 2),
    ],
)
def test_an_address_opens_the_units_it_names(params: dict[str, str], left: int) -> None:
    app = run(lang="id", **params)
    assert f"{left} dari {UNITS} unit ditampilkan" in read(app)
    assert {name: address(app).get(name) for name in params} == params


@pytest.mark.usefixtures("register")
def test_the_map_gets_a_key_and_no_unit() -> None:
    """Names stay on the server until somebody presses on their place."""
    app = run(lang="id")
    (component,) = app.get("component_instance")
    assert "ikmgeo.units(" in component.proto.json_args
    assert "Kopi 1" not in component.proto.json_args
    assert "Kopi 1" not in html(app)


@pytest.mark.usefixtures("register")
def test_centers_are_found_by_each_definition() -> None:
    """PP 29/2018 asks for five: coffee of the one village, cassava of the other; DAK for ten."""
    app = run(lang="id")
    (table,) = app.dataframe
    assert table.value["units"].tolist() == [COFFEES, ELSEWHERE]
    (definition,) = [box for box in app.selectbox if box.label == SAY_ID("units.definition")]
    assert len(definition.options) == 2  # a register does not tell the households of a village
    sound(definition.select_index(1).run())
    (table,) = app.dataframe
    assert table.value["units"].tolist() == [COFFEES]
    assert address(app)["definition"] == "dak"


@pytest.mark.usefixtures("register")
def test_a_candidate_is_looked_at_by_its_address_and_left_again() -> None:
    app = run(lang="id", candidate=f"{VILLAGE}:coffee")
    assert "Kopi · Bangun Sari" in read(app)
    assert f"{SAY_ID('units.units')} {COFFEES}" in " ".join(read(app).split())
    (component,) = app.get("component_instance")
    assert "ikmgeo.focus(" in component.proto.json_args
    screen.press(app, "panel.close")
    assert "candidate" not in address(app)
    assert "Kopi · Bangun Sari" not in read(app)
    gone = run(lang="id", candidate=f"{OTHER}:coffee")  # one unit is no center
    assert SAY_ID("units.commodities") in read(gone)


@pytest.mark.usefixtures("register")
def test_the_map_says_whence_the_units_are() -> None:
    (component,) = run(lang="id").get("component_instance")
    assert "Unit: unit.csv" in component.proto.json_args


@pytest.mark.usefixtures("register")
def test_a_candidate_becomes_a_center_with_its_provenance_and_two_share_a_list(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IKMGEO_DATABASE_URL", f"sqlite:///{tmp_path / 'lists.sqlite'}")
    app = run(lang="id", candidate=f"{VILLAGE}:coffee")
    screen.press(app, "units.record")
    shipped, made = address(app)["lists"].split(",")
    assert shipped == "shipped"
    assert SAY_ID("register.status_confirmed") in read(app)  # by the center that it became
    assert SAY_ID("units.record") not in [button.label for button in app.button]
    again = run(**(address(app) | {"candidate": f"{OTHER}:cassava"}))
    screen.press(again, "units.record")
    assert address(again)["lists"] == f"shipped,{made}"
    there = screen.run("map", **{"lang": "id", "lists": address(again)["lists"]})
    (table,) = there.dataframe
    names = table.value.iloc[:, 1].tolist()
    assert {"Sentra Kopi Bangun Sari", "Sentra Ubi kayu Ujung Serdang"} <= {*names}
    assert len(names) == 15


@pytest.fixture
def pointed(tmp_path: Path, shipped: Inputs, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another register."""
    folder = with_points(tmp_path / "pointed", shipped).folder
    monkeypatch.setenv("IKMGEO_REGISTER", str(folder))
    monkeypatch.setenv("IKMGEO_DATABASE_URL", f"sqlite:///{tmp_path / 'lists.sqlite'}")


@pytest.mark.usefixtures("pointed")
def test_centers_are_found_by_nearness_beside_those_by_village() -> None:
    """By village coffee and cassava; by nearness the coffee of two villages."""
    app = run(lang="id", unit_in="1207")
    (table,) = app.dataframe
    assert sorted(table.value["units"]) == [5, 5, 7]
    (how,) = [radio for radio in app.radio if radio.label == SAY_ID("units.how")]
    sound(how.set_value("nearness").run())
    (table,) = app.dataframe
    assert table.value["units"].tolist() == [NEAR, 5, 5]
    told = [SAY_ID(f"units.differs_{way}", villages=2) for way in ("crosses", "same", "law_only")]
    assert table.value["differs"].tolist() == told
    assert (address(app)["reach"], address(app).get("least")) == ("1", "5")
    assert "0 hanya ada menurut kedekatan, 1 hanya menurut desa (1 di antaranya" in read(app)

    (reach,) = [box for box in app.number_input if box.label == SAY_ID("units.reach")]
    assert (reach.min, reach.max) == (0.05, 50)
    sound(reach.set_value(0.4).run())  # less than a step: no cluster is left
    (table,) = app.dataframe
    assert table.value["units"].tolist() == [5, 7, 5]
    assert address(app)["reach"] == "0.4"


@pytest.mark.usefixtures("pointed")
def test_a_cluster_is_looked_at_with_its_area_and_becomes_a_center_once() -> None:
    third = identified("coffee", 3.52, 98.809)  # the first of the two amid six
    app = run(lang="id", reach="1", least="3", candidate=third)
    assert SAY_ID("units.shares_with") + " Bangun Sari" in " ".join(read(app).split())
    (component,) = app.get("component_instance")
    drawn = component.proto.json_args
    assert SAY_ID("units.hull") in drawn
    corners = "[[[[3.52,98.8],[3.521,98.8045],[3.521,98.8225],[3.52,98.818]]]]"
    assert f"ikmgeo.focus([3.52,98.809], {corners}" in drawn
    screen.press(app, "units.record")
    assert SAY_ID("units.record") not in [button.label for button in app.button]
    assert SAY_ID("register.status_confirmed") in read(app)


@pytest.mark.usefixtures("register")
@pytest.mark.parametrize("language", SAY)
def test_a_register_without_coordinates_says_that_nearness_needs_them(language: str) -> None:
    app = run(lang=language, reach="1")
    assert SAY[language]("units.no_points") in read(app)
    assert SAY[language]("units.no_points") not in read(run(lang=language))


@pytest.mark.usefixtures("pointed")
def test_a_cluster_of_a_hostile_product_is_told_as_text() -> None:
    app = run(lang="id", reach="1", candidate=identified(HOSTILE, 3.53, 98.85))
    assert f"<h2>{escape(HOSTILE)} · Bangun Sari</h2>" in html(app)
    (component,) = app.get("component_instance")
    assert HOSTILE not in html(app) + component.proto.json_args


KARO = "1206011009"
SPECIAL = {"lang": "id", "section": "specialisation"}


@pytest.mark.usefixtures("register")
def test_what_areas_are_specialised_in_is_asked_by_the_address_and_by_the_controls() -> None:
    """All units lie in Deli Serdang: a share that is that of the whole tells nothing."""
    app = run(**SPECIAL)
    assert "Spesialisasi: Kopi" in html(app)  # the commodity with most units
    assert "tidak ada kabupaten/kota yang pangsanya dapat dibedakan" in read(app)
    assert "pola ruangnya tidak diuji" in read(app)
    (table,) = app.dataframe
    assert table.value["quotient"].tolist() == [1]
    assert table.value["interval"].tolist() == ["0,75–1,00"]  # 0.025 ** (1 / 13)
    (commodity,) = [box for box in app.selectbox if box.label == SAY_ID("table.commodity")]
    sound(commodity.select("cassava").run())
    assert "Spesialisasi: Ubi kayu" in html(app)
    assert address(app)["product"] == "cassava"
    again = run(**(SPECIAL | {"product": "cassava", "level": "subdistrict", "counted": "workers"}))
    asked = {"product": "cassava", "level": "subdistrict", "counted": "workers"}
    assert {name: address(again).get(name) for name in asked} == asked
    assert again.dataframe[0].value["found"].tolist() == [20]
    assert again.dataframe[0].value["all"].tolist() == [101]  # 78 and 3 of coffee, 20 of cassava


@pytest.mark.usefixtures("register")
def test_the_map_colours_what_can_be_told_and_hatches_the_rest() -> None:
    (component,) = run(**SPECIAL).get("component_instance")
    drawn = component.proto.json_args.partition("ikmgeo.choropleth(")[2].partition(".addTo")[0]
    assert QUOTIENTS["same"] in drawn.partition("1207")[2][:40]
    assert drawn.count("hatch") == 32
    (component,) = run(**SPECIAL, level="subdistrict").get("component_instance")
    drawn = component.proto.json_args.partition("ikmgeo.centers(")[2].partition(".addTo")[0]
    assert "Tanjung Morawa" in drawn
    assert drawn.count(QUOTIENTS["same"]) == 1


@pytest.mark.usefixtures("register")
def test_years_narrow_what_is_counted_and_the_other_filters_do_not() -> None:
    app = run(**SPECIAL, since="2023", unit_commodity="cassava", kbli="10794")
    assert app.dataframe[0].value["found"].tolist() == [COFFEES // 2]


@pytest.mark.usefixtures("register")
def test_a_commodity_that_is_not_there_gives_way_to_the_first() -> None:
    app = run(**SPECIAL, product="<script>")
    assert "Spesialisasi: Kopi" in html(app)
    assert "<script>" not in html(app)


@pytest.fixture
def other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another register, whose versions have the numbers of the first."""
    monkeypatch.setenv("IKMGEO_REGISTER", str(tmp_path / "store"))


def told(folder: Path, shipped: Inputs, rows: list[str], **params: str) -> str:
    """What the page concludes of units: a village, a commodity and how many."""
    lines = ["Komoditas,Kode Desa,Nama Usaha"]
    for row in rows:
        village, commodity, count = row.split()
        lines += [f"{commodity},{village},{row} {n}" for n in range(int(count))]
    file = folder / "many.csv"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    take_in(
        file,
        shipped,
        Register(folder / "store"),
        remark=lambda issue: issue.code,
        rejected=folder / "no.csv",
    )
    return " ".join(read(run(**(SPECIAL | params))).split())


@pytest.mark.usefixtures("other")
@pytest.mark.parametrize(
    ("coffee", "says"),
    [
        ((40, 4), "Kopi terpusat di Kabupaten Deli Serdang (LQ 1,82; "),
        ((2, 1), "Kopi terlalu sedikit untuk menyimpulkan apa pun menurut kabupaten/kota."),
        ((20, 20), "Kopi tersebar seperti semua unit usaha: tidak ada"),
    ],
)
def test_the_sentence_says_what_may_be_concluded(
    coffee: tuple[int, int], says: str, tmp_path: Path, shipped: Inputs
) -> None:
    here, there = coffee
    rows = [
        f"{VILLAGE} Kopi {here}",
        f"{VILLAGE} Tenun {60 - here}",
        f"{KARO} Kopi {there}",
        f"{KARO} Tenun {60 - there}",
    ]
    assert says in told(tmp_path, shipped, rows, product="coffee")


@pytest.mark.usefixtures("register")
def test_candidates_can_be_taken_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that filters leave, with what the law asks for as their source."""
    made: dict[str, bytes] = {}

    def button(label: str, data: Callable[[], bytes], *_: object, **__: object) -> None:
        made[label] = data()

    monkeypatch.setattr(st, "download_button", button)
    run(lang="id", unit_commodity="cassava")
    text = made[SAY_ID("units.download")].decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text), delimiter=";")
    assert (row["candidate_id"], row["units"]) == (f"{OTHER}:cassava", str(ELSEWHERE))
    assert "PP 29/2018" in row["source"]
    assert "unit.csv" in row["source"]
