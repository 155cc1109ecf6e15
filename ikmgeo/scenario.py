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
import pandas as pd

from ikmgeo.errors import DataError, Issue
from ikmgeo.vocabulary import AREA_STAGES, ZONE_CLASSES

NEW: Final = "new-"
"""How the ids of hypothetical zones begin."""

MOST_NEW: Final = 20
MOST_CHANGES: Final = 120
NAME_LENGTH: Final = 80

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
        anything differs. Facts of a real zone that a change does not name stay.
    """
    placed = [z for z, c in scenario.changes.items() if z.startswith(NEW) and c.lat is not None]
    told = zones.reindex([*zones.index, *placed]).assign(changed=False)
    for zone_id, change in scenario.changes.items():
        if zone_id not in told.index:
            continue
        values = {
            "name_id": change.name,
            "name_en": change.name,
            "short_name": change.name,
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
        ``before``, ``after`` and ``gain`` (above 0 is better); a center that reaches a zone only
        before or only after has no gain that is a number, and comes last.
    """
    change = gain(before, after, smaller_is_better=smaller_is_better)
    table = pd.DataFrame({"before": before, "after": after, "gain": change})
    return table.sort_values("gain", ascending=False, na_position="last", kind="stable")


def gain(before: Values, after: Values, *, smaller_is_better: bool) -> Values:
    """What each value gains, above 0 is better; NaN where one of both is missing."""
    change = before - after if smaller_is_better else after - before
    # What only the order of a sum makes is no gain; adding 0 takes the sign from a rounded -0.
    return change.round(9) + 0.0


def outcomes(gains: pd.DataFrame) -> dict[str, int]:
    """How many centers of a table of ``gains`` fare how; together they are all of them.

    ``better``, ``worse`` and ``same`` have a value before and after, ``reached`` only after,
    ``lost`` only before, ``unknown`` neither.
    """
    had, has = gains["before"].notna(), gains["after"].notna()
    found = {
        "better": gains["gain"] > 0,
        "worse": gains["gain"] < 0,
        "same": gains["gain"] == 0,
        "reached": ~had & has,
        "lost": had & ~has,
        "unknown": ~had & ~has,
    }
    return {name: int(some.sum()) for name, some in found.items()}


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
