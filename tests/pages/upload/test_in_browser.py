"""The upload page as a visitor meets it: a real browser, the shipped model."""

import base64
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from mnist_core.reading.pictures import png_bytes
from tests.drawings import drawing, strokes_of
from tests.pages.conftest import PHONE, Server
from tests.pages.hands import draw_line, touch_line, wait_until_true

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]

CONNECTED = "[data-test-connection-state=CONNECTED]"
COPY = "sessionStorage.getItem('digit-playground-readings')"

BOXES_COVER_THE_PICTURE = """turned => {
    const card = document.querySelector(".st-key-upload-picture-0");
    const [picture, boxes] = ["img", ".dp-boxes"].map(
        part => card.querySelector(part).getBoundingClientRect());
    const same = ["x", "y", "width", "height"].every(side => Math.abs(picture[side] - boxes[side]) < 1.5);
    return same && picture.width > 100 && (picture.width < picture.height) === turned;
}"""


def test_uploaded_picture_comes_back_read(visit: Visit) -> None:
    page = visit("/upload")
    upload(page, {"number.png": list("2026")})
    results = page.locator(".st-key-upload-results")
    expect(results).to_contain_text("2026")
    expect(results.locator("img").first).to_be_visible()
    table = results.get_by_test_id("stDataFrame")
    table.hover()
    expect(table).to_be_visible()
    expect(table.get_by_test_id("stElementToolbar")).to_be_hidden()  # its CSV may start formulas


@pytest.mark.parametrize("options", [pytest.param({}, id="mouse"), pytest.param(PHONE, id="touch")])
def test_doubtful_digits_are_set_right_on_the_spot(visit: Visit, options: dict[str, object]) -> None:
    page = visit("/upload", **options)
    upload(page, {"a.png": ["scribble", "scribble"], "b.png": ["3", "1", "scribble"]})
    results, count = page.locator(".st-key-upload-results"), page.locator(".st-key-upload-count")
    expect(count).to_have_text("3 marks that look like no digit to check, in 2 pictures.")
    sheet = page.locator(".st-key-upload-check")
    rows = sheet.get_by_role("radiogroup")
    press = (lambda button: button.tap()) if options else (lambda button: button.click())
    press(rows.nth(0).get_by_role("radio", name="9", exact=True))
    press(rows.nth(1).get_by_role("radio", name="4", exact=True))  # before the first answer has come back
    expect(count).to_have_text("1 mark that looks like no digit to check, in 1 picture. 2 checked.")
    press(sheet.get_by_role("button", name="The rest here are right"))
    expect(count).to_have_text("Nothing left to check. 3 checked.")
    expect(results.locator(".dp-text").first).to_have_text("94")
    with page.expect_download() as download:
        press(results.get_by_role("button", name="Download as CSV"))
    lines = download.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert [line.split(",")[1:3] for line in lines[1:]] == [["94", ""], ["31", "31"]]


def test_boxes_lie_on_the_digits_of_the_picture_however_it_is_turned(visit: Visit) -> None:
    page = visit("/upload")
    upload(page, {"a.png": list("2026")})
    card = page.locator(".st-key-upload-picture-0")
    for turned in (False, True):
        if turned:
            card.get_by_role("button", name="Turn right").click()
            expect(card).to_contain_text("Read turned by 90° to the right")
        wait_until_true(page, BOXES_COVER_THE_PICTURE, turned)  # once it is loaded


@pytest.mark.parametrize("options", [pytest.param({}, id="mouse"), pytest.param(PHONE, id="touch")])
def test_box_is_drawn_around_a_digit_that_was_read_in_pieces(
    visit: Visit, options: dict[str, object]
) -> None:
    page = visit("/upload", **options)
    upload(page, {"a.png": list("31")})
    text = page.locator(".st-key-upload-results .dp-text")
    expect(text).to_have_text("31")
    page.get_by_role("button", name="Correct the boxes").click()
    expect(page.locator(".dp-drawable")).to_be_visible()
    picture = page.locator(".dp-drawable")
    picture.scroll_into_view_if_needed()
    box = picture.bounding_box()
    assert box is not None
    corners = [(0.02, 0.05), (0.2, 0.5), (0.55, 0.95)]  # around both
    points = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in corners]
    (touch_line if options else draw_line)(page, points)
    expect(text).to_have_text(re.compile(r"^\d$"))
    page.get_by_role("button", name="Undo the last box").click()
    expect(text).to_have_text("31")


def test_name_is_shown_as_its_owner_has_it(visit: Visit) -> None:
    """Browsers send a quote as %22."""
    page = visit("/upload")
    upload(page, {'the "7".png': list("7")})
    expect(page.locator(".st-key-upload-picture-0")).to_contain_text('the "7".png')
    with page.expect_download() as download:
        page.locator(".st-key-upload-csv button").click()
    assert '"the ""7"".png",7,' in Path(download.value.path()).read_text("utf-8-sig")
    with page.expect_download() as download:
        page.locator(".st-key-upload-xlsx button").click()
    assert download.value.suggested_filename == "readings.xlsx"
    assert Path(download.value.path()).read_bytes().startswith(b"PK")


def test_next_file_after_clear_is_read(visit: Visit) -> None:
    page = visit("/upload")
    upload(page, {"a.png": list("20")})
    page.get_by_role("button", name="Clear results").click()
    results = page.locator(".st-key-upload-results")
    expect(results).to_have_count(0)
    upload(page, {"b.png": list("31")})
    expect(results.locator(".dp-text")).to_have_text(["31"])


def test_any_picture_is_removed_also_after_a_change_of_page(visit: Visit) -> None:
    page = visit("/upload")
    upload(page, {"a.png": list("20"), "b.png": list("31")})
    page.get_by_role("link", name="Draw").click()
    expect(page.get_by_role("heading", name="Draw a number")).to_be_visible()
    page.get_by_role("link", name="Upload").click()
    texts = page.locator(".st-key-upload-results .dp-text")
    expect(texts).to_have_text(["20", "31"])
    page.get_by_role("button", name="Remove").first.click()
    expect(texts).to_have_text(["31"])
    upload(page, {"a.png": list("20")})  # the same one again: it was removed, so it is read
    expect(texts).to_have_text(["31", "20"])


def test_readings_outlast_a_restart_of_the_server_and_a_reload(visit: Visit, own_server: Server) -> None:
    page = visit("/upload", address=own_server.address)
    upload(page, {"a.png": list("20"), "b.png": list("26")})
    results = page.locator(".st-key-upload-results")
    expect(results.get_by_role("button", name="Download as CSV")).to_be_visible()  # all of the page is loaded
    expect_copy(page, "b.png")
    own_server.stop()
    expect(page.locator(f".stApp:not({CONNECTED})")).to_be_visible()
    own_server.start()
    expect(page.locator(f".stApp{CONNECTED}")).to_be_visible()
    upload(page, {"c.png": list("17")})
    expect(results.locator(".dp-text")).to_have_text(["20", "26", "17"])
    expect(results.get_by_text("the picture itself is no longer on the server")).to_have_count(2)
    expect(page.get_by_test_id("stException")).to_have_count(0)
    expect_copy(page, "c.png")
    page.reload()
    expect(results.locator(".dp-text")).to_have_text(["20", "26", "17"])
    page.get_by_role("button", name="Clear results").click()
    expect(results).to_have_count(0)
    wait_until_true(page, f"{COPY} === null")
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator(".stApp[data-test-script-state=notRunning]")).to_be_visible()
    expect(results).to_have_count(0)


PASTE = """shapes => {
    const bytes = Uint8Array.from(atob(shapes), letter => letter.charCodeAt(0));
    const clipboardData = new DataTransfer();
    clipboardData.items.add(new File([bytes], "image.png", {type: "image/png"}));
    document.activeElement.dispatchEvent(
        new ClipboardEvent("paste", {clipboardData, bubbles: true, cancelable: true}));
}"""


def test_pasted_picture_is_read_wherever_the_focus_is(visit: Visit) -> None:
    page = visit("/upload")
    results = page.locator(".st-key-upload-results")
    uploader = page.locator(".st-key-upload-files")
    expect(uploader.locator("input[type=file]")).to_have_attribute("accept", re.compile("^image/"))
    page.evaluate(PASTE, base64.b64encode(picture_of(list("31"))).decode())
    expect(results.locator(".dp-text")).to_have_text(["31"])
    expect(results).to_contain_text("pasted 1.png")
    expect(page.locator("[aria-live=polite]")).to_contain_text("Nothing to check")
    uploader.get_by_role("button", name="Add files").focus()  # where Streamlit takes pastes itself
    page.evaluate(PASTE, base64.b64encode(picture_of(list("20"))).decode())
    expect(results.locator(".dp-text")).to_have_text(["31", "20"])


def test_phones_own_camera_is_one_press_away(visit: Visit) -> None:
    page = visit("/upload", **PHONE)
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Take a photo").tap()
    chooser.value.set_files({"name": "photo.png", "mimeType": "image/png", "buffer": picture_of(list("20"))})
    expect(page.locator(".st-key-upload-results .dp-text")).to_have_text("20")


def test_camera_opens(visit: Visit) -> None:
    page = visit("/upload", permissions=["camera"])
    page.get_by_text("Use the camera").click()
    expect(page.get_by_test_id("stCameraInput")).to_be_visible()


def expect_copy(page: Page, name: str) -> None:
    """Wait until the browser has stored the reading of this picture."""
    wait_until_true(page, f"{COPY}?.includes({name!r})")


def upload(page: Page, pictures: dict[str, list[str]]) -> None:
    """Hand over drawings, by name the shapes in a row on each, and wait until they are read."""
    files = [
        {"name": name, "mimeType": "image/png", "buffer": picture_of(shapes)}
        for name, shapes in pictures.items()
    ]
    page.locator(".st-key-upload-files input[type=file]").set_input_files(files)
    expect(page.locator(".st-key-upload-results")).to_contain_text("All readings")
    expect(page.locator(".stApp[data-test-script-state=notRunning]")).to_be_visible()


def picture_of(shapes: list[str]) -> bytes:
    """Draw shapes in a row: a PNG file."""
    strokes = [
        stroke for place, shape in enumerate(shapes) for stroke in strokes_of(shape, 120, 40 + 160 * place)
    ]
    return png_bytes(drawing(*strokes, width=700))
