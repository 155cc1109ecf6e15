"""Rebuild the villages and the areas of subdistricts from the npm package geografis 1.3.2.

Run ``python tools/build_areas.py``. It writes ``data/villages.csv`` (every village of North
Sumatra with its point) and ``data/geo/subdistricts.geojson`` (the convex hull of a subdistrict's
village points, widened by half their typical spacing), in WGS84 degrees. The same package and the
same shapely give the same bytes.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import re
import sys
import tarfile
import tempfile
from collections import defaultdict
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import pyproj
import shapely
from shapely.geometry import mapping

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tools.npm_package import Package, SourceError  # noqa: E402

PACKAGE = Package(
    "geografis",
    "1.3.2",
    "8edf6af4d7011ecf56f0b9ca46fa8cb7dfdcf922c365ee94cc0cae00f7df7c56",
)

PROVINCE = "12"
AROUND = ("11", "12", "13", "14")
"""The province and its neighbours, whose villages are neighbours of those at the border."""

TO_METRES = pyproj.Transformer.from_crs("EPSG:4326", "EPSG:32647", always_xy=True)
QUARTER = 4
"""Corners in a quarter of the circle by which a hull is widened."""

POINT_DECIMALS = 6
SPACING_DECIMALS = 2
DECIMALS = 4  # of a degree, 11 m
COLUMNS = ("village_code", "name_id", "subdistrict", "lat", "lon")
ROMAN = re.compile(r"\b(?=[IVX])(X{0,3}(?:IX|IV|V?I{0,3}))\b", re.IGNORECASE)


def build(tarball: Path) -> dict[str, str]:
    """Return the text of both files by their path under ``data/``; the method in one place."""
    PACKAGE.check(tarball)
    known = [village for village in read(tarball) if village["code"].startswith(AROUND)]
    apart = spacing_km(np.array([[v["longitude"], v["latitude"]] for v in known]))
    villages = [
        {
            "village_code": village["code"].replace(".", ""),
            "name_id": spelled(village["village"]),
            "subdistrict": spelled(village["district"]),
            "lat": round(village["latitude"], POINT_DECIMALS),
            "lon": round(village["longitude"], POINT_DECIMALS),
        }
        for village in sorted(known, key=lambda village: village["code"])
        if village["code"].startswith(PROVINCE)
    ]
    spacing = dict(zip((v["code"].replace(".", "") for v in known), apart, strict=True))
    return {
        "villages.csv": to_csv(villages),
        "geo/subdistricts.geojson": subdistricts(villages, spacing),
    }


def read(tarball: Path) -> list[dict[str, Any]]:
    """Return every village of the package: dotted Kemendagri code, names and point."""
    with tarfile.open(tarball) as archive:
        member: Any = archive.extractfile("package/data/json/data.json")
        villages: list[dict[str, Any]] = json.load(member)
    return villages


def spelled(name: str) -> str:
    """Return a name with its Roman numerals in capitals: the package has ``Tuntungan Ii``."""
    first, *others = " ".join(name.split()).split(" ")
    return " ".join([first, *(ROMAN.sub(lambda found: found[0].upper(), word) for word in others)])


def spacing_km(points: np.ndarray) -> list[float]:
    """Return the median distance in km from each point to its neighbours.

    Neighbours are joined by an edge of the Delaunay triangulation of all points (longitude and
    latitude in degrees, UTM 47N). Half that distance is the radius of a circle about as large as
    the country that is nearer to the point than to any other.
    """
    metres = np.column_stack(TO_METRES.transform(*points.T)).round(3)
    edges = shapely.delaunay_triangles(shapely.multipoints(metres), only_edges=True)
    apart = defaultdict(list)
    for line in shapely.get_parts(edges):
        ends = [tuple(end) for end in shapely.get_coordinates(line).round(3).tolist()]
        for end in ends:
            apart[end].append(shapely.length(line) / 1000)
    return [median(apart[tuple(point)]) for point in metres.tolist()]


def subdistricts(villages: list[dict[str, Any]], spacing: dict[str, float]) -> str:
    """Return the GeoJSON of all subdistricts; ``spacing`` is in km, by village."""
    members = defaultdict(list)
    for village in villages:
        members[village["village_code"][:6]].append(village)
    lines = []
    for code, inside in sorted(members.items()):
        typical = round(median(spacing[v["village_code"]] for v in inside), SPACING_DECIMALS)
        points = TO_METRES.transform([v["lon"] for v in inside], [v["lat"] for v in inside])
        hull = shapely.convex_hull(shapely.multipoints(np.column_stack(points)))
        wide: Any = shapely.buffer(hull, typical * 500, quad_segs=QUARTER)
        to_degrees: Any = partial(TO_METRES.transform, direction="INVERSE")
        shape = shapely.transform(wide, to_degrees, interleaved=False)
        row = {
            "area_code": code,
            "name_id": inside[0]["subdistrict"],
            "villages": len(inside),
            "spacing_km": typical,
        }
        shape = shapely.orient_polygons(
            shapely.normalize(shapely.transform(shape, lambda xy: np.round(xy, DECIMALS))),
            exterior_cw=False,
        )
        feature = {"type": "Feature", "properties": row, "geometry": mapping(shape)}
        lines.append(json.dumps(feature, ensure_ascii=False, separators=(",", ":")))
    return '{"type":"FeatureCollection","features":[\n' + ",\n".join(lines) + "\n]}\n"


def to_csv(villages: list[dict[str, Any]]) -> str:
    """Return the table of villages."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(villages)
    return text.getvalue()


def main(arguments: list[str] | None = None) -> None:
    """Build both files from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tarball", type=Path, help="the package as a file (default: npm pack)")
    parser.add_argument("--out", type=Path, default=ROOT / "data", help="output folder")
    options = parser.parse_args(arguments)
    try:
        with tempfile.TemporaryDirectory() as folder:
            texts = build(options.tarball or PACKAGE.download(Path(folder)))
    except (SourceError, OSError) as error:
        sys.exit(str(error))
    for name, text in texts.items():
        file = options.out / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="\n")
        print(f"{name}: {len(text.encode()) / 1000:.0f} kB")


if __name__ == "__main__":
    main()
