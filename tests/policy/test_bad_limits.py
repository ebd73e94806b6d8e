"""Metrics and their limits and settings that do not go together."""

import pytest
from bad_policies import GOOD, METRIC, changed, complaint

from seatrial.policy import parse


def test_misspelt_metric() -> None:
    line = complaint(changed("roc_auc", "roc_acu"))
    assert line.startswith(
        "seatrial.yml:8:5: unknown metric roc_acu in evaluate.metrics; did you mean roc_auc?"
    )


def test_threshold_reversed() -> None:
    line = complaint(changed(METRIC, "    selection_rate: {min: 0.3, max: 0.1}\n"))
    assert line.startswith("seatrial.yml:8:37: evaluate.metrics.selection_rate: min 0.3 is above max 0.1")
    assert "swap them" in line


def test_max_where_higher_is_better() -> None:
    line = complaint(changed("min: 0.7", "max: 0.7"))
    assert line.startswith("seatrial.yml:8:15: evaluate.metrics.roc_auc.max: higher is better for ROC AUC")
    assert line.endswith("use min")


def test_min_where_lower_is_better() -> None:
    line = complaint(changed(METRIC, "    log_loss: {min: 0.7}\n"))
    assert line.startswith("seatrial.yml:8:16: evaluate.metrics.log_loss.min: lower is better")
    assert line.endswith("use max")


def test_margin_where_neither_way_is_better() -> None:
    line = complaint(changed(METRIC, "    selection_rate: {margin: 0.7}\n"))
    assert line.startswith("seatrial.yml:8:22: ")
    assert line.endswith("use min and max")


@pytest.mark.parametrize(("written", "hint"), [("95", "write 0.95 or 95%"), ("1.5", "write 0.015 or 1.5%")])
def test_percentage_without_its_sign(written: str, hint: str) -> None:
    line = complaint(changed("0.7", written))
    assert line.startswith("seatrial.yml:8:20: evaluate.metrics.roc_auc.min: ROC AUC runs from 0 to 1")
    assert line.endswith(hint)


def test_margin_as_percentage_without_its_sign() -> None:
    line = complaint(changed("min: 0.7", "margin: 2"))
    assert line.startswith("seatrial.yml:8:23: evaluate.metrics.roc_auc.margin: 2 is the whole scale")
    assert line.endswith("write 0.02 or 2%")


@pytest.mark.parametrize("kind", ["margin", "min_gain"])
def test_negative_difference(kind: str) -> None:
    line = complaint(changed("min: 0.7", f"{kind}: -0.02"))
    assert f"evaluate.metrics.roc_auc.{kind}: a difference is not negative, found -0.02; write 0.02" in line


@pytest.mark.parametrize("metric", ["{}", "{cut: 0.3}"])
def test_neither_bound(metric: str) -> None:
    line = complaint(changed(METRIC, f"    f1: {metric}\n"))
    assert line == "seatrial.yml:8:5: evaluate.metrics.f1 sets no limit; add min, margin or min_gain"


def test_no_metrics() -> None:
    assert complaint(changed("  metrics:\n" + METRIC, "")).startswith(
        "seatrial.yml:3:1: evaluate.metrics is missing; "
    )
    assert complaint(changed("metrics:\n" + METRIC, "metrics: {}\n")).startswith(
        "seatrial.yml:7:12: evaluate.metrics: this is empty"
    )


def test_metric_of_another_task() -> None:
    line = complaint(changed(METRIC, "    rmse: {max: 3}\n"))
    assert line.startswith("seatrial.yml:8:5: evaluate.metrics.rmse is a metric of regression tasks")
    assert "choose from roc_auc, " in line


def test_setting_of_another_metric() -> None:
    assert complaint(changed("{min: 0.7}", "{min: 0.7, cut: 0.5}")) == (
        "seatrial.yml:8:25: evaluate.metrics.roc_auc: ROC AUC takes no cut; remove it"
    )


def test_metric_of_their_own_without_direction() -> None:
    line = complaint(changed(METRIC, "    cost: {column: cost, max: 3}\n"))
    assert line.startswith(
        "seatrial.yml:8:5: evaluate.metrics.cost is a metric of your own and lacks its direction"
    )
    assert line.endswith("add direction: higher or lower")


def test_metric_of_their_own_without_column() -> None:
    line = complaint(changed(METRIC, "    cost: {direction: lower, max: 3}\n"))
    assert line.endswith("add column: NAME of the predictions")


def test_built_in_name_for_a_metric_of_their_own() -> None:
    line = complaint(changed("{min: 0.7}", "{min: 0.7, column: x}"))
    assert line.startswith("seatrial.yml:8:25: evaluate.metrics.roc_auc is built in and takes no column")


@pytest.mark.parametrize("written", ["0", "0.5", "-0.1", "5", "nought"])
def test_alpha(written: str) -> None:
    assert complaint(GOOD + f"  alpha: {written}\n").startswith(
        "seatrial.yml:9:10: evaluate.alpha: expected "
    )


def test_alpha_as_percentage_without_its_sign() -> None:
    assert complaint(GOOD + "  alpha: 5\n").endswith("write 0.05 or 5%")


def test_top_k_of_no_more_classes() -> None:
    text = changed("binary", "multiclass").replace("roc_auc: {min: 0.7}", "top_k_accuracy: {min: 0.7}")
    line = complaint(text + "  classes: [a, b, c]\n")
    assert line.startswith(
        "seatrial.yml:8:5: evaluate.metrics.top_k_accuracy: with k 5 of 3 classes it is always 1"
    )
    assert parse(text.replace("0.7}", "0.7, k: 2}") + "  classes: [a, b, c]\n").evaluate.classes == (
        "a",
        "b",
        "c",
    )


def test_positive_and_classes_of_another_task() -> None:
    assert complaint(GOOD + "  classes: [a, b]\n").startswith(
        "seatrial.yml:9:3: evaluate.classes is for multiclass"
    )
    text = changed("task: binary", "task: regression").replace("roc_auc: {min: 0.7}", "mae: {max: 1}")
    assert "evaluate.positive is for binary tasks" in complaint(text + "  positive: late\n")


def test_gap_of_an_unknown_metric() -> None:
    line = complaint(GOOD + "  fairness: {by: sex, gaps: {cost: {max: 0.1}}}\n")
    assert line.startswith("seatrial.yml:9:30: unknown metric cost in evaluate.fairness.gaps")


def test_gap_as_percentage_without_its_sign() -> None:
    line = complaint(GOOD + "  fairness: {by: sex, gaps: {recall: {max: 10}}}\n")
    assert line.startswith("seatrial.yml:9:44: ")
    assert line.endswith("write 0.1 or 10%")
