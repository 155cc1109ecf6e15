"""Units of the register with their distances and indicators, measured by one process."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyarrow.parquet as pq
import pytest
from geographiclib.geodesic import Geodesic

from ikmgeo.analysis import Inputs
from ikmgeo.errors import DataError
from ikmgeo.measures.linkage import Parameters
from ikmgeo.register import measuring
from ikmgeo.register.candidates import linked
from ikmgeo.register.measuring import Job, measure, measured, parts_of
from ikmgeo.register.store import Register, Version
from ikmgeo.register.taking_in import take_in
from tests.registered import spread

UNITS = 26
"""Of ``spread``."""


@pytest.fixture
def register(tmp_path: Path, shipped: Inputs) -> Register:
    return spread(tmp_path, shipped)


def written(register: Register, inputs: Inputs, out: Path, **more: Any) -> pd.DataFrame:
    measure(register, register.version(), inputs, out, source="here", **more)
    return pd.concat([pd.read_parquet(path) for path in sorted(out.iterdir())], ignore_index=True)


def refused(*arguments: Any) -> str:
    with pytest.raises(DataError) as error:
        measure(*arguments, source="here")
    return error.value.issues[0].code


def test_every_unit_is_there_once_with_the_geodesic_to_each_zone(
    register: Register, shipped: Inputs, tmp_path: Path
) -> None:
    found = written(register, shipped, tmp_path / "out")
    assert len(found) == UNITS
    assert found["file_row"].is_unique
    assert set(found["entry_id"]) == {e.entry_id for e in register.version().entries}
    for zone_id, zone in shipped.zones.iterrows():
        km = [
            Geodesic.WGS84.Inverse(lat, lon, zone["lat"], zone["lon"])["s12"] / 1000
            for lat, lon in found[["lat", "lon"]].to_numpy()
        ]
        assert found[f"{zone_id}_km"].to_list() == pytest.approx(km, abs=2e-6)
    nearest = found[[f"{zone_id}_km" for zone_id in shipped.zones.index]].idxmin(axis=1)
    assert (found["nearest_zone"] + "_km" == nearest).all()


def test_a_unit_at_the_gate_of_a_zone_is_at_0_km_and_100(
    register: Register, shipped: Inputs, tmp_path: Path
) -> None:
    found = written(register, shipped, tmp_path / "out")
    at_gate = found[found["placed_by"] == "point"].iloc[0]
    assert at_gate["nearest_zone"] == "kim"
    assert (at_gate["kim_km"], at_gate["proximity_kim"]) == (0, 100)
    # 500 m around a point that its coordinates tell; a village is wider.
    assert (at_gate["kim_km_low"], at_gate["kim_km_high"]) == (0, 0.5)
    wide = found[found["placed_by"] == "subdistrict"]
    assert (wide["kim_km_high"] - wide["kim_km_low"] > 2).all()


def test_neither_names_nor_anything_else_of_people_is_written(
    register: Register, shipped: Inputs, tmp_path: Path
) -> None:
    found = written(register, shipped, tmp_path / "out")
    assert not {"name", "product", "personal"} & set(found)
    texts = found.drop(columns="geometry").astype("str")
    assert not texts.apply(lambda column: column.str.contains("Usaha")).any(axis=None)


def test_files_are_geoparquet_by_district_and_tell_what_they_are(
    register: Register, shipped: Inputs, tmp_path: Path
) -> None:
    measure(register, register.version(), shipped, tmp_path / "out", source="whence")
    files = sorted((tmp_path / "out").iterdir())
    assert [path.stem for path in files] == sorted(register.version().entries[0].districts)
    for path in files:
        table = gpd.read_parquet(path)
        assert set(table["district_code"]) == {path.stem}
        assert (table.geometry.x == table["lon"]).all()
        told = json.loads(pq.read_schema(path).metadata[b"ikmgeo"])
        assert (told["source"], told["register_version"], told["made_up"]) == ("whence", 1, False)
        assert told["parameters"]["half_distance"] == 25


@pytest.mark.parametrize("held", [1, 3, 7, 1_000])
def test_how_much_memory_holds_changes_no_figure(
    register: Register, shipped: Inputs, tmp_path: Path, held: int
) -> None:
    whole = written(register, shipped, tmp_path / "whole")
    pd.testing.assert_frame_equal(written(register, shipped, tmp_path / "out", held=held), whole)


def test_small_districts_are_measured_together_and_large_ones_in_pieces(
    register: Register, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shipped: Inputs
) -> None:
    entry = replace(register.version().entries[0], districts={"b": 3, "a": 2, "c": 9, "d": 1})
    job = Job(tmp_path, tmp_path, Version(1, (entry,)), Parameters(), "", held=5)
    assert parts_of(job) == [["a", "b"], ["c"], ["d"]]
    most = []

    def noted(found: pd.DataFrame, *more: Any) -> pd.DataFrame:
        most.append(len(found))
        return linked(found, *more)

    monkeypatch.setattr(measuring, "linked", noted)
    written(register, shipped, tmp_path / "out", held=4)
    assert max(most) <= 4
    assert sum(most) == UNITS


def test_two_files_of_a_register_are_both_measured(
    register: Register, shipped: Inputs, tmp_path: Path
) -> None:
    more = tmp_path / "more.csv"
    more.write_text("Komoditas,Kode Desa\n" + "Kopi,1207022016\n" * 3)
    take_in(more, shipped, register, remark=str, rejected=tmp_path / "back.csv")
    found = written(register, shipped, tmp_path / "out")
    assert found.groupby("entry_id").size().sort_values().to_list() == [3, UNITS]


def test_what_is_stopped_or_fails_leaves_nothing(
    register: Register, shipped: Inputs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    version, out = register.version(), tmp_path / "there" / "out"

    def stop(done: int, units: int) -> None:
        assert 0 < done < units
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        measure(register, version, shipped, out, source="", held=3, progress=stop)
    assert list(out.parent.iterdir()) == []
    (unit,) = list(register.folder.rglob("district_code=1271/*.parquet"))
    unit.unlink()
    assert refused(register, version, shipped, out) == "measure_changed"
    assert list(out.parent.iterdir()) == []


def test_nothing_that_is_there_is_written_over(
    register: Register, shipped: Inputs, tmp_path: Path
) -> None:
    version, out = register.version(), tmp_path / "out"
    out.mkdir()
    measure(register, version, shipped, out, source="")
    assert refused(register, version, shipped, out) == "measure_exists"
    assert refused(register, version, shipped, out / "1271.parquet") == "measure_exists"
    assert refused(register, version, shipped, register.folder / "parts") == "measure_exists"
    assert refused(register, version, shipped, register.folder / "parts/x") == "measure_inside"


def test_what_was_measured_of_a_version_goes_with_it(
    register: Register, shipped: Inputs, tmp_path: Path
) -> None:
    version = register.version()
    own = register.measured(version)
    measure(register, version, shipped, own, source="")
    with register.changing():
        assert own.exists()
        register.remove(version.entries[0].file)
    assert not own.exists()


def test_who_sees_other_storage_or_runs_other_software_takes_no_part(
    register: Register, shipped: Inputs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = Job(register.folder, tmp_path, register.version(), Parameters(), "")
    assert measuring.unfit(job) is None
    for other in (
        replace(job, register=tmp_path / "elsewhere"),
        replace(job, target=tmp_path / "elsewhere"),
        replace(job, version=replace(job.version, entries=())),
    ):
        assert measuring.unfit(other) == ("measure_storage", str(other.target.parent))
        with pytest.raises(DataError, match="measure_storage"):
            measured(other, shipped, ["1271"])
    monkeypatch.setattr("ikmgeo.__version__", "0.0.1")
    assert measuring.unfit(job) == ("measure_version", "ikmgeo 0.0.1")
