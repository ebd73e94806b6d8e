"""Which measures tell what of a column, and what their answers add to what is known of it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from seatrial.gates.data.measures import Answer, Measure
from seatrial.gates.drafting import names
from seatrial.gates.drafting.seen import Column, Part
from seatrial.policy.data import PERSONAL

MOST_VALUES = 100
_SPREAD = 60  # whole numbers that span more are not counted one by one
_KEYS = 4
_EXTREMES = ("integer", "number", "date", "timestamp")

Answered = Mapping[str, Sequence[tuple[Measure, Answer]]]  # by source, each with its question


def plain(column: str, kind: str) -> Iterator[Measure]:
    """Missing values and extremes."""
    yield Measure("null", (column,), None, 1.0)
    if kind in ("number", "any", "other"):
        yield Measure("nan", (column,), None, 1.0)
        yield Measure("infinite", (column,), None, 1.0)
    if kind in _EXTREMES:
        yield Measure("extremes", (column,))


def classes(column: str) -> Measure:
    """The values, of columns that may have few."""
    return Measure("classes", (column,), MOST_VALUES)


def personal() -> Measure:
    """Personal data in any column of text."""
    return Measure("personal", (), {"kinds": list(PERSONAL), "except": []})


def may_be_few(column: Column) -> bool:
    """Whether it is worth counting the column's values."""
    if column.type == "integer" and column.extremes is not None and not names.is_code(column.name):
        low, high = column.extremes
        return bool(high - low <= _SPREAD)
    return column.type == "string"


def candidates(columns: Sequence[Column], sources: Iterable[str], label: str | None) -> list[str]:
    """Columns that may name one row: those whose name says so, and the first where it is text."""
    everywhere = set(sources)
    fit = [
        column.name
        for column in columns
        if column.type in ("integer", "string", "timestamp")
        and column.name != label
        and column.worst("nulls")[0] == 0
        and set(column.parts) == everywhere
    ]
    likely = [name for name in fit if names.is_id(name)]
    lead = columns[0]
    first = [lead.name] if lead.name in fit and lead.type == "string" and lead.name not in likely else []
    return [*likely, *first][:_KEYS]


def with_answers(
    columns: Sequence[Column], rows: Mapping[str, int], answered: Answered
) -> tuple[Column, ...]:
    """The columns with what the answers tell of each; what could not be measured adds nothing."""
    parts = {column.name: dict(column.parts) for column in columns}
    kinds: dict[str, set[str]] = {column.name: set(column.personal) for column in columns}
    for source, answers in answered.items():
        for measure, answer in answers:
            if measure.kind == "personal":
                found = answer.detail if isinstance(answer.detail, dict) else {}
                for name, told in found.items():
                    sure = {kind: each[0] if isinstance(each, list) else each for kind, each in told.items()}
                    kinds.setdefault(name, set()).update(kind for kind, count in sure.items() if count)
            elif len(measure.columns) == 1 and measure.columns[0] in parts:
                of = parts[measure.columns[0]]
                of[source] = _with(of.get(source, Part(rows[source])), measure, answer)
    return tuple(
        replace(
            column,
            parts=parts[column.name],
            personal=tuple(kind for kind in PERSONAL if kind in kinds[column.name]),
        )
        for column in columns
    )


def _with(part: Part, measure: Measure, answer: Answer) -> Part:
    if answer.problem is not None:
        return part
    match measure.kind:
        case "null":
            return replace(part, nulls=answer.count)
        case "nan":
            return replace(part, nan=answer.count)
        case "infinite":
            return replace(part, infinite=answer.count)
        case "extremes" if isinstance(answer.detail, list | tuple) and None not in answer.detail:
            low, high = answer.detail
            return replace(part, extremes=(low, high))
        case "classes" if isinstance(answer.detail, list | tuple):
            told = [(value, int(rows)) for value, rows in answer.detail]
            known = tuple((value, rows) for value, rows in told if value is not None)
            return replace(part, classes=known, distinct=answer.count - (len(told) - len(known)))
    return part


def told_of_label(answered: Answered) -> dict[str, float]:
    """By column, how much of the label it tells, in the file where it tells most.

    Nothing where some file has too few rows with a label for the gate to tell.
    """
    found: dict[str, float] = {}
    for answers in answered.values():
        for measure, answer in answers:
            if measure.kind == "told":
                if not isinstance(answer.detail, dict):
                    return {}
                for column, value in answer.detail.items():
                    if isinstance(value, int | float):
                        found[column] = max(found.get(column, 0.0), float(value))
    return found
