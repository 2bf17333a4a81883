"""Counts what was read right, refused and misread, and keeps the misread pictures to look at."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.measures import Sample
from benchmarks.photos import digits_wrong
from mnist_core import Reading, Recognizer

_CELLS_A_SHEET = 60


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: whole pictures, and the digits in them."""

    measure: str
    right: int
    """Pictures whose whole text was read; for what is no digit, those that were refused."""
    total: int
    refused: int
    """Pictures misread with a mark among them that was taken for no digit; cells taken for no digit."""
    digits: int
    """Digits in all pictures together; 0 for what is no digit."""
    digits_wrong: int
    """Digits to change, add or take away to make the text of what was read."""
    calibration_error: float | None = None
    """Expected calibration error of the pictures of one digit; None where there are none."""

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
        self.digits_refused = 0
        """Of the single digits, those taken for no digit."""
        self._confidences: list[float] = []
        self._hits: list[bool] = []

    @property
    def single_digits(self) -> int:
        """Pictures and cells of one digit in which one mark was found."""
        return len(self._hits)

    def pictures(self, measure: str, samples: Iterable[Sample], read: Callable[[Sample], Reading]) -> Row:
        """Read pictures and compare the whole text."""
        right = total = refused = digits = wrong = 0
        first = len(self._hits)
        self.mistakes[measure] = []
        for sample in samples:
            reading = read(sample)
            total += 1
            digits += len(sample.text.replace("\n", ""))
            wrong += digits_wrong(sample.text, reading.text)
            refused += any(not digit.is_digit for digit in reading.digits) and reading.text != sample.text
            if reading.text == sample.text:
                right += 1
            else:
                self.mistakes[measure].append(Mistake(sample.picture, sample.text, reading.text))
            if len(sample.text) == 1 and len(reading.digits) == 1:
                digit = reading.digits[0]
                self._remember(digit.confidence, str(digit.label) == sample.text, digit.is_digit)
        own = slice(first, None)
        error = expected_calibration_error(self._confidences[own], self._hits[own])
        return Row(measure, right, total, refused, digits, wrong, error)

    def cells(self, measure: str, cells: NDArray[np.uint8], labels: NDArray[np.integer]) -> Row:
        """Read ready cells, as `Recognizer.probabilities` does."""
        shares = (cells / np.float32(255)).astype(np.float32)
        probabilities = self.recognizer.probabilities(shares)
        hits = probabilities.argmax(axis=1) == labels
        accepted = self.recognizer.digit_probability(shares) >= self.recognizer.digit_threshold
        for confidence, hit, is_digit in zip(probabilities.max(axis=1), hits, accepted, strict=True):
            self._remember(float(confidence), bool(hit), bool(is_digit))
        self.mistakes[measure] = [
            Mistake(255 - cells[k], str(labels[k]), str(probabilities[k].argmax()))
            for k in np.flatnonzero(~hits)
        ]
        right = int(hits.sum())
        return Row(measure, right, len(hits), int((~accepted).sum()), len(hits), len(hits) - right)

    def not_digits(self, measure: str, cells: NDArray[np.uint8]) -> Row:
        """Show what is no digit; right is to refuse it."""
        shares = (cells / np.float32(255)).astype(np.float32)
        refused = self.recognizer.digit_probability(shares) < self.recognizer.digit_threshold
        labels = self.recognizer.probabilities(shares).argmax(axis=1)
        self.mistakes[measure] = [
            Mistake(255 - cells[k], "-", str(labels[k])) for k in np.flatnonzero(~refused)
        ]
        return Row(measure, int(refused.sum()), len(cells), int(refused.sum()), 0, 0)

    def calibration_error(self) -> float:
        """Compute the expected calibration error over all single digits read."""
        return expected_calibration_error(self._confidences, self._hits) or 0.0

    def _remember(self, confidence: float, hit: bool, is_digit: bool) -> None:
        self.digits_refused += not is_digit
        self._confidences.append(confidence)
        self._hits.append(hit)


def expected_calibration_error(
    confidences: Sequence[float], hits: Sequence[bool], bins: int = 15
) -> float | None:
    """Compute how far confidence is from the share of hits, in equal bins of confidence.

    As in Guo et al. 2017, "On calibration of modern neural networks", arXiv 1706.04599.

    Args:
        confidences: in [0, 1].
        hits: whether each reading was right.
        bins: of equal width.
    Returns:
        The error in [0, 1]; None without readings.
    """
    if not hits:
        return None
    sure, right = np.array(confidences), np.array(hits)
    indices = np.minimum((sure * bins).astype(int), bins - 1)
    return float(
        sum(
            abs(right[indices == k].mean() - sure[indices == k].mean()) * (indices == k).mean()
            for k in range(bins)
            if (indices == k).any()
        )
    )


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
