"""The visitor's own table: uploaded or by its path, looked at, listed."""

import tomllib
from pathlib import Path

import numpy as np

from mnist_core.config import MAX_TABLE_BYTES, PROJECT_FOLDER, AppPaths
from mnist_core.datasets.loading import load_dataset
from mnist_core.training.train_config import TrainConfig
from tests.pages.classroom import small_table
from tests.pages.train.opened import changed_table, choose_table, keys, open_train, sentences


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
