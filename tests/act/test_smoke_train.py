"""The training gate as a team meets it: a step of another repository that trains on a sample."""

import os
from pathlib import Path

import pytest
import training_scripts as scripts
from acting import ActRun, StepRun
from flights import flights
from models import onnx_model
from scenes import Scene
from workflows import job, shell, smoke_train, trial, workflow

pytestmark = pytest.mark.act

POLICY = """version: 1
model: {{name: {name}, task: binary}}
data: {{train: data/train.csv, test: data/test.csv}}
train:
  smoke:
    run: python3 {name}.py {{seed}} {{model}} {{metrics}}
    model: build/{name}.onnx
    metrics: build/{name}.json
    time: {time}
    {more}
evaluate:
  label: late
  features: [wind]
  model: build/candidate.onnx
  metrics: {{roc_auc: {{min: 0.7}}}}
"""
CASES = {
    "good": scripts.GOOD,
    "unlike": scripts.UNSEEDED,
    "nan": scripts.NOT_A_NUMBER,
    "exits": scripts.EXITS,
    "stale": scripts.STALE,
    "peeks": scripts.PEEKS,
    "daemon": scripts.DAEMON,
    "loud": scripts.LOUD,
    "paths": scripts.PATHS,
    "plants": scripts.PLANTS,
    "deaf": scripts.SIGNALS,
    "swells": scripts.SWELLS,
}
MORE = {"deaf": "time", "swells": "memory: 300MiB", "loud": "output: 100KB"}


@pytest.fixture(scope="module")
def run(shared_scene: Scene) -> ActRun:
    """All of them at once, each in a job of its own."""
    files: dict[str, str | bytes | None] = {
        "data/train.csv": flights(300),
        "data/test.csv": flights(),
        "weights.onnx": onnx_model(),
        "build/stale.onnx": b"of an earlier run",
    }
    jobs = {}
    for name, script in CASES.items():
        time = "2s" if name == "deaf" else "2m"
        more = MORE.get(name, "repeat: 2").replace("time", "repeat: 1")
        files[f"{name}.py"] = script
        files[f"{name}.yml"] = POLICY.format(name=name, time=time, more=more)
        folder = "${{ steps.train.outputs.folder }}"
        keep = shell(
            f'cp "{folder}/training.json" "$OUT/{name}.json"; ls -A "{folder}" > "$OUT/{name}.files"'
        )
        jobs[name] = job(smoke_train(f"{name}.yml", **{"continue-on-error": True}), keep)
    files[".github/workflows/w.yml"] = workflow(**jobs)
    shared_scene.open(files, {"README.md": "hello"})
    return shared_scene.play()


def step(run: ActRun, name: str) -> StepRun:
    return run.job(name).step("train")


def outcomes(scene: Scene, name: str) -> dict[str, str]:
    return {check["id"]: check["outcome"] for check in scene.kept(f"{name}.json")["checks"]}


def reason(scene: Scene, name: str, check: str) -> str:
    return next(str(c["reason"]) for c in scene.kept(f"{name}.json")["checks"] if c["id"] == check)


def test_good_training_passes(run: ActRun, shared_scene: Scene) -> None:
    assert step(run, "good").outputs["verdict"] == "passed"
    found = outcomes(shared_scene, "good")
    assert set(found) == {
        f"training/smoke{kind}" for kind in ("", "/model", "/metrics", "/repeat", "/constant", "/unread")
    }
    assert set(found.values()) <= {"passed", "skipped"}
    assert found["training/smoke/constant"] == "passed"
    assert "trained on 300 rows" in step(run, "good").log


@pytest.mark.parametrize(
    ("name", "check", "told"),
    [
        ("unlike", "training/smoke/repeat", "loss"),
        ("nan", "training/smoke/metrics", "NaN"),
        ("exits", "training/smoke", "exit code 1"),
        ("stale", "training/smoke/model", "did not write it"),
        ("plants", "training/smoke", "exit code 1"),
        ("deaf", "training/smoke", "it took longer than 2 s"),
        ("swells", "training/smoke", "more than 300 MiB"),
    ],
)
def test_training_that_does_not_do_fails(
    run: ActRun, shared_scene: Scene, name: str, check: str, told: str
) -> None:
    found = step(run, name)
    assert found.outputs["verdict"] == "failed"
    assert found.code == 1
    assert outcomes(shared_scene, name)[check] == "failed"
    assert told in reason(shared_scene, name, check)


def test_training_that_reads_the_test_data_fails(run: ActRun, shared_scene: Scene) -> None:
    found = outcomes(shared_scene, "peeks")["training/smoke/unread"]
    if found == "skipped":
        pytest.skip(reason(shared_scene, "peeks", "training/smoke/unread"))
    assert (found, step(run, "peeks").code) == ("failed", 1)
    assert "data/test.csv was read" in reason(shared_scene, "peeks", "training/smoke/unread")


def test_f03_a_daemon_deaf_to_sigterm_does_not_outlive_the_training(run: ActRun, shared_scene: Scene) -> None:
    assert step(run, "daemon").outputs["verdict"] == "passed"
    assert "left 1 process running" in reason(shared_scene, "daemon", "training/smoke")
    daemon = int((shared_scene.folder / "out" / "daemon").read_text())
    assert not Path(f"/proc/{daemon}").exists()


def test_a_gigabyte_of_output_is_cut(run: ActRun, shared_scene: Scene) -> None:
    found = step(run, "loud")
    assert found.outputs["verdict"] == "passed"
    assert len(found.log) < 1_000_000 and "the output is longer than 100,000 bytes" in found.log
    assert "its output was cut" in reason(shared_scene, "loud", "training/smoke")


def test_a_path_of_its_own_is_its_own(run: ActRun, shared_scene: Scene) -> None:
    assert step(run, "paths").outputs["verdict"] == "passed"
    assert "hijacked" not in run.text


def test_what_a_command_plants_in_our_folders_is_not_read(run: ActRun, shared_scene: Scene) -> None:
    assert step(run, "plants").outputs["verdict"] == "failed"
    left = (shared_scene.folder / "out" / "plants.files").read_text().split()
    assert sorted(left) == ["comment.md", "junit.xml", "report.html", "training.json"]
    assert "planted" in step(run, "plants").log


def test_hostile_last_lines_are_only_shown(run: ActRun, shared_scene: Scene) -> None:
    found = step(run, "exits")
    around, block = found.summary.split("```text\n")
    assert "loss diverged <b>@here</b>" in block.split("```")[0]
    assert "\x1b" not in found.summary and "<b>" not in around + block.split("```")[1]
    assert [a for a in found.annotations if a.message == "x"] == []


def test_without_a_trained_candidate_nothing_is_evaluated(scene: Scene) -> None:
    """The committed model is as good as ever; the training that should have made it fails."""
    policy = POLICY.format(name="exits", time="1m", more="repeat: 2").replace(
        "evaluate:", "  full: {run: 'python3 exits.py {seed} {model} x.json'}\nevaluate:"
    )
    files = {
        "data/train.csv": flights(300),
        "data/test.csv": flights(),
        "build/candidate.onnx": onnx_model(),
        "exits.py": scripts.EXITS,
        "seatrial.yml": policy,
    }
    scene.open(files, {"README.md": "hello"}, workflow(trial=job(trial())))
    found = scene.play().job("trial").step("trial")
    assert (found.code, found.outputs["verdict"]) == (1, "failed")
    (comment,) = scene.github.comments
    assert "Training: failed" in comment.body and "Evaluation: inconclusive" in comment.body
    assert "no candidate of this commit to evaluate" in comment.body


@pytest.mark.parametrize("event", ["pull_request_target", "pull_request"])
def test_no_training_beside_power(scene: Scene, event: str) -> None:
    files = {
        "data/train.csv": flights(300),
        "data/test.csv": flights(),
        "good.py": scripts.GOOD + "open('ran', 'w')\n",
        "good.yml": POLICY.format(name="good", time="1m", more="repeat: 1"),
    }
    scene.open(files, {"README.md": "hello"}, workflow(event, train=job(smoke_train("good.yml"))))
    power = {"ACTIONS_ID_TOKEN_REQUEST_TOKEN": "power"} if event == "pull_request" else {}
    found = scene.play(name=event, env=power).job("train").step("train")
    assert found.code == 2
    assert not os.path.exists(scene.consumer.root / "ran")
