import numpy as np
import pytest

from mnist_core.datasets.pen_strokes import load_pen_digits
from mnist_core.errors import DataError


def test_digits_are_read_with_writer_and_strokes(pendigits_file):
    seven, one = load_pen_digits(pendigits_file)
    assert (seven.label, seven.writer, len(seven.strokes)) == (7, 3, 2)
    assert (one.label, one.writer, len(one.strokes)) == (1, 12, 1)
    assert seven.strokes[0].dtype == np.float32


def test_y_is_turned_to_point_down(pendigits_file):
    seven, _ = load_pen_digits(pendigits_file)
    top, foot = seven.strokes[0][0], seven.strokes[0][-1]
    assert top[1] < foot[1]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("", id="empty"),
        pytest.param("label,pixel0\n1,2\n", id="another kind of file"),
        pytest.param('.SEGMENT DIGIT 0 ? "8"\n.COMMENT 8 1 1\n', id="no strokes"),
        pytest.param('.SEGMENT DIGIT 0 ? "8"\n.PEN_DOWN\n 1 2\n.PEN_UP\n', id="no writer"),
        pytest.param(
            '.SEGMENT DIGIT 0 ? "8"\n.COMMENT 8 1 1\n.PEN_DOWN\n 1 2 3\n.PEN_UP\n', id="half a point"
        ),
    ],
)
def test_malformed_strokes_are_refused(tmp_path, content):
    path = tmp_path / "strokes.tra"
    path.write_text(content)
    with pytest.raises(DataError):
        load_pen_digits(path)
