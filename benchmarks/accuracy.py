"""How well the shipped model reads: every kind of picture, with counts and Wilson's 95 % intervals.

python -m benchmarks.accuracy [--data FOLDER] [--model NAME] [--json FILE] [--page FILE] [--sheets FOLDER]

The sheets of mistakes show other people's pictures, most of which we may measure by but not publish: they
are for looking at, and git ignores the folder that `make benchmark` puts them in.
"""

import json
import platform
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import cv2
import numpy as np
import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table

from benchmarks import bold, crops, hands, measures, nothing, photos
from benchmarks.crops import CropKind
from benchmarks.measures import Sample
from benchmarks.photos import PhotoKind
from benchmarks.scoring import Row, Scorer, sheet
from mnist_core import Reading, Recognizer
from mnist_core.config import AppPaths
from mnist_core.datasets.mnist import load_mnist
from mnist_core.datasets.negative_sets import load_negative_sets
from mnist_core.datasets.synthetic_negatives import scribble_cells
from mnist_core.datasets.unipen import UNLIKE_DIGITS
from mnist_core.evaluation.metrics import wilson_interval

SCRIBBLES = 1000
_SCRIBBLE_SEED = 20_261_122
"""Not the training's: those scribbles were learned from."""
_LETTERS, _SIGNS, _BETWEEN = 1200, 500, 300
"""Letters and signs of unseen writers, and numbers with a sign in them."""
_PAGES, _PHOTOS = 240, 60
"""Simulated photos of plain pages, and of each other kind."""
_BOLD = 100
"""Photos that a bold digit fills."""


def rows(scorer: Scorer, data: Path, missing: Callable[[str], None]) -> Iterator[Row]:
    """Measure every kind whose data is there, one after another; tell of those that are missing."""
    read_photo, read_drawing = scorer.recognizer.read_photo, scorer.recognizer.read_drawing

    def photo(sample: Sample) -> Reading:
        return read_photo(sample.picture)

    def canvas(sample: Sample) -> Reading:
        height, width = sample.picture.shape[:2]
        return scorer.recognizer.read_strokes(sample.strokes, height, width)

    def picture_of_canvas(sample: Sample) -> Reading:
        return read_drawing(sample.picture)

    paths = AppPaths.from_environment()
    if (data / "mnist").is_dir():
        paths = replace(paths, mnist=data / "mnist")
    mnist = load_mnist(paths).test
    yield scorer.cells("MNIST's test cells", mnist.cells, mnist.labels)
    enlarged = (
        Sample(cv2.resize(cell, None, fx=4, fy=4, interpolation=cv2.INTER_CUBIC), str(label))
        for cell, label in zip(mnist.cells, mnist.labels, strict=True)
    )
    yield scorer.pictures("the same as pictures, 112 pixels, whole path", enlarged, photo)
    whole, small = (0.25, 0.9), (0.1, 0.3)
    kinds: list[tuple[str, str, Iterator[Sample], Callable[[Sample], Reading]]] = [
        ("tablet, held-out writers, pens 5-25", "strokes", measures.tablet(data, (5, 25), whole), canvas),
        ("tablet, small and anywhere", "strokes", measures.tablet(data, (4, 8), small), picture_of_canvas),
        ("tablet, a thin pen", "strokes", measures.tablet(data, (2, 4), whole), picture_of_canvas),
        ("tablet, numbers of 2-6, strokes known", "strokes", measures.tablet_numbers(data), canvas),
        ("tablet, numbers of 2-6, picture only", "strokes", measures.tablet_numbers(data), picture_of_canvas),
        *_hands(data, canvas, picture_of_canvas),
        ("hwd1000, drawn on a screen", "hwd1000", measures.hwd1000(data), photo),
        ("USPS test, 16 pixels", "usps", measures.usps(data), photo),
        ("scans of forms", "scans", measures.scans(data), photo),
        *(
            (f"pictures: {kind}", "pictures", measures.pictures(data / "pictures", kind), photo)
            for kind in ("photo_single", "photo_small28", "screen_hires", "photo_multi")
        ),
        *(
            (f"more pictures: {kind}", "pictures", measures.pictures(data / "pictures/more", kind), photo)
            for kind in measures.MORE_KINDS
        ),
        *(
            (
                f"simulated photos: {kind}",
                "strokes",
                photos.simulated_photos(data, _PAGES if kind is PhotoKind.PAGE else _PHOTOS, kind=kind),
                photo,
            )
            for kind in PhotoKind
        ),
        *((f"simulated crops: {kind}", "unipen", crops.crops(data, kind), photo) for kind in CropKind),
        ("bold digits that fill a photo", "unipen", bold.bold_photos(data, _BOLD), photo),
        ("refused: rooms, hands, cloth", "not_digits", nothing.nothing(data), photo),
    ]
    for measure, folder, samples, read in kinds:
        if (data / folder).is_dir():
            yield scorer.pictures(measure, samples, read)
        else:
            missing(f"{measure}: not measured, {data / folder} is not there")
    if (data / "not_digits").is_dir():
        for marks in load_negative_sets(data / "not_digits"):
            yield scorer.not_digits(f"refused: {marks.name.split(' (')[0]}", marks.held_out)
    else:
        missing(f"refused letters and doodles: not measured, {data / 'not_digits'} is not there")
    scribbles = scribble_cells(SCRIBBLES, np.random.default_rng(_SCRIBBLE_SEED))
    yield scorer.not_digits("refused: scribbles and signs", scribbles)


def _hands(
    data: Path, canvas: Callable[[Sample], Reading], picture: Callable[[Sample], Reading]
) -> Iterator[tuple[str, str, Iterator[Sample], Callable[[Sample], Reading]]]:
    """List what UNIPEN's unseen writers wrote: digits, letters and signs alone, and signs between digits."""
    kinds: list[tuple[str, Callable[[], Iterator[Sample]]]] = [
        ("UNIPEN digits", lambda: hands.digits(data)),
        ("refused: UNIPEN letters unlike digits", lambda: hands.marks(data, UNLIKE_DIGITS, _LETTERS)),
        ("refused: UNIPEN signs", lambda: hands.marks(data, hands.SIGNS, _SIGNS)),
        ("a sign between two digits", lambda: hands.sign_between(data, _BETWEEN)),
        ("a minus between two digits", lambda: hands.sign_between(data, _BETWEEN, labels="-")),
    ]
    for name, samples in kinds:
        yield f"{name}, strokes known", "unipen", samples(), canvas
        yield f"{name}, picture only", "unipen", samples(), picture


def summary(scorer: Scorer) -> list[str]:
    """Say what is true of all kinds together: whether confidence can be believed, how many are refused."""
    refused, single = scorer.digits_refused, scorer.single_digits
    return [
        f"Expected calibration error over all {single:,} single digits: {scorer.calibration_error():.2%}.",
        f"Of these digits {refused:,} were taken for no digit: {refused / max(single, 1):.2%}.",
    ]


def as_markdown(found: list[Row], scorer: Scorer, machine: str) -> str:
    """Write the table as a page for `docs/`."""
    lines = [
        "# Accuracy, as measured",
        "",
        f"Model `{scorer.recognizer.files.name}`, {datetime.now(UTC):%Y-%m-%d}, {machine}; "
        "made by `make benchmark`.",
        "None of these pictures was trained on. Whole texts are compared; `digits wrong` counts the digits",
        "to change, add or take away. `make benchmark` also lays every kind's mistakes out as pictures in",
        "`docs/mistakes/`, which stays on the machine: most of them are not ours to publish.",
        "",
        "| pictures | right | of | share | 95 % interval | digits wrong | refused | calibration error |",
        "|---|---:|---:|---:|---|---:|---:|---:|",
    ]
    for row in found:
        low, high = wilson_interval(row.right, row.total)
        lines.append(
            f"| {row.measure} | {row.right:,} | {row.total:,} | {row.share:.2%} "
            f"| {low:.2%} to {high:.2%} | {_wrong(row)} | {row.refused:,} | {_calibration(row)} |"
        )
    return "\n".join([*lines, "", *summary(scorer), ""])


def _calibration(row: Row) -> str:
    return "–" if row.calibration_error is None else f"{row.calibration_error:.2%}"


def _wrong(row: Row) -> str:
    return (
        f"{row.digits_wrong:,} of {row.digits:,} ({row.digits_wrong / row.digits:.2%})" if row.digits else "–"
    )


def main(
    data: Annotated[Path, typer.Option(help="The folder of measuring data.")] = Path("../shared/data"),
    model: Annotated[str | None, typer.Option(help="A model by name; without it the active one.")] = None,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write the figures here.")] = None,
    page: Annotated[Path | None, typer.Option(help="Write the table here, as Markdown.")] = None,
    sheets: Annotated[Path | None, typer.Option(help="Write a picture of each kind's mistakes here.")] = None,
) -> None:
    """Print how well the model reads each kind of picture."""
    console = Console()
    scorer = Scorer(Recognizer.load(model))
    stderr = Console(stderr=True)
    measured = rows(scorer, data, missing=stderr.print)
    found = list(track(measured, description="Measuring", total=None, console=stderr))
    table = Table(
        "pictures", "right", "of", "share", "95 % interval", "digits wrong", "refused", title="Accuracy"
    )
    for row in found:
        low, high = wilson_interval(row.right, row.total)
        counts = f"{row.right:,}", f"{row.total:,}", f"{row.share:.2%}", f"{low:.2%} to {high:.2%}"
        table.add_row(row.measure, *counts, _wrong(row), f"{row.refused:,}")
    console.print(table)
    console.print("\n".join(summary(scorer)))
    if json_file:
        figures = {
            "model": scorer.recognizer.files.name,
            "rows": [asdict(row) for row in found],
            "calibration_error": scorer.calibration_error(),
            "single_digits": scorer.single_digits,
            "digits_refused": scorer.digits_refused,
        }
        json_file.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    if page:
        page.write_text(as_markdown(found, scorer, platform.platform()), encoding="utf-8")
    if sheets:
        sheets.mkdir(parents=True, exist_ok=True)
        for measure, mistakes in scorer.mistakes.items():
            if mistakes:
                stem = "".join(letter if letter.isalnum() else "_" for letter in measure)
                cv2.imwrite(str(sheets / f"{stem}.png"), sheet(mistakes)[..., ::-1])


if __name__ == "__main__":
    typer.run(main)
