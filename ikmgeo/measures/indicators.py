"""What an indicator of linkage is: all that tables, maps, files and words ask of one, said once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

import pandas as pd

from ikmgeo.measures import linkage
from ikmgeo.measures.linkage import EQUAL, Parameters, zone_groups

Values = Callable[[pd.DataFrame, pd.DataFrame, pd.DataFrame, Parameters], pd.DataFrame]
"""From costs, zones, fit and parameters, as in ``computed``, to one column each of what it is of.
"""


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

    @property
    def flows(self) -> bool:
        """Whether flow lines can show it: of each zone, wider the closer."""
        return self.paired and self.full is not None


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
