"""The data gate in a terminal or a log: what stands out, and where it can be folded a line per column."""

from collections.abc import Sequence

from seatrial.decision import Decision, Outcome, digest
from seatrial.report import numbers, words
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
from seatrial.report.terminal_text import COLOURS, GAP, cut, cut_name, pad, paint, width_of, wrap
from seatrial.report.text import plain

MOST_LINES = 100  # of what stands out
WIDEST = (32, 24, 16)  # column, check, limit
HEAD = ("column", "check", "limit", "verdict")


def gate(decision: Decision, entries: list[Row], *, colour: bool, width: int, groups: bool) -> list[str]:
    """The gate's lines. groups: fold what passed with GitHub's ::group:: lines."""
    loud, found = standing_out(entries), columns(entries)
    quiet = [entry for entry in whole(entries) if not stands_out(entry)]
    head = f"{plain(words.gate_name(decision.gate), 40)}: {decision.verdict.value} ({tally(entries)})"
    lines = [paint(line, "1", colour) for line in wrap(head, width)]
    lines += _table(loud[:MOST_LINES], colour, width)
    if len(loud) > MOST_LINES:
        lines += wrap(f"{numbers.count(len(loud) - MOST_LINES)} more: the report names them", width, "  ")
    for waiver in decision.waivers:
        told = (
            f"waived until {plain(waiver.until, 20)}: {plain(waiver.check, 80)}: {plain(waiver.reason, 200)}"
        )
        lines += wrap(told, width, "  ")
    folded = [
        (f"columns: {tally_of_columns(found)}", [_column(column, width) for column in found]),
        (f"the data as a whole: {tally(quiet)}", _table(quiet, colour, width)),
    ]
    for title, inside in folded:
        if inside and groups:
            lines += [f"::group::{title}", *inside, "::endgroup::"]
        elif inside:
            lines += wrap(title, width, "  ")
    lines += [line for note in decision.notes for line in wrap(plain(note, 300), width, "  ")]
    lines.append(paint(f"  Decision {digest(decision)[:12]}, seed {decision.seed}", "2", colour))
    return lines


def _column(column: Column, width: int) -> str:
    name = cut_name(plain(column.name, 200), WIDEST[0])
    told = [pad(name, WIDEST[0]), column.tally, plain(column.drift, 80)]
    return cut("  " + GAP.join(part for part in told if part), width)


def _table(entries: Sequence[Row], colour: bool, width: int) -> list[str]:
    """A line per check, and below it what was found."""
    if not entries:
        return []
    cells = [_cells(entry) for entry in entries]
    widths = [min(most, max(width_of(row[i]) for row in [HEAD, *cells])) for i, most in enumerate(WIDEST)]
    over = sum(widths) + 2 + len(GAP) * len(WIDEST) + max(width_of(row[-1]) for row in [HEAD, *cells]) - width
    widths[0] = max(8, widths[0] - max(0, over))
    lines = ["  " + paint(_line(HEAD, widths), "2", colour)]
    for entry, row in zip(entries, cells, strict=True):
        head = _line(row[:-1], widths) + GAP
        lines.append("  " + head + paint(row[-1], COLOURS[entry.check.outcome], colour))
        power = words.power(entry.check) if entry.check.outcome is Outcome.INCONCLUSIVE else ""
        found = plain(f"{wording.found(entry.check)} {power}", 600)
        lines += wrap(found, width, "    ") if found else []
    return lines


def _cells(entry: Row) -> tuple[str, ...]:
    check = entry.check
    told = (
        check.column if check.column is not None else NONE,
        wording.label(check),
        wording.limit(check) or NONE,
    )
    return tuple(plain(value, 200) for value in (*told, entry.verdict))


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    fitted = [pad(cut_name(cell, width), width) for cell, width in zip(row, widths, strict=False)]
    return GAP.join([*fitted, *row[len(widths) :]])
