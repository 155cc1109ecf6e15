"""The shipped tables fit each other; what they say is tested where it is used."""

import csv
import re
from collections import Counter

import pytest

from ikmgeo.settings import SHIPPED_DATA
from tests.rated import ASPECTS

SHOWN = {
    "centers": "products workers_note position_source position_evidence position_alternatives note",
    "claims": "section of note statement",
    "zones": "position_source legal_basis operator area_basis focus_sectors note source",
    "zone_areas": "basis source",
    "places": "service_source source",
    "sector_fit": "reason source",
    "guidance": "source section",
    "cases": "source section",
    "frameworks": "source section",
    "size_classes": "source",
    "sources": "source date licence",
    "works": "published",
    "benchmarks": "set_by source",
    "districts": "note",
    "illustrative": "position_source note",
}
ENGLISH = re.compile(r"\b(of|the|and|in|with|from|not|for|by|about|only)\b")


def rows(table: str) -> list[dict[str, str]]:
    with (SHIPPED_DATA / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


PRINTED = {
    "units_province": ("126907", "", "", "units"),
    "share_of_national_workers_percent": ("3.03", "", "", "percent"),
    "workers_province": ("397000", "", "", "workers"),
    "jobs_per_1000_units": ("", "8000", "10000", "workers"),
    "micro_national": ("4181128", "", "", "units"),
    "small_national": ("319456", "", "", "units"),
    "workers_national": ("13100000", "", "", "workers"),
}
"""Value, bounds and unit of each statistic of the introduction."""


def claim_of(quantity: str) -> dict[str, str]:
    (claim,) = [claim for claim in rows("claims") if claim["quantity"] == quantity]
    return claim


def statistic(quantity: str) -> tuple[str, ...]:
    return tuple(claim_of(quantity)[column] for column in ("value", "low", "high", "unit"))


def number(quantity: str) -> float:
    return float(claim_of(quantity)["value"])


def contradicted(quantity: str) -> set[str]:
    """Quantities of the claims that contradict the one of a quantity."""
    quantities = {claim["claim_id"]: claim["quantity"] for claim in rows("claims")}
    others = filter(None, claim_of(quantity)["contradicts"].split(";"))
    return {quantities[other] for other in others}


def shown_texts() -> set[str]:
    return {
        row[column]
        for table, columns in SHOWN.items()
        for row in rows(table)
        for column in columns.split()
    }


def test_every_english_text_on_screen_has_an_indonesian_one() -> None:
    known = {row["text"] for row in rows("translations")}
    titles = {"Hasanah, Faried, Sembiring: Strengthening Local Industrial Ecosystems"}
    assert [t for t in shown_texts() - known if ENGLISH.search(t) and t not in titles] == []


def test_no_translation_is_unused_or_empty() -> None:
    used = shown_texts() | {row["locality"] for row in rows("centers")}
    used |= {row["note"] for row in rows("commodities")}
    found = rows("translations")
    assert {row["text"] for row in found} <= used
    assert all(row["text_id"].strip() for row in found)


def test_claims_are_the_scores_ranges_statistics_and_statements_of_the_paper() -> None:
    claims = rows("claims")
    ids = [
        f"{letter}{n:02d}"
        for letter, last in (("P", 31), ("S", 7), ("T", 35))
        for n in range(1, last + 1)
    ]
    assert [claim["claim_id"] for claim in claims] == ids
    kinds = [claim["kind"] for claim in claims]
    counts = [kinds.count(kind) for kind in ("range", "score", "statistic", "statement")]
    assert counts == [4, 27, 7, 35]
    first_of = {"statistic": "S", "statement": "T"}
    assert all(c["claim_id"][0] == first_of.get(c["kind"], "P") for c in claims)


def test_every_statement_has_words_an_aspect_and_a_subject() -> None:
    told = [claim for claim in rows("claims") if claim["kind"] == "statement"]
    assert all(claim["statement"] and claim["section"] for claim in told)
    assert {claim["aspect"] for claim in told} == set(ASPECTS)
    assert all((claim["polarity"] != "") == (claim["used_for"] == "diagnosis") for claim in told)


def test_statistics_are_the_printed_figures_of_the_introduction() -> None:
    assert {quantity: statistic(quantity) for quantity in PRINTED} == PRINTED
    told = [claim for claim in rows("claims") if claim["kind"] == "statistic"]
    assert len(told) == len(PRINTED)
    assert {(claim["center_id"], claim["category"]) for claim in told} == {("", "")}
    assert {claim["used_for"] for claim in told} == {"statistic"}


def test_scores_and_ranges_have_no_quantity() -> None:
    told = [claim for claim in rows("claims") if claim["kind"] != "statistic"]
    assert {(claim["quantity"], claim["unit"]) for claim in told} == {("", "")}


def test_share_is_one_of_workers_and_contradicts_nothing() -> None:
    """Audit E1: the paper prints 13.1 million workers, 3.03 % of this total, about 397,000."""
    share, workers = (
        number(quantity) for quantity in ("share_of_national_workers_percent", "workers_national")
    )
    assert round(share / 100 * workers) == 396_930
    assert round(396_930, -3) == number("workers_province")
    assert contradicted("share_of_national_workers_percent") == set()
    assert "workers" in claim_of("share_of_national_workers_percent")["of"]


def test_every_claim_says_what_it_is_a_figure_of() -> None:
    """Audit E1: without it a figure is compared with the wrong total."""
    assert [claim["claim_id"] for claim in rows("claims") if not claim["of"]] == []


def test_jobs_per_1000_units_are_contradicted_by_workers_and_units_of_both_areas() -> None:
    """About 3,128 in the province and 2,911 in the country, where 8,000 to 10,000 are printed."""
    units = number("micro_national") + number("small_national")
    found = (
        round(1000 * number("workers_province") / number("units_province")),
        round(1000 * number("workers_national") / units),
    )
    assert found == (3_128, 2_911)
    others = PRINTED.keys() - {"jobs_per_1000_units", "share_of_national_workers_percent"}
    assert contradicted("jobs_per_1000_units") == others


def test_contradictions_are_told_from_both_sides() -> None:
    told = {c["claim_id"]: set(c["contradicts"].split(";")) - {""} for c in rows("claims")}
    assert all(claim in told[other] for claim, others in told.items() for other in others)


def test_centers_take_score_and_category_from_a_claim_about_themselves() -> None:
    claims = {claim["claim_id"]: claim for claim in rows("claims")}
    for center in rows("centers"):
        named = [center["score_claim"], center["category_claim"]]
        named += [c for c in center["alternative_claims"].split(";") if c]
        assert {claims[claim]["center_id"] for claim in named} == {center["center_id"]}


def test_centers_have_no_invented_aspect_scores() -> None:
    aspects = (
        "institutional",
        "production",
        "market",
        "sustainability",
        "sez_linkage",
        "ie_linkage",
    )
    assert {center[aspect] for center in rows("centers") for aspect in aspects} == {""}


def test_every_aspect_has_anchors_from_a_rating() -> None:
    items = {row["item_id"] for row in rows("frameworks")}
    assert {row["aspect"]: row["anchored_by"] in items for row in rows("aspects")} == dict.fromkeys(
        ASPECTS, True
    )


def test_only_binjai_cassava_has_no_documented_place() -> None:
    bases = {center["center_id"]: center["position_basis"] for center in rows("centers")}
    assert [name for name, basis in bases.items() if basis == "placeholder"] == ["binjai-cassava"]
    assert all(center["position_source"] for center in rows("centers"))


def test_every_commodity_has_one_fit_reason_and_source_for_every_zone() -> None:
    found = rows("sector_fit")
    pairs = [(row["commodity"], row["zone_id"]) for row in found]
    codes = [row["commodity"] for row in rows("commodities")]
    assert sorted(pairs) == sorted(
        (commodity, zone["zone_id"]) for commodity in codes for zone in rows("zones")
    )
    assert {row["fit"] for row in found} == {"0", "0.5", "1"}
    assert all(row["reason"].endswith(".") and row["source"] for row in found)


def test_fit_of_1_names_a_focus_sector_of_the_zone() -> None:
    sectors = {row["zone_id"]: row["focus_sectors"].split(";") for row in rows("zones")}
    direct = [row for row in rows("sector_fit") if row["fit"] == "1"]
    assert [(row["commodity"], row["zone_id"]) for row in direct] == [("coffee", "kim")]
    assert all(row["commodity"] in sectors[row["zone_id"]] for row in direct)


def test_indirect_fit_quotes_a_focus_sector_of_the_zone() -> None:
    sectors = {row["zone_id"]: row["focus_sectors"].split(";") for row in rows("zones")}
    indirect = [row for row in rows("sector_fit") if row["fit"] == "0.5"]
    unnamed = [
        row["reason"]
        for row in indirect
        if not any(f" {sector} " in row["reason"] for sector in sectors[row["zone_id"]])
    ]
    assert indirect
    assert unnamed == []


def test_sections_of_the_guidance_have_an_indonesian_name() -> None:
    known = {row["text"] for row in rows("translations")}
    assert {row["section"] for row in rows("guidance")} <= known


def test_commodities_of_the_guidance_are_those_of_the_centers() -> None:
    named = {code for row in rows("guidance") for code in row["commodities"].split(";")} - {""}
    assert named
    assert named <= {center["commodity"] for center in rows("centers")}


def test_every_reason_names_the_zone() -> None:
    names = {"sei_mangkei": "Sei Mangkei", "kim": "KIM", "kuala_tanjung": "Kuala Tanjung"}
    reasons = {row["text"]: row["text_id"] for row in rows("translations")}
    for row in rows("sector_fit"):
        name = names[row["zone_id"]]
        assert name in row["reason"]
        assert name in reasons[row["reason"]]


@pytest.mark.parametrize("zone", ["sei_mangkei", "kim", "kuala_tanjung"])
def test_area_in_use_is_one_of_the_rival_figures(zone: str) -> None:
    (area,) = [row["area_ha"] for row in rows("zones") if row["zone_id"] == zone]
    figures = [row for row in rows("zone_areas") if row["zone_id"] == zone]
    stages = ("planned", "permitted", "acquired")
    used = {row["stage"]: row["area_ha"] for row in figures if row["used"] == "yes"}
    assert area == next(used[stage] for stage in stages if stage in used)
    assert len(figures) > 2


def test_every_kbli_code_names_its_edition() -> None:
    """Audit, doubt 6: KBLI 2020 has been replaced (Peraturan BPS 7/2025)."""
    assert {row["kbli_edition"] for row in rows("commodities") if row["kbli"]} == {"2020"}


def test_areas_that_are_in_doubt_say_so() -> None:
    """Audit E7: 208.7 km² official, 281.5 by other borders, 469.36 by the city itself."""
    notes = {row["district_code"]: row["note"] for row in rows("districts")}
    assert all(figure in notes["1278"] for figure in ("208.7", "281.5", "469.36", "663"))
    assert all(figure in notes["1204"] for figure in ("902.6", "835.8", "839.4"))
    assert all("Binaka" in notes[code] for code in ("1204", "1278"))


@pytest.mark.parametrize("zone", ["sei_mangkei", "kim", "kuala_tanjung"])
def test_one_area_of_each_zone_and_stage_is_in_use(zone: str) -> None:
    """Audit doubt 2."""
    figures = [row for row in rows("zone_areas") if row["zone_id"] == zone]
    used = Counter(row["stage"] for row in figures if row["used"] == "yes")
    assert used == Counter({row["stage"] for row in figures if row["stage"]})


def test_rival_areas_that_the_audit_missed_are_there() -> None:
    """Audit doubt 3: KIM 1,000 ha, Kuala Tanjung 3,000 ha, each with its source."""
    told = {(row["zone_id"], row["area_ha"]): row for row in rows("zone_areas")}
    assert "72 %" in told["kim", "1000"]["basis"]
    assert "3907839" in told["kim", "1000"]["source"]
    assert "2018-12-28" in told["kuala_tanjung", "3000"]["source"]


def test_conclusions_say_why_totals_cannot_test_them() -> None:
    """Audit, missing 2: 13 totals hold neither aspects nor a second round."""
    told = [row for row in rows("claims") if row["used_for"] == "conclusion"]
    assert [row["claim_id"] for row in told] == ["T30", "T31", "T32", "T33"]
    assert all("Not testable with 13 totals" in row["note"] for row in told)


def test_every_study_that_a_table_names_has_its_title_or_says_that_it_lacks() -> None:
    """Audit, missing 9: Lestari's title stands in the text; the third has a DOI."""
    works = {row["work"]: row for row in rows("works")}
    named = {row["source"] for table in ("guidance", "benchmarks") for row in rows(table)}
    named |= {row["source"].partition(", as told by ")[0] for row in rows("frameworks")}
    assert named - {"Kotler, Jatusripitak, Maesincee 1997", "ikmgeo (own proposal)"} <= set(works)
    assert all(row["title"] or "not at hand" in row["published"] for row in works.values())
    assert works["Lestari (cluster platform)"]["title"].startswith("Penguatan ekonomi industri")
    assert works["Ahmad, Kusmulyono, Soehadi"]["doi"] == "10.32884/ideas.v9i4.1464"


def test_targets_of_the_national_plan_are_those_that_the_paper_prints() -> None:
    """Audit, missing 8: RIPIN 21.2 to 30 % and 27.7 to 40 %; 7 % of firms a year move up."""
    told = {row["benchmark_id"]: row for row in rows("benchmarks")}
    targets = {(row["value"], row["target"]) for row in told.values() if row["target"]}
    assert targets == {("21.2", "30"), ("27.7", "40")}
    assert all("PP 14/2015" in row["set_by"] for row in told.values() if row["target"])
    assert (told["moving_up"]["value"], told["moving_up"]["source"][:9]) == ("7", "Bangalore")
