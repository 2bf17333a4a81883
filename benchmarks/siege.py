"""The app under siege: visitors who draw, a fifth of them hostile, on one server; and what is left of it.

python -m benchmarks.siege [--visitors 200] [--seconds 300] [--wait 180] [--json FILE]

The honest ones draw as in benchmarks/load.py, each its own number, and check each answer; what the hostile
ones do is in benchmarks/hostile_visitors.py. All are on the same cores as the server.
"""

import asyncio
import itertools
import json
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from rich.console import Console
from rich.table import Table

from benchmarks.load import Course, numbers_of, visit
from benchmarks.machine import this_machine
from benchmarks.serving import Serving
from benchmarks.visitors import Visitor
from mnist_core import Recognizer
from tests.pages.sessions import Session

_NUMBERS = 2
_P95_MS, _MOST_MB, _BACK = 400.0, 700.0, 1.10
"""What is promised: honest visitors' p95, the server's memory, and memory and files once all have left."""


@dataclass(frozen=True, slots=True)
class Siege:
    """What was measured: times in ms from an honest stroke's sending to the end of its run, memory in MB."""

    machine: str
    visitors: int
    hostile: int
    seconds: float
    wait_s: float
    strokes: int
    p50_ms: float
    p95_ms: float
    most_ms: float
    errors: int
    checked: int
    wrong: int
    others: int
    cores_busy: float
    before_mb: float
    most_mb: float
    after_mb: float
    files_before: int
    files_most: int
    files_after: int
    tracebacks: int
    deeds: Mapping[str, int]

    @property
    def verdicts(self) -> dict[str, bool]:
        """What was promised, and whether it held."""
        return {
            f"honest p95 under {_P95_MS:.0f} ms": self.p95_ms < _P95_MS,
            f"memory under {_MOST_MB:.0f} MB": self.most_mb < _MOST_MB,
            "memory back to within 10 %": self.after_mb <= _BACK * self.before_mb,
            "open files back to within 10 %": self.files_after <= _BACK * self.files_before,
            "nothing of one visitor at another": self.others == 0,
            "no honest visitor saw an error": self.errors == 0,
        }


class Watch:
    """The most that a server has held in memory and open while it was watched."""

    def __init__(self, server: Serving) -> None:
        self._server = server
        self.most_mb, self.most_files = server.resident_mb, server.open_files

    async def look(self) -> None:
        """Look twice a second, until cancelled."""
        while True:
            self.most_mb = max(self.most_mb, self._server.resident_mb)
            self.most_files = max(self.most_files, self._server.open_files)
            await asyncio.sleep(0.5)


async def measure(visitors: int, hostile: int, seconds: float, every: float, wait: float, port: int) -> Siege:
    """Have honest and hostile visitors on a server of their own for a time; look again when all have left."""
    recognizer = Recognizer.load()
    numbers = [
        itertools.cycle(list(itertools.islice(numbers_of(session, recognizer), _NUMBERS)))
        for session in range(visitors - hostile)
    ]
    with Serving(port=port) as server:
        first = Visitor(server.address)
        await first.enter()
        await first.show(next(numbers[0]).digits[0])
        await first.leave()
        for page in ("upload", "models"):  # what each page loads once, such as pandas, is no leak
            async with Session(port) as session:
                await session.open(page)
        await asyncio.sleep(2)
        before_mb, before_files = server.resident_mb, server.open_files
        honest = [Visitor(server.address) for _ in numbers]
        for visitor in honest:
            await visitor.enter()
        watch = Watch(server)
        watching = asyncio.create_task(watch.look())
        cpu, start = server.cpu_seconds, time.perf_counter()
        siege = asyncio.create_task(_besiege(port, hostile, seconds))
        courses: list[Course] = await asyncio.gather(
            *(
                visit(visitor, own, every, round(seconds / every))
                for visitor, own in zip(honest, numbers, strict=True)
            )
        )
        cores_busy = (server.cpu_seconds - cpu) / (time.perf_counter() - start)
        deeds = await siege
        watching.cancel()
        for visitor in honest:
            await visitor.leave()
        await asyncio.sleep(wait)
        times = 1000 * np.concatenate([course.seconds for course in courses])
        return Siege(
            machine=this_machine(),
            visitors=visitors,
            hostile=hostile,
            seconds=seconds,
            wait_s=wait,
            strokes=len(times),
            p50_ms=float(np.percentile(times, 50)),
            p95_ms=float(np.percentile(times, 95)),
            most_ms=float(times.max()),
            errors=sum(course.errors for course in courses),
            checked=sum(course.checked for course in courses),
            wrong=sum(course.wrong for course in courses),
            others=sum(course.others for course in courses),
            cores_busy=cores_busy,
            before_mb=before_mb,
            most_mb=watch.most_mb,
            after_mb=server.resident_mb,
            files_before=before_files,
            files_most=watch.most_files,
            files_after=server.open_files,
            tracebacks=sum("Traceback" in line for line in server.complaints),
            deeds=deeds,
        )


async def _besiege(port: int, hostile: int, seconds: float) -> dict[str, int]:
    """Have hostile visitors come from a process of their own, and return what they did, counted."""
    if not hostile:
        return {}
    command = ["-m", "benchmarks.hostile_visitors", str(port), str(hostile), str(seconds)]
    process = await asyncio.create_subprocess_exec(sys.executable, *command, stdout=subprocess.PIPE)
    output, _ = await process.communicate()
    return dict(sorted(json.loads(output).items()))


def main(
    visitors: Annotated[int, typer.Option(help="So many at once.")] = 200,
    hostile_share: Annotated[float, typer.Option(min=0, max=1, help="Of them.")] = 0.2,
    seconds: Annotated[float, typer.Option(help="How long.")] = 300.0,
    every: Annotated[float, typer.Option(help="Seconds between two strokes of an honest one.")] = 10.0,
    wait: Annotated[float, typer.Option(help="Seconds to wait when all have left.")] = 180.0,
    port: Annotated[int, typer.Option(help="For the server.")] = 8623,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write the figures here.")] = None,
) -> None:
    """Print what honest visitors get while others are hostile, and what is left when all have gone."""
    hostile = round(visitors * hostile_share)
    siege = asyncio.run(measure(visitors, hostile, seconds, every, wait, port))
    console = Console()
    table = Table("What", "Measured", title="Under siege")
    for name, value in asdict(siege).items():
        if name != "deeds":
            table.add_row(name, f"{value:,.1f}" if isinstance(value, float) else str(value))
    for deed, count in siege.deeds.items():
        table.add_row(deed, f"{count:,}")
    for promise, holds in siege.verdicts.items():
        table.add_row(promise, "yes" if holds else "NO")
    console.print(table)
    if json_file:
        json_file.write_text(json.dumps(asdict(siege), indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    typer.run(main)
