"""Words in the reader's language: message catalogues, numbers, dates, defects as sentences."""

import decimal
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any, Literal, NamedTuple

import pandas as pd
from babel import Locale, dates, lists, numbers
from babel.messages import pofile

from ikmgeo.analysis import Inputs
from ikmgeo.errors import Issue
from ikmgeo.folders import PACKAGE
from ikmgeo.instrument import Instrument
from ikmgeo.measures.scoring import as_printed
from ikmgeo.vocabulary import Region

CATALOGUES = PACKAGE / "words" / "locales"
NOTHING = "–"
KEPT = 9
"""Decimals of a number in a field; the rest is noise of floating point."""

CODES_OF = {
    "unknown_category": "category",
    "unknown_precision": "precision",
    "unknown_basis": "basis",
}
"""Defects whose known codes have words of their own."""


class Messages:
    """One language: call it with a message's key; ``number`` and the rest follow its customs."""

    def __init__(
        self,
        language: str,
        translations: Mapping[str, str] | None = None,
        region: Region | None = None,
        instrument: Instrument | None = None,
    ) -> None:
        """Take the catalogue of ``language`` ("id" or "en"), and Indonesian for English data.

        Aspects and categories have their names in ``instrument``, which become messages like
        others.
        """
        self.region = region or Region()
        self.translations = (translations or {}) if language == "id" else {}
        self.language: Literal["id", "en"] = "id" if language == "id" else "en"
        self.locale = Locale.parse("id_ID" if language == "id" else "en_GB")
        catalogue, self.plurals = _catalogue(language)
        self.catalogue = catalogue | _names(instrument or Instrument(), self.language)
        number = len(instrument.aspects) if instrument else 0
        count = self.catalogue.get(f"number.{number}", str(number))
        self.known = {
            "province": self.region.name_id if language == "id" else self.region.name_en,
            "aspects": count,
            "Aspects": count.capitalize(),
        }

    @classmethod
    def of(cls, language: str, inputs: Inputs) -> "Messages":
        """Words about these data."""
        return cls(language, inputs.in_indonesian, inputs.region, inputs.instrument)

    def __call__(self, key: str, **values: Any) -> str:
        """Message with its values filled in, and ``known`` ones such as the province.

        A number that decides its form is given as a number.

        Raises
        ------
        KeyError
            When the catalogue lacks the key; a test keeps both catalogues whole.
        """
        message = self.catalogue[key]
        if values and (plural := self.plurals.get(key)):
            number = values[plural.number]
            one = self.locale.plural_form(as_printed(number)) == "one"
            message = plural.forms[0 if one else -1]
            values[plural.number] = self.points(number)
        named = values or ("{" in message and any(f"{{{name}}}" in message for name in self.known))
        return message.format_map(self.known | values) if named else message

    def forms(self, key: str) -> tuple[str, ...]:
        """A message as it is: its form for one and for other numbers, where it has both."""
        plural = self.plurals.get(key)
        return plural.forms if plural else (self.catalogue[key],)

    def has(self, key: str) -> bool:
        """Whether the catalogue knows a key."""
        return key in self.catalogue

    def data(self, text: object) -> object:
        """A free text of the data in this language, or as it is when it has no translation."""
        return self.translations.get(text, text) if isinstance(text, str) else text

    def within(self, key: str) -> str:
        """A name as within a sentence: with a small first letter."""
        name = self(key)
        return name[:1].lower() + name[1:]

    def code(self, family: str, code: Any) -> str:
        """Word for a code that data may name freely; the code itself when there is none."""
        key = f"{family}.{code}"
        return self(key) if self.has(key) else NOTHING if pd.isna(code) else str(code)

    def printed(self, value: float, as_printed: object) -> str:
        """A figure with as many decimals as its source prints."""
        return self.number(value, len(str(as_printed).partition(".")[2]))

    def number(self, value: float | None, digits: int = 2, *, most: int = 0) -> str:
        """A number with ``digits`` decimals, up to ``most`` if it has more; a dash for none."""
        if value is None or pd.isna(value):
            return NOTHING
        pattern = f"#,##0.{'0' * digits}{'#' * (most - digits)}".removesuffix(".")
        with decimal.localcontext(rounding=decimal.ROUND_HALF_UP):  # as scoring.as_printed
            return numbers.format_decimal(value, format=pattern, locale=self.locale)

    def points(self, value: float | None) -> str:
        """Points of the scale 0 to 100 (an aspect, a weight, a gain): at most two decimals."""
        if value is None or pd.isna(value):
            return NOTHING  # and no rounding of it
        return self.number(as_printed(value), 0, most=2)

    def in_field(self, value: Any) -> str:
        """A number as a field shows it: whole, and without thousands, which can be misread."""
        if value is None:
            return ""
        text = f"{value + 0.0:.{KEPT}f}".rstrip("0").removesuffix(".")
        return text.replace(".", numbers.get_decimal_symbol(self.locale))

    def scores(self, values: pd.Series) -> pd.Series:
        """Many numbers below 1,000 with two decimals; Babel would take a second for 10,000."""
        point = numbers.get_decimal_symbol(self.locale)
        written = [f"{value:.2f}".replace(".", point) for value in as_printed(values)]
        return pd.Series(written, index=values.index, dtype=object)

    def km(self, value: float | None) -> str:
        """A distance in km with one decimal."""
        return f"{self.number(value, 1)} km" if value is not None and pd.notna(value) else NOTHING

    def hectares(self, value: Any) -> str:
        """An area in hectares, with decimals only where it has some; words stay words."""
        area = pd.to_numeric(value, errors="coerce")
        if pd.isna(area):
            return NOTHING if pd.isna(value) else str(value)
        return f"{self.number(area, 2 if area % 1 else 0)} ha"

    def dated(self, what: str, when: Any) -> str:
        """Something with its date in brackets, when there is one."""
        return what if pd.isna(when) or not when else f"{what} ({self.date(str(when))})"

    def date(self, value: str) -> str:
        """An ISO date or month as written in this language; a year or free text stays."""
        try:
            if len(value) == 7:
                return dates.format_date(pd.Timestamp(value), "MMMM y", locale=self.locale)
            return (
                dates.format_date(pd.Timestamp(value).date(), "long", locale=self.locale)
                if len(value) == 10
                else value
            )
        except ValueError:
            return value

    def listed(self, items: list[str], *, style: Literal["standard", "or"] = "standard") -> str:
        """Items joined as a sentence does, by "and" or by "or"."""
        return lists.format_list(items, style=style, locale=self.locale)

    def name(self, row: pd.Series) -> str:
        """Name of a row that has ``name_id`` and ``name_en``."""
        name = row[f"name_{self.language}"]
        return str(row["name_id"] if pd.isna(name) else name)

    def issue(self, issue: Issue) -> str:
        """One defect as a sentence: where, what, what was expected, what to do."""
        place = self(
            "issue.in_file" if issue.row is None else "issue.at_row", file=issue.file, row=issue.row
        )
        return f"{place} {self.problem(issue)}"

    def mistyped(self, issue: Issue, field: str) -> str:
        """Why what was typed into a field is not used, and what it takes."""
        # Without thousands: 1.234 is what could not be told apart.
        told = {k: self.in_field(v) if k == "large" else v for k, v in issue.expected.items()}
        return self.problem(replace(issue, column=field, expected=told))

    def problem_and_remedy(self, issue: Issue) -> tuple[str, str]:
        """What is wrong, and what to do about it, which is the last sentence where there is one."""
        wrong, _, remedy = self.problem(issue).rpartition(". ")
        return (f"{wrong}.", remedy) if wrong else (remedy, "")

    def problem(self, issue: Issue) -> str:
        """What is wrong and what to do, without the place."""
        plural = self.plurals.get(f"issue.{issue.code}")
        expected = {
            k: v if plural and k == plural.number else self._plain(v)
            for k, v in issue.expected.items()
        }
        known = issue.expected.get("known")
        if issue.code in CODES_OF and isinstance(known, tuple):
            expected["known"] = ", ".join(self.code(CODES_OF[issue.code], code) for code in known)
        if issue.code == "not_a_number":
            expected["example"] = self._plain(self._example(issue.column))
        if issue.code.startswith("coordinates"):
            for c in ("lat", "lon"):
                expected[f"example_{c}"] = self.number(self._example(c), 4)
                if isinstance(degrees := issue.expected.get(c), float):
                    expected[c] = self.number(degrees, 2, most=5)
        shown = _shortened(issue.value)
        sentence = self(f"issue.{issue.code}", column=issue.column, value=shown, **expected)
        if "did_you_mean" in expected:
            sentence += " " + self("issue.did_you_mean", **expected)
        return sentence

    def _example(self, column: str | None) -> float:
        """Number that a remedy shows: for a coordinate amid the province, else a score."""
        west, south, east, north = self.region.bounds
        return {"lat": (south + north) / 2, "lon": (west + east) / 2}.get(column or "", EXAMPLE)

    def _plain(self, value: object) -> str:
        if isinstance(value, (list, tuple, set, frozenset)):
            return ", ".join(_shortened(str(item)) for item in value)
        return (
            self.number(value, 2 if value % 1 else 0)
            if isinstance(value, (int, float))
            else _shortened(str(value))
        )


EXAMPLE = 70.06
"""Score that a remedy shows."""

SHOWN = 80
"""Characters of a cell that a message quotes."""


def _shortened(value: str | None) -> str:
    text = value or ""
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


class Plural(NamedTuple):
    """A message in the forms of its language, and the value whose number chooses among them."""

    number: str
    forms: tuple[str, ...]


def _names(instrument: Instrument, language: str) -> dict[str, str]:
    """Names of aspects, also as within a sentence, and of categories, by the keys of messages."""
    name, within = f"name_{language}", f"within_{language}"
    families: dict[str, tuple[Mapping[str, Any], str]] = {
        "aspect": (instrument.aspects, name),
        "within": (instrument.aspects, within),
        "category": (instrument.categories, name),
    }
    return {
        f"{family}.{code}": getattr(row, column)
        for family, (table, column) in families.items()
        for code, row in table.items()
    }


@lru_cache
def _catalogue(language: str) -> tuple[dict[str, str], dict[str, Plural]]:
    """Messages by key, and those in several forms; ``msgid_plural`` names the number."""
    with (CATALOGUES / f"{language}.po").open("rb") as file:
        read: list[Any] = [m for m in pofile.read_po(file) if m.id]
    plurals = {m.id[0]: Plural(m.id[1], tuple(m.string)) for m in read if m.pluralizable}
    messages = {str(m.id): str(m.string) for m in read if not m.pluralizable}
    return messages | {key: plural.forms[-1] for key, plural in plurals.items()}, plurals
