"""By how much one row, decided otherwise, moves a metric of decisions."""

import math
from collections.abc import Callable, Mapping

from seatrial.stats.arm import Arm
from seatrial.stats.cells import mcc_slopes


def step(arm: Arm) -> float | None:
    """The move of the estimate by one row; None for other metrics.

    Where rows differ their root mean square, but of classes the rarest: see `RARE`.
    """
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
    return math.sqrt(arm.real("effect")) / min(trials) / len(trials)


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


RARE = frozenset({"shares_mean", "macro_f1"})  # every class counts alike, so a row of a rare one counts most

STEPS: Mapping[str, Callable[[Arm], float]] = {
    "share": _share,
    "shares_mean": _shares_mean,
    "f1": _f1,
    "mcc": _mcc,
    "macro_f1": _macro_f1,
}
