"""Tail of the noncentral chi-square distribution and its inversion, without scipy."""

import math

import numpy as np

from seatrial.stats.distributions import normal_cdf, normal_quantile

EXACT_TO = 3_000.0  # noncentrality beyond which the approximation is good to the fifth digit


def upper_tail(x: float, freedom: int, shift: float) -> float:
    """P(X >= x) for `freedom` degrees of freedom and noncentrality `shift`.

    A Poisson mixture of central tails (Johnson, Kotz & Balakrishnan 1995, chapter 29); for a large shift
    Sankaran's approximation (1963).
    """
    if x <= 0:
        return 1.0
    if shift > EXACT_TO or x > 4 * EXACT_TO:
        return _sankaran(x, freedom, shift)
    half = shift / 2
    reach = 10 * math.sqrt(half) + 20
    first, last = max(0, math.floor(half - reach)), math.ceil(half + reach)
    steps = np.arange(first, last + 1)
    weights = np.exp(_poisson_logs(half, first, steps)) if half > 0 else (steps == 0).astype(np.float64)
    # Q(a + 1, y) = Q(a, y) + y^a e^-y / Gamma(a + 1), upwards from the first.
    a, y = freedom / 2 + first, x / 2
    logs = (
        a * math.log(y)
        - y
        - math.lgamma(a + 1)
        + np.concatenate([[0.0], np.cumsum(math.log(y) - np.log(a + 1 + np.arange(steps.size - 1)))])
    )
    rises = np.exp(np.minimum(logs, 0.0))
    tails = np.minimum(1.0, gamma_tail(a, y) + np.concatenate([[0.0], np.cumsum(rises)[:-1]]))
    return min(1.0, float(np.sum(weights * tails)))


def _poisson_logs(
    mean: float, first: int, steps: "np.ndarray[tuple[int], np.dtype[np.int64]]"
) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    start = first * math.log(mean) - mean - math.lgamma(first + 1)
    rest = np.cumsum(math.log(mean) - np.log(steps[1:]))
    return start + np.concatenate([[0.0], rest])


def gamma_tail(a: float, y: float) -> float:
    """The regularised upper incomplete gamma function Q(a, y) (series and Lentz's continued fraction)."""
    if y <= 0:
        return 1.0
    front = math.exp(max(-745.0, a * math.log(y) - y - math.lgamma(a)))
    if y < a + 1:
        term = total = 1 / a
        for step in range(1, 100_000):
            term *= y / (a + step)
            total += term
            if term < total * 1e-16:
                break
        return max(0.0, 1 - front * total)
    b = y + 1 - a
    c, d = 1e300, 1 / b
    value = d
    for step in range(1, 100_000):
        by = -step * (step - a)
        b += 2
        d = 1 / (by * d + b or 1e-300)
        c = b + by / c or 1e-300
        value *= d * c
        if abs(d * c - 1) < 1e-15:
            break
    return min(1.0, front * value)


def _sankaran(x: float, freedom: int, shift: float) -> float:
    k, s = float(freedom), shift
    h = 1 - 2 * (k + s) * (k + 3 * s) / (3 * (k + 2 * s) ** 2)
    p = (k + 2 * s) / (k + s) ** 2
    m = (h - 1) * (1 - 3 * h)
    z = ((x / (k + s)) ** h - (1 + h * p * (h - 1 - 0.5 * (2 - h) * m * p))) / (
        h * math.sqrt(2 * p) * (1 + 0.5 * m * p)
    )
    return 1 - normal_cdf(z) if z < 0 else normal_cdf(-z)


def shift_below(x: float, freedom: int, alpha: float) -> float:
    """The noncentrality below which x or more has a chance of alpha at most; 0 where there is none."""
    if upper_tail(x, freedom, 0.0) >= alpha:
        return 0.0
    return _meeting(x, freedom, alpha, 0.0, max(0.0, math.sqrt(x)))


def shift_above(x: float, freedom: int, alpha: float) -> float:
    """The noncentrality above which x or less has a chance of alpha at most; 0 where there is none."""
    if 1 - upper_tail(x, freedom, 0.0) <= alpha:
        return 0.0
    top = math.sqrt(max(x, 0.0)) + 2.0
    while 1 - upper_tail(x, freedom, top * top) > alpha:
        top *= 1.5
    return _meeting(x, freedom, 1 - alpha, 0.0, top)


def _meeting(x: float, freedom: int, chance: float, low: float, high: float) -> float:
    """The noncentrality at which x or more has this chance.

    The tail is near to normal in the root of the noncentrality, so on the normal scale a straight line
    between two points (regula falsi, Illinois variant) meets it in a few steps.
    """
    wanted = _scaled(chance)
    at_low = _scaled(upper_tail(x, freedom, low * low)) - wanted
    at_high = _scaled(upper_tail(x, freedom, high * high)) - wanted
    for _ in range(200):
        if high - low <= 1e-10 * high + 1e-12 or at_high == 0:
            break
        middle = low + (high - low) * at_low / (at_low - at_high) if at_low < 0 < at_high else low
        if not low < middle < high:
            middle = (low + high) / 2
        value = _scaled(upper_tail(x, freedom, middle * middle)) - wanted
        if abs(value) < 1e-12:
            return middle * middle
        if value < 0:
            low, at_low, at_high = middle, value, at_high / 2
        else:
            high, at_high, at_low = middle, value, at_low / 2
    return high * high


def _scaled(chance: float) -> float:
    return normal_quantile(min(1 - 1e-15, max(1e-300, chance)))
