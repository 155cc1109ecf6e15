"""KML as Google Earth and My Maps write it: what is drawn is GDAL's to read, the words are ours."""

import html
import re
from collections.abc import Mapping
from typing import Final

import pandas as pd

from ikmgeo.reading.bounds import Meter
from ikmgeo.reading.columns import KNOWN, column_of
from ikmgeo.reading.text_files import encoding_of
from ikmgeo.reading.texts import seen

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


SPACES: Final[Mapping[str, str]] = {
    "kml": "http://www.opengis.net/kml/2.2",
    "gpx": "http://www.topografix.com/GPX/1/1",
    "gx": "http://www.google.com/kml/ext/2.2",
    "atom": "http://www.w3.org/2005/Atom",
    "xsi": "http://www.w3.org/2001/XMLSchema-instance",
}
"""Namespaces by the prefix or root element that they belong to."""

PROLOG: Final = re.compile(r"\s*<\?xml[^<>]*\?>")
LITERAL: Final = re.compile(r"(<!\[CDATA\[.*?\]\]>)", re.DOTALL)
ENTITY: Final = re.compile(r"&(?!#\d+;|#x[0-9a-fA-F]+;|(?:amp|lt|gt|quot|apos);)(\w*;?)")
DEFAULT: Final = re.compile(r"\sxmlns\s*=\s*(?:\"[^\"<>]*\"|'[^'<>]*')")
ROOT: Final = re.compile(r"<(?:(?P<prefix>\w+):)?(?P<name>kml|gpx)(?P<told>[\s>])", re.IGNORECASE)


def mended(data: bytes, meter: Meter) -> bytes:
    """The file as a parser takes it: in UTF-8, without bare ``&``, with its namespaces declared.

    People write such files by hand, and programs by putting text together.
    """
    text = seen(PROLOG.sub("", data.decode(encoding_of(data, meter)), count=1))
    pieces = LITERAL.split(text)
    pieces[::2] = [ENTITY.sub(_whole, piece) if "&" in piece else piece for piece in pieces[::2]]
    meter.tick()
    text = "".join(pieces)
    if root := ROOT.search(text):
        end = text.find(">", root.start())
        told = DEFAULT.sub("", text[root.start("told") : end])
        used = [p for p in SPACES if re.search(rf"[<\s]{p}:\w", text)]
        spaces = [f'xmlns:{p}="{SPACES[p]}"' for p in used if f"xmlns:{p}" not in told]
        if not root["prefix"]:  # GDAL's fuller driver knows a file by it, at the first place alone
            spaces.insert(0, f'xmlns="{SPACES[root["name"].lower()]}"')
        text = " ".join([text[: root.start("told")], *spaces]) + told + text[end:]
    return text.encode()


def _whole(found: re.Match[str]) -> str:
    """A sign for an entity of HTML, which XML does not know, and ``&amp;`` for a bare ``&``."""
    return html.escape(html.unescape(found[0]), quote=False)


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
