"""What was not measured, and evidence of another form, is no pass of a drift check."""

from typing import Any

import pytest
from drifting import ALL, checks, even, numbers, policy, profile

from seatrial.decision import Outcome
from seatrial.gates.data.drift import drift_checks
from seatrial.gates.data.drift_judging import judged_drift
from seatrial.gates.data.measures import Answer, Facts


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (Answer(problem="cannot be measured"), "cannot be measured"),
        (Answer(), "the engine did not measure it"),
    ],
)
def test_what_was_not_measured_is_an_error(answer: Answer, told: str) -> None:
    reference = profile(1_000, x=numbers(even(1_000))[0])
    (check,) = drift_checks(policy(ALL), reference, Facts(5, {"x": "number"}, ()), answer)
    assert (check.outcome, check.reason) == (Outcome.ERROR, told)


def test_a_part_without_an_answer_is_an_error() -> None:
    reference = profile(1_000, x=numbers(even(1_000))[0])
    found = checks(policy(ALL), reference, 1_000)
    assert {check.outcome for check in found.values()} == {Outcome.ERROR}


def test_no_rows_are_no_pass() -> None:
    reference = profile(1_000, x=numbers(even(1_000))[0])
    found = checks(policy(ALL), reference, 0, x=numbers([0] * 20)[1])
    assert not {check.outcome for check in found.values()} & {Outcome.PASSED, Outcome.FAILED}


@pytest.mark.parametrize(
    "change",
    [
        {"reference": [1, 2]},
        {"current": "none"},
        {"rows": [1]},
        {"rows": [0, 0]},
        {"alpha": 0.9},
        {"distance": "other"},
    ],
)
def test_evidence_of_another_form_is_refused(change: dict[str, Any]) -> None:
    reference = profile(1_000, x=numbers(even(1_000))[0])
    check = checks(policy("psi: {max: 0.2}"), reference, 1_000, x=numbers(even(1_000))[1])["data/x/psi"]
    spoilt = check.model_copy(update={"evidence": check.evidence | change})
    with pytest.raises(ValueError, match=r"."):
        judged_drift([spoilt])
