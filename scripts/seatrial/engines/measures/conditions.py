"""Row conditions as narwhals expressions: written once, run by every engine.

Imported in the child processes only. Each expression is true for the rows that meet the condition, and
false or null for others. What is missing meets no condition but `null`, and NaN none but `nan`.
"""

from functools import reduce
from operator import or_
from typing import Any, cast

import narwhals as nw

from seatrial import rules
from seatrial.engines.measures.engine import DATE, STRING, TIMESTAMP
from seatrial.engines.measures.rule_expressions import expression
from seatrial.engines.measures.typed import Cells, Table, Unfit
from seatrial.gates.data.measures import Measure
from seatrial.patterns import PatternError, translate

_FEW = 8


def condition(measure: Measure, table: Table, earliest: Any = None) -> nw.Expr | None:
    """True for the rows that meet the measure's row condition; None where no row can. Raises Unfit.

    earliest: for `not_before`, the earliest value of the other source.
    """
    if measure.kind == "breaks":
        return ~rule(measure, table)
    cells = table.cells(measure.columns[0])
    match measure.kind:
        case "unreadable":
            return cells.unreadable
        case "null":
            missing = cells.raw.is_null()
            return missing if cells.unreadable is None else missing & ~cells.unreadable
        case "nan":
            return cells.raw.is_nan() if cells.floating else None
        case "infinite":
            return _is_infinite(cells)
        case "below":
            return cast(nw.Expr, cells.expr < cells.limit(measure.value))
        case "above":
            return _but_nan(cells, cells.expr > cells.limit(measure.value))
        case "outside":
            return _but_nan(cells, ~_is_one_of(cells, cells.listed(list(measure.value))))
        case "later":
            return _later(cells, table.cells(measure.columns[1]))
        case "not_before":
            cells.must_be(DATE, TIMESTAMP)
            return cast(nw.Expr, cells.expr >= earliest)
    return _of_text(measure, cells)


def rule(measure: Measure, table: Table) -> nw.Expr:
    """The rule of `breaks`: true, false, or null where it is unknown. Raises Unfit."""
    try:
        return expression(rules.from_json(measure.value), table)
    except rules.RuleError as error:
        raise Unfit(error.message) from None


def _is_infinite(cells: Cells) -> nw.Expr | None:
    if not cells.floating:
        return None
    return (cells.raw == float("inf")) | (cells.raw == float("-inf"))


def _is_one_of(cells: Cells, values: list[Any]) -> nw.Expr:
    """Text is held against a few values sooner than it is looked up among them."""
    if cells.type != STRING or not 0 < len(values) <= _FEW:
        return cells.expr.is_in(values)
    return reduce(or_, (cast(nw.Expr, cells.expr == value) for value in values))


def _but_nan(cells: Cells, found: nw.Expr) -> nw.Expr:
    """Engines take NaN for larger than every number, and for equal to itself alone."""
    return found & ~cells.raw.is_nan() if cells.floating else found


def _later(first: Cells, second: Cells) -> nw.Expr:
    """A date and a time are compared as dates."""
    for cells in (first, second):
        cells.must_be(DATE, TIMESTAMP)
    if first.type == second.type:
        return first.expr > second.expr
    return first.expr.cast(nw.Date) > second.expr.cast(nw.Date)


def _of_text(measure: Measure, cells: Cells) -> nw.Expr:
    cells.must_be(STRING)
    text = cells.expr
    match measure.kind:
        case "mismatch":
            try:
                return ~text.str.contains(translate(measure.value))
            except PatternError as error:
                raise Unfit(error.message) from None
        case "shorter":
            return cast(nw.Expr, text.str.len_chars() < measure.value)
        case "longer":
            return cast(nw.Expr, text.str.len_chars() > measure.value)
    raise ValueError(measure.kind)
