"""What an indicator of linkage is: all that tables, maps, files and words ask of one, said once."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
import pandas as pd

from ikmgeo.measures import linkage
from ikmgeo.measures.linkage import EQUAL, Parameters, zone_groups

Values = Callable[[pd.DataFrame, pd.DataFrame, pd.DataFrame, Parameters], pd.DataFrame]
"""From costs, zones, fit and parameters, as in ``computed``, to one column each of what it is of.
"""

FIXED_CLASSES: Final = 5
"""Classes of an indicator whose scale has two ends."""

BEST: Final = ""
"""In place of a zone: for each center the one that it is closest to by the indicator."""

EVERY: Final = "all"
"""In place of a zone, or of a group of them: all zones."""


@dataclass(frozen=True)
class Indicator:
    """One indicator; its name and meaning are the messages ``indicator.CODE`` and ``…_help``.

    Parameters
    ----------
    code
        Its name in tables, files and addresses.
    of
        What its columns are about: each ``zone``, each ``group`` of zones, each ``limit`` that the
        reader set, or ``all`` zones.
    values
        What computes it.
    function
        Whose docstring tells formula and source.
    unit
        ``cost`` is the reader's, km or minutes; ``%`` is written of a share from 0 to 1.
    digits
        Decimals as it is written.
    more_is_closer
        False where a center is closer the smaller the value is.
    full
        Value of a center at the zone, on a scale that begins at 0 and does not depend on the data;
        None where the data make the scale.
    exact
        Whether the bounds of straight distances give its own, without draws.
    """

    code: str
    of: Literal["zone", "group", "limit", "all"]
    values: Values
    function: Callable[..., Any]
    unit: Literal["", "cost", "%"] = ""
    digits: int = 1
    more_is_closer: bool = True
    full: float | None = None
    exact: bool = False

    @property
    def paired(self) -> bool:
        """Whether it has a value for each center and zone."""
        return self.of == "zone"

    @property
    def in_cost(self) -> bool:
        """Whether it is in the unit of the costs."""
        return self.unit == "cost"

    @property
    def decimals(self) -> int:
        """Decimals that count, of the value as it is computed."""
        return self.digits + 2 if self.unit == "%" else self.digits

    def columns(self, used: Parameters, zones: pd.DataFrame) -> list[str]:
        """What it has a value of, in the order of its columns."""
        if self.of == "zone":
            return [str(zone_id) for zone_id in zones.index]
        if self.of == "limit":
            return [f"{limit:g}" for limit in used.within]
        return [*zone_groups(zones)] if self.of == "group" else ["all"]

    def bounds(self, used: Parameters, zones: int) -> tuple[float, ...]:
        """Bounds between its classes, rising; each belongs to the class below it.

        They depend on no value, so that a filter changes no class: the reader's thresholds where
        it is in the unit of the costs, fifths of its scale, or counts of so many ``zones``.
        """
        if self.in_cost:
            return used.within
        if self.full is not None:
            return tuple(self.full * part / FIXED_CLASSES for part in range(1, FIXED_CLASSES))
        return tuple(map(float, range(0, zones, max(1, math.ceil(zones / FIXED_CLASSES)))))

    def classes(self, values: pd.Series, bounds: Sequence[float]) -> pd.Series:
        """Class of each value as it is written, 0 for the farthest; missing where the value is."""
        number = np.searchsorted(bounds, values.round(self.decimals).to_numpy(float), side="left")
        if not self.more_is_closer:
            number = len(bounds) - number
        return pd.Series(number, index=values.index, dtype="Int64").where(values.notna())

    def of_center(self, values: pd.DataFrame, column: str) -> pd.Series:
        """One column, or with ``BEST`` or ``EVERY`` the closest of all."""
        if column in values:
            return values[column]
        return values.max(axis=1) if self.more_is_closer else values.min(axis=1)

    def column(self, asked: str, known: Sequence[str]) -> str:
        """The column that one looks at: what the reader asked for, else what tells most.

        That is the closest zone of each center, all zones, or the limit in the middle.
        """
        if asked in known or (self.paired and asked == EVERY):
            return asked
        if self.paired or not known:
            return BEST
        return known[len(known) // 2 if self.of == "limit" else 0]


def _by_group(
    measure: Callable[[pd.DataFrame], pd.Series], costs: pd.DataFrame, zones: pd.DataFrame
) -> pd.DataFrame:
    return pd.DataFrame({name: measure(costs[some]) for name, some in zone_groups(zones).items()})


def _attraction(zones: pd.DataFrame, used: Parameters) -> pd.Series:
    """What the reader lets each zone weigh."""
    if used.attraction == EQUAL:
        return pd.Series(1.0, index=zones.index)
    return zones[f"{used.attraction}_ha"]


INDICATORS: Final[Mapping[str, Indicator]] = {
    indicator.code: indicator
    for indicator in (
        Indicator(
            "cost",
            "zone",
            lambda costs, zones, fit, used: costs,
            linkage.distance_km,
            unit="cost",
            more_is_closer=False,
            exact=True,
        ),
        Indicator(
            "proximity",
            "zone",
            lambda costs, zones, fit, used: linkage.proximity(
                costs, half_distance=used.half_distance
            ),
            linkage.proximity,
            full=100,
        ),
        Indicator(
            "huff_share",
            "zone",
            lambda costs, zones, fit, used: linkage.huff_share(
                costs, _attraction(zones, used), alpha=used.alpha, decay=used.decay
            ),
            linkage.huff_share,
            unit="%",
            digits=0,
            full=1,
        ),
        Indicator(
            "sector_fit",
            "zone",
            lambda costs, zones, fit, used: linkage.sector_fit_proximity(
                costs, fit, half_distance=used.half_distance
            ),
            linkage.sector_fit_proximity,
            full=100,
        ),
        Indicator(
            "nearest",
            "group",
            lambda costs, zones, fit, used: _by_group(lambda some: some.min(axis=1), costs, zones),
            linkage.nearest,
            unit="cost",
            more_is_closer=False,
            exact=True,
        ),
        Indicator(
            "proximity_index",
            "group",
            lambda costs, zones, fit, used: _by_group(
                lambda some: linkage.proximity_index(some, half_distance=used.half_distance),
                costs,
                zones,
            ),
            linkage.proximity_index,
            full=100,
        ),
        Indicator(
            "zones_within",
            "limit",
            lambda costs, zones, fit, used: pd.DataFrame(
                {f"{limit:g}": linkage.zones_within(costs, limit) for limit in used.within}
            ),
            linkage.zones_within,
            digits=0,
            exact=True,
        ),
        Indicator(
            "gravity",
            "all",
            lambda costs, zones, fit, used: linkage.gravity_potential(
                costs, _attraction(zones, used), half_distance=used.half_distance
            ).to_frame("all"),
            linkage.gravity_potential,
            full=100,
        ),
    )
}
"""By code, in the order in which the reader chooses."""


def paired() -> list[str]:
    """Codes of the indicators of a center and a zone."""
    return [code for code, indicator in INDICATORS.items() if indicator.paired]


def single() -> list[str]:
    """Codes of the indicators of a center alone."""
    return [code for code, indicator in INDICATORS.items() if not indicator.paired]


def computed(
    costs: pd.DataFrame, zones: pd.DataFrame, fit: pd.DataFrame, parameters: Parameters
) -> pd.DataFrame:
    """Every indicator of every center.

    Parameters
    ----------
    costs
        km or minutes, one row per center (or per center and draw), one column per zone.
    zones
        ``class`` and the hectares of ``linkage.hectares``, indexed by ``zone_id``.
    fit
        As from ``linkage.sector_fit``, on the index and columns of ``costs``.
    parameters
        What the reader set.

    Returns
    -------
    pandas.DataFrame
        Columns of two levels: the code of the indicator, and a zone_id, a group of
        ``linkage.zone_groups`` or a threshold.
    """
    parts = {
        code: indicator.values(costs, zones, fit, parameters)
        for code, indicator in INDICATORS.items()
    }
    return pd.concat(parts, axis=1)
