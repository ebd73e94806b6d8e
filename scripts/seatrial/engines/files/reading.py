"""Reading a consumer's file once, whole, and only if it is what it claims to be."""

import difflib
import errno
import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from seatrial.errors import BadInput, Location
from seatrial.text import shown

MIB = 1024 * 1024
_CHUNK = 4 * MIB
Signature = tuple[int, int, int, int]


@dataclass(frozen=True)
class Source:
    """The bytes of a file as they were at one moment; name is the path as the user wrote it."""

    name: str
    data: bytes
    sha256: str


def read_source(
    path: Path, *, name: str, root: Path | None, cap: int, mend: str, hard_links: bool = True
) -> Source:
    """Read a regular file. root: the folder that links must not leave. mend: what to do above the cap."""
    place = Location(name)
    real = resolve(path, place, root)
    try:
        descriptor = os.open(real, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise unreadable(error, place) from None
    try:
        before = os.fstat(descriptor)
        refuse_irregular(before, place)
        if before.st_nlink > 1 and not hard_links:
            raise BadInput(
                "this is a hard link to another file; expected a file of its own: copy it", location=place
            )
        if before.st_size > cap:
            raise BadInput(
                f"the file has {before.st_size / MIB:,.0f} MiB, more than the {cap // MIB:,} MiB that are "
                f"read; {mend}",
                location=place,
            )
        data = _read_all(descriptor, before.st_size)
        after = os.fstat(descriptor)
    except OSError as error:
        raise unreadable(error, place) from None
    finally:
        os.close(descriptor)
    if len(data) != before.st_size or signature(before) != signature(after):
        raise BadInput(
            "the file changed while it was read; let the step that writes it end first", location=place
        )
    return Source(name, data, hashlib.sha256(data).hexdigest())


def _read_all(descriptor: int, size: int) -> bytes:
    """Up to one byte more than expected, so that a growing file shows."""
    parts: list[bytes] = []
    left = size + 1
    while left > 0 and (part := os.read(descriptor, min(_CHUNK, left))):
        parts.append(part)
        left -= len(part)
    return b"".join(parts)


def signature(status: os.stat_result) -> Signature:
    """What changes where a file is written to, or another takes its place."""
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns


def resolve(path: Path, place: Location, root: Path | None) -> Path:
    """Where a path leads. Refuses one that leaves the root, or that leads into its .git."""
    try:
        real = path.resolve(strict=True)
    except FileNotFoundError:
        raise BadInput(f"there is no such file{_nearest(path)}; check the path", location=place) from None
    except (OSError, RuntimeError, ValueError) as error:  # a loop of links; NUL in a name
        raise BadInput(
            f"the path cannot be followed ({shown(str(error))}); write a plain path", location=place
        ) from None
    if root is not None and ".git" in real.parts[len(root.resolve().parts) :]:
        raise BadInput(
            "the path leads into .git, where tokens and settings lie; name a file of the repository",
            location=place,
        )
    if root is not None and not real.is_relative_to(root.resolve()):
        raise BadInput(
            "the path leads out of the repository (a link or ..); put the file itself inside it",
            location=place,
        )
    return real


def _nearest(path: Path) -> str:
    try:
        names = os.listdir(path.parent)
    except OSError:
        return ""
    found = difflib.get_close_matches(path.name, names[:1000], n=1)
    return f" (did you mean {shown(found[0])}?)" if found else ""


def refuse_irregular(status: os.stat_result, place: Location) -> None:
    """Folders, devices, pipes and sockets are no files of rows."""
    if stat.S_ISDIR(status.st_mode):
        raise BadInput("this is a folder; expected one file: write the file's path", location=place)
    if not stat.S_ISREG(status.st_mode):
        raise BadInput(
            "this is a device, pipe or socket; expected a regular file: write the rows into one",
            location=place,
        )


def unreadable(error: OSError, place: Location) -> BadInput:
    if error.errno in (errno.ENXIO, errno.ELOOP):
        return BadInput("this is a pipe, socket or link; expected a regular file", location=place)
    return BadInput(
        f"the file cannot be read ({shown(error.strerror)}); check its permissions", location=place
    )
