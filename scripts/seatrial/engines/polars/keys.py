"""Rows that stand twice, and rows that stand in both sources: hashes first, then the values themselves.

The hash of every row decides which rows are worth a look, which in sound data are none; those rows are read
again and compared exactly. Neither step holds more than a bounded part of the rows, however many repeat.
Imported in child processes only.
"""

import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import reduce
from operator import add
from pathlib import Path

import numpy as np
import polars as pl

from seatrial.engines.measures.engine import Hits, Opened
from seatrial.engines.polars.keys_exact import HASH, ROW
from seatrial.engines.polars.keys_hashes import Marks, Runs, Sorted, Words, mark_repeated, mark_shared
from seatrial.engines.polars.keys_rows import First, count_repeats, count_shared
from seatrial.engines.polars.keys_values import UNLIKE, Incomparable, Values, alike, alone
from seatrial.text import shown

Hash = Callable[[Sequence[str]], pl.Expr]


def random_hash() -> Hash:
    """64 bits of a row. Its seed is drawn anew, so that no file can be made to collide."""
    seed = secrets.randbits(48)

    def of(columns: Sequence[str]) -> pl.Expr:
        return reduce(add, (pl.col(name).hash(seed + number) for number, name in enumerate(columns)))

    return of


@dataclass(frozen=True)
class Bounds:
    """What is held at once. hashes: in memory, of each side; rows: bytes of rows; batch: rows read at once.

    bits: of a hash that tell whether a row is worth a look.
    """

    hashes: int = 1 << 20
    rows: int = 24 * 2**20
    batch: int = 1 << 17
    bits: int = 24
    hash: Hash = field(default_factory=random_hash)


def repeated(
    opened: Opened, columns: Sequence[str], most: int, folder: Path, bounds: Bounds | None = None
) -> Hits:
    """Rows that stand earlier as they are in these columns, all where `columns` is empty.

    folder: where rows and hashes lie while they are too many for memory.
    """
    bounds = bounds or Bounds()
    values = alone(opened, columns or tuple(opened.types))
    if not values.columns:
        return Hits(0, problem="there are no columns")
    marks = Marks(bounds.bits)
    with closing(_hashes(values, folder, bounds, marks)) as runs:
        mark_repeated(runs, marks, bounds.hashes)
    found = First(most)
    if marks.any:
        count_repeats(_marked(values, marks, bounds), values.columns, found, folder, bounds.rows)
    return found.hits


def shared(
    opened: Opened,
    other: Opened,
    columns: Sequence[str],
    most: int,
    folder: Path,
    bounds: Bounds | None = None,
) -> Hits:
    """Rows whose values in these columns stand in `other` too, whatever their types; with a null never.

    Where `columns` is empty all columns that both have are compared, and null equals null.
    """
    compared = columns or [name for name in opened.types if name in other.types]
    if not compared:
        return Hits(0, problem="no column stands in both")
    missing = next((name for name in compared if name not in other.types), None)
    if missing is not None:
        return Hits(0, problem=f"{other.source.name} has no column {shown(missing, 60)}")
    bounds = bounds or Bounds()
    try:
        mine, theirs = alike(opened, other, compared, nulls_match=not columns)
    except Incomparable as reason:
        return Hits(0, problem=str(reason))
    marks = Marks(bounds.bits)
    with closing(_hashes(mine, folder, bounds)) as one, closing(_hashes(theirs, folder, bounds)) as two:
        mark_shared(one, two, marks, bounds.hashes)
    found = First(most)
    if marks.any:
        rows, others = (_marked(values, marks, bounds) for values in (mine, theirs))
        count_shared(rows, others, mine.columns, found, folder, bounds.rows)
    return found.hits


def _hashes(values: Values, folder: Path, bounds: Bounds, twice: Marks | None = None) -> Sorted:
    """The hashes of all rows that may equal others."""
    runs = Runs(folder, bounds.hashes, twice)
    hashed = values.frame.filter(~pl.col(UNLIKE)).select(bounds.hash(values.columns).alias(HASH))
    for batch in hashed.collect_batches(
        chunk_size=bounds.batch, maintain_order=False, lazy=True, engine="streaming"
    ):
        runs.add(_words(batch))
    return runs.finish()


def _marked(values: Values, marks: Marks, bounds: Bounds) -> Iterator[pl.DataFrame]:
    """The rows whose hash is marked, in order, numbered from 1."""
    hashed = bounds.hash(values.columns).alias(HASH)
    before = 0
    # Hashed here and not in the query, which would hold many more batches with one more column to work out.
    for read in values.frame.collect_batches(
        chunk_size=bounds.batch, maintain_order=True, lazy=True, engine="streaming"
    ):
        batch = read.with_columns(hashed)
        number = pl.int_range(before + 1, before + batch.height + 1, dtype=pl.Int64, eager=True).alias(ROW)
        worth = pl.Series(marks.holds(_words(batch))) & ~batch[UNLIKE]
        before += batch.height
        if worth.any():
            yield batch.drop(UNLIKE).with_columns(number).filter(worth)


def _words(batch: pl.DataFrame) -> Words:
    return np.asarray(batch[HASH].to_numpy(), np.uint64)
