"""The shipped data whole, and with each file missing or broken in turn."""

import math
import shutil
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from geographiclib.geodesic import Geodesic
from scipy import stats

from ikmgeo import tables
from ikmgeo.analysis import (
    Cost,
    Inputs,
    Linked,
    Measured,
    classify,
    gather,
    link,
    measure,
    reach,
    with_centers,
)
from ikmgeo.measures.areas import Areas
from ikmgeo.measures.ledger import contradictions
from ikmgeo.measures.linkage import Parameters, distance_km
from ikmgeo.measures.scoring import Scheme
from ikmgeo.reading.columns import SHIPPED_COLUMNS
from ikmgeo.reading.load import Table
from ikmgeo.reading.shipped import SHIPPED_LAYERS
from ikmgeo.reading.validate import check_centers
from ikmgeo.settings import SHIPPED_DATA, Settings
from ikmgeo.vocabulary import SCHEMES
from tests.planes import UTM_47N
from tests.rated import CATEGORIES, INSTRUMENT
from tests.shipped_data import MISSING

TABLES = tuple(SHIPPED_COLUMNS)
WORDS = {"excellent", "developing", "potential", "under_development", "several", "none", "unscored"}
ROWS = {"claims": 38, "centers": 13, "commodities": 10, "zones": 3, "places": 33}


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
        classified = classify(found, inputs.instrument, Scheme(scheme))
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


def test_what_tests_rate_by_is_what_is_gathered(shipped: Inputs) -> None:
    used, gathered = INSTRUMENT, shipped.instrument
    assert (used.aspects, used.categories) == (gathered.aspects, gathered.categories)
    pd.testing.assert_frame_equal(used.ranges, gathered.ranges)


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


def test_fit_has_every_commodity_and_zone_and_its_reason(shipped: Inputs) -> None:
    fit, reasons = shipped.sector_fit, shipped.sector_fit_reasons
    assert fit.index.equals(shipped.commodities.index)
    assert fit.columns.equals(shipped.zones.index)
    assert fit.isin([0, 0.5, 1]).all(axis=None)
    assert fit.at["coffee", "kim"] == 1
    told = reasons.set_index(["commodity", "zone_id"])["fit"]
    assert all(
        fit.at[commodity, zone] == value
        for (commodity, zone), value in zip(told.index, told, strict=True)
    )
    assert len(told) == fit.size


def test_fit_that_no_row_tells_is_missing_and_not_zero(data: Path) -> None:
    file = data / "sector_fit.csv"
    kept = file.read_text(encoding="utf-8").splitlines(keepends=True)
    file.write_text("".join(row for row in kept if not row.startswith("honey,kim")))
    fit = gather(Settings(data=data)).sector_fit
    assert fit.isna().sum().sum() == 1
    assert pd.isna(tables.cell(fit, "honey", "kim"))


def test_own_commodity_has_no_known_fit(shipped: Inputs) -> None:
    own = shipped.centers.iloc[[0]].assign(commodity="Batik").rename(index=lambda _: "own")
    fit = with_centers(shipped, own, in_place=True).sector_fit
    assert fit.loc["Batik"].isna().all()
    assert fit.drop(index="Batik").equals(shipped.sector_fit)


def test_statistic_is_never_taken_for_a_score(data: Path) -> None:
    file = data / "centers.csv"
    rows = pd.read_csv(file, dtype="str")
    rows.loc[rows["center_id"] == "karo-coffee", ["score_claim", "category_claim"]] = "S01"
    rows.to_csv(file, index=False)
    inputs = gather(Settings(data=data))
    assert pd.isna(tables.cell(measure(inputs).centers, "karo-coffee", "score"))
    found = contradictions(inputs.centers, inputs.claims, CATEGORIES)
    assert {item.kind for item in found if "S01" in item.claims} == {"workers_by_jobs"}


def test_every_center_is_measured_against_every_zone(shipped: Inputs, measured: Measured) -> None:
    for table in (measured.distances, measured.low, measured.high):
        assert table.index.equals(shipped.centers.index)
        assert table.columns.tolist() == shipped.zones.index.tolist()
        assert table.notna().all(axis=None)
    assert measured.centers.index.equals(shipped.centers.index)
    assert measured.centers["rank"].max() == 13


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_scheme_keeps_one_row_per_center(measured: Measured, shipped: Inputs, scheme) -> None:
    found = classify(measured, shipped.instrument, Scheme(scheme))
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
    "empty": lambda file: file.write_bytes(b""),
    "another kind of file": lambda file: file.write_bytes(b"%PDF-1.7 \xff\x00 no table"),
    "foreign columns": write_foreign,
}
FILES = (
    *(f"{table}.csv" for table in TABLES),
    *(f"geo/{layer}.geojson" for layer in SHIPPED_LAYERS if layer != "zones"),
)


@pytest.mark.parametrize("how", BREAKS)
def test_every_broken_file_is_listed_and_as_one_that_is_missing(data: Path, how: str) -> None:
    for file in FILES:
        BREAKS[how](data / file)
    inputs = gather(Settings(data=data))
    assert {file for _, file in rejected(inputs)} == {Path(file).name for file in FILES}
    assert [len(getattr(inputs, table)) for table in ROWS] == [0] * len(ROWS)
    assert len(inputs.districts) == len(inputs.surroundings) == 0
    goes_through(inputs)


@pytest.mark.parametrize("files", MISSING, ids=" ".join)
def test_missing_files_are_listed_and_the_rest_still_loads(
    data: Path, files: tuple[str, ...]
) -> None:
    for file in files:
        (data / file).unlink()
    inputs = gather(Settings(data=data))
    assert rejected(inputs) == {("file_missing", Path(file).name) for file in files}
    found = goes_through(inputs)
    for table, rows in ROWS.items():
        assert len(getattr(inputs, table)) == (0 if f"{table}.csv" in files else rows)
    assert len(inputs.districts) == (0 if "geo/districts.geojson" in files else 33)
    assert found.distances.shape == (len(inputs.centers), len(inputs.zones))
    if "claims.csv" in files:  # never with zero
        words = classify(found, inputs.instrument, Scheme("contiguous"))["category"]
        assert set(words) <= {"unscored"}
        assert found.centers["score"].isna().all()
    elif "zones.csv" in files:
        assert found.centers["nearest_zone"].isna().all()
    elif "centers.csv" not in files:
        assert found.centers["score"].notna().sum() == 13


def test_footprints_without_their_columns_are_listed(data: Path) -> None:
    write_foreign(data / "geo" / "zones.geojson")
    inputs = gather(Settings(data=data))
    assert rejected(inputs) == {("column_missing", "zones.geojson")}
    assert goes_through(inputs).centers["nearest_km"].notna().all()


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
        assert tables.cell(distances, "batu-bara-tenun", "kim") > 90


def own_centers(inputs: Inputs, *rows: dict[str, str]) -> pd.DataFrame:
    frame = pd.DataFrame(list(rows), dtype="str")
    frame.index = pd.RangeIndex(2, len(rows) + 2, name="row")
    checked = check_centers(
        Table("own.csv", frame),
        district_names=inputs.districts,
        commodities=inputs.commodities,
        land=None,
        bounds=inputs.bounds,
        instrument=INSTRUMENT,
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
        words = classify(found, both.instrument, Scheme(scheme))["category"]
        assert words["u0001"] == "unscored"
        assert "unscored" not in set(words.drop("u0001"))


def test_center_out_at_sea_has_neither_district_nor_an_invented_one(shipped: Inputs) -> None:
    both = with_centers(
        shipped, own_centers(shipped, OWN | {"lat": "5", "lon": "99"}), in_place=False
    )
    found = measure(both).centers.loc["u0001"]
    assert pd.isna(found["district"])
    assert not found["across_border"]
    assert found["nearest_km"] > 100


def test_shipped_distances_of_the_whole_way_agree_with_geographiclib_to_a_metre(
    shipped: Inputs, measured: Measured
) -> None:
    pairs = 0
    for center, spot in shipped.centers.iterrows():
        for zone, place in shipped.zones.iterrows():
            line = Geodesic.WGS84.Inverse(spot["lat"], spot["lon"], place["lat"], place["lon"])
            assert measured.distances.at[center, zone] == pytest.approx(
                line["s12"] / 1000, abs=0.001, rel=0
            )
            pairs += 1
    assert pairs == 39


# A degree of the equator is 6378.137 km · π / 180 = 111.3195 km.
DEGREE_KM = 6378.137 * math.pi / 180


def on_equator(**km: float) -> pd.DataFrame:
    """Centers by km east of 99° on the equator, each of coffee and known to 5 km."""
    return pd.DataFrame(
        {
            "lat": 0.0,
            "lon": [99 + away / DEGREE_KM for away in km.values()],
            "commodity": "coffee",
            "area_radius_km": 5.0,
        },
        index=pd.Index(km, name="center_id", dtype="str"),
    )


def zones_at(**km: float) -> pd.DataFrame:
    """SEZs by km east of 99° on the equator, 100 ha each."""
    zones = on_equator(**km)[["lat", "lon"]].rename_axis("zone_id")
    return zones.assign(area_ha=100.0, **{"class": "sez"})


FIT = pd.DataFrame({"z": [0.5]}, index=["coffee"])


def discs(centers: pd.DataFrame) -> Areas:
    """Circles of the centers' radius."""
    return Areas(
        centers[["area_radius_km"]], pd.Series(-1, centers.index), np.array([], object), UTM_47N
    )


def linked(
    centers: pd.DataFrame,
    zones: pd.DataFrame,
    measure: str = "straight_km",
    *,
    cost: Cost = distance_km,
    draws: int = 1000,
) -> Linked:
    used = None if measure == "straight_km" else cost
    reached = reach(centers, discs(centers), zones, used, draws=draws)
    return link(centers, zones, reached, FIT, Parameters(measure=measure))


def test_bounds_of_straight_distances_are_those_of_the_construction() -> None:
    found = linked(on_equator(near=3, far=40), zones_at(z=0, y=100), draws=20)
    assert found.values["cost", "z"].tolist() == pytest.approx([3, 40], abs=0.001)
    # 3 ± 5 and 40 ± 5, never below 0; 97 ± 5 and 60 ± 5
    for column in (("cost", "z"), ("nearest", "all"), ("nearest", "sez")):
        assert found.low[column].tolist() == pytest.approx([0, 35], abs=0.001)
        assert found.high[column].tolist() == pytest.approx([8, 45], abs=0.001)
    assert found.low["cost", "y"].tolist() == pytest.approx([92, 55], abs=0.001)
    assert found.high["cost", "y"].tolist() == pytest.approx([102, 65], abs=0.001)


@pytest.mark.parametrize("measure", ["road_km", "road_minutes"])
def test_bounds_of_other_costs_are_percentiles_over_the_disc(measure: str) -> None:
    # From 300 km away the disc's circles of equal distance are all but straight lines, so distance
    # strays as one coordinate of an even disc does: the semicircle distribution.
    found = linked(on_equator(c=300), zones_at(z=0), measure)
    for q, bounds in ((0.05, found.low), (0.95, found.high)):
        stray = stats.semicircular.ppf(q)
        error = math.sqrt(0.05 * 0.95 / 1000) / stats.semicircular.pdf(stray)
        for column in (("cost", "z"), ("nearest", "all")):
            assert bounds.at["c", column] == pytest.approx(
                300 + 5 * stray, abs=5 * 4 * error + 0.05
            )


def test_percentiles_of_what_falls_with_distance_lie_around_the_value() -> None:
    found = linked(on_equator(c=60), zones_at(z=0))
    least, most = (100 * 2 ** (-km / 25) for km in (65, 55))
    for column in (("proximity", "z"), ("proximity_index", "all"), ("gravity", "all")):
        low, value, high = (
            tables.cell(t, "c", column) for t in (found.low, found.values, found.high)
        )
        assert least < low < value < high < most
    assert found.high.at["c", ("sector_fit", "z")] == pytest.approx(
        found.high.at["c", ("proximity", "z")] / 2
    )
    for table in (found.low, found.values, found.high):
        assert table.at["c", ("huff_share", "z")] == 1


def test_threshold_across_the_disc_leaves_open_whether_the_zone_is_within() -> None:
    found = linked(on_equator(across=50, inside=44.9, outside=55.1), zones_at(z=0), draws=200)
    column = ("zones_within", "50")
    assert found.low[column].tolist() == [0, 1, 0]
    assert found.high[column].tolist() == [1, 1, 0]


def test_a_zone_that_is_only_just_out_of_reach_is_still_counted_as_possible() -> None:
    """Planner 13: 0.05 % of a disc of 5 km lies beyond 4.98 km, and no percentile tells of it."""
    found = linked(on_equator(inside=45.02, outside=54.98), zones_at(z=0), draws=50)
    column = ("zones_within", "50")
    assert found.values[column].tolist() == [1, 0]
    assert found.low[column].tolist() == [0, 0]
    assert found.high[column].tolist() == [1, 1]


def test_drawn_values_are_those_of_each_draw() -> None:
    found = linked(on_equator(a=60, b=20), zones_at(z=0), draws=7)
    assert found.drawn.index.tolist() == [(c, i) for c in "ab" for i in range(7)]
    assert found.drawn.columns.equals(found.values.columns)
    costs = found.drawn["cost", "z"]
    assert costs.loc["a"].between(55, 65).all()
    assert costs.loc["b"].between(15, 25).all()
    assert costs.is_unique
    assert (100 * 2 ** (-costs / 25)).tolist() == pytest.approx(
        found.drawn["proximity", "z"].tolist()
    )


def test_fit_follows_the_commodity_of_each_center() -> None:
    centers = on_equator(a=25, b=25, c=25).assign(commodity=["coffee", "batik", "coffee"])
    found = linked(centers, zones_at(z=0), draws=3)
    assert found.values["sector_fit", "z"].tolist() == pytest.approx(
        [25, math.nan, 25], nan_ok=True
    )
    assert found.drawn["sector_fit", "z"].isna().tolist() == [False] * 3 + [True] * 3 + [False] * 3


def test_probability_of_the_nearest_zone() -> None:
    found = linked(on_equator(clear=10, unclear=49.9), zones_at(z=0, y=100)).nearest
    assert found["nearest_zone"].tolist() == ["z", "z"]
    assert found["nearest_uncertain"].tolist() == [False, True]
    assert found.at["clear", "nearest_probability"] == 1
    # 0.1 km of 10 from the middle: 0.5 + 0.1 · 2/(π · 5) = 0.513
    assert found.at["unclear", "nearest_probability"] == pytest.approx(0.513, abs=4 * 0.0158)


def test_nearest_zone_of_each_class_has_a_name_and_its_own_certainty() -> None:
    # Of all zones y is surely the nearest; of the other two neither is.
    zones = zones_at(z=0, y=49, x=99).assign(**{"class": ["sez", "ie", "sez"]})
    found = linked(on_equator(c=50), zones).nearest_of
    told = {name: some.loc["c"] for name, some in found.items()}
    assert {name: row["nearest_zone"] for name, row in told.items()} == {
        "all": "y",
        "sez": "x",
        "ie": "y",
    }
    assert {name: row["nearest_uncertain"] for name, row in told.items()} == {
        "all": False,
        "sez": True,
        "ie": False,
    }
    assert told["sez"]["nearest_km"] == pytest.approx(49, abs=0.001)
    # 0.5 km of 5 from the middle: 0.5 + (0.1·√0.99 + arcsin 0.1) / π = 0.564
    assert told["sez"]["nearest_probability"] == pytest.approx(0.564, abs=4 * 0.0158)
    closed = linked(on_equator(c=50), zones[zones["class"] == "ie"]).nearest_of["sez"].loc["c"]
    assert pd.isna(closed["nearest_zone"])
    assert not closed["nearest_uncertain"]


def test_nearest_by_another_cost_is_uncertain_where_some_draw_prefers_another_zone() -> None:
    # In straight lines the intervals overlap at 46 km (46 + 5 > 54 - 5). With 20 km more to y by
    # road every place west of 60 km goes to z and every place east of it to y.
    def road(places: pd.DataFrame, zones: pd.DataFrame) -> pd.DataFrame:
        return distance_km(places, zones).add(pd.Series({"z": 0, "y": 20}))

    centers = on_equator(west=46, middle=58, east=70)
    found = linked(centers, zones_at(z=0, y=100), "road_km", cost=road).nearest
    assert found["nearest_zone"].tolist() == ["z", "z", "y"]
    assert found["nearest_uncertain"].tolist() == [False, True, False]
    chance = found["nearest_probability"]
    assert chance.drop("middle").tolist() == [1, 1]
    # 2 km of a radius of 5: ½ + (0.4·√0.84 + arcsin 0.4) / π = 0.748
    assert chance["middle"] == pytest.approx(0.748, abs=4 * math.sqrt(0.748 * 0.252 / 1000))
    straight = linked(centers, zones_at(z=0, y=100)).nearest
    assert straight.at["west", "nearest_uncertain"]


@pytest.mark.parametrize("measure", ["straight_km", "road_km"])
def test_what_is_not_known_is_not_certain(measure: str) -> None:
    centers = on_equator(unsure=40)
    centers["area_radius_km"] = math.nan
    for zones, uncertain in ((zones_at(z=0, y=100), True), (zones_at(z=0), False)):
        found = tables.row(linked(centers, zones, measure, draws=5).nearest, "unsure")
        assert found["nearest_zone"] == "z"
        assert math.isnan(found["nearest_probability"])
        assert bool(found["nearest_uncertain"]) == uncertain


def test_without_draws_only_straight_distances_have_bounds() -> None:
    found = linked(on_equator(c=40), zones_at(z=0), draws=0)
    assert found.values.at["c", ("proximity", "z")] == pytest.approx(100 * 2 ** (-40 / 25))
    for table in (found.low, found.high):
        known = table.loc["c"].dropna().index.get_level_values(0)
        assert set(known) == {"cost", "nearest", "zones_within"}
        assert table.columns.equals(found.values.columns)
    assert found.low.at["c", ("cost", "z")] == pytest.approx(35, abs=0.001)
    assert found.drawn.empty
    assert found.nearest["nearest_probability"].isna().all()
    by_road = linked(on_equator(c=40), zones_at(z=0), "road_km", draws=0)
    assert by_road.low.isna().all(axis=None)
    assert by_road.high.isna().all(axis=None)


@pytest.mark.parametrize("draws", [0, 5])
@pytest.mark.parametrize(("centers", "zones"), [(0, 1), (2, 0), (0, 0)])
def test_no_centers_or_no_zones_make_no_values_and_no_error(
    centers: int, zones: int, draws: int
) -> None:
    some, industry = on_equator(a=1, b=2).iloc[:centers], zones_at(z=0).iloc[:zones]
    found = linked(some, industry, draws=draws)
    for table in (found.values, found.low, found.high):
        assert table.index.equals(some.index)
        assert table.columns.equals(found.values.columns)
        assert table.isna().all(axis=None)
    assert len(found.drawn) == centers * draws
    assert found.nearest.index.equals(some.index)
    assert found.nearest[["nearest_zone", "nearest_km"]].isna().all(axis=None)
    assert found.nearest["nearest_probability"].isna().all()
    assert not found.nearest["nearest_uncertain"].any()


def test_unknown_area_leaves_bounds_open_and_unknown_position_everything() -> None:
    centers = on_equator(unsure=40, lost=math.nan, sure=40)
    centers.loc["unsure", "area_radius_km"] = math.nan
    found = linked(centers, zones_at(z=0), draws=5)
    assert found.values.at["unsure", ("cost", "z")] == pytest.approx(40, abs=0.001)
    for table in (found.low, found.high):
        assert table.loc[["unsure", "lost"]].isna().all(axis=None)
        assert table.loc["sure"].drop(["ie"], level=1).notna().all()
    assert found.values.loc["lost"].isna().all()
    assert found.nearest["nearest_probability"].isna().tolist() == [True, True, False]


def test_zone_that_no_draw_reaches_is_missing_and_a_draw_without_route_does_not_count() -> None:
    def east_of_the_river(places: pd.DataFrame, zones: pd.DataFrame) -> pd.DataFrame:
        """Places west of 99° have no route, and zone y has none from anywhere."""
        costs = distance_km(places, zones).assign(y=math.nan)
        return costs.where(places["lon"] > 99)

    centers, zones = on_equator(bank=0.001), zones_at(z=200, y=100)
    found = linked(centers, zones, "road_km", cost=east_of_the_river)
    assert found.drawn["cost", "z"].isna().mean() == pytest.approx(0.5, abs=4 * 0.0158)
    for table in (found.values, found.low, found.high):
        assert math.isnan(tables.cell(table, "bank", ("cost", "y")))
        assert table.at["bank", ("huff_share", "z")] == 1
    assert 195 < tables.cell(found.low, "bank", ("cost", "z")) < 196
    assert 199 < tables.cell(found.high, "bank", ("cost", "z")) <= 200
    assert found.nearest.at["bank", "nearest_probability"] == 1


def shipped_link(inputs: Inputs, centers: pd.DataFrame) -> Linked:
    areas, footprints = measure(inputs).areas, inputs.footprints
    reached = reach(centers, areas, inputs.zones, footprints=footprints, draws=100)
    return link(centers, inputs.zones, reached, inputs.sector_fit, Parameters())


@pytest.mark.parametrize(
    "ids", [["karo-coffee"], ["pik-menteng", "karo-coffee", "asahan-copra"]], ids=len
)
def test_linkage_of_a_center_does_not_depend_on_which_other_centers_are_shown(
    shipped: Inputs, measured: Measured, ids: list[str]
) -> None:
    everyone = shipped_link(shipped, measured.centers)
    some = shipped_link(shipped, measured.centers.loc[ids])
    for name in ("values", "low", "high", "drawn", "nearest"):
        pd.testing.assert_frame_equal(getattr(some, name), getattr(everyone, name).loc[ids])


def test_one_reach_serves_many_parameters_and_stays_as_it_is() -> None:
    centers, zones = on_equator(a=60, b=20), zones_at(z=0, y=100)
    reached = reach(centers, discs(centers), zones, draws=10)
    before = reached.costs.copy(), reached.drawn.copy()
    one, other = (
        link(centers, zones, reached, FIT, Parameters(half_distance=half)) for half in (10, 40)
    )
    pd.testing.assert_frame_equal(reached.costs, before[0])
    pd.testing.assert_frame_equal(reached.drawn, before[1])
    pd.testing.assert_frame_equal(tables.part(one.low, "cost"), tables.part(other.low, "cost"))
    assert (tables.part(one.high, "proximity") < tables.part(other.high, "proximity")).all(
        axis=None
    )


def test_linkage_of_the_shipped_centers_is_whole(shipped: Inputs, measured: Measured) -> None:
    one, again = (shipped_link(shipped, measured.centers) for _ in range(2))
    for name in ("values", "low", "high"):
        table = getattr(one, name)
        assert table.shape == (13, 4 * 3 + 3 + 3 + 3 + 1)
        assert table.notna().all(axis=None)
        pd.testing.assert_frame_equal(table, getattr(again, name))
    pd.testing.assert_frame_equal(
        tables.part(one.values, "cost"), measured.distances, check_names=False
    )
    pd.testing.assert_frame_equal(tables.part(one.low, "cost"), measured.low, check_names=False)
    pd.testing.assert_frame_equal(tables.part(one.high, "cost"), measured.high, check_names=False)
    told = ["nearest_zone", "nearest_km", "nearest_uncertain"]
    pd.testing.assert_frame_equal(one.nearest[told], measured.centers[told])
    sure = ~one.nearest["nearest_uncertain"].astype(bool)
    assert sure.any()
    assert (one.nearest["nearest_probability"][sure] == 1).all()
    of_center = tables.part(one.drawn, "cost").groupby(level=0, sort=False)
    assert (of_center.min() >= tables.part(one.low, "cost") - 0.001).all(axis=None)
    assert (of_center.max() <= tables.part(one.high, "cost") + 0.001).all(axis=None)
