"""The front of the metrics: which there are, and rows -> evidence."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from seatrial.stats import calibration, cells, means, medians, ranking, shares
from seatrial.stats.rows import Rows
from seatrial.stats.spread import Measured


@dataclass(frozen=True)
class Options:
    """What a metric may want to know beside the rows."""

    cut: float | None
    k: int | None
    alpha: float | None
    bins: int


Metric: TypeAlias = Callable[[Rows, Options], Measured]

_ANY: dict[str, Metric] = {"column": lambda rows, _: means.column(rows)}

METRICS: Mapping[str, Mapping[str, Metric]] = {
    "binary": {
        "roc_auc": lambda rows, _: ranking.roc_auc(rows),
        "average_precision": lambda rows, _: ranking.average_precision(rows),
        "log_loss": lambda rows, _: means.log_loss(rows),
        "brier": lambda rows, _: means.brier(rows),
        "ece": lambda rows, options: calibration.ece(rows, options.bins),
        "accuracy": lambda rows, options: shares.accuracy(rows, options.cut),
        "balanced_accuracy": lambda rows, options: cells.balanced_accuracy(rows, options.cut),
        "f1": lambda rows, options: cells.f1(rows, options.cut),
        "precision": lambda rows, options: shares.precision(rows, options.cut),
        "recall": lambda rows, options: shares.recall(rows, options.cut),
        "mcc": lambda rows, options: cells.mcc(rows, options.cut),
        "selection_rate": lambda rows, options: shares.selection_rate(rows, options.cut),
        "false_positive_rate": lambda rows, options: shares.false_positive_rate(rows, options.cut),
        **_ANY,
    },
    "multiclass": {
        "accuracy": lambda rows, _: shares.accuracy(rows, None),
        "balanced_accuracy": lambda rows, _: cells.balanced_accuracy(rows, None),
        "macro_f1": lambda rows, _: cells.macro_f1(rows),
        "top_k_accuracy": lambda rows, options: shares.top_k_accuracy(rows, options.k),
        "log_loss": lambda rows, _: means.log_loss(rows),
        "brier": lambda rows, _: means.brier(rows),
        "ece": lambda rows, options: calibration.ece(rows, options.bins),
        **_ANY,
    },
    "regression": {
        "rmse": lambda rows, _: means.rmse(rows),
        "mae": lambda rows, _: means.mae(rows),
        "medae": lambda rows, _: medians.medae(rows),
        "r2": lambda rows, _: means.r2(rows),
        "mape": lambda rows, _: means.mape(rows),
        "pinball": lambda rows, options: means.pinball(rows, options.alpha),
        **_ANY,
    },
}


def supported(task: str) -> tuple[str, ...]:
    """Names of the metrics that a task has."""
    return tuple(METRICS[task])


def measure(
    metric: str,
    rows: Rows,
    *,
    cut: float | None = None,
    k: int | None = None,
    alpha: float | None = None,
    bins: int = 15,
) -> Measured:
    """Measure one metric of one arm. ValueError when rows lack what the metric needs.

    cut: a score at or above it is a predicted positive (default 0.5). k: for top_k_accuracy
    (default 5). alpha: the quantile that pinball judges (default 0.5). bins: of the calibration error.
    """
    found = METRICS[rows.task].get(metric)
    if found is None:
        raise ValueError(f"{metric} is not a metric of the task {rows.task}")
    return found(rows, Options(cut, k, alpha, bins))
