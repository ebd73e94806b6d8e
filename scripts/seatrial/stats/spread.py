"""How far an estimate may be off, from its influence values: by rows, or by clusters of rows."""

import math
from dataclasses import dataclass

import numpy as np

from seatrial.stats.arm import Arm
from seatrial.stats.rows import Bools, Floats, Ints

FEWEST_CLUSTERS = 10
FEWEST_OF_A_CLASS = 10


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
    """How many clusters have rows (that count); None for independent rows."""
    if cluster is None:
        return None
    return int(np.count_nonzero(np.bincount(cluster if counted is None else cluster[counted])))


def variance_of(influence: Floats, cluster: Ints | None, units: int | None = None) -> float:
    """Variance of the estimate: squares of unit sums, with the u/(u-1) of few units (Liang & Zeger 1986)."""
    n = influence.size
    sums = unit_sums(influence, cluster)
    units = (n if cluster is None else clusters_of(cluster)) if units is None else units
    if not units or units < 2:
        return 0.0
    return dot(sums, sums) / n**2 * units / (units - 1)


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
    kurtosis = units * dot(squares, squares) / total**2
    return max(3, round(min(units - 1, 2 * units / max(kurtosis - 1, 1e-9))))


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
    influence: Floats, cluster: Ints | None, independent: float, trials: int, units: int | None
) -> float:
    """Variance with clusters over the variance of independent rows (Kish 1965), never below 1.

    Where the sample shows no variance at all (everything right), rows of a cluster
    are taken to stand or fall together.
    """
    if cluster is None or not units:
        return 1.0
    if independent <= 0:
        return max(1.0, trials / units)
    return max(1.0, variance_of(influence, cluster, units) / independent)


def doubt(units: int | None) -> str | None:
    """Why there can be no interval: too few clusters for a variance."""
    if units is not None and units < FEWEST_CLUSTERS:
        return f"under {FEWEST_CLUSTERS} clusters"
    return None


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
