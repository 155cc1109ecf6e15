"""The shipped data whole, and with each file missing or broken in turn."""

import shutil
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from ikmgeo.analysis import Inputs, Measured, classify, gather, measure, with_centers
from ikmgeo.load import SHIPPED_COLUMNS, Table
from ikmgeo.scoring import Scheme
from ikmgeo.settings import SHIPPED_DATA, Settings
from ikmgeo.validate import check_centers
from ikmgeo.vocabulary import SCHEMES

TABLES = tuple(SHIPPED_COLUMNS)
WORDS = {"excellent", "developing", "potential", "under_development", "several", "none", "unscored"}
ROWS = {"claims": 31, "centers": 13, "commodities": 10, "zones": 3, "places": 31}


@pytest.fixture(scope="module")
def shipped() -> Inputs:
    return gather(Settings())


@pytest.fixture(scope="module")
def measured(shipped: Inputs) -> Measured:
    return measure(shipped)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SHIPPED_DATA, tmp_path / "data"))


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1
    file.write_text(text.replace(old, new), encoding="utf-8")


def rejected(inputs: Inputs) -> set[tuple[str, str]]:
    """Code and file of every defect for which something was left out."""
    return {(issue.code, issue.file) for issue in inputs.issues if issue.severity == "rejected"}


def goes_through(inputs: Inputs) -> Measured:
    """Measure and classify by every scheme; each center stays on one row."""
    found = measure(inputs)
    for scheme in SCHEMES:
        classified = classify(found, inputs.claims, Scheme(scheme))
        assert classified.index.equals(inputs.centers.index)
        assert set(classified["category"]) <= WORDS
    return found


def test_shipped_data_are_whole_and_nothing_is_rejected(shipped: Inputs) -> None:
    assert rejected(shipped) == set()
    for table, rows in ROWS.items():
        assert len(getattr(shipped, table)) == rows
    assert len(shipped.districts) == 33
    assert shipped.lakes["name_id"].tolist() == ["Danau Toba"]
    assert len(shipped.footprints) == 0


def test_every_table_is_indexed_by_its_id(shipped: Inputs) -> None:
    assert shipped.districts.index.is_unique
    assert shipped.centers.index.name == "center_id"
    assert shipped.zones.index.tolist() == ["sei_mangkei", "kim", "kuala_tanjung"]
    assert shipped.claims.index[0] == "P01"
    assert "coffee" in shipped.commodities.index


def test_every_reference_between_the_shipped_tables_exists(shipped: Inputs) -> None:
    centers, claims = shipped.centers, shipped.claims
    assert centers["commodity"].isin(shipped.commodities.index).all()
    assert centers["district_code"].isin(shipped.districts.index).all()
    assert centers[["score_claim", "category_claim"]].isin(claims.index).all(axis=None)
    assert claims["center_id"].dropna().isin(centers.index).all()
    assert set(shipped.zone_areas["zone_id"]) == set(shipped.zones.index)


def test_every_center_is_measured_against_every_zone(shipped: Inputs, measured: Measured) -> None:
    for table in (measured.distances, measured.low, measured.high):
        assert table.index.equals(shipped.centers.index)
        assert table.columns.tolist() == shipped.zones.index.tolist()
        assert table.notna().all(axis=None)
    assert measured.centers.index.equals(shipped.centers.index)
    assert measured.centers["rank"].max() == 13


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_scheme_keeps_one_row_per_center(measured: Measured, shipped: Inputs, scheme) -> None:
    found = classify(measured, shipped.claims, Scheme(scheme))
    assert found.index.equals(shipped.centers.index)
    assert set(found["category"]) <= WORDS
    several = found.filter(like="is_").sum(axis=1)
    assert (several.eq(1) == ~found["category"].isin(["several", "none", "unscored"])).all()


POINT = '{"type":"Feature","properties":{"x":1},"geometry":{"type":"Point","coordinates":[98,2]}}'


def write_foreign(file: Path) -> None:
    """A sound file of the same kind, but of something else."""
    layer = f'{{"type":"FeatureCollection","features":[{POINT}]}}'
    file.write_text(layer if file.suffix == ".geojson" else "x,y\n1,2\n", encoding="utf-8")


BREAKS: dict[str, Callable[[Path], object]] = {
    "missing": lambda file: file.unlink(),
    "another kind of file": lambda file: file.write_bytes(b"%PDF-1.7 \xff\x00 no table"),
    "foreign columns": write_foreign,
}


def broken(data: Path, file: str, how: str) -> Inputs:
    BREAKS[how](data / file)
    return gather(Settings(data=data))


@pytest.mark.parametrize("how", BREAKS)
@pytest.mark.parametrize("table", TABLES)
def test_broken_table_is_listed_and_the_rest_still_loads(data: Path, table: str, how: str) -> None:
    inputs = broken(data, f"{table}.csv", how)
    assert {file for _, file in rejected(inputs)} == {f"{table}.csv"}
    found = goes_through(inputs)
    for other, rows in ROWS.items():
        assert len(getattr(inputs, other)) == (0 if other == table else rows)
    assert len(inputs.districts) == 33
    assert found.distances.shape == (len(inputs.centers), len(inputs.zones))


@pytest.mark.parametrize("how", BREAKS)
def test_broken_surroundings_are_listed_and_the_rest_still_loads(data: Path, how: str) -> None:
    inputs = broken(data, "geo/surroundings.geojson", how)
    assert {file for _, file in rejected(inputs)} == {"surroundings.geojson"}
    assert goes_through(inputs).centers["score"].notna().sum() == 13


@pytest.mark.parametrize("how", BREAKS)
def test_broken_districts_are_listed_and_the_centers_stay(data: Path, how: str) -> None:
    inputs = broken(data, "geo/districts.geojson", how)
    assert {file for _, file in rejected(inputs)} == {"districts.geojson"}
    found = goes_through(inputs)
    assert len(inputs.centers) == 13
    assert found.distances.shape == (13, 3)


def test_footprints_without_their_columns_are_listed(data: Path) -> None:
    write_foreign(data / "geo" / "zones.geojson")
    inputs = gather(Settings(data=data))
    assert rejected(inputs) == {("column_missing", "zones.geojson")}
    assert goes_through(inputs).centers["nearest_km"].notna().all()


def test_claims_gone_leave_centers_without_scores_and_never_with_zero(data: Path) -> None:
    inputs = broken(data, "claims.csv", "missing")
    found = goes_through(inputs)
    assert found.centers["score"].isna().all()
    words = classify(found, inputs.claims, Scheme("contiguous"))["category"]
    assert set(words) == {"unscored"}


def test_zones_gone_leave_centers_without_distances(data: Path) -> None:
    found = goes_through(broken(data, "zones.csv", "missing"))
    assert len(found.centers) == 13
    assert found.centers["nearest_zone"].isna().all()


def test_one_bad_center_leaves_twelve_and_is_listed_by_row(data: Path) -> None:
    # PIK Menteng stands on row 10: the header is row 1.
    change(data / "centers.csv", "3.560715", "93.560715")
    inputs = gather(Settings(data=data))
    assert len(inputs.centers) == 12
    assert "pik-menteng" not in inputs.centers.index
    (issue,) = [issue for issue in inputs.issues if issue.severity == "rejected"]
    assert (issue.file, issue.row, issue.column) == ("centers.csv", 10, "lat")
    assert issue.value == "93.560715"
    goes_through(inputs)


def test_one_bad_claim_leaves_its_center_without_score(data: Path) -> None:
    change(data / "claims.csv", "P13,score,pik-menteng,21.28", "P13,score,pik-menteng,212.8")
    inputs = gather(Settings(data=data))
    assert rejected(inputs) == {("out_of_range", "claims.csv")}
    found = goes_through(inputs).centers
    assert found.index[found["score"].isna()].tolist() == ["pik-menteng"]


def test_own_data_folder_needs_no_columns_for_claims(data: Path) -> None:
    rows = "center_id,name_id,commodity,lat,lon,score_total\nx,Sentra X,coffee,3.0,99.0,55.5\n"
    (data / "centers.csv").write_text(rows, encoding="utf-8")
    inputs = gather(Settings(data=data))
    assert rejected(inputs) == set()
    found = goes_through(inputs).centers.loc["x"]
    assert (found["score"], found["district"]) == (55.5, "1208")


def test_footprint_that_a_user_adds_is_measured_to_its_edge_in_any_crs(data: Path) -> None:
    # Batu Bara tenun at 99.554778 E 3.200666 N lies inside this square around Kuala Tanjung.
    square = gpd.GeoDataFrame(
        {"zone_id": ["kuala_tanjung"]}, geometry=[shapely.box(99.4, 3.1, 99.6, 3.4)], crs=4326
    )
    for crs in (4326, 32647):
        square.to_crs(crs).to_file(data / "geo" / "zones.geojson", driver="GeoJSON")
        inputs = gather(Settings(data=data))
        assert rejected(inputs) == set()
        distances = goes_through(inputs).distances
        assert distances.at["batu-bara-tenun", "kuala_tanjung"] == 0
        assert distances.at["batu-bara-tenun", "kim"] > 90


def own_centers(inputs: Inputs, *rows: dict[str, str]) -> pd.DataFrame:
    frame = pd.DataFrame(list(rows), dtype="str")
    frame.index = pd.RangeIndex(2, len(rows) + 2, name="row")
    checked = check_centers(
        Table("own.csv", frame),
        district_names=inputs.districts,
        commodities=inputs.commodities,
        land=None,
    )
    assert checked.rejected.empty
    return checked.good


OWN = {"name_id": "Sentra Batik", "commodity": "Batik", "lat": "3.6", "lon": "98.7"}


def test_own_centers_are_added_to_the_shipped_ones(shipped: Inputs) -> None:
    both = with_centers(shipped, own_centers(shipped, OWN), in_place=False)
    assert both.centers.index.tolist() == [*shipped.centers.index, "u0001"]
    assert both.commodities.at["Batik", "name_id"] == "Batik"
    found = goes_through(both).centers
    assert found.at["u0001", "district"] == "1271"
    assert found["rank"].max() == 13
    assert len(shipped.centers) == 13
    assert "Batik" not in shipped.commodities.index


def test_own_centers_take_the_place_of_the_shipped_ones(shipped: Inputs) -> None:
    own = own_centers(shipped, OWN | {"score_total": "40", "category": "Potensial"})
    alone = with_centers(shipped, own, in_place=True)
    assert alone.centers.index.tolist() == ["u0001"]
    found = goes_through(alone).centers.loc["u0001"]
    assert (found["score"], found["category_published"], found["rank"]) == (40, "potential", 1)
    assert not found["conflicting"]


def test_own_center_with_the_id_of_a_shipped_one_takes_its_place(shipped: Inputs) -> None:
    own = own_centers(shipped, OWN | {"center_id": "karo-coffee", "score_total": "88"})
    both = with_centers(shipped, own, in_place=False)
    assert both.centers.index.is_unique
    assert len(both.centers) == 13
    assert goes_through(both).centers.at["karo-coffee", "score"] == 88


def test_own_center_without_score_is_unscored_in_every_scheme_by_score(shipped: Inputs) -> None:
    both = with_centers(shipped, own_centers(shipped, OWN), in_place=False)
    found = measure(both)
    for scheme in SCHEMES:
        words = classify(found, both.claims, Scheme(scheme))["category"]
        assert words["u0001"] == "unscored"
        assert "unscored" not in set(words.drop("u0001"))


def test_center_out_at_sea_has_neither_district_nor_an_invented_one(shipped: Inputs) -> None:
    both = with_centers(shipped, own_centers(shipped, OWN | {"lat": "5", "lon": "99"}), in_place=0)
    found = measure(both).centers.loc["u0001"]
    assert pd.isna(found["district"])
    assert not found["across_border"]
    assert found["nearest_km"] > 100
