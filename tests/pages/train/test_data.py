"""The training data: MNIST, and how it comes here."""

from pathlib import Path

import pytest

from mnist_core.errors import DataError
from tests.pages.train.opened import open_train, sentences


def test_without_mnist_the_ways_to_bring_it_are_told(home: Path) -> None:
    page = open_train()
    assert "three ways to bring MNIST" in sentences(page)
    assert page.button(key="train-start").disabled


def test_download_that_fails_is_told(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise DataError("MNIST could not be downloaded (no route to host).")

    monkeypatch.delenv("MNIST_DATA")
    monkeypatch.setattr("pages.train.data.locate_mnist", lambda paths: None)
    monkeypatch.setattr("pages.train.data.download_mnist", fail)
    page = open_train()
    page.button(key="train-download").click().run()
    assert "no route to host" in sentences(page)
