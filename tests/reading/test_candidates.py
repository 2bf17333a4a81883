"""What is read in a view, what explains it best, and what is no writing though it is read."""

import numpy as np
import pytest

from mnist_core.reading.candidates import Candidate, choose_candidate, read_view
from mnist_core.reading.marks import MarkReader
from mnist_core.reading.onnx_model import Network
from mnist_core.reading.views import Paper, View
from tests.conftest import FakeSession


class StrictSession(FakeSession):
    """Takes for no digit what the fake is in doubt about."""

    def run(self, names: list[str], feeds: dict[str, np.ndarray]) -> list[np.ndarray]:
        probabilities, digitness = super().run(names, feeds)
        digitness[probabilities.argmax(axis=1) == 7] = 0.02
        return [probabilities, digitness]


@pytest.fixture
def reader() -> MarkReader:
    return MarkReader(Network(StrictSession(), digit_threshold=0.5))


def bar(ink: np.ndarray, x: int, y: int, height: int = 60, width: int = 10) -> None:
    """Draw what the fake network reads as 1, in place."""
    ink[y : y + height, x : x + width] = 1


def ring(ink: np.ndarray, x: int, y: int, size: int = 60) -> None:
    """Draw what it reads as 0, in place."""
    ink[y : y + size, x : x + size] = 1
    ink[y + 10 : y + size - 10, x + 10 : x + size - 10] = 0


def blot(ink: np.ndarray, x: int, y: int, size: int = 60) -> None:
    """Draw what it takes for no digit, and what is too narrow to be cut apart, in place."""
    width, middle = round(0.58 * size), y + size // 2
    ink[y : y + size, x : x + width] = 1
    for top, bottom in ((y + 6, middle - 4), (middle + 4, y + size - 6)):
        ink[top:bottom, x + 6 : x + width - 6] = 0


def sheet() -> np.ndarray:
    return np.zeros((300, 400), np.float32)


def seen(reader: MarkReader, ink: np.ndarray, paper: Paper = Paper.FINE, keep_all: bool = False) -> Candidate:
    """Look at a sheet; `keep_all` keeps blots, which are else left out before the network sees them."""
    return read_view(reader, View(paper, ink), keep_all=keep_all)


def text(candidate: Candidate) -> str:
    pairs = zip(candidate.marks, candidate.is_digit, strict=True)
    return "".join(str(mark.probabilities.argmax()) for mark, counts in pairs if counts)


def test_digits_alone_are_clear(reader: MarkReader) -> None:
    ink = sheet()
    ring(ink, 60, 100)
    bar(ink, 160, 100)
    candidate = seen(reader, ink)
    assert text(candidate) == "01"
    assert candidate.clearness > 0.9
    assert candidate.is_certain


def test_what_is_refused_makes_a_view_less_clear(reader: MarkReader) -> None:
    ink = sheet()
    ring(ink, 60, 100)
    blot(ink, 200, 100)
    assert seen(reader, ink, keep_all=True).clearness < 0.8


def test_ones_on_a_smooth_surface_may_be_a_shadows_edge(reader: MarkReader) -> None:
    ink = sheet()
    bar(ink, 160, 60, height=180, width=30)
    assert not seen(reader, ink, Paper.EVEN).is_certain
    assert seen(reader, ink, Paper.FINE).is_certain


def test_writing_is_chosen_before_a_large_bar_on_a_smooth_surface(reader: MarkReader) -> None:
    shadow, page = sheet(), sheet()
    bar(shadow, 160, 30, height=240, width=40)
    ring(page, 60, 100, size=40)
    ring(page, 120, 100, size=40)
    found = choose_candidate([seen(reader, shadow, Paper.EVEN), seen(reader, page, Paper.FINE)])
    assert text(found) == "00"


def test_the_whole_digit_is_chosen_before_its_parts(reader: MarkReader) -> None:
    whole, parts = sheet(), sheet()
    ring(whole, 100, 60, size=180)
    ring(parts, 120, 100, size=40)
    found = choose_candidate([seen(reader, parts, Paper.BOLD), seen(reader, whole, Paper.EVEN)])
    assert found.view.ink is whole


def test_a_long_one_is_chosen_before_what_line_removal_left_of_it(reader: MarkReader) -> None:
    whole, pieces = sheet(), sheet()
    bar(whole, 180, 20, height=260, width=30)
    for y in (20, 120, 220):
        bar(pieces, 180, y)
    found = choose_candidate([seen(reader, whole, Paper.EVEN), seen(reader, pieces, Paper.BOLD)])
    assert text(found) == "1"


def test_of_an_unclear_view_only_what_another_confirms_counts(reader: MarkReader) -> None:
    cloth, other = sheet(), sheet()
    for ink in (cloth, other):
        ring(ink, 40, 40)
        for x in (150, 250):
            blot(ink, x, 40)
    bar(cloth, 60, 200)
    candidates = [
        seen(reader, cloth, Paper.FINE, keep_all=True),
        seen(reader, other, Paper.BOLD, keep_all=True),
    ]
    assert text(candidates[0]) == "01"
    assert set(text(choose_candidate(candidates))) <= {"0"}


def test_a_line_beside_digits_is_no_one(reader: MarkReader) -> None:
    ink = sheet()
    ring(ink, 100, 120)
    ring(ink, 200, 120)
    bar(ink, 300, 20, height=250)
    assert text(seen(reader, ink)) == "00"


def test_a_margin_that_goes_on_beyond_the_picture_is_no_one(reader: MarkReader) -> None:
    ink = sheet()
    ring(ink, 100, 120)
    ring(ink, 200, 120)
    bar(ink, 60, 0, height=80)
    candidate = seen(reader, ink)
    assert "1" not in text(candidate)


def test_nothing_is_read_where_more_is_left_out_than_read(reader: MarkReader) -> None:
    ink = sheet()
    ring(ink, 40, 120, size=40)
    ink[:, 250:] = 1
    found = choose_candidate([seen(reader, ink, Paper.DRY)])
    assert text(found) == ""


def test_what_does_not_count_is_refused_when_handed_over(reader: MarkReader) -> None:
    ink = sheet()
    ring(ink, 100, 120)
    ring(ink, 200, 120)
    bar(ink, 300, 20, height=250)
    candidate = seen(reader, ink)
    assert [reader.is_digit(mark) for mark in candidate.accepted()] == candidate.is_digit.tolist()


def test_what_is_part_of_a_pattern_is_no_digit(reader: MarkReader) -> None:
    """Forty-two blots are refused; of as many bars as high as they, all would be ones."""
    page = np.zeros((1000, 1400), np.float32)
    for number in range(48):
        y, x = 60 + 110 * (number // 8), 60 + 150 * (number % 8)
        if number % 8 == 3:
            bar(page, x, y, height=40, width=8)
        else:
            blot(page, x, y, size=40)
    bar(page, 600, 800, height=150, width=15)
    candidate = seen(reader, page, keep_all=True)
    assert len(candidate.marks) > 40
    assert text(candidate) == "1"
