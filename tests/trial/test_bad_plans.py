"""Policies that no run can be planned by."""

from pathlib import Path

import pytest
from plans import DATA, PULL, PUSH, Base, evaluated, planned, policy

from seatrial.errors import BadInput, CouldNotDecide, PolicyInvalid
from seatrial.trial.workflow.planning import named, plans_of


def test_bad_pattern_of_which_nobody_knows_what_it_named(tmp_path: Path) -> None:
    (tmp_path / "a.yml").touch()
    with pytest.raises(CouldNotDecide, match="fetch-depth: 0"):
        named(["*.yml"], tmp_path, PULL, Base({}, None))


@pytest.mark.parametrize("place", ["m/a", "m/_a", "m/.a", "m/deep/a"])
def test_bad_removal_of_a_policy_with_a_folder_in_its_place(tmp_path: Path, place: str) -> None:
    name = f"{place}/seatrial.yml"
    base = Base({name: policy("lint: []\n")}, {name, f"{name}/README.md"})
    assert named(["m/**/seatrial.yml"], tmp_path, PULL, base) == [name]
    (tmp_path / name).mkdir(parents=True)
    assert named(["m/**/seatrial.yml"], tmp_path, PULL, base) == [name]
    with pytest.raises(PolicyInvalid, match="is not a file"):
        plans_of([name], tmp_path, PULL, base)


def test_bad_removal_of_a_policy_behind_a_link(tmp_path: Path) -> None:
    """`**` enters no link, so that the pattern alone does not find what lies there."""
    (tmp_path / "m").mkdir()
    (tmp_path / "else").mkdir()
    (tmp_path / "else" / "seatrial.yml").write_text(policy("lint: []\n"))
    (tmp_path / "m" / "a").symlink_to("../else")
    name = "m/a/seatrial.yml"
    base = Base({name: policy(DATA)}, {name, "m/a", "else/seatrial.yml"})
    assert named(["m/**/seatrial.yml"], tmp_path, PULL, base) == [name]
    with pytest.raises(PolicyInvalid, match="lies behind"):
        plans_of([name], tmp_path, PULL, base)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("", "names no file"),
        ("none/*.yml", "no file matches"),
        ("../*.yml", "expected a file of the repository"),
        ("/etc/passwd", "expected a file of the repository"),
        (".git/config", "expected a file of the repository"),
    ],
)
def test_bad_names_of_policies(tmp_path: Path, line: str, told: str) -> None:
    with pytest.raises(BadInput, match=told):
        named([line] if line else [], tmp_path, PUSH, Base({}))


def test_bad_policies_are_told_all_at_once(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text(policy("lint: {advisory: [nothing]}\n"))
    (tmp_path / "b.yml").write_text("version: 9\n")
    with pytest.raises(PolicyInvalid) as caught:
        plans_of(["a.yml", "b.yml", "c.yml"], tmp_path, PUSH, Base({}))
    told = str(caught.value)
    assert "a.yml:3" in told and "b.yml:1" in told and "`c.yml`" in told


def test_bad_name_of_two_models(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text(policy("lint: []\n", "Late"))
    (tmp_path / "b.yml").write_text(policy("lint: []\n", "late"))
    with pytest.raises(BadInput, match=r"has a policy in a\.yml too; give each model a name of its own"):
        plans_of(["a.yml", "b.yml"], tmp_path, PUSH, Base({}))


def test_bad_baseline_that_needs_more_than_may_be_read() -> None:
    with pytest.raises(BadInput, match="actions: read"):
        planned(evaluated("model: m.onnx", ", baseline: {artifact: champion}"))
