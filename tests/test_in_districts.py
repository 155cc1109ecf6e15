"""What a register holds of each district, counted by hand, and what is told of it."""

from dataclasses import replace
from pathlib import Path

import pytest

from ikmgeo.analysis import Inputs
from ikmgeo.display import profiles
from ikmgeo.register.in_districts import Registered, in_districts
from ikmgeo.register.store import Register
from tests.conftest import HandOut
from tests.registered import CASSAVAS, COFFEES, ELSEWHERE, UNITS, registered, taken

DELI_SERDANG, KARO = "1207", "1206"


def held_of(folder: Path, inputs: Inputs, **counts: int) -> Registered:
    """A register of so many units of each commodity in one village of Deli Serdang."""
    lines = ["Komoditas,Kode Desa,No"]
    lines += [f"{name},1207022016,{n}" for name, count in counts.items() for n in range(count)]
    # Lines that say the same but for their number count once: each has a name.
    named = ["Nama Usaha," + lines[0], *(f"U{n},{line}" for n, line in enumerate(lines[1:]))]
    register = taken(folder, inputs, "unit.csv", named)
    return in_districts(register, register.version(), inputs.center_definitions)


def test_units_commodities_and_candidates_are_counted_by_district(
    tmp_path: Path, shipped: Inputs
) -> None:
    """Coffee of one village and cassava of the other are five or more; cassava of the first not."""
    register = registered(tmp_path, shipped)
    held = in_districts(register, register.version(), shipped.center_definitions)
    assert held.units == {DELI_SERDANG: UNITS}
    assert held.commodities == {
        DELI_SERDANG: (("coffee", COFFEES + 1), ("cassava", CASSAVAS + ELSEWHERE))
    }
    assert held.candidates == {DELI_SERDANG: 2}
    assert (held.definition, held.files, held.made_up) == ("law", ("unit.csv",), False)


def test_profiles_and_the_table_of_specialisation_do_not_tell_together_what_each_hides(
    tmp_path: Path, shipped: Inputs
) -> None:
    """All coffee less that of two districts would be the two units of the third."""
    villages = {"1207022016": (40, 60), "1206011009": (9, 91), "1209082001": (2, 98)}
    lines = ["Komoditas,Kode Desa,Nama Usaha"]
    for village, counts in villages.items():
        for name, count in zip(("Kopi", "Tenun"), counts, strict=True):
            lines += [f"{name},{village},{name} {n}" for n in range(count)]
    register = taken(tmp_path, shipped, "unit.csv", lines)
    held = in_districts(register, register.version(), shipped.center_definitions)
    told = {code: dict(some).get("coffee") for code, some in held.commodities.items()}
    assert told.get(DELI_SERDANG) == 40
    assert told.get(KARO) is None
    assert told.get("1209") is None


def test_an_empty_register_holds_nothing(tmp_path: Path, shipped: Inputs) -> None:
    register = Register(tmp_path / "none")
    assert in_districts(register, register.version(), shipped.center_definitions) == Registered()
    assert not register.folder.exists()


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ({"Kopi": 9, "Ubi kayu": 5, "Kopra": 4, "Tempe": 3}, [9, 5, 4]),
        ({"Kopi": 9, "Ubi kayu": 5, "Kopra": 1}, [9]),  # 15 - 9 - 5 would tell the one
        ({"Kopi": 9, "Ubi kayu": 2}, []),  # so would 11 - 9 tell the two
        ({"Kopi": 2, "Ubi kayu": 2}, []),
    ],
)
def test_no_count_of_one_or_two_can_be_read_from_what_is_told(
    counts: dict[str, int], told: list[int], tmp_path: Path, shipped: Inputs
) -> None:
    held = held_of(tmp_path, shipped, **counts)
    assert [count for _, count in held.commodities.get(DELI_SERDANG, ())] == told


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_district_tells_its_units_with_their_source(hand_out: HandOut, language: str) -> None:
    base = hand_out()
    held = Registered(
        {DELI_SERDANG: 1_234},
        {DELI_SERDANG: (("coffee", 1_000),)},
        {DELI_SERDANG: 7},
        "law",
        ("unit.csv",),
        made_up=True,
    )
    say = type(base.say).of(language, base.inputs)
    dossier = replace(base, say=say, registered=held)
    told = profiles.district(dossier, DELI_SERDANG)
    thousand, coffee = {"id": ("1.234", "Kopi 1.000"), "en": ("1,234", "Coffee 1,000")}[language]
    assert told.facts["district.units"] == f"{thousand} ({coffee})"
    assert (told.facts["district.candidates"] or "").startswith("7 (PP 29/2018")
    assert {"id": "Unit (fiktif): unit.csv", "en": "Units (fictional): unit.csv"}[
        language
    ] in told.source
    assert profiles.district(dossier, KARO).facts["district.units"] == "0"
    without = profiles.district(base, DELI_SERDANG)
    assert "district.units" not in without.facts
    assert "unit.csv" not in without.source


def test_one_or_two_units_of_a_district_are_not_told(hand_out: HandOut) -> None:
    held = Registered({KARO: None, DELI_SERDANG: 9}, {}, {}, "law", ("unit.csv",))
    assert (
        "district.units" not in profiles.district(replace(hand_out(), registered=held), KARO).facts
    )
