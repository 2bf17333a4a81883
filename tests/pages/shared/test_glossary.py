"""The glossary: every word has a place, and the documentation says the same."""

from streamlit.testing.v1 import AppTest

from mnist_core.config import PROJECT_FOLDER
from pages.inside.steps import STEPS
from pages.shared.glossary import GLOSSARY

TITLES = {step.name: step.title for step in STEPS}


def test_every_word_leads_to_a_step_that_is_there() -> None:
    assert {term.step for term in GLOSSARY} <= TITLES.keys()


def test_the_documentation_has_every_word_and_its_step() -> None:
    page = (PROJECT_FOLDER / "docs" / "inside.md").read_text(encoding="utf-8")
    for term in GLOSSARY:
        assert f"| {term.word} | {TITLES[term.step]} |" in page


def show() -> None:
    from pages.shared.glossary import show_glossary

    show_glossary()


def test_every_word_is_a_link() -> None:
    (markup,) = AppTest.from_function(show).run().get("html")
    for term in GLOSSARY:
        assert f'data-step="{term.step}" data-inside="">{term.word}</a>' in markup.body
