"""Quantiles of the normal and of Student's t, without scipy."""

import math
from functools import lru_cache
from statistics import NormalDist

_NORMAL = NormalDist()


def normal_quantile(p: float) -> float:
    """The normal quantile at p."""
    return _NORMAL.inv_cdf(p)


def normal_cdf(x: float) -> float:
    """The normal distribution function; accurate in both tails."""
    return 0.5 * math.erfc(-x / math.sqrt(2))


@lru_cache(maxsize=65_536)
def critical(level: float, units: int | None) -> float:
    """Half-width of a two-sided interval in standard errors; Student's t when units (clusters) are few."""
    if not 0 < level < 1:
        raise ValueError(f"level is {level}, expected between 0 and 1")
    upper = (1 - level) / 2
    if upper <= 0:
        raise ValueError(f"level {level} is too close to 1")
    z = -_NORMAL.inv_cdf(upper)
    return z if units is None or units > 100_000 else t_quantile(upper, units - 1, z)


def t_quantile(upper: float, freedom: int, start: float) -> float:
    """t with P(T > t) = upper: Newton's steps on the log of the exact tail, within a bracket that shrinks."""
    if freedom < 1:
        raise ValueError("Student's t needs at least 1 degree of freedom")
    low, high = start, max(2 * start, 1.0)
    while t_tail(high, freedom) > upper:
        low, high = high, 2 * high
    scale = math.exp(math.lgamma((freedom + 1) / 2) - math.lgamma(freedom / 2)) / math.sqrt(freedom * math.pi)
    at = low
    for _ in range(200):
        tail = t_tail(at, freedom)
        low, high = (at, high) if tail > upper else (low, at)
        density = scale * (1 + at * at / freedom) ** (-(freedom + 1) / 2)
        following = at + math.log(tail / upper) * tail / density if tail > 0 < density else low
        if not low < following < high:
            following = (low + high) / 2
        if abs(following - at) <= 1e-14 * at or following in (low, high):
            return following
        at = following
    return at


def t_tail(t: float, freedom: int) -> float:
    """P(T > t) for t >= 0 (Abramowitz & Stegun 26.7.1 with 26.5.8)."""
    return 0.5 * incomplete_beta(freedom / 2, 0.5, freedom / (freedom + t * t))


def incomplete_beta(a: float, b: float, x: float) -> float:
    """The regularised incomplete beta function, by its continued fraction (Lentz's method)."""
    if x <= 0 or x >= 1:
        return 0.0 if x <= 0 else 1.0
    if x > (a + 1) / (a + b + 2):
        return 1 - incomplete_beta(b, a, 1 - x)
    front = math.exp(
        math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    )
    tiny = 1e-300
    c, d = 1.0, 1 / _away(1 - (a + b) * x / (a + 1), tiny)
    value = d
    for m in range(1, 1000):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        d, c = 1 / _away(1 + even * d, tiny), _away(1 + even / c, tiny)
        value *= d * c
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        d, c = 1 / _away(1 + odd * d, tiny), _away(1 + odd / c, tiny)
        value *= d * c
        if abs(d * c - 1) < 1e-15:
            break
    return front * value / a


def _away(value: float, tiny: float) -> float:
    return tiny if abs(value) < tiny else value
