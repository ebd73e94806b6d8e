"""From counts to outcomes: the only place where a check of the data gate is decided.

Pure, and from a check's own evidence alone, so that `seatrial judge` can do it again.
Whole files are read, so a count is exact and has no interval; what no row could tell is inconclusive.
"""

from collections.abc import Mapping, Sequence

from pydantic import JsonValue

from seatrial.decision import Check, Limit, Outcome
from seatrial.gates.data.asking import Question
from seatrial.gates.data.measures import Answer, Facts

Evidence = Mapping[str, JsonValue]


def check(question: Question, facts: Mapping[str, Facts], answers: Mapping[str, Answer]) -> Check:
    """The check that answers a question. answers: by source."""
    parts: list[JsonValue] = [_part(name, facts[name], answers[name]) for name in question.of]
    base = Check(
        id=question.id,
        metric=question.rule,
        column=question.column,
        outcome=Outcome.ERROR,
        limit=question.limit,
        location=question.place,
        evidence={"shape": question.shape, "action": question.action, "parts": parts},
    )
    return judged(base)


def _part(name: str, facts: Facts, answer: Answer) -> dict[str, JsonValue]:
    part: dict[str, JsonValue] = {"data": name, "rows": facts.rows, "count": answer.count}
    if answer.at:
        part["at"] = list(answer.at)
    if answer.values:
        part["values"] = list(answer.values)
    if answer.problem is not None:
        part["problem"] = answer.problem
    return part


def judged(check: Check) -> Check:
    """The check with its outcome, reason and numbers worked out from its evidence and its limit."""
    assert check.limit is not None
    parts = [part for part in _list(check.evidence["parts"]) if isinstance(part, dict)]
    outcome, reason, share, rows = faults(parts, check.limit)
    return check.model_copy(update={"outcome": outcome, "reason": reason, "value": share, "n": rows})


def faults(
    parts: Sequence[Mapping[str, JsonValue]], limit: Limit
) -> tuple[Outcome, str | None, float | None, int]:
    """Outcome, reason, the worst share of faulty rows, and rows, of rows that meet a condition."""
    problems = [f"{part['data']}: {part['problem']}" for part in parts if "problem" in part]
    told = [part for part in parts if "problem" not in part]
    counted = [(str(part["data"]), _int(part["count"]), _int(part["rows"])) for part in told]
    rows = sum(of for _, _, of in counted)
    shares = [count / of for _, count, of in counted if of]
    worst = max(shares, default=None)
    over = [(name, count, of) for name, count, of in counted if count > limit.value * of]
    if over:
        return Outcome.FAILED, "; ".join(f"{n}: {c:,} of {of:,} rows" for n, c, of in over), worst, rows
    if problems:
        return Outcome.ERROR, "; ".join(problems), worst, rows
    empty = [name for name, _, of in counted if of == 0]
    if empty or not counted:
        return Outcome.INCONCLUSIVE, f"{', '.join(empty) or 'the data'} has no rows", worst, rows
    return Outcome.PASSED, None, worst, rows


def _list(value: JsonValue) -> list[JsonValue]:
    return value if isinstance(value, list) else []


def _int(value: JsonValue) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0
