"""A queue for what takes much memory: one job at a time, in the order asked, and who waits is told."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from mnist_core.errors import ModelError

MOST_WAITING = 30
"""Each waits in a thread of its own."""
_TELL_SECONDS = 0.5


class JobQueue:
    """Lets one job of this process run at a time."""

    def __init__(self) -> None:
        self._turns: list[object] = []
        self._changed = threading.Condition()

    @property
    def length(self) -> int:
        """How many jobs there are, the one that runs among them."""
        return len(self._turns)

    @contextmanager
    def turn(self, on_wait: Callable[[int], None] = lambda ahead: None) -> Iterator[None]:
        """Wait until all jobs asked for before are over, then run the block.

        Args:
            on_wait: called twice a second while waiting, with how many jobs are ahead; what it raises gives
                up the place in the queue.
        Raises:
            ModelError: too many wait already.
        """
        turn = object()
        with self._changed:
            if len(self._turns) > MOST_WAITING:
                raise ModelError(
                    f"{MOST_WAITING} others are waiting for the same. Try again in a few minutes.",
                    "queue full",
                )
            self._turns.append(turn)
        try:
            while ahead := self._ahead_of(turn):
                on_wait(ahead)
            yield
        finally:
            with self._changed:
                self._turns.remove(turn)
                self._changed.notify_all()

    def _ahead_of(self, turn: object) -> int:
        """Return how many are before this one, once that has changed or some time has passed."""
        with self._changed:
            if self._turns[0] is turn:
                return 0
            self._changed.wait(_TELL_SECONDS)
            return self._turns.index(turn)
