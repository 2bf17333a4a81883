"""The training page without a browser: every state a run can be in, and what can't be started."""

import io
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from streamlit.testing.v1 import AppTest

from mnist_core.config import MAX_TABLE_BYTES, PROJECT_FOLDER, AppPaths
from mnist_core.datasets.cell_hashes import hash_cells, save_hashes
from mnist_core.datasets.loading import load_dataset
from mnist_core.datasets.summary import describe_dataset
from mnist_core.errors import DataError, ModelError
from mnist_core.evaluation.evaluation import load_evaluation_file
from mnist_core.runs.estimate import Estimate
from mnist_core.runs.run_files import RunState
from mnist_core.training.train_config import TrainConfig
from tests.pages.classroom import hand_drawn_cells, put_on_shelf, small_table, under_way, write_run

SETTINGS = "pages.train.settings"
START = "pages.train.start"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a home without models or runs, on a machine without MNIST."""
    monkeypatch.setenv("DIGITS_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("MNIST_DATA", str(tmp_path / "nothing"))
    return tmp_path / "home"


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "table.npz"
    path.write_bytes(small_table(each=12))
    return path


@pytest.fixture
def with_cells(home: Path, table: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Have the small table stand in for MNIST."""
    summary = describe_dataset(load_dataset(str(table), AppPaths.from_environment()))
    monkeypatch.setattr(f"{SETTINGS}.summarize", lambda source, paths: summary)
    monkeypatch.setattr(f"{START}.can_train", lambda: True)
    return home


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[TrainConfig]]:
    """Collect what is started, and start nothing."""
    configs: list[TrainConfig] = []

    def start(config: TrainConfig, paths: AppPaths, who: str = "") -> str:
        configs.append(config)
        return "run"

    monkeypatch.setattr(f"{START}.start_training", start)
    return configs


def open_train() -> AppTest:
    page = AppTest.from_file(str(PROJECT_FOLDER / "pages" / "train" / "page.py"), default_timeout=60).run()
    assert not page.exception
    return page


def sentences(page: AppTest) -> str:
    elements = (*page.markdown, *page.caption, *page.error, *page.warning, *page.info, *page.success)
    return "\n".join(element.value for element in elements)


def keys(page: AppTest) -> set[str | None]:
    return {button.key for button in page.button}


def test_first_visit_is_ready_to_start_with_the_quick_recipe(
    with_cells: Path, started: list[TrainConfig]
) -> None:
    page = open_train()
    assert "**Ready.**" in sentences(page)
    assert "on this machine" in sentences(page)
    page.button(key="train-start").click().run()
    assert started[0].recipe == "quick"
    assert started[0].name == "quick"
    assert started[0].chosen_epochs == 4


@pytest.mark.parametrize(
    ("seconds", "measured", "words"),
    [
        pytest.param(3, True, "about 10 seconds on this machine", id="at once"),
        pytest.param(42, True, "about 40 seconds on this machine", id="seconds"),
        pytest.param(118, True, "about 2 minutes on this machine", id="minutes"),
        pytest.param(9000, False, "roughly 2.5 hours on this machine", id="hours, not measured"),
    ],
)
def test_next_run_says_how_long_it_will_take(
    with_cells: Path, monkeypatch: pytest.MonkeyPatch, seconds: float, measured: bool, words: str
) -> None:
    monkeypatch.setattr(f"{START}.estimate_training", lambda *args: Estimate(seconds, measured))
    assert words in sentences(open_train())


def test_settings_reach_the_run(with_cells: Path, started: list[TrainConfig]) -> None:
    page = open_train()
    page.radio(key="train-recipe").set_value("linear").run()
    page.number_input(key="train-epochs-linear").set_value(2)
    page.number_input(key="train-data_share-linear").set_value(0.1)
    page.slider(key="train-rotation-linear").set_value(20.0)
    page.text_input(key="train-name").set_value("class-7b").run()
    page.button(key="train-start").click().run()
    assert (started[0].name, started[0].epochs, started[0].data_share) == ("class-7b", 2, 0.1)
    assert started[0].chosen_recipe.augmentation.rotation == 20


def test_another_recipe_brings_its_own_numbers_and_name(with_cells: Path) -> None:
    page = open_train()
    page.radio(key="train-recipe").set_value("notebook").run()
    assert page.number_input(key="train-epochs-notebook").value == 50
    assert page.text_input(key="train-name").value == "notebook"


def test_preview_follows_the_sliders(with_cells: Path) -> None:
    page = open_train()
    before = preview(page)
    assert before.count("<img") == 12
    page.slider(key="train-rotation-quick").set_value(40.0).run()
    after = preview(page)
    assert after != before
    page.button(key="train-shake").click().run()
    assert preview(page) != after


def preview(page: AppTest) -> str:
    return next(body for element in page.get("html") if "dp-preview" in (body := element.proto.body))


def test_name_that_no_model_can_have_is_refused_before_start(with_cells: Path) -> None:
    page = open_train()
    page.text_input(key="train-name").set_value("../../etc").run()
    assert "can't be a model's name" in sentences(page)
    assert page.button(key="train-start").disabled


def test_refused_start_is_told(with_cells: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> str:
        raise ModelError("Bob's run of quick is under way (40% done).")

    monkeypatch.setattr(f"{START}.start_training", refuse)
    page = open_train()
    page.button(key="train-start").click().run()
    assert "Bob's run" in page.error[0].value


def test_without_mnist_the_ways_to_bring_it_are_told(home: Path) -> None:
    page = open_train()
    assert "three ways to bring MNIST" in sentences(page)
    assert page.button(key="train-start").disabled


def test_without_tensorflow_all_else_works(with_cells: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"{START}.can_train", lambda: False)
    page = open_train()
    assert "tensorflow" in page.warning[0].value
    assert page.button(key="train-start").disabled
    assert page.get("vega_lite_chart")


def test_own_table_by_path(home: Path, table: Path, started: list[TrainConfig]) -> None:
    page = open_train()
    page.segmented_control(key="train-data").set_value("My own table").run()
    assert "Upload a table" in sentences(page)
    page.text_input(key="train-table-path").set_value(str(table)).run()
    assert "120 training images" in page.expander[0].label
    page.button(key="train-start").click().run()
    assert started[0].data == str(table)


def test_own_table_by_upload(home: Path, started: list[TrainConfig]) -> None:
    page = open_train()
    page.segmented_control(key="train-data").set_value("My own table").run()
    upload = page.file_uploader(key="train-table-upload")
    upload.set_value([("mine.npz", small_table(each=12), "application/octet-stream")]).run()
    page.button(key="train-start").click().run()
    assert Path(started[0].data).is_relative_to(home)


def choose_table(home: Path, content: bytes, name: str = "mine.npz") -> AppTest:
    page = open_train()
    page.segmented_control(key="train-data").set_value("My own table").run()
    page.file_uploader(key="train-table-upload").set_value([(name, content, "text/csv")]).run()
    return page


def changed_table(change: Callable[[NDArray[np.uint8]], NDArray[np.uint8]]) -> bytes:
    cells, labels = hand_drawn_cells(12)
    content = io.BytesIO()
    np.savez(content, x_train=change(cells), y_train=labels, x_test=cells[:0], y_test=labels[:0])
    return content.getvalue()


def test_table_of_black_on_white_is_asked_about_and_inverted(home: Path, started: list[TrainConfig]) -> None:
    page = choose_table(home, changed_table(lambda cells: 255 - cells))
    assert "dark on light paper" in sentences(page)
    assert page.button(key="train-start").disabled
    page.button(key="train-remedy-invert").click().run()
    assert "dark on light paper" not in sentences(page)
    page.button(key="train-start").click().run()
    assert Path(started[0].data).name.startswith("mine-invert-")
    train = load_dataset(started[0].data, AppPaths.from_environment()).train
    assert train.cells[:, 0].mean() < 10


def test_table_of_zeros_and_ones_is_scaled(home: Path, started: list[TrainConfig]) -> None:
    page = choose_table(home, changed_table(lambda cells: np.uint8(cells > 127)))
    page.button(key="train-remedy-scale").click().run()
    page.button(key="train-start").click().run()
    train = load_dataset(started[0].data, AppPaths.from_environment()).train
    assert set(np.unique(train.cells).tolist()) == {0, 255}


def test_table_that_looks_wrong_may_be_trained_on_as_it_is(home: Path, started: list[TrainConfig]) -> None:
    page = choose_table(home, changed_table(lambda cells: 255 - cells))
    page.button(key="train-accept").click().run()
    assert "train-remedy-invert" not in keys(page)
    page.button(key="train-start").click().run()
    assert Path(started[0].data).name.startswith("mine-")


def test_split_is_said_before_the_run(home: Path, started: list[TrainConfig]) -> None:
    page = choose_table(home, changed_table(lambda cells: cells))
    assert any(expander.label.endswith("120 images") for expander in page.expander)
    assert "70 images to train on, 10 to validate with, 40 to test on, so few" in sentences(page)


def test_stored_tables_are_listed_used_and_deleted(home: Path, started: list[TrainConfig]) -> None:
    choose_table(home, small_table(each=12), "first.npz")
    page = choose_table(home, small_table(each=14), "second.npz")
    assert "Stored on the server: second.npz" in sentences(page)
    assert "first.npz, 0.1 MB" in sentences(page)
    page.button(key="train-stored-use-0").click().run()
    page.button(key="train-stored-delete-1").click().run()
    assert [path.name[:6] for path in (home / "tables").iterdir()] == ["first-"]
    page.button(key="train-start").click().run()
    assert Path(started[0].data).name.startswith("first-")
    page.button(key="train-stored-delete-0").click().run()
    assert page.button(key="train-start").disabled


def test_upload_limit_is_the_same_in_text_config_and_code(home: Path) -> None:
    config = tomllib.loads((PROJECT_FOLDER / ".streamlit" / "config.toml").read_text())
    page = open_train()
    page.segmented_control(key="train-data").set_value("My own table").run()
    uploader = page.file_uploader(key="train-table-upload")
    limits = {config["server"]["maxUploadSize"], uploader.proto.max_upload_size_mb, MAX_TABLE_BYTES >> 20}
    assert limits == {100}
    assert "up to 100 MB" in uploader.label


def test_network_scored_on_images_that_it_was_trained_on_says_so(with_cells: Path) -> None:
    put_on_shelf(with_cells, "mine")
    files = AppPaths.from_environment().model("mine")
    cells = load_evaluation_file(files.evaluation).cells
    save_hashes(hash_cells(cells[:40]), files.training_hashes)
    write_run(with_cells, RunState.FINISHED, "mine is on the shelf.")
    assert f"It was trained on 40 of these {len(cells)} images" in sentences(open_train())


def test_malformed_table_is_told_and_not_kept(home: Path) -> None:
    page = open_train()
    page.segmented_control(key="train-data").set_value("My own table").run()
    bad = b"label,pixel0\n3,300\n"
    page.file_uploader(key="train-table-upload").set_value([("bad.csv", bad, "text/csv")]).run()
    assert page.error
    assert page.button(key="train-start").disabled
    assert not list((home / "tables").glob("*")) if (home / "tables").exists() else True


def test_missing_path_is_told(home: Path) -> None:
    page = open_train()
    page.segmented_control(key="train-data").set_value("My own table").run()
    page.text_input(key="train-table-path").set_value("/nowhere/table.csv").run()
    assert "/nowhere/table.csv" in sentences(page)


def test_someone_elses_run_is_shown_with_its_progress(with_cells: Path) -> None:
    with under_way(with_cells, who="Bob *the* builder"):
        page = open_train()
        assert "**Running.** Bob \\*the\\* builder's run" in sentences(page)
        assert "epoch 3 of 4" in sentences(page)
        assert "train-cancel" in keys(page)
        assert "train-start" not in keys(page)
        assert len(page.get("vega_lite_chart")) == 2
        assert "12 of 16 read correctly" in sentences(page)


def test_cancel_asks_for_it(with_cells: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[AppPaths] = []
    monkeypatch.setattr("pages.train.run.cancel_training", asked.append)
    with under_way(with_cells):
        page = open_train()
        page.button(key="train-cancel").click().run()
    assert asked


def test_page_goes_on_when_the_run_ends(with_cells: Path) -> None:
    with under_way(with_cells):
        page = open_train()
    page.run()
    assert "**Interrupted.**" in sentences(page)
    assert "train-start" in keys(page)


@pytest.mark.parametrize(
    "state", [RunState.CANCELLED, RunState.FAILED, RunState.INTERRUPTED], ids=lambda state: str(state.value)
)
def test_ended_run_is_told_and_its_curves_are_kept(with_cells: Path, state: RunState) -> None:
    write_run(with_cells, state, "The loss broke down. Try a smaller learning rate.")
    page = open_train()
    assert f"**{state.value.capitalize()}.**" in sentences(page)
    assert "smaller learning rate" in sentences(page)
    assert "by Ada" in sentences(page)
    assert len(page.get("vega_lite_chart")) >= 2
    assert "train-start" in keys(page)


def test_finished_run_shows_its_network(with_cells: Path) -> None:
    put_on_shelf(with_cells, "mine")
    run_id = write_run(with_cells, RunState.FINISHED, "mine is on the shelf.")
    page = open_train()
    assert "**Finished.**" in sentences(page)
    assert page.selectbox(key=f"results-of-{run_id}").value == "mine"
    assert any(" of 1" in metric.value for metric in page.metric)
    assert page.selectbox(key="confusion-square").value == (6, 0)
    assert "drawn cells" in sentences(page)


def test_square_of_the_matrix_shows_its_pictures(with_cells: Path) -> None:
    put_on_shelf(with_cells, "mine", wrong=5)
    write_run(with_cells, RunState.FINISHED, "mine is on the shelf.")
    page = open_train()
    assert "The 6s that it read as 0" in sentences(page)
    page.selectbox(key="confusion-square").set_value((3, 3)).run()
    assert "The 3s that it read correctly" in sentences(page)
    assert page.selectbox(key="confusion-square").value == (3, 3)


def test_trained_network_is_made_the_one_that_reads_and_back(with_cells: Path) -> None:
    put_on_shelf(with_cells, "mine")
    write_run(with_cells, RunState.FINISHED, "mine is on the shelf.")
    page = open_train()
    page.button(key="activate").click().run()
    assert AppPaths.from_environment().active_model().name == "mine"
    page.button(key="back").click().run()
    assert AppPaths.from_environment().active_model().name == "shipped"


def test_network_that_fails_its_check_is_not_activated(
    with_cells: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise ModelError("mine was not activated: its probabilities don't sum to one.")

    monkeypatch.setattr("pages.evaluation.activation.activate", refuse)
    put_on_shelf(with_cells, "mine")
    write_run(with_cells, RunState.FINISHED, "mine is on the shelf.")
    page = open_train()
    page.button(key="activate").click().run()
    assert "sum to one" in page.error[0].value


def test_download_that_fails_is_told(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise DataError("MNIST could not be downloaded (no route to host).")

    monkeypatch.delenv("MNIST_DATA")
    monkeypatch.setattr("pages.train.data.locate_mnist", lambda paths: None)
    monkeypatch.setattr("pages.train.data.download_mnist", fail)
    page = open_train()
    page.button(key="train-download").click().run()
    assert "no route to host" in sentences(page)
