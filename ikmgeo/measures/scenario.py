"""What if a zone were added, moved, closed or of another class: changes laid over the real zones.

The real tables never change; a scenario is a list of changes with a name, and applying it gives
new tables.
"""

import base64
import json
import re
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final, TypeVar

import geopandas as gpd
import numpy as np
import pandas as pd

from ikmgeo import tables
from ikmgeo.errors import DataError, Issue
from ikmgeo.measures.indicators import INDICATORS, paired, single
from ikmgeo.vocabulary import AREA_STAGES, ZONE_CLASSES

NEW: Final = "new-"
"""How the ids of hypothetical zones begin."""

MOST_NEW: Final = 20
MOST_CHANGES: Final = 120
NAME_LENGTH: Final = 80

CLASS_NAMES: Final = {
    "sez": ("KEK", "Kawasan Ekonomi Khusus", "Special Economic Zone"),
    "ie": ("KI", "Kawasan Industri", "Industrial Estate"),
}
"""How the names of zones tell their class: short, in Indonesian (before), in English (after)."""

COMPARED: Final = ("better", "worse", "same")
"""How a center fares that has a value before and after."""

OUTCOMES: Final = (*COMPARED, "reached", "lost", "unknown")
"""How a center fares: ``reached`` has a value only after, ``lost`` only before, ``unknown`` none.
"""

Values = TypeVar("Values", pd.Series, pd.DataFrame)

HECTARES: Final = frozenset({"area_ha", *(f"{stage}_ha" for stage in AREA_STAGES)})
"""Columns of a zone's area; what a scenario gives it holds at every stage."""

TAKEN: Final = [f"{stage}_taken" for stage in AREA_STAGES]

LONGEST_LINK: Final = 1_800
"""Characters of a scenario in a URL; some programs cut a URL off at 2,000."""

LARGEST: Final = 1_000_000
"""Characters or bytes of a file that are read; as many changes as there may be need far fewer."""


@dataclass(frozen=True)
class Change:
    """What a scenario changes about one zone; None leaves it as it is.

    Parameters
    ----------
    name
        Name of a hypothetical zone.
    zone_class
        ``sez`` or ``ie``.
    lat, lon
        New place in degrees (WGS84); both or neither.
    area_ha
        Hectares.
    commodities
        Commodities that the zone's sectors could buy: their fit becomes 1, all others 0.
    closed
        Whether the zone is left out.
    """

    name: str | None = None
    zone_class: str | None = None
    lat: float | None = None
    lon: float | None = None
    area_ha: float | None = None
    commodities: tuple[str, ...] | None = None
    closed: bool = False


@dataclass(frozen=True)
class Scenario:
    """Changes by ``zone_id``; ids that begin with ``NEW`` are hypothetical zones."""

    name: str
    changes: Mapping[str, Change] = field(default_factory=dict)

    def changed(self, zone_id: str, **fields: Any) -> "Scenario":
        """The same scenario with fields of one zone's change set; without it if none is left."""
        change = replace(self.changes.get(zone_id, Change()), **fields)
        if change == Change():
            return self.without(zone_id)
        return replace(self, changes={**self.changes, zone_id: change})

    def without(self, zone_id: str) -> "Scenario":
        """The same scenario with one zone as it really is; a hypothetical one disappears."""
        return replace(self, changes={z: c for z, c in self.changes.items() if z != zone_id})

    def next_id(self) -> str:
        """Id for one more hypothetical zone."""
        numbers = [int(z.removeprefix(NEW)) for z in self.changes if z.startswith(NEW)]
        return f"{NEW}{max(numbers, default=0) + 1}"


def zones_of(scenario: Scenario, zones: pd.DataFrame) -> pd.DataFrame:
    """Zones as the scenario has them.

    Parameters
    ----------
    scenario
        Its changes; those of zones that do not exist (and are not hypothetical) do nothing.
    zones
        The real zones, indexed by ``zone_id``.

    Returns
    -------
    pandas.DataFrame
        The same columns; closed zones left out, hypothetical ones last, ``changed`` True where
        anything differs. Facts of a real zone that a change does not name stay; its names tell
        its new class.
    """
    placed = [z for z, c in scenario.changes.items() if z.startswith(NEW) and c.lat is not None]
    told = zones.reindex([*zones.index, *placed]).assign(changed=False)
    for zone_id, change in scenario.changes.items():
        if zone_id not in told.index:
            continue
        names = dict.fromkeys(("name_id", "name_en", "short_name"), change.name)
        if change.name is None:
            names = _names_as(tables.row(told, zone_id), change.zone_class)
        values = {
            **names,
            "class": change.zone_class,
            "lat": change.lat,
            "lon": change.lon,
            **dict.fromkeys(HECTARES & set(told.columns), change.area_ha),
        }
        differs = {c: v for c, v in values.items() if v not in (None, told.at[zone_id, c])}
        for column, value in differs.items():
            told.loc[zone_id, column] = value
        if change.area_ha is not None:
            told.loc[zone_id, told.columns.intersection(TAKEN)] = None
        told.loc[zone_id, "changed"] = bool(differs) or change.commodities is not None
    closed = [z for z, change in scenario.changes.items() if change.closed]
    return told.drop(index=closed, errors="ignore")


def _names_as(zone: pd.Series, zone_class: str | None) -> dict[str, str]:
    """Names of a zone as one of another class; none where its name does not tell its class."""
    old, new = CLASS_NAMES.get(zone["class"]), CLASS_NAMES.get(zone_class or "")
    if old is None or new is None or not str(zone["name_id"]).startswith(f"{old[1]} "):
        return {}
    where = str(zone["name_id"]).removeprefix(f"{old[1]} ")
    english = str(zone["name_en"])
    return {
        "name_id": f"{new[1]} {where}",
        "name_en": english.removesuffix(old[2]) + new[2] if english.endswith(old[2]) else english,
        "short_name": f"{new[0]} {where}",
    }


def footprints_of(scenario: Scenario, footprints: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Footprints that still hold: those of moved and closed zones do not."""
    gone = [z for z, c in scenario.changes.items() if c.closed or c.lat is not None]
    return footprints.drop(index=gone, errors="ignore")


def fit_of(scenario: Scenario, fit: pd.DataFrame) -> pd.DataFrame:
    """Sector fit (commodity × zone, 0 to 1) with the sectors that the scenario names."""
    fit = fit.copy()
    for zone_id, change in scenario.changes.items():
        if change.commodities is not None and (zone_id in fit or zone_id.startswith(NEW)):
            fit[zone_id] = fit.index.isin(change.commodities).astype(float)
    return fit


def gains(before: pd.Series, after: pd.Series, *, smaller_is_better: bool) -> pd.DataFrame:
    """One indicator of every center before and after, and what it gains; most first.

    Returns
    -------
    pandas.DataFrame
        ``before``, ``after``, their ``difference`` and ``gain`` (above 0 is better); a center that
        reaches a zone only before or only after has no number for these two, and comes last.
    """
    change = difference(before, after)
    gain = 0.0 - change if smaller_is_better else change
    table = pd.DataFrame({"before": before, "after": after, "difference": change, "gain": gain})
    return table.sort_values("gain", ascending=False, na_position="last", kind="stable")


def difference(before: Values, after: Values) -> Values:
    """How much more each value is after than before; NaN where one of both is missing."""
    # What only the order of a sum makes is no change; adding 0 takes the sign from a rounded -0.
    return (after - before).round(9) + 0.0


def outcomes(gains: pd.DataFrame) -> dict[str, int]:
    """How many centers of a table of ``gains`` fare how: all ``OUTCOMES``."""
    counts = outcome(gains).value_counts()
    return {name: int(counts.get(name, 0)) for name in OUTCOMES}


def outcome(gains: pd.DataFrame) -> pd.Series:
    """How each center of a table of ``gains`` fares: one of ``OUTCOMES``."""
    had, has = gains["before"].notna(), gains["after"].notna()
    found = {
        "better": gains["gain"] > 0,
        "worse": gains["gain"] < 0,
        "same": gains["gain"] == 0,
        "reached": ~had & has,
        "lost": had & ~has,
    }
    told = np.select(list(found.values()), list(found), "unknown")
    return pd.Series(told, gains.index, dtype=object)


@dataclass(frozen=True)
class Effect:
    """What a scenario does to one column of an indicator.

    Parameters
    ----------
    name
        Of the scenario.
    indicator, column
        As in the columns of ``indicators.computed``.
    gains
        As from ``gains``, of every center.
    """

    name: str
    indicator: str
    column: str
    gains: pd.DataFrame


def effect(
    name: str, before: pd.DataFrame, after: pd.DataFrame, indicator: str, column: str
) -> Effect:
    """What the scenario of a name does; both tables are as from ``indicators.computed``.

    Before or after, the zones may have no such column: then nothing has a value there.
    """
    nothing = pd.Series(np.nan, index=after.index)
    old, new = (table.get((indicator, column), nothing) for table in (before, after))
    found = gains(old, new, smaller_is_better=not INDICATORS[indicator].more_is_closer)
    return Effect(name, indicator, column, found)


def most_changed(
    before: pd.DataFrame, after: pd.DataFrame, *, first: str
) -> tuple[str, str] | None:
    """Indicator and column where a scenario shows: the most centers gain, then the most lose.

    Parameters
    ----------
    before, after
        As from ``indicators.computed``.
    first
        Indicator that is taken as long as any center gains or loses by it; else those of a center
        come before those of a center and a zone.

    Returns
    -------
    tuple
        Of the columns after. Where no value differs, one that centers get or lose altogether;
        None where the scenario changes nothing.
    """
    counts = _counts(before, after)
    for better, worse in (("better", "worse"), ("reached", "lost")):
        some = counts[counts[better] + counts[worse] > 0]
        some = some.sort_values([better, worse], ascending=False, kind="stable")
        for indicator in (first, *single(), *paired()):
            for code, column in some.index:
                if code == indicator:
                    return str(code), str(column)
    return None


def changed_indicators(before: pd.DataFrame, after: pd.DataFrame) -> list[str]:
    """Indicators by which any center gains or loses, in their order."""
    counts = _counts(before, after)
    some = {code for code, _ in counts.index[counts["better"] + counts["worse"] > 0]}
    return [code for code in INDICATORS if code in some]


def _counts(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Outcomes of every column after."""
    found = {c: outcomes(effect("", before, after, *c).gains) for c in after.columns}
    return pd.DataFrame(found).T


def to_json(scenario: Scenario) -> str:
    """A scenario as text that ``from_json`` reads; what a change leaves as it is stays out."""
    changes = {
        z: {k: v for k, v in asdict(c).items() if v is not None and v is not False}
        for z, c in scenario.changes.items()
    }
    return json.dumps({"name": scenario.name, "changes": changes}, ensure_ascii=False, indent=2)


def from_json(text: str | bytes, *, file: str) -> Scenario:
    """Read a scenario.

    Raises
    ------
    DataError
        When the text is no scenario, or one of its changes is out of range.
    """
    try:
        read = json.loads(text if len(text) <= LARGEST else "")
        json.dumps(read, ensure_ascii=False).encode()  # half a surrogate pair fails here
        changes = {zone_id: _change(zone_id, told) for zone_id, told in read["changes"].items()}
        new = sum(zone_id.startswith(NEW) for zone_id in changes)
        _require(set(read) == {"name", "changes"} and _is_name(read["name"]))
        _require(len(changes) <= MOST_CHANGES and new <= MOST_NEW)
        return Scenario(read["name"], changes)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise DataError([Issue("scenario_broken", file)]) from error


def to_link(scenario: Scenario) -> str:
    """A scenario in few characters that a URL can hold, as ``from_link`` reads them.

    Nothing where it changes nothing, or takes more than ``LONGEST_LINK``.
    """
    if not scenario.changes:
        return ""
    plain = json.dumps(json.loads(to_json(scenario)), ensure_ascii=False, separators=(",", ":"))
    packed = base64.urlsafe_b64encode(zlib.compress(plain.encode(), 9)).decode().rstrip("=")
    return packed if len(packed) <= LONGEST_LINK else ""


def from_link(packed: str) -> Scenario:
    """Read what ``to_link`` wrote.

    Raises
    ------
    ValueError
        When it is none.
    """
    try:
        data = base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4))
        return from_json(zlib.decompressobj().decompress(data, LARGEST), file="")
    except (zlib.error, DataError) as error:
        raise ValueError("no scenario") from error


def _change(zone_id: str, read: Mapping[str, Any]) -> Change:
    change = Change(**read)
    _require(change.name is None or _is_name(change.name))
    _require(change.zone_class in (None, *ZONE_CLASSES))
    _require((change.lat is None) == (change.lon is None))
    _require(isinstance(change.closed, bool))
    bounds = ((change.lat, -90, 90), (change.lon, -180, 180), (change.area_ha, 0, 1e6))
    _require(all(_is_within(number, low, high) for number, low, high in bounds))
    if zone_id.startswith(NEW):
        _require(None not in (change.name, change.zone_class, change.lat))
        _require(re.fullmatch(f"{NEW}[1-9][0-9]{{0,5}}", zone_id) is not None)
    if change.commodities is None:
        return change
    _require(isinstance(read["commodities"], list))
    _require(all(isinstance(code, str) for code in change.commodities))
    return replace(change, commodities=tuple(change.commodities))


def _require(sound: bool) -> None:
    if not sound:
        raise ValueError


def _is_name(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip()) and len(value) <= NAME_LENGTH


def _is_within(number: Any, low: float, high: float) -> bool:
    """Whether this is a number within bounds, or None; true, false and NaN are no numbers."""
    return number is None or (not isinstance(number, bool) and bool(low <= number <= high))
