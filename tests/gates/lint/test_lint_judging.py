"""From evidence to outcomes and back; odd evidence is refused."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seatrial.decision import (
    Check,
    Decision,
    Limit,
    Model,
    Outcome,
    PolicySource,
    Subject,
    Verdict,
    from_json,
    to_json,
    verdict_of,
)
from seatrial.gates.lint.evidence import MOST_AT, At, Findings, Ran
from seatrial.gates.lint.judging import accepted, check_of, judged
from seatrial.gates.rejudging import disagreements
from seatrial.policy.lint_names import BUILT_IN

AT = At("a.py", 3, "what looks like a GitHub token")
CLEAN = Findings("fail", 40, 0)
FOUND = Findings("fail", 40, 1, (AT,))
UNREAD = Findings("fail", 40, 0, unread=1, unread_at=(At("b", None, "it may not be read"),))
ENDED = Ran("fail", 0, None, 1.25, 600.0)
FAILED = Ran("fail", 1, None, 1.25, 600.0, 1, False, (AT,))


def outcome(evidence: Findings | Ran) -> tuple[Outcome, bool, str]:
    check = check_of("secrets" if isinstance(evidence, Findings) else "ruff check .", evidence)
    return check.outcome, check.warn, check.reason or ""


@pytest.mark.parametrize(
    ("evidence", "outcome_", "reason"),
    [
        (CLEAN, Outcome.PASSED, "nothing in 40 files"),
        (replace(CLEAN, left_out=2), Outcome.PASSED, "nothing in 40 files (2 files left out, being binary)"),
        (FOUND, Outcome.FAILED, "1 found: a.py:3: what looks like a GitHub token"),
        (replace(FOUND, unread=1, unread_at=(AT,)), Outcome.FAILED, "1 file could not be looked at"),
        (
            UNREAD,
            Outcome.INCONCLUSIVE,
            "in 40 files, but 1 file could not be looked at: b: it may not be read",
        ),
        (Findings("fail", 0, 0), Outcome.INCONCLUSIVE, "there are no files at all"),
        (ENDED, Outcome.PASSED, "exit code 0 after 1.2 s"),
        (FAILED, Outcome.FAILED, "exit code 1 after 1.2 s; 1 place: a.py:3"),
        (replace(FAILED, found=0, at=(), log=("last",)), Outcome.FAILED, "its last line: last"),
        (replace(FAILED, found=0, at=()), Outcome.FAILED, "it printed nothing"),
        (replace(ENDED, code=-9), Outcome.FAILED, "ended by SIGKILL"),
        (replace(ENDED, code=-15, stopped="time"), Outcome.FAILED, "did not end within 10 min"),
        (replace(ENDED, code=0, stopped="time"), Outcome.FAILED, "did not end within 10 min"),
        (replace(ENDED, survivors=1), Outcome.PASSED, "it left 1 process running, which were ended"),
        (Ran("fail", None, problem="there is no program x"), Outcome.ERROR, "there is no program x"),
    ],
)
def test_outcomes(evidence: Findings | Ran, outcome_: Outcome, reason: str) -> None:
    found = outcome(evidence)
    assert found[:2] == (outcome_, False)
    assert reason in found[2]


@pytest.mark.parametrize(
    ("evidence", "outcome_", "warn"),
    [
        (CLEAN, Outcome.PASSED, False),
        (FOUND, Outcome.PASSED, True),
        (UNREAD, Outcome.SKIPPED, False),  # no pass, and it blocks nothing
        (ENDED, Outcome.PASSED, False),
        (FAILED, Outcome.PASSED, True),
        (Ran("fail", None, problem="there is no program x"), Outcome.SKIPPED, False),
    ],
)
def test_advisory_checks_only_warn(evidence: Findings | Ran, outcome_: Outcome, warn: bool) -> None:
    found = outcome(replace(evidence, action="warn"))
    assert found[:2] == (outcome_, warn)
    assert found[2]


def test_no_notebook_is_no_fault() -> None:
    assert check_of("notebook_order", Findings("fail", 0, 0)).outcome is Outcome.PASSED


def test_what_is_accepted() -> None:
    assert accepted(check_of("secrets", FOUND)) == "none"
    assert accepted(check_of("make", FAILED)) == "exit code 0 within 10 min"
    assert accepted(check_of("secrets", FOUND).model_copy(update={"evidence": {}})) == ""


def decision(*checks: Check) -> Decision:
    return Decision(
        gate="lint",
        verdict=verdict_of(checks),
        model=Model(name="m"),
        subject=Subject(),
        policy=PolicySource(ref="main", sha256="0" * 64),
        tool="0",
        seed=0,
        checks=checks,
    )


TEXTS = st.text(min_size=1, max_size=30).filter(lambda text: bool(text.strip()))
PLACES = st.lists(st.builds(At, TEXTS, st.none() | st.integers(1, 10**6), TEXTS), max_size=MOST_AT)
ACTIONS = st.sampled_from(["fail", "warn"])
FINDINGS = st.builds(
    lambda action, files, at, left_out, unread: Findings(
        action, files, len(at), at, left_out, len(unread), unread
    ),
    ACTIONS,
    st.integers(0, 9),
    PLACES,
    st.integers(0, 9),
    PLACES,
)
RAN = st.builds(
    lambda action, code, stopped, at, log: Ran(action, code, stopped, 1.5, 60.0, len(at), False, at, 0, log),
    ACTIONS,
    st.integers(-64, 255),
    st.sampled_from([None, "time", "memory"]),
    PLACES,
    st.lists(TEXTS, max_size=3),
) | st.builds(lambda action, text: Ran(action, None, problem=text), ACTIONS, TEXTS)


@given(st.lists(FINDINGS, max_size=len(BUILT_IN)), st.lists(RAN, max_size=3))
def test_every_decision_can_be_judged_again(findings: list[Findings], ran: list[Ran]) -> None:
    checks = [check_of(name, each) for name, each in zip(BUILT_IN, findings, strict=False)]
    checks += [check_of(f"command {number}", each) for number, each in enumerate(ran)]
    made = decision(*checks)
    if findings and any(each.found and each.action == "fail" for each in findings):
        assert made.verdict is Verdict.FAILED
    assert disagreements(from_json(to_json(made))) == []


def altered(check: Check, **evidence: Any) -> Check:
    return check.model_copy(update={"evidence": {**check.evidence, **evidence}})


SECRETS, COMMAND = check_of("secrets", FOUND), check_of("make", FAILED)


@pytest.mark.parametrize(
    "forged",
    [
        SECRETS.model_copy(update={"outcome": Outcome.PASSED}),
        SECRETS.model_copy(update={"reason": "fine"}),
        SECRETS.model_copy(update={"evidence": {}}),
        SECRETS.model_copy(update={"evidence": COMMAND.evidence}),
        SECRETS.model_copy(update={"metric": "make"}),
        SECRETS.model_copy(update={"id": "data/secrets"}),
        SECRETS.model_copy(update={"slice": "a"}),
        SECRETS.model_copy(update={"limit": Limit(kind="max", value=1.0)}),
        COMMAND.model_copy(update={"evidence": SECRETS.evidence}),
        altered(SECRETS, action="warn"),
        altered(SECRETS, action="ignore"),
        altered(SECRETS, found=0),
        altered(SECRETS, found=-1),
        altered(SECRETS, found=True),
        altered(SECRETS, found=1.0),
        altered(SECRETS, found=5),
        altered(SECRETS, at=[]),
        altered(SECRETS, at=[{"file": "a", "line": 0, "what": "x"}]),
        altered(SECRETS, at=[{"file": "a", "line": 1}]),
        altered(SECRETS, at=[{"file": "", "line": 1, "what": "x"}]),
        altered(SECRETS, at=[{"file": "a" * 301, "line": 1, "what": "x"}]),
        altered(SECRETS, more=1),
        altered(SECRETS, unread=1),
        altered(COMMAND, code=0),
        altered(COMMAND, code=None),
        altered(COMMAND, code=2**40),
        altered(COMMAND, stopped="disk"),
        altered(COMMAND, seconds=-1.0),
        altered(COMMAND, log=["a"] * 4),
        altered(COMMAND, log=["a" * 301]),
        altered(COMMAND, problem="x"),
        altered(COMMAND, shape="findings"),
    ],
)
def test_a_forged_check_is_found_out(forged: Check) -> None:
    assert disagreements(decision(forged)) != []


def test_odd_evidence_is_a_value_error() -> None:
    with pytest.raises(ValueError, match="lint/secrets: findings has exactly"):
        judged(altered(SECRETS, more=1))
