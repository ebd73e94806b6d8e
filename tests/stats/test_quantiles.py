"""Latency: a quantile of timings that depend on each other."""

from typing import Any

import numpy as np
import pytest

from seatrial.stats.arm import Arm
from seatrial.stats.intervals import interval
from seatrial.stats.quantiles import quantile


def series(rho: float, rows: int, n: int) -> Any:
    """Autoregressive noise of variance 1."""
    random = np.random.default_rng(1)
    found = np.empty((rows, n))
    found[:, 0] = random.normal(size=rows)
    for i in range(1, n):
        found[:, i] = rho * found[:, i - 1] + (1 - rho * rho) ** 0.5 * random.normal(size=rows)
    return found


@pytest.mark.parametrize("rho", [0.0, 0.5, 0.9])
@pytest.mark.parametrize(("share", "true"), [(0.5, 0.0), (0.95, 1.6449)])
def test_a_budget_at_the_truth_is_seldom_kept(rho: float, share: float, true: float) -> None:
    """Slow spells last: a thousand timings are worth as few as forty."""
    reps = 400
    passed = 0
    for times in series(rho, reps, 1000):
        high = interval(quantile(times, share), 0.9)[1]
        passed += high is not None and high < true
    assert passed / reps <= 0.06 + 3 * (0.05 * 0.95 / reps) ** 0.5


def test_independent_timings_keep_their_worth() -> None:
    times = series(0.0, 1, 1000)[0]
    arm = quantile(times, 0.5)
    assert 1 <= arm.real("effect") < 1.5
    low, high = interval(arm, 0.9)
    ordered = np.sort(times)
    assert low is not None and low >= ordered[500 - 40]
    assert high is not None and high <= ordered[500 + 40]


def test_the_order_of_measurement_counts() -> None:
    times = series(0.9, 1, 1000)[0]
    shuffled = np.random.default_rng(2).permutation(times)
    one, other = quantile(times, 0.5), quantile(shuffled, 0.5)
    assert one.estimate == other.estimate
    assert one.real("effect") > 3 * other.real("effect")


def test_a_stalling_machine_leaves_open_only_what_is_near() -> None:
    """What lies beyond a slow spell cannot be told, but no spell explains what is ten times as slow."""
    random = np.random.default_rng(3)
    usual, slow = random.normal(13, 1, 940), random.normal(26, 1, 80)
    times = np.concatenate([usual[:500], slow, usual[500:]])
    times[[10, 700]] = 8_000  # another process had the processor
    high = interval(quantile(times, 0.95), 0.9)[1]
    assert high is not None and 260 < high < 300
    few = np.concatenate([usual[:30], slow[:10]])
    assert interval(quantile(few, 0.95), 0.9)[1] is None


def test_equal_timings_have_an_interval() -> None:
    assert interval(quantile([2.0] * 200, 0.95), 0.9) == (2.0, 2.0)


def test_evidence_from_before_is_read() -> None:
    stored = quantile(series(0.0, 1, 500)[0], 0.5).to_json()
    stored["parameters"] = {k: v for k, v in stored["parameters"].items() if k not in ("effect", "units")}  # type: ignore[union-attr]
    arm = Arm.from_json(stored)
    assert arm.real("effect") == 1
    assert None not in interval(arm, 0.9)
