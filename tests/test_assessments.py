"""An assessment's checks, one defect at a time, and its table for scoring."""

import math
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ikmgeo.errors import DataError
from ikmgeo.records import assessments
from ikmgeo.records.assessments import Assessment, check, defects, frame, is_id, standings
from ikmgeo.words.messages import Messages

ASPECTS = ["institutional", "production", "market", "sustainability", "sez_linkage", "ie_linkage"]
TODAY = date(2026, 3, 1)
GOOD = Assessment(center_id="karo", author="Dinas Karo", assessed_on=date(2026, 2, 28))


def nested(levels: int) -> dict[str, Any]:
    """Dicts one in another."""
    value: dict[str, Any] = {}
    for _ in range(levels - 1):
        value = {"a": value}
    return value


def found(**changes: Any) -> list[tuple[str, str | None]]:
    """Code and column of every defect after the changes."""
    return [(i.code, i.column) for i in defects(replace(GOOD, **changes), today=TODAY)]


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"scores": {}},
        {"scores": {"market": 0, "production": 100.0, "ie_linkage": None}},
        {"scores": {"market": -0.0, "production": np.float64(3.5), "ie_linkage": np.int64(7)}},
        {"indicators": {"market": {"Pasar ekspor": 12.5, "Merek": None}}},
        {"indicators": {"market": {f"i{n}": 1.0 for n in range(100)}}},
        {"notes": {"market": "x" * 10_000}, "evidence": {"production": ""}},
        {"ratings": {"swot": {"strong": ["a", 1, 2.5, True, None]}}},
        {"ratings": nested(20)},
        {"ratings": {"a": "x" * 199_991}},  # with {"a": ""} around it exactly 200,000
        {"actions": {"pinned": ["a1"]}},
        {"actions": ["a1", {"dropped": "a2"}]},
        {"author": "x" * 200, "comment": "x" * 10_000},
        {"assessed_on": date(1900, 1, 1)},
        {"assessed_on": date(2026, 3, 2)},
        {"version": 3, "base_version": 2},
    ],
)
def test_what_is_right_passes(changes: dict[str, Any]) -> None:
    assert found(**changes) == []


BAD: list[tuple[dict[str, Any], str, str]] = [
    ({"assessment_id": "1"}, "assessment_id_invalid", "assessment_id"),
    ({"assessment_id": str(uuid4()).upper()}, "assessment_id_invalid", "assessment_id"),
    ({"assessment_id": "{" + str(uuid4()) + "}"}, "assessment_id_invalid", "assessment_id"),
    ({"center_id": ""}, "cell_missing", "center_id"),
    ({"center_id": "x" * 10_001}, "text_too_long", "center_id"),
    ({"author": ""}, "cell_missing", "author"),
    ({"author": " \n\u00a0"}, "cell_missing", "author"),
    ({"author": "x" * 201}, "text_too_long", "author"),
    ({"author": None}, "text_invalid", "author"),
    ({"author": "a\0b"}, "text_invalid", "author"),
    ({"author": "a\ud800b"}, "text_invalid", "author"),
    ({"saved_by": "x" * 201}, "text_too_long", "saved_by"),
    ({"comment": "x" * 10_001}, "text_too_long", "comment"),
    ({"assessed_on": date(1899, 12, 31)}, "out_of_range", "assessed_on"),
    ({"assessed_on": date(2026, 3, 3)}, "out_of_range", "assessed_on"),
    ({"assessed_on": datetime(2026, 2, 1, tzinfo=UTC)}, "out_of_range", "assessed_on"),
    ({"assessed_on": "2026-02-01"}, "out_of_range", "assessed_on"),
    ({"assessed_on": pd.NaT}, "out_of_range", "assessed_on"),
    ({"version": -1}, "out_of_range", "version"),
    ({"base_version": 2**31}, "out_of_range", "base_version"),
    ({"base_version": None}, "out_of_range", "base_version"),
    ({"scores": {" ": 5.0}}, "cell_missing", "scores"),
    ({"indicators": {"x" * 201: {}}}, "text_too_long", "indicators"),
    ({"notes": {5: ""}}, "text_invalid", "notes"),
    ({"evidence": {"\ud800": ""}}, "text_invalid", "evidence"),
    ({"scores": {"market": 100.0001}}, "score_out_of_range", "market"),
    ({"scores": {"market": -0.0001}}, "score_out_of_range", "market"),
    ({"scores": {"market": math.inf}}, "score_out_of_range", "market"),
    ({"scores": {"market": -math.inf}}, "score_out_of_range", "market"),
    ({"scores": {"market": 10**400}}, "score_out_of_range", "market"),
    ({"scores": {"market": math.nan}}, "not_a_number", "market"),
    ({"scores": {"market": True}}, "not_a_number", "market"),
    ({"scores": {"market": "50"}}, "not_a_number", "market"),
    ({"scores": {"market": pd.NA}}, "not_a_number", "market"),
    ({"scores": {"market": 5j}}, "not_a_number", "market"),
    ({"indicators": {"market": {"Merek": 101.0}}}, "score_out_of_range", "market.Merek"),
    ({"indicators": {"market": {"Merek": math.nan}}}, "not_a_number", "market.Merek"),
    ({"indicators": {"market": {" ": 1.0}}}, "cell_missing", "indicators.market"),
    ({"indicators": {"market": {"x" * 201: 1.0}}}, "text_too_long", "indicators.market"),
    ({"indicators": {"market": {"a\0": 1.0}}}, "text_invalid", "indicators.market"),
    (
        {"indicators": {"market": {f"i{n}": 1.0 for n in range(101)}}},
        "indicators_too_many",
        "market",
    ),
    ({"notes": {"market": "x" * 10_001}}, "text_too_long", "notes.market"),
    ({"notes": {"market": 5}}, "text_invalid", "notes.market"),
    ({"evidence": {"market": "\udfff"}}, "text_invalid", "evidence.market"),
    ({"ratings": []}, "json_invalid", "ratings"),
    ({"ratings": {"a": math.nan}}, "json_invalid", "ratings"),
    ({"ratings": {"a": [math.inf]}}, "json_invalid", "ratings"),
    ({"ratings": {1: "a"}}, "json_invalid", "ratings"),
    ({"ratings": {"a": (1, 2)}}, "json_invalid", "ratings"),
    ({"ratings": {"a": date(2026, 1, 1)}}, "json_invalid", "ratings"),
    ({"ratings": {"a": "\ud800"}}, "json_invalid", "ratings"),
    ({"ratings": nested(22)}, "json_invalid", "ratings"),
    ({"ratings": nested(5_000)}, "json_invalid", "ratings"),
    ({"ratings": {"a": "x" * 199_992}}, "json_too_large", "ratings"),
    ({"actions": "pinned"}, "json_invalid", "actions"),
    ({"actions": None}, "json_invalid", "actions"),
    ({"actions": ["x" * 200_000]}, "json_too_large", "actions"),
]


@pytest.mark.parametrize(("changes", "code", "column"), BAD)
def test_each_defect_is_named_alone(changes: dict[str, Any], code: str, column: str) -> None:
    assert found(**changes) == [(code, column)]


@pytest.mark.parametrize("language", ["id", "en"])
def test_each_defect_has_a_sentence_with_all_its_particulars(language: str) -> None:
    say = Messages(language)
    for changes, _, column in BAD:
        (issue,) = defects(replace(GOOD, **changes), file="isi.xlsx", row=7, today=TODAY)
        sentence = say.issue(issue)
        assert sentence.startswith("isi.xlsx")
        assert "7" in sentence
        assert "{" + column not in sentence
        sentence.encode()  # can be shown whatever the text was


def test_the_sentence_quotes_the_score_and_its_limits() -> None:
    (issue,) = defects(replace(GOOD, scores={"market": 170.06}), today=TODAY)
    assert issue.value == "170.06"
    assert dict(issue.expected) == {"low": 0, "high": 100}
    sentence = Messages("en").issue(issue)
    for part in ("karo", "market", "170.06", "0 to 100"):
        assert part in sentence


def test_all_defects_are_listed_at_once() -> None:
    changes: dict[str, Any] = {
        "author": "",
        "scores": {"market": 101, "": 1},
        "notes": {"market": "\0"},
    }
    assert found(**changes) == [
        ("cell_missing", "author"),
        ("cell_missing", "scores"),
        ("score_out_of_range", "market"),
        ("text_invalid", "notes.market"),
    ]
    with pytest.raises(DataError) as error:
        check(replace(GOOD, **changes))
    assert len(error.value.issues) == 4


def test_a_circle_in_the_ratings_is_refused() -> None:
    ratings: dict[str, Any] = {}
    ratings["again"] = ratings
    assert found(ratings=ratings) == [("json_invalid", "ratings")]


@given(st.floats(0, 100))
def test_every_score_of_the_scale_passes(score: float) -> None:
    assert found(scores=dict.fromkeys(ASPECTS, score)) == []


@given(st.floats(allow_nan=True).filter(lambda x: not 0 <= x <= 100))
def test_no_score_off_the_scale_passes(score: float) -> None:
    assert len(found(scores={"market": score})) == 1


def test_ids_have_one_spelling() -> None:
    assert is_id("76d6da63-098f-40a3-8e74-9682244e336f")
    others = ("76D6DA63-098F-40A3-8E74-9682244E336F", "76d6da63098f40a38e749682244e336f", "", None)
    assert not any(is_id(other) for other in others)


def test_each_new_assessment_has_an_id_of_its_own() -> None:
    other = Assessment(center_id="karo", author="Dinas Karo", assessed_on=TODAY)
    assert is_id(other.assessment_id)
    assert other.assessment_id != GOOD.assessment_id


@pytest.mark.parametrize(
    ("version", "base", "crossed"),
    [(0, 0, False), (1, 0, False), (2, 1, False), (2, 0, True), (4, 1, True), (0, 3, False)],
)
def test_a_version_that_did_not_follow_its_base_is_crossed(
    version: int, base: int, crossed: bool
) -> None:
    assert replace(GOOD, version=version, base_version=base).crossed is crossed


def test_the_table_keeps_missing_missing_and_the_order_given() -> None:
    second = replace(GOOD, assessment_id=str(uuid4()), scores={"market": 40, "production": None})
    first = replace(GOOD, scores=dict(zip(ASPECTS, (1, 2, 3, 4, 5, 6), strict=True)))
    table = frame([first, second], ASPECTS)
    assert table.index.tolist() == [first.assessment_id, second.assessment_id]
    assert table.index.name == "assessment_id"
    assert table.columns.tolist() == ["center_id", "author", "assessed_on", *ASPECTS]
    assert table.loc[first.assessment_id, ASPECTS].tolist() == [1, 2, 3, 4, 5, 6]
    assert table.loc[second.assessment_id, ASPECTS].isna().tolist() == [1, 1, 0, 1, 1, 1]
    assert table.loc[second.assessment_id, "market"] == 40
    assert table["assessed_on"].tolist() == [pd.Timestamp("2026-02-28")] * 2
    assert table["center_id"].tolist() == ["karo", "karo"]


def test_the_table_of_nothing_has_the_same_columns_and_types() -> None:
    empty, full = frame([], ASPECTS), frame([GOOD], ASPECTS)
    assert len(empty) == 0
    assert empty.dtypes.to_dict() == full.dtypes.to_dict()
    assert (empty[ASPECTS].dtypes == "float64").all()


# What is recorded of a center


def of_day(day: int, **fields: Any) -> Assessment:
    given = {"center_id": "karo", "author": f"Tim {day}", "assessed_on": date(2026, 1, day)}
    return Assessment(**(given | fields))  # type: ignore[arg-type]


def test_the_newest_complete_assessment_counts_before_later_partial_ones() -> None:
    whole, part = dict.fromkeys(ASPECTS, 50.0), {"market": 10.0}
    old, complete = of_day(1, scores=whole), of_day(2, scores=whole)
    later, bare = of_day(3, scores=part), of_day(4)
    found = standings([later, complete, bare, old], ASPECTS)["karo"]
    assert (found.scored, found.newest, found.count) == (complete, bare, 3)
    assert found.complete
    found = standings([bare, later, of_day(1, scores=part)], ASPECTS)["karo"]
    assert (found.scored, found.complete) == (later, False)
    assert standings([bare], ASPECTS)["karo"].scored is None


def test_ratings_and_plan_stay_when_a_later_assessment_has_none() -> None:
    rated = of_day(1, ratings={"items": {}})
    planned = of_day(2, actions={"pinned": ["a"]})
    scored = of_day(3, scores=dict.fromkeys(ASPECTS, 1.0))
    found = standings([scored, planned, rated], ASPECTS)["karo"]
    assert (found.rated, found.planned) == (rated, planned)


def test_of_one_day_the_assessment_saved_last_counts() -> None:
    one = of_day(1, saved_at=datetime(2026, 1, 1, 9, tzinfo=UTC))
    two = of_day(1, saved_at=datetime(2026, 1, 1, 8, tzinfo=UTC))
    assert standings([one, two], ASPECTS)["karo"].newest == one


def test_changes_name_the_fields_that_differ() -> None:
    before = of_day(1, scores={"market": 1.0})
    after = replace(
        before, scores={"market": 2.0}, actions={"pinned": ["a"]}, hidden=True, version=2
    )
    assert assessments.changes(before, after) == ["scores", "actions", "hidden"]
    assert assessments.changes(before, replace(before, version=9, saved_by="x")) == []
