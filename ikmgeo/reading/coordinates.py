"""Coordinates as people write them become decimal degrees.

Degrees, minutes and seconds in any spelling, both in one cell, WKT, links of Google Maps, metres of
a UTM zone, another CRS by its number, the two exchanged, a decimal point lost. Nothing is guessed:
what can be read in two ways stays as it is and is told, and so is what was read.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice, product
from typing import Final, NamedTuple

import geopandas as gpd
import lat_lon_parser
import numpy as np
import pandas as pd
import shapely
from pyproj import Transformer
from pyproj.exceptions import ProjError

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
NORTHINGS: Final = (-1_000_000, 10_000_000)
"""Metres that a UTM zone can have."""

DECIMALS: Final = 7
"""Of the degrees that are made; a centimetre."""

AS_WRITTEN: Final = ("sexagesimal", "one_cell", "epsg")
BY_METRES: Final = ("metres", "metres_exchanged")
BY_PLACE: Final = ("exchanged", *BY_METRES, "point_restored")
"""Read only where the point then lies in the province."""

WAYS: Final = (*AS_WRITTEN, *BY_PLACE)
"""Ways to write coordinates that are read besides decimal degrees (``written``), surest first."""

MARKS: Final = tuple(
    (re.compile(written, re.IGNORECASE), sign)
    for written, sign in (
        ("[\u200b-\u200f\u2060\ufeff]", ""),
        (r"[\s()\[\]]+", " "),
        (r"[\u2212\u2010-\u2015]", "-"),
        (r"^\s*-\s+", "-"),
        (r"(?<![a-z])([lb])\s*\.\s*([sutb])(?![a-z])\.?", r"\1\2"),
        (r"(?<=\d)\s*m(?:[entu]|eter)?\s*$", ""),
        (r"(\d)\s*d\s*(\d+)\s*m\s*(\d[\d.,]*)\s*s(?![a-z]{2})", "\\1°\\2'\\3\""),
        ("[\u00ba\u02da\u2218]|derajat|degrees?|deg", "°"),
        ("''|[\u201c\u201d\u2033]|detik|seconds?|sec", '"'),
        ("[\u2018\u2019\u2032\u00b4`]|menit|minutes?|min", "'"),
        (r"(?<![a-z])(?:lintang\s+utara|lu|utara|north|n|u)(?![a-z])", "N"),
        (r"(?<![a-z])(?:lintang\s+selatan|ls|selatan|south|s)(?![a-z])", "S"),
        (r"(?<![a-z])(?:bujur\s+timur|bt|timur|east|e|t)(?![a-z])", "E"),
        (r"(?<![a-z])(?:bujur\s+barat|bb|barat|west|w|b)(?![a-z])", "W"),
        (r"(?<![a-z])([nsew])\s*[:=](?=\s*\d)", r"\1"),
    )
)
"""What stands for a sign of degrees, minutes or seconds or for a direction, and the sign."""

LABELS: Final = re.compile(
    r"(?<![a-z])(koordinat|lintang|latitude|lat|bujur|longitude|long|lng|lon)\b[ .:=]*", re.I
)
DOTTED: Final = re.compile(r"(\d{1,3})[.](\d{1,2})[.](\d{1,2}(?:,\d+)?)(?![\d.])")
"""Degrees, minutes and seconds with points between them."""

ANGLE: Final = re.compile(
    r"[NSEW]?\s*[-+]?\s*\d{1,3}(?:[.,]\d+)?"
    r"(?:\s*[°:\s-]\s*\d{1,2}(?:[.,]\d+)?(?:\s*[':\s-]\s*\d{1,2}(?:[.,]\d+)?)?)?"
    r"\s*[°'\"]?\s*[NSEW]?"
)
"""Degrees, perhaps with minutes and seconds, and a direction; the parser would pass over more."""

MARKED: Final = re.compile(r"""[°'":NSEW]|\d[ -]+\d+[ -]+\d""")
"""What makes a text one of degrees and minutes."""

FIGURE: Final = re.compile(
    r"(?<![\d.,])-?\d{1,3}(?:([.,])\d{3})+(?:[.,]\d+)?(?![\d.,])|-?\d+(?:[.,]\d+)?"
)
"""A number, perhaps with signs between its thousands."""

SYSTEM: Final = re.compile(
    r"EPSG\s*[:=]?\s*(?P<epsg>\d{4,6})(?!\d)"
    r"|(?<![\w.,])(?:(?P<said>UTM|zon[ae])[\s:=]*)*(?P<zone>\d{1,2})[\s-]*(?P<half>[C-HJ-NP-X])(?![a-z])",
    re.IGNORECASE,
)
"""A coordinate system by its number, or by zone and half of UTM."""

NORTHERN: Final = "NPQRTUVWX"
"""Letters of the northern half: N, and those of the grid's bands but S, which stands for south."""

DATUM: Final = re.compile(r"(?:WGS|DGN|ITRF|SRGI)[\s_-]*\d*", re.IGNORECASE)
AXES: Final[Mapping[str, str]] = {
    **dict.fromkeys(("x", "e", "t", "me", "mt", "easting", "timur"), "lon"),
    **dict.fromkeys(("y", "n", "u", "mn", "mu", "northing", "utara"), "lat"),
}
"""Words beside metres, and the axis that each names."""

BESIDE: Final = frozenset(("m", "meter", "utm", "koordinat", "titik", "zona", "zone", "dan", "and"))
"""Words beside metres that name none."""

LEAST_METRES: Final = 1_000
"""From here on numbers without names are metres; beside a system's name a tenth is enough, for the
sign between thousands may be read as a decimal point."""

WKT: Final = re.compile(
    r"POINT\s*[ZM]{0,2}\s*\(\s*(?P<x>\S+)\s+(?P<y>[^\s)]+)[^()]*\)",
    re.I,
)
LINKS: Final = tuple(
    re.compile(before + r"(?P<lat>-?\d{1,2}\.\d+)" + between + r"(?P<lon>-?\d{1,3}\.\d+)", re.I)
    for before, between in (
        ("!3d", "!4d"),
        (r"[?&](?:q|ll|query|center|destination)=(?:loc:)?", r"(?:,|%2C)\s*\+?"),
        (r"/(?:search|place|dir)/", r",\s*\+?"),
        ("/@", ","),
    )
)
"""Coordinates in a link of a map: of the place, else of what is asked for, else of the view."""

BETWEEN: Final = tuple(
    re.compile(between)
    for between in (
        r"\s*[;|/\n]\s*",
        r"\s+(?:-|&|dan|and)\s+",
        r"(?<=[NSEW])\s*-\s*",
        r"\s*,\s+",
        r"(?<=\d)\s*,\s*(?=-?\d)",
        r"(?<=[NSEW])\s*,?\s*",
        r"\s*,?\s*(?=[NSEW])",
        r"\s+",
    )
)
"""What stands between two coordinates in one cell, the surest first."""

CUTS: Final = 8
"""Places in a cell that are tried for each of these."""

EXACT: Final = re.compile(r"-?(?:\d{5,}|\d+[.,]\d+.*)|.*[°'\":NSEW].*")
"""A coordinate that nothing but another one can follow: ``3,98`` is one number, not two."""

MORE: Final = re.compile(
    r"(-?\d+\.\d+ -?\d+\.\d+) -?[\d.]+ [\d.]+|(-?\d+\.\d+,\s?-?\d+\.\d+),\s?-?[\d.]+"
)
"""Two coordinates with height and accuracy (KoboToolbox), or with a height (KML)."""

GROUPED: Final = re.compile(r"-?\d{1,3}(?:(?:\.\d{3})+,\d+|(?:,\d{3})+\.\d+)")
"""Metres with a sign between thousands and another before the decimals."""

WHOLE: Final = re.compile(r"-?(?:\d{4,12}|\d{1,3}(?:([., ])\d{3})(?:\1\d{3}){1,3})")
"""Digits that once had a decimal point; Excel may have put points between thousands."""

ONE_GROUP: Final = re.compile(r"-?\d{1,3}[.,]\d{3}")
"""As ``WHOLE`` where a pair is out of range: ``985.051`` was 98.5051."""

NUMBERED: Final = re.compile(r"\s*\d{4,6}(?:\.0)?\s*")
"""The number of a coordinate system alone, as a cell for it has it."""

MOST_SYSTEMS: Final = 20
"""Different coordinate systems in a list; with more the column is something else."""

APART_DEG: Final = 0.001
"""From here on two places of one row are two; about 100 m."""


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

    @property
    def told(self) -> str:
        """The cells as a message quotes them."""
        return self.coordinates or "; ".join(cell for cell in (self.lat, self.lon) if cell)


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
    if "epsg" in text and text["epsg"].nunique() > MOST_SYSTEMS:
        text = text.assign(epsg=None)
    beside = [text[c].notna() for c in COORDINATES if c in text]
    plain = ground.near(lat, lon) & ~pd.concat([text["lat"].isna(), *beside], axis=1).any(axis=1)
    found: dict[str, list[tuple[int, Given, Reading]]] = {}
    issues = []
    cells = text.reindex(columns=Given._fields[:4])
    told = cells.notna().any(axis=1)  # a row that says nothing has no reading
    cells = cells.assign(district=districts)[told & ~plain]
    for row, *values in cells.itertuples():
        given = Given(*(None if pd.isna(v) else str(v) for v in values))
        reading, defect = read(given, ground)
        if reading and (two := _apart(given, reading, ground)):
            found.setdefault("differ", []).append((row, given, two))
        if reading and reading.way != "written":
            found.setdefault(reading.way, []).append((row, given, reading))
        elif defect:
            column = "lat" if given.coordinates is None else "coordinates"
            issues.append(Issue(defect, file, row, column, given.told))
    changed = {row: reading for way in WAYS for row, _, reading in found.get(way, ())}
    text = text.copy()
    for axis in ("lat", "lon"):
        degrees = [repr(round(getattr(r, axis), DECIMALS)) for r in changed.values()]
        text.loc[list(changed), axis] = degrees
    notes = [_note(way, found[way], file) for way in (*WAYS, "differ") if way in found]
    return text, notes + issues


def _note(way: str, rows: list[tuple[int, Given, Reading]], file: str) -> Issue:
    row, given, reading = rows[0]
    told = {"count": len(rows), "first": row, "by": reading.by}
    degrees = {"lat": round(reading.lat, 5), "lon": round(reading.lon, 5)}
    return Issue(f"coordinates_{way}", file, None, "lat", given.told, told | degrees, "noted")


def _apart(given: Given, reading: Reading, ground: Ground) -> Reading | None:
    """Where the cell with both coordinates lies, if the other cells say another place."""
    if not (given.coordinates and given.lat and given.lon) or reading.way == "one_cell":
        return None
    both, _ = read(given._replace(lat=None, lon=None), ground)
    near = both and max(abs(both.lat - reading.lat), abs(both.lon - reading.lon)) < APART_DEG
    return None if near else both


def read(given: Given, ground: Ground) -> tuple[Reading | None, str | None]:
    """The one way to read a row, or the code of what keeps it from being read.

    The surest way comes first; another counts only where none before it leads to the province.
    Both are None where the row says nothing, or nothing that this module can better.
    """
    readings = list(_readings(given, ground))
    written = [r for r in readings if r.way in ("written", *AS_WRITTEN)]
    meant = [r for r in written if ground.meant(r)]
    if meant:
        return meant[0], None
    if given.coordinates and given.lat and given.lon:  # such as 0, 0 beside the place
        both, _ = read(given._replace(lat=None, lon=None), ground)
        if both and ground.meant(both):
            return both, None
    others = [r for r in readings if r not in written]
    fits = ground.meant if ground.land is None else ground.close
    inside = [r for r in others if ground.inside(r, given.district)]
    near = [r for r in others if fits(r) and r.way != "point_restored"]
    labelled = bool(given.lat and given.lon)
    for some, way in product((inside, near), BY_PLACE):
        these = [r for r in some if r.way == way]
        # In one cell nothing says which of two metres is which.
        if len(these) == 1 and (labelled or len(some) == 1):
            return these[0], None
    if written:
        return written[0], None
    if any(r.way.startswith("metres") for r in readings):
        return None, "coordinates_metres_unplaced"
    if any(r.way == "point_restored" for r in readings):
        return None, "coordinates_point_lost"
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
    if abs(first) <= 90 and abs(second) <= 180:
        yield Reading(first, second, way)
    if abs(second) <= 90 and abs(first) <= 180 and not lettered and not _system(given):
        yield Reading(second, first, "exchanged")
    yield from _in_metres(first, second, _system(given), ground, both=not lettered)
    if lettered or _system(given):
        return
    if given.lat and given.lon and (abs(first) > 90 or abs(second) > 180):
        yield from _restored(given.lat, given.lon, ground)


def _in_metres(
    first: float, second: float, epsg: str | None, ground: Ground, *, both: bool
) -> Iterator[Reading]:
    """Readings as northing and easting, and exchanged; of a system, or of the province's zones."""
    orders = ((first, second), (second, first))
    grouped = not any(abs(a) <= 90 and abs(b) <= 180 for a, b in orders)
    pairs = [(_ungrouped(a), _ungrouped(b)) if grouped else (a, b) for a, b in orders]
    if epsg:
        straight = [*_projected(*pairs[0], epsg, "epsg")]
        turned = [*_projected(*pairs[1], epsg, "metres_exchanged")]
        off = not any(map(ground.close, straight)) and any(map(ground.close, turned))
        yield from turned if off else straight
        return
    for (north, east), way in zip(pairs, BY_METRES, strict=True):
        if _between(east, EASTINGS) and _between(north, NORTHINGS) and (both or way == "metres"):
            for zone, number in ground.zones().items():
                for reading in _projected(north, east, number, way, zone):
                    # A number below 1,000 may be anything else as well.
                    if pairs[0] == orders[0] or ground.close(reading):
                        yield reading


def _ungrouped(value: float) -> float:
    """Metres whose sign between thousands was taken for the decimal point: 443.5 was 443.500."""
    thousands = value * 1_000
    return round(thousands) if abs(value) < 1_000 and abs(thousands % 1) < 1e-6 else value


def _system(given: Given) -> str | None:
    """EPSG code of the metres of a row, by its own cell or by what stands beside them."""
    if given.epsg and NUMBERED.fullmatch(given.epsg):
        number = given.epsg.strip().removesuffix(".0")
        return None if number == "4326" else number
    told = given.epsg or given.coordinates or given.lat or given.lon or ""
    found = SYSTEM.search(told) if len(told) <= LONGEST else None
    if found is None or (told != given.epsg and _metres_told(told) is None):
        return None
    if found["epsg"]:
        return None if found["epsg"] == "4326" else found["epsg"]
    return f"32{6 if found['half'].upper() in NORTHERN else 7}{int(found['zone']):02d}"


def _between(value: float, limits: tuple[float, float]) -> bool:
    return limits[0] <= value <= limits[1]


def _projected(
    northing: float, easting: float, epsg: str, way: str, by: str = ""
) -> Iterator[Reading]:
    transformer = _transformer(epsg)
    if transformer is None:
        return
    lon, lat = transformer.transform(easting, northing)
    if np.isfinite([lat, lon]).all():
        yield Reading(lat, lon, way, by or f"EPSG:{epsg}")


@lru_cache(maxsize=256)
def _transformer(epsg: str) -> Transformer | None:
    """From a system with easting and northing to degrees; None where there is none of that code."""
    try:
        return Transformer.from_crs(f"EPSG:{epsg}", WGS84, always_xy=True)
    except ProjError:
        return None


def _restored(lat: str, lon: str, ground: Ground) -> Iterator[Reading]:
    """Degrees with the decimal point put back wherever digits lost it, about the province."""
    west, south, east, north = ground.bounds
    options = []
    for text, low, high in ((lat, south, north), (lon, west, east)):
        if WHOLE.fullmatch(text) or ONE_GROUP.fullmatch(text):
            digits = float(re.sub(r"[., ]", "", text))
            tried = [digits / 10**n for n in range(1, len(text) + 1)]
        else:
            found = _angle(text)
            tried = [found[0]] if found else []
        options.append([v for v in tried if low - AROUND_DEG <= v <= high + AROUND_DEG])
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
    if metres := _metres_told(cell):
        return metres
    plain = _plain(LABELS.sub("", cell)).strip(" ()[]")
    if more := MORE.fullmatch(plain):
        plain = more[1] or more[2]
    if re.fullmatch(NUMBER, plain):
        return None
    for between in BETWEEN:
        places = islice(between.finditer(plain), CUTS)
        cuts = [(plain[: m.start()], plain[m.end() :]) for m in places]
        read_both = [(_angle(a), _angle(b)) for a, b in cuts if EXACT.match(a) and EXACT.match(b)]
        pairs = [(a, b) for a, b in read_both if a and b]
        if len(pairs) == 1:
            return pairs[0]
    return None


def holds_both(cell: str, limits: Bounds) -> bool:
    """Whether a cell holds two degrees within limits (west, south, east, north), or metres."""
    pair = _both(cell)
    if pair is None:
        return False
    west, south, east, north = limits
    ((first, _), (second, _)) = pair
    return any(
        (south <= lat <= north and west <= lon <= east)
        or (_between(lon, EASTINGS) and _between(lat, NORTHINGS) and abs(lat) > LEAST_METRES)
        for lat, lon in ((first, second), (second, first))
    )


def _metres_told(cell: str) -> tuple[Angle, Angle] | None:
    """Two numbers with words that name axes or a coordinate system, northing first.

    Beside a system the first is the easting, as UTM is written, where no letters say otherwise.
    """
    system = SYSTEM.search(cell)
    bare = DATUM.sub(" ", SYSTEM.sub(" ", cell) if system else cell)
    words = re.findall(r"[a-z]+", bare.casefold())
    read_each = (_angle(figure[0]) for figure in islice(FIGURE.finditer(bare), 3))
    figures = [angle[0] for angle in read_each if angle]
    if len(figures) != 2 or not BESIDE.issuperset({*words} - AXES.keys()):
        return None
    least = 0 if {"x", "y"} <= {*words} else LEAST_METRES / 10 if system else LEAST_METRES
    first, second = figures
    if min(figures) < least:
        return None
    named = [AXES[word] for word in words if word in AXES]
    if len(named) == 2 and named[0] != named[1]:
        return (first, named[0]), (second, named[1])
    return ((second, ""), (first, "")) if system else None


def _angle(text: str) -> Angle | None:
    """A number, or degrees with minutes and seconds, and the axis that a letter names."""
    if len(text) > LONGEST:
        return None
    plain = _plain(LABELS.sub("", text)).strip(" ,;.()[]")
    if re.fullmatch(NUMBER, plain):
        return float(plain.replace(",", ".")), ""
    if GROUPED.fullmatch(plain):
        decimals = max(plain.rfind("."), plain.rfind(","))
        return float(re.sub(r"[.,]", "", plain[:decimals]) + "." + plain[decimals + 1 :]), ""
    if WHOLE.fullmatch(plain):
        return float(re.sub(r"[., ]", "", plain)), ""
    plain = DOTTED.sub("\\1°\\2'\\3\"", plain)
    if not (MARKED.search(plain) and ANGLE.fullmatch(plain)):
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
