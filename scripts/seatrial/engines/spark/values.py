"""Numbers of columns on Spark: each value with the place of its column, and which of them to cut between.

Imported in a child process only.
"""

import json
from collections.abc import Callable, Sequence

import narwhals as nw
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as f
from pyspark.sql.window import Window

from seatrial.engines.measures.engine import DATE, TIMESTAMP, Opened
from seatrial.engines.measures.sketching_alike import ROUNDS, WEYL
from seatrial.engines.spark.columns import FILE, ROW, quoted
from seatrial.engines.spark.reading import Numbers

PLACE, VALUE, ROWS = "\0place", "\0value", "\0rows"
_TURN, _PAIRS = "\0turn", "\0pairs"
_INFINITE = float("inf")

Values = tuple[list[float], list[int]]  # distinct, ascending, and how often each stands


def as_number(opened: Opened, name: str) -> Column:
    """A column of numbers or times as float64: days, and microseconds, since 1970."""
    column, kind = quoted(opened.inside.get(name, name)), opened.types[name]
    if kind == TIMESTAMP:
        column = f.unix_micros(column.cast("timestamp"))
    elif kind == DATE:
        column = f.unix_date(column)
    return column.cast("double")


def finite(value: Column) -> Column:
    """Neither infinite nor NaN, which to Spark is more than infinity; null for null."""
    return f.abs(value) < _INFINITE


def known_of(opened: Opened, name: str) -> Column:
    return finite(as_number(opened, name))


def values_of(opened: Opened, names: Sequence[str]) -> DataFrame:
    """A row for each cell of these columns: which of the columns, and its value."""
    frame: DataFrame = nw.to_native(opened.frame)
    cells = f.array(*(as_number(opened, name) for name in names))
    return frame.select(f.posexplode(cells).alias(PLACE, VALUE))


def constant(values: Sequence[object], kind: str) -> Column:
    """An array that is part of the query."""
    return f.from_json(f.lit(json.dumps(values)), f"array<{kind}>")


def sampled(
    opened: Opened, names: Sequence[str], places: Callable[[], Numbers] | None, most: int
) -> dict[str, Values]:
    """The finite values of the rows that every engine samples; of all rows where `places` is None."""
    if not names:
        return {}
    if places is None:
        return _tallied(values_of(opened, names), names, None)
    numbers = places()
    least = numbers.least
    before = [rows - least.get(file, 0) for file, rows in enumerate(numbers.before)]
    row = f.col(ROW) + constant(before, "bigint")[f.col(FILE)]
    frame: DataFrame = nw.to_native(opened.frame)
    cells = f.array(*(as_number(opened, name) for name in names))
    chosen = frame.select(_mixed(row).alias(_TURN), cells.alias(VALUE)).orderBy(_TURN).limit(most)
    return _tallied(chosen.select(f.posexplode(VALUE).alias(PLACE, VALUE)), names, None)


def distinct(opened: Opened, names: Sequence[str], most: int) -> dict[str, Values]:
    """The distinct finite values of all rows, `most` of them."""
    return _tallied(values_of(opened, names), names, most) if names else {}


def _tallied(values: DataFrame, names: Sequence[str], most: int | None) -> dict[str, Values]:
    groups = values.filter(finite(f.col(VALUE))).groupBy(PLACE, VALUE).agg(f.count("*").alias(ROWS))
    if most is not None:
        turn = f.row_number().over(Window.partitionBy(PLACE).orderBy(VALUE))
        groups = groups.withColumn(_TURN, turn).filter(f.col(_TURN) <= most)
    pairs = f.array_sort(f.collect_list(f.struct(VALUE, ROWS)))
    columns = groups.groupBy(PLACE).agg(pairs.alias(_PAIRS))
    found: dict[str, Values] = {name: ([], []) for name in names}
    for place, values_, counts in columns.select(
        PLACE, f.col(_PAIRS).getField(VALUE), f.col(_PAIRS).getField(ROWS)
    ).collect():
        found[names[place]] = (values_, counts)
    return found


def _mixed(row: Column) -> Column:
    """`sketching_numbers.priorities`, of one row."""
    mixed = (row + 1) * _signed(WEYL)
    for shift, factor in ROUNDS:
        mixed = mixed.bitwiseXOR(f.shiftrightunsigned(mixed, shift)) * _signed(factor)
    return mixed


def _signed(word: int) -> Column:
    """64 bits as Spark's integer of the same bits."""
    return f.lit(word - 2**64 if word >= 2**63 else word)
