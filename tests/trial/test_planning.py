"""Which jobs the policies that count ask for."""

from pathlib import Path

import pytest
from plans import DATA, PULL, PUSH, Base, evaluated, planned, policy

from seatrial.trial.workflow.plan import Plan
from seatrial.trial.workflow.planning import named, plans_of

SMOKE = "train: {smoke: {run: make, model: s.onnx}}\n"
FULL = "train: {full: {run: make}, requirements: needs.txt}\n"


@pytest.mark.parametrize(
    ("text", "jobs"),
    [
        (DATA, "data"),
        ("lint: [ruff]\n", "lint"),
        (SMOKE, "train"),
        (evaluated("predictions: p.csv"), "judge"),
        (evaluated("model: m.onnx"), "judge"),
        (evaluated("predict: 'p {data} {out}'"), "predict judge"),
        ("lint: []\n" + DATA + FULL + evaluated("model: m.onnx"), "lint data train judge"),
        (FULL + evaluated("model: m.onnx", ", baseline: {retrain: true}"), "train predict judge"),
    ],
)
def test_jobs_of_a_policy(text: str, jobs: str) -> None:
    assert " ".join(planned(text).jobs) == jobs


def test_what_the_jobs_need() -> None:
    plan = planned(FULL + evaluated("model: m.onnx"))
    assert (plan.full, plan.requirements, plan.base, plan.prepare) == (True, "needs.txt", "b" * 40, False)
    prepared = "prepare: {run: make data}\n" + DATA
    assert planned(prepared).prepare
    assert planned(prepared, PUSH).base == ""


def test_a_plan_is_read_as_it_was_written() -> None:
    plan = planned("lint: []\n" + FULL + evaluated("model: m.onnx"))
    assert Plan.from_json(plan.to_json()) == plan
    assert "\n" not in plan.to_json()


def test_the_policy_of_the_base_counts(tmp_path: Path) -> None:
    """A change that takes a gate out of its policy is still held to it."""
    (tmp_path / "seatrial.yml").write_text(policy("lint: []\n"))
    (plan,) = plans_of(["seatrial.yml"], tmp_path, PULL, Base({"seatrial.yml": policy(DATA)}))
    assert plan.gates == ("data",)
    (plan,) = plans_of(["seatrial.yml"], tmp_path, PUSH, Base({}))
    assert plan.gates == ("lint",)


def test_patterns_name_policies_in_order(tmp_path: Path) -> None:
    for name in ("b", "a", ".git"):
        (tmp_path / "models" / name).mkdir(parents=True)
        (tmp_path / "models" / name / "seatrial.yml").write_text("x")
    lines = ["seatrial.yml", "models/*/seatrial.yml", "./seatrial.yml"]
    found = named(lines, tmp_path, PUSH, Base({}))
    assert found == ["seatrial.yml", "models/a/seatrial.yml", "models/b/seatrial.yml"]


def test_a_policy_that_the_change_removes_is_still_named(tmp_path: Path) -> None:
    (tmp_path / "m" / "a").mkdir(parents=True)
    (tmp_path / "m" / "a" / "seatrial.yml").write_text("x")
    gone = {"m/b/seatrial.yml": "x", "other/seatrial.yml": "x"}
    base = Base(gone, {*gone, "m/c/seatrial.yml", "README.md"})
    assert named(["m/*/seatrial.yml"], tmp_path, PULL, base) == ["m/a/seatrial.yml", "m/b/seatrial.yml"]
