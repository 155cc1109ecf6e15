"""A file is read beside the server: in its own time and memory, and no longer than it is wanted."""

import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, wait
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ikmgeo.analysis import Inputs
from ikmgeo.errors import DataError
from ikmgeo.reading import worker


def process(_: int = 0) -> int:
    return os.getpid()


def large(megabytes: int) -> int:
    return int(np.ones(megabytes * 125_000).sum())


def endless() -> None:
    threading.Event().wait()


def ended() -> None:
    os._exit(1)


def half_read(file: Path) -> None:
    with file.open("rb", buffering=0) as opened:
        opened.read(file.stat().st_size // 2)
        endless()


def districts(inputs: Inputs) -> int:
    return len(inputs.districts)


def run(function: Callable[..., Any], *arguments: object) -> Any:
    with worker.reading(function, *arguments) as call:
        return worker.result(call, "f")


def refused(function: Callable[..., Any], *arguments: object) -> str:
    with pytest.raises(DataError) as caught:
        run(function, *arguments)
    return caught.value.issues[0].code


def test_every_file_has_a_process_of_its_own() -> None:
    assert len({os.getpid(), run(process), run(process)}) == 3


def test_what_takes_too_much_memory_is_refused_and_the_rest_goes_on() -> None:
    assert refused(large, 2_000) == "file_heavy"
    assert run(large, 100) == 12_500_000


def test_what_takes_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "SECONDS", 1)
    assert refused(endless) == "file_slow"


def test_a_process_that_dies_is_told() -> None:
    assert refused(ended) == "file_heavy"


class Fatal:
    """Ends whoever unpickles it, before that one could say what it was about."""

    def __reduce__(self) -> tuple[Any, ...]:
        return os._exit, (1,)


def test_a_process_that_dies_before_its_call_keeps_no_other_from_running() -> None:
    """In a pool, this one was waited for without end, and so was every later one."""
    assert [refused(process, Fatal()) for _ in range(3)] == ["file_heavy"] * 3
    assert run(process)


def test_who_leaves_ends_the_process() -> None:
    with worker.reading(endless) as call:
        assert not wait([call], 0.1).done
    assert isinstance(call.exception(30), CancelledError)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells")
def test_how_much_of_a_large_file_is_read_is_told(tmp_path: Path) -> None:
    file = tmp_path / "extract"
    file.write_bytes(bytes(4_000_000))
    with worker.watched(half_read, file) as (call, progress):
        while not progress.share and not call.done():
            wait([call], 0.05)
        assert (progress.turn, progress.share) == (1, 0.5)


def test_the_data_can_be_sent_there_whatever_was_worked_out(shipped: Inputs) -> None:
    assert shipped.said_of
    assert run(districts, shipped) == 33
