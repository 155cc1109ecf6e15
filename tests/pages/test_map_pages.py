"""What the maps of the pages show and hand out: nothing hidden, every ring told, what a scenario
does, and each page's own section."""

import json
from collections.abc import Callable
from dataclasses import replace
from html import unescape
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely
import streamlit as st
from geographiclib.geodesic import Geodesic
from streamlit.testing.v1 import AppTest

from ikmgeo.display import profiles
from ikmgeo.filters import Filters
from ikmgeo.handout import Dossier
from ikmgeo.measures.scenario import Change, Scenario, to_link
from ikmgeo.settings import SHIPPED_DATA as DATA
from ikmgeo.ui.parts import map_view
from ikmgeo.view import SECTIONS, STAGES
from ikmgeo.words.messages import Messages
from tests.pages.screen import SAY, address, run, sound, turn

SEZ = Scenario("Usul", {"kuala_tanjung": Change(zone_class="sez")})
FOCUS = "ikmgeo.focus("
"""The ring around a chosen center, and its distances to the zones."""


def summary(say: Messages, **counts: int) -> str:
    told = {name: say(f"what_if.{name}", count=count) for name, count in counts.items()}
    return say("what_if.summary", **told)


def html(app: AppTest) -> str:
    return unescape("\n".join(element.proto.body for element in app.get("html")))


def layers(app: AppTest) -> str:
    """Script of the layers that the browser would get for the map."""
    (component,) = app.get("component_instance")
    return unescape(str(json.loads(component.proto.json_args)["feature_group"]))


@pytest.mark.parametrize("page", ["map", "linkage", "present"])
def test_a_chosen_center_that_a_filter_hides_has_no_ring_and_no_lines(page: str) -> None:
    """Planner 9: on the map, the linkage map and in a talk."""
    stage = {"stage": "map"} if page == "present" else {}
    shown = layers(run(page, center="karo-coffee", **stage))
    hidden = layers(run(page, center="karo-coffee", category="excellent", **stage))
    assert (FOCUS in shown, FOCUS in hidden) == (True, False)
    words = SAY["id"]("map.area")
    assert (words in shown, words in hidden) == (True, False)


@pytest.mark.parametrize("page", ["map", "linkage"])
def test_a_hidden_center_is_shown_at_one_press(page: str) -> None:
    """Planner 9: the filter that hides it goes, the one that does not stays."""
    say = SAY["id"]
    app = run(page, center="karo-coffee", category="excellent", q="kopi")
    assert say("center.filtered_out") in [info.value for info in app.info]
    (show,) = [b for b in app.button if b.label == say("center.show")]
    sound(show.click().run())
    assert address(app).items() >= {"center": "karo-coffee", "q": "kopi"}.items()
    assert "category" not in address(app)
    assert FOCUS in layers(app)
    assert say("center.show") not in [b.label for b in app.button]


def test_what_is_told_of_a_center_is_made_anew_only_when_it_changes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A filter, or the next reader, finds it made; another scheme has it told anew."""
    made = 0
    tell = profiles.center

    def counted(dossier: Dossier, name: str) -> profiles.Center:
        nonlocal made
        made += 1
        return tell(dossier, name)

    st.cache_resource.clear()
    monkeypatch.setattr(profiles, "center", counted)
    app = run("map", center="batu-bara-tenun")
    printed = panel(app)
    sound(app.text_input("w-text").input("tenun").run())
    assert (made, panel(app)) == (1, printed)
    assert (panel(run("map", center="batu-bara-tenun")), made) == (printed, 1)
    sound(app.selectbox("w-scheme").select("natural_breaks").run())
    assert made == 2
    assert panel(app) != printed


def panel(app: AppTest) -> str:
    """Both parts of a center's panel."""
    bodies = [e.proto.body for e in app.get("html")]
    first, rest = (body for body in bodies if '<div class="ikm-panel"' in body)
    return first + rest


@pytest.mark.parametrize("language", SAY)
def test_the_ring_of_a_distance_filter_has_its_words_in_the_legend(language: str) -> None:
    """Code 2."""
    say = SAY[language]
    words = say("map.reach", limit="50 km", zone=say("map.any_zone"))
    assert words in layers(run("map", lang=language, km="50"))
    assert words not in layers(run("map", lang=language))
    one = layers(run("map", lang=language, **{"km": "50", "from": "kim"}))
    assert say("map.reach", limit="50 km", zone="KIM") in one


def test_a_distance_filter_names_whom_it_keeps_only_perhaps() -> None:
    """Planner 13: by hand, from the printed places: kept, but less than its radius inside."""
    cassava = pd.read_csv(DATA / "centers.csv", index_col="center_id").loc["deli-serdang-cassava"]
    kim = pd.read_csv(DATA / "zones.csv", index_col="zone_id").loc["kim"]
    ends = (cassava["lat"], cassava["lon"], kim["lat"], kim["lon"])
    assert Geodesic.WGS84.Inverse(*ends)["s12"] / 1000 < 50
    land = gpd.read_file(DATA / "geo" / "districts.geojson").set_index("district_code")
    polygon = land.geometry[str(cassava["district_code"])]  # in which it lies, nobody knows where
    assert shapely.covers(polygon, shapely.points([[kim["lon"], kim["lat"]]])).all()
    corners = [(lat, lon, kim["lat"], kim["lon"]) for lon, lat in shapely.get_coordinates(polygon)]
    farthest = max(Geodesic.WGS84.Inverse(*corner)["s12"] for corner in corners) / 1000
    app = run("map", km="50", **{"from": "kim"})
    told = [c.value.replace("\\", "") for c in app.main.caption]
    names = [t for t in told if cassava["name_id"] in t]
    assert names == [
        SAY["id"](
            "filter.unsure",
            count="1",
            names=SAY["id"](
                "filter.unsure_one",
                name=cassava["name_id"],
                low="0,0",
                high=f"{farthest:.1f}".replace(".", ","),
                precision=SAY["id"]("precision.district"),
            ),
            km="50 km",
        ),
    ]


def test_each_page_remembers_its_own_section_and_the_address_names_no_other() -> None:
    """Planner 8."""
    app = run("linkage", section="zone")
    assert address(app)["section"] == "zone"
    assert "section" not in address(turn(app, "workshop"))
    sound(app.button_group("w-section-story").set_value("take").run())
    assert address(app)["section"] == "take"
    assert "section" not in address(turn(app, "map"))
    assert SAY["id"]("share.picture") in pressed(app)
    assert address(turn(app, "workshop"))["section"] == "take"
    assert app.button_group("w-section-story").value == "take"
    assert address(turn(app, "linkage"))["section"] == "zone"


@pytest.mark.parametrize("section", ["take", "own", "weights"])
def test_the_section_of_another_page_in_an_address_hides_nothing(section: str) -> None:
    """Planner 8: such an address was made by earlier versions."""
    app = run("map", section=section)
    assert "section" not in address(app)
    assert SAY["id"]("share.picture") in pressed(app)


def pressed(app: AppTest) -> list[str]:
    """Labels of the buttons that tell where the map stands."""
    found = [json.loads(e.proto.json) for e in app.get("bidi_component") if e.proto.json]
    return [data["label"] for data in found if data.get("part") == "place"]


DRAWING = [
    *(("linkage", section) for section in ("centers", "zone", "what_if")),
    ("map", ""),
    ("districts", ""),
    ("scoring", "weights"),
]


@pytest.mark.parametrize(("page", "section"), DRAWING)
def test_a_map_is_always_offered_as_a_picture(
    page: str, section: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Planner 8: PNG and SVG of every map, that of a scenario with its name."""
    offered: dict[str, bytes] = {}

    def button(_: str, data: Any, *, file_name: str, **__: Any) -> None:
        offered[file_name.rpartition(".")[2]] = data() if callable(data) else data

    params = {"section": section} if section else {}
    if section == "what_if":
        params |= {"plan": to_link(SEZ)}
    app = run(page, **params)
    if page == "scoring":
        (examples,) = [b for b in app.button if b.label == SAY["id"]("scoring.load_examples")]
        sound(examples.click().run())
    assert SAY["id"]("share.picture") in pressed(app)
    at = (2.9, 99.0, 8.0), (870, 520)
    app.session_state["picture"] = (page, app.session_state["view"], *at)
    monkeypatch.setattr(st, "download_button", button)
    sound(app.run())
    svg = offered["svg"].decode()
    assert offered["png"].startswith(b"\x89PNG")
    assert svg.startswith("<svg")
    if section == "what_if":
        for words in ("KEK Kuala Tanjung", "Usul", SAY["id"]("what_if.sign_better")):
            assert words in unescape(svg)
        assert "KI Kuala Tanjung" not in unescape(svg)


@pytest.mark.parametrize("page", sorted(SECTIONS))
def test_no_picture_is_offered_where_no_map_is(page: str) -> None:
    drawing = {section for name, section in DRAWING if name == page}
    app = run(page)
    for section in SECTIONS[page]:
        if section not in drawing:
            app.session_state["view"] = replace(app.session_state["view"], section=section)
            assert SAY["id"]("share.picture") not in pressed(sound(app.run()))


def test_every_stage_is_among_the_maps_that_are_drawn() -> None:
    assert {page for page, _ in DRAWING} > set(STAGES)


@pytest.mark.parametrize("language", SAY)
def test_a_scenario_opens_where_it_shows(language: str) -> None:
    """Planner 6: Kuala Tanjung as an SEZ; five centers lie nearer to it than to Sei Mangkei."""
    say = SAY[language]
    app = run("linkage", section="what_if", lang=language, plan=to_link(SEZ))
    assert address(app).items() >= {"indicator": "nearest", "column": "sez"}.items()
    assert summary(say, better=5, worse=0, same=8) in html(app)
    (box,) = [b for b in app.selectbox if str(b.key).startswith("w-column")]
    assert (box.label, box.value) == (say("linkage.column"), "sez")
    drawn = layers(app)
    assert [drawn.count(f'"{code}"') for code in ("better", "worse", "same")] == [5, 0, 8]
    assert "KEK Kuala Tanjung" in drawn
    assert "KI Kuala Tanjung" not in drawn
    for code in ("better", "worse", "same"):
        assert say(f"what_if.sign_{code}") in drawn


def test_an_address_that_names_a_column_of_a_scenario_opens_there() -> None:
    params = {"section": "what_if", "plan": to_link(SEZ), "indicator": "nearest", "column": "all"}
    app = run("linkage", **params)
    assert address(app).items() >= params.items()
    assert summary(SAY["id"], better=0, worse=0, same=13) in html(app)
    told = SAY["id"]("what_if.elsewhere", indicators="").split(":")[0]
    assert told in html(app)


@pytest.mark.parametrize("page", ["map", "districts", "workshop", "linkage"])
def test_other_pages_say_that_they_show_how_things_are(page: str) -> None:
    """Planner 6: with the way to the scenario; the page of what-if itself does not."""
    say = SAY["id"]
    app = run("linkage", section="what_if", plan=to_link(SEZ))
    assert say("frame.scenario", name="Usul") not in html(app)
    if page == "linkage":
        sound(app.button_group("w-section-centers").set_value("centers").run())
    else:
        turn(app, page)
    assert say("frame.scenario", name="Usul") in html(app)
    (way,) = [b for b in app.button if b.label == say("frame.to_scenario")]
    sound(way.click().run())
    assert address(app)["section"] == "what_if"
    assert say("what_if.gains") in html(app)


def test_a_talk_shows_what_a_scenario_does() -> None:
    """Planner 6: in a presentation as on its page."""
    params = {"stage": "linkage", "section": "what_if", "plan": to_link(SEZ)}
    drawn = layers(run("present", indicator="nearest", column="sez", **params))
    assert [drawn.count(f'"{code}"') for code in ("better", "worse", "same")] == [5, 0, 8]


@pytest.mark.parametrize("page", ["map", "districts", "linkage"])
def test_a_press_on_the_legend_filters_and_an_unknown_one_does_nothing(
    monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    pressed = {"kind": "filter", "id": "excellent"}

    def answer(*_: object, on_change: Callable[[], None], **__: Any) -> None:
        if not st.session_state.get("pressed"):
            st.session_state["pressed"] = True
            st.session_state["map"] = {"last_active_drawing": {"properties": pressed}}
            on_change()

    monkeypatch.setattr(map_view, "st_folium", answer)
    assert run(page).session_state["view"].filters.categories == ("excellent",)
    pressed["id"] = "{{ 7*191 }}"
    assert run(page).session_state["view"].filters == Filters()
