"""What becomes of a check: passed inside, failed beyond, inconclusive between, and silence never passes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seatrial.decision import Check, Limit, Outcome, Verdict, verdict_of
from seatrial.gates.evidence_reading import case_of
from seatrial.gates.judging import Case, Evidence, Question, judge
from seatrial.stats.arm import Arm, unmeasured
from seatrial.stats.measure import measure
from seatrial.stats.rows import Rows

ALPHA = 0.05


def share(hits: int, trials: int) -> Arm:
    label = np.ones(trials, dtype=np.int64)
    label[hits:] = 0
    return measure("accuracy", Rows("binary", label=label, score=np.ones(trials))).arm


def case(
    kind: str, value: float, evidence: Evidence | None, family: str | None = None, name: str = "a"
) -> Case:
    question = Question(
        f"evaluation/accuracy/{kind}/{name}",
        "accuracy",
        Limit(kind=kind, value=value),
        slice=None if family is None else f"group = {name}",
        family=family,
    )
    return Case(question, evidence, ALPHA)


def one(kind: str, value: float, evidence: Evidence) -> Check:
    return judge([case(kind, value, evidence)])[0]


def test_a_minimum_is_held_against_the_low_end_and_not_the_point() -> None:
    evidence = Evidence("higher", share(90, 100))
    assert one("min", 0.80, evidence).outcome is Outcome.PASSED
    assert one("min", 0.88, evidence).outcome is Outcome.INCONCLUSIVE
    assert one("min", 0.97, evidence).outcome is Outcome.FAILED


def test_a_maximum_is_held_against_the_high_end() -> None:
    evidence = Evidence("lower", share(10, 100))
    assert one("max", 0.20, evidence).outcome is Outcome.PASSED
    assert one("max", 0.12, evidence).outcome is Outcome.INCONCLUSIVE
    assert one("max", 0.03, evidence).outcome is Outcome.FAILED


def test_an_inconclusive_check_names_the_rows_that_would_decide_it_and_they_do() -> None:
    check = one("min", 0.88, Evidence("higher", share(90, 100)))
    assert check.needed is not None and check.needed > 100
    rows = round(check.needed * 1.2)
    assert one("min", 0.88, Evidence("higher", share(round(0.9 * rows), rows))).outcome is Outcome.PASSED


def test_equal_predictions_pass_even_a_margin_of_zero() -> None:
    arm = share(70, 100)
    check = one("margin", 0.0, Evidence("higher", arm, arm, correlation=1.0))
    assert check.outcome is Outcome.PASSED and check.difference == 0


def test_a_margin_turns_round_where_lower_is_better() -> None:
    rng = np.random.default_rng(7)
    label = (rng.random(4000) < 0.3).astype(np.int64)
    good = np.clip(0.3 + 0.5 * (label - 0.3) + rng.normal(0, 0.05, 4000), 0.01, 0.99)
    bad = np.clip(good * 0.5 + 0.25, 0.01, 0.99)
    found = {
        name: measure("log_loss", Rows("binary", label=label, score=score))
        for name, score in (("good", good), ("bad", bad))
    }
    worse = Evidence("lower", found["bad"].arm, found["good"].arm, 0.9)
    better = Evidence("lower", found["good"].arm, found["bad"].arm, 0.9)
    assert one("margin", 0.01, worse).outcome is Outcome.FAILED
    assert one("margin", 0.01, better).outcome is Outcome.PASSED
    assert one("min_gain", 0.01, better).outcome is Outcome.PASSED
    assert one("min_gain", 0.01, worse).outcome is Outcome.FAILED


@pytest.mark.parametrize("kind", ["min", "max", "margin", "min_gain"])
def test_what_could_not_be_measured_is_an_error_and_never_a_pass(kind: str) -> None:
    nothing = unmeasured("share", 10, "no predicted positives")
    check = one(kind, 0.5, Evidence("higher", nothing, share(5, 10)))
    assert check.outcome is Outcome.ERROR
    assert "no predicted positives" in (check.reason or "")
    assert verdict_of([check]) is Verdict.INCONCLUSIVE


def test_few_positives_leave_a_rank_metric_undecided() -> None:
    label = np.zeros(500, dtype=np.int64)
    label[:5] = 1
    arm = measure("roc_auc", Rows("binary", label=label, score=label + 0.0)).arm
    check = one("min", 0.5, Evidence("higher", arm))
    assert check.outcome is Outcome.INCONCLUSIVE
    assert "under 10 positives" in (check.reason or "")


def test_only_skipped_checks_are_no_pass() -> None:
    skipped = Case(
        Question("a", "accuracy", Limit(kind="margin", value=0.1)),
        None,
        ALPHA,
        Outcome.SKIPPED,
        "no baseline",
    )
    checks = judge([skipped])
    assert checks[0].outcome is Outcome.SKIPPED
    assert verdict_of(checks) is Verdict.INCONCLUSIVE
    assert verdict_of([]) is Verdict.INCONCLUSIVE


def test_one_slice_of_many_fails_only_after_adjustment_and_shows_it() -> None:
    slightly_bad, fine = Evidence("higher", share(80, 100)), Evidence("higher", share(95, 100))
    alone = judge([case("min", 0.87, slightly_bad, "slices")])[0]
    among = judge(
        [case("min", 0.87, slightly_bad, "slices", "bad")]
        + [case("min", 0.87, fine, "slices", f"s{i}") for i in range(19)]
    )[0]
    assert alone.outcome is Outcome.FAILED
    assert among.outcome is Outcome.INCONCLUSIVE
    p, adjusted = among.evidence["p"], among.evidence["p_adjusted"]
    assert isinstance(p, float) and isinstance(adjusted, float)
    assert adjusted == pytest.approx(20 * p)


def test_a_gap_between_groups_is_held_against_its_high_end() -> None:
    groups = (("a", share(900, 1000)), ("b", share(860, 1000)))
    evidence = Evidence("lower", groups=groups)
    assert one("max", 0.10, evidence).outcome is Outcome.PASSED
    assert one("max", 0.05, evidence).outcome is Outcome.INCONCLUSIVE
    assert one("max", 0.005, evidence).outcome is Outcome.FAILED
    assert one("max", 0.10, evidence).value == pytest.approx(0.04)


def test_an_error_is_never_waived() -> None:
    error = Check(id="a", metric="m", outcome=Outcome.ERROR, reason="no rows")
    failed = replace_outcome(error, Outcome.FAILED)
    passed = Check(id="b", metric="m", outcome=Outcome.PASSED)
    assert verdict_of([error, passed], frozenset({"a"})) is Verdict.INCONCLUSIVE
    assert verdict_of([failed, passed], frozenset({"a"})) is Verdict.PASSED


def replace_outcome(check: Check, outcome: Outcome) -> Check:
    return check.model_copy(update={"outcome": outcome})


@given(st.integers(0, 60), st.integers(1, 60), st.floats(0.01, 0.99), st.sampled_from(["min", "max"]))
def test_a_check_can_be_judged_again_from_its_own_json(
    hits: int, misses: int, limit: float, kind: str
) -> None:
    check = judge([case(kind, limit, Evidence("higher", share(hits, hits + misses)), "slices")])[0]
    again = judge([case_of(Check.model_validate_json(check.model_dump_json()))])[0]
    assert again == check


@pytest.mark.parametrize(
    "change",
    [
        {"alpha": 0.7},
        {"alpha": "0.05"},
        {"direction": "sideways"},
        {"candidate": {"method": "share"}},
        {"correlation": 3},
        {"groups": [{"name": 1, "arm": {}}]},
        {"family": 7},
    ],
)
def test_forged_evidence_is_refused(change: dict[str, object]) -> None:
    check = one("min", 0.5, Evidence("higher", share(90, 100)))
    forged = check.model_copy(update={"evidence": check.evidence | change})
    with pytest.raises(ValueError):
        case_of(forged)


def test_a_passed_check_without_evidence_is_refused() -> None:
    check = one("min", 0.5, Evidence("higher", share(90, 100))).model_copy(update={"evidence": {}})
    with pytest.raises(ValueError):
        case_of(check)


def test_rows_needed_in_a_family_count_the_adjustment() -> None:
    """Beyond its limit alone, undecided among many: more rows than there are would be needed."""
    bad, fine = Evidence("higher", share(80, 100)), Evidence("higher", share(95, 100))
    among = judge(
        [case("min", 0.87, bad, "slices", "bad")]
        + [case("min", 0.87, fine, "slices", f"s{i}") for i in range(19)]
    )[0]
    assert among.outcome is Outcome.INCONCLUSIVE
    assert among.needed is not None and among.needed > 100
    assert "among 20 slices" in (among.reason or "")


def test_an_undecided_gap_names_its_rows() -> None:
    groups = (("a", share(900, 1000)), ("b", share(860, 1000)))
    check = one("max", 0.05, Evidence("lower", groups=groups))
    assert check.outcome is Outcome.INCONCLUSIVE
    assert check.needed is not None and check.needed > 2_000
