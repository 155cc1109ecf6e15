"""Charts of the Scoring page: data, words, scales and marks of the language."""

import json
from typing import Any

import pandas as pd
import pytest

from ikmgeo.display import scoring_charts
from tests.vega import spec

SAID = 'Dot and "bar", 70,06 & <b>more</b>.'
HOSTILE = "{{ 7*191 }} <img src=x onerror=window.PWN=1> ${1+1}"
RANKS = pd.DataFrame(
    {"name": ["B", "A", HOSTILE], "rank": [1, 2, 3], "rank_low": [1, 1, 3], "rank_high": [2, 2, 3]}
)
CHANCES = pd.DataFrame(
    {
        "name": ["B", "A", "B", "A"],
        "category": ["good", "good", "bad", "bad"],
        "probability": [0.75, 0.0, 0.25, 1.0],
    }
)
COLOURS = {"good": "#009e73", "bad": "#d55e00"}
SHARES = pd.DataFrame(
    {"aspect": ["market", "institutional"], "weight": [25.0, 75.0], "explained": [90.0, None]}
)
WORDS = {"x_title": "Peringkat", "description": SAID}


def rank_intervals(language: str = "id", ranks: pd.DataFrame = RANKS) -> Any:
    return scoring_charts.rank_intervals(ranks, language=language, **WORDS)


def category_chances(language: str = "id", chances: pd.DataFrame = CHANCES) -> Any:
    return scoring_charts.category_chances(chances, COLOURS, language=language, **WORDS)


def drivers(language: str = "id", shares: pd.DataFrame = SHARES) -> Any:
    return scoring_charts.drivers(
        shares, weight="Bobot", driver="Penggerak", language=language, **WORDS
    )


CHARTS = [rank_intervals, category_chances, drivers]


def rows(chart: Any) -> list[dict[str, Any]]:
    (data,) = spec(chart)["datasets"].values()
    return list(data)


def within(part: Any, key: str) -> list[Any]:
    """Every value that a specification gives to a key, at any depth."""
    inner = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
    own = [part[key]] if isinstance(part, dict) and key in part else []
    return own + [found for one in inner for found in within(one, key)]


@pytest.mark.parametrize("chart", CHARTS)
def test_chart_is_a_valid_specification(chart: Any) -> None:
    assert chart().to_dict(validate=True)


@pytest.mark.parametrize("chart", CHARTS)
def test_a_chart_is_as_wide_as_its_place(chart: Any) -> None:
    """Facets keep a width of their own: on a phone the page scrolled sideways."""
    assert [within(spec(chart()), key) for key in ("facet", "row", "column", "width")] == [[]] * 4


@pytest.mark.parametrize("chart", CHARTS)
@pytest.mark.parametrize(("language", "decimal"), [("id", ","), ("en", ".")])
def test_chart_says_what_it_shows_in_the_marks_of_the_language(
    chart: Any, language: str, decimal: str
) -> None:
    found = spec(chart(language))
    assert found["description"] == SAID
    assert decimal in within(found, "decimal")


@pytest.mark.parametrize("chart", CHARTS)
def test_chart_needs_nothing_from_elsewhere(chart: Any) -> None:
    found = spec(chart())
    assert within(found, "url") == []
    schema = found.pop("$schema")
    assert schema.startswith("https://vega.github.io/")
    assert "//" not in json.dumps(found)


def test_rank_is_a_dot_on_the_bar_from_low_to_high() -> None:
    bar, dot = spec(rank_intervals())["layer"]
    assert (bar["mark"]["type"], dot["mark"]["type"]) == ("bar", "circle")
    assert (bar["encoding"]["x"]["field"], bar["encoding"]["x2"]["field"]) == (
        "rank_low",
        "rank_high",
    )
    assert dot["encoding"]["x"]["field"] == "rank"
    assert bar["encoding"]["x"]["title"] == "Peringkat"
    for layer in (bar, dot):  # both on one scale, with room for a dot at either end
        assert layer["encoding"]["x"]["scale"]["domain"] == [0.5, 3.5]


def test_best_center_stands_first_and_names_are_data_only() -> None:
    found = spec(rank_intervals())
    order = [layer["encoding"]["y"]["sort"] for layer in found["layer"]]
    assert order == [["B", "A", HOSTILE]] * 2
    assert HOSTILE in [row["name"] for row in rows(rank_intervals())]
    assert within(found, "expr") == []


@pytest.mark.parametrize("count", [1, 2, 60])
def test_each_center_has_a_row_of_its_own(count: int) -> None:
    ranks = pd.concat([RANKS.iloc[:1].assign(name=f"{n}") for n in range(count)])
    assert spec(rank_intervals(ranks=ranks))["height"] == scoring_charts.ROW * count
    chances = pd.concat([CHANCES.iloc[:1].assign(name=f"{n}") for n in range(count)])
    # Within this height Vega makes room for legend and axis, which one row would not hold.
    assert spec(category_chances(chances=chances))["height"] > 80 + 20 * count


def test_chances_are_stacked_from_the_best_category_over_the_whole_of_0_to_1() -> None:
    found = spec(category_chances())["encoding"]
    assert found["x"]["scale"]["domain"] == [0, 1]
    assert found["color"]["scale"] == {"domain": ["good", "bad"], "range": [*COLOURS.values()]}
    assert found["y"]["sort"] == ["B", "A"]
    placed = {
        (r["name"], r["category"]): (r["order"], r["probability"]) for r in rows(category_chances())
    }
    assert placed == {
        ("B", "good"): (0, 0.75),
        ("A", "good"): (0, 0.0),
        ("B", "bad"): (1, 0.25),
        ("A", "bad"): (1, 1.0),
    }
    assert found["order"]["field"] == "order"


def test_segments_are_told_apart_by_an_outline_and_in_words_too() -> None:
    found = spec(category_chances())
    assert found["mark"]["stroke"]
    assert [t["field"] for t in found["encoding"]["tooltip"]] == ["name", "category", "probability"]


def test_drivers_set_what_an_aspect_explains_beside_its_weight() -> None:
    found = spec(drivers())
    bars = {(r["aspect"], r["kind"]): r["value"] for r in rows(drivers())}
    assert bars == {
        ("market", "Bobot"): 25,
        ("institutional", "Bobot"): 75,
        ("market", "Penggerak"): 90,
        ("institutional", "Penggerak"): None,  # not known is no bar, and not 0
    }
    encoding = found["encoding"]
    assert encoding["x"]["scale"]["domain"] == [0, 100]
    assert encoding["color"]["scale"]["domain"] == ["Bobot", "Penggerak"]
    assert encoding["y"]["sort"] == ["market", "institutional"]
    assert encoding["yOffset"]["sort"] == ["Bobot", "Penggerak"]
