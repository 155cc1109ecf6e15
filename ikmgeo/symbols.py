"""Colours, shapes and signs of all maps, tables and charts: one look on screen, paper and in files.

Nothing here draws a map. A ``Drawing`` is a small picture without a size of its own, for a legend,
a table or a name.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from ikmgeo.vocabulary import ZONE_CLASSES

LAND, SEA, OUTSIDE = "#f2efe9", "#cfe3ee", "#e3ddd0"
BORDER, SHORE = "#8d8778", "#7fa6bb"
ZONE_COLOUR: Final = "#6a1b6a"
INK: Final = "#1f2328"
CHOSEN: Final = (("#ffffff", 8.0), ("#0b57d0", 4.5))
"""Border of the chosen district on a map of colours: a light casing, then the line."""
STUDIED: Final = (INK, 1.6)
"""Border of the districts that the source studied."""
COMPARED: Final = (("#ffffff", 7.0), ("#b3400a", 4.0))
"""Border of the districts that are compared, as of the chosen one."""
HATCH: Final = "#cfc8b9"
"""Strokes on what nobody surveyed: there, but less than anything that somebody did."""


@dataclass(frozen=True)
class Stroke:
    """A line of the ground: colour, width in px on screen, and length of its dashes, 0 without."""

    colour: str
    width_px: float
    dash_px: float = 0


STROKES: Final[Mapping[str, Stroke]] = {
    "rivers": Stroke("#93bdd1", 1.2),
    "railways": Stroke("#8f8a84", 1.2, 5),
    "secondary": Stroke("#d9c7a3", 1),
    "primary": Stroke("#d0b98c", 1.6),
    "motorway": Stroke("#c7a871", 2.4),
}
"""What one finds one's way by, in the order drawn: paler than anything that a map is about."""

SHADES: Final = ("#c9ead6", "#98d2b1", "#6db890", "#499c73", "#32805a", "#226445")
"""Classes of a measure, low to high: one hue, darker in even steps, so ordered in grey too."""

TIES: Final = ("#e1cae8", "#c8a5d3", "#ad82be", "#9260a6", "#74428a", "#552868")
"""Classes of an indicator of linkage, far to close: in the hue of the zones, as even as ``SHADES``.
"""

UNMEASURED: Final = "#ffffff"
"""Fill of a center without a value of the indicator."""

NO_CENTER, NO_VALUE = "hatch", "dots"
"""Fills of districts that nobody surveyed, and of those whose centers have no such value."""

MANY: Final = 400
"""From this number of centers on, signs are drawn smaller."""


@dataclass(frozen=True)
class Sign:
    """Shape of a category as an SVG path in a box of -1 to 1, and its colour.

    ``shape`` is the name of QGIS's simple marker that is nearest to it.
    """

    path: str
    fill: str
    shape: str = ""


SHAPES: Final[Mapping[str, str]] = {
    "star": "M0-1.2 .34-.42 1.18-.36 .53.18 .75 1 0 .54-.75 1-.53.18-1.18-.36-.34-.42Z",
    "circle": "M1 0A1 1 0 1 1-1 0A1 1 0 1 1 1 0Z",
    "triangle": "M0-1.1 1.1 .85-1.1 .85Z",
    "diamond": "M0-1.15 1.15 0 0 1.15-1.15 0Z",
    "pentagon": "M0-1.1 1.05-.34 .65.9-.65.9-1.05-.34Z",
    "cross_fill": "M-.4-1.1H.4V-.4H1.1V.4H.4V1.1H-.4V.4H-1.1V-.4H-.4Z",
}
"""Of categories, by the names that QGIS has for them."""

COLOURS: Final[Mapping[str, str]] = {
    "blue": "#0072b2",
    "green": "#009e73",
    "orange": "#e69f00",
    "vermilion": "#d55e00",
    "purple": "#cc79a7",
    "sky": "#56b4e9",
}
"""Of categories: Okabe and Ito's, safe for colour-blind readers."""

WORDS: Final[Mapping[str, Sign]] = {
    "several": Sign("M-.95-.95H.95V.95H-.95ZM-.6-.5H.6V-.14H-.6ZM-.6.14H.6V.5H-.6Z", INK, "square"),
    "none": Sign("M-.95-.95H.95V.95H-.95ZM-.55-.18H.55V.18H-.55Z", "#ffffff", "square"),
    "unscored": Sign(
        "M1 0A1 1 0 1 1-1 0A1 1 0 1 1 1 0ZM.5 0A.5 .5 0 1 0-.5 0A.5 .5 0 1 0 .5 0Z",
        "#ffffff",
        "circle",
    ),
}
"""What a center can be under a scheme besides a category."""

OUTCOMES: Final[Mapping[str, Sign]] = {
    "better": Sign("M0-1.25 1.1 0H.45V1.15H-.45V0H-1.1Z", "#0072b2"),
    "worse": Sign("M0 1.25-1.1 0H-.45V-1.15H.45V0H1.1Z", "#d55e00"),
    "same": Sign("M.6 0A.6 .6 0 1 1-.6 0A.6 .6 0 1 1 .6 0Z", "#b4b8bd"),
    "reached": Sign("M0-1.25 1.1 0H.45V1.15H-.45V0H-1.1Z", "#ffffff"),
    "lost": Sign("M0 1.25-1.1 0H-.45V-1.15H.45V0H1.1Z", "#ffffff"),
    "unknown": WORDS["unscored"],
}
"""How centers fare under a scenario: arrows up and down, told apart without their colour."""

QUOTIENTS: Final[Mapping[str, str]] = {
    "far_above": "#0571b0",
    "above": "#92c5de",
    "same": "#f7f7f7",
    "below": "#fdb863",
    "far_below": "#b35806",
}
"""Classes of a location quotient, away from 1 on both sides: blue and orange, safe for colour-blind
readers."""

CLUSTERS: Final[Mapping[str, Sign]] = {
    "high_high": Sign(OUTCOMES["better"].path, INK),
    "low_low": Sign(OUTCOMES["worse"].path, INK),
    "high_low": Sign(SHAPES["triangle"], "#ffffff"),
    "low_high": Sign("M0 1.1 1.1-.85-1.1-.85Z", "#ffffff"),
    "unclustered": OUTCOMES["same"],
}
"""Areas and their neighbours: arrows up and down, triangles where these are unlike them. Told apart
by shape alone, since signs may be filled with the colour of a quotient."""

ICONS: Final[Mapping[str, str]] = {
    "sez": "M-.95-.55-.55-.95H.55L.95-.55V.55L.55.95H-.55L-.95.55Z",
    "ie": "M-.9.9V-.5L-.3 0V-.5L.3 0V-.9H.9V.9Z",
    "port": "M-.14-.3H-.5V-.55H-.14V-.6A.3.3 0 1 1 .14-.6V-.55H.5V-.3H.14V.6Q.6.5.65.05"
    "L.95.3Q.7.95 0 .98-.7.95-.95.3L-.65.05Q-.6.5-.14.6Z",
    "airport": "M0-1Q.16-.95 .16-.7V-.25L.95.25V.48L.16.25V.65L.42.85V1L0 .9-.42 1V.85"
    "L-.16.65V.25L-.95.48V.25L-.16-.25V-.7Q-.16-.95 0-1Z",
    "air_base": "M0-.95 .25-.29 .95-.26 .4 .18 .59 .86 0 .47-.59 .86-.4 .18-.95-.26-.25-.29Z",
    "toll_gate": "M-.9-.9H-.6V-.45H.9V-.1H.55V.9H.25V-.1H-.25V.9H-.55V-.1H-.6V.9H-.9Z",
}


def shades(count: int, among: Sequence[str] = SHADES) -> tuple[str, ...]:
    """Colours of so many classes, low to high: light to dark, as far apart as they can be."""
    at = np.linspace(0, len(among) - 1, count) if count > 1 else np.full(count, 2)
    channels = [[int(colour[i : i + 2], 16) for colour in among] for i in (1, 3, 5)]
    mixed = [np.interp(at, range(len(among)), c).round().astype(int) for c in channels]
    return tuple(f"#{r:02x}{g:02x}{b:02x}" for r, g, b in zip(*mixed, strict=True))


def ink_on(shade: str) -> str:
    """Colour of letters on one of ``TIES``: black on the light half, white on the dark one."""
    return "#000000" if sum(int(shade[i : i + 2], 16) for i in (1, 3, 5)) > 430 else "#ffffff"


@dataclass(frozen=True)
class Drawing:
    """SVG shapes in a box of -1.3 to 1.3."""

    shapes: str

    def svg(self, size: int = 16) -> str:
        """By itself, ``size`` px wide and high."""
        return self._boxed(f'width="{size}" height="{size}"', ' aria-hidden="true"')

    def at(self, x: float, y: float, size: float) -> str:
        """Within another SVG, with its middle at a place."""
        place = f'x="{x - size / 2:.2f}" y="{y - size / 2:.2f}"'
        return self._boxed(f'{place} width="{size:g}" height="{size:g}"', "")

    def _boxed(self, place: str, more: str) -> str:
        return f'<svg {place} viewBox="-1.3 -1.3 2.6 2.6"{more}>{self.shapes}</svg>'


def sign(drawn: Sign) -> Drawing:
    """Sign of a category or an outcome, as the map draws it."""
    path = f'd="{drawn.path}" fill="{drawn.fill}" fill-rule="evenodd"'
    return Drawing(f'<path {path} stroke="{INK}" stroke-width=".18"/>')


def conflict() -> Drawing:
    """The badge of conflicting claims."""
    mark = '<path d="M-.14-.6H.14V.1H-.14ZM-.14.3H.14V.58H-.14Z" fill="#fff"/>'
    return Drawing(f'<circle r=".9" fill="{INK}"/>{mark}')


def brand() -> Drawing:
    """The mark of the product, as ``static/icon.png`` has it."""
    shapes = (
        (f'<rect x="-1.16" y="-1.16" width="2.32" height="2.32" rx=".4" fill="{LAND}"', 0.1),
        (f'<path d="M0-.8.62.5H-.62Z" fill="{COLOURS["orange"]}" stroke-linejoin="round"', 0.08),
        (f'<circle cx="-.53" cy=".33" r=".38" fill="{COLOURS["blue"]}"', 0.08),
        (f'<path d="M.49-.09.92.35.49.79.06.35Z" fill="{COLOURS["vermilion"]}"', 0.08),
    )
    outlined = (f'{shape} stroke="{INK}" stroke-width="{width}"/>' for shape, width in shapes)
    return Drawing("".join(outlined))


def circle() -> Drawing:
    """The dashed circle of a zone whose outline is not known."""
    return Drawing(f'<circle r="1" {_ZONE} stroke-dasharray=".45 .35"/>')


def rough() -> Drawing:
    """A ring: units whose place is known by subdistrict or district only."""
    return Drawing(f'<circle r=".8" fill="none" stroke="{SHADES[-1]}" stroke-width=".35"/>')


def footprint() -> Drawing:
    """The known outline of a zone."""
    return Drawing(f'<path d="M-1-.5-.2-1 .9-.7 1 .6-.4 1Z" {_ZONE}/>')


def swatch(fill: str) -> Drawing:
    """A square with the fill of a district."""
    patterns = {
        NO_CENTER: f'<path d="M-1 0 0-1M-1 1 1-1M0 1 1 0" stroke="{HATCH}" stroke-width=".16"/>',
        NO_VALUE: "".join(
            f'<circle cx="{x}" cy="{y}" r=".17" fill="{BORDER}"/>'
            for x, y in ((-0.5, -0.5), (0.5, -0.5), (0, 0), (-0.5, 0.5), (0.5, 0.5))
        ),
    }
    square = f'<path d="M-1-1H1V1H-1Z" fill="{LAND if fill in patterns else fill}"'
    return Drawing(f'{square} stroke="{INK}" stroke-width=".12"/>{patterns.get(fill, "")}')


def border(colour: str = INK) -> Drawing:
    """The bold border of a district."""
    return Drawing(f'<path d="M-1-.8H1V.8H-1Z" fill="none" stroke="{colour}" stroke-width=".4"/>')


def strokes(names: Collection[str]) -> Drawing:
    """A piece of each of some of ``STROKES``, one below the other."""
    drawn = []
    for at, line in enumerate(STROKES[name] for name in names):
        y = at * 0.75 - (len(names) - 1) * 0.375
        dash = f' stroke-dasharray="{line.dash_px / 12:g}"' if line.dash_px else ""
        look = f'stroke="{line.colour}" stroke-width="{line.width_px / 8:g}"{dash}'
        drawn.append(f'<path d="M-1.2 {y:g}H1.2" {look}/>')
    return Drawing("".join(drawn))


def ring() -> Drawing:
    """A piece of a ring around a zone."""
    arc = f'<path d="M-1.1 .9A2 2 0 0 1 1.1-.9" fill="none" stroke="{ZONE_COLOUR}"'
    return Drawing(f'{arc} stroke-width=".22" stroke-dasharray=".6 .35"/>')


def area() -> Drawing:
    """The area that a center may lie in."""
    look = f'fill="{INK}" fill-opacity=".07" stroke="{INK}" stroke-width=".2"'
    return Drawing(f'<path d="M-1-.3-.2-1 .9-.6 1 .5 .1 1-.8.7Z" {look} stroke-dasharray=".3 .3"/>')


def flow() -> Drawing:
    """A wide and a thin line of flow."""
    far, close = shades(2, TIES)
    wide, thin = ('d="M-1-.35H1" stroke-width=".7"', 'd="M-1 .65H1" stroke-width=".3"')
    look = 'stroke-linecap="round"'
    return Drawing(f'<path {wide} stroke="{close}" {look}/><path {thin} stroke="{far}" {look}/>')


def ramp() -> Drawing:
    """Light to dark."""
    steps = shades(3, TIES)
    parts = (
        f'<path d="M{0.8 * at - 1.2:g}-.6h.8v1.2h-.8Z" fill="{c}"/>' for at, c in enumerate(steps)
    )
    return Drawing("".join(parts))


def icon(code: str, *, hollow: bool = False) -> Drawing:
    """Sign of a zone class or of a kind of place; hollow when unverified."""
    colour = ZONE_COLOUR if code in ZONE_CLASSES else "#37474f"
    fill, stroke = ("#ffffff", colour) if hollow else (colour, "#ffffff")
    line = f'stroke="{stroke}" stroke-width=".2" paint-order="stroke"'
    return Drawing(f'<path d="{ICONS[code]}" fill="{fill}" {line}/>')


_ZONE: Final = f'fill="{ZONE_COLOUR}" fill-opacity=".15" stroke="{ZONE_COLOUR}" stroke-width=".2"'
