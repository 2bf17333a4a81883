"""Digits, letters and signs as pen strokes by many hundreds of people: UNIPEN, split by writer.

UNIPEN train_r01_v07, International Unipen Foundation, CC BY 4.0. The folder holds `digits.jsonl.gz` and
`characters.jsonl.gz`, one JSON object a line: `label`, `source` (an institution), `writer` (a number within
it) and `strokes` (a flat `[x, y, x, y, ...]` each; y down; the longer side of the whole is 0 to 1000).
"""

import gzip
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from zlib import error as ZlibError

import numpy as np
from numpy.typing import NDArray

from mnist_core.datasets.pen_strokes import PenDigit
from mnist_core.errors import DataError
from mnist_core.json_files import decode_json

CREDIT = "UNIPEN train_r01_v07, International Unipen Foundation, CC BY 4.0"

HELD_OUT_SOURCES = frozenset({"gmd", "mot", "lav"})
"""Institutions for testing only: with other tablets, other writers and other countries' ways of writing."""
_WRITER_GROUPS, _TEST_GROUP, _CALIBRATION_GROUP = 8, 3, 6
"""Of the other institutions' writers, by number, one in eight is for testing and one for calibration."""

_DIGITS = tuple("0123456789")
UNLIKE_DIGITS = "ACEFHKMNPRTVWXdefhkmnprtwx"
"""Letters that nobody draws like a digit."""
SIGNS = '+*#%&@$?=<>~!:;^-"'
"""Left out are dots and commas, known by their size, which a cell doesn't show; and brackets and slashes: a
network that was trained on them refused slanting and flagged ones."""
_SOME_LIKE_DIGITS = "cvi"
"""Letters that are trained on, though a few are drawn like digits. Those left out (O, I, l, S, Z, b, q, U, a
...) can't be told from digits even by people."""
TRAINING_LABELS = UNLIKE_DIGITS + _SOME_LIKE_DIGITS + SIGNS
_WITH_PARTS_UNLIKE_DIGITS = "AEFHKMNTWkmntfx#*"
"""Characters of several strokes, no part of which is a digit unless it is a straight line."""

_STRAIGHT = 0.7
"""A stroke whose ends are farther apart than this share of its length may be a 1."""
_MAX_BYTES = 60_000_000
_LONGEST_LINE = 100_000


class Split(Enum):
    """What a writer's characters are used for."""

    TRAIN = "train"
    CALIBRATION = "calibration"
    TEST = "test"


@dataclass(frozen=True, slots=True, eq=False)  # eq=False: comparing arrays has no single answer
class PenCharacter:
    """One character as a pen moved.

    Attributes:
        label: the character.
        source: the institution that collected it.
        writer: a number within the institution.
        strokes: float32 (n, 2) each, n >= 1; x to the right, y down; the longer side of all is 0 to 1000.
    """

    label: str
    source: str
    writer: int
    strokes: tuple[NDArray[np.float32], ...]

    @property
    def split(self) -> Split:
        """What it is used for: the same for all that its writer wrote."""
        group = self.writer % _WRITER_GROUPS
        if self.source in HELD_OUT_SOURCES or group == _TEST_GROUP:
            return Split.TEST
        return Split.CALIBRATION if group == _CALIBRATION_GROUP else Split.TRAIN


@dataclass(frozen=True, slots=True)
class _Line:
    """A character as a line of a file has it; each stroke is [x, y, x, y, ...]."""

    label: str
    source: str
    writer: int
    strokes: list[list[float]]


def load_unipen(path: Path) -> tuple[PenCharacter, ...]:
    """Load a file of characters as pen strokes.

    Args:
        path: of `digits.jsonl.gz` or `characters.jsonl.gz`.
    Returns:
        All characters in the file's order.
    Raises:
        DataError: missing, too large, or not such a file.
    """
    characters = []
    try:
        with gzip.open(path) as file:
            size = 0
            while line := file.readline(_LONGEST_LINE):
                size += len(line)
                if size > _MAX_BYTES:
                    raise DataError(f"{path} unpacks to more than {_MAX_BYTES:,} bytes.")
                characters.append(_parse(line))
    except (OSError, EOFError, ZlibError, ValueError) as error:
        raise DataError(f"The pen strokes in {path} can't be read: {error}.") from error
    if not characters:
        raise DataError(f"{path} holds no pen strokes.")
    return tuple(characters)


def select_characters(
    characters: Iterable[PenCharacter], split: Split, labels: str | None = None
) -> tuple[PenCharacter, ...]:
    """Return the characters of one split, and of these labels only where some are named."""
    return tuple(
        character
        for character in characters
        if character.split is split and (labels is None or character.label in labels)
    )


def as_pen_digits(characters: Sequence[PenCharacter], label: int | None = None) -> tuple[PenDigit, ...]:
    """Return characters for `draw_cells`, all with one label or, of digits, each with its own.

    Raises:
        DataError: no label was given and a character is no digit.
    """
    if label is None and not all(character.label in _DIGITS for character in characters):
        raise DataError("Among UNIPEN's digits are characters that are none.")
    return tuple(
        PenDigit(int(character.label) if label is None else label, character.writer, character.strokes)
        for character in characters
    )


def balance_labels(
    characters: Sequence[PenCharacter], fewest: int, most: int, rng: np.random.Generator
) -> tuple[PenCharacter, ...]:
    """Choose about as many of each label: rare ones repeatedly, frequent ones in part.

    Args:
        characters: in any order.
        fewest: of each label, at least so many are returned.
        most: of each label, at most so many are.
        rng: decides which.
    """
    labels = np.array([character.label for character in characters])
    chosen: list[int] = []
    for label in sorted(set(labels.tolist())):
        indices = np.flatnonzero(labels == label)
        count = min(max(len(indices), fewest), most)
        chosen += rng.permutation(np.resize(rng.permutation(indices), count)).tolist()
    return tuple(characters[k] for k in chosen)


def draw_parts(
    characters: Iterable[PenCharacter], rng: np.random.Generator
) -> tuple[tuple[NDArray[np.float32], ...], ...]:
    """Draw parts of characters, as when a grouping takes a part for the whole.

    Args:
        characters: those of one stroke have no parts; of the others only those are used whose parts are no
            digits.
        rng: decides which strokes stay.
    Returns:
        The strokes of each part; no straight line by itself, since it may be a 1.
    """
    found = []
    for character in characters:
        count = len(character.strokes)
        if count < 2 or character.label not in _WITH_PARTS_UNLIKE_DIGITS:
            continue
        chosen = rng.choice(count, int(rng.integers(1, count)), replace=False)
        part = tuple(character.strokes[k] for k in sorted(chosen.tolist()))
        if len(part) > 1 or not _is_straight(part[0]):
            found.append(part)
    return tuple(found)


def place_beside(
    left: Sequence[NDArray[np.float32]],
    right: Sequence[NDArray[np.float32]],
    gap: float,
    right_height: float,
) -> tuple[NDArray[np.float32], ...]:
    """Return the strokes of two characters side by side.

    Args:
        left: strokes.
        right: strokes.
        gap: between them, as a share of the left one's larger side; negative where they overlap.
        right_height: the right one's larger side, as a share of the left one's.
    Returns:
        The strokes of both, left first, their middles at one height.
    """
    low, high = _extent(left)
    other_low, other_high = _extent(right)
    side = max(float((high - low).max()), 1.0)
    scale = right_height * side / max(float((other_high - other_low).max()), 1.0)
    middle = (low[1] + high[1]) / 2 - scale * (other_low[1] + other_high[1]) / 2
    corner = np.array([high[0] + gap * side - scale * other_low[0], middle], np.float32)
    return (*left, *((stroke * np.float32(scale) + corner).astype(np.float32) for stroke in right))


def _extent(strokes: Sequence[NDArray[np.float32]]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    points = np.concatenate(strokes)
    return points.min(axis=0), points.max(axis=0)


def _is_straight(stroke: NDArray[np.float32]) -> bool:
    length = float(np.hypot(*np.diff(stroke, axis=0).T).sum())
    return float(np.hypot(*(stroke[-1] - stroke[0]))) >= _STRAIGHT * length


def _parse(line: bytes) -> PenCharacter:
    content = decode_json(line, _Line)
    with np.errstate(over="ignore"):  # what is too large becomes infinite, and is refused
        strokes = tuple(np.array(flat, np.float32).reshape(-1, 2) for flat in content.strokes)
    if not strokes or not all(len(stroke) and np.isfinite(stroke).all() for stroke in strokes):
        raise ValueError("a character without points")
    return PenCharacter(content.label, content.source, content.writer, strokes)
