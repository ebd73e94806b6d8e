"""An action's script, killed at the n-th thing that it does to the world: as a lost runner ends it.

`python killing.py` reads a request per line: script, folder, environ, log, at. It forks for each, so that
imports are paid once, and answers with how the child ended and how many things it did. A thing is a file
opened for writing, made, renamed or removed, a process started, a connection made, or bytes sent.
"""

import importlib
import json
import os
import runpy
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"
EFFECTS = frozenset(
    {
        "os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.chmod", "os.link", "os.symlink",
        "subprocess.Popen", "socket.connect", "http.client.send",
    }
)  # fmt: skip
# Imported before the forks, which saves time and no more.
DEAR = (
    "requests",
    "seatrial.engines.tables.csvfile",
    "seatrial.gates.evaluation",
    "seatrial.predictors.onnx",
    "seatrial.report.annotations",
    "seatrial.report.terminal",
    "seatrial.trial.evaluation.gate",
    "seatrial.report.html",
    "seatrial.report.junit",
    "seatrial.trial.comments.run",
    "seatrial.trial.entry",
    "seatrial.trial.lint.gate",
)
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC


class Killer:
    """Asks the program that does it. Use as a context manager."""

    def __enter__(self) -> "Killer":
        self._process = subprocess.Popen(
            [sys.executable, "-I", __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()

    def run(
        self, script: str, folder: Path, environ: dict[str, str], log: Path, at: int = 0
    ) -> tuple[int, int]:
        """The exit code (negative for a signal) and how many things were done. at: 0 kills nowhere."""
        asked = {"script": script, "folder": str(folder), "environ": environ, "log": str(log), "at": at}
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        code, count = json.loads(self._process.stdout.readline())
        return code, count


def _is_effect(event: str, arguments: tuple[Any, ...]) -> bool:
    if event != "open":
        return event in EFFECTS
    path, mode, flags = arguments
    writes = bool(flags & WRITES) or (isinstance(mode, str) and bool(set("wax+") & set(mode)))
    return writes and path != os.devnull


def _child(asked: dict[str, Any], told: IO[bytes]) -> None:
    log = os.open(asked["log"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.environ.clear()
    os.environ.update(asked["environ"])
    os.chdir(asked["folder"])
    done = 0

    def heard(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal done
        if _is_effect(event, arguments):
            done += 1
            told.write(b".")
            if done == asked["at"]:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(heard)
    sys.argv = [str(SCRIPTS / asked["script"])]
    runpy.run_path(sys.argv[0], run_name="__main__")


@contextmanager
def _pipe() -> Iterator[tuple[IO[bytes], IO[bytes]]]:
    reader, writer = os.pipe()
    with os.fdopen(reader, "rb") as read, os.fdopen(writer, "wb", buffering=0) as write:
        yield read, write


def main() -> None:
    sys.path.insert(0, str(SCRIPTS))
    for name in DEAR:
        importlib.import_module(name)
    for line in sys.stdin:
        asked = json.loads(line)
        with _pipe() as (read, write):
            child = os.fork()
            if child == 0:
                try:
                    _child(asked, write)
                except SystemExit as ended:
                    sys.stdout.flush()
                    os._exit(int(ended.code or 0))
                except BaseException:
                    os._exit(99)
                os._exit(0)
            write.close()
            count = len(read.read())
            _, status = os.waitpid(child, 0)
        print(json.dumps([os.waitstatus_to_exitcode(status), count]), flush=True)


if __name__ == "__main__":
    main()
