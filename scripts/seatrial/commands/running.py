"""`run`: one command under limits. However it ends, none of its descendants outlives it."""

import contextlib
import os
import selectors
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import IO, Literal

from seatrial.commands.output import Output
from seatrial.commands.processes import Family, subreaper
from seatrial.errors import BadInput
from seatrial.text import shown

GRACE = 1.0
_READ = 65_536
_SHORTEST_WAIT, _LONGEST_WAIT = 0.005, 0.05
_WEIGH_EVERY = 0.05
# The family is all that this process has below it, so two commands at once could not be told apart.
_ONE_AT_A_TIME = threading.Lock()


@dataclass(frozen=True)
class Limits:
    """time: seconds on the wall. memory: resident bytes of all descendants. output: bytes handed on."""

    time: float
    memory: int | None = None
    output: int = 10_000_000


@dataclass(frozen=True)
class Finished:
    """How a command ended. code: negative for a signal. survivors: processes that it left running."""

    code: int
    seconds: float
    peak_memory: int
    log_tail: tuple[str, ...]
    stopped: Literal["time", "memory"] | None = None
    truncated: bool = False
    survivors: int = 0


def run(
    argv: Sequence[str],
    *,
    cwd: Path,
    env: Mapping[str, str],
    limits: Limits,
    on_line: Callable[[str], None] = lambda line: None,
    pass_fds: Sequence[int] = (),
    grace: float = GRACE,
) -> Finished:
    """Run a command in its own session, without input, stdout and stderr together, and wait for its end."""
    output = Output(limits.output, on_line)
    begun = time.monotonic()
    with _ONE_AT_A_TIME, _terminable(), subreaper():
        family = Family()
        process: subprocess.Popen[bytes] | None = None
        watch = _Watch(family, limits, begun)
        survivors = 0
        try:
            process = _start(argv, cwd, env, pass_fds)
            assert process.stdout is not None
            os.set_blocking(process.stdout.fileno(), False)
            watch.until_end(process, output)
        finally:
            with _undisturbed():
                survivors = family.end(process.pid if process else None, grace)
                if process is not None and process.stdout is not None:
                    process.wait()
                    with process.stdout:
                        _drain(process.stdout, output)
        output.close()
    return Finished(
        process.returncode,
        time.monotonic() - begun,
        watch.peak,
        output.tail,
        watch.stopped,
        output.truncated,
        survivors,
    )


class _Watch:
    """Waits for a command's end, or for the moment when a limit is passed."""

    def __init__(self, family: Family, limits: Limits, begun: float) -> None:
        self._family = family
        self._limits = limits
        self._ends = begun + limits.time
        self._weighed = 0.0
        self.peak = 0
        self.stopped: Literal["time", "memory"] | None = None

    def until_end(self, process: subprocess.Popen[bytes], output: Output) -> None:
        assert process.stdout is not None
        wait = _SHORTEST_WAIT
        with selectors.DefaultSelector() as selector:
            selector.register(process.stdout, selectors.EVENT_READ)
            while process.poll() is None and self.stopped is None:
                if not selector.get_map():
                    time.sleep(wait)
                elif selector.select(wait):
                    data = process.stdout.read(_READ)
                    if data == b"":
                        selector.unregister(process.stdout)
                    else:
                        output.feed(data or b"")
                wait = min(wait * 1.5, _LONGEST_WAIT)
                self._check()
        if self.stopped is None:
            _drain(process.stdout, output)

    def _check(self) -> None:
        now = time.monotonic()
        if now > self._ends:
            self.stopped = "time"
        elif now - self._weighed >= _WEIGH_EVERY:
            self._weighed = now
            weight = self._family.resident()
            limit = self._limits.memory
            if limit is not None and weight > limit:
                # Twice, since pages that an ending process shared weigh more on those read after it.
                weight = min(self._family.proportional(), self._family.proportional())
                if weight > limit:
                    self.stopped = "memory"
            self.peak = max(self.peak, weight)


def _start(
    argv: Sequence[str], cwd: Path, env: Mapping[str, str], pass_fds: Sequence[int]
) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(
            list(argv),
            cwd=cwd,
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            bufsize=0,
            start_new_session=True,
            pass_fds=pass_fds,
        )
    except FileNotFoundError:
        if not cwd.is_dir():
            raise BadInput(f"the folder {shown(str(cwd))} to run in does not exist") from None
        raise BadInput(
            f"there is no program {shown(argv[0])} on the PATH; install it in a step before this one"
        ) from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise BadInput(
            f"{shown(argv[0])} cannot be run ({shown(reason)}); check that it is executable"
        ) from None


def _drain(stream: IO[bytes], output: Output) -> None:
    """What lies in the pipe, but no more than a pipe holds: a survivor may write for ever."""
    for _ in range(32):
        data = stream.read(_READ)
        if not data:
            return
        output.feed(data)


@contextlib.contextmanager
def _terminable() -> Iterator[None]:
    """SIGTERM unwinds the stack, so that processes are ended, unless somebody handles it already."""
    in_main = threading.current_thread() is threading.main_thread()
    if not in_main or signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL:
        yield
        return

    def leave(number: int, frame: FrameType | None) -> None:
        raise SystemExit(128 + number)

    signal.signal(signal.SIGTERM, leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    """Signals wait while processes are being ended."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM, signal.SIGHUP})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
