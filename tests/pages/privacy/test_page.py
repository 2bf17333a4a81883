"""The page that says what is stored."""

from streamlit.testing.v1 import AppTest

from mnist_core.config import PROJECT_FOLDER


def test_it_says_what_is_stored_where_and_for_how_long():
    page = AppTest.from_file(str(PROJECT_FOLDER / "pages" / "privacy" / "page.py"), default_timeout=30).run()
    assert not page.exception
    words = "\n".join(element.value for element in page.markdown)
    assert "| What | Where | How long |" in words
    assert "after 30 days" in words
    assert "no names, no addresses" in words
