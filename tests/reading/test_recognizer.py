"""The recognizer's promises, whatever the model believes; and what it says of a broken model."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from mnist_core import InvalidImageError, ModelError, Recognizer
from mnist_core.config import AppPaths
from mnist_core.reading.strokes import Stroke
from tests.drawings import drawing, strokes_of, strokes_of_number


@pytest.fixture(scope="module")
def recognizer() -> Recognizer:
    return Recognizer.load("shipped")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AppPaths:
    """A home folder of its own with a copy of the shipped model in it, named `copy`."""
    monkeypatch.setenv("DIGITS_HOME", str(tmp_path))
    paths = AppPaths.from_environment()
    shutil.copytree(paths.model("shipped").folder, paths.model("copy").folder)
    return paths


@pytest.mark.parametrize("count", [0, 1, 300])
def test_probabilities_of_any_number_of_cells(recognizer: Recognizer, count: int) -> None:
    cells = np.random.default_rng(0).random((count, 28, 28), np.float32)
    probabilities = recognizer.probabilities(cells)
    assert probabilities.shape == (count, 10)
    assert probabilities.dtype == np.float32
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, atol=1e-5)


def test_batches_give_what_single_cells_give(recognizer: Recognizer) -> None:
    cells = np.random.default_rng(1).random((300, 28, 28), np.float32)
    apart = np.concatenate([recognizer.probabilities(cells[k : k + 1]) for k in range(0, 300, 50)])
    np.testing.assert_allclose(recognizer.probabilities(cells)[::50], apart, atol=1e-5)


@pytest.mark.parametrize(
    "cells",
    [
        pytest.param(np.zeros((28, 28), np.float32), id="no batch"),
        pytest.param(np.zeros((2, 28, 28), np.float64), id="float64"),
        pytest.param(np.zeros((2, 28, 27), np.float32), id="another size"),
    ],
)
def test_what_are_no_cells_is_refused(recognizer: Recognizer, cells: np.ndarray) -> None:
    with pytest.raises(InvalidImageError):
        recognizer.probabilities(cells)


def test_boxes_are_in_pixels_of_the_picture_handed_over(recognizer: Recognizer) -> None:
    strokes = strokes_of("3", height=1200, left=2200, top=700, pen=90)
    photo = drawing(*strokes, height=2400, width=4000)[..., :3]
    (digit,) = recognizer.read_photo(photo).digits
    assert digit.box.y == pytest.approx(655, abs=20)  # it is read ten times as small
    assert digit.box.height == pytest.approx(1290, abs=40)
    assert digit.box.x > 2100


def test_large_drawing_is_read_in_its_own_pixels(recognizer: Recognizer) -> None:
    strokes = strokes_of_number("47", height=1500, left=400, top=500, pen=120)
    rgba = drawing(*strokes, height=2600, width=4000)
    reading = recognizer.read_drawing(rgba)
    assert reading.text == "47"
    assert reading.digits[0].box.y == pytest.approx(440, abs=12)


def test_is_digit_is_a_plain_bool(recognizer: Recognizer) -> None:
    (digit,) = recognizer.read_drawing(drawing(*strokes_of("3"))).digits
    assert digit.is_digit is True


def test_no_strokes_are_read_as_blank(recognizer: Recognizer) -> None:
    assert recognizer.read_strokes((), 280, 700).digits == ()


@pytest.mark.parametrize("thing", [None, "typo.png", [[0, 1]], 5], ids=str)
def test_what_is_no_array_is_refused(recognizer: Recognizer, thing: object) -> None:
    for read in (recognizer.read_photo, recognizer.read_drawing, recognizer.probabilities):
        with pytest.raises(InvalidImageError, match="array"):
            read(thing)


def test_cells_with_holes_are_refused(recognizer: Recognizer) -> None:
    with pytest.raises(InvalidImageError, match="finite"):
        recognizer.probabilities(np.full((1, 28, 28), np.nan, np.float32))


@pytest.mark.parametrize("size", [(1, 1), (1, 10_000), (10_000, 1), (2, 2)])
@pytest.mark.parametrize("grey", [0, 255])
def test_odd_but_sound_pictures_are_read_as_blank(
    recognizer: Recognizer, size: tuple[int, int], grey: int
) -> None:
    assert recognizer.read_photo(np.full(size, grey, np.uint8)).text == ""
    assert recognizer.read_drawing(np.full((*size, 4), grey, np.uint8)).text == ""


def test_reading_holds_what_the_network_saw(recognizer: Recognizer) -> None:
    for digit in recognizer.read_drawing(drawing(*strokes_of_number("47"), width=500)).digits:
        assert digit.cell.shape == (28, 28)
        assert digit.cell.dtype == np.float32
        assert digit.probabilities.dtype == np.float32
        assert digit.ink.shape == (digit.box.height, digit.box.width)
        np.testing.assert_allclose(
            recognizer.probabilities(digit.cell[np.newaxis])[0], digit.probabilities, atol=1e-4
        )


def test_active_model_reads(home: AppPaths) -> None:
    home.active_pointer.write_text("copy", encoding="utf-8")
    assert Recognizer.load().files.name == "copy"
    home.active_pointer.unlink()
    assert Recognizer.load().files.name == "shipped"


@pytest.mark.parametrize("damage", [b"\xff\xfe", b"../../etc", b"", b"nowhere"], ids=repr)
def test_shipped_model_reads_where_the_pointer_is_damaged(home: AppPaths, damage: bytes) -> None:
    home.active_pointer.write_bytes(damage)
    assert Recognizer.load().files.name == "shipped"


def test_shipped_model_reads_where_home_is_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    monkeypatch.setenv("DIGITS_HOME", str(tmp_path / "file"))
    assert Recognizer.load().files.name == "shipped"


def test_model_without_digitness_refuses_what_it_is_unsure_of(home: AppPaths) -> None:
    card = home.model("copy").card
    card.write_text(json.dumps({**json.loads(card.read_text("utf-8")), "digitness_threshold": None}), "utf-8")
    recognizer = Recognizer.load("copy")
    cells = np.random.default_rng(2).random((5, 28, 28), np.float32)
    np.testing.assert_array_equal(
        recognizer.digit_probability(cells), recognizer.probabilities(cells).max(axis=1)
    )


@pytest.mark.parametrize(
    ("break_it", "sentence"),
    [
        pytest.param(
            lambda files: files.onnx.unlink(), "there is no file .*model.onnx", id="network missing"
        ),
        pytest.param(lambda files: files.card.unlink(), "there is no file .*card.json", id="card missing"),
        pytest.param(lambda files: files.onnx.write_bytes(b"no model"), "damaged", id="network is no model"),
        pytest.param(lambda files: files.onnx.write_bytes(b""), "damaged", id="network empty"),
        pytest.param(
            lambda files: files.onnx.write_bytes(files.onnx.read_bytes()[:5000]),
            "damaged",
            id="network cut short",
        ),
        pytest.param(lambda files: files.card.write_text("{", "utf-8"), "damaged", id="card is no JSON"),
        pytest.param(lambda files: files.card.write_text("[]", "utf-8"), "damaged", id="card is no object"),
        pytest.param(
            lambda files: files.card.write_text('{"digitness_threshold": "x"}', "utf-8"),
            "damaged",
            id="threshold is no number",
        ),
    ],
)
def test_broken_model_says_what_is_wrong(home: AppPaths, break_it, sentence: str) -> None:
    break_it(home.model("copy"))
    with pytest.raises(ModelError, match=sentence):
        Recognizer.load("copy")


@pytest.mark.parametrize("name", ["nowhere", "../evil", "", "A B"])
def test_unknown_model_is_told(name: str) -> None:
    with pytest.raises(ModelError):
        Recognizer.load(name)


@pytest.mark.parametrize("shape", ["0", "6", "8", "9"])
def test_loops_filled_by_a_thick_pen_are_never_sure(recognizer: Recognizer, shape: str) -> None:
    (large,) = recognizer.read_strokes(strokes_of(shape, height=160, pen=14), 280, 280).digits
    assert large.confidence > 0.9
    assert large.thickness < 0.2
    for mark in recognizer.read_strokes(strokes_of(shape, height=22, pen=20), 280, 280).digits:
        assert mark.thickness > 0.35
        assert mark.confidence < 0.9


def test_a_point_between_digits_is_a_gap_and_no_digit(recognizer: Recognizer) -> None:
    point = Stroke(np.float32([[180, 206], [183, 208]]), 12)
    strokes = (*strokes_of("3"), point, *strokes_of_number("14", left=215, height=150))
    reading = recognizer.read_strokes(strokes, 280, 700)
    assert reading.text == "314"
    assert [(gap.position, gap.before, gap.after) for gap in reading.gaps] == [(1, 3, 1)]


EXPRESSIONS = {
    "2+3": "23",
    "9-4": "94",
    "-5": "5",
}


@pytest.mark.parametrize("expression", EXPRESSIONS)
@pytest.mark.parametrize("how", ["strokes", "picture"])
def test_signs_beside_digits_are_gaps(recognizer: Recognizer, expression: str, how: str) -> None:
    strokes: list[Stroke] = []
    for place, character in enumerate(expression):
        left = 40 + 110 * place
        if character.isdigit():
            strokes += strokes_of(character, height=120, left=left)
        else:
            strokes.append(Stroke(np.float32([[left, 120], [left + 50, 122]]), 10))
        if character == "+":
            strokes.append(Stroke(np.float32([[left + 24, 96], [left + 26, 146]]), 10))
    if how == "strokes":
        reading = recognizer.read_strokes(strokes, 280, 700)
    else:
        reading = recognizer.read_drawing(drawing(*strokes, width=700))
    assert reading.text == EXPRESSIONS[expression]
    assert [gap.position for gap in reading.gaps] == [
        expression.find(sign) for sign in "+-" if sign in expression
    ]


@pytest.mark.parametrize(
    "letter",
    [
        pytest.param("5,0 5,100 / 65,0 65,100 / 5,50 65,50", id="H"),
        pytest.param("5,0 5,100 / 62,0 8,55 64,100", id="K"),
        pytest.param("5,100 5,0 / 5,0 62,100 / 62,100 62,0", id="N"),
        pytest.param("0,100 5,0 / 5,0 40,70 / 40,70 75,0 / 75,0 80,100", id="M"),
    ],
)
def test_strokes_of_a_letter_are_no_ones(recognizer: Recognizer, letter: str) -> None:
    strokes = [
        Stroke(np.float32([point.split(",") for point in path.split()]) * np.float32(1.4) + 60, 10)
        for path in letter.split("/")
    ]
    assert recognizer.read_strokes(strokes, 280, 280).text == ""
    assert recognizer.read_drawing(drawing(*strokes)).text == ""


def test_a_slashed_zero_and_a_seven_in_three_strokes_are_digits(recognizer: Recognizer) -> None:
    slash = Stroke(np.float32([[170, 50], [75, 235]]), 10)
    assert recognizer.read_strokes([*strokes_of("0", pen=10), slash], 280, 280).text == "0"
    seven = [((60, 60), (140, 58)), ((136, 72), (100, 210)), ((72, 140), (132, 136))]
    strokes = [Stroke(np.float32(points), 10) for points in seven]
    assert recognizer.read_strokes(strokes, 280, 280).text == "7"
