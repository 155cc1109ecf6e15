"""An indicator, and a measure of districts, is said once: a made-up row is all that one needs."""

import io
import re
from collections.abc import Callable
from typing import Any

import openpyxl
import pandas as pd
import pytest

from ikmgeo.display import thematic
from ikmgeo.handout import Handout
from ikmgeo.handouts import datasets, workbook
from ikmgeo.instrument import Instrument
from ikmgeo.measures import district_measures, indicators, scenario
from ikmgeo.measures.district_measures import MEASURES, Measure, Shading
from ikmgeo.measures.indicators import INDICATORS, Indicator
from ikmgeo.measures.linkage import Parameters
from ikmgeo.ui.linkage import linkage
from ikmgeo.view import Known, View, from_params
from ikmgeo.words import wording
from ikmgeo.words.messages import Messages

SAY = Messages("en")
USED = Parameters()


def remoteness(*_: Any) -> Any:
    """Made up.

    Notes
    -----
    d / 200

    References
    ----------
    Nobody (1900).
    """


SHARE = Indicator(
    "remoteness",
    "zone",
    lambda costs, zones, fit, used: costs / 200,
    remoteness,
    unit="%",
    digits=1,
    full=0.5,
)
FARTHEST = Indicator(
    "remoteness",
    "all",
    lambda costs, zones, fit, used: costs.max(axis=1).to_frame("all"),
    remoteness,
    unit="cost",
    digits=0,
    more_is_closer=False,
    exact=True,
)
COSTS = pd.DataFrame({"near": [50.0, 10.0], "far": [100.0, 20.0]}, index=["a", "b"])
ZONES = pd.DataFrame({"class": ["sez", "ie"], "short_name": ["N", "F"]}, index=["near", "far"])


@pytest.fixture(params=[SHARE, FARTHEST], ids=["pairs", "single"])
def made_up(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Indicator:
    """A row more in the table, and its words."""
    indicator: Indicator = request.param
    monkeypatch.setitem(INDICATORS, indicator.code, indicator)
    for key in ("indicator.remoteness", "indicator.remoteness_help", "linkage.flow_remoteness"):
        monkeypatch.setitem(SAY.catalogue, key, f"Words of {key}")
    return indicator


def test_it_is_computed_with_the_others_and_a_link_may_name_it(made_up: Indicator) -> None:
    found = indicators.computed(COSTS, ZONES, COSTS * 0, USED)["remoteness"]
    expected = {"near": [0.25, 0.05], "far": [0.5, 0.1]} if made_up is SHARE else {"all": [100, 20]}
    assert found.to_dict("list") == expected
    assert from_params({"indicator": "remoteness"}, Known())[0].indicator == "remoteness"
    assert ("remoteness" in indicators.paired()) is (made_up is SHARE)


def test_the_table_writes_rounds_and_shades_it(made_up: Indicator) -> None:
    cells = pd.DataFrame({"all": [0.2504, 0.0504] if made_up is SHARE else [100.4, 20.4]})
    rounded = linkage.rounded("remoteness", cells["all"]).tolist()
    assert rounded == ([0.25, 0.05] if made_up is SHARE else [100, 20])
    told = [wording.written(SAY, "remoteness", value) for value in cells["all"]]
    assert told == (["25.0%", "5.0%"] if made_up is SHARE else ["100", "20"])
    drawn = linkage._shaded(SAY, View(indicator="remoteness"), cells, ["all"]).to_html()
    first, second = re.findall(r"background-color: (#\w+)", drawn)
    light, dark = linkage.SHADE  # the closer, the darker
    assert (first, second) == ((dark, light) if made_up is SHARE else (light, dark))
    column = "near" if made_up is SHARE else "all"
    name = linkage.column_name(SAY, "remoteness", column, ZONES, USED)
    assert name == ("N" if made_up is SHARE else f"{SAY('linkage.group_all')} (km)")


def test_the_help_tells_its_meaning_formula_and_source(made_up: Indicator) -> None:
    told = linkage._help(SAY, "remoteness", USED)
    assert told.startswith("Words of indicator.remoteness_help")
    assert "d / 200" in told
    assert "Nobody (1900)." in told


def test_flow_lines_are_as_wide_as_its_scale_says(
    made_up: Indicator, hand_out: Callable[..., Handout]
) -> None:
    assert made_up.flows is (made_up is SHARE)
    handout = hand_out()
    some = handout.shown.head(1), handout.inputs.zones.head(1)
    (line,) = thematic.flows(SAY, "remoteness", *some, handout.linked, USED)
    km = handout.measured.distances.loc[some[0].index[0], some[1].index[0]]
    share = km / 200 / 0.5 if made_up is SHARE else 2 ** (-km / 25)  # else proximity is drawn
    assert line[4] == pytest.approx(max(thematic.WIDEST * share, thematic.NARROWEST), abs=0.051)
    shown = "remoteness" if made_up is SHARE else "proximity"
    assert thematic.flow_words(SAY, "remoteness") == SAY(f"linkage.flow_{shown}")


def test_files_hold_it_with_its_name_unit_and_decimals(
    made_up: Indicator, hand_out: Callable[..., Handout], monkeypatch: pytest.MonkeyPatch
) -> None:
    handout = hand_out(view=View(language="en", indicator="remoteness"))
    for key, words in SAY.catalogue.items():
        monkeypatch.setitem(handout.say.catalogue, key, words)
    sheet = openpyxl.load_workbook(io.BytesIO(workbook.xlsx(handout)))["Linkage"]
    heads = [cell.value for cell in sheet[1]]
    part = "KIM" if made_up is SHARE else f"{SAY('linkage.group_all')} (km)"
    at = heads.index(f"Words of indicator.remoteness: {part}") + 1
    cell = sheet.cell(2, at)
    assert cell.number_format == ("0.000" if made_up is SHARE else "0")
    distances = handout.measured.distances.loc[handout.shown.index[0]]
    expected = distances["kim"] / 200 if made_up is SHARE else distances.max()
    assert cell.value == pytest.approx(expected, abs=0.0001)
    assert "remoteness_kim" in datasets.centers_table(handout) or made_up is FARTHEST
    assert ("remoteness" in datasets.lines_table(handout)) is (made_up is SHARE)


@pytest.mark.parametrize("made_up", [FARTHEST], indirect=True)
def test_exact_bounds_come_from_those_of_the_distances(
    made_up: Indicator, hand_out: Callable[..., Handout]
) -> None:
    linked, measured = hand_out().linked, hand_out().measured
    for found, bounds in ((linked.low, measured.low), (linked.high, measured.high)):
        assert found[made_up.code, "all"].tolist() == pytest.approx(bounds.max(axis=1).tolist())


def test_a_scenario_knows_who_gains_by_it(made_up: Indicator) -> None:
    before, after = (indicators.computed(c, ZONES, c * 0, USED) for c in (COSTS, COSTS / 2))
    assert "remoteness" in scenario.changed_indicators(before, after)
    column = "near" if made_up is SHARE else "all"
    gains = scenario.effect("A", before, after, "remoteness", column).gains["gain"]
    assert (gains < 0).all() if made_up is SHARE else (gains > 0).all()


def test_a_made_up_measure_of_districts_is_ranked_written_and_coloured(
    monkeypatch: pytest.MonkeyPatch, hand_out: Callable[..., Handout]
) -> None:
    measure = Measure(
        "hours",
        lambda centers, proximity, seat_km, districts, _: seat_km.reindex(districts.index) / 40,
        remoteness,
        digits=1,
        unit="h",
        most_first=False,
        of_centers=False,
    )
    monkeypatch.setitem(MEASURES, "hours", measure)
    measured = hand_out().districts
    assert measured["hours"].tolist() == pytest.approx((measured["seat_km"] / 40).tolist())
    first = district_measures.ranks(measured, ())["hours"].idxmin()
    assert first == measured["seat_km"].idxmin()
    assert wording.measure_words(SAY, "hours", 1.26) == "1.3 h"
    fills, _ = thematic.colours(SAY, measured, Shading("hours", "quantiles", 3), Instrument())
    assert fills.nunique() == 3
    assert "d / 200" in wording.derivation(SAY, "hours")
