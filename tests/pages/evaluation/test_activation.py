"""A network is put into use, and the one before it again."""

import pytest
from streamlit.testing.v1 import AppTest

from mnist_core.config import AppPaths
from mnist_core.errors import ModelError


def show_buttons() -> None:
    from mnist_core.storage.shelf import show_model
    from pages.evaluation.activation import show_activate, show_back, show_outcome
    from pages.shared.resources import app_paths

    show_activate(show_model("mine", app_paths()), app_paths())
    show_back(app_paths())
    show_outcome()


def open_buttons() -> AppTest:
    page = AppTest.from_function(show_buttons, default_timeout=60).run()
    assert not page.exception
    return page


def test_network_is_put_into_use_and_the_one_before_it_again(paths: AppPaths) -> None:
    page = open_buttons()
    assert page.button(key="activate").label == "Use this model"
    page.button(key="activate").click().run()
    assert paths.active_model().name == "mine"
    assert page.button(key="activate").label == "In use"
    assert page.button(key="activate").disabled
    assert "mine is in use from now on" in page.success[0].value
    page.button(key="back").click().run()
    assert paths.active_model().name == "shipped"
    assert "shipped is in use again" in page.success[0].value
    page.run()
    assert not page.success


def test_network_that_fails_its_check_is_not_put_into_use(
    paths: AppPaths, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise ModelError("mine was not activated: its probabilities don't sum to one.")

    monkeypatch.setattr("pages.evaluation.activation.activate", refuse)
    page = open_buttons()
    page.button(key="activate").click().run()
    assert "sum to one" in page.error[0].value
    assert not page.success


def test_going_back_that_fails_is_shown(paths: AppPaths, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise ModelError("Nothing was changed: the disk is full.")

    page = open_buttons()
    page.button(key="activate").click().run()
    monkeypatch.setattr("pages.evaluation.activation.activate_previous", refuse)
    page.button(key="back").click().run()
    assert "the disk is full" in page.error[0].value


def test_damaged_network_can_not_be_put_into_use(paths: AppPaths) -> None:
    paths.model("mine").onnx.unlink()
    assert open_buttons().button(key="activate").disabled
