"""A lesson without browsers: pupils join a class, write and send digits; a teacher's page shows the wall.

    python -m benchmarks.lesson [--pupils 30] [--every 4] [--seconds 60]

Each pupil draws a digit and presses Send; the teacher's page asks for the wall once a second. All are
sessions over Streamlit's websocket, in this process, on the server's cores: see benchmarks/visitors.py.
"""

import asyncio
import re
import time
from dataclasses import dataclass, field

import numpy as np
import typer
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

from benchmarks.machine import this_machine
from benchmarks.serving import Serving
from benchmarks.visitors import ServerError, Visitor
from mnist_core.reading.strokes import Stroke
from tests.drawings import strokes_of

_CODE = re.compile(r'class="dp-code">([^<]*)<')
_TILE = re.compile(r'"id":\s?([0-9]+)')
_JITTER = 4.0
"""Pixels by which no two drawings are alike."""


@dataclass(slots=True)
class Course:
    """What was measured so far: times of day in seconds of one clock, durations in seconds."""

    sent: list[float] = field(default_factory=list)
    took: list[float] = field(default_factory=list)
    walls: list[tuple[float, int]] = field(default_factory=list)
    errors: int = 0


class OnClassPage(Visitor):
    """A session on the page of a class."""

    async def enter_class(self) -> None:
        """Open the page."""
        await super().enter()  # the draw page: a session begins there
        message = BackMsg()
        message.rerun_script.page_name = "class"
        self._widgets.clear()
        await self._run(message)

    def _message(self, cause: str) -> BackMsg:
        message = super()._message(cause)
        message.rerun_script.page_script_hash, message.rerun_script.page_name = "", "class"
        return message

    async def press(self, key: str, **texts: str) -> float:
        """Press a button, with what is written in fields; give the seconds that it took.

        Args:
            key: the last part of the button's.
            texts: what is written, by the last part of the field's key.
        """
        message = self._message(key)
        states = message.rerun_script.widget_states.widgets
        states.append(WidgetState(id=self._widgets[key][0], trigger_value=True))
        states.extend(
            WidgetState(id=self._widgets[name][0], string_value=text) for name, text in texts.items()
        )
        return (await self._run(message)).seconds


class Pupil(OnClassPage):
    """One who draws and sends."""

    async def send(self, strokes: tuple[Stroke, ...]) -> float:
        """Draw, and press Send; give the seconds from pressing until it is read, stored and shown."""
        await self.show(strokes)
        seconds = await self.press("send")
        self._canvas_value = ""
        return seconds


class Teacher(OnClassPage):
    """One who opens a class and has its wall shown."""

    code = ""
    newest = 0

    async def look(self) -> None:
        """Ask for the wall, as the page does every second."""
        message = self._message("groups")
        message.rerun_script.is_auto_rerun = True
        await self._run(message)

    def _take_in(self, forward: ForwardMsg) -> None:
        element = forward.delta.new_element
        kind = element.WhichOneof("type")
        if kind == "html" and (found := _CODE.search(element.html.body)):
            self.code = found[1]
        if kind == "bidi_component":
            self.newest = max([self.newest, *map(int, _TILE.findall(str(element).replace("\\", "")))])
        if kind != "alert":  # that only this computer comes in
            super()._take_in(forward)


async def write(pupil: Pupil, every: float, until: float, course: Course, seed: int) -> None:
    """Send a digit every few seconds."""
    chance = np.random.default_rng(seed)
    await asyncio.sleep(chance.uniform(0, every))
    while time.perf_counter() < until:
        began = time.perf_counter()
        strokes = tuple(
            Stroke((each.points + chance.uniform(-_JITTER, _JITTER, 2)).astype(np.float32), 20.0)
            for each in strokes_of(str(chance.integers(10)))
        )
        try:
            course.took.append(await pupil.send(strokes))
            course.sent.append(time.perf_counter())
        except ServerError:
            course.errors += 1
        await asyncio.sleep(max(0.0, every - (time.perf_counter() - began)))


async def watch(teacher: Teacher, until: float, course: Course) -> None:
    """Look at the wall once a second, a little longer than is written."""
    while time.perf_counter() < until:
        began = time.perf_counter()
        await teacher.look()
        course.walls.append((time.perf_counter(), teacher.newest))
        await asyncio.sleep(max(0.0, 1.0 - (time.perf_counter() - began)))


async def hold(address: str, pupils: int, every: float, seconds: float) -> tuple[Course, float]:
    """Hold the lesson; give what was measured, and how long all took to join."""
    teacher = Teacher(address)
    await teacher.enter_class()
    await teacher.press("open")
    joined = [Pupil(address) for _ in range(pupils)]
    began = time.perf_counter()

    async def join(pupil: Pupil) -> None:
        await pupil.enter_class()
        await pupil.press("Join", code=teacher.code)

    await asyncio.gather(*map(join, joined))
    joining = time.perf_counter() - began
    course, until = Course(), time.perf_counter() + seconds
    writing = [write(pupil, every, until, course, seed) for seed, pupil in enumerate(joined)]
    await asyncio.gather(*writing, watch(teacher, until + 5, course))
    await asyncio.gather(*(visitor.leave() for visitor in (teacher, *joined)))
    return course, joining


def wall_delays(course: Course) -> list[float]:
    """Return for each drawing after how many seconds it was on the wall: the n-th sent is number n."""
    return [
        next((seen - sent for seen, newest in course.walls if newest >= number and seen >= sent), np.inf)
        for number, sent in enumerate(sorted(course.sent), start=1)
    ]


def main(pupils: int = 30, every: float = 4.0, seconds: float = 60.0) -> None:
    """Hold a lesson, and say what was measured."""
    with Serving() as serving:
        course, joining = asyncio.run(hold(serving.address, pupils, every, seconds))
        memory, cpu = serving.resident_mb, serving.cpu_seconds
    took = 1000 * np.array(course.took)
    delays = np.array(wall_delays(course))
    print(f"{this_machine()}")
    print(f"{pupils} pupils joined in {joining:.1f} s, each sent a digit every {every:g} s for {seconds:g} s")
    print(f"sent {len(took)}, errors {course.errors}, on the wall at last {course.walls[-1][1]}")
    low, high = np.percentile(took, (50, 95))
    print(f"Send until read, stored and shown: p50 {low:.0f} ms, p95 {high:.0f} ms")
    print(f"on the wall after: p50 {np.percentile(delays, 50):.2f} s, p95 {np.percentile(delays, 95):.2f}")
    print(f"server: {memory:.0f} MB, {1000 * cpu / max(1, len(took)):.0f} ms of CPU a drawing, all included")


if __name__ == "__main__":
    typer.run(main)
