"""Stated checks in words: what was found, what is accepted, and the sentence that says it. Plain text."""

from seatrial.decision import LINT, Check, Outcome
from seatrial.gates.lint.judging import accepted as accepted_of_lint
from seatrial.gates.training.judging import accepted as accepted_of_training
from seatrial.report.stated.reading import gate_of


def label(check: Check) -> str:
    """The check's name within its gate: smoke/model; ruff check ."""
    return check.metric


def found(check: Check) -> str:
    """What was found, for a cell of a table."""
    if check.outcome is Outcome.SKIPPED:
        return f"skipped: {check.reason or 'no reason given'}"
    return check.reason or "nothing was told"


def accepted(check: Check) -> str:
    """What the policy accepts, for a cell of a table."""
    return (accepted_of_lint if gate_of(check) == LINT else accepted_of_training)(check)


def sentence(check: Check) -> str:
    """What became of the check, in one sentence without its full stop: by its id, as a waiver names it."""
    name, reason = check.id, (check.reason or "").strip().rstrip(".")
    if check.outcome is Outcome.SKIPPED:
        return f"{name} was skipped: {reason or 'no reason given'}"
    if check.outcome is Outcome.ERROR:
        return f"{name} could not be told: {reason or 'no reason given'}"
    word = {Outcome.PASSED: "passed", Outcome.FAILED: "failed"}.get(check.outcome, "is undecided")
    word = "passed with a warning" if check.warn and check.outcome is Outcome.PASSED else word
    return f"{name} {word}" + (f": {reason}" if reason else "")
