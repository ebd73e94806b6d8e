"""One process and all that it starts: seconds, processor seconds, and the most memory at one time."""

import os
import subprocess
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_EVERY = 0.02
_PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True)
class Weight:
    """peak: bytes resident in the whole tree, as sampled, and at least the kernel's own peak of one."""

    seconds: float
    cpu: float
    peak: int
    code: int
    output: str


def weigh(command: Sequence[str], folder: Path, env: Mapping[str, str]) -> Weight:
    """Run a command to its end. output: what it printed, without what it said on stderr."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        begun = time.monotonic()
        process = subprocess.Popen(command, cwd=folder, env=dict(env), stdout=out, stderr=err)
        ended = threading.Event()
        sampler = _Sampler(process.pid, ended)
        sampler.start()
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.monotonic() - begun
        ended.set()
        sampler.join()
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        output = out.read().decode()
        if process.returncode not in (0, 1):
            raise SystemExit(f"{' '.join(command)} failed:\n{output}{err.read().decode()[-2000:]}")
    peak = max(sampler.peak, used.ru_maxrss * 1024)
    return Weight(seconds, used.ru_utime + used.ru_stime, peak, process.returncode, output)


class _Sampler(threading.Thread):
    def __init__(self, root: int, ended: threading.Event) -> None:
        super().__init__(daemon=True)
        self._root = root
        self._ended = ended
        self.peak = 0

    def run(self) -> None:
        while not self._ended.wait(_EVERY):
            self.peak = max(self.peak, sum(_resident(process) for process in _tree(self._root)))


def _tree(root: int) -> list[int]:
    found = [root]
    for process in found:
        try:
            tasks = list(Path(f"/proc/{process}/task").iterdir())
            found += [int(child) for task in tasks for child in (task / "children").read_text().split()]
        except OSError:
            continue
    return found


def _resident(process: int) -> int:
    try:
        return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * _PAGE
    except (OSError, IndexError):
        return 0
