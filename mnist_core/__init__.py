"""Reads handwritten digits. The public names are loaded when they are first used."""

import os
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mnist_core.errors import (
        DataError,
        InvalidImageError,
        MnistCoreError,
        ModelError,
        UnreadableFileError,
    )
    from mnist_core.reading.recognizer import Recognizer
    from mnist_core.results import Box, DigitReading, Reading

# ONNX Runtime from 1.32 on reports to Microsoft, and writes a device's identifier, unless this is set
# before it is first imported. We promise our users that nothing is sent to anyone.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")

__all__ = [
    "Box",
    "DataError",
    "DigitReading",
    "InvalidImageError",
    "MnistCoreError",
    "ModelError",
    "Reading",
    "Recognizer",
    "UnreadableFileError",
]

_HOMES = {
    "Box": "results",
    "DigitReading": "results",
    "Reading": "results",
    "Recognizer": "reading.recognizer",
}


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES.get(name, 'errors')}"), name)
