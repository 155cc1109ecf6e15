"""Damaged files of every format end in rows or in a sentence: no crash, no hang, no row lost.

``IKMGEO_MUTATIONS=500`` tries as many of each; the run of all tests tries a few.
"""

import json
import os
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from ikmgeo import analysis
from ikmgeo.analysis import Inputs
from ikmgeo.errors import DataError
from ikmgeo.reading import worker
from tests import test_formats as formats

COUNT = int(os.environ.get("IKMGEO_MUTATIONS", "6"))
TOGETHER = 6
"""Files that one process reads: each takes some seconds to come to its first."""

LONG: list[list[object]] = [formats.HEADER, *[formats.TENUN, formats.ULOS] * 20]

VALID: dict[str, Callable[[Path], bytes]] = {
    "csv": lambda _: "\n".join(";".join(map(str, row)) for row in LONG).encode(),
    "utf-16": lambda _: "\n".join("\t".join(map(str, row)) for row in LONG).encode("utf-16"),
    "html": lambda _: formats.page(LONG),
    "xlsx": lambda _: formats.xlsx({"Karo": LONG, "Toba": LONG}),
    "xls": lambda _: formats.xls({"Sheet1": LONG}),
    "xlsb": lambda _: formats.xlsb(formats.filled(LONG)),
    "ods": lambda _: formats.ods(LONG),
    "xml": lambda _: formats.xml_workbook(LONG),
    "json": lambda _: json.dumps({"data": formats.RECORDS}).encode(),
    "arcgis": lambda _: json.dumps(formats.ARCGIS).encode(),
    "kml": lambda _: formats.KML.encode(),
    "kmz": lambda _: formats.archive({"doc.kml": formats.KML}),
    "gpx": lambda _: formats.GPX.encode(),
    "flatgeobuf": lambda _: formats.flatgeobuf(formats.points()),
    "geojson": lambda folder: written(folder, "GeoJSON"),
    "gpkg": lambda folder: written(folder, "GPKG"),
    "parquet": lambda folder: parquet(folder),
    "shapefile": lambda folder: formats.shapefile(
        formats.points(), folder, parts="shp shx dbf prj cpg"
    ),
    "no index": lambda folder: formats.shapefile(formats.points(), folder, parts="shp dbf prj"),
}


def written(folder: Path, driver: str) -> bytes:
    formats.points().to_file(folder / "valid", driver=driver)
    return (folder / "valid").read_bytes()


def parquet(folder: Path) -> bytes:
    formats.points().to_parquet(folder / "valid")
    return (folder / "valid").read_bytes()


def damaged(data: bytes, chance: random.Random) -> bytes:
    """The file with bytes changed, left out, doubled or cut off, now and then several ways."""
    for _ in range(chance.choice((1, 1, 2, 8))):
        at, length = chance.randrange(len(data)), chance.choice((1, 4, 64))
        end = min(at + length, len(data))
        way = chance.randrange(5)
        if way == 0:
            data = data[:at] + chance.randbytes(end - at) + data[end:]
        elif way == 1:
            data = data[:at] + data[end:]
        elif way == 2:
            data = data[:end] + data[at:]
        elif way == 3:
            data = data[: max(at, 1)]
        else:
            data = data[:at] + bytes([data[at] ^ 1 << chance.randrange(8)]) + data[at + 1 :]
        data = data or b"x"
    return data


@dataclass(frozen=True)
class Outcome:
    """What became of one file: its rows, or the codes of what was refused."""

    rows: int = 0
    good: int = 0
    rejected: int = 0
    refused: frozenset[str] = frozenset()


def outcome(data: bytes, inputs: Inputs) -> Outcome:
    try:
        checked = analysis.read_list(data, inputs, name="f", limit_mb=50)
    except DataError as refused:
        return Outcome(refused=frozenset(issue.code for issue in refused.issues))
    return Outcome(len(checked.table.rows), len(checked.good), len(checked.rejected))


def outcomes(files: list[bytes], inputs: Inputs) -> list[Outcome]:
    return [outcome(data, inputs) for data in files]


@pytest.mark.parametrize("kind", VALID)
def test_a_damaged_file_gives_all_its_rows_or_a_sentence(
    kind: str, tmp_path: Path, shipped: Inputs
) -> None:
    """A process of their own takes them: one that crashes or hangs ends none but itself."""
    valid = VALID[kind](tmp_path)
    chance = random.Random(f"{kind} 2026")
    files = [damaged(valid, chance) for _ in range(COUNT)]
    for n in range(0, COUNT, TOGETHER):
        with worker.reading(outcomes, [valid, *files[n : n + TOGETHER]], shipped) as call:
            whole, *found = worker.result(call, "f")
        assert whole.good > 1
        for turn, file in enumerate(found, n):
            assert not file.refused & {"file_slow", "file_heavy"}, turn
            assert file.rows == file.good + file.rejected, turn
