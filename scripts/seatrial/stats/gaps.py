"""Fairness: the largest difference of a metric between groups of rows."""

from itertools import permutations

from seatrial.stats.arm import Arm
from seatrial.stats.differences import joined, reaches
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
    pairs = len(arms) * (len(arms) - 1)
    near = [reaches(arm, level) for arm in arms]
    far = [reaches(arm, 1 - (1 - level) / pairs) for arm in arms]
    lows, highs = [], []
    for i, j in permutations(range(len(arms)), 2):
        difference = (arms[i].estimate or 0.0) - (arms[j].estimate or 0.0)
        below, above = joined(far[i][0], far[j][1], 0.0), joined(near[i][1], near[j][0], 0.0)
        if below is None or above is None:
            return None, None
        lows.append(difference - below)
        highs.append(difference + above)
    return max(0.0, *lows), max(highs)
