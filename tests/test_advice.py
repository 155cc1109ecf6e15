"""Advice: what the shipped actions cover, which are chosen and why, what a planner changes."""

import json
import math
import re
from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ikmgeo.advice import ID_LENGTH, MOST_IDS, Plan, Reason, applied, basis, chosen
from ikmgeo.analysis import gather
from ikmgeo.load import read_table
from ikmgeo.messages import Messages
from ikmgeo.settings import SHIPPED_DATA, Settings
from ikmgeo.validate import check_guidance
from ikmgeo.vocabulary import ACTORS, ASPECTS, CATEGORIES, LEVERS, PHASES

SUITED = {
    "under_development": {1},
    "potential": {1, 2},
    "developing": {2, 3},
    "excellent": {3},
}
"""Phases of each category, as the paper's advice goes from the weakest to the strongest."""

NAMED = ["coffee", "pandan", "cassava", "copra"]
"""Commodities whose derivative products the paper asks for; copra is its coconut center."""


@pytest.fixture(scope="module")
def shipped() -> pd.DataFrame:
    commodities = pd.read_csv(SHIPPED_DATA / "commodities.csv")["commodity"]
    rows = read_table(SHIPPED_DATA / "guidance.csv", name="guidance.csv").rows
    guidance, issues = check_guidance(rows, commodities)
    assert issues == ()
    return guidance


def listing(column: pd.Series, code: str) -> pd.Series:
    return column.map(lambda codes: code in codes)


def test_there_are_40_to_60_actions_numbered_by_their_phase(shipped: pd.DataFrame) -> None:
    assert 40 <= len(shipped) <= 60
    assert shipped.index.is_monotonic_increasing
    assert [int(i[1]) for i in shipped.index] == shipped["phase"].tolist()
    assert all(re.fullmatch(r"A[123]\d\d", i) for i in shipped.index)


@pytest.mark.parametrize("category", CATEGORIES)
def test_actions_of_a_category_are_in_its_phases(shipped: pd.DataFrame, category: str) -> None:
    phases = shipped.loc[listing(shipped["categories"], category), "phase"]
    assert set(phases) == SUITED[category]
    assert phases.value_counts().min() >= 6


@pytest.mark.parametrize("phase", [1, 2, 3])
@pytest.mark.parametrize("aspect", ASPECTS)
def test_every_aspect_has_an_action_in_every_phase(
    shipped: pd.DataFrame, aspect: str, phase: int
) -> None:
    assert (listing(shipped["aspects"], aspect) & (shipped["phase"] == phase)).any()


def test_every_lever_and_actor_is_used(shipped: pd.DataFrame) -> None:
    assert set(shipped["lever"]) == set(LEVERS)
    assert set(shipped["actors"].explode()) == set(ACTORS)


@pytest.mark.parametrize(
    ("group", "lever", "contents"),
    [
        (1, "institution", ["cooperative", "standard procedures", "legal form", "industry plan"]),
        (2, "production_people", ["train the", "equipment", "mentor", "quality control"]),
        (
            3,
            "markets_partnership",
            ["Sei Mangkei", "KIM", "Kuala Tanjung", "retailers", "e-commerce", "joint brand"],
        ),
        (
            4,
            "innovation_variety",
            ["coffee", "pandan", "cassava", "coconut", "package", "research"],
        ),
    ],
)
def test_each_group_of_the_paper_is_covered(
    shipped: pd.DataFrame, group: int, lever: str, contents: list[str]
) -> None:
    followed = shipped[shipped["section"].str.startswith(f"recommendations, group {group}:")]
    assert set(followed["source"]) == {"Hasanah, Faried, Sembiring"}
    assert set(followed["lever"]) == {lever}
    told = " ".join(followed["text_en"]).lower()
    assert [words for words in contents if words.lower() not in told] == []


def test_paper_is_followed_category_by_category(shipped: pd.DataFrame) -> None:
    for category in CATEGORIES:
        section = f"category by category: {category.replace('_', ' ')}"
        followed = shipped[shipped["section"] == section]
        assert len(followed)
        assert listing(followed["categories"], category).all()


def test_derivative_products_are_for_the_commodities_that_the_paper_names(
    shipped: pd.DataFrame,
) -> None:
    special = shipped[shipped["commodities"].map(bool)]
    assert set(special["commodities"].explode()) == set(NAMED)
    assert set(special["lever"]) == {"innovation_variety"}
    for commodity in NAMED:
        about = special[listing(special["commodities"], commodity)]
        assert {1, 2} <= set(about["phase"])


def test_all_five_studies_are_followed(shipped: pd.DataFrame) -> None:
    sources = shipped["source"].value_counts()
    assert len(sources) == 5
    assert sources.min() >= 2


@pytest.mark.parametrize(
    "section",
    [
        "obstacle: financing",
        "obstacle: raw materials",
        "obstacle: business partnerships",
        "obstacle: product standards",
        "obstacle: reach to export",
        "after the pandemic: digitalisation",
        "after the pandemic: green demands",
        "internal problems: capital",
        "internal problems: financial administration",
        "internal problems: succession and one-person management",
        "external problems: business climate",
        "building a cluster: joint planning",
        "value chain",
        "conflicts of interest",
        "micro-partnerships among firms",
    ],
)
def test_levers_of_the_other_studies_are_there(shipped: pd.DataFrame, section: str) -> None:
    assert shipped["section"].eq(section).any()


def test_actions_for_a_linkage_name_a_zone_of_its_class(shipped: pd.DataFrame) -> None:
    only = {
        aspect: shipped[shipped["aspects"] == (aspect,)] for aspect in ("sez_linkage", "ie_linkage")
    }
    for language in ("text_id", "text_en"):
        assert only["sez_linkage"][language].str.contains("Sei Mangkei").all()
        assert only["ie_linkage"][language].str.contains("KIM|Kuala Tanjung").all()
    assert all(len(actions) >= 3 for actions in only.values())


def test_texts_are_sentences_in_two_languages_and_each_its_own(shipped: pd.DataFrame) -> None:
    indonesian = re.compile(r"\b(dan|yang|untuk|dengan|lalu|di|satu)\b")
    english = re.compile(r"\b(the|and|of|with|a|to|in)\b")
    both = pd.concat([shipped["text_id"], shipped["text_en"]])
    assert both.is_unique
    assert both.str.fullmatch(r"[A-Z].{40,250}\.").all()
    for column, own, other in (
        ("text_id", indonesian, english),
        ("text_en", english, indonesian),
    ):
        texts = shipped[column]
        assert [t for t in texts if not own.search(t) or other.search(t)] == []


def test_no_cell_is_a_formula_or_markup() -> None:
    rows = read_table(SHIPPED_DATA / "guidance.csv", name="guidance.csv").rows
    cells = rows.stack()
    assert not cells.str.contains(r"[<>{}$`\\\n]|^\s*[=+\-@]|https?:").any()


@pytest.mark.parametrize(
    ("indonesian", "english"),
    [("dua", "two"), ("tiga", "three"), ("lima", "five"), ("enam|keenam", "six")],
)
def test_numbers_are_the_same_in_both_languages(
    shipped: pd.DataFrame, indonesian: str, english: str
) -> None:
    said = shipped["text_id"].str.contains(rf"\b(?:{indonesian})\b", case=False)
    also = shipped["text_en"].str.contains(rf"\b{english}\b", case=False)
    assert said.any()
    assert said[said != also].index.tolist() == []


def test_missing_file_is_one_issue_and_leaves_no_advice(data_copy: Path) -> None:
    (data_copy / "guidance.csv").unlink()
    inputs = gather(Settings(data=data_copy))
    assert [(i.code, i.file) for i in inputs.issues] == [("file_missing", "guidance.csv")]
    assert inputs.guidance.empty
    assert chosen(inputs.guidance, "potential", NOTHING, "coffee").empty
    assert applied(chosen(inputs.guidance, None, NOTHING, None), Plan(pinned=("A101",))).empty


def test_bad_rows_are_told_and_the_others_stay(data_copy: Path) -> None:
    file = data_copy / "guidance.csv"
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    lines[1] = lines[1].replace(",1,", ",7,", 1)
    lines[2] = lines[2].replace("\n", ",one,more\n")
    file.write_text("".join([*lines, lines[3]]), encoding="utf-8")
    inputs = gather(Settings(data=data_copy))
    assert {(i.code, i.row) for i in inputs.issues if i.file == "guidance.csv"} == {
        ("ragged_row", 3),
        ("unknown_code", 2),
        ("duplicate_id", 62),
    }
    assert inputs.guidance.index[0] == "A103"
    assert len(inputs.guidance) == 58


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_lever_phase_and_actor_has_its_word(language: str) -> None:
    say = Messages(language)
    keys = [f"lever.{c}" for c in LEVERS] + [f"phase.{c}" for c in PHASES]
    keys += [f"actor.{c}" for c in ACTORS]
    assert [key for key in keys if not say.has(key)] == []
    assert len({say(key) for key in keys}) == len(keys)


@pytest.mark.parametrize("category", CATEGORIES)
def test_every_category_gets_a_full_page_from_its_own_phases(
    shipped: pd.DataFrame, category: str
) -> None:
    found = chosen(shipped, category, NOTHING, "tenun")
    assert len(found) == 12
    assert set(found["phase"]) == SUITED[category]
    assert not found["commodities"].map(bool).any()


# Choosing, on tables made by hand.
NOTHING = pd.Series(math.nan, index=list(ASPECTS))
LISTS = ["categories", "aspects", "commodities"]


def scores(**known: float) -> pd.Series:
    return pd.Series(known, dtype=float).reindex(list(ASPECTS))


def table(*actions: tuple[str, int, str, str] | tuple[str, int, str, str, str]) -> pd.DataFrame:
    """Actions of id, phase and codes of categories, aspects and commodities, by spaces."""
    rows = [(*action, "")[:5] for action in actions]
    frame = pd.DataFrame(rows, columns=["action_id", "phase", *LISTS]).set_index("action_id")
    return frame.assign(**{c: frame[c].map(lambda codes: tuple(codes.split())) for c in LISTS})


def ids(guidance: pd.DataFrame, category: str | None, /, **options: object) -> list[str]:
    aspects = options.pop("aspects", NOTHING)
    commodity = options.pop("commodity", None)
    return chosen(guidance, category, aspects, commodity, **options).index.tolist()


def why(guidance: pd.DataFrame, action: str, category: str | None, **known: float) -> object:
    return chosen(guidance, category, scores(**known), "coffee").at[action, "reasons"]


def test_without_aspects_the_category_chooses_and_says_so() -> None:
    guidance = table(
        ("a", 1, "under_development potential", "market"),
        ("b", 1, "under_development", ""),
        ("c", 2, "potential", "production"),
        ("d", 3, "excellent", "market"),
    )
    found = chosen(guidance, "potential", NOTHING, None)
    assert found.index.tolist() == ["a", "c"]
    assert set(found["basis"]) == {"category"}
    assert found.at["a", "reasons"] == (Reason("category", "potential"), Reason("phase", "1"))
    assert found.at["c", "reasons"] == (Reason("category", "potential"), Reason("phase", "2"))


def test_reasons_name_category_weak_aspects_weakest_first_commodity_and_phase() -> None:
    guidance = table(("a", 2, "developing", "market production institutional", "tea coffee"))
    assert why(guidance, "a", "developing", production=49.5, market=12, institutional=50) == (
        Reason("category", "developing"),
        Reason("aspect", "market", 12.0),
        Reason("aspect", "production", 49.5),
        Reason("commodity", "coffee"),
        Reason("phase", "2"),
    )


def test_weak_aspect_brings_an_action_meant_for_other_categories() -> None:
    guidance = table(("a", 1, "under_development", "market"))
    assert ids(guidance, "excellent") == []
    assert why(guidance, "a", "excellent", market=20) == (Reason("aspect", "market", 20.0),)


def test_weak_aspect_brings_no_action_of_a_phase_ahead_of_the_category() -> None:
    guidance = table(("a", 2, "developing", "market"), ("b", 3, "excellent", "market"))
    weak = scores(market=0)
    assert ids(guidance, "under_development", aspects=weak) == []
    assert ids(guidance, "potential", aspects=weak) == ["a"]
    assert ids(guidance, "developing", aspects=weak) == ["a", "b"]


def test_action_meant_for_a_category_is_chosen_in_any_phase_but_after_those_that_fit() -> None:
    guidance = table(("a", 3, "potential", "market"), ("b", 1, "potential", "market"))
    found = chosen(guidance, "potential", scores(market=1), None)
    assert found.index.tolist() == ["b", "a"]
    assert found.at["a", "reasons"] == (
        Reason("category", "potential"),
        Reason("aspect", "market", 1.0),
    )


@pytest.mark.parametrize(
    ("score", "below", "expected"),
    [(49.99, 50, True), (50, 50, False), (0, 50, True), (0, 0, False), (99, 100, True)],
)
def test_weak_is_below_the_bound_and_not_at_it(score: float, below: float, expected: bool) -> None:
    guidance = table(("a", 1, "excellent", "market"))
    found = ids(guidance, "potential", aspects=scores(market=score), weak_below=below)
    assert found == (["a"] if expected else [])


def test_missing_aspect_is_not_weak() -> None:
    guidance = table(("a", 1, "excellent", "market"))
    assert ids(guidance, "potential", aspects=scores(production=10)) == []
    assert ids(guidance, "potential", aspects=pd.Series({"production": 10.0})) == []


def test_a_weak_aspect_of_an_excellent_center_comes_before_what_any_such_center_gets() -> None:
    """Twelve actions fill the list; the one that mends what is weak must not fall off its end."""
    meant = [(f"m-{n:02}", 3, "excellent", "") for n in range(15)]
    guidance = table(*meant, ("z-mends", 1, "under_development", "sez_linkage"))
    found = ids(guidance, "excellent", aspects=scores(sez_linkage=10, market=90))
    assert found == ["z-mends", *(m[0] for m in meant[:11])]


def test_order_is_weakness_phase_number_of_weak_aspects_depth_id() -> None:
    """Missing to 50: market 30, production 10, institutional 25; their sums decide among pairs."""
    every = "developing"
    guidance = table(
        ("z-two-deep", 2, every, "market institutional"),  # 2 weak, 55 points
        ("y-two-shallow", 2, every, "production institutional"),  # 2 weak, 35 points
        ("x-one-deep", 3, every, "market"),  # 1 weak, 30 points
        ("w-one-shallow", 3, every, "production"),  # 1 weak, 10 points
        ("b-none", 2, every, "sez_linkage"),
        ("a-none", 3, every, ""),
        ("a-early", 1, every, "market production institutional"),
    )
    weak = scores(market=20, production=40, institutional=25, sez_linkage=80)
    expected = [
        *("z-two-deep", "y-two-shallow", "x-one-deep", "w-one-shallow", "a-early"),
        *("a-none", "b-none"),
    ]
    assert ids(guidance, every, aspects=weak) == expected
    assert ids(guidance.iloc[::-1], every, aspects=weak) == expected


def test_ties_are_broken_by_id_whatever_the_order_of_the_file() -> None:
    guidance = table(*((name, 1, "potential", "market") for name in "cab"))
    assert ids(guidance, "potential") == ["a", "b", "c"]
    assert ids(guidance, "potential", aspects=scores(market=10)) == ["a", "b", "c"]


def test_action_about_commodities_is_for_these_alone() -> None:
    guidance = table(("a", 1, "potential", "market", "coffee tea"), ("b", 1, "potential", "market"))
    assert ids(guidance, "potential", commodity="tea") == ["a", "b"]
    for other in ("rice", None, math.nan):
        assert ids(guidance, "potential", commodity=other) == ["b"]
        assert ids(guidance, "potential", commodity=other, aspects=scores(market=1)) == ["b"]


@pytest.mark.parametrize("category", [None, "several", "none", "unscored"])
def test_without_a_category_advice_is_general_and_of_phase_1(category: str | None) -> None:
    guidance = table(
        ("a", 1, "under_development", "market"),
        ("b", 1, "potential", ""),
        ("c", 2, "potential", ""),
        ("d", 2, "potential", "market"),
        ("e", 1, "under_development", "production"),
    )
    found = chosen(guidance, category, NOTHING, None)
    assert found["reasons"].to_dict() == {"b": (Reason("general"),)}
    assert set(found["basis"]) == {"none"}
    weak = chosen(guidance, category, scores(market=5, production=90), None)
    assert weak["reasons"].to_dict() == {
        "a": (Reason("aspect", "market", 5.0),),
        "b": (Reason("general"),),
    }
    assert set(weak["basis"]) == {"aspects"}


def test_shipped_actions_include_general_ones_for_a_center_without_category(
    shipped: pd.DataFrame,
) -> None:
    found = chosen(shipped, None, NOTHING, None)
    assert {Reason("general")} == {reason for why in found["reasons"] for reason in why}
    assert len(found) >= 2


@pytest.mark.parametrize(
    ("category", "known", "expected"),
    [
        ("potential", {"market": 80.0}, "aspects"),
        (None, {"market": 80.0}, "aspects"),
        ("potential", {}, "category"),
        ("several", {}, "none"),
        (None, {}, "none"),
    ],
)
def test_basis_is_told_even_when_nothing_is_chosen(
    category: str | None, known: Mapping[str, float], expected: str
) -> None:
    assert basis(category, scores(**known)) == expected
    empty = chosen(table().astype({"phase": int}), category, scores(**known), None)
    assert list(empty) == ["phase", *LISTS, "reasons", "basis"]
    assert empty.empty


def test_list_is_cut_at_the_most_and_kept_ones_stay() -> None:
    guidance = table(
        *((name, 1, "potential", "") for name in "abcd"),
        ("x", 3, "excellent", ""),
        ("w", 3, "", ""),
    )
    assert ids(guidance, "potential", most=2) == ["a", "b"]
    assert ids(guidance, "potential", most=0) == []
    assert ids(guidance, "potential", most=2, keep=["d", "x", "gone"]) == ["a", "b", "d", "x"]
    assert ids(guidance, "potential", most=9, keep=["b"]) == ["a", "b", "c", "d"]
    kept = chosen(guidance, "potential", NOTHING, None, most=2, keep=["x", "d"])
    assert kept.at["x", "reasons"] == (Reason("kept"),)
    assert kept.at["d", "reasons"] == (Reason("category", "potential"), Reason("phase", "1"))


@pytest.mark.parametrize(
    "options", [{"weak_below": -1}, {"weak_below": 101}, {"weak_below": math.nan}, {"most": -1}]
)
def test_impossible_options_are_refused(options: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="expected 0"):
        chosen(table(("a", 1, "potential", "")), "potential", NOTHING, None, **options)


def test_choosing_leaves_the_guidance_as_it_was(shipped: pd.DataFrame) -> None:
    before = shipped.copy()
    found = chosen(shipped, "potential", scores(market=10), "coffee")
    assert list(found) == [*before, "reasons", "basis"]
    assert shipped.equals(before)


weak_or_not = st.one_of(st.just(math.nan), st.floats(0, 100))


@given(
    category=st.sampled_from([*CATEGORIES, None, "several"]),
    known=st.fixed_dictionaries(dict.fromkeys(ASPECTS, weak_or_not)),
    commodity=st.sampled_from([*NAMED, "tenun", None]),
    bound=st.floats(0, 100),
)
def test_every_chosen_action_has_a_reason_that_holds(
    shipped: pd.DataFrame,
    category: str | None,
    known: dict[str, float],
    commodity: str | None,
    bound: float,
) -> None:
    found = chosen(shipped, category, pd.Series(known), commodity, weak_below=bound)
    assert found.index.is_unique
    assert len(found) <= 12
    for action in found.itertuples():
        assert action.reasons
        for reason in action.reasons:
            if reason.code == "aspect":
                assert reason.what in action.aspects
                assert reason.score == known[reason.what] < bound
            if reason.code == "category":
                assert reason.what == category
                assert category in action.categories
            if reason.code == "commodity":
                assert reason.what == commodity
                assert commodity in action.commodities
            if reason.code == "phase":
                assert action.phase in SUITED[category]
        assert not action.commodities or Reason("commodity", commodity) in action.reasons


# What a planner makes of the list.
LIST = pd.DataFrame({"text_id": list("ABCDE")}, index=pd.Index(list("abcde"), name="action_id"))


def seen(plan: Plan, **options: bool) -> str:
    return "".join(applied(LIST, plan, **options).index)


def test_plan_without_changes_shows_the_list_as_it_is() -> None:
    found = applied(LIST, Plan())
    assert seen(Plan()) == "abcde"
    assert not found[["pinned", "dropped"]].any(axis=None)
    assert found["text_id"].tolist() == list("ABCDE")


def test_pinned_are_first_and_dropped_are_out_until_shown_or_restored() -> None:
    plan = Plan().pin("d").drop("b")
    assert seen(plan) == "dace"
    assert seen(plan, dropped=True) == "daceb"
    found = applied(LIST, plan, dropped=True)
    assert found.index[found["pinned"]].tolist() == ["d"]
    assert found.index[found["dropped"]].tolist() == ["b"]
    assert seen(plan.restore("b")) == "dabce"
    assert seen(plan.unpin("d")) == "acde"


def test_dropping_unpins_and_pinning_restores() -> None:
    assert Plan().pin("a").drop("a") == Plan(dropped=("a",))
    assert Plan().drop("a").pin("a") == Plan(pinned=("a",))
    both = Plan(pinned=("a",), dropped=("a",))
    assert seen(both) == "bcde"
    assert not applied(LIST, both, dropped=True)["pinned"].any()


def test_unknown_ids_do_nothing() -> None:
    plan = Plan(pinned=("?", "e"), dropped=("!",), order=("-", "c", "c"))
    assert seen(plan) == "ecabd"
    assert seen(plan.move("?", 1, among="abcde")) == "ecabd"


@pytest.mark.parametrize(
    ("action", "by", "expected"),
    [
        ("c", -1, "acbde"),
        ("c", 1, "abdce"),
        ("c", -2, "cabde"),
        ("a", -1, "abcde"),
        ("e", 1, "abcde"),
        ("b", 99, "acdeb"),
        ("d", -99, "dabce"),
        ("d", 0, "abcde"),
    ],
)
def test_action_moves_so_many_places_and_stops_at_the_ends(
    action: str, by: int, expected: str
) -> None:
    assert seen(Plan().move(action, by, among="abcde")) == expected


def test_pinned_move_among_the_pinned_and_others_below_them() -> None:
    plan = Plan().pin("d").pin("e")
    assert seen(plan) == "deabc"
    assert seen(plan.move("e", -5, among="abcde")) == "edabc"
    assert seen(plan.move("c", -5, among="abcde")) == "decab"
    assert seen(plan.move("c", -5, among="abcde").unpin("d")) == "ecabd"


def test_restored_action_has_the_place_that_it_had() -> None:
    plan = Plan().drop("b").move("e", -1, among="abcde")
    assert seen(plan) == "aced"
    assert seen(plan.restore("b")) == "abced"
    assert plan.move("b", 1, among="abcde") == plan


def test_new_advice_follows_what_was_ordered_and_old_order_is_kept() -> None:
    plan = Plan().move("c", -2, among="abc")
    assert seen(plan) == "cabde"
    later = plan.move("e", -1, among="bcde")  # a is not advised now
    assert seen(later) == "cbeda"
    swapped = Plan().move("b", -1, among="ab").move("e", -1, among="cde")
    assert seen(swapped) == "cedba"


changes = st.lists(
    st.tuples(
        st.sampled_from(["pin", "unpin", "drop", "restore", "move"]),
        st.sampled_from("abcde?"),
        st.integers(-6, 6),
    ),
    max_size=25,
)


@given(changes)
def test_no_change_of_the_plan_loses_or_doubles_an_action(
    made: list[tuple[str, str, int]],
) -> None:
    plan, pinned, dropped = Plan(), set[str](), set[str]()
    for change, action, by in made:
        before = seen(plan)
        if change == "move":
            plan = plan.move(action, by, among="abcde")
        else:
            plan = getattr(plan, change)(action)
        pinned = {"pin": pinned | {action}, "move": pinned, "restore": pinned}.get(
            change, pinned - {action}
        )
        dropped = {"drop": dropped | {action}, "move": dropped, "unpin": dropped}.get(
            change, dropped - {action}
        )
        if change == "move":
            assert sorted(seen(plan)) == sorted(before)
    assert sorted(seen(plan, dropped=True)) == list("abcde")
    assert set(seen(plan)) == set("abcde") - dropped
    assert set(seen(plan)[: len(pinned - {"?"})]) == pinned - {"?"}
    assert Plan.from_dict(json.loads(json.dumps(plan.to_dict()))) == plan


ID_LISTS = st.lists(st.sampled_from("abcdefg"), max_size=9).map(tuple)


@given(st.builds(Plan, ID_LISTS, ID_LISTS, ID_LISTS))
def test_any_plan_shows_each_action_once(plan: Plan) -> None:
    assert sorted(seen(plan, dropped=True)) == list("abcde")
    assert sorted(seen(plan)) == sorted(set("abcde") - set(plan.dropped))
    for action in "abcde":
        moved = plan.move(action, 1, among="abcde")
        assert sorted(seen(moved)) == sorted(seen(plan))


def test_plan_of_nothing_is_empty() -> None:
    assert Plan.from_dict({}) == Plan()
    assert Plan.from_dict({"pinned": ["a", "a", "b"], "colour": "red"}) == Plan(pinned=("a", "b"))


@pytest.mark.parametrize(
    "broken",
    [
        {"pinned": "abc"},
        {"dropped": [1]},
        {"order": [None]},
        {"order": [""]},
        {"order": ["a" * (ID_LENGTH + 1)]},
        {"order": [str(n) for n in range(MOST_IDS + 1)]},
        {"pinned": {"a": 1}},
        {"pinned": None},
        ["a"],
        None,
    ],
    ids=str,
)
def test_broken_plan_is_refused(broken: object) -> None:
    with pytest.raises(ValueError, match=r"pinned|dropped|order|plan"):
        Plan.from_dict(broken)
