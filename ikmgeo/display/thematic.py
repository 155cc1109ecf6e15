"""What maps of linkage, scenarios and districts show above the ground: flows, rings, colours."""

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any, Final, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd

from ikmgeo import symbols, tables
from ikmgeo.analysis import Linked
from ikmgeo.instrument import Instrument
from ikmgeo.measures.district_measures import MEASURES, Shading, class_bounds, class_numbers
from ikmgeo.measures.indicators import INDICATORS
from ikmgeo.measures.linkage import Parameters
from ikmgeo.measures.scenario import COMPARED, OUTCOMES, Effect, outcome
from ikmgeo.symbols import Drawing
from ikmgeo.words.messages import Messages
from ikmgeo.words.wording import about, amount, measure_words, written

MOST_FLOWS: Final = 300
WIDEST: Final = 9.0
"""Width in px of the flow line of a zone at the center itself."""

NARROWEST: Final = 0.6

Legend = list[tuple[Drawing, str]]
"""Drawings and their words."""


class Flow(NamedTuple):
    """A line from a center to a zone, wide where the indicator is high, and what it stands for."""

    lat: float
    lon: float
    to_lat: float
    to_lon: float
    width_px: float
    words: str


def flow_words(say: Messages, indicator: str) -> str:
    """What the width of the flow lines says."""
    return say(f"linkage.flow_{_by_zone(indicator)}")


def flows(
    say: Messages,
    indicator: str,
    shown: pd.DataFrame,
    zones: pd.DataFrame,
    found: Linked,
    used: Parameters,
) -> Iterator[Flow]:
    """The strongest flows, wide where the indicator is high."""
    by = _by_zone(indicator)
    values = found.values.loc[shown.index, by][list(zones.index)]
    share = values / INDICATORS[by].full
    strongest = share.stack().nlargest(MOST_FLOWS)
    for (center, zone_id), part in strongest[strongest > 0].items():
        row, zone = shown.loc[center], zones.loc[zone_id]
        told = written(say, by, values.at[center, zone_id])
        name = f"{row[f'name_{say.language}']} → {zone['short_name']}"
        cost = amount(say, tables.cell(found.values, center, ("cost", zone_id)), used)
        tip = f"{name}: {say(f'indicator.{by}')} {told}, {cost}"
        width = round(max(WIDEST * part, NARROWEST), 1)
        yield Flow(row["lat"], row["lon"], zone["lat"], zone["lon"], width, tip)


def _by_zone(indicator: str) -> str:
    """The indicator of the flows."""
    return indicator if INDICATORS[indicator].flows else "proximity"


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
    cost = INDICATORS[effect.indicator].in_cost

    def told(value: float) -> str:
        return amount(say, value, used) if cost else written(say, effect.indicator, value)

    lines = []
    for _, row in effect.gains.loc[shown.index].iterrows():
        more = "" if pd.isna(row["difference"]) else f" ({_signed(told, row['difference'])})"
        lines.append(f"{told(row['before'])} → {told(row['after'])}{more}")
    return pd.Series(lines, index=shown.index, dtype=object)


def _signed(told: Callable[[float], str], difference: float) -> str:
    sign = "+" if difference > 0 else "−" if difference < 0 else "±"
    return f"{sign}{told(abs(difference))}"


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
