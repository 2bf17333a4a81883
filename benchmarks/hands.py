"""Digits, letters and signs by UNIPEN's writers on a canvas: alone, and a sign between two digits."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.measures import Sample
from mnist_core.datasets.handwriting import AS_WRITTEN, draw_digit
from mnist_core.datasets.unipen import (
    PenCharacter,
    Split,
    as_pen_digits,
    load_unipen,
    select_characters,
)
from mnist_core.reading.strokes import Stroke, draw_strokes

SIGNS = "+*#%&@$?=<~"
"""Signs that look like no digit. Those between digits are drawn at their own height, a plus being lower."""
BETWEEN = "+=*<#%&@$?~"
_LOWER = {"+": 0.55, "=": 0.4, "*": 0.4, "<": 0.5, "~": 0.35, "-": 0.35}
_PAPER = (280, 640)


def digits(data: Path, split: Split = Split.TEST, every: int = 1) -> Iterator[Sample]:
    """Draw each digit of the writers of a split once on a canvas of 280 pixels."""
    yield from _alone(select_characters(load_unipen(data / "unipen/digits.jsonl.gz"), split)[::every])


def marks(data: Path, labels: str, most: int, split: Split = Split.TEST, seed: int = 0) -> Iterator[Sample]:
    """Draw some of the letters or signs of a split's writers once each: what is no digit."""
    chosen = _some(
        select_characters(load_unipen(data / "unipen/characters.jsonl.gz"), split, labels), most, seed
    )
    yield from _alone(chosen, is_digit=False)


def sign_between(
    data: Path, count: int, split: Split = Split.TEST, seed: int = 0, labels: str = BETWEEN
) -> Iterator[Sample]:
    """Put a sign between two digits of one writer, as far apart as digits of a number are."""
    by_writer: dict[tuple[str, int], list[PenCharacter]] = {}
    for digit in select_characters(load_unipen(data / "unipen/digits.jsonl.gz"), split):
        by_writer.setdefault((digit.source, digit.writer), []).append(digit)
    signs = select_characters(load_unipen(data / "unipen/characters.jsonl.gz"), split, labels)
    writers = [own for own in by_writer.values() if len(own) > 1]
    rng = np.random.default_rng(seed)
    for _ in range(count):
        own = writers[int(rng.integers(len(writers)))]
        left, right = (own[int(k)] for k in rng.choice(len(own), 2, replace=False))
        sign = signs[int(rng.integers(len(signs)))]
        yield Sample(*_in_a_row((left, sign, right), rng))


def _in_a_row(
    row: Sequence[PenCharacter], rng: np.random.Generator
) -> tuple[NDArray[np.uint8], str, tuple[Stroke, ...]]:
    height = float(rng.uniform(70, 150))
    pen = float(rng.integers(4, 13))
    x, strokes = float(rng.uniform(10, 40)), []
    for character in row:
        points = np.concatenate(character.strokes)
        low, extent = points.min(axis=0), np.ptp(points, axis=0)
        tall = height * _LOWER.get(character.label, 1.0) * rng.uniform(0.85, 1.15)
        scale = tall / max(extent[1], 0.7 * extent[0], 1)
        corner = np.array([x + pen / 2, 140 - scale * extent[1] / 2])
        strokes += [
            Stroke(((path - low) * scale + corner).astype(np.float32), pen) for path in character.strokes
        ]
        x += extent[0] * scale + pen + height * rng.uniform(0.04, 0.35)
    text = "".join(character.label for character in row if character.label.isdigit())
    return draw_strokes(strokes, *_PAPER), text, tuple(strokes)


def _alone(characters: Sequence[PenCharacter], is_digit: bool = True) -> Iterator[Sample]:
    rng = np.random.default_rng(0)
    for character, drawable in zip(
        characters, as_pen_digits(characters, None if is_digit else -1), strict=True
    ):
        drawn = draw_digit(drawable, rng, AS_WRITTEN)
        yield Sample(drawn.rgba, character.label if is_digit else "", drawn.strokes)


def _some(characters: Sequence[PenCharacter], most: int, seed: int) -> list[PenCharacter]:
    chosen = np.random.default_rng(seed).permutation(len(characters))[:most]
    return [characters[int(k)] for k in sorted(chosen)]
