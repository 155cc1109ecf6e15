"""Contradictions are found in the claims: hand-made ones, and those the paper is known for."""

import pandas as pd
import pytest

from ikmgeo.measures.ledger import Contradiction, contradictions
from tests.rated import CATEGORIES
from tests.shipped_data import shipped_inputs


def claims(*rows: tuple[object, ...]) -> pd.DataFrame:
    columns = ["claim_id", "kind", "center_id", "value", "low", "high", "category"]
    return pd.DataFrame(rows, columns=columns).set_index("claim_id")


def score(claim: str, center: str, value: float, category: str) -> tuple[object, ...]:
    return (claim, "score", center, value, None, None, category)


def span(claim: str, low: float, high: float, category: str) -> tuple[object, ...]:
    return (claim, "range", None, None, low, high, category)


def centers(**claimed: tuple[str, str | None]) -> pd.DataFrame:
    columns = ["score_claim", "alternative_claims"]
    return pd.DataFrame.from_dict(claimed, orient="index", columns=columns)


def kinds(found: list[Contradiction]) -> list[str]:
    return [item.kind for item in found]


def test_two_scores_of_one_center_are_rivals() -> None:
    table = claims(score("A", "x", 50, "excellent"), score("B", "x", 20, "potential"))
    (found,) = contradictions(centers(x=("A", "B")), table, CATEGORIES)
    assert (found.kind, found.claims, found.centers) == ("rival_scores", ("A", "B"), ("x",))
    assert found.figures == {"used": 50, "rival": 20}


def test_ranges_that_share_a_bound_overlap() -> None:
    table = claims(span("R", 0, 10, "potential"), span("S", 10, 20, "developing"))
    assert kinds(contradictions(centers(), table, CATEGORIES)) == ["overlapping_ranges"]


def test_ranges_side_by_side_do_not_overlap() -> None:
    table = claims(span("R", 0, 10, "potential"), span("S", 10.01, 20, "developing"))
    assert contradictions(centers(), table, CATEGORIES) == []


def test_scores_between_the_ranges_are_uncovered() -> None:
    table = claims(
        *(span("R", 0, 10, "potential"), span("S", 20, 30, "developing")),
        *(score("A", "x", 10.004, "potential"), score("B", "y", 15, "potential")),
    )
    (found,) = contradictions(centers(x=("A", None), y=("B", None)), table, CATEGORIES)
    assert (found.kind, found.claims, found.centers) == ("uncovered_scores", ("B",), ("y",))


def test_worse_category_above_a_better_one_is_reversed() -> None:
    table = claims(score("A", "x", 40, "potential"), score("B", "y", 39, "developing"))
    (found,) = contradictions(centers(x=("A", None), y=("B", None)), table, CATEGORIES)
    assert (found.kind, found.categories) == ("reversed_categories", ("developing", "potential"))
    assert found.figures == {"lowest": 40, "highest": 39}


def test_equal_scores_reverse_nothing() -> None:
    table = claims(score("A", "x", 40, "potential"), score("B", "y", 40, "developing"))
    assert contradictions(centers(x=("A", None), y=("B", None)), table, CATEGORIES) == []


@pytest.mark.parametrize("rival", ["Z", ""])
def test_claim_that_does_not_exist_is_no_rival(rival: str) -> None:
    table = claims(score("A", "x", 50, "excellent"))
    assert contradictions(centers(x=("A", rival)), table, CATEGORIES) == []


def test_the_paper_contradicts_itself_where_it_is_known_to() -> None:
    shipped = shipped_inputs()
    found = contradictions(shipped.centers, shipped.claims, CATEGORIES)
    told = [(item.kind, set(item.claims)) for item in found]
    assert told == [
        ("rival_scores", {"P06", "P19"}),  # pandan 58.55 and 50.466
        ("rival_scores", {"P16", "P20"}),  # Karo coffee 22.23 and 30.658
        ("overlapping_ranges", {"P02", "P03"}),  # 38.01-56.60 holds 40.02-47.53
        ("uncovered_scores", {"P08", "P20", "P22"}),  # 37.76, 30.658, 37.758
        ("reversed_categories", {"P07", "P08", "P09", "P10", "P11", "P12"}),
        # Audit E1: 8,000 to 10,000 jobs per 1,000 units beside the units and the workers; the
        # 3.03 % agrees.
        ("workers_by_jobs", {"S01", "S03", "S04"}),
        ("workers_by_jobs_national", {"S04", "S05", "S06", "S07"}),
    ]
