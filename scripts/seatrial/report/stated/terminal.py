"""A gate of stated checks in a terminal or a log: a line per check, and below it what was found."""

from seatrial.decision import Decision, Outcome
from seatrial.report import numbers, words
from seatrial.report.rows import NONE, Row, tally
from seatrial.report.stated import wording
from seatrial.report.stated.reading import behind
from seatrial.report.terminal_table import Table, closing, heading, waived
from seatrial.report.terminal_text import cut, wrap
from seatrial.report.text import plain


def gate(decision: Decision, entries: list[Row], *, colour: bool, width: int) -> list[str]:
    """The gate's lines."""
    return [
        *heading(decision, tally(entries), colour=colour, width=width),
        *_TABLE.first(entries, colour=colour, width=width),
        *waived(decision, width),
        *closing(decision, colour=colour, width=width),
    ]


def _cells(entry: Row) -> tuple[str, ...]:
    return wording.label(entry.check), wording.accepted(entry.check) or NONE, entry.verdict


def _below(entry: Row, width: int) -> list[str]:
    power = words.power(entry.check) if entry.check.outcome is Outcome.INCONCLUSIVE else ""
    told = (f"{wording.found(entry.check)}.", power) if power else (wording.found(entry.check),)
    lines = wrap(plain(" ".join(told), 600), width, "    ")
    if entry.counts or entry.check.warn:
        found = behind(entry.check)
        lines += [cut(f"    {plain(place, 400)}", width) for place in found.places]
        lines += [f"    {numbers.count(found.more)} more"] if found.more else []
        lines += [cut(f"    > {plain(line, 400)}", width) for line in found.log]
    return lines


_TABLE = Table(("check", "accepted", "verdict"), (36, 40), 1, _cells, _below)
