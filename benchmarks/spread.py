"""One figure, measured several times."""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class Spread:
    """The median of several measurements, the least and the most of them, in one unit."""

    median: float
    least: float
    most: float
    unit: str

    @classmethod
    def of(cls, values: Sequence[float], unit: str = "ms") -> Self:
        """Sum up one measurement or more."""
        return cls(statistics.median(values), min(values), max(values), unit)

    def __str__(self) -> str:
        digits = 0 if self.median >= 100 else 1 if self.median >= 10 else 2
        median, least, most = (f"{value:,.{digits}f}" for value in (self.median, self.least, self.most))
        return f"{median} {self.unit} ({least} to {most})"


@dataclass(frozen=True, slots=True)
class Row:
    """What was measured: ours, and beside it in the same run the usual way, where there is one."""

    what: str
    ours: Spread
    usual: Spread | None = None
    note: str = ""


def timed(work: Callable[[], object], times: int) -> Spread:
    """Run some work repeatedly, after two runs that don't count: milliseconds."""
    work(), work()
    spent = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        spent.append((time.perf_counter() - start) * 1000)
    return Spread.of(spent)
