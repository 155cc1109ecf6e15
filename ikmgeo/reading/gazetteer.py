"""Rows without coordinates are placed by what they say: village, subdistrict or district.

By code, of Kemendagri or of BPS, or by name as people spell it. What can be meant is looked up in a
gazetteer; a row comes to the finest area that is sure, never to one of two.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import Final, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from rapidfuzz import process
from rapidfuzz.distance import OSA

from ikmgeo.errors import Issue
from ikmgeo.reading.coordinates import COAST_DEG
from ikmgeo.reading.habits import Find, noted
from ikmgeo.reading.texts import numbers

AREAS: Final = ("subdistrict", "village", "subdistrict_code")
"""Columns by which a list tells where a row lies, besides those of a center."""

TELL: Final = (*AREAS, "area_code", "district_code", "district_name", "locality")
"""Columns each of which can place a row."""

WAYS: Final = ("point", "village", "subdistrict", "district", "none")
"""By what a row is placed, the surest first."""

PRECISION: Final = {4: "district", 6: "subdistrict", 10: "village"}
"""What a Kemendagri code of so many digits is of."""

VILLAGE_DIGITS: Final = 10
LONGEST_NAME: Final = 80
"""Characters of the name of an area; what is longer is text."""

LONGEST_ADDRESS: Final = 400
"""Characters of an address that are looked at."""

TYPOS: Final = 1
"""Letters wrong, missing, added or exchanged that a name may have.

With two, 58 pairs of villages of North Sumatra that lie in one subdistrict could be taken for each
other (``Belawan Bahari``, ``Belawan Bahagia``).
"""

SHORTEST_TYPO: Final = 6
"""Letters from which on one may be wrong: ``Bane`` and ``Bale`` are two names."""

BPS_COLUMNS: Final = ("area_code", "name_id")
"""Of ``bps_codes``."""

OPTIONS: Final = 5
"""Places that a message names of those that a name can mean."""

KINDS: Final = frozenset(
    (
        *("desa", "ds", "kelurahan", "kel", "lurah", "nagori", "kepenghuluan", "village"),
        *("kecamatan", "kec", "kc", "distrik", "subdistrict", "district"),
    )
)
"""Words before a name that only say what it is the name of."""

SHORT: Final[Mapping[str, str]] = {
    written: word
    for word, spellings in {
        "afdeling": "afd afdel",
        "bandar": "bdr",
        "batang": "btg bt",
        "bukit": "bkt",
        "dolok": "dolog dlk dl",
        "gunung": "gn gng",
        "hilir": "ilir",
        "hulu": "ulu",
        "kampung": "kp kpg kamp kampong",
        "kuala": "kwala kw kl",
        "padang": "pd pdg",
        "pasar": "psr ps",
        "pematang": "pem pmt pamatang",
        "perkebunan": "perk pkb",
        "pulau": "pulo pl",
        "sei": "sungai sungei sunge sie",
        "simpang": "sp simp spg",
        "tanjung": "tj tg tjg tanjong",
        "teluk": "tlk tel",
        "tebing": "tb tbg",
    }.items()
    for written in spellings.split()
}
"""Words of names that are abbreviated or spelled in two ways, by what they are read as.

None makes two villages of one subdistrict alike.
"""

TENS, ONES = ("", "x", "xx"), ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")
ROMAN: Final[Mapping[str, str]] = {
    ten + one: str(10 * tens + ones)
    for tens, ten in enumerate(TENS)
    for ones, one in enumerate(ONES)
}
"""Roman numerals below thirty, which people write as numbers too."""

COUNTED: Final[Mapping[str, str]] = {
    word: str(number)
    for number, word in enumerate(
        ("satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh"),
        start=1,
    )
}
"""Numbers in words, which are counted where they do not begin a name: Marindal Satu, Marindal I."""

ENDS_NAME: Final = (
    r"(?=\s*(?:[,;:()\[\]\n/-]|\.\s|\.?$|\d{5}|\b(?:kec|kecamatan|kel|kelurahan|desa|kab|kabupaten|kota"
    r"\s+\w+|kodya|prov|provinsi|rt|rw|dusun|dsn|lingkungan|lk|no|jl|jln|jalan|sumatera|indonesia)\b))"
)
IN_ADDRESS: Final[Mapping[str, re.Pattern[str]]] = {
    column: re.compile(
        rf"(?<!jl )(?<!jl\. )(?<!jln )(?<!jln\. )(?<!jalan )\b(?:{kinds})\b[.: ]*(?:/\s*(?:{kinds})"
        rf"\b[.: ]*)?(\w.{{1,{LONGEST_NAME}}}?){ENDS_NAME}",
        re.IGNORECASE,
    )
    for column, kinds in {
        "village": "desa|kelurahan|kel|ds|nagori",
        "subdistrict": "kecamatan|kec",
    }.items()
}
"""Names in an address, which a word before them tells: ``Jl. X, Desa Y Kec. Z``."""

MORE: Final = r"(?s)(?:\s*[,;/]|\s+-\s).*"
"""What stands behind the name of a district: Karo, Sumatera Utara."""

LAST: Final = r"(?s).*(?:[,;/]|\s-\s)\s*(.+)"
"""The last of several names: Karo/Dairi."""

BEHIND: Final = re.compile(
    r"(?<=\w)\s*[,;].*|(?<=\w)\s+(?:kec|kecamatan|kab|kabupaten)\b.*", re.I | re.S
)
"""What stands behind the name of a village or subdistrict and is of another area."""

DISTRICT_IN_ADDRESS: Final = re.compile(
    rf"(\b(?:kabupaten|kab|kota)\b[. ]*\w.{{1,{LONGEST_NAME}}}?){ENDS_NAME}", re.IGNORECASE
)

Codes = tuple[str, ...]
Known = Mapping[str, Codes]
"""Codes of areas by the key of their names."""


class Doubt(NamedTuple):
    """What keeps a row from being placed as it says, or was decided: code of the note, the cell."""

    code: str
    column: str
    value: str
    by: Codes = ()


class Told(NamedTuple):
    """What a row says of where it lies; empty where it says nothing.

    ``district`` and ``code`` are Kemendagri codes, the latter of any area; the others are names.
    """

    district: str
    subdistrict: str
    village: str
    code: str


class Found(NamedTuple):
    """Kemendagri code of the finest area that is sure (empty for none), and what was doubted."""

    code: str
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True)
class Gazetteer:
    """Areas of the province by code and by name, with a point in each.

    Parameters
    ----------
    villages
        ``name_id``, ``subdistrict``, ``lat`` and ``lon`` (degrees), on ``village_code``.
    districts
        ``name_id``, ``short_name`` and polygons (WGS84), on ``district_code``.
    province
        Names of the province.
    bps_codes
        ``area_code`` (Kemendagri) of subdistricts and villages and the ``name_id`` that BPS has for
        it if that is another, on ``bps_code``.
    """

    villages: pd.DataFrame
    districts: gpd.GeoDataFrame
    province: tuple[str, ...] = ()
    bps_codes: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=BPS_COLUMNS))

    @cached_property
    def bps(self) -> dict[str, str]:
        """Kemendagri code of every area by its code of BPS, that of the district included."""
        districts = zip(self.districts["bps_code"], self.districts.index, strict=True)
        areas = zip(self.bps_codes.index, self.bps_codes["area_code"], strict=True)
        return {**dict(districts), **dict(areas)}

    @cached_property
    def spelled(self) -> list[tuple[str, str]]:
        """Code and name of every area, and what BPS calls it if that is another name."""
        others = self.bps_codes.dropna(subset="name_id")
        return [*self.names.items(), *zip(others["area_code"], others["name_id"], strict=True)]

    @cached_property
    def points(self) -> dict[str, tuple[float, float]]:
        """Degrees (latitude, longitude) of the point in each village by its code."""
        degrees = self.villages[["lat", "lon"]].to_numpy(float).tolist()
        return {str(c): (y, x) for c, (y, x) in zip(self.villages.index, degrees, strict=True)}

    @cached_property
    def names(self) -> dict[str, str]:
        """Name of every area by its code."""
        codes, names = self.villages.index, self.villages["name_id"]
        return {
            **dict(zip(self.districts.index, self.districts["name_id"], strict=True)),
            **dict(zip(codes.str[:6], self.villages["subdistrict"], strict=True)),
            **dict(zip(codes, names, strict=True)),
        }

    @cached_property
    def villages_of(self) -> dict[str, Known]:
        """Villages of each district, of each subdistrict and, under ``""``, of the province."""
        return _known_in(self.spelled, 10, (0, 4, 6))

    @cached_property
    def subdistricts_of(self) -> dict[str, Known]:
        """Subdistricts of each district and, under ``""``, of the province.

        In its district one may be called without what all there begin with: Tembung in Medan.
        """
        known = _known_in(self.spelled, 6, (0, 4))
        short = {code: name_key(name) for code, name in self.districts["short_name"].items()}
        for district, there in known.items():
            alias: defaultdict[str, Codes] = defaultdict(tuple)
            for key, codes in there.items() if district else ():
                for start in ("kota", short.get(district, "")):
                    if start and key.startswith(start) and key != start:
                        alias[key.removeprefix(start)] += codes
            sure = {key: codes for key, codes in alias.items() if len(codes) == 1}
            known[district] = sure | dict(there)
        return known

    def is_province(self, text: pd.Series) -> pd.Series:
        """Whether a cell for the district names the province, which says nothing of it."""
        known: Known = {name_key(name): ("",) for name in self.province}
        said = text.dropna().unique()
        of_it = [t for t in said if _plain(t).startswith("prov") or _match(t, known, typos=True)]
        return text.isin(of_it)

    @cached_property
    def astray(self) -> frozenset[str]:
        """Villages whose points lie far off the province: one of Tukka stands in the sea."""
        points = shapely.points(self.villages["lon"].to_numpy(), self.villages["lat"].to_numpy())
        tree = shapely.STRtree(self.districts.geometry.to_numpy())
        near, _ = tree.query(points, "dwithin", distance=COAST_DEG)
        return frozenset(self.villages.index.delete(near)) if len(near) else frozenset()

    def find(self, told: Told) -> Found:
        """The finest area that is sure and whose place is known."""
        found = self.agreed(told)
        if found.code not in self.astray:
            return found
        astray = Doubt("village_astray", "village", self.names[found.code])
        return Found(found.code[:6], (*found.doubts, astray))

    def agreed(self, told: Told) -> Found:
        """The finest area that is sure, wherever its point lies; code and names have to agree."""
        code = told.code
        doubts: tuple[Doubt, ...] = ()
        if code and told.district and code[:4] != told.district:
            doubts = (Doubt("area_code_elsewhere", "area_code", code, (self.named(code),)),)
            code = ""
        named = self._by_name(told._replace(district=told.district or code[:4]))
        if not code or named.code.startswith(code):
            return Found(named.code, (*doubts, *named.doubts))
        contradicted = any(doubt.code.endswith("elsewhere") for doubt in named.doubts)
        if code.startswith(named.code) and not contradicted:
            return Found(code, doubts)
        shared = next((n for n in (6, 4) if code[:n] == named.code[:n]), 0)
        differ = Doubt("area_code_differs", "area_code", code, (self.named(code),))
        return Found(code[:shared], (*named.doubts, differ))

    def named(self, code: str) -> str:
        """An area as a message names it."""
        name, district = self.names.get(code, code), self.names.get(code[:4], code[:4])
        if len(code) == 4:
            return name
        if len(code) == 6:
            return f"Kec. {name} ({district})"
        return f"{name} (Kec. {self.names[code[:6]]}, {district})"

    def _by_name(self, told: Told) -> Found:
        subdistrict, doubts = self._subdistrict(told) if told.subdistrict else Found("")
        # A village of that name could lie in another province, or be of the other subdistrict.
        open_ = told.subdistrict and not subdistrict
        settled = told.district and all(doubt.code == "subdistrict_unknown" for doubt in doubts)
        if not told.village or (open_ and not settled):
            return Found(subdistrict or told.district, doubts)
        village, more = self._village(told, subdistrict)
        return Found(village or subdistrict or told.district, (*doubts, *more))

    def _subdistrict(self, told: Told) -> Found:
        name, column = told.subdistrict, "subdistrict"
        known = self.subdistricts_of.get(told.district, {})
        codes = _match(name, known, typos=bool(told.district))
        if len(codes) > 1:  # only one of them may have that village
            village = name_key(told.village)
            codes = tuple(c for c in codes if village in self.villages_of[c]) or codes
        if len(codes) == 1:
            return self._read(codes[0], column, name)
        if codes:
            return Found("", (Doubt("subdistrict_ambiguous", column, name, self._options(codes)),))
        elsewhere = self.subdistricts_of.get("", {}).get(name_key(name), ())
        if elsewhere:
            options = self._options(elsewhere)
            return Found("", (Doubt("subdistrict_elsewhere", column, name, options),))
        return Found("", (Doubt("subdistrict_unknown", column, name),))

    def _village(self, told: Told, subdistrict: str) -> Found:
        name, column = told.village, "village"
        within = subdistrict or told.district
        codes = _match(name, self.villages_of.get(within, {}), typos=bool(subdistrict))
        if len(codes) == 1:
            return self._read(codes[0], column, name)
        if codes:
            return Found("", (Doubt("village_ambiguous", column, name, self._options(codes)),))
        key = name_key(name)
        wider = (self.villages_of.get(w, {}).get(key, ()) for w in (told.district, ""))
        elsewhere: Codes = next(filter(None, wider), ())
        if elsewhere:
            options = self._options(elsewhere)
            return Found("", (Doubt("village_elsewhere", column, name, options),))
        return Found("", (Doubt("village_unknown", column, name),))

    def _read(self, code: str, column: str, name: str) -> Found:
        """An area, with a note if its name is another one: a typo, Tembung for Medan Tembung."""
        read = self.names[code]
        same = name_key(name) == name_key(read)
        return Found(code, () if same else (Doubt("name_read_as", column, name, (read,)),))

    def _options(self, codes: Codes) -> Codes:
        """Where areas lie, as a message names it."""
        named = [self.named(code if len(code) == 6 else code[:6]) for code in codes]
        return tuple(dict.fromkeys(named))[:OPTIONS]

    def known_code(self, digits: str) -> str:
        """Kemendagri code of the finest known area that a Kemendagri code may be of."""
        lengths = [n for n in PRECISION if n <= len(digits)] if len(digits) in PRECISION else []
        return next((digits[:n] for n in reversed(lengths) if digits[:n] in self.names), "")

    def known_bps(self, digits: str) -> str:
        """Kemendagri code of the finest known area that a code of BPS may be of."""
        lengths = [n for n in (10, 7, 4) if n <= len(digits)] if len(digits) in (4, 7, 10) else []
        return next((self.bps[digits[:n]] for n in lengths if digits[:n] in self.bps), "")

    def spot(self, code: str) -> "Spot | None":
        """A point in an area; None where nothing is known of where it lies.

        Of a village its own; of others that of the village nearest to the middle of those that lie
        in their district. Without villages, a point within the polygon of the district.
        """
        if code in self.points:
            return Spot(*self.points[code], code)
        there = self.villages[self.villages.index.str.startswith(code)]
        polygon = self.districts.geometry.get(code[:4])
        if polygon is not None and not polygon.is_empty:
            if there.empty:
                within = polygon.representative_point()
                return Spot(within.y, within.x)
            points = shapely.points(there["lon"].to_numpy(), there["lat"].to_numpy())
            inside = np.asarray(shapely.covers(polygon, points))
            there = there.loc[inside] if inside.any() else there
        if there.empty:
            return None
        apart = there[["lat", "lon"]] - there[["lat", "lon"]].median()
        return self.spot(str((apart**2).sum(axis=1).idxmin()))

    def source(self, spot: "Spot") -> str:
        """Where a point comes from; file and code say it in any language."""
        if not spot.village:
            return "geo/districts.geojson"
        dotted = re.sub(r"(\d\d)(\d\d)(\d\d)(\d+)", r"\1.\2.\3.\4", spot.village)
        return f"villages.csv {dotted}: {self.named(spot.village)}"


class Spot(NamedTuple):
    """A point (degrees) and the code of the village that it is of, empty for none."""

    lat: float
    lon: float
    village: str = ""


@lru_cache(maxsize=10_000)
def name_key(name: str) -> str:
    """Key of a name that its spellings share: without kind, case, blanks, signs and accents."""
    bare = _plain(BEHIND.sub("", re.sub(r"[(\[].*?[)\]]", " ", name[:LONGEST_NAME])))
    words = re.findall(r"[^\W\d_]+|\d+", bare)
    while len(words) > 1 and words[0] in KINDS:
        words = words[1:]
    counted = [w if not at else COUNTED.get(w, w) for at, w in enumerate(words)]
    return "".join(ROMAN.get(word) or SHORT.get(word, word) for word in counted)


def _plain(text: str) -> str:
    """Small letters without accents and apostrophes."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    return re.sub("[\u0300-\u036f'`\u2018\u2019\u02bc]", "", letters).strip()


def _known_in(names: Iterable[tuple[str, str]], digits: int, of: Sequence[int]) -> dict[str, Known]:
    """Codes of so many digits by the key of their names, in the areas with ``of`` digits."""
    known: defaultdict[str, defaultdict[str, Codes]]
    known = defaultdict(lambda: defaultdict(tuple))
    for code, name in names:
        for length in of if len(code) == digits else ():
            known[code[:length]][name_key(name)] += (code,)
    return {area: dict(there) for area, there in known.items()}


def _match(name: str, known: Known, *, typos: bool) -> Codes:
    """Codes that a name may mean; with a typo only one that nothing else comes near to.

    Both ends and all numbers have to agree: in them alone Gunung Manupak A and B, N-1 and S-1 Aek
    Nabara, Pir Trans Sosa I B and III B differ, which lie in one subdistrict.
    """
    key = name_key(name)
    if key in known or not typos or len(key) < SHORTEST_TYPO:
        return known.get(key, ())
    near = process.extract(key, list(known), scorer=OSA.distance, score_cutoff=TYPOS, limit=None)
    digits = re.findall(r"\d+", key)
    codes = {
        code
        for other, *_ in near
        if other[:: len(other) - 1] == key[:: len(key) - 1] and re.findall(r"\d+", other) == digits
        for code in known[other]
    }
    return tuple(codes) if len(codes) == 1 else ()


def readied(
    text: pd.DataFrame, gazetteer: Gazetteer, find: Find, file: str
) -> tuple[pd.DataFrame, list[Issue]]:
    """The rows with ``AREAS`` and ``district_name``, from the address where the row has no others.

    The name of the province for a district, and 0 for both degrees, say nothing.
    """
    text = text.assign(**{c: text.get(c) for c in (*AREAS, "district_name")}).astype("str")
    text["locality"] = _locality(text)
    zero = text[["lat", "lon"]].apply(numbers).eq(0).all(axis=1)
    text.loc[zero, ["lat", "lon"]] = None
    issues = noted("coordinates_zero", zero, file, "lat")
    for column in ("district_code", "district_name"):
        of_it = gazetteer.is_province(text[column])
        issues += noted("district_is_province", of_it, file, column)
        cut = text[column].mask(of_it).str.slice(0, LONGEST_NAME)
        alone = cut.str.replace(MORE, "", regex=True)
        last = find(cut.str.extract(LAST, expand=False).astype("str"))
        several = last.notna() & last.ne(find(alone))
        text[column] = text[column].mask(of_it).where(find(alone).isna() | several, alone)
    both = text["subdistrict"].isna() & text["village"].str.contains(r"(?i)\bkec")
    text.loc[both, "subdistrict"] = _searched(IN_ADDRESS["subdistrict"], text.loc[both, "village"])
    return _with_addresses(text, find, issues, file)


def _with_addresses(
    text: pd.DataFrame, find: Find, issues: list[Issue], file: str
) -> tuple[pd.DataFrame, list[Issue]]:
    """Rows without coordinates and code, with what their address says of what they do not say."""
    bare = text.reindex(columns=["lat", "lon", "coordinates", "area_code", "subdistrict_code"])
    address = text["locality"][bare.isna().all(axis=1)].dropna().str.slice(0, LONGEST_ADDRESS)
    address = address.str.replace(r"[^\S\n]+", " ", regex=True)
    read = pd.Series(False, text.index)
    unnamed = text["district_code"].isna() & text["district_name"].isna()
    for column, pattern in {**IN_ADDRESS, "district_name": DISTRICT_IN_ADDRESS}.items():
        missing = unnamed if column == "district_name" else text[column].isna()
        found = _searched(pattern, address[missing.reindex(address.index)])
        if column == "district_name":
            found = found.where(find(found).notna())
        text.loc[found.index, column] = found
        read[found.index[found.notna()]] = True
    return text, issues + noted("address_read", read, file, "locality")


def _searched(pattern: re.Pattern[str], text: pd.Series) -> pd.Series:
    """What a pattern finds in each text, missing where it finds nothing."""
    found = [pattern.search(cell) for cell in text]
    return pd.Series([m and m[1].strip() for m in found], text.index, dtype="str")


def districts_beside(text: pd.DataFrame, gazetteer: Gazetteer) -> pd.Series:
    """District of each row by the name of its subdistrict, if one in the province has it.

    Else by the code of its village or subdistrict.
    """
    known = gazetteer.subdistricts_of.get("", {})
    only = {key: codes[0][:4] for key, codes in known.items() if len(codes) == 1}
    told = {name: only.get(name_key(name)) for name in text["subdistrict"].dropna().unique()}
    by_name = text["subdistrict"].map(told).astype("str")
    return by_name.fillna(_area_codes(text, by_name, gazetteer).code.str[:4])


class Placed(NamedTuple):
    """Rows with a point each where it is known, by which of ``WAYS``, and what was doubted."""

    text: pd.DataFrame
    ways: pd.Series
    issues: list[Issue]


def place(text: pd.DataFrame, district: pd.Series, gazetteer: Gazetteer, file: str) -> Placed:
    """Give rows without coordinates the point, precision and area that the gazetteer has.

    Parameters
    ----------
    text
        As from ``readied``, with ``lat`` and ``lon`` in degrees where they are given; index
        ``row``.
    district
        Kemendagri code of the district that each row reports, missing where it reports none.

    Returns
    -------
    Placed
        The rows; a row that reports a district which is not known is ``none`` and told elsewhere.
        One note of each kind of doubt, and each row that nothing places (``rejected``). A row
        whose coordinates cannot be read has the point of its village, if that is sure.
    """
    given = text.reindex(columns=["lat", "lon", "coordinates"]).notna()
    free = ~given.any(axis=1)
    unread = ~free & text[["lat", "lon"]].apply(numbers).isna().any(axis=1)
    code, are_bps, unknown = _area_codes(text, district, gazetteer)
    issues = noted("area_codes_bps", are_bps, file, "area_code")
    issues += noted("area_code_unknown", unknown & free, file, "area_code")
    sought = (free | unread) & (district.notna() | text["district_code"].isna())
    told = pd.DataFrame({"district": district, **text[["subdistrict", "village"]], "code": code})
    rows = [Told(*cells) for cells in _cells(told[sought])]
    found = {row: gazetteer.find(row) for row in dict.fromkeys(rows)}
    codes = [found[row].code for row in rows]
    spots = {code: gazetteer.spot(code) for code in dict.fromkeys(filter(None, codes))}
    area = pd.Series(codes, text.index[sought], dtype="str")
    area = area[[spots.get(code) is not None for code in codes]]
    area = area[free[area.index] | area.str.len().eq(VILLAGE_DIGITS)]
    issues += _unread(text, unread & text.index.isin(area.index), file)
    known = {
        code: (repr(s.lat), repr(s.lon), gazetteer.source(s)) for code, s in spots.items() if s
    }
    text = text.assign(area_code=code.where(code.str.len() > 4))
    for column, at in (("lat", 0), ("lon", 1), ("position_source", 2)):
        text.loc[area.index, column] = [known[code][at] for code in area.tolist()]
    text.loc[area.index, "position_basis"] = "inferred"
    text.loc[area.index, "district_code"] = area.str[:4]
    text.loc[area.index, "area_code"] = area.where(area.str.len() > 4)
    ways = pd.Series("point", text.index).mask(free, "none")
    ways[area.index] = text.loc[area.index, "position_precision"] = area.str.len().map(PRECISION)
    doubts = {row: found[told].doubts for row, told in zip(text.index[sought], rows, strict=True)}
    issues += _notes({row: doubts[row] for row in area.index}, file)
    lost = text.index[sought & free].difference(area.index)
    issues += [_lost(row, doubts[row], file) for row in lost]
    return Placed(text, ways, issues)


def _unread(text: pd.DataFrame, placed: pd.Series, file: str) -> list[Issue]:
    """A note of the rows whose village tells what their coordinates do not."""
    issues = noted("coordinates_village", placed, file, "lat")
    columns = text.reindex(columns=["coordinates", "lat", "lon"])[placed]
    cells = ("; ".join(row.dropna()) for _, row in columns.head(1).iterrows())
    return [replace(issue, value=next(cells)) for issue in issues]


def areas(text: pd.DataFrame, located: pd.Series, gazetteer: Gazetteer) -> pd.Series:
    """Kemendagri code of the finest area that each row names, empty where it names none.

    Parameters
    ----------
    text
        ``area_code``, ``subdistrict_code``, ``subdistrict`` and ``village``, missing where nothing
        is told.
    located
        District (Kemendagri code) that each row lies in; a code that is known whole goes before it.
    """
    code, _, unknown = _area_codes(text, located, gazetteer)
    district = located.mask(code.notna() & ~unknown, code.str[:4])
    told = pd.DataFrame({"district": district, **text[["subdistrict", "village"]], "code": code})
    found = [gazetteer.agreed(Told(*cells)).code for cells in _cells(told)]
    return pd.Series(found, text.index, dtype="str")


class Coded(NamedTuple):
    """Kemendagri codes that codes are read as, which are of BPS, which are not known whole."""

    code: pd.Series
    are_bps: pd.Series
    unknown: pd.Series


def _area_codes(text: pd.DataFrame, district: pd.Series, gazetteer: Gazetteer) -> Coded:
    """Kemendagri code of the finest area that each row's code is known to be of.

    Whose codes they are, those beside them tell: district, subdistrict and village; else the
    gazetteer, by which of them it knows more. Codes with ``ID`` before them (OCHA) and of seven
    digits are of BPS in any case.
    """
    given = text["area_code"].fillna(text["subdistrict_code"])
    digits = given.str.replace(r"\D", "", regex=True)
    each = digits.dropna().unique()
    own = digits.map({code: gazetteer.known_code(code) for code in each}).astype("str")
    bps = digits.map({code: gazetteer.known_bps(code) for code in each}).astype("str")
    beside = [district, text["subdistrict"], text["village"]]
    agreeing = [_agreeing(codes, beside, gazetteer) for codes in (own, bps)]
    whole = [codes.str.len().eq(digits.str.len().replace(7, 6)) for codes in (own, bps)]
    are_bps = given.str.match("(?i)ID").eq(True) | digits.str.len().eq(7)
    if (agreeing[1], whole[1].sum()) > (agreeing[0], whole[0].sum()):
        are_bps |= digits.notna()
    code = own.mask(are_bps, bps)
    unknown = ~whole[0].mask(are_bps, whole[1]) & digits.notna()
    return Coded(code.mask(code == ""), are_bps, unknown)


def _agreeing(codes: pd.Series, beside: Sequence[pd.Series], gazetteer: Gazetteer) -> int:
    """How often the names and districts beside codes are those of the codes."""
    table = pd.DataFrame(dict(enumerate([codes.fillna(""), *beside])))
    count, names = 0, gazetteer.names
    for code, district, *areas in _cells(table[table[0] != ""]):
        count += code[:4] == district
        for length, name in zip((6, 10), areas, strict=True):
            known = names.get(code) if length == 10 else names.get(code[:6])
            count += bool(name and known and name_key(name) == name_key(known))
    return count


def _notes(doubts: Mapping[int, Sequence[Doubt]], file: str) -> list[Issue]:
    """One note of each kind of doubt about rows that are placed, with the first row that has it."""
    found: defaultdict[str, list[tuple[int, Doubt]]] = defaultdict(list)
    for row, some in doubts.items():
        for doubt in some:
            found[doubt.code].append((row, doubt))
    issues = []
    for code, kind in found.items():
        first, doubt = kind[0]
        told = {"count": len(kind), "first": first, "by": doubt.by}
        issues.append(Issue(code, file, None, doubt.column, doubt.value, told, "noted"))
    return issues


def _lost(row: int, doubts: Sequence[Doubt], file: str) -> Issue:
    """Why nothing places a row."""
    if not doubts:
        return Issue("place_missing", file, row, "lat")
    doubt = doubts[0]
    if doubt.by:
        return Issue("place_ambiguous", file, row, doubt.column, doubt.value, {"by": doubt.by})
    return Issue("place_unknown", file, row, doubt.column, doubt.value)


def _locality(text: pd.DataFrame) -> pd.Series:
    """Address, village and subdistrict of each row, what the address tells only once."""
    subdistrict = text["subdistrict"].str.replace(r"(?i)^kec(?:amatan)?\b[. ]*", "", regex=True)
    told = []
    columns = (text["locality"], text["village"], subdistrict)
    for address, village, kecamatan in _cells(pd.DataFrame(dict(enumerate(columns)))):
        parts = [(village, village), (kecamatan, f"Kec. {kecamatan}")]
        new = [part for name, part in parts if name and name.casefold() not in address.casefold()]
        told.append(", ".join(filter(None, (address, *new))) or None)
    return pd.Series(told, text.index, dtype="str")


def _cells(text: pd.DataFrame) -> Iterable[tuple[str, ...]]:
    """Go through rows of text, missing cells empty; pandas would take four times as long."""
    return zip(*(text[column].fillna("").tolist() for column in text), strict=True)
