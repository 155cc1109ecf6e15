"""Texts that attack whatever shows them, in every text column of a data folder."""

import json
import shutil
from pathlib import Path

import pandas as pd

from tests.browser.driver import DATA

BAIT = "{{ cycler.__init__.__globals__.os.mkdir('%s') }}"


def payloads(bait: Path) -> list[str]:
    """Attacks; the first ones are the worst. ``bait`` is a folder that one of them would make."""
    return [
        BAIT % bait,
        "<img src=x onerror=window.PWN=2>",
        "<script>window.PWN=1</script>",
        "${window.PWN=3}",
        "`+(window.PWN=4)+`",
        "{{ 31337*4243 }}",
        "{% raw %}{{ 31337*4243 }}",
        "\"'\\';window.PWN=7;//\\\\",
        "</textarea></style><svg onload=window.PWN=8>",
        "![a](http://evil.example/x.png) [b](javascript:window.PWN=9) :material/home: **c** $d$",
        "مركز القهوة \u202eabc",
        "🏺👩‍🏭 kōpi",
        "N" * 9_950,
    ]


IDS = ("center_id", "zone_id", "place_id", "commodity")
TEXTS = {
    "centers": "name_id name_en locality position_source position_evidence position_alternatives"
    " products workers_note note",
    "commodities": "name_id name_en kbli_edition note",
    "zones": "name_id name_en short_name position_source legal_basis operator area_basis"
    " focus_sectors status status_date note source",
    "zone_areas": "basis year source",
    "places": "name_id source licence note",
    "claims": "section used_for note quantity of statement",
    "sector_fit": "reason source",
    "guidance": "text_id text_en source section",
    "frameworks": "name_id name_en question_id question_en source section",
    "works": "work authors title published doi",
    "benchmarks": "name_id name_en period set_by source",
    "sources": "file name_id name_en source date licence precision_id precision_en",
}


def spoil(data: Path, bait: Path) -> Path:
    """Copy the shipped data and put payloads into every text, and into ids where they may be."""
    shutil.copytree(DATA, data)
    attacks = payloads(bait)
    for table, columns in TEXTS.items():
        rows = pd.read_csv(data / f"{table}.csv", dtype="str")
        for shift, column in enumerate(columns.split()):
            names = column in ("name_id", "name_en")  # so that a name tells its payload
            rows[column] = [
                f"{attacks[(i + (0 if names else shift)) % len(attacks)]} {i}"
                for i in range(len(rows))
            ]
        rows.to_csv(data / f"{table}.csv", index=False)
    for table in ("zones", "zone_areas", "sector_fit"):
        rename(data / f"{table}.csv", "zone_id")
    rename(data / "places.csv", "place_id")
    rename(data / "centers.csv", "center_id")
    rename(data / "claims.csv", "center_id")
    path = data / "geo/districts.geojson"
    districts = json.loads(path.read_text())
    for i, feature in enumerate(districts["features"]):
        for column in ("name_id", "short_name", "capital", "population_date"):
            feature["properties"][column] = f"{attacks[i % len(attacks)]} {i}"
    path.write_text(json.dumps(districts))
    return data


def rename(path: Path, column: str) -> None:
    """Make ids hostile, alike in every table."""
    rows = pd.read_csv(path, dtype="str")
    known = rows[column].notna()
    rows.loc[known, column] = '{{31337*4243}}"><img src=x onerror=window.PWN=5>' + rows[column]
    rows.to_csv(path, index=False)
