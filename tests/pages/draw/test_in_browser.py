"""The draw page as a visitor meets it: a real browser, the shipped model."""

import re
from collections.abc import Callable

import cv2
import numpy as np
import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from tests.pages.conftest import PHONE, Server
from tests.pages.hands import canvas, draw, draw_line, expect_text, press, touch_line, wait_until, written

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]


def draw_bar(page: Page, x: float) -> None:
    """Draw a 1 so far from the paper's left edge."""
    box = canvas(page).bounding_box()
    assert box is not None
    draw_line(page, [(box["x"] + x, box["y"] + 60 + 15 * k) for k in range(10)])


def draw_zigzag(page: Page) -> None:
    """Draw what is no digit."""
    canvas(page).hover()
    box = canvas(page).bounding_box()
    assert box is not None
    draw_line(page, [(box["x"] + 300 + (k % 2) * 90, box["y"] + 60 + 8 * k) for k in range(18)])


def test_number_drawn_by_mouse_is_read_and_explained(visit: Visit) -> None:
    page = visit()
    expect_text(page, "")
    draw(page, "2026", height=150)
    expect_text(page, "2026")
    expect(page.locator(".dp-mark")).to_have_count(4)
    expect(page.locator(".dp-mark").first.locator("img")).to_have_count(4)


def test_reading_follows_each_stroke_undo_and_clear(visit: Visit) -> None:
    page = visit()
    draw(page, "1")
    expect_text(page, "1")
    box = canvas(page).bounding_box()
    assert box is not None
    for points in written("7", (280, 180), 170):
        draw_line(page, [(box["x"] + 480 + x, box["y"] + y) for x, y in points])
    expect_text(page, "17")
    press(page, "undo")
    expect_text(page, "1")
    press(page, "clear")
    expect_text(page, "")
    press(page, "undo")  # takes back the Clear
    expect_text(page, "1")
    draw_line(
        page,
        [(box["x"] + 580, box["y"] + 60), (box["x"] + 580, box["y"] + 120), (box["x"] + 582, box["y"] + 220)],
    )
    expect_text(page, "11")


def test_keys_undo_and_redo(visit: Visit) -> None:
    page = visit()
    draw(page, "1")
    draw_bar(page, 480)
    expect_text(page, "11")
    page.keyboard.press("Control+z")
    expect_text(page, "1")
    page.keyboard.press("Control+Shift+z")
    expect_text(page, "11")


@pytest.mark.parametrize("options", [pytest.param({}, id="mouse"), pytest.param(PHONE, id="touch")])
def test_eraser_takes_away_the_stroke_it_touches(visit: Visit, options: dict[str, object]) -> None:
    page = visit("/", **options)
    box = canvas(page).bounding_box()
    assert box is not None
    hand = touch_line if options else draw_line
    for x in (80, 260):
        hand(page, [(box["x"] + x, box["y"] + 60 + 15 * k) for k in range(10)])
    expect_text(page, "11")
    page.get_by_text("Eraser", exact=True).first.click()
    expect(page.locator(".dc-eraser")).to_be_visible()
    hand(page, [(box["x"] + 50 + 20 * k, box["y"] + 120) for k in range(4)])
    expect_text(page, "1")
    page.get_by_text("Fine", exact=True).first.click()
    expect(page.locator(".dc-eraser")).to_have_count(0)
    hand(page, [(box["x"] + 180, box["y"] + 60 + 15 * k) for k in range(10)])
    expect_text(page, "11")
    for text in ("1", "11"):
        press(page, "undo")
        expect_text(page, text)


def test_undo_right_after_a_stroke_takes_that_stroke(visit: Visit) -> None:
    page = visit()
    draw(page, "1")
    expect_text(page, "1")
    box = canvas(page).bounding_box()
    assert box is not None
    draw_line(page, [(box["x"] + 500, box["y"] + 60), (box["x"] + 502, box["y"] + 200)])
    press(page, "undo")  # within the 200 ms in which the canvas keeps a stroke to itself
    page.wait_for_timeout(1000)
    expect_text(page, "1")


def test_drawing_survives_a_change_of_page_and_of_pen(visit: Visit) -> None:
    page = visit()
    draw(page, "3")
    expect_text(page, "3")
    page.get_by_role("link", name="Models").click()
    expect(page.get_by_role("heading", name="The shelf of networks")).to_be_visible()
    page.get_by_role("link", name="Draw").click()
    expect_text(page, "3")
    assert has_ink(page)
    page.get_by_role("radio", name="Fine").or_(page.get_by_text("Fine", exact=True)).first.click()
    expect_text(page, "3")
    assert has_ink(page)
    press(page, "undo")
    expect_text(page, "")


def test_drawing_survives_a_reload_and_a_second_visit_in_the_tab(visit: Visit) -> None:
    page = visit()
    draw(page, "3")
    expect_text(page, "3")
    page.reload()
    expect_text(page, "3")
    assert has_ink(page)
    address = page.url
    page.goto("about:blank")
    page.goto(address)
    expect_text(page, "3")
    draw_bar(page, 480)
    expect_text(page, "31")
    press(page, "clear")
    expect_text(page, "")
    page.reload()
    canvas(page)
    page.wait_for_timeout(1000)
    expect_text(page, "")


@pytest.mark.parametrize(
    "kept", ["{", "[]", '{"height": 280, "width": 9e9}', '{"height": 280, "width": 700, "objects": [1, {}]}']
)
def test_damaged_copy_in_the_browser_harms_nothing(visit: Visit, kept: str) -> None:
    page = visit()
    canvas(page)
    page.evaluate("kept => sessionStorage.setItem('digit-playground-drawing', kept)", kept)
    page.reload()
    draw(page, "1")
    expect_text(page, "1")


def test_drawing_survives_a_lost_connection(visit: Visit) -> None:
    page = visit("/models")
    connections: list[WebSocketRoute] = []

    def connect(route: WebSocketRoute) -> None:
        route.connect_to_server()
        connections.append(route)

    page.route_web_socket("**/_stcore/stream", connect)
    page.goto(page.url.replace("/models", "/"))
    draw(page, "5")
    expect_text(page, "5")
    connections[-1].close()
    wait_until(page, lambda: len(connections) == 2)
    # Streamlit drops what a page sends before it is connected again; the next stroke brings it along.
    expect(page.locator(".stApp[data-test-connection-state=CONNECTED]")).to_be_visible()
    expect(page.locator(".stApp[data-test-script-state=notRunning]")).to_be_visible()
    page.get_by_text("Medium", exact=True).first.click()
    draw_bar(page, 480)
    expect_text(page, "51")
    assert has_ink(page)
    press(page, "undo")
    expect_text(page, "5")


def test_drawing_survives_a_restart_of_the_server(visit: Visit, own_server: Server) -> None:
    page = visit("/", address=own_server.address)
    draw(page, "5")
    expect_text(page, "5")
    own_server.stop()
    own_server.start()
    page.get_by_text("CONNECTING").wait_for(state="detached")
    page.wait_for_timeout(3000)  # the browser tries to connect again every second or so
    draw_bar(page, 480)
    expect_text(page, "51")
    press(page, "undo")
    expect_text(page, "5")


def test_paper_stays_usable_and_our_own_sentence_says_that_the_server_is_gone(
    visit: Visit, own_server: Server
) -> None:
    page = visit("/", address=own_server.address)
    draw(page, "5")
    expect_text(page, "5")
    own_server.stop()
    notice = page.get_by_role("alert").filter(has_text="The server is not reachable.")
    expect(notice).to_be_visible()
    page.wait_for_timeout(4000)  # by then Streamlit's own dialog has come
    expect(page.get_by_role("dialog")).to_have_count(0)
    draw_bar(page, 480)
    assert has_ink(page)
    own_server.start()
    expect(notice).to_have_count(0)
    draw_bar(page, 560)  # what was sent to nobody comes along with the next stroke
    expect_text(page, "511")


VIEWS = [(320, 480), (375, 812), (812, 375), (640, 400), (320, 256), (1000, 700), (1280, 800), (3840, 2160)]
"""Phones upright and on their sides, 1280 × 800 and 1280 × 1024 enlarged two and four times, up to 4K."""


@pytest.mark.parametrize("options", [pytest.param({}, id="wide"), pytest.param(PHONE, id="phone")])
def test_paper_and_reading_are_in_view_together_in_every_window(
    visit: Visit, options: dict[str, object]
) -> None:
    page = visit("/", **options)
    draw(page, "1", height=120)
    expect_text(page, "1")
    paper = canvas(page).get_attribute("width")
    for width, height in VIEWS:
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(500)
        for part in (page.locator(".st-key-canvas"), page.locator(".dp-text")):
            box = part.bounding_box()
            assert box is not None
            assert 0 <= box["x"] <= width - box["width"], (width, height)
            assert 0 <= box["y"] <= height - box["height"], (width, height)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert canvas(page).get_attribute("width") == paper  # drawn on, it is never another one
        expect_text(page, "1")


def test_text_keeps_its_size_and_what_is_below_its_place(visit: Visit) -> None:
    page = visit()
    seen = set()
    for count in range(1, 8):
        draw_bar(page, 90 * count - 45)
        expect_text(page, "1" * count)
        below = page.locator(".st-key-answer p").last.bounding_box()
        assert below is not None
        size = page.locator(".dp-text").evaluate("element => getComputedStyle(element).fontSize")
        seen.add((size, round(below["y"])))
    assert len(seen) == 1


SHIFTS = """
    window.shifts = 0;
    new PerformanceObserver(list => list.getEntries().forEach(entry => { window.shifts += entry.value; }))
        .observe({type: "layout-shift", buffered: true});
"""


@pytest.mark.parametrize("options", [pytest.param({}, id="wide"), pytest.param(PHONE, id="phone")])
def test_loading_moves_next_to_nothing(visit: Visit, options: dict[str, object]) -> None:
    page = visit("/", **options)
    canvas(page)
    page.add_init_script(SHIFTS)
    page.reload()
    canvas(page)
    expect(page.locator(".st-key-pen")).to_be_visible()
    page.wait_for_timeout(2000)
    assert 0 < page.evaluate("window.shifts") < 0.1


def test_refusal_is_in_a_live_region_and_the_pages_link_is_current(visit: Visit) -> None:
    page = visit()
    draw_zigzag(page)
    live = page.locator("[aria-live=polite]")
    expect(live).to_contain_text("not look like a digit")
    expect(live.locator(".st-key-reading-text")).to_have_count(1)
    expect(live.locator(".st-key-reading-note")).to_have_count(1)
    levels = "() => [...document.querySelectorAll('h1,h2,h3,h4')].map(heading => +heading.tagName[1])"
    assert page.evaluate(levels) == [1, 2]
    current = page.locator(".st-key-navigation a[aria-current=page]")
    expect(current).to_have_text(re.compile("Draw$"))
    page.get_by_role("link", name="Upload").click()
    expect(current).to_have_text(re.compile("Upload$"))


def test_two_visitors_see_their_own_drawings(visit: Visit) -> None:
    one, other = visit(), visit()
    draw(one, "3")
    draw(other, "8")
    expect_text(one, "3")
    expect_text(other, "8")


def test_finger_draws_on_a_phone_without_scrolling(phone: Page) -> None:
    paper = canvas(phone)
    expect(paper).to_have_attribute("width", "343")
    box = paper.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 375
    assert box["height"] >= 240
    for points in written("7", (box["height"], box["width"]), 180):
        touch_line(phone, [(box["x"] + x, box["y"] + y) for x, y in points])
    expect_text(phone, "7")
    assert paper.bounding_box() == box
    assert phone.evaluate("document.querySelector('.stMain').scrollTop + window.scrollY") == 0
    assert phone.evaluate("document.documentElement.scrollWidth") <= 375


def test_hidden_toolbar_takes_no_touch(phone: Page) -> None:
    box = canvas(phone).bounding_box()
    assert box is not None
    for points in written("1", (box["height"], box["width"]), 180):
        touch_line(phone, [(box["x"] + x, box["y"] + y) for x, y in points])
    expect_text(phone, "1")
    for inset in (20, 50, 80, 110, 140):
        phone.touchscreen.tap(box["x"] + box["width"] - inset, box["y"] + 8)
    phone.wait_for_timeout(800)
    assert has_ink(phone)
    press(phone, "undo")
    assert has_ink(phone)


def test_buttons_are_a_thumb_wide(phone: Page) -> None:
    canvas(phone)
    buttons = phone.locator(".st-key-tools button")
    assert buttons.count() == 8
    for button in buttons.all():
        box = button.bounding_box()
        assert box is not None
        assert box["height"] >= 44
        assert box["width"] >= 44


def test_drawing_is_downloaded_as_png(visit: Visit) -> None:
    page = visit()
    draw(page, "1")
    expect_text(page, "1")
    with page.expect_download() as download:
        press(page, "download")
    picture = cv2.imread(str(download.value.path()), cv2.IMREAD_GRAYSCALE)
    assert download.value.suggested_filename == "drawing.png"
    assert picture is not None
    assert picture.shape == (280, 700)
    assert np.count_nonzero(picture < 128) > 1000


def test_scribble_is_refused_kindly(visit: Visit) -> None:
    page = visit()
    draw_zigzag(page)
    expect(page.locator(".st-key-answer")).to_contain_text("not look like a digit")
    expect_text(page, "")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_theme_follows_the_system_and_can_be_read(visit: Visit, scheme: str) -> None:
    page = visit("/", color_scheme=scheme)
    draw(page, "2")
    expect_text(page, "2")
    ground = page.locator(".stApp").evaluate("element => getComputedStyle(element).backgroundColor")
    assert (sum(map(int, ground.strip("rgb()").split(","))) > 380) == (scheme == "light")
    letters = [".dp-text", ".dp-words", ".dp-bars > div", ".st-key-answer p", ".dp-privacy", "figcaption"]
    for selector in letters:
        assert contrast(page, selector) >= 4.5, selector  # WCAG AA


def test_everything_but_drawing_works_from_the_keyboard(visit: Visit) -> None:
    page = visit()
    draw(page, "1")
    expect_text(page, "1")
    page.locator(".st-key-clear button").focus()
    page.keyboard.press("Enter")
    expect_text(page, "")
    for name in ("Redo", "Undo"):
        page.keyboard.press("Shift+Tab")
        assert page.evaluate("document.activeElement.innerText").endswith(name)
    page.keyboard.press("Space")
    expect_text(page, "1")


def test_nothing_is_asked_of_any_other_server(visit: Visit, server: str) -> None:
    page = visit()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.reload()
    draw(page, "1")
    expect_text(page, "1")
    assert [url for url in asked if not url.startswith((server, "data:", "blob:"))] == []


def test_phone_and_wide_window_get_papers_of_their_own(visit: Visit) -> None:
    expect(canvas(visit())).to_have_attribute("width", "700")
    expect(canvas(visit("/", **PHONE))).to_have_attribute("width", "343")


def has_ink(page: Page) -> bool:
    """Tell whether the browser shows ink on the paper."""
    canvas(page)
    page.wait_for_timeout(300)  # strokes are put back a moment after the paper is
    shown = page.locator(".canvas-container canvas").first.screenshot()
    picture = cv2.imdecode(np.frombuffer(shown, np.uint8), cv2.IMREAD_GRAYSCALE)
    assert picture is not None
    return bool((picture[20:-20, 20:-20] < 100).any())


def contrast(page: Page, selector: str) -> float:
    """Reckon WCAG's contrast between an element's letters and what is behind them."""
    ratio: float = page.locator(selector).first.evaluate(
        """element => {
            const channels = colour => colour.match(/[\\d.]+/g).map(Number);
            const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
                .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
                .reduce((sum, v, k) => sum + v * [0.2126, 0.7152, 0.0722][k], 0);
            let ground = element;
            const opaque = node => {
                const c = channels(getComputedStyle(node).backgroundColor);
                return c.length < 4 || c[3] > 0;
            };
            while (ground.parentElement && !opaque(ground)) ground = ground.parentElement;
            const back = channels(getComputedStyle(ground).backgroundColor);
            let share = 1;
            for (let node = element; node; node = node.parentElement) {
                share *= Number(getComputedStyle(node).opacity);
            }
            const letters = channels(getComputedStyle(element).color);
            share *= letters.length > 3 ? letters[3] : 1;
            const seen = letters.slice(0, 3).map((v, k) => share * v + (1 - share) * back[k]);
            const [a, b] = [light(seen), light(back)].sort((x, y) => y - x);
            return (a + 0.05) / (b + 0.05);
        }"""
    )
    return ratio
