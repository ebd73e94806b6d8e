"""comment.yml from another repository: a run has ended, and its verdicts go to the pull request."""

from typing import Any

import pytest
from acting import REPOSITORY
from flights import GOOD
from github_double import Pull, Run
from github_double.objects import number_for
from run_artifacts import about, decided, zipped
from scenes import NUMBER, Scene
from workflows import workflow

pytestmark = pytest.mark.act

ON = {"workflow_run": {"workflows": ["ci"], "types": ["completed"]}}
CALL = {
    "permissions": {"actions": "read", "pull-requests": "write"},
    "uses": "seatrial/seatrial/.github/workflows/comment.yml@v1",
}
RUN = 2001


class Ended:
    """A consumer whose CI has run on a pull request; what it left is up to the test."""

    def __init__(self, scene: Scene) -> None:
        self.scene, self.world = scene, scene.github.world
        files = {"README.md": "a model", ".github/workflows/comment.yml": workflow(ON, comment=CALL)}
        scene.open(files, {"README.md": "a better model"})

    def has(self, *, fork: bool = False, run: int = RUN, **more: Any) -> Run:
        """A run of the pull request's head."""
        head = self.scene.head
        self.world.add_pull(REPOSITORY, Pull(NUMBER, head=head, base=self.scene.base, fork=fork))
        return self.world.add_run(REPOSITORY, Run(run, head, fork=fork, **more))

    def subject(self, run: int = RUN, attempt: int = 1, **other: object) -> dict[str, object]:
        url = f"https://github.com/{REPOSITORY}/actions/runs/{run}"
        subject = {"repository": REPOSITORY, "pull_request": NUMBER, "head": self.scene.head}
        return {**subject, "run": url, "attempt": attempt, **other}

    def event(self, run: Run) -> dict[str, Any]:
        repository = {"full_name": REPOSITORY, "id": number_for(REPOSITORY)}
        told = {"id": run.id, "run_attempt": run.attempt, "head_sha": run.head, "repository": repository}
        return {"action": "completed", "repository": repository, "workflow_run": told}

    def comment(self, run: Run):
        played = self.scene.play(self.event(run), name="workflow_run")
        return played


@pytest.fixture
def ended(scene: Scene) -> Ended:
    return Ended(scene)


@pytest.mark.parametrize("fork", [False, True], ids=["same repository", "fork"])
def test_a_passing_run_is_told(ended: Ended, fork: bool) -> None:
    run = ended.has(fork=fork)
    made = {"evaluation.json": about(decided(GOOD), **ended.subject()), "report.html": "<html>"}
    ended.world.add_artifact(REPOSITORY, RUN, "seatrial-flight-delay-evaluation-1", zipped(made))
    ended.comment(run)
    (comment,) = ended.scene.github.comments
    assert comment.body.split("\n")[1] == "## ✅ Passed: `flight-delay`"
    assert f"run={RUN} attempt=1 head={ended.scene.head} " in comment.body
