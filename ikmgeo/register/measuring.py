"""Every unit of the register with its distances and indicators, part by part.

A part is some districts; it is read from the register and written to a folder in pieces, so memory
holds one piece. Parts know nothing of one another: who measures them, and how often, changes
nothing in what is written.
"""

import json
import platform
import shutil
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import asdict, dataclass, field
from pathlib import Path
from secrets import token_hex
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyproj
import shapely
from pyarrow.parquet import ParquetFile, ParquetWriter

import ikmgeo
from ikmgeo.analysis import Inputs
from ikmgeo.errors import DataError, Issue
from ikmgeo.measures.linkage import Parameters
from ikmgeo.register import store
from ikmgeo.register.candidates import linked
from ikmgeo.register.store import Register, Version
from ikmgeo.register.taking_in import GEO, SCHEMA

HELD: Final = 50_000
"""Units that are in memory at a time."""

READ: Final = (
    *("file_row", "kbli", "commodity", "district_code", "subdistrict_code", "village_code"),
    *("lat", "lon", "placed_by", "geometry"),
)
"""Columns of a unit that are written again: neither names nor anything else of people."""

DIGITS: Final = 6
"""Decimals that are written: mm, millionths. What processors compute differs far behind them."""


def software() -> dict[str, str]:
    """Versions of all that decides what is written."""
    modules = (ikmgeo, np, pd, pa, shapely, pyproj)
    return {
        "Python": platform.python_version(),
        **{module.__name__: module.__version__ for module in modules},
        "GEOS": shapely.geos_version_string,
        "PROJ": pyproj.proj_version_str,
    }


@dataclass(frozen=True)
class Job:
    """What is to be measured, for whoever measures a part of it.

    Parameters
    ----------
    register, target
        Folders of the register, and where units are written until all are there; absolute, on
        storage that everyone who measures sees under that path.
    version
        The version of the register.
    used
        Parameters of the indicators.
    source
        Whence the figures are, in a sentence.
    held
        Most units that are in memory at a time.
    made_with
        As ``software`` where the job was made.
    """

    register: Path
    target: Path
    version: Version
    used: Parameters
    source: str
    held: int = HELD
    made_with: Mapping[str, str] = field(default_factory=software)

    @property
    def districts(self) -> dict[str, int]:
        """Units by district, in the order in which they are measured."""
        counts: Counter[str] = Counter()
        for entry in self.version.entries:
            counts.update(entry.districts)
        return dict(sorted(counts.items()))

    def file(self, district: str) -> Path:
        """Where the units of a district are written."""
        return self.target / f"{district}.parquet"

    def metadata(self, inputs: Inputs) -> dict[bytes, bytes]:
        """What each file tells of itself."""
        told = {
            "source": self.source,
            "made_up": self.version.made_up,
            "register_version": self.version.number,
            "files": {entry.entry_id: entry.file for entry in self.version.entries},
            "parameters": asdict(self.used),
            "zones": inputs.zones[["lat", "lon"]].to_dict("index"),
            "software": dict(self.made_with),
        }
        return {b"geo": GEO.encode(), b"ikmgeo": json.dumps(told, ensure_ascii=False).encode()}


Parts = Sequence[Sequence[str]]
"""Districts, some together."""

Units = Generator[int, None, None]
"""Of each part that is done, how many."""

Run = Callable[[Job, Inputs, Parts], Units]
"""Has every part of a job measured; closed before its end, it stops."""

Progress = Callable[[int, int], None]
"""Told how many units are done, of how many; what it raises ends the measuring."""


def here(job: Job, inputs: Inputs, parts: Parts) -> Units:
    """Measure every part in this process, one after the other."""
    for districts in parts:
        yield measured(job, inputs, districts)


def measure(
    register: Register,
    version: Version,
    inputs: Inputs,
    out: Path,
    *,
    source: str,
    used: Parameters = Parameters(),  # noqa: B008
    held: int = HELD,
    run: Run = here,
    progress: Progress = lambda done, units: None,
) -> int:
    """Write every unit of a version with nearest zone, distances and indicators.

    Parameters
    ----------
    out
        Folder that is not there yet, or empty: ``{district_code}.parquet`` for each district, all
        of them or none. GeoParquet; the metadata ``ikmgeo`` (JSON) tell source and parameters.
        Columns: ``entry_id`` and ``file_row`` (which unit of the register it is), ``READ``, and
        those of ``candidates.linked``, to ``DIGITS`` decimals.
    source
        Whence the figures are, in a sentence.
    run
        Who measures: ``here``, or ``cluster.run``.

    Returns
    -------
    int
        Units.

    Raises
    ------
    DataError
        ``measure_exists`` where something is in ``out``, ``measure_inside`` where that is a folder
        of the register other than ``Register.measured``; ``measure_changed`` where the register
        has other units than its manifest tells; what ``run`` raises.
    OSError
        When something cannot be written.
    """
    folder, out = register.folder.resolve(), out.resolve()
    if out.exists() and not (out.is_dir() and not any(out.iterdir())):
        raise DataError([Issue("measure_exists", out.name)])
    if out.is_relative_to(folder) and out != register.measured(version).resolve():
        raise DataError([Issue("measure_inside", out.name)])
    target = out.with_name(f".{out.name}.{token_hex(4)}")
    job = Job(folder, target, version, used, source, held)
    target.mkdir(parents=True)
    try:
        done = 0
        with closing(run(job, inputs, parts_of(job))) as units:
            for some in units:
                done += some
                progress(done, version.units)
        files = {job.file(district) for district in job.districts}
        for path in set(target.iterdir()) - files:  # of a worker that was killed
            path.unlink()
        store.moved(target, out)
    except BaseException:
        gone = target.with_name(f"{target.name}.gone")
        target.replace(gone)  # at once: a worker may still be writing
        shutil.rmtree(gone)
        raise
    return done


def parts_of(job: Job) -> list[list[str]]:
    """Districts that are measured together: as many in a row as memory is to hold."""
    parts: list[list[str]] = []
    room = 0
    for district, units in job.districts.items():
        if units > room:
            parts.append([])
            room = job.held
        parts[-1].append(district)
        room -= units
    return parts


def unfit(job: Job) -> tuple[str, str] | None:
    """Why this process cannot take part in a job: the code of the issue and what differs."""
    own = software()
    other = [f"{name} {own[name]}" for name in own if own[name] != job.made_with.get(name)]
    if other:
        return "measure_version", ", ".join(other)
    try:
        seen = Register(job.register).version(job.version.number) == job.version
    except DataError:
        seen = False
    if not (seen and job.target.is_dir()):
        return "measure_storage", str(job.target.parent)
    return None


def measured(job: Job, inputs: Inputs, districts: Sequence[str]) -> int:
    """Measure and write some districts; their number of units.

    Raises
    ------
    DataError
        As ``unfit`` tells; ``measure_changed``.
    """
    wrong = unfit(job)
    if wrong:
        code, value = wrong
        raise DataError([Issue(code, platform.node(), value=value)])
    metadata = job.metadata(inputs)
    counts: Counter[str] = Counter()
    beside = {d: job.file(d).with_name(f"{d}.{token_hex(4)}") for d in districts}
    with ExitStack() as stack:
        writers: dict[str, ParquetWriter] = {}
        for units in _pieces(job, districts):
            table = _with_figures(units, inputs, job.used).replace_schema_metadata(metadata)
            codes = units["district_code"].to_pandas()
            for district, rows in codes.groupby(codes, sort=False).groups.items():
                code = str(district)
                if code not in writers:
                    writer = ParquetWriter(beside[code], table.schema, compression="zstd")
                    writers[code] = stack.enter_context(writer)
                writers[code].write_table(table.slice(rows[0], len(rows)))
                counts[code] += len(rows)
    if counts != {district: job.districts[district] for district in districts}:
        raise DataError([Issue("measure_changed", job.register.name)])
    for district in districts:
        beside[district].replace(job.file(district))
    return counts.total()


def _pieces(job: Job, districts: Sequence[str]) -> Iterator[pa.Table]:
    """Units of some districts, so many at a time as the job holds, in the register's order."""
    waiting: list[pa.Table] = []
    room = job.held
    for batch in _batches(job, districts):
        if batch.num_rows > room:
            yield pa.concat_tables(waiting)
            waiting, room = [], job.held
        waiting.append(batch)
        room -= batch.num_rows
    if waiting:
        yield pa.concat_tables(waiting)


# A district without one missing value is stored as of another type.
_TYPES: Final = pa.schema([SCHEMA.field(name) for name in READ])


def _batches(job: Job, districts: Sequence[str]) -> Iterator[pa.Table]:
    for district in districts:
        for entry in job.version.entries:
            folder = job.register / "parts" / entry.entry_id / f"district_code={district}"
            for path in sorted(folder.glob("*.parquet")):
                with ParquetFile(path) as file:
                    for batch in file.iter_batches(job.held, columns=[*READ]):
                        names = pa.array([entry.entry_id] * batch.num_rows, pa.string())
                        table = pa.Table.from_batches([batch]).cast(_TYPES)
                        yield table.add_column(0, "entry_id", names)


def _with_figures(units: pa.Table, inputs: Inputs, used: Parameters) -> pa.Table:
    """Units with what ``candidates.linked`` tells of each, the geometry last."""
    found = units.drop_columns(["entry_id", "geometry"]).to_pandas()
    found["position_precision"] = found["placed_by"].replace({"point": "site"})
    found["village_code"] = found["village_code"].fillna(found["subdistrict_code"])
    figures = linked(found, inputs, used).round(DIGITS)
    table = units.drop_columns(["geometry"])
    for name in figures:
        kind = {"f": pa.float64(), "b": pa.bool_()}.get(figures[name].dtype.kind, pa.string())
        table = table.append_column(name, pa.array(figures[name], kind, from_pandas=True))
    return table.append_column("geometry", units["geometry"])
