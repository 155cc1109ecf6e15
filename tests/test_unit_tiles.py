"""Tiles of units: counted one by one after pyproj's Web Mercator; pixels read back by Pillow."""

import io
from itertools import product

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image
from pyproj import Transformer

from ikmgeo.register import tiles
from ikmgeo.register.tiles import CELL, FEWEST, NAMED, NEAR, OTHER, SIDE, Spread
from ikmgeo.symbols import SHADES

MERCATOR = Transformer.from_crs("EPSG:4326", "EPSG:3857", always_xy=True)
HALF_M = 20037508.342789244
CENTER = 3.5, 98.7


def pixels(lat: object, lon: object, zoom: int) -> npt.NDArray[np.float64]:
    """Across and down from the north-west of the world, px."""
    east, north = MERCATOR.transform(lon, lat)
    scale = SIDE * 2**zoom / (2 * HALF_M)
    return np.column_stack([(east + HALF_M) * scale, (HALF_M - north) * scale])


def spread(*kinds: tuple[float, float, int, str, bool]) -> Spread:
    """Units by place: latitude, longitude, how many, their product, whether the place is sure."""
    products = list(dict.fromkeys(kind[3] for kind in kinds if kind[3]))
    rows = [(lat, lon, name, sure) for lat, lon, n, name, sure in kinds for _ in range(n)]
    lat, lon = (np.array([row[at] for row in rows], dtype=float) for at in (0, 1))
    numbers = np.array([products.index(row[2]) + 1 if row[2] else 0 for row in rows])
    return tiles.spread(lat, lon, numbers, products, np.array([row[3] for row in rows], dtype=bool))


def drawn(units: Spread, zoom: int, *, by_product: bool = False) -> tuple[Image.Image, int, int]:
    """The tile with the first unit's place, and the unit's pixel in it."""
    across, down = pixels(*CENTER, zoom)[0]
    x, y = int(across // SIDE), int(down // SIDE)
    image = Image.open(io.BytesIO(tiles.tile(units, zoom, x, y, by_product=by_product)))
    assert image.size == (SIDE, SIDE)
    return image.convert("RGBA"), int(across % SIDE), int(down % SIDE)


def hexed(pixel: object) -> str:
    return "#{:02x}{:02x}{:02x}".format(*np.array(pixel)[:3])


@pytest.mark.parametrize("zoom", [0, 5, 9, 14])
def test_every_cell_counts_the_units_that_lie_in_it(zoom: int) -> None:
    rng = np.random.default_rng(zoom)
    lat, lon = rng.uniform(1, 4.5, 3_000), rng.uniform(97, 100.5, 3_000)
    codes = np.sort(tiles.morton(lat, lon))
    cells = (pixels(lat, lon, zoom) // CELL).astype(int)
    per_tile = SIDE // CELL
    total = 0
    for x, y in np.unique(cells // per_tile, axis=0):
        expected = np.zeros((per_tile, per_tile), dtype=int)
        here = cells[(cells // per_tile == [x, y]).all(axis=1)] % per_tile
        np.add.at(expected, (here[:, 1], here[:, 0]), 1)
        found = tiles.counts(codes, zoom, int(x), int(y))
        # A unit that lies on an edge may be counted on either side of it by rounding.
        assert np.abs(found - expected).sum() <= 2
        total += found.sum()
    assert total >= 2_998


def test_the_corners_of_the_world_are_in_its_tiles() -> None:
    lat, lon = np.array([90.0, -90.0, 0.0, 0.0]), np.array([-180.0, 180.0, 179.99, -179.99])
    codes = np.sort(tiles.morton(lat, lon))
    assert tiles.counts(codes, 0, 0, 0).sum() == 4
    corners = product((0, 2**18 - 1), repeat=2)
    assert [tiles.counts(codes, 18, x, y).sum() for x, y in corners] == [1, 0, 0, 1]
    assert sum(tiles.counts(codes, 1, x, y).sum() for x, y in product((0, 1), repeat=2)) == 4


def test_classes_begin_where_definitions_ask() -> None:
    asked = np.array([0, 1, 4, 5, 9, 10, 49, 50, 199, 200, 999, 1_000, 10**6])
    assert tiles.classes(asked).tolist() == [-1, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5]
    assert len(FEWEST) == len(SHADES)


@pytest.mark.parametrize(("units", "shade"), [(1, 0), (4, 0), (5, 1), (9, 1), (10, 2), (1_000, 5)])
def test_a_cell_far_out_has_the_shade_of_its_count_and_the_rest_is_clear(
    units: int, shade: int
) -> None:
    image, x, y = drawn(spread((*CENTER, units, "kopi", True)), 9)
    assert hexed(image.getpixel((x, y))) == SHADES[shade]
    opaque = np.array(image)[:, :, 3] > 0
    assert opaque.sum() == CELL * CELL


def test_the_leading_product_colours_a_cell_and_two_alike_lead_none() -> None:
    many = (*CENTER, 6, "kopi", True), (*CENTER, 5, "ubi", True)
    image, x, y = drawn(spread(*many), 9, by_product=True)
    assert hexed(image.getpixel((x, y))) == NAMED[0]
    image, x, y = drawn(spread(*many, (*CENTER, 1, "ubi", True)), 9, by_product=True)
    assert hexed(image.getpixel((x, y))) == OTHER


def test_many_small_products_do_not_hide_the_one_that_leads() -> None:
    """Eleven products: nine have colours; the sum of others is no product that could lead."""
    kinds = [(*CENTER, 12 - n, f"p{n}", True) for n in range(11)]
    image, x, y = drawn(spread(*kinds), 9, by_product=True)
    assert hexed(image.getpixel((x, y))) == NAMED[0]
    lead = spread(
        *((2.0, 97.0, 12 - n, f"p{n}", True) for n in range(11)), (*CENTER, 1, "p10", True)
    )
    image, x, y = drawn(lead, 9, by_product=True)
    assert hexed(image.getpixel((x, y))) == OTHER


def test_close_up_a_place_has_a_round_sign_hollow_where_it_is_rough() -> None:
    image, x, y = drawn(spread((*CENTER, 7, "kopi", True)), NEAR)
    assert hexed(image.getpixel((x, y))) == SHADES[1]
    hollow, x, y = drawn(spread((*CENTER, 7, "kopi", False)), NEAR)
    assert np.array(hollow)[y, x, 3] == 0
    assert np.array(hollow)[:, :, 3].max() == 255
    partly = spread((*CENTER, 7, "kopi", False), (*CENTER, 1, "kopi", True))
    image, x, y = drawn(partly, NEAR)
    assert np.array(image)[y, x, 3] > 200


def test_a_sign_at_the_edge_of_a_tile_is_drawn_on_both() -> None:
    zoom = NEAR
    inverse = Transformer.from_crs("EPSG:3857", "EPSG:4326", always_xy=True)
    across, down = np.floor(pixels(*CENTER, zoom)[0] / SIDE) * SIDE + [1, 100]
    scale = 2 * HALF_M / (SIDE * 2**zoom)
    lon, lat = inverse.transform(across * scale - HALF_M, HALF_M - down * scale)
    units = spread((lat, lon, 50, "kopi", True))
    x, y = int(across // SIDE), int(down // SIDE)
    for tile, columns in ((x, slice(0, 8)), (x - 1, slice(-6, None))):
        image = Image.open(io.BytesIO(tiles.tile(units, zoom, tile, y))).convert("RGBA")
        assert np.array(image)[95:105, columns, 3].max() == 255


def test_a_press_reaches_as_far_as_a_cell() -> None:
    west, south, east, north = tiles.reach(*CENTER, 12)
    corners = pixels(np.array([south, north]), np.array([west, east]), 12)
    assert np.abs(np.diff(corners, axis=0)).ravel() == pytest.approx([2 * CELL, 2 * CELL], rel=0.01)
