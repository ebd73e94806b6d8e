"""`seatrial profile`: from a file to a profile that the data gate reads."""

from pathlib import Path

import polars as pl
import pytest

from seatrial.errors import BadInput
from seatrial.gates.data.profile import from_json
from seatrial.policy import parse
from seatrial.trial.data.profiling import Wish, read_profile, reference_of, write_profile

POLICY = """\
version: 1
model: {name: late, task: binary}
data:
  train: train.csv
  columns: {carrier: {type: string, hide: true}, day: {type: date}}
  drift: {against: AGAINST, psi: {max: 0.2}}
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    rows = [f"{i % 7},{'AA' if i % 3 else 'DL'},2026-01-{i % 28 + 1:02d}" for i in range(600)]
    (tmp_path / "train.csv").write_text("\n".join(["delay,carrier,day", *rows, ""]))
    return tmp_path


def test_a_profile_is_written_beside_the_data(root: Path) -> None:
    told = write_profile(root, Wish("train.csv"), {})
    assert "600 rows, 3 columns" in told[0]
    assert "3 columns of CSV are read as text" in told[1]
    profile = read_profile("train.profile.json", root)
    assert (profile.rows, profile.min_count) == (600, 10)
    assert [column.name for column in profile.columns] == ["delay", "carrier", "day"]


def test_the_policy_says_how_columns_are_read_and_what_is_hidden(root: Path) -> None:
    (root / "seatrial.yml").write_text(POLICY.replace("AGAINST", "p.json"))
    write_profile(root, Wish("train.csv", "p.json"), {})
    profile = from_json((root / "p.json").read_bytes())
    kinds = {column.name: column.type for column in profile.columns}
    assert kinds["day"] == "date"
    assert profile.columns[1].hidden
    assert b'"AA"' not in (root / "p.json").read_bytes()


def test_a_higher_count_keeps_less(root: Path) -> None:
    write_profile(root, Wish("train.csv", "p.json", least=300), {})
    carrier = read_profile("p.json", root).column("carrier")
    assert carrier is not None
    assert [name for name, _ in carrier.categories or ()] == ["AA"]
    assert carrier.others.rows == 200


@pytest.mark.parametrize(
    ("wish", "told"),
    [
        (Wish("absent.csv"), "no such file"),
        (Wish("train.csv", least=0), "min-count"),
        (Wish("train.csv", "nowhere/p.json"), "no such folder"),
        (Wish("train.csv", policy="absent.yml"), "cannot be read"),
    ],
)
def test_what_is_not_there_is_said_and_nothing_is_written(root: Path, wish: Wish, told: str) -> None:
    before = sorted(root.iterdir())
    with pytest.raises(BadInput, match=told):
        write_profile(root, wish, {})
    assert sorted(root.iterdir()) == before


def test_the_reference_is_a_profile_or_the_data_themselves(root: Path) -> None:
    write_profile(root, Wish("train.csv", "p.json"), {})
    pl.DataFrame({"delay": [1, 2]}).write_parquet(root / "old.parquet")
    found = {}
    for name in ("p.json", "old.parquet", "train.csv"):
        policy = parse(POLICY.replace("AGAINST", name).encode(), "seatrial.yml")
        reference = reference_of(policy, root)
        assert reference is not None
        found[name] = (reference.profile is not None, reference.found is not None)
    assert found == {"p.json": (True, False), "old.parquet": (False, True), "train.csv": (False, True)}


def test_a_policy_without_drift_has_no_reference(root: Path) -> None:
    text = POLICY[: POLICY.index("  drift")]
    assert reference_of(parse(text.encode(), "seatrial.yml"), root) is None
