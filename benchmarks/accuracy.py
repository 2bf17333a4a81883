"""How well the shipped model reads: every kind of picture, with counts and Wilson's 95 % intervals.

python -m benchmarks.accuracy [--data FOLDER] [--model NAME] [--json FILE] [--page FILE] [--sheets FOLDER]
"""

import json
import platform
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import cv2
import numpy as np
import typer
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import track
from rich.table import Table

from benchmarks import measures, photos
from benchmarks.measures import Sample
from mnist_core import Reading, Recognizer
from mnist_core.config import Places
from mnist_core.learning.data import load_mnist
from mnist_core.learning.evaluation import wilson_interval
from mnist_core.learning.negatives import scribble_cells
from mnist_core.learning.not_digits import read_not_digits

SCRIBBLES = 1000
_SCRIBBLE_SEED = 20_261_122
"""Not the training's: those scribbles were learned from."""
_CELLS_A_SHEET = 60


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: `right` of `total`, and for digits how sure the model was of how many."""

    measure: str
    right: int
    total: int
    refused: int
    """Digits taken for no digit; for what is no digit the same as `right`."""

    @property
    def share(self) -> float:
        return self.right / self.total


@dataclass(frozen=True, slots=True, eq=False)
class Mistake:
    """A picture that was misread: grey or RGB, what it says, what was read."""

    picture: NDArray[np.uint8]
    text: str
    read: str


class Scorer:
    """Counts readings over all kinds, and keeps every digit's confidence for the calibration error."""

    def __init__(self, recognizer: Recognizer) -> None:
        self.recognizer = recognizer
        self.mistakes: dict[str, list[Mistake]] = {}
        self._confidences: list[float] = []
        self._hits: list[bool] = []

    def pictures(self, measure: str, samples: Iterable[Sample], read: Callable[[Sample], Reading]) -> Row:
        """Read pictures and compare the whole text."""
        right = total = refused = 0
        self.mistakes[measure] = []
        for sample in samples:
            reading = read(sample)
            total += 1
            refused += any(not digit.is_digit for digit in reading.digits) and reading.text != sample.text
            if reading.text == sample.text:
                right += 1
            else:
                self.mistakes[measure].append(Mistake(sample.picture, sample.text, reading.text))
            if len(sample.text) == 1 and len(reading.digits) == 1:
                self._remember(reading.digits[0].confidence, str(reading.digits[0].label) == sample.text)
        return Row(measure, right, total, refused)

    def cells(self, measure: str, cells: NDArray[np.uint8], labels: NDArray[np.integer]) -> Row:
        """Read ready cells, as `Recognizer.probabilities` does."""
        shares = (cells / np.float32(255)).astype(np.float32)
        probabilities = self.recognizer.probabilities(shares)
        hits = probabilities.argmax(axis=1) == labels
        accepted = self.recognizer.digitness(shares) >= self.recognizer.digitness_threshold
        for confidence, hit in zip(probabilities.max(axis=1), hits, strict=True):
            self._remember(float(confidence), bool(hit))
        self.mistakes[measure] = [
            Mistake(255 - cells[k], str(labels[k]), str(probabilities[k].argmax()))
            for k in np.flatnonzero(~hits)
        ]
        return Row(measure, int(hits.sum()), len(hits), int((~accepted).sum()))

    def not_digits(self, measure: str, cells: NDArray[np.uint8]) -> Row:
        """Show what is no digit; right is to refuse it."""
        shares = (cells / np.float32(255)).astype(np.float32)
        refused = self.recognizer.digitness(shares) < self.recognizer.digitness_threshold
        labels = self.recognizer.probabilities(shares).argmax(axis=1)
        self.mistakes[measure] = [
            Mistake(255 - cells[k], "-", str(labels[k])) for k in np.flatnonzero(~refused)
        ]
        return Row(measure, int(refused.sum()), len(cells), int(refused.sum()))

    def calibration_error(self, bins: int = 15) -> float:
        """The expected calibration error over all single digits read (Guo et al. 2017, arXiv 1706.04599)."""
        confidences, hits = np.array(self._confidences), np.array(self._hits)
        places = np.minimum((confidences * bins).astype(int), bins - 1)
        return float(
            sum(
                abs(hits[places == k].mean() - confidences[places == k].mean()) * (places == k).mean()
                for k in range(bins)
                if (places == k).any()
            )
        )

    def _remember(self, confidence: float, hit: bool) -> None:
        self._confidences.append(confidence)
        self._hits.append(hit)


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

    places = Places.from_environment()
    if (data / "mnist").is_dir():
        places = replace(places, mnist=data / "mnist")
    mnist = load_mnist(places).test
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
        ("hwd1000, drawn on a screen", "hwd1000", measures.hwd1000(data), photo),
        ("USPS test, 16 pixels", "usps", measures.usps(data), photo),
        ("scans of forms", "scans", measures.scans(data), photo),
        *(
            (f"pictures: {kind}", "pictures", measures.pictures(data, kind), photo)
            for kind in ("photo_single", "photo_small28", "screen_hires", "photo_multi")
        ),
        ("simulated photos of pages, held-out writers", "strokes", photos.simulated_photos(data), photo),
    ]
    for measure, folder, samples, read in kinds:
        if (data / folder).is_dir():
            yield scorer.pictures(measure, samples, read)
        else:
            missing(f"{measure}: not measured, {data / folder} is not there")
    if (data / "not_digits").is_dir():
        for marks in read_not_digits(data / "not_digits"):
            yield scorer.not_digits(f"refused: {marks.name.split(' (')[0]}", marks.held_out)
    else:
        missing(f"refused letters and doodles: not measured, {data / 'not_digits'} is not there")
    scribbles = scribble_cells(SCRIBBLES, np.random.default_rng(_SCRIBBLE_SEED))
    yield scorer.not_digits("refused: scribbles and signs", scribbles)


def sheet(mistakes: list[Mistake], side: int = 96) -> NDArray[np.uint8]:
    """Lay misread pictures out in rows of ten, each with what it says and what was read: uint8 (h, w, 3)."""
    tiles = []
    for mistake in mistakes[:_CELLS_A_SHEET]:
        picture = mistake.picture[..., :3] if mistake.picture.ndim == 3 else np.dstack([mistake.picture] * 3)
        scale = side / max(picture.shape[:2])
        fitted = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        tile = np.full((side + 22, side + 6, 3), 235, np.uint8)
        tile[3 : 3 + fitted.shape[0], 3 : 3 + fitted.shape[1]] = fitted
        caption = f"{mistake.text} > {mistake.read or 'none'}".replace("\n", "/")
        cv2.putText(
            tile, caption[:14], (4, side + 17), cv2.FONT_HERSHEY_SIMPLEX, 0.4, (0, 0, 0), 1, cv2.LINE_AA
        )
        tiles.append(tile)
    tiles += [np.full_like(tiles[0], 235)] * (-len(tiles) % 10)
    return np.vstack([np.hstack(tiles[start : start + 10]) for start in range(0, len(tiles), 10)])


def as_markdown(found: list[Row], calibration_error: float, model: str, machine: str) -> str:
    """Write the table as a page for `docs/`."""
    lines = [
        "# Accuracy, as measured",
        "",
        f"Model `{model}`, {datetime.now(UTC):%Y-%m-%d}, {machine}; made by `make benchmark`.",
        "None of these pictures was trained on; whole texts are compared, not digits.",
        "",
        "| pictures | right | of | share | 95 % interval | refused |",
        "|---|---:|---:|---:|---|---:|",
    ]
    for row in found:
        low, high = wilson_interval(row.right, row.total)
        lines.append(
            f"| {row.measure} | {row.right:,} | {row.total:,} | {row.share:.2%} "
            f"| {low:.2%} to {high:.2%} | {row.refused:,} |"
        )
    lines += ["", f"Expected calibration error over all single digits: {calibration_error:.2%}.", ""]
    return "\n".join(lines)


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
    table = Table("pictures", "right", "of", "share", "95 % interval", "refused", title="Accuracy")
    for row in found:
        low, high = wilson_interval(row.right, row.total)
        share, interval = f"{row.share:.2%}", f"{low:.2%} to {high:.2%}"
        table.add_row(row.measure, f"{row.right:,}", f"{row.total:,}", share, interval, f"{row.refused:,}")
    console.print(table)
    error = scorer.calibration_error()
    console.print(f"Expected calibration error over all single digits: {error:.2%}")
    name = scorer.recognizer.files.name
    if json_file:
        figures = {"model": name, "rows": [asdict(row) for row in found], "calibration_error": error}
        json_file.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    if page:
        page.write_text(as_markdown(found, error, name, platform.platform()), encoding="utf-8")
    if sheets:
        sheets.mkdir(parents=True, exist_ok=True)
        for measure, mistakes in scorer.mistakes.items():
            if mistakes:
                stem = "".join(letter if letter.isalnum() else "_" for letter in measure)
                cv2.imwrite(str(sheets / f"{stem}.png"), sheet(mistakes)[..., ::-1])


if __name__ == "__main__":
    typer.run(main)
