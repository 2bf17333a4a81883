"""Training in a real browser, for real, on a table so small that it takes seconds."""

import re
from collections.abc import Callable
from importlib.util import find_spec

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.pages.classroom import hand_drawn_cells, small_table
from tests.pages.conftest import PHONE
from tests.pages.hands import draw, press

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(find_spec("tensorflow") is None, reason="needs the training set"),
]
Visit = Callable[..., Page]
TRAINING_MS = 240_000
"""A training process lets everyone else go first: on a busy machine tensorflow alone takes a minute."""


def status(page: Page) -> Locator:
    return page.locator(".st-key-train-status")


def settle(page: Page) -> None:
    expect(page.locator(".stApp[data-test-script-state=notRunning]")).to_be_visible()


def choose_table(page: Page, recipe: str) -> None:
    """Choose a recipe, and bring a table of our own."""
    expect(page.locator(".st-key-train-start")).to_be_visible()
    page.locator(".st-key-train-recipe").get_by_text(recipe, exact=True).click()
    page.locator(".st-key-train-data").get_by_text("My own table").click()
    page.locator(".st-key-train-table-upload input[type=file]").set_input_files(
        {"name": "ours.npz", "mimeType": "application/octet-stream", "buffer": small_table()}
    )
    expect(page.get_by_text("600 training images, 120 test images")).to_be_visible()


def test_a_table_larger_than_a_picture_may_be_is_uploaded_looked_at_and_deleted(visit: Visit) -> None:
    page = visit("/train")
    page.locator(".st-key-train-data").get_by_text("My own table").click()
    cells, labels = hand_drawn_cells(each=600)
    rows = np.column_stack([labels, 255 - cells.reshape(len(cells), -1)])
    content = "\n".join(",".join(map(str, row)) for row in rows.tolist()).encode()
    assert len(content) > 11_000_000
    page.locator(".st-key-train-table-upload input[type=file]").set_input_files(
        {"name": 'my "own".csv', "mimeType": "text/csv", "buffer": content}
    )
    expect(page.get_by_text("6,000 images", exact=False)).to_be_visible()
    expect(page.locator(".st-key-train-findings")).to_contain_text("dark on light paper")
    expect(page.locator(".st-key-train-start button")).to_be_disabled()
    press(page, "train-remedy-invert")
    expect(page.locator(".st-key-train-findings")).to_have_count(0)
    expect(page.locator(".st-key-train-start button")).to_be_enabled()
    expect(page.get_by_text("5,220 images to train on, 300 to validate with, 480 to test on")).to_be_visible()
    page.locator(".st-key-train-stored summary").click()
    expect(page.locator(".st-key-train-stored")).to_contain_text("my-own.csv")
    press(page, "train-stored-delete-0")
    expect(page.locator(".st-key-train-stored")).not_to_contain_text("my-own.csv")
    expect(page.get_by_test_id("stException")).to_have_count(0)


def start(page: Page) -> None:
    button = page.locator(".st-key-train-start button")
    expect(button).to_be_enabled()
    button.click()


def test_a_run_is_watched_found_again_after_a_reload_and_cancelled(visit: Visit) -> None:
    page = visit("/train")
    choose_table(page, "Notebook")
    page.locator(".st-key-train-who input").fill("Ada")
    page.locator(".st-key-train-who input").press("Enter")
    settle(page)
    start(page)
    expect(status(page)).to_contain_text(re.compile("Preparing|Running"))
    expect(status(page)).to_contain_text("epoch 1 of 50", timeout=TRAINING_MS)
    expect(page.locator(".dp-samples img")).to_have_count(16, timeout=TRAINING_MS)
    page.reload()
    expect(status(page)).to_contain_text("Ada's run")
    other = visit("/train", **PHONE)
    expect(status(other)).to_contain_text("Ada's run")
    expect(other.locator(".st-key-train-start")).to_have_count(0)
    assert other.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    press(page, "train-cancel")
    expect(status(page)).to_contain_text("Cancelled.")
    expect(page.locator(".st-key-train-start")).to_be_visible()
    expect(page.locator(".st-key-curves-run svg.marks")).to_have_count(2)
    expect(status(other)).to_contain_text("Cancelled.")


def test_a_network_is_trained_looked_into_activated_and_put_back(visit: Visit) -> None:
    page = visit("/train")
    choose_table(page, "Linear")
    start(page)
    expect(status(page)).to_contain_text("Finished. linear is on the shelf", timeout=TRAINING_MS)
    expect(page.locator(".st-key-curves-run svg.marks")).to_have_count(2)
    square = page.locator(".st-key-confusion-matrix text[aria-label^='Read as: 3; True digit: 3;']").first
    square.scroll_into_view_if_needed()
    square.click()
    expect(page.get_by_text("The 3s that it read correctly")).to_be_visible()
    expect(page.locator(".st-key-squares .dp-strip img").first).to_be_visible()

    press(page, "activate")
    expect(page.get_by_text("linear is in use from now on")).to_be_visible()
    page.get_by_role("link", name="Draw", exact=True).click()
    draw(page, "1")
    expect(page.locator(".st-key-reading-text")).to_have_text(re.compile(r"\d"))
    expect(page.get_by_text("Reading, by linear")).to_be_visible()

    page.get_by_role("link", name="Models", exact=True).click()
    expect(page.get_by_text("Your last drawing, read by each")).to_be_visible()
    settle(page)
    press(page, "back")
    expect(page.get_by_text("shipped is in use again")).to_be_visible()
    settle(page)
    press(page, "remove-linear")
    expect(page.get_by_role("button", name="Restore linear")).to_be_visible()
    expect(page.get_by_test_id("stException")).to_have_count(0)
