"""Files are read in a process of their own, which ends when it takes too much or nobody waits.

So no file slows or ends the server, whatever it holds. The process is forked from one that has
everything imported, serves one file and is gone; where there is no such fork (Windows), it starts
anew, which takes some seconds.
"""

import ctypes
import multiprocessing
import os
import stat
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from concurrent.futures import TimeoutError as TooSlow
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache, partial
from multiprocessing import spawn
from multiprocessing.context import BaseContext
from pathlib import Path
from threading import Event, Thread
from time import sleep
from typing import Final, ParamSpec, TypeVar

from pebble import ProcessExpired
from pebble.concurrent import process

from ikmgeo.errors import DataError, Issue
from ikmgeo.reading.bounds import MB

P = ParamSpec("P")
R = TypeVar("R")

SECONDS: Final = 60
"""Most that reading a file of up to ``SMALL_MB`` takes; of a larger one, in proportion."""

SMALL_MB: Final = 50

MEMORY_MB: Final = 1_000
"""Most that it takes beside what is imported."""

AT_ONCE: Final = 2
"""Files that are read at a time; others wait their turn."""

PREPARED: Final = spawn.get_preparation_data

LOOK_S: Final = 0.05
"""Seconds between two looks whether whoever asked is still there."""

NICE: Final = 5
"""By how much readers of pages go before."""


@dataclass(frozen=True)
class Allowed:
    """Most that a call may take, of time and of memory beside what is imported."""

    seconds: float = SECONDS
    memory_mb: int = MEMORY_MB


@dataclass(frozen=True)
class Progress:
    """How far a call is with the file on disk that it reads; ``counted`` is shared with it."""

    counted: "ctypes.Array[ctypes.c_double]"

    @property
    def turn(self) -> int:
        """How often it has begun to read one, as of an extract each layer; 0 before."""
        return int(self.counted[0])

    @property
    def share(self) -> float:
        """What of it was read this time, 0 to 1."""
        return self.counted[1]


@contextmanager
def reading(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> "Iterator[Future[R]]":
    """As ``watched``, without its progress."""
    with watched(function, *args, **kwargs) as (future, _):
        yield future


@contextmanager
def watched(
    function: Callable[P, R], *args: P.args, **kwargs: P.kwargs
) -> "Iterator[tuple[Future[R], Progress]]":
    """A call that runs in a process of its own, which is killed when the block is left.

    Arguments and result are pickled. Each call has its process alone: of a pool that lost one at a
    bad moment, no other call would ever end.
    """
    left, progress = Event(), Progress(_context().RawArray("d", 2))
    future = _threads().submit(_waited, left, progress, partial(function, *args, **kwargs))
    try:
        yield future, progress
    finally:
        left.set()
        future.cancel()


def started(call: "partial[R]", allowed: Allowed, progress: Progress | None = None) -> "Future[R]":
    """A call in a process of its own at once, waiting for no turn; to cancel it is to kill that."""
    # Its types call the context otherwise than it does.
    apart = process(timeout=allowed.seconds, context=_context())  # type: ignore[call-overload]
    future: Future[R] = apart(_served)(call, progress, allowed.memory_mb)
    return future


def result(future: "Future[R]", name: str, allowed: Allowed = Allowed()) -> R:
    """What the call gave, once it is done; ``name`` is that of the file.

    Raises
    ------
    DataError
        As the call, and ``file_slow`` or ``file_heavy`` when it took more than it may.
    """
    try:
        return future.result()
    except TooSlow as error:
        told: dict[str, object] = {"seconds": error.args[-1]}
        raise DataError([Issue("file_slow", name, expected=told)]) from error
    except (ProcessExpired, MemoryError) as error:
        told = {"limit_mb": allowed.memory_mb}
        raise DataError([Issue("file_heavy", name, expected=told)]) from error


def warm() -> None:
    """Start the process that the others are forked from, so that the first file need not wait."""
    with reading(os.getpid) as started:
        started.result()


def _seconds(given: tuple[object, ...]) -> float:
    """How long a call may take that is given these files, among others."""
    files = [len(g) for g in given if isinstance(g, bytes)]
    files += [g.stat().st_size for g in given if isinstance(g, Path) and g.is_file()]
    return SECONDS * max(1.0, max(files, default=0) / MB / SMALL_MB)


def _waited(left: Event, progress: Progress, call: "partial[R]") -> R:
    """What a call gives, unless whoever asked has left."""
    seconds = _seconds(call.args)
    apart = started(call, Allowed(seconds), progress)
    while not apart.done():
        wait([apart], LOOK_S)
        if left.is_set():
            apart.cancel()
    try:
        return apart.result()
    except TooSlow as error:
        raise TooSlow(seconds) from error


def _served(call: Callable[[], R], progress: Progress | None, memory_mb: int) -> R:
    _bounded(memory_mb)
    if progress and sys.platform == "linux":  # elsewhere nobody tells how far a file is read
        Thread(target=_look, args=(progress.counted,), daemon=True).start()
    return call()


def _look(counted: "ctypes.Array[ctypes.c_double]") -> None:
    """Tell, as long as this process lasts, how far the largest file that it reads is read.

    GDAL tells nothing of it through pyogrio, the system does.
    """
    while True:
        sleep(LOOK_S)
        sizes = {}
        for handle in Path("/proc/self/fdinfo").iterdir():
            with suppress(OSError):  # closed meanwhile
                told = dict(line.split(":", 1) for line in handle.read_text().splitlines())
                about = (handle.parent.with_name("fd") / handle.name).stat()
                read_only = not int(told["flags"], 8) & os.O_ACCMODE
                # Tables of coordinate systems are open too; nothing is read of them in turn.
                if stat.S_ISREG(about.st_mode) and read_only and int(told["pos"]):
                    sizes[about.st_size] = int(told["pos"])
        size = max(sizes, default=0)
        if size >= MB:
            share = sizes[size] / size
            counted[0] += counted[0] == 0 or share < counted[1]
            counted[1] = share


@lru_cache(maxsize=1)
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(AT_ONCE, "reading")


@lru_cache(maxsize=1)
def _context() -> BaseContext:
    forks = "forkserver" in multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("forkserver" if forks else "spawn")
    spawn.get_preparation_data = _without_main
    if forks:
        context.set_forkserver_preload(["ikmgeo.analysis"])
    return context


def _without_main(name: str) -> dict[str, object]:
    """What a new process is told, but for the script to run first: under Streamlit, the app's."""
    return {key: told for key, told in PREPARED(name).items() if not key.startswith("init_main")}


def _bounded(memory_mb: int) -> None:
    """Let this process have so much more memory and no more, where the system can hold it so."""
    if sys.platform == "linux":
        import resource  # which there is on Linux only

        said = Path("/proc/self/status").read_text()
        has = int(said.partition("VmData:")[2].split()[0]) * 1024
        with suppress(ValueError):  # a lower limit stands already
            resource.setrlimit(resource.RLIMIT_DATA, (has + memory_mb * MB,) * 2)
        os.nice(NICE)
