import pytest

from mnist_core.visible_text import escape_controls, escape_hidden


@pytest.mark.parametrize(
    ("text", "visible"),
    [
        pytest.param("\x1b[31mred", r"\x1b[31mred", id="escape"),
        pytest.param("a\rb\tc\0d", r"a\rb\tc\x00d", id="controls"),
        pytest.param("a\x9bb\x7f", r"a\x9bb\x7f", id="of eight bits"),
        pytest.param("a\u2028b", r"a\u2028b", id="other line break"),
        pytest.param("two\nlines", "two\nlines", id="line break"),
        pytest.param("é 漢 ＝", "é 漢 ＝", id="letters"),
    ],
)
def test_control_characters_are_shown(text, visible):
    assert escape_controls(text) == escape_hidden(text) == visible


def test_what_turns_the_direction_of_writing_is_shown_to_a_terminal_alone():
    name = "photo\u202egnp.exe"
    assert escape_controls(name) == name
    assert escape_hidden(name) == r"photo\u202egnp.exe"
