import numpy as np
import pytest

from mnist_core import Recognizer
from mnist_core.config import ModelFiles
from mnist_core.reading.marks import MarkCache, MarkReader
from mnist_core.reading.onnx_model import Network
from mnist_core.reading.pieces import pieces_from_ink
from tests.conftest import FakeSession
from tests.drawings import strokes_of, strokes_of_number


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
def reader(session) -> MarkReader:
    return MarkReader(Network(session, digit_threshold=0.5))


@pytest.fixture
def recognizer(session, tmp_path) -> Recognizer:
    return Recognizer(Network(session, digit_threshold=0.5), ModelFiles(tmp_path))


def test_a_stroke_more_shows_the_network_what_is_new(recognizer, session):
    strokes = strokes_of_number("1072")
    _, cache = recognizer.read_strokes_cached(strokes[:-1], 280, 700, MarkCache())
    _, cache = recognizer.read_strokes_cached(strokes, 280, 700, cache)
    recognizer.read_strokes_cached(strokes, 280, 700, cache)
    assert len(session.shown) == 2
    assert session.shown[1] < session.shown[0]


def test_what_is_known_reads_the_same(recognizer):
    strokes = strokes_of_number("1010")
    first, cache = recognizer.read_strokes_cached(strokes, 280, 700, MarkCache())
    again, _ = recognizer.read_strokes_cached(strokes, 280, 700, cache)
    assert again.text == first.text == recognizer.read_strokes(strokes, 280, 700).text == "1010"
    for one, other in zip(first.digits, again.digits, strict=True):
        assert one.box == other.box
        np.testing.assert_array_equal(one.cell, other.cell)
        np.testing.assert_array_equal(one.probabilities, other.probabilities)


def test_what_left_the_paper_is_forgotten(recognizer):
    _, before = recognizer.read_strokes_cached(strokes_of_number("10"), 280, 700, MarkCache())
    kept = dict(before.predictions)
    _, after = recognizer.read_strokes_cached(strokes_of_number("1"), 280, 700, before)
    assert len(after.predictions) == 1
    assert dict(before.predictions) == kept, "the reader changes no cache that it was given"


def test_another_model_knows_nothing_of_it(recognizer, session, tmp_path):
    strokes = strokes_of_number("10")
    _, cache = recognizer.read_strokes_cached(strokes, 280, 700, MarkCache())
    other = Recognizer(Network(session, digit_threshold=0.5), ModelFiles(tmp_path))
    other.read_strokes_cached(strokes, 280, 700, cache)
    assert session.shown[0] == session.shown[1]


@pytest.mark.parametrize(("count", "is_cut"), [(20, True), (21, False)])
def test_so_many_refused_marks_are_cut_and_no_more(reader, session, count, is_cut):
    """Each cut asks the network again: a page of crosses would take seconds."""
    ink = np.zeros((420, 1100), np.float32)
    for number in range(count):
        y, x = 30 + 120 * (number // 8), 30 + 130 * (number % 8)
        ink[y : y + 60, x : x + 60] = 1
    assert len(reader.group_ink(pieces_from_ink(ink))) == count
    assert (len(session.shown) > 1) == is_cut


@pytest.mark.parametrize(("height", "text"), [(150, "10"), (55, "1")])
def test_a_doubtful_mark_is_a_digit_only_if_it_is_about_as_high_as_the_digits_beside_it(
    recognizer, monkeypatch, height, text
):
    monkeypatch.setattr(FakeSession, "run", doubt_rings)
    one, ring = strokes_of("1", height=150, left=40, top=60), strokes_of("0", height, left=200, top=100)
    assert recognizer.read_strokes((*one, *ring), 280, 700).text == text


def doubt_rings(session, names, feeds):
    """Stand in for the network: all are digits, a ring with a probability of 0.8."""
    rings = feeds["cells"][:, 12:16, 12:16, 0].max(axis=(1, 2)) < 0.5
    probabilities = np.full((len(rings), 10), 0.001, np.float32)
    probabilities[np.arange(len(rings)), np.where(rings, 0, 1)] = 0.991
    digits = np.where(rings, 0.8, 0.99).astype(np.float32)[:, np.newaxis]
    return [probabilities, digits][: len(names)]
