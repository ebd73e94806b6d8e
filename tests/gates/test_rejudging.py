"""Anyone can compute a verdict again, and a changed Decision is found out."""

import pytest

from seatrial.decision import (
    Decision,
    Interval,
    Limit,
    Model,
    Outcome,
    PolicySource,
    Subject,
    Verdict,
    WaiverUsed,
    from_json,
    to_json,
    verdict_of,
)
from seatrial.gates.judging import Case, Evidence, Question, judge
from seatrial.gates.rejudging import disagreements
from seatrial.stats.quantiles import exact, quantile


def decision(*limits: float) -> Decision:
    cases = [
        Case(
            Question(f"evaluation/size/max#{i}", "size", Limit(kind="max", value=limit)),
            Evidence("lower", exact(10.0)),
            0.05,
        )
        for i, limit in enumerate(limits)
    ]
    cases.append(
        Case(
            Question("evaluation/latency_p95/max", "latency_p95", Limit(kind="max", value=990.0)),
            Evidence("lower", quantile([float(i * 619 % 1000) for i in range(1000)], 0.95)),
            0.05,
        )
    )
    checks = judge(cases)
    return Decision(
        gate="evaluation",
        verdict=verdict_of(checks),
        model=Model(name="m"),
        subject=Subject(),
        policy=PolicySource(ref="main", sha256="0" * 64),
        tool="0",
        seed=0,
        checks=checks,
    )


def test_an_honest_decision_agrees_after_a_round_trip() -> None:
    honest = decision(20.0, 5.0)
    assert honest.verdict is Verdict.FAILED
    assert disagreements(from_json(to_json(honest))) == []


def with_first(found: Decision, **changes: object) -> Decision:
    first, *rest = found.checks
    return found.model_copy(update={"checks": (first.model_copy(update=changes), *rest)})


@pytest.mark.parametrize(
    "forged",
    [
        decision(5.0, 20.0).model_copy(update={"verdict": Verdict.PASSED}),
        with_first(decision(5.0), outcome=Outcome.PASSED),
        with_first(decision(5.0), value=4.0),
        with_first(decision(5.0), interval=Interval(low=1.0, high=2.0)),
        with_first(decision(5.0), limit=Limit(kind="max", value=50.0)),
        with_first(decision(5.0), n=10_000),
        with_first(decision(5.0), evidence={}),
        with_first(decision(5.0), evidence={**decision(5.0).checks[0].evidence, "alpha": 0.4}),
        decision(5.0).model_copy(update={"checks": ()}),
        decision(5.0).model_copy(
            update={"waivers": (WaiverUsed(check="other", reason="r", until="2030-01-01"),)}
        ),
    ],
    ids=["verdict", "outcome", "value", "interval", "limit", "n", "evidence", "alpha", "checks", "waiver"],
)
def test_a_changed_decision_is_found_out(forged: Decision) -> None:
    assert disagreements(forged)


def test_a_waiver_excuses_its_check_when_judged_again() -> None:
    found = decision(5.0)
    waived = found.model_copy(
        update={
            "verdict": verdict_of(found.checks, frozenset({"evaluation/size/max#0"})),
            "waivers": (WaiverUsed(check="evaluation/size/max#0", reason="r", until="2030-01-01"),),
        }
    )
    assert waived.verdict is Verdict.PASSED
    assert disagreements(waived) == []
