"""Decisions -> an aligned table for a terminal or a CI log. Plain unless colour is asked for."""

import unicodedata
from collections.abc import Sequence

from seatrial.decision import Decision, Outcome, Verdict, digest, overall
from seatrial.report import words
from seatrial.report.context import NOTHING, Context
from seatrial.report.rows import NONE, Row, rows, sliced, tally, whole
from seatrial.report.text import ELLIPSIS, plain

_COLOURS = {
    Outcome.PASSED: "32",
    Outcome.FAILED: "31",
    Outcome.INCONCLUSIVE: "33",
    Outcome.ERROR: "33",
    Outcome.SKIPPED: "2",
}
_VERDICTS = {Verdict.PASSED: "1;32", Verdict.FAILED: "1;31", Verdict.INCONCLUSIVE: "1;33"}
_HEAD = ("metric", "rows", "baseline", "candidate", "difference", "interval", "limit", "verdict")
_NUMERIC = frozenset({1, 2, 3, 4, 5})
_LAST = len(_HEAD) - 1
_FIRST_TO_GO = (1, 2, 4, 5)  # columns that a narrow terminal does without
NARROWEST = 16
_GAP = "  "


def width_of(text: str) -> int:
    """Columns on a terminal: two for East Asian wide characters, none for combining marks (UAX #11)."""
    return sum(
        0 if unicodedata.combining(c) or unicodedata.category(c) in ("Mn", "Me", "Cf")
        else 2 if unicodedata.east_asian_width(c) in "WF"
        else 1
        for c in text
    )  # fmt: skip


def cut(text: str, width: int) -> str:
    """The text in at most `width` columns."""
    if width_of(text) <= width:
        return text
    out = ""
    for char in text:
        if width_of(out + char) > width - 1:
            break
        out += char
    return out + ELLIPSIS


def _cut_name(text: str, width: int) -> str:
    """A metric and slice in `width` columns: the end, which tells slices apart, stays longest."""
    if width_of(text) <= width:
        return text
    end = ""
    for char in reversed(text):
        if width_of(char + end) > max(1, (width - 1) * 2 // 3):
            break
        end = char + end
    return cut(text, width - width_of(end)) + end


def _pad(text: str, width: int, *, right: bool) -> str:
    fill = " " * max(0, width - width_of(text))
    return fill + text if right else text + fill


def _paint(text: str, code: str, colour: bool) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if colour else text


def table(
    decisions: Sequence[Decision],
    context: Context = NOTHING,
    *,
    colour: bool = False,
    width: int = 100,
    groups: bool = False,
    passed_slices: int = 0,
) -> str:
    """The whole report as text ending in a line break.

    groups: fold the slices with GitHub's ::group:: lines. passed_slices: how many of the
    slices that passed are listed when they are not folded.
    """
    verdict = overall(d.verdict for d in decisions)
    names = ", ".join(dict.fromkeys(plain(d.model.name, 60) for d in decisions)) or "no gate ran"
    lines = [
        _paint(f"{verdict.value.upper()}", _VERDICTS[verdict], colour) + f"  {names}",
        *_wrap(plain(words.why(decisions), 600), width),
        *(plain(sentence, 200) for sentence in words.bite(decisions)),
    ]
    if context.outdated:
        lines.append("Outdated: the branch has moved on since this commit was judged.")
    for decision in decisions:
        lines += ["", *_gate(decision, colour, width, groups, passed_slices)]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _gate(decision: Decision, colour: bool, width: int, groups: bool, passed_slices: int) -> list[str]:
    found = rows(decision)
    loud = [r for r in sliced(found) if r.counts or r.waiver]
    quiet = [r for r in sliced(found) if not r.counts and not r.waiver]
    head = f"{plain(words.gate_name(decision.gate), 40)}: {decision.verdict.value} ({tally(found)})"
    lines = [
        *(_paint(line, "1", colour) for line in _wrap(head, width)),
        *_grid(whole(found) + loud, colour, width),
    ]
    for entry in whole(found) + loud:
        told = words.power(entry.check) if entry.check.outcome is Outcome.INCONCLUSIVE else ""
        reason = entry.check.reason if entry.check.interval is None else None
        note = plain(" ".join(part for part in (reason, told) if part), 300)
        if note:
            lines += _wrap(f"{plain(words.subject_of(entry.check), 60)}: {note}", width, "  ")
    for waiver in decision.waivers:
        lines += _wrap(
            f"waived until {plain(waiver.until, 20)}: {plain(waiver.check, 80)}: {plain(waiver.reason, 200)}",
            width,
            "  ",
        )
    if quiet and groups:
        lines += [f"::group::{tally(quiet)} slices", *_grid(quiet, colour, width), "::endgroup::"]
    elif quiet:
        lines += _grid(quiet[:passed_slices], colour, width) if passed_slices else []
        lines += [f"  slices not listed: {tally(quiet[passed_slices:])}"] if quiet[passed_slices:] else []
    lines += [line for note in decision.notes for line in _wrap(plain(note, 300), width, "  ")]
    lines.append(_paint(f"  Decision {digest(decision)[:12]}, seed {decision.seed}", "2", colour))
    return lines


def _cells(entry: Row) -> tuple[str, ...]:
    values = (entry.name, entry.n, entry.baseline, entry.value, entry.change, entry.interval, entry.limit)
    return tuple(plain(value, 80) for value in (*values, entry.verdict))


def _grid(entries: Sequence[Row], colour: bool, width: int) -> list[str]:
    if not entries:
        return []
    body = [_cells(entry) for entry in entries]
    kept = [i for i in range(len(_HEAD)) if i in (0, _LAST) or any(row[i] != NONE for row in body)]
    widths = {i: max(width_of(row[i]) for row in [_HEAD, *body]) for i in kept}
    for column in (*_FIRST_TO_GO, None):
        spare = width - 2 - sum(widths[i] + len(_GAP) for i in kept) + len(_GAP)
        if column is None or widths[0] + spare >= min(widths[0], 2 * NARROWEST):
            break
        kept = [i for i in kept if i != column]
    if spare < 0:
        widths[0] = max(NARROWEST, widths[0] + spare)
    lines = ["  " + _paint(_GAP.join(_cell(_HEAD[i], widths[i], i) for i in kept).rstrip(), "2", colour)]
    for entry, row in zip(entries, body, strict=True):
        cells = [_cell(row[i], widths[i], i) for i in kept]
        cells[-1] = _paint(cells[-1].rstrip(), _COLOURS[entry.check.outcome], colour)
        lines.append("  " + _GAP.join(cells))
    return lines


def _cell(text: str, width: int, column: int) -> str:
    fitted = _cut_name(text, width) if column == 0 else cut(text, width)
    return _pad(fitted, width, right=column in _NUMERIC)


def _wrap(text: str, width: int, indent: str = "") -> list[str]:
    """Lines of at most `width` columns, broken at spaces; the runner's commands cannot start one."""
    lines, line = [], ""
    for word in text.split(" "):
        if line and width_of(indent + line + " " + word) > width:
            lines.append(indent + plain(line, 1_000))
            line = word
        else:
            line = f"{line} {word}" if line else word
    return [*lines, indent + plain(line, 1_000)]
