"""From questions and answers to checks."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import count
from typing import Any

from pydantic import JsonValue

from seatrial.decision import Check, Outcome
from seatrial.gates.data.asking import GATE, Question
from seatrial.gates.data.evidence import LONGEST, Part, Scene, part_of, spoken, unmeasured
from seatrial.gates.data.judging import judged
from seatrial.gates.data.measures import Answer
from seatrial.text import shown

Pair = tuple[Question | None, Check]  # drift has no question of this kind
MOST_ROWS_TOLD = 20_000  # of all checks together, so that a Decision keeps a size that is read
NO_OTHER = "there is no other column"


def checks(questions: Sequence[Question], scene: Scene) -> tuple[Pair, ...]:
    """Every check with the question that it answers, in order."""
    found: list[Pair] = []
    left = MOST_ROWS_TOLD
    for number, question in enumerate(questions):
        for check in _answered(question, number, scene):
            told = sum(len(part.get("at", ())) for part in _parts(check))
            left -= told
            found.append((question, check if left >= 0 or not told else _without_rows(check)))
    return tuple(found)


def _parts(check: Check) -> list[dict[str, Any]]:
    parts = check.evidence["parts"]
    return [part for part in parts if isinstance(part, dict)] if isinstance(parts, list) else []


def _without_rows(check: Check) -> Check:
    """The check with its counts alone."""
    kept: list[JsonValue] = [
        {key: value for key, value in part.items() if key not in ("at", "values")} for part in _parts(check)
    ]
    return judged(check.model_copy(update={"evidence": {**check.evidence, "parts": kept}}))


def _answered(question: Question, number: int, scene: Scene) -> Iterator[Check]:
    if question.shape in ("told", "personal"):
        yield from _by_column(question, number, scene)
    else:
        yield _check(question, [part_of(scene, question, number, source) for source in question.asks])


def _check(question: Question, parts: Sequence[Part], column: str | None = None) -> Check:
    evidence: dict[str, JsonValue] = {
        "shape": question.shape,
        "action": question.action,
        "parts": list(parts),
        **({"wanted": question.wanted} if question.wanted is not None else {}),
        **question.told,
    }
    return judged(
        Check(
            id=question.id if column is None else f"{GATE}/{shown(spoken(column))}/{question.rule}",
            metric=question.rule,
            column=question.column if column is None else spoken(column),
            outcome=Outcome.ERROR,
            limit=question.limit,
            location=question.place,
            evidence=evidence,
        )
    )


def _by_column(question: Question, number: int, scene: Scene) -> Iterator[Check]:
    """A check for each column that something was found in, and one for the rest."""
    details: dict[str, Mapping[str, object]] = {}
    silent: list[Part] = []
    for source in question.asks:
        answers = scene.answers[number][source]
        part = unmeasured(scene, question, source, answers)
        if part is None and question.shape == "told" and not isinstance(answers[0].detail, dict):
            part = {"labelled": answers[0].count}
        if part is not None:
            silent.append({"data": source, "rows": scene.facts[source].rows, **part})
        else:
            details[source] = answers[0].detail if isinstance(answers[0].detail, dict) else {}
    columns = dict.fromkeys(name for each in details.values() for name in each)
    build = _told if question.shape == "told" else _personal
    for column in columns:
        parts = [build(scene, source, detail, column) for source, detail in details.items()]
        if question.shape == "told" or any(part.get("kinds") or part.get("unseen") for part in parts):
            yield _check(question, parts, column)
    if question.shape == "personal":
        silent += [_clean(scene, source, scene.answers[number][source][0]) for source in details]
    elif not columns and not silent:
        for source in details:
            rows = scene.facts[source].rows
            silent.append({"data": source, "rows": rows, "skipped": NO_OTHER})
    if silent:
        yield _check(question, silent)


def _told(scene: Scene, source: str, detail: Mapping[str, object], column: str) -> Part:
    part: Part = {"data": source, "rows": scene.facts[source].rows}
    told = detail.get(column)
    if isinstance(told, Mapping):
        if told.get("problem") is not None:
            return part | {"skipped": str(told["problem"])[:LONGEST]}
        told = told.get("told")
    if isinstance(told, bool) or not isinstance(told, int | float) or not 0 <= told <= 1:
        return part | {"skipped": "it was not measured"}
    return part | {"told": float(told)}


def _personal(scene: Scene, source: str, detail: Mapping[str, object], column: str) -> Part:
    kinds = detail.get(column)
    part: Part = {"data": source, "rows": scene.facts[source].rows}
    if not isinstance(kinds, Mapping):
        return part | {"kinds": {}}
    counts = {str(kind): found if isinstance(found, list) else [found, 0] for kind, found in kinds.items()}
    unseen: dict[str, JsonValue] = {kind: more for kind, (_, more) in counts.items() if more}
    part["kinds"] = {kind: rows for kind, (rows, _) in counts.items() if rows}
    return part | ({"unseen": unseen} if unseen else {})


def _clean(scene: Scene, source: str, answer: Answer) -> Part:
    """How many columns of text were looked at, for those in which nothing was found."""
    return {"data": source, "rows": scene.facts[source].rows, "kinds": {}, "looked": answer.count}


def told_apart(found: Iterable[Pair]) -> tuple[Pair, ...]:
    """Ids of their own: names that are equal as far as they are shown get a number."""
    return tuple(_numbered(found))


def _numbered(found: Iterable[Pair]) -> Iterator[Pair]:
    taken: set[str] = set()
    for question, check in found:
        name, numbers = check.id, count(2)
        while name in taken:
            name = f"{check.id}#{next(numbers)}"
        taken.add(name)
        yield question, check.model_copy(update={"id": name})
