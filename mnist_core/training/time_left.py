"""How long a run still takes: from how fast its steps were lately, with what comes between and after them."""

import time
from collections import deque
from collections.abc import Callable

FINISHING_SECONDS = 8.0
"""For calibrating, exporting and testing, where it was never measured."""
_LEAST_WINDOW_SECONDS = 8.0
_WINDOW_SHARE = 0.1
"""The moving rate looks back over this share of the run so far: a machine that gets busy is noticed soon, and
one that hiccups in an hour's run changes little."""
_PAUSE_SHARE = 0.03
"""Of an epoch, for validating after it: until the first such pause was measured."""


class TimeLeft:
    """The clock of a run's steps."""

    def __init__(
        self,
        epochs: int,
        steps: int,
        finishing_seconds: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Start the clock.

        Args:
            epochs: still to come.
            steps: of each epoch.
            finishing_seconds: that calibrating, writing and testing are expected to take.
            clock: gives seconds.
        """
        self._clock = clock
        self._steps_left = epochs * steps
        self._pauses_left = epochs
        self._finishing_seconds = finishing_seconds
        self._pause_steps = _PAUSE_SHARE * steps
        self._last = clock()
        self._fitting_seconds = 0.0
        self._recent: deque[float] = deque()  # fitting seconds so far at each step within the window

    def note_step(self) -> None:
        """Note that a step is done."""
        now = self._clock()
        seconds, self._last = now - self._last, now
        self._steps_left -= 1
        if self._recent:  # the first step of all builds the graph: it begins the count and is not in it
            self._fitting_seconds += seconds
        self._recent.append(self._fitting_seconds)
        window = max(_LEAST_WINDOW_SECONDS, _WINDOW_SHARE * self._fitting_seconds)
        while len(self._recent) > 2 and self._recent[-1] - self._recent[1] > window:
            self._recent.popleft()

    def note_epoch(self) -> None:
        """Note that an epoch is over, with what comes after its last step."""
        now = self._clock()
        pause, self._last = now - self._last, now
        self._pauses_left -= 1
        if seconds := self._step_seconds:  # counted in steps: a machine that gets busy slows both
            self._pause_steps = pause / seconds

    @property
    def seconds(self) -> float | None:
        """Seconds until the model is written; None before the second step."""
        if len(self._recent) < 2:
            return None
        steps = self._steps_left + self._pauses_left * self._pause_steps
        return steps * self._step_seconds + self._finishing_seconds

    @property
    def _step_seconds(self) -> float:
        steps = len(self._recent) - 1
        return (self._recent[-1] - self._recent[0]) / steps if steps > 0 else 0.0
