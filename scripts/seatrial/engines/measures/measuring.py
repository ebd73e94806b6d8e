"""Answers to what is asked of one source: one pass for everything that an expression can count.

The same for every engine. Imported in child processes only.
"""

from collections.abc import Callable, Mapping
from typing import Any

import narwhals as nw

from seatrial.engines.measures import association, first_rows, personal, summaries
from seatrial.engines.measures.conditions import condition, rule
from seatrial.engines.measures.engine import Engine, Opened
from seatrial.engines.measures.typed import Table, Unfit
from seatrial.gates.data.measures import ROW_CONDITIONS, Answer, Asked, Facts, Measure
from seatrial.text import shown

ROWS = "rows"
_PLANS: Mapping[str, Callable[[Measure, Table], dict[str, nw.Expr]]] = {
    "extremes": summaries.plan,
    "constant": summaries.plan,
    "personal": personal.plan,
    "told": association.plan,
}


class _Scan:
    """What is counted in the one pass. earliest: for `not_before`, by the number of the measure."""

    def __init__(self, table: Table, engine: Engine, asked: Asked, opened: Mapping[str, Opened]) -> None:
        self.table, self.engine, self.asked = table, engine, asked
        self.plan: dict[str, nw.Expr] = {ROWS: nw.len().cast(nw.Int64)}
        self.conditions: dict[int, nw.Expr | None] = {}
        self.problems: dict[int, str] = {}
        self.settled = first_rows.settled(engine, asked, table)
        for number, measure in enumerate(asked.measures):
            if number in self.settled:
                continue
            try:
                self._add(number, measure, opened)
            except Unfit as reason:
                self.problems[number] = str(reason)

    def _add(self, number: int, measure: Measure, opened: Mapping[str, Opened]) -> None:
        for name in measure.columns:
            self.table.cells(name)
        if measure.kind in _PLANS:
            self.plan |= summaries.numbered(number, _PLANS[measure.kind](measure, self.table))
        if measure.kind not in ROW_CONDITIONS or wrong_type(measure, self.table):
            return
        earliest = None
        if measure.kind == "not_before":
            other = Table(opened[str(measure.against)])
            earliest = summaries.earliest(self.engine, other, self.table.cells(measure.columns[0]))
        found = condition(measure, self.table, earliest)
        self.conditions[number] = found
        if found is not None:
            self.plan[f"{number}_count"] = self.table.count(found)
        if measure.kind == "breaks":
            self.plan[f"{number}_unknown"] = self.table.count(rule(measure, self.table).is_null())

    def run(self) -> dict[str, Any]:
        (found,) = self.engine.rows_of(self.table.opened.frame.select(**self.plan))
        return found


def facts(engine: Engine, asked: Asked, opened: Mapping[str, Opened]) -> Facts:
    """What is asked of one source. opened: all sources of the request, by name."""
    mine = opened[asked.source.name]
    table = Table(mine)
    scan = _Scan(table, engine, asked, opened)
    found = scan.run()
    rows = int(found[ROWS])
    answers = []
    for number, measure in enumerate(asked.measures):
        if number in scan.settled:
            answers.append(scan.settled[number])
        elif number in scan.problems:
            answers.append(Answer(problem=scan.problems[number]))
        elif measure.kind in ROW_CONDITIONS:
            answers.append(_row_condition(scan, number, measure, found, rows))
        else:
            counted = summaries.of(number, found) if measure.kind in _PLANS else {}
            try:
                answers.append(_other(engine, asked, opened, measure, counted, rows))
            except Unfit as reason:
                answers.append(Answer(problem=str(reason)))
    return Facts(rows, mine.types, tuple(answers))


def wrong_type(measure: Measure, table: Table) -> bool:
    """Whether a type is asked for that the whole column does not have."""
    if measure.kind != "unreadable" or measure.columns[0] in table.opened.unreadable:
        return False
    has, wanted = table.opened.types[measure.columns[0]], str(measure.value)
    return has != wanted and (has, wanted) != ("integer", "number")


def _row_condition(scan: _Scan, number: int, measure: Measure, found: Mapping[str, Any], rows: int) -> Answer:
    asked, table = scan.asked, scan.table
    if wrong_type(measure, table):
        return Answer(count=rows, detail={"is": table.opened.types[measure.columns[0]]})
    counted = int(found.get(f"{number}_count") or 0)
    detail = {"unknown": int(found[f"{number}_unknown"] or 0)} if measure.kind == "breaks" else None
    meets = scan.conditions[number]
    if counted <= measure.accepted * rows or not asked.show or meets is None:
        return Answer(counted, detail=detail)
    shows = asked.values and measure.kind not in ("null", "unreadable", "nan")
    names = [name for name in measure.columns if shows and name not in asked.hidden]
    first = scan.engine.first(table.opened, meets, names, asked.show)
    values = tuple(_text(row) for _, row in first) if names else ()
    return Answer(counted, tuple(row for row, _ in first), values, detail)


def _text(row: Mapping[str, Any]) -> str:
    """The values of a row: one by itself, several with the names of their columns."""
    if len(row) == 1:
        return shown(*(summaries.plain(value) for value in row.values()))
    return ", ".join(f"{shown(name)}: {shown(summaries.plain(value))}" for name, value in row.items())


def _other(
    engine: Engine,
    asked: Asked,
    opened: Mapping[str, Opened],
    measure: Measure,
    counted: Mapping[str, Any],
    rows: int,
) -> Answer:
    """Everything but row conditions. counted: what the one pass found for it. Raises Unfit."""
    mine = opened[asked.source.name]
    table = Table(mine)
    match measure.kind:
        case "extremes" | "constant":
            return summaries.answer(measure, counted)
        case "classes":
            return summaries.classes(engine, table, measure)
        case "personal":
            return personal.answer(engine, measure, table, counted)
        case "told":
            return association.answer(engine, measure, table, counted)
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
    return Answer(problem="this version cannot measure it")


def ask(engine: Engine, asked: tuple[Asked, ...]) -> list[Facts]:
    """Everything that is asked, source by source."""
    opened = {each.source.name: engine.open(each.source) for each in asked}
    if any(each.settle and each.source.format == "parquet" for each in asked):
        from seatrial.engines.measures.settling import settled

        known = settled(asked, opened)
        if known is not None:
            return known
    return [facts(engine, each, opened) for each in asked]
