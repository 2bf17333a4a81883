"""Hands for the browser tests: they draw, and wait for what is read."""

from collections.abc import Callable, Iterable

import numpy as np
from playwright.sync_api import Locator, Page, expect

from mnist_core.reading.strokes import Stroke
from tests.drawings import strokes_of, strokes_of_number

Points = list[tuple[float, float]]


def canvas(page: Page) -> Locator:
    """Find the paper, once the page has made it its own: labelled, its toolbar away."""
    paper = page.locator("canvas[role=img]")
    paper.wait_for()
    return paper


def written(text: str, paper: tuple[float, float], height: float) -> list[Points]:
    """Write digits in the middle of a paper of (height, width), as points for a mouse or a finger."""
    strokes = strokes_of_number(text, height) if len(text) > 1 else strokes_of(text, height)
    return centred(strokes, paper)


def centred(strokes: Iterable[Stroke], paper: tuple[float, float]) -> list[Points]:
    paths = [stroke.points for stroke in strokes]
    everything = np.concatenate(paths)
    shift = np.array(paper[::-1]) / 2 - (everything.min(axis=0) + everything.max(axis=0)) / 2
    return [[(float(x), float(y)) for x, y in path + shift] for path in paths]


def draw(page: Page, text: str, height: float = 170) -> None:
    """Write digits with the mouse."""
    paper = canvas(page)
    paper.hover()
    box = paper.bounding_box()
    assert box is not None
    for points in written(text, (box["height"], box["width"]), height):
        draw_line(page, [(box["x"] + x, box["y"] + y) for x, y in points])


def draw_line(page: Page, points: Points) -> None:
    """Lead the mouse along points of the window."""
    page.mouse.move(*points[0])
    page.mouse.down()
    for point in points[1:]:
        page.mouse.move(*point)
    page.mouse.up()


def touch_line(page: Page, points: Points) -> None:
    """Lead a finger along points of the window, as a touch screen reports it."""
    session = page.context.new_cdp_session(page)

    def touch(kind: str, places: Points) -> None:
        touch_points = [{"x": x, "y": y} for x, y in places]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touch_points})

    touch("touchStart", points[:1])
    for point in points[1:]:
        touch("touchMove", [point])
    touch("touchEnd", [])
    session.detach()


def expect_text(page: Page, text: str) -> None:
    """Wait until this is the text read, and nothing else."""
    expect(page.locator(".st-key-reading-text")).to_have_text(text, use_inner_text=True)


def press(page: Page, key: str) -> None:
    """Press the button of this key."""
    page.locator(f".st-key-{key} button").click()


def wait_until_true(page: Page, script: str, argument: object = None) -> None:
    """Wait until a script is true in a page; Playwright's own way has it evaluate text, which ours forbid."""
    wait_until(page, lambda: bool(page.evaluate(script, argument)))


def wait_until(page: Page, happened: Callable[[], bool]) -> None:
    """Look again and again, for a minute."""
    for _ in range(600):
        if happened():
            return
        page.wait_for_timeout(100)
    raise AssertionError("it did not happen within 60 seconds")
