"""Colours and shapes against the formulas of WCAG 2.2 and CIE, and apart without colour."""

import colorsys
import re
import subprocess
import sys
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest

from ikmgeo import symbols
from ikmgeo.symbols import Sign
from ikmgeo.vocabulary import PLACE_KINDS, ZONE_CLASSES
from tests.rated import CATEGORIES, SIGNS


@pytest.mark.parametrize("module", ["atlas", "workbook"])
def test_a_file_that_holds_no_map_of_the_screen_loads_no_folium(module: str) -> None:
    program = f"import ikmgeo.handouts.{module}, sys; assert 'folium' not in sys.modules"
    subprocess.run([sys.executable, "-c", program], check=True)


def test_the_script_of_the_map_draws_lines_in_the_same_colours() -> None:
    script = (Path(symbols.__file__).parent / "static/map.js").read_text(encoding="utf-8")
    assert f'ZONE = "{symbols.ZONE_COLOUR}", INK = "{symbols.INK}"' in script


def luminance(colour: str) -> float:
    """Relative luminance of a #rrggbb colour (WCAG 2.2)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dark, light = sorted([luminance(one), luminance(other)])
    return (light + 0.05) / (dark + 0.05)


def colours(svg: str) -> list[str]:
    found = re.findall(r'(?:fill|stroke)="#([0-9a-f]{3,6})"', svg)
    return ["#" + (c if len(c) == 6 else "".join(d * 2 for d in c)) for c in found]


def test_contrast_formula_gives_the_values_of_the_standard() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize(
    "sign",
    [
        *map(Sign, symbols.SHAPES.values(), symbols.COLOURS.values()),
        *symbols.WORDS.values(),
        *symbols.OUTCOMES.values(),
    ],
)
def test_sign_stands_out_from_the_land_by_fill_or_outline(sign: Sign) -> None:
    assert symbols.LAND == "#f2efe9"
    assert max(contrast(colour, symbols.LAND) for colour in colours(symbols.sign(sign).svg())) >= 3


@pytest.mark.parametrize("code", symbols.ICONS)
@pytest.mark.parametrize("hollow", [True, False])
@pytest.mark.parametrize("below", [symbols.LAND, symbols.SEA, symbols.OUTSIDE])
def test_icon_stands_out_from_land_and_sea(code: str, hollow: bool, below: str) -> None:
    drawn = colours(symbols.icon(code, hollow=hollow).svg())
    assert max(contrast(colour, below) for colour in drawn) >= 3


def lightness(colour: str) -> float:
    """CIE L*, 0 to 100: what is left of a colour in grey print."""
    y = luminance(colour)
    return 116 * y ** (1 / 3) - 16 if y > (6 / 29) ** 3 else y * (29 / 3) ** 3


RANGES = pytest.mark.parametrize("among", [symbols.SHADES, symbols.TIES], ids=["green", "purple"])


@RANGES
@pytest.mark.parametrize("count", range(2, 7))
def test_shades_get_darker_in_steps_that_grey_print_keeps(count: int, among: Sequence[str]) -> None:
    found = symbols.shades(count, among)
    steps = [lightness(a) - lightness(b) for a, b in pairwise(found)]
    assert len(found) == count
    assert min(steps) > 9  # on the scale of 100; about 2 can be seen side by side
    assert max(steps) < 1.3 * min(steps)


@RANGES
@pytest.mark.parametrize("count", range(1, 7))
def test_shades_have_one_hue(count: int, among: Sequence[str]) -> None:
    hues = [
        colorsys.rgb_to_hsv(*(int(c[i : i + 2], 16) / 255 for i in (1, 3, 5)))[0]
        for c in symbols.shades(count, among)
    ]
    assert max(hues) - min(hues) < 0.05  # of a full circle


@pytest.mark.parametrize("count", range(1, 7))
def test_letters_on_a_shade_of_a_table_can_be_read(count: int) -> None:
    for shade in symbols.shades(count, symbols.TIES):
        assert contrast(symbols.ink_on(shade), shade) >= 4.5


def test_one_class_and_none_have_their_shades() -> None:
    (only,) = symbols.shades(1)
    assert lightness("#c9ead6") > lightness(only) > lightness("#226445")
    assert symbols.shades(0) == ()


def test_even_more_shades_than_are_offered_differ() -> None:
    assert len(set(symbols.shades(12))) == 12


@pytest.mark.parametrize("fill", [symbols.NO_CENTER, symbols.NO_VALUE])
def test_missing_value_has_a_pattern_and_never_a_shade(fill: str) -> None:
    drawn = symbols.swatch(fill).svg()
    assert not set(colours(drawn)) & {c for n in range(1, 7) for c in symbols.shades(n)}
    inside = drawn.partition("/>")[2]
    seen = max(contrast(colour, symbols.LAND) for colour in colours(inside))
    # Where nobody surveyed recedes; that its ground is of no class tells it apart.
    assert 1.3 <= seen < 2 if fill == symbols.NO_CENTER else seen >= 3
    assert symbols.swatch(symbols.NO_CENTER).svg() != symbols.swatch(symbols.NO_VALUE).svg()


def test_swatch_shows_its_shade_within_an_outline() -> None:
    assert colours(symbols.swatch("#6db890").svg()) == ["#6db890", symbols.INK]
    assert colours(symbols.border().svg()) == [symbols.INK]


def test_every_category_and_word_has_a_sign_of_its_own_shape() -> None:
    assert set(SIGNS) == {*CATEGORIES, "several", "none", "unscored"}
    every = {*symbols.SHAPES.values(), *(sign.path for sign in symbols.WORDS.values())}
    assert len(every) == len(symbols.SHAPES) + len(symbols.WORDS)
    assert len({*symbols.COLOURS.values()}) == len(symbols.COLOURS)
    assert [(c, SIGNS[c].shape, SIGNS[c].fill) for c in CATEGORIES] == [
        ("excellent", "star", "#0072b2"),
        ("developing", "circle", "#009e73"),
        ("potential", "triangle", "#e69f00"),
        ("under_development", "diamond", "#d55e00"),
    ]


def test_every_zone_class_and_kind_of_place_has_an_icon_of_its_own_shape() -> None:
    assert set(symbols.ICONS) == {*ZONE_CLASSES, *PLACE_KINDS}
    assert len(set(symbols.ICONS.values())) == len(symbols.ICONS)
