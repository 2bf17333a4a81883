"""What all tests share: a recognizer that needs no model, and a log as it is before an entry point is run."""

import logging
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from mnist_core.config import ModelFiles
from mnist_core.reading.onnx_model import Network
from mnist_core.reading.recognizer import Recognizer


class FakeSession:
    """Stands in for the network: a bar is a 1, a ring a 0, a blot no digit, and the rest a doubtful 7."""

    def run(self, names: list[str], feeds: dict[str, NDArray[np.float32]]) -> list[NDArray[np.float32]]:
        cells = feeds["cells"][..., 0]
        probabilities = np.full((len(cells), 10), 0.001, np.float32)
        digitness = np.ones((len(cells), 1), np.float32)
        for place, cell in enumerate(cells):
            ys, xs = np.nonzero(cell > 0.5)
            height, width = np.ptp(ys) + 1, np.ptp(xs) + 1
            label, share = (7, 0.6)
            if width < height / 2:
                label, share = (1, 0.991)
            elif cell[12:16, 12:16].max() < 0.5:
                label, share = (0, 0.991)
            probabilities[place, label] = share
            probabilities[place, 2] += 1 - probabilities[place].sum()
            digitness[place] = 0.02 if len(ys) > 0.8 * height * width and width >= height / 2 else 0.9
        return [probabilities, digitness][: len(names)]


@pytest.fixture
def fake_recognizer() -> Recognizer:
    """Give the real recognizer around a network of a few rules: see FakeSession."""
    return Recognizer(Network(FakeSession(), digit_threshold=0.5), ModelFiles(Path("fake")))


@pytest.fixture(autouse=True)
def unconfigured_log() -> Iterator[None]:
    """Give each test a log as it is before an entry point runs: commands and pages configure it for good."""
    _reset_log()
    yield
    _reset_log()


def _reset_log() -> None:
    logger = logging.getLogger("mnist_core")
    logger.handlers.clear()
    logger.setLevel(logging.NOTSET)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run a browser's test that failed once more, and say so in the summary: a busy machine loses a click."""
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.flaky(reruns=1))
