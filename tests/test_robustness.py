"""Drawn weights against integrals done by hand, plain loops and scipy's ranks."""

import math
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from ikmgeo import tables
from ikmgeo.measures import robustness as module
from ikmgeo.measures.composite import AGGREGATIONS, Weights, score
from ikmgeo.measures.robustness import (
    DRAWS,
    SPREAD,
    correlation_ratio,
    draw_weights,
    robustness,
    scenarios,
)
from ikmgeo.measures.scoring import Scheme
from tests.rated import ASPECTS, CATEGORIES, INSTRUMENT
from tests.weighted import six

NAN = math.nan
MANY = 20_000
CONTIGUOUS = Scheme("contiguous")  # 27.54, 38.00, 56.60
WEIGHTS = six(30, 25, 20, 15, 5, 5)
TWO = six(60, 40, 0, 0, 0, 0)
HUNDREDTHS = st.integers(0, 10_000).map(lambda n: n / 100)
CELLS = st.one_of(st.just(NAN), *[HUNDREDTHS] * 9)
ROWS = st.lists(st.tuples(*[CELLS] * 6), max_size=8)
ANY_WEIGHTS = (
    st.tuples(*[st.integers(0, 100)] * 6)
    .filter(any)
    .map(lambda six: Weights.normalised(dict(zip(ASPECTS, map(float, six), strict=True))))
)


def table(*rows: tuple[float, ...]) -> pd.DataFrame:
    index = pd.Index([f"c{i}" for i in range(len(rows))], name="center_id")
    return pd.DataFrame(list(rows), index=index, columns=list(ASPECTS), dtype=float)


def of_two(*rows: tuple[float, float]) -> pd.DataFrame:
    """Centers with the first two aspects; the others weigh nothing and are missing."""
    return table(*[(*row, NAN, NAN, NAN, NAN) for row in rows])


def random_table(n: int, seed: int = 1) -> pd.DataFrame:
    return table(*np.round(np.random.default_rng(seed).random((n, 6)) * 100, 1))


def custom(low: float, middle: float, high: float) -> Scheme:
    return Scheme("custom", (low, middle, high))


def exceeds(ratio: float) -> float:
    """Probability of V1 > ratio · V2 for V1, V2 even over 0.75 to 1.25, by integration over V2.

    From 1 upward, the integral of 1.25 - ratio·v from v = 0.75 to 1.25 / ratio, over the area 1/4
    of the square; below 1 the two change places.
    """
    if ratio < 1:
        return 1 - exceeds(1 / ratio)
    return max(1.25 - 0.75 * ratio, 0) ** 2 / (2 * ratio) / 0.25


def within_chance(probability: float) -> float:
    return 4 * math.sqrt(probability * (1 - probability) / MANY)


# Weights


def test_the_integral_has_the_values_one_can_see() -> None:
    assert exceeds(1) == pytest.approx(0.5)
    assert exceeds(5 / 3) == pytest.approx(0)  # 0.75 · 5/3 is 1.25
    assert exceeds(3 / 5) == pytest.approx(1)
    assert exceeds(1.2) == pytest.approx(0.35**2 / 0.6)


def test_drawn_weights_sum_to_100_and_stay_within_the_spread_before_they_do() -> None:
    drawn = draw_weights(WEIGHTS, draws=MANY)
    assert drawn.columns.tolist() == list(ASPECTS)
    assert drawn.sum(axis=1).to_numpy() == pytest.approx(np.full(MANY, 100), abs=1e-10)
    assert (drawn > 0).all(axis=None)
    change = (drawn / pd.Series(dict(WEIGHTS))).apply(lambda row: row / row["market"], axis=1)
    low, high = (1 - SPREAD) / (1 + SPREAD), (1 + SPREAD) / (1 - SPREAD)
    assert ((change >= low - 1e-12) & (change <= high + 1e-12)).all(axis=None)
    assert change["production"].min() < low + 0.02
    assert change["production"].max() > high - 0.04


def test_the_ratio_of_two_drawn_weights_has_its_exact_distribution() -> None:
    drawn = draw_weights(TWO, draws=MANY)
    ratio = drawn["institutional"] / 60 / (drawn["production"] / 40)
    for at in (0.7, 0.9, 1.0, 1.2, 1.5):
        assert (ratio > at).mean() == pytest.approx(exceeds(at), abs=within_chance(exceeds(at)))


def test_a_weight_of_0_stays_0_and_one_of_100_stays_100() -> None:
    drawn = draw_weights(six(0, 0, 100, 0, 0, 0), draws=50)
    assert (drawn == [0, 0, 100, 0, 0, 0]).all(axis=None)


def test_equal_seeds_draw_equal_weights_and_others_do_not() -> None:
    pd.testing.assert_frame_equal(draw_weights(WEIGHTS, seed=4), draw_weights(WEIGHTS, seed=4))
    assert (draw_weights(WEIGHTS, seed=4) != draw_weights(WEIGHTS, seed=5)).all(axis=None)
    assert len(draw_weights(WEIGHTS)) == DRAWS


@given(weights=ANY_WEIGHTS, spread=st.floats(0, 0.999))
def test_any_weights_renormalise_and_stay_above_0(weights: Weights, spread: float) -> None:
    drawn = draw_weights(weights, draws=20, spread=spread)
    assert drawn.sum(axis=1).to_numpy() == pytest.approx(np.full(20, 100), abs=1e-10)
    assert ((drawn > 0) == (weights.array() > 0)).all(axis=None)


@pytest.mark.parametrize("bad", [{"draws": 0}, {"spread": -0.1}, {"spread": 1}, {"spread": NAN}])
def test_no_draws_and_spreads_that_make_weights_negative_are_refused(bad: dict) -> None:
    with pytest.raises(ValueError, match=next(iter(bad))):
        draw_weights(WEIGHTS, **bad)


# Three centers whose ranks and categories change where the ratio of two weights crosses a value

THREE = of_two((80, 40), (40, 90), (10, 10))  # scores 64, 60 and 10


@pytest.fixture(scope="module")
def three():
    return robustness(THREE, TWO, custom(20, 50, 63), INSTRUMENT, draws=MANY)


def test_three_centers_nominally(three) -> None:
    centers = three.centers
    assert centers["score"].tolist() == [64, 60, 10]
    assert centers["rank"].tolist() == [1, 2, 3]
    assert centers["category"].tolist() == ["excellent", "developing", "under_development"]


def test_three_centers_rank_intervals(three) -> None:
    # The first leads where 40·60·V1 > 50·40·V2: at 0.796; both ranks have more than 5 %.
    assert 0.05 < exceeds(2000 / 2400) < 0.95
    assert three.centers["rank_low"].tolist() == [1, 1, 3]
    assert three.centers["rank_high"].tolist() == [2, 2, 3]


def test_three_centers_probability_of_categories(three) -> None:
    # A score exceeds a cut where 60·V1·(x1 - cut) > 40·V2·(cut - x2), for x1 > cut > x2.
    first = exceeds(40 * (63 - 40) / (60 * (80 - 63)))
    third_cut = three.probability["excellent"]
    assert third_cut["c0"] == pytest.approx(first, abs=within_chance(first))
    # The second falls with V1: it exceeds 63 where 40·V2·27 > 60·V1·23.
    second = exceeds(60 * 23 / (40 * 27))
    assert third_cut["c1"] == pytest.approx(second, abs=within_chance(second))
    assert three.probability.loc["c2"].tolist() == [0, 0, 0, 1]
    assert three.probability.loc["c0"].sum() == pytest.approx(1)


def test_three_centers_certainty_of_their_own_category(three) -> None:
    own = three.centers["category_probability"]
    assert own["c0"] == three.probability.loc["c0", "excellent"]
    assert own["c1"] == three.probability.loc["c1", "developing"]
    assert own["c2"] == 1
    assert three.centers["stable"].tolist() == [False, False, True]


def test_stable_is_from_95_percent() -> None:
    # The score 64 exceeds a cut with P = exceeds(40·(cut - 40) / (60·(80 - cut))).
    sure, unsure = 60.4, 60.7
    assert exceeds(40 * 20.4 / (60 * 19.6)) == pytest.approx(0.960, abs=0.001)
    assert exceeds(40 * 20.7 / (60 * 19.3)) == pytest.approx(0.942, abs=0.001)
    for cut, stable in ((sure, True), (unsure, False)):
        found = robustness(THREE, TWO, custom(20, 50, cut), INSTRUMENT, draws=MANY).centers
        assert found.loc["c0", "stable"] == stable


def test_a_flip_in_less_than_5_percent_is_outside_the_interval() -> None:
    # (80, 40) leads (20, 100) where 60·60·V1 > 60·40·V2, which fails in exceeds(1.5) = 2.1 %.
    found = robustness(of_two((80, 40), (20, 100)), TWO, CONTIGUOUS, INSTRUMENT, draws=MANY).centers
    assert exceeds(1.5) == pytest.approx(0.0208, abs=1e-4)
    assert found[["rank_low", "rank_high"]].to_numpy().tolist() == [[1, 1], [2, 2]]


# The whole calculation again in plain loops


def by_loops(
    rows: Sequence[tuple[float, ...]], weights: list[float], aggregation: str, draws: int, seed: int
) -> tuple[list[list[int]], list[list[float]]]:
    """Rank and score of each center in each draw."""
    generator = np.random.default_rng(seed)
    ranks: list[list[int]] = [[] for _ in rows]
    scores: list[list[float]] = [[] for _ in rows]
    for _ in range(draws):
        drawn = [w * (1 + generator.uniform(-0.25, 0.25)) for w in weights]
        total = []
        for row in rows:
            pairs = [(w / sum(drawn), x) for w, x in zip(drawn, row, strict=True)]
            if aggregation == "arithmetic":
                total.append(sum(w * x for w, x in pairs))
            else:
                total.append(math.prod(x**w for w, x in pairs))
        for i, own in enumerate(total):
            ranks[i].append(1 + sum(other > own for other in total))
            scores[i].append(own)
    return ranks, scores


def smallest_rank_reaching(ranks: list[int], percent: int) -> int:
    return min(r for r in ranks if 100 * sum(x <= r for x in ranks) >= percent * len(ranks))


@pytest.mark.parametrize("aggregation", AGGREGATIONS)
@pytest.mark.parametrize("draws", [1, 19, 20, 21, 140, 400])
def test_three_centers_by_plain_loops(aggregation: str, draws: int) -> None:
    rows = [(70, 40, 55, 62, 20, 35), (44, 66, 58, 30, 75, 60), (52, 52, 50, 51, 54, 53)]
    ranks, scores = by_loops(rows, [30, 25, 20, 15, 5, 5], aggregation, draws, seed=9)
    cuts = (40, 50, 51.5)
    found = robustness(
        table(*rows),
        WEIGHTS,
        custom(*cuts),
        INSTRUMENT,
        aggregation=aggregation,
        draws=draws,
        seed=9,
    )
    for i, center in enumerate(found.centers.index):
        row = found.centers.loc[center]
        assert row["rank_low"] == smallest_rank_reaching(ranks[i], 5)
        assert row["rank_high"] == smallest_rank_reaching(ranks[i], 95)
        printed = [  # a score counts as it is printed
            Decimal(f"{s:.9f}").quantize(Decimal("0.01"), ROUND_HALF_UP) for s in scores[i]
        ]
        levels = [sum(cut < s for cut in cuts) for s in printed]
        shares = [levels.count(level) / draws for level in (3, 2, 1, 0)]
        assert found.probability.loc[center].tolist() == pytest.approx(shares)
    if draws == 400:  # the case is one where something happens
        assert (found.centers["rank_low"] < found.centers["rank_high"]).any()
        assert ((found.probability > 0) & (found.probability < 1)).any(axis=None)


def ranks_by_scipy(aspects: pd.DataFrame, weights: Weights, draws: int) -> np.ndarray:
    drawn: list[Any] = draw_weights(weights, draws=draws).to_dict("records")
    scores = np.array([score(aspects, Weights(one)) for one in drawn])
    return stats.rankdata(-scores, method="min", axis=1)


def test_many_centers_with_ties_have_the_ranks_of_scipy() -> None:
    aspects = random_table(300)
    aspects.iloc[100:150] = aspects.iloc[:50].to_numpy()  # ties, which share the better rank
    found = robustness(aspects, WEIGHTS, CONTIGUOUS, INSTRUMENT, draws=200).centers
    ranks = np.sort(ranks_by_scipy(aspects, WEIGHTS, 200), axis=0)
    assert found["rank_low"].tolist() == ranks[9].tolist()  # the 10th of 200
    assert found["rank_high"].tolist() == ranks[189].tolist()


def test_ranks_beyond_16_bits_are_those_of_scipy() -> None:
    aspects = pd.concat([random_table(1_000), random_table(65_000, seed=2)], ignore_index=True)
    found = robustness(aspects, WEIGHTS, CONTIGUOUS, INSTRUMENT, draws=3).centers
    ranks = np.sort(ranks_by_scipy(aspects, WEIGHTS, 3), axis=0)
    assert ranks.max() > 65_535
    assert found["rank_low"].tolist() == ranks[0].tolist()
    assert found["rank_high"].tolist() == ranks[2].tolist()


@pytest.mark.parametrize("chunk", [1, 37, 10_000_000])
def test_the_size_of_the_chunks_does_not_matter(chunk: int, monkeypatch) -> None:
    aspects = random_table(40)
    expected = robustness(aspects, WEIGHTS, CONTIGUOUS, INSTRUMENT, draws=101)
    monkeypatch.setattr(module, "CHUNK", chunk)
    found = robustness(aspects, WEIGHTS, CONTIGUOUS, INSTRUMENT, draws=101)
    pd.testing.assert_frame_equal(found.centers, expected.centers)
    pd.testing.assert_frame_equal(found.probability, expected.probability)


# What holds for any table


@pytest.mark.parametrize("aggregation", AGGREGATIONS)
@given(rows=ROWS, weights=ANY_WEIGHTS)
def test_probabilities_and_intervals_of_any_table(
    aggregation: str, rows: list[tuple[float, ...]], weights: Weights
) -> None:
    aspects = table(*rows)
    found = robustness(aspects, weights, CONTIGUOUS, INSTRUMENT, aggregation=aggregation, draws=40)
    known = score(aspects, weights, aggregation=aggregation).notna()
    assert found.centers.index.tolist() == aspects.index.tolist()
    assert found.probability[known].sum(axis=1).to_numpy() == pytest.approx(np.ones(known.sum()))
    assert ((found.probability[known] >= 0) & (found.probability[known] <= 1)).all(axis=None)
    assert found.probability[~known].isna().all(axis=None)
    numbers = found.centers.drop(columns="category")
    assert numbers[known].notna().all(axis=None)
    assert numbers[~known].isna().all(axis=None)
    assert found.centers["category"][~known].eq("unscored").all()
    low, high = found.centers["rank_low"][known], found.centers["rank_high"][known]
    assert ((low >= 1) & (low <= high) & (high <= known.sum())).all()


@given(rows=st.lists(st.tuples(*[HUNDREDTHS] * 6), min_size=1, max_size=8), weights=ANY_WEIGHTS)
def test_the_interval_brackets_nine_tenths_of_the_draws(
    rows: list[tuple[float, ...]], weights: Weights
) -> None:
    draws = 40
    found = robustness(table(*rows), weights, CONTIGUOUS, INSTRUMENT, draws=draws).centers
    ranks = ranks_by_scipy(table(*rows), weights, draws)
    for i, (low, high) in enumerate(zip(found["rank_low"], found["rank_high"], strict=True)):
        assert (ranks[:, i] < low).sum() < 0.05 * draws <= (ranks[:, i] <= low).sum()
        assert (ranks[:, i] < high).sum() < 0.95 * draws <= (ranks[:, i] <= high).sum()
        assert low <= np.median(ranks[:, i]) <= high


@given(rows=ROWS, weights=ANY_WEIGHTS, order=st.randoms())
def test_centers_in_another_order_keep_their_results(
    rows: list[tuple[float, ...]], weights: Weights, order
) -> None:
    aspects = table(*rows)
    shuffled = list(aspects.index)
    order.shuffle(shuffled)
    expected = robustness(aspects, weights, CONTIGUOUS, INSTRUMENT, draws=25)
    found = robustness(aspects.loc[shuffled], weights, CONTIGUOUS, INSTRUMENT, draws=25)
    pd.testing.assert_frame_equal(found.centers, expected.centers.loc[shuffled])
    pd.testing.assert_frame_equal(found.probability, expected.probability.loc[shuffled])


@given(rows=ROWS, weights=ANY_WEIGHTS)
def test_weights_that_do_not_move_leave_nothing_in_doubt(
    rows: list[tuple[float, ...]], weights: Weights
) -> None:
    found = robustness(table(*rows), weights, CONTIGUOUS, INSTRUMENT, draws=5, spread=0).centers
    known = found[found["score"].notna()]
    assert known["rank_low"].tolist() == known["rank_high"].tolist() == known["rank"].tolist()
    assert known["category_probability"].eq(1).all()
    assert known["stable"].all()


def test_a_center_better_in_every_aspect_is_never_ranked_behind() -> None:
    aspects = random_table(30)
    aspects.iloc[1] = (aspects.iloc[0] + 0.1).clip(upper=100)
    found = robustness(aspects, WEIGHTS, CONTIGUOUS, INSTRUMENT, draws=300).centers
    assert found["rank_low"].iloc[1] < found["rank_low"].iloc[0]
    assert found["rank_high"].iloc[1] < found["rank_high"].iloc[0]


# Ties, missing aspects, few centers


def test_equal_centers_share_the_better_rank_in_every_draw() -> None:
    row, weak = (60, 50, 40, 30, 20, 10), (1, 1, 1, 1, 1, 1)
    found = robustness(table(weak, row, row), WEIGHTS, CONTIGUOUS, INSTRUMENT).centers
    for column in ("rank", "rank_low", "rank_high"):
        assert found[column].tolist() == [3, 1, 1]


def test_centers_that_differ_only_in_aspects_without_weight_tie() -> None:
    found = robustness(
        of_two((50, 50), (50, 50)).fillna({"market": 3}), TWO, CONTIGUOUS, INSTRUMENT
    ).centers
    assert found["rank_high"].tolist() == [1, 1]


@pytest.mark.parametrize("aggregation", AGGREGATIONS)
def test_a_score_on_a_cut_point_under_all_weights_stays_below_it(aggregation: str) -> None:
    levels = (27.54, 38.00, 56.60, 56.61)
    aspects = table(*[(level,) * 6 for level in levels])
    found = robustness(aspects, WEIGHTS, CONTIGUOUS, INSTRUMENT, aggregation=aggregation)
    assert found.probability.to_numpy().tolist() == np.eye(4)[::-1].tolist()
    assert found.centers["category"].tolist() == list(CATEGORIES[::-1])


def test_a_center_without_score_does_not_count_in_the_ranks_of_others() -> None:
    aspects = table((NAN, 99, 99, 99, 99, 99), (50,) * 6, (40,) * 6)
    found = robustness(aspects, WEIGHTS, CONTIGUOUS, INSTRUMENT)
    assert found.centers["rank"].tolist()[1:] == [1, 2]
    assert found.centers["rank_high"].tolist()[1:] == [1, 2]
    assert found.centers.loc["c0"].drop("category").isna().all()
    assert found.centers.loc["c0", "category"] == "unscored"
    assert found.probability.loc["c0"].isna().all()


def test_an_aspect_at_0_keeps_the_geometric_score_at_0_in_every_draw() -> None:
    aspects = table((0, 90, 90, 90, 90, 90), (5,) * 6)
    found = robustness(aspects, WEIGHTS, CONTIGUOUS, INSTRUMENT, aggregation="geometric")
    assert found.centers["score"].tolist() == [0, 5]
    assert found.centers["rank_low"].tolist() == [2, 1]
    assert found.probability["under_development"].tolist() == [1, 1]


def test_one_center_is_always_first() -> None:
    found = robustness(table((70, 10, 30, 40, 50, 60)), WEIGHTS, CONTIGUOUS, INSTRUMENT).centers
    assert found[["rank", "rank_low", "rank_high"]].to_numpy().tolist() == [[1, 1, 1]]


@pytest.mark.parametrize("scheme", [CONTIGUOUS, Scheme("natural_breaks")])
@pytest.mark.parametrize("aspects", [table(), table((NAN,) * 6)])
def test_no_scored_centers_are_no_error(aspects: pd.DataFrame, scheme: Scheme) -> None:
    found = robustness(aspects, WEIGHTS, scheme, INSTRUMENT)
    assert found.centers.index.tolist() == found.probability.index.tolist() == list(aspects.index)
    assert found.probability.isna().all(axis=None)
    assert scenarios(aspects, WEIGHTS).shift.isna().all()
    assert correlation_ratio(score(aspects, WEIGHTS), aspects, WEIGHTS)["weight"].sum() == 100


def test_all_centers_of_the_country_have_an_answer() -> None:
    aspects = random_table(13_762)
    found = robustness(aspects, WEIGHTS, CONTIGUOUS, INSTRUMENT)
    assert found.centers.shape == (13_762, 7)
    assert found.probability.shape == (13_762, 4)
    assert scenarios(aspects, WEIGHTS).ranks.shape == (13_762, 9)


# Schemes


@pytest.mark.parametrize("name", ["as_published", "printed_ranges", "quintiles"])
def test_schemes_without_cut_points_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match=name):
        robustness(THREE, TWO, Scheme(name), INSTRUMENT)


def test_cut_points_that_do_not_rise_are_refused() -> None:
    with pytest.raises(ValueError, match="cuts are"):
        robustness(THREE, TWO, custom(50, 20, 60), INSTRUMENT)


def test_natural_breaks_stay_where_the_nominal_scores_put_them() -> None:
    aspects = of_two((10, 10), (11, 11), (40, 40), (60, 60), (95, 85), (90, 90))
    found = robustness(aspects, TWO, Scheme("natural_breaks"), INSTRUMENT)  # cuts 11, 40 and 60
    assert found.centers["category"].tolist() == [
        *("under_development", "under_development", "potential", "developing"),
        *("excellent", "excellent"),
    ]
    assert found.centers["category_probability"].tolist() == [1] * 6


def test_too_few_scores_for_natural_breaks_have_ranks_but_no_category() -> None:
    found = robustness(THREE, TWO, Scheme("natural_breaks"), INSTRUMENT)
    assert found.centers["category"].tolist() == ["none"] * 3
    assert found.centers["rank_high"].tolist() == [2, 2, 3]
    assert found.centers[["category_probability", "stable"]].isna().all(axis=None)
    assert found.probability.isna().all(axis=None)


# Scenarios


def test_scenarios_by_hand() -> None:
    # Nominal 0.6·x + 0.4·y: 54, 60, 50. Without the first aspect only y counts, and so on.
    aspects = table((90, 0, 0, 0, 0, 0), (40, 90, 0, 0, 0, 6), (50, 50, 0, 0, 0, 60))
    found = scenarios(aspects, TWO)
    expected = {
        "nominal": [2, 1, 3],
        "without_institutional": [3, 1, 2],  # 0, 90, 50
        "without_production": [1, 3, 2],  # 90, 40, 50
        "without_market": [2, 1, 3],
        "without_sustainability": [2, 1, 3],
        "without_sez_linkage": [2, 1, 3],
        "without_ie_linkage": [2, 1, 3],
        "equal_weights": [3, 2, 1],  # sums 90, 136, 160
        "other_aggregation": [3, 1, 2],  # 0, 40^.6·90^.4 = 55.3, 50
    }
    assert found.ranks.to_dict("list") == expected
    assert found.shift.to_dict() == {
        "without_institutional": pytest.approx(2 / 3),
        "without_production": pytest.approx(4 / 3),
        "without_market": 0,
        "without_sustainability": 0,
        "without_sez_linkage": 0,
        "without_ie_linkage": 0,
        "equal_weights": pytest.approx(4 / 3),
        "other_aggregation": pytest.approx(2 / 3),
    }


def test_the_other_of_the_geometric_is_the_arithmetic() -> None:
    aspects = random_table(20)
    a, g = (scenarios(aspects, WEIGHTS, aggregation=name).ranks for name in AGGREGATIONS)
    assert g["other_aggregation"].tolist() == a["nominal"].tolist()
    assert a["other_aggregation"].tolist() == g["nominal"].tolist()


def test_equal_weights_shift_nothing_when_they_are_the_nominal_ones() -> None:
    row = (10.1, 20.2, 30.3, 40.4, 50.5, 60.6)
    found = scenarios(table(row, row[::-1], (20.0,) * 6), Weights.equal(ASPECTS))
    assert found.ranks["nominal"].tolist() == [1, 1, 3]
    assert found.shift["equal_weights"] == 0


def test_the_only_aspect_that_counts_cannot_be_left_out() -> None:
    found = scenarios(table((10,) * 6, (20,) * 6), six(0, 0, 100, 0, 0, 0))
    assert found.ranks["without_market"].isna().all()
    assert math.isnan(found.shift["without_market"])
    assert found.shift["without_production"] == 0


def test_ranks_are_compared_among_the_centers_that_a_scenario_scores() -> None:
    # The leader misses an aspect without weight: under equal weights the others move up together.
    aspects = table((90, 90, NAN, 90, 90, 90), (50,) * 6, (40,) * 6)
    found = scenarios(aspects, six(20, 20, 0, 20, 20, 20))
    assert found.ranks["nominal"].tolist() == [1, 2, 3]
    assert found.ranks["equal_weights"].tolist()[1:] == [1, 2]
    assert math.isnan(tables.cell(found.ranks, "c0", "equal_weights"))
    assert found.shift["equal_weights"] == 0


def test_a_center_without_nominal_score_is_in_no_scenario() -> None:
    aspects = table((NAN, 90, 90, 90, 90, 90), (50,) * 6, (40,) * 6)
    found = scenarios(aspects, WEIGHTS)
    assert found.ranks.loc["c0"].isna().all()
    assert found.ranks["without_institutional"].tolist()[1:] == [1, 2]
    assert found.shift["without_institutional"] == 0


# Correlation ratio


def grid() -> pd.DataFrame:
    """Two aspects in all combinations of five levels, the others constant."""
    levels = (10.0, 30.0, 50.0, 70.0, 90.0)
    return table(*[(x, y, 50, 50, 50, 50) for x in levels for y in levels])


def ratio_of(scores: pd.Series, aspects: pd.DataFrame) -> pd.Series:
    return correlation_ratio(scores, aspects, WEIGHTS)["correlation_ratio"]


def test_independent_aspects_share_the_variance_as_their_squared_weights() -> None:
    aspects = grid()
    found = ratio_of((2 * aspects["institutional"] + aspects["production"]) / 3, aspects)
    assert found["institutional"] == pytest.approx(4 / 5)
    assert found["production"] == pytest.approx(1 / 5)


def test_an_aspect_that_alone_makes_the_score_explains_all_of_it() -> None:
    aspects = grid()
    found = ratio_of(aspects["institutional"], aspects)
    assert found["institutional"] == pytest.approx(1)
    assert found["production"] == pytest.approx(0, abs=1e-12)


def test_a_bend_without_any_slope_is_seen() -> None:
    aspects = grid()
    scores = (aspects["institutional"] - 50) ** 2 / 50
    assert np.corrcoef(scores, aspects["institutional"])[0, 1] == pytest.approx(0, abs=1e-12)
    assert ratio_of(scores, aspects)["institutional"] == pytest.approx(1)


def test_an_aspect_without_weight_drives_the_ranking_when_it_goes_along_with_one() -> None:
    aspects = grid()
    aspects["market"] = 100 - aspects["institutional"]
    assert ratio_of(aspects["institutional"], aspects)["market"] == pytest.approx(1)


def test_of_an_aspect_with_two_values_the_two_means_count() -> None:
    x = np.array([20.0] * 6 + [80.0] * 6)
    s = np.array([10.0, 20, 30, 40, 50, 60, 40, 50, 60, 70, 80, 90])  # means 35 and 65
    aspects = table(*[(v, 1, 1, 1, 1, 1) for v in x])
    expected = 15**2 / np.var(s)
    assert ratio_of(pd.Series(s, aspects.index), aspects)["institutional"] == pytest.approx(
        expected
    )


def test_an_unrelated_aspect_gets_about_two_of_n_less_one() -> None:
    n = 13
    generator = np.random.default_rng(3)
    found = []
    for _ in range(600):
        x, s = generator.random((2, n)) * 100
        aspects = table(*[(v, 1, 1, 1, 1, 1) for v in x])
        found.append(ratio_of(pd.Series(s, aspects.index), aspects)["institutional"])
    assert np.mean(found) == pytest.approx(2 / 12, abs=4 * np.std(found) / math.sqrt(len(found)))


def test_it_stands_beside_the_weights() -> None:
    found = correlation_ratio(grid()["market"], grid(), WEIGHTS)
    assert found["weight"].to_dict() == WEIGHTS
    assert found["correlation_ratio"].isna().all()  # all scores are equal


def test_with_nine_centers_it_says_nothing_and_with_ten_it_does() -> None:
    aspects = random_table(10)
    scores = score(aspects, WEIGHTS)
    assert ratio_of(scores, aspects).notna().all()
    assert ratio_of(scores.iloc[:9], aspects).isna().all()
    assert ratio_of(scores, aspects.iloc[:9]).isna().all()
    aspects.loc["c3", "market"] = NAN
    assert ratio_of(scores, aspects).isna().to_dict() == {a: a == "market" for a in ASPECTS}


def test_a_constant_aspect_explains_nothing_one_could_know() -> None:
    assert math.isnan(ratio_of(grid()["production"], grid())["sustainability"])


def test_scores_are_matched_by_center() -> None:
    aspects = random_table(15)
    scores = score(aspects, WEIGHTS)
    pd.testing.assert_series_equal(ratio_of(scores[::-1], aspects), ratio_of(scores, aspects))
