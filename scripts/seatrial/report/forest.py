"""A forest plot in one line of text: every interval of a table on the same scale."""

from collections.abc import Sequence
from dataclasses import dataclass

from seatrial.report.rows import Row, bound, compares

WIDTH = 25
EMPTY, BAR, POINT, LIMIT, ZERO, LEFT, RIGHT = "\u00a0", "─", "●", "┊", "│", "◂", "▸"


@dataclass(frozen=True)
class Scale:
    """From values to columns. Values beyond the ends stick to them."""

    low: float
    high: float
    width: int = WIDTH

    def column(self, value: float) -> int:
        share = (value - self.low) / (self.high - self.low)
        return max(0, min(self.width - 1, round(share * (self.width - 1))))


def point(entry: Row) -> float | None:
    """What the interval is around: the difference where the limit is on it, else the value."""
    return entry.check.difference if compares(entry.check) else entry.check.value


def scale(entries: Sequence[Row], width: int = WIDTH) -> Scale | None:
    """One scale for the rows of one metric and one kind of limit; None where nothing can be drawn."""
    known: list[float] = []
    for entry in entries:
        ends = entry.check.interval
        middle = point(entry)
        if ends is None or middle is None:
            continue
        known += [v for v in (ends.low, ends.high, middle, bound(entry.check)) if v is not None]
        if compares(entry.check):
            known.append(0.0)
    if not known or min(known) == max(known):
        return None
    return Scale(min(known), max(known), width)


def line(entry: Row, on: Scale | None) -> str:
    """`┊  │──●───` with ─ for the interval, ● the estimate, ┊ the limit, │ no difference."""
    ends, middle = entry.check.interval, point(entry)
    if on is None or ends is None or middle is None:
        return ""
    cells = [EMPTY] * on.width
    if compares(entry.check):
        cells[on.column(0.0)] = ZERO
    left = on.column(on.low if ends.low is None else ends.low)
    right = on.column(on.high if ends.high is None else ends.high)
    for i in range(left, right + 1):
        cells[i] = BAR
    if ends.low is None:
        cells[left] = LEFT
    if ends.high is None:
        cells[right] = RIGHT
    edge = bound(entry.check)
    if edge is not None:
        cells[on.column(edge)] = LIMIT
    cells[on.column(middle)] = POINT
    return "".join(cells)
