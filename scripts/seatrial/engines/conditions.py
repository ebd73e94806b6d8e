"""Row conditions as narwhals expressions: written once, run by every engine.

Imported in the child processes only. Each expression is Boolean and never null: a missing value meets no
condition but `null`.
"""

from typing import Any, cast

import narwhals as nw

from seatrial.engines.engine import Opened
from seatrial.gates.data.measures import Measure


def condition(measure: Measure, opened: Opened) -> nw.Expr:
    """True for the rows that meet the measure's row condition."""
    name = measure.columns[0]
    column, unreadable = opened.column(name), opened.unreadable.get(name)
    if measure.kind == "unreadable":
        return column.is_null() & ~column.is_null() if unreadable is None else unreadable
    if measure.kind == "null":
        return column.is_null() if unreadable is None else column.is_null() & ~unreadable
    known, floating = ~column.is_null(), name in opened.floating
    if floating:
        if measure.kind == "nan":
            return known & column.is_nan()
        known = known & ~column.is_nan()
    return (known & _of_value(measure, column, floating)).fill_null(False)


def _of_value(measure: Measure, column: nw.Expr, floating: bool) -> nw.Expr:
    value: Any = measure.value
    found: Any
    match measure.kind:
        case "infinite" if floating:
            found = (column == float("inf")) | (column == float("-inf"))
        case "infinite" | "nan":
            found = column.is_null()  # never: only floating columns hold them
        case "below":
            found = column < value
        case "above":
            found = column > value
        case "outside":
            found = ~column.is_in(value)
        case "mismatch":
            found = ~column.str.contains(rf"\A(?:{value})\z")
        case "shorter":
            found = column.str.len_chars() < value
        case "longer":
            found = column.str.len_chars() > value
        case _:
            raise ValueError(measure.kind)
    return cast(nw.Expr, found)


def count(found: nw.Expr) -> nw.Expr:
    """How many rows meet a condition. Cast before the sum: not every engine adds up Booleans."""
    return found.cast(nw.Int64).sum()
