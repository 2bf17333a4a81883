"""The ways in which a photo may be seen: at what size, on what paper, with or without printed lines.

None of them is right for all photos, and no count of pixels tells which one is: the network does, by what
it reads in each (`candidates`).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum

import cv2
import numpy as np
from numpy.typing import NDArray

from mnist_core.reading.background import fit_even_page
from mnist_core.reading.contrast import ink_on
from mnist_core.reading.frames import remove_frames
from mnist_core.reading.normalization import stroke_thickness
from mnist_core.reading.paper import find_page
from mnist_core.reading.pictures import shrink
from mnist_core.reading.ruled_lines import remove_ruled_lines

FINE_SIDE = 1600
"""Pixels of the longer side at which fine writing is read: enough for a page of digits."""
_COARSE_SIDE = 400
"""Pixels of the longer side at which bold writing is read: its strokes are thin there."""
_THIN = 5.0
"""Pixels: strokes that are thinner at the coarse size are read at the fine one."""
_FINE_PENS, _BOLD_PENS = 1 / 12, 1 / 4
"""Share of a picture's shorter side that paper reaches around: wider than its pens and their crossings."""
_DRY = 0.3
"""A dry pen's ink shows from this share of its contrast on."""
_GAP = 1.5
"""Its strokes are broken where they aren't farther apart than so many thicknesses."""
_LEAST_INSET = 0.1
"""A picture in the picture covers at least this share of it..."""
_INSET_RIM = 0.95
"""...and is of one kind along at least this share of its sides."""
_GRAIN = 0.8
"""Pixels, standard deviation of the blur that takes a photo's grain off."""
_NO_GRAIN_SIDE = 100
"""What has fewer pixels a side was made smaller, and its grain with it."""


class Paper(Enum):
    """How the paper is told from the ink."""

    EVEN = "one smooth surface, which a shadow's edge is not"
    INSET = "the same within a picture in the picture"
    FINE = "what closing leaves around thin pens"
    BOLD = "what closing leaves around bold pens"
    DRY = "one smooth surface, on which broken strokes are mended"


@dataclass(frozen=True, slots=True, eq=False)  # eq=False: comparing arrays has no single answer
class View:
    """A photo's ink, seen in one way: float32 (h, w) in [0, 1], in pixels of the photo made smaller."""

    paper: Paper
    ink: NDArray[np.float32]


def views(grey: NDArray[np.uint8]) -> Iterator[View]:
    """See a photo in one way after another, the likeliest first; blank ones are left out.

    Args:
        grey: uint8 (H, W); left unchanged.
    Returns:
        Views, each made when it is asked for.
    """
    fine = _smooth(shrink(grey, FINE_SIDE))
    small = _smooth(shrink(grey, _COARSE_SIDE))
    even = ink_on(fit_even_page(small))
    is_thin = small.shape != fine.shape and stroke_thickness(even) < _THIN
    if is_thin:
        yield from _variants(Paper.FINE, _page_ink(fine, _FINE_PENS))
        small, even = fine, ink_on(fit_even_page(fine))
    yield from _variants(Paper.EVEN, even)
    yield from _variants(Paper.INSET, _inset_ink(small, even))
    if not is_thin:
        yield from _variants(Paper.FINE, _page_ink(fine, _FINE_PENS))
    yield from _variants(Paper.BOLD, _page_ink(small, _BOLD_PENS))
    yield from _variants(Paper.DRY, _mended(ink_on(fit_even_page(small), _DRY)))


def _variants(paper: Paper, ink: NDArray[np.float32]) -> Iterator[View]:
    """Take frames off, then printed lines. A page's lines cross it; a crop's stems may do so, too."""
    if not ink.any():
        return
    bare = remove_frames(ink)
    ways: list[Callable[[], NDArray[np.float32]]] = [
        lambda: bare,
        lambda: remove_ruled_lines(bare, upright=False),
        lambda: remove_ruled_lines(bare),
        lambda: ink,
    ]
    if paper is Paper.FINE:
        ways = [ways[2], ways[0], ways[3]]
    seen: list[NDArray[np.float32]] = []
    for way in ways:
        found = way()
        if not any(found is one for one in seen):
            seen.append(found)
            yield View(paper, found)


def _smooth(grey: NDArray[np.uint8]) -> NDArray[np.uint8]:
    if min(grey.shape) <= _NO_GRAIN_SIDE:
        return grey
    return np.asarray(cv2.GaussianBlur(grey, (0, 0), _GRAIN), np.uint8)


def _page_ink(grey: NDArray[np.uint8], reach: float) -> NDArray[np.float32]:
    page = find_page(grey, reach)
    ink = ink_on(page)
    if not ink.any():  # a finger's shadow may have outweighed the pen: look for the other kind of pen
        ink = ink_on(find_page(grey, reach, not page.dark_pen))
    return ink


def _inset_ink(grey: NDArray[np.uint8], ink: NDArray[np.float32]) -> NDArray[np.float32]:
    """See the picture in the picture: a plot in a screenshot, a sheet on a table; all zeros without one."""
    inset = np.zeros_like(ink)
    side = max(3, max(ink.shape) // 50)  # wider than a plot's ticks, which stand out of its sides
    solid = cv2.morphologyEx((ink > 0.5).view(np.uint8), cv2.MORPH_OPEN, np.ones((side, side), np.uint8))
    _, _, table, _ = cv2.connectedComponentsWithStats(solid, connectivity=4)
    stats = np.asarray(table, np.int32)[1:]
    if not len(stats):
        return inset
    x, y, width, height, _ = stats[stats[:, cv2.CC_STAT_AREA].argmax()].tolist()
    window = (slice(y + 2, y + height - 2), slice(x + 2, x + width - 2))  # without its soft edge
    shown = ink[window] > 0.5
    if width * height < _LEAST_INSET * ink.size or not shown.size:
        return inset
    rim = np.concatenate([shown[0], shown[-1], shown[:, 0], shown[:, -1]])
    if rim.mean() > _INSET_RIM:
        inset[window] = ink_on(fit_even_page(np.ascontiguousarray(grey[window])))
    return inset


def _mended(ink: NDArray[np.float32]) -> NDArray[np.float32]:
    """Close the gaps of broken strokes."""
    side = max(3, round(_GAP * stroke_thickness(ink)) | 1)
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    return np.asarray(cv2.morphologyEx(ink, cv2.MORPH_CLOSE, disc), np.float32)
