"""Stands in for the check of a file from elsewhere: the file says how it behaves."""

import os
import signal
import sys
import time
from pathlib import Path


def main() -> None:
    match Path(sys.argv[1]).read_bytes():
        case b"refuse":
            sys.exit("It has 2 inputs, not one.")
        case b"crash":
            raise ZeroDivisionError
        case b"killed":
            os.kill(os.getpid(), signal.SIGKILL)
        case b"hang":
            time.sleep(600)


if __name__ == "__main__":
    main()
