"""Recipes as data: networks and settings that teach something, and what a person may choose of a run."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from mnist_core.errors import DataError
from mnist_core.learning.augmentation import MILD_AUGMENTATION, NO_AUGMENTATION, AugmentationConfig

MAX_EPOCHS = 500
MAX_BATCH_SIZE = 4096


@dataclass(frozen=True, slots=True)
class Conv:
    """A convolution with ReLU."""

    filters: int
    kernel: int
    stride: int = 1
    padding: Literal["same", "valid"] = "same"
    norm: bool = True
    """Batch norm between the convolution and its ReLU; then the convolution needs no bias."""


@dataclass(frozen=True, slots=True)
class Pool:
    """The largest of each 2x2."""


@dataclass(frozen=True, slots=True)
class Norm:
    """Batch norm as a layer of its own."""


@dataclass(frozen=True, slots=True)
class Flatten:
    """From pictures to one row of numbers."""


@dataclass(frozen=True, slots=True)
class Dense:
    """A dense layer with ReLU."""

    units: int


Layer = Conv | Pool | Norm | Flatten | Dense


@dataclass(frozen=True, slots=True)
class Recipe:
    """A network and how it is trained."""

    name: str
    teaches: str
    """One line for the person who chooses."""
    layers: tuple[Layer, ...]
    """From the cell to the heads; the last layers are flat."""
    epochs: int
    batch_size: int
    learning_rate: float
    """The highest of a one-cycle schedule, or the only one of a constant schedule."""
    schedule: Literal["one_cycle", "constant"]
    augmentation: AugmentationConfig
    plain_epochs: int = 1
    """So many last epochs without augmentation: the network ends on cells as they are."""
    label_smoothing: float = 0.05
    """Keeps the network from being surer than its data; temperature mends what is left."""
    mixed_precision: bool = True
    """bfloat16: 1.25 times as fast here; what is kept is float32 all the same."""
    averaged_steps: int = 0
    """Weights are averaged over about so many last steps; 0: the last ones are kept."""
    validation_share: float = 0.05
    digitness: bool = False
    """A second head that says whether the cell is a digit at all."""
    digitness_weight: float = 0.5
    """Of that head's loss beside the digits' loss, which matters more."""


_BEST_LAYERS = (Conv(32, 5, 2), Conv(64, 3), Pool(), Conv(96, 3), Conv(128, 3), Pool(), Flatten())
_QUICK_LAYERS = (Conv(24, 5, 2), Conv(48, 3), Pool(), Conv(64, 3), Pool(), Flatten())
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

RECIPES = {
    recipe.name: recipe
    for recipe in (
        Recipe(
            name="best",
            teaches="What the shipped network was trained with: many kinds of hands, and what is no digit.",
            layers=_BEST_LAYERS,
            epochs=32,
            batch_size=128,
            learning_rate=0.01,
            schedule="one_cycle",
            augmentation=AugmentationConfig(),
            plain_epochs=2,
            averaged_steps=1000,
            digitness=True,
        ),
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
            name="notebook",
            teaches="The course notebook's large network, as it was: hours where a small one takes minutes.",
            layers=_NOTEBOOK_LAYERS,
            epochs=50,
            batch_size=64,
            learning_rate=0.001,
            schedule="constant",
            augmentation=AugmentationConfig(10, 0.1, 0, 2.8, 0, 0, 0, 0, 0),
            plain_epochs=0,
            label_smoothing=0.0,
            mixed_precision=False,
            validation_share=0.1,
        ),
    )
}


@dataclass(frozen=True, slots=True)
class TrainConfig:
    """What a person chooses of a training run; refused in words before anything starts."""

    recipe: str = "best"
    data: str = "mnist"
    """"mnist", or the path of a .csv or .npz file."""
    epochs: int | None = None
    """None: as the recipe says."""
    batch_size: int | None = None
    """None: as the recipe says."""
    seed: int = 0
    name: str = "mine"
    """Of the entry on the shelf."""
    strokes: Path | None = None
    """Real pen strokes, `pendigits-orig.tra`; only a recipe with a digitness head uses them."""
    not_digits: Path | None = None
    """A folder of letters and doodles; likewise."""
    output: Path | None = None
    """A folder to write the model to instead of the shelf; what is there is replaced."""

    def __post_init__(self) -> None:
        if self.recipe not in RECIPES:
            raise DataError(f"There is no recipe {self.recipe!r}; there are {', '.join(RECIPES)}.")
        for what, value, most in (
            ("epochs", self.epochs, MAX_EPOCHS),
            ("batch size", self.batch_size, MAX_BATCH_SIZE),
        ):
            if value is not None and not 1 <= value <= most:
                raise DataError(f"The {what} can be from 1 to {most:,}, not {value}.")
        if not 0 <= self.seed < 2**32:
            raise DataError(f"The seed can be from 0 to {2**32 - 1:,}, not {self.seed}.")

    @property
    def chosen_recipe(self) -> Recipe:
        """The recipe by its name."""
        return RECIPES[self.recipe]

    @property
    def chosen_epochs(self) -> int:
        """The epochs asked for, or the recipe's."""
        return self.epochs or self.chosen_recipe.epochs

    @property
    def chosen_batch_size(self) -> int:
        """The batch size asked for, or the recipe's."""
        return self.batch_size or self.chosen_recipe.batch_size

    @property
    def plain_epochs(self) -> int:
        """So many last epochs without augmentation; a run of one epoch or two has none."""
        recipe = self.chosen_recipe
        if recipe.augmentation == NO_AUGMENTATION:
            return self.chosen_epochs
        return min(recipe.plain_epochs, self.chosen_epochs // 3)

    def for_card(self) -> dict[str, Any]:
        """All settings as JSON's kinds of values; paths are left out, they are one machine's."""
        settings = asdict(self.chosen_recipe)
        settings.update(
            epochs=self.chosen_epochs, batch_size=self.chosen_batch_size, plain_epochs=self.plain_epochs
        )
        settings["layers"] = [repr(layer) for layer in self.chosen_recipe.layers]
        return settings
