import numpy as np
import pytest

from mnist_core import Recognizer
from mnist_core.config import ModelFiles
from mnist_core.reading import marks
from mnist_core.reading.network import Network
from tests.conftest import FakeSession
from tests.drawings import strokes_of_number


class CountingSession(FakeSession):
    """Remembers how many cells it was shown at a time."""

    def __init__(self) -> None:
        self.shown: list[int] = []

    def run(self, names, inputs):
        self.shown.append(len(inputs["cells"]))
        return super().run(names, inputs)


@pytest.fixture
def session() -> CountingSession:
    return CountingSession()


@pytest.fixture
def recognizer(session, tmp_path) -> Recognizer:
    return Recognizer(Network(session, digitness_threshold=0.5), ModelFiles(tmp_path))


def test_a_stroke_more_shows_the_network_what_is_new(recognizer, session):
    strokes = strokes_of_number("1072")
    recognizer.read_strokes(strokes[:-1], 280, 700)
    recognizer.read_strokes(strokes, 280, 700)
    recognizer.read_strokes(strokes, 280, 700)
    assert len(session.shown) == 2
    assert session.shown[1] < session.shown[0]


def test_what_is_remembered_reads_the_same(recognizer):
    strokes = strokes_of_number("1010")
    first, again = (recognizer.read_strokes(strokes, 280, 700) for _ in range(2))
    assert again.text == first.text == "1010"
    for one, other in zip(first.digits, again.digits, strict=True):
        assert one.box == other.box
        np.testing.assert_array_equal(one.cell, other.cell)
        np.testing.assert_array_equal(one.probabilities, other.probabilities)


def test_the_oldest_is_forgotten(recognizer, session, monkeypatch):
    monkeypatch.setattr(marks, "_MOST_KNOWN", 1)
    one, other = strokes_of_number("1"), strokes_of_number("0")
    for strokes in (one, other, one):
        assert recognizer.read_strokes(strokes, 280, 700).text in ("1", "0")
    assert session.shown == [1, 1, 1]
