"""The register page: what it shows of a register, what filters leave, what is found in it."""

from collections.abc import Iterator
from functools import partial
from html import escape
from pathlib import Path

import pytest
import streamlit as st

from ikmgeo.analysis import Inputs
from ikmgeo.register.nearness import identified
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
    assert len(app.file_uploader) == 1


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
def pointed(tmp_path: Path, shipped: Inputs, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Another register: what is worked out of one is known by its version."""
    folder = with_points(tmp_path / "pointed", shipped).folder
    monkeypatch.setenv("IKMGEO_REGISTER", str(folder))
    monkeypatch.setenv("IKMGEO_DATABASE_URL", f"sqlite:///{tmp_path / 'lists.sqlite'}")
    st.cache_data.clear()
    st.cache_resource.clear()
    yield
    st.cache_data.clear()
    st.cache_resource.clear()


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
