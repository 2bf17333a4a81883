import numpy as np
import pytest
from PIL import Image

from mnist_core.errors import UnreadableFileError
from mnist_core.reading.files import load_picture
from mnist_core.reading.sample_depths import sample_converter
from tests.picture_files import grey_picture, load_pixels, saved


def test_holes_in_a_float_picture_become_its_mean():
    samples = grey_picture() / np.float32(255)
    samples[0, 0], samples[1, 1], samples[2, 2] = np.nan, np.inf, -np.inf
    pixels = load_pixels(saved(samples, "TIFF"))
    assert pixels[20, 40] == 230
    assert (
        pixels[0, 0]
        == pixels[1, 1]
        == pixels[2, 2]
        == round(255 * np.nanmean(np.where(np.isfinite(samples), samples, np.nan)))
    )


def test_a_float_picture_of_nothing_but_holes_is_refused():
    with pytest.raises(UnreadableFileError, match=r"holes\.tif"):
        load_picture(saved(np.full((5, 5), np.nan, np.float32), "TIFF"), "holes.tif")


@pytest.mark.parametrize(
    ("samples", "expected"),
    [
        pytest.param(np.array([[0, 4095]], np.uint16), [[0, 255]], id="12 bits in 16"),
        pytest.param(np.array([[0, 65535]], np.uint16), [[0, 255]], id="16 bits"),
        pytest.param(np.array([[0, 200]], np.int32), [[0, 200]], id="bytes in 32"),
        pytest.param(np.array([[-5, 2**31 - 1]], np.int32), [[0, 255]], id="32 bits"),
        pytest.param(np.array([[0, 0.5, 1]], np.float32), [[0, 128, 255]], id="fractions"),
        pytest.param(np.array([[0, 200]], np.float32), [[0, 200]], id="bytes as floats"),
        pytest.param(np.array([[-1e30, 1e30]], np.float32), [[0, 255]], id="far out"),
        pytest.param(np.array([[7e9, 7e9]], np.float32), [[0, 0]], id="all the same"),
        pytest.param(np.array([[0, 0]], np.uint16), [[0, 0]], id="black"),
    ],
)
def test_samples_are_brought_to_bytes(samples, expected):
    picture = Image.fromarray(samples)
    assert sample_converter(picture)(picture).tolist() == expected
