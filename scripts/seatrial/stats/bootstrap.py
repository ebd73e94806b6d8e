"""The bootstrap (Efron 1979), where there is no closed form and to check those there are.

Resamples are weights on the rows, the same for both arms, so that differences stay paired.
"""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from seatrial.stats.rows import Floats, Ints

Counts: TypeAlias = tuple[Ints, Ints, Ints, Ints]  # tp, fp, fn, tn of every resample


def bootstrap(
    statistic: Callable[[Floats], float],
    n: int,
    *,
    resamples: int = 2_000,
    seed: int = 0,
    cluster: Ints | None = None,
    poisson: bool = False,
) -> Floats:
    """The statistic of resamples; it is given a weight per row.

    cluster: whole clusters are drawn. poisson: independent weights of mean 1 (one pass over rows
    suffices, as in Chamandy et al. 2012) in place of exactly n draws.
    """
    if n < 1:
        raise ValueError("a bootstrap needs rows")
    random = np.random.Generator(np.random.PCG64(seed))
    place = None if cluster is None else np.unique(cluster, return_inverse=True)[1]
    units = n if place is None else int(place.max()) + 1
    found = np.empty(resamples)
    for i in range(resamples):
        if poisson:
            weights = random.poisson(1.0, units).astype(np.float64)
        else:
            weights = np.bincount(random.integers(0, units, units), minlength=units).astype(np.float64)
        found[i] = statistic(weights if place is None else weights[place])
    return found


def cells_of(positive: Ints, candidate: Ints, baseline: Ints) -> Ints:
    """Rows by label and both arms' decisions (0/1 each): all that a confusion-matrix metric sees."""
    return np.bincount(4 * positive + 2 * candidate + baseline, minlength=8)


def resample_cells(
    cells: Ints, metric: Callable[[Counts], Floats], *, resamples: int = 2_000, seed: int = 0
) -> Floats:
    """Candidate minus baseline over resamples of the 8 cells.

    Drawing n rows with replacement draws their cells from a multinomial, so this is the bootstrap of the
    rows itself, at the price of 8 numbers a resample.
    """
    if cells.shape != (8,) or int(cells.sum()) < 1:
        raise ValueError("expected 8 cells with at least one row")
    random = np.random.Generator(np.random.PCG64(seed))
    total = int(cells.sum())
    drawn = random.multinomial(total, cells / total, size=resamples).reshape(resamples, 2, 2, 2)
    arms = []
    for axis in (3, 2):  # the axis of the other arm
        own = drawn.sum(axis=axis)
        arms.append(metric((own[:, 1, 1], own[:, 0, 1], own[:, 1, 0], own[:, 0, 0])))
    return arms[0] - arms[1]


def f1_of(counts: Counts) -> Floats:
    """F1 of every resample; 0 where there is nothing to find."""
    tp, fp, fn, _ = counts
    found: Floats = 2 * tp / np.maximum(2 * tp + fp + fn, 1)
    return found
