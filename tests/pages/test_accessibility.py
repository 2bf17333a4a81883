"""Every page through axe-core, light and dark: nothing serious stands in anyone's way."""

from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from mnist_core.reading.pictures import png_bytes
from mnist_core.runs.history import RunState
from tests.drawings import drawing, strokes_of
from tests.pages.classroom import put_on_shelf, write_run
from tests.pages.conftest import Server
from tests.pages.hands import draw, expect_text, press

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Run a server with a finished run and a second model, and give its address."""
    home = tmp_path_factory.mktemp("school")
    write_run(home, RunState.FINISHED)
    put_on_shelf(home, "ours")
    server = Server(home)
    server.start()
    yield server.address
    server.stop()


def draw_a_number(page: Page) -> None:
    draw(page, "26", height=120)
    expect_text(page, "26")


def upload_pictures(page: Page) -> None:
    """Upload one with a doubtful mark and one that can't be opened, and begin to correct the boxes."""
    strokes = [
        stroke
        for at, shape in enumerate(("3", "scribble"))
        for stroke in strokes_of(shape, 120, 40 + 200 * at)
    ]
    page.locator(".st-key-upload-files input[type=file]").set_input_files(
        [
            {"name": "a.png", "mimeType": "image/png", "buffer": png_bytes(drawing(*strokes, width=700))},
            {"name": "b.png", "mimeType": "image/png", "buffer": b"no picture"},
        ]
    )
    page.get_by_role("button", name="Correct the boxes").click()
    expect(page.locator(".dp-drawable")).to_be_visible()


def look_at_mistakes(page: Page) -> None:
    expect(page.locator("[data-testid=stVegaLiteChart] .marks").last).to_be_visible()


def hold_a_class(page: Page) -> None:
    """Open a class, ask for one digit, and open what else one may do."""
    press(page, "class-open")
    page.locator(".st-key-class-task input").click()
    page.get_by_role("option", name="One digit").click()
    expect(page.get_by_role("heading", name="Write a 7")).to_be_visible()
    expect(page.locator(".st-key-class-count")).to_contain_text("joined")


def write_in_a_class(page: Page) -> None:
    """Open a class in another page, join it here, and send a digit."""
    teacher = page.context.new_page()
    teacher.goto(page.url)
    press(teacher, "class-open")
    code = teacher.locator(".dp-code").inner_text()
    page.locator(".st-key-class-join input").fill(code)
    press(page, "class-join")
    draw(page, "7", height=120)
    press(page, "class-send")
    expect(page.locator(".dp-own img")).to_be_visible()
    expect(teacher.locator(".dp-tile")).to_be_visible()
    teacher.locator(".st-key-class-view").get_by_text("Review").click()
    expect(teacher.locator(".st-key-class-review")).to_be_visible()
    assert serious_violations(teacher) == []
    teacher.close()


def nothing_more(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_be_visible()


@pytest.mark.parametrize(
    ("path", "use"),
    [
        pytest.param("/", draw_a_number, id="draw"),
        pytest.param("/upload", upload_pictures, id="upload"),
        pytest.param("/train", look_at_mistakes, id="train"),
        pytest.param("/models", look_at_mistakes, id="models and evaluation"),
        pytest.param("/class", nothing_more, id="class"),
        pytest.param("/class", hold_a_class, id="a teacher's class"),
        pytest.param("/class", write_in_a_class, id="a pupil's class"),
        pytest.param("/inside", nothing_more, id="inside"),
    ],
)
def test_nothing_serious_stands_in_anyones_way(
    visit: Visit, school: str, path: str, use: Callable[[Page], None]
) -> None:
    page = visit(path, address=school)
    use(page)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        expect(page.locator(".stApp[data-test-script-state=notRunning]")).to_be_visible()
        assert page.locator(".stApp").evaluate("app => getComputedStyle(app).colorScheme") == scheme
        assert serious_violations(page) == [], scheme


def serious_violations(page: Page) -> list[str]:
    """Run axe-core: what it finds, and in which element first."""
    violations = Axe().run(page).response["violations"]
    return [
        f"{each['id']}: {each['nodes'][0]['html'][:120]} {each['nodes'][0]['failureSummary']}"
        for each in violations
        if each["impact"] in ("serious", "critical")
    ]
