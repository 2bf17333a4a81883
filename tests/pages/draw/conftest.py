"""The draw page, opened once a test."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest


@pytest.fixture
def page(open_page: Callable[[str], AppTest]) -> AppTest:
    return open_page("draw").run()
