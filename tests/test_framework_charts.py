"""Pictures of ratings: what is drawn where, by what sign, and that no name gets out of its data."""

import json
import math
import re
from typing import Any

import altair as alt
import pandas as pd
import pytest

from ikmgeo.display import framework_charts as fc
from ikmgeo.measures.frameworks import Ratings, actor_gaps, value_chain_gaps
from tests.vega import layers, rows, spec

SAID = 'Two of "six" are missing, 70,06 & <b>more</b>.'
MARKS = {"id": (",", "."), "en": (".", ",")}
WORDS = {"present": "ada", "missing": "tidak ada", "broken": "terputus", "unknown": "belum tahu"}

CHAIN = value_chain_gaps(
    Ratings(
        {
            "value_chain": {
                "producer": 3,
                "processing": 2,
                "distributor": 0,
                "intermediary": 1,
                "producer_to_processing": 3,
                "intermediary_to_large_buyer": 1,
            }
        }
    )
)
ACTORS = actor_gaps(Ratings({"actors": {"core_industry": 3, "supplier": 1, "buyer": 4}}))
CHAIN_NAMES = {node: node.replace("_", " ") for node in CHAIN.index}
ACTOR_NAMES = {node: node.replace("_", " ") for node in ACTORS.index}
BARS = pd.DataFrame(
    {
        "name": ["Financing", "Marketing", "Raw materials"],
        "rating": [0.0, 2.5, math.nan],
        "told": ["0", "2,5", "not known"],
    }
)
NOW = pd.Series([100.0, 50, 20, 40], index=["north", "east", "south", "west"])


def rated_bars(
    language: str = "id", items: pd.DataFrame = BARS, goal: float | None = 3, said: str = SAID
) -> Any:
    return fc.rated_bars(items, x_title="Nilai", goal=goal, language=language, description=said)


def radar(
    language: str = "id",
    now: pd.Series = NOW,
    after: pd.Series | None = None,
    titles: tuple[str, str] = ("now", "then"),
) -> Any:
    return fc.radar(
        now, after, titles=titles, unknown="not known", language=language, description=SAID
    )


def radar_twice(language: str = "id") -> Any:
    return radar(language, after=NOW + 0)


def value_chain(language: str = "id", names: dict[str, str] = CHAIN_NAMES) -> Any:
    return fc.value_chain(CHAIN, names=names, words=WORDS, language=language, description=SAID)


def actors(language: str = "id", names: dict[str, str] = ACTOR_NAMES) -> Any:
    return fc.actors(ACTORS, names=names, words=WORDS, language=language, description=SAID)


PARTS = pd.DataFrame(
    {
        "name": ["Factors", "Demand", "Supporting", "Rivalry", "Government", "Chance"],
        "rating": [2.4, 3.0, 1.0, math.nan, 4.0, 0.0],
        "told": ["2,4", "3", "1", "?", "4", "0"],
    },
    index=["factor", "demand", "supporting_industries", "rivalry", "government", "chance"],
)


def diamond(language: str = "id", names: dict[str, str] | None = None) -> Any:
    parts = PARTS.assign(name=PARTS["name"].replace(names or {}))
    return fc.diamond(parts, language=language, description=SAID)


CHARTS = [rated_bars, radar, radar_twice, value_chain, actors, diamond]


@pytest.mark.parametrize("draw", CHARTS)
@pytest.mark.parametrize("language", MARKS)
def test_chart_has_its_text_alternative_and_the_marks_of_the_language(
    draw: Any, language: str
) -> None:
    drawn = spec(draw(language))
    assert drawn["description"] == SAID
    marks = drawn["config"]["locale"]["number"]
    assert (marks["decimal"], marks["thousands"]) == MARKS[language]


@pytest.mark.parametrize("draw", CHARTS)
def test_chart_asks_for_nothing_elsewhere(draw: Any) -> None:
    drawn = spec(draw())
    schema = drawn.pop("$schema")  # a name, which vega does not fetch
    assert schema.startswith("https://vega.github.io/schema/vega-lite/")
    written = json.dumps(drawn)
    assert "//" not in written
    assert not re.search(r'"(url|href|image)"', written)


@pytest.mark.parametrize("draw", CHARTS)
def test_chart_is_a_valid_specification(draw: Any) -> None:
    alt.LayerChart.from_dict(spec(draw()), validate=True)


HOSTILE = "'+(window.PWN=1)+' {{ 7*191 }} <img src=x onerror=alert(1)>\n${y}"


@pytest.mark.parametrize(
    "chart",
    [
        rated_bars(items=BARS.assign(name=HOSTILE, told=HOSTILE)),
        radar(now=NOW.set_axis([f"{HOSTILE}{n}" for n in range(4)])),
        value_chain(names=dict.fromkeys(CHAIN_NAMES, HOSTILE)),
        actors(names=dict.fromkeys(ACTOR_NAMES, HOSTILE)),
    ],
    ids=["bars", "radar", "chain", "actors"],
)
def test_hostile_names_are_data_and_never_part_of_an_expression(chart: Any) -> None:
    whole = spec(chart)
    assert "PWN" in json.dumps(whole.pop("datasets"))
    assert "PWN" not in json.dumps(whole)


def test_hostile_title_of_a_set_is_no_expression() -> None:
    whole = spec(radar(after=NOW, titles=(HOSTILE, "then")))
    found: list[str] = []

    def expressions(part: Any, key: str = "") -> None:
        if isinstance(part, dict):
            for name, inner in part.items():
                expressions(inner, name)
        elif isinstance(part, list):
            for inner in part:
                expressions(inner, key)
        elif key in ("expr", "test", "filter", "calculate"):
            found.append(str(part))

    expressions(whole)
    assert found
    assert not any("PWN" in text for text in found)


# Bars


def test_unknown_has_a_dashed_track_and_no_bar() -> None:
    chart = rated_bars()
    track, empty, bar = layers(chart, "bar")
    assert [row["name"] for row in rows(chart, empty)] == ["Raw materials"]
    assert empty["mark"]["strokeDash"]
    assert empty["mark"]["filled"] is False
    for known in (track, bar):
        assert [row["name"] for row in rows(chart, known)] == ["Financing", "Marketing"]
    assert bar["encoding"]["x"]["field"] == "rating"
    assert [row["rating"] for row in rows(chart, bar)] == [0, 2.5]


def test_every_item_is_named_and_told_in_order() -> None:
    chart = rated_bars()
    name, told = layers(chart, "text")
    assert (name["encoding"]["text"]["field"], told["encoding"]["text"]["field"]) == (
        *("name", "told"),
    )
    assert [(row["row"], row["told"]) for row in rows(chart, told)] == [
        *((0, "0"), (1, "2,5"), (2, "not known")),
    ]


def test_scale_runs_from_0_to_4_without_fractions_and_has_its_goal() -> None:
    chart = rated_bars()
    (goal,) = layers(chart, "rule")
    assert rows(chart, goal) == [{"goal": 3}]
    for layer in (goal, *layers(chart, "bar")):
        x = layer["encoding"]["x"]
        assert x["scale"]["domain"] == [0, 4]
        assert (x["axis"]["values"], x["axis"]["format"]) == ([0, 1, 2, 3, 4], "d")
        assert x["axis"]["title"] == "Nilai"
    assert layers(rated_bars(goal=None), "rule") == []


def test_no_item_at_all_is_still_a_chart() -> None:
    assert spec(rated_bars(items=BARS.iloc[:0]))["height"] > 0


# Radar


def points(chart: Any) -> dict[tuple[str, str], tuple[float, float]]:
    (layer,) = layers(chart, "point")
    return {
        (row["set"], row["name"]): (round(row["x"], 6), round(row["y"], 6))
        for row in rows(chart, layer)
    }


def edges(chart: Any, layer: dict[str, Any]) -> list[tuple[float, ...]]:
    return [
        tuple(round(row[c], 6) + 0.0 for c in ("x", "y", "x2", "y2")) for row in rows(chart, layer)
    ]


def test_four_aspects_lie_up_right_down_and_left() -> None:
    assert points(radar()) == {
        ("now", "north"): (0, 100),
        ("now", "east"): (50, 0),
        ("now", "south"): (0, -20),
        ("now", "west"): (-40, 0),
    }


def test_lines_join_neighbours_and_close() -> None:
    chart = radar()
    _, lines = layers(chart, "rule")
    assert edges(chart, lines) == [
        (0, 100, 50, 0),
        (50, 0, 0, -20),
        (0, -20, -40, 0),
        (-40, 0, 0, 100),
    ]


def test_unknown_aspect_has_no_point_no_line_and_says_so() -> None:
    chart = radar(now=NOW.where(NOW.index != "south"))
    assert ("now", "south") not in points(chart)
    _, lines = layers(chart, "rule")
    assert edges(chart, lines) == [(0, 100, 50, 0), (-40, 0, 0, 100)]
    labels = [row["text"] for layer in layers(chart, "text")[1:] for row in rows(chart, layer)]
    assert sorted(labels) == ["east", "north", "south\nnot known", "west"]


def test_aspect_known_only_afterwards_is_not_called_unknown() -> None:
    chart = radar(now=NOW.where(NOW.index != "south"), after=NOW)
    labels = [row["text"] for layer in layers(chart, "text")[1:] for row in rows(chart, layer)]
    assert "south" in labels
    assert points(chart)["then", "south"] == (0, -20)


def test_after_is_dashed_of_another_shape_and_in_a_legend() -> None:
    chart = radar(after=pd.Series([60.0, 100], index=["east", "north"]))
    assert points(chart)["then", "east"] == (60, 0)  # by name, not by order
    _, before, after = layers(chart, "rule")
    assert before["mark"]["strokeDash"] != after["mark"]["strokeDash"]
    (dots,) = layers(chart, "point")
    assert dots["encoding"]["shape"]["scale"] == {
        "domain": ["now", "then"],
        "range": ["circle", "diamond"],
    }
    assert dots["encoding"]["color"]["legend"] == dots["encoding"]["shape"]["legend"]
    assert dots["encoding"]["color"]["legend"]["orient"] == "bottom"


def test_one_set_needs_no_legend() -> None:
    (dots,) = layers(radar(), "point")
    assert dots["encoding"]["color"]["legend"] is None
    assert dots["encoding"]["color"]["scale"]["domain"] == ["now"]


def test_rings_are_round_in_any_width() -> None:
    """A px across is a px up: the range across is as long as the domain, and so is the height."""
    whole = spec(radar())
    (dots,) = layers(radar(), "point")
    x, y = dots["encoding"]["x"]["scale"], dots["encoding"]["y"]["scale"]
    reach = x["domain"][1]
    assert x["domain"] == [-reach, reach]
    assert [part["expr"] for part in x["range"]] == [f"width / 2 - {reach}", f"width / 2 + {reach}"]
    assert y["domain"] == [-whole["height"] / 2, whole["height"] / 2]


def test_grid_has_four_rings_and_a_spoke_for_each_aspect() -> None:
    chart = radar()
    grid, _ = layers(chart, "rule")
    found = edges(chart, grid)
    assert len(found) == 4 * 4 + 4
    for ring in (25, 50, 75, 100):
        assert (0, ring, ring, 0) in found
    assert (0, 100, 0, 0) in found


def test_long_names_are_wrapped_and_begin_away_from_the_middle() -> None:
    names = ["up", "linkage with industrial estates", "down", "left"]
    chart = radar(now=NOW.set_axis(names))
    (right,) = [layer for layer in layers(chart, "text")[1:] if layer["mark"]["align"] == "left"]
    assert [row["text"] for row in rows(chart, right)] == ["linkage with\nindustrial\nestates"]


# Chain and actors


def nodes(chart: Any) -> dict[str, dict[str, Any]]:
    (layer,) = layers(chart, "point")
    return {row["name"]: row for row in rows(chart, layer)}


def test_nodes_stand_in_a_row_with_their_ratings_as_signs() -> None:
    found = nodes(value_chain())
    assert [(name, row["x"], row["y"], row["sign"]) for name, row in found.items()] == [
        ("producer", 0, 0, "3"),
        ("processing", 1, 0, "2"),
        ("distributor", 2, 0, "0"),
        ("intermediary", 3, 0, "1"),
        ("large buyer", 4, 0, "?"),
        ("retail", 5, 0, "?"),
        ("final consumer", 6, 0, "?"),
    ]
    assert [row["word"] for row in found.values()] == [
        *("ada", "ada", "tidak ada", "ada", "belum tahu", "belum tahu", "belum tahu"),
    ]


def links(chart: Any) -> list[tuple[float, float, str]]:
    return [
        (row["x"], row["x2"], row["state"])
        for layer in layers(chart, "rule")
        for row in rows(chart, layer)
    ]


def test_links_differ_by_dash_and_sign_and_not_by_colour_alone() -> None:
    chart = value_chain()
    assert sorted(links(chart)) == [
        (0, 1, "present"),
        (1, 2, "broken"),
        (2, 3, "broken"),
        (3, 4, "broken"),
        (4, 5, "unknown"),
        (5, 6, "unknown"),
    ]
    dashes = [json.dumps(layer["mark"]["strokeDash"]) for layer in layers(chart, "rule")]
    assert len(set(dashes)) == 3
    (signs,) = [
        layer
        for layer in layers(chart, "text")
        if layer["encoding"]["x"].get("field") == "middle_x"
    ]
    assert [(row["middle_x"], row["sign"]) for row in rows(chart, signs)] == [
        *((1.5, "×"), (2.5, "×"), (3.5, "×"), (4.5, "?"), (5.5, "?")),
    ]


def test_legend_names_every_state_with_its_sign() -> None:
    (dots,) = layers(value_chain(), "point")
    scale = dots["encoding"]["color"]["scale"]
    assert scale["domain"] == ["ada", "0 tidak ada", "× terputus", "? belum tahu"]
    assert len(scale["range"]) == 4


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return sum(w * p for w, p in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize("state", fc.COLOURS)
def test_signs_can_be_read_on_white(state: str) -> None:
    assert 1.05 / (luminance(fc.COLOURS[state]) + 0.05) >= 4.5


def lifts_of(chart: Any) -> dict[str, float]:
    """How far below its node each name stands, px."""
    return {
        row["name"]: layer["mark"]["dy"]
        for layer in layers(chart, "text")
        if layer["encoding"]["text"]["field"] == "text"
        for row in rows(chart, layer)
    }


def test_names_of_neighbours_stand_on_different_sides() -> None:
    chart = value_chain()
    lifts = lifts_of(chart)
    above = [lifts[row["name"]] < 0 for row in nodes(chart).values()]
    assert above == [True, False, True, False, True, False, True]


def test_name_of_several_lines_above_a_node_is_lifted_by_them() -> None:
    names = CHAIN_NAMES | {"producer": "producer of raw material"}
    lifts = lifts_of(value_chain(names=names))
    assert lifts["producer of raw material"] < lifts["distributor"] < 0 < lifts["processing"]


def test_actors_stand_around_their_core_at_equal_distances() -> None:
    found = nodes(actors())
    core = found.pop("core industry")
    assert (core["x"], core["y"]) == (0, 0)
    assert len(found) == 5
    assert [math.hypot(row["x"], row["y"]) for row in found.values()] == pytest.approx([1] * 5)
    assert (found["supplier"]["x"], found["supplier"]["y"]) == pytest.approx((0, 1))
    assert len({(round(r["x"], 6), round(r["y"], 6)) for r in found.values()}) == 5


def test_every_actor_is_linked_to_the_core() -> None:
    chart = actors()
    states = sorted(state for _, _, state in links(chart))
    assert states == ["broken", "present", *["unknown"] * 3]
    starts = [row for layer in layers(chart, "rule") for row in rows(chart, layer)]
    assert {(row["x"], row["y"]) for row in starts} == {(0, 0)}


def test_gaps_without_any_known_rating_are_drawn() -> None:
    gaps = value_chain_gaps(Ratings())
    chart = fc.value_chain(gaps, names=CHAIN_NAMES, words=WORDS, language="en", description=SAID)
    assert {row["sign"] for row in nodes(chart).values()} == {"?"}
    assert {state for _, _, state in links(chart)} == {"unknown"}
    assert all(rows(chart, layer) for layer in layers(chart, "rule"))  # no empty drawing


# The diamond


def test_six_parts_stand_as_porter_drew_them_with_their_values_inside() -> None:
    chart = diamond()
    (layer,) = layers(chart, "point")
    found = {row["name"]: row for row in rows(chart, layer)}
    places = {name: (row["x"], row["y"]) for name, row in found.items()}
    assert places["Rivalry"] == (0, 1)  # on top, opposite to what supports
    assert places["Supporting"] == (0, -1)
    assert places["Factors"] == (-1, 0)
    assert places["Demand"] == (1, 0)
    outside = {name for name, (x, y) in places.items() if abs(x) + abs(y) > 1}
    assert outside == {"Government", "Chance"}
    inside = next(t for t in layers(chart, "text") if t["encoding"]["text"]["field"] == "told")
    written = {row["name"]: row["told"] for row in rows(chart, inside)}
    assert written == dict(zip(PARTS["name"], PARTS["told"], strict=True))
    assert {name for name, row in found.items() if row["strong"]} == {"Demand", "Government"}
    assert {name for name, row in found.items() if row["unknown"]} == {"Rivalry"}


def test_corners_of_the_diamond_are_tied_to_each_other_and_the_outside_by_dashes() -> None:
    chart = diamond()
    counts = [
        (len(rows(chart, rule)), rule["mark"]["strokeDash"]) for rule in layers(chart, "rule")
    ]
    assert counts == [(6, fc.SOLID), (4, fc.DASHED)]
