"""Lists of centers in the store: every save is a new version, and only drafts are ever deleted.

Rows and file of a version stand apart from it: to hide a list, to name it or to go back copies
neither.
"""

from collections.abc import Callable, Collection
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import uuid4

import pandas as pd
import sqlalchemy as sa

from ikmgeo.errors import DataError, Issue
from ikmgeo.reading.bounds import MB
from ikmgeo.reading.texts import is_seen, printable
from ikmgeo.records.assessments import check_saver
from ikmgeo.records.lists import (
    NAME_LENGTH,
    CenterList,
    Content,
    packed,
    unpacked_centers,
    unpacked_file,
)
from ikmgeo.records.store import Store, in_utc
from ikmgeo.vocabulary import DRAFT_DAYS

DRAFTS_MB: Final = 1_000
"""Most that drafts may take together, in MB (1,000,000 bytes); the oldest go first."""

NAMELESS: Final = "–"
"""Who saved a draft: nobody has told their name yet."""

_TABLES: Final = sa.MetaData()
VERSIONS: Final = sa.Table(
    "list_versions",
    _TABLES,
    sa.Column("list_id", sa.String(16), primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("base_version", sa.Integer, nullable=False),
    sa.Column("content_id", sa.String(36), nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("file_name", sa.Text, nullable=False),
    sa.Column("mapping", sa.JSON, nullable=False),
    sa.Column("good", sa.Integer, nullable=False),
    sa.Column("rejected", sa.Integer, nullable=False),
    sa.Column("remark", sa.Text, nullable=False),
    sa.Column("draft", sa.Boolean, nullable=False),
    sa.Column("hidden", sa.Boolean, nullable=False),
    sa.Column("saved_by", sa.Text, nullable=False),
    sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
)
CONTENTS: Final = sa.Table(
    "list_contents",
    _TABLES,
    sa.Column("content_id", sa.String(36), primary_key=True),
    sa.Column("centers", sa.LargeBinary, nullable=False),
    sa.Column("file", sa.LargeBinary, nullable=False),
)
TEXTS: Final = ("list_id", "content_id", "name", "file_name", "remark", "saved_by")
"""Columns of text; SQLite lets a cell of any column hold anything."""

Following = Callable[[list[CenterList]], CenterList]
"""Makes the next version of the versions there are."""


def save(store: Store, new: CenterList, content: Content) -> CenterList:
    """Add the next version of a list, with rows and file, and return it as stored.

    What was loaded and changed has the version that was loaded as its ``base_version``. Somebody
    else's version that was saved meanwhile stays, one number earlier (see ``CenterList.crossed``).
    Drafts that are too old, or too many, go on the way.

    Raises
    ------
    DataError
        ``list_name_invalid``, ``list_name_taken``, what is wrong with ``saved_by``, or why the
        store did not answer.
    """
    begun = new.version or new.base_version
    content_id = str(uuid4())
    written = {"content_id": content_id, **packed(content)}
    if new.draft:
        new = replace(new, saved_by=new.saved_by or NAMELESS)
        purge(store)

    new = replace(new, base_version=begun, content_id=content_id)
    return _appended(store, new.list_id, lambda _: new, written)


def revise(store: Store, list_id: str, by: str, **changes: Any) -> CenterList:
    """Save a version with the rows of the newest: hidden, shown, or under another name.

    Raises
    ------
    DataError
        As ``save``, and ``list_unknown``.
    """
    return _appended(
        store, list_id, lambda v: replace(_newest(store, v, list_id), **changes), by=by
    )


def restore(store: Store, list_id: str, version: int, by: str) -> CenterList:
    """Save a version that equals an earlier one in rows, file and name.

    Raises
    ------
    DataError
        As ``revise``, and ``version_unknown``.
    """

    def earlier(versions: list[CenterList]) -> CenterList:
        newest = _newest(store, versions, list_id)
        for found in versions:
            if found.version == version:
                return replace(found, draft=newest.draft, hidden=newest.hidden)
        expected = {"low": 1, "high": newest.version}
        raise DataError(
            [Issue("version_unknown", store.location, None, "version", str(version), expected)]
        )

    return _appended(store, list_id, earlier, by=by)


def latest(store: Store, drafts: Collection[str] = ()) -> list[CenterList]:
    """Newest version of each list, hidden ones too, by name; of drafts only those that are named.

    Raises
    ------
    DataError
        Why the store did not answer.
    """
    found = _read(store, _newest_where(~VERSIONS.c.draft | VERSIONS.c.list_id.in_(drafts)))
    return sorted(found, key=lambda one: (one.name.casefold(), one.list_id))


def history(store: Store, list_id: str) -> list[CenterList]:
    """Every version of a list, oldest first; none when it does not exist."""
    return _read(store, _history(list_id))


def centers(store: Store, one: CenterList) -> pd.DataFrame:
    """Rows of a version.

    Raises
    ------
    DataError
        ``list_unknown`` when they are gone, or why the store did not answer.
    """
    found: pd.DataFrame = _content(store, one, CONTENTS.c.centers, unpacked_centers)
    return found


def file(store: Store, one: CenterList) -> bytes:
    """The file that a version came with; raises as ``centers``."""
    found: bytes = _content(store, one, CONTENTS.c.file, unpacked_file)
    return found


def purge(store: Store, now: datetime | None = None) -> None:
    """Delete drafts older than ``DRAFT_DAYS``, and the oldest beyond ``DRAFTS_MB``."""
    with store.reading() as connection:
        over = _over(connection, now or datetime.now(UTC)) if connection else []
    if not over:
        return
    theirs = VERSIONS.c.list_id.in_(over)
    with store.writing() as connection:
        contents = sa.select(VERSIONS.c.content_id).where(theirs)
        connection.execute(sa.delete(CONTENTS).where(CONTENTS.c.content_id.in_(contents)))
        connection.execute(sa.delete(VERSIONS).where(theirs))


def _over(connection: sa.Connection, now: datetime) -> list[str]:
    """Ids of the drafts that are to go."""
    size = sa.func.length(CONTENTS.c.centers) + sa.func.length(CONTENTS.c.file)
    total = sa.func.sum(size)
    sizes = (
        sa.select(VERSIONS.c.list_id, total.label("size"))
        .join(CONTENTS, CONTENTS.c.content_id == VERSIONS.c.content_id)
        .group_by(VERSIONS.c.list_id)
        .subquery()
    )
    drafts = _newest_where(VERSIONS.c.draft).join(sizes, sizes.c.list_id == VERSIONS.c.list_id)
    rows = connection.execute(
        drafts.with_only_columns(VERSIONS.c.list_id, VERSIONS.c.saved_at, sizes.c.size).order_by(
            VERSIONS.c.saved_at.desc()
        )
    )
    held, over = 0, []
    for list_id, at, size_of in rows:
        held += size_of
        if held > DRAFTS_MB * MB or in_utc(at) < now - timedelta(days=DRAFT_DAYS):
            over.append(list_id)
    return over


def _appended(
    store: Store,
    list_id: str,
    following: Following,
    content: dict[str, Any] | None = None,
    *,
    by: str = "",
) -> CenterList:
    """Insert what ``following`` makes of the versions there are, with new content if there is."""

    def insert(connection: sa.Connection) -> CenterList:
        versions = _rows(store, connection, _history(list_id))
        new = following(versions)
        if content is None:  # acts on what is newest now, so nobody was passed over
            new = replace(new, base_version=versions[-1].version, saved_by=by)
        _check(store, connection, new)
        if content is not None:
            connection.execute(sa.insert(CONTENTS).values(content))
        number = versions[-1].version + 1 if versions else 1
        row = asdict(new) | {"version": number, "saved_at": datetime.now(UTC)}
        connection.execute(sa.insert(VERSIONS).values(row))
        return _rows(store, connection, _history(list_id))[-1]

    return store.appended(insert)


def _check(store: Store, connection: sa.Connection, new: CenterList) -> None:
    """Refuse a version without a name of its own, or by nobody."""
    check_saver(new.saved_by, file=store.location)
    fits = new.name.strip() and len(new.name) <= NAME_LENGTH and is_seen(new.name)
    if not fits and not new.draft:
        raise _refused("list_name_invalid", new.name, most=NAME_LENGTH)
    if new.draft or new.hidden:
        return
    others = _rows(store, connection, _newest_where(~VERSIONS.c.draft & ~VERSIONS.c.hidden))
    taken = {one.name.casefold() for one in others if one.list_id != new.list_id}
    if new.name.casefold() in taken:
        raise _refused("list_name_taken", new.name)


def _refused(code: str, name: str, **expected: object) -> DataError:
    return DataError([Issue(code, "ikmgeo", value=printable(name)[:80], expected=expected)])


def _newest(store: Store, versions: list[CenterList], list_id: str) -> CenterList:
    """The last of the versions there are.

    Raises
    ------
    DataError
        ``list_unknown`` when there is none.
    """
    if not versions:
        raise _unknown(store, list_id)
    return versions[-1]


def _unknown(store: Store, list_id: str) -> DataError:
    return DataError([Issue("list_unknown", store.location, value=printable(list_id)[:80])])


def _newest_where(condition: sa.ColumnElement[bool]) -> sa.Select[Any]:
    """Newest version of each list where it fulfils a condition."""
    newest = (
        sa.select(VERSIONS.c.list_id, sa.func.max(VERSIONS.c.version).label("version"))
        .group_by(VERSIONS.c.list_id)
        .subquery()
    )
    same = (VERSIONS.c.list_id == newest.c.list_id) & (VERSIONS.c.version == newest.c.version)
    return sa.select(VERSIONS).join(newest, same).where(condition)


def _history(list_id: str) -> sa.Select[Any]:
    mine = VERSIONS.c.list_id == printable(list_id)
    return sa.select(VERSIONS).where(mine).order_by(VERSIONS.c.version)


def _read(store: Store, query: sa.Select[Any]) -> list[CenterList]:
    with store.reading() as connection:
        return [] if connection is None else _rows(store, connection, query)


def _rows(store: Store, connection: sa.Connection, query: sa.Select[Any]) -> list[CenterList]:
    try:
        return [_list(dict(row)) for row in connection.execute(query).mappings()]
    except (ValueError, TypeError) as error:  # a cell that something else has written
        raise DataError([Issue("store_damaged", store.location)]) from error


def _list(cells: dict[str, Any]) -> CenterList:
    shaped = isinstance(cells["mapping"], dict) and isinstance(cells["good"], int)
    if not shaped or not all(isinstance(cells[name], str) for name in TEXTS):
        raise ValueError("a cell of another form")
    return CenterList(**cells | {"saved_at": in_utc(cells["saved_at"])})


def _content(
    store: Store, one: CenterList, column: sa.Column[bytes], unpack: Callable[[bytes], Any]
) -> Any:
    query = sa.select(column).where(CONTENTS.c.content_id == one.content_id)
    with store.reading() as connection:
        data = connection.execute(query).scalar() if connection is not None else None
    if data is None:
        raise _unknown(store, one.list_id)
    try:
        return unpack(data)
    except (ValueError, TypeError) as error:
        raise DataError([Issue("store_damaged", store.location)]) from error
