"""The villages and areas of subdistricts: as the gazetteer has them, and built again alike."""

import csv
import json
import os
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import pytest
import shapely
from pyproj import Geod
from scipy.spatial import Delaunay
from shapely.geometry import shape

from tools import build_areas
from tools.npm_package import SourceError

DATA = Path(__file__).parents[1] / "data"
FILES = ("villages.csv", "geo/subdistricts.geojson")
GEOD = Geod(ellps="WGS84")


@pytest.fixture(scope="module")
def villages() -> list[dict[str, str]]:
    with (DATA / FILES[0]).open(encoding="utf-8", newline="") as rows:
        return list(csv.DictReader(rows))


@pytest.fixture(scope="module")
def subdistricts() -> dict[str, dict]:
    features = json.loads((DATA / FILES[1]).read_text(encoding="utf-8"))["features"]
    return {feature["properties"]["area_code"]: feature for feature in features}


@pytest.fixture(scope="module")
def tarball(tmp_path_factory: pytest.TempPathFactory) -> Path:
    try:
        return build_areas.PACKAGE.download(tmp_path_factory.mktemp("package"))
    except SourceError as error:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(f"The rebuild is not checked here: {error}")


def test_there_are_6110_villages_in_450_subdistricts_of_33_districts(villages, subdistricts):
    codes = [village["village_code"] for village in villages]
    assert codes == sorted(set(codes))
    assert len(codes) == 6_110
    assert all(len(code) == 10 and code[6] in "12" for code in codes)
    assert {code[:6] for code in codes} == set(subdistricts)
    assert len(subdistricts) == 450
    assert len({code[:4] for code in codes}) == 33
    assert sum(s["properties"]["villages"] for s in subdistricts.values()) == 6_110


def test_files_are_small():
    assert sum((DATA / name).stat().st_size for name in FILES) < 700_000


def test_roman_numerals_are_in_capitals(villages):
    names = {v["village_code"]: v["name_id"] for v in villages}
    assert names["1207052018"] == "Tuntungan II"
    assert build_areas.spelled("Lau  Mil Ix - x") == "Lau Mil IX - X"
    assert build_areas.spelled("Ii Koto") == "Ii Koto"  # a first word is a name


def test_every_area_is_valid_and_reaches_half_the_spacing_beyond_its_hull(villages, subdistricts):
    points: dict[str, Any] = {}
    for village in villages:
        spot = float(village["lon"]), float(village["lat"])
        points.setdefault(village["village_code"][:6], []).append(spot)
    for code, feature in subdistricts.items():
        area = shape(feature["geometry"])
        assert area.geom_type == "Polygon"
        assert area.is_valid
        hull = shapely.convex_hull(shapely.multipoints(points[code]))
        assert area.contains(hull)
        half_m = feature["properties"]["spacing_km"] * 500
        nearest = [
            shapely.get_coordinates(shapely.shortest_line(hull, shapely.Point(corner)))
            for corner in shapely.get_coordinates(area)[::5]
        ]
        for (x, y), (to_x, to_y) in nearest:
            # A corner is rounded to 11 m, and degrees are not quite as long either way.
            assert GEOD.inv(x, y, to_x, to_y)[2] == pytest.approx(half_m, abs=12, rel=0.003)


def test_typical_spacing_is_the_median_distance_to_neighbours():
    # Four villages at the corners of a square of 0.1 degrees and one in its middle: the middle has
    # neighbours half a diagonal away, a corner the middle and two corners.
    square = np.array([[99, 0], [99.1, 0], [99.1, 0.1], [99, 0.1], [99.05, 0.05]])
    km = build_areas.spacing_km(square)
    half, east, north = (GEOD.inv(*square[0], *square[at])[2] / 1000 for at in (4, 1, 3))
    assert km[4] == pytest.approx(half, abs=0.01)
    assert km[:4] == pytest.approx([median([half, east, north])] * 4, abs=0.01)


def test_committed_spacing_agrees_with_another_triangulation(tarball, subdistricts):
    known = [v for v in build_areas.read(tarball) if v["code"][:2] in ("11", "12", "13", "14")]
    x, y = build_areas.TO_METRES.transform(
        [v["longitude"] for v in known], [v["latitude"] for v in known]
    )
    places, back = np.unique(np.column_stack([x, y]).round(3), axis=0, return_inverse=True)
    start, ends = Delaunay(places).vertex_neighbor_vertices
    apart = [
        np.median(np.hypot(*(places[ends[start[i] : start[i + 1]]] - places[i]).T))
        for i in range(len(places))
    ]
    of_subdistrict: dict[str, Any] = {}
    for village, at in zip(known, back, strict=True):
        of_subdistrict.setdefault(village["code"].replace(".", "")[:6], []).append(apart[at])
    for code, feature in subdistricts.items():
        expected = np.median(of_subdistrict[code]) / 1000
        assert feature["properties"]["spacing_km"] == pytest.approx(expected, abs=0.006, rel=0.01)


def test_the_tool_rebuilds_the_committed_files_byte_for_byte(tarball, tmp_path):
    build_areas.main(["--tarball", str(tarball), "--out", str(tmp_path)])
    for name in FILES:
        assert (tmp_path / name).read_bytes() == (DATA / name).read_bytes(), name


def test_another_package_is_refused(tmp_path):
    fake = tmp_path / "fake.tgz"
    fake.write_bytes(b"another")
    with pytest.raises(SystemExit, match=r"^fake\.tgz has sha256 \w{64}; expected 8edf6af4\w+\. "):
        build_areas.main(["--tarball", str(fake), "--out", str(tmp_path / "out")])
    assert not (tmp_path / "out").exists()
