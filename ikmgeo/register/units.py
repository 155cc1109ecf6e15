"""Rows of a file become units: typed, placed, without people's data, or come back with a reason."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ikmgeo import tables
from ikmgeo.analysis import Inputs
from ikmgeo.errors import DataError, Issue
from ikmgeo.reading import typed, validate
from ikmgeo.reading.load import Table
from ikmgeo.reading.texts import is_nothing
from ikmgeo.reading.typed import Scale
from ikmgeo.register.columns import Understood
from ikmgeo.register.personal import MASK, masked, masked_texts
from ikmgeo.register.placing import Places

WORKERS: Final = Scale(0, 1e6, units=("orang", "org", "jiwa", "tk"), optional=True, whole=True)
RUPIAH: Final = Scale(0, 1e15, units=(",-", "rupiah"), optional=True, whole=True)
IN_MILLIONS: Final = Scale(0, 1e12, optional=True)
"""Of an investment in another unit than rupiah, which may have decimals."""

THOUSANDS: Final = r"\d{1,3}(?:(?:\.\d{3})+|(?:,\d{3})+)"
"""A count with signs between thousands: nobody counts thousandths of people or of rupiah."""

KBLI: Final = r"(?<!\d)(\d{5})(?!\d)"
YEAR: Final = r"(?<!\d)((?:19|20)\d\d)(?!\d)"
LONGEST: Final = 200
"""Characters of a name or product."""

NUMBERED: Final = re.compile(r"(?i)^(?:no|nomor|no urut|nomor urut|number)\W*$")
"""Headings of a running number, by which rows that say the same differ."""


@dataclass(frozen=True)
class Judged:
    """What became of some rows.

    Parameters
    ----------
    units
        A row each, index ``row``: columns of ``store.COLUMNS``, and ``row_hash``.
    refused
        By row, why it is none.
    made_up
        Whether a row says that it is fictional.
    """

    units: pd.DataFrame
    refused: Mapping[int, Issue]
    made_up: bool = False


class Judge:
    """Turns tables of one file into units."""

    def __init__(self, inputs: Inputs, understood: Understood, file: str) -> None:
        """Begin a file; ``file`` is its name as the user knows it."""
        self.understood, self.file = understood, file
        self.places = Places(inputs, file)
        self.commodities = validate.commodity_names(inputs.commodities)
        self.by_kbli, _ = validate.commodity_signs(inputs.commodities)
        self._seen = np.array([], dtype=np.uint64)
        self._refused: dict[int, Issue] = {}

    def units(self, table: Table) -> Judged:
        """The units of a table, and which of its rows are none."""
        self._refused = {}
        for issue in table.issues:
            if issue.row is not None and issue.severity == "rejected":
                self._keep(issue.row, replace(issue, value=None))  # cells without a heading
        rows = table.rows
        named = "name_id" in rows
        names = self._text(rows, "name_id")
        made_up = "made_up" in rows and bool(rows["made_up"].notna().any())
        columns = {
            "name": names,
            **self._products(rows, table),
            "workers": self._numbers(rows, "workers", WORKERS, table),
            "investment": self._investment(rows, table),
            "year": self._years(rows, table),
        }
        if named:
            self._refuse("unit_name_missing", names.isna(), rows, "name_id", table)
        product = columns["kbli"].isna() & columns["commodity"].isna()
        self._refuse("unit_product_missing", product, rows, "commodity", table)
        left = ~rows.index.isin([*self._refused])
        placed = self.places.of(rows[left])
        for row, issue in placed["issue"].dropna().items():
            self._keep(int(str(row)), replace(issue, row=int(str(row))))
        units = pd.DataFrame(columns).join(placed.drop(columns="issue"))
        units["row_hash"] = _hashes(table.source)
        if named:
            self._repeated(units, rows, table)
        return Judged(units.drop(index=[*self._refused]), dict(self._refused), made_up)

    def _keep(self, row: int, issue: Issue) -> None:
        value = None if issue.value is None else masked(issue.value)
        expected = {k: masked(v) if isinstance(v, str) else v for k, v in issue.expected.items()}
        self._refused.setdefault(row, replace(issue, value=value, expected=expected))

    def _refuse(
        self,
        code: str,
        failed: pd.Series,
        rows: pd.DataFrame,
        column: str,
        table: Table,
        **told: Any,
    ) -> None:
        heading = self.understood.headings(table).get(column, column)
        for row in rows.index[failed.to_numpy()]:
            value = tables.cell(rows, row, column) if column in rows else None
            text = None if pd.isna(value) else str(value)
            self._keep(row, Issue(code, self.file, row, heading, text, told))

    def _text(self, rows: pd.DataFrame, column: str) -> pd.Series:
        """What a column says, missing where it says nothing, without people's data."""
        if column not in rows:
            return pd.Series(None, rows.index, dtype="str")
        text = rows[column].mask(is_nothing(rows[column])).str.slice(0, LONGEST)
        return masked_texts(text)

    def _products(self, rows: pd.DataFrame, table: Table) -> dict[str, pd.Series]:
        """``kbli``, ``commodity`` and ``product`` of each row."""
        given = self._text(rows, "kbli")
        kbli = given.str.extract(KBLI, expand=False)
        dotted = given.str.replace(r"[.\s]", "", regex=True).str.extract(KBLI, expand=False)
        kbli = kbli.fillna(dotted).astype("str")
        product = self._text(rows, "products")
        said = self._text(rows, "commodity")
        said = said.fillna(kbli.map(dict(self.by_kbli)).astype("str")).fillna(product)
        own = said.str.casefold().str.replace(r"\s+", " ", regex=True)
        commodity = self.commodities.find(said).fillna(own)
        unread = given.notna() & kbli.isna() & commodity.isna()
        self._refuse("kbli_unread", unread, rows, "kbli", table)
        return {"kbli": kbli, "commodity": commodity, "product": product.fillna(said)}

    def _numbers(self, rows: pd.DataFrame, column: str, scale: Scale, table: Table) -> pd.Series:
        """The number of each cell of a column; rows with another thing in it are refused."""
        if column not in rows:
            return pd.Series(np.nan, rows.index)
        text = rows[column].mask(is_nothing(rows[column]))
        found = read_numbers(text, scale)
        told = {"low": int(scale.low), "high": int(scale.high)}
        self._refuse("unit_number", text.notna() & found.isna(), rows, column, table, **told)
        return found

    def _investment(self, rows: pd.DataFrame, table: Table) -> pd.Series:
        """Rupiah of each row."""
        factor = self.understood.factor
        if "investment" in rows:
            bare = rows["investment"].str.replace(r"(?i)^rp\.?\s*|,00$", "", regex=True)
            rows = rows.assign(investment=bare)
        scale = RUPIAH if factor == 1 else IN_MILLIONS
        return self._numbers(rows, "investment", scale, table) * factor

    def _years(self, rows: pd.DataFrame, table: Table) -> pd.Series:
        if "year" not in rows:
            return pd.Series(np.nan, rows.index)
        text = rows["year"].mask(is_nothing(rows["year"]))
        year = pd.to_numeric(text.str.extract(YEAR, expand=False))
        self._refuse("unit_year", text.notna() & year.isna(), rows, "year", table)
        return year

    def _repeated(self, units: pd.DataFrame, rows: pd.DataFrame, table: Table) -> None:
        """Refuse rows that say the same as an earlier one, in every cell."""
        held = units["row_hash"].drop(index=[*self._refused])
        again = held.duplicated() | self._has_seen(held.to_numpy())
        self._refuse(
            "unit_repeated", again.reindex(rows.index, fill_value=False), rows, "name_id", table
        )
        self.remember(held[~again].to_numpy())

    def remember(self, hashes: npt.NDArray[np.uint64]) -> None:
        """Know rows again by their hashes."""
        both = np.concatenate([self._seen, np.sort(hashes)])
        self._seen = np.sort(both, kind="stable")  # which merges two runs in one pass

    def _has_seen(self, hashes: npt.NDArray[np.uint64]) -> npt.NDArray[np.bool_]:
        at = np.searchsorted(self._seen, hashes)
        return np.equal(np.append(self._seen, np.uint64(0))[at], hashes)


def read_numbers(text: pd.Series, scale: Scale) -> pd.Series:
    """The count that each text means, NaN for none, for what can be two, and beyond the scale."""
    grouped = text.str.fullmatch(THOUSANDS).eq(True)
    text = text.mask(grouped, text.str.replace(r"[.,]", "", regex=True))
    plain = text.str.fullmatch(r"\d{1,12}(?:\.0)?").eq(True)
    other = text[~plain].dropna()
    read = {value: _number(value, scale) for value in other.unique()}
    found = pd.to_numeric(text.where(plain)).fillna(
        other.map(read).astype(float).reindex(text.index)
    )
    return found.astype(float).where(found.between(scale.low, scale.high))


def _number(value: str, scale: Scale) -> float:
    """NaN for what is no number, or could be two."""
    try:
        found = typed.read(value, scale)
    except DataError:
        return np.nan
    return np.nan if found is None else found


def _hashes(source: pd.DataFrame) -> pd.Series:
    """One number for all that a row says, but for its running number."""
    told = source[[column for column in source if not NUMBERED.match(str(column))]]
    numbers = [pd.util.hash_array(told[column].fillna("").to_numpy(object)) for column in told]
    total = np.zeros(len(source), dtype=np.uint64)
    for column in numbers:
        total = total * np.uint64(31) + column
    return pd.Series(total, source.index)


def returned(table: Table, judged: Judged, understood: Understood) -> pd.DataFrame:
    """The rows that are no units as their file has them, without people's data.

    A cell that was read as a number stays as it is; all others are masked. Where a row has more
    cells than headings, what stands behind a personal column may be moved there, and is masked.
    """
    source, personal = table.source, understood.personal
    rows = source.loc[source.index.isin([*judged.refused])]
    hidden = [at for at, heading in enumerate(source) if heading in personal]
    for row in rows.index:
        issue = judged.refused[row]
        if issue.code == "ragged_row":
            surplus = int(str(issue.expected["found"])) - int(str(issue.expected["columns"]))
            moved = {n for at in hidden for n in range(at, at + surplus + 1)}
            rows.loc[row, [heading for n, heading in enumerate(rows) if n in moved]] = MASK
    kept = rows.drop(columns=[h for h in source if h in personal or h in validate.OWN_REMARKS])
    headings = understood.headings(table)
    numeric = {headings.get(column) for column in ("workers", "investment")}
    for heading in kept:
        text = kept[heading]
        valid = text.str.fullmatch(r"[1-9]\d{0,14}").eq(True) & (heading in numeric)
        kept[heading] = text.where(valid, masked_texts(text))
    return kept
