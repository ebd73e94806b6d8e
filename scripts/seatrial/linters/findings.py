"""What a linter says: a file, a line where there is one, and a sentence without its full stop."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong. file: its path in the checkout; line counts from 1."""

    file: str
    line: int | None
    what: str


def line_of(data: bytes, position: int) -> int:
    """The line on which this byte stands."""
    return data.count(b"\n", 0, position) + 1
