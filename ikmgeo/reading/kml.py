"""KML as Google Earth and My Maps write it: what is drawn is GDAL's to read, the words are ours."""

import html
import re
from typing import Final

import pandas as pd

from ikmgeo.reading.bounds import Meter
from ikmgeo.reading.columns import KNOWN, column_of

OF_DRAWING: Final = frozenset(
    (
        *("timestamp", "begin", "end", "altitudemode", "tessellate", "extrude", "visibility"),
        *("draworder", "icon", "id", "snippet", "styleurl"),
    )
)
"""Columns that GDAL gives every KML file; they tell how it is drawn."""

DESCRIBED: Final = ("description", "desc", "cmt")
"""Names of the columns of free words, in KML and in GPX."""

HEAD: Final = 4_000
"""Bytes among which the root element stands."""

BREAK: Final = re.compile(r"<\s*(?:br|/p|/div|/tr|/li|/h\d)\b[^<>]*>", re.IGNORECASE)
CELL: Final = re.compile(r"</\s*t[dh]\s*>\s*<\s*t[dh]\b[^<>]*>", re.IGNORECASE)
TAG: Final = re.compile(r"<[^<>]*>")
TOLD: Final = re.compile(r"\s*([^:=\n]{1,60}?)\s*[:=]\s*(\S.*?)\s*")
"""A line of a description such as ``Komoditas: Kopi``."""


def check(data: bytes, root: bytes) -> None:
    """Refuse XML with definitions of its own, or with another root element.

    Raises
    ------
    ValueError
        In both cases: entities can stand for gigabytes, and what names another of GDAL's drivers
        is read by that one, perhaps from other files.
    """
    if b"\0" in data[:HEAD] or re.search(rb"<!(?:DOCTYPE|ENTITY)|<OGR", data, re.IGNORECASE):
        raise ValueError("definitions in XML")
    if not re.search(rb"<(?:\w+:)?%s[\s>]" % root, data[:HEAD], re.IGNORECASE):
        raise ValueError("another root element")


def attributes(frame: pd.DataFrame, meter: Meter) -> pd.DataFrame:
    """The columns of a folder without those of drawing, and with what descriptions list."""
    unused = [c for c in frame if str(c).lower() in OF_DRAWING]
    kept = frame.drop(columns=unused)
    described = kept[[c for c in kept if str(c).lower() in DESCRIBED]]
    texts = ["\n".join(filter(None, row)) for row in described.fillna("").to_numpy()]
    told = pd.DataFrame(map(_listed, texts), index=kept.index)
    meter.shape(len(kept), kept.shape[1] + told.shape[1])
    there = {column_of(str(column)) for column in kept}
    more = [c for c in told if column_of(str(c)) not in there and c not in kept]
    return kept.join(told[more])


def _listed(text: str) -> dict[str, str]:
    """What a description says of columns that we know, by heading."""
    lines = TAG.sub("", CELL.sub(": ", BREAK.sub("\n", text))).split("\n")
    found = (TOLD.fullmatch(html.unescape(line)) for line in lines)
    return {one[1]: one[2] for one in found if one and column_of(one[1]) in KNOWN}
