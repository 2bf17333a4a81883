"""A lesson in real browsers: a teacher's, and two pupils' phones."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.pages.conftest import PHONE
from tests.pages.hands import canvas, draw, press, wait_until_true

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]


def open_class(visit: Visit) -> tuple[Page, str]:
    teacher = visit("/class", viewport={"width": 1280, "height": 720})
    press(teacher, "class-open")
    code = teacher.locator(".st-key-class-code")
    expect(code).to_have_text(re.compile("^[A-Z0-9]{6}$"), use_inner_text=True)
    return teacher, code.inner_text()


def join(visit: Visit, code: str) -> Page:
    pupil = visit("/class", **PHONE)
    pupil.locator(".st-key-class-join input").fill(code.lower())
    press(pupil, "class-join")
    expect(pupil.locator(".st-key-class-asked")).to_be_visible()
    return pupil


def name_of(pupil: Page) -> str:
    return pupil.locator(".st-key-class-pupil strong").inner_text()


def send(pupil: Page, digit: str) -> None:
    draw(pupil, digit, height=150)
    press(pupil, "class-send")
    expect(pupil.locator(".st-key-class-sent")).to_be_visible()


def test_what_pupils_write_is_on_the_wall_and_the_teacher_hides_it(visit: Visit):
    teacher, code = open_class(visit)
    pupils = [join(visit, code) for _ in range(2)]
    wall = teacher.locator(".st-key-class-wall")
    expect(teacher.locator(".st-key-class-count")).to_contain_text("2 have joined")
    teacher.locator(".st-key-class-task input").click()
    teacher.get_by_role("option", name="One digit").click()
    for pupil in pupils:  # without their asking
        expect(pupil.locator(".st-key-class-asked")).to_have_text("Write a 7")
    for pupil, digit in zip(pupils, "71", strict=True):
        send(pupil, digit)
    expect(wall.locator(".dp-tile-words")).to_have_text(["✗ 1", "✓ 7"])
    right = wall.locator(".dp-tile:not(.dp-tile-misread)")
    right.click()
    expect(wall.locator(".dp-tile-words")).to_have_text(["✗ 1", "hidden"])
    wall.locator(".dp-tile-hidden").click()
    expect(wall.locator(".dp-tile-words")).to_have_text(["✗ 1", "✓ 7"])


def test_a_phone_that_was_away_comes_back_to_its_class_and_its_drawing(visit: Visit):
    _, code = open_class(visit)
    pupil = join(visit, code)
    name = name_of(pupil)
    draw(pupil, "7", height=150)  # one stroke: what is stored first is all of it
    wait_until_true(pupil, "sessionStorage.getItem('digit-playground-drawing') !== null")
    pupil.reload()
    expect(pupil.locator(".st-key-class-pupil strong")).to_have_text(name)
    canvas(pupil)
    expect(pupil.locator(".dc-container[data-blank]")).to_have_count(0)
    press(pupil, "class-send")
    expect(pupil.locator(".dp-sent-reading")).to_contain_text("read as 7")


def test_what_was_sent_is_taken_back(visit: Visit):
    teacher, code = open_class(visit)
    pupil = join(visit, code)
    send(pupil, "3")
    expect(teacher.locator(".dp-tile")).to_have_count(1)
    press(pupil, "class-undo")
    expect(teacher.locator(".dp-tile")).to_have_count(0)


@pytest.mark.parametrize("size", [{"width": 375, "height": 812}, {"width": 1280, "height": 720}])
def test_nothing_is_wider_than_the_window(visit: Visit, size: dict[str, int]):
    page = visit("/class", viewport=size)
    press(page, "class-open")
    expect(page.locator(".st-key-class-code")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert page.locator(".stMain").evaluate("main => main.scrollWidth - main.clientWidth") <= 0
