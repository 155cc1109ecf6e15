"""What a list says elsewhere than in the column for it."""

import pandas as pd
import pytest

from ikmgeo.reading import load
from ikmgeo.reading.validate import Checked, check_centers
from tests.rated import INSTRUMENT

DISTRICTS = pd.DataFrame(
    {"district_code": ["1206"], "name_id": ["Kabupaten Karo"], "short_name": ["Karo"]}
)
COMMODITIES = pd.DataFrame(
    {
        "commodity": ["coffee", "tenun", "bamboo"],
        "name_id": ["Kopi", "Tenun dan songket", "Kerajinan dan mebel bambu"],
        "name_en": ["Coffee", "Woven cloth", "Bamboo"],
        "kbli": ["10761", "13121", "16291;31002"],
    }
)


def checked(*rows: dict[str, str]) -> Checked:
    frame = pd.DataFrame(
        [{"name_id": "A", "lat": "3.1", "lon": "98.5", **row} for row in rows],
        index=pd.RangeIndex(2, len(rows) + 2, name="row"),
        dtype="str",
    )
    return check_centers(
        load.Table("f", frame),
        instrument=INSTRUMENT,
        district_names=DISTRICTS,
        commodities=COMMODITIES,
        land=None,
        bounds=(98, 2, 100, 4),
    )


def notes(found: Checked) -> dict[str, object]:
    return {issue.code: issue.expected.get("count") for issue in found.issues}


@pytest.mark.parametrize(
    ("row", "commodity", "way"),
    [
        ({"kbli": "10761"}, "coffee", "kbli"),
        ({"kbli": "31.002"}, "bamboo", "kbli"),
        ({"file_layer": "Kopi"}, "coffee", "layer"),
        ({"name_id": "Sentra kopi Lintong"}, "coffee", "name"),
        ({"name_id": "Sentra Songket"}, "tenun", "name"),
    ],
)
def test_a_commodity_may_be_told_by_code_layer_or_name(
    row: dict[str, str], commodity: str, way: str
) -> None:
    found = checked(row)
    assert found.good["commodity"].tolist() == [commodity]
    assert notes(found)[f"commodity_from_{way}"] == 1


@pytest.mark.parametrize(
    "name", ["Koperasi Karo", "Kerajinan kayu", "Kopi dan songket", "Sentra Mekar"]
)
def test_a_name_that_names_none_or_two_tells_nothing(name: str) -> None:
    found = checked({"name_id": name}, {"name_id": "B", "commodity": "Kopi"})
    assert found.good["name_id"].tolist() == ["B"]


def test_a_code_of_another_product_is_kept_as_it_is() -> None:
    assert checked({"kbli": "25931"}).good["commodity"].tolist() == ["KBLI 25931"]


def test_a_sheet_called_as_a_district_tells_it() -> None:
    found = checked({"commodity": "Kopi", "file_layer": "Karo"})
    assert found.good["district_code"].tolist() == ["1206"]
    assert notes(found)["district_from_layer"] == 1


def test_one_number_for_all_rows_is_no_id() -> None:
    rows = [{"commodity": "Kopi", "center_id": "0", "name_id": name} for name in "ABCD"]
    found = checked(*rows)
    assert len(found.good) == 4
    assert notes(found)["ids_repeated"] == 4


@pytest.mark.parametrize(
    ("ids", "kept"),
    [
        (["KP", "KP", "MD", "TN"], ["MD", "TN", "u0001", "u0002"]),
        (["1", "2", "1", "2"], ["u0001", "u0002", "u0003", "u0004"]),
        (["1", "2", "3", "1"], ["u0001", "u0002", "u0003", "u0004"]),
    ],
)
def test_ids_of_rows_with_other_names_are_none_and_lose_no_row(
    ids: list[str], kept: list[str]
) -> None:
    rows = [
        {"commodity": "Kopi", "center_id": i, "name_id": n}
        for i, n in zip(ids, "ABCD", strict=True)
    ]
    found = checked(*rows)
    assert sorted(found.good.index) == kept
    assert notes(found)["ids_repeated"] == (2 if "MD" in ids else 4)


def test_codes_of_kbli_that_repeat_are_no_ids_and_two_of_one_id_are_a_slip() -> None:
    coded = [("10761", "A"), ("10761", "B"), ("13121", "C")]
    rows = [{"commodity": "Kopi", "center_id": i, "name_id": n} for i, n in coded]
    assert len(checked(*rows).good) == 3
    again = [("a", "A"), ("a", "A"), ("b", "C")]
    slips = [{"commodity": "Kopi", "center_id": i, "name_id": n} for i, n in again]
    assert [i.code for i in checked(*slips).issues if i.severity == "rejected"] == ["duplicate_id"]


def test_a_percentage_is_its_number_and_fractions_are_told() -> None:
    assert checked({"commodity": "Kopi", "score_total": "75,5 %"}).good["score_total"].tolist() == [
        75.5
    ]
    rows = [
        {"commodity": "Kopi", "name_id": n, "score_total": s}
        for n, s in zip("ABC", ("0.5", "0.755", "1"), strict=True)
    ]
    assert "scores_fractions" in notes(checked(*rows))
