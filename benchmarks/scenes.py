"""What else a phone sees on a page or around it: holes, stains, a margin line, a table, a finger."""

import cv2
import numpy as np
from numpy.typing import NDArray

_FINGER_TRIES = 60
"""So often a place for a finger is sought that covers no writing; a page that is full has none."""
_TABLES_RGB = ((52, 38, 30), (30, 30, 34), (95, 66, 44), (70, 74, 80), (120, 92, 66))
_SKINS_RGB = ((226, 178, 150), (196, 142, 112), (142, 96, 72), (92, 62, 48))


def mark_page(page: NDArray[np.float32], rng: np.random.Generator) -> None:
    """Punch holes into a page, print a margin line on it and spill something, in place.

    Args:
        page: float32 (H, W, 3) RGB, 0 to 255.
        rng: draws what befalls the page.
    """
    if rng.random() < 0.6:
        _print_margin(page, rng)
    if rng.random() < 0.6:
        _punch_holes(page, rng)
    for _ in range(int(rng.integers(0, 3))):
        _stain(page, rng)


def lay_on_table(page: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.float32]:
    """Photograph a page from so far away that its edges and the table around it are seen.

    Args:
        page: float32 (H, W, 3) RGB, 0 to 255; left unchanged.
        rng: draws the table and where the page lies.
    Returns:
        float32 (H, W, 3) RGB.
    """
    height, width = page.shape[:2]
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    inset = rng.uniform(0.01, 0.11, (4, 2)).astype(np.float32) * width
    if rng.random() < 0.4:  # not all four edges are in view
        inset[[0, 3], 0] = -rng.uniform(0, 0.01) * width
    inwards = np.array([[1, 1], [-1, 1], [-1, -1], [1, -1]], np.float32)
    matrix = cv2.getPerspectiveTransform(corners, corners + inset * inwards)
    seen = cv2.warpPerspective(page, matrix, (width, height), flags=cv2.INTER_AREA)
    here = cv2.warpPerspective(np.ones((height, width), np.float32), matrix, (width, height))
    table = _wood(height, width, rng)
    drop = np.array([[1, 0, rng.uniform(-12, 12)], [0, 1, rng.uniform(2, 14)]], np.float32)
    shade = cv2.GaussianBlur(cv2.warpAffine(here, drop, (width, height)), (0, 0), rng.uniform(3, 10))
    table *= 1 - 0.5 * shade[..., np.newaxis]
    return np.asarray(table + here[..., np.newaxis] * (seen - table), np.float32)


def hold_by_finger(
    page: NDArray[np.float32], written: NDArray[np.bool_], rng: np.random.Generator
) -> NDArray[np.float32]:
    """Let a finger reach into the picture from one of its sides, where it covers no writing.

    Args:
        page: float32 (H, W, 3) RGB, 0 to 255; left unchanged.
        written: bool (H, W), where writing is.
        rng: draws the finger.
    Returns:
        float32 (H, W, 3) RGB; the page itself where no finger finds room.
    """
    height, width = page.shape[:2]
    for _ in range(_FINGER_TRIES):
        side, along = int(rng.integers(4)), rng.uniform(0.08, 0.92)
        root = np.array(
            [(along * width, 0), (along * width, height), (0, along * height), (width, along * height)][side]
        )
        inwards = np.array([(0, 1), (0, -1), (1, 0), (-1, 0)][side]) + rng.uniform(-0.5, 0.5, 2)
        breadth = rng.uniform(70, 130)
        tip = root + inwards / np.hypot(*inwards) * rng.uniform(60, 230)
        across = _distance_to_line((height, width), root - 60 * inwards, tip) / breadth
        if not (written & (across < 1.35)).any():
            break
    else:
        return page
    shadow = 1 - 0.35 * np.exp(-np.maximum(across - 1, 0) * 6)
    skin = np.array(_SKINS_RGB[int(rng.integers(len(_SKINS_RGB)))], np.float32)
    round_light = np.sqrt(np.clip(1 - 0.7 * across**2, 0.05, 1))
    inside = np.clip((1 - across) * breadth / 3, 0, 1)[..., np.newaxis]
    finger = skin * round_light[..., np.newaxis]
    nail = _distance_to_line((height, width), tip - 0.5 * (tip - root), tip + 0.1 * (tip - root))
    finger += 22 * np.clip((0.35 * breadth - nail) / 4, 0, 1)[..., np.newaxis]
    shaded = page * shadow[..., np.newaxis]
    return np.asarray(shaded + inside * (finger - shaded), np.float32)


def crumple(page: NDArray[np.float32], rng: np.random.Generator) -> None:
    """Give paper its tooth and soft folds, in place."""
    height, width = page.shape[:2]
    tooth = cv2.GaussianBlur(rng.normal(0, 1, (height, width)).astype(np.float32), (0, 0), 1.5)
    page += rng.uniform(2, 12) * tooth[..., np.newaxis]
    rows, columns = np.mgrid[0 : 1 : height * 1j, 0 : 1 : width * 1j].astype(np.float32)
    for _ in range(int(rng.integers(0, 5))):
        angle, offset = rng.uniform(0, np.pi), rng.uniform(0.1, 0.9)
        fold = np.cos(angle) * (columns - offset) + np.sin(angle) * (rows - offset)
        wide = rng.uniform(0.01, 0.06)
        page *= (1 + rng.uniform(-0.1, 0.1) * np.tanh(fold / wide) * np.exp(-((fold / 0.25) ** 2)))[
            ..., np.newaxis
        ]


def _print_margin(page: NDArray[np.float32], rng: np.random.Generator) -> None:
    at = int(rng.uniform(0.04, 0.12) * page.shape[1])
    if rng.random() < 0.4:
        at = page.shape[1] - at
    colour = np.array([(215, 120, 120), (220, 150, 160), (190, 90, 90)][int(rng.integers(3))], np.float32)
    page[:, at : at + int(rng.integers(2, 4))] = colour


def _punch_holes(page: NDArray[np.float32], rng: np.random.Generator) -> None:
    height, width = page.shape[:2]
    radius, x = int(rng.integers(14, 27)), int(rng.uniform(0.02, 0.045) * width)
    if rng.random() < 0.4:
        x = width - x
    dark = float(rng.uniform(15, 110))
    count = int(rng.choice([2, 4]))
    for place in np.linspace(0.2, 0.8, count) if count == 4 else (0.4, 0.6):
        centre = x, int(place * height)
        cv2.circle(page, (centre[0] + 1, centre[1] + 1), radius + 1, (190, 188, 182), 2, cv2.LINE_AA)
        cv2.circle(page, centre, radius, (dark, 0.95 * dark, 0.9 * dark), cv2.FILLED, cv2.LINE_AA)


def _stain(page: NDArray[np.float32], rng: np.random.Generator) -> None:
    """Leave the ring of a cup, a blot, or a greasy smear."""
    height, width = page.shape[:2]
    centre = rng.uniform(0, 1, 2) * (width, height)
    kind = rng.choice(["ring", "blot", "smear"])
    rows, columns = np.mgrid[:height, :width].astype(np.float32)
    distance = np.hypot(columns - centre[0], rows - centre[1])
    wobble = cv2.GaussianBlur(rng.normal(0, 1, (height, width)).astype(np.float32), (0, 0), 25) * 25
    if kind == "ring":
        radius = rng.uniform(90, 200)
        stain = np.exp(-(((distance - radius) / rng.uniform(3, 9)) ** 2)) * np.clip(0.6 + wobble, 0, 1)
    elif kind == "blot":
        radius = rng.uniform(8, 60)
        stain = np.clip((radius * (1 + 0.3 * wobble) - distance) / rng.uniform(2, 12), 0, 1)
    else:
        stain = np.exp(-((distance / rng.uniform(60, 200)) ** 2)) * np.clip(0.5 + wobble, 0, 1)
    colour = np.array([(150, 110, 70), (120, 120, 125), (190, 160, 90)][int(rng.integers(3))], np.float32)
    share = (rng.uniform(0.15, 0.55) * stain)[..., np.newaxis].astype(np.float32)
    page *= 1 - share * (1 - colour / 255)


def _wood(height: int, width: int, rng: np.random.Generator) -> NDArray[np.float32]:
    """Make the table: dark or middling, with grain along one direction."""
    colour = np.array(_TABLES_RGB[int(rng.integers(len(_TABLES_RGB)))], np.float32)
    noise = rng.normal(0, 1, (height, width)).astype(np.float32)
    along = (60.0, 1.5) if rng.random() < 0.5 else (1.5, 60.0)
    grain = cv2.GaussianBlur(noise, (0, 0), along[0], sigmaY=along[1])
    light = 1 + rng.uniform(0.02, 0.15) * (grain / grain.std())[..., np.newaxis]
    return np.asarray(np.clip(colour * light, 0, 255), np.float32)


def _distance_to_line(
    size: tuple[int, int], start: NDArray[np.floating], end: NDArray[np.floating]
) -> NDArray[np.float32]:
    """Measure how far each pixel of a picture of this (height, width) is from a line's nearest point."""
    rows, columns = np.mgrid[: size[0], : size[1]].astype(np.float32)
    step = end - start
    share = ((columns - start[0]) * step[0] + (rows - start[1]) * step[1]) / float(step @ step)
    share = np.clip(share, 0, 1)
    away = np.hypot(columns - start[0] - share * step[0], rows - start[1] - share * step[1])
    return np.asarray(away, np.float32)
