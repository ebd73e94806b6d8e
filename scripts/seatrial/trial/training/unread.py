"""Whether a command read the test data: by access times, where the file system keeps them.

The access time of each file is set back below its modification, since most systems move it only then, and
each file is tried: one byte of it is read, and the time has to move. What opens files past the clock
(O_NOATIME) is not seen; what sets the times back itself is seen as a change.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import JsonValue

from seatrial.engines.files.walking import files_of
from seatrial.errors import BadInput
from seatrial.gates.training.evidence import LONGEST_TEXT
from seatrial.policy.model import Policy
from seatrial.text import shown

_BACK = 10**9  # nanoseconds below the modification; some systems keep whole seconds
MOST_FILES = 2_000


@dataclass(frozen=True)
class _Set:
    """A file whose access time was set. name: as people know it; was: its access time before."""

    name: str
    path: Path
    was: int
    read: int
    modified: int
    changed: int


class Unread:
    """The test data of a policy, watched from now on."""

    def __init__(self, policy: Policy, root: Path) -> None:
        self._why: str | None = None
        self._set: list[_Set] = []
        files = self._files(policy, root)
        for name, path in files:
            try:
                self._set.append(_set_back(name, path))
            except OSError as error:
                self._why = f"the access time of {shown(name)} cannot be set ({error.strerror})"
            except _NotKept:
                self._why = f"the file system keeps no access times of {shown(name)}"
            if self._why is not None:
                break

    def told(self) -> dict[str, JsonValue]:
        """The evidence of the check, and the times are put back."""
        if self._why is not None:
            self._restore()
            return {"skipped": self._why}
        read, changed = [], []
        for each in self._set:
            try:
                now = os.stat(each.path)
            except OSError:
                changed.append(each.name[:LONGEST_TEXT])
                continue
            if now.st_mtime_ns != each.modified:
                changed.append(each.name[:LONGEST_TEXT])
            elif now.st_atime_ns != each.read:
                read.append(each.name[:LONGEST_TEXT])
            elif now.st_ctime_ns != each.changed:
                changed.append(each.name[:LONGEST_TEXT])
        files = len(self._set)
        self._restore()
        return {"files": files, "read": list(read), "changed": list(changed)}

    def _files(self, policy: Policy, root: Path) -> list[tuple[str, Path]]:
        asked = policy.evaluate
        named = dict.fromkeys(path for path in (policy.data.test, asked.data if asked else None) if path)
        if not named:
            self._why = "the policy names no test data"
            return []
        try:
            train = {part.real for part in files_of(policy.data.train, root)} if policy.data.train else set()
            found = {part.real: part.name for path in named for part in files_of(path, root)}
        except BadInput as error:
            self._why = f"the test data are not here to be watched: {error.message}"[:LONGEST_TEXT]
            return []
        if train & found.keys():
            self._why = "the training data and the test data are in the same files"
        elif len(found) > MOST_FILES:
            self._why = f"the test data are {len(found):,} files, more than are watched"
        return [] if self._why else [(name, path) for path, name in found.items()]

    def _restore(self) -> None:
        _put_back(self._set)
        self._set = []


class _NotKept(Exception):
    """Reading does not move the access time."""


def _set_back(name: str, path: Path) -> _Set:
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        before = os.fstat(descriptor)
        back = before.st_mtime_ns - _BACK
        os.utime(descriptor, ns=(back, before.st_mtime_ns))
        set_to = os.fstat(descriptor).st_atime_ns
        os.read(descriptor, 1)
        moved = os.fstat(descriptor).st_atime_ns != set_to
        os.utime(descriptor, ns=(back if moved else before.st_atime_ns, before.st_mtime_ns))
        now = os.fstat(descriptor)
    finally:
        os.close(descriptor)
    if not moved:
        raise _NotKept
    return _Set(name, path, before.st_atime_ns, now.st_atime_ns, now.st_mtime_ns, now.st_ctime_ns)


def _put_back(files: Sequence[_Set]) -> None:
    for each in files:
        try:
            now = os.stat(each.path, follow_symlinks=False)
            if now.st_atime_ns == each.read and now.st_mtime_ns == each.modified:
                os.utime(each.path, ns=(each.was, each.modified), follow_symlinks=False)
        except OSError:
            continue
