"""The data gate in a terminal or a log: what stands out, and where it can be folded a line per column."""

from seatrial.decision import Decision, Outcome
from seatrial.report import words
from seatrial.report.data import wording
from seatrial.report.data.rows import (
    Column,
    columns,
    standing_out,
    stands_out,
    tally,
    tally_of_columns,
    whole,
)
from seatrial.report.rows import NONE, Row
from seatrial.report.terminal_table import Table, closing, heading, waived
from seatrial.report.terminal_text import GAP, cut, cut_name, pad, wrap
from seatrial.report.text import plain

WIDEST = (32, 24, 16)  # column, check, limit


def gate(decision: Decision, entries: list[Row], *, colour: bool, width: int, groups: bool) -> list[str]:
    """The gate's lines. groups: fold what passed with GitHub's ::group:: lines."""
    loud, found = standing_out(entries), columns(entries)
    quiet = [entry for entry in whole(entries) if not stands_out(entry)]
    lines = [
        *heading(decision, tally(entries), colour=colour, width=width),
        *_TABLE.first(loud, colour=colour, width=width),
        *waived(decision, width),
    ]
    folded = [
        (f"columns: {tally_of_columns(found)}", [_column(column, width) for column in found]),
        (f"the data as a whole: {tally(quiet)}", _TABLE.lines(quiet, colour=colour, width=width)),
    ]
    for title, inside in folded:
        if inside and groups:
            lines += [f"::group::{title}", *inside, "::endgroup::"]
        elif inside:
            lines += wrap(title, width, "  ")
    return [*lines, *closing(decision, colour=colour, width=width)]


def _column(column: Column, width: int) -> str:
    name = cut_name(plain(column.name, 200), WIDEST[0])
    told = [pad(name, WIDEST[0]), column.tally, plain(column.drift, 80)]
    return cut("  " + GAP.join(part for part in told if part), width)


def _cells(entry: Row) -> tuple[str, ...]:
    check = entry.check
    column = check.column if check.column is not None else NONE
    return column, wording.label(check), wording.limit(check) or NONE, entry.verdict


def _below(entry: Row, width: int) -> list[str]:
    power = words.power(entry.check) if entry.check.outcome is Outcome.INCONCLUSIVE else ""
    found = plain(f"{wording.found(entry.check)} {power}", 600)
    return wrap(found, width, "    ") if found else []


_TABLE = Table(("column", "check", "limit", "verdict"), WIDEST, 0, _cells, _below)
