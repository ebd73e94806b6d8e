"""How cells are read as the type that the policy names, and which of them cannot be. Polars expressions.

Blanks around a cell count for text alone. integer: 64 bits, as digits with a sign, or as a whole decimal
(5.0), never through a float. number: decimal or scientific, inf and nan too; beyond the largest double it
is infinite. boolean: true and false in any case. date: 2026-01-31. timestamp: ISO 8601 with or without an
offset, the date alone meaning midnight; whatever stands beyond microseconds is cut.
Imported in a child process only.
"""

from dataclasses import dataclass
from datetime import datetime

import polars as pl

from seatrial.engines.measures.engine import BOOLEAN, DATE, INTEGER, NUMBER, TIMESTAMP

BLANKS = " \t"
MICROSECONDS = pl.Datetime("us")
UTC = pl.Datetime("us", "UTC")
DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
CLOCK = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]"
_OFFSET = r"(?:Z|[+-](?:[01][0-9]|2[0-3])(?::?[0-5][0-9])?)"
_DATE = f"^{DAY}$"
_TIME = f"^{DAY}(?:[T ]{CLOCK}(?::[0-5][0-9](?:[.,][0-9]{{1,9}})?)?{_OFFSET}?)?$"
ZONED = f"^{DAY}[T ]{CLOCK}.*{_OFFSET}$"
FIRST_YEAR = "0001"
_EARLIEST, _LATEST = datetime(1, 1, 1), datetime(9999, 12, 31, 23, 59, 59, 999_999)


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


def read(text: pl.Expr, cells: Cells) -> tuple[pl.Expr, pl.Expr]:
    """The values, null where there are none; and whether a cell holds something else than its type."""
    bare = text.str.strip_chars(BLANKS)
    value = _READERS[cells.type](bare, cells)
    held = text.is_not_null() & (bare != "") if cells.empty else text.is_not_null()
    return value, held & value.is_null()


def _integer(text: pl.Expr, cells: Cells) -> pl.Expr:
    whole = text.str.replace(r"^([+-]?[0-9]+)" + _mark(cells) + "0*$", "${1}")
    return whole.cast(pl.Int64, strict=False)


def _number(text: pl.Expr, cells: Cells) -> pl.Expr:
    if cells.decimal == ".":
        return text.cast(pl.Float64, strict=False)
    pointed = pl.when(~text.str.contains(".", literal=True)).then(text)
    return pointed.str.replace(cells.decimal, ".", literal=True).cast(pl.Float64, strict=False)


def _mark(cells: Cells) -> str:
    return r"\." if cells.decimal == "." else cells.decimal


def _boolean(text: pl.Expr, cells: Cells) -> pl.Expr:
    lower = text.str.to_lowercase()
    return pl.when(lower == "true").then(True).when(lower == "false").then(False)


def _date(text: pl.Expr, cells: Cells) -> pl.Expr:
    whole = pl.when(text.str.contains(_DATE) & (text >= FIRST_YEAR)).then(text)
    return whole.str.to_date("%Y-%m-%d", strict=False)


def _timestamp(text: pl.Expr, cells: Cells) -> pl.Expr:
    whole = pl.when(text.str.contains(_TIME) & (text >= FIRST_YEAR)).then(text)
    clock = pl.when(whole.str.len_bytes() > 10).then(whole.str.slice(11, 5)).otherwise(pl.lit("00:00"))
    second = pl.when(whole.str.slice(16, 1) == ":").then(whole.str.slice(17, 2)).otherwise(pl.lit("00"))
    parts = [whole.str.slice(0, 10), pl.lit("T"), clock, pl.lit(":"), second]
    local = pl.concat_str(parts).str.to_datetime("%Y-%m-%dT%H:%M:%S", time_unit="us", strict=False)
    fraction = whole.str.extract(r"[.,]([0-9]+)").str.pad_end(6, "0").str.slice(0, 6).cast(pl.Int64)
    beyond = pl.duration(microseconds=fraction.fill_null(0), time_unit="us")
    offset = whole.str.extract(r":[0-9.,:]*(" + _OFFSET + ")$")
    ahead = _minutes(offset)
    signed = pl.when(offset.str.starts_with("-")).then(-ahead).otherwise(ahead)
    placed = local + beyond - pl.duration(minutes=signed, time_unit="us")
    inside = pl.when(placed.is_between(_EARLIEST, _LATEST)).then(placed).dt.replace_time_zone("UTC")
    if cells.zone is not None:
        naive = in_utc(local + beyond, cells.zone)
    else:
        naive = pl.lit(None, UTC) if cells.zoned else inside
    zoned = inside if cells.zoned or cells.zone is not None else pl.lit(None, UTC)
    return pl.when(offset.is_null()).then(naive).otherwise(zoned)


def _minutes(offset: pl.Expr) -> pl.Expr:
    """Of Z, +02, +0230 and +02:30, without their sign."""
    digits = offset.str.replace(":", "", literal=True)
    hours, minutes = digits.str.slice(1, 2), digits.str.slice(3, 2)
    return 60 * _whole(hours) + _whole(minutes)


def _whole(digits: pl.Expr) -> pl.Expr:
    return digits.cast(pl.Int64, strict=False).fill_null(0)


def in_utc(local: pl.Expr, zone: str) -> pl.Expr:
    """Times of a zone's clocks in UTC: null where the clocks jumped over them, the earlier of two."""
    there = local.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
    return there.dt.convert_time_zone("UTC")


_READERS = {INTEGER: _integer, NUMBER: _number, BOOLEAN: _boolean, DATE: _date, TIMESTAMP: _timestamp}
