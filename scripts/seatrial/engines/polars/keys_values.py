"""Columns made comparable: equal values become equal cells of one type, on both sides.

Imported in child processes only. What is equal to what:

- Integers, floats and decimals are equal where their values are, whatever their width. A float is held
  against an integer exactly, against a decimal as a float. -0.0 equals 0.0.
- Text is text, dictionary or not. Dates and times are points in time in UTC: a date is its midnight.
- Null equals null and NaN equals NaN. A value that cannot be written in the type of the other side equals
  nothing there, and neither does an unreadable cell, not even its like: nobody knows what it holds.
- Lists and structs are equal where all of their parts are.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

import narwhals as nw
import polars as pl
import polars.selectors as cs

from seatrial.engines.measures.engine import Opened
from seatrial.text import shown

UNLIKE = "unlike"
_UNREADABLE = "\0unreadable"
_NANOSECONDS = {"ms": 1_000_000, "us": 1_000, "ns": 1}
_DAY = 86_400_000_000_000
_DIGITS = 38

Change = Callable[[pl.Expr], pl.Expr]


@dataclass(frozen=True)
class Values:
    """Columns to compare, and nothing else.

    frame: columns "0", "1" and so on, and UNLIKE, which is true where a row equals no other.
    """

    frame: pl.LazyFrame
    columns: tuple[str, ...]


class Incomparable(Exception):
    """Why columns cannot be compared, in a few words for people."""


def alone(opened: Opened, columns: Sequence[str]) -> Values:
    """Columns that are compared among themselves."""
    schema = _schema(opened)
    changes = [_plain(schema[_inside(opened, name)]) for name in columns]
    return _values(opened, columns, changes, nulls_match=True)


def alike(one: Opened, other: Opened, columns: Sequence[str], *, nulls_match: bool) -> tuple[Values, Values]:
    """The same columns of two sources, comparable with each other. Raises Incomparable."""
    mine, theirs = _schema(one), _schema(other)
    pairs = []
    for name in columns:
        pair = _pair(mine[_inside(one, name)], theirs[_inside(other, name)])
        if pair is None:
            raise Incomparable(
                f"{shown(name, 60)} is {one.types[name]} in {one.source.name} "
                f"and {other.types[name]} in {other.source.name}"
            )
        pairs.append(pair)
    return (
        _values(one, columns, [pair[0] for pair in pairs], nulls_match=nulls_match),
        _values(other, columns, [pair[1] for pair in pairs], nulls_match=nulls_match),
    )


def _inside(opened: Opened, name: str) -> str:
    return opened.inside.get(name, name)


def _schema(opened: Opened) -> pl.Schema:
    native: pl.LazyFrame = nw.to_native(opened.frame)
    return native.collect_schema()


def _values(
    opened: Opened, columns: Sequence[str], changes: Sequence[Change], *, nulls_match: bool
) -> Values:
    frame: nw.LazyFrame[Any] = opened.frame
    unreadable = [opened.unreadable[name] for name in columns if name in opened.unreadable]
    if unreadable:
        frame = frame.with_columns(nw.any_horizontal(*unreadable, ignore_nulls=True).alias(_UNREADABLE))
    native: pl.LazyFrame = nw.to_native(frame)
    unlike = [pl.col(_UNREADABLE)] if unreadable else []
    cells = []
    for number, (name, change) in enumerate(zip(columns, changes, strict=True)):
        # By name as it stands: to pl.col "*" and "^a.*$" are patterns.
        cell = cs.by_name(_inside(opened, name)).as_expr()
        changed = change(cell)
        cells.append(changed.alias(str(number)))
        if not nulls_match:
            unlike.append(changed.is_null())
        elif change is not _same:
            unlike.append(changed.is_null() & cell.is_not_null())
    nothing = reduce(or_, unlike) if unlike else pl.lit(False)
    return Values(
        native.select(*cells, nothing.alias(UNLIKE)), tuple(str(number) for number in range(len(columns)))
    )


def _pair(mine: pl.DataType, theirs: pl.DataType) -> tuple[Change, Change] | None:
    """How both sides are changed so that equal values are equal cells; None where none ever would be."""
    if mine == theirs:
        return _plain(mine), _plain(theirs)
    if mine == pl.Null:
        return _cast(_text_or(theirs)), _plain(theirs)
    if theirs == pl.Null:
        return _plain(mine), _cast(_text_or(mine))
    if _is_text(mine) and _is_text(theirs):
        return _cast(pl.String()), _cast(pl.String())
    if mine.is_numeric() and theirs.is_numeric():
        return _numbers(mine, theirs)
    if mine in (pl.Date, pl.Datetime) and theirs in (pl.Date, pl.Datetime):
        return _instant(mine), _instant(theirs)
    if isinstance(mine, pl.Duration) and isinstance(theirs, pl.Duration):
        return _instant(mine), _instant(theirs)
    if mine.is_nested() and theirs.is_nested():
        return _parts(mine, theirs)
    return None


def _numbers(mine: pl.DataType, theirs: pl.DataType) -> tuple[Change, Change]:
    both = (mine, theirs)
    if any(of.is_decimal() for of in both):
        if any(of.is_float() for of in both):
            return _cast(pl.Float64()), _cast(pl.Float64())
        scale = max(of.scale for of in both if isinstance(of, pl.Decimal))
        return _cast(pl.Decimal(_DIGITS, scale)), _cast(pl.Decimal(_DIGITS, scale))
    if all(of.is_float() for of in both):
        return _cast(pl.Float64()), _cast(pl.Float64())
    wide = any(of in (pl.UInt64, pl.Int128, pl.UInt128) or of.is_float() for of in both)
    whole = pl.Int128() if wide else pl.Int64()
    one, other = (_whole if of.is_float() else _cast(whole) for of in both)
    return one, other


def _whole(cell: pl.Expr) -> pl.Expr:
    """Floats as integers, null where they are not whole."""
    return pl.when(cell.floor() == cell).then(cell).cast(pl.Int128, strict=False)


def _instant(dtype: pl.DataType) -> Change:
    """Nanoseconds, of which there are more than 64 bits hold."""
    unit = dtype.time_unit if isinstance(dtype, pl.Datetime | pl.Duration) else None
    factor = _DAY if unit is None else _NANOSECONDS[unit]
    return lambda cell: cell.to_physical().cast(pl.Int128) * factor


def _parts(mine: pl.DataType, theirs: pl.DataType) -> tuple[Change, Change] | None:
    """Nested types become the one that holds both, if there is one."""
    empty = [pl.Series("", [], dtype).to_frame() for dtype in (mine, theirs)]
    try:
        common = pl.concat(empty, how="vertical_relaxed").dtypes[0]
    except pl.exceptions.PolarsError:
        return None
    return _cast(common), _cast(common)


def _is_text(dtype: pl.DataType) -> bool:
    return dtype in (pl.String, pl.Categorical, pl.Enum)


def _text_or(dtype: pl.DataType) -> pl.DataType:
    return pl.String() if _is_text(dtype) else dtype


def _plain(dtype: pl.DataType) -> Change:
    return _cast(pl.String()) if dtype in (pl.Categorical, pl.Enum) else _same


def _same(cell: pl.Expr) -> pl.Expr:
    return cell


def _cast(to: pl.DataType) -> Change:
    return lambda cell: cell.cast(to, strict=False)
