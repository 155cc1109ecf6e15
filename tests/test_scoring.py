"""The five schemes against the paper's own lists, clusters made by hand, and brute force."""

import csv
import itertools
import math
from collections.abc import Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ikmgeo import tables
from ikmgeo.analysis import classify, measure
from ikmgeo.instrument import Instrument
from ikmgeo.measures import scoring
from ikmgeo.measures.scoring import (
    NATURAL_BREAKS_SAMPLE,
    Scheme,
    as_printed,
    category,
    claim_ids,
    cut_points,
    membership,
    natural_breaks,
    published,
    rank,
)
from ikmgeo.settings import SHIPPED_DATA
from ikmgeo.vocabulary import SCHEMES
from ikmgeo.words.messages import Messages
from tests.rated import BOUNDS, CATEGORIES, INSTRUMENT
from tests.shipped_data import shipped_inputs

WORST_FIRST = CATEGORIES[::-1]
BOTH = {"developing", "potential"}
LISTS = {
    "III, Excellent Category list": "excellent",
    "III, Developing Category list": "developing",
    "III, Potential Category list": "potential",
    "III, Under Development Category list": "under_development",
}


def read(file: str) -> list[dict[str, str]]:
    with (SHIPPED_DATA / file).open(encoding="utf-8", newline="") as rows:
        return list(csv.DictReader(rows))


LISTED = [row for row in read("claims.csv") if row["section"] in LISTS and row["kind"] == "score"]
SCORES = pd.Series({row["center_id"]: float(row["value"]) for row in LISTED})
PRINTED = pd.Series({row["center_id"]: LISTS[row["section"]] for row in LISTED}, dtype=object)
RANGES = pd.DataFrame(
    [
        (row["category"], float(row["low"]), float(row["high"]))
        for row in read("claims.csv")
        if row["kind"] == "range"
    ],
    columns=["category", "low", "high"],
)


def categories_of(scores: Sequence[float] | pd.Series, scheme: Scheme) -> list[set[str]]:
    series = pd.Series(scores, dtype=float)
    member = membership(series, pd.Series(np.nan, series.index, dtype=object), INSTRUMENT, scheme)
    return [set(member.columns[row]) for row in member.to_numpy()]


def words_of(scores: Sequence[float] | pd.Series, scheme: Scheme) -> list[str]:
    series = pd.Series(scores, dtype=float)
    member = membership(series, pd.Series(np.nan, series.index, dtype=object), INSTRUMENT, scheme)
    return category(member, series).tolist()


@pytest.fixture(scope="module")
def measured():
    return measure(shipped_inputs())


def test_the_paper_lists_13_centers_and_four_ranges() -> None:
    assert len(SCORES) == 13
    assert len(RANGES) == 4


def test_as_published_gives_the_categories_of_the_printed_lists(measured) -> None:
    found = classify(measured, INSTRUMENT, Scheme("as_published"))
    assert found["category"].to_dict() == PRINTED.to_dict()
    assert found["score"].to_dict() == SCORES.to_dict()


def test_as_published_without_a_printed_category_is_none_or_unscored() -> None:
    assert words_of([50, math.nan], Scheme("as_published")) == ["none", "unscored"]


def test_as_published_keeps_a_category_printed_without_score() -> None:
    scores = pd.Series([math.nan])
    member = membership(scores, pd.Series(["potential"]), INSTRUMENT, Scheme("as_published"))
    assert category(member, scores).tolist() == ["potential"]


def test_printed_ranges_put_the_four_potential_centers_in_developing_too() -> None:
    found = categories_of(SCORES, Scheme("printed_ranges"))
    two = {center for center, both in zip(SCORES.index, found, strict=True) if both == BOTH}
    assert two == set(PRINTED.index[PRINTED == "potential"])
    assert all(len(one) < 2 or one == BOTH for one in found)


def test_printed_ranges_leave_only_batu_bara_tenun_without_a_category() -> None:
    found = categories_of(SCORES, Scheme("printed_ranges"))
    none = [center for center, of in zip(SCORES.index, found, strict=True) if not of]
    assert none == ["batu-bara-tenun"]
    assert SCORES["batu-bara-tenun"] == 37.76


def test_printed_ranges_hold_no_place_for_karo_coffee_at_its_other_score() -> None:
    assert words_of([30.658], Scheme("printed_ranges")) == ["none"]


@pytest.mark.parametrize(
    ("score", "expected"),
    [
        (16.26, set()),
        (16.27, {"under_development"}),
        (27.54, {"under_development"}),
        (27.55, set()),
        (38.00, set()),
        (38.01, {"developing"}),
        (40.01, {"developing"}),
        (40.02, BOTH),
        (47.53, BOTH),
        (47.54, {"developing"}),
        (56.60, {"developing"}),
        (56.61, {"excellent"}),
        (70.06, {"excellent"}),
        (70.07, set()),
    ],
)
def test_both_bounds_of_a_printed_range_belong_to_it(score: float, expected: set[str]) -> None:
    assert categories_of([score], Scheme("printed_ranges")) == [expected]


@pytest.mark.parametrize(
    ("score", "expected"),
    [(70.062, {"excellent"}), (27.538, {"under_development"}), (40.018, BOTH), (27.546, set())],
)
def test_scores_are_rounded_to_two_decimals_before_they_meet_a_printed_range(
    score: float, expected: set[str]
) -> None:
    assert categories_of([score], Scheme("printed_ranges")) == [expected]


def test_contiguous_bounds_by_hand() -> None:
    expected = {
        **dict.fromkeys(["simalungun-coffee", "serdang-bedagai-pandan"], "excellent"),
        **dict.fromkeys(["simalungun-honey", "deli-serdang-cassava"], "developing"),
        **dict.fromkeys(["binjai-cassava", "asahan-copra", "bunut-footwear"], "developing"),
        "batu-bara-tenun": "potential",
        **dict.fromkeys(["pik-menteng", "binjai-bamboo", "binjai-halua"], "under_development"),
        **dict.fromkeys(["karo-coffee", "serdang-bedagai-cassava"], "under_development"),
    }
    found = words_of(SCORES, Scheme("contiguous"))
    assert dict(zip(SCORES.index, found, strict=True)) == expected


def test_contiguous_bounds_belong_to_the_lower_category() -> None:
    scores = [0, 27.54, 27.55, 38.00, 38.01, 56.60, 56.61, 100]
    assert words_of(scores, Scheme("contiguous")) == [
        word for word in WORST_FIRST for _ in range(2)
    ]


def test_custom_cuts_belong_to_the_lower_category() -> None:
    scheme = Scheme("custom", (10, 20, 30))
    assert words_of([10, 10.1, 20, 20.1, 30, 30.1], scheme) == [
        *("under_development", "potential", "potential"),
        *("developing", "developing", "excellent"),
    ]


@pytest.mark.parametrize(
    "cuts", [(30, 20, 50), (20, 30, 30), (-1, 20, 30), (20, 30, 101), (math.nan, 20, 30)]
)
def test_custom_cuts_that_do_not_rise_within_0_to_100_are_refused(
    cuts: tuple[float, float, float],
) -> None:
    with pytest.raises(ValueError, match="rising"):
        categories_of([50], Scheme("custom", cuts))


def test_unknown_scheme_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="'jenks'"):
        categories_of([50], Scheme("jenks"))


def test_natural_breaks_end_the_four_clusters_one_sees() -> None:
    clusters = [10, 11, 12, 30, 31, 60, 62, 90, 91]
    assert natural_breaks(pd.Series(clusters, dtype=float), 4) == (12, 31, 62)
    assert words_of(clusters, Scheme("natural_breaks")) == [
        *("under_development",) * 3,
        *("potential",) * 2,
        *("developing",) * 2,
        *("excellent",) * 2,
    ]


def spread(groups: Sequence[Sequence[float]]) -> float:
    return sum(float(np.square(np.subtract(g, np.mean(g))).sum()) for g in groups if len(g))


@given(st.lists(st.integers(0, 100), min_size=4, max_size=9))
def test_natural_breaks_are_optimal_among_all_partitions(scores: list[int]) -> None:
    assume(len(set(scores)) >= 4)
    ordered = sorted(scores)
    best = min(
        spread([ordered[a:b] for a, b in itertools.pairwise((0, *cuts, len(ordered)))])
        for cuts in itertools.combinations(range(1, len(ordered)), 3)
    )
    low, middle, high = natural_breaks(pd.Series(scores, dtype=float), 4)
    bounds = itertools.pairwise((-1, low, middle, high, 101))
    found = spread([[s for s in ordered if a < s <= b] for a, b in bounds])
    assert found == pytest.approx(best, abs=1e-6)


@pytest.mark.parametrize("scores", [[], [50], [10, 20, 30], [10, 10, 20, 20, 30, 30]])
def test_fewer_than_four_different_scores_have_no_natural_categories(scores: list[float]) -> None:
    assert natural_breaks(pd.Series(scores, dtype=float), 4) == ()
    assert set(words_of(scores, Scheme("natural_breaks"))) <= {"none"}


def test_natural_breaks_are_the_same_at_every_run_and_in_any_order() -> None:
    scores = pd.Series(np.random.default_rng(7).uniform(0, 100, 200).round(2))
    again = [natural_breaks(scores.sample(frac=1, random_state=seed), 4) for seed in range(3)]
    assert set(again) == {natural_breaks(scores, 4)}


def test_natural_breaks_of_a_large_table_still_end_its_clusters() -> None:
    scores = pd.Series(np.repeat([10.0, 30.0, 60.0, 90.0], NATURAL_BREAKS_SAMPLE))
    assert natural_breaks(scores, 4) == (10, 30, 60)


def test_natural_breaks_of_a_large_table_of_nearly_equal_scores() -> None:
    scores = pd.Series([10.0, 20.0, *[50.0] * 10 * NATURAL_BREAKS_SAMPLE, 90.0])
    assert natural_breaks(scores, 4) == (10, 20, 50)


cuts = st.lists(st.integers(0, 100), min_size=3, max_size=3, unique=True).map(sorted).map(tuple)
score = st.floats(0, 100)


@given(st.one_of(st.just(Scheme("contiguous")), cuts.map(lambda c: Scheme("custom", c))), st.data())
def test_raising_a_score_never_lowers_its_category(scheme: Scheme, data: st.DataObject) -> None:
    low, high = sorted([data.draw(score), data.draw(score)])
    before, after = words_of([low, high], scheme)
    assert WORST_FIRST.index(after) >= WORST_FIRST.index(before)


@given(st.lists(st.integers(0, 100), min_size=4, max_size=20, unique=True))
def test_natural_categories_follow_the_order_of_the_scores(scores: list[int]) -> None:
    levels = [WORST_FIRST.index(w) for w in words_of(sorted(scores), Scheme("natural_breaks"))]
    assert levels == sorted(levels)
    assert set(levels) == {0, 1, 2, 3}


@pytest.mark.parametrize("scheme", SCHEMES)
@given(scores=st.lists(st.one_of(score, st.just(math.nan)), max_size=12))
def test_every_center_keeps_exactly_one_row(scheme: str, scores: list[float]) -> None:
    series = pd.Series(scores, index=[f"c{i}" for i in range(len(scores))], dtype=float)
    member = membership(series, pd.Series("potential", series.index), INSTRUMENT, Scheme(scheme))
    word = category(member, series)
    assert member.index.tolist() == word.index.tolist() == series.index.tolist()
    assert tuple(member.columns) == CATEGORIES
    assert set(word) <= {*CATEGORIES, "several", "none", "unscored"}


@pytest.mark.parametrize("scheme", ["printed_ranges", "contiguous", "natural_breaks", "custom"])
def test_missing_score_is_unscored_and_never_zero(scheme: str) -> None:
    words = words_of([math.nan, 20, 40, 60, 80], Scheme(scheme))
    assert words[0] == "unscored"
    assert "unscored" not in words[1:]


def test_score_of_zero_is_a_score() -> None:
    assert words_of([0.0], Scheme("contiguous")) == ["under_development"]


def test_two_categories_at_once_are_called_several() -> None:
    assert words_of([41.9], Scheme("printed_ranges")) == ["several"]


def test_equal_scores_share_the_better_rank_and_missing_has_none() -> None:
    ranks = rank(pd.Series([50.0, 70.0, 50.0, math.nan, 10.0]))
    assert ranks[[0, 1, 2, 4]].tolist() == [2, 1, 2, 4]
    assert math.isnan(ranks[3])


CLAIMS = pd.DataFrame(
    {"value": [70.06, 50.0, 41.9], "category": ["excellent", "developing", "potential"]},
    index=pd.Index(["P1", "P2", "P3"], name="claim_id"),
)


def center(**cells: Any) -> pd.DataFrame:
    blank = dict.fromkeys(("score_claim", "category_claim", "alternative_claims", "category"))
    return pd.DataFrame([blank | {"score_total": math.nan} | cells], index=["c"])


def test_score_and_category_come_from_the_claims_named() -> None:
    own = center(score_claim="P1", category_claim="P3", score_total=5.0, category="developing")
    found = published(own, CLAIMS).loc["c"]
    assert (found["score"], found["category_published"]) == (70.06, "potential")


def test_own_columns_stand_in_where_no_claim_is_named() -> None:
    found = published(center(score_total=33.3, category="developing"), CLAIMS).loc["c"]
    assert (found["score"], found["category_published"]) == (33.3, "developing")
    assert not found["conflicting"]


def test_nothing_known_stays_missing() -> None:
    found = tables.row(published(center(), CLAIMS), "c")
    assert math.isnan(found["score"])
    assert pd.isna(found["category_published"])


@pytest.mark.parametrize(
    ("cell", "conflicting"),
    [("P2", True), ("P9; P2", True), ("P9", False), ("", False), (None, False), (math.nan, False)],
)
def test_conflicting_only_where_an_alternative_claim_exists(
    cell: object, conflicting: bool
) -> None:
    assert published(center(alternative_claims=cell), CLAIMS).at["c", "conflicting"] == conflicting


def test_pandan_and_karo_coffee_are_the_conflicting_centers(measured) -> None:
    found = measured.centers["conflicting"]
    assert set(found.index[found]) == {"serdang-bedagai-pandan", "karo-coffee"}


def test_claim_ids_are_split_at_semicolons() -> None:
    assert claim_ids(" P19 ;P20;; ") == ["P19", "P20"]
    assert claim_ids(math.nan) == []


def test_contiguous_bounds_are_those_that_the_claims_print() -> None:
    assert INSTRUMENT.bounds == BOUNDS
    ranges = INSTRUMENT.ranges.copy()
    # Where ranges lie apart each ends with its own; where they overlap the next one cuts it.
    ranges.loc["P04", "high"], ranges.loc["P02", "low"] = 30.0, 45.5
    assert replace(INSTRUMENT, ranges=ranges).bounds == (30.0, 45.49, 56.60)


def test_cut_points_of_the_schemes_that_have_them() -> None:
    scores = pd.Series([1.0, 2.0, 30.0, 31.0, 60.0, 61.0, 90.0, math.nan])
    assert cut_points(Scheme("contiguous"), scores, INSTRUMENT) == (27.54, 38.00, 56.60)
    assert cut_points(Scheme("custom", (10, 20, 30)), scores, INSTRUMENT) == (10, 20, 30)
    assert cut_points(Scheme("custom"), scores, INSTRUMENT) == BOUNDS  # until a reader sets some
    assert cut_points(Scheme("natural_breaks"), scores, INSTRUMENT) == (2, 31, 61)
    assert cut_points(Scheme("natural_breaks"), scores.iloc[:3], INSTRUMENT) == ()


@pytest.mark.parametrize("name", ["as_published", "printed_ranges", "quintiles"])
def test_schemes_that_do_not_cut_the_scale_have_no_cut_points(name: str) -> None:
    with pytest.raises(ValueError, match=name):
        cut_points(Scheme(name), pd.Series([1.0, 2.0]), INSTRUMENT)


# A score counts as it is printed


@pytest.mark.parametrize("name", ["contiguous", "custom", "printed_ranges"])
@pytest.mark.parametrize(
    ("score", "category"),
    [
        (27.5449, "under_development"),  # prints as 27.54
        (27.545, "potential"),  # 27.55, half up
        (38.004, "potential"),
        (38.005, "developing"),  # a half, though in binary a little less than one
        (56.604, "developing"),
        (56.605, "excellent"),
    ],
)
def test_score_is_classed_as_it_is_printed(name: str, score: float, category: str) -> None:
    """Audit, doubt 7: 27.5449 prints as 27.54, the bound, and stood above it."""
    ranges = pd.DataFrame(
        {
            "category": ["under_development", "potential", "developing", "excellent"],
            "low": [0, 27.55, 38.01, 56.61],
            "high": [27.54, 38.00, 56.60, 100],
        }
    )
    member = membership(
        pd.Series([score]), pd.Series([None]), replace(INSTRUMENT, ranges=ranges), Scheme(name)
    )
    assert member.loc[0].to_dict() == {c: c == category for c in CATEGORIES}


def test_printed_scores_are_rounded_in_decimals() -> None:
    """Audit, doubt 7: every half of a hundredth goes up, whatever its binary form."""
    halves = [Decimal(n) / 1000 for n in range(5, 100_000, 10)]
    rounded = as_printed(pd.Series([float(half) for half in halves]))
    step = Decimal("0.01")
    assert rounded.tolist() == [float(h.quantize(step, ROUND_HALF_UP)) for h in halves]
    assert as_printed(pd.Series([math.nan])).isna().all()


@pytest.mark.parametrize("score", [27.5449, 27.545, 38.004, 38.005, 56.604, 0.125])
def test_scores_are_written_as_they_are_classed(score: float) -> None:
    """Audit, doubt 7: 27.545 was written 27.54 and 38.005 as 38.00."""
    say, told = Messages("en"), pd.Series([score])
    assert say.number(score) == f"{as_printed(told)[0]:.2f}"
    assert say.scores(told)[0] == say.number(score)


def test_natural_breaks_and_scores_are_read_alike() -> None:
    """Audit, doubt 7: two scores that print alike are in one category."""
    scores = pd.Series([10.001, 10.004, 30.0, 50.0, 90.0])
    member = membership(scores, pd.Series(index=scores.index), INSTRUMENT, Scheme("natural_breaks"))
    assert tables.row(member, 0).equals(tables.row(member, 1))


# Any number of categories, and a source that prints no ranges

THREE = {code: INSTRUMENT.categories[code] for code in ("excellent", "potential", "developing")}
"""In another order than the paper's."""


def test_three_categories_without_ranges_are_cut_by_the_scores_or_by_the_reader() -> None:
    bare = Instrument({}, THREE)
    scores = pd.Series({"a": 10.0, "b": 11.0, "c": 50.0, "d": 90.0, "e": math.nan})
    blank = pd.Series(np.nan, scores.index, dtype=object)
    assert (bare.bounds, bare.cuts, bare.lower) == ((), (33.33, 66.67), ("developing",))
    assert scoring.available(bare) == ("as_published", "natural_breaks", "custom")
    assert scoring.unprinted(bare) == "natural_breaks"
    for scheme in (Scheme("natural_breaks"), Scheme("custom"), Scheme("custom", (11, 50))):
        found = category(membership(scores, blank, bare, scheme), scores)
        expected = ["developing", "developing", "potential", "excellent", "unscored"]
        assert found.tolist() == expected, scheme


def test_two_categories_have_one_cut_point() -> None:
    ranges = pd.DataFrame(
        {"category": ["potential", "excellent"], "low": [0, 50], "high": [40, 99]}
    )
    two = Instrument({}, {c: THREE[c] for c in ("excellent", "potential")}, ranges)
    assert (two.bounds, scoring.available(two)) == ((40.0,), SCHEMES)
    scores = pd.Series([40.0, 40.01])
    found = membership(scores, pd.Series([None, None]), two, Scheme("contiguous"))
    assert category(found, scores).tolist() == ["potential", "excellent"]


@pytest.mark.parametrize(
    "ranges",
    [
        [("excellent", 50, 99)],
        [("excellent", 50, 99), ("potential", 0, 40), ("potential", 41, 49)],
        [("excellent", 0, 40), ("potential", 50, 99)],
        [("excellent", 50, 99), ("potential", math.nan, 40)],
    ],
    ids=["of one only", "twice", "the better below", "without an end"],
)
def test_ranges_that_do_not_rise_with_the_categories_give_no_contiguous_bounds(
    ranges: list[tuple[str, float, float]],
) -> None:
    table = pd.DataFrame(ranges, columns=["category", "low", "high"])
    two = Instrument({}, {c: THREE[c] for c in ("excellent", "potential")}, table)
    assert "contiguous" not in scoring.available(two)
    assert "printed_ranges" in scoring.available(two)


def test_without_categories_there_is_none_and_no_error() -> None:
    scores = pd.Series([40.0, math.nan])
    for name in scoring.available(Instrument()):
        member = membership(scores, pd.Series(["potential", None]), Instrument(), Scheme(name))
        assert category(member, scores).tolist() == ["none", "unscored"]
