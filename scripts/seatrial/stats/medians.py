"""Median absolute error, with the interval that its order statistics give."""

import math

import numpy as np

from seatrial.stats.arm import Arm, JsonValue, unmeasured
from seatrial.stats.distributions import critical
from seatrial.stats.rows import Rows
from seatrial.stats.spread import Measured, at_least_two, clusters_of, design_effect, dot, doubt

STEPS = np.arange(0.25, 6.01, 0.25)  # standard errors from the median at which an order statistic is kept


def medae(rows: Rows) -> Measured:
    """Median of the absolute errors."""
    n = len(rows)
    if n == 0:
        return Measured(unmeasured("median", 0, "no rows"), np.zeros(0))
    errors = np.abs(rows.need("label", "medae") - rows.need("prediction", "medae"))
    ordered = np.sort(errors)
    estimate = float(np.median(ordered))
    side = np.sign(errors - estimate)
    side -= side.mean()
    units = clusters_of(rows.cluster)
    effect = design_effect(side, rows.cluster, dot(side, side) / n**2, n)
    reach = math.sqrt(n * effect) / 2
    steps = np.concatenate([-STEPS[::-1], [0.0], STEPS]) * reach + (n + 1) / 2
    ranks = np.unique(np.concatenate([np.floor(steps), np.ceil(steps)]).clip(1, n).astype(np.int64))
    parameters: dict[str, JsonValue] = {
        "ranks": [int(r) for r in ranks],
        "values": [float(v) for v in ordered[ranks - 1]],
        "effect": effect,
        "clusters": at_least_two(units),
    }
    low, high = (np.interp((n + 1) / 2 + s * reach, ranks, ordered[ranks - 1]) for s in (-1, 1))
    # side has variance 1, and the median's standard error is half of high - low.
    influence = side * (float(high - low) / 2 * math.sqrt(n / effect))
    return Measured(Arm("median", estimate, n, parameters, doubt(rows.cluster)), influence)


def interval(arm: Arm, level: float) -> tuple[float | None, float | None]:
    """Woodruff's (1952) interval: ranks so many standard errors from the middle; open beyond the last row."""
    ranks, values, n = arm.wholes("ranks"), arm.reals("values"), arm.n
    if arm.estimate is None or len(ranks) != len(values) or not ranks:
        raise ValueError("a median without its order statistics")
    if ranks != sorted(set(ranks)) or values != sorted(values) or ranks[-1] > n:
        raise ValueError("order statistics are out of order")
    reach = critical(level, arm.clusters) * math.sqrt(n * arm.real("effect")) / 2
    middle = (n + 1) / 2
    low = None if middle - reach < ranks[0] else float(np.interp(middle - reach, ranks, values))
    high = None if middle + reach > ranks[-1] else float(np.interp(middle + reach, ranks, values))
    return (
        None if low is None else min(low, arm.estimate),
        None if high is None else max(high, arm.estimate),
    )
