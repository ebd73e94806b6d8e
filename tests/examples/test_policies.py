"""The policies of the examples are valid, and ask for what their READMEs promise."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from seatrial.policy import parse

GATES = {
    "complete": ("lint", "data", "training", "evaluation"),
    "flight-delay": ("data", "evaluation"),
    "monorepo/models/biopsy": ("evaluation",),
    "monorepo/models/wine": ("evaluation",),
    "object-storage": ("data", "evaluation"),
    "quickstart": ("evaluation",),
}
EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


def test_every_policy_is_listed() -> None:
    found = {path.parent.relative_to(EXAMPLES).as_posix() for path in EXAMPLES.rglob("seatrial.yml")}
    assert found == GATES.keys()


@pytest.mark.parametrize("name", GATES)
def test_the_policy_is_valid(name: str) -> None:
    """And `seatrial validate` says so."""
    file = EXAMPLES / name / "seatrial.yml"
    assert parse(file.read_bytes(), "seatrial.yml").gates == GATES[name]
    program = [sys.executable, "-m", "seatrial.cli", "validate", str(file)]
    environ = {**os.environ, "PYTHONPATH": str(EXAMPLES.parent / "scripts")}
    done = subprocess.run(program, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_quick_start_needs_no_baseline() -> None:
    policy = parse((EXAMPLES / "quickstart" / "seatrial.yml").read_bytes(), "seatrial.yml")
    assert policy.evaluation.baseline is None
    kinds = {kind for condition in policy.evaluation.metrics.values() for kind, _ in condition.limits}
    assert kinds <= {"min", "max"}


def test_the_quick_start_is_fifteen_lines_and_its_readme_shows_them() -> None:
    folder = EXAMPLES / "quickstart"
    shown = (folder / "README.md").read_text()
    texts = [(folder / name).read_text() for name in (".github/workflows/trial.yml", "seatrial.yml")]
    assert sum(len(text.splitlines()) for text in texts) == 15
    assert all(f"```yaml\n{text}```" in shown for text in texts)


def test_the_quick_start_has_one_prediction_for_each_row() -> None:
    folder = EXAMPLES / "quickstart"
    rows, predictions = (
        [line.split(",")[0] for line in (folder / name).read_text().splitlines()]
        for name in ("data/test.csv", "predictions.csv")
    )
    assert rows == predictions
    assert len(rows) == len(set(rows)) == 285
