"""Rebuild the district map from the npm package geojson-indonesia 1.0.1 (GADM 4.1).

Run ``python tools/build_districts.py``. It reads the facts of each district from
``data/districts.csv`` and writes ``districts.geojson`` (33 districts and Lake Toba) and
``surroundings.geojson`` (Aceh, Sumatera Barat, Riau), in WGS84 degrees. The same package and
the same shapely give the same bytes. GADM is free for non-commercial use only.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tools.npm_package import Package, SourceError  # noqa: E402

PACKAGE = Package(
    "geojson-indonesia",
    "1.0.1",
    "3a2f13f8b0b655e3f4f8bf074764a5aa4ee222a47900b5022b0c73b44bc40111",
)

FACTS = ROOT / "data" / "districts.csv"

PROVINCE = "SumateraUtara"
LAKE = "LakeToba"
NEIGHBOURS = {"Aceh": "Aceh", "SumateraBarat": "Sumatera Barat", "Riau": "Riau"}

DECIMALS = 4  # of a degree, 11 m: what the source has
# GADM 4.1 simplified each district for itself: slivers up to 0.001 degrees wide lie along the
# borders. Wider gaps are real: two enclaves of Riau in Padang Lawas, 0.007 degrees and more.
SLIVER_DEG = 0.002
CONTEXT_BOX = shapely.box(94.5, -2.2, 102.5, 6.3)  # the province and a generous margin
CONTEXT_TOLERANCE_DEG = 0.005
CONTEXT_ISLAND_DEG2 = 0.00008  # 1 km2 at the equator; smaller islands are left out

PROPERTIES = (
    "kind",
    "district_code",
    "bps_code",
    "name_id",
    "short_name",
    "type",
    "capital",
    "capital_lat",
    "capital_lon",
    "area_km2",
    "population",
    "population_date",
    "note",
)
NUMBERS = {"capital_lat": float, "capital_lon": float, "area_km2": float, "population": int}


def build(tarball: Path, facts_file: Path = FACTS) -> dict[str, str]:
    """Return the text of both files by file name; the whole method in one place."""
    PACKAGE.check(tarball)
    facts = read_facts(facts_file)
    sources = [f for f in read_level(tarball, 2) if f["properties"]["NAME_1"] == PROVINCE]
    check_join(facts, sources)

    shapes = {f["properties"]["NAME_2"]: shape(f["geometry"]) for f in sources}
    names = [fact["source_name"] for fact in facts] + [LAKE]
    districts = clean([shapes[name] for name in names])

    provinces = {f["properties"]["NAME_1"]: shape(f["geometry"]) for f in read_level(tarball, 1)}
    outlines = surround([provinces[name] for name in NEIGHBOURS], shapely.union_all(districts))

    lake = {"kind": "lake", "name_id": "Danau Toba"}
    around = [{"kind": "surroundings", "name_id": name} for name in NEIGHBOURS.values()]
    return {
        "districts.geojson": to_geojson(
            [{key: row.get(key) for key in PROPERTIES} for row in [*facts, lake]], districts
        ),
        "surroundings.geojson": to_geojson(around, outlines),
    }


def read_level(tarball: Path, level: int) -> list[dict[str, Any]]:
    """Return the GeoJSON features of GADM ``level`` (1 provinces, 2 districts)."""
    with tarfile.open(tarball) as archive:
        member: Any = archive.extractfile(f"package/geojson/gadm41_IDN_{level}.json")
        features: list[dict[str, Any]] = json.load(member)["features"]
    return features


def read_facts(path: Path) -> list[dict[str, Any]]:
    """Return one row per district, ordered by Kemendagri code; numbers as numbers."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = [{"kind": "district", **row} for row in csv.DictReader(file)]
    for row in rows:
        row |= {column: number(row[column]) for column, number in NUMBERS.items()}
        row["note"] = row["note"] or None
    return sorted(rows, key=lambda row: row["district_code"])


def check_join(facts: list[dict[str, Any]], sources: list[dict[str, Any]]) -> None:
    """Raise unless every fact has its shape, every shape its fact, and BPS codes agree.

    GADM's ``CC_2`` is the BPS code, so it proves that the names were matched rightly.
    """
    codes = {f["properties"]["NAME_2"]: f["properties"]["CC_2"] for f in sources}
    wanted = {row["source_name"]: row["bps_code"] for row in facts} | {LAKE: "NA"}
    defects = [f"{name} is in districts.csv only" for name in sorted(wanted.keys() - codes)]
    defects += [f"{name} is in the package only" for name in sorted(codes.keys() - wanted)]
    defects += [
        f"{name} has BPS code {wanted[name]} in districts.csv and {codes[name]} in the package"
        for name in sorted(wanted.keys() & codes)
        if wanted[name] != codes[name]
    ]
    if len(wanted) != len(facts) + 1 or len(codes) != len(sources):
        defects.append("a name occurs twice")
    if defects:
        raise SourceError(f"districts do not match the package: {'; '.join(defects)}.")


def clean(shapes: list[BaseGeometry]) -> np.ndarray:
    """Return ``shapes`` without slivers between them: shared borders become one line.

    Every vertex stays at its place or goes; new ones appear only where borders crossed.
    """
    cleaned = shapely.coverage_clean(  # type: ignore[attr-defined] # of shapely 2.2
        shapes, gap_width=SLIVER_DEG, snapping_distance=0
    )
    cleaned = tidy(cleaned)
    if not shapely.coverage_is_valid(cleaned):
        raise SourceError("the cleaned districts still overlap or do not share their borders.")
    return cleaned


def surround(shapes: list[BaseGeometry], province: BaseGeometry) -> np.ndarray:
    """Return simplified outlines of the neighbours, meeting ``province`` at its own border."""
    clipped = [CONTEXT_BOX.intersection(outline) for outline in shapes]
    matched = shapely.coverage_clean(  # type: ignore[attr-defined] # as above
        clipped, gap_width=SLIVER_DEG, snapping_distance=0
    )
    simple = shapely.coverage_simplify(matched, CONTEXT_TOLERANCE_DEG)
    large = [
        shapely.union_all([p for p in shapely.get_parts(s) if p.area >= CONTEXT_ISLAND_DEG2])
        for s in simple
    ]
    # Simplifying opens gaps at the province's border: they are the holes of all land together.
    land = shapely.union_all([*large, province])
    holes = shapely.polygons([ring for part in shapely.get_parts(land) for ring in part.interiors])
    filled = []
    for outline in large:
        touching = shapely.dwithin(holes, outline, 1e-9)  # crossings are not exact numbers
        whole = shapely.union_all([outline, *holes[touching]])
        filled.append(shapely.difference(whole, province, grid_size=10**-DECIMALS))
        holes = holes[~touching]
    return tidy(np.array(filled))


def tidy(shapes: np.ndarray) -> np.ndarray:
    """Return ``shapes`` rounded, in a fixed order of parts and vertices, wound as RFC 7946."""
    # Adding zero turns -0.0 into 0.0.
    rounded = shapely.transform(shapes, lambda xy: np.round(xy, DECIMALS) + 0.0)
    if not shapely.is_valid(rounded).all():
        raise SourceError(f"a polygon is invalid after rounding to {DECIMALS} decimals.")
    return shapely.orient_polygons(shapely.normalize(rounded), exterior_cw=False)


def to_geojson(rows: list[dict[str, Any]], shapes: np.ndarray) -> str:
    """Return a compact FeatureCollection, one feature a line, so that a diff can be read."""
    lines = [
        json.dumps(
            {"type": "Feature", "properties": row, "geometry": mapping(geometry)},
            ensure_ascii=False,
            separators=(",", ":"),
        )
        for row, geometry in zip(rows, shapes, strict=True)
    ]
    return '{"type":"FeatureCollection","features":[\n' + ",\n".join(lines) + "\n]}\n"


def main(arguments: list[str] | None = None) -> None:
    """Build both files from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tarball", type=Path, help="the package as a file (default: npm pack)")
    parser.add_argument("--out", type=Path, default=ROOT / "data" / "geo", help="output folder")
    options = parser.parse_args(arguments)
    try:
        with tempfile.TemporaryDirectory() as folder:
            texts = build(options.tarball or PACKAGE.download(Path(folder)))
    except (SourceError, OSError) as error:
        sys.exit(str(error))
    options.out.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (options.out / name).write_text(text, encoding="utf-8", newline="\n")
        print(f"{name}: {len(text.encode()) / 1000:.0f} kB")


if __name__ == "__main__":
    main()
