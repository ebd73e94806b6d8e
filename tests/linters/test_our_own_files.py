"""We hold our own files to what lint asks of others, and installed packages show what it must know."""

import os
from pathlib import Path

import joblib
import pytest

from seatrial.gates.lint.evidence import Findings
from seatrial.linters.pickles import pickles
from seatrial.policy import parse
from seatrial.policy.lint_names import BUILT_IN
from seatrial.trial.lint.built_in import built_in
from seatrial.trial.lint.files import tree_of

ROOT = Path(__file__).resolve().parents[2]
POLICY = "examples/quickstart/seatrial.yml"


@pytest.fixture(scope="module")
def found() -> dict[str, Findings]:
    if not (ROOT / ".git").exists():
        pytest.skip("no git checkout")
    limit = parse((ROOT / POLICY).read_bytes() + b"\nlint: []\n").lint
    assert limit is not None
    tree = tree_of(ROOT, os.environ["PATH"])
    return dict(built_in(tree, POLICY, limit.file_size, ()))


@pytest.mark.parametrize("name", BUILT_IN)
def test_our_own_files_pass(name: str, found: dict[str, Findings]) -> None:
    """Without a waiver."""
    assert (found[name].at, found[name].unread_at) == ([], [])


def test_each_check_that_is_about_our_files_has_looked(found: dict[str, Findings]) -> None:
    without = {"notebook_outputs", "notebook_order"}  # of which we have none
    assert {name for name, each in found.items() if not each.files} <= without


def corpus() -> list[Path]:
    """Pickles of many years that joblib keeps for its own tests."""
    folder = Path(joblib.__file__).parent / "test" / "data"
    return sorted(path for path in folder.glob("joblib_*.pkl*") if ".npy" not in path.name)


@pytest.mark.parametrize("path", corpus(), ids=lambda path: path.name)
def test_pickles_of_many_years(path: Path) -> None:
    compressed = not path.name.endswith(".pkl")
    name = path.name if compressed else "model.bin"
    assert list(pickles(name, path.read_bytes()))


def test_the_corpus_is_there() -> None:
    assert len(corpus()) > 10
