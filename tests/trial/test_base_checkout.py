"""A checkout that holds nothing of the change is not judged in its place."""

from pathlib import Path

import pytest
from playing import Steps

POLICY = """\
version: 1
model: {name: m, task: binary}
data: {train: rows.csv, columns: {v: {type: number, max: 5}}}
"""
ROWS = "v\n" + "1\n" * 60


@pytest.fixture
def steps(tmp_path: Path) -> Steps:
    made = Steps(tmp_path, event="pull_request_target")
    made.open({"seatrial.yml": POLICY, "rows.csv": ROWS}, {"rows.csv": ROWS.replace("1", "9")})
    return made


@pytest.mark.parametrize("action", ["trial", "check_data"])
def test_the_checkout_of_pull_request_target_is_no_pass(steps: Steps, action: str) -> None:
    steps.consumer.git("checkout", "--quiet", "main")
    done = steps.play(action)
    assert done.code == 2 and "verdict" not in done.outputs, done.log
    assert len(done.errors) == 1 and "nothing of the change" in done.errors[0]


def test_nor_where_the_branch_has_moved_on(steps: Steps) -> None:
    steps.consumer.git("checkout", "--quiet", "main")
    moved = steps.consumer.commit({"other": "x"})
    done = steps.play("check_data", GITHUB_SHA=moved)
    assert done.code == 2 and "nothing of the change" in done.errors[0], done.log


def test_the_change_itself_is_judged(steps: Steps) -> None:
    done = steps.play("check_data", GITHUB_SHA=steps.base)
    assert done.outputs["verdict"] == "failed", done.log
