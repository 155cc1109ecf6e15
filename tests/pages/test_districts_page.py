"""The districts page: what reaches the map, the profile, the comparison, and bad addresses."""

import json
import re
from collections.abc import Callable
from functools import partial
from typing import Any

import pandas as pd
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from ikmgeo import symbols
from ikmgeo.measures.district_measures import BREAKS, MEASURES
from ikmgeo.ui.parts import map_view
from ikmgeo.words import markup
from tests.pages import screen
from tests.pages.screen import SAY, html, sound
from tests.rated import SIGNS

start = partial(screen.start, "districts")
run = partial(screen.run, "districts")

STUDIED = ["1206", "1207", "1208", "1209", "1218", "1219", "1271", "1275"]
"""Karo, Deli Serdang, Simalungun, Asahan, Serdang Bedagai, Batu Bara, Medan and Binjai."""


def coloured(app: AppTest) -> tuple[dict[str, list[str]], list[list[Any]], list[list[Any]]]:
    """Rows of the map by district, outlines and marks, as the browser would get them."""
    (component,) = app.get("component_instance")
    layers = json.loads(component.proto.json_args)["feature_group"]
    arguments = re.search(r"ikmgeo\.choropleth\((.*)\)\.addTo", layers)
    assert arguments
    rows, outlines, marks, _ = json.loads(f"[{arguments[1]}]")
    return {row[0]: row[1:] for row in rows}, outlines, marks


def legend(app: AppTest) -> str:
    """Legend of the map, as HTML."""
    (component,) = app.get("component_instance")
    layers = json.loads(component.proto.json_args)["feature_group"]
    arguments = re.search(r"ikmgeo\.words\(\w+, (.*)\);", layers)
    assert arguments
    return str(json.loads(f"[{arguments[1]}]")[0])


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("measure", MEASURES)
def test_every_measure_has_its_map_in_both_languages(measure: str, language: str) -> None:
    app, say = run(measure=measure, lang=language), SAY[language]
    rows, _, _ = coloured(app)
    assert len(rows) == 33
    assert markup.inert(say(f"district_measure.{measure}")) in legend(app)
    shown, keys = html(app), ("districts.heading", "districts.table", "districts.how")
    assert [key for key in keys if say(key) not in shown] == []


@pytest.mark.parametrize("measure", [m for m in MEASURES if m != "seat_km"])
def test_district_nobody_surveyed_is_hatched_and_says_so(measure: str) -> None:
    app = run(measure=measure)
    rows, _, _ = coloured(app)
    hatched = sorted(code for code, row in rows.items() if row[0] == symbols.NO_CENTER)
    assert hatched == sorted(set(rows) - set(STUDIED))
    assert {rows[code][2] for code in hatched} == {SAY["id"]("districts.no_center")}
    assert SAY["id"]("districts.no_center") in legend(app)


def test_every_seat_has_a_distance_so_that_no_district_is_hatched() -> None:
    app = run(measure="seat_km", lang="en")
    rows, _, _ = coloured(app)
    assert not {row[0] for row in rows.values()} & {symbols.NO_CENTER, symbols.NO_VALUE}
    assert rows["1271"][1:] == ["Kota Medan", "Seat to nearest zone (km, straight line): 9.5"]
    assert SAY["en"]("districts.no_center") not in legend(app)


def test_number_of_centers_has_a_class_for_each_of_its_three_values() -> None:
    rows, _, _ = coloured(run(measure="centers"))
    fills = {code: rows[code][0] for code in STUDIED}
    one, two, three = symbols.shades(3)
    assert fills == {
        **dict.fromkeys(("1206", "1207", "1219", "1271"), one),
        **dict.fromkeys(("1208", "1209", "1218"), two),
        "1275": three,
    }


@pytest.mark.parametrize("breaks", BREAKS)
@pytest.mark.parametrize("classes", [3, 6])
def test_a_map_has_the_classes_asked_for(breaks: str, classes: int) -> None:
    rows, _, _ = coloured(run(measure="seat_km", breaks=breaks, classes=str(classes)))
    assert {row[0] for row in rows.values()} == set(symbols.shades(classes))


def test_legend_tells_the_bounds_of_equal_intervals_as_the_language_writes_them() -> None:
    """Mean scores from 21.28 (Medan) to 54.43 (Simalungun): steps of 11.05 in three classes."""
    shown = run(measure="mean_score", breaks="equal_interval", classes="3")
    for bounds in ("21,28–32,33", "32,33–43,38", "43,38–54,43"):
        assert bounds in legend(shown)


def test_the_eight_districts_of_the_paper_are_outlined() -> None:
    _, outlines, _ = coloured(run())
    assert [line[0] for line in outlines] == STUDIED
    app = run(district="1204")
    _, outlines, _ = coloured(app)
    assert [line[0] for line in outlines] == [*STUDIED, "1204", "1204"]
    assert SAY["id"]("district.studied") in legend(app)


def test_best_category_has_the_colours_and_signs_of_the_map_under_each_scheme() -> None:
    """By the printed ranges 47.53, 41.90 and 41.27 lie in two categories and 37.76 in none."""
    rows, _, marks = coloured(run(measure="best_category", scheme="printed_ranges"))
    assert sorted(c for c, row in rows.items() if row[0] == symbols.NO_VALUE) == [
        "1207",
        "1209",
        "1219",
    ]
    assert rows["1208"][0] == SIGNS["excellent"].fill
    assert rows["1275"][0] == SIGNS["under_development"].fill
    assert sorted(mark[0] for mark in marks) == 2 * ["excellent"] + 3 * ["under_development"]


def test_cutting_into_classes_is_not_offered_for_categories() -> None:
    labels = {box.label for box in run(measure="best_category").selectbox}
    assert SAY["id"]("districts.breaks") not in labels
    assert SAY["id"]("districts.breaks") in {box.label for box in run().selectbox}


def test_profile_tells_of_the_district_and_leads_to_its_centers() -> None:
    app = run(district="1208", lang="en")
    shown = html(app)
    for told in ("Kabupaten Simalungun", "1,004,303", "54.43", "Excellent 1 · Developing 1"):
        assert told in shown
    buttons = {button.label for button in app.button}
    assert {"Simalungun Coffee Center", "Simalungun Honey Center"} <= buttons


def test_profile_of_a_district_without_a_center_says_so_and_shows_no_zero() -> None:
    shown = html(run(district="1204")).partition("ikm-panel")[2]
    assert SAY["id"]("district.no_center") in shown
    assert SAY["id"]("district_measure.mean_score") not in shown
    assert SAY["id"]("district.studied") not in shown


def test_chosen_center_shows_its_district() -> None:
    shown = html(run(center="karo-coffee"))
    assert "Kabupaten Karo" in shown.partition("ikm-panel")[2]


def test_chosen_zone_shows_itself() -> None:
    assert SAY["id"]("zone.closest") in html(run(zone="kim"))


def test_a_click_on_a_district_chooses_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def answer(*_: object, on_change: Callable[[], None], **__: Any) -> None:
        clicked = {"kind": "district", "id": "1209"}
        st.session_state["map"] = {"last_active_drawing": {"properties": clicked}}
        on_change()

    monkeypatch.setattr(map_view, "st_folium", answer)
    assert run().session_state["view"].selection == ("district", "1209")


def table(app: AppTest) -> pd.DataFrame:
    (frame,) = app.dataframe
    return frame.value


def test_table_holds_every_district_the_first_by_the_measure_on_top() -> None:
    seat = table(run(measure="seat_km", lang="en"))
    assert len(seat) == 33
    assert list(seat["name"][:2]) == ["Kota Medan", "Kabupaten Batu Bara"]
    score = table(run(measure="mean_score", lang="en"))
    assert score["name"].iloc[0] == "Kabupaten Simalungun"
    assert score["mean_score"].notna().sum() == 8
    assert (score["centers"] == 0).sum() == 0
    assert (score["studied"] == "yes").sum() == 8


def compared(app: AppTest) -> str:
    """The comparison as HTML; empty without one."""
    found = re.search(r"<table[^>]*>(?:(?!<table).)*Simalungun.*?</table>", html(app), re.DOTALL)
    return found[0] if found else ""


def test_fewer_than_two_districts_are_told_what_to_do() -> None:
    for params in ({}, {"compare": "1208"}):
        app = run(**params)
        assert SAY["id"]("districts.how") in html(app)
        assert not compared(app)


def test_two_districts_stand_side_by_side_with_ranks_and_bars() -> None:
    """Simalungun has 2 centers of the most, 3; 1,004,303 people, fourth of 33."""
    app = run(compare="1208,1275", lang="en")
    shown = compared(app)
    assert re.search(r"<th[^>]*>Simalungun</th><th[^>]*>Binjai</th>", shown)
    assert "<td><b>1,004,303</b> <small>rank 4 of 33</small>" in shown
    # Of 3 centers, 2 fill two thirds.
    assert '<b>2</b> <small>rank 2 of 8</small><i style="width: 67%">' in shown
    assert '<b>3</b> <small>rank 1 of 8</small><i style="width: 100%">' in shown
    assert "<td>no center surveyed</td>" in compared(run(compare="1208,1204", lang="en"))


def test_compared_districts_are_outlined_named_first_and_told_in_the_legend() -> None:
    app = run(compare="1208,1204")
    _, outlines, _ = coloured(app)
    colour, width = symbols.COMPARED[-1]
    assert [line[0] for line in outlines if line[1:] == [colour, width]] == ["1208", "1204"]
    assert SAY["id"]("districts.compared_border") in legend(app)
    assert SAY["id"]("districts.compared_border") not in legend(run())


def test_comparing_takes_the_place_of_what_was_chosen() -> None:
    app = run(district="1208", compare="1275")
    app.button(key="compare-too").click().run()
    assert sound(app).session_state["view"].compared == ("1275", "1208")
    assert app.session_state["view"].selection is None
    assert compared(app)


def test_a_fifth_district_is_refused_with_a_word() -> None:
    app = run(compare="1201,1202,1203,1204")
    app.multiselect[0].set_value(["1201", "1202", "1203", "1204", "1205"]).run()
    assert sound(app).session_state["view"].compared == ("1201", "1202", "1203", "1204")
    assert [w.value for w in app.warning] == [SAY["id"]("districts.compare_refused", most=4)]


def test_a_bad_address_is_told_and_the_page_still_runs() -> None:
    """Any bad value: test_view."""
    app = run(measure="<script>", breaks="pretty", classes="99", compare="1201,x", district="9999")
    names = "district, measure, breaks, classes, compare"
    assert [w.value for w in app.warning] == [SAY["id"]("frame.ignored", names=names)]


def test_filters_leave_their_centers_to_colours_table_and_words() -> None:
    """Both coffee centers: one in Karo, one in Simalungun."""
    app = run(commodity="coffee")
    rows, _, _ = coloured(app)
    filled = {code: row[2] for code, row in rows.items() if row[0] != symbols.NO_CENTER}
    told = f"{SAY['id']('district_measure.centers')}: 1"
    assert filled == {"1206": told, "1208": told}
    assert rows["1275"][2] == SAY["id"]("districts.none_left")
    assert table(app)["centers"].sum() == 2


def test_no_filter_moves_the_map() -> None:
    """A map that opened elsewhere would be another map, and be made anew."""

    def opened(app: AppTest) -> str:
        (component,) = app.get("component_instance")
        return str(json.loads(component.proto.json_args)["script"])

    options = [re.search(r'"fit": (\[\[.*?\]\])', opened(a)) for a in (run(), run(q="nowhere"))]
    assert options[0]
    assert options[1]
    assert options[0][1] == options[1][1]
    (south, west), (north, east) = json.loads(options[0][1])
    assert 97.8 < west < 98.1
    assert 99.8 < east < 100.3
    assert 2.2 < south < 2.6
    assert 3.7 < north < 4.1


def test_a_press_on_a_district_leaves_only_its_centers_and_lets_go_again() -> None:
    app = run(district="1208")
    app.button(key="only-here").click().run()
    assert sound(app).session_state["view"].filters.districts == ("1208",)
    assert app.button(key="chip-districts").label.endswith("✕")
    app.button(key="only-here").click().run()
    assert sound(app).session_state["view"].filters.districts == ()


def test_a_bar_chooses_its_district() -> None:
    app = run()
    app.button(key="bar-district-1275").click().run()
    assert sound(app).session_state["view"].selection == ("district", "1275")
