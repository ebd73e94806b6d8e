"""What a training did and what of it is accepted, in words. Plain text; names in it are raw."""

import signal
from collections.abc import Sequence

from seatrial.gates.training.evidence import Limits, Ran

NAMES = {1: "once", 2: "twice"}


def age(seconds: float) -> str:
    """0.42 s; 12.3 s; 4 min 10 s; 1 h 30 min."""
    if seconds < 60:
        return f"{seconds:.2g} s" if seconds < 10 else f"{seconds:.3g} s"
    whole = round(seconds)
    for unit, name, less, lesser in ((3_600, "h", 60, "min"), (60, "min", 1, "s")):
        if whole >= unit:
            rest = whole % unit // less
            return f"{whole // unit} {name}" + (f" {rest} {lesser}" if rest else "")
    return f"{whole} s"


def size(count: float) -> str:
    """812 bytes; 310 MiB; 4.2 GiB."""
    for unit, name in ((2**30, "GiB"), (2**20, "MiB"), (2**10, "KiB")):
        if count >= unit:
            return f"{count / unit:.3g} {name}" if count < 999.5 * unit else f"{count / unit:,.0f} {name}"
    return f"{count:,.0f} bytes"


def times(count: int) -> str:
    return NAMES.get(count, f"{count} times")


def ran(runs: Sequence[Ran]) -> str:
    """Exit code 0 after 12 s, at most 310 MiB of memory, 22 s of processor time."""
    longest = max(runs, key=lambda run: run.seconds)
    peak = max(run.peak for run in runs)
    head = "exit code 0" if len(runs) == 1 else f"{times(len(runs))} exit code 0"
    took = "after" if len(runs) == 1 else "after at most"
    said = f"{head} {took} {age(longest.seconds)}, {_cost(peak, max(run.processor for run in runs))}"
    return said + _aside(runs)


def ended(run: Ran, number: int, of: int, limits: Limits) -> str:
    """Why the last run is no success."""
    which = f" in run {number} of {of}" if of > 1 else ""
    if run.stopped == "time":
        head = f"stopped{which}: it took longer than {age(limits.time)}"
    elif run.stopped == "memory":
        head = f"stopped{which}: it held {size(run.peak)} of memory, more than {size(limits.memory or 0)}"
    else:
        head = f"{code(run.code)}{which}"
    return f"{head} after {age(run.seconds)}, {_cost(run.peak, run.processor)}{_aside([run])}"


def code(number: int) -> str:
    """Exit code 1; SIGKILL."""
    if number >= 0:
        return f"exit code {number}"
    try:
        return f"ended by {signal.Signals(-number).name}"
    except ValueError:
        return f"ended by signal {-number}"


def _cost(peak: int, processor: float) -> str:
    return f"{size(peak)} of memory at most, {age(processor)} of processor time"


def _aside(runs: Sequence[Ran]) -> str:
    left = max(run.survivors for run in runs)
    said = f"; it left {left} process{'es' if left != 1 else ''} running, which were ended" if left else ""
    return said + ("; its output was cut" if any(run.truncated for run in runs) else "")


def within(limits: Limits) -> str:
    """Exit code 0 within 10 min and 4 GiB."""
    memory = f" and {size(limits.memory)}" if limits.memory is not None else ""
    return f"exit code 0 within {age(limits.time)}{memory}"
