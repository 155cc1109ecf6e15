"""Where registers are kept: Parquet files by district, and a manifest that says which are valid.

A change writes new files, and one rename of the manifest makes them valid: whenever a process is
killed, the register is as before or as after. What no manifest names is swept away with the next
change.
"""

import hashlib
import json
import os
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ikmgeo.errors import DataError, Issue

if TYPE_CHECKING:
    import duckdb

COLUMNS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("name", "kbli", "kbli_edition", "commodity", "product"), "VARCHAR"),
    **{"workers": "DOUBLE", "investment": "DOUBLE", "year": "DOUBLE"},
    **dict.fromkeys(("district_code", "subdistrict_code", "village_code"), "VARCHAR"),
    **{"lat": "DOUBLE", "lon": "DOUBLE", "placed_by": "VARCHAR"},
    **{"file_row": "BIGINT", "personal": "VARCHAR", "geometry": "BLOB"},
}
"""Of a unit, with DuckDB's types: Kemendagri codes, degrees (WGS84), rupiah; ``personal`` is JSON,
empty unless the installation keeps people's data; ``geometry`` is WKB, for readers of GeoParquet.
"""

MEMORY: Final = "400MB"
"""Most that DuckDB takes; what is more goes to the disk."""

BUSY_S: Final = 1.0
"""Seconds that a change waits for another to end."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One file that was taken in.

    Parameters
    ----------
    entry_id
        Fingerprint of the file and of how it was read; also the folder of its units.
    file
        Its name.
    content
        SHA-256 of the file.
    units, rejected
        Rows that became units, and that came back.
    reasons
        Rows that came back, by the code of the reason.
    placed
        Units by what they were placed, of ``gazetteer.WAYS``.
    headings
        By field, the heading that was taken for it.
    personal
        Kind of people's data by the headings that were dropped, or kept where ``kept_personal``.
    masked
        Units in whose name or product a personal value was masked.
    edition
        Edition of the KBLI codes; empty where the file does not tell.
    years
        Units by year.
    districts
        Units by district.
    made_up
        Whether the units are fictional.
    added_at
        When, UTC, ISO 8601.
    """

    entry_id: str
    file: str
    content: str
    units: int
    rejected: int
    reasons: Mapping[str, int] = field(default_factory=dict)
    placed: Mapping[str, int] = field(default_factory=dict)
    headings: Mapping[str, str] = field(default_factory=dict)
    personal: Mapping[str, str] = field(default_factory=dict)
    kept_personal: bool = False
    masked: int = 0
    edition: str = ""
    years: Mapping[str, int] = field(default_factory=dict)
    districts: Mapping[str, int] = field(default_factory=dict)
    made_up: bool = False
    added_at: str = ""


@dataclass(frozen=True)
class Version:
    """The register at one time: its number, 0 for an empty one, and its files."""

    number: int = 0
    entries: tuple[Entry, ...] = ()

    @property
    def name(self) -> str:
        """What it is called where versions of several folders are held: none has another's."""
        told = repr([(entry.entry_id, entry.added_at) for entry in self.entries])
        return f"{self.number}-{hashlib.sha256(told.encode()).hexdigest()[:16]}"

    @property
    def units(self) -> int:
        """How many there are."""
        return sum(entry.units for entry in self.entries)

    @property
    def files(self) -> list[str]:
        """Names of its files."""
        return [entry.file for entry in self.entries]

    @property
    def has_points(self) -> bool:
        """Whether any unit was placed by coordinates of its own."""
        return any(entry.placed.get("point") for entry in self.entries)

    @property
    def made_up(self) -> bool:
        """Whether any of them are fictional; whoever shows them says so."""
        return any(entry.made_up for entry in self.entries)


class Register:
    """The register in a folder; may be shared by threads and processes.

    Parameters
    ----------
    folder
        Made with the first file.
    """

    def __init__(self, folder: Path) -> None:
        """Nothing is read or written yet."""
        self.folder = folder

    def version(self, number: int | None = None) -> Version:
        """The newest version, or an older one that is still there.

        Raises
        ------
        DataError
            ``register_damaged`` when a manifest cannot be read, ``register_no_version`` when there
            is none of that number.
        """
        numbers = self.numbers()
        if number is None and not numbers:
            return Version()
        wanted = numbers[-1] if number is None else number
        if wanted not in numbers:
            told: dict[str, object] = {"number": wanted}
            raise DataError([Issue("register_no_version", self.folder.name, expected=told)])
        try:
            kept = json.loads(self._manifest(wanted).read_text(encoding="utf-8"))
            return Version(wanted, tuple(Entry(**entry) for entry in kept["entries"]))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise DataError([Issue("register_damaged", self.folder.name)]) from error

    def numbers(self) -> list[int]:
        """Numbers of the versions that are there, rising."""
        return sorted(int(path.stem) for path in self.folder.glob("manifests/[0-9]*.json"))

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Let nobody else change the register meanwhile; the lock ends with the process.

        Raises
        ------
        DataError
            ``register_busy`` when somebody else does, ``register_unwritable``.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            lock = sqlite3.connect(
                self.folder / "lock.sqlite", timeout=BUSY_S, isolation_level=None
            )
        except (OSError, sqlite3.Error) as error:
            raise DataError([Issue("register_unwritable", self.folder.name)]) from error
        with closing(lock):
            try:
                lock.execute("BEGIN EXCLUSIVE")
            except sqlite3.Error as error:
                raise DataError([Issue("register_busy", self.folder.name)]) from error
            self._sweep()
            yield

    def staging(self, entry_id: str) -> Path:
        """Folder for the pieces of a file that is being taken in; those of others are dropped.

        Pieces that are there are of an earlier attempt at the same file.
        """
        staging = self.folder / "staging"
        for other in staging.glob("*"):
            if other.name != entry_id:
                shutil.rmtree(other)
        (staging / entry_id).mkdir(parents=True, exist_ok=True)
        return staging / entry_id

    def add(self, entry: Entry, units: Path) -> Version:
        """Make a folder of units valid; it is moved. Other readings of the same file go."""
        parts = self.folder / "parts"
        parts.mkdir(exist_ok=True)
        if not (parts / entry.entry_id).exists():  # an older version may have it still
            moved(units, parts / entry.entry_id)
        others = [e for e in self.version().entries if e.content != entry.content]
        stamped = replace(entry, added_at=datetime.now(UTC).isoformat(timespec="seconds"))
        return self._write((*others, stamped))

    def remove(self, file: str) -> Version:
        """Drop a file, by its name or the beginning of its id, and its units for good.

        Raises
        ------
        DataError
            ``register_no_file`` when there is none such.
        """
        entries = self.version().entries
        gone = [
            e for e in entries if e.file == file or (len(file) > 5 and e.entry_id.startswith(file))
        ]
        if not gone:
            raise DataError([Issue("register_no_file", file)])
        version = self._write(tuple(e for e in entries if e not in gone))
        ids = {entry.entry_id for entry in gone}
        for number in self.numbers()[:-1]:
            if ids & {entry.entry_id for entry in self.version(number).entries}:
                self._manifest(number).unlink()
        self._sweep()
        return version

    def connect(self, version: Version) -> "duckdb.DuckDBPyConnection":
        """A connection with the units of a version as the view ``units``."""
        connection = connected(self.folder / "staging")
        folders = [self.folder / "parts" / entry.entry_id for entry in version.entries]
        found = [str(path) for folder in folders for path in sorted(folder.rglob("*.parquet"))]
        if found:
            connection.read_parquet(found, hive_partitioning=False).create_view("units")
        else:
            columns = ", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())
            connection.execute(f"CREATE TABLE units ({columns})")
        return connection

    def measured(self, version: Version) -> Path:
        """Where what is measured of a version's units lies, for as long as the version is there."""
        return self.folder / "measured" / f"{version.number:06d}"

    def _manifest(self, number: int) -> Path:
        return self.folder / "manifests" / f"{number:06d}.json"

    def _write(self, entries: tuple[Entry, ...]) -> Version:
        version = Version(next(reversed(self.numbers()), 0) + 1, entries)
        path = self._manifest(version.number)
        path.parent.mkdir(exist_ok=True)
        told = json.dumps({"entries": [asdict(e) for e in entries]}, ensure_ascii=False, indent=1)
        written(path, told)
        return version

    def _sweep(self) -> None:
        """Drop units that no manifest names: of a change that was killed, of removed files.

        What was measured of a version goes with it.
        """
        numbers = self.numbers()
        for path in self.folder.glob("measured/" + 6 * "[0-9]"):
            if int(path.name) not in numbers:
                shutil.rmtree(path)
        known = {e.entry_id for n in numbers for e in self.version(n).entries}
        for path in self.folder.glob("parts/*"):
            if path.name not in known:
                shutil.rmtree(path)


def connected(temporary: Path) -> "duckdb.DuckDBPyConnection":
    """An embedded DuckDB that takes at most ``MEMORY``, asks no network and tells nothing."""
    import duckdb

    return duckdb.connect(
        config={
            "memory_limit": MEMORY,
            "temp_directory": str(temporary / "spilled"),
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "preserve_insertion_order": "false",
        }
    )


def written(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    beside = path.with_suffix(".new")
    with beside.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    _sync(path.parent)


def moved(folder: Path, target: Path) -> None:
    """Put a folder in its place once all of it is on the disk."""
    for path in folder.rglob("*"):
        _sync(path)
    _sync(folder)
    folder.replace(target)
    _sync(target.parent)


def _sync(path: Path) -> None:
    if path.is_dir() and os.name == "nt":  # folders cannot be opened there
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
