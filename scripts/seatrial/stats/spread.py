"""How far an estimate may be off, from its influence values: by rows, or by clusters of rows."""

import math
from dataclasses import dataclass

import numpy as np

from seatrial.stats.arm import Arm
from seatrial.stats.rows import Bools, Floats, Ints

FEWEST_CLUSTERS = 10
FEWEST_OF_A_CLASS = 10
LEAST_REST = 0.05  # of the rows outside a cluster: fewer, and there are too few clusters anyway


@dataclass(frozen=True, eq=False)
class Measured:
    """An arm's evidence, and the influence of each row on its estimate (mean 0)."""

    arm: Arm
    influence: Floats


def dot(a: Floats, b: Floats) -> float:
    """The sum of products, to the same last digit on every machine: BLAS adds in an order of its own."""
    return float(np.sum(a * b))


def unit_sums(influence: Floats, cluster: Ints | None) -> Floats:
    """Influence by independent unit: the row, or the cluster."""
    return influence if cluster is None else np.bincount(cluster, weights=influence).astype(np.float64)


def clusters_of(cluster: Ints | None, counted: Bools | None = None) -> int | None:
    """How many clusters of equal size would tell as much (Kish 1965); None for independent rows.

    By the rows that count: one that has most of them leaves little beside it.
    """
    if cluster is None:
        return None
    sizes = _sizes(cluster, counted)
    squares = dot(sizes, sizes)
    return math.floor(float(sizes.sum()) ** 2 / squares + 1e-9) if squares > 0 else 0


def _sizes(cluster: Ints, counted: Bools | None) -> Floats:
    rows: Floats = np.bincount(cluster if counted is None else cluster[counted]).astype(np.float64)
    return rows


def jackknifed(sums: Floats, cluster: Ints, counted: Bools | None = None) -> Floats:
    """Sums by cluster, as they would be had the estimate been made without the cluster.

    A large cluster draws the estimate to itself and so seems nearer to it than it is (CR3: Bell & McCaffrey
    2002). Their squares add up to the variance of the sum; for clusters of equal size that is the u/(u-1)
    of Liang & Zeger (1986).
    """
    sizes = np.zeros(sums.size)
    found = _sizes(cluster, counted)
    sizes[: found.size] = found
    used = max(1, int(np.count_nonzero(sizes)))
    rest = 1 - sizes / max(float(sizes.sum()), 1.0)
    return sums / np.maximum(rest, LEAST_REST) * math.sqrt((used - 1) / used)


def variance_of(influence: Floats, cluster: Ints | None, counted: Bools | None = None) -> float:
    """Variance of the estimate: the squares of the rows' or the clusters' influence.

    counted: the rows that have a part in the estimate.
    """
    n = influence.size
    if n < 2:
        return 0.0
    if cluster is None:
        return dot(influence, influence) / n**2 * n / (n - 1)
    sums = jackknifed(unit_sums(influence, cluster), cluster, counted)
    return dot(sums, sums) / n**2


def freedom_of(influence: Floats, cluster: Ints | None) -> int:
    """Degrees of freedom of the variance, by the kurtosis of the unit sums (Satterthwaite 1946).

    The u - 1 of the textbook is for normal sums; with heavy tails the variance itself is poorly known.
    """
    sums = scaled(unit_sums(influence, cluster))
    units = sums.size if cluster is None else clusters_of(cluster) or 0
    squares = sums * sums
    total = float(squares.sum())
    if units < 3 or total <= 0:
        return max(1, units - 1)
    count = int(np.count_nonzero(np.bincount(cluster))) if cluster is not None else units
    kurtosis = count * dot(squares, squares) / total**2
    return max(3, round(min(units - 1, 2 * count / max(kurtosis - 1, 1e-9))))


def skewness_of(influence: Floats, cluster: Ints | None) -> float:
    """Skewness of the estimate itself: that of the unit sums, divided by the root of their number."""
    sums = scaled(unit_sums(influence, cluster))
    total = dot(sums, sums)
    return float(np.sum(sums * sums * sums)) / total**1.5 if total > 0 else 0.0


def scaled(values: Floats) -> Floats:
    """At most 1 in size, so that powers neither overflow nor vanish."""
    largest = float(np.abs(values).max()) if values.size else 0.0
    return values / largest if largest > 0 else values


def design_effect(
    influence: Floats,
    cluster: Ints | None,
    independent: float,
    trials: int,
    counted: Bools | None = None,
) -> float:
    """Variance with clusters over the variance of independent rows (Kish 1965), never below 1.

    Where the sample shows no variance at all (everything right), rows of a cluster
    are taken to stand or fall together.
    """
    units = clusters_of(cluster, counted)
    if cluster is None or not units:
        return 1.0
    if independent <= 0:
        return max(1.0, trials / units)
    return max(1.0, variance_of(influence, cluster, counted) / independent)


def doubt(cluster: Ints | None, counted: Bools | None = None) -> str | None:
    """Why there can be no interval: too few clusters for a variance, or a few that have most of the rows."""
    if cluster is None:
        return None
    if np.count_nonzero(_sizes(cluster, counted)) < FEWEST_CLUSTERS:
        return f"under {FEWEST_CLUSTERS} clusters"
    few = (clusters_of(cluster) or 0) < FEWEST_CLUSTERS
    return f"under {FEWEST_CLUSTERS} clusters (effective)" if few else None


def at_least_two(units: int | None) -> int | None:
    """The number of clusters as an arm keeps it (a single one already has a reason)."""
    return None if units is None else max(units, 2)


def correlation(a: Floats, b: Floats, cluster: Ints | None = None, *, same: bool = True) -> float:
    """Correlation of two estimates on the same rows, from their influence values.

    1 says that the arms are one. same=False: they are known to differ (in scores, say), so that
    equal decisions on these few rows are not taken for equal decisions on all.
    """
    if a.shape != b.shape:
        raise ValueError("influence values of two arms differ in length")
    if a is b or np.array_equal(a, b):
        return 1.0 if same else math.nextafter(1.0, 0.0)
    x, y = unit_sums(a, cluster), unit_sums(b, cluster)
    scale = math.sqrt(dot(x, x)) * math.sqrt(dot(y, y))
    if scale == 0:
        return 0.0
    return max(-1.0, min(1.0, dot(x, y) / scale))
