"""The command line run in this process, around a recognizer that needs no model."""

import sys
from pathlib import Path

import numpy as np
import pytest

from mnist_core.__main__ import main
from mnist_core.reading.recognizer import Recognizer
from mnist_core.results import Box, DigitReading, Reading


def mark(label: int, confidence: float = 0.9, is_digit: bool = True, line: int = 0) -> DigitReading:
    probabilities = np.full(10, (1 - confidence) / 9, np.float32)
    probabilities[label] = confidence
    ink = np.zeros((28, 28), np.float32)
    return DigitReading(Box(1, 2, 3, 4), line, ink, ink, probabilities, is_digit)


class FakeRecognizer:
    """Reads in every photo a 7 and what is no digit, in every drawing a 1, and nothing in what is white."""

    def read_photo(self, picture: np.ndarray) -> Reading:
        return Reading(()) if picture.min() == 255 else Reading((mark(7), mark(3, 0.4, is_digit=False)))

    def read_drawing(self, rgba: np.ndarray) -> Reading:
        assert rgba.dtype == np.uint8
        assert rgba.shape[2] == 4
        return Reading((mark(1),))


@pytest.fixture
def own_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Make a home without models, and have a fake read."""
    monkeypatch.setattr(Recognizer, "load", lambda name=None: FakeRecognizer())
    monkeypatch.setenv("DIGITS_HOME", str(tmp_path / "home"))


@pytest.fixture
def run(own_home: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture):
    """Run the command line in this process: (exit status, standard output, standard error)."""

    def run_main(*arguments: str | Path) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["mnist_core", *map(str, arguments)])
        with pytest.raises(SystemExit) as caught:
            main()
        output, remarks = capsys.readouterr()
        return int(caught.value.code or 0), output, remarks

    return run_main
