"""A table of checks in a terminal or a log, with what was found below each line, and the lines around it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from seatrial.decision import Decision, digest
from seatrial.report import numbers, words
from seatrial.report.rows import Row
from seatrial.report.terminal_text import COLOURS, GAP, cut_name, pad, paint, width_of, wrap
from seatrial.report.text import plain

MOST_LINES = 100
_NARROWEST = 8


@dataclass(frozen=True)
class Table:
    """head: of the columns, the verdict last. widest: of those before it. gives: which of them gives way.

    cells: of a row. below: the lines under it, within a width.
    """

    head: Sequence[str]
    widest: Sequence[int]
    gives: int
    cells: Callable[[Row], tuple[str, ...]]
    below: Callable[[Row, int], list[str]]

    def lines(self, entries: Sequence[Row], *, colour: bool, width: int) -> list[str]:
        """The head, a line per check, and below it what was found; nothing where there are none."""
        if not entries:
            return []
        cells = [tuple(plain(cell, 200) for cell in self.cells(entry)) for entry in entries]
        rows = [tuple(self.head), *cells]
        widths = [min(most, max(width_of(row[i]) for row in rows)) for i, most in enumerate(self.widest)]
        verdicts = max(width_of(row[-1]) for row in rows)
        over = sum(widths) + 2 + len(GAP) * len(widths) + verdicts - width
        widths[self.gives] = max(_NARROWEST, widths[self.gives] - max(0, over))
        lines = ["  " + paint(_line(self.head, widths), "2", colour)]
        for entry, row in zip(entries, cells, strict=True):
            verdict = paint(row[-1], COLOURS[entry.check.outcome], colour)
            lines.append("  " + _line(row[:-1], widths) + GAP + verdict)
            lines += self.below(entry, width)
        return lines

    def first(self, entries: Sequence[Row], *, colour: bool, width: int) -> list[str]:
        """The first of them, and how many more there are."""
        lines = self.lines(entries[:MOST_LINES], colour=colour, width=width)
        more = len(entries) - MOST_LINES
        told = f"{numbers.count(more)} more: the report names them"
        return [*lines, *wrap(told, width, "  ")] if more > 0 else lines


def heading(decision: Decision, counts: str, *, colour: bool, width: int) -> list[str]:
    """The gate, its verdict, and how many checks ended how."""
    head = f"{plain(words.gate_name(decision.gate), 40)}: {decision.verdict.value} ({counts})"
    return [paint(line, "1", colour) for line in wrap(head, width)]


def waived(decision: Decision, width: int) -> list[str]:
    """The waivers that count."""
    told = (
        f"waived until {plain(each.until, 20)}: {plain(each.check, 80)}: {plain(each.reason, 200)}"
        for each in decision.waivers
    )
    return [line for waiver in told for line in wrap(waiver, width, "  ")]


def closing(decision: Decision, *, colour: bool, width: int) -> list[str]:
    """What a reader should know of the Decision, and its id."""
    notes = [line for note in decision.notes for line in wrap(plain(note, 300), width, "  ")]
    return [*notes, paint(f"  Decision {digest(decision)[:12]}, seed {decision.seed}", "2", colour)]


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    fitted = [pad(cut_name(cell, width), width) for cell, width in zip(row, widths, strict=False)]
    return GAP.join([*fitted, *row[len(widths) :]])
