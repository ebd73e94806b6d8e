"""`run`: one command under limits. However it ends, none of its descendants outlives it."""

import contextlib
import os
import resource
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
from seatrial.commands.processes import Family, Weight, subreaper
from seatrial.errors import BadInput, CouldNotDecide
from seatrial.text import shown

GRACE = 1.0
_READ = 65_536
_SHORTEST_WAIT, _LONGEST_WAIT = 0.005, 0.1
_WEIGH_EVERY = 0.05
_SELDOMEST = 0.5
_DEAR = 500  # times what a look costs lie between two looks, so that the watcher takes next to nothing
QUIET = 30.0
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
    """How a command ended. code: negative for a signal. survivors: processes that it left running.

    processor: seconds of the command and all its descendants, in user and system mode. What a process
    took whose parent ignored its end is counted as far as it was seen.
    """

    code: int
    seconds: float
    peak_memory: int
    log_tail: tuple[str, ...]
    stopped: Literal["time", "memory"] | None = None
    truncated: bool = False
    survivors: int = 0
    processor: float = 0.0


@dataclass(frozen=True)
class Progress:
    """What a command that prints nothing is at. seconds: since its start; silent: since it last printed."""

    seconds: float
    silent: float
    memory: int
    processor: float
    processes: int


def run(
    argv: Sequence[str],
    *,
    cwd: Path,
    env: Mapping[str, str],
    limits: Limits,
    on_line: Callable[[str], None] = lambda line: None,
    pass_fds: Sequence[int] = (),
    grace: float = GRACE,
    on_quiet: Callable[[Progress], None] = lambda progress: None,
    quiet: float = QUIET,
) -> Finished:
    """Run a command in its own session, without input, stdout and stderr together, and wait for its end.

    on_quiet: hears how it is getting on, each time that it has printed nothing for `quiet` seconds.
    """

    def start() -> subprocess.Popen[bytes]:
        return _start(argv, cwd, env, pass_fds)

    return _watched(None, start, limits, on_line, grace, on_quiet, quiet)


def follow(process: subprocess.Popen[bytes], told: bytes, *, limits: Limits) -> Finished:
    """As `run`, of a process of ours in a session of its own that begins when it has read what it is told."""

    def start() -> subprocess.Popen[bytes]:
        assert process.stdin is not None
        with contextlib.suppress(BrokenPipeError), process.stdin:  # one that has ended has told why
            process.stdin.write(told)
        return process

    return _watched(process, start, limits)


def _watched(
    process: subprocess.Popen[bytes] | None,
    start: Callable[[], subprocess.Popen[bytes]],
    limits: Limits,
    on_line: Callable[[str], None] = lambda line: None,
    grace: float = 0.0,
    on_quiet: Callable[[Progress], None] = lambda progress: None,
    quiet: float = QUIET,
) -> Finished:
    output = Output(limits.output, on_line)
    begun = time.monotonic()
    if signal.getsignal(signal.SIGCHLD) is signal.SIG_IGN and _is_main():
        # Whoever started us left it so, and no exit code would be told.
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    with _ONE_AT_A_TIME, _terminable(), subreaper():
        family = Family(process.pid if process else None)
        watch = _Watch(family, limits, begun, on_quiet, quiet)
        survivors = 0
        before = _processor()
        try:
            process = start()
            assert process.stdout is not None
            os.set_blocking(process.stdout.fileno(), False)
            watch.until_end(process, output)
        finally:
            with _undisturbed():
                watch.look()
                survivors = family.end(process.pid if process else None, grace)
                family.reap(process.pid if process else None)
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
        max(_processor() - before, watch.processor),
    )


def _processor() -> float:
    """Seconds of all children whose end we have seen, with what they had seen of theirs."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class _Watch:
    """Waits for a command's end, or for the moment when a limit is passed."""

    def __init__(
        self,
        family: Family,
        limits: Limits,
        begun: float,
        on_quiet: Callable[[Progress], None],
        quiet: float,
    ) -> None:
        self._family = family
        self._limits = limits
        self._begun = begun
        self._ends = begun + limits.time
        self._next_look = 0.0
        self._on_quiet, self._quiet = on_quiet, quiet
        self._heard = self._told = begun
        self._collected = _processor()
        self.peak = 0
        self.processor = 0.0
        self.stopped: Literal["time", "memory"] | None = None

    def until_end(self, process: subprocess.Popen[bytes], output: Output) -> None:
        assert process.stdout is not None
        wait = _SHORTEST_WAIT
        with selectors.DefaultSelector() as selector, _end_of(process) as end:
            selector.register(process.stdout, selectors.EVENT_READ)
            if end is not None:
                selector.register(end, selectors.EVENT_READ)
            while not self._ended(process) and self.stopped is None:
                if not selector.get_map():
                    time.sleep(wait)
                elif any(key.fileobj is process.stdout for key, _ in selector.select(wait)):
                    data = process.stdout.read(_READ)
                    if data == b"":
                        selector.unregister(process.stdout)
                        wait = _SHORTEST_WAIT  # who closes it is mostly about to end
                    else:
                        output.feed(data or b"")
                        self._heard = self._told = time.monotonic()
                wait = min(wait * 1.5, _LONGEST_WAIT)
                self._check()
        if self.stopped is None:
            _drain(process.stdout, output)

    def _ended(self, process: subprocess.Popen[bytes]) -> bool:
        """Whether the command has ended: asked for here, since the kernel tells but once what it took.

        So what it takes and gives back between two looks does not escape the limit.
        """
        try:
            pid, status, used = os.wait4(process.pid, os.WNOHANG)
        except ChildProcessError:
            raise CouldNotDecide(
                "how a command ended cannot be told, since SIGCHLD is ignored; start Seatrial without that"
            ) from None
        if not pid:
            return False
        process.returncode = os.waitstatus_to_exitcode(status)
        most, limit = used.ru_maxrss * 1024, self._limits.memory
        # Before a child became its program, it weighed what we weigh.
        if most > resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024:
            self.peak = max(self.peak, most)
            if limit is not None and most > limit:
                self.stopped = "memory"
        return True

    def _check(self) -> None:
        now = time.monotonic()
        if now > self._ends:
            self.stopped = "time"
        elif now >= self._next_look:
            before = time.thread_time()
            weight = self.look()
            cost = time.thread_time() - before
            self._next_look = now + min(max(_WEIGH_EVERY, _DEAR * cost), _SELDOMEST)
            limit = self._limits.memory
            if limit is not None and weight.resident > limit:
                self.stopped = "memory"
            if now - self._told >= self._quiet:
                self._told = now
                self._on_quiet(
                    Progress(
                        now - self._begun, now - self._heard, weight.resident, self.processor, weight.living
                    )
                )

    def look(self) -> Weight:
        """Weigh the family. Where that seems beyond the limit, pages that several share are divided."""
        weight = self._family.weight()
        limit = self._limits.memory
        if limit is not None and weight.resident > limit:
            # Twice, since pages that an ending process shared weigh more on those read after it.
            fair = min(self._family.proportional(), self._family.proportional())
            weight = weight._replace(resident=fair)
        self.peak = max(self.peak, weight.resident)
        self.processor = max(self.processor, _processor() - self._collected + weight.processor)
        return weight


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


@contextlib.contextmanager
def _end_of(process: subprocess.Popen[bytes]) -> Iterator[int | None]:
    """What can be read from once the process has ended; None where the kernel offers no such thing."""
    try:
        handle = os.pidfd_open(process.pid)
    except OSError:
        yield None
        return
    try:
        yield handle
    finally:
        os.close(handle)


def _drain(stream: IO[bytes], output: Output) -> None:
    """What lies in the pipe, but no more than a pipe holds: a survivor may write for ever."""
    for _ in range(32):
        data = stream.read(_READ)
        if not data:
            return
        output.feed(data)


def _is_main() -> bool:
    return threading.current_thread() is threading.main_thread()


@contextlib.contextmanager
def _terminable() -> Iterator[None]:
    """SIGTERM unwinds the stack, so that processes are ended, unless somebody handles it already."""
    if not _is_main() or signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL:
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
