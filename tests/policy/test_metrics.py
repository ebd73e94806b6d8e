import pytest

from seatrial.policy.metrics import METRICS, TASKS, of_task, user_defined


def test_names_are_keys_and_labels_are_distinct() -> None:
    assert all(name == info.name for name, info in METRICS.items())
    assert len({info.label for info in METRICS.values()}) == len(METRICS)


@pytest.mark.parametrize("task", TASKS)
def test_every_task_has_metrics_that_belong_to_it(task: str) -> None:
    found = of_task(task)  # type: ignore[arg-type]
    assert found
    assert all(task in info.tasks for info in found)


def test_a_cut_is_for_two_classes_only() -> None:
    assert METRICS["accuracy"].parameters_of("binary") == {"cut": 0.5}
    assert METRICS["accuracy"].parameters_of("multiclass") == {}
    assert METRICS["ece"].parameters_of("multiclass") == {"bins": 10}


def test_only_scales_from_0_to_1_are_bounded() -> None:
    assert METRICS["roc_auc"].bounded
    assert not any(METRICS[name].bounded for name in ("mcc", "r2", "rmse", "log_loss", "mape"))


def test_a_metric_of_the_users_own_fits_any_task() -> None:
    info = user_defined("cost", "lower")
    assert (info.direction, info.needs, info.tasks, info.bounded) == ("lower", "column", TASKS, False)
