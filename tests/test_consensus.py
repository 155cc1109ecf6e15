"""Agreement of groups against hand-worked tables, scipy's Friedman test and slow loops."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from ikmgeo import tables
from ikmgeo.measures.consensus import concordance, ranks, shifts, spread, weight_spread

NAN = math.nan


def table(**columns: list[float]) -> pd.DataFrame:
    return pd.DataFrame(columns, index=pd.Index([f"c{i}" for i in range(len(columns["a"]))]))


def test_each_group_ranks_its_own_scores_and_equal_scores_share_a_place() -> None:
    found = ranks(table(a=[70, 50, 60, NAN], b=[10, 10, 5, 80]))
    assert found["a"].tolist()[:3] == [1, 3, 2]
    assert math.isnan(tables.cell(found, "c3", "a"))
    assert found["b"].tolist() == [2, 2, 4, 1]


def test_the_spread_is_of_the_groups_that_rank_a_center() -> None:
    found = spread(table(a=[1, 2, 3, NAN], b=[3, 2, NAN, NAN], c=[2, 2, 1, 4]))
    assert found.index.tolist() == ["c0", "c2", "c1", "c3"]
    assert found.loc["c0"].tolist() == [1, 3, 2, 2, 3]
    assert found.loc["c2"].tolist() == [1, 3, 2, 2, 2]
    assert found.loc["c1"].tolist() == [2, 2, 2, 0, 3]
    assert found.loc["c3", "groups"] == 1
    assert found.loc["c3", ["best", "worst", "mean", "range"]].isna().all()


def test_concordance_of_a_table_worked_by_hand() -> None:
    found = table(a=[1, 6, 3, 2, 5, 4], b=[1, 5, 6, 4, 2, 3], c=[6, 3, 2, 5, 4, 1])
    sums = np.array([8, 14, 11, 11, 11, 8])
    by_hand = 12 * ((sums - 10.5) ** 2).sum() / (9 * (6**3 - 6))
    assert by_hand == pytest.approx(12 * 25.5 / 1890)
    assert concordance(found) == pytest.approx(by_hand)


def test_full_agreement_is_one_and_opposites_cancel() -> None:
    assert concordance(table(a=[1, 2, 3], b=[1, 2, 3], c=[1, 2, 3])) == 1
    assert concordance(table(a=[1, 2, 3], b=[3, 2, 1])) == 0


@given(
    st.integers(2, 6).flatmap(
        lambda groups: st.lists(
            st.lists(st.integers(0, 4), min_size=groups, max_size=groups), min_size=3, max_size=9
        )
    )
)
def test_concordance_agrees_with_friedmans_test(rows: list[list[int]]) -> None:
    scores = pd.DataFrame(rows, dtype=float)
    found = concordance(scores.rank())
    if any(scores[g].nunique() == 1 for g in scores):
        assert math.isnan(found)
        return
    if scores.shape[1] < 3 and len(rows) < 3:
        return
    chi = stats.friedmanchisquare(*scores.to_numpy()).statistic
    centers, groups = scores.shape
    assert found == pytest.approx(chi / (groups * (centers - 1)))
    assert -1e-12 <= found <= 1 + 1e-12


def test_centers_that_one_group_leaves_out_take_no_part() -> None:
    found = table(a=[1, 2, 3, 4], b=[1, NAN, 2, 3])
    assert concordance(found) == 1


@pytest.mark.parametrize(
    "few",
    [
        table(a=[1, 2, 3]),
        table(a=[1], b=[1]),
        table(a=[1, NAN], b=[NAN, 1]),
        table(a=[1, 1], b=[1, 2]),
    ],
)
def test_too_little_says_nothing(few: pd.DataFrame) -> None:
    assert math.isnan(concordance(few))


def test_a_shift_is_in_places_and_up_is_above_zero() -> None:
    found = shifts(table(a=[3, 1, NAN], b=[1, 2, 3]), pd.Series([1, 2, 3], ["c0", "c1", "c2"]))
    assert found["a"].tolist()[:2] == [-2, 1]
    assert math.isnan(tables.cell(found, "c2", "a"))
    assert found["b"].tolist() == [0, 0, 0]


def test_the_spread_of_weights() -> None:
    found = weight_spread(pd.DataFrame({"market": [10.0, 40.0], "production": [90.0, 60.0]}))
    assert found.loc["market"].tolist() == [10, 25, 40]
    assert found.loc["production"].tolist() == [60, 75, 90]
