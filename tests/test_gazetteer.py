"""Rows without coordinates come to the area that they name, to the finest that is sure."""

import time
from collections import Counter
from collections.abc import Mapping

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from ikmgeo import analysis
from ikmgeo.analysis import Inputs
from ikmgeo.reading import gazetteer, load
from ikmgeo.reading.gazetteer import IN_ADDRESS, PRECISION, Gazetteer, Told, name_key
from ikmgeo.reading.validate import Checked, check_centers
from tests.rated import INSTRUMENT

# Two districts, 98-99 E and 99-100 E, both 2-3 N. The west has Kec. Hulu, whose three villages
# stand in a row, and Kec. Hilir, of which a village is drawn in the east
# and one in the sea.
DISTRICTS = gpd.GeoDataFrame(
    {
        "name_id": ["Kabupaten Barat", "Kota Timur"],
        "short_name": ["Barat", "Timur"],
        "bps_code": ["1202", "1271"],
    },
    index=pd.Index(["1201", "1271"], name="district_code"),
    geometry=[shapely.box(98, 2, 99, 3), shapely.box(99, 2, 100, 3)],
    crs=4326,
)
VILLAGES = pd.DataFrame(
    [
        ("1201011001", "Tanjung Baru", "Hulu", 2.2, 98.1),
        ("1201012002", "Suka Maju II", "Hulu", 2.2, 98.2),
        ("1201012003", "Sei Rampah", "Hulu", 2.2, 98.3),
        ("1201022001", "Suka Maju II", "Hilir", 2.8, 98.8),
        ("1201022002", "Pematang Raya A", "Hilir", 2.9, 98.9),
        ("1201022003", "Seberang", "Hilir", 2.9, 99.1),
        ("1201022004", "Samudra", "Hilir", 2.9, 100.1),
        ("1271011001", "Pekan", "Timur Kota", 2.5, 99.5),
        ("1271021001", "Pasar", "Hulu", 2.6, 99.6),
    ],
    columns=["village_code", "name_id", "subdistrict", "lat", "lon"],
).set_index("village_code")
BPS = pd.DataFrame(
    {
        "area_code": ["120101", "1201011001", "1201012003"],
        "name_id": [None, "Labuhan Baru", None],
    },
    index=["1202010", "1202010001", "1202010003"],
)
AREAS = Gazetteer(VILLAGES, DISTRICTS, ("Provinsi Uji", "Test Province"), BPS)
LAND = shapely.box(98, 2, 100, 3)
USUAL = {"precision_missing", "district_missing", "no_good_rows", "unknown_commodity"}


def check(*rows: Mapping[str, str | None], areas: Gazetteer | None = AREAS) -> Checked:
    """Check rows that are good but for their place."""
    frame = pd.DataFrame(list(rows), index=pd.RangeIndex(2, len(rows) + 2, name="row"), dtype="str")
    return check_centers(
        load.Table("u.csv", frame.assign(name_id=[f"A{n}" for n in frame.index], commodity="kopi")),
        instrument=INSTRUMENT,
        district_names=DISTRICTS,
        commodities=["kopi"],
        land=LAND,
        bounds=LAND.bounds,
        areas=areas,
    )


def cells(district: str = "", subdistrict: str = "", village: str = "") -> dict[str, str | None]:
    told = {"district_code": district, "subdistrict": subdistrict, "village": village}
    return {column: cell or None for column, cell in told.items()}


def area_of(found: Checked) -> str:
    """Code of the area that the one row comes to, which it says throughout; empty for none."""
    if found.good.empty:
        assert found.placed["none"] == 1
        return ""
    center = found.good.iloc[0]
    area = center["district_code"] if pd.isna(center["area_code"]) else center["area_code"]
    assert area.startswith(center["district_code"])
    assert found.ways.tolist() == [center["position_precision"]] == [PRECISION[len(area)]]
    assert center["position_basis"] == "inferred"
    return area


def codes(found: Checked) -> set[str]:
    return {issue.code for issue in found.issues} - USUAL


@pytest.mark.parametrize(
    ("told", "area", "notes"),
    [
        (("Barat", "Hulu", "Sei Rampah"), "1201012003", ""),
        (("Kab. Barat", "", "Desa Sungai Rampah"), "1201012003", ""),
        (("Barat (Kab.)", "KEC. HULU", "SUKAMAJU 2"), "1201012002", ""),
        (("Barat Regency", "Hilir", "Kel./Desa Pem.Raya-A"), "1201022002", ""),
        (("1201", "Hulu", "Tj Baru"), "1201011001", ""),
        (("Kab. Barat, Provinsi Uji", "", "Desa Suka Maju II Kec. Hilir"), "1201022001", ""),
        (("BARAT - UJI", "Kec. Hulu, Kab. Barat", "Sei Rampah (Pekan)"), "1201012003", ""),
        (("Barat", "Hulu", "Tanjung Barru"), "1201011001", "name_read_as"),
        (("Barat", "Hulu", "LABUHAN BARU"), "1201011001", "name_read_as"),
        (("Barat", "Hulu", "Suka Maju Dua"), "1201012002", ""),
        (("Barat", "Hulu", "Tanjung Baro"), "120101", "village_unknown"),
        (("Barat", "Hulu", "Suka Maju III"), "120101", "village_unknown"),
        (("Barat", "Hulu", "Pematang Raya A"), "120101", "village_elsewhere"),
        (("Barat", "Hilir", "Pematang Raya B"), "120102", "village_unknown"),
        (("Barat", "Hulu", ""), "120101", ""),
        (("Barat", "", "Suka Maju II"), "1201", "village_ambiguous"),
        (("Barat", "Entah", "Sei Rampah"), "1201012003", "subdistrict_unknown"),
        (("Barat", "Timur Kota", "Sei Rampah"), "1201", "subdistrict_elsewhere"),
        (("Barat", "", "Pekan"), "1201", "village_elsewhere"),
        (("Barat", "", ""), "1201", ""),
        (("Timur City", "Kota", ""), "127101", "name_read_as"),
        (("", "Hilir", ""), "120102", ""),
        (("", "Hulu", "Pasar"), "1271021001", ""),
        (("", "", "Seberang"), "1201022003", ""),
        (("Barat", "Hilir", "Samudra"), "120102", "village_astray"),
        (("Propinsi Uji", "", "Seberang"), "1201022003", "district_is_province"),
        (("TEST PROVINCE", "Hilir", ""), "120102", "district_is_province"),
        (("", "Hulu", ""), "", "place_ambiguous"),
        (("", "", "Suka Maju II"), "", "place_ambiguous"),
        (("", "Entah", "Sei Rampah"), "", "place_unknown"),
        (("Provinsi Uji", "", ""), "", "district_is_province place_missing"),
        (("Mars", "Hulu", "Sei Rampah"), "", "unknown_district"),
    ],
)
def test_a_row_comes_to_the_finest_area_that_is_sure(
    told: tuple[str, str, str], area: str, notes: str
) -> None:
    found = check(cells(*told))
    assert (area_of(found), codes(found)) == (area, set(notes.split()))


@pytest.mark.parametrize(
    ("area", "lat", "lon", "of"),
    [
        (("Barat", "Hulu", "Tanjung Baru"), 2.2, 98.1, "12.01.01.1001"),
        (("Barat", "Hulu"), 2.2, 98.2, "12.01.01.2002"),
        # Of five in the west; Seberang is drawn in the east.
        (("Barat",), 2.2, 98.3, "12.01.01.2003"),
        (("Barat", "Hilir", "Seberang"), 2.9, 99.1, "12.01.02.2003"),
    ],
)
def test_its_point_is_that_of_a_village_in_the_middle(
    area: tuple[str, ...], lat: float, lon: float, of: str
) -> None:
    center = check(cells(*area)).good.iloc[0]
    assert (center["lat"], center["lon"]) == (lat, lon)
    assert center["position_source"].startswith(f"villages.csv {of}: ")


def test_without_villages_a_district_has_a_point_within_its_border() -> None:
    center = check(cells("Barat", "Hulu"), areas=Gazetteer(VILLAGES.iloc[:0], DISTRICTS)).good.iloc[
        0
    ]
    assert LAND.intersection(DISTRICTS.geometry["1201"]).contains(
        shapely.Point(center["lon"], center["lat"])
    )
    assert center["position_precision"] == "district"


def test_a_row_whose_coordinates_cannot_be_read_has_the_place_of_its_village() -> None:
    village = cells("Barat", "Hulu", "Tanjung Baru")
    found = check(
        village | {"lat": "dekat pasar", "lon": "?"},
        village | {"lat": "2.21", "lon": "98.11", "name_id": "B"},
        cells("Barat", "Hulu") | {"lat": "x", "lon": "y"},
    )
    assert found.ways.tolist() == ["village", "point", "none"]
    assert found.good[["lat", "lon", "position_precision"]].iloc[0].tolist() == [
        2.2,
        98.1,
        "village",
    ]
    (note,) = [i for i in found.issues if i.code == "coordinates_village"]
    assert (note.value, note.expected["count"], note.expected["first"]) == ("dekat pasar", 1, 2)


def test_without_a_gazetteer_coordinates_are_needed() -> None:
    found = check(cells("Barat", "Hulu"), areas=None)
    assert codes(found) == {"column_missing"}
    assert found.placed["none"] == 1


@pytest.mark.parametrize(
    ("row", "area", "notes"),
    [
        ({"area_code": "12.01.01.2003"}, "1201012003", ""),
        ({"area_code": "120101"}, "120101", ""),
        ({"subdistrict_code": "12.01.01", "village": "Tj. Baru"}, "1201011001", ""),
        ({"area_code": "1201019999"}, "120101", "area_code_unknown"),
        ({"district_code": "Barat", "area_code": "1271011001"}, "1201", "area_code_elsewhere"),
        ({"area_code": "1201012003", "village": "Seberang"}, "1201", "area_code_differs"),
        ({"area_code": "1201012003", "subdistrict": "Hilir"}, "1201", "area_code_differs"),
        ({"area_code": "1201012002", "village": "Suka Maju II"}, "1201012002", ""),
        ({"area_code": "1202010003"}, "1201012003", "area_codes_bps"),
        ({"area_code": "ID1202010003"}, "1201012003", "area_codes_bps"),
        ({"area_code": "ID1202"}, "1201", "area_codes_bps"),
        ({"subdistrict_code": "1202010"}, "120101", "area_codes_bps"),
        ({"subdistrict_code": "1202099"}, "1201", "area_codes_bps area_code_unknown"),
        ({"district_code": "ID1202"}, "1201", ""),
    ],
)
def test_a_code_places_a_row(row: dict[str, str | None], area: str, notes: str) -> None:
    found = check(row)
    assert (area_of(found), codes(found)) == (area, set(notes.split()))


def test_names_beside_tell_whose_codes_they_are() -> None:
    # To Kemendagri this code is Pasar's.
    codes = BPS.iloc[[1]].set_axis(["1271021001"])
    areas = Gazetteer(VILLAGES, DISTRICTS, bps_codes=codes)
    row = {"area_code": "1271021001", "village": "Tanjung Baru"}
    assert area_of(check(row, areas=areas)) == "1201011001"
    assert area_of(check(row | {"village": "Pasar"}, areas=areas)) == "1271021001"
    assert area_of(check(row | {"village": None}, areas=areas)) == "1271021001"


def test_a_subdistrict_beside_a_code_of_a_district_tells_whose_it_is() -> None:
    districts = DISTRICTS.assign(bps_code=["1271", "1201"])
    frame = pd.DataFrame({"district_code": "1271", "subdistrict": "Hilir"}, index=[2], dtype="str")
    found = check_centers(
        load.Table("u.csv", frame.assign(name_id="A", commodity="kopi")),
        instrument=INSTRUMENT,
        district_names=districts,
        commodities=["kopi"],
        land=LAND,
        bounds=LAND.bounds,
        areas=Gazetteer(VILLAGES, districts),
    )
    assert (area_of(found), codes(found)) == ("120102", {"district_codes_bps"})


@pytest.mark.parametrize(
    ("address", "village", "subdistrict"),
    [
        ("Jl. Merdeka No. 5, Desa Sukamaju Kec. Berastagi", "Sukamaju", "Berastagi"),
        (
            "Dusun II Desa Suka Maju II, Kecamatan Pancur Batu, Kab. X",
            "Suka Maju II",
            "Pancur Batu",
        ),
        ("JL. DESA LAMA NO. 3 KEL. TITI KUNING KEC. MEDAN JOHOR", "TITI KUNING", "MEDAN JOHOR"),
        ("Kel/Desa: Bantan, Kec: Medan Tembung Kota Medan", "Bantan", "Medan Tembung"),
        ("Kec. Medan Kota, Kel. Kota Matsum III 20215", "Kota Matsum III", "Medan Kota"),
        ("Ds. Gurusinga\nRT 2 RW 1", "Gurusinga", None),
        ("Jl. Desa Baru 12", None, None),
        ("Sentra di pedesaan, dekat kecamatan", None, None),
    ],
)
def test_village_and_subdistrict_are_found_in_an_address(
    address: str, village: str | None, subdistrict: str | None
) -> None:
    found = {column: pattern.search(address) for column, pattern in IN_ADDRESS.items()}
    assert {column: match and match[1] for column, match in found.items()} == {
        **{"village": village, "subdistrict": subdistrict}
    }


def test_an_address_places_a_row_that_says_nothing_else() -> None:
    told = {"locality": "Jl. Satu, Desa Sei Rampah Kec. Hulu, Kab. Barat, Provinsi Uji"}
    found = check(told)
    assert (area_of(found), codes(found)) == ("1201012003", {"address_read"})
    assert area_of(check(told | cells("Barat", "Hilir"))) == "120102"
    assert area_of(check({"locality": "Jl. Dua, Desa Sei Rampah"} | cells("Barat"))) == "1201012003"
    assert found.good["locality"].tolist() == [told["locality"]]


@pytest.mark.parametrize(
    ("address", "locality"),
    [
        (None, "Sei Rampah, Kec. Hulu"),
        ("Jl. Satu", "Jl. Satu, Sei Rampah, Kec. Hulu"),
        ("Jl. Satu, Desa Sei Rampah", "Jl. Satu, Desa Sei Rampah, Kec. Hulu"),
    ],
)
def test_village_and_subdistrict_are_told_with_the_address(
    address: str | None, locality: str
) -> None:
    row = cells("Barat", "Kecamatan Hulu", "Sei Rampah") | {"locality": address}
    assert check(row).good["locality"].tolist() == [locality]
    at_point = check(row | {"lat": "2.5", "lon": "98.5"})
    assert at_point.good["locality"].tolist() == [locality]


def test_coordinates_go_before_names_and_are_counted_apart() -> None:
    found = check(
        cells("Barat", "Hulu") | {"lat": "2.5", "lon": "98.5"},
        cells("Barat", "Hulu") | {"lat": "0", "lon": "0,0"},
        cells("Barat") | {"lat": None, "lon": None},
        cells("Barat") | {"lat": "utara", "lon": "98.5"},
        cells("", "Hulu") | {"lat": None, "lon": None},
        cells("Barat", "Hulu", "Sei Rampah") | {"lat": "-", "lon": "n/a"},
    )
    assert found.placed == {
        **{"point": 1, "village": 1, "subdistrict": 1, "district": 1, "none": 2}
    }
    assert found.good.iloc[0][["lat", "lon"]].tolist() == [2.5, 98.5]
    rejected = {i.row: i.code for i in found.issues if i.severity == "rejected"}
    assert rejected == {5: "not_a_number", 6: "place_ambiguous"}
    assert {"coordinates_zero"} <= codes(found)


def test_a_kind_of_doubt_is_told_once_with_its_count_first_row_and_what_was_read() -> None:
    found = check(
        cells("Barat", "Hulu", "Pekan"),
        cells("Barat", "Hulu", "Sei Rammpah"),
        cells("Barat", "Hulu", "Tj. Baaru"),
    )
    told = {i.code: (i.value, i.expected) for i in found.issues if i.code not in USUAL}
    assert told == {
        "village_elsewhere": (
            "Pekan",
            {"count": 1, "first": 2, "by": ("Kec. Timur Kota (Kota Timur)",)},
        ),
        "name_read_as": ("Sei Rammpah", {"count": 2, "first": 3, "by": ("Sei Rampah",)}),
    }


@pytest.mark.parametrize(
    "column", ["district_code", "subdistrict", "village", "area_code", "locality"]
)
def test_a_long_cell_takes_no_time(column: str) -> None:
    texts = ("a" + " " * 9_000, "desa ", "kec. x", ", ", "(", "1201")
    began = time.process_time()
    check(*({column: (text * 9_000)[:9_999]} for text in texts))
    assert time.process_time() - began < 2


NAMES = [None, "", "Hulu", "Hilir", "Kota", "Sei Rampah", "Suka Maju II", "Pekan", "X", "'", "(a)"]
ROWS = st.fixed_dictionaries(
    {
        "district_code": st.sampled_from([None, "Barat", "Timur", "1201", "1202", "ID1202", "X"]),
        "subdistrict": st.sampled_from(NAMES) | st.text(max_size=20),
        "village": st.sampled_from(NAMES) | st.text(max_size=20),
        "area_code": st.sampled_from([None, "1202010003", "1271011001", "120101", "12", "ID9"]),
        "locality": st.sampled_from([None, "Desa Pekan, Kec. Hulu", "Kab. Barat", "Kec. "]),
        "lat": st.sampled_from([None, None, "2.5", "0", "x"]),
        "lon": st.sampled_from([None, None, "98.5", "0"]),
    }
)


@given(st.lists(ROWS, min_size=1, max_size=5))
def test_every_row_is_accounted_for_and_lies_where_it_says(
    rows: list[dict[str, str | None]],
) -> None:
    found = check(*rows)
    good, rejected = found.good["row"].tolist(), found.rejected.index.tolist()
    assert sorted(good + rejected) == list(range(2, len(rows) + 2))
    assert sum(found.placed.values()) == len(rows)
    for center in found.good.itertuples():
        way = found.ways[center.row]
        reported = rows[center.row - 2]["district_code"]
        if way == "point":
            assert (center.lat, center.lon) == (2.5, 98.5)
        else:
            assert reported is None or {"Barat": "1201", "Timur": "1271"}.get(
                reported, center.district_code
            ) == center.district_code  # fmt: skip
            spots = VILLAGES[VILLAGES.index.str.startswith(str(center.district_code))]
            assert (center.lat, center.lon) in list(zip(spots["lat"], spots["lon"], strict=True))


# The shipped gazetteer.

TWINS = {"Sorkam Kanan", "Ramunia", "Batu"}
"""Names that two villages of one subdistrict have: villages.csv, by hand."""


def test_every_shipped_village_is_found_by_its_own_names(shipped: Inputs) -> None:
    areas, villages = shipped.gazetteer, shipped.villages
    found = {
        code: areas.find(Told(code[:4], f"Kec. {subdistrict}", f"DESA {name}", "")).code
        for code, name, subdistrict in villages[["name_id", "subdistrict"]].itertuples()
    }
    lost = [code for code, area in found.items() if area != code]
    lost.remove("1201142005")  # Tapian Nauli/ Saurmanggita of Tukka stands in the sea
    assert {villages.at[code, "name_id"] for code in lost} == TWINS
    assert len(lost) == 2 * len(TWINS)
    assert all(found[code] == code[:6] for code in lost)


def test_no_two_shipped_villages_of_a_subdistrict_have_one_key_but_twins(shipped: Inputs) -> None:
    keys = zip(
        shipped.villages.index.str[:6], map(name_key, shipped.villages["name_id"]), strict=True
    )
    twice = [key for (_, key), count in Counter(keys).items() if count > 1]
    assert sorted(twice) == sorted(map(name_key, TWINS))


def test_no_shipped_village_is_taken_for_another_of_its_subdistrict(shipped: Inputs) -> None:
    for area, known in shipped.gazetteer.villages_of.items():
        if len(area) == 6:
            for there in known.values():
                others = {k: codes for k, codes in known.items() if not set(codes) & set(there)}
                name = str(shipped.villages.at[there[0], "name_id"])
                assert gazetteer._match(name, others, typos=True) == ()


@pytest.mark.parametrize(
    ("told", "code"),
    [  # villages.csv, by hand
        (("Karo", "Brastagi", "Guru Singa"), "1206022002"),
        (("Kota Medan", "Medan Tembung", "Kel. Bantan"), "1271141004"),
        (("Medan", "Tembung", "BANDAR SELAMAT"), "1271141006"),
        (("Asahan", "Kec. Bandar Pasir Mandoge", "Sungai Kopas"), "1209172006"),
        (("Deli Serdang", "Pancurbatu", "Tj. Anom"), "1207052021"),
        (("Simalungun", "Pamatang Sidamanik", "Sait Buttu Saribu"), "1208102001"),
        (("Batubara", "Medang Deras", "Medang Baru Lagi"), "121901"),
        (("Sergai", "Pantai Cermin", "Pantai Cermin Kanan"), "1218012001"),
        (("Karo", "Simpang Empat", "Ndokum Siroga"), "1206122014"),
    ],
)
def test_shipped_places_as_offices_write_them(
    shipped: Inputs, told: tuple[str, str, str], code: str
) -> None:
    text = "nama,komoditas,kabupaten/kota,kecamatan,desa/kelurahan\nA,Kopi," + ",".join(told)
    found = analysis.checked(load.read_table(text.encode(), name="u.csv"), shipped)
    assert area_of(found) == code


def test_codes_of_bps_are_of_areas_of_the_district_that_has_its_code(shipped: Inputs) -> None:
    table, names = shipped.bps_codes, shipped.gazetteer.names
    district = dict(zip(shipped.districts["bps_code"], shipped.districts.index, strict=True))
    assert len(table) == 6_280
    assert table["area_code"].is_unique
    for code, area in table["area_code"].items():
        assert area in names
        assert area[:4] == district[str(code)[:4]]
        assert len(area) == {7: 6, 10: 10}[len(str(code))]


@pytest.mark.parametrize(
    ("code", "area"),
    [  # the classification of BPS of 2018 and villages.csv, by hand
        ("1211100001", "1206022002"),
        ("1275170006", "1271141004"),
        ("1212020", "120720"),
        ("1211", "1206"),
        ("1209999", "1208"),
    ],
)
def test_shipped_places_by_codes_of_bps(shipped: Inputs, code: str, area: str) -> None:
    told = {4: "", 7: "", 10: ""} | {len(code): code}
    text = "nama,komoditas,kode kabupaten,nama kabupaten,kode kecamatan,kode desa\nA,Kopi,"
    name = shipped.districts.at[area[:4], "name_id"]
    text += f"{told[4]},{name},{told[7]},{told[10]}"
    found = analysis.checked(load.read_table(text.encode(), name="u.csv"), shipped)
    assert area_of(found) == area


WITHOUT_COORDINATES = """Nama,Komoditi,Kabupaten/Kota,Kecamatan,Alamat
Sentra Tenun Contoh,Tenun dan songket,Batu Bara,X,Jl. Contoh
Sentra Ulos Contoh,Tenun dan songket,Toba,X,Jl. Contoh
Sentra Kopi Contoh,Kopi,Karo,X,Jl. Contoh
Sentra Keripik Contoh,Keripik,Deli Serdang,X,Jl. Contoh
"""


def test_a_register_without_coordinates_is_on_the_map(shipped: Inputs) -> None:
    found = analysis.checked(load.read_table(WITHOUT_COORDINATES.encode(), name="u.csv"), shipped)
    assert found.placed["district"] == len(found.good) == 4
    assert found.good["district_code"].tolist() == ["1219", "1212", "1206", "1207"]
    points = shapely.points(found.good["lon"].to_numpy(), found.good["lat"].to_numpy())
    polygons = [shipped.districts.geometry[code] for code in found.good["district_code"]]
    assert shapely.covers(polygons, points).all()
    assert codes(found) == {"subdistrict_unknown"}


def test_the_province_for_a_district_says_nothing(shipped: Inputs) -> None:
    text = "Nama,Komoditi,Kabupaten,Lat,Lng\nA,Kopi,Sumatera Utara,3.1152,98.5051\n"
    found = analysis.checked(load.read_table(text.encode(), name="u.csv"), shipped)
    assert found.good["district_code"].isna().all()
    assert codes(found) == {"district_is_province"}
