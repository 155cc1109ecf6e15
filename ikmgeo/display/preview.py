"""A small picture of layers that somebody brings, for a look before everyone uses them."""

import io
from collections.abc import Iterable
from typing import Final

import geopandas as gpd
import shapely
from PIL import Image, ImageDraw

from ikmgeo import symbols

WIDTH: Final = 640
"""Of the picture, px."""

FINE: Final = 2
"""Times larger it is drawn, for lines without steps."""

NEW, NEW_LAND = "#0b57d0", "#b9d0f3"

DOT: Final = 4
"""Radius of a point, in px of the picture."""

LEAST: Final = 12
"""Width of a zone in px of the picture, below which nobody would find it without a dot."""

MARGIN: Final = 0.04
"""Of the province's width, on every side."""


def picture(layers: Iterable[gpd.GeoDataFrame], districts: gpd.GeoDataFrame) -> bytes:
    """Layers (WGS84) in blue over the province, as PNG; its size does not depend on theirs."""
    west, south, east, north = districts.total_bounds
    margin = MARGIN * (east - west)
    west, south, east, north = west - margin, south - margin, east + margin, north + margin
    scale = WIDTH * FINE / (east - west)
    image = Image.new("RGB", (WIDTH * FINE, round((north - south) * scale)), symbols.SEA)
    draw = ImageDraw.Draw(image)
    blue = ((layer, NEW_LAND, NEW) for layer in layers)
    for layer, fill, line in ((districts, symbols.LAND, symbols.BORDER), *blue):
        shapes = shapely.transform(
            layer.geometry.to_numpy(), lambda at: (at - [west, north]) * [scale, -scale]
        )
        for part in shapely.get_parts(shapely.simplify(shapes, 1)):
            _draw(draw, part, fill, line)
        if layer.index.name == "zone_id":
            small = shapely.minimum_bounding_radius(shapes) < LEAST * FINE / 2
            for middle in shapely.centroid(shapes[small]):
                _draw(draw, middle, fill, line)
    shown = io.BytesIO()
    image.reduce(FINE).save(shown, "PNG", optimize=True)
    return shown.getvalue()


def _draw(draw: ImageDraw.ImageDraw, part: shapely.Geometry, fill: str, line: str) -> None:
    """One point, line or polygon, without its holes; in px."""
    corners = shapely.get_coordinates(part)
    if isinstance(part, shapely.Point):
        draw.circle(corners.ravel().tolist(), DOT * FINE, line)
    elif isinstance(part, shapely.Polygon):
        outer = shapely.get_coordinates(shapely.get_exterior_ring(part))
        draw.polygon(outer.ravel().tolist(), fill, line)
    else:
        draw.line(corners.ravel().tolist(), line, FINE)
