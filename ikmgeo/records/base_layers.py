"""Layers of the base map in the store, one of each kind for everyone: every save is a new version.

What is kept of a file is the layer as it was read, not the file: an extract of OpenStreetMap may
have hundreds of MB.
"""

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final
from uuid import uuid4

import geopandas as gpd
import sqlalchemy as sa

from ikmgeo.errors import DataError, Issue
from ikmgeo.measures.roads import RoadNetwork, road_network
from ikmgeo.reading.base import LAYERS, ORIENTATION, ROADS, BaseMap, Origin, Read
from ikmgeo.reading.orientation import OPENSTREETMAP, Orientation
from ikmgeo.reading.texts import is_seen, printable, seen
from ikmgeo.records.assessments import check_saver
from ikmgeo.records.lists import NAME_LENGTH
from ikmgeo.records.store import Store, in_utc
from ikmgeo.vocabulary import BASE_KINDS

ATTRIBUTION_LENGTH: Final = 300
"""Most characters of the source and licence of a layer."""

_TABLES: Final = sa.MetaData()
VERSIONS: Final = sa.Table(
    "base_layers",
    _TABLES,
    sa.Column("kind", sa.String(16), primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("content_id", sa.String(36), nullable=False),
    sa.Column("file_name", sa.Text, nullable=False),
    sa.Column("attribution", sa.Text, nullable=False),
    sa.Column("layer", sa.Text, nullable=False),
    sa.Column("found", sa.Integer, nullable=False),
    sa.Column("total", sa.Integer, nullable=False),
    sa.Column("hidden", sa.Boolean, nullable=False),
    sa.Column("saved_by", sa.Text, nullable=False),
    sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
)
CONTENTS: Final = sa.Table(
    "base_contents",
    _TABLES,
    sa.Column("content_id", sa.String(36), primary_key=True),
    sa.Column("tables", sa.LargeBinary, nullable=False),
)
TEXTS: Final = ("kind", "content_id", "file_name", "attribution", "layer", "saved_by")
"""Columns of text; SQLite lets a cell of any column hold anything."""


@dataclass(frozen=True, kw_only=True)
class BaseLayer:
    """One version of a layer, without what it holds.

    Parameters
    ----------
    kind
        Of ``vocabulary.BASE_KINDS``.
    file_name
        Of the file that it came with.
    attribution
        Whose data it is, and the licence, as somebody typed it.
    layer
        The layer of the file that was read.
    found, total
        As of ``reading.base.Read``.
    version
        1 and up; 0 before the save.
    content_id
        Where its tables are; versions that go back to an earlier one share them.
    hidden
        Whether this version puts the shipped layer back in its place.
    saved_by, saved_at
        Who saved this version, and when, UTC; None before the save.
    """

    kind: str
    file_name: str
    attribution: str
    layer: str = ""
    found: int = 0
    total: int = 0
    version: int = 0
    content_id: str = ""
    hidden: bool = False
    saved_by: str = ""
    saved_at: datetime | None = None

    @classmethod
    def of(cls, read: Read, file_name: str, attribution: str) -> "BaseLayer":
        """A layer as it was read, before it is saved."""
        return cls(
            kind=read.kind,
            file_name=file_name,
            attribution=attribution,
            layer=read.layer,
            found=read.found,
            total=read.total,
        )


def save(
    store: Store, brought: Mapping[BaseLayer, Mapping[str, gpd.GeoDataFrame]]
) -> list[BaseLayer]:
    """Put layers in the place of those that are in use, all or none, and return them as stored.

    Raises
    ------
    DataError
        ``attribution_invalid``, what is wrong with ``saved_by``, or why the store did not answer.
    """
    return _appended(store, [_checked(new, tables) for new, tables in brought.items()])


def _checked(
    new: BaseLayer, tables: Mapping[str, gpd.GeoDataFrame]
) -> tuple[BaseLayer, Mapping[str, Any]]:
    """A layer with its texts in order, and the content that it refers to."""
    text = " ".join(printable(new.attribution).split())
    if not text or len(text) > ATTRIBUTION_LENGTH or not is_seen(text):
        told: dict[str, object] = {"most": ATTRIBUTION_LENGTH}
        raise DataError([Issue("attribution_invalid", new.file_name, expected=told)])
    content_id = str(uuid4())
    content = {"content_id": content_id, "tables": packed(tables)}
    new = replace(
        new,
        attribution=text,
        file_name=seen(printable(new.file_name))[:NAME_LENGTH],
        layer=seen(printable(new.layer))[:NAME_LENGTH],
        content_id=content_id,
        hidden=False,
    )
    return new, content


def restore(
    store: Store, kind: str, version: int, by: str, *, hidden: bool = False, last: int | None = None
) -> BaseLayer:
    """Save a version that equals an earlier one, or puts it away.

    ``last`` is the newest version that whoever asks has seen.

    Raises
    ------
    DataError
        ``version_unknown``, ``base_changed`` when there is a newer one than ``last``, what is wrong
        with ``by``, or why the store did not answer.
    """
    versions = history(store, kind)
    if last is not None and versions and versions[-1].version > last:
        raise DataError([Issue("base_changed", versions[-1].file_name)])
    for earlier in versions:
        if earlier.version == version:
            again = replace(earlier, hidden=hidden, saved_by=by)
            return _appended(store, [(again, None)])[0]
    told: dict[str, object] = {"low": 1, "high": len(versions)}
    raise DataError([Issue("version_unknown", store.location, value=str(version), expected=told)])


def latest(store: Store) -> dict[str, BaseLayer]:
    """The layer of each kind that was saved last, by kind, also one that was put away.

    Raises
    ------
    DataError
        Why the store did not answer.
    """
    query = sa.select(VERSIONS).where(VERSIONS.c.kind.in_(BASE_KINDS)).order_by(VERSIONS.c.version)
    with store.reading() as connection:
        rows = [] if connection is None else _rows(store, connection, query)
    return {layer.kind: layer for layer in rows}


def history(store: Store, kind: str) -> list[BaseLayer]:
    """Every version of a layer, oldest first."""
    with store.reading() as connection:
        return [] if connection is None else _rows(store, connection, _history(kind))


def content(store: Store, layer: BaseLayer) -> dict[str, gpd.GeoDataFrame]:
    """Tables of a layer.

    Raises
    ------
    DataError
        ``store_damaged`` when they are gone or something else has written them, or why the store
        did not answer.
    """
    query = sa.select(CONTENTS.c.tables).where(CONTENTS.c.content_id == layer.content_id)
    with store.reading() as connection:
        data = None if connection is None else connection.execute(query).scalar()
    try:
        found = unpacked(data)
        if {*found} != {*(LAYERS if layer.kind == ORIENTATION else (layer.kind,))}:
            raise ValueError("tables of another kind")
        return found
    except Exception as error:  # parsers raise anything on broken bytes
        raise DataError([Issue("store_damaged", store.location)]) from error


def network(url: str | None, layer: BaseLayer, crs: str, default_kmh: float) -> RoadNetwork:
    """Graph of the roads of a layer in the store at an address; for ``reading.worker`` to run.

    Raises
    ------
    DataError
        As ``content`` and ``roads.road_network``.
    """
    lines = content(Store.open(url), layer)[ROADS]
    return road_network(lines, crs=crs, name=layer.file_name, default_kmh=default_kmh)


def base_map(store: Store, layers: Mapping[str, BaseLayer]) -> BaseMap:
    """What the layers hold that are not put away, of roads only where they are from.

    A layer that something else has written is left out, and told.

    Raises
    ------
    DataError
        Why the store did not answer.
    """
    held: dict[str, dict[str, gpd.GeoDataFrame]] = {}
    issues: list[Issue] = []
    used = {kind: layer for kind, layer in layers.items() if not layer.hidden}
    for kind, layer in list(used.items()):
        try:
            held[kind] = {} if kind == ROADS else content(store, layer)
        except DataError as refused:
            if any(issue.code != "store_damaged" for issue in refused.issues):
                raise
            issues.append(Issue("base_damaged", layer.file_name, expected={"kind": kind}))
            del used[kind]
    guide = None
    if shown := used.get(ORIENTATION):
        roads, railways, rivers, towns = (held[ORIENTATION][name] for name in LAYERS)
        of_osm = shown.layer == OPENSTREETMAP and "openstreetmap" in shown.attribution.lower()
        credit = (OPENSTREETMAP if of_osm else shown.attribution,)
        guide = Orientation(roads, railways, rivers, towns, credit)
    return BaseMap(
        {kind: held[kind][kind] for kind in used if kind not in (ROADS, ORIENTATION)},
        guide,
        {kind: Origin(layer.file_name, layer.attribution) for kind, layer in used.items()},
        tuple(issues),
    )


def packed(tables: Mapping[str, gpd.GeoDataFrame]) -> bytes:
    """Tables as GeoParquet, which any program can read and none can run."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, table in tables.items():
            part = io.BytesIO()
            table.to_parquet(part, compression="zstd")
            archive.writestr(name, part.getvalue())
    return buffer.getvalue()


def unpacked(data: bytes | None) -> dict[str, gpd.GeoDataFrame]:
    """Tables as ``packed`` wrote them.

    Raises
    ------
    Exception
        When something else has written them.
    """
    with zipfile.ZipFile(io.BytesIO(data or b"")) as archive:
        return {
            name: gpd.read_parquet(io.BytesIO(archive.read(name)))  # type: ignore[arg-type]
            for name in archive.namelist()
        }


def _appended(
    store: Store, layers: Sequence[tuple[BaseLayer, Mapping[str, Any] | None]]
) -> list[BaseLayer]:
    for new, _ in layers:
        check_saver(new.saved_by, file=store.location)

    def insert(connection: sa.Connection) -> list[BaseLayer]:
        kept = []
        for new, content in layers:
            last = _rows(store, connection, _history(new.kind))[-1:]
            number = last[0].version + 1 if last else 1
            if content:
                connection.execute(sa.insert(CONTENTS).values(content))
            row = asdict(new) | {"version": number, "saved_at": datetime.now(UTC)}
            connection.execute(sa.insert(VERSIONS).values(row))
            kept.append(BaseLayer(**row))
        return kept

    return store.appended(insert)


def _history(kind: str) -> sa.Select[Any]:
    return sa.select(VERSIONS).where(VERSIONS.c.kind == kind).order_by(VERSIONS.c.version)


def _rows(store: Store, connection: sa.Connection, query: sa.Select[Any]) -> list[BaseLayer]:
    try:
        return [_layer(dict(row)) for row in connection.execute(query).mappings()]
    except (ValueError, TypeError) as error:  # a cell that something else has written
        raise DataError([Issue("store_damaged", store.location)]) from error


def _layer(cells: dict[str, Any]) -> BaseLayer:
    if not all(isinstance(cells[name], str) for name in TEXTS):
        raise ValueError("a cell of another form")
    return BaseLayer(**cells | {"saved_at": in_utc(cells["saved_at"])})
