"""Step 6 without a browser, and without MNIST: the training digits are drawn by our own hand."""

from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from mnist_core.config import SHIPPED_FOLDER, AppPaths, ModelFiles
from mnist_core.explanations.neighbours import NeighbourMap, find_exciting, map_path, save_map
from mnist_core.explanations.probe import Probe
from mnist_core.serving.rights import Permission
from pages.inside import neighbours
from tests.pages.classroom import hand_drawn_cells
from tests.pages.inside.walk import bytes_of, drawing_of, painted, sentences, show


@pytest.fixture
def training_digits(tmp_path: Path) -> NeighbourMap:
    """The map that the page finds."""
    cells, labels = hand_drawn_cells(12)
    files = ModelFiles(SHIPPED_FOLDER)
    features, exciting = find_exciting(Probe.open(files), (cells / np.float32(255)).astype(np.float32))
    places = np.random.default_rng(0).integers(0, 255, (len(cells), 2), np.uint8)
    digits = NeighbourMap(cells, labels.astype(np.uint8), features.astype(np.float16), places, exciting)
    save_map(digits, map_path(files, AppPaths(tmp_path, None)))
    return digits


def test_the_nearest_training_digits_are_shown(page: AppTest, training_digits: NeighbourMap) -> None:
    show(page, drawing_of("7"), "neighbours")
    assert "Of the ten training digits nearest to yours, 10 are a **7**." in sentences(page)
    assert len(bytes_of(painted(page)["labels"])) == len(training_digits.labels)


def test_a_training_digit_stands_beside_the_cell(page: AppTest, training_digits: NeighbourMap) -> None:
    show(page, drawing_of("7"), "pixels")
    assert [cell["title"] for cell in painted(page)["cells"]] == ["yours", "MNIST's 7"]


def test_the_digits_that_excite_the_chosen_map_are_shown(
    page: AppTest, training_digits: NeighbourMap
) -> None:
    page.session_state["inside-layers-view"] = {"map": {"layer": 1, "channel": 5}}
    show(page, drawing_of("7"), "layers")
    shown = painted(page)
    assert "map 6 of layer 2" in shown["sentence"]
    first = training_digits.cells[training_digits.exciting[1][5][0]]
    assert np.array_equal(bytes_of(shown["cells"][0]["ink"]), first.ravel())


@pytest.mark.parametrize(
    "chosen",
    [None, "map", {"layer": 99, "channel": 0}, {"layer": 0, "channel": -1}, {"layer": "0", "channel": []}],
)
def test_a_map_that_is_none_counts_as_the_first(chosen: object) -> None:
    assert neighbours._layer_and_channel(chosen, [32, 64]) == (0, 0)


def test_without_mnist_the_page_says_how_to_get_it(page: AppTest) -> None:
    show(page, drawing_of("7"), "neighbours")
    assert "MNIST, are not on this computer" in sentences(page)


def test_where_mnist_is_the_map_is_made_on_a_press(page: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(neighbours, "locate_mnist", lambda paths: "MNIST's own files")
    show(page, drawing_of("7"), "neighbours")
    assert page.button(key="inside-make-map")


def test_who_may_not_train_can_make_no_map(page: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(neighbours, "locate_mnist", lambda paths: "MNIST's own files")
    monkeypatch.setattr(neighbours, "make_map", lambda files: pytest.fail("a map was made"))
    show(page, drawing_of("7"), "neighbours")
    monkeypatch.setattr(neighbours, "may", lambda right: Permission("Only the teacher may."))
    page.button(key="inside-make-map").click().run()  # though it was not disabled when it was shown
    assert page.button(key="inside-make-map").disabled
    assert page.button(key="inside-make-map").help == "Only the teacher may."
