"""Recipes as data: each a network with the settings to train it, chosen for what comparing them shows."""

from dataclasses import dataclass, replace
from typing import Literal

from mnist_core.training.augmentation_config import MILD_AUGMENTATION, NO_AUGMENTATION, AugmentationConfig
from mnist_core.training.layers import Conv, Dense, Flatten, Layer, Norm, Pool


@dataclass(frozen=True, slots=True)
class Recipe:
    """A network and how it is trained."""

    name: str
    teaches: str
    """What comparing it with the others shows, in a sentence for the person who chooses."""
    layers: tuple[Layer, ...]
    """From the cell to the heads; the last layers are flat."""
    epochs: int
    batch_size: int
    learning_rate: float
    """The highest of a one-cycle schedule, or the only one of a constant schedule."""
    schedule: Literal["one_cycle", "constant"]
    augmentation: AugmentationConfig
    fading_share: float = 0.25
    """Share of the epochs, the last ones, over which augmentation fades to none: training ends on cells as
    they are."""
    label_smoothing: float = 0.05
    """Keeps the network from growing overconfident; temperature scaling corrects what is left."""
    initializer: Literal["he_normal", "glorot_uniform"] = "he_normal"
    """Of the weights; the heads are always Glorot's."""
    mixed_precision: bool = True
    """Train in bfloat16, 1.25 times as fast here; the averaged network is float32 all the same."""
    averaged_steps: int = 0
    """Weights are averaged over about so many last steps; 0: no averaging, the last weights count."""
    validation_share: float = 0.05
    kind_head: bool = False
    """A second head that tells whole digits, whole signs and parts apart."""
    kind_loss_weight: float = 0.5
    """Of that head's loss; the digits' loss has weight 1."""


_BEST_LAYERS = (
    Conv(32, 5, 2),
    Conv(64, 3),
    Pool(),
    Conv(96, 3),
    Conv(128, 3),
    Pool(),
    Conv(192, 3, padding="valid"),  # sees all of the cell; half of the parameters, 2 % of the work
    Flatten(),
)
# MNIST's outermost pixels are paper: without padding there, the first two layers have a quarter less to do.
_QUICK_LAYERS = (Conv(24, 5, 2, padding="valid"), Conv(48, 3), Pool(), Conv(64, 3), Pool(), Flatten())
_NOTEBOOK_LAYERS = (
    Conv(64, 3, padding="valid", norm=False),
    Conv(64, 3, padding="valid", norm=False),
    Pool(),
    Norm(),
    Conv(128, 3, padding="valid", norm=False),
    Conv(128, 3, padding="valid", norm=False),
    Pool(),
    Norm(),
    Conv(256, 3, padding="valid", norm=False),
    Pool(),
    Flatten(),
    Norm(),
    Dense(512),
)

_NOTEBOOK = Recipe(
    name="notebook",
    teaches="The course notebook's large network, as it was: hours where a small one takes minutes.",
    layers=_NOTEBOOK_LAYERS,
    epochs=50,
    batch_size=64,
    learning_rate=0.001,
    schedule="constant",
    augmentation=AugmentationConfig(10, 0.1, 0, 2.8, 0, 0, 0, 0, 0),
    fading_share=0.0,
    label_smoothing=0.0,
    initializer="glorot_uniform",
    mixed_precision=False,
    validation_share=0.1,
)

RECIPES = {
    recipe.name: recipe
    for recipe in (
        Recipe(
            name="quick",
            teaches="A small network and a good schedule reach over 99.4 % in about a minute.",
            layers=_QUICK_LAYERS,
            epochs=4,
            batch_size=128,
            learning_rate=0.01,
            schedule="one_cycle",
            augmentation=MILD_AUGMENTATION,
        ),
        Recipe(
            name="best",
            teaches="The shipped network's: many people's digits, and letters and signs to refuse.",
            layers=_BEST_LAYERS,
            epochs=8,
            batch_size=128,
            learning_rate=0.01,
            schedule="one_cycle",
            augmentation=AugmentationConfig(),
            fading_share=0.35,
            averaged_steps=300,
            kind_head=True,
        ),
        _NOTEBOOK,
        replace(
            _NOTEBOOK,
            name="notebook-plain",
            teaches="The same without augmentation: what turning and shifting the cells is worth.",
            augmentation=NO_AUGMENTATION,
        ),
        Recipe(
            name="linear",
            teaches="The simplest one, a weight for each pixel and digit: seconds, and about 92 %.",
            layers=(Flatten(),),
            epochs=5,
            batch_size=128,
            learning_rate=0.003,
            schedule="one_cycle",
            augmentation=NO_AUGMENTATION,
            label_smoothing=0.0,
            mixed_precision=False,
        ),
        Recipe(
            name="dense",
            teaches="One hidden layer, which can't see which pixels are neighbours: about 98 % in seconds.",
            layers=(Flatten(), Dense(128)),
            epochs=5,
            batch_size=128,
            learning_rate=0.005,
            schedule="one_cycle",
            augmentation=NO_AUGMENTATION,
            label_smoothing=0.0,
            mixed_precision=False,
        ),
    )
}
