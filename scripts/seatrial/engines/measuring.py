"""Answers to what is asked of one source: one pass for everything that an expression can count.

The same for every engine. Imported in child processes only.
"""

from collections.abc import Mapping

import narwhals as nw

from seatrial.engines.conditions import condition, count
from seatrial.engines.engine import Engine, Opened
from seatrial.gates.data.measures import ROW_CONDITIONS, Answer, Asked, Facts, Measure

ROWS = "rows"
MISSING = "the column is missing"


def facts(engine: Engine, asked: Asked, opened: Mapping[str, Opened]) -> Facts:
    """What is asked of one source. opened: all sources of the request, by name."""
    mine = opened[asked.source.name]
    plan: dict[str, nw.Expr] = {ROWS: nw.len().cast(nw.Int64)}
    problems: dict[int, str] = {}
    for number, measure in enumerate(asked.measures):
        problem = _problem(measure, mine)
        if problem is not None:
            problems[number] = problem
        elif measure.kind in ROW_CONDITIONS and not _wrong_type(measure, mine):
            plan[str(number)] = count(condition(measure, mine))
    (found,) = engine.rows_of(mine.frame.select(**plan))
    rows = int(found[ROWS])
    answers = []
    for number, measure in enumerate(asked.measures):
        if number in problems:
            answers.append(Answer(problem=problems[number]))
        elif measure.kind in ROW_CONDITIONS:
            counted = rows if _wrong_type(measure, mine) else int(found[str(number)] or 0)
            answers.append(_row_condition(engine, asked, mine, measure, counted, rows))
        else:
            answers.append(_other(engine, asked, opened, measure))
    return Facts(rows, mine.types, tuple(answers))


def _problem(measure: Measure, mine: Opened) -> str | None:
    """Why the measure cannot be taken of these columns."""
    if any(name not in mine.types for name in measure.columns):
        return MISSING
    return None


def _wrong_type(measure: Measure, mine: Opened) -> bool:
    """Whether a type is asked for that the whole column does not have."""
    if measure.kind != "unreadable" or measure.columns[0] in mine.unreadable:
        return False
    has, wanted = mine.types[measure.columns[0]], str(measure.value)
    return has != wanted and (has, wanted) != ("integer", "number")


def _row_condition(
    engine: Engine, asked: Asked, mine: Opened, measure: Measure, counted: int, rows: int
) -> Answer:
    if _wrong_type(measure, mine):
        return Answer(count=rows, detail={"is": mine.types[measure.columns[0]]})
    if counted <= measure.accepted * rows or not asked.show:
        return Answer(counted)
    shown = [name for name in measure.columns if asked.values and name not in asked.hidden]
    found = engine.first(mine, condition(measure, mine), shown, asked.show)
    return Answer(
        counted,
        tuple(row for row, _ in found),
        tuple(str(values[name]) for _, values in found for name in shown),
    )


def _other(engine: Engine, asked: Asked, opened: Mapping[str, Opened], measure: Measure) -> Answer:
    mine = opened[asked.source.name]
    match measure.kind:
        case "repeated":
            hits = engine.repeated(mine, measure.columns, asked.show)
            return Answer(hits.count, hits.at, problem=hits.problem)
        case "shared":
            hits = engine.shared(mine, opened[str(measure.against)], measure.columns, asked.show)
            return Answer(hits.count, hits.at, problem=hits.problem)
        case "bins":
            other = None if measure.against is None else opened[measure.against]
            return Answer(detail=engine.bins(mine, other, measure.value))
        case "sketch":
            return Answer(detail=engine.sketch(mine, measure.value))
    return Answer(problem="not measured in this version")


def ask(engine: Engine, asked: tuple[Asked, ...]) -> list[Facts]:
    """Everything that is asked, source by source."""
    opened = {each.source.name: engine.open(each.source) for each in asked}
    return [facts(engine, each, opened) for each in asked]
