"""Rows that stand twice, and rows that stand in two sources: groups and joins of Spark's.

Spark groups null with null and NaN with NaN, and takes -0.0 for 0.0, as is asked of every engine. A row with
an unreadable cell equals no other. Imported in a child process only.
"""

from collections.abc import Callable, Sequence

import narwhals as nw
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as f
from pyspark.sql import types as t
from pyspark.sql.window import Window

from seatrial.engines.measures.engine import Opened
from seatrial.engines.spark.columns import FILE, ROW, quoted
from seatrial.text import shown

_TURN = "\0turn"
_FLOATS = (t.FloatType, t.DoubleType)
_NUMBERS = (*_FLOATS, t.ByteType, t.ShortType, t.IntegerType, t.LongType, t.DecimalType)
_TIMES = (t.DateType, t.TimestampType, t.TimestampNTZType)
_DIGITS = 38

Change = Callable[[Column], Column]


class Incomparable(Exception):
    """Why columns cannot be compared, in a few words for people."""


def repeated(opened: Opened, columns: Sequence[str]) -> DataFrame:
    """The rows that stand earlier as they are in these columns."""
    sound = opened.frame
    for name in columns:
        if name in opened.unreadable:
            sound = sound.filter(~opened.unreadable[name])
    frame: DataFrame = nw.to_native(sound)
    keys = [quoted(opened.inside.get(name, name)) for name in columns]
    in_order = Window.partitionBy(*keys).orderBy(FILE, ROW)
    return frame.withColumn(_TURN, f.row_number().over(in_order)).filter(f.col(_TURN) > 1)


def shared(one: Opened, other: Opened, columns: Sequence[str], *, nulls_match: bool) -> DataFrame:
    """The rows of `one` whose values in these columns stand in `other`. Raises Incomparable."""
    mine, theirs = _schema(one), _schema(other)
    pairs = []
    for name in columns:
        pair = _pair(mine[one.inside.get(name, name)], theirs[other.inside.get(name, name)])
        if pair is None:
            raise Incomparable(
                f"{shown(name, 60)} is {one.types[name]} in {one.source.name} "
                f"and {other.types[name]} in {other.source.name}"
            )
        pairs.append(pair)
    left = _values(one, columns, [pair[0] for pair in pairs], "left", nulls_match)
    right = _values(other, columns, [pair[1] for pair in pairs], "right", nulls_match)
    right = right.drop(FILE, ROW).distinct()
    meets = f.lit(True)
    for number in range(len(columns)):
        meets = meets & f.col(f"left{number}").eqNullSafe(f.col(f"right{number}"))
    return left.join(right, meets, "left_semi")


def _schema(opened: Opened) -> dict[str, t.DataType]:
    frame: DataFrame = nw.to_native(opened.frame)
    return {field.name: field.dataType for field in frame.schema.fields}


def _values(
    opened: Opened, columns: Sequence[str], changes: Sequence[Change], side: str, nulls_match: bool
) -> DataFrame:
    """The columns, comparable, of the rows that may equal others."""
    sound = opened.frame
    for name in columns:
        if name in opened.unreadable:
            sound = sound.filter(~opened.unreadable[name])
    frame: DataFrame = nw.to_native(sound)
    cells = []
    for number, (name, change) in enumerate(zip(columns, changes, strict=True)):
        cell = quoted(opened.inside.get(name, name))
        changed = change(cell)
        frame = frame.filter(changed.isNotNull() | cell.isNull() if nulls_match else changed.isNotNull())
        cells.append(changed.alias(f"{side}{number}"))
    return frame.select(FILE, ROW, *cells)


def _pair(mine: t.DataType, theirs: t.DataType) -> tuple[Change, Change] | None:
    """How both sides are changed so that equal values are equal cells; None where none ever would be."""
    if mine == theirs:
        return _same, _same
    if isinstance(mine, _TIMES) and isinstance(theirs, _TIMES):
        return _cast("timestamp_ntz"), _cast("timestamp_ntz")
    if isinstance(mine, _NUMBERS) and isinstance(theirs, _NUMBERS):
        return _numbers(mine, theirs)
    return None


def _numbers(mine: t.DataType, theirs: t.DataType) -> tuple[Change, Change]:
    """Integers are held against floats exactly, decimals as floats."""
    both = (mine, theirs)
    scale = max(of.scale if isinstance(of, t.DecimalType) else 0 for of in both)
    floats = [isinstance(of, _FLOATS) for of in both]
    if all(floats) or (any(floats) and scale):
        return _cast("double"), _cast("double")
    exact = f"decimal({_DIGITS},{scale})"
    one, other = (_whole if floating else _cast(exact) for floating in floats)
    return one, other


def _whole(cell: Column) -> Column:
    """Floats as integers, null where they are not whole."""
    exact = f"decimal({_DIGITS},0)"
    return f.when(f.rint(cell) == cell, cell.cast("double").cast(exact))


def _same(cell: Column) -> Column:
    return cell


def _cast(to: str) -> Change:
    return lambda cell: cell.cast(to)
