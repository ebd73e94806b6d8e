"""The baseline out of an artifact of an earlier run, from another repository under act."""

import pytest
from acting import REPOSITORY
from flights import FILES, GOOD, PLAIN, POOR, policy
from github_double import Account, Run
from run_artifacts import zipped
from scenes import Scene
from workflows import evaluate, job, shell, workflow

pytestmark = pytest.mark.act

OTHER = "ghs_onethatmaynotreadruns"
KEEP = shell('cp "${{ steps.evaluate.outputs.decision }}" "$OUT/decision.json"')


def test_a_candidate_is_held_against_the_newest_artifact_of_the_base_branch(scene: Scene) -> None:
    """A newer one, of a branch of a fork that is called main too, would let it pass."""
    without = evaluate(inputs={"github-token": OTHER}, **{"continue-on-error": True})
    base = {**FILES, "candidate.csv": PLAIN, "seatrial.yml": policy(baseline="artifact: champion")}
    del base["baseline.csv"]
    scene.open(base, {"candidate.csv": POOR}, workflow(judge=job(evaluate(), KEEP), without=job(without)))
    for github in (scene.github, scene.add(OTHER, account=Account(reads_actions=False))):
        github.know(scene.base, base, scene.head, {"candidate.csv": POOR})
    world = scene.github.world
    for number, scores, fork in ((500, POOR, False), (501, GOOD, False), (502, POOR, True)):
        world.add_run(REPOSITORY, Run(number, scene.base, branch="main", event="push", fork=fork))
        world.add_artifact(REPOSITORY, number, "champion", zipped({"candidate.csv": scores}))
    played = scene.play()
    step = played.job("judge").step("evaluate")
    assert step.code == 1
    assert step.outputs["verdict"] == "failed"
    (note,) = scene.kept("decision.json")["notes"]
    assert note.startswith("Baseline: candidate.csv of the artifact champion, run 501 of commit ")
    assert not any("authorization" in asked for asked in scene.github.store.requests)
    refused = played.job("without").step("evaluate")
    assert refused.code == 3
    assert "permissions: {actions: read}" in refused.annotations[0].message
