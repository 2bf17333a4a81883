"""What the page /inside costs: each view's time, the memory of it all, the bytes a stroke; and what it shows.

`python -m benchmarks.inside --page docs/inside-measured.md`. Figures on digits need MNIST, and the map one
that was made on the page.
"""

import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from benchmarks.machine import this_machine
from mnist_core.config import AppPaths
from mnist_core.datasets.mnist import load_mnist, locate_mnist
from mnist_core.errors import ModelError
from mnist_core.explanations.ablations import ABLATIONS, ablate
from mnist_core.explanations.adversarial import STRENGTHS, change_towards, smallest_change
from mnist_core.explanations.neighbours import last_features, load_map, map_path
from mnist_core.explanations.probe import Probe
from mnist_core.explanations.saliency import (
    COARSE,
    FINE,
    compare_saliency,
    gradient_saliency,
    integrated_gradients,
    occlusion,
)
from mnist_core.reading.normalization import to_batch
from mnist_core.reading.recognizer import Recognizer
from pages.draw.example import example_strokes
from pages.draw.paper import NARROW
from pages.inside.network import layers_content

RUNS = 200
TEST_DIGITS = 2000
FOOLED_DIGITS = 100


@dataclass(frozen=True, slots=True)
class Row:
    """What was measured, and the figure in words."""

    what: str
    figure: str


def timed(what: str, view: Callable[[], object], runs: int = RUNS) -> Row:
    view()
    seconds = []
    for _ in range(runs):
        start = time.perf_counter()
        view()
        seconds.append(time.perf_counter() - start)
    median, late = 1000 * np.median(seconds), 1000 * np.quantile(seconds, 0.95)
    return Row(what, f"{median:.2f} ms, p95 {late:.2f}")


def resident_megabytes() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="utf-8").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def view_rows(recognizer: Recognizer, paths: AppPaths) -> Iterator[Row]:
    """Measure each view on one drawn digit."""
    before = resident_megabytes()
    probe = Probe.open(recognizer.files)
    mark = recognizer.read_strokes(example_strokes(NARROW, 0), NARROW.height, NARROW.width).digits[0]
    cell, digit = mark.cell, mark.label
    activations = probe.activations(cell[np.newaxis])
    yield timed("reading the cell, as a stroke does", lambda: recognizer.probabilities(cell[np.newaxis]))
    yield timed("all activations", lambda: probe.activations(cell[np.newaxis]))
    yield timed("the maps as bytes for the browser", lambda: layers_content(cell, probe, activations))
    sent = len(json.dumps(layers_content(cell, probe, activations)))
    yield Row("bytes of the deepest view a stroke", f"{sent:,}")
    yield timed("gradient saliency", lambda: gradient_saliency(probe, cell, digit))
    yield timed("what speaks for one of two digits", lambda: compare_saliency(probe, cell, digit, 7))
    yield timed(f"occlusion, {COARSE**2} places", lambda: occlusion(probe, cell, digit, COARSE))
    yield timed(f"occlusion, {FINE**2} places", lambda: occlusion(probe, cell, digit, FINE), 50)
    yield timed("integrated gradients, 32 steps", lambda: integrated_gradients(probe, cell, digit), 50)
    yield timed("make it another digit", lambda: change_towards(probe, cell, 7, STRENGTHS[-1]), 50)
    yield timed("the smallest change that fools", lambda: smallest_change(probe, cell, digit), 20)
    with suppress(ModelError):  # no map was made here
        digits = load_map(map_path(recognizer.files, paths))
        features = last_features(cell[np.newaxis], activations)[0]
        yield timed("its nearest training digits and its place on the map", lambda: digits.place_of(features))
    yield Row("memory of all this beside the reader", f"{resident_megabytes() - before:.0f} MB")


def digit_rows(recognizer: Recognizer, paths: AppPaths) -> Iterator[Row]:
    """Measure what the steps claim, on MNIST's test digits."""
    test = load_mnist(paths).test
    cells, labels = to_batch(test.cells[:TEST_DIGITS])[..., 0], test.labels[:TEST_DIGITS]
    for ablation in ABLATIONS:
        changed = np.stack([ablate(cell, cell, ablation.step) for cell in cells])
        right = (recognizer.probabilities(changed).argmax(axis=1) == labels).mean()
        yield Row(f"{ablation.title.lower()}: read right of {TEST_DIGITS:,}", f"{100 * right:.1f} %")
    probe = Probe.open(recognizer.files)
    changed, fooled = _fooled(probe, cells[:FOOLED_DIGITS], labels[:FOOLED_DIGITS])
    yield Row(f"fooled at {100 * STRENGTHS[-1]:.0f} % a pixel, of {FOOLED_DIGITS}", str(fooled))
    passing = int((recognizer.digit_probability(changed) >= recognizer.digit_threshold).sum())
    yield Row("of those the second head still takes for digits", str(passing))


def _fooled(
    probe: Probe, cells: NDArray[np.float32], labels: NDArray[np.integer]
) -> tuple[NDArray[np.float32], int]:
    """Change each digit until it is read otherwise; return the changed ones that are, and their number."""
    changes = [smallest_change(probe, cell, int(label)) for cell, label in zip(cells, labels, strict=True)]
    found = [change.cell for change in changes if change is not None]
    return np.stack(found) if found else cells[:0], len(found)


def as_markdown(rows: list[Row]) -> str:
    return "\n".join(
        [
            "# What /inside costs and shows, as measured",
            "",
            f"{this_machine()}; made by `python -m benchmarks.inside`. Medians and 95th percentiles.",
            "",
            "| what | figure |",
            "| --- | ---: |",
            *(f"| {row.what} | {row.figure} |" for row in rows),
            "",
        ]
    )


def main(
    page: Annotated[Path | None, typer.Option(help="Write the table here, as Markdown.")] = None,
) -> None:
    """Print what the page /inside costs."""
    paths = AppPaths.from_environment()
    recognizer = Recognizer.load("shipped")
    rows = list(view_rows(recognizer, paths))
    if locate_mnist(paths) is not None:
        rows += digit_rows(recognizer, paths)
    table = Table("what", "figure", title="Inside")
    for row in rows:
        table.add_row(row.what, row.figure)
    Console().print(table)
    if page:
        page.write_text(as_markdown(rows), encoding="utf-8")


if __name__ == "__main__":
    typer.run(main)
