"""All descendants of a command, wherever they hide: found, weighed and ended.

We make ourselves the subreaper, so that a daemon that left its session and lost its
parents becomes our child instead of init's. Linux only.
"""

import contextlib
import ctypes
import os
import signal
import time
from collections.abc import Iterator
from typing import NamedTuple

from seatrial.errors import CouldNotDecide

_PR_SET_CHILD_SUBREAPER = 36
_PR_GET_CHILD_SUBREAPER = 37
_PAGE = os.sysconf("SC_PAGE_SIZE")
_TICKS = os.sysconf("SC_CLK_TCK")
_LAST_WAIT = 10.0


class Process(NamedTuple):
    """A process; begun tells it from a later one with the same number.

    ticks: of processor time, its own and that of its children who have ended.
    """

    pid: int
    begun: int
    parent: int
    zombie: bool
    pages: int
    ticks: int


class Weight(NamedTuple):
    """What a family takes. resident: bytes in all; processor: seconds of those alive; living: their count."""

    resident: int
    processor: float
    living: int


@contextlib.contextmanager
def subreaper() -> Iterator[None]:
    """While inside, orphaned descendants become children of this process."""
    libc = ctypes.CDLL(None, use_errno=True)
    before = ctypes.c_int()
    if libc.prctl(_PR_GET_CHILD_SUBREAPER, ctypes.byref(before), 0, 0, 0) or _set(libc, 1):
        raise CouldNotDecide("commands cannot be watched here: prctl(PR_SET_CHILD_SUBREAPER) is refused")
    try:
        yield
    finally:
        _set(libc, before.value)


def _set(libc: ctypes.CDLL, value: int) -> int:
    return int(libc.prctl(_PR_SET_CHILD_SUBREAPER, value, 0, 0, 0))


class Family:
    """The descendants of this process that began after this object was made, and `first` if it is given."""

    def __init__(self, first: int | None = None) -> None:
        self._me = os.getpid()
        self._others = {(p.pid, p.begun) for p in _all() if p.parent == self._me and p.pid != first}

    def members(self) -> list[Process]:
        """Everyone of the family, zombies too."""
        children: dict[int, list[Process]] = {}
        for process in _all():
            children.setdefault(process.parent, []).append(process)
        found: list[Process] = []
        queue = [p for p in children.get(self._me, []) if (p.pid, p.begun) not in self._others]
        while queue:
            process = queue.pop()
            found.append(process)
            queue.extend(children.get(process.pid, []))
        return found

    def weight(self) -> Weight:
        """Bytes in memory, where pages that several share count for each, and processor time.

        Looks only at the family where the kernel lists children, since /proc as a whole is slow to read.
        Somebody who changes parents meanwhile may be missed; what ends them looks at everybody.
        """
        found = self._listed() or self.members()
        pages, ticks = sum(p.pages for p in found), sum(p.ticks for p in found)
        return Weight(pages * _PAGE, ticks / _TICKS, sum(not p.zombie for p in found))

    def _listed(self) -> list[Process]:
        """The family by the kernel's own lists of children; empty where it keeps none."""
        found: list[Process] = []
        queue = _children(self._me)
        while queue:
            process = _read(queue.pop())
            if process is None:
                continue
            if process.parent == self._me and (process.pid, process.begun) in self._others:
                continue
            found.append(process)
            queue.extend(_children(process.pid))
        return found

    def reap(self, first: int | None) -> None:
        """Collect everyone who has ended, so that their processor time is counted. first: as for `end`."""
        while any(p.zombie and p.parent == self._me and p.pid != first for p in self.members()):
            self._living(first)

    def proportional(self) -> int:
        """Bytes in memory, shared pages divided among those who share them; slower to tell."""
        return sum(_pss(p) for p in self.members())

    def end(self, first: int | None, grace: float) -> int:
        """SIGTERM, a short grace, SIGKILL, until nobody is left. Returns how many were still running.

        first: the child whose exit status somebody else collects.
        """
        living = self._living(first)
        running = sum(p.pid != first for p in living)
        for process in living:
            _signal(process, signal.SIGTERM)
            _signal(process, signal.SIGCONT)
        give_up = time.monotonic() + grace
        while living and time.monotonic() < give_up:
            time.sleep(0.005)
            living = self._living(first)
        give_up = time.monotonic() + _LAST_WAIT
        while living:
            for process in living:
                _signal(process, signal.SIGKILL)
            if time.monotonic() > give_up:
                raise CouldNotDecide(f"process {living[0].pid} of a command cannot be ended")
            time.sleep(0.005)
            living = self._living(first)
        return running

    def _living(self, first: int | None) -> list[Process]:
        members = self.members()
        for process in members:
            if process.zombie and process.parent == self._me and process.pid != first:
                with contextlib.suppress(ChildProcessError):
                    os.waitpid(process.pid, os.WNOHANG)
        return [p for p in members if not p.zombie]


def _signal(process: Process, number: int) -> None:
    """Signal exactly this process: the handle is taken first, then its identity is checked."""
    try:
        handle = os.pidfd_open(process.pid)
    except ProcessLookupError:
        return
    except OSError:  # forbidden by a container's filter, or an old kernel
        handle = -1
    try:
        now = _read(process.pid)
        if now is None or now.begun != process.begun:
            return
        if handle >= 0:
            signal.pidfd_send_signal(handle, number)
        else:
            os.kill(process.pid, number)
    except OSError:
        pass
    finally:
        if handle >= 0:
            os.close(handle)


def _all() -> list[Process]:
    found = (_read(int(name)) for name in os.listdir("/proc") if name.isdigit())
    return [process for process in found if process is not None]


def _children(pid: int) -> list[int]:
    """The children of all threads of a process."""
    found: list[int] = []
    try:
        for thread in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{thread}/children", "rb") as file:
                found += map(int, file.read().split())
    except (OSError, ValueError):
        pass  # it has ended, or the kernel keeps no such list
    return found


def _read(pid: int) -> Process | None:
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            # The name in brackets may itself hold brackets and blanks; fields count from after the last.
            fields = file.read().rpartition(b")")[2].split()
        ticks = sum(map(int, fields[11:15]))
        return Process(
            pid, int(fields[19]), int(fields[1]), fields[0] in (b"Z", b"X"), int(fields[21]), ticks
        )
    except (OSError, IndexError, ValueError):
        return None


def _pss(process: Process) -> int:
    try:
        with open(f"/proc/{process.pid}/smaps_rollup", "rb") as file:
            for line in file:
                if line.startswith(b"Pss:"):
                    return int(line.split()[1]) * 1024
    except PermissionError:
        return process.pages * _PAGE
    except OSError:
        pass
    return 0  # it has ended since it was listed
