"""What the draw page bears: many sessions at once, each drawing its own number and checking its own answer.

python -m benchmarks.load [--sessions 30 --every 5] [--strokes 12] [--json FILE] [--page FILE]

Without browsers, over Streamlit's websocket: see benchmarks/visitors.py. The server is started anew for each
row; the visitors are in this process, on the same cores.
"""

import asyncio
import itertools
import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from rich.console import Console
from rich.table import Table
from websockets.exceptions import WebSocketException

from benchmarks.machine import this_machine
from benchmarks.serving import Serving
from benchmarks.visitors import PAPER, ServerError, Visitor
from mnist_core import Recognizer
from mnist_core.reading.strokes import Stroke
from tests.drawings import strokes_of_number

_DIGITS = 6
_ID_DIGITS = 3
"""So many digits at a number's beginning are its session's own."""
_NUMBERS = 2
"""So many numbers a session has, which it draws in turn."""
_ROWS = ((30, 5.0), (100, 5.0), (200, 10.0))
"""Sessions, and the seconds between two strokes of one: what the issue names."""
_SEED = 20_261_122


@dataclass(frozen=True, slots=True)
class Load:
    """What one row measured: times in ms from a stroke's sending to the end of its run, memory in MB."""

    sessions: int
    every_s: float
    strokes: int
    p50_ms: float
    p95_ms: float
    most_ms: float
    errors: int
    wrong: int
    others: int
    checked: int
    cpu_ms_a_stroke: float
    cores_busy: float
    before_mb: float
    a_session_mb: float
    after_mb: float


@dataclass(frozen=True, slots=True)
class Number:
    """A number as one hand writes it: its digits' strokes, each read right by the model when drawn alone."""

    text: str
    digits: tuple[tuple[Stroke, ...], ...]


@dataclass(slots=True)
class Course:
    """What happened to one visitor."""

    seconds: list[float]
    errors: int = 0
    wrong: int = 0
    others: int = 0
    checked: int = 0


def numbers_of(session: int, recognizer: Recognizer) -> Iterator[Number]:
    """Write numbers that begin with the session's own digits, in its own hand, for ever.

    One that the model misreads here is not used: whatever a visitor gets that is not its own number is the
    server's fault.
    """
    rng = np.random.default_rng((_SEED, session))
    slant, width, height = rng.normal(0, 0.08), rng.normal(1, 0.05), rng.normal(1, 0.05)
    hand = np.array([[width, 0], [slant, height]], np.float32)
    while True:
        text = f"{session:03d}" + "".join(map(str, rng.integers(0, 10, _DIGITS - _ID_DIGITS)))
        strokes = strokes_of_number(text, height=100, left=40, top=90, pen=12, gap=0.3)
        shaken = [
            Stroke((s.points - 140) @ hand + 140 + rng.normal(0, 1, 2).astype(np.float32), s.width)
            for s in strokes
        ]
        counts = [len(strokes_of_number(digit)) for digit in text]
        ends = list(itertools.accumulate(counts))
        prefixes = [shaken[:end] for end in ends]
        if all(
            recognizer.read_strokes(prefix, *PAPER).text == text[: k + 1] for k, prefix in enumerate(prefixes)
        ):
            digits = tuple(tuple(shaken[start:end]) for start, end in zip([0, *ends], ends, strict=False))
            yield Number(text, digits)


async def visit(visitor: Visitor, numbers: Iterator[Number], every: float, strokes: int) -> Course:
    """Draw stroke by stroke, wipe the paper when a number is finished, and check what is read.

    Args:
        visitor: who has entered.
        numbers: to draw, one after the other.
        every: mean seconds between two strokes; each pause is between half and one and a half of it.
        strokes: how many to draw.
    """
    course = Course([])
    rng = np.random.default_rng()
    await asyncio.sleep(rng.uniform(0, every))
    try:
        for number in numbers:
            drawn: list[Stroke] = []
            for place, digit in enumerate(number.digits, start=1):
                for part, stroke in enumerate(digit, start=1):
                    drawn.append(stroke)
                    answer = await visitor.show(drawn)
                    course.seconds.append(answer.seconds)
                    if part == len(digit):
                        _check(course, answer.text, number.text[:place])
                    if len(course.seconds) == strokes:
                        return course
                    await asyncio.sleep(every * rng.uniform(0.5, 1.5))
            _check(course, (await visitor.clear()).text, "")
    except (ServerError, WebSocketException, OSError, TimeoutError) as error:
        Console(stderr=True).print(f"A visitor was sent away: {error!r}")
        course.errors += 1
    return course


def _check(course: Course, text: str, own: str) -> None:
    """Count an answer that is not the visitor's own; what is another's begins with that one's digits."""
    course.checked += 1
    course.wrong += text != own
    course.others += len(text) >= _ID_DIGITS and text[:_ID_DIGITS] != own[:_ID_DIGITS]


async def measure(sessions: int, every: float, strokes: int, wait: float, port: int) -> Load:
    """Have so many visitors draw at once on a server of their own, then leave."""
    recognizer = Recognizer.load()
    numbers = [
        itertools.cycle(list(itertools.islice(numbers_of(session, recognizer), _NUMBERS)))
        for session in range(sessions)
    ]
    with Serving(port=port) as server:
        first = Visitor(server.address)
        await first.enter()
        await first.show(next(numbers[0]).digits[0])
        await first.leave()
        before = server.resident_mb
        visitors = [Visitor(server.address) for _ in range(sessions)]
        for visitor in visitors:  # one after the other: how fast they come is not what is measured
            await visitor.enter()
        cpu, start = server.cpu_seconds, time.perf_counter()
        courses = await asyncio.gather(
            *(visit(visitor, own, every, strokes) for visitor, own in zip(visitors, numbers, strict=True))
        )
        cpu, seconds = server.cpu_seconds - cpu, time.perf_counter() - start
        most = server.resident_mb
        for visitor in visitors:
            await visitor.leave()
        await asyncio.sleep(wait)
        times = 1000 * np.concatenate([course.seconds for course in courses])
        return Load(
            sessions=sessions,
            every_s=every,
            strokes=len(times),
            p50_ms=float(np.percentile(times, 50)),
            p95_ms=float(np.percentile(times, 95)),
            most_ms=float(times.max()),
            errors=sum(course.errors for course in courses) + len(server.complaints),
            checked=sum(course.checked for course in courses),
            wrong=sum(course.wrong for course in courses),
            others=sum(course.others for course in courses),
            cpu_ms_a_stroke=1000 * cpu / len(times),
            cores_busy=cpu / seconds,
            before_mb=before,
            a_session_mb=(most - before) / sessions,
            after_mb=server.resident_mb,
        )


def as_rows(loads: Sequence[Load]) -> list[list[str]]:
    """Write a table for people, a column for each load, its headings first."""
    columns = [
        {
            "": f"{load.sessions} sessions, a stroke each {load.every_s:g} s",
            "strokes": f"{load.strokes:,}",
            "rerun, p50": f"{load.p50_ms:.0f} ms",
            "rerun, p95": f"{load.p95_ms:.0f} ms",
            "rerun, most": f"{load.most_ms:.0f} ms",
            "errors": str(load.errors),
            "not their own answer": f"{load.wrong} of {load.checked:,}",
            "another's answer": str(load.others),
            "server CPU for a stroke": f"{load.cpu_ms_a_stroke:.1f} ms",
            "cores busy": f"{load.cores_busy:.2f}",
            "memory after the first reading": f"{load.before_mb:.0f} MB",
            "memory for one more session": f"{load.a_session_mb:.2f} MB",
            "memory when all have left": f"{load.after_mb:.0f} MB",
        }
        for load in loads
    ]
    return [[what, *(column[what] for column in columns)] for what in columns[0]]


def as_markdown(loads: Sequence[Load], wait: float) -> str:
    """Write the table for docs/."""
    headings, *rows = as_rows(loads)
    table = [headings, ["---", *["---:"] * len(loads)], *rows]
    return "\n".join(
        [
            "# Under load, as measured",
            "",
            f"{this_machine()}; made by `python -m benchmarks.load`, its visitors on the same cores.",
            "",
            *(f"| {' | '.join(row)} |" for row in table),
            "",
            "A rerun is the time from a stroke's sending to the end of the run that it started. Each session "
            "draws its own number in its own hand and checks its answer with every finished digit. Memory is "
            f"what the server's process holds resident; the last is {wait:.0f} s after all have left.",
            "",
        ]
    )


def main(
    sessions: Annotated[int, typer.Option(help="So many at once; without it the rows of the README.")] = 0,
    every: Annotated[float, typer.Option(help="Seconds between two strokes of a session.")] = 5.0,
    strokes: Annotated[int, typer.Option(help="Strokes of each session.")] = 12,
    wait: Annotated[float, typer.Option(help="Seconds to wait when all have left.")] = 180.0,
    port: Annotated[int, typer.Option(help="For the server.")] = 8621,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write the figures here.")] = None,
    page: Annotated[Path | None, typer.Option(help="Write the table here, as Markdown.")] = None,
) -> None:
    """Print what many visitors at once get, and what they cost."""
    rows = ((sessions, every),) if sessions else _ROWS
    loads = [asyncio.run(measure(*row, strokes, wait, port)) for row in rows]
    headings, *measured = as_rows(loads)
    table = Table(*headings, title="Under load")
    for row in measured:
        table.add_row(*row)
    Console().print(table)
    if json_file:
        json_file.write_text(json.dumps([asdict(load) for load in loads], indent=1) + "\n", "utf-8")
    if page:
        page.write_text(as_markdown(loads, wait), encoding="utf-8")


if __name__ == "__main__":
    typer.run(main)
