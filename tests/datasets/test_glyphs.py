import numpy as np

from mnist_core import Recognizer
from mnist_core.datasets.glyphs import glyph_digit_cells, sign_cells


def test_digits_of_our_hand_are_inked_cells_that_follow_their_seed():
    (first, labels), (again, _) = (glyph_digit_cells(40, np.random.default_rng(3)) for _ in range(2))
    assert first.shape == (40, 28, 28)
    assert first.dtype == np.uint8
    assert set(labels.tolist()) <= set(range(10))
    assert (first.max(axis=(1, 2)) > 200).all()
    np.testing.assert_array_equal(first, again)


def test_no_two_drawings_are_alike():
    cells, labels = glyph_digit_cells(60, np.random.default_rng(0))
    ones = cells[labels == labels[0]].reshape(-1, 784).astype(int)
    assert len(np.unique(ones, axis=0)) == len(ones)


def test_a_network_that_knows_digits_reads_our_hand():
    """Most of them: a way of writing that no one can read would teach the network nonsense."""
    cells, labels = glyph_digit_cells(300, np.random.default_rng(1))
    recognizer = Recognizer.load("shipped")
    right = recognizer.probabilities((cells / 255).astype(np.float32)).argmax(axis=1) == labels
    assert right.mean() > 0.9


def test_signs_are_mostly_no_digits():
    shares = (sign_cells(300, np.random.default_rng(1)) / 255).astype(np.float32)
    recognizer = Recognizer.load("shipped")
    assert (recognizer.digit_probability(shares) < recognizer.digit_threshold).mean() > 0.6
