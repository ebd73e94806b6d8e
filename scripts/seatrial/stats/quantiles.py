"""A quantile of a sample, such as the p95 of latencies, with the interval of its order statistics."""

import math
from collections.abc import Sequence

import numpy as np

from seatrial.stats.arm import Arm, unmeasured
from seatrial.stats.distributions import critical
from seatrial.stats.medians import STEPS

METHOD = "quantile"
EXACT = "exact"


def quantile(sample: Sequence[float], share: float) -> Arm:
    """The value below which that share of the sample lies. Keeps order statistics, not the sample."""
    n = len(sample)
    if n == 0:
        return unmeasured(METHOD, 0, "nothing was timed")
    ordered = np.sort(np.asarray(sample, dtype=np.float64))
    middle, spread = _middle(n, share)
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
        },
    )


def interval(arm: Arm, level: float) -> tuple[float | None, float | None]:
    """Binomial ranks around the quantile (normal approximation; Woodruff 1952); open beyond the sample."""
    ranks, values, n, share = arm.wholes("ranks"), arm.reals("values"), arm.n, arm.real("share")
    if arm.estimate is None or len(ranks) != len(values) or not ranks or not 0 < share < 1:
        raise ValueError("a quantile without its order statistics")
    if ranks != sorted(set(ranks)) or values != sorted(values) or ranks[-1] > n:
        raise ValueError("order statistics are out of order")
    middle, spread = _middle(n, share)
    reach = critical(level, None) * spread
    low = None if middle - reach < ranks[0] else float(np.interp(middle - reach, ranks, values))
    high = None if middle + reach > ranks[-1] else float(np.interp(middle + reach, ranks, values))
    return (
        None if low is None else min(low, arm.estimate),
        None if high is None else max(high, arm.estimate),
    )


def _middle(n: int, share: float) -> tuple[float, float]:
    """Rank of the quantile, and the standard deviation of the count below it."""
    return share * n + 0.5, math.sqrt(n * share * (1 - share))


def exact(value: float) -> Arm:
    """Something that is counted, not sampled, such as the size of a file."""
    return Arm(EXACT, value, 1, {"value": value})


def exact_interval(arm: Arm, _level: float) -> tuple[float, float]:
    """The value itself."""
    value = arm.real("value")
    if arm.estimate != value:
        raise ValueError("an exact value and its estimate disagree")
    return value, value
