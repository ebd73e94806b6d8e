"""comment.yml from another repository: a run has ended, and its verdicts go to the pull request."""

from collections.abc import Callable
from typing import Any

import pytest
from acting import REPOSITORY, TOKEN, ActRun
from flights import GOOD, POOR, scores
from forged_zips import Part, forged
from github_double import Account, Pull, Run
from github_double.objects import number_for
from run_artifacts import about, decided, zipped
from scenes import NUMBER, Scene
from workflows import workflow

from seatrial.decision import Decision

pytestmark = pytest.mark.act

ON = {"workflow_run": {"workflows": ["ci"], "types": ["completed"]}}
CALL = {
    "permissions": {"actions": "read", "pull-requests": "write"},
    "uses": "seatrial/seatrial/.github/workflows/comment.yml@v1",
}
RUN = 2001
NAME = "evaluation.json"
LEFT = {NAME, "evil", "report.html"}


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
        told = {"id": run.id, "run_attempt": run.attempt, "head_sha": run.head, "event": run.event}
        told["repository"] = repository
        return {"action": "completed", "repository": repository, "workflow_run": told}

    def left(self, decision: Decision, run: int = RUN, **subject: object) -> None:
        """An artifact of the evaluation gate."""
        told = self.subject(run, **subject)
        made = {"evaluation.json": about(decision, **told), "report.html": "<html>"}
        name = f"seatrial-flight-delay-evaluation-{told['attempt']}"
        self.world.add_artifact(REPOSITORY, run, name, zipped(made))

    def play(self, run: Run) -> ActRun:
        """comment.yml upon this run. Whatever the run left, no file of it lies anywhere afterwards."""
        played = self.scene.play(self.event(run), name="workflow_run", run_id=9001)
        assert [path for path in self.scene.folder.rglob("*") if path.name in LEFT] == []
        assert not any("authorization" in asked for asked in self.scene.github.store.requests)
        return played

    @property
    def headlines(self) -> list[str]:
        return [comment.body.split("\n")[1] for comment in self.scene.github.comments]


@pytest.fixture
def ended(scene: Scene) -> Ended:
    return Ended(scene)


def test_a_run_of_the_same_repository_is_told(ended: Ended) -> None:
    ended.left(decided(GOOD))
    assert ended.play(ended.has()).code == 0
    assert ended.headlines == ["## ✅ Passed: `flight-delay`"]


def test_runs_of_a_fork_are_told_in_one_comment(ended: Ended) -> None:
    """Passed; failed on the next run; a late end of the first changes nothing; then no verdict at all."""
    first = ended.has(fork=True)
    ended.left(decided(GOOD))
    assert ended.play(first).code == 0
    assert ended.headlines == ["## ✅ Passed: `flight-delay`"]
    (comment,) = ended.scene.github.comments
    assert f"run={RUN} attempt=1 head={ended.scene.head} " in comment.body

    ended.left(decided(POOR), RUN + 1)
    assert ended.play(ended.has(fork=True, run=RUN + 1, conclusion="failure")).code == 0
    assert ended.headlines == ["## ❌ Failed: `flight-delay`"]

    late = ended.play(first)
    assert late.code == 0
    assert "The comment of a newer run stands" in late.text
    assert ended.headlines == ["## ❌ Failed: `flight-delay`"]

    assert ended.play(ended.has(fork=True, run=RUN + 2, conclusion="cancelled")).code == 0
    assert ended.headlines == ["## ⛔ Not judged: `flight-delay`"]
    assert [write["method"] for write in ended.scene.github.writes] == ["POST", "PATCH", "PATCH"]


def test_a_re_run_tells_its_newest_verdict(ended: Ended) -> None:
    """The first attempt was inconclusive, and is told although it is no pass."""
    ended.left(decided(scores(0.31), "roc_auc: {margin: 0.001}"))
    assert ended.play(ended.has(fork=True, conclusion="failure")).code == 0
    assert ended.headlines == ["## ⚠️ Inconclusive: `flight-delay`"]
    ended.left(decided(GOOD), attempt=2)
    assert ended.play(ended.has(fork=True, attempt=2)).code == 0
    assert ended.headlines == ["## ✅ Passed: `flight-delay`"]
    assert "attempt=2" in ended.scene.github.comments[0].body


FORGED: dict[str, Callable[[Ended], bytes]] = {
    "other pull request": lambda e: zipped({NAME: about(decided(GOOD), **e.subject(pull_request=8))}),
    "other commit": lambda e: zipped({NAME: about(decided(GOOD), **e.subject(head="d" * 40))}),
    "other repository": lambda e: zipped({NAME: about(decided(GOOD), **e.subject(repository="a/b"))}),
    "paths that lead out": lambda e: forged(
        Part(NAME.encode(), about(decided(GOOD), **e.subject())), Part(b"../../evil", b"x")
    ),
    "no zip": lambda e: b"<script>alert(1)</script>",
    "a bomb": lambda e: zipped({NAME: bytes(19_000_000)}),
}


def test_forged_artifacts_are_not_told(ended: Ended) -> None:
    """Each is another model's, so that one run shows them all."""
    for number, forge in enumerate(FORGED.values()):
        made, name = forge(ended), f"m{number}"
        ended.world.add_artifact(REPOSITORY, RUN, f"seatrial-{name}-evaluation-1", made)
    huge = {"size": 10 * 1024**3}
    ended.world.add_artifact(REPOSITORY, RUN, "seatrial-huge-evaluation-1", b"PK", **huge)
    ended.world.add_artifact(REPOSITORY, RUN, "seatrial-long-evaluation-1", b"PK", endless=10 * 1024**3)
    other = {"digest": "sha256:" + "0" * 64}
    ended.world.add_artifact(REPOSITORY, RUN, "seatrial-other-evaluation-1", b"PK", **other)
    played = ended.play(ended.has(fork=True))
    assert played.code == 1
    assert ended.scene.github.writes == []
    errors = [line for line in played.lines if line.get("command") == "error"]
    assert len(errors) == len(FORGED) + 3
    assert "verdict that counts" in played.text


def test_two_pull_requests_with_the_same_head_get_no_comment(ended: Ended) -> None:
    ended.left(decided(GOOD))
    run = ended.has(fork=True)
    twin = Pull(NUMBER + 1, head=run.head, base=ended.scene.base, fork=True, base_ref="release")
    ended.world.add_pull(REPOSITORY, twin)
    played = ended.play(run)
    assert played.code == 0 and "2 open pull requests have" in played.text
    assert ended.scene.github.writes == []


def test_a_token_without_permission_is_told(ended: Ended) -> None:
    ended.left(decided(GOOD))
    ended.world.accounts[TOKEN] = Account(writes=False)
    played = ended.play(ended.has(fork=True))
    assert played.code == 1
    assert "permissions: {pull-requests: write}" in played.text
    assert ended.scene.github.comments == []
