"""The store of assessments on a real PostgreSQL server, which the tests start themselves."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
import sqlalchemy as sa

from ikmgeo.errors import DataError
from ikmgeo.measures.composite import Weights
from ikmgeo.records.assessments import Assessment
from ikmgeo.records.groups import board, join, rejoin, weigh
from ikmgeo.records.store import VERSIONS, Store, _row
from tests.rated import ASPECTS
from tests.test_lists import Keeping
from tests.test_store import Behaviour, assessment, code

PASSWORD = "s3cret%/@:"


@dataclass(frozen=True)
class Server:
    """A running server: its folder, its port on loopback and how to run its programs."""

    folder: Path
    port: int
    programs: Path

    def run(self, program: str, *arguments: str) -> None:
        """Run one of PostgreSQL's programs, not as root: it would refuse."""
        options = {}
        if os.geteuid() == 0:
            user = unprivileged()
            options = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        done = subprocess.run(
            [str(self.programs / program), *arguments],
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
            check=False,
            **options,
        )
        if done.returncode:
            log = self.folder / "log"
            told = log.read_text(errors="replace") if log.exists() else ""
            raise RuntimeError(f"{program}: {done.stdout}{told}")

    def start(self) -> None:
        """Start the server and wait until it answers."""
        settings = f"-c listen_addresses=127.0.0.1 -c port={self.port} -c fsync=off"
        settings += f" -c unix_socket_directories={self.folder}"
        data, log = str(self.folder / "data"), str(self.folder / "log")
        self.run("pg_ctl", "start", "-w", "-D", data, "-l", log, "-o", settings)

    def stop(self) -> None:
        """Stop the server, whoever is connected."""
        self.run("pg_ctl", "stop", "-w", "-m", "immediate", "-D", str(self.folder / "data"))

    def url(self, database: str, *, user: str = "planner") -> str:
        """Where ``Store.open`` finds a database."""
        return sa.URL.create(
            "postgresql", user, PASSWORD, "127.0.0.1", self.port, database
        ).render_as_string(hide_password=False)

    def administer(self, *statements: str, database: str = "postgres") -> None:
        """Run statements as the owner of the server."""
        url = self.url(database)
        with psycopg.connect(url, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)


def unprivileged() -> pwd.struct_passwd:
    """The account of Debian's package, or one that every system has."""
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise RuntimeError("there is no account to run PostgreSQL as")


def programs() -> Path:
    """Folder of PostgreSQL's programs; Debian keeps them out of the search path."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))
    found = shutil.which("pg_ctl") or (debian and debian[-1])
    if not found:
        raise RuntimeError("pg_ctl is not installed (Debian: apt-get install postgresql)")
    return Path(found).resolve().parent


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    # Not in pytest's folder: only its owner may enter there, and a socket's path must be short.
    with tempfile.TemporaryDirectory(
        prefix="postgres-", dir="/tmp", ignore_cleanup_errors=True
    ) as f:
        folder = Path(f)
        try:
            server = started(folder)
        except (RuntimeError, OSError, subprocess.SubprocessError) as error:
            if os.environ.get("CI"):
                pytest.fail(f"PostgreSQL could not be started: {error}")
            pytest.skip(f"PostgreSQL could not be started: {str(error).splitlines()[0]}")
        yield server
        server.stop()


def started(folder: Path) -> Server:
    """A new server with one user, who must give a password."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = Server(folder, port, programs())
    password = folder / "password"
    password.write_text(PASSWORD)
    if os.geteuid() == 0:
        user = unprivileged()
        for path in (folder, password):
            os.chown(path, user.pw_uid, user.pw_gid)
    server.run(
        *("initdb", "-D", str(folder / "data"), "-U", "planner", "--no-sync"),
        *("--auth=scram-sha-256", f"--pwfile={password}", "--encoding=UTF8", "--locale=C"),
    )
    server.start()
    return server


@pytest.fixture
def url(server: Server) -> Iterator[str]:
    """An empty database of its own for each test."""
    name = f"t{uuid4().hex}"
    server.administer(f"CREATE DATABASE {name}")
    yield server.url(name)
    server.administer(f"DROP DATABASE {name} WITH (FORCE)")


class TestPostgresql(Behaviour):
    """The rules for every database, with PostgreSQL."""


class TestListsInPostgresql(Keeping):
    """The rules for lists of centers, with PostgreSQL."""


def test_it_is_the_server_that_is_tested(url: str) -> None:
    store = Store.open(url)
    store.save(assessment())
    with store.engine.connect() as connection:
        version = connection.execute(sa.text("SELECT version()")).scalar_one()
    assert version.startswith("PostgreSQL")
    store.close()


def test_the_location_shows_the_server_but_no_password(server: Server, url: str) -> None:
    name = url.rpartition("/")[2]
    assert Store.open(url).location == f"postgresql://planner@127.0.0.1:{server.port}/{name}"


def test_the_time_of_saving_does_not_follow_the_server_s_zone(server: Server, url: str) -> None:
    name = url.rpartition("/")[2]
    server.administer(f"ALTER DATABASE {name} SET timezone TO 'Asia/Jakarta'")
    store = Store.open(url)
    before = datetime.now(UTC)
    saved = store.save(assessment())
    assert saved.saved_at is not None
    assert before <= saved.saved_at <= datetime.now(UTC)
    assert str(saved.saved_at.tzinfo) == "UTC"
    assert store.latest() == [saved]
    store.close()


def test_two_that_chose_the_same_number_both_keep_their_version(url: str) -> None:
    store, other = Store.open(url), Store.open(url, busy_s=60)
    start = store.save(assessment())
    other.latest()
    second: list[Assessment] = []
    thread = threading.Thread(target=lambda: second.append(other.save(start)))
    with store.engine.begin() as connection:
        row = _row(replace(start, comment="first"), 2)
        connection.execute(sa.insert(VERSIONS).values(row))
        thread.start()  # it too sees no version 2, and must wait for the end of this one
        thread.join(0.5)
        assert second == []
    thread.join()
    assert [a.comment for a in store.history(start.assessment_id)] == ["", "first", ""]
    assert [(a.version, a.crossed) for a in second] == [(3, True)]
    store.close()
    other.close()


def test_a_server_that_has_gone_is_reported_and_found_again(server: Server, url: str) -> None:
    store = Store.open(url)
    saved = store.save(assessment())
    server.stop()
    try:
        for use in (store.latest, lambda: store.save(saved), Store.open(url).migrate):
            with pytest.raises(DataError) as error:
                use()
            assert code(error) == "store_unavailable"
            assert PASSWORD not in f"{error.value} {error.value.__cause__!r}"
    finally:
        server.start()
    assert store.latest() == [saved]
    server.stop()
    server.start()
    assert store.save(saved).version == 2  # over a restart that nobody noticed
    store.close()


@pytest.mark.parametrize(
    "change",
    [
        {"password": "wrong"},
        {"database": "nowhere"},
        {"username": "nobody"},
        {"port": 1},
        {"host": "host.invalid"},
        {"query": {"no_such_option": "1"}},
    ],
)
def test_a_server_that_cannot_be_used_is_reported(url: str, change: dict[str, Any]) -> None:
    store = Store.open(sa.make_url(url).set(**change).render_as_string(hide_password=False))
    with pytest.raises(DataError) as error:
        store.latest()
    assert code(error) == "store_unavailable"
    assert PASSWORD not in f"{error.value} {error.value.__cause__!r}"


def test_who_may_only_read_is_told(server: Server, url: str) -> None:
    owner = Store.open(url)
    saved = owner.save(assessment())
    name = url.rpartition("/")[2]
    reader = f"r{uuid4().hex}"
    server.administer(
        f"CREATE USER {reader} PASSWORD '{PASSWORD}'",
        f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {reader}",
        database=name,
    )
    store = Store.open(server.url(name, user=reader))
    assert store.latest() == [saved]
    with pytest.raises(DataError) as error:
        store.save(saved)
    assert code(error) == "store_read_only"
    store.close()
    owner.close()
    server.administer(f"DROP OWNED BY {reader}", f"DROP USER {reader}", database=name)


def test_who_may_not_make_the_table_is_told(server: Server, url: str) -> None:
    reader = f"r{uuid4().hex}"
    name = url.rpartition("/")[2]
    server.administer(f"CREATE USER {reader} PASSWORD '{PASSWORD}'")
    store = Store.open(server.url(name, user=reader))
    with pytest.raises(DataError) as error:
        store.latest()
    assert code(error) == "store_read_only"
    store.close()
    server.administer(f"DROP USER {reader}")


def test_a_server_set_to_read_only_is_reported(server: Server, url: str) -> None:
    store = Store.open(url)
    saved = store.save(assessment())
    store.close()
    name = url.rpartition("/")[2]
    server.administer(f"ALTER DATABASE {name} SET default_transaction_read_only TO on")
    assert store.latest() == [saved]
    with pytest.raises(DataError) as error:
        store.save(saved)
    assert code(error) == "store_read_only"
    store.close()


def test_a_killed_session_leaves_nothing_half_saved(server: Server, url: str) -> None:
    store = Store.open(url)
    saved = store.save(assessment())

    def cut_off() -> None:
        with store.engine.begin() as connection:
            connection.execute(sa.update(VERSIONS).values(comment="half"))
            pid = connection.execute(sa.text("SELECT pg_backend_pid()")).scalar_one()
            server.administer(f"SELECT pg_terminate_backend({pid})")

    with pytest.raises(sa.exc.DBAPIError):
        cut_off()
    assert store.latest() == [saved]
    store.close()


def test_the_notes_of_another_program_s_migrations_stay(server: Server, url: str) -> None:
    name = url.rpartition("/")[2]
    server.administer(
        "CREATE TABLE alembic_version (version_num TEXT)",
        "INSERT INTO alembic_version VALUES ('theirs')",
        database=name,
    )
    store = Store.open(url)
    saved = store.save(replace(assessment(), comment="ours"))
    assert store.latest() == [saved]
    store.close()


def test_groups_work_here_too(url: str) -> None:
    store = Store.open(url)
    north, south = join(store, "Medan", "Utara"), join(store, "Medan", "Selatan")
    weights = Weights.equal(ASPECTS).rebalanced("market", 50)
    assert [weigh(store, north, weights), weigh(store, north, weights)] == [1, 2]
    entered = {entry.name: entry.weights for entry in board(store, "Medan", ASPECTS)}
    assert entered == {"Utara": weights, "Selatan": None}
    assert rejoin(store, "Medan", "SELATAN", south.code) == south
    with pytest.raises(DataError) as refused:
        join(store, "Medan", "utara")
    assert [issue.code for issue in refused.value.issues] == ["group_taken"]
    store.close()
