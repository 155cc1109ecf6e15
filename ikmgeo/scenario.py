"""What if a zone were added, moved, closed or of another class: changes laid over the real zones.

The real tables never change; a scenario is a list of changes with a name, and applying it gives
new tables.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final

import geopandas as gpd
import pandas as pd

from ikmgeo.errors import DataError, Issue
from ikmgeo.vocabulary import ZONE_CLASSES

NEW: Final = "new-"
"""How the ids of hypothetical zones begin."""

MOST_NEW: Final = 20
NAME_LENGTH: Final = 80


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
        """The same scenario with fields of one zone's change set."""
        change = replace(self.changes.get(zone_id, Change()), **fields)
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
    changed = zones.assign(changed=False)
    for zone_id, change in scenario.changes.items():
        if zone_id not in zones.index and not zone_id.startswith(NEW):
            continue
        if zone_id.startswith(NEW) and (change.lat is None or change.lon is None):
            continue  # it has no place yet
        told = {
            "name_id": change.name,
            "name_en": change.name,
            "short_name": change.name,
            "class": change.zone_class,
            "lat": change.lat,
            "lon": change.lon,
            "area_ha": change.area_ha,
        }
        for column, value in told.items():
            if value is not None:
                changed.loc[zone_id, column] = value
        changed.loc[zone_id, "changed"] = True
    closed = [z for z, change in scenario.changes.items() if change.closed]
    return changed.drop(index=closed, errors="ignore").astype({"changed": bool})


def footprints_of(scenario: Scenario, footprints: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Footprints that still hold: those of moved and closed zones do not."""
    gone = [z for z, c in scenario.changes.items() if c.closed or c.lat is not None]
    return footprints.drop(index=gone, errors="ignore")


def fit_of(scenario: Scenario, fit: pd.DataFrame) -> pd.DataFrame:
    """Sector fit (commodity × zone, 0 to 1) with the sectors that the scenario names."""
    columns = {
        zone_id: fit.index.isin(change.commodities).astype(float)
        for zone_id, change in scenario.changes.items()
        if change.commodities is not None
    }
    return fit.assign(**columns)


def gains(before: pd.Series, after: pd.Series, *, smaller_is_better: bool) -> pd.DataFrame:
    """One indicator of every center before and after, and what it gains; most first.

    Returns
    -------
    pandas.DataFrame
        ``before``, ``after`` and ``gain`` (above 0 is better); a center that reaches a zone only
        before or only after has no gain that is a number, and comes last.
    """
    table = pd.DataFrame({"before": before, "after": after})
    better, worse = ("before", "after") if smaller_is_better else ("after", "before")
    table["gain"] = table[better] - table[worse]
    return table.sort_values("gain", ascending=False, na_position="last", kind="stable")


def to_json(scenario: Scenario) -> str:
    """A scenario as text that ``from_json`` reads."""
    changes = {z: {k: v for k, v in asdict(c).items() if v} for z, c in scenario.changes.items()}
    return json.dumps({"name": scenario.name, "changes": changes}, ensure_ascii=False, indent=2)


def from_json(text: str | bytes, *, file: str) -> Scenario:
    """Read a scenario.

    Raises
    ------
    DataError
        When the text is no scenario, or one of its changes is out of range.
    """
    try:
        read = json.loads(text)
        changes = {str(z): _change(c) for z, c in dict(read["changes"]).items()}
        if len(changes) > MOST_NEW + 100:
            raise ValueError
        return Scenario(str(read["name"])[:NAME_LENGTH], changes)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise DataError([Issue("scenario_broken", file)]) from error


def _change(read: Mapping[str, Any]) -> Change:
    change = Change(**read)
    for value, low, high in (
        (change.lat, -90, 90),
        (change.lon, -180, 180),
        (change.area_ha, 0, 1e6),
    ):
        if value is not None and not (math.isfinite(value) and low <= value <= high):
            raise ValueError(value)
    if change.zone_class not in (None, *ZONE_CLASSES) or (change.lat is None) != (
        change.lon is None
    ):
        raise ValueError(change)
    return replace(
        change,
        name=None if change.name is None else str(change.name)[:NAME_LENGTH],
        commodities=None if change.commodities is None else tuple(map(str, change.commodities)),
        closed=bool(change.closed),
    )
