"""The looks: no style rule for what no page shows, no markup in a sentence."""

import re

import pytest
from streamlit.testing.v1 import AppTest

from mnist_core.config import PROJECT_FOLDER

PAGES = PROJECT_FOLDER / "pages"
STYLE = (PAGES / "shared" / "style.css").read_text(encoding="utf-8")
SOURCES = "\n".join(
    path.read_text(encoding="utf-8") for kind in ("*.py", "*.js") for path in sorted(PAGES.rglob(kind))
)


@pytest.mark.parametrize("key", sorted(set(re.findall(r"st-key-([a-z-]+)", STYLE))))
def test_every_styled_container_is_on_a_page(key: str) -> None:
    assert re.search(rf'"{key}["{{]', SOURCES)


@pytest.mark.parametrize("css_class", sorted(set(re.findall(r"\.(dp-[a-z-]+)", STYLE))))
def test_every_styled_class_is_on_a_page(css_class: str) -> None:
    assert re.search(rf"\b{css_class}\b", SOURCES)


def show_sentence() -> None:
    from pages.shared.theme import show_privacy

    show_privacy("Nothing is stored, <b>ever</b>.")


def test_privacy_sentence_is_never_markup() -> None:
    (sentence,) = AppTest.from_function(show_sentence).run().get("html")
    assert sentence.body == '<p class="dp-privacy">Nothing is stored, &lt;b&gt;ever&lt;/b&gt;.</p>'
