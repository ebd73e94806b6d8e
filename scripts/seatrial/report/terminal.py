"""Decisions -> an aligned table for a terminal or a CI log. Plain unless colour is asked for."""

from collections.abc import Sequence

from seatrial.decision import Decision, Outcome, Verdict, overall
from seatrial.report import words
from seatrial.report.context import NOTHING, Context
from seatrial.report.data import terminal as data
from seatrial.report.data.reading import GATE
from seatrial.report.rows import NONE, Row, boundless, rows, sliced, tally, whole
from seatrial.report.stated import terminal as stated
from seatrial.report.stated.reading import GATES as STATED
from seatrial.report.terminal_table import closing, heading, waived
from seatrial.report.terminal_text import COLOURS, GAP, cut, cut_name, pad, paint, width_of, wrap
from seatrial.report.text import plain

_VERDICTS = {Verdict.PASSED: "1;32", Verdict.FAILED: "1;31", Verdict.INCONCLUSIVE: "1;33"}
_HEAD = ("metric", "rows", "baseline", "candidate", "difference", "interval", "limit", "verdict")
_NUMERIC = frozenset({1, 2, 3, 4, 5})
_LAST = len(_HEAD) - 1
_FIRST_TO_GO = (1, 2, 4, 5)  # columns that a narrow terminal does without
NARROWEST = 16


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
        paint(f"{verdict.value.upper()}", _VERDICTS[verdict], colour) + f"  {names}",
        *wrap(plain(words.why(decisions), 600), width),
        *(plain(sentence, 200) for sentence in words.bite(decisions)),
    ]
    if context.outdated:
        lines.append("Outdated: the branch has moved on since this commit was judged.")
    lines += _policies(context, width)
    for decision in decisions:
        if decision.gate == GATE:
            lines += ["", *data.gate(decision, rows(decision), colour=colour, width=width, groups=groups)]
        elif decision.gate in STATED:
            lines += ["", *stated.gate(decision, rows(decision), colour=colour, width=width)]
        else:
            lines += ["", *_gate(decision, colour, width, groups, passed_slices)]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _policies(context: Context, width: int) -> list[str]:
    """What is to be said of the policy that counts, and what the proposed one would say."""
    told = [plain(context.policy_note or "", 400)]
    if context.other:
        verdict = overall(d.verdict for d in context.other)
        told.append(
            f"Under the policy that this change proposes it would be {verdict.value} (shown, not counted): "
            + plain(words.why(context.other), 400)
        )
    return [line for sentence in told if sentence for line in wrap(sentence, width)]


def _gate(decision: Decision, colour: bool, width: int, groups: bool, passed_slices: int) -> list[str]:
    found = rows(decision)
    loud = [r for r in sliced(found) if r.counts or r.waiver]
    quiet = [r for r in sliced(found) if not r.counts and not r.waiver]
    lines = [
        *heading(decision, tally(found), colour=colour, width=width),
        *_grid(whole(found) + loud, colour, width),
    ]
    for entry in whole(found) + loud:
        told = words.power(entry.check) if entry.check.outcome is Outcome.INCONCLUSIVE else ""
        reason = entry.check.reason if boundless(entry.check) else None
        note = plain(". ".join(part for part in (reason, told) if part), 300)
        if note:
            lines += wrap(f"{plain(words.subject_of(entry.check), 60)}: {note}", width, "  ")
    lines += waived(decision, width)
    if quiet and groups:
        lines += [f"::group::{tally(quiet)} slices", *_grid(quiet, colour, width), "::endgroup::"]
    elif quiet:
        lines += _grid(quiet[:passed_slices], colour, width) if passed_slices else []
        lines += [f"  slices not listed: {tally(quiet[passed_slices:])}"] if quiet[passed_slices:] else []
    return [*lines, *closing(decision, colour=colour, width=width)]


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
        spare = width - 2 - sum(widths[i] + len(GAP) for i in kept) + len(GAP)
        if column is None or widths[0] + spare >= min(widths[0], 2 * NARROWEST):
            break
        kept = [i for i in kept if i != column]
    if spare < 0:
        widths[0] = max(NARROWEST, widths[0] + spare)
    lines = ["  " + paint(GAP.join(_cell(_HEAD[i], widths[i], i) for i in kept).rstrip(), "2", colour)]
    for entry, row in zip(entries, body, strict=True):
        cells = [_cell(row[i], widths[i], i) for i in kept]
        cells[-1] = paint(cells[-1].rstrip(), COLOURS[entry.check.outcome], colour)
        lines.append("  " + GAP.join(cells))
    return lines


def _cell(text: str, width: int, column: int) -> str:
    fitted = cut_name(text, width) if column == 0 else cut(text, width)
    return pad(fitted, width, right=column in _NUMERIC)
