from dataclasses import replace

import pytest

from mnist_core.errors import DataError
from mnist_core.training.augmentation_config import AUGMENTATION_BOUNDS, NO_AUGMENTATION, AugmentationConfig


@pytest.mark.parametrize("value", [-1, 1000, float("nan"), True, "much"])
@pytest.mark.parametrize("name", AUGMENTATION_BOUNDS)
def test_nonsense_is_refused_in_words(name, value):
    with pytest.raises(DataError, match=f"The {name} can be from 0 to"):
        replace(NO_AUGMENTATION, **{name: value})


def test_scaled_changes_are_a_share_of_each():
    half = AugmentationConfig(rotation=20, zoom=0.2).scaled(0.5)
    assert (half.rotation, half.zoom) == (10, 0.1)
    assert AugmentationConfig().scaled(0) == NO_AUGMENTATION
    assert AugmentationConfig().scaled(1) == AugmentationConfig()
