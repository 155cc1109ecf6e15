"""How long a register takes to be taken in, and its centers to be found; each in its own process.

Alone (``python tools/bench_register.py 4500584``) it measures one size and prints it; given the
folder of a register in place of a number, how long all of its units take to be measured, by one
process and by workers of a cluster on this computer, beside the bare geodesics.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

SIZES = (126_907, 4_500_584)
"""Units of the province and of the nation, as the paper has them."""

GOALS = {126_907: (20.0, 1.0), 4_500_584: (600.0, 10.0)}
"""Seconds to take in, and to find candidates."""

GOAL_MB = 1_500
GOAL_RATIO = 1.3
FINDS = 3

WORKERS = (1, 2)
"""Of a cluster."""


@dataclass(frozen=True)
class Times:
    """Seconds and MB (1,000,000 bytes) of one size.

    ``processor`` is the processor's share of ``taking``; ``peak_mb`` is of the process, with all
    that it imports; ``files_mb`` what the register has on the disk.
    """

    units: int
    taking: float
    processor: float
    peak_mb: float
    files_mb: float
    finding: list[float]
    candidates: int
    linking: float
    measuring: Measuring


@dataclass(frozen=True)
class Measuring:
    """Seconds that all units of a register take to be measured, and MB.

    ``bare``, ``figures`` and ``intervals`` are the processor's: the geodesics of every unit to
    every zone and nothing else; what ``candidates.linked`` took of ``alone``; and of that, the
    areas and their bounds.
    ``workers`` is as ``alone``, with as many workers as ``WORKERS`` tells, which are ready.
    ``peak_mb`` is of the process that measures alone, with all that it imports.
    """

    units: int
    bare: float
    figures: float
    intervals: float
    alone: float
    peak_mb: float
    workers: list[float]

    @property
    def indicators(self) -> float:
        """All indicators without intervals, of the bare geodesics."""
        return (self.figures - self.intervals) / self.bare


class Timed:
    """In the place of a function of a module: the processor's seconds that were spent in it."""

    def __init__(self, module: ModuleType, name: str) -> None:
        """Take the place of the function."""
        self.function, self.seconds = getattr(module, name), 0.0
        setattr(module, name, self)

    def __call__(self, *arguments: Any, **more: Any) -> Any:
        """Call it and count."""
        began = time.process_time()
        try:
            return self.function(*arguments, **more)
        finally:
            self.seconds += time.process_time() - began


def measuring_of(folder: Path) -> Measuring:
    """Measure all units of a register, several times over."""
    from distributed import Client, LocalCluster

    from ikmgeo import analysis
    from ikmgeo.register import candidates, cluster, measuring
    from ikmgeo.register.store import Register
    from ikmgeo.settings import Settings

    inputs, register = analysis.gather(Settings()), Register(folder)
    version = register.version()
    measure = partial(measuring.measure, register, version, inputs, source="")
    figures = Timed(measuring, "linked")
    intervals = [Timed(candidates, name) for name in ("areas_of", "bounds_km")]
    with tempfile.TemporaryDirectory() as name:
        began = time.perf_counter()
        measure(Path(name) / "alone")
        alone = time.perf_counter() - began
        peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1_024 / 1e6
        workers = []
        for count in WORKERS:
            with (
                LocalCluster(count, threads_per_worker=1, dashboard_address=None) as local,
                Client(local) as client,
            ):
                client.run(measuring.software)  # everything is imported
                began = time.perf_counter()
                run = partial(cluster.run, local.scheduler_address)
                measure(Path(name) / f"{count}", run=run)
                workers.append(time.perf_counter() - began)
    return Measuring(
        version.units,
        bare(folder, inputs.zones),
        figures.seconds,
        sum(one.seconds for one in intervals),
        alone,
        peak_mb,
        workers,
    )


def bare(folder: Path, zones: pd.DataFrame) -> float:
    """Seconds of the processor for the geodesics of every unit to every zone."""
    from ikmgeo.measures.linkage import GEOD

    seconds = 0.0
    for file in sorted(folder.glob("parts/*/*/*.parquet")):
        units = pd.read_parquet(file, columns=["lon", "lat"])
        lon, lat = units["lon"].to_numpy(), units["lat"].to_numpy()
        for to_lon, to_lat in zones[["lon", "lat"]].to_numpy():
            ends = np.full_like(lon, to_lon), np.full_like(lat, to_lat)
            began = time.process_time()
            GEOD.inv(lon, lat, *ends)
            seconds += time.process_time() - began
    return seconds


def main() -> None:
    """Measure one size, or a register that is there, in this process and print it as JSON."""
    if Path(sys.argv[1]).is_dir():
        print(json.dumps(asdict(measuring_of(Path(sys.argv[1])))))
    else:
        taking_in(int(sys.argv[1]))


def taking_in(units: int) -> None:
    """Take so many units in, find their centers, and print how long it took as JSON."""
    from ikmgeo import analysis
    from ikmgeo.register import candidates, sample
    from ikmgeo.register.candidates import Criterion
    from ikmgeo.register.store import Register
    from ikmgeo.register.taking_in import take_in
    from ikmgeo.settings import Settings

    inputs = analysis.gather(Settings())
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file, register = folder / "units.csv", Register(folder / "register")
        sample.write_sample(file, inputs, units=units)
        began, processor = time.perf_counter(), time.process_time()
        entry = take_in(file, inputs, register, remark=str, rejected=folder / "back.csv").entry
        taking, processor = time.perf_counter() - began, time.process_time() - processor
        peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1_024 / 1e6
        files_mb = sum(f.stat().st_size for f in register.folder.rglob("*") if f.is_file()) / 1e6
        if entry.units != units:
            raise SystemExit(f"{entry.units} of {units} units were taken in")
        finding = []
        for _ in range(FINDS):
            began = time.perf_counter()
            with register.connect(register.version()) as connection:
                found = candidates.candidates(connection, inputs, Criterion(5))
            finding.append(time.perf_counter() - began)
        began = time.perf_counter()
        candidates.linked(found, inputs)
        linking = time.perf_counter() - began
        measured = measured_alone(register.folder)
    times = Times(
        units, taking, processor, peak_mb, files_mb, finding, len(found), linking, measured
    )
    print(json.dumps(asdict(times)))


def told(argument: object) -> Any:
    """What a process of its own prints."""
    command = [sys.executable, __file__, str(argument)]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def measured_alone(folder: Path) -> Measuring:
    """Measure all units of a register in a process of its own."""
    return Measuring(**told(folder))


def measure(sizes: Sequence[int] = SIZES) -> list[Times]:
    """Measure each size in a process of its own."""
    found = map(told, sizes)
    return [Times(**one | {"measuring": Measuring(**one["measuring"])}) for one in found]


def section(found: Sequence[Times]) -> str:
    """What was measured, in words."""
    rows = [
        f"| {one.units:,} | {one.taking:.0f} ({one.processor:.0f}) s | {one.peak_mb:,.0f} MB "
        f"| {one.files_mb:,.0f} MB | {min(one.finding):.2f}–{max(one.finding):.2f} s "
        f"| {one.candidates:,} | {one.linking:.1f} s |"
        for one in found
    ]
    table = "\n".join(rows)
    measured = "\n".join(
        f"| {one.units:,} | {one.bare:.1f} s | {one.indicators:.2f}× "
        f"| {one.figures / one.bare:.2f}× | {one.alone:.0f} s | {one.peak_mb:,.0f} MB "
        f"| {one.workers[0]:.0f} s | {one.workers[1]:.0f} s |"
        for one in (times.measuring for times in found)
    )
    return f"""## Register

A CSV of fictional units with village codes is taken in and its centers are found (5 units or more
of one commodity in a village); then the nearest zone, bounds and all indicators of each candidate.
In brackets the processor's time; memory is the peak of the whole process.

| units | taken in | memory | on the disk | candidates found | candidates | linked |
|---|---|---|---|---|---|---|
{table}

Then every unit is measured: all indicators of linkage beside the bare geodesics of every unit to
every zone; with the intervals that its area gives; and whole, read, measured and written, by one
process and by workers of a Dask cluster on the same computer.

| units | bare geodesics | indicators | with intervals | whole | memory | 1 worker | 2 workers |
|---|---|---|---|---|---|---|---|
{measured}
"""


def targets(found: Sequence[Times]) -> list[tuple[str, str, bool]]:
    """Target, figure, and whether it is reached."""
    told = []
    for one in found:
        taking, finding = GOALS.get(one.units, (float("inf"), float("inf")))
        slowest = max(one.finding)
        told += [
            (
                f"{one.units:,} units taken in: at most {taking:.0f} s",
                f"{one.taking:.0f} s",
                one.taking <= taking,
            ),
            (
                f"{one.units:,} units: at most {GOAL_MB:,} MB",
                f"{one.peak_mb:,.0f} MB",
                one.peak_mb <= GOAL_MB,
            ),
            (
                f"candidates in {one.units:,} units: at most {finding:.0f} s",
                f"{slowest:.2f} s",
                slowest <= finding,
            ),
            (
                f"indicators of {one.units:,} units: at most {GOAL_RATIO}× the bare geodesics",
                f"{one.measuring.indicators:.2f}×",
                one.measuring.indicators <= GOAL_RATIO,
            ),
        ]
    return told


if __name__ == "__main__":
    main()
