"""Assessments kept for good, in SQLite or PostgreSQL: every save is a new version.

Nothing is overwritten or deleted here. SQLite keeps its file whole when a process is killed; a
save that returned is on the disk. Groups and lists of centers are kept in the same database.
"""

import errno
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from copy import copy
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, TypeVar

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError

from ikmgeo.errors import DataError, Issue
from ikmgeo.reading.texts import printable
from ikmgeo.records.assessments import (
    FORM,
    PLAN,
    SCORE_RANGE,
    Assessment,
    changes,
    check,
    check_saver,
    is_id,
)
from ikmgeo.settings import default_store

R = TypeVar("R")

BUSY_S: Final = 10.0
"""Seconds that a save waits for others before it gives up."""

PAUSE_S: Final = 0.02
CONNECT_S: Final = 5
ATTEMPTS: Final = 100
"""Tries to save; each fails only if another process saved the same assessment just then."""

MIGRATION_TABLE: Final = "ikmgeo_migration"
"""Where Alembic notes the revision; under its usual name other programs keep theirs."""

MIGRATION_LOCK: Final = 7_114_207
"""Number of PostgreSQL's lock under which one process migrates while the others wait."""

ALEMBIC: Final = threading.Lock()
"""Alembic keeps the running migration in a global of its own."""

FAILURES: Final = {
    "store_busy": (
        *("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_PROTOCOL"),
        *("40", "55P03", "57014"),
    ),
    "store_read_only": (
        *("SQLITE_READONLY", "SQLITE_PERM"),
        *("25006", "42501"),
        *("EACCES", "EPERM", "EROFS"),
    ),
    "store_full": ("SQLITE_FULL", "53100", "ENOSPC", "EDQUOT"),
    "store_unavailable": ("SQLITE_CANTOPEN", "SQLITE_IOERR", "08", "53", "57P", "58"),
}
"""Beginnings of SQLite's, PostgreSQL's and the system's error names; the first that fits holds."""

TEXTS: Final = ("assessment_id", "center_id", "center_name", "author", "comment", "saved_by")
"""Columns of text; SQLite lets a cell of any column hold anything."""

VERSIONS: Final = sa.Table(
    "assessment_versions",
    sa.MetaData(),
    sa.Column("assessment_id", sa.String(36), primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("base_version", sa.Integer, nullable=False),
    sa.Column("center_id", sa.Text, nullable=False),
    sa.Column("center_name", sa.Text, nullable=False),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("assessed_on", sa.Date, nullable=False),
    sa.Column("scores", sa.JSON, nullable=False),
    sa.Column("indicators", sa.JSON, nullable=False),
    sa.Column("notes", sa.JSON, nullable=False),
    sa.Column("evidence", sa.JSON, nullable=False),
    sa.Column("ratings", sa.JSON, nullable=False),
    sa.Column("actions", sa.JSON, nullable=False),
    sa.Column("comment", sa.Text, nullable=False),
    sa.Column("hidden", sa.Boolean, nullable=False),
    sa.Column("group_id", sa.String(36), nullable=False),
    sa.Column("saved_by", sa.Text, nullable=False),
    sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
)


class Store:
    """The assessments of one database; may be shared by threads.

    Every method raises ``DataError`` with one of the codes of ``FAILURES``, ``store_damaged`` or
    ``store_newer`` when the database does not do its part.

    Parameters
    ----------
    engine
        As ``open`` makes it.
    path
        SQLite's file; None for a server.
    location
        Where the assessments are, to show: without a password.
    busy_s
        Seconds to wait for other writers.

    Attributes
    ----------
    group_id
        Group of a workshop whose assessments these are; empty for those that count everywhere.
    """

    group_id = ""

    def __init__(
        self, engine: sa.Engine, *, path: Path | None, location: str, busy_s: float
    ) -> None:
        """Touch nothing yet: the file appears with the first save."""
        self.engine = engine
        self.path = path
        self.location = location
        self.busy_s = busy_s
        self._migrated = False

    @classmethod
    def open(cls, url: str | None = None, *, busy_s: float = BUSY_S) -> "Store":
        """Store at a URL of SQLAlchemy's form; nothing is read or written yet.

        Parameters
        ----------
        url
            ``sqlite:///path`` or ``postgresql://user:password@host/database``; None for a file in
            the platform's folder of user data.
        busy_s
            Seconds to wait for other writers.

        Raises
        ------
        DataError
            ``store_url_invalid`` when the URL is none of these.
        """
        try:
            parsed = sa.make_url(url) if url else _default_url()
            if parsed.get_backend_name() == "sqlite":
                return cls._sqlite(parsed, busy_s)
            if parsed.drivername.partition("+")[0] in ("postgresql", "postgres"):
                return cls._postgresql(parsed, busy_s)
        except (sa.exc.ArgumentError, ValueError, TypeError):
            pass  # what was wrong with it could hold a password
        raise DataError([Issue("store_url_invalid", "IKMGEO_DATABASE_URL")])

    @classmethod
    def _sqlite(cls, url: sa.URL, busy_s: float) -> "Store":
        if not url.database or url.database.startswith((":memory:", "file:")):
            raise ValueError("assessments need a file to last in")
        path = Path(url.database).expanduser().absolute()
        # A connection kept open would go on writing into a file that was moved or replaced.
        engine = sa.create_engine(
            url.set(drivername="sqlite+pysqlite", database=str(path)),
            poolclass=sa.NullPool,
            hide_parameters=True,
        )

        @sa.event.listens_for(engine, "connect")
        def prepare(connection: Any, _: object) -> None:
            connection.isolation_level = None  # ``begin`` below begins, not Python's sqlite3
            connection.execute(f"PRAGMA busy_timeout = {round(1000 * busy_s)}")
            connection.execute("PRAGMA synchronous = FULL")

        @sa.event.listens_for(engine, "begin")
        def begin(connection: sa.Connection) -> None:
            if statement := connection.get_execution_options().get("begin", "BEGIN"):
                connection.exec_driver_sql(statement)

        return cls(engine, path=path, location=str(path), busy_s=busy_s)

    @classmethod
    def _postgresql(cls, url: sa.URL, busy_s: float) -> "Store":
        engine = sa.create_engine(
            url.set(drivername="postgresql+psycopg"),
            pool_pre_ping=True,
            hide_parameters=True,
            connect_args={"connect_timeout": CONNECT_S},
        )

        @sa.event.listens_for(engine, "connect")
        def prepare(connection: Any, _: object) -> None:
            connection.execute(f"SET lock_timeout = {round(1000 * busy_s)}")
            connection.commit()

        # Neither the password nor the query, which may hold others.
        shown = sa.URL.create(
            "postgresql", url.username, None, url.host, url.port, url.database
        ).render_as_string()
        return cls(engine, path=None, location=shown, busy_s=busy_s)

    def of(self, group_id: str) -> "Store":
        """The same database, limited to the assessments of one group of a workshop."""
        limited = copy(self)
        limited.group_id = group_id
        return limited

    def close(self) -> None:
        """Give the connections back; a later call opens new ones."""
        self.engine.dispose()

    def migrate(self) -> None:
        """Bring the database to this program's revision; several processes may do so at once.

        Raises
        ------
        DataError
            ``store_newer`` when a later ikmgeo has migrated it already.
        """
        with ALEMBIC, self._failures():
            config = Config()
            config.set_main_option("script_location", "ikmgeo.records:migrations")
            script = ScriptDirectory.from_config(config)
            if self.path:
                self.path.parent.mkdir(parents=True, exist_ok=True)
            with self._transaction() as connection:
                current = self._is_current(connection, script)
            if not current:
                self._write_ahead()
                with self._transaction("BEGIN IMMEDIATE") as connection:
                    if not self.path:
                        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(MIGRATION_LOCK)))
                    # Does nothing where another process has just done it.
                    options = {"connection": connection, "version_table": MIGRATION_TABLE}
                    config.attributes["options"] = options
                    command.upgrade(config, "head")
        self._migrated = True

    def _is_current(self, connection: sa.Connection, script: ScriptDirectory) -> bool:
        context = MigrationContext.configure(connection, opts={"version_table": MIGRATION_TABLE})
        revision = context.get_current_revision()
        if revision and revision not in {known.revision for known in script.walk_revisions()}:
            raise DataError([Issue("store_newer", self.location)])
        return revision == script.get_current_head()

    def _write_ahead(self) -> None:
        """Let readers of SQLite go on while somebody saves; the file keeps the setting."""
        give_up = time.monotonic() + self.busy_s
        while self.path:
            try:
                with self._transaction(begin="") as connection:
                    connection.exec_driver_sql("PRAGMA journal_mode = WAL")
                return
            except DBAPIError as error:
                if _failure(error) != "store_busy" or time.monotonic() > give_up:
                    raise
            time.sleep(PAUSE_S)  # to change the mode, SQLite itself does not wait for others

    def save(
        self, assessment: Assessment, *, only: Collection[str] = (*FORM, *PLAN), by: str = ""
    ) -> Assessment:
        """Add the next version of an assessment, and return it as stored.

        ``version`` and ``saved_at`` are filled in. What was loaded and changed has the version
        that was loaded as its ``base_version``. Somebody else's version that was saved meanwhile
        stays, one number earlier (see ``Assessment.crossed``).

        Parameters
        ----------
        assessment
            As the writer has it.
        only
            Fields that the writer had before them: the others stay as the newest version has
            them, and to change those does not cross the writer.
        by
            Who saves it; without a name the author.

        Raises
        ------
        DataError
            With every defect of the assessment; ``center_differs`` when its earlier versions are
            of another center, ``assessment_unknown`` when they are of another group.
        """
        check(assessment)
        if by:
            check_saver(by, file=self.location)
        begun = assessment.version or assessment.base_version
        new = replace(assessment, base_version=begun, saved_by=by or assessment.author)

        def following(versions: list[Assessment]) -> Assessment:
            if not versions:
                return new
            newest = versions[-1]
            if newest.center_id != new.center_id:
                expected = {"center_id": newest.center_id}
                issue = Issue(
                    "center_differs", self.location, None, "center_id", new.center_id, expected
                )
                raise DataError([issue])
            kept = {n: getattr(newest, n) for n in (*FORM, *PLAN) if n not in only}
            start = next((v for v in versions if v.version == begun), None)
            passed = start is None or {*changes(start, newest)} & {*only, "hidden"}
            return replace(new, **kept, base_version=begun if passed else newest.version)

        return self._append(assessment.assessment_id, following)

    def latest(
        self, *, include_hidden: bool = False, of_commodities: bool = False
    ) -> list[Assessment]:
        """Newest version of each assessment of a center, or of a commodity, by it and date.

        Hidden ones only on request.
        """
        found = self.latest_of([self.group_id], include_hidden=include_hidden)
        return [a for a in found if a.of_commodity == of_commodities]

    def latest_of(
        self, group_ids: Collection[str], *, include_hidden: bool = False
    ) -> list[Assessment]:
        """As ``latest``, of centers and commodities, and of several groups at once."""
        newest = (
            sa.select(VERSIONS.c.assessment_id, sa.func.max(VERSIONS.c.version).label("version"))
            .group_by(VERSIONS.c.assessment_id)
            .subquery()
        )
        same = (VERSIONS.c.assessment_id == newest.c.assessment_id) & (
            VERSIONS.c.version == newest.c.version
        )
        theirs = VERSIONS.c.group_id.in_(group_ids)
        found = self._read(sa.select(VERSIONS).join(newest, same).where(theirs))
        # Databases sort text by rules of their own.
        found.sort(key=lambda a: (a.center_id, a.assessed_on, a.saved_at, a.assessment_id))
        return [a for a in found if include_hidden or not a.hidden]

    def versions(self) -> list[Assessment]:
        """Every version of every assessment, hidden ones too, by id and number."""
        order = (VERSIONS.c.assessment_id, VERSIONS.c.version)
        mine = VERSIONS.c.group_id == self.group_id
        return self._read(sa.select(VERSIONS).where(mine).order_by(*order))

    def history(self, assessment_id: str) -> list[Assessment]:
        """Every version of an assessment, oldest first; none when it does not exist."""
        found = self._read(_history(assessment_id)) if is_id(assessment_id) else []
        return [version for version in found if version.group_id == self.group_id]

    def restore(self, assessment_id: str, version: int, author: str) -> Assessment:
        """Save a version that equals an earlier one, also in whether it is hidden.

        ``author`` becomes its ``saved_by``; the scoring keeps the name of who made it.

        Raises
        ------
        DataError
            ``assessment_unknown`` or ``version_unknown``.
        """

        def earlier(versions: list[Assessment]) -> Assessment:
            for candidate in versions:
                if candidate.version == version:
                    return candidate
            expected = {"low": 1, "high": versions[-1].version}
            raise DataError(
                [Issue("version_unknown", self.location, None, "version", str(version), expected)]
            )

        return self._repeat(assessment_id, earlier, author)

    def hide(self, assessment_id: str, author: str) -> Assessment:
        """Save a version that is hidden and else as the newest; raises as ``restore``."""
        return self._repeat(assessment_id, lambda found: replace(found[-1], hidden=True), author)

    def show(self, assessment_id: str, author: str) -> Assessment:
        """Undo ``hide`` by a further version; raises as ``restore``."""
        return self._repeat(assessment_id, lambda found: replace(found[-1], hidden=False), author)

    def _repeat(
        self, assessment_id: str, choose: Callable[[list[Assessment]], Assessment], author: str
    ) -> Assessment:
        """Append the version chosen from those there are, saved by ``author``."""

        def following(versions: list[Assessment]) -> Assessment:
            if not versions:
                raise self._unknown(assessment_id)
            chosen = choose(versions)
            # The writer acts on what is newest now, so nobody was passed over.
            return replace(chosen, base_version=versions[-1].version, saved_by=author)

        check_saver(author, file=self.location)
        if not is_id(assessment_id):
            raise self._unknown(assessment_id)
        return self._append(assessment_id, following)

    def _unknown(self, assessment_id: str) -> DataError:
        shown = printable(assessment_id)
        issue = Issue("assessment_unknown", self.location, None, "assessment_id", shown)
        return DataError([issue])

    def _append(
        self, assessment_id: str, following: Callable[[list[Assessment]], Assessment]
    ) -> Assessment:
        """Insert what ``following`` makes of the versions there are, as the next version."""

        def insert(connection: sa.Connection) -> Assessment:
            versions = self._rows(connection, _history(assessment_id))
            if versions and versions[0].group_id != self.group_id:
                raise self._unknown(assessment_id)
            version = versions[-1].version + 1 if versions else 1
            row = _row(following(versions), version) | {"group_id": self.group_id}
            connection.execute(sa.insert(VERSIONS).values(row))
            return self._rows(connection, _history(assessment_id))[-1]

        return self.appended(insert)

    def appended(self, insert: Callable[[sa.Connection], R]) -> R:
        """Answer of what inserts the next version of something, in a transaction of its own.

        Two processes may choose the same number; the primary key lets one of them through, and
        the other chooses again.
        """
        with self._failures():
            self._prepare()
            for _ in range(ATTEMPTS - 1):
                with suppress(IntegrityError), self._transaction("BEGIN IMMEDIATE") as connection:
                    return insert(connection)
            with self._transaction("BEGIN IMMEDIATE") as connection:
                return insert(connection)

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """A transaction that keeps SQLite's other writers out; all of it is saved, or nothing."""
        with self._failures():
            self._prepare()
            with self._transaction("BEGIN IMMEDIATE") as connection:
                yield connection

    @contextmanager
    def reading(self) -> Iterator[sa.Connection | None]:
        """A transaction to read in; None while nothing has ever been saved."""
        with self._failures():
            if self.path and not self.path.exists():
                yield None
                return
            self._prepare()
            with self._transaction() as connection:
                yield connection

    def _read(self, query: sa.Select[Any]) -> list[Assessment]:
        with self.reading() as connection:
            return [] if connection is None else self._rows(connection, query)

    def _rows(self, connection: sa.Connection, query: sa.Select[Any]) -> list[Assessment]:
        try:
            return [_assessment(row) for row in connection.execute(query).mappings()]
        except (ValueError, TypeError) as error:  # a cell that something else has written
            raise DataError([Issue("store_damaged", self.location)]) from error

    def _prepare(self) -> None:
        """Migrate before the first use, and again when SQLite's file has gone."""
        if not self._migrated or (self.path and not self.path.exists()):
            self.migrate()

    def _transaction(self, begin: str = "BEGIN") -> AbstractContextManager[sa.Connection]:
        """Transaction that SQLite begins so: IMMEDIATE keeps other writers out from the start."""
        return self.engine.execution_options(begin=begin).begin()

    @contextmanager
    def _failures(self) -> Iterator[None]:
        try:
            yield
        except (SQLAlchemyError, OSError) as error:
            raise DataError([Issue(_failure(error), self.location)]) from error


def _default_url() -> sa.URL:
    return sa.URL.create("sqlite", database=str(default_store()))


def _failure(error: Exception) -> str:
    """Code of a failure; what the database names otherwise means that its content is not ours."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    number = getattr(cause, "errno", None)
    name = (
        getattr(cause, "sqlite_errorname", None)
        or getattr(cause, "sqlstate", None)
        or errno.errorcode.get(number or 0, "")
    )
    for code, beginnings in FAILURES.items():
        if name.startswith(beginnings):
            return code
    return "store_damaged" if name and not number else "store_unavailable"


def _history(assessment_id: str) -> sa.Select[Any]:
    mine = VERSIONS.c.assessment_id == assessment_id
    return sa.select(VERSIONS).where(mine).order_by(VERSIONS.c.version)


def _row(assessment: Assessment, version: int) -> dict[str, Any]:
    """Cells of a new version."""
    return {
        "assessment_id": assessment.assessment_id,
        "version": version,
        "base_version": assessment.base_version,
        "center_id": assessment.center_id,
        "center_name": assessment.center_name,
        "author": assessment.author,
        "assessed_on": assessment.assessed_on,
        "scores": _floats(assessment.scores),
        "indicators": {a: _floats(named) for a, named in assessment.indicators.items()},
        "notes": dict(assessment.notes),
        "evidence": dict(assessment.evidence),
        "ratings": assessment.ratings,
        "actions": assessment.actions,
        "comment": assessment.comment,
        "hidden": assessment.hidden,
        "saved_by": assessment.saved_by,
        "saved_at": datetime.now(UTC),
    }


def _floats(scores: Mapping[str, float | None]) -> dict[str, float | None]:
    return {name: None if score is None else float(score) for name, score in scores.items()}


def _is_shaped(cells: Mapping[str, Any]) -> bool:
    """Whether the cells that hold JSON, or any text, have the form that ``check`` demanded."""
    return (
        all(isinstance(cells[name], dict) for name in ("indicators", "ratings"))
        and all(_are_scores(named) for named in (cells["scores"], *cells["indicators"].values()))
        and all(
            isinstance(cells[name], dict) and all(isinstance(t, str) for t in cells[name].values())
            for name in ("notes", "evidence")
        )
        and isinstance(cells["actions"], dict | list)
        and all(isinstance(cells[name], str) for name in TEXTS)
    )


def _are_scores(named: object) -> bool:
    low, high = SCORE_RANGE
    return isinstance(named, dict) and all(
        score is None
        or (isinstance(score, int | float) and not isinstance(score, bool) and low <= score <= high)
        for score in named.values()
    )


def _assessment(row: Any) -> Assessment:
    cells = dict(row)
    if not _is_shaped(cells):
        raise ValueError("a cell of another form")
    return Assessment(**cells | {"saved_at": in_utc(cells["saved_at"])})


def in_utc(at: datetime) -> datetime:
    """A time of the database; SQLite drops the zone, PostgreSQL turns it into the session's."""
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
