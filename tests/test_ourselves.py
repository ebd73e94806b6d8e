"""We hold ourselves to what we ask of others: lint, types, workflow security, no drift."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
MANIFESTS = ["action.yml", *sorted(str(p.relative_to(ROOT)) for p in (ROOT / "actions").glob("*/action.yml"))]
WORKFLOWS = sorted(str(p.relative_to(ROOT)) for p in (ROOT / ".github" / "workflows").glob("*.yml"))
EXAMPLES = sorted(str(p.relative_to(ROOT)) for p in (ROOT / "examples").glob("*/.github/workflows/*.yml"))


def check(*arguments: str) -> None:
    done = subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_ruff() -> None:
    check(str(BIN / "ruff"), "check", ".")


def test_format() -> None:
    check(str(BIN / "ruff"), "format", "--check", ".")


def test_types() -> None:
    check(str(BIN / "mypy"))


def test_workflows_and_actions_are_safe() -> None:
    """zizmor at its strictest persona, without a single ignore."""
    audited = ["action.yml", "actions", ".github"]
    tool = str(BIN / "zizmor")
    check(tool, "--offline", "--no-config", "--persona", "auditor", "--no-progress", *audited)


def test_manifests_and_workflows_have_the_right_shape() -> None:
    tool = str(BIN / "check-jsonschema")
    check(tool, "--builtin-schema", "vendor.github-actions", *MANIFESTS)
    check(tool, "--builtin-schema", "vendor.github-workflows", *WORKFLOWS, *EXAMPLES)


def test_shell_scripts() -> None:
    check(str(BIN / "shellcheck"), ".ci/run")


def test_nothing_generated_has_drifted() -> None:
    check(sys.executable, "scripts/generate.py", "--check")


@pytest.mark.parametrize("path", MANIFESTS)
def test_an_action_runs_one_script_by_path_and_holds_no_logic(path: str) -> None:
    action = yaml.safe_load((ROOT / path).read_text())
    steps = action["runs"]["steps"]
    assert len(steps) == 1
    assert steps[0]["env"] == {"INPUTS": "${{ toJSON(inputs) }}"}
    assert "${{" not in steps[0]["run"]
    assert " exec python3 -I " in steps[0]["run"]


@pytest.mark.parametrize("path", [*MANIFESTS, *WORKFLOWS])
def test_third_party_actions_are_pinned_by_commit(path: str) -> None:
    for line in (ROOT / path).read_text().splitlines():
        used = re.match(r"\s*-?\s*uses:\s*(\S+)(.*)", line)
        if used and not used[1].startswith("$/"):  # our own, at the commit of the workflow
            assert re.search(r"@[0-9a-f]{40}$", used[1]), line
            assert re.search(r"# v\d+\.\d+\.\d+$", used[2]), line


def test_locks_hold_hashes_and_no_addresses() -> None:
    for lock in (ROOT / "requirements").glob("*.txt"):
        text = lock.read_text()
        assert "--hash=sha256:" in text
        assert "://" not in text and "--index" not in text, lock


def test_every_dependency_is_locked() -> None:
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text())["dependency-groups"]
    for name, members in groups.items():
        locked = set(
            re.findall(r"^([a-z0-9._-]+)==", (ROOT / "requirements" / f"{name}.txt").read_text(), re.M)
        )
        wanted = {
            re.split(r"[<>=!~\[; ]", m)[0].lower().replace("_", "-") for m in members if isinstance(m, str)
        }
        assert wanted <= locked, f"{name}.txt lacks {wanted - locked}; run `make lock`"
