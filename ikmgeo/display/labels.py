"""Where names stand beside the signs that they name: on no other sign, name, line or control.

The paper map places its names here. ``static/labels.js`` is the same, step by step, for maps on
screen, where names must follow a zoom at once; a test runs both over the same maps and finds the
same places. What they decide by are sums and products alone, so that no rounding tells them apart.

Names are placed in the order of their weight, each at the best place that is free: first the eight
around its sign, then, where signs crowd, away from it at the end of a line. One that finds none is
left to pointing, tapping and lists.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from math import floor
from typing import Final, NamedTuple

Box = tuple[float, float, float, float]
"""Left, top, right and bottom; y grows downwards."""

Segment = tuple[float, float, float, float]
"""Both ends of a line."""

AROUND: Final = (
    *((1, 0), (-1, 0), (0, -1), (0, 1)),
    *((0.5, -1), (0.5, 1), (-0.5, -1), (-0.5, 1)),
)
"""Where a name stands beside its sign, the best first: right, left, above, below, and between."""

WAYS: Final = (
    *((1, 0), (-1, 0), (0.924, -0.383), (-0.924, -0.383), (0.924, 0.383), (-0.924, 0.383)),
    *((0.707, -0.707), (-0.707, -0.707), (0.707, 0.707), (-0.707, 0.707), (0.383, -0.924)),
    *((-0.383, -0.924), (0.383, 0.924), (-0.383, 0.924), (0, -1), (0, 1)),
)
"""Directions of a line to a name, the best first."""

STEP: Final = 0.4
"""How much longer the next line is, in cells of the room."""

STEPS: Final = 12
"""So many steps a line may be long, to a name that may be left out."""

SHIFT: Final = 4
"""Parts of its width that a name which may not is moved by, to look for room on the whole map."""

AIR: Final = 0.15
"""What is kept free around a name where there is room, in cells."""

OWN: Final = 1.5
"""So much farther than its own any other sign is from a name, or it would seem to be of both."""

MOST: Final = 60
"""Names of centers that a map has at most."""

CROWD: Final = 300
"""Of more centers than that in sight, names may cover the signs, or there would be none; only those
that must not be left out have one."""


class Sign(NamedTuple):
    """Middle of a sign, and the radius that it takes up."""

    x: float
    y: float
    radius: float


class Place(NamedTuple):
    """Where a name stands and in which of its shapes; the line to it from its sign, if any."""

    box: Box
    shape: int
    line: Segment | None = None


class Room:
    """What is free on a map, and what is taken.

    Parameters
    ----------
    frame
        Names stand in it.
    signs
        All signs in sight; names cover none of them.
    cell
        About the size of a name, in the unit of all else.
    """

    def __init__(self, frame: Box, signs: Sequence[Sign], cell: float) -> None:
        self.frame = frame
        self.signs = signs
        self.cell = cell
        self._boxes: list[Box] = []
        self._cells: dict[tuple[int, int], list[int]] = {}
        self._lines: list[Segment] = []
        for x, y, r in signs:
            self.keep((x - r, y - r, x + r, y + r))

    def keep(self, box: Box) -> None:
        """Leave a box to something else."""
        for cell in self._over(box):
            self._cells.setdefault(cell, []).append(len(self._boxes))
        self._boxes.append(box)

    def free(self, box: Box, air: float = 0, but: int = -1, over: int = -1) -> bool:
        """Whether a box lies in the frame and is empty, with some air around it.

        ``but`` is the number of a sign that may be nearer than the air, ``over`` of one that the
        box may cover.
        """
        left, top, right, bottom = box
        inside = left >= self.frame[0] and top >= self.frame[1]
        if not (inside and right <= self.frame[2] and bottom <= self.frame[3]):
            return False
        wide = (left - air, top - air, right + air, bottom + air)
        for n in self._near(wide):
            if n != over and _meet(self._boxes[n], box if n == but else wide):
                return False
        return not any(_crosses(line, box) for line in self._lines)

    def holds(self, at: int) -> bool:
        """Whether the middle of a sign is in sight."""
        x, y, _ = self.signs[at]
        left, top, right, bottom = self.frame
        return left <= x <= right and top <= y <= bottom

    def first(self, boxes: Iterable[Box], over: int = -1) -> int | None:
        """Take the first free one of some boxes; answers with its number, None if there is none.

        They may lie ``over`` the sign of a number: on the land that it stands for.
        """
        for at, box in enumerate(boxes):
            if self.free(box, over=over):
                self.keep(box)
                return at
        return None

    def name(
        self, at: int, shapes: Sequence[tuple[float, float]], *, must: bool = False
    ) -> Place | None:
        """Take the best free place for a name of the sign with the number ``at``, if there is one.

        ``shapes`` are widths and heights that the name can have, the best first. A name that must
        not be left out may stand anywhere and, if need be, at the end of a line that crosses other
        things. A sign out of sight has no name.
        """
        if not self.holds(at):
            return None
        place = self._beside(at, shapes) or self._away(at, shapes)
        if must and not place:
            place = self._anywhere(at, shapes)
        if place:
            self.keep(place.box)
            if place.line:
                self._lines.append(place.line)
        return place

    def _beside(self, at: int, shapes: Sequence[tuple[float, float]]) -> Place | None:
        x, y, r = self.signs[at]
        for spare, (shape, (wide, high)) in product((AIR, 0), enumerate(shapes)):
            for across, down in AROUND:
                left = x + across * r - (0 if across > 0 else wide if across < 0 else wide / 2)
                top = y + down * r - (0 if down > 0 else high if down < 0 else high / 2)
                box = (left, top, left + wide, top + high)
                beside = x + across * r, y + down * r
                if self.free(box, spare * self.cell, at) and self._own(at, *beside):
                    return Place(box, shape)
        return None

    def _own(self, at: int, x: float, y: float) -> bool:
        """Whether no other sign is nearly as near to a place as a sign."""
        own = self.signs[at]
        most = OWN * OWN * ((own.x - x) * (own.x - x) + (own.y - y) * (own.y - y))
        reach = 2 * own.radius
        for n in self._near((x - reach, y - reach, x + reach, y + reach)):
            if n < len(self.signs) and n != at:
                other = self.signs[n]
                if (other.x - x) * (other.x - x) + (other.y - y) * (other.y - y) < most:
                    return False
        return True

    def _away(self, at: int, shapes: Sequence[tuple[float, float]]) -> Place | None:
        x, y, r = self.signs[at]
        own = self._boxes[at]
        covered = any(n != at and _meet(self._boxes[n], own) for n in self._near(own))
        for over, step in product((False, True)[: 1 + covered], range(1, STEPS + 1)):
            long = r + step * STEP * self.cell
            for (across, down), (shape, (wide, high)) in product(WAYS, enumerate(shapes)):
                to_x, to_y = x + across * long, y + down * long
                if across > 0.5 or across < -0.5:
                    left, top = to_x - (0 if across > 0 else wide), to_y - high / 2
                else:
                    left, top = to_x - wide / 2, to_y - (0 if down > 0 else high)
                box = (left, top, left + wide, top + high)
                if self.free(box) and self._clear(at, (x, y, to_x, to_y), over=over):
                    return Place(box, shape, (x, y, to_x, to_y))
        return None

    def _anywhere(self, at: int, shapes: Sequence[tuple[float, float]]) -> Place | None:
        """The nearest free place on the map; first those whose line crosses nothing, or signs."""
        x, y, _ = self.signs[at]
        left, top, right, bottom = self.frame
        found = []
        for shape, (wide, high) in enumerate(shapes):
            for column in range(floor((right - left - wide) / wide * SHIFT) + 1):
                for row in range(floor((bottom - top - high) / high * SHIFT) + 1):
                    x0, y0 = left + column * wide / SHIFT, top + row * high / SHIFT
                    box = (x0, y0, x0 + wide, y0 + high)
                    if self.free(box):
                        to_x, to_y = min(max(x, x0), box[2]), min(max(y, y0), box[3])
                        far = (to_x - x) * (to_x - x) + (to_y - y) * (to_y - y)
                        found.append((far, Place(box, shape, (x, y, to_x, to_y))))
        found.sort(key=lambda one: one[0])
        for through in (False, True):
            for _, place in found:
                if place.line and self._clear(at, place.line, over=True, through=through):
                    return place
        return found[0][1] if found else None

    def _clear(self, at: int, line: Segment, *, over: bool = False, through: bool = False) -> bool:
        """Whether a line from a sign meets nothing.

        It may lead ``over`` signs that lie on its own, and ``through`` any sign.
        """
        start, end = sorted((line[0], line[2])), sorted((line[1], line[3]))
        own = self._boxes[at]
        for n in self._near((start[0], end[0], start[1], end[1])):
            sign = n < len(self.signs)
            if n == at or (sign and (through or (over and _meet(self._boxes[n], own)))):
                continue
            if _crosses(line, self._core(n) if sign else self._boxes[n]):
                return False
        return not any(_cross(line, other) for other in self._lines)

    def _core(self, at: int) -> Box:
        """What a line to a name must not cross of another sign: it may touch its edges."""
        x, y, r = self.signs[at]
        return x - r / 2, y - r / 2, x + r / 2, y + r / 2

    def _over(self, box: Box) -> list[tuple[int, int]]:
        left, top, right, bottom = (floor(side / self.cell) for side in box)
        return [(x, y) for x in range(left, right + 1) for y in range(top, bottom + 1)]

    def _near(self, box: Box) -> Iterator[int]:
        """Numbers of boxes near a box, some more than once."""
        for cell in self._over(box):
            yield from self._cells.get(cell, ())


def _meet(one: Box, other: Box) -> bool:
    """Whether two boxes share any ground."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _crosses(line: Segment, box: Box) -> bool:
    """Whether a line goes through a box."""
    x, y, to_x, to_y = line
    left, top, right, bottom = box
    if (
        max(x, to_x) <= left
        or min(x, to_x) >= right
        or max(y, to_y) <= top
        or min(y, to_y) >= bottom
    ):
        return False
    sides = [_side(line, px, py) for px in (left, right) for py in (top, bottom)]
    return min(sides) < 0 < max(sides)


def _cross(one: Segment, other: Segment) -> bool:
    """Whether two lines cross between their ends."""
    apart = _side(one, other[0], other[1]) * _side(one, other[2], other[3])
    return apart < 0 and _side(other, one[0], one[1]) * _side(other, one[2], one[3]) < 0


def _side(line: Segment, x: float, y: float) -> float:
    """On which side of a line a place lies: the sign of the answer; 0 on it."""
    return (line[3] - line[1]) * (x - line[0]) - (line[2] - line[0]) * (y - line[1])
