"""The other pages in a real browser: that they open, and that what only a browser has works there."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.pages.conftest import PHONE, Server

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]


@pytest.mark.parametrize("options", [pytest.param({}, id="wide"), pytest.param(PHONE, id="phone")])
@pytest.mark.parametrize("path", ["/upload", "/inside", "/train", "/models"])
def test_page_opens_without_a_complaint_and_fits(visit: Visit, path: str, options: dict[str, object]) -> None:
    page = visit(path, **options)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator(".stApp[data-test-script-state=notRunning]")).to_be_visible()
    expect(page.get_by_test_id("stException")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("path", ["/upload", "/models"])
def test_fresh_servers_first_address_shows_the_whole_frame(
    visit: Visit, own_server: Server, path: str
) -> None:
    """Beside its script Streamlit takes a folder named pages for navigation of its own."""
    page = visit(path, address=own_server.address)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator(".stApp[data-test-script-state=notRunning]")).to_be_visible()
    links = page.locator(".st-key-navigation").get_by_role("link")
    expect(links).to_have_text(
        [re.compile(name) for name in ("Draw", "Upload", "Inside", "Class", "Train", "Models")]
    )
    assert page.url == own_server.address + path
    for part in ("stSidebar", "stSidebarNav", "stException", "stDialog", "stModal"):
        expect(page.get_by_test_id(part)).to_have_count(0)
    expect(page.get_by_text("Page not found")).to_have_count(0)


def test_phone_finds_the_other_pages(phone: Page) -> None:
    for name, heading in (
        ("Upload", "Read pictures"),
        ("Inside", "See inside"),
        ("Train", "Train a network"),
        ("Models", "The shelf of networks"),
        ("Draw", "Draw a number"),
    ):
        phone.get_by_role("link", name=name, exact=True).click()
        expect(phone.get_by_role("heading", name=heading)).to_be_visible()


def test_links_stand_in_one_row_in_every_window(visit: Visit) -> None:
    page = visit("/upload")
    links = page.locator(".st-key-navigation").get_by_role("link")
    expect(links.last).to_be_visible()
    for width in (320, 375, 500, 641, 812, 1280):
        page.set_viewport_size({"width": width, "height": 700})
        page.wait_for_timeout(200)
        boxes = [link.bounding_box() for link in links.all()]
        assert len({box and round(box["y"]) for box in boxes}) == 1, width
        assert boxes[-1] is not None
        assert boxes[-1]["x"] + boxes[-1]["width"] < width - 30, width  # left of the menu
