"""Decision -> annotations on the lines of the policy that asked for what was not kept.

What lint found is annotated where it was found.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain, zip_longest
from typing import Literal

from seatrial.decision import LINT, Decision, Outcome
from seatrial.gates.lint.evidence import At, places_of
from seatrial.report import words
from seatrial.report.rows import Row, rows
from seatrial.report.text import command_data, command_property, plain

Level = Literal["error", "warning", "notice"]
MOST_PER_LEVEL = 10  # GitHub shows that many per step and level


@dataclass(frozen=True)
class Annotation:
    """One remark at a place of a file; plain text, not yet escaped for a command."""

    level: Level
    title: str
    message: str
    file: str | None = None
    line: int | None = None
    column: int | None = None


def annotations(decisions: Sequence[Decision]) -> list[Annotation]:
    """At most ten per level, worst first; the tenth says how many more there are.

    The checks of one column share a remark. Gates take turns, so that many columns hide no other gate.
    """
    found: dict[Level, list[Annotation]] = {"error": [], "warning": [], "notice": []}
    held = next((d.policy.no_pass for d in decisions if d.policy.no_pass), None)
    if held is not None:
        found["warning"].append(Annotation("warning", "Nothing passes here", plain(f"{held}.", 600)))
    remarks = [_of_gate(decision) for decision in decisions]
    for turn in zip_longest(*remarks):
        for one in turn:
            if one is not None:
                found[one.level].append(one)
    return [one for level in found.values() for one in _first(level)]


def _of_gate(decision: Decision) -> list[Annotation]:
    if decision.gate == LINT:
        return _of_lint(decision)
    grouped: dict[tuple[str, ...], list[Row]] = {}
    for entry in rows(decision):
        if entry.counts or entry.waiver or entry.check.warn:
            column = entry.check.column
            key = (entry.check.id,) if column is None else (column, _level(decision, entry))
            grouped.setdefault(key, []).append(entry)
    return [_annotation(decision, entries) for entries in grouped.values()]


def _of_lint(decision: Decision) -> list[Annotation]:
    """A remark per place. Checks take turns, so that many places of one hide no other."""
    told = [r for r in rows(decision) if r.counts or r.waiver or r.check.warn]
    remarks = []
    for entry in told:
        places = places_of(entry.check.evidence)
        whole = _annotation(decision, [entry])
        aside = f". Waived until {entry.waiver.until}: {entry.waiver.reason}" if entry.waiver else ""
        remarks.append([_at(whole, place, aside) for place in places] or [whole])
    return [one for one in chain.from_iterable(zip_longest(*remarks)) if one is not None]


def _at(whole: Annotation, place: At, aside: str) -> Annotation:
    """The remark on a check, moved to one of its places."""
    file, line = plain(place.file, 300), place.line
    return replace(whole, message=plain(place.what + aside, 600), file=file, line=line, column=None)


def _level(decision: Decision, entry: Row) -> Level:
    if decision.mode == "advisory" or entry.waiver:
        return "notice"
    if entry.check.outcome is Outcome.PASSED:
        return "warning"
    if entry.check.outcome is Outcome.FAILED:
        return "error"
    return "notice" if decision.inconclusive == "allow" else "warning"


def _annotation(decision: Decision, entries: Sequence[Row]) -> Annotation:
    """One remark on these checks, at the place of the first."""
    entry, place = entries[0], entries[0].check.location
    told = [part for each in entries for part in _told(each)]
    if decision.mode == "advisory" and not entry.waiver:
        told.append("Advisory: this blocks nothing.")
    name = entry.name
    if len(entries) > 1:
        name = f"{entry.check.column}: {', '.join(each.check.metric for each in entries)}"
    return Annotation(
        level=_level(decision, entry),
        title=plain(f"{words.gate_name(decision.gate)} {entry.verdict}: {name}", 120),
        message=plain(" ".join(part for part in told if part), 600 * min(len(entries), 3)),
        file=plain(place.file, 200) if place else None,
        line=place.line if place else None,
        column=place.column if place else None,
    )


def _told(entry: Row) -> list[str]:
    check = entry.check
    told = [f"{words.explain(check)}."]
    if check.outcome is Outcome.INCONCLUSIVE:
        told.append(words.power(check))
    if entry.waiver:
        told.append(f"Waived until {entry.waiver.until}: {entry.waiver.reason}")
    return told


def _first(found: list[Annotation]) -> list[Annotation]:
    if len(found) <= MOST_PER_LEVEL:
        return found
    more = len(found) - MOST_PER_LEVEL + 1
    rest = Annotation(found[0].level, f"{more} more", f"{more} more checks like these: see the job summary.")
    return [*found[: MOST_PER_LEVEL - 1], rest]


def command(one: Annotation) -> str:
    """The workflow command, `::error file=seatrial.yml,line=12,title=...::message`."""
    places = (("file", one.file), ("line", one.line), ("col", one.column), ("title", one.title))
    shown = ",".join(f"{key}={command_property(value)}" for key, value in places if value)
    return f"::{one.level} {shown}::{command_data(one.message)}"
