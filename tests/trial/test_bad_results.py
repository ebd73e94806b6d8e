"""Results and Decisions of a run that nobody should take for a pass."""

import json
from pathlib import Path

import pytest
from decisions import DONE, HEAD, PLAN, kept, skipped

from seatrial.decision import Verdict, digest
from seatrial.errors import BadInput
from seatrial.trial.workflow.aggregating import Result, lines_of, read_results
from seatrial.trial.workflow.plan import Plan


@pytest.mark.parametrize(
    ("decision", "told"),
    [
        (skipped(head="d" * 40, allow=True), "its Decision is about commit dddd"),
        (
            skipped(allow=True).model_copy(update={"verdict": Verdict.PASSED}),
            "does not follow from its evidence",
        ),
    ],
)
def test_bad_decisions_of_a_run(tmp_path: Path, decision: object, told: str) -> None:
    kept(tmp_path, decision)  # type: ignore[arg-type]
    (line,) = lines_of([PLAN], tmp_path, DONE, HEAD, 1)
    assert line.decision is None and line.wrong is not None and told in line.wrong


def test_bad_digest_of_a_decision(tmp_path: Path) -> None:
    """Another Decision under the gate's name: what the job told of its own does not fit it."""
    kept(tmp_path, skipped(allow=True))
    right = digest(skipped(allow=True))
    for told, wrong in ((right, False), ("e" * 64, True)):
        results = DONE | {"judge": Result("success", {"decision-sha256": told})}
        (line,) = lines_of([PLAN], tmp_path, results, HEAD, 1)
        assert (line.wrong is not None and "digests differ" in line.wrong) is wrong


@pytest.mark.parametrize("text", ["", "[1]", "{", '{"a": 1}', '{"a": {"result": "fine"}}', "null"])
def test_bad_results(text: str) -> None:
    with pytest.raises(BadInput, match="toJSON"):
        read_results(text)


@pytest.mark.parametrize(
    "fault",
    [{"gates": ["x"]}, {"jobs": ["deploy"]}, {"gates": [None]}, {"gates": 1}, {"more": 1}, {"jobs": [[]]}],
)
def test_bad_plan_of_a_run(fault: dict[str, object]) -> None:
    text = json.dumps({**json.loads(PLAN.to_json()), **fault})
    with pytest.raises((ValueError, TypeError)):
        Plan.from_json(text)
