"""Ratings and what follows from them: unknown is never 0, and no answer goes beyond the ratings."""

import csv
import itertools
import json
import math
import re
from functools import partial
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ikmgeo import tables
from ikmgeo.instrument import Instrument
from ikmgeo.measures import frameworks as fw
from ikmgeo.measures.frameworks import Ratings, Seed
from ikmgeo.reading.validate import check_frameworks
from ikmgeo.records.assessments import JSON_LENGTH
from ikmgeo.settings import SHIPPED_DATA
from ikmgeo.vocabulary import COMMODITY_FRAMEWORKS, FRAMEWORKS, REGULATIONS
from tests.rated import ASPECTS, INSTRUMENT
from tests.shipped_data import shipped_inputs

MILLION = 1_000_000

# Three items of which two are one part, and a framework of one item.
ITEMS = pd.DataFrame(
    [
        ("trust", "drivers", "social_network"),
        ("knowledge_sharing", "drivers", "social_network"),
        ("innovation", "drivers", "innovation"),
        ("marketing", "capabilities", "marketing"),
    ],
    columns=["item_id", "framework", "part"],
).set_index("item_id")


def shipped_rows() -> list[dict[str, str]]:
    with (SHIPPED_DATA / "frameworks.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


ROWS = shipped_rows()
EVERY_ITEM = pytest.mark.parametrize("row", ROWS, ids=[row["item_id"] for row in ROWS])


def ids_of(framework: str) -> list[str]:
    return [row["item_id"] for row in ROWS if row["framework"] == framework]


def drivers(**ratings: int | None) -> Ratings:
    return Ratings({"drivers": ratings})


# The shipped items


def test_shipped_items_are_checked_and_in_the_order_of_the_file() -> None:
    inputs = shipped_inputs()
    assert inputs.frameworks.index.tolist() == [row["item_id"] for row in ROWS]
    assert [i for i in inputs.issues if i.file == "frameworks.csv"] == []
    assert list(dict.fromkeys(inputs.frameworks["framework"])) == list(FRAMEWORKS)


def test_every_framework_has_the_items_of_its_source() -> None:
    assert ids_of("value_chain") == [
        *("producer", "processing", "distributor", "intermediary", "large_buyer", "retail"),
        *("final_consumer", "producer_to_processing", "processing_to_distributor"),
        *("distributor_to_intermediary", "intermediary_to_large_buyer", "large_buyer_to_retail"),
        *("retail_to_final_consumer", "information_flow", "standards"),
    ]
    assert ids_of("actors") == [fw.CORE, *fw.AROUND]
    assert len(ids_of("actors")) == 6
    assert ids_of("graduation") == list(fw.OBSTACLES)
    assert len(fw.OBSTACLES) == 9
    assert len(ids_of("capabilities")) == 4
    assert len(ids_of("interaction")) == 3
    parts = {row["part"] for row in ROWS if row["framework"] == "diamond"}
    assert parts == {
        *("factor", "demand", "supporting_industries", "rivalry", "government", "chance"),
    }
    assert {row["part"] for row in ROWS if row["framework"] == "drivers"} == {
        *("innovation", "social_network"),
    }


def test_lestari_names_six_factor_conditions_and_seven_links_of_the_chain() -> None:
    """Audit missing 10: geography apart from natural resources; the final consumer at the end."""
    factors = [row["item_id"] for row in ROWS if row["part"] == "factor"]
    assert factors == [
        *("factor_geography", "factor_resources", "factor_people", "factor_infrastructure"),
        *("factor_administration", "factor_innovation"),
    ]
    assert len(fw.NODES) == 7
    assert fw.NODES[-1] == "final_consumer"
    old = Ratings.from_dict({"items": {"diamond": {"factor_resources": 3}}})
    assert fw.of_items(old, shipped_inputs().frameworks)["factor_resources"] == 3


def test_building_a_cluster_has_its_factors_traits_and_stages() -> None:
    """Audit missing 5: three success factors, five planning traits, three stages."""
    parts: dict[str, list[str]] = {}
    for row in ROWS:
        if row["framework"] == "cluster_building":
            parts.setdefault(row["part"], []).append(row["item_id"])
    assert [*parts] == ["stakeholder_planning", "joint_planning", "resource_sharing", "stage"]
    assert parts["joint_planning"] == [
        *("market_driven", "inclusive", "collaborative", "strategic", "value_creating"),
    ]
    assert parts["stage"] == [f"stage_{stage}" for stage in fw.BUILDING_STAGES]


def test_commodities_have_the_six_factors_of_kotler() -> None:
    """Audit missing 4."""
    assert COMMODITY_FRAMEWORKS == ("attractiveness",)
    assert ids_of("attractiveness") == [
        *("value_per_worker", "linked_industries", "future_competitiveness"),
        *("comparative_advantage", "export_potential", "domestic_demand"),
    ]


def test_each_challenge_of_the_bangalore_study_can_be_rated() -> None:
    """Audit missing 6; unhealthy rivalry has been an item of the diamond."""
    assert ids_of("challenges") == [
        *("necessity_entrepreneurs", "programme_overlap", "technology_transfer"),
        *("energy_costs", "import_pressure"),
    ]
    assert "rivalry" in ids_of("diamond")


@pytest.mark.parametrize(
    ("initiation", "planning", "implementation", "stage"),
    [
        (None, 4, 4, "unknown"),
        (2, None, None, "initiation"),
        (3, 0, 4, "planning"),
        (3, None, 4, "unknown"),
        (4, 4, 2, "implementation"),
        (3, 3, 3, "running"),
    ],
)
def test_stage_of_a_cluster_is_the_first_that_is_not_done(
    initiation: int | None, planning: int | None, implementation: int | None, stage: str
) -> None:
    rated = {"initiation": initiation, "planning": planning, "implementation": implementation}
    items = {f"stage_{name}": rating for name, rating in rated.items()}
    assert fw.building_stage(Ratings({"cluster_building": items})) == stage


def test_the_code_names_no_item_that_is_not_shipped() -> None:
    for item, framework in fw.SIGNS.items():
        assert item in ids_of(framework)
    for framework, items in fw.SEEDED.items():
        assert set(items) <= set(ids_of(framework))
    for gaps in (fw.value_chain_gaps(Ratings()), fw.actor_gaps(Ratings())):
        nodes = gaps.index[gaps["kind"] == "node"]
        assert set(nodes) <= {row["item_id"] for row in ROWS}
    links = fw.value_chain_gaps(Ratings()).query("kind == 'link'").index
    assert set(links) <= set(ids_of("value_chain"))


@EVERY_ITEM
def test_anchors_of_an_item_differ_in_both_languages(row: dict[str, str]) -> None:
    for language in ("id", "en"):
        anchors = [row[f"anchor_{n}_{language}"] for n in range(5)]
        assert len({re.sub(r"\W+", " ", anchor).casefold() for anchor in anchors}) == 5
    pairs = [(row[f"anchor_{n}_id"], row[f"anchor_{n}_en"]) for n in range(5)]
    assert all(indonesian != english for indonesian, english in pairs)


@EVERY_ITEM
def test_texts_are_given_short_and_plain(row: dict[str, str]) -> None:
    for column, text in row.items():
        assert text.strip() == text != "", column
        assert text[0] not in "=+-@'"
        assert not set(text) & set("<>{}`$\\&\t\r\n"), column
        assert len(text) <= 100
        if column.startswith("anchor"):
            assert not text.endswith(".")
    for language in ("id", "en"):
        assert row[f"question_{language}"].endswith("?")


@EVERY_ITEM
def test_no_english_word_in_the_indonesian_and_the_reverse(row: dict[str, str]) -> None:
    for column, text in row.items():
        words = set(re.findall(r"[a-z]+", text.lower()))
        if column.endswith("_id") and column != "item_id":
            assert not words & {"the", "and", "of", "with", "not", "they", "are", "or"}, text
        if column.endswith("_en"):
            assert not words & {"dan", "yang", "tidak", "usaha", "dengan", "ada", "atau"}, text


def test_no_two_items_of_a_framework_share_a_name() -> None:
    for language in ("id", "en"):
        named = [(row["framework"], row[f"name_{language}"]) for row in ROWS]
        assert len(set(named)) == len(named)


def test_buyer_rated_as_a_single_one_says_so() -> None:
    (buyer,) = [row for row in ROWS if row["item_id"] == "buyer"]
    assert buyer[f"anchor_{fw.SINGLE_BUYER}_en"].startswith("One buyer")


def text_table(*changes: dict[str, str | None]) -> pd.DataFrame:
    rows: list[dict[str, str | None]] = [{**ROWS[0], **change} for change in changes]
    return pd.DataFrame(rows, dtype="str", index=pd.RangeIndex(2, len(rows) + 2, name="row"))


def test_broken_items_are_named_and_left_out() -> None:
    table, issues = check_frameworks(
        text_table(
            {},
            {"item_id": "a", "framework": "pestel"},
            {"item_id": "b", "anchor_3_en": None},
            {"part": "again"},
        )
    )
    assert table.index.tolist() == [ROWS[0]["item_id"]]
    assert {(i.code, i.row, i.column) for i in issues} == {
        ("unknown_code", 3, "framework"),
        ("cell_missing", 4, "anchor_3_en"),
        ("duplicate_id", 5, "item_id"),
    }
    assert {issue.file for issue in issues} == {"frameworks.csv"}


def test_file_without_a_column_gives_no_item() -> None:
    table, issues = check_frameworks(text_table({}).drop(columns="anchor_0_id"))
    assert table.empty
    assert [(issue.code, issue.column) for issue in issues] == [("column_missing", "anchor_0_id")]
    assert fw.summary(Ratings(), table).empty


# Records


HOSTILE = "=1+1 <script>alert(1)</script> {{ 7*191 }} ${x} '; DROP TABLE a; --\n\u202e \U0001f600"

item_ids = st.from_regex(r"\A[a-z][a-z0-9_]{0,20}\Z")
texts = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=180
).filter(lambda text: bool(text.strip()))
records = st.builds(
    Ratings,
    st.dictionaries(
        st.sampled_from(FRAMEWORKS),
        st.dictionaries(item_ids, st.none() | st.integers(0, 4), max_size=5),
        max_size=3,
    ),
    st.dictionaries(st.sampled_from(fw.SWOT), st.lists(texts, max_size=3).map(tuple), max_size=4),
    st.none() | st.integers(0, 10**15) | st.floats(0, 1e15),
    st.none() | st.integers(0, 10**6),
)


@given(records)
def test_record_comes_back_from_json_as_it_was(recorded: Ratings) -> None:
    written = json.dumps(recorded.to_dict(), allow_nan=False)
    assert Ratings.from_dict(json.loads(written)) == recorded


def test_record_of_nothing_is_an_empty_mapping_too() -> None:
    assert Ratings.from_dict({}) == Ratings()


def test_hostile_text_is_kept_as_it_is() -> None:
    recorded = Ratings().noted("threats", [f"  {HOSTILE} ", "   "])
    assert recorded.swot == {"threats": (HOSTILE,)}
    assert Ratings.from_dict(json.loads(json.dumps(recorded.to_dict()))) == recorded


def test_fullest_record_fits_in_an_assessment() -> None:
    item = "i" * 48
    full = Ratings(
        {name: {f"{item}{n:02d}": None for n in range(fw.MOST_ITEMS)} for name in FRAMEWORKS},
        dict.fromkeys(fw.SWOT, ("😀" * fw.TEXT_LENGTH,) * fw.MOST_TEXTS),
        10**15,
        10**6,
    )
    assert len(json.dumps(full.to_dict())) <= JSON_LENGTH


def broken_records() -> dict[str, Any]:
    many = {f"i{n}": 1 for n in range(fw.MOST_ITEMS + 1)}
    return {
        "no mapping": ["items"],
        "null": None,
        "text": "items",
        "unknown part": {"items": {}, "more": 1},
        "unknown framework": {"items": {"pestel": {}}},
        "framework of text": {"items": {"diamond": "demand"}},
        "framework of numbers": {"items": {"diamond": [1, 2]}},
        "rating too high": {"items": {"diamond": {"demand": 5}}},
        "rating below": {"items": {"diamond": {"demand": -1}}},
        "half a rating": {"items": {"diamond": {"demand": 2.5}}},
        "whole number as a float": {"items": {"diamond": {"demand": 2.0}}},
        "true": {"items": {"diamond": {"demand": True}}},
        "rating as text": {"items": {"diamond": {"demand": "2"}}},
        "item is no code": {"items": {"diamond": {"<b>": 2}}},
        "item too long": {"items": {"diamond": {"a" * 51: 2}}},
        "too many items": {"items": {"diamond": many}},
        "unknown list": {"swot": {"hopes": []}},
        "list is text": {"swot": {"threats": "abc"}},
        "entry is a number": {"swot": {"threats": [1]}},
        "entry is blank": {"swot": {"threats": [" "]}},
        "entry too long": {"swot": {"threats": ["a" * 181]}},
        "too many entries": {"swot": {"threats": ["a"] * 21}},
        "NUL": {"swot": {"threats": ["a\0"]}},
        "half a character": {"swot": {"threats": ["a\ud800"]}},
        "investment below 0": {"investment": -1},
        "investment NaN": {"investment": math.nan},
        "infinite investment": {"investment": math.inf},
        "investment as text": {"investment": "500"},
        "investment true": {"investment": True},
        "workers below 0": {"workers": -1},
        "workers as text": {"workers": "19"},
    }


@pytest.mark.parametrize("name", broken_records())
def test_broken_record_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r"expected|not of the form"):
        Ratings.from_dict(broken_records()[name])


def test_rating_an_item_leaves_the_first_record_alone() -> None:
    first = drivers(trust=1)
    second = first.rated("drivers", "trust", None).rated("diamond", "demand", 0)
    assert first == drivers(trust=1)
    assert second.items == {"drivers": {"trust": None}, "diamond": {"demand": 0}}
    assert second.rating("diamond", "demand") == 0
    assert second.rating("drivers", "trust") is None
    assert second.rating("actors", "buyer") is None


def test_record_does_not_follow_what_it_was_read_from() -> None:
    read: dict[str, Any] = {"items": {"drivers": {"trust": 1}}}
    recorded = Ratings.from_dict(read)
    read["items"]["drivers"]["trust"] = 4
    assert recorded.rating("drivers", "trust") == 1


# Summary


def test_summary_counts_known_and_unknown_and_means_the_parts() -> None:
    # trust 4 and knowledge 1 are one part of mean 2.5; with innovation 0 that is 1.25.
    found = fw.summary(drivers(trust=4, knowledge_sharing=1, innovation=0), ITEMS)
    assert found.index.tolist() == ["drivers", "capabilities"]
    assert found.loc["drivers", ["rated", "unknown"]].tolist() == [3, 0]
    assert found.at["drivers", "mean"] == 1.25
    assert found.at["drivers", "weakest"] == ("innovation",)


def test_unknown_is_not_a_zero_in_the_mean() -> None:
    found = fw.summary(drivers(trust=4, knowledge_sharing=None), ITEMS).loc["drivers"]
    assert (found["rated"], found["unknown"], found["mean"]) == (1, 2, 4)
    assert found["weakest"] == ()


def test_nothing_rated_has_no_mean_and_no_weakest() -> None:
    found = tables.row(fw.summary(Ratings(), ITEMS), "capabilities")
    assert (found["rated"], found["unknown"], found["weakest"]) == (0, 1, ())
    assert math.isnan(found["mean"])


def test_all_of_the_lowest_are_weakest_unless_they_are_strong() -> None:
    found = fw.summary(drivers(trust=2, knowledge_sharing=2, innovation=3), ITEMS)
    assert found.at["drivers", "weakest"] == ("trust", "knowledge_sharing")
    strong = fw.summary(drivers(trust=3, knowledge_sharing=3, innovation=4), ITEMS)
    assert strong.at["drivers", "weakest"] == ()


def test_parts_keep_the_order_of_the_table() -> None:
    found = fw.of_parts(drivers(trust=4, knowledge_sharing=1), ITEMS)
    assert found.index.tolist() == [
        ("drivers", "social_network"),
        ("drivers", "innovation"),
        ("capabilities", "marketing"),
    ]
    assert found.iloc[0] == 2.5
    assert found.iloc[1:].isna().all()


def test_items_that_the_table_lacks_do_not_count() -> None:
    found = fw.summary(drivers(trust=2, luck=0), ITEMS).loc["drivers"]
    assert (found["rated"], found["mean"]) == (1, 2)


# Value chain and actors


def states(gaps: pd.DataFrame) -> dict[str, str]:
    return dict(gaps["state"])


def test_chain_tells_who_is_missing_and_what_is_broken() -> None:
    gaps = fw.value_chain_gaps(
        Ratings(
            {
                "value_chain": {
                    "producer": 1,
                    "processing": 4,
                    "distributor": 0,
                    "intermediary": 2,
                    "large_buyer": None,
                    "producer_to_processing": 2,
                    "processing_to_distributor": 3,
                    "intermediary_to_large_buyer": 1,
                    "large_buyer_to_retail": 2,
                }
            }
        )
    )
    assert gaps.index.tolist() == [
        *("producer", "producer_to_processing", "processing", "processing_to_distributor"),
        *("distributor", "distributor_to_intermediary", "intermediary"),
        *("intermediary_to_large_buyer", "large_buyer", "large_buyer_to_retail", "retail"),
        *("retail_to_final_consumer", "final_consumer"),
    ]
    assert states(gaps) == {
        "producer": "present",
        "producer_to_processing": "present",
        "processing": "present",
        "processing_to_distributor": "broken",  # whatever was rated: nobody is at its end
        "distributor": "missing",
        "distributor_to_intermediary": "broken",
        "intermediary": "present",
        "intermediary_to_large_buyer": "broken",
        "large_buyer": "unknown",
        "large_buyer_to_retail": "present",
        "retail": "unknown",
        "retail_to_final_consumer": "unknown",
        "final_consumer": "unknown",
    }
    link = gaps.loc["processing_to_distributor"]
    assert (link["kind"], link["start"], link["end"]) == ("link", "processing", "distributor")
    assert pd.isna(tables.cell(gaps, "producer", "start"))
    assert gaps.at["distributor", "rating"] == 0
    assert math.isnan(tables.cell(gaps, "retail", "rating"))


def test_chain_of_which_nothing_is_known_has_no_gap() -> None:
    assert set(fw.value_chain_gaps(Ratings())["state"]) == {"unknown"}


@pytest.mark.parametrize(
    ("rating", "node", "link"),
    [
        (None, "unknown", "unknown"),
        (0, "missing", "broken"),
        (1, "present", "broken"),
        (2, "present", "present"),
        (4, "present", "present"),
    ],
)
def test_rating_of_an_actor_tells_its_link_too(rating: int | None, node: str, link: str) -> None:
    gaps = fw.actor_gaps(Ratings({"actors": {"core_industry": 3, "buyer": rating}}))
    assert gaps.at["buyer", "state"] == node
    assert gaps.at["core_industry_to_buyer", "state"] == link
    assert gaps.loc["core_industry_to_buyer", ["start", "end"]].tolist() == [
        *("core_industry", "buyer"),
    ]


def test_without_a_core_no_actor_is_linked() -> None:
    gaps = fw.actor_gaps(Ratings({"actors": {"core_industry": 0, "buyer": 4}}))
    links = gaps[gaps["kind"] == "link"]
    assert set(links["state"]) == {"broken"}
    assert len(links) == 5


# Cluster or agglomeration

SIGNS = ("knowledge_sharing", "rivalry", "conflict_of_interest", "micro_partnership")


def signs(*ratings: int | None) -> Ratings:
    recorded = Ratings()
    for item, rating in zip(SIGNS, ratings, strict=True):
        recorded = recorded.rated(fw.SIGNS[item], item, rating)
    return recorded


@pytest.mark.parametrize(
    ("ratings", "verdict"),
    [
        ((0, 0, 0, 0), "agglomeration"),
        ((1, 1, 4, 4), "agglomeration"),
        ((1, 4, 1, 4), "agglomeration"),
        ((1, 2, 2, 0), "between"),  # knowledge alone is no unhealthy rivalry
        ((2, 0, 0, 0), "between"),  # some knowledge passes on
        ((3, 3, 3, 2), "between"),
        ((3, 3, 3, 3), "cluster"),
        ((4, 4, 4, 4), "cluster"),
        ((None, None, None, None), "unknown"),
        ((3, 3, 3, None), "unknown"),
        ((1, 1, None, None), "agglomeration"),  # no other rating could change it
        ((2, 3, 3, None), "between"),
        ((2, None, None, None), "between"),
        ((None, 2, 2, 4), "between"),  # neither rivalry is weak, and not all are strong
        ((None, 3, 3, 3), "unknown"),
        ((None, 0, 3, 3), "unknown"),
    ],
)
def test_verdict_follows_the_rule(ratings: tuple[int | None, ...], verdict: str) -> None:
    assert fw.cluster_or_agglomeration(signs(*ratings)).verdict == verdict


def by_the_words(knowledge: int, rivalry: int, conflict: int, partnership: int) -> str:
    if knowledge < 2 and (rivalry < 2 or conflict < 2):
        return "agglomeration"
    if all(rating > 2 for rating in (knowledge, rivalry, conflict, partnership)):
        return "cluster"
    return "between"


def test_unknown_exactly_where_what_is_missing_could_change_the_verdict() -> None:
    for ratings in itertools.product((None, *range(5)), repeat=4):
        possible = itertools.product(*[range(5) if r is None else [r] for r in ratings])
        verdicts = {by_the_words(*full) for full in possible}
        expected = verdicts.pop() if len(verdicts) == 1 else "unknown"
        assert fw.cluster_or_agglomeration(signs(*ratings)).verdict == expected


def test_verdict_names_the_weak_and_the_unknown_signs() -> None:
    found = fw.cluster_or_agglomeration(signs(1, None, 2, 0))
    assert found.weak == ("knowledge_sharing", "micro_partnership")
    assert found.unknown == ("rivalry",)


# Size and graduation


SIZES = shipped_inputs().size_classes
OF_2013 = SIZES[SIZES["regulation"] == "permenperin_13_2013"]
OF_2016 = SIZES[SIZES["regulation"] == "permenperin_64_2016"]
OF_2021 = SIZES[SIZES["regulation"] == "pp_7_2021"]


def test_each_regulation_has_its_rules_and_its_source() -> None:
    """Audit doubt 5."""
    assert set(SIZES["regulation"]) == set(REGULATIONS)
    assert SIZES["source"].str.len().gt(20).all()
    assert SIZES.groupby("regulation")["name_id"].nunique().eq(1).all()


@pytest.mark.parametrize(
    ("rupiah", "of_2013", "of_2021"),
    [
        (None, "unknown", "unknown"),
        (0, "micro_or_small", "micro"),
        (500 * MILLION, "micro_or_small", "micro"),
        (500 * MILLION + 1, "medium", "micro"),
        (500_000_000.5, "medium", "micro"),
        (1_000 * MILLION, "medium", "micro"),
        (1_000 * MILLION + 1, "medium", "small"),
        (5_000 * MILLION, "medium", "small"),
        (5_000 * MILLION + 1, "medium", "medium"),
        (10_000 * MILLION, "medium", "medium"),
        (10_000 * MILLION + 1, "large", "large"),
    ],
)
def test_size_class_is_that_of_each_regulation(
    rupiah: float | None, of_2013: str, of_2021: str
) -> None:
    """Audit doubt 5: Rp 500 million and 10 billion in 2013, Rp 1, 5 and 10 billion in 2021."""
    for workers in (None, 0, 500):
        assert fw.size_class(rupiah, workers, OF_2013) == of_2013
        assert fw.size_class(rupiah, workers, OF_2021) == of_2021


@pytest.mark.parametrize(
    ("rupiah", "workers", "size"),
    [
        (999 * MILLION, 19, "micro_or_small"),
        (1_000 * MILLION, 19, "medium"),  # small is below 1 billion
        (20_000 * MILLION, 19, "medium"),
        (0, 20, "medium"),
        (15_000 * MILLION, 20, "medium"),
        (15_000 * MILLION + 1, 20, "large"),
        (999 * MILLION, None, "unknown"),
        (1_000 * MILLION, None, "medium"),  # with any number of workers
        (16_000 * MILLION, None, "unknown"),
        (None, 5, "unknown"),
        (None, 50, "unknown"),
    ],
)
def test_regulation_of_2016_counts_workers_too(
    rupiah: float | None, workers: int | None, size: str
) -> None:
    """Audit doubt 5: up to 19 workers and below Rp 1 billion are small, Rp 15 billion medium."""
    assert fw.size_class(rupiah, workers, OF_2016) == size


@pytest.mark.parametrize("amount", [-1, math.nan, math.inf])
def test_impossible_investment_and_workers_are_refused(amount: float) -> None:
    with pytest.raises(ValueError, match="investment"):
        fw.size_class(amount, 5, OF_2016)
    with pytest.raises(ValueError, match="workers"):
        fw.size_class(5, amount, OF_2016)  # type: ignore[arg-type]


def test_next_size_and_what_it_takes() -> None:
    assert fw.next_size(120 * MILLION, None, OF_2021) == ("small", 1_000 * MILLION)
    assert fw.next_size(1_200 * MILLION, None, OF_2021) == ("medium", 5_000 * MILLION)
    assert fw.next_size(120 * MILLION, 10, OF_2016) == ("medium", 1_000 * MILLION)
    assert fw.next_size(120 * MILLION, None, OF_2016) is None
    assert fw.next_size(6_000 * MILLION, None, OF_2021) is None


def test_graduation_tells_what_stands_and_how_far_it_is() -> None:
    found = fw.graduation(
        Ratings(
            {
                "graduation": {
                    "financing": 2,
                    "market_access": 3,
                    "raw_materials": 0,
                    "business_partnership": 4,
                    "product_standards": 2,
                    "export_reach": None,
                }
            },
            investment=120 * MILLION,
        ),
        OF_2013,
    )
    assert found.standing == ("raw_materials", "financing", "product_standards")
    assert found.cleared == ("market_access", "business_partnership")
    assert found.unknown == (
        *("product_development", "entrepreneurship", "production_capacity", "export_reach"),
    )
    assert found.readiness == 0.4
    assert (found.size, found.next_size) == ("micro_or_small", "medium")
    assert found.more_than_rupiah == 380 * MILLION


def test_readiness_is_unknown_while_less_than_half_is_rated() -> None:
    four = dict.fromkeys(fw.OBSTACLES[:4], 4)
    assert fw.graduation(Ratings({"graduation": four}), OF_2013).readiness is None
    five = dict.fromkeys(fw.OBSTACLES[:5], 4)
    assert fw.graduation(Ratings({"graduation": five}), OF_2013).readiness == 1
    none = dict.fromkeys(fw.OBSTACLES, 0)
    assert fw.graduation(Ratings({"graduation": none}), OF_2013).readiness == 0


@pytest.mark.parametrize(
    ("rupiah", "size"),
    [(None, "unknown"), (600 * MILLION, "medium"), (11_000 * MILLION, "large")],
)
def test_no_step_is_told_where_none_is_known(rupiah: float | None, size: str) -> None:
    found = fw.graduation(Ratings(investment=rupiah), OF_2013)
    assert (found.size, found.next_size, found.more_than_rupiah) == (size, None, None)


# SWOT


def codes(seeds: tuple[Seed, ...]) -> list[str | float]:
    return [seed.parameters.get("aspect", seed.parameters.get("item", "")) for seed in seeds]


swot_seed = partial(fw.swot_seed, instrument=INSTRUMENT)
NO_SEED: dict[str, tuple[Seed, ...]] = dict.fromkeys(fw.SWOT, ())


def test_nothing_known_starts_no_entry() -> None:
    unknown = dict.fromkeys(ASPECTS)
    assert swot_seed(unknown, Ratings()) == NO_SEED
    assert swot_seed(dict.fromkeys(ASPECTS, math.nan), Ratings()) == NO_SEED
    assert swot_seed({}, Ratings(), zones=zones()) == NO_SEED


def test_strong_and_weak_aspects_go_to_their_lists() -> None:
    found = swot_seed(
        {
            "institutional": 56.61,
            "production": 56.60,
            "market": 80,
            "sustainability": 49.99,
            "sez_linkage": 50,
            "ie_linkage": 10,
        },
        Ratings(),
    )
    assert found == {
        "strengths": (Seed("aspect_strong", {"aspect": "institutional", "score": 56.61}),),
        "weaknesses": (
            Seed("aspect_weak", {"aspect": "sustainability", "score": 49.99}),
            Seed("aspect_weak", {"aspect": "ie_linkage", "score": 10.0}),
        ),
        "opportunities": (Seed("aspect_strong", {"aspect": "market", "score": 80.0}),),
        "threats": (),
    }


def test_without_printed_ranges_an_aspect_is_strong_in_the_upper_quarter() -> None:
    bare = Instrument(INSTRUMENT.aspects, INSTRUMENT.categories)
    rated = {"production": 75.01, "institutional": 75.0, "market": 20.0}
    found = fw.swot_seed(rated, Ratings(), bare, weak_below=21)
    assert codes(found["strengths"]) == ["production"]
    assert codes(found["weaknesses"]) == ["market"]


def test_ratings_go_to_their_lists_and_middling_ones_to_none() -> None:
    found = swot_seed(
        {},
        Ratings(
            {
                "diamond": {"factor_people": 3, "demand": 4, "rivalry": 0, "government": 2},
                "capabilities": {"marketing": 1},
                "interaction": {"conflict_of_interest": 1, "micro_partnership": 1},
                "graduation": {"financing": 0},
            }
        ),
    )
    assert codes(found["strengths"]) == ["factor_people"]
    assert codes(found["weaknesses"]) == ["marketing", "micro_partnership"]
    assert codes(found["opportunities"]) == ["demand"]
    assert codes(found["threats"]) == ["rivalry", "conflict_of_interest"]
    told: dict[str, str | float] = {"framework": "diamond", "item": "rivalry", "rating": 0}
    assert found["threats"][0] == Seed("item", told)


@pytest.mark.parametrize(("rating", "threats"), [(None, 0), (0, 0), (1, 1), (2, 0), (4, 0)])
def test_only_a_single_buyer_is_a_threat(rating: int | None, threats: int) -> None:
    found = swot_seed({}, Ratings({"actors": {"buyer": rating}}))
    assert len(found["threats"]) == threats


def zones(**of_zone: tuple[float, float]) -> pd.DataFrame:
    columns = ["distance_km", "fit"]
    return pd.DataFrame.from_dict(of_zone, orient="index", columns=columns, dtype=float)


def test_near_zone_whose_sectors_fit_is_an_opportunity() -> None:
    found = swot_seed(
        {}, Ratings(), zones=zones(a=(50, 0.5), b=(20, 0), c=(10, math.nan), d=(50.1, 1), e=(5, 1))
    )
    assert found["opportunities"] == (
        Seed("zone_fits", {"zone": "e", "km": 5.0}),
        Seed("zone_fits", {"zone": "a", "km": 50.0}),
    )
    assert found["threats"] == ()


def test_of_many_zones_the_nearest_three_are_named() -> None:
    many = zones(**{f"z{n}": (40 - n, 1) for n in range(6)})
    found = swot_seed({}, Ratings(), zones=many)["opportunities"]
    assert [seed.parameters["zone"] for seed in found] == ["z5", "z4", "z3"]


def test_distance_is_a_threat_only_where_every_zone_is_known_to_be_far() -> None:
    far = zones(a=(150, 1), b=(100.1, 0))
    found = swot_seed({}, Ratings(), zones=far)
    assert found["threats"] == (Seed("zone_far", {"zone": "b", "km": 100.1}),)
    assert found["opportunities"] == ()
    unknown = zones(a=(150, 1), b=(math.nan, 0))
    assert swot_seed({}, Ratings(), zones=unknown)["threats"] == ()
    near = zones(a=(150, 1), b=(100, 0))
    assert swot_seed({}, Ratings(), zones=near)["threats"] == ()


@pytest.mark.parametrize("rating", [0, 1, 3, 4])
def test_every_seed_can_be_recorded_in_both_languages(rating: int) -> None:
    everything = Ratings(
        {name: dict.fromkeys(ids_of(name), rating) for name in FRAMEWORKS},
    )
    score = 90.0 if rating > 2 else 10.0
    close = zones(a=(1, 1), b=(2, 1), c=(3, 1), d=(4, 1))
    seeds = swot_seed(dict.fromkeys(ASPECTS, score), everything, zones=close)
    by_id = {row["item_id"]: row for row in ROWS}
    for name, entries in seeds.items():
        assert len(entries) <= fw.MOST_TEXTS
        for seed in entries:
            if seed.code == "item":
                row = by_id[str(seed.parameters["item"])]
                for language in ("id", "en"):
                    anchor = row[f"anchor_{seed.parameters['rating']}_{language}"]
                    text = f"{row[f'name_{language}']}: {anchor}"
                    assert Ratings().noted(name, [text]).swot == {name: (text,)}
