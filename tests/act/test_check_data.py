"""The data gate as a team meets it: in a step of its own, and through the front door."""

import contextlib
import gzip
import io
from pathlib import Path

import polars as pl
import pytest
from flights import GOOD, flights
from scenes import Scene
from workflows import check_data, comment, job, trial, workflow

from seatrial.cli import main as command

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


def parquet(table: str) -> bytes:
    file = io.BytesIO()
    pl.read_csv(table.encode()).write_parquet(file)
    return file.getvalue()


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


def test_broken_data_are_bad_input_and_not_a_verdict(scene: Scene) -> None:
    """A file cut short: one line that names it, exit code 2, no verdict, no comment."""
    whole = parquet(flights())
    files = {"data/flights.parquet": whole, "seatrial.yml": POLICY.replace(".csv", ".parquet")}
    scene.open(files, {"data/flights.parquet": whole[:-9]}, workflow(data=job(trial())))
    found = scene.play().job("data").step("trial")
    assert (found.code, found.outputs.get("verdict", "")) == (2, "")
    (told,) = [a for a in found.annotations if a.level == "error"]
    assert told.at["file"] == "data/flights.parquet" and "\n" not in told.message
    assert scene.github.comments == []


@pytest.mark.parametrize("values", [False, True], ids=["hidden", "shown"])
def test_values_stay_on_the_runner_unless_the_policy_shows_them(scene: Scene, values: bool) -> None:
    policy = POLICY.replace("data:\n", "data:\n  show: {values: true}\n") if values else POLICY
    scene.open({**FILES, "seatrial.yml": policy}, {"data/flights.csv": BAD}, workflow(data=job(trial())))
    run = scene.play()
    (posted,) = scene.github.comments
    assert ("XX" in posted.body, "XX" in run.text) == (values, values)


def test_many_files_packed_and_in_folders_are_one_table(scene: Scene) -> None:
    """A folder of gzipped CSV by year, as data lakes write them; the year is a column."""
    header, *rows = flights().splitlines()
    half = len(rows) // 2
    parts = {"2025": rows[:half], "2026": rows[half:]}
    files = {
        f"data/year={year}/part.csv.gz": gzip.compress("\n".join([header, *part, ""]).encode())
        for year, part in parts.items()
    }
    policy = POLICY.replace("data/flights.csv", "data").replace(
        "  columns:\n",
        "  rows: {min: 1_500}\n  columns:\n    year: {type: string, one_of: ['2025', '2026']}\n",
    )
    scene.open({**files, "seatrial.yml": policy}, {"README.md": "x"}, workflow(data=job(check_data())))
    found = scene.play().job("data").step("check")
    assert (found.code, found.outputs["verdict"]) == (0, "passed")


def test_drift_from_the_profile_that_the_repository_holds(scene: Scene, tmp_path: Path) -> None:
    (tmp_path / "flights.csv").write_text(flights())
    (tmp_path / "seatrial.yml").write_text(POLICY)
    with contextlib.chdir(tmp_path):
        assert command(["profile", "flights.csv", "--policy", "seatrial.yml", "--out", "reference.json"]) == 0
    policy = POLICY + "  drift: {against: reference.json, ignore: [id], psi: {max: 0.25}}\n"
    files = {**FILES, "seatrial.yml": policy, "reference.json": (tmp_path / "reference.json").read_bytes()}
    windy = "\n".join(
        line if n == 0 else ",".join([*line.split(",")[:3], f"{float(line.split(',')[3]) / 3 + 1:.4f}"])
        for n, line in enumerate(flights().splitlines())
    )
    scene.open(files, {"data/flights.csv": windy + "\n"}, workflow(data=job(trial())))
    found = scene.play().job("data").step("trial")
    assert (found.code, found.outputs["verdict"]) == (1, "failed")
    (comment_,) = scene.github.comments
    assert "`psi`" in comment_.body and "`wind`" in comment_.body
    assert "the training data" in comment_.body and "data/flights.csv" in comment_.body
