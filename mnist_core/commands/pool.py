"""Reads many pictures in worker processes, as many as there are cores; the reports come in the paths' order.

Not concurrent.futures: its pool breaks as a whole when one process dies, and can't say over which picture.
Nor pebble (5.2.3): its pool breaks as a whole when a process dies before it has begun to read.
"""

import os
import signal
from collections.abc import Callable, Generator, Iterator, Sequence
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import TYPE_CHECKING, cast

from mnist_core.config import ModelFiles
from mnist_core.errors import MnistCoreError

if TYPE_CHECKING:
    from mnist_core.reading.recognizer import Recognizer
    from mnist_core.reading.reports import PictureReport

_FEWEST_EACH = 4
"""Pictures that a process must have to read, or starting it takes longer than it saves."""
_AHEAD = 4
"""Reports a process may be ahead of the slowest one: so many wait in memory, however long the folder."""


def read_pictures(
    pictures: Sequence[Path],
    recognizer: "Recognizer",
    *,
    as_drawing: bool,
    stopped: Callable[[], bool],
    processes: int | None = None,
) -> "Generator[PictureReport]":
    """Read pictures; where they are few, in this process.

    Args:
        pictures: files; a folder among them is one that holds no pictures.
        recognizer: what reads; the processes open its model for themselves.
        as_drawing: take the pictures for what a canvas shows, and not for photos.
        stopped: asked before each picture is begun; once it says True, those begun are the last.
        processes: how many read; None for one a core, as far as there are pictures for them.
    Yields:
        A report a picture, in the order of `pictures`, as soon as it and those before it are read. A
        process that dies is the error of the picture that it was reading; another one takes its place.
    Raises:
        ModelError: a process can't open the model any more.
    """
    if processes is None:
        processes = min(_cores(), len(pictures) // _FEWEST_EACH)
    if processes > 1:
        yield from _read_in_processes(pictures, recognizer.files, as_drawing, stopped, processes)
        return
    for picture in pictures:
        if stopped():
            return
        yield _report(recognizer, picture, as_drawing)


def _cores() -> int:
    """Return how many cores this process may use, which a container or `taskset` may have limited."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _report(recognizer: "Recognizer", picture: Path, as_drawing: bool) -> "PictureReport":
    from mnist_core.reading.files import printable_name
    from mnist_core.reading.reports import PictureReport, report_picture

    name = str(picture)
    if picture.is_dir():
        return PictureReport(name, None, f"{printable_name(name)} is a folder that holds no pictures.")
    return report_picture(recognizer, picture, name, as_drawing=as_drawing)


def _work(connection: Connection, files: ModelFiles, as_drawing: bool) -> None:
    """Run a process: read every picture that comes through the connection, until it is closed."""
    import cv2

    from mnist_core.reading.recognizer import Recognizer

    cv2.setNumThreads(1)  # the other cores have processes of their own
    try:
        recognizer = Recognizer.open(files)
        while True:
            connection.send(_report(recognizer, connection.recv(), as_drawing))
    except MnistCoreError as error:
        connection.send(error)
    except (EOFError, BrokenPipeError):
        return  # the process that started this one is done, or gone


class _Worker:
    """A process that reads one picture after another."""

    def __init__(self, files: ModelFiles, as_drawing: bool) -> None:
        context = get_context("spawn")  # a fork would copy locks that other threads hold at the moment
        self.connection, theirs = context.Pipe()
        self.index = 0
        """Of the picture that it reads or has read last, in the list of all."""
        self.is_busy = False
        self._process = context.Process(target=_work, args=(theirs, files, as_drawing), daemon=True)
        # A terminal sends Ctrl-C to every process. A new one inherits that it is ignored, so that none
        # dies of it: whoever started them decides what is still read.
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            self._process.start()
        finally:
            signal.signal(signal.SIGINT, before)
        theirs.close()  # while our copy of its end was open, its death would go unnoticed

    def begin(self, index: int, picture: Path) -> bool:
        """Hand it a picture to read; return False where it has died meanwhile."""
        try:
            self.connection.send(picture)
        except (BrokenPipeError, ConnectionResetError):
            return False
        self.index, self.is_busy = index, True
        return True

    def finish(self) -> "PictureReport | None":
        """Wait for its report and return it; None where it has died over the picture.

        Raises:
            ModelError: it could not open the model.
        """
        self.is_busy = False
        try:
            result = self.connection.recv()
        except (EOFError, OSError):
            return None
        if isinstance(result, MnistCoreError):
            raise result
        return cast("PictureReport", result)

    def stop(self) -> None:
        """End the process, whatever it is doing."""
        self.connection.close()
        self._process.kill()
        self._process.join()
        self._process.close()


def _read_in_processes(
    pictures: Sequence[Path], files: ModelFiles, as_drawing: bool, stopped: Callable[[], bool], processes: int
) -> "Iterator[PictureReport]":
    """Keep every process busy, and yield the reports in order."""
    workers = [_Worker(files, as_drawing) for _ in range(processes)]
    early: dict[int, PictureReport] = {}  # by index: read before one that comes before it
    begun = yielded = 0
    try:
        while yielded < len(pictures):
            for number in range(processes):
                if not workers[number].is_busy and begun < min(len(pictures), yielded + _AHEAD * processes):
                    if stopped():
                        break
                    while not workers[number].begin(begun, pictures[begun]):
                        workers[number] = _replaced(workers[number], files, as_drawing)
                    begun += 1
            busy = {worker.connection: number for number, worker in enumerate(workers) if worker.is_busy}
            if not busy:  # stopped, and all that was begun is yielded
                return
            for connection in wait(list(busy)):
                number = busy[cast(Connection, connection)]
                index = workers[number].index
                report = workers[number].finish()
                if report is None:
                    report = _died_over(pictures[index])
                    workers[number] = _replaced(workers[number], files, as_drawing)
                early[index] = report
            while yielded in early:
                yield early.pop(yielded)
                yielded += 1
    finally:
        for worker in workers:
            worker.stop()


def _replaced(worker: _Worker, files: ModelFiles, as_drawing: bool) -> _Worker:
    worker.stop()
    return _Worker(files, as_drawing)


def _died_over(picture: Path) -> "PictureReport":
    from mnist_core.reading.files import printable_name
    from mnist_core.reading.reports import PictureReport

    name = str(picture)
    reason = "the process that read it was ended from outside, perhaps for want of memory"
    return PictureReport(name, None, f"{printable_name(name)} was not read: {reason}. Read it again, alone.")
