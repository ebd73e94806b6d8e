"""The data gate on rows in memory: what an engine answers, counted in plain Python."""

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from seatrial import rules
from seatrial.decision import Check
from seatrial.gates.data.checks import checks, told_apart
from seatrial.gates.data.evidence import Scene
from seatrial.gates.data.measures import Answer, Facts, Measure
from seatrial.gates.data.mending import curious, mended
from seatrial.gates.data.questions import questions
from seatrial.patterns import translate
from seatrial.policy import parse

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
TODAY = date(2026, 11, 21)
HEAD = "version: 1\nmodel: {name: m, task: binary}\ndata:\n  train: train.csv\n"
BOTH = HEAD + "  test: test.csv\n"
Rows = Sequence[Mapping[str, Any]]


class Unreadable(str):
    """A cell that is not of the type that its column has."""

    __slots__ = ()


def decide(
    policy: str,
    *,
    train: Rows | None = None,
    test: Rows | None = None,
    types: Mapping[str, str] | None = None,
    answers: Mapping[str, Answer] | None = None,
    unscanned: str | None = None,
    reference_rows: int | None = None,
) -> dict[str, Check]:
    """The checks of a policy over these rows, by id.

    types: of columns, `string` where it is left out. answers: what is answered to a kind of measure instead.
    """
    parsed = parse(policy)
    sources = {name: rows for name, rows in (("train", train), ("test", test)) if rows is not None}
    asked = questions(parsed, tuple(sources), NOW, reference_rows)
    facts = {
        name: Facts(len(rows), _types(rows, types or {}), (), unscanned) for name, rows in sources.items()
    }

    def answer(measure: Measure, name: str) -> Answer:
        if answers is not None and measure.kind in answers:
            return answers[measure.kind]
        missing = [column for column in measure.columns if column not in facts[name].columns]
        if missing:
            return Answer(problem="the column is missing")
        return _answer(measure, name, sources, facts[name].columns)

    answered = {
        number: {name: tuple(answer(each, name) for each in of) for name, of in question.asks.items()}
        for number, question in enumerate(asked)
    }
    scene = Scene(parsed, facts, answered)
    pairs = told_apart(checks(asked, scene))
    known = {
        id_: {name: (answer(measure, name),) for name in sources}
        for id_, measure in curious(pairs, scene).items()
    }
    return {check.id: check for check in mended(pairs, scene, TODAY, known)}


def column(rule: str, *cells: Any, type_: str = "string", show: str = "") -> dict[str, Check]:
    """The checks of one column of these cells, called c. show: more lines of the section data."""
    rows = [{"c": cell} for cell in cells]
    return decide(f"{HEAD}  columns: {{c: {rule}}}\n{show}", train=rows, types={"c": type_})


def _types(rows: Rows, types: Mapping[str, str]) -> dict[str, str]:
    names = dict.fromkeys(name for row in rows for name in row) or dict.fromkeys(types)
    return {name: types.get(name, "string") for name in names}


def _answer(measure: Measure, name: str, sources: Mapping[str, Rows], types: Mapping[str, str]) -> Answer:
    rows = sources[name]
    columns = measure.columns or tuple(types)
    first = [row.get(columns[0]) for row in rows] if columns else []
    values = [each for each in first if each is not None and not isinstance(each, Unreadable)]
    match measure.kind:
        case "extremes":
            ends = [each for each in values if not _is_nan(each)]
            return Answer(detail=[min(ends), max(ends)] if ends else [None, None])
        case "constant":
            return Answer(min(2, len(set(values))))
        case "classes":
            counted = Counter(values).most_common()
            return Answer(len(counted), detail=[list(each) for each in counted[: measure.value]])
        case "told":
            return Answer(detail={})
        case "personal":
            return Answer(detail={})
        case "repeated":
            keys = [tuple(str(row.get(column)) for column in columns) for row in rows]
            return _hits([key in keys[:i] for i, key in enumerate(keys)])
        case "shared":
            there = {
                tuple(str(row.get(column)) for column in columns) for row in sources[str(measure.against)]
            }
            return _hits([tuple(str(row.get(column)) for column in columns) in there for row in rows])
        case "breaks":
            rule = rules.from_json(measure.value)
            said = [rules.evaluate(rule, row) for row in rows]
            return Answer(
                **vars_of(_hits([each is False for each in said])), detail={"unknown": said.count(None)}
            )
        case "later":
            pairs = [tuple(row.get(column) for column in columns) for row in rows]
            return _hits([None not in pair and pair[0] > pair[1] for pair in pairs])
        case "not_before":
            others = [
                row[columns[0]] for row in sources[str(measure.against)] if row.get(columns[0]) is not None
            ]
            return _hits([each is not None and bool(others) and each >= min(others) for each in first])
        case "unreadable":
            if types[columns[0]] not in (
                measure.value,
                "integer" if measure.value == "number" else measure.value,
            ):
                return Answer(len(rows), detail={"is": types[columns[0]]})
            return _hits([isinstance(each, Unreadable) for each in first], first)
        case "null":
            return _hits([each is None for each in first])
    try:
        return _hits([_meets(measure, each) for each in first], first)
    except TypeError:
        return Answer(problem=f"is {types[columns[0]]}")


def _meets(measure: Measure, value: Any) -> bool:
    if value is None or isinstance(value, Unreadable):
        return False
    if measure.kind == "nan" or _is_nan(value):
        return measure.kind == "nan" and _is_nan(value)
    match measure.kind:
        case "infinite":
            return isinstance(value, float) and math.isinf(value)
        case "below":
            return bool(value < measure.value)
        case "above":
            return bool(value > measure.value)
        case "outside":
            return value not in measure.value
        case "mismatch":
            return re.search(translate(measure.value).replace(r"\z", r"\Z"), value) is None
        case "shorter":
            return len(value) < measure.value
        case "longer":
            return len(value) > measure.value
    raise ValueError(measure.kind)


def _is_nan(value: Any) -> bool:
    return isinstance(value, float) and math.isnan(value)


def _hits(found: Sequence[bool], values: Sequence[Any] | None = None) -> Answer:
    at = [number for number, hit in enumerate(found, 1) if hit]
    shown = tuple(str(values[number - 1]) for number in at[:5]) if values is not None else ()
    return Answer(len(at), tuple(at[:5]), shown)


def vars_of(answer: Answer) -> dict[str, Any]:
    return {"count": answer.count, "at": answer.at, "values": answer.values}
