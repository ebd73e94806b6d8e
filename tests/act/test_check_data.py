"""The data gate as a team meets it: in a step of its own, and through the front door."""

import pytest
from flights import GOOD, flights
from scenes import Scene
from workflows import check_data, comment, job, trial, workflow

pytestmark = pytest.mark.act

POLICY = """version: 1
model: {name: flight-delay, task: binary}
data:
  train: data/flights.csv
  columns:
    id: {type: integer}
    late: {type: integer, one_of: [0, 1]}
    carrier: {type: string, one_of: [AA, B6, UA]}
    wind: {type: number, min: -6, max: 6}
"""
BOTH = (
    POLICY.replace("data/flights.csv", "data/flights.csv\n  key: [id]\n  test: data/flights.csv")
    + """evaluate:
  label: late
  predictions: candidate.csv
  metrics: {roc_auc: {min: 0.7}}
"""
)
FILES = {"data/flights.csv": flights(), "seatrial.yml": POLICY}
BAD = flights(carriers=("AA", "B6", "XX"))


def test_good_data_pass(scene: Scene) -> None:
    scene.open({**FILES, ".github/workflows/w.yml": workflow(data=job(check_data()))}, {"README.md": "hello"})
    found = scene.play().job("data").step("check")
    assert (found.code, found.outputs["verdict"]) == (0, "passed")


def test_bad_data_fail_and_say_which_column(scene: Scene) -> None:
    files = {**FILES, ".github/workflows/w.yml": workflow(data=job(trial()))}
    scene.open(files, {"data/flights.csv": BAD})
    found = scene.play().job("data").step("trial")
    assert (found.code, found.outputs["verdict"]) == (1, "failed")
    (comment,) = scene.github.comments
    assert "carrier" in comment.body and "500 of 1,500 rows" in comment.body


def test_two_gates_in_one_step_are_one_comment(scene: Scene) -> None:
    """The model is as good as ever; the data are not, and both are told."""
    again = comment("${{ steps.trial.outputs.decision }}", **{"if": "always()"})
    files = {**FILES, "seatrial.yml": BOTH, "candidate.csv": GOOD}
    scene.open(files, {"data/flights.csv": BAD}, workflow(data=job(trial(), again)))
    run = scene.play().job("data")
    found = run.step("trial")
    assert (found.code, found.outputs["verdict"]) == (1, "failed")
    assert run.step("comment").outputs["verdict"] == "failed"
    (posted,) = scene.github.comments
    assert "Data: failed" in posted.body and "Evaluation: passed" in posted.body
