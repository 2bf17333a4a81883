import gzip

import numpy as np
import pytest

from mnist_core.datasets.idx import IDX_FILES, find_idx, load_idx
from mnist_core.errors import DataError
from tests.datasets.small_sets import write_idx


@pytest.mark.parametrize("shape", [(3, 28, 28), (5,), (0,)], ids=["cells", "labels", "none"])
def test_what_was_written_is_loaded(tmp_path, shape):
    array = np.arange(np.prod(shape)).reshape(shape).astype(np.uint8)
    write_idx(tmp_path / "a.gz", array)
    np.testing.assert_array_equal(load_idx(tmp_path / "a.gz"), array)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        pytest.param(b"", "no idx file", id="empty"),
        pytest.param(bytes([0, 0, 8, 2]) + bytes(20), "no idx file", id="two dimensions"),
        pytest.param(bytes([0, 0, 8, 3]) + bytes(4), "no idx file", id="header cut off"),
        pytest.param(bytes([0, 0, 8, 1, 0, 0, 0, 9]) + bytes(8), "cut off: 8 values", id="cut off"),
        pytest.param(bytes([0, 0, 8, 1, 0, 0, 0, 7]) + bytes(8), "cut off: 8 values", id="too long"),
    ],
)
def test_other_content_is_refused(tmp_path, content, complaint):
    path = tmp_path / "a.gz"
    path.write_bytes(gzip.compress(content))
    with pytest.raises(DataError, match=complaint):
        load_idx(path)


@pytest.mark.parametrize("content", [b"no gzip", gzip.compress(bytes(500))[:-9]], ids=["no gzip", "cut off"])
def test_what_does_not_unpack_is_refused(tmp_path, content):
    path = tmp_path / "a.gz"
    path.write_bytes(content)
    with pytest.raises(DataError, match="can't be read"):
        load_idx(path)
    with pytest.raises(DataError, match="can't be read"):
        load_idx(tmp_path / "gone.gz")


def test_files_are_found_only_together(tmp_path):
    for name in IDX_FILES[:-1]:
        (tmp_path / f"{name}.gz").touch()
    assert find_idx(tmp_path) is None
    (tmp_path / f"{IDX_FILES[-1]}.gz").touch()
    assert find_idx(tmp_path) == tuple(tmp_path / f"{name}.gz" for name in IDX_FILES)
