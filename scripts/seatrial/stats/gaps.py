"""Fairness: the largest difference of a metric between groups of rows."""

from itertools import permutations

from seatrial.stats.arm import Arm
from seatrial.stats.differences import difference_interval
from seatrial.stats.intervals import Ends


def gap(arms: list[Arm]) -> float | None:
    """Largest difference between two groups; None when a group could not be measured."""
    values = [arm.estimate for arm in arms if arm.estimate is not None]
    if len(values) < 2 or len(values) < len(arms):
        return None
    return max(values) - min(values)


def gap_interval(arms: list[Arm], level: float) -> Ends:
    """Interval of the largest difference between groups that share no rows.

    High end: every pair is inside it, which needs no adjustment (intersection-union, Berger 1982).
    Low end: some pair is beyond it, so each pair gets its part of the error (Bonferroni).
    """
    if gap(arms) is None:
        return None, None
    pairs = list(permutations(arms, 2))
    adjusted = 1 - (1 - level) / len(pairs)
    lows, highs = [], []
    for one, other in pairs:
        low, _ = difference_interval(one, other, 0.0, adjusted)
        _, high = difference_interval(one, other, 0.0, level)
        if low is None or high is None:
            return None, None
        lows.append(low)
        highs.append(high)
    return max(0.0, *lows), max(highs)
