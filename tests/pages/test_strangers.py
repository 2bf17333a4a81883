"""What somebody elsewhere can and can't do, on each page; docs/security.md has a row for each test."""

import asyncio
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from streamlit.testing.v1 import AppTest

from mnist_core.config import PROJECT_FOLDER, AppPaths
from mnist_core.datasets.loading import load_dataset
from mnist_core.datasets.summary import describe_dataset
from mnist_core.runs.history import list_runs
from mnist_core.runs.recorder import new_run
from mnist_core.serving.visitors import Visitor
from mnist_core.storage.removal import remove_model, removed_models
from mnist_core.storage.shelf import list_models
from pages.shared import visitor
from tests.loops import run
from tests.pages.classroom import put_on_shelf, small_table, under_way
from tests.pages.conftest import Server
from tests.pages.hands import draw, expect_text
from tests.pages.sessions import STRANGER, Session

PUBLIC_NAME = "digits.school.example"
PASSPHRASE = "blue whale in the lake"
REFUSAL = "only at the computer where this app runs"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a home with two trained models and a third one that was removed."""
    home = tmp_path / "home"
    monkeypatch.setenv("DIGITS_HOME", str(home))
    monkeypatch.setenv("MNIST_DATA", str(tmp_path / "nothing"))
    for name in ("ours", "gone"):
        put_on_shelf(home, name)
    remove_model("gone", AppPaths(home, None))
    return home


class Door:
    """Says who looks at a page. AppTest presses no disabled button, so a stranger takes over an open page."""

    is_at_this_computer = True

    def come_in_as_stranger(self) -> None:
        self.is_at_this_computer = False


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> Door:
    door = Door()
    monkeypatch.setattr(visitor, "current_visitor", lambda: Visitor(door.is_at_this_computer))
    return door


@pytest.fixture
def paths(home: Path) -> AppPaths:
    return AppPaths.from_environment()


def open_page(name: str) -> AppTest:
    page = AppTest.from_file(str(PROJECT_FOLDER / "pages" / name / "page.py"), default_timeout=60).run()
    assert not page.exception
    return page


def refused(page: AppTest) -> bool:
    """Whether the page says that what was pressed may not be done."""
    return any(REFUSAL in error.value for error in page.error)


def names(paths: AppPaths) -> list[str]:
    return [entry.name for entry in list_models(paths)]


def test_a_stranger_finds_every_control_of_the_shelf_disabled(paths: AppPaths, door: Door) -> None:
    door.come_in_as_stranger()
    page = open_page("models")
    assert any(REFUSAL in info.value for info in page.info)
    (restore,) = (each for each in page.button if str(each.key).startswith("restore-"))
    for control in (
        page.button(key="activate-ours"),
        page.button(key="remove-ours"),
        page.button(key="save-ours"),
        page.text_input(key="name-of-ours"),
        page.text_area(key="note-of-ours"),
        restore,
    ):
        assert control.disabled


def test_a_stranger_puts_no_network_into_use(paths: AppPaths, door: Door) -> None:
    page = open_page("models")
    door.come_in_as_stranger()
    page.button(key="activate-ours").click().run()
    assert refused(page)
    assert paths.active_model().name == "shipped"


def test_a_stranger_removes_no_network(paths: AppPaths, door: Door) -> None:
    page = open_page("models")
    door.come_in_as_stranger()
    page.button(key="remove-ours").click().run()
    assert refused(page)
    assert sorted(names(paths)) == ["ours", "shipped"]


def test_a_stranger_restores_no_network(paths: AppPaths, door: Door) -> None:
    page = open_page("models")
    door.come_in_as_stranger()
    next(each for each in page.button if str(each.key).startswith("restore-")).click().run()
    assert refused(page)
    assert sorted(names(paths)) == ["ours", "shipped"]


@pytest.mark.parametrize("button", ["space-removed", "space-runs"])
def test_a_stranger_deletes_nothing_for_good(paths: AppPaths, door: Door, button: str) -> None:
    new_run({}, "", paths)
    page = open_page("models")
    door.come_in_as_stranger()
    page.button(key=button).click().run()
    assert refused(page)
    assert removed_models(paths)
    assert len(list_runs(paths)) == 1


@pytest.mark.parametrize("field", ["text_input", "text_area"])
def test_a_stranger_renames_no_network_and_writes_no_note(paths: AppPaths, door: Door, field: str) -> None:
    page = open_page("models")
    key = "name-of-ours" if field == "text_input" else "note-of-ours"
    getattr(page, field)(key=key).set_value("theirs")
    door.come_in_as_stranger()
    page.button(key="save-ours").click().run()
    assert refused(page)
    assert sorted(names(paths)) == ["ours", "shipped"]
    assert not paths.model("ours").note.exists()


def test_a_stranger_starts_no_training(
    paths: AppPaths, door: Door, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = tmp_path / "table.npz"
    table.write_bytes(small_table(each=12))
    summary = describe_dataset(load_dataset(str(table), paths))
    monkeypatch.setattr("pages.train.settings.summarize", lambda source, paths: summary)
    monkeypatch.setattr("pages.train.start.can_train", lambda: True)
    monkeypatch.setattr("pages.train.start.start_training", lambda *_: pytest.fail("started"))
    page = open_page("train")
    assert not page.button(key="train-start").disabled
    door.come_in_as_stranger()
    page.button(key="train-start").click().run()
    assert refused(page)
    assert page.button(key="train-start").disabled
    assert any(REFUSAL in info.value for info in page.info)


def test_a_stranger_cancels_no_run(home: Path, door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pages.train.run.cancel_training", lambda *_: pytest.fail("cancelled"))
    with under_way(home):
        page = open_page("train")
        door.come_in_as_stranger()
        page.button(key="train-cancel").click().run()
        assert refused(page)
        assert page.button(key="train-cancel").disabled


def test_a_stranger_opens_no_file_of_this_computer(tmp_path: Path, paths: AppPaths, door: Door) -> None:
    table = tmp_path / "table.npz"
    table.write_bytes(small_table(each=12))
    page = open_page("train")
    page.segmented_control(key="train-data").set_value("My own table").run()
    page.text_input(key="train-table-path").set_value(str(table)).run()
    assert any("training images" in expander.label for expander in page.expander)
    door.come_in_as_stranger()
    page.run()
    keys = [str(widget.key) for widget in (*page.text_input, *page.button)]
    assert not [key for key in keys if key.startswith(("train-table-path", "train-stored"))]
    assert not any("training images" in expander.label for expander in page.expander)


def test_a_stranger_uploads_no_table(paths: AppPaths, door: Door) -> None:
    page = open_page("train")
    page.segmented_control(key="train-data").set_value("My own table").run()
    uploader = page.get("file_uploader")[0]
    door.come_in_as_stranger()
    uploader.set_value([("table.npz", small_table(each=12), "")]).run()
    assert refused(page)
    assert not list(paths.home.glob("**/table*.npz"))


@pytest.mark.usefixtures("home")
def test_somebody_at_this_computer_may_all_of_it(paths: AppPaths) -> None:
    page = open_page("models")
    page.button(key="activate-ours").click().run()
    assert not refused(page)
    assert paths.active_model().name == "ours"


@pytest.fixture
def open_server(tmp_path: Path) -> Iterator[Server]:
    """Run the app for others, too, with a network that one might put into use."""
    put_on_shelf(tmp_path, "ours")
    server = Server(tmp_path, host="0.0.0.0", DIGITS_HOSTS=PUBLIC_NAME, DIGITS_TEACHER_PASSPHRASE=PASSPHRASE)
    server.start()
    yield server
    server.stop()


@pytest.mark.slow
def test_the_real_server_tells_a_stranger_from_the_person_before_it(open_server: Server, tmp_path: Path):
    paths = AppPaths(tmp_path, None)

    async def press(source: str, host: str = "", **headers: str) -> Session:
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        async with Session(open_server.port, source, names, host) as session:
            await session.open("models")
            assert session.disabled["activate-ours"] == (source == STRANGER or bool(headers) or bool(host))
            await session.press("activate-ours")
            return session

    for stranger in (
        run(press(STRANGER)),
        run(press(STRANGER, X_Forwarded_For="127.0.0.1")),
        run(press("127.0.0.1", X_Forwarded_For="192.168.1.7")),
        run(press("127.0.0.1", host=PUBLIC_NAME)),
    ):
        assert any(REFUSAL in sentence for sentence in stranger.sentences)
        assert paths.active_model().name == "shipped"
    run(press("127.0.0.1"))
    assert paths.active_model().name == "ours"
    log = open_server.log()
    assert "Others who reach this computer may draw" in log
    assert STRANGER not in log


@pytest.mark.slow
def test_whoever_presses_and_leaves_at_once_is_refused(open_server: Server, tmp_path: Path):
    async def press_and_leave() -> None:
        async with Session(open_server.port, STRANGER) as session:
            await session.open("models")
            pressed = asyncio.create_task(session.press("activate-ours"))
            await asyncio.sleep(0)
            pressed.cancel()

    for _ in range(5):
        run(press_and_leave())
    assert AppPaths(tmp_path, None).active_model().name == "shipped"


def address_of_this_machine() -> str | None:
    """Find an address under which others would reach this machine; nothing is sent for it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("198.51.100.1", 9))
        except OSError:
            return None
        address: str = probe.getsockname()[0]
    return None if address.startswith("127.") else address


@pytest.mark.browser
def test_a_browser_elsewhere_draws_and_is_told_what_it_may_not(
    open_server: Server, visit: Callable[..., Page]
):
    address = address_of_this_machine()
    if address is None:
        pytest.skip("this machine has no address but the loopback's")
    page = visit("/", address=f"http://{address}:{open_server.port}")
    draw(page, "7")
    expect_text(page, "7")
    page.goto(f"http://{address}:{open_server.port}/models")
    expect(page.get_by_text(REFUSAL).first).to_be_visible()
    expect(page.locator(".st-key-activate-ours button").first).to_be_disabled()


@pytest.mark.browser
def test_the_teacher_signs_in_from_elsewhere_and_may_then(open_server: Server, visit: Callable[..., Page]):
    page = visit("/models", address=f"http://{STRANGER}:{open_server.port}")
    activate = page.locator(".st-key-activate-ours button").first
    expect(activate).to_be_disabled()
    sign_in = page.locator(".st-key-teacher-sign-in")
    sign_in.locator("summary").click()
    for passphrase in ("a guess", PASSPHRASE):
        sign_in.locator("input").fill(passphrase)
        sign_in.get_by_role("button", name="Sign in").click()
        if passphrase != PASSPHRASE:
            expect(sign_in.get_by_role("alert")).to_contain_text("not the teacher's passphrase")
            expect(activate).to_be_disabled()
    expect(sign_in).to_contain_text("signed in as the teacher")
    expect(activate).to_be_enabled()
    page.locator(".st-key-navigation a").nth(2).click()  # the sign-in goes along
    expect(sign_in).to_contain_text("signed in as the teacher")
    log = open_server.log()
    assert "teacher signed in" in log
    assert not any(secret in log for secret in (PASSPHRASE, "a guess", STRANGER))
