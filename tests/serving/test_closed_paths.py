"""Addresses that are not offered."""

import pytest
from starlette.responses import PlainTextResponse

from mnist_core.serving.closed_paths import ClosePaths
from tests.serving.asgi import ask, http_scope

APP = ClosePaths(PlainTextResponse("inside"), ["/_stcore/metrics", "/_stcore/agent"])


@pytest.mark.parametrize("path", ["/_stcore/metrics", "/_stcore/agent/interact", "/_stcore/metrics/"])
def test_a_closed_path_and_what_lies_below_is_not_found(path: str):
    assert ask(APP, http_scope(path)).status == 404


@pytest.mark.parametrize("path", ["/", "/_stcore/metricsx", "/_stcore/health"])
def test_other_paths_are_open(path: str):
    assert ask(APP, http_scope(path)).body == b"inside"
