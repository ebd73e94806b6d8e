"""A step cancelled as GitHub's runner does it, and which processes are left of it.

actions/runner, ProcessInvoker: an interrupt to the process that the step started, 7.5 s later SIGTERM to it,
2.5 s later the end of its process tree.
"""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

LADDER = ((signal.SIGINT, 7.5), (signal.SIGTERM, 2.5))
PATIENCE = 120.0


def until(what: Callable[[], bool], seconds: float = PATIENCE) -> bool:
    """Look again and again until it is so, or time is up."""
    ends = time.monotonic() + seconds
    while not (found := what()) and time.monotonic() < ends:
        time.sleep(0.02)
    return found


def alive(pid: int) -> bool:
    """Whether the process is there and has not ended."""
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False


def cancel(pid: int) -> signal.Signals:
    """Climb the ladder; returns the signal upon which the process ended."""
    for number, seconds in LADDER:
        os.kill(pid, number)
        if until(lambda: not alive(pid), seconds):
            return number
    os.kill(pid, signal.SIGKILL)
    return signal.SIGKILL
