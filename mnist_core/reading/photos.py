"""Photos read at two scales: the network takes the one at which it reads more, and more clearly.

At the fine scale paper is what closing leaves, which thin writing on a page needs; a pen that fills the
picture is paper there, or its outline. At the coarse scale paper is one smooth surface and any pen is thin,
but small writing is lost. No count of pixels says which a picture needs, so both are tried.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mnist_core.reading.cutting_out import cut_out
from mnist_core.reading.ink import ink_from_photo
from mnist_core.reading.marks import Mark, MarkReader
from mnist_core.reading.pictures import shrink
from mnist_core.reading.ruled_lines import remove_ruled_lines
from mnist_core.results import Box

FINE_SIDE = 1600
"""Pixels of the longer side at the fine scale: enough for a page of digits."""
COARSE_SIDE = 390
"""Pixels of the longer side at the coarse scale."""
_LARGE = 0.15
"""Writing higher than this share of the picture's longer side may be too bold for the fine scale; what is
lower is too small for the coarse one."""
_CLEAR = 0.8
"""A page of which this share of the marks is read clearly needs no other scale."""
_MARGIN = 1.05
"""The coarse scale must explain the picture better by this factor: it has fewer pixels."""


@dataclass(frozen=True, slots=True, eq=False)  # eq=False: comparing arrays has no single answer
class PhotoMarks:
    """What is read of a photo at one scale.

    Attributes:
        marks: in reading order; boxes are in pixels of the ink, turned.
        ink: float32 (h, w) in [0, 1], at that scale and not turned.
        turn: degrees clockwise by which it was turned to be read.
    """

    marks: list[Mark]
    ink: NDArray[np.float32]
    turn: int


class PhotoReader:
    """Reads photos with one network."""

    def __init__(self, marks: MarkReader) -> None:
        """Read with this reader of marks."""
        self._marks = marks

    def read(self, picture: NDArray[np.uint8], turn: int | None) -> PhotoMarks:
        """Read a photo at the scale that explains it best.

        Args:
            picture: uint8 (H, W), (H, W, 3) RGB or (H, W, 4) RGBA; left unchanged.
            turn: degrees clockwise by which it is turned first; None finds it out.
        """
        fine = shrink(picture, FINE_SIDE)
        best = self._read_ink(remove_ruled_lines(ink_from_photo(fine)), turn)
        if max(fine.shape[:2]) > COARSE_SIDE and not self._is_clear_page(best):
            coarse = self._read_ink(ink_from_photo(shrink(fine, COARSE_SIDE)), turn)
            if self._is_large(coarse) and self._explained(coarse) > _MARGIN * self._explained(best):
                best = coarse
        return best

    def read_one(self, picture: NDArray[np.uint8], box: Box) -> Mark | None:
        """Read what stands in a box as one digit, at the scale at which it looks most like one.

        Args:
            picture: uint8 (H, W), (H, W, 3) RGB or (H, W, 4) RGBA; left unchanged.
            box: in pixels of `picture`.
        Returns:
            The mark, its box in pixels of `picture`; None where there is no ink in the box.
        """
        fine = shrink(picture, FINE_SIDE)
        coarse = shrink(fine, COARSE_SIDE)
        crops = []
        for ink in (remove_ruled_lines(ink_from_photo(fine)), ink_from_photo(coarse)):
            down, across = ink.shape[0] / picture.shape[0], ink.shape[1] / picture.shape[1]
            if crop := cut_out(ink, box.scaled(across, down)):
                crops.append(replace(crop, box=crop.box.scaled(1 / across, 1 / down)))
        marks = self._marks.predict(crops) if crops else []
        return max(marks, key=lambda mark: mark.digit_score, default=None)

    def _read_ink(self, ink: NDArray[np.float32], turn: int | None) -> PhotoMarks:
        marks = self._marks.on_page(ink, turn or 0)
        if turn is None:
            turn, marks = self._marks.find_turn(ink, marks)
        return PhotoMarks(marks, ink, turn)

    def _explained(self, found: PhotoMarks) -> float:
        """Compute how much of a picture is read, and how clearly: its digits' extent, less what is unclear.

        A mark weighs by its longer side, squared: parts of a digit are less than the whole, and a thick pen
        is no more than a thin one.
        """
        side = max(found.ink.shape)
        extents = [(max(mark.crop.box.width, mark.crop.box.height) / side) ** 2 for mark in found.marks]
        read = sum(
            extent * mark.digit_score
            for extent, mark in zip(extents, found.marks, strict=True)
            if self._marks.is_digit(mark)
        )
        return float(read / max(sum(extents), 1e-9) * np.sqrt(read))

    def _is_clear_page(self, found: PhotoMarks) -> bool:
        read = [mark.digit_score for mark in found.marks if self._marks.is_digit(mark)]
        return not self._is_large(found) and sum(read) > _CLEAR * len(found.marks)

    def _is_large(self, found: PhotoMarks) -> bool:
        heights = [mark.crop.box.height for mark in found.marks if self._marks.is_digit(mark)]
        return bool(heights) and bool(np.median(heights) > _LARGE * max(found.ink.shape))
