"""Pictures of ratings: bars, the radar of the aspects, the value chain and the actors of a cluster.

Words come in ready-made, in the reader's language. Signs tell what colours tell: nothing is told by
colour alone.
"""

import math
import textwrap
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Any, Final, Literal

import altair as alt
import numpy as np
import pandas as pd

from ikmgeo.display.charts import ACCENT, BAR, INK, finished
from ikmgeo.measures.frameworks import CORE, HIGHEST, STRONG

TRACK: Final = "#eceef0"
RING: Final = "#c4c9ce"
WHITE: Final = "#ffffff"
COLOURS: Final[Mapping[str, str]] = {
    "present": BAR,
    "missing": "#b3261e",
    "broken": "#b3261e",
    "unknown": "#5f6772",
}
"""Of nodes and links by state; each is 4.5:1 or more on white."""

SIGNS: Final[Mapping[str, str]] = {"present": "", "missing": "0", "broken": "×", "unknown": "?"}
"""What a link shows by its state; the legend has them too."""

X2, Y2 = alt.X2("x2"), alt.Y2("y2")
"""Where a line ends."""

SOLID: Final = [1, 0]
DASHED: Final = [5, 4]
DOTTED: Final = [2, 7]

ROW: Final = 42
TOLD: Final = 120
"""Height of a bar with its name, and room for the words after it, in px."""

RINGS: Final = (25, 50, 75, 100)
RADAR: Final = (380, 320)
"""Width and height in px, for a radius of 100: a point of the score is a px."""

LABELS_AT: Final = 118.0

SIDES: Final[tuple[Literal["left", "center", "right"], ...]] = ("left", "center", "right")
"""Which side of a name lies at its place beside the radar."""

HALO: Final[tuple[Mapping[str, Any], ...]] = ({"stroke": WHITE, "strokeWidth": 5}, {})
"""A name that crosses a line is drawn twice, first as its own white ground."""

AWAY: Final = 32
LINE: Final = 15
"""From the middle of a node to that of the first line of its name, and on to the next, in px."""

NODE: Final = 1_100
"""Area of a node in px²."""

DIAMOND: Final[Mapping[str, tuple[float, float]]] = {
    "rivalry": (0, 1),
    "factor": (-1, 0),
    "demand": (1, 0),
    "supporting_industries": (0, -1),
    "government": (1.35, -1),
    "chance": (-1.35, 1),
}
"""Places of Porter's six parts: four corners, and the two that act on them from outside."""

WITHIN: Final = (
    *(("rivalry", "factor"), ("rivalry", "demand"), ("rivalry", "supporting_industries")),
    *(("supporting_industries", "factor"), ("supporting_industries", "demand")),
    ("factor", "demand"),
)
FROM_OUTSIDE: Final = (
    *(("government", "demand"), ("government", "supporting_industries")),
    *(("chance", "rivalry"), ("chance", "factor")),
)


def rated_bars(
    items: pd.DataFrame,
    *,
    x_title: str,
    goal: float | None = None,
    language: str,
    description: str,
) -> Any:
    """One bar per item on the scale of 0 to 4, its name above it.

    Parameters
    ----------
    items
        ``name``, ``rating`` (NaN where unknown: an empty dashed track) and ``told`` (what is
        written after the bar), in the order to show.
    x_title
        Title of the scale.
    goal
        Rating from which an item is as it should be: a dashed line.
    language, description
        Whose decimal marks, and the text alternative.
    """
    rows = items.assign(row=range(len(items)), top=HIGHEST)
    scale = alt.Scale(domain=[0, HIGHEST], range=[0, alt.ExprRef(f"width - {TOLD}")])
    axis = alt.Axis(values=[*range(HIGHEST + 1)], format="d", title=x_title)
    y = alt.Y("row:O", axis=None)
    known, unknown = rows[rows["rating"].notna()], rows[rows["rating"].isna()]
    low: dict[str, Any] = {"height": 13, "yOffset": 9}
    track = alt.X("top:Q", scale=scale, axis=axis)
    layers = [
        alt.Chart(known).mark_bar(color=TRACK, stroke=RING, **low).encode(x=track, y=y),
        alt.Chart(unknown)
        .mark_bar(filled=False, color=COLOURS["unknown"], strokeDash=DASHED, **low)
        .encode(x=track, y=y),
        alt.Chart(known)
        .mark_bar(color=BAR, **low)
        .encode(x=alt.X("rating:Q", scale=scale, axis=axis), y=y),
        alt.Chart(rows)
        .mark_text(align="left", fontSize=13, dy=-8)
        .encode(x=alt.XValue(0), y=y, text=alt.Text("name:N")),
        alt.Chart(rows)
        .mark_text(align="left", fontSize=12, dx=7, dy=9)
        .encode(x=track, y=y, text=alt.Text("told:N")),
    ]
    if goal is not None:
        line = alt.Chart(pd.DataFrame({"goal": [goal]}))
        x = alt.X("goal:Q", scale=scale, axis=axis)
        layers.append(line.mark_rule(strokeDash=DASHED, color=INK).encode(x=x))
    view = alt.ViewBackground(stroke=None)
    chart = alt.layer(*layers, height=ROW * max(len(rows), 2), view=view)
    return finished(chart, language=language, description=description)


def radar(
    aspects_now: pd.Series,
    aspects_after: pd.Series | None = None,
    *,
    titles: tuple[str, str],
    unknown: str,
    language: str,
    description: str,
) -> Any:
    """Aspects on spokes from 0 at the center to 100, the first one up and the others clockwise.

    An aspect that is not known has no point, and no line goes to its neighbours. The rings stay
    round in any width.

    Parameters
    ----------
    aspects_now, aspects_after
        0 to 100 (NaN where unknown) by the name to show; the second has the names of the first.
    titles
        What the two are, for the legend; they differ.
    unknown
        Written under the name of an aspect whose value neither has.
    language, description
        Whose decimal marks, and the text alternative.
    """
    sets = [(titles[0], aspects_now)]
    if aspects_after is not None:
        sets.append((titles[1], aspects_after.reindex(aspects_now.index)))
    count = len(aspects_now)
    corners = [2 * math.pi * number / max(count, 1) for number in range(count)]
    points = [_around(values, corners).assign(set=title) for title, values in sets]
    shown = pd.concat(points, ignore_index=True)
    reach_x, reach_y = RADAR[0] / 2, RADAR[1] / 2
    about = [alt.ExprRef(f"width / 2 {sign} {reach_x}") for sign in "-+"]
    x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[-reach_x, reach_x], range=about))
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[-reach_y, reach_y]))
    legend = alt.Legend(title=None, orient="bottom", labelFontSize=12) if len(sets) > 1 else None
    named = [title for title, _ in sets]

    def told_apart(by: type, looks: list[str]) -> Any:
        scale = alt.Scale(domain=named, range=looks[: len(sets)])
        return by("set:N", scale=scale, legend=legend)

    colour = told_apart(alt.Color, [ACCENT, BAR])
    shape = told_apart(alt.Shape, ["circle", "diamond"])
    grid = alt.Chart(_grid(corners)).mark_rule(color=RING).encode(x=x, y=y, x2=X2, y2=Y2)
    rings = (
        alt.Chart(pd.DataFrame({"x": 0.0, "y": RINGS, "ring": RINGS}))
        .mark_text(align="left", dx=3, dy=-5, fontSize=10)
        .encode(x=x, y=y, text=alt.Text("ring:Q", format="d"))
    )
    lines = [
        alt.Chart(_edges(some).assign(set=title))
        .mark_rule(strokeWidth=2.5, strokeDash=pattern)
        .encode(x=x, y=y, x2=X2, y2=Y2, color=colour)
        for some, (title, _), pattern in zip(points, sets, (SOLID, DASHED), strict=False)
    ]
    told = [
        alt.Tooltip("name:N", title=""),
        alt.Tooltip("set:N", title=""),
        alt.Tooltip("value:Q", title="", format=".2~f"),
    ]
    dots = (
        alt.Chart(shown.dropna(subset="value"))
        .mark_point(size=65, filled=True, opacity=1)
        .encode(x=x, y=y, color=colour, shape=shape, tooltip=told)
    )
    width, height = RADAR
    view = alt.ViewBackground(stroke=None)
    missing = shown.groupby("name", sort=False)["value"].count().eq(0)
    names = _spoke_names(aspects_now.index, corners, missing, unknown, x, y)
    chart = alt.layer(grid, rings, *lines, dots, *names, width=width, height=height, view=view)
    return finished(chart, language=language, description=description)


def _spoke_names(
    names: pd.Index, corners: list[float], missing: pd.Series, unknown: str, x: alt.X, y: alt.Y
) -> list[alt.Chart]:
    """Names at the ends of the spokes, and which of them has no value."""
    labels = _around(pd.Series(LABELS_AT, index=names), corners)
    labels["text"] = [
        "\n".join([_wrapped(name, 17), *([unknown] if without else [])])
        for name, without in zip(labels["name"], missing, strict=True)
    ]
    return [
        alt.Chart(labels[labels["side"] == side])
        .mark_text(align=side, fontSize=12, lineBreak="\n", baseline="middle")
        .encode(x=x, y=y, text=alt.Text("text:N"))
        for side in SIDES
    ]


def diamond(parts: pd.DataFrame, *, language: str, description: str) -> Any:
    """Porter's diamond: each of its six parts as a rhombus that holds its rating.

    Parameters
    ----------
    parts
        ``name``, ``rating`` (0 to 4, NaN where unknown: a dashed rhombus; filled where strong) and
        ``told`` (what is written inside), by the part's code as in ``DIAMOND``.
    language, description
        Whose decimal marks, and the text alternative.
    """
    nodes = parts.loc[list(DIAMOND)].assign(
        x=[float(x) for x, _ in DIAMOND.values()],
        y=[float(y) for _, y in DIAMOND.values()],
        strong=parts["rating"] >= STRONG,
        unknown=parts["rating"].isna(),
        text=[_wrapped(name, 18) for name in parts.loc[list(DIAMOND), "name"]],
    )
    x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[-1.8, 1.8]))
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[-1.6, 1.3]))
    lines = [
        alt.Chart(
            pd.DataFrame(
                [(*DIAMOND[start], *DIAMOND[end]) for start, end in pairs],
                columns=["x", "y", "x2", "y2"],
            )
        )
        .mark_rule(color=COLOURS["unknown"], strokeWidth=1.5, strokeDash=dash)
        .encode(x=x, y=y, x2=X2, y2=Y2)
        for pairs, dash in ((WITHIN, SOLID), (FROM_OUTSIDE, DASHED))
    ]
    filled = alt.FillValue(WHITE, condition={"test": alt.datum.strong, "value": BAR})
    dash = alt.StrokeDashValue(SOLID, condition={"test": alt.datum.unknown, "value": DASHED})
    rhombi = (
        alt.Chart(nodes)
        .mark_point(shape="diamond", size=2 * NODE, strokeWidth=2.5, opacity=1, stroke=BAR)
        .encode(
            x=x,
            y=y,
            fill=filled,
            strokeDash=dash,
            tooltip=[alt.Tooltip("name:N", title=""), alt.Tooltip("told:N", title="")],
        )
    )
    ink = alt.ColorValue(INK, condition={"test": alt.datum.strong, "value": WHITE})
    inside = (
        alt.Chart(nodes)
        .mark_text(fontSize=14, fontWeight="bold")
        .encode(x=x, y=y, text=alt.Text("told:N"), color=ink)
    )
    names = [
        alt.Chart(nodes)
        .mark_text(fontSize=12, lineBreak="\n", baseline="top", dy=AWAY, **halo)
        .encode(x=x, y=y, text=alt.Text("text:N"))
        for halo in HALO
    ]
    view = alt.ViewBackground(stroke=None)
    chart = alt.layer(*lines, rhombi, inside, *names, view=view).properties(height=400)
    return finished(chart, language=language, description=description)


def value_chain(
    gaps: pd.DataFrame,
    *,
    names: Mapping[str, str],
    words: Mapping[str, str],
    language: str,
    description: str,
) -> Any:
    """The value chain as a row of nodes with the links between neighbours.

    Parameters
    ----------
    gaps
        As from ``frameworks.value_chain_gaps``.
    names
        What to show by ``item_id`` of a node.
    words
        What to show for each state of ``COLOURS``; all four differ.
    language, description
        Whose decimal marks, and the text alternative.
    """
    nodes = gaps.index[gaps["kind"].eq("node")]
    places = {node: (float(number), 0.0) for number, node in enumerate(nodes)}
    # Names of neighbours on different sides have room for two of the steps.
    sides = {node: -1 if number % 2 else 1 for number, node in enumerate(nodes)}
    chart = _network(gaps, places, sides, names, words).properties(height=200)
    return finished(chart, language=language, description=description)


def actors(
    gaps: pd.DataFrame,
    *,
    names: Mapping[str, str],
    words: Mapping[str, str],
    language: str,
    description: str,
) -> Any:
    """The actors of a cluster around its core industry, each with its link to the core.

    Parameters as in ``value_chain``; ``gaps`` as from ``frameworks.actor_gaps``.
    """
    around = [node for node in gaps.index[gaps["kind"].eq("node")] if node != CORE]
    turn = 2 * math.pi / max(len(around), 1)
    places = {
        node: (math.sin(number * turn), math.cos(number * turn))
        for number, node in enumerate(around)
    }
    sides = {node: 1 if y > 0 else -1 for node, (_, y) in places.items()}
    # The link to the first actor leaves the core upwards, so its own name stands below.
    chart = _network(gaps, {**places, CORE: (0.0, 0.0)}, {**sides, CORE: -1}, names, words)
    return finished(chart.properties(height=380), language=language, description=description)


def _network(
    gaps: pd.DataFrame,
    places: Mapping[str, tuple[float, float]],
    sides: Mapping[str, int],
    names: Mapping[str, str],
    words: Mapping[str, str],
) -> Any:
    """Nodes at their places with their names above (1) or below (-1), and the links between."""
    legend = {state: f"{SIGNS[state]} {words[state]}".strip() for state in COLOURS}
    told = gaps.assign(word=gaps["state"].map(words), key=gaps["state"].map(legend))
    nodes = _nodes(told[told["kind"].eq("node")], places, names)
    links = _links(told[told["kind"].eq("link")], places, names)
    across = [at for at, _ in places.values()]
    x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[min(across) - 0.5, max(across) + 0.5]))
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[-1.6, 1.6]))
    colour = alt.Color(
        "key:N",
        scale=alt.Scale(domain=[*legend.values()], range=[*COLOURS.values()]),
        legend=alt.Legend(title=None, orient="bottom", columns=2, labelFontSize=12, labelLimit=320),
    )
    tooltip = [alt.Tooltip("name:N", title=""), alt.Tooltip("word:N", title="")]
    is_unknown, is_present = alt.datum.state == "unknown", alt.datum.state == "present"
    dash = alt.StrokeDashValue(SOLID, condition={"test": is_unknown, "value": DASHED})
    rules = [
        alt.Chart(links[links["state"].eq(state)])
        .mark_rule(strokeWidth=3, strokeDash=pattern)
        .encode(x=x, y=y, x2=X2, y2=Y2, color=colour, tooltip=tooltip)
        for state, pattern in (("present", SOLID), ("broken", DOTTED), ("unknown", DASHED))
        if links["state"].eq(state).any()  # a screen reader would meet a nameless drawing
    ]
    middle = alt.Chart(links[links["sign"].ne("")]).encode(
        x=alt.X("middle_x:Q", axis=None), y=alt.Y("middle_y:Q", axis=None)
    )
    signs = [
        middle.mark_circle(size=420, color=WHITE, opacity=1),
        middle.mark_text(fontSize=19, fontWeight="bold").encode(
            text=alt.Text("sign:N"), color=colour
        ),
    ]
    fill = alt.FillValue(WHITE, condition={"test": is_present, "value": BAR})
    ink = alt.ColorValue(INK, condition={"test": is_present, "value": WHITE})
    at_nodes = alt.Chart(nodes).encode(x=x, y=y)
    dots = at_nodes.mark_point(size=NODE, strokeWidth=2.5, opacity=1).encode(
        color=colour, fill=fill, strokeDash=dash, tooltip=tooltip
    )
    inside = at_nodes.mark_text(fontSize=14, fontWeight="bold").encode(
        text=alt.Text("sign:N"), color=ink
    )
    labels = _labels(nodes.assign(side=[sides[node] for node in nodes.index]), x, y)
    view = alt.ViewBackground(stroke=None)
    return alt.layer(*rules, *signs, dots, inside, *labels, view=view)


def _nodes(
    some: pd.DataFrame, places: Mapping[str, tuple[float, float]], names: Mapping[str, str]
) -> pd.DataFrame:
    """Nodes with their names in lines, their ratings and places."""
    wrapped = [_wrapped(names[node], 14) for node in some.index]
    return some.assign(
        name=[names[node] for node in some.index],
        text=wrapped,
        lines=[text.count("\n") + 1 for text in wrapped],
        sign=[SIGNS["unknown"] if pd.isna(r) else f"{r:.0f}" for r in some["rating"]],
        x=[places[node][0] for node in some.index],
        y=[places[node][1] for node in some.index],
    )


def _links(
    some: pd.DataFrame, places: Mapping[str, tuple[float, float]], names: Mapping[str, str]
) -> pd.DataFrame:
    """Links with their names and signs, their ends and middles."""
    ends = zip(some["start"], some["end"], strict=True)
    return some.assign(
        name=[f"{names[a]} – {names[b]}" for a, b in ends],
        sign=some["state"].map(SIGNS),
        x=[places[node][0] for node in some["start"]],
        y=[places[node][1] for node in some["start"]],
        x2=[places[node][0] for node in some["end"]],
        y2=[places[node][1] for node in some["end"]],
    ).assign(middle_x=lambda t: (t["x"] + t["x2"]) / 2, middle_y=lambda t: (t["y"] + t["y2"]) / 2)


def _labels(nodes: pd.DataFrame, x: alt.X, y: alt.Y) -> list[alt.Chart]:
    """Names above (``side`` 1) or below their nodes; a text of lines hangs from its first."""
    groups: Iterable[tuple[Any, pd.DataFrame]] = nodes.groupby(["side", "lines"])
    return [
        alt.Chart(some)
        .mark_text(fontSize=12, lineBreak="\n", baseline="middle", dy=dy, **halo)
        .encode(x=x, y=y, text=alt.Text("text:N"))
        for (side, lines), some in groups
        for dy in [-AWAY - LINE * (lines - 1) if side > 0 else AWAY]
        for halo in HALO
    ]


def _around(values: pd.Series, corners: list[float]) -> pd.DataFrame:
    """Values at their corners, in Cartesian coordinates; ``side`` is where a label begins."""
    across = np.round(np.sin(corners), 9)
    value = values.to_numpy(float)
    return pd.DataFrame(
        {
            "name": values.index,
            "value": value,
            "x": value * across,
            "y": value * np.cos(corners),
            "side": np.select([across > 0, across < 0], ["left", "right"], "center"),
        }
    )


def _edges(points: pd.DataFrame) -> pd.DataFrame:
    """Lines between neighbours that are both known, the last and the first among them."""
    closed = [*points[["x", "y"]].itertuples(index=False), *points[["x", "y"]].iloc[:1].to_numpy()]
    pairs = [(*start, *end) for start, end in pairwise(closed)]
    return pd.DataFrame(pairs, columns=["x", "y", "x2", "y2"]).dropna()


def _grid(corners: list[float]) -> pd.DataFrame:
    """Rings and spokes of the radar as lines."""
    rings = [
        _edges(_around(pd.Series(float(ring), index=range(len(corners))), corners))
        for ring in RINGS
    ]
    ends = _around(pd.Series(100.0, index=range(len(corners))), corners)
    spokes = ends[["x", "y"]].assign(x2=0.0, y2=0.0)
    return pd.concat([*rings, spokes], ignore_index=True)


def _wrapped(name: str, width: int) -> str:
    return "\n".join(textwrap.wrap(name, width)) or name
