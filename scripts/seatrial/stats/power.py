"""How many rows would decide, and what these rows can decide."""

import math
from dataclasses import replace

from seatrial.stats.arm import Arm
from seatrial.stats.differences import estimate_of, reach_of
from seatrial.stats.distributions import critical, normal_quantile
from seatrial.stats.pairing import Pairing
from seatrial.stats.spread import FEWEST_CLUSTERS, FEWEST_OF_A_CLASS

POWER = 0.8
MOST = 10**12  # rows; beyond it nobody waits


def needed(
    candidate: Arm, baseline: Arm | None, correlation: float | Pairing, bound: float, level: float
) -> int | None:
    """Rows of this kind for an 80 % chance that the interval clears the bound, if the truth is as seen.

    Where positives or clusters are too few for an interval, at least enough rows to have them.
    None when it cannot be told: nothing measured, or the estimate lies on the bound.
    """
    estimate = estimate_of(candidate, baseline)
    if estimate is None or estimate == bound:
        return None
    times = max(_lacking(arm) for arm in (candidate, baseline) if arm is not None)
    arms = [replace(arm, reason=None) if arm and times > 1 else arm for arm in (candidate, baseline)]
    assert arms[0] is not None
    low, high = reach_of(arms[0], arms[1], correlation)(level)
    end = low if estimate > bound else high
    if end is None:
        return None
    error = abs(estimate - end) / critical(level, None)
    wanted = (critical(level, None) + normal_quantile(POWER)) * error / abs(estimate - bound)
    rows = candidate.n * max(wanted * wanted, times)
    return max(1, math.ceil(rows)) if rows <= MOST else None


def rows_for(n: int, value: float, end: float, bound: float, alpha: float) -> int | None:
    """Rows for an 80 % chance that this end clears the bound, where the width falls with the root of n."""
    if value == bound or not math.isfinite(end):
        return None
    z = normal_quantile(1 - alpha)
    wanted = (z + normal_quantile(POWER)) * (abs(value - end) / z) / abs(value - bound)
    rows = n * wanted * wanted
    return max(1, math.ceil(rows)) if rows <= MOST else None


def _lacking(arm: Arm) -> float:
    """How many times the rows it would take to have enough of a class and enough clusters; at least 1."""
    times = 1.0
    if arm.reason is not None and "positives" in arm.parameters:
        m = arm.whole("positives")
        k = arm.whole("negatives") if "negatives" in arm.parameters else arm.whole("rows") - m
        times = max(times, FEWEST_OF_A_CLASS / max(1, min(m, k)))
    if arm.reason is not None and arm.clusters is not None:
        times = max(times, FEWEST_CLUSTERS / arm.clusters)
    return times


def resolvable(
    candidate: Arm, baseline: Arm | None, correlation: float | Pairing, level: float
) -> float | None:
    """The smallest distance from a bound that these rows show with 80 % power."""
    estimate = estimate_of(candidate, baseline)
    low, high = reach_of(candidate, baseline, correlation)(level)
    if estimate is None or low is None or high is None:
        return None
    error = max(estimate - low, high - estimate) / critical(level, None)
    return (critical(level, None) + normal_quantile(POWER)) * error
