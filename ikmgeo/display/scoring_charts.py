"""Charts of the Scoring page as Altair specifications; words come in ready-made."""

from collections.abc import Mapping
from typing import Any, Final

import altair as alt
import pandas as pd

from ikmgeo.display.charts import ACCENT, INK, finished

ROW: Final = 26
"""Height of one center in px."""

LEGEND: Final = 90
"""Height of what stands above and below the centers in px."""


def rank_intervals(ranks: pd.DataFrame, *, x_title: str, language: str, description: str) -> Any:
    """Nominal rank as a dot on the bar from the low to the high rank.

    ``ranks`` has ``name``, ``rank``, ``rank_low``, ``rank_high``, best center first.
    """
    x = alt.Axis(tickMinStep=1, format="d")
    scale = alt.Scale(domain=[0.5, len(ranks) + 0.5], nice=False)
    y = alt.Y("name:N", title="", sort=list(ranks["name"]), axis=alt.Axis(labelLimit=240))
    base = alt.Chart(ranks)
    bars = base.mark_bar(color="#9bb8d3", height=10).encode(
        x=alt.X("rank_low:Q", title=x_title, axis=x, scale=scale), x2=alt.X2("rank_high:Q"), y=y
    )
    dots = base.mark_circle(color=INK, size=70, opacity=1).encode(
        x=alt.X("rank:Q", scale=scale), y=y
    )
    chart = alt.layer(bars, dots).properties(height=ROW * max(len(ranks), 1))
    return finished(chart, language=language, description=description)


def category_chances(
    chances: pd.DataFrame,
    colours: Mapping[str, str],
    *,
    x_title: str,
    language: str,
    description: str,
) -> Any:
    """Probability of each category as stacked bars that sum to 1.

    ``chances`` has ``name``, ``category`` (label) and ``probability``, best center and best
    category first; ``colours`` by label.
    """
    labels = list(colours)
    order = chances["category"].map({label: at for at, label in enumerate(labels)})
    chart = (
        alt.Chart(chances.assign(order=order))
        .mark_bar(stroke=INK, strokeWidth=0.6)
        .encode(
            x=alt.X(
                "probability:Q",
                title=x_title,
                axis=alt.Axis(format=".0%"),
                scale=alt.Scale(domain=[0, 1]),
            ),
            y=alt.Y(
                "name:N",
                title="",
                sort=list(dict.fromkeys(chances["name"])),
                axis=alt.Axis(labelLimit=240),
            ),
            color=alt.Color(
                "category:N",
                sort=labels,
                scale=alt.Scale(domain=labels, range=[colours[label] for label in labels]),
                # In two columns: in one line the last would be cut off beside a long axis.
                legend=alt.Legend(title="", orient="top", labelFontSize=12, columns=2),
            ),
            order=alt.Order("order:Q"),
            tooltip=[
                alt.Tooltip("name:N", title=""),
                alt.Tooltip("category:N", title=""),
                alt.Tooltip("probability:Q", format=".0%", title=x_title),
            ],
        )
        .properties(height=ROW * max(chances["name"].nunique(), 1) + LEGEND)
    )
    return finished(chart, language=language, description=description)


def drivers(
    shares: pd.DataFrame,
    *,
    weight: str,
    driver: str,
    x_title: str,
    language: str,
    description: str,
) -> Any:
    """Two bars per aspect: the weight it was given and the variance it explains, both in %.

    ``shares`` has ``aspect`` (label), ``weight`` and ``explained``, 0 to 100.
    """
    renamed = shares.rename(columns={"weight": weight, "explained": driver})
    long = renamed.melt("aspect", [weight, driver], var_name="kind")
    chart = (
        alt.Chart(long)
        .mark_bar(stroke=INK, strokeWidth=0.6)
        .encode(
            x=alt.X("value:Q", title=x_title, scale=alt.Scale(domain=[0, 100])),
            y=alt.Y(
                "aspect:N",
                title="",
                sort=list(shares["aspect"]),
                axis=alt.Axis(labelLimit=240, domain=False, ticks=False),
            ),
            yOffset=alt.YOffset("kind:N", sort=[weight, driver]),
            color=alt.Color(
                "kind:N",
                sort=[weight, driver],
                scale=alt.Scale(domain=[weight, driver], range=["#9bb8d3", ACCENT]),
                legend=alt.Legend(
                    title="", orient="top", columns=1, labelFontSize=12, labelLimit=400
                ),
            ),
        )
        .properties(height=ROW * (len(shares) + 4))  # with axis and legend
    )
    return finished(chart, language=language, description=description)


def ranks_by_group(
    ranks: pd.DataFrame, *, baseline: str, x_title: str, language: str, description: str
) -> Any:
    """Rank of each center by each group, a mark each on a line from the best to the worst.

    ``ranks`` has ``name``, ``group`` and ``rank``; the group named ``baseline`` is a hollow mark.
    """
    others = [g for g in dict.fromkeys(ranks["group"]) if g != baseline]
    order = list(ranks[ranks["group"] == baseline].sort_values("rank")["name"])
    order += [name for name in dict.fromkeys(ranks["name"]) if name not in order]
    y = alt.Y("name:N", title="", sort=order, axis=alt.Axis(labelLimit=240))
    axis = alt.Axis(tickMinStep=1, format="d")
    last = max(float(ranks["rank"].max()), 1.0)
    scale = alt.Scale(domain=[0.5, last + 0.5], nice=False)
    x = alt.X("rank:Q", title=x_title, axis=axis, scale=scale)
    told = [alt.Tooltip(field) for field in ("name:N", "group:N", "rank:Q")]
    groups = alt.Chart(ranks[ranks["group"] != baseline])
    line = groups.mark_rule(color="#9bb8d3", size=4).encode(
        x=alt.X("min(rank):Q", title=x_title, axis=axis, scale=scale), x2=alt.X2("max(rank):Q"), y=y
    )
    marks = groups.mark_point(filled=True, size=110, opacity=1, stroke=INK, strokeWidth=0.8).encode(
        x=x,
        y=y,
        color=alt.Color("group:N", sort=others, legend=alt.Legend(title="", orient="top")),
        shape=alt.Shape("group:N", sort=others, legend=alt.Legend(title="", orient="top")),
        tooltip=told,
    )
    ring = (
        alt.Chart(ranks[ranks["group"] == baseline])
        .mark_point(shape="circle", filled=False, size=260, stroke=INK, strokeWidth=1.4)
        .encode(x=x, y=y, tooltip=told)
    )
    chart = alt.layer(line, ring, marks).properties(height=ROW * max(len(order), 1))
    return finished(chart, language=language, description=description)
