"""Five centers on a line, two zones: what each condition keeps can be counted by hand."""

import math
from typing import Any

import pandas as pd
import pytest

from ikmgeo.filters import (
    CONFLICTING,
    Filters,
    conditions,
    distance_to,
    kept_without,
    showing,
    turned,
    without,
)

IDS = list("abcde")
CENTERS = pd.DataFrame(
    {
        "category": ["excellent", "developing", "developing", "several", "unscored"],
        "commodity": ["coffee", "coffee", "honey", "tenun", "honey"],
        "district": ["1208", "1206", "1208", None, "1219"],
        "score": [70.06, 30.0, 50.0, 40.02, math.nan],
    },
    index=IDS,
)
DISTANCES = pd.DataFrame(
    {"west": [0, 10, 20, 30, math.nan], "east": [40, 30, 20, 10, math.nan]}, index=IDS
)
WORDS = pd.Series(
    ["kopi simalungun", "kopi karo", "madu simalungun", "tenun batu bara (ulos)", "madu 50%"],
    index=IDS,
)


def kept(**fields: Any) -> str:
    """Ids of the centers that meet every condition."""
    met = conditions(CENTERS, DISTANCES, WORDS, Filters(**fields))
    return "".join(met.index[met.all(axis=1)])


def test_without_conditions_every_center_stays() -> None:
    assert kept() == "abcde"
    assert conditions(CENTERS, DISTANCES, WORDS, Filters()).shape == (5, 0)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"categories": ("developing",)}, "bc"),
        ({"categories": ("excellent", "several")}, "ad"),
        ({"categories": ("unscored",)}, "e"),
        ({"commodities": ("coffee",)}, "ab"),
        ({"commodities": ("tenun", "honey")}, "cde"),
        ({"districts": ("1208", "1219")}, "ace"),
        ({"commodities": ("ulos",)}, ""),
    ],
)
def test_codes_keep_the_centers_that_have_any_of_them(fields: dict, expected: str) -> None:
    assert kept(**fields) == expected


@pytest.mark.parametrize(
    ("bounds", "expected"),
    [
        ((40.02, 70.06), "acd"),
        ((40.03, 70.05), "c"),
        ((0, 100), "abcd"),
        ((0, 0), ""),
    ],
)
def test_score_range_includes_its_bounds_and_never_a_missing_score(
    bounds: tuple[float, float], expected: str
) -> None:
    assert kept(score=bounds) == expected


@pytest.mark.parametrize(
    ("zone", "km", "expected"),
    [
        ("any", 10, "abd"),
        ("any", 9.9, "a"),
        ("west", 20, "abc"),
        ("east", 20, "cd"),
        ("any", 1000, "abcd"),
        ("nowhere", 1000, ""),
    ],
)
def test_distance_counts_to_the_nearest_zone_or_to_the_one_named(
    zone: str, km: float, expected: str
) -> None:
    assert kept(zone=zone, within_km=km) == expected


def test_zone_without_a_distance_sets_no_condition() -> None:
    assert kept(zone="west") == "abcde"


def test_without_zones_no_center_is_within_any_distance() -> None:
    met = conditions(CENTERS, DISTANCES[[]], WORDS, Filters(within_km=1000))
    assert not met["within_km"].any()


def test_distance_to_the_nearest_one_and_unknown_zone() -> None:
    assert distance_to(DISTANCES, "any")[:4].tolist() == [0, 10, 20, 10]
    assert distance_to(DISTANCES, "east")[:4].tolist() == [40, 30, 20, 10]
    assert distance_to(DISTANCES, "nowhere").isna().tolist() == [True] * 5


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("kopi", "ab"),
        ("  KOPI  Simalungun ", "a"),
        ("simalungun kopi", "a"),
        ("kopi madu", ""),
        ("batu tenun", "d"),
        ("(ulos", "d"),
        ("50%", "e"),
        (".", ""),
        ("   ", "abcde"),
    ],
)
def test_text_keeps_centers_with_every_word_in_any_case_and_no_pattern(
    text: str, expected: str
) -> None:
    assert kept(text=text) == expected


def test_conditions_are_named_as_the_filters_and_all_must_hold() -> None:
    filters = Filters(
        categories=("developing",),
        commodities=("coffee",),
        districts=("1206",),
        score=(0, 100),
        within_km=10,
        text="kopi",
    )
    met = conditions(CENTERS, DISTANCES, WORDS, filters)
    assert list(met) == ["categories", "commodities", "districts", "score", "within_km", "text"]
    assert met.index[met.all(axis=1)].tolist() == ["b"]


def test_kept_without_tells_which_condition_to_relax_first() -> None:
    # Coffee keeps a and b, within 20 km of east c and d, a score of 40 or more a, c and d.
    filters = Filters(commodities=("coffee",), zone="east", within_km=20, score=(40, 100))
    met = conditions(CENTERS, DISTANCES, WORDS, filters)
    assert not met.all(axis=1).any()
    assert list(kept_without(met).items()) == [("commodities", 2), ("within_km", 1), ("score", 0)]


def test_dropping_the_only_condition_keeps_every_center() -> None:
    met = conditions(CENTERS, DISTANCES, WORDS, Filters(commodities=("ulos",)))
    assert kept_without(met).to_dict() == {"commodities": 5}


def test_without_conditions_there_is_nothing_to_relax() -> None:
    assert kept_without(conditions(CENTERS, DISTANCES, WORDS, Filters())).empty


def test_conditions_on_no_centers_are_empty() -> None:
    filters = Filters(categories=("developing",), score=(0, 50), within_km=5, text="kopi")
    met = conditions(CENTERS.iloc[:0], DISTANCES.iloc[:0], WORDS.iloc[:0].astype(str), filters)
    assert met.shape == (0, 4)
    assert set(kept_without(met)) == {0}


def test_without_puts_one_condition_back_and_leaves_the_others() -> None:
    filters = Filters(commodities=("coffee",), score=(40, 100), text="kopi")
    assert without(filters, "score") == Filters(commodities=("coffee",), text="kopi")
    assert without(without(without(filters, "score"), "text"), "commodities") == Filters()


def test_a_hidden_center_is_shown_without_the_filters_that_hide_it() -> None:
    """Planner 9: the others stay."""
    filters = Filters(categories=("excellent",), text="kopi", within_km=50.0)
    met = pd.Series({"categories": False, "text": True, "within_km": False})
    assert showing(filters, met) == Filters(text="kopi")
    assert showing(filters, met | True) == filters


def test_a_category_is_let_in_and_out_beside_the_others_and_so_are_contradictions() -> None:
    one = turned(Filters(categories=("potential",)), "excellent")
    assert one == Filters(categories=("potential", "excellent"))
    assert turned(one, "potential") == Filters(categories=("excellent",))
    contradicted = turned(one, CONFLICTING)
    assert contradicted == Filters(categories=("potential", "excellent"), conflicting=True)
    assert turned(contradicted, CONFLICTING) == one
