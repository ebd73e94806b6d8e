"""The data gate as a team meets it: in a step of its own, and through the front door."""

import pytest
from flights import flights
from scenes import Scene
from workflows import check_data, job, trial, workflow

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
