"""Values that would like to be a second output or a command of the runner."""

import io
from pathlib import Path

import pytest

from seatrial.errors import BadInput, Location
from seatrial.forge.runner import SUMMARY_LIMIT, Runner


def parsed(text: str) -> list[tuple[str, str]]:
    """The outputs as the runner reads them: `name=value`, or a heredoc up to its delimiter."""
    found, lines = [], iter(text.split("\n"))
    for line in lines:
        name, mark, delimiter = line.partition("<<")
        if mark:
            value: list[str] = []
            for inner in lines:
                if inner == delimiter:
                    break
                value.append(inner)
            found.append((name, "\n".join(value)))
        elif "=" in line:
            plain, _, content = line.partition("=")
            found.append((plain, content))
    return found


def runner(folder: Path) -> tuple[Runner, io.StringIO]:
    log = io.StringIO()
    environ = {
        "GITHUB_ACTIONS": "true",
        "GITHUB_OUTPUT": str(folder / "output"),
        "GITHUB_STEP_SUMMARY": str(folder / "summary"),
    }
    return Runner(environ, log), log


@pytest.mark.parametrize("value", ["a\nverdict=passed", "a\r\nverdict=passed", "a\rb"])
def test_line_break_in_an_output_is_refused(tmp_path: Path, value: str) -> None:
    here, _ = runner(tmp_path)
    with pytest.raises(ValueError, match="output summary holds a line break"):
        here.output("summary", value)
    assert not (tmp_path / "output").exists()


@pytest.mark.parametrize("value", ["verdict<<X", "x=1", "verdict<<ghadelimiter", "", "EOF"])
def test_output_that_looks_like_another_stays_one(tmp_path: Path, value: str) -> None:
    here, _ = runner(tmp_path)
    here.output("summary", value)
    here.output("verdict", "failed")
    assert parsed((tmp_path / "output").read_text()) == [("summary", value), ("verdict", "failed")]


def test_delimiter_cannot_be_guessed(tmp_path: Path) -> None:
    here, _ = runner(tmp_path)
    for _ in range(20):
        here.output("summary", "x")
    delimiters = {
        line.split("<<")[1] for line in (tmp_path / "output").read_text().split("\n") if "<<" in line
    }
    assert len(delimiters) == 20
    assert all(len(delimiter) == 32 for delimiter in delimiters)


HOSTILE_LINES = [
    "::add-mask::a", "  ::error::forged", "\t::stop-commands::t", "::set-output name=x::y",
    "##[error]forged", "a ##[group]b", "%0A::error::x", "\x1b[31m::error::x", "\u2028::error::x",
    "x\r::error::y", "x\n::error::y", "\x0b::error::x",
]  # fmt: skip


def is_no_command(log: str) -> None:
    for line in log.replace("\r", "\n").split("\n"):
        assert not line.lstrip().startswith("::"), line
        assert "##[" not in line


@pytest.mark.parametrize("line", HOSTILE_LINES)
def test_hostile_line_of_a_command_is_only_shown(tmp_path: Path, line: str) -> None:
    here, log = runner(tmp_path)
    here.relay(line)
    is_no_command(log.getvalue())
    assert "\x1b" not in log.getvalue()


@pytest.mark.parametrize("value", HOSTILE_LINES)
def test_hostile_error_stays_one_annotation(tmp_path: Path, value: str) -> None:
    here, log = runner(tmp_path)
    here.report_error(BadInput(value, location=Location(f"{value},line=1", 2, 3)))
    commands = [line for line in log.getvalue().replace("\r", "\n").split("\n") if line]
    assert len(commands) == 1
    assert commands[0].startswith("::error file=")
    assert commands[0].count("::") == 2 + value.count("::")
    assert commands[0].split("::")[1].count(",") == 3, "file, line, col and title, and nothing of the value's"


def test_summary_keeps_under_the_limit_and_takes_lone_surrogates(tmp_path: Path) -> None:
    here, _ = runner(tmp_path)
    here.summary("\ud800" + "x" * 2_000_000)
    assert (tmp_path / "summary").stat().st_size <= SUMMARY_LIMIT + 1
