"""Stands in for the worker where no tensorflow is to be started; the config's seed says how it behaves."""

import os
import signal
import sys
import time
from pathlib import Path

from mnist_core.runs.recorder import RunRecord
from mnist_core.runs.run_files import RunState

CANCELS, STUBBORN, ENDS, DIES, TIDIES_UP = range(5)


def main() -> None:
    record = RunRecord(Path(sys.argv[1]))
    behaviour = int(os.environ["FAKE_WORKER"])
    stopped = []
    signal.signal(signal.SIGTERM, signal.SIG_IGN if behaviour == STUBBORN else lambda *_: stopped.append(1))
    record.prepared(100, 10, 2, 10)
    if behaviour == ENDS:
        record.end(RunState.FINISHED, "Done.")
        return
    if behaviour == TIDIES_UP:
        record.end(RunState.FINISHED, "Done.")
        time.sleep(1)  # as tensorflow does, with the lock still held
        return
    if behaviour == DIES:
        print(*(f"line {number}" for number in range(50)), sep="\n", flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
    while not stopped and os.getppid() == int(sys.argv[2]):
        time.sleep(0.01)
    record.end(RunState.CANCELLED, "Cancelled.")


if __name__ == "__main__":
    main()
