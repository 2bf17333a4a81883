"""The exceptions of ONNX Runtime: their names are not public, and they share no base but Exception.

This is the only file that knows them. requirements.txt fixes the version; tests/reading/test_onnx_errors.py
fails where another one raises something else.
"""

from onnxruntime.capi import onnxruntime_pybind11_state as runtime

OPEN_ERRORS: tuple[type[Exception], ...] = (
    runtime.Fail,
    runtime.InvalidArgument,
    runtime.InvalidGraph,
    runtime.InvalidProtobuf,
    runtime.NotImplemented,
    runtime.RuntimeException,
)
"""Raised by opening a file that is no sound model."""

RUN_ERRORS: tuple[type[Exception], ...] = (runtime.Fail, runtime.InvalidArgument, runtime.RuntimeException)
"""Raised by running a model that takes something else than it is given."""
