"""Who may do what."""

import inspect

import pytest

from mnist_core.errors import NotAllowedError
from mnist_core.serving import rights
from mnist_core.serving.visitors import Visitor

RIGHTS = [each for name, each in inspect.getmembers(rights, inspect.isfunction) if name.startswith("may_")]


def test_there_is_a_function_for_each_right():
    assert {each.__name__.removeprefix("may_") for each in RIGHTS} >= {
        "train",
        "cancel",
        "activate",
        "rename",
        "remove",
        "note",
        "upload_table",
        "name_path",
        "import",
    }


@pytest.mark.parametrize("right", RIGHTS)
def test_somebody_at_this_computer_may(right):
    permission = right(Visitor(is_at_this_computer=True))
    assert permission
    permission.require()


@pytest.mark.parametrize("right", RIGHTS)
def test_whoever_has_signed_in_may_from_anywhere(right):
    assert right(Visitor(is_at_this_computer=False, is_signed_in=True))


@pytest.mark.parametrize("right", RIGHTS)
def test_others_may_not_and_are_told_so_in_a_sentence(right):
    permission = right(Visitor(is_at_this_computer=False))
    assert not permission
    assert permission.refusal.endswith(".")
    with pytest.raises(NotAllowedError, match="only at the computer where this app runs"):
        permission.require()
