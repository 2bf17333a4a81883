"""Recipes as data: networks and settings that teach something, and what a person may choose of a run."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any, Literal

from mnist_core.errors import DataError
from mnist_core.training.augmentation import MILD_AUGMENTATION, NO_AUGMENTATION, AugmentationConfig
from mnist_core.training.layers import Conv, Dense, Flatten, Layer, Norm, Pool

BOUNDS = {
    "epochs": (1, 500),
    "batch_size": (1, 4096),
    "learning_rate": (1e-6, 1.0),
    "data_share": (0.01, 1.0),
    "validation_share": (0.01, 0.5),
    "seed": (0, 2**32 - 1),
}
"""What a person can choose, lowest and highest."""


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
    fading_share: float = 0.25
    """Over the last epochs, such a share of all, augmentation fades to none: the network ends on cells as
    they are."""
    label_smoothing: float = 0.05
    """Keeps the network from being surer than its data; temperature mends what is left."""
    initializer: Literal["he_normal", "glorot_uniform"] = "he_normal"
    """Of the weights; the heads are always Glorot's."""
    mixed_precision: bool = True
    """bfloat16: 1.25 times as fast here; what is kept is float32 all the same."""
    averaged_steps: int = 0
    """Weights are averaged over about so many last steps; 0: the last ones are kept."""
    validation_share: float = 0.05
    digitness: bool = False
    """A second head that says whether the cell is a digit at all."""
    digitness_weight: float = 0.5
    """Of that head's loss beside the digits' loss, which matters more."""


_BEST_LAYERS = (
    Conv(32, 5, 2),
    Conv(64, 3),
    Pool(),
    Conv(96, 3),
    Conv(128, 3),
    Pool(),
    Conv(192, 3, padding="valid"),  # sees all of the cell; half of the numbers learned, 2 % of the work
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
            teaches="What the shipped network was trained with: many kinds of hands, and what is no digit.",
            layers=_BEST_LAYERS,
            epochs=8,
            batch_size=128,
            learning_rate=0.01,
            schedule="one_cycle",
            augmentation=AugmentationConfig(),
            fading_share=0.35,
            averaged_steps=300,
            digitness=True,
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
            teaches="One weight for each pixel and digit: seconds, and about 92 % – what all else is for.",
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
            teaches="A hidden layer that knows of no neighbouring pixels: about 98 % in seconds.",
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


@dataclass(frozen=True, slots=True)
class TrainConfig:
    """What a person chooses of a training run; refused in words before anything starts.

    What is None is as the recipe says.
    """

    recipe: str = "best"
    data: str = "mnist"
    """"mnist", or the path of a .csv or .npz file."""
    epochs: int | None = None
    batch_size: int | None = None
    seed: int = 0
    name: str = "mine"
    """Of the entry on the shelf."""
    strokes: Path | None = None
    """Real pen strokes, `pendigits-orig.tra`; only a recipe with a digitness head uses them."""
    unipen: Path | None = None
    """A folder of digits, letters and signs as pen strokes, `digits.jsonl.gz` and `characters.jsonl.gz`;
    likewise."""
    not_digits: Path | None = None
    """A folder of letters and doodles; likewise."""
    output: Path | None = None
    """A folder to write the model to instead of the shelf; what is there is replaced."""
    learning_rate: float | None = None
    augmentation: AugmentationConfig | None = None
    data_share: float = 1.0
    """Of the cells to learn from, each digit alike: what more data is worth."""
    validation_share: float | None = None

    def __post_init__(self) -> None:
        if self.recipe not in RECIPES:
            raise DataError(f"There is no recipe {self.recipe!r}; there are {', '.join(RECIPES)}.")
        for name, (low, high) in BOUNDS.items():
            value = getattr(self, name)
            if value is None and name not in ("data_share", "seed"):
                continue
            kinds = (int,) if isinstance(low, int) else (int, float)
            # Not a number compares false, so it is refused too.
            if type(value) not in kinds or not low <= value <= high:
                words = name.replace("_", " ")
                raise DataError(f"The {words} can be from {low:,} to {high:,}, not {value}.")

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> "TrainConfig":
        """Read what `to_json` gave.

        Raises:
            DataError: it is something else.
        """
        unknown = set(content) - {field.name for field in fields(cls)}
        if unknown:
            raise DataError(f"A training run has no setting {sorted(unknown)[0]!r}.")
        chosen = dict(content)
        try:
            for name in ("strokes", "unipen", "not_digits", "output"):
                if chosen.get(name) is not None:
                    chosen[name] = Path(chosen[name])
            if chosen.get("augmentation") is not None:
                chosen["augmentation"] = AugmentationConfig(**chosen["augmentation"])
        except TypeError as error:
            raise DataError(f"These are no settings of a training run: {error}.") from error
        return cls(**chosen)

    def to_json(self) -> dict[str, Any]:
        """All that was chosen, as JSON's kinds of values."""
        content = asdict(self)
        for name in ("strokes", "unipen", "not_digits", "output"):
            if content[name] is not None:
                content[name] = str(content[name])
        return content

    @property
    def chosen_recipe(self) -> Recipe:
        """The recipe by its name, with what was chosen otherwise."""
        chosen = {
            name: getattr(self, name)
            for name in ("epochs", "batch_size", "learning_rate", "augmentation", "validation_share")
            if getattr(self, name) is not None
        }
        return replace(RECIPES[self.recipe], **chosen)

    @property
    def chosen_epochs(self) -> int:
        """The epochs asked for, or the recipe's."""
        return self.chosen_recipe.epochs

    @property
    def chosen_batch_size(self) -> int:
        """The batch size asked for, or the recipe's."""
        return self.chosen_recipe.batch_size

    def augmentation_in(self, epoch: int) -> AugmentationConfig:
        """How far cells are changed in an epoch, counted from 1: fully at first, not at all in the last."""
        recipe = self.chosen_recipe
        fading = round(recipe.fading_share * recipe.epochs)
        return recipe.augmentation.scaled(min(1.0, (recipe.epochs - epoch) / fading) if fading else 1.0)

    def for_card(self) -> dict[str, Any]:
        """All settings as JSON's kinds of values; paths are left out, they are one machine's."""
        settings = asdict(self.chosen_recipe)
        settings.update(data_share=self.data_share)
        settings["layers"] = [repr(layer) for layer in self.chosen_recipe.layers]
        return settings
