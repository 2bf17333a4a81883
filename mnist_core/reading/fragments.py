"""Fragments: refused marks that stand so close together that they may be one ruined digit."""

from collections.abc import Mapping, Sequence
from itertools import chain

from mnist_core.results import Box

_AIR = 0.35
"""Marks with less air between them than this share of the larger one's longer side may be one digit."""
_WIDEST = 1.2
"""What is wider than this many times its height is no single digit."""
_HIGHEST = 1.5
"""What is higher than this many times the digits beside it is no single digit."""
_WHOLE = 0.7
"""A mark of this share of the whole's height is a character of its own, if another one is, too."""


def group_fragments(boxes: Mapping[int, Box], typical: float | None) -> list[tuple[int, ...]]:
    """Group marks that may together be one digit.

    Args:
        boxes: of the marks as they were read, upright, by index.
        typical: height of the digits in the picture, in the same pixels; None where there are none.
    Returns:
        Each mark's index in one group, in order; most are groups of one.
    """
    clusters: list[list[int]] = []
    for index, box in boxes.items():
        near = [cluster for cluster in clusters if any(_is_near(box, boxes[other]) for other in cluster)]
        clusters = [cluster for cluster in clusters if cluster not in near]
        clusters.append(sorted([index, *chain.from_iterable(near)]))
    groups: list[tuple[int, ...]] = []
    for cluster in clusters:
        is_one = _may_be_one([boxes[index] for index in cluster], typical)
        groups += [tuple(cluster)] if is_one else [(index,) for index in cluster]
    return sorted(groups)


def _is_near(one: Box, other: Box) -> bool:
    air = _AIR * max(one.width, one.height, other.width, other.height)
    across = max(one.x, other.x) - min(one.x + one.width, other.x + other.width)
    down = max(one.y, other.y) - min(one.y + one.height, other.y + other.height)
    return max(across, down) < air


def _may_be_one(boxes: Sequence[Box], typical: float | None) -> bool:
    whole = Box.around(boxes)
    return (
        whole.width <= _WIDEST * whole.height
        and (typical is None or whole.height <= _HIGHEST * typical)
        and sum(box.height >= _WHOLE * whole.height for box in boxes) <= 1
    )
