"""ci.yml as a team calls it from its own repository: a model for each way that a change can end.

Stubbed: see tests/tools/published.py. act does not run a job that needs a matrix of workflows of which one
failed; there `result`, the last job of each model, is what is looked at. What the job `verdict` makes of such
a matrix is in tests/trial/test_aggregating.py.
"""

import json
from pathlib import Path

import pytest
from acting import ActRun, JobRun
from index_double import IndexDouble
from published import warm
from scenes import Scene
from teams import BASE, CHANGE, LIMIT_LINE, bringing, caller
from wheels import tiny_wheel, wheels

pytestmark = pytest.mark.act

NOT_A_PASS = ("failing.yml", "inconclusive.yml", "spoilt.yml", "tampered.yml", "flattered.yml")


def play(scene: Scene, *policies: str) -> ActRun:
    """Open the change, and call ci.yml for these."""
    scene.act = warm(scene.act, scene.folder / "warm")
    scene.open(BASE, CHANGE, caller(*policies))
    return scene.play(env={"SPOIL": "seatrial-tampered-predictions-1"})


@pytest.fixture(scope="module")
def passing(shared_scene: Scene) -> ActRun:
    return play(shared_scene, "whole.yml", "advisory.yml")


@pytest.fixture(scope="module")
def not_passing(other_scene: Scene) -> ActRun:
    return play(other_scene, *NOT_A_PASS)


def jobs(run: ActRun, model: str) -> dict[str, str]:
    """How each job of a model ended; those that were skipped said nothing."""
    names = ("lint", "data", "train", "predict", "judge", "result")
    found = {name: run.nested(name, model).result for name in names}
    return {name: result for name, result in found.items() if result != "none"}


def told(job: JobRun) -> str:
    """What a job is annotated with."""
    return "\n".join(str(line.get("msg")) for line in job.lines if line.get("command") == "error")


def test_every_gate_of_two_models(passing: ActRun, shared_scene: Scene) -> None:
    """Each with its own jobs; every gate leaves an artifact, and one job tells the table of all."""
    assert passing.code == 0, passing.log
    done = dict.fromkeys(("lint", "data", "train", "predict", "judge", "result"), "success")
    assert jobs(passing, "whole") == done
    assert jobs(passing, "advisory") == {"judge": "success", "result": "success"}
    kept = {path.name for path in (shared_scene.folder / "artifacts" / "1001").iterdir()}
    gates = ("lint", "data", "training", "evaluation", "model", "predictions")
    assert kept == {"seatrial-advisory-evaluation-1", *(f"seatrial-whole-{gate}-1" for gate in gates)}
    summary = passing.nested("verdict").step("verdict").summary
    assert "## ✅ Every planned gate lets this change through" in summary
    rows = [line for line in summary.splitlines() if line.startswith("| `")]
    assert len(rows) == 5
    assert [row for row in rows if "`advisory`" in row and "❌ failed, let through by the policy" in row]


def test_what_was_judged_is_what_was_trained(passing: ActRun, shared_scene: Scene) -> None:
    """The candidate came from the job that trained it, through one that predicted, by their digests."""
    assert passing.code == 0
    folder = shared_scene.folder / "artifacts" / "1001"
    decision = json.loads((folder / "seatrial-whole-evaluation-1" / "evaluation.json").read_bytes())
    assert (folder / "seatrial-whole-model-1" / "factor.txt").read_text() == "2.5"
    digest = passing.nested("train", "whole").step("train").outputs["model-sha256"]
    assert decision["model"]["digest"] == digest
    assert decision["subject"]["head"] == shared_scene.head
    assert decision["policy"]["ref"] == shared_scene.base


def test_a_training_command_finds_no_token(passing: ActRun, shared_scene: Scene) -> None:
    """Neither in its own environment nor in that of any process above it."""
    assert passing.code == 0
    assert shared_scene.kept("tokens.json") == {"found": [], "stopped_at": "act"}


def test_the_team_has_the_python_that_it_asks_for(passing: ActRun) -> None:
    """Set up with the cache of its requirements, which are installed there and nowhere else."""
    for job in ("lint", "train", "predict"):
        log = "".join(str(line.get("msg")) for line in passing.nested(job, "whole").lines)
        assert '"cache": "pip"' in log and '"cache-dependency-path": "needs.txt"' in log, job
        assert "pip install" in log, job
    for job in ("data", "judge"):
        log = "".join(str(line.get("msg")) for line in passing.nested(job, "whole").lines)
        assert "python3 -m pip" not in log, job


def test_comments_are_not_written(passing: ActRun, shared_scene: Scene) -> None:
    """ci.yml may read, and no more."""
    assert passing.code == 0
    assert shared_scene.github.writes == []


def test_no_run_with_one_of_these_passes(not_passing: ActRun) -> None:
    assert not_passing.code != 0
    assert not_passing.nested("plan").result == "success"


@pytest.mark.parametrize(
    ("model", "verdict", "level"),
    [("failing", "failed", "error"), ("inconclusive", "inconclusive", "warning")],
)
def test_a_verdict_that_is_no_pass(not_passing: ActRun, model: str, verdict: str, level: str) -> None:
    """The gate's job fails, keeps its artifact, and the last job of the model says which gate."""
    assert jobs(not_passing, model) == {"judge": "failure", "result": "failure"}
    step = not_passing.nested("judge", model).step("judge")
    assert step.outputs["verdict"] == verdict
    assert [a.level for a in step.annotations] == [level]
    assert step.annotations[0].at["line"] == LIMIT_LINE
    assert f"{model}: evaluation: {verdict}" in told(not_passing.nested("result", model))


def test_a_gate_that_was_skipped_is_no_pass(not_passing: ActRun) -> None:
    """On data that their gate refuses nothing is judged, and that is said."""
    assert jobs(not_passing, "spoilt") == {"data": "failure", "result": "failure"}
    said = told(not_passing.nested("result", "spoilt"))
    assert "judge: was skipped, which is no pass" in said
    assert "evaluation: did not run" in said


def test_predictions_changed_between_jobs_are_refused(not_passing: ActRun) -> None:
    found = jobs(not_passing, "tampered")
    assert found == {"predict": "success", "judge": "failure", "result": "failure"}
    step = not_passing.nested("judge", "tampered").step("judge")
    assert (step.code, step.outputs["verdict"]) == (2, "")
    assert step.annotations[0].at["file"] == "candidate.csv"
    assert "is not what the earlier job made" in step.annotations[0].message


def test_a_change_of_what_prepares_the_data_does_not_flatter(not_passing: ActRun) -> None:
    """Its command would write labels that fit the predictions; those that are judged come from the base."""
    step = not_passing.nested("judge", "flattered").step("judge")
    assert (step.code, step.outputs["verdict"]) == (1, "failed")


def test_a_broken_policy_is_told_and_is_no_pass(scene: Scene) -> None:
    """Nothing is run but the job that is required, which fails."""
    scene.act = warm(scene.act, scene.folder / "warm")
    scene.open({**BASE, "broken.yml": "version: 1\nmodel: {nam: x}\n"}, {"a": "b"}, caller("broken.yml"))
    run = scene.play()
    step = run.nested("plan").step("plan")
    assert (run.nested("plan").result, step.code) == ("failure", 2)
    assert {a.at.get("file") for a in step.annotations} == {"broken.yml"}
    assert run.nested("verdict").result == "failure"
    assert "plan: failed" in told(run.nested("verdict"))
    assert "models: was skipped, which is no pass" in told(run.nested("verdict"))


@pytest.mark.parametrize("by", ["name", "id"])
def test_data_that_a_job_of_the_team_brings(scene: Scene, by: str) -> None:
    """Fetched with whatever that job may; the jobs of ci.yml get the files, put where the policy has them."""
    scene.act = warm(scene.act, scene.folder / "warm")
    scene.open(BASE, CHANGE, bringing("elsewhere.yml", by))
    run = scene.play()
    assert run.code == 0, run.log
    folder = scene.folder / "artifacts" / "1001" / "seatrial-elsewhere-data-1"
    (file,) = json.loads((folder / "data.json").read_bytes())["data"]
    assert (file["path"], file["rows"]) == ("data/brought.csv", 1_500)
    assert run.nested("verdict").result == "success"


@pytest.mark.parametrize(("by", "ended"), [("name", "success"), ("id", "failure")])
def test_rows_planted_under_the_name_of_those_that_were_brought(scene: Scene, by: str, ended: str) -> None:
    """The training puts rows that flatter in their place, with a token that it is not given: by the name
    they are judged, as docs/workflows.md says; the id is that of the first ones, and there is no judging."""
    scene.act = warm(scene.act, scene.folder / "warm")
    scene.open(BASE, {"README.md": "x"}, bringing("planted.yml", by))
    run = scene.play()
    assert jobs(run, "planted") == {"train": "success", "judge": ended, "result": ended}, run.log
    log = "".join(str(line.get("msg")) for line in run.nested("judge", "planted").lines)
    assert ("None of the provided artifact IDs were found" in log) is (by == "id")
    assert run.nested("judge", "planted").step("judge").result == ("success" if by == "name" else "skipped")


def test_data_by_a_name_and_by_an_id_at_once_are_refused(scene: Scene) -> None:
    scene.act = warm(scene.act, scene.folder / "warm")
    both = {"data-artifact": "rows", "data-artifact-id": "101"}
    scene.open(BASE, {"README.md": "x"}, caller("data.yml", **both))
    step = scene.play().nested("plan").step("plan")
    assert step.code == 2
    assert "are both given; keep `data-artifact-id`" in step.annotations[0].message


def test_a_first_policy_on_the_way_to_another_branch_is_no_pass(scene: Scene) -> None:
    """Its green check would stay with the commit, wherever that is proposed next."""
    scene.act = warm(scene.act, scene.folder / "warm")
    scene.open(BASE, {"first.yml": f"mode: advisory\n{BASE['data.yml']}"}, caller("first.yml"))
    event = scene.event()
    event["pull_request"]["base"]["ref"] = "release-1"
    run = scene.play(event)
    assert jobs(run, "data") == {"data": "failure", "result": "failure"}
    step = run.nested("data", "data").step("data")
    assert (step.code, step.outputs["verdict"]) == (3, "inconclusive")
    assert "is not the default branch main" in step.summary
    assert "data: data: inconclusive" in told(run.nested("result", "data"))


def test_a_package_index_of_the_team(
    scene: Scene, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Their requirements and our own set-up come from there, and their commands are told, whatever the
    runner has."""
    cache = tmp_path_factory.getbasetemp().parent / "seatrial-wheels"
    kept = wheels(cache, "uv", "comment", "evaluate")
    (tmp_path / "wheels").mkdir()
    for wheel in kept.glob("*.whl"):
        (tmp_path / "wheels" / wheel.name).symlink_to(wheel)
    tiny_wheel(tmp_path / "wheels", "onlyhere")
    base = {**BASE, "needs.txt": "onlyhere==1\n"}
    with IndexDouble(tmp_path / "wheels") as index:
        url = f"http://127.0.0.1:{index.port}/simple"
        given = {"requirements": "needs.txt", "pip-index-url": url}
        scene.open(base, {"README.md": "x"}, caller("index.yml", **given))
        run = scene.play(env={"PIP_TARGET": str(tmp_path / "target")})
        assert run.code == 0, run.log
        served = [name.partition("-")[0] for name in index.served]
    assert served.count("onlyhere") == 1, "one job needs it"
    assert served.count("uv") == 4, "plan, lint, result and verdict"
    assert scene.kept("index.json") == [url, url]


@pytest.mark.parametrize("event", ["merge_group", "workflow_dispatch", "push"])
def test_other_events(scene: Scene, event: str) -> None:
    """A merge queue gets its check; nobody is commented at."""
    scene.act = warm(scene.act, scene.folder / "warm")
    scene.open(BASE, {"README.md": "x"}, caller("data.yml", on=event))
    about: dict[str, object] = {"repository": {"full_name": "acme/late-flights"}}
    if event == "merge_group":
        refs = {"head_ref": "refs/heads/queue/main/pr-7", "base_ref": "refs/heads/main"}
        about["merge_group"] = {"head_sha": scene.head, "base_sha": scene.base, **refs}
    elif event == "push":
        about |= {"before": scene.base, "after": scene.head, "ref": "refs/heads/main"}
    run = scene.play(about, name=event)
    assert run.code == 0, run.log
    assert run.nested("verdict").result == "success"
    assert "✅ passed" in run.nested("verdict").step("verdict").summary
    assert scene.github.writes == []
