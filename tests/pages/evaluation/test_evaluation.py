"""An evaluation on a page: what a network reads in its test set."""

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from mnist_core.config import AppPaths
from mnist_core.datasets.cell_hashes import hash_cells, save_hashes
from mnist_core.evaluation.evaluation import load_evaluation_file
from pages.evaluation import cache
from pages.shared.wording import share


def show_mine() -> None:
    from mnist_core.storage.shelf import show_model
    from pages.evaluation.evaluation import show_evaluation
    from pages.shared.resources import app_paths

    show_evaluation(show_model("mine", app_paths()), app_paths())


def open_mine() -> AppTest:
    page = AppTest.from_function(show_mine, default_timeout=60).run()
    assert not page.exception
    return page


def sentences(page: AppTest) -> str:
    return "\n".join(element.value for element in (*page.markdown, *page.caption, *page.warning))


def test_scores_are_those_of_the_stored_test_set(paths: AppPaths) -> None:
    report = load_evaluation_file(paths.model("mine").evaluation).report
    page = open_mine()
    metrics = {metric.label: metric.value for metric in page.metric}
    assert metrics["Correct"] == f"{report.right} of {report.total}"
    assert metrics["Accuracy"].startswith(f"{100 * report.accuracy:.2f}")
    precision = page.table[1].value
    assert list(precision["Digit"]) == [str(digit) for digit in range(10)]
    assert list(precision["Recall"]) == [share(score.recall) for score in report.per_digit]


def test_square_of_the_matrix_shows_its_images(paths: AppPaths) -> None:
    page = open_mine()
    assert "The 6s that it read as 0" in sentences(page)
    page.selectbox(key="confusion-square").set_value((3, 3)).run()
    assert "The 3s that it read correctly" in sentences(page)
    assert page.selectbox(key="confusion-square").value == (3, 3)


def test_most_confident_mistakes_are_labelled(paths: AppPaths) -> None:
    mistakes = [element.body for element in open_mine().get("html") if "6 read as 0, " in element.body]
    assert len(mistakes) == 1
    assert mistakes[0].count("<figure>") == 5


def test_network_scored_on_images_that_it_was_trained_on_says_so(paths: AppPaths) -> None:
    files = paths.model("mine")
    cells = load_evaluation_file(files.evaluation).cells
    save_hashes(hash_cells(cells[:40]), files.training_hashes)
    assert f"It was trained on 40 of these {len(cells)} images" in sentences(open_mine())


def test_without_its_test_images_the_matrix_is_shown_alone(paths: AppPaths) -> None:
    paths.model("mine").evaluation.unlink()
    page = open_mine()
    assert page.info[0].value.startswith("The images behind these counts can't be shown. ")
    assert page.get("vega_lite_chart")
    assert not page.metric


def test_model_without_a_card_says_what_is_wrong(paths: AppPaths) -> None:
    paths.model("mine").card.write_text("{", encoding="utf-8")
    page = open_mine()
    assert "damaged" in page.error[0].value
    assert not page.get("vega_lite_chart")


def test_name_of_the_data_is_no_markdown(paths: AppPaths, monkeypatch: pytest.MonkeyPatch) -> None:
    linked = replace(load_evaluation_file(paths.model("mine").evaluation), data="[table](http://x)")
    monkeypatch.setattr(cache, "load_evaluation", lambda name, paths: linked)
    assert "Measured on \\[table\\]\\(http\\://x\\)." in sentences(open_mine())
