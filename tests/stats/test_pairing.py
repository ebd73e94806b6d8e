"""Models that differ on a few rows only: what the correlation of their estimates does not tell."""

import json
from typing import Any

import numpy as np
import pytest

from seatrial.stats.differences import difference_interval
from seatrial.stats.measure import measure
from seatrial.stats.pairing import Pairing, pairing_of
from seatrial.stats.rows import Rows
from seatrial.stats.tails import tail

REPS = 300
MOST = 0.05 + 3 * (0.05 * 0.95 / REPS) ** 0.5


def difference(metric: str, one: Rows, other: Rows) -> tuple[float, float]:
    a, b = measure(metric, one), measure(metric, other)
    paired = pairing_of(a.influence, b.influence, one.cluster, same=one.equals(other))
    low, high = difference_interval(a.arm, b.arm, paired, 0.9)
    assert low is not None and high is not None
    return low, high


@pytest.mark.parametrize(("positives", "negatives", "share"), [(200, 1800, 0.025), (50, 1000, 0.06)])
def test_a_few_positives_sent_to_the_bottom_do_not_pass(positives: int, negatives: int, share: float) -> None:
    """Five (three) broken rows are expected; the margin is what they cost."""
    random = np.random.default_rng(5)
    label = (np.arange(positives + negatives) < positives).astype(int)
    passed = 0
    for _ in range(REPS):
        base = random.normal(size=label.size) + 1.19 * label  # an area of 0.80
        broken = (random.random(label.size) < share) & (label == 1)
        score = np.where(broken, -9.0, base) + 1e-3 * random.normal(size=label.size)
        low, _ = difference("roc_auc", Rows("binary", label=label, score=score),
                            Rows("binary", label=label, score=base))  # fmt: skip
        passed += low >= -0.8 * share
    assert passed / REPS <= MOST


@pytest.mark.parametrize("clusters", [0, 500])
def test_a_few_wild_predictions_do_not_pass(clusters: int) -> None:
    random = np.random.default_rng(6)
    n, share, size = 1000, 0.005, 10.0
    cluster = np.arange(n) % clusters if clusters else None
    passed = 0
    for _ in range(REPS):
        error = random.normal(size=n)
        wild = np.where(random.random(n) < share, size, error)
        arms = [
            Rows("regression", label=np.zeros(n), prediction=p, cluster=cluster)
            for p in (wild + 1e-6 * random.normal(size=n), error)
        ]
        passed += difference("mae", arms[0], arms[1])[1] <= share * (size - 0.798)
    assert passed / REPS <= MOST


def test_two_perfect_rankings_by_different_models_are_not_the_same() -> None:
    """With 12 positives, all ranked above all others by both, one in eight or so may still be misranked."""
    label = (np.arange(60) < 12).astype(int)
    one = Rows("binary", label=label, score=label + np.linspace(0, 0.5, 60))
    other = Rows("binary", label=label, score=label + np.linspace(0.5, 0, 60))
    low, high = difference("roc_auc", one, other)
    assert low < -1 / 12
    assert high > 1 / 12
    assert difference("roc_auc", one, one) == (0, 0)


def test_models_that_differ_everywhere_by_a_little_pay_next_to_nothing(rows_of: Any) -> None:
    arms = [rows_of("binary", 4000, quality=q) for q in (1.2, 1.0)]
    for metric in ("roc_auc", "average_precision", "log_loss", "brier"):
        a, b = (measure(metric, rows) for rows in arms)
        paired = pairing_of(a.influence, b.influence)
        wide = difference_interval(a.arm, b.arm, paired, 0.9)
        plain = difference_interval(a.arm, b.arm, paired.correlation, 0.9)
        assert wide[1] - wide[0] < 1.1 * (plain[1] - plain[0])  # type: ignore[operator]
        assert wide[1] - wide[0] >= plain[1] - plain[0]  # type: ignore[operator]


def test_the_interval_reaches_to_the_side_of_the_broken_rows(rows_of: Any) -> None:
    a, b = (measure("roc_auc", rows_of("binary", 600, quality=q)).arm for q in (1.2, 1.0))
    plain = difference_interval(a, b, Pairing(0.8, 0.0), 0.9)
    broken = difference_interval(a, b, Pairing(0.8, -0.5), 0.9)
    assert broken[0] < plain[0]  # type: ignore[operator]
    assert broken[1] == plain[1]
    assert tail(a, b, Pairing(0.8, -0.5), broken[0]) == pytest.approx(0.05, rel=0.02)  # type: ignore[arg-type]


def test_json_keeps_it() -> None:
    random = np.random.default_rng(0)
    found = pairing_of(random.normal(size=50), random.normal(size=50))
    assert Pairing.from_json(found.correlation, json.loads(json.dumps(found.to_json()))) == found


@pytest.mark.parametrize(
    "data",
    [
        [],
        {},
        {"skewness": 0.0, "rows": 1.0},
        {"skewness": 1.5, "rows": 1.0, "step": 0.1},
        {"skewness": 0.0, "rows": -1.0, "step": 0.1},
        {"skewness": 0.0, "rows": 1.0, "step": -0.1},
        {"skewness": 0.0, "rows": 1.0, "step": None},
        {"skewness": float("nan"), "rows": 1.0, "step": 0.1},
        {"skewness": 0.0, "rows": 1.0, "step": 0.1, "more": 1},
    ],
)
def test_what_no_gate_writes_is_refused(data: Any) -> None:
    with pytest.raises(ValueError):
        Pairing.from_json(0.5, data)


def test_a_correlation_is_from_minus_one_to_one(rows_of: Any) -> None:
    arm = measure("roc_auc", rows_of("binary", 300)).arm
    with pytest.raises(ValueError, match="correlation"):
        difference_interval(arm, arm, Pairing(1.5), 0.9)


@pytest.mark.parametrize(("rows", "share"), [(2000, 0.1), (5000, 0.05)])
def test_a_rare_class_of_which_some_are_lost_does_not_pass_by_the_common_one(rows: int, share: float) -> None:
    """One row in a hundred is positive; common rows on which the models differ tell nothing of the rare."""
    random = np.random.default_rng(7)
    passed = 0
    for _ in range(REPS):
        label = (random.random(rows) < 0.01).astype(int)
        found, lost, other = (random.random(rows) < p for p in (0.8, share, 0.02))
        alarm, again = random.random(rows) < 0.05, random.random(rows) < 0.05
        base = np.where(label == 1, found, alarm)
        mine = np.where(label == 1, found & ~lost, np.where(other, again, alarm))
        low, _ = difference(
            "balanced_accuracy",
            Rows("binary", label=label, score=0.5 * mine + 0.1),
            Rows("binary", label=label, score=0.6 * base + 0.1),
        )
        passed += low >= -0.4 * share
    assert passed / REPS <= MOST
