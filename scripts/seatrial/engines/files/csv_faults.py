"""What is wrong with the bytes of a CSV file."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """What is wrong, for people, and on which line."""

    message: str
    line: int | None = None


class FaultFound(Exception):
    """Ends the look at a file."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.message)
        self.fault = fault
