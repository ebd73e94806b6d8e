"""Files that a command was to write in the checkout: whether they are there, whole, and its own."""

import os
import stat
from pathlib import Path

from seatrial.errors import SeatrialError
from seatrial.forge.contents import clean_path
from seatrial.gates.training.evidence import LONGEST_TEXT, Made, Signature, Told
from seatrial.gates.training.judging import made_in_vain
from seatrial.gates.training.metrics import MOST_BYTES, BadMetrics, read_metrics
from seatrial.text import shown


def signature(root: Path, path: str) -> Signature | str | None:
    """What tells this state of the file from others; None where there is none, a text where it is no file."""
    place = root / clean_path(path)
    if not os.path.lexists(place):
        return None
    try:
        if place.resolve() != root.resolve() / clean_path(path):
            return f"{shown(path)} is a link or lies behind one; let the command write the file itself there"
        found = os.lstat(place)
    except (OSError, RuntimeError) as error:
        return f"{shown(path)} cannot be looked at ({shown(str(error))})"[:LONGEST_TEXT]
    if not stat.S_ISREG(found.st_mode):
        return f"{shown(path)} is no regular file; let the command write one"
    return Signature(str(found.st_ino), str(found.st_mtime_ns), str(found.st_ctime_ns), found.st_size)


def made(root: Path, path: str, before: Signature | str | None) -> Made:
    """The file after a run, against what it was before."""
    after = signature(root, path)
    if isinstance(after, str):
        return Made(problem=after)
    return Made(before if isinstance(before, Signature) else None, after)


def told(root: Path, path: str, before: Signature | str | None) -> Told:
    """The metrics that a run wrote."""
    found = made(root, path, before)
    reason = made_in_vain(found)
    if reason is not None:
        return Told(problem=f"{shown(path)}: {reason}"[:LONGEST_TEXT])
    try:
        return Told(read_metrics(_content(root / clean_path(path))))
    except BadMetrics as error:
        return Told(problem=f"{shown(path)}: {error}"[:LONGEST_TEXT])
    except (OSError, SeatrialError) as error:
        return Told(problem=f"{shown(path)} cannot be read ({shown(str(error))})"[:LONGEST_TEXT])


def _content(place: Path) -> bytes:
    """So much of the file as tells that it is too long; no link is followed, and no pipe is waited for."""
    descriptor = os.open(place, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        return file.read(MOST_BYTES + 1)
