"""The towns: as GeoNames has them where the gazetteer agrees, and built again alike."""

import csv
import json
import os
import zipfile
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

from tools import build_towns

DATA = Path(__file__).parents[1] / "data"


def place(name: str, lat: float, lon: float, **others: object) -> dict[str, object]:
    known = {"geonameid": 1, "countrycode": "ID", "admin1code": "26", "population": 20_000}
    return {**known, "name": name, "latitude": lat, "longitude": lon, **others}


LAND = ("districts", "surroundings")


@pytest.fixture
def wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package of seven made-up towns, whose hash the tool takes for the right one."""
    places = [
        place("Right", 2.0, 99.0),
        place("Far", 2.0, 99.0, population=30_000),  # the subdistrict Far is 22 km away
        place("Village", 2.0, 99.0, population=90_000),
        place("Neighbour", 2.0, 101.0, admin1code="37", population=100_000, geonameid=7),
        place("Small Neighbour", 2.0, 101.0, admin1code="37", population=99_999),
        place("Island", 1.1, 104.0, admin1code="37", population=1_000_000),
        place("Abroad", 2.0, 102.0, countrycode="MY", population=1_000_000),
    ]
    file = tmp_path / "package.whl"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(build_towns.MEMBER, json.dumps(dict(enumerate(places))))
    monkeypatch.setattr(build_towns, "SHA256", build_towns.hashed(file))
    return file


def test_a_town_is_taken_where_a_subdistrict_nearby_bears_its_name(wheel: Path) -> None:
    seats = [
        {"name": "Up right", "lat": 2.0, "lon": 99.05},
        {"name": "Far", "lat": 2.2, "lon": 99.0},
    ]
    assert build_towns.build(wheel, seats).splitlines() == [
        "town_id,name_id,lat,lon,population",
        "7,Neighbour,2.0,101.0,100000",
        "1,Right,2.0,99.0,20000",
    ]


def test_another_package_is_refused(tmp_path: Path) -> None:
    fake = tmp_path / "fake.whl"
    fake.write_bytes(b"another")
    with pytest.raises(SystemExit, match=r"^fake\.whl has sha256 \w{64}; expected b830e894\w+\."):
        build_towns.main(["--wheel", str(fake), "--out", str(tmp_path)])
    assert not (tmp_path / "towns.csv").exists()


def test_committed_towns_lie_on_land_the_largest_first() -> None:
    towns = pd.read_csv(DATA / "towns.csv")
    assert towns["town_id"].is_unique
    assert towns["name_id"].is_unique
    assert towns["population"].is_monotonic_decreasing
    assert towns["population"].min() >= 15_000
    layers = [gpd.read_file(DATA / "geo" / f"{name}.geojson") for name in LAND]
    points = gpd.GeoSeries(gpd.points_from_xy(towns["lon"], towns["lat"], crs=4326))
    land = pd.concat([layer.geometry for layer in layers]).union_all()
    assert list(towns["name_id"][~points.within(land)]) == []


def test_every_city_of_the_province_is_among_them() -> None:
    """The eight kota of the Ministry of Home Affairs, as ``districts.csv`` names them."""
    with (DATA / "districts.csv").open(encoding="utf-8", newline="") as rows:
        cities = {row["short_name"] for row in csv.DictReader(rows) if row["type"] == "kota"}
    assert len(cities) == 8
    assert cities <= {*pd.read_csv(DATA / "towns.csv")["name_id"]}


@pytest.mark.skipif(os.environ.get("CI") != "true", reason="the package has 35 MB")
def test_the_tool_rebuilds_the_committed_file_byte_for_byte(tmp_path: Path) -> None:
    build_towns.main(["--out", str(tmp_path)])
    assert (tmp_path / "towns.csv").read_bytes() == (DATA / "towns.csv").read_bytes()
