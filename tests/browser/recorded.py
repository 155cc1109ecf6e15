"""Assessments as a store holds them before the app starts."""

from datetime import date
from pathlib import Path
from typing import Any

from ikmgeo.records.assessments import Assessment
from ikmgeo.records.store import Store
from tests.rated import ASPECTS

KARO = "karo-coffee"
TODAY = date.today()
LEVELS = (85, 70, 60, 52, 47, 44, 40, 36, 33, 29, 22, 15, 8)
"""One level for each shipped center: 3 excellent, 4 developing, 3 potential and 3 others."""


def database(folder: Path) -> str:
    return f"sqlite:///{folder}/kept.sqlite"


def record(url: str, *assessments: Assessment) -> None:
    store = Store.open(url)
    for assessment in assessments:
        store.save(assessment)
    store.close()


def made(center: str, scores: tuple[float, ...], **fields: Any) -> Assessment:
    given = {"author": "Tim A", "assessed_on": TODAY, **fields}
    return Assessment(center_id=center, scores=dict(zip(ASPECTS, scores, strict=True)), **given)
