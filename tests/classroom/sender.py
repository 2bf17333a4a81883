"""Sends drawings without end and prints the number of each once it is acknowledged; killed by test_kills.

python -m tests.classroom.sender ADDRESS CLASS
"""

import sys

import numpy as np

from mnist_core.classroom.database import ClassDatabase
from mnist_core.classroom.drawings import SentDrawing, send_drawing
from mnist_core.classroom.members import join_class
from mnist_core.reading.strokes import Stroke
from mnist_core.results import Reading


def main() -> None:
    """Send, and print."""
    address, class_id = sys.argv[1:]
    database = ClassDatabase.open(address)
    member, _ = join_class(database, int(class_id))
    points = np.random.default_rng().uniform(0, 280, (200, 2)).astype(np.float32)
    sent = SentDrawing((Stroke(points, 20.0),), 280, 280, Reading(()), "none")
    print("ready", flush=True)
    while True:
        print(send_drawing(database, member, sent), flush=True)


if __name__ == "__main__":
    main()
