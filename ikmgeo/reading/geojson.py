"""Features of GeoJSON one at a time, so that no file is in memory as objects whole."""

import codecs
import json
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

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
            if key == "features":
                listed = True
                yield from self._items()
            else:
                told[key] = self._value()
            if self._next() != "}":
                self._expect(",")
        self._at += 1
        if crs := told.get("crs"):
            self.crs = (crs.get("properties") or {}).get("name") or self.crs
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


def _decoded(data: bytes, encoding: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)()
    for start in range(0, len(data), PIECE):
        if text := decoder.decode(data[start : start + PIECE]):
            yield text
    if text := decoder.decode(b"", final=True):
        yield text
