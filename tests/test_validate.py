"""A province of two unit squares: every defect is found, named and located."""

import math
from typing import Any

import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from ikmgeo.errors import DataError, Issue
from ikmgeo.instrument import Category, Instrument
from ikmgeo.reading.load import Table, read_table
from ikmgeo.reading.shipped import read_shipped
from ikmgeo.reading.validate import (
    CENTER_COLUMNS,
    Action,
    Checked,
    check_aspects,
    check_cases,
    check_categories,
    check_centers,
    check_claims,
    check_commodities,
    check_guidance,
    check_places,
    check_sector_fit,
    check_zones,
)
from ikmgeo.settings import Settings
from ikmgeo.vocabulary import LANGUAGES
from tests.rated import ASPECTS, INSTRUMENT

# West: Kabupaten Timor, 98-99 E; east: Kabupaten and Kota Sura, 99-100 E; both 2-3 N.
LAND = shapely.box(98, 2, 100, 3)
DISTRICTS = pd.DataFrame(
    [
        ("1208", "Kabupaten Timor", "Timor", "1209"),
        ("1210", "Kabupaten Sura", "Sura", "1207"),
        ("1271", "Kota Sura", "Sura", "1275"),
        ("1272", "Kota Tebing Tinggi", "Tebing Tinggi", "1208"),
    ],
    columns=["district_code", "name_id", "short_name", "bps_code"],
)
COMMODITIES = pd.DataFrame(
    {"name_id": ["Kopi", "Ubi kayu"], "name_en": ["Coffee", "Cassava"]},
    index=pd.Index(["coffee", "cassava"], name="commodity"),
)
GOOD: dict[str, str | None] = {
    "name_id": "A",
    "commodity": "Kopi",
    "lat": "2,5",
    "lon": "98.5",
    "district_code": "1208",
}


def check(*rows: dict[str, str | None], land: shapely.Geometry | None = LAND) -> Checked:
    frame = pd.DataFrame(list(rows), dtype="str")
    frame.index = pd.RangeIndex(2, len(rows) + 2, name="row")
    return check_table(Table("u.csv", frame), land)


def check_table(table: Table, land: shapely.Geometry | None = LAND) -> Checked:
    return check_centers(
        table,
        district_names=DISTRICTS,
        commodities=COMMODITIES,
        land=land,
        bounds=LAND.bounds,
        instrument=INSTRUMENT,
    )


def several(count: int) -> list[dict[str, str | None]]:
    """Good rows of so many centers."""
    return [GOOD | {"name_id": f"A{n}"} for n in range(count)]


def rejections(checked: Checked) -> list[Issue]:
    return [i for i in checked.issues if i.row is not None and i.severity == "rejected"]


def code_of(**cells: str | None) -> tuple[str, str | None, str | None]:
    """Code, column and value of the one defect of a row that differs so from a good one."""
    (issue,) = rejections(check(GOOD | cells))
    return issue.code, issue.column, issue.value


def kept(column: str, **cells: str | None) -> object:
    checked = check(GOOD | cells)
    assert rejections(checked) == []
    return checked.good.iloc[0][column]


def test_good_row_is_typed_and_completed() -> None:
    checked = check(GOOD | {"score_total": "70,06", "category": "Unggulan"})
    assert list(checked.good) == ["row", *CENTER_COLUMNS, *ASPECTS]
    assert checked.good.index.tolist() == ["u0001"]
    center = checked.good.loc["u0001"]
    assert (center["row"], center["lat"], center["lon"]) == (2, 2.5, 98.5)
    assert (center["commodity"], center["category"]) == ("coffee", "excellent")
    assert (center["name_en"], center["score_total"]) == ("A", 70.06)
    assert pd.isna(center["market"])
    assert checked.rejected.empty


@pytest.mark.parametrize("text", ["70.06", "70,06", "+70,06", "7006e-2"])
def test_numbers_are_read_with_point_and_comma(text: str) -> None:
    assert kept("score_total", score_total=text) == 70.06


@pytest.mark.parametrize("text", ["1.234,5", "1,234.5", "7O", "70 06", "inf", "--5"])
def test_numbers_that_could_mean_two_things_are_refused(text: str) -> None:
    assert code_of(score_total=text) == ("not_a_number", "score_total", text)


def test_score_of_170_06_in_row_7_is_told_with_place_value_and_range() -> None:
    rows = [*several(5), GOOD | {"score_total": "170,06"}]
    (issue,) = rejections(check(*rows))
    expected = {"low": 0, "high": 100}
    assert issue == Issue("score_out_of_range", "u.csv", 7, "score_total", "170,06", expected)


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        ({"market": "-1"}, ("score_out_of_range", "market", "-1")),
        ({"name_id": None}, ("name_missing", "name_id", None)),
        ({"commodity": None}, ("commodity_missing", "commodity", None)),
        ({"lat": None}, ("coordinate_missing", "lat", None)),
        ({"lon": "98°75'"}, ("not_a_number", "lon", "98°75'")),
        ({"lat": "250"}, ("lat_out_of_range", "lat", "250")),
        ({"lon": "985.0"}, ("lon_out_of_range", "lon", "985.0")),
        ({"lon": "9850"}, ("coordinates_point_lost", "lat", "2,5; 9850")),
        ({"lat": "3.5"}, ("outside_province", "lat", "3.5")),
        ({"district_code": "Atlantis"}, ("unknown_district", "district_code", "Atlantis")),
        ({"district_code": "12.8"}, ("unknown_district", "district_code", "12.8")),
        ({"district_code": "sura"}, ("district_ambiguous", "district_code", "sura")),
        ({"category": "Bagus"}, ("unknown_category", "category", "Bagus")),
        ({"position_precision": "10 m"}, ("unknown_precision", "position_precision", "10 m")),
        ({"position_basis": "guess"}, ("unknown_basis", "position_basis", "guess")),
    ],
)
def test_defect_is_named_with_column_and_value(
    cells: dict[str, str | None], found: tuple[str, str, str | None]
) -> None:
    assert code_of(**cells) == found


def test_row_with_several_defects_tells_all() -> None:
    checked = check(GOOD | {"name_id": None, "commodity": "X", "score_total": "x", "lat": "9,9"})
    assert {issue.code for issue in rejections(checked)} == {
        *("name_missing", "not_a_number", "outside_province"),
    }


def test_point_just_off_the_drawn_coast_is_kept() -> None:
    assert kept("lat", lat="3.04") == 3.04


def test_without_a_map_of_the_province_any_point_is_taken_and_an_exchange_is_put_right() -> None:
    assert rejections(check(GOOD | {"lat": "-7"}, land=None)) == []
    checked = check(GOOD | {"lat": "98.5", "lon": "2.5"}, land=None)
    assert rejections(checked) == []
    assert checked.good.loc["u0001", ["lat", "lon"]].tolist() == [2.5, 98.5]


def test_misspelled_commodity_gets_a_suggestion() -> None:
    (issue,) = [i for i in check(GOOD | {"commodity": "Ubi kayuu"}).issues if i.value]
    assert issue.severity == "noted"
    assert issue.expected == {"known": ("coffee", "cassava"), "did_you_mean": "Ubi kayu"}


def test_commodity_of_an_office_that_we_do_not_know_is_kept_and_noted() -> None:
    assert kept("commodity", commodity="Batik") == "Batik"
    codes = {i.code: i.severity for i in check(GOOD | {"commodity": "Batik"}).issues}
    assert codes["unknown_commodity"] == "noted"


@pytest.mark.parametrize("text", ["coffee", "KOPI", "Coffee "])
def test_commodity_is_known_by_code_and_both_names(text: str) -> None:
    assert kept("commodity", commodity=text) == "coffee"


def test_commodities_may_be_plain_codes() -> None:
    frame = pd.DataFrame([GOOD | {"commodity": "coffee"}], index=[2], dtype="str")
    checked = check_centers(
        Table("u.csv", frame),
        district_names=DISTRICTS,
        commodities={"coffee"},
        land=None,
        bounds=LAND.bounds,
        instrument=INSTRUMENT,
    )
    assert len(checked.good) == 1


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1208", "1208"),
        ("12.08", "1208"),
        ("12,1", "1210"),
        ("12.1", "1210"),
        ("kabupaten timor", "1208"),
        ("Kab. Timor", "1208"),
        ("KAB.TIMOR", "1208"),
        ("Timor", "1208"),
        ("Kab Sura", "1210"),
        ("Kota Sura", "1271"),
        ("tebingtinggi", "1272"),
        ("Kodya Tebing-Tinggi", "1272"),
        ("1275", "1271"),
    ],
)
def test_district_is_known_by_code_and_name(text: str, code: str) -> None:
    assert kept("district_code", district_code=text) == code


def test_code_of_both_authorities_is_read_as_kemendagri() -> None:
    # 1208 is Timor for Kemendagri and Tebing Tinggi for BPS.
    assert kept("district_code", district_code="1208") == "1208"


def test_ambiguous_district_tells_its_options() -> None:
    (issue,) = rejections(check(GOOD | {"district_code": "Sura"}))
    assert issue.expected == {"options": ("1210", "1271")}


@pytest.mark.parametrize("text", ["Timor/Tebing Tinggi", "Timor, Kota Tebing Tinggi"])
def test_two_districts_in_a_cell_are_a_question(text: str) -> None:
    (issue,) = rejections(check(GOOD | {"district_code": text}))
    assert (issue.code, issue.expected) == ("district_ambiguous", {"options": ("1208", "1272")})


@pytest.mark.parametrize(
    "text", ["Pembinaan", "UNDER DEVELOPMENT", "guidance", "under_development"]
)
def test_category_is_known_in_both_languages(text: str) -> None:
    assert kept("category", category=text) == "under_development"


def test_repeated_id_rejects_all_rows_but_the_first_and_names_it() -> None:
    checked = check(*[GOOD | {"center_id": i} for i in ("a", "b", "a", "a")])
    found = [(i.code, i.row, i.expected["first_row"]) for i in rejections(checked)]
    assert found == [("duplicate_id", 4, 2), ("duplicate_id", 5, 2)]
    assert checked.good.index.tolist() == ["a", "b"]


def test_a_row_that_repeats_another_is_told_and_counts_once() -> None:
    """Planner 18: an exact duplicate was accepted without a word."""
    rows = [GOOD, GOOD | {"lat": "2.60"}, GOOD, GOOD]
    checked = check(*rows)
    assert [(i.code, i.row, i.expected["first_row"]) for i in rejections(checked)] == [
        ("duplicate_row", 4, 2),
        ("duplicate_row", 5, 2),
    ]
    assert (len(checked.good), len(checked.rejected)) == (2, 2)


def test_rows_that_have_ids_of_their_own_may_say_the_same() -> None:
    assert len(check(GOOD | {"center_id": "a"}, GOOD | {"center_id": "b"}).good) == 2


def test_made_up_ids_avoid_those_of_the_file() -> None:
    ids = ("u0001", None, None)
    checked = check(*[row | {"center_id": i} for row, i in zip(several(3), ids, strict=True)])
    assert checked.good.index.tolist() == ["u0001", "u0002", "u0003"]


def test_what_is_missing_in_many_rows_is_noted_once() -> None:
    noted = check(*[row | {"district_code": None} for row in several(9)]).issues
    assert [(i.code, i.row, i.expected["count"], i.severity) for i in noted] == [
        ("precision_missing", None, 9, "noted"),
        ("district_missing", None, 9, "noted"),
    ]


def test_precision_is_never_assumed_better_than_the_district() -> None:
    assert kept("position_precision") == "district"
    assert kept("position_precision", position_precision="Desa") == "village"


def test_basis_follows_from_the_source() -> None:
    assert kept("position_basis") == "inferred"
    assert kept("position_basis", position_source="GPS") == "documented"


def test_a_missing_column_names_the_headings_that_may_be_it() -> None:
    table = read_table(b"Nama;Barang;Titik\nA;Kopi;Balige\n", name="f")
    found = check_centers(
        table,
        instrument=INSTRUMENT,
        district_names=DISTRICTS,
        commodities=COMMODITIES,
        land=LAND,
        bounds=(98, 2, 100, 3),
    )
    told = [
        (i.code, i.column, i.expected["headings"])
        for i in found.issues
        if i.column and (i.severity == "rejected")
    ]
    assert told == [
        ("column_unrecognised", "commodity", ("Barang", "Titik")),
        ("place_unrecognised", "lat", ("Barang", "Titik")),
    ]


def test_missing_columns_reject_the_file_but_keep_its_rows() -> None:
    checked = check({"name_id": "A", "commodity": "Kopi"})
    assert [i.column for i in checked.issues if i.code == "column_missing"] == ["lat", "lon"]
    assert checked.issues[-1].code == "no_good_rows"
    assert (len(checked.good), len(checked.rejected)) == (0, 1)
    assert list(checked.good) == ["row", *CENTER_COLUMNS, *ASPECTS]


def test_unknown_columns_are_noted_and_own_remarks_are_not() -> None:
    checked = check(GOOD | {"telepon": "1", "row": "7", "issues": "x"})
    (issue,) = [i for i in checked.issues if i.code == "column_unknown"]
    assert (issue.column, issue.severity) == ("telepon", "noted")


def test_table_without_rows_is_told() -> None:
    frame = pd.DataFrame(columns=list(GOOD), dtype="str")
    table = Table("u.csv", frame)
    checked = check_table(table)
    assert [issue.code for issue in checked.issues] == ["no_rows"]


def test_name_of_ten_thousand_characters_is_kept_and_one_more_is_not() -> None:
    assert kept("name_id", name_id="a" * 10_000) == "a" * 10_000
    (issue,) = rejections(check(GOOD | {"name_id": "a" * 10_001}))
    assert (issue.code, issue.expected) == ("text_too_long", {"length": 10_001, "limit": 10_000})


def test_ragged_row_is_rejected_without_further_defects() -> None:
    table = read_table(b"nama,komoditas,lat,lon\nA,Kopi,2,5,98,5\nB,Kopi,2.5,98.5\n", name="u")
    checked = check_table(table)
    assert [issue.code for issue in rejections(checked)] == ["ragged_row"]
    assert checked.rejected.index.tolist() == [2]
    assert checked.good["row"].tolist() == [3]


def test_issues_go_from_the_file_to_its_rows_in_order() -> None:
    checked = check(GOOD | {"lat": "x", "tel": "1"}, GOOD, GOOD | {"name_id": None, "market": "x"})
    rows = [issue.row for issue in checked.issues]
    assert rows == [None, None, None, 2, 4, 4]


CELLS = st.one_of(
    st.none(), st.sampled_from(["A", "Kopi", "2,5", "98.5", "1208", "x", "-1", "1e400"]), st.text()
)
COLUMNS = ["center_id", *CENTER_COLUMNS, "score_claim", "row", "other"]


@given(
    st.lists(st.sampled_from(COLUMNS), unique=True, max_size=8).flatmap(
        lambda extra: st.lists(
            st.fixed_dictionaries(dict.fromkeys(sorted({*extra, *GOOD}), CELLS)) | st.just(GOOD),
            max_size=6,
        )
    )
)
def test_every_row_ends_once_in_good_or_rejected(rows: list[dict[str, str | None]]) -> None:
    checked = check(*rows)
    good, rejected = checked.good["row"].tolist(), checked.rejected.index.tolist()
    assert sorted(good + rejected) == list(range(2, len(rows) + 2))
    blamed = {i.row for i in checked.issues if i.row is not None and i.severity == "rejected"}
    assert blamed == set(rejected)
    assert checked.good.index.is_unique


def test_shipped_tables_have_no_defect() -> None:
    shipped = read_shipped(Settings())
    for typed, issues in (
        check_claims(shipped.claims, INSTRUMENT),
        check_zones(shipped.zones),
        check_places(shipped.places),
        check_commodities(shipped.commodities),
        check_sector_fit(
            shipped.sector_fit, shipped.commodities["commodity"], shipped.zones["zone_id"]
        ),
        check_cases(shipped.cases),
        check_guidance(
            shipped.guidance,
            INSTRUMENT,
            shipped.commodities["commodity"],
            shipped.zones["zone_id"],
            shipped.cases["case_id"],
        ),
    ):
        assert issues == ()
        assert len(typed)


def test_claims_keep_the_printed_figure() -> None:
    claims, issues = check_claims(
        pd.DataFrame({"claim_id": ["P07"], "kind": ["score"], "value": ["38.80"]}, index=[2]),
        INSTRUMENT,
    )
    assert issues == ()
    assert claims.loc["P07", ["value", "value_printed"]].tolist() == [38.8, "38.80"]


def claims_of(**columns: list[str | None]) -> pd.DataFrame:
    rows = pd.DataFrame(columns, dtype="str")
    return rows.set_index(pd.RangeIndex(2, len(rows) + 2, name="row"))


def test_scores_end_at_100_and_statistics_do_not() -> None:
    claims, issues = check_claims(
        claims_of(
            claim_id=["S1", "P1", "P2", "S2", "S3"],
            kind=["statistic", "score", "Range", "Statistic", "statistic"],
            value=["126907", "126907", None, "-1", None],
            low=[None, None, "0", None, "8000"],
            high=[None, None, "100.5", None, "10000"],
            of=["units", None, None, "units", "workers"],
        ),
        INSTRUMENT,
    )
    points, counts = {"low": 0, "high": 100}, {"low": 0, "high": 1e12}
    assert sorted(issues, key=lambda issue: issue.row or 0) == [
        Issue("out_of_range", "claims.csv", 3, "value", "126907", points),
        Issue("out_of_range", "claims.csv", 4, "high", "100.5", points),
        Issue("out_of_range", "claims.csv", 5, "value", "-1", counts),
    ]
    assert claims.index.tolist() == ["S1", "S3"]
    assert claims.at["S1", "value"] == 126_907
    assert claims.loc["S3", ["low", "high"]].tolist() == [8_000, 10_000]
    assert claims.loc["S3", ["low_printed", "high_printed"]].tolist() == ["8000", "10000"]


def test_statistic_is_never_infinite() -> None:
    _, issues = check_claims(
        claims_of(claim_id=["S1"], kind=["statistic"], value=["1e400"], of=["units"]), INSTRUMENT
    )
    assert [issue.code for issue in issues] == ["out_of_range"]


def test_statistic_says_what_it_is_a_figure_of() -> None:
    """Audit E1: a share of workers was read as a share of units."""
    rows = claims_of(claim_id=["S1", "P1"], kind=["statistic", "score"], value=["3", "50"])
    claims, issues = check_claims(rows, INSTRUMENT)
    assert issues == (Issue("cell_missing", "claims.csv", 2, "of"),)
    assert claims.index.tolist() == ["P1"]


def test_score_that_repeats_the_id_of_a_statistic_is_rejected() -> None:
    rows = claims_of(
        claim_id=["A", "A"],
        kind=["statistic", "score"],
        value=["500", "50"],
        of=["units", None],
    )
    claims, issues = check_claims(rows, INSTRUMENT)
    assert issues == (Issue("duplicate_id", "claims.csv", 3, "claim_id", "A", {"first_row": 2}),)
    assert claims["value"].tolist() == [500]


def test_claim_of_an_unknown_kind_gets_no_wider_range() -> None:
    rows = claims_of(claim_id=["A"], kind=["rumour"], value=["500"])
    assert {issue.code for issue in check_claims(rows, INSTRUMENT)[1]} == {
        "unknown_code",
        "out_of_range",
    }


FIT: dict[str, str | None] = {
    "commodity": "coffee",
    "zone_id": "a",
    "fit": "0.5",
    "reason": "R.",
    "source": "S",
}


def check_fits(*rows: dict[str, str | None]) -> tuple[pd.DataFrame, tuple[Issue, ...]]:
    frame = pd.DataFrame(list(rows), columns=list(FIT), dtype="str")
    frame.index = pd.RangeIndex(2, len(rows) + 2, name="row")
    return check_sector_fit(frame, ["coffee", "cassava"], ["a", "b"])


@pytest.mark.parametrize(
    ("text", "fit"), [("0", 0), ("0.5", 0.5), ("0,5", 0.5), ("0.50", 0.5), ("1", 1), ("1.0", 1)]
)
def test_fit_is_read_as_a_number(text: str, fit: float) -> None:
    fits, issues = check_fits(FIT | {"fit": text})
    assert issues == ()
    assert fits["fit"].tolist() == [fit]
    assert fits["fit"].dtype == float
    assert fits.drop(columns="fit").iloc[0].to_dict() == {k: FIT[k] for k in FIT if k != "fit"}


@pytest.mark.parametrize("text", ["0.7", "2", "-1", "-0.5", "05", "5", "10", "nan", "yes", "50%"])
def test_any_other_fit_is_refused(text: str) -> None:
    fits, (issue,) = check_fits(FIT | {"fit": text})
    assert (issue.code, issue.row, issue.column, issue.value) == ("unknown_code", 2, "fit", text)
    assert issue.expected["known"] == ("0", "0.5", "1")
    assert fits.empty


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        ({"commodity": "tea"}, ("unknown_code", "commodity", "tea")),
        ({"zone_id": "c"}, ("unknown_code", "zone_id", "c")),
        *(({column: None}, ("cell_missing", column, None)) for column in FIT),
    ],
)
def test_defect_of_a_fit_is_named_with_row_column_and_value(
    cells: dict[str, str | None], found: tuple[str, str, str | None]
) -> None:
    fits, (issue,) = check_fits(FIT | {"zone_id": "b"}, FIT | cells)
    assert (issue.row, issue.file) == (3, "sector_fit.csv")
    assert (issue.code, issue.column, issue.value) == found
    assert fits["zone_id"].tolist() == ["b"]


def test_second_fit_of_a_pair_is_rejected_and_names_the_first() -> None:
    fits, issues = check_fits(
        FIT, FIT | {"zone_id": "b"}, FIT | {"commodity": "Coffee", "fit": "1"}
    )
    expected = {"commodity": "Coffee", "first_row": 2}
    assert issues == (Issue("duplicate_pair", "sector_fit.csv", 4, "zone_id", "a", expected),)
    assert fits.index.tolist() == [2, 3]


def test_without_known_zones_their_codes_are_taken_as_they_are() -> None:
    frame = pd.DataFrame([FIT], dtype="str", index=[2])
    fits, issues = check_sector_fit(frame, [], [])
    assert issues == ()
    assert fits[["commodity", "zone_id", "fit"]].to_numpy().tolist() == [["coffee", "a", 0.5]]


def test_fits_without_their_columns_are_told_and_empty() -> None:
    fits, issues = check_sector_fit(pd.DataFrame({"commodity": ["coffee"]}, index=[2]), [], [])
    assert [(issue.code, issue.column) for issue in issues] == [
        ("column_missing", column) for column in ("zone_id", "fit", "reason", "source")
    ]
    assert list(fits) == list(FIT)
    assert fits.empty
    assert fits["fit"].dtype == float


def test_broken_zone_is_left_out_and_listed() -> None:
    frame = pd.DataFrame(
        {
            "zone_id": ["a", "b", "b", "c"],
            "name_id": ["A", "B", "B", None],
            "class": ["sez", "ie", "ie", "city"],
            "lat": ["2.5", "2.5", "2.5", "x"],
            "lon": ["98.5", "98.5", "98.5", "190"],
        },
        index=[2, 3, 4, 5],
        dtype="str",
    )
    zones, issues = check_zones(frame)
    assert zones.index.tolist() == ["a", "b"]
    assert {(i.row, i.code, i.column) for i in issues} == {
        (4, "duplicate_id", "zone_id"),
        (5, "cell_missing", "name_id"),
        (5, "unknown_code", "class"),
        (5, "not_a_number", "lat"),
        (5, "out_of_range", "lon"),
    }


def test_table_without_its_columns_is_empty_with_columns() -> None:
    places, issues = check_places(pd.DataFrame({"place_id": ["a"], "kind": ["port"]}, index=[2]))
    assert {issue.code for issue in issues} == {"column_missing"}
    assert places.empty
    assert places["verified"].dtype == bool


BLANK = (
    *("aspects", "commodities", "zones", "zone_classes", "zone_statuses", "fit_min", "within_km"),
    *("circumstances", "cases"),
)
"""What an action may leave empty."""

ACTION = {
    "action_id": "a1",
    "lever": "institution",
    "phase": "1",
    "actors": "center; bank",
    "categories": "potential",
    "aspects": None,
    "commodities": None,
    "zones": None,
    "zone_classes": None,
    "zone_statuses": None,
    "fit_min": None,
    "within_km": None,
    "circumstances": None,
    "text_id": "Bentuk koperasi.",
    "text_en": "Form a cooperative.",
    "aim_id": "agar dapat berkontrak",
    "aim_en": "to be able to contract",
    "cases": None,
    "source": "S",
    "section": "group 1",
}


def check_actions(*rows: dict[str, str | None]) -> tuple[dict[str, Action], tuple[Issue, ...]]:
    frame = pd.DataFrame(list(rows), dtype="str", index=pd.RangeIndex(2, len(rows) + 2))
    return check_guidance(
        frame, INSTRUMENT, ["coffee", "cassava"], ["kim", "sei_mangkei"], ["saga"]
    )


def test_action_is_typed_with_lists_of_codes() -> None:
    cells = {
        "lever": "Institution",
        "phase": "2.0",
        "categories": "Pembinaan;under_development; Potensial ;",
        "aspects": "market",
        "commodities": "Cassava;coffee",
        "zones": "KIM; sei_mangkei",
        "zone_classes": "ie",
        "zone_statuses": "operating",
        "fit_min": "0,5",
        "within_km": "75",
        "circumstances": "no_fitting_zone",
        "cases": "saga",
    }
    guidance, issues = check_actions(ACTION, ACTION | cells | {"action_id": "a0"})
    assert issues == ()
    assert list(guidance) == ["a1", "a0"]
    first = guidance["a1"]
    assert (first.phase, first.actors) == (1, ("center", "bank"))
    assert (first.aspects, first.commodities) == ((), ())
    assert guidance["a0"]._asdict() == {
        "action_id": "a0",
        **{
            column: ACTION[column]
            for column in ("text_id", "text_en", "aim_id", "aim_en", "source", "section")
        },
        "lever": "institution",
        "phase": 2,
        "actors": ("center", "bank"),
        "categories": ("under_development", "potential"),
        "aspects": ("market",),
        "commodities": ("cassava", "coffee"),
        "zones": ("kim", "sei_mangkei"),
        "zone_classes": ("ie",),
        "zone_statuses": ("operating",),
        "fit_min": 0.5,
        "within_km": 75.0,
        "circumstances": ("no_fitting_zone",),
        "cases": ("saga",),
    }
    assert math.isnan(first.fit_min)
    assert math.isnan(first.within_km)


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        ({"lever": "magic"}, ("unknown_code", "lever", "magic")),
        ({"phase": "4"}, ("unknown_code", "phase", "4")),
        ({"phase": "1.5"}, ("unknown_code", "phase", "1.5")),
        ({"phase": "one"}, ("unknown_code", "phase", "one")),
        ({"actors": "center;king"}, ("unknown_code", "actors", "king")),
        ({"actors": "center,bank"}, ("unknown_code", "actors", "center,bank")),
        ({"actors": " ; "}, ("cell_missing", "actors", None)),
        ({"categories": "potential;good"}, ("unknown_code", "categories", "good")),
        ({"aspects": "price"}, ("unknown_code", "aspects", "price")),
        ({"commodities": "tea;coffee"}, ("unknown_code", "commodities", "tea")),
        ({"zones": "kim;belawan"}, ("unknown_code", "zones", "belawan")),
        ({"zone_classes": "port"}, ("unknown_code", "zone_classes", "port")),
        ({"zone_statuses": "closed"}, ("unknown_code", "zone_statuses", "closed")),
        ({"fit_min": "1.5"}, ("out_of_range", "fit_min", "1.5")),
        ({"within_km": "far"}, ("not_a_number", "within_km", "far")),
        ({"within_km": "-1"}, ("out_of_range", "within_km", "-1")),
        ({"circumstances": "rain"}, ("unknown_code", "circumstances", "rain")),
        ({"cases": "saga;none"}, ("unknown_code", "cases", "none")),
        *(
            ({column: None}, ("cell_missing", column, None))
            for column in ACTION
            if column not in BLANK
        ),
    ],
)
def test_defect_of_an_action_is_named_and_the_row_left_out(
    cells: dict[str, str | None], found: tuple[str, str, str | None]
) -> None:
    guidance, (issue,) = check_actions(ACTION | {"action_id": "a0"}, ACTION | cells)
    assert (issue.file, issue.row, issue.severity) == ("guidance.csv", 3, "rejected")
    assert (issue.code, issue.column, issue.value) == found
    assert list(guidance) == ["a0"]


def test_every_unknown_code_of_a_list_is_told_with_what_was_meant() -> None:
    guidance, issues = check_actions(ACTION | {"aspects": "markt;produktion;market", "phase": "9"})
    told = {(issue.column, issue.value): issue.expected.get("did_you_mean") for issue in issues}
    assert told == {
        ("aspects", "markt"): "market",
        ("aspects", "produktion"): "production",
        ("phase", "9"): None,
    }
    assert guidance == {}


def test_second_action_of_an_id_is_rejected() -> None:
    guidance, issues = check_actions(ACTION, ACTION | {"phase": "2"})
    assert issues == (
        Issue("duplicate_id", "guidance.csv", 3, "action_id", "a1", {"first_row": 2}),
    )
    assert [action.phase for action in guidance.values()] == [1]


def test_without_known_commodities_those_of_an_action_are_taken_as_they_are() -> None:
    frame = pd.DataFrame([ACTION | {"commodities": "tea; rice"}], dtype="str", index=[2])
    guidance, issues = check_guidance(frame, INSTRUMENT, [])
    assert issues == ()
    assert guidance["a1"].commodities == ("tea", "rice")


def test_guidance_without_its_columns_is_told_and_empty() -> None:
    guidance, issues = check_guidance(
        pd.DataFrame({"lever": ["institution"]}, index=[2]), INSTRUMENT, []
    )
    missing = [c for c in ACTION if c not in ("lever", *BLANK)]
    assert [(issue.code, issue.column) for issue in issues] == [
        ("column_missing", column) for column in missing
    ]
    assert guidance == {}


# What centers are rated by and sorted into


def instrument_rows(**columns: list[str | None]) -> pd.DataFrame:
    return pd.DataFrame(columns, dtype="str").rename_axis("row")


NAMED: dict[str, list[str | None]] = {
    f"{name}_{language}": ["A", "B"] for name in ("name", "within") for language in LANGUAGES
}


def test_aspects_keep_the_order_of_the_file_and_are_about_the_zones_it_says() -> None:
    rows = instrument_rows(
        aspect=["skill", "port_tie"],
        headers=["keahlian;keterampilan", None],
        zone_class=[None, "IE"],
        outward=["no", "yes"],
        **NAMED,
    )
    found, issues = check_aspects(rows)
    assert issues == ()
    assert [*found] == ["skill", "port_tie"]
    assert found["skill"].headers == ("keahlian", "keterampilan")
    assert [(a.zone_class, a.outward) for a in found.values()] == [("", False), ("ie", True)]
    instrument = Instrument(found)
    assert instrument.linkages == {"port_tie": "ie"}
    table = read_table(b"nama;Keahlian;port_tie\nA;1;2\n", name="f", aspects=instrument.headers)
    assert list(table.rows) == ["name_id", "skill", "port_tie"]
    with pytest.raises(DataError) as error:
        read_table(b"nama;Keahlian;keterampilan\nA;1;2\n", name="f", aspects=instrument.headers)
    assert [issue.code for issue in error.value.issues] == ["column_twice"]


@pytest.mark.parametrize("code", ["Skill", "two words", "<b>", "name_id", "score_total", "1st"])
def test_codes_of_aspects_are_words_and_no_columns_of_centers(code: str) -> None:
    rows = instrument_rows(aspect=["skill", code], outward=["no", "no"], **NAMED)
    found, (issue,) = check_aspects(rows)
    assert (issue.code, issue.value, [*found]) == ("code_invalid", code, ["skill"])


def test_categories_have_signs_and_phases_that_are_known() -> None:
    names: dict[str, Any] = {name: ["A", "B"] for name in ("name_id", "name_en")}
    drawn: dict[str, Any] = {
        "shape": ["star", "heart"],
        "colour": ["blue", "red"],
        "phases": ["2;3", "4"],
    }
    found, issues = check_categories(instrument_rows(category=["up", "several"], **names, **drawn))
    assert {issue.column for issue in issues} == {"category", "shape", "colour", "phases"}
    assert {issue.value for issue in issues} == {"several", "heart", "red", "4"}
    assert found == {"up": Category("A", "A", (), "star", "blue", (2, 3))}
