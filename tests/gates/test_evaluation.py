"""Cases that the policy asks for: metrics, slices, gaps, and what becomes of them without a baseline."""

from collections.abc import Mapping

import numpy as np
import pytest

from seatrial.decision import Outcome, Verdict, verdict_of
from seatrial.gates.budgets import Cost
from seatrial.gates.budgets import cases as budget_cases
from seatrial.gates.evaluation import Arms, Slices, TooMany, cases
from seatrial.gates.judging import judge
from seatrial.policy import parse
from seatrial.policy.model import Policy
from seatrial.stats.rows import Rows

RNG = np.random.default_rng(20)
N = 4_000
LABEL = (RNG.random(N) < 0.3).astype(np.int64)
SCORE = np.clip(0.3 * LABEL + 0.2 + RNG.normal(0, 0.15, N), 0.001, 0.999)
GROUP = np.arange(N) % 4


def policy(evaluate: str, task: str = "binary") -> Policy:
    return parse(
        f"version: 1\nmodel: {{name: m, task: {task}}}\n"
        f"evaluate:\n  data: d.csv\n  label: y\n  predictions: p.csv\n{evaluate}"
    )


def arms(candidate: np.ndarray = SCORE, baseline: np.ndarray | None = SCORE) -> Arms:
    def rows(score: np.ndarray) -> Rows:
        return Rows("binary", label=LABEL, score=score)

    return Arms(rows(candidate), None if baseline is None else rows(baseline))


def slices(column: str = "group") -> Mapping[str, Slices]:
    return {column: Slices.of(column, ["a", "b", "c", "d"], GROUP)}


def test_a_margin_without_a_baseline_is_skipped_and_says_so() -> None:
    asked = policy("  metrics: {roc_auc: {min: 0.7, margin: 0.01}}\n").evaluate
    least, margin = judge(cases(asked, arms(baseline=None), {}, {}, "first release"))
    assert least.outcome is Outcome.PASSED
    assert margin.outcome is Outcome.SKIPPED and margin.reason == "first release"


def test_margins_alone_without_a_baseline_are_no_pass() -> None:
    asked = policy("  metrics: {roc_auc: {margin: 0.01}}\n").evaluate
    assert verdict_of(judge(cases(asked, arms(baseline=None), {}, {}))) is Verdict.INCONCLUSIVE


def test_a_loss_in_one_slice_fails_there_alone() -> None:
    worse = np.where(GROUP == 2, RNG.random(N), SCORE)
    text = (
        "  metrics: {roc_auc: {min: 0.5}}\n"
        "  slices: {by: [group], min_rows: 500, metrics: {roc_auc: {margin: 0.05}}}\n"
    )
    found = judge(cases(policy(text).evaluate, arms(worse), slices(), {}))
    failed = [check.id for check in found if check.outcome is Outcome.FAILED]
    assert failed == ["evaluation/roc_auc/margin/group=c"]
    assert [check.slice for check in found if check.slice] == [f"group = {g}" for g in "abcd"]


def test_a_slice_of_too_few_rows_is_skipped_with_its_count() -> None:
    text = (
        "  metrics: {roc_auc: {min: 0.5}}\n"
        "  slices: {by: [group], min_rows: 1_001, metrics: {roc_auc: {min: 0.5}}}\n"
    )
    found = [c for c in judge(cases(policy(text).evaluate, arms(), slices(), {})) if c.slice]
    assert {check.outcome for check in found} == {Outcome.SKIPPED}
    assert {check.n for check in found} == {1_000}


def test_models_that_only_decide_alike_are_not_taken_for_one() -> None:
    """Equal decisions on these rows, unequal scores: the next rows may be decided otherwise."""
    text = "  metrics: {accuracy: {margin: 0}}\n"
    moved = np.where(SCORE >= 0.5, np.minimum(SCORE + 0.01, 0.999), SCORE - 0.0005)
    alike = judge(cases(policy(text).evaluate, arms(moved), {}, {}))[0]
    same = judge(cases(policy(text).evaluate, arms(), {}, {}))[0]
    assert alike.difference == same.difference == 0
    assert same.outcome is Outcome.PASSED
    assert alike.outcome is Outcome.INCONCLUSIVE


def test_a_gap_needs_two_groups_that_can_be_compared() -> None:
    text = (
        "  metrics: {recall: {min: 0.01}}\n"
        "  fairness: {by: [group], min_rows: %d, gaps: {recall: {max: 0.5}, selection_rate: {max: 0.2}}}\n"
    )
    wide = judge(cases(policy(text % 100).evaluate, arms(), slices(), {}))
    assert [c.outcome for c in wide[1:]] == [Outcome.PASSED, Outcome.PASSED]
    assert wide[1].id == "evaluation/recall_gap/max/group"
    none = judge(cases(policy(text % 2_000).evaluate, arms(), slices(), {}))
    compared = [c for c in none[1:] if c.id.endswith("/group")]
    listed = [c for c in none[1:] if "/group/group=" in c.id]
    assert [c.outcome for c in compared] == [Outcome.ERROR, Outcome.ERROR]
    assert len(listed) == 8 and {(c.outcome, c.n) for c in listed} == {(Outcome.SKIPPED, 1_000)}
    assert verdict_of(none) is Verdict.INCONCLUSIVE


def test_a_users_own_metric_is_the_mean_of_its_column() -> None:
    text = "  metrics: {profit: {column: profit, direction: higher, min: 0.5, margin: 0.1}}\n"
    plain = arms()
    values = RNG.normal(1.0, 0.2, N)
    own = Arms(plain.candidate, plain.baseline, {"profit": values}, {"profit": values - 0.3})
    least, margin = judge(cases(policy(text).evaluate, own, {}, {}))
    assert least.value == pytest.approx(values.mean())
    assert margin.difference == pytest.approx(0.3)
    assert {least.outcome, margin.outcome} == {Outcome.PASSED}


def test_budgets_hold_latency_by_its_interval_and_size_exactly() -> None:
    text = (
        "  metrics: {roc_auc: {min: 0.5}}\n  budgets: {latency_p50: 2ms, latency_p95: 3ms, size: 1KB}\n"
    ).replace("  label: y\n  predictions: p.csv\n", "")
    model = parse(
        "version: 1\nmodel: {name: m, task: binary}\n"
        "evaluate:\n  data: d.csv\n  label: y\n  model: m.onnx\n" + text
    )
    assert model.evaluate.budgets is not None
    times = tuple(0.001 + i * 619 % 1_000 * 1e-6 for i in range(1_000))
    cost = Cost(times, 1_001)
    half, most, size = judge(list(budget_cases("evaluation", model.evaluate.budgets, cost, 0.05, {})))
    assert (half.outcome, most.outcome, size.outcome) == (Outcome.PASSED, Outcome.PASSED, Outcome.FAILED)
    assert half.value == pytest.approx(0.0015, rel=0.01)
    silent = judge(list(budget_cases("evaluation", model.evaluate.budgets, Cost(), 0.05, {})))
    assert {check.outcome for check in silent} == {Outcome.ERROR}


def test_few_timed_calls_leave_a_latency_budget_undecided() -> None:
    model = parse(
        "version: 1\nmodel: {name: m, task: binary}\n"
        "evaluate:\n  data: d.csv\n  label: y\n  model: m.onnx\n"
        "  metrics: {roc_auc: {min: 0.5}}\n  budgets: {latency_p95: 3ms}\n"
    )
    assert model.evaluate.budgets is not None
    few = judge(list(budget_cases("evaluation", model.evaluate.budgets, Cost((0.001,) * 5), 0.05, {})))[0]
    assert few.outcome is Outcome.INCONCLUSIVE


def test_a_column_of_ids_makes_too_many_slices() -> None:
    text = (
        "  metrics: {accuracy: {min: 0.1}}\n  slices: {by: id, metrics: {accuracy: {min: 0.1, margin: 1%}}}\n"
    )
    ids = Slices.of("id", [str(i) for i in range(N)], np.arange(N))
    with pytest.raises(TooMany, match="fewer values"):
        cases(policy(text).evaluate, arms(), {"id": ids}, {})
