"""What reading returns: boxes, marks, readings. Frozen, checked when made."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from mnist_core.config import CELL_SIZE, DIGIT_CLASSES


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels of the picture handed over; (x, y) is its top left corner."""

    x: int
    y: int
    width: int
    height: int

    @classmethod
    def around(cls, boxes: Iterable["Box"]) -> "Box":
        """Return the smallest box that holds all boxes; at least one."""
        held = list(boxes)
        left, top = min(box.x for box in held), min(box.y for box in held)
        right, bottom = max(box.x + box.width for box in held), max(box.y + box.height for box in held)
        return cls(left, top, right - left, bottom - top)

    def scaled(self, across: float, down: float) -> "Box":
        """Return this box in a picture that is larger or smaller by these factors."""
        left, top = round(self.x * across), round(self.y * down)
        right, bottom = round((self.x + self.width) * across), round((self.y + self.height) * down)
        return Box(left, top, right - left, bottom - top)


@dataclass(frozen=True, slots=True, eq=False)  # eq=False: comparing arrays has no single answer
class DigitReading:
    """The model's prediction for one mark.

    Attributes:
        box: where it stands, in pixels of the picture handed over.
        line: the line of writing it stands in; 0 is the topmost.
        ink: float32 (h, w) in [0, 1]; this mark's own ink, cut out, 1 is full ink.
        cell: float32 (28, 28) in [0, 1]; what the network saw.
        probabilities: float32 (10,), sums to 1; how likely each digit is, should it be one.
        is_digit: False where this does not look like a digit.
        thickness: of its strokes, as a share of its longer side; from about 0.35 on loops fill with ink.
    """

    box: Box
    line: int
    ink: NDArray[np.float32]
    cell: NDArray[np.float32]
    probabilities: NDArray[np.float32]
    is_digit: bool
    thickness: float = 0.0

    def __post_init__(self) -> None:
        if self.cell.shape != (CELL_SIZE, CELL_SIZE):
            raise ValueError(f"a cell is ({CELL_SIZE}, {CELL_SIZE}), not {self.cell.shape}")
        if self.probabilities.shape != (DIGIT_CLASSES,):
            raise ValueError(f"probabilities are ({DIGIT_CLASSES},), not {self.probabilities.shape}")

    @property
    def label(self) -> int:
        """The likeliest digit, 0 to 9."""
        return int(self.probabilities.argmax())

    @property
    def confidence(self) -> float:
        """How sure the model is of `label`, in [0, 1]; calibrated."""
        return min(1.0, float(self.probabilities.max()))


@dataclass(frozen=True, slots=True, eq=False)
class Gap:
    """A place in a text where marks were not read.

    Attributes:
        position: index into the reading's text before which the marks stand; the text's length at its end.
        before: the digit that stands before them in their line, or None.
        after: the digit that stands after them in their line, or None.
        marks: how many marks were not read there.
    """

    position: int
    before: int | None
    after: int | None
    marks: int


@dataclass(frozen=True, slots=True)
class Reading:
    """All marks of one picture in reading order, the refused ones among them.

    Attributes:
        digits: the marks. Their boxes are in pixels of the picture handed over, however it was turned;
            their `ink` and `cell` are as they were read.
        turn: degrees clockwise, 0, 90, 180 or 270, by which the picture was turned to be read.
    """

    digits: tuple[DigitReading, ...]
    turn: int = 0

    def __post_init__(self) -> None:
        if self.turn not in (0, 90, 180, 270):
            raise ValueError(f"a picture is turned by 0, 90, 180 or 270 degrees, not {self.turn}")

    @property
    def text(self) -> str:
        """The digits in reading order, lines joined by a line break; refused marks are left out."""
        accepted = [digit for digit in self.digits if digit.is_digit]
        lines = groupby(accepted, key=lambda digit: digit.line)
        return "\n".join("".join(str(digit.label) for digit in line) for _, line in lines)

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """Where in the text marks were not read, in reading order; lines without a digit are left out."""
        found: list[Gap] = []
        position = 0
        for _, line in groupby(self.digits, key=lambda digit: digit.line):
            runs = [(is_digit, list(run)) for is_digit, run in groupby(line, key=lambda mark: mark.is_digit)]
            if not any(is_digit for is_digit, _ in runs):
                continue
            for index, (is_digit, marks) in enumerate(runs):
                if is_digit:
                    position += len(marks)
                    continue
                before = runs[index - 1][1][-1].label if index else None
                after = runs[index + 1][1][0].label if index + 1 < len(runs) else None
                found.append(Gap(position, before, after, len(marks)))
            position += 1  # the line break
        return tuple(found)
