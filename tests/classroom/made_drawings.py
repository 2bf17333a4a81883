"""Drawings as the database gives them, without one."""

import numpy as np

from mnist_core.classroom.drawings import Drawing, State
from mnist_core.reading.strokes import Stroke
from tests.drawings import strokes_of


def made(number: int, member: int = 1, shape: str = "7", **more: object) -> Drawing:
    """Make a drawing that was asked for as a 7 and read as one, surely."""
    cell = np.full((1, 28, 28), number % 256, np.uint8)
    facts = {
        "id": number,
        "class_id": 1,
        "member_id": member,
        "member": "Curious Otter",
        "sent_at": 0,
        "strokes": tuple(Stroke(each.points, each.width) for each in strokes_of(shape)),
        "height": 280,
        "width": 280,
        "asked": "7",
        "reading": "7",
        "confidence": 0.99,
        "model": "shipped",
        "cells": cell,
        "corrected": None,
        "state": State.NEW,
        "revision": 0,
        "is_challenge": False,
    }
    return Drawing(**(facts | more))  # type: ignore[arg-type]
