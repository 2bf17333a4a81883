"""A card of no real model."""

from mnist_core.storage.model_card import CurvePoint, ModelCard, Score, TrainingData

CARD = ModelCard(
    name="mine",
    recipe="quick",
    created="2026-11-22T14:00:00+00:00",
    seed=7,
    settings={"epochs": 4, "augmentation": {"rotation": 8.0}},
    data=(TrainingData("MNIST", "ab" * 32, 57_000),),
    versions={"keras": "3.15.1"},
    parameters=45_000,
    multiply_adds=3_500_000,
    scores=(Score("test cells", 99, 100),),
    confusion_matrix=tuple(tuple(10 if row == column else 0 for column in range(10)) for row in range(10)),
    curves=(CurvePoint(1, 0.5, 0.9, 0.1, 0.98, 12.5),),
    digitness_threshold=0.4,
    temperature=0.8,
    training_seconds=12.5,
)
