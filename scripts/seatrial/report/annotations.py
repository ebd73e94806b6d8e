"""Decision -> annotations on the lines of the policy that asked for what was not kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from seatrial.decision import Decision, Outcome
from seatrial.report import words
from seatrial.report.rows import Row, rows
from seatrial.report.text import command_data, command_property, plain

Level = Literal["error", "warning", "notice"]
MOST_PER_LEVEL = 10  # GitHub shows that many per step and level


@dataclass(frozen=True)
class Annotation:
    """One remark at a place of the policy; plain text, not yet escaped for a command."""

    level: Level
    title: str
    message: str
    file: str | None = None
    line: int | None = None
    column: int | None = None


def annotations(decisions: Sequence[Decision]) -> list[Annotation]:
    """At most ten per level, worst first; the tenth says how many more there are."""
    found: dict[Level, list[Annotation]] = {"error": [], "warning": [], "notice": []}
    for decision in decisions:
        for entry in rows(decision):
            if entry.counts or entry.waiver or entry.check.warn:
                one = _annotation(decision, entry)
                found[one.level].append(one)
    return [one for level in found.values() for one in _first(level)]


def _level(decision: Decision, entry: Row) -> Level:
    if decision.mode == "advisory" or entry.waiver or not entry.counts:
        return "notice"
    if entry.check.outcome is Outcome.FAILED:
        return "error"
    return "notice" if decision.inconclusive == "allow" else "warning"


def _annotation(decision: Decision, entry: Row) -> Annotation:
    check, place = entry.check, entry.check.location
    told = [f"{words.explain(check)}."]
    if check.outcome is Outcome.INCONCLUSIVE:
        told.append(words.power(check))
    if entry.waiver:
        told.append(f"Waived until {entry.waiver.until}: {entry.waiver.reason}")
    elif decision.mode == "advisory":
        told.append("Advisory: this blocks nothing.")
    return Annotation(
        level=_level(decision, entry),
        title=plain(f"{words.gate_name(decision.gate)} {entry.verdict}: {entry.name}", 120),
        message=plain(" ".join(part for part in told if part), 600),
        file=plain(place.file, 200) if place else None,
        line=place.line if place else None,
        column=place.column if place else None,
    )


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
