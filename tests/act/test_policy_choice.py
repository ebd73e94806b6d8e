"""Which policy counts for a pull request, read from git history and from the contents API."""

import pytest
from acting import ActRun
from flights import FILES, GOOD, POOR, policy
from scenes import Scene
from workflows import FORGET, job, trial, workflow

pytestmark = pytest.mark.act

LOOSE = policy(metrics="roc_auc: {min: 0.01}")
SPOILT = LOOSE.replace("version: 1", "version: one")
HISTORIES = ["history", "api"]


@pytest.fixture(scope="module")
def run(shared_scene: Scene) -> ActRun:
    """The candidate is worse and the policies no longer mind; judged with and without .git."""
    jobs = {}
    for how, before in (("history", []), ("api", [FORGET])):
        jobs[f"edited_{how}"] = job(*before, trial())
        jobs[f"new_{how}"] = job(*before, trial("new.yml"))
        jobs[f"branch_{how}"] = job(*before, trial("config/branch.yml"))
    jobs["removed"] = job(trial("removed.yml"))
    jobs["spoilt"] = job(trial("spoilt.yml"))
    base = {
        **FILES,
        "seatrial.yml": policy(),
        "config/branch.yml": policy(name="branch", baseline="branch: candidate.csv"),
        "removed.yml": policy(name="removed"),
        "spoilt.yml": policy(name="spoilt"),
    }
    change = {
        "candidate.csv": POOR,
        "seatrial.yml": LOOSE,
        "new.yml": policy(
            name="new", baseline="branch: new.csv", candidate="predictions: new.csv",
            metrics="roc_auc: {min: 0.7, margin: 0.01}",
        ),
        "new.csv": GOOD,
        "removed.yml": None,
        "spoilt.yml": SPOILT,
    }  # fmt: skip
    shared_scene.open(base, change, workflow(**jobs))
    return shared_scene.play()


def body(scene: Scene, name: str) -> str:
    """The comment of this model; those of several jobs are equal but for the marker."""
    found = {c.body.partition("\n")[2] for c in scene.github.comments if f"`{name}`" in c.body}
    assert len(found) == 1
    return found.pop()


@pytest.mark.parametrize("how", HISTORIES)
def test_edited_policy(run: ActRun, shared_scene: Scene, how: str) -> None:
    """A pull request cannot loosen its own limit: the base's verdict counts, and both are shown."""
    found = run.job(f"edited_{how}").step("trial")
    assert (found.code, found.outputs["verdict"]) == (1, "failed")
    told = body(shared_scene, "flight-delay")
    assert told.startswith("## ❌ Failed: `flight-delay`")
    assert "**This pull request edits the policy; the base branch's counts.**" in told
    assert "Under the policy that this pull request proposes it would be **passed**" in told
    assert f"against `{shared_scene.base[:12]}` under the policy of the base branch" in told


@pytest.mark.parametrize("how", HISTORIES)
def test_first_policy(run: ActRun, shared_scene: Scene, how: str) -> None:
    """The first pull request works: its own policy, marked as unreviewed; absolute limits only."""
    found = run.job(f"new_{how}").step("trial")
    assert (found.code, found.outputs["verdict"]) == (0, "passed")
    told = body(shared_scene, "new")
    assert told.startswith("## ✅ Passed: `new`")
    assert "**unreviewed**" in told
    assert "skipped" in told and "first release" in told


@pytest.mark.parametrize("how", HISTORIES)
def test_baseline_of_the_base_branch(run: ActRun, shared_scene: Scene, how: str) -> None:
    """`baseline: {branch: FILE}` is that file at the base commit, though the pull request overwrites it."""
    found = run.job(f"branch_{how}").step("trial")
    assert (found.code, found.outputs["verdict"]) == (1, "failed")
    assert body(shared_scene, "branch").startswith("## ❌ Failed: `branch`")


def test_removed_policy(run: ActRun, shared_scene: Scene) -> None:
    """Removing the policy does not remove the limit."""
    found = run.job("removed").step("trial")
    assert (found.code, found.outputs["verdict"]) == (1, "failed")
    assert "This change removes" in body(shared_scene, "removed")


def test_spoilt_policy(run: ActRun, shared_scene: Scene) -> None:
    """A policy that cannot be read is told at its line before it merges; the base's verdict stands."""
    found = run.job("spoilt").step("trial")
    assert (found.code, found.outputs["verdict"]) == (1, "failed")
    assert ("spoilt.yml", "1") in {(a.at["file"], a.at["line"]) for a in found.annotations}
    told = body(shared_scene, "spoilt")
    assert told.startswith("## ❌ Failed: `spoilt`")
    assert "must not be merged" in told


def test_contents_are_asked_at_the_base_commit_only(run: ActRun, shared_scene: Scene) -> None:
    """And by the jobs without history only; the pull request's files come from the checkout."""
    asked = shared_scene.github.asked("GET", "/contents")
    assert {request["query"]["ref"] for request in asked} == {shared_scene.base}
    read = {r["path"].partition("/contents/")[2] for r in asked if "raw" in r["accept"]}
    assert read == {"seatrial.yml", "config/branch.yml", "candidate.csv"}


def test_unreadable_base_is_no_base_without_policy(scene: Scene) -> None:
    """Neither history nor API: exit code 3, never a judgement by the pull request's own rules."""
    step = {"id": "trial", "uses": "seatrial/seatrial@v1", "with": {"github-token": ""}}
    base = {**FILES, "seatrial.yml": policy()}
    scene.open(base, {"candidate.csv": POOR, "seatrial.yml": LOOSE}, workflow(trial=job(FORGET, step)))
    found = scene.play().job("trial").step("trial")
    assert (found.code, found.outputs["verdict"]) == (3, "")
    (remark,) = found.annotations
    assert remark.level == "error"
    assert "fetch-depth: 0" in remark.message
    assert scene.github.requests == []
