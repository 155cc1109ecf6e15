"""What a binary file would unpack to, found out before a library unpacks it.

A few kilobytes can hold a million rows: compressed, drawn from a dictionary, or worked out by a
view. Each function counts them in small steps and refuses with ``ikmgeo.reading.bounds.Meter``.
"""

import io
import re
import sqlite3
import struct
import zipfile
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager
from typing import IO, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from ikmgeo.errors import DataError, Issue
from ikmgeo.reading.bounds import MB, Meter
from ikmgeo.reading.parquet_pages import pages

PIECE: Final = 1_000_000
"""Bytes of a part that are looked at at a time."""

ENTRIES: Final = 2_000
"""Most files in a workbook, and layers in a GeoPackage."""

NEEDED: Final = re.compile(
    r"\[Content_Types\].xml|_rels/\.rels|xl/_rels/workbook\d*\.xml\.rels"
    r"|xl/(workbook|styles|sharedStrings)\d*\.xml|xl/worksheets/[^/]+\.xml",
    re.IGNORECASE,
)
"""Parts of a workbook that hold its values; pictures, comments, macros and the like do not."""

PACKINGS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""Others unpack any amount at once."""

SHEETS: Final = re.compile(r"xl/worksheets/", re.IGNORECASE)
SMALL: Final = 150_000
"""Most tags in a part that is neither a sheet nor its texts, and pages of a Parquet file; each
takes 10 µs to read."""

TEXTS: Final = 4_000_000
"""Most tags in the texts that sheets share."""

BLANK_CELLS: Final = re.compile(rb'<c r="[^<>]*+>(?:(?<=/>)|\s*+(?:<v\s*+/>|<v></v>)?+\s*+</c>)')
UNVALUED: Final = re.compile(rb"(?:</f>|<f[^<>]*+/>)\s*+(?:<v\s*+/>|<v></v>)?+\s*+</c>")
"""End of a cell whose formula was never worked out, as programs without a calculator write it."""

BLANK_ROWS: Final = re.compile(rb'<row r="[^<>]*+>(?:(?<=/>)|\s*+</row>)')
"""Only what says where it stands; without an ``r`` it moves what comes after it. Each sign is
looked at once: nothing is given back."""

DEFINITIONS: Final = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
"""Entities can stand for gigabytes; no program of offices writes some."""

END: Final = re.compile(rb"</(\w+:)?sheetData>")
MERGED: Final = re.compile(
    rb"<(?:\w+:)?mergeCell\s+ref=[\"']([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})[\"']"
)
"""Cells that are one, from the first to the last."""
TAG: Final = 200
"""Bytes that the beginning of such a tag has at most."""

Spread = tuple[tuple[int, int], tuple[int, int]]
"""Row and column of the first and the last of merged cells, from 0 on."""

SHEET: Final = re.compile(rb"<(?:\w+:)?sheet[\s/>]")
MOST_SHEETS: Final = 500
CELL_TAGS: Final = 20
"""Most tags of a cell, with its formula and the fonts of its text."""

WHERE: Final = re.compile(rb"<(?:\w+:)?c r=\"([A-Z]{1,3})(\d{1,7})\"")
DENSE: Final = 20_000_000
"""Most cells between the first and the last of a sheet; calamine makes them all, of 24 bytes."""

BEGINNING: Final = re.compile(
    rb"(?:\xef\xbb\xbf)?+\s*+"
    rb"(?:<\?xml(?:(?!encoding)[^<>])*+(?:encoding=[\"'](?i:utf-8)[\"'][^<>]*+)?+>\s*+)?+<\w"
)
"""Of a part in UTF-8."""

UNUSUAL: Final = re.compile(
    rb'<(?!c r="[A-Z]{1,3}\d{1,7}"(?: s="\d*+"| t="(?:s|n|b|str|inlineStr)"| [cv]m="\d*+")*+/?+>'
    rb'|row r="\d{1,7}"(?: (?!r=)[\w:]++="[^<>"]*+")*+/?+>'
    rb"|(?!(?:c|row)[\s/>])/?+\w++(?:[\s>]|/>)|\?xml )"
)
"""What few programs write into a sheet: cells and rows that do not say plainly where they stand,
errors, dates as text, names with prefixes, comments."""

PLACES: Final = re.compile(rb'<(?:c r="([A-Z]{1,3})|row r=")(\d{1,7})"')
MANY_TEXTS: Final = re.compile(rb"uniqueCount\s*+=\s*+[\"']\s*+\+?+\d{7}")
"""Calamine reserves memory for as many as are said to be shared."""

ROWS: Final = re.compile(rb"<(?:\w+:)?row[\s/>]")
CELLS: Final = re.compile(rb"<(?:\w+:)?c[\s/>]")

ODS_TAG: Final = re.compile(rb"<table:(?:table-|covered-table-)(row|cell)\b([^<>]*+)>")
ODS_REPEATED: Final = re.compile(rb'number-(?:rows|columns)-repeated="(\d{1,9})"')
XLSB_ROW: Final = 0
XLSB_CELLS: Final = range(2, 12)
"""Records of cells with a value: numbers, texts, errors, truth values, results of formulas."""

FOOTER: Final = 4_000_000
"""Most bytes of what a Parquet file tells about itself."""

VALUE_BYTES: Final = 16
"""Most bytes of a value that is no text, with what tells whether it is null and in which list."""

BATCH: Final = 10_000
"""Rows of a Parquet file that are looked at at a time."""

SQL_STEPS: Final = 100_000
"""Instructions of SQLite between two looks at the clock."""


class NotAWorkbookError(ValueError):
    """An archive, but no workbook."""


class Watched(io.BytesIO):
    """A file that stops whoever reads it when the time is up."""

    meter: Meter
    unvalued = 0
    """Formulas without a stored value."""

    def read(self, size: int | None = -1, /) -> bytes:
        """Read on, in time."""
        self.meter.tick()
        return super().read(size)


def workbook(data: bytes, meter: Meter) -> Watched:
    """The same workbook without what holds no value: blank cells and rows, parts not needed.

    Formatted but empty cells can be many more than the filled ones.

    Raises
    ------
    NotAWorkbookError
        When the archive holds no workbook.
    """
    meter.parts(data.count(b"PK\x01\x02"), ENTRIES)  # before each becomes an object
    slim = Watched()
    slim.meter = meter
    with (
        zipfile.ZipFile(io.BytesIO(data)) as package,
        zipfile.ZipFile(slim, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as kept,
    ):
        entries = package.infolist()
        if not any(entry.filename.startswith("xl/") for entry in entries):
            raise NotAWorkbookError
        needed = {e.filename: e for e in entries if NEEDED.fullmatch(e.filename)}
        if any(e.compress_type not in PACKINGS for e in needed.values()):
            raise ValueError("packed as no spreadsheet program does")
        meter.unpacked(sum(entry.file_size for entry in needed.values()))
        tags = 0
        for name, entry in needed.items():
            with package.open(entry) as packed, kept.open(name, "w") as told:
                for piece in _sheet(packed, meter) if SHEETS.match(name) else _part(packed, meter):
                    slim.unvalued += len(UNVALUED.findall(piece))
                    tags += piece.count(b"<")
                    meter.parts(tags)
                    told.write(piece)
    return slim


def _part(packed: IO[bytes], meter: Meter) -> Iterator[bytes]:
    """A part as it is, with no more tags than it may have."""
    tags = sheets = 0
    most = TEXTS if "sharedstrings" in str(packed.name).lower() else SMALL
    while piece := packed.read(PIECE):
        meter.tick()
        if not tags and DEFINITIONS.search(piece):
            raise ValueError("definitions in XML")
        tags += piece.count(b"<")
        sheets += len(SHEET.findall(piece))
        meter.parts(tags, most)
        meter.parts(sheets, MOST_SHEETS)
        yield piece


def _sheet(packed: IO[bytes], meter: Meter) -> Iterator[bytes]:
    """A sheet without its blank cells and rows; of what comes after the rows, cells merged in them.

    Those that are merged over columns alone are left out too.
    """
    rows = cells = tags = 0
    rest, end = b"", None
    while not end and (piece := packed.read(PIECE)):
        meter.tick()
        whole, rest = _tags_whole(rest + piece)
        if not tags and DEFINITIONS.search(whole):
            raise ValueError("definitions in XML")
        end = END.search(whole)
        filled = BLANK_ROWS.sub(b"", BLANK_CELLS.sub(b"", whole[: end.end()] if end else whole))
        rows += len(ROWS.findall(filled))
        cells += len(CELLS.findall(filled))
        tags += filled.count(b"<")
        meter.shape(rows, 1, cells=cells)
        meter.parts(tags, SMALL + 4 * rows + CELL_TAGS * cells)
        yield filled
    if not end:
        yield rest
        return
    prefix, merged, rest = end[1] or b"", [], whole[end.end() :] + rest
    while rest:
        found = MERGED.findall(rest)
        merged += [(a, int(b), c, int(d)) for a, b, c, d in found if int(b) < int(d)]
        meter.parts(len(merged), SMALL)
        meter.tick()
        piece = packed.read(PIECE)
        rest = rest[-TAG:] + piece if piece else b""
    told = [b'<%smergeCell ref="%s%d:%s%d"/>' % (prefix, *cells) for cells in dict.fromkeys(merged)]
    yield b"<%smergeCells>%s</%smergeCells>" % (prefix, b"".join(told), prefix) if told else b""
    yield b"</%sworksheet>" % prefix


def merged(slim: Watched, part: str) -> list[Spread]:
    """Cells of a sheet of a slim workbook that are merged over rows."""
    with zipfile.ZipFile(io.BytesIO(slim.getvalue())) as package:
        found = MERGED.findall(package.read(part.lstrip("/")))
    return [
        ((int(top) - 1, _column(left) - 1), (int(bottom) - 1, _column(right) - 1))
        for left, top, right, bottom in found
    ]


def _tags_whole(text: bytes) -> tuple[bytes, bytes]:
    """What ends before a tag that is cut off, and the beginning of that tag."""
    begun = text.rfind(b"<")
    if begun <= text.rfind(b">"):
        return text, b""
    if len(text) - begun > PIECE:  # parsers begin anew with every piece of a long one
        raise ValueError("a tag is too long")
    return text[:begun], text[begun:]


def extent(slim: Watched, meter: Meter) -> None:
    """Refuse a slim workbook with a sheet whose filled cells lie too far apart."""
    with zipfile.ZipFile(io.BytesIO(slim.getvalue())) as package:
        for name in filter(SHEETS.match, package.namelist()):
            meter.tick()
            meter.limit("file_cells", _between(WHERE.findall(package.read(name))), DENSE)


def is_plain(slim: Watched, meter: Meter) -> bool:
    """Whether a slim workbook is known to be hardly larger when all cells and texts are made.

    All cells: those between the first and the last; all texts: one for each cell that shares it.
    """
    between = filled = longest = 0
    with zipfile.ZipFile(io.BytesIO(slim.getvalue())) as package:
        for name in package.namelist():
            part = package.read(name)
            meter.tick()
            if not BEGINNING.match(part):
                return False
            if SHEETS.match(name):
                if UNUSUAL.search(part):
                    return False
                between += _between(PLACES.findall(part))
                filled += part.count(b"<c ")
            elif b"sheetData" in part or MANY_TEXTS.search(part):
                return False
            elif "sharedstrings" in name.lower():
                longest = max(map(len, part.split(b"<si")))
    return between <= meter.bounds.cells and filled * longest <= meter.bounds.characters


def _between(places: Collection[tuple[bytes, bytes]]) -> int:
    """How many cells there are from the first of a sheet to the last of these; "" is a row."""
    right = 0
    for letters in {letters for letters, _ in places}:
        right = max(right, _column(letters))
    return right * max((int(digits) for _, digits in places), default=0)


def _column(letters: bytes) -> int:
    """Number of a column by its letters, from 1 on."""
    column = 0
    for letter in letters:
        column = 26 * column + letter - 64
    return column


def open_document(data: bytes, meter: Meter) -> None:
    """Refuse an ODS file whose sheets hold too much, cells and rows as often as they are repeated.

    Raises
    ------
    zipfile.BadZipFile
        As ``archive``.
    """
    with _packed(data, meter) as package, package.open("content.xml") as packed:
        rest, row_repeats, filled, pending, cells = b"", 1, 0, 0, 0
        while piece := packed.read(PIECE):
            meter.tick()
            whole, rest = _tags_whole(rest + piece)
            for kind, told in ODS_TAG.findall(whole):
                if kind == b"row":
                    row_repeats, filled, pending = _repeats(told), 0, 0
                    continue
                pending += _repeats(told)
                if b"office:value-type" in told:
                    cells += row_repeats * (pending - filled)
                    filled = pending
                    meter.limit("file_cells", cells, DENSE)


def _repeats(told: bytes) -> int:
    found = ODS_REPEATED.search(told)
    return int(found[1]) if found else 1


def binary_workbook(data: bytes, meter: Meter) -> None:
    """Refuse an XLSB file with a sheet whose filled cells lie too far apart.

    Raises
    ------
    zipfile.BadZipFile
        As ``archive``.
    """
    with _packed(data, meter) as package:
        for name in filter(SHEETS.match, package.namelist()):
            bottom = right = 0
            for kind, record in _records(package.read(name), meter):
                if kind == XLSB_ROW:
                    row = int.from_bytes(record[:4], "little") + 1
                elif kind in XLSB_CELLS:
                    bottom = max(bottom, row)
                    right = max(right, int.from_bytes(record[:4], "little") + 1)
            meter.limit("file_cells", bottom * right, DENSE)


def _records(data: bytes, meter: Meter) -> Iterator[tuple[int, bytes]]:
    """Records of a part of an XLSB file: kind and content ([MS-XLSB] 2.1.4)."""
    at = count = 0
    while at < len(data):
        count += 1
        if count % BATCH == 0:
            meter.tick()
        kind = data[at]
        if kind & 0x80:
            kind = (kind & 0x7F) | (data[at + 1] & 0x7F) << 7
            at += 1
        at += 1
        length = shift = 0
        while True:
            byte = data[at]
            length |= (byte & 0x7F) << shift
            shift, at = shift + 7, at + 1
            if not byte & 0x80 or shift == 28:
                break
        yield kind, data[at : at + length]
        at += length


@contextmanager
def archive(data: bytes, meter: Meter) -> Iterator[zipfile.ZipFile]:
    """An archive of not too many files, packed as the programs of offices do.

    Raises
    ------
    zipfile.BadZipFile
        When it is none, or packed otherwise.
    """
    meter.parts(data.count(b"PK\x01\x02"), ENTRIES)  # before each becomes an object
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        if any(entry.compress_type not in PACKINGS for entry in package.infolist()):
            raise zipfile.BadZipFile("packed as no program of offices does")
        yield package


@contextmanager
def _packed(data: bytes, meter: Meter) -> Iterator[zipfile.ZipFile]:
    """An archive that does not unpack to too much."""
    with archive(data, meter) as package:
        meter.unpacked(sum(entry.file_size for entry in package.infolist()))
        yield package


def unpacked(data: bytes, meter: Meter, suffixes: Collection[str]) -> dict[str, bytes]:
    """Files of an archive whose names end so, in any folder of it.

    Raises
    ------
    zipfile.BadZipFile
        As ``archive``.
    """
    with _packed(data, meter) as package:
        names = [n for n in package.namelist() if n.lower().endswith(tuple(suffixes))]
        return {name: package.read(name) for name in names if not name.startswith("__MACOSX")}


def contents(data: bytes, meter: Meter) -> list[str]:
    """Names of the files in an archive."""
    meter.parts(data.count(b"PK\x01\x02"), ENTRIES)
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return package.namelist()


def geopackage(
    data: bytes, meter: Meter, *, layer: str | None = None, columns: Collection[str] | None = None
) -> None:
    """Refuse a GeoPackage of too many layers, or one whose ``layer`` holds too much.

    ``columns`` are those that will be read, beside the geometry; None is all of them. What is
    worked out while it is read is refused: it may answer the next reader otherwise. The type that
    ``sqlite_master`` tells is not asked, for the file can say what it likes there.
    """
    with _database(data, meter) as database:
        (count,) = database.execute("SELECT count(*) FROM sqlite_master").fetchone()
        meter.parts(count, ENTRIES)
        views = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'view'"
        _refuse_computed(database.execute(views).fetchone(), meter)
        if layer is None:
            return
        made = "SELECT name FROM pragma_table_xinfo(?) WHERE hidden"
        _refuse_computed(database.execute(made, [layer]).fetchone(), meter)
        found = database.execute(f"SELECT * FROM {_quoted(layer)} LIMIT 0").description  # noqa: S608
        names = [name for name, *_ in found]
        if columns is not None:
            query = "SELECT column_name FROM gpkg_geometry_columns WHERE table_name = ?"
            shapes = {name for (name,) in database.execute(query, [layer])}
            names = [name for name in names if name in columns or name in shapes]
        meter.shape(0, len(names))
        some = f"(SELECT * FROM {_quoted(layer)} LIMIT {meter.bounds.rows + 1})"  # noqa: S608
        (rows,) = database.execute(f"SELECT count(*) FROM {some}").fetchone()  # noqa: S608
        meter.shape(rows, len(names))
        for name in names:
            query = f"SELECT total(length({_quoted(name)})) FROM {some}"  # noqa: S608
            meter.text(int(database.execute(query).fetchone()[0]))


def _refuse_computed(found: tuple[str] | None, meter: Meter) -> None:
    """Refuse a file with a view, or a layer with a column that is worked out."""
    if found:
        raise DataError([Issue("layer_computed", meter.name, value=found[0])])


@contextmanager
def _database(data: bytes, meter: Meter) -> Iterator[sqlite3.Connection]:
    """A database in memory that ends when the time is up and makes no long value."""
    if data[18:20] == b"\x02\x02":  # in the mode of a journal beside the file, which is not here
        data = data[:18] + b"\x01\x01" + data[20:]
    with closing(sqlite3.connect(":memory:")) as database:
        database.deserialize(data)
        database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, meter.bounds.characters)
        database.execute("PRAGMA trusted_schema = OFF")
        database.set_progress_handler(meter.is_over, SQL_STEPS)
        try:
            yield database
        except sqlite3.DataError:  # the limit of length
            meter.text(meter.bounds.characters + 1)
            raise
        except sqlite3.OperationalError:
            meter.tick()
            raise


def _quoted(name: str) -> str:
    """Name of a table or column; no parameter of a query can be one."""
    return '"' + name.replace('"', '""') + '"'


def parquet_contents(data: bytes, meter: Meter) -> pq.ParquetFile:
    """What a Parquet file tells about itself, if it does so in few words."""
    (footer,) = struct.unpack("<I", data[-8:-4])
    meter.parts(min(footer, len(data)), FOOTER)
    return pq.ParquetFile(io.BytesIO(data))


def parquet(data: bytes, meter: Meter, *, columns: Collection[str] | None = None) -> None:
    """Refuse a Parquet file that holds too much; ``columns`` as in ``geopackage``."""
    about = parquet_contents(data, meter)
    content, schema = about.metadata, about.schema
    wanted = [name for name in about.schema_arrow.names if columns is None or name in columns]
    leaves = [
        i for i in range(len(schema)) if schema.column(i).path.partition(".")[0] in set(wanted)
    ]
    meter.shape(content.num_rows, len(leaves))
    most_mb = (meter.bounds.characters + VALUE_BYTES * meter.bounds.cells) / MB
    cells = count = 0
    for group in (content.row_group(i) for i in range(content.num_row_groups)):
        for leaf in leaves:
            # Only texts of one length have that; all of them are made anew for each row.
            length = max(schema.column(leaf).length or 0, 0)
            for page in pages(data, group.column(leaf)):
                count += 1
                cells += 0 if page.is_dictionary else page.values  # a list has more than one a row
                meter.parts(count, SMALL)
                meter.shape(0, 1, cells=max(cells, page.values))
                meter.unpacked(page.unpacked, most_mb)
                meter.text(page.values * length)
            meter.tick()
    # As codes of a dictionary the same long text takes no room for each row that has it.
    texts = [
        schema.column(i).path for i in leaves if schema.column(i).physical_type == "BYTE_ARRAY"
    ]
    packed = pq.ParquetFile(io.BytesIO(data), read_dictionary=texts)
    owners = list(dict.fromkeys(path.partition(".")[0] for path in texts))
    for group in range(content.num_row_groups if owners else 0):
        # Nested texts are not read across groups of rows.
        for batch in packed.iter_batches(BATCH, row_groups=[group], columns=owners):
            meter.tick()
            for column in batch.columns:
                meter.text(_length(column))


def _length(values: pa.Array) -> int:
    """Bytes of the texts of an array, as often as they occur."""
    if isinstance(values, pa.DictionaryArray):
        lengths = pc.fill_null(pc.binary_length(values.dictionary), 0)
        return pc.sum(lengths.cast(pa.int64()).take(values.indices)).as_py() or 0
    if isinstance(values, pa.StructArray):
        return sum(_length(part) for part in values.flatten())
    if isinstance(values, pa.ListArray | pa.LargeListArray | pa.MapArray):
        return _length(values.flatten())
    if pa.types.is_string(values.type) or pa.types.is_binary(values.type):
        return pc.sum(pc.binary_length(values).cast(pa.int64())).as_py() or 0
    return int(values.nbytes)
