"""What moves a center up: by hand, by greedy choice, by grids of all plans."""

import itertools
import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.optimize import linprog

from ikmgeo.measures.composite import AGGREGATIONS, Weights, score
from ikmgeo.measures.improvement import Plan, alone, cheapest, points_missing, shown
from ikmgeo.measures.scoring import Scheme, category, membership
from tests.rated import ASPECTS, BOUNDS, CATEGORIES, INSTRUMENT
from tests.weighted import six

NAN = math.nan
HUNDREDTHS = st.integers(0, 10_000).map(lambda n: n / 100)
ROWS = st.tuples(*[HUNDREDTHS] * 6)
WEIGHTS = (
    st.tuples(*[st.integers(0, 20)] * 6)
    .filter(any)
    .map(lambda six: Weights.normalised(dict(zip(ASPECTS, map(float, six), strict=True))))
)
EFFORTS = st.tuples(*[st.integers(1, 50)] * 6)
EVEN = dict.fromkeys(ASPECTS, 1.0)


def center(*aspects: float) -> pd.Series:
    return pd.Series([*aspects, *[NAN] * (6 - len(aspects))], index=list(ASPECTS), dtype=float)


def effort(*points: float) -> dict[str, float]:
    return dict(zip(ASPECTS, [*points, *[1.0] * (6 - len(points))], strict=True))


def caps(highest: float, **others: float) -> pd.Series:
    return pd.Series({aspect: others.get(aspect, highest) for aspect in ASPECTS}, dtype=float)


def score_of(aspects: pd.Series, weights: Weights, aggregation: str) -> float:
    return score(aspects.to_frame().T, weights, aggregation=aggregation).iloc[0]


# Points to the next category


@pytest.mark.parametrize(
    ("now", "following", "target", "points"),
    [
        (22.23, "potential", 27.55, 5.32),
        (27.54, "potential", 27.55, 0.01),
        (27.55, "developing", 38.01, 10.46),
        (37.76, "developing", 38.01, 0.25),
        (38.005, "excellent", 56.61, 18.60),
        (56.60, "excellent", 56.61, 0.01),
        (0.0, "potential", 27.55, 27.55),
    ],
)
def test_points_to_the_next_category_by_hand(
    now: float, following: str, target: float, points: float
) -> None:
    found = points_missing(pd.Series({"c": now}), BOUNDS, CATEGORIES).loc["c"]
    assert found["next_category"] == following
    assert found["target"] == target
    assert found["points"] == pytest.approx(points, abs=1e-9)


@pytest.mark.parametrize("now", [56.61, 100.0, NAN])
def test_the_best_and_the_unscored_have_no_next_category(now: float) -> None:
    found = points_missing(pd.Series({"c": now}), BOUNDS, CATEGORIES)
    assert found.isna().all(axis=None)
    assert found.columns.tolist() == ["next_category", "target", "points"]


def test_a_category_that_begins_above_100_is_not_next() -> None:
    found = points_missing(pd.Series([50.0, 80.0, 100.0]), (30, 60, 100), CATEGORIES)
    assert found["next_category"].tolist()[:1] == ["developing"]
    assert found.iloc[1:].isna().all(axis=None)


def test_a_category_that_begins_at_100_is() -> None:
    assert points_missing(pd.Series([80.0]), (30, 60, 99.99), CATEGORIES)["target"].tolist() == [
        100
    ]


def test_a_bound_of_many_decimals_is_exceeded_in_steps_of_a_hundredth() -> None:
    found = points_missing(pd.Series([10.0]), (27.541234, 50, 60), CATEGORIES)
    assert found["target"].tolist() == [27.55]


def test_without_cut_points_there_is_no_next_category() -> None:
    assert points_missing(pd.Series([10.0, NAN]), (), CATEGORIES).isna().all(axis=None)


def test_without_centers_there_is_nothing() -> None:
    assert points_missing(pd.Series([], dtype=float), BOUNDS, CATEGORIES).empty


@given(now=HUNDREDTHS, cuts=st.lists(HUNDREDTHS, min_size=3, max_size=3, unique=True).map(sorted))
def test_the_target_is_the_least_score_in_hundredths_of_a_better_category(
    now: float, cuts: list[float]
) -> None:
    found = points_missing(pd.Series([now]), cuts, CATEGORIES).iloc[0]

    def level(at: float) -> int:
        scores = pd.Series([at])
        member = membership(scores, scores, INSTRUMENT, Scheme("custom", tuple(cuts)))
        return CATEGORIES.index(category(member, scores).iloc[0])

    if pd.isna(found["target"]):
        assert level(100) == level(now)
    else:
        assert level(found["target"]) == level(now) - 1
        assert CATEGORIES[level(found["target"])] == found["next_category"]
        assert level(round(found["target"] - 0.01, 2)) == level(now)


# One aspect alone


def test_one_aspect_alone_arithmetic_by_hand() -> None:
    # 5 points missing: 10 of the aspect that weighs 50, 16.67 of 30, 25 of 20; at 90 only 10 left.
    found = alone(center(40, 60, 90), six(50, 30, 20, 0, 0, 0), 61)
    assert found.to_dict() == {
        "institutional": pytest.approx(10),
        "production": pytest.approx(50 / 3),
        **dict.fromkeys(ASPECTS[2:], pytest.approx(NAN, nan_ok=True)),
    }
    assert found.index.name == "aspect"


def test_one_aspect_alone_geometric_by_hand() -> None:
    # sqrt(25 · 64) = 40; for 48 the one needs 48² / 64 = 36, the other 48² / 25 = 92.16.
    both = six(50, 50, 0, 0, 0, 0)
    found = alone(center(25, 64), both, 48, aggregation="geometric")
    assert found.iloc[:2].tolist() == pytest.approx([11, 28.16])
    found = alone(center(25, 64), both, 60, aggregation="geometric")  # 56.25 and 144
    assert found.iloc[:2].tolist() == pytest.approx([31.25, NAN], nan_ok=True)


def test_an_aspect_may_just_reach_100() -> None:
    both = six(50, 50, 0, 0, 0, 0)
    found = alone(center(50, 80), both, 75)
    assert found.iloc[:2].tolist() == pytest.approx([20, 20])
    found = alone(center(50, 80), both, 75.01)
    assert found.iloc[:2].tolist() == pytest.approx([20.02, NAN], nan_ok=True)


def test_a_zero_elsewhere_cannot_be_made_up_for_under_the_geometric() -> None:
    both = six(50, 50, 0, 0, 0, 0)
    found = alone(center(0, 64), both, 8, aggregation="geometric")  # 1 · 64 = 8²
    assert found.iloc[:2].tolist() == pytest.approx([1, NAN], nan_ok=True)
    assert alone(center(0, 0), both, 8, aggregation="geometric").isna().all()


@pytest.mark.parametrize("aggregation", AGGREGATIONS)
def test_who_is_there_needs_nothing(aggregation: str) -> None:
    found = alone(center(50, 50), six(50, 50, 0, 0, 0, 0), 50, aggregation=aggregation)
    assert found.tolist() == [0] * 6


@pytest.mark.parametrize("aggregation", AGGREGATIONS)
def test_an_unknown_score_has_no_answer(aggregation: str) -> None:
    weights = six(50, 40, 10, 0, 0, 0)
    assert alone(center(50, 50), weights, 60, aggregation=aggregation).isna().all()
    plan = cheapest(center(50, 50), weights, 60, EVEN, aggregation=aggregation)
    assert not plan.reachable
    assert math.isnan(plan.effort)
    assert plan.gains.isna().all()


def test_aspects_may_come_as_a_row_of_a_table_of_anything() -> None:
    table = pd.DataFrame([center(40, 60, 90)]).assign(name_id="Kopi", category=None)
    weights = six(50, 30, 20, 0, 0, 0)
    assert table.iloc[0].dtype == object
    assert alone(table.iloc[0], weights, 61)["institutional"] == pytest.approx(10)
    assert cheapest(table.iloc[0], weights, 61, EVEN).effort == pytest.approx(10)


@pytest.mark.parametrize("aggregation", AGGREGATIONS)
@given(row=ROWS, weights=WEIGHTS, target=st.integers(1, 10_000).map(lambda n: n / 100))
def test_the_gain_alone_is_enough_and_no_more(
    aggregation: str, row: tuple[float, ...], weights: Weights, target: float
) -> None:
    aspects = center(*row)
    found = alone(aspects, weights, target, aggregation=aggregation)
    for aspect, gain in found.items():
        if math.isnan(gain):
            full = score_of(aspects.where(aspects.index != aspect, 100), weights, aggregation)
            assert full < target + 1e-8
            continue
        raised = aspects.copy()
        raised[aspect] += gain
        assert raised[aspect] <= 100 + 1e-12
        reached = score_of(raised.clip(upper=100), weights, aggregation)
        assert reached >= target - 2e-9
        if gain > 0:
            assert reached == pytest.approx(target, abs=2e-9)


# The cheapest combination


def test_the_best_buy_comes_first_by_hand() -> None:
    # Points of score for an effort: 0.5, 0.6 and 0.4. Of 20 points the second gives 40·0.3 = 12,
    # the first 16·0.5 = 8.
    weights = six(50, 30, 20, 0, 0, 0)
    plan = cheapest(center(40, 60, 0), weights, 58, effort(1, 0.5, 0.5))
    assert plan.gains.tolist() == pytest.approx([16, 40, 0, 0, 0, 0], abs=1e-6)
    assert plan.effort == pytest.approx(16 + 20)
    assert plan.reachable


def test_a_cap_leaves_the_rest_to_the_others() -> None:
    # Of the 20 points missing, 14 of the second give 4.2; the third is above the cap already.
    weights = six(50, 30, 20, 0, 0, 0)
    plan = cheapest(center(40, 60, 90), weights, 76, effort(1, 0.5, 0.1), most=caps(74))
    assert plan.gains.tolist() == pytest.approx([31.6, 14, 0, 0, 0, 0], abs=1e-6)


def test_what_cannot_be_reached_is_said() -> None:
    weights = six(50, 50, 0, 0, 0, 0)
    for aggregation in AGGREGATIONS:
        below: dict[str, Any] = {"most": caps(79.9), "aggregation": aggregation}
        plan = cheapest(center(40, 60), weights, 80, EVEN, **below)
        assert not plan.reachable
        assert plan.gains.isna().all()
        plan = cheapest(center(40, 60), weights, 80, EVEN, most=caps(80), aggregation=aggregation)
        assert plan.reachable
        assert plan.gains.tolist() == pytest.approx([40, 20, 0, 0, 0, 0], abs=1e-6)


@pytest.mark.parametrize("aggregation", AGGREGATIONS)
def test_a_plan_for_who_is_there_is_empty(aggregation: str) -> None:
    weights = six(50, 50, 0, 0, 0, 0)
    plan = cheapest(center(60, 60), weights, 60, EVEN, aggregation=aggregation)
    assert (plan.gains.tolist(), plan.effort, plan.reachable) == ([0] * 6, 0, True)


@pytest.mark.parametrize(
    ("now", "target", "efforts", "gains"),
    [
        ((16, 25), 30, (1, 1), (14, 5)),  # both to one level
        ((16, 40), 30, (1, 1), (900 / 40 - 16, 0)),  # the second is above that level already
        # Twice the effort, half the level: x · 2x = 900
        ((16, 25), 30, (2, 1), (math.sqrt(450) - 16, 2 * math.sqrt(450) - 25)),
        ((0, 25), 30, (1, 1), (30, 5)),  # a zero must be left behind
        ((0, 100), 1, (1, 1), (0.01, 0)),
        ((16, 25), 100, (1, 7), (84, 75)),
    ],
)
def test_the_cheapest_geometric_plan_by_hand(
    now: tuple[float, float],
    target: float,
    efforts: tuple[float, float],
    gains: tuple[float, float],
) -> None:
    weights = six(50, 50, 0, 0, 0, 0)
    plan = cheapest(center(*now), weights, target, effort(*efforts), aggregation="geometric")
    assert plan.gains.tolist() == pytest.approx([*gains, 0, 0, 0, 0], abs=1e-6)
    assert plan.effort == pytest.approx(gains[0] * efforts[0] + gains[1] * efforts[1])


def test_a_capped_geometric_plan_by_hand() -> None:
    # Without a cap (14, 5) as above; at most 27.5 leaves 900 / 27.5 > 27.5: out of reach. At 40
    # with efforts 9 : 1 the second stops at 40 and the first goes to 22.5.
    weights = six(50, 50, 0, 0, 0, 0)
    args = (center(16, 25), weights, 30)
    assert not cheapest(*args, EVEN, most=caps(27.5), aggregation="geometric").reachable
    plan = cheapest(*args, effort(9, 1), most=caps(40), aggregation="geometric")
    assert plan.gains.iloc[:2].tolist() == pytest.approx([6.5, 15], abs=1e-6)


def test_an_aspect_above_the_cap_stays() -> None:
    weights = six(50, 50, 0, 0, 0, 0)
    for aggregation, gain in (("arithmetic", 20), ("geometric", 55**2 / 90 - 10)):
        target = 60 if aggregation == "arithmetic" else 55
        given: dict[str, Any] = {"most": caps(50), "aggregation": aggregation}
        plan = cheapest(center(10, 90), weights, target, EVEN, **given)
        assert plan.gains.iloc[:2].tolist() == pytest.approx([gain, 0], abs=1e-6)


def test_of_equal_prices_the_lowest_aspect_is_raised_and_the_tie_is_told() -> None:
    # 19 is 8.55 below 27.55: 51.3 points of any aspect, so of the market, which has least.
    plan = cheapest(center(20, 18, 12, 15, 25, 24), Weights.equal(ASPECTS), 27.55, EVEN)
    assert plan.gains.tolist() == pytest.approx([0, 0, 51.3, 0, 0, 0])
    assert plan.tied
    # 88 points are all that the market can take; the next lowest, at 15, takes the other 12.
    plan = cheapest(center(20, 18, 12, 15, 25, 24), Weights.equal(ASPECTS), 19 + 100 / 6, EVEN)
    assert plan.gains.tolist() == pytest.approx([0, 0, 88, 12, 0, 0])
    assert plan.tied


def test_what_has_one_price_of_its_own_or_no_choice_left_does_not_tie() -> None:
    both = six(50, 50, 0, 0, 0, 0)
    assert not cheapest(center(20, 18), both, 30, effort(1, 2)).tied
    assert not cheapest(center(20, 18), both, 100, EVEN).tied  # both to the end: no other way
    assert not cheapest(center(20, 100), both, 70, EVEN).tied
    assert not cheapest(center(60, 60), both, 60, EVEN).tied
    assert not cheapest(center(16, 25), both, 30, EVEN, aggregation="geometric").tied


@pytest.mark.parametrize(("aggregation", "target"), [("arithmetic", 30), ("geometric", 25)])
def test_an_aspect_that_cannot_be_raised_is_not_even_the_lowest(
    aggregation: str, target: float
) -> None:
    """Measured proximity of 5 stays, for a plan as for one aspect alone."""
    fixed = caps(100, market=5, production=60)
    aspects, weights = center(20, 50, 5, 30, 25, 24), Weights.equal(ASPECTS)
    plan = cheapest(aspects, weights, target, EVEN, most=fixed, aggregation=aggregation)
    assert plan.gains["market"] == 0
    assert plan.gains.sum() > 0
    found = alone(aspects, weights, target, most=fixed, aggregation=aggregation)
    assert math.isnan(found["market"])
    assert math.isnan(found["production"])  # ten points do not suffice
    assert found["institutional"] > 0


def solved(
    row: np.ndarray, weights: np.ndarray, missing: float, efforts: np.ndarray, cap: float
) -> float:
    """Least effort of a linear goal with limits, by a solver."""
    bounds = [(0, max(cap - x, 0)) for x in row]
    missing = min(
        100 * missing, sum(w * high for w, (_, high) in zip(weights, bounds, strict=True))
    )
    return float(linprog(efforts, A_ub=-weights[None], b_ub=[-missing], bounds=bounds).fun)


@pytest.mark.parametrize("scale", [1e-8, 1, 1e8])
def test_the_unit_of_effort_does_not_matter(scale: float) -> None:
    generator = np.random.default_rng(0)
    for _ in range(60):
        row, shares, efforts = generator.integers([[0], [1], [1]], [[40], [50], [50]], (3, 6))
        weights = Weights.normalised(dict(zip(ASPECTS, shares.astype(float), strict=True)))
        plan = cheapest(center(*row), weights, 70, effort(*(efforts * scale)))
        missing = 70 - score_of(center(*row), weights, "arithmetic")
        least = solved(row, weights.array(), missing, efforts, 100)
        assert plan.effort / scale == pytest.approx(least, rel=1e-6)


@given(
    row=ROWS,
    weights=WEIGHTS,
    target=HUNDREDTHS,
    efforts=EFFORTS,
    cap=st.integers(0, 100),
)
def test_the_linear_plan_is_as_cheap_as_that_of_a_linear_programme(
    row: tuple[float, ...],
    weights: Weights,
    target: float,
    efforts: tuple[int, ...],
    cap: float,
) -> None:
    aspects = center(*row)
    plan = cheapest(aspects, weights, target, effort(*efforts), most=caps(cap))
    best = score_of(aspects.clip(lower=cap), weights, "arithmetic")
    assert plan.reachable == (best >= target)
    if plan.reachable:
        missing = max(target - score_of(aspects, weights, "arithmetic"), 0)
        least = solved(np.array(row), weights.array(), missing, np.array(efforts), cap)
        assert plan.effort == pytest.approx(least, abs=1e-4)
        raised = aspects + plan.gains
        assert score_of(raised.clip(upper=100), weights, "arithmetic") >= target - 1e-8
        assert plan.gains.min() >= 0
        assert (raised <= np.maximum(aspects, cap) + 1e-9).all()
        assert plan.effort == pytest.approx(plan.gains @ np.array(efforts))


@given(
    row=st.tuples(*[st.integers(0, 100)] * 3),
    shares=st.tuples(*[st.integers(1, 20)] * 3),
    target=st.integers(1, 100),
    efforts=st.tuples(*[st.integers(1, 20)] * 3),
    cap=st.integers(1, 100),
)
def test_no_geometric_plan_on_a_grid_is_cheaper(
    row: tuple[int, ...],
    shares: tuple[int, ...],
    target: float,
    efforts: tuple[int, ...],
    cap: int,
) -> None:
    weights = Weights.normalised(dict(zip(ASPECTS, map(float, (*shares, 0, 0, 0)), strict=True)))
    aspects = center(*row)
    given: dict[str, Any] = {"most": caps(cap), "aggregation": "geometric"}
    plan = cheapest(aspects, weights, target, effort(*efforts), **given)
    ends = [np.linspace(x, max(x, cap), 11) for x in row]
    plans = pd.DataFrame(list(itertools.product(*ends)), columns=list(ASPECTS[:3]))
    scores = score(plans.reindex(columns=list(ASPECTS)), weights, aggregation="geometric")
    costs = (plans - np.array(row)) @ np.array(efforts)
    assert plan.reachable == (scores.max() >= target)
    assume(plan.reachable)
    assert plan.effort <= costs[scores >= target].min() + 1e-6
    raised = (aspects + plan.gains).clip(upper=100)
    assert score_of(raised, weights, "geometric") >= target - 1e-6
    assert plan.gains.min() >= 0
    assert (raised.iloc[:3] <= np.maximum(row, cap) + 1e-9).all()


@pytest.mark.parametrize("aggregation", AGGREGATIONS)
@given(row=ROWS, weights=WEIGHTS, target=st.integers(1, 100), efforts=EFFORTS)
def test_a_combination_is_never_dearer_than_one_aspect_alone(
    aggregation: str,
    row: tuple[float, ...],
    weights: Weights,
    target: float,
    efforts: tuple[int, ...],
) -> None:
    aspects = center(*row)
    plan = cheapest(aspects, weights, target, effort(*efforts), aggregation=aggregation)
    single = (alone(aspects, weights, target, aggregation=aggregation) * np.array(efforts)).min()
    if not math.isnan(single):
        assert plan.effort <= single + 1e-5


@pytest.mark.parametrize("bad", [0.0, -1.0, NAN, math.inf])
def test_effort_must_be_above_0(bad: float) -> None:
    with pytest.raises(ValueError, match="effort_per_point"):
        cheapest(center(*[50] * 6), Weights.equal(ASPECTS), 60, EVEN | {"market": bad})


@pytest.mark.parametrize("cap", [-1, 100.5, NAN])
def test_a_cap_outside_the_scale_is_refused(cap: float) -> None:
    with pytest.raises(ValueError, match="most is"):
        cheapest(center(*[50] * 6), Weights.equal(ASPECTS), 60, EVEN, most=caps(cap))


# As shown


def test_the_parts_of_a_plan_add_up_to_its_total_as_shown() -> None:
    """Planner 17: +28,1 and +0,1 made "28,1"."""
    gains = pd.Series(dict(zip(ASPECTS, (28.031, 0.031, 0, 0, 0, 0), strict=True)))
    found = shown(Plan(gains, effort=28.062, reachable=True), effort())
    assert found.gains.tolist() == [28.04, 0.04, 0, 0, 0, 0]  # never less than what is needed
    assert found.effort == pytest.approx(28.08, abs=1e-9)
    found = shown(Plan(gains, effort=56.093, reachable=True), effort(2, 1))
    assert found.effort == pytest.approx(2 * 28.04 + 0.04, abs=1e-9)


def test_a_trace_of_floating_point_is_no_hundredth() -> None:
    gains = pd.Series(0.0, index=ASPECTS)
    gains["market"] = 0.1 + 0.2
    assert shown(Plan(gains, 0.3, reachable=True), effort()).gains["market"] == 0.3


def test_a_plan_out_of_reach_shows_nothing() -> None:
    plan = Plan(pd.Series(NAN, index=ASPECTS), NAN, reachable=False)
    assert shown(plan, effort()) is plan


def test_score_and_points_missing_add_up_to_the_target_as_shown() -> None:
    found = points_missing(pd.Series([20.005, 20.0049, 99 / 7]), BOUNDS, CATEGORIES)
    assert found["target"].tolist() == [27.55] * 3
    printed = pd.Series([20.01, 20.0, 14.14])  # halves go up
    assert (printed + found["points"]).tolist() == pytest.approx([27.55] * 3, abs=1e-9)
