"""What a column's values are like: the least and the largest, whether there are several, which classes.

Imported in the child processes only.
"""

import datetime
import math
from collections.abc import Mapping
from typing import Any, cast

import narwhals as nw

from seatrial.engines.measures.engine import DATE, OTHER, TIMESTAMP, Engine
from seatrial.engines.measures.typed import Cells, Table, Unfit
from seatrial.gates.data.measures import Answer, Measure

_MOST_CLASSES = 10_000
_LEAST, _LARGEST, _NAN, _VALUES = "least", "largest", "nan", "values"


def plan(measure: Measure, table: Table) -> dict[str, nw.Expr]:
    """What to count for `extremes` and `constant`. Raises Unfit."""
    cells = table.cells(measure.columns[0])
    if cells.type == OTHER:
        raise Unfit("is of a type whose values are not compared")
    values = cells.expr
    found = {_VALUES: values.count().cast(nw.Int64)}
    if cells.floating:
        is_nan = cells.raw.is_nan()
        found[_NAN] = table.count(is_nan)
        kept = ~is_nan
        if measure.kind == "extremes":
            kept = kept & (cells.raw != float("inf")) & (cells.raw != float("-inf"))
        values = cast(nw.Expr, nw.when(kept).then(values))
    return found | {_LEAST: cells.handed_out(values.min()), _LARGEST: cells.handed_out(values.max())}


def numbered(number: int, plan: Mapping[str, nw.Expr]) -> dict[str, nw.Expr]:
    """A plan beside others, by the number of its measure."""
    return {f"{number}_{name}": each for name, each in plan.items()}


def of(number: int, found: Mapping[str, Any]) -> dict[str, Any]:
    """What `numbered` numbered, by its own names."""
    mark = f"{number}_"
    return {name[len(mark) :]: value for name, value in found.items() if name.startswith(mark)}


def answer(measure: Measure, found: Mapping[str, Any]) -> Answer:
    """The answer from what `plan` counted."""
    nan = int(found.get(_NAN) or 0)
    values = int(found[_VALUES] or 0) - nan
    least, largest = found[_LEAST], found[_LARGEST]
    if measure.kind == "extremes":
        return Answer(values, detail=[plain(least), plain(largest)])
    different = 0 if values == 0 else 1 if least == largest else 2
    return Answer(min(different + (nan > 0), 2))


def earliest(engine: Engine, other: Table, like: Cells) -> datetime.date:
    """The earliest date or time of the same column in another source. Raises Unfit."""
    like.must_be(DATE, TIMESTAMP)
    name = other.opened.source.name
    try:
        cells = other.cells(like.name)
    except Unfit as reason:
        raise Unfit(f"{reason} in {name}") from None
    if cells.type != like.type:
        raise Unfit(f"is {like.type}, and {cells.type} in {name}")
    (found,) = engine.rows_of(other.opened.frame.select(least=cells.handed_out(cells.expr.min())))
    if found["least"] is None:
        raise Unfit(f"{name} has no value in it")
    return cast(datetime.date, in_utc(found["least"]))


def in_utc(value: Any) -> Any:
    """A time as one of UTC; engines hand it out without its zone, or in another."""
    if not isinstance(value, datetime.datetime):
        return value
    return value.replace(tzinfo=datetime.UTC) if value.tzinfo is None else value.astimezone(datetime.UTC)


def plain(value: Any) -> Any:
    """A value for JSON: dates and times as ISO 8601 in UTC, what is not finite as text."""
    if isinstance(value, datetime.date):
        return in_utc(value).isoformat()
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)


def classes(engine: Engine, table: Table, measure: Measure) -> Answer:
    """Rows by value, the most frequent first, equal ones by their text; nothing for null and NaN.

    Raises Unfit where there are so many that they are no classes.
    """
    cells = table.cells(measure.columns[0])
    if cells.type == OTHER:
        raise Unfit("is of a type whose values are not compared")
    values = table.opened.frame.select(value=cells.handed_out(cells.expr)).filter(~nw.col("value").is_null())
    if cells.floating:
        values = values.filter(~nw.col("value").is_nan())
    groups = values.group_by("value").agg(rows=nw.len())
    found = engine.rows_of(groups.head(_MOST_CLASSES + 1))
    if len(found) > _MOST_CLASSES:
        raise Unfit(f"has more than {_MOST_CLASSES:,} different values, which are no classes")
    counted = [(plain(each["value"]), int(each["rows"])) for each in found]
    counted.sort(key=lambda pair: (-pair[1], str(pair[0])))
    return Answer(len(counted), detail=[[value, rows] for value, rows in counted[: int(measure.value)]])
