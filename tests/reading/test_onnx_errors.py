"""ONNX Runtime's exceptions: the installed release raises these, and no others."""

import numpy as np
import onnxruntime
import pytest

from mnist_core.config import PROJECT_FOLDER
from mnist_core.reading.onnx_errors import OPEN_ERRORS, RUN_ERRORS

SHIPPED = PROJECT_FOLDER / "models" / "shipped" / "model.onnx"


@pytest.fixture
def session() -> onnxruntime.InferenceSession:
    return onnxruntime.InferenceSession(SHIPPED, providers=["CPUExecutionProvider"])


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"no model", id="text"),
        pytest.param(b"", id="empty"),
        pytest.param(SHIPPED.read_bytes()[:10_000], id="cut short"),
        pytest.param(b"\x08\x08" + b"\0" * 100, id="zeros"),
    ],
)
def test_file_that_is_no_model_raises_one_of_them(content: bytes) -> None:
    with pytest.raises(OPEN_ERRORS):
        onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])


@pytest.mark.parametrize(
    "cells",
    [
        pytest.param(np.zeros((1, 27, 28, 1), np.float32), id="another shape"),
        pytest.param(np.zeros((1, 28, 28), np.float32), id="a dimension less"),
        pytest.param(np.zeros((1, 28, 28, 1), np.float64), id="another type"),
    ],
)
def test_model_given_something_else_raises_one_of_them(
    session: onnxruntime.InferenceSession, cells: np.ndarray
) -> None:
    with pytest.raises(RUN_ERRORS):
        session.run(["probabilities"], {"cells": cells})
