"""What else a pull request touches that lint's verdict rests on."""

from pathlib import Path

import pytest
from linted import HEAD, Play

from seatrial.policy import parse
from seatrial.trial.changes import what_else_changed

COMMANDS = """
  - ruff check src
  - bash ./tools/lint.sh --all
  - [python, -m, tools.names]
  - |
    python tools/first.py
    python 'tools/a b.py'
"""


@pytest.fixture
def play(tmp_path: Path) -> Play:
    (tmp_path / "work").mkdir()
    return Play(tmp_path / "work")


def told(play: Play, lint: str, *changed: str) -> tuple[str, ...]:
    """What is said of a change that touches these files, under a policy with this lint."""
    play.write("README.md", b"x\n")
    play.git("init", "-q")
    play.git("add", "-A")
    play.git("commit", "-q", "-m", "base")
    play.git("checkout", "-q", "-b", "change")
    for name in changed:
        play.write(name, b"y\n")
    play.git("add", "-A", "-f")
    play.git("commit", "-q", "-m", "change")
    policy = parse(f"{HEAD}lint:{lint}\n", "seatrial.yml")
    return what_else_changed(play.call("main"), policy)


@pytest.mark.parametrize(
    "file", ["tools/lint.sh", "tools/names.py", "tools/names/__main__.py", "tools/first.py", "tools/a b.py"]
)
def test_files_that_a_command_of_lint_names(file: str, play: Play) -> None:
    assert told(play, COMMANDS, file, "src/a.py", "notes.txt") == (
        f"files that lint's commands name: {file}",
    )


def test_a_link_that_a_command_names_leads_to_what_it_runs(play: Play) -> None:
    (play.folder / "lint.sh").symlink_to("deep.sh")
    assert told(play, " ['bash lint.sh']", "deep.sh") == ("files that lint's commands name: deep.sh",)


def test_configuration_of_linters_wherever_it_lies(play: Play) -> None:
    found = told(
        play, " [ruff check .]", "pyproject.toml", "sub/ruff.toml", ".pre-commit-config.yaml", "a.py"
    )
    names = ".pre-commit-config.yaml, pyproject.toml, sub/ruff.toml"
    assert found == (f"configuration that lint's commands may read: {names}",)


@pytest.mark.parametrize("lint", [" []", " {file_size: 1MB}"])
def test_without_commands_no_configuration_counts(lint: str, play: Play) -> None:
    assert told(play, lint, "pyproject.toml", "tools/lint.sh") == ()


def test_a_command_names_the_configuration_itself(play: Play) -> None:
    """Told once."""
    found = told(play, " ['ruff check --config ruff.toml src']", "ruff.toml", "src/a.py")
    assert found == ("files that lint's commands name: ruff.toml",)
