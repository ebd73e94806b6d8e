"""The one table of metrics: what each is called, where it applies, which way is better, what it takes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Direction = Literal["higher", "lower"]
Task = Literal["binary", "multiclass", "regression"]
Needs = Literal["score", "probability", "prediction", "column"]

TASKS: tuple[Task, ...] = ("binary", "multiclass", "regression")

CUT = 0.5
K = 5
QUANTILE = 0.5
BINS = 10


@dataclass(frozen=True)
class MetricInfo:
    """One metric.

    needs: what the predictions must hold. score: any number that orders the rows; probability: numbers
    from 0 to 1; prediction: the predicted class or number (binary classes come from the score and the cut).
    low, high: the ends of its scale, None where there is none.
    percent: a share of something, so that a limit may be written as a percentage.
    two_sided: neither way is better, so that it takes `min` and `max` but no comparison with a baseline.
    parameters: what the policy may set beside the limits, with defaults.
    """

    name: str
    label: str
    direction: Direction
    tasks: tuple[Task, ...]
    needs: Needs
    description: str
    low: float | None = 0.0
    high: float | None = 1.0
    percent: bool = True
    two_sided: bool = False
    parameters: Mapping[str, float | int] = field(default_factory=dict)

    @property
    def bounded(self) -> bool:
        """Whether its scale runs from 0 to 1."""
        return self.low == 0.0 and self.high == 1.0

    def parameters_of(self, task: Task) -> dict[str, float | int]:
        """What it takes for a task: only of two classes is one chosen by a cut."""
        return {key: value for key, value in self.parameters.items() if key != "cut" or task == "binary"}


_BINARY: tuple[Task, ...] = ("binary",)
_MULTICLASS: tuple[Task, ...] = ("multiclass",)
_CLASSES: tuple[Task, ...] = ("binary", "multiclass")
_REGRESSION: tuple[Task, ...] = ("regression",)
_AT_CUT: Mapping[str, float | int] = {"cut": CUT}

_TABLE = (
    MetricInfo("roc_auc", "ROC AUC", "higher", _BINARY, "score",
               "Chance that a positive row scores above a negative one; ties count half."),
    MetricInfo("average_precision", "Average precision", "higher", _BINARY, "score",
               "Precision averaged over the recall steps of the ranking."),
    MetricInfo("log_loss", "Log loss", "lower", _CLASSES, "probability",
               "Mean of minus the logarithm of the probability given to the true class.",
               high=None, percent=False),
    MetricInfo("brier", "Brier score", "lower", _CLASSES, "probability",
               "Mean squared error of the probabilities; over several classes the squares are summed, "
               "so that it reaches 2.",
               high=2.0),
    MetricInfo("ece", "Expected calibration error", "lower", _CLASSES, "probability",
               "Mean distance between probability and observed share over bins of the probability; "
               "with several classes, of the most probable one.",
               parameters={"bins": BINS}),
    MetricInfo("accuracy", "Accuracy", "higher", _CLASSES, "prediction",
               "Share of the rows whose class is predicted rightly.", parameters=_AT_CUT),
    MetricInfo("balanced_accuracy", "Balanced accuracy", "higher", _CLASSES, "prediction",
               "Recall averaged over the classes, each weighing the same.", parameters=_AT_CUT),
    MetricInfo("f1", "F1", "higher", _BINARY, "prediction",
               "Harmonic mean of precision and recall.", parameters=_AT_CUT),
    MetricInfo("precision", "Precision", "higher", _BINARY, "prediction",
               "Share of the rows predicted positive that are positive.", parameters=_AT_CUT),
    MetricInfo("recall", "Recall", "higher", _BINARY, "prediction",
               "Share of the positive rows that are predicted positive.", parameters=_AT_CUT),
    MetricInfo("mcc", "Matthews correlation", "higher", _BINARY, "prediction",
               "Correlation between predicted and true class, from -1 to 1.",
               low=-1.0, percent=False, parameters=_AT_CUT),
    MetricInfo("selection_rate", "Selection rate", "higher", _BINARY, "prediction",
               "Share of the rows predicted positive.", two_sided=True, parameters=_AT_CUT),
    MetricInfo("false_positive_rate", "False positive rate", "lower", _BINARY, "prediction",
               "Share of the negative rows that are predicted positive.", parameters=_AT_CUT),
    MetricInfo("macro_f1", "Macro F1", "higher", _MULTICLASS, "prediction",
               "F1 of each class against the rest, averaged over the classes."),
    MetricInfo("top_k_accuracy", "Top-k accuracy", "higher", _MULTICLASS, "probability",
               "Share of the rows whose true class is among the k most probable.", parameters={"k": K}),
    MetricInfo("rmse", "RMSE", "lower", _REGRESSION, "prediction",
               "Square root of the mean squared error, in the unit of the label.",
               high=None, percent=False),
    MetricInfo("mae", "Mean absolute error", "lower", _REGRESSION, "prediction",
               "Mean of the absolute errors, in the unit of the label.", high=None, percent=False),
    MetricInfo("medae", "Median absolute error", "lower", _REGRESSION, "prediction",
               "Median of the absolute errors, in the unit of the label.", high=None, percent=False),
    MetricInfo("r2", "R²", "higher", _REGRESSION, "prediction",
               "One minus the squared error over that of the mean; 1 is perfect, below 0 is worse than "
               "the mean.",
               low=None),
    MetricInfo("mape", "Mean absolute percentage error", "lower", _REGRESSION, "prediction",
               "Mean of the absolute errors, each divided by the true value.", high=None),
    MetricInfo("pinball", "Pinball loss", "lower", _REGRESSION, "prediction",
               "Loss of a predicted quantile, in the unit of the label.",
               high=None, percent=False, parameters={"quantile": QUANTILE}),
)  # fmt: skip

METRICS: Mapping[str, MetricInfo] = {metric.name: metric for metric in _TABLE}


def user_defined(name: str, direction: Direction) -> MetricInfo:
    """A metric that the policy defines itself: the mean of a column of the predictions."""
    return MetricInfo(
        name, name, direction, TASKS, "column", "Mean of a column of the predictions.", low=None, high=None
    )


def of_task(task: Task) -> tuple[MetricInfo, ...]:
    """The metrics that a task has, in the order of the table."""
    return tuple(metric for metric in _TABLE if task in metric.tasks)
