import numpy as np
import pytest

from mnist_core.datasets.scribbles import SCRIBBLES


@pytest.mark.parametrize("draw", sorted(set(SCRIBBLES), key=lambda draw: draw.__name__))
def test_a_scribble_is_strokes_that_follow_their_seed(draw):
    for seed in range(10):
        first, again = (draw(np.random.default_rng(seed)) for _ in range(2))
        assert first
        for stroke, same in zip(first, again, strict=True):
            assert stroke.ndim == 2
            assert stroke.shape[0] >= 1
            assert stroke.shape[1] == 2
            assert np.isfinite(stroke).all()
            np.testing.assert_array_equal(stroke, same)


def test_what_people_try_first_is_drawn_most_often():
    counts = {draw.__name__: SCRIBBLES.count(draw) for draw in SCRIBBLES}
    assert [name for name, count in counts.items() if count == 2] == ["_scrawl", "_tangle", "_zigzag"]
