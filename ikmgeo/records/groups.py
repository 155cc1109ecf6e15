"""Groups of a workshop and their weights, kept in the store; no group writes over another."""

import logging
import math
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from ikmgeo.errors import DataError, Issue
from ikmgeo.measures.composite import Weights
from ikmgeo.reading.texts import printable
from ikmgeo.records.store import Store
from ikmgeo.vocabulary import NAME_LENGTH

LOG: Final = logging.getLogger("ikmgeo")
MOST_GROUPS: Final = 60
"""Groups of one workshop; more would fit no table."""

MOST_WORKSHOPS: Final = 30
"""New workshops within a day, on the whole installation: nobody fills the store by opening them."""

DAY: Final = timedelta(days=1)
FREE_GUESSES: Final = 3
MOST_WAIT_S: Final = 30
"""From one address, each wrong code after the free ones doubles the wait, up to this."""

FREE_IN_ALL: Final = 30
MOST_WAIT_IN_ALL_S: Final = 5
"""The same from all addresses together, and so short that nobody is kept out of their group."""

FORGOTTEN_S: Final = 900
"""A wrong code counts for so long."""

CODE_LENGTH: Final = 6
CODE_SIGNS: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Signs of a code, none like another on a screen: a thousand million codes."""

_TABLES: Final = sa.MetaData()
GROUPS: Final = sa.Table(
    "workshop_groups",
    _TABLES,
    sa.Column("workshop", sa.Text, primary_key=True),
    sa.Column("name_key", sa.Text, primary_key=True),
    sa.Column("group_id", sa.String(36), nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("code", sa.String(8), nullable=False),
    sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
)
WEIGHTS: Final = sa.Table(
    "group_weights",
    _TABLES,
    sa.Column("group_id", sa.String(36), primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("weights", sa.JSON, nullable=False),
    sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
)

GUESSES: Final = sa.Table(
    "code_guesses",
    _TABLES,
    sa.Column("workshop", sa.Text, nullable=False),
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("failed_at", sa.Double, nullable=False),
)
"""Wrong codes of late, in seconds since 1970."""


@dataclass(frozen=True)
class Group:
    """A group of a workshop; ``code`` lets it go on from another device, and nobody else."""

    workshop: str
    name: str
    group_id: str
    code: str


@dataclass(frozen=True)
class Entry:
    """What a group has entered.

    ``weights`` are its newest, None before it saved any. Those of other aspects than the data have
    now count as none: they are ``misfit``.
    """

    group_id: str
    name: str
    weights: Weights | None
    misfit: bool = False


def join(store: Store, workshop: str, name: str) -> Group:
    """Enter a new group.

    Raises
    ------
    DataError
        ``group_taken`` when the workshop has a group of that name, in any case of letters,
        ``group_name_invalid``, ``workshop_full``, ``workshops_many``, or why the store did not
        answer.
    """
    workshop, name = key(workshop), _named(name)
    code = "".join(secrets.choice(CODE_SIGNS) for _ in range(CODE_LENGTH))
    group = Group(workshop, name, str(uuid4()), code)
    now = datetime.now(UTC)
    row = {
        "workshop": workshop,
        "name_key": name.casefold(),
        "group_id": group.group_id,
        "name": name,
        "code": group.code,
        "joined_at": now,
    }
    try:
        with store.writing() as connection:
            held = sa.select(sa.func.count()).where(GROUPS.c.workshop == workshop)
            count = connection.execute(held).scalar_one()
            if count >= MOST_GROUPS:
                raise DataError([Issue("workshop_full", workshop, expected={"most": MOST_GROUPS})])
            if not count and connection.execute(_opened(now)).scalar_one() >= MOST_WORKSHOPS:
                expected = {"most": MOST_WORKSHOPS}
                raise DataError([Issue("workshops_many", workshop, expected=expected)])
            taken = connection.execute(_group(workshop, name)).first()
            if taken:
                raise DataError([Issue("group_taken", workshop, value=name)])
            connection.execute(sa.insert(GROUPS).values(row))
    except DataError as refused:
        # Two may join at the same moment: the key lets one of them in.
        if isinstance(refused.__cause__, IntegrityError):
            raise DataError([Issue("group_taken", workshop, value=name)]) from refused
        raise
    return group


def rejoin(
    store: Store,
    workshop: str,
    name: str,
    code: str,
    *,
    address: str = "",
    now: datetime | None = None,
) -> Group:
    """Go on as a group that was entered before.

    Parameters
    ----------
    store, workshop, name, code
        Where, which group, and its code, in any case of letters.
    address
        Where the guess comes from; wrong ones from one address make the next wait.
    now
        The time; None asks the clock.

    Raises
    ------
    DataError
        ``group_unknown`` when there is no such group with that code, ``group_wait`` with the
        seconds until the next try, ``group_name_invalid``, or why the store did not answer.
    """
    workshop, name = key(workshop), _named(name)
    given = printable("".join(code.split()).upper())
    seconds = (now or datetime.now(UTC)).timestamp()
    unknown = DataError([Issue("group_unknown", workshop, value=name)])
    with store.reading() as connection:
        known = connection and connection.execute(_of(workshop)).first()
    if not known:
        raise unknown  # nothing to guess at, nothing to note
    with store.writing() as connection:
        connection.execute(sa.delete(GUESSES).where(GUESSES.c.failed_at < seconds - FORGOTTEN_S))
        failed = sa.select(GUESSES.c.address, GUESSES.c.failed_at)
        failed = failed.where(GUESSES.c.workshop == workshop)
        wait = _wait([tuple(row) for row in connection.execute(failed)], address, seconds)
        if wait > 0:
            expected = {"seconds": math.ceil(wait)}
            raise DataError([Issue("group_wait", workshop, value=name, expected=expected)])
        row = connection.execute(_group(workshop, name)).mappings().first()
        sound = row and secrets.compare_digest(row["code"].encode(), given.encode())
        if not sound:
            guess = {"workshop": workshop, "address": address, "failed_at": seconds}
            connection.execute(sa.insert(GUESSES).values(guess))
    if not row or not sound:
        LOG.warning("wrong code for a group of the workshop %r from %r", workshop, address)
        raise unknown
    return Group(row["workshop"], row["name"], row["group_id"], row["code"])


def _wait(failed: list[tuple[str, float]], address: str, now: float) -> float:
    """Seconds until the next guess from an address, after those that failed."""
    own = [at for where, at in failed if where == address]
    everyones = [at for _, at in failed]
    return max(
        _left(own, FREE_GUESSES, MOST_WAIT_S, now),
        _left(everyones, FREE_IN_ALL, MOST_WAIT_IN_ALL_S, now),
    )


def _left(times: list[float], free: int, most: float, now: float) -> float:
    if len(times) < free:
        return 0
    delay = min(2.0 ** (len(times) - free), most)
    return delay - max(now - max(times), 0)  # where the clock was set back, no longer than that


def weigh(store: Store, group: Group, weights: Weights) -> int:
    """Save a group's weights as its next version, and return the number.

    Raises
    ------
    DataError
        Why the store did not answer.
    """
    mine = WEIGHTS.c.group_id == group.group_id
    with store.writing() as connection:
        newest = connection.execute(sa.select(sa.func.max(WEIGHTS.c.version)).where(mine)).scalar()
        row: dict[str, Any] = {"group_id": group.group_id, "version": (newest or 0) + 1}
        row["weights"] = dict(weights)
        connection.execute(sa.insert(WEIGHTS).values(row | {"saved_at": datetime.now(UTC)}))
    return int(row["version"])


def board(store: Store, workshop: str, aspects: Collection[str]) -> list[Entry]:
    """What each group of a workshop has entered for these aspects, in the order of joining.

    Raises
    ------
    DataError
        ``group_name_invalid``, or why the store did not answer.
    """
    newest = (
        sa.select(WEIGHTS.c.group_id, sa.func.max(WEIGHTS.c.version).label("version"))
        .group_by(WEIGHTS.c.group_id)
        .subquery()
    )
    query = (
        sa.select(GROUPS.c.group_id, GROUPS.c.name, WEIGHTS.c.weights)
        .outerjoin(newest, newest.c.group_id == GROUPS.c.group_id)
        .outerjoin(
            WEIGHTS,
            (WEIGHTS.c.group_id == newest.c.group_id) & (WEIGHTS.c.version == newest.c.version),
        )
        .where(GROUPS.c.workshop == key(workshop))
        .order_by(GROUPS.c.joined_at, GROUPS.c.name)
    )
    with store.reading() as connection:
        rows = list(connection.execute(query)) if connection else []
    return [
        Entry(group_id, name, Weights(given))
        if given is not None and given.keys() == set(aspects)
        else Entry(group_id, name, None, misfit=given is not None)
        for group_id, name, given in rows
    ]


def key(workshop: str) -> str:
    """Name of a workshop as it is kept: in any case of letters it is the same workshop.

    Raises
    ------
    DataError
        ``group_name_invalid``.
    """
    return _named(workshop).casefold()


def _opened(now: datetime) -> sa.Select[Any]:
    """How many workshops had their first group within a day."""
    first = sa.func.min(GROUPS.c.joined_at)
    late = sa.select(GROUPS.c.workshop).group_by(GROUPS.c.workshop).having(first > now - DAY)
    return sa.select(sa.func.count()).select_from(late.subquery())


def _of(workshop: str) -> sa.Select[Any]:
    return sa.select(GROUPS.c.group_id).where(GROUPS.c.workshop == workshop).limit(1)


def _group(workshop: str, name: str) -> sa.Select[Any]:
    return sa.select(GROUPS).where(
        GROUPS.c.workshop == workshop, GROUPS.c.name_key == name.casefold()
    )


def _named(text: str) -> str:
    """A name without needless spaces.

    Raises
    ------
    DataError
        ``group_name_invalid`` when nothing is left, it is too long or holds control characters.
    """
    name = " ".join(text.split())
    if not name or len(name) > NAME_LENGTH or not name.isprintable():
        expected = {"most": NAME_LENGTH}
        raise DataError([Issue("group_name_invalid", "ikmgeo", value=text[:80], expected=expected)])
    return name
