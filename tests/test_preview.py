"""The picture of a layer before it is used: a province of one square, 4 degrees wide."""

import io

import geopandas as gpd
import pytest
import shapely
from PIL import Image, ImageColor

from ikmgeo import symbols
from ikmgeo.display import preview

LAND = gpd.GeoDataFrame(geometry=[shapely.box(98, 1, 102, 4)], crs=4326)
LEFT, TOP = 98 - 0.16, 4 + 0.16  # with a margin of a twenty-fifth of the width
PX_DEG = 4.32 / preview.WIDTH


def shown(*layers: gpd.GeoDataFrame) -> Image.Image:
    return Image.open(io.BytesIO(preview.picture(layers, LAND)))


def colour(picture: Image.Image, lon: float, lat: float) -> object:
    return picture.getpixel((round((lon - LEFT) / PX_DEG), round((TOP - lat) / PX_DEG)))


def layer(*shapes: shapely.Geometry, index: str | None = None) -> gpd.GeoDataFrame:
    table = gpd.GeoDataFrame(geometry=list(shapes), crs=4326)
    table.index.name = index
    return table


def test_areas_lines_and_points_lie_where_they_are() -> None:
    picture = shown(
        layer(shapely.box(98.5, 1.5, 99.5, 2.5)),
        layer(shapely.LineString([(100, 1), (100, 4)])),
        layer(shapely.Point(101, 3)),
    )
    assert picture.size == (640, round(3.32 / PX_DEG))
    rgb = ImageColor.getrgb
    assert colour(picture, 97.9, 2) == rgb(symbols.SEA)
    assert colour(picture, 101.5, 2) == rgb(symbols.LAND)
    assert colour(picture, 99, 2) == rgb(preview.NEW_LAND)
    assert colour(picture, 101, 3) == rgb(preview.NEW)
    assert colour(picture, 100, 3.5) not in (rgb(symbols.LAND), colour(picture, 100.1, 3.5))


@pytest.mark.parametrize("index", ["zone_id", "area_code"])
def test_a_zone_that_is_too_small_to_be_seen_has_a_dot(index: str) -> None:
    picture = shown(layer(shapely.Point(100, 2).buffer(0.001), index=index))
    beside = colour(picture, 100 + 3 * PX_DEG, 2)
    assert (beside == ImageColor.getrgb(preview.NEW)) == (index == "zone_id")


def test_nothing_but_the_province_is_drawn_of_an_empty_layer() -> None:
    assert shown(layer()).tobytes() == shown().tobytes()
