"""A map of location quotients: the colour of each area, its words, and what colours say."""

from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd

from ikmgeo import symbols
from ikmgeo.display.thematic import Legend
from ikmgeo.register.specialisation import CLUSTERS, Level
from ikmgeo.words.concluding import interval
from ikmgeo.words.messages import Messages

FAR: Final = 2
"""Quotient from which on, or below whose inverse, the colour is full."""


@dataclass(frozen=True)
class Quotients:
    """What the map shows of every area.

    Parameters
    ----------
    fills
        A class of ``symbols.QUOTIENTS`` as its colour, ``symbols.NO_CENTER`` for too few units.
    told
        The line below its name.
    clusters
        Of ``specialisation.CLUSTERS``; ``none`` where it is not known.
    names
        By area.
    named
        Areas that are named before all.
    """

    level: Level
    topic: str
    names: pd.Series
    fills: pd.Series
    told: pd.Series
    clusters: pd.Series
    values: pd.Series
    named: tuple[str, ...]
    legend: Legend

    def signs(self, subdistricts: gpd.GeoDataFrame) -> pd.DataFrame:
        """Subdistricts as ``MapScene.centers``: those with enough units, at a point within."""
        some = self.fills.index[self.fills != symbols.NO_CENTER]
        some = some[some.isin(subdistricts.index)]
        points = subdistricts.loc[some].geometry.representative_point()
        order = some.isin(self.named)
        return pd.DataFrame(
            {
                "at": range(len(some)),
                "lat": points.y,
                "lon": points.x,
                "category": self.clusters[some].replace("none", "unclustered"),
                "conflicting": False,
                "name": self.names[some],
                "below": self.told[some],
                "naming": np.lexsort((some, ~order)).argsort(),
                "value": self.values[some],
                "shade": self.fills[some],
            },
            index=some,
        )


def quotients(
    say: Messages,
    level: Level,
    topic: str,
    table: pd.DataFrame,
    clusters: pd.Series,
    names: pd.Series,
    named: tuple[str, ...],
) -> Quotients:
    """The map of a table of ``specialisation.quotients``, for all areas that have a name."""
    rows = table.reindex(names.index)
    verdict = rows["verdict"].fillna("too_few")
    far = rows["quotient"].ge(FAR) | rows["quotient"].mul(FAR).lt(1)
    sided = far & verdict.isin(["above", "below"])
    fills = ("far_" + verdict).where(sided, verdict).map(symbols.QUOTIENTS).astype(object)
    numbers = [(q, low, high) for q, low, high in rows[["quotient", "low", "high"]].to_numpy()]
    told = [
        say(f"special.verdict_{v}")
        if v == "too_few"
        else f"{say('special.lq')} {interval(say, *n)}"
        for v, n in zip(verdict, numbers, strict=True)
    ]
    values = rows["quotient"].map(lambda q: "" if pd.isna(q) else say.number(q, 1))
    shown = clusters.reindex(names.index).fillna("none")
    return Quotients(
        level,
        topic,
        names,
        fills.where(fills.notna(), symbols.NO_CENTER),
        pd.Series(told, names.index, dtype=object),
        shown.where(verdict != "too_few", "none"),
        values,
        named,
        _legend(say, level, {*shown}, few=bool(verdict.eq("too_few").any())),
    )


def _legend(say: Messages, level: Level, clusters: set[str], *, few: bool) -> Legend:
    """Colours from high to low, too few units, and the clusters that there are."""
    told = [
        (symbols.swatch(colour), say(f"special.class_{name}"))
        for name, colour in symbols.QUOTIENTS.items()
    ]
    if few and level == "district":
        told.append((symbols.swatch(symbols.NO_CENTER), say("special.verdict_too_few")))
    told += [
        (symbols.sign(symbols.CLUSTERS[code]), say(f"special.cluster_{code}"))
        for code in CLUSTERS
        if code in clusters and code != "none"
    ]
    return told
