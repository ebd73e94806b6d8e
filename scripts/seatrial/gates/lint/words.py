"""What lint found, in words. Plain text; names in it are raw, so a surface escapes the whole."""

import signal
from collections.abc import Sequence

from seatrial.gates.lint.evidence import At, Findings, Ran

_MOST_TOLD = 1  # of the places; the report lists them
_MOST_UNREAD = 5


def found(findings: Findings) -> str:
    """3 found: a.py:3: what looks like a GitHub token; and 2 more."""
    return f"{findings.found:,} found: {_listed(findings.at, findings.found)}" + _aside(findings)


def nothing(findings: Findings) -> str:
    """Nothing in 40 files."""
    if not findings.files:
        return "there is no such file" + _aside(findings)
    return f"nothing in {_files(findings.files)}" + _aside(findings)


def unread(findings: Findings) -> str:
    """Nothing in 40 files, but 2 could not be looked at: a.csv: has 3 GB."""
    named = _listed(findings.unread_at, findings.unread, _MOST_UNREAD)
    told = f"{_files(findings.unread)} could not be looked at: {named}"
    return f"nothing in {_files(findings.files)}, but {told}" if findings.files else told


def ended(ran: Ran) -> str:
    """Exit code 1 after 2.3 s; 3 places: a.py:3: unused import."""
    if ran.stopped == "time":
        said = f"did not end within {age(ran.time)}; make it faster, or raise lint.time"
    elif ran.stopped == "memory":
        said = "took too much memory"
    else:
        said = f"{_code(ran.code or 0)} after {age(ran.seconds)}"
    if ran.survivors:
        said += (
            f"; it left {ran.survivors} process{'es' if ran.survivors != 1 else ''} running, which were ended"
        )
    if ran.code == 0 and ran.stopped is None:
        return said
    if ran.found:
        count = f"over {ran.found:,}" if ran.more else f"{ran.found:,}"
        plural = "s" if ran.found != 1 else ""
        return f"{said}; {count} place{plural}: {_listed(ran.at, ran.found)}"
    return f"{said}; its last line: {ran.log[-1]}" if ran.log else f"{said}; it printed nothing"


def age(seconds: float) -> str:
    """0.4 s; 12 s; 10 min."""
    if seconds >= 120:
        return f"{seconds / 60:.3g} min"
    return f"{seconds:.2g} s" if seconds < 10 else f"{seconds:.3g} s"


def place(at: At) -> str:
    return at.file if at.line is None else f"{at.file}:{at.line}"


def _listed(places: Sequence[At], count: int, most: int = _MOST_TOLD) -> str:
    told = "; ".join(f"{place(at)}: {at.what}" for at in places[:most])
    more = count - min(len(places), most)
    return f"{told}; and {more:,} more" if more > 0 else told


def _aside(findings: Findings) -> str:
    parts = []
    if findings.found and findings.unread:
        parts.append(f"{_files(findings.unread)} could not be looked at")
    if findings.left_out:
        parts.append(f"{_files(findings.left_out)} left out, being binary")
    return f" ({'; '.join(parts)})" if parts else ""


def _files(count: int) -> str:
    return f"{count:,} file{'s' if count != 1 else ''}"


def _code(number: int) -> str:
    if number >= 0:
        return f"exit code {number}"
    try:
        return f"ended by {signal.Signals(-number).name}"
    except ValueError:
        return f"ended by signal {-number}"
