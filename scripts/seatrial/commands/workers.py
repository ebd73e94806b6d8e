"""Our own scripts run as children, where native code may crash, loop or swell without harm to the verdict."""

import ctypes
import json
import signal
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from pydantic import JsonValue

from seatrial.commands.running import Limits, run
from seatrial.text import shown

_PR_SET_PDEATHSIG = 1
_REQUEST, _REPLY = "request.json", "reply.json"
_PLAIN = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": "/nonexistent"}


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
    python: Sequence[str] = (sys.executable, "-I"),
) -> "dict[str, JsonValue]":
    """Run a script of ours with a request; return its reply. It starts in the folder and may write there.

    Isolated Python, run by path: nothing of the caller's checkout or environment is imported. python: the
    interpreter, where it is the consumer's that has to run the script, and its options.
    """
    (folder / _REQUEST).write_text(json.dumps(dict(request)), encoding="utf-8")
    finished = run(
        [*python, "-X", "utf8", str(script), str(folder)],
        cwd=folder,
        env={**_PLAIN, **(env or {})},
        limits=limits,
        pass_fds=pass_fds,
        grace=0.0,
    )
    if finished.stopped == "time":
        raise WorkerStopped(f"did not end within {limits.time:g} s", "time")
    if finished.stopped == "memory":
        raise WorkerStopped(f"took more than {(limits.memory or 0) / 2**20:,.0f} MiB of memory", "memory")
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


def request_of(folder: Path) -> "dict[str, JsonValue]":
    """In the child: what is asked. From here on it ends with its parent, however that ends."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    request = json.loads((folder / _REQUEST).read_bytes())
    assert isinstance(request, dict)
    return request


def reply(folder: Path, answer: Mapping[str, "JsonValue"]) -> None:
    """In the child: the answer."""
    (folder / _REPLY).write_text(json.dumps(dict(answer)), encoding="utf-8")
