"""Many pictures read in processes: in order, whatever happens to one of them, and until Ctrl-C."""

import json
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from mnist_core.commands.pool import read_pictures
from mnist_core.config import PROJECT_FOLDER, AppPaths
from mnist_core.errors import ModelError
from mnist_core.reading.pictures import png_bytes
from mnist_core.reading.recognizer import Recognizer
from tests.drawings import drawing, strokes_of_number

PATIENCE_S = 60


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Draw twelve numbers, small and large by turns, so that they are not done in their order."""
    paths = []
    for number in range(12):
        height, width = (1600, 2400) if number % 3 == 0 else (280, 700)
        strokes = strokes_of_number(f"{20 + number}", height=150)
        paths.append(tmp_path_factory.mktemp("drawn") / f"{20 + number}.png")
        paths[-1].write_bytes(png_bytes(drawing(*strokes, height=height, width=width)))
    return paths


@pytest.fixture
def pictures(drawn: list[Path], tmp_path: Path) -> list[Path]:
    """Twelve numbers in a folder of the test's own."""
    for path in drawn:
        os.link(path, tmp_path / path.name)
    return [tmp_path / path.name for path in drawn]


@pytest.fixture(scope="module")
def recognizer() -> Recognizer:
    return Recognizer.open(AppPaths(Path("none"), None).model("shipped"))


def never() -> bool:
    return False


def test_processes_read_in_order_what_one_process_reads(pictures: list[Path], recognizer: Recognizer):
    bad, empty = pictures[0].with_name("bad.png"), pictures[0].with_name("empty")
    bad.write_text("hello")
    empty.mkdir()
    paths = [*pictures[:5], bad, empty, *pictures[5:]]
    alone = list(read_pictures(paths, recognizer, as_drawing=False, stopped=never, processes=1))
    together = list(read_pictures(paths, recognizer, as_drawing=False, stopped=never, processes=3))
    assert [report.name for report in together] == [str(path) for path in paths]
    assert [report.text for report in together] == [report.text for report in alone]
    assert [report.error for report in together] == [report.error for report in alone]
    assert [report.text for report in together if report.text] == [path.stem for path in pictures]
    assert not multiprocessing.active_children()


def test_few_pictures_start_no_process(pictures: list[Path], recognizer: Recognizer):
    for _ in read_pictures(pictures[:7], recognizer, as_drawing=False, stopped=never):
        assert not multiprocessing.active_children()


@pytest.mark.parametrize("processes", [1, 2])
def test_what_was_begun_is_given_after_a_stop(pictures: list[Path], recognizer: Recognizer, processes: int):
    reports = []
    for report in read_pictures(
        pictures, recognizer, as_drawing=False, stopped=lambda: len(reports) > 1, processes=processes
    ):
        reports.append(report)
    assert 2 <= len(reports) < len(pictures)
    assert [report.text for report in reports] == [path.stem for path in pictures[: len(reports)]]


def test_a_killed_process_is_the_error_of_its_picture_alone(pictures: list[Path], recognizer: Recognizer):
    pipe = pictures[0].with_name("pipe.png")
    os.mkfifo(pipe)  # whoever opens it waits for ever

    def kill_the_first() -> None:
        while len(multiprocessing.active_children()) < 2:
            time.sleep(0.05)
        first = min(multiprocessing.active_children(), key=lambda process: process.pid or 0)
        os.kill(first.pid or 0, signal.SIGKILL)

    killer = threading.Thread(target=kill_the_first)
    killer.start()
    reports = list(read_pictures([pipe, *pictures], recognizer, as_drawing=False, stopped=never, processes=2))
    killer.join()
    assert "pipe.png was not read" in str(reports[0].error)
    assert [report.error for report in reports[1:]] == [None] * len(pictures)
    assert [report.text for report in reports[1:]] == [path.stem for path in pictures]


def test_a_model_that_is_gone_is_told(tmp_path: Path, pictures: list[Path], recognizer: Recognizer):
    gone = Recognizer(recognizer._network, AppPaths(tmp_path, None).model("gone"))
    with pytest.raises(ModelError, match="gone"):
        list(read_pictures(pictures, gone, as_drawing=False, stopped=never, processes=2))


@pytest.mark.parametrize("row_format", ["json", "csv"])
def test_ctrl_c_leaves_what_was_read(tmp_path: Path, pictures: list[Path], row_format: str):
    folder, output = tmp_path / "folder", tmp_path / f"out.{row_format}"
    folder.mkdir()
    for number in range(400):
        os.link(pictures[number % 12], folder / f"{number}.png")
    process = subprocess.Popen(
        [sys.executable, "-m", "mnist_core", "read", str(folder), "--output", str(output)],
        cwd=PROJECT_FOLDER,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    deadline = time.monotonic() + PATIENCE_S
    while not output.exists() or output.read_text().count("\n") < 3:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to all processes in the foreground
    _, remarks = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 1
    lines = output.read_text().splitlines()
    rows = lines if row_format == "json" else lines[1:]
    assert remarks == f"Stopped: {len(rows)} of 400 pictures were read.\n"
    assert 2 <= len(rows) < 400
    for number, row in enumerate(rows):
        path = json.loads(row)["path"] if row_format == "json" else row.split(",")[0]
        assert path == str(folder / f"{number}.png")
