"""Metrics that are means over rows, or functions of one: losses and errors."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from seatrial.stats.arm import Arm, JsonValue, unmeasured
from seatrial.stats.distributions import critical
from seatrial.stats.rows import LARGEST, Floats, Rows
from seatrial.stats.shares import share
from seatrial.stats.spread import (
    Measured,
    at_least_two,
    clusters_of,
    doubt,
    freedom_of,
    skewness_of,
    variance_of,
)

SAME = "every row has the same value, so there is no telling how it varies"
SMALLEST = float(np.finfo(np.float64).eps)  # scikit-learn's clip of a probability before its logarithm


def mean(values: Floats, rows: Rows, method: str = "mean") -> Measured:
    """The mean of a value per row; `root_mean` is its square root."""
    n = values.size
    if n == 0:
        return Measured(unmeasured(method, 0, "no rows"), np.zeros(0))
    middle = float(np.mean(values))
    influence = values - middle
    clusters = clusters_of(rows.cluster)
    variance = variance_of(influence, rows.cluster)
    reason = doubt(rows.cluster) or ("a single row" if n < 2 else None)
    if variance <= (1e-15 * middle) ** 2 and reason is None:
        reason = SAME
    parameters: dict[str, JsonValue] = {
        "variance": variance,
        "skewness": skewness_of(influence, rows.cluster),
        "freedom": freedom_of(influence, rows.cluster),
        "clusters": at_least_two(clusters),
    }
    if method == "root_mean":
        root = math.sqrt(middle)
        scaled = influence / (2 * root) if root > 0 else influence * 0.0
        return Measured(Arm(method, root, n, parameters, reason), scaled)
    return Measured(Arm(method, middle, n, parameters, reason), influence)


def hall(middle: float, variance: float, skewness: float, reach: float) -> tuple[float, float]:
    """Interval of a mean that follows the skewness of its rows (Hall 1992, the monotone cubic).

    skewness: that of the mean itself, which is the rows' divided by the root of their number.
    """
    error = math.sqrt(variance)

    def studentised(x: float) -> float:
        if abs(skewness) < 1e-9:
            return x
        inner = 1 + skewness * (x - skewness / 6)
        return 3 / skewness * (math.copysign(abs(inner) ** (1 / 3), inner) - 1)

    low, high = middle - error * studentised(reach), middle - error * studentised(-reach)
    return min(low, middle), max(high, middle)


def mean_interval(arm: Arm, level: float) -> tuple[float, float]:
    """Student's t, corrected for skewness."""
    if arm.estimate is None:
        raise ValueError("a mean without an estimate")
    reach = critical(level, arm.whole("freedom") + 1)
    return hall(arm.estimate, arm.real("variance"), arm.real("skewness"), reach)


def root_mean_interval(arm: Arm, level: float) -> tuple[float, float]:
    """The square root of the interval of the mean square."""
    if arm.estimate is None or arm.estimate < 0:
        raise ValueError("a root mean square without an estimate")
    reach = critical(level, arm.whole("freedom") + 1)
    low, high = hall(arm.estimate**2, arm.real("variance"), arm.real("skewness"), reach)
    return min(math.sqrt(max(low, 0.0)), arm.estimate), max(math.sqrt(high), arm.estimate)


@dataclass(frozen=True)
class Error:
    """A standard error, and the number of independent units that stand behind it."""

    size: float
    units: int


def symmetric(arm: Arm) -> Error | None:
    """The standard error of a mean, or by the delta method of a function of one; None for other metrics.

    For differences: what is lopsided in both arms cancels, what is not shows in the rows' differences.
    """
    estimate = arm.estimate
    if estimate is None or not arm.parameters or arm.method not in _SLOPES:
        return None
    if arm.method == "share":
        variance = estimate * (1 - estimate) / arm.whole("trials") * arm.real("effect")
        return Error(math.sqrt(max(0.0, variance)), arm.clusters or 100_001)
    slope = _SLOPES[arm.method](estimate)
    return Error(slope * math.sqrt(arm.real("variance")), arm.whole("freedom") + 1)


_SLOPES: Mapping[str, Callable[[float], float]] = {
    "share": lambda _: 1.0,
    "mean": lambda _: 1.0,
    "root_mean": lambda root: 1 / (2 * root) if root > 0 else 0.0,
    "log_ratio": lambda explained: 1 - explained,
}


def log_loss(rows: Rows) -> Measured:
    """Mean of -log of the probability given to what happened."""
    label = rows.need("label", "log_loss")
    if rows.task == "binary":
        score = rows.unit_interval("score", "log_loss")
        given = np.where(label == 1, score, 1 - score)
    else:
        given = probabilities(rows, "log_loss")[np.arange(len(label)), label]
    return mean(-np.log(np.clip(given, SMALLEST, 1 - SMALLEST)), rows)


def probabilities(rows: Rows, metric: str) -> Floats:
    """Probabilities of all classes, which add up to 1 in each row."""
    table = rows.unit_interval("probabilities", metric)
    if table.size and float(np.abs(table.sum(axis=1) - 1).max()) > 1e-3:
        raise ValueError(f"{metric} needs probabilities that add up to 1 in each row")
    return table


def brier(rows: Rows) -> Measured:
    """Mean squared distance of probability and what happened (summed over classes when there are several)."""
    label = rows.need("label", "brier")
    if rows.task == "binary":
        return mean((rows.unit_interval("score", "brier") - label) ** 2, rows)
    table = probabilities(rows, "brier")
    own = table[np.arange(len(label)), label]
    return mean((table * table).sum(axis=1) + 1 - 2 * own, rows)


def column(rows: Rows) -> Measured:
    """Mean of the user's own value per row; a share when it is only ever 0 or 1."""
    values = rows.need("values", "column")
    if values.size and bool(np.isin(values, (0.0, 1.0)).all()):
        return share(values == 1, None, rows, "no rows")
    return mean(values, rows)


def _errors(rows: Rows, metric: str) -> Floats:
    errors: Floats = rows.need("label", metric) - rows.need("prediction", metric)
    return errors


def mae(rows: Rows) -> Measured:
    """Mean absolute error."""
    return mean(np.abs(_errors(rows, "mae")), rows)


def rmse(rows: Rows) -> Measured:
    """Root mean squared error."""
    return mean(_errors(rows, "rmse") ** 2, rows, "root_mean")


def mape(rows: Rows) -> Measured:
    """Mean absolute error as a share of the label; undefined when a label is 0."""
    label = rows.need("label", "mape")
    zeros = int(np.count_nonzero(label == 0))
    if zeros:
        return Measured(unmeasured("mean", len(rows), f"{zeros} labels are 0"), np.zeros(len(rows)))
    with np.errstate(over="ignore"):
        shares_of_label = np.abs(_errors(rows, "mape") / label)
    if shares_of_label.size and shares_of_label.max() > LARGEST:
        return Measured(unmeasured("mean", len(rows), "a label is too close to 0"), np.zeros(len(rows)))
    return mean(shares_of_label, rows)


def pinball(rows: Rows, alpha: float | None) -> Measured:
    """Mean pinball loss of a predicted quantile."""
    alpha = 0.5 if alpha is None else alpha
    if not 0 < alpha < 1:
        raise ValueError(f"alpha is {alpha}, expected between 0 and 1")
    errors = _errors(rows, "pinball")
    return mean(np.maximum(alpha * errors, (alpha - 1) * errors), rows)


def r2(rows: Rows) -> Measured:
    """Share of the labels' variance that the prediction explains."""
    n = len(rows)
    label = rows.need("label", "r2")
    squares = _errors(rows, "r2") ** 2
    deviations = (label - label.mean()) ** 2 if n else squares
    if n < 2 or float(deviations.sum()) <= 1e-24 * float((label * label).sum()):
        why = "no rows" if n == 0 else "a single row" if n == 1 else "all labels are the same"
        return Measured(unmeasured("log_ratio", n, why), np.zeros(n))
    ratio = float(squares.sum() / deviations.sum())
    clusters = clusters_of(rows.cluster)
    logs = squares / squares.mean() - deviations / deviations.mean() if ratio > 0 else np.zeros(n)
    parameters: dict[str, JsonValue] = {
        "variance": variance_of(logs, rows.cluster),
        "freedom": freedom_of(logs, rows.cluster),
        "clusters": at_least_two(clusters),
    }
    reason = doubt(rows.cluster) or (None if ratio > 0 else SAME)
    return Measured(Arm("log_ratio", 1 - ratio, n, parameters, reason), -ratio * logs)


def log_ratio_interval(arm: Arm, level: float) -> tuple[float, float]:
    """Delta method on log(1 - R2), the log of a ratio of two sums of squares."""
    if arm.estimate is None or arm.estimate >= 1:
        raise ValueError("R2 is below 1")
    reach = critical(level, arm.whole("freedom") + 1) * math.sqrt(arm.real("variance"))
    ratio = 1 - arm.estimate
    return 1 - ratio * math.exp(min(reach, 500.0)), 1 - ratio * math.exp(-reach)
