"""From what was seen of a training to the outcome of each check."""

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seatrial.decision import Check, Decision, Model, Outcome, PolicySource, Subject, verdict_of
from seatrial.gates.rejudging import disagreements
from seatrial.gates.training.constant import measured
from seatrial.gates.training.evidence import Limits, Made, Ran, Signature, Told
from seatrial.gates.training.judging import check_of, judged_again
from seatrial.stats.rows import Rows

LIMITS = Limits(60.0, 2**30, 1_000)
WELL = Ran(0, None, 1.5, 2.5, 50_000_000, 0, False)
OLD, NEW = Signature("7", "1", "1", 10), Signature("7", "2", "2", 12)


def run_of(*runs: Ran, asked: int = 0, log: list[str] | None = None) -> dict[str, Any]:
    found: dict[str, Any] = {
        "runs": [run.to_json() for run in runs],
        "asked": asked or len(runs),
        "limits": LIMITS.to_json(),
    }
    return found | ({"log": log} if log else {})


def of(*files: Made | Told) -> dict[str, Any]:
    return {"runs": [each.to_json() for each in files]}


def ended(code: int = 0, **more: Any) -> Ran:
    values = {**WELL.to_json(), "code": code, **more}
    return Ran.from_json(values)  # type: ignore[arg-type]


def judged(kind: str, evidence: Mapping[str, Any], part: Any = "smoke") -> Check:
    return check_of(part, kind, evidence)


def test_a_training_that_ends_well_passes() -> None:
    check = judged("run", run_of(WELL, ended(seconds=2.0)))
    assert check.outcome is Outcome.PASSED
    assert check.reason == (
        "twice exit code 0 after at most 2 s, 47.7 MiB of memory at most, 2.5 s of processor time"
    )


@pytest.mark.parametrize(
    ("last", "told"),
    [
        (ended(1), "exit code 1 in run 2 of 2"),
        (ended(-9), "ended by SIGKILL in run 2 of 2"),
        (ended(-9, stopped="time", seconds=60.4), "it took longer than 1 min"),
        (ended(-15, stopped="memory", peak=2**31), "it held 2 GiB of memory, more than 1 GiB"),
        (ended(0, stopped="time"), "it took longer than 1 min"),
    ],
)
def test_a_training_that_does_not_end_well_fails(last: Ran, told: str) -> None:
    check = judged("run", run_of(WELL, last, log=["it broke"]))
    assert check.outcome is Outcome.FAILED
    assert told in str(check.reason)


def test_beyond_a_limit_is_no_pass_even_where_nobody_stopped_it() -> None:
    assert judged("run", run_of(ended(seconds=120.0))).outcome is Outcome.FAILED
    assert judged("run", run_of(ended(peak=2**31))).outcome is Outcome.FAILED


def test_what_it_left_running_and_what_was_cut_are_told() -> None:
    reason = judged("run", run_of(ended(survivors=3, truncated=True))).reason
    assert str(reason).endswith("; it left 3 processes running, which were ended; its output was cut")


@pytest.mark.parametrize(
    ("made", "outcome", "told"),
    [
        (Made(None, NEW), "passed", "12 bytes"),
        (Made(OLD, NEW), "passed", "12 bytes"),
        (Made(None, None), "failed", "no such file"),
        (Made(OLD, None), "failed", "no such file"),
        (Made(OLD, OLD), "failed", "did not write it"),
        (Made(OLD, Signature("7", "2", "2", 0)), "failed", "empty"),
        (Made(problem="b.onnx is a link"), "failed", "is a link"),
    ],
)
def test_the_model_is_what_this_run_wrote(made: Made, outcome: str, told: str) -> None:
    check = judged("model", of(Made(None, NEW), made))
    assert (check.outcome.value, told in str(check.reason)) == (outcome, True)


def test_the_model_of_every_run_counts() -> None:
    assert judged("model", of(Made(OLD, OLD), Made(OLD, NEW))).outcome is Outcome.FAILED


def repeat(*runs: Mapping[str, float], tolerance: float = 1e-6, ignore: tuple[str, ...] = ()) -> Check:
    told = {"tolerance": tolerance, "ignore": list(ignore), **of(*(Told(run) for run in runs))}
    return judged("repeat", told)


def test_the_order_of_the_metrics_is_not_the_commands() -> None:
    """A Decision that was written and read again has sorted keys, and says the same."""
    first, last = ({"log_loss": 0.2, "accuracy": 0.9}, {"accuracy": 0.9, "log_loss": 0.2})
    reasons = {judged("metrics", of(Told(metrics))).reason for metrics in (first, last)}
    assert reasons == {"accuracy 0.9, log_loss 0.2"}


def test_the_same_metrics_pass() -> None:
    assert repeat({"a": 1.0, "b": 0.0}, {"b": 0.0, "a": 1.0}).outcome is Outcome.PASSED


def test_others_fail_and_are_named() -> None:
    check = repeat({"a": 1.0, "b": 2.0, "c": 0.0}, {"a": 1.0, "b": 2.1, "c": 1e-12})
    assert check.outcome is Outcome.FAILED
    assert str(check.reason) == "twice the same seed, and other metrics: b 2 and 2.1; c 0 and 1e-12"


def test_a_metric_of_one_run_only_fails() -> None:
    assert "b is not in every run" in str(repeat({"a": 1.0}, {"a": 1.0, "b": 1.0}).reason)


def test_the_tolerance_is_of_the_larger() -> None:
    assert repeat({"a": 100.0}, {"a": 99.0}, tolerance=0.01).outcome is Outcome.PASSED
    assert repeat({"a": 100.0}, {"a": 98.9}, tolerance=0.01).outcome is Outcome.FAILED
    assert repeat({"a": -1e308}, {"a": 1e308}, tolerance=1.0).outcome is Outcome.FAILED


def test_what_is_ignored_may_differ_but_not_everything() -> None:
    assert repeat({"a": 1.0, "s": 1.0}, {"a": 1.0, "s": 2.0}, ignore=("s",)).outcome is Outcome.PASSED
    nothing = repeat({"s": 1.0}, {"s": 2.0}, ignore=("s",))
    assert nothing.outcome is Outcome.INCONCLUSIVE


def test_of_three_runs_the_last_counts_too() -> None:
    assert repeat({"a": 1.0}, {"a": 1.0}, {"a": 2.0}).outcome is Outcome.FAILED


def rows_of(task: str, signal: float, n: int = 600) -> Rows:
    """A model that knows so much of the truth."""
    source = np.random.default_rng(7)
    latent, noise = source.normal(size=n), source.normal(size=n)
    said = signal * latent + (1 - signal) * noise
    if task == "binary":
        return Rows("binary", label=(latent > 0).astype(int), score=1 / (1 + np.exp(-said)))
    if task == "multiclass":
        ends = [-0.5, 0.5]
        return Rows("multiclass", label=np.digitize(latent, ends), prediction=np.digitize(said, ends))
    return Rows("regression", label=latent, prediction=said)


@pytest.mark.parametrize("task", ["binary", "multiclass", "regression"])
def test_a_model_that_knows_something_beats_a_constant(task: str) -> None:
    check = judged("constant", measured(rows_of(task, 0.8)))
    assert check.outcome is Outcome.PASSED
    assert check.interval is not None and check.interval.low is not None and check.limit is not None
    assert check.interval.low > check.limit.value


@pytest.mark.parametrize("task", ["binary", "multiclass", "regression"])
def test_a_model_of_noise_does_not(task: str) -> None:
    assert judged("constant", measured(rows_of(task, 0.0))).outcome is not Outcome.PASSED


@pytest.mark.parametrize("task", ["binary", "multiclass", "regression"])
def test_a_constant_does_not_beat_a_constant(task: str) -> None:
    rows = rows_of(task, 1.0)
    constant = {
        "binary": lambda: Rows("binary", label=rows.label, score=np.full(600, 0.3)),
        "multiclass": lambda: Rows("multiclass", label=rows.label, prediction=np.zeros(600, int)),
        "regression": lambda: Rows(
            "regression", label=rows.label, prediction=np.full(600, rows.label.mean())
        ),
    }[task]()
    assert judged("constant", measured(constant)).outcome is not Outcome.PASSED


def test_too_few_rows_are_inconclusive_and_say_how_many_would_do() -> None:
    check = judged("constant", measured(rows_of("binary", 0.12, 60)))
    assert check.outcome is Outcome.INCONCLUSIVE and (check.needed or 0) > 60


def test_one_class_is_no_pass() -> None:
    rows = Rows("binary", label=np.ones(50, int), score=np.linspace(0, 1, 50))
    assert judged("constant", measured(rows)).outcome is Outcome.ERROR


def test_data_that_were_read_or_changed_fail() -> None:
    assert judged("unread", {"files": 2, "read": [], "changed": []}).outcome is Outcome.PASSED
    read = judged("unread", {"files": 2, "read": ["t/a.csv"], "changed": ["t/b.csv"]})
    assert read.outcome is Outcome.FAILED
    assert "t/a.csv was read; t/b.csv was changed" in str(read.reason)


def decision(*checks: Check) -> Decision:
    return Decision(
        gate="training",
        verdict=verdict_of(checks),
        model=Model(name="m"),
        subject=Subject(),
        policy=PolicySource(ref="main", sha256="0" * 64),
        tool="0",
        seed=0,
        checks=checks,
    )


def whole() -> list[Check]:
    return [
        judged("run", run_of(WELL, WELL)),
        judged("model", of(Made(OLD, NEW), Made(NEW, OLD))),
        judged("metrics", of(Told({"a": 1.0}), Told({"a": 1.0}))),
        judged("unread", {"skipped": "the file system keeps no access times"}),
        repeat({"a": 1.0}, {"a": 1.0}),
        judged("constant", measured(rows_of("binary", 0.8))),
        judged("run", run_of(WELL), "full"),
        judged("model", of(Made(None, NEW)), "full"),
    ]


def test_a_decision_is_judged_again_to_the_same() -> None:
    stored = Decision.model_validate_json(decision(*whole()).model_dump_json(by_alias=True))
    assert disagreements(stored) == []


def test_a_failed_training_is_judged_again_to_the_same() -> None:
    failed = [judged("run", run_of(ended(1), asked=2, log=["x"]))]
    left = [judged(kind, {"skipped": "the training did not end well"}) for kind in ("model", "metrics")]
    full = [judged("run", {"skipped": "train.smoke did not pass"}, "full")]
    assert disagreements(decision(*failed, *left, *full)) == []


@pytest.mark.parametrize("index", range(8))
def test_another_outcome_than_the_evidence_has_is_found(index: int) -> None:
    checks = whole()
    other = Outcome.FAILED if checks[index].outcome is not Outcome.FAILED else Outcome.PASSED
    checks[index] = checks[index].model_copy(update={"outcome": other})
    assert any(checks[index].id in line for line in disagreements(decision(*checks)))


@pytest.mark.parametrize(
    ("index", "evidence"),
    [
        (0, {"skipped": "a reason"}),
        (1, {"skipped": "a reason"}),
        (2, {"skipped": "a reason"}),
        (6, {"skipped": "a reason"}),
        (0, run_of(WELL, asked=2)),
        (0, run_of(WELL, asked=11)),
        (0, run_of()),
        (0, {**run_of(WELL), "more": 1}),
        (0, run_of(ended(1), WELL)),
        (0, {**run_of(WELL), "log": ["x" * 301]}),
        (0, {**run_of(WELL), "limits": {"time": -1, "memory": None, "output": 1}}),
        (0, {**run_of(WELL), "runs": [{**WELL.to_json(), "code": True}]}),
        (0, {**run_of(WELL), "runs": [{**WELL.to_json(), "stopped": "never"}]}),
        (1, {"runs": []}),
        (
            1,
            {"runs": [{"before": None, "after": {"inode": "x", "modified": "1", "changed": "1", "size": 1}}]},
        ),
        (2, {"runs": [{"metrics": {"a": "1"}}]}),
        (2, {"runs": [{"metrics": {}}]}),
        (2, {"runs": [{"problem": ""}]}),
        (4, {"runs": [{"metrics": {"a": 1.0}}], "tolerance": 0.0, "ignore": []}),
        (4, {"runs": [{"metrics": {"a": 1.0}}] * 2, "tolerance": -1.0, "ignore": []}),
        (5, {"metric": "accuracy", "arm": {}}),
        (5, {"metric": "roc_auc", "arm": {"method": "mean"}}),
        (3, {"files": 0, "read": [], "changed": []}),
        (3, {"files": 1, "read": ["a", "b"], "changed": []}),
        (3, {}),
    ],
)
def test_odd_evidence_is_refused(index: int, evidence: dict[str, Any]) -> None:
    checks = whole()
    checks[index] = checks[index].model_copy(update={"evidence": evidence})
    with pytest.raises(ValueError):
        judged_again(checks)
    assert any("cannot be judged" in line for line in disagreements(decision(*checks)))


@pytest.mark.parametrize(
    "change",
    [
        {"id": "training/smoke/other"},
        {"id": "evaluation/roc_auc/min"},
        {"metric": "roc_auc"},
        {"slice": "a = b"},
        {"column": "a"},
        {"limit": None},
    ],
)
def test_a_check_of_another_name_is_refused(change: dict[str, Any]) -> None:
    checks = whole()
    checks[0] = checks[0].model_copy(update=change)
    with pytest.raises(ValueError):
        judged_again(checks)


def test_a_model_without_its_training_is_refused() -> None:
    with pytest.raises(ValueError, match="there is no training/smoke"):
        judged_again(whole()[1:])


LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
)


@given(st.integers(0, 7), st.text(max_size=9) | st.sampled_from(["runs", "arm", "skipped", "files"]), VALUES)
@settings(max_examples=300, deadline=None)
def test_arbitrary_evidence_is_judged_or_refused(index: int, key: str, value: object) -> None:
    checks = whole()
    evidence = {**checks[index].evidence, key: value}
    checks[index] = checks[index].model_copy(update={"evidence": evidence})
    disagreements(decision(*checks))


def test_evidence_is_plain_json() -> None:
    for check in whole():
        json.dumps(check.evidence, allow_nan=False)
