"""What is a pass of a whole run, and what is none."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from decisions import DONE, HEAD, PLAN, kept, skipped

from seatrial.report import run_table
from seatrial.trial.workflow.aggregating import Result, code_of, faults_of, lines_of, read_results


def test_exactly_the_planned_jobs_must_have_succeeded() -> None:
    assert faults_of(PLAN.jobs, DONE) == []


@pytest.mark.parametrize(
    ("result", "told"),
    [
        ("failure", "judge: failed; see the log of the job `judge`"),
        ("cancelled", "judge: was cancelled; see the log of the job `judge`"),
        ("skipped", "judge: was skipped, which is no pass"),
    ],
)
def test_a_planned_job_that_did_not_succeed_is_no_pass(result: str, told: str) -> None:
    assert faults_of(PLAN.jobs, DONE | {"judge": Result(result)}) == [told]


def test_a_planned_job_that_is_missing_is_no_pass() -> None:
    assert faults_of(PLAN.jobs, {"predict": Result("success")}) == ["judge: is missing, which is no pass"]


def test_a_job_that_ran_without_being_planned_is_no_pass() -> None:
    told = faults_of(PLAN.jobs, DONE | {"lint": Result("success")})
    assert told == ["lint: ran (success), and was not planned"]


def test_a_matrix_that_failed_is_no_pass() -> None:
    """The job `verdict` of ci.yml after a model that was not let through."""
    results = read_results(json.dumps({"plan": {"result": "success"}, "models": {"result": "failure"}}))
    assert faults_of(("plan", "models"), results) == ["models: failed; see the logs of its jobs"]


@pytest.mark.parametrize(("plan", "models"), [("failure", "skipped"), ("skipped", "skipped")])
def test_a_plan_that_failed_is_no_pass(plan: str, models: str) -> None:
    results = {"plan": Result(plan), "models": Result(models)}
    assert len(faults_of(("plan", "models"), results)) == 2


def test_a_decision_that_lets_through_is_a_pass(tmp_path: Path) -> None:
    kept(tmp_path, skipped(allow=True))
    lines = lines_of([PLAN], tmp_path, DONE, HEAD, 1)
    assert [line.wrong for line in lines] == [None]
    assert code_of([], lines) == 0
    assert "let through by the policy" in run_table.summary(lines, [])


def test_a_decision_that_blocks_is_no_pass_whatever_the_job_says(tmp_path: Path) -> None:
    kept(tmp_path, skipped())
    lines = lines_of([PLAN], tmp_path, DONE, HEAD, 1)
    assert [line.wrong for line in lines] == ["inconclusive"]
    assert code_of([], lines) == 3


def test_no_decision_is_no_pass(tmp_path: Path) -> None:
    """A job that succeeded and left nothing decided nothing."""
    for folder in (tmp_path, tmp_path / "nowhere"):
        (line,) = lines_of([PLAN], folder, DONE, HEAD, 1)
        assert line.wrong == "did not decide: there is no Decision"
        assert code_of([], [line]) == 3
        assert "❌ This change is not let through" in run_table.summary([line], [])


def test_nothing_planned_is_no_pass() -> None:
    assert code_of([], []) == 3


def test_the_newest_attempt_counts_and_none_that_is_yet_to_come(tmp_path: Path) -> None:
    """Where one job is run again, those that passed keep what they left at first."""
    kept(tmp_path, skipped(), 1)
    kept(tmp_path, skipped(allow=True), 2)
    assert [x.wrong for x in lines_of([PLAN], tmp_path, DONE, HEAD, 2)] == [None]
    assert [x.wrong for x in lines_of([PLAN], tmp_path, DONE, HEAD, 1)] == ["inconclusive"]


def test_a_single_artifact_lies_in_the_folder_itself(tmp_path: Path) -> None:
    kept(tmp_path, skipped(allow=True))
    assert [x.wrong for x in lines_of([PLAN], next(tmp_path.iterdir()), DONE, HEAD, 1)] == [None]


def test_another_model_of_a_longer_name_is_not_taken_for_this_one(tmp_path: Path) -> None:
    kept(tmp_path, skipped(model="flight-delay-evaluation", allow=True))
    assert [x.decision for x in lines_of([PLAN], tmp_path, DONE, HEAD, 1)] == [None]


def test_how_much_of_it_is_no_pass_in_a_line(tmp_path: Path) -> None:
    plan = replace(PLAN, gates=("data", "evaluation"))
    for allow, told in (
        (True, "1 of 2 planned gates did not pass"),
        (False, "2 of 2 planned gates did not pass"),
    ):
        folder = tmp_path / str(allow)
        kept(folder, skipped(allow=allow))
        assert run_table.in_a_line(lines_of([plan], folder, DONE, HEAD, 1), ["judge: failed"]) == told
    good = lines_of([PLAN], tmp_path / "True", DONE, HEAD, 1)
    assert run_table.in_a_line(good, []) == "the one planned gate lets this change through"
    assert run_table.in_a_line([*good, *good], []) == "all 2 planned gates let this change through"
    assert run_table.in_a_line(good, ["predict: failed"]) == "1 job did not end as planned"
    assert run_table.in_a_line([], []) == "no gate was planned"


def test_names_in_the_table_are_shown_and_nothing_more(tmp_path: Path) -> None:
    line = run_table.Line("a|b`<img src=x>", "evaluation", None, "](https://evil.example) @octocat")
    told = run_table.summary([line], ["::error::x", "<script>"])
    assert "<img" not in told and "<script>" not in told and "](https" not in told
