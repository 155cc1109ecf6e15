"""Files become tables of text; what the text means is for ``ikmgeo.reading.validate`` to judge.

Text columns have the pandas dtype ``str``: stripped, missing cells are NaN. The index ``row``
counts as a spreadsheet does, so the header is usually row 1.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import pandas as pd

from ikmgeo.errors import DataError, Issue
from ikmgeo.reading import asides, columns, probe, vectors, workbooks
from ikmgeo.reading.bounds import FORM, TABLE, Bounds, Meter
from ikmgeo.reading.columns import KNOWN
from ikmgeo.reading.formats import PACKED, archive_of, content, format_of, unknown_format
from ikmgeo.reading.grids import LOOKED_AT, Layer, header_at, headings_known, plain_header
from ikmgeo.reading.html_tables import html_layers
from ikmgeo.reading.implied import GROUP, LAYER, TITLE, TITLED
from ikmgeo.reading.text_files import text_layers
from ikmgeo.reading.texts import printable, seen, trimmed
from ikmgeo.reading.xml_workbooks import xml_workbook_layers

SHEETS: Final = ("data", "sentra")
"""Names of a sheet or layer that is taken before all others."""

SHEET_NAMES: Final = 3
"""Known column names by which a sheet among several is taken for a form."""

MOST_TITLE: Final = 2_000
"""Characters above a table that may name its district."""

APART: Final = 10_000_000
"""What rows of one layer are apart from those of the next, so that every row has a number of its
own; no file has so many."""


@dataclass(frozen=True)
class Choices:
    """How a reader has a file read, where not as ikmgeo would.

    Parameters
    ----------
    layers
        Names of the sheets or layers to read; none are those that fit.
    columns
        Column of ours that each heading stands for; "" is none.
    everywhere
        By column, what holds for each row that says nothing there.
    values
        By column, what is meant by what the file says there.
    """

    layers: tuple[str, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)
    everywhere: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Choices":
        """Choices that were kept as plain JSON, as ``dataclasses.asdict`` gives them.

        Raises
        ------
        TypeError, ValueError
            When something else has written them.
        """
        return cls(
            tuple(map(str, kept["layers"])),
            _texts(kept["columns"]),
            _texts(kept["everywhere"]),
            {str(column): _texts(meant) for column, meant in kept["values"].items()},
        )


def _texts(kept: Mapping[str, Any]) -> dict[str, str]:
    return {str(key): str(value) for key, value in kept.items()}


@dataclass(frozen=True)
class Part:
    """A layer of a file as it was read.

    Parameters
    ----------
    name
        As the file calls it; "" for the only one.
    taken
        Whether its rows are among those of the table.
    hidden
        Whether the program that wrote it hides it.
    rows
        How many it has below its header; 0 where it has none.
    headings
        By column of ours, the heading that was taken for it; for shown layers.
    why
        By column of ours, why: ``heading``, ``values``, ``geometry`` or ``chosen``.
    """

    name: str
    taken: bool
    hidden: bool = False
    rows: int = 0
    headings: Mapping[str, str] = field(default_factory=dict)
    why: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Table:
    """Rows of text as a file holds them.

    Parameters
    ----------
    name
        Name of the file as the user knows it.
    rows
        Columns of dtype ``str`` under canonical names; index ``row``. Rows that ``issues``
        reject are still among them. Those of a second layer begin at ``APART``.
    issues
        Defects of single rows that were found while reading.
    format
        Of the file, one of ``formats.ACCEPTED``.
    parts
        Its layers in the order of the file.
    source
        The same rows under the headings of the file, as it has them; index ``row``.
    """

    name: str
    rows: pd.DataFrame
    issues: tuple[Issue, ...] = ()
    format: str = "csv"
    parts: tuple[Part, ...] = ()
    source: pd.DataFrame = field(default_factory=pd.DataFrame)

    @property
    def taken(self) -> tuple[Part, ...]:
        """The layers whose rows these are."""
        return tuple(part for part in self.parts if part.taken)

    @property
    def headings(self) -> dict[str, str]:
        """By column of ours, the heading that was taken for it, in the first layer that has one."""
        return {c: h for part in reversed(self.taken) for c, h in part.headings.items()}

    def located(self, issue: Issue) -> Issue:
        """An issue with the row as its layer counts it, and of several layers the name of its."""
        if len(self.taken) < 2:
            return issue
        expected = {
            name: self.place(told) if name.startswith("first") and isinstance(told, int) else told
            for name, told in issue.expected.items()
        }
        if issue.row is None:
            return replace(issue, expected=expected)
        layer, row = divmod(issue.row, APART)
        file = f"{self.name} › {self.taken[layer].name}"
        return replace(issue, file=file, row=row, expected=expected)

    def place(self, row: int) -> str:
        """The number of a row as its layer counts it, after the name of the layer among several."""
        layer, there = divmod(row, APART)
        return f"{self.taken[layer].name} › {there}" if len(self.taken) > 1 else str(row)


def read_table(
    source: Path | bytes,
    *,
    name: str,
    aspects: Mapping[str, str] | None = None,
    limit_mb: float | None = None,
    bounds: Bounds = TABLE,
    choices: Choices | None = None,
) -> Table:
    """Read a list, its format recognised by content: see ``formats.ACCEPTED``.

    Of several sheets or layers those that fit are read together: visible, with a name or commodity
    where any has it, and points where any has some; one named as in ``SHEETS`` alone. What is
    drawn becomes columns ``lat`` and ``lon`` in WGS84 degrees. ``aspects`` are headers of aspects
    and the column that each stands for, as from ``Instrument.headers``. ``limit_mb`` is in MB
    (1,000,000 bytes). Nothing is written to disk.

    Raises
    ------
    DataError
        The file is missing, empty, too large, broken, no table, holds more than ``bounds``, or has
        no usable header.
    """
    chosen = choices or Choices()
    meter = Meter(name, bounds)
    kind, layers = layers_of(content(source, name, limit_mb), meter)
    wanted = [n for n, layer in enumerate(layers) if layer.name in chosen.layers]
    taken = wanted or fitting(layers, chosen)
    if not taken:
        raise DataError([Issue("no_header", name, expected={"known": tuple(sorted(KNOWN))})])
    tables: list[Table] = []
    parts: list[Part] = []
    issues: list[Issue] = []
    for n, layer in enumerate(layers):
        if n not in taken:
            rows = max(len(layer.grid.rows) - 1, 0)
            parts.append(Part(layer.name, False, layer.hidden, rows))
            if rows and not layer.hidden and not chosen.layers:
                issues.append(Issue("layer_left", name, value=layer.name, expected={"rows": rows}))
            continue
        try:
            table = table_of(layer, name, meter, aspects or {}, chosen)
        except DataError as error:
            if len(taken) == 1:
                raise
            issues += [replace(issue, file=f"{name} › {layer.name}") for issue in error.issues]
            parts.append(Part(layer.name, False, layer.hidden))
            continue
        if layer.name and (layer.drawn or len(layers) > 1) and layer.name.lower() not in SHEETS:
            table = replace(table, rows=table.rows.assign(**{LAYER: layer.name}))
        tables.append(_moved(table, len(tables) * APART))
        parts += table.parts
    if not tables:
        raise DataError([issue for issue in issues if issue.code != "layer_left"])
    noted = [replace(issue, severity="noted") for issue in issues]
    return Table(
        name,
        pd.concat([table.rows for table in tables]).astype("str"),
        (*noted, *(issue for table in tables for issue in table.issues)),
        kind,
        tuple(parts),
        pd.concat([table.source for table in tables]).astype("str"),
    )


def read_sheets(
    source: Path | bytes,
    *,
    name: str,
    aspects: Mapping[str, str] | None = None,
    limit_mb: float | None = None,
    bounds: Bounds = FORM,
) -> tuple[Table, ...]:
    """Read every sheet of a workbook that holds a form, or the one table of another file.

    A sheet counts when it is visible and has ``SHEET_NAMES`` known column names in its header;
    when none has, the one with the most. Their tables are named ``file › sheet``. Those without
    rows are left out. Else as ``read_table``.

    Raises
    ------
    DataError
        As ``read_table``, and for every sheet that counts; ``no_rows`` when none has rows.
    """
    meter = Meter(name, bounds)
    _, layers = layers_of(content(source, name, limit_mb), meter)
    shown = [layer for layer in layers if not layer.hidden]
    known = [len(headings_known(layer.grid)) for layer in shown]
    if not any(known):
        raise DataError([Issue("no_header", name, expected={"known": tuple(sorted(KNOWN))})])
    enough = min(SHEET_NAMES, max(known))
    tables: list[Table] = []
    issues: list[Issue] = []
    for layer, names in zip(shown, known, strict=True):
        if names < enough:
            continue
        title = f"{name} › {layer.name}" if layer.name else name
        try:
            tables.append(table_of(layer, title, meter, aspects or {}, Choices(), whole=True))
        except DataError as error:
            issues += error.issues
    if not tables or any(issue.code != "no_rows" for issue in issues):
        raise DataError(issues)
    return tuple(tables)


READERS: Final[Mapping[str, Callable[[bytes, Meter], list[Layer]]]] = {
    "csv": text_layers,
    "html": html_layers,
    "xlsx": workbooks.workbook_layers,
    "xls": workbooks.old_workbook_layers,
    "xlsb": workbooks.binary_workbook_layers,
    "ods": workbooks.open_document_layers,
    "xml": xml_workbook_layers,
    **vectors.LAYERS,
}


def layers_of(data: bytes, meter: Meter, *, packed: bool = False) -> tuple[str, list[Layer]]:
    """Format of a file and its layers."""
    found = format_of(data)
    if found in ("pdf", "image"):
        raise DataError([Issue("not_a_table", meter.name, expected={"found": found})])
    try:
        if found == "zip":
            found = archive_of(probe.contents(data, meter))
        if found == "map":
            files = probe.unpacked(data, meter, (".kml", *vectors.SHAPEFILE))
            return "zip", vectors.archive_layers(files, meter)
        if found == "zip" and not packed:
            files = probe.unpacked(data, meter, PACKED)
            if len(files) == 1:
                return layers_of(next(iter(files.values())), meter, packed=True)
        if found not in READERS:
            raise unknown_format(meter.name, found)
        return found, READERS[found](data, meter)
    except DataError:
        raise
    except Exception as error:  # parsers raise anything on a broken file
        raise DataError([Issue("file_broken", meter.name, expected={"format": found})]) from error


def fitting(layers: Sequence[Layer], chosen: Choices) -> list[int]:
    """Positions of the layers that are a list of centers, or parts of one."""
    shown = [n for n, layer in enumerate(layers) if not layer.hidden]
    known = {n: headings_known(layers[n].grid, chosen.columns) for n in shown}
    named = [n for n in shown if layers[n].name.strip().lower() in SHEETS and known[n]]
    if named:
        return named
    if not any(known.values()):  # the reader may say what its columns are
        return [n for n in shown if plain_header(layers[n].grid)][:1]
    found = [n for n in shown if known[n]]
    found = [n for n in found if layers[n].points or not layers[n].drawn] or found
    found = [n for n in found if "name_id" in known[n]] or found
    found = [n for n in found if layers[n].drawn or "commodity" in known[n]] or found
    most = max(len(known[n]) for n in found)
    return [n for n in found if 2 * len(known[n]) >= most]


def _moved(table: Table, by: int) -> Table:
    """A table whose rows are counted from elsewhere."""
    if not by:
        return table
    moved = [
        replace(
            issue,
            row=None if issue.row is None else issue.row + by,
            expected={
                name: told + by if name == "first" and isinstance(told, int) else told
                for name, told in issue.expected.items()
            },
        )
        for issue in table.issues
    ]
    return replace(
        table,
        rows=table.rows.set_axis(table.rows.index + by),
        source=table.source.set_axis(table.source.index + by),
        issues=tuple(moved),
    )


def table_of(
    layer: Layer,
    name: str,
    meter: Meter,
    aspects: Mapping[str, str],
    chosen: Choices,
    *,
    whole: bool = False,
) -> Table:
    """The rows of one layer under our names; else as ``read_table``.

    ``whole`` when every row is one, as in a form: nothing is left out.
    """
    start = header_at(layer.grid, chosen.columns) or plain_header(layer.grid)
    if start is None:
        raise DataError([Issue("no_header", name, expected={"known": tuple(sorted(KNOWN))})])
    headers = start.cells
    naming = columns.named(headers, layer.grid.columns, aspects, chosen.columns)
    width = len(headers)
    body, plain = _body(layer, start.end, meter)
    aside = asides.Sorted(rows=[*range(len(body))])
    if not (layer.drawn or whole):
        ours = [n for n, c in enumerate(naming.names) if naming.is_known(c, aspects)]
        aside = asides.apart(body, headers, ours)
    body, plain = [body[n] for n in aside.rows], [plain[n] for n in aside.rows]
    if not body:
        raise DataError([Issue("no_rows", name)])
    issues = (
        *(_ragged(name, row, cells, width) for row, cells in body if any(cells[width:])),
        *aside.told(name),
    )
    index = pd.Index([row for row, _ in body], name="row")
    source = _frame(plain, [naming.titles[c] for c in naming.names], index)
    rows = _frame([cells for _, cells in body], naming.names, index)
    unnamed = [c for c in naming.unnamed if rows[c].isna().all()]
    rows = columns.with_minutes(rows.drop(columns=unnamed), naming)
    rows = columns.with_authority(columns.with_both(rows, naming), naming)
    rows, left, kept = columns.joined(rows, naming, name)
    rows, alone = columns.without_lone_aspect(rows, kept, naming, aspects, name)
    taken = columns.by_values(rows)
    titles = {taken.get(c, c): title for c, title in kept.items()}
    rows = _as_chosen(rows.rename(columns=taken), chosen)
    rows = rows if whole else _with_place(rows, aside.groups, layer, start.start)
    known = [c for c in rows if c in titles and (c in KNOWN or c in aspects.values())]
    why = {c: "chosen" if c in naming.chosen else "heading" for c in known}
    if layer.drawn:
        why |= dict.fromkeys(columns.DEGREES, "geometry")
    part = Part(
        layer.name,
        True,
        layer.hidden,
        len(rows),
        {c: titles[c] for c in known},
        why | dict.fromkeys(taken.values(), "values"),
    )
    return Table(name, rows, (*layer.issues, *left, *alone, *issues), parts=(part,), source=source)


def _body(
    layer: Layer, start: int, meter: Meter
) -> tuple[list[tuple[int, list[str]]], list[list[str]]]:
    """The rows below the header with their cells cleaned, and these cells as the file has them."""
    body, plain = [], []
    for row, cells in layer.grid.rows[start:]:
        if row % LOOKED_AT == 0:
            meter.tick()
        cleaned = [_clean(cell) for cell in cells]
        if any(cleaned):
            body.append((row, cleaned))
            plain.append([cell if cell.isascii() else printable(cell) for cell in cells])
    return body, plain


def _with_place(
    rows: pd.DataFrame, groups: Mapping[str, Sequence[str | None]], layer: Layer, start: int
) -> pd.DataFrame:
    """The rows with what headings between them and the title above them tell of their place."""
    told = {c: pd.Series([*g], rows.index, dtype="str") for c, g in groups.items() if any(g)}
    if "district_code" in told:
        rows = rows.assign(**{GROUP: told["district_code"]})
    if "subdistrict" in told:
        own = rows.get("subdistrict", told["subdistrict"])
        rows = rows.assign(subdistrict=own.fillna(told["subdistrict"]))
    above = " ".join(cell for _, cells in layer.grid.rows[:start] for cell in cells if cell)
    if not layer.drawn and TITLED.search(above):
        rows = rows.assign(**{TITLE: above[:MOST_TITLE]})
    return rows


def _frame(rows: Sequence[Sequence[str]], names: Sequence[str], index: pd.Index) -> pd.DataFrame:
    width = len(names)
    padded = [[cell or None for cell in [*cells, *[""] * width][:width]] for cells in rows]
    return pd.DataFrame(padded, columns=list(names), index=index, dtype="str")


def _as_chosen(rows: pd.DataFrame, chosen: Choices) -> pd.DataFrame:
    """The rows with what the reader says of them all, and of single values."""
    none = pd.Series(pd.NA, rows.index, dtype="str")
    for column, text in chosen.everywhere.items():
        rows[column] = rows.get(column, none).fillna(text)
    for column, meant in chosen.values.items():
        if column in rows:
            rows[column] = rows[column].replace(dict(meant))
    return rows


def _ragged(name: str, row: int, cells: Sequence[str], width: int) -> Issue:
    surplus = " | ".join(cells[width:])
    expected = {"columns": width, "found": len(cells)}
    return Issue("ragged_row", name, row=row, value=surplus, expected=expected)


def _clean(cell: str) -> str:
    """Strip a cell, and the apostrophe by which ``texts.inert_cell`` disarms a formula."""
    if cell.isalnum():  # codes and numbers, of which there are most
        return cell
    cell = cell.strip()
    if cell.startswith("'") and re.match(r"'\s*[=+\-@]|'[\t\r\n]", cell):
        cell = cell[1:].strip()
    # JSON can hold halves of characters that no text file can.
    return cell if cell.isascii() and cell.isprintable() else trimmed(seen(printable(cell)))
