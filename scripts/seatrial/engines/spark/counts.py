"""Rows under and on each edge, on Spark: every cell finds its place among the edges, and places are counted.

Exact. A place is found by halving: 13 comparisons for 4,096 edges. Imported in a child process only.
"""

import math
import sys
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from typing import Any

from pyspark.sql import Column, DataFrame, Row
from pyspark.sql import functions as f

from seatrial.engines.measures.engine import Opened
from seatrial.engines.measures.sketching_alike import LARGEST, TOO_LARGE, moments_told, told
from seatrial.engines.spark.values import PLACE, VALUE, constant, values_of
from seatrial.gates.data.packing import excess, pack_counts, pack_floats

CODE = "\0code"
_NULL, _LEAST, _MOST, _NAN = -4, -3, -2, -1  # cells that have no place among the edges
_AT_A_TIME = 2**19  # numbers that are part of a query
Json = dict[str, Any]


def counted(opened: Opened, edges: Mapping[str, Sequence[float]]) -> "dict[str, Tally]":
    """All columns in a pass, or in a few where they have many edges together."""
    found: dict[str, Tally] = {}
    for names in _batches(edges):
        tallies = [Tally(edges[name]) for name in names]
        for place, *counts in _counts(values_of(opened, names), [edges[name] for name in names]):
            tallies[place].add(*counts)
        found |= dict(zip(names, tallies, strict=True))
    return found


def _batches(edges: Mapping[str, Sequence[float]]) -> Iterator[list[str]]:
    batch: list[str] = []
    for name in edges:
        if batch and (len(batch) + 1) * max(_width(len(edges[each])) for each in [*batch, name]) > _AT_A_TIME:
            yield batch
            batch = []
        batch.append(name)
    if batch:
        yield batch


def _counts(values: DataFrame, edges: Sequence[Sequence[float]]) -> list[Row]:
    """By column and code: rows, sum, variance, the largest size, and the distance to the outermost edges."""
    place, value = f.col(PLACE), f.col(VALUE)
    sizes = constant([len(each) for each in edges], "int")[place]
    first = constant([each[0] if each else 0.0 for each in edges], "double")[place]
    last = constant([each[-1] if each else 0.0 for each in edges], "double")[place]
    coded = values.select(PLACE, VALUE, code(edges).alias(CODE))
    outside = (
        f.when(f.col(CODE) == 0, first - value).when(f.col(CODE) == 2 * sizes, value - last).otherwise(0.0)
    )
    found: list[Row] = (
        coded.groupBy(PLACE, CODE)
        .agg(f.count("*"), f.sum(VALUE), f.var_pop(VALUE), f.max(f.abs(value)), f.sum(outside))
        .collect()
    )
    return found


def code(edges: Sequence[Sequence[float]]) -> Column:
    """Of a cell: 2 i between the edges i - 1 and i, 2 i + 1 on edge i; below 0 for what has no place."""
    place, value = f.col(PLACE), f.col(VALUE)
    widths = [_width(len(each)) for each in edges]
    # No finite value is more than the padding, so no search ends beyond the edges.
    padded = [n for each, w in zip(edges, widths, strict=True) for n in (*each, *_padding(w - len(each)))]
    numbers = constant(padded, "double")
    start = constant([*accumulate(widths, initial=0)], "int")[place]
    size = constant([len(each) for each in edges], "int")[place]
    halves = constant([_halves(width) for width in widths], "array<int>")[place]

    def closer(at: Column, half: Column) -> Column:
        return f.when(numbers[start + at + half - 1] < value, at + half).otherwise(at)

    def of(at: Column) -> Column:
        on = (at < size) & (numbers[start + at] == value)
        return 2 * at + f.when(on, 1).otherwise(0)

    return (
        f.when(value.isNull(), _NULL)
        .when(f.isnan(value), _NAN)
        .when(value == -math.inf, _LEAST)
        .when(value == math.inf, _MOST)
        .otherwise(f.aggregate(halves, f.lit(0), closer, of))
    )


def _width(edges: int) -> int:
    """The power of 2 above it: so many places there are to search."""
    return 1 << edges.bit_length()


def _halves(width: int) -> list[int]:
    """Steps of a search among so many places."""
    return [1 << power for power in reversed(range(width.bit_length() - 1))]


def _padding(count: int) -> list[float]:
    return [sys.float_info.max] * count


class Tally:
    """Counts of one column, put together from those of its places."""

    def __init__(self, edges: Sequence[float]) -> None:
        self.edges = list(edges)
        self.nulls = self.nan = self.least = self.most = 0
        self.places = [0] * (2 * len(self.edges) + 1)
        self.large = False
        self.outside = [0.0, 0.0]
        self._sums: list[float] = []
        self._spread: list[tuple[int, float, float]] = []  # rows, mean and variance of each place

    def add(self, code: int, rows: int, total: float, variance: float, size: float, outside: float) -> None:
        """The rows of one place. total: their sum; size: the largest without its sign."""
        if code >= 0:
            self.places[code] = rows
            self.large = self.large or size > LARGEST
            if code == 0:
                self.outside[0] = outside
            elif code == 2 * len(self.edges):
                self.outside[1] = outside
            self._sums.append(total)
            self._spread.append((rows, total / rows, variance))
        elif code == _NULL:
            self.nulls = rows
        elif code == _NAN:
            self.nan = rows
        elif code == _LEAST:
            self.least = rows
        else:
            self.most = rows

    def moments(self) -> tuple[float, float]:
        """Mean and standard deviation of the finite values, of numbers that add up."""
        count = sum(self.places)
        if not count:
            return 0.0, 0.0
        if count in self.places[1::2]:
            return self.edges[self.places[1::2].index(count)], 0.0
        mean = math.fsum(self._sums) / count
        squares = math.fsum(n * (variance + (own - mean) ** 2) for n, own, variance in self._spread)
        return moments_told(mean, math.sqrt(squares / count))

    def part(self, moments: bool) -> Json:
        """The answer to `bins`."""
        outer = (self.places[0], self.places[-1]) if self.edges else (0, 0)
        beyond = [
            total / rows if rows and moments else 0.0 for total, rows in zip(self.outside, outer, strict=True)
        ]
        if moments and (self.large or not all(map(math.isfinite, beyond))):
            return {"problem": TOO_LARGE}
        mean, deviation = self.moments() if moments else (0.0, 0.0)
        sums = [self.least + each for each in accumulate(self.places)]
        return {
            "rows": sum(self.places) + self.least + self.most,
            "nulls": self.nulls,
            "nan": self.nan,
            "infinite": [self.least, self.most],
            "below": pack_counts(sums[:-1:2], 1),
            "upto": pack_counts(sums[1::2], 1),
            "mean": mean,
            "deviation": deviation,
            "outside": [told(each, each) for each in beyond],
        }

    def sketch(self, kind: str) -> Json:
        """The answer to `sketch`, as a column of a profile."""
        found: Json = {
            "type": kind,
            "nulls": self.nulls,
            "nan": self.nan,
            "infinite": [self.least, self.most],
        }
        if not self.edges or self.large:
            return found
        mean, deviation = self.moments()
        found["steps"] = {
            "edges": pack_floats(self.edges),
            "before": pack_counts(self.places[:-1:2]),
            "at": pack_counts(self.places[1::2]),
            "mean": mean,
            "deviation": deviation,
            "below": excess(self.outside[0], self.places[0]),
            "above": excess(self.outside[1], self.places[-1]),
        }
        return found
