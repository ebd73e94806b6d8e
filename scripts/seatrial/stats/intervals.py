"""From evidence to interval: a function of the arm alone, so that anyone can compute it again."""

import math
from collections.abc import Callable, Mapping
from typing import TypeAlias

from seatrial.stats import calibration, cells, means, medians, quantiles, ranking, shares
from seatrial.stats.arm import Arm

Ends: TypeAlias = tuple[float | None, float | None]

METHODS: Mapping[str, Callable[[Arm, float], Ends]] = {
    "share": shares.interval,
    "shares_mean": cells.shares_mean_interval,
    "f1": cells.f1_interval,
    "mcc": cells.mcc_interval,
    "macro_f1": cells.macro_f1_interval,
    "rank": ranking.rank_interval,
    "precision": ranking.precision_interval,
    "mean": means.mean_interval,
    "root_mean": means.root_mean_interval,
    "log_ratio": means.log_ratio_interval,
    "median": medians.interval,
    "quantile": quantiles.interval,
    "exact": quantiles.exact_interval,
    "calibration": calibration.interval,
}


def interval(arm: Arm, level: float) -> Ends:
    """The two-sided interval of an arm; (None, None) where its reason says that there is none.

    ValueError where the evidence contradicts itself.
    """
    if not 0 < level < 1:
        raise ValueError(f"level is {level}, expected between 0 and 1")
    if arm.estimate is None or arm.reason is not None:
        return None, None
    try:
        low, high = METHODS[arm.method](arm, level)
    except (KeyError, ArithmeticError) as error:
        raise ValueError(f"evidence of {arm.method} contradicts itself") from error
    if low is not None and not -math.inf < low <= arm.estimate:
        raise ValueError(f"evidence of {arm.method} has no finite interval")
    if high is not None and not arm.estimate <= high < math.inf:
        raise ValueError(f"evidence of {arm.method} has no finite interval")
    return low, high
