"""Advice: what the shipped actions cover, which are chosen and why, what a planner changes."""

import json
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ikmgeo import advice, tables
from ikmgeo.advice import (
    ID_LENGTH,
    MOST_IDS,
    ZONE,
    Advised,
    Plan,
    Reason,
    Situation,
    Tie,
    applied,
    situation,
)
from ikmgeo.analysis import Inputs, Measured, classify, gather, measure
from ikmgeo.measures.scoring import Scheme
from ikmgeo.reading.load import read_table
from ikmgeo.reading.validate import Action
from ikmgeo.settings import SHIPPED_DATA, Settings
from ikmgeo.vocabulary import ACTORS, CIRCUMSTANCES, LEVERS, PHASES
from ikmgeo.words.reasons import examples, rests_on, why
from tests.rated import ASPECTS, CATEGORIES, INSTRUMENT
from tests.saying import SAY
from tests.shipped_data import shipped_inputs

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
def inputs() -> Inputs:
    found = shipped_inputs()
    assert found.issues == ()
    return found


@pytest.fixture(scope="module")
def shipped(inputs: Inputs) -> pd.DataFrame:
    return as_table(inputs.guidance)


def as_table(guidance: Mapping[str, Action]) -> pd.DataFrame:
    return pd.DataFrame(guidance.values(), columns=Action._fields).set_index("action_id")


def chosen(guidance: pd.DataFrame, of: Situation, **options: Any) -> pd.DataFrame:
    """What is advised, as a table."""
    return told(advice.chosen(actions(guidance), of, **options))


def actions(guidance: pd.DataFrame) -> dict[str, Action]:
    return {
        row["action_id"]: Action(**{str(name): cell for name, cell in row.items()})
        for row in guidance.reset_index().to_dict("records")
    }


def told(found: Iterable[Advised]) -> pd.DataFrame:
    rows = [(*advised.action, advised.reasons, advised.basis) for advised in found]
    return pd.DataFrame(rows, columns=[*Action._fields, "reasons", "basis"]).set_index("action_id")


def listing(column: pd.Series, code: str) -> pd.Series:
    return column.map(lambda codes: code in codes)


def test_actions_are_numbered_by_their_phase(shipped: pd.DataFrame) -> None:
    assert 60 < len(shipped) <= 100
    assert shipped.index.is_monotonic_increasing
    assert [int(i[1]) for i in shipped.index] == shipped["phase"].tolist()
    assert all(re.fullmatch(r"A[123]\d\d", i) for i in shipped.index)


@pytest.mark.parametrize("category", CATEGORIES)
def test_actions_of_a_category_are_in_its_phases(shipped: pd.DataFrame, category: str) -> None:
    by_category = listing(shipped["categories"], category) & ~shipped["circumstances"].map(bool)
    phases = shipped.loc[by_category, "phase"]
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
            ["Sei Mangkei", "KIM", ZONE, "retailers", "e-commerce", "joint brand"],
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
    followed = shipped[shipped["section"].str.startswith("recommendations, group 4:")]
    special = followed[followed["commodities"].map(bool)]
    assert set(special["commodities"].explode()) == set(NAMED)
    assert set(special["lever"]) == {"innovation_variety"}
    for commodity in NAMED:
        about = special[listing(special["commodities"], commodity)]
        assert {1, 2} <= set(about["phase"])


def test_every_commodity_of_a_center_has_actions_of_its_own(inputs: Inputs) -> None:
    about = {code for action in inputs.guidance.values() for code in action.commodities}
    assert set(inputs.centers["commodity"]) <= about


def test_all_five_studies_are_followed_and_what_is_ours_says_so(shipped: pd.DataFrame) -> None:
    sources = shipped["source"].value_counts()
    ours = shipped[shipped["source"] == "ikmgeo (own proposal)"]
    assert len(sources) == 6
    assert sources.min() >= 2
    assert ours["circumstances"].map(bool).all()


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
        "closing agendas: strict formal standards",
        "closing agendas: vouchers and matching grants",
        "closing agendas: accreditation of providers",
        "local government: matching grants for cluster leaders",
        "capability: individual skill",
        "capability: business model",
        "capability: technology and innovation",
        "capability: marketing",
        "challenges: overlapping programmes",
    ],
)
def test_levers_of_the_other_studies_are_there(shipped: pd.DataFrame, section: str) -> None:
    assert shipped["section"].eq(section).any()


NAMES = {"sei_mangkei": "Sei Mangkei", "kim": "KIM", "kuala_tanjung": "Kuala Tanjung"}


def test_an_action_whose_words_name_a_zone_says_so_in_its_columns(shipped: pd.DataFrame) -> None:
    """Audit E3: else nothing would withhold it; those with a gap say of which class."""
    for action in tables.rows(shipped):
        for text in (action.text_id, action.text_en):
            assert {z for z, name in NAMES.items() if name in text} == set(action.zones)
            assert (ZONE in text) == bool(action.zone_classes)
        if action.zones or action.zone_classes:
            assert action.fit_min > 0
            assert 0 < action.within_km <= 150


def test_actions_for_a_linkage_are_about_a_zone_of_its_class(
    inputs: Inputs, shipped: pd.DataFrame
) -> None:
    for aspect, kind in (("sez_linkage", "sez"), ("ie_linkage", "ie")):
        about = shipped[listing(shipped["aspects"], aspect) & ~shipped["circumstances"].map(bool)]
        tied = about[about["zones"].map(bool) | about["zone_classes"].map(bool)]
        assert len(tied) >= 3
        for action in tables.rows(tied):
            assert {*action.zone_classes, *inputs.zones.loc[list(action.zones), "class"]} == {kind}


@pytest.mark.parametrize(
    ("words", "cases"),
    [
        ("magang", {"batur"}),
        ("hibah pendamping", set()),
        ("voucer", set()),
        ("terakreditasi", set()),
        ("cagar usaha", set()),
        ("standar formal", set()),
        ("one village one product", set()),
        ("kedutaan", set()),
        ("subkontrak", set()),
        ("balai latihan", {"batur"}),
        ("ubi kayu bersama kelompok tani", {"spat"}),
        ("satu nama dagang", {"saga"}),
        ("pendampingan kerajinan", {"trangsan"}),
        ("perjanjian pasokan tahunan", {"tegal"}),
        ("modal kerja", {"pnm"}),
        ("RPIK", set()),
        ("NIB dan perizinan berusaha melalui OSS", set()),
        ("SPP-IRT", set()),
    ],
)
def test_what_the_sources_advise_is_there_with_its_case(
    shipped: pd.DataFrame, words: str, cases: set[str]
) -> None:
    """Audit, missing 3, 6 and 7, and its table of words."""
    found = shipped[shipped["text_id"].str.contains(words, regex=False)]
    assert len(found)
    assert set(found["cases"].explode().dropna()) == cases


@pytest.mark.parametrize(
    ("case", "figures"),
    [
        ("pnm", ["50", "400", "2002"]),
        ("trangsan", ["2007"]),
        ("tegal", ["6,406", "6,646", "7,835,200", "8,121,320", "2,176", "2,291", "6,660,000"]),
        ("tegal", ["7,250,000"]),
    ],
)
def test_cases_tell_the_numbers_of_their_source(
    inputs: Inputs, case: str, figures: list[str]
) -> None:
    """Audit, missing 7: as printed there, in each language's own writing."""
    english, indonesian = inputs.cases.loc[case, ["text_en", "text_id"]]
    assert [f for f in figures if f not in english] == []
    assert [f for f in figures if f.replace(",", ".") not in indonesian] == []


def test_every_case_stands_under_an_action(inputs: Inputs) -> None:
    named = {case for action in inputs.guidance.values() for case in action.cases}
    assert named == set(inputs.cases.index)
    for action in inputs.guidance.values():
        lines = examples(SAY["id"], action, inputs)
        assert [line.startswith("Contoh: ") for line in lines] == [True] * len(action.cases)


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
    cells = rows.stack().str.replace(ZONE, "", regex=False)
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
    assert inputs.guidance == {}
    some = Situation("potential", NOTHING, "coffee", INSTRUMENT)
    assert advice.chosen(inputs.guidance, some) == []
    none = advice.chosen(inputs.guidance, Situation(None, NOTHING, None, INSTRUMENT))
    assert applied(none, Plan(pinned=("A101",))) == []


def test_bad_rows_are_told_and_the_others_stay(data_copy: Path) -> None:
    file = data_copy / "guidance.csv"
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    count = len(lines)
    lines[1] = lines[1].replace(",1,", ",7,", 1)
    lines[2] = lines[2].replace("\n", ",one,more\n")
    file.write_text("".join([*lines, lines[3]]), encoding="utf-8")
    inputs = gather(Settings(data=data_copy))
    assert {(i.code, i.row) for i in inputs.issues if i.file == "guidance.csv"} == {
        ("ragged_row", 3),
        ("unknown_code", 2),
        ("duplicate_id", count + 1),
    }
    assert next(iter(inputs.guidance)) == "A103"
    assert len(inputs.guidance) == count - 3


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_lever_phase_and_actor_has_its_word(language: str) -> None:
    say = SAY[language]
    keys = [f"lever.{c}" for c in LEVERS] + [f"phase.{c}" for c in PHASES]
    keys += [f"actor.{c}" for c in ACTORS]
    assert [key for key in keys if not say.has(key)] == []
    assert len({say(key) for key in keys}) == len(keys)


@pytest.mark.parametrize("category", CATEGORIES)
def test_every_category_gets_a_full_page_from_its_own_phases(
    shipped: pd.DataFrame, category: str
) -> None:
    found = chosen(shipped, Situation(category, NOTHING, "rice", INSTRUMENT))
    assert len(found) == 12
    assert set(found["phase"]) == SUITED[category]
    assert not found["commodities"].map(bool).any()


# Choosing, on tables made by hand.
NOTHING = pd.Series(math.nan, index=list(ASPECTS))
LISTS = ["categories", "aspects", "commodities"]
OTHER_LISTS = ["actors", "zones", "zone_classes", "zone_statuses", "circumstances", "cases"]


def scores(**known: float) -> pd.Series:
    return pd.Series(known, dtype=float).reindex(list(ASPECTS))


def table(*actions: tuple[str, int, str, str] | tuple[str, int, str, str, str]) -> pd.DataFrame:
    """Actions of id, phase and codes of categories, aspects and commodities, by spaces."""
    rows = [(*action, "")[:5] for action in actions]
    frame = pd.DataFrame(rows, columns=["action_id", "phase", *LISTS]).set_index("action_id")
    frame = frame.assign(**{c: frame[c].map(lambda codes: tuple(codes.split())) for c in LISTS})
    empty: dict[str, Any] = {column: [()] * len(frame) for column in OTHER_LISTS}
    texts = dict.fromkeys(("text_id", "text_en"), "Do.") | {"lever": "institution"}
    texts |= dict.fromkeys(("aim_id", "aim_en", "source", "section"), "x")
    return frame.assign(**empty, **texts, fit_min=math.nan, within_km=math.nan)


def zoned(action_id: str, **columns: Any) -> pd.DataFrame:
    """One action of phase 1 for a potential center, with other columns."""
    found = table((action_id, 1, "potential", "")).astype(object)
    for column, value in columns.items():
        found.at[action_id, column] = value
    return found


def zones(**known: tuple[str, float, float, float, float]) -> dict[str, Tie]:
    """Class, fit, km and its bounds of zones in operation."""
    return {z: Tie(kind, "operating", f"Zone {z}", *rest) for z, (kind, *rest) in known.items()}


def said(*claims: tuple[str, str, str]) -> list[object]:
    """Statements of id, aspect and polarity."""
    table = pd.DataFrame(claims, columns=["claim_id", "aspect", "polarity"])
    return list(table.set_index("claim_id").itertuples())


def ids(guidance: pd.DataFrame, category: str | None, /, **options: Any) -> list[str]:
    aspects = options.pop("aspects", NOTHING)
    commodity = options.pop("commodity", None)
    of = Situation(category, aspects, commodity, INSTRUMENT)
    return chosen(guidance, of, **options).index.tolist()


def reasons(guidance: pd.DataFrame, action: str, category: str | None, **known: float) -> object:
    return chosen(guidance, Situation(category, scores(**known), "coffee", INSTRUMENT)).at[
        action, "reasons"
    ]


def test_without_aspects_the_category_chooses_and_says_so() -> None:
    guidance = table(
        ("a", 1, "under_development potential", "market"),
        ("b", 1, "under_development", ""),
        ("c", 2, "potential", "production"),
        ("d", 3, "excellent", "market"),
    )
    found = chosen(guidance, Situation("potential", NOTHING, None, INSTRUMENT))
    assert found.index.tolist() == ["a", "c"]
    assert set(found["basis"]) == {"category"}
    assert found.at["a", "reasons"] == (Reason("category", "potential"), Reason("phase", "1"))
    assert found.at["c", "reasons"] == (Reason("category", "potential"), Reason("phase", "2"))


def test_reasons_name_weak_aspects_weakest_first_commodity_category_and_phase() -> None:
    guidance = table(("a", 2, "developing", "market production institutional", "tea coffee"))
    assert reasons(guidance, "a", "developing", production=49.5, market=12, institutional=50) == (
        Reason("aspect", "market", 12.0),
        Reason("aspect", "production", 49.5),
        Reason("commodity", "coffee"),
        Reason("category", "developing"),
        Reason("phase", "2"),
    )
    deepest, first = "ie_linkage", "institutional"  # between them stand aspects of no score
    guidance = table(("a", 2, "", f"{first} {deepest}"))
    assert reasons(guidance, "a", "developing", institutional=20, ie_linkage=10)[:2] == (
        Reason("aspect", deepest, 10.0),
        Reason("aspect", first, 20.0),
    )


def test_weak_aspect_brings_an_action_meant_for_other_categories() -> None:
    guidance = table(("a", 1, "under_development", "market"))
    assert ids(guidance, "excellent") == []
    assert reasons(guidance, "a", "excellent", market=20) == (Reason("aspect", "market", 20.0),)


def test_weak_aspect_brings_no_action_of_a_phase_ahead_of_the_category() -> None:
    guidance = table(("a", 2, "developing", "market"), ("b", 3, "excellent", "market"))
    weak = scores(market=0)
    assert ids(guidance, "under_development", aspects=weak) == []
    assert ids(guidance, "potential", aspects=weak) == ["a"]
    assert ids(guidance, "developing", aspects=weak) == ["a", "b"]


def test_action_meant_for_a_category_is_chosen_in_any_phase_but_after_those_that_fit() -> None:
    guidance = table(("a", 3, "potential", "market"), ("b", 1, "potential", "market"))
    found = chosen(guidance, Situation("potential", scores(market=1), None, INSTRUMENT))
    assert found.index.tolist() == ["b", "a"]
    assert found.at["a", "reasons"] == (
        Reason("aspect", "market", 1.0),
        Reason("category", "potential"),
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
    found = chosen(guidance, Situation(category, NOTHING, None, INSTRUMENT))
    assert found["reasons"].to_dict() == {"b": (Reason("general"),)}
    assert set(found["basis"]) == {"none"}
    weak = chosen(guidance, Situation(category, scores(market=5, production=90), None, INSTRUMENT))
    assert weak["reasons"].to_dict() == {
        "a": (Reason("aspect", "market", 5.0),),
        "b": (Reason("general"),),
    }
    assert set(weak["basis"]) == {"aspects"}


def test_shipped_actions_include_general_ones_for_a_center_without_category(
    shipped: pd.DataFrame,
) -> None:
    found = chosen(shipped, Situation(None, NOTHING, None, INSTRUMENT))
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
    assert Situation(category, scores(**known), None, INSTRUMENT).basis == expected
    assert advice.chosen({}, Situation(category, scores(**known), None, INSTRUMENT)) == []


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
    kept = chosen(
        guidance, Situation("potential", NOTHING, None, INSTRUMENT), most=2, keep=["x", "d"]
    )
    assert kept.at["x", "reasons"] == (Reason("kept"),)
    assert kept.at["d", "reasons"] == (Reason("category", "potential"), Reason("phase", "1"))


@pytest.mark.parametrize(
    "options", [{"weak_below": -1}, {"weak_below": 101}, {"weak_below": math.nan}, {"most": -1}]
)
def test_impossible_options_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="expected 0"):
        chosen(
            table(("a", 1, "potential", "")),
            Situation("potential", NOTHING, None, INSTRUMENT),
            **options,
        )


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
    found = chosen(
        shipped, Situation(category, pd.Series(known), commodity, INSTRUMENT), weak_below=bound
    )
    assert found.index.is_unique
    assert len(found) <= 12
    for action in tables.rows(found):
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
        assert not action.commodities or Reason("commodity", str(commodity)) in action.reasons


# Zones: sector fit and distance decide whether an action about one is offered.
NEAR_AND_FAR = {
    "near": ("ie", 0.5, 40.0, 35.0, 45.0),
    "best": ("ie", 1.0, 60.0, 50.0, 70.0),
    "park": ("sez", 0.0, 5.0, 4.0, 6.0),
    "unknown": ("sez", math.nan, 5.0, 4.0, 6.0),
    "remote": ("sez", 1.0, 300.0, 290.0, 310.0),
}


def offered(action: pd.DataFrame, keep: tuple[str, ...] = (), **known: Any) -> pd.DataFrame:
    table = zones(**(known or NEAR_AND_FAR))
    return chosen(action, Situation("potential", NOTHING, "coffee", INSTRUMENT, table), keep=keep)


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({"zones": ("near",)}, "near"),
        ({"zones": ("near",), "fit_min": 0.5, "within_km": 40}, "near"),
        ({"zones": ("near",), "fit_min": 1}, None),
        ({"zones": ("near",), "within_km": 39}, None),
        ({"zones": ("park",)}, None),
        ({"zones": ("park",), "fit_min": 0}, None),
        ({"zones": ("unknown",)}, None),
        ({"zones": ("gone",)}, None),
        ({"zones": ("near", "park")}, None),
        ({"zone_classes": ("ie",), "text_id": ZONE, "text_en": ZONE}, "best"),
        ({"zone_classes": ("ie",), "within_km": 50}, "near"),
        ({"zone_classes": ("sez",)}, "remote"),
        ({"zone_classes": ("sez",), "within_km": 100}, None),
        ({"text_id": f"Di {ZONE}.", "text_en": f"At {ZONE}."}, "best"),
        ({"zone_classes": ("ie",), "zone_statuses": ("early_development",)}, None),
    ],
)
def test_an_action_about_a_zone_needs_fit_and_reach(
    columns: dict[str, Any], expected: str | None
) -> None:
    """Audit E3: fit 0 or unknown, beyond the limit, or not yet working is no zone to advise."""
    action = zoned("a", **columns)
    for keep in ((), ("a",)):  # pinning does not bring it back
        found = offered(action, keep)
        assert list(found.index) == (["a"] if expected else [])
    if expected:
        (reason,) = [r for r in found.at["a", "reasons"] if r.code == "zone"]
        _, fit, km, low, high = NEAR_AND_FAR[expected]
        assert (reason.what, reason.fit, reason.km) == (expected, fit, km)
        assert (reason.low_km, reason.high_km) == (low, high)
        assert ZONE not in found.at["a", "text_id"]


def test_the_zone_that_fits_is_named_in_the_text() -> None:
    found = offered(zoned("a", text_id=f"Kunjungi {ZONE}.", text_en=f"Visit {ZONE}."))
    assert found.loc["a", ["text_id", "text_en"]].tolist() == [
        "Kunjungi Zone best.",
        "Visit Zone best.",
    ]


def test_an_interval_across_the_limit_is_told(inputs: Inputs) -> None:
    """Measured 97.3 km lies within 100, but the place may be as far as the upper bound."""
    say = SAY["en"]
    action = zoned("a", zones=("kim",), within_km=100.0)
    for high, unsure in ((99.0, False), (126.0, True)):
        near = zones(kim=("ie", 0.5, 97.3, 68.7, high))
        of = Situation("potential", NOTHING, "coffee", INSTRUMENT, near)
        (found,) = advice.chosen(actions(action), of)
        words = why(say, found, inputs)
        assert "KIM is 97.3 km away" in words
        assert ("perhaps beyond the limit of 100.0 km" in words) == unsure


# The source's words.
SAYS = said(("T1", "market", "weakness"), ("T2", "production", "strength"))


def test_what_the_source_calls_weak_of_a_center_comes_before_what_a_survey_found() -> None:
    guidance = table(
        ("a", 1, "potential", "sez_linkage"),
        ("b", 1, "potential", "institutional"),
        ("c", 1, "potential", "market"),
        ("d", 1, "potential", "production"),
    )
    weak = scores(institutional=1)
    own = Situation("potential", weak, None, INSTRUMENT, statements=SAYS, own=True)
    assert list(chosen(guidance, own).index) == ["c", "b", "a", "d"]
    of_category = replace(own, own=False)
    assert list(chosen(guidance, of_category).index) == ["b", "c", "a", "d"]
    assert chosen(guidance, own).at["c", "reasons"][0] == Reason(
        "statement", "market", claims=("T1",)
    )
    code = chosen(guidance, of_category).at["c", "reasons"][0].code
    assert code == "statement_category"
    assert set(chosen(guidance, own)["basis"]) == {"statement"}


def test_a_survey_outweighs_what_is_said_of_the_whole_category() -> None:
    """Surveyed at 80, the market of this center is not weak because its category's is."""
    guidance = table(("a", 1, "excellent", "market"))
    strong = Situation("potential", scores(market=80), None, INSTRUMENT, statements=SAYS)
    assert chosen(guidance, strong).empty
    assert list(chosen(guidance, replace(strong, own=True)).index) == ["a"]


def test_strengths_are_built_on_in_phase_3_and_not_mended_before() -> None:
    guidance = table(
        ("a", 3, "excellent", "market"),
        ("b", 3, "excellent", "production"),
        ("c", 3, "excellent", ""),
    )
    own = Situation("excellent", NOTHING, None, INSTRUMENT, statements=SAYS[1:], own=True)
    found = chosen(guidance, own)
    assert list(found.index) == ["b", "c", "a"]
    assert found.at["b", "reasons"][0] == Reason("strength", "production", claims=("T2",))
    early = table(("a", 2, "developing", "production"), ("b", 2, "developing", "sez_linkage"))
    assert list(chosen(early, replace(own, category="developing")).index) == ["b", "a"]


def test_a_strength_that_sector_fit_contradicts_is_nothing_to_build_on() -> None:
    """Audit E6: access to markets of zones that buy nothing of the kind is to be proven first."""
    guidance = table(("a", 3, "excellent", "ie_linkage"), ("b", 3, "excellent", "market"))
    words = said(("T7", "market", "strength"), ("T8", "ie_linkage", "strength"))
    own = Situation("excellent", NOTHING, None, INSTRUMENT, statements=words, own=True)
    assert list(chosen(guidance, own).index) == ["a", "b"]
    found = chosen(guidance, replace(own, circumstances={"access_claimed": ("T8",)}))
    assert list(found.index) == ["b", "a"]
    assert {reason.code for reason in found.at["a", "reasons"]} == {"category", "phase"}


def test_words_on_sustainability_are_about_innovation() -> None:
    """The paper says "limited innovation"; a cash book is no answer to that."""
    guidance = table(("a", 1, "", "sustainability"), ("b", 1, "", "sustainability"))
    guidance.loc["b", "lever"] = "innovation_variety"
    words = said(("T1", "sustainability", "weakness"))
    own = Situation("potential", NOTHING, None, INSTRUMENT, statements=words, own=True)
    assert list(chosen(guidance, own).index) == ["b"]
    weak = replace(own, aspects=scores(sustainability=10))
    assert list(chosen(guidance, weak).index) == ["b", "a"]


def test_aspects_take_turns() -> None:
    guidance = table(*((f"i{n}", 1, "", "institutional") for n in range(3)), ("m", 1, "", "market"))
    words = said(("T1", "institutional", "weakness"), ("T2", "market", "weakness"))
    own = Situation("potential", NOTHING, None, INSTRUMENT, statements=words, own=True)
    assert list(chosen(guidance, own).index) == ["i0", "m", "i1", "i2"]


def test_an_action_for_a_circumstance_is_for_these_alone_and_tells_its_claims() -> None:
    guidance = table(("a", 3, "excellent", ""), ("b", 1, "potential", ""))
    told: Any = ("rival_categories",)
    guidance.at["a", "circumstances"] = told
    usual = Situation("potential", NOTHING, None, INSTRUMENT)
    assert list(chosen(guidance, usual).index) == ["b"]
    torn = replace(usual, circumstances={"rival_categories": ("P1", "P2")})
    found = chosen(guidance, torn)
    assert list(found.index) == ["a", "b"]
    assert found.at["a", "reasons"] == (
        Reason("circumstance", "rival_categories", claims=("P1", "P2")),
    )


# The shipped centers.
@pytest.fixture(scope="module")
def measured(inputs: Inputs) -> Measured:
    return measure(inputs)


@pytest.fixture(scope="module")
def listed(inputs: Inputs, measured: Measured) -> dict[str, list[Advised]]:
    """What every center is advised while the printed scores are in use."""
    return {
        str(name): advice.advised(
            center, center[list(ASPECTS)], Plan(), inputs=inputs, measured=measured
        )
        for name, center in classify(measured, inputs.instrument, Scheme()).iterrows()
    }


@pytest.fixture(scope="module")
def advised(listed: dict[str, list[Advised]]) -> dict[str, pd.DataFrame]:
    return {name: told(found) for name, found in listed.items()}


@given(
    center=st.integers(0, 12),
    category=st.sampled_from([*CATEGORIES, "several", "unscored"]),
    fits=st.lists(st.sampled_from([0, 0.5, 1, math.nan]), min_size=3, max_size=3),
    known=st.fixed_dictionaries(dict.fromkeys(ASPECTS, weak_or_not)),
)
def test_no_advised_zone_has_fit_0_or_lies_beyond_its_limit(
    inputs: Inputs,
    measured: Measured,
    center: int,
    category: str,
    fits: list[float],
    known: dict[str, float],
) -> None:
    """Audit E3, as a property: whatever the center, its category, its fits and its aspects."""
    row = classify(measured, inputs.instrument, Scheme()).iloc[center].copy()
    row["category"] = category
    fit = inputs.sector_fit.copy()
    fit.loc[row["commodity"]] = fits
    of = situation(row, pd.Series(known), inputs=replace(inputs, sector_fit=fit), measured=measured)
    found = told(advice.chosen(inputs.guidance, of))
    short = inputs.zones["short_name"]
    for action in tables.rows(found):
        assert ZONE not in action.text_id + action.text_en
        for zone_id, name in NAMES.items():
            spoken = any(
                n in t for n in (name, short[zone_id]) for t in (action.text_id, action.text_en)
            )
            if spoken:
                assert tables.cell(fit, row["commodity"], zone_id) >= max(action.fit_min, 0.01)
                assert tables.cell(measured.distances, row.name, zone_id) <= action.within_km


def test_every_shipped_center_has_a_list_of_its_own_for_reasons_that_are_told(
    inputs: Inputs, listed: dict[str, list[Advised]], advised: dict[str, pd.DataFrame]
) -> None:
    """Audit E3: all five Pembinaan centers had one list, the 13 had 8."""
    say = SAY["id"]
    lists = {tuple(found["text_id"]) for found in advised.values()}
    assert len(lists) == 13
    firsts = {tuple(found["text_id"].head(3)) for found in advised.values()}
    assert len(firsts) >= 12
    for found in listed.values():
        assert len({why(say, action, inputs) for action in found}) == len(found) == 12


@pytest.mark.parametrize(
    ("center", "first"),
    [
        ("batu-bara-tenun", [{"T14", "T15"}, {"T14"}]),
        ("simalungun-honey", [{"T11", "T12"}]),
        ("simalungun-coffee", [{"T03", "T34"}, {"T02", "T03", "T34"}, {"T01"}]),
        ("serdang-bedagai-pandan", [{"T07", "T08"}, {"T06", "T35"}]),
    ],
)
def test_what_the_paper_says_of_a_center_comes_first(
    advised: dict[str, pd.DataFrame], center: str, first: list[set[str]]
) -> None:
    """Audit E3: T14 and T15 are institutions and marketing, T11 and T12 innovation and market."""
    named = [
        {claim for reason in found for claim in reason.claims}
        for found in advised[center]["reasons"]
    ]
    assert named[: len(first)] == first


def test_tenun_is_told_of_institutions_and_marketing_and_of_no_zone(
    advised: dict[str, pd.DataFrame],
) -> None:
    """Audit E3: fit 0 with all three zones, KIM 109 km away."""
    found = advised["batu-bara-tenun"]
    text = " ".join([*found["text_id"], *found["text_en"]])
    assert [name for name in NAMES.values() if name in text] == []
    for action in tables.rows(found.head(6)):
        assert {"institutional", "market"} & set(action.aspects)


def test_honey_is_told_of_innovation_and_market_first(advised: dict[str, pd.DataFrame]) -> None:
    found = advised["simalungun-honey"].head(6)
    assert all({"sustainability", "market"} & set(aspects) for aspects in found["aspects"])
    assert found["lever"].iloc[0] == "innovation_variety"


@pytest.mark.parametrize("center", ["simalungun-coffee", "serdang-bedagai-pandan"])
def test_leading_centers_build_on_their_strengths(
    advised: dict[str, pd.DataFrame], center: str
) -> None:
    found = advised[center]
    found = found[~found["circumstances"].map(bool)].head(5)  # what must be known first apart
    assert set(found["phase"]) == {3}
    assert all("strength" in {r.code for r in reasons} for reasons in found["reasons"])


def test_karo_is_told_first_to_settle_its_category(
    inputs: Inputs, listed: dict[str, list[Advised]], advised: dict[str, pd.DataFrame]
) -> None:
    """The paper prints 22.23 Under development and 30.658 Developing."""
    first = listed["karo-coffee"][0]
    assert first.action.circumstances == ("rival_categories",)
    words = why(SAY["id"], first, inputs)
    assert "22,23 Pembinaan (P16)" in words
    assert "30,658 Berkembang (P20)" in words
    others = [i for i in advised if i != "karo-coffee"]
    assert all("rival_categories" not in {*advised[i]["circumstances"].explode()} for i in others)


@pytest.mark.parametrize(
    ("circumstance", "centers"),
    [
        ("place_unknown", {"binjai-cassava"}),
        ("place_district", {"deli-serdang-cassava"}),
        ("rival_categories", {"karo-coffee"}),
        ("access_claimed", {"serdang-bedagai-pandan"}),
        (
            "no_fitting_zone",
            {"batu-bara-tenun", "bunut-footwear", "pik-menteng"},  # of pandan the paper says else
        ),
    ],
)
def test_circumstances_are_those_of_the_data(
    inputs: Inputs, measured: Measured, circumstance: str, centers: set[str]
) -> None:
    classified = classify(measured, inputs.instrument, Scheme())
    found = {
        str(name)
        for name, center in classified.iterrows()
        if circumstance
        in situation(center, NOTHING, inputs=inputs, measured=measured).circumstances
    }
    assert found == centers
    met = {code for action in inputs.guidance.values() for code in action.circumstances}
    assert met == set(CIRCUMSTANCES)


def test_a_changed_fit_is_honoured(inputs: Inputs, measured: Measured) -> None:
    """Pandan and KIM, 32 km apart: at fit 1 the contracts come, and the contradiction goes."""
    center = tables.row(classify(measured, inputs.instrument, Scheme()), "serdang-bedagai-pandan")
    fit = inputs.sector_fit.copy()
    fit.loc["pandan", "kim"] = 1.0
    before = situation(center, NOTHING, inputs=inputs, measured=measured)
    after = situation(center, NOTHING, inputs=replace(inputs, sector_fit=fit), measured=measured)
    assert "A307" not in told(advice.chosen(inputs.guidance, before, most=99)).index
    assert "A307" in told(advice.chosen(inputs.guidance, after, most=99)).index
    assert before.circumstances["access_claimed"] == ("T07", "T08")
    assert after.circumstances["access_claimed"] == ("T07",)


def test_a_readers_own_center_is_not_the_papers(inputs: Inputs, measured: Measured) -> None:
    """A row of one's own under the same id stands by its own score; its category is the paper's."""
    center = tables.row(classify(measured, inputs.instrument, Scheme()), "batu-bara-tenun").copy()
    center["score_claim"] = math.nan
    of = situation(center, NOTHING, inputs=inputs, measured=measured)
    assert not of.own
    assert {statement.Index for statement in of.statements} == {"T20", "T21", "T22", "T23"}


@pytest.mark.parametrize(
    ("source", "claim", "score", "expected"),
    [
        ("published", "P16", 22.23, "Kategori Pembinaan: dari skor tercetak 22,23."),
        (
            "assessed",
            "P16",
            35.42,
            "Kategori Pembinaan: dari skor 35,42 menurut aspek yang dinilai.",
        ),
        ("published", None, 30.0, "Kategori Pembinaan: dari skor 30,00 dalam berkas Anda."),
        ("assessed", "P16", math.nan, "kategorinya tidak diketahui."),
    ],
)
def test_advice_says_of_which_score_its_category_is(
    source: str, claim: str | None, score: float, expected: str
) -> None:
    """Planner 7: a category never stands without its score's source."""
    center = pd.Series({"score": score, "score_claim": claim, "category": "under_development"})
    assert rests_on(SAY["id"], center, "category", source).endswith(expected)


# What a planner makes of the list.
LIST = [
    Advised(action, (), "none")
    for action in actions(table(*((name, 1, "", "") for name in "abcde"))).values()
]


def seen(plan: Plan) -> str:
    return "".join(found.action.action_id for found in applied(LIST, plan))


def test_plan_without_changes_shows_the_list_as_it_is() -> None:
    assert applied(LIST, Plan()) == LIST
    assert [Plan().group(action) for action in "abcde"] == ["open"] * 5


def test_pinned_are_first_and_dropped_are_out_until_restored() -> None:
    plan = Plan().pin("d").drop("b")
    assert seen(plan) == "dace"
    assert [plan.group(action) for action in "dab"] == ["pinned", "open", "dropped"]
    assert seen(plan.restore("b")) == "dabce"
    assert seen(plan.unpin("d")) == "acde"


def test_dropping_unpins_and_pinning_restores() -> None:
    assert Plan().pin("a").drop("a") == Plan(dropped=("a",))
    assert Plan().drop("a").pin("a") == Plan(pinned=("a",))
    both = Plan(pinned=("a",), dropped=("a",))
    assert seen(both) == "bcde"
    assert both.group("a") == "dropped"


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
    assert sorted(plan.arrange("abcde")) == list("abcde")
    assert set(seen(plan)) == set("abcde") - dropped
    assert set(seen(plan)[: len(pinned - {"?"})]) == pinned - {"?"}
    assert Plan.from_dict(json.loads(json.dumps(plan.to_dict()))) == plan


ID_LISTS = st.lists(st.sampled_from("abcdefg"), max_size=9).map(tuple)


@given(st.builds(Plan, ID_LISTS, ID_LISTS, ID_LISTS))
def test_any_plan_shows_each_action_once(plan: Plan) -> None:
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
def test_broken_plan_is_refused(broken: Any) -> None:
    with pytest.raises(ValueError, match=r"pinned|dropped|order|plan"):
        Plan.from_dict(broken)


@pytest.mark.parametrize(
    ("levers", "most", "first"),
    [("aabac", 3, "0 2 4"), ("aaa", 2, "0 1"), ("aab", 3, "0 1 2"), ("", 3, "")],
)
def test_the_first_actions_are_of_different_levers_as_far_as_there_are_any(
    levers: str, most: int, first: str
) -> None:
    listed = [
        LIST[0]._replace(action=LIST[0].action._replace(lever=lever, action_id=str(at)))
        for at, lever in enumerate(levers)
    ]
    assert " ".join(one.action.action_id for one in advice.varied(listed, most)) == first
