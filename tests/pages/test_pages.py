"""Every page runs, in both languages, whatever is missing from the data folder."""

import json
from collections.abc import Callable
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from ikmgeo.ui.frame import PAGES
from ikmgeo.ui.parts import map_view
from ikmgeo.ui.server import SCRIPT
from ikmgeo.view import SECTIONS
from tests.pages.screen import ROOT, SAY, html, run, sound, turn
from tests.shipped_data import MISSING


def sent_to_map(app: AppTest) -> dict[str, Any]:
    """What the browser would get for the map."""
    (component,) = app.get("component_instance")
    return dict(json.loads(component.proto.json_args))


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize(
    ("page", "params", "headings"),
    [
        ("map", {}, ["map.heading", "overview.start", "table.heading"]),
        ("map", {"center": "karo-coffee"}, ["claim.heading", "distance.heading", "place.heading"]),
        ("map", {"district": "1209"}, ["district.population", "district.nearest"]),
        ("map", {"zone": "kim"}, ["zone.areas", "zone.closest"]),
        ("map", {"q": "nowhere"}, ["map.heading", "table.heading"]),
        ("sources", {}, ["sources.heading", "sources.contradictions", "sources.claims"]),
        (
            "sources",
            {"section": "sources"},
            ["sources.layers", "sources.works", "sources.benchmarks", "sources.crosswalk"],
        ),
        ("sources", {"section": "own"}, ["own.template", "own.upload"]),
    ],
)
def test_a_page_runs_in_both_languages(
    page: str, params: dict[str, str], headings: list[str], language: str
) -> None:
    shown = html(run(page, lang=language, **params))
    assert [h for h in headings if SAY[language](h) not in shown] == []


@pytest.mark.parametrize(
    ("language", "figures"),
    [
        ("id", {"S01": "126.907", "S02": "3,03", "S04": "8.000–10.000", "P01": "56,61–70,06"}),
        ("en", {"S01": "126,907", "S02": "3.03", "S04": "8,000–10,000", "P07": "38.80"}),
    ],
)
def test_the_ledger_writes_figures_as_printed_and_says_of_what(
    language: str, figures: dict[str, str]
) -> None:
    say = SAY[language]
    listed = run("sources", lang=language).dataframe[0].value.set_index("id")
    assert listed["value"][list(figures)].to_dict() == figures
    about = listed["about"]
    assert about["S01"] == say("quantity.units_province")
    assert about["P16"] == {"id": "Sentra Kopi Karo", "en": "Karo Coffee Center"}[language]
    assert about["P01"] == ""
    of = listed["of"]
    workers = {
        "id": "tenaga kerja IKM nasional (13,1 juta, S07)",
        "en": "IKM workers in the country",
    }
    assert of["S02"].startswith(workers[language])
    assert (of != "").all()


def test_the_router_opens_the_map() -> None:
    app = AppTest.from_file(SCRIPT, default_timeout=60).run()
    assert not app.exception
    assert SAY["id"]("map.heading") in html(app)


def test_scripts_and_styles_of_the_map_come_from_this_machine() -> None:
    sent = sent_to_map(run("map"))
    addresses = [*sent["js_links"], *sent["css_links"]]
    assert len(addresses) == 1
    assert [a for a in addresses if not a.startswith("../../map-files/")] == []


@pytest.mark.parametrize(
    ("clicked", "chosen"),
    [
        ({"kind": "center", "id": 0}, ("center", "simalungun-coffee")),
        ({"kind": "district", "id": "1209"}, ("district", "1209")),
        ({"kind": "zone", "id": 1}, ("zone", "kim")),
        ({"kind": "center", "id": 99}, None),
        ({"kind": "center", "id": -1}, None),
        ({"kind": "center", "id": "karo-coffee"}, None),
        ({"kind": "district", "id": "<script>"}, None),
        ({"kind": "place", "id": "port-belawan"}, None),
        ({"kind": "district", "id": ["1209"]}, None),
        ({}, None),
    ],
)
def test_an_answer_of_the_map_chooses_what_it_names(
    monkeypatch: pytest.MonkeyPatch, clicked: dict[str, Any], chosen: tuple[str, str] | None
) -> None:
    def answer(*_: object, on_change: Callable[[], None], **__: Any) -> None:
        st.session_state["map"] = {"last_active_drawing": {"properties": clicked}}
        on_change()

    monkeypatch.setattr(map_view, "st_folium", answer)
    assert run("map").session_state["view"].selection == chosen


@pytest.mark.parametrize("language", ["id", "en"])
def test_an_unforeseen_error_gets_a_sentence_and_a_way_out(
    monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    def fail(*_: object, **__: Any) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr(map_view, "st_folium", fail)
    app = AppTest.from_file(SCRIPT, default_timeout=60)
    app.query_params["lang"] = language
    app.run()
    assert not app.exception
    assert [error.value for error in app.error] == [SAY[language]("frame.failed")]
    assert SAY[language]("frame.start_again") in [button.label for button in app.button]
    assert SAY[language]("table.heading") in html(app)


# What a file is however it is broken, is seen in test_analysis; here, that no page needs it.
CUT_OFF = (("centers.csv", "guidance.csv"), ("claims.csv", "zones.csv"))


def cut_off(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 3])


SPOILED = [
    *((files, Path.unlink) for files in MISSING),
    *((files, cut_off) for files in CUT_OFF),  # the rows that are left are sound
]


def test_every_shipped_file_is_missing_once() -> None:
    """But for towns, which a data folder need not have, those of the builder and of the samples,
    which are read on request, and headings, which belong to the program as its messages do."""
    shipped = {
        str(path.relative_to(ROOT / "data"))
        for path in (ROOT / "data").rglob("*")
        if path.suffix in (".csv", ".geojson")
    }
    missing = [file for files in MISSING for file in files]
    assert sorted(missing) == sorted(
        shipped
        - {"districts.csv", "illustrative.csv", "towns.csv"}
        - {"headings.csv", "personal_headings.csv", "register_headings.csv"}
    )


@pytest.mark.parametrize(
    ("files", "spoil", "language"),
    [(*case, language) for case, language in zip(SPOILED, cycle(SAY))],
)
def test_every_page_runs_when_files_are_spoiled_and_tells_it(
    data_copy: Path,
    monkeypatch: pytest.MonkeyPatch,
    files: tuple[str, ...],
    spoil: Callable[[Path], object],
    language: str,
) -> None:
    for file in files:
        spoil(data_copy / file)
    monkeypatch.setenv("IKMGEO_DATA", str(data_copy))
    app = run("map", lang=language, center="karo-coffee", indicator="sector_fit", flows="1")
    told = [html(app)]
    for page in PAGES:
        turn(app, page)
        first, *others = SECTIONS.get(page, ("",))
        for section in others:
            sound(app.button_group(f"w-section-{first}").set_value(section).run())
            if page == "sources":
                told.append(html(app))
    for measure in ("seat_km", "best_category"):
        run("districts", district="1208", compare="1208,1206", measure=measure, lang=language)
    if spoil is Path.unlink:
        sentences = [f"{Path(file).name}: {SAY[language]('issue.file_missing')}" for file in files]
        found = [words.partition("ikm-issues")[2] for words in told]
        assert [all(map(words.__contains__, sentences)) for words in found] == [True] * len(told)
