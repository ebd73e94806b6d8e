"""A job that GitHub would end before a command's own limit does is told when the jobs are planned."""

import pytest
from plans import planned, policy

from seatrial.errors import BadInput
from seatrial.policy import parse
from seatrial.trial.workflow.job_times import read_minutes, too_short

DEFAULTS = "lint: 60\ndata: 60\ntrain: 180\npredict: 180\njudge: 60\n"
ALL = """\
prepare: {run: ./fetch.sh}
lint: [ruff check, mypy]
data: {train: t.csv, columns: {a: {min: 0}}}
train:
  smoke: {run: "train {model} {metrics}", model: s.onnx, metrics: m.json}
  full: {run: "train {model}"}
evaluate:
  label: late
  data: t.csv
  model: m.onnx
  predict: predict {model} {data} {out}
  baseline: {retrain: true}
  metrics: {roc_auc: {min: 0.5}}
"""


def told(text: str, minutes: str) -> list[str]:
    return list(too_short(planned(text), parse(policy(text)), read_minutes(minutes)))


def test_what_the_policy_and_the_workflow_have_for_defaults_fits() -> None:
    assert told(ALL, DEFAULTS) == []


@pytest.mark.parametrize(
    ("changed", "job", "least"),
    [
        (ALL.replace("[ruff check, mypy]", "{run: [ruff check, mypy], time: 40m}"), "lint", 85),
        (ALL.replace("columns:", "time: 2h, columns:"), "data", 155),
        (ALL.replace('"train {model}"', '"train {model}", time: 10h'), "train", 655),
        (ALL.replace("label: late", "label: late\n  time: 2h"), "predict", 395),
        (ALL.replace("{run: ./fetch.sh}", "{run: ./fetch.sh, time: 55m}"), "judge", 70),
    ],
)
def test_a_job_shorter_than_its_commands_is_told_with_what_to_give_it(
    changed: str, job: str, least: int
) -> None:
    line = next(line for line in told(changed, DEFAULTS) if f"job `{job}`" in line)
    assert f"`{job}-minutes: {least}`" in line
    enough = "\n".join(f"{job}: {least}" if each.startswith(job) else each for each in DEFAULTS.splitlines())
    assert not any(f"job `{job}`" in line for line in told(changed, enough))


def test_a_job_that_is_not_planned_is_not_told() -> None:
    assert told("lint: [ruff check]\n", "lint: 60\ntrain: 1\npredict: 1") == []


@pytest.mark.parametrize(
    "line", ["lint", "lint: soon", "lint: nan", "lint: 0", "lint: -3", "sail: 3", "lint: 1e9"]
)
def test_bad_minutes(line: str) -> None:
    with pytest.raises(BadInput, match="expected a job of lint, data"):
        read_minutes(line)
