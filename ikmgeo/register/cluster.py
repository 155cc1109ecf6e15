"""The parts of a register measured by the workers of a Dask cluster."""

import logging
from collections.abc import Iterator
from concurrent.futures import CancelledError
from typing import Final

import dask
from distributed import Client, Future, KilledWorker, as_completed
from distributed.comm.core import CommClosedError

from ikmgeo.analysis import Inputs
from ikmgeo.errors import DataError, Issue
from ikmgeo.register.measuring import Job, Parts, Units, measured, unfit

WAIT_S: Final = 10
"""Seconds that the scheduler has to answer, and the first worker to be there."""

RETRIES: Final = 2
"""Times that a part is tried again where it failed; where its worker died, the scheduler's
``allowed-failures`` count."""

LARGE: Final = {"distributed.admin.large-graph-warning-threshold": "1GB"}
"""The data of ikmgeo travel once; dask would warn of them."""


def run(scheduler: str, job: Job, inputs: Inputs, parts: Parts) -> Units:
    """Have every part measured by the workers of a scheduler, as ``measuring.here`` does.

    Parameters
    ----------
    scheduler
        Its address, such as ``tcp://10.1.2.3:8786``.

    Raises
    ------
    DataError
        ``measure_no_scheduler`` when it does not answer or goes away, ``measure_no_workers`` when
        it has none, ``measure_version`` and ``measure_storage`` when one of them runs other
        software or does not see the storage, ``measure_workers_died`` when several die of a part.
    """
    with dask.config.set(LARGE), _connected(scheduler) as client:
        try:
            _refuse_unfit(client, scheduler, job)
            yield from _submitted(client, job, inputs, parts)
        except KilledWorker as error:
            raise DataError([Issue("measure_workers_died", scheduler)]) from error
        except (CancelledError, CommClosedError) as error:
            raise DataError([Issue("measure_no_scheduler", scheduler)]) from error


def _connected(scheduler: str) -> Client:
    logging.getLogger("distributed.client").setLevel(logging.CRITICAL)  # told in our words
    try:
        return Client(scheduler, timeout=WAIT_S)
    except (OSError, ValueError, TypeError) as error:  # no answer, address, certificate
        raise DataError([Issue("measure_no_scheduler", scheduler)]) from error


def _submitted(client: Client, job: Job, inputs: Inputs, parts: Parts) -> Units:
    # A task that hands them on, not scattered data: those would be lost with a worker.
    shared = client.submit(_same, inputs, pure=False)
    each = zip(*((job, shared, districts) for districts in parts), strict=True)
    futures = client.map(measured, *each, pure=False, retries=RETRIES)
    try:
        done: Iterator[Future[int]] = as_completed(futures)
        for future in done:
            yield future.result()
    finally:
        client.cancel([*futures, shared], force=True)


def _same(inputs: Inputs) -> Inputs:
    return inputs


def _refuse_unfit(client: Client, scheduler: str, job: Job) -> None:
    """Refuse workers that would write something else, or elsewhere."""
    try:
        client.wait_for_workers(1, timeout=WAIT_S)
    except TimeoutError as error:
        raise DataError([Issue("measure_no_workers", scheduler)]) from error
    found = client.run(unfit, job, on_error="return")
    issues = []
    for worker, wrong in found.items():
        if isinstance(wrong, Exception):  # this module is not there, or another one is
            wrong = "measure_version", type(wrong).__name__
        if wrong:
            issues.append(Issue(wrong[0], worker, value=wrong[1]))
    if issues:
        raise DataError(issues)
