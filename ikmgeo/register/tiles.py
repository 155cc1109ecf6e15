"""Any number of units as raster tiles: how many lie where, or of which product most do.

Places are kept in the order of one number each, whose bits are in turn those of longitude and
latitude (Morton 1966): a tile, and each cell of it, is a stretch of that order, so that its count
is the distance between two searches, whatever lies in it. Tiles are those of the web (Web Mercator,
EPSG:3857; Snyder 1987, p. 41), 256 px wide.

References
----------
.. [1] Morton, G. M. (1966). A Computer Oriented Geodetic Data Base and a New Technique in File
   Sequencing. IBM.
"""

import io
from bisect import bisect
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import product
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from ikmgeo.symbols import INK, SHADES

SIDE: Final = 256
"""Width of a tile, px."""

CELL: Final = 8
"""Width of the cells that tiles count by, px; places in one of them share a sign."""

DEEPER: Final = (SIDE // CELL).bit_length() - 1
"""How many zooms further in a cell is a tile."""

FINEST: Final = 18
"""Zoom up to which there are tiles."""

NEAR: Final = 12
"""Zoom from which each place has a sign of its own."""

FEWEST: Final = (1, 5, 10, 50, 200, 1000)
"""Fewest units of each class of cells and signs; five and ten are what definitions ask for."""

RADII: Final = (4.0, 5.5, 7.0, 9.0, 11.5, 14.0)
"""Of the sign of each class, px."""

NAMED: Final = (
    *("#332288", "#88ccee", "#44aa99", "#117733", "#ddcc77"),
    *("#cc6677", "#882255", "#aa4499", "#999933"),
)
"""Colours of the products that have most units: Tol's "muted", safe for colour-blind readers."""

KNOWN: Final = 30
"""Products of which each is counted by itself, to know which leads; the rest count together."""

OTHER: Final = "#8a8f96"
"""Of all other products, and of a cell where two have as many."""

FINER: Final = 2
"""How many times larger signs are drawn than they are sent, so that their edges are smooth."""

_BITS: Final = 32
_SPREAD: Final = (
    (16, 0x0000FFFF0000FFFF),
    (8, 0x00FF00FF00FF00FF),
    (4, 0x0F0F0F0F0F0F0F0F),
    (2, 0x3333333333333333),
    (1, 0x5555555555555555),
)
NORTHERNMOST: Final = 85.0511
"""Latitude at which the square map of the web ends, degrees."""

Codes = npt.NDArray[np.uint64]
Counts = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Spread:
    """Where units lie, ready to be drawn.

    Parameters
    ----------
    codes
        By product, those of most units first, the rising codes of its units, for at most
        ``KNOWN``; last, under the empty word, those of all other products.
    unsure
        Rising codes of the units that are placed by subdistrict or district only.
    """

    codes: Mapping[str, Codes]
    unsure: Codes

    @cached_property
    def every(self) -> Codes:
        """Codes of all units, rising."""
        return np.sort(np.concatenate(list(self.codes.values())))


def spread(
    lat: npt.NDArray[np.float64],
    lon: npt.NDArray[np.float64],
    product: npt.NDArray[np.integer[Any]],
    products: Sequence[str],
    sure: npt.NDArray[np.bool_],
) -> Spread:
    """Order units for drawing.

    Parameters
    ----------
    lat, lon
        Degrees, WGS84.
    product
        Of each unit, the place of its product in ``products``, counted from one; 0 for others.
    products
        Those that are counted by themselves, those of most units first.
    sure
        Whether a unit is placed by a point or its village.
    """
    codes = morton(lat, lon)
    own = {name: np.sort(codes[product == at]) for at, name in enumerate(products, start=1)}
    return Spread({**own, "": np.sort(codes[product == 0])}, np.sort(codes[~sure]))


def morton(lat: npt.NDArray[np.float64], lon: npt.NDArray[np.float64]) -> Codes:
    """The code of each place: 32 bits of each axis, from the north-west of the web's square map."""
    x = (np.asarray(lon, dtype=float) + 180) / 360
    sine = np.sin(np.radians(np.clip(lat, -NORTHERNMOST, NORTHERNMOST)))
    y = 0.5 - np.arctanh(sine) / (2 * np.pi)
    most = 2**_BITS - 1
    across, down = (np.clip(side * 2**_BITS, 0, most).astype(np.uint64) for side in (x, y))
    return _spaced(across) | (_spaced(down) << np.uint64(1))


def _spaced(numbers: Codes) -> Codes:
    """A zero before each bit of 32."""
    for by, mask in _SPREAD:
        numbers = (numbers | (numbers << np.uint64(by))) & np.uint64(mask)
    return numbers


def _closed(codes: Codes) -> Codes:
    """Every other bit, as one number; what ``_spaced`` was given."""
    numbers = codes & np.uint64(_SPREAD[-1][1])
    for (by, _), (_, mask) in zip(
        reversed(_SPREAD), [*reversed(_SPREAD[:-1]), (0, 2**32 - 1)], strict=True
    ):
        numbers = (numbers | (numbers >> np.uint64(by))) & np.uint64(mask)
    return numbers


def _cells(zoom: int, x: int, y: int) -> Codes:
    """Where each cell of a tile begins, and the last ends, in the order of codes."""
    number = _spaced(np.array([x, y], dtype=np.uint64))
    first = (int(number[0]) | int(number[1]) << 1) * 4**DEEPER
    last = first + 4**DEEPER
    starts = np.arange(first, last, dtype=np.uint64) << np.uint64(2 * (_BITS - zoom - DEEPER))
    end = min(last << 2 * (_BITS - zoom - DEEPER), 2**64 - 1)  # of the last tile, the last code
    return np.append(starts, np.uint64(end))


def counts(codes: Codes, zoom: int, x: int, y: int) -> Counts:
    """Units in each cell of a tile, by row and column; ``codes`` rise."""
    found = np.diff(np.searchsorted(codes, _cells(zoom, x, y)))
    table = np.zeros((2**DEEPER, 2**DEEPER), dtype=np.int64)
    table[_rows_columns()] = found
    return table


@cache
def _rows_columns() -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Row and column of each cell of a tile, in the order of codes."""
    order = np.arange(4**DEEPER, dtype=np.uint64)
    return _closed(order >> np.uint64(1)).astype(np.int64), _closed(order).astype(np.int64)


def classes(found: Counts) -> npt.NDArray[np.int64]:
    """Number of the class of each count, of ``FEWEST``; -1 where there is none."""
    return np.searchsorted(FEWEST, found, side="right") - 1


def tile(spread: Spread, zoom: int, x: int, y: int, *, by_product: bool = False) -> bytes:
    """A tile as PNG: cells far out, a sign for each place close up.

    Parameters
    ----------
    spread
        The units.
    zoom, x, y
        Which tile.
    by_product
        Whether colours tell the product of most units, in place of how many there are.
    """
    if zoom >= NEAR:
        return _png(_signs(spread, zoom, x, y, by_product=by_product))
    shades = _shades(spread, zoom, x, y, by_product=by_product)
    large = np.kron(shades, np.ones((CELL, CELL), dtype=np.uint8))
    image = Image.fromarray(large, "P")
    image.putpalette([part for colour in _palette() for part in colour])
    return _png(image, transparency=0)


def reach(lat: float, lon: float, zoom: float) -> tuple[float, float, float, float]:
    """West, south, east and north of what a press on a map of a zoom means; degrees (WGS84)."""
    across = 360 * CELL / (SIDE * 2**zoom)
    down = across * np.cos(np.radians(lat))
    return lon - across, lat - down, lon + across, lat + down


def _palette() -> list[tuple[int, int, int]]:
    """Nothing, the classes of counts, the products, the others."""
    return [(255, 255, 255), *(_rgb(one) for one in (*SHADES, *NAMED, OTHER))]


def _rgb(colour: str) -> tuple[int, int, int]:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return red, green, blue


def _shades(
    spread: Spread, zoom: int, x: int, y: int, *, by_product: bool
) -> npt.NDArray[np.uint8]:
    """Number of each cell's colour in the palette."""
    if not by_product:
        return (classes(counts(spread.every, zoom, x, y)) + 1).astype(np.uint8)
    *own, others = (counts(codes, zoom, x, y) for codes in spread.codes.values())
    layers = np.stack([np.zeros_like(others), *own])
    most = layers.max(axis=0)
    alone = (layers == most).sum(axis=0) == 1
    first = 1 + len(FEWEST)
    shade = np.minimum(layers.argmax(axis=0), 1 + len(NAMED)) - 1  # behind the named ones: others
    leading = np.where(alone & (most >= others), shade, len(NAMED)) + first
    return np.where(layers.sum(axis=0) + others == 0, 0, leading).astype(np.uint8)


class _Circle(NamedTuple):
    """Units at one place of a tile, the larger first when sorted backwards."""

    units: int
    x: float
    y: float
    colour: int
    rough: bool


def _signs(spread: Spread, zoom: int, x: int, y: int, *, by_product: bool) -> Image.Image:
    """Circles by number of units; hollow where all of them are placed too roughly to say."""
    image = Image.new("RGBA", (SIDE * FINER, SIDE * FINER), (0, 0, 0, 0))
    pen = ImageDraw.Draw(image)
    palette = _palette()
    around = [
        (right, down)
        for right, down in product((-1, 0, 1), repeat=2)
        if 0 <= x + right < 2**zoom and 0 <= y + down < 2**zoom
    ]
    circles = [
        circle
        for right, down in around
        for circle in _circles(spread, zoom, x + right, y + down, by_product=by_product)
    ]
    west, north = x * SIDE, y * SIDE
    for circle in sorted(circles, reverse=True):
        radius = RADII[bisect(FEWEST, circle.units) - 1]
        left, top = circle.x - west - radius, circle.y - north - radius
        if not (-2 * radius < left < SIDE and -2 * radius < top < SIDE):
            continue
        box = [FINER * side for side in (left, top, left + 2 * radius, top + 2 * radius)]
        colour = palette[circle.colour]
        if circle.rough:
            pen.ellipse(box, outline=colour, width=2 * FINER)
        else:
            pen.ellipse(box, fill=colour, outline=_rgb(INK), width=FINER)
    return image.resize((SIDE, SIDE), Image.Resampling.BOX)


def _circles(spread: Spread, zoom: int, x: int, y: int, *, by_product: bool) -> Iterator[_Circle]:
    """A circle for each cell of a tile, at the first place in it; px of the whole map."""
    starts = np.searchsorted(spread.every, _cells(zoom, x, y))
    units = np.diff(starts)
    there = np.flatnonzero(units)
    if not len(there):
        return
    rough = np.diff(np.searchsorted(spread.unsure, _cells(zoom, x, y)))
    colours = _shades(spread, zoom, x, y, by_product=by_product)
    row, column = _rows_columns()
    codes = spread.every[starts[there]]
    scale = 2.0 ** (_BITS - zoom) / SIDE
    across, down = _closed(codes) / scale, _closed(codes >> np.uint64(1)) / scale
    for n, cell in enumerate(there):
        colour = int(colours[row[cell], column[cell]])
        found = int(units[cell])
        yield _Circle(found, float(across[n]), float(down[n]), colour, bool(rough[cell] == found))


def _png(image: Image.Image, **options: int) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "PNG", compress_level=3, **options)
    return buffer.getvalue()
