"""How many rows would decide, and what these rows can decide."""

import math

from seatrial.stats.arm import Arm
from seatrial.stats.differences import estimate_of, reach_of
from seatrial.stats.distributions import critical, normal_quantile

POWER = 0.8
MOST = 10**12  # rows; beyond it nobody waits


def needed(
    candidate: Arm, baseline: Arm | None, correlation: float, bound: float, level: float
) -> int | None:
    """Rows of this kind for an 80 % chance that the interval clears the bound, if the truth is as seen.

    None when it cannot be told: nothing measured, or the estimate lies on the bound.
    """
    estimate = estimate_of(candidate, baseline)
    if estimate is None or estimate == bound:
        return None
    low, high = reach_of(candidate, baseline, correlation)(level)
    end = low if estimate > bound else high
    if end is None:
        return None
    error = abs(estimate - end) / critical(level, None)
    wanted = (critical(level, None) + normal_quantile(POWER)) * error / abs(estimate - bound)
    rows = candidate.n * wanted * wanted
    return max(1, math.ceil(rows)) if rows <= MOST else None


def resolvable(candidate: Arm, baseline: Arm | None, correlation: float, level: float) -> float | None:
    """The smallest distance from a bound that these rows show with 80 % power."""
    estimate = estimate_of(candidate, baseline)
    low, high = reach_of(candidate, baseline, correlation)(level)
    if estimate is None or low is None or high is None:
        return None
    error = max(estimate - low, high - estimate) / critical(level, None)
    return (critical(level, None) + normal_quantile(POWER)) * error
