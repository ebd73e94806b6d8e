"""Samples that several tests of the statistics measure."""

from typing import Any

import numpy as np
import pytest

from seatrial.stats.measure import METRICS
from seatrial.stats.rows import Rows

OPTIONS: dict[str, Any] = {"cut": 0.3, "k": 2, "alpha": 0.8}


def sample(task: str, n: int, *, seed: int = 0, clusters: int = 0, quality: float = 1.0) -> Rows:
    """Rows of a model of some quality; the same seed gives the same labels."""
    labels, noise = np.random.default_rng(seed), np.random.default_rng([seed, int(quality * 1000)])
    cluster = labels.integers(0, clusters, n) if clusters else None
    values = labels.gamma(2.0, size=n) + noise.normal(size=n) * 0.1
    if task == "binary":
        label = (labels.random(n) < 0.3).astype(int)
        shared = labels.normal(size=n)
        score = 1 / (1 + np.exp(-(quality * label * 1.5 - 1.5 + shared + 0.3 * noise.normal(size=n))))
        return Rows("binary", label=label, score=np.round(score, 3), values=values, cluster=cluster)
    if task == "multiclass":
        label = labels.choice(4, size=n, p=[0.4, 0.3, 0.2, 0.1])
        logits = labels.normal(size=(n, 4)) + 0.3 * noise.normal(size=(n, 4))
        logits[np.arange(n), label] += quality
        power = np.exp(logits)
        table = power / power.sum(axis=1, keepdims=True)
        return Rows("multiclass", label=label, probabilities=table, values=values, cluster=cluster)
    truth = labels.gamma(3.0, size=n) + 0.5
    prediction = truth + labels.normal(size=n) / quality * 0.5 + 0.2 * noise.normal(size=n)
    return Rows("regression", label=truth, prediction=prediction, values=values, cluster=cluster)


@pytest.fixture
def rows_of() -> Any:
    return sample


@pytest.fixture
def options() -> dict[str, Any]:
    return dict(OPTIONS)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Tests that name `task` and `metric` run for all there are, but for those their module leaves out."""
    if {"task", "metric"} <= set(metafunc.fixturenames):
        left_out = getattr(metafunc.function, "left_out", frozenset())
        pairs = [(task, metric) for task, metrics in METRICS.items() for metric in metrics]
        metafunc.parametrize(("task", "metric"), [pair for pair in pairs if pair[1] not in left_out])
