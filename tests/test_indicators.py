"""An indicator, and a measure of districts, is said once: a made-up row is all that one needs."""

import io
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import openpyxl
import pandas as pd
import pytest

from ikmgeo import symbols
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
    for key in ("indicator.remoteness", "indicator.remoteness_help", "direction.remoteness"):
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
    scale = thematic.scale("remoteness", USED, 3)
    drawn = linkage._shaded(SAY, scale, cells, ["all"]).to_html()
    found = re.findall(r"background-color: (#\w+)", drawn)
    # Fifths of 0.5: the third and the first; thresholds: 100 km, as it is written, and 20 km.
    classes, of = ((2, 0), 5) if made_up is SHARE else ((1, 3), 4)
    assert found == [symbols.shades(of, symbols.TIES)[at] for at in classes]
    column = "near" if made_up is SHARE else "all"
    name = linkage.column_name(SAY, "remoteness", column, ZONES, USED)
    assert name == ("N" if made_up is SHARE else f"{SAY('linkage.group_all')} (km)")


def test_the_help_tells_its_meaning_formula_and_source(made_up: Indicator) -> None:
    told = linkage._help(SAY, "remoteness", USED)
    assert told.startswith("Words of indicator.remoteness_help")
    assert "d / 200" in told
    assert "Nobody (1900)." in told


def test_flow_lines_are_as_wide_as_its_class(
    made_up: Indicator, hand_out: Callable[..., Handout]
) -> None:
    """Fifths of 0.5: a share of 0.1 or less is 1 px wide, one of more than 0.4 is 7 px."""
    handout = hand_out()
    zones, used = handout.inputs.zones, handout.view.link
    values = pd.DataFrame({("remoteness", z): 0.1 for z in zones.index}, handout.shown.index)
    values["remoteness", "kim"] = 0.41
    linked = replace(handout.linked, values=values.join(handout.linked.values[["cost"]]))
    if made_up is not SHARE:
        assert not made_up.paired
        return
    scale = thematic.scale("remoteness", used, len(zones))
    found = list(thematic.flows(SAY, handout.shown, zones, linked, scale, closest=False))
    assert sorted(line.width_px for line in found) == [1.0] * 26 + [7.0] * 13
    one = list(thematic.flows(SAY, handout.shown, zones, linked, scale, closest=True))
    assert {line.width_px for line in one} == {7.0}
    assert len(one) == 13


def test_classes_are_the_readers_thresholds_fifths_or_counts() -> None:
    used = Parameters(within=(10, 30))
    ranges = {
        "cost": ["≤ 10 km", "> 10–30 km", "> 30 km"],
        "huff_share": ["> 80–100%", "> 60–80%", "> 40–60%", "> 20–40%", "0–20%"],
        "zones_within": ["3", "2", "1", "0"],
    }
    for code, expected in ranges.items():
        told = thematic.scale(code, used, 3).classes_told(SAY, pd.Series([1.0]))
        assert [words for _, _, words in told] == expected
        shades = [shade for shade, _, _ in told]
        assert shades == [*symbols.shades(len(expected), symbols.TIES)][::-1]
    ten = thematic.scale("zones_within", used, 10)
    told = ten.classes_told(SAY, pd.Series([1.0, float("nan")]))
    assert [w for _, _, w in told][:6] == ["9–10", "7–8", "5–6", "3–4", "1–2", "0"]
    assert told[-1][::2] == (symbols.UNMEASURED, SAY("what_if.sign_unknown"))


@pytest.mark.parametrize(
    ("code", "values", "classes"),
    [
        ("cost", [9.9, 25.04, 25.06, 50, 100, 100.1], [3, 3, 2, 2, 1, 0]),
        ("proximity", [0, 20.04, 20.06, 79, 80.1, 100], [0, 0, 1, 3, 4, 4]),
        ("huff_share", [0, 0.204, 0.206, 0.57, 0.89, 1], [0, 0, 1, 2, 4, 4]),
        ("zones_within", [0, 1, 2, 3], [0, 1, 2, 3]),
    ],
)
def test_a_value_is_of_the_class_that_its_written_number_is_in(
    code: str, values: list[float], classes: list[int]
) -> None:
    """Planner 11: 57 % of a Huff share is not as dark as 89 %, in whichever column they stand."""
    indicator = INDICATORS[code]
    bounds = indicator.bounds(USED, 3)
    assert indicator.classes(pd.Series(values), bounds).tolist() == classes
    assert indicator.classes(pd.Series([float("nan")]), bounds).isna().all()


def test_the_column_that_one_looks_at() -> None:
    cost, groups = INDICATORS["cost"], INDICATORS["nearest"]
    values = pd.DataFrame({"near": [5.0, 9.0], "far": [7.0, float("nan")]})
    assert cost.of_center(values, indicators.BEST).tolist() == [5, 9]
    assert INDICATORS["proximity"].of_center(values, indicators.EVERY).tolist() == [7, 9]
    assert cost.of_center(values, "far").tolist()[:1] == [7]
    assert cost.column("nowhere", ["near", "far"]) == indicators.BEST
    assert [cost.column(asked, ["near"]) for asked in ("near", "all")] == ["near", "all"]
    assert groups.column("kim", ["all", "sez", "ie"]) == "all"
    assert INDICATORS["zones_within"].column("", ["25", "50", "100"]) == "50"


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
