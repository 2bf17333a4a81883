"""Kill a server that takes drawings at random moments: is each drawing there that it has acknowledged?

    python -m benchmarks.class_kills [--rounds N] [--database sqlite|postgresql]

PostgreSQL runs on this machine for the time it takes, from Debian's package.
"""

import random
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import track

from mnist_core.classroom.classes import open_class
from mnist_core.classroom.database import ClassDatabase
from mnist_core.classroom.drawings import class_drawings
from tests.classroom.postgres import find_tools, running_cluster
from tests.classroom.test_kills import acknowledged_until_killed, sender

_LONGEST_S = 0.3


def main(rounds: Annotated[int, typer.Option(min=1)] = 200, database: str = "sqlite") -> None:
    """Kill, count, and say what came of it."""
    chance = random.Random(0)
    with ExitStack() as stack:
        if database == "sqlite":
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            address = f"sqlite:///{folder / 'classes.sqlite3'}"
        else:
            tools = find_tools()
            if tools is None:
                sys.exit("PostgreSQL is not installed.")
            address = f"{stack.enter_context(running_cluster(tools))}/postgres"
        opened = ClassDatabase.open(address)
        stack.callback(opened.close)
        told = lost = 0
        following: subprocess.Popen[str] | None = None
        school_class = open_class(opened)
        started = time.monotonic()
        try:
            following = sender(address, school_class)
            for number in track(range(rounds), disable=not sys.stderr.isatty()):
                if number % 50 == 49:  # before a class is full; the sender that waits is of the old one
                    following.kill()
                    following.communicate()
                    school_class = open_class(opened)
                    following = sender(address, school_class)
                process, before, following = following, school_class, sender(address, school_class)
                numbers = acknowledged_until_killed(process, chance.uniform(0, _LONGEST_S))
                present = {each.id for each in class_drawings(opened, before.id)}
                told += len(numbers)
                lost += len(numbers - present)
        finally:
            if following is not None:
                following.kill()
                following.communicate()
    seconds = time.monotonic() - started
    print(f"{database}: {rounds} kills in {seconds:.0f} s, {told} drawings acknowledged, {lost} lost")


if __name__ == "__main__":
    typer.run(main)
