"""The policies of the examples are valid, and ask for what their READMEs promise."""

from pathlib import Path

import pytest

from seatrial.policy import parse

GATES = {"flight-delay": ("data", "evaluation"), "quickstart": ("evaluation",)}
EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


@pytest.mark.parametrize("name", sorted(path.parent.name for path in EXAMPLES.glob("*/seatrial.yml")))
def test_the_policy_is_valid(name: str) -> None:
    policy = parse((EXAMPLES / name / "seatrial.yml").read_bytes(), "seatrial.yml")
    assert policy.gates == GATES[name]


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
