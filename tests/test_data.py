"""The shipped tables fit each other; what they say is tested where it is used."""

import csv
import re

import pytest

from ikmgeo.settings import SHIPPED_DATA

SHOWN = {
    "centers": "products workers_note position_source position_evidence position_alternatives note",
    "claims": "section note",
    "zones": "position_source legal_basis operator area_basis focus_sectors note source",
    "zone_areas": "basis source",
    "sources": "source date licence",
}
ENGLISH = re.compile(r"\b(of|the|and|in|with|from|not|for|by|about|only)\b")


def rows(table: str) -> list[dict[str, str]]:
    with (SHIPPED_DATA / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


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


def test_claims_are_the_31_figures_of_the_paper() -> None:
    claims = rows("claims")
    assert [claim["claim_id"] for claim in claims] == [f"P{n:02d}" for n in range(1, 32)]
    kinds = [claim["kind"] for claim in claims]
    assert (kinds.count("range"), kinds.count("score")) == (4, 27)


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


def test_only_binjai_cassava_has_no_documented_place() -> None:
    bases = {center["center_id"]: center["position_basis"] for center in rows("centers")}
    assert [name for name, basis in bases.items() if basis == "placeholder"] == ["binjai-cassava"]
    assert all(center["position_source"] for center in rows("centers"))


@pytest.mark.parametrize("zone", ["sei_mangkei", "kim", "kuala_tanjung"])
def test_area_in_use_is_one_of_the_rival_figures(zone: str) -> None:
    (area,) = [row["area_ha"] for row in rows("zones") if row["zone_id"] == zone]
    figures = [row for row in rows("zone_areas") if row["zone_id"] == zone]
    assert [row["area_ha"] for row in figures if row["used"] == "yes"] == [area]
    assert len(figures) > 2
