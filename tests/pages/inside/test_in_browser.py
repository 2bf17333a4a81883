"""The walk as a visitor meets it: from a digit on Draw through all steps, by mouse, finger and keys."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from pages.inside.steps import STEPS
from tests.pages.conftest import PHONE
from tests.pages.hands import draw, expect_text

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]


def said(page: Page) -> Locator:
    """The sentence on what is pointed at in the open step's view."""
    return page.locator(".view .said").first


def test_a_drawn_digit_is_followed_through_all_steps(visit: Visit) -> None:
    page = visit()
    draw(page, "7")
    expect_text(page, "7")
    page.locator(".dp-mark").get_by_role("link", name="See inside").click()
    expect(page.get_by_role("heading", name="1. Pixels")).to_be_visible()
    expect(page.locator(".st-key-answer")).to_contain_text("It reads 7")
    for number, step in enumerate(STEPS, start=1):
        box = page.locator(f".st-key-inside-{step.name}")
        expect(box.get_by_role("heading", name=f"{number}. {step.title}")).to_be_visible()
        expect(page.locator(".stApp[data-test-script-state=notRunning]")).to_be_visible()
        expect(page.get_by_test_id("stException")).to_have_count(0)
        if step != STEPS[-1]:
            page.get_by_role("button", name="Next: ").click()


def test_keys_explore_a_view_and_its_picture_is_saved(visit: Visit) -> None:
    page = visit("/inside?step=filters")
    view = page.locator(".view canvas")
    view.focus()
    expect(said(page)).to_contain_text("Filter 1, row 8, column 8")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("PageDown")
    expect(said(page)).to_contain_text("Filter 2, row 8, column 9")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save picture").click()
    assert download.value.suggested_filename == "inside-filters.png"


def test_ink_that_is_rubbed_out_is_not_read(visit: Visit) -> None:
    page = visit("/inside?step=saliency")
    expect(said(page)).to_contain_text("Rub some ink out")
    box = page.locator(".view canvas").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 60, box["y"] + 60)
    page.mouse.down()
    for row in range(60, 360, 12):  # half of the first picture, its upper part
        page.mouse.move(box["x"] + (60 if row % 24 else 280), box["y"] + row)
    page.mouse.up()
    expect(said(page)).to_contain_text("Without the ink you rubbed out")
    page.get_by_role("button", name="Put it back").click()
    expect(said(page)).to_contain_text("Rub some ink out")


def test_a_link_opens_the_same_digit_and_step_on_a_phone(visit: Visit) -> None:
    page = visit("/inside?step=answer")
    draw(page, "3", height=150)
    expect(page.locator(".st-key-answer")).to_contain_text("It reads 3")
    page.get_by_role("button", name="Link").click()
    link = page.get_by_test_id("stCode").inner_text().strip()
    phone = visit("/inside?" + link.partition("?")[2], **PHONE)
    expect(phone.locator(".st-key-answer")).to_contain_text("It reads 3")
    expect(phone.get_by_role("heading", name="4. The answer")).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_every_word_of_the_glossary_is_two_clicks_from_draw(visit: Visit) -> None:
    page = visit()
    page.get_by_text("Glossary", exact=True).click()
    page.get_by_role("link", name="Softmax").click()
    expect(page.get_by_role("heading", name="4. The answer")).to_be_visible()
