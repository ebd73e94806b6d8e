"""What goes wrong, each with the exit code that a workflow sees.

0 passed or done; 1 the gate said no; 2 bad input, nothing changed;
3 could not decide, nothing changed. (4 and 5 belong to releases.)
"""

from dataclasses import dataclass

PASSED = 0
GATE_SAID_NO = 1
BAD_INPUT = 2
COULD_NOT_DECIDE = 3


@dataclass(frozen=True)
class Location:
    """A place in a file of the consumer's repository; lines and columns count from 1."""

    file: str
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        parts = [self.file, *(str(p) for p in (self.line, self.column) if p is not None)]
        return ":".join(parts)


class SeatrialError(Exception):
    """Base of every error that a user is meant to read: one line, no traceback."""

    exit_code = COULD_NOT_DECIDE
    title = "Seatrial could not finish"

    def __init__(self, message: str, *, location: Location | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.location = location

    def __str__(self) -> str:
        return f"{self.location}: {self.message}" if self.location else self.message


class BadInput(SeatrialError):
    """The consumer's policy, data, predictions, model or inputs are wrong; nothing was changed.

    The message says what was found, what was expected and how to mend it.
    """

    exit_code = BAD_INPUT
    title = "Bad input"


class PolicyInvalid(BadInput):
    """The policy has one or more faults; all of them are told at once."""

    title = "Invalid policy"

    def __init__(self, faults: list[BadInput]) -> None:
        super().__init__(faults[0].message, location=faults[0].location)
        self.faults = faults

    def __str__(self) -> str:
        return "\n".join(str(fault) for fault in self.faults)


class CouldNotDecide(SeatrialError):
    """Something that we depend on failed (a service, a child process, the disk); nothing was changed."""

    exit_code = COULD_NOT_DECIDE
    title = "Could not decide"
