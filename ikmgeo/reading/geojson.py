"""Features of GeoJSON one at a time, so that no file is in memory as objects whole."""

import codecs
import json
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any, ClassVar, Final

import shapely

from ikmgeo.reading.bounds import Meter
from ikmgeo.vocabulary import WGS84

PIECE: Final = 1_000_000
"""Bytes of text that are looked at at a time."""

LONGEST: Final = 4_000_000
"""Most characters of one feature, or of another member of the collection."""

MEMBERS: Final = 1_000
"""Most members of the collection beside its features."""

BLANK: Final = re.compile(r"[ \t\r\n\x1e]*")
"""With the sign by which a sequence separates its records."""


class NotACollectionError(ValueError):
    """JSON, but neither a feature nor a collection of some."""


class Collection:
    """Iterates over the features of a text; ``crs`` is known at the end.

    The text is a collection, a single feature or a sequence of either (RFC 8142).

    Not through GDAL: its JSON drivers also follow references to other files and addresses.

    Raises
    ------
    NotACollectionError
        While iterating, when the text is JSON of another kind.
    ValueError
        While iterating, when it is no JSON, or one feature is over ``LONGEST``.
    """

    lists: ClassVar[frozenset[str]] = frozenset(("features",))
    """Names of the members whose items are yielded one at a time."""

    def __init__(self, data: bytes, encoding: str, meter: Meter) -> None:
        """Read nothing yet."""
        self.crs: Any = WGS84
        self._meter = meter
        self._pieces = _decoded(data, encoding)
        self._ahead, self._at = "", 0
        self._decoder = json.JSONDecoder()

    def __iter__(self) -> Iterator[Any]:
        """Yield every feature as it stands."""
        if self._next() != "{":
            raise NotACollectionError
        while self._next() == "{":  # a sequence has one after another
            yield from self._object()
        if self._next():
            raise ValueError("text after the features")

    def _object(self) -> Iterator[Any]:
        """Features of a collection, or the one that the object is."""
        self._at += 1
        told: dict[str, Any] = {}
        listed = False
        while self._next() != "}":
            key = self._value()
            self._expect(":")
            self._meter.parts(len(told) + 1, MEMBERS)
            if key in self.lists and self._next() == "[":
                listed = True
                yield from self._items()
            else:
                told[key] = self._value()
            if self._next() != "}":
                self._expect(",")
        self._at += 1
        if crs := told.get("crs"):
            self.crs = (crs.get("properties") or {}).get("name") or self.crs
        yield from self._rest(told, listed=listed)

    def _rest(self, told: dict[str, Any], *, listed: bool) -> Iterator[Any]:
        """What the other members of an object are, once its list was yielded."""
        if told.get("type") == "Feature":
            yield told
        elif told.get("type") != "FeatureCollection":
            raise NotACollectionError
        elif not listed:
            raise ValueError("no features")

    def _items(self) -> Iterator[Any]:
        self._expect("[")
        while self._next() != "]":
            yield self._value()
            if self._next() != "]":
                self._expect(",")
        self._at += 1

    def _next(self) -> str:
        """The next sign that is no blank; "" at the end."""
        while True:
            if skipped := BLANK.match(self._ahead, self._at):
                self._at = skipped.end()
            if self._at < len(self._ahead) or not self._more():
                return self._ahead[self._at : self._at + 1]

    def _expect(self, sign: str) -> None:
        if self._next() != sign:
            raise ValueError(f"expected {sign}")
        self._at += 1

    def _value(self) -> Any:
        """Decode the value that begins here, reading on while it is cut off."""
        self._next()
        while True:
            try:
                value, end = self._decoder.raw_decode(self._ahead, self._at)
            except json.JSONDecodeError:
                if not self._more():
                    raise
                continue
            # A number that ends where the text does may go on.
            if end < len(self._ahead) or not self._more():
                self._at = end
                return value

    def _more(self) -> bool:
        """Whether there was more to read; what has been used is forgotten."""
        self._meter.tick()
        if len(self._ahead) - self._at > LONGEST:
            raise ValueError("one value is too long")
        kept = self._ahead[self._at :]
        # As much again as there is: a long value is tried a few times only.
        more = "".join(islice(self._pieces, 1 + len(kept) // PIECE))
        self._ahead, self._at = kept + more, 0
        return bool(more)


class Records(Collection):
    """As ``Collection``, and features of ArcGIS and plain records: these have no geometry.

    Records are a list, or one in an object under a name of ``lists``, alone or as CKAN has it.
    """

    lists: ClassVar[frozenset[str]] = frozenset(
        ("features", "data", "records", "rows", "results", "items", "hasil", "value")
    )

    def __iter__(self) -> Iterator[Any]:
        """Yield every feature or record as a feature."""
        if self._next() == "[":
            yield from map(_feature, self._items())
            if self._next():
                raise ValueError("text after the records")
        else:
            yield from map(_feature, super().__iter__())

    def _rest(self, told: dict[str, Any], *, listed: bool) -> Iterator[Any]:
        if isinstance(system := told.get("spatialReference"), dict):
            self.crs = system.get("latestWkid") or system.get("wkid") or self.crs
        if listed and told.get("type") != "Feature":
            return
        inner = (value for value in told.values() if isinstance(value, dict))
        lists = [v for value in inner for key, v in value.items() if key in self.lists]
        if told.get("type") not in ("Feature", "FeatureCollection") and len(lists) == 1:
            yield from lists[0]
        else:
            yield from super()._rest(told, listed=listed)


def _feature(record: Any) -> dict[str, Any]:
    """A record as a feature; what it holds under one name more is of that name."""
    if not isinstance(record, dict):
        raise TypeError("no record")
    if "attributes" in record:
        return {
            "properties": record["attributes"],
            "geometry": _of_arcgis(record.get("geometry") or {}),
        }
    if record.get("type") == "Feature" or "properties" in record:
        return record
    apart: dict[str, Any] = {}
    for key, value in record.items():
        apart |= (
            {f"{key}/{k}": v for k, v in value.items()} if isinstance(value, dict) else {key: value}
        )
    return {"properties": apart}


def _of_arcgis(shape: dict[str, Any]) -> dict[str, Any] | None:
    """A shape as GeoJSON has it; rings against the clock are holes."""
    if "x" in shape:
        return {"type": "Point", "coordinates": [shape["x"], shape["y"]]}
    if "points" in shape:
        return {"type": "MultiPoint", "coordinates": shape["points"]}
    if "paths" in shape:
        return {"type": "MultiLineString", "coordinates": shape["paths"]}
    if "rings" in shape:
        outer = [ring for ring in shape["rings"] if not shapely.LinearRing(ring).is_ccw]
        return {"type": "MultiPolygon", "coordinates": [[ring] for ring in outer]}
    return None


def _decoded(data: bytes, encoding: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)()
    for start in range(0, len(data), PIECE):
        if text := decoder.decode(data[start : start + PIECE]):
            yield text
    if text := decoder.decode(b"", final=True):
        yield text
