"""Candidate against baseline: intervals, p-values, power, gaps."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from seatrial.stats.arm import Arm
from seatrial.stats.differences import difference_interval
from seatrial.stats.gaps import gap, gap_interval
from seatrial.stats.intervals import interval
from seatrial.stats.measure import measure
from seatrial.stats.power import needed, resolvable
from seatrial.stats.rows import Rows
from seatrial.stats.spread import correlation
from seatrial.stats.tails import holm, tail


def judged(task: str, metric: str, rows_of: Any, n: int = 600, better: float = 1.3, **more: Any) -> Any:
    arms = [
        measure(metric, rows_of(task, n, quality=q, **more), cut=0.3, k=2, alpha=0.8) for q in (better, 1.0)
    ]
    cluster = rows_of(task, n, **more).cluster
    return arms[0].arm, arms[1].arm, correlation(arms[0].influence, arms[1].influence, cluster)


@pytest.mark.parametrize("clusters", [0, 60])
def test_intervals_hold_the_difference_and_turn_with_the_arms(
    task: str, metric: str, clusters: int, rows_of: Any
) -> None:
    one, other, r = judged(task, metric, rows_of, clusters=clusters)
    low, high = difference_interval(one, other, r, 0.9)
    assert low is not None and high is not None
    assert low <= one.estimate - other.estimate <= high
    turned = difference_interval(other, one, r, 0.9)
    assert turned == pytest.approx((-high, -low), abs=1e-12)


@pytest.mark.parametrize("clusters", [0, 60])
def test_pairing_pays(task: str, metric: str, clusters: int, rows_of: Any) -> None:
    """But for the calibration error: near 0 the bins' signs are noise, and two models' are not the same."""
    one, other, r = judged(task, metric, rows_of, better=1.05, clusters=clusters)
    paired, apart = (difference_interval(one, other, x, 0.9) for x in (r, 0.0))
    assert r > 0.1
    assert paired[1] - paired[0] < apart[1] - apart[0]  # type: ignore[operator]


test_pairing_pays.left_out = {"ece"}  # type: ignore[attr-defined]


def test_the_same_rows_differ_by_exactly_nothing(task: str, metric: str, rows_of: Any, options: Any) -> None:
    found = measure(metric, rows_of(task, 300), **options)
    again = measure(metric, rows_of(task, 300), **options)
    r = correlation(found.influence, again.influence)
    assert difference_interval(found.arm, again.arm, r, 0.9) == (0.0, 0.0)
    assert tail(found.arm, again.arm, r, -0.001) < 1e-6


def test_equal_decisions_of_different_models_are_not_certain(rows_of: Any) -> None:
    """Where no row tells them apart, about 3 rows in n still may (the rule of three)."""
    rows = rows_of("binary", 300)
    other = Rows("binary", label=rows.label, score=rows.score**2)
    assert rows.equals(rows.take(slice(None)))
    assert not rows.equals(other)
    one, two = measure("accuracy", rows, cut=0.5), measure("accuracy", other, cut=0.25)
    r = correlation(one.influence, two.influence, same=rows.equals(other))
    low, high = difference_interval(one.arm, two.arm, r, 0.9)
    assert low is not None and high is not None
    assert 1 / 300 < high < 3 / 300
    assert low == pytest.approx(-high)


@pytest.mark.parametrize("metric", ["accuracy", "recall", "f1", "mcc", "balanced_accuracy"])
def test_few_rows_that_differ_do_not_pass_a_worse_model(metric: str) -> None:
    """A model worse on 1.5 % of the rows and better on 0.5 %, at the margin: passed by at most alpha, 5 %."""
    random = np.random.default_rng(1)
    label = (np.arange(600) < 300).astype(int)
    passed, reps = 0, 250
    true = -0.02 if metric == "mcc" else -0.01  # with equal classes and errors the others are the accuracy
    for _ in range(reps):
        u = random.random(600)
        one = u < 0.805  # right on 80 % both, 0.5 % the candidate only
        other = (u < 0.8) | ((u >= 0.805) & (u < 0.82))
        arms = [
            measure(metric, Rows("binary", label=label, prediction=np.where(right, label, 1 - label)))
            for right in (one, other)
        ]
        r = correlation(arms[0].influence, arms[1].influence)
        low = difference_interval(arms[0].arm, arms[1].arm, r, 0.9)[0]
        assert low is not None
        passed += low > true
    assert passed / reps <= 0.05 + 3 * (0.05 * 0.95 / reps) ** 0.5


def test_few_of_a_class_stay_open_even_when_equal() -> None:
    rows = Rows("binary", label=np.arange(50) < 5, score=np.linspace(1, 0, 50))
    arm = measure("roc_auc", rows).arm
    assert difference_interval(arm, arm, 1.0, 0.9) == (None, None)
    assert tail(arm, arm, 1.0, -0.5) == 1


def test_paired_means_are_the_paired_t_interval() -> None:
    """Symmetric errors: MOVER gives what the differences of the rows give."""
    random = np.random.default_rng(0)
    base = random.normal(size=2000)
    a, b = base + 0.3 * random.normal(size=2000), base + 0.3 * random.normal(size=2000)
    one, other = (measure("column", Rows("regression", values=v)) for v in (a, b))
    found = difference_interval(one.arm, other.arm, correlation(one.influence, other.influence), 0.9)
    d = a - b
    error = d.std(ddof=1) / 2000**0.5
    assert found == pytest.approx((d.mean() - 1.6457 * error, d.mean() + 1.6457 * error), abs=0.02 * error)


def test_paired_areas_are_delongs(rows_of: Any) -> None:
    one, other = (measure("roc_auc", rows_of("binary", 4000, quality=q)) for q in (1.2, 1.0))
    low, high = difference_interval(one.arm, other.arm, correlation(one.influence, other.influence), 0.95)
    error = float(np.std(one.influence - other.influence)) / 4000**0.5
    assert low is not None and high is not None
    assert high - low == pytest.approx(2 * 1.96 * error, rel=0.02)


def test_arms_of_different_methods_are_not_compared(rows_of: Any) -> None:
    one, other = (measure(m, rows_of("binary", 300)).arm for m in ("roc_auc", "accuracy"))
    with pytest.raises(ValueError, match="different methods"):
        difference_interval(one, other, 0.5, 0.9)
    with pytest.raises(ValueError, match="correlation"):
        difference_interval(one, one, 1.5, 0.9)


def test_an_unmeasured_arm_has_no_difference(rows_of: Any) -> None:
    arm = measure("roc_auc", rows_of("binary", 300)).arm
    nothing = Arm("rank", None, 300, {}, "no positives")
    assert difference_interval(arm, nothing, 0.0, 0.9) == (None, None)
    assert needed(nothing, arm, 0.0, 0.1, 0.9) is None
    assert resolvable(nothing, None, 0.0, 0.9) is None


def test_p_values_agree_with_the_intervals(task: str, metric: str, rows_of: Any) -> None:
    one, other, r = judged(task, metric, rows_of)
    for baseline, ends in ((other, difference_interval(one, other, r, 0.9)), (None, interval(one, 0.9))):
        low, high = ends
        assert low is not None and high is not None
        if low > 0 or metric != "ece":  # an end at the edge of what is possible is no sharp one
            assert tail(one, baseline, r, low) == pytest.approx(0.05, rel=0.02)
        assert tail(one, baseline, r, high, above=False) == pytest.approx(0.05, rel=0.02)
        assert tail(one, baseline, r, high) == pytest.approx(0.95, rel=0.02)
        middle = (low + (one.estimate - (other.estimate if baseline else 0))) / 2
        assert 0.05 < tail(one, baseline, r, middle) < 0.5
        assert tail(one, baseline, r, low - (high - low)) < 0.002


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_holm_is_that_of_statsmodels(p: list[float]) -> None:
    assert holm(p) == pytest.approx(multipletests(p, method="holm")[1].tolist(), abs=1e-12)


def test_holm_of_nothing_and_of_nonsense() -> None:
    assert holm([]) == []
    with pytest.raises(ValueError):
        holm([0.5, math.nan])


def test_needed_rows_decide_four_times_in_five() -> None:
    """An accuracy of 0.9 is to be shown above 0.88: as many rows as `needed` says, drawn again and again."""
    arm = Arm("share", 0.9, 500, {"hits": 450, "trials": 500, "effect": 1.0, "clusters": None})
    rows = needed(arm, None, 0.0, 0.88, 0.9)
    assert rows is not None
    hits = np.random.default_rng(0).binomial(rows, 0.9, size=2000)
    shown = 0
    for k in hits.tolist():
        drawn = Arm("share", k / rows, rows, {"hits": k, "trials": rows, "effect": 1.0, "clusters": None})
        low = interval(drawn, 0.9)[0]
        shown += low is not None and low > 0.88
    assert 0.75 < shown / 2000 < 0.87


@pytest.mark.parametrize("metric", ["roc_auc", "average_precision"])
def test_needed_rows_hold_enough_positives(metric: str) -> None:
    random = np.random.default_rng(0)
    label = np.arange(200) < 4
    arm = measure(metric, Rows("binary", label=label, score=label + random.normal(size=200))).arm
    assert arm.reason == "under 10 positives"
    rows = needed(arm, None, 0.0, 0.05, 0.9)
    assert rows is not None and rows >= 500


def test_needed_rows_hold_enough_clusters(rows_of: Any) -> None:
    rows = rows_of("regression", 400, clusters=4)
    arm = measure("mae", rows).arm
    assert arm.reason == "under 10 clusters"
    found = needed(arm, None, 0.0, 100.0, 0.9)
    assert found is not None and found >= 1000


def test_a_column_of_marks_is_compared_with_one_of_numbers() -> None:
    random = np.random.default_rng(0)
    marks = (random.random(400) < 0.7).astype(float)
    one = measure("column", Rows("binary", values=marks))
    other = measure("column", Rows("binary", values=np.clip(marks * 0.9, 0, 1)))
    low, high = difference_interval(one.arm, other.arm, correlation(one.influence, other.influence), 0.9)
    assert low is not None and high is not None
    assert low < 0.1 * marks.mean() < high


def test_needed_says_when_it_cannot_tell() -> None:
    arm = Arm("share", 0.9, 500, {"hits": 450, "trials": 500, "effect": 1.0, "clusters": None})
    assert needed(arm, None, 0.0, 0.9, 0.9) is None
    assert needed(arm, None, 0.0, 0.95, 0.9) is not None  # enough to show that it falls short
    assert needed(arm, None, 0.0, 0.9 + 1e-9, 0.9) is None  # more rows than anyone has


def test_resolvable_shrinks_with_the_root_of_the_rows(rows_of: Any) -> None:
    found = []
    for n in (500, 8000):
        one, other, r = judged("binary", "accuracy", rows_of, n=n)
        found.append(resolvable(one, other, r, 0.9))
    assert found[0] == pytest.approx(4 * found[1], rel=0.25)


def share(hits: int, trials: int) -> Arm:
    return Arm(
        "share", hits / trials, trials, {"hits": hits, "trials": trials, "effect": 1.0, "clusters": None}
    )


def test_gap_is_between_the_farthest_groups() -> None:
    arms = [share(450, 500), share(400, 500), share(430, 500)]
    assert gap(arms) == pytest.approx(0.1)
    low, high = gap_interval(arms, 0.9)
    assert low is not None and high is not None
    assert 0.03 < low < 0.1 < high < 0.16


def test_gap_of_equal_groups_may_be_nothing() -> None:
    low, high = gap_interval([share(450, 500)] * 3, 0.9)
    assert low == 0
    assert high is not None and high > 0.02


def test_gap_needs_two_measured_groups() -> None:
    assert gap_interval([share(1, 2)], 0.9) == (None, None)
    assert gap_interval([share(1, 2), Arm("share", None, 0, {}, "no rows")], 0.9) == (None, None)


def test_gap_seldom_claims_what_is_not_there() -> None:
    """Four equal groups: a gap is claimed at most as often as alpha says (5 %), and the high end holds."""
    random = np.random.default_rng(2)
    claimed = 0
    for _ in range(400):
        arms = [share(int(k), 300) for k in random.binomial(300, 0.8, size=4)]
        claimed += gap_interval(arms, 0.9)[0] > 0  # type: ignore[operator]
    assert claimed / 400 < 0.05 + 3 * (0.05 * 0.95 / 400) ** 0.5


def test_a_worse_calibrated_model_does_not_pass_by_the_bias_of_the_better_one() -> None:
    """The baseline's error is all noise, so the seen difference is about half of the true one."""
    passed, reps, n = 0, 120, 1000
    random = np.random.default_rng(3)

    def drawn(rows: int) -> tuple[Any, Any]:
        odds = 1.5 * random.normal(size=rows)
        label = (random.random(rows) < 1 / (1 + np.exp(-odds))).astype(int)
        scores = (1 / (1 + np.exp(-slope * odds)) for slope in (1.4, 1.0))
        one, other = (measure("ece", Rows("binary", label=label, score=s), bins=10) for s in scores)
        return one, other

    far = drawn(1_000_000)
    margin = far[0].arm.estimate - far[1].arm.estimate
    for _ in range(reps):
        one, other = drawn(n)
        r = correlation(one.influence, other.influence)
        high = difference_interval(one.arm, other.arm, r, 0.9)[1]
        assert high is not None
        passed += high < margin
    assert passed / reps <= 0.05 + 3 * (0.05 * 0.95 / reps) ** 0.5
