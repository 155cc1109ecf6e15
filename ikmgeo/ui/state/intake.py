"""The file that is being taken into the register: one at a time for all readers of the server.

It goes on when whoever brought it turns to another page or loses the connection. Taken in again
after a break, it goes on behind the last piece that is done.
"""

import re
import secrets
import tempfile
from collections.abc import Mapping
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Lock
from typing import Final

import streamlit as st

from ikmgeo.errors import DataError, Issue
from ikmgeo.reading import worker
from ikmgeo.reading.worker import Allowed
from ikmgeo.register import taking_in
from ikmgeo.register.taking_in import Step, Taken
from ikmgeo.ui.state import installation, registry, session
from ikmgeo.words.messages import Messages

ALLOWED: Final = Allowed(seconds=3_600, memory_mb=1_500)
"""Of a file of the largest size, on a slow machine."""

NAME_LENGTH: Final = 120
STRANGE: Final = re.compile(r"[^\w .,()+-]")
"""Signs in names of files that some system reads otherwise."""


@dataclass(frozen=True)
class Intake:
    """A file on its way; ``key`` is known to the session that brought it."""

    name: str
    key: str
    folder: "tempfile.TemporaryDirectory[str]"
    future: "Future[Taken]"

    @property
    def step(self) -> Step:
        """How far it is."""
        return taking_in.step_noted(_steps(Path(self.folder.name)))

    @property
    def back(self) -> bytes:
        """The rows that came back, as CSV; nothing where none did."""
        file = _back(Path(self.folder.name))
        return file.read_bytes() if file.exists() else b""

    @property
    def running(self) -> bool:
        """Whether it is still being taken in."""
        return not self.future.done()

    @property
    def came_in(self) -> bool:
        """Whether all of it is in the register."""
        done = not self.running and not self.future.cancelled()
        return done and self.future.exception() is None

    def taken(self) -> Taken:
        """What it came to.

        Raises
        ------
        DataError
            As ``taking_in.take_in``, ``worker.result``; ``intake_cancelled`` where somebody did.
        """
        try:
            return worker.result(self.future, self.name, ALLOWED)
        except CancelledError as error:
            raise DataError([Issue("intake_cancelled", self.name)]) from error


@dataclass
class _Desk:
    lock: Lock
    now: Intake | None = None


@st.cache_resource(show_spinner=False)
def _desk() -> _Desk:
    return _Desk(Lock())


def current() -> Intake | None:
    """The file that is being taken in, or was last."""
    return _desk().now


def put(name: str, data: bytes) -> "tempfile.TemporaryDirectory[str]":
    """A file that somebody brought, in a folder of its own that goes with whoever holds it."""
    folder = tempfile.TemporaryDirectory(prefix="ikmgeo-register-", ignore_cleanup_errors=True)
    file = brought(folder.name, name)
    file.parent.mkdir()
    file.write_bytes(data)
    return folder


def brought(folder: str, name: str) -> Path:
    """Where ``put`` has put a file, under a name that every system takes for one."""
    return Path(folder) / "brought" / (STRANGE.sub("_", name).lstrip(". ")[-NAME_LENGTH:] or "-")


def start(
    say: Messages, name: str, folder: "tempfile.TemporaryDirectory[str]", asked: Mapping[str, str]
) -> str:
    """Begin to take a file in; returns the key of whoever brought it.

    Raises
    ------
    DataError
        ``register_busy`` while another is being taken in.
    """
    settings, desk = installation.settings(), _desk()
    take = partial(
        taking_in.take_in,
        brought(folder.name, name),
        session.shipped_study().inputs,
        registry.register(),
        remark=say.problem,
        rejected=_back(Path(folder.name)),
        asked=asked,
        keep_personal=settings.keep_personal,
        progress=partial(taking_in.noted, _steps(Path(folder.name))),
    )
    with desk.lock:
        if desk.now and desk.now.running:
            raise DataError([Issue("register_busy", name)])
        now = Intake(name, secrets.token_hex(), folder, worker.started(take, ALLOWED))
        now.future.add_done_callback(lambda _: _forget(now))
        desk.now = now
        return now.key


def _forget(done: Intake) -> None:
    """Delete a file that is taken in: it may hold people's data, and is of no more use."""
    if done.came_in:
        brought(done.folder.name, done.name).unlink(missing_ok=True)


def stop() -> None:
    """End what is being taken in; the register stays as it was."""
    if desk := _desk().now:
        desk.future.cancel()


def _steps(folder: Path) -> Path:
    return folder / "step.json"


def _back(folder: Path) -> Path:
    return folder / "back.csv"
