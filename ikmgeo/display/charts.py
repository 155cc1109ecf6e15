"""Charts as Altair specifications; words come in ready-made, in the reader's language.

Every channel is an object: for one that is a text or a condition, Altair goes through all its
classes, 4 ms each time.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import altair as alt
import pandas as pd

INK: Final = "#1f2328"
ACCENT: Final = "#6a1b6a"
BAR: Final = "#32805a"
HEIGHT: Final = 260
MARKS: Final[Mapping[str, Mapping[str, str]]] = {
    "id": {"decimal": ",", "thousands": "."},
    "en": {"decimal": ".", "thousands": ","},
}


def finished(chart: Any, *, language: str, description: str) -> Any:
    """The chart with its text alternative and the decimal marks of the language."""
    marks = {**MARKS[language], "grouping": [3], "currency": ["", ""]}
    return chart.properties(description=description).configure(
        background="white",
        padding=8,
        font="Source Sans, sans-serif",
        locale={"number": marks},
        axis=alt.AxisConfig(labelColor=INK, titleColor=INK, labelFontSize=12, titleFontSize=12),
        text=alt.MarkConfig(color=INK, fontSize=11),
    )


def cumulative(
    points: pd.DataFrame,
    limits: Sequence[float],
    *,
    x_title: str,
    y_title: str,
    language: str,
    description: str,
) -> Any:
    """Number of centers reached by cost: a rising stair, thresholds dashed.

    ``points`` has ``cost`` (rising), ``count`` and ``name``; ``first`` and ``last``, each rising,
    are the costs at which so many are reached at the earliest and at the latest (NaN: unknown).
    """
    x = alt.X("cost:Q", title=x_title, scale=alt.Scale(zero=True))
    y = alt.Y("count:Q", title=y_title, axis=alt.Axis(tickMinStep=1, format="d"))
    base = alt.Chart(points)
    stair = base.mark_line(interpolate="step-after", color=ACCENT, strokeWidth=2).encode(x=x, y=y)
    dots = base.mark_circle(color=ACCENT, size=50, opacity=1).encode(
        x=x, y=y, tooltip=[alt.Tooltip("name:N", title=""), alt.Tooltip("cost:Q", format=".1f")]
    )
    bounds = [
        base.transform_filter(f"isValid(datum.{end})")
        .mark_line(interpolate="step-after", color=ACCENT, strokeWidth=1, strokeDash=[2, 2])
        .encode(x=alt.X(f"{end}:Q"), y=y)
        for end in ("first", "last")
    ]
    lines = (
        alt.Chart(pd.DataFrame({"cost": list(limits)}))
        .mark_rule(strokeDash=[6, 4], color=INK)
        .encode(x=alt.X("cost:Q"))
    )
    chart = alt.layer(lines, *bounds, stair, dots).properties(height=HEIGHT)
    return finished(chart, language=language, description=description)


def scatter(
    points: pd.DataFrame, *, x_title: str, y_title: str, language: str, description: str
) -> Any:
    """Named points with horizontal bars for the interval of x.

    ``points`` has ``name``, ``x``, ``low``, ``high`` and ``y``, x and y of 0 to 100, and ``rival``:
    True where y is what another claim says; such a point is hollow.
    """
    drawn = [{"dx": 0, "dy": 0, **SIDES[side][2]} for side in _sides(points)]
    points = points.join(pd.DataFrame(drawn, points.index))
    x = alt.X("x:Q", title=x_title, scale=alt.Scale(domain=[0, 100]))
    y = alt.Y("y:Q", title=y_title, scale=alt.Scale(domain=[0, 100]))
    base = alt.Chart(points)
    bars = base.mark_rule(color=ACCENT, opacity=0.5).encode(
        x=alt.X("low:Q"), x2=alt.X2("high:Q"), y=y
    )
    fill = alt.FillValue(ACCENT, condition={"test": "datum.rival", "value": "white"})
    dots = base.mark_point(stroke=ACCENT, strokeWidth=1.5, size=60, opacity=1).encode(
        x=x,
        y=y,
        fill=fill,
        tooltip=[
            alt.Tooltip("name:N", title=""),
            alt.Tooltip("x:Q", format=".1f", title=x_title),
            alt.Tooltip("y:Q", format=".2f", title=y_title),
        ],
    )
    each: dict[str, Any] = {look: alt.ExprRef(f"datum.{look}") for look in ("align", "dx", "dy")}
    names = base.mark_text(fontSize=12, **each).encode(x=x, y=y, text=alt.Text("name:N"))
    chart = alt.layer(bars, dots, names).properties(height=420)
    return finished(chart, language=language, description=description)


SIDES: Final[Mapping[str, tuple[float, float, Mapping[str, Any]]]] = {
    "right": (0.0, 0.0, {"align": "left", "dx": 9}),
    "left": (-1.0, 0.0, {"align": "right", "dx": -9}),
    "above": (-0.5, 3.6, {"align": "center", "dy": -12}),
    "below": (-0.5, -3.6, {"align": "center", "dy": 12}),
    "high": (-0.5, 7.2, {"align": "center", "dy": -27}),
    "low": (-0.5, -7.2, {"align": "center", "dy": 27}),
    "right_above": (0.0, 3.6, {"align": "left", "dx": 9, "dy": -14}),
    "right_below": (0.0, -3.6, {"align": "left", "dx": 9, "dy": 14}),
    "left_above": (-1.0, 3.6, {"align": "right", "dx": -9, "dy": -14}),
    "left_below": (-1.0, -3.6, {"align": "right", "dx": -9, "dy": 14}),
    "right_high": (0.0, 7.2, {"align": "left", "dx": 9, "dy": -28}),
    "right_low": (0.0, -7.2, {"align": "left", "dx": 9, "dy": 28}),
}
"""Where a name can stand: its shift in its own widths, and in units of y; and how it is drawn."""


def _sides(points: pd.DataFrame) -> list[str]:
    """Side of each point on which its name lies on no other, as far as there is one.

    In units of a plot of 100 by 100 that is about 950 by 420 px.
    """
    taken: list[tuple[float, float, float, float]] = [
        (x - 0.8, x + 0.8, y - 1.5, y + 1.5) for x, y in zip(points["x"], points["y"], strict=True)
    ]
    sides = []
    for name, x, y in zip(points["name"], points["x"], points["y"], strict=True):
        width = 0.72 * len(name)
        boxes = {}
        for side, (shift, lift, _) in SIDES.items():
            gap = 2 * shift + 1  # away from the dot, where the name begins or ends at it
            left = x + gap + shift * width
            boxes[side] = (left, left + width, y + lift - 1.7, y + lift + 1.7)
        free = [
            side
            for side, box in boxes.items()
            if box[0] >= 0 and box[1] <= 100 and not any(_overlap(box, other) for other in taken)
        ]
        sides.append(free[0] if free else "right")
        taken.append(boxes[sides[-1]])
    return sides


def _overlap(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one[0] < other[1] and other[0] < one[1] and one[2] < other[3] and other[2] < one[3]


def shares(
    counts: pd.DataFrame,
    *,
    x_title: str,
    colours: Mapping[str, str],
    language: str,
    description: str,
) -> Any:
    """One bar per label; ``counts`` has ``label`` and ``count``, ``colours`` by label."""
    order = list(counts["label"])
    scale = alt.Scale(domain=order, range=[colours[label] for label in order])
    y = alt.Y("label:N", title="", sort=order, axis=alt.Axis(labelLimit=220))
    base = alt.Chart(counts)
    bars = base.mark_bar(stroke=INK, strokeWidth=0.8).encode(
        x=alt.X("count:Q", title=x_title, axis=alt.Axis(tickMinStep=1, format="d")),
        y=y,
        color=alt.Color("label:N", scale=scale, legend=None),
    )
    numbers = base.mark_text(align="left", dx=4).encode(
        x=alt.X("count:Q"), y=y, text=alt.Text("count:Q")
    )
    chart = alt.layer(bars, numbers).properties(height=36 * max(len(order), 1))
    return finished(chart, language=language, description=description)
