"""Candidate minus baseline on the same rows: the interval, and how sure one is of a bound."""

import math
from collections.abc import Callable
from typing import TypeAlias

from seatrial.stats.arm import Arm
from seatrial.stats.distributions import critical
from seatrial.stats.intervals import Ends, interval
from seatrial.stats.means import SAME, symmetric
from seatrial.stats.pairing import Pairing, pairing, stretch
from seatrial.stats.steps import RARE, most, step

Reaches: TypeAlias = tuple[float | None, float | None]

MEANS = frozenset({"share", "mean"})  # a column of one arm may be 0 or 1 only, and not that of the other


def difference_interval(candidate: Arm, baseline: Arm, correlation: float | Pairing, level: float) -> Ends:
    """Interval of candidate minus baseline from the two single intervals (MOVER, Zou 2007; Newcombe 1998).

    With symmetric single intervals this is the paired Wald interval (of DeLong, of means). Two arms that
    are equal on every row differ by exactly 0.
    """
    paired = pairing(correlation)
    if candidate.method != baseline.method and not {candidate.method, baseline.method} <= MEANS:
        raise ValueError("the two arms were measured by different methods")
    if candidate.estimate is None or baseline.estimate is None:
        return None, None
    if identical(candidate, baseline, paired.correlation):
        return 0.0, 0.0
    if candidate.method == "calibration":
        return _calibration(interval(candidate, level), interval(baseline, level))
    difference = candidate.estimate - baseline.estimate
    first, second = _pair_of_reaches(candidate, baseline, paired.correlation, level)
    z = critical(level, None)
    extra = _one_more_row(candidate, baseline, paired, z)
    low = joined(first[0], second[1], paired.correlation, extra, stretch(-paired.skewness, z))
    high = joined(first[1], second[0], paired.correlation, extra, stretch(paired.skewness, z))
    return (
        None if low is None else difference - low,
        None if high is None else difference + high,
    )


def _pair_of_reaches(
    candidate: Arm, baseline: Arm, correlation: float, level: float
) -> tuple[Reaches, Reaches]:
    """Both arms' reaches, fit to be joined."""
    first, second = reaches(candidate, level), reaches(baseline, level)
    errors = symmetric(candidate), symmetric(baseline)
    if None not in first + second and errors[0] and errors[1] and candidate.method != "share":
        t = critical(level, min(errors[0].units, errors[1].units))
        return (t * errors[0].size,) * 2, (t * errors[1].size,) * 2
    if step(candidate) is not None and step(baseline) is not None:
        return first, second
    return _together(first, correlation), _together(second, correlation)


def _one_more_row(candidate: Arm, baseline: Arm, paired: Pairing, z: float) -> float:
    """What to add to the squared reach for one more row on which the arms differ.

    Where few rows do, the correlation is too sure of itself. Metrics of decisions: a half of a row for each
    arm (Agresti & Min 2005). Others: the most that a row can do, over the number of rows that do something,
    so that it is nothing to models that differ a little everywhere. No such row seen: the rule of three.
    """
    steps = step(candidate), step(baseline)
    own = 0.0 if steps[0] is None or steps[1] is None else z * z * steps[0] * steps[1]
    if candidate.method in RARE:
        # The rows that differ may all be of the common classes, and say nothing of the rare one.
        own *= z * z
    if paired.step is None:
        return own
    if candidate.method == "macro_f1":
        return max(own, (z * z * paired.step) ** 2)
    largest = max(paired.step, most(candidate), most(baseline))
    return max(own, (z * largest / max(paired.rows, 1 / z)) ** 2)


def _calibration(candidate: Ends, baseline: Ends) -> Ends:
    """The farthest that the two intervals allow.

    The estimates are too high by their noise, the better calibrated one by more, so their difference is no
    middle to reach out from, and what correlation they have is no help.
    """
    (low, high), (base_low, base_high) = candidate, baseline
    if low is None or high is None or base_low is None or base_high is None:
        return None, None
    return low - base_high, high - base_low


def identical(candidate: Arm, baseline: Arm, correlation: float) -> bool:
    """Whether both arms say the same of every row."""
    return (
        correlation == 1
        and candidate.estimate is not None
        and candidate.reason in (None, SAME)
        and candidate == baseline
    )


TOGETHER = 6  # tuned by simulation: false passes at the margin stay at alpha, near equals keep their power


def reaches(arm: Arm, level: float) -> Reaches:
    """How far the interval reaches below and above the estimate."""
    low, high = interval(arm, level)
    estimate = arm.estimate or 0.0
    return None if low is None else estimate - low, None if high is None else high - estimate


def _together(reach: Reaches, correlation: float) -> Reaches:
    """Both reaches drawn to their mean by the correlation: arms that move together are off on the same side.

    Without it two nearly equal arms would keep a difference as wide as their intervals are lopsided.
    """
    below, above = reach
    if below is None or above is None or correlation <= 0:
        return reach
    mean = (below + above) / 2
    weight = correlation**TOGETHER
    return below + (mean - below) * weight, above + (mean - above) * weight


def joined(
    a: float | None, b: float | None, correlation: float, extra: float = 0.0, times: float = 1.0
) -> float | None:
    """Two reaches as one, so many times as far, with an extra square; open when either is."""
    if a is None or b is None:
        return None
    return math.sqrt(max(0.0, a * a + b * b - 2 * correlation * a * b) * times**2 + extra)


def reach_of(candidate: Arm, baseline: Arm | None, correlation: float | Pairing) -> Callable[[float], Ends]:
    """The interval as a function of the level: of the candidate, or of its difference from the baseline."""
    if baseline is None:
        return lambda level: interval(candidate, level)
    return lambda level: difference_interval(candidate, baseline, correlation, level)


def estimate_of(candidate: Arm, baseline: Arm | None) -> float | None:
    """The candidate's estimate, or its difference from the baseline's."""
    if candidate.estimate is None or baseline is None:
        return candidate.estimate
    return None if baseline.estimate is None else candidate.estimate - baseline.estimate
