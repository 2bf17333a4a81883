"""The training page, opened without a browser, and what its tests look at."""

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from streamlit.testing.v1 import AppTest

from mnist_core.config import PROJECT_FOLDER
from tests.pages.classroom import hand_drawn_cells


def open_train() -> AppTest:
    page = AppTest.from_file(str(PROJECT_FOLDER / "pages" / "train" / "page.py"), default_timeout=60).run()
    assert not page.exception
    return page


def sentences(page: AppTest) -> str:
    elements = (*page.markdown, *page.caption, *page.error, *page.warning, *page.info, *page.success)
    return "\n".join(element.value for element in elements)


def keys(page: AppTest) -> set[str | None]:
    return {button.key for button in page.button}


def preview(page: AppTest) -> str:
    return next(body for element in page.get("html") if "dp-preview" in (body := element.proto.body))


def choose_table(home: Path, content: bytes, name: str = "mine.npz") -> AppTest:
    """Open the page and upload a table to it."""
    page = open_train()
    page.segmented_control(key="train-data").set_value("My own table").run()
    page.file_uploader(key="train-table-upload").set_value([(name, content, "text/csv")]).run()
    return page


def changed_table(change: Callable[[NDArray[np.uint8]], NDArray[np.uint8]]) -> bytes:
    """Return an .npz of 120 hand-drawn training images, changed."""
    cells, labels = hand_drawn_cells(12)
    content = io.BytesIO()
    np.savez(content, x_train=change(cells), y_train=labels, x_test=cells[:0], y_test=labels[:0])
    return content.getvalue()
