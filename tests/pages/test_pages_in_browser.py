"""The other pages in a real browser: that they open, and that what only a browser has works there."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from mnist_core.reading.pictures import png_bytes
from tests.drawings import drawing, strokes_of_number
from tests.pages.conftest import PHONE

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]


def test_uploaded_picture_comes_back_read(visit: Visit) -> None:
    page = visit("/upload")
    picture = png_bytes(drawing(*strokes_of_number("2026", height=150), width=700))
    page.locator(".st-key-upload-files input[type=file]").set_input_files(
        {"name": "number.png", "mimeType": "image/png", "buffer": picture}
    )
    results = page.locator(".st-key-upload-results")
    expect(results).to_contain_text("2026")
    expect(results.locator("img").first).to_be_visible()
    table = results.get_by_test_id("stDataFrame")
    table.hover()
    expect(table).to_be_visible()
    expect(table.get_by_test_id("stElementToolbar")).to_be_hidden()  # its CSV may start formulas


def test_camera_opens(visit: Visit) -> None:
    page = visit("/upload", permissions=["camera"])
    page.get_by_text("Use the camera").click()
    expect(page.get_by_test_id("stCameraInput")).to_be_visible()


@pytest.mark.parametrize("options", [pytest.param({}, id="wide"), pytest.param(PHONE, id="phone")])
@pytest.mark.parametrize("path", ["/upload", "/train", "/models"])
def test_page_opens_without_a_complaint_and_fits(visit: Visit, path: str, options: dict[str, object]) -> None:
    page = visit(path, **options)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator(".stApp[data-test-script-state=notRunning]")).to_be_visible()
    expect(page.get_by_test_id("stException")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_phone_finds_the_other_pages(phone: Page) -> None:
    for name, heading in (
        ("Upload", "Read pictures"),
        ("Train", "Train a network"),
        ("Models", "The shelf of networks"),
        ("Draw", "Draw a number"),
    ):
        phone.get_by_role("link", name=name, exact=True).click()
        expect(phone.get_by_role("heading", name=heading)).to_be_visible()
