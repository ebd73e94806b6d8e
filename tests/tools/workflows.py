"""Workflow files of consumers, written as data: JSON is YAML."""

import json
from typing import Any

Step = dict[str, Any]
Job = dict[str, Any]

CHECKOUT: Step = {"uses": "actions/checkout@v7"}
# Spares a job the second or two of the set-up; jobs whose subject is the set-up leave it out.
KEPT: Step = {"run": 'ln -s "$KEPT" "$RUNNER_TEMP/seatrial"'}
# The contents API is asked where the checkout has no history.
FORGET: Step = {"run": "rm -rf .git"}


def workflow(on: str | list[str] | None = None, /, **jobs: Job) -> str:
    """A workflow with these jobs."""
    return json.dumps({"on": on or "pull_request", "jobs": jobs}, indent=1)


def job(*steps: Step, kept: bool = True, **more: Any) -> Job:
    """A job that checks out and then runs these steps."""
    before = [CHECKOUT, KEPT] if kept else [CHECKOUT]
    return {"runs-on": "ubuntu-latest", "steps": [*before, *steps], **more}


def trial(policy: str = "", /, *, inputs: dict[str, str] | None = None, **more: Any) -> Step:
    """The front door."""
    return _ours("seatrial/seatrial@v1", "trial", {"policy": policy, **(inputs or {})}, more)


def evaluate(policy: str = "", /, *, inputs: dict[str, str] | None = None, **more: Any) -> Step:
    """The gate alone."""
    place = "seatrial/seatrial/actions/evaluate@v1"
    return _ours(place, "evaluate", {"policy": policy, **(inputs or {})}, more)


def check_data(policy: str = "", /, *, inputs: dict[str, str] | None = None, **more: Any) -> Step:
    """The data gate alone."""
    place = "seatrial/seatrial/actions/check-data@v1"
    return _ours(place, "check", {"policy": policy, **(inputs or {})}, more)


def lint(policy: str = "", /, *, inputs: dict[str, str] | None = None, **more: Any) -> Step:
    """The lint gate alone."""
    place = "seatrial/seatrial/actions/lint@v1"
    return _ours(place, "lint", {"policy": policy, **(inputs or {})}, more)


def smoke_train(policy: str = "", /, *, inputs: dict[str, str] | None = None, **more: Any) -> Step:
    """The training gate alone."""
    place = "seatrial/seatrial/actions/smoke-train@v1"
    return _ours(place, "train", {"policy": policy, **(inputs or {})}, more)


def comment(decisions: str, /, *, inputs: dict[str, str] | None = None, **more: Any) -> Step:
    """The comment alone."""
    place = "seatrial/seatrial/actions/comment@v1"
    return _ours(place, "comment", {"decisions": decisions, **(inputs or {})}, more)


def _ours(place: str, step: str, inputs: dict[str, str], more: Step) -> Step:
    return {"id": step, "uses": place, "with": {k: v for k, v in inputs.items() if v}, **more}


def shell(script: str, /, **more: Any) -> Step:
    """A step of the consumer's own, which runs whatever came before."""
    return {"if": "always()", "run": script, **more}
