"""What a person may choose of a training run; refused in words before anything starts."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

from mnist_core.errors import DataError
from mnist_core.json_files import convert_json
from mnist_core.training.augmentation_config import AugmentationConfig
from mnist_core.training.recipes import RECIPES, Recipe

BOUNDS = {
    "epochs": (1, 500),
    "batch_size": (1, 4096),
    "learning_rate": (1e-6, 1.0),
    "data_share": (0.01, 1.0),
    "validation_share": (0.01, 0.5),
    "seed": (0, 2**32 - 1),
}
"""Lowest and highest of each number that a person may choose."""


@dataclass(frozen=True, slots=True)
class TrainConfig:
    """What a person chooses of a training run; None stands for the recipe's own value."""

    recipe: str = "best"
    data: str = "mnist"
    """"mnist", or the path of a .csv or .npz file."""
    epochs: int | None = None
    batch_size: int | None = None
    seed: int = 0
    name: str = "mine"
    """Of the model on the shelf."""
    strokes: Path | None = None
    """Real pen strokes, `pendigits-orig.tra`; only a recipe with a kind head uses them."""
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
    """Of the training cells, each digit alike: shows what more data is worth."""
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
        """Return the settings that `to_json` made this content of.

        Raises:
            DataError: an unknown setting, or a value that is refused.
        """
        augmentation = content.get("augmentation")
        known = {field.name for kind in (cls, AugmentationConfig) for field in fields(kind)}
        names = [*content, *(augmentation if isinstance(augmentation, dict) else ())]
        if unknown := sorted(set(names) - known):
            raise DataError(f"A training run has no setting {unknown[0]!r}.")
        try:
            return convert_json(dict(content), cls)
        except ValueError as error:
            raise DataError(f"These are no settings of a training run: {error}.") from error

    def require_files(self) -> None:
        """Refuse what can't be learned from, before tensorflow is started and before a run begins.

        Raises:
            DataError: a file or folder that was chosen is not there.
        """
        data = None if self.data == "mnist" else Path(self.data)
        for path, is_there in (
            (data, Path.is_file),
            (self.strokes, Path.is_file),
            (self.unipen, Path.is_dir),
            (self.not_digits, Path.is_dir),
        ):
            if path is not None and not is_there(path):
                raise DataError(f"{path} can't be read: there is no such file or folder.")

    def with_whole_paths(self) -> "TrainConfig":
        """Return the same settings with whole paths: who trains may be in another folder."""
        return replace(
            self,
            data=self.data if self.data == "mnist" else str(Path(self.data).absolute()),
            strokes=self.strokes and self.strokes.absolute(),
            unipen=self.unipen and self.unipen.absolute(),
            not_digits=self.not_digits and self.not_digits.absolute(),
            output=self.output and self.output.absolute(),
        )

    def to_json(self) -> dict[str, Any]:
        """Return the settings as JSON values."""
        content = asdict(self)
        for name in ("strokes", "unipen", "not_digits", "output"):
            if content[name] is not None:
                content[name] = str(content[name])
        return content

    @property
    def chosen_recipe(self) -> Recipe:
        """The recipe, with what was chosen in place of its own values."""
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
        """Return how far cells are changed in an epoch, from 1 on: fully at first, not at all in the last."""
        recipe = self.chosen_recipe
        fading = round(recipe.fading_share * recipe.epochs)
        return recipe.augmentation.scaled(min(1.0, (recipe.epochs - epoch) / fading) if fading else 1.0)

    def for_card(self) -> dict[str, Any]:
        """Return the recipe's settings as JSON values; paths are left out, they are one machine's."""
        settings = asdict(self.chosen_recipe)
        settings.update(data_share=self.data_share)
        settings["layers"] = [repr(layer) for layer in self.chosen_recipe.layers]
        return settings
