"""Kolmogorov-Smirnov and Wasserstein from counts at common edges: certified brackets, bounds for chance."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from seatrial.stats.distributions import normal_quantile
from seatrial.stats.profile_steps import Pair, Steps
from seatrial.stats.rows import Floats, Ints

FEW = 5  # rows beyond a point that do not tell how many are there


@dataclass(frozen=True)
class Bracket:
    """Between what a distance of the two samples lies for certain."""

    lower: float
    upper: float


@dataclass(frozen=True)
class Transport:
    """Wasserstein-1 in standard deviations of the reference.

    lower, upper: what the two samples' distance lies between for certain; estimate: with rows spread evenly
    between edges. noise: about what chance alone makes of it on the average; ratio: the current
    data's variance over the reference's. Where a side has few rows, that of both together counts.
    """

    lower: float
    upper: float
    estimate: float
    noise: float
    ratio: float


def ks_bracket(pair: Pair) -> Bracket:
    """The Kolmogorov-Smirnov distance of the two samples, between two numbers that hold it.

    Both distribution functions are known at and just under every edge, and rise in between; missing values
    count as less than every number. Where no row lies between edges the bracket is a point.
    """
    under = [_shares(steps, steps.below) for steps in (pair.reference, pair.current)]
    upto = [_shares(steps, steps.upto) for steps in (pair.reference, pair.current)]
    f_low, g_low = (np.concatenate([[_missing(s)], u]) for s, u in zip(_both(pair), upto, strict=True))
    f_high, g_high = (np.concatenate([u, [1.0]]) for u in under)
    gaps = [np.abs(f_low - g_low), np.abs(f_high - g_high)]
    lower = float(max(gap.max() for gap in gaps))
    upper = float(max(lower, (f_high - g_low).max(), (g_high - f_low).max()))
    return Bracket(lower, min(1.0, upper))


def ks_exact(reference: Floats, current: Floats, missing: tuple[int, int] = (0, 0)) -> float:
    """The two samples' Kolmogorov-Smirnov distance itself; both arrays sorted, without NaN."""
    n, m = reference.size + missing[0], current.size + missing[1]
    if not n or not m:
        raise ValueError("no rows")
    largest = abs(missing[0] / n - missing[1] / m)
    for own, other, a, b, gone in (
        (reference, current, n, m, missing),
        (current, reference, m, n, missing[::-1]),
    ):
        for side in ("left", "right"):
            mine = np.searchsorted(own, own, side=side)
            theirs = np.searchsorted(other, own, side=side)
            gaps = np.abs((mine + gone[0]) / a - (theirs + gone[1]) / b)
            largest = max(largest, float(gaps.max(initial=0.0)))
    return largest


def ks_lower(d: float, n: int, m: int, alpha: float) -> float:
    """A bound that the populations' distance falls short of with chance alpha at most.

    Dvoretzky, Kiefer & Wolfowitz with Massart's constant (1990). For two samples without drift Wei & Dudley
    (2012) prove it for equal numbers of rows from 458 on, and up to 200 found it for unequal ones by
    computer. For fewer equal ones it holds where alpha is at most 9 %, as the exact distribution shows.
    """
    return max(0.0, d - math.sqrt(math.log(2 / alpha) / 2 / rows_together(n, m)))


def ks_upper(d: float, n: int, m: int, alpha: float) -> float:
    """A bound that the populations' distance exceeds with chance alpha at most.

    Where they lie farthest apart the samples' gap is a difference of two shares, and the samples' distance is
    no less (Hoeffding 1963, theorem 2).
    """
    return min(1.0, d + math.sqrt(math.log(1 / alpha) / 2 / rows_together(n, m)))


def ks_tail(d: float, n: int, m: int, limit: float) -> float:
    """p-value against "the populations are at most `limit` apart": the alpha at which `ks_lower` meets it."""
    return min(1.0, 2 * math.exp(-2 * rows_together(n, m) * max(0.0, d - limit) ** 2))


def rows_together(n: int, m: int) -> float:
    """1 / (1/n + 1/m)."""
    return n * m / (n + m)


def transport(pair: Pair) -> Transport | None:
    """Wasserstein-1: the area between the distribution functions of the values (infinite ones not allowed).

    None where the reference's values are all equal, and the current's are not: there is no standard deviation
    to measure in.
    """
    scale = pair.reference.deviation
    n, m = pair.reference.rows, pair.current.rows
    if not pair.edges.size or not n or not m:
        return None
    if scale <= 0:
        same = pair.current.deviation == 0 and pair.current.mean == pair.reference.mean
        return Transport(0.0, 0.0, 0.0, 0.0, 1.0) if same else None
    widths = np.diff(pair.edges)
    f, g = (steps.upto[:-1] / steps.rows for steps in _both(pair))  # at the left end of each cell
    f_end, g_end = (steps.below[1:] / steps.rows for steps in _both(pair))
    least = np.maximum(0.0, np.maximum(f - g_end, g - f_end))
    most = np.maximum(np.abs(f - g), np.maximum(f_end - g, g_end - f))
    # Within a cell the distribution functions run from f to f_end: the area between two straight lines.
    start, end = f - g, f_end - g_end
    straight = np.where(
        start * end >= 0,
        np.abs(start + end) / 2,
        (start * start + end * end) / (2 * np.abs(start - end) + 1e-300),
    )
    middle_f, middle_g = (f + f_end) / 2, (g + g_end) / 2
    both = (n * middle_f + m * middle_g) / (n + m)
    rough = np.sqrt(_variance(middle_f, both, n) + _variance(middle_g, both, m))
    tails = [_tails(steps) for steps in _both(pair)]
    low = sum(max(0.0, theirs - own) for own, theirs in zip(tails[0], tails[1], strict=True))
    high = sum(own + theirs for own, theirs in zip(tails[0], tails[1], strict=True))
    outer = sum(_rough_tails(pair))
    return Transport(
        lower=(float(np.sum(widths * least)) + low) / scale,
        upper=(float(np.sum(widths * most)) + high) / scale,
        estimate=(float(np.sum(widths * straight)) + low) / scale,
        noise=(math.sqrt(2 / math.pi) * float(np.sum(widths * rough)) + outer) / scale,
        ratio=(pair.current.deviation / scale) ** 2,
    )


def transport_spread(n: int, m: int, ratio: float) -> float:
    """The standard deviation that chance gives a difference of means, in the reference's.

    ratio: the current data's variance over the reference's. Of both the larger counts for both sides: few
    rows of a column with a long tail have none of it, and would look surer than many.
    """
    return math.sqrt(max(1.0, ratio) / rows_together(n, m))


def transport_lower(lower: float, noise: float, spread: float, alpha: float) -> float:
    """A bound that the populations' distance falls short of with chance alpha at most, for many rows.

    The samples' distance is at most the populations' plus the area under |chance| alone, a norm of a Gaussian
    process in the limit (del Barrio, Gine & Matran 1999); it exceeds its mean, `noise`, by `spread` times
    sqrt(2 log(1/alpha)) with chance alpha at most (Borell; Tsirelson, Ibragimov & Sudakov 1976).
    """
    return max(0.0, lower - noise - spread * math.sqrt(2 * math.log(1 / alpha)))


def transport_upper(upper: float, spread: float, alpha: float) -> float:
    """A bound that the populations' distance exceeds with chance alpha at most, for many rows.

    By duality (Kantorovich) the samples' distance is no less than the difference of the means of the function
    that tells the populations farthest apart. It changes no faster than its argument, so its variance is no
    more than the values' own.
    """
    return upper + spread * normal_quantile(1 - alpha)


def transport_tail(lower: float, noise: float, spread: float, limit: float) -> float:
    """p-value against "at most `limit` apart": the alpha at which `transport_lower` meets it."""
    beyond = max(0.0, lower - noise - limit)
    return 1.0 if beyond == 0 or spread == 0 else math.exp(-((beyond / spread) ** 2) / 2)


def _both(pair: Pair) -> tuple[Steps, Steps]:
    return pair.reference, pair.current


def _missing(steps: Steps) -> float:
    return steps.missing / (steps.rows + steps.missing)


def _shares(steps: Steps, counts: Ints) -> Floats:
    return (counts + steps.missing) / (steps.rows + steps.missing)


def _tails(steps: Steps) -> tuple[float, float]:
    """The areas under the distribution function left of the edges, and over it right of them."""
    under, over = int(steps.below[0]), steps.rows - int(steps.upto[-1])
    return under / steps.rows * steps.outside[0], over / steps.rows * steps.outside[1]


def _variance(own: Floats, both: Floats, rows: int) -> Floats:
    """Of a share of so many rows; of both sides together where few of these lie on one side of it."""
    found = own * (1 - own)
    few = rows * np.minimum(own, 1 - own) < FEW
    return np.where(few, np.maximum(found, both * (1 - both)), found) / rows


def _rough_tails(pair: Pair) -> Iterator[float]:
    """What chance makes of the areas outside of the edges, were the tails exponential.

    Of both sides together where few rows are out there: none of a few may lie where many have some.
    """
    total = sum(steps.rows for steps in _both(pair))
    for end in (0, 1):
        over = [
            int(steps.below[0]) if end == 0 else steps.rows - int(steps.upto[-1]) for steps in _both(pair)
        ]
        far = max(steps.outside[end] for steps in _both(pair))
        for steps, rows in zip(_both(pair), over, strict=True):
            if rows < FEW:
                yield 2 * far * math.sqrt(max(rows / steps.rows, sum(over) / total) / steps.rows)
            else:
                yield 2 * steps.outside[end] * math.sqrt(rows) / steps.rows
