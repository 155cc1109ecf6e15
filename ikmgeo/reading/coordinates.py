"""Coordinates as people write them become decimal degrees.

Degrees, minutes and seconds in any spelling, both in one cell, WKT, links of Google Maps, metres of
a UTM zone, another CRS by its number, the two exchanged, a decimal point lost. Nothing is guessed:
what can be read in two ways stays as it is and is told, and so is what was read.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import product
from typing import Final, NamedTuple

import geopandas as gpd
import lat_lon_parser
import numpy as np
import pandas as pd
import shapely
from pyproj import Transformer
from pyproj.exceptions import CRSError

from ikmgeo.errors import Issue
from ikmgeo.reading.texts import NUMBER, numbers
from ikmgeo.vocabulary import WGS84, Bounds

COORDINATES: Final = ("coordinates", "epsg")
"""Columns that a list may have in place of, or beside, ``lat`` and ``lon``."""

COAST_DEG: Final = 0.05
"""Distance from the drawn land at which a point still counts as in the province; about 5 km."""

AROUND_DEG: Final = 2.0
"""Distance from the province's bounds within which a point off its land was still meant for it."""

LONGEST: Final = 120
"""Characters of a cell with coordinates; what is longer is text."""

LONGEST_LINK: Final = 1_000
"""Characters of a link."""

EASTINGS: Final = (100_000, 900_000)
NORTHINGS: Final = (0, 10_000_000)
"""Metres that a UTM zone can have."""

DECIMALS: Final = 7
"""Of the degrees that are made; a centimetre."""

WAYS: Final = (
    *("sexagesimal", "one_cell", "epsg"),
    *("exchanged", "metres", "metres_exchanged", "point_restored"),
)
"""Ways to write coordinates that are read besides decimal degrees (``written``), the surest first;
those of the second line only where the point then lies in the province."""

MARKS: Final = tuple(
    (re.compile(written, re.IGNORECASE), sign)
    for written, sign in (
        ("[\u200b-\u200f\u2060\ufeff]", ""),
        (r"\s+", " "),
        ("\u2212", "-"),
        (r"(\d)\s*d\s*(\d+)\s*m\s*(\d[\d.,]*)\s*s(?![a-z]{2})", r"\1°\2'\3\""),
        ("[\u00ba\u02da\u2218]|derajat|degrees?|deg", "°"),
        ("''|[\u201c\u201d\u2033]|detik|seconds?|sec", '"'),
        ("[\u2018\u2019\u2032\u00b4`]|menit|minutes?|min", "'"),
        (r"(?<![a-z])(?:lintang\s+utara|lu|utara|north|n|u)(?![a-z])", "N"),
        (r"(?<![a-z])(?:lintang\s+selatan|ls|selatan|south|s)(?![a-z])", "S"),
        (r"(?<![a-z])(?:bujur\s+timur|bt|timur|east|e|t)(?![a-z])", "E"),
        (r"(?<![a-z])(?:bujur\s+barat|bb|barat|west|w|b)(?![a-z])", "W"),
    )
)
"""What stands for a sign of degrees, minutes or seconds or for a direction, and the sign."""

LABELS: Final = re.compile(
    r"(?<![a-z])(koordinat|lintang|latitude|lat|bujur|longitude|long|lng|lon)\b[ .:=]*", re.I
)
DOTTED: Final = re.compile(r"(\d{1,3})[.](\d{1,2})[.](\d{1,2}(?:,\d+)?)(?![\d.])")
"""Degrees, minutes and seconds with points between them."""

MARKED: Final = re.compile(r"""[°'":NSEW]|\d[ -]+\d+[ -]+\d""")
"""What makes a text one of degrees and minutes."""

WKT: Final = re.compile(
    r"POINT\s*[ZM]{0,2}\s*\(\s*(?P<x>\S+)\s+(?P<y>[^\s)]+)[^()]*\)",
    re.I,
)
LINKS: Final = tuple(
    re.compile(before + r"(?P<lat>-?\d{1,2}\.\d+)" + between + r"(?P<lon>-?\d{1,3}\.\d+)", re.I)
    for before, between in (
        ("!3d", "!4d"),
        (r"[?&](?:q|ll|query|center|destination)=(?:loc:)?", r"(?:,|%2C)\s*\+?"),
        ("/@", ","),
    )
)
"""Coordinates in a link of a map: of the place, else of what is asked for, else of the view."""

BETWEEN: Final = (
    r"\s*[;|/\n]\s*",
    r"\s*,\s+",
    r"\s*,\s*",
    r"(?<=[NSEW])\s*",
    r"\s+(?=[NSEW])",
    r"\s+",
)
"""What stands between two coordinates in one cell, the surest first."""

WHOLE: Final = re.compile(r"-?(\d{4,}|\d{1,3}([., ]\d{3}){2,})")
"""Digits that once had a decimal point; Excel may have put points between thousands."""


@dataclass(frozen=True)
class Ground:
    """Where the points of a list are meant to lie.

    Parameters
    ----------
    land
        The province with its lakes, WGS84; None where it is not known.
    bounds
        Of the province, degrees.
    districts
        Polygons (WGS84) by ``district_code``.
    """

    land: shapely.Geometry | None
    bounds: Bounds
    districts: gpd.GeoSeries = field(default_factory=lambda: gpd.GeoSeries(crs=WGS84))

    def near(self, lat: pd.Series, lon: pd.Series) -> pd.Series:
        """Whether points lie within ``COAST_DEG`` of the land; False where it is not known."""
        near = pd.Series(False, index=lat.index)
        usable = (lon.abs() <= 180) & (lat.abs() <= 180)
        if self.land is not None and usable.any():
            shapely.prepare(self.land)
            points = shapely.points(lon[usable].to_numpy(), lat[usable].to_numpy())
            near[usable] = np.asarray(shapely.dwithin(self.land, points, COAST_DEG))
        return near

    def meant(self, reading: "Reading") -> bool:
        """Whether a point lies near the land, or not far from where the province is."""
        west, south, east, north = self.bounds
        return self.close(reading) or (
            west - AROUND_DEG <= reading.lon <= east + AROUND_DEG
            and south - AROUND_DEG <= reading.lat <= north + AROUND_DEG
        )

    def close(self, reading: "Reading") -> bool:
        """As ``near``, of one point."""
        return self.land is not None and bool(shapely.dwithin(self.land, reading.point, COAST_DEG))

    def inside(self, reading: "Reading", district: str | None) -> bool:
        """Whether a point lies in a district, or by its border; not where that is not known."""
        polygon = self.districts.get(district) if district else None
        return polygon is not None and bool(shapely.dwithin(polygon, reading.point, COAST_DEG / 10))

    def zones(self) -> dict[str, str]:
        """EPSG codes of the UTM zones that the province lies in, by their names."""
        west, south, east, north = self.bounds
        numbered = range(int((west + 180) // 6) + 1, int((east + 180) // 6) + 2)
        halves = [("N", 32600)] * (north > 0) + [("S", 32700)] * (south < 0)
        return {f"{z}{half}": str(band + z) for z in numbered for half, band in halves}


class Given(NamedTuple):
    """What a row has of its place, as text; None where a cell is missing."""

    lat: str | None
    lon: str | None
    coordinates: str | None
    epsg: str | None
    district: str | None


class Reading(NamedTuple):
    """One way to read a row: degrees, by which of ``WAYS``, and with what particulars."""

    lat: float
    lon: float
    way: str
    by: str = ""

    @property
    def point(self) -> shapely.Point:
        """The place, WGS84."""
        return shapely.Point(self.lon, self.lat)


def decimal_degrees(
    text: pd.DataFrame, ground: Ground, districts: pd.Series, file: str
) -> tuple[pd.DataFrame, list[Issue]]:
    """The rows with ``lat`` and ``lon`` in decimal degrees, as text; what was done, and could not.

    Parameters
    ----------
    text
        ``lat`` and ``lon``, and ``COORDINATES`` if the list has them; index ``row``. A cell that
        cannot be read stays as it is.
    ground
        Where the points are meant to lie.
    districts
        Code of the district that each row reports; missing where it reports none.
    file
        Name of the file, for messages.

    Returns
    -------
    tuple
        The rows; a note (``noted``) of each way of writing with how many rows have it, the first
        of them and how that was read; each row that can be read in no or in several ways
        (``rejected``).
    """
    lat, lon = numbers(text["lat"]), numbers(text["lon"])
    beside = [text[c].notna() for c in COORDINATES if c in text]
    plain = ground.near(lat, lon) & ~pd.concat([text["lat"].isna(), *beside], axis=1).any(axis=1)
    found: dict[str, list[tuple[int, Given, Reading]]] = {}
    issues = []
    cells = text.reindex(columns=Given._fields[:4]).assign(district=districts)[~plain]
    for row, *values in cells.itertuples():
        given = Given(*(None if pd.isna(v) else str(v) for v in values))
        reading, defect = read(given, ground)
        if reading and reading.way != "written":
            found.setdefault(reading.way, []).append((row, given, reading))
        elif defect:
            column = "lat" if given.coordinates is None else "coordinates"
            value = given.coordinates or f"{given.lat}; {given.lon}"
            issues.append(Issue(defect, file, row, column, value))
    changed = {row: reading for rows in found.values() for row, _, reading in rows}
    text = text.copy()
    for axis in ("lat", "lon"):
        degrees = [repr(round(getattr(r, axis), DECIMALS)) for r in changed.values()]
        text.loc[list(changed), axis] = degrees
    notes = [_note(way, found[way], file) for way in WAYS if way in found]
    return text, notes + issues


def _note(way: str, rows: list[tuple[int, Given, Reading]], file: str) -> Issue:
    row, given, reading = rows[0]
    told = {"count": len(rows), "first": row, "by": reading.by}
    degrees = {"lat": round(reading.lat, 5), "lon": round(reading.lon, 5)}
    value = given.coordinates or f"{given.lat}; {given.lon}"
    return Issue(f"coordinates_{way}", file, None, "lat", value, told | degrees, "noted")


def read(given: Given, ground: Ground) -> tuple[Reading | None, str | None]:
    """The one way to read a row, or the code of what keeps it from being read.

    The surest way comes first; another counts only where none before it leads to the province.
    Both are None where the row says nothing, or nothing that this module can better.
    """
    readings = list(_readings(given, ground))
    written = [r for r in readings if r.way in ("written", *WAYS[: WAYS.index("exchanged")])]
    if written and (ground.meant(written[0]) or len(readings) == len(written)):
        return written[0], None
    for fits, way in product((ground.close, ground.meant), WAYS[WAYS.index("exchanged") :]):
        some = [r for r in readings if r.way == way and fits(r)]
        if len(some) > 1 or way == "point_restored":
            some = [r for r in some if ground.inside(r, given.district)]
        if len(some) == 1:
            return some[0], None
    if written:
        return written[0], None
    if any(r.way == "point_restored" for r in readings):
        return None, "coordinates_point_lost"
    if any(r.way.startswith("metres") for r in readings):
        return None, "coordinates_metres_unplaced"
    return None, "coordinates_unread" if given.coordinates and not given.lat else None


def _readings(given: Given, ground: Ground) -> Iterator[Reading]:
    """Every way to read a row, the surest first."""
    pair, way = _pair(given)
    if pair is None:
        return
    (first, axis), (second, other) = pair
    if axis == "lon" or other == "lat":  # their letters say so
        first, second = second, first
    lettered = bool(axis or other)
    if given.epsg and (epsg := re.search(r"\d{4,6}", given.epsg)) and epsg[0] != "4326":
        yield from _projected(first, second, epsg[0], "epsg")
        return
    if abs(first) <= 90 and abs(second) <= 180:
        yield Reading(first, second, way)
    if lettered:
        return
    if abs(second) <= 90 and abs(first) <= 180:
        yield Reading(second, first, "exchanged")
    for north, east, how in ((first, second, "metres"), (second, first, "metres_exchanged")):
        if _between(east, EASTINGS) and _between(north, NORTHINGS):
            for zone, number in ground.zones().items():
                yield from _projected(north, east, number, how, zone)
    if WHOLE.fullmatch(given.lat or "") or WHOLE.fullmatch(given.lon or ""):
        yield from _restored(given, first, second)


def _between(value: float, limits: tuple[float, float]) -> bool:
    return limits[0] <= value <= limits[1]


def _projected(
    northing: float, easting: float, epsg: str, way: str, by: str = ""
) -> Iterator[Reading]:
    try:
        lon, lat = _transformer(epsg).transform(easting, northing)
    except CRSError:
        return
    if np.isfinite([lat, lon]).all():
        yield Reading(lat, lon, way, by or f"EPSG:{epsg}")


@lru_cache(maxsize=64)
def _transformer(epsg: str) -> Transformer:
    return Transformer.from_crs(f"EPSG:{epsg}", WGS84, always_xy=True)


def _restored(given: Given, lat: float, lon: float) -> Iterator[Reading]:
    """Degrees with the decimal point put back wherever digits lost it."""
    options = []
    for text, value, limit in ((given.lat, lat, 90), (given.lon, lon, 180)):
        places = range(1, len(str(text)) + 1) if WHOLE.fullmatch(text or "") else (0,)
        options.append([value / 10**n for n in places if abs(value / 10**n) <= limit])
    for lat_deg, lon_deg in product(*options):
        yield Reading(lat_deg, lon_deg, "point_restored")


Angle = tuple[float, str]
"""A number as it stands, and ``lat`` or ``lon`` where its letter says so, else nothing."""


def _pair(given: Given) -> tuple[tuple[Angle, Angle] | None, str]:
    """Both numbers of a row as they stand, and which way they are written."""
    if given.lat and given.lon:
        lat, lon = _angle(given.lat), _angle(given.lon)
        is_plain = all(re.fullmatch(NUMBER, t) for t in (given.lat, given.lon))
        if lat and lon:
            return (lat, lon), "written" if is_plain else "sexagesimal"
    alone = None if given.lat and given.lon else given.lat or given.lon
    return _both(given.coordinates or alone or ""), "one_cell"


def _both(cell: str) -> tuple[Angle, Angle] | None:
    """Two numbers in one cell."""
    if cell.lower().startswith("http"):
        tried = (link.search(cell[:LONGEST_LINK]) for link in LINKS)
        found = next(filter(None, tried), None)
        return ((float(found["lat"]), "lat"), (float(found["lon"]), "lon")) if found else None
    if len(cell) > LONGEST:
        return None
    if point := WKT.search(cell):
        x, y = _angle(point["x"]), _angle(point["y"])
        return (y, x) if x and y else None
    plain = _plain(LABELS.sub("", cell)).strip(" ()[]")
    for between in BETWEEN:
        cuts = [(plain[: m.start()], plain[m.end() :]) for m in re.finditer(between, plain)]
        pairs = [(a, b) for a, b in ((_angle(x), _angle(y)) for x, y in cuts) if a and b]
        if len(pairs) == 1:
            return pairs[0]
    return None


def _angle(text: str) -> Angle | None:
    """A number, or degrees with minutes and seconds, and the axis that a letter names."""
    if len(text) > LONGEST:
        return None
    plain = _plain(LABELS.sub("", text)).strip(" ,;")
    if re.fullmatch(NUMBER, plain):
        return float(plain.replace(",", ".")), ""
    if WHOLE.fullmatch(plain):
        return float(re.sub(r"[., ]", "", plain)), ""
    plain = DOTTED.sub(r"\1°\2'\3\"", plain)
    if not MARKED.search(plain):
        return None
    try:
        value = float(lat_lon_parser.parse(plain.replace(",", ".")))
    except (ValueError, TypeError):
        return None
    letters = re.findall("[NSEW]", plain)
    return value, ("lat" if letters[0] in "NS" else "lon") if letters else ""


def _plain(text: str) -> str:
    """The text with usual signs for degrees, minutes, seconds and directions."""
    for written, sign in MARKS:
        text = written.sub(sign, text)
    return text.strip()
