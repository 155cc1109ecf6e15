"""Files are read in a process of their own, which ends when it takes too much or nobody waits.

So no file slows or ends the server, whatever it holds. The process is forked from one that has
everything imported, serves one file and is gone; where there is no such fork (Windows), it starts
anew, which takes some seconds.
"""

import multiprocessing
import os
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import TimeoutError as TooSlow
from contextlib import contextmanager, suppress
from functools import lru_cache
from multiprocessing import spawn
from pathlib import Path
from typing import Final, ParamSpec, TypeVar

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from ikmgeo.errors import DataError, Issue
from ikmgeo.reading.bounds import MB

P = ParamSpec("P")
R = TypeVar("R")

SECONDS: Final = 60
"""Most that reading a file takes."""

MEMORY_MB: Final = 1_000
"""Most that it takes beside what is imported."""

AT_ONCE: Final = 2
"""Files that are read at a time; others wait their turn."""

PREPARED: Final = spawn.get_preparation_data

NICE: Final = 5
"""By how much readers of pages go before."""


@contextmanager
def reading(
    function: Callable[P, R], *args: P.args, **kwargs: P.kwargs
) -> "Iterator[ProcessFuture[R]]":
    """A call that runs in a process of its own, which is killed when the block is left.

    Arguments and result are pickled.
    """
    future = _pool().schedule(function, args=args, kwargs=kwargs, timeout=SECONDS)
    try:
        yield future
    finally:
        future.cancel()  # type: ignore[no-untyped-call]


def result(future: "ProcessFuture[R]", name: str) -> R:
    """What the call gave, once it is done; ``name`` is that of the file.

    Raises
    ------
    DataError
        As the call, and ``file_slow`` or ``file_heavy`` when it took more than it may.
    """
    try:
        done: R = future.result()
    except TooSlow as error:
        told: dict[str, object] = {"seconds": SECONDS}
        raise DataError([Issue("file_slow", name, expected=told)]) from error
    except (ProcessExpired, MemoryError) as error:
        told = {"limit_mb": MEMORY_MB}
        raise DataError([Issue("file_heavy", name, expected=told)]) from error
    return done


def warm() -> None:
    """Start the process that the others are forked from, so that the first file need not wait."""
    _pool().schedule(os.getpid).result()


@lru_cache(maxsize=1)
def _pool() -> ProcessPool:
    forks = "forkserver" in multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("forkserver" if forks else "spawn")
    spawn.get_preparation_data = _without_main
    if forks:
        context.set_forkserver_preload(["ikmgeo.analysis"])
    return ProcessPool(AT_ONCE, max_tasks=1, initializer=_bounded, context=context)


def _without_main(name: str) -> dict[str, object]:
    """What a new process is told, but for the script to run first: under Streamlit, the app's."""
    return {key: told for key, told in PREPARED(name).items() if not key.startswith("init_main")}


def _bounded() -> None:
    """Let this process have so much more memory and no more, where the system can hold it so."""
    if sys.platform == "linux":
        import resource  # which there is on Linux only

        said = Path("/proc/self/status").read_text()
        has = int(said.partition("VmData:")[2].split()[0]) * 1024
        with suppress(ValueError):  # a lower limit stands already
            resource.setrlimit(resource.RLIMIT_DATA, (has + MEMORY_MB * MB,) * 2)
        os.nice(NICE)
