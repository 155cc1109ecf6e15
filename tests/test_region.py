"""The province is data: its name, bounds and projection come from files."""

import pandas as pd
import pytest

from ikmgeo.errors import Issue
from ikmgeo.reading.places import metric_crs
from ikmgeo.reading.validate import check_former_names, check_region
from ikmgeo.vocabulary import Region
from ikmgeo.words.messages import Messages

SOUTH_EAST = Region("Papua Uji", "Test Papua", (139.0, -5.0, 141.0, -3.0))
ROW = {
    **{"province_code": "99", "name_id": "Papua Uji", "name_en": "Test Papua"},
    **{"west": "139", "south": "-5", "east": "141", "north": "-3"},
}


def table(*rows: dict[str, str]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), dtype="str", index=pd.RangeIndex(2, len(rows) + 2))


@pytest.mark.parametrize(
    ("bounds", "crs"),
    [
        ((97.06, -0.64, 100.42, 4.3), "EPSG:32647"),  # 96 to 102 °E, north in the middle
        ((139.0, -5.0, 141.0, -3.0), "EPSG:32754"),  # 138 to 144 °E, south
        ((105.1, -8.0, 108.9, -5.9), "EPSG:32748"),  # its middle, 107 °E, decides
    ],
)
def test_metres_are_measured_in_the_utm_zone_of_the_middle(
    bounds: tuple[float, float, float, float], crs: str
) -> None:
    assert metric_crs(bounds) == crs


def test_province_is_the_row_of_its_file() -> None:
    assert check_region(table(ROW)) == (SOUTH_EAST, ())


def test_without_a_sound_row_there_is_no_name_and_the_defect_is_told() -> None:
    region, (issue,) = check_region(table(ROW | {"west": "far"}))
    assert (region, issue.code, issue.column) == (Region(), "not_a_number", "west")


def test_former_name_of_an_unknown_district_is_refused() -> None:
    rows = [{"former_name": n, "district_code": c} for n, c in (("A", "9901"), ("B", "1201"))]
    names, (issue,) = check_former_names(table(*rows), ["9901"])
    assert names["district_code"].to_dict() == {"A": "9901"}
    assert (issue.row, issue.column) == (3, "district_code")


@pytest.mark.parametrize(("language", "name"), [("id", "Papua Uji"), ("en", "Test Papua")])
def test_messages_name_the_province_of_the_data(language: str, name: str) -> None:
    say = Messages(language, region=SOUTH_EAST)
    assert name in say("map.heading")
    assert name in say("atlas.map_alt", count=3)
    assert name in say.code("quantity", "units_province")
    told = say.problem(Issue("not_a_number", "f.csv", 2, "lat", "two"))
    assert "-4" in told
    assert not any("Sumat" in text for text in say.catalogue.values())
