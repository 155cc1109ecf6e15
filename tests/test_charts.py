"""Specifications of charts: data, words, marks of the language, and names that nothing covers."""

import itertools
import json
import re
from typing import Any, NamedTuple

import altair as alt
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import ImageFont

from ikmgeo.display import charts
from tests.vega import layers, rows, spec

SAID = 'Two points of "thirteen", 70,06 & <b>more</b>.'
MARKS = {"id": (",", "."), "en": (".", ",")}

# The shipped centers: proximity to the nearest zone at a half-distance of 25 km, and their scores.
SHIPPED = pd.DataFrame(
    [
        ("Kopi Simalungun", 18.8, 70.06),
        ("Anyaman Pandan Serdang Bedagai", 41.0, 58.55),
        ("Madu Simalungun", 16.3, 38.80),
        ("Tenun Batu Bara", 55.7, 37.76),
        ("Ubi Kayu Deli Serdang", 52.1, 47.53),
        ("Ubi Kayu Binjai", 49.8, 40.02),
        ("Kopra Asahan", 31.8, 41.90),
        ("Alas Kaki Bunut Asahan", 40.5, 41.27),
        ("PIK Menteng Medan", 70.5, 21.28),
        ("Kerajinan Bambu Binjai", 48.8, 18.78),
        ("Halua Binjai", 49.8, 16.27),
        ("Kopi Karo", 15.0, 22.23),
        ("Ubi Kayu Serdang Bedagai", 37.0, 27.54),
    ],
    columns=["name", "x", "y"],
).assign(low=lambda p: p["x"] - 5, high=lambda p: p["x"] + 5, rival=False)

POINTS = pd.DataFrame({"cost": [2.5, 7.0, 7.0], "count": [1, 2, 3], "name": ["a", "b", "c"]})
POINTS = POINTS.assign(first=[2.0, 5.5, 6.5], last=[3.0, 7.5, 8.5])
COUNTS = pd.DataFrame({"label": ["Z", "A"], "count": [3, 1]})


def cumulative(language: str = "id") -> Any:
    words = {"x_title": "Jarak (km)", "y_title": "Sentra", "description": SAID}
    return charts.cumulative(POINTS, (25.0, 50.0), language=language, **words)


def scatter(language: str = "id", points: pd.DataFrame = SHIPPED) -> Any:
    words = {"x_title": "Kedekatan", "y_title": "Skor", "description": SAID}
    return charts.scatter(points, language=language, **words)


def shares(language: str = "id", counts: pd.DataFrame = COUNTS) -> Any:
    colours = {"A": "#009e73", "Z": "#0072b2"}
    return charts.shares(
        counts, x_title="Sentra", colours=colours, language=language, description=SAID
    )


CHARTS = [cumulative, scatter, shares]


@pytest.mark.parametrize("draw", CHARTS)
@pytest.mark.parametrize("language", MARKS)
def test_chart_has_its_text_alternative_and_the_marks_of_the_language(
    draw: Any, language: str
) -> None:
    drawn = spec(draw(language))
    assert drawn["description"] == SAID
    marks = drawn["config"]["locale"]["number"]
    assert (marks["decimal"], marks["thousands"]) == MARKS[language]
    assert marks["grouping"] == [3]


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


def test_curve_steps_up_at_each_center_over_dashed_thresholds() -> None:
    chart = cumulative()
    earliest, latest, stair = layers(chart, "line")
    assert [bound["encoding"]["x"]["field"] for bound in (earliest, latest)] == ["first", "last"]
    assert earliest["mark"]["strokeDash"]
    assert latest["mark"]["strokeDash"]
    assert stair["mark"]["interpolate"] == "step-after"
    assert (stair["encoding"]["x"]["field"], stair["encoding"]["y"]["field"]) == ("cost", "count")
    assert stair["encoding"]["x"]["scale"]["zero"] is True
    assert [(r["cost"], r["count"]) for r in rows(chart, stair)] == [(2.5, 1), (7, 2), (7, 3)]
    (rule,) = layers(chart, "rule")
    assert [row["cost"] for row in rows(chart, rule)] == [25, 50]
    assert rule["mark"]["strokeDash"]
    (dots,) = layers(chart, "circle")
    assert dots["encoding"]["tooltip"][0]["field"] == "name"


def test_axes_are_titled_and_counts_have_no_fractions() -> None:
    *_, stair = layers(cumulative(), "line")
    assert stair["encoding"]["x"]["title"] == "Jarak (km)"
    assert stair["encoding"]["y"]["title"] == "Sentra"
    assert stair["encoding"]["y"]["axis"] == {"tickMinStep": 1, "format": "d"}


def test_bars_keep_their_order_colours_and_numbers() -> None:
    chart = shares()
    (bars,) = layers(chart, "bar")
    assert bars["encoding"]["y"]["sort"] == ["Z", "A"]
    assert bars["encoding"]["color"]["scale"] == {
        "domain": ["Z", "A"],
        "range": ["#0072b2", "#009e73"],
    }
    assert rows(chart) == [{"label": "Z", "count": 3}, {"label": "A", "count": 1}]
    (numbers,) = layers(chart, "text")
    assert numbers["encoding"]["text"]["field"] == "count"


def test_no_bar_at_all_is_still_a_chart() -> None:
    assert spec(shares(counts=COUNTS.iloc[:0]))["height"] > 0


def test_points_have_their_interval_and_both_axes_run_from_0_to_100() -> None:
    chart = scatter()
    (bars,) = layers(chart, "rule")
    assert (bars["encoding"]["x"]["field"], bars["encoding"]["x2"]["field"]) == ("low", "high")
    (dots,) = layers(chart, "point")
    fill = dots["encoding"]["fill"]
    assert (fill["condition"]["test"], fill["condition"]["value"]) == ("datum.rival", "white")
    assert fill["value"] == dots["mark"]["stroke"]
    assert [dots["encoding"][axis]["scale"]["domain"] for axis in "xy"] == [[0, 100], [0, 100]]
    assert [(r["name"], r["x"], r["y"]) for r in rows(chart)] == list(
        SHIPPED[["name", "x", "y"]].itertuples(index=False, name=None)
    )


def test_point_without_an_interval_has_no_bar() -> None:
    told = rows(scatter(points=SHIPPED.assign(low=float("nan"), high=float("nan"))))
    assert {row["low"] for row in told} == {None}


class Box(NamedTuple):
    left: float
    right: float
    top: float
    bottom: float

    def meets(self, other: "Box") -> bool:
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


PLOT = (972, 361)
"""Inside of the axes at a window of 1366 px, measured in Chromium."""

FONT = ImageFont.load_default(12)
"""A sans serif font, wider than the one the app ships."""


def named(chart: Any) -> dict[str, Box]:
    """Where each name is drawn, in px, from what the specification says of its text marks."""
    found: dict[str, Box] = {}
    (layer,) = layers(chart, "text")
    for look in ("align", "dx", "dy"):
        assert layer["mark"][look] == {"expr": f"datum.{look}"}
    for row in rows(chart):
        width = FONT.getlength(row["name"])
        x = row["x"] / 100 * PLOT[0] + row["dx"]
        y = (100 - row["y"]) / 100 * PLOT[1] + row["dy"]
        left = x - {"left": 0, "center": width / 2, "right": width}[row["align"]]
        assert row["name"] not in found
        found[row["name"]] = Box(left, left + width, y - 6, y + 6)
    return found


def dots(chart: Any) -> dict[str, Box]:
    reach = (60 / 3.14159) ** 0.5  # a mark's size is its area in px²
    return {
        r["name"]: Box(x - reach, x + reach, y - reach, y + reach)
        for r in rows(chart)
        for x, y in [(r["x"] / 100 * PLOT[0], (100 - r["y"]) / 100 * PLOT[1])]
    }


def test_names_of_the_shipped_centers_lie_on_no_other_name_and_on_no_dot() -> None:
    chart = scatter()
    names, points = named(chart), dots(chart)
    assert set(names) == set(SHIPPED["name"])
    met = [(a, b) for a, b in itertools.combinations(names, 2) if names[a].meets(names[b])]
    covered = [(a, b) for a in names for b in points if names[a].meets(points[b])]
    assert met + covered == []
    assert all(box.left >= 0 and box.right <= PLOT[0] for box in names.values())


def test_each_name_is_drawn_once_even_where_all_points_are_one() -> None:
    same = SHIPPED.assign(x=50.0, y=50.0)
    assert set(named(scatter(points=same))) == set(SHIPPED["name"])


@given(
    st.lists(
        st.tuples(st.floats(0, 100), st.floats(0, 100), st.integers(1, 40)),
        min_size=1,
        max_size=30,
    )
)
def test_every_point_gets_its_name(points: list[tuple[float, float, int]]) -> None:
    some = pd.DataFrame(
        [(f"{'n' * long}{i}", x, y, x, x) for i, (x, y, long) in enumerate(points)],
        columns=["name", "x", "y", "low", "high"],
    )
    assert set(named(scatter(points=some))) == set(some["name"])


def test_hostile_names_are_data_and_never_part_of_an_expression() -> None:
    hostile = "'+(window.PWN=1)+' {{ 7*191 }} <img src=x onerror=alert(1)>"
    chart = scatter(points=SHIPPED.assign(name=[f"{hostile}{i}" for i in range(len(SHIPPED))]))
    bare = {k: v for k, v in spec(chart).items() if k != "datasets"}
    assert "PWN" not in json.dumps(bare)
    assert all(hostile in row["name"] for row in rows(chart))
