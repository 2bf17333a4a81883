"""The style sheet: no rule for what no page shows."""

import re

import pytest

from mnist_core.config import PROJECT_FOLDER

PAGES = PROJECT_FOLDER / "pages"
STYLE = (PAGES / "shared" / "style.css").read_text(encoding="utf-8")
SOURCES = "\n".join(path.read_text(encoding="utf-8") for path in sorted(PAGES.rglob("*.py")))


@pytest.mark.parametrize("key", sorted(set(re.findall(r"st-key-([a-z-]+)", STYLE))))
def test_every_styled_container_is_on_a_page(key: str) -> None:
    assert re.search(rf'"{key}["{{]', SOURCES)


@pytest.mark.parametrize("css_class", sorted(set(re.findall(r"\.(dp-[a-z-]+)", STYLE))))
def test_every_styled_class_is_on_a_page(css_class: str) -> None:
    sizes = {"dp-few", "dp-some", "dp-many", "dp-most"}  # the reading's, put together from a word
    assert css_class in sizes or re.search(rf"\b{css_class}\b", SOURCES)
