"""What maps of linkage, scenarios and districts show above the ground: flows, rings, colours."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any, Final, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd

from ikmgeo import symbols, tables
from ikmgeo.analysis import Linked
from ikmgeo.instrument import Instrument
from ikmgeo.measures.district_measures import MEASURES, Shading, class_bounds, class_numbers
from ikmgeo.measures.indicators import BEST, EVERY, INDICATORS, Indicator
from ikmgeo.measures.linkage import Parameters
from ikmgeo.measures.scenario import COMPARED, OUTCOMES, Effect, outcome
from ikmgeo.symbols import Drawing
from ikmgeo.words import wording
from ikmgeo.words.messages import NOTHING, Messages
from ikmgeo.words.wording import about, amount, measure_words, written

MOST_FLOWS: Final = 300
FARING: Final = 2.5
"""Width in px of a line that tells how a center fares."""

NARROWEST, WIDEST = 1.0, 7.0
"""Width in px of the flow lines of the farthest and of the closest class."""

Legend = list[tuple[Drawing, str]]
"""Drawings and their words."""


class Flow(NamedTuple):
    """A line from a center to a zone in the shade and width of its class; what it stands for."""

    lat: float
    lon: float
    to_lat: float
    to_lon: float
    width_px: float
    shade: str
    words: str


@dataclass(frozen=True)
class Scale:
    """Shades of an indicator: the same on the map and in the table, in all of its columns.

    Parameters
    ----------
    indicator
        What is shown.
    bounds
        As from ``Indicator.bounds``.
    used
        What the reader set.
    zones
        How many zones there are.
    """

    indicator: Indicator
    bounds: tuple[float, ...]
    used: Parameters
    zones: int

    @cached_property
    def shades(self) -> tuple[str, ...]:
        """Of each class, the farthest first."""
        return symbols.shades(len(self.bounds) + 1, symbols.TIES)

    def of(self, values: pd.Series) -> pd.Series:
        """Shade of each value."""
        classes = self.indicator.classes(values, self.bounds)
        return classes.map(dict(enumerate(self.shades))).astype(object).fillna(symbols.UNMEASURED)

    def widths(self, values: pd.Series) -> pd.Series:
        """Width in px of the line of each value."""
        step = (WIDEST - NARROWEST) / max(len(self.bounds), 1)
        return NARROWEST + step * self.indicator.classes(values, self.bounds).astype(float)

    def legend(self, say: Messages, values: pd.Series) -> Legend:
        """What dark means, then every class."""
        darker = say("linkage.darker", closer=say(f"direction.{self.indicator.code}"))
        told = [(drawing, words) for _, drawing, words in self.classes_told(say, values)]
        return [(symbols.ramp(), darker), *told]

    def classes_told(self, say: Messages, values: pd.Series) -> list[tuple[str, Drawing, str]]:
        """Shade, drawing and words of every class, the closest first; of no value last, if any."""
        named = list(self._ranges(say))
        if self.indicator.more_is_closer:
            named.reverse()
        classes = list(zip(reversed(self.shades), named, strict=True))
        if values.isna().any():
            classes.append((symbols.UNMEASURED, say("what_if.sign_unknown")))
        return [(shade, symbols.swatch(shade), words) for shade, words in classes]

    def _ranges(self, say: Messages) -> Iterator[str]:
        """What the values of each class are, the smallest first."""
        unit = f" {wording.unit(say, self.used)}" if self.indicator.in_cost else ""
        share = self.indicator.unit == "%"
        unit = say("linkage.percent") if share else unit

        def told(bound: float) -> str:
            bound = round(100 * bound if share else bound, 6)
            return say.number(bound, 0 if bound % 1 == 0 else 1)

        full = self.indicator.full
        if full is None and not self.indicator.in_cost:  # counts
            for low, high in pairwise((-1, *self.bounds, float(self.zones))):
                yield told(high) if high - low <= 1 else f"{told(low + 1)}–{told(high)}"
            return
        lowest = f"≤ {told(self.bounds[0])}" if full is None else f"0–{told(self.bounds[0])}"
        yield f"{lowest}{unit}"
        for low, high in pairwise(self.bounds):
            yield f"> {told(low)}–{told(high)}{unit}"
        highest = told(self.bounds[-1])
        yield f"> {highest}{unit}" if full is None else f"> {highest}–{told(full)}{unit}"


def scale(code: str, used: Parameters, zones: int) -> Scale:
    """The scale of an indicator for so many zones."""
    indicator = INDICATORS[code]
    return Scale(indicator, indicator.bounds(used, zones), used, zones)


class Shown(NamedTuple):
    """What a map of an indicator shows of each center, of which column, and its scale."""

    column: str
    values: pd.Series
    scale: Scale


def shown_of(found: Linked, code: str, asked: str, used: Parameters, zones: int) -> Shown:
    """The column of an indicator that the reader asked for, or its first one.

    Without any zone, an indicator has no column and no values.
    """
    known = pd.DataFrame(index=found.values.index)
    if code in found.values:
        known = tables.part(found.values, code)
    indicator = INDICATORS[code]
    column = indicator.column(asked, [*known])
    return Shown(column, indicator.of_center(known, column), scale(code, used, zones))


def title(say: Messages, indicator: str, column: str, zones: pd.DataFrame, used: Parameters) -> str:
    """What a map of an indicator shows, with its unit."""
    measured = say(f"measure.{used.measure}").lower()
    unit = f" ({wording.unit(say, used)}, {measured})" if INDICATORS[indicator].in_cost else ""
    return (
        f"{say(f'indicator.{indicator}')}: {looked_at(say, indicator, column, zones, used)}{unit}"
    )


def looked_at(
    say: Messages, indicator: str, column: str, zones: pd.DataFrame, used: Parameters
) -> str:
    """A column of an indicator, or for which zone of each center its value is."""
    if column == EVERY:
        return say("linkage.group_all")
    if column != BEST:
        return about(say, indicator, column, zones, used)
    return say("linkage.highest" if INDICATORS[indicator].more_is_closer else "linkage.lowest")


def told_values(say: Messages, indicator: str, values: pd.Series, used: Parameters) -> pd.Series:
    """Values of an indicator with their units."""
    cost = INDICATORS[indicator].in_cost
    known = values.round(INDICATORS[indicator].decimals)
    told = {
        value: amount(say, value, used) if cost else written(say, indicator, value)
        for value in known.dropna().unique()
    }
    return known.map(told).astype(object).fillna(amount(say, None, used) if cost else NOTHING)


def flows(
    say: Messages,
    shown: pd.DataFrame,
    zones: pd.DataFrame,
    found: Linked,
    scale: Scale,
    *,
    closest: bool,
) -> Iterator[Flow]:
    """The closest ties of centers and zones; none where the indicator says that there is none.

    ``closest`` for each center with one zone alone.
    """
    code, closer = scale.indicator.code, scale.indicator.more_is_closer
    values = found.values.loc[shown.index, code][list(zones.index)].stack()
    if closer:
        values = values[values > 0]
    some = values.sort_values(ascending=not closer, kind="stable")
    if closest:
        some = some[~some.index.get_level_values(0).duplicated()]
    some = some.head(MOST_FLOWS)
    shades, widths = scale.of(some), scale.widths(some)
    label = say(f"indicator.{code}")
    for (center, zone_id), value in some.items():
        row, zone, at = shown.loc[center], zones.loc[zone_id], (center, zone_id)
        told = [amount(say, tables.cell(found.values, center, ("cost", zone_id)), scale.used)]
        if code != "cost":
            told.insert(0, f"{label} {written(say, code, value)}")
        tip = f"{row[f'name_{say.language}']} → {zone['short_name']}: {', '.join(told)}"
        ends = row["lat"], row["lon"], zone["lat"], zone["lon"]
        yield Flow(*ends, round(widths[at], 1), shades[at], tip)


def effect_flows(
    say: Messages,
    shown: pd.DataFrame,
    zones: pd.DataFrame,
    found: Linked,
    effect: Effect,
    used: Parameters,
) -> Iterator[Flow]:
    """Lines from the centers that a scenario changes to the closest of some zones afterwards.

    They have the colour of how the center fares.
    """
    fares, costs = outcome(effect.gains), scale("cost", used, len(zones))
    for code in ("better", "worse"):
        some = shown[shown.index.isin(fares.index[fares == code])]
        for flow in flows(say, some, zones, found, costs, closest=True):
            yield flow._replace(shade=symbols.OUTCOMES[code].fill, width_px=FARING)


def effect_title(say: Messages, effect: Effect, zones: pd.DataFrame, used: Parameters) -> str:
    """What a map of a scenario shows: the difference of which indicator, for what."""
    column = about(say, effect.indicator, effect.column, zones, used)
    return f"{say('what_if.difference')}: {say(f'indicator.{effect.indicator}')}, {column}"


def effect_legend(say: Messages, effect: Effect) -> Legend:
    """Signs of centers on a map of a scenario."""
    present = {*COMPARED, *outcome(effect.gains)}
    return [
        (symbols.sign(symbols.OUTCOMES[c]), say(f"what_if.sign_{c}"))
        for c in OUTCOMES
        if c in present
    ]


def with_effect(shown: pd.DataFrame, effect: Effect) -> pd.DataFrame:
    """Centers with the sign of what a scenario does to each in the place of their category."""
    return shown.assign(category=outcome(effect.gains.loc[shown.index]), conflicting=False)


def effect_lines(say: Messages, shown: pd.DataFrame, effect: Effect, used: Parameters) -> pd.Series:
    """What the map says below the name of each center: its value before, after, the difference."""
    gains = effect.gains.loc[shown.index]
    before, after = (
        told_values(say, effect.indicator, gains[c], used) for c in ("before", "after")
    )
    by = effect_values(say, shown, effect, used)
    return before + " → " + after + (" (" + by + ")").where(by != "", "")


def effect_values(
    say: Messages, shown: pd.DataFrame, effect: Effect, used: Parameters
) -> pd.Series:
    """The difference that a scenario makes to each center, with its sign; nothing without one."""
    difference = effect.gains.loc[shown.index, "difference"]
    told = told_values(say, effect.indicator, difference.abs(), used)
    signs = pd.Series(np.where(difference > 0, "+", "−"), difference.index, dtype=object)
    return (signs + told).where(difference.abs() > 0, "")


def colours(
    say: Messages,
    measured: pd.DataFrame,
    shading: Shading,
    instrument: Instrument,
    *,
    filtered: bool = False,
) -> tuple[pd.Series, Legend]:
    """Fill of each district, and what the colours say.

    A fill is a colour, ``symbols.NO_CENTER`` or ``symbols.NO_VALUE``; highest class first.
    ``filtered`` says that a district without a center may have some that no filter lets through.
    """
    fills, legend = _classes(say, measured, shading, instrument)
    unknown = fills.isna()
    nobody = unknown & measured["centers"].isna() & MEASURES[shading.measure].of_centers
    fills[unknown] = symbols.NO_VALUE
    fills[nobody] = symbols.NO_CENTER
    if nobody.any():
        legend.append((symbols.swatch(symbols.NO_CENTER), no_center(say, filtered=filtered)))
    if (unknown & ~nobody).any():
        legend.append((symbols.swatch(symbols.NO_VALUE), no_value(say, shading.measure)))
    return fills, legend


def _classes(
    say: Messages, measured: pd.DataFrame, shading: Shading, instrument: Instrument
) -> tuple[pd.Series, Legend]:
    """Colour of each district with a value, and what the colours say."""
    values = measured[shading.measure]
    if MEASURES[shading.measure].is_category:
        signs = {category: instrument.signs[category] for category in instrument.categories}
        legend = [(symbols.sign(sign), say(f"category.{c}")) for c, sign in signs.items()]
        return values.map({c: sign.fill for c, sign in signs.items()}).astype(object), legend
    bounds = class_bounds(values, shading)
    shades = symbols.shades(len(bounds))
    named = _class_words(say, shading.measure, float(values.min()), bounds)
    legend = [
        (symbols.swatch(shade), name) for shade, name in zip(shades, named, strict=True) if name
    ]
    return class_numbers(values, bounds).map(dict(enumerate(shades))).astype(object), legend[::-1]


def _class_words(
    say: Messages, measure: str, lowest: float, bounds: tuple[float, ...]
) -> list[str]:
    """Range of each class, lowest first; "" for a class of counts that holds no whole number."""
    digits = MEASURES[measure].digits or 0

    def told(value: float) -> str:
        return say.number(value, digits)

    named = []
    for at, (above, upper) in enumerate(pairwise((lowest, *bounds))):
        if digits == 0:
            first, last = (above if at == 0 else np.floor(above) + 1), np.floor(upper)
            whole = told(first) if first == last else f"{told(first)}–{told(last)}"
            named.append(whole if first <= last else "")
        elif above == upper:
            named.append(told(upper))
        else:
            named.append(f"{'' if at == 0 else '> '}{told(above)}–{told(upper)}")
    return named


def values(
    say: Messages, measured: pd.DataFrame, measure: str, *, filtered: bool = False
) -> pd.Series:
    """What the map says of each district: the measure and its value, or that there is no center."""
    label = say(f"district_measure.{measure}")
    told = [f"{label}: {value_words(say, measure, value)}" for value in measured[measure]]
    lines = pd.Series(told, index=measured.index, dtype=object)
    lines[measured[measure].isna()] = no_value(say, measure)
    if MEASURES[measure].of_centers:
        lines[measured["centers"].isna()] = no_center(say, filtered=filtered)
    return lines


def no_center(say: Messages, *, filtered: bool) -> str:
    """That nobody surveyed a center in a district, or that no filter lets one through."""
    return say("districts.none_left" if filtered else "districts.no_center")


def value_words(say: Messages, measure: str, value: Any) -> str:
    """A measure, with its unit where its label does not tell it."""
    digits = MEASURES[measure].digits
    return measure_words(say, measure, value) if digits is None else say.number(value, digits)


def no_value(say: Messages, measure: str) -> str:
    """That a district's centers have no such value."""
    return say("districts.no_category" if MEASURES[measure].is_category else "districts.no_value")


def best_signs(
    measured: pd.DataFrame, districts: gpd.GeoDataFrame, shading: Shading
) -> list[tuple[str, float, float]]:
    """Sign of the best category in each district with its latitude and longitude.

    None on a map of another measure: a colour alone does not tell categories apart.
    """
    if not MEASURES[shading.measure].is_category:
        return []
    best = measured[shading.measure].dropna()
    points = districts.loc[best.index].representative_point()
    return list(zip(best, points.y, points.x, strict=True))
