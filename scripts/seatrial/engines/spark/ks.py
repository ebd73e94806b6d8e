"""The Kolmogorov-Smirnov distance itself, on Spark: where counts at the edges leave open whether it passes.

Imported in a child process only.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as f
from pyspark.sql.window import Window

from seatrial.engines.measures.engine import Opened
from seatrial.engines.spark.counts import CODE, code
from seatrial.engines.spark.values import PLACE, VALUE, constant, values_of
from seatrial.gates.data.packing import STEPS, unpack_counts

_SIDES = ("\0reference", "\0current")


@dataclass(frozen=True)
class Side:
    """Rows under each edge and up to it, with those that have no value, which count as less than all."""

    below: Sequence[int]
    upto: Sequence[int]
    missing: int
    all: int

    def shares(self, counts: Sequence[int]) -> list[float]:
        return [count / self.all for count in counts]


@dataclass(frozen=True)
class Pair:
    """Reference and current."""

    reference: Side
    current: Side

    @classmethod
    def of(cls, column: Mapping[str, Any], rows: int, part: Mapping[str, Any]) -> "Pair":
        """column: of the reference's sketch, of so many rows; part: of the answer to `bins`."""
        before, at = (unpack_counts(column["steps"][key], STEPS) for key in ("before", "at"))
        gone = column["nulls"] + column["nan"]
        sums = [
            gone + column["infinite"][0] + each
            for each in accumulate(count for both in zip(before, at, strict=True) for count in both)
        ]
        lacks = part["nulls"] + part["nan"]
        below, upto = ([lacks + n for n in unpack_counts(part[key], STEPS)] for key in ("below", "upto"))
        return cls(Side(sums[::2], sums[1::2], gone, rows), Side(below, upto, lacks, part["rows"] + lacks))

    def blunt(self, limit: float) -> bool:
        """Whether the limit lies between the numbers that hold the distance; see `ks_bracket`."""
        one, other = self.reference, self.current
        if not one.all or not other.all:
            return False
        f_low, g_low = (side.shares([side.missing, *side.upto]) for side in (one, other))
        f_high, g_high = ([*side.shares(side.below), 1.0] for side in (one, other))
        gaps = [abs(a - b) for a, b in (*zip(f_low, g_low, strict=True), *zip(f_high, g_high, strict=True))]
        lower = max(gaps)
        high = [a - b for a, b in (*zip(f_high, g_low, strict=True), *zip(g_high, f_low, strict=True))]
        return lower <= limit <= min(1.0, max(lower, *high))


def exact(reference: Opened, opened: Opened, name: str, edges: Sequence[float], counts: Pair) -> float:
    """The distance: between edges the values of both are put in order, each stretch by itself."""
    both = _of_side(reference, name, edges, 0).unionAll(_of_side(opened, name, edges, 1))
    # What stands on an edge goes with the stretch under it.
    stretch = f.floor(f.col(CODE) / 2).cast("int")
    found = both.groupBy(stretch.alias(CODE), VALUE).agg(*(f.sum(side).alias(side) for side in _SIDES))
    so_far = Window.partitionBy(CODE).orderBy(VALUE).rowsBetween(Window.unboundedPreceding, 0)
    one, other = (
        (_started(side) + f.sum(column).over(so_far)) / f.lit(float(side.all))
        for side, column in zip((counts.reference, counts.current), _SIDES, strict=True)
    )
    largest = found.select(f.abs(one - other).alias(VALUE)).agg(f.max(VALUE)).collect()[0][0]
    missing = abs(
        counts.reference.missing / counts.reference.all - counts.current.missing / counts.current.all
    )
    return max(missing, largest or 0.0)


def _of_side(opened: Opened, name: str, edges: Sequence[float], side: int) -> DataFrame:
    """The values that there are, infinities too, and where they lie."""
    cells = values_of(opened, [name]).filter(f.col(VALUE).isNotNull() & ~f.isnan(VALUE))
    place = (
        f.when(f.col(VALUE) == float("-inf"), 0)
        .when(f.col(VALUE) == float("inf"), 2 * len(edges))
        .otherwise(code([edges]))
    )
    ones = (f.lit(int(number == side)).cast("bigint").alias(each) for number, each in enumerate(_SIDES))
    return cells.select(PLACE, VALUE, place.alias(CODE), *ones)


def _started(side: Side) -> Column:
    """Rows before the stretch."""
    return constant([side.missing, *side.upto], "bigint")[f.col(CODE)]
