"""A quantile of a sample, such as the p95 of latencies, with the interval of its order statistics."""

import math
from collections.abc import Sequence

import numpy as np

from seatrial.stats.arm import Arm, unmeasured
from seatrial.stats.distributions import critical
from seatrial.stats.medians import STEPS
from seatrial.stats.rows import Bools

METHOD = "quantile"
EXACT = "exact"


def quantile(sample: Sequence[float], share: float) -> Arm:
    """The value below which that share of the sample lies. Keeps order statistics, not the sample.

    The sample is in the order in which it was taken: what is slow now is often slow the next moment too.
    """
    n = len(sample)
    if n == 0:
        return unmeasured(METHOD, 0, "nothing was timed")
    series = np.asarray(sample, dtype=np.float64)
    ordered = np.sort(series)
    effect, pieces = dependence(series <= np.quantile(ordered, share))
    # A slow spell counts once; with few of them beyond the quantile their number is uncertain too.
    units = max(2, min(pieces, round(2 * n * min(share, 1 - share) / effect)))
    middle, spread = _middle(n, share, effect)
    steps = np.concatenate([-STEPS[::-1], [0.0], STEPS]) * spread + middle
    ranks = np.unique(np.concatenate([np.floor(steps), np.ceil(steps)]).clip(1, n).astype(np.int64))
    return Arm(
        METHOD,
        float(np.quantile(ordered, share)),
        n,
        {
            "share": share,
            "ranks": [int(rank) for rank in ranks],
            "values": [float(value) for value in ordered[ranks - 1]],
            "effect": effect,
            "units": units,
        },
    )


def dependence(below: Bools) -> tuple[float, int]:
    """The design effect of a series in time, and how many independent pieces it was estimated from.

    The sum of autocorrelations, two lags at a time, for as long as a pair is positive (Geyer 1992).
    """
    n = below.size
    values = below - below.mean()
    variance = float(np.sum(values * values)) / n
    if n < 4 or variance == 0:
        return 1.0, max(2, n)
    most = n // FEWEST_PIECES
    total, lag = -1.0, 0
    while lag + 1 <= most:
        pair = sum(float(np.sum(values[: n - k] * values[k:])) for k in (lag, lag + 1)) / (n * variance)
        if pair <= 0:
            break
        total += 2 * pair
        lag += 2
    # The mean was taken from the series too, which lowers every autocorrelation by about effect / n.
    effect = max(1.0, total)
    effect /= max(1 - effect * lag / n, 0.5)
    return effect, max(2, n // max(1, lag))


FEWEST_PIECES = 10  # of a series: beyond n / 10 lags its autocorrelations are noise
UNSEEN = 10.0  # how many times slower a spell that was not met may be


def interval(arm: Arm, level: float) -> tuple[float | None, float | None]:
    """Binomial ranks around the quantile (normal approximation; Woodruff 1952); open beyond the sample.

    Where only slow spells of the machine open it at the top, the top is UNSEEN times what it would be were
    the timings independent. That is an assumption, not an estimate: it decides budgets that are far above
    nearly everything seen, and no others.
    """
    ranks, values, n, share = arm.wholes("ranks"), arm.reals("values"), arm.n, arm.real("share")
    if arm.estimate is None or len(ranks) != len(values) or not ranks or not 0 < share < 1:
        raise ValueError("a quantile without its order statistics")
    if ranks != sorted(set(ranks)) or values != sorted(values) or ranks[-1] > n:
        raise ValueError("order statistics are out of order")
    middle, spread = _middle(n, share, arm.real("effect"))
    reach = critical(level, arm.whole("units")) * spread
    low = None if middle - reach < ranks[0] else float(np.interp(middle - reach, ranks, values))
    if middle + reach <= ranks[-1]:
        high: float | None = float(np.interp(middle + reach, ranks, values))
    else:
        alone = middle + critical(level, None) * _middle(n, share, 1.0)[1]
        known = alone <= ranks[-1] and values[0] > 0
        high = UNSEEN * float(np.interp(alone, ranks, values)) if known else None
    return (
        None if low is None else min(low, arm.estimate),
        None if high is None else max(high, arm.estimate),
    )


def _middle(n: int, share: float, effect: float) -> tuple[float, float]:
    """Rank of the quantile, and the standard deviation of the count below it."""
    return share * n + 0.5, math.sqrt(n * share * (1 - share) * effect)


def exact(value: float) -> Arm:
    """Something that is counted, not sampled, such as the size of a file."""
    return Arm(EXACT, value, 1, {"value": value})


def exact_interval(arm: Arm, _level: float) -> tuple[float, float]:
    """The value itself."""
    value = arm.real("value")
    if arm.estimate != value:
        raise ValueError("an exact value and its estimate disagree")
    return value, value
