"""The files of ci.yml: what they promise of every job, without running one."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from seatrial.trial.workflow.plan import GATE_OF_JOB

ROOT = Path(__file__).resolve().parents[1]
FILES = ("ci.yml", "trial-of-one.yml")
RUNS_THE_CHANGE = ("lint", "data", "train", "predict")  # data, where the policy prepares them
# BaseLoader: to YAML 1.1 the key `on` is true.
LOADED = {
    name: yaml.load((ROOT / ".github" / "workflows" / name).read_text(), yaml.BaseLoader) for name in FILES
}
JOBS = [(name, job) for name in FILES for job in LOADED[name]["jobs"]]
ONE: dict[str, Any] = LOADED["trial-of-one.yml"]["jobs"]


@pytest.mark.parametrize(("file", "job"), JOBS)
def test_every_job_has_a_time_limit_and_may_read_at_most(file: str, job: str) -> None:
    told = LOADED[file]["jobs"][job]
    assert "timeout-minutes" in told or told["uses"] == "$/.github/workflows/trial-of-one.yml"
    assert told["permissions"] in ({"contents": "read"}, {}), job
    assert LOADED[file]["permissions"] == {}


@pytest.mark.parametrize("file", FILES)
def test_nothing_is_expanded_inside_a_command(file: str) -> None:
    for job in LOADED[file]["jobs"].values():
        assert not [step for step in job.get("steps", ()) if "${{" in step.get("run", "")]


def test_only_an_older_run_of_a_pull_request_is_cancelled() -> None:
    told = LOADED["ci.yml"]["concurrency"]
    assert told["cancel-in-progress"] == "${{ github.event_name == 'pull_request' }}"
    assert "github.event.pull_request.number || github.run_id" in told["group"]
    assert told["group"].startswith("seatrial-ci-"), "a group of the caller's would wait for itself"
    assert "inputs.policy" in told["group"], "two calls in one workflow are no rivals"
    assert "concurrency" not in LOADED["trial-of-one.yml"]


def test_every_job_that_can_be_planned_is_there_and_is_looked_at() -> None:
    assert set(ONE) == {*GATE_OF_JOB, "result"}
    assert set(ONE["result"]["needs"]) == set(GATE_OF_JOB)
    assert ONE["result"]["if"] == LOADED["ci.yml"]["jobs"]["verdict"]["if"] == "always()"
    assert set(LOADED["ci.yml"]["jobs"]["verdict"]["needs"]) == {"plan", "models"}
    for job in GATE_OF_JOB:
        assert f"contains(fromJSON(inputs.plan).jobs, '{job}')" in ONE[job]["if"], job


@pytest.mark.parametrize(("job", "gate"), [(job, gate) for job, gate in GATE_OF_JOB.items() if gate])
def test_every_gate_keeps_its_artifact_and_tells_its_digest(job: str, gate: str) -> None:
    told = ONE[job]
    assert told["outputs"]["decision-sha256"] == f"${{{{ steps.{job}.outputs.decision-sha256 }}}}"
    (kept,) = [s for s in told["steps"] if f"-{gate}-${{{{ github.run_attempt }}}}" in str(s.get("with"))]
    assert kept["if"] == f"always() && steps.{job}.outputs.folder != ''"


@pytest.mark.parametrize("job", RUNS_THE_CHANGE)
def test_no_token_where_code_of_the_change_runs(job: str) -> None:
    ours = [step for step in ONE[job]["steps"] if step.get("uses", "").startswith("$/")]
    assert ours
    assert all(step["with"]["github-token"] == "" for step in ours)


def test_the_judge_runs_no_code_of_the_change() -> None:
    """Neither its requirements, its cache nor its prepare command; and it cannot fall back to predicting."""
    steps = ONE["judge"]["steps"]
    assert not [step for step in steps if "pip install" in step.get("run", "")]
    assert all(
        "cache" not in step.get("with", {}) for step in steps if "setup-python" in step.get("uses", "")
    )
    (prepared,) = [step for step in steps if step.get("uses") == "$/actions/prepare"]
    assert prepared["with"]["reviewed"] == "true"
    (judged,) = [step for step in steps if step.get("uses") == "$/actions/evaluate"]
    assert "contains(fromJSON(inputs.plan).jobs, 'predict')" in judged["with"]["predictions"]
    assert "needs." not in judged["with"]["predictions"] + judged["with"]["model"]


def test_data_come_by_what_the_caller_gives_and_never_by_a_name_of_our_own() -> None:
    """Neither id nor name would mean all artifacts of the run."""
    given = {"name": "${{ inputs.data-artifact }}", "artifact-ids": "${{ inputs.data-artifact-id }}"}
    readers = []
    for name, job in ONE.items():
        for step in job["steps"]:
            if step.get("with", {}).get("path") == "${{ inputs.data-path }}":
                readers.append(name)
                assert step["if"] == "inputs.data-artifact != '' || inputs.data-artifact-id != ''"
                assert step["with"] == {**given, "path": "${{ inputs.data-path }}"}
    assert readers == ["data", "train", "predict", "judge"]
    (planned,) = [s["with"] for s in LOADED["ci.yml"]["jobs"]["plan"]["steps"] if s.get("id") == "plan"]
    assert {"data-artifact", "data-artifact-id", "pip-index-url"} <= planned.keys()


def test_every_job_gets_the_index_before_anything_is_installed() -> None:
    for file, job in JOBS:
        if "steps" in (told := LOADED[file]["jobs"][job]):
            first = told["steps"][0]
            assert first["if"] == "inputs.pip-index-url != ''", job
            assert first["env"] == {"INDEX": "${{ inputs.pip-index-url }}"}
            assert first["run"].endswith('"$INDEX" "$INDEX" >>"$GITHUB_ENV"')


def test_every_input_is_handed_on_and_every_job_is_told_of() -> None:
    given = LOADED["ci.yml"]["jobs"]["models"]["with"]
    inputs = set(LOADED["ci.yml"]["on"]["workflow_call"]["inputs"]) - {"policy"}
    assert set(LOADED["trial-of-one.yml"]["on"]["workflow_call"]["inputs"]) == inputs | {"plan"} == set(given)
    page = (ROOT / "docs" / "workflows.md").read_text()
    told = re.findall(r"^\| `([a-z]+)` \|", page.partition("### Jobs")[2].partition("### ")[0], re.MULTILINE)
    assert set(told) == {job for _, job in JOBS}
