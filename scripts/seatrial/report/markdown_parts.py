"""What the gates share in Markdown: how much is told, marks, waivers, folds."""

from collections.abc import Sequence
from dataclasses import dataclass

from seatrial.decision import Decision, Outcome
from seatrial.report import numbers, words
from seatrial.report.rows import Row, boundless
from seatrial.report.text import code, markdown

MARKS = {
    Outcome.PASSED: "✅",
    Outcome.FAILED: "❌",
    Outcome.INCONCLUSIVE: "⚠️",
    Outcome.ERROR: "⚠️",
    Outcome.SKIPPED: "\u2796",
}
WAIVED, WARNED = "⚖️", "🟡"


@dataclass(frozen=True)
class Detail:
    """How much is told, in rows per gate."""

    passed_slices: int
    passed: int
    against: int
    gates: int = 50
    text: int = 120


def named(entry: Row, detail: Detail) -> str:
    part = f" {markdown(entry.slice, detail.text)}" if entry.slice else ""
    return code(entry.metric, detail.text) + part


def mark(entry: Row) -> str:
    """One sign for how a check stands."""
    if entry.waiver:
        return WAIVED
    warned = entry.check.outcome is Outcome.PASSED and entry.check.warn
    return WARNED if warned else MARKS[entry.check.outcome]


def verdict(entry: Row, detail: Detail, *, reason: bool = True) -> str:
    """Mark and words. reason: with why it was not measured or skipped, where no other cell tells it."""
    words_ = markdown(entry.verdict, 80)
    strong = f"**{words_}**" if entry.counts else words_
    silent = entry.check.outcome in (Outcome.ERROR, Outcome.SKIPPED)
    aside = entry.check.reason if reason and silent else None
    return f"{mark(entry)} {strong}" + (f": {markdown(aside, detail.text)}" if aside else "")


def undecided(entries: Sequence[Row], detail: Detail) -> str:
    """Per undecided check: what would decide it."""
    lines = []
    for entry in entries:
        if entry.check.outcome is not Outcome.INCONCLUSIVE:
            continue
        bare = boundless(entry.check) and entry.check.reason
        reason = f" {markdown(entry.check.reason, 200)}." if bare else ""
        told = markdown(words.power(entry.check), 240)
        if told or reason:
            lines.append(f"- {named(entry, detail)}:{reason} {told}".rstrip())
    return "\n".join(lines[:50])


def waivers(decision: Decision, detail: Detail) -> str:
    return "\n".join(
        f"- {WAIVED} {code(w.check, detail.text)} is waived until {markdown(w.until, 20)}: "
        f"{markdown(w.reason, 200)}"
        for w in decision.waivers[:20]
    )


def fold(title: str, body: str) -> str:
    return f"<details><summary>{title}</summary>\n\n{body}\n\n</details>"


def left_out(count: int, what: str) -> str:
    return f"{numbers.count(count)} {what}{'s' if count != 1 else ''} left out"
