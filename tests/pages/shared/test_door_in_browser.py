"""The door with a real browser before it: the pages work under its policy, and a first visit is small."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from mnist_core.runs.history import RunState
from tests.pages.classroom import write_run
from tests.pages.conftest import Server
from tests.pages.hands import draw, expect_text

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]

MOST_BYTES = 1_300_000
"""Of a first visit: 3.48 million where nothing is compressed. Two fonts of Streamlit take 546,000 of them."""

NOTE_VIOLATIONS = """
window.violations = [];
document.addEventListener("securitypolicyviolation", event =>
    window.violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`));
"""


def test_every_page_works_under_its_content_security_policy(visit: Visit, own_server: Server, tmp_path: Path):
    write_run(tmp_path, RunState.FINISHED)
    page = visit("/", address=own_server.address)
    page.add_init_script(NOTE_VIOLATIONS)
    page.reload()
    draw(page, "7")
    expect_text(page, "7")
    assert page.evaluate("window.violations") == []
    page.goto(own_server.address + "/upload")
    page.get_by_role("button", name="A chalkboard").click()
    expect(page.locator(".st-key-upload-results").get_by_test_id("stDataFrame")).to_be_visible()
    assert page.evaluate("window.violations") == []
    page.goto(own_server.address + "/train")
    expect(
        page.locator("[data-testid=stVegaLiteChart] canvas, [data-testid=stVegaLiteChart] svg").first
    ).to_be_visible()
    assert page.evaluate("window.violations") == []
    page.goto(own_server.address + "/models")
    expect(page.locator(".st-key-shelf")).to_contain_text("shipped")
    assert page.evaluate("window.violations") == []


def test_a_first_visit_is_small(visit: Visit, server: str):
    page = visit("/", address=server)
    expect(page.locator("canvas[role=img]")).to_be_visible()
    assert page.evaluate("performance.getEntriesByType('resource').length") > 20
    sizes = page.evaluate(
        "performance.getEntries().filter(e => e.transferSize).map(e => [e.name, e.transferSize])"
    )
    assert sum(size for _, size in sizes) < MOST_BYTES, sorted(sizes, key=lambda each: -each[1])[:12]
