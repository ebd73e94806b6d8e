"""docs/init.md, played from the first command to the last."""

import os
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import sample_flights

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs" / "init.md").read_text(encoding="utf-8")
CONSOLE = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def block(mark: str) -> str:
    """The YAML that follows a mark of the page."""
    found = re.search(rf"<!-- {mark} -->\n```yaml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    assert found, mark
    return found[1]


def played(console: str) -> list[tuple[str, list[str]]]:
    """Commands, each with the lines that the page shows below it."""
    found: list[tuple[str, list[str]]] = []
    for line in console.splitlines():
        if line.startswith("$ "):
            found.append((line[2:].partition("  #")[0].strip(), []))
        else:
            found[-1][1].append(line)
    return found


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    root = tmp_path / "flights"
    sample_flights.write(root / "data")
    for words in (["init"], ["config", "user.email", "a@example.org"], ["config", "user.name", "A"]):
        subprocess.run(["git", "-C", root, *words], check=True, capture_output=True)
    return root


def run(command: str, root: Path) -> str:
    words = shlex.split(command)
    if words[0] == "seatrial":
        words[:1] = [sys.executable, str(ROOT / "scripts" / "command.py")]
    env = {**os.environ, "COLUMNS": "200"}
    done = subprocess.run(words, cwd=root, capture_output=True, text=True, check=False, env=env)
    shows_a_diff = "to apply it:" in done.stdout
    assert done.returncode == int(shows_a_diff), f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def assert_shown(said: str, shown: list[str], command: str) -> None:
    """Every line of the page stands in the output, in its order; `…` stands for any lines."""
    lines, place = said.splitlines(), 0
    for line in shown:
        if line == "…":
            continue
        assert line in lines[place:], f"{command}: {line}\n{said}"
        place = lines.index(line, place) + 1
    if shown and "…" not in shown:
        assert lines == shown, command


def test_every_command_does_what_the_page_says(repository: Path) -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    commands = [pair for console in CONSOLE.findall(PAGE) for pair in played(console)]
    assert len(commands) == 8
    for command, shown in commands:
        if command.startswith("pip install"):
            extra = re.search(r"\[(\w+)\]", command)
            assert extra and extra[1] in extras
            continue
        if command.startswith("git add"):
            workflow = repository / ".github" / "workflows" / "trial.yml"
            workflow.parent.mkdir(parents=True)
            workflow.write_text(block("the workflow"))
        assert_shown(run(command, repository), shown, command)
        if command.startswith("seatrial init data"):
            assert (repository / "seatrial.yml").read_text() == block("the draft")
        if command.startswith("git commit"):
            for name in ("train", "test"):
                file = repository / "data" / f"{name}.csv"
                file.write_text(file.read_text().replace(",WN,", ",B6,"))
