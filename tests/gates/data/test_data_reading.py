"""Evidence of the data gate that contradicts its own check is refused, whatever its outcome claims."""

from typing import Any

import pytest
from plain_data import NOW, decide

from seatrial.decision import (
    Check,
    Decision,
    Interval,
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
from seatrial.gates.data.judging import judged
from seatrial.gates.data.measures import Answer
from seatrial.gates.rejudging import disagreements

POLICY = """version: 1
model: {name: m, task: binary}
data:
  train: train.csv
  test: test.csv
  key: id
  label: y
  show: {values: true}
  columns:
    c: {type: string, one_of: [a], unique: true, required: false}
    gone: {}
    y: {constant: fail}
  rows: {min: 2, max: 3, change: 20%}
  fresh: {column: t, within: 2d}
  duplicates: {max: 1%}
  rules: {r: id != y}
  balance: {min: 30%}
  split: {time: t}
  leakage:
    {keys: id, rows: {max: 1%}, target_correlation: {max: 0.9}, known_after: z,
     known_by: {event: t, columns: u}}
  personal: {}
  drift: {against: r.json}
"""
ROWS = [
    {
        "id": str(i),
        "more": "z",
        "y": str(i % 2),
        "c": "ab"[i % 2],
        "t": f"2026-11-1{i}",
        "u": f"2026-11-1{9 - i}",
    }
    for i in range(4)
]
ANSWERS = {
    "told": Answer(detail={"c": 0.95, "u": {"problem": "too many"}}),
    "personal": Answer(4, detail={"c": {"email": 2}}),
}
TYPES = {"t": "timestamp", "u": "timestamp"}
FOUND = decide(POLICY, train=ROWS, test=ROWS[2:], types=TYPES, answers=ANSWERS, reference_rows=3)


def decision(*checks: Check) -> Decision:
    return Decision(
        gate="data",
        verdict=verdict_of(checks),
        model=Model(name="m"),
        subject=Subject(),
        policy=PolicySource(ref="main", sha256="0" * 64),
        tool="0",
        seed=0,
        checks=checks,
    )


def test_what_the_gate_writes_is_judged_alike_after_a_round_trip() -> None:
    whole = decision(*FOUND.values())
    assert {check.outcome for check in whole.checks} == {Outcome.PASSED, Outcome.FAILED, Outcome.SKIPPED}
    assert {str(check.evidence["shape"]) for check in whole.checks} == {
        *(
            "faults",
            "required",
            "unwanted",
            "extra",
            "constant",
            "rows",
            "fresh",
            "balance",
            "told",
            "personal",
        ),
    }
    assert disagreements(from_json(to_json(whole))) == []


def forged(id_: str, part: dict[str, Any] | None = None, **changes: Any) -> Check:
    """A check with another first part, with other evidence, or other fields."""
    check = FOUND[id_]
    evidence = dict(check.evidence)
    if part is not None:
        first, *rest = check.evidence["parts"]  # type: ignore[misc]
        evidence["parts"] = [{**first, **part}, *rest]  # type: ignore[dict-item]
    evidence |= changes.pop("evidence", {})
    return check.model_copy(update={"evidence": evidence, **changes})


REFUSED = {
    "count above rows": forged("data/c/one_of", {"count": 5}),
    "count below nothing": forged("data/c/one_of", {"count": -1}),
    "count as text": forged("data/c/one_of", {"count": "2"}),
    "count as flag": forged("data/c/one_of", {"count": True}),
    "rows as text": forged("data/c/one_of", {"rows": "4"}),
    "rows beyond number": forged("data/c/one_of", {"rows": 2**60}),
    "another file": forged("data/c/one_of", {"data": "holdout"}),
    "a file twice": forged("data/c/one_of", {"data": "test"}),
    "row 0": forged("data/c/one_of", {"at": [0, 2]}),
    "row beyond the rows": forged("data/c/one_of", {"at": [2, 99]}),
    "rows not ascending": forged("data/c/one_of", {"at": [4, 2]}),
    "more rows than faults": forged("data/c/one_of", {"at": [1, 2, 3]}),
    "values that are no texts": forged("data/c/one_of", {"values": [1, 2]}),
    "another key": forged("data/c/one_of", {"trust": "me"}),
    "nothing counted": forged("data/c/one_of", evidence={"parts": [{"data": "train", "rows": 4}]}),
    "no parts": forged("data/c/one_of", evidence={"parts": []}),
    "parts that are none": forged("data/c/one_of", evidence={"parts": "all"}),
    "another shape": forged("data/c/one_of", evidence={"shape": "rows"}),
    "a shape that there is not": forged("data/c/one_of", evidence={"shape": "trust"}),
    "an action that is not its own": forged("data/c/one_of", evidence={"action": "warn"}),
    "no action": forged("data/extra", evidence={"action": "allow"}),
    "other evidence": forged("data/c/one_of", evidence={"now": "2026-01-01"}),
    "another rule": forged("data/c/one_of", metric="nulls"),
    "a rule that there is not": forged("data/c/one_of", metric="magic"),
    "another column": forged("data/c/one_of", column="d"),
    "no column": forged("data/c/one_of", column=None),
    "another id": forged("data/c/one_of", id="data/d/one_of"),
    "a slice": forged("data/c/one_of", slice="a = b"),
    "no limit": forged("data/c/one_of", limit=None),
    "a limit where there is none": forged("data/extra", limit=Limit(kind="max", value=9)),
    "a limit of another kind": forged("data/c/one_of", limit=Limit(kind="min", value=0.0)),
    "a share above all": forged("data/c/one_of", limit=Limit(kind="max", value=1.5)),
    "skipped and counted": forged("data/c/one_of", {"skipped": "no"}),
    "optional without columns": forged(
        "data/duplicates", evidence={"parts": [{"data": "train", "rows": 4, "optional": True}]}
    ),
    "no unknown rows": forged("data/rules/r", evidence={"parts": [{"data": "train", "rows": 4, "count": 0}]}),
    "unknown rows of a column": forged("data/c/one_of", {"unknown": 1}),
    "no word on times": forged("data/split", evidence={"parts": [{"data": "train", "rows": 4, "count": 0}]}),
    "another clock": forged("data/fresh", evidence={"now": "2026-11-21T12:00:00"}),
    "a clock that stands": forged("data/fresh", evidence={"now": "noon"}),
    "a zone that there is not": forged("data/fresh", evidence={"zone": "Mars/Olympus"}),
    "a zone out of the folder": forged("data/fresh", evidence={"zone": "../../etc/passwd"}),
    "a newest that is no time": forged("data/fresh", {"newest": "yesterday"}),
    "a newest and a claim": forged("data/fresh", {"old": False, "future": False}),
    "half a claim": forged("data/fresh", evidence={"parts": [{"data": "test", "rows": 2, "old": False}]}),
    "classes of more rows": forged("data/balance", {"classes": [4, 4]}),
    "the rarest first": forged("data/balance", {"classes": [1, 3]}),
    "names of other classes": forged("data/balance", {"names": ["a"]}),
    "three values": forged("data/y/constant", {"distinct": 3}),
    "told beyond all": forged("data/c/target_correlation", {"told": 1.5}),
    "told of few labels": forged("data/c/target_correlation", {"labelled": 3}),
    "told of no column": forged("data/c/target_correlation", id="data/target_correlation", column=None),
    "a kind that there is not": forged("data/c/personal", {"kinds": {"shoe size": 1}}),
    "kinds of no column": forged("data/c/personal", id="data/personal", column=None),
    "a reference of text": forged("data/rows/change", evidence={"reference": "3"}),
    "there or not": forged("data/gone/required", {"present": "yes"}),
}


@pytest.mark.parametrize("check", REFUSED.values(), ids=REFUSED)
def test_evidence_of_no_known_form_is_refused(check: Check) -> None:
    with pytest.raises(ValueError, match=r"data/"):
        judged(check)
    assert disagreements(decision(check))


@pytest.mark.parametrize(
    "check",
    [
        forged("data/c/one_of", outcome=Outcome.PASSED),
        forged("data/c/one_of", {"count": 0, "at": [1]}, outcome=Outcome.PASSED, reason=None),
        forged("data/c/one_of", limit=Limit(kind="max", value=1.0)),
        forged("data/c/one_of", value=0.0),
        forged("data/c/one_of", n=10_000),
        forged("data/c/one_of", interval=Interval(low=0.0, high=0.1)),
        forged("data/c/one_of", reason="fine"),
        forged("data/extra", warn=False),
        forged("data/y/constant", {"distinct": 0}),
        forged("data/fresh", evidence={"now": NOW.replace(year=2020).isoformat()}),
        forged("data/rows/change", evidence={"reference": 4}),
    ],
    ids=[
        "outcome",
        "count",
        "limit",
        "value",
        "n",
        "interval",
        "reason",
        "warn",
        "distinct",
        "clock",
        "reference",
    ],
)
def test_a_changed_check_is_found_out(check: Check) -> None:
    assert disagreements(decision(check))


def test_checks_are_not_skipped_in_silence() -> None:
    waiting = FOUND["data/gone/nulls"]
    assert waiting.outcome is Outcome.SKIPPED
    passed = FOUND["data/y/nulls"]
    assert disagreements(decision(waiting, passed)) == [
        "the evidence cannot be judged: data/gone/nulls: skipped, and no check says why"
    ]
    assert disagreements(decision(waiting, passed, FOUND["data/gone/required"])) == []


def test_a_verdict_that_does_not_follow_is_found_out() -> None:
    lied = decision(FOUND["data/c/one_of"]).model_copy(update={"verdict": Verdict.PASSED})
    assert disagreements(lied) == ["verdict: stated passed, computed failed"]


@pytest.mark.parametrize(
    "check",
    [
        forged("data/c/one_of", evidence={"shape": "drift"}),
        forged("data/c/one_of", evidence={"shape": "drift", "distance": "one_of"}),
        forged("data/c/one_of", metric="psi", evidence={"shape": "drift", "distance": "psi", "problem": "x"}),
        forged(
            "data/c/one_of",
            metric="psi",
            id="data/c/psi",
            evidence={"shape": "drift", "distance": "psi", "problem": "x", "action": "warn"},
        ),
    ],
    ids=["no distance", "distance of no kind", "id of another", "a warning"],
)
def test_a_check_does_not_pass_for_drift(check: Check) -> None:
    assert "cannot be judged" in disagreements(decision(check))[0]
