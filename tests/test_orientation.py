"""Roads, railways, rivers and towns to find one's way by: what is read, what a scale shows."""

import geopandas as gpd
import numpy as np
import pandas as pd

from ikmgeo.display import orientation as shown
from ikmgeo.reading import orientation
from ikmgeo.reading.orientation import Orientation

NO_LINES = gpd.GeoDataFrame({"class": [], "name": []}, geometry=[], crs=4326)


def with_towns(*rows: tuple[str, str, float]) -> Orientation:
    """An orientation of towns alone: name, class and people."""
    table = pd.DataFrame(rows, columns=["name", "class", "population"])
    points = gpd.points_from_xy([98.5] * len(rows), [2.5] * len(rows))
    towns = gpd.GeoDataFrame(table, geometry=points, crs=4326)
    return Orientation(NO_LINES, NO_LINES, NO_LINES, towns, ())


def test_the_larger_a_town_the_farther_off_it_is_shown() -> None:
    guide = with_towns(
        ("small", "town", 29_999), ("large", "city", 100_000), ("middle", "town", 30_000)
    )
    towns = shown.towns(guide)
    assert list(zip(towns["name"], towns["zoom"], strict=True)) == [
        ("large", 0),
        ("middle", 8),
        ("small", 9),
    ]


def test_a_town_without_a_figure_counts_as_its_class_does() -> None:
    guide = with_towns(
        ("hamlet", "village", np.nan), ("town", "town", np.nan), ("c", "city", np.nan)
    )
    towns = shown.towns(guide)
    assert list(zip(towns["name"], towns["zoom"], strict=True)) == [
        ("c", 0),
        ("town", 8),
        ("hamlet", 9),
    ]


def test_shipped_towns_are_cities_from_100_000_people_on() -> None:
    columns = {"name_id": ["A", "B"], "lat": [2.5, 2.6], "lon": [98.5, 98.6]}
    guide = orientation.shipped(pd.DataFrame(columns).assign(population=[100_000, 99_999]))
    assert list(guide.towns["class"]) == ["city", "town"]
    assert (guide.towns.geometry.y[1], guide.towns.geometry.x[1]) == (2.6, 98.6)
    assert guide.attribution == ("geonames",)
    assert (
        orientation.shipped(pd.DataFrame(columns).assign(population=0).iloc[:0]).attribution == ()
    )
