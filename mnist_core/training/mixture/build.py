"""The training set of a run: the data that was asked for, split, and what each further dataset adds."""

import numpy as np

from mnist_core.config import CELL_SIZE, AppPaths
from mnist_core.datasets.loading import load_dataset
from mnist_core.datasets.splitting import split_dataset
from mnist_core.storage.model_card import TrainingData
from mnist_core.training.mixture.from_digit_cells import synthesized_contribution
from mnist_core.training.mixture.from_negative_sets import negative_sets_contribution
from mnist_core.training.mixture.from_pendigits import pendigits_contribution
from mnist_core.training.mixture.from_unipen import unipen_contribution
from mnist_core.training.mixture.training_set import Contribution, Source, TestSet, TrainingSet
from mnist_core.training.train_config import TrainConfig


def build_training_set(config: TrainConfig, paths: AppPaths) -> TrainingSet:
    """Load, draw and synthesize all data that a run needs.

    Args:
        config: which data and which seed.
        paths: where MNIST may lie.
    Returns:
        The training set; without a kind head it holds the asked-for data alone.
    Raises:
        DataError: missing or malformed data.
    """
    recipe = config.chosen_recipe
    dataset = load_dataset(config.data, paths)
    split = split_dataset(dataset, recipe.validation_share, config.data_share, config.seed)
    train, validation, test = split.train, split.validation, split.test
    contributions = [
        Contribution(
            sources=(Source(train.cells, train.labels, len(train)),),
            calibration=(validation,),
            test_sets=(TestSet(f"{dataset.name}, test cells", test.cells, test.labels),),
            data=(TrainingData(dataset.name, dataset.sha256, len(train)),),
        )
    ]
    if recipe.kind_head:
        # One generator for all that is drawn, in this order: a seed stands for the same cells as ever.
        rng = np.random.default_rng((config.seed, 1))
        contributions.append(synthesized_contribution(train, validation, rng))
        if config.strokes is not None:
            contributions.append(pendigits_contribution(config.strokes, rng))
        if config.unipen is not None:
            contributions.append(unipen_contribution(config.unipen, rng))
        if config.not_digits is not None:
            contributions.append(negative_sets_contribution(config.not_digits))
    return TrainingSet(
        sources=tuple(source for part in contributions for source in part.sources),
        validation=validation,
        calibration=tuple(cells for part in contributions for cells in part.calibration),
        test_sets=tuple(test_set for part in contributions for test_set in part.test_sets),
        data=tuple(data for part in contributions for data in part.data),
        calibration_signs=np.concatenate(
            [
                np.zeros((0, CELL_SIZE, CELL_SIZE), np.uint8),
                *(cells for part in contributions for cells in part.calibration_signs),
            ]
        ),
    )
