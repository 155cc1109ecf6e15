"""Weights and scores by hand, and what must hold for any of them."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ikmgeo import tables
from ikmgeo.measures.composite import (
    AGGREGATIONS,
    LINKAGE_CHOICES,
    Weights,
    highest,
    score,
    whole_parts,
    with_linkage,
)
from ikmgeo.measures.improvement import alone
from ikmgeo.measures.robustness import draw_weights
from ikmgeo.measures.scoring import Scheme, category, membership, rank
from tests.rated import ASPECTS, CATEGORIES, INSTRUMENT
from tests.weighted import six

NAN = math.nan
HUNDREDTHS = st.integers(0, 10_000).map(lambda n: n / 100)
ROWS = st.lists(st.tuples(*[HUNDREDTHS] * 6), min_size=1, max_size=6)
SHARES = st.tuples(*[st.floats(0, 1e6)] * 6).filter(any)
WEIGHTS = SHARES.map(lambda six: Weights.normalised(dict(zip(ASPECTS, six, strict=True))))


def table(*rows: tuple[float, ...]) -> pd.DataFrame:
    index = pd.Index([f"c{i}" for i in range(len(rows))], name="center_id")
    return pd.DataFrame(list(rows), index=index, columns=list(ASPECTS), dtype=float)


def steps(weights: Weights) -> list[int]:
    """Weights in hundredths, which they must be whole numbers of."""
    found = [round(w * 100) for w in weights.values()]
    assert [n / 100 for n in found] == list(weights.values())
    return found


@pytest.mark.parametrize(
    "shares",
    [
        (50, 50, 10, 0, 0, 0),
        (50, 49, 0, 0, 0, 0),
        (110, -10, 0, 0, 0, 0),
        (NAN, 20, 20, 20, 20, 20),
        (math.inf, 0, 0, 0, 0, 0),
        (16.67, 16.67, 16.67, 16.67, 16.67, 16.67),
    ],
)
def test_weights_that_are_no_shares_of_100_are_refused(shares: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="weights are"):
        six(*shares)


def test_weights_by_aspect_keep_their_order() -> None:
    weights = six(40, 20, 10, 15, 5, 10)
    assert weights == dict(zip(ASPECTS, (40, 20, 10, 15, 5, 10), strict=True))
    assert weights.array().tolist() == [40, 20, 10, 15, 5, 10]


def test_any_set_of_aspects_makes_a_score() -> None:
    weights = Weights({"water": 40, "people": 30, "roads": 20, "sez_linkage": 10})
    aspects = pd.DataFrame([(50, 60, 70, 80)], ["c"], list(weights), dtype=float)
    assert score(aspects, weights)["c"] == 60  # 20 + 18 + 14 + 8
    near = pd.DataFrame({"sez_linkage": [20.0], "ie_linkage": [90.0]}, ["c"])
    assert score(with_linkage(aspects, near, choice="measured"), weights)["c"] == 54
    assert weights.rebalanced("water", 70) == {**weights, "water": 70} | {
        **{"people": 15, "roads": 10, "sez_linkage": 5}
    }
    assert highest(near, weights, choice="measured").loc["c"].tolist() == [100, 100, 100, 20]
    assert draw_weights(weights, draws=3).columns.tolist() == list(weights)
    assert Weights.equal(weights)["roads"] == 25
    needed = alone(tables.row(aspects, "c"), weights, 64)
    assert needed["water"] == pytest.approx(10)
    assert needed["roads"] == pytest.approx(20)
    assert math.isnan(needed["sez_linkage"])  # 120 would be needed
    assert {weights: "kept"}[Weights(dict(weights))] == "kept"


def test_equal_weights_are_a_sixth_each_and_favour_nobody() -> None:
    weights = Weights.equal(ASPECTS)
    assert set(weights.values()) == {weights["market"]}
    assert weights["market"] == pytest.approx(100 / 6, rel=1e-15)


def test_shares_in_any_unit_become_weights() -> None:
    shares = dict(zip(ASPECTS, (3, 1, 0, 0, 4, 2), strict=True))
    assert Weights.normalised(shares) == six(30, 10, 0, 0, 40, 20)


def test_weights_rounded_for_the_screen_come_back_equal() -> None:
    assert Weights.normalised(dict.fromkeys(ASPECTS, 16.67)) == Weights.equal(ASPECTS)


def test_huge_shares_do_not_overflow() -> None:
    assert Weights.normalised(dict.fromkeys(ASPECTS, 1e308)) == Weights.equal(ASPECTS)


@pytest.mark.parametrize("bad", [-1.0, NAN, math.inf])
def test_shares_that_are_no_numbers_from_0_are_refused(bad: float) -> None:
    with pytest.raises(ValueError, match="shares are"):
        Weights.normalised(dict.fromkeys(ASPECTS, 1.0) | {"market": bad})


def test_all_shares_0_are_refused() -> None:
    with pytest.raises(ValueError, match="all shares are 0"):
        Weights.normalised(dict.fromkeys(ASPECTS, 0.0))


def test_where_no_aspect_counts_there_is_no_score() -> None:
    assert score(table((50.0,) * 6), Weights({})).isna().all()


@given(SHARES)
def test_any_shares_sum_to_100_in_their_proportion(six: tuple[float, ...]) -> None:
    weights = Weights.normalised(dict(zip(ASPECTS, six, strict=True))).array()
    assert weights.min() >= 0
    assert math.fsum(weights) == pytest.approx(100, abs=1e-10)
    largest = max(six)
    assert weights / weights.max() == pytest.approx(np.array(six) / largest, abs=1e-12)


@pytest.mark.parametrize(
    ("before", "changed", "value", "after"),
    [
        # 90 left for 60: the others grow by half
        ((40, 20, 10, 10, 10, 10), "institutional", 10, (10, 30, 15, 15, 15, 15)),
        ((40, 20, 10, 10, 10, 10), "institutional", 100, (100, 0, 0, 0, 0, 0)),
        # 49.99 / 5 = 9.998: four of the five get 10.00
        ((20, 16, 16, 16, 16, 16), "institutional", 50.01, (50.01, 10, 10, 10, 10, 9.99)),
        # 99.99 in the ratio 1 : 2 is 33.33 and 66.66
        ((0, 1, 2, 97, 0, 0), "sustainability", 0.01, (0, 33.33, 66.66, 0.01, 0, 0)),
        # the others have no proportion, so they share equally
        ((100, 0, 0, 0, 0, 0), "institutional", 40, (40, 12, 12, 12, 12, 12)),
        ((0, 0, 100, 0, 0, 0), "market", 99.98, (0.01, 0.01, 99.98, 0, 0, 0)),
        ((100, 0, 0, 0, 0, 0), "market", 30, (70, 0, 30, 0, 0, 0)),
    ],
)
def test_moving_one_slider_by_hand(
    before: tuple[float, ...], changed: str, value: float, after: tuple[float, ...]
) -> None:
    assert six(*before).rebalanced(changed, value) == six(*after)


@given(WEIGHTS, st.sampled_from(ASPECTS), st.floats(0, 100))
def test_sliders_always_sum_to_exactly_100(weights: Weights, changed: str, value: float) -> None:
    moved = weights.rebalanced(changed, value)
    assert sum(steps(moved)) == 10_000
    assert moved[changed] == round(value * 100) / 100
    rest = 100 - weights[changed]
    for aspect, w in moved.items():
        if aspect != changed and rest > 1e-6:
            fair = (100 - value) * weights[aspect] / rest
            assert w == pytest.approx(fair, abs=0.0151)  # a step, and half one of the value


@given(WEIGHTS, st.sampled_from(ASPECTS), HUNDREDTHS, st.sampled_from(ASPECTS))
def test_a_slider_put_where_it_is_changes_nothing(
    weights: Weights, first: str, value: float, again: str
) -> None:
    moved = weights.rebalanced(first, value)
    others = sum(w for aspect, w in moved.items() if aspect != again)
    if others:
        assert moved.rebalanced(again, moved[again]) == moved


@pytest.mark.parametrize("value", [-0.01, 100.01, NAN])
def test_a_slider_beyond_its_ends_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="market is"):
        Weights.equal(ASPECTS).rebalanced("market", value)


def test_an_aspect_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="weights are"):
        Weights.equal(ASPECTS).rebalanced("luck", 10)


def test_arithmetic_score_by_hand() -> None:
    found = score(table((80, 60, 40, 20, 0, 100)), six(40, 20, 10, 15, 5, 10))
    assert found.to_dict() == {"c0": 32 + 12 + 4 + 3 + 0 + 10}
    assert (found.name, found.index.name) == ("score", "center_id")


def test_geometric_score_by_hand() -> None:
    weights = six(50, 25, 25, 0, 0, 0)  # sqrt(36) * 4throot(81 * 16) = 6 * 6
    found = score(table((36, 81, 16, 5, 5, 5)), weights, aggregation="geometric")
    assert found.to_dict() == {"c0": 36}


def test_an_aspect_at_0_makes_the_geometric_score_0_unless_it_does_not_count() -> None:
    aspects = table((0, 90, 90, 90, 90, 90), (90, 90, 90, 90, 90, 0))
    found = score(aspects, six(20, 20, 20, 20, 20, 0), aggregation="geometric")
    assert found.to_dict() == {"c0": 0, "c1": 90}


@pytest.mark.parametrize("aggregation", AGGREGATIONS)
def test_a_missing_aspect_leaves_no_score_unless_it_does_not_count(aggregation: str) -> None:
    aspects = table((NAN, 50, 50, 50, 50, 50), (50, 50, 50, 50, 50, NAN))
    found = score(aspects, six(20, 20, 20, 20, 20, 0), aggregation=aggregation)
    assert math.isnan(found["c0"])
    assert found["c1"] == 50


def test_columns_are_found_by_name() -> None:
    aspects = table((80, 60, 40, 20, 0, 100)).assign(name_id="Kopi")
    weights = six(40, 20, 10, 15, 5, 10)
    assert score(aspects[aspects.columns[::-1]], weights).tolist() == [61]


def test_equal_sums_tie_in_whatever_order_they_are_added() -> None:
    row = (10.1, 20.2, 30.3, 40.4, 50.5, 60.6)
    turned = [row[i:] + row[:i] for i in range(6)]
    assert rank(score(table(*turned), Weights.equal(ASPECTS))).tolist() == [1] * 6


@pytest.mark.parametrize("aggregation", AGGREGATIONS)
@given(weights=WEIGHTS, level=HUNDREDTHS)
def test_six_equal_aspects_are_the_score(aggregation: str, weights: Weights, level: float) -> None:
    assert score(table((level,) * 6), weights, aggregation=aggregation).tolist() == [level]


@pytest.mark.parametrize("aggregation", AGGREGATIONS)
@given(rows=ROWS, weights=WEIGHTS)
def test_scores_lie_between_the_weakest_and_the_strongest_aspect(
    aggregation: str, rows: list[tuple[float, ...]], weights: Weights
) -> None:
    found = score(table(*rows), weights, aggregation=aggregation).to_numpy()
    assert ((found >= np.min(rows, axis=1)) & (found <= np.max(rows, axis=1))).all()
    assert ((found >= 0) & (found <= 100)).all()


@given(rows=ROWS, weights=WEIGHTS)
def test_the_geometric_score_never_exceeds_the_arithmetic(
    rows: list[tuple[float, ...]], weights: Weights
) -> None:
    low, high = (score(table(*rows), weights, aggregation=a) for a in AGGREGATIONS[::-1])
    assert (low <= high + 2e-9).all()


@pytest.mark.parametrize("aggregation", AGGREGATIONS)
@given(
    row=st.tuples(*[HUNDREDTHS] * 6),
    aspect=st.sampled_from(ASPECTS),
    to=HUNDREDTHS,
    weights=WEIGHTS,
    cuts=st.lists(HUNDREDTHS, min_size=3, max_size=3, unique=True).map(sorted),
)
def test_raising_an_aspect_never_lowers_score_or_category(
    aggregation: str,
    row: tuple[float, ...],
    aspect: str,
    to: float,
    weights: Weights,
    cuts: list[float],
) -> None:
    aspects = table(row, row)
    aspects.loc["c1", aspect] = max(to, tables.cell(aspects, "c0", aspect))
    found = score(aspects, weights, aggregation=aggregation)
    assert found["c1"] >= found["c0"]
    member = membership(found, found, INSTRUMENT, Scheme("custom", tuple(cuts)))
    before, after = (CATEGORIES.index(word) for word in category(member, found))
    assert after <= before  # best first


@pytest.mark.parametrize("aggregation", AGGREGATIONS)
def test_no_centers_have_no_scores(aggregation: str) -> None:
    assert score(table(), Weights.equal(ASPECTS), aggregation=aggregation).empty


@pytest.mark.parametrize("beyond", [-0.01, 100.01, math.inf])
def test_aspects_outside_the_scale_are_refused(beyond: float) -> None:
    with pytest.raises(ValueError, match="aspects hold"):
        score(table((50, 50, 50, 50, 50, beyond)), Weights.equal(ASPECTS))


def test_an_unknown_aggregation_is_refused() -> None:
    with pytest.raises(ValueError, match="aggregation is 'harmonic'"):
        score(table((50,) * 6), Weights.equal(ASPECTS), aggregation="harmonic")


MEASURED = pd.DataFrame(
    {"sez_linkage": [10.0, 80.0, NAN], "ie_linkage": [5.0, NAN, 30.0]}, index=["c1", "c0", "c2"]
)
SURVEYED = table((1, 2, 3, 4, 40, 50), (1, 2, 3, 4, NAN, 60), (1, 2, 3, 4, 70, 80))


@pytest.mark.parametrize(
    ("choice", "sez", "ie"),
    [
        ("surveyed", [40, NAN, 70], [50, 60, 80]),
        ("measured", [80, 10, NAN], [NAN, 5, 30]),
        ("mean", [60, NAN, NAN], [NAN, 32.5, 55]),
    ],
)
def test_linkage_is_surveyed_measured_or_halfway_and_missing_stays_missing(
    choice: str, sez: list[float], ie: list[float]
) -> None:
    found = with_linkage(SURVEYED, MEASURED, choice=choice)
    expected = SURVEYED.assign(sez_linkage=sez, ie_linkage=ie)
    pd.testing.assert_frame_equal(found, expected, check_dtype=False)


def test_a_center_that_was_not_measured_has_no_measured_linkage() -> None:
    found = with_linkage(SURVEYED, MEASURED.iloc[:0], choice="measured")
    assert found[["sez_linkage", "ie_linkage"]].isna().all(axis=None)
    assert found["market"].tolist() == [3, 3, 3]


def test_linkage_leaves_the_tables_it_was_given() -> None:
    before = SURVEYED.copy()
    for choice in LINKAGE_CHOICES:
        with_linkage(SURVEYED, MEASURED, choice=choice)
    pd.testing.assert_frame_equal(SURVEYED, before)


def test_an_unknown_choice_of_linkage_is_refused() -> None:
    with pytest.raises(ValueError, match="choice is 'both'"):
        with_linkage(SURVEYED, MEASURED, choice="both")


def test_weights_to_show_sum_to_100_and_lie_within_a_hundredth() -> None:
    assert list(Weights.equal(ASPECTS).rounded().values()) == [16.67] * 4 + [16.66] * 2
    typed = dict(zip(ASPECTS, (25.0, 20.0, 20.0, 15.0, 10.0, 10.0), strict=True))
    assert Weights(typed).rounded() == typed


def test_what_is_measured_cannot_grow_and_of_a_mean_only_half() -> None:
    measured = pd.DataFrame(
        {"sez_linkage": [30.0, math.nan], "ie_linkage": [80.0, 0.0]}, ["a", "b"]
    )
    both = ["sez_linkage", "ie_linkage"]
    assert (highest(measured, ASPECTS, choice="surveyed") == 100).all(axis=None)
    found = highest(measured, ASPECTS, choice="measured")
    assert found[both].to_numpy().tolist() == [[30, 80], [100, 0]]
    assert (found.drop(columns=both) == 100).all(axis=None)
    assert highest(measured, ASPECTS, choice="mean")[both].to_numpy().tolist() == [
        [65, 90],
        [100, 50],
    ]


def test_chances_in_whole_percent_are_together_a_hundred() -> None:
    """Planner 17, the kind: 16,7 six times are 100,2."""
    assert whole_parts(dict.fromkeys("abc", 1 / 3), 100) == {"a": 34, "b": 33, "c": 33}
    assert whole_parts({"a": 0.996, "b": 0.004}, 100) == {"a": 100, "b": 0}
