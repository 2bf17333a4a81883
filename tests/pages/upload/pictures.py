"""What the upload page's tests hand it, and what they look at: pictures for a recognizer of a few rules."""

from collections.abc import Callable

import cv2
import numpy as np
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import ButtonGroup

from mnist_core.reading.pictures import png_bytes
from mnist_core.reading.reports import PictureReport

OpenPage = Callable[[str], AppTest]


def bars(count: int) -> bytes:
    """A PNG file of so many bars, each of which is read as a 1."""
    paper = np.full((120, 400), 255, np.uint8)
    for place in range(count):
        cv2.line(paper, (60 + 80 * place, 30), (60 + 80 * place, 90), 0, 8, cv2.LINE_AA)
    return png_bytes(paper)


def doubtful(count: int, seed: int = 0) -> bytes:
    """A PNG file of so many crosses, each of which is read as a doubtful 7."""
    paper = np.full((120, 400), 255, np.uint8)
    for place in range(count):
        left = 30 + 90 * place
        cv2.line(paper, (left, 30), (left + 50, 90), 0, 6, cv2.LINE_AA)
        cv2.line(paper, (left, 90 - seed), (left + 50, 30), 0, 6, cv2.LINE_AA)
    return png_bytes(paper)


def upload(app: AppTest, *files: tuple[str, bytes]) -> AppTest:
    app.file_uploader(key="upload-files").set_value([(name, content, "image/png") for name, content in files])
    return app.run()


def texts(app: AppTest) -> str:
    """All that the page says, in one text."""
    spoken = [*app.markdown, *app.text, *app.get("html"), *app.error, *app.header, *app.caption]
    return "\n".join(
        str(getattr(element, "value", None) or getattr(element, "body", "")) for element in spoken
    )


def reports(app: AppTest) -> list[PictureReport]:
    """Return the reports in the session, in their order."""
    return list(app.session_state["upload-reports"].values()) if "upload-reports" in app.session_state else []


def answers(app: AppTest) -> list[ButtonGroup]:
    """Return the rows of answers on the sheet to check."""
    return [group for group in app.get("button_group") if str(group.key).startswith("upload-answer-")]
