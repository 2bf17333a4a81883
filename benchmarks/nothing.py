"""Pictures without a digit: rooms, hands, cloth, hatching, doodles. All drawn, seeded.

Look at its pictures: `python -m benchmarks.nothing FOLDER` writes some.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated

import cv2
import numpy as np
import typer
from numpy.typing import NDArray

from benchmarks.camera import lit, photographed
from benchmarks.measures import Sample

PICTURES = 120
"""How many a measurement takes."""
_SIDE = (300, 700)
"""Pixels of a scene's sides before it is enlarged."""
Scene = NDArray[np.float32]
"""float32 (H, W, 3) RGB, 0 to 255."""


def nothing(data: Path, count: int = PICTURES, seed: int = 0) -> Iterator[Sample]:
    """Make pictures on which nobody reads a digit.

    Args:
        data: the folder of measuring data; doodles come from it.
        count: how many.
        seed: decides everything.
    Returns:
        RGB pictures; their text is "".
    """
    rng = np.random.default_rng((seed, 71))
    doodles = np.concatenate(
        [
            np.fromfile(path, np.uint8)[: 1000 * 784].reshape(-1, 28, 28)
            for path in sorted((data / "not_digits/quickdraw").iterdir())
            if path.is_file() and path.stat().st_size >= 1000 * 784
        ]
    )
    makers: list[Callable[[tuple[int, int], np.random.Generator], Scene]] = [
        _room,
        _hand,
        _cloth,
        _clutter,
        _foliage,
        lambda size, rng: _doodled(doodles, size, rng),
    ]
    for number in range(count):
        size = int(rng.integers(*_SIDE)), int(rng.integers(*_SIDE))
        scene = makers[number % len(makers)](size, rng) * lit(size, bool(rng.random() < 0.4), rng)[..., None]
        scale = float(np.exp(rng.uniform(np.log(0.4), np.log(2.5))))
        seen = np.asarray(cv2.resize(scene, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA))
        picture = photographed(
            seen.astype(np.float32), rng, blur=rng.uniform(0, 2), grain=rng.uniform(0.5, 7)
        )
        yield Sample(picture, "")


def _colour(rng: np.random.Generator) -> NDArray[np.float32]:
    return np.asarray(rng.uniform(30, 240) * rng.uniform(0.7, 1, 3), np.float32)


def _blank(size: tuple[int, int], rng: np.random.Generator) -> Scene:
    return np.broadcast_to(_colour(rng), (*size, 3)).copy()


def _room(size: tuple[int, int], rng: np.random.Generator) -> Scene:
    """Draw walls, windows, shelves and lamps: slanting blocks with a gradient each, and their edges."""
    scene = _blank(size, rng)
    for _ in range(int(rng.integers(6, 30))):
        centre, reach = rng.uniform(0, 1, 2) * size[::-1], rng.uniform(0.02, 0.4, 2) * size[::-1]
        angle = rng.normal(0, 5)
        corners = cv2.boxPoints((centre.tolist(), reach.tolist(), angle)).round().astype(np.int32)
        block = np.zeros(size, np.uint8)
        cv2.fillConvexPoly(block, corners, 1)
        fade = np.linspace(1, rng.uniform(0.6, 1.4), size[1], dtype=np.float32)[np.newaxis, :, np.newaxis]
        scene = np.where(block[..., np.newaxis] > 0, _colour(rng) * fade, scene)
        if rng.random() < 0.5:
            cv2.polylines(scene, [corners], True, _colour(rng).tolist(), int(rng.integers(1, 6)))
    return np.asarray(scene, np.float32)


def _hand(size: tuple[int, int], rng: np.random.Generator) -> Scene:
    """Draw a hand's palm and fingers over a room or a table."""
    scene = _room(size, rng) if rng.random() < 0.5 else _blank(size, rng)
    skin = np.array([(226, 178, 150), (196, 142, 112), (142, 96, 72), (92, 62, 48)][int(rng.integers(4))])
    side = min(size)
    palm = rng.uniform(0.3, 0.7, 2) * size[::-1]
    cv2.circle(scene, palm.astype(int).tolist(), round(0.2 * side), skin.tolist(), cv2.FILLED, cv2.LINE_AA)
    for angle in rng.uniform(0, 2 * np.pi) + np.arange(5) * rng.uniform(0.3, 0.5):
        tip = palm + rng.uniform(0.3, 0.5) * side * np.array([np.cos(angle), np.sin(angle)])
        shade = (skin * rng.uniform(0.85, 1.05)).tolist()
        breadth = round(side * rng.uniform(0.06, 0.1))
        ends = palm.astype(int).tolist(), tip.astype(int).tolist()
        cv2.line(scene, *ends, (skin * 0.7).tolist(), breadth + 4, cv2.LINE_AA)
        cv2.line(scene, *ends, shade, breadth, cv2.LINE_AA)
    return scene


def _cloth(size: tuple[int, int], rng: np.random.Generator) -> Scene:
    """Weave stripes, checks, hatching or tiles."""
    scene = _blank(size, rng)
    for _ in range(int(rng.integers(1, 4))):
        angle, pitch = rng.uniform(0, np.pi), rng.uniform(8, 60)
        thick, colour = max(1, round(pitch * rng.uniform(0.05, 0.5))), _colour(rng).tolist()
        along = np.array([np.cos(angle), np.sin(angle)])
        across = np.array([-along[1], along[0]])
        for k in range(-80, 80):
            middle = np.array(size[::-1]) / 2 + across * (pitch * k + rng.normal(0, 0.04) * pitch)
            start, end = ((middle + reach * along).astype(int).tolist() for reach in (-900, 900))
            cv2.line(scene, start, end, colour, thick, cv2.LINE_AA)
    return scene


def _clutter(size: tuple[int, int], rng: np.random.Generator) -> Scene:
    """Strew discs, rods and cables over a table."""
    scene = _blank(size, rng)
    for _ in range(int(rng.integers(5, 40))):
        colour, side = _colour(rng).tolist(), min(size)
        at = (rng.uniform(0, 1, 2) * size[::-1]).astype(int)
        axes = np.maximum(rng.uniform(0.01, 0.2, 2) * side, 2).astype(int).tolist()
        if rng.random() < 0.6:
            thick = cv2.FILLED if rng.random() < 0.7 else int(rng.integers(2, 14))
            cv2.ellipse(scene, at.tolist(), axes, rng.uniform(0, 180), 0, 360, colour, thick, cv2.LINE_AA)
        else:
            path = at + np.cumsum(rng.normal(0, 0.08 * side, (6, 2)), axis=0).astype(int)
            cv2.polylines(scene, [path], False, colour, int(rng.integers(2, 16)), cv2.LINE_AA)
    return scene


def _foliage(size: tuple[int, int], rng: np.random.Generator) -> Scene:
    """Make what has no lines at all: brightness with as much in the large as in the small."""
    scene = np.zeros(size, np.float32)
    for octave in range(1, 7):
        coarse = rng.normal(0, 1, (2**octave + 1, 2**octave + 1)).astype(np.float32)
        scene += cv2.resize(coarse, size[::-1], interpolation=cv2.INTER_CUBIC) * np.float32(0.7**octave)
    level = 128 + rng.uniform(20, 60) * scene / scene.std()
    return np.asarray(level[..., np.newaxis] * _colour(rng) / 160, np.float32)


def _doodled(doodles: NDArray[np.uint8], size: tuple[int, int], rng: np.random.Generator) -> Scene:
    """Draw some cats and trains on paper."""
    scene = np.broadcast_to(np.array([240, 238, 230], np.float32), (*size, 3)).copy()
    for _ in range(int(rng.integers(1, 7))):
        side = int(rng.uniform(0.25, 0.7) * min(size))
        doodle = doodles[int(rng.integers(len(doodles)))].astype(np.float32) / 255
        ink = cv2.resize(doodle, (side, side), interpolation=cv2.INTER_CUBIC).clip(0, 1)[..., np.newaxis]
        y, x = (int(rng.integers(0, length - side)) for length in size)
        scene[y : y + side, x : x + side] *= 1 - np.float32(0.8) * ink
    return scene


def main(
    folder: Annotated[Path, typer.Argument(help="Where to write the pictures.")],
    data: Annotated[Path, typer.Option(help="The folder of measuring data.")] = Path("../shared/data"),
    count: int = 12,
    seed: int = 0,
) -> None:
    """Write pictures to look at."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, sample in enumerate(nothing(data, count, seed)):
        cv2.imwrite(str(folder / f"{number:03}.jpg"), sample.picture[..., ::-1])


if __name__ == "__main__":
    typer.run(main)
