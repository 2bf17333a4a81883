"""A run under way in a real browser: what a class sees at once; and what is left after a server's restart."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from mnist_core.config import AppPaths
from mnist_core.runs.recorder import new_run
from mnist_core.training.train_config import TrainConfig
from tests.pages.classroom import put_on_shelf, under_way
from tests.pages.conftest import Server

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]


def test_sixteen_digits_stand_beside_the_curves_which_are_saved_as_svg(
    visit: Visit, own_server: Server, tmp_path: Path
) -> None:
    with under_way(tmp_path):
        page = visit("/train", own_server.address, viewport={"width": 1280, "height": 800})
        figures = page.locator(".st-key-train-samples .dp-samples figure")
        expect(figures).to_have_count(16)
        charts = page.locator(".st-key-curves-run svg.marks")
        expect(charts).to_have_count(2)
        page.locator(".st-key-curves-run svg.marks").first.hover()
        tools = page.locator(".st-key-curves-run [data-testid=stElementToolbar]").first
        bar = page.locator(".st-key-train-bar").bounding_box()
        assert tools.bounding_box()["y"] >= bar["y"] + bar["height"]
        with page.expect_download() as saved:
            page.get_by_role("button", name="Save as SVG").first.click()
        assert saved.value.suggested_filename == "accuracy.svg"
        assert "<path" in saved.value.path().read_text()
        boxes = [*(figures.nth(index).bounding_box() for index in range(16)), charts.first.bounding_box()]
        assert all(box["y"] + box["height"] <= 800 for box in boxes)


@pytest.fixture
def server_without_data(tmp_path: Path) -> Iterator[Server]:
    """Run the app where no training can start: there is no MNIST."""
    server = Server(tmp_path, MNIST_DATA=str(tmp_path / "nowhere"))
    server.start()
    yield server
    server.stop()


def test_after_a_restart_in_mid_run_the_page_is_whole(
    visit: Visit, server_without_data: Server, tmp_path: Path
) -> None:
    config = TrainConfig(recipe="dense", name="ours", epochs=9)
    new_run(config.to_json(), "Frau Berg", AppPaths(tmp_path, None))
    server_without_data.stop()
    server_without_data.start()
    page = visit("/train", server_without_data.address)
    expect(page.locator(".st-key-train-status")).to_contain_text("Interrupted. This run was interrupted")
    expect(page.locator(".st-key-navigation a")).not_to_have_count(0)
    expect(page.get_by_test_id("stSidebarNav")).to_have_count(0)
    expect(page.locator(".st-key-train-who input")).to_have_value("Frau Berg")
    button = page.locator(".st-key-train-start button")
    expect(button).to_be_disabled()
    letters, paper = button.evaluate("b => [getComputedStyle(b).color, getComputedStyle(b).backgroundColor]")
    assert letters != "rgb(255, 255, 255)", paper


def test_an_open_draw_page_names_another_network_as_soon_as_it_is_in_use(
    visit: Visit, own_server: Server, tmp_path: Path
) -> None:
    put_on_shelf(tmp_path, "ours")
    page = visit("/", own_server.address)
    expect(page.locator(".st-key-answer")).to_contain_text("Reading, by shipped")
    AppPaths(tmp_path, None).active_pointer.write_text("ours\n")
    expect(page.locator(".st-key-answer")).to_contain_text("Reading, by ours")
