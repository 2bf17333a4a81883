"""One job at a time, in the order asked; who waits is told, and who leaves lets the others move up."""

import threading

import pytest

from mnist_core.errors import ModelError
from mnist_core.evaluation import job_queue
from mnist_core.evaluation.job_queue import JobQueue

PATIENCE_S = 20


@pytest.fixture
def queue(monkeypatch: pytest.MonkeyPatch) -> JobQueue:
    monkeypatch.setattr(job_queue, "_TELL_SECONDS", 0.01)
    return JobQueue()


class Waiting:
    """A job in a thread of its own."""

    def __init__(self, queue: JobQueue, name: str, order: list[str], *, leaves: bool = False) -> None:
        self.ahead: list[int] = []
        self._queue, self._name, self._order, self._leaves = queue, name, order, leaves
        self._told = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()
        assert self._told.wait(PATIENCE_S)  # so that whoever comes next is behind it

    def _run(self) -> None:
        try:
            with self._queue.turn(self._tell):
                self._order.append(self._name)
        except InterruptedError:
            pass

    def _tell(self, ahead: int) -> None:
        self.ahead.append(ahead)
        self._told.set()
        if self._leaves:
            raise InterruptedError

    def join(self) -> None:
        self._thread.join(PATIENCE_S)
        assert not self._thread.is_alive()


def test_jobs_run_one_at_a_time_in_the_order_asked(queue: JobQueue) -> None:
    order: list[str] = []
    with queue.turn():
        jobs = [Waiting(queue, name, order) for name in "abc"]
        assert queue.length == 4
        assert not order
    for job in jobs:
        job.join()
    assert order == ["a", "b", "c"]
    assert [job.ahead[0] for job in jobs] == [1, 2, 3]
    assert queue.length == 0


def test_whoever_leaves_lets_the_others_move_up(queue: JobQueue) -> None:
    order: list[str] = []
    with queue.turn():
        leaver = Waiting(queue, "a", order, leaves=True)
        leaver.join()
        stays = Waiting(queue, "b", order)
        assert stays.ahead[0] == 1
    stays.join()
    assert order == ["b"]


def test_job_that_fails_lets_the_next_one_run(queue: JobQueue) -> None:
    with pytest.raises(RuntimeError), queue.turn():
        raise RuntimeError
    with queue.turn(lambda ahead: pytest.fail("nobody is ahead")):
        pass


def test_a_full_queue_is_refused_in_a_sentence(queue: JobQueue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(job_queue, "MOST_WAITING", 0)
    with (
        queue.turn(),
        pytest.raises(ModelError, match="Try again in a few minutes"),
        queue.turn(),
    ):
        pass
