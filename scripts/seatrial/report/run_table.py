"""What a run of several models and gates came to, on one screen: a line for each gate of each model."""

from collections.abc import Sequence
from dataclasses import dataclass

from seatrial.decision import Decision, Verdict, exit_code
from seatrial.report import words
from seatrial.report.text import code, markdown, plain
from seatrial.text import counted

MARKS = {Verdict.PASSED: "✅", Verdict.FAILED: "❌", Verdict.INCONCLUSIVE: "⚠️"}
MISSING = "⛔"
LONGEST = 300


@dataclass(frozen=True)
class Line:
    """One gate of one model. decision: None where there is none that counts; wrong: why it is no pass."""

    model: str
    gate: str
    decision: Decision | None
    wrong: str | None


def summary(lines: Sequence[Line], faults: Sequence[str]) -> str:
    """The table as Markdown, the verdict first."""
    whole = not faults and all(line.wrong is None for line in lines)
    head = "✅ Every planned gate lets this change through" if whole else "❌ This change is not let through"
    parts = [f"## {head}"]
    if lines:
        rows = [f"| {code(line.model)} | {_gate(line)} | {_verdict(line)} | {_why(line)} |" for line in lines]
        parts.append("\n".join(["| model | gate | verdict | why |", "|---|---|---|---|", *rows]))
    if faults:
        parts.append("\n".join(f"- {markdown(fault, LONGEST)}" for fault in faults))
    return "\n\n".join(parts)


def in_a_line(lines: Sequence[Line], faults: Sequence[str]) -> str:
    """How much of it is no pass; the faults are of jobs, of which one can fail without a gate."""
    wrong = sum(line.wrong is not None for line in lines)
    if wrong:
        return f"{wrong} of {counted(len(lines), 'planned gate')} did not pass"
    if faults:
        return f"{counted(len(faults), 'job')} did not end as planned"
    if not lines:
        return "no gate was planned"
    if len(lines) == 1:
        return "the one planned gate lets this change through"
    return f"all {len(lines)} planned gates let this change through"


def terminal(lines: Sequence[Line]) -> list[str]:
    """The same as plain lines."""
    return [plain(f"{line.model}  {line.gate}  {_plain_verdict(line)}", LONGEST) for line in lines]


def _gate(line: Line) -> str:
    return markdown(words.gate_name(line.gate))


def _verdict(line: Line) -> str:
    if line.decision is None:
        return f"{MISSING} none"
    mark = MARKS[line.decision.verdict]
    shown_only = line.decision.verdict is not Verdict.PASSED and exit_code(line.decision) == 0
    return f"{mark} {line.decision.verdict}" + (", let through by the policy" if shown_only else "")


def _why(line: Line) -> str:
    if line.decision is None:
        return markdown(line.wrong or "", LONGEST)
    return markdown(words.why((line.decision,)), LONGEST)


def _plain_verdict(line: Line) -> str:
    return line.wrong or "" if line.decision is None else str(line.decision.verdict)
