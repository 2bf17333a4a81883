"""A drawing as a tile."""

import numpy as np
import pytest

from mnist_core.classroom.drawings import Drawing, State
from mnist_core.reading.strokes import Stroke
from pages.class_.tiles import caption, picture_of, tile_of


def drawing(*paths: list[tuple[float, float]], **more: object) -> Drawing:
    strokes = tuple(Stroke(np.array(path, np.float32), 20.0) for path in paths)
    facts = {
        "id": 4,
        "class_id": 1,
        "member_id": 2,
        "member": "Curious Otter",
        "sent_at": 0,
        "strokes": strokes,
        "height": 280,
        "width": 700,
        "asked": "7",
        "reading": "1",
        "confidence": 0.62,
        "model": "shipped",
        "cells": np.zeros((1, 28, 28), np.uint8),
        "corrected": None,
        "state": State.NEW,
        "revision": 0,
        "is_challenge": False,
    }
    return Drawing(**(facts | more))  # type: ignore[arg-type]


def test_ink_fills_the_tile_wherever_it_stood_on_the_paper():
    tile = tile_of(drawing([(600, 40), (640, 240)]))
    assert tile.path == "M42 12L58 88"
    assert tile.pen == pytest.approx(7.6)


def test_a_dot_is_drawn():
    tile = tile_of(drawing([(600, 40)]))
    assert tile.path == "M50 50L50 50"


def test_a_tile_says_what_it_is_and_what_was_read():
    tile = tile_of(drawing([(0, 0), (1, 9)]))
    assert (tile.asked, tile.reading, tile.is_misread, tile.member) == ("7", "1", True, "Curious Otter")
    assert not tile_of(drawing([(0, 0), (1, 9)], corrected="1")).is_misread


def test_a_hidden_one_holds_no_ink():
    tile = tile_of(drawing([(0, 0), (1, 9)], state=State.HIDDEN))
    assert tile.is_hidden
    assert tile.path == ""


def test_captions():
    assert caption(drawing([(0, 0)])) == "read as 1, 62\u202f%"
    assert caption(drawing([(0, 0)], reading="", confidence=0.0)) == "read as no digit"


def test_a_picture_is_svg_in_an_address():
    assert picture_of(drawing([(0, 0), (9, 9)])).startswith("data:image/svg+xml,%3Csvg")
