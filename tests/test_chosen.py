"""Which units conditions let pass, counted by hand; what lies at a place."""

from collections.abc import Iterator

import duckdb
import numpy as np
import pandas as pd
import pytest

from ikmgeo.register import chosen
from ikmgeo.register.chosen import MOST_TOLD, Chosen
from ikmgeo.register.tiles import KNOWN

UNITS = pd.DataFrame(
    [
        ("Kopi Jaya", "10761", "coffee", "Kopi bubuk", 3, 2022, "1207", 3.5, 98.7, "village"),
        ("Kopi 100%", "10761", "coffee", "Kopi", 12, 2023, "1207", 3.5, 98.7, "village"),
        ("Tenun Indah", "13121", "tenun", "Ulos", np.nan, 2023, "1218", 3.2, 99.1, "point"),
        (None, "10794", None, "Opak", 1, np.nan, "1218", 3.2, 99.1, "subdistrict"),
        ("Tanpa letak", "10794", "cassava", "Opak", 1, 2023, "1218", np.nan, np.nan, "none"),
    ],
    columns=[
        *("name", "kbli", "commodity", "product", "workers", "year", "district_code"),
        *("lat", "lon", "placed_by"),
    ],
)


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as held:
        held.from_df(UNITS).create("units")
        yield held


@pytest.mark.parametrize(
    ("wanted", "rows"),
    [
        (Chosen(), [0, 1, 2, 3]),
        (Chosen(commodities=("coffee",)), [0, 1]),
        (Chosen(commodities=("coffee", "tenun")), [0, 1, 2]),
        (Chosen(districts=("1218",)), [2, 3]),
        (Chosen(kbli="10"), [0, 1, 3]),
        (Chosen(kbli="13121"), [2]),
        (Chosen(workers=3), [0, 1]),
        (Chosen(since=2023), [1, 2]),
        (Chosen(until=2022), [0]),
        (Chosen(text="KOPI"), [0, 1]),
        (Chosen(text="kopi jaya"), [0]),
        (Chosen(text="opak"), [3]),
        (Chosen(text="%"), [1]),
        (Chosen(text="x' OR true --"), []),
        (Chosen(commodities=("') OR true --",)), []),
        (Chosen(districts=("1207",), workers=5, text="kopi"), [1]),
    ],
)
def test_conditions_pass_the_units_that_meet_them_and_have_a_place(
    connection: duckdb.DuckDBPyConnection, wanted: Chosen, rows: list[int]
) -> None:
    found = chosen.among(connection, wanted)
    expected = UNITS.loc[rows, "product"].tolist()
    assert [row[0] for row in found.select("product").fetchall()] == expected
    assert sum(chosen.by_commodity(found).values()) == len(rows)
    assert len(chosen.spread(found).every) == len(rows)


def test_commodities_are_counted_the_most_first_and_none_is_left_out(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    found = chosen.among(connection, Chosen())
    assert list(chosen.by_commodity(found).items()) == [("coffee", 2), ("", 1), ("tenun", 1)]
    spread = chosen.spread(found)
    assert {name: len(codes) for name, codes in spread.codes.items()} == {
        **{"coffee": 2, "tenun": 1},
        "": 1,
    }
    assert len(spread.unsure) == 1


def test_more_products_than_are_known_count_together(connection: duckdb.DuckDBPyConnection) -> None:
    names = [f"p{n:02d}" for n in range(KNOWN + 5)]
    many = pd.concat([UNITS.iloc[[0]].assign(commodity=name) for name in names])
    connection.execute("DROP TABLE units")
    connection.from_df(many).create("units")
    codes = chosen.spread(chosen.among(connection, Chosen())).codes
    assert list(codes) == [*names[:KNOWN], ""]
    assert len(codes[""]) == 5


def test_a_place_tells_its_units_by_name_and_how_many_there_are(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    there = chosen.at(chosen.among(connection, Chosen()), 98.6, 3.4, 98.8, 3.6)
    assert there.units == 2
    assert [unit[0] for unit in there.first] == ["Kopi 100%", "Kopi Jaya"]
    assert there.first[1] == ("Kopi Jaya", "coffee", "Kopi bubuk", 3, "village")
    assert chosen.at(chosen.among(connection, Chosen()), 0, 0, 1, 1).units == 0
    connection.from_df(pd.concat([UNITS.iloc[[0]]] * 70)).insert_into("units")
    crowded = chosen.at(chosen.among(connection, Chosen()), 98.6, 3.4, 98.8, 3.6)
    assert (crowded.units, len(crowded.first)) == (72, MOST_TOLD)


def test_a_map_opens_on_nearly_all_units(connection: duckdb.DuckDBPyConnection) -> None:
    connection.from_df(pd.concat([UNITS.iloc[[0]]] * 996)).insert_into("units")
    west, south, east, north = chosen.extent(chosen.among(connection, Chosen())) or (0, 0, 0, 0)
    assert (west, south, east, north) == pytest.approx((98.7, 3.5, 98.7, 3.5))
    assert chosen.extent(chosen.among(connection, Chosen(text="nobody"))) is None
