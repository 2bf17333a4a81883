"""Whatever moment a process is killed at, the drawings it has acknowledged are there, whole."""

import random
import subprocess
import sys
import time

import pytest

from mnist_core.classroom.classes import SchoolClass
from mnist_core.classroom.database import ClassDatabase
from mnist_core.classroom.drawings import class_drawings
from mnist_core.config import PROJECT_FOLDER

ROUNDS = 4


def sender(address: str, school_class: SchoolClass) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.classroom.sender", address, str(school_class.id)],
        cwd=PROJECT_FOLDER,
        stdout=subprocess.PIPE,
        text=True,
    )


def acknowledged_until_killed(process: subprocess.Popen[str], seconds: float) -> set[int]:
    """Kill a sender after some time; give the numbers that it was told."""
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    time.sleep(seconds)
    process.kill()
    lines = process.communicate()[0].splitlines(keepends=True)
    return {int(line) for line in lines if line.endswith("\n")}


@pytest.mark.slow
def test_no_acknowledged_drawing_is_lost(
    address: str, database: ClassDatabase, school_class: SchoolClass
) -> None:
    chance = random.Random(0)
    told: set[int] = set()
    following = sender(address, school_class)  # starting takes longer than all else
    try:
        for _ in range(ROUNDS):
            process, following = following, sender(address, school_class)
            told |= acknowledged_until_killed(process, chance.uniform(0, 0.3))
    finally:
        following.kill()
        following.communicate()
    present = class_drawings(database, school_class.id)
    assert told <= {each.id for each in present}
    assert all(len(each.strokes[0].points) == 200 for each in present)
    assert told
