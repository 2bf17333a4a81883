"""What `read` costs over a folder: seconds, processor time and memory, as the folder grows.

python -m benchmarks.folder [--data FOLDER] [--photos N] [--different N]
"""

import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import cv2
import numpy as np
import typer
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from benchmarks.photos import draw_conditions, photograph, simulated_photos
from mnist_core.config import PROJECT_FOLDER
from tests.drawings import strokes_of_number

_SEED = 5
_EVERY_S = 0.1
"""Between two looks at how much memory is held."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What reading so many photos took.

    Attributes:
        seconds: on the clock.
        cpu_seconds: of all processes, those of the kernel included.
        megabytes: at most at one moment, in all processes; pages that they share counted once.
    """

    photos: int
    cores: int
    seconds: float
    cpu_seconds: float
    megabytes: float


def write_originals(folder: Path, data: Path, count: int) -> list[Path]:
    """Write so many different photos."""
    paths = []
    for number, picture in enumerate(_photos(data, count)):
        paths.append(folder / f"{number}.jpg")
        _, packed = cv2.imencode(".jpg", picture[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 90])
        paths[-1].write_bytes(bytes(packed))
    return paths


def fill(folder: Path, originals: list[Path], count: int) -> None:
    """Make a folder of so many photos, each original as often as it takes."""
    folder.mkdir(parents=True)
    for number in range(count):
        os.link(originals[number % len(originals)], folder / f"{number}.jpg")


def _photos(data: Path, count: int) -> list[NDArray[np.uint8]]:
    """Photograph pages of held-out writers, or without the data pages in our own hand."""
    if (data / "strokes").is_dir():
        return [sample.picture for sample in simulated_photos(data, count, seed=_SEED)]
    rng = np.random.default_rng(_SEED)
    numbers = rng.integers(100_000, 1_000_000, count)
    return [
        photograph(strokes_of_number(str(number), top=300), draw_conditions(rng), rng) for number in numbers
    ]


def measure(folder: Path, photos: int, cores: int) -> Cost:
    """Read a folder of so many photos in a process of its own, held to so many cores."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "mnist_core", "read", str(folder), "--format", "json"],
        cwd=PROJECT_FOLDER,
        stdout=subprocess.PIPE,
        preexec_fn=lambda: os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:cores]),
    )
    held = [0.0]
    watcher = threading.Thread(target=_watch, args=(process, held))
    watcher.start()
    output, _ = process.communicate()
    seconds = time.perf_counter() - start
    watcher.join()
    read = len(output.splitlines())
    if process.returncode or read != photos:
        raise SystemExit(f"{read} of {photos} photos were read.")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(photos, cores, seconds, cpu, max(held))


def _watch(process: subprocess.Popen[bytes], held: list[float]) -> None:
    """Note, until a process ends, the megabytes that it and its children hold."""
    while process.poll() is None:
        held.append(sum(_megabytes(pid) for pid in [process.pid, *_children(process.pid)]))
        time.sleep(_EVERY_S)


def _children(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def _megabytes(pid: int) -> float:
    """The process' own memory and its part of what it shares; 0 once it has ended."""
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    except OSError:
        pass
    return 0.0


def main(
    data: Annotated[Path, typer.Option(help="The folder of measuring data.")] = Path("../shared/data"),
    photos: Annotated[int, typer.Option(help="In the largest folder; half and a quarter of it too.")] = 1000,
    different: Annotated[int, typer.Option(help="How many of them are different ones.")] = 100,
) -> None:
    """Print what reading a folder costs, with all cores and with one."""
    cores = len(os.sched_getaffinity(0))
    table = Table("photos", "cores", "seconds", "ms a photo", "CPU seconds", "cores busy", "MB at most")
    with tempfile.TemporaryDirectory() as name:
        originals = write_originals(Path(name), data, different)
        for count, used in [(photos // 4, cores), (photos // 2, cores), (photos, cores), (photos // 4, 1)]:
            folder = Path(name) / "folders" / f"{count}-{used}"
            fill(folder, originals, count)
            cost = measure(folder, count, used)
            table.add_row(
                f"{cost.photos:,}",
                str(cost.cores),
                f"{cost.seconds:.1f}",
                f"{1000 * cost.seconds / cost.photos:.0f}",
                f"{cost.cpu_seconds:.1f}",
                f"{cost.cpu_seconds / cost.seconds:.2f}",
                f"{cost.megabytes:.0f}",
            )
    Console().print(table)


if __name__ == "__main__":
    typer.run(main)
