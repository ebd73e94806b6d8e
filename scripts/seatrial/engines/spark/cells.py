"""How text is read as the type that the policy names, by expressions of Spark: cell for cell as by Polars.

The rules are told in `polars.cells`; a test holds both to the same cells. Nothing here depends on ANSI mode.
Imported in a child process only.
"""

from dataclasses import dataclass

from pyspark.sql import Column
from pyspark.sql import functions as f

from seatrial.engines.measures.engine import BOOLEAN, DATE, INTEGER, NUMBER, TIMESTAMP

_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_CLOCK = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]"
_OFFSET = r"(?:Z|[+-](?:[01][0-9]|2[0-3])(?::?[0-5][0-9])?)"
_TIME = rf"\A{_DAY}(?:[T ]{_CLOCK}(?::[0-5][0-9](?:[.,][0-9]{{1,9}})?)?{_OFFSET}?)?\z"
_OF_NUMBERS = r"\A[+-]?(?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|(?i:inf|infinity|nan))\z"
_FIRST_YEAR = "0001"
ZONED = rf"\A{_DAY}[T ]{_CLOCK}.*{_OFFSET}\z"
_SECOND, _MINUTE = 1_000_000, 60_000_000
# Microseconds of the years that there are, 1 to 9999.
_EARLIEST, _LATEST = -62_135_596_800_000_000, 253_402_300_799_999_999


@dataclass(frozen=True)
class Cells:
    """How text is read. decimal: the mark; empty: whether the empty cell is a missing value.

    zone: of times that are written without one. zoned: whether times carry an offset where no zone is named:
    those of the other form cannot be placed.
    """

    type: str
    decimal: str = "."
    empty: bool = True
    zone: str | None = None
    zoned: bool = False


def read(text: Column, cells: Cells) -> tuple[Column, Column]:
    """The values, null where there are none; and whether a cell holds something else than its type."""
    bare = f.regexp_replace(text, r"\A[ \t]+|[ \t]+\z", "")
    value = _READERS[cells.type](bare, cells)
    held = text.isNotNull() & (bare != "") if cells.empty else text.isNotNull()
    return value, held & value.isNull()


def _integer(text: Column, cells: Cells) -> Column:
    mark = r"\." if cells.decimal == "." else cells.decimal
    whole = f.regexp_replace(text, rf"\A([+-]?[0-9]+){mark}0*\z", "$1")
    return f.when(whole.rlike(r"\A[+-]?[0-9]+\z"), whole.cast("bigint"))


def _number(text: Column, cells: Cells) -> Column:
    if cells.decimal != ".":
        pointed = f.when(~text.contains("."), text)
        text = f.regexp_replace(pointed, rf"\A([^{cells.decimal}]*){cells.decimal}", "$1.")
    lower = f.lower(text)
    bare = f.regexp_replace(lower, r"\A[+-]", "")
    sign = f.when(text.startswith("-"), f.lit(-1.0)).otherwise(f.lit(1.0))
    special = (
        f.when(bare == "nan", f.lit(float("nan")))
        .when(bare.isin("inf", "infinity"), sign * f.lit(float("inf")))
        .otherwise(text.cast("double"))
    )
    return f.when(text.rlike(_OF_NUMBERS), special)


def _boolean(text: Column, cells: Cells) -> Column:
    lower = f.lower(text)
    return f.when(lower == "true", True).when(lower == "false", False)


def _date(text: Column, cells: Cells) -> Column:
    return f.when(text.rlike(rf"\A{_DAY}\z") & (text >= _FIRST_YEAR), text.cast("date"))


def _timestamp(text: Column, cells: Cells) -> Column:
    """In microseconds since 1970, as an integer for as long as it is computed with."""
    whole = f.when(text.rlike(_TIME) & (text >= _FIRST_YEAR), text)
    clock = f.when(f.length(whole) > 10, f.substring(whole, 12, 5)).otherwise("00:00")
    second = f.when(f.substring(whole, 17, 1) == ":", f.substring(whole, 18, 2)).otherwise("00")
    day = f.substring(whole, 1, 10)
    local = f.unix_micros(f.concat(day, f.lit("T"), clock, f.lit(":"), second).cast("timestamp"))
    fraction = f.rpad(f.regexp_extract(whole, r"[.,]([0-9]+)", 1), 6, "0")
    local = local + f.substring(fraction, 1, 6).cast("bigint")
    offset = f.regexp_extract(whole, rf"\A{_DAY}[T ][0-9:.,]*({_OFFSET})\z", 1)
    digits = f.rpad(f.regexp_replace(offset, "[^0-9]", ""), 4, "0")
    minutes = f.substring(digits, 1, 2).cast("bigint") * 60 + f.substring(digits, 3, 2).cast("bigint")
    behind = f.when(offset.startswith("-"), -minutes).otherwise(minutes)
    placed = local - behind * _MINUTE
    inside = f.when(placed.between(_EARLIEST, _LATEST), f.timestamp_micros(placed))
    nothing = f.lit(None).cast("timestamp")
    if cells.zone is not None:
        naive = in_utc(f.timestamp_micros(local).cast("timestamp_ntz"), cells.zone)
    else:
        naive = nothing if cells.zoned else inside
    zoned = inside if cells.zoned or cells.zone is not None else nothing
    return f.when(offset == "", naive).otherwise(zoned)


def in_utc(local: Column, zone: str) -> Column:
    """Times of a zone's clocks in UTC: null where the clocks jumped over them, the earlier of two."""
    there, utc = f.lit(zone), f.lit("UTC")
    moment = f.convert_timezone(there, utc, local)
    return f.when(f.convert_timezone(utc, there, moment) == local, moment.cast("timestamp"))


_READERS = {INTEGER: _integer, NUMBER: _number, BOOLEAN: _boolean, DATE: _date, TIMESTAMP: _timestamp}
