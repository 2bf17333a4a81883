"""How fast the shipped model reads, and in how much memory: medians and spread, on this machine.

python -m benchmarks.speed [--json FILE] [--page FILE]
"""

import json
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import cv2
import numpy as np
import typer
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from mnist_core import Recognizer
from mnist_core.reading.strokes import draw_strokes
from tests.drawings import drawing, strokes_of, strokes_of_number

_FRESH_PROCESS = """
import time
start = time.perf_counter()
import numpy
from mnist_core import Recognizer
Recognizer.load().read_drawing(numpy.load({path!r}))
seconds = time.perf_counter() - start
status = open("/proc/self/status").read()
print(seconds, int(status.split("VmRSS:")[1].split()[0]) / 1024)
"""
_FRESH_PROCESSES = 7


@dataclass(frozen=True, slots=True)
class Timing:
    """What one thing cost: the median of several times, and the least and most; or megabytes."""

    what: str
    median: float
    least: float
    most: float
    unit: str


def timed(what: str, work: Callable[[], object], times: int) -> Timing:
    """Run some work repeatedly, after two runs that don't count: milliseconds."""
    work(), work()
    spent = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        spent.append((time.perf_counter() - start) * 1000)
    return Timing(what, statistics.median(spent), min(spent), max(spent), "ms")


def fresh_processes(rgba: NDArray[np.uint8], folder: Path) -> list[Timing]:
    """Start Python anew and read one drawing: seconds from its first line to the reading, and memory then."""
    path = folder / "drawing.npy"
    np.save(path, rgba)
    seconds, megabytes = [], []
    for _ in range(_FRESH_PROCESSES):
        command = [sys.executable, "-c", _FRESH_PROCESS.format(path=str(path))]
        answer = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
        seconds.append(float(answer[0]) * 1000)
        megabytes.append(float(answer[1]))
    return [
        Timing(
            "process start to first reading", statistics.median(seconds), min(seconds), max(seconds), "ms"
        ),
        Timing("memory after it", statistics.median(megabytes), min(megabytes), max(megabytes), "MB"),
    ]


def page_photo() -> NDArray[np.uint8]:
    """Draw a photo of 12 megapixels: three lines on grainy paper in light that falls off: uint8 RGB."""
    lines = [
        stroke
        for k, text in enumerate(["314159", "271828", "141421"])
        for stroke in strokes_of_number(text, height=300, left=400, top=400 + 800 * k, pen=24, gap=0.5)
    ]
    grey = draw_strokes(lines, 3000, 4000)[..., 0].astype(np.float32)
    grey = (40 + grey * 0.7) * np.linspace(1, 0.6, 4000, dtype=np.float32)
    grey += np.random.default_rng(0).normal(0, 4, grey.shape).astype(np.float32)
    return cv2.cvtColor(grey.clip(0, 255).astype(np.uint8), cv2.COLOR_GRAY2RGB).astype(np.uint8, copy=False)


def main(
    json_file: Annotated[Path | None, typer.Option("--json", help="Write the figures here.")] = None,
    page: Annotated[Path | None, typer.Option(help="Write the table here, as Markdown.")] = None,
) -> None:
    """Print what reading costs."""
    one, six = strokes_of("5"), strokes_of_number("314159", height=110, gap=0.2)
    small, wide = drawing(*one), drawing(*six, width=700)
    photo = page_photo()
    recognizer = Recognizer.load()
    cells = np.random.default_rng(0).random((1000, 28, 28), np.float32)
    with tempfile.TemporaryDirectory() as folder:
        timings = fresh_processes(small, Path(folder))
    timings += [
        timed("read_drawing, one digit, 280x280", lambda: recognizer.read_drawing(small), 200),
        timed("read_strokes, one digit", lambda: recognizer.read_strokes(one, 280, 280), 200),
        timed("read_drawing, six digits, 700x280", lambda: recognizer.read_drawing(wide), 100),
        timed("read_strokes, six digits", lambda: recognizer.read_strokes(six, 280, 700), 100),
        timed("read_photo, 12 megapixels, three lines", lambda: recognizer.read_photo(photo), 10),
        timed("probabilities, 1,000 cells", lambda: recognizer.probabilities(cells), 20),
    ]
    table = Table("what", "median", "least", "most", title="Speed")
    lines = [
        "# Speed, as measured",
        "",
        f"{datetime.now(UTC):%Y-%m-%d}, {platform.platform()}, {platform.processor() or platform.machine()}; "
        "made by `make benchmark`.",
        "",
        "| what | median | least | most |",
        "|---|---:|---:|---:|",
    ]
    for timing in timings:
        figures = [f"{value:,.2f} {timing.unit}" for value in (timing.median, timing.least, timing.most)]
        table.add_row(timing.what, *figures)
        lines.append(f"| {timing.what} | {' | '.join(figures)} |")
    Console().print(table)
    if json_file:
        json_file.write_text(json.dumps([asdict(timing) for timing in timings], indent=1) + "\n", "utf-8")
    if page:
        page.write_text("\n".join([*lines, ""]), encoding="utf-8")


if __name__ == "__main__":
    typer.run(main)
