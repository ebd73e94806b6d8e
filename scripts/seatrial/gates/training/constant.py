"""Whether a model beats the best constant prediction: an interval against what a constant scores.

A constant scores 0.5 of ROC AUC, an equal share of balanced accuracy, and 0 of R²: on any rows, so that the
bound itself is exact. The bad end of the interval has to lie beyond it, not on it.
"""

from dataclasses import dataclass

from pydantic import JsonValue

from seatrial.decision import Outcome
from seatrial.gates.evidence_reading import METHODS
from seatrial.stats.arm import Arm
from seatrial.stats.intervals import interval
from seatrial.stats.measure import measure
from seatrial.stats.power import needed
from seatrial.stats.rows import Rows

ALPHA = 0.05
METRIC = {"binary": "roc_auc", "multiclass": "balanced_accuracy", "regression": "r2"}


@dataclass(frozen=True)
class Beaten:
    """What the interval says."""

    outcome: Outcome
    reason: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    bound: float | None = None
    needed: int | None = None


def measured(rows: Rows) -> dict[str, JsonValue]:
    """The evidence: the metric of the task on these rows."""
    metric = METRIC[rows.task]
    return {"metric": metric, "arm": measure(metric, rows).arm.to_json()}


def beaten(metric: JsonValue, data: JsonValue) -> tuple[Beaten, Arm]:
    """From evidence to outcome. Raises ValueError where the evidence is odd."""
    if not isinstance(metric, str) or metric not in METRIC.values():
        raise ValueError(f"a constant is beaten by one of {', '.join(METRIC.values())}")
    arm = Arm.from_json(data)
    if arm.method not in METHODS[metric]:
        raise ValueError(f"{metric} is not measured by {arm.method}")
    if arm.estimate is None:
        return Beaten(
            Outcome.ERROR, f"{metric} could not be measured: {arm.reason or 'no reason given'}"
        ), arm
    bound = _bound(metric, arm)
    low, high = interval(arm, 1 - 2 * ALPHA)
    said = f"{metric} {arm.estimate:.4g} on {arm.n:,} rows"
    if low is None or high is None:
        why = arm.reason or "it has no interval"
        return Beaten(Outcome.INCONCLUSIVE, f"{said}: {why}", arm.estimate, low, high, bound), arm
    said = f"{metric} {arm.estimate:.4g} [{low:.4g}, {high:.4g}] on {arm.n:,} rows"
    if low > bound:
        return Beaten(Outcome.PASSED, said, arm.estimate, low, high, bound), arm
    if high <= bound:
        said += f", no better than a constant, which scores {bound:.4g}"
        return Beaten(Outcome.FAILED, said, arm.estimate, low, high, bound), arm
    said += f", which reaches what a constant scores, {bound:.4g}"
    rows = needed(arm, None, 0.0, bound, 1 - 2 * ALPHA)
    return Beaten(Outcome.INCONCLUSIVE, said, arm.estimate, low, high, bound, rows), arm


def _bound(metric: str, arm: Arm) -> float:
    """What the best constant scores."""
    if metric == "roc_auc":
        return 0.5
    if metric == "r2":
        return 0.0
    classes = len(arm.wholes("trials"))
    if classes < 2:
        raise ValueError("balanced accuracy is of two classes or more")
    return 1 / classes
