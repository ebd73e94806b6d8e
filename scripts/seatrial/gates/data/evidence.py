"""From what an engine answered to evidence: counts per file, row numbers, and values that may be shown."""

import difflib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from pydantic import JsonValue

from seatrial.gates.data.asking import Question
from seatrial.gates.data.measures import Answer, Facts
from seatrial.text import shown

if TYPE_CHECKING:
    from seatrial.policy.model import Policy

Part = dict[str, JsonValue]
Answers = Mapping[str, tuple[Answer, ...]]
DATE, OTHER = "date", "other"
MOST_NAMES = 20
MOST_NEAR = 2_000  # columns among which the nearest name is looked for
LONGEST = 200  # characters of a name or a value


@dataclass(frozen=True)
class Scene:
    """What was found. answers: of each question by its place, and of each source, in the order asked."""

    policy: "Policy"
    facts: Mapping[str, Facts]
    answers: Mapping[int, Answers]

    def may_show(self, *columns: str) -> bool:
        """Whether the values of all these columns may be seen."""
        data = self.policy.data
        return data.show.values and not any(map(data.hides, columns))

    def mistyped(self, source: str, column: str) -> bool:
        """Whether a whole column is of another type than the policy says, which a check of its own tells."""
        rule = self.policy.data.columns.get(column)
        if rule is None or rule.type == "any":
            return False
        has = self.facts[source].columns.get(column)
        return has is not None and has != rule.type and (has, rule.type) != ("integer", "number")


def part_of(scene: Scene, question: Question, number: int, source: str) -> Part:
    """The evidence of one file for a question that is answered by one check."""
    answers = scene.answers[number]
    part: Part = {"data": source, "rows": scene.facts[source].rows}
    silent = unmeasured(scene, question, source, answers[source])
    return part | (
        silent if silent is not None else _SHAPES[question.shape](scene, question, source, answers)
    )


def unmeasured(scene: Scene, question: Question, source: str, answers: Sequence[Answer]) -> Part | None:
    """Why there is nothing to tell of a file; None where there is.

    optional: the policy says that the column may be missing. skipped: another check tells what is wrong.
    absent: columns without which the rule cannot hold. problem: what went wrong.
    """
    facts = scene.facts[source]
    missing = [name for name in question.needs if name not in facts.columns]
    rules = scene.policy.data.columns
    if missing:
        if all(name in rules and not rules[name].required for name in missing):
            return {"optional": True}
        if question.column in rules and question.column in missing:
            return {"skipped": "the column is missing"}
        return {"absent": [shown(name, LONGEST) for name in missing]}
    problem = next((answer.problem for answer in answers if answer.problem is not None), None)
    if problem is None:
        return None
    if facts.unscanned is not None:
        return {"skipped": f"the rows were not read, since {facts.unscanned}"[:LONGEST]}
    if question.rule != "type" and any(scene.mistyped(source, name) for name in question.needs):
        return {"skipped": problem[:LONGEST]}
    if (
        question.shape == "constant"
        and question.action == "warn"
        and OTHER in _types(scene, question, source)
    ):
        return {"skipped": problem[:LONGEST]}  # nobody asked that nested values be compared
    return {"problem": problem[:LONGEST]}


def _types(scene: Scene, question: Question, source: str) -> list[str | None]:
    return [scene.facts[source].columns.get(name) for name in question.needs]


def _faults(scene: Scene, question: Question, source: str, answers: Answers) -> Part:
    first, *beside = answers[source]
    detail = first.detail if isinstance(first.detail, dict) else {}
    if question.rule == "split" and source == "test":
        return {"count": 0, "empty": _empty(first)}
    part: Part = {"count": first.count}
    if question.rule == "type" and "is" in detail:
        if question.column not in scene.policy.data.columns and detail["is"] == DATE:
            return {"count": 0}  # a column of times that has no rule may hold dates
        return part | {"is": str(detail["is"])[:LONGEST]}
    if question.rule == "unique":
        missing = sum(answer.count for answer in beside)
        part["count"] = max(0, first.count - max(0, missing - 1))
        if missing > 1:  # the rows that the engine names may be those without a value
            return part
    if question.rule == "rule":
        part["unknown"] = int(detail.get("unknown", 0))
    if question.rule == "known_by":
        part["unknown"] = max((answer.count for answer in beside), default=0)
    if question.rule == "split":
        part["empty"] = _empty(beside[0])
    if first.at and part["count"]:
        part["at"] = list(first.at)
        if first.values and scene.may_show(*(question.needs or scene.facts[source].columns)):
            part["values"] = [value[:LONGEST] for value in first.values]
    return part


def _empty(extremes: Answer) -> bool:
    """Whether there is no least and no largest value."""
    return not isinstance(extremes.detail, list | tuple) or any(end is None for end in extremes.detail)


def _present(scene: Scene, question: Question, source: str, _: Answers) -> Part:
    names = scene.facts[source].columns
    part: Part = {"present": question.column in names}
    near = difflib.get_close_matches(str(question.column)[:LONGEST], list(names)[:MOST_NEAR], 1, 0.7)
    return part | ({"near": shown(near[0], LONGEST)} if near and not part["present"] else {})


def _extra(scene: Scene, _: Question, source: str, __: Answers) -> Part:
    named = named_columns(scene.policy)
    extra = [name for name in scene.facts[source].columns if name not in named]
    return {"count": len(extra), "names": [shown(spoken(name), LONGEST) for name in extra[:MOST_NAMES]]}


def spoken(name: str) -> str:
    """The name of a column as a check bears it: cut, and in quotes where there is nothing else to see."""
    return name[:LONGEST] if name.strip() else f'"{name[: LONGEST - 2]}"'


def named_columns(policy: "Policy") -> frozenset[str]:
    """The columns that the section data names in any part."""
    data, leakage = policy.data, policy.data.leakage
    found = {*data.columns, *data.key}
    found |= {data.label} if data.label is not None else set()
    found |= {data.fresh.column} if data.fresh is not None else set()
    found |= {data.split.time} if data.split is not None else set()
    found |= {*data.personal.allowed_in} if data.personal is not None else set()
    if leakage is not None:
        found |= {*leakage.keys, *leakage.known_after}
        found |= (
            {leakage.known_by.event, *leakage.known_by.columns} if leakage.known_by is not None else set()
        )
    return frozenset(found)


def _constant(_: Scene, __: Question, source: str, answers: Answers) -> Part:
    return {"distinct": min(answers[source][0].count, 2)}


def _rows(_: Scene, __: Question, ___: str, ____: Answers) -> Part:
    return {}


def _fresh(scene: Scene, question: Question, source: str, answers: Answers) -> Part:
    """The newest time itself is told unless its column is hidden; then only what follows from it."""
    detail = answers[source][0].detail
    newest = detail[1] if isinstance(detail, list | tuple) and len(detail) == 2 else None
    if newest is None or not scene.policy.data.hides(question.needs[0]):
        return {"newest": None if newest is None else str(newest)}
    assert question.limit is not None
    try:
        age, future = aged(str(newest), str(question.told["now"]), str(question.told["zone"]))
    except ValueError:
        return {"problem": "its newest value is no date and no time"}
    return {"old": age > question.limit.value, "future": future}


def aged(newest: str, now: str, zone: str) -> tuple[float, bool]:
    """How many seconds old the newest value is, and whether it lies more than a day ahead.

    A date is as old as its end in this time zone. Times without a zone are in UTC. Raises ValueError.
    """
    at = datetime.fromisoformat(now)
    if len(newest) == len("2026-01-31"):
        begins = datetime.fromisoformat(newest).replace(tzinfo=ZoneInfo(zone))
        ends = begins + timedelta(days=1)
    else:
        begins = datetime.fromisoformat(newest)
        begins = ends = begins if begins.tzinfo is not None else begins.replace(tzinfo=UTC)
    return max(0.0, (at - ends).total_seconds()), begins - at > timedelta(days=1)


def _balance(scene: Scene, question: Question, source: str, answers: Answers) -> Part:
    """Rows by class, among them the classes that only the other file, or evaluate.classes, has."""
    (answer,) = answers[source]
    counted = _classes(answer)
    if answer.count > len(counted):
        return {"problem": f"the label has {answer.count:,} values, which are no classes"}
    evaluate = scene.policy.evaluate
    known = [text_of(value) for value in (evaluate.classes or ())] if evaluate is not None else []
    names = dict.fromkeys(
        [*counted, *known, *(name for (each,) in answers.values() for name in _classes(each))]
    )
    show = scene.may_show(question.needs[0])
    sized = sorted(names, key=lambda name: -counted.get(name, 0))
    return {
        "classes": [counted.get(name, 0) for name in sized],
        **({"names": [name[:LONGEST] for name in sized]} if show else {}),
    }


def _classes(answer: Answer) -> dict[str, int]:
    found = answer.detail if isinstance(answer.detail, list | tuple) else ()
    return {text_of(value): int(rows) for value, rows in found if value is not None}


def text_of(value: object) -> str:
    """A label as text, so that 1, 1.0 and "1" are one class, as true and "true" are."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


Build = Callable[[Scene, Question, str, Answers], Part]
_SHAPES: Mapping[str, Build] = {
    "faults": _faults,
    "required": _present,
    "unwanted": _present,
    "extra": _extra,
    "constant": _constant,
    "rows": _rows,
    "fresh": _fresh,
    "balance": _balance,
}
