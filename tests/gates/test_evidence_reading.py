"""Evidence that contradicts its own check is refused, whatever its outcome claims."""

import numpy as np
import pytest
from pydantic import JsonValue

from seatrial.decision import Check, Limit, Outcome
from seatrial.gates.evidence_reading import METHODS, OWN, case_of
from seatrial.gates.judging import Case, Evidence, Question, judge
from seatrial.policy.metrics import METRICS
from seatrial.stats.arm import SHAPES
from seatrial.stats.measure import measure, supported
from seatrial.stats.quantiles import quantile
from seatrial.stats.rows import Rows

RNG = np.random.default_rng(3)
LABEL = (RNG.random(400) < 0.5).astype(np.int64)


def rows(noise: float, n: int = 400) -> Rows:
    return Rows("binary", label=LABEL[:n], score=LABEL[:n] + RNG.normal(0, noise, n))


def check(metric: str = "roc_auc", kind: str = "margin", **changes: object) -> Check:
    a, b = measure(metric, rows(0.9)), measure(metric, rows(1.0))
    evidence = Evidence("higher", a.arm, b.arm, 0.3)
    question = Question(f"evaluation/{metric}/{kind}", metric, Limit(kind=kind, value=0.2))  # type: ignore[arg-type]
    return judge([Case(question, evidence, 0.05)])[0].model_copy(update=changes)


def with_evidence(**changes: JsonValue) -> Check:
    honest = check()
    return honest.model_copy(update={"evidence": honest.evidence | changes})


def test_what_gates_write_is_read() -> None:
    written = check()
    assert judge([case_of(written)])[0] == written


@pytest.mark.parametrize(
    "forged",
    [
        with_evidence(direction="lower"),
        check(id="evaluation/accuracy/margin"),
        check(id="evaluation/roc_auc/min"),
        with_evidence(family="slices"),
        with_evidence(note="trust me"),
        with_evidence(candidate=measure("accuracy", rows(0.9)).arm.to_json()),
        with_evidence(baseline=measure("roc_auc", rows(1.0, 200)).arm.to_json()),
        with_evidence(candidate=None),
        check(evidence={}, outcome=Outcome.PASSED),
        check(kind="min", evidence={}, outcome=Outcome.SKIPPED, reason="no baseline"),
        check(evidence={}, outcome=Outcome.SKIPPED, reason=None),
    ],
    ids=[
        "direction",
        "id of another metric",
        "id of another limit",
        "family without slice",
        "unknown key",
        "method of another metric",
        "other rows",
        "no candidate",
        "passed without evidence",
        "absolute limit skipped",
        "skipped without reason",
    ],
)
def test_forged_evidence_is_refused(forged: Check) -> None:
    with pytest.raises(ValueError):
        case_of(forged)


def test_another_quantile_is_refused() -> None:
    times = [float(i) for i in range(1_000)]
    question = Question("evaluation/latency_p95/max", "latency_p95", Limit(kind="max", value=5.0))
    forged = judge([Case(question, Evidence("lower", quantile(times, 0.05)), 0.05)])[0]
    with pytest.raises(ValueError, match="quantile"):
        case_of(forged)


def test_every_metric_is_measured_by_a_method_that_is_accepted() -> None:
    """All of them, or an honest Decision would be refused."""
    probabilities = RNG.dirichlet([1, 1, 1], 300)
    tasks = {
        "binary": Rows("binary", label=LABEL[:300], score=RNG.random(300)),
        "multiclass": Rows("multiclass", label=RNG.integers(0, 3, 300), probabilities=probabilities),
        "regression": Rows("regression", label=RNG.random(300) + 1, prediction=RNG.random(300) + 1),
    }
    for task, found in tasks.items():
        for metric in supported(task):
            if metric != "column":
                assert measure(metric, found).arm.method in METHODS[metric], metric
    for values in (RNG.random(300), LABEL[:300] * 1.0):
        assert measure("column", Rows("binary", values=values)).arm.method in OWN


def test_every_metric_has_its_methods_and_every_method_is_one_of_ours() -> None:
    assert METRICS.keys() <= METHODS.keys()
    assert {method for methods in METHODS.values() for method in methods} | OWN == SHAPES.keys()
