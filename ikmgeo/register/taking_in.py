"""A file of units is taken in piece by piece: read, judged, staged, and made valid at once.

Each piece that is done lies in the staging folder; whoever takes the same file in again after a
break goes on behind the last of them. Memory holds one piece.
"""

import csv
import hashlib
import json
import shutil
from collections import Counter
from collections.abc import Callable, Generator, Mapping
from contextlib import closing
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import shapely

import ikmgeo
from ikmgeo.analysis import Inputs
from ikmgeo.errors import DataError, Issue
from ikmgeo.reading import columns, load
from ikmgeo.reading.bounds import TABLE, Bounds, Meter
from ikmgeo.reading.formats import content, format_of
from ikmgeo.reading.grids import Grid, Layer, header_at, plain_header
from ikmgeo.reading.implied import LAYER
from ikmgeo.reading.load import Choices
from ikmgeo.reading.text_files import pieces, written_in
from ikmgeo.reading.texts import inert_cell
from ikmgeo.register import store
from ikmgeo.register.columns import FIELDS, PLACE, Understood, known_as, understood
from ikmgeo.register.personal import MASK, masked, masked_texts
from ikmgeo.register.store import COLUMNS, Entry, Register
from ikmgeo.register.units import Judge, Judged, returned

LONG: Final = Bounds(rows=50_000_000, cells=2**40, characters=2**40, seconds=float("inf"))
"""Of a text file, of which one piece is in memory."""

SAMPLE: Final = 5_000
"""Rows by whose values columns are recognised."""

FIRST: Final = 5
"""Rows that an outline shows."""

REMARKS: Final = ("row", "issues")
"""Columns before those of the file in what comes back."""

NEEDED: Final[Mapping[str, frozenset[str]]] = {
    "register_no_product": frozenset(("kbli", "commodity", "products")),
    "register_no_place": frozenset(PLACE),
}
"""Columns of which a register has at least one, by the code of the refusal."""

GEO: Final = json.dumps(
    {
        "version": "1.1.0",
        "primary_column": "geometry",
        "columns": {"geometry": {"encoding": "WKB", "geometry_types": ["Point"]}},
    }
)
"""What makes Parquet GeoParquet; without a CRS it is WGS84, longitude first."""


@dataclass(frozen=True)
class Step:
    """How far it is: rows judged, and which share of the file is read (0 to 1)."""

    stage: str
    rows: int = 0
    share: float = 0


Progress = Callable[[Step], None]
"""Told of each step; what it raises ends the taking in, which can be taken up again."""

Remark = Callable[[Issue], str]
"""A sentence on why a row comes back."""


@dataclass
class Counted:
    """What a file came to so far."""

    rows: int = 0
    units: int = 0
    masked: int = 0
    made_up: bool = False
    reasons: Counter[str] = field(default_factory=Counter)
    placed: Counter[str] = field(default_factory=Counter)
    years: Counter[str] = field(default_factory=Counter)
    districts: Counter[str] = field(default_factory=Counter)
    headings: dict[str, str] = field(default_factory=dict)

    def add(self, piece: Mapping[str, Any]) -> None:
        """Count a piece too, as ``_counts`` tells of it."""
        for name in ("rows", "units", "masked"):
            setattr(self, name, getattr(self, name) + piece[name])
        for name in ("reasons", "placed", "years", "districts"):
            getattr(self, name).update(piece[name])
        self.made_up = self.made_up or piece["made_up"]
        self.headings = piece["headings"] | self.headings


@dataclass(frozen=True)
class Taken:
    """The entry of a file, and whether it was there already."""

    entry: Entry
    known: bool


def take_in(
    path: Path,
    inputs: Inputs,
    register: Register,
    *,
    remark: Remark,
    rejected: Path,
    asked: Mapping[str, str] | None = None,
    keep_personal: bool = False,
    progress: Progress = lambda step: None,
) -> Taken:
    """Take a file of units into the register.

    Parameters
    ----------
    path
        Text with separators of any length, read piece by piece; other formats of
        ``formats.ACCEPTED`` up to ``bounds.TABLE``.
    asked
        Field by heading, where the reader tells it: see ``columns.understood``.
    rejected
        Where the rows that come back are written, if any do: the columns of the file but those
        of people's data, behind ``REMARKS``.
    keep_personal
        Whether the installation keeps people's data.

    Raises
    ------
    DataError
        The file cannot be read, or has neither product nor place; the register is in use.
    """
    how = json.dumps([ikmgeo.__version__, dict(asked or {}), keep_personal], sort_keys=True)
    digest = _digest(path)
    entry_id = hashlib.sha256(f"{digest}{how}".encode()).hexdigest()[:16]
    with register.changing():
        for entry in register.version().entries:
            if entry.entry_id == entry_id:
                return Taken(entry, known=True)
        staging = register.staging(entry_id)
        file = _File(path, inputs, staging, asked or {}, keep_personal)
        counted = file.judged(remark, progress)
        progress(Step("sorting", counted.rows, 1))
        units = _sorted(staging)
        progress(Step("saving", counted.rows, 1))
        if counted.reasons:
            _joined(staging, rejected)
        entry = file.entry(entry_id, digest, counted)
        register.add(entry, units)
        progress(Step("done", counted.rows, 1))
        shutil.rmtree(staging)
    return Taken(entry, known=False)


@dataclass(frozen=True)
class Outline:
    """What a file would be taken for.

    Parameters
    ----------
    headings
        By field, of ``FIELDS``, the heading that is taken for it.
    first
        The first rows under the headings of the file, without people's data.
    personal
        Kind of people's data by the headings that are left out.
    edition
        Of the KBLI codes; empty where no heading names it.
    missing
        Why it cannot be taken in so.
    """

    headings: Mapping[str, str]
    first: pd.DataFrame
    personal: Mapping[str, str]
    edition: str
    missing: tuple[Issue, ...]


def outline(path: Path, inputs: Inputs, asked: Mapping[str, str] | None = None) -> Outline:
    """Look at a file before it is taken in; see ``take_in`` for what it is given.

    Raises
    ------
    DataError
        It cannot be read.
    """
    return _File(path, inputs, path.parent, asked or {}, keep_personal=False).outline()


def noted(file: Path, step: Step) -> None:
    """Write down how far it is, for whoever waits in another process."""
    store.written(file, json.dumps(asdict(step)))


def step_noted(file: Path) -> Step:
    """How far it is, as ``noted``; the beginning where nothing is written yet."""
    try:
        return Step(**json.loads(file.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return Step("reading")


class _File:
    """A file on its way into the register."""

    def __init__(
        self,
        path: Path,
        inputs: Inputs,
        staging: Path,
        asked: Mapping[str, str],
        keep_personal: bool,
    ) -> None:
        self.path, self.inputs, self.staging = path, inputs, staging
        self.asked, self.keep_personal = asked, keep_personal
        self.understood = Understood()
        self._judge: Judge | None = None
        self._without_rows: load.Table | None = None

    def judged(self, remark: Remark, progress: Progress) -> Counted:
        """Stage every piece of the file that is not staged yet."""
        counted = Counted()
        for number, (layer, broken, share) in enumerate(self._layers()):
            if self._judge is None:
                self.understood = self._understand(layer)
                self._judge = Judge(self.inputs, self.understood, self.path.name)
            done = self.staging / f"{number:06d}.json"
            if done.exists():
                units = pq.read_table(done.with_suffix(".parquet"), columns=["row_hash"])
                self._judge.remember(units["row_hash"].to_numpy().astype(np.uint64))
                told = json.loads(done.read_text(encoding="utf-8"))
            else:
                told = self._stage(layer, broken, done, self._judge, remark)
            counted.add(told)
            progress(Step("reading", counted.rows, share))
        return counted

    def outline(self) -> Outline:
        """What the file would be taken for."""
        with closing(self._layers()) as layers:
            layer, _, _ = next(layers)
        self.understood = found = self._understand(layer)
        meter, choices = Meter(self.path.name, LONG), Choices(columns=found.chosen)
        table = load.table_of(layer, self.path.name, meter, {}, choices, whole=True)
        first = table.source.drop(columns=[h for h in table.source if h in found.personal])
        return Outline(
            headings=found.headings(table),
            first=first.head(FIRST).apply(masked_texts),
            personal=found.personal,
            edition=found.edition,
            missing=tuple(self._strange(table)),
        )

    def entry(self, entry_id: str, digest: str, counted: Counted) -> Entry:
        """What the manifest says of the file."""
        clean = {masked(heading): kind for heading, kind in self.understood.personal.items()}
        return Entry(
            entry_id=entry_id,
            file=masked(self.path.name),
            content=digest,
            units=counted.units,
            rejected=sum(counted.reasons.values()),
            reasons=dict(counted.reasons),
            placed=dict(counted.placed),
            headings={column: masked(heading) for column, heading in counted.headings.items()},
            personal=clean,
            kept_personal=self.keep_personal,
            masked=counted.masked,
            edition=self.understood.edition,
            years=dict(sorted(counted.years.items())),
            districts=dict(sorted(counted.districts.items())),
            made_up=counted.made_up,
        )

    def _layers(self) -> Generator[tuple[Layer, Mapping[int, str], float], None, None]:
        """Tables of the file with their headings on top, rows that cannot be read, share read."""
        name = self.path.name
        try:
            with self.path.open("rb") as file:
                head = file.read(4_096)
            size = self.path.stat().st_size
        except OSError as error:
            raise DataError([Issue("file_missing", name)]) from error
        if format_of(head) == "csv":
            yield from self._pieces(max(size, 1))
            return
        meter = Meter(name, TABLE)
        _, layers = load.layers_of(content(self.path, name, None), meter)
        chosen = {c: k for layer in layers for c, k in self._known(layer.grid).items()}
        taken = load.fitting(layers, Choices(columns=chosen))
        for at, number in enumerate(taken, 1):
            yield self._headed(layers[number]), {}, at / len(taken)

    def _pieces(self, size: int) -> Generator[tuple[Layer, Mapping[int, str], float], None, None]:
        meter = Meter(self.path.name, LONG)
        written = written_in(lambda: self.path.open("rb"), meter)
        header: tuple[int, list[str]] | None = None
        for piece in pieces(self.path, written, meter):
            rows = piece.rows
            if header is None:
                layer = self._headed(Layer("", Grid(rows), drawn=False))
                header, rows = layer.grid.rows[0], layer.grid.rows[1:]
            broken = {n: cells[0] for n, cells in rows if n in piece.broken}
            sound = [(n, cells) for n, cells in rows if n not in broken]
            grid = Grid([header, *sound])
            yield Layer("", grid, drawn=False), broken, min(piece.read / size, 1)

    def _known(self, grid: Grid) -> dict[str, str]:
        """Headings among the first rows that only a register has, or the reader tells."""
        cells = {cell for _, row in grid.rows[:20] for cell in row}
        known = {cell: column for cell in cells if (column := known_as(cell))}
        return known | {h: column for h, column in self.asked.items() if h in cells}

    def _headed(self, layer: Layer) -> Layer:
        """A layer whose first row is that of its headings, without what stands above it."""
        start = header_at(layer.grid, self._known(layer.grid)) or plain_header(layer.grid)
        if start is None:
            raise DataError([Issue("no_header", self.path.name, expected={"known": FIELDS})])
        rows = layer.grid.rows
        grid = Grid([(rows[start.end - 1][0], start.cells), *rows[start.end :]], layer.grid.columns)
        return Layer(layer.name, grid, layer.issues, layer.hidden, layer.drawn, layer.points)

    def _understand(self, layer: Layer) -> Understood:
        (_, cells), *rows = layer.grid.rows[: SAMPLE + 1]
        naming = columns.named(cells, layer.grid.columns, {}, {})
        headings = [naming.titles[column] for column in naming.names]
        width = len(headings)
        texts = [[c.strip() or None for c in [*row, *[""] * width][:width]] for _, row in rows]
        return understood(
            headings, pd.DataFrame(texts, columns=range(width), dtype="str"), self.asked
        )

    def _stage(
        self,
        layer: Layer,
        broken: Mapping[int, str],
        done: Path,
        judge: Judge,
        remark: Remark,
    ) -> dict[str, Any]:
        """Judge a piece and write what became of it; the last file that is written marks it so."""
        table, name = self._table(layer), self.path.name
        judged = judge.units(table)
        _write_units(self._complete(judged.units, table), done.with_suffix(".parquet"))
        back = returned(table, judged, self.understood)
        issues = {row: Issue("quotes_broken", name, row=row) for row in broken}
        with done.with_suffix(".csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow([*REMARKS, *map(inert_cell, back)])
            lines = {row: cells for row, *cells in back.fillna("").itertuples(name=None)}
            # Which cells of a row with a stray quotation mark are people's data cannot be told.
            hidden = MASK if self.understood.personal else ""
            lines |= {row: [hidden or masked(text)] for row, text in broken.items()}
            for row, cells in sorted(lines.items()):
                told = remark(issues[row] if row in issues else judged.refused[row])
                writer.writerow([row, *map(inert_cell, (told, *cells))])
        piece = _counts(judged, len(table.rows) + len(broken))
        piece["reasons"].update(Counter(issue.code for issue in issues.values()))
        piece["headings"] = self.understood.headings(table)
        store.written(done, json.dumps(piece))
        return piece

    def _table(self, layer: Layer) -> load.Table:
        """The rows of a piece; none where a later piece is blank or broken throughout."""
        choices, name = Choices(columns=self.understood.chosen), self.path.name
        try:
            table = load.table_of(layer, name, Meter(name, LONG), {}, choices, whole=True)
        except DataError as error:
            if self._without_rows is None or error.issues[0].code != "no_rows":
                raise
            return self._without_rows
        if layer.name:  # a sheet may be called as its district
            table = replace(table, rows=table.rows.assign(**{LAYER: layer.name}))
        if strange := self._strange(table):
            raise DataError(strange)
        none, source = table.rows.iloc[:0], table.source.iloc[:0]
        self._without_rows = replace(table, rows=none, source=source, issues=())
        return table

    def _strange(self, table: load.Table) -> list[Issue]:
        """Why it is no register: no column is a product's, or none tells a place."""
        left = [masked(str(h)) for h in table.source if h not in self.understood.personal]
        return [
            Issue(code, self.path.name, expected={"headings": tuple(left)})
            for code, needed in NEEDED.items()
            if not needed & set(table.rows)
        ]

    def _complete(self, units: pd.DataFrame, table: load.Table) -> pd.DataFrame:
        personal = pd.Series(None, units.index, dtype="str")
        if self.keep_personal and self.understood.personal:
            kept = table.source.loc[units.index, [*self.understood.personal]]
            texts = [
                json.dumps(row, ensure_ascii=False) for row in kept.fillna("").to_dict("records")
            ]
            personal = pd.Series(texts, units.index, dtype="str")
        edition = pd.Series(self.understood.edition or None, units.index, dtype="str")
        return units.assign(
            kbli_edition=edition.where(units["kbli"].notna()),
            file_row=units.index.astype("int64"),
            personal=personal,
            geometry=shapely.to_wkb(shapely.points(units["lon"], units["lat"])),
        )


def _counts(judged: Judged, rows: int) -> dict[str, Any]:
    units = judged.units
    text = units["name"].fillna("") + units["product"].fillna("")
    return {
        "rows": rows,
        "units": len(units),
        "masked": int(text.str.contains(MASK, regex=False).sum()),
        "made_up": judged.made_up,
        "reasons": Counter(issue.code for issue in judged.refused.values()),
        "placed": units["placed_by"].value_counts().to_dict(),
        "years": units["year"].dropna().astype(int).astype(str).value_counts().to_dict(),
        "districts": units["district_code"].value_counts().to_dict(),
    }


SCHEMA: Final = pa.schema(
    [
        *(
            (name, {"VARCHAR": pa.string(), "DOUBLE": pa.float64(), "BIGINT": pa.int64()}[kind])
            for name, kind in COLUMNS.items()
            if kind != "BLOB"
        ),
        ("geometry", pa.binary()),
        ("row_hash", pa.uint64()),
    ]
)


def _write_units(units: pd.DataFrame, path: Path) -> None:
    table = pa.Table.from_pandas(units[SCHEMA.names], schema=SCHEMA, preserve_index=False)
    pq.write_table(table, path, compression="zstd")


def _sorted(staging: Path) -> Path:
    """The staged units by district, village and product, in a folder of Parquet files."""
    folder = staging / "units"
    shutil.rmtree(folder, ignore_errors=True)
    columns = ", ".join(COLUMNS)
    with store.connected(staging) as connection:
        # The name of a folder is no value: it is ours, without quotation marks.
        connection.execute(
            f"COPY (SELECT {columns} FROM read_parquet('{_quoted(staging)}/*.parquet') "  # noqa: S608
            "ORDER BY district_code, village_code, kbli, commodity, file_row) "
            f"TO '{_quoted(folder)}' (FORMAT parquet, PARTITION_BY (district_code), "
            f"WRITE_PARTITION_COLUMNS true, COMPRESSION zstd, KV_METADATA {{geo: '{GEO}'}})"
        )
    folder.mkdir(exist_ok=True)  # where no row became a unit
    return folder


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def _joined(staging: Path, target: Path) -> None:
    """All rows that come back as one file, with a byte order mark for spreadsheets."""
    beside = target.with_name(f"{target.name}.new")
    with beside.open("w", encoding="utf-8-sig", newline="") as file:
        above = ""
        for piece in sorted(staging.glob("*.csv")):
            with piece.open(encoding="utf-8", newline="") as lines:
                header = lines.readline()
                if header != above:  # sheets of one workbook may have others
                    file.write(header)
                above = header
                shutil.copyfileobj(lines, file)
    beside.replace(target)


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise DataError([Issue("file_missing", path.name)]) from error
