"""Distances between shares of bins: PSI and Jensen-Shannon, corrected for chance, with bounds and p-values.

Bins are counts of two independent samples. Without drift both divergences, in their own unit, are a
chi-square over the rows (PSI: Yurdakul 2018; Jensen-Shannon: Menendez, Pardo, Pardo & Pardo 1997); with a
little drift a noncentral one, and far from it normal with the variance of the delta method. The bounds here
invert the noncentral chi-square on the scale of its root, and are wider where the delta method's variance is
larger. Both are for bins of many rows. Of a bin that chance left empty Jensen-Shannon makes too much, so its
lower bound is made with half a row in each bin; and PSI with half a row makes too little of it, so its upper
bound is made with a tenth. No upper bound is less than what rows would add that chance left out.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from seatrial.stats.drift_noncentral import shift_above, shift_below, upper_tail
from seatrial.stats.drift_ranks import rows_together
from seatrial.stats.rows import Floats

HALF = 0.5  # added to each bin, so that an empty one has a share (Jeffreys)
TENTH = 0.1  # the same for the upper bound of PSI


@dataclass(frozen=True)
class Divergence:
    """A divergence of two samples' bins. plain: as counted; corrected: less what chance adds, at least 0.

    least, most: about chi-square without drift, for the lower bound and for the upper; unit: of it per
    divergence; stretch: how much wider than a noncentral chi-square the delta method says it is; freedom:
    bins less one. rows: of the smaller side; unseen: the divergence, were a share of its rows in a bin that
    the other has not.
    """

    plain: float
    corrected: float
    least: float
    most: float
    unit: float
    stretch: float
    freedom: int
    rows: int
    unseen: Callable[[float], float]

    def lower(self, alpha: float) -> float:
        """A bound that the populations' divergence falls short of with chance alpha or about it."""
        root = math.sqrt(self.least)
        reach = root - math.sqrt(shift_below(self.least, self.freedom, alpha))
        return max(0.0, root - self.stretch * reach) ** 2 / self.unit

    def upper(self, alpha: float) -> float:
        """A bound that the populations' divergence exceeds with chance alpha or about it.

        What has a share of log(1/alpha) over the rows, or less, is in none of them with chance alpha or more.
        """
        root = math.sqrt(self.most)
        reach = math.sqrt(shift_above(self.most, self.freedom, alpha)) - root
        bound = float((root + (self.stretch * reach if reach > 0 else reach)) ** 2 / self.unit)
        return max(bound, self.unseen(min(0.5, math.log(1 / alpha) / self.rows)))

    def tail(self, limit: float) -> float:
        """p-value against "at most `limit`": the alpha at which `lower` meets it."""
        root, bound = math.sqrt(self.least), math.sqrt(self.unit * limit)
        if root <= bound:
            return 1.0
        return upper_tail(self.least, self.freedom, max(0.0, root - (root - bound) / self.stretch) ** 2)


def psi(reference: Sequence[int], current: Sequence[int]) -> Divergence:
    """Population stability index: the sum of (p - q) log(p / q) over bins, natural logarithm."""
    return _divergence(reference, current, _psi, _psi_slopes, 1.0, (HALF, TENTH))


def jensen_shannon(reference: Sequence[int], current: Sequence[int]) -> Divergence:
    """Jensen-Shannon divergence to base 2; the distance is its root (Endres & Schindelin 2003)."""
    return _divergence(reference, current, _js, _js_slopes, 8 * math.log(2), (0.0, 0.0))


def _divergence(
    reference: Sequence[int],
    current: Sequence[int],
    distance: Callable[[Floats, Floats], float],
    slopes: Callable[[Floats, Floats], tuple[Floats, Floats]],
    scale: float,
    added: tuple[float, float],
) -> Divergence:
    """added: rows to each bin, for the value and for the upper bound."""
    x, y = np.asarray(reference, np.float64), np.asarray(current, np.float64)
    kept = (x > 0) | (y > 0)
    x, y = x[kept], y[kept]
    n, m = float(x.sum()), float(y.sum())
    if not n or not m:
        raise ValueError("no rows")
    filled = [((x + more) / (n + more * x.size), (y + more) / (m + more * x.size)) for more in (*added, HALF)]
    plain, most, halved = (max(0.0, distance(q, p)) for q, p in filled)
    unit = scale * rows_together(int(n), int(m))
    freedom = max(1, x.size - 1)
    # Slopes where no bin is empty: an empty one's are infinite, and its variance is 0.
    q, p = filled[-1]
    by_q, by_p = slopes(q, p)
    variance = _variance(q, by_q) / n + _variance(p, by_p) / m
    near = 4 * plain / unit  # the noncentral chi-square's, for a shift that is much more than the freedom
    stretch = math.sqrt(max(1.0, variance / near)) if near > 0 else 1.0
    bias = freedom / unit if x.size > 1 else 0.0
    rows = int(min(n, m))
    none = np.array([rows, 0.0]) + added[1]

    def unseen(share: float) -> float:
        return distance(none / none.sum(), np.array([1 - share, share]))

    return Divergence(
        plain=plain,
        corrected=max(0.0, plain - bias),
        least=min(plain, halved) * unit,
        most=max(plain, most) * unit,
        unit=unit,
        stretch=stretch,
        freedom=freedom,
        rows=rows,
        unseen=unseen,
    )


def _variance(shares: Floats, slopes: Floats) -> float:
    """Of the slope of a row drawn at random."""
    mean = float(np.sum(shares * slopes))
    return float(np.sum(shares * slopes * slopes)) - mean * mean


def _psi(q: Floats, p: Floats) -> float:
    return float(np.sum((p - q) * np.log(p / q)))


def _psi_slopes(q: Floats, p: Floats) -> tuple[Floats, Floats]:
    return np.log(q / p) + 1 - p / q, np.log(p / q) + 1 - q / p


def _js(q: Floats, p: Floats) -> float:
    middle = (p + q) / 2
    parts = [np.where(s > 0, s * np.log2(np.where(s > 0, s, 1.0) / middle), 0.0) for s in (p, q)]
    return float(sum(part.sum() for part in parts)) / 2


def _js_slopes(q: Floats, p: Floats) -> tuple[Floats, Floats]:
    middle = (p + q) / 2
    return np.log2(q / middle) / 2, np.log2(p / middle) / 2
