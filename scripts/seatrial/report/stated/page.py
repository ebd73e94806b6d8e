"""A gate of stated checks on the report page: plain objects for the template."""

from collections.abc import Sequence
from dataclasses import dataclass

from seatrial.report import text
from seatrial.report.rows import Row
from seatrial.report.stated import wording
from seatrial.report.stated.reading import Behind, behind

MOST = 300
MOST_OPEN = 60  # checks; of more those that passed are folded
LONGEST_NAME = 120


@dataclass(frozen=True)
class Line:
    """One check."""

    entry: Row
    label: str
    found: str
    accepted: str
    behind: Behind


@dataclass(frozen=True)
class View:
    """The gate. more: how many checks are not shown."""

    lines: list[Line]
    folded: list[Line]
    more: int


def view(entries: Sequence[Row]) -> View:
    """The rows of the gate for the template."""
    shown = entries[:MOST]
    open_ = len(shown) if len(shown) <= MOST_OPEN else sum(e.counts or e.check.warn for e in shown)
    lines = [_line(entry) for entry in shown]
    return View(lines[:open_], lines[open_:], len(entries) - len(shown))


def _line(entry: Row) -> Line:
    check = entry.check
    name = text.html(wording.label(check), LONGEST_NAME)
    return Line(entry, name, wording.found(check), wording.accepted(check), behind(check))
