"""Estimates agree with scikit-learn; bad rows are refused; nothing measured says why."""

import math
from typing import Any

import numpy as np
import pytest
from sklearn import metrics as oracle

from seatrial.stats.measure import measure, supported
from seatrial.stats.rows import Rows


def expected(metric: str, rows: Rows, weights: Any = None) -> float:
    """scikit-learn's value, with optional weights."""
    y, kw = rows.label, {"sample_weight": weights}
    if rows.task == "binary":
        cut = rows.score >= 0.3
        by_score = {
            "roc_auc": oracle.roc_auc_score,
            "average_precision": oracle.average_precision_score,
            "log_loss": oracle.log_loss,
            "brier": oracle.brier_score_loss,
        }
        by_cut = {
            "accuracy": oracle.accuracy_score,
            "balanced_accuracy": oracle.balanced_accuracy_score,
            "f1": oracle.f1_score,
            "precision": oracle.precision_score,
            "recall": oracle.recall_score,
            "mcc": oracle.matthews_corrcoef,
        }
        if metric == "false_positive_rate":
            return 1 - oracle.recall_score(y, cut, pos_label=0, **kw)
        return by_score[metric](y, rows.score, **kw) if metric in by_score else by_cut[metric](y, cut, **kw)
    if rows.task == "multiclass":
        table, top = rows.probabilities, rows.probabilities.argmax(axis=1)
        return {
            "accuracy": lambda: oracle.accuracy_score(y, top, **kw),
            "balanced_accuracy": lambda: oracle.balanced_accuracy_score(y, top, **kw),
            "macro_f1": lambda: oracle.f1_score(y, top, average="macro", **kw),
            "top_k_accuracy": lambda: oracle.top_k_accuracy_score(y, table, k=2, **kw),
            "log_loss": lambda: oracle.log_loss(y, table, **kw),
            "brier": lambda: oracle.brier_score_loss(y, table, **kw),
        }[metric]()
    return {
        "rmse": lambda: oracle.root_mean_squared_error(y, rows.prediction, **kw),
        "mae": lambda: oracle.mean_absolute_error(y, rows.prediction, **kw),
        "medae": lambda: oracle.median_absolute_error(y, rows.prediction, **kw),
        "r2": lambda: oracle.r2_score(y, rows.prediction, **kw),
        "mape": lambda: oracle.mean_absolute_percentage_error(y, rows.prediction, **kw),
        "pinball": lambda: oracle.mean_pinball_loss(y, rows.prediction, alpha=0.8, **kw),
    }[metric]()


OWN = {"ece", "selection_rate", "column"}  # scikit-learn has none


def test_estimates_are_those_of_scikit_learn(task: str, metric: str, rows_of: Any, options: Any) -> None:
    rows = rows_of(task, 501)
    assert measure(metric, rows, **options).arm.estimate == pytest.approx(expected(metric, rows), abs=1e-12)


test_estimates_are_those_of_scikit_learn.left_out = OWN  # type: ignore[attr-defined]


def test_influence_is_the_slope_in_each_rows_weight(
    task: str, metric: str, rows_of: Any, options: Any
) -> None:
    """Against scikit-learn with one row weighted a little more; exact but for the step."""
    rows = rows_of(task, 120)
    found = measure(metric, rows, **options).influence
    n, step = len(rows), 1e-5
    if metric == "roc_auc":  # DeLong divides by one less than the class has rows
        m = int(rows.label.sum())
        found = found * np.where(rows.label == 1, math.sqrt((m - 1) / m), math.sqrt((n - m - 1) / (n - m)))
    for i in range(0, n, 7):
        weights = np.ones(n)
        weights[i] += step
        up = expected(metric, rows, weights)
        weights[i] -= 2 * step
        slope = (up - expected(metric, rows, weights)) / (2 * step)
        assert found[i] == pytest.approx(slope * n, abs=2e-4 * max(1.0, float(np.abs(found).max())))


# A median has no slope in a weight.
test_influence_is_the_slope_in_each_rows_weight.left_out = OWN | {"medae"}  # type: ignore[attr-defined]


def test_influence_has_mean_zero(task: str, metric: str, rows_of: Any, options: Any) -> None:
    found = measure(metric, rows_of(task, 400), **options).influence
    assert found.shape == (400,)
    assert abs(float(found.mean())) < 1e-9 * max(1.0, float(np.abs(found).max()))


def test_order_of_rows_does_not_count(task: str, metric: str, rows_of: Any, options: Any) -> None:
    rows = rows_of(task, 300, clusters=60)
    shuffled = np.random.default_rng(1).permutation(300)
    one, other = (measure(metric, r, **options) for r in (rows, rows.take(shuffled)))
    assert other.arm.estimate == pytest.approx(one.arm.estimate, abs=1e-12)
    assert other.influence == pytest.approx(one.influence[shuffled], abs=1e-9)


def test_rank_metrics_see_only_the_order_of_scores(rows_of: Any) -> None:
    rows = rows_of("binary", 400)
    stretched = Rows("binary", label=rows.label, score=np.exp(9 * rows.score) - 50)
    for metric in ("roc_auc", "average_precision"):
        one, other = measure(metric, rows), measure(metric, stretched)
        assert one.arm == other.arm
        assert np.array_equal(one.influence, other.influence)


def test_swapped_labels_and_scores_give_the_same_area(rows_of: Any) -> None:
    rows = rows_of("binary", 400)
    swapped = measure("roc_auc", Rows("binary", label=1 - rows.label, score=-rows.score)).arm
    straight = measure("roc_auc", rows).arm
    assert swapped.estimate == straight.estimate
    assert swapped.parameters["spread_positives"] == pytest.approx(straight.parameters["spread_negatives"])


def test_calibration_error_is_the_gap_of_each_bin() -> None:
    rows = Rows("binary", label=[1, 0, 1, 1], score=[0.1, 0.2, 0.9, 1.0])
    # Two bins: |(0.1 - 1) + (0.2 - 0)| / 4 + |(0.9 - 1) + (1 - 1)| / 4.
    assert measure("ece", rows, bins=2).arm.estimate == pytest.approx(0.7 / 4 + 0.1 / 4)


def test_calibration_error_of_classes_is_that_of_the_top_one() -> None:
    table = [[0.7, 0.2, 0.1], [0.1, 0.8, 0.1], [0.6, 0.3, 0.1]]
    arm = measure("ece", Rows("multiclass", label=[0, 1, 2], probabilities=table), bins=1).arm
    assert arm.estimate == pytest.approx(abs(0.7 + 0.8 + 0.6 - 2) / 3)


def test_ties_of_top_k_are_broken_as_scikit_learn_does() -> None:
    table = np.array([[0.25, 0.25, 0.25, 0.25]] * 4)
    rows = Rows("multiclass", label=[0, 1, 2, 3], probabilities=table)
    for k in (1, 2, 3):
        found = measure("top_k_accuracy", rows, k=k).arm.estimate
        assert found == oracle.top_k_accuracy_score([0, 1, 2, 3], table, k=k)


def test_a_column_of_zeros_and_ones_is_a_share() -> None:
    assert measure("column", Rows("regression", values=[0.0, 1, 1, 1])).arm.method == "share"
    assert measure("column", Rows("regression", values=[0.0, 1, 1, 2])).arm.estimate == 1.0


@pytest.mark.parametrize(
    ("metric", "rows", "reason"),
    [
        ("roc_auc", Rows("binary", label=[1, 1], score=[0.1, 0.2]), "no negatives"),
        ("roc_auc", Rows("binary", label=[0, 0], score=[0.1, 0.2]), "no positives"),
        ("average_precision", Rows("binary", label=[0, 0], score=[0.1, 0.2]), "no positives"),
        ("precision", Rows("binary", label=[0, 1], score=[0.1, 0.2]), "no predicted positives"),
        ("recall", Rows("binary", label=[0, 0], score=[0.1, 0.9]), "no positives"),
        ("f1", Rows("binary", label=[0, 0], score=[0.1, 0.9]), "no positives"),
        ("mcc", Rows("binary", label=[0, 1], score=[0.1, 0.2]), "no predicted positives"),
        ("balanced_accuracy", Rows("binary", label=[1, 1], score=[0.1, 0.2]), "a single class"),
        ("mape", Rows("regression", label=[0.0, 1.0], prediction=[1.0, 1.0]), "1 labels are 0"),
        ("mape", Rows("regression", label=[1e-300, 1.0], prediction=[1.0, 1.0]), "a label is too close to 0"),
        ("r2", Rows("regression", label=[3.1, 3.1], prediction=[1.0, 2.0]), "all labels are the same"),
        ("r2", Rows("regression", label=[3.1], prediction=[1.0]), "a single row"),
    ],
)
def test_what_cannot_be_measured_says_why(metric: str, rows: Rows, reason: str) -> None:
    found = measure(metric, rows)
    assert (found.arm.estimate, found.arm.reason) == (None, reason)
    assert not found.influence.any()


def test_no_rows_is_said_for_every_metric(task: str, metric: str, rows_of: Any) -> None:
    found = measure(metric, rows_of(task, 20).take(slice(0, 0)))
    assert found.arm.estimate is None
    assert found.arm.reason == "no rows"


@pytest.mark.parametrize("metric", ["roc_auc", "average_precision"])
@pytest.mark.parametrize(("positives", "reason"), [(9, "under 10 positives"), (191, "under 10 negatives")])
def test_few_of_a_class_are_measured_but_not_judged(metric: str, positives: int, reason: str) -> None:
    rows = Rows("binary", label=np.arange(200) < positives, score=np.linspace(1, 0, 200) ** 2)
    arm = measure(metric, rows).arm
    assert arm.estimate == 1
    assert arm.reason == reason


@pytest.mark.parametrize(
    "arrays",
    [
        {"label": [0, 1], "score": [0.1, math.nan]},
        {"label": [0, 1], "score": [0.1, math.inf]},
        {"label": [0, 1], "score": [0.1, -1e200]},
        {"label": [0, 2], "score": [0.1, 0.2]},
        {"label": [0, -1], "score": [0.1, 0.2]},
        {"label": [0.0, 1.0], "score": [0.1, 0.2]},
        {"label": [0, 1, 1], "score": [0.1, 0.2]},
        {"label": [0, 1], "score": [[0.1, 0.2]]},
        {"label": [0, 1], "score": [0.1, 0.2], "cluster": [0, -2]},
        {},
    ],
)
def test_odd_arrays_are_refused(arrays: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        Rows("binary", **arrays)


def test_what_is_no_probability_is_refused() -> None:
    rows = Rows("binary", label=[0, 1], score=[-0.1, 1.2])
    for metric in ("log_loss", "brier", "ece"):
        with pytest.raises(ValueError, match="outside 0 to 1"):
            measure(metric, rows)
    table = Rows("multiclass", label=[0, 1], probabilities=[[0.9, 0.9], [0.1, 0.2]])
    with pytest.raises(ValueError, match="add up to 1"):
        measure("log_loss", table)


def test_unknown_metrics_and_missing_arrays_are_refused() -> None:
    rows = Rows("binary", label=[0, 1], score=[0.1, 0.2])
    with pytest.raises(ValueError, match="not a metric"):
        measure("rmse", rows)
    with pytest.raises(ValueError, match="needs values"):
        measure("column", rows)
    assert "rmse" in supported("regression")


def test_wide_cluster_codes_need_no_wide_memory() -> None:
    rows = Rows("regression", values=[1.0, 2, 3, 4], cluster=[5, 2**60, 5, 2**60])
    assert sorted(set(rows.cluster.tolist())) == [0, 1]
