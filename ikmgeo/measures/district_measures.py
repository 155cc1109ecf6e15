"""Measures of districts, taken from the centers in them and from their seats; classes for a map.

Every measure is a Series indexed by ``district_code``. What depends on centers is missing (NaN) in
a district without one: where nobody surveyed, the answer is not 0.
"""

import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd

from ikmgeo.measures import linkage, scoring

BREAKS: Final = ("fisher_jenks", "quantiles", "equal_interval")
"""Ways of mapclassify to cut values into classes."""

CLASSES: Final = (3, 4, 5, 6)
"""Numbers of classes on offer: fewer tell little, more cannot be told apart."""

FEWEST_COMPARED: Final = 2
MOST_COMPARED: Final = 4
"""Districts that are compared side by side."""


@dataclass(frozen=True)
class Shading:
    """How a map of districts is coloured: measure, way of cutting it, number of classes."""

    measure: str = "centers"
    breaks: str = "fisher_jenks"
    classes: int = 4


def neighbours(districts: gpd.GeoDataFrame, code: str) -> list[str]:
    """Codes of the districts that share a border or a corner with one, in their order."""
    touched = districts.index[districts.intersects(districts.geometry.loc[code])]
    return [str(other) for other in touched if other != code]


def center_count(centers: pd.DataFrame, districts: pd.DataFrame) -> pd.Series:
    """Number of centers in each district; float, NaN where there is none.

    Notes
    -----
    n = Σ 1[c ∈ D]

    References
    ----------
    data/centers.csv
    """
    count = centers["district"].value_counts()
    return count.reindex(districts.index).astype(float).rename("centers")


def mean_of_centers(values: pd.Series, centers: pd.DataFrame, districts: pd.DataFrame) -> pd.Series:
    """Mean of a value per ``center_id`` over the centers of each district that have it.

    Notes
    -----
    Σ x(c) / n, c ∈ D

    References
    ----------
    data/centers.csv
    """
    mean = values.astype(float).groupby(centers["district"]).mean()
    return mean.reindex(districts.index)


def best_category(
    centers: pd.DataFrame, districts: pd.DataFrame, categories: Sequence[str]
) -> pd.Series:
    """Best category among the centers of each district; ``categories`` are best first.

    A center that is ``several``, ``none`` or ``unscored`` under the scheme has no category; a
    district with no other has none either (NaN).

    Notes
    -----
    max k(c), c ∈ D

    References
    ----------
    data/centers.csv
    """
    order = {category: at for at, category in enumerate(categories)}
    best = centers["category"].map(order).astype(float).groupby(centers["district"]).min()
    return best.reindex(districts.index).map(dict(enumerate(categories))).rename("best_category")


def seat_distances_km(
    districts: pd.DataFrame, zones: pd.DataFrame, footprints: gpd.GeoDataFrame | None = None
) -> pd.DataFrame:
    """Straight-line km from each district's seat to each zone, as ``linkage.distance_km``.

    ``districts`` has ``capital_lat`` and ``capital_lon`` in degrees (WGS84).

    Notes
    -----
    min d(s, z), WGS84, km; s ∈ z: d = 0

    References
    ----------
    As ``cost``.
    """
    seats = districts[["capital_lat", "capital_lon"]].set_axis(["lat", "lon"], axis=1)
    return linkage.distance_km(seats.astype(float), zones, footprints)


def per_100k(count: pd.Series, population: pd.Series) -> pd.Series:
    """A count per 100,000 people; NaN where count or people are missing or there are no people.

    Notes
    -----
    100000·n / P

    References
    ----------
    data/centers.csv, data/districts.csv
    """
    return 100_000 * count / population.where(population > 0)


def density_per_km2(districts: pd.DataFrame) -> pd.Series:
    """People per km² from ``population`` and ``area_km2``; NaN where the area is 0 or missing."""
    return districts["population"] / districts["area_km2"].where(districts["area_km2"] > 0)


@dataclass(frozen=True)
class Measure:
    """One measure of a district; its name and meaning are ``district_measure.CODE``, ``…_help``.

    Parameters
    ----------
    code
        Its name in tables, files and addresses.
    values
        What computes it, from the arguments of ``measures``.
    function
        Whose docstring tells formula and source.
    digits
        Decimals as it is written; 0 for a count, None for a category.
    unit
        Behind its value, where no heading tells it.
    most_first
        Whether the highest value ranks first, or else the lowest; of categories, the best.
    of_centers
        Whether only a district with centers has one.
    """

    code: str
    values: Callable[[pd.DataFrame, pd.Series, pd.Series, pd.DataFrame, Sequence[str]], pd.Series]
    function: Callable[..., pd.Series | pd.DataFrame]
    digits: int | None
    unit: str = ""
    most_first: bool = True
    of_centers: bool = True

    @property
    def is_category(self) -> bool:
        """Whether it is a category and no number."""
        return self.digits is None


MEASURES: Final[Mapping[str, Measure]] = {
    measure.code: measure
    for measure in (
        Measure(
            "centers",
            lambda centers, proximity, seat_km, districts, categories: center_count(
                centers, districts
            ),
            center_count,
            0,
        ),
        Measure(
            "mean_score",
            lambda centers, proximity, seat_km, districts, categories: mean_of_centers(
                centers["score"], centers, districts
            ),
            mean_of_centers,
            2,
        ),
        Measure(
            "best_category",
            lambda centers, proximity, seat_km, districts, categories: best_category(
                centers, districts, categories
            ),
            best_category,
            None,
        ),
        Measure(
            "mean_proximity",
            lambda centers, proximity, seat_km, districts, categories: mean_of_centers(
                proximity, centers, districts
            ),
            mean_of_centers,
            1,
        ),
        Measure(
            "seat_km",
            lambda centers, proximity, seat_km, districts, categories: seat_km.reindex(
                districts.index
            ).astype(float),
            seat_distances_km,
            1,
            unit="km",
            most_first=False,
            of_centers=False,
        ),
        Measure(
            "centers_per_100k",
            lambda centers, proximity, seat_km, districts, categories: per_100k(
                center_count(centers, districts), districts["population"]
            ),
            per_100k,
            2,
        ),
    )
}
"""By code: what a map of districts can show, in the order in which the reader chooses."""


def measures(
    centers: pd.DataFrame,
    proximity: pd.Series,
    seat_km: pd.Series,
    districts: pd.DataFrame,
    categories: Sequence[str],
) -> pd.DataFrame:
    """Every measure of every district.

    Parameters
    ----------
    centers
        ``district`` (code or missing), ``score`` and ``category``, indexed by ``center_id``.
    proximity
        Proximity index, 0 to 100, per ``center_id``.
    seat_km
        km from the seat to the nearest zone, per ``district_code``.
    districts
        ``population``, indexed by ``district_code``.
    categories
        Best first.

    Returns
    -------
    pandas.DataFrame
        One row per district, one column per name in ``MEASURES``.
    """
    columns = {
        code: measure.values(centers, proximity, seat_km, districts, categories)
        for code, measure in MEASURES.items()
    }
    return pd.DataFrame(columns, index=districts.index)


def ranks(values: pd.DataFrame, categories: Sequence[str]) -> pd.DataFrame:
    """Place of each district in each column, 1 for the first; NaN where it has no value.

    Of a measure as it says, of any other column the highest value comes first. Equal values share
    the better place. ``categories`` are best first.
    """
    order = {category: -place for place, category in enumerate(categories)}
    places = {}
    for name, column in values.items():
        known = MEASURES.get(str(name))
        numbers = (column.map(order) if known and known.is_category else column).astype(float)
        rising = known is not None and not known.most_first
        places[name] = numbers.rank(ascending=rising, method="min")
    return pd.DataFrame(places, index=values.index)


def class_bounds(values: pd.Series, shading: Shading) -> tuple[float, ...]:
    """Upper bound of each class, rising, each included; the last is the highest value.

    Fewer classes than asked for where there are fewer different values, and none without any.

    Raises
    ------
    ValueError
        When the way of cutting is not one of ``BREAKS``.

    References
    ----------
    Rey, Arribas-Bel and Wolf (2023), Geographic data science with Python, chapter 5; mapclassify.
    """
    import mapclassify  # takes a second to import and only this page needs it

    known = values.dropna().to_numpy(float)
    distinct = np.unique(known)
    count = min(shading.classes, len(distinct))
    if shading.breaks not in BREAKS:
        raise ValueError(f"breaks is {shading.breaks!r}; expected one of {BREAKS}")
    if count < 2:
        return tuple(map(float, distinct))
    bounds: Iterable[float]
    if shading.breaks == "fisher_jenks":
        bounds = scoring.fisher_jenks(known, count)
    else:
        cut = mapclassify.Quantiles if shading.breaks == "quantiles" else mapclassify.EqualInterval
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="Not enough unique")  # fewer are right
            bounds = np.unique(cut(known, k=count).bins)
    highest = float(distinct[-1])
    return (*(float(b) for b in bounds if b < highest), highest)


def class_numbers(values: pd.Series, bounds: tuple[float, ...]) -> pd.Series:
    """Class of each value, 0 for the lowest; missing (``Int64``) where the value is."""
    number = np.searchsorted(bounds, values.to_numpy(float), side="left")
    return pd.Series(number, index=values.index, dtype="Int64").where(values.notna())
