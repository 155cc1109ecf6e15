"""What publishers of roads write in their columns, in the words of OpenStreetMap.

Read are OpenStreetMap's own tags (as columns, or as text in ``other_tags``, where GDAL puts them),
Geofabrik's ``fclass`` and ``type``, BIG's ``REMARK``, and the lists that osmnx makes of a road of
several parts.
"""

import re
from collections.abc import Mapping
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

CLASS_KMH: Final[Mapping[str, float]] = {
    **{"motorway": 90, "trunk": 85, "primary": 65, "secondary": 55, "tertiary": 40},
    **{"motorway_link": 45, "trunk_link": 40, "primary_link": 30, "secondary_link": 25},
    **{"tertiary_link": 20, "unclassified": 25, "residential": 25, "living_street": 10},
    "service": 15,
}
"""The ``highway`` classes that cars may use and their usual speed in km/h (OSRM's car profile)."""

OTHER_WAYS: Final = (
    *("track", "track_grade", "footway", "path", "pedestrian", "steps", "cycleway", "bridleway"),
    *("corridor", "elevator", "platform", "via_ferrata", "raceway", "busway", "bus_guideway"),
    *("escape", "rest_area", "services", "construction", "proposed", "planned", "disused"),
    *("abandoned", "razed"),
)
"""Classes of ways that are no roads for cars; ``track_grade`` is Geofabrik's, with a number."""

CLASS_COLUMNS: Final = ("highway", "fclass", "type", "remark")
"""Columns of classes, the surest first: OpenStreetMap, Geofabrik now and formerly, BIG."""

BIG_CLASSES: Final[Mapping[str, str]] = {
    **{"tol": "motorway", "arteri": "primary", "kolektor": "secondary", "lokal": "tertiary"},
    **{"lingkungan": "residential", "lain": "unclassified", "setapak": "path"},
}
"""Words of BIG's ``REMARK`` ("Jalan Arteri") and the class that each is taken for."""

SPEED_KMH: Final = (1.0, 130.0)
"""Bounds of every speed on a road in km/h."""

FORWARD: Final = ("yes", "true", "1", "ft", "ya")
BACKWARD: Final = ("-1", "reverse", "tf")
BOTH_WAYS: Final = ("no", "false", "0", "tidak")
GEOFABRIK_WAYS: Final[Mapping[str, str]] = {"f": "yes", "t": "-1", "b": "no"}
"""Forward, toward the start, both."""

TRUTHS: Final[Mapping[str, str]] = {"t": "yes", "f": "no"}
"""True and false as PostGIS writes them: the same letters, in files without Geofabrik's ``b``."""

ROUNDABOUTS: Final = ("roundabout", "circular")
KMH_PER_MPH: Final = 1.609344

ACCESS: Final = ("motorcar", "motor_vehicle", "vehicle", "access")
"""Tags of who may use a road; the first that is there counts."""

CLOSED: Final = ("no", "agricultural", "forestry", "emergency", "psv")
"""Values of ``ACCESS`` that close a road to cars, as in OSRM's profile."""

TAGS: Final = (*CLASS_COLUMNS, "maxspeed", "oneway", "junction", *ACCESS, "other_tags")
"""Columns of a road layer that are read, in any case."""


def tag(lines: pd.DataFrame, name: str) -> "pd.Series[str]":
    """Values of a tag in lower case, from its column or else from ``other_tags``; NaN without."""
    text: pd.Series[str] = pd.Series(np.nan, lines.index, dtype="str")
    columns = {str(column).lower(): column for column in lines}
    if name in columns:
        text = lines[columns[name]].astype("str").str.strip().str.lower().str.removesuffix(".0")
        text = text.where(text != "")
    if "other_tags" in columns:
        pair = rf'"{name}"\s*(?:=>|:)\s*"((?:[^"\\]|\\.)*)"'  # hstore, or JSON in newer GDAL
        other = lines[columns["other_tags"]].astype("str").str.extract(pair, expand=False)
        text = text.where(text.notna(), other.str.strip().str.lower())
    return text


def classes(lines: pd.DataFrame) -> tuple["pd.Series[str]", str]:
    """Class of each line in OpenStreetMap's words, and the column of ``CLASS_COLUMNS`` it is from.

    Of several columns the first with a class that is known; without one ``highway``, where it is
    there at all, and else "". Words that are no class stay as they are.
    """
    found = {name: _class_words(tag(lines, name), name) for name in CLASS_COLUMNS}
    for name, words in found.items():
        if is_class(words).any():
            return words, name
    there = any(str(column).lower() == "highway" for column in lines)
    return found["highway"], "highway" if there or found["highway"].notna().any() else ""


def is_class(words: "pd.Series[str]") -> "pd.Series[bool]":
    """Whether each word is a class of ways, for cars or not."""
    return words.isin([*CLASS_KMH, *OTHER_WAYS])


def _class_words(text: "pd.Series[str]", column: str) -> "pd.Series[str]":
    if column != "remark":  # of the list of a road of two classes, the first
        return text.str.extract("([a-z_]+)", expand=False)
    kind = text.str.extract(rf"^jalan ({'|'.join(BIG_CLASSES)})\b", expand=False)
    return kind.map(BIG_CLASSES).fillna(text)


def limit_kmh(text: str) -> float:
    """Speed limit in km/h that ``maxspeed`` states, the lowest of several; NaN if unreadable.

    Several stand between semicolons, or in a list as Python writes it: ``['60', '80']``.
    """
    parts = re.split(r"[;,]", text.strip("[] ")) if text.startswith("[") else text.split(";")
    stated = [
        float(number[1]) * (KMH_PER_MPH if number[2] == "mph" else 1)
        for part in parts
        if (
            number := re.fullmatch(r"(\d{1,4}(?:\.\d+)?)\s*(km/h|kmh|kph|mph)?", part.strip(" '\""))
        )
    ]
    return min((max(SPEED_KMH[0], min(kmh, SPEED_KMH[1])) for kmh in stated if kmh), default=np.nan)


def directions(
    lines: pd.DataFrame, highway: "pd.Series[str]", column: str
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Whether each line is open in the direction in which it is drawn, and against it.

    ``column`` is the one that the classes ``highway`` are from; Geofabrik's letters are those of
    truth elsewhere.
    """
    oneway = tag(lines, "oneway")
    geofabrik = column == "fclass" or oneway.eq("b").any()
    oneway = oneway.replace(dict(GEOFABRIK_WAYS if geofabrik else TRUTHS))
    known = oneway.isin(FORWARD + BACKWARD + BOTH_WAYS)
    round_ = tag(lines, "junction").isin(ROUNDABOUTS)
    implied = ~known & (highway.eq("motorway") | round_)
    ahead = ~oneway.isin(BACKWARD)
    back = ~(oneway.isin(FORWARD) | implied)
    return ahead.to_numpy(bool), back.to_numpy(bool)


def closed(lines: pd.DataFrame) -> "pd.Series[bool]":
    """Whether each line is closed to cars."""
    told: pd.Series[str] = pd.Series(np.nan, lines.index, dtype="str")
    for name in ACCESS:
        told = told.fillna(tag(lines, name))
    return told.isin(CLOSED)
