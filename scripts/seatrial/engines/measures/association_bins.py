"""Bins of a column, for how much of the label it tells: each value by itself, or numbers by where they lie.

Imported in the child processes only.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import Any, cast

import narwhals as nw

from seatrial.engines.measures.engine import BOOLEAN, DATE, INTEGER, NUMBER, STRING, TIMESTAMP
from seatrial.engines.measures.summaries import in_utc
from seatrial.engines.measures.typed import Cells, Table, Unfit

MOST_VALUES = 1_000  # of a column or label that is taken value by value
MOST_BINS = 32
ROWS_PER_BIN, ROWS_PER_VALUE = 20, 5
ORDERED = (INTEGER, NUMBER, DATE, TIMESTAMP)
_OTHERS, _NAN = "\0others", -1
_DIGITS = r"^[ \t]*[+-]?([0-9]{1,15}MARK?[0-9]{0,15}|MARK[0-9]{1,15})([eE][+-]?[0-9]{1,2})?[ \t]*$"


@dataclass(frozen=True)
class Bins:
    """expr: the bin of each row; of nw.col("value") where there is a value, which is then worked out once."""

    expr: nw.Expr
    value: nw.Expr | None = None


def finite(cells: Cells) -> nw.Expr:
    """The column; null where a number is not finite."""
    if not cells.floating:
        return cells.expr
    raw = cells.raw
    return nw.when((raw > float("-inf")) & (raw < float("inf"))).then(raw)


def bins_of(table: Table, cells: Cells, seen: Sequence[Any], between: tuple[Any, Any], rows: int) -> Bins:
    """A value, or a number; null where the cell is. Raises Unfit.

    seen: its first values; between: the least and the largest; rows: how many there are.
    """
    return _untyped(table, cells, seen, rows) or Bins(_plain(cells, seen, between, rows))


def _plain(cells: Cells, seen: Sequence[Any], between: tuple[Any, Any], rows: int) -> nw.Expr:
    if cells.type == BOOLEAN:
        return cells.expr
    if cells.type == STRING:
        values = sorted(set(seen))
        if len(values) > MOST_VALUES:
            raise Unfit(f"has more than {MOST_VALUES:,} different values")
        known = cells.expr.is_null() | cells.expr.is_in(values)
        return nw.when(known).then(cells.expr).otherwise(nw.lit(_OTHERS))
    if cells.type not in ORDERED:
        raise Unfit("is of a type whose values are not compared")
    least, largest = (in_utc(each) for each in between)
    few = min(MOST_VALUES, rows // ROWS_PER_BIN)
    if cells.type == INTEGER and least is not None and largest - least < few:
        return cells.expr
    ends = edges(list(map(in_utc, seen)), least, largest, rows)
    if cells.type == NUMBER:
        ends = [cells.number(end) for end in ends]
    if cells.floating:  # so that infinities have bins of their own
        ends = [-math.inf, *ends, 0.0 if largest is None else largest]
    found = [(cells.expr > edge).cast(nw.Int32) for edge in ends]
    number = reduce(add, found) if found else cells.expr.is_null().cast(nw.Int32)
    return nw.when(cells.raw.is_nan()).then(nw.lit(_NAN)).otherwise(number) if cells.floating else number


def _untyped(table: Table, cells: Cells, seen: Sequence[Any], rows: int) -> Bins | None:
    """Bins of a column of CSV that is text only for want of a type, where most of what was seen are numbers.

    Value by value, numbers of many digits would tell nothing. Cells that are no number share a bin.
    """
    source = table.opened.source
    typed = {each.column for each in source.readings if each.type != "any"}
    if source.format != "csv" or cells.type != STRING or cells.name in typed:
        return None
    mark = str(source.csv["decimal"])
    digits = _DIGITS.replace("MARK", re.escape(mark))
    values = [float(each.replace(mark, ".")) for each in seen if re.match(digits, each)]
    few = min(MOST_VALUES, rows // ROWS_PER_BIN)
    if 2 * len(values) <= len(seen) or len(set(seen)) <= few:
        return None
    text = nw.when(cells.expr.str.contains(digits)).then(cells.expr)
    pointed = text.str.replace_all(mark, ".", literal=True).str.strip_chars(" \t")
    ends = edges(values, min(values), max(values), rows)
    found = [(nw.col("value") > edge).cast(nw.Int32) for edge in ends]
    return Bins(cast(nw.Expr, reduce(add, found)), pointed.cast(nw.Float64)) if found else None


def edges(seen: Sequence[Any], least: Any, largest: Any, rows: int) -> list[Any]:
    """Where bins of numbers, dates or times end: half by the quantiles of what was seen, half evenly.

    The even ones serve columns whose first rows are unlike the others. Every value that was seen has a bin of
    its own where there are few.
    """
    if least is None or least == largest:
        return []
    most = max(2, min(MOST_BINS, rows // ROWS_PER_BIN)) // 2
    inside = sorted(each for each in seen if least <= each <= largest)
    different = sorted(set(inside))
    if len(different) > min(MOST_BINS // 2, max(most, rows // ROWS_PER_VALUE)):
        different = [inside[len(inside) * part // (most + 1)] for part in range(1, most + 1)]
    step = (largest - least) / (most + 1)
    even = [least + step * part for part in range(1, most + 1)]
    return sorted({each for each in [*different, *even] if least <= each < largest})
