"""What centers are rated by and sorted into, as the data say: aspects, categories, their ranges."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pandas as pd

from ikmgeo.symbols import COLOURS, SHAPES, WORDS, Sign


class Aspect(NamedTuple):
    """A scored dimension, 0 to 100; a row of ``aspects.csv``.

    ``within_id`` and ``within_en`` name it within a sentence, ``headers`` are column names that
    people write, ``zone_class`` is that of the zones that it is about, empty for none, ``outward``
    whether it tells of what lies outside the center, ``answered_by`` the levers of advice that
    answer what the source says of it; empty for all. ``anchored_by`` is the item of
    ``frameworks.csv`` whose anchors say what 0, 50 and 100 mean; empty for none.
    """

    name_id: str
    name_en: str
    within_id: str
    within_en: str
    headers: tuple[str, ...]
    zone_class: str
    outward: bool
    answered_by: tuple[str, ...]
    anchored_by: str


class Category(NamedTuple):
    """A row of ``categories.csv``.

    ``other_names`` are spellings that files may have besides its names, ``shape`` and ``colour``
    codes of ``symbols``, ``phases`` those of advice that suit it.
    """

    name_id: str
    name_en: str
    other_names: tuple[str, ...]
    shape: str
    colour: str
    phases: tuple[int, ...]


def ascend(values: Sequence[float]) -> bool:
    """Whether each is above the one before."""
    return all(low < high for low, high in pairwise(values))


def _no_ranges() -> pd.DataFrame:
    return pd.DataFrame({"category": [], "low": [], "high": []})


@dataclass(frozen=True)
class Instrument:
    """Aspects in their order and categories, best first, by code; and what the source prints.

    ``ranges`` are the claims of printed ranges: ``category``, ``low``, ``high``, both included.
    """

    aspects: Mapping[str, Aspect] = field(default_factory=dict)
    categories: Mapping[str, Category] = field(default_factory=dict)
    ranges: pd.DataFrame = field(default_factory=_no_ranges)

    @cached_property
    def bounds(self) -> tuple[float, ...]:
        """Upper bounds of all categories but the best, rising, in the order of the text.

        A category ends where its printed range does, or else just below where the next one begins.
        Empty where not every category has one range, or where they do not rise so.
        """
        rising = list(self.categories)[::-1]
        ranges = self.ranges.dropna(subset=["low", "high"]).set_index("category")
        if not ranges.index.is_unique or not set(rising) <= set(ranges.index):
            return ()
        ranges = ranges.loc[rising]
        below_next = ranges["low"].shift(-1) - 0.01
        bounds = ranges["high"].clip(upper=below_next).round(2).tolist()[:-1]
        return tuple(bounds) if ascend(bounds) and bounds[:1] >= [0] else ()

    @cached_property
    def cuts(self) -> tuple[float, ...]:
        """Cut points that a reader's own start from: the printed bounds, else equal steps."""
        steps = np.linspace(0, 100, max(len(self.categories), 1) + 1)[1:-1]
        return self.bounds or tuple(steps.round(2).tolist())

    @property
    def headers(self) -> dict[str, str]:
        """Headers of columns that hold scores of an aspect, each with its code."""
        of_aspects = ((code, (code, *one.headers)) for code, one in self.aspects.items())
        return {header: code for code, headers in of_aspects for header in headers}

    @cached_property
    def signs(self) -> dict[str, Sign]:
        """Of the categories, best first, and of what a center can be besides."""
        of_categories = {
            code: Sign(SHAPES[one.shape], COLOURS[one.colour], one.shape)
            for code, one in self.categories.items()
        }
        return {**of_categories, **WORDS}

    @property
    def lower(self) -> tuple[str, ...]:
        """The lower half of the categories, without the one in the middle."""
        return tuple(self.categories)[(len(self.categories) + 1) // 2 :]

    @property
    def linkages(self) -> dict[str, str]:
        """Class of the zones that an aspect is about, of those that are about some."""
        return {code: a.zone_class for code, a in self.aspects.items() if a.zone_class}
