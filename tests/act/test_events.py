"""Events other than a pull request: a verdict, and nobody to comment to."""

import pytest
from acting import REPOSITORY
from flights import FILES, GOOD, POOR, policy
from scenes import Scene
from workflows import job, trial, workflow

pytestmark = pytest.mark.act

EVENTS = ["pull_request", "push", "workflow_dispatch", "merge_group"]


@pytest.mark.parametrize("name", EVENTS[1:])
def test_verdict_without_comment(scene: Scene, name: str) -> None:
    base = {**FILES, "seatrial.yml": policy()}
    scene.open(base, {"candidate.csv": POOR}, workflow(EVENTS, trial=job(trial())))
    repository = {"full_name": REPOSITORY}
    ref = "refs/heads/change"
    event = {
        "push": {"repository": repository, "ref": ref, "before": scene.base, "after": scene.head},
        "workflow_dispatch": {"repository": repository, "ref": ref, "inputs": {}},
        "merge_group": {
            "repository": repository,
            "merge_group": {"head_sha": scene.head, "head_ref": ref, "base_sha": scene.base, "base_ref": ref},
        },
    }[name]
    found = scene.play(event, name=name).job("trial").step("trial")
    assert (found.code, found.outputs["verdict"]) == (1, "failed")
    assert found.summary.startswith("## ❌ Failed: `flight-delay`")
    assert scene.head[:12] in found.summary
    assert scene.github.requests == []


def test_merge_group_is_judged_by_the_base_policy(scene: Scene) -> None:
    """A queued change does not judge itself."""
    base = {**FILES, "seatrial.yml": policy()}
    loose = policy(metrics="roc_auc: {min: 0.01}")
    scene.open(base, {"candidate.csv": POOR, "seatrial.yml": loose}, workflow(EVENTS, trial=job(trial())))
    refs = {"head_ref": "refs/heads/queue", "base_ref": "refs/heads/main"}
    group = {"head_sha": scene.head, "base_sha": scene.base, **refs}
    event = {"repository": {"full_name": REPOSITORY}, "merge_group": group}
    found = scene.play(event, name="merge_group").job("trial").step("trial")
    assert (found.code, found.outputs["verdict"]) == (1, "failed")
    assert "This pull request edits the policy" in found.summary or "edits" in found.summary
    assert scene.github.requests == []


def test_push_to_the_default_branch_passes(scene: Scene) -> None:
    """A first push has no commit before it: absolute limits only, and the policy of the checkout."""
    text = policy(baseline="branch: candidate.csv", metrics="roc_auc: {min: 0.7, margin: 0.02}")
    scene.open(
        {**FILES, "seatrial.yml": text}, {"candidate.csv": GOOD + "\n"}, workflow(EVENTS, trial=job(trial()))
    )
    event = {
        "repository": {"full_name": REPOSITORY},
        "ref": "refs/heads/main",
        "before": "0" * 40,
        "after": scene.head,
    }
    found = scene.play(event, name="push").job("trial").step("trial")
    assert (found.code, found.outputs["verdict"]) == (0, "passed")
    assert "skipped" in found.summary
