"""The runner's files and commands: the only place that prints or writes what a runner reads.

Values may come from anyone. An output is written with a delimiter that nobody can
guess, and a command's text is escaped, so that data cannot add a second output or
a second command.
"""

import secrets
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

from seatrial.errors import Location, PolicyInvalid, SeatrialError
from seatrial.forge.streams import drop_unwritten
from seatrial.report import text

SUMMARY_LIMIT = 1_000_000  # bytes; GitHub drops a step's summary above 1 MiB


def _no_command(line: str) -> str:
    """The runner trims a line before it looks for `::`, and finds `##[` anywhere."""
    line = line.replace("##[", "## [")
    return "| " + line if line.lstrip().startswith("::") else line


class Runner:
    """Where a run speaks to: a GitHub runner's files and log, or a terminal."""

    def __init__(self, environ: Mapping[str, str], stream: TextIO | None = None) -> None:
        self._environ = environ
        self._stream = stream or sys.stdout
        self.on_actions = environ.get("GITHUB_ACTIONS") == "true"
        self.in_colour = not self.on_actions and self._stream.isatty() and not environ.get("NO_COLOR")

    def say(self, line: str = "") -> None:
        """Print text that is already safe for a terminal. On Actions no line of it can be a command."""
        if self.on_actions:
            line = "\n".join(_no_command(part) for part in line.split("\n"))
        self._stream.write(line + "\n")
        self._stream.flush()

    def show(self, text_of_ours: str) -> None:
        """Print a page that a renderer made, every untrusted part of which is already plain."""
        self._stream.write(text_of_ours)
        self._stream.flush()

    def relay(self, line: str) -> None:
        """Print one line of a consumer's command: whatever it holds, it is only shown."""
        self.say("| " + text.plain(line, limit=2_000))

    def _command(self, name: str, message: str, **properties: object) -> None:
        shown = ",".join(
            f"{key}={text.command_property(value)}" for key, value in properties.items() if value
        )
        self._stream.write(f"::{name} {shown}".rstrip() + f"::{text.command_data(message)}\n")
        self._stream.flush()

    @contextmanager
    def group(self, title: str) -> Iterator[None]:
        """Fold what is printed inside under a title."""
        if self.on_actions:
            self._command("group", text.plain(title))
        else:
            self.say(text.plain(title))
        try:
            yield
        finally:
            if self.on_actions:
                self._command("endgroup", "")

    def annotate(self, level: str, title: str, message: str, place: Location | None = None) -> None:
        """An annotation (error, warning or notice), on a line of a file where one is known."""
        if self.on_actions:
            where = place or Location("")
            self._command(level, message, file=where.file, line=where.line, col=where.column, title=title)
        else:
            self.say(
                text.plain(f"{level}: {place}: {message}" if place else f"{level}: {message}", limit=4_000)
            )

    def output(self, name: str, value: str) -> None:
        """Set a step output. A value is one line; a line break in it is a fault of ours, so it is refused."""
        if "\n" in value or "\r" in value:
            raise ValueError(f"output {name} holds a line break")
        path = self._environ.get("GITHUB_OUTPUT")
        if path:
            delimiter = secrets.token_hex(16)
            with Path(path).open("a", encoding="utf-8") as file:
                file.write(f"{name}<<{delimiter}\n{value}\n{delimiter}\n")

    def summary(self, markdown: str) -> None:
        """Add to the job summary."""
        path = self._environ.get("GITHUB_STEP_SUMMARY")
        if path:
            with Path(path).open("ab") as file:
                file.write(markdown.encode("utf-8", "replace")[:SUMMARY_LIMIT] + b"\n")

    def report_error(self, error: SeatrialError) -> None:
        """Say what went wrong: an annotation per fault, and the first lines in the summary.

        Where nothing more can be written (a full disk), that changes no exit code.
        """
        faults: list[SeatrialError] = list(error.faults) if isinstance(error, PolicyInvalid) else [error]
        for fault in faults:
            self.last_word(error.title, fault.message, fault.location)
        told = "\n".join(f"- {text.markdown(str(fault), limit=1_000)}" for fault in faults[:20])
        with suppress(OSError):
            self.summary(f"### ⛔ Seatrial could not judge: {error.title.lower()}\n\n{told}\n")

    def last_word(self, title: str, message: str, place: Location | None = None) -> None:
        """An error, said on stderr where the log cannot be written, and nowhere where that cannot either."""
        try:
            self.annotate("error", title, message, place)
        except OSError:
            with suppress(OSError):
                sys.stderr.write(text.plain(f"{place}: {message}" if place else message, limit=4_000) + "\n")
                sys.stderr.flush()

    def close(self) -> None:
        """What could not be written is dropped, or Python would end with an exit code of its own."""
        drop_unwritten(self._stream)
