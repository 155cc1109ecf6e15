"""A table of households by village, which a definition of a center may ask for."""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

from ikmgeo.analysis import Inputs
from ikmgeo.errors import DataError, Issue
from ikmgeo.reading.load import Choices, read_table
from ikmgeo.reading.texts import is_nothing
from ikmgeo.reading.typed import Scale
from ikmgeo.register.columns import known_as
from ikmgeo.register.personal import masked
from ikmgeo.register.placing import Places
from ikmgeo.register.store import Register, written
from ikmgeo.register.units import read_numbers

FILE = "households.json"
HOUSEHOLDS = Scale(1, 1e6, optional=True, whole=True)


def read_households(path: Path, inputs: Inputs, *, limit_mb: float) -> pd.Series:
    """Households by ``village_code``; rows of no village, or without a number, are left out.

    Of several rows of one village, as of its hamlets, the sum.

    Raises
    ------
    DataError
        As ``load.read_table``; ``households_missing`` where no row has village and number.
    """
    known = read_table(path, name=path.name, limit_mb=limit_mb)
    headings = [str(heading) for heading in known.source]
    chosen = {h: "households" for h in headings if known_as(h) == "households"}
    table = read_table(path, name=path.name, limit_mb=limit_mb, choices=Choices(columns=chosen))
    if "households" not in table.rows:
        raise DataError([Issue("households_missing", path.name)])
    text = table.rows["households"]
    number = read_numbers(text.mask(is_nothing(text)), HOUSEHOLDS)
    village = Places(inputs, path.name).of(table.rows)["village_code"]
    counted = number.groupby(village).sum(min_count=1).dropna()
    if counted.empty:
        raise DataError([Issue("households_missing", path.name)])
    return counted


@dataclass(frozen=True, eq=False)
class Households:
    """The table that a register has: households by ``village_code``.

    ``file`` is its name, ``added_at`` when it came (UTC, ISO 8601), ``stamp`` tells it from others.
    """

    file: str
    added_at: str
    counts: pd.Series
    stamp: str


def keep(register: Register, file: str, counts: pd.Series) -> None:
    """Put a table, as from ``read_households``, beside the units, in the place of an earlier one.

    Raises
    ------
    DataError
        As ``Register.changing``.
    """
    told = {
        "file": masked(file),
        "added_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "households": {str(code): int(count) for code, count in counts.items()},
    }
    with register.changing():
        written(register.folder / FILE, json.dumps(told, ensure_ascii=False, indent=1))


def kept(register: Register) -> Households | None:
    """The table of a register; None where it has none.

    Raises
    ------
    DataError
        ``register_damaged`` when it cannot be read.
    """
    try:
        text = (register.folder / FILE).read_text(encoding="utf-8")
        told = json.loads(text)
        counts = pd.Series(told["households"], dtype=float).rename_axis("village_code")
        stamp = hashlib.sha256(text.encode()).hexdigest()[:16]
        return Households(str(told["file"]), str(told["added_at"]), counts, stamp)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError([Issue("register_damaged", register.folder.name)]) from error
