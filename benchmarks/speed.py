"""How fast a stroke, a drawing, a photo and a thousand cells are read, and what serving them takes.

python -m benchmarks.speed [--json FILE] [--page FILE]

Ours and, in the same run, the usual way. Many visitors at once: benchmarks/load.py; folders:
benchmarks/folder.py; training: benchmarks/training.py.
"""

import itertools
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import cv2
import numpy as np
import typer
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from benchmarks.machine import this_machine
from benchmarks.page import page_rows
from benchmarks.spread import Row, Spread, timed
from mnist_core import Recognizer
from mnist_core.config import PROJECT_FOLDER
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
_CELLS = 1000
_MATRIX = 2048


def process_rows(rgba: NDArray[np.uint8]) -> Iterator[Row]:
    """Start Python anew and read one drawing: time from its first line to the reading, and memory then."""
    seconds, megabytes = [], []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "drawing.npy"
        np.save(path, rgba)
        for _ in range(_FRESH_PROCESSES):
            command = [sys.executable, "-c", _FRESH_PROCESS.format(path=str(path))]
            answer = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
            seconds.append(float(answer[0]) * 1000)
            megabytes.append(float(answer[1]))
    yield Row("a program's start to its first reading", Spread.of(seconds))
    yield Row("its memory then", Spread.of(megabytes, "MB"))


def reading_rows(recognizer: Recognizer) -> Iterator[Row]:
    """Read drawings, strokes and a photo."""
    one, six = strokes_of("5"), strokes_of_number("314159", height=110, gap=0.2)
    small, wide = drawing(*one), drawing(*six, width=700)
    photo = page_photo()
    yield from process_rows(small)
    yield Row("`read_drawing`, one digit, 280×280", timed(lambda: recognizer.read_drawing(small), 200))
    yield Row("`read_strokes`, one digit", timed(lambda: recognizer.read_strokes(one, 280, 280), 200))
    yield Row("`read_drawing`, six digits, 700×280", timed(lambda: recognizer.read_drawing(wide), 100))
    yield Row("`read_strokes`, six digits", timed(lambda: recognizer.read_strokes(six, 280, 700), 100))
    yield Row("`read_photo`, 12 megapixels, three lines", timed(lambda: recognizer.read_photo(photo), 10))


def network_rows(recognizer: Recognizer) -> Iterator[Row]:
    """Run the network alone, Keras' `predict` on the same one beside it, and reckon what the cores allow."""
    predicted = keras_predict()
    cells = np.random.default_rng(0).random((_CELLS, 28, 28), np.float32)
    one = timed(lambda: recognizer.probabilities(cells[:1]), 200)
    many = timed(lambda: recognizer.probabilities(cells), 20)
    bound = arithmetic_bound_ms(recognizer)
    yield Row("`probabilities`, 1 cell", one, predicted[1])
    yield Row(
        f"`probabilities`, {_CELLS:,} cells",
        many,
        predicted[_CELLS],
        f"{many.median / bound:.1f} times what the cores' arithmetic allows, {bound:.0f} ms",
    )


def keras_predict() -> dict[int, Spread]:
    """Have a process of its own read cells by Keras: by their number."""
    command = [sys.executable, "-m", "benchmarks.keras_predict"]
    finished = subprocess.run(command, cwd=PROJECT_FOLDER, capture_output=True, text=True, check=True)
    runs: dict[str, list[float]] = json.loads(finished.stdout.splitlines()[-1])
    return {int(count): Spread.of(spent) for count, spent in runs.items()}


def arithmetic_bound_ms(recognizer: Recognizer) -> float:
    """Reckon how long the network's multiplications take, as fast as these cores are seen to multiply.

    That is a product of two large float32 matrices, for which numpy uses all cores and their widest
    instructions; the network's own count of multiply-adds is in its card.
    """
    matrix = np.random.default_rng(0).random((_MATRIX, _MATRIX), np.float32)
    best_s = timed(lambda: matrix @ matrix, 20).least / 1000
    card = json.loads(recognizer.files.card.read_text(encoding="utf-8"))
    return 1000 * _CELLS * float(card["multiply_adds"]) / (_MATRIX**3 / best_s)


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


def as_markdown(rows: Sequence[Row]) -> str:
    """Write the table for docs/ and the README."""
    cells = [
        ["what", "ours", "the usual way", ""],
        ["---", "---:", "---:", "---"],
        *([row.what, str(row.ours), str(row.usual or "–"), row.note] for row in rows),
    ]
    return "\n".join(
        [
            "# Speed, as measured",
            "",
            f"{this_machine()}; made by `make benchmark`. Medians, in brackets the least and the most.",
            "",
            *(f"| {' | '.join(row)} |" for row in cells),
            "",
            "The usual way is benchmarks/usual_page.py, and Keras' `predict` on the same network. A stroke's "
            "CPU is all that the server's process takes for it, threads and sending included. What the "
            "cores' arithmetic allows: the network's multiply-adds at the speed of a large matrix product.",
            "",
        ]
    )


def main(
    json_file: Annotated[Path | None, typer.Option("--json", help="Write the figures here.")] = None,
    page: Annotated[Path | None, typer.Option(help="Write the table here, as Markdown.")] = None,
) -> None:
    """Print what reading and serving cost."""
    start = time.perf_counter()
    recognizer = Recognizer.load()
    rows = []
    for row in itertools.chain(reading_rows(recognizer), network_rows(recognizer), page_rows()):
        rows.append(row)
        Console(stderr=True).print(f"{row.what}: {row.ours}")  # some take minutes
    table = Table("what", "ours", "the usual way", "", title="Speed")
    for row in rows:
        table.add_row(row.what, str(row.ours), str(row.usual or "–"), row.note)
    console = Console()
    console.print(table)
    console.print(f"Measured in {time.perf_counter() - start:.0f} s on {this_machine()}.")
    if json_file:
        json_file.write_text(json.dumps([asdict(row) for row in rows], indent=1) + "\n", "utf-8")
    if page:
        page.write_text(as_markdown(rows), encoding="utf-8")


if __name__ == "__main__":
    typer.run(main)
