"""Our own scripts run as children, where native code may crash, loop or swell without harm to the verdict."""

import ctypes
import json
import os
import select
import signal
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NoReturn

if TYPE_CHECKING:
    from pydantic import JsonValue

from seatrial.commands.ahead import OPTIONS, PLAIN, PYTHON, Ahead
from seatrial.commands.running import Limits, follow, run
from seatrial.errors import CouldNotDecide
from seatrial.text import shown

_PR_SET_PDEATHSIG = 1
_REQUEST, _REPLY = "request.json", "reply.json"


class WorkerStopped(Exception):
    """The child ended without a reply; the message says how, for people. limit: which one it passed."""

    def __init__(self, message: str, limit: Literal["time", "memory"] | None = None) -> None:
        super().__init__(message)
        self.limit = limit


def work(
    script: Path,
    request: Mapping[str, "JsonValue"],
    *,
    folder: Path,
    limits: Limits,
    env: Mapping[str, str] | None = None,
    pass_fds: Sequence[int] = (),
    python: Sequence[str] = PYTHON,
    ahead: Ahead | None = None,
) -> "dict[str, JsonValue]":
    """Run a script of ours with a request; return its reply. It starts in the folder and may write there.

    Isolated Python, run by path: nothing of the caller's checkout or environment is imported. python: the
    interpreter, where it is the consumer's that has to run the script, and its options. ahead: the script
    with the same environment, started already. Raises WorkerStopped, and CouldNotDecide where it was killed.
    """
    (folder / _REQUEST).write_text(json.dumps(dict(request)), encoding="utf-8")
    waiting = ahead.take() if ahead is not None else None
    if waiting is not None:
        finished = follow(waiting, os.fsencode(folder), limits=limits)
    else:
        finished = run(
            [*python, *OPTIONS, str(script), str(folder)],
            cwd=folder,
            env={**PLAIN, **(env or {})},
            limits=limits,
            pass_fds=pass_fds,
            grace=0.0,
        )
    if finished.stopped == "time":
        raise WorkerStopped(f"did not end within {limits.time:g} s", "time")
    if finished.stopped == "memory":
        raise WorkerStopped(f"took more than {(limits.memory or 0) / 2**20:,.0f} MiB of memory", "memory")
    if finished.code == -signal.SIGKILL:  # not by us, and nothing kills so but a machine or a person
        raise CouldNotDecide(
            f"a process of ours ({script.name}) was killed (SIGKILL), as machines do where memory runs out; "
            "run the job again, on a runner with more memory, or with a lower limit on memory in the policy"
        )
    try:
        reply = json.loads((folder / _REPLY).read_bytes())
    except (OSError, ValueError):
        raise WorkerStopped(_crash(finished.code, finished.log_tail)) from None
    if finished.code != 0 or not isinstance(reply, dict):
        raise WorkerStopped(_crash(finished.code, finished.log_tail))
    return reply


def _crash(code: int, tail: tuple[str, ...]) -> str:
    last = next((line for line in reversed(tail) if line.strip()), "")
    said = f": {shown(last, 200)}" if last else ""
    if code < 0:
        try:
            return f"crashed ({signal.Signals(-code).name}){said}"
        except ValueError:
            return f"crashed (signal {-code}){said}"
    return f"ended with exit code {code}{said}"


def folder_of(arguments: Sequence[str]) -> Path:
    """In the child: where its request lies. One that was started ahead waits to hear, or ends."""
    if len(arguments) > 1:
        return Path(arguments[1])
    folder = os.fsdecode(sys.stdin.buffer.read())
    if not folder:
        leave()
    os.chdir(folder)
    return Path(folder)


def is_idle(arguments: Sequence[str]) -> bool:
    """In the child: whether it was started ahead, and nothing is asked yet."""
    return len(arguments) < 2 and not select.select([sys.stdin], [], [], 0)[0]


def request_of(folder: Path) -> "dict[str, JsonValue]":
    """In the child: what is asked. From here on it ends with its parent, however that ends."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    request = json.loads((folder / _REQUEST).read_bytes())
    assert isinstance(request, dict)
    return request


def reply(folder: Path, answer: Mapping[str, "JsonValue"]) -> None:
    """In the child: the answer."""
    (folder / _REPLY).write_text(json.dumps(dict(answer)), encoding="utf-8")


def leave() -> NoReturn:
    """In the child: end at once. Nothing is left that would have to be cleared away."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)
