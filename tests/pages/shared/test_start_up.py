"""What a server says of itself when it starts."""

import asyncio
import hashlib
import logging
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from mnist_core.classroom.classes import keep_class, list_classes, open_class
from mnist_core.classroom.traces import table_name
from mnist_core.config import PROJECT_FOLDER, SHIPPED_FOLDER, AppPaths, ModelFiles
from mnist_core.datasets.labelled_cells import LabelledCells, no_cells
from mnist_core.datasets.stored_tables import list_tables, store_cells
from pages.shared import class_database
from pages.shared.start_up import announce, delete_old_classes_regularly, log_start
from tests.loops import run
from tests.pages.classroom import hand_drawn_cells


def test_the_log_says_what_runs_where_and_with_which_network(tmp_path: Path, caplog):
    caplog.set_level(logging.INFO, "mnist_core")
    log_start(AppPaths(tmp_path, None))
    facts = {record.getMessage(): record.facts for record in caplog.records}
    assert facts["server started"]["home"] == tmp_path
    assert facts["server started"]["version"]
    assert ":" in facts["server started"]["address"]
    network = ModelFiles(SHIPPED_FOLDER).onnx.read_bytes()
    assert facts["model in use"] == {"model": "shipped", "sha256": hashlib.sha256(network).hexdigest()}


def test_a_missing_network_stops_no_server(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    (tmp_path / "models" / "ours").mkdir(parents=True)
    (tmp_path / "active-model").write_text("ours", encoding="utf-8")
    log_start(AppPaths(tmp_path, None))
    assert [record.getMessage() for record in caplog.records] == ["model missing"]
    assert caplog.records[0].levelno == logging.WARNING


@pytest.mark.parametrize("address", ["127.0.0.1", "localhost"])
def test_on_the_loopback_only_the_address_is_told(address: str, capsys: pytest.CaptureFixture[str]):
    announce(address, 8501)
    assert capsys.readouterr().out.split() == [
        "Digit",
        "Playground",
        "is",
        "open",
        "at",
        "http://localhost:8501",
    ]


@pytest.mark.parametrize(
    ("address", "name"), [("0.0.0.0", "localhost"), (None, "localhost"), ("192.168.1.5", "192.168.1.5")]
)
def test_where_others_come_in_it_says_what_they_may_do(
    address: str | None, name: str, capsys: pytest.CaptureFixture[str]
):
    announce(address, 8080)
    told = capsys.readouterr().out
    assert f"http://{name}:8080" in told
    assert "Others who reach this computer may draw" in told
    assert "Only at this computer" in told


def test_an_encrypted_server_tells_its_own_address(capsys: pytest.CaptureFixture[str]):
    announce("0.0.0.0", 8080, "kq7d-mx4p-a2ws", "https")
    told = capsys.readouterr().out
    assert "open at https://localhost:8080" in told
    assert "http://" not in told


def test_a_made_passphrase_is_printed_with_the_address_where_others_come_in(
    capsys: pytest.CaptureFixture[str],
):
    announce("0.0.0.0", 8080, "kq7d-mx4p-a2ws")
    assert "http://localhost:8080/class with: kq7d-mx4p-a2ws" in capsys.readouterr().out
    announce("127.0.0.1", 8080, "kq7d-mx4p-a2ws")
    assert "kq7d" not in capsys.readouterr().out


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[AppPaths]:
    monkeypatch.setenv("DIGITS_HOME", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    yield AppPaths(tmp_path, None)
    class_database._open.clear()


def test_classes_whose_time_is_over_are_deleted_though_nobody_visits(
    home: AppPaths, monkeypatch: pytest.MonkeyPatch
):
    database = class_database.open_class_database()
    over, current = open_class(database), open_class(database)
    keep_class(database, over.id, days=0)
    for school_class in (over, current):
        name = table_name(school_class.code)
        store_cells(name, LabelledCells(*hand_drawn_cells(12, school_class.id)), no_cells(), home)
    naps: list[float] = []

    async def nap(seconds: float) -> None:
        naps.append(seconds)
        raise asyncio.CancelledError

    monkeypatch.setattr("pages.shared.start_up.asyncio.sleep", nap)
    with pytest.raises(asyncio.CancelledError):
        run(delete_old_classes_regularly())
    assert [each.id for each in list_classes(database)] == [current.id]
    assert [table.name for table in list_tables(home)] == [f"class-{current.code}.npz"]
    assert naps == [3600]


def test_a_server_without_classes_makes_no_database(home: AppPaths):
    assert not home.may_have_classes()
    class_database.open_class_database()
    assert home.may_have_classes()


def test_streamlit_asks_nobody_elsewhere_as_it_starts():
    settings = tomllib.loads((PROJECT_FOLDER / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert settings["browser"]["gatherUsageStats"] is False
    assert settings["logger"]["hideWelcomeMessage"] is True  # it has this machine's public address looked up
