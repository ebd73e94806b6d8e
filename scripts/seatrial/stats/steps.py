"""By how much one row, decided otherwise, moves a metric of decisions."""

import math
from collections.abc import Callable, Mapping

from seatrial.stats.arm import Arm
from seatrial.stats.cells import mcc_slopes


def step(arm: Arm) -> float | None:
    """The move of the estimate by one row (root mean square where rows differ); None for other metrics."""
    found = STEPS.get(arm.method)
    return None if found is None else found(arm)


def most(arm: Arm) -> float:
    """The most that one row can move the estimate where no row of these shows it: a perfect ranking, say."""
    if arm.method == "rank":
        return math.sqrt(arm.real("effect")) / min(arm.whole("positives"), arm.whole("negatives"))
    if arm.method == "precision":
        return math.sqrt(arm.real("effect")) / arm.whole("positives")
    return 0.0


def _share(arm: Arm) -> float:
    return math.sqrt(arm.real("effect")) / arm.whole("trials")


def _shares_mean(arm: Arm) -> float:
    trials = arm.wholes("trials")
    mean_square = sum(1 / t for t in trials) / sum(trials) / len(trials) ** 2
    return math.sqrt(arm.real("effect") * mean_square)


def _f1(arm: Arm) -> float:
    tp, m = arm.whole("tp"), arm.whole("tp") + arm.whole("fp") + arm.whole("fn")
    return math.sqrt(arm.real("effect")) * 2 / (1 + tp / m) ** 2 / m


def _mcc(arm: Arm) -> float:
    tp, fp, fn, tn = (arm.whole(name) for name in ("tp", "fp", "fn", "tn"))
    n = tp + fp + fn + tn
    slopes = mcc_slopes([c / n for c in (tp, fp, fn, tn)])
    squares = (tp + fn) * (slopes[0] - slopes[2]) ** 2 + (fp + tn) * (slopes[3] - slopes[1]) ** 2
    return math.sqrt(arm.real("effect") * squares / n) / n


def _macro_f1(arm: Arm) -> float:
    return 1 / arm.whole("rows")


STEPS: Mapping[str, Callable[[Arm], float]] = {
    "share": _share,
    "shares_mean": _shares_mean,
    "f1": _f1,
    "mcc": _mcc,
    "macro_f1": _macro_f1,
}
