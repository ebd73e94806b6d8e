"""Rows compared by their values. Equal rows have equal hashes, so only those are compared with each other.

Rows of one hash are all alike, but for chance; where they are not, they are compared as a whole.
Imported in child processes only.
"""

from collections.abc import Sequence
from functools import reduce
from operator import and_

import numpy as np
import polars as pl
from numpy.typing import NDArray

ROW, HASH = "row", "hash"
_PLACE = "place"

Mask = NDArray[np.bool_]
Places = NDArray[np.intp]


def first_of_each(rows: pl.DataFrame, columns: Sequence[str]) -> Mask:
    """Where a row is not as one before it."""
    hashes = rows[HASH].to_numpy()
    order = np.argsort(hashes, kind="stable")
    again = hashes[order[1:]] == hashes[order[:-1]]
    earlier, later = order[:-1][again], order[1:][again]
    first = np.ones(rows.height, np.bool_)
    first[later] = False
    unequal = ~_equal(rows, earlier, rows, later, columns)
    if unequal.any():
        mixed = np.flatnonzero(np.isin(hashes, hashes[later[unequal]]))
        few = rows[mixed].select(*columns, pl.Series(_PLACE, mixed))
        first[mixed] = False
        first[few.unique(list(columns), keep="first", maintain_order=True)[_PLACE].to_numpy()] = True
    return first


def stands_in(rows: pl.DataFrame, table: pl.DataFrame, columns: Sequence[str]) -> Mask:
    """Where a row stands in the table, whose rows are distinct and in the order of their hashes."""
    hashes, known = rows[HASH].to_numpy(), table[HASH].to_numpy()
    place = np.minimum(np.searchsorted(known, hashes), len(known) - 1)
    met = np.flatnonzero(known[place] == hashes)
    equal = _equal(rows, met, table, place[met], columns)
    found = np.zeros(rows.height, np.bool_)
    found[met] = equal
    if not equal.all():
        doubtful = met[~equal]
        few = rows[doubtful].select(*columns, pl.Series(_PLACE, doubtful))
        candidates = table.filter(pl.Series(np.isin(known, hashes[doubtful])))
        exact = few.join(candidates, on=list(columns), how="semi", nulls_equal=True)
        found[exact[_PLACE].to_numpy()] = True
    return found


def _equal(one: pl.DataFrame, at: Places, other: pl.DataFrame, there: Places, columns: Sequence[str]) -> Mask:
    """Where row `at` of one equals row `there` of the other, a column at a time."""
    return reduce(
        and_,
        (one[name].gather(at).eq_missing(other[name].gather(there)).to_numpy() for name in columns),
        np.ones(len(at), np.bool_),
    )
