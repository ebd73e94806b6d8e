"""The workflows of the examples: safe, split by privilege, and with the names that the pages tell."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
REUSING = ("complete", "monorepo", "object-storage")
# A tag of ours is what a newcomer writes, and `workflow_run` is the only way to comment for forks.
EXPECTED = {("unpinned-uses", "seatrial/seatrial"), ("dangerous-triggers", "workflow_run")}


def workflow(example: str, name: str) -> dict[str, Any]:
    # BaseLoader: to YAML 1.1 the key `on` is true.
    text = (EXAMPLES / example / ".github" / "workflows" / f"{name}.yml").read_text()
    found: dict[str, Any] = yaml.load(text, yaml.BaseLoader)
    return found


@pytest.mark.parametrize("example", REUSING)
def test_they_are_safe(example: str) -> None:
    """zizmor at its strictest persona finds what is told above, and nothing else."""
    tool = Path(sys.executable).parent / "zizmor"
    command = [
        tool,
        "--offline",
        "--no-config",
        "--persona",
        "auditor",
        "--format",
        "json",
        "--no-exit-codes",
    ]
    done = subprocess.run(
        [*command, EXAMPLES / example], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert done.returncode == 0, done.stderr
    other = []
    for found in json.loads(done.stdout):
        text = "".join(place["concrete"]["feature"] for place in found["locations"])
        if not any(found["ident"] == ident and word in text for ident, word in EXPECTED):
            other.append((found["ident"], text))
    assert other == []


@pytest.mark.parametrize("example", REUSING)
def test_nothing_writes_where_the_code_of_the_change_runs(example: str) -> None:
    ci = workflow(example, "ci")
    assert ci["permissions"] == {} and {"pull_request", "merge_group"} <= set(ci["on"])
    assert ci["jobs"]["trial"]["permissions"] == {"contents": "read"}
    comment = workflow(example, "comment")
    assert comment["on"]["workflow_run"]["workflows"] == [ci["name"]]
    assert comment["permissions"] == {}
    assert comment["jobs"]["comment"]["permissions"] == {"actions": "read", "pull-requests": "write"}


@pytest.mark.parametrize("example", REUSING)
def test_the_permissions_are_those_that_the_called_workflow_asks_for(example: str) -> None:
    """One more and it could do more, one fewer and GitHub would not start the run."""
    for job, name in (("trial", "ci"), ("comment", "comment")):
        called = yaml.load((ROOT / ".github" / "workflows" / f"{name}.yml").read_text(), yaml.BaseLoader)
        asked: dict[str, str] = {}
        for inner in called["jobs"].values():
            asked |= inner.get("permissions", {})
        assert workflow(example, name)["jobs"][job]["permissions"] == asked


def test_the_identity_is_where_no_code_of_the_change_runs() -> None:
    jobs = workflow("object-storage", "ci")["jobs"]
    assert [name for name, job in jobs.items() if "id-token" in job["permissions"]] == ["fetch"]
    reviewed, change = (step["with"] for step in jobs["fetch"]["steps"][:2])
    assert "base.sha" in reviewed["ref"] and reviewed["path"] == "reviewed"
    assert change["sparse-checkout"] == "data.lock"
    (script,) = [step["run"] for step in jobs["fetch"]["steps"] if "run" in step]
    words = [word for word in script.split() if "/" in word]
    assert words == ["reviewed/requirements-fetch.txt", "reviewed/fetch_data.py", "change/data.lock"]
    assert all("cache" not in step.get("with", {}) for step in jobs["fetch"]["steps"])
    assert jobs["trial"]["needs"] == ["fetch"]
    assert jobs["trial"]["with"] == {"data-artifact-id": "${{ needs.fetch.outputs.data }}"}


@pytest.mark.parametrize("example", REUSING)
def test_owners_are_named_for_the_policy_and_the_workflows(example: str) -> None:
    owned = (EXAMPLES / example / ".github" / "CODEOWNERS").read_text()
    assert "/.github/ " in owned
    for policy in (EXAMPLES / example).rglob("seatrial.yml"):
        assert f"/{policy.relative_to(EXAMPLES / example)} " in owned
