"""`seatrial init --update`: what changed data need of a policy, in its own words and layout."""

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from seatrial.policy import parse
from seatrial.trial.drafting.draft import Said
from seatrial.trial.drafting.proof import prove
from seatrial.trial.drafting.update import update

POLICY = """\
# Agreed with the data team.
version: 1
model: {name: m, task: binary}
data:
  train: train.parquet   # every night
  rows: {min: 50}
  columns:
    id:      {type: integer}
    delay:   {type: number, min: 0, max: 60}   # minutes
    carrier:
      type: string
      one_of: [AA, DL]   # by contract
    seats:   {type: integer, min: 1}
    town:    {type: string, one_of: [Ulm], hide: true}
    gone:    {type: integer}
  extra: fail
"""
SAME: dict[str, list[Any]] = {
    "id": list(range(100)),
    "delay": [i % 50 + 0.5 for i in range(100)],
    "carrier": ["AA", "DL"] * 50,
    "seats": [i % 9 + 1 for i in range(100)],
    "town": ["Ulm"] * 100,
    "gone": list(range(100)),
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "seatrial.yml").write_text(POLICY)
    pl.DataFrame(SAME).write_parquet(tmp_path / "train.parquet")
    return tmp_path


def put(root: Path, **columns: list[Any] | None) -> None:
    """The data with columns changed, new, or left out (None)."""
    changed = {**SAME, **columns}
    kept = {name: cells for name, cells in changed.items() if cells is not None}
    pl.DataFrame(kept).write_parquet(root / "train.parquet")


def diff(said: Said) -> list[str]:
    return [line for line in said.lines if line[:1] in ("+", "-") and line[:3] not in ("+++", "---")]


def policy(root: Path) -> str:
    return (root / "seatrial.yml").read_text()


def test_nothing_is_needed_where_the_data_pass(root: Path) -> None:
    assert update(root, (), "seatrial.yml", write=True) == Said(
        ("seatrial.yml: the data pass it; nothing is needed",), 0
    )
    assert policy(root) == POLICY


def test_what_is_needed_is_shown_as_a_diff_and_written_on_demand(root: Path) -> None:
    put(
        root,
        delay=[None, *(i * 1.0 for i in range(1, 100))],
        carrier=["AA", "UA"] * 50,
        seats=[i + 0.5 for i in range(100)],
        gone=None,
        gate=[i % 4 for i in range(100)],
    )
    said = update(root, (), "seatrial.yml", write=False)
    assert said.code == 1
    assert policy(root) == POLICY
    assert diff(said) == [
        "-    delay:   {type: number, min: 0, max: 60}   # minutes",
        "+    delay:   {type: number, min: 0, max: 109, nulls: {max: 2%}}   # minutes",
        "-      one_of: [AA, DL]   # by contract",
        "-    seats:   {type: integer, min: 1}",
        "+      one_of: [AA, DL, UA]   # by contract",
        "+    seats:   {type: number, min: 0}",
        "-    gone:    {type: integer}",
        "+    gone:    {type: integer, required: false}",
        "+    gate: {type: integer, min: 0, max: 4}  # 0 to 3 now",
    ]
    assert said.lines[-1] == "to apply it: seatrial init --update --write"
    written = update(root, (), "seatrial.yml", write=True)
    assert (written.code, written.lines[-1]) == (0, "seatrial.yml: written")
    assert prove(root, policy(root), "seatrial.yml").passed
    assert update(root, (), "seatrial.yml", write=False).code == 0
    assert sorted(path.name for path in root.iterdir()) == ["seatrial.yml", "train.parquet"]


def test_limits_are_never_made_narrower(root: Path) -> None:
    put(root, delay=[5.0, 6.0] * 50, carrier=["AA"] * 100, seats=[3, 4] * 50)
    assert update(root, (), "seatrial.yml", write=True).code == 0
    assert policy(root) == POLICY


def test_fewer_rows(root: Path) -> None:
    pl.DataFrame(SAME).head(40).write_parquet(root / "train.parquet")
    assert diff(update(root, (), "seatrial.yml", write=False)) == ["-  rows: {min: 50}", "+  rows: {min: 32}"]


def test_values_of_a_hidden_column_are_named_nowhere(root: Path) -> None:
    put(root, town=["Ulm", "Memmingen"] * 50)
    said = update(root, (), "seatrial.yml", write=True)
    assert said.code == 1
    assert diff(said) == []
    assert "data/town/one_of" in said.lines[1]
    assert "Memmingen" not in "".join(said.lines)
    assert policy(root) == POLICY


def test_what_a_wider_limit_would_only_hide_is_left_to_a_person(root: Path) -> None:
    (root / "seatrial.yml").write_text(
        POLICY.replace("rows: {min: 50}", "key: [id]\n  rules: {r: seats > 1}")
    )
    put(root, id=[1] * 100)
    said = update(root, (), "seatrial.yml", write=False)
    assert said.code == 1
    assert diff(said) == []
    left = "\n".join(said.lines)
    assert "data/key" in left
    assert "data/rules/r" in left
    assert "to accept it" in left


def test_other_files_can_be_held_against_the_policy(root: Path) -> None:
    pl.DataFrame({**SAME, "delay": [70.0] * 100}).write_parquet(root / "may.parquet")
    said = update(root, ("may.parquet",), "seatrial.yml", write=False)
    assert diff(said)[1] == "+    delay:   {type: number, min: 0, max: 77}   # minutes"
    assert said.lines[-1] == "to apply it: seatrial init --update may.parquet --write"
    assert parse(policy(root)).data.train == "train.parquet"


def test_single_cells_of_another_type_are_for_the_data_to_mend(tmp_path: Path) -> None:
    (tmp_path / "seatrial.yml").write_text(
        "version: 1\nmodel: {name: m, task: binary}\n"
        "data: {train: train.csv, columns: {x: {type: integer}, y: {type: integer, max: 5}}}\n"
    )
    (tmp_path / "train.csv").write_text("x,y\n1,1\ntwo,2\n3,9\n4,3\n")
    said = update(tmp_path, (), "seatrial.yml", write=True)
    assert said.code == 1
    assert "x: {type: integer}, y: {type: integer, max: 10}" in policy(tmp_path)
    assert any("data/x/type" in line for line in said.lines)
