"""The comment over several runs and several models of one pull request."""

import re

import pytest
from flights import FILES, GOOD, POOR, policy
from scenes import Scene
from workflows import job, trial, workflow

pytestmark = pytest.mark.act


def test_later_run_edits_the_comment(scene: Scene) -> None:
    """A second push edits what the first run posted; a first run that ends last changes nothing."""
    base = {**FILES, "seatrial.yml": policy()}
    scene.open(base, {"candidate.csv": POOR}, workflow(trial=job(trial())))
    first, old_event = scene.play(run_id=1001), scene.event()
    assert first.job("trial").step("trial").code == 1
    (before,) = [(c.id, c.body) for c in scene.github.comments]
    scene.open(base, {"candidate.csv": GOOD})
    second = scene.play(run_id=1002)
    assert second.job("trial").step("trial").code == 0
    (after,) = scene.github.comments
    assert after.id == before[0]
    assert after.edits == 1
    marker, line, *_ = after.body.split("\n")
    assert f"run=1002 attempt=1 head={scene.head} " in marker
    assert line == "## ✅ Passed: `flight-delay`"
    assert [w["method"] for w in scene.github.writes] == ["POST", "PATCH"]
    assert "key=" in marker and key_of(marker) == key_of(before[1])

    late = scene.play(old_event, run_id=1000)
    assert late.job("trial").result == "success"
    (still,) = scene.github.comments
    assert (still.id, still.body) == (after.id, after.body)
    assert len(scene.github.writes) == 2


def key_of(body: str) -> str:
    found = re.search(r"key=([0-9a-f]{32})", body)
    assert found
    return found[1]


def test_models_at_once_lose_nothing(scene: Scene) -> None:
    """Two legs of a matrix and another job, posting at the same time: three comments, each once."""
    legs = {"strategy": {"matrix": {"model": ["arrival", "departure"]}}}
    jobs = {
        "models": job(trial("${{ matrix.model }}.yml"), **legs),
        "other": job(trial("taxi.yml")),
    }
    names = ("arrival", "departure", "taxi")
    base = {**FILES, **{f"{name}.yml": policy(name=name) for name in names}}
    scene.open(base, {"candidate.csv": GOOD + "\n"}, workflow(**jobs))
    for run_id in (1001, 1002):
        run = scene.play(run_id=run_id)
        assert {run.job("models", model=name).result for name in names[:2]} == {"success"}
        assert run.job("other").result == "success"
        bodies = [c.body for c in scene.github.comments]
        assert len(bodies) == 3
        assert all(sum(f"`{name}`" in body for body in bodies) == 1 for name in names)
        assert all(f"run={run_id} " in body for body in bodies)
    assert {c.edits for c in scene.github.comments} == {1}
