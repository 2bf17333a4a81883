"""Cells synthesized beside the asked-for data: rescanned digits, glyphs, scribbles, wrong groups."""

import numpy as np

from mnist_core.datasets.glyphs import glyph_digit_cells, sign_cells
from mnist_core.datasets.labelled_cells import LabelledCells
from mnist_core.datasets.scanned_digits import renormalized_cells
from mnist_core.datasets.synthetic_negatives import crowded_cells, half_cells, scribble_cells, turned_cells
from mnist_core.training.mixture.training_set import PART, SIGN, Contribution, Source, TestSet, negatives

_RENORMALIZED_SHARE = 0.3
"""Of the training cells, this share comes once more, sent through the product's own normalization."""
_GLYPH_POOL_SHARE, _GLYPH_SHARE = 0.3, 0.15
"""Digits of our own hand for each training cell: drawn before training, and of those used in an epoch."""
_SYNTHETIC_SHARE = 0.1
"""Scribbles for each training cell, and as many letters and signs."""
_CROWDED_SHARE, _HALF_SHARE, _TURNED_SHARE = 0.05, 0.01, 0.06
"""Likewise digits squeezed together, halves, and digits that lie on their side."""
_TEST_SCRIBBLES = 1000
"""At most."""


def synthesized_contribution(
    train: LabelledCells, validation: LabelledCells, rng: np.random.Generator
) -> Contribution:
    """Synthesize cells from digits, and negatives in proportion to them.

    Args:
        train: digits to learn from; left unchanged.
        validation: digits that the weights never see; left unchanged.
        rng: decides everything to learn from.
    """

    def count(share: float) -> int:
        return round(share * len(train)) + 1

    chosen = train.select(rng.choice(len(train), round(_RENORMALIZED_SHARE * len(train)), replace=False))
    glyphs, glyph_labels = glyph_digit_cells(count(_GLYPH_POOL_SHARE), rng)
    sources = (
        Source(renormalized_cells(chosen, rng), chosen.labels, len(chosen)),
        Source(glyphs, glyph_labels, count(_GLYPH_SHARE)),
        negatives(scribble_cells(count(_SYNTHETIC_SHARE), rng)),
        negatives(sign_cells(count(_SYNTHETIC_SHARE), rng)),
        negatives(crowded_cells(train, count(_CROWDED_SHARE), rng), PART),
        negatives(half_cells(train, count(_HALF_SHARE), rng), PART),
        negatives(turned_cells(train, count(_TURNED_SHARE), rng)),
    )
    fixed = np.random.default_rng(2**32)  # test and calibration cells are the same for every seed
    scribbles = scribble_cells(min(count(_SYNTHETIC_SHARE), _TEST_SCRIBBLES), fixed)
    test_set = TestSet("made-up scribbles and signs", scribbles, np.full(len(scribbles), SIGN))
    rescanned = LabelledCells(renormalized_cells(validation, fixed), validation.labels)
    return Contribution(sources, (rescanned,), (test_set,))
