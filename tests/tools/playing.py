"""The script of an action as a runner starts it: a process with an event, inputs and the runner's files."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from acting import REPOSITORY, TOKEN, Consumer

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"
NUMBER = 7
NOBODY = "http://127.0.0.1:9"
PATIENCE = 60.0
NO_TOKEN = {"github-token": ""}
# What starts our set-up: a Python outside of any environment, since those may have no pip.
PYTHON = os.path.realpath(sys.executable)


def has_pip() -> bool:
    return (
        subprocess.run([PYTHON, "-I", "-m", "pip", "--version"], capture_output=True, check=False).returncode
        == 0
    )


@dataclass(frozen=True)
class Played:
    """How a step ended: its exit code, and what it said, told and summed up."""

    code: int
    log: str
    outputs: dict[str, str]
    summary: str

    @property
    def errors(self) -> list[str]:
        return [line for line in self.log.splitlines() if line.startswith("::error")]


def outputs_of(file: Path) -> dict[str, str]:
    """As a runner reads them: whole ones only."""
    lines = file.read_text().splitlines() if file.exists() else []
    found = {}
    for at in range(0, len(lines) - 2, 3):
        name, _, delimiter = lines[at].partition("<<")
        if lines[at + 2] == delimiter:
            found[name] = lines[at + 1]
    return found


@dataclass
class Steps:
    """The steps of a job of one pull request. api: the GitHub that they ask."""

    folder: Path
    api: str = NOBODY
    token: str = TOKEN
    run: int = 1001
    attempt: int = 1
    event: str = "pull_request"
    base: str = ""
    head: str = ""
    told: dict[str, Any] | None = None
    consumer: Consumer = field(init=False)

    def __post_init__(self) -> None:
        self.temp.mkdir(parents=True, exist_ok=True)
        self.consumer = Consumer(self.folder / "consumer")

    @property
    def temp(self) -> Path:
        return self.folder / "temp"

    def open(self, base: Mapping[str, str | bytes | None], change: Mapping[str, str | bytes | None]) -> None:
        """Commit the base, and the change on a branch."""
        self.base = self.consumer.commit(base, "base")
        self.consumer.git("checkout", "--quiet", "-b", "change")
        self.head = self.consumer.commit(change, "change")

    def payload(self) -> dict[str, Any]:
        """What GitHub tells of the pull request."""
        about = {"full_name": REPOSITORY}
        pull = {
            "number": NUMBER,
            "head": {"sha": self.head, "ref": "change", "repo": about},
            "base": {"sha": self.base, "ref": "main", "repo": about},
        }
        return {"number": NUMBER, "repository": about, "pull_request": pull}

    def environ(self, inputs: Mapping[str, str], **more: str) -> dict[str, str]:
        """All that the process knows."""
        event = self.temp / "event.json"
        event.write_text(json.dumps(self.payload() if self.told is None else self.told))
        for file in ("output", "summary"):
            (self.temp / file).write_text("")
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.temp),
            "LANG": "C.UTF-8",
            "PYTHONDONTWRITEBYTECODE": "1",
            "GITHUB_ACTIONS": "true",
            "GITHUB_API_URL": self.api,
            "GITHUB_EVENT_NAME": self.event,
            "GITHUB_EVENT_PATH": str(event),
            "GITHUB_JOB": "trial",
            "GITHUB_OUTPUT": str(self.temp / "output"),
            "GITHUB_REPOSITORY": REPOSITORY,
            "GITHUB_RUN_ATTEMPT": str(self.attempt),
            "GITHUB_RUN_ID": str(self.run),
            "GITHUB_SHA": self.head,
            "GITHUB_STEP_SUMMARY": str(self.temp / "summary"),
            "GITHUB_WORKFLOW": "ci",
            "GITHUB_WORKSPACE": str(self.consumer.root),
            "RUNNER_TEMP": str(self.temp),
            "INPUTS": json.dumps(dict(inputs)),
            **more,
        }

    def start(
        self,
        script: str,
        inputs: Mapping[str, str],
        *,
        around: Sequence[str] = (),
        stdout: Any = None,
        **more: str,
    ) -> "subprocess.Popen[str]":
        """The process, begun. around: a program that starts it."""
        root = self.consumer.root
        return subprocess.Popen(
            [*around, sys.executable, str(SCRIPTS / f"{script}.py")],
            cwd=root if root.is_dir() else self.folder,
            env=self.environ(inputs, **more),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if stdout is None else stdout,
            stderr=subprocess.PIPE if stdout is not None else subprocess.STDOUT,
            text=True,
        )

    def ended(self, process: "subprocess.Popen[str]") -> Played:
        """Wait for it."""
        said, complained = process.communicate(timeout=PATIENCE)
        summary = self.temp / "summary"
        return Played(
            process.returncode,
            (said or "") + (complained or ""),
            outputs_of(self.temp / "output"),
            summary.read_text() if summary.exists() else "",
        )

    def play(self, script: str, inputs: Mapping[str, str] | None = None, **more: Any) -> Played:
        """Start it and wait for its end."""
        return self.ended(self.start(script, NO_TOKEN if inputs is None else inputs, **more))
