"""Rebuild the codes that BPS has for subdistricts and villages of the gazetteer.

Run ``python tools/build_bps_codes.py FOLDER`` with the folder ``csv`` of the GitHub repository
``edwardsamuel/Wilayah-Administratif-Indonesia`` (commit 92f52a0, ODbL 1.0), which has the
classification of BPS of 2018. It writes ``data/bps_codes.csv``: an area of BPS is that of the
gazetteer which has its name in the same district, and for a village in the same subdistrict.
What is found in no or in several ways is left out. The same files give the same bytes.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from ikmgeo import analysis  # noqa: E402
from ikmgeo.reading.gazetteer import Gazetteer, Told, name_key  # noqa: E402
from ikmgeo.settings import Settings  # noqa: E402
from tools.build_areas import spelled  # noqa: E402
from tools.npm_package import SourceError  # noqa: E402

SOURCES = {
    "districts.csv": "8787c1857152a7c23505dd17dc84b3117a156aa0f0bbfd60f247035a43118aeb",
    "villages.csv": "e7f125b37057f3efa7fd6cdc12f42fa2b2796ae139770f04fd3a5520ea9fe745",
}
"""SHA-256 of the files."""

PROVINCE = "12"
OTHERWISE = {
    "1209091": "120805",  # Panombean Panei: Panombeian Pane
    "1212020": "120720",  # Sinembah Tanjung Muda Hulu: STM Hulu
    "1212070": "120707",  # Biru-Biru: Sibiru-biru
    "1212080": "120708",  # Sinembah Tanjung Muda Hilir: STM Hilir
    "1214065": "121434",  # Uluidanotae: Ulu Idanotae
}
"""Subdistricts that have quite another name at BPS, by hand."""

Row = tuple[str, str, str]
"""Code of BPS, code of Kemendagri, and the name of BPS where it is spelled another way."""


def build(folder: Path) -> str:
    """Return the text of the table; the method in one place."""
    subdistricts, villages = (read(folder / name, digest) for name, digest in SOURCES.items())
    inputs = analysis.gather(Settings(data=ROOT / "data"))
    areas = Gazetteer(inputs.villages, inputs.districts)
    district = dict(zip(inputs.districts["bps_code"], inputs.districts.index, strict=True))
    rows: list[Row] = []
    for code, name in subdistricts:
        found = OTHERWISE.get(code) or areas.find(Told(district[code[:4]], name, "", "")).code
        if len(found) == 6:
            rows.append(row(code, found, name, areas))
    within = {code: area for code, area, _ in rows}
    for code, name in villages:
        if subdistrict := within.get(code[:7]):
            told = Told(subdistrict[:4], areas.names[subdistrict], name, "")
            found = areas.find(told).code
            if len(found) == 10:
                rows.append(row(code, found, name, areas))
    return to_csv(once(rows))


def read(file: Path, sha256: str) -> list[tuple[str, str]]:
    """Return code and name of every area of the province."""
    data = file.read_bytes()
    if (found := hashlib.sha256(data).hexdigest()) != sha256:
        raise SourceError(
            f"{file.name} has sha256 {found}; expected {sha256}. Take commit 92f52a0."
        )
    listed = csv.reader(io.StringIO(data.decode("utf-8")))
    return [(code, name) for code, _, name in listed if code.startswith(PROVINCE)]


def row(code: str, area: str, name: str, areas: Gazetteer) -> Row:
    """Return a row; a name that the gazetteer spells alike is left out."""
    alike = name_key(name) == name_key(areas.names[area])
    return code, area, "" if alike else spelled(name.title())


def once(rows: list[Row]) -> list[Row]:
    """Return the rows whose area no other one has; which of two is meant nobody can say."""
    times = Counter(area for _, area, _ in rows)
    return [found for found in rows if times[found[1]] == 1]


def to_csv(rows: list[Row]) -> str:
    """Return the table."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("bps_code", "area_code", "name_id"))
    writer.writerows(rows)
    return text.getvalue()


def main(arguments: list[str] | None = None) -> None:
    """Build the file from the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, help="folder csv of the repository")
    parser.add_argument("--out", type=Path, default=ROOT / "data", help="output folder")
    options = parser.parse_args(arguments)
    try:
        text = build(options.folder)
    except (SourceError, OSError) as error:
        sys.exit(str(error))
    (options.out / "bps_codes.csv").write_text(text, encoding="utf-8", newline="\n")
    print(f"bps_codes.csv: {len(text.encode()) / 1000:.0f} kB")


if __name__ == "__main__":
    main()
