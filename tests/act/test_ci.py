"""ci.yml as a team calls it from its own repository, one pull request for each way that it can end.

Stubbed: see tests/tools/published.py. act does not run a job that needs a matrix of workflows which failed;
there `result`, the last job of each model, is what is looked at. The tests of the job `verdict` after a
failure are in tests/trial/test_aggregating.py.
"""

import json

import pytest
from acting import ActRun
from flights import FILES, policy
from published import warm
from scenes import Scene

pytestmark = pytest.mark.act

CALLER = json.dumps(
    {
        "on": ["pull_request", "merge_group", "workflow_dispatch", "push"],
        "permissions": {"contents": "read"},
        "jobs": {"trial": {"uses": "seatrial/seatrial/.github/workflows/ci.yml@v1"}},
    }
)
PREDICT = """\
import csv, sys

model, data, out = sys.argv[1:]
factor = float(open(model).read())
with open(data) as file, open(out, "w") as target:
    target.write("id,score\\n")
    for row in csv.DictReader(file):
        assert "late" not in row
        target.write(f"{row['id']},{1 / (1 + 2.718 ** (-factor * float(row['wind'])))}\\n")
"""
COMMAND = "predict: python3 predict.py {model} {data} {out}\n  model: factor.txt"
DATA = "data: {test: data/flights.csv, key: [id]}"
CHECKED = "data: {test: data/flights.csv, key: [id], columns: {wind: {type: number, min: -9, max: 9}}}"
POLICY = policy(candidate=COMMAND, baseline="branch: factor.txt").replace(DATA, CHECKED)
BASE = {**FILES, "seatrial.yml": POLICY, "predict.py": PREDICT, "factor.txt": "2.0"}


@pytest.fixture(scope="module")
def passing(shared_scene: Scene) -> ActRun:
    shared_scene.act = warm(shared_scene.act, shared_scene.folder / "warm")
    shared_scene.open(BASE, {"factor.txt": "2.5"}, CALLER)
    return shared_scene.play()


def test_passing(passing: ActRun, shared_scene: Scene) -> None:
    """Predictions by the change's code in one job, judged in another; each gate leaves an artifact."""
    assert passing.code == 0, passing.log
    assert passing.nested("verdict").result == "success"
    kept = {path.name for path in (shared_scene.folder / "artifacts" / "1001").iterdir()}
    assert kept == {
        "seatrial-flight-delay-data-1",
        "seatrial-flight-delay-evaluation-1",
        "seatrial-flight-delay-predictions-1",
    }
