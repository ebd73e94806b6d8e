"""Columns as expressions, and a policy's values as the values that columns are compared with.

Imported in the child processes only.
"""

import builtins
import datetime
import math
import struct
import zoneinfo
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import narwhals as nw

from seatrial.engines.measures.engine import BOOLEAN, DATE, INTEGER, NUMBER, STRING, TIMESTAMP, Opened
from seatrial.text import shown

NUMERIC = (INTEGER, NUMBER)
MICROSECONDS = nw.Datetime("us", "UTC")
FIRST = datetime.datetime.min.replace(tzinfo=datetime.UTC)
LAST = datetime.datetime.max.replace(tzinfo=datetime.UTC)
_PLAIN = {TIMESTAMP: MICROSECONDS, STRING: nw.String(), NUMBER: nw.Float64()}


class Unfit(Exception):
    """Something cannot be measured of a column of this type. The message says why, in a few words."""


def _between(value: nw.Expr, least: datetime.date, largest: datetime.date) -> nw.Expr:
    """Not by `clip`, which takes null for the least on Spark."""
    lower = nw.when(value > largest).then(nw.lit(largest)).otherwise(value)
    return nw.when(value < least).then(nw.lit(least)).otherwise(lower)


def rounded(value: int | float) -> float:
    """The number of single precision that is nearest."""
    try:
        return float(struct.unpack("f", struct.pack("f", _double(value)))[0])
    except OverflowError:
        return math.copysign(math.inf, value)


def _double(value: int | float) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


@dataclass(frozen=True)
class Cells:
    """A column. unreadable: true where a cell is not of the type that it is read as, if there may be such."""

    name: str
    type: str
    raw: nw.Expr
    dtype: Any
    floating: bool
    unreadable: nw.Expr | None
    zone: str
    polars: bool

    @property
    def expr(self) -> nw.Expr:
        """The column in the one type of its kind that all engines compare alike.

        Times in microseconds of UTC, dictionaries as text, decimals as doubles; the rest as it is.
        """
        plain = _PLAIN.get(self.type)
        if plain is None or self.dtype == plain or self.floating:
            return self.raw
        if self.type == TIMESTAMP and self.dtype.time_unit in ("s", "ms"):
            ends = (
                (FIRST, LAST)
                if self.dtype.time_zone
                else (FIRST.replace(tzinfo=None), LAST.replace(tzinfo=None))
            )
            return self.raw.clip(*ends).cast(plain)  # so many microseconds could be too many
        return self.raw.cast(plain)

    def handed_out(self, value: nw.Expr) -> nw.Expr:
        """Values of the column that Python can hold: dates and times of the years 1 to 9999."""
        if self.type == TIMESTAMP:
            return _between(value, FIRST, LAST)
        if self.type == DATE and self.polars:  # Spark takes no dates of year 1
            return _between(value, datetime.date.min, datetime.date.max)
        return value

    @property
    def single(self) -> bool:
        """Whether its numbers are of single precision."""
        return bool(self.dtype == nw.Float32)

    def must_be(self, *types: str) -> None:
        """Raises Unfit."""
        if self.type not in types:
            wanted = " or ".join(each for each in types if each != INTEGER or NUMBER not in types)
            raise Unfit(f"is {self.type}, not {wanted}")

    def limit(self, value: Any) -> Any:
        """The value of `min` or `max` as what the column holds. Raises Unfit."""
        if isinstance(value, str):
            self.must_be(DATE, TIMESTAMP)
            return moment(value, self.type, self.zone)
        self.must_be(*NUMERIC)
        return self.number(value)

    def number(self, value: int | float) -> int | float:
        """A number with the precision of the column: 0.1 is the largest that `max: 0.1` allows, there too."""
        if isinstance(value, int) and -(2**63) <= value < 2**63 and not self.single:
            return value
        return rounded(value) if self.single else _double(value)

    def listed(self, values: list[Any]) -> list[Any]:
        """The values of `one_of` that the column can hold. Raises Unfit for those of another type."""
        if self.type in NUMERIC:
            found = [self.number(each) for each in values if self._of(each, int, float)]
            if self.type == INTEGER:
                return [int(each) for each in found if math.isfinite(each) and each == int(each)]
            return [float(each) for each in found]
        if self.type in (DATE, TIMESTAMP):
            return [moment(each, self.type, self.zone) for each in values if self._of(each, str)]
        self.must_be(STRING, BOOLEAN)
        return [each for each in values if self._of(each, str if self.type == STRING else bool)]

    def _of(self, value: Any, *kinds: builtins.type) -> bool:
        if isinstance(value, kinds) and (not isinstance(value, bool) or bool in kinds):
            return True
        hint = f'; write "{shown(value, 30)}" in quotes' if kinds == (str,) and self.type == STRING else ""
        raise Unfit(f"is {self.type}, and {shown(value, 30)} is not{hint}")


@dataclass(frozen=True)
class Table:
    """A source that was opened, with what is known of its columns."""

    opened: Opened

    @cached_property
    def _schema(self) -> Any:
        return self.opened.frame.collect_schema()

    @cached_property
    def _zones(self) -> dict[str, str]:
        return {each.column: each.zone for each in self.opened.source.readings if each.zone is not None}

    def cells(self, name: str) -> Cells:
        """A column by its own name. Raises Unfit where there is none."""
        found = self.opened
        if name not in found.types:
            raise Unfit("the column is missing")
        return Cells(
            name,
            found.types[name],
            found.column(name),
            self._schema[found.inside.get(name, name)],
            name in found.floating,
            found.unreadable.get(name),
            self._zones.get(name, "UTC"),
            self.polars,
        )

    @property
    def polars(self) -> bool:
        return bool(self.opened.frame.implementation.is_polars())

    def count(self, found: nw.Expr) -> nw.Expr:
        """How many rows meet a condition. Not every engine adds up Booleans; Polars is faster so."""
        return (found if self.polars else found.cast(nw.Int64)).sum()


def moment(text: str, type: str, zone: str = "UTC") -> datetime.date:
    """A date, or a datetime in UTC; a time without a zone is in `zone`. Raises Unfit."""
    try:
        if type == DATE:
            return datetime.date.fromisoformat(text)
        found = datetime.datetime.fromisoformat(text)
        local = found if found.tzinfo is not None else found.replace(tzinfo=zoneinfo.ZoneInfo(zone))
        return local.astimezone(datetime.UTC)
    except (ValueError, OverflowError, zoneinfo.ZoneInfoNotFoundError):
        like = "2026-01-31" if type == DATE else "2026-01-31T10:00:00Z"
        raise Unfit(f"is {type}, and {shown(text, 30)} is not; write one such as {like}") from None
