"""A gate of stated checks in a terminal or a log: a line per check, and below it what was found."""

from collections.abc import Sequence

from seatrial.decision import Decision, Outcome, digest
from seatrial.report import numbers, words
from seatrial.report.rows import NONE, Row, tally
from seatrial.report.stated import wording
from seatrial.report.stated.reading import behind
from seatrial.report.terminal_text import COLOURS, GAP, cut, cut_name, pad, paint, width_of, wrap
from seatrial.report.text import plain

MOST_LINES = 100
WIDEST = (36, 40)  # check, accepted
HEAD = ("check", "accepted", "verdict")


def gate(decision: Decision, entries: list[Row], *, colour: bool, width: int) -> list[str]:
    """The gate's lines."""
    head = f"{plain(words.gate_name(decision.gate), 40)}: {decision.verdict.value} ({tally(entries)})"
    lines = [paint(line, "1", colour) for line in wrap(head, width)]
    lines += _table(entries[:MOST_LINES], colour, width)
    if len(entries) > MOST_LINES:
        lines += wrap(f"{numbers.count(len(entries) - MOST_LINES)} more: the report names them", width, "  ")
    for waiver in decision.waivers:
        told = (
            f"waived until {plain(waiver.until, 20)}: {plain(waiver.check, 80)}: {plain(waiver.reason, 200)}"
        )
        lines += wrap(told, width, "  ")
    lines += [line for note in decision.notes for line in wrap(plain(note, 300), width, "  ")]
    lines.append(paint(f"  Decision {digest(decision)[:12]}, seed {decision.seed}", "2", colour))
    return lines


def _table(entries: Sequence[Row], colour: bool, width: int) -> list[str]:
    if not entries:
        return []
    cells = [_cells(entry) for entry in entries]
    widths = [min(most, max(width_of(row[i]) for row in [HEAD, *cells])) for i, most in enumerate(WIDEST)]
    over = sum(widths) + 2 + len(GAP) * len(WIDEST) + max(width_of(row[-1]) for row in [HEAD, *cells]) - width
    widths[1] = max(8, widths[1] - max(0, over))
    lines = ["  " + paint(_line(HEAD, widths), "2", colour)]
    for entry, row in zip(entries, cells, strict=True):
        head = _line(row[:-1], widths) + GAP
        lines.append("  " + head + paint(row[-1], COLOURS[entry.check.outcome], colour))
        power = words.power(entry.check) if entry.check.outcome is Outcome.INCONCLUSIVE else ""
        told = (f"{wording.found(entry.check)}.", power) if power else (wording.found(entry.check),)
        lines += wrap(plain(" ".join(told), 600), width, "    ")
        if entry.counts or entry.check.warn:
            found = behind(entry.check)
            lines += [cut(f"    {plain(place, 400)}", width) for place in found.places]
            lines += [f"    {numbers.count(found.more)} more"] if found.more else []
            lines += [cut(f"    > {plain(line, 400)}", width) for line in found.log]
    return lines


def _cells(entry: Row) -> tuple[str, ...]:
    told = (wording.label(entry.check), wording.accepted(entry.check) or NONE, entry.verdict)
    return tuple(plain(value, 200) for value in told)


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    fitted = [pad(cut_name(cell, width), width) for cell, width in zip(row, widths, strict=False)]
    return GAP.join([*fitted, *row[len(widths) :]])
