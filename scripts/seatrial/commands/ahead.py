"""A script of ours started before there is anything to ask of it, so that it imports meanwhile.

It waits until its input names the folder of its request, and ends where that ends without a name: however we
end, nobody goes on waiting. Imported first of all by entry scripts, so it imports little itself.
"""

import contextlib
import subprocess
import sys
from collections.abc import Mapping
from types import TracebackType

PYTHON = (sys.executable, "-I")
OPTIONS = ("-X", "utf8")
PLAIN = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": "/nonexistent"}


class Ahead:
    """A child for one request. It is ended where nobody takes it."""

    def __init__(self, script: str, env: Mapping[str, str]) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        # Where it cannot be started, it is when it is needed, and what is wrong is told then.
        with contextlib.suppress(OSError):
            self._process = subprocess.Popen(
                [*PYTHON, *OPTIONS, script],
                cwd="/",
                env={**PLAIN, **env},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                bufsize=0,
                start_new_session=True,
            )

    def take(self) -> subprocess.Popen[bytes] | None:
        """The child, for whoever waits for its end; None where there is none, or somebody has it already."""
        process, self._process = self._process, None
        return process

    def end(self) -> None:
        """Nobody will ask it."""
        process = self.take()
        if process is not None:
            with process:
                process.kill()

    def __enter__(self) -> "Ahead":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()
