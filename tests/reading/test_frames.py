"""Frames around writing are taken off, what is written in them stays; an 0 is no frame."""

import cv2
import numpy as np
import pytest

from mnist_core.reading.frames import remove_frames
from mnist_core.reading.ink import ink_from_rgba
from tests.drawings import drawing, strokes_of, strokes_of_number


def sheet_with(text: str, left: float = 60) -> np.ndarray:
    return ink_from_rgba(
        drawing(*strokes_of_number(text, height=90, left=left, top=50, pen=9), width=420, height=200)
    )


def framed(ink: np.ndarray, *walls: int, askew: float = 0.0) -> np.ndarray:
    """Print a frame around the writing, and walls from its upper to its lower side."""
    frame = np.zeros_like(ink)
    cv2.rectangle(frame, (30, 30), (390, 165), 1.0, 3)
    for x in walls:
        cv2.line(frame, (x, 30), (x, 165), 1.0, 3)
    turned = cv2.warpAffine(
        frame,
        cv2.getRotationMatrix2D((210, 97), askew, 1),
        (ink.shape[1], ink.shape[0]),
        flags=cv2.INTER_LINEAR,
    )
    return np.maximum(ink, turned)


@pytest.mark.parametrize("askew", [0.0, 2.0, -2.5])
def test_a_frame_goes_and_what_is_in_it_stays(askew: float) -> None:
    ink = sheet_with("205")
    left = remove_frames(framed(ink, askew=askew))
    assert (left[ink > 0.5] > 0.5).mean() > 0.97
    assert ((left > 0.5) & (cv2.dilate(ink, np.ones((9, 9))) < 0.5)).sum() == 0


def test_walls_between_boxes_go_too() -> None:
    ink = sheet_with("205")
    left = remove_frames(framed(ink, 135, 245, askew=1.0))
    assert (left[ink > 0.5] > 0.5).mean() > 0.95
    assert ((left > 0.5) & (cv2.dilate(ink, np.ones((9, 9))) < 0.5)).sum() == 0


@pytest.mark.parametrize("digit", ["0", "8", "4", "1"])
def test_a_digit_is_no_frame(digit: str) -> None:
    ink = ink_from_rgba(drawing(*strokes_of(digit, height=180, top=40, left=80)))
    assert remove_frames(ink) is ink


def test_an_empty_frame_stays() -> None:
    empty = framed(np.zeros((200, 420), np.float32))
    assert remove_frames(empty) is empty


def test_ink_is_left_unchanged() -> None:
    ink = framed(sheet_with("31"))
    before = ink.copy()
    remove_frames(ink)
    np.testing.assert_array_equal(ink, before)
