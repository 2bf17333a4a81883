"""Teaching a classifier from nothing, without a browser."""

import pytest
from streamlit.testing.v1 import AppTest

from mnist_core.classroom.class_cells import ClassCells
from mnist_core.datasets.labelled_cells import LabelledCells
from pages.class_ import teach
from tests.pages.class_.conftest import errors, markup
from tests.pages.classroom import hand_drawn_cells


@pytest.fixture
def page(teacher: AppTest) -> AppTest:
    return teacher.segmented_control(key="class-view").set_value("Teach").run()


def test_too_few_digits_are_said(page: AppTest):
    page.button(key="class-teach").click().run()
    assert "two pupils or more have to draw" in errors(page)[0]


def test_a_bar_is_shown_for_each_step_and_stays(page: AppTest, monkeypatch: pytest.MonkeyPatch):
    cells = LabelledCells(*hand_drawn_cells(4))
    monkeypatch.setattr(teach, "split_by_member", lambda _: ClassCells(cells, cells, 1, 1))
    page.button(key="class-teach").click().run()
    assert not page.exception
    assert "30 digits: " in markup(page)
    assert "40 digits: " in markup(page.run())
