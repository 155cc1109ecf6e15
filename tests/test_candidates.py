"""Centers in a register: counted by hand, compared with recorded ones, published with care."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from ikmgeo.analysis import Inputs
from ikmgeo.errors import DataError
from ikmgeo.measures import linkage
from ikmgeo.register.candidates import (
    Criterion,
    candidates,
    compared,
    linked,
    medoid,
    published,
)
from ikmgeo.register.households import read_households
from ikmgeo.register.sample import write_sample
from ikmgeo.register.store import Register
from ikmgeo.register.suppression import suppressed, totals_hidden
from ikmgeo.register.taking_in import take_in

HERE, BESIDE, FAR = "1207022017", "1207022008", "1201011001"
"""Dagang Kelambir, another village of Tanjung Morawa, Pasar Batu Gerigis in another district."""

LAW, FUND, BPS = Criterion(5), Criterion(10), Criterion(share_from=0.2)

Find = Callable[..., pd.DataFrame]


@pytest.fixture
def find(tmp_path: Path, shipped: Inputs) -> Find:
    """Candidates in a register of these rows: commodity, KBLI, place, workers, year, lat, lon."""

    def run(rows: list[str], criterion: Criterion = LAW, **how: Any) -> pd.DataFrame:
        head = "Komoditas,KBLI 2020,Kode Desa,Kecamatan,Kabupaten,Tenaga Kerja,Tahun,lat,lon"
        path = tmp_path / "units.csv"
        path.write_text("\n".join([head, *rows]) + "\n")
        register = Register(tmp_path / "register")
        taken = take_in(path, shipped, register, remark=str, rejected=tmp_path / "back.csv")
        assert taken.entry.rejected == 0
        with register.connect(register.version()) as connection:
            return candidates(connection, shipped, criterion, **how)

    return run


def at(village: str, count: int, commodity: str = "Kopi", kbli: str = "", **told: str) -> list[str]:
    rest = ",".join([told.get("workers", "2"), told.get("year", "2024"), "", ""])
    return [f"{commodity},{kbli},{village},,,{rest}"] * count


def test_five_units_of_like_product_in_one_village_are_a_center_and_four_are_none(
    find: Find,
) -> None:
    found = find([*at(HERE, 5), *at(BESIDE, 4), *at(HERE, 4, "Madu"), *at(FAR, 7)])
    assert found["units"].to_dict() == {f"{FAR}:coffee": 7, f"{HERE}:coffee": 5}
    one = found.loc[f"{HERE}:coffee"]
    assert (one["village"], one["subdistrict"]) == ("Dagang Kelambir", "Tanjung Morawa")
    assert (one["workers"], one["district_units"], one["district_share"]) == (10, 9, 5 / 9)
    assert (one["lat"], one["lon"]) == (3.541607, 98.797389)  # as in villages.csv
    assert one["position_precision"] == "village"


@pytest.mark.parametrize("products", [("Zeta", "Alfa"), ("Alfa", "Zeta")])
def test_of_two_names_that_as_many_units_have_the_first_by_alphabet_is_told(
    find: Find, products: tuple[str, str]
) -> None:
    rows = [row for name in products for row in at(HERE, 3, name, kbli="10794")]
    assert find(rows, by="kbli")["product"].tolist() == ["Alfa"]


def test_the_definitions_are_those_of_the_table(shipped: Inputs) -> None:
    found = {code: Criterion.of(row) for code, row in shipped.center_definitions.iterrows()}
    assert found == {"law": LAW, "dak": FUND, "bps": BPS}


def test_a_definition_of_ten_finds_fewer(find: Find) -> None:
    assert [*find([*at(HERE, 9), *at(FAR, 10)], FUND).index] == [f"{FAR}:coffee"]


def test_a_share_of_the_households_is_asked_for(find: Find) -> None:
    households = pd.Series({HERE: 20, BESIDE: 21})
    rows = [*at(HERE, 4), *at(BESIDE, 4), *at(FAR, 9)]
    found = find(rows, BPS, households=households)
    assert found["household_share"].to_dict() == {f"{HERE}:coffee": 0.2}


def test_products_are_alike_by_kbli_or_by_commodity(find: Find) -> None:
    rows = [*at(HERE, 3, "Keripik", "10794"), *at(HERE, 3, "Kerupuk", "10794")]
    assert find(rows).empty
    by_code = find(rows, by="kbli").iloc[0]
    assert (by_code["units"], by_code["commodity"], by_code["kbli_edition"]) == (
        6,
        "cassava",
        "2020",
    )


def test_units_that_only_subdistrict_or_district_place_are_told_and_not_counted(
    find: Find,
) -> None:
    by_subdistrict = ["Kopi,,,Tanjung Morawa,Deli Serdang,1,2024,,"] * 3
    by_district = ["Kopi,,,,Deli Serdang,1,2024,,"] * 4
    elsewhere = ["Kopi,,,Barus,Tapanuli Tengah,1,2024,,"]
    found = find([*at(HERE, 5), *by_subdistrict, *by_district, *elsewhere])
    (one,) = found.to_dict("records")
    assert (one["units"], one["unsure_subdistrict"], one["unsure_district"]) == (5, 3, 4)
    assert one["district_units"] == 12


def test_only_units_of_the_year_count(find: Find) -> None:
    rows = [*at(HERE, 5, year="2023"), *at(HERE, 4, year="2024")]
    assert find(rows)["units"].tolist() == [9]
    assert find(rows, year=2023)["units"].tolist() == [5]
    assert find(rows, year=2024).empty


def test_the_medoid_is_the_unit_nearest_to_all_others(find: Find) -> None:
    spots = [(3.54, 98.80), (3.54, 98.81), (3.54, 98.82), (3.54, 98.83), (3.56, 98.97)]
    rows = [f"Kopi,,{HERE},,,1,2024,{lat},{lon}" for lat, lon in spots]
    (one,) = find(rows).to_dict("records")
    assert (one["lat"], one["lon"], one["position_precision"]) == (3.54, 98.82, "site")
    line = np.array([[0.0, 0.0], [0.0, 1.0], [0.0, 2.0], [0.0, 10.0]])
    assert medoid(line) == 1  # 12 degrees in all, as from the third; the first of them


def test_linkage_is_that_of_the_centers(find: Find, shipped: Inputs) -> None:
    found = find([*at(HERE, 5), *at(HERE, 5, "Madu"), *at(FAR, 5)])
    measured = linked(found, shipped)
    assert [*measured.index] == [*found.index]
    for candidate, one in found.iterrows():
        for zone_id, zone in shipped.zones.iterrows():
            line = linkage.GEOD.inv(one["lon"], one["lat"], zone["lon"], zone["lat"])[2] / 1000
            told = measured.loc[candidate]
            assert told[f"{zone_id}_km"] == pytest.approx(line)
            assert told[f"{zone_id}_km_low"] < line < told[f"{zone_id}_km_high"]
            assert told[f"proximity_{zone_id}"] == pytest.approx(100 * 2 ** (-line / 25))
    assert measured.loc[f"{HERE}:coffee", "nearest_zone"] == "kim"


def test_candidates_confirm_recorded_centers_or_are_new(find: Find, shipped: Inputs) -> None:
    found = find([*at(HERE, 5), *at(FAR, 6), *at(FAR, 5, "Madu")])
    columns = ["commodity", "district_code", "area_code", "position_precision"]
    centers = pd.DataFrame(
        {
            "same_village": ("coffee", "1207", HERE, "village"),
            "its_district": ("coffee", "1201", None, "district"),
            "beside": ("coffee", "1207", BESIDE, "village"),
            "same_subdistrict": ("coffee", "1207", BESIDE[:6], "subdistrict"),
            "other_product": ("copra", "1207", HERE, "village"),
            "nowhere": ("coffee", None, None, "district"),
        },
        index=columns,
    ).T
    status, lists = compared(found, centers, shipped)
    assert status["status"].to_dict() == {
        f"{FAR}:coffee": "confirmed",
        f"{FAR}:honey": "new",
        f"{HERE}:coffee": "confirmed",
    }
    assert status.at[f"{HERE}:coffee", "recorded"] == "same_village; same_subdistrict"
    confirmed = lists.index[lists["status"] == "confirmed"]
    assert [*confirmed] == ["same_village", "its_district", "same_subdistrict"]
    assert lists["units"].tolist() == [5, 6, 0, 5, 0, 0]


def test_nothing_under_three_is_published_nor_what_reveals_it(find: Find) -> None:
    rows = [*at(HERE, 5), *at(BESIDE, 2), *at(FAR, 5), *at("1201011002", 3)]
    rows += ["Kopi,,,Tanjung Morawa,Deli Serdang,1,2024,,"] * 2
    rows += at(HERE, 3, "Madu", workers="")
    rows[-1] = rows[-1].replace(",,2024", ",7,2024")
    shown = published(find(rows, Criterion(1)))
    here, beside = shown.loc[f"{HERE}:coffee"], shown.loc[f"{BESIDE}:coffee"]
    assert here["units"] == 5
    assert pd.isna(here["unsure_subdistrict"])  # two
    assert pd.isna(beside[["units", "workers", "district_units", "district_share"]]).all()
    assert pd.isna(here[["district_units", "district_share"]]).all()  # 5 of 9, less 5: of beside
    far = shown.loc[f"{FAR}:coffee"]
    assert (far["district_units"], far["district_share"]) == (8, 5 / 8)
    assert pd.isna(shown.loc[f"{HERE}:honey", ["workers", "workers_known"]]).all()  # of one unit


def test_a_total_that_tells_another_villages_count_is_hidden_for_all(find: Find) -> None:
    shown = published(find([*at(HERE, 5), *at(BESIDE, 2)], Criterion(1)))
    assert shown["district_units"].isna().all()  # 7, less the 5 that are shown
    assert shown["district_share"].isna().all()
    assert shown.at[f"{HERE}:coffee", "units"] == 5


def hidden(numbers: list[int], totals: Any = ([],), **columns: Any) -> list[int]:
    table = pd.DataFrame({"n": numbers, **columns})
    return [*np.flatnonzero(suppressed(table, "n", totals).isna())]


def test_small_counts_are_suppressed_and_one_more_where_the_total_would_tell_them() -> None:
    assert hidden([5, 2, 9, 0], totals=()) == [1]
    assert hidden([5, 2, 9, 0]) == [0, 1]  # 16 - 5 - 9 = 2
    assert hidden([5, 1, 1, 9]) == [0, 1, 2]  # 16 - 14 = 2, of two cells: each is 1
    assert hidden([5, 2, 1, 9]) == [1, 2]  # 3 of two cells: 1 and 2, but which
    assert hidden([0, 3, 4]) == []


def test_suppression_holds_in_rows_and_columns() -> None:
    # North: 2, 5, 8; south: 7, 6, 9. The 2 takes the 5 with it in its row, the 7 in its column,
    # and these each the 6 that stands across.
    table = {"place": list("nnnsss"), "product": list("abcabc")}
    assert hidden([2, 5, 8, 7, 6, 9], [["place"], ["product"]], **table) == [0, 1, 3, 4]


def test_a_total_is_hidden_where_nothing_else_can_be() -> None:
    table = pd.DataFrame({"n": [2, 0, 4, 5], "place": list("aabb")})
    assert totals_hidden(table, "n", ["place"]).tolist() == [True, True, False, False]


def test_households_are_read_by_village_and_summed(tmp_path: Path, shipped: Inputs) -> None:
    path = tmp_path / "kk.csv"
    path.write_text(
        "Desa,Kecamatan,Kabupaten,Jumlah KK\nDagang Kelambir,Tanjung Morawa,Deli Serdang,1.200\n"
        "Dagang Kelambir,Tanjung Morawa,Deli Serdang,300\n,Barus,Tapanuli Tengah,50\n"
    )
    assert read_households(path, shipped, limit_mb=1).to_dict() == {HERE: 1500}
    path.write_text("Desa,Kecamatan,Kabupaten\nDagang Kelambir,Tanjung Morawa,Deli Serdang\n")
    with pytest.raises(DataError, match="households_missing"):
        read_households(path, shipped, limit_mb=1)


def test_the_sample_is_fictional_reproducible_and_follows_the_population(
    tmp_path: Path, shipped: Inputs
) -> None:
    first, again = tmp_path / "first.csv", tmp_path / "again.csv"
    for path in (first, again):
        write_sample(path, shipped, units=20_000)
    assert first.read_bytes() == again.read_bytes()
    register = Register(tmp_path / "register")
    entry = take_in(first, shipped, register, remark=str, rejected=tmp_path / "back.csv").entry
    assert entry.made_up
    assert register.version().made_up
    assert (entry.units, entry.rejected) == (20_000, 0)
    people = shipped.districts["population"].astype(float)
    expected = 20_000 * people / people.sum()
    units = pd.Series(entry.districts).reindex(people.index).fillna(0)
    assert ((units - expected).abs() < 5 * np.sqrt(expected) + 1).all()  # five standard deviations
