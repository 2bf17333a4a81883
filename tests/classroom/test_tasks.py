"""What is asked."""

import pytest

from mnist_core.classroom.tasks import Task, TaskKind, make_number


@pytest.mark.parametrize(
    "task", [Task(), Task(TaskKind.DIGIT, "7"), Task(TaskKind.ALL_TEN), Task(TaskKind.NUMBER, "483920")]
)
def test_a_task_is_parsed_as_it_was_stored(task: Task):
    assert Task.parse(task.stored) == task


@pytest.mark.parametrize("stored", ["", "something later:7"])
def test_what_is_not_known_asks_for_nothing(stored: str):
    assert Task.parse(stored) == Task()


def test_all_ten_are_asked_in_another_order_of_each_member():
    task = Task(TaskKind.ALL_TEN)
    orders = [[task.asked(member, sent) for sent in range(30)] for member in (1, 2, 1)]
    assert orders[0] == orders[2] != orders[1]
    assert task.length == 30
    assert task.asked(1, 30) == ""


def test_a_number_has_six_digits():
    made = {make_number() for _ in range(50)}
    assert all(len(number) == 6 and number.isdigit() and number[0] != "0" for number in made)
    assert len(made) > 40
