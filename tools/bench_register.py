"""How long a register takes to be taken in, and its centers to be found; each in its own process.

Alone (``python tools/bench_register.py 4500584``) it measures one size and prints it.
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
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

SIZES = (126_907, 4_500_584)
"""Units of the province and of the nation, as the paper has them."""

GOALS = {126_907: (20.0, 1.0), 4_500_584: (600.0, 10.0)}
"""Seconds to take in, and to find candidates."""

GOAL_MB = 1_500
FINDS = 3


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


def main() -> None:
    """Measure one size in this process and print it as JSON."""
    from ikmgeo import analysis
    from ikmgeo.register import candidates, sample
    from ikmgeo.register.candidates import Criterion
    from ikmgeo.register.store import Register
    from ikmgeo.register.taking_in import take_in
    from ikmgeo.settings import Settings

    units = int(sys.argv[1])
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
    times = Times(units, taking, processor, peak_mb, files_mb, finding, len(found), linking)
    print(json.dumps(asdict(times)))


def measure(sizes: Sequence[int] = SIZES) -> list[Times]:
    """Measure each size in a process of its own."""
    found = []
    for units in sizes:
        command = [sys.executable, __file__, str(units)]
        told = subprocess.run(command, capture_output=True, text=True, check=True)
        found.append(Times(**json.loads(told.stdout)))
    return found


def section(found: Sequence[Times]) -> str:
    """What was measured, in words."""
    rows = [
        f"| {one.units:,} | {one.taking:.0f} ({one.processor:.0f}) s | {one.peak_mb:,.0f} MB "
        f"| {one.files_mb:,.0f} MB | {min(one.finding):.2f}–{max(one.finding):.2f} s "
        f"| {one.candidates:,} | {one.linking:.1f} s |"
        for one in found
    ]
    table = "\n".join(rows)
    return f"""## Register

A CSV of fictional units with village codes is taken in and its centers are found (5 units or more
of one commodity in a village); then the nearest zone, bounds and all indicators of each candidate.
In brackets the processor's time; memory is the peak of the whole process.

| units | taken in | memory | on the disk | candidates found | candidates | linked |
|---|---|---|---|---|---|---|
{table}
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
        ]
    return told


if __name__ == "__main__":
    main()
