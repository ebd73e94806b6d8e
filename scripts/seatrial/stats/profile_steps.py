"""Two staircases on the same edges: reference and current counts, exact at each edge, and bins of them."""

from dataclasses import dataclass

import numpy as np

from seatrial.stats.rows import Floats, Ints

BINS = 10


@dataclass(frozen=True, eq=False)
class Steps:
    """Counts of one column at ascending edges. below: rows under each edge; upto: under it or on it.

    rows: all rows with a value, infinities too. missing: rows without one (null or NaN).
    outside: mean distance of the rows outside of the edges from the outermost, below and above.
    """

    below: Ints
    upto: Ints
    rows: int
    missing: int
    mean: float = 0.0
    deviation: float = 0.0
    outside: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True, eq=False)
class Pair:
    """A column's reference and current counts at the same edges."""

    edges: Floats
    reference: Steps
    current: Steps


def deciles(reference: Steps, bins: int = BINS) -> list[tuple[int, bool]]:
    """Cuts of the reference into bins of as equal counts as its edges and ties allow.

    Each is the number of an edge, and whether the edge's own rows lie under the cut. A value that fills a bin
    has one of its own, with a cut on either side though the reference have no row beyond: a column that was
    constant and is another constant now has moved.
    """
    on = (reference.upto - reference.below) * bins
    sides = [
        (int(index), upto)
        for index in np.flatnonzero((on > 0) & (on >= reference.rows))
        for upto in (False, True)
    ]
    counts = {False: reference.below, True: reference.upto}
    taken = [int(counts[upto][index]) for index, upto in sides]
    chosen: list[tuple[int, bool]] = []
    for place in range(1, bins):
        wanted = reference.rows * place / bins
        after = int(np.searchsorted(reference.upto, wanted))
        options = [
            (abs(int(counts[upto][index]) - wanted), index, upto)
            for index in (after - 1, after, after + 1)
            if 0 <= index < reference.upto.size
            for upto in (False, True)
            if 0 < counts[upto][index] < reference.rows
        ]
        if options:
            _, index, upto = min(options)
            if all(2 * bins * abs(int(counts[upto][index]) - each) >= reference.rows for each in taken):
                chosen.append((index, upto))
    found = sorted([*sides, *_distinct(chosen, reference)])
    # All of the reference lies on one side of each edge: what lies on the other now has moved.
    return found or ([(0, False), (reference.upto.size - 1, True)] if reference.upto.size else [])


def _distinct(chosen: list[tuple[int, bool]], reference: Steps) -> list[tuple[int, bool]]:
    """Cuts in order, without those that leave no reference row between."""
    found: list[tuple[int, bool]] = []
    last = 0
    for index, upto in sorted(set(chosen)):
        count = int((reference.upto if upto else reference.below)[index])
        if count > last:
            found.append((index, upto))
            last = count
    return found


def binned(steps: Steps, at: list[tuple[int, bool]]) -> list[int]:
    """Rows in each bin, and last those without a value."""
    sums = [int((steps.upto if upto else steps.below)[index]) for index, upto in at]
    return [*np.diff([0, *sums, steps.rows]).tolist(), steps.missing]
