"""Reading photos: of the ways to see one, and to turn it, the one in which most is read most clearly."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mnist_core.reading.candidates import Candidate, choose_candidate, read_view
from mnist_core.reading.cutting_out import cut_out
from mnist_core.reading.ink import grey_from_picture
from mnist_core.reading.marks import Mark, MarkReader
from mnist_core.reading.pictures import shrink
from mnist_core.reading.views import FINE_SIDE, Paper, views
from mnist_core.results import Box

_UPRIGHT = 0.95
"""A page that reads as clearly as this is upright: one that lies on its side or its head seldom does."""
_FEWEST_TURNED = 3
"""Fewer digits don't say which way up they are: 16 and 91 are one picture."""
_MOST_TURNED = 200
"""With more marks than this a picture shows something else, and turning it would take seconds."""


@dataclass(frozen=True, slots=True, eq=False)  # eq=False: comparing arrays has no single answer
class PhotoMarks:
    """What is read of a photo.

    Attributes:
        marks: in reading order; boxes are in pixels of `size`, turned.
        size: (height, width) of the photo as it was read, before it was turned.
        turn: degrees clockwise by which it was turned to be read.
    """

    marks: tuple[Mark, ...]
    size: tuple[int, ...]
    turn: int


class PhotoReader:
    """Reads photos with one network."""

    def __init__(self, marks: MarkReader) -> None:
        """Read with this reader of marks."""
        self._marks = marks

    def read(self, picture: NDArray[np.uint8], turn: int | None) -> PhotoMarks:
        """Read a photo in the way that explains it best.

        Args:
            picture: uint8 (H, W), (H, W, 3) RGB or (H, W, 4) RGBA; left unchanged.
            turn: degrees clockwise by which it is turned first; None finds it out.
        Raises:
            InvalidImageError: another dtype or shape, or empty.
            ValueError: another turn.
        """
        grey = grey_from_picture(shrink(picture, FINE_SIDE))
        candidates = self._read_until_clear(grey, turn or 0)
        if not candidates:
            return PhotoMarks((), grey.shape, turn or 0)
        found = choose_candidate(candidates)
        if turn is None:
            pages = [
                candidate
                for candidate in candidates
                if candidate.view.paper is Paper.FINE and candidate.marks
            ]
            found = self._turned(pages[0] if pages else found) or found
        return PhotoMarks(found.accepted(), found.view.ink.shape, found.turn)

    def read_one(self, picture: NDArray[np.uint8], box: Box) -> Mark | None:
        """Read what stands in a box as one digit, in the view in which it looks most like one.

        Args:
            picture: uint8 (H, W), (H, W, 3) RGB or (H, W, 4) RGBA; left unchanged.
            box: in pixels of `picture`.
        Returns:
            The mark, its box in pixels of `picture`; None where there is no ink in the box.
        """
        crops = []
        for view in views(grey_from_picture(shrink(picture, FINE_SIDE))):
            down, across = view.ink.shape[0] / picture.shape[0], view.ink.shape[1] / picture.shape[1]
            if crop := cut_out(view.ink, box.scaled(across, down)):
                crops.append(replace(crop, box=crop.box.scaled(1 / across, 1 / down)))
        marks = self._marks.predict(crops) if crops else []
        return max(marks, key=lambda mark: mark.digit_score, default=None)

    def _read_until_clear(self, grey: NDArray[np.uint8], turn: int) -> list[Candidate]:
        candidates: list[Candidate] = []
        for view in views(grey):
            candidates.append(read_view(self._marks, view, turn))
            if candidates[-1].is_certain:
                return candidates
        if not any(candidate.read for candidate in candidates):  # then what reaches in may be all there is
            candidates = [read_view(self._marks, one.view, turn, keep_all=True) for one in candidates]
        return candidates

    def _turned(self, upright: Candidate) -> Candidate | None:
        """Turn a page that reads badly upright; None where no turn makes it read clearly."""
        clearness = upright.clearness
        if clearness >= _UPRIGHT or not _FEWEST_TURNED <= len(upright.marks) <= _MOST_TURNED:
            return None
        turned = [read_view(self._marks, upright.view, turn) for turn in (90, 270, 180)]
        best = max(turned, key=lambda candidate: candidate.clearness)
        is_better = best.clearness > max(_UPRIGHT, clearness) and best.is_digit.sum() >= _FEWEST_TURNED
        return best if is_better else None
